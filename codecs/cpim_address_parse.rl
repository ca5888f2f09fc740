/* SPDX-License-Identifier: MIT */
/* cpim_address_parse.rl - C host of cpim_address.rl. */
#include "cpim.h"

%%{
  machine cpm_cpim_address;
  alphtype unsigned char;

  action quoted_b { out->b = p; }
  action quoted_e { out->e = p; }
  action formal   { out->formal = true; }
  action uri_b    { out->uri_b = p; }
  action uri_e    { out->uri_e = p; }

  include cpim_address "cpim_address.rl";

  main := Address_value;
  write data noerror noentry;
}%%

size_t cpmi_cpim_address_parse(cpmi_cpim_marks *out, cpm_str in, bool *ok) {
  const unsigned char *p = (const unsigned char *)in.p, *const pe = p + in.n;
  int cs;
  %% write init;
  %% write exec;
  *ok = cs >= cpm_cpim_address_first_final;
  return (size_t)(p - (const unsigned char *)in.p);
}
