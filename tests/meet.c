/* SPDX-License-Identifier: MIT */
/* meet.c - procedures that meet: the hosts of meet.h. */
#include "meet.h"
#include "support.h"
#include <stdlib.h>
#include <string.h>

enum { MEET_FIELDS = 64, MEET_LOG = 64, MEET_HEAD = 4096 };

typedef struct meet_dialog { meet_run *run[2]; uint32_t leg[2]; } meet_dialog;   /* who began; the other side */
typedef struct meet_txn { meet_run *from, *to; uint32_t leg; cpm_sip_method method; size_t dialog; bool inside, answered; } meet_txn;
typedef enum meet_state { MEET_CLOSED, MEET_CALLS, MEET_WAITS, MEET_UP } meet_state;
typedef struct meet_end { meet_run *run; uint32_t leg; meet_state state; size_t peer; char *own, *theirs; } meet_end;
typedef struct meet_chunk { char *head; size_t n, from; char flag; bool owed; meet_run *by; uint32_t leg; } meet_chunk;   /* from: the side that sent it */
typedef struct meet_timer { meet_run *run; uint32_t leg; unsigned id; int64_t due; } meet_timer;   /* MEET_PATIENCE: the host's own, for a connection */
typedef struct meet_kept { const meet_host *host; char *selector, *octets, *here; size_t n; uint64_t came; } meet_kept;   /* here: which octets */

struct meet_inside {
  meet_item   item[MEET_ITEMS];
  size_t      nitems;
  meet_txn    txn[MEET_ITEMS];
  size_t      ntxns;
  meet_dialog dialog[MEET_DIALOGS];
  size_t      ndialogs;
  meet_end    end[MEET_ENDS];
  size_t      nends;
  cpm_str     content[MEET_CONTENTS];
  meet_chunk  chunk[MEET_CONTENTS];
  size_t      ncontents;
  meet_timer  timer[MEET_TIMERS];
  size_t      ntimers;
  meet_kept   file[MEET_FILES];
  size_t      nfiles;
  uint64_t    log[MEET_RUNS][MEET_LOG];   /* chunk_log */
  size_t      nlog[MEET_RUNS];
  char        random[CPM_RANDOM_NEED];
  uint64_t    dice;
  _Alignas(16) char buffer[MEET_BUFFER];
};

/* Channels: of a dialog each way, of a connection each way, and what a host does by itself. */
static unsigned meet_of_dialog(size_t dialog, unsigned side) { return (unsigned)(dialog * 2 + side); }
static unsigned meet_of_end(size_t end) { return (unsigned)(2 * MEET_DIALOGS + end); }
static unsigned meet_of_run(const meet *w, const meet_run *r) { return (unsigned)(2 * MEET_DIALOGS + MEET_ENDS + (r - w->run)); }

static uint64_t meet_dice(meet *w) {
  uint64_t *x = &w->in->dice;
  *x = *x * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return *x >> 33;
}

static char *meet_copy(cpm_str text) {
  char *p = malloc(text.n + 1);
  if (!p) abort();
  if (text.n) memcpy(p, text.p, text.n);
  p[text.n] = 0;
  return p;
}

/* ---- the world --------------------------------------------------------------------------------------------------------- */

meet *meet_new(uint64_t seed) {
  meet *w = calloc(1, sizeof *w);
  if (!w || !(w->in = calloc(1, sizeof *w->in))) abort();
  w->seed = seed;
  w->in->dice = seed + 1;
  w->now = INT64_C(1772366400000);
  if (getenv("MEET_LOG")) w->log = stderr;
  return w;
}

void meet_client(cpm_agent *a, const char *address, const char *media_address) {
  cpm_agent_init(a, CPM_ROLE_CLIENT);
  a->address = cpm_str_z(address);
  a->media_address = cpm_str_z(media_address);
  a->user_agent = a->server = S("CPM-client/OMA2.2 example/1.0");
  a->host = S("host.example.com");
  a->accept = S("message/cpim, text/plain");
  a->chunk_size = 2000;
}

void meet_fill(char *content, size_t n) {
  for (size_t i = 0; i < n; i++) content[i] = (char)('a' + (i * 7 + i / 251) % 26);
}

void meet_answer_sent(cpm_event *e) {
  cpm_arg *args = (cpm_arg *)(uintptr_t)e->args;
  args[0] = (cpm_arg){ .field = CPM_FIELD_sent_by_us, .number = 1 };
  args[1] = (cpm_arg){ .field = CPM_FIELD_reached, .number = CPM_DISPOSITION_sent };
  e->nargs = 2;
}

void meet_free(meet *w) {
  for (size_t i = 0; i < w->in->nitems; i++) free(w->in->item[i].bytes);
  for (size_t i = 0; i < w->in->ncontents; i++) { free((char *)(uintptr_t)w->in->content[i].p); free(w->in->chunk[i].head); }
  for (size_t i = 0; i < w->in->nends; i++) { free(w->in->end[i].own); free(w->in->end[i].theirs); }
  for (size_t i = 0; i < w->in->nfiles; i++) { free(w->in->file[i].selector); free(w->in->file[i].octets); free(w->in->file[i].here); }
  for (size_t i = 0; i < w->nruns; i++) {
    free(w->run[i].block[0]);
    free(w->run[i].block[1]);
    free((char *)(uintptr_t)w->run[i].message.p);
  }
  free(w->in);
  free(w);
}

