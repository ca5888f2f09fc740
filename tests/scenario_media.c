/* SPDX-License-Identifier: MIT */
/* scenario_media.c - the MSRP of a scenario: chunks that come, are kept and are given back; what is pushed; where a connection goes. */
#include "scenario.h"
#include <string.h>

enum { MEDIA_FIELDS = 32, MEDIA_HEAD = 4096 };
#define MEDIA_TRANSACTION "d93kswow"

/* ---- chunks ---------------------------------------------------------------------------------------------------------- */

static void media_put(char **at, cpm_str text) {
  memcpy(*at, text.p, text.n);
  *at += text.n;
}

/* Lines of the block from index `from` to `to`, a CRLF between them. */
static cpm_str media_lines(sc_world *w, const sc_item *item, size_t from, size_t to) {
  size_t room = 1;
  for (size_t i = from; i < to; i++) room += sc_content(w, item->block[i].text).n + 2;
  char *text = sc_alloc(w, room), *at = text;
  for (size_t i = from; i < to; i++) {
    if (i > from) media_put(&at, cpm_str_z("\r\n"));
    media_put(&at, sc_content(w, item->block[i].text));
  }
  return cpm_str_of(text, (size_t)(at - text));
}

bool sc_chunk(sc_world *w, const sc_item *item, uint64_t *content) { return sc_head(w, item, "SEND", content); }

bool sc_head(sc_world *w, const sc_item *item, const char *what, uint64_t *content) {
  char start[64];
  snprintf(start, sizeof start, "MSRP " MEDIA_TRANSACTION " %s\r\n", what);
  size_t head = 0;
  while (head < item->nblock && *item->block[head].text) head++;
  const cpm_str lines = media_lines(w, item, 0, head);
  const char *end = head < item->nblock ? "\r\n\r\n" : "\r\n-------" MEDIA_TRANSACTION "$\r\n";
  char *text = sc_alloc(w, sizeof start + lines.n + strlen(end)), *at = text;
  media_put(&at, cpm_str_z(start));
  media_put(&at, lines);
  media_put(&at, cpm_str_z(end));
  *content = sc_keep(w, media_lines(w, item, head < item->nblock ? head + 1 : head, item->nblock));
  w->heads[*content - SC_HANDLE] = cpm_str_of(text, (size_t)(at - text));
  return true;
}

bool sc_came(sc_world *w, unsigned line, uint32_t leg, uint64_t content) {
  if (w->nchunks == SC_CONTENTS) return sc_fail(w, line, "too many chunks");
  w->chunks[w->nchunks] = content;
  w->came[w->nchunks++] = leg;
  return true;
}

unsigned sc_chunk_number(const sc_world *w, uint64_t content) {
  for (unsigned i = 0; i < w->nchunks; i++)
    if (w->chunks[i] == content) return i + 1;
  return 0;
}

uint32_t sc_chunk_leg(const sc_world *w, uint64_t content) {
  const unsigned n = sc_chunk_number(w, content);
  return n ? w->came[n - 1] : CPM_NO_LEG;
}

bool sc_passed(sc_world *w, unsigned line, const cpm_effect *x) {
  if (x->leg >= SC_LEGS) return true;
  if (x->kind == CPM_EFFECT_CLOSE) w->npushed[x->leg] = 0;
  if (x->kind != CPM_EFFECT_PUSH || x->msrp.method != CPM_MSRP_SEND || x->msrp.failure_report == CPM_MSRP_FAILURE_NO) return true;
  if (w->npushed[x->leg] == SC_PUSHED) return sc_fail(w, line, "too much is passed on without a response");
  w->pushed[x->leg][w->npushed[x->leg]++] = x->item;
  return true;
}

void sc_asked(sc_world *w, const cpm_effect *x) {
  if (x->kind != CPM_EFFECT_ASK || x->id != CPM_QUESTION_external_content || x->leg >= SC_LEGS) return;
  for (size_t i = w->nchunks; i-- > 0;)
    if (w->came[i] == x->leg) {
      w->external[x->leg] = w->chunks[i];
      return;
    }
}

uint64_t sc_joined(sc_world *w, uint64_t chunk) {
  if (w->kept != chunk || w->message.n <= w->contents[chunk - SC_HANDLE].n) return chunk;
  const uint64_t all = sc_keep(w, w->message);
  w->heads[all - SC_HANDLE] = w->heads[chunk - SC_HANDLE];
  w->whole[all - SC_HANDLE] = true;
  w->chunks[sc_chunk_number(w, chunk) - 1] = all;
  w->message = cpm_str_none();
  return all;
}

uint64_t sc_responded(sc_world *w, uint32_t leg) {
  if (leg >= SC_LEGS || !w->npushed[leg]) return 0;
  const uint64_t first = w->pushed[leg][0];
  w->npushed[leg]--;
  memmove(w->pushed[leg], w->pushed[leg] + 1, w->npushed[leg] * sizeof *w->pushed[leg]);
  return first;
}

