/* SPDX-License-Identifier: MIT */
/* count_parse.rl - C host of grammars/count.rl: RSeq, RAck, Timestamp, MIME-Version. */
#include "cpm/dialog.h"
#include "value_internal.h"

#define COUNT_CLAUSE "RFC 3261 25.1"
#define COUNT_RACK_CLAUSE "RFC 3262 7.2"
#define COUNT_CSEQ_MAX UINT64_C(0x7fffffff)

typedef struct count_marks { const char *a_b, *a_e, *b_b, *b_e, *method_b, *method_e; } count_marks;

%%{
  machine cpm_count;
  alphtype unsigned char;
  getkey ((unsigned char)*p);

  action a_b      { m->a_b = p; }
  action a_e      { m->a_e = p; }
  action b_b      { m->b_b = p; }
  action b_e      { m->b_e = p; }
  action method_b { m->method_b = p; }
  action method_e { m->method_e = p; }

  include count "count.rl";
  of_rack         := rack;
  of_timestamp    := timestamp;
  of_time         := time;
  of_delay        := delay;
  of_mime_version := mime_version;
  write data noerror;
}%%

static const char *count_parse(count_marks *m, int entry, cpm_str in) {
  const char *p = in.p, *const pe = p + in.n, *const eof = pe;
  int cs = entry;
  %% write exec;
  return cs >= cpm_count_first_final ? NULL : p;
}

static int count_read(count_marks *m, int entry, cpm_str in, const char *rule, const char *clause, cpm_diag *diag) {
  const char *const stop = count_parse(m, entry, in);
  return stop ? cpmi_refuse(diag, (size_t)(stop - in.p), in, rule, clause) : CPM_OK;
}

/* ---- RSeq, RAck ------------------------------------------------------------------------------------------------------ */

int cpm_rseq_decode(uint32_t *out, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  uint64_t v = 0;
  const int rc = cpm_number_decode(&v, in, UINT32_MAX, opts, diag);
  if (rc) return rc;
  if (v == 0) return cpmi_fail(diag, CPM_E_VALUE, 0, "response-num", "RFC 3262 7.1");
  *out = (uint32_t)v;
  return CPM_OK;
}

int cpm_rack_decode(cpm_rack *out, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  count_marks m = { 0 };
  uint64_t rseq, cseq;
  (void)opts;
  in = cpmi_present(in);
  const int rc = count_read(&m, cpm_count_en_of_rack, in, "RAck", COUNT_RACK_CLAUSE, diag);
  if (rc) return rc;
  if (!cpmi_to_number(&rseq, cpmi_between(m.a_b, m.a_e), UINT32_MAX))
    return cpmi_fail(diag, CPM_E_RANGE, (size_t)(m.a_b - in.p), "response-num", COUNT_RACK_CLAUSE);
  if (rseq == 0) return cpmi_fail(diag, CPM_E_VALUE, (size_t)(m.a_b - in.p), "response-num", COUNT_RACK_CLAUSE);
  if (!cpmi_to_number(&cseq, cpmi_between(m.b_b, m.b_e), COUNT_CSEQ_MAX))
    return cpmi_fail(diag, CPM_E_RANGE, (size_t)(m.b_b - in.p), "CSeq-num", COUNT_RACK_CLAUSE);
  out->rseq = (uint32_t)rseq;
  out->cseq.number = (uint32_t)cseq;
  out->cseq.method_name = cpmi_between(m.method_b, m.method_e);
  out->cseq.method = cpm_sip_method_id(out->cseq.method_name);
  return CPM_OK;
}

int cpm_rack_encode(char *dst, size_t cap, size_t *len, const cpm_rack *in, cpm_diag *diag) {
  size_t n = 0;
  const int rc = cpm_cseq_encode(NULL, 0, &n, &in->cseq, diag);
  if (rc) return rc;
  if (in->rseq == 0) return cpmi_fail(diag, CPM_E_VALUE, 0, "response-num", COUNT_RACK_CLAUSE);
  cpmi_out o = cpmi_out_to(dst, cap, 0);
  cpmi_put_number(&o, in->rseq);
  cpmi_put_char(&o, ' ');
  if (dst && o.n < cap) (void)cpm_cseq_encode(dst + o.n, cap - o.n, &n, &in->cseq, NULL);
  o.n += n;
  return cpmi_out_end(&o, len, diag);
}

/* ---- Timestamp ------------------------------------------------------------------------------------------------------- */

