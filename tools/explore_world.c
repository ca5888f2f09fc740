/* SPDX-License-Identifier: MIT */
/* explore_world.c - what the world owes and may do: transactions, dialogs, media, timers, answers. Effects change it, and what it
 * then owes gives the events that may come. What no world may bring is never tried; what an effect must not do is an error. */
#include "explore.h"
#include <string.h>

enum { WORLD_TXN_MESSAGE = 1, WORLD_TXN_INVITE, WORLD_TXN_BYE, WORLD_TXNS };

static uint64_t world_txn(unsigned side, unsigned kind) { return (uint64_t)side * WORLD_TXNS + kind; }

/* ---- effects: SEND ------------------------------------------------------------------------------------------------ */

static bool world_in_dialog(const char *recipe) {
  const int r = cpm_recipe_named(recipe);
  return r >= 0 && cpmi_recipes[r]->kind == CPMI_RECIPE_IN_DIALOG;
}

static bool world_has_dialog(const explore_side *s) {
  return !s->byed && (s->invite >= EXPLORE_ANSWERED || s->in_invite >= EXPLORE_ANSWERED);
}

static void world_send_bye(explore_run *r, const explore_world *w, explore_side *s, const cpm_effect *x) {
  const bool to_leg = x->leg != CPM_NO_LEG, plain = strcmp(x->name, "bye") == 0;
  if (to_leg && plain && w->complete && s->next < w->chunks) explore_wrong(r, "BYE to a leg that lacks content");
  if (!world_has_dialog(s)) explore_wrong(r, "BYE without a dialog");
  if (s->bye) explore_wrong(r, "a second BYE");
  if (s->invite == EXPLORE_ANSWERED) explore_wrong(r, "BYE before the ACK to their 2xx");
  if (s->in_invite == EXPLORE_ANSWERED && !s->late) explore_wrong(r, "BYE before their ACK came, or was late");
  s->bye = EXPLORE_OWED;
}

static void world_send_ack(explore_run *r, explore_side *s) {
  if (s->invite != EXPLORE_ANSWERED) explore_wrong(r, "ACK without a 2xx");
  s->invite = s->byed ? EXPLORE_NONE : EXPLORE_ACKED;
}

static void world_send_cancel(explore_run *r, explore_side *s) {
  if (s->invite != EXPLORE_OWED && s->invite != EXPLORE_TRYING) explore_wrong(r, "CANCEL without a pending INVITE");
  if (s->cancelled) explore_wrong(r, "a second CANCEL");
  s->cancelled = 1;
}

static void world_send_invite(explore_run *r, explore_side *s, const cpm_effect *x) {
  if (!world_in_dialog(x->name)) {
    if (s->invite) explore_wrong(r, "INVITE while one is there");
    s->invite = EXPLORE_OWED;
    s->cancelled = s->byed = 0;
    return;
  }
  if (!world_has_dialog(s) || s->bye) explore_wrong(r, "re-INVITE without a dialog");
  if (s->reinvite) explore_wrong(r, "re-INVITE while one is pending");
  s->reinvite = EXPLORE_OWED;
}

static void world_send(explore_run *r, const explore_world *w, explore_side *s, const cpm_effect *x) {
  switch (x->sip.method) {
  case CPM_METHOD_INVITE: world_send_invite(r, s, x); break;
  case CPM_METHOD_ACK: world_send_ack(r, s); break;
  case CPM_METHOD_CANCEL: world_send_cancel(r, s); break;
  case CPM_METHOD_BYE: world_send_bye(r, w, s, x); break;
  case CPM_METHOD_MESSAGE:
    if (s->message) explore_wrong(r, "MESSAGE while one is pending");
    s->message = EXPLORE_OWED;
    break;
  default: explore_wrong(r, "a request that the world does not know: %s", x->name);
  }
}

/* ---- effects: answers --------------------------------------------------------------------------------------------- */

