/* SPDX-License-Identifier: MIT */
/* reason.c - Reason, Accept-Encoding, Accept-Language, and tokens with parameters: lists of words. */
#include "fields.h"
#include "straight.h"

#define REASON_CLAUSE "RFC 3326 2"
#define REASON_ACCEPT_CLAUSE "RFC 3261 25.1"

/* ---- Reason ---------------------------------------------------------------------------------------------------------- */

enum { REASON_CAUSE, REASON_TEXT, REASON_NAMES };
static const cpm_str reason_names[] = { CPM_STR("cause"), CPM_STR("text"), { NULL, 0 } };

/* False for a second cause or text, a cause that is no number, a text that is not there. */
static bool reason_straight_take(void *to, const cpm_param *param) {
  cpm_reason *const r = to;
  const cpm_str name = param->name;
  if (CPMI_IS(name.p, name.n, "cause")) {
    if (r->has_cause) return false;
    r->has_cause = true;
    return cpmi_straight_number(&r->cause, param, UINT32_MAX);
  }
  if (!CPMI_IS(name.p, name.n, "text")) return true;
  if (r->text.p || !param->value.p) return false;
  r->text = param->value;
  r->text_quoted = param->quoted;
  return true;
}

static bool reason_straight(cpm_reason *r, cpm_str *rest) {
  const char *const b = rest->p, *const pe = b + rest->n, *const head_e = rest->n ? cpmi_run(b, pe, CPMI_TOKEN) : b;
  const char *const p = head_e > b ? cpmi_straight_params(head_e, pe, reason_straight_take, r) : NULL;
  if (!cpmi_straight_took(rest, p)) return false;
  r->protocol = cpm_str_of(b, (size_t)(head_e - b));
  if (p > head_e) r->params = cpm_str_of(head_e, (size_t)(p - head_e));
  return true;
}

/* By the machine. */
static int reason_read(cpm_str *rest, cpm_reason *out, const cpm_opts *opts, cpm_diag *diag) {
  cpm_param got[REASON_NAMES];
  cpmi_head m;
  cpmi_head_start(&m, reason_names, got, REASON_NAMES);
  uint64_t cause = 0;
  int rc = cpmi_head_next(&m, CPMI_HEAD_TOKEN, rest, "reason-value", REASON_CLAUSE, opts, diag);
  if (rc) return rc;
  const cpm_param *const text = &got[REASON_TEXT];
  const bool has_cause = got[REASON_CAUSE].name.p != NULL;
  if (has_cause) rc = cpmi_param_number(&cause, &got[REASON_CAUSE], UINT32_MAX, m.base, REASON_CLAUSE, diag);
  if (rc) return rc;
  if (text->name.p && !text->value.p)
    return cpmi_fail(diag, CPM_E_SYNTAX, cpmi_param_at(text, m.base), "reason-text", REASON_CLAUSE);
  out->protocol = cpmi_head_text(&m);
  out->has_cause = has_cause;
  out->cause = (uint32_t)cause;
  out->text = text->value;
  out->text_quoted = text->quoted;
  out->params = cpmi_named_params(&m.named);
  return CPM_OK;
}

int cpm_reason_next(cpm_str *rest, cpm_reason *out, const cpm_opts *opts, cpm_diag *diag) {
  static const cpm_reason none;
  if (rest->n == 0) return CPM_END;
  *out = none;
  if (CPMI_STRAIGHT && reason_straight(out, rest)) return CPM_OK;
  *out = none;
  return reason_read(rest, out, opts, diag);
}

int cpm_reason_encode(char *dst, size_t cap, size_t *len, const cpm_reason *in, cpm_diag *diag) {
  int rc = cpmi_check_piece(CPMI_PIECE_TOKEN, in->protocol, "protocol", REASON_CLAUSE, diag);
  if (!rc && in->text.p && in->text_quoted) rc = cpmi_check_piece(CPMI_PIECE_QUOTED, in->text, "reason-text", REASON_CLAUSE, diag);
  if (!rc && !in->text_quoted) rc = cpmi_check_clean(in->text, "reason-text", diag);
  if (!rc) rc = cpmi_check_params(in->params, REASON_CLAUSE, diag);
  if (rc) return rc;
  cpmi_out o = cpmi_out_to(dst, cap, 0);
  cpmi_put(&o, in->protocol);
  if (in->has_cause) cpmi_put_param_number(&o, "cause", in->cause);
  if (in->text.p && in->text_quoted) cpmi_put_param_quoted(&o, "text", in->text);
  if (in->text.p && !in->text_quoted) {
    cpmi_put_param(&o, "text", cpm_str_of("", 0));
    cpmi_put_quoted(&o, in->text);
  }
  cpmi_put_others(&o, in->params, reason_names, REASON_NAMES);
  return cpmi_out_end(&o, len, diag);
}

/* ---- Accept-Encoding, Accept-Language --------------------------------------------------------------------------------- */

