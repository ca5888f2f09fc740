/* SPDX-License-Identifier: MIT */
/* cpim_straight.c - a whole message/cpim as nearly all are, read in one pass: header lines, an empty line, MIME header lines that start
 * with a Content- one, an empty line, content; lines of printable ASCII with one SP behind the colon, and nothing to refuse or to note.
 * Whatever is otherwise is left to cpim.c, from the first octet on. */
#include "cpim.h"
#include "mime.h"
#include "straight.h"
#include "value_internal.h"
#include <string.h>

typedef struct cpim_straight {
  cpm_cpim       *out;
  const char     *pe;       /* lines that end before are within the limits */
  cpmi_cpim_scope scope;
  cpm_str         imdn;     /* CPM_CPIM_NS_IMDN where "imdn" is bound to it by the last NS; absent otherwise */
  unsigned        seen;     /* a bit for each id */
} cpim_straight;

#define CPIM_BIT(id) (1u << CPM_CPIM_##id)
/* Is this text at p? */
#define CPIM_AT(p, pe, text) ((size_t)((pe) - (p)) >= sizeof(text) - 1 && memcmp(p, text, sizeof(text) - 1) == 0)

/* ---- values -------------------------------------------------------------------------------------------------------------- */

/* Does a line end at p, with CRLF and no fold behind? */
static inline bool cpim_straight_ends(const char *p, const char *pe) {
  return pe - p > 2 && p[0] == '\r' && p[1] == '\n' && p[2] != ' ' && p[2] != '\t';
}

/* SP and VCHAR up to the line's end, no SP at either end; NULL otherwise. */
static const char *cpim_straight_text(const char *p, const char *pe) {
  const char *const e = p + cpmi_find_plain_end(p, (size_t)(pe - p));
  return cpim_straight_ends(e, pe) && e > p && *p != ' ' && e[-1] != ' ' ? e : NULL;
}

/* The same without a "\", which may start an escape. */
static const char *cpim_straight_value(const char *p, const char *pe) {
  const char *const e = cpim_straight_text(p, pe);
  return e && !memchr(p, '\\', (size_t)(e - p)) ? e : NULL;
}

/* "<" scheme ":" the characters of an address ">", to the line's end. */
static const char *cpim_straight_uri(const char *p, const char *pe) {
  if (pe - p < 3 || *p != '<' || !cpmi_in(p[1], CPMI_ALPHA)) return NULL;
  const char *const colon = cpmi_run(p + 2, pe, CPMI_SCHEME);
  if (colon == pe || *colon != ':') return NULL;
  const char *const e = cpmi_skip_addr(colon + 1, pe);
  return e > colon + 1 && e < pe && *e == '>' && cpim_straight_ends(e + 1, pe) ? e + 1 : NULL;
}

/* An address without anything to note. */
static const char *cpim_straight_address(const char *p, const char *pe) {
  const char *e = cpim_straight_uri(p, pe);
  cpm_cpim_address address;
  if (e || (e = cpim_straight_value(p, pe)) == NULL) return e;
  return cpm_cpim_address_decode(&address, cpmi_between(p, e), NULL, NULL) == CPM_OK && !address.quirks ? e : NULL;
}

/* NS, and what it binds. */
static const char *cpim_straight_ns(cpim_straight *s, const char *p) {
  enum { CPIM_NS_AT = sizeof "imdn <" - 1, CPIM_NS_LEN = sizeof CPM_CPIM_NS_IMDN - 1 };
  uint64_t quirks = 0;
  cpm_str prefix, uri;
  const char *e = CPIM_AT(p, s->pe, "imdn <" CPM_CPIM_NS_IMDN ">") ? p + CPIM_NS_AT + CPIM_NS_LEN + 1 : NULL;
  s->imdn = cpm_str_none();
  if (e && cpim_straight_ends(e, s->pe)) {
    prefix = cpm_str_of(p, sizeof "imdn" - 1);
    uri = s->imdn = cpm_str_of(p + CPIM_NS_AT, CPIM_NS_LEN);
  } else {
    e = cpim_straight_value(p, s->pe);
    if (!e || cpmi_cpim_ns_decode(&prefix, &uri, cpmi_between(p, e), &quirks, NULL, NULL) != CPM_OK || quirks) return NULL;
  }
  return cpmi_cpim_bind(&s->scope, prefix, uri) == CPM_OK ? e : NULL;
}

