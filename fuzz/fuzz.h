/* SPDX-License-Identifier: MIT */
/* fuzz.h - what every fuzz target has in common. */
#ifndef FUZZ_H
#define FUZZ_H

#include "cpm/str.h"
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define HOLDS(condition) \
  do { \
    if (!(condition)) abort(); \
  } while (0)

/* Nothing is tolerated, no line is too long. */
static const cpm_opts strict = { .refuse = CPM_QUIRKS_ALL, .max_line = SIZE_MAX, .max_head = SIZE_MAX };

/* n bytes, to be freed. */
static inline char *room_for(size_t n) {
  char *const p = malloc(n ? n : 1);
  HOLDS(p);
  return p;
}

/* A copy in memory of exactly its size, so that a byte read too far is seen; free_copy frees it. */
static inline cpm_str exact_copy(const void *data, size_t n) {
  char *const p = room_for(n);
  if (n) memcpy(p, data, n);
  return cpm_str_of(p, n);
}

static inline void free_copy(cpm_str copy) { free((void *)(uintptr_t)copy.p); }

/* An absent slice lies everywhere. */
static inline void inside(cpm_str part, cpm_str in) {
  HOLDS(!part.p || (part.p >= in.p && part.p <= in.p + in.n && part.n <= (size_t)(in.p + in.n - part.p)));
}

#endif
