/* SPDX-License-Identifier: MIT */
#include "values.h"
#include "cpm/dialog.h"

static cpm_reason reason;
static cpm_accepted accepted;
static cpm_token_params tagged;

VALUES_NEXT(reason_next, reason, cpm_reason_next)
VALUES_ENCODE(reason_encode, reason, cpm_reason_encode)
VALUES_NEXT(encoding_next, accepted, cpm_accept_encoding_next)
VALUES_ENCODE(encoding_encode, accepted, cpm_accept_encoding_encode)
VALUES_NEXT(language_next, accepted, cpm_accept_language_next)
VALUES_ENCODE(language_encode, accepted, cpm_accept_language_encode)
VALUES_NEXT(tagged_next, tagged, cpm_token_params_next)
VALUES_ENCODE(tagged_encode, tagged, cpm_token_params_encode)

static void reason_print(FILE *out, const char *base) {
  values_slice(out, "protocol", reason.protocol, base);
  if (reason.has_cause) fprintf(out, "  cause %u\n", (unsigned)reason.cause);
  else assert_int_equal(reason.cause, 0);
  values_slice(out, reason.text_quoted ? "text, quoted," : "text", reason.text, base);
  values_slice(out, "params", reason.params, base);
}

static void accepted_print(FILE *out, const char *base) {
  values_slice(out, "name", accepted.name, base);
  fprintf(out, "  q %u\n", accepted.q);
  values_slice(out, "params", accepted.params, base);
}

static void tagged_print(FILE *out, const char *base) {
  values_slice(out, "token", tagged.token, base);
  values_slice(out, "params", tagged.params, base);
}

static const values_kind kinds[] = {
  { "reason", reason_next, reason_print, reason_encode, NULL, false },
  { "accept_encoding", encoding_next, accepted_print, encoding_encode, NULL, false },
  { "accept_language", language_next, accepted_print, language_encode, NULL, false },
  { "token_params", tagged_next, tagged_print, tagged_encode, NULL, false },
};

static void vectors(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) values_vectors(&kinds[i]);
}

static void noise_is_read_to_its_end(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) values_noise(&kinds[i]);
  values_refuse_nul(&kinds[0], S("SIP ;cause=200;text=\"a\\\"b\", Q.850;cause=16"));
  values_refuse_nul(&kinds[1], S("gzip;q=0.5, *"));
  values_refuse_nul(&kinds[2], S("en-gb;q=0.5, *"));
  values_refuse_nul(&kinds[3], S("foo;a=\"b\", bar"));
}

static int reason_ctx(char *dst, size_t cap, size_t *len, void *ctx) { return cpm_reason_encode(dst, cap, len, ctx, NULL); }
static int encoding_ctx(char *dst, size_t cap, size_t *len, void *ctx) { return cpm_accept_encoding_encode(dst, cap, len, ctx, NULL); }

static void plain_text_is_quoted(void **state) {
  (void)state;
  cpm_reason r = { .protocol = S("SIP"), .has_cause = true, .cause = 200, .text = S("Call \"done\" \\ J\xc3\xb6") };
  assert_str(support_every_size(reason_ctx, &r), "SIP;cause=200;text=\"Call \\\"done\\\" \\\\ J\xc3\xb6\"");
  r.text = S("");
  assert_str(support_every_size(reason_ctx, &r), "SIP;cause=200;text=\"\"");
  r.text = S("a\\\"b\r\n c");
  r.text_quoted = true;
  r.has_cause = false;
  assert_str(support_every_size(reason_ctx, &r), "SIP;text=\"a\\\"b c\"");
  r = (cpm_reason){ .protocol = S("Q.850"), .params = S(";cause=16;x;text=\"y\"") };
  assert_str(support_every_size(reason_ctx, &r), "Q.850;x");
}

static void qvalues_are_written_without_zeros_at_their_end(void **state) {
  (void)state;
  const struct { unsigned q; const char *text; } cases[] = {
    { 1000, "gzip" }, { 0, "gzip;q=0" }, { 500, "gzip;q=0.5" }, { 50, "gzip;q=0.05" }, { 5, "gzip;q=0.005" }, { 999, "gzip;q=0.999" },
    { 120, "gzip;q=0.12" },
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    cpm_accepted a = { S("gzip"), cases[i].q, S(";q=0.1") };
    const cpm_str got = support_every_size(encoding_ctx, &a);
    assert_true(cpm_str_eq(got, cpm_str_z(cases[i].text)));
  }
}