/* ---- header lines -------------------------------------------------------------------------------------------------------- */

/* The bare names that nearly every message has. */
static cpm_cpim_id cpim_straight_core(const char *p, const char *pe) {
  switch (*p) {
  case 'F': return CPIM_AT(p, pe, "From: ") ? CPM_CPIM_FROM : CPM_CPIM_UNKNOWN;
  case 'T': return CPIM_AT(p, pe, "To: ") ? CPM_CPIM_TO : CPM_CPIM_UNKNOWN;
  case 'D': return CPIM_AT(p, pe, "DateTime: ") ? CPM_CPIM_DATETIME : CPM_CPIM_UNKNOWN;
  case 'N': return CPIM_AT(p, pe, "NS: ") ? CPM_CPIM_NS : CPM_CPIM_UNKNOWN;
  case 'c': return CPIM_AT(p, pe, "cc: ") ? CPM_CPIM_CC : CPM_CPIM_UNKNOWN;
  case 'S': return CPIM_AT(p, pe, "Subject: ") ? CPM_CPIM_SUBJECT : CPM_CPIM_UNKNOWN;
  default:  return CPM_CPIM_UNKNOWN;
  }
}

/* The same of those behind "imdn.". */
static cpm_cpim_id cpim_straight_imdn(const char *p, const char *pe) {
  if (CPIM_AT(p, pe, "Message-ID: ")) return CPM_CPIM_MESSAGE_ID;
  return CPIM_AT(p, pe, "Disposition-Notification: ") ? CPM_CPIM_DISPOSITION_NOTIFICATION : CPM_CPIM_UNKNOWN;
}

static const char *cpim_straight_name_end(const char *p, const char *pe) {
  return p + cpmi_span(cpmi_cpim_classes, cpm_str_of(p, (size_t)(pe - p)), 0, CPMI_CPIM_NAME);
}

/* Any other name, and what it is; where it ends, or NULL. */
static const char *cpim_straight_any_name(const cpim_straight *s, cpm_cpim_header *h, const char *p) {
  const char *e = cpim_straight_name_end(p, s->pe);
  uint64_t quirk = 0;
  if (e == p || e == s->pe) return NULL;
  if (*e == '.') {
    h->prefix = cpmi_between(p, e);
    h->ns = cpmi_cpim_bound(&s->scope, h->prefix);
    p = e + 1;
    e = cpim_straight_name_end(p, s->pe);
    h->name = cpmi_between(p, e);
    h->id = cpmi_cpim_id_of(h->ns, h->name, &quirk);
    return e > p && h->ns.p && !quirk ? e : NULL;
  }
  h->name = cpmi_between(p, e);
  if (cpmi_is_content_name(h->name)) return NULL;
  h->id = cpmi_cpim_id_of_bare(&s->scope, h->name, &quirk);
  if (h->id != CPM_CPIM_NS) h->ns = s->scope.unprefixed;
  return quirk ? NULL : e;
}