bool sc_loaded(sc_world *w, unsigned line, uint32_t leg, uint64_t *content) {
  if (leg >= SC_LEGS || !w->fetched[leg]) return sc_fail(w, line, "nothing was asked for on that leg");
  *content = w->fetched[leg];
  w->fetched[leg] = 0;
  return true;
}

/* Octets where STORE says that they belong, over what is there. */
static bool media_keep(sc_world *w, unsigned line, const cpm_effect *x) {
  if (x->item < SC_HANDLE || x->item - SC_HANDLE >= w->ncontents || x->number > 65536) return sc_fail(w, line, "what is stored is no chunk");
  const cpm_str piece = w->contents[x->item - SC_HANDLE];
  const size_t from = (size_t)x->number, to = from + piece.n, n = to > w->message.n ? to : w->message.n;
  char *all = sc_alloc(w, n + 1);
  if (w->message.n) memcpy(all, w->message.p, w->message.n);
  memcpy(all + from, piece.p, piece.n);
  w->message = cpm_str_of(all, n);
  w->kept = x->item;
  return true;
}

static bool media_message(sc_world *w, unsigned line, const cpm_effect *x) {
  if (x->kind == CPM_EFFECT_STORE) return media_keep(w, line, x);
  if (x->kind == CPM_EFFECT_DROP) w->message = cpm_str_none();
  if (x->kind != CPM_EFFECT_FETCH) return true;
  w->asked = true;
  w->wanted = x->number ? (size_t)x->number : CPM_HEAD_NEED;
  return w->message.p || sc_fail(w, line, "no message was stored");
}

bool sc_given(sc_world *w, const sc_item *item) {
  const size_t from = *item->block[0].text ? 0 : 1;
  w->message = media_lines(w, item, from, item->nblock);
  w->wanted = CPM_HEAD_NEED;
  return w->asked = true;
}

bool sc_message_head(sc_world *w, unsigned line, cpm_str *head, uint64_t *len, uint64_t *content) {
  if (!w->asked) return sc_fail(w, line, "nothing was asked for");
  w->asked = false;
  *len = w->message.n;
  *head = cpm_str_of(w->message.p, w->message.n < w->wanted ? w->message.n : w->wanted);
  *content = sc_keep(w, w->message);
  return true;
}

bool sc_log(sc_world *w, unsigned line, const cpm_effect *x) {
  sc_asked(w, x);
  if (!sc_passed(w, line, x)) return false;
  const bool item = x->kind == CPM_EFFECT_STORE || x->kind == CPM_EFFECT_FETCH || x->kind == CPM_EFFECT_DROP;
  if (item && x->id == CPM_ITEM_message) return media_message(w, line, x);
  if (x->id != CPM_ITEM_chunk_log) return true;
  if (x->kind == CPM_EFFECT_STORE) {
    const bool chunk = x->item >= SC_HANDLE && x->item - SC_HANDLE < w->ncontents && w->heads[x->item - SC_HANDLE].p;
    if (!chunk || w->nlog == SC_CONTENTS) return sc_fail(w, line, "what is stored is no chunk");
    w->log[w->nlog++] = x->item;
  }
  if (x->kind == CPM_EFFECT_DROP) w->nlog = 0;
  if (x->kind != CPM_EFFECT_FETCH) return true;
  if (x->number >= w->nlog || x->leg >= SC_LEGS) return sc_fail(w, line, "no such chunk was stored");
  w->fetched[x->leg] = w->log[x->number];
  return true;
}

/* ---- what is pushed -------------------------------------------------------------------------------------------------- */

static bool media_content(sc_world *w, unsigned line, const cpm_effect *x, cpm_str *content) {
  size_t n = 0;
  for (size_t i = 0; i < x->ncontent; i++) n += x->content[i].bytes.n;
  char *text = sc_alloc(w, n + 1), *at = text;
  for (size_t i = 0; i < x->ncontent; i++) {
    const cpm_str piece = x->content[i].bytes.p ? x->content[i].bytes : sc_piece(w, line, &x->content[i]);
    if (!piece.p) return false;
    media_put(&at, piece);
  }
  *content = cpm_str_of(text, n);
  return true;
}

