/* SPDX-License-Identifier: MIT */
/* sdp_straight.c - the lines and attributes of SDP as peers write them, read without a machine (straight.h).
 *
 * One SP between words, words in the case of the RFCs, quotes where they print them; no parameters of types, no escapes in file names.
 * Each reader is given a whole value and marks the parts that the machine would mark. p is where it stands, pe where the value ends; a
 * reader of a part returns what stands behind it, or NULL, which the next one hands on.
 */
#include "sdp_parse.h"
#include "straight.h"
#include <string.h>
#if defined(__SSE2__) && defined(__GNUC__)
#include <emmintrin.h>
#define SDP_STRAIGHT_STEP 16
#endif

/* ---- parts ----------------------------------------------------------------------------------------------------------- */

#ifdef SDP_STRAIGHT_STEP
static __m128i sdp_straight_load(const char *p) { return _mm_loadu_si128((const __m128i *)(const void *)p); }
static unsigned sdp_straight_bits(__m128i x) { return (unsigned)_mm_movemask_epi8(x); }
static __m128i sdp_straight_equal(__m128i x, char c) { return _mm_cmpeq_epi8(x, _mm_set1_epi8(c)); }
/* Those from `first` to `last`. */
static __m128i sdp_straight_in(__m128i x, char first, char last) {
  const __m128i up = _mm_sub_epi8(x, _mm_set1_epi8(first));
  return _mm_cmpeq_epi8(_mm_min_epu8(up, _mm_set1_epi8((char)(last - first))), up);
}

/* A bit for each that is none of ALPHA, DIGIT, "*", "+", "-", "." */
static unsigned sdp_straight_no_name(const char *p) {
  const __m128i x = sdp_straight_load(p), letters = sdp_straight_in(_mm_or_si128(x, _mm_set1_epi8(0x20)), 'a', 'z');
  const __m128i others = _mm_or_si128(sdp_straight_equal(x, '/'), sdp_straight_equal(x, ','));
  return ~sdp_straight_bits(_mm_or_si128(letters, _mm_andnot_si128(others, sdp_straight_in(x, '*', '9')))) & 0xffff;
}

/* Do five times two hexadecimal digits in upper case and ":" stand there? One octet more is looked at. */
static bool sdp_straight_five_hex(const char *p) {
  enum { COLONS = 0x4924, ALL = 0x7fff };   /* every third of 15 bits */
  const __m128i x = sdp_straight_load(p), hex = _mm_or_si128(sdp_straight_in(x, '0', '9'), sdp_straight_in(x, 'A', 'F'));
  return (sdp_straight_bits(hex) & ALL) == (ALL & ~COLONS) && (sdp_straight_bits(sdp_straight_equal(x, ':')) & COLONS) == COLONS;
}
#endif

/* One or more characters of the set. */
static const char *sdp_straight_run(const char *p, const char *pe, unsigned set) {
  if (!p) return NULL;
  const char *const e = cpmi_run(p, pe, set);
  return e > p ? e : NULL;
}

static const char *sdp_straight_char(const char *p, const char *pe, char c) { return p && p < pe && *p == c ? p + 1 : NULL; }

static const char *sdp_straight_text(const char *p, const char *pe, const char *text, size_t n) {
  return p && (size_t)(pe - p) >= n && memcmp(p, text, n) == 0 ? p + n : NULL;
}
#define SDP_STRAIGHT_TEXT(p, pe, literal) sdp_straight_text(p, pe, literal, sizeof(literal) - 1)

/* One or more digits. */
static const char *sdp_straight_digits(const char *p, const char *pe) {
#ifdef SDP_STRAIGHT_STEP
  if (p && pe - p >= SDP_STRAIGHT_STEP) {
    const unsigned others = ~sdp_straight_bits(sdp_straight_in(sdp_straight_load(p), '0', '9')) & 0xffff;
    if (others) return others & 1 ? NULL : p + __builtin_ctz(others);
  }
#endif
  return sdp_straight_run(p, pe, CPMI_DIGIT);
}

/* POS-DIGIT *DIGIT */
static const char *sdp_straight_integer(const char *p, const char *pe) { return p && p < pe && *p != '0' ? sdp_straight_digits(p, pe) : NULL; }

