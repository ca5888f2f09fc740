/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "support.h"
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

void support_print(FILE *out, cpm_str s) {
  for (size_t i = 0; i < s.n; i++) {
    const unsigned char c = (unsigned char)s.p[i];
    if (c == '\r') fputs("\\r", out);
    else if (c == '\n') fputs("\\n", out);
    else if (c == '\\') fputs("\\\\", out);
    else if (c < 0x20 || c >= 0x7f) fprintf(out, "\\x%02x", c);
    else fputc(c, out);
  }
}

void support_quirks(FILE *out, uint64_t quirks) {
  const char *gap = "";
  if (!quirks) fputc('-', out);
#define QUIRK_NAME(name, bit, text) if (quirks & CPM_QUIRK(name)) { fprintf(out, "%s%s", gap, #name); gap = " "; }
  CPM_QUIRKS(QUIRK_NAME)
#undef QUIRK_NAME
}

static int support_hex(char c) {
  static const char digits[] = "0123456789abcdef";
  const char *at = c ? strchr(digits, c) : NULL;
  return at ? (int)(at - digits) : -1;
}

/* One octet of a vector's line, escape or not; returns how many characters it took. */
static size_t support_octet(cpm_str line, size_t at, char *octet) {
  static const char names[] = "rnt0\\", octets[] = "\r\n\t\0\\";
  *octet = line.p[at];
  if (*octet != '\\' || line.n - at < 2) return 1;
  if (line.p[at + 1] == 'x' && line.n - at >= 4 && support_hex(line.p[at + 2]) >= 0 && support_hex(line.p[at + 3]) >= 0) {
    *octet = (char)(support_hex(line.p[at + 2]) * 16 + support_hex(line.p[at + 3]));
    return 4;
  }
  const char *name = line.p[at + 1] ? strchr(names, line.p[at + 1]) : NULL;
  if (!name) return 1;
  *octet = octets[name - names];
  return 2;
}

void support_every_line(cpm_str in, void (*use)(cpm_str line, unsigned number, void *ctx), void *ctx) {
  unsigned number = 0;
  for (size_t from = 0; from < in.n;) {
    const char *lf = memchr(in.p + from, '\n', in.n - from);
    const size_t end = lf ? (size_t)(lf - in.p) : in.n;
    const cpm_str line = cpm_str_of(in.p + from, end - from);
    char *octets = malloc(line.n + 1);
    assert_non_null(octets);
    size_t n = 0;
    for (size_t i = 0; i < line.n;) i += support_octet(line, i, &octets[n++]);
    const cpm_str guarded = support_guard(cpm_str_of(octets, n));
    use(guarded, ++number, ctx);
    support_unguard(guarded);
    free(octets);
    from = end + 1;
  }
}

void support_assert_str(cpm_str got, cpm_str want, const char *what, const char *file, int line) {
  if (cpm_str_eq(got, want)) return;
  fprintf(stderr, "%s:%d: %s is %s\"", file, line, what, got.p ? "" : "absent ");
  support_print(stderr, got);
  fputs("\"\n  not \"", stderr);
  support_print(stderr, want);
  fputs("\"\n", stderr);
  _fail(file, line);
}

void support_assert_status(int got, int want, const cpm_diag *diag, const char *file, int line) {
  if (got == want) return;
  fprintf(stderr, "%s:%d: %s, not %s", file, line, cpm_status_name(got), cpm_status_name(want));
  if (diag && diag->code)
    fprintf(stderr, " (off %zu, rule %s, clause %s)", diag->off, diag->rule ? diag->rule : "-", diag->clause ? diag->clause : "-");
  fputc('\n', stderr);
  _fail(file, line);
}

static size_t support_pages(size_t n) {
  const size_t page = (size_t)sysconf(_SC_PAGESIZE);
  return (n / page + 1) * page;
}

