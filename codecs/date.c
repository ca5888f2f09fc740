/* SPDX-License-Identifier: MIT */
/* date.c - SIP-date. */
#include "date_parse.h"
#include "datetime.h"
#include "straight.h"
#include "value_internal.h"

#define DATE_CLAUSE "RFC 1123 5.2.14"
#define DATE_DAY_MS  INT64_C(86400000)
/* 0000-01-01 00:00:00 and 9999-12-31 23:59:59.999: what four digits of a year can say. */
#define DATE_FIRST_MS (INT64_C(-719528) * DATE_DAY_MS)
#define DATE_LAST_MS  (INT64_C(2932897) * DATE_DAY_MS - 1)

static const char date_wkdays[] = "SunMonTueWedThuFriSat", date_months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

/* Place of a three-letter name in a list of them, from 0; the machine has taken care that it is there. */
static unsigned date_name(const char *list, const char *name) {
  enum { DATE_CASE = 0x20 };   /* the bit that letters of either case differ in */
  unsigned i = 0;
  while (((list[0] ^ name[0]) | (list[1] ^ name[1]) | (list[2] ^ name[2])) & ~DATE_CASE) list += 3, i++;
  return i;
}

static cpm_str date_name_at(const char *list, size_t place) { return cpm_str_of(list + 3 * place, 3); }

static unsigned date_digits(const char *p, size_t n) {
  unsigned v = 0;
  for (size_t i = 0; i < n; i++) v = v * 10 + (unsigned)(p[i] - '0');
  return v;
}

static int64_t date_day_of(int64_t ms) { return (ms - (ms < 0 ? DATE_DAY_MS - 1 : 0)) / DATE_DAY_MS; }

/* 0: Sunday. 1970-01-01 was a Thursday. */
static unsigned date_wkday_of(int64_t day) { return (unsigned)(((day % 7) + 11) % 7); }

static int date_wrong(int code, const char *at, cpm_str in, const char *rule, cpm_diag *diag) {
  return cpmi_fail(diag, code, (size_t)(at - in.p), rule, DATE_CLAUSE);
}

static int date_days(int64_t *days, const cpmi_date_marks *m, cpm_str in, cpm_diag *diag) {
  cpmi_civil date;
  date.year = (int64_t)date_digits(m->year_b, 4);
  date.month = date_name(date_months, m->month_b) + 1;
  date.day = date_digits(m->day_b, (size_t)(m->day_e - m->day_b));
  if (date.day < 1 || date.day > cpmi_days_in_month(date.year, date.month))
    return date_wrong(CPM_E_VALUE, m->day_b, in, "date1", diag);
  *days = cpmi_days_of(date);
  if (m->wkday_b && date_name(date_wkdays, m->wkday_b) != date_wkday_of(*days))
    return date_wrong(CPM_E_MISMATCH, m->wkday_b, in, "wkday", diag);
  return CPM_OK;
}

static int date_seconds(int64_t *seconds, const cpmi_date_marks *m, cpm_str in, cpm_diag *diag) {
  const unsigned hour = date_digits(m->time_b, 2), minute = date_digits(m->time_b + 3, 2);
  const unsigned second = m->second_b ? date_digits(m->second_b, 2) : 0;
  if (hour > 23 || minute > 59 || second > 59) return date_wrong(CPM_E_VALUE, m->time_b, in, "time", diag);
  *seconds = (int64_t)hour * 3600 + (int64_t)minute * 60 + (int64_t)second;
  return CPM_OK;
}

/* Seconds east of Greenwich; *east is 0 before. */
static int date_zone(int64_t *east, const cpmi_date_marks *m, cpm_str in, cpm_diag *diag) {
  if (m->zone_b[0] != '+' && m->zone_b[0] != '-') return CPM_OK;
  const unsigned hour = date_digits(m->zone_b + 1, 2), minute = date_digits(m->zone_b + 3, 2);
  if (hour > 23 || minute > 59) return date_wrong(CPM_E_VALUE, m->zone_b, in, "zone", diag);
  *east = ((int64_t)hour * 3600 + (int64_t)minute * 60) * (m->zone_b[0] == '-' ? -1 : 1);
  return CPM_OK;
}

static bool date_is_name(const char *list, const char *name) {
  for (; *list; list += 3)
    if (list[0] == name[0] && list[1] == name[1] && list[2] == name[2]) return true;
  return false;
}

enum { DATE_ZONE = sizeof "Mon, 15 May 2006 15:01:31 " - 1 };

/* Does every octet up to the zone have its place? Eight at a time: what is left of an octet when its place in the form is taken off by
 * xor comes up to 0x80 by what is added here, if it is more than 9 where a digit should be, and anything at all elsewhere. Names may
 * be any ASCII. */
