/* SPDX-License-Identifier: MIT */
#include "support.h"
#include "cpm/cpim.h"
#include "datetime.h"
#include <stdlib.h>
#include <string.h>
#include <time.h>

static int encode(char *dst, size_t cap, size_t *len, void *ctx) {
  return cpm_datetime_encode(dst, cap, len, *(const int64_t *)ctx, NULL);
}

static void dump_line(cpm_str line, unsigned number, void *ctx) {
  FILE *const out = ctx;
  cpm_diag d = { 0 };
  int64_t ms = 0;
  uint64_t quirks = 0;
  char text[CPM_DATETIME_LEN + 1] = "";
  size_t len = 0;
  fprintf(out, "%u: ", number);
  support_print(out, line);
  const int rc = cpm_datetime_decode(&ms, line, NULL, &quirks, &d);
  if (rc) {
    fprintf(out, "\n  %s at %zu, %s (%s)\n", cpm_status_name(rc), d.off, d.rule, d.clause);
    return;
  }
  if (cpm_datetime_encode(text, sizeof text, &len, ms, &d)) len = 0;
  fprintf(out, "\n  %lld = %.*s ", (long long)ms, (int)len, text);
  support_quirks(out, quirks);
  fputc('\n', out);
}

static void dump(cpm_str in, FILE *out) { support_every_line(in, dump_line, out); }

static void vectors(void **state) {
  (void)state;
  support_vectors("datetime", dump);
}

static void a_refused_quirk_is_an_error(void **state) {
  (void)state;
  const struct { cpm_str in; uint64_t bit; size_t off; } rows[] = {
    { S("2012-06-07T17:40:29"),      CPM_QUIRK(DATETIME_NO_ZONE), 19 },
    { S("2012-06-07T17:40:29+5:30"), CPM_QUIRK(DATETIME_FORM),    19 },
    { S("2012-06-07T17:40:29+0530"), CPM_QUIRK(DATETIME_FORM),    19 },
    { S("2012-06-07T17:40Z"),        CPM_QUIRK(DATETIME_FORM),    16 },
    { S("2012-06-07 17:40:29Z"),     CPM_QUIRK(DATETIME_FORM),    10 },
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    cpm_diag d = { 0 };
    int64_t ms = 0;
    uint64_t quirks = 0;
    assert_status(cpm_datetime_decode(&ms, rows[i].in, NULL, &quirks, &d), CPM_OK, &d);
    assert_true(quirks == rows[i].bit);
    const cpm_opts refuse = { .refuse = rows[i].bit }, others = { .refuse = ~rows[i].bit };
    assert_status(cpm_datetime_decode(&ms, rows[i].in, &refuse, &quirks, &d), CPM_E_QUIRK, &d);
    assert_int_equal(d.off, rows[i].off);
    assert_status(cpm_datetime_decode(&ms, rows[i].in, &others, NULL, &d), CPM_OK, &d);
  }
}

static void one_prefix(cpm_str in, void *ctx) {
  cpm_diag d = { 0 };
  int64_t ms = 0;
  uint64_t quirks = 0;
  const int rc = cpm_datetime_decode(&ms, in, NULL, &quirks, &d);
  const size_t whole = *(const size_t *)ctx;
  /* Complete: the whole; up to the minutes, the seconds and every digit of the fraction with a zone that is missing. */
  const bool complete = in.n == whole || in.n == 16 || in.n == 19 || (in.n > 20 && in.n <= 23);
  assert_status(rc, complete ? CPM_OK : CPM_E_TRUNCATED, &d);
  if (rc) assert_int_equal(d.off, in.n);
}

static void a_prefix_is_truncated_or_complete(void **state) {
  (void)state;
  const cpm_str whole = S("2020-10-24T10:24:11.270+08:00");
  size_t n = whole.n;
  support_every_prefix(whole, one_prefix, &n);
  cpm_diag d = { 0 };
  int64_t ms;
  assert_status(cpm_datetime_decode(&ms, cpm_str_none(), NULL, NULL, &d), CPM_E_TRUNCATED, &d);
}

