/* SPDX-License-Identifier: MIT */
/* network_parse.h - between the machines of network.rl and network.c. */
#ifndef CPMI_NETWORK_PARSE_H
#define CPMI_NETWORK_PARSE_H

#include "cpm/str.h"

/* Where the parts stand; NULL: not there. name and value are those of a parameter that stands first. */
typedef struct cpmi_network_marks {
  const char *head_b, *head_e, *params_b, *params_e, *name_b, *name_e, *value_b, *value_e;
  bool        quoted;
} cpmi_network_marks;

/* A token with parameters, or parameters alone, white space around it. NULL if all of `in`, which is not absent, was taken; else where
 * it stopped. */
const char *cpmi_network_parse(cpmi_network_marks *m, bool charge, cpm_str in);

#endif
