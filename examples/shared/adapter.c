/* SPDX-License-Identifier: MIT */
/* adapter.c - how a host runs procedures: events from messages, effects to messages. Read it beside docs/plug-it-in.md. The
 * program that it is part of brings a stack (ua_request, ua_respond, ua_own) and people (host_answer, host_tell). */
#define _POSIX_C_SOURCE 200809L
#include "adapter.h"
#include "answers.h"
#include "content.h"
#include "log.h"
#include "media.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

adapter_counters adapter_counts;
static adapter_run *adapter_runs;
static int64_t      adapter_ahead;    /* us that adapter_pass has added */

/* Octets of header values and URIs, of a client and of a function; legs of a function: max_recipients, each tried twice at most.
 * Octets that a block may grow to. */
enum { ADAPTER_TEXT = 4096, ADAPTER_FUNCTION_TEXT = 16384, ADAPTER_FUNCTION_LEGS = 32, ADAPTER_MOST = 1 << 20 };

/* ---- effects ----------------------------------------------------------------------------------------------------- */

static cpm_event_type adapter_event_of(cpm_sip_method method, bool inside, unsigned status) {
  return inside ? cpm_event_of_response_inside(method, status) : cpm_event_of_response(method, status);
}

/* No procedure is stepped while its effects are being done: what they lead to at once waits until they are. */
static void adapter_remember(adapter_run *run, cpm_event_type type, uint32_t leg, unsigned question, uint64_t number) {
  run->later = realloc(run->later, (run->nlater + 1) * sizeof *run->later);
  run->later[run->nlater++] = (adapter_later){ type, leg, question, number };
}

/* A timer is one of its procedure, or of a leg. */
static void adapter_stop(adapter_run *run, const cpm_effect *x) {
  for (size_t i = 0; i < run->ntimers; i++)
    if (run->timers[i].id == x->id && run->timers[i].leg == x->leg) run->timers[i--] = run->timers[--run->ntimers];
}

static void adapter_start_timer(adapter_run *run, const cpm_effect *x) {
  adapter_stop(run, x);
  if (run->ntimers == ADAPTER_TIMERS) { adapter_counts.untaken++; return; }
  run->timers[run->ntimers++] = (adapter_timer){ x->id, x->leg, adapter_clock() + adapter_ahead + (int64_t)x->number * 1000 };
}

/* The chunk of this event, for legs that are not there yet. Its content is kept already. */
static void adapter_log(adapter_run *run, const cpm_effect *x) {
  char *head = malloc(run->chunk_head.n);
  memcpy(head, run->chunk_head.p, run->chunk_head.n);
  run->log = realloc(run->log, (run->nlog + 1) * sizeof *run->log);
  run->log[run->nlog++] = (adapter_chunk){ x->item, cpm_str_of(head, run->chunk_head.n) };
}

/* The item in which a message gathers, or a file: then perhaps one that was cut before. NULL: more come at once than there is room for. */
static const uint64_t *adapter_gathers(adapter_run *run, uint32_t leg) {
  for (size_t i = 0; i < run->ncoming; i++)
    if (run->coming[i].leg == leg) return &run->coming[i].item;
  if (run->ncoming == ADAPTER_COMING) return NULL;
  adapter_coming *c = &run->coming[run->ncoming++];
  *c = (adapter_coming){ leg, content_gather(run, leg) };
  return &c->item;
}

/* Octets of a message that comes go where the procedure says. */
static void adapter_keep_octets(adapter_run *run, const cpm_effect *x) {
  const uint64_t *item = adapter_gathers(run, x->leg);
  if (!item || !content_write(*item, x->number, content_run(x->item, 0, content_length(x->item)))) adapter_counts.untaken++;
}

static void adapter_store(adapter_run *run, const cpm_effect *x) {
  if (x->id == CPM_ITEM_chunk_log) adapter_log(run, x);
  else if (x->id == CPM_ITEM_message) adapter_keep_octets(run, x);
  else answers_store(run, x);
}

