/* SPDX-License-Identifier: MIT */
/* document.h - XML documents of the network as flat arrays of typed nodes: conference-info (RFC 4575), reginfo (RFC 3680, RFC 5628), the
 * group document and user preferences (OMA XDM, RFC 4745).
 *
 * A document is an array of nodes in the order of the document, each one element or attribute that is known, in your memory. xml.h
 * reads one, cpm_document_encode writes one, cpm_document_merge applies an update. conference.h, reginfo.h and policy.h have the views:
 * a user, an endpoint, a contact, a rule as a struct. What is not known, and what stands in other namespaces, is not there.
 *
 * Nodes are found by kind and by key, never by search of text: a display-text is that of its user or of its endpoint.
 */
#ifndef CPM_DOCUMENT_H
#define CPM_DOCUMENT_H

#include "str.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- kinds ------------------------------------------------------------------------------------------------------- */

/* CPM_NODES(id, name, form, type, namespace). Names occur more than once: an `entry` is a URI, a role, a medium or a member.
 * form: E element, A attribute. type of the value:
 *   NODE    holds others                       TEXT    as it is, a line break as a space
 *   TOKEN   without white space around it, and with no more than one space in it
 *   URI     as TOKEN; not checked: cpm_uri_decode
 *   NUMBER  0 to 2^64-1, in `number`           BOOL    true, 1, false, 0, in `number`
 *   WORD    one of a list, counted from 1 in `number`; 0 if it is none of them, and `text` has it
 *   TIME    as TOKEN: cpm_datetime_decode      EMPTY   that it stands there is all it says */
