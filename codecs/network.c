/* SPDX-License-Identifier: MIT */
/* network.c - security agreements, access networks, charging. */
#include "cpm/auth.h"
#include "fields.h"
#include "network_parse.h"
#include "value_internal.h"

#define NETWORK_SECURITY "RFC 3329 2.2"
#define NETWORK_ACCESS   "RFC 7315 5.4"
#define NETWORK_VECTOR   "RFC 7315 5.6"
#define NETWORK_CHARGING "RFC 7315 5.5"

static const char *const network_security_once[] = { "q",   "d-alg", "d-qop", "d-ver", "alg",    "ealg",   "prot",
                                                     "mod", "spi-c", "spi-s", "port-c", "port-s", NULL };

/* One element of a list. */
static int network_next(cpm_str *rest, cpm_str *whole, cpmi_network_marks *m, bool charge, const char *rule, const char *clause,
                        const cpm_opts *opts, cpm_diag *diag) {
  const cpmi_network_marks none = { 0 };
  cpm_str element;
  const int rc = cpmi_element_next(rest, whole, &element, NULL, opts, diag);
  if (rc) return rc;
  *m = none;
  const char *const stop = cpmi_network_parse(m, charge, element);
  return stop ? cpmi_refuse(diag, (size_t)(stop - whole->p), *whole, rule, clause) : CPM_OK;
}

/* ---- Security-Client, Security-Server, Security-Verify --------------------------------------------------------------- */

static int network_preference(cpm_security *s, cpm_str whole, cpm_diag *diag) {
  cpm_param q;
  if (!cpm_param_find(s->params, "q", &q)) return CPM_OK;
  s->has_q = true;
  if (q.value.p && !q.quoted && cpm_q_decode(&s->q, q.value, NULL) == CPM_OK) return CPM_OK;
  return cpmi_fail(diag, CPM_E_VALUE, (size_t)((q.value.p ? q.value.p : q.name.p) - whole.p), "preference", NETWORK_SECURITY);
}

int cpm_security_next(cpm_str *rest, cpm_security *out, const cpm_opts *opts, cpm_diag *diag) {
  cpmi_network_marks m;
  cpm_security s = { 0 };
  cpm_str whole;
  int rc = network_next(rest, &whole, &m, false, "sec-mechanism", NETWORK_SECURITY, opts, diag);
  if (rc) return rc;
  s.mechanism = cpmi_between(m.head_b, m.head_e);
  s.params = cpmi_between(m.params_b, m.params_e);
  rc = cpmi_check_once(s.params, network_security_once, s.params.p ? (size_t)(s.params.p - whole.p) : 0, diag);
  if (!rc) rc = network_preference(&s, whole, diag);
  if (!rc) *out = s;
  return rc;
}

static const cpm_str network_q[] = { CPM_STR("q"), { NULL, 0 } }, network_provided[] = { CPM_STR("network-provided"), { NULL, 0 } };

int cpm_security_encode(char *dst, size_t cap, size_t *len, const cpm_security *in, cpm_diag *diag) {
  int rc = cpmi_check_piece(CPMI_PIECE_TOKEN, in->mechanism, "mechanism-name", NETWORK_SECURITY, diag);
  if (!rc && in->has_q && in->q > 1000) rc = cpmi_fail(diag, CPM_E_VALUE, 0, "preference", NETWORK_SECURITY);
  if (!rc) rc = cpmi_check_params(in->params, NETWORK_SECURITY, diag);
  if (!rc && cpmi_check_once(in->params, network_security_once, 0, NULL))
    rc = cpmi_fail(diag, CPM_E_VALUE, 0, "generic-param", NETWORK_SECURITY);
  if (rc) return rc;
  cpmi_out o = cpmi_out_to(dst, cap, 0);
  cpmi_put(&o, in->mechanism);
  if (in->has_q) {
    cpmi_put_z(&o, ";q=");
    cpmi_put_q(&o, in->q);
  }
  cpmi_put_others(&o, in->params, network_q, 1);
  return cpmi_out_end(&o, len, diag);
}

/* ---- P-Access-Network-Info ----------------------------------------------------------------------------------------- */

int cpm_access_network_next(cpm_str *rest, cpm_access_network *out, const cpm_opts *opts, cpm_diag *diag) {
  cpmi_network_marks m;
  cpm_str whole;
  const int rc = network_next(rest, &whole, &m, false, "access-net-spec", NETWORK_ACCESS, opts, diag);
  if (rc) return rc;
  out->type = cpmi_between(m.head_b, m.head_e);
  out->params = cpmi_between(m.params_b, m.params_e);
  out->network_provided = cpm_param_find(out->params, "network-provided", NULL);
  return CPM_OK;
}

int cpm_access_network_encode(char *dst, size_t cap, size_t *len, const cpm_access_network *in, cpm_diag *diag) {
  int rc = cpmi_check_piece(CPMI_PIECE_TOKEN, in->type, "access-type", NETWORK_ACCESS, diag);
  if (!rc) rc = cpmi_check_params(in->params, NETWORK_ACCESS, diag);
  if (rc) return rc;
  cpmi_out o = cpmi_out_to(dst, cap, 0);
  cpmi_put(&o, in->type);
  if (in->network_provided) cpmi_put_z(&o, ";network-provided");
  cpmi_put_others(&o, in->params, network_provided, 1);
  return cpmi_out_end(&o, len, diag);
}