/* A message that nobody knew of comes over a session, or somebody in it composes: their procedure takes the event that is being stepped
 * through. */
static void adapter_enter_in(adapter_run *run, const cpm_effect *x) {
  cpm_arg args[CPM_SESSION_ARGS];
  cpm_event event = *run->event;
  adapter_run *session = run->session ? run->session : run;
  const bool chunk = event.type == CPM_EVENT_on_chunk;
  adapter_run *to = chunk ? adapter_start_in(session, cpm_machine_named(x->name))
                          : adapter_of_session(session, x->name, cpm_proc_text(run->proc, CPM_NO_LEG, CPM_FIELD_sender));
  if (chunk) ADAPTER_COPY(to->incoming, event.msrp->message_id);
  log_note(run->who, x, "ENTER %s", x->name);
  event.args = args;
  const cpm_proc *knows = chunk ? session->proc : run->proc;
  if (cpm_session_args(args, &event.nargs, knows, to->machine, event.type) != CPM_OK) adapter_counts.untaken++;
  to->chunk = run->chunk;
  to->chunk_head = run->chunk_head;
  adapter_give(to, &event);
}

static void adapter_end(adapter_run *run) {
  answers_done(run);
  media_end(run);
  run->ntimers = 0;
  while (run->nlog) free((char *)run->log[--run->nlog].head.p);
}

static void adapter_free(adapter_run *r) {
  while (r->nlog) free((char *)r->log[--r->nlog].head.p);
  free(r->log);
  free(r->later);
  free(r->proc);
  free(r);
}

static void adapter_do(adapter_run *run, const cpm_effect *x) {
  adapter_counts.effects++;
  switch (x->kind) {
  case CPM_EFFECT_SEND:
    answers_sends(run, x);       /* first: an answer, or a notification, may come at once */
    if (!ua_request(run, x)) adapter_remember(run, adapter_event_of(x->sip.method, !x->sip.request_uri.p, 0), x->leg, 0, 0);
    break;
  case CPM_EFFECT_REPLY:
    ua_respond(x->txn, &x->sip, x);
    break;
  case CPM_EFFECT_ASK:
    log_note(run->who, x, "ASK %s", x->name);
    adapter_remember(run, CPM_EVENT_on_policy, x->leg, x->id, 0);
    break;
  case CPM_EFFECT_TELL:
    host_tell(run, x);
    break;
  case CPM_EFFECT_STORE:
    adapter_store(run, x);
    break;
  case CPM_EFFECT_FETCH:
    adapter_remember(run, CPM_EVENT_on_loaded, x->leg, x->id, x->number);
    break;
  case CPM_EFFECT_START:
    adapter_start_timer(run, x);
    break;
  case CPM_EFFECT_STOP:
    adapter_stop(run, x);
    break;
  case CPM_EFFECT_CONNECT:
    adapter_remember(run, media_connect(run, x) ? CPM_EVENT_media_up : CPM_EVENT_media_down, x->leg, 0, 0);
    break;
  case CPM_EFFECT_LISTEN:
    media_listen(run, x);
    break;
  case CPM_EFFECT_PUSH:
    if (!media_push(run, x)) adapter_remember(run, CPM_EVENT_media_down, x->leg, 0, 0);
    break;
  case CPM_EFFECT_ACCEPT:
    media_accept(run, x);
    break;
  case CPM_EFFECT_CLOSE:
    media_close(run, x->leg);
    break;
  case CPM_EFFECT_DROP:
    if (x->id != CPM_ITEM_message) answers_drop(run, x);
    break;
  case CPM_EFFECT_DONE:
    adapter_end(run);
    break;
  case CPM_EFFECT_ENTER:      /* of a request, cpm_dispatch stands for it */
    adapter_enter_in(run, x);
    break;
  default:
    log_note(run->who, x, "%s %s: nobody does it here", cpm_effect_name(x->kind), x->name ? x->name : "");
    adapter_counts.untaken++;
  }
}

