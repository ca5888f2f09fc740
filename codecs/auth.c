/* SPDX-License-Identifier: MIT */
/* auth.c - challenges and credentials: their parameters by name, and their writers. */
#include "cpm/auth.h"
#include "auth_parse.h"
#include "value_internal.h"

#define AUTH_CLAUSE "RFC 3261 25.1"

/* ---- reading ------------------------------------------------------------------------------------------------------- */

int cpm_auth_param_next(cpm_str *rest, cpm_param *out, cpm_diag *diag) {
  const cpm_str whole = *rest;
  cpmi_auth_marks m = { 0 };
  if (whole.n == 0) return CPM_END;
  const size_t end = cpmi_scan(whole, 0, ',');
  *rest = cpmi_behind(whole, end < whole.n ? end + 1 : end);
  const char *const stop = cpmi_auth_parse(&m, CPMI_AUTH_PARAM, cpm_str_of(whole.p, end));
  if (stop) return cpmi_refuse(diag, (size_t)(stop - whole.p), whole, "auth-param", AUTH_CLAUSE);
  out->name = cpmi_between(m.name_b, m.name_e);
  out->value = cpmi_between(m.value_b, m.value_e);
  out->quoted = m.quoted;
  return CPM_OK;
}

bool cpm_auth_param_find(cpm_str params, const char *name, cpm_param *out) {
  const cpm_str wanted = cpm_str_z(name);
  cpm_param at;
  while (cpm_auth_param_next(&params, &at, NULL) == CPM_OK) {
    if (!cpm_str_ieq(at.name, wanted)) continue;
    if (out) *out = at;
    return true;
  }
  return false;
}

typedef enum auth_quotes { AUTH_ALWAYS, AUTH_NEVER, AUTH_CHALLENGE } auth_quotes;

static const struct { const char *name; auth_quotes quotes; } auth_digests[] = {
#define AUTH_ROW(member, name, quotes) { name, AUTH_##quotes },
  CPM_DIGESTS(AUTH_ROW)
#undef AUTH_ROW
};
enum { AUTH_DIGESTS = sizeof auth_digests / sizeof *auth_digests };

/* Which of the parameters of Digest this is; AUTH_DIGESTS if none. */
static unsigned auth_digest_of(cpm_str name) {
  unsigned i = 0;
  while (i < AUTH_DIGESTS && !cpm_str_ieq(name, cpm_str_z(auth_digests[i].name))) i++;
  return i;
}

/* Two of one name would be read in two ways. at: where params stands in the input. */
static int auth_check_once(cpm_str params, size_t at, cpm_diag *diag) {
  uint32_t seen = 0;
  cpm_param param;
  for (cpm_str rest = params; cpm_auth_param_next(&rest, &param, NULL) == CPM_OK;) {
    const unsigned i = auth_digest_of(param.name);
    if (i == AUTH_DIGESTS) continue;
    if (seen >> i & 1u)
      return cpmi_fail(diag, CPM_E_DUPLICATE, at + (size_t)(param.name.p - params.p), auth_digests[i].name, "RFC 7616 3.3");
    seen |= UINT32_C(1) << i;
  }
  return CPM_OK;
}

static int auth_read(cpm_auth *out, cpm_str in, cpmi_auth_rule rule, const char *name, cpm_diag *diag) {
  cpmi_auth_marks m = { 0 };
  in = cpmi_present(in);
  const char *const stop = cpmi_auth_parse(&m, rule, in);
  if (stop) return cpmi_refuse(diag, (size_t)(stop - in.p), in, name, AUTH_CLAUSE);
  const cpm_str params = cpmi_between(m.params_b, m.params_e);
  const int rc = auth_check_once(params, (size_t)(params.p - in.p), diag);
  if (rc) return rc;
  out->scheme = cpmi_between(m.scheme_b, m.scheme_e);
  out->params = params;
  return CPM_OK;
}

