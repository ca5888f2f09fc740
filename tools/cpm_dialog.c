/* SPDX-License-Identifier: MIT */
/* cpm_dialog.c - values of the header fields of routes, dialogs, timers, subscriptions and capabilities. */
#include "cpm_fields.h"
#include "cpm/dialog.h"
#include <inttypes.h>

/* ---- addresses --------------------------------------------------------------------------------------------------------- */

/* A number of so many places behind its point, without zeros at its end. */
static void dialog_put_decimal(cJSON *o, const char *key, int64_t v, unsigned places) {
  char text[32];
  const bool minus = v < 0;
  uint64_t size = minus ? (uint64_t)0 - (uint64_t)v : (uint64_t)v, unit = 1;
  for (unsigned i = 0; i < places; i++) unit *= 10;
  for (; places && size % 10 == 0; places--, unit /= 10) size /= 10;
  if (places) snprintf(text, sizeof text, "%s%" PRIu64 ".%0*" PRIu64, minus ? "-" : "", size / unit, (int)places, size % unit);
  else snprintf(text, sizeof text, "%s%" PRIu64, minus ? "-" : "", size);
  tree_put(o, key, cJSON_CreateRaw(text));
}

static cJSON *dialog_feature_value(const cpm_feature_value *v) {
  cJSON *o = tree_object();
  tree_put_true(o, "negated", v->negated);
  if (v->kind != CPM_FEATURE_NUMBER) tree_put_text(o, "text", v->text);
  if (v->has_low) dialog_put_decimal(o, "from", v->low, 6);
  if (v->has_high) dialog_put_decimal(o, "to", v->high, 6);
  return o;
}

/* Every feature parameter: {name, values}. */
static void dialog_put_features(reading *r, cJSON *o, cpm_str params) {
  cJSON *features = NULL;
  cpm_param p;
  cpm_diag d = { 0 };
  for (cpm_str rest = params, at = params; rest.p; at = rest) {
    const int rc = cpm_feature_next(&rest, &p, &d);
    if (rc == CPM_END) return;
    if (!features) features = tree_put(o, "features", tree_array());
    cJSON *one = tree_append(features, tree_object());
    if (rc) {
      tree_put_error(r->t, one, at, &d);
      return;
    }
    tree_put_text(one, "name", p.name);
    cJSON *values = p.value.p ? tree_put(one, "values", tree_array()) : NULL;
    cpm_feature_value v;
    for (cpm_str left = p.value; values && cpm_feature_value_next(&left, &v, NULL) == CPM_OK;)
      tree_append(values, dialog_feature_value(&v));
  }
}

cJSON *fields_contact(reading *r) {
  cpm_contact c;
  r->rc = cpm_contact_next(r->rest, &c, r->opts, &r->diag);
  if (r->rc != CPM_OK) return NULL;
  cJSON *o = fields_of_address(r, &c.address);
  tree_put_text(o, "instance", c.instance);
  if (c.reg_id) tree_put_unsigned(o, "reg_id", c.reg_id);
  if (c.has_q) dialog_put_decimal(o, "q", c.q, 3);
  if (c.has_expires) tree_put_unsigned(o, "expires", c.expires);
  if (c.icsi_ref.p) fields_put_icsi_list(r, o, c.address.params);
  dialog_put_features(r, o, c.address.params);
  tree_put_true(o, "gruu", cpm_gruu_find(c.address.uri, NULL));
  return o;
}

cJSON *fields_route(reading *r) {
  cpm_route route;
  r->rc = cpm_route_next(r->rest, &route, r->opts, &r->diag);
  if (r->rc != CPM_OK) return NULL;
  cJSON *o = tree_object();
  fields_put_display(o, route.display, route.display_quoted);
  tree_put(o, "uri", uri_tree(r->t, route.uri));
  tree_put_true(o, "loose", route.lr);
  tree_put_params(r->t, o, route.params);
  return o;
}

cJSON *fields_history_info(reading *r) {
  static const char *const targets[] = { NULL, "rc", "mp", "np" };
  cpm_history_info h;
  r->rc = cpm_history_info_next(r->rest, &h, r->opts, &r->diag);
  if (r->rc != CPM_OK) return NULL;
  cJSON *o = tree_object();
  fields_put_display(o, h.display, h.display_quoted);
  tree_put(o, "uri", uri_tree(r->t, h.uri));
  tree_put_text(o, "index", h.index);
  if (targets[h.target]) tree_put_text(o, targets[h.target], h.target_index);
  tree_put_params(r->t, o, h.params);
  return o;
}

