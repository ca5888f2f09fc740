/* SPDX-License-Identifier: MIT */
/* promela.c - machines and their world as one Promela program: docs/verify.md says what is modelled, and what follows. */
#include "promela.h"
#include "cpm/cpm.h"
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void promela_put(promela_text *t, const char *format, ...) {
  va_list args;
  va_start(args, format);
  const int n = vsnprintf(NULL, 0, format, args);
  va_end(args);
  if (t->n + (size_t)n + 1 > t->cap) {
    t->cap = 2 * t->cap + (size_t)n + 256;
    t->p = realloc(t->p, t->cap);
    if (!t->p) { fputs("model: out of memory\n", stderr); exit(2); }
  }
  va_start(args, format);
  vsnprintf(t->p + t->n, t->cap - t->n, format, args);
  va_end(args);
  t->n += (size_t)n;
}

void promela_fail(promela *g, const char *what, const char *name) {
  if (!g->wrong[0]) snprintf(g->wrong, sizeof g->wrong, "%s: %s", what, name);
}

/* ---- rows ----------------------------------------------------------------------------------------------------------- */

static unsigned row_raises(const promela_row *row) {
  for (size_t i = 0; i < CPMI_OPS_A_ROW && row->r.ops[i].op != CPMI_OP_END; i++)
    if (row->r.ops[i].op == CPMI_OP_RAISE) return row->r.ops[i].b;
  return CPM_EVENT_COUNT;
}

static bool row_has(const promela_row *row, unsigned op) {
  for (size_t i = 0; i < CPMI_OPS_A_ROW && row->r.ops[i].op != CPMI_OP_END; i++)
    if (row->r.ops[i].op == op) return true;
  return false;
}

static void row_bodies(promela *g, promela_side *s) {
  for (size_t i = 0; i < s->n; i++) {
    promela_row *row = &s->rows[i];
    row->body.n = 0;
    promela_put(&row->body, "%s", "");
    for (size_t k = 0; k < CPMI_OPS_A_ROW && row->r.ops[k].op != CPMI_OP_END; k++) promela_op(g, s, row, &row->r.ops[k], &row->body);
    if (row_raises(row) != CPM_EVENT_COUNT) promela_put(&row->body, "/* RAISE %s */ ", cpm_event_name((cpm_event_type)row_raises(row)));
  }
}

/* Fields that nobody looks at any more in the next state are 0: states that do the same are one. */
static void row_forget(promela_text *t, const promela_side *s, const promela_row *row) {
  const uint64_t next = row->r.next < CPMI_STATE_COUNT ? UINT64_C(1) << row->r.next : row->states;
  for (unsigned f = 1; f < CPM_FIELD_COUNT; f++)
    if (s->needed[f] && !(s->live[f] & next)) promela_put(t, "%s%s = 0; ", s->me, cpm_field_name((cpm_field)f));
  for (unsigned f = 0; f < CPMI_FACT_COUNT; f++)
    if (s->agent[f] && !(s->asked[f] & next)) promela_put(t, "%s%s = 0; ", s->me, cpmi_facts[f].name);
}

static void row_comment(promela_text *t, const promela_side *s, const promela_row *row) {
  char word[160];
  promela_put(t, "/* %s row %zu, %s:", s->m->name, row->index, cpm_event_name((cpm_event_type)row->event));
  for (size_t k = 0; k < CPMI_OPS_A_ROW && row->r.ops[k].op != CPMI_OP_END; k++) {
    names_op_text(&row->r.ops[k], word, sizeof word);
    promela_put(t, " %s", word);
  }
  promela_put(t, " */\n");
}

static void rows_print(promela *g, promela_side *s) {
  promela_text *t = &g->body;
  for (size_t i = 0; i < s->n; i++) {
    const promela_row *row = &s->rows[i];
    if (!row->possible) continue;
    row_comment(t, s, row);
    promela_put(t, "inline %srow%zu() {\n  ", s->me, row->index);
    if (row->r.next < CPMI_STATE_COUNT) promela_put(t, "%sst = %s%s; ", s->me, s->me, cpmi_state_name(row->r.next));
    promela_put(t, "%s", row->body.p);
    row_forget(t, s, row);
    promela_put(t, "skip\n}\n");
  }
}

/* ---- inner events ---------------------------------------------------------------------------------------------------- */

static void inner_choice(promela *g, promela_side *s, promela_row *row, const char *condition, void *with) {
  (void)with;
  promela_put(&g->body, "  :: %s -> %srow%zu()\n", condition, s->me, row->index);
}

static void inner_choose(promela *g, promela_side *s, unsigned event, const char *otherwise) {
  promela_put(&g->body, "  if\n");
  promela_choices(g, s, event, inner_choice, NULL);
  promela_put(&g->body, "  :: else -> %s\n  fi;\n", otherwise);
}

