/* SPDX-License-Identifier: MIT */
/* mime_params_parse.rl - C host of mime.rl: are these the parameters of a MIME header field? */
#include "mime.h"

%%{
  machine cpm_mime_params;
  alphtype unsigned char;

  include mime "mime.rl";

  main := m_parameters;
  write data noerror noentry;
}%%

size_t cpmi_mime_params_parse(cpm_str in, bool *ok) {
  const unsigned char *p = (const unsigned char *)in.p, *const pe = p + in.n;
  int cs;
  %% write init;
  %% write exec;
  *ok = cs >= cpm_mime_params_first_final;
  return (size_t)(p - (const unsigned char *)in.p);
}
