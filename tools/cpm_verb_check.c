/* SPDX-License-Identifier: MIT */
/* cpm_verb_check.c - cpm check: which recipe a message comes from, and what each of its lines says of the message. */
#include "cpm_tool.h"
#include <stdlib.h>
#include <string.h>

enum { CHECK_NESTING = 4, CHECK_NEAR = 3 };

/* How a message does by one recipe, those nested in it included. */
typedef struct check_score {
  int      recipe;
  bool     other_side;    /* its product says that the other side sent it */
  unsigned fixed;         /* lines that pass and fix the value: they tell recipes apart */
  unsigned verdicts[4];
} check_score;
static unsigned check_fails(const check_score *s) { return s->verdicts[CPM_FAILS]; }

/* ---- a line ------------------------------------------------------------------------------------------------------------- */

static const char *const check_verdicts[] = { [CPM_HOLDS] = "pass", [CPM_FAILS] = "fail", [CPM_DEPENDS] = "not decidable",
                                              [CPM_NOT_ASKED] = "not asked" };

static void check_put_ids(cJSON *row, const cpm_check *c) {
  char id[CPM_CLAUSE_MAX];
  const char *rest = c->clauses;
  cJSON *ids = tree_put(row, "ids", tree_array());
  while (cpm_clause_next(c->spec, &rest, id)) tree_append(ids, tree_text(cpm_str_z(id)));
}

static void check_put_wants(cJSON *row, const cpm_line *line) {
  char text[512];
  if (line->level == CPM_SHALL_NOT) tree_put_z(row, "wants", "that it is not there");
  if (line->level == CPM_EXACTLY_ONE) tree_put_z(row, "wants", "exactly one of the lines of that name");
  if (!line->how) return;
  snprintf(text, sizeof text, "%s%s%.*s", line->how, line->want.p ? " " : "", (int)line->want.n, line->want.p ? line->want.p : "");
  tree_put_z(row, "wants", text);
}

static void check_put_when(cJSON *row, const cpm_line *line) {
  cJSON *when = line->nwhen ? tree_put(row, "if", tree_array()) : NULL;
  for (size_t i = 0; i < line->nwhen; i++) {
    char name[80];
    snprintf(name, sizeof name, "%s%s", line->when[i].holds ? "" : "no_", line->when[i].fact);
    tree_append(when, tree_text(cpm_str_z(name)));
  }
}

static void check_put_fact(cJSON *row, const char *fact) {
  if (!fact) return;
  cJSON *o = tree_put(row, "depends_on", tree_object());
  tree_put_z(o, "name", fact);
  tree_put_z(o, "value", cpm_fact_doc(fact));
}

static cJSON *check_put_row(cJSON *rows, const cpm_check *c, const cpm_line *line) {
  static const char *const levels[] = { "SHALL", "SHOULD", "MAY", "SHALL NOT", "EXACTLY ONE" };
  cJSON *row = tree_append(rows, tree_object());
  const bool body = strcmp(c->name, "body") == 0;
  tree_put_z(row, "verdict", check_verdicts[c->verdict]);
  tree_put_z(row, "level", levels[line->level]);
  tree_put_z(row, "name", c->name);
  if (!body) tree_put_text(row, "value", c->found);
  else if (c->found.p) tree_put_unsigned(row, "octets", c->found.n);
  check_put_ids(row, c);
  check_put_wants(row, line);
  check_put_when(row, line);
  check_put_fact(row, c->fact);
  return row;
}

/* ---- a recipe -------------------------------------------------------------------------------------------------------------- */

static const tool_kind *check_kind_of(int recipe) {
  cpm_recipe r;
  if (!cpm_recipe_describe(recipe, &r) || !r.type || (r.kind == CPM_RECIPE_LIST && !TOOL_READS_LISTS)) return NULL;
  for (size_t i = 0; tool_kind_at(i); i++)
    if (strcmp(tool_kind_at(i)->type, r.type) == 0) return tool_kind_at(i);
  return NULL;
}

/* A body that is there and cannot be read is not what its line asks for. The error, or NULL: it can be read. */
static cJSON *check_error_of(tool *t, int recipe, cpm_str body) {
  const tool_kind *kind = check_kind_of(recipe);
  cJSON *document = tree_object();
  if (kind) kind->read(t, document, body, 0);
  cJSON *error = cJSON_DetachItemFromObjectCaseSensitive(document, "error");
  cJSON_Delete(document);
  return error;
}

