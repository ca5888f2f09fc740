/* SPDX-License-Identifier: MIT */
/* dot.c - a machine drawn for Graphviz: states are nodes, rows are edges. A row under a group of states is an edge from each of those
 * that the machine has, in grey, so that what one state does alone stands out; rows that keep a state are one edge. */
#include "export.h"
#include "names.h"
#include <stdlib.h>
#include <string.h>

enum { DOT_LINE = 44, DOT_TEXT = 1024 };

/* ---- a label of several lines --------------------------------------------------------------------------------------- */

typedef struct dot_label { char text[DOT_TEXT]; size_t n, column; } dot_label;

static void dot_put(dot_label *l, const char *s) {
  for (; *s && l->n < DOT_TEXT - 3; s++) {
    if (*s == '"' || *s == '\\') l->text[l->n++] = '\\';
    l->text[l->n++] = *s;
    l->column++;
  }
  l->text[l->n] = '\0';
}

static void dot_break(dot_label *l) {
  if (l->n == 0 || l->n >= DOT_TEXT - 3) return;
  memcpy(l->text + l->n, "\\n", 3);
  l->n += 2;
  l->column = 0;
}

/* A word behind others; on a line of its own if the one that is begun has no room for it. */
static void dot_word(dot_label *l, const char *word, const char *gap) {
  if (l->column && l->column + strlen(gap) + strlen(word) > DOT_LINE) {
    dot_put(l, gap[0] == ',' ? "," : "");
    dot_break(l);
  } else if (l->column) dot_put(l, gap);
  dot_put(l, word);
}

static void dot_guard(dot_label *l, const int16_t *when) {
  char word[96];
  for (size_t i = 0; i < CPMI_GUARD && when[i]; i++) {
    const bool last = i + 1 == CPMI_GUARD || !when[i + 1];
    snprintf(word, sizeof word, "%s%s%s%s", i ? "" : "[", when[i] < 0 ? "no_" : "", cpmi_facts[abs(when[i])].name, last ? "]" : "");
    dot_word(l, word, i ? ", " : " ");
  }
}

static void dot_op(dot_label *l, const cpmi_op *op, const char *gap) {
  char word[160];
  names_op_text(op, word, sizeof word);
  dot_word(l, word, gap);
}

/* The first id and how many more there are. */
static void dot_clauses(dot_label *l, const cpmi_row *r) {
  char id[CPM_CLAUSE_MAX], more[16];
  const char *rest = r->clauses;
  unsigned n = 0;
  if (cpm_clause_next(r->spec, &rest, id)) dot_put(l, id);
  while (cpm_clause_next(r->spec, &rest, id)) n++;
  snprintf(more, sizeof more, " +%u", n);
  if (n) dot_put(l, more);
}

/* All of them: what is shown when the pointer rests on the edge. */
static void dot_tooltip(FILE *out, const cpmi_row *r) {
  char id[CPM_CLAUSE_MAX];
  const char *rest = r->clauses;
  fputs(", tooltip=\"", out);
  for (const char *gap = ""; cpm_clause_next(r->spec, &rest, id); gap = " ") fprintf(out, "%s%s", gap, id);
  fputs("\"", out);
}

static void dot_row_label(dot_label *l, const names_row *row) {
  const cpmi_row *r = row->r;
  l->n = l->column = 0;
  dot_put(l, cpm_event_name((cpm_event_type)row->event));
  dot_guard(l, r->when);
  dot_break(l);
  if (r->ignore) dot_put(l, "ignored");
  for (size_t i = 0; i < CPMI_OPS_A_ROW && r->ops[i].op != CPMI_OP_END; i++) dot_op(l, &r->ops[i], ", ");
  dot_break(l);
  dot_clauses(l, r);
}

/* ---- nodes and edges ------------------------------------------------------------------------------------------------ */

static bool dot_leads_on(const cpm_machine *m, bool leg, unsigned state) {
  for (names_row row = { NULL, 0, 0, 0, 0 }; names_next_row(m, leg, &row);)
    if ((cpmi_state_set(row.state) >> state & 1u) && row.r->next != CPMI_STATE_stays && row.r->next != state) return true;
  return false;
}