/* Content that a procedure only named: it never left our hands. */
static void adapter_put_content(cpm_sip *sip) {
  for (unsigned i = 0; i < sip->npieces; i++) {
    cpm_piece *p = &sip->pieces[i];
    if (!p->bytes.p) p->bytes = content_run(p->item, p->off, p->bytes.n);
  }
}

static void adapter_make(adapter_run *run, size_t size) {
  cpm_diag diag = { 0 };
  free(run->proc);
  run->proc = malloc(size);
  run->size = size;
  if (cpm_proc_init(run->proc, size, run->machine, &run->who->agent, &diag) == CPM_OK) return;
  fprintf(stderr, "loopback: %s cannot run %s: %s\n", run->who->name, cpm_machine_name(run->machine),
          diag.rule ? diag.rule : cpm_strerror(diag.code));
  exit(2);
}

/* A block that is too small for its first event, a message with hundreds of notifications, is made anew; later it cannot grow. */
static int adapter_step(adapter_run *run, const cpm_event *event, cpm_diag *diag) {
  int rc = cpm_proc_step(run->proc, &run->who->agent, event, diag);
  while (rc == CPM_E_SPACE && !run->began && run->size < ADAPTER_MOST) {
    adapter_make(run, run->size * 2);
    *diag = (cpm_diag){ 0 };
    rc = cpm_proc_step(run->proc, &run->who->agent, event, diag);
  }
  run->began |= rc == CPM_OK;
  return rc;
}

int adapter_give(adapter_run *run, cpm_event *event) {
  unsigned char random[CPM_RANDOM_NEED];
  cpm_diag diag = { 0 };
  cpm_effect effect;
  const cpm_agent *agent = &run->who->agent;
  if (run->gone) return CPM_LATE;
  event->now = adapter_now();
  if (cpm_random_need(run->machine, event->type)) event->random = adapter_random(random, sizeof random);
  run->msg = event->sip;
  run->event = event;
  const int rc = adapter_step(run, event, &diag);
  if (event->type != CPM_EVENT_writable || rc <= CPM_OK) log_step(run->who, run->proc, event->type, rc, &diag);
  char *buf = malloc(cpm_proc_need(run->proc) + 1);
  int due;
  while ((due = cpm_proc_effect(run->proc, agent, buf, cpm_proc_need(run->proc), &effect)) == CPM_OK) {
    adapter_put_content(&effect.sip);
    adapter_do(run, &effect);
    cpm_proc_did(run->proc);
  }
  if (due != CPM_END) adapter_counts.untaken++;    /* cannot be: the buffer is as large as was asked for */
  free(buf);
  run->msg = NULL;
  run->event = NULL;
  adapter_counts.steps++;
  return rc;
}

adapter_run *adapter_start(ua *who, const cpm_machine *machine) {
  const bool client = who->agent.role == CPM_ROLE_CLIENT;
  adapter_run *run = calloc(1, sizeof *run);
  run->who = who;
  run->machine = machine;
  adapter_make(run, client ? cpm_proc_size(machine, ADAPTER_TEXT, 0)
                           : cpm_proc_size(machine, ADAPTER_FUNCTION_TEXT, ADAPTER_FUNCTION_LEGS));
  adapter_run **last = &adapter_runs;
  while (*last) last = &(*last)->next;      /* who began first goes on first: of two notifications, the one that came first is told first */
  *last = run;
  adapter_counts.procedures++;
  return run;
}

adapter_run *adapter_start_in(adapter_run *session, const cpm_machine *machine) {
  adapter_run *run = adapter_start(session->who, machine);
  run->session = session;
  return run;
}

adapter_run *adapter_find_in(const adapter_run *session, const cpm_machine *machine, cpm_str peer) {
  for (adapter_run *r = adapter_runs; r; r = r->next)
    if (r->session == session && r->machine == machine && cpm_str_eq(peer, cpm_str_z(r->peer))) return r;
  return NULL;
}

