/* SPDX-License-Identifier: MIT */
#include "support.h"
#include "cpm/mime.h"
#include <stdlib.h>
#include <string.h>

#define TYPE S("multipart/mixed;boundary=b")

static void dump_slice(FILE *out, const char *name, cpm_str s, cpm_str body) {
  if (!s.p) return;
  fprintf(out, "  %s %zu+%zu \"", name, (size_t)(s.p - body.p), s.n);
  support_print(out, s);
  fputs("\"\n", out);
}

/* The first line is the Content-Type, the rest the body; offsets count from the body. */
static void dump(cpm_str in, FILE *out) {
  const char *const cr = memchr(in.p, '\r', in.n);
  assert_non_null(cr);
  const cpm_str type = cpm_str_of(in.p, (size_t)(cr - in.p)), body = cpm_str_of(cr + 2, in.n - type.n - 2);
  cpm_part parts[4];
  cpm_multipart m = { parts, 4, 0, 0 };
  cpm_diag d = { 0 };
  const int rc = cpm_multipart_decode(&m, type, body, NULL, &d);
  if (rc) {
    fprintf(out, "%s at %zu, %s (%s)\n", cpm_status_name(rc), d.off, d.rule, d.clause ? d.clause : "-");
    return;
  }
  fputs("quirks ", out);
  support_quirks(out, m.quirks);
  fputc('\n', out);
  for (size_t i = 0; i < m.nparts; i++) {
    fprintf(out, "part %zu\n", i);
    assert_non_null(parts[i].head.p);
    assert_non_null(parts[i].body.p);
    assert_int_equal(parts[i].off, parts[i].body.p - body.p);
    dump_slice(out, "head", parts[i].head, body);
    dump_slice(out, "content-type", parts[i].content_type, body);
    dump_slice(out, "disposition", parts[i].disposition, body);
    dump_slice(out, "encoding", parts[i].encoding, body);
    dump_slice(out, "body", parts[i].body, body);
  }
}

static void vectors(void **state) {
  (void)state;
  support_vectors("multipart", dump);
}

static void a_refused_quirk_is_an_error(void **state) {
  (void)state;
  const uint64_t no_final = CPM_QUIRK(MULTIPART_NO_FINAL_CRLF), preamble = CPM_QUIRK(MULTIPART_PREAMBLE);
  const struct { cpm_str type, body; uint64_t bit; size_t off; } rows[] = {
    { TYPE, S("--b\r\n\r\nHi\r\n--b--"), no_final, 11 },
    { TYPE, S("--b\r\n\r\nHi--b--\r\n"), no_final, 9 },
    { TYPE, S("--b\r\n--b--\r\n"), no_final, 5 },
    { TYPE, S("x\r\n--b\r\n\r\nHi\r\n--b--\r\n"), preamble, 0 },
    { TYPE, S("--b\r\n\r\nHi\r\n--b--\r\nx"), preamble, 18 },
    { TYPE, S("--b\r\nContent-Type: a/b\r\nContent-Type: c/d\r\n\r\nHi\r\n--b--\r\n"), CPM_QUIRK(MIME_REPEATED), 24 },
    { TYPE, S("--b\r\nContent-Disposition: attachment;filename=\"caf\xe9\"\r\n\r\nHi\xff\r\n--b--\r\n"), CPM_QUIRK(UTF8_INVALID), 50 },
    { S("multipart/mixed;boundary=b;"), S("--b\r\n\r\nHi\r\n--b--\r\n"), CPM_QUIRK(MIME_TRAILING_SEMI), 26 },
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    cpm_part part;
    cpm_multipart m = { &part, 1, 0, 0 };
    cpm_diag d = { 0 };
    const cpm_opts refuse = { .refuse = rows[i].bit }, others = { .refuse = ~rows[i].bit };
    assert_status(cpm_multipart_decode(&m, rows[i].type, rows[i].body, &refuse, &d), CPM_E_QUIRK, &d);
    assert_int_equal(d.off, rows[i].off);
    assert_status(cpm_multipart_decode(&m, rows[i].type, rows[i].body, &others, &d), CPM_OK, &d);
    assert_true(m.quirks == rows[i].bit);
  }
}

