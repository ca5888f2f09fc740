/* SPDX-License-Identifier: MIT */
/* cpim_name_parse.rl - C host of cpim_core.rl for a Formal-name without what stands around it. */
#include "cpim.h"

%%{
  machine cpm_cpim_name;
  alphtype unsigned char;

  action formal { out->formal = true; }

  include cpim_core "cpim_core.rl";

  main := ( Token ( SP Token )* ) %formal | Str;
  write data noerror noentry;
}%%

size_t cpmi_cpim_name_parse(cpmi_cpim_marks *out, cpm_str in, bool *ok) {
  const unsigned char *p = (const unsigned char *)in.p, *const pe = p + in.n, *const eof = pe;
  int cs;
  %% write init;
  %% write exec;
  *ok = cs >= cpm_cpim_name_first_final;
  return (size_t)(p - (const unsigned char *)in.p);
}
