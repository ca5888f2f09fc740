/* SPDX-License-Identifier: MIT */
#include "support.h"
#include "cpm/mime.h"
#include <stdlib.h>
#include <string.h>

/* A vector's first line is the Content-Type, with its folds; the rest is the body. */
static cpm_str split(cpm_str in, cpm_str *body) {
  size_t at = 0;
  for (;; at++) {
    const char *const cr = memchr(in.p + at, '\r', in.n - at);
    assert_non_null(cr);
    at = (size_t)(cr - in.p);
    if (at + 2 >= in.n || (in.p[at + 2] != ' ' && in.p[at + 2] != '\t')) break;
  }
  *body = cpm_str_of(in.p + at + 2, in.n - at - 2);
  return cpm_str_of(in.p, at);
}

static void dump_text(FILE *out, const char *name, cpm_str s) {
  if (!s.p) return;
  fprintf(out, "%s \"", name);
  support_print(out, s);
  fputs("\"\n", out);
}

static void dump(cpm_str in, FILE *out) {
  cpm_str body;
  const cpm_str type = split(in, &body);
  cpm_external_body e;
  cpm_diag d = { 0 };
  char url[256];
  size_t n = 0;
  const int rc = cpm_external_body_decode(&e, type, body, NULL, &d);
  if (rc) {
    fprintf(out, "%s at %zu, %s (%s)\n", cpm_status_name(rc), d.off, d.rule, d.clause ? d.clause : "-");
    return;
  }
  fputs("quirks ", out);
  support_quirks(out, e.quirks);
  fputs(e.fetch ? ", fetch\n" : "\n", out);
  dump_text(out, "access-type", e.access_type);
  if (e.is_url) {
    assert_status(cpm_external_body_url(url, sizeof url, &n, &e, &d), CPM_OK, &d);
    dump_text(out, "URL", cpm_str_of(url, n));
  } else {
    assert_status(cpm_external_body_url(url, sizeof url, &n, &e, &d), CPM_E_MISSING, &d);
  }
  dump_text(out, "expiration", e.expiration);
  dump_text(out, "permission", e.permission);
  if (e.has_size) fprintf(out, "size %llu\n", (unsigned long long)e.size);
  dump_text(out, "content-type", e.content_type);
  dump_text(out, "content-id", e.content_id);
  dump_text(out, "disposition", e.disposition);
  dump_text(out, "encoding", e.encoding);
  dump_text(out, "head", e.head);
  dump_text(out, "phantom", e.phantom);
}

static void vectors(void **state) {
  (void)state;
  HOLDS("S3-8.2.6-3.check");
  support_vectors("external_body", dump);
}

static const cpm_str type = CPM_STR("message/external-body;access-type=URL;URL=\"http://example.com/\r\n a?action=fetch\";size=12");
static const cpm_str body = CPM_STR("Content-Type: a/b\r\nContent-ID: <1@example.com>\r\n\r\nnothing");

static void type_prefix(cpm_str in, void *ctx) {
  cpm_external_body e;
  cpm_diag d = { 0 };
  (void)ctx;
  const int rc = cpm_external_body_decode(&e, in, body, NULL, &d);
  assert_int_equal(d.code, rc);
  assert_true(d.off <= in.n);
}

static void body_prefix(cpm_str in, void *ctx) {
  cpm_external_body e;
  cpm_diag d = { 0 };
  (void)ctx;
  const int rc = cpm_external_body_decode(&e, type, in, NULL, &d);
  assert_int_equal(d.code, rc);
  assert_true(d.off <= in.n);
}

static void every_prefix_is_read_to_its_end(void **state) {
  (void)state;
  support_every_prefix(type, type_prefix, NULL);
  support_every_prefix(body, body_prefix, NULL);
}

static void a_quirk_can_be_refused(void **state) {
  (void)state;
  const struct { cpm_str type, body; uint64_t bit; } rows[] = {
    { S("message/external-body;access-type=URL;URL=\"http://example.com/\";"), S(""), CPM_QUIRK(MIME_TRAILING_SEMI) },
    { S("message/external-body;access-type=URL;URL=\"http://example.com/\""), S("Content-Type: a/b\r\nContent-Type: c/d\r\n\r\n"), CPM_QUIRK(MIME_REPEATED) },
    { S("message/external-body;access-type=URL;URL=\"http://example.com/\xe9\""), S(""), CPM_QUIRK(UTF8_INVALID) },
    { S("message/external-body;access-type=URL;URL=\"http://example.com/\""), S("Content-Description: \xe9\r\n\r\n"), CPM_QUIRK(UTF8_INVALID) },
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    const cpm_opts only = { .refuse = rows[i].bit }, others = { .refuse = ~rows[i].bit };
    cpm_external_body e;
    cpm_diag d = { 0 };
    assert_status(cpm_external_body_decode(&e, rows[i].type, rows[i].body, &only, &d), CPM_E_QUIRK, &d);
    assert_status(cpm_external_body_decode(&e, rows[i].type, rows[i].body, &others, &d), CPM_OK, &d);
    assert_true(e.quirks == rows[i].bit);
  }
}

/* ---- writing ------------------------------------------------------------------------------------------------------- */

typedef struct written { cpm_external_body e; cpm_str url; } written;

static int write_type(char *dst, size_t cap, size_t *len, void *ctx) {
  const written *const w = ctx;
  return cpm_external_type_encode(dst, cap, len, &w->e, w->url, NULL);
}