static void ten_thousand_parts_say_how_many_they_are(void **state) {
  (void)state;
  static const char one[] = "--b\r\nContent-Type: text/plain\r\n\r\nHi\r\n", close[] = "--b--\r\n";
  const size_t n = 10000, each = sizeof one - 1;
  char *const text = malloc(n * each + sizeof close);
  cpm_part *const parts = calloc(n, sizeof *parts);
  assert_true(text && parts);
  for (size_t i = 0; i < n; i++) memcpy(text + i * each, one, each);
  memcpy(text + n * each, close, sizeof close - 1);
  const cpm_str body = support_guard(cpm_str_of(text, n * each + sizeof close - 1));
  for (size_t cap = 0; cap < n; cap = cap * 7 + 1) {
    cpm_multipart m = { cap ? parts : NULL, cap, 0, 0 };
    cpm_diag d = { 0 };
    assert_status(cpm_multipart_decode(&m, TYPE, body, NULL, &d), CPM_E_TOO_MANY, &d);
    assert_int_equal(d.code, CPM_E_TOO_MANY);
    assert_int_equal(d.need, n);
    assert_int_equal(m.nparts, cap);
  }
  cpm_multipart m = { parts, n, 0, 0 };
  assert_status(cpm_multipart_decode(&m, TYPE, body, NULL, NULL), CPM_OK, NULL);
  assert_int_equal(m.nparts, n);
  assert_str(parts[n - 1].body, "Hi");
  support_unguard(body);
  free(parts);
  free(text);
}

/* ---- part by part -------------------------------------------------------------------------------------------------------- */

static void any_number_of_parts_is_walked_without_an_array(void **state) {
  (void)state;
  static const char one[] = "--b\r\nContent-Type: text/plain\r\n\r\nHi\r\n", close[] = "--b--\r\n";
  const size_t n = 10000, each = sizeof one - 1;
  char *const text = malloc(n * each + sizeof close);
  assert_non_null(text);
  for (size_t i = 0; i < n; i++) memcpy(text + i * each, one, each);
  memcpy(text + n * each, close, sizeof close - 1);
  const cpm_str body = support_guard(cpm_str_of(text, n * each + sizeof close - 1));
  cpm_multipart_walk walk;
  cpm_part part;
  size_t count = 0;
  assert_status(cpm_multipart_open(&walk, TYPE, body, NULL, NULL), CPM_OK, NULL);
  for (int rc; (rc = cpm_multipart_next(&walk, &part, NULL, NULL)) != CPM_END; count++) {
    assert_status(rc, CPM_OK, NULL);
    assert_int_equal(part.off, count * each + each - 4);
    assert_str(part.body, "Hi");
    assert_str(part.content_type, "text/plain");
  }
  assert_int_equal(count, n);
  support_unguard(body);
  free(text);
}

static void a_walk_goes_on_behind_a_part_that_cannot_be_read(void **state) {
  (void)state;
  const cpm_opts small = { .max_line = 10 };
  const cpm_str body = S("--b\r\nno field\r\n\r\nA\r\n--b\r\nA: b\r\n\r\nB\r\n--b\r\nLong: field\r\n\r\nC\r\n--b--\r\nx");
  cpm_multipart_walk walk;
  cpm_part part;
  cpm_diag d = { 0 };
  assert_status(cpm_multipart_open(&walk, TYPE, body, &small, &d), CPM_OK, &d);
  assert_status(cpm_multipart_next(&walk, &part, &small, &d), CPM_E_SYNTAX, &d);
  assert_int_equal(d.off, 7);
  assert_int_equal(part.off, 5);
  assert_str(part.body, "no field\r\n\r\nA");
  assert_null(part.head.p);
  assert_status(cpm_multipart_next(&walk, &part, &small, &d), CPM_OK, &d);
  assert_str(part.body, "B");
  assert_true(walk.quirks == 0);
  assert_status(cpm_multipart_next(&walk, &part, &small, &d), CPM_E_TOO_LONG, &d);
  assert_str(part.body, "Long: field\r\n\r\nC");
  for (int i = 0; i < 2; i++) assert_status(cpm_multipart_next(&walk, &part, &small, &d), CPM_END, &d);
  assert_true(walk.quirks == CPM_QUIRK(MULTIPART_PREAMBLE));
}

