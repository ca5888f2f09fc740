/* SPDX-License-Identifier: MIT */
/* straight.h - what peers nearly always send, read without a machine.
 *
 * A form is straight when it has no folds, no quoted pairs, no escapes, no white space but what its RFC prints, and nothing that
 * would have to be refused or noted. Each reader here takes some straight forms of one grammar and nothing else; of anything else it
 * says NULL or false, and then the machine of that grammar decides and finds the words for it. So a reader may take less than its
 * grammar, never more, and what it gives is what the machine would have given: tests/test_straight.sh
 * builds the decoders a second time with CPMI_STRAIGHT 0 and compares (docs/decisions/10-straight-forms.md).
 */
#ifndef CPMI_STRAIGHT_H
#define CPMI_STRAIGHT_H

#include "cpm/uri.h"
#include "cpm/value.h"
#include "internal.h"
#include <string.h>
#if defined(__SSE2__) && defined(__GNUC__)
#include <emmintrin.h>
#define CPMI_SSE2 1
#endif

#ifndef CPMI_STRAIGHT
#define CPMI_STRAIGHT 1
#endif

/* ---- characters ---------------------------------------------------------------------------------------------------------- */

enum {
  CPMI_TOKEN  = 0x001,   /* token_char of sip_core.rl */
  CPMI_ADDR   = 0x002,   /* addr_spec_char of uri.rl */
  CPMI_USERINFO = 0x004,   /* unreserved and user_unreserved of uri.rl */
  CPMI_PCHAR  = 0x008,   /* paramchar of uri.rl without escapes */
  CPMI_PARAM  = 0x010,   /* param_char of param.rl */
  CPMI_WORD   = 0x020,   /* the characters of word in sip_core.rl */
  CPMI_VISIBLE = 0x040,  /* VCHAR */
  CPMI_QDTEXT = 0x080,   /* qdtext of sip_core.rl without folds */
  CPMI_HEX    = 0x100,   /* HEXDIG */
  CPMI_DIGIT  = 0x200,
  CPMI_ALPHA  = 0x400,
  CPMI_LABEL  = 0x800,   /* alphanum and "-" */
  CPMI_SCHEME = 0x1000,  /* alphanum, "+", "-", "." */
  CPMI_LET    = 0x2000,  /* what an identifier of CPM is made of behind its prefix: a-z 0-9 "-" "." */
  CPMI_NAME    = 0x4000,  /* sdp_token_char of sdp_core.rl */
  CPMI_SESSION = 0x8000   /* the characters of session_id in msrp_uri.rl */
};
extern const uint16_t cpmi_class[256];

static inline bool cpmi_in(char c, unsigned set) { return (cpmi_class[(unsigned char)c] & set) != 0; }

/* Behind the characters of the set that stand at p. */
static inline const char *cpmi_run(const char *p, const char *pe, unsigned set) {
  for (; pe - p >= 4; p += 4) {
    if (!cpmi_in(p[0], set)) return p;
    if (!cpmi_in(p[1], set)) return p + 1;
    if (!cpmi_in(p[2], set)) return p + 2;
    if (!cpmi_in(p[3], set)) return p + 3;
  }
  while (p < pe && cpmi_in(*p, set)) p++;
  return p;
}

#ifdef CPMI_SSE2
/* Each octet of x that is one of first to first + span. */
static inline __m128i cpmi_range(__m128i x, char first, char span) {
  const __m128i at = _mm_sub_epi8(x, _mm_set1_epi8(first));
  return _mm_cmpeq_epi8(_mm_min_epu8(at, _mm_set1_epi8(span)), at);
}

/* Each octet of x that is a letter, a digit, "-" or ".": most of what SIP is made of. */
static inline __m128i cpmi_plain(__m128i x) {
  const __m128i letters = cpmi_range(_mm_or_si128(x, _mm_set1_epi8(0x20)), 'a', 25);
  const __m128i others = _mm_andnot_si128(_mm_cmpeq_epi8(x, _mm_set1_epi8('/')), cpmi_range(x, '-', '9' - '-'));
  return _mm_or_si128(letters, others);
}
#endif

/* Behind letters, digits, "-" and "." at p, as far as sixteen octets are there to look at: a start for cpmi_run of a set that holds them. */
static inline const char *cpmi_run_plain(const char *p, const char *pe) {
#ifdef CPMI_SSE2
  for (; pe - p >= 16; p += 16) {
    const unsigned other = (unsigned)_mm_movemask_epi8(cpmi_plain(_mm_loadu_si128((const __m128i *)(const void *)p))) ^ 0xffffu;
    if (other) return p + __builtin_ctz(other);
  }
#else
  (void)pe;
#endif
  return p;
}

/* The first c in [p, pe), which is expected among the first sixteen octets. */
static inline const char *cpmi_near_octet(const char *p, const char *pe, char c) {
#ifdef CPMI_SSE2
  if (pe - p >= 16) {
    const __m128i x = _mm_loadu_si128((const __m128i *)(const void *)p);
    const unsigned bits = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(x, _mm_set1_epi8(c)));
    if (bits) return p + __builtin_ctz(bits);
  }
