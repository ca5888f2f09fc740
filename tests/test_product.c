/* SPDX-License-Identifier: MIT */
#include "values.h"

static cpm_product last;

static int next(cpm_str *rest, const cpm_opts *opts, cpm_diag *diag) { return cpm_product_next(rest, &last, opts, diag); }

static void print(FILE *out, const char *base) {
  values_slice(out, "name", last.name, base);
  values_slice(out, "version", last.version, base);
  values_slice(out, "comment", last.comment, base);
}

static uint64_t quirks(void) { return last.quirks; }

static int encode(char *dst, size_t cap, size_t *len, cpm_diag *diag) { return cpm_product_encode(dst, cap, len, &last, diag); }

static const values_kind kind = { "product", next, print, encode, quirks, true };

static void vectors(void **state) {
  (void)state;
  values_vectors(&kind);
}

static void noise_is_read_to_its_end(void **state) {
  (void)state;
  values_noise(&kind);
  values_refuse_nul(&kind, S("CPM-client/OMA2.2 (a \\( b) x"));
}

static void comments_nest_as_deep_as_the_limit(void **state) {
  (void)state;
  char text[2 * (CPM_LIMIT_DEPTH + 1)];
  const cpm_opts two = { .max_depth = 2 };
  cpm_diag d = { 0 };
  for (size_t depth = 1; depth <= CPM_LIMIT_DEPTH + 1; depth++) {
    memset(text, '(', depth);
    memset(text + depth, ')', depth);
    cpm_str rest = cpm_str_of(text, 2 * depth);
    assert_status(next(&rest, NULL, &d), depth <= CPM_LIMIT_DEPTH ? CPM_OK : CPM_E_TOO_DEEP, &d);
    assert_int_equal(rest.n, 0);
    rest = cpm_str_of(text, 2 * depth);
    assert_status(next(&rest, &two, &d), depth <= 2 ? CPM_OK : CPM_E_TOO_DEEP, &d);
  }
}

static void what_the_grammar_cannot_hold_is_not_written(void **state) {
  (void)state;
  char deep[CPM_LIMIT_DEPTH * 2];
  memset(deep, '(', sizeof deep / 2);
  memset(deep + sizeof deep / 2, ')', sizeof deep / 2);
  const struct { cpm_product product; int rc; const char *rule; } bad[] = {
    { { .version = S("1") }, CPM_E_VALUE, "product" },
    { { .name = S("") }, CPM_E_VALUE, "product" },
    { { .name = S("a b") }, CPM_E_VALUE, "product" },
    { { .name = S("a/1") }, CPM_E_VALUE, "product" },
    { { .name = S("a\r\nX: y") }, CPM_E_INJECTION, "product" },
    { { .name = S("a"), .version = S("") }, CPM_E_VALUE, "product-version" },
    { { .name = S("a"), .version = S("1/2") }, CPM_E_VALUE, "product-version" },
    { { .name = S("a"), .version = S("1\n") }, CPM_E_INJECTION, "product-version" },
    { { .name = S("a"), .comment = S("b") }, CPM_E_VALUE, "comment" },
    { { .version = S("1"), .comment = S("b") }, CPM_E_VALUE, "comment" },
    { { .comment = S("a)") }, CPM_E_VALUE, "comment" },
    { { .comment = S("(a") }, CPM_E_VALUE, "comment" },
    { { .comment = S("a\\") }, CPM_E_VALUE, "comment" },
    { { .comment = S("a\0b") }, CPM_E_INJECTION, "comment" },
    { { .comment = S("a\r\nb") }, CPM_E_INJECTION, "comment" },
    { { .comment = cpm_str_of(deep, sizeof deep) }, CPM_E_VALUE, "comment" },
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    values_refused(cpm_product_encode(dst, cap, len, &bad[i].product, diag), bad[i].rc, bad[i].rule);
}

static void the_release_is_found_among_all_products(void **state) {
  (void)state;
  const struct { const char *value; bool found, server; unsigned major, minor; } rows[] = {
    { "CPM-client/OMA1.0", true, false, 1, 0 },
    { "CPM-serv/OMA2.2 RCS-serv/UP_2.3", true, true, 2, 2 },
    { "CPM-client/OMA2.2 RCS-client/UP_2.4 term-Xiaomi/MI 6-8.0.0 client-MF/1.1.0 OS-Android/8.0.0 Channel-1", true, false, 2, 2 },
    { "ExttoExt-client/Ext1.0 CPM-client/OMA1.0", true, false, 1, 0 },
    { "a/b/c (CPM-client/OMA1.0) CPM-serv / OMA10.12", true, true, 10, 12 },
    { "CPM-serv/OMA09.99", true, true, 9, 99 },
    { "cpm-CLIENT/oma2.1", true, false, 2, 1 },
    { "CPM-client/OMA2 CPM-client/2.0 CPM-client CPM-client/OMA2. CPM-client/OMA.2 CPM-serv/OMA2.0", true, true, 2, 0 },
    { "x\x01y CPM-client/OMA2.0", true, false, 2, 0 },
    { "CPM-client/OMA2.0 (", true, false, 2, 0 },
    { "", false, false, 0, 0 },
    { "(CPM-client/OMA1.0)", false, false, 0, 0 },
    { "( CPM-client/OMA1.0", false, false, 0, 0 },
    { "IM-client/OMA1.0", false, false, 0, 0 },
    { "MCO-CPM-Client/OMA2.0", false, false, 0, 0 },
    { "IM-Sever/OMA5.1", false, false, 0, 0 },
    { "CPM-client/OMA2.0.1", false, false, 0, 0 },
    { "CPM-client/OMA2.0a", false, false, 0, 0 },
    { "CPM-client/OMA4294967296.0", false, false, 0, 0 },
    { "CPM-client/OMA-1.0", false, false, 0, 0 },
    { "CPM-client/OMA", false, false, 0, 0 },
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    const cpm_str value = support_guard(cpm_str_z(rows[i].value));
    cpm_release r = { false, 77, 77 };
    if (cpm_release_find(value, &r) != rows[i].found) print_error("row %zu\n", i);
    assert_int_equal(cpm_release_find(value, &r), rows[i].found);
    assert_int_equal(r.server, rows[i].server);
    assert_int_equal(r.major, rows[i].found ? rows[i].major : 77);
    assert_int_equal(r.minor, rows[i].found ? rows[i].minor : 77);
    support_unguard(value);
  }
  cpm_release r;
  assert_false(cpm_release_find(cpm_str_none(), &r));
}

static void find_prefix(cpm_str in, void *ctx) {
  (void)ctx;
  cpm_release r;
  assert_int_equal(cpm_release_find(in, &r), in.n >= 22);
}

static void a_release_is_found_once_it_is_whole(void **state) {
  (void)state;
  support_every_prefix(S("Ab/1 CPM-client/OMA2.2 (x)"), find_prefix, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(vectors),
    cmocka_unit_test(noise_is_read_to_its_end),
    cmocka_unit_test(comments_nest_as_deep_as_the_limit),
    cmocka_unit_test(what_the_grammar_cannot_hold_is_not_written),
    cmocka_unit_test(the_release_is_found_among_all_products),
    cmocka_unit_test(a_release_is_found_once_it_is_whole),
  };
  return cmocka_run_group_tests_name("product", tests, NULL, NULL);
}
