/* SPDX-License-Identifier: MIT */
/* value_dialog.h - fuzz_value.c's kinds of dialog.h. */
#ifndef FUZZ_VALUE_DIALOG_H
#define FUZZ_VALUE_DIALOG_H

#define READS_ONE(name, member, decode) \
  static int name##_one(cpm_str *rest, value *v, const cpm_opts *opts, cpm_diag *d) { \
    cpm_str in_; \
    return once(rest, &in_) ? decode(&v->member, in_, opts, d) : CPM_END; \
  }
#define READS_NEXT(name, member, next) \
  static int name##_next(cpm_str *rest, value *v, const cpm_opts *opts, cpm_diag *d) { return next(rest, &v->member, opts, d); }
#define WRITES(name, member, encode) \
  static int name##_write(char *dst, size_t cap, size_t *n, const value *v) { return encode(dst, cap, n, &v->member, NULL); }

static cpm_str if_given(bool given, cpm_str part) { return given ? part : cpm_str_none(); }

/* Present in both or in neither, with the same content but for folds and escapes. */
static bool both(cpm_str a, cpm_str b) { return !a.p == !b.p; }

/* ---- Contact and its features ------------------------------------------------------------------------------------------ */

READS_NEXT(contact, contact, cpm_contact_next)
WRITES(contact, contact, cpm_contact_encode)

static void features_inside(cpm_str params, cpm_str in) {
  cpm_param param;
  cpm_diag d;
  int rc;
  for (size_t left = params.n; params.p && (rc = cpm_feature_next(&params, &param, &d)) != CPM_END; left = params.n) {
    HOLDS(params.n < left);
    if (rc == CPM_OK) inside(param.name, in);
  }
}

static uint64_t contact_parts(const value *v, cpm_str in) {
  const cpm_contact *const c = &v->contact;
  const cpm_str parts[] = { c->instance, c->methods, c->icsi_ref, c->iari_ref, c->pub_gruu, c->temp_gruu, c->address.display, c->address.uri };
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) inside(parts[i], in);
  params_inside(c->address.params, in);
  features_inside(c->address.params, in);
  HOLDS(c->q <= 1000 && c->reg_id <= INT32_MAX && c->address.star == !c->address.uri.p);
  return c->address.quirks;
}

static void contact_given(value *v, const cpm_str *part, unsigned flags) {
  v->contact.address.uri = part[0];
  v->contact.address.params = if_given(flags & 1, part[1]);
  v->contact.instance = if_given(flags & 2, part[2]);
  v->contact.methods = if_given(flags & 4, part[3]);
  v->contact.icsi_ref = if_given(flags & 8, part[2]);
  v->contact.temp_gruu = if_given(flags & 16, part[3]);
  v->contact.has_q = flags & 32;
  v->contact.q = flags & 32 ? (unsigned)part[1].n : 0;
  v->contact.has_expires = flags & 64;
  v->contact.expires = flags & 64 ? (uint32_t)part[1].n << (flags & 31) : 0;
  v->contact.isfocus = flags & 128;
}

static bool contact_same(const value *a, const value *b) {
  const cpm_contact *const x = &a->contact, *const y = &b->contact;
  return cpm_str_eq(x->address.uri, y->address.uri) && both(x->instance, y->instance) && both(x->methods, y->methods) &&
         x->isfocus == y->isfocus && x->has_q == y->has_q && x->q == y->q && x->has_expires == y->has_expires &&
         x->expires == y->expires && x->reg_id == y->reg_id;
}

static int feature_next(cpm_str *rest, value *v, const cpm_opts *opts, cpm_diag *d) {
  (void)opts;
  return cpm_feature_value_next(rest, &v->feature, d);
}

static uint64_t feature_parts(const value *v, cpm_str in) {
  const cpm_feature_value *const f = &v->feature;
  inside(f->text, in);
  HOLDS((f->has_low || f->has_high) == (f->kind == CPM_FEATURE_NUMBER));
  HOLDS(!f->has_low || !f->has_high || f->low <= f->high);
  return 0;
}

