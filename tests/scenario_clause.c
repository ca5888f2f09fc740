/* SPDX-License-Identifier: MIT */
/* scenario_clause.c - requirement ids at the end of lines: is the row, capture or recipe line that carries the id at work there? */
#include "scenario.h"
#include "cpm/mime.h"
#include <string.h>

void sc_source(sc_sources *s, const char *spec, const char *clauses) {
  if (!spec || !clauses || s->n == sizeof s->of / sizeof *s->of) return;
  s->of[s->n].spec = spec;
  s->of[s->n++].clauses = clauses;
}

static bool clause_in(const sc_sources *s, cpm_str id) {
  char have[CPM_CLAUSE_MAX];
  for (size_t i = 0; i < s->n; i++) {
    const char *rest = s->of[i].clauses;
    while (cpm_clause_next(s->of[i].spec, &rest, have))
      if (cpm_str_eq(cpm_str_z(have), id)) return true;
  }
  return false;
}

bool sc_held(sc_world *w, const sc_line *line, const sc_sources *s) {
  for (const char *id = line->ids; *id; id += strspn(id, " ")) {
    const size_t n = strcspn(id, " ");
    if (!clause_in(s, cpm_str_of(id, n))) {
      fprintf(stderr, "%s:%u: here hold:", w->path, line->number);
      sc_print_sources(stderr, 0, s);
      fputc('\n', stderr);
      return sc_fail(w, line->number, "%.*s does not hold here", (int)n, id);
    }
    id += n;
  }
  return true;
}

void sc_print_sources(FILE *out, int column, const sc_sources *s) {
  char id[CPM_CLAUSE_MAX];
  const char *gap = "  ";
  for (; column < 76 && s->n; column++) fputc(' ', out);
  for (size_t i = 0; i < s->n; i++)
    for (const char *rest = s->of[i].clauses; cpm_clause_next(s->of[i].spec, &rest, id); gap = " ") fprintf(out, "%s%s", gap, id);
}

/* ---- recipes --------------------------------------------------------------------------------------------------------- */

static cpmi_env clause_env(const sc_world *w, const cpm_effect *x) {
  const cpmi_env v = { w->proc, w->machine, &w->agent, x->leg };
  return v;
}

static const cpmi_recipe *clause_recipe(const cpm_effect *x) {
  const int r = cpm_recipe_named(x->name);
  return r < 0 ? NULL : cpmi_recipes[r];
}

static const char *clause_name(const cpmi_line *l) {
  static const char *const cpim[] = { "",
#define CLAUSE_CPIM(id, ns, name) name,
                                      CPM_CPIM_HEADERS(CLAUSE_CPIM) };
  if (l->place == CPMI_PLACE_CPIM) return cpim[l->name];
  if (l->place == CPMI_PLACE_MSRP) return cpm_msrp_header_name((cpm_msrp_header)l->name).p;
  if (l->name == CPM_SIP_REQUEST_URI) return "Request-URI";
  return l->name == CPM_SIP_ANY_OTHER ? "" : cpm_sip_header_name((cpm_sip_header)l->name).p;
}

static bool clause_applies(const cpmi_env *v, const cpmi_line *l, bool forbidden) {
  return (l->level == CPMI_SHALL_NOT) == forbidden && cpmi_guard_holds(v, l->when);
}

void sc_recipe_sources(const sc_world *w, const cpm_effect *x, const char *name, sc_sources *s) {
  const cpmi_recipe *r = clause_recipe(x);
  const cpmi_env v = clause_env(w, x);
  for (size_t i = 0; r && i < r->nlines; i++) {
    const cpmi_line *l = &r->lines[i];
    if ((l->place != CPMI_PLACE_SIP && l->place != CPMI_PLACE_MSRP) || !clause_applies(&v, l, false)) continue;
    if (cpm_str_ieq(cpm_str_z(clause_name(l)), cpm_str_z(name))) sc_source(s, l->spec, l->clauses);
  }
}