static void a_walk_ends_with_what_is_left_over(void **state) {
  (void)state;
  const cpm_opts refuse = { .refuse = CPM_QUIRKS_ALL };
  const struct { cpm_str body; int rc; const char *left; size_t off; } rows[] = {
    { S("--b\r\n\r\nHi\r\n--b\r\n\r\nyou"), CPM_E_TRUNCATED, "\r\nyou", 21 },
    { S("--b\r\n\r\nHi\r\n--b\r\n\r\nyou\r\n--b--"), CPM_E_QUIRK, "\r\nyou\r\n--b--", 23 },
    { S("--b\r\n\r\nHi\r\n--b--\r\nyou"), CPM_E_QUIRK, "you", 18 },
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    cpm_multipart_walk walk;
    cpm_part part;
    cpm_diag d = { 0 };
    assert_status(cpm_multipart_open(&walk, TYPE, rows[i].body, &refuse, &d), CPM_OK, &d);
    assert_status(cpm_multipart_next(&walk, &part, &refuse, &d), CPM_OK, &d);
    assert_str(part.body, "Hi");
    assert_status(cpm_multipart_next(&walk, &part, &refuse, &d), rows[i].rc, &d);
    assert_int_equal(d.off, rows[i].off);
    support_assert_str(part.body, cpm_str_z(rows[i].left), "left", __FILE__, __LINE__);
    assert_int_equal(part.off, part.body.p - rows[i].body.p);
    for (int k = 0; k < 2; k++) assert_status(cpm_multipart_next(&walk, &part, &refuse, &d), CPM_END, &d);
  }
}

static void a_walk_that_was_not_opened_has_no_part(void **state) {
  (void)state;
  const struct { cpm_str type, body; int rc; } rows[] = {
    { S("multipart/mixed"), S("--b\r\n\r\nHi\r\n--b--\r\n"), CPM_E_MISSING }, { TYPE, S("Hi"), CPM_E_SYNTAX }, { TYPE, S(""), CPM_E_SYNTAX },
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    cpm_multipart_walk walk;
    cpm_part part;
    assert_status(cpm_multipart_open(&walk, rows[i].type, rows[i].body, NULL, NULL), rows[i].rc, NULL);
    assert_status(cpm_multipart_next(&walk, &part, NULL, NULL), CPM_END, NULL);
  }
}

static void limits_hold(void **state) {
  (void)state;
  cpm_part part;
  cpm_multipart m = { &part, 1, 0, 0 };
  cpm_diag d = { 0 };
  const cpm_str body = S("--b\r\nContent-Type: text/plain\r\nX: y\r\n\r\nHi\r\n--b--\r\n");
  const struct { cpm_opts opts; int rc; } rows[] = {
    { { .max_line = 24 }, CPM_OK },       { { .max_line = 23 }, CPM_E_TOO_LONG },
    { { .max_head = 32 }, CPM_OK },       { { .max_head = 31 }, CPM_E_TOO_LONG },
    { { .max_body = 50 }, CPM_OK },       { { .max_body = 49 }, CPM_E_TOO_LONG },
  };
  assert_int_equal(body.n, 50);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    assert_status(cpm_multipart_decode(&m, TYPE, body, &rows[i].opts, &d), rows[i].rc, &d);
  m.parts = NULL;
  assert_status(cpm_multipart_decode(&m, TYPE, body, NULL, &d), CPM_E_ARG, &d);
  m.cap = 0;
  assert_status(cpm_multipart_decode(&m, cpm_str_none(), body, NULL, &d), CPM_E_TRUNCATED, &d);
  assert_status(cpm_multipart_decode(&m, TYPE, cpm_str_none(), NULL, &d), CPM_E_SYNTAX, &d);
}

/* ---- every prefix -------------------------------------------------------------------------------------------------------- */

static void one_prefix(cpm_str body, void *ctx) {
  cpm_part parts[2];
  cpm_multipart m = { parts, 2, 0, 0 };
  cpm_diag d = { 0 };
  const size_t whole = *(const size_t *)ctx;
  const int rc = cpm_multipart_decode(&m, TYPE, body, NULL, &d);
  /* Complete from the close-delimiter's dashes on; the CRLF behind them may be missing in whole, not in half. */
  if (body.n == whole || body.n == whole - 2) assert_status(rc, CPM_OK, &d);
  else if (body.n < 3) assert_status(rc, CPM_E_SYNTAX, &d);
  else assert_status(rc, body.n == 4 ? CPM_E_SYNTAX : CPM_E_TRUNCATED, &d);
  assert_true(d.off <= body.n);
}

static void a_prefix_is_truncated(void **state) {
  (void)state;
  const cpm_str body = S("--b\r\nContent-Type: text/plain\r\n\r\nHi\r\n--b\r\n\r\nHo\r\n--b--\r\n");
  size_t n = body.n;
  support_every_prefix(body, one_prefix, &n);
}

