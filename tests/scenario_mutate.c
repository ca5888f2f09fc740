/* SPDX-License-Identifier: MIT */
/* scenario_mutate.c - is every line of the tables held by a scenario? Each row, op, capture and recipe line is switched off in turn,
 * in a process of its own, and the scenarios run: one of them must fail. The tables are constants, so their pages are made writable
 * first; they are read through pointers only, by files that cannot see what is in them. Linux lets a process do that. */
#define _GNU_SOURCE
#include "scenario.h"
#include "names.h"

bool sc_in_sample(size_t line, size_t lines, sc_sample sample) {
  if (!sample.size) return true;
  const size_t parts = lines / sample.size + (lines % sample.size != 0);
  return line % parts == sample.seed % parts;
}

#ifndef __linux__
sc_mutated sc_mutate(bool (*run)(void), bool (*has)(const char *machine), sc_sample sample, FILE *out) {
  (void)run, (void)has, (void)sample;
  fprintf(out, "skipped: tables are made writable on Linux only\n");
  return (sc_mutated){ .skipped = true };
}
#else
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct mutate {
  bool (*run)(void); /* true: every scenario passes; NULL: lines are counted, nothing is switched off */
  sc_sample sample;
  FILE *out;
  bool used[CPMI_RECIPE_COUNT];
  size_t lines, at; /* of all there are; those before this one */
  sc_mutated done;
} mutate;

/* Text of the place for the list of what nobody holds. */
static void mutate_print(const mutate *v, const char *kind, const char *of, const char *what, const char *spec,
                         const char *clauses) {
  char id[CPM_CLAUSE_MAX];
  fprintf(v->out, "%-8s %-20s %-28s", kind, of, what);
  while (cpm_clause_next(spec, &clauses, id)) fprintf(v->out, " %s", id);
  putc('\n', v->out);
}

static void *mutate_writable(const void *p, size_t n) {
  const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE), from = (uintptr_t)p & ~(page - 1);
  if (mprotect((void *)from, (uintptr_t)p + n - from, PROT_READ | PROT_WRITE)) {
    perror("mprotect");
    _exit(3);
  }
  return (void *)(uintptr_t)p;
}

/* A run that does not end counts as one that failed. What it gets is time of the processor: on a busy machine a sound run may last. */
static void mutate_limit(void) {
  const struct itimerval left = { .it_value = { .tv_sec = 60 } };
  if (setitimer(ITIMER_PROF, &left, NULL)) _exit(3);
}

/* Overwrites n bytes in a child and runs. True if no scenario fails; false too for a line that is not in the sample. */
static bool mutate_survives(mutate *v, const void *at, const void *with, size_t n) {
  int status = 0;
  if (!v->run || !sc_in_sample(v->at++, v->lines, v->sample)) {
    v->lines += !v->run;
    return false;
  }
  v->done.tried++;
  fflush(v->out);
  const pid_t child = fork();
  if (child < 0) {
    perror("fork");
    exit(2);
  }
  if (child == 0) {
    memcpy(mutate_writable(at, n), with, n);
    if (!freopen("/dev/null", "w", stderr)) _exit(3);
    mutate_limit();
    _exit(v->run() ? 0 : 1);
  }
  if (waitpid(child, &status, 0) != child || (WIFEXITED(status) && WEXITSTATUS(status) == 3)) exit(2);
  const bool survives = WIFEXITED(status) && WEXITSTATUS(status) == 0;
  v->done.survived += survives;
  return survives;
}

/* A guard that never holds. */
static const int16_t mutate_never[CPMI_GUARD] = { CPMI_IF_v1, CPMI_IF_no_v1 };

static void mutate_use(mutate *v, unsigned recipe) {
  const cpmi_recipe *r = cpmi_recipes[recipe];
  if (v->used[recipe]) return;
  v->used[recipe] = true;
  for (size_t i = 0; i < r->nlines; i++)
    if (r->lines[i].value == CPMI_VALUE_RECIPE) mutate_use(v, r->lines[i].what);
}