/* What stands between the quotes of ;audio="..." */
static int feature_write(char *dst, size_t cap, size_t *n, const value *v) {
  static const size_t head = sizeof ";audio=\"" - 1;
  size_t whole = 0, again = 0;
  const int rc = cpm_feature_encode(NULL, 0, &whole, cpm_str_z("audio"), &v->feature, 1, NULL);
  if (rc) return rc;
  char *const text = room_for(whole);
  HOLDS(cpm_feature_encode(text, whole, &again, cpm_str_z("audio"), &v->feature, 1, NULL) == CPM_OK && again == whole);
  HOLDS(cpm_feature_encode(text, whole - 1, &again, cpm_str_z("audio"), &v->feature, 1, NULL) == CPM_E_SPACE);
  *n = whole - head - 1;
  if (dst && cap >= *n) memcpy(dst, text + head, *n);
  free(text);
  return dst && cap < *n ? CPM_E_SPACE : CPM_OK;
}

static void feature_given(value *v, const cpm_str *part, unsigned flags) {
  v->feature.kind = (cpm_feature_kind)(flags & 3);
  v->feature.negated = flags & 4;
  v->feature.truth = flags & 8;
  v->feature.has_low = flags & 16;
  v->feature.has_high = flags & 32;
  v->feature.text = part[0];
  memcpy(&v->feature.low, part[1].n >= 8 ? part[1].p : "\0\0\0\0\0\0\0", 8);
  memcpy(&v->feature.high, part[2].n >= 8 ? part[2].p : "\0\0\0\0\0\0\0", 8);
}

static bool feature_same(const value *a, const value *b) {
  const cpm_feature_value *const x = &a->feature, *const y = &b->feature;
  if (x->kind != y->kind || x->negated != y->negated) return false;
  if (x->kind == CPM_FEATURE_BOOLEAN) return x->truth == y->truth;
  if (x->kind != CPM_FEATURE_NUMBER) return both(x->text, y->text);
  return x->has_low == y->has_low && x->has_high == y->has_high && (!x->has_low || x->low == y->low) && (!x->has_high || x->high == y->high);
}

/* ---- routes -------------------------------------------------------------------------------------------------------------- */

READS_NEXT(route, route, cpm_route_next)
WRITES(route, route, cpm_route_encode)

static uint64_t route_parts(const value *v, cpm_str in) {
  inside(v->route.display, in);
  inside(v->route.uri, in);
  params_inside(v->route.params, in);
  HOLDS(v->route.uri.n);
  return 0;
}

static void route_given(value *v, const cpm_str *part, unsigned flags) {
  v->route.uri = part[0];
  v->route.display = if_given(flags & 1, part[1]);
  v->route.display_quoted = flags & 2;
  v->route.params = if_given(flags & 4, part[2]);
}

static bool route_same(const value *a, const value *b) {
  return cpm_str_eq(a->route.uri, b->route.uri) && both(a->route.display, b->route.display) && both(a->route.params, b->route.params);
}

READS_NEXT(history, history, cpm_history_info_next)
WRITES(history, history, cpm_history_info_encode)

static uint64_t history_parts(const value *v, cpm_str in) {
  inside(v->history.display, in);
  inside(v->history.uri, in);
  inside(v->history.index, in);
  inside(v->history.target_index, in);
  params_inside(v->history.params, in);
  HOLDS((v->history.target != CPM_HI_NONE) == (v->history.target_index.p != NULL));
  return 0;
}

static void history_given(value *v, const cpm_str *part, unsigned flags) {
  v->history.uri = part[0];
  v->history.index = part[1];
  v->history.target = (cpm_hi_target)(flags & 3);
  v->history.target_index = part[2];
  v->history.params = if_given(flags & 4, part[3]);
}

