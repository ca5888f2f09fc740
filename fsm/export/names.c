/* SPDX-License-Identifier: MIT */
/* names.c - the lists as arrays of names, and operands by what they are one of. */
#include "names.h"
#include "cpm/imdn.h"
#include <stdio.h>
#include <string.h>

#define NAMES_NAME(name, ...) #name,

/* ---- words ---------------------------------------------------------------------------------------------------------- */

/* One function a list: its names from 0 on. */
#define NAMES_LIST(of, list) \
  static const char *names_in_##of(unsigned i) { \
    static const char *const names[] = { list(NAMES_NAME) }; \
    return i < sizeof names / sizeof *names ? names[i] : "?"; \
  }
NAMES_LIST(groups, CPM_GROUPS)
NAMES_LIST(leg_kinds, CPM_LEG_KINDS)
NAMES_LIST(code_lists, CPM_CODE_LISTS)
NAMES_LIST(literals, CPM_LITERALS)
NAMES_LIST(warnings, CPM_WARNINGS)
NAMES_LIST(timers, CPM_TIMERS)
NAMES_LIST(questions, CPM_QUESTIONS)
NAMES_LIST(notices, CPM_NOTICES)
NAMES_LIST(items, CPM_ITEMS)
NAMES_LIST(agent_texts, CPM_AGENT_TEXTS)
NAMES_LIST(agent_number_list, CPM_AGENT_NUMBERS)
NAMES_LIST(icsi_list, CPM_ICSIS)
NAMES_LIST(imdn_statuses, CPM_IMDN_STATUSES)
static const char *names_in_msrp_headers(unsigned i) {
  const char *name = cpm_msrp_header_name((cpm_msrp_header)i).p;
  return name ? name : "?";
}
NAMES_LIST(sdp_words, CPM_SDP_WORDS)
NAMES_LIST(sdp_lines, CPM_SDP_LINES)
NAMES_LIST(levels, CPM_LEVELS)
NAMES_LIST(places, CPM_PLACES)
NAMES_LIST(recipe_kinds, CPM_RECIPE_KINDS)

const char *names_kind(unsigned kind) { return names_in_leg_kinds(kind); }
const char *names_timer(unsigned timer) { return names_in_timers(timer); }
const char *names_level(unsigned level) { return names_in_levels(level); }
const char *names_place(unsigned place) { return names_in_places(place); }
const char *names_recipe_kind(unsigned kind) { return names_in_recipe_kinds(kind); }

const char *names_state(unsigned state) {
  if (state == CPMI_STATE_stays) return "stays";
  return state >= 64 ? names_in_groups(state - 64) : cpmi_state_name(state);
}

const char *names_state_doc(unsigned state) {
#define NAMES_DOC(name, doc) doc,
  static const char *const docs[] = { CPM_STATES(NAMES_DOC) };
  return state < CPMI_STATE_COUNT ? docs[state] : "?";
}

const char *names_role(unsigned role) {
  static const char *const names[] = { "client", "participating", "controlling" };
  return role < sizeof names / sizeof *names ? names[role] : "?";
}

#define NAMES_TYPE(name, type, doc) #type,
const char *names_type(cpm_field field) {
  static const char *const names[CPM_FIELD_COUNT] = { "?", CPM_FIELDS(NAMES_TYPE) };
  return (unsigned)field < CPM_FIELD_COUNT ? names[field] : "?";
}

/* ---- values of ENUM fields ------------------------------------------------------------------------------------------ */

typedef struct names_word { const char *name, *doc; } names_word;
typedef struct names_enum { const names_word *p; size_t n; } names_enum;
#define NAMES_WORD(name, doc) { #name, doc },

static names_enum names_enum_of(cpm_field field) {
#define NAMES_ENUM(field, list) \
  case CPM_FIELD_##field: { \
    static const names_word words[] = { list(NAMES_WORD) }; \
    return (names_enum){ words, sizeof words / sizeof *words }; \
  }
  switch (field) {
    CPM_ENUMS(NAMES_ENUM)
    default: return (names_enum){ NULL, 0 };
  }
}

const char *names_value(cpm_field field, unsigned value) {
  const names_enum e = names_enum_of(field);
  return value >= 1 && value <= e.n ? e.p[value - 1].name : NULL;
}

