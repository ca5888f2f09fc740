/* SPDX-License-Identifier: MIT */
/* route_parse.rl - C host of grammars/route.rl. */
#include "route_parse.h"

%%{
  machine cpm_route;
  alphtype unsigned char;
  getkey ((unsigned char)*p);

  action display_b { m->address.display_b = p; }
  action display_e { m->address.display_e = p; }
  action quoted_b  { m->address.quoted_b = p; }
  action quoted_e  { m->address.quoted_e = p; }
  action on_laquot { m->address.laquot = true; }
  action inner_b   { m->address.inner_b = p; }
  action inner_e   { m->address.inner_e = p; }
  action bare_b    { m->address.bare_b = p; }
  action bare_e    { m->address.bare_e = p; }
  action params_e  { m->address.params_e = p; }
  action on_semi   { cpmi_named_semi(&m->named, p); }
  action name_b    { m->named.name_b = p; }
  action name_e    { m->named.name_e = p; }
  action value_b   { m->named.value_b = p; }
  action value_e   { m->named.value_e = p; }
  action on_quoted { m->named.quoted = true; m->named.value_b = p + 1; }
  action on_comma  { m->comma = p; }

  include route "route.rl";
  main := route_param ( "," @on_comma )?;
  write data noerror noentry;
}%%

const char *cpmi_route_parse(cpmi_route_marks *m, cpm_str in) {
  const char *p = in.p, *const pe = p + in.n, *const eof = pe;
  int cs;
  %% write init;
  %% write exec;
  return cs >= cpm_route_first_final || m->comma ? NULL : p;
}