meet_host *meet_add(meet *w, const cpm_agent *agent) {
  assert_true(w->nhosts < MEET_HOSTS);
  meet_host *h = &w->host[w->nhosts++];
  h->w = w;
  h->agent = *agent;
  return h;
}

uint64_t meet_content(meet *w, cpm_str octets) {
  assert_true(w->in->ncontents < MEET_CONTENTS);
  w->in->content[w->in->ncontents++] = cpm_str_of(meet_copy(octets), octets.n);
  return w->in->ncontents;
}

cpm_str meet_octets(const meet *w, uint64_t item) {
  return item && item <= w->in->ncontents ? w->in->content[item - 1] : cpm_str_none();
}

meet_run *meet_of(meet *w, const char *machine, unsigned n) {
  for (size_t i = 0; i < w->nruns; i++) {
    cpm_last last;
    cpm_proc_last(w->run[i].proc, &last);
    if (strcmp(last.machine, machine) == 0 && n-- == 0) return &w->run[i];
  }
  return NULL;
}

bool meet_over(const meet *w) {
  for (size_t i = 0; i < w->nruns; i++)
    if (!cpm_proc_over(w->run[i].proc)) return false;
  return true;
}

static void meet_note(const meet *w, const meet_run *r, const char *what, const char *name) {
  cpm_last last;
  if (!w->log) return;
  cpm_proc_last(r->proc, &last);
  fprintf(w->log, "%8lld %u %-22s %-11s %s %s\n", (long long)(w->now - INT64_C(1772366400000)), (unsigned)(r - w->run), last.machine, last.state, what, name ? name : "");
}

/* The block goes on elsewhere, as after a crash. */
static void meet_move(meet_run *r) {
  cpm_diag d = { 0 };
  uint64_t *there = r->block[!r->at];
  memcpy(there, r->block[r->at], MEET_BLOCK);
  memset(r->block[r->at], 0xa5, MEET_BLOCK);
  r->at = !r->at;
  r->proc = (cpm_proc *)(void *)there;
  assert_status(cpm_proc_check(there, MEET_BLOCK, &d), CPM_OK, &d);
}

static meet_item *meet_send(meet *w, meet_item item) {
  assert_true(w->in->nitems < MEET_ITEMS);
  w->in->item[w->in->nitems++] = item;
  return &w->in->item[w->in->nitems - 1];
}

static void meet_soon(meet *w, meet_run *r, uint32_t leg, cpm_event_type type, unsigned channel, uint64_t len) {
  meet_send(w, (meet_item){ .kind = MEET_EVENT, .channel = channel, .to = r, .leg = leg, .event = type, .len = len });
}

/* ---- SIP: what goes out ------------------------------------------------------------------------------------------------- */

static size_t meet_dialog_of(const meet *w, const meet_run *r, uint32_t leg, unsigned *side) {
  for (size_t i = w->in->ndialogs; i-- > 0;)
    for (*side = 0; *side < 2; ++*side)
      if (w->in->dialog[i].run[*side] == r && w->in->dialog[i].leg[*side] == leg) return i;
  fail_msg("a request inside of no dialog");
  return 0;
}

static char *meet_encode(meet *w, cpm_sip *sip, size_t *n) {
  cpm_diag d = { 0 };
  for (unsigned i = 0; i < sip->npieces; i++) {
    cpm_piece *p = &sip->pieces[i];
    if (!p->bytes.p) p->bytes.p = meet_octets(w, p->item).p + p->off;
  }
  if (!sip->status && !sip->request_uri.p) sip->request_uri = S("sip:in-dialog@example.com");
  assert_status(cpm_sip_encode(NULL, 0, n, sip, &d), CPM_OK, &d);
  char *bytes = malloc(*n + 1);
  if (!bytes) abort();
  assert_status(cpm_sip_encode(bytes, *n, n, sip, &d), CPM_OK, &d);
  return bytes;
}

/* The network says who sends. */
static char *meet_vouched(meet *w, const meet_run *r, cpm_sip *sip, size_t *n) {
  cpm_sip_field fields[MEET_FIELDS];
  char uri[256];
  assert_true(sip->nfields < MEET_FIELDS);
  memcpy(fields, sip->fields, sip->nfields * sizeof *fields);
  snprintf(uri, sizeof uri, "<%.*s>", (int)r->host->agent.address.n, r->host->agent.address.p);
  fields[sip->nfields] = (cpm_sip_field){ CPM_SIP_P_ASSERTED_IDENTITY, S("P-Asserted-Identity"), cpm_str_z(uri), NULL, NULL };
  sip->fields = fields;
  sip->nfields++;
  return meet_encode(w, sip, n);
}

