/* SPDX-License-Identifier: MIT */
/* warning_parse.h - between the Warning machine and warning.c. */
#ifndef CPMI_WARNING_PARSE_H
#define CPMI_WARNING_PARSE_H

#include "cpm/str.h"

/* Where the parts stand; NULL: not there. bare: all that stands behind the code, if nothing of it is quoted; then agent is its
 * first word, if that may be a warn-agent. */
typedef struct cpmi_warning_marks {
  const char *code_b, *agent_b, *agent_e, *text_b, *text_e, *bare_b, *bare_e;
  bool quoted;
} cpmi_warning_marks;

/* Where it stopped; NULL if the whole of `in` is one warning. */
const char *cpmi_warning_parse(cpmi_warning_marks *m, cpm_str in);

#endif
