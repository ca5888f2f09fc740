/* SPDX-License-Identifier: MIT */
/* disposition_parse.rl - C host of disposition.rl. */
#include "mime.h"

%%{
  machine cpm_disposition;
  alphtype unsigned char;

  action type_b   { out->type = p; }
  action type_e   { out->type_end = p; }
  action params_b { if (!out->params) out->params = p; }
  action params_e { out->params_end = p; }

  include disposition "disposition.rl";

  main := content_disposition;
  write data noerror noentry;
}%%

size_t cpmi_disposition_parse(cpmi_mime_marks *out, cpm_str in, bool *ok) {
  const unsigned char *p = (const unsigned char *)in.p, *const pe = p + in.n, *const eof = pe;
  int cs;
  %% write init;
  %% write exec;
  *ok = cs >= cpm_disposition_first_final;
  return (size_t)(p - (const unsigned char *)in.p);
}
