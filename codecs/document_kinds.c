/* SPDX-License-Identifier: MIT */
/* document_kinds.c - which node may stand where, in the order of the schemas. */
#include "cpm/conference.h"
#include "cpm/reginfo.h"
#include "document.h"

/* ---- namespaces ---------------------------------------------------------------------------------------------------- */

const char *cpmi_ns_uri(cpmi_ns ns) {
  switch (ns) {
  case CPMI_NS_conference: return CPM_CONFERENCE_NS;
  case CPMI_NS_reginfo:    return CPM_REGINFO_NS;
  case CPMI_NS_gruuinfo:   return CPM_GRUUINFO_NS;
  case CPMI_NS_group:      return "urn:oma:xml:poc:list-service";
  case CPMI_NS_extensions: return "urn:oma:xml:xdm:extensions";
  case CPMI_NS_policy:     return "urn:ietf:params:xml:ns:common-policy";
  case CPMI_NS_oma_policy: return "urn:oma:xml:xdm:common-policy";
  default:                 return NULL;
  }
}

/* Group documents and rules are made of all of these, and writers do not agree on which element is of which. */
static const char *const document_kinds_policy_ns[] = {
  "urn:oma:xml:poc:list-service", "urn:oma:xml:xdm:extensions", "urn:ietf:params:xml:ns:common-policy", "urn:oma:xml:xdm:common-policy",
  "urn:oma:xml:xdm:group", "urn:ietf:params:xml:ns:resource-lists",
};

static bool document_kinds_ns_fits(cpmi_ns want, cpm_str ns) {
  if (want < CPMI_NS_group || want > CPMI_NS_oma_policy) return cpm_str_eq(ns, cpm_str_z(cpmi_ns_uri(want)));
  for (size_t i = 0; i < sizeof document_kinds_policy_ns / sizeof *document_kinds_policy_ns; i++)
    if (cpm_str_eq(ns, cpm_str_z(document_kinds_policy_ns[i]))) return true;
  return false;
}

/* ---- words --------------------------------------------------------------------------------------------------------- */

#define WORD(id, word) word,
static const char *const document_kinds_endpoint_status[] = { CPM_ENDPOINT_STATUSES(WORD) NULL };
static const char *const document_kinds_joining[] = { CPM_JOINING_METHODS(WORD) NULL };
static const char *const document_kinds_disconnection[] = { CPM_DISCONNECTION_METHODS(WORD) NULL };
static const char *const document_kinds_media_status[] = { CPM_MEDIA_STATUSES(WORD) NULL };
static const char *const document_kinds_registration_state[] = { CPM_REGISTRATION_STATES(WORD) NULL };
static const char *const document_kinds_contact_state[] = { CPM_CONTACT_STATES(WORD) NULL };
static const char *const document_kinds_contact_event[] = { CPM_CONTACT_EVENTS(WORD) NULL };
#undef WORD

static const char *const *document_kinds_words(cpm_node_kind kind) {
  switch (kind) {
  case CPM_NODE_endpoint_status:      return document_kinds_endpoint_status;
  case CPM_NODE_joining_method:       return document_kinds_joining;
  case CPM_NODE_disconnection_method: return document_kinds_disconnection;
  case CPM_NODE_media_status:         return document_kinds_media_status;
  case CPM_NODE_registration_state:   return document_kinds_registration_state;
  case CPM_NODE_contact_state:        return document_kinds_contact_state;
  case CPM_NODE_contact_event:        return document_kinds_contact_event;
  default:                            return NULL;
  }
}

/* ---- places -------------------------------------------------------------------------------------------------------- */

#define P(kind)      { CPM_NODE_##kind, 0 }
#define KEY(kind)    { CPM_NODE_##kind, CPMI_KEY }
#define MUST(kind)   { CPM_NODE_##kind, CPMI_MUST }
#define MUSTKEY(kind) { CPM_NODE_##kind, CPMI_KEY | CPMI_MUST }
#define MANY(kind)   { CPM_NODE_##kind, CPMI_MANY }
#define END          { CPM_NODE_none, 0 }

/* RFC 4575 5, 8 */
static const cpmi_place document_kinds_conference[] = {
  KEY(entity), P(version), P(conference_description), P(host_info), P(conference_state), P(users), P(sidebars_by_ref), P(sidebars_by_val), END };