static bool history_same(const value *a, const value *b) {
  return cpm_str_eq(a->history.uri, b->history.uri) && cpm_str_eq(a->history.index, b->history.index) &&
         a->history.target == b->history.target;
}

/* ---- timers -------------------------------------------------------------------------------------------------------------- */

READS_ONE(session, session, cpm_session_expires_decode)
WRITES(session, session, cpm_session_expires_encode)
static uint64_t session_parts(const value *v, cpm_str in) { params_inside(v->session.params, in); return 0; }

static void session_given(value *v, const cpm_str *part, unsigned flags) {
  v->session.seconds = (uint32_t)part[0].n << (flags & 31);
  v->session.refresher = (cpm_refresher)(flags >> 6);
  v->session.params = if_given(flags & 32, part[1]);
}

static bool session_same(const value *a, const value *b) {
  return a->session.seconds == b->session.seconds && a->session.refresher == b->session.refresher;
}

READS_ONE(min_se, min_se, cpm_min_se_decode)
WRITES(min_se, min_se, cpm_min_se_encode)
static uint64_t min_se_parts(const value *v, cpm_str in) { params_inside(v->min_se.params, in); return 0; }

static void min_se_given(value *v, const cpm_str *part, unsigned flags) {
  v->min_se.seconds = (uint32_t)part[0].n << (flags & 31);
  v->min_se.params = if_given(flags & 32, part[1]);
}

static bool min_se_same(const value *a, const value *b) { return a->min_se.seconds == b->min_se.seconds; }

READS_ONE(retry, retry, cpm_retry_after_decode)
WRITES(retry, retry, cpm_retry_after_encode)

static uint64_t retry_parts(const value *v, cpm_str in) {
  inside(v->retry.comment, in);
  params_inside(v->retry.params, in);
  HOLDS(v->retry.has_duration || v->retry.duration == 0);
  return 0;
}

static void retry_given(value *v, const cpm_str *part, unsigned flags) {
  v->retry.comment = if_given(flags & 1, part[0]);
  v->retry.params = if_given(flags & 2, part[1]);
  v->retry.seconds = (uint32_t)part[2].n << (flags >> 3);
  v->retry.has_duration = flags & 4;
  v->retry.duration = flags & 4 ? (uint32_t)part[3].n : 0;
}

static bool retry_same(const value *a, const value *b) {
  return a->retry.seconds == b->retry.seconds && both(a->retry.comment, b->retry.comment) &&
         a->retry.has_duration == b->retry.has_duration && a->retry.duration == b->retry.duration;
}

/* ---- subscriptions -------------------------------------------------------------------------------------------------------- */

READS_ONE(event, event, cpm_sip_event_decode)
READS_NEXT(event, event, cpm_sip_event_next)
WRITES(event, event, cpm_sip_event_encode)

static uint64_t event_parts(const value *v, cpm_str in) {
  inside(v->event.type, in);
  inside(v->event.package, v->event.type);
  inside(v->event.templates, v->event.type);
  inside(v->event.id, in);
  params_inside(v->event.params, in);
  HOLDS(v->event.package.n && (!v->event.templates.p || v->event.templates.n) && cpm_sip_event_equal(&v->event, &v->event));
  return 0;
}

static void event_given(value *v, const cpm_str *part, unsigned flags) {
  v->event.type = if_given(flags & 1, part[0]);
  v->event.package = part[0];
  v->event.templates = if_given(flags & 2, part[1]);
  v->event.id = if_given(flags & 4, part[2]);
  v->event.params = if_given(flags & 8, part[3]);
}

static bool event_same(const value *a, const value *b) {
  return cpm_str_eq(a->event.id, b->event.id) && (!a->event.type.p || cpm_str_eq(a->event.type, b->event.type));
}

READS_ONE(substate, substate, cpm_subscription_state_decode)
WRITES(substate, substate, cpm_subscription_state_encode)

