/* SPDX-License-Identifier: MIT */
/* media_type_parse.rl - C host of media_type.rl. */
#include "mime.h"

%%{
  machine cpm_media_type;
  alphtype unsigned char;

  action type_b    { out->type = p; }
  action type_e    { out->type_end = p; }
  action subtype_b { out->subtype = p; }
  action subtype_e { out->subtype_end = p; }
  action params_b  { if (!out->params) out->params = p; }
  action params_e  { out->params_end = p; }

  include media_type "media_type.rl";

  main := media_type;
  write data noerror noentry;
}%%

size_t cpmi_media_type_parse(cpmi_mime_marks *out, cpm_str in, bool *ok) {
  const unsigned char *p = (const unsigned char *)in.p, *const pe = p + in.n, *const eof = pe;
  int cs;
  %% write init;
  %% write exec;
  *ok = cs >= cpm_media_type_first_final;
  return (size_t)(p - (const unsigned char *)in.p);
}
