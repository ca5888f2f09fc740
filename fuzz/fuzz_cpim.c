/* SPDX-License-Identifier: MIT */
/* fuzz_cpim.c - CPIM and MIME. The input is read as each of: a message/cpim, a Content-Type and (behind CRLF) the body of that type,
 * a DateTime, a value of Content-Disposition or Accept. Content of a CPIM that is a multipart is read as one, and content of a part
 * as CPIM, two levels down.
 * Holds for CPIM: slices lie in the input, headers in order; the content ends with the input. What decodes encodes, once it has a
 * Content-Type, unless a quirk says that there is nothing strict to write (a prefix or a bare name that no NS binds, an address that
 * cannot be read, octets that are no UTF-8, prefixes that nothing binds); what was written decodes without a quirk to as many headers
 * and the same content, and is written the same a second time. The values behind it keep to the same.
 * Holds for types: what decodes as Content-Type or Content-Disposition encodes, decodes again without a quirk but a wildcard, and is
 * written the same a second time; an Accept list ends.
 * Holds for multiparts: parts lie in the body, in order, and do not overlap; what decodes encodes, unless its boundary begins a line in
 * one of its parts or a part repeats a header field; what was written decodes without a quirk to the same parts, and is written the same
 * a second time. Walking finds the same parts, and goes on where decoding ends.
 * Holds for parts in parts: they lie in the body. For message/external-body: its slices lie in type and body; a URL that can be written is read
 * back. For a coded body: nothing is written behind the room for it.
 * Holds for DateTime: what decodes and lies within the years 0 to 9999 encodes, and decodes again to the same time without a quirk. */
#include "cpm/coding.h"
#include "cpm/cpim.h"
#include "cpm/mime.h"
#include "fuzz.h"

enum { HEADERS = 24, PARTS = 8, LEVELS = 2 };

/* ---- message/cpim --------------------------------------------------------------------------------------------------- */

static void cpim_inside(const cpm_cpim *m, cpm_str in) {
  const char *from = in.p;
  for (size_t i = 0; i < m->nheaders; i++) {
    const cpm_cpim_header *const h = &m->headers[i];
    HOLDS(h->name.p && h->name.n && h->name.p >= from && h->value.p && h->value.p >= h->name.p + h->name.n);
    inside(h->prefix, in);
    inside(h->ns, in);
    inside(h->params, in);
    inside(h->value, in);
    from = h->value.p + h->value.n;
  }
  inside(m->content_type, in);
  inside(m->disposition, in);
  inside(m->encoding, in);
  inside(m->mime, in);
  HOLDS(m->content.p == in.p + m->content_off && m->content_off + m->content.n == in.n);
}

/* Is there a reason that it cannot be written? */
static int cpim_loose(const cpm_cpim *m) {
  const uint64_t quirks = CPM_QUIRK(CPIM_NO_NS) | CPM_QUIRK(CPIM_NS_LATE) | CPM_QUIRK(CPIM_BARE_IMDN) | CPM_QUIRK(UTF8_INVALID);
  if (m->quirks & quirks) return 1;
  for (size_t i = 0; i < m->nheaders; i++) {
    const cpm_cpim_header *const h = &m->headers[i];
    cpm_cpim_address a;
    if (h->prefix.p && !h->ns.p) return 1;
    if (h->id != CPM_CPIM_FROM && h->id != CPM_CPIM_TO && h->id != CPM_CPIM_CC) continue;
    if (cpm_cpim_address_decode(&a, h->value, NULL, NULL) != CPM_OK) return 1;
  }
  return 0;
}