#define CPM_NODES(X) \
  /* attributes */ \
  X(entity,                 "entity",                 A, URI,    none) \
  X(version,                "version",                A, NUMBER, none) \
  X(id,                     "id",                     A, TOKEN,  none) \
  X(label,                  "label",                  A, TOKEN,  none) \
  X(yourown,                "yourown",                A, BOOL,   none) \
  X(uri_attribute,          "uri",                    A, URI,    none) \
  X(name,                   "name",                   A, TOKEN,  none) \
  X(anchor,                 "anchor",                 A, URI,    none) \
  X(enabler,                "enabler",                A, TOKEN,  none) \
  X(domain,                 "domain",                 A, TOKEN,  none) \
  /* conference-info */ \
  X(conference_info,        "conference-info",        E, NODE,   conference) \
  X(conference_description, "conference-description", E, NODE,   conference) \
  X(display_text,           "display-text",           E, TEXT,   conference) \
  X(subject,                "subject",                E, TEXT,   conference) \
  X(free_text,              "free-text",              E, TEXT,   conference) \
  X(keywords,               "keywords",               E, TEXT,   conference) \
  X(conf_uris,              "conf-uris",              E, NODE,   conference) \
  X(service_uris,           "service-uris",           E, NODE,   conference) \
  X(maximum_user_count,     "maximum-user-count",     E, NUMBER, conference) \
  X(available_media,        "available-media",        E, NODE,   conference) \
  X(medium,                 "entry",                  E, NODE,   conference)  /* of available-media, by label */ \
  X(host_info,              "host-info",              E, NODE,   conference) \
  X(web_page,               "web-page",               E, URI,    conference) \
  X(uris,                   "uris",                   E, NODE,   conference) \
  X(uri_entry,              "entry",                  E, NODE,   conference)  /* of URIs, by uri */ \
  X(uri,                    "uri",                    E, URI,    conference) \
  X(purpose,                "purpose",                E, TEXT,   conference) \
  X(modified,               "modified",               E, NODE,   conference) \
  X(when,                   "when",                   E, TIME,   conference) \
  X(reason,                 "reason",                 E, TEXT,   conference) \
  X(by,                     "by",                     E, URI,    conference) \
  X(conference_state,       "conference-state",       E, NODE,   conference) \
  X(user_count,             "user-count",             E, NUMBER, conference) \
  X(active,                 "active",                 E, BOOL,   conference) \
  X(locked,                 "locked",                 E, BOOL,   conference) \
  X(users,                  "users",                  E, NODE,   conference) \
  X(user,                   "user",                   E, NODE,   conference)  /* by entity */ \
  X(associated_aors,        "associated-aors",        E, NODE,   conference) \
  X(roles,                  "roles",                  E, NODE,   conference) \
  X(role,                   "entry",                  E, TEXT,   conference)  /* of roles */ \
  X(languages,              "languages",              E, TOKEN,  conference) \
  X(cascaded_focus,         "cascaded-focus",         E, URI,    conference) \
  X(endpoint,               "endpoint",               E, NODE,   conference)  /* by entity */ \
  X(referred,               "referred",               E, NODE,   conference) \
  X(endpoint_status,        "status",                 E, WORD,   conference) \
  X(joining_method,         "joining-method",         E, WORD,   conference) \
  X(joining_info,           "joining-info",           E, NODE,   conference) \
  X(disconnection_method,   "disconnection-method",   E, WORD,   conference) \
  X(disconnection_info,     "disconnection-info",     E, NODE,   conference) \
  X(media,                  "media",                  E, NODE,   conference)  /* by id */ \
  X(type,                   "type",                   E, TOKEN,  conference) \
  X(media_label,            "label",                  E, TOKEN,  conference) \
  X(src_id,                 "src-id",                 E, TOKEN,  conference) \
  X(media_status,           "status",                 E, WORD,   conference) \
  X(call_info,              "call-info",              E, NODE,   conference) \
  X(sip,                    "sip",                    E, NODE,   conference) \
  X(call_id,                "call-id",                E, TEXT,   conference) \
  X(from_tag,               "from-tag",               E, TEXT,   conference) \
  X(to_tag,                 "to-tag",                 E, TEXT,   conference) \
  X(sidebars_by_ref,        "sidebars-by-ref",        E, NODE,   conference) \
  X(sidebars_by_val,        "sidebars-by-val",        E, NODE,   conference) \
  X(sidebar,                "entry",                  E, NODE,   conference)  /* of sidebars-by-val, by entity: a conference in it */ \
  /* reginfo */ \
  X(reginfo,                "reginfo",                E, NODE,   reginfo) \
  X(registration,           "registration",           E, NODE,   reginfo)     /* by id */ \
  X(aor,                    "aor",                    A, URI,    none) \
  X(registration_state,     "state",                  A, WORD,   none) \
  X(contact,                "contact",                E, NODE,   reginfo)     /* by id */ \
  X(contact_state,          "state",                  A, WORD,   none) \
  X(contact_event,          "event",                  A, WORD,   none) \
  X(duration_registered,    "duration-registered",    A, NUMBER, none) \
  X(expires,                "expires",                A, NUMBER, none) \
  X(retry_after,            "retry-after",            A, NUMBER, none) \
  X(q,                      "q",                      A, TOKEN,  none) \
  X(callid,                 "callid",                 A, TEXT,   none) \
  X(cseq,                   "cseq",                   A, NUMBER, none) \
  X(contact_uri,            "uri",                    E, URI,    reginfo) \
  X(contact_display_name,   "display-name",           E, TEXT,   reginfo) \
  X(unknown_param,          "unknown-param",          E, TEXT,   reginfo)     /* by name */ \
  X(pub_gruu,               "pub-gruu",               E, NODE,   gruuinfo) \
  X(temp_gruu,              "temp-gruu",              E, NODE,   gruuinfo) \
  X(first_cseq,             "first-cseq",             A, NUMBER, none) \
  /* group document */ \
  X(group,                  "group",                  E, NODE,   group) \
  X(list_service,           "list-service",           E, NODE,   group)       /* by uri */ \
  X(display_name,           "display-name",           E, TEXT,   group) \
  X(list,                   "list",                   E, NODE,   group) \
  X(member,                 "entry",                  E, NODE,   group)       /* by uri */ \
  X(external,               "external",               E, NODE,   group)       /* by anchor */ \
  X(invite_members,         "invite-members",         E, BOOL,   group) \
  X(max_participant_count,  "max-participant-count",  E, NUMBER, group) \
  X(group_subject,          "subject",                E, TEXT,   extensions) \
  X(supported_services,     "supported-services",     E, NODE,   extensions) \
  X(service,                "service",                E, NODE,   extensions)  /* by enabler */ \
  X(session_active_policy,  "session-active-policy",  E, NODE,   extensions) \
  X(max_duration,           "max-duration",           E, TOKEN,  extensions) \
  X(min_participant_count,  "min-participant-count",  E, NUMBER, extensions) \
  X(automatic_group_advertisement, "automatic-group-advertisement", E, BOOL, extensions) \
  X(searchable,             "searchable",             E, BOOL,   extensions) \
  /* rules: user preferences, and those of a group */ \
  X(ruleset,                "ruleset",                E, NODE,   policy) \
  X(rule,                   "rule",                   E, NODE,   policy)      /* by id */ \
  X(conditions,             "conditions",             E, NODE,   policy) \
  X(identity,               "identity",               E, NODE,   policy) \
  X(one,                    "one",                    E, NODE,   policy)      /* by id */ \
  X(many,                   "many",                   E, NODE,   policy) \
  X(except,                 "except",                 E, NODE,   policy) \
  X(sphere,                 "sphere",                 E, EMPTY,  policy) \
  X(validity,               "validity",               E, NODE,   policy) \
  X(from,                   "from",                   E, TIME,   policy) \
  X(until,                  "until",                  E, TIME,   policy) \
  X(is_list_member,         "is-list-member",         E, EMPTY,  group) \
  X(other_identity,         "other-identity",         E, EMPTY,  oma_policy) \
  X(anonymous_request,      "anonymous-request",      E, EMPTY,  oma_policy) \
  X(external_list,          "external-list",          E, EMPTY,  oma_policy) \
  X(media_list,             "media-list",             E, EMPTY,  oma_policy) \
  X(another_condition,      "another-condition",      E, EMPTY,  other)       /* any other, of any name */ \
  X(actions,                "actions",                E, NODE,   policy) \
  X(allow_conference_state, "allow-conference-state", E, BOOL,   group) \
  X(allow_invite_users_dynamically, "allow-invite-users-dynamically", E, BOOL, group) \
  X(join_handling,          "join-handling",          E, TOKEN,  group) \
  X(allow_initiate_conference, "allow-initiate-conference", E, BOOL, group) \
  X(allow_anonymity,        "allow-anonymity",        E, BOOL,   group) \
  X(is_key_participant,     "is-key-participant",     E, BOOL,   group) \
  X(allow_expelling,        "allow-expelling",        E, BOOL,   extensions) \
  X(allow_subconf,          "allow-subconf",          E, BOOL,   extensions) \
  X(allow_private_message,  "allow-private-message",  E, BOOL,   extensions) \
  X(allow_media_handling,   "allow-media-handling",   E, BOOL,   extensions) \
  X(remove_media_handling,  "remove-media-handling",  E, BOOL,   extensions) \
  X(block_group_advertisement_sending, "block-group-advertisement-sending", E, BOOL, extensions) \
  X(allow_reject_invite,    "allow-reject-invite",    E, BOOL,   extensions) \
  X(allow_auto_answermode,  "allow-auto-answermode",  E, BOOL,   extensions) \
  X(allow_manual_answer_override, "allow-manual-answer-override", E, BOOL, extensions) \
  X(allow_offline_storage,  "allow-offline-storage",  E, BOOL,   extensions) \
  X(allow_store,            "allow-store",            E, BOOL,   extensions) \
  X(allow_defer,            "allow-defer",            E, BOOL,   extensions)

