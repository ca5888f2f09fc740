/* SPDX-License-Identifier: MIT */
/* conference.c - views of conference-info (RFC 4575). */
#include "cpm/conference.h"
#include "internal.h"

static cpm_str conference_text(const cpm_document *doc, const cpm_node *in, cpm_node_kind kind) { return cpm_node_text(doc, in, kind); }

static const cpm_node *conference_child(const cpm_document *doc, const cpm_node *in, cpm_node_kind kind) {
  return in ? cpm_node_find(doc, in, kind, cpm_str_none()) : NULL;
}

static uint32_t conference_count(const cpm_document *doc, const cpm_node *in, cpm_node_kind kind) {
  return (uint32_t)cpm_node_number(doc, in, kind, CPM_NO_COUNT);
}

static cpm_said conference_said(const cpm_document *doc, const cpm_node *in, cpm_node_kind kind) {
  const uint64_t said = cpm_node_number(doc, in, kind, UINT64_MAX);
  return said == UINT64_MAX ? CPM_SAID_NOTHING : said ? CPM_SAID_YES : CPM_SAID_NO;
}

static cpm_execution conference_execution(const cpm_document *doc, const cpm_node *in, cpm_node_kind kind) {
  const cpm_node *const e = conference_child(doc, in, kind);
  const cpm_execution out = { e != NULL, conference_text(doc, e, CPM_NODE_when), conference_text(doc, e, CPM_NODE_reason),
                              conference_text(doc, e, CPM_NODE_by) };
  return out;
}

/* ---- the conference ------------------------------------------------------------------------------------------------ */

static void conference_fill(cpm_conference *out, const cpm_document *doc, const cpm_node *n) {
  static const cpm_conference none;
  const cpm_node *const about = conference_child(doc, n, CPM_NODE_conference_description);
  const cpm_node *const host = conference_child(doc, n, CPM_NODE_host_info);
  const cpm_node *const now = conference_child(doc, n, CPM_NODE_conference_state);
  const cpm_node *const version = conference_child(doc, n, CPM_NODE_version);
  const cpm_node *const users = conference_child(doc, n, CPM_NODE_users);
  *out = none;
  out->node = n;
  out->state = (cpm_state)n->state;
  out->entity = n->key;
  out->has_version = version != NULL;
  out->version = version ? (uint32_t)version->number : 0;
  out->display_text = conference_text(doc, about, CPM_NODE_display_text);
  out->subject = conference_text(doc, about, CPM_NODE_subject);
  out->free_text = conference_text(doc, about, CPM_NODE_free_text);
  out->keywords = conference_text(doc, about, CPM_NODE_keywords);
  out->host = conference_text(doc, host, CPM_NODE_display_text);
  out->web_page = conference_text(doc, host, CPM_NODE_web_page);
  out->maximum_user_count = conference_count(doc, about, CPM_NODE_maximum_user_count);
  out->user_count = conference_count(doc, now, CPM_NODE_user_count);
  out->active = conference_said(doc, now, CPM_NODE_active);
  out->locked = conference_said(doc, now, CPM_NODE_locked);
  out->users_state = users ? (cpm_state)users->state : CPM_STATE_FULL;
}

int cpm_conference_view(cpm_conference *out, const cpm_document *doc) {
  static const cpm_conference none;
  const cpm_node *const root = cpm_document_root(doc);
  *out = none;
  if (!root || root->kind != CPM_NODE_conference_info) return CPM_E_VALUE;
  conference_fill(out, doc, root);
  return CPM_OK;
}

/* The next one of `kind` in the element `list` of `in`. */
static const cpm_node *conference_next(const cpm_document *doc, const cpm_node *in, cpm_node_kind list, const cpm_node *at, cpm_node_kind kind) {
  const cpm_node *const parent = conference_child(doc, in, list);
  return parent ? cpm_node_next(parent, at, kind) : NULL;
}

bool cpm_conference_sidebar_next(cpm_conference *out, const cpm_document *doc, const cpm_node *in) {
  const cpm_node *const n = conference_next(doc, in, CPM_NODE_sidebars_by_val, out->node, CPM_NODE_sidebar);
  if (n) conference_fill(out, doc, n);
  return n != NULL;
}

/* ---- users --------------------------------------------------------------------------------------------------------- */

static void conference_judge(cpm_conference_user *out, const cpm_document *doc) {
  cpm_conference_endpoint e = { .node = NULL };
  bool any = false, in_touch = false;
  while (cpm_conference_endpoint_next(&e, doc, out->node)) {
    if (e.state == CPM_STATE_DELETED) continue;
    const bool gone = e.status == CPM_ENDPOINT_DISCONNECTED || e.status == CPM_ENDPOINT_DISCONNECTING;
    any = true;
    in_touch = in_touch || !gone;
    out->connected = out->connected || (e.status >= CPM_ENDPOINT_ON_HOLD && e.status <= CPM_ENDPOINT_MUTED_VIA_FOCUS);
    out->pending = out->pending || (e.status >= CPM_ENDPOINT_PENDING && e.status <= CPM_ENDPOINT_ALERTING);
    if (!gone) continue;
    out->disconnection_method = e.disconnection_method;
    out->disconnection = e.disconnection;
  }
  out->left = any && !in_touch;
  out->pending = out->pending && !out->connected;
}

static void conference_fill_user(cpm_conference_user *out, const cpm_document *doc, const cpm_node *n) {
  static const cpm_conference_user none;
  const cpm_node *const role = conference_next(doc, n, CPM_NODE_roles, NULL, CPM_NODE_role);
  *out = none;
  out->node = n;
  out->state = (cpm_state)n->state;
  out->entity = n->key;
  out->display_text = conference_text(doc, n, CPM_NODE_display_text);
  out->role = role ? role->text : cpm_str_none();
  out->languages = conference_text(doc, n, CPM_NODE_languages);
  out->cascaded_focus = conference_text(doc, n, CPM_NODE_cascaded_focus);
  out->yourown = cpm_node_number(doc, n, CPM_NODE_yourown, 0) != 0;
  conference_judge(out, doc);
}

