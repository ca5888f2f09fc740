/* SPDX-License-Identifier: MIT */
/* straight_host.c - names of hosts and IPv6 addresses: each octet is looked at once, and a bit for each says whether the parts fit. */
#include "straight.h"

enum { HOST_STEP = 16, HOST_MOST = 63 };

/* Of the octets of a host that stand at p, n of them: which are marks, "." or ":", and which are "-". */
typedef struct host_bits { uint64_t marks, dashes; unsigned n; } host_bits;

typedef enum host_kind { HOST_NAME, HOST_IPV6 } host_kind;

#ifdef CPMI_SSE2
static __m128i host_equal(__m128i x, char c) { return _mm_cmpeq_epi8(x, _mm_set1_epi8(c)); }
static unsigned host_mask(__m128i x) { return (unsigned)_mm_movemask_epi8(x); }

/* Up to 16 octets at p. Those behind them are looked at too, or before them from `from` on, where there are so many. */
static inline host_bits host_step(host_kind kind, const char *p, const char *from, const char *pe) {
  char room[HOST_STEP] = { 0 };
  unsigned gone = 0;
  if (pe - p < HOST_STEP && pe - from >= HOST_STEP) {
    gone = HOST_STEP - (unsigned)(pe - p);
    p = pe - HOST_STEP;
  } else if (pe - p < HOST_STEP) {
    p = memcpy(room, p, (size_t)(pe - p));
  }
  const __m128i x = _mm_loadu_si128((const __m128i *)(const void *)p);
  const __m128i fits = kind == HOST_NAME ? cpmi_plain(x)
                                         : _mm_or_si128(cpmi_range(_mm_or_si128(x, _mm_set1_epi8(0x20)), 'a', 5), cpmi_range(x, '0', ':' - '0'));
  const unsigned outside = ~(host_mask(fits) >> gone);
  const host_bits bits = { host_mask(host_equal(x, kind == HOST_IPV6 ? ':' : '.')) >> gone,
                           kind == HOST_IPV6 ? 0 : host_mask(host_equal(x, '-')) >> gone, (unsigned)__builtin_ctz(outside) };
  return bits;
}
#else
static host_bits host_step(host_kind kind, const char *p, const char *from, const char *pe) {
  const unsigned set = kind == HOST_IPV6 ? CPMI_HEX : CPMI_LABEL;
  const char mark = kind == HOST_IPV6 ? ':' : '.';
  host_bits bits = { 0, 0, 0 };
  (void)from;
  for (; bits.n < HOST_STEP && p < pe && (*p == mark || cpmi_in(*p, set)); p++, bits.n++) {
    bits.marks |= (uint64_t)(*p == mark) << bits.n;
    bits.dashes |= (uint64_t)(*p == '-') << bits.n;
  }
  return bits;
}
#endif

/* Up to HOST_MOST octets; false if there is none, or there are more. */
static inline bool host_scan(host_bits *out, host_kind kind, const char *p, const char *from, const char *pe) {
  *out = host_step(kind, p, from, pe);
  for (unsigned n = HOST_STEP; out->n == n; n += HOST_STEP) {
    if (n > HOST_MOST) return false;
    const host_bits more = host_step(kind, p + n, from, pe);
    out->marks |= more.marks << n;
    out->dashes |= more.dashes << n;
    out->n += more.n;
  }
  const uint64_t all = (UINT64_C(1) << (out->n & HOST_MOST)) - 1;
  out->marks &= all;
  out->dashes &= all;
  return out->n > 0;
}

/* How many octets stand before and at the last of these bits. */
static unsigned host_behind_last(uint64_t bits) {
#ifdef __GNUC__
  return bits ? 64 - (unsigned)__builtin_clzll(bits) : 0;
#else
  unsigned n = 0;
  for (; bits; bits >>= 1) n++;
  return n;
#endif
}

/* Labels that neither start nor end with "-", the last one with a letter in front, so that it is no IPv4 address. */
static const char *host_name(const char *p, const char *from, const char *pe) {
  host_bits h;
  if (!host_scan(&h, HOST_NAME, p, from, pe)) return NULL;
  const uint64_t no_edge = h.marks | h.dashes, ends = UINT64_C(1) | UINT64_C(1) << (h.n - 1);
  if ((no_edge & ends) || (h.marks & (no_edge << 1 | no_edge >> 1))) return NULL;
  return cpmi_in(p[host_behind_last(h.marks)], CPMI_ALPHA) ? p + h.n : NULL;
}

/* Eight groups of one to four digits, or fewer with one "::". None of them as an IPv4 address. */
const char *cpmi_straight_ipv6(const char *p, const char *from, const char *pe) {
  host_bits h;
  unsigned groups = 0;
  if (!host_scan(&h, HOST_IPV6, p, from, pe)) return NULL;
  const uint64_t colons = h.marks, digits = ~colons & ((UINT64_C(1) << h.n) - 1), last = UINT64_C(1) << (h.n - 1);
  const uint64_t gap = colons & colons >> 1, pairs = digits & digits >> 1;
  if (gap & (gap - 1)) return NULL;
  if (pairs & pairs >> 2 & digits >> 4) return NULL;
  if ((colons & 1 & ~gap) || (colons & last & ~(gap << 1))) return NULL;
  for (uint64_t first = digits & ~(digits << 1); first; first &= first - 1) groups++;
  return (gap ? groups < 8 : groups == 8) ? p + h.n : NULL;
}

const char *cpmi_straight_host(bool *ipv6, const char *p, const char *from, const char *pe) {
  *ipv6 = p < pe && *p == '[';
  if (!*ipv6) return host_name(p, from, pe);
  p = cpmi_straight_ipv6(p + 1, from, pe);
  return p && p < pe && *p == ']' ? p + 1 : NULL;
}