static void world_reply(explore_run *r, explore_world *w, const cpm_effect *x) {
  const unsigned side = (unsigned)(x->txn / WORLD_TXNS), kind = (unsigned)(x->txn % WORLD_TXNS);
  if (side > EXPLORE_LEGS) {
    explore_wrong(r, "an answer to nothing");
    return;
  }
  explore_side *s = &w->side[side];
  uint8_t *owed = kind == WORLD_TXN_MESSAGE  ? &s->in_message
                  : kind == WORLD_TXN_INVITE ? &s->in_invite
                  : kind == WORLD_TXN_BYE    ? &s->in_bye
                                             : NULL;
  if (!owed || *owed != EXPLORE_OWED) {
    explore_wrong(r, "an answer to nothing");
    return;
  }
  if (x->code < 200 || x->code > 699) explore_wrong(r, "a final response with status %u", x->code);
  *owed = kind == WORLD_TXN_INVITE && x->code < 300 ? EXPLORE_ANSWERED : EXPLORE_NONE;
}

static void world_accept(explore_run *r, explore_side *s) {
  if (!s->chunk) explore_wrong(r, "an answer to no chunk");
  s->chunk = 0;
}

/* ---- effects: media, stored things, the end ----------------------------------------------------------------------- */

static void world_connect(explore_run *r, explore_side *s) {
  if (s->media) explore_wrong(r, "a media connection while one is there");
  s->media = EXPLORE_COMING;
}

static void world_push(explore_run *r, const explore_world *w, explore_side *s) {
  if (s->media != EXPLORE_UP) explore_wrong(r, "SEND on a connection that is not up");
  if (s->push < 9) s->push++;
  if (!w->current) return;
  if (w->current != s->next + 1) explore_wrong(r, "chunk %u is passed on to a leg that awaits %u", w->current, s->next + 1u);
  s->next = w->current;
}

static void world_store(explore_world *w, const cpm_effect *x) {
  if (x->id == CPM_ITEM_chunk_log && w->stored[x->id] < EXPLORE_CHUNKS) w->log[w->stored[x->id]] = w->current;
  w->stored[x->id]++;
}

static void world_fetch(explore_run *r, const explore_world *w, explore_side *s, const cpm_effect *x) {
  if (x->id >= CPM_ITEM_COUNT || x->number >= w->stored[x->id]) {
    explore_wrong(r, "FETCH of nothing: %s", x->name);
    return;
  }
  if (s->fetch) explore_wrong(r, "FETCH while one is awaited");
  s->fetch = x->id == CPM_ITEM_chunk_log && x->number < EXPLORE_CHUNKS ? w->log[x->number] : 1;
}

static void world_done_side(explore_run *r, const explore_side *s, const char *whose) {
  if (s->in_message == EXPLORE_OWED || s->in_invite == EXPLORE_OWED || s->in_bye)
    explore_wrong(r, "DONE, a request of %s has no answer", whose);
  if (s->invite == EXPLORE_OWED || s->invite == EXPLORE_TRYING) explore_wrong(r, "DONE, our INVITE to %s is pending", whose);
  if (s->invite == EXPLORE_ANSWERED) explore_wrong(r, "DONE, the 2xx of %s has no ACK", whose);
  if (world_has_dialog(s)) explore_wrong(r, "DONE, the dialog with %s is there", whose);
  if (s->message) explore_wrong(r, "DONE, our MESSAGE to %s is pending", whose);
  if (s->reinvite) explore_wrong(r, "DONE, our re-INVITE to %s is pending", whose);
  if (s->bye) explore_wrong(r, "DONE, our BYE to %s is pending", whose);
  if (s->media) explore_wrong(r, "DONE, the media connection with %s is there", whose);
}

static void world_done(explore_run *r, explore_world *w) {
  world_done_side(r, &w->side[0], "the originator");
  for (unsigned i = 1; i <= EXPLORE_LEGS; i++) world_done_side(r, &w->side[i], "a leg");
  w->done = 1;
  for (unsigned i = 0; i <= EXPLORE_LEGS; i++) w->side[i].timers = 0;
}

void explore_unheard(explore_world *w) {
  w->current = 0;
  for (unsigned i = 0; i <= EXPLORE_LEGS; i++) w->side[i].chunk = 0;
}

