/* SPDX-License-Identifier: MIT */
/* address_parse.rl - C host of grammars/address.rl. */
#include "address_parse.h"

%%{
  machine cpm_address;
  alphtype unsigned char;
  getkey ((unsigned char)*p);

  action display_b { m->display_b = p; }
  action display_e { m->display_e = p; }
  action quoted_b  { m->quoted_b = p; }
  action quoted_e  { m->quoted_e = p; }
  action on_laquot { m->laquot = true; }
  action inner_b   { m->inner_b = p; }
  action inner_e   { m->inner_e = p; }
  action bare_b    { m->bare_b = p; }
  action bare_e    { m->bare_e = p; }
  action on_semi   { if (!m->params_b) m->params_b = p; }
  action params_e  { m->params_e = p; }

  include address "address.rl";
  main := address;
  write data noerror noentry;
}%%

const char *cpmi_address_parse(cpmi_address_marks *m, cpm_str in) {
  const char *p = in.p, *const pe = p + in.n, *const eof = pe;
  int cs;
  %% write init;
  %% write exec;
  return cs >= cpm_address_first_final ? NULL : p;
}