const char *names_value_doc(cpm_field field, unsigned value) {
  const names_enum e = names_enum_of(field);
  return value >= 1 && value <= e.n ? e.p[value - 1].doc : NULL;
}

/* ---- what a recipe line writes -------------------------------------------------------------------------------------- */

static const char *names_in_procedures(unsigned i) {
#define NAMES_PROCEDURE(id, name, doc) name,
  static const char *const names[] = { CPM_PROCEDURES(NAMES_PROCEDURE) };
  return i < sizeof names / sizeof *names ? names[i] : "?";
}

static const char *names_in_recipes(unsigned i) { return i < CPMI_RECIPE_COUNT ? cpmi_recipes[i]->name : "?"; }

static const char *names_in_cpim_headers(unsigned i) {
#define NAMES_CPIM(id, ns, name) name,
  static const char *const names[] = { "?", CPM_CPIM_HEADERS(NAMES_CPIM) };
  return i < sizeof names / sizeof *names ? names[i] : "?";
}

static const char *names_in_headers(unsigned i) {
  if (i == CPM_SIP_REQUEST_URI) return "Request-URI";
  if (i == CPM_SIP_ANY_OTHER) return "*";
  const char *name = cpm_sip_header_name((cpm_sip_header)i).p;
  return name ? name : "?";
}

#define NAMES_PLACE(name, operand, doc) CPMI_OPERAND_##operand,
const char *names_line(const cpmi_line *line) {
  static const uint8_t operands[] = { CPM_PLACES(NAMES_PLACE) };
  switch (operands[line->place]) {
  case CPMI_OPERAND_HEADER:      return names_in_headers(line->name);
  case CPMI_OPERAND_CPIM_HEADER: return names_in_cpim_headers(line->name);
  case CPMI_OPERAND_MSRP_HEADER: return names_in_msrp_headers(line->name);
  case CPMI_OPERAND_SDP_LINE:    return names_in_sdp_lines(line->name);
  default:                       return NULL;
  }
}

/* ---- operands by what they are one of ------------------------------------------------------------------------------- */

/* Each `of` of CPM_OPERANDS has its function: the name of number i; NULL: the number itself. field: what else the place names. */
typedef const char *names_resolver(unsigned i, cpm_field field);

#define NAMES_OF_LIST(of) static const char *names_of_##of(unsigned i, cpm_field field) { (void)field; return names_in_##of(i); }
NAMES_OF_LIST(leg_kinds)
NAMES_OF_LIST(code_lists)
NAMES_OF_LIST(literals)
NAMES_OF_LIST(recipes)
NAMES_OF_LIST(warnings)
NAMES_OF_LIST(timers)
NAMES_OF_LIST(questions)
NAMES_OF_LIST(notices)
NAMES_OF_LIST(procedures)
NAMES_OF_LIST(items)
NAMES_OF_LIST(agent_texts)
NAMES_OF_LIST(headers)
NAMES_OF_LIST(sdp_words)
NAMES_OF_LIST(msrp_headers)
NAMES_OF_LIST(sdp_lines)
NAMES_OF_LIST(cpim_headers)
NAMES_OF_LIST(imdn_statuses)

static const char *names_of_fields(unsigned i, cpm_field field) { (void)field; return cpm_field_name((cpm_field)i); }
static const char *names_of_events(unsigned i, cpm_field field) { (void)field; return cpm_event_name((cpm_event_type)i); }
static const char *names_of_states(unsigned i, cpm_field field) { (void)field; return names_state(i); }
static const char *names_of_field_values(unsigned i, cpm_field field) { return names_value(field, i); }
static const char *names_of_number(unsigned i, cpm_field field) { (void)i; (void)field; return NULL; }
static const char *names_of_text(unsigned i, cpm_field field) { (void)i; (void)field; return "?"; }
static const char *names_of_icsis(unsigned i, cpm_field field) { (void)field; return i ? names_in_icsi_list(i - 1) : "?"; }
static const char *names_of_methods(unsigned i, cpm_field field) {
  (void)field;
  const char *name = cpm_sip_method_name((cpm_sip_method)i).p;
  return name ? name : "?";
}
static const char *names_of_agent_numbers(unsigned i, cpm_field field) {
  (void)field;
  return i > CPMI_AGENT_NUMBERS_FROM ? names_in_agent_number_list(i - CPMI_AGENT_NUMBERS_FROM - 1) : "?";
}

