/* SPDX-License-Identifier: MIT */
/* session.c - Session-Expires, Min-SE, Retry-After. */
#include "fields.h"
#include "product_parse.h"

#define SESSION_CLAUSE "RFC 4028 4"
#define SESSION_MIN_SE_CLAUSE "RFC 4028 5"
#define SESSION_RETRY_CLAUSE "RFC 3261 20.33"

static const cpm_str session_names[] = { CPM_STR("refresher"), { NULL, 0 } };
static const cpm_str session_no_names[] = { { NULL, 0 } };
static const cpm_str session_retry_names[] = { CPM_STR("duration"), { NULL, 0 } };

/* ---- Session-Expires ------------------------------------------------------------------------------------------------ */

static int session_refresher(cpm_refresher *out, const cpm_param *param, const char *base, cpm_diag *diag) {
  static const cpm_str uac = CPM_STR("uac"), uas = CPM_STR("uas");
  if (!param->name.p) return CPM_OK;
  *out = cpm_str_ieq(param->value, uac) ? CPM_REFRESHER_UAC : cpm_str_ieq(param->value, uas) ? CPM_REFRESHER_UAS : CPM_REFRESHER_NONE;
  if (*out && !param->quoted) return CPM_OK;
  return cpmi_fail(diag, CPM_E_VALUE, cpmi_param_at(param, base), "refresher-param", SESSION_CLAUSE);
}

int cpm_session_expires_decode(cpm_session_expires *out, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  cpm_param got[1];
  cpmi_head m;
  cpmi_head_start(&m, session_names, got, 1);
  cpm_session_expires s = { 0, CPM_REFRESHER_NONE, { NULL, 0 } };
  (void)opts;
  int rc = cpmi_head_one(&m, CPMI_HEAD_DELTA, in, "Session-Expires", SESSION_CLAUSE, diag);
  if (!rc) rc = cpmi_head_number(&s.seconds, &m, "delta-seconds", SESSION_CLAUSE, diag);
  if (!rc) rc = session_refresher(&s.refresher, &got[0], m.base, diag);
  if (rc) return rc;
  s.params = cpmi_named_params(&m.named);
  *out = s;
  return CPM_OK;
}

int cpm_session_expires_encode(char *dst, size_t cap, size_t *len, const cpm_session_expires *in, cpm_diag *diag) {
  const int rc = cpmi_check_params(in->params, SESSION_CLAUSE, diag);
  if (rc) return rc;
  if (in->seconds < CPM_SESSION_EXPIRES_LEAST) return cpmi_fail(diag, CPM_E_VALUE, 0, "delta-seconds", SESSION_CLAUSE);
  if ((unsigned)in->refresher > CPM_REFRESHER_UAS) return cpmi_fail(diag, CPM_E_VALUE, 0, "refresher-param", SESSION_CLAUSE);
  cpmi_out o = cpmi_out_to(dst, cap, 0);
  cpmi_put_number(&o, in->seconds);
  if (in->refresher) cpmi_put_z(&o, in->refresher == CPM_REFRESHER_UAC ? ";refresher=uac" : ";refresher=uas");
  cpmi_put_others(&o, in->params, session_names, 1);
  return cpmi_out_end(&o, len, diag);
}

/* ---- Min-SE ---------------------------------------------------------------------------------------------------------- */

int cpm_min_se_decode(cpm_min_se *out, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  cpmi_head m;
  cpmi_head_start(&m, session_no_names, NULL, 0);
  cpm_min_se s = { 0, { NULL, 0 } };
  (void)opts;
  int rc = cpmi_head_one(&m, CPMI_HEAD_DELTA, in, "Min-SE", SESSION_MIN_SE_CLAUSE, diag);
  if (!rc) rc = cpmi_head_number(&s.seconds, &m, "delta-seconds", SESSION_MIN_SE_CLAUSE, diag);
  if (rc) return rc;
  s.params = cpmi_named_params(&m.named);
  *out = s;
  return CPM_OK;
}

