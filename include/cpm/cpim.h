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

/* Prefixes that one message may bind (again as often as it likes): bounds the time that a hostile message takes. */
#define CPM_CPIM_PREFIX_LIMIT 32u

typedef struct cpm_cpim_header {
  cpm_cpim_id id;
  cpm_str     prefix;   /* "imdn" of imdn.Message-ID; absent for names without a dot */
  cpm_str     ns;       /* the URI that NS binds to the prefix (or to names without one) at this line; absent if nothing does */
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
 *
 * The header lines end with an empty line; MIME header lines and another empty line follow, then the content. Deviations taken:
 *  - a Content-xxx line without prefix among the headers: MIME and CPIM headers are one block, and the content comes behind its
 *    empty line (CPIM_ONE_BLOCK); a first block of such lines alone is skipped (CPIM_TYPE_GROUP)
 *  - no MIME headers: nothing behind the empty line reads as a block with a Content-xxx in it, so it is the content (CPIM_NO_TYPE).
 *    What could still become one is CPM_E_TRUNCATED, so that a beginning is not taken for the whole
 *  - a fold that holds Content-xxx: is a line of its own (CPIM_FOLD); a fold needs CRLF before it
 *  - Content-Length is compared with the content and nothing else (CPIM_BAD_LENGTH)
 *  - From, To and cc that cannot be read as an address do not cost the message (CPIM_ADDRESS); their decoder says what is wrong
 *  - a prefix that only a later NS binds is bound by the next one (CPIM_NS_LATE); imdn. and cpm. are known without (CPIM_NO_NS)
 *  - octets that are no UTF-8 (UTF8_INVALID)
 * and the other CPIM_ quirks of str.h as they are named there. White space before a colon is refused.
 *
 * NS without a prefix binds the names without one, but NS itself is known by its bare name always. A prefix may be bound again; the
 * lines below count. Namespaces are compared without case.
 *
 * From and To must be there, once and at least once; DateTime and Message-ID at most once; Message-ID and DateTime with
 * Disposition-Notification (RFC 5438); every name in Require must be one that is known here. That is checked last: with
 * CPM_E_UNSUPPORTED everything in *out is there, for a relay, and for a host that knows the name.
 * Limits: max_line, max_head, max_body, CPM_CPIM_PREFIX_LIMIT. Linear in the size of the input.
 * Errors: CPM_E_SYNTAX, CPM_E_TRUNCATED (no empty line), CPM_E_MISSING, CPM_E_DUPLICATE, CPM_E_UNSUPPORTED (Require),
 * CPM_E_TOO_MANY (diag->need headers, and the first `cap` are there; need 0: prefixes), CPM_E_TOO_LONG, CPM_E_QUIRK, CPM_E_ARG. */
int cpm_cpim_decode(cpm_cpim *out, cpm_str in, const cpm_opts *opts, cpm_diag *diag);

/* Writes headers in order (NS lines are the caller's to place; a prefix that no NS line before it binds is CPM_E_VALUE), the
 * MIME headers content_type, disposition, encoding, and `content`. With content absent it writes everything up to the content:
 * the way to send content that is held elsewhere. `mime` is not read. dst NULL: only the size.
 * Of a header with an id the name is written as its RFC has it and `name` is not read; `ns` is not read. What was written,
 * cpm_cpim_decode reads without a quirk: addresses, NS and Require are written in their strict form, HTAB and folds as SP.
 * Errors: CPM_E_SPACE, CPM_E_INJECTION, CPM_E_VALUE (also: other control characters, octets that are no UTF-8, a name that would
 * be read as another header), CPM_E_MISSING (From, To, content_type, and what Disposition-Notification needs), CPM_E_DUPLICATE,
 * CPM_E_UNSUPPORTED (Require), CPM_E_TOO_MANY (prefixes). */
int cpm_cpim_encode(char *dst, size_t cap, size_t *len, const cpm_cpim *in, cpm_diag *diag);

/* First header with that id at or after *index (NULL: the first of all); *index then points behind it. NULL if there is none. */
const cpm_cpim_header *cpm_cpim_find(const cpm_cpim *in, cpm_cpim_id id, size_t *index);
/* Its value, trimmed; absent if there is none. */
cpm_str cpm_cpim_value(const cpm_cpim *in, cpm_cpim_id id);

/* From, To, cc, IMDN-Route ...: [Formal-name] "<" URI ">". Tolerates CPIM_ADDRESS: no < >, a name glued to "<", of characters that
 * need quotes, or quoted with space behind. Borrowed; `name` keeps escapes and folds, and is absent if there is none. Errors:
 * CPM_E_SYNTAX, CPM_E_TRUNCATED, CPM_E_QUIRK. Writing quotes a name that needs it; `name` is text that may stand inside of quotes,
 * escapes as they are. Errors of writing: CPM_E_SPACE, CPM_E_INJECTION, CPM_E_VALUE. */
typedef struct cpm_cpim_address { cpm_str name; bool quoted; cpm_str uri; uint64_t quirks; } cpm_cpim_address;
int cpm_cpim_address_decode(cpm_cpim_address *out, cpm_str in, const cpm_opts *opts, cpm_diag *diag);
int cpm_cpim_address_encode(char *dst, size_t cap, size_t *len, const cpm_cpim_address *in, cpm_diag *diag);

/* Undoes \uXXXX, \b \t \n \r \" \' \\ into UTF-8. dst NULL: only the size. Result may hold CR and LF: it is text for people and is
 * not to be written into a header field. CPM_E_ESCAPE for anything else behind "\" and for surrogates and \u0000. Letters have no case. */
int cpm_cpim_unescape(char *dst, size_t cap, size_t *len, cpm_str in);
/* The other way: C0 controls, DEL and "\" as escapes. NUL, which no escape may give, is CPM_E_INJECTION. */
int cpm_cpim_escape(char *dst, size_t cap, size_t *len, cpm_str text);

/* imdn.Disposition-Notification as a set (RFC 5438 6.2, OMA's interworking). Unknown values and parameters are skipped; an empty
 * value is the empty set. Errors: CPM_E_SYNTAX; of writing CPM_E_SPACE, CPM_E_ARG (a bit that is none of these). */
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
