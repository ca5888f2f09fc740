/* SPDX-License-Identifier: MIT */
/* msrp_auth_parse.rl - C host of grammars/msrp_auth.rl, and the walk over its parameters. */
#include "msrp.h"

typedef struct msrp_auth_marks { const char *scheme_b, *scheme_e, *params_b, *name_b, *name_e, *value_b, *value_e; bool quoted; } msrp_auth_marks;

%%{
  machine cpm_msrp_auth;
  alphtype unsigned char;
  getkey ((unsigned char)*p);

  action scheme_b  { m->scheme_b = p; }
  action scheme_e  { m->scheme_e = p; }
  action params_b  { m->params_b = p; }
  action name_b    { m->name_b = p; }
  action name_e    { m->name_e = p; }
  action value_b   { m->value_b = p; }
  action value_e   { m->value_e = p; }
  action on_quoted { m->quoted = true; }

  include msrp_auth "msrp_auth.rl";
  of_challenge := challenge | auth_list >params_b;
  of_param     := WSP* auth_param WSP*;
  write data noerror;
}%%

static const char *msrp_auth_parse(msrp_auth_marks *m, int entry, cpm_str in) {
  const char *p = in.p, *const pe = p + in.n, *const eof = pe;
  int cs = entry;
  %% write exec;
  return cs >= cpm_msrp_auth_first_final ? NULL : p;
}

int cpm_msrp_auth_next(cpm_str *rest, cpm_param *out) {
  const cpm_str whole = *rest;
  if (whole.n == 0) return CPM_END;
  const size_t end = cpmi_scan(whole, 0, ',');
  *rest = end < whole.n ? cpmi_behind(whole, end + 1) : cpmi_behind(whole, end);
  msrp_auth_marks m = { 0 };
  if (msrp_auth_parse(&m, cpm_msrp_auth_en_of_param, cpm_str_of(whole.p, end))) return CPM_E_SYNTAX;
  out->name = cpmi_between(m.name_b, m.name_e);
  out->value = cpmi_between(m.value_b, m.value_e);
  out->quoted = m.quoted;
  return CPM_OK;
}

bool cpm_msrp_auth_find(cpm_str params, const char *name, cpm_param *out) {
  cpm_param at;
  while (cpm_msrp_auth_next(&params, &at) == CPM_OK) {
    if (!cpm_str_ieq(at.name, cpm_str_z(name))) continue;
    if (out) *out = at;
    return true;
  }
  return false;
}

/* Parameters of Digest that code acts on: two of them would be read in two ways. */
static int msrp_auth_check_once(cpm_str params, size_t at, cpm_diag *diag) {
  static const char *const names[] = { "realm", "nonce", "opaque", "stale", "algorithm", "qop", "username", "response", "cnonce", "nc",
                                       "nextnonce", "rspauth", "uri" };
  enum { MSRP_AUTH_NAMES = sizeof names / sizeof *names };
  unsigned seen = 0;
  cpm_param param;
  for (cpm_str rest = params; cpm_msrp_auth_next(&rest, &param) == CPM_OK;)
    for (unsigned i = 0; i < MSRP_AUTH_NAMES; i++) {
      if (!cpm_str_ieq(param.name, cpm_str_z(names[i]))) continue;
      if (seen & 1u << i) return cpmi_fail(diag, CPM_E_DUPLICATE, at + (size_t)(param.name.p - params.p), names[i], "RFC 4976 9");
      seen |= 1u << i;
    }
  return CPM_OK;
}

int cpm_msrp_auth_decode(cpm_msrp_auth *out, cpm_str in, cpm_diag *diag) {
  msrp_auth_marks m = { 0 };
  const cpm_msrp_auth none = { { 0 }, { 0 } };
  *out = none;
  in = cpmi_present(in);
  const char *const stop = msrp_auth_parse(&m, cpm_msrp_auth_en_of_challenge, in);
  if (stop) return cpmi_refuse(diag, (size_t)(stop - in.p), in, "digest-param", "RFC 4976 9");
  const cpm_str params = cpm_str_of(m.params_b, (size_t)(in.p + in.n - m.params_b));
  const int rc = msrp_auth_check_once(params, (size_t)(params.p - in.p), diag);
  if (rc) return rc;
  if (m.params_b != in.p) out->scheme = cpmi_between(m.scheme_b, m.scheme_e);
  out->params = params;
  return CPM_OK;
}
