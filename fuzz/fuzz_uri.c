/* SPDX-License-Identifier: MIT */
/* fuzz_uri.c - holds: decode ok => encode ok, and what was written decodes, is equal and is written the same again; every slice
 * lies inside of the input; equality is reflexive and symmetric (the input's second half is the other URI), and equal URIs have
 * equal keys; unescaping fits into the input's size and holds no CR, LF or NUL. */
#include "cpm/uri.h"
#include "fuzz.h"


static void walk(const cpm_uri *u, cpm_str in) {
  cpm_str rest = u->params, name, value;
  int rc;
  while ((rc = cpm_uri_param_next(&rest, &name, &value)) == CPM_OK) { inside(name, in); inside(value, in); }
  HOLDS(u->scheme == CPM_URI_OTHER || rc == CPM_END);
  rest = u->headers;
  while ((rc = cpm_uri_header_next(&rest, &name, &value)) == CPM_OK) { inside(name, in); inside(value, in); }
  HOLDS(rc == CPM_END);
}

static void written_again(const cpm_uri *u) {
  size_t n = 0, n2 = 0, small = 0;
  cpm_uri again;
  HOLDS(cpm_uri_encode(NULL, 0, &n, u, NULL) == CPM_OK);
  char *const first = malloc(n), *const second = malloc(n);
  HOLDS(first && second);
  HOLDS(cpm_uri_encode(first, n, &n, u, NULL) == CPM_OK);
  HOLDS(cpm_uri_encode(second, n - 1, &small, u, NULL) == CPM_E_SPACE && small == n);
  HOLDS(cpm_uri_decode(&again, cpm_str_of(first, n), NULL, NULL) == CPM_OK);
  HOLDS(cpm_uri_equal(u, &again) && cpm_uri_equal(&again, u));
  HOLDS(cpm_uri_encode(second, n, &n2, &again, NULL) == CPM_OK);
  HOLDS(n == n2 && memcmp(first, second, n) == 0);
  free(first);
  free(second);
}

static bool read_one(cpm_uri *u, cpm_str in) {
  cpm_diag d = { 0 };
  const int rc = cpm_uri_decode(u, in, NULL, &d);
  HOLDS(rc <= 0 && (rc == CPM_OK || (d.code == rc && d.off <= in.n)));
  if (rc) return false;
  const cpm_str parts[] = { u->text, u->scheme_name, u->user, u->password, u->host, u->params, u->headers, u->opaque };
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) inside(parts[i], in);
  HOLDS(cpm_uri_equal(u, u));
  walk(u, in);
  written_again(u);
  return true;
}

static void unescaped(cpm_str in) {
  size_t n = 0;
  char *const p = malloc(in.n ? in.n : 1);
  HOLDS(p);
  if (cpm_uri_unescape(p, in.n, &n, in) == CPM_OK) {
    HOLDS(n <= in.n && !memchr(p, 0, n) && !memchr(p, '\r', n) && !memchr(p, '\n', n));
  }
  free(p);
}

/* The parts as a caller may fill them: whatever is written can be read. */
static void from_parts(cpm_str a, cpm_str b) {
  char buf[512];
  for (unsigned i = 0; i < 16; i++) {
    cpm_uri u, back;
    size_t n = 0;
    memset(&u, 0, sizeof u);
    u.scheme = (cpm_uri_scheme)(i & 3);
    u.scheme_name = a;
    u.opaque = b;
    u.user = i & 4 ? a : cpm_str_none();
    u.host = i & 8 ? b : cpm_str_of("example.com", 11);
    u.params = i & 8 ? cpm_str_none() : b;
    if (cpm_uri_encode(buf, sizeof buf, &n, &u, NULL)) continue;
    HOLDS(cpm_uri_decode(&back, cpm_str_of(buf, n), NULL, NULL) == CPM_OK);
  }
}

/* Bytes that are the same for equal URIs. Freed by free_copy. */
static cpm_str key_of(const cpm_uri *u) {
  size_t n = 0, small = 0;
  HOLDS(cpm_uri_key(NULL, 0, &n, u) == CPM_OK && n > 0 && n <= u->text.n + 16);
  char *const key = room_for(n), *const less = room_for(n - 1);
  HOLDS(cpm_uri_key(less, n - 1, &small, u) == CPM_E_SPACE && small == n);
  HOLDS(cpm_uri_key(key, n, &n, u) == CPM_OK);
  free(less);
  return cpm_str_of(key, n);
}

static void compared(const cpm_uri *x, const cpm_uri *y) {
  const bool equal = cpm_uri_equal(x, y);
  const cpm_str a = key_of(x), b = key_of(y);
  HOLDS(equal == cpm_uri_equal(y, x) && equal == cpm_uri_text_equal(x->text, y->text));
  HOLDS(!equal || cpm_str_eq(a, b));
  free_copy(a);
  free_copy(b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const uint8_t *const lf = size ? memchr(data, '\n', size) : NULL;
  const size_t n = lf ? (size_t)(lf - data) : size, n2 = lf ? size - n - 1 : 0;
  const cpm_str a = exact_copy(data, n), b = exact_copy(lf ? lf + 1 : data, n2);
  cpm_uri x, y;
  const bool first = read_one(&x, a), second = read_one(&y, b);
  if (first && second) compared(&x, &y);
  unescaped(a);
  from_parts(a, b);
  free_copy(a);
  free_copy(b);
  return 0;
}