adapter_run *adapter_of_session(adapter_run *session, const char *machine, cpm_str peer) {
  adapter_run *run = adapter_find_in(session, cpm_machine_named(machine), peer);
  if (run) return run;
  run = adapter_start_in(session, cpm_machine_named(machine));
  ADAPTER_COPY(run->peer, peer);
  return run;
}

size_t adapter_session_args(const adapter_run *run, cpm_event_type type, cpm_arg args[CPM_SESSION_ARGS]) {
  size_t n = 0;
  if (cpm_session_args(args, &n, run->session->proc, run->machine, type) != CPM_OK) adapter_counts.untaken++;
  return n;
}

void adapter_restart(const ua *who) {
  for (adapter_run *r = adapter_runs; r; r = r->next) r->gone |= r->who == who;
}

/* ---- what the stack has for us ----------------------------------------------------------------------------------- */

/* An answer that no procedure wrote. */
void adapter_answer(const ua *who, uint64_t txn, unsigned status) {
  cpm_sip_field server = { .id = CPM_SIP_SERVER, .value = who->agent.server };
  const cpm_sip response = { .status = status, .fields = &server, .cap = 1, .nfields = server.value.p ? 1 : 0 };
  ua_respond(txn, &response, NULL);
}

/* What nobody takes: with the status, and Allow if there is one, that cpm_dispatch names. */
static void adapter_refuse(const ua *who, uint64_t txn, const cpm_dispatched *d) {
  const cpm_effect why = { .spec = d->spec, .clauses = d->clauses };
  cpm_sip_field fields[] = { { CPM_SIP_SERVER, { 0 }, who->agent.server, "O-", "R38" },
                             { CPM_SIP_ALLOW, { 0 }, cpm_str_z(d->allow), d->spec, d->clauses } };
  const cpm_sip response = { .status = d->answer, .fields = fields, .cap = 2, .nfields = d->allow ? 2 : 1 };
  ua_respond(txn, &response, &why);
}

void adapter_own_item(adapter_run *run, uint64_t item) {
  run->item = item;
  run->has_item = true;
}

/* A procedure begins with the request; false: it could not take it. */
static bool adapter_enter(ua *who, const cpm_machine *machine, uint64_t txn, const cpm_sip *request) {
  cpm_event event;
  adapter_run *run = adapter_start(who, machine);
  adapter_own_item(run, content_keep(request->body));     /* what is sent on is named by it, and the list that policy is to read */
  cpm_event_init(&event, cpm_event_of_request(request->method));
  event.sip = request;
  event.txn = txn;                          /* REPLY will name it */
  ua_own(txn, run);
  event.item = run->item;
  return adapter_give(run, &event) == CPM_OK;
}

/* A request that no transaction and no dialog knows: cpmkit says what it is for. Whatever goes wrong, it gets an answer. */
void adapter_on_request(ua *who, uint64_t txn, const cpm_sip *request) {
  cpm_dispatched d;
  if (cpm_dispatch(&d, request, &who->agent) != CPM_OK) adapter_answer(who, txn, 500);
  else {
    log_dispatched(who, &d);
    if (d.answer) adapter_refuse(who, txn, &d);          /* 0 and no machine: an ACK, which nobody answers */
    else if (d.machine && !adapter_enter(who, d.machine, txn, request)) adapter_answer(who, txn, 500);
  }
}

void adapter_on_request_inside(adapter_run *run, uint32_t leg, uint64_t txn, const cpm_sip *request) {
  cpm_event event;
  const cpm_sip_method m = request->method;
  const bool awaited = m == CPM_METHOD_INVITE || m == CPM_METHOD_UPDATE || m == CPM_METHOD_BYE;
  cpm_event_init(&event, cpm_event_of_request_inside(m));
  event.leg = leg;
  event.sip = request;
  event.txn = txn;
  if (adapter_give(run, &event) != CPM_OK && m != CPM_METHOD_ACK && m != CPM_METHOD_CANCEL)
    adapter_answer(run->who, txn, awaited ? 481 : 405);
}