bool cpm_conference_user_next(cpm_conference_user *out, const cpm_document *doc, const cpm_node *in) {
  const cpm_node *const n = conference_next(doc, in, CPM_NODE_users, out->node, CPM_NODE_user);
  if (n) conference_fill_user(out, doc, n);
  return n != NULL;
}

bool cpm_conference_user_find(cpm_conference_user *out, const cpm_document *doc, const cpm_node *in, cpm_str entity) {
  const cpm_node *const users = conference_child(doc, in, CPM_NODE_users);
  const cpm_node *const n = users && entity.p ? cpm_node_find(doc, users, CPM_NODE_user, entity) : NULL;
  if (n) conference_fill_user(out, doc, n);
  return n != NULL;
}

/* ---- endpoints and media ------------------------------------------------------------------------------------------- */

bool cpm_conference_endpoint_next(cpm_conference_endpoint *out, const cpm_document *doc, const cpm_node *in) {
  const cpm_node *const n = cpm_node_next(in, out->node, CPM_NODE_endpoint);
  if (!n) return false;
  const cpm_node *const call = conference_child(doc, n, CPM_NODE_call_info), *const sip = conference_child(doc, call, CPM_NODE_sip);
  out->node = n;
  out->state = (cpm_state)n->state;
  out->entity = n->key;
  out->display_text = conference_text(doc, n, CPM_NODE_display_text);
  out->status = (cpm_endpoint_status)cpm_node_number(doc, n, CPM_NODE_endpoint_status, 0);
  out->joining_method = (cpm_joining_method)cpm_node_number(doc, n, CPM_NODE_joining_method, 0);
  out->disconnection_method = (cpm_disconnection_method)cpm_node_number(doc, n, CPM_NODE_disconnection_method, 0);
  out->referred = conference_execution(doc, n, CPM_NODE_referred);
  out->joining = conference_execution(doc, n, CPM_NODE_joining_info);
  out->disconnection = conference_execution(doc, n, CPM_NODE_disconnection_info);
  out->call_id = conference_text(doc, sip, CPM_NODE_call_id);
  out->from_tag = conference_text(doc, sip, CPM_NODE_from_tag);
  out->to_tag = conference_text(doc, sip, CPM_NODE_to_tag);
  return true;
}

bool cpm_conference_media_next(cpm_conference_media *out, const cpm_document *doc, const cpm_node *in) {
  const bool offered = in->kind != CPM_NODE_endpoint;
  const cpm_node *const about = offered ? conference_child(doc, in, CPM_NODE_conference_description) : NULL;
  const cpm_node *const n = offered ? conference_next(doc, about, CPM_NODE_available_media, out->node, CPM_NODE_medium)
                                    : cpm_node_next(in, out->node, CPM_NODE_media);
  if (!n) return false;
  out->node = n;
  out->state = (cpm_state)n->state;
  out->id = offered ? cpm_str_none() : n->key;
  out->display_text = conference_text(doc, n, CPM_NODE_display_text);
  out->type = conference_text(doc, n, CPM_NODE_type);
  out->label = offered ? n->key : conference_text(doc, n, CPM_NODE_media_label);
  out->src_id = conference_text(doc, n, CPM_NODE_src_id);
  out->status = (cpm_media_status)cpm_node_number(doc, n, CPM_NODE_media_status, 0);
  return true;
}

/* ---- URIs ---------------------------------------------------------------------------------------------------------- */

bool cpm_conference_uri_next(cpm_conference_uri *out, const cpm_document *doc, const cpm_node *in, cpm_node_kind which) {
  const bool described = which == CPM_NODE_conf_uris || which == CPM_NODE_service_uris;
  const cpm_node_kind inside = described ? CPM_NODE_conference_description : CPM_NODE_host_info;
  const cpm_node *const parent = described || which == CPM_NODE_uris ? conference_child(doc, in, inside) : in;
  const cpm_node *const n = conference_next(doc, parent, which, out->node, CPM_NODE_uri_entry);
  if (!n) return false;
  out->node = n;
  out->uri = n->key;
  out->display_text = conference_text(doc, n, CPM_NODE_display_text);
  out->purpose = conference_text(doc, n, CPM_NODE_purpose);
  out->modified = conference_execution(doc, n, CPM_NODE_modified);
  return true;
}

int cpm_conference_entries(cpm_entry *entries, size_t cap, size_t *n, const cpm_document *doc, cpm_diag *diag) {
  cpm_conference_user user = { .node = NULL };
  cpm_conference conference;
  size_t need = 0;
  *n = 0;
  if (cpm_conference_view(&conference, doc) != CPM_OK) return cpmi_fail(diag, CPM_E_VALUE, 0, "conference-info", "RFC 4575 5.1");
  while (cpm_conference_user_next(&user, doc, conference.node)) {
    if (user.yourown || user.state == CPM_STATE_DELETED || !user.entity.p) continue;
    const cpm_entry entry = { .uri = user.entity, .display_name = user.display_text };
    if (need < cap) entries[need] = entry;
    need++;
  }
  *n = need < cap ? need : cap;
  if (need <= cap) return CPM_OK;
  cpmi_fail(diag, CPM_E_TOO_MANY, 0, "user", "RFC 4575 5.6");
  if (diag) diag->need = need;
  return CPM_E_TOO_MANY;
}