typedef enum cpm_node_kind {
  CPM_NODE_none,
#define CPM_NODE_ENUM(id, name, form, type, ns) CPM_NODE_##id,
  CPM_NODES(CPM_NODE_ENUM)
#undef CPM_NODE_ENUM
  CPM_NODE_KINDS
} cpm_node_kind;

typedef enum cpm_node_type {
  CPM_TYPE_NODE, CPM_TYPE_TEXT, CPM_TYPE_TOKEN, CPM_TYPE_URI, CPM_TYPE_NUMBER, CPM_TYPE_BOOL, CPM_TYPE_WORD, CPM_TYPE_TIME, CPM_TYPE_EMPTY
} cpm_node_type;

/* Its name in XML ("entry"), its name here ("uri_entry"), and how its value is read. Constant; NULL and NODE for no kind. */
const char   *cpm_node_name(cpm_node_kind kind);
const char   *cpm_node_id(cpm_node_kind kind);
cpm_node_type cpm_node_type_of(cpm_node_kind kind);
bool          cpm_node_has_key(cpm_node_kind kind);     /* are there many of it, told apart by a key? */
bool          cpm_node_has_state(cpm_node_kind kind);   /* may it say full, partial or deleted? */

/* The kind of a child element or of an attribute of that name, CPM_NODE_none if none is known there. `parent` none: of a root. ns
 * absent: no prefix. any_ns: the namespace does not count. */