int cpm_auth_decode(cpm_auth *out, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  (void)opts;
  return auth_read(out, in, CPMI_AUTH_CHALLENGE, "challenge", diag);
}

int cpm_auth_info_decode(cpm_str *params, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  cpm_auth list;
  (void)opts;
  const int rc = auth_read(&list, in, CPMI_AUTH_LIST, "ainfo", diag);
  if (!rc) *params = list.params;
  return rc;
}

/* ---- Digest -------------------------------------------------------------------------------------------------------- */

static cpm_str *auth_member(cpm_digest *d, unsigned i) {
  cpm_str *const members[] = {
#define AUTH_MEMBER(member, name, quotes) &d->member,
    CPM_DIGESTS(AUTH_MEMBER)
#undef AUTH_MEMBER
  };
  return members[i];
}

/* nc-value = 8LHEX; upper-case digits are taken too. */
static bool auth_nonce_count(uint32_t *out, cpm_str nc) {
  uint32_t v = 0;
  for (size_t i = 0; i < nc.n; i++) {
    const int digit = cpmi_hex(nc.p[i]);
    if (digit < 0) return false;
    v = v << 4 | (uint32_t)digit;
  }
  *out = v;
  return nc.n == 8;
}

int cpm_digest_decode(cpm_digest *out, cpm_str params, const cpm_opts *opts, cpm_diag *diag) {
  cpm_digest d = { 0 };
  cpm_param param;
  (void)opts;
  int rc = cpm_auth_info_decode(&d.params, params, NULL, diag);
  if (rc) return rc;
  for (cpm_str rest = d.params; cpm_auth_param_next(&rest, &param, NULL) == CPM_OK;) {
    const unsigned i = auth_digest_of(param.name);
    if (i < AUTH_DIGESTS) *auth_member(&d, i) = param.value;
  }
  if (d.nc.p && !auth_nonce_count(&d.nonce_count, d.nc))
    return cpmi_fail(diag, CPM_E_VALUE, (size_t)(d.nc.p - params.p), "nc", "RFC 3261 25.1");
  d.is_stale = cpm_str_ieq(d.stale, cpm_str_of("true", 4));
  *out = d;
  return CPM_OK;
}

/* ---- writing ------------------------------------------------------------------------------------------------------- */

static void auth_put(cpmi_out *o, cpm_str name, cpm_str value, bool quoted, bool *first) {
  if (!*first) cpmi_put_z(o, ", ");
  *first = false;
  cpmi_put(o, name);
  cpmi_put_char(o, '=');
  if (quoted) cpmi_put_char(o, '"');
  cpmi_put_piece(o, value);
  if (quoted) cpmi_put_char(o, '"');
}

/* A list that was checked. `others`: without the parameters of Digest. */
static void auth_put_list(cpmi_out *o, cpm_str params, bool others, bool *first) {
  cpm_param param;
  while (cpm_auth_param_next(&params, &param, NULL) == CPM_OK)
    if (!others || auth_digest_of(param.name) == AUTH_DIGESTS)
      auth_put(o, param.name, param.value, param.quoted || !cpmi_is_token(param.value), first);
}

static int auth_check_list(cpm_str params, cpm_diag *diag) {
  cpmi_out counted = cpmi_out_to(NULL, 0, 0);
  cpm_str list;
  const int rc = cpmi_put_value(&counted, params, "auth-param", diag);
  if (rc) return rc;
  return cpm_auth_info_decode(&list, params, NULL, NULL) ? cpmi_fail(diag, CPM_E_VALUE, 0, "auth-param", AUTH_CLAUSE) : CPM_OK;
}

int cpm_auth_info_encode(char *dst, size_t cap, size_t *len, cpm_str params, cpm_diag *diag) {
  const int rc = auth_check_list(params, diag);
  bool first = true;
  if (rc) return rc;
  cpmi_out o = cpmi_out_to(dst, cap, 0);
  auth_put_list(&o, params, false, &first);
  return cpmi_out_end(&o, len, diag);
}

