/* SPDX-License-Identifier: MIT */
/* engine_script.h - whole runs of four machines as lists of events, for tests that run them in many ways. */
#ifndef TESTS_ENGINE_SCRIPT_H
#define TESTS_ENGINE_SCRIPT_H

#include "support.h"
#include "cpm/cpm.h"

enum { SCRIPT_BLOCK = 8192, SCRIPT_BUFFER = 8192, SCRIPT_LOG = 65536 };

typedef struct script_event {
  cpm_event     e;
  cpm_sip       sip;
  cpm_sip_field fields[16];
  cpm_arg       args[16];
  cpm_entry     members[3];
} script_event;

typedef struct script {
  const char *machine;
  cpm_role    role;
  unsigned    n;                                     /* events */
  void      (*event)(script_event *x, unsigned i);
} script;

extern const script script_all[];
extern const size_t script_count;

void script_agent(cpm_agent *a, cpm_role role);
void script_init(script_event *x, cpm_event_type type, uint32_t leg);

/* What effects say, line by line. */
typedef struct script_log { char text[SCRIPT_LOG]; size_t n; } script_log;
void script_note(script_log *log, const cpm_effect *x);

/* ---- a run of one script ------------------------------------------------------------------------------------------ */

typedef struct engine_run {
  cpm_agent agent;
  cpm_proc *proc;
  size_t    size;
  cpm_diag  diag;
  char     *buf;
} engine_run;

/* A block of exactly that size on the heap, so that a byte behind it is caught. */
void engine_begin(engine_run *r, const script *s, size_t size);
void engine_end(engine_run *r);
/* A copy of the block, to be freed. */
cpm_proc *engine_copy(const engine_run *r);
/* The block goes on elsewhere; where it was is overwritten before it is given back. */
void engine_move(engine_run *r);
int  engine_step(engine_run *r, const script_event *x);
int  engine_effect(engine_run *r, cpm_effect *x);
void engine_drain(engine_run *r, script_log *log);
/* The run up to `events`, with every effect done. */
void engine_to(engine_run *r, const script *s, unsigned events, script_log *log);
const script *engine_script(const char *machine);
/* A run of that machine's script in a block of SCRIPT_BLOCK, so far. */
const script *engine_start(engine_run *r, const char *machine, unsigned events);
/* The script's event number i happens and is taken; its effects are pending. *x is what was given. */
void engine_take(engine_run *r, const script *s, unsigned i, script_event *x);
/* The block is the copy, byte for byte. Frees the copy. */
void engine_assert_unchanged(const engine_run *r, cpm_proc *before);

/* The effects of the run as it is, and of another way to go through it. */
extern script_log engine_plain, engine_other;
void engine_run_plain(const script *s);
void engine_assert_same_log(const script *s);

#endif
