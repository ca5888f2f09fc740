/* SPDX-License-Identifier: MIT */
/* explore_graph.c - nodes, edges and what was found on them. Breadth first: the first way to an error is the shortest. */
#include "explore.h"
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { GRAPH_HASH = 1 << 20 };

/* ---- errors ------------------------------------------------------------------------------------------------------- */

void explore_wrong(explore_run *r, const char *format, ...) {
  char text[sizeof r->errors[0].text];
  va_list args;
  va_start(args, format);
  vsnprintf(text, sizeof text, format, args);
  va_end(args);
  for (unsigned i = 0; i < r->nerrors; i++)
    if (strcmp(r->errors[i].text, text) == 0) {
      r->errors[i].count++;
      return;
    }
  if (r->nerrors == EXPLORE_ERRORS) return;
  explore_error *e = &r->errors[r->nerrors++];
  memcpy(e->text, text, sizeof text);
  e->count = 1;
  e->at = r->at;
  snprintf(e->by, sizeof e->by, "%s", r->label);
}

static void graph_path(const explore_run *r, uint32_t at) {
  uint32_t path[256];
  size_t n = 0;
  for (; r->nodes[at].from != at && n < 256; at = r->nodes[at].from) path[n++] = at;
  while (n) printf("      %s\n", r->nodes[path[--n]].by);
}

/* ---- nodes -------------------------------------------------------------------------------------------------------- */

static uint32_t graph_hash(const unsigned char *key, size_t n) {
  uint32_t h = 2166136261u;
  for (size_t i = 0; i < n; i++) h = (h ^ key[i]) * 16777619u;
  return h ^ h >> 15;
}

/* The node that is the same, or the empty place. */
static uint32_t *graph_find(explore_run *r, const unsigned char *key, size_t n) {
  for (uint32_t i = graph_hash(key, n) % GRAPH_HASH;; i = (i + 1) % GRAPH_HASH) {
    if (r->hash[i] == UINT32_MAX) return &r->hash[i];
    const explore_node *node = &r->nodes[r->hash[i]];
    if (node->nkey == n && memcmp(key, node->key, n) == 0) return &r->hash[i];
  }
}

static unsigned char *graph_copy(const unsigned char *key, size_t n) {
  unsigned char *copy = malloc(n);
  if (!copy) abort();
  memcpy(copy, key, n);
  return copy;
}

static void graph_edge(explore_run *r, uint32_t to) {
  if (r->nedges == r->cap_edges) {
    r->cap_edges = r->cap_edges ? r->cap_edges * 2 : 4096;
    r->edges = realloc(r->edges, r->cap_edges * 2 * sizeof *r->edges);
    if (!r->edges) abort();
  }
  r->edges[2 * r->nedges] = r->at;
  r->edges[2 * r->nedges++ + 1] = to;
}

/* Is this node new? It is one more end of an edge either way. */
static bool graph_reach(explore_run *r, const cpm_proc *p, const explore_world *w) {
  unsigned char key[EXPLORE_KEY];
  const size_t n = explore_key(r, p, w, key);
  uint32_t *place = graph_find(r, key, n);
  if (*place != UINT32_MAX) {
    graph_edge(r, *place);
    return false;
  }
  if (r->n == r->c.max_nodes) {
    r->full = true;
    return false;
  }
  explore_node *node = &r->nodes[r->n];
  node->block = explore_pack(p);
  node->key = graph_copy(key, n);
  node->nkey = n;
  node->w = *w;
  node->from = r->n ? r->at : 0;
  snprintf(node->by, sizeof node->by, "%s", r->label);
  *place = r->n++;
  if (r->n > 1) graph_edge(r, *place);
  return true;
}

/* ---- edges -------------------------------------------------------------------------------------------------------- */

bool explore_ignores(const cpm_machine *m, bool leg, unsigned state, unsigned event) {
  for (cpmi_row_walk w = cpmi_walk_rows(m, leg); cpmi_next_row(&w);)
    if (w.r->ignore && w.event == event && (cpmi_state_set(w.state) >> state & 1u)) return true;
  return false;
}

/* An event that no row takes. When all is over, it comes late; before, there is a row for it, if only an IGNORE. */
static void graph_untaken(explore_run *r, const cpm_proc *p, const explore_event *x) {
  const bool leg = x->e.leg != CPM_NO_LEG;
  if (x->lacks) {
    r->refused++;
    return;
  }
  const unsigned state = leg ? cpmi_leg_at(p, r->c.m, x->e.leg)->state : p->state;
  const bool over = r->nodes[r->at].w.done || (leg && (cpmi_state_set(CPMI_STATE_over) >> state & 1u));
  if (!over && !explore_ignores(r->c.m, leg, state, x->e.type))
    explore_wrong(r, "%s is not heard in %s%s", cpm_event_name(x->e.type), leg ? "leg " : "", cpmi_state_name(state));
}