/* Outside of a dialog? An ACK, CANCEL or BYE never is; an INVITE is, if it names a recipient. */
static void meet_request(meet *w, meet_run *r, cpm_effect *x) {
  const bool outside = x->sip.request_uri.p != NULL;
  unsigned side = 0;
  size_t dialog;
  assert_true(w->in->ntxns < MEET_ITEMS);
  if (outside) {
    assert_true(w->in->ndialogs < MEET_DIALOGS);
    dialog = w->in->ndialogs++;
    w->in->dialog[dialog] = (meet_dialog){ { r, NULL }, { x->leg, CPM_NO_LEG } };
  } else dialog = meet_dialog_of(w, r, x->leg, &side);
  meet_run *const to = w->in->dialog[dialog].run[!side];
  w->in->txn[w->in->ntxns++] = (meet_txn){ r, to, x->leg, x->sip.method, dialog, !outside, false };
  meet_item item = { .kind = MEET_REQUEST, .channel = meet_of_dialog(dialog, side), .to = to, .leg = w->in->dialog[dialog].leg[!side], .txn = w->in->ntxns };
  item.bytes = outside ? meet_vouched(w, r, &x->sip, &item.n) : meet_encode(w, &x->sip, &item.n);
  meet_send(w, item);
}

static void meet_answer(meet *w, size_t txn, char *bytes, size_t n, unsigned status) {
  meet_txn *t = &w->in->txn[txn - 1];
  const unsigned side = w->in->dialog[t->dialog].run[0] == t->from && w->in->dialog[t->dialog].leg[0] == t->leg ? 1 : 0;
  assert_false(t->answered);
  t->answered = true;
  meet_send(w, (meet_item){ .kind = MEET_RESPONSE, .channel = meet_of_dialog(t->dialog, side), .to = t->from, .leg = t->leg, .bytes = bytes, .n = n,
                            .txn = txn, .status = status });
}

/* What a stack answers when there is no procedure that does. */
static void meet_refuse(meet *w, size_t txn, unsigned status) {
  cpm_sip sip;
  cpm_sip_field fields[4];
  size_t n = 0;
  memset(&sip, 0, sizeof sip);
  sip.fields = fields;
  sip.cap = 4;
  sip.status = status;
  sip.reason = cpm_sip_reason_phrase(status);
  char *bytes = meet_encode(w, &sip, &n);
  meet_answer(w, txn, bytes, n, status);
}

/* ---- MSRP --------------------------------------------------------------------------------------------------------------- */

static meet_end *meet_end_of(meet *w, const meet_run *r, uint32_t leg) {
  if (r->session) return meet_end_of(w, r->session, CPM_NO_LEG);
  for (size_t i = w->in->nends; i-- > 0;)
    if (w->in->end[i].run == r && w->in->end[i].leg == leg) return &w->in->end[i];
  return NULL;
}

static size_t meet_index(const meet *w, const meet_end *e) { return (size_t)(e - w->in->end); }

static void meet_time(meet *w, meet_run *r, uint32_t leg, unsigned id, uint64_t ms) {
  assert_true(w->in->ntimers < MEET_TIMERS);
  w->in->timer[w->in->ntimers++] = (meet_timer){ r, leg, id, w->now + (int64_t)ms };
}

/* Nobody came. */
static void meet_tires(meet *w, meet_end *e) {
  if (!e || (e->state != MEET_CALLS && e->state != MEET_WAITS)) return;
  e->state = MEET_CLOSED;
  meet_soon(w, e->run, e->leg, CPM_EVENT_media_down, meet_of_run(w, e->run), 0);
}

static void meet_connect(meet *w, meet_end *e) {
  for (size_t i = 0; i < w->in->nends; i++) {
    meet_end *o = &w->in->end[i];
    if (o == e || o->state != (e->state == MEET_CALLS ? MEET_WAITS : MEET_CALLS)) continue;
    if (strcmp(o->own, e->theirs) != 0 || strcmp(o->theirs, e->own) != 0) continue;
    o->state = e->state = MEET_UP;
    o->peer = meet_index(w, e);
    e->peer = i;
    meet_soon(w, e->run, e->leg, CPM_EVENT_media_up, meet_of_end(meet_index(w, e)), 0);
    meet_soon(w, o->run, o->leg, CPM_EVENT_media_up, meet_of_end(i), 0);
    return;
  }
}

static void meet_open(meet *w, meet_run *r, const cpm_effect *x) {
  assert_true(w->in->nends < MEET_ENDS);
  meet_end *e = &w->in->end[w->in->nends++];
  *e = (meet_end){ r, x->leg, x->kind == CPM_EFFECT_CONNECT ? MEET_CALLS : MEET_WAITS, 0, meet_copy(cpm_msrp_path_last(x->media.local_path)),
                   meet_copy(cpm_msrp_path_last(x->media.remote_path)) };
  meet_connect(w, e);
  if (e->state != MEET_UP) meet_time(w, r, x->leg, MEET_PATIENCE, MEET_PATIENCE);
}

/* The other side sees it behind what was sent to it before. */
static void meet_close(meet *w, meet_end *e) {
  if (!e || e->state == MEET_CLOSED) return;
  meet_end *const o = e->state == MEET_UP ? &w->in->end[e->peer] : NULL;
  e->state = MEET_CLOSED;
  if (o && o->state == MEET_UP) meet_soon(w, o->run, o->leg, CPM_EVENT_media_down, meet_of_end(e->peer), 0);
}

