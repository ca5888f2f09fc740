/* SPDX-License-Identifier: MIT */
/* check.h - the checker: what can be proved of a machine's tables without running them. */
#ifndef CHECK_H
#define CHECK_H

#include "names.h"
#include <stdio.h>

typedef struct check {
  const cpm_machine *m;      /* NULL: a recipe on its own */
  FILE              *out;
  unsigned           wrong;  /* complaints so far */
} check;

/* One complaint: "cf/large: " and the text. */
void check_say(check *c, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* All of it for one machine; complaints are counted in c->wrong. */
void check_machine(check *c);
/* One recipe on its own. */
void check_recipe(check *c, const cpmi_recipe *r);
/* Every recipe of the build, that each of them has a user, and that facts are complete. */
void check_recipes(check *c);
/* Can every id of the text be read? */
bool check_clauses_parse(const char *spec, const char *clauses);

/* ---- rows, with the state and event that empty columns take from above -------------------------------------------- */

typedef struct check_row {
  const cpmi_row *r;
  unsigned        state, event;
  uint64_t        states;   /* those of the machine that `state` stands for */
  bool            leg, taken;
} check_row;

enum { CHECK_ROWS = 512 };
typedef struct check_rows { size_t n; check_row row[CHECK_ROWS]; } check_rows;

/* "leg inviting, invite_ok [S4-9.1.2-first200-1]" for complaints; valid until the next but three. */
const char *check_row_name(const check_row *row);
const char *check_clauses(const char *spec, const char *clauses);

/* ---- facts -------------------------------------------------------------------------------------------------------- */

enum { CHECK_FACTS = 24 };

/* A set of facts and what bounds them. Truth values are bits in the order of `fact`. */
typedef struct check_facts {
  const cpm_machine *m;          /* NULL: any */
  bool               leg;        /* looked at for a leg */
  unsigned           own;        /* the leg's state; CPMI_STATE_ : any */
  uint64_t           calls;      /* states that the call may be in */
  size_t             n;
  uint16_t           fact[CHECK_FACTS];
  bool               overflow;
} check_facts;

void check_facts_add(check_facts *f, const int16_t *when);
/* Can these truth values come together? */
bool check_facts_can(const check_facts *f, uint32_t truth);
/* The next truth values that can, from *truth on; with `first` from the beginning. False: no more. */
bool check_facts_next(const check_facts *f, uint32_t *truth, bool first);
bool check_facts_guard(const check_facts *f, uint32_t truth, const int16_t *when);
/* "to_one, no_reply"; the facts in `only` alone. Valid until the next call. */
const char *check_facts_text(const check_facts *f, uint32_t truth, uint32_t only);

/* What is known of a leg and its call: 1 the guard holds, -1 it does not, 0 it may. */
typedef struct check_known {
  bool     leg;             /* is there a leg to look at? */
  unsigned kind, state;     /* the leg's */
  unsigned call;            /* the call's state */
  bool     in_call;         /* looked at for the call: the leg only counts as one that is there */
} check_known;
int check_known_guard(const check_known *k, const int16_t *when);
/* May a leg of that kind and state be there when the guard holds? */
bool check_leg_may_be(const int16_t *when, unsigned kind, unsigned state);

/* ---- the parts ---------------------------------------------------------------------------------------------------- */

void check_flow(check *c, check_rows *call, check_rows *leg);       /* check_flow.c: events, facts, states */
void check_shape(check *c, const check_rows *call, const check_rows *leg);   /* check_shape.c: what rows may hold */
void check_together(check *c, const check_rows *call, const check_rows *leg);   /* check_together.c: call and legs */

#endif