static const cpmi_place document_kinds_description[] = {
  P(display_text), P(subject), P(free_text), P(keywords), P(conf_uris), P(service_uris), P(maximum_user_count), P(available_media), END };
static const cpmi_place document_kinds_host[] = { P(display_text), P(web_page), P(uris), END };
static const cpmi_place document_kinds_state[] = { P(user_count), P(active), P(locked), END };
static const cpmi_place document_kinds_uris[] = { P(uri_entry), END };
static const cpmi_place document_kinds_uri_entry[] = { KEY(uri), P(display_text), P(purpose), P(modified), END };
static const cpmi_place document_kinds_execution[] = { P(when), P(reason), P(by), END };
static const cpmi_place document_kinds_available_media[] = { P(medium), END };
static const cpmi_place document_kinds_medium[] = { KEY(label), P(display_text), P(type), P(media_status), END };
static const cpmi_place document_kinds_users[] = { P(user), END };
static const cpmi_place document_kinds_user[] = {
  KEY(entity), P(yourown), P(display_text), P(associated_aors), P(roles), P(languages), P(cascaded_focus), P(endpoint), END };
static const cpmi_place document_kinds_roles[] = { MANY(role), END };
static const cpmi_place document_kinds_endpoint[] = {
  KEY(entity), P(display_text), P(referred), P(endpoint_status), P(joining_method), P(joining_info), P(disconnection_method),
  P(disconnection_info), P(media), P(call_info), END };
static const cpmi_place document_kinds_media[] = { KEY(id), P(display_text), P(type), P(media_label), P(src_id), P(media_status), END };
static const cpmi_place document_kinds_call_info[] = { P(sip), END };
static const cpmi_place document_kinds_sip[] = { P(display_text), P(call_id), P(from_tag), P(to_tag), END };
static const cpmi_place document_kinds_sidebars[] = { P(sidebar), END };
/* RFC 3680 5, RFC 5628 5 */
static const cpmi_place document_kinds_reginfo[] = { P(version), P(registration), END };
static const cpmi_place document_kinds_registration[] = { MUST(aor), MUSTKEY(id), MUST(registration_state), P(contact), END };
static const cpmi_place document_kinds_contact[] = {
  MUSTKEY(id), MUST(contact_state), P(contact_event), P(duration_registered), P(expires), P(retry_after), P(q), P(callid), P(cseq),
  MUST(contact_uri), P(contact_display_name), P(unknown_param), P(pub_gruu), P(temp_gruu), END };
static const cpmi_place document_kinds_param[] = { MUSTKEY(name), END };
static const cpmi_place document_kinds_pub_gruu[] = { MUST(uri_attribute), END };
static const cpmi_place document_kinds_temp_gruu[] = { MUST(uri_attribute), P(first_cseq), END };
/* OMA XDM */
static const cpmi_place document_kinds_group[] = { P(list_service), END };
static const cpmi_place document_kinds_list_service[] = {
  KEY(uri_attribute), P(display_name), P(list), P(invite_members), P(max_participant_count), P(group_subject), P(supported_services),
  P(session_active_policy), P(automatic_group_advertisement), P(searchable), P(ruleset), END };
static const cpmi_place document_kinds_list[] = { P(display_name), P(member), P(external), END };
static const cpmi_place document_kinds_member[] = { MUSTKEY(uri_attribute), P(display_name), END };
static const cpmi_place document_kinds_external[] = { KEY(anchor), P(display_name), END };
static const cpmi_place document_kinds_services[] = { P(service), END };
static const cpmi_place document_kinds_service[] = { KEY(enabler), END };
static const cpmi_place document_kinds_session_policy[] = { P(max_duration), P(min_participant_count), END };
/* RFC 4745 */
static const cpmi_place document_kinds_ruleset[] = { P(rule), END };
static const cpmi_place document_kinds_rule[] = { KEY(id), P(conditions), P(actions), END };
static const cpmi_place document_kinds_conditions[] = {
  P(identity), P(sphere), P(validity), P(is_list_member), P(other_identity), P(anonymous_request), P(external_list), P(media_list),
  MANY(another_condition), END };
