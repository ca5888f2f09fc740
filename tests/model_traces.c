/* SPDX-License-Identifier: MIT */
/* model_traces.c - what the engine does while the scenarios run or the explorer walks, one thing a line: linked into them, its functions
 * stand in the place of those that they and the engine call. tests/model_engine.py does the same from the model alone.
 * MODEL_TRACES_EVERY=n in the environment: every n-th step alone, each for itself.
 *
 *     I machine                            a procedure begins: what follows is of this one
 *     J machine                            a procedure that is somewhere on its way
 *     S event leg members answers state legs   a step: who gets the event (- is the call), how many recipients it brings, events that are
 *                                          possible for whoever gets it, states before it
 *     G leg fact=0 fact=1 ...              the guard of a row is looked at, for that leg or the call, with what each fact says
 *     R status state legs                  the step ends, states behind it; legs are kind:state, comma-separated
 *     E kind leg name code                 an effect was done */
#include "names.h"
#include <stdio.h>
#include <stdlib.h>

/* NOLINTBEGIN: the linker's names */
bool __real_cpmi_guard_holds(const cpmi_env *v, const int16_t *when);
int __real_cpmi_compose(const cpmi_env *env, const cpmi_op *op, const cpmi_row *row, char *buf, size_t cap, cpm_effect *out, size_t *need,
                        cpm_diag *diag);
int __real_cpmi_body_size(const cpmi_env *env, unsigned recipe, uint64_t *size, cpm_diag *diag);
cpm_str __real_cpmi_request_uri(const cpmi_env *env, unsigned recipe);
int __real_cpmi_make_doc(cpm_proc *p, const cpmi_env *env, unsigned recipe, cpm_field f, cpm_diag *diag);
int __real_cpm_proc_init(void *mem, size_t size, const cpm_machine *machine, const cpm_agent *agent, cpm_diag *diag);
int __real_cpm_proc_step(cpm_proc *proc, const cpm_agent *agent, const cpm_event *event, cpm_diag *diag);
int __real_cpm_proc_effect(const cpm_proc *proc, const cpm_agent *agent, char *buf, size_t cap, cpm_effect *effect);
void __real_cpm_proc_did(cpm_proc *proc);

bool __wrap_cpmi_guard_holds(const cpmi_env *v, const int16_t *when);
int __wrap_cpmi_compose(const cpmi_env *env, const cpmi_op *op, const cpmi_row *row, char *buf, size_t cap, cpm_effect *out, size_t *need,
                        cpm_diag *diag);
int __wrap_cpmi_body_size(const cpmi_env *env, unsigned recipe, uint64_t *size, cpm_diag *diag);
cpm_str __wrap_cpmi_request_uri(const cpmi_env *env, unsigned recipe);
int __wrap_cpmi_make_doc(cpm_proc *p, const cpmi_env *env, unsigned recipe, cpm_field f, cpm_diag *diag);
int __wrap_cpm_proc_init(void *mem, size_t size, const cpm_machine *machine, const cpm_agent *agent, cpm_diag *diag);
int __wrap_cpm_proc_step(cpm_proc *proc, const cpm_agent *agent, const cpm_event *event, cpm_diag *diag);
int __wrap_cpm_proc_effect(const cpm_proc *proc, const cpm_agent *agent, char *buf, size_t cap, cpm_effect *effect);
void __wrap_cpm_proc_did(cpm_proc *proc);

static unsigned traces_step, traces_composing;   /* a guard counts inside of a step and outside of composing */
static bool traces_shown;                        /* the last step was printed */
static struct { cpm_effect_kind kind; uint32_t leg; const char *name; unsigned code; } traces_due;

static void traces_leg(uint32_t leg) {
  if (leg == CPM_NO_LEG) fputs(" -", stdout);
  else printf(" %u", leg);
}

static void traces_states(const cpm_proc *p) {
  const cpm_machine *m = cpmi_machine_of(p);
  printf(" %s ", cpmi_state_name(p->state));
  for (uint32_t k = 0; k < p->nlegs; k++) {
    const cpmi_leg *l = cpmi_leg_at(p, m, k);
    printf("%s%s:%s", k ? "," : "", names_kind(l->kind), cpmi_state_name(l->state));
  }
  puts(p->nlegs ? "" : "-");
}

static unsigned long traces_every(void) {
  const char *every = getenv("MODEL_TRACES_EVERY");
  return every ? strtoul(every, NULL, 10) : 0;
}