static void meet_sever(meet *w, meet_end *e) {
  if (!e || e->state != MEET_UP) return;
  meet_end *const both[] = { e, &w->in->end[e->peer] };
  for (unsigned k = 0; k < 2; k++) {
    for (size_t i = 0; i < w->in->nitems; i++)
      if (w->in->item[i].channel == meet_of_end(meet_index(w, both[k]))) w->in->item[i].to = NULL;   /* it never comes */
    if (both[k]->state == MEET_UP) meet_soon(w, both[k]->run, both[k]->leg, CPM_EVENT_media_down, meet_of_run(w, both[k]->run), 0);
    both[k]->state = MEET_CLOSED;
  }
}

void meet_break(meet *w, meet_run *r) {
  meet_end *e = NULL;
  for (size_t i = w->in->nends; i-- > 0 && !e;)
    if (w->in->end[i].run == r && w->in->end[i].state == MEET_UP) e = &w->in->end[i];
  meet_sever(w, e);
}

void meet_break_leg(meet *w, meet_run *r, uint32_t leg) { meet_sever(w, meet_end_of(w, r, leg)); }

static void meet_push(meet *w, meet_run *r, cpm_effect *x) {
  meet_end *const e = meet_end_of(w, r, x->leg);
  cpm_diag d = { 0 };
  char id[CPM_MSRP_ID_RANDOM], *head = malloc(MEET_HEAD);
  size_t n = 0, len = 0;
  if (!head || !e || e->state == MEET_CALLS || e->state == MEET_WAITS) abort();
  for (size_t i = 0; i < sizeof w->in->random; i++) w->in->random[i] = (char)meet_dice(w);
  cpm_msrp_id_make(id, cpm_str_of(w->in->random, CPM_MSRP_ID_RANDOM));
  x->msrp.transaction_id = cpm_str_of(id, sizeof id);
  assert_status(cpm_msrp_encode(head, MEET_HEAD, &n, &x->msrp, &d), CPM_OK, &d);
  for (size_t i = 0; i < x->ncontent; i++) len += x->content[i].bytes.n;
  char *content = malloc(len + 1), *at = content;
  if (!content) abort();
  for (size_t i = 0; i < x->ncontent; i++) {
    const cpm_str piece = x->content[i].bytes;
    memcpy(at, piece.p ? piece.p : meet_octets(w, x->content[i].item).p + x->content[i].off, piece.n);
    at += piece.n;
  }
  const bool last = !x->msrp.body || x->msrp.range.start - 1 + len == x->msrp.range.total;
  const uint64_t item = meet_content(w, cpm_str_of(content, len));
  free(content);
  w->in->chunk[item - 1] = (meet_chunk){ head, n, meet_index(w, e), last ? '$' : '+', false, r, x->leg };
  if (e->state == MEET_UP)
    meet_send(w, (meet_item){ .kind = MEET_FRAME, .channel = meet_of_end(e->peer), .to = w->in->end[e->peer].run, .leg = w->in->end[e->peer].leg, .item = item,
                              .len = len, .end = e->peer });
  if (x->msrp.method == CPM_MSRP_SEND) meet_soon(w, r, x->leg, CPM_EVENT_writable, meet_of_run(w, r), 0);
}

static cpm_msrp meet_head(const meet *w, uint64_t item, cpm_msrp_field *fields) {
  cpm_diag d = { 0 };
  cpm_msrp m = { .fields = fields, .cap = MEET_FIELDS };
  const meet_chunk *c = &w->in->chunk[item - 1];
  assert_status(cpm_msrp_decode(&m, cpm_str_of(c->head, c->n), NULL, &d), CPM_OK, &d);
  m.flag = c->flag;
  return m;
}

static void meet_accept(meet *w, uint64_t item, unsigned code) {
  cpm_msrp_field fields[MEET_FIELDS];
  meet_chunk *c = &w->in->chunk[item - 1];
  const cpm_msrp m = meet_head(w, item, fields);
  assert_true(c->owed);
  c->owed = false;
  if (w->in->end[c->from].state != MEET_UP || !cpm_msrp_response_due(&m, code)) return;
  const uint64_t len = w->in->content[item - 1].n;
  meet_item *i = meet_send(w, (meet_item){ .kind = MEET_EVENT, .channel = meet_of_end(c->from), .to = c->by, .leg = c->leg,
                                           .event = code == 200 ? CPM_EVENT_msrp_ok : CPM_EVENT_msrp_fail, .len = len });
  i->status = code;
}

/* ---- what is stored ------------------------------------------------------------------------------------------------------ */

/* What the host has of the file, NULL: nothing. */
static meet_kept *meet_kept_of(meet *w, const meet_run *r, uint32_t leg) {
  const cpm_str selector = cpm_proc_text(r->proc, leg, CPM_FIELD_file_selector);
  for (size_t i = 0; i < w->in->nfiles; i++)
    if (w->in->file[i].host == r->host && cpm_str_eq(selector, cpm_str_z(w->in->file[i].selector))) return &w->in->file[i];
  return NULL;
}

