/* SPDX-License-Identifier: MIT */
/* check_machine.c - a machine's rows laid out, its fields, and names for complaints. */
#include "check.h"
#include "reads.h"
#include <stdarg.h>
#include <string.h>

/* ---- complaints --------------------------------------------------------------------------------------------------- */

void check_say(check *c, const char *format, ...) {
  va_list args;
  fprintf(c->out, "%s: ", c->m ? c->m->name : "recipes");
  va_start(args, format);
  vfprintf(c->out, format, args);
  va_end(args);
  fputc('\n', c->out);
  c->wrong++;
}

const char *check_clauses(const char *spec, const char *clauses) {
  static char text[512];
  char id[CPM_CLAUSE_MAX];
  size_t n = 0;
  text[0] = '\0';
  for (const char *rest = clauses; cpm_clause_next(spec, &rest, id) && n < sizeof text - CPM_CLAUSE_MAX - 8;)
    n += (size_t)snprintf(text + n, sizeof text - n, "%s%s", n ? " " : "", id);
  return text;
}

const char *check_row_name(const check_row *row) {
  static char texts[4][768];
  static unsigned turn;
  char *text = texts[turn++ % 4];
  snprintf(text, sizeof texts[0], "%s%s, %s [%s]", row->leg ? "leg " : "", names_state(row->state),
           cpm_event_name((cpm_event_type)row->event), check_clauses(row->r->spec, row->r->clauses));
  return text;
}

/* ---- rows --------------------------------------------------------------------------------------------------------- */

/* Every state that the call can have: where it starts and where rows lead. */
static uint64_t machine_call_states(const cpm_machine *m) {
  const cpmi_row *r;
  uint64_t all = UINT64_C(1) << m->init;
  for (size_t i = 0; (r = cpmi_row_at(m, false, i)) != NULL; i++)
    if (r->next < CPMI_STATE_COUNT) all |= UINT64_C(1) << r->next;
  /* An ended call takes no event any more. */
  return all & ~(UINT64_C(1) << CPMI_STATE_ended);
}

static uint64_t machine_leg_states(const cpm_machine *m) {
  uint64_t all = 0;
  for (size_t i = 0; i < m->leg_states.n; i++) all |= UINT64_C(1) << m->leg_states.p[i];
  return all;
}

static void machine_rows(check *c, check_rows *rows, bool leg) {
  const uint64_t all = leg ? machine_leg_states(c->m) : machine_call_states(c->m);
  rows->n = 0;
  cpmi_row_walk w = cpmi_walk_rows(c->m, leg);
  while (cpmi_next_row(&w) && w.index < CHECK_ROWS) {
    rows->row[rows->n] = (check_row){ w.r, w.state, w.event, cpmi_state_set(w.state) & all, leg, false };
    if (w.event >= CPM_EVENT_COUNT || !cpmi_state_set(w.state))
      check_say(c, "%s row %zu: no state or event above it to take", leg ? "leg" : "call", w.index);
    else rows->n++;
  }
  if (w.r) check_say(c, "more than %d rows", CHECK_ROWS);
  for (size_t part = 0; part < CPMI_PARTS && c->m->parts[part]; part++) {
    const cpmi_rows p = leg ? c->m->parts[part]->leg : c->m->parts[part]->call;
    if (p.n && (p.p[0].state == CPMI_STATE_ || p.p[0].event == CPM_EVENT_))
      check_say(c, "part %zu: its first row leaves state or event empty", part);
  }
}

/* ---- fields ------------------------------------------------------------------------------------------------------- */

static bool machine_has(cpmi_names names, unsigned name) {
  for (size_t i = 0; i < names.n; i++)
    if (names.p[i] == name) return true;
  return false;
}

static bool machine_knows(const check *c, bool leg, unsigned field) {
  return machine_has(c->m->fields, field) || (leg && machine_has(c->m->leg_fields, field));
}

static void machine_need(check *c, bool leg, unsigned field, const char *who) {
  if (!machine_knows(c, leg, field))
    check_say(c, "%s: reads or writes %s, which is no field of the %s", who, cpm_field_name((cpm_field)field),
              leg ? "leg or call" : "call");
}

typedef struct machine_reader { check *c; bool leg; const char *who; } machine_reader;

static void machine_read(void *to, unsigned field) {
  const machine_reader *v = to;
  machine_need(v->c, v->leg, field, v->who);
}

static void machine_facts(check *c, bool leg, const int16_t *when, const char *who) {
  machine_reader v = { c, leg, who };
  for (int i = 0; i < CPMI_GUARD && when[i]; i++) {
    const cpmi_fact *f = &cpmi_facts[when[i] > 0 ? when[i] : -when[i]];
    reads_of_fact(f, machine_read, &v);
    if (f->test == CPMI_TEST_LISTED && !leg) check_say(c, "%s: %s is a leg's fact", who, f->name);
    if (f->test != CPMI_TEST_KIND && f->test != CPMI_TEST_NO_KIND) continue;
    if (!machine_has(c->m->leg_kinds, f->a)) check_say(c, "%s: %s: the machine has no such legs", who, f->name);
    if (f->test == CPMI_TEST_KIND && !leg) check_say(c, "%s: %s is a leg's fact", who, f->name);
  }
}

