/* SPDX-License-Identifier: MIT */
#include "values.h"

static cpm_str last;
static unsigned set;

static int token_next(cpm_str *rest, const cpm_opts *opts, cpm_diag *diag) { return cpm_token_next(rest, &last, opts, diag); }
static int service_next(cpm_str *rest, const cpm_opts *opts, cpm_diag *diag) { return cpm_service_next(rest, &last, opts, diag); }

static int privacy_next(cpm_str *rest, const cpm_opts *opts, cpm_diag *diag) {
  cpm_str value;
  return values_one(rest, &value) ? cpm_privacy_decode(&set, value, opts, diag) : CPM_END;
}

static void token_print(FILE *out, const char *base) { values_slice(out, "token", last, base); }
static void service_print(FILE *out, const char *base) { values_slice(out, "urn", last, base); }

static void privacy_print(FILE *out, const char *base) {
  (void)base;
  fputs("  set", out);
#define PRINT(id, text) if (set & CPM_PRIVACY(id)) fputs(" " text, out);
  CPM_PRIVACIES(PRINT)
#undef PRINT
  fputs(set & CPM_PRIVACY(OTHER) ? " and another\n" : "\n", out);
}

static int service_encode(char *dst, size_t cap, size_t *len, cpm_diag *diag) {
  return cpm_service_encode(dst, cap, len, last, diag);
}
static int privacy_encode(char *dst, size_t cap, size_t *len, cpm_diag *diag) {
  return cpm_privacy_encode(dst, cap, len, set, diag);
}

static const values_kind token = { "token", token_next, token_print, NULL, NULL, false };
static const values_kind service = { "service", service_next, service_print, service_encode, NULL, false };
static const values_kind privacy = { "privacy", privacy_next, privacy_print, privacy_encode, NULL, true };

static void tokens(void **state) {
  (void)state;
  values_vectors(&token);
  values_noise(&token);
  values_refuse_nul(&token, S("timer, 100rel"));
}

static void services(void **state) {
  (void)state;
  values_vectors(&service);
  values_noise(&service);
  values_refuse_nul(&service, S("urn:urn-7:3gpp-service.ims.icsi.oma.cpm.msg"));
}

static void privacies(void **state) {
  (void)state;
  values_vectors(&privacy);
  values_noise(&privacy);
  values_refuse_nul(&privacy, S("id;critical"));
}

static void a_token_is_found_in_its_list(void **state) {
  (void)state;
  assert_true(cpm_token_in(S("timer"), "timer"));
  assert_true(cpm_token_in(S("100rel ,, Timer"), "tIMER"));
  assert_true(cpm_token_in(S("a b, timer"), "timer"));
  assert_false(cpm_token_in(S("timers, 1timer"), "timer"));
  assert_false(cpm_token_in(S(""), "timer"));
  assert_false(cpm_token_in(cpm_str_none(), "timer"));
  assert_false(cpm_token_in(S(","), ""));
}

static void a_service_that_is_none_is_not_written(void **state) {
  (void)state;
  const struct { cpm_str urn; int rc; } bad[] = {
    { S("urn:urn-7:a\r\nX: y"), CPM_E_INJECTION }, { S("urn:urn-7:a\0"), CPM_E_INJECTION }, { S(""), CPM_E_VALUE },
    { S("urn:urn-7:"), CPM_E_VALUE }, { S("urn:urn-7:a,urn:urn-7:b"), CPM_E_VALUE }, { S("urn%3Aurn-7%3Aa"), CPM_E_VALUE },
    { cpm_str_none(), CPM_E_VALUE }, { S("urn:urn-7:a\r\n b"), CPM_E_VALUE },
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    cpm_diag d = { 0 };
    size_t len;
    assert_status(cpm_service_encode(NULL, 0, &len, bad[i].urn, &d), bad[i].rc, &d);
  }
}

static void a_set_that_has_no_text_is_not_written(void **state) {
  (void)state;
  cpm_diag d = { 0 };
  size_t len;
  assert_status(cpm_privacy_encode(NULL, 0, &len, 0, &d), CPM_E_VALUE, &d);
  assert_int_equal(d.off, 0);
  assert_status(cpm_privacy_encode(NULL, 0, &len, CPM_PRIVACY(OTHER), &d), CPM_E_VALUE, &d);
  assert_status(cpm_privacy_encode(NULL, 0, &len, CPM_PRIVACY(ID) | CPM_PRIVACY(OTHER), &d), CPM_E_VALUE, &d);
  assert_status(cpm_privacy_encode(NULL, 0, &len, 1u << 31, &d), CPM_E_VALUE, &d);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(tokens),
    cmocka_unit_test(services),
    cmocka_unit_test(privacies),
    cmocka_unit_test(a_token_is_found_in_its_list),
    cmocka_unit_test(a_service_that_is_none_is_not_written),
    cmocka_unit_test(a_set_that_has_no_text_is_not_written),
  };
  return cmocka_run_group_tests_name("token", tests, NULL, NULL);
}
