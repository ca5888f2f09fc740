/* SPDX-License-Identifier: MIT */
/* diagram.c - draws each machine from its tables: states in layers, between them what leads from one to the other. This file reads
 * the tables behind the public headers, which no host needs to do.
 *
 * Layers: a state lies behind the longest way that leads to it, states without a way out lie in the last layer. Between two layers
 * of states lies one of labels; an edge that passes a layer has a place of its own there, so that no edge crosses a box.
 */
#include "diagram.h"
#include "names.h"
#include <stdlib.h>
#include <string.h>

enum { DIAGRAM_MACHINES = 64, DIAGRAM_EDGES = 96, DIAGRAM_PLACES = 256, DIAGRAM_LABELS = 12, DIAGRAM_LINES = 24,
       DIAGRAM_TEXT = 256, DIAGRAM_SHORT = 26 };

/* ---- which rows were taken ------------------------------------------------------------------------------------------ */

static cpmi_rows_taken diagram_taken[DIAGRAM_MACHINES];

void diagram_saw(const cpm_proc *p) {
  unsigned i = 0;
  while (cpm_machine_at(i) && cpm_machine_at(i) != cpmi_machine_of(p)) i++;
  if (i < DIAGRAM_MACHINES) cpmi_note_rows(&diagram_taken[i], p);
}

static bool diagram_was_taken(unsigned machine, bool leg, size_t row) {
  return row < CPMI_ROWS_NOTED && (leg ? diagram_taken[machine].leg : diagram_taken[machine].call)[row];
}

static bool diagram_ran(unsigned machine, bool leg) {
  for (size_t i = 0; i < CPMI_ROWS_NOTED; i++)
    if (diagram_was_taken(machine, leg, i)) return true;
  return false;
}

/* ---- names --------------------------------------------------------------------------------------------------------- */

static void diagram_op(FILE *f, const cpmi_op *op) {
  char text[128];
  names_op_text(op, text, sizeof text);
  fputs(text, f);
}

/* "no_too_large, has_uid" */
static size_t diagram_guard(char *dst, size_t cap, const int16_t *when) {
  size_t n = 0;
  dst[0] = '\0';
  for (int i = 0; i < CPMI_GUARD && when[i] && n < cap; i++)
    n += (size_t)snprintf(dst + n, cap - n, "%s%s%s", n ? ", " : "", when[i] < 0 ? "no_" : "", cpmi_facts[abs(when[i])].name);
  return n;
}

void diagram_escape(FILE *f, cpm_str s) {
  for (size_t i = 0; i < s.n; i++) {
    const unsigned char c = (unsigned char)s.p[i];
    if (c == '&') fputs("&amp;", f);
    else if (c == '<') fputs("&lt;", f);
    else if (c == '>') fputs("&gt;", f);
    else if (c == '"') fputs("&quot;", f);
    else if ((c < 0x20 && c != '\n') || c == 0x7f) { if (c != '\r') fputs("&#xfffd;", f); }
    else putc(c, f);
  }
}

/* ---- states and edges ---------------------------------------------------------------------------------------------- */

typedef struct diagram_label { unsigned event, rows; const int16_t *when; } diagram_label;
typedef struct diagram_edge {
  unsigned      from, to, first, last;   /* states; places on the way, none if first > last */
  diagram_label labels[DIAGRAM_LABELS];
  unsigned      nlabels;
  char          text[DIAGRAM_LINES][DIAGRAM_TEXT];   /* what is written on it */
  unsigned      nlines;
  bool          taken, back;
} diagram_edge;

/* Where something lies: the middle of its box, and how far it reaches. */
typedef struct diagram_place { unsigned layer, order; double x, y, w, up, down, want; int edge; } diagram_place;

