/* SPDX-License-Identifier: MIT */
/* policy.c - views of group documents and of rules (OMA XDM, RFC 4745). */
#include "cpm/policy.h"
#include "cpm/cpim.h"
#include "cpm/uri.h"
#include "internal.h"

static const cpm_node *policy_child(const cpm_document *doc, const cpm_node *in, cpm_node_kind kind) {
  return in ? cpm_node_find(doc, in, kind, cpm_str_none()) : NULL;
}

static cpm_said policy_said(const cpm_node *n) { return !n ? CPM_SAID_NOTHING : n->number ? CPM_SAID_YES : CPM_SAID_NO; }

/* ---- groups -------------------------------------------------------------------------------------------------------- */

/* The next entry of any list of the group; *list moves on. */
static const cpm_node *policy_entry_next(const cpm_node *group, const cpm_node **list, const cpm_node *at, cpm_node_kind kind) {
  if (!*list) *list = cpm_node_next(group, NULL, CPM_NODE_list);
  while (*list) {
    const cpm_node *const n = cpm_node_next(*list, at, kind);
    if (n) return n;
    *list = cpm_node_next(group, *list, CPM_NODE_list);
    at = NULL;
  }
  return NULL;
}

static size_t policy_count(const cpm_node *group, cpm_node_kind kind) {
  const cpm_node *list = NULL;
  size_t n = 0;
  for (const cpm_node *at = NULL; (at = policy_entry_next(group, &list, at, kind));) n++;
  return n;
}

static bool policy_ends_label(cpm_str s, size_t at) {
  static const char marks[] = ":.-_/";
  for (size_t i = 0; at < s.n && marks[i]; i++)
    if (s.p[at] == marks[i]) return true;
  return at >= s.n;
}

/* Is one of the labels of the service's name "cpm"? */
static bool policy_names_cpm(cpm_str enabler) {
  for (size_t from = 0, at = 0; at <= enabler.n; at++) {
    if (!policy_ends_label(enabler, at)) continue;
    if (cpm_str_ieq(cpm_str_of(enabler.p + from, at - from), cpm_str_z("cpm"))) return true;
    from = at + 1;
  }
  return false;
}

static bool policy_supports_cpm(const cpm_document *doc, const cpm_node *group) {
  const cpm_node *const services = policy_child(doc, group, CPM_NODE_supported_services);
  if (!services) return false;
  for (const cpm_node *n = NULL; (n = cpm_node_next(services, n, CPM_NODE_service));)
    if (n->key.p && policy_names_cpm(n->key)) return true;
  return false;
}

bool cpm_group_next(cpm_group *out, const cpm_document *doc) {
  static const cpm_group none;
  const cpm_node *const root = cpm_document_root(doc);
  const cpm_node *const n = root && root->kind == CPM_NODE_group ? cpm_node_next(root, out->node, CPM_NODE_list_service) : NULL;
  if (!n) return false;
  const cpm_node *const session = policy_child(doc, n, CPM_NODE_session_active_policy);
  *out = none;
  out->node = n;
  out->uri = n->key;
  out->display_name = cpm_node_text(doc, n, CPM_NODE_display_name);
  out->subject = cpm_node_text(doc, n, CPM_NODE_group_subject);
  out->invite_members = policy_said(policy_child(doc, n, CPM_NODE_invite_members));
  out->max_participant_count = (uint32_t)cpm_node_number(doc, n, CPM_NODE_max_participant_count, CPM_NO_COUNT);
  out->min_participant_count = (uint32_t)cpm_node_number(doc, session, CPM_NODE_min_participant_count, CPM_NO_COUNT);
  out->max_duration = cpm_node_text(doc, session, CPM_NODE_max_duration);
  out->automatic_group_advertisement = policy_said(policy_child(doc, n, CPM_NODE_automatic_group_advertisement));
  out->searchable = policy_said(policy_child(doc, n, CPM_NODE_searchable));
  out->cpm = policy_supports_cpm(doc, n);
  out->members = policy_count(n, CPM_NODE_member);
  out->externals = policy_count(n, CPM_NODE_external);
  out->ruleset = policy_child(doc, n, CPM_NODE_ruleset);
  return true;
}

bool cpm_group_find(cpm_group *out, const cpm_document *doc, cpm_str uri) {
  out->node = NULL;
  while (cpm_group_next(out, doc))
    if (out->uri.p && cpm_uri_text_equal(out->uri, uri)) return true;
  return false;
}

bool cpm_group_has(const cpm_group *group, cpm_str uri) {
  const cpm_node *list = NULL;
  for (const cpm_node *at = NULL; (at = policy_entry_next(group->node, &list, at, CPM_NODE_member));)
    if (cpm_uri_text_equal(at->key, uri)) return true;
  return false;
}

/* ---- conditions ---------------------------------------------------------------------------------------------------- */

typedef struct policy_asked {
  const cpm_document     *doc;
  const cpm_rule_request *request;
  cpm_uri                 uri;        /* of who asks */
  bool                    known;      /* it could be read */
  bool                    referred;   /* a rule has an identity or a list that holds */
} policy_asked;

/* The domain of a SIP URI; tel URIs have none. */
static bool policy_is_of_domain(const policy_asked *a, cpm_str domain) {
  return domain.p && a->uri.host.p && cpm_str_ieq(a->uri.host, domain);
}