static void cpim_again(cpm_cpim *m) {
  size_t len = 0, second_len = 0;
  cpm_diag diag = { 0 };
  if (!m->content_type.p) m->content_type = cpm_str_z("text/plain");
  const int rc = cpm_cpim_encode(NULL, 0, &len, m, &diag);
  HOLDS(rc == CPM_OK || cpim_loose(m));
  if (rc) return;
  char *const text = room_for(len), *const second = room_for(len);
  HOLDS(cpm_cpim_encode(text, len, &len, m, NULL) == CPM_OK);
  cpm_cpim_header headers[HEADERS];
  cpm_cpim copy = { .headers = headers, .cap = HEADERS };
  const cpm_opts large = { .max_line = SIZE_MAX, .max_head = SIZE_MAX };
  HOLDS(cpm_cpim_decode(&copy, cpm_str_of(text, len), &large, NULL) == CPM_OK);
  HOLDS(copy.quirks == 0 && copy.nheaders == m->nheaders && cpm_str_eq(copy.content, m->content));
  for (size_t i = 0; i < copy.nheaders; i++) HOLDS(headers[i].id == m->headers[i].id);
  HOLDS(cpm_cpim_encode(second, len, &second_len, &copy, NULL) == CPM_OK);
  HOLDS(second_len == len && memcmp(text, second, len) == 0);
  free(text);
  free(second);
}

static void cpim_values(cpm_str in) {
  cpm_cpim_address a, b;
  unsigned set = 0;
  cpm_diag diag = { 0 };
  char text[512];
  size_t len = 0, back_len = 0;
  if (cpm_cpim_address_decode(&a, in, NULL, &diag) == CPM_OK) {
    inside(a.name, in);
    inside(a.uri, in);
    const int rc = cpm_cpim_address_encode(text, sizeof text, &len, &a, NULL);
    HOLDS(rc == CPM_OK || rc == CPM_E_SPACE);
    if (rc == CPM_OK) HOLDS(cpm_cpim_address_decode(&b, cpm_str_of(text, len), NULL, NULL) == CPM_OK && !b.quirks);
  }
  (void)cpm_disposition_notification_decode(&set, in, NULL, &diag);
  HOLDS(diag.off <= in.n && !(set >> CPM_DISPOSITION_BITS));
  if (cpm_cpim_escape(text, sizeof text, &len, in) == CPM_OK) {
    char back[512];
    HOLDS(cpm_cpim_unescape(back, sizeof back, &back_len, cpm_str_of(text, len)) == CPM_OK);
    HOLDS(back_len == in.n && memcmp(back, in.p, in.n) == 0);
  }
  (void)cpm_cpim_unescape(text, sizeof text, &len, in);
}

/* ---- media types, dispositions -------------------------------------------------------------------------------------- */

static void media_type(cpm_str in) {
  cpm_media_type t, copy;
  cpm_diag diag = { 0 };
  size_t len = 0, second_len = 0;
  const int rc = cpm_media_type_decode(&t, in, NULL, &diag);
  HOLDS(diag.off <= in.n);
  if (rc) return;
  inside(t.type, in);
  inside(t.subtype, in);
  inside(t.params, in);
  HOLDS(cpm_media_type_encode(NULL, 0, &len, &t, NULL) == CPM_OK);
  char *const text = room_for(len), *const second = room_for(len);
  HOLDS(cpm_media_type_encode(text, len, &len, &t, NULL) == CPM_OK);
  HOLDS(cpm_media_type_decode(&copy, cpm_str_of(text, len), NULL, NULL) == CPM_OK);
  HOLDS(!(copy.quirks & ~CPM_QUIRK(MIME_WILDCARD)));
  HOLDS(cpm_media_type_encode(second, len, &second_len, &copy, NULL) == CPM_OK);
  HOLDS(second_len == len && memcmp(text, second, len) == 0);
  free(text);
  free(second);
}