typedef struct diagram {
  unsigned      machine, init;
  bool          leg;
  diagram_edge  edges[DIAGRAM_EDGES];
  unsigned      nedges;
  bool          known[CPMI_STATE_COUNT], out[CPMI_STATE_COUNT];
  unsigned      layer[CPMI_STATE_COUNT];
  int           state_place[CPMI_STATE_COUNT];
  diagram_place places[DIAGRAM_PLACES];
  unsigned      nplaces, nlayers;
  int           links[DIAGRAM_PLACES * 2][2];   /* pairs of places in neighbouring layers */
  unsigned      nlinks;
  double        width, height;
} diagram;

static diagram_edge *diagram_edge_of(diagram *d, unsigned from, unsigned to) {
  for (unsigned i = 0; i < d->nedges; i++)
    if (d->edges[i].from == from && d->edges[i].to == to) return &d->edges[i];
  if (d->nedges == DIAGRAM_EDGES) return NULL;
  diagram_edge *e = &d->edges[d->nedges++];
  e->from = from;
  e->to = to;
  e->first = 1;
  return e;
}

static void diagram_add_row(diagram *d, unsigned from, const cpmi_row *r, unsigned event, bool taken) {
  diagram_edge *e = diagram_edge_of(d, from, r->next == CPMI_STATE_stays ? from : r->next);
  if (!e) return;
  unsigned i = 0;
  while (i < e->nlabels && e->labels[i].event != event) i++;
  if (i == DIAGRAM_LABELS) return;
  if (i == e->nlabels) e->labels[e->nlabels++] = (diagram_label){ .event = event };
  e->labels[i].rows++;
  e->labels[i].when = r->when;
  e->taken |= taken;
}

static void diagram_add_state(diagram *d, const cpm_machine *m, unsigned s) {
  for (cpmi_row_walk w = cpmi_walk_rows(m, d->leg); cpmi_next_row(&w);) {
    if (w.r->ignore || !(cpmi_state_set(w.state) >> s & 1u)) continue;
    const unsigned next = w.r->next == CPMI_STATE_stays ? s : w.r->next;
    diagram_add_row(d, s, w.r, w.event, diagram_was_taken(d->machine, d->leg, w.index));
    d->out[s] |= next != s;
    d->known[next] = true;
  }
}

/* The first state, and every state that a row of a known one leads to. */
static void diagram_collect(diagram *d, const cpm_machine *m) {
  bool done[CPMI_STATE_COUNT] = { false };
  d->init = d->leg ? m->leg_init : m->init;
  d->known[d->init] = true;
  for (bool more = true; more;) {
    more = false;
    for (unsigned s = 0; s < CPMI_STATE_COUNT; s++) {
      if (!d->known[s] || done[s]) continue;
      diagram_add_state(d, m, s);
      done[s] = more = true;
    }
  }
}

/* Is there a way from a to b that goes forward only? */
static bool diagram_leads(const diagram *d, unsigned a, unsigned b) {
  bool reached[CPMI_STATE_COUNT] = { false }, more = true;
  reached[a] = true;
  while (more) {
    more = false;
    for (unsigned i = 0; i < d->nedges; i++) {
      const diagram_edge *e = &d->edges[i];
      if (e->back || e->first == 0 || !reached[e->from] || reached[e->to]) continue;
      reached[e->to] = more = true;
    }
  }
  return reached[b];
}

/* An edge that would close a circle goes back. `first` 0 marks those that were not looked at. */
static void diagram_layers(diagram *d) {
  unsigned most = 0;
  for (unsigned i = 0; i < d->nedges; i++) d->edges[i].first = 0;
  for (unsigned i = 0; i < d->nedges; i++) {
    diagram_edge *e = &d->edges[i];
    e->back = e->from != e->to && diagram_leads(d, e->to, e->from);
    e->first = 1;
  }
  for (unsigned round = 0; round < d->nedges; round++)
    for (unsigned i = 0; i < d->nedges; i++) {
      const diagram_edge *e = &d->edges[i];
      if (e->back || e->from == e->to || d->layer[e->to] > d->layer[e->from]) continue;
      d->layer[e->to] = d->layer[e->from] + 1;
    }
  for (unsigned s = 0; s < CPMI_STATE_COUNT; s++)
    if (d->known[s] && d->layer[s] > most) most = d->layer[s];
  for (unsigned s = 0; s < CPMI_STATE_COUNT; s++)
    if (d->known[s] && !d->out[s] && s != d->init) d->layer[s] = most;
  d->nlayers = 2 * most + 1;
}

