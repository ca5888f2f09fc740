/* SPDX-License-Identifier: MIT */
/* date_parse.h - between the SIP-date machine and date.c. */
#ifndef CPMI_DATE_PARSE_H
#define CPMI_DATE_PARSE_H

#include "cpm/str.h"

/* Where the parts stand; NULL: not there. loose: some part has a form that RFC 1123 does not give it. */
typedef struct cpmi_date_marks {
  const char *wkday_b, *wkday_e, *day_b, *day_e, *month_b, *year_b, *time_b, *second_b, *zone_b, *zone_e;
  bool loose;
} cpmi_date_marks;

/* Where it stopped; NULL if the whole of `in` is a date. */
const char *cpmi_date_parse(cpmi_date_marks *m, cpm_str in);

#endif
