/* SPDX-License-Identifier: MIT */
/* value_auth.h - fuzz_value.c's kinds of auth.h. */
#ifndef FUZZ_VALUE_AUTH_H
#define FUZZ_VALUE_AUTH_H

static void auth_params_inside(cpm_str params, cpm_str in) {
  cpm_param param;
  int rc;
  inside(params, in);
  HOLDS(params.n);
  while ((rc = cpm_auth_param_next(&params, &param, NULL)) == CPM_OK) {
    char text[ROOM];
    size_t n;
    inside(param.name, in);
    inside(param.value, in);
    HOLDS(param.value.p && (param.quoted || param.value.n));
    HOLDS(!param.quoted || cpm_unquote(text, sizeof text, &n, param.value) != CPM_E_SYNTAX);
  }
  HOLDS(rc == CPM_END);
}

static size_t auth_count(cpm_str params) {
  cpm_param param;
  size_t n = 0;
  while (cpm_auth_param_next(&params, &param, NULL) == CPM_OK) n++;
  return n;
}

static int auth_one(cpm_str *rest, value *v, const cpm_opts *opts, cpm_diag *d) {
  cpm_str in;
  return once(rest, &in) ? cpm_auth_decode(&v->auth, in, opts, d) : CPM_END;
}

static uint64_t auth_parts(const value *v, cpm_str in) {
  inside(v->auth.scheme, in);
  auth_params_inside(v->auth.params, in);
  return 0;
}

static int auth_write(char *dst, size_t cap, size_t *n, const value *v) { return cpm_auth_encode(dst, cap, n, &v->auth, NULL); }

static void auth_given(value *v, const cpm_str *part, unsigned flags) {
  (void)flags;
  v->auth.scheme = part[0];
  v->auth.params = part[1];
}

static bool auth_same(const value *a, const value *b) {
  return cpm_str_eq(a->auth.scheme, b->auth.scheme) && auth_count(a->auth.params) == auth_count(b->auth.params);
}

static int ainfo_one(cpm_str *rest, value *v, const cpm_opts *opts, cpm_diag *d) {
  cpm_str in;
  return once(rest, &in) ? cpm_auth_info_decode(&v->str, in, opts, d) : CPM_END;
}

static uint64_t ainfo_parts(const value *v, cpm_str in) {
  auth_params_inside(v->str, in);
  return 0;
}

static int ainfo_write(char *dst, size_t cap, size_t *n, const value *v) { return cpm_auth_info_encode(dst, cap, n, v->str, NULL); }

static void ainfo_given(value *v, const cpm_str *part, unsigned flags) {
  (void)flags;
  v->str = part[0];
}

static bool ainfo_same(const value *a, const value *b) { return auth_count(a->str) == auth_count(b->str); }

/* A field whose scheme, if it has one, is taken for Digest. */
static int digest_one(cpm_str *rest, value *v, const cpm_opts *opts, cpm_diag *d) {
  cpm_auth a;
  cpm_str in;
  if (!once(rest, &in)) return CPM_END;
  if (cpm_auth_decode(&a, in, opts, NULL)) {
    v->digest.use = CPM_DIGEST_INFO;
    return cpm_digest_decode(&v->digest.digest, in, opts, d);
  }
  cpm_digest *const digest = &v->digest.digest;
  const int rc = cpm_digest_decode(digest, a.params, opts, d);
  v->digest.use = !rc && digest->response.p ? CPM_DIGEST_CREDENTIALS : CPM_DIGEST_CHALLENGE;
  return rc;
}

static uint64_t digest_parts(const value *v, cpm_str in) {
#define DIGEST_INSIDE(member, name, quotes) inside(v->digest.digest.member, in);
  CPM_DIGESTS(DIGEST_INSIDE)
#undef DIGEST_INSIDE
  auth_params_inside(v->digest.digest.params, in);
  return 0;
}

static int digest_write(char *dst, size_t cap, size_t *n, const value *v) {
  return cpm_digest_encode(dst, cap, n, &v->digest.digest, v->digest.use, NULL);
}