static const cpm_str reason_q_names[] = { CPM_STR("q"), { NULL, 0 } };

static int reason_accepted(cpm_str *rest, cpm_accepted *out, cpmi_head_kind kind, const char *rule, const cpm_opts *opts,
                           cpm_diag *diag) {
  cpm_param got[1];
  cpmi_head m;
  cpmi_head_start(&m, reason_q_names, got, 1);
  unsigned q = 1000;
  const int rc = cpmi_head_next(&m, kind, rest, rule, REASON_ACCEPT_CLAUSE, opts, diag);
  if (rc) return rc;
  if (got[0].name.p && (got[0].quoted || cpm_q_decode(&q, got[0].value, NULL)))
    return cpmi_fail(diag, CPM_E_VALUE, cpmi_param_at(&got[0], m.base), "qvalue", REASON_ACCEPT_CLAUSE);
  out->name = cpmi_head_text(&m);
  out->q = q;
  out->params = cpmi_named_params(&m.named);
  return CPM_OK;
}

int cpm_accept_encoding_next(cpm_str *rest, cpm_accepted *out, const cpm_opts *opts, cpm_diag *diag) {
  return reason_accepted(rest, out, CPMI_HEAD_TOKEN, "codings", opts, diag);
}

int cpm_accept_language_next(cpm_str *rest, cpm_accepted *out, const cpm_opts *opts, cpm_diag *diag) {
  return reason_accepted(rest, out, CPMI_HEAD_LANGUAGE, "language-range", opts, diag);
}

static int reason_put_accepted(char *dst, size_t cap, size_t *len, const cpm_accepted *in, cpmi_head_kind kind, const char *rule,
                               cpm_diag *diag) {
  int rc = cpmi_head_check(kind, in->name, rule, REASON_ACCEPT_CLAUSE, diag);
  if (!rc && in->q > 1000) rc = cpmi_fail(diag, CPM_E_VALUE, 0, "qvalue", REASON_ACCEPT_CLAUSE);
  if (!rc) rc = cpmi_check_params(in->params, REASON_ACCEPT_CLAUSE, diag);
  if (rc) return rc;
  cpmi_out o = cpmi_out_to(dst, cap, 0);
  cpmi_put(&o, in->name);
  if (in->q < 1000) {
    cpmi_put_param(&o, "q", cpm_str_of("", 0));
    cpmi_put_q(&o, in->q);
  }
  cpmi_put_others(&o, in->params, reason_q_names, 1);
  return cpmi_out_end(&o, len, diag);
}

int cpm_accept_encoding_encode(char *dst, size_t cap, size_t *len, const cpm_accepted *in, cpm_diag *diag) {
  return reason_put_accepted(dst, cap, len, in, CPMI_HEAD_TOKEN, "codings", diag);
}

int cpm_accept_language_encode(char *dst, size_t cap, size_t *len, const cpm_accepted *in, cpm_diag *diag) {
  return reason_put_accepted(dst, cap, len, in, CPMI_HEAD_LANGUAGE, "language-range", diag);
}

/* ---- a token with parameters ------------------------------------------------------------------------------------------ */

static const cpm_str reason_no_names[] = { { NULL, 0 } };

int cpm_token_params_decode(cpm_token_params *out, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  cpmi_head m;
  cpmi_head_start(&m, reason_no_names, NULL, 0);
  (void)opts;
  const int rc = cpmi_head_one(&m, CPMI_HEAD_TOKEN, in, "token", REASON_ACCEPT_CLAUSE, diag);
  if (rc) return rc;
  out->token = cpmi_head_text(&m);
  out->params = cpmi_named_params(&m.named);
  return CPM_OK;
}

int cpm_token_params_next(cpm_str *rest, cpm_token_params *out, const cpm_opts *opts, cpm_diag *diag) {
  cpmi_head m;
  cpmi_head_start(&m, reason_no_names, NULL, 0);
  const int rc = cpmi_head_next(&m, CPMI_HEAD_TOKEN, rest, "token", REASON_ACCEPT_CLAUSE, opts, diag);
  if (rc) return rc;
  out->token = cpmi_head_text(&m);
  out->params = cpmi_named_params(&m.named);
  return CPM_OK;
}

int cpm_token_params_encode(char *dst, size_t cap, size_t *len, const cpm_token_params *in, cpm_diag *diag) {
  int rc = cpmi_check_piece(CPMI_PIECE_TOKEN, in->token, "token", REASON_ACCEPT_CLAUSE, diag);
  if (!rc) rc = cpmi_check_params(in->params, REASON_ACCEPT_CLAUSE, diag);
  if (rc) return rc;
  cpmi_out o = cpmi_out_to(dst, cap, 0);
  cpmi_put(&o, in->token);
  cpmi_put_piece(&o, in->params);
  return cpmi_out_end(&o, len, diag);
}
