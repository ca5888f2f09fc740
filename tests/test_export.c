/* SPDX-License-Identifier: MIT */
/* The exporter: what the tables hold is in the model, by the names that the lists have. */
#include "support.h"
#include "export.h"
#include "names.h"
#include "cpm/imdn.h"
#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

/* ---- what is printed ------------------------------------------------------------------------------------------------ */

static char *export_read(FILE *f) {
  const long size = ftell(f);
  char *text = malloc((size_t)size + 1);
  assert_non_null(text);
  rewind(f);
  assert_int_equal(fread(text, 1, (size_t)size, f), size);
  text[size] = '\0';
  fclose(f);
  return text;
}

static char *export_json_text(const cpm_machine *only) {
  FILE *f = tmpfile();
  assert_non_null(f);
  assert_true(export_json(f, only));
  return export_read(f);
}

static char *export_dot_text(const cpm_machine *m, bool leg) {
  FILE *f = tmpfile();
  assert_non_null(f);
  assert_true(export_dot(f, m, leg));
  return export_read(f);
}

static cJSON *export_model(const cpm_machine *only) {
  char *text = export_json_text(only);
  cJSON *model = cJSON_Parse(text);
  free(text);
  assert_non_null(model);
  return model;
}

static size_t export_count(const cJSON *o, const char *key) {
  const cJSON *a = cJSON_GetObjectItemCaseSensitive(o, key);
  if (!cJSON_IsArray(a)) fail_msg("no array %s", key);
  return (size_t)cJSON_GetArraySize(a);
}

static const char *export_text(const cJSON *o, const char *key) {
  const cJSON *text = cJSON_GetObjectItemCaseSensitive(o, key);
  if (!cJSON_IsString(text)) fail_msg("no text %s", key);
  return text->valuestring;
}

/* The item of a list with that name. */
static const cJSON *export_named(const cJSON *o, const char *key, const char *name) {
  const cJSON *item;
  cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(o, key))
    if (strcmp(export_text(item, "name"), name) == 0) return item;
  fail_msg("no %s in %s", name, key);
  return NULL;
}

/* ---- JSON ----------------------------------------------------------------------------------------------------------- */

static void two_runs_are_byte_equal(void **state) {
  (void)state;
  char *a = export_json_text(NULL), *b = export_json_text(NULL);
  assert_string_equal(a, b);
  free(a);
  free(b);
}

static size_t export_rows(const cpm_machine *m, bool leg) {
  size_t n = 0;
  while (cpmi_row_at(m, leg, n)) n++;
  return n;
}

static size_t export_captures(const cpm_machine *m) {
  size_t n = 0;
  while (cpmi_capture_at(m, n)) n++;
  return n;
}

static void every_row_and_capture_is_there(void **state) {
  (void)state;
  cJSON *model = export_model(NULL);
  assert_int_equal(export_count(model, "machines"), cpmi_machine_count);
  for (size_t i = 0; i < cpmi_machine_count; i++) {
    const cpm_machine *m = cpmi_machines[i];
    const cJSON *o = export_named(model, "machines", m->name);
    assert_int_equal(export_count(o, "call"), export_rows(m, false));
    assert_int_equal(export_count(o, "leg"), export_rows(m, true));
    assert_int_equal(export_count(o, "captures"), export_captures(m));
    assert_int_equal(export_count(o, "fields"), m->fields.n);
    assert_int_equal(export_count(o, "leg_fields"), m->leg_fields.n);
    assert_int_equal(export_count(o, "leg_states"), m->leg_states.n);
    assert_int_equal(export_count(o, "leg_kinds"), m->leg_kinds.n);
  }
  cJSON_Delete(model);
}

static void every_recipe_line_is_there(void **state) {
  (void)state;
  cJSON *model = export_model(NULL);
  assert_int_equal(export_count(model, "recipes"), CPMI_RECIPE_COUNT);
  for (size_t i = 0; i < CPMI_RECIPE_COUNT; i++)
    assert_int_equal(export_count(export_named(model, "recipes", cpmi_recipes[i]->name), "lines"), cpmi_recipes[i]->nlines);
  cJSON_Delete(model);
}