static bool inner_is_given(const promela_side *s, unsigned op, unsigned event) {
  for (size_t i = 0; i < s->n; i++)
    for (size_t k = 0; k < CPMI_OPS_A_ROW && s->rows[i].r.ops[k].op != CPMI_OP_END; k++)
      if (s->rows[i].r.ops[k].op == op && s->rows[i].r.ops[k].b == event) return true;
  return false;
}

static void inner_bulk(promela *g, promela_side *call, promela_side *legs) {
  promela_text *t = &g->body;
  const char *const init = cpmi_state_name(legs->m->leg_init);
  for (unsigned e = 0; e < CPM_EVENT_COUNT; e++) {
    if (!inner_is_given(call, CPMI_OP_EACH, e)) continue;
    promela_put(t, "inline %seach_%s() {\n  i = 0;\n  do\n  :: i < SLOTS -> l_unpack(i);\n", call->me, cpm_event_name((cpm_event_type)e));
    inner_choose(g, legs, e, "skip");
    promela_put(t, "  l_pack(i); i++\n  :: else -> break\n  od;\n  l_sort()\n}\n");
  }
  promela_put(t, "inline l_new(slot, what) {\n  assert(L[slot] == 0); l_unpack(slot); l_st = l_%s; l_kind = what;\n", init);
  inner_choose(g, legs, CPM_EVENT_go, "skip");
  promela_put(t, "  l_pack(slot)\n}\n");
  promela_put(t, "inline %sfork(what) {\n  i = 0;\n  do\n  :: i < MEMBERS -> l_new(i, what); i++\n  :: else -> break\n  od;\n  l_sort()\n}\n", call->me);
  promela_put(t, "inline %srefork(what) {\n  assert(retries < RETRIES); retries++;\n  l_new(SLOTS - 1, what);\n  l_sort()\n}\n", call->me);
}

static void inner_raised(promela *g, promela_side *call, const promela_side *legs) {
  for (unsigned e = 0; e < CPM_EVENT_COUNT; e++) {
    if (!inner_is_given(legs, CPMI_OP_RAISE, e)) continue;
    promela_put(&g->body, "inline %sraised_%s() {\n", call->me, cpm_event_name((cpm_event_type)e));
    inner_choose(g, call, e, "assert(somebody_hears_it)");
    promela_put(&g->body, "  skip\n}\n");
  }
}

/* ---- events from outside ---------------------------------------------------------------------------------------------- */

/* Is there a row of the call for the event that makes one more leg? */
static bool choice_retries(const promela_side *s, const promela_row *row) {
  const unsigned raised = row_raises(row);
  for (size_t i = 0; s->call && i < s->call->n; i++)
    if (s->call->rows[i].event == raised && row_has(&s->call->rows[i], CPMI_OP_REFORK)) return true;
  return false;
}

/* Of a walk that is followed: the row that the engine took; an IGNORE is none. */
static void choice_is_taken(promela *g, const promela_side *s, const promela_row *row) {
  if (g->c.follow) promela_put(&g->body, " && TAKES%s(%d)", promela_row_changes(row) ? "" : "_QUIET", row->r.ignore ? -1 : (int)s->rows[row->outcome].index);
}

/* When it may come; of a walk that is followed, if it is the next one. */
static void choice_comes(promela *g, const promela_side *s, const char *me, const promela_event *e) {
  if (g->c.follow) promela_put(&g->body, "COMES(%u, %u) && (", (unsigned)*s->me, e->event);
  promela_fill_as(&g->body, s, me, promela_guard(s, e));
  if (g->c.follow) promela_put(&g->body, ")");
}

static void choice_run(promela *g, promela_side *s, const promela_row *row) {
  promela_text *t = &g->body;
  promela_put(t, "d_step { ");
  if (s->call) promela_put(t, "l_unpack(k); ");
  if (s->call && row->event == CPM_EVENT_invite_fork) promela_put(t, "l_fork = 1; ");
  if (s->call && row->event == CPM_EVENT_on_chunk) promela_put(t, "l_chunk = 1; ");
  promela_put(t, "%srow%zu(); ", s->me, row->index);
  if (row->event == CPM_EVENT_invite_fork) promela_fill(t, s, "assert($fork == 0); ");
  if (row->event == CPM_EVENT_on_chunk) promela_fill(t, s, "assert($chunk == 0); ");
  if (row->event == CPM_EVENT_on_reinvite) promela_fill(t, s, "assert($irein == 0); ");
  if (s->call) promela_put(t, "l_pack(k); ");
  if (row_raises(row) != CPM_EVENT_COUNT) promela_put(t, "%sraised_%s(); ", s->call->me, cpm_event_name((cpm_event_type)row_raises(row)));
  if (s->call) promela_put(t, "l_sort(); ");
  if (g->c.follow) promela_put(t, "CAME(); ");
  promela_put(t, "cur = 0 }");
}

