/* SPDX-License-Identifier: MIT */
/* values.h - what the tests of header field values share. A file of vectors holds one value a line. For every line: the dump shows
 * what was read and written; each prefix is read at a guard page; what was written is read again, without a quirk, and written
 * again; the writer is tried at every size; every quirk that was met becomes CPM_E_QUIRK when it is refused. */
#ifndef TESTS_VALUES_H
#define TESTS_VALUES_H

#include "support.h"
#include "cpm/value.h"
#include <stdlib.h>
#include <string.h>

/* One element at a time is read into a variable of the test file; print, encode and quirks are about the last one. */
typedef struct values_kind {
  const char *stem;                                                          /* folder of the vectors */
  int       (*next)(cpm_str *rest, const cpm_opts *opts, cpm_diag *diag);    /* cpm_x_next; cpm_x_decode with values_one */
  void      (*print)(FILE *out, const char *base);
  int       (*encode)(char *dst, size_t cap, size_t *len, cpm_diag *diag);   /* NULL: there is none */
  uint64_t  (*quirks)(void);                                                 /* NULL: only refusing shows them */
  bool        may_refuse;                                                    /* the writer may be stricter than the reader */
} values_kind;

/* For next of a field whose shape is ONE: gives the whole value once. */
static inline bool values_one(cpm_str *rest, cpm_str *value) {
  *value = *rest;
  *rest = cpm_str_none();
  return value->p != NULL;
}

/* name_next and name_encode over a variable of the test file. */
#define VALUES_ONE(name, last, decode) \
  static int name(cpm_str *rest, const cpm_opts *opts, cpm_diag *diag) { \
    cpm_str value_; \
    return values_one(rest, &value_) ? decode(&(last), value_, opts, diag) : CPM_END; \
  }
#define VALUES_NEXT(name, last, next) \
  static int name(cpm_str *rest, const cpm_opts *opts, cpm_diag *diag) { return next(rest, &(last), opts, diag); }
#define VALUES_ENCODE(name, last, encode) \
  static int name(char *dst, size_t cap, size_t *len, cpm_diag *diag) { return encode(dst, cap, len, &(last), diag); }

/* What a writer refuses: its status and rule, with nothing written and *len left alone. */
#define values_refused(call, status, name) do { \
    cpm_diag d_ = { 0 }; \
    char dst[8] = "unmoved"; \
    const size_t cap = sizeof dst; \
    size_t len_ = 77, *const len = &len_; \
    cpm_diag *const diag = &d_; \
    assert_status(call, status, diag); \
    assert_int_equal(d_.code, status); \
    if (!d_.rule || strcmp(d_.rule, name) != 0) fail_msg("%s:%d: rule %s", __FILE__, __LINE__, d_.rule ? d_.rule : "none"); \
    assert_true(d_.clause || d_.code == CPM_E_INJECTION); \
    assert_string_equal(dst, "unmoved"); \
    assert_int_equal(len_, 77); \
  } while (0)

/* name from..to "text" */
static inline void values_slice(FILE *out, const char *name, cpm_str s, const char *base) {
  if (!s.p) return;
  fprintf(out, "  %s %zu..%zu \"", name, (size_t)(s.p - base), (size_t)(s.p - base) + s.n);
  support_print(out, s);
  fputs("\"\n", out);
}

static inline int values_encode(char *dst, size_t cap, size_t *len, void *ctx) {
  return ((const values_kind *)ctx)->encode(dst, cap, len, NULL);
}

/* The quirks of the element at `in`, found by refusing one after the other. */
static inline uint64_t values_probe(const values_kind *kind, cpm_str in) {
  uint64_t met = 0;
  for (unsigned bit = 0; bit < 64; bit++) {
    const cpm_opts refuse = { .refuse = UINT64_C(1) << bit };
    cpm_diag d = { 0 };
    cpm_str rest = in;
    const int rc = kind->next(&rest, &refuse, &d);
    if (rc != CPM_E_QUIRK) continue;
    assert_int_equal(d.code, CPM_E_QUIRK);
    assert_true(d.off <= in.n);
    met |= UINT64_C(1) << bit;
  }
  const cpm_opts others = { .refuse = ~met };
  cpm_str rest = in;
  assert_int_not_equal(kind->next(&rest, &others, NULL), CPM_E_QUIRK);
  return met;
}

