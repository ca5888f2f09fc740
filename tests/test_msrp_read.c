/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "support.h"
#include "cpm/msrp.h"
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#define A "msrp://alice.example.com:7394/2s93i93idj;tcp"
#define B "msrp://bob.example.com:8493/si438dsaodes;tcp"
#define PATHS "To-Path: " B "\r\nFrom-Path: " A "\r\n"

/* What came of a connection: its events, octets of a body joined whatever pieces they came in. */
typedef struct transcript { FILE *file; char *text; size_t len; bool in_body; int rc; size_t taken; } transcript;

static void note(transcript *t, const cpm_msrp_event *e) {
  if (e->kind == CPM_MSRP_HEAD) fprintf(t->file, "HEAD %llx ", (unsigned long long)e->quirks);
  if (e->kind != CPM_MSRP_END) support_print(t->file, e->text);
  if (e->kind == CPM_MSRP_HEAD) fputs("\n", t->file);
  if (e->kind == CPM_MSRP_END) fprintf(t->file, "\nEND %c %llu %llx\n", e->flag, (unsigned long long)e->size, (unsigned long long)e->quirks);
}

/* Pushes one piece; false: the connection is lost. */
static bool push(cpm_msrp_reader *r, transcript *t, cpm_str piece) {
  cpm_msrp_event e;
  cpm_str rest = piece;
  while ((t->rc = cpm_msrp_read(r, &rest, &e, NULL, NULL)) == CPM_OK) {
    assert_true(rest.p >= piece.p && rest.p + rest.n == piece.p + piece.n);
    assert_true(e.kind == CPM_MSRP_HEAD || e.kind == CPM_MSRP_BODY || e.kind == CPM_MSRP_END);
    note(t, &e);
  }
  t->taken += piece.n - rest.n;
  if (t->rc == CPM_E_MORE) assert_int_equal(rest.n, 0);
  return t->rc == CPM_E_MORE;
}

/* cut says where the piece that starts at `at` ends. Pieces are given back before the next one is read. */
static char *read_in_pieces(cpm_str in, size_t (*cut)(size_t at, size_t n, unsigned *seed), unsigned seed, bool guarded) {
  char head[1024];
  cpm_msrp_reader r = CPM_MSRP_READER(head);
  transcript t = { 0 };
  t.file = open_memstream(&t.text, &t.len);
  assert_non_null(t.file);
  for (size_t at = 0; at < in.n;) {
    const size_t end = cut(at, in.n, &seed);
    assert_true(end > at && end <= in.n);
    const cpm_str piece = cpm_str_of(in.p + at, end - at);
    char *const copy = guarded ? NULL : malloc(piece.n);
    if (copy) memcpy(copy, piece.p, piece.n);
    const cpm_str given = copy ? cpm_str_of(copy, piece.n) : support_guard(piece);
    const bool goes_on = push(&r, &t, given);
    if (copy) free(copy);
    else support_unguard(given);
    if (!goes_on) break;
    at = end;
  }
  fprintf(t.file, "%s at %zu\n", cpm_status_name(t.rc), t.taken);
  fclose(t.file);
  return t.text;
}

static size_t cut_nowhere(size_t at, size_t n, unsigned *seed) { (void)at; (void)seed; return n; }
static size_t cut_everywhere(size_t at, size_t n, unsigned *seed) { (void)n; (void)seed; return at + 1; }
static size_t cut_once(size_t at, size_t n, unsigned *seed) { return at < *seed && *seed < n ? *seed : n; }
static size_t cut_at_random(size_t at, size_t n, unsigned *seed) {
  *seed = *seed * 1103515245u + 12345u;
  const size_t step = 1 + (*seed >> 16) % 60;
  return step < n - at ? at + step : n;
}

static void same(cpm_str in, const char *want, char *got, const char *how, unsigned seed) {
  if (strcmp(want, got) != 0) {
    fprintf(stderr, "%s %u of:\n", how, seed);
    support_print(stderr, in);
    fprintf(stderr, "\nwhole:\n%s\npieces:\n%s\n", want, got);
    fail();
  }
  free(got);
}

