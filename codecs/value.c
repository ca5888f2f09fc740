/* SPDX-License-Identifier: MIT */
/* value.c - comma lists, and quoted strings to and from text. */
#include "value_internal.h"

static bool value_is_wsp(char c) { return c == ' ' || c == '\t'; }

size_t cpmi_skip_lws(cpm_str s, size_t i) {
  for (;;) {
    while (i < s.n && value_is_wsp(s.p[i])) i++;
    if (s.n - i < 3 || s.p[i] != '\r' || s.p[i + 1] != '\n' || !value_is_wsp(s.p[i + 2])) return i;
    i += 3;
  }
}

/* Behind the quoted string whose first DQUOTE stands at i. */
static size_t value_skip_quoted(cpm_str s, size_t i) {
  for (i++; i < s.n && s.p[i] != '"'; i++)
    if (s.p[i] == '\\') i++;
  return i < s.n ? i + 1 : s.n;
}

size_t cpmi_scan(cpm_str s, size_t from, char stop) {
  size_t i = from;
  while (i < s.n && s.p[i] != stop) {
    if (s.p[i] == '"') {
      i = value_skip_quoted(s, i);
      continue;
    }
    if (s.p[i] == '<')
      while (i < s.n && s.p[i] != '>') i++;
    if (i < s.n) i++;
  }
  return i;
}

int cpmi_refuse(cpm_diag *diag, size_t at, cpm_str whole, const char *rule, const char *clause) {
  return cpmi_fail(diag, at == whole.n ? CPM_E_TRUNCATED : CPM_E_SYNTAX, at, rule, clause);
}

bool cpmi_to_number(uint64_t *out, cpm_str digits, uint64_t max) {
  uint64_t v = 0;
  for (size_t i = 0; i < digits.n; i++) {
    const uint64_t digit = (uint64_t)(digits.p[i] - '0');
    if (v > UINT64_MAX / 10 || (v == UINT64_MAX / 10 && digit > UINT64_MAX % 10)) return false;
    v = v * 10 + digit;
  }
  *out = v;
  return v <= max;
}

int cpmi_check_once(cpm_str params, const char *const *names, size_t at, cpm_diag *diag) {
  unsigned seen = 0;
  cpm_param param;
  for (cpm_str rest = params; cpm_param_next(&rest, &param, NULL) == CPM_OK;)
    for (unsigned i = 0; names[i]; i++) {
      if (!cpm_str_ieq(param.name, cpm_str_z(names[i]))) continue;
      if (seen & 1u << i)
        return cpmi_fail(diag, CPM_E_DUPLICATE, at + (size_t)(param.name.p - params.p), names[i], "RFC 3261 7.3.1");
      seen |= 1u << i;
    }
  return CPM_OK;
}

int cpmi_check_piece(cpmi_piece piece, cpm_str s, const char *rule, const char *clause, cpm_diag *diag) {
  cpmi_out counted = cpmi_out_to(NULL, 0, 0);
  if (cpmi_is_straight_piece(piece, s)) return CPM_OK;
  const int rc = cpmi_put_value(&counted, s, rule, diag);
  if (rc) return rc;
  return cpmi_is_piece(piece, s) ? CPM_OK : cpmi_fail(diag, CPM_E_VALUE, 0, rule, clause);
}

/* Behind the commas at i that no element stands before; *empty is the offset of the first of them. */
static size_t value_skip_empty(cpm_str s, size_t i, size_t *empty) {
  for (;;) {
    const size_t at = cpmi_skip_lws(s, i);
    if (at == s.n || s.p[at] != ',') return at;
    if (*empty > at) *empty = at;
    i = at + 1;
  }
}

int cpmi_element_next(cpm_str *rest, cpm_str *whole, cpm_str *element, uint64_t *quirks, const cpm_opts *opts, cpm_diag *diag) {
  const cpm_str in = *rest;
  size_t empty = in.n;
  *whole = in;
  if (in.n == 0) return CPM_END;
  const size_t begin = value_skip_empty(in, 0, &empty), end = cpmi_scan(in, begin, ',');
  size_t next = end;
  if (end < in.n) {
    next = value_skip_empty(in, end + 1, &empty);
    if (next == in.n && empty == in.n) empty = end;
  }
  *element = cpm_str_of(in.p + begin, end - begin);
  *rest = cpmi_behind(in, next);
  if (empty < in.n) {
    const int rc = cpmi_quirk(quirks, CPM_QUIRK(SIP_EMPTY_ELEMENT), opts, empty, "COMMA", diag);
    if (rc) return rc;
  }
  return begin == in.n ? CPM_END : CPM_OK;
}

/* Writes the white space at i, a fold as one SP. Behind it; i itself if a CR stands there that begins no fold. */
static size_t value_put_lws(cpmi_out *o, cpm_str in, size_t i) {
  size_t end = i;
  while (end < in.n && value_is_wsp(in.p[end])) end++;
  const size_t behind = cpmi_skip_lws(in, end);
  cpmi_put(o, behind > end ? cpm_str_of(" ", 1) : cpm_str_of(in.p + i, end - i));
  return behind;
}

static bool value_is_break(char c) { return c == '\r' || c == '\n' || c == '\0'; }

int cpm_unquote(char *dst, size_t cap, size_t *len, cpm_str in) {
  cpmi_out o = cpmi_out_to(dst, cap, 0);
  for (size_t i = 0; i < in.n; i++) {
    const size_t behind = value_is_wsp(in.p[i]) || in.p[i] == '\r' ? value_put_lws(&o, in, i) : i;
    if (behind > i) {
      i = behind - 1;
      continue;
    }
    if (in.p[i] == '\\') {
      if (++i == in.n || value_is_break(in.p[i]) || (unsigned char)in.p[i] > 0x7f) return CPM_E_ESCAPE;
    } else if (in.p[i] == '"' || value_is_break(in.p[i])) {
      return CPM_E_SYNTAX;
    }
    cpmi_put_char(&o, in.p[i]);
  }
  return cpmi_out_end(&o, len, NULL);
}

/* qdtext without its folds (RFC 3261 25.1); any other byte needs a "\" before it. */
static bool value_is_qdtext(char c) {
  const unsigned char u = (unsigned char)c;
  return u == '\t' || (u >= 0x20 && u != '"' && u != '\\' && u != 0x7f);
}

void cpmi_put_quoted(cpmi_out *o, cpm_str text) {
  cpmi_put_char(o, '"');
  for (size_t i = 0; i < text.n; i++) {
    if (!value_is_qdtext(text.p[i])) cpmi_put_char(o, '\\');
    cpmi_put_char(o, text.p[i]);
  }
  cpmi_put_char(o, '"');
}

int cpm_quote(char *dst, size_t cap, size_t *len, cpm_str text) {
  const int rc = cpmi_check_clean(text, "quoted-string", NULL);
  if (rc) return rc;
  cpmi_out o = cpmi_out_to(dst, cap, 0);
  cpmi_put_quoted(&o, text);
  return cpmi_out_end(&o, len, NULL);
}
