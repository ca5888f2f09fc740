/* SPDX-License-Identifier: MIT */
/* cpim_parse.rl - C host of cpim.rl. */
#include "cpim.h"

%%{
  machine cpm_cpim;
  alphtype unsigned char;

  action colon    { out->colon = p; }
  action params_b { if (!out->b) out->b = p; }
  action params_e { out->e = p; }

  include cpim "cpim.rl";

  main := Header;
  write data noerror noentry;
}%%

size_t cpmi_cpim_parse(cpmi_cpim_marks *out, cpm_str in, bool *ok) {
  const unsigned char *p = (const unsigned char *)in.p, *const pe = p + in.n, *const eof = pe;
  int cs;
  %% write init;
  %% write exec;
  *ok = cs >= cpm_cpim_first_final;
  return (size_t)(p - (const unsigned char *)in.p);
}