static void any_cut_gives_the_same(cpm_str in) {
  char *const want = read_in_pieces(in, cut_nowhere, 0, true);
  same(in, want, read_in_pieces(in, cut_everywhere, 0, false), "every octet", 0);
  for (unsigned at = 1; at < in.n; at++) same(in, want, read_in_pieces(in, cut_once, at, false), "cut at", at);
  for (unsigned seed = 1; seed <= 40; seed++) same(in, want, read_in_pieces(in, cut_at_random, seed, false), "seed", seed);
  free(want);
}

static int is_input(const struct dirent *d) {
  const size_t n = strlen(d->d_name);
  return n > 3 && strcmp(d->d_name + n - 3, ".in") == 0;
}

static void every_vector_cut_anywhere_gives_the_same_events(void **state) {
  (void)state;
  struct dirent **names;
  const int n = scandir(TESTS_DIR "/vectors/msrp", &names, is_input, alphasort);
  assert_true(n > 50);
  for (int i = 0; i < n; i++) {
    char path[1024];
    snprintf(path, sizeof path, "%s/vectors/msrp/%s", TESTS_DIR, names[i]->d_name);
    const cpm_str in = support_read(path);
    any_cut_gives_the_same(in);
    free((void *)(uintptr_t)in.p);
    free(names[i]);
  }
  free(names);
}

static void a_head_may_be_its_first_line_alone(void **state) {
  (void)state;
  any_cut_gives_the_same(S("MSRP abcd SEND\r\n-------abcd$\r\nMSRP abce SEND\r\n\r\nbody\r\n-------abce$\r\n"));
  any_cut_gives_the_same(S("MSRP abcd SEND\r\n\rX: y\r\n-------abcd$\r\n"));
  any_cut_gives_the_same(S("MSRP abcd SEND\r\n-------abcdX: y\r\n-------abcd+\r\n"));
}

/* A frame with this body. */
static cpm_str frame(cpm_str body) {
  static char text[1 << 20];
  static const char head[] = "MSRP abcd SEND\r\n" PATHS "Message-ID: 1234\r\nByte-Range: 1-*/*\r\nContent-Type: a/b\r\n\r\n";
  static const char tail[] = "\r\n-------abcd$\r\n";
  assert_true(sizeof head + body.n + sizeof tail < sizeof text);
  memcpy(text, head, sizeof head - 1);
  memcpy(text + sizeof head - 1, body.p, body.n);
  memcpy(text + sizeof head - 1 + body.n, tail, sizeof tail - 1);
  return cpm_str_of(text, sizeof head + body.n + sizeof tail - 2);
}

/* The body that comes back, in pieces of `step` octets. */
static void body_comes_back(cpm_str body, size_t step) {
  static char got[1 << 20];
  char head[512];
  size_t n = 0;
  bool ended = false;
  cpm_msrp_reader r = CPM_MSRP_READER(head);
  cpm_msrp_event e;
  const cpm_str in = frame(body);
  for (size_t at = 0; at < in.n; at += step) {
    cpm_str rest = cpm_str_of(in.p + at, step < in.n - at ? step : in.n - at);
    while (cpm_msrp_read(&r, &rest, &e, NULL, NULL) == CPM_OK) {
      if (e.kind == CPM_MSRP_END) ended = true;
      if (e.kind != CPM_MSRP_BODY) continue;
      memcpy(got + n, e.text.p, e.text.n);
      n += e.text.n;
    }
  }
  assert_true(ended);
  assert_true(cpm_str_eq(cpm_str_of(got, n), body));
}

/* Would it end the frame itself, CRLF of the tail behind it? */
static bool holds_the_end_line(cpm_str body) {
  const cpm_str whole = frame(body);
  const char *at = memmem(whole.p, whole.n, "\r\n-------abcd$\r\n", 16);
  return at + 16 != whole.p + whole.n;
}

static void bodies_of_pieces_of_the_end_line_come_back(void **state) {
  (void)state;
  static const char *const pieces[] = { "\r", "\n", "\r\n", "-", "-------", "\r\n-------", "\r\n-------abcd", "\r\n-------abcd$", "\r\n-------abcd$\r",
                                        "abcd", "$\r", "\r\n-------abce$\r\n", "MSRP abcd 200\r\n", "x" };
  enum { PIECES = sizeof pieces / sizeof *pieces };
  char body[256];
  for (unsigned i = 0; i < PIECES * PIECES * PIECES; i++) {
    const char *const a = pieces[i % PIECES], *const b = pieces[i / PIECES % PIECES], *const c = pieces[i / PIECES / PIECES];
    const int n = snprintf(body, sizeof body, "%s%s%s", a, b, c);
    if (holds_the_end_line(cpm_str_of(body, (size_t)n))) continue;
    for (size_t step = 1; step <= 48; step += 1 + step / 4) body_comes_back(cpm_str_of(body, (size_t)n), step);
  }
}

