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

#endif