static void choice_of_event(promela *g, promela_side *s, promela_row *row, const char *condition, void *with) {
  (void)with;
  /* bounds: one more leg; one more time that a session is kept alive, and of anybody one more request that may do that */
  const bool again = row->event == CPM_EVENT_on_reinvite, bounded = (again && s->peer) || row->event == CPM_EVENT_reinvite_done;
  const bool keeps = bounded && row_has(row, CPMI_OP_START);
  promela_put(&g->body, "       :: %s%s%s", condition, choice_retries(s, row) ? " && retries < RETRIES" : "", keeps ? " && kept < KEPT" : "");
  choice_is_taken(g, s, row);
  promela_put(&g->body, " -> %s", keeps || (again && !s->peer) ? "kept++; " : "");
  choice_run(g, s, row);
  promela_put(&g->body, "\n");
}

bool promela_row_changes(const promela_row *row) {
  return !row->r.ignore && (row->body.n || (row->r.next < CPMI_STATE_COUNT && row->states != UINT64_C(1) << row->r.next));
}

static void choice_that_stays(promela *g, promela_side *s, promela_row *row, const char *condition, void *with) {
  const promela_event *e = with;
  if (!promela_row_changes(row)) return;
  if (s->call) { promela_fail(g, "an event of a leg that the world does not know", cpm_event_name((cpm_event_type)e->event)); return; }
  promela_put(&g->body, "  :: atomic { ");
  choice_comes(g, s, s->me, e);
  promela_put(&g->body, " && %s", condition);
  choice_is_taken(g, s, row);
  promela_put(&g->body, " -> %s", e->event == CPM_EVENT_online ? "kept++; " : "");
  choice_run(g, s, row);
  promela_put(&g->body, " }\n");
}

/* The user may want to cancel at any time: he is heard, if only to be refused. */
static void event_of_user(promela *g, const promela_side *s, const promela_event *e) {
  const uint64_t deaf = s->states & ~promela_taking(s, e->event) & ~(UINT64_C(1) << s->m->init) & ~cpmi_state_set(CPMI_STATE_over);
  if (e->event != CPM_EVENT_cancel || s->call || !deaf) return;
  promela_put(&g->body, "  :: ");
  promela_in(&g->body, s, deaf);
  promela_put(&g->body, " -> assert(somebody_takes_it)   /* cancel */\n");
}

static bool side_pushes(const promela_side *s) {
  for (size_t i = 0; i < s->n; i++)
    if (row_has(&s->rows[i], CPMI_OP_PUSH)) return true;
  return false;
}

/* Does the machine do what the event follows from? Of what others begin: does it ask for it? */
static bool event_has_cause(const promela_side *s, unsigned event) {
  for (size_t i = 0; i < s->n; i++)
    for (size_t k = 0; k < CPMI_OPS_A_ROW && s->rows[i].r.ops[k].op != CPMI_OP_END; k++)
      if (event < CPMI_EVENTS_OUTSIDE && (cpmi_enables(&s->rows[i].r.ops[k]) >> event & 1u)) return true;
  return event == CPM_EVENT_on_cancel ? s->called : false;
}

/* What must find a row comes whether there is one or not. */
static bool event_is_used(const promela_side *s, const promela_event *e) {
  if (promela_guard(s, e) == NULL) return false;
  if (promela_taking(s, e->event) != 0 || (e->event == CPM_EVENT_on_chunk && s->peer && side_pushes(s->peer))) return true;
  return e->must && event_has_cause(s, e->event);
}

/* Facts of the agent are chosen where they are asked for first. */
static void event_agent(promela *g, const promela_side *s, const promela_event *e) {
  const promela_side *call = s->call ? s->call : s;
  for (unsigned f = 0; f < CPMI_FACT_COUNT; f++) {
    const uint64_t asking = promela_asking(s, e->event, f);
    if (!call->agent[f] || !promela_is_late(s, f) || !asking) continue;
    promela_put(&g->body, "       if :: ");
    promela_in(&g->body, s, asking);
    /* what a Message Store has is looked at where the machine is alone */
    if (f == CPMI_FACT_INDEX_has_store && s->peer) { promela_put(&g->body, " -> %s%s = 2 :: else -> skip fi;\n", call->me, cpmi_facts[f].name); continue; }
    promela_put(&g->body, " && %s%s == 0 -> if :: %s%s = 1 :: %s%s = 2 fi :: else -> skip fi;\n", call->me, cpmi_facts[f].name, call->me,
                cpmi_facts[f].name, call->me, cpmi_facts[f].name);
  }
}

static void event_capture(promela *g, promela_side *s, const promela_event *e) {
  promela_text captures = { NULL, 0, 0 };
  promela_capture(g, s, e->event, &captures);
  if (captures.n) {
    promela_put(&g->body, "       if :: ");
    promela_in(&g->body, s, promela_taking(s, e->event));
    promela_put(&g->body, " -> %sskip :: else -> skip fi;\n", captures.p);
  }
  free(captures.p);
}

