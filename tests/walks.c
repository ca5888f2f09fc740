/* SPDX-License-Identifier: MIT */
/* walks.c - what the engine does while scenarios, meetings or the explorer run, as walks that the Promela must be able to follow. Linked into a
 * program, its functions stand in the place of those of the engine (as tests/model_traces.c). WALKS_OF=machine in the environment: each run of
 * that machine is a walk; with WALKS_WITH=machine too, each meeting of the two is one. WALKS_EVERY=n: every n-th of them. Standard error
 * or the file WALKS gets
 *
 *     W chunks=n members=n name             a walk: so many chunks until the message is whole, so many members
 *     S side event number row name=value... | name=value...
 *                                           a step: who took the event, a the first machine, b the other one, l a leg; the row that was taken, or -1 (of a leg that is over too),
 *                                           or -2: one that changes nothing, of an event that a scenario leaves out;
 *                                           behind it what the call knows, then each leg that is not over
 *
 * What the world owes is counted here once more, from events and effects alone: as docs/verify.md calls it, tim to push.
 */
#include "walks.h"
#include "names.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* NOLINTBEGIN: the linker's names */
int __real_cpm_proc_init(void *mem, size_t size, const cpm_machine *machine, const cpm_agent *agent, cpm_diag *diag);
int __real_cpm_proc_step(cpm_proc *proc, const cpm_agent *agent, const cpm_event *event, cpm_diag *diag);
int __real_cpm_proc_effect(const cpm_proc *proc, const cpm_agent *agent, char *buf, size_t cap, cpm_effect *effect);
void __real_cpm_proc_did(cpm_proc *proc);
int __wrap_cpm_proc_init(void *mem, size_t size, const cpm_machine *machine, const cpm_agent *agent, cpm_diag *diag);
int __wrap_cpm_proc_step(cpm_proc *proc, const cpm_agent *agent, const cpm_event *event, cpm_diag *diag);
int __wrap_cpm_proc_effect(const cpm_proc *proc, const cpm_agent *agent, char *buf, size_t cap, cpm_effect *effect);
void __wrap_cpm_proc_did(cpm_proc *proc);
/* NOLINTEND */

enum { WALKS_LEGS = 8, WALKS_RUNS = 32, WALKS_TEXT = 1 << 20, WALKS_LINE = 8192, WALKS_CHUNKS = 7, WALKS_MEMBERS = 3, WALKS_KEPT = 7 };

/* ---- the world -------------------------------------------------------------------------------------------------------- */

typedef struct walks_world {
  unsigned tim, med, inv, iinv, bye, ibye, rein, irein, ask, mes, push, byed;
  uint64_t txn[4];                          /* of theirs: INVITE, BYE, re-INVITE or UPDATE, from 1 */
} walks_world;

typedef struct walks_run {
  const void        *who;
  const cpm_machine *m;
  walks_world        call, leg[WALKS_LEGS];
  bool               over;
  unsigned           chunks, members, reforks, kept;   /* that it sent or took, was given, made, was asked */
  bool               whole;                            /* all of the message was sent, or has come */
} walks_run;

static walks_run   walks_runs[WALKS_RUNS];
static size_t      walks_nruns, walks_n;
static char        walks_text[WALKS_TEXT], walks_line[WALKS_LINE];   /* the walk; its last step, without the world and the end */
static size_t      walks_at;
static walks_run  *walks_last;                                       /* whose step it is */
static const char *walks_name = "walk";
static bool        walks_off, walks_wrong;                           /* nothing more of this walk; nothing of it */
static unsigned    walks_seen;

bool walks_pause;

static void walks_response(walks_world *w, unsigned event) {
  switch (event) {
  case CPM_EVENT_invite_ok:      w->inv = 2; break;
  case CPM_EVENT_invite_fail:
  case CPM_EVENT_invite_timeout: w->inv = 0; break;
  case CPM_EVENT_message_ok:
  case CPM_EVENT_message_fail:
  case CPM_EVENT_message_timeout: w->mes = 0; break;
  case CPM_EVENT_reinvite_done:  w->rein = 0; break;
  case CPM_EVENT_bye_done:       w->bye = w->inv = w->iinv = w->rein = w->irein = 0; break;
  default: break;
  }
}

