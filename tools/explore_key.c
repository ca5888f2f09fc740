/* SPDX-License-Identifier: MIT */
/* explore_key.c - two nodes are the same if nothing that still matters tells them apart: fields that no row and no recipe from here
 * on reads are left out, texts count as there or not there, numbers that nothing counts or weighs as 0 or not 0, and legs are interchangeable. What was asked for is not looked at
 * either: the world only brings answers that it owes. */
#include "explore.h"
#include "reads.h"
#include <stdlib.h>
#include <string.h>

/* Fields that matter in a state of the call, and in a state of a leg. */
static uint8_t key_call[CPMI_STATE_COUNT][CPM_FIELD_COUNT], key_leg[CPMI_STATE_COUNT][CPM_FIELD_COUNT];

/* Texts whose value decides: facts hold them against each other. */
static uint8_t key_compared[CPM_FIELD_COUNT];

/* Numbers whose value decides: facts weigh them, ops count them. */
static uint8_t key_weighed[CPM_FIELD_COUNT];

/* ---- what reads which field --------------------------------------------------------------------------------------- */

static void key_give(void *set, unsigned field) { ((uint8_t *)set)[field] = 1; }

/* Facts that look at more of texts than whether they are there. */
static void key_guard(void *set, const int16_t *when) {
  for (unsigned i = 0, fact; (fact = reads_next(when, &i)) != 0;) {
    const unsigned test = cpmi_facts[fact].test;
    if (test != CPMI_TEST_SET) reads_of_fact(&cpmi_facts[fact], key_give, key_weighed);
    if (test == CPMI_TEST_EQUAL || test == CPMI_TEST_ADDRESSES || test == CPMI_TEST_TOP_TYPE)
      reads_of_fact(&cpmi_facts[fact], key_give, set);
  }
}

/* Captures that set or unset their field whatever the event brings: what it was does not matter to rows of that event. */
static bool key_overwrites(const cpmi_capture *g) {
  switch (g->source) {
  case CPMI_FROM_ARG:
  case CPMI_FROM_ARRIVED:
  case CPMI_FROM_LENGTH_OF:
  case CPMI_FROM_OFFER:
  case CPMI_FROM_PLUS_LEN:
  case CPMI_FROM_INTERVAL:
  case CPMI_FROM_REACH:
  case CPMI_FROM_LEADING_OF:
  case CPMI_FROM_IDENT:
  case CPMI_FROM_FRESH:
  case CPMI_FROM_REQUEST:
  case CPMI_FROM_PARTS:
  case CPMI_FROM_WHOLE:
  case CPMI_FROM_LIST:
  case CPMI_FROM_MEMBERS:
  case CPMI_FROM_CONTENT: return false;
  default: return true;
  }
}

/* Does it look at a field? What it only counts matters if somebody else looks. */
static bool key_looks(unsigned op) { return op != CPMI_OP_HOLD && op != CPMI_OP_MARK && op != CPMI_OP_ADD && op != CPMI_OP_SUB; }

static void key_row(const cpm_machine *m, bool leg, unsigned event, const cpmi_row *row, uint8_t *set) {
  uint8_t reads[CPM_FIELD_COUNT] = { 0 };
  const reads_want want = { key_guard, NULL, key_compared }, fields = { NULL, key_give, reads };
  const cpmi_capture *g;
  reads_of_row(row, &want);
  reads_of_row(row, &fields);
  for (size_t i = 0; i < CPMI_OPS_A_ROW; i++)
    if (key_looks(row->ops[i].op)) reads_of_op(&row->ops[i], key_give, reads);
  for (size_t i = 0; i < CPMI_OPS_A_ROW; i++)
    if (row->ops[i].op != CPMI_OP_START) reads_of_op(&row->ops[i], key_give, key_weighed);
  for (size_t i = 0; (g = cpmi_capture_at(m, i)) != NULL; i++)
    if (g->event == event && (g->leg != 0) == leg && key_overwrites(g)) reads[g->field] = 0;
  for (unsigned f = 0; f < CPM_FIELD_COUNT; f++) set[f] |= reads[f];
}

/* ---- where rows lead ---------------------------------------------------------------------------------------------- */

uint64_t explore_reach(const cpm_machine *m, bool leg, unsigned from) {
  uint64_t reach = UINT64_C(1) << from;
  for (bool more = true; more;) {
    more = false;
    for (cpmi_row_walk w = cpmi_walk_rows(m, leg); cpmi_next_row(&w);) {
      if (!(cpmi_state_set(w.state) & reach) || w.r->next >= CPMI_STATE_COUNT || (reach >> w.r->next & 1u)) continue;
      reach |= UINT64_C(1) << w.r->next;
      more = true;
    }
  }
  return reach;
}

static void key_live(const cpm_machine *m, bool leg, unsigned state, uint8_t *set) {
  const uint64_t reach = explore_reach(m, leg, state);
  for (cpmi_row_walk w = cpmi_walk_rows(m, leg); cpmi_next_row(&w);)
    if (cpmi_state_set(w.state) & reach) key_row(m, leg, w.event, w.r, set);
}

void explore_key_prepare(const cpm_machine *m) {
  memset(key_call, 0, sizeof key_call);
  memset(key_leg, 0, sizeof key_leg);
  memset(key_compared, 0, sizeof key_compared);
  memset(key_weighed, 0, sizeof key_weighed);
  for (unsigned s = 0; s < CPMI_STATE_COUNT; s++) {
    if (s == CPMI_STATE_ended) continue;
    key_live(m, false, s, key_call[s]);
    if (!(cpmi_state_set(CPMI_STATE_over) >> s & 1u)) key_live(m, true, s, key_leg[s]);
    if (m->leg_states.n) key_live(m, true, m->leg_init, key_call[s]); /* legs read the call's fields too */
  }
}