#define NAMES_OPERAND(token, name, of, doc) { #name, #of, doc },
const names_operand names_operands[CPMI_OPERAND_COUNT] = { { NULL, NULL, NULL }, CPM_OPERANDS(NAMES_OPERAND) };
#define NAMES_RESOLVER(token, name, of, doc) names_of_##of,
static names_resolver *const names_resolvers[CPMI_OPERAND_COUNT] = { names_of_number, CPM_OPERANDS(NAMES_RESOLVER) };

/* ---- shapes --------------------------------------------------------------------------------------------------------- */

#define NAMES_TEST(name, a, b, doc) { #name, NULL, { CPMI_OPERAND_##a, CPMI_OPERAND_##b }, doc },
const names_shape names_tests[CPMI_TEST_COUNT] = { CPM_TESTS(NAMES_TEST) };
#define NAMES_OP(name, effect, a, b, doc) { #name, #effect, { CPMI_OPERAND_##a, CPMI_OPERAND_##b }, doc },
const names_shape names_ops[CPMI_OP_COUNT] = { { "?", "NONE", { 0, 0 }, "" }, CPM_OPS(NAMES_OP) };
#define NAMES_SOURCE(name, gives, a, b, doc) { #name, #gives, { CPMI_OPERAND_##a, CPMI_OPERAND_##b }, doc },
const names_shape names_sources[CPMI_FROM_COUNT] = { CPM_SOURCES(NAMES_SOURCE) };
#define NAMES_VALUE(name, a, b, doc) { #name, NULL, { CPMI_OPERAND_##a, CPMI_OPERAND_##b }, doc },
const names_shape names_values[CPMI_VALUE_COUNT] = { CPM_RECIPE_VALUES(NAMES_VALUE) };

const char *names_op(unsigned op) { return op < CPMI_OP_COUNT ? names_ops[op].name : "?"; }

static bool names_is(unsigned operand, const char *of) {
  return operand != CPMI_OPERAND_NONE && strcmp(names_operands[operand].of, of) == 0;
}

/* The operands of a shape. A value of an ENUM field goes by the field that stands beside it. A field may be left out. */
static size_t names_resolve(const names_shape *shape, const unsigned number[NAMES_OPERANDS], const char *lit,
                            names_given out[NAMES_OPERANDS]) {
  cpm_field field = CPM_FIELD_NONE;
  size_t n = 0;
  for (size_t i = NAMES_OPERANDS; i-- > 0;)
    if (names_is(shape->operand[i], "fields")) field = (cpm_field)number[i];
  for (size_t i = 0; i < NAMES_OPERANDS; i++) {
    const unsigned operand = shape->operand[i];
    if (operand == CPMI_OPERAND_NONE || (names_is(operand, "fields") && number[i] == CPM_FIELD_NONE)) continue;
    const bool text = names_is(operand, "text");
    out[n++] = (names_given){ names_operands[operand].name, text ? lit : names_resolvers[operand](number[i], field), number[i] };
  }
  return n;
}

size_t names_of_fact(unsigned fact, names_given out[NAMES_OPERANDS]) {
  const cpmi_fact *f = &cpmi_facts[fact];
  const unsigned number[] = { f->a, f->b };
  return names_resolve(&names_tests[f->test], number, NULL, out);
}

size_t names_of_op(const cpmi_op *op, names_given out[NAMES_OPERANDS]) {
  const unsigned number[] = { op->a, op->b };
  return names_resolve(&names_ops[op->op], number, NULL, out);
}

/* Tables write the first of these last. */
void names_op_text(const cpmi_op *op, char *dst, size_t cap) {
  names_given given[NAMES_OPERANDS];
  const size_t operands = names_of_op(op, given);
  const unsigned first = names_ops[op->op].operand[0];
  const bool turned = operands == 2 && (first == CPMI_OPERAND_WARNING || first == CPMI_OPERAND_VALUE || first == CPMI_OPERAND_FIELD);
  size_t n = (size_t)snprintf(dst, cap, "%s", names_op(op->op));
  for (size_t i = 0; i < operands && n < cap; i++) {
    const names_given *g = &given[turned ? 1 - i : i];
    const char *open = i ? ", " : "(", *close = i + 1 == operands ? ")" : "";
    n += (size_t)(g->text ? snprintf(dst + n, cap - n, "%s%s%s", open, g->text, close)
                          : snprintf(dst + n, cap - n, "%s%llu%s", open, (unsigned long long)g->number, close));
  }
}

