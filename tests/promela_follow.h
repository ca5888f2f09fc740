/* SPDX-License-Identifier: MIT */
/* promela_follow.h - the half in C of Promela that follows walks of the engine (fsm/export/promela_follow.c): reads the walks, says which
 * step comes next, and holds what the model knows behind it against what the engine knew. The walks stand in the file that FOLLOW names, as
 * tests/walks.h says. At the end it says how many were followed, and of each other one where it stops.
 *
 * Text of the model goes before: FOLLOW_NAMES, what it looks at; FOLLOW_STATES, the numbers of states; FOLLOW_ROWS, its rows;
 * FOLLOW_HAS_LEGS, the side that has legs, or 0.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FOLLOW_MOST = 4096, FOLLOW_LOOKS = 512, FOLLOW_LEGS = 8, FOLLOW_LINE = 16384, FOLLOW_UNSAID = -1 };

/* live: numbers of states in which it is looked at; chosen: 0 says that it is not chosen yet */
typedef struct follow_name { char side; const char *name; uint64_t live; int chosen; } follow_name;
/* outcome: the first row that does the same; quiet: nothing shows that it was taken */
typedef struct follow_row { char side; int row, outcome, quiet; } follow_row;
typedef struct follow_state { char side; int state, number; } follow_state;
static const follow_name  follow_names[] = { FOLLOW_NAMES { 0, NULL, 0, 0 } };
static const follow_row   follow_rows[] = { FOLLOW_ROWS { 0, 0, 0, 0 } };
static const follow_state follow_states[] = { FOLLOW_STATES { 0, 0, 0 } };
enum { FOLLOW_COUNT = sizeof follow_names / sizeof *follow_names };

typedef struct follow_step {
  char side;
  int  event, row;                                    /* row -1: no row took it; -2: one that changes nothing */
  int  is[FOLLOW_COUNT];                              /* what the engine knows of calls, in the order of the names; those of legs are unsaid */
  int  leg[FOLLOW_LEGS][FOLLOW_COUNT], nlegs;
  char line[160];
} follow_step;
typedef struct follow_walk { char name[120], why[200]; int chunks, members, n, reached; follow_step *step; } follow_walk;

static follow_walk *follow_all;
static int follow_nwalks, follow_n, follow_looks[FOLLOW_LOOKS];

/* ---- reading ---------------------------------------------------------------------------------------------------------- */

static int follow_number(char side, const char *name, int value) {
  if (strcmp(name, "st") != 0) return value;
  for (const follow_state *s = follow_states; s->side; s++)
    if (s->side == side && s->state == value) return s->number;
  return 0;
}

/* "st=4 med=1 ..." up to | or the end; what the model does not look at is passed over. */
static char *follow_values(char *at, char side, int *is) {
  char name[48];
  int value, n;
  for (int i = 0; i < FOLLOW_COUNT; i++) is[i] = FOLLOW_UNSAID;
  while (sscanf(at, " %47[a-z_0-9]=%d%n", name, &value, &n) == 2) {
    for (int i = 0; i < FOLLOW_COUNT - 1; i++)
      if (follow_names[i].side == side && strcmp(follow_names[i].name, name) == 0) is[i] = follow_number(side, name, value);
    at += n;
  }
  return at + strspn(at, " ");
}

static void follow_read_step(follow_walk *w, char *line) {
  follow_step *s;
  int n = 0;
  w->step = realloc(w->step, (size_t)(w->n + 1) * sizeof *w->step);
  if (!w->step) abort();
  s = &w->step[w->n++];
  memset(s, 0, sizeof *s);
  snprintf(s->line, sizeof s->line, "%.*s", (int)strcspn(line, "="), line);
  if (sscanf(line, "S %c %*s %d %d%n", &s->side, &s->event, &s->row, &n) != 3) { fprintf(stderr, "no step: %s\n", line); exit(2); }
  char *at = follow_values(line + n, s->side == 'l' ? FOLLOW_HAS_LEGS : s->side, s->is);
  while (*at == '|' && s->nlegs < FOLLOW_LEGS) at = follow_values(at + 1, 'l', s->leg[s->nlegs++]);
}

static void follow_report(void) {
  int whole = 0, steps = 0;
  for (int i = 0; i < follow_nwalks; i++) {
    const follow_walk *w = &follow_all[i];
    whole += w->reached == w->n;
    steps += w->reached;
    if (w->reached < w->n) printf("not followed: %s, step %d: %s\n    %s\n", w->name, w->reached + 1, w->step[w->reached].line, w->why);
  }
  printf("followed: %d of %d walks, %d steps\n", whole, follow_nwalks, steps);
}

