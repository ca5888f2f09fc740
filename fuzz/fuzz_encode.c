/* SPDX-License-Identifier: MIT */
/* fuzz_encode.c - writers, given structs of any content. The first octet chooses the writer; from the others come numbers (an octet) and
 * texts (an octet that says how long, the octets, or none at all). Writers of header field values are in fuzz_value.c.
 * Holds: a writer asks for as much as it takes, says CPM_E_SPACE with every smaller buffer, and leaves what is behind alone. What it
 * writes is read strictly, has as many parts as were given with the values that were given, and is written again the same: so no value
 * becomes another line. A text of a header or a line has no CR, LF or NUL. */
#include "cpm/cpm.h"
#include "cpm/resource_lists.h"
#include "fuzz.h"
#include "markup.h"

enum { PARTS = 6, FIELDS = 32, LINES = 64 };

/* ---- what comes from the input ----------------------------------------------------------------------------------------- */

static cpm_str input;

static unsigned take(void) {
  if (!input.n) return 0;
  input.n--;
  return (unsigned char)*input.p++;
}

/* 0: absent. Borrowed, with whatever stands behind it. */
static cpm_str take_text(void) {
  static const char *const usual[] = { "sip:bob@example.com", "msrp://a.example.com:7654/s;tcp", "text/plain", "message/cpim", "a1b2c3d4", "2020-09-27T04:02:25Z" };
  const unsigned n = take();
  if (n == 0) return cpm_str_none();
  if (n > 240) return cpm_str_z(usual[n % (sizeof usual / sizeof *usual)]);
  const size_t len = n - 1 < input.n ? n - 1 : input.n;
  const cpm_str text = cpm_str_of(input.p, len);
  input.p += len;
  input.n -= len;
  return text;
}

static uint64_t take_number(void) {
  static const uint64_t edges[] = { 0, 1, 2047, 2048, 65535, 65536, UINT32_MAX, UINT64_C(1) << 32, UINT64_MAX - 1, UINT64_MAX };
  const unsigned n = take();
  return n > 240 ? edges[n % (sizeof edges / sizeof *edges)] : n;
}

static bool given(cpm_str in, cpm_str out) { return cpm_str_eq(cpm_str_trim(in), cpm_str_trim(out)); }

/* ---- one writer: fills a struct, writes it; reads what was written into another, which is then written ------------------- */

typedef struct sip_message { cpm_sip_field fields[FIELDS]; cpm_sip m; } sip_message;
typedef struct msrp_head { cpm_msrp_field fields[FIELDS]; cpm_msrp m; } msrp_head;
typedef struct cpim_message { cpm_cpim_header headers[FIELDS]; cpm_cpim m; } cpim_message;
typedef struct parts { cpm_part part[FIELDS]; cpm_multipart m; cpm_str boundary; } parts;
typedef struct session { cpm_sdp_line lines[LINES]; cpm_sdp_media media[PARTS + 1]; cpm_sdp m; cpm_sdp_msrp msrp[PARTS]; size_t n; cpm_sdp_session s; } session;
typedef struct list { cpm_entry entries[PARTS]; size_t n; } list;
typedef struct texts { cpm_str text[2]; unsigned number; bool flag[2]; int64_t ms; char room[1024]; } texts;

typedef union thing {
  sip_message       sip;
  msrp_head         msrp;
  cpim_message      cpim;
  parts             multipart;
  session           sdp;
  list              entries;
  texts             text;
  cpm_uri           uri;
  cpm_msrp_uri      msrp_uri;
  cpm_media_type    type;
  cpm_disposition   disposition;
  cpm_cpim_address  address;
  cpm_imdn          imdn;
  cpm_iscomposing   composing;
} thing;

static void sip_fill(thing *t) {
  cpm_sip *const m = &t->sip.m;
  m->fields = t->sip.fields;
  m->cap = FIELDS;
  m->status = take() % 4 ? 0 : (unsigned)take_number();
  m->method = (cpm_sip_method)(take() % (CPM_METHOD_COUNT + 1));
  m->method_name = take_text();
  m->request_uri = take_text();
  m->reason = take_text();
  m->body = take_text();
  m->nfields = take() % PARTS;
  for (size_t i = 0; i < m->nfields; i++) {
    t->sip.fields[i].id = (cpm_sip_header)(take() % (CPM_SIP_HEADER_COUNT + 1));
    t->sip.fields[i].name = take_text();
    t->sip.fields[i].value = take_text();
  }
}

static bool is_length(const cpm_sip_field *f) {
  return f->id == CPM_SIP_CONTENT_LENGTH || (f->id == CPM_SIP_UNKNOWN && cpm_sip_header_id(f->name) == CPM_SIP_CONTENT_LENGTH);
}