/* Who is not heard is answered by the host. */
static void walks_request(walks_world *w, const cpm_event *e, bool taken) {
  switch (e->type) {
  case CPM_EVENT_on_invite:   w->iinv = taken; w->txn[1] = e->txn; break;
  case CPM_EVENT_on_reinvite: w->irein = taken; w->txn[3] = e->txn; break;
  case CPM_EVENT_on_ack:      w->iinv = w->iinv == 2 ? 3 : w->iinv; break;
  case CPM_EVENT_on_bye:
    w->ibye = taken;
    w->txn[2] = e->txn;
    w->rein = w->irein = w->iinv = 0;
    if (w->inv == 2) w->byed = 1;
    else w->inv = 0;
    break;
  default: break;
  }
}

static void walks_media(walks_world *w, unsigned event) {
  const bool open = w->med == 1 || w->med == 2 || w->med == 5;
  if (event == CPM_EVENT_media_up && open) w->med = 2;
  if (event == CPM_EVENT_media_down && open) { w->med = 3; w->push = 0; }
  if ((event == CPM_EVENT_msrp_ok || event == CPM_EVENT_msrp_fail) && w->push) w->push--;
  if (event == CPM_EVENT_on_policy) w->ask = 0;
#define WALKS_FIRES(name, length, doc) if (event == CPM_EVENT_timer_##name) w->tim &= ~(1u << CPM_TIMER_##name);
  CPM_TIMERS(WALKS_FIRES)
}

static void walks_sends(walks_world *w, const cpm_effect *x) {
  const int r = cpm_recipe_named(x->name);
  if (x->dialog) return;
  switch (x->sip.method) {
  case CPM_METHOD_INVITE:
  case CPM_METHOD_UPDATE:
    if (r >= 0 && cpmi_recipes[r]->kind == CPMI_RECIPE_IN_DIALOG) w->rein = 1;
    else w->inv = 1;
    break;
  case CPM_METHOD_ACK:
    w->inv = w->byed ? 0 : 3;
    w->byed = 0;
    break;
  case CPM_METHOD_BYE:     w->bye = 1; break;
  case CPM_METHOD_MESSAGE: w->mes = 1; break;
  default: break;
  }
}

static void walks_answers(walks_world *w, const cpm_effect *x) {
  if (x->txn == w->txn[1] && w->iinv == 1) w->iinv = x->code < 300 ? 2 : 0;
  else if (x->txn == w->txn[2]) w->ibye = 0;
  else if (x->txn == w->txn[3]) w->irein = 0;
}

static void walks_effect(walks_run *r, walks_world *w, const cpm_effect *x) {
  switch (x->kind) {
  case CPM_EFFECT_SEND:    walks_sends(w, x); break;
  case CPM_EFFECT_REPLY:   walks_answers(w, x); break;
  case CPM_EFFECT_PUSH:    w->push += x->msrp.method == CPM_MSRP_SEND; break;
  case CPM_EFFECT_CONNECT: w->med = 1; break;
  case CPM_EFFECT_LISTEN:  w->med = 5; break;
  case CPM_EFFECT_CLOSE:   w->med = 4; w->push = 0; break;
  case CPM_EFFECT_START:   w->tim |= 1u << x->id; break;
  case CPM_EFFECT_STOP:    w->tim &= ~(1u << x->id); break;
  case CPM_EFFECT_ASK:     w->ask = 1; break;
  case CPM_EFFECT_DONE:
    r->over = true;
    w->tim = w->ask = w->rein = 0;
    break;
  default: break;
  }
}

/* ---- a step ------------------------------------------------------------------------------------------------------------- */

static void walks_put(char *line, const char *name, uint64_t value) {
  const size_t n = strlen(line);
  snprintf(line + n, WALKS_LINE - n, " %s=%llu", name, (unsigned long long)value);
}

static uint64_t walks_value(const cpm_proc *p, const walks_run *r, uint32_t leg, cpm_field f) {
  const uint64_t value = (uint64_t)cpmi_number(p, r->m, leg, f);
  const walks_world *w = leg == CPM_NO_LEG ? &r->call : &r->leg[leg];
  if (cpmi_field_type(f) == CPMI_ENUM) return value;
  if (cpmi_field_type(f) != CPMI_TXN) return cpmi_field_type(f) == CPMI_NUMBER ? value != 0 : cpmi_is_set(p, r->m, leg, f);
  for (unsigned k = 1; k < 4; k++)
    if (cpmi_is_set(p, r->m, leg, f) && w->txn[k] == value) return k;
  return 0;
}

