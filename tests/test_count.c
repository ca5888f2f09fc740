/* SPDX-License-Identifier: MIT */
#include "values.h"
#include "cpm/dialog.h"
#include <inttypes.h>

static uint32_t rseq;
static cpm_rack rack;
static cpm_timestamp timestamp;
static cpm_mime_version version;

VALUES_ONE(rseq_next, rseq, cpm_rseq_decode)
VALUES_ONE(rack_next, rack, cpm_rack_decode)
VALUES_ENCODE(rack_encode, rack, cpm_rack_encode)
VALUES_ONE(timestamp_next, timestamp, cpm_timestamp_decode)
VALUES_ENCODE(timestamp_encode, timestamp, cpm_timestamp_encode)
VALUES_ONE(version_next, version, cpm_mime_version_decode)
VALUES_ENCODE(version_encode, version, cpm_mime_version_encode)

static int rseq_encode(char *dst, size_t cap, size_t *len, cpm_diag *diag) { return cpm_number_encode(dst, cap, len, rseq, diag); }

static void rseq_print(FILE *out, const char *base) {
  (void)base;
  fprintf(out, "  %" PRIu32 "\n", rseq);
}

static void rack_print(FILE *out, const char *base) {
  fprintf(out, "  rseq %" PRIu32 ", cseq %" PRIu32 "\n", rack.rseq, rack.cseq.number);
  values_slice(out, rack.cseq.method ? "method" : "extension-method", rack.cseq.method_name, base);
}

static void timestamp_print(FILE *out, const char *base) {
  values_slice(out, "time", timestamp.time, base);
  values_slice(out, "delay", timestamp.delay, base);
  fprintf(out, "  %" PRIu64 " us", timestamp.time_us);
  if (timestamp.has_delay) fprintf(out, ", delay %" PRIu64 " us", timestamp.delay_us);
  fputc('\n', out);
}

static void version_print(FILE *out, const char *base) {
  (void)base;
  fprintf(out, "  %" PRIu32 ", %" PRIu32 "\n", version.major, version.minor);
}

static const values_kind kinds[] = {
  { "rseq", rseq_next, rseq_print, rseq_encode, NULL, false },
  { "rack", rack_next, rack_print, rack_encode, NULL, false },
  { "timestamp", timestamp_next, timestamp_print, timestamp_encode, NULL, false },
  { "mime_version", version_next, version_print, version_encode, NULL, false },
};

static void vectors(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) values_vectors(&kinds[i]);
}

static void noise_is_read_to_its_end(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) values_noise(&kinds[i]);
  values_refuse_nul(&kinds[0], S("12"));
  values_refuse_nul(&kinds[1], S("1 2 INVITE"));
  values_refuse_nul(&kinds[2], S("54.2 .5"));
  values_refuse_nul(&kinds[3], S("1.0"));
}

static int timestamp_ctx(char *dst, size_t cap, size_t *len, void *ctx) { return cpm_timestamp_encode(dst, cap, len, ctx, NULL); }
static int rack_ctx(char *dst, size_t cap, size_t *len, void *ctx) { return cpm_rack_encode(dst, cap, len, ctx, NULL); }

static void numbers_are_written_where_no_text_is(void **state) {
  (void)state;
  cpm_timestamp t = { .time_us = 54280000 };
  assert_str(support_every_size(timestamp_ctx, &t), "54.28");
  t.has_delay = true;
  assert_str(support_every_size(timestamp_ctx, &t), "54.28 0");
  t.delay_us = 1;
  t.time = S("1.50");
  assert_str(support_every_size(timestamp_ctx, &t), "1.50 0.000001");
  t.delay = S(".5");
  assert_str(support_every_size(timestamp_ctx, &t), "1.50 .5");
  t = (cpm_timestamp){ .time_us = UINT64_MAX };
  assert_str(support_every_size(timestamp_ctx, &t), "18446744073709.551615");
  cpm_rack r = { 1, { 2, CPM_METHOD_INVITE, { NULL, 0 } } };
  assert_str(support_every_size(rack_ctx, &r), "1 2 INVITE");
}

static void what_the_grammar_cannot_hold_is_not_written(void **state) {
  (void)state;
#define RACK(...) cpm_rack_encode(dst, cap, len, &(cpm_rack){ __VA_ARGS__ }, diag)
  values_refused(RACK(0, { 1, CPM_METHOD_INVITE, { NULL, 0 } }), CPM_E_VALUE, "response-num");
  values_refused(RACK(1, { 0x80000000u, CPM_METHOD_INVITE, { NULL, 0 } }), CPM_E_VALUE, "CSeq");
  values_refused(RACK(1, { 1, CPM_METHOD_UNKNOWN, { NULL, 0 } }), CPM_E_VALUE, "Method");
  values_refused(RACK(1, { 1, CPM_METHOD_UNKNOWN, S("A\r\n") }), CPM_E_INJECTION, "Method");
#define TIMESTAMP(...) cpm_timestamp_encode(dst, cap, len, &(cpm_timestamp){ __VA_ARGS__ }, diag)
  values_refused(TIMESTAMP(.time = S("")), CPM_E_VALUE, "Timestamp");
  values_refused(TIMESTAMP(.time = S(".5")), CPM_E_VALUE, "Timestamp");
  values_refused(TIMESTAMP(.time = S("1 2")), CPM_E_VALUE, "Timestamp");
  values_refused(TIMESTAMP(.time = S(" 1")), CPM_E_VALUE, "Timestamp");
  values_refused(TIMESTAMP(.time = S("18446744073710")), CPM_E_VALUE, "Timestamp");
  values_refused(TIMESTAMP(.time = S("1\r\nX: y")), CPM_E_INJECTION, "Timestamp");
  values_refused(TIMESTAMP(.time = S("1"), .delay = S("")), CPM_E_VALUE, "delay");
  values_refused(TIMESTAMP(.time = S("1"), .delay = S("1.2.3")), CPM_E_VALUE, "delay");
  values_refused(TIMESTAMP(.time = S("1"), .delay = S("\n")), CPM_E_INJECTION, "delay");
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(vectors),
    cmocka_unit_test(noise_is_read_to_its_end),
    cmocka_unit_test(numbers_are_written_where_no_text_is),
    cmocka_unit_test(what_the_grammar_cannot_hold_is_not_written),
  };
  return cmocka_run_group_tests_name("count", tests, NULL, NULL);
}