/* What a line reads, beside its guard. */
static void machine_line(check *c, bool leg, const cpmi_line *line, const char *who) {
  machine_reader v = { c, leg, who };
  reads_of_line(line, machine_read, &v);
  if (line->value != CPMI_VALUE_HISTORY) return;
  machine_need(c, true, CPM_FIELD_uri, who);
  machine_need(c, true, CPM_FIELD_copy_control, who);
  machine_need(c, true, CPM_FIELD_anonymize, who);
}

static void machine_recipe(check *c, bool leg, const cpmi_recipe *r, unsigned depth) {
  for (size_t i = 0; i < r->nlines; i++) {
    char who[768];
    const cpmi_line *line = &r->lines[i];
    snprintf(who, sizeof who, "%s [%s]", r->name, check_clauses(line->spec, line->clauses));
    machine_facts(c, leg, line->when, who);
    machine_line(c, leg, line, who);
    const cpmi_recipe *nested = line->value == CPMI_VALUE_RECIPE ? cpmi_recipes[line->what] : NULL;
    /* Its lines are written for one leg after the other. */
    if (nested && depth < 8) machine_recipe(c, leg || nested->kind == CPMI_RECIPE_FILES_BODY, nested, depth + 1);
  }
}

static bool machine_is_type(unsigned field, cpmi_type type) { return cpmi_field_type((cpm_field)field) == type; }

static void machine_op(check *c, const check_row *row, const cpmi_op *op) {
  const char *who = check_row_name(row);
  machine_reader v = { c, row->leg, who };
  reads_of_op(op, machine_read, &v);
  switch (op->op) {
  case CPMI_OP_SEND:
  case CPMI_OP_REPLY:
  case CPMI_OP_PUSH: machine_recipe(c, row->leg, cpmi_recipes[op->b], 0); break;
  case CPMI_OP_REFUSE: machine_recipe(c, row->leg, &cpmi_recipe_refusal, 0); break;
  case CPMI_OP_HOLD:
    if (!machine_is_type(op->b, CPMI_TXN)) check_say(c, "%s: HOLD in a field that is no TXN", who);
    break;
  case CPMI_OP_ADD:
  case CPMI_OP_SUB:
    if (!machine_is_type(op->b, CPMI_NUMBER)) check_say(c, "%s: counting in a field that is no NUMBER", who);
    break;
  case CPMI_OP_COMPOSE:
    if (!machine_is_type(op->b, CPMI_DOC_OF) || op->a != CPMI_RECIPE_history_list) check_say(c, "%s: COMPOSE of another thing than the history", who);
    machine_need(c, false, (cpm_field)op->b, who);
    machine_recipe(c, row->leg, cpmi_recipes[op->a], 0);
    break;
  case CPMI_OP_LEARN:
  case CPMI_OP_BEST:
    machine_need(c, false, (cpm_field)op->b, who);
    machine_need(c, true, (cpm_field)op->b, who);
    if (row->leg || cpmi_kind_of(row->event) != CPMI_INNER) check_say(c, "%s: learns of a leg, and none raised the event", who);
    break;
  case CPMI_OP_MARK:
    if (!op->a || op->a > cpmi_enum_count((cpm_field)op->b)) check_say(c, "%s: MARK with what is no value of the field", who);
    break;
  case CPMI_OP_FORK:
  case CPMI_OP_REFORK: machine_need(c, true, CPM_FIELD_uri, who); break;
  case CPMI_OP_FILES:
  case CPMI_OP_OFFERED: machine_need(c, true, CPM_FIELD_file_selector, who); break;
  default: break;
  }
  const bool files = op->op == CPMI_OP_FILES || op->op == CPMI_OP_OFFERED;
  if (files && (!machine_has(c->m->leg_kinds, CPMI_KIND_push) || !machine_has(c->m->leg_kinds, CPMI_KIND_pull)))
    check_say(c, "%s: legs of a kind that the machine has not", who);
  if (cpmi_op_names_kind(op->op) && !machine_has(c->m->leg_kinds, op->a))
    check_say(c, "%s: legs of a kind that the machine has not", who);
}

static void machine_reads(check *c, const check_rows *rows) {
  for (size_t i = 0; i < rows->n; i++) {
    machine_facts(c, rows->row[i].leg, rows->row[i].r->when, check_row_name(&rows->row[i]));
    for (size_t k = 0; k < CPMI_OPS_A_ROW; k++) machine_op(c, &rows->row[i], &rows->row[i].r->ops[k]);
  }
}

/* ---- captures ----------------------------------------------------------------------------------------------------- */

