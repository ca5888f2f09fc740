/* SPDX-License-Identifier: MIT */
/* cpim.h - message/cpim (RFC 3862) with the header fields of IMDN (RFC 5438) and of CPM, and DateTime (RFC 3339). */
#ifndef CPM_CPIM_H
#define CPM_CPIM_H

#include "str.h"

#ifdef __cplusplus
extern "C" {
#endif

/* CPM_CPIM_HEADERS(id, namespace, name): header fields that have a name here. Any prefix that NS binds to the namespace works. */
#define CPM_CPIM_NS_CORE "urn:ietf:params:cpim-headers:"
#define CPM_CPIM_NS_IMDN "urn:ietf:params:imdn"
#define CPM_CPIM_NS_CPM  "http://www.openmobilealliance.org/cpm/"
#define CPM_CPIM_HEADERS(X) \
  X(FROM, CORE, "From") X(TO, CORE, "To") X(CC, CORE, "cc") X(DATETIME, CORE, "DateTime") X(SUBJECT, CORE, "Subject") \
  X(NS, CORE, "NS") X(REQUIRE, CORE, "Require") \
  X(MESSAGE_ID, IMDN, "Message-ID") X(DISPOSITION_NOTIFICATION, IMDN, "Disposition-Notification") \
  X(ORIGINAL_TO, IMDN, "Original-To") X(IMDN_RECORD_ROUTE, IMDN, "IMDN-Record-Route") X(IMDN_ROUTE, IMDN, "IMDN-Route") \
  X(PAYLOAD_TYPE, CPM, "Payload-Type")

typedef enum cpm_cpim_id {
  CPM_CPIM_UNKNOWN = 0,
#define CPM_CPIM_ENUM(id, ns, name) CPM_CPIM_##id,
  CPM_CPIM_HEADERS(CPM_CPIM_ENUM)
#undef CPM_CPIM_ENUM
  CPM_CPIM_ID_COUNT
} cpm_cpim_id;

typedef struct cpm_cpim_header {
  cpm_cpim_id id;
  cpm_str     prefix;   /* "imdn" of imdn.Message-ID; absent for names without a dot */
  cpm_str     ns;       /* the URI that NS binds to the prefix at this line; absent if nothing does */
  cpm_str     name;     /* without the prefix */
  cpm_str     params;   /* ";lang=fr" between colon and SP; absent without */
  cpm_str     value;    /* escapes as written: cpm_cpim_unescape */
} cpm_cpim_header;

typedef struct cpm_cpim {
  cpm_cpim_header *headers;      /* caller-owned array of `cap` entries, in the order of the message */
  size_t           cap, nheaders;
  cpm_str          content_type; /* of the wrapped part; absent if there is none */
  cpm_str          disposition;  /* its Content-Disposition; absent if there is none */
  cpm_str          encoding;     /* its Content-Transfer-Encoding; absent if there is none */
  cpm_str          mime;         /* all its MIME header lines as they stand (one block with the others: quirk CPIM_ONE_BLOCK) */
  cpm_str          content;      /* the wrapped content, exact; never absent after decoding */
  size_t           content_off;  /* where it starts in the input */
  uint64_t         quirks;
} cpm_cpim;

/* Reads a message/cpim body. out->headers and out->cap name the caller's array. Borrowed.
 * From and To must be there, once and at least once; DateTime once; Message-ID and DateTime with Disposition-Notification
 * (RFC 5438); every name in Require must be one that is known here. Tolerates every CPIM_ quirk of str.h.
 * Errors: CPM_E_SYNTAX, CPM_E_TRUNCATED (no empty line), CPM_E_MISSING, CPM_E_DUPLICATE, CPM_E_UNSUPPORTED (Require),
 * CPM_E_TOO_MANY (diag->need), CPM_E_TOO_LONG, CPM_E_QUIRK. */
int cpm_cpim_decode(cpm_cpim *out, cpm_str in, const cpm_opts *opts, cpm_diag *diag);

/* Writes headers in order (NS lines are the caller's to place; a prefix that no NS line before it binds is CPM_E_VALUE), the
 * MIME headers content_type, disposition, encoding, and `content`. With content absent it writes everything up to the content:
 * the way to send content that is held elsewhere. `mime` is not read. dst NULL: only the size.
 * Errors: CPM_E_SPACE, CPM_E_INJECTION, CPM_E_VALUE, CPM_E_MISSING (From, To, content_type). */
int cpm_cpim_encode(char *dst, size_t cap, size_t *len, const cpm_cpim *in, cpm_diag *diag);

/* First header with that id at or after *index (NULL: the first of all); *index then points behind it. */
const cpm_cpim_header *cpm_cpim_find(const cpm_cpim *in, cpm_cpim_id id, size_t *index);
/* Its value, trimmed; absent if there is none. */
cpm_str cpm_cpim_value(const cpm_cpim *in, cpm_cpim_id id);

/* From, To, cc, IMDN-Route ...: [Formal-name] "<" URI ">". Tolerates CPIM_ADDRESS. */
typedef struct cpm_cpim_address { cpm_str name; bool quoted; cpm_str uri; uint64_t quirks; } cpm_cpim_address;
int cpm_cpim_address_decode(cpm_cpim_address *out, cpm_str in, const cpm_opts *opts, cpm_diag *diag);
int cpm_cpim_address_encode(char *dst, size_t cap, size_t *len, const cpm_cpim_address *in, cpm_diag *diag);

/* Undoes \uXXXX, \b \t \n \r \" \' \\ into UTF-8. dst NULL: only the size. Result may hold CR and LF: it is text for people and is
 * not to be written into a header field. CPM_E_ESCAPE for anything else behind "\" and for surrogates and \u0000. */
int cpm_cpim_unescape(char *dst, size_t cap, size_t *len, cpm_str in);
/* The other way: C0 controls, DEL and "\" as escapes. */
int cpm_cpim_escape(char *dst, size_t cap, size_t *len, cpm_str text);

/* imdn.Disposition-Notification as a set (RFC 5438 6.2, OMA's interworking). Unknown values are skipped. */
#define CPM_DISPOSITIONS(X) X(POSITIVE_DELIVERY, "positive-delivery") X(NEGATIVE_DELIVERY, "negative-delivery") \
                            X(PROCESSING, "processing") X(DISPLAY, "display") X(INTERWORKING, "interworking")
enum {
#define CPM_DISPOSITION_ENUM(id, text) CPM_DISPOSITION_BIT_##id,
  CPM_DISPOSITIONS(CPM_DISPOSITION_ENUM)
#undef CPM_DISPOSITION_ENUM
  CPM_DISPOSITION_BITS
};
#define CPM_DISPOSITION(id) (1u << CPM_DISPOSITION_BIT_##id)
int cpm_disposition_notification_decode(unsigned *set, cpm_str in, const cpm_opts *opts, cpm_diag *diag);
int cpm_disposition_notification_encode(char *dst, size_t cap, size_t *len, unsigned set, cpm_diag *diag);

/* DateTime (RFC 3339), the whole of `in`. Unix time in milliseconds, finer fractions cut. Tolerates DATETIME_NO_ZONE,
 * DATETIME_FORM; *quirks (NULL: not wanted) is set to what was met. A leap second counts as the second after it and must stand at
 * the end of a month, UTC. Errors: CPM_E_SYNTAX, CPM_E_TRUNCATED, CPM_E_VALUE (month 13, a leap second elsewhere), CPM_E_QUIRK.
 * Writing gives UTC with three digits of fraction: 2020-09-27T04:02:25.941Z. Errors: CPM_E_SPACE, CPM_E_RANGE outside of the
 * years 0 to 9999. */
int cpm_datetime_decode(int64_t *unix_ms, cpm_str in, const cpm_opts *opts, uint64_t *quirks, cpm_diag *diag);
#define CPM_DATETIME_LEN 24u
int cpm_datetime_encode(char *dst, size_t cap, size_t *len, int64_t unix_ms, cpm_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