static void event_unheard(promela *g, promela_side *s, const promela_event *e) {
  const char *rest = s->call ? "d_step { l_sort(); cur = 0 }" : "cur = 0";
  if (g->c.follow) {
    promela_put(&g->body, "       :: ");
    promela_in(&g->body, s, s->untaken[e->event] | ~promela_taking(s, e->event));
    promela_put(&g->body, " && TAKES(-1) -> d_step { CAME(); cur = 0 }\n       :: else -> lost = 1\n");
    return;
  }
  if (s->untaken[e->event] && !e->must) {
    promela_put(&g->body, "       :: ");
    promela_in(&g->body, s, s->untaken[e->event]);
    promela_put(&g->body, " -> %s\n", rest);
  }
  if (e->must) promela_put(&g->body, "       :: else -> assert(somebody_takes_it)\n");
  else promela_put(&g->body, "       :: else -> %s\n", rest);
}

static void event_print(promela *g, promela_side *s, const promela_event *e) {
  promela_text *t = &g->body;
  /* A fork leaves all as it was, and so does what a member sends: how many come is up to them. */
  const bool fork = e->event == CPM_EVENT_invite_fork || (s->call && e->event == CPM_EVENT_on_chunk);
  if (e->stays) {
    promela_choices(g, s, e->event, choice_that_stays, (void *)(uintptr_t)e);
    event_of_user(g, s, e);
    return;
  }
  promela_put(t, "%s  :: atomic { ", fork ? "#ifndef CYCLES\n" : "");
  choice_comes(g, s, s->call ? "k_" : s->me, e);
  promela_put(t, " ->   /* %s */\n       d_step { %s", cpm_event_name((cpm_event_type)e->event), s->call ? "l_unpack(k); " : "");
  promela_then(t, s, e);
  promela_put(t, "%s };\n", s->call ? "l_pack(k)" : "skip");
  if (e->event == CPM_EVENT_on_chunk && !s->peer && !s->call) promela_put(t, "       if :: skip :: cur = 0 fi;   /* what says nothing may come at any time */\n");
  event_capture(g, s, e);
  if (s->peer && e->event == CPM_EVENT_invite_ok) promela_fill(t, s, "       w_$fin = 0;\n");
  event_agent(g, s, e);
  promela_put(t, "       if\n");
  promela_choices(g, s, e->event, choice_of_event, NULL);
  event_unheard(g, s, e);
  promela_put(t, "       fi }\n%s", fork ? "#endif\n" : "");
}

static void side_events(promela *g, promela_side *s) {
  if (s->call) s->look = "k_";
  for (size_t i = 0; i < promela_nevents; i++)
    if (event_is_used(s, &promela_events[i])) event_print(g, s, &promela_events[i]);
  s->look = s->me;
}

/* ---- processes -------------------------------------------------------------------------------------------------------- */

static void process_of_call(promela *g, promela_side *s) {
  promela_text *t = &g->body;
  promela_put(t, "/* %s */\nproctype %.1s() {\n", s->m->name, s->me);
  for (unsigned f = 0; f < CPMI_FACT_COUNT; f++)
    if (s->agent[f] && !promela_is_late(s, f)) promela_put(t, "  if :: %s%s = 1 :: %s%s = 2 fi;\n", s->me, cpmi_facts[f].name, s->me, cpmi_facts[f].name);
  promela_put(t, "  do\n");
  side_events(g, s);
  promela_drops(t, s);
  promela_put(t, "  :: %sover -> break\n  od\n}\n", s->me);
}

static void process_of_legs(promela *g, promela_side *s) {
  promela_text *t = &g->body;
  promela_put(t, "/* each leg of %s: anybody is at its other end */\nproctype l(byte k) {\n  do\n", s->m->name);
  side_events(g, s);

  promela_put(t, "  :: %sover -> break\n  od\n}\n", s->call->me);
}

/* ---- what the host owes ------------------------------------------------------------------------------------------------ */

static void owed_choice(promela *g, promela_side *s, promela_row *row, const char *condition, void *with) {
  const promela_event *e = with;
  if (!promela_row_changes(row)) return;
  promela_put(&g->body, " || (");
  promela_fill(&g->body, s, promela_owed(s, e));
  promela_put(&g->body, " && %s)", condition);
}

/* Is there something that comes for sure? */
static void owed_of(promela *g, promela_side *s) {
  promela_text *t = &g->body;
  if (s->call) s->look = "k_";
  promela_put(t, "#define owed_%.1s%s (", s->me, s->call ? "(k)" : "");
  if (s->call) promela_put(t, "false");
  else { promela_in(t, s, promela_users(s)); }
  for (size_t i = 0; i < promela_nevents; i++) {
    const promela_event *e = &promela_events[i];
    if (!event_is_used(s, e) || !promela_owed(s, e)) continue;
    if (e->stays) { promela_choices(g, s, e->event, owed_choice, (void *)(uintptr_t)e); continue; }
    promela_put(t, " || (");
    promela_fill_as(t, s, s->look, promela_owed(s, e));
    promela_put(t, ")");
  }
  promela_put(t, ")\n");
  s->look = s->me;
}

