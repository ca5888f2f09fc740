/* SPDX-License-Identifier: MIT */
/* conference.h - application/conference-info+xml (RFC 4575): who takes part in a session, as views of a cpm_document.
 *
 * cpm_xml_document_decode reads it, cpm_document_merge keeps a roster of it. Everything in a view is a slice of the document's text or
 * one of its nodes, and valid while the document is. A view shows what one document says; of a partial one that is little.
 */
#ifndef CPM_CONFERENCE_H
#define CPM_CONFERENCE_H

#include "document.h"
#include "resource_lists.h"

#ifdef __cplusplus
extern "C" {
#endif

#define CPM_CONFERENCE_TYPE "application/conference-info+xml"
#define CPM_CONFERENCE_NS   "urn:ietf:params:xml:ns:conference-info"

/* X(id, word): values of RFC 4575 5.7 and 5.8. 0 stands for none and for a word that is none of them. */
#define CPM_ENDPOINT_STATUSES(X) \
  X(PENDING, "pending") X(DIALING_OUT, "dialing-out") X(DIALING_IN, "dialing-in") X(ALERTING, "alerting") X(ON_HOLD, "on-hold") \
  X(CONNECTED, "connected") X(MUTED_VIA_FOCUS, "muted-via-focus") X(DISCONNECTING, "disconnecting") X(DISCONNECTED, "disconnected")
#define CPM_JOINING_METHODS(X) X(DIALED_IN, "dialed-in") X(DIALED_OUT, "dialed-out") X(FOCUS_OWNER, "focus-owner")
#define CPM_DISCONNECTION_METHODS(X) X(DEPARTED, "departed") X(BOOTED, "booted") X(FAILED, "failed") X(BUSY, "busy")
#define CPM_MEDIA_STATUSES(X) X(RECVONLY, "recvonly") X(SENDONLY, "sendonly") X(SENDRECV, "sendrecv") X(INACTIVE, "inactive")

typedef enum cpm_endpoint_status { CPM_ENDPOINT_UNKNOWN,
#define CPM_ENDPOINT_ENUM(id, word) CPM_ENDPOINT_##id,
  CPM_ENDPOINT_STATUSES(CPM_ENDPOINT_ENUM)
#undef CPM_ENDPOINT_ENUM
  CPM_ENDPOINT_STATUS_COUNT } cpm_endpoint_status;
typedef enum cpm_joining_method { CPM_JOINING_UNKNOWN,
#define CPM_JOINING_ENUM(id, word) CPM_JOINING_##id,
  CPM_JOINING_METHODS(CPM_JOINING_ENUM)
#undef CPM_JOINING_ENUM
  CPM_JOINING_METHOD_COUNT } cpm_joining_method;
typedef enum cpm_disconnection_method { CPM_DISCONNECTION_UNKNOWN,
#define CPM_DISCONNECTION_ENUM(id, word) CPM_DISCONNECTION_##id,
  CPM_DISCONNECTION_METHODS(CPM_DISCONNECTION_ENUM)
#undef CPM_DISCONNECTION_ENUM
  CPM_DISCONNECTION_METHOD_COUNT } cpm_disconnection_method;
typedef enum cpm_media_status { CPM_MEDIA_UNKNOWN,
#define CPM_MEDIA_ENUM(id, word) CPM_MEDIA_##id,
  CPM_MEDIA_STATUSES(CPM_MEDIA_ENUM)
#undef CPM_MEDIA_ENUM
  CPM_MEDIA_STATUS_COUNT } cpm_media_status;

/* Yes, no, or nothing said. */
typedef enum cpm_said { CPM_SAID_NOTHING, CPM_SAID_NO, CPM_SAID_YES } cpm_said;

#define CPM_NO_COUNT UINT32_MAX   /* a count that was not said */

/* The conference (5.3 to 5.5), or a sidebar-by-val (5.10). */
typedef struct cpm_conference {
  const cpm_node *node;
  cpm_state       state;
  cpm_str         entity;
  bool            has_version;
  uint32_t        version;
  cpm_str         display_text, subject, free_text, keywords;
  cpm_str         host, web_page;        /* host-info: display-text and web-page */
  uint32_t        maximum_user_count, user_count;
  cpm_said        active, locked;
  cpm_state       users_state;           /* of the element users */
} cpm_conference;

/* When, why and by whom (execution-type). `when` is read by cpm_datetime_decode. */
typedef struct cpm_execution { bool there; cpm_str when, reason, by; } cpm_execution;

/* A user (5.6). yourown: this is the subscriber itself (OMA SIMPLE IM appendix M). connected: one of its endpoints is (connected, on-hold or
 * muted-via-focus); pending: none is, but one is on its way in. A user without endpoints is neither. left: it has endpoints, and all of them
 * are disconnected or disconnecting; how and why is the last one's. */
typedef struct cpm_conference_user {
  const cpm_node          *node;
  cpm_state                state;
  cpm_str                  entity, display_text, role, languages, cascaded_focus;   /* role: the first one */
  bool                     yourown, connected, pending, left;
  cpm_disconnection_method disconnection_method;
  cpm_execution            disconnection;
} cpm_conference_user;

/* An endpoint (5.7). */
typedef struct cpm_conference_endpoint {
  const cpm_node          *node;
  cpm_state                state;
  cpm_str                  entity, display_text;
  cpm_endpoint_status      status;
  cpm_joining_method       joining_method;
  cpm_disconnection_method disconnection_method;
  cpm_execution            referred, joining, disconnection;
  cpm_str                  call_id, from_tag, to_tag;
} cpm_conference_endpoint;

/* A stream of an endpoint (5.8), or one that the conference offers (5.3.4: id absent). */
typedef struct cpm_conference_media {
  const cpm_node  *node;
  cpm_state        state;
  cpm_str          id, display_text, type, label, src_id;
  cpm_media_status status;
} cpm_conference_media;

/* An entry of conf-uris, service-uris, host-info, associated-aors or sidebars-by-ref (5.3.1). */
typedef struct cpm_conference_uri { const cpm_node *node; cpm_str uri, display_text, purpose; cpm_execution modified; } cpm_conference_uri;

/* The conference of a document. CPM_E_VALUE: it is something else. */
int cpm_conference_view(cpm_conference *out, const cpm_document *doc);

/* The next one of its kind behind out->node; out->node NULL starts. False: there is none. `in` is a conference's node; a user's; an
 * endpoint's, or a conference's for what it offers. */
bool cpm_conference_user_next(cpm_conference_user *out, const cpm_document *doc, const cpm_node *in);
bool cpm_conference_endpoint_next(cpm_conference_endpoint *out, const cpm_document *doc, const cpm_node *in);
bool cpm_conference_media_next(cpm_conference_media *out, const cpm_document *doc, const cpm_node *in);
bool cpm_conference_sidebar_next(cpm_conference *out, const cpm_document *doc, const cpm_node *in);
/* `which`: CPM_NODE_conf_uris, service_uris, uris (of the host), sidebars_by_ref of a conference, associated_aors of a user. */
bool cpm_conference_uri_next(cpm_conference_uri *out, const cpm_document *doc, const cpm_node *in, cpm_node_kind which);

/* The user of that entity, bytewise. False: there is none. */
bool cpm_conference_user_find(cpm_conference_user *out, const cpm_document *doc, const cpm_node *in, cpm_str entity);

/* The users as a recipient list, for a session that is started again (S2-7.3.1.5-err-1): all but the subscriber itself and those who are
 * deleted, with their display-text. Borrowed. CPM_E_TOO_MANY (diag->need). */
int cpm_conference_entries(cpm_entry *entries, size_t cap, size_t *n, const cpm_document *doc, cpm_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