/* Field by field; the value of a known one as a typed writer would, which has looked at it. */
static int sip_by_value(char *dst, size_t cap, size_t *n, const cpm_sip *m) {
  cpm_sip_writer w = CPM_SIP_WRITER(dst, dst ? cap : 0);
  cpm_sip_write_start(&w, m, NULL);
  for (size_t i = 0; i < m->nfields; i++) {
    const cpm_str v = m->fields[i].value;
    const bool plain = v.n && (unsigned char)v.p[0] > ' ' && (unsigned char)v.p[v.n - 1] > ' ' && !memchr(v.p, '\r', v.n);
    if (!plain || is_length(&m->fields[i]) || !m->fields[i].id || m->fields[i].id >= CPM_SIP_HEADER_COUNT) {
      cpm_sip_write_field(&w, &m->fields[i], NULL);
      continue;
    }
    cpm_sip_write_name(&w, m->fields[i].id, NULL);
    if (w.at && v.n <= w.room) memcpy(w.at, v.p, v.n);
    cpm_sip_write_value(&w, w.at && v.n > w.room ? CPM_E_SPACE : CPM_OK, v.n, NULL);
  }
  return cpm_sip_write_end(&w, n, m, NULL);
}

/* From the view, and by value the same; the latter sees a break only where it has room. */
static int sip_write(char *dst, size_t cap, size_t *n, const thing *t) {
  const int rc = cpm_sip_encode(dst, cap, n, &t->sip.m, NULL);
  char *const again = dst ? malloc(cap + 1) : NULL;
  size_t len = 0;
  HOLDS(!dst || again);
  const int rc2 = sip_by_value(again, cap, &len, &t->sip.m);
  HOLDS(rc == rc2 || (rc == CPM_E_INJECTION && rc2 != CPM_OK) || (rc == CPM_E_INJECTION && !dst));
  HOLDS(rc || (len == *n && (!dst || memcmp(again, dst, len) == 0)));
  free(again);
  return rc;
}

static bool sip_read(thing *t, cpm_str in) {
  t->sip.m = (cpm_sip)CPM_SIP_ROOM(t->sip.fields);
  return cpm_sip_decode(&t->sip.m, in, &strict, NULL) == CPM_OK;
}

/* As many fields as were given, and the length. */
static bool sip_same(const thing *a, const thing *b) {
  size_t n = 1;
  for (size_t i = 0; i < a->sip.m.nfields; i++) n += !is_length(&a->sip.fields[i]);
  return b->sip.m.nfields == n && b->sip.m.status == a->sip.m.status && b->sip.m.body.n == a->sip.m.body.n;
}

static void msrp_fill(thing *t) {
  static const char flags[] = { '$', '+', '#', 0, 'x' };
  cpm_msrp *const m = &t->msrp.m;
  m->fields = t->msrp.fields;
  m->cap = FIELDS;
  m->status = take() % 4 ? 0 : (unsigned)take_number();
  m->method = (cpm_msrp_method)(take() % 8);
  m->method_name = take_text();
  m->comment = take_text();
  m->transaction_id = take_text();
  m->to_path = take_text();
  m->from_path = take_text();
  m->message_id = take_text();
  const unsigned bits = take();
  m->has_range = bits & 1;
  m->success_report = bits & 2;
  m->body = bits & 4;
  m->failure_report = (cpm_msrp_failure)(bits >> 3 & 3);
  m->range.start = take_number();
  m->range.end = take_number();
  m->range.total = take_number();
  m->report_namespace = (unsigned)take_number();
  m->report_status = bits & 32 ? (unsigned)take_number() : 0;
  m->report_comment = take_text();
  m->content_type = take_text();
  m->flag = flags[take() % sizeof flags];
  m->nfields = take() % PARTS;
  for (size_t i = 0; i < m->nfields; i++) {
    t->msrp.fields[i].id = (cpm_msrp_header)(take() % 24);
    t->msrp.fields[i].name = take_text();
    t->msrp.fields[i].value = take_text();
  }
}

static int msrp_write(char *dst, size_t cap, size_t *n, const thing *t) { return cpm_msrp_encode(dst, cap, n, &t->msrp.m, NULL); }

static bool msrp_read(thing *t, cpm_str in) {
  memset(&t->msrp.m, 0, sizeof t->msrp.m);
  t->msrp.m.fields = t->msrp.fields;
  t->msrp.m.cap = FIELDS;
  return cpm_msrp_decode(&t->msrp.m, in, &strict, NULL) == CPM_OK && t->msrp.m.size == in.n;
}

