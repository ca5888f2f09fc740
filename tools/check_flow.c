/* SPDX-License-Identifier: MIT */
/* check_flow.c - every state, event and set of facts has its row, and every row its day. */
#include "check.h"
#include <string.h>

/* ---- undecided ---------------------------------------------------------------------------------------------------- */

typedef struct flow_pair {
  check *c;
  check_rows *rows;
  bool leg;
  unsigned state, event;
  check_facts facts;
} flow_pair;

static bool flow_is_of(const flow_pair *p, const check_row *row) {
  return row->event == p->event && (row->states >> p->state & 1u);
}

/* The row that is taken, or NULL. */
static check_row *flow_choose(const flow_pair *p, uint32_t truth) {
  for (size_t i = 0; i < p->rows->n; i++)
    if (flow_is_of(p, &p->rows->row[i]) && check_facts_guard(&p->facts, truth, p->rows->row[i].r->when)) return &p->rows->row[i];
  return NULL;
}

/* The facts that matter to being undecided: those whose change decides. */
static uint32_t flow_reasons(const flow_pair *p, uint32_t truth) {
  uint32_t only = 0;
  for (size_t i = 0; i < p->facts.n; i++) {
    const uint32_t other = truth ^ (uint32_t)1 << i;
    if (check_facts_can(&p->facts, other) && flow_choose(p, other)) only |= (uint32_t)1 << i;
  }
  return only ? only : ~(uint32_t)0;
}

/* Events between call and legs, but for `go`: a leg without a row for one stays out of it. */
static bool flow_may_stay_out(const flow_pair *p) {
  return p->leg && p->event != CPM_EVENT_go && cpmi_kind_of(p->event) == CPMI_INNER;
}

static void flow_check_pair(flow_pair *p) {
  unsigned undecided = 0;
  uint32_t truth = 0, example = 0;
  for (bool more = check_facts_next(&p->facts, &truth, true); more; more = check_facts_next(&p->facts, &truth, false)) {
    check_row *row = flow_choose(p, truth);
    if (row) row->taken = true;
    else if (undecided++ == 0) example = truth;
  }
  if (!undecided || flow_may_stay_out(p)) return;
  check_say(p->c, "%s%s, %s: %u sets of facts have no row, such as %s", p->leg ? "leg " : "", cpmi_state_name(p->state),
            cpm_event_name((cpm_event_type)p->event), undecided, check_facts_text(&p->facts, example, flow_reasons(p, example)));
}

static void flow_state_and_event(check *c, check_rows *rows, bool leg, unsigned state, unsigned event, uint64_t calls) {
  flow_pair p = { c,     rows,  leg,
                  state, event, { c->m, leg, leg ? state : CPMI_STATE_, leg ? calls : UINT64_C(1) << state, 0, { 0 }, false } };
  bool any = false;
  for (size_t i = 0; i < rows->n; i++) {
    if (!flow_is_of(&p, &rows->row[i])) continue;
    any = true;
    check_facts_add(&p.facts, rows->row[i].r->when);
  }
  if (p.facts.overflow)
    check_say(c, "%s, %s: more facts than can be enumerated", cpmi_state_name(state), cpm_event_name((cpm_event_type)event));
  else if (any) flow_check_pair(&p);
}

/* ---- all of it ---------------------------------------------------------------------------------------------------- */

static uint64_t flow_states(const check_rows *rows) {
  uint64_t all = 0;
  for (size_t i = 0; i < rows->n; i++) all |= rows->row[i].states;
  return all;
}

static void flow_part(check *c, check_rows *rows, bool leg, uint64_t calls) {
  const uint64_t states = flow_states(rows);
  for (unsigned state = 0; state < CPMI_STATE_COUNT; state++)
    for (unsigned event = 0; (states >> state & 1u) && event < CPM_EVENT_COUNT; event++)
      flow_state_and_event(c, rows, leg, state, event, calls);
  for (size_t i = 0; i < rows->n; i++)
    if (!rows->row[i].taken) check_say(c, "%s: is never taken", check_row_name(&rows->row[i]));
}

void check_flow(check *c, check_rows *call, check_rows *leg) {
  flow_part(c, call, false, 0);
  flow_part(c, leg, true, flow_states(call));
}