void adapter_on_response(adapter_run *run, uint32_t leg, cpm_sip_method method, bool inside, const cpm_sip *response) {
  cpm_event event;
  const unsigned status = response ? response->status : 0;
  cpm_event_init(&event, adapter_event_of(method, inside, status));
  event.leg = leg;
  event.sip = response;
  adapter_give(run, &event);
}

void adapter_on_fork(adapter_run *run, uint32_t leg, uint64_t dialog, const cpm_sip *response) {
  cpm_event event;
  cpm_event_init(&event, CPM_EVENT_invite_fork);
  event.leg = leg;
  event.dialog = dialog;
  event.sip = response;
  adapter_give(run, &event);
}

/* ---- what media.c has for us ------------------------------------------------------------------------------------- */

void adapter_on_media(adapter_run *run, uint32_t leg, cpm_event_type type, uint64_t octets) {
  cpm_event event;
  cpm_event_init(&event, type);
  event.leg = leg;
  event.len = octets;
  adapter_give(run, &event);
}

/* Of a session with several procedures, the one that has this message already. */
static adapter_run *adapter_taking(adapter_run *session, cpm_str message_id) {
  for (adapter_run *r = adapter_runs; r; r = r->next)
    if (r->session == session && r->incoming[0] && cpm_str_eq(message_id, cpm_str_z(r->incoming)) && !cpm_proc_over(r->proc)) return r;
  return session;
}

/* The content stays with the host, who names it to the procedure. */
void adapter_on_msrp(adapter_run *run, uint32_t leg, const cpm_msrp *request, cpm_str head, cpm_str content, char flag) {
  cpm_event event;
  cpm_msrp head_and_flag = *request;
  if (request->method != CPM_MSRP_SEND) return;
  head_and_flag.flag = flag;
  if (leg == CPM_NO_LEG) run = adapter_taking(run, request->message_id);
  cpm_event_init(&event, CPM_EVENT_on_chunk);
  event.leg = leg;
  event.msrp = &head_and_flag;
  event.item = content_keep(content);
  event.len = content.n;
  run->chunk_head = head;
  adapter_give(run, &event);
  if (run->who->agent.role == CPM_ROLE_CLIENT) content_drop(event.item);      /* what is to be kept of it was copied; functions keep chunks */
}

/* How the message begins, when all of it is there; so many octets of it if the procedure says how many it wants. */
static void adapter_load_message(adapter_run *run, uint32_t leg, uint64_t number) {
  cpm_event event;
  const uint64_t *item = adapter_gathers(run, leg);
  if (!item) { adapter_counts.untaken++; return; }
  const uint64_t n = content_length(*item), wanted = number ? number : CPM_HEAD_NEED;
  cpm_event_init(&event, CPM_EVENT_on_loaded);
  event.leg = leg;
  event.item = *item;
  event.len = n;
  event.head = content_run(*item, 0, n < wanted ? n : wanted);
  adapter_give(run, &event);
}

/* Number `number` of what was logged comes back as it came first. */
static void adapter_load_chunk(adapter_run *run, uint32_t leg, uint64_t number) {
  cpm_msrp_field fields[32];
  cpm_msrp head = { .fields = fields, .cap = 32 };
  cpm_event event;
  if (number >= run->nlog || cpm_msrp_decode(&head, run->log[number].head, NULL, NULL) != CPM_OK) { adapter_counts.untaken++; return; }
  cpm_event_init(&event, CPM_EVENT_on_loaded);
  event.leg = leg;
  event.msrp = &head;
  event.item = run->log[number].item;
  event.len = content_length(event.item);
  adapter_give(run, &event);
}

/* ---- what waited until the effects were done --------------------------------------------------------------------- */