static bool msrp_same(const thing *a, const thing *b) {
  const cpm_msrp *const x = &a->msrp.m, *const y = &b->msrp.m;
  return x->status == y->status && cpm_str_eq(x->transaction_id, y->transaction_id) && given(x->to_path, y->to_path) &&
         x->body == y->body && x->message_id.n == y->message_id.n && y->nfields <= x->nfields + 8;
}

static void cpim_fill(thing *t) {
  cpm_cpim *const m = &t->cpim.m;
  m->headers = t->cpim.headers;
  m->cap = FIELDS;
  m->content_type = take_text();
  m->disposition = take_text();
  m->encoding = take_text();
  m->content = take_text();
  if (!m->content.p) m->content = cpm_str_z("");
  m->nheaders = take() % (PARTS * 2);
  for (size_t i = 0; i < m->nheaders; i++) {
    cpm_cpim_header *const h = &t->cpim.headers[i];
    memset(h, 0, sizeof *h);
    const unsigned what = take();
    h->id = (cpm_cpim_id)(what % (CPM_CPIM_ID_COUNT + 1));
    if (what & 64) h->prefix = take_text();
    h->name = what & 128 ? take_text() : cpm_str_none();
    h->params = what & 32 ? take_text() : cpm_str_none();
    h->value = take_text();
  }
}

static int cpim_write(char *dst, size_t cap, size_t *n, const thing *t) { return cpm_cpim_encode(dst, cap, n, &t->cpim.m, NULL); }

static bool cpim_read(thing *t, cpm_str in) {
  memset(&t->cpim.m, 0, sizeof t->cpim.m);
  t->cpim.m.headers = t->cpim.headers;
  t->cpim.m.cap = FIELDS;
  return cpm_cpim_decode(&t->cpim.m, in, &strict, NULL) == CPM_OK;
}

static bool cpim_same(const thing *a, const thing *b) {
  return a->cpim.m.nheaders == b->cpim.m.nheaders && cpm_str_eq(a->cpim.m.content, b->cpim.m.content);
}

static void multipart_fill(thing *t) {
  static const char *const heads[] = { "X-A: b\r\n", "Content-ID: <a@b>\r\n", "Content-Type: a/b\r\n" };
  t->multipart.boundary = take_text();
  if (!t->multipart.boundary.p) t->multipart.boundary = cpm_str_z("b");
  t->multipart.m.parts = t->multipart.part;
  t->multipart.m.cap = FIELDS;
  t->multipart.m.nparts = take() % PARTS;
  for (size_t i = 0; i < t->multipart.m.nparts; i++) {
    cpm_part *const p = &t->multipart.part[i];
    memset(p, 0, sizeof *p);
    const unsigned what = take();
    p->head = what & 1 ? take_text() : what & 2 ? cpm_str_z(heads[what / 4 % 3]) : cpm_str_none();
    p->content_type = what & 16 ? take_text() : cpm_str_none();
    p->disposition = what & 32 ? take_text() : cpm_str_none();
    p->encoding = what & 64 ? take_text() : cpm_str_none();
    p->body = take_text();
    if (!p->body.p) p->body = cpm_str_z("");
  }
}

static int multipart_write(char *dst, size_t cap, size_t *n, const thing *t) {
  return cpm_multipart_encode(dst, cap, n, &t->multipart.m, t->multipart.boundary, NULL);
}

static bool multipart_read(thing *t, cpm_str in) {
  char type[128] = "multipart/mixed;boundary=\"";
  const cpm_str boundary = t->multipart.boundary;
  const size_t n = strlen(type);
  HOLDS(boundary.n <= 70);
  memcpy(type + n, boundary.p, boundary.n);
  type[n + boundary.n] = '"';
  t->multipart.m = (cpm_multipart){ t->multipart.part, FIELDS, 0, 0 };
  return cpm_multipart_decode(&t->multipart.m, cpm_str_of(type, n + boundary.n + 1), in, &strict, NULL) == CPM_OK;
}

static bool multipart_same(const thing *a, const thing *b) {
  if (a->multipart.m.nparts != b->multipart.m.nparts) return false;
  for (size_t i = 0; i < a->multipart.m.nparts; i++)
    if (!cpm_str_eq(a->multipart.part[i].body, b->multipart.part[i].body)) return false;
  return true;
}

static void date_fill(cpm_sdp_date *date) {
  date->there = take() & 1;
  date->unix_ms = date->there ? (int64_t)(take_number() * 1000) : 0;
}