void explore_happens(explore_run *r, explore_world *w, const cpm_effect *x) {
  if (x->leg != CPM_NO_LEG && x->leg >= EXPLORE_LEGS) {
    explore_wrong(r, "more legs than the explorer has");
    return;
  }
  explore_side *s = &w->side[x->leg == CPM_NO_LEG ? 0 : x->leg + 1];
  if (w->done) explore_wrong(r, "an effect after DONE: %s", cpm_effect_name(x->kind));
  switch (x->kind) {
  case CPM_EFFECT_SEND: world_send(r, w, s, x); break;
  case CPM_EFFECT_REPLY: world_reply(r, w, x); break;
  case CPM_EFFECT_PUSH: world_push(r, w, s); break;
  case CPM_EFFECT_ACCEPT: world_accept(r, s); break;
  case CPM_EFFECT_CONNECT:
  case CPM_EFFECT_LISTEN: world_connect(r, s); break;
  case CPM_EFFECT_CLOSE:
    s->media = EXPLORE_DOWN;
    s->push = 0;
    break;
  case CPM_EFFECT_START: s->timers |= (uint8_t)(1u << x->id); break;
  case CPM_EFFECT_STOP: s->timers &= (uint8_t) ~(1u << x->id); break;
  case CPM_EFFECT_ASK:
    if (s->ask) explore_wrong(r, "ASK while an answer is awaited");
    s->ask = (uint8_t)(x->id + 1);
    break;
  case CPM_EFFECT_STORE: world_store(w, x); break;
  case CPM_EFFECT_FETCH: world_fetch(r, w, s, x); break;
  case CPM_EFFECT_DROP: w->stored[x->id] = 0; break;
  case CPM_EFFECT_DONE: world_done(r, w); break;
  default: break;
  }
}

/* ---- what holds when all effects of a step are done --------------------------------------------------------------- */

static bool world_leg_over(const explore_run *r, const cpm_proc *p, uint32_t k) {
  return (cpmi_state_set(CPMI_STATE_over) >> cpmi_leg_at(p, r->c.m, k)->state & 1u) != 0;
}

/* Has the leg nothing more coming from us, and knows it? */
static bool world_told(const explore_side *s) {
  return s->bye || s->byed || s->cancelled ||
         (s->invite != EXPLORE_OWED && s->invite != EXPLORE_TRYING && s->invite < EXPLORE_ANSWERED);
}

static void world_rest_leg(explore_run *r, const explore_world *w, const explore_side *s) {
  const explore_side *o = &w->side[0];
  const bool left = o->in_invite == EXPLORE_NONE && (o->byed || o->in_cancelled || o->late) && !o->bye;
  if (s->invite == EXPLORE_ANSWERED && o->in_invite != EXPLORE_ANSWERED)
    explore_wrong(r, "the 2xx of a leg has no ACK, and the originator's is not awaited");
  if (left && !w->complete && !world_told(s)) explore_wrong(r, "the originator has left, and a leg was not told");
  if (w->complete && s->media == EXPLORE_UP && s->next == w->chunks && !s->push && !world_told(s))
    explore_wrong(r, "a leg has all content, and is not left");
}

static bool world_awaits(const explore_side *s) {
  return s->in_message || s->in_invite || s->in_bye || s->message || s->invite || s->reinvite || s->bye || s->media || s->ask ||
         s->fetch;
}

static void world_rest_call(explore_run *r, const explore_world *w, const cpm_proc *p) {
  bool live = false, awaits = false;
  for (uint32_t k = 0; k < p->nlegs && k < EXPLORE_LEGS; k++) live |= !world_leg_over(r, p, k);
  for (unsigned i = 0; i <= EXPLORE_LEGS; i++) awaits |= world_awaits(&w->side[i]);
  const explore_side *o = &w->side[0];
  if (p->nlegs && !live && o->in_invite == EXPLORE_ACKED && !o->bye)
    explore_wrong(r, "no leg is left, and the originator was not told");
  if (p->nlegs && !awaits) explore_wrong(r, "all is over, and there is no DONE");
}