static void meet_store_file(meet *w, meet_run *r, uint32_t leg, size_t to, cpm_str piece) {
  meet_kept *f = meet_kept_of(w, r, leg);
  if (!f) {
    assert_true(w->in->nfiles < MEET_FILES);
    f = &w->in->file[w->in->nfiles++];
    *f = (meet_kept){ .host = r->host, .selector = meet_copy(cpm_proc_text(r->proc, leg, CPM_FIELD_file_selector)) };
  }
  const size_t n = to + piece.n > f->n ? to + piece.n : f->n;
  f->octets = realloc(f->octets, n + 1);
  f->here = realloc(f->here, n + 1);
  if (!f->octets || !f->here) abort();
  memset(f->here + f->n, 0, n - f->n);
  if (piece.n) memcpy(f->octets + to, piece.p, piece.n);
  memset(f->here + to, 1, piece.n);
  f->n = n;
  f->came += piece.n;
}

cpm_str meet_file(meet *w, const meet_run *r, uint32_t leg) {
  const meet_kept *f = meet_kept_of(w, r, leg);
  size_t n = 0;
  while (f && n < f->n && f->here[n]) n++;
  return f ? cpm_str_of(f->octets, n) : cpm_str_none();
}

uint64_t meet_file_came(meet *w, const meet_run *r, uint32_t leg) {
  const meet_kept *f = meet_kept_of(w, r, leg);
  return f ? f->came : 0;
}

static void meet_store_message(meet_run *r, size_t to, cpm_str piece) {
  const size_t n = to + piece.n > r->message.n ? to + piece.n : r->message.n;
  char *all = calloc(1, n + 1);
  if (!all) abort();
  if (r->message.n) memcpy(all, r->message.p, r->message.n);
  if (piece.n) memcpy(all + to, piece.p, piece.n);
  free((char *)(uintptr_t)r->message.p);
  r->message = cpm_str_of(all, n);
}

static void meet_store(meet *w, meet_run *r, const cpm_effect *x) {
  if (x->id == CPM_ITEM_chunk_log) {
    assert_true(w->in->nlog[r - w->run] < MEET_LOG);
    w->in->log[r - w->run][w->in->nlog[r - w->run]++] = x->item;
  }
  if (x->id != CPM_ITEM_message) return;
  if (x->leg != CPM_NO_LEG) meet_store_file(w, r, x->leg, (size_t)x->number, meet_octets(w, x->item));
  else meet_store_message(r, (size_t)x->number, meet_octets(w, x->item));
}

static void meet_drop(meet_run *r, const cpm_effect *x) {
  if (x->id != CPM_ITEM_message) return;
  free((char *)(uintptr_t)r->message.p);
  r->message = cpm_str_none();
}

static void meet_fetch(meet *w, meet_run *r, const cpm_effect *x) {
  const bool message = x->id == CPM_ITEM_message;
  if (!message) assert_true(x->number < w->in->nlog[r - w->run]);
  const uint64_t item = message ? meet_content(w, r->message) : w->in->log[r - w->run][x->number];
  meet_send(w, (meet_item){ .kind = MEET_EVENT, .channel = meet_of_run(w, r), .to = r, .leg = x->leg, .event = CPM_EVENT_on_loaded, .item = item,
                            .wanted = message && x->number ? x->number : CPM_HEAD_NEED, .len = meet_octets(w, item).n });
}

/* ---- timers -------------------------------------------------------------------------------------------------------------- */

static void meet_stop(meet *w, const meet_run *r, uint32_t leg, unsigned id, bool all) {
  for (size_t i = w->in->ntimers; i-- > 0;) {
    const meet_timer *t = &w->in->timer[i];
    if (t->run == r && (all || (t->leg == leg && t->id == id))) w->in->timer[i] = w->in->timer[--w->in->ntimers];
  }
}

static void meet_start_timer(meet *w, meet_run *r, const cpm_effect *x) {
  meet_stop(w, r, x->leg, x->id, false);
  meet_time(w, r, x->leg, x->id, x->number);
}

/* The next timer fires; false: none runs. */
static bool meet_wait(meet *w) {
#define MEET_TIMER(name, length, doc) CPM_EVENT_timer_##name,
  static const uint8_t events[] = { CPM_TIMERS(MEET_TIMER) };
  size_t first = 0;
  if (!w->in->ntimers) return false;
  for (size_t i = 1; i < w->in->ntimers; i++)
    if (w->in->timer[i].due < w->in->timer[first].due) first = i;
  const meet_timer t = w->in->timer[first];
  w->in->timer[first] = w->in->timer[--w->in->ntimers];
  w->now = t.due > w->now ? t.due : w->now;
  if (t.id == MEET_PATIENCE) meet_tires(w, meet_end_of(w, t.run, t.leg));
  else meet_soon(w, t.run, t.leg, (cpm_event_type)events[t.id], meet_of_run(w, t.run), 0);
  return true;
}

/* ---- effects -------------------------------------------------------------------------------------------------------------- */

static meet_run *meet_begin(meet *w, meet_host *host, const cpm_machine *machine);

/* Who composes: known by the sender. */
static meet_run *meet_composer(meet *w, meet_run *session, cpm_str sender) {
  for (size_t i = 0; i < w->nruns; i++) {
    meet_run *r = &w->run[i];
    cpm_last last;
    cpm_proc_last(r->proc, &last);
    if (sender.p && r->session == session && strcmp(last.machine, "client/is-composing") == 0 && !cpm_proc_over(r->proc)
        && cpm_str_eq(cpm_proc_text(r->proc, CPM_NO_LEG, CPM_FIELD_sender), sender)) return r;
  }
  return NULL;
}