static uint64_t substate_parts(const value *v, cpm_str in) {
  inside(v->substate.state_text, in);
  inside(v->substate.reason_text, in);
  params_inside(v->substate.params, in);
  return 0;
}

static void substate_given(value *v, const cpm_str *part, unsigned flags) {
  v->substate.state = (cpm_substate)(flags & 7);
  v->substate.state_text = if_given(part[0].n, part[0]);
  v->substate.reason = (cpm_subreason)(part[3].n & 7);
  v->substate.reason_text = if_given(flags & 8, part[1]);
  v->substate.has_expires = flags & 16;
  v->substate.expires = flags & 16 ? (uint32_t)part[2].n << (flags >> 3) : 0;
  v->substate.params = if_given(flags & 32, part[2]);
}

static bool substate_same(const value *a, const value *b) {
  return a->substate.has_expires == b->substate.has_expires && a->substate.expires == b->substate.expires &&
         (!a->substate.state_text.p || cpm_str_eq(a->substate.state_text, b->substate.state_text)) &&
         (a->substate.state_text.p || a->substate.state == b->substate.state) &&
         (a->substate.reason_text.p || a->substate.reason == b->substate.reason);
}

READS_ONE(refer, refer, cpm_refer_sub_decode)
WRITES(refer, refer, cpm_refer_sub_encode)
static uint64_t refer_parts(const value *v, cpm_str in) { params_inside(v->refer.params, in); return 0; }

static void refer_given(value *v, const cpm_str *part, unsigned flags) {
  v->refer.value = flags & 1;
  v->refer.params = if_given(flags & 2, part[0]);
}

static bool refer_same(const value *a, const value *b) { return a->refer.value == b->refer.value && both(a->refer.params, b->refer.params); }

/* ---- other dialogs --------------------------------------------------------------------------------------------------------- */

READS_ONE(replaces, replaces, cpm_replaces_decode)
WRITES(replaces, replaces, cpm_replaces_encode)
READS_ONE(join, replaces, cpm_join_decode)
WRITES(join, replaces, cpm_join_encode)

static uint64_t replaces_parts(const value *v, cpm_str in) {
  const cpm_str parts[] = { v->replaces.call_id, v->replaces.to_tag, v->replaces.from_tag };
  for (size_t i = 0; i < 3; i++) {
    inside(parts[i], in);
    HOLDS(parts[i].n);
  }
  params_inside(v->replaces.params, in);
  return 0;
}

static void replaces_given(value *v, const cpm_str *part, unsigned flags) {
  v->replaces.call_id = part[0];
  v->replaces.to_tag = part[1];
  v->replaces.from_tag = part[2];
  v->replaces.early_only = flags & 1;
  v->replaces.params = if_given(flags & 2, part[3]);
}

static bool replaces_same(const value *a, const value *b) {
  return cpm_str_eq(a->replaces.call_id, b->replaces.call_id) && cpm_str_eq(a->replaces.to_tag, b->replaces.to_tag) &&
         cpm_str_eq(a->replaces.from_tag, b->replaces.from_tag) && a->replaces.early_only == b->replaces.early_only;
}

READS_ONE(target, target, cpm_target_dialog_decode)
WRITES(target, target, cpm_target_dialog_encode)

static uint64_t target_parts(const value *v, cpm_str in) {
  inside(v->target.call_id, in);
  inside(v->target.local_tag, in);
  inside(v->target.remote_tag, in);
  params_inside(v->target.params, in);
  HOLDS(v->target.call_id.n && v->target.local_tag.n && v->target.remote_tag.n);
  return 0;
}

static void target_given(value *v, const cpm_str *part, unsigned flags) {
  v->target.call_id = part[0];
  v->target.local_tag = part[1];
  v->target.remote_tag = part[2];
  v->target.params = if_given(flags & 1, part[3]);
}