size_t names_of_capture(const cpmi_capture *c, names_given out[NAMES_OPERANDS]) {
  const unsigned number[] = { c->what, c->with };
  return names_resolve(&names_sources[c->source], number, NULL, out);
}

/* A line has one number: two operands that are no text share it, the first in its low byte. */
size_t names_of_line(const cpmi_line *line, names_given out[NAMES_OPERANDS]) {
  const names_shape *shape = &names_values[line->value];
  const bool packed = shape->operand[1] != CPMI_OPERAND_NONE && !names_is(shape->operand[1], "text");
  const unsigned number[] = { packed ? line->what & 0xffu : line->what, packed ? line->what >> 8 : 0u };
  return names_resolve(shape, number, line->lit, out);
}

/* ---- what the tables lead to ---------------------------------------------------------------------------------------- */

bool names_next_row(const cpm_machine *m, bool leg, names_row *row) {
  const size_t index = row->r ? row->index + 1 : 0;
  row->r = cpmi_row_at(m, leg, index);
  if (!row->r) return false;
  if (row->r->state != CPMI_STATE_) row->state = row->r->state;
  if (row->r->event != CPM_EVENT_) row->event = row->r->event;
  row->index = index;
  size_t before = 0;
  for (row->part = 0; row->part + 1 < CPMI_PARTS && m->parts[row->part + 1]; row->part++) {
    before += leg ? m->parts[row->part]->leg.n : m->parts[row->part]->call.n;
    if (index < before) break;
  }
  return true;
}

unsigned names_part_of_capture(const cpm_machine *m, size_t index) {
  unsigned part = 0;
  for (size_t before = m->parts[0]->captures.n; index >= before && part + 1 < CPMI_PARTS && m->parts[part + 1];)
    before += m->parts[++part]->captures.n;
  return part;
}

uint64_t names_states_of(const cpm_machine *m, bool leg) {
  uint64_t set = 0;
  names_row row = { NULL, 0, 0, 0, 0 };
  for (size_t i = 0; leg && i < m->leg_states.n; i++) set |= UINT64_C(1) << m->leg_states.p[i];
  if (leg) return set;
  set = UINT64_C(1) << m->init;
  while (names_next_row(m, false, &row))
    if (row.r->next < CPMI_STATE_COUNT) set |= UINT64_C(1) << row.r->next;
  return set;
}

static void names_use(unsigned recipe, bool used[CPMI_RECIPE_COUNT]) {
  if (used[recipe]) return;
  used[recipe] = true;
  const cpmi_recipe *r = cpmi_recipes[recipe];
  for (size_t i = 0; i < r->nlines; i++) {
    const names_shape *value = &names_values[r->lines[i].value];
    if (value->operand[0] == CPMI_OPERAND_RECIPE) names_use(r->lines[i].what, used);
  }
}

static void names_use_row(const cpmi_row *r, bool used[CPMI_RECIPE_COUNT]) {
  for (size_t i = 0; i < CPMI_OPS_A_ROW; i++) {
    const names_shape *op = &names_ops[r->ops[i].op];
    if (op->operand[0] == CPMI_OPERAND_RECIPE) names_use(r->ops[i].a, used);
    if (op->operand[1] == CPMI_OPERAND_RECIPE) names_use(r->ops[i].b, used);
    if (r->ops[i].op == CPMI_OP_REFUSE) names_use(CPMI_RECIPE_refusal, used);
  }
  for (size_t i = 0; i < CPMI_GUARD && r->when[i]; i++) {
    const cpmi_fact *f = &cpmi_facts[r->when[i] > 0 ? r->when[i] : -r->when[i]];
    if (names_tests[f->test].operand[0] == CPMI_OPERAND_RECIPE) names_use(f->a, used);
  }
}

void names_recipes_of(const cpm_machine *m, bool used[CPMI_RECIPE_COUNT]) {
  for (unsigned i = 0; i < CPMI_RECIPE_COUNT; i++) used[i] = false;
  for (unsigned leg = 0; leg < 2; leg++)
    for (names_row row = { NULL, 0, 0, 0, 0 }; names_next_row(m, leg, &row);) names_use_row(row.r, used);
}