/* Forbidden; or copied, and nothing was there to copy; or a body that does not go into this message. */
static bool clause_leaves_out(const cpmi_env *v, const cpmi_line *l, const char *name) {
  const bool applies = cpmi_guard_holds(v, l->when);
  const char *type = l->value == CPMI_VALUE_RECIPE ? cpmi_recipes[l->what]->type : NULL;
  if (l->place == CPMI_PLACE_BODY) return !applies && type && strcmp(type, name) == 0;
  if (l->place != CPMI_PLACE_SIP || !applies || !cpm_str_ieq(cpm_str_z(clause_name(l)), cpm_str_z(name))) return false;
  return l->level == CPMI_SHALL_NOT || l->value == CPMI_VALUE_COPY_IF || l->value == CPMI_VALUE_COPY_MINUS;
}

void sc_absent_sources(const sc_world *w, const cpm_effect *x, const char *name, sc_sources *s) {
  const cpmi_recipe *r = clause_recipe(x);
  const cpmi_env v = clause_env(w, x);
  for (size_t i = 0; r && i < r->nlines; i++)
    if (clause_leaves_out(&v, &r->lines[i], name)) sc_source(s, r->lines[i].spec, r->lines[i].clauses);
}

/* ---- bodies ---------------------------------------------------------------------------------------------------------- */

/* Does the ENTRY line give this URI? */
static bool clause_gives(const cpmi_env *v, const cpmi_line *l, cpm_str uri) {
  const cpm_str record = cpmi_text(v->p, v->m, v->leg, (cpm_field)l->what);
  cpm_entry e;
  if (l->value == CPMI_VALUE_LIST_PLUS) return cpm_uri_text_equal(record, uri);
  if (l->value != CPMI_VALUE_LIST) return true;
  for (size_t at = 0; cpmi_list_next(record, &at, &e);)
    if (cpm_uri_text_equal(e.uri, uri)) return true;
  return false;
}

static void clause_entries(const cpmi_env *v, const cpmi_recipe *r, cpm_str line, sc_sources *s) {
  const char *from = memchr(line.p, '"', line.n), *to = from ? memchr(from + 1, '"', line.n - (size_t)(from + 1 - line.p)) : NULL;
  const cpm_str uri = to ? cpm_str_of(from + 1, (size_t)(to - from - 1)) : cpm_str_none();
  for (size_t i = 0; uri.p && i < r->nlines; i++) {
    const cpmi_line *l = &r->lines[i];
    if (l->place == CPMI_PLACE_ENTRY && clause_applies(v, l, false) && clause_gives(v, l, uri)) sc_source(s, l->spec, l->clauses);
  }
}

/* Is the line inside of content that is the host's? */
static bool clause_is_hosts(const sc_world *w, const cpm_effect *x, cpm_str line) {
  const bool push = x->kind == CPM_EFFECT_PUSH;
  for (size_t i = 0; i < (push ? x->ncontent : x->sip.npieces); i++) {
    const cpm_piece *p = push ? &x->content[i] : &x->sip.pieces[i];
    if (p->bytes.p || p->item < SC_HANDLE || p->item - SC_HANDLE >= w->ncontents) continue;
    const cpm_str content = w->contents[p->item - SC_HANDLE];
    for (size_t at = p->off; at + line.n <= content.n && at + line.n <= p->off + p->bytes.n; at++)
      if (memcmp(content.p + at, line.p, line.n) == 0) return true;
  }
  return false;
}

static bool clause_part_head(const cpmi_recipe *made, cpm_str name, cpm_str value) {
  if (cpm_str_ieq(name, cpm_str_z("Content-Type"))) return cpm_str_eq(value, cpm_str_z(made->type));
  return made->disposition && cpm_str_ieq(name, cpm_str_z("Content-Disposition")) &&
         cpm_str_eq(value, cpm_str_z(made->disposition));
}

typedef struct clause_line {
  cpm_str all, name, value;
  bool hosts;
} clause_line;

/* Could the CPIM or MIME line have written that value? */
static bool clause_writes(const cpmi_env *v, const cpmi_line *l, cpm_str value) {
  if (l->value == CPMI_VALUE_LIT && l->level != CPMI_EXACTLY_ONE) return cpm_str_eq(value, cpm_str_z(l->lit));
  return l->value != CPMI_VALUE_CTX || cpm_str_eq(value, cpmi_text(v->p, v->m, v->leg, (cpm_field)l->what));
}

static void clause_headers(const cpmi_env *v, const cpmi_recipe *r, const clause_line *c, sc_sources *s) {
  for (size_t i = 0; i < r->nlines; i++) {
    const cpmi_line *l = &r->lines[i];
    if ((l->place != CPMI_PLACE_CPIM && l->place != CPMI_PLACE_MIME) || !clause_applies(v, l, false)) continue;
    if (cpm_str_ieq(cpm_str_z(clause_name(l)), c->name) && clause_writes(v, l, c->value)) sc_source(s, l->spec, l->clauses);
  }
}

