/* SPDX-License-Identifier: MIT */
/* feature_parse.h - between the machines of feature parameters and feature.c. */
#ifndef CPMI_FEATURE_PARSE_H
#define CPMI_FEATURE_PARSE_H

#include "value_internal.h"

typedef struct cpmi_feature_marks {
  bool        bang, is_true, is_false, is_string, both;
  const char *text_b, *text_e, *low_b, *low_e, *high_b, *high_e;
} cpmi_feature_marks;

bool cpmi_is_feature_tag(cpm_str name);
/* Where it stopped; NULL if the whole of `in` is one value. */
const char *cpmi_feature_parse(cpmi_feature_marks *m, cpm_str in);

#endif