/* Nothing that comes for sure, and somebody is not over: all that is on its way may be lost, and then he waits for ever. */
/* All are over, or have never begun. */
static void quiet_over(promela *g) {
  promela_put(&g->body, "(");
  for (size_t i = 0; i < g->n; i++) {
    const promela_side *s = &g->side[i];
    if (!s->call) promela_fill(&g->body, s, s->peer && s->called ? " && ($over || $st == $idle)" : "$over");
  }
  promela_put(&g->body, ")");
}

/* Who calls a function may leave its connection as it is and say nothing more: without a session timer nobody ends that. */
static bool quiet_may_last(const promela *g) { return !g->c.with && g->side[0].legs; }

static void process_quiet(promela *g) {
  promela_text *t = &g->body;
  if (quiet_may_last(g)) { promela_put(t, "proctype quiet() { skip }\n"); return; }
  promela_put(t, "proctype quiet() {\n  do\n  :: atomic { %s!", g->c.follow ? "!lost && " : "");
  quiet_over(g);
  for (size_t i = 0; i < g->n; i++) {
    const promela_side *s = &g->side[i];
    for (unsigned k = 0; s->call && k < g->c.members + g->c.retries; k++) promela_put(t, " && !owed_l(%u)", k);
    if (!s->call) promela_put(t, " && (%sover || !owed_%.1s)", s->me, s->me);
  }
  promela_put(t, " -> assert(something_comes_for_sure) }\n  :: ");
  quiet_over(g);
  promela_put(t, " -> break\n  od\n}\n");
}

/* ---- declarations ----------------------------------------------------------------------------------------------------- */

bool promela_text_has(const promela_text *t, const char *name) {
  const size_t n = strlen(name);
  for (const char *at = t->p; (at = strstr(at, name)) != NULL; at += n) {
    const char after = at[n];
    const bool word = after == '_' || (after >= 'a' && after <= 'z') || (after >= '0' && after <= '9');
    const bool begins = at == t->p || !(at[-1] == '_' || (at[-1] >= 'a' && at[-1] <= 'z'));
    if (!word && begins) return true;
  }
  return false;
}

/* A walk may have more chunks than a search: up to 7. */
static unsigned declare_bits(const promela *g, const promela_side *s, unsigned field) {
  unsigned values = 0, bits = 1;
  if (s->counts[field]) return g->c.follow ? 4 : 2;
  while (names_value((cpm_field)field, values + 1)) values++;
  if (strcmp(names_type((cpm_field)field), "TXN") == 0) return 2;
  while (values >> bits) bits++;
  return bits;
}

static unsigned declare_width(const promela *g, size_t var) {
  static const char *const counts[] = { "push", "fetch", "next", "log", "took", "sent", "item" };
  for (size_t i = 0; g->c.follow && i < sizeof counts / sizeof *counts; i++)
    if (strcmp(promela_vars[var].name, counts[i]) == 0) return 4;
  return promela_vars[var].bits;
}

static void declare_states(promela *g, const promela_side *s) {
  promela_put(&g->out, "\n");
  for (unsigned state = 0; state < CPMI_STATE_COUNT; state++)
    if (s->states >> state & 1u) promela_put(&g->out, "#define %s%s %u\n", s->me, cpmi_state_name(state), promela_state_number(s, state));
}

static void declare_call(promela *g, const promela_side *s) {
  char name[64];
  promela_text *t = &g->out;
  promela_put(t, "unsigned %sst : 6 = %s%s; bit %sover;\n", s->me, s->me, cpmi_state_name(s->m->init), s->me);
  for (size_t i = 0; i < promela_nvars; i++) {
    snprintf(name, sizeof name, "%s%s", s->me, promela_vars[i].name);
    if (promela_text_has(&g->body, name)) promela_put(t, "unsigned %s : %u;\n", name, declare_width(g, i));
  }
  for (unsigned f = 1; f < CPM_FIELD_COUNT; f++)
    if (s->needed[f]) promela_put(t, "unsigned %s%s : %u;\n", s->me, cpm_field_name((cpm_field)f), declare_bits(g, s, f));
  for (unsigned f = 0; f < CPMI_FACT_COUNT; f++)
    if (s->agent[f]) promela_put(t, "unsigned %s%s : 2;\n", s->me, cpmi_facts[f].name);
  if (s->peer || promela_text_has(&g->body, "a_ms")) promela_put(t, "chan %sms = [%u] of { byte };\n", s->me, g->c.chunks + 1);
  if (s->peer) {
    promela_put(t, "chan %smr = [%u] of { byte };\nunsigned w_%sno : 2;\n", s->me, g->c.chunks + 1, s->me);
    promela_put(t, s->calls ? "bit w_%sbye; unsigned w_%sfin : 2;\n" : "bit w_%sbye; bit w_%sinv;\n", s->me, s->me);
    if (s->called) promela_put(t, "bit w_%scan; bit w_%sack;\n", s->me, s->me);
    if (promela_taking(s, CPM_EVENT_on_reinvite)) promela_put(t, "bit w_%srein;\n", s->me);
  }
}

/* A leg is packed into as few words as it needs: they can be sorted, and legs that do the same in another order are one state. */
typedef struct declare_word { promela_text unpack, pack, gone, look; unsigned words, at; } declare_word;

