/* SPDX-License-Identifier: MIT */
/* Invariant: what came on a connection gives the same events however it is cut; octets of a head and a body lie in it in order, and
 * a body never holds its own end-line. A head that decodes has slices inside of it and encodes, unless a quirk says that there is
 * nothing strict to write; what was written decodes without a quirk and is written the same a second time. Any content that is sent in
 * chunks of any size, offered in pieces of any size, comes back, with no quirk; chunks of any ranges keep the table of messages within
 * its limits, and its count of memory exact. */
#include "cpm/msrp.h"
#include "fuzz.h"

#define FIELDS 32

/* ---- heads ------------------------------------------------------------------------------------------------------------- */

static void again(cpm_msrp *m) {
  const uint64_t loose = CPM_QUIRK(MSRP_METHOD) | CPM_QUIRK(MSRP_STATUS_TWICE) | CPM_QUIRK(MSRP_RANGE_EMPTY) | CPM_QUIRK(MSRP_NO_RANGE) |
                         CPM_QUIRK(MSRP_TYPE) | CPM_QUIRK(MSRP_SPACING) | CPM_QUIRK(UTF8_INVALID);
  size_t len = 0, second_len = 0;
  const int rc = cpm_msrp_encode(NULL, 0, &len, m, NULL);
  HOLDS(rc == CPM_OK || (m->quirks & loose));
  if (rc) return;
  char *const text = malloc(len), *const second = malloc(len);
  if (!text || !second) abort();
  HOLDS(cpm_msrp_encode(text, len, &len, m, NULL) == CPM_OK);
  cpm_msrp_field fields[FIELDS];
  cpm_msrp copy = { .fields = fields, .cap = FIELDS };
  HOLDS(cpm_msrp_decode(&copy, cpm_str_of(text, len), &strict, NULL) == CPM_OK);
  HOLDS(copy.size == len && copy.status == m->status && copy.method == m->method && copy.body == m->body);
  HOLDS(cpm_msrp_encode(second, len, &second_len, &copy, NULL) == CPM_OK);
  HOLDS(second_len == len && memcmp(text, second, len) == 0);
  free(text);
  free(second);
}

static void values(const cpm_msrp *m, cpm_str in) {
  cpm_msrp_uri uri;
  for (size_t i = 0; i < m->nfields; i++) {
    inside(m->fields[i].name, in);
    inside(m->fields[i].value, in);
    cpm_auth auth;
    cpm_str nickname;
    uint32_t seconds;
    if (cpm_auth_decode(&auth, m->fields[i].value, NULL, NULL) == CPM_OK) inside(auth.params, in);
    if (cpm_msrp_nickname_decode(&nickname, m->fields[i].value, NULL) == CPM_OK) inside(nickname, in);
    (void)cpm_msrp_expires_decode(&seconds, m->fields[i].value, NULL);
  }
  HOLDS(cpm_msrp_path_count(m->to_path) > 0 && cpm_msrp_path_equal(m->to_path, m->to_path, CPM_MSRP_STRICT));
  HOLDS(cpm_msrp_path_equal(m->to_path, m->from_path, CPM_MSRP_STRICT) == cpm_msrp_path_equal(m->from_path, m->to_path, CPM_MSRP_STRICT));
  inside(cpm_msrp_path_first(m->to_path), m->to_path);
  inside(cpm_msrp_path_last(m->to_path), m->to_path);
  for (cpm_str rest = m->to_path; cpm_msrp_path_next(&rest, &uri, NULL, NULL, NULL) == CPM_OK;) {
    char text[256];
    size_t len = 0;
    inside(uri.text, in);
    if (cpm_msrp_uri_encode(text, sizeof text, &len, &uri, NULL) != CPM_OK) {
      HOLDS(uri.text.n > sizeof text - 8);
      continue;
    }
    HOLDS(cpm_msrp_uri_text_equal(uri.text, cpm_str_of(text, len), CPM_MSRP_STRICT));
  }
}

static void head(cpm_str in) {
  cpm_msrp_field fields[FIELDS];
  cpm_msrp m = { .fields = fields, .cap = FIELDS };
  cpm_diag diag = { 0 };
  const int rc = cpm_msrp_decode(&m, in, NULL, &diag);
  HOLDS(diag.off <= in.n && m.nfields <= FIELDS);
  const unsigned refusal = cpm_msrp_refusal(&m, rc);
  HOLDS(refusal == 0 || refusal == 400 || refusal == 501);
  if (rc) return;
  inside(m.transaction_id, in);
  inside(m.content_type, in);
  inside(m.report_comment, in);
  HOLDS(m.size <= in.n && m.to_path.n && m.from_path.n);
  values(&m, in);
  again(&m);
}

