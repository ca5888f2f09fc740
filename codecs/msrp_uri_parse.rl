/* SPDX-License-Identifier: MIT */
/* msrp_uri_parse.rl - C host of grammars/msrp_uri.rl: reading MSRP URIs. */
#include "msrp.h"
#include "straight.h"
#include <string.h>

typedef struct msrp_uri_marks {
  bool        secure, at;
  const char *user_b, *user_e, *host_b, *host_e, *port_b, *port_e, *session_b, *session_e, *transport_b, *transport_e, *params_b, *params_e;
} msrp_uri_marks;

%%{
  machine cpm_msrp_uri;
  alphtype unsigned char;
  getkey ((unsigned char)*p);

  action secure      { m->secure = true; }
  action user_b      { m->user_b = p; }
  action user_e      { m->user_e = p; }
  action on_at       { m->at = true; m->port_b = NULL; }
  action host_b      { m->host_b = p; }
  action host_e      { m->host_e = p; }
  action port_b      { m->port_b = p; }
  action port_e      { m->port_e = p; }
  action session_b   { m->session_b = p; }
  action session_e   { m->session_e = p; }
  action transport_b { m->transport_b = p; }
  action transport_e { m->transport_e = p; }
  action params_b    { m->params_b = p; }
  action params_e    { m->params_e = p; }

  include msrp_uri "msrp_uri.rl";
  main := MSRP_URI;
  write data noerror noentry;
}%%

static const char *msrp_uri_parse(msrp_uri_marks *m, cpm_str in) {
  const char *p = in.p, *const pe = p + in.n, *const eof = pe;
  int cs;
  %% write init;
  %% write exec;
  return cs >= cpm_msrp_uri_first_final ? NULL : p;
}

/* "msrp://" or "msrps://", a name or IPv6 address, perhaps a port and a session-id, ";tcp". */
const char *cpmi_msrp_uri_straight(cpm_msrp_uri *out, const char *p, const char *pe) {
  const char *const b = p, *e;
  if (!CPMI_STRAIGHT || pe - p < (int)(sizeof "msrp://a;tcp" - 1) || memcmp(p, "msrp", 4) != 0) return NULL;
  out->secure = p[4] == 's';
  p += 4 + out->secure;
  if (memcmp(p, "://", 3) != 0) return NULL;
  p += 3;
  out->host_is_ipv6 = *p == '[';
  e = out->host_is_ipv6 ? cpmi_straight_host(&out->host_is_ipv6, p, b, pe) : cpmi_run(cpmi_run_plain(p, pe), pe, CPMI_SCHEME);
  if (!e || e == p) return NULL;
  out->host = out->host_is_ipv6 ? cpm_str_of(p + 1, (size_t)(e - p) - 2) : cpm_str_of(p, (size_t)(e - p));
  p = cpmi_straight_port(&out->has_port, &out->port, e, pe);
  if (p && p < pe && *p == '/') {
    e = cpmi_run(cpmi_run_plain(p + 1, pe), pe, CPMI_SESSION);
    out->session_id = cpm_str_of(p + 1, (size_t)(e - p) - 1);
    p = e == p + 1 ? NULL : e;
  }
  if (!p || pe - p < 4 || memcmp(p, ";tcp", 4) != 0) return NULL;
  out->transport = cpm_str_of(p + 1, 3);
  p += 4;
  out->text = cpm_str_of(b, (size_t)(p - b));
  return p;
}

int cpm_msrp_uri_decode(cpm_msrp_uri *out, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  const cpm_msrp_uri none = { 0 };
  msrp_uri_marks m = { 0 };
  uint64_t port = 0;
  (void)opts;
  *out = none;
  in = cpmi_present(in);
  if (in.n && cpmi_msrp_uri_straight(out, in.p, in.p + in.n) == in.p + in.n) return CPM_OK;
  *out = none;
  const char *const stop = msrp_uri_parse(&m, in);
  if (stop) return cpmi_refuse(diag, (size_t)(stop - in.p), in, "MSRP-URI", "RFC 4975 9");
  if (m.port_b && !cpmi_to_number(&port, cpmi_between(m.port_b, m.port_e), UINT16_MAX))
    return cpmi_fail(diag, CPM_E_RANGE, (size_t)(m.port_b - in.p), "port", "RFC 4975 9");
  out->text = in;
  out->secure = m.secure;
  if (m.at) out->userinfo = cpmi_between(m.user_b, m.user_e);
  out->host = cpmi_between(m.host_b, m.host_e);
  out->host_is_ipv6 = out->host.p[0] == '[';
  if (out->host_is_ipv6) out->host = cpm_str_of(out->host.p + 1, out->host.n - 2);
  out->has_port = m.port_b != NULL;
  out->port = (uint16_t)port;
  out->session_id = cpmi_between(m.session_b, m.session_e);
  out->transport = cpmi_between(m.transport_b, m.transport_e);
  out->params = cpmi_between(m.params_b, m.params_e);
  return CPM_OK;
}
