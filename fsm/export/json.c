/* SPDX-License-Identifier: MIT */
/* json.c - machines, recipes and requirement ids as JSON. */
#include "export.h"
#include "names.h"
#include "json.h"
#include "cpm/cpm.h"
#include <stdlib.h>
#include <string.h>

/* ---- writing -------------------------------------------------------------------------------------------------------- */

static cJSON *json_need(cJSON *item) {
  if (item) return item;
  fputs("model: out of memory\n", stderr);
  exit(2);
}

cJSON *json_object(void) { return json_need(cJSON_CreateObject()); }
cJSON *json_array(void) { return json_need(cJSON_CreateArray()); }

cJSON *json_put(cJSON *object, const char *key, cJSON *item) {
  cJSON_AddItemToObjectCS(object, key, json_need(item));
  return item;
}

cJSON *json_append(cJSON *array, cJSON *item) {
  cJSON_AddItemToArray(array, json_need(item));
  return item;
}

void json_put_text(cJSON *object, const char *key, const char *text) {
  json_put(object, key, text ? cJSON_CreateString(text) : cJSON_CreateNull());
}

void json_put_number(cJSON *object, const char *key, double number) { json_put(object, key, cJSON_CreateNumber(number)); }
void json_put_bool(cJSON *object, const char *key, bool is) { json_put(object, key, cJSON_CreateBool(is)); }
void json_append_text(cJSON *array, const char *text) { json_append(array, cJSON_CreateString(text)); }

cJSON *json_events(uint64_t set) {
  cJSON *a = json_array();
  for (unsigned e = 0; e < CPMI_EVENTS_OUTSIDE; e++)
    if (set >> e & 1u) json_append_text(a, cpm_event_name((cpm_event_type)e));
  return a;
}

cJSON *json_states(uint64_t set) {
  cJSON *a = json_array();
  for (unsigned s = 0; s < CPMI_STATE_COUNT; s++)
    if (set >> s & 1u) json_append_text(a, cpmi_state_name(s));
  return a;
}

/* ---- what rows, captures and lines have in common ------------------------------------------------------------------- */

static void json_clauses(cJSON *o, const char *spec, const char *clauses) {
  char id[CPM_CLAUSE_MAX];
  cJSON *a = json_put(o, "clauses", json_array());
  for (const char *rest = clauses; cpm_clause_next(spec, &rest, id);) json_append_text(a, id);
}

static void json_guard(cJSON *o, const int16_t *when) {
  cJSON *a = json_put(o, "guard", json_array());
  for (size_t i = 0; i < CPMI_GUARD && when[i]; i++) {
    cJSON *g = json_append(a, json_object());
    json_put_text(g, "fact", cpmi_facts[abs(when[i])].name);
    json_put_bool(g, "holds", when[i] > 0);
  }
}

static void json_given(cJSON *o, const names_given *given, size_t n) {
  cJSON *operands = json_put(o, "operands", json_object());
  for (size_t i = 0; i < n; i++)
    if (given[i].text) json_put_text(operands, given[i].name, given[i].text);
    else json_put_number(operands, given[i].name, (double)given[i].number);
}

/* ---- machines ------------------------------------------------------------------------------------------------------- */

static void json_op(cJSON *ops, const cpmi_op *op) {
  names_given given[NAMES_OPERANDS];
  cJSON *o = json_append(ops, json_object());
  json_put_text(o, "op", names_op(op->op));
  json_given(o, given, names_of_op(op, given));
  json_put(o, "enables", json_events(cpmi_enables(op)));
}

static void json_row(cJSON *rows, const names_row *row) {
  const cpmi_row *r = row->r;
  cJSON *o = json_append(rows, json_object());
  json_put_number(o, "row", (double)row->index);
  json_put_number(o, "part", row->part);
  json_clauses(o, r->spec, r->clauses);
  json_put_text(o, "state", names_state(row->state));
  json_put_text(o, "event", cpm_event_name((cpm_event_type)row->event));
  json_guard(o, r->when);
  json_put_text(o, "next", names_state(r->next));
  json_put_bool(o, "ignore", r->ignore != 0);
  cJSON *ops = json_put(o, "ops", json_array());
  for (size_t i = 0; i < CPMI_OPS_A_ROW && r->ops[i].op != CPMI_OP_END; i++) json_op(ops, &r->ops[i]);
}

static void json_rows(cJSON *o, const cpm_machine *m, bool leg) {
  cJSON *rows = json_put(o, leg ? "leg" : "call", json_array());
  for (names_row row = { NULL, 0, 0, 0, 0 }; names_next_row(m, leg, &row);) json_row(rows, &row);
}

