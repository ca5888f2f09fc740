/* SPDX-License-Identifier: MIT */
#include "values.h"
#include "cpm/dialog.h"

static cpm_session_expires expires;
static cpm_min_se min_se;
static cpm_retry_after retry;

VALUES_ONE(expires_next, expires, cpm_session_expires_decode)
VALUES_ENCODE(expires_encode, expires, cpm_session_expires_encode)
VALUES_ONE(min_se_next, min_se, cpm_min_se_decode)
VALUES_ENCODE(min_se_encode, min_se, cpm_min_se_encode)
VALUES_ONE(retry_next, retry, cpm_retry_after_decode)
VALUES_ENCODE(retry_encode, retry, cpm_retry_after_encode)

static void expires_print(FILE *out, const char *base) {
  static const char *const refreshers[] = { "", ", refresher uac", ", refresher uas" };
  fprintf(out, "  seconds %u%s\n", (unsigned)expires.seconds, refreshers[expires.refresher]);
  values_slice(out, "params", expires.params, base);
}

static void min_se_print(FILE *out, const char *base) {
  fprintf(out, "  seconds %u\n", (unsigned)min_se.seconds);
  values_slice(out, "params", min_se.params, base);
}

static void retry_print(FILE *out, const char *base) {
  fprintf(out, "  seconds %u\n", (unsigned)retry.seconds);
  values_slice(out, "comment", retry.comment, base);
  if (retry.has_duration) fprintf(out, "  duration %u\n", (unsigned)retry.duration);
  else assert_int_equal(retry.duration, 0);
  values_slice(out, "params", retry.params, base);
}

static const values_kind kinds[] = {
  { "session_expires", expires_next, expires_print, expires_encode, NULL, true },
  { "min_se", min_se_next, min_se_print, min_se_encode, NULL, true },
  { "retry_after", retry_next, retry_print, retry_encode, NULL, false },
};

static void vectors(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) values_vectors(&kinds[i]);
}

static void noise_is_read_to_its_end(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) values_noise(&kinds[i]);
  values_refuse_nul(&kinds[0], S("1800 ;refresher=uac;x=\"y\""));
  values_refuse_nul(&kinds[1], S("90;a=b"));
  values_refuse_nul(&kinds[2], S("120 (a (b\\) c)) ;duration=5;x"));
}

static void intervals_under_90_seconds_are_read_but_not_written(void **state) {
  (void)state;
  cpm_diag d = { 0 };
  assert_status(cpm_session_expires_decode(&expires, S("89"), NULL, &d), CPM_OK, &d);
  assert_int_equal(expires.seconds, 89);
  values_refused(cpm_session_expires_encode(dst, cap, len, &expires, diag), CPM_E_VALUE, "delta-seconds");
  values_refused(cpm_min_se_encode(dst, cap, len, &(cpm_min_se){ .seconds = 89 }, diag), CPM_E_VALUE, "delta-seconds");
  size_t n = 0;
  assert_status(cpm_min_se_encode(NULL, 0, &n, &(cpm_min_se){ .seconds = CPM_SESSION_EXPIRES_LEAST }, &d), CPM_OK, &d);
  assert_int_equal(n, 2);
}

static void comments_nest_to_the_limit(void **state) {
  (void)state;
  cpm_diag d = { 0 };
  const cpm_opts two = { .max_depth = 2 };
  assert_status(cpm_retry_after_decode(&retry, S("5 (a(b))"), &two, &d), CPM_OK, &d);
  assert_status(cpm_retry_after_decode(&retry, S("5 (a(b(c)))"), &two, &d), CPM_E_TOO_DEEP, &d);
  assert_int_equal(d.off, 2);
  char text[2 * CPM_LIMIT_DEPTH];
  memset(text, '(', CPM_LIMIT_DEPTH);
  memset(text + CPM_LIMIT_DEPTH, ')', CPM_LIMIT_DEPTH);
  const cpm_str fits = cpm_str_of(text + 1, 2 * CPM_LIMIT_DEPTH - 2), deep = cpm_str_of(text, 2 * CPM_LIMIT_DEPTH);
  size_t n = 0;
  assert_status(cpm_retry_after_encode(NULL, 0, &n, &(cpm_retry_after){ .comment = fits }, &d), CPM_OK, &d);
  values_refused(cpm_retry_after_encode(dst, cap, len, &(cpm_retry_after){ .comment = deep }, diag), CPM_E_VALUE, "comment");
}

