/* SPDX-License-Identifier: MIT */
#include "values.h"
#include <time.h>

static int64_t last;
static uint64_t last_quirks;

static int next(cpm_str *rest, const cpm_opts *opts, cpm_diag *diag) {
  cpm_str value;
  return values_one(rest, &value) ? cpm_date_decode(&last, value, opts, &last_quirks, diag) : CPM_END;
}

static void print(FILE *out, const char *base) { (void)base; fprintf(out, "  %lld ms\n", (long long)last); }
static int encode(char *dst, size_t cap, size_t *len, cpm_diag *diag) { return cpm_date_encode(dst, cap, len, last, diag); }
static uint64_t quirks(void) { return last_quirks; }

static const values_kind kind = { "date", next, print, encode, quirks, true };

static void vectors(void **state) {
  (void)state;
  values_vectors(&kind);
}

static void noise_is_refused(void **state) {
  (void)state;
  values_noise(&kind);
  values_refuse_nul(&kind, S("Sat, 13 Nov 2010 23:29:00 GMT"));
}

/* Every day of 800 years against the C library, there and back. */
static void days_are_those_of_the_c_library(void **state) {
  (void)state;
  for (int64_t day = -146097; day < 146097; day += 13) {
    const time_t seconds = (time_t)(day * 86400 + 3723);
    char want[64], got[64];
    size_t len;
    const struct tm *const tm = gmtime(&seconds);
    assert_non_null(tm);
    strftime(want, sizeof want, "%a, %d %b %Y %H:%M:%S GMT", tm);
    assert_status(cpm_date_encode(got, sizeof got, &len, (int64_t)seconds * 1000 + 999, NULL), CPM_OK, NULL);
    assert_int_equal(len, strlen(want));
    assert_memory_equal(got, want, len);
    assert_status(cpm_date_decode(&last, cpm_str_of(got, len), NULL, &last_quirks, NULL), CPM_OK, NULL);
    assert_true(last == (int64_t)seconds * 1000 && last_quirks == 0);
  }
}

static void years_beyond_four_digits_are_not_written(void **state) {
  (void)state;
  const struct { int64_t ms; int rc; const char *text; } rows[] = {
    { INT64_C(253402300799999), CPM_OK, "Fri, 31 Dec 9999 23:59:59 GMT" }, { INT64_C(253402300800000), CPM_E_VALUE, NULL },
    { INT64_C(-62167219200000), CPM_OK, "Sat, 01 Jan 0000 00:00:00 GMT" }, { INT64_C(-62167219200001), CPM_E_VALUE, NULL },
    { INT64_MAX, CPM_E_VALUE, NULL }, { INT64_MIN, CPM_E_VALUE, NULL }, { 0, CPM_OK, "Thu, 01 Jan 1970 00:00:00 GMT" },
    { INT64_C(86400000), CPM_OK, "Fri, 02 Jan 1970 00:00:00 GMT" }, { -1, CPM_OK, "Wed, 31 Dec 1969 23:59:59 GMT" },
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    char text[64] = "";
    size_t len = 0;
    cpm_diag d = { 0 };
    assert_status(cpm_date_encode(text, sizeof text, &len, rows[i].ms, &d), rows[i].rc, &d);
    if (rows[i].text) assert_string_equal(text, rows[i].text);
    assert_int_equal(d.off, 0);
  }
}

/* quirks may be NULL, and a refused date leaves the result alone. */
static void a_refused_date_changes_nothing(void **state) {
  (void)state;
  int64_t ms = 77;
  cpm_diag d = { 0 };
  assert_status(cpm_date_decode(&ms, S("Sun, 13 Nov 2010 23:29:00 GMT"), NULL, NULL, &d), CPM_E_MISMATCH, &d);
  assert_status(cpm_date_decode(&ms, S("Sat, 13 Nov 2010 23:29:00 UTC"), &(cpm_opts){ .refuse = CPM_QUIRK(SIP_DATE) }, NULL, &d),
                CPM_E_QUIRK, &d);
  assert_int_equal(d.off, 0);
  assert_true(ms == 77);
  assert_status(cpm_date_decode(&ms, S("Sat, 13 Nov 2010 23:29:00 UTC"), NULL, NULL, &d), CPM_OK, &d);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(vectors),
    cmocka_unit_test(noise_is_refused),
    cmocka_unit_test(days_are_those_of_the_c_library),
    cmocka_unit_test(years_beyond_four_digits_are_not_written),
    cmocka_unit_test(a_refused_date_changes_nothing),
  };
  return cmocka_run_group_tests_name("date", tests, NULL, NULL);
}