cpm_node_kind cpm_node_kind_of(cpm_node_kind parent, bool attribute, cpm_str ns, cpm_str name, bool any_ns);
/* The namespace that a root of that kind has; NULL if none may be a root. Constant. */
const char *cpm_node_root_ns(cpm_node_kind kind);

/* ---- documents --------------------------------------------------------------------------------------------------- */

/* state of an element (RFC 4575 4.4): what it says of itself. full where nothing stands. */
typedef enum cpm_state { CPM_STATE_FULL, CPM_STATE_PARTIAL, CPM_STATE_DELETED } cpm_state;

typedef struct cpm_node {
  uint8_t  kind;       /* cpm_node_kind */
  uint8_t  state;      /* cpm_state */
  bool     repeated;   /* stands twice, and may not: the first one counts, and nothing below finds this one */
  uint32_t parent;     /* index; of the root its own */
  uint32_t size;       /* nodes below it and itself: the next one beside it is `size` further */
  uint32_t order;      /* the library's */
  uint64_t number;
  cpm_str  text;       /* of a leaf; absent for NODE and EMPTY */
  cpm_str  key;        /* what tells it from others of its kind; absent without one */
} cpm_node;

#define CPM_DOCUMENT_DEPTH 32u     /* nodes in nodes */

typedef struct cpm_document {
  cpm_node *nodes;               /* caller-owned array of `cap` */
  size_t    cap, nnodes;
  char     *text;                /* caller-owned buffer of `text_cap` bytes: what the slices of the nodes point into */
  size_t    text_cap, text_len;
  size_t    duplicates;          /* nodes that are `repeated` */
  uint64_t  quirks;
  /* the library's, while one is built */
  size_t    need_nodes, need_text;
  uint32_t  open_at[CPM_DOCUMENT_DEPTH];
  uint8_t   open_kind[CPM_DOCUMENT_DEPTH];
  unsigned  depth;
} cpm_document;

/* Building one: start, then the root is opened; a node is put (a leaf, with its value) or opened and closed; end. Children may
 * come in any order. _start needs nodes, cap, text and text_cap set. _put takes the value as it stands in XML, and copies it.
 * What does not fit is counted, so that _end can say how much it would be. The state of an element is set by
 * cpm_document_put_state while it is open.
 * Errors: CPM_E_VALUE (a kind that has no place there; a value that its type does not have; an order of calls that makes no
 * document), CPM_E_RANGE (a number over 2^64-1; version, counts: over 2^32-1), CPM_E_TOO_DEEP (CPM_DOCUMENT_DEPTH); of _end also CPM_E_MISSING
 * (a key or another mandatory attribute), CPM_E_TOO_MANY (diag->need nodes), CPM_E_SPACE (diag->need bytes of text). At an error of
 * _end there are no nodes. */
