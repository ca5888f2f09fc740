/* SPDX-License-Identifier: MIT */
/* promela_rows.c - which row is taken: the rows of a side, the facts that make a difference in a state, the fields that are still looked
 * at, and the conditions of each row. */
#include "promela.h"
#include <stdlib.h>
#include <string.h>

/* ---- rows ----------------------------------------------------------------------------------------------------------- */

static size_t rows_count_ops(const cpmi_row *r) {
  size_t n = 0;
  while (n < CPMI_OPS_A_ROW && r->ops[n].op != CPMI_OP_END) n++;
  return n;
}

/* False: the row is gone. */
static bool rows_change(const promela *g, const promela_side *s, size_t index, cpmi_row *r) {
  const export_change *c = &g->c.change;
  const size_t n = rows_count_ops(r);
  if (c->kind == EXPORT_AS_IT_IS || c->machine != s->m || c->leg != (s->call != NULL) || c->row != index) return true;
  if (c->kind == EXPORT_WITHOUT_ROW) return false;
  if (c->op >= n) return true;
  if (c->kind == EXPORT_WITHOUT_OP) {
    memmove(&r->ops[c->op], &r->ops[c->op + 1], (n - c->op - 1) * sizeof r->ops[0]);
    r->ops[n - 1] = (cpmi_op){ CPMI_OP_END, 0, 0 };
  } else if (n < CPMI_OPS_A_ROW) {
    memmove(&r->ops[c->op + 1], &r->ops[c->op], (n - c->op) * sizeof r->ops[0]);
  }
  return true;
}

/* Notifications inside of a message are the business of client/disposition: no message here is made of them. */
static bool rows_splits(const cpmi_row *r) {
  for (size_t i = 0; i < CPMI_OPS_A_ROW && r->ops[i].op != CPMI_OP_END; i++)
    if (r->ops[i].op == CPMI_OP_SPLIT) return true;
  return false;
}

/* States that no row leads to are not looked at. */
static void rows_reach(promela_side *s) {
  uint64_t reached = UINT64_C(1) << (s->call ? s->m->leg_init : s->m->init);
  for (uint64_t before = 0; before != reached;) {
    before = reached;
    for (size_t i = 0; i < s->n; i++)
      if ((s->rows[i].states & reached) && s->rows[i].r.next < CPMI_STATE_COUNT) reached |= UINT64_C(1) << s->rows[i].r.next;
  }
  s->states &= reached;
  for (size_t i = 0; i < s->n; i++) s->rows[i].states &= reached;
}

void promela_load(promela *g, promela_side *s) {
  const bool leg = s->call != NULL;
  s->states = names_states_of(s->m, leg);
  for (names_row at = { NULL, 0, 0, 0, 0 }; names_next_row(s->m, leg, &at);) {
    promela_row *row = &s->rows[s->n];
    if (s->n == PROMELA_ROWS) { promela_fail(g, "more rows than there is room for", s->m->name); return; }
    *row = (promela_row){ .r = *at.r, .states = cpmi_state_set(at.state) & s->states, .event = at.event, .index = at.index };
    if (!leg) row->states &= ~(UINT64_C(1) << CPMI_STATE_ended);
    else row->states &= ~cpmi_state_set(CPMI_STATE_over);     /* only what was forked comes there, and it changes nothing */
    if (row->states && !rows_splits(&row->r) && rows_change(g, s, at.index, &row->r)) s->n++;
  }
  rows_reach(s);
}

unsigned promela_state_number(const promela_side *s, unsigned state) {
  unsigned n = 1;
  for (unsigned i = 0; i < state; i++) n += (unsigned)(s->states >> i & 1u);
  return n;
}

uint64_t promela_taking(const promela_side *s, unsigned event) {
  uint64_t set = 0;
  for (size_t i = 0; i < s->n; i++)
    if (s->rows[i].event == event) set |= s->rows[i].states;
  return set;
}

/* ---- facts ---------------------------------------------------------------------------------------------------------- */

static unsigned rows_fact(int16_t literal) { return (unsigned)abs(literal); }

