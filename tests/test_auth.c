/* SPDX-License-Identifier: MIT */
#include "values.h"
#include "kinds.h"
#include "cpm/auth.h"

static cpm_auth last;
static cpm_str info;

static int next(cpm_str *rest, const cpm_opts *opts, cpm_diag *diag) {
  cpm_str in;
  return values_one(rest, &in) ? cpm_auth_decode(&last, in, opts, diag) : CPM_END;
}

static int info_next(cpm_str *rest, const cpm_opts *opts, cpm_diag *diag) {
  cpm_str in;
  return values_one(rest, &in) ? cpm_auth_info_decode(&info, in, opts, diag) : CPM_END;
}

static void print_params(FILE *out, cpm_str params, const char *base) {
  cpm_param p;
  while (cpm_auth_param_next(&params, &p, NULL) == CPM_OK) {
    values_slice(out, "name", p.name, base);
    values_slice(out, p.quoted ? "  quoted" : "  plain", p.value, base);
  }
}

static void print(FILE *out, const char *base) {
  values_slice(out, "scheme", last.scheme, base);
  print_params(out, last.params, base);
}

static void info_print(FILE *out, const char *base) { print_params(out, info, base); }

static int encode(char *dst, size_t cap, size_t *len, cpm_diag *diag) { return cpm_auth_encode(dst, cap, len, &last, diag); }
static int info_encode(char *dst, size_t cap, size_t *len, cpm_diag *diag) { return cpm_auth_info_encode(dst, cap, len, info, diag); }

static const values_kind kind = { "auth", next, print, encode, NULL, false };
static const values_kind info_kind = { "auth_info", info_next, info_print, info_encode, NULL, false };

static void challenges_and_credentials(void **state) {
  (void)state;
  values_vectors(&kind);
  values_vectors(&info_kind);
  values_noise(&kind);
  values_noise(&info_kind);
  values_refuse_nul(&kind, S("Digest realm=\"a \\\"b\", nonce=c/d , e = \"\""));
  values_refuse_nul(&info_kind, S("nextnonce=\"a\",nc=00000001"));
}

static void parameters_are_found_by_name(void **state) {
  (void)state;
  cpm_auth a;
  cpm_param p;
  cpm_diag d = { 0 };
  assert_status(cpm_auth_decode(&a, S("Digest realm=\"a, b\", nonce=\"n\", qop=\"auth\""), NULL, &d), CPM_OK, &d);
  assert_str(a.scheme, "Digest");
  assert_true(cpm_auth_param_find(a.params, "QOP", &p));
  assert_str(p.value, "auth");
  assert_true(p.quoted);
  assert_true(cpm_auth_param_find(a.params, "realm", NULL));
  assert_false(cpm_auth_param_find(a.params, "opaque", &p));
  assert_false(cpm_auth_param_find(S("a=b,c,d=e"), "d", &p));
  assert_false(cpm_auth_param_find(cpm_str_none(), "d", &p));
  assert_status(cpm_auth_decode(&a, S("Digest nonce=a, Nonce=b"), NULL, &d), CPM_E_DUPLICATE, &d);
  assert_int_equal(d.off, 16);
  assert_status(cpm_auth_decode(&a, cpm_str_none(), NULL, &d), CPM_E_TRUNCATED, NULL);
}

/* A parameter without value made other parsers read behind it: each step stays inside and says where. */
static void a_bad_parameter_says_where_and_the_walk_goes_on(void **state) {
  (void)state;
  cpm_str rest = S("a=b,c,d=,=e,f=\"g\",h=\"i");
  static const struct { int rc; size_t off; } steps[] = {
    { CPM_OK, 0 }, { CPM_E_SYNTAX, 1 }, { CPM_E_SYNTAX, 2 }, { CPM_E_SYNTAX, 0 }, { CPM_OK, 0 }, { CPM_E_TRUNCATED, 4 }, { CPM_END, 0 },
  };
  for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
    cpm_param p;
    cpm_diag d = { 0 };
    assert_status(cpm_auth_param_next(&rest, &p, &d), steps[i].rc, &d);
    assert_int_equal(d.off, steps[i].off);
  }
}

static void walk(cpm_str in, void *ctx) {
  (void)ctx;
  cpm_param p;
  size_t left = in.n;
  for (cpm_str rest = in; cpm_auth_param_next(&rest, &p, NULL) != CPM_END; left = rest.n) assert_true(rest.n < left);
}

static void every_prefix_of_a_list_is_walked_to_its_end(void **state) {
  (void)state;
  support_every_prefix(S("a=b ,\t c = \"d, \\\"e\"\r\n , f=,g,h=\"i\\"), walk, NULL);
}

/* ---- Digest -------------------------------------------------------------------------------------------------------- */

typedef struct written { const cpm_digest *digest; cpm_digest_use use; } written;

