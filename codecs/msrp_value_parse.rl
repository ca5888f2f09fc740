/* SPDX-License-Identifier: MIT */
/* msrp_value_parse.rl - C host of grammars/msrp_value.rl. */
#include "msrp.h"

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

const char *cpmi_msrp_value_parse(cpmi_msrp_value *m, cpmi_msrp_rule rule, cpm_str in) {
  static const int entries[] = {
    cpm_msrp_value_en_of_message_id, cpm_msrp_value_en_of_success_report, cpm_msrp_value_en_of_failure_report,
    cpm_msrp_value_en_of_byte_range, cpm_msrp_value_en_of_status, cpm_msrp_value_en_of_expires, cpm_msrp_value_en_of_use_nickname,
  };
  const char *p = in.p, *const pe = p + in.n, *const eof = pe;
  int cs = entries[rule];
  const cpmi_msrp_value none = { 0 };
  *m = none;
  %% write exec;
  return cs >= cpm_msrp_value_first_final ? NULL : p;
}