/* Judges the message, and the bodies in it by the recipes that their lines name. sections NULL: only the score. */
static void check_recipe(tool *t, int recipe, const cpm_sip *msg, unsigned depth, check_score *score, cJSON *sections) {
  cJSON *section = sections ? tree_append(sections, tree_object()) : NULL;
  if (section) tree_put_z(section, "name", cpm_recipe_name(recipe));
  cJSON *rows = section ? tree_put(section, "rows", tree_array()) : NULL;
  for (size_t i = 0; i < cpm_recipe_lines(recipe); i++) {
    cpm_check c;
    cpm_line line;
    const int rc = cpm_recipe_check(recipe, i, msg, NULL, t->facts, t->nfacts, &c);
    if (rc != CPM_OK || cpm_recipe_line(recipe, i, &line) != CPM_OK) continue;
    const bool nested = line.nested >= 0 && c.found.p && c.verdict == CPM_HOLDS;
    cJSON *error = nested ? check_error_of(t, line.nested, c.found) : NULL;
    if (error) c.verdict = CPM_FAILS;
    score->verdicts[c.verdict]++;
    score->fixed += c.verdict == CPM_HOLDS && line.fixed;
    cJSON *row = rows ? check_put_row(rows, &c, &line) : NULL;
    if (error && row) tree_put(row, "error", error);
    else cJSON_Delete(error);
    if (!nested || error || depth >= CHECK_NESTING) continue;
    cpm_sip part = *msg;
    part.body = c.found;
    check_recipe(t, line.nested, &part, depth + 1, score, sections);
  }
}

/* ---- which recipe ------------------------------------------------------------------------------------------------------------ */

static bool check_is_role(const tool *t, const cpm_machine *m) {
  static const char *const roles[] = { [CPM_ROLE_CLIENT] = "client", [CPM_ROLE_PARTICIPATING] = "participating",
                                       [CPM_ROLE_CONTROLLING] = "controlling" };
  return !t->role || strcmp(roles[cpm_machine_role(m)], t->role) == 0;
}

static bool check_is_sent(const tool *t, int recipe) {
  for (size_t i = 0; cpm_machine_at(i); i++)
    if (check_is_role(t, cpm_machine_at(i)) && cpm_machine_composes(cpm_machine_at(i), recipe)) return true;
  return false;
}

static bool check_may_be(const tool *t, const cpm_sip *msg, int recipe, const cpm_recipe *r) {
  if (!check_is_sent(t, recipe)) return false;
  switch (r->kind) {
  case CPM_RECIPE_REQUEST: case CPM_RECIPE_IN_DIALOG: return !msg->status && msg->method == r->method;
  case CPM_RECIPE_RESPONSE:
    if (msg->status < 200) return false;
    return strcmp(r->name, "refusal") == 0 ? msg->status >= 300 : !r->status || msg->status == r->status;
  default: return false;
  }
}

/* The side that the message says it comes from: CPM-client or CPM-serv in its User-Agent or Server (ruling O-R38). */
typedef enum check_side { CHECK_ANY_SIDE, CHECK_CLIENT, CHECK_FUNCTION } check_side;

static check_side check_side_of(const cpm_sip *msg) {
  cpm_release release;
  if (!cpm_release_find(cpm_sip_value(msg, msg->status ? CPM_SIP_SERVER : CPM_SIP_USER_AGENT), &release)) return CHECK_ANY_SIDE;
  return release.server ? CHECK_FUNCTION : CHECK_CLIENT;
}

static bool check_is_side(const cpm_machine *m, check_side side) {
  return side == CHECK_ANY_SIDE || side == (cpm_machine_role(m) == CPM_ROLE_CLIENT ? CHECK_CLIENT : CHECK_FUNCTION);
}

static bool check_is_of_side(int recipe, check_side side) {
  for (size_t i = 0; cpm_machine_at(i); i++)
    if (cpm_machine_composes(cpm_machine_at(i), recipe) && check_is_side(cpm_machine_at(i), side)) return true;
  return false;
}

/* A value that the documents fix and that is there speaks for a recipe as much as a fail speaks against it. */
static int check_points(const check_score *s) { return (int)s->fixed - (int)check_fails(s); }

/* What its own side sends, then what the message has a mark of (what only passes on has none), then most points, then fewest fails, then
 * most passes. */
static bool check_is_better(const check_score *a, const check_score *b) {
  if (a->other_side != b->other_side) return b->other_side;
  if (!a->fixed != !b->fixed) return !b->fixed;
  if (check_points(a) != check_points(b)) return check_points(a) > check_points(b);
  if (check_fails(a) != check_fails(b)) return check_fails(a) < check_fails(b);
  return a->verdicts[CPM_HOLDS] > b->verdicts[CPM_HOLDS];
}

/* Every recipe that the message may come from, the best first; of equal ones the first of the documents. */
static size_t check_candidates(tool *t, const cpm_sip *msg, check_score *scores, size_t cap) {
  cpm_recipe r;
  size_t n = 0;
  for (int recipe = 0; n < cap && cpm_recipe_describe(recipe, &r); recipe++) {
    if (!check_may_be(t, msg, recipe, &r)) continue;
    check_score s = { .recipe = recipe, .other_side = !check_is_of_side(recipe, check_side_of(msg)) };
    check_recipe(t, recipe, msg, 0, &s, NULL);
    size_t at = n++;
    for (; at > 0 && check_is_better(&s, &scores[at - 1]); at--) scores[at] = scores[at - 1];
    scores[at] = s;
  }
  return n;
}

/* ---- what is shown ---------------------------------------------------------------------------------------------------------- */

