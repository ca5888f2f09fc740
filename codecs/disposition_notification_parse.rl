/* SPDX-License-Identifier: MIT */
/* disposition_notification_parse.rl - C host of disposition_notification.rl. */
#include "cpim.h"

%%{
  machine cpm_disposition_notification;
  alphtype unsigned char;

  action token_b { out->b = p; }
  action token_e { out->e = p; }

  include disposition_notification "disposition_notification.rl";

  main := notify_req;
  write data noerror noentry;
}%%

size_t cpmi_disposition_notification_parse(cpmi_cpim_marks *out, cpm_str in, bool *ok) {
  const unsigned char *p = (const unsigned char *)in.p, *const pe = p + in.n, *const eof = pe;
  int cs;
  %% write init;
  %% write exec;
  *ok = cs >= cpm_disposition_notification_first_final;
  return (size_t)(p - (const unsigned char *)in.p);
}