/* ---- timers ------------------------------------------------------------------------------------------------------------ */

cJSON *fields_session_expires(reading *r) {
  static const char *const refreshers[] = { NULL, "uac", "uas" };
  cpm_session_expires s;
  r->rc = cpm_session_expires_decode(&s, *r->rest, r->opts, &r->diag);
  if (r->rc != CPM_OK) return NULL;
  cJSON *o = tree_object();
  tree_put_unsigned(o, "seconds", s.seconds);
  tree_put_z(o, "refresher", refreshers[s.refresher]);
  tree_put_params(r->t, o, s.params);
  return o;
}

cJSON *fields_min_se(reading *r) {
  cpm_min_se s;
  r->rc = cpm_min_se_decode(&s, *r->rest, r->opts, &r->diag);
  if (r->rc != CPM_OK) return NULL;
  cJSON *o = tree_object();
  tree_put_unsigned(o, "seconds", s.seconds);
  tree_put_params(r->t, o, s.params);
  return o;
}

cJSON *fields_retry_after(reading *r) {
  cpm_retry_after a;
  r->rc = cpm_retry_after_decode(&a, *r->rest, r->opts, &r->diag);
  if (r->rc != CPM_OK) return NULL;
  cJSON *o = tree_object();
  tree_put_unsigned(o, "seconds", a.seconds);
  tree_put_text(o, "comment", a.comment);
  if (a.has_duration) tree_put_unsigned(o, "duration", a.duration);
  tree_put_params(r->t, o, a.params);
  return o;
}

/* ---- subscriptions ------------------------------------------------------------------------------------------------------ */

cJSON *fields_event(reading *r) {
  cpm_sip_event e;
  r->rc = r->whole ? cpm_sip_event_decode(&e, *r->rest, r->opts, &r->diag) : cpm_sip_event_next(r->rest, &e, r->opts, &r->diag);
  if (r->rc != CPM_OK) return NULL;
  if (!r->whole) return tree_text(e.type);
  cJSON *o = tree_object();
  tree_put_text(o, "package", e.package);
  tree_put_text(o, "templates", e.templates);
  tree_put_text(o, "id", e.id);
  tree_put_params(r->t, o, e.params);
  return o;
}

cJSON *fields_subscription_state(reading *r) {
  cpm_subscription_state s;
  r->rc = cpm_subscription_state_decode(&s, *r->rest, r->opts, &r->diag);
  if (r->rc != CPM_OK) return NULL;
  cJSON *o = tree_object();
  tree_put_text(o, "state", s.state_text);
  tree_put_text(o, "reason", s.reason_text);
  if (s.has_expires) tree_put_unsigned(o, "expires", s.expires);
  if (s.has_retry_after) tree_put_unsigned(o, "retry_after", s.retry_after);
  tree_put_params(r->t, o, s.params);
  return o;
}

cJSON *fields_refer_sub(reading *r) {
  cpm_refer_sub s;
  r->rc = cpm_refer_sub_decode(&s, *r->rest, r->opts, &r->diag);
  if (r->rc != CPM_OK) return NULL;
  cJSON *o = tree_object();
  tree_put_z(o, "value", s.value ? "true" : "false");
  tree_put_params(r->t, o, s.params);
  return o;
}

/* ---- other dialogs ------------------------------------------------------------------------------------------------------- */

static cJSON *dialog_replaces(reading *r, int (*decode)(cpm_replaces *, cpm_str, const cpm_opts *, cpm_diag *)) {
  cpm_replaces p;
  r->rc = decode(&p, *r->rest, r->opts, &r->diag);
  if (r->rc != CPM_OK) return NULL;
  cJSON *o = tree_object();
  tree_put_text(o, "call_id", p.call_id);
  tree_put_text(o, "to_tag", p.to_tag);
  tree_put_text(o, "from_tag", p.from_tag);
  tree_put_true(o, "early_only", p.early_only);
  tree_put_params(r->t, o, p.params);
  return o;
}