static void graph_give(explore_run *r, explore_event *x, const explore_world *after) {
  const char *before = r->nodes[r->at].block;
  const bool done = r->nodes[r->at].w.done != 0;
  cpm_proc *p = explore_unpack(before, explore_buffer(0));
  explore_world w = *after;
  r->label = x->label;
  explore_reports_come(&w, x);
  for (size_t k = 0; x->e.type == CPM_EVENT_relay && k < x->e.nmembers && p->nlegs + k < EXPLORE_LEGS; k++)
    w.side[p->nlegs + k + 1].invite = EXPLORE_ACKED;   /* its dialog stands before */
  r->first = false;
  const int rc = explore_step(r, &p, x, &w);
  if (r->c.seeds && r->first) explore_seed(r, x);
  if (rc == CPM_OK && done) explore_wrong(r, "a step after DONE");
  if (rc != CPM_OK && x->e.type != CPM_EVENT_on_chunk) w.current = 0;
  if (rc != CPM_OK) explore_unheard(r, &w);
  if (rc == CPM_IGNORED || rc == CPM_LATE) graph_untaken(r, p, x);
  const bool heard = rc == CPM_OK || ((rc == CPM_IGNORED || rc == CPM_LATE) && !x->lacks);
  const bool fresh = !done && heard && graph_reach(r, p, &w);
  if (r->c.seeds && fresh) explore_seed_keep(&r->nodes[r->n - 1], x);
  if (r->c.thorough > 1 || (r->c.thorough && fresh)) explore_again(r, before, x, rc);
}

/* ---- what the whole shows ----------------------------------------------------------------------------------------- */

static uint32_t graph_ends(const explore_run *r) {
  uint32_t ends = 0;
  for (uint32_t i = 0; i < r->n; i++) ends += r->nodes[i].w.done != 0;
  return ends;
}

/* From which nodes is an end reached? Nodes that were never left count as alive. */
static void graph_alive(explore_run *r, uint32_t left) {
  for (uint32_t i = 0; i < r->n; i++) r->nodes[i].live = r->nodes[i].w.done || i >= left;
  for (bool more = true; more;) {
    more = false;
    for (size_t i = r->nedges; i-- > 0;) {
      explore_node *from = &r->nodes[r->edges[2 * i]];
      if (from->live || !r->nodes[r->edges[2 * i + 1]].live) continue;
      from->live = more = true;
    }
  }
}

static void graph_stuck(explore_run *r) {
  for (uint32_t i = 0; i < r->n; i++) {
    if (r->nodes[i].live) continue;
    r->at = r->nodes[i].from;
    r->label = r->nodes[i].by;
    explore_wrong(r, "it can never end");
  }
}

static void graph_print(const explore_run *r) {
  if (r->c.quiet && !r->nerrors) return;
  printf("%s, %s requests", r->c.m->name, r->c.all_requests ? "all" : "plain");
  if (r->c.members) printf(", %u recipients, %u chunks", r->c.members, r->c.chunks);
  for (size_t i = 0; i < r->c.nkinds; i++) printf("%s%s", i ? "," : ", legs ", names_kind(r->c.kinds[i]));
  printf(": %u nodes%s, %zu edges, %u ends", r->n, r->full ? " (as many as asked for)" : "", r->nedges, graph_ends(r));
  if (r->refused) printf(", %u steps refused for their args", r->refused);
  printf(", %u kinds of error\n", r->nerrors);
  for (unsigned i = 0; i < r->nerrors; i++) {
    printf("  %u x %s\n    after:\n", r->errors[i].count, r->errors[i].text);
    graph_path(r, r->errors[i].at);
    printf("      %s\n", r->errors[i].by);
  }
}

/* ---- a run -------------------------------------------------------------------------------------------------------- */

/* Does the event begin runs of legs that are there? Of such a run its captures are preset. */
static bool graph_begins(const explore_run *r, unsigned event) { return r->c.nkinds && event == CPM_EVENT_relay; }

/* Flags that no event sets are the host's to set when it makes the block: all of them, both ways. */
static size_t graph_preset(const explore_run *r, uint8_t *fields) {
  const cpm_machine *m = r->c.m;
  size_t n = 0;
  for (size_t i = 0; i < m->fields.n; i++) {
    bool captured = false;
    const cpmi_capture *g;
    for (size_t k = 0; (g = cpmi_capture_at(m, k)) != NULL; k++)
      captured |= g->field == m->fields.p[i] && !graph_begins(r, g->event);
    if (!captured && cpmi_field_type((cpm_field)m->fields.p[i]) == CPMI_FLAG) fields[n++] = m->fields.p[i];
  }
  return n;
}