static void every_word_is_there(void **state) {
  (void)state;
  static const struct { const char *key; size_t n; } lists[] = {
    { "states", CPMI_STATE_COUNT },           { "groups", CPMI_GROUP_COUNT },
    { "leg_kinds", CPMI_KIND_COUNT },         { "events", CPM_EVENT_COUNT },
    { "fields", CPM_FIELD_COUNT - 1 },        { "facts", CPMI_FACT_COUNT - 1 },
    { "ops", CPMI_OP_COUNT - 1 },             { "tests", CPMI_TEST_COUNT },
    { "sources", CPMI_FROM_COUNT },           { "recipe_values", CPMI_VALUE_COUNT },
    { "operands", CPMI_OPERAND_COUNT - 1 },   { "effects", CPM_EFFECT_COUNT - 1 },
    { "timers", CPM_TIMER_COUNT },            { "notices", CPM_NOTICE_COUNT },
    { "questions", CPM_QUESTION_COUNT },      { "items", CPM_ITEM_COUNT },
    { "procedures", CPM_PROCEDURE_COUNT },    { "imdn_statuses", CPM_IMDN_STATUS_COUNT },
    { "warnings", CPMI_WARNING_COUNT },       { "code_lists", CPMI_CODES_COUNT },
    { "literals", CPMI_LITERAL_COUNT },       { "sdp_words", CPMI_SDP_COUNT },          { "sdp_lines", CPM_SDP_LINE_COUNT }, { "msrp_headers", CPM_MSRP_HEADER_COUNT - 1 },
    { "agent_texts", CPMI_AGENT_TEXT_COUNT },
    { "agent_numbers", CPMI_AGENT_COUNT - CPMI_AGENT_TEXT_COUNT },
    { "levels", CPMI_LEVEL_COUNT },           { "places", CPMI_PLACE_COUNT },
    { "recipe_kinds", CPMI_RECIPE_KIND_COUNT }, { "headers", CPM_SIP_HEADER_COUNT - 1 },
    { "cpim_headers", CPM_CPIM_ID_COUNT - 1 }, { "methods", CPM_METHOD_COUNT - 1 },
    { "icsis", CPM_ICSI_COUNT - 1 },          { "dispositions", CPM_DISPOSITION_BITS },
  };
  cJSON *model = export_model(NULL);
  for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
    if (export_count(model, lists[i].key) != lists[i].n) fail_msg("%s: %zu", lists[i].key, export_count(model, lists[i].key));
  cJSON_Delete(model);
}

static void one_machine_comes_with_its_recipes_and_ids_alone(void **state) {
  (void)state;
  cJSON *all = export_model(NULL);
  for (size_t i = 0; i < cpmi_machine_count; i++) {
    cJSON *one = export_model(cpmi_machines[i]);
    const cJSON *m = export_named(one, "machines", cpmi_machines[i]->name), *recipe;
    assert_int_equal(export_count(one, "machines"), 1);
    assert_true(cJSON_Compare(m, export_named(all, "machines", cpmi_machines[i]->name), true));
    assert_int_equal(export_count(one, "recipes"), export_count(m, "recipes"));
    cJSON_ArrayForEach(recipe, cJSON_GetObjectItemCaseSensitive(m, "recipes")) export_named(one, "recipes", recipe->valuestring);
    assert_true(export_count(one, "clauses") < export_count(all, "clauses"));
    assert_int_equal(export_count(one, "facts"), export_count(all, "facts"));
    cJSON_Delete(one);
  }
  cJSON_Delete(all);
}

static void a_full_disk_is_noticed(void **state) {
  (void)state;
  FILE *full = fopen("/dev/full", "w");
  if (!full) skip();
  assert_false(export_json(full, NULL));
  fclose(full);
  full = fopen("/dev/full", "w");
  assert_false(export_dot(full, cpmi_machines[0], false));
  fclose(full);
}

/* ---- operands ------------------------------------------------------------------------------------------------------- */

/* A name that a list has says the same as the token in the table: "cf" for CPM_ADDRESSED_cf. */
static void export_is_token(const char *fact, const names_given *given, const char *token) {
  char number[32];
  snprintf(number, sizeof number, "%llu", (unsigned long long)given->number);
  const char *name = given->text ? given->text : number;
  const size_t n = strlen(name), of = strlen(token);
  if (strcmp(name, token) == 0 || (of > n && token[of - n - 1] == '_' && strcmp(token + of - n, name) == 0)) return;
  if (!given->text && strstr(token, "_BIT_")) return;   /* a bit goes by its number */
  fail_msg("fact %s: operand %s is %s, the table has %s", fact, given->name, name, token);
}