static void mutate_row(mutate *v, const cpm_machine *m, const cpmi_row *r, const char *what) {
  static const cpmi_op nothing = NOTHING;
  char op[128];
  if (mutate_survives(v, r->when, mutate_never, sizeof mutate_never)) mutate_print(v, "row", m->name, what, r->spec, r->clauses);
  for (size_t i = 0; i < CPMI_OPS_A_ROW && r->ops[i].op != CPMI_OP_END; i++) {
    if (r->ops[i].op == CPMI_OP_SEND || r->ops[i].op == CPMI_OP_REPLY || r->ops[i].op == CPMI_OP_PUSH) mutate_use(v, r->ops[i].b);
    if (r->ops[i].op == CPMI_OP_REFUSE) mutate_use(v, CPMI_RECIPE_refusal);
    if (r->ops[i].op == CPMI_OP_NOTHING || !mutate_survives(v, &r->ops[i], &nothing, sizeof nothing)) continue;
    snprintf(op, sizeof op, "%s: %s", what, names_op(r->ops[i].op));
    mutate_print(v, "op", m->name, op, r->spec, r->clauses);
  }
}

/* The last row of an event inside of the machine that does nothing, or ignores it, says so to whoever reads: no effect shows it. */
static bool mutate_unseen(const cpmi_row *r, const cpmi_row *next, unsigned state, unsigned event) {
  const bool last = !next || next->event != CPM_EVENT_ || next->state != CPMI_STATE_;
  const bool stays = r->next == state || r->next == CPMI_STATE_stays;
  return last && stays && cpmi_kind_of(event) == CPMI_INNER && (r->ignore || r->ops[0].op == CPMI_OP_NOTHING);
}

static void mutate_rows(mutate *v, const cpm_machine *m, bool leg) {
  char what[64];
  for (cpmi_row_walk w = cpmi_walk_rows(m, leg); cpmi_next_row(&w);) {
    if (mutate_unseen(w.r, cpmi_row_at(m, leg, w.index + 1), w.state, w.event)) continue;
    snprintf(what, sizeof what, "%s, %s", cpmi_state_name(w.state), cpm_event_name((cpm_event_type)w.event));
    mutate_row(v, m, w.r, what);
  }
}

static void mutate_captures(mutate *v, const cpm_machine *m) {
  static const uint8_t none = CPM_EVENT_;
  const cpmi_capture *c;
  for (size_t i = 0; (c = cpmi_capture_at(m, i)) != NULL; i++)
    if (mutate_survives(v, &c->event, &none, sizeof none))
      mutate_print(v, "capture", m->name, cpm_field_name((cpm_field)c->field), c->spec, c->clauses);
}

/* EXACTLY_ONE lines are for the checker of the tables. */
static void mutate_recipe(mutate *v, unsigned recipe) {
  const cpmi_recipe *r = cpmi_recipes[recipe];
  char what[64];
  for (size_t i = 0; i < r->nlines; i++) {
    const cpmi_line *l = &r->lines[i];
    if (l->level == CPMI_EXACTLY_ONE || !mutate_survives(v, l->when, mutate_never, sizeof mutate_never)) continue;
    snprintf(what, sizeof what, "line %zu", i + 1);
    mutate_print(v, "line", r->name, what, l->spec, l->clauses);
  }
}

static void mutate_all(mutate *v, bool (*has)(const char *machine)) {
  for (size_t i = 0; i < cpmi_machine_count; i++) {
    if (!has(cpmi_machines[i]->name)) continue;
    mutate_rows(v, cpmi_machines[i], false);
    mutate_rows(v, cpmi_machines[i], true);
    mutate_captures(v, cpmi_machines[i]);
  }
  for (unsigned r = 0; r < CPMI_RECIPE_COUNT; r++)
    if (v->used[r]) mutate_recipe(v, r);
}

sc_mutated sc_mutate(bool (*run)(void), bool (*has)(const char *machine), sc_sample sample, FILE *out) {
  mutate v = { .sample = sample, .out = out };
  mutate_all(&v, has);
  v.run = run;
  mutate_all(&v, has);
  v.done.lines = v.lines;
  return v.done;
}
#endif