cpm_str support_guard(cpm_str in) {
  const size_t page = (size_t)sysconf(_SC_PAGESIZE), room = support_pages(in.n);
  char *base = mmap(NULL, room + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  assert_true(base != MAP_FAILED);
  assert_int_equal(mprotect(base + room, page, PROT_NONE), 0);
  if (in.n) memcpy(base + room - in.n, in.p, in.n);
  return cpm_str_of(base + room - in.n, in.n);
}

void support_unguard(cpm_str in) {
  const size_t page = (size_t)sysconf(_SC_PAGESIZE), room = support_pages(in.n);
  munmap((void *)(uintptr_t)(in.p + in.n - room), room + page);
}

void support_every_prefix(cpm_str in, void (*use)(cpm_str prefix, void *ctx), void *ctx) {
  /* One mapping: the prefix slides so that it always ends at the guard page. */
  const cpm_str whole = support_guard(in);
  char *const end = (char *)(uintptr_t)whole.p + whole.n;
  for (size_t n = 0; n <= in.n; n++) {
    if (n) memcpy(end - n, in.p, n);
    use(cpm_str_of(end - n, n), ctx);
  }
  support_unguard(whole);
}

cpm_str support_every_size(support_encode *encode, void *ctx) {
  static char *buf;
  size_t size = 0, len = 0;
  assert_status(encode(NULL, 0, &size, ctx), CPM_OK, NULL);
  free(buf);
  buf = malloc(size + 16);
  assert_non_null(buf);
  for (size_t cap = 0; cap <= size; cap++) {
    memset(buf, 0x5a, size + 16);
    len = 0;
    const int rc = encode(buf, cap, &len, ctx);
    assert_status(rc, cap < size ? CPM_E_SPACE : CPM_OK, NULL);
    assert_int_equal(len, size);
    for (size_t i = cap; i < size + 16; i++) assert_int_equal((unsigned char)buf[i], 0x5a);
  }
  return cpm_str_of(buf, size);
}

cpm_str support_read(const char *path) {
  FILE *f = fopen(path, "rb");
  if (!f) { fprintf(stderr, "%s: cannot be read\n", path); fail(); }
  size_t n = 0, cap = 4096;
  char *p = malloc(cap);
  assert_non_null(p);
  for (size_t got; (got = fread(p + n, 1, cap - n, f)) > 0;) {
    n += got;
    if (n == cap) assert_non_null(p = realloc(p, cap *= 2));
  }
  fclose(f);
  return cpm_str_of(p, n);
}

static int support_is_input(const struct dirent *d) {
  const size_t n = strlen(d->d_name);
  return n > 3 && strcmp(d->d_name + n - 3, ".in") == 0;
}

/* 0: equal; else the number of the first line that differs. */
static size_t support_first_difference(cpm_str a, cpm_str b) {
  size_t line = 1;
  for (size_t i = 0; i < a.n || i < b.n; i++) {
    if (i >= a.n || i >= b.n || a.p[i] != b.p[i]) return line;
    if (a.p[i] == '\n') line++;
  }
  return 0;
}

void support_vectors(const char *stem, void (*dump)(cpm_str in, FILE *out)) {
  char dir[512], path[1024];
  struct dirent **names;
  unsigned wrong = 0;
  snprintf(dir, sizeof dir, "%s/vectors/%s", TESTS_DIR, stem);
  const int n = scandir(dir, &names, support_is_input, alphasort);
  if (n <= 0) { fprintf(stderr, "%s: no vectors\n", dir); fail(); }
  for (int i = 0; i < n; i++) {
    char *text = NULL;
    size_t len = 0;
    snprintf(path, sizeof path, "%s/%s", dir, names[i]->d_name);
    const cpm_str input = support_read(path), guarded = support_guard(input);
    FILE *out = open_memstream(&text, &len);
    assert_non_null(out);
    dump(guarded, out);
    fclose(out);
    support_unguard(guarded);
    snprintf(path, sizeof path, "%s/%.*s.out", dir, (int)(strlen(names[i]->d_name) - 3), names[i]->d_name);
    if (getenv("CPM_VECTORS_UPDATE")) {
      FILE *f = fopen(path, "wb");
      assert_non_null(f);
      fwrite(text, 1, len, f);
      fclose(f);
    } else {
      const cpm_str want = support_read(path);
      const size_t line = support_first_difference(cpm_str_of(text, len), want);
      if (line) {
        fprintf(stderr, "%s:%zu: the dump differs; it is now:\n%.*s", path, line, (int)len, text);
        wrong++;
      }
      free((void *)(uintptr_t)want.p);
    }
    free(text);
    free((void *)(uintptr_t)input.p);
    free(names[i]);
  }
  free(names);
  assert_int_equal(wrong, 0);
}