/* ---- writing ------------------------------------------------------------------------------------------------------------- */

typedef struct job { cpm_multipart m; cpm_str boundary; } job;
static int encode(char *dst, size_t cap, size_t *len, void *ctx) {
  const job *const j = ctx;
  return cpm_multipart_encode(dst, cap, len, &j->m, j->boundary, NULL);
}

static void parts_are_written_at_every_size(void **state) {
  (void)state;
  cpm_part parts[2] = {
    { .content_type = S("message/cpim;\r\n a=b"), .body = S("Hi"), .head = S("Content-ID: <1@example.com>\r\n") },
    { .content_type = S(" application/resource-lists+xml "), .disposition = S("recipient-list"), .encoding = S("binary") },
  };
  job j = { { parts, 2, 2, 0 }, S("b c") };
  assert_str(support_every_size(encode, &j),
             "--b c\r\nContent-Type: message/cpim; a=b\r\nContent-ID: <1@example.com>\r\n\r\nHi\r\n"
             "--b c\r\nContent-Type: application/resource-lists+xml\r\nContent-Disposition: recipient-list\r\n"
             "Content-Transfer-Encoding: binary\r\n\r\n\r\n--b c--\r\n");
}

static void what_was_read_is_written_as_it_was(void **state) {
  (void)state;
  const cpm_str body = S("--b\r\nContent-ID: <1@example.com>\r\nContent-Type: text/plain\r\nContent-Disposition: render\r\n\r\nHi\0\r\n\r\n"
                         "--b\r\n\r\n\r\n--b--\r\n");
  cpm_part parts[2];
  job j = { { parts, 2, 7, 7 }, S("b") };   /* what stood there before does not count */
  assert_status(cpm_multipart_decode(&j.m, TYPE, body, NULL, NULL), CPM_OK, NULL);
  assert_true(cpm_str_eq(support_every_size(encode, &j), body));
}

static void what_could_not_be_read_back_is_not_written(void **state) {
  (void)state;
  const struct { cpm_part part; cpm_str boundary; int rc; } rows[] = {
    { { .body = S("Hi") },                                          S("b"),    CPM_OK },
    { { .body = S("Hi") },                                          S(""),     CPM_E_VALUE },
    { { .body = S("Hi") },                                          S("a*b"),  CPM_E_VALUE },
    { { .body = S("Hi") },                                          S("b "),   CPM_E_VALUE },
    { { .body = S("Hi") },                                          S("b\r\n"), CPM_E_VALUE },
    { { .body = S("Hi") },                                          S("\0"),   CPM_E_VALUE },
    { { .body = S("--b") },                                         S("b"),    CPM_E_VALUE },
    { { .body = S("x--b2") },                                       S("b"),    CPM_E_VALUE },
    { { .body = S("-----b") },                                      S("b"),    CPM_E_VALUE },
    { { .body = S("- -b--") },                                      S("b"),    CPM_OK },
    { { .content_type = S("a/--b") },                               S("b"),    CPM_E_VALUE },
    { { .content_type = S("a/b\r\nX: y") },                         S("c"),    CPM_E_INJECTION },
    { { .content_type = S("a/b\r\n") },                             S("c"),    CPM_E_INJECTION },
    { { .disposition = S("a\nb") },                                 S("c"),    CPM_E_INJECTION },
    { { .encoding = S("a\0b") },                                    S("c"),    CPM_E_INJECTION },
    { { .head = S("X: y\r\n") },                                    S("c"),    CPM_OK },
    { { .head = S("X: y") },                                        S("c"),    CPM_E_VALUE },
    { { .head = S("X: y\r\n\r\n") },                                S("c"),    CPM_E_INJECTION },
    { { .head = S("\r\nX: y\r\n") },                                S("c"),    CPM_E_INJECTION },
    { { .head = S("X: y\nZ: a\r\n") },                              S("c"),    CPM_E_INJECTION },
    { { .head = S("X: \0\r\n") },                                   S("c"),    CPM_E_INJECTION },
    { { .head = S("X y\r\n") },                                     S("c"),    CPM_E_VALUE },
    { { .head = S("X: caf\xe9\r\n") },                              S("c"),    CPM_E_VALUE },
    { { .head = S("X: caf\xc3\xa9\r\n") },                          S("c"),    CPM_OK },
    { { .disposition = S("attachment;filename=\"caf\xe9\"") },      S("c"),    CPM_E_VALUE },
    { { .body = S("caf\xe9") },                                     S("c"),    CPM_OK },
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    cpm_part part = rows[i].part;
    const cpm_multipart m = { &part, 1, 1, 0 };
    size_t len = 0;
    const int rc = cpm_multipart_encode(NULL, 0, &len, &m, rows[i].boundary, NULL);
    if (rc != rows[i].rc) fail_msg("row %zu: %s", i, cpm_status_name(rc));
  }
  const cpm_multipart none = { NULL, 0, 0, 0 };
  size_t len = 0;
  assert_status(cpm_multipart_encode(NULL, 0, &len, &none, S("b"), NULL), CPM_E_ARG, NULL);
}