static void follow_load(void) {
  static char line[FOLLOW_LINE];
  FILE *in = fopen(getenv("FOLLOW") ? getenv("FOLLOW") : "walks", "r");
  follow_all = calloc(FOLLOW_MOST, sizeof *follow_all);
  if (!in || !follow_all) { fputs("FOLLOW names no file of walks\n", stderr); exit(2); }
  while (fgets(line, sizeof line, in)) {
    follow_walk *w = &follow_all[follow_nwalks];
    line[strcspn(line, "\n")] = 0;
    if (*line == 'W' && follow_nwalks < FOLLOW_MOST && sscanf(line, "W chunks=%d members=%d %119[^\n]", &w->chunks, &w->members, w->name) == 3) follow_nwalks++;
    else if (*line == 'S' && follow_nwalks) follow_read_step(&follow_all[follow_nwalks - 1], line);
  }
  fclose(in);
  atexit(follow_report);
}

static int follow_walks(void) {
  if (!follow_all) follow_load();
  return follow_nwalks;
}

/* ---- the next step ---------------------------------------------------------------------------------------------------- */

static const follow_step *follow_next(int walk, int at) { return at < follow_all[walk].n ? &follow_all[walk].step[at] : NULL; }

static int follow_comes(int walk, int at) {
  const follow_step *s = follow_next(walk, at);
  return s ? s->side + 256 * s->event : 0;
}

static const follow_row *follow_row_of(const follow_step *s) {
  const follow_row *r = follow_rows;
  while (r->side && !(r->side == s->side && r->row == s->row)) r++;
  return r;
}

static int follow_takes(int walk, int at) {
  const follow_step *s = follow_next(walk, at);
  return !s ? 0 : s->row < 0 ? s->row : follow_row_of(s)->outcome;
}

/* What nobody took, or changes nothing, may be one that the world of the model does not bring. */
static int follow_may_skip(int walk, int at) {
  const follow_step *s = follow_next(walk, at);
  return s && (s->row < 0 || follow_row_of(s)->quiet);
}

/* ---- is it the same behind it? ------------------------------------------------------------------------------------------ */

static void follow_put(int value) { follow_looks[follow_n++] = value; }

static int follow_same(const follow_name *name, int state, int is, int said) {
  if (said == FOLLOW_UNSAID || !(name->live >> state & 1u)) return 1;
  return is == said || (name->chosen && is == 0);
}

static void follow_note(follow_walk *w, int at, const char *what, char side, const char *name, int is, int said) {
  if (at >= w->reached) snprintf(w->why, sizeof w->why, "%s %c_%s is %d, of the engine %d", what, side, name, is, said);
}

static int follow_calls_fit(follow_walk *w, int at, const follow_step *s, const int *looks, int *n) {
  int state = 0, fits = 1;
  for (const follow_name *name = follow_names; name->side; name++) {
    if (name->side == 'l') continue;
    const int is = looks[(*n)++];
    if (strcmp(name->name, "st") == 0) state = is;
    if (follow_same(name, state, is, s->is[name - follow_names])) continue;
    follow_note(w, at, "behind it", name->side, name->name, is, s->is[name - follow_names]);
    fits = 0;
  }
  return fits;
}

static int follow_leg_fits(const int *looks, const int *said) {
  int state = looks[0], n = 0;
  for (const follow_name *name = follow_names; name->side; name++)
    if (name->side == 'l' && !follow_same(name, state, looks[n++], said[name - follow_names])) return 0;
  return 1;
}

/* Legs have no names in the model: each that the engine has is one of it, and no other one is there. */
static int follow_legs_fit(const int *looks, int each, int slots, const follow_step *s, int leg, unsigned used) {
  if (leg == s->nlegs) {
    for (int k = 0; k < slots; k++)
      if (looks[k * each] && !(used >> k & 1u)) return 0;
    return 1;
  }
  for (int k = 0; k < slots; k++)
    if (looks[k * each] && !(used >> k & 1u) && follow_leg_fits(looks + k * each, s->leg[leg]) &&
        follow_legs_fit(looks, each, slots, s, leg + 1, used | 1u << k)) return 1;
  return 0;
}

static int follow_fits(int walk, int at) {
  follow_walk *w = &follow_all[walk];
  const follow_step *s = follow_next(walk, at);
  int each = 0, n = 0;
  if (!s) return 0;
  for (const follow_name *name = follow_names; name->side; name++) each += name->side == 'l';
  if (!follow_calls_fit(w, at, s, follow_looks, &n)) return 0;
  if ((s->side == 'l' || s->side == FOLLOW_HAS_LEGS) && !follow_legs_fit(follow_looks + n, each, (follow_n - n) / each, s, 0, 0)) {
    if (at >= w->reached) snprintf(w->why, sizeof w->why, "behind it legs are other ones");
    return 0;
  }
  if (at >= w->reached) { w->reached = at + 1; snprintf(w->why, sizeof w->why, "the model has no such step"); }
  return 1;
}

/* ---- names without arguments: Spin takes no call in an expression --------------------------------------------------------- */

#define FOLLOW_WALKS    follow_walks()
#define FOLLOW_CHUNKS   follow_all[now.walk].chunks
#define FOLLOW_MEMBERS  follow_all[now.walk].members
#define FOLLOW_COMES    follow_comes(now.walk, now.at)
#define FOLLOW_TAKES    follow_takes(now.walk, now.at)
#define FOLLOW_MAY_SKIP follow_may_skip(now.walk, now.at)