static void adapter_on_later(adapter_run *run) {
  const adapter_later l = run->later[0];
  memmove(run->later, run->later + 1, --run->nlater * sizeof l);
  if (l.type == CPM_EVENT_on_policy) { host_answer(run, l.question, l.leg); return; }
  if (l.type == CPM_EVENT_on_loaded && l.question == CPM_ITEM_message) { adapter_load_message(run, l.leg, l.number); return; }
  if (l.type == CPM_EVENT_on_loaded) { adapter_load_chunk(run, l.leg, l.number); return; }
  cpm_event event;
  cpm_event_init(&event, l.type);
  event.leg = l.leg;
  adapter_give(run, &event);
}

bool adapter_waits(void) {
  for (const adapter_run *r = adapter_runs; r; r = r->next)
    if (r->nlater) return true;
  return false;
}

void adapter_go_on(void) {
  for (adapter_run *r = adapter_runs; r; r = r->next)
    if (r->nlater) adapter_on_later(r);
}

/* One at a time: a procedure may start and stop others. */
static bool adapter_fire_one(adapter_run *run) {
  static const cpm_event_type events[CPM_TIMER_COUNT] = {
#define ADAPTER_TIMER(name, length, doc) [CPM_TIMER_##name] = CPM_EVENT_timer_##name,
    CPM_TIMERS(ADAPTER_TIMER)
#undef ADAPTER_TIMER
  };
  for (size_t i = 0; i < run->ntimers; i++) {
    const adapter_timer t = run->timers[i];
    if (t.due > adapter_clock() + adapter_ahead) continue;
    run->timers[i] = run->timers[--run->ntimers];
    adapter_on_media(run, t.leg, events[t.id], 0);
    return true;
  }
  return false;
}

bool adapter_fire(void) {
  bool any = false;
  for (adapter_run *r = adapter_runs; r; r = r->next)
    while (adapter_fire_one(r)) any = true;
  return any;
}

void adapter_sweep(void (*ended)(adapter_run *run)) {
  for (adapter_run **at = &adapter_runs; *at;) {
    adapter_run *r = *at;
    if (!cpm_proc_over(r->proc) && r->began) { at = &r->next; continue; }
    ended(r);
    at = &adapter_runs;
    while (*at != r) at = &(*at)->next;           /* ended may have started others */
    *at = r->next;
    for (size_t i = 0; i < r->ncoming; i++)
      if (r->coming[i].leg == CPM_NO_LEG) content_drop(r->coming[i].item);    /* what came of a file may be taken up again */
    if (r->has_item) content_drop(r->item);
    adapter_free(r);
  }
}

unsigned adapter_count(void) {
  unsigned n = 0;
  for (const adapter_run *r = adapter_runs; r; r = r->next) n += !cpm_proc_over(r->proc);
  return n;
}

int64_t adapter_due(void) {
  int64_t first = INT64_MAX;
  for (const adapter_run *r = adapter_runs; r; r = r->next)
    for (size_t i = 0; i < r->ntimers; i++)
      if (r->timers[i].due - adapter_ahead < first) first = r->timers[i].due - adapter_ahead;
  return first;
}

void adapter_close(void) {
  while (adapter_runs) {
    adapter_run *r = adapter_runs;
    adapter_runs = r->next;
    adapter_free(r);
  }
}

/* ---- time and randomness ----------------------------------------------------------------------------------------- */

void adapter_pass(int64_t ms) { adapter_ahead += ms * 1000; }
int64_t adapter_now(void) { return adapter_now_us() / 1000; }

int64_t adapter_now_us(void) {
  struct timespec t;
  clock_gettime(CLOCK_REALTIME, &t);
  return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000 + adapter_ahead;
}

int64_t adapter_clock(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

cpm_str adapter_random(unsigned char *dst, size_t n) {
  static int fd = -1;
  if (fd < 0) fd = open("/dev/urandom", O_RDONLY);
  if (fd < 0 || read(fd, dst, n) != (ssize_t)n) { perror("loopback: /dev/urandom"); exit(2); }
  return cpm_str_of((char *)dst, n);
}
