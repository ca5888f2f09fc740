/* SPDX-License-Identifier: MIT */
/* find.c - what the codecs look for at the speed of memory: the end of a line, and the mark of an MSRP end-line in any content.
 *
 * The mark is seven "-" and one character behind. Three ways find it, each for what the others are slow on, and each hands over to the
 * next one for a bounded stretch only, so that the whole is linear whatever the content is:
 *   memchr         over content without "-"
 *   four at once   of four octets side by side that start at a multiple of four, one group lies inside of seven "-"
 *   pairs          "-" and the character side by side, which floods of "-" do not hold
 */
#include "internal.h"
#include <string.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#elif defined(__ARM_NEON) && defined(__aarch64__)
#include <arm_neon.h>
#endif

enum { FIND_DASHES = 7, FIND_MARK = FIND_DASHES + 1, FIND_STRETCH = 512, FIND_BLOCK = 65536, FIND_PAIRS = 1024 };

/* Of each step: SSE2, NEON, and eight octets in a register. What a step of pairs or lines gives is 0 if there is none; which bits are set
 * says where only with SSE2. */
#if defined(__SSE2__)
enum { FIND_STEP = 16, FIND_FOURS = 64 };
static __m128i find_load(const char *p) { return _mm_loadu_si128((const __m128i *)(const void *)p); }

/* A bit for each i < 16 with p[i] == a and p[i + 1] == b; the caller has 17 octets there. */
static unsigned find_pair_step(const char *p, char a, char b) {
  const __m128i both = _mm_and_si128(_mm_cmpeq_epi8(find_load(p), _mm_set1_epi8(a)), _mm_cmpeq_epi8(find_load(p + 1), _mm_set1_epi8(b)));
  return (unsigned)_mm_movemask_epi8(both);
}

/* Is one of the groups of four among 64 octets all "-"? */
static bool find_fours_step(const char *p) {
  const __m128i dashes = _mm_set1_epi8('-');
  const __m128i x = _mm_or_si128(_mm_cmpeq_epi32(find_load(p), dashes), _mm_cmpeq_epi32(find_load(p + 16), dashes));
  const __m128i y = _mm_or_si128(_mm_cmpeq_epi32(find_load(p + 32), dashes), _mm_cmpeq_epi32(find_load(p + 48), dashes));
  return _mm_movemask_epi8(_mm_or_si128(x, y)) != 0;
}

/* A bit for each CR, LF and NUL among 16 octets. Most often there is not even a control up to CR. */
static unsigned find_line_step(const char *p) {
  const __m128i x = find_load(p), cr = _mm_cmpeq_epi8(x, _mm_set1_epi8('\r'));
  if (!_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_min_epu8(x, _mm_set1_epi8('\r')), x))) return 0;
  const __m128i lf = _mm_cmpeq_epi8(x, _mm_set1_epi8('\n'));
  return (unsigned)_mm_movemask_epi8(_mm_or_si128(_mm_or_si128(cr, lf), _mm_cmpeq_epi8(x, _mm_setzero_si128())));
}

/* A bit for each octet of 16 that is neither SP nor VCHAR: of those from 0x80 on, which are below 0 here, and of controls. */
static unsigned find_plain_step(const char *p) {
  const __m128i x = find_load(p), del = _mm_cmpeq_epi8(x, _mm_set1_epi8(0x7f));
  return (unsigned)_mm_movemask_epi8(_mm_or_si128(del, _mm_cmplt_epi8(x, _mm_set1_epi8(0x20))));
}

/* The place of the lowest bit. */
static size_t find_lowest(unsigned bits) {
#if defined(__GNUC__)
  return (size_t)__builtin_ctz(bits);
#else
  size_t i = 0;
  for (; !(bits & 1u); bits >>= 1) i++;
  return i;
#endif
}
#elif defined(__ARM_NEON) && defined(__aarch64__)
enum { FIND_STEP = 16, FIND_FOURS = 64 };
static uint8x16_t find_load(const char *p) { return vld1q_u8((const uint8_t *)p); }

static unsigned find_pair_step(const char *p, char a, char b) {
  return vmaxvq_u8(vandq_u8(vceqq_u8(find_load(p), vdupq_n_u8((uint8_t)a)), vceqq_u8(find_load(p + 1), vdupq_n_u8((uint8_t)b))));
}

