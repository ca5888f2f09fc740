/* SPDX-License-Identifier: MIT */
/* check_shape.c - what a row may hold: ops in their places, timers, clauses, answers that find a row. */
#include "check.h"
#include <string.h>

#define SHAPE_BIT(event) (UINT64_C(1) << CPM_EVENT_##event)

static size_t shape_count(const cpmi_row *r, unsigned op) {
  size_t n = 0;
  for (size_t i = 0; i < CPMI_OPS_A_ROW; i++) n += r->ops[i].op == op;
  return n;
}

static size_t shape_ops(const cpmi_row *r) {
  size_t n = 0;
  while (n < CPMI_OPS_A_ROW && r->ops[n].op != CPMI_OP_END) n++;
  return n;
}

static bool shape_is_over(const check_row *row, unsigned state) {
  return row->leg ? (cpmi_state_set(CPMI_STATE_over) >> state & 1u) != 0 : state == CPMI_STATE_ended;
}

static bool shape_has_row(const check_rows *rows, unsigned state, unsigned event) {
  for (size_t i = 0; i < rows->n; i++)
    if (rows->row[i].event == event && (rows->row[i].states >> state & 1u)) return true;
  return false;
}

static bool shape_names_event(const check_rows *rows, unsigned event) {
  for (size_t i = 0; i < rows->n; i++)
    if (rows->row[i].event == event) return true;
  return false;
}

/* Has some row this op with that operand? */
static bool shape_does(const check_rows *rows, unsigned op, unsigned b) {
  for (size_t i = 0; i < rows->n; i++)
    for (size_t k = 0; k < CPMI_OPS_A_ROW; k++)
      if (rows->row[i].r->ops[k].op == op && rows->row[i].r->ops[k].b == b) return true;
  return false;
}

/* ---- one row ------------------------------------------------------------------------------------------------------ */

static void shape_bulk(check *c, const check_row *row) {
  const cpmi_row *r = row->r;
  size_t bulk = 0;
  for (size_t i = 0; i < shape_ops(r); i++) bulk += cpmi_op_is_bulk(r->ops[i].op);
  const size_t raises = shape_count(r, CPMI_OP_RAISE);
  if (!row->leg && bulk > 1) check_say(c, "%s: more than one of FORK, SPLIT, REFORK, FILES, OFFERED, EACH, MATCH", check_row_name(row));
  if (!row->leg && raises) check_say(c, "%s: a call has nobody to RAISE to", check_row_name(row));
  if (row->leg && bulk) check_say(c, "%s: FORK, SPLIT, REFORK, FILES, OFFERED, EACH and MATCH are the call's", check_row_name(row));
  if (row->leg && raises > 1) check_say(c, "%s: more than one RAISE", check_row_name(row));
  if (row->leg && shape_count(r, CPMI_OP_DONE)) check_say(c, "%s: DONE is the call's", check_row_name(row));
}

/* Rows that a bulk op reaches are undone by counting back: they change nothing but state and counters. */
static void shape_reached_by_bulk(check *c, const check_row *row) {
  if (!row->leg || cpmi_kind_of(row->event) != CPMI_INNER) return;
  for (size_t i = 0; i < shape_ops(row->r); i++) {
    const unsigned op = row->r->ops[i].op;
    if (op != CPMI_OP_NOTHING && op != CPMI_OP_ADD && op != CPMI_OP_SUB && !cpmi_op_is_effect(op))
      check_say(c, "%s: %s in a row that EACH or FORK reaches", check_row_name(row), names_op(op));
  }
}

static void shape_next(check *c, const check_row *row) {
  const cpmi_row *r = row->r;
  const size_t n = shape_ops(r);
  const bool done = shape_count(r, CPMI_OP_DONE) != 0, stays = r->next == CPMI_STATE_stays;
  if (r->ignore) return;
  if (stays && row->state < CPMI_STATE_COUNT) check_say(c, "%s: `stays` under a single state", check_row_name(row));
  if (!stays && r->next >= CPMI_STATE_COUNT) check_say(c, "%s: the next state is a group", check_row_name(row));
  if (done && r->ops[n - 1].op != CPMI_OP_DONE) check_say(c, "%s: an op stands behind DONE", check_row_name(row));
  if (!row->leg && !stays && done != (r->next == CPMI_STATE_ended))
    check_say(c, "%s: DONE and the state `ended` go together", check_row_name(row));
  if (n == 0) check_say(c, "%s: has no op", check_row_name(row));
  if (shape_count(r, CPMI_OP_NOTHING) && n > 1) check_say(c, "%s: NOTHING beside other ops", check_row_name(row));
}

/* ---- events ------------------------------------------------------------------------------------------------------- */

static bool shape_any_op(const check_rows *rows, unsigned op) {
  for (size_t i = 0; i < rows->n; i++)
    if (shape_count(rows->row[i].r, op)) return true;
  return false;
}

static bool shape_makes_legs(const check_rows *rows) {
  for (unsigned op = CPMI_OP_END + 1; op < CPMI_OP_COUNT; op++)
    if (cpmi_op_makes_legs(op) && shape_any_op(rows, op)) return true;
  return false;
}

