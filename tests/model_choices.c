/* SPDX-License-Identifier: MIT */
/* model_choices.c - prints which row the engine takes, for each machine, state, event and set of facts. Facts are assumed: the linker
 * puts the function below in the place of the engine's, so that nothing but the walk over the table decides.
 *
 * A line: machine, call or leg, state, event, the facts that the rows for it name, and for each set of them the row that is taken, its
 * index plus one, 0: none or one that ignores. Bit i of the set's number says whether fact i holds. tests/model_replay.py reads it. */
#include "engine.h"
#include <stdio.h>
#include <stdlib.h>

enum { CHOICES_FACTS = 62, CHOICES_ALL = 14 };   /* more facts than CHOICES_ALL: a sample */

static unsigned choices_fact[CHOICES_FACTS];
static size_t choices_facts;
static uint64_t choices_truth;

bool __wrap_cpmi_guard_holds(const cpmi_env *v, const int16_t *when);   /* NOLINT: the linker's name */

bool __wrap_cpmi_guard_holds(const cpmi_env *v, const int16_t *when) {  /* NOLINT */
  (void)v;
  for (size_t i = 0; i < CPMI_GUARD && when[i]; i++)
    for (size_t k = 0; k < choices_facts; k++)
      if ((int)choices_fact[k] == abs(when[i]) && (choices_truth >> k & 1u) != (when[i] > 0)) return false;
  return true;
}

static void choices_add(const int16_t *when) {
  for (size_t i = 0; i < CPMI_GUARD && when[i]; i++) {
    size_t k = 0;
    while (k < choices_facts && (int)choices_fact[k] != abs(when[i])) k++;
    if (k < choices_facts) continue;
    if (choices_facts == CHOICES_FACTS) exit(2);
    choices_fact[choices_facts++] = (unsigned)abs(when[i]);
  }
}

/* The facts of the rows for this state and event; false: there are none of these rows. */
static bool choices_collect(const cpm_machine *m, bool leg, unsigned state, unsigned event) {
  bool any = false;
  choices_facts = 0;
  for (cpmi_row_walk w = cpmi_walk_rows(m, leg); cpmi_next_row(&w);) {
    if (w.event != event || !(cpmi_state_set(w.state) >> state & 1u)) continue;
    choices_add(w.r->when);
    any = true;
  }
  return any;
}

static void choices_print(const cpm_machine *m, bool leg, unsigned state, unsigned event) {
  const cpmi_env env = { NULL, m, NULL, CPM_NO_LEG };
  const bool sample = choices_facts > CHOICES_ALL;
  uint64_t random = 1;
  printf("%s\t%s\t%s\t%s\t", m->name, leg ? "leg" : "call", cpmi_state_name(state), cpm_event_name((cpm_event_type)event));
  for (size_t i = 0; i < choices_facts; i++) printf("%s%s", i ? "," : "", cpmi_facts[choices_fact[i]].name);
  putchar('\t');
  for (uint64_t n = 0; n < UINT64_C(1) << (sample ? CHOICES_ALL : choices_facts); n++) {
    random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    choices_truth = sample ? random >> (64 - choices_facts) : n;
    printf("%s%u", n ? " " : "", cpmi_choose(&env, leg, state, event));
  }
  putchar('\n');
}

int main(void) {
  for (size_t i = 0; i < cpmi_machine_count; i++)
    for (unsigned leg = 0; leg < 2; leg++)
      for (unsigned state = 0; state < CPMI_STATE_COUNT; state++)
        for (unsigned event = 0; event < CPM_EVENT_COUNT; event++)
          if (choices_collect(cpmi_machines[i], leg, state, event)) choices_print(cpmi_machines[i], leg, state, event);
  return fflush(stdout) ? 1 : 0;
}
