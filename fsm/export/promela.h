/* SPDX-License-Identifier: MIT */
/* promela.h - what the files that print Promela share. docs/verify.md says what is modelled.
 *
 * A side is what has rows: the call of a machine, or its legs. Names in the text begin with the side: a_ is the machine that sends INVITE,
 * or the only one, b_ the one that is called, l_ a leg. In templates $ stands for the side, @ for the side at the other end.
 */
#ifndef PROMELA_H
#define PROMELA_H

#include "export.h"
#include "names.h"

enum { PROMELA_ROWS = 256, PROMELA_FACTS = 16, PROMELA_BEGIN = 1 };

/* Text that grows. Running out of memory ends the program. */
typedef struct promela_text { char *p; size_t n, cap; } promela_text;
void promela_put(promela_text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));

typedef struct promela_row {
  cpmi_row     r;                             /* as it is, or changed */
  uint64_t     states;
  unsigned     event;
  size_t       index, outcome;                /* outcome: the first row that does the same */
  uint64_t     possible;                      /* states in which it can be taken */
  uint8_t      keep[CPMI_STATE_COUNT];        /* literals of the guard that make a difference there */
  promela_text body;                          /* its ops */
} promela_row;

typedef struct promela_side promela_side;
struct promela_side {
  const cpm_machine  *m;
  const promela_side *peer;                   /* the other end; NULL: anybody */
  const promela_side *call;                   /* of legs; NULL: this is a call */
  const promela_side *legs;                   /* of a call that has any */
  const char         *me;                     /* "a_" */
  const char         *look;                   /* conditions look at this: "a_"; of a leg l_, or as it is packed k_ */
  bool                calls, called;          /* it sends INVITE, it receives one */
  promela_row         rows[PROMELA_ROWS];
  size_t              n;
  uint64_t            states;
  uint64_t            untaken[CPM_EVENT_COUNT]; /* states in which an event may find no row, and has some */
  bool                needed[CPM_FIELD_COUNT], counts[CPM_FIELD_COUNT], agent[CPMI_FACT_COUNT];
  uint64_t            live[CPM_FIELD_COUNT];  /* states in which the field is still looked at */
  uint64_t            asked[CPMI_FACT_COUNT]; /* and what the agent is */
};

typedef struct promela {
  export_promela c;
  promela_side   side[3];
  size_t         n;
  promela_text   body, out;
  promela_text   names, looks, leg_looks;     /* what is looked at when a walk is followed: of the calls, then of each leg */
  char           wrong[160];                  /* a word that cannot be said in Promela */
} promela;

void promela_fail(promela *g, const char *what, const char *name);
bool promela_text_has(const promela_text *t, const char *name);
bool promela_row_changes(const promela_row *row);

/* ---- promela_rows.c: which row is taken ----------------------------------------------------------------------------- */

/* Rows as the machine has them, changed as g->c.change says. */
void promela_load(promela *g, promela_side *s);
/* Which rows, facts and fields make a difference. Bodies are there. */
void promela_weigh(promela *g, promela_side *s);
/* A request that keeps the session alive: only who refreshes it sends that. */
bool promela_keeps_alive(const promela_row *row);
/* Where fields are still looked at. Every side was weighed. */
void promela_live(promela_side *s);
/* The variable, looked at from s: "a_up", of a packed leg "k_up(k)". */
void promela_name(promela_text *t, const promela_side *s, const char *name);
bool promela_has_field(const promela_side *s, unsigned field);
/* The side whose field it is, looking from s. */
const promela_side *promela_owner(const promela_side *s, unsigned field);
/* The field with the transaction that REPLY answers. */
unsigned promela_transaction(const promela_side *s);
bool promela_is_needed(const promela_side *s, unsigned field);
/* Conditions under which a row is taken in some of its states: calls put(states, condition) for each set that has the same. */
typedef void promela_put_choice(promela *g, promela_side *s, promela_row *row, const char *condition, void *with);
void promela_choices(promela *g, promela_side *s, unsigned event, promela_put_choice *put, void *with);
/* "(a_st == a_up || ...)" as the side looks at it */
void promela_in(promela_text *t, const promela_side *s, uint64_t states);
unsigned promela_state_number(const promela_side *s, unsigned state);
uint64_t promela_taking(const promela_side *s, unsigned event);
/* Facts of the agent are chosen once: at the start, or when rows from outside ask for them, in the states given. */
bool promela_is_late(const promela_side *s, unsigned fact);
uint64_t promela_asking(const promela_side *s, unsigned event, unsigned fact);
uint64_t promela_users(const promela_side *s);
bool promela_captured_here(const promela_side *s, unsigned event, unsigned field);

/* ---- promela_world.c: what the world does --------------------------------------------------------------------------- */

/* Puts the template, with $ and @ as they are for this side. */
void promela_fill(promela_text *t, const promela_side *s, const char *template);
void promela_fill_as(promela_text *t, const promela_side *s, const char *me, const char *template);
/* What an op does to the world and inside of the machine. */
void promela_op(promela *g, promela_side *s, const promela_row *row, const cpmi_op *op, promela_text *t);

typedef struct promela_event {
  unsigned    event;
  const char *open, *linked;   /* when it may come: of anybody, of a machine; NULL: see promela_guard */
  const char *owed;            /* the host gives it for sure; NULL: never, or see promela_owed */
  const char *then;            /* what the world does with it; NULL: see promela_then */
  const char *linked_then;     /* NULL: the same */
  bool        stays;           /* nothing is used up: only rows that change something are looked at */
  bool        must;            /* it has to find a row */
} promela_event;
extern const promela_event promela_events[];
extern const size_t promela_nevents;
void promela_then(promela_text *t, const promela_side *s, const promela_event *e);
const char *promela_guard(const promela_side *s, const promela_event *e);
const char *promela_owed(const promela_side *s, const promela_event *e);
void promela_drops(promela_text *t, const promela_side *s);
/* Fields that the event leaves. */
void promela_capture(promela *g, promela_side *s, unsigned event, promela_text *t);
/* Variables of the world, with their width in bits. */
typedef struct promela_var { const char *name; uint8_t bits; } promela_var;
extern const promela_var promela_vars[];
extern const size_t promela_nvars;

/* ---- promela_follow.c: walks of the engine are followed ------------------------------------------------------------------ */

void promela_follow_head(promela *g);
void promela_follow_tables(promela *g);
void promela_follow_begin(promela *g);
/* Is the variable of that name looked at? */
bool promela_is_followed(const char *name);
/* It is the next one; live: in these states; chosen: it may be not chosen yet. */
void promela_follow_name(promela *g, const promela_side *s, const char *name, uint64_t live, bool chosen);
void promela_follow_call(promela *g, const promela_side *s);

#endif
