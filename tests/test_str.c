/* SPDX-License-Identifier: MIT */
#include "support.h"
#include "internal.h"
#include <limits.h>
#include <string.h>

static void absent_is_not_empty(void **state) {
  (void)state;
  assert_true(cpm_str_eq(cpm_str_none(), cpm_str_z(NULL)));
  assert_false(cpm_str_eq(cpm_str_none(), S("")));
  assert_true(cpm_str_ieq(S("Call-ID"), S("CALL-id")));
  assert_false(cpm_str_ieq(S("[a"), S("{a")));
  assert_str(cpm_str_trim(S(" \t\r\n a b \r\n")), "a b");
}

static void every_status_has_name_and_text(void **state) {
  (void)state;
#define CHECK(name, value, text) \
  assert_string_equal(cpm_status_name(CPM_##name), "CPM_" #name); \
  assert_string_equal(cpm_strerror(CPM_##name), text);
  CPM_STATUSES(CHECK)
#undef CHECK
}

static bool is_status(int status) {
#define CHECK(name, value, text) if (status == (value)) return true;
  CPM_STATUSES(CHECK)
#undef CHECK
  return false;
}

static void a_number_that_is_no_status_is_called_so(void **state) {
  (void)state;
  const int far[] = { INT_MIN, INT_MIN + 1, -100000, 100000, INT_MAX };
  for (size_t i = 0; i < sizeof far / sizeof *far; i++) {
    assert_string_equal(cpm_strerror(far[i]), "unknown status");
    assert_string_equal(cpm_status_name(far[i]), "?");
  }
  for (int i = -1000; i <= 1000; i++) {
    assert_int_equal(is_status(i), strcmp(cpm_strerror(i), "unknown status") != 0);
    assert_int_equal(is_status(i), strcmp(cpm_status_name(i), "?") != 0);
  }
}

/* Answers are positive, and errors stand in their family: use, syntax, semantics, limits. */
static void statuses_stand_in_their_families(void **state) {
  (void)state;
#define CHECK(name, value, text) \
  assert_int_equal(strncmp(#name, "E_", 2) == 0, (value) < 0); \
  assert_true((value) > -80); \
  for (int other = -80; other <= 80; other++) \
    if (other != (value) && is_status(other)) assert_string_not_equal(cpm_strerror(other), text);
  CPM_STATUSES(CHECK)
#undef CHECK
  assert_in_range(-CPM_E_RANDOM, 1, 19);
  assert_in_range(-CPM_E_ESCAPE, 20, 39);
  assert_in_range(-CPM_E_UNSUPPORTED, 40, 59);
  assert_in_range(-CPM_E_NO_MEMORY, 60, 79);
}

static int put_value(char *dst, size_t cap, size_t *len, void *ctx) {
  cpmi_out o = cpmi_out_to(dst, cap, 0);
  const int rc = cpmi_put_value(&o, *(const cpm_str *)ctx, "value", NULL);
  return rc ? rc : cpmi_out_end(&o, len, NULL);
}

static void a_fold_is_written_as_one_space(void **state) {
  (void)state;
  cpm_str v = S("a \t\r\n\t  b\r\n c");
  assert_str(support_every_size(put_value, &v), "a b c");
}

static void line_breaks_and_nul_are_refused_with_their_offset(void **state) {
  (void)state;
  const cpm_str bad[] = { S("ab\r\nc"), S("ab\nc"), S("ab\rc"), S("ab\0c"), S("ab\r\n"), S("ab\r\n\r\n x") };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    cpm_diag d = { 0 };
    cpmi_out o = cpmi_out_to(NULL, 0, 0);
    assert_status(cpmi_put_value(&o, bad[i], "value", &d), CPM_E_INJECTION, &d);
    assert_int_equal(d.off, 2);
    assert_status(cpmi_check_clean(bad[i], "value", &d), CPM_E_INJECTION, &d);
  }
}

static void the_counter_does_not_wrap(void **state) {
  (void)state;
  cpmi_out o = cpmi_out_to(NULL, 0, SIZE_MAX - 1);
  cpmi_put_z(&o, "abc");
  assert_int_equal(o.n, SIZE_MAX);
  o = cpmi_out_to(NULL, 0, 0);
  cpmi_put_number(&o, UINT64_MAX);
  assert_int_equal(o.n, 20);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(absent_is_not_empty),
    cmocka_unit_test(every_status_has_name_and_text),
    cmocka_unit_test(a_number_that_is_no_status_is_called_so),
    cmocka_unit_test(statuses_stand_in_their_families),
    cmocka_unit_test(a_fold_is_written_as_one_space),
    cmocka_unit_test(line_breaks_and_nul_are_refused_with_their_offset),
    cmocka_unit_test(the_counter_does_not_wrap),
  };
  return cmocka_run_group_tests_name("str", tests, NULL, NULL);
}
