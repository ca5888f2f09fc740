/* SPDX-License-Identifier: MIT */
/* kinds.h - what tests of several small values share: vectors of one value a line, behind a letter that names its kind and a space
 * ("T text/plain"), and 64 KiB of noise. */
#ifndef TESTS_KINDS_H
#define TESTS_KINDS_H

#include "support.h"
#include <stdlib.h>
#include <string.h>

/* A list of them ends with letter 0. */
typedef struct kinds_kind { char letter; void (*dump)(FILE *out, cpm_str in); } kinds_kind;

/* "  CPM_E_SYNTAX at 4, token" */
static inline void kinds_error(FILE *out, int rc, const cpm_diag *d) {
  fprintf(out, "  %s at %zu, %s\n", cpm_status_name(rc), d->off, d->rule);
}

static const kinds_kind *kinds_current;

static inline void kinds_line(cpm_str line, unsigned number, void *ctx) {
  FILE *const out = ctx;
  fprintf(out, "%u: ", number);
  support_print(out, line);
  fputc('\n', out);
  for (const kinds_kind *k = kinds_current; line.n >= 2 && line.p[1] == ' ' && k->letter; k++)
    if (k->letter == line.p[0]) {
      k->dump(out, cpm_str_of(line.p + 2, line.n - 2));
      return;
    }
  fail_msg("line %u is of no kind", number);
}

static inline void kinds_dump(cpm_str in, FILE *out) { support_every_line(in, kinds_line, out); }

static inline void kinds_vectors(const char *stem, const kinds_kind *kinds) {
  kinds_current = kinds;
  support_vectors(stem, kinds_dump);
}

/* Calls use for octets of all values, for those of the alphabet mixed, and for each of these alone. */
static inline void kinds_noise(const char *alphabet, void (*use)(cpm_str in, void *ctx)) {
  enum { N = 1 << 16, MIXED = 8 };
  const size_t letters = strlen(alphabet);
  uint32_t seed = 7;
  char *const noise = malloc(N);
  assert_non_null(noise);
  for (size_t round = 0; round < MIXED + letters; round++) {
    for (size_t i = 0; i < N; i++) {
      seed = seed * 1664525u + 1013904223u;
      noise[i] = round < MIXED / 2 ? (char)(seed >> 24) : alphabet[(seed >> 24) % letters];
    }
    if (round >= MIXED) memset(noise, alphabet[round - MIXED], N);
    const cpm_str in = support_guard(cpm_str_of(noise, N));
    use(in, NULL);
    support_unguard(in);
  }
  free(noise);
}

#endif