bool promela_has_field(const promela_side *s, unsigned field) {
  const cpmi_names *f = s->call ? &s->m->leg_fields : &s->m->fields;
  for (size_t i = 0; i < f->n; i++)
    if (f->p[i] == field) return true;
  return false;
}

const promela_side *promela_owner(const promela_side *s, unsigned field) {
  return s->call && !promela_has_field(s, field) ? s->call : s;
}

unsigned promela_transaction(const promela_side *s) {
  return s->call && promela_has_field(s, CPM_FIELD_held) ? CPM_FIELD_held : CPM_FIELD_origin;
}

bool promela_is_needed(const promela_side *s, unsigned field) { return promela_owner(s, field)->needed[field]; }

bool promela_captured_here(const promela_side *s, unsigned event, unsigned field) {
  const cpmi_capture *c;
  for (size_t i = 0; (c = cpmi_capture_at(s->m, i)) != NULL; i++)
    if (c->event == event && c->field == field && (c->leg != 0) == (s->call != NULL)) return true;
  return false;
}

/* What the user wants is not kept: he may want anything. */
static bool rows_is_wish(const promela_side *s, unsigned field) {
  const cpmi_capture *c;
  for (size_t i = 0; (c = cpmi_capture_at(s->m, i)) != NULL; i++)
    if (c->field == field && cpmi_kind_of(c->event) == CPMI_USER && c->source == CPMI_FROM_ARG) return true;
  return false;
}

/* Is it known without the message, and kept? What an event brings, and nobody looks at later, is as free as the event. */
static bool rows_is_known(const promela_side *s, unsigned event, unsigned fact) {
  const cpmi_fact *f = &cpmi_facts[fact];
  switch (f->test) {
  case CPMI_TEST_IS:    return !rows_is_wish(s, f->a);
  case CPMI_TEST_LAST:
  case CPMI_TEST_LESS:
  case CPMI_TEST_NO_LEG:
  case CPMI_TEST_KIND:
  case CPMI_TEST_IN:
  case CPMI_TEST_AGENT:
  case CPMI_TEST_POLICY:
  case CPMI_TEST_BELOW: return true;
  case CPMI_TEST_EQUALS: return !promela_captured_here(s, event, f->a);
  case CPMI_TEST_SET:   return promela_is_needed(s, f->a) || !promela_captured_here(s, event, f->a);
  default:              return false;
  }
}

void promela_name(promela_text *t, const promela_side *s, const char *name) {
  promela_put(t, "%s%s%s", s->look, name, strcmp(s->look, "k_") == 0 ? "(k)" : "");
}

static void rows_put_field(promela_text *t, const promela_side *s, unsigned field) {
  promela_name(t, promela_owner(s, field), cpm_field_name((cpm_field)field));
}

static void rows_put_fact(promela_text *t, const promela_side *s, unsigned fact) {
  const cpmi_fact *f = &cpmi_facts[fact];
  const promela_side *call = s->call ? s->call : s;
  switch (f->test) {
  case CPMI_TEST_EQUALS:
  case CPMI_TEST_IS:     rows_put_field(t, s, f->a); promela_put(t, " == %u", f->b); break;
  case CPMI_TEST_SET:    rows_put_field(t, s, f->a); promela_put(t, " != 0"); break;
  case CPMI_TEST_LAST:   rows_put_field(t, s, f->a); promela_put(t, " + 1 >= "); rows_put_field(t, s, f->b); break;
  case CPMI_TEST_LESS:   rows_put_field(t, s, f->a); promela_put(t, " < "); rows_put_field(t, s, f->b); break;
  case CPMI_TEST_KIND:
    if (!s->call) { promela_put(t, "false"); break; }
    promela_name(t, s, "kind");
    promela_put(t, " == %u", f->a);
    break;
  case CPMI_TEST_IN:     promela_in(t, call, cpmi_state_set(f->a)); break;
  case CPMI_TEST_NO_LEG: promela_put(t, "%s%s", call->me, f->name); break;
  default:               promela_put(t, "%s%s == 1", call->me, f->name); break;   /* of the agent: 2 does not hold, 0 not chosen yet */
  }
}