int cpm_min_se_encode(char *dst, size_t cap, size_t *len, const cpm_min_se *in, cpm_diag *diag) {
  const int rc = cpmi_check_params(in->params, SESSION_MIN_SE_CLAUSE, diag);
  if (rc) return rc;
  if (in->seconds < CPM_SESSION_EXPIRES_LEAST) return cpmi_fail(diag, CPM_E_VALUE, 0, "delta-seconds", SESSION_MIN_SE_CLAUSE);
  cpmi_out o = cpmi_out_to(dst, cap, 0);
  cpmi_put_number(&o, in->seconds);
  cpmi_put_piece(&o, in->params);
  return cpmi_out_end(&o, len, diag);
}

/* ---- Retry-After ----------------------------------------------------------------------------------------------------- */

/* The comment at m->paren, and the parameters behind it. */
static int session_comment(cpmi_head *m, cpm_str in, cpm_str *comment, const cpm_opts *opts, cpm_diag *diag) {
  const size_t at = (size_t)(m->paren - in.p);
  cpm_str rest = cpmi_behind(in, at);
  cpm_product product;
  cpm_diag d = { 0 };
  cpm_opts depth = { 0 };
  depth.max_depth = opts ? opts->max_depth : 0;
  const int rc = cpm_product_next(&rest, &product, &depth, &d);
  if (rc) return cpmi_fail(diag, rc, at + d.off, "comment", SESSION_RETRY_CLAUSE);
  *comment = product.comment;
  m->paren = NULL;
  const char *const stop = cpmi_head_parse(m, CPMI_HEAD_BEHIND, rest);
  if (stop) return cpmi_refuse(diag, (size_t)(stop - in.p), in, "Retry-After", SESSION_RETRY_CLAUSE);
  cpmi_named_close(&m->named);
  return cpmi_named_check(&m->named, m->base, diag);
}

int cpm_retry_after_decode(cpm_retry_after *out, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  cpm_param got[1];
  cpmi_head m;
  cpmi_head_start(&m, session_retry_names, got, 1);
  cpm_retry_after r = { 0, { NULL, 0 }, false, 0, { NULL, 0 } };
  uint64_t duration = 0;
  in = cpmi_present(in);
  int rc = cpmi_head_one(&m, CPMI_HEAD_RETRY, in, "Retry-After", SESSION_RETRY_CLAUSE, diag);
  if (!rc && m.paren) rc = session_comment(&m, in, &r.comment, opts, diag);
  if (!rc) rc = cpmi_head_number(&r.seconds, &m, "delta-seconds", SESSION_RETRY_CLAUSE, diag);
  r.has_duration = got[0].name.p != NULL;
  if (!rc && r.has_duration) rc = cpmi_param_number(&duration, &got[0], UINT32_MAX, m.base, SESSION_RETRY_CLAUSE, diag);
  if (rc) return rc;
  r.duration = (uint32_t)duration;
  r.params = cpmi_named_params(&m.named);
  *out = r;
  return CPM_OK;
}

int cpm_retry_after_encode(char *dst, size_t cap, size_t *len, const cpm_retry_after *in, cpm_diag *diag) {
  int rc = cpmi_check_params(in->params, SESSION_RETRY_CLAUSE, diag);
  if (!rc && in->comment.p) rc = cpmi_check_comment(in->comment, SESSION_RETRY_CLAUSE, diag);
  if (rc) return rc;
  cpmi_out o = cpmi_out_to(dst, cap, 0);
  cpmi_put_number(&o, in->seconds);
  if (in->comment.p) {
    cpmi_put_z(&o, " (");
    cpmi_put_piece(&o, in->comment);
    cpmi_put_char(&o, ')');
  }
  if (in->has_duration) cpmi_put_param_number(&o, "duration", in->duration);
  cpmi_put_others(&o, in->params, session_retry_names, 1);
  return cpmi_out_end(&o, len, diag);
}
