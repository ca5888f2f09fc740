/* SPDX-License-Identifier: MIT */
/* reginfo.h - application/reginfo+xml (RFC 3680, GRUUs by RFC 5628): the devices of a user, as views of a cpm_document.
 * Ownership as in conference.h. */
#ifndef CPM_REGINFO_H
#define CPM_REGINFO_H

#include "document.h"

#ifdef __cplusplus
extern "C" {
#endif

#define CPM_REGINFO_TYPE  "application/reginfo+xml"
#define CPM_REGINFO_NS    "urn:ietf:params:xml:ns:reginfo"
#define CPM_GRUUINFO_NS   "urn:ietf:params:xml:ns:gruuinfo"

/* X(id, word): values of RFC 3680 5.1. 0 stands for none and for a word that is none of them. */
#define CPM_REGISTRATION_STATES(X) X(INIT, "init") X(ACTIVE, "active") X(TERMINATED, "terminated")
#define CPM_CONTACT_STATES(X) X(ACTIVE, "active") X(TERMINATED, "terminated")
#define CPM_CONTACT_EVENTS(X) \
  X(REGISTERED, "registered") X(CREATED, "created") X(REFRESHED, "refreshed") X(SHORTENED, "shortened") X(EXPIRED, "expired") \
  X(DEACTIVATED, "deactivated") X(PROBATION, "probation") X(UNREGISTERED, "unregistered") X(REJECTED, "rejected")

typedef enum cpm_registration_state { CPM_REGISTRATION_UNKNOWN,
#define CPM_REGISTRATION_ENUM(id, word) CPM_REGISTRATION_##id,
  CPM_REGISTRATION_STATES(CPM_REGISTRATION_ENUM)
#undef CPM_REGISTRATION_ENUM
  CPM_REGISTRATION_STATE_COUNT } cpm_registration_state;
typedef enum cpm_contact_state { CPM_CONTACT_UNKNOWN,
#define CPM_CONTACT_STATE_ENUM(id, word) CPM_CONTACT_##id,
  CPM_CONTACT_STATES(CPM_CONTACT_STATE_ENUM)
#undef CPM_CONTACT_STATE_ENUM
  CPM_CONTACT_STATE_COUNT } cpm_contact_state;
typedef enum cpm_contact_event { CPM_CONTACT_EVENT_UNKNOWN,
#define CPM_CONTACT_EVENT_ENUM(id, word) CPM_CONTACT_EVENT_##id,
  CPM_CONTACT_EVENTS(CPM_CONTACT_EVENT_ENUM)
#undef CPM_CONTACT_EVENT_ENUM
  CPM_CONTACT_EVENT_COUNT } cpm_contact_event;

#define CPM_NO_NUMBER UINT64_MAX   /* a number that was not said */

/* An address of record. */
typedef struct cpm_registration { const cpm_node *node; cpm_str aor, id; cpm_registration_state state; } cpm_registration;

/* A contact of it. Times in seconds. instance: the parameter +sip.instance, what stands in its < > (RFC 5626 4.1). */
typedef struct cpm_reg_contact {
  const cpm_node   *node;
  cpm_str           id, uri, display_name, q, callid, instance, pub_gruu, temp_gruu;
  cpm_contact_state state;
  cpm_contact_event event;
  uint64_t          duration_registered, expires, retry_after, cseq, temp_gruu_first_cseq;
} cpm_reg_contact;

/* The next one behind out->node; out->node NULL starts. False: there is none. */
bool cpm_registration_next(cpm_registration *out, const cpm_document *doc);
bool cpm_reg_contact_next(cpm_reg_contact *out, const cpm_document *doc, const cpm_registration *in);

/* The parameter of the contact (unknown-param, RFC 3680 5.3) of that name, ASCII case-insensitive: a feature tag, say,
 * "+g.3gpp.icsi-ref". The value has no quotes around it; empty: the tag has no value. False: there is none. */
bool cpm_reg_contact_param(const cpm_reg_contact *contact, const char *name, cpm_str *value);

#ifdef __cplusplus
}
#endif
#endif