static int digest_encode(char *dst, size_t cap, size_t *len, void *ctx) {
  const written *const w = ctx;
  return cpm_digest_encode(dst, cap, len, w->digest, w->use, NULL);
}

static void digest_print(FILE *out, const cpm_digest *d, const char *base) {
#define PRINT(member, name, quotes) values_slice(out, name, d->member, base);
  CPM_DIGESTS(PRINT)
#undef PRINT
  fprintf(out, "  nonce count %u%s\n", (unsigned)d->nonce_count, d->is_stale ? ", stale" : "");
}

/* What was written is read and written the same again. */
static void digest_round(FILE *out, const cpm_digest *d, cpm_digest_use use) {
  const written w = { d, use };
  cpm_diag diag = { 0 };
  size_t len = 0;
  const int rc = cpm_digest_encode(NULL, 0, &len, d, use, &diag);
  if (rc) {
    fprintf(out, "  not written: %s, %s\n", cpm_status_name(rc), diag.rule);
    return;
  }
  const cpm_str first = support_every_size(digest_encode, (void *)(uintptr_t)&w);
  cpm_str list = first;
  cpm_auth a;
  cpm_digest again;
  char second[1024];
  fputs("  written ", out);
  support_print(out, first);
  fputc('\n', out);
  if (use != CPM_DIGEST_INFO) assert_status(cpm_auth_decode(&a, first, NULL, &diag), CPM_OK, &diag);
  if (use != CPM_DIGEST_INFO) list = a.params;
  assert_status(cpm_digest_decode(&again, list, NULL, &diag), CPM_OK, &diag);
  assert_status(cpm_digest_encode(second, sizeof second, &len, &again, use, &diag), CPM_OK, &diag);
  assert_true(cpm_str_eq(cpm_str_of(second, len), first));
}

static void digest_dump(FILE *out, cpm_str in, cpm_digest_use use) {
  cpm_digest d;
  cpm_diag diag = { 0 };
  const int rc = cpm_digest_decode(&d, in, NULL, &diag);
  if (rc) {
    kinds_error(out, rc, &diag);
    return;
  }
  digest_print(out, &d, in.p);
  digest_round(out, &d, use);
}

static void dump_challenge(FILE *out, cpm_str in) { digest_dump(out, in, CPM_DIGEST_CHALLENGE); }
static void dump_credentials(FILE *out, cpm_str in) { digest_dump(out, in, CPM_DIGEST_CREDENTIALS); }
static void dump_info(FILE *out, cpm_str in) { digest_dump(out, in, CPM_DIGEST_INFO); }

static void digests(void **state) {
  (void)state;
  static const kinds_kind kinds[] = { { 'C', dump_challenge }, { 'R', dump_credentials }, { 'I', dump_info }, { 0, NULL } };
  kinds_vectors("digest", kinds);
}

static void a_digest_is_written_from_its_members(void **state) {
  (void)state;
  cpm_digest d = { .realm = S("a"), .nonce = S("b"), .algorithm = S("SHA-256"), .qop = S("auth,auth-int") };
  written w = { &d, CPM_DIGEST_CHALLENGE };
  assert_str(support_every_size(digest_encode, &w), "Digest realm=\"a\", nonce=\"b\", algorithm=SHA-256, qop=\"auth,auth-int\"");
  d.params = S("realm=\"c\", new=\"d\"");
  assert_str(support_every_size(digest_encode, &w),
             "Digest realm=\"a\", nonce=\"b\", algorithm=SHA-256, qop=\"auth,auth-int\", new=\"d\"");
  d.params = cpm_str_none();
  d.qop = S("auth");
  d.username = S("u");
  d.uri = S("sip:x");
  d.response = S("r");
  d.nc = S("00000002");
  w.use = CPM_DIGEST_CREDENTIALS;
  assert_str(support_every_size(digest_encode, &w), "Digest username=\"u\", realm=\"a\", nonce=\"b\", uri=\"sip:x\", response=\"r\", "
                                                    "algorithm=SHA-256, qop=auth, nc=00000002");
  d.username = cpm_str_none();
  d.params = S("username*=UTF-8''J%C3%A4s");
  assert_str(support_every_size(digest_encode, &w), "Digest realm=\"a\", nonce=\"b\", uri=\"sip:x\", response=\"r\", algorithm=SHA-256, "
                                                    "qop=auth, nc=00000002, username*=UTF-8''J%C3%A4s");
  const cpm_digest next_nonce = { .nextnonce = S("n") };
  const written i = { &next_nonce, CPM_DIGEST_INFO };
  assert_str(support_every_size(digest_encode, (void *)(uintptr_t)&i), "nextnonce=\"n\"");
}