/* A BYE that is held must not be held for ever. */
static void world_rest_held(explore_run *r, const explore_world *w) {
  unsigned held = 0, timers = 0;
  for (unsigned i = 0; i <= EXPLORE_LEGS; i++) {
    held += w->side[i].in_bye;
    timers |= w->side[i].timers;
  }
  if (held && !timers) explore_wrong(r, "a BYE is held, and no timer runs");
}

void explore_rest(explore_run *r, const explore_world *w, const cpm_proc *p) {
  if (w->done) return;
  for (uint32_t k = 0; k < p->nlegs && k < EXPLORE_LEGS; k++) world_rest_leg(r, w, &w->side[k + 1]);
  world_rest_call(r, w, p);
  world_rest_held(r, w);
}

/* ---- moves -------------------------------------------------------------------------------------------------------- */

typedef struct world_move {
  explore_run *r;
  const explore_world *w;
  const cpm_proc *p;
  explore_give *give;
  uint32_t leg;
  unsigned i; /* side */
  explore_world after;
  explore_event x;
} world_move;

static const explore_side *world_side(const world_move *m) { return &m->w->side[m->i]; }

/* The world as it will be, to be changed. */
static explore_side *world_then(world_move *m) {
  m->after = *m->w;
  return &m->after.side[m->i];
}

static void world_simple(world_move *m, cpm_event_type type) {
  explore_event_init(&m->x, type, m->leg);
  m->give(m->r, &m->x, &m->after);
}

static void world_response(world_move *m, cpm_event_type type, unsigned status) {
  explore_event_init(&m->x, type, m->leg);
  explore_event_response(&m->x, status);
  m->give(m->r, &m->x, &m->after);
}

/* Does the machine have a row for the event, on this side, in some state? */
static bool world_names(const world_move *m, cpm_event_type type) {
  const cpmi_row *row;
  for (size_t i = 0; (row = cpmi_row_at(m->r->c.m, m->i > 0, i)) != NULL; i++)
    if (row->event == type) return true;
  return false;
}

static const uint16_t world_refusals[] = { 415, 404, 486 };

/* ---- answers to our requests -------------------------------------------------------------------------------------- */

static void world_message_ok(world_move *m) {
  world_then(m)->message = EXPLORE_NONE;
  world_response(m, CPM_EVENT_message_ok, 202);
  if (!explore_event_captures(m->r->c.m, CPM_EVENT_message_ok, m->i > 0, CPMI_FROM_VALUE)) return;
  explore_event_init(&m->x, CPM_EVENT_message_ok, m->leg);
  explore_event_response(&m->x, 200);
  explore_event_note(&m->x, " Message-UID");
  m->x.fields[m->x.sip.nfields++] =
      (cpm_sip_field){ CPM_SIP_MESSAGE_UID, cpm_sip_header_name(CPM_SIP_MESSAGE_UID), cpm_str_z("uid-1"), NULL, NULL };
  m->give(m->r, &m->x, &m->after);
}

static void world_message_answers(world_move *m) {
  if (world_side(m)->message == EXPLORE_OWED) {
    world_then(m)->message = EXPLORE_TRYING;
    world_response(m, CPM_EVENT_message_1xx, 100);
  }
  world_message_ok(m);
  world_then(m)->message = EXPLORE_NONE;
  for (size_t i = 0; i < sizeof world_refusals / sizeof *world_refusals; i++)
    world_response(m, CPM_EVENT_message_fail, world_refusals[i]);
  world_response(m, CPM_EVENT_message_timeout, 0);
}

static void world_invite_ok(world_move *m) {
  static const char *const names[] = { "", "passive", "active", "unusable" };
  const bool setup = explore_event_captures(m->r->c.m, CPM_EVENT_invite_ok, m->i > 0, CPMI_FROM_SETUP);
  world_then(m)->invite = EXPLORE_ANSWERED;
  for (unsigned form = 1; form < (setup ? CPM_SETUP_COUNT : 2u); form++) {
    explore_event_init(&m->x, CPM_EVENT_invite_ok, m->leg);
    explore_event_response(&m->x, 200);
    if (setup) {
      explore_event_note(&m->x, " %s", names[form]);
      explore_event_number(&m->x, CPM_FIELD_setup, form);
    }
    if (explore_event_captures(m->r->c.m, CPM_EVENT_invite_ok, m->i > 0, CPMI_FROM_PATH))
      explore_event_text(&m->x, CPM_FIELD_path, cpm_str_z("msrp://member.example.com:2855/s1;tcp"));
    m->give(m->r, &m->x, &m->after);
  }
}