static void floods_come_back(void **state) {
  (void)state;
  static const char *const units[] = { "-", "\r\n", "\r", "\n-", "\r\n-", "\r\n-------abcd", "\r\n-------abcd$\r", "a" };
  enum { FLOOD = 300000 };
  char *body = malloc(FLOOD + 32);
  assert_non_null(body);
  for (size_t u = 0; u < sizeof units / sizeof *units; u++) {
    const size_t n = strlen(units[u]);
    for (size_t at = 0; at < FLOOD; at += n) memcpy(body + at, units[u], n);
    for (size_t size = FLOOD - 40; size < FLOOD; size += 13) {
      if (holds_the_end_line(cpm_str_of(body, size))) continue;
      body_comes_back(cpm_str_of(body, size), size + 1000);
      body_comes_back(cpm_str_of(body, size), 4096);
      body_comes_back(cpm_str_of(body, size), 17);
    }
  }
  free(body);
}

static void body_slices_are_of_the_input_or_of_the_tail(void **state) {
  (void)state;
  char head[512];
  cpm_msrp_reader r = CPM_MSRP_READER(head);
  cpm_msrp_event e;
  const cpm_str in = frame(S("abc\r\n-------abx"));
  cpm_str rest = cpm_str_of(in.p, in.n - 20);   /* cut in the middle of "-------" */
  assert_int_equal(cpm_msrp_read(&r, &rest, &e, NULL, NULL), CPM_OK);
  assert_int_equal(e.kind, CPM_MSRP_HEAD);
  assert_ptr_equal(e.text.p, head);
  assert_int_equal(cpm_msrp_read(&r, &rest, &e, NULL, NULL), CPM_OK);
  assert_str(e.text, "abc");
  assert_true(e.text.p > in.p && e.text.p < in.p + in.n);
  assert_int_equal(cpm_msrp_read(&r, &rest, &e, NULL, NULL), CPM_E_MORE);
  rest = cpm_str_of(in.p + in.n - 20, 20);
  assert_int_equal(cpm_msrp_read(&r, &rest, &e, NULL, NULL), CPM_OK);
  assert_int_equal(e.kind, CPM_MSRP_BODY);
  assert_ptr_equal(e.text.p, r.tail);
  assert_str(e.text, "\r\n------");
  assert_int_equal(cpm_msrp_read(&r, &rest, &e, NULL, NULL), CPM_OK);
  assert_str(e.text, "-abx");
  assert_int_equal(cpm_msrp_read(&r, &rest, &e, NULL, NULL), CPM_OK);
  assert_int_equal(e.kind, CPM_MSRP_END);
  assert_int_equal(e.size, 15);
}

static void the_reader_can_be_moved_with_its_buffer(void **state) {
  (void)state;
  char first[512], second[512];
  cpm_msrp_reader a = CPM_MSRP_READER(first), b;
  cpm_msrp_event e;
  const cpm_str in = frame(S("Hi"));
  cpm_str rest = cpm_str_of(in.p, 50);
  assert_int_equal(cpm_msrp_read(&a, &rest, &e, NULL, NULL), CPM_E_MORE);
  b = a;
  memcpy(second, first, sizeof first);
  memset(first, 0, sizeof first);
  b.head = second;
  rest = cpm_str_of(in.p + 50, in.n - 50);
  assert_int_equal(cpm_msrp_read(&b, &rest, &e, NULL, NULL), CPM_OK);
  assert_int_equal(e.text.n, in.n - 2 - 16);
}