static void disposition(cpm_str in) {
  cpm_disposition t, copy;
  cpm_diag diag = { 0 };
  size_t len = 0, second_len = 0;
  const int rc = cpm_disposition_decode(&t, in, NULL, &diag);
  HOLDS(diag.off <= in.n);
  if (rc) return;
  inside(t.type, in);
  inside(t.params, in);
  HOLDS(cpm_disposition_encode(NULL, 0, &len, &t, NULL) == CPM_OK);
  char *const text = room_for(len), *const second = room_for(len);
  HOLDS(cpm_disposition_encode(text, len, &len, &t, NULL) == CPM_OK);
  HOLDS(cpm_disposition_decode(&copy, cpm_str_of(text, len), NULL, NULL) == CPM_OK && copy.optional == t.optional);
  HOLDS(cpm_disposition_encode(second, len, &second_len, &copy, NULL) == CPM_OK);
  HOLDS(second_len == len && memcmp(text, second, len) == 0);
  free(text);
  free(second);
}

static void accept(cpm_str in) {
  cpm_media_type t;
  cpm_diag diag = { 0 };
  cpm_str rest = in;
  for (int rc; (rc = cpm_media_type_next(&rest, &t, NULL, &diag)) != CPM_END;) {
    HOLDS(diag.off <= in.n);
    inside(rest, in);
    if (rc == CPM_OK) inside(t.type, in);
  }
  (void)cpm_accept_takes(in, in);
}

/* ---- multiparts ----------------------------------------------------------------------------------------------------- */

static void between(cpm_str s, const char *from, const char *to) {
  if (s.p) HOLDS(s.p >= from && s.p + s.n <= to);
}

static void parts_inside(const cpm_multipart *m, cpm_str body) {
  const char *from = body.p, *const to = body.p + body.n;
  for (size_t i = 0; i < m->nparts; i++) {
    const cpm_part *const part = &m->parts[i];
    HOLDS(part->head.p && part->body.p && part->body.p == body.p + part->off);
    between(part->head, from, part->body.p);
    between(part->content_type, part->head.p, part->head.p + part->head.n);
    between(part->disposition, part->head.p, part->head.p + part->head.n);
    between(part->encoding, part->head.p, part->head.p + part->head.n);
    between(part->body, from, to);
    from = part->body.p + part->body.n;
  }
}

static void parts_again(const cpm_multipart *m, cpm_str type) {
  cpm_media_type t;
  cpm_param boundary;
  size_t len = 0, second_len = 0;
  HOLDS(cpm_media_type_decode(&t, type, NULL, NULL) == CPM_OK && cpm_param_find(t.params, "boundary", &boundary));
  const int rc = cpm_multipart_encode(NULL, 0, &len, m, boundary.value, NULL);
  HOLDS(rc == CPM_OK || rc == CPM_E_VALUE || (rc == CPM_E_DUPLICATE && (m->quirks & CPM_QUIRK(MIME_REPEATED))));
  if (rc) return;
  char *const text = room_for(len), *const second = room_for(len);
  HOLDS(cpm_multipart_encode(text, len, &len, m, boundary.value, NULL) == CPM_OK);
  cpm_part parts[PARTS];
  cpm_multipart copy = { parts, PARTS, 0, 0 };
  HOLDS(cpm_multipart_decode(&copy, type, cpm_str_of(text, len), NULL, NULL) == CPM_OK);
  HOLDS(copy.nparts == m->nparts && !(copy.quirks & ~t.quirks));
  for (size_t i = 0; i < copy.nparts; i++) HOLDS(cpm_str_eq(parts[i].body, m->parts[i].body));
  HOLDS(cpm_multipart_encode(second, len, &second_len, &copy, boundary.value, NULL) == CPM_OK);
  HOLDS(second_len == len && memcmp(text, second, len) == 0);
  free(text);
  free(second);
}