/* What r knows of the session, then what the event has. */
static int meet_with(meet *w, meet_run *from, meet_run *to, const cpm_machine *machine, const cpm_event *event) {
  cpm_arg args[MEET_ARGS];
  cpm_event e = *event;
  assert_int_equal(cpm_session_args(args, &e.nargs, from->proc, machine, event->type), CPM_OK);
  assert_true(e.nargs + event->nargs <= MEET_ARGS);
  if (event->nargs) memcpy(&args[e.nargs], event->args, event->nargs * sizeof *args);
  e.nargs += event->nargs;
  e.args = args;
  return meet_give(w, to, &e);
}

meet_run *meet_say(meet *w, meet_run *session, meet_run *run, const char *machine, const cpm_event *event) {
  if (!run) run = meet_begin(w, session->host, cpm_machine_named(machine));
  run->session = session;
  meet_with(w, session, run, cpm_machine_named(machine), event);
  return run;
}

static void meet_hand_on(meet *w, meet_run *r, const cpm_effect *x, const cpm_event *event) {
  const cpm_machine *machine = cpm_machine_named(x->name);
  meet_run *const session = r->session ? r->session : r, *to = NULL;
  if (cpm_proc_over(session->proc)) return;   /* who composes in a session that is over is nobody */
  if (x->id == CPM_PROCEDURE_is_composing) to = meet_composer(w, session, cpm_proc_text(r->proc, CPM_NO_LEG, CPM_FIELD_sender));
  if (!to) to = meet_begin(w, r->host, machine);
  to->session = session;
  assert_int_equal(meet_with(w, r, to, machine, event), CPM_OK);
}

/* What follows for the others on the connection from what one of them tells. */
static void meet_told(meet *w, meet_run *r, uint32_t leg, unsigned notice) {
  r->told[notice]++;
  if (leg != CPM_NO_LEG) {
    assert_true(leg < MEET_LEGS);
    r->told_of[leg][notice]++;
  }
  if (notice == CPM_NOTICE_report_kept) meet_soon(w, r, leg, CPM_EVENT_online, meet_of_run(w, r), 0);
  if (!r->session) return;
  if (notice == CPM_NOTICE_session_gone) meet_soon(w, r->session, CPM_NO_LEG, CPM_EVENT_cancel, meet_of_run(w, r->session), 0);
  meet_run *const composer = notice == CPM_NOTICE_received ? meet_composer(w, r->session, cpm_proc_text(r->proc, CPM_NO_LEG, CPM_FIELD_sender)) : NULL;
  if (composer) meet_soon(w, composer, CPM_NO_LEG, CPM_EVENT_content, meet_of_run(w, composer), 0);
}

static void meet_done(meet *w, meet_run *r) {
  meet_stop(w, r, 0, 0, true);
  for (size_t i = 0; i < w->nruns; i++)
    if (w->run[i].session == r) meet_soon(w, &w->run[i], CPM_NO_LEG, CPM_EVENT_media_down, meet_of_run(w, &w->run[i]), 0);
}

static void meet_keep_ticket(meet_run *r) {
  cpm_diag d = { 0 };
  assert_status(cpm_ticket_encode(r->ticket, sizeof r->ticket, &r->nticket, r->proc, &d), CPM_OK, &d);
}

static void meet_does(meet *w, meet_run *r, cpm_effect *x, const cpm_event *event) {
  meet_note(w, r, cpm_effect_name(x->kind), x->name);
  switch (x->kind) {
  case CPM_EFFECT_SEND:    meet_request(w, r, x); break;
  case CPM_EFFECT_REPLY: {
    size_t n = 0;
    char *bytes = meet_encode(w, &x->sip, &n);
    meet_answer(w, (size_t)x->txn, bytes, n, x->code);
    break;
  }
  case CPM_EFFECT_PUSH:    meet_push(w, r, x); break;
  case CPM_EFFECT_ACCEPT:  meet_accept(w, x->item, x->code); break;
  case CPM_EFFECT_CONNECT:
  case CPM_EFFECT_LISTEN:  meet_open(w, r, x); break;
  case CPM_EFFECT_CLOSE:   meet_close(w, meet_end_of(w, r, x->leg)); break;
  case CPM_EFFECT_START:   meet_start_timer(w, r, x); break;
  case CPM_EFFECT_STOP:    meet_stop(w, r, x->leg, x->id, false); break;
  case CPM_EFFECT_ASK:
    meet_send(w, (meet_item){ .kind = MEET_EVENT, .channel = meet_of_run(w, r), .to = r, .leg = x->leg, .event = CPM_EVENT_on_policy, .question = x->id });
    break;
  case CPM_EFFECT_STORE:
    if (x->id == CPM_ITEM_ticket) meet_keep_ticket(r);
    else meet_store(w, r, x);
    break;
  case CPM_EFFECT_FETCH:   meet_fetch(w, r, x); break;
  case CPM_EFFECT_DROP:    meet_drop(r, x); break;
  case CPM_EFFECT_TELL:    meet_told(w, r, x->leg, x->id); break;
  case CPM_EFFECT_ENTER:   meet_hand_on(w, r, x, event); break;
  case CPM_EFFECT_DONE:    meet_done(w, r); break;
  default: break;
  }
}