/* ---- choosing with the facts of one state and event ----------------------------------------------------------------- */

typedef struct rows_pick {
  promela_side *s;
  unsigned      state, event;
  unsigned      fact[PROMELA_FACTS];
  size_t        n;
} rows_pick;

static bool rows_is_for(const promela_row *row, unsigned state, unsigned event) {
  return row->event == event && (row->states >> state & 1u);
}

static size_t rows_place(const rows_pick *p, unsigned fact) {
  size_t i = 0;
  while (i < p->n && p->fact[i] != fact) i++;
  return i;
}

static bool rows_collect(promela *g, rows_pick *p) {
  p->n = 0;
  for (size_t i = 0; i < p->s->n; i++) {
    const promela_row *row = &p->s->rows[i];
    for (size_t k = 0; rows_is_for(row, p->state, p->event) && k < CPMI_GUARD && row->r.when[k]; k++) {
      const unsigned fact = rows_fact(row->r.when[k]);
      if (rows_place(p, fact) < p->n) continue;
      if (p->n == PROMELA_FACTS) { promela_fail(g, "too many facts for one event", cpm_event_name((cpm_event_type)p->event)); return false; }
      p->fact[p->n++] = fact;
    }
  }
  return true;
}

/* Of an ENUM one value holds at most, and one if all are asked for. */
static bool rows_can_be_of(const rows_pick *p, uint32_t holds, uint32_t of) {
  for (size_t i = 0; i < p->n; i++) {
    const cpmi_fact *f = &cpmi_facts[p->fact[i]];
    if (f->test != CPMI_TEST_IS || !(of >> i & 1u)) continue;
    unsigned asked = 0, hold = 0, values = 0;
    for (size_t k = 0; k < p->n; k++) {
      const cpmi_fact *same = &cpmi_facts[p->fact[k]];
      if (same->test != CPMI_TEST_IS || same->a != f->a) continue;
      asked++;
      hold += holds >> k & 1u;
    }
    while (names_value((cpm_field)f->a, values + 1)) values++;
    if (hold > 1 || (hold == 0 && asked == values)) return false;
  }
  return true;
}

static bool rows_can_be(const rows_pick *p, uint32_t holds) { return rows_can_be_of(p, holds, UINT32_MAX); }

static bool rows_holds(const rows_pick *p, const promela_row *row, uint32_t holds) {
  for (size_t k = 0; k < CPMI_GUARD && row->r.when[k]; k++)
    if ((holds >> rows_place(p, rows_fact(row->r.when[k])) & 1u) != (row->r.when[k] > 0)) return false;
  return true;
}

/* Index of the row, or s->n. */
static size_t rows_first(const rows_pick *p, uint32_t holds) {
  size_t i = 0;
  while (i < p->s->n && !(rows_is_for(&p->s->rows[i], p->state, p->event) && rows_holds(p, &p->s->rows[i], holds))) i++;
  return i;
}

static size_t rows_outcome(const rows_pick *p, uint32_t holds) {
  const size_t i = rows_first(p, holds);
  return i < p->s->n ? p->s->rows[i].outcome : i;
}

/* The fact, or all facts about the same ENUM: they change together. */
static uint32_t rows_together(const rows_pick *p, size_t i) {
  const cpmi_fact *f = &cpmi_facts[p->fact[i]];
  uint32_t all = UINT32_C(1) << i;
  for (size_t k = 0; k < p->n && f->test == CPMI_TEST_IS; k++)
    if (cpmi_facts[p->fact[k]].test == CPMI_TEST_IS && cpmi_facts[p->fact[k]].a == f->a) all |= UINT32_C(1) << k;
  return all;
}

static bool rows_differ(const rows_pick *p, uint32_t holds, uint32_t together) {
  for (uint32_t part = together;; part = (part - 1) & together) {
    const uint32_t other = (holds & ~together) | part;
    if (rows_can_be(p, other) && rows_outcome(p, holds) != rows_outcome(p, other)) return true;
    if (part == 0) return false;
  }
}