static void the_calendar_agrees_with_the_c_library(void **state) {
  (void)state;
  for (int64_t day = -719528; day < 2932897; day += 13) {
    const time_t t = (time_t)(day * 86400);
    const struct tm *const tm = gmtime(&t);
    assert_non_null(tm);
    const cpmi_civil date = cpmi_civil_of(day);
    assert_int_equal(date.year, tm->tm_year + 1900);
    assert_int_equal(date.month, tm->tm_mon + 1);
    assert_int_equal(date.day, tm->tm_mday);
    assert_int_equal(cpmi_days_of(date), day);
  }
  assert_int_equal(cpmi_days_in_month(2000, 2), 29);
  assert_int_equal(cpmi_days_in_month(2100, 2), 28);
  assert_int_equal(cpmi_days_in_month(2023, 12), 31);
}

static void what_is_written_is_read_back(void **state) {
  (void)state;
  for (int64_t ms = INT64_C(-62167219200000); ms < INT64_C(253402300800000); ms += INT64_C(86399999317)) {
    char text[CPM_DATETIME_LEN];
    size_t len = 0;
    int64_t back = 0;
    uint64_t quirks = 1;
    assert_status(cpm_datetime_encode(text, sizeof text, &len, ms, NULL), CPM_OK, NULL);
    assert_int_equal(len, CPM_DATETIME_LEN);
    assert_status(cpm_datetime_decode(&back, cpm_str_of(text, len), NULL, &quirks, NULL), CPM_OK, NULL);
    assert_true(back == ms && quirks == 0);
  }
}

static void it_is_written_at_every_size_and_within_its_range(void **state) {
  (void)state;
  cpm_diag d = { 0 };
  size_t len = 0;
  int64_t ms = INT64_C(1601179345941);
  assert_str(support_every_size(encode, &ms), "2020-09-27T04:02:25.941Z");
  assert_status(cpm_datetime_encode(NULL, 0, &len, INT64_C(253402300800000), &d), CPM_E_RANGE, &d);
  assert_status(cpm_datetime_encode(NULL, 0, &len, INT64_C(-62167219200001), &d), CPM_E_RANGE, &d);
  assert_status(cpm_datetime_encode(NULL, 0, &len, INT64_MIN, &d), CPM_E_RANGE, &d);
  assert_status(cpm_datetime_encode(NULL, 0, &len, INT64_MAX, &d), CPM_E_RANGE, &d);
}

static void noise_is_refused(void **state) {
  (void)state;
  uint32_t seed = 1;
  char noise[64];
  for (unsigned round = 0; round < 20000; round++) {
    static const char alphabet[] = "0123456789-:TZ+. \0";
    for (size_t i = 0; i < sizeof noise; i++) {
      seed = seed * 1664525u + 1013904223u;
      noise[i] = alphabet[(seed >> 16) % (sizeof alphabet - 1)];
    }
    if (round % 2) memcpy(noise, "2012-06-07T17:40:29", 19);
    int64_t ms;
    const cpm_str in = support_guard(cpm_str_of(noise, seed % sizeof noise));
    (void)cpm_datetime_decode(&ms, in, NULL, NULL, NULL);
    support_unguard(in);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(vectors),
    cmocka_unit_test(a_refused_quirk_is_an_error),
    cmocka_unit_test(a_prefix_is_truncated_or_complete),
    cmocka_unit_test(the_calendar_agrees_with_the_c_library),
    cmocka_unit_test(what_is_written_is_read_back),
    cmocka_unit_test(it_is_written_at_every_size_and_within_its_range),
    cmocka_unit_test(noise_is_refused),
  };
  return cmocka_run_group_tests_name("datetime", tests, NULL, NULL);
}