static void walks_fields(char *line, const cpm_proc *p, const walks_run *r, uint32_t leg, const cpmi_names *fields) {
  for (size_t i = 0; i < fields->n; i++) walks_put(line, cpm_field_name((cpm_field)fields->p[i]), walks_value(p, r, leg, (cpm_field)fields->p[i]));
}

static void walks_owed(char *line, const walks_world *w) {
  walks_put(line, "tim", w->tim);
  walks_put(line, "med", w->med);
  walks_put(line, "inv", w->inv);
  walks_put(line, "iinv", w->iinv);
  walks_put(line, "bye", w->bye);
  walks_put(line, "ibye", w->ibye);
  walks_put(line, "rein", w->rein);
  walks_put(line, "irein", w->irein);
  walks_put(line, "ask", w->ask);
  walks_put(line, "mes", w->mes);
  walks_put(line, "push", w->push);
}

/* What the call and its legs know; what the world owes comes when the effects are done. */
static char walks_knows[1 + WALKS_LEGS][WALKS_LINE];
static bool walks_has[WALKS_LEGS];

static bool walks_is_over(const cpm_proc *p, const walks_run *r, uint32_t leg) {
  const unsigned state = leg < p->nlegs ? cpmi_leg_at(p, r->m, leg)->state : CPMI_STATE_ended;
  return (cpmi_state_set(CPMI_STATE_over) >> state & 1u) != 0;
}

static void walks_look(const cpm_proc *p, const walks_run *r, const cpm_agent *a) {
  const cpmi_env v = { p, r->m, a, CPM_NO_LEG };
  *walks_knows[0] = 0;
  walks_put(walks_knows[0], "st", p->state);
  walks_fields(walks_knows[0], p, r, CPM_NO_LEG, &r->m->fields);
  for (unsigned f = 0; f < CPMI_FACT_COUNT; f++)
    if (cpmi_facts[f].test == CPMI_TEST_AGENT || cpmi_facts[f].test == CPMI_TEST_POLICY || cpmi_facts[f].test == CPMI_TEST_BELOW)
      walks_put(walks_knows[0], cpmi_facts[f].name, cpmi_fact_holds(&v, f) ? 1 : 2);
  for (uint32_t k = 0; k < WALKS_LEGS; k++) {
    walks_has[k] = !walks_is_over(p, r, k);
    if (!walks_has[k]) continue;
    *walks_knows[1 + k] = 0;
    walks_put(walks_knows[1 + k], "st", cpmi_leg_at(p, r->m, k)->state);
    walks_put(walks_knows[1 + k], "kind", cpmi_leg_at(p, r->m, k)->kind);
    walks_fields(walks_knows[1 + k], p, r, k, &r->m->leg_fields);
  }
}

static void walks_add(const char *text) {
  const size_t n = strlen(text);
  if (walks_at + n + 1 >= WALKS_TEXT) { walks_off = true; return; }
  memcpy(walks_text + walks_at, text, n + 1);
  walks_at += n;
}

/* The last step has had its effects. */
static void walks_settle(void) {
  static char owed[WALKS_LINE];
  walks_run *r = walks_last;
  if (!r) return;
  walks_last = NULL;
  walks_add(walks_line);
  *owed = 0;
  walks_put(owed, "over", r->over);
  walks_owed(owed, &r->call);
  walks_add(owed);
  walks_add(walks_knows[0]);
  for (uint32_t k = 0; k < WALKS_LEGS; k++) {
    if (!walks_has[k]) continue;
    walks_add(" |");
    walks_add(walks_knows[1 + k]);
    *owed = 0;
    walks_owed(owed, &r->leg[k]);
    walks_add(owed);
  }
  walks_add("\n");
}

/* ---- walks -------------------------------------------------------------------------------------------------------------- */

static const char *walks_wanted(unsigned which) {
  const char *name = getenv(which ? "WALKS_WITH" : "WALKS_OF");
  return name ? name : "";
}

static FILE *walks_out(void) {
  static FILE *out;
  if (!out) out = getenv("WALKS") ? fopen(getenv("WALKS"), "w") : stderr;
  if (!out) abort();
  return out;
}

