/* SPDX-License-Identifier: MIT */
#include "support.h"
#include "internal.h"
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
  assert_string_equal(cpm_strerror(-999), "unknown status");
  assert_string_equal(cpm_status_name(77), "?");
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
    cmocka_unit_test(a_fold_is_written_as_one_space),
    cmocka_unit_test(line_breaks_and_nul_are_refused_with_their_offset),
    cmocka_unit_test(the_counter_does_not_wrap),
  };
  return cmocka_run_group_tests_name("str", tests, NULL, NULL);
}
