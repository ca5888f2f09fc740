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

#endif