static bool target_same(const value *a, const value *b) {
  return cpm_str_eq(a->target.call_id, b->target.call_id) && cpm_str_eq(a->target.local_tag, b->target.local_tag) &&
         cpm_str_eq(a->target.remote_tag, b->target.remote_tag);
}

READS_NEXT(call_id, str, cpm_call_id_next)

/* ---- words and numbers ------------------------------------------------------------------------------------------------------ */

static int call_id_write(char *dst, size_t cap, size_t *n, const value *v) { return cpm_call_id_encode(dst, cap, n, v->str, NULL); }
static int id_write(char *dst, size_t cap, size_t *n, const value *v) { return cpm_id_encode(dst, cap, n, v->str, NULL); }
static int token_write(char *dst, size_t cap, size_t *n, const value *v) { return cpm_token_encode(dst, cap, n, &v->str, 1, NULL); }
static int number_write(char *dst, size_t cap, size_t *n, const value *v) { return cpm_number_encode(dst, cap, n, v->number, NULL); }
static bool number_same(const value *a, const value *b) { return a->number == b->number; }
static void number_given(value *v, const cpm_str *part, unsigned flags) { v->number = (uint32_t)part[0].n << (flags & 31); }
READS_ONE(token, str, cpm_token_decode)

/* An empty text is written as nothing: there is no more to hold. */
static int text_one(cpm_str *rest, value *v, const cpm_opts *opts, cpm_diag *d) {
  cpm_str in;
  return once(rest, &in) ? cpm_text_decode(&v->str, in, opts, NULL, d) : CPM_END;
}

static uint64_t text_parts(const value *v, cpm_str in) { inside(v->str, in); HOLDS(v->str.p); return 0; }

static int text_write(char *dst, size_t cap, size_t *n, const value *v) {
  return v->str.n ? cpm_text_encode(dst, cap, n, v->str, NULL) : CPM_E_VALUE;
}

static bool text_same(const value *a, const value *b) { return both(a->str, b->str); }

READS_NEXT(reason, reason, cpm_reason_next)
WRITES(reason, reason, cpm_reason_encode)

static uint64_t reason_parts(const value *v, cpm_str in) {
  inside(v->reason.protocol, in);
  inside(v->reason.text, in);
  params_inside(v->reason.params, in);
  HOLDS(v->reason.protocol.n && (v->reason.has_cause || v->reason.cause == 0));
  return 0;
}

static void reason_given(value *v, const cpm_str *part, unsigned flags) {
  v->reason.protocol = part[0];
  v->reason.text = if_given(flags & 1, part[1]);
  v->reason.text_quoted = flags & 2;
  v->reason.params = if_given(flags & 4, part[2]);
  v->reason.has_cause = flags & 8;
  v->reason.cause = flags & 8 ? (uint32_t)part[3].n << (flags >> 3) : 0;
}

static bool reason_same(const value *a, const value *b) {
  char text[2 * ROOM];
  size_t n;
  if (a->reason.text.p && !a->reason.text_quoted && cpm_unquote(text, sizeof text, &n, b->reason.text) == CPM_OK)
    HOLDS(cpm_str_eq(a->reason.text, cpm_str_of(text, n)));
  return cpm_str_eq(a->reason.protocol, b->reason.protocol) && both(a->reason.text, b->reason.text) &&
         a->reason.has_cause == b->reason.has_cause && a->reason.cause == b->reason.cause;
}

READS_NEXT(encoding, accepted, cpm_accept_encoding_next)
WRITES(encoding, accepted, cpm_accept_encoding_encode)
READS_NEXT(language, accepted, cpm_accept_language_next)
WRITES(language, accepted, cpm_accept_language_encode)

static uint64_t accepted_parts(const value *v, cpm_str in) {
  inside(v->accepted.name, in);
  params_inside(v->accepted.params, in);
  HOLDS(v->accepted.name.n && v->accepted.q <= 1000);
  return 0;
}

