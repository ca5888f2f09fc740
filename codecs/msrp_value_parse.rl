/* SPDX-License-Identifier: MIT */
/* msrp_value_parse.rl - C host of grammars/msrp_value.rl. */
#include "msrp.h"
#include "straight.h"
#include <string.h>

%%{
  machine cpm_msrp_value;
  alphtype unsigned char;
  getkey ((unsigned char)*p);

  action a_b { m->a_b = p; }
  action a_e { m->a_e = p; }
  action b_b { m->b_b = p; }
  action b_e { m->b_e = p; }
  action c_b { m->c_b = p; }
  action c_e { m->c_e = p; }
  action on_yes     { m->yes = true; }
  action on_no      { m->no = true; }
  action on_partial { m->partial = true; }

  include msrp_value "msrp_value.rl";
  of_message_id     := Message_ID;
  of_success_report := Success_Report;
  of_failure_report := Failure_Report;
  of_byte_range     := Byte_Range;
  of_status         := Status;
  of_expires        := Expires;
  of_use_nickname   := Use_Nickname;
  write data noerror;
}%%

static bool msrp_value_is(cpm_str in, const char *text, size_t n) { return in.n == n && memcmp(in.p, text, n) == 0; }

/* Behind 1*DIGIT or "*"; p if there is neither. */
static const char *msrp_value_number(const char *p, const char *pe) {
  return p < pe && *p == '*' ? p + 1 : cpmi_run(p, pe, CPMI_DIGIT);
}

static bool msrp_value_range(cpmi_msrp_value *m, cpm_str in) {
  const char *const pe = in.p + in.n;
  m->a_b = in.p;
  m->a_e = cpmi_run(in.p, pe, CPMI_DIGIT);
  if (m->a_e == in.p || m->a_e == pe || *m->a_e != '-') return false;
  m->b_b = m->a_e + 1;
  m->b_e = msrp_value_number(m->b_b, pe);
  if (m->b_e == m->b_b || m->b_e == pe || *m->b_e != '/') return false;
  m->c_b = m->b_e + 1;
  m->c_e = msrp_value_number(m->c_b, pe);
  return m->c_e > m->c_b && m->c_e == pe;
}

/* The values of nearly every SEND. */
static bool msrp_value_straight(cpmi_msrp_value *m, cpmi_msrp_rule rule, cpm_str in) {
  if (!CPMI_STRAIGHT || !in.n) return false;
  switch (rule) {
  case CPMI_MSRP_MESSAGE_ID:
    return in.n >= CPM_MSRP_ID_MIN && in.n <= CPM_MSRP_ID_MAX && *in.p != '-' && cpmi_run(in.p, in.p + in.n, CPMI_LABEL) == in.p + in.n;
  case CPMI_MSRP_SUCCESS_REPORT:
  case CPMI_MSRP_FAILURE_REPORT:
    m->yes = msrp_value_is(in, "yes", 3);
    m->no = !m->yes && msrp_value_is(in, "no", 2);
    return m->yes || m->no;
  case CPMI_MSRP_BYTE_RANGE: return msrp_value_range(m, in);
  default:                   return false;
  }
}

const char *cpmi_msrp_value_parse(cpmi_msrp_value *m, cpmi_msrp_rule rule, cpm_str in) {
  static const int entries[] = {
    cpm_msrp_value_en_of_message_id, cpm_msrp_value_en_of_success_report, cpm_msrp_value_en_of_failure_report,
    cpm_msrp_value_en_of_byte_range, cpm_msrp_value_en_of_status, cpm_msrp_value_en_of_expires, cpm_msrp_value_en_of_use_nickname,
  };
  const char *p = in.p, *const pe = p + in.n, *const eof = pe;
  int cs = entries[rule];
  const cpmi_msrp_value none = { 0 };
  *m = none;
  if (msrp_value_straight(m, rule, in)) return NULL;
  *m = none;
  %% write exec;
  return cs >= cpm_msrp_value_first_final ? NULL : p;
}
