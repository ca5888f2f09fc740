/* SPDX-License-Identifier: MIT */
/* datetime_parse.rl - C host of datetime.rl. */
#include "datetime.h"

%%{
  machine cpm_datetime;
  alphtype unsigned char;

  action hour        { out->hour = p; }
  action second      { out->second = p; }
  action frac_b      { out->fraction = p; }
  action frac_e      { out->fraction_end = p; }
  action zone        { out->zone = p; }
  action zone_minute { out->zone_minute = p; }

  include datetime "datetime.rl";

  main := date_time;
  write data noerror noentry;
}%%

size_t cpmi_datetime_parse(cpmi_datetime *out, cpm_str in, bool *ok) {
  const unsigned char *p = (const unsigned char *)in.p, *const pe = p + in.n, *const eof = pe;
  int cs;
  %% write init;
  %% write exec;
  *ok = cs >= cpm_datetime_first_final;
  return (size_t)(p - (const unsigned char *)in.p);
}