/* ---- places -------------------------------------------------------------------------------------------------------- */

static const double diagram_box = 15, diagram_line = 14, diagram_char = 6.3, diagram_gap = 26, diagram_space = 14;

static char *diagram_new_line(diagram_edge *e) { return e->text[e->nlines < DIAGRAM_LINES - 1 ? e->nlines++ : e->nlines]; }

/* An event; how many rows it has, or the facts of its only one, a line each if they are long. */
static void diagram_write_label(diagram_edge *e, const diagram_label *l) {
  char facts[DIAGRAM_TEXT - 64];
  const char *event = cpm_event_name((cpm_event_type)l->event);
  const size_t n = diagram_guard(facts, sizeof facts, l->when);
  if (l->rows > 1) snprintf(diagram_new_line(e), DIAGRAM_TEXT, "%s, %u rows", event, l->rows);
  else if (n == 0) snprintf(diagram_new_line(e), DIAGRAM_TEXT, "%s", event);
  else if (strlen(event) + n < DIAGRAM_SHORT) snprintf(diagram_new_line(e), DIAGRAM_TEXT, "%s [%s]", event, facts);
  else {
    snprintf(diagram_new_line(e), DIAGRAM_TEXT, "%s", event);
    for (char *fact = facts, *end; fact; fact = end ? end + 2 : NULL) {
      end = strstr(fact, ", ");
      snprintf(diagram_new_line(e), DIAGRAM_TEXT, "[%.*s]", end ? (int)(end - fact) : (int)strlen(fact), fact);
    }
  }
}

static void diagram_write_labels(diagram *d) {
  for (unsigned i = 0; i < d->nedges; i++)
    for (unsigned k = 0; k < d->edges[i].nlabels; k++) diagram_write_label(&d->edges[i], &d->edges[i].labels[k]);
}

static double diagram_label_width(const diagram_edge *e) {
  size_t most = 0;
  for (unsigned i = 0; i < e->nlines; i++)
    if (strlen(e->text[i]) > most) most = strlen(e->text[i]);
  return diagram_char * (double)most + 14;
}

static double diagram_label_height(const diagram_edge *e) { return diagram_line * e->nlines + 7; }

static int diagram_new_place(diagram *d, unsigned layer, int edge, double w, double up, double down) {
  if (d->nplaces == DIAGRAM_PLACES) abort();
  unsigned order = 0;
  for (unsigned i = 0; i < d->nplaces; i++) order += d->places[i].layer == layer;
  d->places[d->nplaces] = (diagram_place){ .layer = layer, .order = order, .w = w, .up = up, .down = down, .edge = edge };
  return (int)d->nplaces++;
}

static void diagram_link(diagram *d, int a, int b) {
  if (d->nlinks == DIAGRAM_PLACES * 2) abort();
  d->links[d->nlinks][0] = a;
  d->links[d->nlinks++][1] = b;
}

static void diagram_put_states(diagram *d) {
  for (unsigned s = 0; s < CPMI_STATE_COUNT; s++) {
    if (!d->known[s]) continue;
    double w = 8 * (double)strlen(cpmi_state_name(s)) + 30, up = diagram_box;
    for (unsigned i = 0; i < d->nedges; i++) {
      const diagram_edge *e = &d->edges[i];
      if (e->from != s || e->to != s) continue;
      up += diagram_label_height(e) + 14;
      if (diagram_label_width(e) + 24 > w) w = diagram_label_width(e) + 24;
    }
    d->state_place[s] = diagram_new_place(d, 2 * d->layer[s], -1, w, up, diagram_box);
  }
}