static void world_invite_answers(world_move *m) {
  const bool cancelled = world_side(m)->cancelled != 0;
  if (world_side(m)->invite == EXPLORE_OWED) {
    world_then(m)->invite = EXPLORE_TRYING;
    world_response(m, CPM_EVENT_invite_1xx, 180);
  }
  world_invite_ok(m); /* also when it crosses our CANCEL */
  world_then(m)->invite = EXPLORE_NONE;
  for (size_t i = 0; i < sizeof world_refusals / sizeof *world_refusals && !cancelled; i++)
    world_response(m, CPM_EVENT_invite_fail, world_refusals[i]);
  if (cancelled) world_response(m, CPM_EVENT_invite_fail, 487);
  world_response(m, CPM_EVENT_invite_timeout, 0);
}

static void world_bye_answers(world_move *m) {
  explore_side *then = world_then(m);
  then->bye = then->invite = then->in_invite = then->reinvite = EXPLORE_NONE; /* with the dialog all that was pending in it ends */
  world_response(m, CPM_EVENT_bye_done, 200);
  world_response(m, CPM_EVENT_bye_done, 0);
}

static void world_answers(world_move *m) {
  const explore_side *s = world_side(m);
  if (s->message) world_message_answers(m);
  if (s->invite == EXPLORE_OWED || s->invite == EXPLORE_TRYING) world_invite_answers(m);
  if (s->bye) world_bye_answers(m);
  if (!s->reinvite) return;
  world_then(m)->reinvite = EXPLORE_NONE;
  world_response(m, CPM_EVENT_reinvite_done, 200);
  world_response(m, CPM_EVENT_reinvite_done, 0);
}

/* ---- their requests ----------------------------------------------------------------------------------------------- */

static void world_request(world_move *m, cpm_event_type type, unsigned kind, bool all) {
  bool more = true;
  for (unsigned i = 0; more; i++) {
    more = explore_request(m->r, &m->x, type, m->leg, i, all);
    if (!more) return;
    m->x.e.txn = world_txn(m->i, kind);
    m->give(m->r, &m->x, &m->after);
  }
}

/* A dialog that stands may be left by them: also while our BYE is out. */
static void world_their_bye(world_move *m) {
  explore_side *then = world_then(m);
  then->in_bye = EXPLORE_OWED;
  then->byed = 1;
  then->in_invite = EXPLORE_NONE;
  then->reinvite = EXPLORE_NONE;
  if (then->invite == EXPLORE_ACKED) then->invite = EXPLORE_NONE;
  if (m->i == 0 && world_side(m)->in_invite == EXPLORE_ACKED && !world_side(m)->bye) m->after.complete = 1;
  world_request(m, CPM_EVENT_on_bye, WORLD_TXN_BYE, true);
}

static void world_requests(world_move *m) {
  const explore_side *s = world_side(m);
  if (s->in_invite == EXPLORE_OWED && !s->in_cancelled) {
    world_then(m)->in_cancelled = 1;
    world_request(m, CPM_EVENT_on_cancel, 0, false);
  }
  if (s->in_invite == EXPLORE_ANSWERED) {
    world_then(m)->in_invite = EXPLORE_ACKED;
    world_request(m, CPM_EVENT_on_ack, 0, false);
  }
  if (world_has_dialog(s)) world_their_bye(m);
}

/* ---- media, timers, answers of the host --------------------------------------------------------------------------- */