static void one_token_with_parameters_is_no_list(void **state) {
  (void)state;
  cpm_diag d = { 0 };
  assert_status(cpm_token_params_decode(&tagged, S(" foo ;a=\"b, c\""), NULL, &d), CPM_OK, &d);
  assert_str(tagged.token, "foo");
  assert_str(tagged.params, ";a=\"b, c\"");
  assert_status(cpm_token_params_decode(&tagged, S("foo, bar"), NULL, &d), CPM_E_SYNTAX, &d);
  assert_int_equal(d.off, 3);
  d = (cpm_diag){ 0 };
  assert_status(cpm_token_params_decode(&tagged, S("foo,"), NULL, &d), CPM_E_SYNTAX, &d);
  assert_int_equal(d.off, 3);
  d = (cpm_diag){ 0 };
  assert_status(cpm_token_params_decode(&tagged, cpm_str_none(), NULL, &d), CPM_E_TRUNCATED, &d);
}

static void what_the_grammar_cannot_hold_is_not_written(void **state) {
  (void)state;
#define REASON(...) cpm_reason_encode(dst, cap, len, &(cpm_reason){ __VA_ARGS__ }, diag)
  values_refused(REASON(.has_cause = true), CPM_E_VALUE, "protocol");
  values_refused(REASON(.protocol = S("SIP/2.0")), CPM_E_VALUE, "protocol");
  values_refused(REASON(.protocol = S("SIP\r\nX: y")), CPM_E_INJECTION, "protocol");
  values_refused(REASON(.protocol = S("SIP"), .text = S("a\nb")), CPM_E_INJECTION, "reason-text");
  values_refused(REASON(.protocol = S("SIP"), .text = S("a\"b"), .text_quoted = true), CPM_E_VALUE, "reason-text");
  values_refused(REASON(.protocol = S("SIP"), .text = S("a\0"), .text_quoted = true), CPM_E_INJECTION, "reason-text");
  values_refused(REASON(.protocol = S("SIP"), .params = S(";a=b, c")), CPM_E_VALUE, "generic-param");
#define ACCEPTED(what, ...) cpm_accept_##what##_encode(dst, cap, len, &(cpm_accepted){ __VA_ARGS__ }, diag)
  values_refused(ACCEPTED(encoding, .q = 1000), CPM_E_VALUE, "codings");
  values_refused(ACCEPTED(encoding, .name = S("a b")), CPM_E_VALUE, "codings");
  values_refused(ACCEPTED(encoding, .name = S("a;q=1")), CPM_E_VALUE, "codings");
  values_refused(ACCEPTED(encoding, .name = S("a\r\n")), CPM_E_INJECTION, "codings");
  values_refused(ACCEPTED(encoding, .name = S("a"), .q = 1001), CPM_E_VALUE, "qvalue");
  values_refused(ACCEPTED(encoding, .name = S("a"), .params = S(";")), CPM_E_VALUE, "generic-param");
  values_refused(ACCEPTED(language, .name = S("en_gb")), CPM_E_VALUE, "language-range");
  values_refused(ACCEPTED(language, .name = S("en,fr")), CPM_E_VALUE, "language-range");
#define TAGGED(...) cpm_token_params_encode(dst, cap, len, &(cpm_token_params){ __VA_ARGS__ }, diag)
  values_refused(TAGGED(S(""), { NULL, 0 }), CPM_E_VALUE, "token");
  values_refused(TAGGED(S("a"), S("b")), CPM_E_VALUE, "generic-param");
  values_refused(TAGGED(S("a"), S(";b\n")), CPM_E_INJECTION, "generic-param");
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(vectors),
    cmocka_unit_test(noise_is_read_to_its_end),
    cmocka_unit_test(plain_text_is_quoted),
    cmocka_unit_test(qvalues_are_written_without_zeros_at_their_end),
    cmocka_unit_test(one_token_with_parameters_is_no_list),
    cmocka_unit_test(what_the_grammar_cannot_hold_is_not_written),
  };
  return cmocka_run_group_tests_name("reason", tests, NULL, NULL);
}
