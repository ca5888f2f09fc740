/* SPDX-License-Identifier: MIT */
/* datetime.c - DateTime of CPIM and IMDN (RFC 3339), and the Gregorian calendar behind it. */
#include "cpm/cpim.h"
#include "datetime.h"

#define DATETIME_MS_A_DAY    INT64_C(86400000)
/* 0000-01-01T00:00:00Z and 9999-12-31T23:59:59.999Z: what four digits of a year can say. */
#define DATETIME_FIRST_MS   (INT64_C(-719528) * DATETIME_MS_A_DAY)
#define DATETIME_LAST_MS    (INT64_C(2932897) * DATETIME_MS_A_DAY - 1)

/* ---- the calendar: a year begins in March here, so that the leap day is its last; 400 years make an era of 146097 days -------- */

int64_t cpmi_days_of(cpmi_civil date) {
  const int64_t year = date.year - (date.month <= 2);
  const int64_t era = (year >= 0 ? year : year - 399) / 400;
  const int64_t year_of_era = year - era * 400;
  const int64_t month = (int64_t)(date.month + 9) % 12;
  const int64_t day_of_year = (153 * month + 2) / 5 + (int64_t)date.day - 1;
  const int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

cpmi_civil cpmi_civil_of(int64_t days) {
  const int64_t z = days + 719468;
  const int64_t era = (z >= 0 ? z : z - 146096) / 146097;
  const int64_t day_of_era = z - era * 146097;
  const int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int64_t month = (5 * day_of_year + 2) / 153;
  cpmi_civil date;
  date.day = (unsigned)(day_of_year - (153 * month + 2) / 5 + 1);
  date.month = (unsigned)(month < 10 ? month + 3 : month - 9);
  date.year = year_of_era + era * 400 + (date.month <= 2);
  return date;
}

unsigned cpmi_days_in_month(int64_t year, unsigned month) {
  static const unsigned char days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return month == 2 && leap ? 29 : days[(month - 1) % 12];
}

/* ---- reading ---------------------------------------------------------------------------------------------------- */

static unsigned datetime_digits(const unsigned char *p, unsigned n) {
  unsigned v = 0;
  for (unsigned i = 0; i < n; i++) v = v * 10 + (unsigned)(p[i] - '0');
  return v;
}

static int datetime_out_of_range(size_t off, const char *rule, cpm_diag *diag) {
  return cpmi_fail(diag, CPM_E_VALUE, off, rule, "RFC 3339 5.7");
}

/* Milliseconds of the fraction, finer digits cut. */
static int64_t datetime_fraction(const cpmi_datetime *at) {
  int64_t ms = 0;
  const unsigned char *p = at->fraction;
  for (unsigned i = 0; i < 3; i++) ms = ms * 10 + (p && p < at->fraction_end ? *p++ - '0' : 0);
  return ms;
}

/* Minutes east of UTC into *east. */
static int datetime_zone(int *east, cpm_str in, const cpmi_datetime *at, const cpm_opts *opts, uint64_t *quirks, cpm_diag *diag) {
  const unsigned char *const start = (const unsigned char *)in.p;
  *east = 0;
  if (!at->zone) return cpmi_quirk(quirks, CPM_QUIRK(DATETIME_NO_ZONE), opts, in.n, "time-offset", diag);
  if (!at->zone_minute) return CPM_OK;   /* Z */
  const bool colon = at->zone_minute[-1] == ':';
  const unsigned width = (unsigned)(at->zone_minute - at->zone) - 1 - colon;
  const unsigned hour = datetime_digits(at->zone + 1, width), minute = datetime_digits(at->zone_minute, 2);
  if (hour > 23) return datetime_out_of_range((size_t)(at->zone + 1 - start), "time-numoffset", diag);
  if (minute > 59) return datetime_out_of_range((size_t)(at->zone_minute - start), "time-numoffset", diag);
  *east = (int)(hour * 60 + minute) * (*at->zone == '-' ? -1 : 1);
  if (colon && width == 2) return CPM_OK;
  return cpmi_quirk(quirks, CPM_QUIRK(DATETIME_FORM), opts, (size_t)(at->zone - start), "time-numoffset", diag);
}

/* The ranges of RFC 3339 5.7, and the sum. `second` may be 60; whether that minute has one is looked at by the caller. */
static int datetime_sum(int64_t *ms, cpm_str in, const cpmi_datetime *at, cpm_diag *diag) {
  const unsigned char *const start = (const unsigned char *)in.p;
  const cpmi_civil date = { (int64_t)datetime_digits(start, 4), datetime_digits(start + 5, 2), datetime_digits(start + 8, 2) };
  const unsigned hour = datetime_digits(at->hour, 2), minute = datetime_digits(at->hour + 3, 2);
  const unsigned second = at->second ? datetime_digits(at->second, 2) : 0;
  if (date.month < 1 || date.month > 12) return datetime_out_of_range(5, "date-month", diag);
  if (date.day < 1 || date.day > cpmi_days_in_month(date.year, date.month)) return datetime_out_of_range(8, "date-mday", diag);
  if (hour > 23) return datetime_out_of_range(11, "time-hour", diag);
  if (minute > 59) return datetime_out_of_range(14, "time-minute", diag);
  if (second > 60) return datetime_out_of_range(17, "time-second", diag);
  *ms = cpmi_days_of(date) * DATETIME_MS_A_DAY + (int64_t)(hour * 3600 + minute * 60 + second) * 1000 + datetime_fraction(at);
  return CPM_OK;
}

/* Leap seconds stand at the end of a month, UTC (RFC 3339 5.7): the second after one begins a month. */
static bool datetime_begins_month(int64_t ms) {
  const int64_t day = (ms - (ms < 0 ? DATETIME_MS_A_DAY - 1 : 0)) / DATETIME_MS_A_DAY;
  return ms - day * DATETIME_MS_A_DAY < 1000 && cpmi_civil_of(day).day == 1;
}

int cpm_datetime_decode(int64_t *unix_ms, cpm_str in, const cpm_opts *opts, uint64_t *quirks, cpm_diag *diag) {
  cpmi_datetime at = { NULL, NULL, NULL, NULL, NULL, NULL };
  bool ok = false;
  int east = 0, rc;
  int64_t ms = 0;
  if (quirks) *quirks = 0;
  if (!in.n) return cpmi_fail(diag, CPM_E_TRUNCATED, 0, "date-time", "RFC 3339 5.6");
  const size_t stop = cpmi_datetime_parse(&at, in, &ok);
  if (!ok) return cpmi_fail(diag, stop == in.n ? CPM_E_TRUNCATED : CPM_E_SYNTAX, stop, "date-time", "RFC 3339 5.6");
  if ((rc = datetime_sum(&ms, in, &at, diag)) != CPM_OK) return rc;
  if ((in.p[10] == ' ' || !at.second) &&
      (rc = cpmi_quirk(quirks, CPM_QUIRK(DATETIME_FORM), opts, in.p[10] == ' ' ? 10 : 16, "date-time", diag)) != CPM_OK) return rc;
  if ((rc = datetime_zone(&east, in, &at, opts, quirks, diag)) != CPM_OK) return rc;
  ms -= (int64_t)east * 60000;
  if (at.second && at.second[0] == '6' && !datetime_begins_month(ms)) return datetime_out_of_range(17, "time-second", diag);
  *unix_ms = ms;
  return CPM_OK;
}

/* ---- writing ---------------------------------------------------------------------------------------------------- */

int cpm_datetime_encode(char *dst, size_t cap, size_t *len, int64_t unix_ms, cpm_diag *diag) {
  if (unix_ms < DATETIME_FIRST_MS || unix_ms > DATETIME_LAST_MS) return cpmi_fail(diag, CPM_E_RANGE, 0, "date-fullyear", "RFC 3339 5.6");
  const int64_t days = (unix_ms - (unix_ms < 0 ? DATETIME_MS_A_DAY - 1 : 0)) / DATETIME_MS_A_DAY;
  const uint64_t ms = (uint64_t)(unix_ms - days * DATETIME_MS_A_DAY);
  const cpmi_civil date = cpmi_civil_of(days);
  cpmi_out o = cpmi_out_to(dst, cap, 0);
  cpmi_put_digits(&o, (uint64_t)date.year, 4);
  cpmi_put_char(&o, '-');
  cpmi_put_digits(&o, date.month, 2);
  cpmi_put_char(&o, '-');
  cpmi_put_digits(&o, date.day, 2);
  cpmi_put_char(&o, 'T');
  cpmi_put_digits(&o, ms / 3600000, 2);
  cpmi_put_char(&o, ':');
  cpmi_put_digits(&o, ms / 60000 % 60, 2);
  cpmi_put_char(&o, ':');
  cpmi_put_digits(&o, ms / 1000 % 60, 2);
  cpmi_put_char(&o, '.');
  cpmi_put_digits(&o, ms % 1000, 3);
  cpmi_put_char(&o, 'Z');
  return cpmi_out_end(&o, len, diag);
}