static const cpmi_place document_kinds_identity[] = { P(one), MANY(many), MANY(another_condition), END };
static const cpmi_place document_kinds_one[] = { MUSTKEY(id), END };
static const cpmi_place document_kinds_many[] = { P(domain), MANY(except), MANY(another_condition), END };
static const cpmi_place document_kinds_except[] = { P(id), P(domain), END };
static const cpmi_place document_kinds_validity[] = { MANY(from), MANY(until), END };
static const cpmi_place document_kinds_actions[] = {
  P(allow_conference_state), P(allow_invite_users_dynamically), P(join_handling), P(allow_initiate_conference), P(allow_anonymity),
  P(is_key_participant), P(allow_expelling), P(allow_subconf), P(allow_private_message), P(allow_media_handling), P(remove_media_handling),
  P(block_group_advertisement_sending), P(allow_reject_invite), P(allow_auto_answermode), P(allow_manual_answer_override),
  P(allow_offline_storage), P(allow_store), P(allow_defer), END };

#undef P
#undef KEY
#undef MUST
#undef MUSTKEY
#undef MANY
#undef END

static const cpmi_place *const document_kinds_of[CPM_NODE_KINDS] = {
  [CPM_NODE_conference_info]        = document_kinds_conference,
  [CPM_NODE_sidebar]                = document_kinds_conference,
  [CPM_NODE_conference_description] = document_kinds_description,
  [CPM_NODE_host_info]              = document_kinds_host,
  [CPM_NODE_conference_state]       = document_kinds_state,
  [CPM_NODE_conf_uris]              = document_kinds_uris,
  [CPM_NODE_service_uris]           = document_kinds_uris,
  [CPM_NODE_uris]                   = document_kinds_uris,
  [CPM_NODE_associated_aors]        = document_kinds_uris,
  [CPM_NODE_sidebars_by_ref]        = document_kinds_uris,
  [CPM_NODE_uri_entry]              = document_kinds_uri_entry,
  [CPM_NODE_modified]               = document_kinds_execution,
  [CPM_NODE_referred]               = document_kinds_execution,
  [CPM_NODE_joining_info]           = document_kinds_execution,
  [CPM_NODE_disconnection_info]     = document_kinds_execution,
  [CPM_NODE_available_media]        = document_kinds_available_media,
  [CPM_NODE_medium]                 = document_kinds_medium,
  [CPM_NODE_users]                  = document_kinds_users,
  [CPM_NODE_user]                   = document_kinds_user,
  [CPM_NODE_roles]                  = document_kinds_roles,
  [CPM_NODE_endpoint]               = document_kinds_endpoint,
  [CPM_NODE_media]                  = document_kinds_media,
  [CPM_NODE_call_info]              = document_kinds_call_info,
  [CPM_NODE_sip]                    = document_kinds_sip,
  [CPM_NODE_sidebars_by_val]        = document_kinds_sidebars,
  [CPM_NODE_reginfo]                = document_kinds_reginfo,
  [CPM_NODE_registration]           = document_kinds_registration,
  [CPM_NODE_contact]                = document_kinds_contact,
  [CPM_NODE_unknown_param]          = document_kinds_param,
  [CPM_NODE_pub_gruu]               = document_kinds_pub_gruu,
  [CPM_NODE_temp_gruu]              = document_kinds_temp_gruu,
  [CPM_NODE_group]                  = document_kinds_group,
  [CPM_NODE_list_service]           = document_kinds_list_service,
  [CPM_NODE_list]                   = document_kinds_list,
  [CPM_NODE_member]                 = document_kinds_member,
  [CPM_NODE_external]               = document_kinds_external,
  [CPM_NODE_supported_services]     = document_kinds_services,
  [CPM_NODE_service]                = document_kinds_service,
  [CPM_NODE_session_active_policy]  = document_kinds_session_policy,
  [CPM_NODE_ruleset]                = document_kinds_ruleset,
  [CPM_NODE_rule]                   = document_kinds_rule,
  [CPM_NODE_conditions]             = document_kinds_conditions,
  [CPM_NODE_identity]               = document_kinds_identity,
  [CPM_NODE_one]                    = document_kinds_one,
  [CPM_NODE_many]                   = document_kinds_many,
  [CPM_NODE_except]                 = document_kinds_except,
  [CPM_NODE_validity]               = document_kinds_validity,
  [CPM_NODE_actions]                = document_kinds_actions,
};

