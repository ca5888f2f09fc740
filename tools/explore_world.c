/* SPDX-License-Identifier: MIT */
/* explore_world.c - what the world owes: transactions, dialogs, media, timers, answers. Effects change it; what an effect must not do is
 * an error. What it then owes gives the events that may come: explore_moves.c. */
#include "explore.h"
#include <string.h>

/* ---- effects: SEND ------------------------------------------------------------------------------------------------ */

static bool world_in_dialog(const char *recipe) {
  const int r = cpm_recipe_named(recipe);
  return r >= 0 && cpmi_recipes[r]->kind == CPMI_RECIPE_IN_DIALOG;
}

bool explore_has_dialog(const explore_side *s) {
  return !s->byed && (s->invite >= EXPLORE_ANSWERED || s->in_invite >= EXPLORE_ANSWERED);
}

static void world_send_bye(explore_run *r, const explore_world *w, explore_side *s, const cpm_effect *x) {
  const bool to_leg = x->leg != CPM_NO_LEG, plain = strcmp(x->name, "bye") == 0;
  if (to_leg && plain && w->complete && s->next < w->chunks) explore_wrong(r, "BYE to a leg that lacks content");
  if (!explore_has_dialog(s)) explore_wrong(r, "BYE without a dialog");
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

/* INVITE or UPDATE in the dialog. */
static void world_send_again(explore_run *r, explore_side *s) {
  if (!explore_has_dialog(s) || s->bye) explore_wrong(r, "re-INVITE without a dialog");
  if (s->reinvite) explore_wrong(r, "re-INVITE while one is pending");
  s->reinvite = EXPLORE_OWED;
}

static void world_send_invite(explore_run *r, explore_side *s, const cpm_effect *x) {
  if (!world_in_dialog(x->name)) {
    if (s->invite) explore_wrong(r, "INVITE while one is there");
    s->invite = EXPLORE_OWED;
    s->cancelled = s->byed = 0;
    return;
  }
  world_send_again(r, s);
}

/* A 2xx that came too late: ACK, then BYE, and nothing else. */
static void world_send_fork(explore_run *r, explore_world *w, const cpm_effect *x) {
  const bool ack = x->sip.method == CPM_METHOD_ACK, bye = x->sip.method == CPM_METHOD_BYE;
  if (!(ack && w->fork == EXPLORE_ANSWERED) && !(bye && w->fork == EXPLORE_ACKED)) explore_wrong(r, "%s in a forked dialog", x->name);
  w->fork = ack ? EXPLORE_ACKED : EXPLORE_NONE;
}

static void world_send(explore_run *r, explore_world *w, explore_side *s, const cpm_effect *x) {
  if (x->dialog) { world_send_fork(r, w, x); return; }
  switch (x->sip.method) {
  case CPM_METHOD_INVITE: world_send_invite(r, s, x); break;
  case CPM_METHOD_UPDATE: world_send_again(r, s); break;
  case CPM_METHOD_ACK: world_send_ack(r, s); break;
  case CPM_METHOD_CANCEL: world_send_cancel(r, s); break;
  case CPM_METHOD_BYE: world_send_bye(r, w, s, x); break;
  case CPM_METHOD_MESSAGE:
    if (s->message) explore_wrong(r, "MESSAGE while one is pending");
    s->message = EXPLORE_OWED;
    explore_reports_sent(r, w, x);
    break;
  default: explore_wrong(r, "a request that the world does not know: %s", x->name);
  }
}

/* ---- effects: answers --------------------------------------------------------------------------------------------- */

static void world_reply(explore_run *r, explore_world *w, const cpm_effect *x) {
  const unsigned side = (unsigned)(x->txn / EXPLORE_TXNS), kind = (unsigned)(x->txn % EXPLORE_TXNS);
  if (side > EXPLORE_LEGS) {
    explore_wrong(r, "an answer to nothing");
    return;
  }
  explore_side *s = &w->side[side];
  uint8_t *owed = kind == EXPLORE_TXN_MESSAGE  ? &s->in_message
                  : kind == EXPLORE_TXN_INVITE ? &s->in_invite
                  : kind == EXPLORE_TXN_BYE    ? &s->in_bye
                  : kind == EXPLORE_TXN_REINVITE ? &s->in_reinvite
                  : kind == EXPLORE_TXN_OTHER  ? &s->in_other
                                               : NULL;
  if (!owed || *owed != EXPLORE_OWED) {
    explore_wrong(r, "an answer to nothing");
    return;
  }
  if (x->code < 200 || x->code > 699) explore_wrong(r, "a final response with status %u", x->code);
  *owed = kind == EXPLORE_TXN_INVITE && x->code < 300 ? EXPLORE_ANSWERED : kind == EXPLORE_TXN_INVITE && s->again ? s->again : EXPLORE_NONE;
  s->again = 0;
}

/* The request is the business of another procedure from now on; where that is not there, its status answers. A wish has no answer. */
static void world_enter(explore_run *r, explore_side *s, const cpm_effect *x) {
  const bool owed = s->in_message == EXPLORE_OWED || s->in_invite == EXPLORE_OWED || s->in_other == EXPLORE_OWED;
  if (owed && (x->code < 300 || x->code > 699)) explore_wrong(r, "ENTER %s has no status for the request", x->name);
  const bool chunk = s->owed || s->binds;
  if (chunk && (x->code < 200 || x->code > 599)) explore_wrong(r, "ENTER %s has no status for the chunk", x->name);
  if (!owed && !chunk && x->code) explore_wrong(r, "ENTER %s has a status, and there is no request", x->name);
  s->owed = s->binds = 0;
  s->in_message = s->in_invite = s->in_other = EXPLORE_NONE;
}

static unsigned world_unanswered(const explore_side *s) {
  unsigned bits = 0;
  for (unsigned k = 0; k < s->push && k < EXPLORE_SENT; k++) bits |= s->sent[k] ? 1u << (s->sent[k] - 1u) : 0;
  return bits;
}

/* Every stored chunk of these that has no response has one now. */
static void world_accept_all(const explore_run *r, explore_world *w, unsigned bits) {
  for (unsigned i = 0; i <= EXPLORE_LEGS; i++) {
    if (r->c.relays) w->answered |= (uint8_t)(w->side[i].owed & bits);
    w->side[i].owed &= (uint8_t)~bits;
  }
}

static unsigned world_logged(const explore_world *w) {
  unsigned bits = 0;
  for (unsigned i = 0; i < w->stored[CPM_ITEM_chunk_log] && i < EXPLORE_CHUNKS; i++)
    if (w->log[i]) bits |= 1u << (w->log[i] - 1u);
  return bits;
}

/* The host sends one response and no more: a chunk that went to two gives two. */
static void world_accept(explore_run *r, explore_world *w, const cpm_effect *x) {
  explore_side *s = &w->side[x->leg == CPM_NO_LEG ? 0 : x->leg + 1];
  if (x->code < 200 || x->code > 999) explore_wrong(r, "an MSRP response with status %u", x->code);
  if (x->name) {
    world_accept_all(r, w, x->id == CPM_ITEM_failed_chunks ? w->failed : world_logged(w));
    return;
  }
  const unsigned bit = x->item >= EXPLORE_ITEM && x->item < EXPLORE_ITEM + EXPLORE_CHUNKS ? 1u << (x->item - EXPLORE_ITEM) : 0;
  bool owed = bit && (w->answered & bit);
  for (unsigned i = 0; i <= EXPLORE_LEGS; i++) owed |= (w->side[i].owed & bit) != 0;
  if (bit ? !owed : !s->binds) explore_wrong(r, "an answer to no chunk");
  if (bit) world_accept_all(r, w, bit);
  else s->binds = 0;
}

bool explore_borrows(const cpm_machine *m) {
  const cpmi_row *row;
  bool uses = false;
  for (size_t i = 0; (row = cpmi_row_at(m, false, i)) != NULL; i++)
    for (size_t k = 0; k < CPMI_OPS_A_ROW; k++) {
      if (row->ops[k].op == CPMI_OP_CONNECT || row->ops[k].op == CPMI_OP_LISTEN) return false;
      uses |= row->ops[k].op == CPMI_OP_PUSH;
    }
  return uses;
}

bool explore_is_handed(const cpm_machine *m) {
  for (cpmi_row_walk w = cpmi_walk_rows(m, false); cpmi_next_row(&w);) {
    const bool comes = w.event == CPM_EVENT_on_chunk || w.event == CPM_EVENT_on_loaded;
    if (comes && (cpmi_state_set(w.state) >> m->init & 1u)) return explore_borrows(m);
  }
  return false;
}

/* ---- effects: media, stored things, the end ----------------------------------------------------------------------- */

static void world_connect(explore_run *r, explore_side *s) {
  if (s->media) explore_wrong(r, "a media connection while one is there");
  s->media = EXPLORE_COMING;
}

static void world_order(explore_run *r, const explore_world *w, explore_side *s) {
  if (!w->current) return;
  const bool wrong = r->c.relays ? w->current <= s->next : w->current != s->next + 1;
  if (wrong) explore_wrong(r, "chunk %u is passed on to a leg that awaits %u", w->current, s->next + 1u);
  if ((unsigned)s->brought >> (w->current - 1u) & 1u) explore_wrong(r, "a chunk goes back to where it came from");
  s->next = w->current;
}

static void world_push(explore_run *r, const explore_world *w, explore_side *s, const cpm_effect *x) {
  if (s->media != EXPLORE_UP) explore_wrong(r, "SEND on a connection that is not up");
  if (x->msrp.method == CPM_MSRP_SEND) world_order(r, w, s);
  if (x->msrp.method != CPM_MSRP_SEND || x->msrp.failure_report == CPM_MSRP_FAILURE_NO) return;   /* nothing comes back */
  if (s->push < EXPLORE_SENT) s->sent[s->push] = w->current ? w->current : w->late;
  const bool counts = w->current || explore_event_captures(r->c.m, CPM_EVENT_msrp_ok, s != w->side, CPMI_FROM_PLUS_LEN) || !explore_borrows(r->c.m);
  if (s->push < (counts ? 9 : 2)) s->push++;
}

static void world_store(explore_world *w, const cpm_effect *x) {
  if (x->id == CPM_ITEM_chunk_log && w->stored[x->id] < EXPLORE_CHUNKS) w->log[w->stored[x->id]] = w->current ? w->current : w->late;
  if (x->id == CPM_ITEM_failed_chunks && x->item >= EXPLORE_ITEM) w->failed |= (uint8_t)(1u << (x->item - EXPLORE_ITEM));
  /* A ticket takes the place of the one before; a message is one, however many chunks it has. */
  if (x->id == CPM_ITEM_ticket || x->id == CPM_ITEM_message) w->stored[x->id] = 1;
  else w->stored[x->id]++;
}

static void world_fetch(explore_run *r, const explore_world *w, explore_side *s, const cpm_effect *x) {
  if (x->id >= CPM_ITEM_COUNT || (x->id == CPM_ITEM_message ? 0 : x->number) >= w->stored[x->id]) {
    explore_wrong(r, "FETCH of nothing: %s", x->name);
    return;
  }
  if (s->fetch) explore_wrong(r, "FETCH while one is awaited");
  s->fetch = x->id == CPM_ITEM_chunk_log && x->number < EXPLORE_CHUNKS ? w->log[x->number] : 1;
}

static void world_done_side(explore_run *r, const explore_side *s, const char *whose) {
  if (s->in_message == EXPLORE_OWED || s->in_invite == EXPLORE_OWED || s->in_bye || s->in_reinvite || s->in_other)
    explore_wrong(r, "DONE, a request of %s has no answer", whose);
  if (s->invite == EXPLORE_OWED || s->invite == EXPLORE_TRYING) explore_wrong(r, "DONE, our INVITE to %s is pending", whose);
  if (s->invite == EXPLORE_ANSWERED) explore_wrong(r, "DONE, the 2xx of %s has no ACK", whose);
  if (explore_has_dialog(s)) explore_wrong(r, "DONE, the dialog with %s is there", whose);
  if (s->message) explore_wrong(r, "DONE, our MESSAGE to %s is pending", whose);
  if (s->reinvite) explore_wrong(r, "DONE, our re-INVITE to %s is pending", whose);
  if (s->bye) explore_wrong(r, "DONE, our BYE to %s is pending", whose);
  if (s->media && !explore_borrows(r->c.m)) explore_wrong(r, "DONE, the media connection with %s is there", whose);
}

static void world_done(explore_run *r, explore_world *w) {
  world_done_side(r, &w->side[0], "the originator");
  for (unsigned i = 1; i <= EXPLORE_LEGS; i++) world_done_side(r, &w->side[i], "a leg");
  w->done = 1;
  for (unsigned i = 0; i <= EXPLORE_LEGS; i++) w->side[i].timers = 0;
  for (unsigned i = 0; i < CPM_ITEM_COUNT; i++)
    if (i != CPM_ITEM_ticket) w->stored[i] = 0; /* a ticket outlives its procedure */
}

void explore_unheard(const explore_run *r, explore_world *w) {
  const unsigned bit = w->current ? 1u << (w->current - 1u) : 0;
  w->current = w->late = 0;
  w->fork = 0;
  for (unsigned i = 0; i <= EXPLORE_LEGS; i++) {
    w->side[i].owed = r->c.relays ? (uint8_t)(w->side[i].owed & ~bit) : 0;
    w->side[i].binds = w->side[i].in_reinvite = 0;
  }
}

void explore_unlink(explore_side *s) {
  s->media = EXPLORE_DOWN;
  s->push = 0;
  memset(s->sent, 0, sizeof s->sent);
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
  case CPM_EFFECT_PUSH: world_push(r, w, s, x); break;
  case CPM_EFFECT_ACCEPT: world_accept(r, w, x); break;
  case CPM_EFFECT_CONNECT:
  case CPM_EFFECT_LISTEN: world_connect(r, s); break;
  case CPM_EFFECT_CLOSE:
    world_accept_all(r, w, world_unanswered(s) & ~(world_logged(w) | w->failed));   /* what went out on it is answered by the host */
    explore_unlink(s);
    break;
  case CPM_EFFECT_START: s->timers |= 1u << x->id; break;
  case CPM_EFFECT_STOP: s->timers &= ~(1u << x->id); break;
  case CPM_EFFECT_ASK:
    if (s->ask) explore_wrong(r, "ASK while an answer is awaited");
    s->ask = (uint8_t)(x->id + 1);
    s->asked = x->id == CPM_QUESTION_external_content ? w->current : 0;
    break;
  case CPM_EFFECT_STORE: world_store(w, x); break;
  case CPM_EFFECT_FETCH: world_fetch(r, w, s, x); break;
  case CPM_EFFECT_DROP:
    w->stored[x->id] = 0;
    if (x->id == CPM_ITEM_failed_chunks) w->failed = 0;
    break;
  case CPM_EFFECT_ENTER: world_enter(r, s, x); break;
  case CPM_EFFECT_TELL: w->no_cpim |= x->id == CPM_NOTICE_no_cpim; break;
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
  return s->in_message || s->in_invite || s->in_bye || s->in_other || s->message || s->invite || s->reinvite || s->bye ||
         s->media || s->ask || s->fetch;
}

static void world_rest_call(explore_run *r, const explore_world *w, const cpm_proc *p) {
  bool live = false, awaits = false;
  for (uint32_t k = 0; k < p->nlegs && k < EXPLORE_LEGS; k++) live |= !world_leg_over(r, p, k);
  for (unsigned i = 0; i <= EXPLORE_LEGS; i++) awaits |= world_awaits(&w->side[i]);
  for (uint32_t k = 0; k < p->nlegs && k < EXPLORE_LEGS; k++) awaits |= cpmi_leg_at(p, r->c.m, k)->state == CPMI_STATE_kept;   /* for the network */
  for (unsigned i = 0; i <= EXPLORE_LEGS; i++)
    if (w->side[i].in_reinvite) explore_wrong(r, "a request in the dialog has no answer");
  const explore_side *o = &w->side[0];
  const bool soon = o->timers >> CPM_TIMER_reoffer & 1u;   /* files that were closed together are told together */
  if (p->nlegs && !live && o->in_invite == EXPLORE_ACKED && !o->bye && !soon)
    explore_wrong(r, "no leg is left, and the originator was not told");
  if (p->nlegs && !awaits) explore_wrong(r, "all is over, and there is no DONE");
}

/* Who sent a chunk waits for its response: somebody must have it. */
static void world_rest_chunks(explore_run *r, const explore_world *w) {
  unsigned owed = 0, had = w->failed | world_logged(w);
  for (unsigned i = 0; i <= EXPLORE_LEGS; i++) {
    const explore_side *s = &w->side[i];
    if (s->media == EXPLORE_UP && !s->bye && !s->byed) owed |= s->owed;
    had |= world_unanswered(s);
    if (s->ask && s->asked) had |= 1u << (s->asked - 1u);
  }
  if (owed & ~had) explore_wrong(r, "a chunk has no response, and nobody has it");
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
  if (w->fork) explore_wrong(r, "a forked 2xx has no ACK and BYE");
  if (w->done) return;
  for (uint32_t k = 0; k < p->nlegs && k < EXPLORE_LEGS; k++) world_rest_leg(r, w, &w->side[k + 1]);
  world_rest_call(r, w, p);
  world_rest_held(r, w);
  world_rest_chunks(r, w);
}
