/* SPDX-License-Identifier: MIT */
/* datetime.h - what datetime_parse.rl marks, and the calendar that dates share. */
#ifndef CPMI_DATETIME_H
#define CPMI_DATETIME_H

#include "internal.h"

/* Where the parts of a date-time stand; NULL for one that is not there. Year, month and day are at fixed places. */
typedef struct cpmi_datetime { const unsigned char *hour, *second, *fraction, *fraction_end, *zone, *zone_minute; } cpmi_datetime;

/* Returns how far the machine came; *ok tells whether all of `in` was taken. */
size_t cpmi_datetime_parse(cpmi_datetime *out, cpm_str in, bool *ok);

/* A day of the Gregorian calendar, extended backwards to year 0. */
typedef struct cpmi_civil { int64_t year; unsigned month, day; } cpmi_civil;

/* Days since 1970-01-01. month 1..12, day 1..31, years -9999 to 99999. */
int64_t cpmi_days_of(cpmi_civil date);
cpmi_civil cpmi_civil_of(int64_t days);
unsigned cpmi_days_in_month(int64_t year, unsigned month);

#endif