/* The last element is written, read again, written again. */
static inline void values_round(const values_kind *kind, FILE *out) {
  size_t len = 0;
  cpm_diag d = { 0 };
  const int rc = kind->encode(NULL, 0, &len, &d);
  if (rc && kind->may_refuse) {
    fprintf(out, "  not written: %s, %s\n", cpm_status_name(rc), d.rule);
    return;
  }
  assert_status(rc, CPM_OK, &d);
  const cpm_str first = support_every_size(values_encode, (void *)(uintptr_t)kind), guarded = support_guard(first);
  fputs("  written ", out);
  support_print(out, first);
  fputc('\n', out);
  cpm_str rest = guarded;
  const cpm_opts strict = { .refuse = CPM_QUIRKS_ALL };
  assert_status(kind->next(&rest, &strict, &d), CPM_OK, &d);
  assert_status(kind->next(&rest, &strict, &d), CPM_END, &d);
  rest = guarded;
  assert_status(kind->next(&rest, &strict, &d), CPM_OK, &d);
  char *again = malloc(first.n + 1);
  assert_non_null(again);
  assert_status(kind->encode(again, first.n, &len, &d), CPM_OK, &d);
  assert_true(cpm_str_eq(cpm_str_of(again, len), guarded));
  free(again);
  support_unguard(guarded);
}

/* Reads to the end, whatever is found; every step gets on. */
static inline void values_walk(cpm_str in, void *ctx) {
  const values_kind *const kind = ctx;
  cpm_str rest = in;
  cpm_diag d = { 0 };
  for (size_t left; left = rest.n, kind->next(&rest, NULL, &d) != CPM_END;) assert_true(rest.n < left || left == 0);
  assert_int_equal(rest.n, 0);
}

typedef struct values_dump_ctx { const values_kind *kind; FILE *out; } values_dump_ctx;

static inline void values_dump_line(cpm_str line, unsigned number, void *ctx) {
  const values_kind *const kind = ((values_dump_ctx *)ctx)->kind;
  FILE *const out = ((values_dump_ctx *)ctx)->out;
  cpm_str rest = line, at = line;
  fprintf(out, "%u: ", number);
  support_print(out, line);
  fputc('\n', out);
  for (;; at = rest) {
    cpm_diag d = { 0 };
    const int rc = kind->next(&rest, NULL, &d);
    if (rc == CPM_END) break;
    if (rc) {
      const size_t off = (size_t)(at.p - line.p) + d.off;
      fprintf(out, "  %s at %zu, %s (%s)\n", cpm_status_name(rc), off, d.rule, d.clause ? d.clause : "-");
      continue;
    }
    kind->print(out, line.p);
    const uint64_t quirks = kind->quirks ? kind->quirks() : 0, met = values_probe(kind, at);
    if (kind->quirks) assert_true(met == quirks);
    if (met) {
      fputs("  quirks ", out);
      support_quirks(out, met);
      fputc('\n', out);
    }
    cpm_str again = at;
    assert_int_equal(kind->next(&again, NULL, NULL), CPM_OK);
    if (kind->encode) values_round(kind, out);
  }
  support_every_prefix(line, values_walk, (void *)(uintptr_t)kind);
}

static const values_kind *values_current;

static inline void values_dump(cpm_str in, FILE *out) {
  values_dump_ctx ctx = { values_current, out };
  support_every_line(in, values_dump_line, &ctx);
}

static inline void values_vectors(const values_kind *kind) {
  values_current = kind;
  support_vectors(kind->stem, values_dump);
}

/* Much of one thing, read to its end: slow only if a step reads what it leaves to the next. */
static inline void values_noise(const values_kind *kind) {
  static const char *const fills[] = { "a", ",", " ", "\t", "\r\n ", ";", "\"", "\"\",", "<", "<>", ">", "(", "()", ")", "\\", "%", "*",
                                       "*,", "a,", "a;b=c", "a/b ", "a / ", "!", ":", "0", "9", "[", "=", "@", "\xff", "\r", "\n", "sip:a@b," };
  enum { N = 1 << 16 };
  char *text = malloc(N);
  assert_non_null(text);
  for (size_t f = 0; f < sizeof fills / sizeof *fills; f++) {
    for (size_t i = 0, n = strlen(fills[f]); i < N; i++) text[i] = fills[f][i % n];
    values_walk(cpm_str_of(text, N), (void *)(uintptr_t)kind);
  }
  memset(text, 0, N);
  values_walk(cpm_str_of(text, N), (void *)(uintptr_t)kind);
  uint32_t seed = 1;
  for (size_t i = 0; i < N; i++) text[i] = (char)((seed = seed * 1664525u + 1013904223u) >> 24);
  values_walk(cpm_str_of(text, N), (void *)(uintptr_t)kind);
  values_walk(cpm_str_none(), (void *)(uintptr_t)kind);
  free(text);
}

/* A NUL in place of each byte of the value, and another in front of it: never taken, whatever it was before. */
static inline void values_refuse_nul(const values_kind *kind, cpm_str value) {
  char *text = malloc(value.n + 1);
  assert_non_null(text);
  for (size_t i = 0; i < value.n; i++) {
    memcpy(text, value.p, value.n);
    text[i] = '\0';
    cpm_str rest = cpm_str_of(text, value.n);
    int rc, worst = CPM_OK;
    while ((rc = kind->next(&rest, NULL, NULL)) != CPM_END)
      if (rc) worst = rc;
    assert_true(worst < 0);
  }
  free(text);
}

#endif