/* ---- connections ------------------------------------------------------------------------------------------------------- */

/* All that came of a connection, cuts of bodies left out, as one hash. */
typedef struct transcript { uint64_t hash; unsigned heads; int rc; } transcript;

static void mix(transcript *t, const void *p, size_t n) {
  const unsigned char *const octets = p;
  for (size_t i = 0; i < n; i++) t->hash = (t->hash ^ octets[i]) * UINT64_C(1099511628211);
}

static void note(transcript *t, const cpm_msrp_event *e, bool first) {
  if (e->kind == CPM_MSRP_HEAD && first) head(e->text);
  if (e->kind == CPM_MSRP_HEAD) t->heads++;
  if (e->kind != CPM_MSRP_BODY) mix(t, &e->kind, sizeof e->kind);
  if (e->text.n) mix(t, e->text.p, e->text.n);
  mix(t, &e->quirks, sizeof e->quirks);
  mix(t, &e->flag, 1);
  if (e->kind == CPM_MSRP_END) mix(t, &e->size, sizeof e->size);
}

/* BODY events are mixed as octets alone, so their quirks and flag must be none. */
static void connection(transcript *t, cpm_str in, unsigned seed) {
  char buffer[2048];
  cpm_msrp_reader r = CPM_MSRP_READER(buffer);
  for (size_t at = 0; at < in.n;) {
    size_t step = in.n - at;
    if (seed) {
      seed = seed * 1103515245u + 12345u;
      step = 1 + (seed >> 16) % 40;
      if (step > in.n - at) step = in.n - at;
    }
    const cpm_str copy = exact_copy(in.p + at, step);
    cpm_str rest = copy;
    cpm_msrp_event e;
    while ((t->rc = cpm_msrp_read(&r, &rest, &e, NULL, NULL)) == CPM_OK) {
      if (e.kind == CPM_MSRP_BODY) {
        HOLDS(e.text.n && !e.quirks && !e.flag);
        mix(t, e.text.p, e.text.n);
        continue;
      }
      note(t, &e, seed == 0);
    }
    free_copy(copy);
    if (t->rc != CPM_E_MORE) break;
    at += step;
  }
}

/* ---- sending and putting together ---------------------------------------------------------------------------------------- */

enum { MESSAGES = 3, SPANS = 12, MEMORY = 5000 };

typedef struct table {
  cpm_msrp_incoming messages[MESSAGES];
  cpm_msrp_span     spans[SPANS];
  cpm_msrp_join     join;
} table;

static void table_clear(table *t) {
  memset(t, 0, sizeof *t);
  t->join.messages = t->messages;
  t->join.nmessages = MESSAGES;
  t->join.spans = t->spans;
  t->join.nspans = SPANS;
}

typedef struct receiver { char buffer[512]; cpm_msrp_reader reader; table table; char *content; size_t n, index; int rc; uint64_t size; } receiver;

static void receive(receiver *r, cpm_str bytes) {
  cpm_msrp_field fields[8];
  cpm_msrp_event e;
  while (cpm_msrp_read(&r->reader, &bytes, &e, &strict, NULL) == CPM_OK) {
    if (e.kind == CPM_MSRP_HEAD) {
      cpm_msrp m = { .fields = fields, .cap = 8 };
      HOLDS(cpm_msrp_decode(&m, e.text, &strict, NULL) == CPM_OK);
      HOLDS(cpm_msrp_join_head(&r->table.join, &r->index, 0, &m, &strict, NULL) == CPM_OK);
    } else if (e.kind == CPM_MSRP_BODY) {
      uint64_t off = 0;
      HOLDS(cpm_msrp_join_body(&r->table.join, r->index, e.text.n, &off, &strict, NULL) == CPM_OK);
      HOLDS(off <= r->n && e.text.n <= r->n - off);
      memcpy(r->content + off, e.text.p, e.text.n);
    } else {
      r->rc = cpm_msrp_join_end(&r->table.join, r->index, e.flag, &r->size, NULL, &strict, NULL);
    }
  }
  HOLDS(bytes.n == 0);
}