static void sdp_media_fill(cpm_sdp_msrp *m) {
  memset(m, 0, sizeof *m);
  const unsigned bits = take();
  m->port = bits & 1 ? (uint16_t)take_number() : 9;
  m->secure = bits & 2;
  m->direction = (cpm_sdp_direction)(bits >> 2 & 3);
  m->accept_types = bits & 16 ? take_text() : cpm_str_z("*");
  m->path = bits & 32 ? take_text() : cpm_str_z("msrp://192.0.2.1:2855/s;tcp");
  m->setup = (cpm_msrp_setup)(take() % 5);
  m->has_max_size = bits & 64;
  m->max_size = take_number();
  m->cema = bits & 128;
  const unsigned more = take();
  if (more & 1) m->accept_wrapped_types = take_text();
  if (more & 2) m->fingerprint = take_text();
  m->chatroom = more & 4;
  if (more & 4) m->chatroom_tokens = take_text();
  m->file = more & 8;
  if (!m->file) return;
  m->selector.name = take_text();
  m->selector.type = take_text();
  m->selector.has_size = more & 16;
  m->selector.size = take_number();
  m->selector.hashes = more & 32 ? take_text() : cpm_str_none();
  m->file_transfer_id = take_text();
  m->file_disposition = take_text();
  m->file_icon = more & 64 ? take_text() : cpm_str_none();
  m->has_range = more & 128;
  m->range_start = take_number();
  m->range_stop = take_number();
  date_fill(&m->creation);
  date_fill(&m->modification);
  date_fill(&m->read);
}

static void offer_fill(thing *t) {
  static const cpm_sdp_origin origin = { CPM_STR("-"), CPM_STR("1"), CPM_STR("1"), CPM_STR("IN"), CPM_STR("IP4"), CPM_STR("192.0.2.1") };
  t->sdp.s.origin = origin;
  if (take() & 1) t->sdp.s.origin.username = take_text();
  t->sdp.s.name = take_text();
  if (take() & 1) t->sdp.s.origin.address = take_text();
  t->sdp.n = 1 + take() % 3;
  for (size_t i = 0; i < t->sdp.n; i++) sdp_media_fill(&t->sdp.msrp[i]);
}

static int offer_write(char *dst, size_t cap, size_t *n, const thing *t) {
  return cpm_sdp_offer(dst, cap, n, &t->sdp.s, t->sdp.msrp, t->sdp.n, NULL);
}

static bool sdp_read(thing *t, cpm_str in) {
  t->sdp.m = (cpm_sdp)CPM_SDP_ROOM(t->sdp.lines, t->sdp.media);
  return cpm_sdp_decode(&t->sdp.m, in, &strict, NULL) == CPM_OK;
}

/* The session stays as it was: it is no part of what a reader gives. */
static bool offer_read(thing *t, cpm_str in) {
  if (!sdp_read(t, in)) return false;
  t->sdp.n = t->sdp.m.nmedia;
  for (size_t i = 0; i < t->sdp.n; i++) {
    cpm_sdp_msrp *const m = &t->sdp.msrp[i];
    if (cpm_sdp_msrp_decode(m, &t->sdp.m, i, &strict, NULL)) return false;
    m->connection.address = cpm_str_none();
  }
  return true;
}

static bool offer_same(const thing *a, const thing *b) {
  for (size_t i = 0; i < a->sdp.n && a->sdp.n == b->sdp.n; i++) {
    const cpm_sdp_msrp *const x = &a->sdp.msrp[i], *const y = &b->sdp.msrp[i];
    if (x->port != y->port || x->secure != y->secure || x->file != y->file || x->cema != y->cema || x->direction != y->direction) return false;
    if (x->setup != y->setup || x->chatroom != y->chatroom || (x->file && !cpm_str_eq(x->selector.name, y->selector.name))) return false;
  }
  return a->sdp.n == b->sdp.n;
}

static void sdp_fill(thing *t) {
  static const char types[] = "vosiuepcbtrzkam";
  t->sdp.m = (cpm_sdp)CPM_SDP_ROOM(t->sdp.lines, t->sdp.media);
  t->sdp.m.nlines = take() % (PARTS * 3);
  for (size_t i = 0; i < t->sdp.m.nlines; i++) {
    cpm_sdp_line *const line = &t->sdp.lines[i];
    static const char *const plain[] = { "0", "- 1 1 IN IP4 192.0.2.1", "-", "IN IP4 192.0.2.1", "0 0", "message 9 TCP/MSRP *" };
    memset(line, 0, sizeof *line);
    const unsigned what = take();
    line->type = types[what % (sizeof types - 1)];
    if (line->type == 'a') line->attribute = (cpm_sdp_attribute)(take() % (CPM_SDP_ATTRIBUTE_COUNT + 1));
    if (line->type == 'a') line->name = take_text();
    line->value = what > 127 ? cpm_str_z(plain[what % 6]) : take_text();
  }
}