static bool policy_is_excepted(const policy_asked *a, const cpm_node *many) {
  for (const cpm_node *n = NULL; (n = cpm_node_next(many, n, CPM_NODE_except));) {
    const cpm_str id = cpm_node_text(a->doc, n, CPM_NODE_id), domain = cpm_node_text(a->doc, n, CPM_NODE_domain);
    if ((id.p && cpm_uri_text_equal(id, a->request->identity)) || policy_is_of_domain(a, domain)) return true;
    if (!id.p && !domain.p) return true;   /* says nothing that can be judged */
  }
  return false;
}

static bool policy_is_among(const policy_asked *a, const cpm_node *many) {
  const cpm_node *const domain = policy_child(a->doc, many, CPM_NODE_domain);
  if (cpm_node_next(many, NULL, CPM_NODE_another_condition) || policy_is_excepted(a, many)) return false;
  return !domain || policy_is_of_domain(a, domain->text);
}

static bool policy_is_identity(const policy_asked *a, const cpm_node *identity) {
  if (!a->known || cpm_node_next(identity, NULL, CPM_NODE_another_condition)) return false;
  for (const cpm_node *n = NULL; (n = cpm_node_next(identity, n, CPM_NODE_none));) {
    if (n->kind == CPM_NODE_one && cpm_uri_text_equal(n->key, a->request->identity)) return true;
    if (n->kind == CPM_NODE_many && policy_is_among(a, n)) return true;
  }
  return false;
}

static bool policy_is_valid(const policy_asked *a, const cpm_node *validity) {
  const cpm_node *from = NULL, *until = NULL;
  while ((from = cpm_node_next(validity, from, CPM_NODE_from)) && (until = cpm_node_next(validity, until, CPM_NODE_until))) {
    int64_t begins, ends;
    uint64_t quirks = 0;
    if (cpm_datetime_decode(&begins, from->text, NULL, &quirks, NULL) || cpm_datetime_decode(&ends, until->text, NULL, &quirks, NULL)) return false;
    if (a->request->now >= begins && a->request->now <= ends) return true;
  }
  return false;
}

static bool policy_condition_holds(const policy_asked *a, const cpm_node *n) {
  switch (n->kind) {
  case CPM_NODE_identity:          return policy_is_identity(a, n);
  case CPM_NODE_is_list_member:    return a->request->member;
  case CPM_NODE_other_identity:    return !a->referred;
  case CPM_NODE_anonymous_request: return a->request->anonymous;
  case CPM_NODE_validity:          return policy_is_valid(a, n);
  default:                         return false;
  }
}

/* What stands twice was not meant to: which one counts would be a guess. */
static bool policy_has_repeated(const cpm_node *rule) {
  for (uint32_t i = 1; i < rule->size; i++)
    if (rule[i].repeated) return true;
  return false;
}

static bool policy_rule_holds(const policy_asked *a, const cpm_node *rule) {
  const cpm_node *const conditions = policy_child(a->doc, rule, CPM_NODE_conditions);
  if (policy_has_repeated(rule)) return false;
  for (const cpm_node *n = NULL; conditions && (n = cpm_node_next(conditions, n, CPM_NODE_none));)
    if (!policy_condition_holds(a, n)) return false;
  return true;
}

/* Does a rule name who asks, or the list it is a member of? */
static bool policy_is_referred(const policy_asked *a, const cpm_node *ruleset) {
  for (const cpm_node *rule = NULL; (rule = cpm_node_next(ruleset, rule, CPM_NODE_rule));) {
    const cpm_node *const conditions = policy_child(a->doc, rule, CPM_NODE_conditions);
    const cpm_node *const identity = policy_child(a->doc, conditions, CPM_NODE_identity);
    if (identity && policy_is_identity(a, identity)) return true;
    if (a->request->member && policy_child(a->doc, conditions, CPM_NODE_is_list_member)) return true;
  }
  return false;
}

cpm_said cpm_rules_say(const cpm_document *doc, const cpm_node *ruleset, cpm_node_kind action, const cpm_rule_request *request) {
  policy_asked a = { .doc = doc, .request = request };
  cpm_said said = CPM_SAID_NOTHING;
  if (!ruleset || cpm_node_type_of(action) != CPM_TYPE_BOOL) return said;
  a.known = request->identity.p && cpm_uri_decode(&a.uri, request->identity, NULL, NULL) == CPM_OK;
  a.referred = policy_is_referred(&a, ruleset);
  for (const cpm_node *rule = NULL; (rule = cpm_node_next(ruleset, rule, CPM_NODE_rule));) {
    const cpm_said here = policy_said(policy_child(doc, policy_child(doc, rule, CPM_NODE_actions), action));
    if (here > said && policy_rule_holds(&a, rule)) said = here;
  }
  return said;
}

int cpm_preferences_view(cpm_preferences *out, const cpm_document *doc, const cpm_rule_request *request) {
  static const cpm_preferences none;
  const cpm_node *const root = cpm_document_root(doc);
  *out = none;
  if (!root || root->kind != CPM_NODE_ruleset) return CPM_E_VALUE;
  out->allow_offline_storage = cpm_rules_say(doc, root, CPM_NODE_allow_offline_storage, request);
  out->allow_store = cpm_rules_say(doc, root, CPM_NODE_allow_store, request);
  out->allow_defer = cpm_rules_say(doc, root, CPM_NODE_allow_defer, request);
  out->allow_reject_invite = cpm_rules_say(doc, root, CPM_NODE_allow_reject_invite, request);
  out->allow_auto_answermode = cpm_rules_say(doc, root, CPM_NODE_allow_auto_answermode, request);
  return CPM_OK;
}