/* The way of an edge, from the earlier layer to the later one. Its label lies next to the state that it leaves. */
static void diagram_put_edge(diagram *d, unsigned index) {
  diagram_edge *e = &d->edges[index];
  const unsigned a = e->back ? e->to : e->from, b = e->back ? e->from : e->to;
  const unsigned begin = 2 * d->layer[a] + 1, end = 2 * d->layer[b] - 1, labelled = e->back ? end : begin;
  int at = d->state_place[a];
  for (unsigned layer = begin; layer <= end; layer++) {
    const bool label = layer == labelled;
    const double half = label ? diagram_label_height(e) / 2 : 3;
    const int place = diagram_new_place(d, layer, (int)index, label ? diagram_label_width(e) : 0, half, half);
    if (layer == begin) e->first = (unsigned)place;
    e->last = (unsigned)place;
    diagram_link(d, at, place);
    at = place;
  }
  diagram_link(d, at, d->state_place[b]);
}

static int diagram_at(const diagram *d, unsigned layer, unsigned order) {
  for (unsigned i = 0; i < d->nplaces; i++)
    if (d->places[i].layer == layer && d->places[i].order == order) return (int)i;
  return -1;
}

/* The mean of what a place is linked to; before: looking left only. */
static double diagram_mean(const diagram *d, int place, bool by_y, bool before, bool after) {
  double sum = 0, n = 0;
  for (unsigned i = 0; i < d->nlinks; i++)
    for (unsigned k = 0; k < 2; k++) {
      if (d->links[i][k] != place || (k ? !before : !after)) continue;
      const diagram_place *o = &d->places[d->links[i][1 - k]];
      sum += by_y ? o->y : (double)o->order;
      n++;
    }
  return n > 0 ? sum / n : by_y ? d->places[place].y : (double)d->places[place].order;
}

/* Sorts a layer by what its places are linked to, so that edges cross less. */
static void diagram_sort(diagram *d, unsigned layer, bool before) {
  int a, b;
  for (unsigned k = 0; (a = diagram_at(d, layer, k)) >= 0; k++) d->places[a].want = diagram_mean(d, a, false, before, !before);
  for (bool moved = true; moved;) {
    moved = false;
    for (unsigned k = 0; (b = diagram_at(d, layer, k + 1)) >= 0; k++) {
      a = diagram_at(d, layer, k);
      if (d->places[a].want <= d->places[b].want) continue;
      d->places[a].order = k + 1;
      d->places[b].order = k;
      moved = true;
    }
  }
}

/* Pulls the places of a layer to where their links want them, without overlap, and the layer as a whole to the middle of that. */
static void diagram_settle(diagram *d, unsigned layer, bool before, bool after) {
  double low = -1e9, off = 0;
  unsigned n = 0;
  int a;
  for (; (a = diagram_at(d, layer, n)) >= 0; n++) {
    diagram_place *p = &d->places[a];
    p->want = diagram_mean(d, a, true, before, after);
    p->y = p->want - p->up > low ? p->want : low + p->up;
    low = p->y + p->down + diagram_space;
    off += p->y - p->want;
  }
  for (unsigned k = 0; k < n; k++) d->places[diagram_at(d, layer, k)].y -= off / n;
}

