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
