/* SPDX-License-Identifier: MIT */
/* text_parse.rl - C host of grammars/text.rl. */
#include "cpm/dialog.h"
#include "value_internal.h"

#define TEXT_CLAUSE "RFC 3261 25.1"

typedef struct text_marks { const char *text_b, *text_e; } text_marks;

%%{
  machine cpm_text;
  alphtype unsigned char;
  getkey ((unsigned char)*p);

  action text_b { m->text_b = p; }
  action text_e { m->text_e = p; }

  include text "text.rl";
  main := text;
  write data noerror noentry;
}%%

static const char *text_parse(text_marks *m, cpm_str in) {
  const char *p = in.p, *const pe = p + in.n, *const eof = pe;
  int cs;
  %% write init;
  %% write exec;
  return cs >= cpm_text_first_final ? NULL : p;
}

int cpm_text_decode(cpm_str *out, cpm_str in, const cpm_opts *opts, uint64_t *quirks, cpm_diag *diag) {
  text_marks m = { 0 };
  uint64_t met = 0;
  in = cpmi_present(in);
  const char *const stop = text_parse(&m, in);
  if (stop) return cpmi_refuse(diag, (size_t)(stop - in.p), in, "TEXT-UTF8-TRIM", TEXT_CLAUSE);
  const cpm_str text = m.text_b ? cpmi_between(m.text_b, m.text_e) : cpm_str_of(in.p + in.n, 0);
  const size_t bad = cpmi_utf8_bad(text);
  const int rc = bad == text.n ? CPM_OK
                               : cpmi_quirk(&met, CPM_QUIRK(UTF8_INVALID), opts, (size_t)(text.p - in.p) + bad, "UTF8-NONASCII", diag);
  if (rc) return rc;
  if (quirks) *quirks = met;
  *out = text;
  return CPM_OK;
}

int cpm_text_encode(char *dst, size_t cap, size_t *len, cpm_str text, cpm_diag *diag) {
  text_marks m = { 0 };
  cpmi_out o = cpmi_out_to(dst, cap, 0), counted = cpmi_out_to(NULL, 0, 0);
  const int rc = cpmi_put_value(&counted, text, "TEXT-UTF8-TRIM", diag);
  if (rc) return rc;
  const bool whole = text.n == 0 || (!text_parse(&m, text) && m.text_b == text.p && m.text_e == text.p + text.n);
  const size_t bad = cpmi_utf8_bad(text);
  if (!whole || bad < text.n) return cpmi_fail(diag, CPM_E_VALUE, whole ? bad : 0, "TEXT-UTF8-TRIM", TEXT_CLAUSE);
  cpmi_put_piece(&o, text);
  return cpmi_out_end(&o, len, diag);
}
