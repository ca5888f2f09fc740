/* SPDX-License-Identifier: MIT */
/* warning_parse.rl - C host of grammars/warning.rl. */
#include "warning_parse.h"

%%{
  machine cpm_warning;
  alphtype unsigned char;
  getkey ((unsigned char)*p);

  action code_b    { m->code_b = p; }
  action agent_b   { m->agent_b = p; }
  action agent_e   { m->agent_e = p; }
  action on_quoted { m->quoted = true; }
  action text_b    { m->text_b = p; }
  action text_e    { m->text_e = p; }
  action bare_b    { m->bare_b = p; }
  action bare_e    { m->bare_e = p; }

  include warning "warning.rl";
  main := warning;
  write data noerror noentry;
}%%

const char *cpmi_warning_parse(cpmi_warning_marks *m, cpm_str in) {
  const char *p = in.p, *const pe = p + in.n, *const eof = pe;
  int cs;
  %% write init;
  %% write exec;
  return cs >= cpm_warning_first_final ? NULL : p;
}
