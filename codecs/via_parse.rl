/* SPDX-License-Identifier: MIT */
/* via_parse.rl - C host of grammars/via.rl. */
#include "value_internal.h"

#define VIA_CLAUSE "RFC 3261 25.1"

typedef struct via_marks {
  const char *protocol_b, *protocol_e, *version_b, *version_e, *transport_b, *transport_e;
  const char *host_b, *host_e, *port_b, *port_e, *params_b, *params_e;
} via_marks;

%%{
  machine cpm_via;
  alphtype unsigned char;
  getkey ((unsigned char)*p);

  action protocol_b  { m->protocol_b = p; }
  action protocol_e  { m->protocol_e = p; }
  action version_b   { m->version_b = p; }
  action version_e   { m->version_e = p; }
  action transport_b { m->transport_b = p; }
  action transport_e { m->transport_e = p; }
  action host_b      { m->host_b = p; }
  action host_e      { m->host_e = p; }
  action port_b      { m->port_b = p; }
  action port_e      { m->port_e = p; }
  action on_semi     { if (!m->params_b) m->params_b = p; }
  action params_e    { m->params_e = p; }

  include via "via.rl";
  main := via;
  write data noerror noentry;
}%%

static const char *const via_once[] = { "branch", "received", "rport", "maddr", "ttl", NULL };

static const char *via_parse(via_marks *m, cpm_str in) {
  const char *p = in.p, *const pe = p + in.n, *const eof = pe;
  int cs;
  %% write init;
  %% write exec;
  return cs >= cpm_via_first_final ? NULL : p;
}

static void via_host(cpm_via *v, cpm_str host) {
  v->host_is_ipv6 = host.p[0] == '[';
  v->host = v->host_is_ipv6 ? cpm_str_of(host.p + 1, host.n - 2) : host;
}

static int via_port(cpm_via *v, const via_marks *m, cpm_str whole, cpm_diag *diag) {
  uint64_t port = 0;
  v->has_port = m->port_b != NULL;
  if (v->has_port && !cpmi_to_number(&port, cpmi_between(m->port_b, m->port_e), UINT16_MAX))
    return cpmi_fail(diag, CPM_E_RANGE, (size_t)(m->port_b - whole.p), "port", VIA_CLAUSE);
  v->port = (uint16_t)port;
  return CPM_OK;
}

static cpm_str via_param(cpm_str params, const char *name) {
  cpm_param param;
  return cpm_param_find(params, name, &param) ? param.value : cpm_str_none();
}

int cpm_via_next(cpm_str *rest, cpm_via *out, const cpm_opts *opts, cpm_diag *diag) {
  via_marks m = { 0 };
  cpm_via v = { 0 };
  cpm_str whole, element;
  int rc = cpmi_element_next(rest, &whole, &element, NULL, opts, diag);
  if (rc) return rc;
  const char *const stop = via_parse(&m, element);
  if (stop) return cpmi_refuse(diag, (size_t)(stop - whole.p), whole, "via-parm", VIA_CLAUSE);
  v.protocol = cpmi_between(m.protocol_b, m.protocol_e);
  v.version = cpmi_between(m.version_b, m.version_e);
  v.transport = cpmi_between(m.transport_b, m.transport_e);
  v.params = cpmi_between(m.params_b, m.params_e);
  via_host(&v, cpmi_between(m.host_b, m.host_e));
  if ((rc = via_port(&v, &m, whole, diag)) != CPM_OK) return rc;
  if ((rc = cpmi_check_once(v.params, via_once, v.params.p ? (size_t)(v.params.p - whole.p) : 0, diag)) != CPM_OK) return rc;
  v.branch = via_param(v.params, "branch");
  v.received = via_param(v.params, "received");
  *out = v;
  return CPM_OK;
}

static int via_check(const cpm_via *in, cpm_diag *diag) {
  const cpm_str tokens[] = { in->protocol, in->version, in->transport };
  int rc;
  for (size_t i = 0; i < sizeof tokens / sizeof *tokens; i++)
    if ((rc = cpmi_check_piece(CPMI_PIECE_TOKEN, tokens[i], "sent-protocol", VIA_CLAUSE, diag)) != CPM_OK) return rc;
  rc = cpmi_check_piece(in->host_is_ipv6 ? CPMI_PIECE_IPV6 : CPMI_PIECE_HOST, in->host, "sent-by", VIA_CLAUSE, diag);
  if (rc || !in->params.p) return rc;
  if ((rc = cpmi_check_piece(CPMI_PIECE_VIA_PARAMS, in->params, "via-params", VIA_CLAUSE, diag)) != CPM_OK) return rc;
  return cpmi_check_once(in->params, via_once, 0, NULL) ? cpmi_fail(diag, CPM_E_VALUE, 0, "via-params", "RFC 3261 7.3.1") : CPM_OK;
}

static void via_put_host(cpmi_out *o, const cpm_via *in) {
  cpm_str part[2] = { in->host, { NULL, 0 } };
  if (in->host_is_ipv6) cpmi_ipv6_split(in->host, part);
  if (in->host_is_ipv6) cpmi_put_char(o, '[');
  cpmi_put(o, part[0]);
  cpmi_put(o, part[1]);
  if (in->host_is_ipv6) cpmi_put_char(o, ']');
}

int cpm_via_encode(char *dst, size_t cap, size_t *len, const cpm_via *in, cpm_diag *diag) {
  const int rc = via_check(in, diag);
  if (rc) return rc;
  cpmi_out o = cpmi_out_to(dst, cap, 0);
  cpmi_put(&o, in->protocol);
  cpmi_put_char(&o, '/');
  cpmi_put(&o, in->version);
  cpmi_put_char(&o, '/');
  cpmi_put(&o, in->transport);
  cpmi_put_char(&o, ' ');
  via_put_host(&o, in);
  if (in->has_port) {
    cpmi_put_char(&o, ':');
    cpmi_put_number(&o, in->port);
  }
  cpmi_put_piece(&o, in->params);
  return cpmi_out_end(&o, len, diag);
}
