/* SPDX-License-Identifier: MIT */
#include "values.h"

static cpm_via last;

static int next(cpm_str *rest, const cpm_opts *opts, cpm_diag *diag) { return cpm_via_next(rest, &last, opts, diag); }

static void print(FILE *out, const char *base) {
  values_slice(out, "protocol", last.protocol, base);
  values_slice(out, "version", last.version, base);
  values_slice(out, "transport", last.transport, base);
  values_slice(out, last.host_is_ipv6 ? "IPv6 host" : "host", last.host, base);
  if (last.has_port) fprintf(out, "  port %u\n", (unsigned)last.port);
  else assert_int_equal(last.port, 0);
  values_slice(out, "params", last.params, base);
  values_slice(out, "branch", last.branch, base);
  values_slice(out, "received", last.received, base);
}

static int encode(char *dst, size_t cap, size_t *len, cpm_diag *diag) { return cpm_via_encode(dst, cap, len, &last, diag); }

static const values_kind kind = { "via", next, print, encode, NULL, false };

static void vectors(void **state) {
  (void)state;
  values_vectors(&kind);
}

static void noise_is_read_to_its_end(void **state) {
  (void)state;
  values_noise(&kind);
  values_refuse_nul(&kind, S("SIP/2.0/UDP [2001:db8::1]:5060;branch=z9hG4bK1;received=192.0.2.1;x=\"y\""));
}

static void what_the_grammar_cannot_hold_is_not_written(void **state) {
  (void)state;
  const cpm_via good = { .protocol = S("SIP"), .version = S("2.0"), .transport = S("TCP"), .host = S("a.example.com") };
  const struct { cpm_str protocol, transport, host, params; const char *rule; int rc; bool ipv6; } bad[] = {
    { S("SIP"), S("TCP"), S("a\r\nX: y"), cpm_str_none(), "sent-by", CPM_E_INJECTION, false },
    { S("SIP"), S("TCP"), S("a\0"), cpm_str_none(), "sent-by", CPM_E_INJECTION, false },
    { S("SIP"), S("TCP"), S(""), cpm_str_none(), "sent-by", CPM_E_VALUE, false },
    { S("SIP"), S("TCP"), cpm_str_none(), cpm_str_none(), "sent-by", CPM_E_VALUE, false },
    { S("SIP"), S("TCP"), S("a:5060"), cpm_str_none(), "sent-by", CPM_E_VALUE, false },
    { S("SIP"), S("TCP"), S("::1"), cpm_str_none(), "sent-by", CPM_E_VALUE, false },
    { S("SIP"), S("TCP"), S("a.example.com"), cpm_str_none(), "sent-by", CPM_E_VALUE, true },
    { S("SIP"), S("TCP"), S("::1]"), cpm_str_none(), "sent-by", CPM_E_VALUE, true },
    { S("SIP/2"), S("TCP"), S("a"), cpm_str_none(), "sent-protocol", CPM_E_VALUE, false },
    { S("SIP"), S(""), S("a"), cpm_str_none(), "sent-protocol", CPM_E_VALUE, false },
    { S("SIP"), S("T\nCP"), S("a"), cpm_str_none(), "sent-protocol", CPM_E_INJECTION, false },
    { S("SIP"), S("TCP"), S("a"), S("branch=x"), "via-params", CPM_E_VALUE, false },
    { S("SIP"), S("TCP"), S("a"), S(";branch=x,SIP/2.0/UDP b"), "via-params", CPM_E_VALUE, false },
    { S("SIP"), S("TCP"), S("a"), S(";branch=x;branch=y"), "via-params", CPM_E_VALUE, false },
    { S("SIP"), S("TCP"), S("a"), S(";branch=x\r\n"), "via-params", CPM_E_INJECTION, false },
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    cpm_via v = good;
    v.protocol = bad[i].protocol;
    v.transport = bad[i].transport;
    v.host = bad[i].host;
    v.host_is_ipv6 = bad[i].ipv6;
    v.params = bad[i].params;
    cpm_diag d = { 0 };
    size_t len;
    assert_status(cpm_via_encode(NULL, 0, &len, &v, &d), bad[i].rc, &d);
    assert_true(d.off == 0 || d.code == CPM_E_INJECTION);
    assert_string_equal(d.rule, bad[i].rule);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(vectors),
    cmocka_unit_test(noise_is_read_to_its_end),
    cmocka_unit_test(what_the_grammar_cannot_hold_is_not_written),
  };
  return cmocka_run_group_tests_name("via", tests, NULL, NULL);
}