/* Facts that change what happens. */
static uint32_t rows_matter(const rows_pick *p) {
  uint32_t matter = 0;
  for (uint32_t holds = 0; holds < UINT32_C(1) << p->n; holds++)
    for (size_t i = 0; i < p->n && rows_can_be(p, holds); i++)
      if (!(matter >> i & 1u) && rows_differ(p, holds, rows_together(p, i))) matter |= rows_together(p, i);
  return matter;
}

static void rows_keep(rows_pick *p, uint32_t matter) {
  for (size_t i = 0; i < p->s->n; i++) {
    promela_row *row = &p->s->rows[i];
    for (size_t k = 0; rows_is_for(row, p->state, p->event) && k < CPMI_GUARD && row->r.when[k]; k++)
      if (matter >> rows_place(p, rows_fact(row->r.when[k])) & 1u) row->keep[p->state] |= (uint8_t)(1u << k);
  }
}

/* What makes no difference is taken not to hold. */
static void rows_weigh_at(promela *g, rows_pick *p) {
  if (!rows_collect(g, p)) return;
  const uint32_t matter = rows_matter(p);
  rows_keep(p, matter);
  for (uint32_t holds = 0; holds < UINT32_C(1) << p->n; holds++) {
    if ((holds & ~matter) || !rows_can_be_of(p, holds, matter)) continue;
    const size_t i = rows_first(p, holds);
    if (i < p->s->n) p->s->rows[i].possible |= UINT64_C(1) << p->state;
    else p->s->untaken[p->event] |= UINT64_C(1) << p->state;
  }
}

static bool rows_does_same(const promela_row *a, const promela_row *b) {
  return a->r.next == b->r.next && strcmp(a->body.p ? a->body.p : "", b->body.p ? b->body.p : "") == 0;
}

static bool rows_is_counter(const promela_side *s, unsigned field) {
  const cpmi_capture *c;
  for (size_t i = 0; i < s->n; i++)
    for (size_t k = 0; k < rows_count_ops(&s->rows[i].r); k++) {
      const cpmi_op *op = &s->rows[i].r.ops[k];
      if ((op->op == CPMI_OP_ADD || op->op == CPMI_OP_SUB || op->op == CPMI_OP_TAKE) && op->b == field) return true;
      if (op->op == CPMI_OP_TAKE && op->a == field) return true;
    }
  for (size_t i = 0; (c = cpmi_capture_at(s->m, i)) != NULL; i++)
    if (c->field == field && c->source == CPMI_FROM_PLUS_LEN) return true;
  return false;
}

static void rows_need(promela_side *s, unsigned field) {
  promela_side *owner = (promela_side *)(uintptr_t)promela_owner(s, field);
  if (!promela_has_field(owner, field)) return;
  owner->needed[field] = true;
  owner->counts[field] = rows_is_counter(owner, field);
}

static void rows_need_fact(promela_side *s, unsigned event, unsigned fact) {
  const cpmi_fact *f = &cpmi_facts[fact];
  switch (f->test) {
  case CPMI_TEST_SET:
    if (!promela_captured_here(s, event, f->a) || rows_is_counter(promela_owner(s, f->a), f->a)) rows_need(s, f->a);
    break;
  case CPMI_TEST_LAST:
  case CPMI_TEST_LESS:
    rows_need(s, f->b);
    rows_need(s, f->a);
    break;
  case CPMI_TEST_EQUALS:
    if (!promela_captured_here(s, event, f->a)) rows_need(s, f->a);
    break;
  case CPMI_TEST_IS:
    if (!rows_is_wish(s, f->a)) rows_need(s, f->a);
    break;
  case CPMI_TEST_AGENT:
  case CPMI_TEST_POLICY:
  case CPMI_TEST_BELOW: ((promela_side *)(uintptr_t)(s->call ? s->call : s))->agent[fact] = true; break;
  default: break;
  }
}

static void rows_need_op(promela_side *s, const cpmi_op *op) {
  switch (op->op) {
  case CPMI_OP_FETCH:  rows_need(s, op->b); break;
  case CPMI_OP_TAKE:   rows_need(s, op->b); rows_need(s, op->a); break;
  case CPMI_OP_REPLY:
  case CPMI_OP_REFUSE: rows_need(s, promela_transaction(s)); break;
  default: break;
  }
}

