/* SPDX-License-Identifier: MIT */
/* markup.c - text that goes into an XML document. */
#include "markup.h"

/* Char of XML without CR and LF, which would come back as something else. */
static bool markup_may_stand(uint32_t c) { return c != '\r' && c != '\n' && cpmi_markup_is_char(c); }

int cpmi_check_xml(cpm_str s, const char *rule, cpm_diag *diag) {
  uint32_t c = 0;
  for (size_t i = 0, step; i < s.n; i += step) {
    step = cpmi_utf8_at(s, i, &c);
    if (step == 0) return cpmi_fail(diag, CPM_E_VALUE, i, rule, "RFC 3629 4");
    if (!markup_may_stand(c)) return cpmi_fail(diag, CPM_E_INJECTION, i, rule, "XML 1.0 2.2");
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

void cpmi_put_start(cpmi_out *o, const char *name) {
  cpmi_put_char(o, '<');
  cpmi_put_z(o, name);
  cpmi_put_char(o, '>');
}

void cpmi_put_end(cpmi_out *o, const char *name) {
  cpmi_put_z(o, "</");
  cpmi_put_z(o, name);
  cpmi_put_z(o, ">\r\n");
}

void cpmi_put_element(cpmi_out *o, const char *name, cpm_str text) {
  if (!text.p) return;
  cpmi_put_start(o, name);
  cpmi_put_xml(o, text);
  cpmi_put_end(o, name);
}
