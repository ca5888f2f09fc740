/* SPDX-License-Identifier: MIT */
#include "values.h"
#include "cpm/auth.h"

static cpm_security       security;
static cpm_access_network access_network;
static cpm_charging       charging;

/* ---- Security-* -------------------------------------------------------------------------------------------------------- */

static int security_next(cpm_str *rest, const cpm_opts *opts, cpm_diag *diag) { return cpm_security_next(rest, &security, opts, diag); }

static void security_print(FILE *out, const char *base) {
  values_slice(out, "mechanism", security.mechanism, base);
  if (security.has_q) fprintf(out, "  q %u\n", security.q);
  values_slice(out, "params", security.params, base);
}

static int security_encode(char *dst, size_t cap, size_t *len, cpm_diag *diag) {
  return cpm_security_encode(dst, cap, len, &security, diag);
}

static const values_kind security_kind = { "security", security_next, security_print, security_encode, NULL, false };

/* ---- P-Access-Network-Info --------------------------------------------------------------------------------------------- */

static int access_next(cpm_str *rest, const cpm_opts *opts, cpm_diag *diag) {
  return cpm_access_network_next(rest, &access_network, opts, diag);
}

static void access_print(FILE *out, const char *base) {
  values_slice(out, "type", access_network.type, base);
  if (access_network.network_provided) fputs("  provided by the network\n", out);
  values_slice(out, "params", access_network.params, base);
}

static int access_encode(char *dst, size_t cap, size_t *len, cpm_diag *diag) {
  return cpm_access_network_encode(dst, cap, len, &access_network, diag);
}

static const values_kind access_kind = { "access_network", access_next, access_print, access_encode, NULL, false };

/* ---- P-Charging-* ------------------------------------------------------------------------------------------------------ */

static int vector_next(cpm_str *rest, const cpm_opts *opts, cpm_diag *diag) {
  cpm_str in;
  return values_one(rest, &in) ? cpm_charging_vector_decode(&charging, in, opts, diag) : CPM_END;
}

static int addresses_next(cpm_str *rest, const cpm_opts *opts, cpm_diag *diag) {
  return cpm_charging_addresses_next(rest, &charging, opts, diag);
}

static void charging_print(FILE *out, const char *base) {
  values_slice(out, "name", charging.first.name, base);
  values_slice(out, charging.first.quoted ? "quoted" : "plain", charging.first.value, base);
  values_slice(out, "params", charging.params, base);
}

static int vector_encode(char *dst, size_t cap, size_t *len, cpm_diag *diag) {
  return cpm_charging_vector_encode(dst, cap, len, &charging, diag);
}
static int addresses_encode(char *dst, size_t cap, size_t *len, cpm_diag *diag) {
  return cpm_charging_addresses_encode(dst, cap, len, &charging, diag);
}

static const values_kind vector_kind = { "charging_vector", vector_next, charging_print, vector_encode, NULL, false };
static const values_kind addresses_kind = { "charging_addresses", addresses_next, charging_print, addresses_encode, NULL, false };

static void vectors(void **state) {
  (void)state;
  values_vectors(&security_kind);
  values_vectors(&access_kind);
  values_vectors(&vector_kind);
  values_vectors(&addresses_kind);
}

static void noise_is_read_to_its_end(void **state) {
  (void)state;
  values_noise(&security_kind);
  values_noise(&access_kind);
  values_noise(&vector_kind);
  values_noise(&addresses_kind);
  values_refuse_nul(&security_kind, S("ipsec-3gpp;q=0.5;x=\"a\\\"b\";y=[::1]"));
  values_refuse_nul(&access_kind, S("3GPP-GERAN;cgi-3gpp=\"a\""));
  values_refuse_nul(&vector_kind, S("icid-value=\"a\\b\";orig-ioi=c"));
  values_refuse_nul(&addresses_kind, S("ccf=[::1];ecf=a"));
}

static int encode_security(char *dst, size_t cap, size_t *len, void *ctx) { return cpm_security_encode(dst, cap, len, ctx, NULL); }
static int encode_access(char *dst, size_t cap, size_t *len, void *ctx) { return cpm_access_network_encode(dst, cap, len, ctx, NULL); }

static void members_are_written_before_params(void **state) {
  (void)state;
  static const struct { unsigned q; const char *text; } cases[] = {
    { 0, "tls;q=0;a=b" },     { 1, "tls;q=0.001;a=b" },   { 50, "tls;q=0.05;a=b" },
    { 200, "tls;q=0.2;a=b" }, { 999, "tls;q=0.999;a=b" }, { 1000, "tls;q=1;a=b" },
  };
  cpm_security s = { .mechanism = S("tls"), .has_q = true, .params = S(";q=0.7 ; a=b") };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    s.q = cases[i].q;
    const cpm_str text = support_every_size(encode_security, &s);
    if (!cpm_str_eq(text, cpm_str_z(cases[i].text))) fail_msg("%s: %.*s", cases[i].text, (int)text.n, text.p);
  }
  s.has_q = false;
  assert_str(support_every_size(encode_security, &s), "tls;a=b");
  cpm_access_network a = { .type = S("x"), .network_provided = true, .params = S(";a=\"b\r\n c\";NETWORK-provided;d") };
  assert_str(support_every_size(encode_access, &a), "x;network-provided;a=\"b c\";d");
  a.network_provided = false;
  assert_str(support_every_size(encode_access, &a), "x;a=\"b c\";d");
}