/* ---- charging -------------------------------------------------------------------------------------------------------- */

bool cpm_charging_find(const cpm_charging *charging, const char *name, cpm_param *out) {
  if (!charging->first.name.p || !cpm_str_ieq(charging->first.name, cpm_str_z(name))) return cpm_param_find(charging->params, name, out);
  if (out) *out = charging->first;
  return true;
}

static cpm_charging network_charging(const cpmi_network_marks *m) {
  cpm_charging c = { { { NULL, 0 }, { NULL, 0 }, false }, { NULL, 0 } };
  c.first.name = cpmi_between(m->name_b, m->name_e);
  c.first.value = cpmi_between(m->value_b, m->value_e);
  c.first.quoted = m->quoted;
  c.params = cpmi_between(m->params_b, m->params_e);
  return c;
}

/* at: where params stands in the input. */
static int network_check_vector(const cpm_charging *c, size_t at, cpm_diag *diag) {
  static const char *const once[] = { "icid-value", "icid-generated-at", "orig-ioi", "term-ioi", "transit-ioi", "related-icid",
                                      "related-icid-generated-at", NULL };
  cpm_param icid, again;
  const int rc = cpmi_check_once(c->params, once, at, diag);
  if (rc) return rc;
  for (unsigned i = 0; once[i]; i++)
    if (cpm_str_ieq(c->first.name, cpm_str_z(once[i])) && cpm_param_find(c->params, once[i], &again))
      return cpmi_fail(diag, CPM_E_DUPLICATE, at + (size_t)(again.name.p - c->params.p), once[i], "RFC 3261 7.3.1");
  if (cpm_charging_find(c, "icid-value", &icid) && icid.value.p) return CPM_OK;
  return cpmi_fail(diag, CPM_E_MISSING, 0, "icid-value", NETWORK_VECTOR);
}

int cpm_charging_vector_decode(cpm_charging *out, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  cpmi_network_marks m = { 0 };
  in = cpmi_present(in);
  (void)opts;
  const char *const stop = cpmi_network_parse(&m, true, in);
  if (stop) return cpmi_refuse(diag, (size_t)(stop - in.p), in, "P-Charging-Vector", NETWORK_VECTOR);
  const cpm_charging c = network_charging(&m);
  const int rc = network_check_vector(&c, c.params.p ? (size_t)(c.params.p - in.p) : 0, diag);
  if (!rc) *out = c;
  return rc;
}

int cpm_charging_addresses_next(cpm_str *rest, cpm_charging *out, const cpm_opts *opts, cpm_diag *diag) {
  cpmi_network_marks m;
  cpm_str whole;
  const int rc = network_next(rest, &whole, &m, true, "charge-addr-params", NETWORK_CHARGING, opts, diag);
  if (!rc) *out = network_charging(&m);
  return rc;
}

/* A gen-value without quotes. */
static bool network_is_plain(cpm_str s) {
  if (cpmi_is_token(s)) return true;
  if (s.n < 3 || s.p[0] != '[' || s.p[s.n - 1] != ']') return false;
  for (size_t i = 1; i + 1 < s.n; i++)
    if (cpmi_hex(s.p[i]) < 0 && s.p[i] != ':' && s.p[i] != '.') return false;
  return true;
}

static int network_check_first(const cpm_param *first, const char *clause, cpm_diag *diag) {
  int rc = cpmi_check_piece(CPMI_PIECE_TOKEN, first->name, "generic-param", clause, diag);
  if (rc || !first->value.p) return rc;
  if (first->quoted) return cpmi_check_piece(CPMI_PIECE_QUOTED, first->value, "gen-value", clause, diag);
  rc = cpmi_check_clean(first->value, "gen-value", diag);
  return rc || network_is_plain(first->value) ? rc : cpmi_fail(diag, CPM_E_VALUE, 0, "gen-value", clause);
}

static int network_encode(char *dst, size_t cap, size_t *len, const cpm_charging *in, cpm_diag *diag) {
  cpmi_out o = cpmi_out_to(dst, cap, 0);
  cpmi_put(&o, in->first.name);
  if (in->first.value.p) cpmi_put_z(&o, in->first.quoted ? "=\"" : "=");
  cpmi_put_piece(&o, in->first.value);
  if (in->first.value.p && in->first.quoted) cpmi_put_char(&o, '"');
  cpmi_put_piece(&o, in->params);
  return cpmi_out_end(&o, len, diag);
}

static int network_check_charging(const cpm_charging *in, const char *clause, cpm_diag *diag) {
  const int rc = network_check_first(&in->first, clause, diag);
  return rc ? rc : cpmi_check_params(in->params, clause, diag);
}

int cpm_charging_vector_encode(char *dst, size_t cap, size_t *len, const cpm_charging *in, cpm_diag *diag) {
  const int rc = network_check_charging(in, NETWORK_VECTOR, diag);
  if (rc) return rc;
  if (network_check_vector(in, 0, NULL)) return cpmi_fail(diag, CPM_E_VALUE, 0, "icid-value", NETWORK_VECTOR);
  return network_encode(dst, cap, len, in, diag);
}

int cpm_charging_addresses_encode(char *dst, size_t cap, size_t *len, const cpm_charging *in, cpm_diag *diag) {
  const int rc = network_check_charging(in, NETWORK_CHARGING, diag);
  return rc ? rc : network_encode(dst, cap, len, in, diag);
}
