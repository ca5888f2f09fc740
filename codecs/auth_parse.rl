/* SPDX-License-Identifier: MIT */
/* auth_parse.rl - C host of grammars/auth.rl: one machine with an entry for each rule. */
#include "auth_parse.h"

%%{
  machine cpm_auth;
  alphtype unsigned char;
  getkey ((unsigned char)*p);

  action scheme_b  { m->scheme_b = p; }
  action scheme_e  { m->scheme_e = p; }
  action params_b  { m->params_b = p; }
  action params_e  { m->params_e = p; }
  action name_b    { m->name_b = p; }
  action name_e    { m->name_e = p; }
  action value_b   { m->value_b = p; }
  action value_e   { m->value_e = p; }
  action on_quoted { m->quoted = true; }

  include auth "auth.rl";
  of_challenge := SWS challenge SWS;
  of_list      := SWS auth_list SWS;
  of_param     := SWS auth_param SWS;
  write data noerror;
}%%

static int auth_entry(cpmi_auth_rule rule) {
  switch (rule) {
  case CPMI_AUTH_CHALLENGE: return cpm_auth_en_of_challenge;
  case CPMI_AUTH_LIST:      return cpm_auth_en_of_list;
  case CPMI_AUTH_PARAM:     break;
  }
  return cpm_auth_en_of_param;
}

const char *cpmi_auth_parse(cpmi_auth_marks *m, cpmi_auth_rule rule, cpm_str in) {
  const char *p = in.p, *const pe = p + in.n, *const eof = pe;
  int cs = auth_entry(rule);
  %% write exec;
  return cs >= cpm_auth_first_final ? 0 : p;
}
