/* SPDX-License-Identifier: MIT */
/* route.c - Route, Record-Route, Path, Service-Route and History-Info. */
#include "route_parse.h"
#include "straight.h"
#include <string.h>

#define ROUTE_CLAUSE "RFC 3261 25.1"
#define ROUTE_HISTORY_CLAUSE "RFC 7044 5"

/* ---- reading --------------------------------------------------------------------------------------------------------- */

bool cpmi_route_straight(cpm_address *a, cpmi_named *named, cpm_str *rest) {
  static const cpm_address none;
  const char *const pe = rest->p + rest->n, *p = rest->n ? cpmi_straight_name_addr(a, rest->p, pe) : NULL;
  if (p) p = cpmi_named_straight(named, p, pe);
  if (cpmi_straight_took(rest, p)) {
    a->params = cpmi_named_params(named);
    return true;
  }
  *a = none;
  cpmi_named_again(named);
  return false;
}

/* By the machine: the address and its named parameters. */
static int route_read(cpm_address *a, cpmi_named *named, cpm_str *rest, const char *clause, const cpm_opts *opts, cpm_diag *diag) {
  cpmi_route_marks m = { 0 };
  cpmi_list l;
  m.named = *named;
  int rc = cpmi_list_begin(&l, rest, opts, diag);
  if (rc) return rc;
  const char *const stop = cpmi_route_parse(&m, l.in);
  if ((rc = cpmi_list_end(&l, rest, stop, m.comma, "name-addr", clause, opts, diag)) != CPM_OK) return rc;
  cpmi_named_close(&m.named);
  cpmi_address_of_marks(a, &m.address);
  a->params = cpmi_named_params(&m.named);
  return cpmi_named_check(&m.named, l.whole.p, diag);
}

static int route_element(cpm_address *a, cpmi_named *named, cpm_str *rest, const char *clause, const cpm_opts *opts, cpm_diag *diag) {
  if (CPMI_STRAIGHT && cpmi_route_straight(a, named, rest)) return CPM_OK;
  return route_read(a, named, rest, clause, opts, diag);
}

/* "lr" among the parameters of a SIP URI: behind "@", for a user may hold ";" too, and before the headers. */
static bool route_is_loose(cpm_str uri) {
  static const cpm_str sip = CPM_STR("sip:"), sips = CPM_STR("sips:");
  const char *const end = uri.p + uri.n, *const at = memchr(uri.p, '@', uri.n);
  if (uri.n < 5 || (!cpm_str_ieq(cpm_str_of(uri.p, 4), sip) && !cpm_str_ieq(cpm_str_of(uri.p, 5), sips))) return false;
  for (const char *p = at ? at : uri.p; p < end && *p != '?'; p++)
    if (*p == ';' && end - p > 2 && (p[1] | 0x20) == 'l' && (p[2] | 0x20) == 'r' && (end - p == 3 || strchr(";=?", p[3]))) return true;
  return false;
}

int cpm_route_next(cpm_str *rest, cpm_route *out, const cpm_opts *opts, cpm_diag *diag) {
  static const cpm_str names[] = { { NULL, 0 } };
  cpmi_named named;
  cpmi_named_start(&named, names, NULL, 0);
  cpm_address a = { 0 };
  const int rc = route_element(&a, &named, rest, ROUTE_CLAUSE, opts, diag);
  if (rc) return rc;
  out->display = a.display;
  out->display_quoted = a.display_quoted;
  out->uri = a.uri;
  out->lr = route_is_loose(a.uri);
  out->params = a.params;
  return CPM_OK;
}

/* ---- writing --------------------------------------------------------------------------------------------------------- */

static cpm_address route_address(cpm_str display, bool quoted, cpm_str uri) {
  cpm_address a = { 0 };
  a.bracketed = true;
  a.display = display;
  a.display_quoted = quoted;
  a.uri = uri;
  return a;
}

int cpm_route_encode(char *dst, size_t cap, size_t *len, const cpm_route *in, cpm_diag *diag) {
  const cpm_address a = route_address(in->display, in->display_quoted, in->uri);
  size_t n = 0;
  int rc = cpm_address_encode(NULL, 0, &n, &a, diag);
  if (!rc) rc = cpmi_check_params(in->params, ROUTE_CLAUSE, diag);
  if (rc) return rc;
  (void)cpm_address_encode(dst, cap, &n, &a, NULL);
  cpmi_out o = cpmi_out_to(dst, cap, n);
  cpmi_put_piece(&o, in->params);
  return cpmi_out_end(&o, len, diag);
}