#endif
  return cpmi_find_octet(p, pe, c);
}

/* How many octets of s from `at` on are of a class, by a table of classes as a grammar of its own needs. */
static inline size_t cpmi_span(const uint8_t classes[256], cpm_str s, size_t at, unsigned which) {
  const unsigned char *const p = (const unsigned char *)s.p;
  size_t end = at;
  for (; s.n - end >= 4; end += 4)
    if (!(classes[p[end]] & classes[p[end + 1]] & classes[p[end + 2]] & classes[p[end + 3]] & which)) break;
  while (end < s.n && (classes[p[end]] & which)) end++;
  return end - at;
}

/* Is the letter-for-letter lower-case `literal` what stands at p, in any case? */
#define CPMI_IS(p, n, literal) \
  ((n) == sizeof(literal) - 1 && (memcmp(p, literal, sizeof(literal) - 1) == 0 || cpmi_is_word(p, literal, sizeof(literal) - 1)))
static inline bool cpmi_is_word(const char *p, const char *lower, size_t n) {
  for (size_t i = 0; i < n; i++)
    if ((char)(p[i] | (cpmi_in(p[i], CPMI_ALPHA) ? 0x20 : 0)) != lower[i]) return false;
  return true;
}

/* Are these n octets, at least 4, the same? Words of 4 to 16 are compared by what overlaps. */
static inline bool cpmi_same(const char *a, const char *b, size_t n) {
  uint64_t x, y, v, w;
  if (n > 16) return memcmp(a, b, n) == 0;
  if (n >= 8) {
    memcpy(&x, a, 8), memcpy(&y, b, 8), memcpy(&v, a + n - 8, 8), memcpy(&w, b + n - 8, 8);
    return ((x ^ y) | (v ^ w)) == 0;
  }
  uint32_t i, j, k, l;
  memcpy(&i, a, 4), memcpy(&j, b, 4), memcpy(&k, a + n - 4, 4), memcpy(&l, b + n - 4, 4);
  return ((i ^ j) | (k ^ l)) == 0;
}

/* Writes s at p, where there is room for it. */
static inline char *cpmi_lay(char *p, cpm_str s) {
  if (s.n) memcpy(p, s.p, s.n);
  return p + s.n;
}

/* Takes n from the room that is left, if that is so much. */
static inline bool cpmi_fits(size_t *room, size_t n) {
  if (n > *room) return false;
  *room -= n;
  return true;
}

/* ---- forms: each returns what stands behind it, or NULL -------------------------------------------------------------------- */

/* Moves *rest behind the element that ends at p, to the next one or the end; false if p is NULL, or if something else stands there. */
static inline bool cpmi_straight_took(cpm_str *rest, const char *p) {
  const char *const pe = rest->p + rest->n;
  if (!p) return false;
  if (p < pe) {
    if (*p++ != ',') return false;
    while (p < pe && (*p == ' ' || *p == '\t')) p++;
    if (p == pe || *p == ',' || *p == '\r') return false;
  }
  *rest = cpm_str_of(p, (size_t)(pe - p));
  return true;
}

/* ";" name, ";" name "=" token, ";" name "=" DQUOTE text DQUOTE */
const char *cpmi_straight_param(cpm_param *out, const char *p, const char *pe);

/* All parameters at p, each given to `take`: behind them. NULL: one is not straight, or was not taken. */
static inline const char *cpmi_straight_params(const char *p, const char *pe, bool (*take)(void *to, const cpm_param *param), void *to) {
  while (p && p < pe && *p == ';') {
    cpm_param param;
    p = cpmi_straight_param(&param, p, pe);
    if (p && !take(to, &param)) return NULL;
  }
  return p;
}

/* [display-name] "<" URI ">", and *a with all but its params. */
const char *cpmi_straight_name_addr(cpm_address *a, const char *p, const char *pe);

/* hostname, or IPv6reference with its brackets: *ipv6. Octets are looked at from `from`, which stands at p or before it, to pe. */
const char *cpmi_straight_host(bool *ipv6, const char *p, const char *from, const char *pe);

/* IPv6address, without an IPv4 address at its end. */
const char *cpmi_straight_ipv6(const char *p, const char *from, const char *pe);

/* "urn:urn-7:" and labels with dots between, the first of at most 27 characters. */
const char *cpmi_straight_service(const char *p, const char *pe);

/* sip and sips without password, escapes and headers, tel with a global number alone; *u is not written when it is something else. */
bool cpmi_straight_uri(cpm_uri *u, cpm_str in);
/* Is it one of those? */
bool cpmi_is_straight_uri(cpm_str in);

/* ":" port, if one is there. */
const char *cpmi_straight_port(bool *there, uint16_t *port, const char *p, const char *pe);

#endif