bool promela_keeps_alive(const promela_row *row) {
  for (size_t k = 0; row->event == CPM_EVENT_timer_session && k < rows_count_ops(&row->r); k++) {
    const cpmi_op *op = &row->r.ops[k];
    const bool again = op->op == CPMI_OP_SEND && cpmi_recipes[op->b]->kind == CPMI_RECIPE_IN_DIALOG;
    if (again && (cpmi_recipes[op->b]->start == CPM_METHOD_INVITE || cpmi_recipes[op->b]->start == CPM_METHOD_UPDATE)) return true;
  }
  return false;
}

/* `binds` is what the world says of the chunk. */
static void rows_need_row(promela_side *s, const promela_row *row) {
  unsigned kept = 0;
  for (unsigned state = 0; state < CPMI_STATE_COUNT; state++) kept |= row->keep[state];
  for (size_t k = 0; k < CPMI_GUARD && row->r.when[k]; k++) {
    const unsigned fact = rows_fact(row->r.when[k]);
    if (!(kept >> k & 1u)) continue;
    rows_need_fact(s, row->event, fact);
    if (cpmi_facts[fact].test == CPMI_TEST_SET && cpmi_facts[fact].a == CPM_FIELD_binds) rows_need(s, CPM_FIELD_binds);
  }
  for (size_t k = 0; k < rows_count_ops(&row->r); k++) rows_need_op(s, &row->r.ops[k]);
  if (promela_keeps_alive(row)) rows_need(s, CPM_FIELD_we_refresh);
}

void promela_weigh(promela *g, promela_side *s) {
  for (size_t i = 0; i < s->n; i++) {
    s->rows[i].outcome = 0;
    while (!rows_does_same(&s->rows[s->rows[i].outcome], &s->rows[i])) s->rows[i].outcome++;
    s->rows[i].possible = 0;
    memset(s->rows[i].keep, 0, sizeof s->rows[i].keep);
  }
  memset(s->untaken, 0, sizeof s->untaken);
  for (unsigned state = 0; state < CPMI_STATE_COUNT; state++)
    for (unsigned event = 0; event < CPM_EVENT_COUNT; event++) {
      rows_pick p = { s, state, event, { 0 }, 0 };
      if (promela_taking(s, event) >> state & 1u) rows_weigh_at(g, &p);
    }
  for (size_t i = 0; i < s->n; i++) rows_need_row(s, &s->rows[i]);
}

/* ---- chosen when they are asked for ------------------------------------------------------------------------------------ */

/* What is asked for only where an event from outside comes can be chosen then, and is kept from there on. */
static bool rows_asks_inside(const promela_side *s, unsigned fact) {
  for (size_t i = 0; i < s->n; i++)
    for (size_t k = 0; k < CPMI_GUARD && s->rows[i].r.when[k]; k++)
      if (rows_fact(s->rows[i].r.when[k]) == fact && cpmi_kind_of(s->rows[i].event) == CPMI_INNER) return true;
  return false;
}

bool promela_is_late(const promela_side *s, unsigned fact) {
  const promela_side *call = s->call ? s->call : s;
  return !rows_asks_inside(call, fact) && (!call->legs || !rows_asks_inside(call->legs, fact));
}

/* Facts of the agent that rows for the event ask for, and the states in which they do. */
uint64_t promela_asking(const promela_side *s, unsigned event, unsigned fact) {
  uint64_t set = 0;
  for (size_t i = 0; i < s->n; i++)
    for (size_t k = 0; k < CPMI_GUARD && s->rows[i].r.when[k]; k++)
      for (unsigned state = 0; s->rows[i].event == event && rows_fact(s->rows[i].r.when[k]) == fact && state < CPMI_STATE_COUNT; state++)
        if ((s->rows[i].states >> state & 1u) && (s->rows[i].keep[state] >> k & 1u)) set |= UINT64_C(1) << state;
  return set;
}

