/* SPDX-License-Identifier: MIT */
#include "support.h"
#include "cpm/coding.h"
#include <stdlib.h>
#include <string.h>

/* The first line is the coding, the rest what it coded. */
static cpm_str split(cpm_str in, cpm_str *body) {
  const char *const cr = memchr(in.p, '\r', in.n);
  assert_non_null(cr);
  const cpm_str coding = cpm_str_of(in.p, (size_t)(cr - in.p));
  *body = cpm_str_of(cr + 2, in.n - coding.n - 2);
  return coding;
}

static void dump(cpm_str in, FILE *out) {
  char text[1024];
  cpm_str body;
  const cpm_str coding = split(in, &body);
  size_t n = 99;
  cpm_diag d = { 0 };
  const int rc = cpm_content_decode(text, sizeof text, &n, coding, body, &d);
  assert_int_equal(d.code, rc);
  assert_int_equal(cpm_coding_is_known(coding), rc != CPM_E_UNSUPPORTED || body.n > 1);
  if (rc) {
    assert_int_equal(n, 0);
    fprintf(out, "%s at %zu, %s (%s)\n", cpm_status_name(rc), d.off, d.rule, d.clause ? d.clause : "-");
    return;
  }
  fprintf(out, "%zu octets from %zu \"", n, body.n);
  support_print(out, cpm_str_of(text, n));
  fputs("\"\n", out);
}

static void vectors(void **state) {
  (void)state;
  support_vectors("coding", dump);
}

static cpm_str vector(const char *name) {
  char path[512];
  snprintf(path, sizeof path, "%s/vectors/coding/%s.in", TESTS_DIR, name);
  return support_read(path);
}

typedef struct whole { cpm_str coding; size_t n; } whole;

static void prefix(cpm_str in, void *ctx) {
  const whole *const w = ctx;
  char text[1024];
  size_t n;
  cpm_diag d = { 0 };
  const int rc = cpm_content_decode(text, sizeof text, &n, w->coding, in, &d);
  assert_int_equal(rc, in.n < w->n ? CPM_E_TRUNCATED : CPM_OK);
  assert_true(d.off <= in.n);
}

static void every_prefix_is_truncated(void **state) {
  (void)state;
  static const char *const names[] = { "linphone-notification", "deflate-stored", "deflate-fixed", "deflate-dynamic", "gzip", "gzip-fields" };
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    const cpm_str in = vector(names[i]);
    cpm_str body;
    const cpm_str coding = split(in, &body);
    whole w = { coding, body.n };
    support_every_prefix(body, prefix, &w);
    free((void *)(uintptr_t)in.p);
  }
}

/* A wrong bit anywhere is seen, and does no harm. */
static void every_bit_counts(void **state) {
  (void)state;
  static const char *const names[] = { "linphone-notification", "deflate-fixed", "gzip" };
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    const cpm_str in = vector(names[i]);
    cpm_str body;
    const cpm_str coding = split(in, &body);
    char all[1024];
    size_t size, harmless = 0;
    assert_status(cpm_content_decode(all, sizeof all, &size, coding, body, NULL), CPM_OK, NULL);
    for (size_t bit = 0; bit < 8 * body.n; bit++) {
      char text[1024];
      size_t n;
      char *const at = (char *)(uintptr_t)body.p + bit / 8;
      *at = (char)(*at ^ (1 << bit % 8));
      if (cpm_content_decode(text, sizeof text, &n, coding, body, NULL) == CPM_OK) {
        /* What means nothing: the header, and the bits that fill the last octet before the check sum. */
        assert_true(n == size && memcmp(text, all, size) == 0);
        harmless++;
      }
      *at = (char)(*at ^ (1 << bit % 8));
    }
    assert_true(harmless < (i == 2 ? 64 : 16));
    free((void *)(uintptr_t)in.p);
  }
}

static void too_little_room_writes_nothing_behind_it(void **state) {
  (void)state;
  static const char *const names[] = { "identity", "deflate-stored", "deflate-fixed", "deflate-dynamic", "gzip" };
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    const cpm_str in = vector(names[i]);
    cpm_str body;
    const cpm_str coding = split(in, &body);
    char text[1024], all[1024];
    size_t size = 0, n = 0;
    assert_status(cpm_content_decode(all, sizeof all, &size, coding, body, NULL), CPM_OK, NULL);
    for (size_t cap = 0; cap <= size; cap++) {
      cpm_diag d = { 0 };
      memset(text, '#', sizeof text);
      assert_status(cpm_content_decode(cap ? text : NULL, cap, &n, coding, body, &d), cap < size ? CPM_E_SPACE : CPM_OK, &d);
      assert_int_equal(text[cap], '#');
      assert_int_equal(d.need, cap == size || i == 1 || i == 2 || i == 3 ? 0 : size);
    }
    assert_memory_equal(text, all, size);
    free((void *)(uintptr_t)in.p);
  }
}

/* A thousandfold of its size: the buffer decides how much. */
static void a_bomb_ends_at_the_buffer(void **state) {
  (void)state;
  static const unsigned char head[] = { 0x78, 0xda, 0xed, 0xc1, 0x01, 0x01, 0x00, 0x00, 0x00, 0x80, 0x90, 0xfe, 0xaf, 0xee, 0x08, 0x0a };
  char *const in = calloc(1, 70000), *const out = malloc(65536);
  assert_non_null(in);
  assert_non_null(out);
  memcpy(in, head, sizeof head);
  size_t n = 0;
  assert_int_not_equal(cpm_content_decode(out, 65536, &n, S("deflate"), cpm_str_of(in, 70000), NULL), CPM_OK);
  assert_int_equal(n, 0);
  free(in);
  free(out);
}

static void noise_is_refused(void **state) {
  (void)state;
  char *const noise = malloc(65536), *const out = malloc(65536);
  assert_non_null(noise);
  assert_non_null(out);
  uint32_t seed = 1;
  for (unsigned round = 0; round < 64; round++) {
    size_t n;
    for (size_t i = 0; i < 65536; i++) noise[i] = (char)((seed = seed * 1664525u + 1013904223u) >> 24);
    memcpy(noise, "\x78\x9c", 2);
    noise[2] = (char)((noise[2] & ~7) | (round & 1 ? 3 : 5));
    assert_int_not_equal(cpm_content_decode(out, 65536, &n, S("deflate"), cpm_str_of(noise, 65536), NULL), CPM_OK);
  }
  free(noise);
  free(out);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(vectors),
    cmocka_unit_test(every_prefix_is_truncated),
    cmocka_unit_test(every_bit_counts),
    cmocka_unit_test(too_little_room_writes_nothing_behind_it),
    cmocka_unit_test(a_bomb_ends_at_the_buffer),
    cmocka_unit_test(noise_is_refused),
  };
  return cmocka_run_group_tests_name("coding", tests, NULL, NULL);
}