static bool walks_is_due(void) {
  const char *every = getenv("WALKS_EVERY");
  return walks_seen++ % (every ? (unsigned)strtoul(every, NULL, 10) : 1u) == 0;
}

static char walks_side(const walks_run *r) { return strcmp(r->m->name, walks_wanted(0)) == 0 ? 'a' : 'b'; }

void walks_end(void) {
  unsigned chunks = 1, members = 1, wrong = 0;
  const bool pair = *walks_wanted(1) != 0;
  walks_settle();
  for (size_t i = 0; i < walks_nruns; i++) {
    const walks_run *r = &walks_runs[i];
    const unsigned n = r->chunks + (!r->whole && !(pair && walks_side(r) == 'b'));   /* of two the sender knows */
    if (n > chunks) chunks = n;
    if (r->members > members) members = r->members;
    wrong += r->reforks > 2 || r->kept > WALKS_KEPT;
  }
  if (walks_at && !wrong && !walks_wrong && chunks <= WALKS_CHUNKS && members <= WALKS_MEMBERS && walks_nruns == 1u + pair && walks_is_due())
    fprintf(walks_out(), "W chunks=%u members=%u %s %zu\n%s", chunks, members, walks_name, walks_n, walks_text);
  walks_n++;
  walks_at = walks_nruns = 0;
  walks_off = walks_wrong = false;
}

void walks_named(const char *name) { walks_name = name; }

__attribute__((weak)) const void *walks_who(const cpm_proc *p) { return (void)p, NULL; }

/* Another one that is called before the second is, and not asked who should be: the two did not meet each other. */
static bool walks_is_stranger(const cpm_machine *m, const cpm_event *e) {
  return *walks_wanted(1) && walks_nruns < 2 && e->type == CPM_EVENT_on_invite && !strstr(m->name, "/dispatch") && strcmp(m->name, walks_wanted(0)) != 0 && strcmp(m->name, walks_wanted(1)) != 0;
}

static walks_run *walks_of(const cpm_proc *p) {
  const cpm_machine *m = cpmi_machine_of(p);
  const void *who = walks_who(p);
  for (size_t i = 0; i < walks_nruns; i++)
    if (walks_runs[i].who == who && walks_runs[i].m == m) return &walks_runs[i];
  if ((strcmp(m->name, walks_wanted(0)) != 0 && strcmp(m->name, walks_wanted(1)) != 0) || walks_nruns == WALKS_RUNS) return NULL;
  walks_runs[walks_nruns] = (walks_run){ .who = who, .m = m };
  return &walks_runs[walks_nruns++];
}

/* ---- what a row says of bounds ------------------------------------------------------------------------------------------- */

static bool walks_has_op(const cpmi_row *row, unsigned op, unsigned b) {
  for (size_t i = 0; row && i < CPMI_OPS_A_ROW && row->ops[i].op != CPMI_OP_END; i++)
    if (row->ops[i].op == op && (!b || row->ops[i].b == b)) return true;
  return false;
}

static void walks_bounds(walks_run *r, const cpm_proc *p, const cpm_event *e, const cpmi_row *call, const cpmi_row *leg) {
  const int64_t is = cpmi_number(p, r->m, CPM_NO_LEG, CPM_FIELD_chunk_is);
  if (walks_has_op(call, CPMI_OP_TAKE, 0)) {
    r->chunks++;
    r->whole = cpmi_number(p, r->m, CPM_NO_LEG, CPM_FIELD_pushed) >= cpmi_number(p, r->m, CPM_NO_LEG, CPM_FIELD_size);
  }
  if (e->type == CPM_EVENT_on_chunk && e->leg == CPM_NO_LEG && e->len && walks_has_op(call, CPMI_OP_ACCEPT, 200) && is != CPM_CHUNK_IS_again) {
    r->chunks++;
    r->whole = is == CPM_CHUNK_IS_whole;
  }
  if (walks_has_op(call, CPMI_OP_FORK, 0)) r->members = (unsigned)e->nmembers;
  r->reforks += walks_has_op(call, CPMI_OP_REFORK, 0);
  r->kept += e->type == CPM_EVENT_on_reinvite || e->type == CPM_EVENT_reinvite_done || e->type == CPM_EVENT_online;
  walks_off |= walks_has_op(call, CPMI_OP_SPLIT, 0) || walks_has_op(leg, CPMI_OP_SPLIT, 0) || p->nlegs > WALKS_LEGS;
}