static void graph_root(explore_run *r, unsigned agent, uint32_t flags, const uint8_t *fields, size_t nfields) {
  cpm_diag d = { 0 };
  cpm_proc *p = (cpm_proc *)(void *)explore_buffer(0);
  explore_world w;
  memset(&w, 0, sizeof w);
  w.agent = (uint8_t)agent;
  if (explore_borrows(r->c.m)) w.side[0].media = EXPLORE_UP;
  if (cpm_proc_init(p, EXPLORE_BLOCK, r->c.m, &r->agent[agent], &d) != CPM_OK) {
    explore_wrong(r, "cpm_proc_init fails: %s", d.rule);
    return;
  }
  for (size_t i = 0; i < nfields; i++)
    if (flags >> i & 1u) cpmi_set_number(p, r->c.m, CPM_NO_LEG, (cpm_field)fields[i], 1);
  const cpmi_capture *g;
  for (size_t i = 0; (g = cpmi_capture_at(r->c.m, i)) != NULL; i++)
    if (graph_begins(r, g->event) && cpmi_is_text(cpmi_field_type((cpm_field)g->field)))
      cpmi_set_text(p, r->c.m, CPM_NO_LEG, (cpm_field)g->field, cpm_str_z("preset"), NULL);
  for (size_t i = 0; i < r->c.nkinds; i++) {
    cpmi_add_leg(p, r->c.m, r->c.kinds[i], NULL);
    cpmi_set_text(p, r->c.m, (uint32_t)i, CPM_FIELD_uri, cpm_str_z("sip:leg@example.com"), NULL);
    w.side[i + 1].invite = EXPLORE_ACKED;
    if (r->c.m->leg_init == CPMI_STATE_up) w.side[i + 1].media = EXPLORE_UP;
    w.begun = 1;
  }
  static char label[EXPLORE_LABEL];
  snprintf(label, sizeof label, "agent %u", agent);
  for (size_t i = 0; i < nfields; i++)
    if (flags >> i & 1u) snprintf(label + strlen(label), sizeof label - strlen(label), " %s", cpm_field_name((cpm_field)fields[i]));
  r->label = label;
  r->at = r->n;
  const uint32_t was = r->n;
  if (graph_reach(r, p, &w) && r->n > was) r->nodes[was].from = was;
}

static void graph_roots(explore_run *r) {
  uint8_t fields[CPM_FIELD_COUNT];
  const size_t n = graph_preset(r, fields);
  for (unsigned agent = 0; agent < r->c.agents; agent++)
    if (explore_agent_differs(r, agent))
      for (uint32_t flags = 0; flags < (uint32_t)1 << n; flags++)
        if (r->c.all_requests || flags == 0 || flags + 1u == (uint32_t)1 << n) graph_root(r, agent, flags, fields, n);
}

static void graph_free(explore_run *r) {
  for (uint32_t i = 0; i < r->n; i++) {
    free(r->nodes[i].block);
    free(r->nodes[i].key);
    free(r->nodes[i].said);
  }
  free(r->nodes);
  free(r->edges);
  free(r->hash);
}

static bool graph_relays(const cpm_machine *m) {
  const cpmi_row *row;
  for (size_t i = 0; (row = cpmi_row_at(m, true, i)) != NULL; i++)
    for (unsigned k = 0; k < CPMI_OPS_A_ROW; k++)
      if (row->ops[k].op == CPMI_OP_RAISE && row->ops[k].b == CPM_EVENT_leg_chunk) return true;
  return false;
}

unsigned explore(const explore_config *c) {
  static explore_run r;
  memset(&r, 0, sizeof r);
  r.c = *c;
  r.label = "";
  r.nodes = calloc(c->max_nodes + 1u, sizeof *r.nodes);
  r.hash = malloc(GRAPH_HASH * sizeof *r.hash);
  if (!r.nodes || !r.hash || c->max_nodes > GRAPH_HASH / 2) abort();
  memset(r.hash, 0xff, GRAPH_HASH * sizeof *r.hash);
  explore_agents(&r);
  explore_facts(&r);
  r.c.relays = graph_relays(c->m);
  explore_key_prepare(c->m);
  graph_roots(&r);
  uint32_t left = 0;
  for (; left < r.n && !r.full; left++) {
    static _Alignas(16) char mem[EXPLORE_BLOCK];
    const explore_world w = r.nodes[left].w;
    r.at = left;
    explore_moves(&r, &w, explore_unpack(r.nodes[left].block, mem), graph_give);
  }
  graph_alive(&r, left);
  if (!c->calm) graph_stuck(&r);
  graph_print(&r);
  const unsigned wrong = r.nerrors;
  graph_free(&r);
  return wrong;
}