static void declare_packed(promela *g, declare_word *w, const char *name, unsigned bits) {
  if (w->at + bits > 31) { w->words++; w->at = 0; promela_put(&w->pack, "; %c[k] = 0", 'K' + (int)w->words); }
  const char array = (char)('K' + (int)w->words);
  promela_put(&g->out, "hidden unsigned l_%s : %u;\n", name, bits);
  promela_put(&w->look, "#define k_%s(k) ((%c[k] >> %u) & %u)\n", name, array, w->at, (1u << bits) - 1);
  promela_put(&w->unpack, "  l_%s = (%c[k] >> %u) & %u;\n", name, array, w->at, (1u << bits) - 1);
  promela_put(&w->pack, " | (l_%s << %u)", name, w->at);
  w->at += bits;
}

/* What is looked at of a leg while a walk is followed. */
static void declare_followed(promela *g, const declare_word *w, const promela_side *s, const char *name, unsigned bits, uint64_t live) {
  promela_follow_name(g, s, name, live, false);
  promela_put(&g->leg_looks, " follow_put((now.%c[k] >> %u) & %u),", 'K' + (int)w->words, w->at - bits, (1u << bits) - 1);
}

static void declare_sort(promela_text *t, unsigned words) {
  promela_put(t, "inline l_sort() {\n  j = 1;\n  do\n  :: j < SLOTS -> i2 = j;\n     do\n     :: i2 > 0 && (L[i2] > L[i2 - 1]");
  if (words > 1) promela_put(t, " || (L[i2] == L[i2 - 1] && M[i2] > M[i2 - 1])");
  promela_put(t, ") -> swap = L[i2]; L[i2] = L[i2 - 1]; L[i2 - 1] = swap; ");
  if (words > 1) promela_put(t, "swap = M[i2]; M[i2] = M[i2 - 1]; M[i2 - 1] = swap; ");
  promela_put(t, "i2--\n     :: else -> break\n     od;\n     j++\n  :: else -> break\n  od\n}\n");
}


static void declare_facts(promela *g, const promela_side *call, const promela_side *legs) {
  char name[64];
  for (unsigned f = 0; f < CPMI_FACT_COUNT; f++) {
    unsigned mask = 0;
    snprintf(name, sizeof name, "%s%s", call->me, cpmi_facts[f].name);
    if (cpmi_facts[f].test != CPMI_TEST_NO_LEG || !promela_text_has(&g->body, name)) continue;
    for (unsigned state = 0; state < CPMI_STATE_COUNT; state++)
      if (legs->states >> state & cpmi_state_set(cpmi_facts[f].a) >> state & 1u) mask |= 1u << promela_state_number(legs, state);
    mask &= ~(1u << promela_state_number(legs, CPMI_STATE_ended)) & ~(1u << promela_state_number(legs, CPMI_STATE_refused));
    promela_put(&g->out, "#define %s (((", name);
    for (unsigned i = 0; i < g->c.members + g->c.retries; i++) promela_put(&g->out, "%s(%u >> (L[%u] & 31))", i ? " | " : "", mask, i);
    promela_put(&g->out, ") & 1) == 0)\n");
  }
}

/* Bits of the timers that the side starts. */
static unsigned declare_timers(const promela_side *s) {
  unsigned most = 0;
  for (size_t i = 0; i < s->n; i++)
    for (size_t k = 0; k < CPMI_OPS_A_ROW && s->rows[i].r.ops[k].op != CPMI_OP_END; k++)
      if (s->rows[i].r.ops[k].op == CPMI_OP_START && s->rows[i].r.ops[k].b + 1u > most) most = s->rows[i].r.ops[k].b + 1u;
  return most;
}