cJSON *fields_replaces(reading *r) { return dialog_replaces(r, cpm_replaces_decode); }
cJSON *fields_join(reading *r) { return dialog_replaces(r, cpm_join_decode); }

cJSON *fields_target_dialog(reading *r) {
  cpm_target_dialog d;
  r->rc = cpm_target_dialog_decode(&d, *r->rest, r->opts, &r->diag);
  if (r->rc != CPM_OK) return NULL;
  cJSON *o = tree_object();
  tree_put_text(o, "call_id", d.call_id);
  tree_put_text(o, "local_tag", d.local_tag);
  tree_put_text(o, "remote_tag", d.remote_tag);
  tree_put_params(r->t, o, d.params);
  return o;
}

/* ---- words and numbers --------------------------------------------------------------------------------------------------- */

cJSON *fields_reason(reading *r) {
  cpm_reason reason;
  r->rc = cpm_reason_next(r->rest, &reason, r->opts, &r->diag);
  if (r->rc != CPM_OK) return NULL;
  cJSON *o = tree_object();
  tree_put_text(o, "protocol", reason.protocol);
  if (reason.has_cause) tree_put_unsigned(o, "cause", reason.cause);
  fields_put_quoted(o, "text", reason.text, reason.text_quoted);
  tree_put_params(r->t, o, reason.params);
  return o;
}

static cJSON *dialog_accepted(reading *r, int (*next)(cpm_str *, cpm_accepted *, const cpm_opts *, cpm_diag *)) {
  cpm_accepted a;
  r->rc = next(r->rest, &a, r->opts, &r->diag);
  if (r->rc != CPM_OK) return NULL;
  cJSON *o = tree_object();
  tree_put_text(o, "name", a.name);
  if (a.q < 1000) dialog_put_decimal(o, "q", a.q, 3);
  tree_put_params(r->t, o, a.params);
  return o;
}

cJSON *fields_accept_encoding(reading *r) { return dialog_accepted(r, cpm_accept_encoding_next); }
cJSON *fields_accept_language(reading *r) { return dialog_accepted(r, cpm_accept_language_next); }

cJSON *fields_token_params(reading *r) {
  cpm_token_params p;
  r->rc = r->whole ? cpm_token_params_decode(&p, *r->rest, r->opts, &r->diag) : cpm_token_params_next(r->rest, &p, r->opts, &r->diag);
  if (r->rc != CPM_OK) return NULL;
  cJSON *o = tree_object();
  tree_put_text(o, "name", p.token);
  tree_put_params(r->t, o, p.params);
  return o;
}

cJSON *fields_rseq(reading *r) {
  uint32_t n = 0;
  r->rc = cpm_rseq_decode(&n, *r->rest, r->opts, &r->diag);
  return r->rc == CPM_OK ? tree_unsigned(n) : NULL;
}

cJSON *fields_rack(reading *r) {
  cpm_rack rack;
  r->rc = cpm_rack_decode(&rack, *r->rest, r->opts, &r->diag);
  if (r->rc != CPM_OK) return NULL;
  cJSON *o = tree_object();
  tree_put_unsigned(o, "rseq", rack.rseq);
  tree_put_unsigned(o, "number", rack.cseq.number);
  tree_put_text(o, "method", rack.cseq.method_name);
  return o;
}

cJSON *fields_timestamp(reading *r) {
  cpm_timestamp t;
  r->rc = cpm_timestamp_decode(&t, *r->rest, r->opts, &r->diag);
  if (r->rc != CPM_OK) return NULL;
  cJSON *o = tree_object();
  tree_put_text(o, "time", t.time);
  tree_put_text(o, "delay", t.delay);
  return o;
}

cJSON *fields_mime_version(reading *r) {
  cpm_mime_version v;
  r->rc = cpm_mime_version_decode(&v, *r->rest, r->opts, &r->diag);
  if (r->rc != CPM_OK) return NULL;
  cJSON *o = tree_object();
  tree_put_unsigned(o, "major", v.major);
  tree_put_unsigned(o, "minor", v.minor);
  return o;
}

cJSON *fields_text(reading *r) {
  cpm_str text;
  uint64_t quirks = 0;
  r->rc = cpm_text_decode(&text, *r->rest, r->opts, &quirks, &r->diag);
  r->quirks |= quirks;
  return r->rc == CPM_OK ? tree_text(text) : NULL;
}