static uint32x4_t find_four(const char *p) { return vceqq_u32(vreinterpretq_u32_u8(find_load(p)), vdupq_n_u32(0x2d2d2d2d)); }

static bool find_fours_step(const char *p) {
  return vmaxvq_u32(vorrq_u32(vorrq_u32(find_four(p), find_four(p + 16)), vorrq_u32(find_four(p + 32), find_four(p + 48)))) != 0;
}

static unsigned find_line_step(const char *p) {
  const uint8x16_t x = find_load(p), cr = vceqq_u8(x, vdupq_n_u8('\r')), lf = vceqq_u8(x, vdupq_n_u8('\n'));
  return vmaxvq_u8(vorrq_u8(vorrq_u8(cr, lf), vceqq_u8(x, vdupq_n_u8(0))));
}
#else
enum { FIND_STEP = 8, FIND_FOURS = 8 };
static const uint64_t find_ones = UINT64_C(0x0101010101010101), find_tops = UINT64_C(0x8080808080808080);

static uint64_t find_load(const char *p) {
  uint64_t x;
  memcpy(&x, p, sizeof x);
  return x;
}

/* Not 0 if an octet of x is c; exact only in that. */
static uint64_t find_octet(uint64_t x, char c) {
  const uint64_t y = x ^ (find_ones * (unsigned char)c);
  return (y - find_ones) & ~y & find_tops;
}

static unsigned find_pair_step(const char *p, char a, char b) {
  return find_octet(find_load(p), a) && find_octet(find_load(p + 1), b);
}

static bool find_fours_step(const char *p) {
  const uint64_t x = find_load(p), low = x & UINT32_MAX, high = x >> 32;
  return low == 0x2d2d2d2d || high == 0x2d2d2d2d;
}

static unsigned find_line_step(const char *p) {
  const uint64_t x = find_load(p);
  return (find_octet(x, '\r') | find_octet(x, '\n') | find_octet(x, '\0')) != 0;
}
#endif

/* ---- lines ----------------------------------------------------------------------------------------------------------- */

#if defined(__SSE2__)
/* A bit for each control up to CR among 16 octets. */
static unsigned find_low_bits(__m128i x) { return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_min_epu8(x, _mm_set1_epi8('\r')), x)); }

/* The first CR, LF or NUL of 32 octets; 32 if there is none. */
static inline size_t find_line_pair(const char *p) {
  const __m128i x = find_load(p), y = find_load(p + FIND_STEP);
  if (!find_low_bits(_mm_min_epu8(x, y))) return 2 * FIND_STEP;
  unsigned bits = find_low_bits(x) | find_low_bits(y) << FIND_STEP;
  for (; bits; bits &= bits - 1) {
    const char c = p[find_lowest(bits)];
    if (c == '\r' || c == '\n' || c == '\0') return find_lowest(bits);
  }
  return 2 * FIND_STEP;
}
#endif

size_t cpmi_find_line_end(const char *p, size_t n) {
  size_t i = 0;
  unsigned bits = 0;
#if defined(__SSE2__)
  const char *at = p;
  for (const char *const last = p + (n - n % (2 * FIND_STEP)); at < last; at += 2 * FIND_STEP) {
    const size_t found = find_line_pair(at);
    if (found < 2 * FIND_STEP) return (size_t)(at - p) + found;
  }
  i = (size_t)(at - p);
#endif
  while (n - i >= FIND_STEP && !(bits = find_line_step(p + i))) i += FIND_STEP;
#if defined(__SSE2__)
  if (bits) return i + find_lowest(bits);
#endif
  while (i < n && p[i] != '\r' && p[i] != '\n' && p[i] != '\0') i++;
  return i;
}

size_t cpmi_find_plain_end(const char *p, size_t n) {
  size_t i = 0;
#if defined(__SSE2__)
  unsigned bits = 0;
  while (n - i >= FIND_STEP && !(bits = find_plain_step(p + i))) i += FIND_STEP;
  if (bits) return i + find_lowest(bits);
#else
  const uint64_t ones = UINT64_C(0x0101010101010101);
  for (uint64_t x; n - i >= sizeof x; i += sizeof x) {
    memcpy(&x, p + i, sizeof x);
    /* Bit 7 of an octet below 0x80 comes up by adding 1 to 0x7f, and by taking 0x20 from what is less. */
    if ((x | (x + ones) | (x - 0x20 * ones)) & 0x80 * ones) break;
  }
#endif
  while (i < n && (unsigned char)p[i] >= 0x20 && (unsigned char)p[i] < 0x7f) i++;
  return i;
}