static void diagram_spread(diagram *d) {
  double x = 34, top = 1e9, bottom = -1e9;
  for (unsigned layer = 0; layer < d->nlayers; layer++) {
    double w = 0;
    for (unsigned i = 0; i < d->nplaces; i++)
      if (d->places[i].layer == layer && d->places[i].w > w) w = d->places[i].w;
    for (unsigned i = 0; i < d->nplaces; i++)
      if (d->places[i].layer == layer) {
        d->places[i].x = x + w / 2;
        if (d->places[i].w <= 0) d->places[i].w = w;     /* an edge goes straight past the boxes of the layer */
      }
    x += w + diagram_gap;
  }
  for (unsigned i = 0; i < d->nplaces; i++) {
    if (d->places[i].y - d->places[i].up < top) top = d->places[i].y - d->places[i].up;
    if (d->places[i].y + d->places[i].down > bottom) bottom = d->places[i].y + d->places[i].down;
  }
  for (unsigned i = 0; i < d->nplaces; i++) d->places[i].y += 10 - top;
  d->width = x - diagram_gap + 8;
  d->height = bottom - top + 20;
}

static void diagram_lay(diagram *d, const cpm_machine *m) {
  diagram_collect(d, m);
  diagram_write_labels(d);
  diagram_layers(d);
  diagram_put_states(d);
  for (unsigned i = 0; i < d->nedges; i++)
    if (d->edges[i].from != d->edges[i].to) diagram_put_edge(d, i);
  for (unsigned round = 0; round < 6; round++) {
    for (unsigned layer = 1; layer < d->nlayers; layer++) diagram_sort(d, layer, true);
    for (unsigned layer = d->nlayers - 1; layer-- > 0;) diagram_sort(d, layer, false);
  }
  for (unsigned round = 0; round < 12; round++) {
    for (unsigned layer = 0; layer < d->nlayers; layer++) diagram_settle(d, layer, true, round > 2);
    for (unsigned layer = d->nlayers; layer-- > 0;) diagram_settle(d, layer, round > 2, true);
  }
  diagram_spread(d);
}

/* ---- drawing ------------------------------------------------------------------------------------------------------- */

static void diagram_rect(FILE *f, double x, double y, double w, double h, int round) {
  fprintf(f, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"%d\"/>", x - w / 2, y - h / 2, w, h, round);
}

static void diagram_draw_label(FILE *f, const diagram_edge *e, double x, double y) {
  const double h = diagram_label_height(e);
  fprintf(f, "<g class=\"label%s\">", e->taken ? " taken" : "");
  diagram_rect(f, x, y, diagram_label_width(e), h, 8);
  for (unsigned i = 0; i < e->nlines; i++) {
    fprintf(f, "<text x=\"%.1f\" y=\"%.1f\">", x, y - h / 2 + 14.5 + diagram_line * i);
    diagram_escape(f, cpm_str_z(e->text[i]));
    fputs("</text>", f);
  }
  fputs("</g>\n", f);
}

enum { DIAGRAM_NO_HEAD, DIAGRAM_AT_END, DIAGRAM_AT_START };

static void diagram_bezier(FILE *f, const double p[8], int head, bool taken) {
  fprintf(f, "<path class=\"edge%s\"", taken ? " taken" : "");
  if (head) fprintf(f, " marker-%s=\"url(#head%s)\"", head == DIAGRAM_AT_END ? "end" : "start", taken ? "-taken" : "");
  fprintf(f, " d=\"M%.1f %.1fC%.1f %.1f %.1f %.1f %.1f %.1f\"/>\n", p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7]);
}

/* From left to right, level at both ends. */
static void diagram_curve(FILE *f, double x1, double y1, double x2, double y2, int head, bool taken) {
  const double bend = (x2 - x1) / 2, p[8] = { x1, y1, x1 + bend, y1, x2 - bend, y2, x2, y2 };
  diagram_bezier(f, p, head, taken);
}

/* Half the width that is drawn of a place: of a state that is its box, not the label above it. */
static double diagram_half(const diagram *d, int place) {
  const diagram_place *p = &d->places[place];
  for (unsigned s = 0; p->edge < 0 && s < CPMI_STATE_COUNT; s++)
    if (d->known[s] && d->state_place[s] == place) return 4 * (double)strlen(cpmi_state_name(s)) + 15;
  return p->w / 2;
}