static void errors_stay(void **state) {
  (void)state;
  char head[64];
  cpm_msrp_reader r = CPM_MSRP_READER(head);
  cpm_msrp_event e;
  cpm_diag d = { 0 };
  const cpm_str in = frame(S("Hi"));
  cpm_str rest = in;
  assert_status(cpm_msrp_read(&r, &rest, &e, NULL, &d), CPM_E_TOO_LONG, &d);
  assert_status(cpm_msrp_read(&r, &rest, &e, NULL, &d), CPM_E_TOO_LONG, &d);
  cpm_msrp_reader none = { 0 };
  assert_status(cpm_msrp_read(&none, &rest, &e, NULL, &d), CPM_E_ARG, &d);
}

static void a_head_fits_exactly_or_not(void **state) {
  (void)state;
  char head[512];
  cpm_msrp_event e;
  const cpm_str in = frame(S(""));
  const size_t need = in.n - 16;
  for (size_t cap = need - 1; cap <= need; cap++) {
    memset(head, 0x5a, sizeof head);
    cpm_msrp_reader r = { .head = head, .cap = cap };
    cpm_str rest = in;
    assert_int_equal(cpm_msrp_read(&r, &rest, &e, NULL, NULL), cap < need ? CPM_E_TOO_LONG : CPM_OK);
    assert_int_equal(head[cap], 0x5a);
  }
}

static void noise_before_a_frame_is_bounded_and_can_be_refused(void **state) {
  (void)state;
  char head[512], *noise = malloc(CPM_LIMIT_LINE + 1);
  assert_non_null(noise);
  memset(noise, 'M', CPM_LIMIT_LINE + 1);
  cpm_msrp_event e;
  cpm_diag d = { 0 };
  for (size_t n = CPM_LIMIT_LINE; n <= CPM_LIMIT_LINE + 1u; n++) {
    cpm_msrp_reader r = CPM_MSRP_READER(head);
    cpm_str rest = cpm_str_of(noise, n - 1), in = frame(S("Hi"));
    assert_int_equal(cpm_msrp_read(&r, &rest, &e, NULL, NULL), CPM_E_MORE);
    rest = S("x");
    assert_int_equal(cpm_msrp_read(&r, &rest, &e, NULL, NULL), n > CPM_LIMIT_LINE ? CPM_E_SYNTAX : CPM_E_MORE);
    rest = in;
    const int rc = cpm_msrp_read(&r, &rest, &e, NULL, NULL);
    assert_int_equal(rc, n > CPM_LIMIT_LINE ? CPM_E_SYNTAX : CPM_OK);
    if (rc == CPM_OK) assert_true(e.quirks == CPM_QUIRK(MSRP_LEADING));
  }
  const cpm_opts strict = { .refuse = CPM_QUIRK(MSRP_LEADING) | CPM_QUIRK(MSRP_EMPTY_LINE) }, small = { .max_line = 3 };
  cpm_msrp_reader r = CPM_MSRP_READER(head), s = CPM_MSRP_READER(head), t = CPM_MSRP_READER(head);
  cpm_str rest = S("\r\nMSRP abcd 200 OK\r\n" PATHS "-------abcd$\r\n");
  assert_status(cpm_msrp_read(&r, &rest, &e, &strict, &d), CPM_E_QUIRK, &d);
  rest = S("\r\n\r\nMSRP abcd 200 OK\r\n");
  assert_status(cpm_msrp_read(&s, &rest, &e, &small, &d), CPM_E_SYNTAX, &d);
  rest = S("MSRP abcd AUTH\r\n" PATHS "\r\n-------abcd$\r\n");
  assert_status(cpm_msrp_read(&t, &rest, &e, &strict, &d), CPM_OK, &d);
  assert_status(cpm_msrp_read(&t, &rest, &e, &strict, &d), CPM_E_QUIRK, &d);
  free(noise);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(every_vector_cut_anywhere_gives_the_same_events), cmocka_unit_test(a_head_may_be_its_first_line_alone),
    cmocka_unit_test(bodies_of_pieces_of_the_end_line_come_back),
    cmocka_unit_test(floods_come_back), cmocka_unit_test(body_slices_are_of_the_input_or_of_the_tail),
    cmocka_unit_test(the_reader_can_be_moved_with_its_buffer), cmocka_unit_test(errors_stay), cmocka_unit_test(a_head_fits_exactly_or_not),
    cmocka_unit_test(noise_before_a_frame_is_bounded_and_can_be_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
