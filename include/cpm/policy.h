/* SPDX-License-Identifier: MIT */
/* policy.h - what documents of OMA XDM say of groups and users, as views of a cpm_document: the group document and rules (RFC 4745).
 *
 * They answer the questions that a procedure asks its host: cpm_group for pager_policy and large_policy (group_known, group_cpm,
 * anonymity_allowed; cpm_xml_members_decode for the members), cpm_preferences for session_policy. Ownership as in conference.h.
 */
#ifndef CPM_POLICY_H
#define CPM_POLICY_H

#include "conference.h"
#include "document.h"

#ifdef __cplusplus
extern "C" {
#endif

#define CPM_GROUP_TYPE    "application/vnd.oma.poc.groups+xml"
#define CPM_GROUP_NS      "urn:oma:xml:poc:list-service"
#define CPM_EXTENSIONS_NS "urn:oma:xml:xdm:extensions"
#define CPM_POLICY_TYPE   "application/auth-policy+xml"
#define CPM_POLICY_NS     "urn:ietf:params:xml:ns:common-policy"

/* ---- groups ------------------------------------------------------------------------------------------------------ */

/* A list-service of a group document. Counts are CPM_NO_COUNT where nothing is said. */
typedef struct cpm_group {
  const cpm_node *node;
  cpm_str         uri, display_name, subject;
  cpm_said        invite_members;                   /* true: pre-arranged, the function invites; false: members join by themselves */
  uint32_t        max_participant_count, min_participant_count;
  cpm_str         max_duration;                     /* of a session, as it stands */
  cpm_said        automatic_group_advertisement, searchable;
  bool            cpm;                              /* supported-services names CPM (ruling O-R64) */
  size_t          members, externals;               /* entries of its lists; lists that are kept elsewhere */
  const cpm_node *ruleset;                          /* NULL without one */
} cpm_group;

/* The next list-service behind out->node; out->node NULL starts. False: there is none. */
bool cpm_group_next(cpm_group *out, const cpm_document *doc);
/* The list-service of that URI (cpm_uri_text_equal). False: there is none. */
bool cpm_group_find(cpm_group *out, const cpm_document *doc, cpm_str uri);
/* Is that address an entry of its lists (cpm_uri_text_equal)? Linear in the members. */
bool cpm_group_has(const cpm_group *group, cpm_str uri);

/* ---- rules ------------------------------------------------------------------------------------------------------- */

/* Who asks, and when. identity absent: nobody that is authenticated, whom no identity matches. now: ms since 1970 UTC. */
typedef struct cpm_rule_request {
  cpm_str identity;
  bool    member;       /* of the list that the rules belong to: cpm_group_has */
  bool    anonymous;    /* asks for anonymity */
  int64_t now;
} cpm_rule_request;

/* What the rules say of an action of type BOOL (CPM_NODE_allow_anonymity, say) to that request (RFC 4745 10): yes if a rule that holds says
 * true, no if one says false and none true, nothing if none says anything. A rule holds if all its conditions do; one without
 * conditions always does. identity: one by cpm_uri_text_equal, many by the domain of the URI less its exceptions. other-identity holds if no
 * rule has a condition identity or is-list-member that does. What cannot be judged here does not hold: sphere, external-list, media-list, conditions that are
 * not known, a validity that cannot be read, a condition that stands twice.
 * ruleset: the root of rules, or the ruleset of a group; NULL says nothing. Linear in the rules. */
cpm_said cpm_rules_say(const cpm_document *doc, const cpm_node *ruleset, cpm_node_kind action, const cpm_rule_request *request);

/* The user preferences that procedures ask for: rules as above, asked for the served user or for who writes to it. */
typedef struct cpm_preferences { cpm_said allow_offline_storage, allow_store, allow_defer, allow_reject_invite, allow_auto_answermode; } cpm_preferences;
/* CPM_E_VALUE: the document is no ruleset. */
int cpm_preferences_view(cpm_preferences *out, const cpm_document *doc, const cpm_rule_request *request);

#ifdef __cplusplus
}
#endif
#endif