static void world_media(world_move *m) {
  const explore_side *s = world_side(m);
  if (s->media == EXPLORE_COMING) {
    world_then(m)->media = EXPLORE_UP;
    world_simple(m, CPM_EVENT_media_up);
  }
  if (s->media) {
    explore_side *then = world_then(m);
    then->media = EXPLORE_DOWN;
    then->push = 0;
    world_simple(m, CPM_EVENT_media_down);
  }
  if (s->push) {
    world_then(m)->push--;
    world_simple(m, CPM_EVENT_msrp_ok);
    world_simple(m, CPM_EVENT_msrp_fail);
  }
  if (s->media == EXPLORE_UP && m->w->chunks < m->r->c.chunks && world_names(m, CPM_EVENT_on_chunk)) {
    world_then(m)->chunk = 1;
    m->after.current = ++m->after.chunks;
    explore_event_init(&m->x, CPM_EVENT_on_chunk, m->leg);
    m->x.e.item = 100u + m->w->chunks;
    m->x.e.len = 2048;
    m->give(m->r, &m->x, &m->after);
  }
}

static void world_timers(world_move *m) {
#define WORLD_TIMER(name, length, doc) CPM_EVENT_timer_##name,
  static const uint8_t events[] = { CPM_TIMERS(WORLD_TIMER) };
  for (unsigned t = 0; t < CPM_TIMER_COUNT; t++) {
    if (!((unsigned)world_side(m)->timers >> t & 1u)) continue;
    explore_side *then = world_then(m);
    then->timers &= (uint8_t) ~(1u << t);
    if (t == CPM_TIMER_ack) then->late = 1;
    if (t == CPM_TIMER_linger) m->after.complete = 0;
    world_simple(m, (cpm_event_type)events[t]);
  }
}

static void world_host(world_move *m) {
  const explore_side *s = world_side(m);
  if (s->ask) {
    world_then(m)->ask = 0;
    for (unsigned i = 0; explore_policy(m->r, &m->x, m->leg, i, m->r->c.all_requests); i++) m->give(m->r, &m->x, &m->after);
  }
  if (s->fetch) {
    world_then(m)->fetch = 0;
    m->after.current = s->fetch;
    explore_event_init(&m->x, CPM_EVENT_on_loaded, m->leg);
    m->x.e.item = 7;
    m->x.e.len = 2048;
    m->give(m->r, &m->x, &m->after);
  }
}

static void world_of_side(world_move *m) {
  world_answers(m);
  world_requests(m);
  world_media(m);
  world_timers(m);
  world_host(m);
}

/* ---- how it begins, and what the user may do at any time ---------------------------------------------------------- */

static void world_begin(world_move *m) {
  if (world_names(m, CPM_EVENT_send)) {
    world_then(m)->message = EXPLORE_NONE;
    m->after.begun = 1;
    for (unsigned i = 0; explore_send(m->r, &m->x, i, m->r->c.all_requests); i++) m->give(m->r, &m->x, &m->after);
  }
  if (world_names(m, CPM_EVENT_on_message)) {
    world_then(m)->in_message = EXPLORE_OWED;
    m->after.begun = 1;
    world_request(m, CPM_EVENT_on_message, WORLD_TXN_MESSAGE, m->r->c.all_requests);
  }
  if (world_names(m, CPM_EVENT_on_invite)) {
    world_then(m)->in_invite = EXPLORE_OWED;
    m->after.begun = 1;
    world_request(m, CPM_EVENT_on_invite, WORLD_TXN_INVITE, m->r->c.all_requests);
  }
}

static void world_user(world_move *m) {
  world_then(m);
  if (world_names(m, CPM_EVENT_cancel)) world_simple(m, CPM_EVENT_cancel);
  if (world_names(m, CPM_EVENT_online)) world_simple(m, CPM_EVENT_online);
}

void explore_moves(explore_run *r, const explore_world *w, const cpm_proc *p, explore_give *give) {
  static world_move m;
  m = (world_move){ .r = r, .w = w, .p = p, .give = give };
  m.leg = CPM_NO_LEG;
  if (!w->begun) {
    world_begin(&m);
    return;
  }
  world_of_side(&m);
  if (!w->done) world_user(&m);
  for (uint32_t k = 0; k < p->nlegs && k < EXPLORE_LEGS; k++) {
    m.leg = k;
    m.i = k + 1;
    world_of_side(&m);
  }
}