static int write_body(char *dst, size_t cap, size_t *len, void *ctx) { return cpm_external_body_encode(dst, cap, len, &((const written *)ctx)->e, NULL); }

static cpm_str copy_of(cpm_str s) {
  char *const p = malloc(s.n + 1);
  assert_non_null(p);
  memcpy(p, s.p, s.n);
  return cpm_str_of(p, s.n);
}

static void what_is_written_is_read_back(void **state) {
  (void)state;
  written w = { { .expiration = S("Fri, 14 Jun 1991 19:13:14 -0400"), .has_size = true, .size = UINT64_MAX, .permission = S("read"),
                  .content_type = S("image/png"), .content_id = S("<1@example.com>"), .disposition = S("attachment"), .encoding = S("binary"),
                  .phantom = S("nothing") }, S("http://store.example.com/x?action=fetch&y=%20") };
  const cpm_str first = copy_of(support_every_size(write_type, &w)), inside = copy_of(support_every_size(write_body, &w));
  cpm_external_body e;
  cpm_diag d = { 0 };
  char url[128];
  size_t n = 0;
  assert_status(cpm_external_body_decode(&e, first, inside, NULL, &d), CPM_OK, &d);
  assert_int_equal(e.quirks, 0);
  assert_status(cpm_external_body_url(url, sizeof url, &n, &e, &d), CPM_OK, &d);
  assert_true(cpm_str_eq(cpm_str_of(url, n), w.url));
  assert_true(e.fetch && e.has_size && e.size == UINT64_MAX);
  assert_true(cpm_str_eq(e.expiration, w.e.expiration) && cpm_str_eq(e.permission, w.e.permission));
  assert_true(cpm_str_eq(e.content_type, w.e.content_type) && cpm_str_eq(e.content_id, w.e.content_id));
  assert_true(cpm_str_eq(e.disposition, w.e.disposition) && cpm_str_eq(e.encoding, w.e.encoding) && cpm_str_eq(e.phantom, w.e.phantom));
  written again = { e, w.url };   /* what was decoded has a head, which goes out as it is */
  assert_true(cpm_str_eq(support_every_size(write_body, &again), inside));
  assert_true(cpm_str_eq(support_every_size(write_type, &again), first));
  free((void *)(uintptr_t)first.p);
  free((void *)(uintptr_t)inside.p);
}

static void what_would_say_something_else_is_not_written(void **state) {
  (void)state;
  const struct { cpm_str url; int rc; } urls[] = {
    { S("http://example.com/\r\nX: y"), CPM_E_INJECTION }, { S("http://example.com/ "), CPM_E_VALUE }, { S("http://example.com/\""), CPM_E_VALUE },
    { S("http://example.com/\\"), CPM_E_VALUE }, { S("http://example.com/\xc3\xa9"), CPM_E_VALUE }, { S(""), CPM_E_MISSING }, { S("a\0b"), CPM_E_INJECTION },
  };
  written w = { { .content_type = S("a/b"), .content_id = S("<1@example.com>") }, S("http://example.com/") };
  size_t n = 0;
  cpm_diag d = { 0 };
  for (size_t i = 0; i < sizeof urls / sizeof *urls; i++)
    assert_status(cpm_external_type_encode(NULL, 0, &n, &w.e, urls[i].url, &d), urls[i].rc, &d);
  w.e.expiration = S("now\"");
  assert_status(cpm_external_type_encode(NULL, 0, &n, &w.e, w.url, &d), CPM_E_VALUE, &d);
  w.e.content_type = S("a/b\r\nX: y");
  assert_status(cpm_external_body_encode(NULL, 0, &n, &w.e, &d), CPM_E_INJECTION, &d);
  w.e.content_type = S("a/b;c=\"\xe9\"");
  assert_status(cpm_external_body_encode(NULL, 0, &n, &w.e, &d), CPM_E_VALUE, &d);
  w.e.content_type = S("a/b");
  w.e.content_id = cpm_str_none();
  assert_status(cpm_external_body_encode(NULL, 0, &n, &w.e, &d), CPM_E_MISSING, &d);
  w.e.head = S("Content-ID: <1@example.com>\r\n\r\nX");
  assert_status(cpm_external_body_encode(NULL, 0, &n, &w.e, &d), CPM_E_INJECTION, &d);
}

/* Time is linear: each of these is read once. */
static void long_urls_are_read(void **state) {
  (void)state;
  enum { N = 1 << 20 };
  char *const text = malloc(N + 128);
  assert_non_null(text);
  const size_t head = (size_t)sprintf(text, "message/external-body;access-type=URL;URL=\"http://example.com/?");
  for (size_t i = head; i < N; i++) text[i] = "action=fetc&"[i % 12];
  text[N] = '"';
  cpm_external_body e;
  cpm_diag d = { 0 };
  assert_status(cpm_external_body_decode(&e, cpm_str_of(text, N + 1), S(""), NULL, &d), CPM_OK, &d);
  assert_false(e.fetch);
  free(text);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(vectors),
    cmocka_unit_test(every_prefix_is_read_to_its_end),
    cmocka_unit_test(a_quirk_can_be_refused),
    cmocka_unit_test(what_is_written_is_read_back),
    cmocka_unit_test(what_would_say_something_else_is_not_written),
    cmocka_unit_test(long_urls_are_read),
  };
  return cmocka_run_group_tests_name("external_body", tests, NULL, NULL);
}