/* rc and diag are what decoding said. */
static void parts_walk(const cpm_multipart *m, int rc, const cpm_diag *diag, cpm_str type, cpm_str body) {
  cpm_multipart_walk w;
  cpm_part part;
  cpm_diag d = { 0 };
  size_t n = 0, errors = 0;
  const char *from = body.p;
  const int opened = cpm_multipart_open(&w, type, body, NULL, &d);
  if (opened) HOLDS(opened == rc && d.off == diag->off && d.rule == diag->rule);
  for (int next; (next = cpm_multipart_next(&w, &part, NULL, &d)) != CPM_END; n++) {
    HOLDS(n <= body.n && part.body.p >= from && part.body.p + part.body.n <= body.p + body.n);
    from = part.body.p + part.body.n;
    if (next && !errors++ && n < PARTS) HOLDS(next == rc && d.off == diag->off && n == m->nparts);
    if (next) HOLDS(!part.head.p && !part.content_type.p && !part.disposition.p && !part.encoding.p);
    if (errors || n >= m->nparts) continue;
    const cpm_part *const same = &m->parts[n];
    HOLDS(part.off == same->off && part.body.p == same->body.p && part.body.n == same->body.n && part.head.p == same->head.p);
    HOLDS(part.content_type.p == same->content_type.p && part.disposition.p == same->disposition.p && part.encoding.p == same->encoding.p);
  }
  if (rc == CPM_OK) HOLDS(!errors && n == m->nparts && w.quirks == m->quirks);
  HOLDS(cpm_multipart_next(&w, &part, NULL, NULL) == CPM_END);
}

/* ---- DateTime ---------------------------------------------------------------------------------------------------------- */

static void datetime(cpm_str in) {
  int64_t ms = 0, again = 0;
  uint64_t quirks = 0;
  char text[CPM_DATETIME_LEN];
  size_t len = 0;
  cpm_diag diag = { 0 };
  const int rc = cpm_datetime_decode(&ms, in, NULL, &quirks, &diag);
  HOLDS(rc == CPM_OK || diag.off <= in.n);
  if (rc || cpm_datetime_encode(text, sizeof text, &len, ms, NULL)) return;
  quirks = 0;
  HOLDS(len == CPM_DATETIME_LEN);
  HOLDS(cpm_datetime_decode(&again, cpm_str_of(text, len), NULL, &quirks, NULL) == CPM_OK && again == ms && !quirks);
}

/* ---- all of them ------------------------------------------------------------------------------------------------------- */

static void cpim(cpm_str in, cpm_str *type, cpm_str *content) {
  cpm_cpim_header headers[HEADERS];
  cpm_cpim m = { .headers = headers, .cap = HEADERS };
  cpm_diag diag = { 0 };
  const int rc = cpm_cpim_decode(&m, in, NULL, &diag);
  HOLDS(diag.off <= in.n);
  if (rc == CPM_OK || rc == CPM_E_UNSUPPORTED) cpim_inside(&m, in);
  for (size_t i = 0; rc == CPM_OK && i < m.nheaders; i++) cpim_values(headers[i].value);
  if (rc) return;
  *type = m.content_type;
  *content = m.content;
  cpim_again(&m);
}

/* The first part that is a message/cpim. */
static void multipart(cpm_str type, cpm_str body, cpm_str *inner) {
  cpm_part parts[PARTS];
  cpm_multipart m = { parts, PARTS, 0, 0 };
  cpm_diag diag = { 0 };
  const int rc = cpm_multipart_decode(&m, type, body, NULL, &diag);
  HOLDS(diag.off <= (type.n > body.n ? type.n : body.n));
  if (rc == CPM_OK || rc == CPM_E_TOO_MANY) parts_inside(&m, body);
  parts_walk(&m, rc, &diag, type, body);
  if (rc) return;
  parts_again(&m, type);
  for (size_t i = m.nparts; i--;) *inner = parts[i].body;
}

/* ---- what stands elsewhere, is nested or coded ---------------------------------------------------------------------- */