static void diagram_draw_edge(FILE *f, const diagram *d, const diagram_edge *e) {
  const unsigned a = e->back ? e->to : e->from, b = e->back ? e->from : e->to, label = e->back ? e->last : e->first;
  int at = d->state_place[a];
  for (unsigned i = e->first; i <= e->last + 1; i++) {
    const int next = i > e->last ? d->state_place[b] : (int)i;
    const int head = e->back ? (i == e->first ? DIAGRAM_AT_START : 0) : i > e->last ? DIAGRAM_AT_END : 0;
    const diagram_place *p = &d->places[at], *q = &d->places[next];
    const double left = p->x + diagram_half(d, at) + (head == DIAGRAM_AT_START ? 3 : 0);
    const double right = q->x - diagram_half(d, next) - (head == DIAGRAM_AT_END ? 3 : 0);
    diagram_curve(f, left, p->y, right, q->y, head, e->taken);
    if (i <= e->last && i != label) diagram_curve(f, q->x - q->w / 2, q->y, q->x + q->w / 2, q->y, DIAGRAM_NO_HEAD, e->taken);
    at = next;
  }
  diagram_draw_label(f, e, d->places[label].x, d->places[label].y);
}

static void diagram_draw_loop(FILE *f, const diagram *d, const diagram_edge *e) {
  const diagram_place *p = &d->places[d->state_place[e->from]];
  const double h = diagram_label_height(e), half = diagram_label_width(e) / 2, y = p->y - diagram_box, top = y - 14 - h / 2;
  const double up[8] = { p->x - 12, y, p->x - 16, y - 10, p->x - half - 12, y - 8, p->x - half, top };
  const double down[8] = { p->x + half, top, p->x + half + 12, y - 8, p->x + 16, y - 12, p->x + 12, y - 3 };
  diagram_bezier(f, up, DIAGRAM_NO_HEAD, e->taken);
  diagram_bezier(f, down, DIAGRAM_AT_END, e->taken);
  diagram_draw_label(f, e, p->x, top);
}

static bool diagram_state_taken(const diagram *d, unsigned s) {
  for (unsigned i = 0; i < d->nedges; i++)
    if (d->edges[i].taken && (d->edges[i].from == s || d->edges[i].to == s)) return true;
  return false;
}

static void diagram_draw_state(FILE *f, const diagram *d, unsigned s) {
  const diagram_place *p = &d->places[d->state_place[s]];
  const double half = diagram_half(d, d->state_place[s]);
  const char *taken = diagram_state_taken(d, s) ? " taken" : "";
  if (s == d->init) {
    fprintf(f, "<circle class=\"start\" cx=\"%.1f\" cy=\"%.1f\" r=\"5\"/>", p->x - half - 24, p->y);
    diagram_curve(f, p->x - half - 19, p->y, p->x - half - 3, p->y, DIAGRAM_AT_END, true);
  }
  fprintf(f, "<g class=\"state%s\">", taken);
  diagram_rect(f, p->x, p->y, 2 * half, 2 * diagram_box, 5);
  if (!d->out[s]) diagram_rect(f, p->x, p->y, 2 * half - 6, 2 * diagram_box - 6, 3);
  fprintf(f, "<text x=\"%.1f\" y=\"%.1f\">%s</text></g>\n", p->x, p->y + 4.5, cpmi_state_name(s));
}

static void diagram_draw(FILE *f, const diagram *d) {
  fprintf(f, "<div class=\"wide\"><svg class=\"machine\" role=\"img\" width=\"%.0f\" height=\"%.0f\">\n", d->width, d->height);
  for (unsigned pass = 0; pass < 2; pass++)      /* those that were taken lie above */
    for (unsigned i = 0; i < d->nedges; i++) {
      const diagram_edge *e = &d->edges[i];
      if (e->taken != (pass == 1)) continue;
      if (e->from == e->to) diagram_draw_loop(f, d, e);
      else diagram_draw_edge(f, d, e);
    }
  for (unsigned s = 0; s < CPMI_STATE_COUNT; s++)
    if (d->known[s]) diagram_draw_state(f, d, s);
  fputs("</svg></div>\n", f);
}

