/* SPDX-License-Identifier: MIT */
/* straight_uri.c - URIs that are read straight: sip and sips without password, escapes and headers; tel with a global number alone.
 *
 * Of a short one each octet is looked at once: what is none of a letter, digit, "-" and "." stands between the parts.
 */
#include "internal.h"
#include "straight.h"

enum { STRAIGHT_PARAMS = 4 };   /* each is compared with those before it */

static bool straight_is_new(const cpm_str *names, size_t n, cpm_str name) {
  for (size_t i = 0; i < n; i++)
    if (names[i].n == name.n && cpm_str_ieq(names[i], name)) return false;
  return true;
}

static bool straight_params(const char *p, const char *pe) {
  cpm_str names[STRAIGHT_PARAMS];
  size_t n = 0;
  while (p < pe) {
    const char *const b = p + 1, *e = cpmi_run(b, pe, CPMI_PCHAR);
    if (*p != ';' || e == b || n == STRAIGHT_PARAMS) return false;
    names[n] = cpm_str_of(b, (size_t)(e - b));
    if (!straight_is_new(names, n, names[n])) return false;
    n++;
    p = e;
    if (p == pe || *p != '=') continue;
    e = cpmi_run(p + 1, pe, CPMI_PCHAR);
    if (e == p + 1) return false;
    p = e;
  }
  return true;
}

/* Where the parts stand behind the scheme. user_e is NULL without a user. */
typedef struct straight_parts { const char *user_e, *host, *host_e, *params; bool ipv6, has_port; uint16_t port; } straight_parts;

/* from: where octets may be looked at. */
static bool straight_part(straight_parts *out, const char *p, const char *from, const char *pe) {
  const char *const at = cpmi_find_octet(p, pe, '@');
  if (at < pe && (at == p || cpmi_run(p, at, CPMI_USERINFO) != at)) return false;
  out->user_e = at < pe ? at : NULL;
  out->host = at < pe ? at + 1 : p;
  out->host_e = cpmi_straight_host(&out->ipv6, out->host, from, pe);
  if (!out->host_e) return false;
  out->port = 0;
  out->params = cpmi_straight_port(&out->has_port, &out->port, out->host_e, pe);
  return out->params && straight_params(out->params, pe);
}

#ifdef CPMI_SSE2
enum { STRAIGHT_STEP = 16, STRAIGHT_MOST = 63 };

/* Of up to STRAIGHT_MOST octets, n: a bit for each that stands between parts, and for the end; for "."; for "-". */
typedef struct straight_bits { const char *p; unsigned n; uint64_t outside, dots, dashes; } straight_bits;

/* 16 octets, of which the first `known` were looked at before: the others come behind bit i. */
static inline void straight_look(straight_bits *b, unsigned i, unsigned known) {
  const __m128i x = _mm_loadu_si128((const __m128i *)(const void *)(b->p + i - known));
  const unsigned plain = (unsigned)_mm_movemask_epi8(cpmi_plain(x));
  const unsigned dots = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(x, _mm_set1_epi8('.')));
  const unsigned dashes = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(x, _mm_set1_epi8('-')));
  b->outside ^= (uint64_t)(plain >> known) << i;
  b->dots |= (uint64_t)(dots >> known) << i;
  b->dashes |= (uint64_t)(dashes >> known) << i;
}

static inline void straight_look_at_all(straight_bits *b) {
  if (b->n >= 16) straight_look(b, 0, 0);
  if (b->n >= 32) straight_look(b, 16, 0);
  if (b->n >= 48) straight_look(b, 32, 0);
  if (b->n & 15) straight_look(b, b->n & 48, 16 - (b->n & 15));
}

/* The next octet between parts, or the end. */
static inline unsigned straight_stop(const straight_bits *b) { return (unsigned)__builtin_ctzll(b->outside); }
static inline unsigned straight_next(straight_bits *b) {
  b->outside &= b->outside - 1;
  return straight_stop(b);
}

/* Labels as host_name of straight_host.c has them. */
static inline bool straight_is_host(const straight_bits *b, unsigned at, unsigned end) {
  if (at == end) return false;
  const uint64_t all = (UINT64_C(1) << (end - at)) - 1, dots = b->dots >> at & all, edges = dots | (b->dashes >> at & all);
  if ((edges & (UINT64_C(1) | UINT64_C(1) << (end - at - 1))) || (dots & (edges << 1 | edges >> 1))) return false;
  return cpmi_in(b->p[dots ? at + 64 - (unsigned)__builtin_clzll(dots) : at], CPMI_ALPHA);
}

