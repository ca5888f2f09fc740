/* SPDX-License-Identifier: MIT */
/* resource_lists.h - application/resource-lists+xml (RFC 4826, RFC 5364 to 5366), written by the core.
 * Reading is xml.h's. */
#ifndef CPM_RESOURCE_LISTS_H
#define CPM_RESOURCE_LISTS_H

#include "str.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How a recipient was addressed (RFC 5364 4). None counts as `to` (ruling O-R11). */
typedef enum cpm_copy_control { CPM_COPY_NONE, CPM_COPY_TO, CPM_COPY_CC, CPM_COPY_BCC } cpm_copy_control;

/* One entry of a recipient list. */
typedef struct cpm_entry {
  cpm_str          uri;
  cpm_str          display_name;   /* absent without one */
  cpm_copy_control copy_control;
  bool             anonymize;
  uint32_t         count;          /* of anonymous entries that were merged; 0: no attribute */
} cpm_entry;

#define CPM_RESOURCE_LISTS_TYPE  "application/resource-lists+xml"
#define CPM_RESOURCE_LISTS_NS    "urn:ietf:params:xml:ns:resource-lists"         /* RFC 4826 */
#define CPM_COPY_CONTROL_NS      "urn:ietf:params:xml:ns:copycontrol"            /* RFC 5364, as registered: lower case */
#define CPM_RECIPIENT_LIST       "recipient-list"                                /* Content-Disposition, RFC 5363 */
#define CPM_RECIPIENT_HISTORY    "recipient-list-history; handling=optional"     /* Content-Disposition, RFC 5364 */
#define CPM_ANONYMOUS_URI        "sip:anonymous@anonymous.invalid"               /* RFC 3323 4.1.1.3 */

/* What the URI of an entry asks for, in its headers (RFC 3261 19.1.1) and its method parameter: cpm_action, for one deferred message
 * (S0-7.2.6.2); Session-Replaces, for a session that becomes a group's. */
#define CPM_ACTIONS(X) X(DELIVER, "deliver") X(DELETE, "delete") X(INTERWORK, "interwork") X(STORE, "store")
typedef enum cpm_action {
  CPM_ACTION_NONE,
#define CPM_ACTION_ENUM(id, word) CPM_ACTION_##id,
  CPM_ACTIONS(CPM_ACTION_ENUM)
#undef CPM_ACTION_ENUM
  CPM_ACTION_UNKNOWN               /* another word */
} cpm_action;

typedef struct cpm_entry_uri {
  cpm_str    uri;                  /* without "?" and the headers */
  cpm_str    method;               /* absent without */
  cpm_action action;
  cpm_str    session_replaces;     /* a Contribution-ID, escapes undone; absent without */
  size_t     others;               /* headers that are none of these: cpm_uri_header_next */
} cpm_entry_uri;

/* Reads the URI of an entry. uri and method are borrowed of it, session_replaces is copied into dst, which needs no more than the size of
 * the URI. Names of headers count without case, escapes as what they stand for. In URIs that are not SIP what stands behind "?" is read
 * in the same way. Errors: CPM_E_SYNTAX, CPM_E_ESCAPE (CR, LF or NUL in a value too), CPM_E_DUPLICATE (one of these twice), CPM_E_VALUE
 * (a Session-Replaces that cpm_id_decode refuses), CPM_E_SPACE, and those of cpm_uri_decode. */
int cpm_entry_uri_decode(cpm_entry_uri *out, char *dst, size_t cap, cpm_str uri, cpm_diag *diag);
/* Writes in->uri with method, action and session_replaces. Errors: CPM_E_SPACE, CPM_E_INJECTION, CPM_E_VALUE (a URI that cpm_uri_decode
 * refuses or that has headers or, as tel URIs, can have none; a method parameter that differs from in->method; an action that is none; a value that is none). */
int cpm_entry_uri_encode(char *dst, size_t cap, size_t *len, const cpm_entry_uri *in, cpm_diag *diag);

/* A list is written piecewise, so that no array is needed: start, entry ..., end, each appending at *len and moving it.
 * dst NULL: only the size. Lines end in CRLF. & < > " ' are escaped. Errors of each: CPM_E_SPACE (*len still grows by what is
 * needed), CPM_E_MISSING (no uri), CPM_E_INJECTION (CR, LF, NUL and other characters that XML cannot hold), CPM_E_VALUE (invalid
 * UTF-8, a URI that cpm_uri_decode refuses, a copy_control that is none). On any but CPM_E_SPACE *len stays. */
int cpm_resource_lists_start(char *dst, size_t cap, size_t *len, cpm_diag *diag);
int cpm_resource_lists_entry(char *dst, size_t cap, size_t *len, const cpm_entry *entry, cpm_diag *diag);
int cpm_resource_lists_end(char *dst, size_t cap, size_t *len, cpm_diag *diag);

/* The whole document: the three calls above. dst NULL: only the size. Nothing is written unless every entry can be. */
int cpm_resource_lists_encode(char *dst, size_t cap, size_t *len, const cpm_entry *entries, size_t n, cpm_diag *diag);

/* The recipient history that goes to members (RFC 5364 4, ruling O-R11): `to` and `cc` entries only, an entry without
 * copyControl goes as `to`; an entry with anonymize goes as CPM_ANONYMOUS_URI without its name, and all of one copyControl as one,
 * where the first stood, with a count: of the people, so that an entry that has a count already adds it.
 * Linear in n. dst NULL: only the size. Errors: those above, CPM_E_RANGE (a count over 2^32-1), CPM_E_ARG. */
int cpm_recipient_history_encode(char *dst, size_t cap, size_t *len, const cpm_entry *entries, size_t n, cpm_diag *diag);

/* The same piecewise: a history of zeros; _add every entry; then, if `shown` is not 0, start, _entry every entry again in the same
 * order, end. _entry appends nothing for what is hidden or was merged. */
typedef struct cpm_history { uint64_t people[CPM_COPY_BCC + 1], shown; } cpm_history;
void cpm_history_add(cpm_history *history, const cpm_entry *entry);
int  cpm_history_entry(char *dst, size_t cap, size_t *len, cpm_history *history, const cpm_entry *entry, cpm_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