static void charging_parameters_are_found_wherever_they_stand(void **state) {
  (void)state;
  cpm_charging c;
  cpm_param p;
  cpm_diag d = { 0 };
  assert_status(cpm_charging_vector_decode(&c, S("orig-ioi=a;icid-value=\"b\";x"), NULL, &d), CPM_OK, &d);
  assert_true(cpm_charging_find(&c, "Orig-IOI", &p));
  assert_str(p.value, "a");
  assert_true(cpm_charging_find(&c, "icid-value", &p));
  assert_str(p.value, "b");
  assert_true(p.quoted);
  assert_true(cpm_charging_find(&c, "x", NULL));
  assert_false(cpm_charging_find(&c, "term-ioi", &p));
}

static void what_the_grammar_cannot_hold_is_not_written(void **state) {
  (void)state;
  const struct { cpm_security s; int rc; const char *rule; } securities[] = {
    { { .mechanism = S("") }, CPM_E_VALUE, "mechanism-name" },
    { { .mechanism = S("a b") }, CPM_E_VALUE, "mechanism-name" },
    { { .mechanism = S("a\r\nX: y") }, CPM_E_INJECTION, "mechanism-name" },
    { { .mechanism = S("a"), .has_q = true, .q = 1001 }, CPM_E_VALUE, "preference" },
    { { .mechanism = S("a"), .params = S("b") }, CPM_E_VALUE, "generic-param" },
    { { .mechanism = S("a"), .params = S(";b\n") }, CPM_E_INJECTION, "generic-param" },
    { { .mechanism = S("a"), .params = S(";b=c,d") }, CPM_E_VALUE, "generic-param" },
    { { .mechanism = S("a"), .params = S(";spi-c=1;spi-c=1") }, CPM_E_VALUE, "generic-param" },
  };
  const struct { cpm_charging c; int rc; const char *rule; } chargings[] = {
    { { .first = { .name = S("icid-value"), .value = S("a b") } }, CPM_E_VALUE, "gen-value" },
    { { .first = { .name = S("icid-value"), .value = S("") } }, CPM_E_VALUE, "gen-value" },
    { { .first = { .name = S("icid-value"), .value = S("[]") } }, CPM_E_VALUE, "gen-value" },
    { { .first = { .name = S("icid-value"), .value = S("[g]") } }, CPM_E_VALUE, "gen-value" },
    { { .first = { .name = S("icid-value"), .value = S("a\0") } }, CPM_E_INJECTION, "gen-value" },
    { { .first = { .name = S("icid-value"), .value = S("a\""), .quoted = true } }, CPM_E_VALUE, "gen-value" },
    { { .first = { .name = S("icid-value"), .value = S("a\r\n"), .quoted = true } }, CPM_E_INJECTION, "gen-value" },
    { { .first = { .name = S("icid-value;"), .value = S("a") } }, CPM_E_VALUE, "generic-param" },
    { { .first = { .name = S("icid-value"), .value = S("a") }, .params = S(",b") }, CPM_E_VALUE, "generic-param" },
    { { .first = { .name = S("icid-value") } }, CPM_E_VALUE, "icid-value" },
    { { .first = { .name = S("icid-value"), .value = S("a") }, .params = S(";icid-value=b") }, CPM_E_VALUE, "icid-value" },
    { { .first = { .name = S("ccf"), .value = S("a") } }, CPM_E_VALUE, "icid-value" },
  };
  size_t len;
  for (size_t i = 0; i < sizeof securities / sizeof *securities; i++) {
    cpm_diag d = { 0 };
    assert_status(cpm_security_encode(NULL, 0, &len, &securities[i].s, &d), securities[i].rc, &d);
    assert_string_equal(d.rule, securities[i].rule);
  }
  for (size_t i = 0; i < sizeof chargings / sizeof *chargings; i++) {
    cpm_diag d = { 0 };
    assert_status(cpm_charging_vector_encode(NULL, 0, &len, &chargings[i].c, &d), chargings[i].rc, &d);
    assert_string_equal(d.rule, chargings[i].rule);
  }
  const cpm_access_network bad = { .type = S("a,b") }, worse = { .type = S("a"), .params = S(";b\r\nX: y") };
  assert_status(cpm_access_network_encode(NULL, 0, &len, &bad, NULL), CPM_E_VALUE, NULL);
  assert_status(cpm_access_network_encode(NULL, 0, &len, &worse, NULL), CPM_E_INJECTION, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(vectors),
    cmocka_unit_test(noise_is_read_to_its_end),
    cmocka_unit_test(members_are_written_before_params),
    cmocka_unit_test(charging_parameters_are_found_wherever_they_stand),
    cmocka_unit_test(what_the_grammar_cannot_hold_is_not_written),
  };
  return cmocka_run_group_tests_name("network", tests, NULL, NULL);
}