#define MACHINE_TYPE_ANY     CPMI_NUMBER   /* as the field has it */
#define MACHINE_TYPE_NUMBER  CPMI_NUMBER
#define MACHINE_TYPE_FLAG    CPMI_FLAG
#define MACHINE_TYPE_ENUM    CPMI_ENUM
#define MACHINE_TYPE_TEXT    CPMI_TEXT
#define MACHINE_TYPE_CONTENT CPMI_CONTENT
#define MACHINE_TYPE_LIST    CPMI_LIST
#define MACHINE_TYPE_KEPT    CPMI_KEPT
#define MACHINE_TYPE_PARTS   CPMI_PARTS_OF
#define MACHINE_TYPE_DOC     CPMI_DOC_OF
#define MACHINE_TYPE_SPANS   CPMI_SPANS_OF
#define MACHINE_GIVES(name, gives, a, b, doc) MACHINE_TYPE_##gives,

#define MACHINE_SDP_GIVES(name, gives, doc) MACHINE_TYPE_##gives,

/* The type that a source gives. An arg can bring every type but these. */
static cpmi_type machine_source_type(const cpmi_capture *g, cpmi_type field) {
  static const uint8_t gives[] = { CPM_SOURCES(MACHINE_GIVES) }, words[] = { CPM_SDP_WORDS(MACHINE_SDP_GIVES) };
  if (g->source == CPMI_FROM_SDP) return (cpmi_type)words[g->what];
  if (g->source != CPMI_FROM_ARG && g->source != CPMI_FROM_ARG_NOW) return (cpmi_type)gives[g->source];
  return field == CPMI_LIST || field == CPMI_KEPT || field == CPMI_PARTS_OF || field == CPMI_SPANS_OF || field == CPMI_DOC_OF || field == CPMI_TXN ? CPMI_NUMBER : field;
}

/* Texts of every type come from the same sources: what does not fit leaves the field unset. */
static bool machine_source_fits(cpmi_type source, cpmi_type field) {
  return source == field || (source == CPMI_TEXT && cpmi_is_text(field));
}

static bool machine_counts_in(const check_rows *rows, unsigned field) {
  for (size_t i = 0; i < rows->n; i++)
    for (size_t k = 0; k < CPMI_OPS_A_ROW; k++) {
      const cpmi_op *op = &rows->row[i].r->ops[k];
      if ((op->op == CPMI_OP_ADD || op->op == CPMI_OP_SUB) && op->b == field) return true;
    }
  return false;
}

static bool machine_names_event(const check_rows *rows, unsigned event) {
  for (size_t i = 0; i < rows->n; i++)
    if (rows->row[i].event == event) return true;
  return false;
}

static void machine_capture(check *c, const cpmi_capture *g, const check_rows *call, const check_rows *leg) {
  char who[768];
  const cpmi_type type = cpmi_field_type((cpm_field)g->field);
  snprintf(who, sizeof who, "%s of %s [%s]", g->leg ? "LEG_CAPTURE" : "CAPTURE", cpm_event_name((cpm_event_type)g->event),
           check_clauses(g->spec, g->clauses));
  if (!check_clauses_parse(g->spec, g->clauses)) check_say(c, "%s: an id that cannot be read", who);
  if (!machine_knows(c, g->leg, g->field))
    check_say(c, "%s: %s is no field of the %s", who, cpm_field_name((cpm_field)g->field), g->leg ? "leg or call" : "call");
  if (!machine_source_fits(machine_source_type(g, type), type))
    check_say(c, "%s: %s is of another type", who, cpm_field_name((cpm_field)g->field));
  if (machine_counts_in(call, g->field) || machine_counts_in(leg, g->field))
    check_say(c, "%s: %s is counted by ADD or SUB, which are undone by counting back", who, cpm_field_name((cpm_field)g->field));
  if (!machine_names_event(g->leg ? leg : call, g->event))
    check_say(c, "%s: the %s has no row for the event", who, g->leg ? "leg" : "call");
}

/* ---- all of it ---------------------------------------------------------------------------------------------------- */

static void machine_sizes(check *c) {
  if (cpmi_base(c->m) > CPMI_HEAD_MAX) check_say(c, "its head takes %zu bytes, more than a step saves", cpmi_base(c->m));
  if (c->m->fields.n > 64) check_say(c, "more than 64 fields");
  if (c->m->leg_fields.n > 64) check_say(c, "more than 64 fields of a leg");
  if (c->m->leg_states.n && !machine_has(c->m->leg_states, c->m->leg_init))
    check_say(c, "legs begin in %s, which is not among leg_states", cpmi_state_name(c->m->leg_init));
}

void check_machine(check *c) {
  static check_rows call, leg;
  machine_rows(c, &call, false);
  machine_rows(c, &leg, true);
  machine_sizes(c);
  machine_reads(c, &call);
  machine_reads(c, &leg);
  const cpmi_capture *g;
  for (size_t i = 0; (g = cpmi_capture_at(c->m, i)) != NULL; i++) machine_capture(c, g, &call, &leg);
  check_shape(c, &call, &leg);
  check_flow(c, &call, &leg);
  check_together(c, &call, &leg);
}
