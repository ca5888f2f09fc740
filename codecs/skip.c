/* SPDX-License-Identifier: MIT */
/* skip.c - long runs of characters, sixteen at a time where the processor can. */
#include "internal.h"
#include "straight.h"
#if defined(__SSE2__) && defined(__GNUC__)
#include <emmintrin.h>
#define SKIP_STEP 16
#endif

#ifdef SKIP_STEP
static __m128i skip_load(const char *p) { return _mm_loadu_si128((const __m128i *)(const void *)p); }
static unsigned skip_bits(__m128i x) { return (unsigned)_mm_movemask_epi8(x); }
static __m128i skip_equal(__m128i x, char c) { return _mm_cmpeq_epi8(x, _mm_set1_epi8(c)); }

/* A bit for each that is none of a URI: controls, SP, DQUOTE, "<" ">", "\" "^", "`", "{" "|" "}", DEL, and octets from 0x80 on, which
 * count as negative here. "<" and ">" differ in one bit, and so do "\" and "^". */
static unsigned skip_no_addr(const char *p) {
  const __m128i x = skip_load(p), pairs = _mm_and_si128(x, _mm_set1_epi8((char)0xfd));
  const __m128i angles = _mm_or_si128(skip_equal(pairs, '<'), skip_equal(pairs, '\\'));
  const __m128i quotes = _mm_or_si128(skip_equal(x, '"'), skip_equal(x, '`'));
  const __m128i high = _mm_andnot_si128(skip_equal(x, '~'), _mm_cmpgt_epi8(x, _mm_set1_epi8('z')));
  const __m128i low = _mm_cmplt_epi8(x, _mm_set1_epi8('!'));
  return skip_bits(_mm_or_si128(_mm_or_si128(low, high), _mm_or_si128(angles, quotes)));
}

/* A bit for each that is no qdtext: controls but HTAB, DQUOTE, "\", DEL. */
static unsigned skip_no_qdtext(const char *p) {
  const __m128i x = skip_load(p);
  const __m128i controls = skip_equal(_mm_subs_epu8(x, _mm_set1_epi8(0x1f)), 0);
  const __m128i quotes = _mm_or_si128(skip_equal(x, '"'), skip_equal(x, '\\'));
  const __m128i out = _mm_andnot_si128(skip_equal(x, '\t'), controls);
  return skip_bits(_mm_or_si128(_mm_or_si128(out, quotes), skip_equal(x, 0x7f)));
}

/* A bit for each that is no VCHAR. */
static unsigned skip_no_visible(const char *p) {
  const __m128i x = skip_load(p);
  return skip_bits(_mm_or_si128(_mm_cmplt_epi8(x, _mm_set1_epi8('!')), skip_equal(x, 0x7f)));
}

static unsigned skip_octet(const char *p, char c) { return skip_bits(skip_equal(skip_load(p), c)); }
#endif

const char *cpmi_find_octet(const char *p, const char *pe, char c) {
#ifdef SKIP_STEP
  const char *const from = p;
  for (; pe - p >= SKIP_STEP; p += SKIP_STEP) {
    const unsigned bits = skip_octet(p, c);
    if (bits) return p + __builtin_ctz(bits);
  }
  if (p > from) {
    const unsigned bits = skip_octet(pe - SKIP_STEP, c);   /* those before p are none */
    return bits ? pe - SKIP_STEP + __builtin_ctz(bits) : pe;
  }
#endif
  while (p < pe && *p != c) p++;
  return p;
}

/* Behind the characters of the set; none_of finds, sixteen at a time, those that are none of it. */
#ifdef SKIP_STEP
static inline const char *skip_run(const char *p, const char *pe, unsigned (*none_of)(const char *), unsigned set) {
  const char *const from = p;
  for (; pe - p >= SKIP_STEP; p += SKIP_STEP) {
    const unsigned bits = none_of(p);
    if (bits) return p + __builtin_ctz(bits);
  }
  if (p > from) {
    const unsigned bits = none_of(pe - SKIP_STEP);
    return bits ? pe - SKIP_STEP + __builtin_ctz(bits) : pe;
  }
  return cpmi_run(p, pe, set);
}
#else
#define skip_run(p, pe, none_of, set) cpmi_run(p, pe, set)
#endif

const char *cpmi_skip_addr(const char *p, const char *pe) { return skip_run(p, pe, skip_no_addr, CPMI_ADDR); }
const char *cpmi_skip_qdtext(const char *p, const char *pe) { return skip_run(p, pe, skip_no_qdtext, CPMI_QDTEXT); }
const char *cpmi_skip_visible(const char *p, const char *pe) { return skip_run(p, pe, skip_no_visible, CPMI_VISIBLE); }
