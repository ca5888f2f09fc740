/* SPDX-License-Identifier: MIT */
/* sip_parse.rl - C host of grammars/sip.rl: a machine for start lines, one for what stands before the value of a field. */
#include "sip_parse.h"

%%{
  machine cpm_sip;
  alphtype unsigned char;
  getkey ((unsigned char)*p);

  action method_b  { m->method_b = p; }
  action method_e  { m->method_e = p; }
  action uri_b     { m->uri_b = p; }
  action uri_e     { m->uri_e = p; }
  action version_b { m->version_b = p; }
  action version_e { m->version_e = p; }
  action code_b    { m->code_b = p; }
  action reason_b  { m->reason_b = p; }
  action name_e    { name_e = p; }

  include sip "sip.rl";
  main := start_line;
  write data noerror noentry;
}%%

const char *cpmi_sip_start_line(cpmi_sip_marks *m, cpm_str line, bool more) {
  const cpmi_sip_marks none = { 0 };
  const char *p = line.p, *const pe = line.p + line.n, *const eof = more ? 0 : pe;
  int cs;
  *m = none;
  %% write init;
  %% write exec;
  if (cs >= cpm_sip_first_final && !m->reason_b) m->reason_b = pe;
  return cs >= cpm_sip_first_final || (more && cs != 0) ? 0 : p;
}

%%{
  machine cpm_sip_field;
  alphtype unsigned char;
  getkey ((unsigned char)*p);

  action method_b  { }
  action method_e  { }
  action uri_b     { }
  action uri_e     { }
  action version_b { }
  action version_e { }
  action code_b    { }
  action reason_b  { }
  action name_e    { name_e = p; }

  include sip "sip.rl";
  main := field_head;
  write data noerror noentry;
}%%

const char *cpmi_sip_field_head(cpm_str *name, cpm_str head) {
  const char *p = head.p, *const pe = head.p + head.n, *name_e = 0;
  int cs;
  %% write init;
  %% write exec;
  if (cs < cpm_sip_field_first_final) return p;
  *name = cpm_str_of(head.p, (size_t)(name_e - head.p));
  return 0;
}