static void operands_of_facts_are_called_as_in_the_table(void **state) {
  (void)state;
  static const struct { const char *name, *token[NAMES_OPERANDS]; } facts[] = {
    { "always", { NULL, NULL } },
#define EXPORT_FACT(name, test, a, b, doc) { #name, { #a, #b } },
    CPM_FACTS(EXPORT_FACT)
  };
  for (unsigned i = 1; i < CPMI_FACT_COUNT; i++) {
    names_given given[NAMES_OPERANDS];
    const size_t n = names_of_fact(i, given);
    size_t k = 0;
    assert_string_equal(cpmi_facts[i].name, facts[i].name);
    for (size_t at = 0; at < NAMES_OPERANDS; at++)
      if (names_tests[cpmi_facts[i].test].operand[at] != CPMI_OPERAND_NONE) export_is_token(facts[i].name, &given[k++], facts[i].token[at]);
    assert_int_equal(k, n);
  }
}

/* Every number that the tables have at this place is an operand with a name: a new op, test, source or value says what it takes. */
static void export_is_described(const char *what, const names_shape *shape, const unsigned number[NAMES_OPERANDS],
                                const names_given *given, size_t n) {
  for (size_t i = 0; i < NAMES_OPERANDS; i++)
    if (number[i] && shape->operand[i] == CPMI_OPERAND_NONE) fail_msg("%s %s: its operand %zu has no description", what, shape->name, i);
  for (size_t i = 0; i < n; i++)
    if (given[i].text && strcmp(given[i].text, "?") == 0) fail_msg("%s %s: %s has no name", what, shape->name, given[i].name);
}

static void every_operand_of_a_fact_is_described(void **state) {
  (void)state;
  for (unsigned i = 1; i < CPMI_FACT_COUNT; i++) {
    names_given given[NAMES_OPERANDS];
    const unsigned number[] = { cpmi_facts[i].a, cpmi_facts[i].b };
    export_is_described(cpmi_facts[i].name, &names_tests[cpmi_facts[i].test], number, given, names_of_fact(i, given));
  }
}

static void export_row_is_described(const cpmi_row *r) {
  names_given given[NAMES_OPERANDS];
  for (size_t k = 0; k < CPMI_OPS_A_ROW && r->ops[k].op != CPMI_OP_END; k++) {
    const unsigned number[] = { r->ops[k].a, r->ops[k].b };
    export_is_described("op", &names_ops[r->ops[k].op], number, given, names_of_op(&r->ops[k], given));
  }
}

static void every_operand_of_a_machine_is_described(void **state) {
  (void)state;
  names_given given[NAMES_OPERANDS];
  const cpmi_row *r;
  const cpmi_capture *c;
  for (size_t i = 0; i < cpmi_machine_count; i++) {
    for (unsigned leg = 0; leg < 2; leg++)
      for (size_t k = 0; (r = cpmi_row_at(cpmi_machines[i], leg, k)) != NULL; k++) export_row_is_described(r);
    for (size_t k = 0; (c = cpmi_capture_at(cpmi_machines[i], k)) != NULL; k++) {
      const unsigned number[] = { c->what, c->with };
      export_is_described("source", &names_sources[c->source], number, given, names_of_capture(c, given));
    }
  }
}

static void every_operand_of_a_recipe_line_is_described(void **state) {
  (void)state;
  for (size_t i = 0; i < CPMI_RECIPE_COUNT; i++)
    for (size_t k = 0; k < cpmi_recipes[i]->nlines; k++) {
      const cpmi_line *l = &cpmi_recipes[i]->lines[k];
      const names_shape *value = &names_values[l->value];
      names_given given[NAMES_OPERANDS];
      const unsigned number[] = { l->what, 0 };
      export_is_described("value", value, number, given, names_of_line(l, given));
      const bool text = value->operand[1] != CPMI_OPERAND_NONE && strcmp(names_operands[value->operand[1]].of, "text") == 0;
      if (l->lit[0] && !text) fail_msg("value %s: its text has no description", value->name);
    }
}