int cpm_auth_encode(char *dst, size_t cap, size_t *len, const cpm_auth *in, cpm_diag *diag) {
  int rc = cpmi_check_piece(CPMI_PIECE_TOKEN, in->scheme, "auth-scheme", AUTH_CLAUSE, diag);
  bool first = true;
  if (!rc) rc = auth_check_list(in->params, diag);
  if (rc) return rc;
  cpmi_out o = cpmi_out_to(dst, cap, 0);
  cpmi_put(&o, in->scheme);
  cpmi_put_char(&o, ' ');
  auth_put_list(&o, in->params, false, &first);
  return cpmi_out_end(&o, len, diag);
}

static bool auth_is_quoted(unsigned i, cpm_digest_use use) {
  return auth_digests[i].quotes == AUTH_ALWAYS || (auth_digests[i].quotes == AUTH_CHALLENGE && use == CPM_DIGEST_CHALLENGE);
}

static int auth_check_members(cpm_digest *d, cpm_digest_use use, cpm_diag *diag) {
  uint32_t count;
  for (unsigned i = 0; i < AUTH_DIGESTS; i++) {
    const cpmi_piece piece = auth_is_quoted(i, use) ? CPMI_PIECE_QUOTED : CPMI_PIECE_TOKEN;
    const cpm_str value = *auth_member(d, i);
    const int rc = value.p ? cpmi_check_piece(piece, value, auth_digests[i].name, AUTH_CLAUSE, diag) : CPM_OK;
    if (rc) return rc;
  }
  return d->nc.p && !auth_nonce_count(&count, d->nc) ? cpmi_fail(diag, CPM_E_VALUE, 0, "nc", AUTH_CLAUSE) : CPM_OK;
}

/* A name beyond ASCII comes as "username*" instead (RFC 7616 3.4), which has no member. */
static bool auth_has_user(const cpm_digest *d) {
  cpm_param param;
  return d->username.p || (d->params.p && cpm_auth_param_find(d->params, "username*", &param));
}

static int auth_check_use(const cpm_digest *d, cpm_digest_use use, cpm_diag *diag) {
  const char *missing = NULL;
  if (use == CPM_DIGEST_CREDENTIALS) missing = !d->response.p ? "response" : !d->uri.p ? "uri" : !auth_has_user(d) ? "username" : NULL;
  if (use != CPM_DIGEST_INFO && !d->nonce.p) missing = "nonce";
  if (use != CPM_DIGEST_INFO && !d->realm.p) missing = "realm";
  return missing ? cpmi_fail(diag, CPM_E_VALUE, 0, missing, "RFC 7616 3.3") : CPM_OK;
}

int cpm_digest_encode(char *dst, size_t cap, size_t *len, const cpm_digest *in, cpm_digest_use use, cpm_diag *diag) {
  cpm_digest d = *in;
  bool first = true;
  int rc = auth_check_members(&d, use, diag);
  if (!rc) rc = auth_check_use(&d, use, diag);
  if (!rc && d.params.p) rc = auth_check_list(d.params, diag);
  if (rc) return rc;
  cpmi_out o = cpmi_out_to(dst, cap, 0);
  if (use != CPM_DIGEST_INFO) cpmi_put_z(&o, "Digest ");
  for (unsigned i = 0; i < AUTH_DIGESTS; i++) {
    const cpm_str value = *auth_member(&d, i);
    if (value.p) auth_put(&o, cpm_str_z(auth_digests[i].name), value, auth_is_quoted(i, use), &first);
  }
  auth_put_list(&o, d.params, true, &first);
  return first ? cpmi_fail(diag, CPM_E_VALUE, 0, "ainfo", AUTH_CLAUSE) : cpmi_out_end(&o, len, diag);
}
