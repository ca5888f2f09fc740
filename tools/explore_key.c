/* SPDX-License-Identifier: MIT */
/* explore_key.c - two nodes are the same if nothing that still matters tells them apart: fields that no row and no recipe from here
 * on reads are left out, texts count as there or not there, and legs are interchangeable. What was asked for is not looked at
 * either: the world only brings answers that it owes. */
#include "explore.h"
#include <stdlib.h>
#include <string.h>

/* Fields that matter in a state of the call, and in a state of a leg. */
static uint8_t key_call[CPMI_STATE_COUNT][CPM_FIELD_COUNT], key_leg[CPMI_STATE_COUNT][CPM_FIELD_COUNT];

/* ---- what reads which field --------------------------------------------------------------------------------------- */

static void key_facts(uint8_t *set, const int16_t *when);

static void key_line(uint8_t *set, const cpmi_line *line) {
  switch (line->value) {
  case CPMI_VALUE_CTX:
  case CPMI_VALUE_ADDR:
  case CPMI_VALUE_REPORT:
  case CPMI_VALUE_CONTENT:
  case CPMI_VALUE_PARTS:
  case CPMI_VALUE_LIST:
  case CPMI_VALUE_LIST_PLUS: set[line->what] = 1; break;
  case CPMI_VALUE_IMDN: set[CPM_FIELD_message_id] = set[CPM_FIELD_sent_at_text] = 1; break;
  default: break;
  }
}

static void key_recipe(uint8_t *set, const cpmi_recipe *r, unsigned depth) {
  for (size_t i = 0; i < r->nlines; i++) {
    key_facts(set, r->lines[i].when);
    key_line(set, &r->lines[i]);
    if (r->lines[i].value == CPMI_VALUE_RECIPE && depth < 8) key_recipe(set, cpmi_recipes[r->lines[i].what], depth + 1);
  }
}

static void key_facts(uint8_t *set, const int16_t *when) {
  for (int i = 0; i < CPMI_GUARD && when[i]; i++) {
    const cpmi_fact *f = &cpmi_facts[when[i] > 0 ? when[i] : -when[i]];
    switch (f->test) {
    case CPMI_TEST_IS:
    case CPMI_TEST_SET:
    case CPMI_TEST_OVER:
    case CPMI_TEST_REACHES:
    case CPMI_TEST_TOP_TYPE:
    case CPMI_TEST_ONE:
    case CPMI_TEST_HAS_BIT: set[f->a] = 1; break;
    case CPMI_TEST_LAST: set[f->a] = set[f->b] = 1; break;
    default: break;
    }
  }
}

static void key_row(uint8_t *set, const cpmi_row *row) {
  key_facts(set, row->when);
  for (size_t i = 0; i < CPMI_OPS_A_ROW; i++) {
    const cpmi_op *op = &row->ops[i];
    if (op->op == CPMI_OP_SEND || op->op == CPMI_OP_REPLY || op->op == CPMI_OP_PUSH) key_recipe(set, cpmi_recipes[op->b], 0);
    if (op->op == CPMI_OP_FETCH || op->op == CPMI_OP_ADD || op->op == CPMI_OP_SUB) set[op->b] = 1;
  }
}

/* ---- where rows lead ---------------------------------------------------------------------------------------------- */

static uint64_t key_reach(const cpm_machine *m, bool leg, unsigned from) {
  uint64_t reach = UINT64_C(1) << from;
  for (bool more = true; more;) {
    const cpmi_row *row;
    unsigned of = 0;
    more = false;
    for (size_t i = 0; (row = cpmi_row_at(m, leg, i)) != NULL; i++) {
      if (row->state != CPMI_STATE_) of = row->state;
      if (!(cpmi_state_set(of) & reach) || row->next >= CPMI_STATE_COUNT || (reach >> row->next & 1u)) continue;
      reach |= UINT64_C(1) << row->next;
      more = true;
    }
  }
  return reach;
}

static void key_live(const cpm_machine *m, bool leg, unsigned state, uint8_t *set) {
  const uint64_t reach = key_reach(m, leg, state);
  const cpmi_row *row;
  unsigned of = 0;
  for (size_t i = 0; (row = cpmi_row_at(m, leg, i)) != NULL; i++) {
    if (row->state != CPMI_STATE_) of = row->state;
    if (cpmi_state_set(of) & reach) key_row(set, row);
  }
}

void explore_key_prepare(const cpm_machine *m) {
  memset(key_call, 0, sizeof key_call);
  memset(key_leg, 0, sizeof key_leg);
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

static void key_fields(key_out *o, cpmi_names names, const cpmi_slot *slots, uint64_t set, const uint8_t *live) {
  for (size_t i = 0; i < names.n; i++) {
    if (!live[names.p[i]]) continue;
    const cpmi_type type = cpmi_field_type((cpm_field)names.p[i]);
    const bool there = set >> i & 1u;
    const uint64_t value = !there ? 0 : cpmi_is_record(type) || type == CPMI_TXN ? 1 : slots[i];
    key_put(o, &there, 1);
    key_put(o, &value, sizeof value);
  }
}

typedef struct key_of_leg {
  unsigned char bytes[256];
  size_t n;
} key_of_leg;

/* Answers that only come late once a leg is over tell no nodes apart. */
static explore_side key_side(const explore_side *s, bool over) {
  explore_side side = *s;
  if (over) side.ask = side.fetch = side.push = side.next = 0;
  return side;
}

static void key_one_leg(const cpm_proc *p, const cpm_machine *m, const explore_world *w, uint32_t k, key_of_leg *out) {
  const cpmi_leg *l = cpmi_leg_at(p, m, k);
  const bool over = (cpmi_state_set(CPMI_STATE_over) >> l->state & 1u) != 0;
  const explore_side side = key_side(&w->side[k + 1], over);
  key_out o = { out->bytes, 0 };
  const unsigned char head[2] = { l->state, over ? 0 : l->kind };
  key_put(&o, head, sizeof head);
  key_fields(&o, m->leg_fields, l->slots, l->set, key_leg[l->state]);
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
  const unsigned char head[7] = { p->state, p->over, w->agent, w->begun, w->done, w->chunks, w->complete };
  key_put(&o, head, sizeof head);
  if (w->done) return o.n;
  key_put(&o, w->stored, sizeof w->stored);
  key_put(&o, w->log, sizeof w->log);
  key_fields(&o, m->fields, p->slots, p->set, key_call[p->state]);
  key_put(&o, &w->side[0], sizeof w->side[0]);
  const uint32_t n = p->nlegs < EXPLORE_LEGS ? p->nlegs : EXPLORE_LEGS;
  for (uint32_t k = 0; k < n; k++) key_one_leg(p, m, w, k, &legs[k]);
  qsort(legs, n, sizeof *legs, key_compare);
  for (uint32_t k = 0; k < n; k++) key_put(&o, legs[k].bytes, legs[k].n);
  return o.n;
}
