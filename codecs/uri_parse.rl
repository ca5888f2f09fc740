/* SPDX-License-Identifier: MIT */
/* uri_parse.rl - C host of grammars/uri_parts.rl. */
#include "uri_parse.h"

%%{
  machine cpm_uri;
  alphtype unsigned char;
  access m->;
  getkey ((unsigned char)*p);

  action scheme_e   { m->scheme_e = p; }
  action user_b     { m->user_b = p; }
  action user_e     { m->user_e = p; }
  action password_b { m->password_b = p; }
  action password_e { m->password_e = p; }
  action on_at      { m->at = true; m->port_b = m->params_b = m->headers_b = 0; }
  action host_b     { m->host_b = p; }
  action host_e     { m->host_e = p; }
  action port_b     { m->port_b = p; }
  action port_e     { m->port_e = p; }
  action params_b   { m->params_b = p; }
  action params_e   { m->params_e = p; }
  action headers_b  { m->headers_b = p; }

  include uri_parts "uri_parts.rl";
  main := marked_uri;
  write data noerror noentry;
}%%

void cpmi_uri_start(cpmi_uri_marks *m) {
  const cpmi_uri_marks none = { 0 };
  *m = none;
  %% write init;
}

const char *cpmi_uri_feed(cpmi_uri_marks *m, cpm_str piece, bool last) {
  const char *p = piece.p, *const pe = piece.p + piece.n, *const eof = last ? pe : 0;
  if (m->cs == 0) return p;
  %% write exec;
  return p;
}

bool cpmi_uri_accepts(const cpmi_uri_marks *m) { return m->cs >= cpm_uri_first_final; }