/* Of a description with an m line for each leg: does the line apply to one of them? */
static bool clause_applies_in(const cpmi_env *v, const cpmi_recipe *r, const cpmi_line *l) {
  if (r->kind != CPMI_RECIPE_FILES_BODY) return clause_applies(v, l, false);
  for (uint32_t k = 0; k < v->p->nlegs; k++) {
    cpmi_env leg = *v;
    leg.leg = k;
    const bool over = (cpmi_state_set(CPMI_STATE_over) >> cpmi_leg_at(v->p, v->m, k)->state & 1u) != 0;
    if (!over && clause_applies(&leg, l, false)) return true;
  }
  return false;
}

/* Lines of a session description by the attribute that they write; of a direction the value is the attribute. */
static void clause_sdp(const cpmi_env *v, const cpmi_recipe *r, const clause_line *c, sc_sources *s) {
#define CLAUSE_SDP(name, attribute, doc) "a=" attribute,
  static const char *const starts[] = { CPM_SDP_LINES(CLAUSE_SDP) };
  for (size_t i = 0; i < r->nlines; i++) {
    const cpmi_line *l = &r->lines[i];
    if (l->place != CPMI_PLACE_SDP || !clause_applies_in(v, r, l)) continue;
    const size_t n = strlen(starts[l->name]);
    if (c->all.n < n || memcmp(c->all.p, starts[l->name], n) != 0) continue;
    const cpm_str value = cpm_str_of(c->all.p + n, c->all.n - n);
    if (l->value != CPMI_VALUE_LIT || cpm_str_eq(value, cpm_str_z(l->lit))) sc_source(s, l->spec, l->clauses);
  }
}

/* Does the line begin what the body is about: its type in a multipart, From of a CPIM, the media of a session description? */
static bool clause_begins(const cpmi_recipe *made, const clause_line *c) {
  if (made->kind == CPMI_RECIPE_CPIM_BODY && c->value.p && cpm_str_ieq(c->name, cpm_str_z("From"))) return true;
  const bool sdp = made->kind == CPMI_RECIPE_SDP_BODY || made->kind == CPMI_RECIPE_FILES_BODY || made->kind == CPMI_RECIPE_SDP_ANSWER;
  if (sdp && c->all.n > 2 && memcmp(c->all.p, "m=", 2) == 0) return true;
  return clause_part_head(made, c->name, c->value);
}

static void clause_bodies(const cpmi_env *v, const cpmi_recipe *r, const clause_line *c, unsigned depth, sc_sources *s) {
  if (cpm_str_eq(c->name, cpm_str_z("<entry"))) clause_entries(v, r, c->all, s);
  clause_headers(v, r, c, s);
  clause_sdp(v, r, c, s);
  for (size_t i = 0; i < r->nlines; i++) {
    const cpmi_line *l = &r->lines[i];
    if (l->place != CPMI_PLACE_BODY || !clause_applies(v, l, false)) continue;
    if (l->value != CPMI_VALUE_RECIPE) {
      if (l->value == CPMI_VALUE_IMDN || l->value == CPMI_VALUE_COMPOSING ? c->all.p[0] == '<' : c->hosts) sc_source(s, l->spec, l->clauses);
      continue;
    }
    if (clause_begins(cpmi_recipes[l->what], c)) sc_source(s, l->spec, l->clauses);
    if (depth) clause_bodies(v, cpmi_recipes[l->what], c, depth - 1, s);
  }
}

void sc_body_sources(const sc_world *w, const cpm_effect *x, cpm_str line, sc_sources *s) {
  const cpmi_recipe *r = clause_recipe(x);
  const cpmi_env v = clause_env(w, x);
  const cpm_str text = cpm_str_trim(line);
  size_t n = 0;
  while (n < text.n && text.p[n] != ':' && text.p[n] != ' ') n++;
  clause_line c = { text, cpm_str_of(text.p, n), cpm_str_none(), clause_is_hosts(w, x, line) };
  if (n < text.n && text.p[n] == ':') c.value = cpm_str_trim(cpm_str_of(text.p + n + 1, text.n - n - 1));
  for (size_t i = 0; c.value.p && i < n; i++)
    if (c.name.p[i] == '.') {
      c.name = cpm_str_of(c.name.p + i + 1, n - i - 1);
      break;
    }
  if (r && text.n) clause_bodies(&v, r, &c, 3, s);
}