static void digest_given(value *v, const cpm_str *part, unsigned flags) {
  v->digest.use = flags & 1 ? CPM_DIGEST_CREDENTIALS : CPM_DIGEST_CHALLENGE;
  v->digest.digest.realm = v->digest.digest.nonce = part[0];
  v->digest.digest.uri = v->digest.digest.username = part[1];
  if (flags & 1) v->digest.digest.response = part[1];
  if (flags & 2) v->digest.digest.algorithm = part[2];
  if (flags & 4) v->digest.digest.qop = part[2];
  if (flags & 8) v->digest.digest.nc = part[2];
  if (flags & 16) v->digest.digest.params = part[3];
}

static bool digest_same(const value *a, const value *b) {
  const cpm_digest *const x = &a->digest.digest, *const y = &b->digest.digest;
  return !x->realm.p == !y->realm.p && !x->qop.p == !y->qop.p && (!x->nc.p || x->nonce_count == y->nonce_count || x->nonce_count == 0);
}

/* ---- the network ------------------------------------------------------------------------------------------------------ */

static int security_next(cpm_str *rest, value *v, const cpm_opts *opts, cpm_diag *d) {
  return cpm_security_next(rest, &v->security, opts, d);
}

static uint64_t security_parts(const value *v, cpm_str in) {
  inside(v->security.mechanism, in);
  params_inside(v->security.params, in);
  HOLDS(v->security.q <= 1000 && (v->security.has_q || v->security.q == 0));
  return 0;
}

static int security_write(char *dst, size_t cap, size_t *n, const value *v) {
  return cpm_security_encode(dst, cap, n, &v->security, NULL);
}

static void security_given(value *v, const cpm_str *part, unsigned flags) {
  v->security.mechanism = part[0];
  v->security.params = flags & 1 ? part[1] : cpm_str_none();
  v->security.has_q = flags & 2;
  v->security.q = flags & 2 ? (unsigned)part[2].n : 0;
}

static bool security_same(const value *a, const value *b) {
  return cpm_str_eq(a->security.mechanism, b->security.mechanism) && a->security.has_q == b->security.has_q && a->security.q == b->security.q;
}

static int access_next(cpm_str *rest, value *v, const cpm_opts *opts, cpm_diag *d) {
  return cpm_access_network_next(rest, &v->access_network, opts, d);
}

static uint64_t access_parts(const value *v, cpm_str in) {
  inside(v->access_network.type, in);
  params_inside(v->access_network.params, in);
  return 0;
}

static int access_write(char *dst, size_t cap, size_t *n, const value *v) {
  return cpm_access_network_encode(dst, cap, n, &v->access_network, NULL);
}

static void access_given(value *v, const cpm_str *part, unsigned flags) {
  v->access_network.type = part[0];
  v->access_network.params = flags & 1 ? part[1] : cpm_str_none();
  v->access_network.network_provided = flags & 2;
}

static bool access_same(const value *a, const value *b) {
  return cpm_str_eq(a->access_network.type, b->access_network.type) &&
         a->access_network.network_provided == b->access_network.network_provided;
}

static int vector_one(cpm_str *rest, value *v, const cpm_opts *opts, cpm_diag *d) {
  cpm_str in;
  return once(rest, &in) ? cpm_charging_vector_decode(&v->charging, in, opts, d) : CPM_END;
}

static int addresses_next(cpm_str *rest, value *v, const cpm_opts *opts, cpm_diag *d) {
  return cpm_charging_addresses_next(rest, &v->charging, opts, d);
}

static uint64_t charging_parts(const value *v, cpm_str in) {
  inside(v->charging.first.name, in);
  inside(v->charging.first.value, in);
  params_inside(v->charging.params, in);
  HOLDS(v->charging.first.name.n);
  return 0;
}

static int vector_write(char *dst, size_t cap, size_t *n, const value *v) {
  return cpm_charging_vector_encode(dst, cap, n, &v->charging, NULL);
}

static int addresses_write(char *dst, size_t cap, size_t *n, const value *v) {
  return cpm_charging_addresses_encode(dst, cap, n, &v->charging, NULL);
}

static void charging_given(value *v, const cpm_str *part, unsigned flags) {
  v->charging.first.name = part[0];
  v->charging.first.value = flags & 1 ? part[1] : cpm_str_none();
  v->charging.first.quoted = flags & 2;
  v->charging.params = flags & 4 ? part[2] : cpm_str_none();
}

static bool charging_same(const value *a, const value *b) {
  return cpm_str_eq(a->charging.first.name, b->charging.first.name) && !a->charging.first.value.p == !b->charging.first.value.p;
}

#endif