/* A quirk that other fields know is none here: white space behind a comment may be missing. */
static void strict_readers_take_a_comment(void **state) {
  (void)state;
  const cpm_opts strict = { .refuse = CPM_QUIRKS_ALL };
  cpm_diag d = { 0 };
  assert_status(cpm_retry_after_decode(&retry, S("5(a);duration=1"), &strict, &d), CPM_OK, &d);
  assert_int_equal(retry.duration, 1);
}

static void what_the_grammar_cannot_hold_is_not_written(void **state) {
  (void)state;
#define EXPIRES(...) cpm_session_expires_encode(dst, cap, len, &(cpm_session_expires){ .seconds = 90, __VA_ARGS__ }, diag)
  values_refused(EXPIRES(.refresher = (cpm_refresher)3), CPM_E_VALUE, "refresher-param");
  values_refused(EXPIRES(.params = S("a")), CPM_E_VALUE, "generic-param");
  values_refused(EXPIRES(.params = S(";a=b\r\nX: y")), CPM_E_INJECTION, "generic-param");
  values_refused(EXPIRES(.params = S("")), CPM_E_VALUE, "generic-param");
  values_refused(cpm_min_se_encode(dst, cap, len, &(cpm_min_se){ 90, S(";a;") }, diag), CPM_E_VALUE, "generic-param");
#define RETRY(...) cpm_retry_after_encode(dst, cap, len, &(cpm_retry_after){ __VA_ARGS__ }, diag)
  values_refused(RETRY(.comment = S("a)")), CPM_E_VALUE, "comment");
  values_refused(RETRY(.comment = S("(a")), CPM_E_VALUE, "comment");
  values_refused(RETRY(.comment = S(")(")), CPM_E_VALUE, "comment");
  values_refused(RETRY(.comment = S("a\\")), CPM_E_VALUE, "comment");
  values_refused(RETRY(.comment = S("a\r\nb")), CPM_E_INJECTION, "comment");
  values_refused(RETRY(.comment = S("\x07")), CPM_E_VALUE, "comment");
  values_refused(RETRY(.params = S(";a,b")), CPM_E_VALUE, "generic-param");
}

static int expires_ctx(char *dst, size_t cap, size_t *len, void *ctx) { return cpm_session_expires_encode(dst, cap, len, ctx, NULL); }
static int retry_ctx(char *dst, size_t cap, size_t *len, void *ctx) { return cpm_retry_after_encode(dst, cap, len, ctx, NULL); }

static void members_count_more_than_params(void **state) {
  (void)state;
  cpm_session_expires s = { 1800, CPM_REFRESHER_UAS, S(";refresher=uac;x=\"y\";REFRESHER=uac") };
  assert_str(support_every_size(expires_ctx, &s), "1800;refresher=uas;x=\"y\"");
  s.refresher = CPM_REFRESHER_NONE;
  assert_str(support_every_size(expires_ctx, &s), "1800;x=\"y\"");
  cpm_retry_after r = { .seconds = 5, .comment = S("back\r\n soon"), .has_duration = true, .duration = 9, .params = S("; duration=8 ;z") };
  assert_str(support_every_size(retry_ctx, &r), "5 (back soon);duration=9;z");
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(vectors),
    cmocka_unit_test(noise_is_read_to_its_end),
    cmocka_unit_test(intervals_under_90_seconds_are_read_but_not_written),
    cmocka_unit_test(comments_nest_to_the_limit),
    cmocka_unit_test(strict_readers_take_a_comment),
    cmocka_unit_test(what_the_grammar_cannot_hold_is_not_written),
    cmocka_unit_test(members_count_more_than_params),
  };
  return cmocka_run_group_tests_name("session", tests, NULL, NULL);
}
