/* SPDX-License-Identifier: MIT */
/* number_parse.rl - C host of grammars/number.rl: Expires, Max-Forwards, Content-Length, Message-Expires, and qvalue. */
#include "straight.h"
#include "value_internal.h"

typedef struct number_marks { const char *digits_b, *digits_e; } number_marks;

%%{
  machine cpm_number;
  alphtype unsigned char;
  getkey ((unsigned char)*p);

  action digits_b { m->digits_b = p; }
  action digits_e { m->digits_e = p; }

  include number "number.rl";
  of_number := number;
  of_qvalue := qvalue;
  write data noerror;
}%%

static const char *number_parse(number_marks *m, int entry, cpm_str in) {
  const char *p = in.p, *const pe = p + in.n, *const eof = pe;
  int cs = entry;
  %% write exec;
  return cs >= cpm_number_first_final ? NULL : p;
}

int cpm_number_decode(uint64_t *out, cpm_str in, uint64_t max, const cpm_opts *opts, cpm_diag *diag) {
  number_marks m = { 0 };
  uint64_t v;
  (void)opts;
  in = cpmi_present(in);
  if (CPMI_STRAIGHT && in.n && cpmi_run(in.p, in.p + in.n, CPMI_DIGIT) == in.p + in.n && cpmi_to_number(&v, in, max)) {
    *out = v;
    return CPM_OK;
  }
  const char *const stop = number_parse(&m, cpm_number_en_of_number, in);
  if (stop) return cpmi_refuse(diag, (size_t)(stop - in.p), in, "1*DIGIT", "RFC 3261 25.1");
  if (!cpmi_to_number(&v, cpmi_between(m.digits_b, m.digits_e), max))
    return cpmi_fail(diag, CPM_E_RANGE, (size_t)(m.digits_b - in.p), "1*DIGIT", "RFC 3261 25.1");
  *out = v;
  return CPM_OK;
}

int cpm_q_decode(unsigned *thousandths, cpm_str in, cpm_diag *diag) {
  number_marks none = { 0 };
  unsigned v = 0;
  in = cpmi_present(in);
  const char *const stop = number_parse(&none, cpm_number_en_of_qvalue, in);
  if (stop) return cpmi_refuse(diag, (size_t)(stop - in.p), in, "qvalue", "RFC 3261 25.1");
  for (size_t i = 0; i < 5; i++)
    if (i != 1) v = v * 10 + (i < in.n ? (unsigned)(in.p[i] - '0') : 0);
  *thousandths = v;
  return CPM_OK;
}