/* Every id is the same: content may hold it, and often does. */
static void send(cpm_str content, unsigned seed) {
  static const char zeros[CPM_MSRP_ID_RANDOM];
  const cpm_msrp like = { .to_path = cpm_str_z("msrp://b;tcp"), .from_path = cpm_str_z("msrp://a;tcp"), .message_id = cpm_str_z("1234"),
                          .content_type = cpm_str_z("a/b") };
  receiver r = { .rc = CPM_E_MORE };
  char text[512];
  size_t len = 0;
  cpm_msrp_sender s = { .total = seed & 1 ? CPM_MSRP_ANY : content.n };
  r.reader.head = r.buffer;
  r.reader.cap = sizeof r.buffer;
  r.content = room_for(content.n);
  r.n = content.n;
  table_clear(&r.table);
  do {
    const cpm_str left = cpm_str_of(content.p + s.sent, content.n - (size_t)s.sent);
    seed = seed * 1103515245u + 12345u;
    HOLDS(cpm_msrp_chunk_open(&s, text, sizeof text, &len, &like, left, (seed >> 16) % 200, cpm_str_of(zeros, sizeof zeros), NULL) == CPM_OK);
    receive(&r, cpm_str_of(text, len));
    const uint64_t from = s.sent;
    for (size_t n = 1, asked = 1; s.sent < content.n && n == asked;) {
      seed = seed * 1103515245u + 12345u;
      asked = 1 + (seed >> 16) % 50;
      if (asked > content.n - s.sent) asked = content.n - (size_t)s.sent;
      n = cpm_msrp_chunk_take(&s, cpm_str_of(content.p + s.sent, asked));
      receive(&r, cpm_str_of(content.p + s.sent - n, n));
    }
    HOLDS(s.sent > from || content.n == 0);
    HOLDS(cpm_msrp_chunk_close(&s, text, sizeof text, &len, s.sent == content.n ? CPM_MSRP_LAST : CPM_MSRP_MORE, NULL) == CPM_OK);
    receive(&r, cpm_str_of(text, len));
  } while (s.sent < content.n);
  HOLDS(r.rc == CPM_OK && r.size == content.n && r.table.join.memory == 0);
  HOLDS(content.n == 0 || memcmp(r.content, content.p, content.n) == 0);
  free(r.content);
}

/* Five octets a chunk: which message and flag, start, end, total, octets. */
static void ranges(cpm_str in) {
  table t;
  table_clear(&t);
  t.join.max_memory = MEMORY;
  for (size_t i = 0; i + 5 <= in.n; i += 5) {
    const unsigned char *const o = (const unsigned char *)in.p + i;
    const uint64_t large = o[0] & 32 ? UINT64_MAX - 200 : 0;
    const cpm_msrp m = { .method = CPM_MSRP_SEND, .body = true, .message_id = cpm_str_of(&"1234123512361237"[4 * (o[0] & 3)], 4),
                         .range = { 1 + o[1] + large, o[2] & 128 ? CPM_MSRP_ANY : o[2], o[3] & 128 ? CPM_MSRP_ANY : o[3] } };
    size_t index = 0, n = 0;
    uint64_t off = 0, size = 0, memory = 0;
    if (cpm_msrp_join_head(&t.join, &index, 0, &m, NULL, NULL) == CPM_OK && cpm_msrp_join_body(&t.join, index, o[4] + large, &off, NULL, NULL) == CPM_OK)
      (void)cpm_msrp_join_end(&t.join, index, "$++#"[o[0] >> 6], &size, NULL, NULL, NULL);
    HOLDS(size <= MEMORY);
    for (size_t k = 0; k < MESSAGES; k++) {
      const cpm_msrp_incoming *const one = &t.messages[k];
      if (!one->open) continue;
      memory += one->total != CPM_MSRP_ANY && one->total > one->size ? one->total : one->size;
      const cpm_msrp_span *const spans = cpm_msrp_join_spans(&t.join, k, &n);
      HOLDS(n <= SPANS / MESSAGES);
      for (size_t j = 0; j < n; j++) HOLDS(spans[j].from < spans[j].to && spans[j].to <= one->size && (j == 0 || spans[j - 1].to < spans[j].from));
    }
    HOLDS(memory == t.join.memory && memory <= MEMORY);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size < 2) return 0;
  transcript whole = { 0 }, cut = { 0 };
  const cpm_str in = cpm_str_of((const char *)data + 2, size - 2);
  connection(&whole, in, 0);
  connection(&cut, in, 1u + data[0] + 256u * data[1]);
  HOLDS(whole.hash == cut.hash && whole.rc == cut.rc && whole.heads == cut.heads);
  send(in, 1u + data[0]);
  ranges(in);
  return 0;
}