static int sdp_write(char *dst, size_t cap, size_t *n, const thing *t) { return cpm_sdp_encode(dst, cap, n, &t->sdp.m, NULL); }

static bool sdp_same(const thing *a, const thing *b) {
  size_t n = a->sdp.m.nlines, m = 0;
  bool s = false, t = false;
  for (size_t i = 0; i < n; i++) {
    s = s || a->sdp.lines[i].type == 's';
    t = t || a->sdp.lines[i].type == 't';
    m += a->sdp.lines[i].type == 'm';
  }
  return b->sdp.m.nlines == n + !s + !t && b->sdp.m.nmedia == m;
}

static void uri_fill(thing *t) {
  cpm_uri *const u = &t->uri;
  u->scheme = (cpm_uri_scheme)(take() % 5);
  u->scheme_name = take_text();
  u->user = take_text();
  u->password = take_text();
  u->host = take_text();
  const unsigned bits = take();
  u->host_is_ipv6 = bits & 1;
  u->has_port = bits & 2;
  u->port = (uint16_t)take_number();
  u->params = take_text();
  u->headers = take_text();
  u->opaque = take_text();
}

static int uri_write(char *dst, size_t cap, size_t *n, const thing *t) { return cpm_uri_encode(dst, cap, n, &t->uri, NULL); }
static bool uri_read(thing *t, cpm_str in) { return cpm_uri_decode(&t->uri, in, &strict, NULL) == CPM_OK; }

static bool uri_same(const thing *a, const thing *b) {
  const cpm_uri *const x = &a->uri, *const y = &b->uri;
  if (x->scheme > CPM_URI_SIPS) return y->scheme == x->scheme;
  return y->scheme == x->scheme && cpm_str_eq(x->user, y->user) && cpm_str_ieq(x->host, y->host) && y->has_port == x->has_port &&
         (!x->has_port || x->port == y->port) && x->headers.n == y->headers.n;
}

static void msrp_uri_fill(thing *t) {
  cpm_msrp_uri *const u = &t->msrp_uri;
  const unsigned bits = take();
  u->secure = bits & 1;
  u->host_is_ipv6 = bits & 2;
  u->has_port = bits & 4;
  u->port = (uint16_t)take_number();
  u->userinfo = take_text();
  u->host = take_text();
  u->session_id = take_text();
  u->transport = bits & 8 ? take_text() : cpm_str_z("tcp");
  u->params = take_text();
}

static int msrp_uri_write(char *dst, size_t cap, size_t *n, const thing *t) { return cpm_msrp_uri_encode(dst, cap, n, &t->msrp_uri, NULL); }
static bool msrp_uri_read(thing *t, cpm_str in) { return cpm_msrp_uri_decode(&t->msrp_uri, in, &strict, NULL) == CPM_OK; }

static bool msrp_uri_same(const thing *a, const thing *b) {
  return a->msrp_uri.secure == b->msrp_uri.secure && cpm_str_ieq(a->msrp_uri.host, b->msrp_uri.host) &&
         cpm_str_eq(a->msrp_uri.session_id, b->msrp_uri.session_id) && a->msrp_uri.has_port == b->msrp_uri.has_port;
}

static void type_fill(thing *t) {
  t->type.type = take_text();
  t->type.subtype = take_text();
  t->type.params = take_text();
}

static int type_write(char *dst, size_t cap, size_t *n, const thing *t) { return cpm_media_type_encode(dst, cap, n, &t->type, NULL); }

static bool type_read(thing *t, cpm_str in) {
  cpm_opts opts = strict;
  opts.refuse &= ~CPM_QUIRK(MIME_WILDCARD);   /* of Accept */
  return cpm_media_type_decode(&t->type, in, &opts, NULL) == CPM_OK;
}

static bool type_same(const thing *a, const thing *b) { return cpm_str_eq(a->type.type, b->type.type) && cpm_str_eq(a->type.subtype, b->type.subtype); }

static void disposition_fill(thing *t) {
  t->disposition.optional = take() & 1;
  t->disposition.type = take_text();
  t->disposition.params = take_text();
}

static int disposition_write(char *dst, size_t cap, size_t *n, const thing *t) { return cpm_disposition_encode(dst, cap, n, &t->disposition, NULL); }
static bool disposition_read(thing *t, cpm_str in) { return cpm_disposition_decode(&t->disposition, in, &strict, NULL) == CPM_OK; }

static bool disposition_same(const thing *a, const thing *b) {
  return cpm_str_eq(a->disposition.type, b->disposition.type) && a->disposition.optional == b->disposition.optional;
}