int cpm_document_start(cpm_document *doc);
int cpm_document_open(cpm_document *doc, cpm_node_kind kind, cpm_diag *diag);
int cpm_document_put(cpm_document *doc, cpm_node_kind kind, cpm_str value, cpm_diag *diag);
/* The key of the leaf that was put last, of a kind whose key is an attribute: unknown_param. */
int cpm_document_put_key(cpm_document *doc, cpm_str value, cpm_diag *diag);
int cpm_document_put_state(cpm_document *doc, cpm_str value, cpm_diag *diag);
int cpm_document_close(cpm_document *doc, cpm_diag *diag);
int cpm_document_end(cpm_document *doc, cpm_diag *diag);

/* The root; NULL if there are no nodes. */
static inline const cpm_node *cpm_document_root(const cpm_document *doc) { return doc->nnodes ? doc->nodes : (const cpm_node *)0; }

/* The next child of `parent` behind `at` (NULL: the first one) of that kind (CPM_NODE_none: of any); NULL if there is none. All
 * calls of one walk together are linear in the children. */
const cpm_node *cpm_node_next(const cpm_node *parent, const cpm_node *at, cpm_node_kind kind);
/* The child of that kind with that key (absent: the only one of its kind), in logarithmic time; NULL if there is none. */
const cpm_node *cpm_node_find(const cpm_document *doc, const cpm_node *parent, cpm_node_kind kind, cpm_str key);
/* Value of the child leaf of that kind: absent, or `otherwise`, if there is none. parent may be NULL. */
cpm_str  cpm_node_text(const cpm_document *doc, const cpm_node *parent, cpm_node_kind kind);
uint64_t cpm_node_number(const cpm_document *doc, const cpm_node *parent, cpm_node_kind kind, uint64_t otherwise);

/* Writes the document: UTF-8, lines that end in CRLF, the children of an element in the order of its schema. What it writes,
 * cpm_xml_document_decode reads as the same nodes in that order. dst NULL: only the size.
 * Errors: CPM_E_SPACE, CPM_E_MISSING (no nodes), CPM_E_INJECTION (CR, LF, NUL and other characters that XML cannot hold), CPM_E_VALUE
 * (invalid UTF-8, an another_condition: its name is not kept). */
int cpm_document_encode(char *dst, size_t cap, size_t *len, const cpm_document *doc, cpm_diag *diag);

/* ---- full and partial -------------------------------------------------------------------------------------------- */

/* What an update is to the document that is held (RFC 4575 4.6, RFC 3680 5): NEXT is to be merged; OLD is of the same version or an
 * older one and is ignored; GAP lacks what came between, or the full document: ask for that by refreshing the subscription. A
 * document without version is the next one. `held` may be NULL or without nodes: nothing is held yet. Versions count for one
 * subscription: a new one starts with nothing held. */
typedef enum cpm_update { CPM_UPDATE_NEXT, CPM_UPDATE_OLD, CPM_UPDATE_GAP } cpm_update;
cpm_update cpm_document_update(const cpm_document *held, const cpm_document *update);

/* Applies an update to what is held, into *out: nodes, cap, text and text_cap of *out are the caller's, apart from those of the other
 * two, which stay as they are. A full element replaces, a deleted one is removed, of a partial one the children are merged; without an
 * element to merge into, a partial one is added. Of reginfo what is terminated is removed (the update still tells why).
 * The result is full in every element, and has no node twice. Time is linear but for sorting.
 * Errors: CPM_IGNORED (OLD), CPM_E_MISSING (GAP: rule "version"), CPM_E_VALUE (not of one kind, a group document or rules; another
 * conference: rule "entity"), CPM_E_TOO_MANY, CPM_E_SPACE (diag->need). On any but CPM_OK there are no nodes in *out. */
int cpm_document_merge(cpm_document *out, const cpm_document *held, const cpm_document *update, cpm_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