/* Does anything bring this event? */
static bool shape_comes(const check_rows *call, const check_rows *leg, const check_row *row) {
  if (row->event == CPM_EVENT_go) return row->leg && shape_makes_legs(call);
  if (cpmi_kind_of(row->event) != CPMI_INNER) return true;
  return row->leg ? shape_does(call, CPMI_OP_EACH, row->event) || shape_does(call, CPMI_OP_MATCH, row->event) : shape_does(leg, CPMI_OP_RAISE, row->event);
}

static bool shape_is_enabled(const check_rows *rows, unsigned event) {
  for (size_t i = 0; i < rows->n; i++)
    for (size_t k = 0; k < CPMI_OPS_A_ROW; k++)
      if (event < CPMI_EVENTS_OUTSIDE && (cpmi_enables(&rows->row[i].r->ops[k]) >> event & 1u)) return true;
  return false;
}

static void shape_event(check *c, const check_rows *call, const check_rows *leg, const check_row *row) {
  const cpmi_event_kind kind = cpmi_kind_of(row->event);
  const bool answer = kind == CPMI_RESPONSE_IN || kind == CPMI_POLICY || kind == CPMI_TIMER_FIRED || kind == CPMI_STORE_IN;
  if (!shape_comes(call, leg, row)) check_say(c, "%s: nothing brings this event", check_row_name(row));
  /* what another procedure has fetched comes to the one that it enters */
  const bool handed = kind == CPMI_STORE_IN && !shape_any_op(call, CPMI_OP_FETCH) && !shape_any_op(leg, CPMI_OP_FETCH);
  if (answer && !handed && !shape_is_enabled(row->leg ? leg : call, row->event))
    check_say(c, "%s: nothing asks for this answer", check_row_name(row));
}

/* Later ops of the row that take back what an earlier one asked for. */
static uint64_t shape_taken_back(const cpmi_row *r, size_t from) {
  uint64_t set = 0;
  for (size_t i = from + 1; i < CPMI_OPS_A_ROW; i++) {
    const cpmi_op start = { CPMI_OP_START, 0, r->ops[i].b };
    if (r->ops[i].op == CPMI_OP_STOP) set |= cpmi_enables(&start);
    if (r->ops[i].op == CPMI_OP_CLOSE)
      set |= SHAPE_BIT(media_up) | SHAPE_BIT(media_down) | SHAPE_BIT(msrp_ok) | SHAPE_BIT(msrp_fail);
    if (r->ops[i].op == CPMI_OP_DONE) set = ~UINT64_C(0);
  }
  return set;
}

/* What an op asks for is taken, or deliberately ignored, in the state that the row leads to. */
static void shape_answers_in(check *c, const check_rows *rows, const check_row *row, size_t op, unsigned next) {
  const uint64_t asked = cpmi_enables(&row->r->ops[op]) & ~shape_taken_back(row->r, op);
  for (unsigned e = 0; e < CPMI_EVENTS_OUTSIDE; e++) {
    /* A connection says that it is writable to whoever paces itself by that. */
    if (!(asked >> e & 1u) || (e == CPM_EVENT_writable && !shape_names_event(rows, e))) continue;
    if (!shape_has_row(rows, next, e))
      check_say(c, "%s: %s asks for %s, which has no row in %s%s", check_row_name(row), names_op(row->r->ops[op].op),
                cpm_event_name((cpm_event_type)e), cpmi_state_name(next), shape_is_over(row, next) ? ", where all is over" : "");
  }
}

static void shape_answers(check *c, const check_rows *rows, const check_row *row) {
  for (size_t i = 0; i < shape_ops(row->r); i++)
    for (unsigned s = 0; s < CPMI_STATE_COUNT; s++)
      if (row->r->next == CPMI_STATE_stays ? row->states >> s & 1u : row->r->next == s) shape_answers_in(c, rows, row, i, s);
}

/* ---- ops that need something -------------------------------------------------------------------------------------- */

static bool shape_brings_members(const cpm_machine *m, unsigned event) {
  const cpmi_capture *g;
  for (size_t i = 0; (g = cpmi_capture_at(m, i)) != NULL; i++)
    if (g->event == event && (g->source == CPMI_FROM_MEMBERS || g->source == CPMI_FROM_RECIPIENTS)) return true;
  return false;
}

static void shape_recipe_kind(check *c, const check_row *row, const cpmi_op *op) {
  const cpmi_recipe *r = cpmi_recipes[op->b];
  const bool request = r->kind <= CPMI_RECIPE_FORKED;
  const bool fits = op->op == CPMI_OP_SEND    ? request
                    : op->op == CPMI_OP_REPLY ? r->kind == CPMI_RECIPE_RESPONSE
                                              : r->kind == CPMI_RECIPE_MSRP || r->kind == CPMI_RECIPE_MSRP_REPORT;
  if (r->kind == CPMI_RECIPE_FORKED && row->event != CPM_EVENT_invite_fork) check_say(c, "%s: %s without a fork", check_row_name(row), r->name);
  if (!fits) check_say(c, "%s: %s(%s): a recipe of another kind", check_row_name(row), names_op(op->op), r->name);
}