/* A run and the SP behind it; *e is where the run ends. */
static const char *sdp_straight_word(const char **e, const char *p, const char *pe, unsigned set) {
  *e = sdp_straight_run(p, pe, set);
  return sdp_straight_char(*e, pe, ' ');
}

/* The ends of runs of CPMI_NAME in a value, one after the other. What is looked at sixteen octets at a time is looked at once: `ends` has
 * a bit for each octet from `at` on that ends a run perhaps, and those from `next` on were not looked at. */
typedef struct sdp_straight_runs { const char *at, *next, *pe; unsigned ends; } sdp_straight_runs;

/* Where the run ends that starts at p, which is where the last one ended, or one octet behind. */
static inline const char *sdp_straight_run_end(sdp_straight_runs *r, const char *p) {
#ifdef SDP_STRAIGHT_STEP
  for (;;) {
    while (!r->ends && r->pe - r->next >= SDP_STRAIGHT_STEP) {
      r->at = r->next;
      r->ends = sdp_straight_no_name(r->at);
      r->next += SDP_STRAIGHT_STEP;
    }
    if (!r->ends) return cpmi_run(r->next > p ? r->next : p, r->pe, CPMI_NAME);   /* fewer than sixteen are left */
    const char *const e = r->at + __builtin_ctz(r->ends);
    r->ends &= r->ends - 1;
    if (!cpmi_in(*e, CPMI_NAME)) return e;
  }
#else
  return cpmi_run(p, r->pe, CPMI_NAME);
#endif
}

/* ---- lines ----------------------------------------------------------------------------------------------------------- */

/* "IN IP4" or "IN IP6", and an address up to the end; no "/" behind the address. */
static bool sdp_straight_place(cpmi_sdp_marks *m, const char *p, const char *pe) {
  if (pe - p < 8 || memcmp(p, "IN IP", 5) != 0 || (p[5] != '4' && p[5] != '6') || p[6] != ' ') return false;
  m->nettype_b = p, m->nettype_e = p + 2;
  m->addrtype_b = p + 3, m->addrtype_e = p + 6;
  m->address_b = p + 7, m->address_e = pe;
  return cpmi_skip_visible(p + 7, pe) == pe && !memchr(p + 7, '/', (size_t)(pe - p) - 7);
}

static bool sdp_straight_origin(cpmi_sdp_marks *m, const char *p, const char *pe) {
  m->username_b = p;
  m->sess_id_b = p = sdp_straight_word(&m->username_e, p, pe, CPMI_VISIBLE);
  m->sess_id_e = sdp_straight_digits(p, pe);
  m->sess_version_b = p = sdp_straight_char(m->sess_id_e, pe, ' ');
  m->sess_version_e = sdp_straight_digits(p, pe);
  p = sdp_straight_char(m->sess_version_e, pe, ' ');
  return p && sdp_straight_place(m, p, pe);
}

static bool sdp_straight_time(cpmi_sdp_marks *m, const char *p, const char *pe) {
  m->start_b = p;
  m->stop_b = p = sdp_straight_word(&m->start_e, p, pe, CPMI_DIGIT);
  m->stop_e = sdp_straight_run(p, pe, CPMI_DIGIT);
  return m->stop_e == pe;
}

/* Words of that set with one SP between, up to the end. */
static bool sdp_straight_words(const char *p, const char *pe, unsigned set) {
  for (;;) {
    const char *const e = sdp_straight_run(p, pe, set);
    if (e == pe) return true;
    p = sdp_straight_char(e, pe, ' ');
    if (!p) return false;
  }
}

static bool sdp_straight_media(cpmi_sdp_marks *m, const char *p, const char *pe) {
  m->media_b = p;
  m->port_b = p = sdp_straight_word(&m->media_e, p, pe, CPMI_NAME);
  m->proto_b = p = sdp_straight_word(&m->port_e, p, pe, CPMI_DIGIT);
  p = sdp_straight_run(p, pe, CPMI_NAME);
  while (p && p < pe && *p == '/') p = sdp_straight_run(p + 1, pe, CPMI_NAME);
  m->proto_e = p;
  m->formats_b = p = sdp_straight_char(p, pe, ' ');
  return p && sdp_straight_words(p, pe, CPMI_NAME);
}

