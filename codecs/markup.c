/* SPDX-License-Identifier: MIT */
/* markup.c - text that goes into an XML document. */
#include "internal.h"

/* Length of the UTF-8 sequence at s.p[0] and its code point; 0 if it is none (RFC 3629 4: no overlong form, no surrogate). */
static size_t markup_utf8(cpm_str s, uint32_t *code) {
  static const struct { unsigned char mask, lead; uint32_t least; } forms[] = {
    { 0x80, 0x00, 0 }, { 0xe0, 0xc0, 0x80 }, { 0xf0, 0xe0, 0x800 }, { 0xf8, 0xf0, 0x10000 },
  };
  const unsigned char lead = (unsigned char)s.p[0];
  for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
    if ((lead & forms[i].mask) != forms[i].lead) continue;
    if (s.n <= i) return 0;
    *code = lead & (unsigned char)~forms[i].mask;
    for (size_t k = 1; k <= i; k++) {
      if (((unsigned char)s.p[k] & 0xc0u) != 0x80u) return 0;
      *code = *code << 6 | ((unsigned char)s.p[k] & 0x3fu);
    }
    return *code < forms[i].least || *code > 0x10ffff || (*code >= 0xd800 && *code < 0xe000) ? 0 : i + 1;
  }
  return 0;
}

/* Char of XML 1.0 2.2 without CR and LF, which would come back as something else. */
static bool markup_is_char(uint32_t c) { return c == '\t' || (c >= 0x20 && c != 0xfffe && c != 0xffff); }

int cpmi_check_xml(cpm_str s, const char *rule, cpm_diag *diag) {
  uint32_t c = 0;
  for (size_t i = 0, step; i < s.n; i += step) {
    step = markup_utf8(cpm_str_of(s.p + i, s.n - i), &c);
    if (step == 0) return cpmi_fail(diag, CPM_E_VALUE, i, rule, "RFC 3629 4");
    if (!markup_is_char(c)) return cpmi_fail(diag, CPM_E_INJECTION, i, rule, "XML 1.0 2.2");
  }
  return CPM_OK;
}

static const char *markup_reference(char c) {
  switch (c) {
  case '&':  return "&amp;";
  case '<':  return "&lt;";
  case '>':  return "&gt;";
  case '"':  return "&quot;";
  case '\'': return "&apos;";
  default:   return NULL;
  }
}

void cpmi_put_xml(cpmi_out *o, cpm_str s) {
  size_t from = 0;
  for (size_t i = 0; i < s.n; i++) {
    const char *const reference = markup_reference(s.p[i]);
    if (!reference) continue;
    cpmi_put(o, cpm_str_of(s.p + from, i - from));
    cpmi_put_z(o, reference);
    from = i + 1;
  }
  cpmi_put(o, cpm_str_of(s.p + from, s.n - from));
}