/* ---- captures and rows ------------------------------------------------------------------------------------------------ */

void sc_capture_sources(const sc_world *w, cpm_field field, sc_sources *s) {
  const cpmi_capture *c;
  for (size_t i = 0; (c = cpmi_capture_at(w->machine, i)) != NULL; i++)
    if (c->field == field) sc_source(s, c->spec, c->clauses);
}

void sc_ignore_sources(const sc_world *w, sc_sources *s) {
  const bool leg = w->leg != CPM_NO_LEG;
  const unsigned in = leg ? cpmi_leg_at(w->proc, w->machine, w->leg)->state : w->proc->state;
  const cpmi_env v = { w->proc, w->machine, &w->agent, w->leg };
  for (cpmi_row_walk at = cpmi_walk_rows(w->machine, leg); cpmi_next_row(&at);) {
    if (!at.r->ignore || at.event != (unsigned)w->event || !(cpmi_state_set(at.state) >> in & 1u)) continue;
    if (cpmi_guard_holds(&v, at.r->when)) sc_source(s, at.r->spec, at.r->clauses);
  }
}

/* ---- the recipe, read the other way ----------------------------------------------------------------------------------- */

cpm_str sc_part(const cpm_sip *msg, const char *type) {
  const cpm_str outer = cpm_sip_value(msg, CPM_SIP_CONTENT_TYPE);
  cpm_part parts[CPM_SIP_PIECES];
  cpm_multipart mp = { parts, CPM_SIP_PIECES, 0, 0 };
  if (outer.p && cpm_media_type_text_is(outer, type)) return msg->body;
  if (!outer.p || cpm_multipart_decode(&mp, outer, msg->body, NULL, NULL) != CPM_OK) return cpm_str_none();
  for (size_t i = 0; i < mp.nparts; i++)
    if (parts[i].content_type.p && cpm_media_type_text_is(parts[i].content_type, type)) return parts[i].body;
  return cpm_str_none();
}

static bool clause_check(sc_world *w, unsigned line, int recipe, const cpm_sip *msg, const cpm_known *known, size_t nknown) {
  for (size_t i = 0; i < cpm_recipe_lines(recipe); i++) {
    cpm_check check;
    const int rc = cpm_recipe_check(recipe, i, msg, &w->agent, known, nknown, &check);
    if (rc) return sc_fail(w, line, "cpm_recipe_check gives %s", cpm_status_name(rc));
    if (check.verdict == CPM_FAILS || check.verdict == CPM_DEPENDS)
      return sc_fail(w, line, "%s was composed, and cpm_recipe_check says that %s of it %s: %s", cpm_recipe_name(recipe),
                     check.name, check.verdict == CPM_FAILS ? "fails" : "depends on a fact", check.clauses);
  }
  return true;
}

bool sc_recipe_holds(sc_world *w, unsigned line, const cpm_effect *x, const cpm_sip *decoded) {
  cpm_known known[CPMI_FACT_COUNT];
  const cpmi_recipe *r = clause_recipe(x);
  const cpmi_env v = clause_env(w, x);
  if (!r || x->kind == CPM_EFFECT_PUSH) return true;
  for (unsigned f = 1; f < CPMI_FACT_COUNT; f++) known[f] = (cpm_known){ cpmi_facts[f].name, cpmi_fact_holds(&v, f) };
  if (!clause_check(w, line, cpm_recipe_named(x->name), decoded, known + 1, CPMI_FACT_COUNT - 1)) return false;
  for (size_t i = 0; i < r->nlines; i++) {
    const cpmi_line *l = &r->lines[i];
    if (l->place != CPMI_PLACE_BODY || l->value != CPMI_VALUE_RECIPE || cpmi_recipes[l->what]->kind != CPMI_RECIPE_CPIM_BODY)
      continue;
    cpm_sip part = *decoded;
    part.body = sc_part(decoded, "message/cpim");
    if (clause_applies(&v, l, false) && !clause_check(w, line, (int)l->what, &part, known + 1, CPMI_FACT_COUNT - 1)) return false;
  }
  return true;
}
