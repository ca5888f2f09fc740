/* SPDX-License-Identifier: MIT */
/* check_together.c - which states of a leg come together with which states of the call, seen from above: a leg is looked at alone
 * with its call, and facts that are not known go both ways. What is not reached here is never reached; every RAISE that is reached
 * here must have a row. */
#include "check.h"
#include <string.h>

typedef struct together {
  check *c;
  const check_rows *call, *leg;
  uint64_t calls;                                   /* states that the call reaches */
  uint64_t legs[CPMI_STATE_COUNT][CPMI_KIND_COUNT]; /* by state of the call and kind: states of legs */
  bool changed;
  bool said[CPMI_STATE_COUNT][CPM_EVENT_COUNT]; /* RAISE complaints that were made */
} together;

/* ---- sets that only grow ------------------------------------------------------------------------------------------ */

static void together_call(together *t, unsigned call) {
  t->changed |= !(t->calls >> call & 1u);
  t->calls |= UINT64_C(1) << call;
}

static void together_leg(together *t, unsigned call, unsigned kind, unsigned state) {
  uint64_t *set = &t->legs[call][kind];
  t->changed |= !(*set >> state & 1u);
  *set |= UINT64_C(1) << state;
}

static unsigned together_next(const cpmi_row *r, unsigned from) { return r->next == CPMI_STATE_stays ? from : r->next; }

/* ---- what a call's row does to its legs --------------------------------------------------------------------------- */

/* The event reaches a leg in `state`: every state that it may have then, together with the call in `call`. */
static void together_give(together *t, unsigned call, unsigned kind, unsigned state, unsigned event) {
  const check_known k = { true, kind, state, call, false };
  for (size_t i = 0; i < t->leg->n; i++) {
    const check_row *row = &t->leg->row[i];
    if (row->event != event || !(row->states >> state & 1u)) continue;
    const int holds = check_known_guard(&k, row->r->when);
    if (holds >= 0) together_leg(t, call, kind, row->r->ignore ? state : together_next(row->r, state));
    if (holds > 0) return;
  }
  together_leg(t, call, kind, state);
}

/* A leg goes along with a row of the call; the row's EACH reaches it. */
static void together_along(together *t, const cpmi_row *row, unsigned call, unsigned kind, unsigned state) {
  for (size_t i = 0; i < CPMI_OPS_A_ROW; i++)
    if (cpmi_op_is_each(row->ops[i].op)) {
      together_give(t, call, kind, state, row->ops[i].b);
      return;
    }
  together_leg(t, call, kind, state);
}

static void together_new_legs(together *t, const cpmi_row *row, unsigned call) {
  for (size_t i = 0; i < CPMI_OPS_A_ROW; i++) {
    if (cpmi_op_names_kind(row->ops[i].op)) together_give(t, call, row->ops[i].a, t->c->m->leg_init, CPM_EVENT_go);
    else if (cpmi_op_makes_legs(row->ops[i].op)) {
      together_give(t, call, CPMI_KIND_push, t->c->m->leg_init, CPM_EVENT_go);
      together_give(t, call, CPMI_KIND_pull, t->c->m->leg_init, CPM_EVENT_go);
    }
  }
}

/* Kinds of which a call has one leg at a time. */
static bool together_is_single(unsigned kind) { return kind == CPMI_KIND_client || kind == CPMI_KIND_far; }

/* The call takes a row in state `from`: it and all its legs move, but for those that the guard denies and, when a leg raised the
 * event, a second one of a kind that has one (raiser CPMI_KIND_COUNT: no leg did). */
static void together_take(together *t, const cpmi_row *row, unsigned from, unsigned raiser) {
  const unsigned to = together_next(row, from);
  together_call(t, to);
  if (to == CPMI_STATE_ended) return;
  together_new_legs(t, row, to);
  for (unsigned kind = 0; kind < CPMI_KIND_COUNT; kind++) {
    if (kind == raiser && together_is_single(kind)) continue;
    for (unsigned state = 0; state < CPMI_STATE_COUNT; state++)
      if ((t->legs[from][kind] >> state & 1u) && check_leg_may_be(row->when, kind, state)) together_along(t, row, to, kind, state);
  }
}

/* ---- events ------------------------------------------------------------------------------------------------------- */

static void together_call_event(together *t, unsigned call, unsigned event) {
  const check_known k = { false, 0, 0, call, true };
  for (size_t i = 0; i < t->call->n; i++) {
    const check_row *row = &t->call->row[i];
    if (row->event != event || !(row->states >> call & 1u)) continue;
    const int holds = check_known_guard(&k, row->r->when);
    if (holds >= 0 && !row->r->ignore) together_take(t, row->r, call, CPMI_KIND_COUNT);
    if (holds > 0) return;
  }
}

static void together_gap(together *t, const check_row *raiser, unsigned event, unsigned call, unsigned kind) {
  if (t->said[call][event]) return;
  t->said[call][event] = true;
  check_say(t->c, "%s, %s: no row, but a leg of kind %s may RAISE it there: %s", cpmi_state_name(call),
            cpm_event_name((cpm_event_type)event), names_kind(kind), check_row_name(raiser));
}

/* A leg that is in `state` now has raised the event. */
static void together_raise(together *t, const check_row *raiser, unsigned event, unsigned call, unsigned kind, unsigned state,
                           bool say) {
  const check_known k = { true, kind, state, call, true };
  bool any = false;
  for (size_t i = 0; i < t->call->n; i++) {
    const check_row *row = &t->call->row[i];
    if (row->event != event || !(row->states >> call & 1u)) continue;
    any = true;
    const int holds = check_known_guard(&k, row->r->when);
    if (holds >= 0 && !row->r->ignore) {
      together_take(t, row->r, call, kind);
      if (together_next(row->r, call) != CPMI_STATE_ended) together_along(t, row->r, together_next(row->r, call), kind, state);
    }
    if (holds > 0) return;
  }
  together_leg(t, call, kind, state);
  if (!any && say) together_gap(t, raiser, event, call, kind);
}

