/* SPDX-License-Identifier: MIT */
#include "values.h"

static cpm_address last;

static int next(cpm_str *rest, const cpm_opts *opts, cpm_diag *diag) { return cpm_address_next(rest, &last, opts, diag); }

static int decode(cpm_str *rest, const cpm_opts *opts, cpm_diag *diag) {
  cpm_str value;
  return values_one(rest, &value) ? cpm_address_decode(&last, value, opts, diag) : CPM_END;
}

static void print(FILE *out, const char *base) {
  fprintf(out, "  %s\n", last.star ? "star" : last.bracketed ? "name-addr" : "addr-spec");
  values_slice(out, last.display_quoted ? "display, quoted," : "display", last.display, base);
  values_slice(out, "uri", last.uri, base);
  values_slice(out, "params", last.params, base);
}

static int encode(char *dst, size_t cap, size_t *len, cpm_diag *diag) {
  const cpm_address copy = last;
  return cpm_address_encode(dst, cap, len, &copy, diag);
}

static uint64_t quirks(void) { return last.quirks; }

static const values_kind one = { "address", decode, print, encode, quirks, true };
static const values_kind list = { "address_list", next, print, encode, quirks, true };

static void vectors(void **state) {
  (void)state;
  values_vectors(&one);
  values_vectors(&list);
}

static void noise_is_read_to_its_end(void **state) {
  (void)state;
  values_noise(&one);
  values_noise(&list);
}

static void nul_is_refused_anywhere(void **state) {
  (void)state;
  const cpm_str value = S("\"A\\\"B\" <sip:a;b=c@example.com> ; tag=x;y=\"z\"");
  values_refuse_nul(&one, value);
  values_refuse_nul(&list, value);
}

static int encode_ctx(char *dst, size_t cap, size_t *len, void *ctx) { return cpm_address_encode(dst, cap, len, ctx, NULL); }

static void plain_text_becomes_a_display_name(void **state) {
  (void)state;
  cpm_address a = { .display = S("Bob Smith"), .uri = S("sip:bob@example.com") };
  assert_str(support_every_size(encode_ctx, &a), "Bob Smith <sip:bob@example.com>");
  a.display = S("Bob \"B\" \\ J\xc3\xb6");
  assert_str(support_every_size(encode_ctx, &a), "\"Bob \\\"B\\\" \\\\ J\xc3\xb6\" <sip:bob@example.com>");
  a.display = S("");
  assert_str(support_every_size(encode_ctx, &a), "\"\" <sip:bob@example.com>");
  a.display_quoted = true;
  a.display = S("a\\\"b\r\n c");
  assert_str(support_every_size(encode_ctx, &a), "\"a\\\"b c\" <sip:bob@example.com>");
}

static void brackets_are_written_where_the_uri_needs_them(void **state) {
  (void)state;
  cpm_address a = { .uri = S("tel:+12025550100") };
  assert_str(support_every_size(encode_ctx, &a), "tel:+12025550100");
  a.params = S(";tag=1");
  assert_str(support_every_size(encode_ctx, &a), "<tel:+12025550100>;tag=1");
  a = (cpm_address){ .uri = S("tel:555;phone-context=example.com") };
  assert_str(support_every_size(encode_ctx, &a), "<tel:555;phone-context=example.com>");
  a.uri = S("sip:a@example.com?subject=x");
  assert_str(support_every_size(encode_ctx, &a), "<sip:a@example.com?subject=x>");
  a.uri = S("sip:a,b@example.com");
  assert_str(support_every_size(encode_ctx, &a), "<sip:a,b@example.com>");
  a = (cpm_address){ .star = true };
  assert_str(support_every_size(encode_ctx, &a), "*");
}

/* Where the first CR, LF or NUL stands in the part that has one. */
static size_t first_break(const cpm_address *a) {
  const cpm_str parts[] = { a->display, a->uri, a->params };
  for (size_t k = 0; k < 3; k++)
    for (size_t i = 0; i < parts[k].n; i++)
      if (!parts[k].p[i] || strchr("\r\n", parts[k].p[i])) return i;
  return SIZE_MAX;
}