/* Is this step printed? */
static bool traces_takes_step(const cpm_proc *p) {
  static unsigned long steps;
  const unsigned long every = traces_every();
  if (every && steps++ % every) return false;
  if (every) printf("J %s\n", cpmi_machine_of(p)->name);
  return true;
}

static void traces_answers(const cpm_proc *p, uint32_t leg) {
  const uint64_t set = leg == CPM_NO_LEG ? p->enabled : leg < p->nlegs ? cpmi_leg_at(p, cpmi_machine_of(p), leg)->enabled : 0;
  const char *gap = " ";
  for (unsigned e = 0; e < CPMI_EVENTS_OUTSIDE; e++) {
    if (!(set >> e & 1u)) continue;
    printf("%s%s", gap, cpm_event_name((cpm_event_type)e));
    gap = ",";
  }
  if (!set) fputs(" -", stdout);
}

bool __wrap_cpmi_guard_holds(const cpmi_env *v, const int16_t *when) {
  if (!traces_step || traces_composing) return __real_cpmi_guard_holds(v, when);
  putchar('G');
  traces_leg(v->leg);
  for (size_t i = 0; i < CPMI_GUARD && when[i]; i++)
    printf(" %s=%d", cpmi_facts[abs(when[i])].name, cpmi_fact_holds(v, (unsigned)abs(when[i])));
  putchar('\n');
  return __real_cpmi_guard_holds(v, when);
}

int __wrap_cpmi_compose(const cpmi_env *env, const cpmi_op *op, const cpmi_row *row, char *buf, size_t cap, cpm_effect *out, size_t *need,
                        cpm_diag *diag) {
  traces_composing++;
  const int rc = __real_cpmi_compose(env, op, row, buf, cap, out, need, diag);
  traces_composing--;
  return rc;
}

int __wrap_cpmi_body_size(const cpmi_env *env, unsigned recipe, uint64_t *size, cpm_diag *diag) {
  traces_composing++;
  const int rc = __real_cpmi_body_size(env, recipe, size, diag);
  traces_composing--;
  return rc;
}

int __wrap_cpmi_make_doc(cpm_proc *p, const cpmi_env *env, unsigned recipe, cpm_field f, cpm_diag *diag) {
  traces_composing++;
  const int rc = __real_cpmi_make_doc(p, env, recipe, f, diag);
  traces_composing--;
  return rc;
}

cpm_str __wrap_cpmi_request_uri(const cpmi_env *env, unsigned recipe) {
  traces_composing++;
  const cpm_str uri = __real_cpmi_request_uri(env, recipe);
  traces_composing--;
  return uri;
}

int __wrap_cpm_proc_init(void *mem, size_t size, const cpm_machine *machine, const cpm_agent *agent, cpm_diag *diag) {
  const int rc = __real_cpm_proc_init(mem, size, machine, agent, diag);
  if (rc == CPM_OK && !traces_every()) printf("I %s\n", machine->name);
  return rc;
}

int __wrap_cpm_proc_step(cpm_proc *proc, const cpm_agent *agent, const cpm_event *event, cpm_diag *diag) {
  if (proc->cursor.stage != CPMI_STAGE_NONE || event->type >= CPM_EVENT_COUNT) return __real_cpm_proc_step(proc, agent, event, diag);
  traces_shown = traces_takes_step(proc);
  if (!traces_shown) return __real_cpm_proc_step(proc, agent, event, diag);
  printf("S %s", cpm_event_name(event->type));
  traces_leg(event->leg);
  printf(" %zu", event->nmembers);
  traces_answers(proc, event->leg);
  traces_states(proc);
  traces_step++;
  const int rc = __real_cpm_proc_step(proc, agent, event, diag);
  traces_step--;
  printf("R %s", cpm_status_name(rc));
  traces_states(proc);
  return rc;
}

int __wrap_cpm_proc_effect(const cpm_proc *proc, const cpm_agent *agent, char *buf, size_t cap, cpm_effect *effect) {
  const int rc = __real_cpm_proc_effect(proc, agent, buf, cap, effect);
  if (rc != CPM_OK) return rc;
  traces_due.kind = effect->kind;
  traces_due.leg = effect->leg;
  traces_due.name = effect->name;
  traces_due.code = effect->code;
  return rc;
}

void __wrap_cpm_proc_did(cpm_proc *proc) {
  if (traces_shown) {
    printf("E %s", cpm_effect_name(traces_due.kind));
    traces_leg(traces_due.leg);
    printf(" %s %u\n", traces_due.name ? traces_due.name : "-", traces_due.code);
  }
  __real_cpm_proc_did(proc);
}
/* NOLINTEND */