static void address_fill(thing *t) {
  t->address.quoted = take() & 1;
  t->address.name = take_text();
  t->address.uri = take_text();
}

static int address_write(char *dst, size_t cap, size_t *n, const thing *t) { return cpm_cpim_address_encode(dst, cap, n, &t->address, NULL); }
static bool address_read(thing *t, cpm_str in) { return cpm_cpim_address_decode(&t->address, in, &strict, NULL) == CPM_OK; }
static bool address_same(const thing *a, const thing *b) { return cpm_str_eq(a->address.uri, b->address.uri); }

/* ---- documents: their texts are escaped, so a reader gives other slices; plain text is compared --------------------------- */

static char plain_room[4096];
static size_t plain_used;

static cpm_str plain(cpm_str slice, cpm_markup_space space) {
  size_t n = 0;
  if (!slice.p) return slice;
  char *const at = plain_room + plain_used;
  HOLDS(cpm_markup_text(at, sizeof plain_room - plain_used, &n, slice, space, NULL) == CPM_OK);
  plain_used += n;
  return cpm_str_of(at, n);
}

static void imdn_fill(thing *t) {
  t->imdn.status = (cpm_imdn_status)(take() % (CPM_IMDN_STATUS_COUNT + 2));
  t->imdn.message_id = take_text();
  t->imdn.datetime = take_text();
  t->imdn.recipient_uri = take_text();
  t->imdn.original_recipient_uri = take_text();
  t->imdn.subject = take_text();
}

static int imdn_write(char *dst, size_t cap, size_t *n, const thing *t) { return cpm_imdn_encode(dst, cap, n, &t->imdn, NULL); }

static bool imdn_read(thing *t, cpm_str in) {
  cpm_opts opts = strict;
  opts.refuse &= ~CPM_QUIRK(XML_TOKEN_SPACE);
  if (cpm_imdn_decode(&t->imdn, in, &opts, NULL)) return false;
  plain_used = 0;
  t->imdn.message_id = plain(t->imdn.message_id, CPM_MARKUP_COLLAPSE);
  t->imdn.datetime = plain(t->imdn.datetime, CPM_MARKUP_COLLAPSE);
  t->imdn.recipient_uri = plain(t->imdn.recipient_uri, CPM_MARKUP_COLLAPSE);
  t->imdn.original_recipient_uri = plain(t->imdn.original_recipient_uri, CPM_MARKUP_COLLAPSE);
  t->imdn.subject = plain(t->imdn.subject, CPM_MARKUP_PRESERVE);
  return true;
}

static bool imdn_same(const thing *a, const thing *b) {
  return a->imdn.status == b->imdn.status && (!a->imdn.recipient_uri.p || cpm_str_eq(a->imdn.subject, b->imdn.subject));
}

static void composing_fill(thing *t) {
  t->composing.active = take() & 1;
  t->composing.lastactive = take_text();
  t->composing.contenttype = take_text();
  t->composing.refresh = take_number();
}

static int composing_write(char *dst, size_t cap, size_t *n, const thing *t) { return cpm_iscomposing_encode(dst, cap, n, &t->composing, NULL); }

static bool composing_read(thing *t, cpm_str in) {
  cpm_opts opts = strict;
  opts.refuse &= ~CPM_QUIRK(XML_TOKEN_SPACE);
  if (cpm_iscomposing_decode(&t->composing, in, &opts, NULL)) return false;
  plain_used = 0;
  t->composing.lastactive = plain(t->composing.lastactive, CPM_MARKUP_COLLAPSE);
  t->composing.contenttype = plain(t->composing.contenttype, CPM_MARKUP_COLLAPSE);
  return true;
}

static bool composing_same(const thing *a, const thing *b) {
  return a->composing.active == b->composing.active && a->composing.refresh == b->composing.refresh;
}

static void list_fill(thing *t) {
  t->entries.n = take() % PARTS;
  for (size_t i = 0; i < t->entries.n; i++) {
    cpm_entry *const e = &t->entries.entries[i];
    memset(e, 0, sizeof *e);
    const unsigned what = take();
    e->copy_control = (cpm_copy_control)(what % 5);
    e->anonymize = what & 8;
    e->count = what & 16 ? (uint32_t)take_number() : 0;
    e->uri = take_text();
    e->display_name = what & 32 ? take_text() : cpm_str_none();
  }
}

static int list_write(char *dst, size_t cap, size_t *n, const thing *t) {
  return cpm_resource_lists_encode(dst, cap, n, t->entries.entries, t->entries.n, NULL);
}

static int history_write(char *dst, size_t cap, size_t *n, const thing *t) {
  return cpm_recipient_history_encode(dst, cap, n, t->entries.entries, t->entries.n, NULL);
}