static void declare_legs(promela *g, promela_side *s) {
  char name[64];
  promela_text *t = &g->out;
  declare_word w = { { 0 }, { 0 }, { 0 }, { 0 }, 1, 0 };
  if (!g->c.follow) promela_put(t, "#define MEMBERS %u\n", g->c.members);
  promela_put(t, "#define RETRIES %u\n#define SLOTS %u\nunsigned retries : 3;\n", g->c.retries, g->c.members + g->c.retries);
  promela_put(&w.pack, "L[k] = 0");
  promela_put(&w.gone, "true");
  declare_packed(g, &w, "st", 5);
  declare_followed(g, &w, s, "st", 5, UINT64_MAX);
  for (size_t i = 0; i < promela_nvars; i++) {
    snprintf(name, sizeof name, "l_%s", promela_vars[i].name);
    if (!promela_text_has(&g->body, name)) continue;
    if (strcmp(promela_vars[i].name, "fork") == 0 || strcmp(promela_vars[i].name, "chunk") == 0) {   /* 0 between steps */
      promela_put(t, "hidden unsigned %s : 2;\n", name);
      continue;
    }
    const unsigned bits = strcmp(promela_vars[i].name, "tim") == 0 ? declare_timers(s) : declare_width(g, i);
    declare_packed(g, &w, promela_vars[i].name, bits);
    if (promela_is_followed(promela_vars[i].name)) declare_followed(g, &w, s, promela_vars[i].name, bits, UINT64_MAX);
    if (strcmp(promela_vars[i].name, "kind") != 0 && strcmp(promela_vars[i].name, "med") != 0 && strcmp(promela_vars[i].name, "next") != 0 &&
        strcmp(promela_vars[i].name, "fetch") != 0 && strcmp(promela_vars[i].name, "tim") != 0)
      promela_put(&w.gone, " && %s == 0", name);
  }
  for (unsigned f = 1; f < CPM_FIELD_COUNT; f++)
    if (s->needed[f]) {
      declare_packed(g, &w, cpm_field_name((cpm_field)f), declare_bits(g, s, f));
      if (!s->counts[f]) declare_followed(g, &w, s, cpm_field_name((cpm_field)f), declare_bits(g, s, f), s->live[f]);
    }
  for (unsigned i = 0; i < w.words; i++) promela_put(t, "int %c[SLOTS];\n", 'L' + (int)i);
  promela_put(t, "hidden byte i; hidden byte i2; hidden byte j; hidden int swap;\n%s", w.look.p);
  promela_put(t, "inline l_unpack(k) {\n%s}\n", w.unpack.p);
  /* A leg that is over leaves nothing behind, and its place is free. */
  promela_put(t, "inline l_pack(k) {\n  if\n  :: l_st == l_ended || l_st == l_refused -> assert(%s && (l_med == 0 || l_med == 4)); L[k] = 0%s\n",
              w.gone.p, w.words > 1 ? "; M[k] = 0" : "");
  promela_put(t, "  :: else -> %s\n  fi\n}\n", w.pack.p);
  declare_sort(t, w.words);
  declare_facts(g, s->call, s);
  free(w.unpack.p);
  free(w.pack.p);
  free(w.gone.p);
  free(w.look.p);
}

/* ---- all of it --------------------------------------------------------------------------------------------------------- */

static promela_side *side_add(promela *g, const cpm_machine *m, const char *me) {
  promela_side *s = &g->side[g->n++];
  s->m = m;
  s->me = s->look = me;
  return s;
}

static bool side_sends_invite(const promela_side *s) {
  for (size_t i = 0; i < s->n; i++)
    for (size_t k = 0; k < CPMI_OPS_A_ROW && s->rows[i].r.ops[k].op != CPMI_OP_END; k++) {
      const cpmi_op *op = &s->rows[i].r.ops[k];
      if (op->op == CPMI_OP_SEND && cpmi_recipes[op->b]->kind == CPMI_RECIPE_REQUEST && cpmi_recipes[op->b]->start == CPM_METHOD_INVITE) return true;
    }
  return false;
}

static bool side_makes_legs(const cpm_machine *m) {
  for (names_row row = { NULL, 0, 0, 0, 0 }; names_next_row(m, false, &row);)
    for (size_t k = 0; k < CPMI_OPS_A_ROW && row.r->ops[k].op != CPMI_OP_END; k++)
      if (row.r->ops[k].op == CPMI_OP_FORK || row.r->ops[k].op == CPMI_OP_REFORK) return true;
  return false;
}

/* Events that the world does not know are no reason to leave them out. on_octets starts a timer anew that runs. */
static void side_knows(promela *g) {
  for (size_t i = 0; i < g->n; i++)
    for (size_t k = 0; k < g->side[i].n; k++) {
      const unsigned event = g->side[i].rows[k].event;
      bool known = cpmi_kind_of(event) == CPMI_INNER || event == CPM_EVENT_on_octets;
      for (size_t e = 0; e < promela_nevents; e++) known |= promela_events[e].event == event;
      if (!known) promela_fail(g, "an event that the world does not know", cpm_event_name((cpm_event_type)event));
    }
}

static void sides(promela *g) {
  promela_side *a = side_add(g, g->c.machine, "a_"), *b = g->c.with ? side_add(g, g->c.with, "b_") : NULL;
  if (b) { a->peer = b; b->peer = a; }
  for (size_t i = 0; i < (b ? 2 : 1); i++) {
    promela_side *s = &g->side[i];
    if (!side_makes_legs(s->m)) continue;
    if (s->legs || g->n > (b ? 2u : 1u)) { promela_fail(g, "one machine with legs, not two", s->m->name); return; }
    promela_side *l = side_add(g, s->m, "l_");
    s->legs = l;
    l->call = s;
  }
  for (size_t i = 0; i < g->n; i++) promela_load(g, &g->side[i]);
  for (size_t i = 0; i < g->n; i++) {
    g->side[i].calls = side_sends_invite(&g->side[i]);
    g->side[i].called = promela_taking(&g->side[i], CPM_EVENT_on_invite) != 0;
  }
  side_knows(g);
  if (!b && !a->calls && !a->called) promela_fail(g, "it has no INVITE, and is too small to need a proof", a->m->name);
  if (b && (!a->calls || !b->called)) promela_fail(g, "the first sends INVITE, the second is called; not so", g->c.with->name);
}

