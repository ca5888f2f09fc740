/* SPDX-License-Identifier: MIT */
/* mime_header_parse.rl - C host of mime_header.rl. */
#include "mime.h"

%%{
  machine cpm_mime_header;
  alphtype unsigned char;

  action name_e { name_end = p; }
  action body_b { body = p; }

  include mime_header "mime_header.rl";

  main := mime_header;
  write data noerror noentry;
}%%

size_t cpmi_mime_header_parse(cpm_str *name, cpm_str *value, cpm_str in, bool *ok) {
  const unsigned char *p = (const unsigned char *)in.p, *const start = p, *const pe = p + in.n, *const eof = pe;
  const unsigned char *name_end = p, *body = pe;
  int cs;
  %% write init;
  %% write exec;
  *ok = cs >= cpm_mime_header_first_final;
  *name = cpm_str_of(in.p, (size_t)(name_end - start));
  *value = cpm_str_trim(cpm_str_of((const char *)body, (size_t)(pe - body)));
  return (size_t)(p - start);
}
