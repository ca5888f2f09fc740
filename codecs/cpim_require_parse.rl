/* SPDX-License-Identifier: MIT */
/* cpim_require_parse.rl - C host of cpim_core.rl for the value of Require. */
#include "cpim.h"

%%{
  machine cpm_cpim_require;
  alphtype unsigned char;

  include cpim_core "cpim_core.rl";

  main := Require_header_value;
  write data noerror noentry;
}%%

size_t cpmi_cpim_require_parse(cpm_str in, bool *ok) {
  const unsigned char *p = (const unsigned char *)in.p, *const pe = p + in.n;
  int cs;
  %% write init;
  %% write exec;
  *ok = cs >= cpm_cpim_require_first_final;
  return (size_t)(p - (const unsigned char *)in.p);
}
