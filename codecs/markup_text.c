/* SPDX-License-Identifier: MIT */
/* markup_text.c - the plain text of XML values, and why a machine of markup.rl stopped. */
#include "markup.h"
#include "straight.h"
#include <string.h>

/* Sums of cpmi_markup_class. */
const uint8_t cpmi_markup_classes[256] = {
   4,  4,  4,  4,  4,  4,  4,  4,  4,  1,  1,  4,  4,  1,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,
   5,  7,  7,  7,  7,  7,  0,  7,  7,  7,  7,  7,  7, 15, 15,  7, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15,  7,  7,  4,  7,  7,  7,
   7, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15,  7,  7,  6,  7, 15,
   7, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15,  7,  7,  7,  7,  5,
   4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,
   4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,
   4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,
   4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,
};

/* ---- references -------------------------------------------------------------------------------------------------------- */

bool cpmi_markup_is_char(uint32_t c) {
  if (c < 0x20) return c == '\t' || c == '\n' || c == '\r';
  return c <= 0xd7ff || (c >= 0xe000 && c <= 0xfffd) || (c >= 0x10000 && c <= 0x10ffff);
}

/* The number between "&#" and ";"; what is larger than any character stays so. */
static uint32_t markup_number(const char *p, const char *end) {
  const uint32_t base = *p == 'x' ? 16 : 10;
  uint32_t code = 0;
  for (p += base == 16; p < end; p++) {
    const uint32_t digit = *p <= '9' ? (uint32_t)(*p - '0') : (uint32_t)((*p | 0x20) - 'a') + 10;
    code = code > 0x10ffff ? code : code * base + digit;
  }
  return code;
}

/* What stands between "&" and ";", which a machine took. */
static uint32_t markup_resolve(const char *p, const char *end) {
  switch (*p) {
  case '#': return markup_number(p + 1, end);
  case 'l': return '<';
  case 'g': return '>';
  case 'q': return '"';
  default:  return p[1] == 'm' ? '&' : '\'';
  }
}

void cpmi_markup_note_reference(cpmi_markup_marks *m, const unsigned char *semicolon) {
  const uint32_t code = markup_resolve((const char *)m->amp + 1, (const char *)semicolon);
  if (!cpmi_markup_is_char(code) && !m->bad_reference) m->bad_reference = m->amp;
  m->amp = NULL;
}

size_t cpmi_markup_char(cpm_str s, size_t at, bool literal, uint32_t *code, bool *reference) {
  *reference = !literal && s.p[at] == '&';
  if (*reference) {
    const char *const amp = s.p + at, *const end = memchr(amp, ';', s.n - at);
    *code = markup_resolve(amp + 1, end);
    return (size_t)(end - s.p) + 1;
  }
  if (s.p[at] != '\r') return at + cpmi_utf8_at(s, at, code);
  *code = '\n';
  return at + (at + 1 < s.n && s.p[at + 1] == '\n' ? 2 : 1);
}

/* ---- why a machine stopped --------------------------------------------------------------------------------------------- */

/* Where the character starts that the octet at p belongs to; those before it are whole. */
static size_t markup_start(cpm_str in, size_t p) {
  size_t from = p;
  uint32_t code;
  while (from > 0 && p - from < 3 && ((unsigned char)in.p[from - 1] & 0xc0u) == 0x80u) from--;
  if (from > 0) from--;
  while (from < p) {
    const size_t n = cpmi_utf8_at(in, from, &code);
    if (n == 0 || n > p - from) return from;
    from += n;
  }
  return p;
}

static bool markup_starts(cpm_str in, size_t at, const char *z) {
  const size_t n = strlen(z);
  return at <= in.n && in.n - at >= n && memcmp(in.p + at, z, n) == 0;
}

/* Where z stands at or behind `from`; in.n if it does not. */
static size_t markup_find(cpm_str in, size_t from, const char *z) {
  while (from < in.n) {
    const char *const c = memchr(in.p + from, z[0], in.n - from);
    if (!c) break;
    from = (size_t)(c - in.p);
    if (markup_starts(in, from, z)) return from;
    from++;
  }
  return in.n;
}

typedef struct markup_kind { const char *start, *end, *rule, *clause; int code; } markup_kind;

/* By how it starts. Only comments and CDATA sections have an end that is not noted. */
static const markup_kind markup_kinds[] = {
  { "<!--",      "-->",   "Comment",     "XML 1.0 2.5", CPM_E_SYNTAX },
  { "<![CDATA[", "]]>",   "CDSect",      "XML 1.0 2.7", CPM_E_SYNTAX },
  { "<!DOCTYPE", NULL,    "doctypedecl", "XML 1.0 2.8", CPM_E_UNSUPPORTED },
  { "<!",        NULL,    "markup",      "XML 1.0 2.4", CPM_E_SYNTAX },
  { "<?xml ",    NULL,    "XMLDecl",     "XML 1.0 2.8", CPM_E_SYNTAX },
  { "<?xml\t",   NULL,    "XMLDecl",     "XML 1.0 2.8", CPM_E_SYNTAX },
  { "<?xml\r",   NULL,    "XMLDecl",     "XML 1.0 2.8", CPM_E_SYNTAX },
  { "<?xml\n",   NULL,    "XMLDecl",     "XML 1.0 2.8", CPM_E_SYNTAX },
  { "<?xml?",    NULL,    "XMLDecl",     "XML 1.0 2.8", CPM_E_SYNTAX },
  { "<?",        NULL,    "PI",          "XML 1.0 2.6", CPM_E_UNSUPPORTED },
  { "</",        NULL,    "ETag",        "XML 1.0 3.1", CPM_E_SYNTAX },
  { "<",         NULL,    "STag",        "XML 1.0 3.1", CPM_E_SYNTAX },
};