static void every_value_of_an_enum_has_a_name(void **state) {
  (void)state;
  for (int f = CPM_FIELD_NONE + 1; f < CPM_FIELD_COUNT; f++) {
    const unsigned n = cpmi_enum_count((cpm_field)f);
    const bool is_enum = cpmi_field_type((cpm_field)f) == CPMI_ENUM;
    if (is_enum != (n > 0)) fail_msg("%s: its values are not in CPM_ENUMS", cpm_field_name((cpm_field)f));
    assert_null(names_value((cpm_field)f, 0));
    assert_null(names_value((cpm_field)f, n + 1));
    for (unsigned v = 1; v <= n; v++) assert_true(strlen(names_value((cpm_field)f, v)) > 0 && strlen(names_value_doc((cpm_field)f, v)) > 0);
  }
  assert_string_equal(names_value(CPM_FIELD_target, CPM_TARGET_many), "many");
  assert_string_equal(names_value(CPM_FIELD_reason, CPM_REASON_other), "other");
}

/* ---- DOT ------------------------------------------------------------------------------------------------------------ */

static size_t export_occurrences(const char *text, const char *what) {
  size_t n = 0;
  for (; (text = strstr(text, what)) != NULL; text += strlen(what)) n++;
  return n;
}

/* Each row that leads on is an edge from each of its states, each state a node. */
static size_t export_edges(const cpm_machine *m, bool leg) {
  const uint64_t states = names_states_of(m, leg);
  size_t n = 0;
  for (names_row row = { NULL, 0, 0, 0, 0 }; names_next_row(m, leg, &row);)
    for (unsigned s = 0; s < CPMI_STATE_COUNT; s++) {
      if (!((states & cpmi_state_set(row.state)) >> s & 1u) || (!leg && s == CPMI_STATE_ended)) continue;
      n += !row.r->ignore && row.r->next != CPMI_STATE_stays && row.r->next != s;
    }
  return n;
}

static void every_row_that_leads_on_is_an_edge(void **state) {
  (void)state;
  for (size_t i = 0; i < cpmi_machine_count; i++)
    for (unsigned leg = 0; leg < 2; leg++) {
      char *text = export_dot_text(cpmi_machines[i], leg), *again = export_dot_text(cpmi_machines[i], leg);
      const char *stays = leg ? "id=\"leg-stays-" : "id=\"call-stays-";
      const size_t edges = export_occurrences(text, leg ? "id=\"leg-" : "id=\"call-");
      if (!export_has_legs(cpmi_machines[i]) && leg) assert_string_equal(text, "");
      else assert_int_equal(edges - export_occurrences(text, stays), export_edges(cpmi_machines[i], leg));
      assert_string_equal(text, again);
      free(text);
      free(again);
    }
}

/* The first row of a machine, written out here once more. */
static void a_drawing_names_event_guard_ops_and_requirement(void **state) {
  (void)state;
  char *text = export_dot_text(cpm_machine_named("pf/session"), false);
  assert_non_null(strstr(text, "\"active\" -> \"by_client\" [label=\"client_left\\nSTART(fanin), EACH(do_bye)\\nS3-8.2.2.3-1.b +3\", id=\"call-0-"));
  assert_non_null(strstr(text, "far_left [no_stores_offline]\\nSTART(fanin)"));
  assert_non_null(strstr(text, "tooltip=\"S3-8.2.2.3-1.b S3-8.2.2.3-1.c.i S3-8.2.2.3-1.d.i O-R34-1\""));
  assert_non_null(strstr(text, "start -> \"active\""));
  assert_non_null(strstr(text, "\"ended\" [tooltip=\"over\", peripheries=2]"));
  free(text);
  text = export_dot_text(cpm_machine_named("client/pager-send"), false);
  assert_non_null(strstr(text, "cancel\\nignored\\nO-R33"));
  free(text);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(two_runs_are_byte_equal),
    cmocka_unit_test(every_row_and_capture_is_there),
    cmocka_unit_test(every_recipe_line_is_there),
    cmocka_unit_test(every_word_is_there),
    cmocka_unit_test(one_machine_comes_with_its_recipes_and_ids_alone),
    cmocka_unit_test(a_full_disk_is_noticed),
    cmocka_unit_test(operands_of_facts_are_called_as_in_the_table),
    cmocka_unit_test(every_operand_of_a_fact_is_described),
    cmocka_unit_test(every_operand_of_a_machine_is_described),
    cmocka_unit_test(every_operand_of_a_recipe_line_is_described),
    cmocka_unit_test(every_value_of_an_enum_has_a_name),
    cmocka_unit_test(every_row_that_leads_on_is_an_edge),
    cmocka_unit_test(a_drawing_names_event_guard_ops_and_requirement),
  };
  return cmocka_run_group_tests_name("export", tests, NULL, NULL);
}
