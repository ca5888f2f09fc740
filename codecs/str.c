/* SPDX-License-Identifier: MIT */
/* str.c - slices, statuses, and the bounded writer. */
#include "internal.h"
#include <string.h>

cpm_str cpm_str_z(const char *z) { return cpm_str_of(z, z ? strlen(z) : 0); }

bool cpm_str_eq(cpm_str a, cpm_str b) {
  if (!a.p || !b.p) return !a.p && !b.p;
  return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static unsigned char str_lower(char c) {
  const unsigned char u = (unsigned char)c;
  return u >= 'A' && u <= 'Z' ? (unsigned char)(u | 0x20u) : u;
}

bool cpm_str_ieq(cpm_str a, cpm_str b) {
  if (!a.p || !b.p) return !a.p && !b.p;
  if (a.n != b.n) return false;
  if (a.n == 0 || memcmp(a.p, b.p, a.n) == 0) return true;   /* as nearly everybody writes it */
  for (size_t i = 0; i < a.n; i++)
    if (str_lower(a.p[i]) != str_lower(b.p[i])) return false;
  return true;
}

static bool str_is_lws(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

cpm_str cpm_str_trim(cpm_str s) {
  while (s.n && str_is_lws(s.p[0])) { s.p++; s.n--; }
  while (s.n && str_is_lws(s.p[s.n - 1])) s.n--;
  return s;
}

const char *cpm_strerror(int status) {
  switch (status) {
#define STATUS_TEXT(name, value, text) case value: return text;
  CPM_STATUSES(STATUS_TEXT)
#undef STATUS_TEXT
  default: return "unknown status";
  }
}

const char *cpm_status_name(int status) {
  switch (status) {
#define STATUS_NAME(name, value, text) case value: return "CPM_" #name;
  CPM_STATUSES(STATUS_NAME)
#undef STATUS_NAME
  default: return "?";
  }
}

const char *cpm_quirk_text(unsigned bit) {
  switch (bit) {
#define QUIRK_TEXT(name, number, text) case number: return text;
  CPM_QUIRKS(QUIRK_TEXT)
#undef QUIRK_TEXT
  default: return NULL;
  }
}

int cpmi_fail(cpm_diag *diag, int code, size_t off, const char *rule, const char *clause) {
  if (diag) {
    diag->code = code;
    diag->off = off;
    diag->rule = rule;
    diag->clause = clause;
    diag->spec = NULL;
    diag->need = 0;
  }
  return code;
}

void cpmi_clear(void *p, size_t n) { memset(p, 0, n); }

void cpmi_put(cpmi_out *o, cpm_str s) {
  if (s.n == 0) return;
  if (o->p && o->n <= o->cap && s.n <= o->cap - o->n) memcpy(o->p + o->n, s.p, s.n);
  o->n = s.n > SIZE_MAX - o->n ? SIZE_MAX : o->n + s.n;
}

void cpmi_put_char(cpmi_out *o, char c) {
  if (o->p && o->n < o->cap) o->p[o->n] = c;
  o->n += o->n < SIZE_MAX;
}

void cpmi_put_escape(cpmi_out *o, char c) {
  static const char hex[] = "0123456789ABCDEF";
  cpmi_put_char(o, '%');
  cpmi_put_char(o, hex[(unsigned char)c >> 4]);
  cpmi_put_char(o, hex[c & 15]);
}

void cpmi_put_digits(cpmi_out *o, uint64_t v, unsigned width) {
  char digits[20];
  size_t at = sizeof digits;
  do {
    digits[--at] = (char)('0' + (char)(v % 10));
    v /= 10;
  } while (v || (sizeof digits - at < width && at));
  cpmi_put(o, cpm_str_of(digits + at, sizeof digits - at));
}

void cpmi_put_number(cpmi_out *o, uint64_t v) { cpmi_put_digits(o, v, 1); }

int cpmi_out_end(const cpmi_out *o, size_t *len, cpm_diag *diag) {
  if (len) *len = o->n;
  if (!o->p || o->n <= o->cap) return CPM_OK;
  cpmi_fail(diag, CPM_E_SPACE, 0, "buffer", NULL);
  if (diag) diag->need = o->n;
  return CPM_E_SPACE;
}

int cpmi_check_clean(cpm_str s, const char *rule, cpm_diag *diag) {
  const size_t at = s.n ? cpmi_find_line_end(s.p, s.n) : 0;
  return at < s.n ? cpmi_fail(diag, CPM_E_INJECTION, at, rule, NULL) : CPM_OK;
}

int cpmi_put_value(cpmi_out *o, cpm_str value, const char *rule, cpm_diag *diag) {
  size_t from = 0;
  if (value.n == 0) return CPM_OK;
  for (size_t i = cpmi_find_line_end(value.p, value.n); i < value.n; i++) {
    const char c = value.p[i];
    if (c != '\r' && c != '\n' && c != '\0') continue;
    const bool fold = c == '\r' && value.n - i > 2 && value.p[i + 1] == '\n' && (value.p[i + 2] == ' ' || value.p[i + 2] == '\t');
    if (!fold) return cpmi_fail(diag, CPM_E_INJECTION, i, rule, "RFC 3261 25.1 LWS");
    size_t end = i;
    while (end > from && (value.p[end - 1] == ' ' || value.p[end - 1] == '\t')) end--;
    cpmi_put(o, cpm_str_of(value.p + from, end - from));
    cpmi_put_char(o, ' ');
    i += 2;
    while (i + 1 < value.n && (value.p[i + 1] == ' ' || value.p[i + 1] == '\t')) i++;
    from = i + 1;
  }
  cpmi_put(o, cpm_str_of(value.p + from, value.n - from));
  return CPM_OK;
}

int cpmi_quirk(uint64_t *quirks, uint64_t bit, const cpm_opts *opts, size_t off, const char *rule, cpm_diag *diag) {
  if (quirks) *quirks |= bit;
  return opts && (opts->refuse & bit) ? cpmi_fail(diag, CPM_E_QUIRK, off, rule, NULL) : CPM_OK;
}