static void everything(promela *g) {
  for (size_t i = 0; i < g->n; i++) row_bodies(g, &g->side[i]);
  for (size_t i = 0; i < g->n; i++) promela_weigh(g, &g->side[i]);
  for (size_t i = 0; i < g->n; i++) row_bodies(g, &g->side[i]);   /* with the fields that are needed */
  for (size_t i = 0; i < g->n; i++) promela_weigh(g, &g->side[i]);
  for (size_t i = 0; i < g->n; i++) promela_live(&g->side[i]);
  for (size_t i = 0; i < g->n; i++) {
    promela_side *s = &g->side[i];
    if (!s->legs) continue;
    promela_side *l = (promela_side *)(uintptr_t)s->legs;
    rows_print(g, l);
    inner_bulk(g, s, l);
  }
  for (size_t i = 0; i < g->n; i++)
    if (!g->side[i].call) rows_print(g, &g->side[i]);
  for (size_t i = 0; i < g->n; i++) {
    if (g->side[i].legs) inner_raised(g, &g->side[i], g->side[i].legs);
  }
  for (size_t i = 0; i < g->n; i++)
    if (g->side[i].call) process_of_legs(g, &g->side[i]);
    else process_of_call(g, &g->side[i]);
  for (size_t i = 0; i < g->n; i++) owed_of(g, &g->side[i]);
  process_quiet(g);
}

static void head_comment(promela *g) {
  promela_text *t = &g->out;
  promela_put(t, "/* %s", g->c.machine->name);
  if (g->c.with) promela_put(t, " with %s", g->c.with->name);
  promela_put(t, ", from the tables of cpmkit %s: docs/verify.md says what is modelled, and what Spin proves.\n", cpm_version());
  promela_put(t, " * Bounds: %u chunks", g->c.chunks);
  for (size_t i = 0; i < g->n; i++)
    if (g->side[i].call) promela_put(t, "; %u members, %u tried again elsewhere", g->c.members, g->c.retries);
  promela_put(t, "; a session is kept alive %u times.\n"
                 " * Of what is on its way to a machine there is one of each kind at most: INVITE, CANCEL, ACK, BYE, re-INVITE or UPDATE, a final response;\n"
                 " * and CHUNKS + 1 SENDs, as many 200s and other responses to them. All of it may come late, in any order, and never. */\n", g->c.refreshes);
}

static void head(promela *g) {
  head_comment(g);
#define HEAD_TIMER(name, length, doc) promela_put(&g->out, "#define " #name "_timer %u\n", 1u << CPM_TIMER_##name);
  if (g->c.follow) promela_follow_head(g);
  else promela_put(&g->out, "#define CHUNKS %u\n#define SENDS CHUNKS\n#define MOST 3\n", g->c.chunks);
  CPM_TIMERS(HEAD_TIMER)
  promela_put(&g->out, "#define KEPT %u\nbyte cur; unsigned kept : 3;\n"
              "hidden byte somebody_takes_it; hidden byte somebody_hears_it; hidden byte something_comes_for_sure;   /* 0: names for what must be */\n", g->c.refreshes);
  for (size_t i = 0; i < g->n; i++) declare_states(g, &g->side[i]);
  for (size_t i = 0; i < g->n; i++)
    if (g->side[i].call) declare_legs(g, &g->side[i]);
    else declare_call(g, &g->side[i]);
  for (size_t i = 0; i < g->n && g->c.follow; i++)
    if (!g->side[i].call) promela_follow_call(g, &g->side[i]);
  if (g->c.follow) promela_follow_tables(g);
}

static void begin(promela *g) {
  promela_put(&g->out, "\ninit {\n  atomic {\n");
  if (g->c.follow) promela_follow_begin(g);
  promela_put(&g->out, "    run quiet();");
  for (size_t i = 0; i < g->n; i++) {
    if (!g->side[i].call) promela_put(&g->out, " run %.1s();", g->side[i].me);
    else for (unsigned k = 0; k < g->c.members + g->c.retries; k++) promela_put(&g->out, " run l(%u);", k);
  }
  promela_put(&g->out, "\n  }\n}\n");
}

bool export_promela_print(FILE *out, const export_promela *config, const char **wrong) {
  static promela g;
  memset(&g, 0, sizeof g);
  g.c = *config;
  sides(&g);
  if (!g.wrong[0]) everything(&g);
  *wrong = g.wrong[0] ? g.wrong : NULL;
  if (g.wrong[0]) return false;
  head(&g);
  promela_put(&g.out, "\n%s", g.body.p);
  begin(&g);
  const bool ok = fputs(g.out.p, out) >= 0 && fflush(out) == 0;
  free(g.out.p);
  free(g.body.p);
  free(g.names.p);
  free(g.looks.p);
  free(g.leg_looks.p);
  for (size_t i = 0; i < g.n; i++)
    for (size_t k = 0; k < g.side[i].n; k++) free(g.side[i].rows[k].body.p);
  return ok;
}
