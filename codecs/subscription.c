/* SPDX-License-Identifier: MIT */
/* subscription.c - Event, Allow-Events, Subscription-State, Refer-Sub. */
#include "fields.h"
#include "straight.h"

#define SUBSCRIPTION_CLAUSE "RFC 6665 8.4"
#define SUBSCRIPTION_REFER_CLAUSE "RFC 4488 4"

/* ---- Event, Allow-Events -------------------------------------------------------------------------------------------- */

static const cpm_str subscription_event_names[] = { CPM_STR("id"), { NULL, 0 } };

static void subscription_type(cpm_sip_event *e, const cpmi_head *m) {
  e->type = cpmi_head_text(m);
  e->package = cpmi_between(m->head_b, m->dot ? m->dot : m->head_e);
  if (m->dot) e->templates = cpmi_between(m->dot + 1, m->head_e);
}

int cpm_sip_event_decode(cpm_sip_event *out, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  cpm_param got[1];
  cpmi_head m;
  cpmi_head_start(&m, subscription_event_names, got, 1);
  cpm_sip_event e = { { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, { NULL, 0 } };
  (void)opts;
  int rc = cpmi_head_one(&m, CPMI_HEAD_EVENT, in, "Event", SUBSCRIPTION_CLAUSE, diag);
  if (!rc && got[0].name.p) rc = cpmi_param_token(&e.id, &got[0], m.base, SUBSCRIPTION_CLAUSE, diag);
  if (rc) return rc;
  subscription_type(&e, &m);
  e.params = cpmi_named_params(&m.named);
  *out = e;
  return CPM_OK;
}

int cpm_sip_event_next(cpm_str *rest, cpm_sip_event *out, const cpm_opts *opts, cpm_diag *diag) {
  cpm_param got[1];
  cpmi_head m;
  cpmi_head_start(&m, subscription_event_names, got, 1);
  const cpm_sip_event none = { { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, { NULL, 0 } };
  const int rc = cpmi_head_next(&m, CPMI_HEAD_EVENT, rest, "event-type", SUBSCRIPTION_CLAUSE, opts, diag);
  if (rc) return rc;
  if (m.named.first) return cpmi_fail(diag, CPM_E_SYNTAX, (size_t)(m.named.first - m.base), "event-type", SUBSCRIPTION_CLAUSE);
  *out = none;
  subscription_type(out, &m);
  return CPM_OK;
}

bool cpm_sip_event_equal(const cpm_sip_event *a, const cpm_sip_event *b) { return cpm_str_eq(a->type, b->type) && cpm_str_eq(a->id, b->id); }

/* The package alone, or with its templates behind it; or the whole type. */
static int subscription_check_type(const cpm_sip_event *in, cpm_diag *diag) {
  if (in->type.p) return cpmi_head_check(CPMI_HEAD_EVENT, in->type, "event-type", SUBSCRIPTION_CLAUSE, diag);
  const int rc = cpmi_head_check(CPMI_HEAD_EVENT, in->package, "event-package", SUBSCRIPTION_CLAUSE, diag);
  if (rc || !in->templates.p) return rc;
  return cpmi_head_check(CPMI_HEAD_EVENT, in->templates, "event-template", SUBSCRIPTION_CLAUSE, diag);
}

int cpm_sip_event_encode(char *dst, size_t cap, size_t *len, const cpm_sip_event *in, cpm_diag *diag) {
  int rc = subscription_check_type(in, diag);
  if (!rc && in->id.p) rc = cpmi_check_piece(CPMI_PIECE_TOKEN, in->id, "id", SUBSCRIPTION_CLAUSE, diag);
  if (!rc) rc = cpmi_check_params(in->params, SUBSCRIPTION_CLAUSE, diag);
  if (rc) return rc;
  cpmi_out o = cpmi_out_to(dst, cap, 0);
  cpmi_put(&o, in->type.p ? in->type : in->package);
  if (!in->type.p && in->templates.p) {
    cpmi_put_char(&o, '.');
    cpmi_put(&o, in->templates);
  }
  if (in->id.p) cpmi_put_param(&o, "id", in->id);
  cpmi_put_others(&o, in->params, subscription_event_names, 1);
  return cpmi_out_end(&o, len, diag);
}

/* ---- Subscription-State ---------------------------------------------------------------------------------------------- */

enum { SUBSCRIPTION_REASON, SUBSCRIPTION_EXPIRES, SUBSCRIPTION_RETRY, SUBSCRIPTION_NAMES };
static const cpm_str subscription_names[] = { CPM_STR("reason"), CPM_STR("expires"), CPM_STR("retry-after"), { NULL, 0 } };

static const cpm_str subscription_states[] = {
  { NULL, 0 },
#define SUBSCRIPTION_TEXT(id, text) CPM_STR(text),
  CPM_SUBSCRIPTION_STATES(SUBSCRIPTION_TEXT)
};
static const cpm_str subscription_reasons[] = {
  { NULL, 0 },
  CPM_SUBSCRIPTION_REASONS(SUBSCRIPTION_TEXT)
#undef SUBSCRIPTION_TEXT
};

/* Its place in a list of n words; 0 if it is none of them. */
static unsigned subscription_word(cpm_str text, const cpm_str *words, unsigned n) {
  for (unsigned i = 1; i < n; i++)
    if (words[i].n == text.n && cpm_str_ieq(words[i], text)) return i;
  return 0;
}

static int subscription_seconds(bool *has, uint32_t *out, const cpm_param *param, const char *base, cpm_diag *diag) {
  uint64_t v = 0;
  *has = param->name.p != NULL;
  const int rc = *has ? cpmi_param_number(&v, param, UINT32_MAX, base, SUBSCRIPTION_CLAUSE, diag) : CPM_OK;
  *out = (uint32_t)v;
  return rc;
}

/* False for what stands twice, or is no number or token where one belongs. */
static bool subscription_straight_take(void *to, const cpm_param *param) {
  cpm_subscription_state *const s = to;
  const cpm_str name = param->name;
  if (CPMI_IS(name.p, name.n, "expires")) {
    if (s->has_expires) return false;
    s->has_expires = true;
    return cpmi_straight_number(&s->expires, param, UINT32_MAX);
  }
  if (CPMI_IS(name.p, name.n, "retry-after")) {
    if (s->has_retry_after) return false;
    s->has_retry_after = true;
    return cpmi_straight_number(&s->retry_after, param, UINT32_MAX);
  }
  if (!CPMI_IS(name.p, name.n, "reason")) return true;
  if (s->reason_text.p || !param->value.p || param->quoted) return false;
  s->reason_text = param->value;
  return true;
}

static bool subscription_straight(cpm_subscription_state *s, cpm_str in) {
  const char *const b = in.p, *const pe = b + in.n, *const head_e = in.n ? cpmi_run(b, pe, CPMI_TOKEN) : b;
  if (head_e == b || cpmi_straight_params(head_e, pe, subscription_straight_take, s) != pe) return false;
  s->state_text = cpm_str_of(b, (size_t)(head_e - b));
  if (pe > head_e) s->params = cpm_str_of(head_e, (size_t)(pe - head_e));
  return true;
}

/* By the machine. */
static int subscription_read(cpm_subscription_state *out, cpm_str in, cpm_diag *diag) {
  cpm_param got[SUBSCRIPTION_NAMES];
  cpmi_head m;
  cpmi_head_start(&m, subscription_names, got, SUBSCRIPTION_NAMES);
  cpm_subscription_state s = { 0 };
  int rc = cpmi_head_one(&m, CPMI_HEAD_TOKEN, in, "substate-value", SUBSCRIPTION_CLAUSE, diag);
  const cpm_param *const reason = &got[SUBSCRIPTION_REASON];
  if (!rc && reason->name.p) rc = cpmi_param_token(&s.reason_text, reason, m.base, SUBSCRIPTION_CLAUSE, diag);
  if (!rc) rc = subscription_seconds(&s.has_expires, &s.expires, &got[SUBSCRIPTION_EXPIRES], m.base, diag);
  if (!rc) rc = subscription_seconds(&s.has_retry_after, &s.retry_after, &got[SUBSCRIPTION_RETRY], m.base, diag);
  if (rc) return rc;
  s.state_text = cpmi_head_text(&m);
  s.params = cpmi_named_params(&m.named);
  *out = s;
  return CPM_OK;
}

int cpm_subscription_state_decode(cpm_subscription_state *out, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  static const cpm_subscription_state none;
  (void)opts;
  *out = none;
  if (!CPMI_STRAIGHT || !subscription_straight(out, in)) {
    *out = none;
    const int rc = subscription_read(out, in, diag);
    if (rc) return rc;
  }
  out->state = (cpm_substate)subscription_word(out->state_text, subscription_states, CPM_SUBSTATE_COUNT);
  out->reason = (cpm_subreason)subscription_word(out->reason_text, subscription_reasons, CPM_SUBREASON_COUNT);
  return CPM_OK;
}

/* What is written: the text if there is one, else the name of its enum; absent if neither is. */
static cpm_str subscription_text(cpm_str text, unsigned id, const cpm_str *words, unsigned n) {
  return text.p || id >= n ? text : words[id];
}

int cpm_subscription_state_encode(char *dst, size_t cap, size_t *len, const cpm_subscription_state *in, cpm_diag *diag) {
  const cpm_str state = subscription_text(in->state_text, (unsigned)in->state, subscription_states, CPM_SUBSTATE_COUNT),
                reason = subscription_text(in->reason_text, (unsigned)in->reason, subscription_reasons, CPM_SUBREASON_COUNT);
  int rc = cpmi_check_piece(CPMI_PIECE_TOKEN, state, "substate-value", SUBSCRIPTION_CLAUSE, diag);
  if (!rc && reason.p) rc = cpmi_check_piece(CPMI_PIECE_TOKEN, reason, "event-reason-value", SUBSCRIPTION_CLAUSE, diag);
  if (!rc) rc = cpmi_check_params(in->params, SUBSCRIPTION_CLAUSE, diag);
  if (rc) return rc;
  cpmi_out o = cpmi_out_to(dst, cap, 0);
  cpmi_put(&o, state);
  if (reason.p) cpmi_put_param(&o, "reason", reason);
  if (in->has_expires) cpmi_put_param_number(&o, "expires", in->expires);
  if (in->has_retry_after) cpmi_put_param_number(&o, "retry-after", in->retry_after);
  cpmi_put_others(&o, in->params, subscription_names, SUBSCRIPTION_NAMES);
  return cpmi_out_end(&o, len, diag);
}

/* ---- Refer-Sub ------------------------------------------------------------------------------------------------------- */

int cpm_refer_sub_decode(cpm_refer_sub *out, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  static const cpm_str names[] = { { NULL, 0 } }, on = CPM_STR("true"), off = CPM_STR("false");
  cpmi_head m;
  cpmi_head_start(&m, names, NULL, 0);
  (void)opts;
  const int rc = cpmi_head_one(&m, CPMI_HEAD_TOKEN, in, "refer-sub-value", SUBSCRIPTION_REFER_CLAUSE, diag);
  if (rc) return rc;
  const cpm_str value = cpmi_head_text(&m);
  if (!cpm_str_ieq(value, on) && !cpm_str_ieq(value, off))
    return cpmi_fail(diag, CPM_E_VALUE, (size_t)(m.head_b - m.base), "refer-sub-value", SUBSCRIPTION_REFER_CLAUSE);
  out->value = cpm_str_ieq(value, on);
  out->params = cpmi_named_params(&m.named);
  return CPM_OK;
}

int cpm_refer_sub_encode(char *dst, size_t cap, size_t *len, const cpm_refer_sub *in, cpm_diag *diag) {
  const int rc = cpmi_check_params(in->params, SUBSCRIPTION_REFER_CLAUSE, diag);
  if (rc) return rc;
  cpmi_out o = cpmi_out_to(dst, cap, 0);
  cpmi_put_z(&o, in->value ? "true" : "false");
  cpmi_put_piece(&o, in->params);
  return cpmi_out_end(&o, len, diag);
}
