/* SPDX-License-Identifier: MIT */
/* date_parse.rl - C host of grammars/date.rl. */
#include "date_parse.h"

%%{
  machine cpm_date;
  alphtype unsigned char;
  getkey ((unsigned char)*p);

  action wkday_b  { m->wkday_b = p; }
  action wkday_e  { m->wkday_e = p; }
  action day_b    { m->day_b = p; }
  action day_e    { m->day_e = p; }
  action month_b  { m->month_b = p; }
  action year_b   { m->year_b = p; }
  action time_b   { m->time_b = p; }
  action second_b { m->second_b = p; }
  action zone_b   { m->zone_b = p; }
  action zone_e   { m->zone_e = p; }
  action on_loose { m->loose = true; }

  include date "date.rl";
  main := sip_date;
  write data noerror noentry;
}%%

const char *cpmi_date_parse(cpmi_date_marks *m, cpm_str in) {
  const char *p = in.p, *const pe = p + in.n, *const eof = pe;
  int cs;
  %% write init;
  %% write exec;
  return cs >= cpm_date_first_final ? NULL : p;
}
