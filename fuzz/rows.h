/* SPDX-License-Identifier: MIT */
/* rows.h - which rows of the tables were taken. With FUZZ_ROWS=<file> in the environment the ones that were not go into that file when the
 * program ends: machine, call or leg, state, event and clauses, as `./dev fuzz --rows` wants them. A row that refuses an event on purpose is
 * never taken, and not counted. */
#ifndef FUZZ_ROWS_H
#define FUZZ_ROWS_H

#include "engine.h"
#include <stdio.h>
#include <stdlib.h>

enum { ROWS_MACHINES = 64 };
static cpmi_rows_taken rows_taken[ROWS_MACHINES];

static inline unsigned rows_machine(const cpm_machine *m) {
  unsigned i = 0;
  while (i < ROWS_MACHINES && cpm_machine_at(i) != m) i++;
  return i;
}

static inline void rows_print(FILE *f, const cpm_machine *m, bool leg, const bool *taken) {
  for (cpmi_row_walk w = cpmi_walk_rows(m, leg); cpmi_next_row(&w) && w.index < CPMI_ROWS_NOTED;)
    if (!taken[w.index] && w.r->ops[0].op)
      fprintf(f, "%s\t%s\t%s\t%s\t%s\n", m->name, leg ? "leg" : "call", cpmi_state_name(w.state), cpm_event_name((cpm_event_type)w.event), w.r->clauses);
}

static inline void rows_write(void) {
  FILE *f = fopen(getenv("FUZZ_ROWS"), "w");
  const cpm_machine *m;
  for (unsigned i = 0; f && i < ROWS_MACHINES && (m = cpm_machine_at(i)) != NULL; i++) {
    rows_print(f, m, false, rows_taken[i].call);
    rows_print(f, m, true, rows_taken[i].leg);
  }
  if (!f || fclose(f) != 0) abort();
}

/* After a step that was taken. */
static inline void rows_saw(const cpm_proc *p, const cpm_machine *m) {
  static bool begun;
  const unsigned i = rows_machine(m);
  if (i == ROWS_MACHINES || !getenv("FUZZ_ROWS")) return;
  if (!begun) atexit(rows_write);
  begun = true;
  cpmi_note_rows(&rows_taken[i], p);
}

#endif