static inline bool straight_bit_params(straight_bits *b, unsigned at) {
  cpm_str names[STRAIGHT_PARAMS];
  for (size_t n = 0; at < b->n; n++) {
    const unsigned name = at + 1;
    if (b->p[at] != ';' || n == STRAIGHT_PARAMS || (at = straight_next(b)) == name) return false;
    names[n] = cpm_str_of(b->p + name, at - name);
    if (!straight_is_new(names, n, names[n])) return false;
    if (at == b->n || b->p[at] != '=') continue;
    const unsigned value = at + 1;
    if ((at = straight_next(b)) == value) return false;
  }
  return true;
}

/* The same of what is plain but for a "+" in front; anything else is left to straight_part. */
static inline bool straight_part_bits(straight_parts *out, const char *p, const char *from, const char *pe) {
  straight_bits b = { p, (unsigned)(pe - p), UINT64_MAX, 0, 0 };
  if (pe - p > STRAIGHT_MOST || pe - from < STRAIGHT_STEP) return false;
  straight_look_at_all(&b);
  const bool plus = *p == '+';
  unsigned at = plus ? straight_next(&b) : straight_stop(&b), host = 0;
  const bool user = at && at < b.n && p[at] == '@';
  if (user) host = at + 1, at = straight_next(&b);
  if ((plus && !user) || !straight_is_host(&b, host, at)) return false;
  out->user_e = user ? p + host - 1 : NULL;
  out->host = p + host;
  out->host_e = out->params = p + at;
  out->ipv6 = out->has_port = false;
  out->port = 0;
  if (at < b.n && p[at] == ':') {
    out->params = cpmi_straight_port(&out->has_port, &out->port, p + at, pe);
    if (!out->params) return false;
    at = straight_next(&b);
  }
  return p + at == out->params && (straight_bit_params(&b, at) || straight_params(out->params, pe));
}
#else
#define straight_part_bits(out, p, from, pe) false
#endif

static inline bool straight_parts_of(straight_parts *out, cpm_str in, size_t n) {
  const char *const p = in.p + n + 1, *const pe = in.p + in.n;
  return straight_part_bits(out, p, in.p, pe) || straight_part(out, p, in.p, pe);
}

/* The name of the scheme has n octets. */
static bool straight_sip(cpm_uri *u, cpm_uri_scheme scheme, cpm_str in, size_t n) {
  const char *const p = in.p + n + 1, *const pe = in.p + in.n;
  straight_parts at;
  if (!straight_parts_of(&at, in, n)) return false;
  u->scheme = scheme;
  u->text = in;
  u->scheme_name = cpm_str_of(in.p, n);
  u->user = at.user_e ? cpm_str_of(p, (size_t)(at.user_e - p)) : cpm_str_none();
  u->host = cpm_str_of(at.host + at.ipv6, (size_t)(at.host_e - at.host) - 2u * at.ipv6);
  u->host_is_ipv6 = at.ipv6;
  u->has_port = at.has_port;
  u->port = at.port;
  u->params = at.params < pe ? cpm_str_of(at.params, (size_t)(pe - at.params)) : cpm_str_none();
  u->password = u->headers = u->opaque = cpm_str_none();
  u->tel_global = false;
  return true;
}

static bool straight_is_number(cpm_str in) {
  return in.n > 5 && in.p[4] == '+' && cpmi_run(in.p + 5, in.p + in.n, CPMI_DIGIT) == in.p + in.n;
}

static bool straight_tel(cpm_uri *u, cpm_str in) {
  if (!straight_is_number(in)) return false;
  const cpm_uri uri = { .scheme = CPM_URI_TEL, .text = in, .scheme_name = { in.p, 3 }, .user = { in.p + 4, in.n - 4 }, .tel_global = true };
  *u = uri;
  return true;
}

bool cpmi_straight_uri(cpm_uri *u, cpm_str in) {
  if (in.n < 6) return false;
  if (memcmp(in.p, "sip:", 4) == 0) return straight_sip(u, CPM_URI_SIP, in, 3);
  if (memcmp(in.p, "tel:", 4) == 0) return straight_tel(u, in);
  return memcmp(in.p, "sips:", 5) == 0 && straight_sip(u, CPM_URI_SIPS, in, 4);
}

bool cpmi_is_straight_uri(cpm_str in) {
  straight_parts at;
  if (in.n < 6) return false;
  if (memcmp(in.p, "sip:", 4) == 0) return straight_parts_of(&at, in, 3);
  if (memcmp(in.p, "tel:", 4) == 0) return straight_is_number(in);
  return memcmp(in.p, "sips:", 5) == 0 && straight_parts_of(&at, in, 4);
}
