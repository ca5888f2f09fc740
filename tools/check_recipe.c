/* SPDX-License-Identifier: MIT */
/* check_recipe.c - lines of one name exclude each other; where one must hold, one does; every recipe has a user; every value of an
 * ENUM has its fact. */
#include "check.h"
#include <string.h>

/* ---- lines of one name -------------------------------------------------------------------------------------------- */

/* Entries and body parts add up; header fields that may repeat are written once a line. */
static bool recipe_adds_up(const cpmi_line *line) {
  return line->place == CPMI_PLACE_ENTRY || line->place == CPMI_PLACE_BODY || line->name == CPM_SIP_ANY_OTHER;
}

static const char *recipe_name_of(const cpmi_line *line) {
  const char *name = names_line(line);
  if (!name) return line->place == CPMI_PLACE_BODY ? "body" : "entry";
  return strcmp(name, "*") == 0 ? "others" : name;
}

static const char *recipe_line(const cpmi_line *line) {
  static char texts[4][640];
  static unsigned turn;
  char *text = texts[turn++ % 4];
  snprintf(text, sizeof texts[0], "%s [%s]", recipe_name_of(line), check_clauses(line->spec, line->clauses));
  return text;
}

static bool recipe_same_name(const cpmi_line *a, const cpmi_line *b) { return a->place == b->place && a->name == b->name; }

static check_facts recipe_facts(const cpmi_recipe *r, const cpmi_line *of) {
  check_facts f = { NULL, true, CPMI_STATE_, ~UINT64_C(0), 0, { 0 }, false };
  for (size_t i = 0; i < r->nlines; i++)
    if (recipe_same_name(&r->lines[i], of)) check_facts_add(&f, r->lines[i].when);
  return f;
}

static bool recipe_must_hold(const cpmi_recipe *r, const cpmi_line *of) {
  if (of->place == CPMI_PLACE_SIP && of->name == CPM_SIP_REQUEST_URI && r->kind == CPMI_RECIPE_REQUEST) return true;
  for (size_t i = 0; i < r->nlines; i++)
    if (recipe_same_name(&r->lines[i], of) && r->lines[i].level == CPMI_EXACTLY_ONE) return true;
  return false;
}

/* The lines of one name, for every set of facts: at most one holds, or exactly one. */
static void recipe_check_name(check *c, const cpmi_recipe *r, const cpmi_line *of) {
  const check_facts f = recipe_facts(r, of);
  const bool must = recipe_must_hold(r, of);
  uint32_t truth = 0;
  if (f.overflow) {
    check_say(c, "%s: %s: more facts than can be enumerated", r->name, recipe_line(of));
    return;
  }
  for (bool more = check_facts_next(&f, &truth, true); more; more = check_facts_next(&f, &truth, false)) {
    const cpmi_line *first = NULL;
    for (size_t i = 0; i < r->nlines; i++) {
      const cpmi_line *line = &r->lines[i];
      if (!recipe_same_name(line, of) || line->level == CPMI_EXACTLY_ONE || !check_facts_guard(&f, truth, line->when)) continue;
      if (first) {
        check_say(c, "%s: %s and %s both hold with %s", r->name, recipe_line(first), recipe_line(line),
                  check_facts_text(&f, truth, ~UINT32_C(0)));
        return;
      }
      first = line;
    }
    if (!first && must) {
      check_say(c, "%s: no line for %s with %s", r->name, recipe_name_of(of), check_facts_text(&f, truth, ~UINT32_C(0)));
      return;
    }
  }
}

static bool recipe_is_first(const cpmi_recipe *r, size_t line) {
  for (size_t i = 0; i < line; i++)
    if (recipe_same_name(&r->lines[i], &r->lines[line])) return false;
  return true;
}

/* ---- a line alone ------------------------------------------------------------------------------------------------- */

