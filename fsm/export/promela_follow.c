/* SPDX-License-Identifier: MIT */
/* promela_follow.c - the Promela that follows walks of the engine: it takes the events of a walk and no other ones, with the rows that the
 * engine took, and behind each of them what it knows is what the engine knew. tests/promela_follow.h is the other half, in C. */
#include "promela.h"
#include <string.h>

/* Of the world: what effects and events say too, whoever looks at them. */
static const char *const follow_world[] = { "tim", "med", "inv", "iinv", "bye", "ibye", "rein", "irein", "ask", "mes", "push" };
enum { FOLLOW_WORLD = sizeof follow_world / sizeof *follow_world };

bool promela_is_followed(const char *name) {
  for (size_t i = 0; i < FOLLOW_WORLD; i++)
    if (strcmp(name, follow_world[i]) == 0) return true;
  return strcmp(name, "st") == 0 || strcmp(name, "kind") == 0;
}

void promela_follow_name(promela *g, const promela_side *s, const char *name, uint64_t live, bool chosen) {
  uint64_t states = 0;
  for (unsigned state = 0; state < CPMI_STATE_COUNT; state++)
    if (s->states >> state & live >> state & 1u) states |= UINT64_C(1) << promela_state_number(s, state);
  promela_put(&g->names, " { '%c', \"%s\", 0x%llxu, %d },", *s->me, name, (unsigned long long)states, chosen);
}

static void follow_look(promela *g, const promela_side *s, const char *name, uint64_t live, bool chosen) {
  promela_follow_name(g, s, name, live, chosen);
  promela_put(&g->looks, " follow_put(now.%s%s),", s->me, name);
}

void promela_follow_call(promela *g, const promela_side *s) {
  char name[64];
  follow_look(g, s, "st", UINT64_MAX, false);
  follow_look(g, s, "over", UINT64_MAX, false);
  for (size_t i = 0; i < FOLLOW_WORLD; i++) {
    snprintf(name, sizeof name, "%s%s", s->me, follow_world[i]);
    if (promela_text_has(&g->body, name)) follow_look(g, s, follow_world[i], UINT64_MAX, false);
  }
  for (unsigned f = 1; f < CPM_FIELD_COUNT; f++)
    if (s->needed[f] && !s->counts[f]) follow_look(g, s, cpm_field_name((cpm_field)f), s->live[f], false);
  for (unsigned f = 0; f < CPMI_FACT_COUNT; f++)
    if (s->agent[f]) follow_look(g, s, cpmi_facts[f].name, UINT64_MAX, true);
}

/* ---- rows ------------------------------------------------------------------------------------------------------------- */

/* on_octets and an ACK to what is no INVITE of theirs: events that the model has not. */
static bool follow_has_event(const promela_side *s, unsigned event) {
  for (size_t i = 0; i < promela_nevents; i++)
    if (promela_events[i].event == event) return promela_guard(s, &promela_events[i]) != NULL;
  return false;
}

/* Rows that do the same are one; quiet: nothing shows that it was taken. */
static void follow_rows(const promela *g, promela_text *t) {
  promela_put(t, "\\#define FOLLOW_ROWS");
  for (size_t i = 0; i < g->n; i++)
    for (size_t k = 0; k < g->side[i].n; k++) {
      const promela_side *s = &g->side[i];
      const promela_row *row = &s->rows[k];
      const bool quiet = !promela_row_changes(row) || !follow_has_event(s, row->event);
      promela_put(t, " { '%c', %zu, %zu, %d },", *s->me, row->index, s->rows[row->outcome].index, quiet);
    }
}

static void follow_states(const promela *g, promela_text *t) {
  promela_put(t, "\n\\#define FOLLOW_STATES");
  for (size_t i = 0; i < g->n; i++)
    for (unsigned state = 0; state < CPMI_STATE_COUNT; state++)
      if (g->side[i].states >> state & 1u) promela_put(t, " { '%c', %u, %u },", *g->side[i].me, state, promela_state_number(&g->side[i], state));
}

/* ---- the head --------------------------------------------------------------------------------------------------------- */

void promela_follow_head(promela *g) {
  promela_text *t = &g->out;
  promela_put(t, "byte CHUNKS; byte MEMBERS; short walk; short at; bit lost;\n"
                 "short comes; short takes; bit may_skip;   /* the next step: side and event, row, whether it shows */\n"
                 "#define COMES(side, event) (!lost && comes == side + 256 * event)\n"
                 "#define TAKES(row) (takes == row)\n#define TAKES_QUIET(row) (takes == row || takes == -2)\n#define SENDS 15\n#define MOST 15\n"
                 "#define NEXT() comes = c_expr { FOLLOW_COMES }; takes = c_expr { FOLLOW_TAKES }; "
                 "may_skip = c_expr { FOLLOW_MAY_SKIP }\n"
                 "#define CAME() lost = c_expr { !FOLLOW_FITS }; at++; NEXT()\n");
}

void promela_follow_tables(promela *g) {
  promela_text *t = &g->out;
  promela_put(t, "\nc_decl {\n\\#define FOLLOW_NAMES%s\n", g->names.p);
  follow_rows(g, t);
  follow_states(g, t);
  char legs = '0';
  for (size_t i = 0; i < g->n; i++)
    if (g->side[i].legs) legs = *g->side[i].me;
  promela_put(t, legs == '0' ? "\n\\#define FOLLOW_HAS_LEGS 0" : "\n\\#define FOLLOW_HAS_LEGS '%c'", legs);
  promela_put(t, "\n\\#include \"promela_follow.h\"\n\\#define FOLLOW_FITS (follow_n = 0,%s", g->looks.p);
  for (size_t i = 0; i < g->n; i++)
    for (unsigned k = 0; g->side[i].call && k < g->c.members + g->c.retries; k++) promela_put(t, " FOLLOW_LEG(%u)", k);
  promela_put(t, " follow_fits(now.walk, now.at))\n");
  for (size_t i = 0; i < g->n; i++)
    if (g->side[i].call) promela_put(t, "\\#define FOLLOW_LEG(k)%s\n", g->leg_looks.p);
  promela_put(t, "}\nproctype follow() {\n  do\n  :: d_step { !lost && may_skip -> CAME() }\n  :: comes == 0 -> break\n  od\n}\n");
}

void promela_follow_begin(promela *g) {
  promela_put(&g->out, "    at = c_expr { FOLLOW_WALKS };\n    do :: walk + 1 < at -> walk++ :: break od;\n"
                       "    at = 0; NEXT(); CHUNKS = c_expr { FOLLOW_CHUNKS }; MEMBERS = c_expr { FOLLOW_MEMBERS };\n    run follow();");
}
