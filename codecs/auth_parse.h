/* SPDX-License-Identifier: MIT */
/* auth_parse.h - between the machine of challenges and auth.c. */
#ifndef CPMI_AUTH_PARSE_H
#define CPMI_AUTH_PARSE_H

#include "cpm/str.h"

/* Where the parts stand; NULL: not there. Of a list, name and value are those of its last parameter. */
typedef struct cpmi_auth_marks {
  const char *scheme_b, *scheme_e, *params_b, *params_e, *name_b, *name_e, *value_b, *value_e;
  bool        quoted;
} cpmi_auth_marks;

typedef enum cpmi_auth_rule { CPMI_AUTH_CHALLENGE, CPMI_AUTH_LIST, CPMI_AUTH_PARAM } cpmi_auth_rule;

/* White space may stand around each. NULL if all of `in`, which is not absent, was taken; else where it stopped. */
const char *cpmi_auth_parse(cpmi_auth_marks *m, cpmi_auth_rule rule, cpm_str in);

#endif