static void json_captures(cJSON *o, const cpm_machine *m) {
  const cpmi_capture *c;
  names_given given[NAMES_OPERANDS];
  cJSON *captures = json_put(o, "captures", json_array());
  for (size_t i = 0; (c = cpmi_capture_at(m, i)) != NULL; i++) {
    cJSON *x = json_append(captures, json_object());
    json_put_number(x, "capture", (double)i);
    json_put_number(x, "part", names_part_of_capture(m, i));
    json_clauses(x, c->spec, c->clauses);
    json_put_text(x, "of", c->leg ? "leg" : "call");
    json_put_text(x, "event", cpm_event_name((cpm_event_type)c->event));
    json_put_text(x, "field", cpm_field_name((cpm_field)c->field));
    json_put_text(x, "source", names_sources[c->source].name);
    json_given(x, given, names_of_capture(c, given));
  }
}

static void json_fields(cJSON *o, const char *key, cpmi_names fields) {
  cJSON *a = json_put(o, key, json_array());
  for (size_t i = 0; i < fields.n; i++) json_append_text(a, cpm_field_name((cpm_field)fields.p[i]));
}

static void json_kinds(cJSON *o, cpmi_names kinds) {
  cJSON *a = json_put(o, "leg_kinds", json_array());
  for (size_t i = 0; i < kinds.n; i++) json_append_text(a, names_kind(kinds.p[i]));
}

static bool json_has_part(const cpm_machine *m, const cpmi_part *part) {
  for (size_t i = 0; i < CPMI_PARTS && m->parts[i]; i++)
    if (m->parts[i] == part) return true;
  return false;
}

static void json_parts(cJSON *o, const cpm_machine *m) {
  cJSON *parts = json_put(o, "parts", json_array());
  for (size_t i = 0; i < CPMI_PARTS && m->parts[i]; i++) {
    cJSON *p = json_append(parts, json_object());
    json_put_number(p, "part", (double)i);
    json_put_number(p, "call", (double)m->parts[i]->call.n);
    json_put_number(p, "leg", (double)m->parts[i]->leg.n);
    json_put_number(p, "captures", (double)m->parts[i]->captures.n);
    cJSON *also = json_put(p, "also_in", json_array());
    for (size_t k = 0; k < cpmi_machine_count; k++)
      if (cpmi_machines[k] != m && json_has_part(cpmi_machines[k], m->parts[i])) json_append_text(also, cpmi_machines[k]->name);
  }
}

static void json_random(cJSON *o, const cpm_machine *m) {
  uint64_t set = 0;
  for (unsigned e = 0; e < CPMI_EVENTS_OUTSIDE; e++)
    if (cpm_random_need(m, (cpm_event_type)e)) set |= UINT64_C(1) << e;
  json_put(o, "random", json_events(set));
}

static void json_names_of_recipes(cJSON *o, const char *key, const bool *used) {
  cJSON *a = json_put(o, key, json_array());
  for (unsigned i = 0; i < CPMI_RECIPE_COUNT; i++)
    if (used[i]) json_append_text(a, cpmi_recipes[i]->name);
}

static void json_machine(cJSON *machines, const cpm_machine *m) {
  bool used[CPMI_RECIPE_COUNT];
  cJSON *o = json_append(machines, json_object());
  json_put_text(o, "name", m->name);
  json_put_text(o, "role", names_role(m->role));
  json_put_text(o, "init", names_state(m->init));
  json_put_text(o, "leg_init", m->leg_states.n ? names_state(m->leg_init) : NULL);
  json_put(o, "call_states", json_states(names_states_of(m, false)));
  json_put(o, "leg_states", json_states(names_states_of(m, true)));
  json_kinds(o, m->leg_kinds);
  json_fields(o, "fields", m->fields);
  json_fields(o, "leg_fields", m->leg_fields);
  json_random(o, m);
  names_recipes_of(m, used);
  json_names_of_recipes(o, "recipes", used);
  json_parts(o, m);
  json_captures(o, m);
  json_rows(o, m, false);
  json_rows(o, m, true);
}

/* ---- recipes -------------------------------------------------------------------------------------------------------- */

static void json_line(cJSON *lines, const cpmi_recipe *r, size_t i) {
  const cpmi_line *l = &r->lines[i];
  const bool writes = l->level != CPMI_SHALL_NOT && l->level != CPMI_EXACTLY_ONE;
  names_given given[NAMES_OPERANDS];
  cJSON *o = json_append(lines, json_object());
  json_put_number(o, "line", (double)i);
  json_clauses(o, l->spec, l->clauses);
  json_put_text(o, "level", names_level(l->level));
  json_put_text(o, "place", names_place(l->place));
  json_put_text(o, "name", names_line(l));
  json_guard(o, l->when);
  cJSON *value = json_put(o, "value", writes ? json_object() : cJSON_CreateNull());
  if (!writes) return;
  json_put_text(value, "value", names_values[l->value].name);
  json_given(value, given, names_of_line(l, given));
}

