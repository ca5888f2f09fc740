/* SPDX-License-Identifier: MIT */
#include "values.h"

static cpm_warning last;
static cpm_error_info info;

static int next(cpm_str *rest, const cpm_opts *opts, cpm_diag *diag) { return cpm_warning_next(rest, &last, opts, diag); }
static int info_next(cpm_str *rest, const cpm_opts *opts, cpm_diag *diag) { return cpm_error_info_next(rest, &info, opts, diag); }

static void print(FILE *out, const char *base) {
  fprintf(out, "  code %u, oma %u\n", last.code, last.oma);
  values_slice(out, "agent", last.agent, base);
  values_slice(out, "text", last.text, base);
}

static void info_print(FILE *out, const char *base) {
  values_slice(out, "uri", info.uri, base);
  values_slice(out, "params", info.params, base);
}

static int encode(char *dst, size_t cap, size_t *len, cpm_diag *diag) { return cpm_warning_encode(dst, cap, len, &last, diag); }
static int info_encode(char *dst, size_t cap, size_t *len, cpm_diag *diag) {
  return cpm_error_info_encode(dst, cap, len, &info, diag);
}
static uint64_t quirks(void) { return last.quirks; }

static const values_kind kind = { "warning", next, print, encode, quirks, true };
static const values_kind info_kind = { "error_info", info_next, info_print, info_encode, NULL, true };

static void vectors(void **state) {
  (void)state;
  values_vectors(&kind);
  values_vectors(&info_kind);
}

static void noise_is_read_to_its_end(void **state) {
  (void)state;
  values_noise(&kind);
  values_noise(&info_kind);
  values_refuse_nul(&kind, S("399 a.example.com:5060 \"127 \\\"x\\\"\""));
  values_refuse_nul(&kind, S("399 127 a"));
  values_refuse_nul(&info_kind, S("<sip:a@example.com>;b=\"c\""));
}

static int encode_ctx(char *dst, size_t cap, size_t *len, void *ctx) { return cpm_warning_encode(dst, cap, len, ctx, NULL); }

static void the_number_is_written_once(void **state) {
  (void)state;
  cpm_warning w = { .code = 399, .agent = S("a.example.com"), .text = S("Service not authorised"), .oma = 127 };
  assert_str(support_every_size(encode_ctx, &w), "399 a.example.com \"127 Service not authorised\"");
  w.text = S("127 Service not authorised");
  assert_str(support_every_size(encode_ctx, &w), "399 a.example.com \"127 Service not authorised\"");
  w.oma = 0;
  assert_str(support_every_size(encode_ctx, &w), "399 a.example.com \"127 Service not authorised\"");
  w.oma = 7;
  w.text = cpm_str_none();
  assert_str(support_every_size(encode_ctx, &w), "399 a.example.com \"007\"");
  w.oma = 999;
  assert_str(support_every_size(encode_ctx, &w), "399 a.example.com \"999\"");
  w.oma = 7;
  w.agent = S("[2001:db8::1]:5060");
  w.text = S("a\r\n b");
  w.code = 300;
  assert_str(support_every_size(encode_ctx, &w), "300 [2001:db8::1]:5060 \"007 a b\"");
}

static void what_the_grammar_cannot_hold_is_not_written(void **state) {
  (void)state;
  const cpm_str agent = S("a.example.com"), text = S("127 x");
  const struct { cpm_warning w; int rc; const char *rule; } bad[] = {
    { { .code = 399, .text = text }, CPM_E_VALUE, "warn-agent" },
    { { .code = 399, .agent = S("a b"), .text = text }, CPM_E_VALUE, "warn-agent" },
    { { .code = 399, .agent = S("a\r\nX: y"), .text = text }, CPM_E_INJECTION, "warn-agent" },
    { { .code = 399, .agent = S("a\r\n b"), .text = text }, CPM_E_VALUE, "warn-agent" },
    { { .code = 399, .agent = agent, .text = S("a\"b") }, CPM_E_VALUE, "warn-text" },
    { { .code = 399, .agent = agent, .text = S("a\\") }, CPM_E_VALUE, "warn-text" },
    { { .code = 399, .agent = agent, .text = S("a\nb") }, CPM_E_INJECTION, "warn-text" },
    { { .code = 399, .agent = agent, .text = S("a\0b") }, CPM_E_INJECTION, "warn-text" },
    { { .code = 399, .agent = agent, .text = text, .oma = 132 }, CPM_E_VALUE, "warn-text" },
    { { .code = 399, .agent = agent, .text = S("x"), .oma = 1000 }, CPM_E_VALUE, "warn-text" },
    { { .code = 127, .agent = agent, .text = text }, CPM_E_VALUE, "warn-code" },
    { { .code = 400, .agent = agent, .text = text }, CPM_E_VALUE, "warn-code" },
    { { .code = 3990, .agent = agent, .text = text }, CPM_E_VALUE, "warn-code" },
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    cpm_diag d = { 0 };
    size_t len;
    assert_status(cpm_warning_encode(NULL, 0, &len, &bad[i].w, &d), bad[i].rc, &d);
    assert_string_equal(d.rule, bad[i].rule);
    assert_true(d.off == 0 || d.code == CPM_E_INJECTION);
  }
}

static void an_error_uri_that_is_none_is_not_written(void **state) {
  (void)state;
  const struct { cpm_error_info e; int rc; const char *rule; } bad[] = {
    { { .uri = cpm_str_none() }, CPM_E_VALUE, "absoluteURI" },
    { { .uri = S("a@example.com") }, CPM_E_VALUE, "absoluteURI" },
    { { .uri = S("sip:a@example.com>;b") }, CPM_E_VALUE, "absoluteURI" },
    { { .uri = S("sip:%@example.com") }, CPM_E_VALUE, "absoluteURI" },
    { { .uri = S("sip:a@b\r\nX: y") }, CPM_E_INJECTION, "absoluteURI" },
    { { .uri = S("sip:a@example.com"), .params = S("a") }, CPM_E_VALUE, "generic-param" },
    { { .uri = S("sip:a@example.com"), .params = S(";a\n") }, CPM_E_INJECTION, "generic-param" },
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    cpm_diag d = { 0 };
    size_t len;
    assert_status(cpm_error_info_encode(NULL, 0, &len, &bad[i].e, &d), bad[i].rc, &d);
    assert_true(d.off == 0 || d.code == CPM_E_INJECTION);
    assert_string_equal(d.rule, bad[i].rule);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(vectors),
    cmocka_unit_test(noise_is_read_to_its_end),
    cmocka_unit_test(the_number_is_written_once),
    cmocka_unit_test(what_the_grammar_cannot_hold_is_not_written),
    cmocka_unit_test(an_error_uri_that_is_none_is_not_written),
  };
  return cmocka_run_group_tests_name("warning", tests, NULL, NULL);
}