static bool recipe_place_fits(const cpmi_recipe *r, const cpmi_line *line) {
  switch (line->place) {
  case CPMI_PLACE_SIP: return r->kind <= CPMI_RECIPE_RESPONSE;
  case CPMI_PLACE_MSRP: return r->kind == CPMI_RECIPE_MSRP || r->kind == CPMI_RECIPE_MSRP_REPORT;
  case CPMI_PLACE_CPIM: return r->kind == CPMI_RECIPE_CPIM_BODY;
  case CPMI_PLACE_MIME: return r->kind == CPMI_RECIPE_CPIM_BODY || r->kind == CPMI_RECIPE_HOST_BODY;
  case CPMI_PLACE_ENTRY: return r->kind == CPMI_RECIPE_LIST_BODY;
  case CPMI_PLACE_SDP: return r->kind == CPMI_RECIPE_SDP_BODY || r->kind == CPMI_RECIPE_FILES_BODY ||
                               r->kind == CPMI_RECIPE_SDP_ANSWER;
  default: return true;
  }
}

static bool recipe_is_body(const cpmi_recipe *r) { return r->kind >= CPMI_RECIPE_CPIM_BODY && r->kind <= CPMI_RECIPE_SDP_ANSWER; }

static bool recipe_can_hold(const cpmi_line *line) {
  check_facts f = { NULL, true, CPMI_STATE_, ~UINT64_C(0), 0, { 0 }, false };
  uint32_t truth = 0;
  check_facts_add(&f, line->when);
  for (bool more = check_facts_next(&f, &truth, true); more; more = check_facts_next(&f, &truth, false))
    if (check_facts_guard(&f, truth, line->when)) return true;
  return false;
}

static void recipe_check_line(check *c, const cpmi_recipe *r, const cpmi_line *line) {
  if (!check_clauses_parse(line->spec, line->clauses))
    check_say(c, "%s: %s: an id that cannot be read", r->name, recipe_line(line));
  if (!recipe_place_fits(r, line)) check_say(c, "%s: %s: not in a recipe of this kind", r->name, recipe_line(line));
  if (!recipe_can_hold(line)) check_say(c, "%s: %s: its facts never hold together", r->name, recipe_line(line));
  if (line->value == CPMI_VALUE_RECIPE && !recipe_is_body(cpmi_recipes[line->what]))
    check_say(c, "%s: %s: %s is no body", r->name, recipe_line(line), cpmi_recipes[line->what]->name);
}

void check_recipe(check *c, const cpmi_recipe *r) {
  bool uri = false;
  for (size_t i = 0; i < r->nlines; i++) {
    recipe_check_line(c, r, &r->lines[i]);
    uri |= r->lines[i].place == CPMI_PLACE_SIP && r->lines[i].name == CPM_SIP_REQUEST_URI;
    if (!recipe_adds_up(&r->lines[i]) && recipe_is_first(r, i)) recipe_check_name(c, r, &r->lines[i]);
  }
  if (r->kind == CPMI_RECIPE_REQUEST && !uri) check_say(c, "%s: a request without a line for its Request-URI", r->name);
}

/* ---- who uses it -------------------------------------------------------------------------------------------------- */

static void recipe_use(bool *used, unsigned recipe) {
  if (used[recipe]) return;
  used[recipe] = true;
  const cpmi_recipe *r = cpmi_recipes[recipe];
  for (size_t i = 0; i < r->nlines; i++)
    if (r->lines[i].value == CPMI_VALUE_RECIPE) recipe_use(used, r->lines[i].what);
}

static void recipe_used_by(bool *used, const cpmi_row *row) {
  for (size_t i = 0; i < CPMI_OPS_A_ROW; i++) {
    const cpmi_op *op = &row->ops[i];
    if (op->op == CPMI_OP_SEND || op->op == CPMI_OP_REPLY || op->op == CPMI_OP_PUSH) recipe_use(used, op->b);
    if (op->op == CPMI_OP_REFUSE) recipe_use(used, CPMI_RECIPE_refusal);
  }
  for (int i = 0; i < CPMI_GUARD && row->when[i]; i++) {
    const cpmi_fact *f = &cpmi_facts[row->when[i] > 0 ? row->when[i] : -row->when[i]];
    if (f->test == CPMI_TEST_COMPOSED || f->test == CPMI_TEST_ADDRESSES) recipe_use(used, f->a);
  }
}