static void together_leg_row(together *t, const check_row *row, unsigned call, unsigned kind, unsigned state, bool say) {
  const unsigned next = together_next(row->r, state);
  for (size_t i = 0; i < CPMI_OPS_A_ROW; i++)
    if (row->r->ops[i].op == CPMI_OP_RAISE) {
      together_raise(t, row, row->r->ops[i].b, call, kind, next, say);
      return;
    }
  together_leg(t, call, kind, next);
}

static void together_leg_event(together *t, unsigned call, unsigned kind, unsigned state, unsigned event, bool say) {
  const check_known k = { true, kind, state, call, false };
  for (size_t i = 0; i < t->leg->n; i++) {
    const check_row *row = &t->leg->row[i];
    if (row->event != event || !(row->states >> state & 1u)) continue;
    const int holds = check_known_guard(&k, row->r->when);
    if (holds >= 0 && !row->r->ignore) together_leg_row(t, row, call, kind, state, say);
    if (holds > 0) return;
  }
}

static bool together_is_outer(unsigned event) { return cpmi_kind_of(event) != CPMI_INNER; }

static void together_round(together *t, bool say) {
  for (unsigned call = 0; call < CPMI_STATE_COUNT; call++) {
    if (!(t->calls >> call & 1u) || call == CPMI_STATE_ended) continue;
    for (unsigned event = 0; event < CPM_EVENT_COUNT; event++) {
      if (!together_is_outer(event)) continue;
      together_call_event(t, call, event);
      for (unsigned kind = 0; kind < CPMI_KIND_COUNT; kind++)
        for (unsigned state = 0; state < CPMI_STATE_COUNT; state++)
          if (t->legs[call][kind] >> state & 1u) together_leg_event(t, call, kind, state, event, say);
    }
  }
}

/* ---- states ------------------------------------------------------------------------------------------------------- */

static bool together_machine_has(cpmi_names names, unsigned name) {
  for (size_t i = 0; i < names.n; i++)
    if (names.p[i] == name) return true;
  return false;
}

static bool together_forks(const together *t) {
  for (size_t i = 0; i < t->call->n; i++)
    for (size_t k = 0; k < CPMI_OPS_A_ROW; k++)
      if (cpmi_op_makes_legs(t->call->row[i].r->ops[k].op)) return true;
  return false;
}

static uint64_t together_leg_states(const together *t) {
  uint64_t all = 0;
  for (unsigned call = 0; call < CPMI_STATE_COUNT; call++)
    for (unsigned kind = 0; kind < CPMI_KIND_COUNT; kind++) all |= t->legs[call][kind];
  return all;
}

/* From which states is one of `ends` reached? */
static uint64_t together_leave(const check_rows *rows, uint64_t ends) {
  uint64_t can = ends;
  for (bool more = true; more;) {
    more = false;
    for (size_t i = 0; i < rows->n; i++) {
      const check_row *row = &rows->row[i];
      if (row->r->next >= CPMI_STATE_COUNT || !(can >> row->r->next & 1u) || !(row->states & ~can)) continue;
      can |= row->states;
      more = true;
    }
  }
  return can;
}

static void together_states(together *t) {
  const uint64_t legs = together_leg_states(t);
  const uint64_t call_can = together_leave(t->call, UINT64_C(1) << CPMI_STATE_ended);
  const uint64_t leg_can = together_leave(t->leg, cpmi_state_set(CPMI_STATE_over));
  for (size_t i = 0; i < t->call->n; i++) {
    const check_row *row = &t->call->row[i];
    if (row->state < CPMI_STATE_COUNT && !(t->calls >> row->state & 1u))
      check_say(t->c, "%s: the state is not reached", check_row_name(row));
  }
  for (unsigned s = 0; s < CPMI_STATE_COUNT; s++) {
    if ((t->calls >> s & 1u) && !(call_can >> s & 1u)) check_say(t->c, "%s: no way leads from here to the end", cpmi_state_name(s));
    if ((legs >> s & 1u) && !(leg_can >> s & 1u)) check_say(t->c, "leg %s: no way leads from here to the end", cpmi_state_name(s));
    if ((legs >> s & 1u) && !together_machine_has(t->c->m->leg_states, s))
      check_say(t->c, "leg %s: not among the machine's leg_states", cpmi_state_name(s));
  }
  for (size_t i = 0; i < t->c->m->leg_states.n; i++)
    if (t->c->m->leg_states.p[i] != t->c->m->leg_init && !(legs >> t->c->m->leg_states.p[i] & 1u))
      check_say(t->c, "leg %s: the state is not reached", cpmi_state_name(t->c->m->leg_states.p[i]));
}

void check_together(check *c, const check_rows *call, const check_rows *leg) {
  together t;
  memset(&t, 0, sizeof t);
  t.c = c;
  t.call = call;
  t.leg = leg;
  together_call(&t, c->m->init);
  /* Legs of a machine without FORK are there from the start. */
  for (size_t i = 0; i < c->m->leg_kinds.n && !together_forks(&t); i++)
    together_leg(&t, c->m->init, c->m->leg_kinds.p[i], c->m->leg_init);
  while (t.changed) {
    t.changed = false;
    together_round(&t, false);
  }
  together_round(&t, true);
  together_states(&t);
}