static void accepted_given(value *v, const cpm_str *part, unsigned flags) {
  v->accepted.name = part[0];
  v->accepted.q = (unsigned)part[1].n * (flags >> 1);
  v->accepted.params = if_given(flags & 1, part[2]);
}

static bool accepted_same(const value *a, const value *b) {
  return cpm_str_eq(a->accepted.name, b->accepted.name) && a->accepted.q == b->accepted.q;
}

READS_ONE(tagged, tagged, cpm_token_params_decode)
READS_NEXT(tagged, tagged, cpm_token_params_next)
WRITES(tagged, tagged, cpm_token_params_encode)

static uint64_t tagged_parts(const value *v, cpm_str in) {
  inside(v->tagged.token, in);
  params_inside(v->tagged.params, in);
  HOLDS(v->tagged.token.n);
  return 0;
}

static void tagged_given(value *v, const cpm_str *part, unsigned flags) {
  v->tagged.token = part[0];
  v->tagged.params = if_given(flags & 1, part[1]);
}

static bool tagged_same(const value *a, const value *b) {
  return cpm_str_eq(a->tagged.token, b->tagged.token) && both(a->tagged.params, b->tagged.params);
}

READS_ONE(rack, rack, cpm_rack_decode)
WRITES(rack, rack, cpm_rack_encode)
static uint64_t rack_parts(const value *v, cpm_str in) { inside(v->rack.cseq.method_name, in); HOLDS(v->rack.rseq); return 0; }

static void rack_given(value *v, const cpm_str *part, unsigned flags) {
  v->rack.cseq.method_name = part[0];
  v->rack.cseq.number = (uint32_t)part[1].n << (flags & 31);
  v->rack.rseq = (uint32_t)part[2].n << (flags >> 3);
}

static bool rack_same(const value *a, const value *b) {
  return a->rack.rseq == b->rack.rseq && a->rack.cseq.number == b->rack.cseq.number &&
         cpm_str_eq(a->rack.cseq.method_name, b->rack.cseq.method_name);
}

READS_ONE(stamp, stamp, cpm_timestamp_decode)
WRITES(stamp, stamp, cpm_timestamp_encode)

static uint64_t stamp_parts(const value *v, cpm_str in) {
  inside(v->stamp.time, in);
  inside(v->stamp.delay, in);
  HOLDS(v->stamp.time.n && v->stamp.has_delay == (v->stamp.delay.p != NULL));
  return 0;
}

static void stamp_given(value *v, const cpm_str *part, unsigned flags) {
  v->stamp.time = if_given(flags & 1, part[0]);
  v->stamp.delay = if_given(flags & 2, part[1]);
  v->stamp.has_delay = flags & 4;
  memcpy(&v->stamp.time_us, part[2].n >= 8 ? part[2].p : "\0\0\0\0\0\0\1", 8);
  memcpy(&v->stamp.delay_us, part[3].n >= 8 ? part[3].p : "\1\0\0\0\0\0\0", 8);
}

static bool stamp_same(const value *a, const value *b) {
  return (a->stamp.time.p ? cpm_str_eq(a->stamp.time, b->stamp.time) : a->stamp.time_us == b->stamp.time_us) &&
         (a->stamp.delay.p ? cpm_str_eq(a->stamp.delay, b->stamp.delay) : a->stamp.has_delay == b->stamp.has_delay) &&
         (a->stamp.delay.p || !a->stamp.has_delay || a->stamp.delay_us == b->stamp.delay_us);
}

READS_ONE(version, version, cpm_mime_version_decode)
WRITES(version, version, cpm_mime_version_encode)

static void version_given(value *v, const cpm_str *part, unsigned flags) {
  v->version.major = (uint32_t)part[0].n << (flags & 31);
  v->version.minor = (uint32_t)part[1].n << (flags >> 3);
}

static bool version_same(const value *a, const value *b) {
  return a->version.major == b->version.major && a->version.minor == b->version.minor;
}

#undef READS_ONE
#undef READS_NEXT
#undef WRITES

#endif