static void a_header_field_is_not_written_twice(void **state) {
  (void)state;
  cpm_part part = { .head = S("Content-Type: a/b\r\ncontent-type: c/d\r\n"), .body = S("Hi") };
  const cpm_multipart m = { &part, 1, 1, 0 };
  cpm_diag d = { 0 };
  size_t len = 0;
  assert_status(cpm_multipart_encode(NULL, 0, &len, &m, S("b"), &d), CPM_E_DUPLICATE, &d);
  assert_int_equal(d.off, 19);
  part.head = S("Content-Type: a/b\r\nX: y\r\nX: y\r\n");
  assert_status(cpm_multipart_encode(NULL, 0, &len, &m, S("b"), &d), CPM_OK, &d);
}

static void two_boundaries_are_refused(void **state) {
  (void)state;
  static const char *const types[] = {
    "multipart/mixed;boundary=b;boundary=c", "multipart/mixed;boundary=c;boundary=b", "multipart/mixed;boundary=b;x=y;BOUNDARY=\"b\"",
  };
  for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
    cpm_part parts[4];
    cpm_multipart m = { parts, 4, 0, 0 };
    cpm_diag d = { 0 };
    assert_status(cpm_multipart_decode(&m, cpm_str_z(types[i]), S("--b\r\n\r\nHi\r\n--b--\r\n"), NULL, &d), CPM_E_DUPLICATE, &d);
    assert_true(cpm_str_ieq(cpm_str_of(types[i] + d.off, 8), S("boundary")));
    assert_true(d.off > 16);
  }
}

/* ---- hostile input ------------------------------------------------------------------------------------------------------- */

static void noise_is_read_within_its_bounds(void **state) {
  (void)state;
  char *const noise = malloc(65536);
  assert_non_null(noise);
  for (uint32_t round = 0, seed = 3; round < 12; round++) {
    for (size_t i = 0; i < 65536; i++) {
      seed = seed * 1664525u + 1013904223u;
      noise[i] = round < 4 ? (char)(seed >> 24) : "\r\n--bb: \t"[(seed >> 24) % 9];
    }
    if (round % 2) memcpy(noise, "--b\r\n\r\n", 7);
    cpm_part parts[16];
    cpm_multipart m = { parts, 16, 0, 0 };
    cpm_diag d = { 0 };
    const cpm_str in = support_guard(cpm_str_of(noise, 65536));
    (void)cpm_multipart_decode(&m, TYPE, in, NULL, &d);
    assert_true(d.off <= in.n);
    support_unguard(in);
  }
  free(noise);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(vectors),
    cmocka_unit_test(a_refused_quirk_is_an_error),
    cmocka_unit_test(ten_thousand_parts_say_how_many_they_are),
    cmocka_unit_test(any_number_of_parts_is_walked_without_an_array),
    cmocka_unit_test(a_walk_goes_on_behind_a_part_that_cannot_be_read),
    cmocka_unit_test(a_walk_ends_with_what_is_left_over),
    cmocka_unit_test(a_walk_that_was_not_opened_has_no_part),
    cmocka_unit_test(limits_hold),
    cmocka_unit_test(a_prefix_is_truncated),
    cmocka_unit_test(parts_are_written_at_every_size),
    cmocka_unit_test(what_was_read_is_written_as_it_was),
    cmocka_unit_test(what_could_not_be_read_back_is_not_written),
    cmocka_unit_test(two_boundaries_are_refused),
    cmocka_unit_test(a_header_field_is_not_written_twice),
    cmocka_unit_test(noise_is_read_within_its_bounds),
  };
  return cmocka_run_group_tests_name("multipart", tests, NULL, NULL);
}