bool sc_push(sc_world *w, unsigned line, const cpm_effect *x, cpm_sip_field *fields, size_t *nfields, cpm_str *content) {
  static const cpm_opts strict = { .refuse = CPM_QUIRKS_ALL };
  cpm_msrp_field heads[MEDIA_FIELDS];
  cpm_msrp head = x->msrp, read = { .fields = heads, .cap = MEDIA_FIELDS };
  cpm_diag diag = { 0 };
  char *text = sc_alloc(w, MEDIA_HEAD);
  size_t n = 0;
  head.transaction_id = cpm_str_z(MEDIA_TRANSACTION);
  int rc = cpm_msrp_encode(text, MEDIA_HEAD, &n, &head, &diag);
  if (rc == CPM_OK) rc = cpm_msrp_decode(&read, cpm_str_of(text, n), &strict, &diag);
  if (rc) return sc_fail(w, line, "the head of the SEND gives %s, %s", cpm_status_name(rc), diag.rule ? diag.rule : "?");
  for (size_t i = 0; i < read.nfields; i++) {
    sc_sources s = { .n = 0 };
    const cpm_str name = heads[i].id ? cpm_msrp_header_name(heads[i].id) : heads[i].name;
    sc_recipe_sources(w, x, name.p, &s);
    fields[i] = (cpm_sip_field){ CPM_SIP_UNKNOWN, name, heads[i].value, s.n ? s.of[0].spec : NULL, s.n ? s.of[0].clauses : NULL };
  }
  *nfields = read.nfields;
  return media_content(w, line, x, content);
}

/* ---- connections ----------------------------------------------------------------------------------------------------- */

bool sc_media_same(const cpm_effect_media *a, const cpm_effect_media *b) {
  return cpm_str_eq(a->target.host, b->target.host) && a->target.port == b->target.port && a->target.secure == b->target.secure &&
         a->target.cema == b->target.cema && a->target.anchored == b->target.anchored && a->target.matching == b->target.matching &&
         cpm_str_eq(a->local_path, b->local_path) && cpm_str_eq(a->remote_path, b->remote_path) &&
         cpm_str_eq(a->fingerprint, b->fingerprint);
}

char *sc_target(sc_world *w, const cpm_effect *x) {
  const cpm_str host = x->media.target.host;
  char *text = sc_alloc(w, host.n + 16);
  snprintf(text, host.n + 16, "%.*s %u", (int)host.n, host.p, x->media.target.port);
  return text;
}

static cpm_str media_flag(bool is) { return cpm_str_z(is ? "yes" : "no"); }

enum { MEDIA_KEYS = 7 };
typedef struct media_key { const char *name; cpm_str is; cpm_field of; } media_key;

/* What a connection says, and the fields that it comes from. */
static void media_keys(const cpm_effect *x, media_key keys[MEDIA_KEYS]) {
  const cpm_effect_media *m = &x->media;
  keys[0] = (media_key){ "local_path", m->local_path, CPM_FIELD_session_id };
  keys[1] = (media_key){ "remote_path", m->remote_path, CPM_FIELD_path };
  keys[2] = (media_key){ "fingerprint", m->fingerprint.p ? m->fingerprint : cpm_str_z("none"), CPM_FIELD_peer_fingerprint };
  keys[3] = (media_key){ "secure", media_flag(m->target.secure), CPM_FIELD_peer_secure };
  keys[4] = (media_key){ "cema", media_flag(m->target.cema), CPM_FIELD_peer_cema };
  keys[6] = (media_key){ "matching", cpm_str_z(m->target.matching == CPM_MSRP_SESSION ? "session" : "strict"), CPM_FIELD_peer_cema };
  keys[5] = (media_key){ "anchored", media_flag(m->target.anchored), CPM_FIELD_peer_address };
}

static void media_sources(const sc_world *w, const cpm_effect *x, const media_key *key, sc_sources *s) {
  sc_source(s, x->spec, x->clauses);
  sc_capture_sources(w, key->of, s);
}

bool sc_media(sc_world *w, const sc_line *line, const cpm_effect *x) {
  media_key keys[MEDIA_KEYS];
  size_t n;
  const char *value = sc_value(line->text, &n);
  media_keys(x, keys);
  for (size_t i = 0; value && i < MEDIA_KEYS; i++) {
    sc_sources s = { .n = 0 };
    if (!cpm_str_eq(cpm_str_of(line->text, n), cpm_str_z(keys[i].name))) continue;
    if (!sc_match(w, value, keys[i].is)) return sc_fail(w, line->number, "it is %.*s", (int)keys[i].is.n, keys[i].is.p);
    media_sources(w, x, &keys[i], &s);
    return sc_held(w, line, &s);
  }
  return sc_field(w, line, x->leg);
}

void sc_print_media(FILE *out, sc_world *w, const cpm_effect *x) {
  media_key keys[MEDIA_KEYS];
  media_keys(x, keys);
  for (size_t i = 0; i < MEDIA_KEYS; i++) {
    sc_sources s = { .n = 0 };
    const int n = fprintf(out, "    %s: %.*s", keys[i].name, (int)keys[i].is.n, keys[i].is.p);
    media_sources(w, x, &keys[i], &s);
    sc_print_sources(out, n, &s);
    fputc('\n', out);
  }
}
