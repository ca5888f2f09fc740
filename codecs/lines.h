/* SPDX-License-Identifier: MIT */
/* lines.h - the lines of a text, one after the other. What is looked at once, thirty-two octets at a time, is kept for the next line. */
#ifndef CPMI_LINES_H
#define CPMI_LINES_H

#include "internal.h"
#if defined(__SSE2__) && defined(__GNUC__)
#include <emmintrin.h>
#define LINES_STEP 32
#endif

/* ends: a bit for each octet from `at` on that ends a line perhaps; those from `next` on were not looked at. */
typedef struct cpmi_lines { const char *at, *next, *pe; uint32_t ends; } cpmi_lines;

static inline cpmi_lines cpmi_lines_of(const char *p, const char *pe) {
  const cpmi_lines l = { p, p, pe, 0 };
  return l;
}

#ifdef LINES_STEP
/* A bit for each of 32 octets that is a control up to CR. */
static inline uint32_t lines_controls(const char *p) {
  const __m128i cr = _mm_set1_epi8('\r');
  const __m128i x = _mm_loadu_si128((const __m128i *)(const void *)p), y = _mm_loadu_si128((const __m128i *)(const void *)(p + 16));
  const uint32_t low = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_min_epu8(x, cr), x));
  return low | (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_min_epu8(y, cr), y)) << 16;
}
#endif

/* Where CRLF ends the line that starts at p; NULL if CR, LF or NUL stands before, or no CRLF does. p goes forward from call to call. */
static inline const char *cpmi_line_end(cpmi_lines *l, const char *p) {
#ifdef LINES_STEP
  for (;;) {
    while (!l->ends && l->pe - l->next > LINES_STEP) {
      l->at = l->next;
      l->ends = lines_controls(l->at);
      l->next += LINES_STEP;
    }
    if (!l->ends) break;
    const char *const e = l->at + __builtin_ctz(l->ends);
    l->ends &= l->ends - 1;
    if (e < p) continue;
    if (*e == '\r') return e[1] == '\n' ? e : NULL;   /* there is an octet behind, for more than a step was left */
    if (*e == '\n' || *e == '\0') return NULL;
  }
  if (l->next > p) p = l->next;
#endif
  const char *const e = p + cpmi_find_line_end(p, (size_t)(l->pe - p));
  return l->pe - e > 1 && e[0] == '\r' && e[1] == '\n' ? e : NULL;
}

#endif