int meet_give(meet *w, meet_run *r, const cpm_event *event) {
  cpm_event e = *event;
  cpm_effect x;
  cpm_diag d = { 0 };
  for (size_t i = 0; i < sizeof w->in->random; i++) w->in->random[i] = (char)meet_dice(w);
  e.now = w->now;
  e.random = cpm_str_of(w->in->random, CPM_RANDOM_NEED);
  meet_note(w, r, "<", cpm_event_name(e.type));
  const int rc = cpm_proc_step(r->proc, &r->host->agent, &e, &d);
  if (rc < 0) assert_status(rc, CPM_OK, &d);
  r->steps++;
  meet_move(r);
  while (rc == CPM_OK && cpm_proc_effect(r->proc, &r->host->agent, w->in->buffer, MEET_BUFFER, &x) == CPM_OK) {
    meet_does(w, r, &x, &e);
    cpm_proc_did(r->proc);
    meet_move(r);
  }
  return rc;
}

int meet_cancel(meet *w, meet_run *r, uint32_t leg) {
  cpm_event e;
  cpm_event_init(&e, CPM_EVENT_cancel);
  e.leg = leg;
  return meet_give(w, r, &e);
}

static meet_run *meet_begin(meet *w, meet_host *host, const cpm_machine *machine) {
  cpm_diag d = { 0 };
  assert_true(w->nruns < MEET_RUNS);
  meet_run *r = &w->run[w->nruns++];
  r->host = host;
  for (unsigned i = 0; i < 2; i++)
    if (!(r->block[i] = malloc(MEET_BLOCK))) abort();
  assert_status(cpm_proc_init(r->block[0], MEET_BLOCK, machine, &host->agent, &d), CPM_OK, &d);
  r->proc = (cpm_proc *)(void *)r->block[0];
  return r;
}

meet_run *meet_start(meet *w, meet_host *host, const char *machine, const cpm_event *event) {
  meet_run *r = meet_begin(w, host, cpm_machine_named(machine));
  assert_int_equal(meet_give(w, r, event), CPM_OK);
  return r;
}

/* ---- items arrive ---------------------------------------------------------------------------------------------------------- */

static meet_host *meet_host_of(meet *w, cpm_str uri) {
  for (size_t i = 0; i < w->nhosts; i++)
    if (cpm_uri_text_equal(uri, w->host[i].agent.address)) return &w->host[i];
  return NULL;
}

/* Who gets a request outside of dialogs; NULL: it was answered. */
static meet_run *meet_enter(meet *w, const cpm_sip *msg, size_t txn) {
  cpm_dispatched d;
  meet_host *host = meet_host_of(w, msg->request_uri);
  if (!host) { meet_refuse(w, txn, 404); return NULL; }
  assert_int_equal(cpm_dispatch(&d, msg, &host->agent), CPM_OK);
  if (d.answer) meet_refuse(w, txn, d.answer);
  if (!d.machine) return NULL;
  meet_run *r = meet_begin(w, host, d.machine);
  w->in->dialog[w->in->txn[txn - 1].dialog].run[1] = r;
  return r;
}

static void meet_request_comes(meet *w, meet_item *item) {
  cpm_sip_field fields[MEET_FIELDS];
  cpm_sip msg = CPM_SIP_ROOM(fields);
  cpm_diag d = { 0 };
  cpm_event e;
  meet_txn *t = &w->in->txn[item->txn - 1];
  assert_status(cpm_sip_decode(&msg, cpm_str_of(item->bytes, item->n), NULL, &d), CPM_OK, &d);
  meet_run *r = t->inside ? w->in->dialog[t->dialog].run[item->channel % 2 ? 0 : 1] : meet_enter(w, &msg, item->txn);
  const bool again = t->inside && (msg.method == CPM_METHOD_INVITE || msg.method == CPM_METHOD_UPDATE);
  cpm_event_init(&e, again ? CPM_EVENT_on_reinvite : cpm_event_of_request(msg.method));
  e.leg = item->leg;
  e.txn = item->txn;
  e.sip = &msg;
  if (msg.body.n) e.item = meet_content(w, msg.body);
  const bool silent = msg.method == CPM_METHOD_ACK || msg.method == CPM_METHOD_CANCEL;   /* whose answers are the stack's */
  const int rc = r ? meet_give(w, r, &e) : CPM_IGNORED;
  if (rc != CPM_OK && !silent && !w->in->txn[item->txn - 1].answered) meet_refuse(w, item->txn, 481);
}

/* status 0: none came. */
static void meet_response_comes(meet *w, meet_item *item) {
  cpm_sip_field fields[MEET_FIELDS];
  cpm_sip msg = CPM_SIP_ROOM(fields);
  cpm_diag d = { 0 };
  cpm_event e;
  const meet_txn *t = &w->in->txn[item->txn - 1];
  const bool again = t->inside && (t->method == CPM_METHOD_INVITE || t->method == CPM_METHOD_UPDATE);
  if (item->status) assert_status(cpm_sip_decode(&msg, cpm_str_of(item->bytes, item->n), NULL, &d), CPM_OK, &d);
  cpm_event_init(&e, again ? CPM_EVENT_reinvite_done : t->method == CPM_METHOD_BYE ? CPM_EVENT_bye_done : cpm_event_of_response(t->method, item->status));
  if (e.type == CPM_EVENT_COUNT) return;
  e.leg = t->leg;
  e.sip = item->status ? &msg : NULL;
  meet_give(w, t->from, &e);
}

