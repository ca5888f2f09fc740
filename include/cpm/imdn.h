/* SPDX-License-Identifier: MIT */
/* imdn.h - message/imdn+xml (RFC 5438 7.2, with OMA's interworking-notification), read and written by the core. */
#ifndef CPM_IMDN_H
#define CPM_IMDN_H

#include "markup.h"
#include "mime.h"

#ifdef __cplusplus
extern "C" {
#endif

#define CPM_IMDN_TYPE "message/imdn+xml"
#define CPM_IMDN_NS   "urn:ietf:params:xml:ns:imdn"

/* CPM_IMDN_STATUSES(id, notification element, status element) */
#define CPM_IMDN_STATUSES(X) \
  X(DELIVERED,            "delivery",     "delivered") X(FAILED,             "delivery",   "failed") \
  X(DELIVERY_FORBIDDEN,   "delivery",     "forbidden") X(DELIVERY_ERROR,     "delivery",   "error") \
  X(DISPLAYED,            "display",      "displayed") X(DISPLAY_FORBIDDEN,  "display",    "forbidden") \
  X(DISPLAY_ERROR,        "display",      "error")     X(PROCESSED,          "processing", "processed") \
  X(STORED,               "processing",   "stored")    X(PROCESSING_FORBIDDEN, "processing", "forbidden") \
  X(PROCESSING_ERROR,     "processing",   "error")     X(INTERWORKED_SMS,    "interworking", "legacy-sms") \
  X(INTERWORKED_MMS,      "interworking", "legacy-mms") X(INTERWORKING_ERROR, "interworking", "error")
typedef enum cpm_imdn_status {
#define CPM_IMDN_ENUM(id, element, status) CPM_IMDN_##id,
  CPM_IMDN_STATUSES(CPM_IMDN_ENUM)
#undef CPM_IMDN_ENUM
  CPM_IMDN_STATUS_COUNT,
  CPM_IMDN_OTHER = CPM_IMDN_STATUS_COUNT   /* read only: another notification, or another status, than those above */
} cpm_imdn_status;

/* Values that were decoded are borrowed as the document has them, with white space at both ends left out but for subject:
 * cpm_markup_text gives their plain text (CPM_MARKUP_COLLAPSE for all but subject). Values to encode are plain text. */
typedef struct cpm_imdn {
  cpm_str         message_id;         /* of the message that is reported on */
  cpm_str         datetime;           /* its DateTime; peers send the time of the notification too: nothing to correlate by */
  cpm_str         recipient_uri;      /* absent without; then original_recipient_uri and subject are not written */
  cpm_str         original_recipient_uri;
  cpm_str         subject;
  cpm_imdn_status status;
  uint64_t        quirks;             /* not read by the encoder */
} cpm_imdn;

/* Reads the document: XML of the profile of markup.h, root imdn. Borrowed. On an error *out holds nothing but quirks.
 *
 * Order does not count. Elements that have no name here are skipped, with all that is in them. A notification is what is named so in
 * CPM_IMDN_STATUSES, or another child of the root whose name ends in "-notification": that gives CPM_IMDN_OTHER if there is none of the
 * first kind, as does a status element whose children all have other names than its notification has in CPM_IMDN_STATUSES.
 *
 * An element in another namespace than CPM_IMDN_NS is a foreign one and skipped, when the document has the element of that name in the
 * right namespace too. When it has not, peers are taken to mean it: XML_NO_NAMESPACE, XML_OTHER_NAMESPACE. So for the root always.
 * Tolerates also XML_TOKEN_SPACE (white space in message-id that collapsing takes out), IMDN_NO_DATETIME (absent or empty).
 *
 * Limits: max_line for each value, max_body, max_depth.
 * Errors: those of markup.h; CPM_E_MISSING (rule "message-id": absent or empty, "notification", "status": absent or without children),
 * CPM_E_DUPLICATE (a value, a notification, a status, or what it holds, twice), CPM_E_VALUE (another root; an element inside of a
 * value), CPM_E_TOO_LONG (a value), CPM_E_QUIRK. */
int cpm_imdn_decode(cpm_imdn *out, cpm_str in, const cpm_opts *opts, cpm_diag *diag);

/* ---- the notifications of a message body ------------------------------------------------------------------------------- */

/* A body may be a notification, wrap one in message/cpim, or be a multipart of such: a server that expands lists sends several in one
 * message (RFC 5438 8.2), and so do clients. */
#define CPM_IMDN_WALK_LEVELS  4u    /* multipart and message/cpim bodies around one notification */
#define CPM_IMDN_WALK_HEADERS 32u   /* header fields of a message/cpim that are read */

/* One of them. Borrowed from the body, and absent where nothing says. */
typedef struct cpm_imdn_found {
  cpm_str document;           /* for cpm_imdn_decode, after the two encodings were undone; never absent */
  cpm_str content_type;
  cpm_str disposition;        /* Content-Disposition */
  cpm_str transfer_encoding;  /* Content-Transfer-Encoding */
  cpm_str content_encoding;   /* Content-Encoding */
  cpm_str from;               /* URI in From of the innermost message/cpim around it */
} cpm_imdn_found;

/* Where a walk stands: the caller's memory, and of no interest to it. */
typedef struct cpm_imdn_walk {
  cpm_str        body;
  cpm_imdn_found entity;      /* to be looked at; document absent: none */
  unsigned       around;      /* how many bodies there are around it */
  unsigned       others;      /* may be read: what was skipped so far, recipient lists not counted */
  unsigned       nlevels;
  struct cpm_imdn_level { cpm_multipart_walk parts; cpm_str from; unsigned around; } levels[CPM_IMDN_WALK_LEVELS];
} cpm_imdn_walk;

/* Starts on a body with this Content-Type. Both are borrowed and must remain valid while the walk lasts. */
void cpm_imdn_walk_init(cpm_imdn_walk *walk, cpm_str content_type, cpm_str body);

/* CPM_OK with the next notification, CPM_END behind the last one. What counts: type message/imdn+xml or message/imdn, or
 * Content-Disposition notification, and no multipart or message/cpim, which are opened. All else is skipped. The document is not read
 * yet.
 *
 * Nothing is lost: a multipart, a part of one, or a message/cpim that cannot be read is an error with all its octets in
 * found->document, and the walk goes on behind it. So a caller asks again until CPM_END, whatever the answer.
 * Errors: those of cpm_multipart_open, cpm_multipart_next and cpm_cpim_decode; CPM_E_TOO_DEEP (more than CPM_IMDN_WALK_LEVELS
 * around it). diag->off counts from the body; at an error in a Content-Type it is where the multipart starts.
 * Quirks of multipart and message/cpim bodies are taken if opts does not refuse them, and not told. All calls together are linear in
 * the size of the body, and nothing calls itself. */
int cpm_imdn_walk_next(cpm_imdn_walk *walk, cpm_imdn_found *found, const cpm_opts *opts, cpm_diag *diag);

/* ---- writing ----------------------------------------------------------------------------------------------------------- */

/* Writes the document. dst NULL: only the size. Errors: CPM_E_SPACE, CPM_E_MISSING (message_id, datetime: absent, or nothing but white
 * space, which a reader leaves out), CPM_E_INJECTION (control characters), CPM_E_VALUE (status out of range, text that is no UTF-8). */
int cpm_imdn_encode(char *dst, size_t cap, size_t *len, const cpm_imdn *in, cpm_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