bool cpmi_sdp_straight(cpmi_sdp_marks *m, char type, cpm_str in) {
  const char *const pe = in.p + in.n;
  if (!CPMI_STRAIGHT) return false;
  m->spacing = false;
  switch (type) {
  case 'v': return sdp_straight_run(in.p, pe, CPMI_DIGIT) == pe;
  case 'o': return sdp_straight_origin(m, in.p, pe);
  case 's': return cpmi_find_line_end(in.p, in.n) == in.n;
  case 'c': m->ttl_b = m->count_b = NULL; return sdp_straight_place(m, in.p, pe);
  case 't': return sdp_straight_time(m, in.p, pe);
  case 'm': m->ports_b = NULL; return sdp_straight_media(m, in.p, pe);
  default: return false;
  }
}

/* ---- attributes ------------------------------------------------------------------------------------------------------ */

/* type "/" subtype or "*", with one SP between. */
static bool sdp_straight_types(const char *p, const char *pe) {
  sdp_straight_runs runs = { p, p, pe, 0 };
  for (bool subtype = false;; p++) {
    const char *const e = sdp_straight_run_end(&runs, p);
    const bool any = e - p == 1 && *p == '*', slash = e < pe && *e == '/';
    if (e == p || (slash ? subtype : !subtype && !any)) return false;
    if (e == pe) return true;
    if (!slash && *e != ' ') return false;
    subtype = slash;
    p = e;
  }
}

/* 2UHEX *(":" 2UHEX), digits in upper case. */
static const char *sdp_straight_hex(const char *p, const char *pe) {
  bool upper = true;
#ifdef SDP_STRAIGHT_STEP
  while (p && pe - p >= SDP_STRAIGHT_STEP && sdp_straight_five_hex(p)) p += 15;
#endif
  for (; p && pe - p >= 2; p++) {
    if (!(cpmi_class[(unsigned char)p[0]] & cpmi_class[(unsigned char)p[1]] & CPMI_HEX)) return NULL;
    upper &= (p[0] < 'a') & (p[1] < 'a');
    p += 2;
    if (p == pe || *p != ':') return upper ? p : NULL;
  }
  return NULL;
}

static bool sdp_straight_fingerprint(cpmi_sdp_attribute_marks *m, const char *p, const char *pe) {
  m->function_b = p;
  m->print_b = p = sdp_straight_word(&m->function_e, p, pe, CPMI_NAME);
  m->print_e = sdp_straight_hex(p, pe);
  return m->print_e == pe;
}

/* Text in quotes without "%", "\", controls; *b and *e are its ends. What stands behind its second quote. */
static const char *sdp_straight_quoted(const char **b, const char **e, const char *p, const char *pe) {
  *b = p = sdp_straight_char(p, pe, '"');
  if (!p) return NULL;
  *e = p = cpmi_skip_qdtext(p, pe);
  return p > *b && p < pe && *p == '"' && !memchr(*b, '%', (size_t)(p - *b)) ? p + 1 : NULL;
}

/* "hash:" algorithm ":" octets, as many as the algorithm gives. */
static const char *sdp_straight_hash(cpmi_sdp_attribute_marks *m, const char *p, const char *pe) {
  const char *const name = SDP_STRAIGHT_TEXT(p, pe, "hash:"), *const name_e = sdp_straight_run(name, pe, CPMI_NAME);
  const char *const value = sdp_straight_char(name_e, pe, ':'), *const e = sdp_straight_hex(value, pe);
  if (!e) return NULL;
  if (!m->hash_b) m->hash_b = p;
  const cpm_sdp_hash hash = { cpmi_between(name, name_e), cpmi_between(value, e) };
  return cpmi_sdp_hash_fits(&hash) ? e : NULL;
}

static const char *sdp_straight_selector(cpmi_sdp_attribute_marks *m, const char *p, const char *pe) {
  const char *b;
  if ((b = SDP_STRAIGHT_TEXT(p, pe, "name:")) != NULL) return m->name_b ? NULL : sdp_straight_quoted(&m->name_b, &m->name_e, b, pe);
  if ((b = SDP_STRAIGHT_TEXT(p, pe, "size:")) != NULL) {
    if (m->size_b) return NULL;
    m->size_b = b;
    return m->size_e = sdp_straight_integer(b, pe);
  }
  if ((b = SDP_STRAIGHT_TEXT(p, pe, "type:")) != NULL) {
    if (m->type_b) return NULL;
    m->type_b = b;
    b = sdp_straight_char(sdp_straight_run(b, pe, CPMI_NAME), pe, '/');
    return m->type_e = sdp_straight_run(b, pe, CPMI_NAME);
  }
  return sdp_straight_hash(m, p, pe);
}