/* ---- History-Info ---------------------------------------------------------------------------------------------------- */

enum { ROUTE_INDEX, ROUTE_RC, ROUTE_MP, ROUTE_NP, ROUTE_NAMES };
static const cpm_str route_history_names[] = { CPM_STR("index"), CPM_STR("rc"), CPM_STR("mp"), CPM_STR("np"), { NULL, 0 } };

/* index-val = number *("." number) */
static bool route_is_index(cpm_str s) {
  bool digit = false;
  for (size_t i = 0; i < s.n; i++) {
    if (s.p[i] == '.' ? !digit : s.p[i] < '0' || s.p[i] > '9') return false;
    digit = s.p[i] != '.';
  }
  return digit;
}

static int route_index(cpm_str *out, const cpm_param *param, const char *base, cpm_diag *diag) {
  if (!param->name.p) return CPM_OK;
  if (param->quoted || !route_is_index(param->value))
    return cpmi_fail(diag, CPM_E_SYNTAX, cpmi_param_at(param, base), "index-val", ROUTE_HISTORY_CLAUSE);
  *out = param->value;
  return CPM_OK;
}

static int route_target(cpm_history_info *h, const cpm_param *got, const char *base, cpm_diag *diag) {
  for (unsigned i = ROUTE_RC; i <= ROUTE_NP; i++) {
    if (!got[i].name.p) continue;
    if (h->target)
      return cpmi_fail(diag, CPM_E_MISMATCH, (size_t)(got[i].name.p - base), "hi-target-param", ROUTE_HISTORY_CLAUSE);
    h->target = (cpm_hi_target)(CPM_HI_RC + (i - ROUTE_RC));
    const int rc = route_index(&h->target_index, &got[i], base, diag);
    if (rc) return rc;
  }
  return CPM_OK;
}

int cpm_history_info_next(cpm_str *rest, cpm_history_info *out, const cpm_opts *opts, cpm_diag *diag) {
  cpm_param got[ROUTE_NAMES];
  cpmi_named named;
  cpmi_named_start(&named, route_history_names, got, ROUTE_NAMES);
  cpm_history_info h = { 0 };
  cpm_address a = { 0 };
  const char *const base = rest->p;
  int rc = route_element(&a, &named, rest, ROUTE_HISTORY_CLAUSE, opts, diag);
  if (!rc) rc = route_index(&h.index, &got[ROUTE_INDEX], base, diag);
  if (!rc) rc = route_target(&h, got, base, diag);
  if (rc) return rc;
  h.display = a.display;
  h.display_quoted = a.display_quoted;
  h.uri = a.uri;
  h.params = a.params;
  *out = h;
  return CPM_OK;
}

static int route_check_history(const cpm_history_info *in, cpm_diag *diag) {
  const bool targeted = in->target != CPM_HI_NONE;
  int rc = cpmi_check_clean(in->index, "index-val", diag);
  if (!rc) rc = cpmi_check_clean(in->target_index, "index-val", diag);
  if (!rc) rc = cpmi_check_params(in->params, ROUTE_HISTORY_CLAUSE, diag);
  if (rc) return rc;
  if (!route_is_index(in->index) || (targeted && !route_is_index(in->target_index)))
    return cpmi_fail(diag, CPM_E_VALUE, 0, "index-val", ROUTE_HISTORY_CLAUSE);
  return (unsigned)in->target <= CPM_HI_NP ? CPM_OK : cpmi_fail(diag, CPM_E_VALUE, 0, "hi-target-param", ROUTE_HISTORY_CLAUSE);
}

int cpm_history_info_encode(char *dst, size_t cap, size_t *len, const cpm_history_info *in, cpm_diag *diag) {
  const cpm_address a = route_address(in->display, in->display_quoted, in->uri);
  size_t n = 0;
  int rc = cpm_address_encode(NULL, 0, &n, &a, diag);
  if (!rc) rc = route_check_history(in, diag);
  if (rc) return rc;
  (void)cpm_address_encode(dst, cap, &n, &a, NULL);
  cpmi_out o = cpmi_out_to(dst, cap, n);
  cpmi_put_param(&o, "index", in->index);
  if (in->target) cpmi_put_param(&o, route_history_names[ROUTE_RC + (in->target - CPM_HI_RC)].p, in->target_index);
  cpmi_put_others(&o, in->params, route_history_names, ROUTE_NAMES);
  return cpmi_out_end(&o, len, diag);
}
