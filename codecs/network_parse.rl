/* SPDX-License-Identifier: MIT */
/* network_parse.rl - C host of grammars/network.rl. */
#include "network_parse.h"

%%{
  machine cpm_network;
  alphtype unsigned char;
  getkey ((unsigned char)*p);

  action head_b    { m->head_b = p; }
  action head_e    { m->head_e = p; }
  action on_semi   { if (!m->params_b) m->params_b = p; }
  action params_e  { m->params_e = p; }
  action name_b    { m->name_b = p; }
  action name_e    { m->name_e = p; }
  action value_b   { m->value_b = p; }
  action value_e   { m->value_e = p; }
  action on_quoted { m->quoted = true; }

  include network "network.rl";
  of_spec   := SWS network_spec SWS;
  of_charge := SWS network_charge SWS;
  write data noerror;
}%%

const char *cpmi_network_parse(cpmi_network_marks *m, bool charge, cpm_str in) {
  const char *p = in.p, *const pe = p + in.n, *const eof = pe;
  int cs = charge ? cpm_network_en_of_charge : cpm_network_en_of_spec;
  %% write exec;
  return cs >= cpm_network_first_final ? 0 : p;
}