/* ---- a key -------------------------------------------------------------------------------------------------------- */

typedef struct key_out {
  unsigned char *p;
  size_t n;
} key_out;

static void key_put(key_out *o, const void *p, size_t n) {
  if (o->n + n > EXPLORE_KEY) abort();
  memcpy(o->p + o->n, p, n);
  o->n += n;
}

static uint64_t key_hash(cpm_str text) {
  uint64_t h = UINT64_C(14695981039346656037);
  for (size_t i = 0; i < text.n; i++) h = (h ^ (unsigned char)text.p[i]) * UINT64_C(1099511628211);
  return h;
}

/* Of a text it counts that it is there, and whether it hides who somebody is; of one that is compared, what it says. */
static uint64_t key_value(const cpm_proc *p, const cpm_machine *m, uint32_t leg, cpm_field f) {
  static const cpm_str anonymous = CPM_STR(CPM_ANONYMOUS_URI);
  const cpmi_type type = cpmi_field_type(f);
  if (type == CPMI_SPANS_OF) return key_hash(cpmi_text(p, m, leg, f));
  if (type == CPMI_TXN || (cpmi_is_record(type) && !cpmi_is_text(type))) return 1;
  const uint64_t number = (uint64_t)cpmi_number(p, m, leg, f);
  if (type == CPMI_NUMBER && !key_weighed[f]) return number != 0;
  if (!cpmi_is_text(type)) return number;
  const cpm_str text = cpmi_text(p, m, leg, f);
  if (key_compared[f]) return key_hash(text);
  return cpm_str_eq(text, anonymous) ? 2 : 1;
}

static void key_fields(key_out *o, const cpm_proc *p, const cpm_machine *m, uint32_t leg, const uint8_t *live) {
  const cpmi_names names = leg == CPM_NO_LEG ? m->fields : m->leg_fields;
  const uint64_t set = leg == CPM_NO_LEG ? p->set : cpmi_leg_at(p, m, leg)->set;
  for (size_t i = 0; i < names.n; i++) {
    if (!live[names.p[i]]) continue;
    const bool there = set >> i & 1u;
    const uint64_t value = there ? key_value(p, m, leg, (cpm_field)names.p[i]) : 0;
    key_put(o, &there, 1);
    key_put(o, &value, sizeof value);
  }
}

typedef struct key_of_leg {
  unsigned char bytes[512];
  size_t n;
} key_of_leg;

/* Answers that only come late once a leg is over tell no nodes apart. */
static explore_side key_side(const explore_side *s, bool over) {
  explore_side side = *s;
  if (over) {
    side.ask = side.fetch = side.push = side.next = 0;
    memset(side.sent, 0, sizeof side.sent);
  }
  return side;
}

static void key_one_leg(const cpm_proc *p, const cpm_machine *m, const explore_world *w, uint32_t k, key_of_leg *out) {
  const cpmi_leg *l = cpmi_leg_at(p, m, k);
  const bool over = (cpmi_state_set(CPMI_STATE_over) >> l->state & 1u) != 0;
  const explore_side side = key_side(&w->side[k + 1], over);
  key_out o = { out->bytes, 0 };
  const unsigned char head[2] = { l->state, over ? 0 : l->kind };
  key_put(&o, head, sizeof head);
  key_fields(&o, p, m, k, key_leg[l->state]);
  key_put(&o, &side, sizeof side);
  if (o.n > sizeof out->bytes) abort();
  out->n = o.n;
}

static int key_compare(const void *a, const void *b) {
  const key_of_leg *x = a, *y = b;
  const int c = memcmp(x->bytes, y->bytes, x->n < y->n ? x->n : y->n);
  return c ? c : (x->n > y->n) - (x->n < y->n);
}

size_t explore_key(const explore_run *r, const cpm_proc *p, const explore_world *w, unsigned char key[EXPLORE_KEY]) {
  const cpm_machine *m = r->c.m;
  key_of_leg legs[EXPLORE_LEGS];
  key_out o = { key, 0 };
  const unsigned char head[] = { p->state,  p->over,     w->agent,    w->begun,   w->done,  w->stored[CPM_ITEM_ticket],
                                 w->chunks, w->complete, w->notified, w->no_cpim, w->shown, w->shown_by };
  key_put(&o, head, sizeof head);
  if (w->done) return o.n;
  key_put(&o, w->stored, sizeof w->stored);
  key_put(&o, w->log, sizeof w->log);
  const unsigned char chunks[] = { w->failed, w->answered, w->external, w->begins };
  key_put(&o, chunks, sizeof chunks);
  key_fields(&o, p, m, CPM_NO_LEG, key_call[p->state]);
  key_put(&o, &w->side[0], sizeof w->side[0]);
  const uint32_t n = p->nlegs < EXPLORE_LEGS ? p->nlegs : EXPLORE_LEGS;
  for (uint32_t k = 0; k < n; k++) key_one_leg(p, m, w, k, &legs[k]);
  qsort(legs, n, sizeof *legs, key_compare);
  for (uint32_t k = 0; k < n; k++) key_put(&o, legs[k].bytes, legs[k].n);
  return o.n;
}