size_t cpmi_find_head_end(const char *p, size_t n) {
  size_t i = 0;
#if defined(__SSE2__)
  /* CR and "-" are below all letters, with which other lines start. */
  const __m128i lf16 = _mm_set1_epi8('\n'), dash16 = _mm_set1_epi8('-');
  for (const size_t last = n > FIND_STEP ? n - FIND_STEP : 0; i < last; i += FIND_STEP) {
    const __m128i above = _mm_cmpgt_epi8(find_load(p + i + 1), dash16);
    for (unsigned bits = (unsigned)_mm_movemask_epi8(_mm_andnot_si128(above, _mm_cmpeq_epi8(find_load(p + i), lf16))); bits; bits &= bits - 1) {
      const size_t next = i + find_lowest(bits) + 1;
      if (p[next] == '\r' || p[next] == '-') return next - 1;
    }
  }
#endif
  while (i < n) {
    const char *const lf = memchr(p + i, '\n', n - i);
    if (!lf || lf + 1 == p + n) break;
    i = (size_t)(lf - p);
    if (lf[1] == '\r' || lf[1] == '-') return i;
    i++;
  }
  return n;
}

/* ---- marks ----------------------------------------------------------------------------------------------------------- */

/* First i with p[i] == '-' and p[i + 1] == c; n if there is none. */
static size_t find_pair(const char *p, size_t n, char c) {
  size_t i = 0;
  for (; n - i > FIND_STEP; i += FIND_STEP) {
    if (!find_pair_step(p + i, '-', c)) continue;
    for (size_t k = 0; k < FIND_STEP; k++)
      if (p[i + k] == '-' && p[i + k + 1] == c) return i + k;
  }
  for (; i + 1 < n; i++)
    if (p[i] == '-' && p[i + 1] == c) return i;
  return n;
}

/* First i, a multiple of four, with four "-" at p + i; n if there is none. */
static size_t find_fours(const char *p, size_t n) {
  size_t i = 0;
  while (n - i >= FIND_FOURS && !find_fours_step(p + i)) i += FIND_FOURS;
  for (; n - i >= 4; i += 4)
    if (memcmp(p + i, "----", 4) == 0) return i;
  return n;
}

/* The first mark that starts in p[*at, end), by pairs; n if there is none, and *at is end. */
static size_t find_by_pairs(const char *p, size_t n, size_t *at, size_t end, char c) {
  for (size_t from = *at; from < end;) {
    const size_t stop = end < n - FIND_DASHES ? end + FIND_DASHES : n, base = from + FIND_DASHES - 1;
    if (stop <= base) break;
    const size_t pair = base + find_pair(p + base, stop - base, c);
    if (pair >= stop) break;
    from = pair - (FIND_DASHES - 1);
    if (memcmp(p + from, "-------", FIND_DASHES) == 0) return from;
    from++;
  }
  *at = end;
  return n;
}

/* The same by groups of four, then by pairs. */
static size_t find_by_fours(const char *p, size_t n, size_t *at, size_t end, char c) {
  while (*at < end) {
    const size_t stop = end < n - (FIND_DASHES - 1) ? end + FIND_DASHES - 1 : n, four = *at + find_fours(p + *at, stop - *at);
    if (four >= stop) break;
    *at = four > *at + 3 ? four - 3 : *at;
    const size_t found = find_by_pairs(p, n, at, *at + FIND_PAIRS < end ? *at + FIND_PAIRS : end, c);
    if (found < n) return found;
  }
  *at = end;
  return n;
}

/* Where one "-" stands others are near, but most content has none further on: memchr tries again after a stretch, which grows. */
size_t cpmi_find_mark(const char *p, size_t n, char c) {
  size_t stretch = FIND_STRETCH;
  for (size_t at = 0; n - at >= FIND_MARK;) {
    const char *const dash = memchr(p + at, '-', n - at);
    if (!dash) break;
    at = (size_t)(dash - p);
    if (n - at < FIND_MARK) break;
    if (p[at + FIND_DASHES] == c && memcmp(p + at, "-------", FIND_DASHES) == 0) return at;
    const size_t found = find_by_fours(p, n, &at, n - at > stretch ? at + stretch : n, c);
    if (found < n) return found;
    if (stretch < FIND_BLOCK) stretch *= 2;
  }
  return n;
}
