/* SPDX-License-Identifier: MIT */
#include "support.h"
#include "cpm/value.h"
#include <stdlib.h>
#include <string.h>

static void parameters_come_in_order(void **state) {
  (void)state;
  cpm_str rest = S(";a; b = c ;d=\"e;\\\"f\" ; g=[2001:db8::1]\r\n ;h=\"\"");
  cpm_param p;
  cpm_diag d = { 0 };
  assert_status(cpm_param_next(&rest, &p, &d), CPM_OK, &d);
  assert_str(p.name, "a");
  assert_null(p.value.p);
  assert_status(cpm_param_next(&rest, &p, &d), CPM_OK, &d);
  assert_str(p.name, "b");
  assert_str(p.value, "c");
  assert_false(p.quoted);
  assert_status(cpm_param_next(&rest, &p, &d), CPM_OK, &d);
  assert_str(p.name, "d");
  assert_str(p.value, "e;\\\"f");
  assert_true(p.quoted);
  assert_status(cpm_param_next(&rest, &p, &d), CPM_OK, &d);
  assert_str(p.value, "[2001:db8::1]");
  assert_status(cpm_param_next(&rest, &p, &d), CPM_OK, &d);
  assert_str(p.value, "");
  assert_true(p.quoted);
  assert_status(cpm_param_next(&rest, &p, &d), CPM_END, &d);
  assert_int_equal(d.code, 0);
}

static void parameters_of_a_uri_are_read_too(void **state) {
  (void)state;
  cpm_param p;
  const cpm_str params = S(";lr;phone-context=+1-202;x(y)=a/b:c&d$e[f]%41");
  assert_true(cpm_param_find(params, "LR", &p));
  assert_null(p.value.p);
  assert_true(cpm_param_find(params, "Phone-Context", &p));
  assert_str(p.value, "+1-202");
  assert_true(cpm_param_find(params, "x(y)", &p));
  assert_str(p.value, "a/b:c&d$e[f]%41");
  assert_true(cpm_param_find(params, "lr", NULL));
  assert_false(cpm_param_find(params, "l", &p));
}

static void the_first_of_two_is_found(void **state) {
  (void)state;
  cpm_param p;
  assert_true(cpm_param_find(S(";a=1;A=2"), "a", &p));
  assert_str(p.value, "1");
  assert_false(cpm_param_find(S(";a=1;b=;c"), "c", &p));
  assert_false(cpm_param_find(cpm_str_none(), "c", &p));
}

static void a_bad_parameter_says_where_and_the_walk_goes_on(void **state) {
  (void)state;
  const struct { cpm_str in; int rc; size_t off; } bad[] = {
    { S(";"), CPM_E_TRUNCATED, 1 },     { S(";;a"), CPM_E_SYNTAX, 1 },       { S(";a=;b"), CPM_E_SYNTAX, 3 },
    { S(";a="), CPM_E_TRUNCATED, 3 },   { S(";a=\"b"), CPM_E_TRUNCATED, 5 }, { S(";a=\"b\\\""), CPM_E_TRUNCATED, 7 },
    { S("a"), CPM_E_SYNTAX, 0 },        { S(";a=b c"), CPM_E_SYNTAX, 5 },    { S(";a=\"b\"c"), CPM_E_SYNTAX, 6 },
    { S(";=b"), CPM_E_SYNTAX, 1 },      { S(";a,b"), CPM_E_SYNTAX, 2 },      { S(";a=<b;c>"), CPM_E_SYNTAX, 3 },
    { S(";a\0=b"), CPM_E_SYNTAX, 2 },   { S(";a=\"\0\""), CPM_E_SYNTAX, 4 }, { S(";a=\"\\\0\""), CPM_E_SYNTAX, 5 },
    { S(";a\r\n=b"), CPM_E_SYNTAX, 4 }, { S(" "), CPM_E_TRUNCATED, 1 },      { S(";a=\"\x01\""), CPM_E_SYNTAX, 4 },
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    cpm_str rest = bad[i].in;
    cpm_param p;
    cpm_diag d = { 0 };
    assert_status(cpm_param_next(&rest, &p, &d), bad[i].rc, &d);
    assert_int_equal(d.off, bad[i].off);
    assert_true(rest.n < bad[i].in.n);
    assert_ptr_equal(rest.p + rest.n, bad[i].in.p + bad[i].in.n);
  }
}

static void walk(cpm_str in, void *ctx) {
  (void)ctx;
  cpm_param p;
  size_t left = in.n;
  for (cpm_str rest = in; cpm_param_next(&rest, &p, NULL) != CPM_END; left = rest.n) assert_true(rest.n < left);
}

static void every_prefix_is_walked_to_its_end(void **state) {
  (void)state;
  support_every_prefix(S(";a; b = c ;d=\"e;\\\"f\" ; g=[::1]\r\n ;h=\"\" ;i=<j;k>;l=\"m\\"), walk, NULL);
}