static bool sdp_straight_selectors(cpmi_sdp_attribute_marks *m, const char *p, const char *pe) {
  m->name_b = m->type_b = m->size_b = m->hash_b = NULL;
  for (;;) {
    const char *const e = sdp_straight_selector(m, p, pe);
    if (e == pe) return true;
    p = sdp_straight_char(e, pe, ' ');
    if (!p) return false;
  }
}

static const char *sdp_straight_date(cpmi_sdp_attribute_marks *m, const char *p, const char *pe) {
  const char *b;
  if ((b = SDP_STRAIGHT_TEXT(p, pe, "creation:")) != NULL)
    return m->creation_b ? NULL : sdp_straight_quoted(&m->creation_b, &m->creation_e, b, pe);
  if ((b = SDP_STRAIGHT_TEXT(p, pe, "modification:")) != NULL)
    return m->modification_b ? NULL : sdp_straight_quoted(&m->modification_b, &m->modification_e, b, pe);
  b = SDP_STRAIGHT_TEXT(p, pe, "read:");
  return m->read_b ? NULL : sdp_straight_quoted(&m->read_b, &m->read_e, b, pe);
}

static bool sdp_straight_dates(cpmi_sdp_attribute_marks *m, const char *p, const char *pe) {
  m->creation_b = m->modification_b = m->read_b = NULL;
  for (;;) {
    const char *const e = sdp_straight_date(m, p, pe);
    if (e == pe) return true;
    p = sdp_straight_char(e, pe, ' ');
    if (!p) return false;
  }
}

static bool sdp_straight_name(const char *p, const char *pe) {
  sdp_straight_runs runs = { p, p, pe, 0 };
  return p < pe && sdp_straight_run_end(&runs, p) == pe;
}

static bool sdp_straight_size(cpmi_sdp_attribute_marks *m, const char *p, const char *pe) {
  m->size_b = p;
  m->size_e = sdp_straight_run(p, pe, CPMI_DIGIT);
  return m->size_e == pe;
}

static bool sdp_straight_range(cpmi_sdp_attribute_marks *m, const char *p, const char *pe) {
  m->start_b = p;
  m->start_e = sdp_straight_integer(p, pe);
  m->stop_b = p = sdp_straight_char(m->start_e, pe, '-');
  m->stop_e = p && p < pe && *p == '*' ? p + 1 : sdp_straight_integer(p, pe);
  return m->stop_e == pe;
}

bool cpmi_sdp_attribute_straight(cpmi_sdp_attribute_marks *m, int id, cpm_str in) {
  const char *const p = in.p, *const pe = p + in.n;
  if (!CPMI_STRAIGHT) return false;
  m->again = NULL;
  m->spacing = m->loose = m->lower = false;
  switch (id) {
  case CPM_SDP_ACCEPT_TYPES:
  case CPM_SDP_ACCEPT_WRAPPED_TYPES: return sdp_straight_types(p, pe);
  case CPM_SDP_MAX_SIZE: return sdp_straight_size(m, p, pe);
  case CPM_SDP_SETUP:
  case CPM_SDP_CONNECTION:
  case CPM_SDP_FILE_TRANSFER_ID:
  case CPM_SDP_FILE_DISPOSITION: return sdp_straight_name(p, pe);
  case CPM_SDP_CHATROOM: return sdp_straight_words(p, pe, CPMI_NAME);
  case CPM_SDP_FINGERPRINT: return sdp_straight_fingerprint(m, p, pe);
  case CPM_SDP_FILE_SELECTOR: return sdp_straight_selectors(m, p, pe);
  case CPM_SDP_FILE_DATE: return sdp_straight_dates(m, p, pe);
  case CPM_SDP_FILE_RANGE: return sdp_straight_range(m, p, pe);
  default: return false;
  }
}
