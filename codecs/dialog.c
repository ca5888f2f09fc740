/* SPDX-License-Identifier: MIT */
/* dialog.c - Replaces, Join, Target-Dialog, In-Reply-To: header fields that name other dialogs by their Call-ID. */
#include "fields.h"

enum { DIALOG_TO, DIALOG_FROM, DIALOG_EARLY, DIALOG_NAMES };
static const cpm_str dialog_replaces_names[] = { CPM_STR("to-tag"), CPM_STR("from-tag"), CPM_STR("early-only"), { NULL, 0 } };
static const cpm_str dialog_join_names[] = { CPM_STR("to-tag"), CPM_STR("from-tag"), { NULL, 0 } };
static const cpm_str dialog_target_names[] = { CPM_STR("local-tag"), CPM_STR("remote-tag"), { NULL, 0 } };

/* A field of this kind: its name, where it is defined, which names it knows. */
typedef struct dialog_kind { const char *rule, *clause; const cpm_str *names; unsigned nnames; } dialog_kind;
static const dialog_kind dialog_replaces = { "Replaces", "RFC 3891 6.1", dialog_replaces_names, DIALOG_NAMES },
                         dialog_join     = { "Join", "RFC 3911 7.1", dialog_join_names, 2 },
                         dialog_target   = { "Target-Dialog", "RFC 4538 7", dialog_target_names, 2 };

/* Both tags must be there, as tokens. */
static int dialog_tag(cpm_str *out, const cpm_param *param, const cpmi_head *m, const dialog_kind *kind, cpm_diag *diag) {
  if (param->name.p) return cpmi_param_token(out, param, m->base, kind->clause, diag);
  return cpmi_fail(diag, CPM_E_MISSING, (size_t)(m->head_e - m->base), kind->rule, kind->clause);
}

/* tag[0] is the first tag that kind->names has, tag[1] the second. */
static int dialog_read(cpmi_head *m, cpm_str tag[2], cpm_str in, const dialog_kind *kind, cpm_diag *diag) {
  int rc = cpmi_head_one(m, CPMI_HEAD_DIALOG, in, kind->rule, kind->clause, diag);
  if (!rc) rc = dialog_tag(&tag[0], &m->named.got[0], m, kind, diag);
  if (!rc) rc = dialog_tag(&tag[1], &m->named.got[1], m, kind, diag);
  return rc;
}

static int dialog_decode(cpm_replaces *out, cpm_str in, const dialog_kind *kind, cpm_diag *diag) {
  cpm_param got[DIALOG_NAMES];
  cpmi_head m;
  cpmi_head_start(&m, kind->names, got, kind->nnames);
  cpm_str tag[2] = { { NULL, 0 }, { NULL, 0 } };
  const int rc = dialog_read(&m, tag, in, kind, diag);
  if (rc) return rc;
  out->call_id = cpmi_head_text(&m);
  out->to_tag = tag[0];
  out->from_tag = tag[1];
  out->early_only = kind->nnames > DIALOG_EARLY && got[DIALOG_EARLY].name.p;
  out->params = cpmi_named_params(&m.named);
  return CPM_OK;
}

int cpm_replaces_decode(cpm_replaces *out, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  (void)opts;
  return dialog_decode(out, in, &dialog_replaces, diag);
}

int cpm_join_decode(cpm_replaces *out, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  (void)opts;
  return dialog_decode(out, in, &dialog_join, diag);
}

int cpm_target_dialog_decode(cpm_target_dialog *out, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  cpm_param got[2];
  cpmi_head m;
  cpmi_head_start(&m, dialog_target_names, got, 2);
  cpm_str tag[2] = { { NULL, 0 }, { NULL, 0 } };
  (void)opts;
  const int rc = dialog_read(&m, tag, in, &dialog_target, diag);
  if (rc) return rc;
  out->call_id = cpmi_head_text(&m);
  out->local_tag = tag[0];
  out->remote_tag = tag[1];
  out->params = cpmi_named_params(&m.named);
  return CPM_OK;
}

int cpm_call_id_next(cpm_str *rest, cpm_str *out, const cpm_opts *opts, cpm_diag *diag) {
  static const cpm_str names[] = { { NULL, 0 } };
  cpmi_head m;
  cpmi_head_start(&m, names, NULL, 0);
  const int rc = cpmi_head_next(&m, CPMI_HEAD_DIALOG, rest, "callid", "RFC 3261 20.21", opts, diag);
  if (rc) return rc;
  if (m.named.first) return cpmi_fail(diag, CPM_E_SYNTAX, (size_t)(m.named.first - m.base), "callid", "RFC 3261 20.21");
  *out = cpmi_head_text(&m);
  return CPM_OK;
}

/* ---- writing ---------------------------------------------------------------------------------------------------------- */

static int dialog_check(cpm_str call_id, const cpm_str tag[2], cpm_str params, const dialog_kind *kind, cpm_diag *diag) {
  int rc = cpmi_head_check(CPMI_HEAD_DIALOG, call_id, "callid", kind->clause, diag);
  for (unsigned i = 0; !rc && i < 2; i++) rc = cpmi_check_piece(CPMI_PIECE_TOKEN, tag[i], kind->names[i].p, kind->clause, diag);
  return rc ? rc : cpmi_check_params(params, kind->clause, diag);
}

static cpmi_out dialog_put(char *dst, size_t cap, cpm_str call_id, const cpm_str tag[2], const dialog_kind *kind) {
  cpmi_out o = cpmi_out_to(dst, cap, 0);
  cpmi_put(&o, call_id);
  for (unsigned i = 0; i < 2; i++) cpmi_put_param(&o, kind->names[i].p, tag[i]);
  return o;
}

int cpm_replaces_encode(char *dst, size_t cap, size_t *len, const cpm_replaces *in, cpm_diag *diag) {
  const cpm_str tag[2] = { in->to_tag, in->from_tag };
  const int rc = dialog_check(in->call_id, tag, in->params, &dialog_replaces, diag);
  if (rc) return rc;
  cpmi_out o = dialog_put(dst, cap, in->call_id, tag, &dialog_replaces);
  if (in->early_only) cpmi_put_z(&o, ";early-only");
  cpmi_put_others(&o, in->params, dialog_replaces_names, DIALOG_NAMES);
  return cpmi_out_end(&o, len, diag);
}

int cpm_join_encode(char *dst, size_t cap, size_t *len, const cpm_replaces *in, cpm_diag *diag) {
  const cpm_str tag[2] = { in->to_tag, in->from_tag };
  const int rc = dialog_check(in->call_id, tag, in->params, &dialog_join, diag);
  if (rc) return rc;
  if (in->early_only) return cpmi_fail(diag, CPM_E_VALUE, 0, "Join", dialog_join.clause);
  cpmi_out o = dialog_put(dst, cap, in->call_id, tag, &dialog_join);
  cpmi_put_others(&o, in->params, dialog_join_names, 2);
  return cpmi_out_end(&o, len, diag);
}

int cpm_target_dialog_encode(char *dst, size_t cap, size_t *len, const cpm_target_dialog *in, cpm_diag *diag) {
  const cpm_str tag[2] = { in->local_tag, in->remote_tag };
  const int rc = dialog_check(in->call_id, tag, in->params, &dialog_target, diag);
  if (rc) return rc;
  cpmi_out o = dialog_put(dst, cap, in->call_id, tag, &dialog_target);
  cpmi_put_others(&o, in->params, dialog_target_names, 2);
  return cpmi_out_end(&o, len, diag);
}