static void what_the_grammar_cannot_hold_is_not_written(void **state) {
  (void)state;
  const cpm_str uri = S("sip:bob@example.com");
  const struct { cpm_address a; int rc; const char *rule; } bad[] = {
    { { .display = S("a\r\nb"), .uri = uri },                       CPM_E_INJECTION, "display-name" },
    { { .display = S("a\0b"), .uri = uri },                         CPM_E_INJECTION, "display-name" },
    { { .display = S("a\nb"), .display_quoted = true, .uri = uri }, CPM_E_INJECTION, "display-name" },
    { { .display = S("a\\"), .display_quoted = true, .uri = uri },  CPM_E_VALUE,     "display-name" },
    { { .display = S("a\"b"), .display_quoted = true, .uri = uri }, CPM_E_VALUE,     "display-name" },
    { { .uri = S("sip:a@b\r\nX: y") },                              CPM_E_INJECTION, "addr-spec" },
    { { .uri = S("sip:a@b\r\n c") },                                CPM_E_VALUE,     "addr-spec" },
    { { .uri = S("sip:a@b>;c=<") },                                 CPM_E_VALUE,     "addr-spec" },
    { { .uri = S("sip:@example.com") },                             CPM_E_VALUE,     "addr-spec" },
    { { .uri = S("sip:a%@example.com") },                           CPM_E_VALUE,     "addr-spec" },
    { { .uri = S("") },                                             CPM_E_VALUE,     "addr-spec" },
    { { .bracketed = true },                                        CPM_E_VALUE,     "addr-spec" },
    { { .uri = uri, .params = S(";tag=") },                         CPM_E_VALUE,     "generic-param" },
    { { .uri = uri, .params = S("tag=a") },                         CPM_E_VALUE,     "generic-param" },
    { { .uri = uri, .params = S(" ;tag=a") },                       CPM_E_VALUE,     "generic-param" },
    { { .uri = uri, .params = S(";tag=a ") },                       CPM_E_VALUE,     "generic-param" },
    { { .uri = uri, .params = S("") },                              CPM_E_VALUE,     "generic-param" },
    { { .uri = uri, .params = S(";tag=a, <sip:b@c>") },             CPM_E_VALUE,     "generic-param" },
    { { .uri = uri, .params = S(";tag=a;tag=b") },                  CPM_E_VALUE,     "generic-param" },
    { { .uri = uri, .params = S(";tag=a\r\nX: y") },                CPM_E_INJECTION, "generic-param" },
    { { .star = true, .params = S(";a") },                          CPM_E_VALUE,     "STAR" },
    { { .star = true, .uri = uri },                                 CPM_E_VALUE,     "STAR" },
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    char dst[8] = "unmoved";
    size_t len = 77;
    cpm_diag d = { 0 };
    assert_status(cpm_address_encode(dst, sizeof dst, &len, &bad[i].a, &d), bad[i].rc, &d);
    assert_string_equal(d.rule, bad[i].rule);
    assert_int_equal(d.off, d.code == CPM_E_INJECTION ? first_break(&bad[i].a) : 0);
    assert_string_equal(dst, "unmoved");
    assert_int_equal(len, 77);
  }
}

static void a_list_goes_on_behind_a_bad_element(void **state) {
  (void)state;
  cpm_str rest = S("<sip:a@example.com>, <sip:b, <sip:c@example.com>, \"d\" x, <sip:e@example.com>");
  cpm_address a;
  cpm_diag d = { 0 };
  assert_status(cpm_address_next(&rest, &a, NULL, &d), CPM_OK, &d);
  assert_str(a.uri, "sip:a@example.com");
  assert_status(cpm_address_next(&rest, &a, NULL, &d), CPM_E_SYNTAX, &d);
  assert_int_equal(d.off, 7);
  assert_status(cpm_address_next(&rest, &a, NULL, &d), CPM_E_SYNTAX, &d);
  assert_status(cpm_address_next(&rest, &a, NULL, &d), CPM_OK, &d);
  assert_str(a.uri, "sip:e@example.com");
  assert_status(cpm_address_next(&rest, &a, NULL, &d), CPM_END, &d);
}

/* Ten thousand Contact elements: there is no array to overflow. */
static void long_lists_have_no_limit(void **state) {
  (void)state;
  enum { N = 10000 };
  static const char element[] = "<sip:a@example.com>;q=0.5,";
  const size_t n = sizeof element - 1;
  char *text = malloc(N * n);
  assert_non_null(text);
  for (size_t i = 0; i < N; i++) memcpy(text + i * n, element, n);
  cpm_str rest = cpm_str_of(text, N * n - 1);
  cpm_address a;
  unsigned count = 0;
  while (cpm_address_next(&rest, &a, NULL, NULL) == CPM_OK) count++;
  assert_int_equal(count, N);
  free(text);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(vectors),
    cmocka_unit_test(noise_is_read_to_its_end),
    cmocka_unit_test(nul_is_refused_anywhere),
    cmocka_unit_test(plain_text_becomes_a_display_name),
    cmocka_unit_test(brackets_are_written_where_the_uri_needs_them),
    cmocka_unit_test(what_the_grammar_cannot_hold_is_not_written),
    cmocka_unit_test(a_list_goes_on_behind_a_bad_element),
    cmocka_unit_test(long_lists_have_no_limit),
  };
  return cmocka_run_group_tests_name("address", tests, NULL, NULL);
}
