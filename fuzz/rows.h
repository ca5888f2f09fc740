/* SPDX-License-Identifier: MIT */
/* rows.h - which rows of the tables were taken. With FUZZ_ROWS=<file> in the environment the ones that were not go into that file when the
 * program ends: machine, call or leg, state, event and clauses, as `./dev fuzz --rows` wants them. A row that refuses an event on purpose is
 * never taken, and not counted. */
#ifndef FUZZ_ROWS_H
#define FUZZ_ROWS_H

#include "engine.h"
#include <stdio.h>
#include <stdlib.h>

enum { ROWS_MACHINES = 64, ROWS_MOST = 512 };
static bool rows_taken[ROWS_MACHINES][2][ROWS_MOST];

static inline unsigned rows_machine(const cpm_machine *m) {
  unsigned i = 0;
  while (i < ROWS_MACHINES && cpm_machine_at(i) != m) i++;
  return i;
}

static inline void rows_print(FILE *f, const cpm_machine *m, bool leg, const bool *taken) {
  unsigned state = CPMI_STATE_, event = CPM_EVENT_;
  const cpmi_row *row;
  for (size_t i = 0; i < ROWS_MOST && (row = cpmi_row_at(m, leg, i)) != NULL; i++) {
    if (row->state != CPMI_STATE_) state = row->state;
    if (row->event != CPM_EVENT_) event = row->event;
    if (!taken[i] && row->ops[0].op)
      fprintf(f, "%s\t%s\t%s\t%s\t%s\n", m->name, leg ? "leg" : "call", cpmi_state_name(state), cpm_event_name((cpm_event_type)event), row->clauses);
  }
}

static inline void rows_write(void) {
  FILE *f = fopen(getenv("FUZZ_ROWS"), "w");
  const cpm_machine *m;
  for (unsigned i = 0; f && i < ROWS_MACHINES && (m = cpm_machine_at(i)) != NULL; i++)
    for (unsigned leg = 0; leg < 2; leg++) rows_print(f, m, leg, rows_taken[i][leg]);
  if (!f || fclose(f) != 0) abort();
}

/* After a step that was taken. */
static inline void rows_saw(const cpm_proc *p, const cpm_machine *m) {
  static bool begun;
  const unsigned i = rows_machine(m);
  if (i == ROWS_MACHINES || !getenv("FUZZ_ROWS")) return;
  if (!begun) atexit(rows_write);
  begun = true;
  if (p->call_row && p->call_row <= ROWS_MOST) rows_taken[i][0][p->call_row - 1] = true;
  if (p->leg_row && p->leg_row <= ROWS_MOST) rows_taken[i][1][p->leg_row - 1] = true;
  for (uint32_t k = 0; k < p->nlegs; k++) {
    const unsigned row = cpmi_leg_at(p, m, k)->row;
    if (row && row <= ROWS_MOST) rows_taken[i][1][row - 1] = true;
  }
}

#endif