/* Well-formed; *t is left as it is, so the second writing is the first. How many entries: fuzz_xml*.c. */
static bool list_read(thing *t, cpm_str in) {
  cpmi_markup reader;
  (void)t;
  int rc = cpmi_markup_open(&reader, in, NULL, NULL);
  while (rc == CPM_OK) rc = cpmi_markup_next(&reader, NULL);
  return rc == CPM_END || in.n == 0;
}

static bool list_same(const thing *a, const thing *b) { return a->entries.n == b->entries.n; }

/* ---- single texts -------------------------------------------------------------------------------------------------------- */

static void text_fill(thing *t) {
  t->text.text[0] = take_text();
  t->text.text[1] = take_text();
  t->text.number = take();
  t->text.flag[0] = t->text.number & 1;
  t->text.flag[1] = t->text.number & 2;
  t->text.ms = (int64_t)((take_number() << (t->text.number & 31)) - take_number());   /* any time at all: wraps as unsigned numbers do */
  if (!t->text.text[0].p) t->text.text[0] = cpm_str_z("");
}

static bool text_same(const thing *a, const thing *b) { return cpm_str_eq(a->text.text[0], b->text.text[0]); }

static int quote_write(char *dst, size_t cap, size_t *n, const thing *t) { return cpm_quote(dst, cap, n, t->text.text[0]); }

static bool quote_read(thing *t, cpm_str in) {
  size_t n = 0;
  if (in.n < 2 || in.p[0] != '"' || in.p[in.n - 1] != '"') return false;
  if (cpm_unquote(t->text.room, sizeof t->text.room, &n, cpm_str_of(in.p + 1, in.n - 2))) return false;
  t->text.text[0] = cpm_str_of(t->text.room, n);
  return true;
}

static int escape_write(char *dst, size_t cap, size_t *n, const thing *t) { return cpm_cpim_escape(dst, cap, n, t->text.text[0]); }

static bool escape_read(thing *t, cpm_str in) {
  size_t n = 0;
  if (cpm_cpim_unescape(t->text.room, sizeof t->text.room, &n, in)) return false;
  t->text.text[0] = cpm_str_of(t->text.room, n);
  return true;
}

static int nickname_write(char *dst, size_t cap, size_t *n, const thing *t) { return cpm_msrp_nickname_encode(dst, cap, n, t->text.text[0], NULL); }

static bool nickname_read(thing *t, cpm_str in) {
  cpm_str inside_quotes;
  size_t n = 0;
  if (cpm_msrp_nickname_decode(&inside_quotes, in, NULL)) return false;
  if (cpm_unquote(t->text.room, sizeof t->text.room, &n, inside_quotes)) return false;
  t->text.text[0] = cpm_str_of(t->text.room, n);
  return true;
}

static int name_write(char *dst, size_t cap, size_t *n, const thing *t) { return cpm_sdp_file_name_encode(dst, cap, n, t->text.text[0], NULL); }

static bool name_read(thing *t, cpm_str in) {
  size_t n = 0;
  if (cpm_sdp_file_name_decode(t->text.room, sizeof t->text.room, &n, in, &strict, NULL, NULL)) return false;
  t->text.text[0] = cpm_str_of(t->text.room, n);
  return true;
}

static int contact_write(char *dst, size_t cap, size_t *n, const thing *t) {
  return cpm_accept_contact_encode(dst, cap, n, t->text.text, 1 + t->text.flag[0], t->text.flag[0], t->text.flag[1], NULL);
}

static bool contact_read(thing *t, cpm_str in) {
  cpm_accept_contact a;
  cpm_str rest = in;
  if (cpm_accept_contact_next(&rest, &a, &strict, NULL) || a.require != t->text.flag[0] || a.explicit_ != t->text.flag[1]) return false;
  return cpm_accept_contact_next(&rest, &a, &strict, NULL) == CPM_END;
}

static int datetime_write(char *dst, size_t cap, size_t *n, const thing *t) { return cpm_datetime_encode(dst, cap, n, t->text.ms, NULL); }
static bool datetime_read(thing *t, cpm_str in) { return cpm_datetime_decode(&t->text.ms, in, &strict, NULL, NULL) == CPM_OK; }
static bool datetime_same(const thing *a, const thing *b) { return a->text.ms == b->text.ms; }

static int set_write(char *dst, size_t cap, size_t *n, const thing *t) { return cpm_disposition_notification_encode(dst, cap, n, t->text.number, NULL); }
static bool set_read(thing *t, cpm_str in) { return cpm_disposition_notification_decode(&t->text.number, in, &strict, NULL) == CPM_OK; }
static bool set_same(const thing *a, const thing *b) { return a->text.number == b->text.number; }

