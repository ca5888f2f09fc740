/* SPDX-License-Identifier: MIT */
#include "values.h"
#include "cpm/dialog.h"

static cpm_route route;
static cpm_history_info history;

VALUES_NEXT(route_next, route, cpm_route_next)
VALUES_ENCODE(route_encode, route, cpm_route_encode)
VALUES_NEXT(history_next, history, cpm_history_info_next)
VALUES_ENCODE(history_encode, history, cpm_history_info_encode)

static void route_print(FILE *out, const char *base) {
  values_slice(out, route.display_quoted ? "display, quoted," : "display", route.display, base);
  values_slice(out, route.lr ? "uri, loose," : "uri", route.uri, base);
  values_slice(out, "params", route.params, base);
}

static void history_print(FILE *out, const char *base) {
  static const char *const targets[] = { "none", "rc", "mp", "np" };
  values_slice(out, history.display_quoted ? "display, quoted," : "display", history.display, base);
  values_slice(out, "uri", history.uri, base);
  values_slice(out, "params", history.params, base);
  values_slice(out, "index", history.index, base);
  values_slice(out, targets[history.target], history.target_index, base);
}

static const values_kind routes = { "route", route_next, route_print, route_encode, NULL, true };
static const values_kind histories = { "history_info", history_next, history_print, history_encode, NULL, true };

static void vectors(void **state) {
  (void)state;
  values_vectors(&routes);
  values_vectors(&histories);
}

static void noise_is_read_to_its_end(void **state) {
  (void)state;
  values_noise(&routes);
  values_noise(&histories);
  values_refuse_nul(&routes, S("\"A\\\"\" <sip:a@b;lr> ;x=\"y\";z"));
  values_refuse_nul(&histories, S("A B <sip:a@b?Reason=SIP> ;index=1.1;rc=1"));
}

static void a_loose_router_says_lr_among_the_parameters_of_its_uri(void **state) {
  (void)state;
  const struct { cpm_str value; bool lr; } cases[] = {
    { S("<sip:a;lr>"), true },             { S("<sip:a;LR>"), true },         { S("<sips:a@b:5061;transport=tls;lr>"), true },
    { S("<sip:a;lr=on>"), true },          { S("<sip:a;lr;x>"), true },       { S("<sip:a;lr?x=y>"), true },
    { S("<sip:a>;lr"), false },            { S("<sip:a;lr@b>"), false },      { S("<sip:a;lrx>"), false },
    { S("<sip:a;xlr>"), false },           { S("<sip:a?x=;lr>"), false },     { S("<sip:a;l>"), false },
    { S("<tel:+1;lr>"), false },           { S("<x:a;lr>"), false },          { S("<sip:a;x=lr>"), false },
    { S("<SIP:a@b;x;lr>"), true },         { S("<sip:a;l;r>"), false },       { S("<sip:;lr>"), true },
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    cpm_str rest = cases[i].value;
    cpm_diag d = { 0 };
    assert_status(cpm_route_next(&rest, &route, NULL, &d), CPM_OK, &d);
    if (route.lr != cases[i].lr) fail_msg("%.*s", (int)cases[i].value.n, cases[i].value.p);
  }
}

static void what_the_grammar_cannot_hold_is_not_written(void **state) {
  (void)state;
  const cpm_str uri = S("sip:p1.example.com;lr");
#define ROUTE(...) cpm_route_encode(dst, cap, len, &(cpm_route){ __VA_ARGS__ }, diag)
  values_refused(ROUTE(.uri = S("")), CPM_E_VALUE, "addr-spec");
  values_refused(ROUTE(.params = S(";a")), CPM_E_VALUE, "addr-spec");
  values_refused(ROUTE(.uri = S("sip:a>;b=<")), CPM_E_VALUE, "addr-spec");
  values_refused(ROUTE(.uri = S("sip:a\r\nX: y")), CPM_E_INJECTION, "addr-spec");
  values_refused(ROUTE(.uri = uri, .params = S("a")), CPM_E_VALUE, "generic-param");
  values_refused(ROUTE(.uri = uri, .params = S(";a, <sip:b>")), CPM_E_VALUE, "generic-param");
  values_refused(ROUTE(.uri = uri, .params = S(";a\n")), CPM_E_INJECTION, "generic-param");
  values_refused(ROUTE(.uri = uri, .display = S("a\rb")), CPM_E_INJECTION, "display-name");
#undef ROUTE
#define HISTORY(...) cpm_history_info_encode(dst, cap, len, &(cpm_history_info){ .uri = uri, __VA_ARGS__ }, diag)
  values_refused(HISTORY(.params = S(";index=1")), CPM_E_VALUE, "index-val");
  values_refused(HISTORY(.index = S("1.")), CPM_E_VALUE, "index-val");
  values_refused(HISTORY(.index = S("1;a")), CPM_E_VALUE, "index-val");
  values_refused(HISTORY(.index = S("1\r\n")), CPM_E_INJECTION, "index-val");
  values_refused(HISTORY(.index = S("1"), .target = CPM_HI_RC), CPM_E_VALUE, "index-val");
  values_refused(HISTORY(.index = S("1"), .target = CPM_HI_RC, .target_index = S("1\n")), CPM_E_INJECTION, "index-val");
  values_refused(HISTORY(.index = S("1"), .target = (cpm_hi_target)4, .target_index = S("1")), CPM_E_VALUE, "hi-target-param");
  values_refused(HISTORY(.index = S("1"), .params = S(";a=")), CPM_E_VALUE, "generic-param");
}

static int history_ctx(char *dst, size_t cap, size_t *len, void *ctx) { return cpm_history_info_encode(dst, cap, len, ctx, NULL); }

static void members_count_more_than_params(void **state) {
  (void)state;
  cpm_history_info h = { .uri = S("sip:a@b"), .index = S("1.2"), .target = CPM_HI_MP, .target_index = S("1.1") };
  assert_str(support_every_size(history_ctx, &h), "<sip:a@b>;index=1.2;mp=1.1");
  h.params = S(";index=9;x=y;rc=8;np=7;z");
  assert_str(support_every_size(history_ctx, &h), "<sip:a@b>;index=1.2;mp=1.1;x=y;z");
}

/* Ten thousand elements: there is no array to overflow. */
static void long_lists_have_no_limit(void **state) {
  (void)state;
  enum { N = 10000 };
  static const char element[] = "<sip:a.example.com;lr>,";
  const size_t n = sizeof element - 1;
  char *text = malloc(N * n);
  assert_non_null(text);
  for (size_t i = 0; i < N; i++) memcpy(text + i * n, element, n);
  cpm_str rest = cpm_str_of(text, N * n - 1);
  unsigned count = 0;
  while (cpm_route_next(&rest, &route, NULL, NULL) == CPM_OK) count++;
  assert_int_equal(count, N);
  free(text);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(vectors),
    cmocka_unit_test(noise_is_read_to_its_end),
    cmocka_unit_test(a_loose_router_says_lr_among_the_parameters_of_its_uri),
    cmocka_unit_test(what_the_grammar_cannot_hold_is_not_written),
    cmocka_unit_test(members_count_more_than_params),
    cmocka_unit_test(long_lists_have_no_limit),
  };
  return cmocka_run_group_tests_name("route", tests, NULL, NULL);
}
