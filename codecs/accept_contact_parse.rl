/* SPDX-License-Identifier: MIT */
/* accept_contact_parse.rl - C host of grammars/accept_contact.rl. */
#include "fields.h"
#include "straight.h"
#include "value_internal.h"

#define ACCEPT_CONTACT_CLAUSE "RFC 3841 9.2"

typedef struct accept_contact_marks { const char *params_b, *params_e; } accept_contact_marks;

%%{
  machine cpm_accept_contact;
  alphtype unsigned char;
  getkey ((unsigned char)*p);

  action on_semi  { if (!m->params_b) m->params_b = p; }
  action params_e { m->params_e = p; }

  include accept_contact "accept_contact.rl";
  main := accept_contact;
  write data noerror noentry;
}%%

static const char *accept_contact_parse(accept_contact_marks *m, cpm_str in) {
  const char *p = in.p, *const pe = p + in.n, *const eof = pe;
  int cs;
  %% write init;
  %% write exec;
  return cs >= cpm_accept_contact_first_final ? NULL : p;
}

/* Flags, and misprints in g.3gpp.icsi-ref, whose place is *misprint (counted from params). */
static void accept_contact_walk(cpm_accept_contact *a, size_t *misprint) {
  cpm_param param;
  for (cpm_str rest = a->params; cpm_param_next(&rest, &param, NULL) == CPM_OK;) {
    uint64_t quirks = 0;
    if (cpm_str_ieq(param.name, cpm_str_z("require"))) a->require = true;
    if (cpm_str_ieq(param.name, cpm_str_z("explicit"))) a->explicit_ = true;
    cpmi_icsi_look(&param, &quirks);
    if (quirks && !(a->quirks & quirks)) *misprint = (size_t)(param.name.p - a->params.p);
    a->quirks |= quirks;
  }
}

/* "*" and straight parameters, none of them misprinted. */
static const char *accept_contact_straight(cpm_accept_contact *a, cpm_str in) {
  static const cpm_accept_contact none;
  if (!in.n || *in.p != '*') return NULL;
  const char *const b = in.p + 1, *const pe = in.p + in.n, *p = b;
  *a = none;
  while (p < pe && *p == ';') {
    cpm_param param;
    uint64_t quirks = 0;
    if ((p = cpmi_straight_param(&param, p, pe)) == NULL) return NULL;
    if (CPMI_IS(param.name.p, param.name.n, "require")) a->require = true;
    else if (CPMI_IS(param.name.p, param.name.n, "explicit")) a->explicit_ = true;
    else cpmi_icsi_look(&param, &quirks);
    if (quirks) return NULL;
  }
  if (p > b) a->params = cpm_str_of(b, (size_t)(p - b));
  return p;
}

int cpm_accept_contact_next(cpm_str *rest, cpm_accept_contact *out, const cpm_opts *opts, cpm_diag *diag) {
  accept_contact_marks m = { 0 };
  static const cpm_accept_contact none;
  cpm_accept_contact a;
  cpm_str whole, element;
  size_t misprint = 0;
  if (rest->n == 0) return CPM_END;
  if (CPMI_STRAIGHT && cpmi_straight_took(rest, accept_contact_straight(&a, *rest))) {
    *out = a;
    return CPM_OK;
  }
  a = none;
  int rc = cpmi_element_next(rest, &whole, &element, &a.quirks, opts, diag);
  if (rc) return rc;
  const char *const stop = accept_contact_parse(&m, element);
  if (stop) return cpmi_refuse(diag, (size_t)(stop - whole.p), whole, "ac-value", ACCEPT_CONTACT_CLAUSE);
  a.params = cpmi_between(m.params_b, m.params_e);
  accept_contact_walk(&a, &misprint);
  if (a.quirks & CPM_QUIRK(SIP_ICSI)) {
    misprint += (size_t)(a.params.p - whole.p);
    if ((rc = cpmi_quirk(&a.quirks, CPM_QUIRK(SIP_ICSI), opts, misprint, "+g.3gpp.icsi-ref", diag)) != CPM_OK) return rc;
  }
  *out = a;
  return CPM_OK;
}

/* ---- writing ---------------------------------------------------------------------------------------------------- */

/* A plain URN without misprints: characters of a token, and ":", which alone is coded (TS 24.229 7.2A.8.2). */
static int accept_contact_check(cpm_str icsi, cpm_diag *diag) {
  uint64_t misprints = 0;
  const int rc = cpmi_check_clean(icsi, "tag-value", diag);
  if (rc) return rc;
  for (size_t i = 0; i < icsi.n; i++) {
    const char c = icsi.p[i];
    const bool fits = c == ':' || (c != '%' && c != '!' && c != '\'' && cpmi_is_token(cpm_str_of(&c, 1)));
    if (!fits) return cpmi_fail(diag, CPM_E_VALUE, i, "tag-value", "RFC 3840 9");
  }
  (void)cpm_icsi_of(icsi, &misprints);
  return icsi.n && !misprints ? CPM_OK : cpmi_fail(diag, CPM_E_VALUE, 0, "tag-value", "RFC 3840 9");
}

int cpm_accept_contact_encode(char *dst, size_t cap, size_t *len, const cpm_str *icsi, size_t nicsi, bool require, bool explicit_,
                              cpm_diag *diag) {
  for (size_t i = 0; i < nicsi; i++) {
    const int rc = accept_contact_check(icsi[i], diag);
    if (rc) return rc;
  }
  cpmi_out o = cpmi_out_to(dst, cap, 0);
  cpmi_put_char(&o, '*');
  for (size_t i = 0; i < nicsi; i++) {
    cpmi_put_z(&o, i ? "," : ";+g.3gpp.icsi-ref=\"");
    cpmi_put_icsi(&o, icsi[i]);
  }
  if (nicsi) cpmi_put_char(&o, '"');
  if (require) cpmi_put_z(&o, ";require");
  if (explicit_) cpmi_put_z(&o, ";explicit");
  return cpmi_out_end(&o, len, diag);
}

/* Parameters that the reader takes without a quirk. */
static int accept_contact_check_params(cpm_str params, cpm_diag *diag) {
  cpm_param param;
  uint64_t quirks = 0;
  const int rc = cpmi_check_params(params, ACCEPT_CONTACT_CLAUSE, diag);
  if (rc) return rc;
  for (cpm_str rest = params; cpm_param_next(&rest, &param, NULL) == CPM_OK;) {
    cpmi_icsi_look(&param, &quirks);
    if (quirks) return cpmi_fail(diag, CPM_E_VALUE, (size_t)(param.name.p - params.p), "+g.3gpp.icsi-ref", ACCEPT_CONTACT_CLAUSE);
  }
  return CPM_OK;
}

int cpm_caller_preference_encode(char *dst, size_t cap, size_t *len, const cpm_accept_contact *in, cpm_diag *diag) {
  static const cpm_str members[] = { CPM_STR("require"), CPM_STR("explicit"), { NULL, 0 } };
  const int rc = accept_contact_check_params(in->params, diag);
  if (rc) return rc;
  cpmi_out o = cpmi_out_to(dst, cap, 0);
  cpmi_put_char(&o, '*');
  cpmi_put_others(&o, in->params, members, sizeof members / sizeof *members - 1);
  if (in->require) cpmi_put_z(&o, ";require");
  if (in->explicit_) cpmi_put_z(&o, ";explicit");
  return cpmi_out_end(&o, len, diag);
}