/* States that only the user leads out of: he has to, sooner or later. */
uint64_t promela_users(const promela_side *s) {
  uint64_t set = 0, other = 0;
  for (size_t i = 0; i < s->n; i++)
    if (cpmi_kind_of(s->rows[i].event) == CPMI_USER) set |= s->rows[i].states;
    else if (s->rows[i].r.next < CPMI_STATE_COUNT) other |= s->rows[i].states & ~(UINT64_C(1) << s->rows[i].r.next);
  return set & ~other;
}

/* ---- conditions ----------------------------------------------------------------------------------------------------- */

void promela_in(promela_text *t, const promela_side *s, uint64_t states) {
  const char *gap = "";
  promela_put(t, "(");
  for (unsigned state = 0; state < CPMI_STATE_COUNT; state++)
    if (states & s->states & UINT64_C(1) << state) {
      promela_put(t, "%s", gap);
      promela_name(t, s, "st");
      promela_put(t, " == %s%s", s->me, cpmi_state_name(state));
      gap = " || ";
    }
  promela_put(t, "%s)", *gap ? "" : "false");
}

/* The literals of the guard that make a difference; false: one of them is not known. */
static bool rows_put_guard(promela_text *t, const promela_side *s, const promela_row *row, unsigned state) {
  bool known = true;
  const char *gap = "";
  for (size_t k = 0; k < CPMI_GUARD && row->r.when[k]; k++) {
    const unsigned fact = rows_fact(row->r.when[k]);
    if (!(row->keep[state] >> k & 1u)) continue;
    if (!rows_is_known(s, row->event, fact)) { known = false; continue; }
    promela_put(t, "%s%s(", gap, row->r.when[k] < 0 ? "!" : "");
    rows_put_fact(t, s, fact);
    promela_put(t, ")");
    gap = " && ";
  }
  return known;
}

static void rows_put_condition(promela_text *t, const promela_side *s, const promela_row *row, unsigned state) {
  promela_text guard = { NULL, 0, 0 };
  for (const promela_row *r = s->rows; r < row; r++) {
    if (!rows_is_for(r, state, row->event) || !(r->possible >> state & 1u)) continue;
    guard.n = 0;
    promela_put(&guard, "%s", "");
    if (rows_put_guard(&guard, s, r, state) && guard.n) promela_put(t, " && !(%s)", guard.p);
  }
  guard.n = 0;
  promela_put(&guard, "%s", "");
  rows_put_guard(&guard, s, row, state);
  if (guard.n) promela_put(t, " && %s", guard.p);
  free(guard.p);
}

/* States in which the row has the same condition as in the lowest of `states`. */
static uint64_t rows_alike(const promela_side *s, const promela_row *row, uint64_t states, promela_text *condition) {
  promela_text other = { NULL, 0, 0 };
  uint64_t same = 0;
  for (unsigned state = 0; state < CPMI_STATE_COUNT; state++) {
    if (!(states >> state & 1u)) continue;
    other.n = 0;
    promela_put(&other, "%s", "");
    rows_put_condition(&other, s, row, state);
    if (!same) promela_put(condition, "%s", other.p);
    if (!same || strcmp(condition->p, other.p) == 0) same |= UINT64_C(1) << state;
  }
  free(other.p);
  return same;
}

void promela_choices(promela *g, promela_side *s, unsigned event, promela_put_choice *put, void *with) {
  for (size_t i = 0; i < s->n; i++) {
    promela_row *row = &s->rows[i];
    for (uint64_t states = row->event == event ? row->possible : 0, same; states; states &= ~same) {
      promela_text condition = { NULL, 0, 0 }, all = { NULL, 0, 0 };
      promela_put(&condition, "%s", "");
      same = rows_alike(s, row, states, &condition);
      promela_in(&all, s, same);
      promela_put(&all, "%s", condition.p);
      put(g, s, row, all.p, with);
      free(condition.p);
      free(all.p);
    }
  }
}

/* ---- fields that are still looked at ---------------------------------------------------------------------------------- */

