/* SPDX-License-Identifier: MIT */
/* fields.h - parameters that are told by name while a machine reads them, and elements of lists that a machine ends at their comma. */
#ifndef CPMI_FIELDS_H
#define CPMI_FIELDS_H

#include "cpm/dialog.h"
#include "value_internal.h"

/* ---- named parameters (grammars/named.rl) ---------------------------------------------------------------------------- */

/* The parameter under way, and those of the names that were met. A machine's actions write name_b to quoted. */
typedef struct cpmi_named {
  const cpm_str *names;      /* an absent one ends them */
  cpm_param     *got;        /* one for each name: the first of that name; its name is absent if there is none */
  unsigned       once;       /* so many of the names, from the first on, may stand once */
  bool           quoted;
  const char    *name_b, *name_e, *value_b, *value_e;
  const char    *first, *end;           /* the first ";", behind the last parameter */
  const char    *twice, *twice_name;    /* a name that stands twice: where, and as it is in names */
} cpmi_named;

/* What a decoder begins with: the names that it knows, a cpm_param for each, which are cleared, and how many of them may stand once. */
void cpmi_named_start(cpmi_named *n, const cpm_str *names, cpm_param *got, unsigned once);

/* At each ";": the parameter before it is complete. */
void cpmi_named_semi(cpmi_named *n, const char *p);
/* At the end, when the machine has accepted. */
void cpmi_named_close(cpmi_named *n);
/* From the first ";" to the end of the last parameter; absent if there is none. */
cpm_str cpmi_named_params(const cpmi_named *n);
/* The parameters at p, straight (straight.h), without a machine: behind them. NULL: one that may stand once stands twice, or one is
 * not straight; then it is to be started again. */
const char *cpmi_named_straight(cpmi_named *n, const char *p, const char *pe);
static inline void cpmi_named_again(cpmi_named *n) { cpmi_named_start(n, n->names, n->got, n->once); }
/* CPM_E_DUPLICATE if a parameter that may stand once stands twice. base: where offsets count from. */
int cpmi_named_check(const cpmi_named *n, const char *base, cpm_diag *diag);

/* Where the diag points for this parameter: its value, or its name if it has none. */
size_t cpmi_param_at(const cpm_param *param, const char *base);
/* 1*DIGIT up to max, in *out. CPM_E_SYNTAX, CPM_E_RANGE. */
int cpmi_param_number(uint64_t *out, const cpm_param *param, uint64_t max, const char *base, const char *clause, cpm_diag *diag);
/* Is it plain digits? */
bool cpmi_is_number(cpm_str s);
/* For straight readers: false if it is none, or over max. */
bool cpmi_straight_number(uint32_t *out, const cpm_param *param, uint64_t max);
/* A token, in *out. CPM_E_SYNTAX. */
int cpmi_param_token(cpm_str *out, const cpm_param *param, const char *base, const char *clause, cpm_diag *diag);

/* params as a writer was given them: absent, or 1*( SEMI generic-param ). */
int cpmi_check_params(cpm_str params, const char *clause, cpm_diag *diag);
/* Writes what is in params besides the names: the once names are left out, of the other names their first. */
void cpmi_put_others(cpmi_out *o, cpm_str params, const cpm_str *names, unsigned once);
/* ;name=value */
void cpmi_put_param(cpmi_out *o, const char *name, cpm_str value);
void cpmi_put_param_number(cpmi_out *o, const char *name, uint64_t value);
/* ;name="inside" */
void cpmi_put_param_quoted(cpmi_out *o, const char *name, cpm_str inside);
/* qvalue of thousandths, without zeros at its end. */
void cpmi_put_q(cpmi_out *o, unsigned thousandths);

/* ---- lists ------------------------------------------------------------------------------------------------------------ */

/* The machine of a list reads to the end of the element or one comma further, whose place it notes, and is not asked what it
 * accepted: an element is read once. */
typedef struct cpmi_list {
  cpm_str whole;             /* where *rest stood */
  cpm_str in;                /* from the element to the end of the list */
  size_t  empty;             /* offset of the first comma without an element; SIZE_MAX */
} cpmi_list;

/* CPM_END if there is no element. */
int cpmi_list_begin(cpmi_list *l, cpm_str *rest, const cpm_opts *opts, cpm_diag *diag);
/* stop: where the machine stopped without accepting, NULL if it accepted; comma: NULL if the list ended. Moves *rest. */
int cpmi_list_end(cpmi_list *l, cpm_str *rest, const char *stop, const char *comma, const char *rule, const char *clause,
                  const cpm_opts *opts, cpm_diag *diag);

/* ---- one head and its parameters (grammars/head.rl) -------------------------------------------------------------------- */

typedef enum cpmi_head_kind {
  CPMI_HEAD_TOKEN, CPMI_HEAD_EVENT, CPMI_HEAD_LANGUAGE, CPMI_HEAD_DELTA, CPMI_HEAD_RETRY, CPMI_HEAD_BEHIND, CPMI_HEAD_DIALOG
} cpmi_head_kind;

typedef struct cpmi_head {
  cpmi_named  named;
  const char *head_b, *head_e;
  const char *dot;           /* the first of an event-type */
  const char *paren;         /* where a comment begins (RETRY): the machine went no further */
  const char *comma;
  const char *base;          /* where offsets count from */
} cpmi_head;

/* As cpmi_named_start. */
void cpmi_head_start(cpmi_head *m, const cpm_str *names, cpm_param *got, unsigned once);

/* Where it stopped; NULL if it accepted, or the element ended at m->comma, or m->paren came. */
const char *cpmi_head_parse(cpmi_head *m, cpmi_head_kind kind, cpm_str in);

/* The whole of `in`. */
int cpmi_head_one(cpmi_head *m, cpmi_head_kind kind, cpm_str in, const char *rule, const char *clause, cpm_diag *diag);
/* The next element of a list. */
int cpmi_head_next(cpmi_head *m, cpmi_head_kind kind, cpm_str *rest, const char *rule, const char *clause, const cpm_opts *opts,
                   cpm_diag *diag);
/* The head's digits. */
int cpmi_head_number(uint32_t *out, const cpmi_head *m, const char *rule, const char *clause, cpm_diag *diag);

static inline cpm_str cpmi_head_text(const cpmi_head *m) { return cpmi_between(m->head_b, m->head_e); }

/* Is s, which a writer was given, that kind of head? CPM_E_INJECTION, CPM_E_VALUE. */
int cpmi_head_check(cpmi_head_kind kind, cpm_str s, const char *rule, const char *clause, cpm_diag *diag);

#endif