/* The markup that p stands in; NULL for none. */
static const markup_kind *markup_kind_at(cpm_str in, size_t lt, size_t p) {
  for (size_t i = 0; i < sizeof markup_kinds / sizeof *markup_kinds; i++) {
    const markup_kind *const kind = &markup_kinds[i];
    if (!markup_starts(in, lt, kind->start)) continue;
    if (kind->end && markup_find(in, lt + strlen(kind->start), kind->end) + 3 <= p) return NULL;
    return kind;
  }
  return NULL;
}

int cpmi_markup_refuse(const cpmi_markup_marks *m, cpm_str in, const unsigned char *at, const char *rule, cpm_diag *diag) {
  const unsigned char *const begin = (const unsigned char *)in.p;
  if (m->bad_reference) return cpmi_fail(diag, CPM_E_ESCAPE, (size_t)(m->bad_reference - begin), "Reference", "XML 1.0 4.1");
  const size_t stop = (size_t)(at - begin), p = markup_start(in, stop);
  uint32_t code = 0;
  if (stop == in.n) return cpmi_fail(diag, CPM_E_TRUNCATED, in.n, rule, "XML 1.0 2.1");
  if (cpmi_utf8_at(in, p, &code) == 0) return cpmi_fail(diag, CPM_E_SYNTAX, p, "UTF-8", "RFC 3629 4");
  if (!cpmi_markup_is_char(code)) return cpmi_fail(diag, CPM_E_SYNTAX, p, "Char", "XML 1.0 2.2");
  if (m->amp) return cpmi_fail(diag, CPM_E_ESCAPE, (size_t)(m->amp - begin), "Reference", "XML 1.0 4.1");
  const size_t lt = m->lt ? (size_t)(m->lt - begin) : in.n;
  const markup_kind *const kind = m->lt ? markup_kind_at(in, lt, p) : NULL;
  if (!kind && code == '>') return cpmi_fail(diag, CPM_E_SYNTAX, p, "CharData", "XML 1.0 2.4");
  if (!kind) return cpmi_fail(diag, CPM_E_SYNTAX, p, rule, "XML 1.0 2.1");
  return cpmi_fail(diag, kind->code, kind->code == CPM_E_UNSUPPORTED ? lt : p, kind->rule, kind->clause);
}

/* ---- plain text -------------------------------------------------------------------------------------------------------- */

typedef struct markup_writer {
  cpmi_out         out;
  cpm_markup_space space;
  bool             gap;   /* white space is due before the next character */
} markup_writer;

static void markup_put(markup_writer *w, uint32_t code) {
  const bool white = code == ' ' || code == '\t' || code == '\n' || code == '\r';
  if (w->space == CPM_MARKUP_COLLAPSE && white) {
    w->gap = w->out.n > 0;
    return;
  }
  if (w->gap) cpmi_put_char(&w->out, ' ');
  w->gap = false;
  cpmi_utf8_put(&w->out, code);
}

static void markup_put_chars(markup_writer *w, cpm_str s, bool literal) {
  uint32_t code = 0;
  bool reference;
  for (size_t at = 0; at < s.n;) {
    at = cpmi_markup_char(s, at, literal, &code, &reference);
    markup_put(w, code);
  }
}

/* The machine has taken it: "<" starts a comment or a CDATA section, and both end. */
static void markup_put_text(markup_writer *w, cpm_str s) {
  for (size_t at = 0; at < s.n;) {
    const char *const lt = memchr(s.p + at, '<', s.n - at);
    const size_t end = lt ? (size_t)(lt - s.p) : s.n;
    markup_put_chars(w, cpm_str_of(s.p + at, end - at), false);
    if (end == s.n) break;
    const bool comment = s.p[end + 2] == '-';
    const size_t from = end + (comment ? 4 : 9), to = markup_find(s, from, comment ? "-->" : "]]>");
    if (!comment) markup_put_chars(w, cpm_str_of(s.p + from, to - from), true);
    at = to + 3;
  }
}

int cpm_markup_text(char *dst, size_t cap, size_t *len, cpm_str value, cpm_markup_space space, cpm_diag *diag) {
  markup_writer w = { cpmi_out_to(dst, cap, 0), space, false };
  cpmi_markup_marks m;
  bool ok = true;
  if (!value.n) return cpmi_out_end(&w.out, len, diag);
  const unsigned char *const from = (const unsigned char *)value.p, *const to = from + value.n;
  cpmi_markup_begin(&m);
  const unsigned char *const stop = cpmi_markup_text_run(&m, from, to, &ok);
  if (!ok || stop != to || m.bad_reference) return cpmi_markup_refuse(&m, value, stop, "content", diag);
  markup_put_text(&w, value);
  return cpmi_out_end(&w.out, len, diag);
}

size_t cpmi_markup_size(cpm_str text, cpm_markup_space space) {
  size_t n = 0;
  if (CPMI_STRAIGHT && cpmi_span(cpmi_markup_classes, text, 0, CPMI_MARKUP_TOKEN) == text.n) return text.n;
  (void)cpm_markup_text(NULL, 0, &n, text, space, NULL);
  return n;
}

bool cpmi_markup_text_is(cpm_str text, const char *z) {
  char plain[32];
  size_t n = 0;
  return cpm_markup_text(plain, sizeof plain, &n, text, CPM_MARKUP_COLLAPSE, NULL) == CPM_OK && cpm_str_eq(cpm_str_of(plain, n), cpm_str_z(z));
}