static void dot_states(FILE *out, const cpm_machine *m, bool leg, uint64_t states) {
  const unsigned init = leg ? m->leg_init : m->init;
  fprintf(out, "  start [shape=point, label=\"\"];\n  start -> \"%s\";\n", names_state(init));
  for (unsigned s = 0; s < CPMI_STATE_COUNT; s++)
    if (states >> s & 1u)
      fprintf(out, "  \"%s\" [tooltip=\"%s\"%s];\n", names_state(s), names_state_doc(s), dot_leads_on(m, leg, s) ? "" : ", peripheries=2");
}

/* An ended call takes no event any more. */
static bool dot_takes(bool leg, unsigned state) { return leg || state != CPMI_STATE_ended; }

static bool dot_is_loop(const names_row *row, unsigned state) {
  return row->r->ignore || row->r->next == CPMI_STATE_stays || row->r->next == state;
}

static bool dot_is_of(const names_row *row, bool leg, unsigned state) {
  return dot_takes(leg, state) && (cpmi_state_set(row->state) >> state & 1u);
}

static void dot_edge(FILE *out, const names_row *row, unsigned from, bool leg) {
  static dot_label label;
  const char *grey = row->state >= 64 ? ", color=gray50, fontcolor=gray30" : "";
  dot_row_label(&label, row);
  fprintf(out, "  \"%s\" -> \"%s\" [label=\"%s\", id=\"%s-%zu-%s\"", names_state(from), names_state(row->r->next), label.text,
          leg ? "leg" : "call", row->index, names_state(from));
  dot_tooltip(out, row->r);
  fprintf(out, "%s];\n", grey);
}

/* What keeps a state as it is goes on one edge: loops would lie over each other. */
static void dot_loops(FILE *out, const cpm_machine *m, bool leg, unsigned state) {
  static dot_label label;
  size_t n = 0;
  for (names_row row = { NULL, 0, 0, 0, 0 }; names_next_row(m, leg, &row);) {
    if (!dot_is_of(&row, leg, state) || !dot_is_loop(&row, state)) continue;
    dot_row_label(&label, &row);
    if (n++ == 0) fprintf(out, "  \"%s\" -> \"%s\" [label=\"", names_state(state), names_state(state));
    fprintf(out, "%s%s", n > 1 ? "\\n\\n" : "", label.text);
  }
  if (n) fprintf(out, "\", id=\"%s-stays-%s\", color=gray50, fontcolor=gray30];\n", leg ? "leg" : "call", names_state(state));
}

static void dot_rows(FILE *out, const cpm_machine *m, bool leg, uint64_t states) {
  for (names_row row = { NULL, 0, 0, 0, 0 }; names_next_row(m, leg, &row);)
    for (unsigned s = 0; s < CPMI_STATE_COUNT; s++)
      if ((states >> s & 1u) && dot_is_of(&row, leg, s) && !dot_is_loop(&row, s)) dot_edge(out, &row, s, leg);
  for (unsigned s = 0; s < CPMI_STATE_COUNT; s++)
    if (states >> s & 1u) dot_loops(out, m, leg, s);
}

bool export_has_legs(const cpm_machine *m) { return m->leg_states.n != 0; }

bool export_dot(FILE *out, const cpm_machine *m, bool leg) {
  const uint64_t states = names_states_of(m, leg);
  if (leg && !export_has_legs(m)) return true;
  fprintf(out, "digraph \"%s%s\" {\n", m->name, leg ? " leg" : "");
  fprintf(out, "  label=\"%s: %s\";\n  labelloc=t;\n  rankdir=LR;\n", m->name, leg ? "each leg" : "the call");
  fputs("  node [shape=box, style=rounded, fontname=\"sans-serif\"];\n"
        "  edge [fontname=\"sans-serif\", fontsize=9];\n", out);
  dot_states(out, m, leg, states);
  dot_rows(out, m, leg, states);
  fputs("}\n", out);
  return fflush(out) == 0 && !ferror(out);
}
