/* SPDX-License-Identifier: MIT */
/* via_parse.rl - C host of grammars/via.rl. */
#include "straight.h"
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

/* ---- straight ---------------------------------------------------------------------------------------------------- */

/* What may stand once: the bit, and where the value goes that is kept. */
static unsigned via_once_bit(cpm_via *v, cpm_str name, cpm_str **value) {
  const char *const p = name.p;
  if (CPMI_IS(p, name.n, "branch")) return *value = &v->branch, 1;
  if (CPMI_IS(p, name.n, "received")) return *value = &v->received, 2;
  if (CPMI_IS(p, name.n, "rport")) return 4;
  if (CPMI_IS(p, name.n, "maddr")) return 8;
  return CPMI_IS(p, name.n, "ttl") ? 16 : 0;
}

/* An IPv6 address in received goes past a token. */
static const char *via_straight_received(cpm_param *param, const char *p, const char *pe) {
  const char *const b = param->value.p;
  if (!b || param->quoted || p == pe || *p != ':') return p;
  while (p < pe && (cpmi_in(*p, CPMI_HEX) || *p == ':' || *p == '.')) p++;
  for (const char *c = b; c < p; c++)
    if (!cpmi_in(*c, CPMI_HEX) && *c != ':' && *c != '.') return NULL;
  param->value.n = (size_t)(p - b);
  return p;
}

static const char *via_straight_params(cpm_via *v, const char *p, const char *pe) {
  const char *const b = p;
  unsigned seen = 0;
  while (p && p < pe && *p == ';') {
    cpm_param param;
    cpm_str *value = NULL;
    if ((p = cpmi_straight_param(&param, p, pe)) == NULL) return NULL;
    const unsigned bit = via_once_bit(v, param.name, &value);
    if (seen & bit) return NULL;
    seen |= bit;
    if (bit == 2) p = via_straight_received(&param, p, pe);
    if (value) *value = param.value;
  }
  if (p > b) v->params = cpm_str_of(b, (size_t)(p - b));
  return p;
}

/* Parameters alone; none twice that may stand once. */
static bool via_are_straight(cpm_str params) {
  cpm_via unused;
  return params.n && *params.p == ';' && via_straight_params(&unused, params.p, params.p + params.n) == params.p + params.n;
}

/* protocol "/" version "/" transport SP host [":" port], then parameters. */
static const char *via_straight(cpm_via *v, cpm_str in) {
  static const cpm_via none;
  cpm_str *const words[] = { &v->protocol, &v->version, &v->transport };
  if (!in.n) return NULL;
  const char *p = in.p, *const pe = p + in.n;
  *v = none;
  for (unsigned i = 0; i < 3; i++) {
    const char *const e = cpmi_run(p, pe, CPMI_TOKEN);
    if (e == p || e == pe || *e != (i < 2 ? '/' : ' ')) return NULL;
    *words[i] = cpm_str_of(p, (size_t)(e - p));
    p = e + 1;
  }
  const char *const host = p;
  if ((p = cpmi_straight_host(&v->host_is_ipv6, p, in.p, pe)) == NULL) return NULL;
  v->host = cpm_str_of(host + v->host_is_ipv6, (size_t)(p - host) - 2u * v->host_is_ipv6);
  p = cpmi_straight_port(&v->has_port, &v->port, p, pe);
  return p ? via_straight_params(v, p, pe) : NULL;
}

/* ---- reading ----------------------------------------------------------------------------------------------------- */

int cpm_via_next(cpm_str *rest, cpm_via *out, const cpm_opts *opts, cpm_diag *diag) {
  static const cpm_via none;
  via_marks m = { 0 };
  cpm_via v;
  cpm_str whole, element;
  if (rest->n == 0) return CPM_END;
  if (CPMI_STRAIGHT && cpmi_straight_took(rest, via_straight(out, *rest))) return CPM_OK;
  int rc = cpmi_element_next(rest, &whole, &element, NULL, opts, diag);
  *out = v = none;
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
  if (CPMI_STRAIGHT && via_are_straight(in->params)) return CPM_OK;
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

/* ---- straight: what via_straight reads ----------------------------------------------------------------------------- */

static bool via_is_token(cpm_str s) { return s.n && cpmi_run(s.p, s.p + s.n, CPMI_TOKEN) == s.p + s.n; }

static bool via_is_straight(const cpm_via *in) {
  bool ipv6 = false;
  const char *const end = in->host.p + in->host.n;
  if (!via_is_token(in->protocol) || !via_is_token(in->version) || !via_is_token(in->transport) || !in->host.n) return false;
  const char *const host = in->host_is_ipv6 ? cpmi_straight_ipv6(in->host.p, in->host.p, end) : cpmi_straight_host(&ipv6, in->host.p, in->host.p, end);
  if (host != end || ipv6) return false;
  return !in->params.p || via_are_straight(in->params);
}

static char *via_put_port(char *p, unsigned port) {
  *p++ = ':';
  for (unsigned power = port < 10 ? 1 : port < 100 ? 10 : port < 1000 ? 100 : port < 10000 ? 1000 : 10000; power; power /= 10) {
    *p++ = (char)('0' + (char)(port / power));
    port %= power;
  }
  return p;
}

/* How much was written; 0: that form it is not, or there is no room. */
static size_t via_put_straight(char *dst, size_t room, const cpm_via *in) {
  const size_t marks = sizeof("//" " " "[]" ":65535") - 1;
  if (!cpmi_fits(&room, marks) || !cpmi_fits(&room, in->protocol.n) || !cpmi_fits(&room, in->version.n)) return 0;
  if (!cpmi_fits(&room, in->transport.n) || !cpmi_fits(&room, in->host.n) || !cpmi_fits(&room, in->params.n)) return 0;
  if (!via_is_straight(in)) return 0;
  char *p = cpmi_lay(dst, in->protocol);
  *p++ = '/';
  p = cpmi_lay(p, in->version);
  *p++ = '/';
  p = cpmi_lay(p, in->transport);
  *p++ = ' ';
  if (in->host_is_ipv6) *p++ = '[';
  p = cpmi_lay(p, in->host);
  if (in->host_is_ipv6) *p++ = ']';
  if (in->has_port) p = via_put_port(p, in->port);
  return (size_t)(cpmi_lay(p, in->params) - dst);
}

int cpm_via_encode(char *dst, size_t cap, size_t *len, const cpm_via *in, cpm_diag *diag) {
  const size_t n = CPMI_STRAIGHT && dst ? via_put_straight(dst, cap, in) : 0;
  if (n && len) *len = n;
  if (n) return CPM_OK;
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
