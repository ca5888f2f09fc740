/* SPDX-License-Identifier: MIT */
/* reads.c - operands that are fields, from the lists of tests, values and ops; and what some values read besides. */
#include "reads.h"

typedef struct reads_operands {
  uint8_t a, b;
} reads_operands;
#define READS_TEST(name, a, b, doc) { CPMI_OPERAND_##a, CPMI_OPERAND_##b },
static const reads_operands reads_tests[] = { CPM_TESTS(READS_TEST) };
#define READS_OP(name, effect, a, b, doc) { CPMI_OPERAND_##a, CPMI_OPERAND_##b },
static const reads_operands reads_ops[] = { { CPMI_OPERAND_NONE, CPMI_OPERAND_NONE }, CPM_OPS(READS_OP) };
#define READS_VALUE(name, operand, lit, doc) CPMI_OPERAND_##operand,
static const uint8_t reads_values[] = { CPM_RECIPE_VALUES(READS_VALUE) };

static bool reads_is_field(unsigned operand) {
  return operand == CPMI_OPERAND_FIELD || operand == CPMI_OPERAND_OF || operand == CPMI_OPERAND_INDEX;
}

static void reads_give(reads_operands of, unsigned a, unsigned b, reads_field *give, void *to) {
  if (reads_is_field(of.a) && a != CPM_FIELD_NONE) give(to, a);   /* a field may be left out */
  if (reads_is_field(of.b) && b != CPM_FIELD_NONE) give(to, b);
}

unsigned reads_next(const int16_t *when, unsigned *at) {
  if (*at >= CPMI_GUARD || !when[*at]) return 0;
  const int16_t fact = when[(*at)++];
  return (unsigned)(fact > 0 ? fact : -fact);
}

static void reads_of_target(const cpmi_line *l, reads_field *give, void *to) {
  if (l->place != CPMI_PLACE_SIP || l->name != CPM_SIP_REQUEST_URI) return;
  reads_of_line(l, give, to);
  for (unsigned i = 0, fact; (fact = reads_next(l->when, &i)) != 0;)
    reads_give(reads_tests[cpmi_facts[fact].test], cpmi_facts[fact].a, cpmi_facts[fact].b, give, to);
}

void reads_of_fact(const cpmi_fact *f, reads_field *give, void *to) {
  reads_give(reads_tests[f->test], f->a, f->b, give, to);
  if (f->test != CPMI_TEST_ADDRESSES) return;
  const cpmi_recipe *r = cpmi_recipes[f->a];
  for (size_t i = 0; i < r->nlines; i++) reads_of_target(&r->lines[i], give, to);
}

void reads_of_op(const cpmi_op *op, reads_field *give, void *to) {
  reads_give(reads_ops[op->op], op->a, op->b, give, to);
  if (op->op == CPMI_OP_CONNECT || op->op == CPMI_OP_LISTEN) give(to, CPM_FIELD_session_id);
  if (op->op != CPMI_OP_CONNECT) return;
  give(to, CPM_FIELD_path);
  give(to, CPM_FIELD_peer_address);
  give(to, CPM_FIELD_peer_port);
  give(to, CPM_FIELD_peer_cema);
}

void reads_of_line(const cpmi_line *l, reads_field *give, void *to) {
  if (reads_is_field(reads_values[l->value])) give(to, l->what);
  switch (l->value) {
  case CPMI_VALUE_OWN_PATH: give(to, CPM_FIELD_session_id); break;
  case CPMI_VALUE_ICSI_DEVICE: give(to, CPM_FIELD_peer_device); break;
  case CPMI_VALUE_SPAN:
    give(to, CPM_FIELD_range_start);
    give(to, CPM_FIELD_until);
    break;
  case CPMI_VALUE_LIST_PLUS: give(to, CPM_FIELD_members); break;
  case CPMI_VALUE_PARTS:
    give(to, CPM_FIELD_body_type);
    give(to, CPM_FIELD_request);
    break;
  case CPMI_VALUE_COPY:
  case CPMI_VALUE_COPY_IF:
  case CPMI_VALUE_COPY_PLUS:
  case CPMI_VALUE_COPY_MINUS: give(to, CPM_FIELD_request); break;
  case CPMI_VALUE_COMPOSING:
    give(to, CPM_FIELD_last_active);
    give(to, CPM_FIELD_composing_type);
    break;
  case CPMI_VALUE_IMDN:
    give(to, CPM_FIELD_message_id);
    give(to, CPM_FIELD_sent_at_text);
    give(to, CPM_FIELD_original_to);
    break;
  default: break;
  }
}

/* ---- all of a row -------------------------------------------------------------------------------------------------- */

enum { READS_NESTING = 8 };

static void reads_recipe(const cpmi_recipe *r, const reads_want *want, unsigned depth);

static void reads_guard(const int16_t *when, const reads_want *want, unsigned depth) {
  if (want->guard) want->guard(want->to, when);
  for (unsigned i = 0, fact; (fact = reads_next(when, &i)) != 0;) {
    const cpmi_fact *f = &cpmi_facts[fact];
    if (want->field) reads_of_fact(f, want->field, want->to);
    if (f->test == CPMI_TEST_COMPOSED) reads_recipe(cpmi_recipes[f->a], want, depth);
  }
}

static void reads_recipe(const cpmi_recipe *r, const reads_want *want, unsigned depth) {
  if (depth == READS_NESTING) return;
  if (want->field && r->kind == CPMI_RECIPE_SDP_ANSWER) {
    want->field(want->to, CPM_FIELD_offer);
    want->field(want->to, CPM_FIELD_media_line);
  }
  for (size_t i = 0; i < r->nlines; i++) {
    reads_guard(r->lines[i].when, want, depth + 1);
    if (want->field) reads_of_line(&r->lines[i], want->field, want->to);
    if (r->lines[i].value == CPMI_VALUE_RECIPE) reads_recipe(cpmi_recipes[r->lines[i].what], want, depth + 1);
  }
}

void reads_of_recipe(const cpmi_recipe *r, const reads_want *want) { reads_recipe(r, want, 0); }

void reads_of_row(const cpmi_row *row, const reads_want *want) {
  reads_guard(row->when, want, 0);
  for (size_t i = 0; i < CPMI_OPS_A_ROW; i++) {
    const cpmi_op *op = &row->ops[i];
    if (op->op == CPMI_OP_SEND || op->op == CPMI_OP_REPLY || op->op == CPMI_OP_PUSH) reads_recipe(cpmi_recipes[op->b], want, 0);
  }
}