static void external_body(cpm_str type, cpm_str body) {
  cpm_external_body e;
  cpm_diag diag = { 0 };
  const int rc = cpm_external_body_decode(&e, type, body, NULL, &diag);
  HOLDS(diag.off <= (type.n > body.n ? type.n : body.n));
  if (rc) return;
  inside(e.params, type);
  inside(e.access_type, type);
  inside(e.head, body);
  inside(e.content_type, body);
  HOLDS(e.phantom.p + e.phantom.n == body.p + body.n);
  char *const url = room_for(type.n);
  size_t n = 0, len = 0;
  if (cpm_external_body_url(url, type.n, &n, &e, NULL) == CPM_OK && cpm_external_type_encode(NULL, 0, &len, &e, cpm_str_of(url, n), NULL) == CPM_OK) {
    char *const text = room_for(len);
    cpm_external_body same;
    HOLDS(cpm_external_type_encode(text, len, &len, &e, cpm_str_of(url, n), NULL) == CPM_OK);
    HOLDS(cpm_external_body_decode(&same, cpm_str_of(text, len), cpm_str_of("", 0), &strict, NULL) == CPM_OK);
    HOLDS(same.fetch == e.fetch && same.has_size == e.has_size && same.size == e.size);
    free(text);
  }
  free(url);
}

static void body_walk(cpm_str type, cpm_str body) {
  cpm_body_walk walk;
  cpm_part part, parts[PARTS];
  cpm_multipart m = { parts, PARTS, 0, 0 };
  cpm_related related;
  cpm_diag diag = { 0 };
  unsigned depth;
  if (cpm_body_open(&walk, type, body, NULL, &diag)) return;
  for (;;) {
    const int rc = cpm_body_next(&walk, &part, &depth, NULL, &diag);
    if (rc == CPM_END) break;
    inside(part.body, body);
    inside(part.head, body);
    HOLDS(part.off == (size_t)(part.body.p - body.p) && depth >= 1 && depth <= CPM_BODY_DEPTH && diag.off <= body.n);
  }
  HOLDS(cpm_body_next(&walk, &part, NULL, NULL, NULL) == CPM_END);
  if (cpm_multipart_decode(&m, type, body, NULL, NULL) == CPM_OK && cpm_related_decode(&related, type, &m, NULL, NULL) == CPM_OK)
    HOLDS(related.root >= parts && related.root < parts + m.nparts);
}

/* The type's first octet chooses the coding. */
static void coded(cpm_str type, cpm_str body) {
  static const char *const codings[] = { "deflate", "gzip", "identity" };
  char out[512];
  size_t n = 0;
  cpm_diag diag = { 0 };
  const int rc = cpm_content_decode(out, sizeof out, &n, cpm_str_z(codings[type.n ? (unsigned char)type.p[0] % 3 : 0]), body, &diag);
  HOLDS(n <= sizeof out && diag.off <= body.n && diag.code == rc && (rc == CPM_OK || n == 0));
}

/* A CPIM, the multipart in it, a CPIM in that. */
static void nested(cpm_str in) {
  for (int level = 0; level < LEVELS; level++) {
    cpm_str type = cpm_str_none(), content = cpm_str_none(), inner = cpm_str_none();
    cpim(in, &type, &content);
    if (!type.p) return;
    multipart(type, content, &inner);
    if (!inner.p) return;
    in = inner;
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const cpm_str in = exact_copy(data, size);
  const char *const cr = memchr(in.p, '\r', size);
  cpm_str inner = cpm_str_none();
  nested(in);
  cpim_values(in);
  media_type(in);
  disposition(in);
  accept(in);
  datetime(in);
  inside(cpm_mime_header(in, "Content-Type"), in);
  if (cr && (size_t)(cr - in.p) + 2 <= size) {
    const cpm_str type = cpm_str_of(in.p, (size_t)(cr - in.p));
    media_type(type);
    disposition(type);
    const cpm_str body = cpm_str_of(cr + 2, size - type.n - 2);
    multipart(type, body, &inner);
    external_body(type, body);
    body_walk(type, body);
    coded(type, body);
  }
  if (inner.p) nested(inner);
  free_copy(in);
  return 0;
}