static void recipe_check_uses(check *c) {
  bool used[CPMI_RECIPE_COUNT] = { false };
  const cpmi_row *row;
  for (size_t i = 0; i < cpmi_machine_count; i++)
    for (unsigned leg = 0; leg < 2; leg++)
      for (size_t k = 0; (row = cpmi_row_at(cpmi_machines[i], leg, k)) != NULL; k++) recipe_used_by(used, row);
  for (unsigned r = 0; r < CPMI_RECIPE_COUNT; r++)
    if (!used[r]) check_say(c, "%s: no machine uses it", cpmi_recipes[r]->name);
}

/* ---- facts -------------------------------------------------------------------------------------------------------- */

static bool recipe_has_fact(unsigned field, unsigned value) {
  for (unsigned i = 1; i < CPMI_FACT_COUNT; i++)
    if (cpmi_facts[i].test == CPMI_TEST_IS && cpmi_facts[i].a == field && cpmi_facts[i].b == value) return true;
  return false;
}

/* NUMBER, TEXT or ENUM, as the test wants it; any type for SET. */
static bool recipe_fact_reads(const cpmi_fact *f) {
  const cpmi_type type = cpmi_field_type((cpm_field)(f->a < CPM_FIELD_COUNT ? f->a : 0));
  switch (f->test) {
  case CPMI_TEST_IS:
  case CPMI_TEST_FROM: return type == CPMI_ENUM && f->b >= 1 && f->b <= cpmi_enum_count((cpm_field)f->a);
  case CPMI_TEST_LAST:
  case CPMI_TEST_LESS: return type == CPMI_NUMBER && cpmi_field_type((cpm_field)f->b) == CPMI_NUMBER;
  case CPMI_TEST_OVER:
  case CPMI_TEST_REACHES:
  case CPMI_TEST_LISTED:
  case CPMI_TEST_EQUALS:
  case CPMI_TEST_HAS_BIT: return type == CPMI_NUMBER;
  case CPMI_TEST_TYPE:
  case CPMI_TEST_TOP_TYPE:
  case CPMI_TEST_TAKES: return cpmi_is_text(type);
  case CPMI_TEST_ABOVE: return type == CPMI_ENUM && cpmi_field_type((cpm_field)f->b) == CPMI_ENUM;
  case CPMI_TEST_WITHOUT: return type == CPMI_FLAG;
  case CPMI_TEST_TAKES_OF:
  case CPMI_TEST_EQUAL: return cpmi_is_text(type) && cpmi_is_text(cpmi_field_type((cpm_field)f->b));
  case CPMI_TEST_ADDRESSES: return cpmi_is_text(cpmi_field_type((cpm_field)f->b));
  default: return true;
  }
}

static void recipe_check_facts(check *c) {
  for (unsigned i = 1; i < CPMI_FACT_COUNT; i++) {
    const cpmi_fact *f = &cpmi_facts[i];
    if (!recipe_fact_reads(f)) check_say(c, "fact %s: %s is of another type", f->name, cpm_field_name((cpm_field)f->a));
    for (unsigned v = 1; f->test == CPMI_TEST_IS && v <= cpmi_enum_count((cpm_field)f->a); v++)
      if (!recipe_has_fact(f->a, v))
        check_say(c, "fact %s: value %u of %s has no fact", f->name, v, cpm_field_name((cpm_field)f->a));
  }
}

void check_recipes(check *c) {
  for (unsigned r = 0; r < CPMI_RECIPE_COUNT; r++) check_recipe(c, cpmi_recipes[r]);
  recipe_check_uses(c);
  recipe_check_facts(c);
}
