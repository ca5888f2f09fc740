/* SPDX-License-Identifier: MIT */
/* export.h - the model: what the tables say, printed for readers that are not C. docs/model.md says what it means,
 * docs/model.schema.json what the JSON looks like. For tools and tests: the core library has none of it. */
#ifndef EXPORT_H
#define EXPORT_H

#include "cpm/model.h"
#include <stdio.h>

/* Of the JSON: the second number grows when it gets members that were not there, the first when one goes or changes its meaning. */
#define EXPORT_MODEL_VERSION "1.1"

/* All machines, or that one with the recipes and requirements that it has. The same bytes every time. False: not all could be
 * written. */
bool export_json(FILE *out, const cpm_machine *only);

/* A digraph of the call, or of the legs, for Graphviz. Nothing for the legs of a machine that has none. */
bool export_dot(FILE *out, const cpm_machine *machine, bool leg);
bool export_has_legs(const cpm_machine *machine);

/* A change to one row, so that a proof can be seen to fail: the row goes, or one of its ops goes or is done twice. */
typedef enum export_change_kind { EXPORT_AS_IT_IS, EXPORT_WITHOUT_ROW, EXPORT_WITHOUT_OP, EXPORT_OP_TWICE } export_change_kind;
typedef struct export_change {
  export_change_kind kind;
  const cpm_machine *machine;
  bool               leg;
  size_t             row, op;
} export_change;

/* What is put together for Spin. docs/verify.md says what is modelled, and what follows from it. */
typedef struct export_promela {
  const cpm_machine *machine;       /* it sends the INVITE if there is another one */
  const cpm_machine *with;          /* who answers; NULL: anybody, who does whatever the host lets through */
  unsigned           chunks, members, retries, refreshes;
  export_change      change;
  bool               follow;        /* nothing but walks of the engine, as tests/promela_follow.h reads them */
} export_promela;

/* Promela of the machines and of their world. False: not all could be written, or it cannot be said in Promela: *wrong says why. */
bool export_promela_print(FILE *out, const export_promela *config, const char **wrong);

#endif