/* Those of its side, if there are any. */
static void check_put_procedures(const tool *t, cJSON *o, int recipe, check_side side) {
  cJSON *list = tree_put(o, "procedures", tree_array());
  if (!check_is_of_side(recipe, side)) side = CHECK_ANY_SIDE;
  for (size_t i = 0; cpm_machine_at(i); i++) {
    const cpm_machine *m = cpm_machine_at(i);
    if (check_is_role(t, m) && check_is_side(m, side) && cpm_machine_composes(m, recipe))
      tree_append(list, tree_text(cpm_str_z(cpm_machine_name(m))));
  }
}

static void check_put_score(cJSON *o, const check_score *s) {
  static const char *const keys[] = { "pass", "fail", "not_decidable", "not_asked" };
  for (size_t i = 0; i < 4; i++) tree_put_unsigned(o, keys[i], s->verdicts[i]);
}

static void check_put_others(const tool *t, cJSON *root, const check_score *scores, size_t n, check_side side) {
  cJSON *others = tree_put(root, "others", tree_array());
  for (size_t i = 0; i < n && i < CHECK_NEAR; i++) {
    cJSON *o = tree_append(others, tree_object());
    tree_put_z(o, "name", cpm_recipe_name(scores[i].recipe));
    check_put_procedures(t, o, scores[i].recipe, side);
    check_put_score(o, &scores[i]);
  }
}

static void check_put_message(cJSON *root, const cpm_sip *msg) {
  static const char *const sides[] = { "not said", "a client, by its CPM-client", "a function, by its CPM-serv" };
  char text[96];
  if (msg->status) snprintf(text, sizeof text, "%u response", msg->status);
  else
    snprintf(text, sizeof text, "%.*s request", msg->method_name.n < 64 ? (int)msg->method_name.n : 64, msg->method_name.p);
  tree_put_text(root, "message", cpm_str_z(text));
  tree_put_z(root, "side", sides[check_side_of(msg)]);
}

static void check_put_summary(cJSON *root, const check_score *s) {
  cJSON *summary = tree_put(root, "summary", tree_object());
  tree_put_z(summary, "text", check_fails(s) ? "something fails" : "nothing fails");
  check_put_score(summary, s);
}

static int check_show(tool *t, const cpm_sip *msg, const check_score *scores, size_t n) {
  cJSON *root = tree_object();
  check_score best = { .recipe = scores[0].recipe };
  if (t->json) tree_put_unsigned(root, "format", TOOL_FORMAT);
  tree_put_text(root, "file", cpm_str_z(t->file));
  check_put_message(root, msg);
  tree_put_z(root, "recipe", cpm_recipe_name(best.recipe));
  check_put_procedures(t, root, best.recipe, check_side_of(msg));
  check_put_others(t, root, scores + 1, n - 1, check_side_of(msg));
  check_recipe(t, best.recipe, msg, 0, &best, tree_put(root, "recipes", tree_array()));
  check_put_summary(root, &best);
  const bool ok = tool_print(t, root);
  cJSON_Delete(root);
  return !ok || check_fails(&best) ? TOOL_REFUSED : TOOL_OK;
}

/* ---- the verb -------------------------------------------------------------------------------------------------------------- */

static int check_message(tool *t, const cpm_sip *msg) {
  check_score scores[64] = { { 0 } };
  size_t n = 1;
  if (t->recipe) scores[0].recipe = cpm_recipe_named(t->recipe);
  else n = check_candidates(t, msg, scores, sizeof scores / sizeof *scores);
  if (n) return check_show(t, msg, scores, n);
  const cpm_diag none = { .code = CPM_E_UNSUPPORTED, .rule = "method or status, and role" };
  return tool_refuse(t, cpm_str_none(), &none, "belongs to no procedure");
}

static int check_options(const tool *t) {
  cpm_recipe r;
  if (t->role && strcmp(t->role, "client") != 0 && strcmp(t->role, "participating") != 0 && strcmp(t->role, "controlling") != 0)
    return tool_say(TOOL_USAGE, "check: no role '%s'; there are client, participating, controlling", t->role);
  if (!t->recipe) return TOOL_OK;
  if (!cpm_recipe_describe(cpm_recipe_named(t->recipe), &r)) return tool_say(TOOL_USAGE, "check: no recipe '%s'", t->recipe);
  if (r.kind > CPM_RECIPE_RESPONSE) return tool_say(TOOL_USAGE, "check: the recipe '%s' is of a body, not of a SIP message", t->recipe);
  return TOOL_OK;
}

int tool_check(tool *t) {
  cpm_sip msg;
  cpm_diag d;
  int status = check_options(t);
  if (status != TOOL_OK) return status;
  status = TOOL_REFUSED;
  if (tool_read(t)) {
    if (sip_read(t, &msg, t->in, NULL, &d) == CPM_OK) {
      status = check_message(t, &msg);
      free(msg.fields);
    } else {
      status = tool_refuse(t, t->in, &d, "cannot be read as a SIP message");
    }
  }
  free((char *)(uintptr_t)t->in.p);
  return status;
}
