/* SPDX-License-Identifier: MIT */
/* param_parse.rl - C host of grammars/param.rl, and the walk over a params slice. */
#include "straight.h"
#include "value_internal.h"

typedef struct param_marks { const char *name_b, *name_e, *value_b, *value_e; bool quoted; } param_marks;

%%{
  machine cpm_param;
  alphtype unsigned char;
  getkey ((unsigned char)*p);

  action name_b    { m->name_b = p; }
  action name_e    { m->name_e = p; }
  action value_b   { m->value_b = p; }
  action value_e   { m->value_e = p; }
  action on_quoted { m->quoted = true; }

  include param "param.rl";
  main := param SWS;
  write data noerror noentry;
}%%

/* Where it stopped; NULL if the whole of `in` is one parameter. */
static const char *param_parse(param_marks *m, cpm_str in) {
  const char *p = in.p, *const pe = p + in.n, *const eof = pe;
  int cs;
  %% write init;
  %% write exec;
  return cs >= cpm_param_first_final ? NULL : p;
}

/* One that another one or the end follows. */
static bool param_straight(cpm_str *rest, cpm_param *out) {
  cpm_param param;
  const char *const pe = rest->p + rest->n;
  const char *const p = *rest->p == ';' ? cpmi_straight_param(&param, rest->p, pe) : NULL;
  if (!p || (p < pe && *p != ';')) return false;
  *out = param;
  *rest = cpm_str_of(p, (size_t)(pe - p));
  return true;
}

int cpm_param_next(cpm_str *rest, cpm_param *out, cpm_diag *diag) {
  const cpm_str whole = *rest;
  if (whole.n == 0) return CPM_END;
  if (CPMI_STRAIGHT && param_straight(rest, out)) return CPM_OK;
  const size_t semi = cpmi_scan(whole, 0, ';');
  const size_t end = semi < whole.n ? cpmi_scan(whole, semi + 1, ';') : whole.n;
  *rest = cpmi_behind(whole, end);

  param_marks m = { 0 };
  const char *const stop = param_parse(&m, cpm_str_of(whole.p, end));
  if (stop) return cpmi_refuse(diag, (size_t)(stop - whole.p), whole, "generic-param", "RFC 3261 25.1");
  out->name = cpmi_between(m.name_b, m.name_e);
  out->value = cpmi_between(m.value_b, m.value_e);
  out->quoted = m.quoted;
  return CPM_OK;
}

bool cpm_param_find(cpm_str params, const char *name, cpm_param *out) {
  const cpm_str wanted = cpm_str_z(name);
  cpm_param at;
  while (cpm_param_next(&params, &at, NULL) == CPM_OK) {
    if (!cpm_str_ieq(at.name, wanted)) continue;
    if (out) *out = at;
    return true;
  }
  return false;
}
