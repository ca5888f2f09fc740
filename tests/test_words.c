/* SPDX-License-Identifier: MIT */
/* Texts, tokens, identifiers and numbers: what stands alone in a header field. */
#include "values.h"
#include "cpm/dialog.h"

static cpm_str text;
static uint64_t met;

static int text_next(cpm_str *rest, const cpm_opts *opts, cpm_diag *diag) {
  cpm_str value;
  return values_one(rest, &value) ? cpm_text_decode(&text, value, opts, &met, diag) : CPM_END;
}

static int text_encode(char *dst, size_t cap, size_t *len, cpm_diag *diag) { return cpm_text_encode(dst, cap, len, text, diag); }
static void text_print(FILE *out, const char *base) { values_slice(out, "text", text, base); }
static uint64_t text_quirks(void) { return met; }

static const values_kind texts = { "text", text_next, text_print, text_encode, text_quirks, true };

static void vectors(void **state) {
  (void)state;
  values_vectors(&texts);
}

static void noise_is_read_to_its_end(void **state) {
  (void)state;
  values_noise(&texts);
  values_refuse_nul(&texts, S("Need more boxes"));
}

static void texts_that_cannot_be_read_back_are_not_written(void **state) {
  (void)state;
#define TEXT(s) cpm_text_encode(dst, cap, len, S(s), diag)
  values_refused(TEXT(" a"), CPM_E_VALUE, "TEXT-UTF8-TRIM");
  values_refused(TEXT("a "), CPM_E_VALUE, "TEXT-UTF8-TRIM");
  values_refused(TEXT("\x1b"), CPM_E_VALUE, "TEXT-UTF8-TRIM");
  values_refused(TEXT("caf\xe9"), CPM_E_VALUE, "TEXT-UTF8-TRIM");
  values_refused(TEXT("a\r\nX: y"), CPM_E_INJECTION, "TEXT-UTF8-TRIM");
  values_refused(TEXT("a\0"), CPM_E_INJECTION, "TEXT-UTF8-TRIM");
#undef TEXT
}

static void a_token_alone_is_no_list(void **state) {
  (void)state;
  const struct { cpm_str in; int rc; size_t off; } cases[] = {
    { S("urgent"), CPM_OK, 0 },       { S(" a.b\r\n "), CPM_OK, 0 },      { S("a, b"), CPM_E_SYNTAX, 1 }, { S("a,"), CPM_E_SYNTAX, 1 },
    { S(",a"), CPM_E_SYNTAX, 0 },     { S(""), CPM_E_TRUNCATED, 0 },      { S(" "), CPM_E_TRUNCATED, 1 }, { S("a b"), CPM_E_SYNTAX, 2 },
    { S("a;b"), CPM_E_SYNTAX, 1 },    { S("\"a\""), CPM_E_SYNTAX, 0 },    { S("a\0"), CPM_E_SYNTAX, 1 },  { S(","), CPM_E_TRUNCATED, 1 },
    { cpm_str_none(), CPM_E_TRUNCATED, 0 },
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    cpm_diag d = { 0 };
    cpm_str token;
    assert_status(cpm_token_decode(&token, cases[i].in, NULL, &d), cases[i].rc, &d);
    assert_int_equal(d.off, cases[i].off);
    if (cases[i].rc == CPM_OK) assert_int_equal(token.n, i ? 3 : 6);
  }
}

static int tokens_ctx(char *dst, size_t cap, size_t *len, void *ctx) { return cpm_token_encode(dst, cap, len, ctx, 3, NULL); }
static int id_ctx(char *dst, size_t cap, size_t *len, void *ctx) { return cpm_id_encode(dst, cap, len, *(cpm_str *)ctx, NULL); }
static int call_id_ctx(char *dst, size_t cap, size_t *len, void *ctx) { return cpm_call_id_encode(dst, cap, len, *(cpm_str *)ctx, NULL); }
static int number_ctx(char *dst, size_t cap, size_t *len, void *ctx) { return cpm_number_encode(dst, cap, len, *(uint64_t *)ctx, NULL); }

static void words_are_written_at_every_size(void **state) {
  (void)state;
  cpm_str tokens[] = { S("100rel"), S("timer"), S("recipient-list-message") }, id = S("ec1d9638///@"), call_id = S("a(b)@c");
  uint64_t number = UINT64_MAX;
  assert_str(support_every_size(tokens_ctx, tokens), "100rel, timer, recipient-list-message");
  assert_str(support_every_size(id_ctx, &id), "ec1d9638///@");
  assert_str(support_every_size(call_id_ctx, &call_id), "a(b)@c");
  assert_str(support_every_size(number_ctx, &number), "18446744073709551615");
  number = 0;
  assert_str(support_every_size(number_ctx, &number), "0");
  size_t n = 7;
  assert_int_equal(cpm_token_encode(NULL, 0, &n, NULL, 0, NULL), CPM_OK);
  assert_int_equal(n, 0);
}

static void what_is_no_word_is_not_written(void **state) {
  (void)state;
  char longer[CPM_ID_MAX + 1];
  memset(longer, 'a', sizeof longer);
#define TOKENS(...) cpm_token_encode(dst, cap, len, (const cpm_str[]){ S("a"), __VA_ARGS__ }, 2, diag)
  values_refused(TOKENS(S("")), CPM_E_VALUE, "token");
  values_refused(TOKENS({ NULL, 0 }), CPM_E_VALUE, "token");
  values_refused(TOKENS(S("a,b")), CPM_E_VALUE, "token");
  values_refused(TOKENS(S("a\r\n b")), CPM_E_VALUE, "token");
  values_refused(TOKENS(S("a\nb")), CPM_E_INJECTION, "token");
  values_refused(cpm_id_encode(dst, cap, len, S(""), diag), CPM_E_VALUE, "identifier");
  values_refused(cpm_id_encode(dst, cap, len, cpm_str_none(), diag), CPM_E_VALUE, "identifier");
  values_refused(cpm_id_encode(dst, cap, len, S("a "), diag), CPM_E_VALUE, "identifier");
  values_refused(cpm_id_encode(dst, cap, len, S("a b"), diag), CPM_E_VALUE, "identifier");
  values_refused(cpm_id_encode(dst, cap, len, S("a\0"), diag), CPM_E_INJECTION, "identifier");
  values_refused(cpm_id_encode(dst, cap, len, cpm_str_of(longer, sizeof longer), diag), CPM_E_VALUE, "identifier");
  values_refused(cpm_call_id_encode(dst, cap, len, S("a@"), diag), CPM_E_VALUE, "callid");
  values_refused(cpm_call_id_encode(dst, cap, len, S(" a"), diag), CPM_E_VALUE, "callid");
  values_refused(cpm_call_id_encode(dst, cap, len, S("a\r\nX: y"), diag), CPM_E_INJECTION, "callid");
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(vectors),
    cmocka_unit_test(noise_is_read_to_its_end),
    cmocka_unit_test(texts_that_cannot_be_read_back_are_not_written),
    cmocka_unit_test(a_token_alone_is_no_list),
    cmocka_unit_test(words_are_written_at_every_size),
    cmocka_unit_test(what_is_no_word_is_not_written),
  };
  return cmocka_run_group_tests_name("words", tests, NULL, NULL);
}