#define JSON_START(name, start, doc) CPMI_OPERAND_##start,
static void json_recipe(cJSON *recipes, unsigned index) {
  static const uint8_t starts[] = { CPM_RECIPE_KINDS(JSON_START) };
  const cpmi_recipe *r = cpmi_recipes[index];
  const bool request = starts[r->kind] == CPMI_OPERAND_METHOD, response = starts[r->kind] == CPMI_OPERAND_CODE && r->start;
  const cpmi_op send = { CPMI_OP_SEND, 0, (uint16_t)index };
  cJSON *o = json_append(recipes, json_object());
  json_put_text(o, "name", r->name);
  json_put_text(o, "kind", names_recipe_kind(r->kind));
  json_put_text(o, "method", request ? cpm_sip_method_name((cpm_sip_method)r->start).p : NULL);
  json_put(o, "status", response ? cJSON_CreateNumber(r->start) : cJSON_CreateNull());
  json_put_text(o, "type", r->type);
  json_put_text(o, "disposition", r->disposition);
  json_put(o, "enables", json_events(request ? cpmi_enables(&send) : 0));
  cJSON *lines = json_put(o, "lines", json_array());
  for (size_t i = 0; i < r->nlines; i++) json_line(lines, r, i);
}

/* ---- requirement ids: where each of them is ------------------------------------------------------------------------- */

typedef struct json_id { char id[CPM_CLAUSE_MAX]; cJSON *at; } json_id;
typedef struct json_ids { json_id *p; size_t n, cap; } json_ids;

static cJSON *json_id_of(json_ids *ids, const char *id) {
  for (size_t i = 0; i < ids->n; i++)
    if (strcmp(ids->p[i].id, id) == 0) return ids->p[i].at;
  if (ids->n == ids->cap) {
    ids->cap = ids->cap ? 2 * ids->cap : 256;
    ids->p = realloc(ids->p, ids->cap * sizeof *ids->p);
    if (!ids->p) json_need(NULL);
  }
  json_id *new = &ids->p[ids->n++];
  memcpy(new->id, id, sizeof new->id);
  new->at = json_array();
  return new->at;
}

/* The ids of all in `array`, which is the member `in` of the machine or recipe. */
static void json_collect(json_ids *ids, const cJSON *owner, const char *in) {
  const cJSON *item, *clause;
  double index = 0;
  cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(owner, in)) {
    cJSON_ArrayForEach(clause, cJSON_GetObjectItemCaseSensitive(item, "clauses")) {
      char id[CPM_CLAUSE_MAX] = "";
      strncpy(id, clause->valuestring, sizeof id - 1);
      cJSON *at = json_append(json_id_of(ids, id), json_object());
      json_put_text(at, "of", cJSON_GetObjectItemCaseSensitive(owner, "name")->valuestring);
      json_put_text(at, "in", in);
      json_put_number(at, "index", index);
    }
    index++;
  }
}

static int json_by_id(const void *a, const void *b) { return strcmp(((const json_id *)a)->id, ((const json_id *)b)->id); }

static void json_requirements(cJSON *root) {
  static const char *const tables[] = { "captures", "call", "leg" };
  json_ids ids = { NULL, 0, 0 };
  const cJSON *owner;
  cJSON_ArrayForEach(owner, cJSON_GetObjectItemCaseSensitive(root, "machines"))
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) json_collect(&ids, owner, tables[i]);
  cJSON_ArrayForEach(owner, cJSON_GetObjectItemCaseSensitive(root, "recipes")) json_collect(&ids, owner, "lines");
  if (ids.n) qsort(ids.p, ids.n, sizeof *ids.p, json_by_id);
  cJSON *clauses = json_put(root, "clauses", json_array());
  for (size_t i = 0; i < ids.n; i++) {
    cJSON *o = json_append(clauses, json_object());
    json_put_text(o, "id", ids.p[i].id);
    json_put(o, "at", ids.p[i].at);
  }
  free(ids.p);
}

/* ---- all of it ------------------------------------------------------------------------------------------------------ */

static void json_library(cJSON *root) {
  cJSON *o = json_put(root, "library", json_object());
  json_put_text(o, "name", "cpmkit");
  json_put_text(o, "version", cpm_version());
}

static cJSON *json_root(const cpm_machine *only) {
  bool used[CPMI_RECIPE_COUNT];
  cJSON *root = json_object();
  json_put_text(root, "model_version", EXPORT_MODEL_VERSION);
  json_library(root);
  cJSON *machines = json_put(root, "machines", json_array());
  for (size_t i = 0; i < cpmi_machine_count; i++)
    if (!only || cpmi_machines[i] == only) json_machine(machines, cpmi_machines[i]);
  if (only) names_recipes_of(only, used);
  cJSON *recipes = json_put(root, "recipes", json_array());
  for (unsigned i = 0; i < CPMI_RECIPE_COUNT; i++)
    if (!only || used[i]) json_recipe(recipes, i);
  json_words(root);
  json_requirements(root);
  return root;
}

bool export_json(FILE *out, const cpm_machine *only) {
  cJSON *root = json_root(only);
  char *text = cJSON_Print(root);
  cJSON_Delete(root);
  if (!text) json_need(NULL);
  const bool ok = fputs(text, out) >= 0 && fputc('\n', out) != EOF && fflush(out) == 0;
  cJSON_free(text);
  return ok;
}