/* Reads a name and what it is; where it ends, or NULL. */
static const char *cpim_straight_name(const cpim_straight *s, cpm_cpim_header *h, const char *p) {
  static const size_t dot = sizeof "imdn" - 1;
  const cpm_cpim_header none = { CPM_CPIM_UNKNOWN, { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, { NULL, 0 } };
  *h = none;
  if (s->imdn.p && CPIM_AT(p, s->pe, "imdn.")) {
    h->id = cpim_straight_imdn(p + dot + 1, s->pe);
    if (!h->id) return cpim_straight_any_name(s, h, p);
    h->prefix = cpm_str_of(p, dot);
    h->ns = s->imdn;
    p += dot + 1;
  } else {
    h->id = s->scope.unprefixed.p ? CPM_CPIM_UNKNOWN : cpim_straight_core(p, s->pe);
    if (!h->id) return cpim_straight_any_name(s, h, p);
  }
  h->name = cpm_str_of(p, cpmi_cpim_name_of(h->id).n);
  return p + h->name.n;
}

/* Reads one header line into the array; where the next one starts, or NULL. */
static const char *cpim_straight_line(cpim_straight *s, const char *p) {
  static const unsigned once = CPIM_BIT(FROM) | CPIM_BIT(DATETIME) | CPIM_BIT(MESSAGE_ID);
  const char *const pe = s->pe, *e;
  cpm_cpim_header *const h = &s->out->headers[s->out->nheaders];
  if (s->out->nheaders == s->out->cap) return NULL;
  p = cpim_straight_name(s, h, p);
  if (!p || pe - p < 2 || p[0] != ':' || p[1] != ' ') return NULL;
  p += 2;
  switch (h->id) {
  case CPM_CPIM_FROM:
  case CPM_CPIM_TO:
  case CPM_CPIM_CC:      e = cpim_straight_address(p, pe); break;
  case CPM_CPIM_NS:      e = cpim_straight_ns(s, p); break;
  case CPM_CPIM_REQUIRE: return NULL;
  default:               e = cpim_straight_value(p, pe); break;
  }
  const unsigned bit = 1u << h->id;
  if (!e || (s->seen & bit & once)) return NULL;
  h->value = cpmi_between(p, e);
  s->seen |= bit;
  s->out->nheaders++;
  return e + 2;
}

/* Is what must be there? */
static bool cpim_straight_complete(const cpim_straight *s) {
  const unsigned always = CPIM_BIT(FROM) | CPIM_BIT(TO), notified = CPIM_BIT(MESSAGE_ID) | CPIM_BIT(DATETIME);
  const unsigned must = always | (s->seen & CPIM_BIT(DISPOSITION_NOTIFICATION) ? notified : 0);
  return (s->seen & must) == must;
}

/* ---- the wrapped part ---------------------------------------------------------------------------------------------------- */

/* Reads one MIME header line; where the next one starts, or NULL. Names that are not known are passed over. */
static const char *cpim_straight_mime(cpmi_mime_head *head, const char *p, const char *pe) {
  const char *const colon = cpmi_run(p, pe, CPMI_TOKEN), *b = colon + 1;
  uint64_t quirks = 0;
  if (colon == p || pe - colon < 2 || *colon != ':') return NULL;
  while (b < pe && *b == ' ') b++;
  const char *const e = cpim_straight_text(b, pe);
  if (!e) return NULL;
  (void)cpmi_mime_note(head, cpmi_between(p, colon), cpmi_between(b, e), &quirks, NULL, 0, NULL);
  return quirks ? NULL : e + 2;
}

/* Digits that say n. */
static bool cpim_straight_length(cpm_str length, size_t n) {
  uint64_t v = 0;
  return !length.p || (cpmi_run(length.p, length.p + length.n, CPMI_DIGIT) == length.p + length.n && cpmi_to_number(&v, length, SIZE_MAX) && v == n);
}

static inline bool cpim_straight_empty(const char *p, const char *pe) { return pe - p > 1 && p[0] == '\r' && p[1] == '\n'; }

bool cpmi_cpim_straight(cpm_cpim *out, cpm_str in, size_t max_head, uint64_t max_body) {
  cpmi_mime_head head = { { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, { NULL, 0 } };
  cpim_straight s;
  if (!CPMI_STRAIGHT) return false;
  const char *const pe = in.p + (in.n < max_head ? in.n : max_head), *p = in.p;
  s.out = out, s.pe = pe, s.seen = 0, s.scope.n = 0, s.scope.unprefixed = s.imdn = cpm_str_none();
  while (!cpim_straight_empty(p, pe))
    if (p == pe || (p = cpim_straight_line(&s, p)) == NULL) return false;
  p += 2;
  const char *const mime = p;
  if (!cpim_straight_complete(&s) || !CPIM_AT(p, pe, "Content-")) return false;
  while (!cpim_straight_empty(p, pe))
    if (p == pe || (p = cpim_straight_mime(&head, p, pe)) == NULL) return false;
  out->mime = cpmi_between(mime, p);
  out->content_off = (size_t)(p - in.p) + 2;
  out->content = cpmi_behind(in, out->content_off);
  out->content_type = head.content_type;
  out->disposition = head.disposition;
  out->encoding = head.encoding;
  return out->content.n <= max_body && head.content_type.p && cpim_straight_length(head.length, out->content.n);
}
