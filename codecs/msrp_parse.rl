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

/* "MSRP" SP id SP method, an id of letters, digits and "-". */
static bool msrp_start_straight(cpmi_msrp_start *out, cpm_str in) {
  const cpmi_msrp_start none = { 0 };
  *out = none;
  if (!CPMI_STRAIGHT || in.n < sizeof "MSRP abcd A" - 1 || memcmp(in.p, "MSRP ", 5) != 0) return false;
  const char *const pe = in.p + in.n, *const id = in.p + 5, *const id_e = cpmi_run(id, pe, CPMI_LABEL), *p = id_e + 1;
  if (id_e - id < (int)CPM_MSRP_ID_MIN || id_e - id > (int)CPM_MSRP_ID_MAX || *id == '-' || pe - id_e < 2 || *id_e != ' ') return false;
  while (p < pe && *p >= 'A' && *p <= 'Z') p++;
  if (p < pe) return false;
  out->id_b = id;
  out->id_e = id_e;
  out->method_b = id_e + 1;
  out->method_e = pe;
  return true;
}

const char *cpmi_msrp_start_parse(cpmi_msrp_start *out, cpm_str in) {
  if (msrp_start_straight(out, in)) return NULL;
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