/* Seconds with a fraction to microseconds; false if they do not fit. */
static bool count_micros(uint64_t *out, cpm_str s) {
  uint64_t seconds, micros = 0;
  size_t dot = 0;
  while (dot < s.n && s.p[dot] != '.') dot++;
  if (!cpmi_to_number(&seconds, cpm_str_of(s.p, dot), UINT64_MAX)) return false;
  for (size_t i = 1; i <= 6; i++) micros = micros * 10 + (dot + i < s.n ? (uint64_t)(s.p[dot + i] - '0') : 0);
  if (seconds > (UINT64_MAX - micros) / 1000000u) return false;
  *out = seconds * 1000000u + micros;
  return true;
}

int cpm_timestamp_decode(cpm_timestamp *out, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  count_marks m = { 0 };
  cpm_timestamp t = { { NULL, 0 }, { NULL, 0 }, false, 0, 0 };
  (void)opts;
  in = cpmi_present(in);
  const int rc = count_read(&m, cpm_count_en_of_timestamp, in, "Timestamp", COUNT_CLAUSE, diag);
  if (rc) return rc;
  t.time = cpmi_between(m.a_b, m.a_e);
  t.delay = cpmi_between(m.b_b, m.b_e);
  t.has_delay = t.delay.p != NULL;
  if (!count_micros(&t.time_us, t.time)) return cpmi_fail(diag, CPM_E_RANGE, (size_t)(m.a_b - in.p), "Timestamp", COUNT_CLAUSE);
  if (t.has_delay && !count_micros(&t.delay_us, t.delay))
    return cpmi_fail(diag, CPM_E_RANGE, (size_t)(m.b_b - in.p), "delay", COUNT_CLAUSE);
  *out = t;
  return CPM_OK;
}

static int count_check(cpm_str s, int entry, const char *rule, cpm_diag *diag) {
  count_marks none = { 0 };
  uint64_t us;
  const int rc = cpmi_check_clean(s, rule, diag);
  if (rc) return rc;
  return !count_parse(&none, entry, s) && count_micros(&us, s) ? CPM_OK : cpmi_fail(diag, CPM_E_VALUE, 0, rule, COUNT_CLAUSE);
}

static void count_put_micros(cpmi_out *o, uint64_t us) {
  uint64_t fraction = us % 1000000u;
  unsigned width = 6;
  cpmi_put_number(o, us / 1000000u);
  if (!fraction) return;
  for (; fraction % 10 == 0; fraction /= 10) width--;
  cpmi_put_char(o, '.');
  cpmi_put_digits(o, fraction, width);
}

int cpm_timestamp_encode(char *dst, size_t cap, size_t *len, const cpm_timestamp *in, cpm_diag *diag) {
  int rc = in->time.p ? count_check(in->time, cpm_count_en_of_time, "Timestamp", diag) : CPM_OK;
  if (!rc && in->delay.p) rc = count_check(in->delay, cpm_count_en_of_delay, "delay", diag);
  if (rc) return rc;
  cpmi_out o = cpmi_out_to(dst, cap, 0);
  if (in->time.p) cpmi_put(&o, in->time);
  else count_put_micros(&o, in->time_us);
  if (in->delay.p || in->has_delay) cpmi_put_char(&o, ' ');
  if (in->delay.p) cpmi_put(&o, in->delay);
  else if (in->has_delay) count_put_micros(&o, in->delay_us);
  return cpmi_out_end(&o, len, diag);
}

/* ---- MIME-Version ---------------------------------------------------------------------------------------------------- */

int cpm_mime_version_decode(cpm_mime_version *out, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  count_marks m = { 0 };
  uint64_t major, minor;
  (void)opts;
  in = cpmi_present(in);
  const int rc = count_read(&m, cpm_count_en_of_mime_version, in, "MIME-Version", COUNT_CLAUSE, diag);
  if (rc) return rc;
  if (!cpmi_to_number(&major, cpmi_between(m.a_b, m.a_e), UINT32_MAX))
    return cpmi_fail(diag, CPM_E_RANGE, (size_t)(m.a_b - in.p), "MIME-Version", COUNT_CLAUSE);
  if (!cpmi_to_number(&minor, cpmi_between(m.b_b, m.b_e), UINT32_MAX))
    return cpmi_fail(diag, CPM_E_RANGE, (size_t)(m.b_b - in.p), "MIME-Version", COUNT_CLAUSE);
  out->major = (uint32_t)major;
  out->minor = (uint32_t)minor;
  return CPM_OK;
}

int cpm_mime_version_encode(char *dst, size_t cap, size_t *len, const cpm_mime_version *in, cpm_diag *diag) {
  cpmi_out o = cpmi_out_to(dst, cap, 0);
  cpmi_put_number(&o, in->major);
  cpmi_put_char(&o, '.');
  cpmi_put_number(&o, in->minor);
  return cpmi_out_end(&o, len, diag);
}