/* Read as one list it takes a moment; a walk that reads the rest again for each element takes minutes. */
static void long_lists_are_walked_in_one_go(void **state) {
  (void)state;
  enum { N = 1 << 20 };
  char *text = malloc(N);
  assert_non_null(text);
  const char *const fills[] = { ";a", ";", "\"", "<", ";a=\"\"", " ", "\\" };
  for (size_t f = 0; f < sizeof fills / sizeof *fills; f++) {
    for (size_t i = 0; i < N; i++) text[i] = fills[f][i % strlen(fills[f])];
    walk(cpm_str_of(text, N), NULL);
    size_t len = 0;
    (void)cpm_unquote(NULL, 0, &len, cpm_str_of(text, N));
  }
  free(text);
}

static int unquote(char *dst, size_t cap, size_t *len, void *ctx) { return cpm_unquote(dst, cap, len, *(cpm_str *)ctx); }
static int quote(char *dst, size_t cap, size_t *len, void *ctx) { return cpm_quote(dst, cap, len, *(cpm_str *)ctx); }

static void unquoting_undoes_pairs_and_folds(void **state) {
  (void)state;
  cpm_str in = S("a\\\"b\\\\c \t\r\n\t d  e\\\x01\xc3\xa9 ");
  assert_str(support_every_size(unquote, &in), "a\"b\\c d  e\x01\xc3\xa9 ");
  in = S("x\r\n y\r\n \r\n\tz");
  assert_str(support_every_size(unquote, &in), "x y z");
  in = S("");
  assert_str(support_every_size(unquote, &in), "");
}

static void unquote_prefix(cpm_str in, void *ctx) {
  (void)ctx;
  size_t len = 0;
  if (cpm_unquote(NULL, 0, &len, in) == CPM_OK) assert_true(len <= in.n);
}

static void every_prefix_is_unquoted_or_refused(void **state) {
  (void)state;
  support_every_prefix(S("a \t\r\n\t b\\\"c\r\n d \r\n \r\n \\e"), unquote_prefix, NULL);
}

static void unquoting_refuses_what_could_break_a_line(void **state) {
  (void)state;
  size_t len;
  const cpm_str escapes[] = { S("a\\"), S("\\\r\n a"), S("\\\n"), S("\\\0"), S("\\\xc3\xa9") };
  for (size_t i = 0; i < sizeof escapes / sizeof *escapes; i++)
    assert_status(cpm_unquote(NULL, 0, &len, escapes[i]), CPM_E_ESCAPE, NULL);
  const cpm_str bare[] = { S("a\"b"), S("a\rb"), S("a\nb"), S("a\r\nb"), S("a \r\n"), S("a\0b"), S("a\r\n \r\nb"),
                           S("a\rx b"), S("ax\n b"), S("\r\nb ") };
  for (size_t i = 0; i < sizeof bare / sizeof *bare; i++)
    assert_status(cpm_unquote(NULL, 0, &len, bare[i]), CPM_E_SYNTAX, NULL);
}

static void quoting_and_unquoting_gives_the_same(void **state) {
  (void)state;
  cpm_str in = S("a\"b\\c\x01\x7f \t\xc3\xa9");
  const cpm_str quoted = support_every_size(quote, &in);
  assert_str(quoted, "\"a\\\"b\\\\c\\\x01\\\x7f \t\xc3\xa9\"");
  char text[64];
  size_t len;
  assert_status(cpm_unquote(text, sizeof text, &len, cpm_str_of(quoted.p + 1, quoted.n - 2)), CPM_OK, NULL);
  assert_true(cpm_str_eq(cpm_str_of(text, len), in));
}

static void quoting_refuses_line_breaks_and_nul(void **state) {
  (void)state;
  size_t len;
  const cpm_str bad[] = { S("a\r\nb"), S("a\nb"), S("a\rb"), S("a\0b") };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    assert_status(cpm_quote(NULL, 0, &len, bad[i]), CPM_E_INJECTION, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(parameters_come_in_order),
    cmocka_unit_test(parameters_of_a_uri_are_read_too),
    cmocka_unit_test(the_first_of_two_is_found),
    cmocka_unit_test(a_bad_parameter_says_where_and_the_walk_goes_on),
    cmocka_unit_test(every_prefix_is_walked_to_its_end),
    cmocka_unit_test(long_lists_are_walked_in_one_go),
    cmocka_unit_test(unquoting_undoes_pairs_and_folds),
    cmocka_unit_test(every_prefix_is_unquoted_or_refused),
    cmocka_unit_test(unquoting_refuses_what_could_break_a_line),
    cmocka_unit_test(quoting_and_unquoting_gives_the_same),
    cmocka_unit_test(quoting_refuses_line_breaks_and_nul),
  };
  return cmocka_run_group_tests_name("param", tests, NULL, NULL);
}
