/* SPDX-License-Identifier: MIT */
/* imdn.h - message/imdn+xml (RFC 5438 7.2, with OMA's interworking-notification), read and written by the core. */
#ifndef CPM_IMDN_H
#define CPM_IMDN_H

#include "markup.h"

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

/* Writes the document. dst NULL: only the size. Errors: CPM_E_SPACE, CPM_E_MISSING (message_id, datetime), CPM_E_INJECTION
 * (control characters), CPM_E_VALUE (status out of range, text that is no UTF-8). */
int cpm_imdn_encode(char *dst, size_t cap, size_t *len, const cpm_imdn *in, cpm_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
