/* SPDX-License-Identifier: MIT */
/* find.c - two octets side by side, at the speed of memory whatever the rest holds. */
#include "msrp.h"
#include <string.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#elif defined(__ARM_NEON) && defined(__aarch64__)
#include <arm_neon.h>
#endif

#if defined(__SSE2__)
enum { FIND_BLOCK = 16 };
/* A bit for each i < 16 with p[i] == a and p[i + 1] == b; the caller has 17 octets there. */
static unsigned find_block(const char *p, char a, char b) {
  const __m128i x = _mm_loadu_si128((const __m128i *)(const void *)p), y = _mm_loadu_si128((const __m128i *)(const void *)(p + 1));
  const __m128i both = _mm_and_si128(_mm_cmpeq_epi8(x, _mm_set1_epi8(a)), _mm_cmpeq_epi8(y, _mm_set1_epi8(b)));
  return (unsigned)_mm_movemask_epi8(both);
}
#elif defined(__ARM_NEON) && defined(__aarch64__)
enum { FIND_BLOCK = 16 };
/* The same, but which bits are set says nothing. */
static unsigned find_block(const char *p, char a, char b) {
  const uint8x16_t x = vld1q_u8((const uint8_t *)p), y = vld1q_u8((const uint8_t *)(p + 1));
  const uint8x16_t both = vandq_u8(vceqq_u8(x, vdupq_n_u8((uint8_t)a)), vceqq_u8(y, vdupq_n_u8((uint8_t)b)));
  return vmaxvq_u8(both);
}
#endif

/* Octet by octet where there are no vectors, and for what is left of them. */
static size_t find_slow(const char *p, size_t n, char a, char b) {
  for (size_t i = 0; i + 1 < n; i++) {
    const char *at = memchr(p + i, a, n - 1 - i);
    if (!at) return n;
    i = (size_t)(at - p);
    if (p[i + 1] == b) return i;
  }
  return n;
}

size_t cpmi_find_pair(const char *p, size_t n, char a, char b) {
  size_t i = 0;
#if defined(__SSE2__) || (defined(__ARM_NEON) && defined(__aarch64__))
  for (; n - i > FIND_BLOCK; i += FIND_BLOCK) {
    if (!find_block(p + i, a, b)) continue;
    while (p[i] != a || p[i + 1] != b) i++;
    return i;
  }
#endif
  return i + find_slow(p + i, n - i, a, b);
}