/* Whose message it is: of what comes, a receiver's; of a REPORT, a sender's. */
static meet_run *meet_reader(meet *w, meet_run *session, const cpm_msrp *m) {
  for (size_t i = 0; i < w->nruns; i++) {
    meet_run *r = &w->run[i];
    cpm_last last;
    cpm_proc_last(r->proc, &last);
    if (r->session != session || cpm_proc_over(r->proc) || (strcmp(last.machine, "client/chat-receive") == 0) == (m->method == CPM_MSRP_REPORT)) continue;
    if (cpm_str_eq(cpm_proc_text(r->proc, CPM_NO_LEG, CPM_FIELD_chunk_message_id), m->message_id)) return r;
  }
  return session;
}

static void meet_frame_comes(meet *w, meet_item *item) {
  cpm_msrp_field fields[MEET_FIELDS];
  cpm_event e;
  const cpm_msrp m = meet_head(w, item->item, fields);
  cpm_event_init(&e, m.method == CPM_MSRP_REPORT ? CPM_EVENT_on_report : CPM_EVENT_on_chunk);
  if (w->in->end[item->end].state != MEET_UP) return;   /* closed here meanwhile */
  e.leg = item->leg;
  e.item = item->item;
  e.len = item->len;
  e.msrp = &m;
  meet_chunk *c = &w->in->chunk[item->item - 1];
  c->owed = m.method == CPM_MSRP_SEND;
  meet_give(w, meet_reader(w, item->to, &m), &e);
  if (c->owed) meet_accept(w, item->item, 481);
}

static void meet_event_comes(meet *w, meet_item *item) {
  cpm_msrp_field fields[MEET_FIELDS];
  cpm_arg args[8];
  cpm_event e;
  cpm_msrp head = { .status = item->status };
  cpm_event_init(&e, item->event);
  e.leg = item->leg;
  e.len = item->len;
  e.item = item->item;
  e.args = args;
  if (item->event == CPM_EVENT_msrp_fail) e.msrp = &head;
  if (item->event == CPM_EVENT_on_loaded && w->in->chunk[item->item - 1].head) {
    head = meet_head(w, item->item, fields);
    e.msrp = &head;
  } else if (item->event == CPM_EVENT_on_loaded) {
    const cpm_str all = meet_octets(w, item->item);
    e.head = cpm_str_of(all.p, all.n < item->wanted ? all.n : (size_t)item->wanted);
  }
  if (item->event == CPM_EVENT_on_policy && w->answer) w->answer(w, item->to, item->question, &e);
  meet_give(w, item->to, &e);
}

/* Nobody gets it. Of a request the sender learns that no answer came; with a frame its connection is lost. */
static void meet_lost(meet *w, meet_item *item) {
  if (w->log) fprintf(w->log, "lost\n");
  if (item->kind == MEET_FRAME) meet_sever(w, &w->in->end[item->end]);
  if (item->kind != MEET_REQUEST && item->kind != MEET_RESPONSE) return;
  meet_txn *t = &w->in->txn[item->txn - 1];
  if (item->kind == MEET_REQUEST && (t->method == CPM_METHOD_ACK || t->method == CPM_METHOD_CANCEL)) return;
  t->answered = true;
  free(item->bytes);
  *item = (meet_item){ .kind = MEET_RESPONSE, .txn = item->txn };
  meet_response_comes(w, item);
}

static void meet_comes(meet *w, meet_item *item) {
  w->delivered++;
  if (w->delivered == w->lose && item->kind != MEET_EVENT) { meet_lost(w, item); return; }
  switch (item->kind) {
  case MEET_REQUEST:  meet_request_comes(w, item); break;
  case MEET_RESPONSE: meet_response_comes(w, item); break;
  case MEET_FRAME:    meet_frame_comes(w, item); break;
  default:            meet_event_comes(w, item); break;
  }
}

/* The first item of a channel; which one, the dice say. */
static size_t meet_next(meet *w) {
  size_t first[MEET_ITEMS], n = 0;
  if (!w->seed) return 0;
  for (size_t i = 0; i < w->in->nitems; i++) {
    size_t k = 0;
    while (k < n && w->in->item[first[k]].channel != w->in->item[i].channel) k++;
    if (k == n) first[n++] = i;
  }
  return first[meet_dice(w) % n];
}

void meet_go(meet *w) {
  for (unsigned steps = 0;; steps++) {
    assert_true(steps < 100000);
    if (w->before) w->before(w);
    if (!w->in->nitems && !meet_wait(w)) return;
    if (!w->in->nitems) continue;
    const size_t at = meet_next(w);
    meet_item item = w->in->item[at];
    memmove(&w->in->item[at], &w->in->item[at + 1], (--w->in->nitems - at) * sizeof item);
    if (item.to || item.kind == MEET_REQUEST || item.kind == MEET_RESPONSE) meet_comes(w, &item);
    free(item.bytes);
  }
}
