/* SPDX-License-Identifier: MIT */
/* imdn.h - message/imdn+xml (RFC 5438 7.2, with OMA's interworking-notification), written by the core. */
#ifndef CPM_IMDN_H
#define CPM_IMDN_H

#include "str.h"

#ifdef __cplusplus
extern "C" {
#endif

#define CPM_IMDN_TYPE "message/imdn+xml"

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
  CPM_IMDN_STATUS_COUNT
} cpm_imdn_status;

typedef struct cpm_imdn {
  cpm_str         message_id;         /* of the message that is reported on */
  cpm_str         datetime;           /* its DateTime */
  cpm_str         recipient_uri;      /* absent without; then original_recipient_uri and subject are not written */
  cpm_str         original_recipient_uri;
  cpm_str         subject;
  cpm_imdn_status status;
} cpm_imdn;

/* Writes the document. dst NULL: only the size. Errors: CPM_E_SPACE, CPM_E_MISSING (message_id, datetime), CPM_E_INJECTION
 * (control characters), CPM_E_VALUE (status out of range, text that is no UTF-8). */
int cpm_imdn_encode(char *dst, size_t cap, size_t *len, const cpm_imdn *in, cpm_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