static bool rows_looks(const promela_side *s, const promela_row *row, unsigned state, const promela_side *owner, unsigned field) {
  for (size_t k = 0; k < CPMI_GUARD && row->r.when[k]; k++) {
    const cpmi_fact *f = &cpmi_facts[rows_fact(row->r.when[k])];
    const bool two = f->test == CPMI_TEST_LAST || f->test == CPMI_TEST_LESS;
    const bool one = two || f->test == CPMI_TEST_IS || f->test == CPMI_TEST_SET || f->test == CPMI_TEST_EQUALS;
    if (!(row->keep[state] >> k & 1u) || promela_owner(s, field) != owner) continue;
    if (((one && f->a == field) || (two && f->b == field)) && !(promela_captured_here(s, row->event, field) && !owner->counts[field])) return true;
  }
  return false;
}

static bool rows_uses(const promela_side *s, const promela_row *row, const promela_side *owner, unsigned field) {
  if (promela_owner(s, field) != owner) return false;
  if (field == CPM_FIELD_we_refresh && promela_keeps_alive(row)) return true;
  for (size_t k = 0; k < rows_count_ops(&row->r); k++) {
    const cpmi_op *op = &row->r.ops[k];
    if (op->op == CPMI_OP_HOLD && op->b == field) return false;   /* before it is used */
    if ((op->op == CPMI_OP_REPLY || op->op == CPMI_OP_REFUSE) && field == promela_transaction(s)) return true;
    if ((op->op == CPMI_OP_ADD || op->op == CPMI_OP_SUB || op->op == CPMI_OP_FETCH || op->op == CPMI_OP_TAKE) && op->b == field) return true;
    if (op->op == CPMI_OP_TAKE && op->a == field) return true;
  }
  return owner->counts[field] && promela_captured_here(s, row->event, field);
}

static bool rows_asks(const promela_row *row, unsigned state, unsigned fact) {
  for (size_t k = 0; k < CPMI_GUARD && row->r.when[k]; k++)
    if (rows_fact(row->r.when[k]) == fact && (row->keep[state] >> k & 1u)) return true;
  return false;
}

/* States from which rows lead to one of the set. */
static uint64_t rows_before(const promela_side *s, uint64_t set, unsigned field) {
  for (uint64_t before = 0; before != set;) {
    before = set;
    for (size_t i = 0; i < s->n; i++) {
      const promela_row *row = &s->rows[i];
      const bool set_here = field && promela_captured_here(s, row->event, field) && !s->counts[field];
      if (row->r.next < CPMI_STATE_COUNT && (set >> row->r.next & 1u) && !set_here) set |= row->possible;
    }
  }
  return set;
}

static uint64_t rows_reading(const promela_side *s, const promela_side *owner, unsigned field) {
  uint64_t set = 0;
  for (size_t i = 0; i < s->n; i++)
    for (unsigned state = 0; state < CPMI_STATE_COUNT; state++)
      if ((s->rows[i].possible >> state & 1u) && (rows_uses(s, &s->rows[i], owner, field) || rows_looks(s, &s->rows[i], state, owner, field)))
        set |= UINT64_C(1) << state;
  return set;
}

static uint64_t rows_asking(const promela_side *s, unsigned fact) {
  uint64_t set = 0;
  for (size_t i = 0; i < s->n; i++)
    for (unsigned state = 0; state < CPMI_STATE_COUNT; state++)
      if ((s->rows[i].possible >> state & 1u) && rows_asks(&s->rows[i], state, fact)) set |= UINT64_C(1) << state;
  return set;
}

/* Backwards over the rows. What a leg looks at in its call counts in every state. */
void promela_live(promela_side *s) {
  const uint64_t legs = ~(UINT64_C(1) << CPMI_STATE_ended);
  for (unsigned f = 1; f < CPM_FIELD_COUNT; f++) {
    if (!s->needed[f]) continue;
    s->live[f] = s->legs && rows_reading(s->legs, s, f) ? legs : rows_before(s, rows_reading(s, s, f), f);
  }
  for (unsigned f = 0; f < CPMI_FACT_COUNT; f++) {
    if (!s->agent[f]) continue;
    s->asked[f] = s->legs && rows_asking(s->legs, f) ? legs : rows_before(s, rows_asking(s, f), 0);
  }
}
