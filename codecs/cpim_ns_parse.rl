/* SPDX-License-Identifier: MIT */
/* cpim_ns_parse.rl - C host of cpim_ns.rl. */
#include "cpim.h"

%%{
  machine cpm_cpim_ns;
  alphtype unsigned char;

  action prefix_b { out->b = p; }
  action prefix_e { out->e = p; }
  action uri_b    { out->uri_b = p; }
  action uri_e    { out->uri_e = p; }

  include cpim_ns "cpim_ns.rl";

  main := NS_header_value;
  write data noerror noentry;
}%%

size_t cpmi_cpim_ns_parse(cpmi_cpim_marks *out, cpm_str in, bool *ok) {
  const unsigned char *p = (const unsigned char *)in.p, *const pe = p + in.n;
  int cs;
  %% write init;
  %% write exec;
  *ok = cs >= cpm_cpim_ns_first_final;
  return (size_t)(p - (const unsigned char *)in.p);
}