static bool date_is_form(const char *p) {
#define N "\x00\x00\x00"
#define D "\x76"
#define L "\x7f"
  static const char form[] = N ", 00 " N " 0000 00:00:00 ", up[] = N L L D D L N L D D D D L D D L D D L D D L;
#undef N
#undef D
#undef L
  static const unsigned char at[] = { 0, 8, 16, DATE_ZONE - 8 };
  uint64_t octets, places, more, wrong = 0;
  for (size_t i = 0; i < sizeof at; i++) {
    memcpy(&octets, p + at[i], 8), memcpy(&places, form + at[i], 8), memcpy(&more, up + at[i], 8);
    wrong |= (octets ^ places) | ((octets ^ places) + more);
  }
  return !(wrong & UINT64_C(0x8080808080808080));
}

/* "Mon, 15 May 2006 15:01:31 " and "GMT" or "+0300". */
static bool date_straight(cpmi_date_marks *m, cpm_str in) {
  const char *const p = in.p;
  const bool gmt = in.n == DATE_ZONE + 3;
  if (!CPMI_STRAIGHT || (!gmt && in.n != DATE_ZONE + 5)) return false;
  if (!date_is_form(p)) return false;
  if (gmt ? memcmp(p + DATE_ZONE, "GMT", 3) != 0 : p[DATE_ZONE] != '+' && p[DATE_ZONE] != '-') return false;
  for (size_t i = DATE_ZONE + 1; !gmt && i < in.n; i++)
    if (!cpmi_in(p[i], CPMI_DIGIT)) return false;
  if (!date_is_name(date_wkdays, p) || !date_is_name(date_months, p + 8)) return false;
  m->wkday_b = p, m->wkday_e = p + 3;
  m->day_b = p + 5, m->day_e = p + 7;
  m->month_b = p + 8;
  m->year_b = p + 12;
  m->time_b = p + 17;
  m->second_b = p + 23;
  m->zone_b = p + DATE_ZONE, m->zone_e = p + in.n;
  m->loose = !gmt;
  return true;
}

/* Marks are cleared for the machine alone. */
static const char *date_parse(cpmi_date_marks *m, cpm_str in) {
  if (date_straight(m, in)) return NULL;
  memset(m, 0, sizeof *m);
  return cpmi_date_parse(m, in);
}

int cpm_date_decode(int64_t *unix_ms, cpm_str in, const cpm_opts *opts, uint64_t *quirks, cpm_diag *diag) {
  cpmi_date_marks m;
  int64_t days = 0, seconds = 0, east = 0;
  int rc;
  if (quirks) *quirks = 0;
  in = cpmi_present(in);
  const char *const stop = date_parse(&m, in);
  if (stop) return cpmi_refuse(diag, (size_t)(stop - in.p), in, "SIP-date", "RFC 3261 25.1");
  if ((rc = date_days(&days, &m, in, diag)) != CPM_OK) return rc;
  if ((rc = date_seconds(&seconds, &m, in, diag)) != CPM_OK) return rc;
  if ((rc = date_zone(&east, &m, in, diag)) != CPM_OK) return rc;
  if (m.loose || !m.wkday_b || !m.second_b)
    if ((rc = cpmi_quirk(quirks, CPM_QUIRK(SIP_DATE), opts, 0, "SIP-date", diag)) != CPM_OK) return rc;
  *unix_ms = days * DATE_DAY_MS + (seconds - east) * 1000;
  return CPM_OK;
}

int cpm_date_encode(char *dst, size_t cap, size_t *len, int64_t unix_ms, cpm_diag *diag) {
  if (unix_ms < DATE_FIRST_MS || unix_ms > DATE_LAST_MS) return cpmi_fail(diag, CPM_E_VALUE, 0, "date1", DATE_CLAUSE);
  const int64_t day = date_day_of(unix_ms);
  const uint64_t second = (uint64_t)(unix_ms - day * DATE_DAY_MS) / 1000;
  const cpmi_civil date = cpmi_civil_of(day);
  cpmi_out o = cpmi_out_to(dst, cap, 0);
  cpmi_put(&o, date_name_at(date_wkdays, date_wkday_of(day)));
  cpmi_put_z(&o, ", ");
  cpmi_put_digits(&o, date.day, 2);
  cpmi_put_char(&o, ' ');
  cpmi_put(&o, date_name_at(date_months, date.month - 1));
  cpmi_put_char(&o, ' ');
  cpmi_put_digits(&o, (uint64_t)date.year, 4);
  cpmi_put_char(&o, ' ');
  cpmi_put_digits(&o, second / 3600, 2);
  cpmi_put_char(&o, ':');
  cpmi_put_digits(&o, second / 60 % 60, 2);
  cpmi_put_char(&o, ':');
  cpmi_put_digits(&o, second % 60, 2);
  cpmi_put_z(&o, " GMT");
  return cpmi_out_end(&o, len, diag);
}