static void shape_op(check *c, const check_rows *call, const check_rows *leg, const check_row *row, const cpmi_op *op) {
  const char *name = names_op(op->op);
  const check_rows *own = row->leg ? leg : call;
  switch (op->op) {
  case CPMI_OP_SEND:
  case CPMI_OP_REPLY:
  case CPMI_OP_PUSH: shape_recipe_kind(c, row, op); break;
  case CPMI_OP_STOP:
    if (!shape_does(own, CPMI_OP_START, op->b)) check_say(c, "%s: STOP of a timer that nothing starts", check_row_name(row));
    break;
  case CPMI_OP_FETCH:
    if (!shape_does(call, CPMI_OP_STORE, op->a) && !shape_does(leg, CPMI_OP_STORE, op->a))
      check_say(c, "%s: FETCH of what nothing stores", check_row_name(row));
    break;
  case CPMI_OP_DROP:
    if (!shape_does(call, CPMI_OP_STORE, op->b) && !shape_does(leg, CPMI_OP_STORE, op->b))
      check_say(c, "%s: DROP of what nothing stores", check_row_name(row));
    break;
  case CPMI_OP_FORK:
    if (!shape_brings_members(c->m, row->event)) check_say(c, "%s: FORK, but the event brings no recipients", check_row_name(row));
    break;
  case CPMI_OP_SPLIT:
    if (cpmi_kind_of(row->event) != CPMI_REQUEST_IN && row->event != CPM_EVENT_on_loaded) check_say(c, "%s: SPLIT, but the event brings no message", check_row_name(row));
    break;
  case CPMI_OP_REFORK:
    if (cpmi_kind_of(row->event) != CPMI_INNER) check_say(c, "%s: REFORK, but no leg raised the event", check_row_name(row));
    break;
  case CPMI_OP_OFFERED:
  case CPMI_OP_MATCH:
  case CPMI_OP_EACH:
  case CPMI_OP_RAISE:
    if ((op->op == CPMI_OP_OFFERED || op->op == CPMI_OP_MATCH) && cpmi_kind_of(row->event) != CPMI_REQUEST_IN && cpmi_kind_of(row->event) != CPMI_RESPONSE_IN)
      check_say(c, "%s: %s, but the event brings no message", check_row_name(row), name);
    if (op->op == CPMI_OP_OFFERED) break;
    if (cpmi_kind_of(op->b) != CPMI_INNER) check_say(c, "%s: %s of an event from outside", check_row_name(row), name);
    if (cpmi_op_is_each(op->op) && !shape_names_event(leg, op->b))
      check_say(c, "%s: no leg has a row for %s", check_row_name(row), cpm_event_name((cpm_event_type)op->b));
    break;
  default: break;
  }
  if (cpmi_op_makes_legs(op->op) && !shape_has_row(leg, c->m->leg_init, CPM_EVENT_go))
    check_say(c, "%s: a new leg has no row for go", check_row_name(row));
}

/* ---- clauses ------------------------------------------------------------------------------------------------------ */

static bool shape_is_id(const char *id) {
  const char *p = id;
  if (p[0] == 'S' && p[1] >= '0' && p[1] <= '9' && p[2] == '-') {
    for (p += 3; (*p >= '0' && *p <= '9') || *p == '.'; p++)
      ;
    if (p == id + 3 || *p++ != '-') return false;
  } else if (strncmp(p, "O-R", 3) == 0 && p[3] >= '0' && p[3] <= '9') p += 3;
  else return false;
  for (; *p; p++)
    if (!((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9') || *p == '.' || *p == '-')) return false;
  return p[-1] != '-' && p[-1] != '.';
}

bool check_clauses_parse(const char *spec, const char *clauses) {
  char id[CPM_CLAUSE_MAX];
  const char *rest = clauses;
  size_t n = 0;
  while (cpm_clause_next(spec, &rest, id)) {
    n++;
    if (strlen(id) + 1 >= CPM_CLAUSE_MAX || !shape_is_id(id)) return false;
  }
  return n > 0 && !strstr(clauses, "  ") && clauses[0] != ' ' && clauses[strlen(clauses) - 1] != ' ';
}

/* ---- all of it ---------------------------------------------------------------------------------------------------- */

static void shape_part(check *c, const check_rows *call, const check_rows *leg, const check_rows *rows) {
  for (size_t i = 0; i < rows->n; i++) {
    const check_row *row = &rows->row[i];
    if (!check_clauses_parse(row->r->spec, row->r->clauses)) check_say(c, "%s: an id that cannot be read", check_row_name(row));
    shape_next(c, row);
    shape_event(c, call, leg, row);
    if (row->r->ignore) continue;
    shape_bulk(c, row);
    shape_reached_by_bulk(c, row);
    shape_answers(c, rows, row);
    for (size_t k = 0; k < shape_ops(row->r); k++) shape_op(c, call, leg, row, &row->r->ops[k]);
  }
}

void check_shape(check *c, const check_rows *call, const check_rows *leg) {
  shape_part(c, call, leg, call);
  shape_part(c, call, leg, leg);
}
