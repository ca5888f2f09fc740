/* SPDX-License-Identifier: MIT */
/* model.h - reading the tables: requirement ids, and checking a received message against a recipe. */
#ifndef CPM_MODEL_H
#define CPM_MODEL_H

#include "procedure.h"

#ifdef __cplusplus
extern "C" {
#endif

#define CPM_CLAUSE_MAX 48u

/* One requirement id of a `clauses` text, whole ("S4-9.1.1-1.warn"), into dst of CPM_CLAUSE_MAX bytes, NUL-terminated; *rest
 * starts as `clauses` and moves on. False when there are no more. */
bool cpm_clause_next(const char *spec, const char **rest, char dst[CPM_CLAUSE_MAX]);

/* ---- checking a message against the rows that compose it -------------------------------------------------------- */

typedef enum cpm_verdict {
  CPM_HOLDS,          /* the message has what the line asks for */
  CPM_FAILS,          /* it has not, or has what is forbidden */
  CPM_DEPENDS,        /* it would hold or fail by a fact that is not known: cpm_check.fact names it */
  CPM_NOT_ASKED       /* a fact that is known says that the line does not apply, or the value is not known to us */
} cpm_verdict;

typedef struct cpm_check {
  cpm_verdict verdict;
  const char *spec, *clauses;   /* as in cpm_effect */
  const char *name;             /* header field, or "body" */
  const char *fact;             /* with CPM_DEPENDS */
  cpm_str     found;            /* the value that was judged; absent if there is none. Borrowed */
} cpm_check;

/* A fact that the caller knows. */
typedef struct cpm_known { const char *fact; bool holds; } cpm_known;

/* Recipes by name ("pager_message"). -1 if there is none. */
int         cpm_recipe_named(const char *name);
const char *cpm_recipe_name(int recipe);          /* NULL past the last one */
size_t      cpm_recipe_lines(int recipe);

/* What a recipe is for. */
typedef enum cpm_recipe_kind {
  CPM_RECIPE_REQUEST,     /* a request outside of a dialog */
  CPM_RECIPE_IN_DIALOG,   /* a request inside of one */
  CPM_RECIPE_FORKED,      /* ACK or BYE of a dialog that a forked INVITE made too (O-R85) */
  CPM_RECIPE_RESPONSE,
  CPM_RECIPE_CPIM,        /* bodies and parts of them: `type` */
  CPM_RECIPE_LIST,
  CPM_RECIPE_IMDN,
  CPM_RECIPE_HOST,        /* the host's own content, of the host's type */
  CPM_RECIPE_SDP,
  CPM_RECIPE_FILES,       /* a session description, an m line for each leg */
  CPM_RECIPE_ANSWER,      /* a session description that answers another */
  CPM_RECIPE_MSRP,
  CPM_RECIPE_MSRP_REPORT
} cpm_recipe_kind;
typedef struct cpm_recipe {
  const char     *name;
  cpm_recipe_kind kind;
  cpm_sip_method  method;   /* of a request */
  unsigned        status;   /* of a response; 0: of the one that is passed on; `refusal` is for every final response that is not 2xx */
  const char     *type;     /* media type of a body, else NULL */
} cpm_recipe;
/* False, and everything empty, past the last one. */
bool cpm_recipe_describe(int recipe, cpm_recipe *out);

/* Does a row of the machine send this recipe, as a whole message? */
bool     cpm_machine_composes(const cpm_machine *machine, int recipe);
cpm_role cpm_machine_role(const cpm_machine *machine);

/* Names of all facts, NULL past the last one, and what a fact says, NULL if there is none of that name. Constant. */
const char *cpm_fact_name(size_t index);
const char *cpm_fact_doc(const char *name);

/* What a line asks for, in words. */
typedef enum cpm_level { CPM_SHALL, CPM_SHOULD, CPM_MAY, CPM_SHALL_NOT, CPM_EXACTLY_ONE } cpm_level;
#define CPM_WHEN_MAX 6u
typedef struct cpm_line {
  cpm_level   level;
  const char *how;                 /* "this service:"; NULL for SHALL_NOT and EXACTLY_ONE. Constant */
  cpm_str     want;                /* what belongs behind it; absent if `how` says all. Constant */
  bool        fixed;               /* want is the value itself: a text or a service that the documents write down */
  int         nested;              /* the recipe that a body line asks for, -1: none. cpm_check.found is what it is judged on */
  cpm_known   when[CPM_WHEN_MAX];  /* facts on which the line applies, all of them */
  size_t      nwhen;
} cpm_line;
/* CPM_E_ARG for a line or recipe that is not there. */
int cpm_recipe_line(int recipe, size_t line, cpm_line *out);

/* Judges one line of a recipe on a message. Lines of one name are alternatives: while it is not known which one applies, a value
 * that fits one of them is not held against the others. Values are compared by their types: URIs as URIs, ICSIs by labels, lists
 * of tokens as sets. A CPIM or list recipe is checked on the body: `msg` with the part as its body.
 * agent may be NULL: then nothing is known of it. CPM_E_ARG for a line or recipe that is not there, or an unknown fact. */
int cpm_recipe_check(int recipe, size_t line, const cpm_sip *msg, const cpm_agent *agent, const cpm_known *known, size_t nknown,
                     cpm_check *out);

#ifdef __cplusplus
}
#endif
#endif