/* ---- rows ---------------------------------------------------------------------------------------------------------- */

static void diagram_row(FILE *f, const cpmi_row *r, unsigned of, unsigned event, bool taken) {
  char text[512], id[CPM_CLAUSE_MAX];
  const char *rest = r->clauses;
  fprintf(f, "<tr%s><td class=\"ids\">", taken ? " class=\"taken\"" : "");
  while (cpm_clause_next(r->spec, &rest, id)) fprintf(f, "%s ", id);
  diagram_guard(text, sizeof text, r->when);
  fprintf(f, "</td><td>%s</td><td>%s</td>", names_state(of), cpm_event_name((cpm_event_type)event));
  fprintf(f, "<td>%s</td><td>%s</td><td>", text, names_state(r->next));
  for (unsigned i = 0; i < CPMI_OPS_A_ROW && r->ops[i].op != CPMI_OP_END; i++) {
    if (i) fputs(", ", f);
    diagram_op(f, &r->ops[i]);
  }
  fprintf(f, "%s</td></tr>\n", r->ignore ? "ignored" : "");
}

static void diagram_rows(FILE *f, const cpm_machine *m, const diagram *d) {
  unsigned n = 0, taken = 0;
  while (cpmi_row_at(m, d->leg, n)) taken += diagram_was_taken(d->machine, d->leg, n), n++;
  fprintf(f, "<details class=\"rows\"><summary>%u rows, %u of them taken</summary><div class=\"wide\"><table>\n"
             "<tr><th>requirements</th><th>state</th><th>event</th><th>if</th><th>next</th><th>then</th></tr>\n", n, taken);
  for (cpmi_row_walk w = cpmi_walk_rows(m, d->leg); cpmi_next_row(&w);)
    diagram_row(f, w.r, w.state, w.event, diagram_was_taken(d->machine, d->leg, w.index));
  fputs("</table></div></details>\n", f);
}

/* An arrowhead for both kinds of edge, since none takes its colour from its line. */
static void diagram_heads(FILE *f) {
  static const char *const kinds[] = { "", "-taken" }, *const classes[] = { "tip", "tip taken" };
  fputs("<svg width=\"0\" height=\"0\" style=\"position:absolute\"><defs>", f);
  for (unsigned i = 0; i < 2; i++)
    fprintf(f, "<marker id=\"head%s\" viewBox=\"0 0 8 8\" refX=\"6\" refY=\"4\" markerUnits=\"userSpaceOnUse\" "
               "markerWidth=\"9\" markerHeight=\"9\" orient=\"auto-start-reverse\"><path class=\"%s\" d=\"M0 0 8 4 0 8z\"/>"
               "</marker>",
            kinds[i], classes[i]);
  fputs("</defs></svg>\n", f);
}

void diagram_write(FILE *f) {
  static diagram d;
  diagram_heads(f);
  for (unsigned i = 0; cpm_machine_at(i) && i < DIAGRAM_MACHINES; i++)
    for (unsigned leg = 0; leg < 2; leg++) {
      if (!diagram_ran(i, leg)) continue;
      memset(&d, 0, sizeof d);
      d.machine = i;
      d.leg = leg;
      diagram_lay(&d, cpm_machine_at(i));
      fprintf(f, "<section class=\"machine\"><h3>%s%s</h3>\n", cpm_machine_name(cpm_machine_at(i)), leg ? ", each leg" : "");
      diagram_draw(f, &d);
      diagram_rows(f, cpm_machine_at(i), &d);
      fputs("</section>\n", f);
    }
}