static const cpmi_place *document_kinds_places(cpm_node_kind kind) { return (unsigned)kind < CPM_NODE_KINDS ? document_kinds_of[kind] : NULL; }

/* ---- kinds --------------------------------------------------------------------------------------------------------- */

#define DOCUMENT_FORM_A true
#define DOCUMENT_FORM_E false
static const cpmi_kind document_kinds_all[] = {
  { "none", NULL, false, CPM_TYPE_NODE, CPMI_NS_none },
#define DOCUMENT_KIND(id, name, form, type, ns) { #id, name, DOCUMENT_FORM_##form, CPM_TYPE_##type, CPMI_NS_##ns },
  CPM_NODES(DOCUMENT_KIND)
#undef DOCUMENT_KIND
#undef DOCUMENT_FORM_A
#undef DOCUMENT_FORM_E
};

const cpmi_kind *cpmi_node_kind(cpm_node_kind kind) { return &document_kinds_all[(unsigned)kind < CPM_NODE_KINDS ? kind : CPM_NODE_none]; }

const char *cpm_node_name(cpm_node_kind kind) { return cpmi_node_kind(kind)->name; }
const char *cpm_node_id(cpm_node_kind kind) { return cpmi_node_kind(kind)->id; }
cpm_node_type cpm_node_type_of(cpm_node_kind kind) { return cpmi_node_kind(kind)->type; }

static bool document_kinds_is_root(cpm_node_kind kind) {
  return kind == CPM_NODE_conference_info || kind == CPM_NODE_reginfo || kind == CPM_NODE_group || kind == CPM_NODE_ruleset;
}

const char *cpm_node_root_ns(cpm_node_kind kind) { return document_kinds_is_root(kind) ? cpmi_ns_uri(cpmi_node_kind(kind)->ns) : NULL; }

static bool document_kinds_fits(cpm_node_kind kind, bool attribute, cpm_str ns, cpm_str name, bool any_ns) {
  const cpmi_kind *const k = cpmi_node_kind(kind);
  if (k->attribute != attribute || !cpm_str_eq(name, cpm_str_z(k->name))) return false;
  return attribute ? !ns.p : any_ns || document_kinds_ns_fits(k->ns, ns);
}

cpm_node_kind cpm_node_kind_of(cpm_node_kind parent, bool attribute, cpm_str ns, cpm_str name, bool any_ns) {
  static const cpm_node_kind roots[] = { CPM_NODE_conference_info, CPM_NODE_reginfo, CPM_NODE_group, CPM_NODE_ruleset };
  if (parent == CPM_NODE_none) {
    for (size_t i = 0; i < sizeof roots / sizeof *roots; i++)
      if (document_kinds_fits(roots[i], attribute, ns, name, any_ns)) return roots[i];
    return CPM_NODE_none;
  }
  bool others = false;
  for (const cpmi_place *p = document_kinds_places(parent); p && p->kind; p++) {
    if (document_kinds_fits((cpm_node_kind)p->kind, attribute, ns, name, any_ns)) return (cpm_node_kind)p->kind;
    others = others || p->kind == CPM_NODE_another_condition;
  }
  return others && !attribute ? CPM_NODE_another_condition : CPM_NODE_none;
}

const cpmi_place *cpmi_node_places(cpm_node_kind parent) { return document_kinds_places(parent); }

const char *const *cpmi_node_words(cpm_node_kind kind) { return document_kinds_words(kind); }

const cpmi_place *cpmi_node_place(cpm_node_kind parent, cpm_node_kind child) {
  for (const cpmi_place *p = document_kinds_places(parent); p && p->kind; p++)
    if (p->kind == child) return p;
  return NULL;
}

bool cpm_node_has_key(cpm_node_kind kind) {
  for (const cpmi_place *p = document_kinds_places(kind); p && p->kind; p++)
    if (p->how & CPMI_KEY) return kind != CPM_NODE_conference_info;   /* one a document: its entity tells it from other documents */
  return false;
}

bool cpm_node_has_state(cpm_node_kind kind) {
  const cpmi_kind *const k = cpmi_node_kind(kind);
  return k->type == CPM_TYPE_NODE && (k->ns == CPMI_NS_conference || kind == CPM_NODE_reginfo);
}
