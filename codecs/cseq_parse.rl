/* SPDX-License-Identifier: MIT */
/* cseq_parse.rl - C host of grammars/cseq.rl. */
#include "straight.h"
#include "value_internal.h"

#define CSEQ_MAX UINT64_C(0x7fffffff)
#define CSEQ_CLAUSE "RFC 3261 8.1.1.5"

typedef struct cseq_marks { const char *number_b, *number_e, *method_b, *method_e; } cseq_marks;

%%{
  machine cpm_cseq;
  alphtype unsigned char;
  getkey ((unsigned char)*p);

  action number_b { m->number_b = p; }
  action number_e { m->number_e = p; }
  action method_b { m->method_b = p; }
  action method_e { m->method_e = p; }

  include cseq "cseq.rl";
  main := cseq;
  write data noerror noentry;
}%%

static const char *cseq_parse(cseq_marks *m, cpm_str in) {
  const char *p = in.p, *const pe = p + in.n, *const eof = pe;
  int cs;
  %% write init;
  %% write exec;
  return cs >= cpm_cseq_first_final ? NULL : p;
}

/* Digits, SP, a method. */
static bool cseq_straight(cseq_marks *m, cpm_str in) {
  const char *const pe = in.p + in.n, *const e = in.n ? cpmi_run(in.p, pe, CPMI_DIGIT) : in.p;
  if (e == in.p || e == pe || *e != ' ' || pe - e < 2 || cpmi_run(e + 1, pe, CPMI_TOKEN) != pe) return false;
  const cseq_marks straight = { in.p, e, e + 1, pe };
  *m = straight;
  return true;
}

int cpm_cseq_decode(cpm_cseq *out, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  cseq_marks m = { 0 };
  uint64_t number;
  (void)opts;
  in = cpmi_present(in);
  const char *const stop = CPMI_STRAIGHT && cseq_straight(&m, in) ? NULL : cseq_parse(&m, in);
  if (stop) return cpmi_refuse(diag, (size_t)(stop - in.p), in, "CSeq", "RFC 3261 25.1");
  if (!cpmi_to_number(&number, cpmi_between(m.number_b, m.number_e), CSEQ_MAX))
    return cpmi_fail(diag, CPM_E_RANGE, (size_t)(m.number_b - in.p), "CSeq", CSEQ_CLAUSE);
  out->number = (uint32_t)number;
  out->method_name = cpmi_between(m.method_b, m.method_e);
  out->method = cpm_sip_method_id(out->method_name);
  return CPM_OK;
}

int cpm_cseq_encode(char *dst, size_t cap, size_t *len, const cpm_cseq *in, cpm_diag *diag) {
  const cpm_str name = in->method_name.p ? in->method_name : cpm_sip_method_name(in->method);
  const int rc = cpmi_check_piece(CPMI_PIECE_TOKEN, name, "Method", "RFC 3261 25.1", diag);
  if (rc) return rc;
  if (in->number > CSEQ_MAX) return cpmi_fail(diag, CPM_E_VALUE, 0, "CSeq", CSEQ_CLAUSE);
  cpmi_out o = cpmi_out_to(dst, cap, 0);
  cpmi_put_number(&o, in->number);
  cpmi_put_char(&o, ' ');
  cpmi_put(&o, name);
  return cpmi_out_end(&o, len, diag);
}