/* ---- what holds for all ------------------------------------------------------------------------------------------------ */

static const struct writer {
  void (*fill)(thing *t);
  int  (*write)(char *dst, size_t cap, size_t *n, const thing *t);
  bool (*read)(thing *t, cpm_str in);
  bool (*same)(const thing *a, const thing *b);
  bool line;       /* writes no CR and LF */
  bool document;   /* of XML */
} writers[] = {
  { sip_fill,         sip_write,         sip_read,         sip_same,         false, false },
  { msrp_fill,        msrp_write,        msrp_read,        msrp_same,        false, false },
  { cpim_fill,        cpim_write,        cpim_read,        cpim_same,        false, false },
  { multipart_fill,   multipart_write,   multipart_read,   multipart_same,   false, false },
  { offer_fill,       offer_write,       offer_read,       offer_same,       false, false },
  { sdp_fill,         sdp_write,         sdp_read,         sdp_same,         false, false },
  { uri_fill,         uri_write,         uri_read,         uri_same,         true, false },
  { msrp_uri_fill,    msrp_uri_write,    msrp_uri_read,    msrp_uri_same,    true, false },
  { type_fill,        type_write,        type_read,        type_same,        true, false },
  { disposition_fill, disposition_write, disposition_read, disposition_same, true, false },
  { address_fill,     address_write,     address_read,     address_same,     true, false },
  { imdn_fill,        imdn_write,        imdn_read,        imdn_same,        false, true },
  { composing_fill,   composing_write,   composing_read,   composing_same,   false, true },
  { list_fill,        list_write,        list_read,        list_same,        false, true },
  { list_fill,        history_write,     list_read,        list_same,        false, true },
  { text_fill,        quote_write,       quote_read,       text_same,        true, false },
  { text_fill,        escape_write,      escape_read,      text_same,        true, false },
  { text_fill,        nickname_write,    nickname_read,    text_same,        true, false },
  { text_fill,        name_write,        name_read,        text_same,        true, false },
  { text_fill,        contact_write,     contact_read,     text_same,        true, false },
  { text_fill,        datetime_write,    datetime_read,    datetime_same,    true, false },
  { text_fill,        set_write,         set_read,         set_same,         true, false },
};

/* Every size of a short text, and some of a long one. */
static void sizes(const struct writer *w, const thing *t, cpm_str text) {
  const size_t step = text.n < 100 ? 1 : text.n / 16;
  for (size_t cap = 0; cap < text.n; cap += cap + step < text.n || cap == text.n - 1 ? step : text.n - 1 - cap) {
    char *const small = room_for(cap);
    size_t n = 0;
    HOLDS(w->write(small, cap, &n, t) == CPM_E_SPACE && n == text.n);
    free(small);
  }
}

/* White space in the texts of documents is collapsed when they are read: then the second writing is what stays. */
static void again(const struct writer *w, const thing *in, cpm_str text) {
  static thing back;
  cpm_str last = exact_copy(text.p, text.n);
  back = *in;
  for (int round = 0; round < 2; round++) {
    size_t n = 0, n2 = 0;
    HOLDS(w->read(&back, last));
    HOLDS(w->same(in, &back));
    HOLDS(w->write(NULL, 0, &n, &back) == CPM_OK);
    const cpm_str next = cpm_str_of(room_for(n), n);
    HOLDS(w->write((char *)(uintptr_t)next.p, n, &n2, &back) == CPM_OK && n2 == n);
    HOLDS(cpm_str_eq(next, last) || (w->document && round == 0));
    free_copy(last);
    last = next;
  }
  free_copy(last);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static thing in;
  size_t n = 0, n2 = 0;
  if (!size) return 0;
  const cpm_str copy = exact_copy(data + 1, size - 1);
  const struct writer *const w = &writers[data[0] % (sizeof writers / sizeof *writers)];
  memset(&in, 0, sizeof in);
  input = copy;
  w->fill(&in);
  const int rc = w->write(NULL, 0, &n, &in);
  HOLDS(rc <= 0 && rc != CPM_E_SPACE && rc != CPM_E_QUIRK && rc != CPM_E_MORE);
  if (rc == CPM_OK) {
    const cpm_str first = cpm_str_of(room_for(n), n);
    HOLDS(w->write((char *)(uintptr_t)first.p, n, &n2, &in) == CPM_OK && n2 == n);
    sizes(w, &in, first);
    HOLDS(!w->line || (!memchr(first.p, '\r', n) && !memchr(first.p, '\n', n) && !memchr(first.p, '\0', n)));
    again(w, &in, first);
    free_copy(first);
  }
  free_copy(copy);
  return 0;
}
