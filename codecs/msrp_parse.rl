/* SPDX-License-Identifier: MIT */
/* msrp_parse.rl - C host of grammars/msrp.rl: first line, header line. */
#include "msrp.h"
#include "straight.h"
#include <string.h>

typedef struct msrp_marks { cpmi_msrp_start start; cpmi_msrp_line line; } msrp_marks;

%%{
  machine cpm_msrp;
  alphtype unsigned char;
  getkey ((unsigned char)*p);

  action id_b      { m->start.id_b = p; }
  action id_e      { m->start.id_e = p; }
  action method_b  { m->start.method_b = p; }
  action method_e  { m->start.method_e = p; }
  action code_b    { m->start.code_b = p; }
  action code_e    { m->start.code_e = p; }
  action comment_b { m->start.comment_b = p; }
  action comment_e { m->start.comment_e = p; }
  action on_gap    { m->start.gap = true; }
  action name_b    { m->line.name_b = p; }
  action name_e    { m->line.name_e = p; }
  action value_b   { m->line.value_b = p; }

  include msrp "msrp.rl";
  of_start := req_start | resp_start;
  of_line  := ext_header;
  write data noerror;
}%%

static const char *msrp_parse(msrp_marks *m, int entry, cpm_str in) {
  const char *p = in.p, *const pe = p + in.n, *const eof = pe;
  int cs = entry;
  %% write exec;
  return cs >= cpm_msrp_first_final ? NULL : p;
}

/* Behind three digits and perhaps SP and a comment of SP and VCHAR, up to CRLF or pe; NULL if something else stands there. */
static const char *msrp_start_status(cpmi_msrp_start *out, const char *p, const char *pe) {
  if (pe - p < 3 || !cpmi_in(p[0], CPMI_DIGIT) || !cpmi_in(p[1], CPMI_DIGIT) || !cpmi_in(p[2], CPMI_DIGIT)) return NULL;
  out->code_b = p;
  out->code_e = p += 3;
  if (p == pe || *p != ' ') return p;
  out->comment_b = p + 1;
  out->comment_e = p += 1 + cpmi_find_plain_end(p + 1, (size_t)(pe - p) - 1);
  return out->comment_e > out->comment_b ? p : NULL;
}

/* "MSRP" SP id SP method, or status and comment; an id of letters, digits and "-". */
const char *cpmi_msrp_start_straight(cpmi_msrp_start *out, const char *p, const char *pe) {
  const cpmi_msrp_start none = { 0 };
  if (!CPMI_STRAIGHT || pe - p < (int)(sizeof "MSRP abcd A" - 1) || memcmp(p, "MSRP ", 5) != 0) return NULL;
  const char *const id = p + 5, *const id_e = cpmi_run(id, pe, CPMI_LABEL);
  if (id_e - id < (int)CPM_MSRP_ID_MIN || id_e - id > (int)CPM_MSRP_ID_MAX || *id == '-' || pe - id_e < 2 || *id_e != ' ') return NULL;
  *out = none;
  out->id_b = id;
  out->id_e = id_e;
  p = id_e + 1;
  if (*p < 'A' || *p > 'Z') return msrp_start_status(out, p, pe);
  out->method_b = p;
  while (p < pe && *p >= 'A' && *p <= 'Z') p++;
  return out->method_e = p;
}

const char *cpmi_msrp_start_parse(cpmi_msrp_start *out, cpm_str in) {
  if (in.p && cpmi_msrp_start_straight(out, in.p, in.p + in.n) == in.p + in.n) return NULL;
  msrp_marks m = { 0 };
  const char *const stop = msrp_parse(&m, cpm_msrp_en_of_start, in);
  *out = m.start;
  return stop;
}

const char *cpmi_msrp_line_parse(cpmi_msrp_line *out, cpm_str in) {
  msrp_marks m = { 0 };
  const char *const stop = msrp_parse(&m, cpm_msrp_en_of_line, in);
  *out = m.line;
  return stop;
}
