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

/* ---- text: no octet below SP ------------------------------------------------------------------------------------------ */

#ifdef SKIP_STEP
/* Not all 0 where one of sixteen octets is a control; copies them if dst is there. */
static inline __m128i skip_text_step(char *dst, const char *src) {
  const __m128i x = skip_load(src);
  if (dst) _mm_storeu_si128((__m128i *)(void *)dst, x);
  return skip_equal(_mm_subs_epu8(x, _mm_set1_epi8(0x1f)), 0);
}
#endif

/* The same of eight. */
static inline uint64_t skip_text_word(char *dst, const char *src) {
  const uint64_t ones = UINT64_C(0x0101010101010101);
  uint64_t x;
  memcpy(&x, src, sizeof x);
  if (dst) memcpy(dst, &x, sizeof x);
  return (x - 0x20 * ones) & ~x & 0x80 * ones;
}

/* copy is a constant where this is called: the compiler makes two of it. */
static inline bool skip_text(bool copy, char *dst, const char *src, size_t n) {
  size_t i = 0;
#ifdef SKIP_STEP
  if (n >= SKIP_STEP) {
    __m128i controls = skip_text_step(copy ? dst + n - SKIP_STEP : NULL, src + n - SKIP_STEP);
    for (; i < n - SKIP_STEP; i += SKIP_STEP) controls = _mm_or_si128(controls, skip_text_step(copy ? dst + i : NULL, src + i));
    return !skip_bits(controls);
  }
#endif
  if (n >= 8) {
    uint64_t controls = skip_text_word(copy ? dst + n - 8 : NULL, src + n - 8);
    for (; i < n - 8; i += 8) controls |= skip_text_word(copy ? dst + i : NULL, src + i);
    return !controls;
  }
  for (; i < n && (unsigned char)src[i] >= 0x20; i++)
    if (copy) dst[i] = src[i];
  return i == n;
}

bool cpmi_no_control(const char *p, size_t n) { return skip_text(false, NULL, p, n); }
bool cpmi_copy_no_control(char *dst, const char *src, size_t n) { return skip_text(true, dst, src, n); }

/* ---- runs --------------------------------------------------------------------------------------------------------------- */

const char *cpmi_skip_addr(const char *p, const char *pe) { return skip_run(p, pe, skip_no_addr, CPMI_ADDR); }
const char *cpmi_skip_qdtext(const char *p, const char *pe) { return skip_run(p, pe, skip_no_qdtext, CPMI_QDTEXT); }
const char *cpmi_skip_visible(const char *p, const char *pe) { return skip_run(p, pe, skip_no_visible, CPMI_VISIBLE); }