static void what_the_grammar_cannot_hold_is_not_written(void **state) {
  (void)state;
  const cpm_str a = S("a");
  const struct { cpm_digest d; cpm_digest_use use; int rc; const char *rule; } bad[] = {
    { { .realm = S("a\"b"), .nonce = a }, CPM_DIGEST_CHALLENGE, CPM_E_VALUE, "realm" },
    { { .realm = S("a\\"), .nonce = a }, CPM_DIGEST_CHALLENGE, CPM_E_VALUE, "realm" },
    { { .realm = S("a\r\nX: y"), .nonce = a }, CPM_DIGEST_CHALLENGE, CPM_E_INJECTION, "realm" },
    { { .realm = a, .nonce = S("a\0b") }, CPM_DIGEST_CHALLENGE, CPM_E_INJECTION, "nonce" },
    { { .realm = a, .nonce = a, .algorithm = S("") }, CPM_DIGEST_CHALLENGE, CPM_E_VALUE, "algorithm" },
    { { .realm = a, .nonce = a, .algorithm = S("M, x=y") }, CPM_DIGEST_CHALLENGE, CPM_E_VALUE, "algorithm" },
    { { .realm = a, .nonce = a, .stale = S("a\n") }, CPM_DIGEST_CHALLENGE, CPM_E_INJECTION, "stale" },
    { { .realm = a, .nonce = a, .qop = S("auth,auth-int") }, CPM_DIGEST_CREDENTIALS, CPM_E_VALUE, "qop" },
    { { .nonce = a }, CPM_DIGEST_CHALLENGE, CPM_E_VALUE, "realm" },
    { { .realm = a }, CPM_DIGEST_CHALLENGE, CPM_E_VALUE, "nonce" },
    { { .realm = a, .nonce = a, .username = a, .uri = a }, CPM_DIGEST_CREDENTIALS, CPM_E_VALUE, "response" },
    { { .realm = a, .nonce = a, .username = a, .response = a }, CPM_DIGEST_CREDENTIALS, CPM_E_VALUE, "uri" },
    { { .realm = a, .nonce = a, .uri = a, .response = a }, CPM_DIGEST_CREDENTIALS, CPM_E_VALUE, "username" },
    { { .realm = a, .nonce = a, .uri = a, .response = a, .params = S("Username=\"a\"") }, CPM_DIGEST_CREDENTIALS, CPM_E_VALUE, "username" },
    { { .nc = S("1") }, CPM_DIGEST_INFO, CPM_E_VALUE, "nc" },
    { { .nc = S("000000001") }, CPM_DIGEST_INFO, CPM_E_VALUE, "nc" },
    { { .nonce_count = 1 }, CPM_DIGEST_INFO, CPM_E_VALUE, "ainfo" },
    { { .nonce = a, .params = S("a") }, CPM_DIGEST_INFO, CPM_E_VALUE, "auth-param" },
    { { .nonce = a, .params = S("a=b\r\nX: y") }, CPM_DIGEST_INFO, CPM_E_INJECTION, "auth-param" },
    { { .nonce = a, .params = S("nonce=a,nonce=b") }, CPM_DIGEST_INFO, CPM_E_VALUE, "auth-param" },
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    cpm_diag d = { 0 };
    size_t len;
    assert_status(cpm_digest_encode(NULL, 0, &len, &bad[i].d, bad[i].use, &d), bad[i].rc, &d);
    assert_string_equal(d.rule, bad[i].rule);
  }
  const struct { cpm_auth auth; int rc; const char *rule; } auths[] = {
    { { S(""), S("a=b") }, CPM_E_VALUE, "auth-scheme" },        { { S("a b"), S("a=b") }, CPM_E_VALUE, "auth-scheme" },
    { { S("a\r\n b"), S("a=b") }, CPM_E_VALUE, "auth-scheme" }, { { S("a\n"), S("a=b") }, CPM_E_INJECTION, "auth-scheme" },
    { { cpm_str_none(), S("a=b") }, CPM_E_VALUE, "auth-scheme" }, { { S("a"), S("") }, CPM_E_VALUE, "auth-param" },
    { { S("a"), cpm_str_none() }, CPM_E_VALUE, "auth-param" },  { { S("a"), S("b") }, CPM_E_VALUE, "auth-param" },
    { { S("a"), S("b=c\0") }, CPM_E_INJECTION, "auth-param" },
  };
  for (size_t i = 0; i < sizeof auths / sizeof *auths; i++) {
    cpm_diag d = { 0 };
    size_t len;
    assert_status(cpm_auth_encode(NULL, 0, &len, &auths[i].auth, &d), auths[i].rc, &d);
    assert_string_equal(d.rule, auths[i].rule);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(challenges_and_credentials),
    cmocka_unit_test(parameters_are_found_by_name),
    cmocka_unit_test(a_bad_parameter_says_where_and_the_walk_goes_on),
    cmocka_unit_test(every_prefix_of_a_list_is_walked_to_its_end),
    cmocka_unit_test(digests),
    cmocka_unit_test(a_digest_is_written_from_its_members),
    cmocka_unit_test(what_the_grammar_cannot_hold_is_not_written),
  };
  return cmocka_run_group_tests_name("auth", tests, NULL, NULL);
}