/* Whoever sends a chunk has connected: a scenario may leave that out. */
static void walks_connected(walks_run *r, const cpm_proc *p, const cpm_agent *a, const cpm_event *e) {
  if (walks_off || e->type != CPM_EVENT_on_chunk || e->leg != CPM_NO_LEG || (r->call.med != 5 && r->call.med != 1)) return;
  r->call.med = 2;
  snprintf(walks_line, sizeof walks_line, "S %c media_up %d -2", walks_side(r), (int)CPM_EVENT_media_up);
  walks_look(p, r, a);
  walks_last = r;
  walks_settle();
}

static void walks_stepped(walks_run *r, const cpm_proc *p, const cpm_agent *a, const cpm_event *e, bool taken) {
  const bool leg = e->leg != CPM_NO_LEG;
  const cpmi_row *const of_call = taken && p->call_row ? cpmi_row_at(r->m, false, p->call_row - 1u) : NULL;
  const cpmi_row *const of_leg = taken && leg && p->leg_row ? cpmi_row_at(r->m, true, p->leg_row - 1u) : NULL;
  if (leg && e->leg >= WALKS_LEGS) { walks_off = true; return; }
  walks_world *w = leg ? &r->leg[e->leg] : &r->call;
  if (taken) walks_bounds(r, p, e, of_call, of_leg);
  if (walks_off) return;
  walks_response(w, e->type);
  walks_request(w, e, taken);
  walks_media(w, e->type);
  snprintf(walks_line, sizeof walks_line, "S %c %s %d %d", leg ? 'l' : walks_side(r), cpm_event_name(e->type), (int)e->type,
           !taken ? -1 : leg ? p->leg_row - 1 : p->call_row - 1);
  walks_look(p, r, a);
  walks_last = r;
}

/* ---- in the place of the engine's ------------------------------------------------------------------------------------------- */

static cpm_effect walks_due;

/* NOLINTBEGIN */
int __wrap_cpm_proc_init(void *mem, size_t size, const cpm_machine *machine, const cpm_agent *agent, cpm_diag *diag) {
  const int rc = __real_cpm_proc_init(mem, size, machine, agent, diag);
  if (!walks_pause && !walks_who(mem) && strcmp(machine->name, walks_wanted(0)) == 0) walks_end();
  return rc;
}

int __wrap_cpm_proc_step(cpm_proc *proc, const cpm_agent *agent, const cpm_event *event, cpm_diag *diag) {
  const bool due = proc->cursor.stage != CPMI_STAGE_NONE || walks_pause;   /* it will be refused */
  walks_run *r = due ? NULL : walks_of(proc);
  walks_wrong |= !due && walks_is_stranger(cpmi_machine_of(proc), event);
  if (r) walks_settle();
  if (r) walks_connected(r, proc, agent, event);
  const bool gone = r && event->leg != CPM_NO_LEG && walks_is_over(proc, r, event->leg);
  const int rc = __real_cpm_proc_step(proc, agent, event, diag);
  if (r && !walks_off && (rc == CPM_OK || rc == CPM_IGNORED || rc == CPM_LATE)) walks_stepped(r, proc, agent, event, rc == CPM_OK && !gone);
  return rc;
}

int __wrap_cpm_proc_effect(const cpm_proc *proc, const cpm_agent *agent, char *buf, size_t cap, cpm_effect *effect) {
  const int rc = __real_cpm_proc_effect(proc, agent, buf, cap, effect);
  if (rc == CPM_OK) walks_due = *effect;
  return rc;
}

void __wrap_cpm_proc_did(cpm_proc *proc) {
  walks_run *r = walks_pause ? NULL : walks_of(proc);
  if (r && !walks_off && (walks_due.leg == CPM_NO_LEG || walks_due.leg < WALKS_LEGS)) {
    walks_effect(r, walks_due.leg == CPM_NO_LEG ? &r->call : &r->leg[walks_due.leg], &walks_due);
  }
  __real_cpm_proc_did(proc);
}
/* NOLINTEND */

__attribute__((destructor)) static void walks_out_with_it(void) { walks_end(); }
