/* SPDX-License-Identifier: MIT */
/* sip.h - SIP messages (RFC 3261): the splitter, the view that procedures read and write, and the registry of header fields.
 *
 * Values of header fields stay slices until a typed decoder of value.h, dialog.h, auth.h, uri.h or mime.h is asked for them.
 */
#ifndef CPM_SIP_H
#define CPM_SIP_H

#include "str.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- the registry ------------------------------------------------------------------------------------------------ */

/* CPM_SIP_HEADERS(id, name, compact, shape, type): every header field that has a name here.
 * shape: LIST may repeat and hold commas (RFC 3261 7.3.1); REPEAT may repeat, holds no list; ONE may stand once.
 * type:  the typed decoder that reads one element of it, see value.h, dialog.h and auth.h. */
#define CPM_SIP_HEADERS(X) \
  X(ACCEPT,               "Accept",                     0,   LIST,   MEDIA_TYPE) \
  X(ACCEPT_CONTACT,       "Accept-Contact",             'a', LIST,   ACCEPT_CONTACT) \
  X(ACCEPT_ENCODING,      "Accept-Encoding",            0,   LIST,   ACCEPT_ENCODING) \
  X(ACCEPT_LANGUAGE,      "Accept-Language",            0,   LIST,   ACCEPT_LANGUAGE) \
  X(ALERT_INFO,           "Alert-Info",                 0,   LIST,   ERROR_INFO) \
  X(ALLOW,                "Allow",                      0,   LIST,   TOKEN) \
  X(ALLOW_EVENTS,         "Allow-Events",               'u', LIST,   EVENT) \
  X(ANSWER_MODE,          "Answer-Mode",                0,   ONE,    TOKEN_PARAMS) \
  X(CALL_ID,              "Call-ID",                    'i', ONE,    CALL_ID) \
  X(CALL_INFO,            "Call-Info",                  0,   LIST,   ERROR_INFO) \
  X(CONTACT,              "Contact",                    'm', LIST,   CONTACT) \
  X(CONTENT_DISPOSITION,  "Content-Disposition",        0,   ONE,    DISPOSITION) \
  X(CONTENT_ENCODING,     "Content-Encoding",           'e', LIST,   TOKEN) \
  X(CONTENT_LANGUAGE,     "Content-Language",           0,   LIST,   TOKEN) \
  X(CONTENT_LENGTH,       "Content-Length",             'l', ONE,    NUMBER) \
  X(CONTENT_TYPE,         "Content-Type",               'c', ONE,    MEDIA_TYPE) \
  X(CONTRIBUTION_ID,      "Contribution-ID",            0,   ONE,    ID) \
  X(CONVERSATION_ID,      "Conversation-ID",            0,   ONE,    ID) \
  X(CPM_REPLACES,         "CPM-Replaces",               0,   ONE,    ID) \
  X(CSEQ,                 "CSeq",                       0,   ONE,    CSEQ) \
  X(DATE,                 "Date",                       0,   ONE,    DATE) \
  X(ERROR_INFO,           "Error-Info",                 0,   LIST,   ERROR_INFO) \
  X(EVENT,                "Event",                      'o', ONE,    EVENT) \
  X(EXPIRES,              "Expires",                    0,   ONE,    NUMBER) \
  X(FEATURE_CAPS,         "Feature-Caps",               0,   LIST,   TOKEN_PARAMS) \
  X(FLOW_TIMER,           "Flow-Timer",                 0,   ONE,    NUMBER) \
  X(FROM,                 "From",                       'f', ONE,    ADDRESS) \
  X(HISTORY_INFO,         "History-Info",               0,   LIST,   HISTORY_INFO) \
  X(IN_REPLY_TO,          "In-Reply-To",                0,   LIST,   CALL_ID) \
  X(IN_REPLY_TO_CONTRIBUTION_ID, "InReplyTo-Contribution-ID", 0, ONE, ID) \
  X(INFO_PACKAGE,         "Info-Package",               0,   ONE,    TOKEN_PARAMS) \
  X(JOIN,                 "Join",                       0,   ONE,    JOIN) \
  X(MAX_BREADTH,          "Max-Breadth",                0,   ONE,    NUMBER) \
  X(MAX_FORWARDS,         "Max-Forwards",               0,   ONE,    NUMBER) \
  X(MESSAGE_EXPIRES,      "Message-Expires",            0,   ONE,    NUMBER) \
  X(MESSAGE_UID,          "Message-UID",                0,   ONE,    ID) \
  X(MIME_VERSION,         "MIME-Version",               0,   ONE,    MIME_VERSION) \
  X(MIN_EXPIRES,          "Min-Expires",                0,   ONE,    NUMBER) \
  X(MIN_SE,               "Min-SE",                     0,   ONE,    MIN_SE) \
  X(ORGANIZATION,         "Organization",               0,   ONE,    TEXT) \
  X(P_ACCESS_NETWORK_INFO,"P-Access-Network-Info",      0,   LIST,   ACCESS_NETWORK) \
  X(P_ASSERTED_IDENTITY,  "P-Asserted-Identity",        0,   LIST,   ADDRESS) \
  X(P_ASSERTED_SERVICE,   "P-Asserted-Service",         0,   LIST,   SERVICE) \
  X(P_CHARGING_VECTOR,    "P-Charging-Vector",          0,   ONE,    CHARGING_VECTOR) \
  X(P_CHARGING_FUNCTION_ADDRESSES, "P-Charging-Function-Addresses", 0, LIST, CHARGING_ADDRESSES) \
  X(P_PREFERRED_IDENTITY, "P-Preferred-Identity",       0,   LIST,   ADDRESS) \
  X(P_PREFERRED_SERVICE,  "P-Preferred-Service",        0,   LIST,   SERVICE) \
  X(PATH,                 "Path",                       0,   LIST,   ROUTE) \
  X(PERMISSION_MISSING,   "Permission-Missing",         0,   LIST,   ADDRESS) \
  X(PRIORITY,             "Priority",                   0,   ONE,    TOKEN) \
  X(PRIV_ANSWER_MODE,     "Priv-Answer-Mode",           0,   ONE,    TOKEN_PARAMS) \
  X(PRIVACY,              "Privacy",                    0,   ONE,    PRIVACY) \
  X(PROXY_AUTHENTICATE,   "Proxy-Authenticate",         0,   REPEAT, AUTH) \
  X(PROXY_AUTHENTICATION_INFO, "Proxy-Authentication-Info", 0, ONE,   AUTH_INFO) \
  X(PROXY_AUTHORIZATION,  "Proxy-Authorization",        0,   REPEAT, AUTH) \
  X(PROXY_REQUIRE,        "Proxy-Require",              0,   LIST,   TOKEN) \
  X(AUTHORIZATION,        "Authorization",              0,   REPEAT, AUTH) \
  X(WWW_AUTHENTICATE,     "WWW-Authenticate",           0,   REPEAT, AUTH) \
  X(RACK,                 "RAck",                       0,   ONE,    RACK) \
  X(RSEQ,                 "RSeq",                       0,   ONE,    RSEQ) \
  X(REASON,               "Reason",                     0,   LIST,   REASON) \
  X(RECORD_ROUTE,         "Record-Route",               0,   LIST,   ROUTE) \
  X(RECV_INFO,            "Recv-Info",                  0,   LIST,   TOKEN_PARAMS) \
  X(REFER_SUB,            "Refer-Sub",                  0,   ONE,    REFER_SUB) \
  X(REFER_TO,             "Refer-To",                   'r', ONE,    ADDRESS) \
  X(AUTHENTICATION_INFO,  "Authentication-Info",        0,   ONE,    AUTH_INFO) \
  X(REFERRED_BY,          "Referred-By",                'b', ONE,    ADDRESS) \
  X(REJECT_CONTACT,       "Reject-Contact",             'j', LIST,   ACCEPT_CONTACT) \
  X(REPLACES,             "Replaces",                   0,   ONE,    REPLACES) \
  X(REPLY_TO,             "Reply-To",                   0,   ONE,    ADDRESS) \
  X(REQUEST_DISPOSITION,  "Request-Disposition",        'd', LIST,   TOKEN) \
  X(REQUIRE,              "Require",                    0,   LIST,   TOKEN) \
  X(RETRY_AFTER,          "Retry-After",                0,   ONE,    RETRY_AFTER) \
  X(ROUTE,                "Route",                      0,   LIST,   ROUTE) \
  X(SECURITY_CLIENT,      "Security-Client",            0,   LIST,   SECURITY) \
  X(SECURITY_SERVER,      "Security-Server",            0,   LIST,   SECURITY) \
  X(SECURITY_VERIFY,      "Security-Verify",            0,   LIST,   SECURITY) \
  X(SERVER,               "Server",                     0,   ONE,    PRODUCT) \
  X(SERVICE_ROUTE,        "Service-Route",              0,   LIST,   ROUTE) \
  X(SESSION_EXPIRES,      "Session-Expires",            'x', ONE,    SESSION_EXPIRES) \
  X(SESSION_ID,           "Session-ID",                 0,   ONE,    TOKEN_PARAMS) \
  X(SESSION_REPLACES,     "Session-Replaces",           0,   ONE,    ID) \
  X(SIP_ETAG,             "SIP-ETag",                   0,   ONE,    TOKEN) \
  X(SIP_IF_MATCH,         "SIP-If-Match",               0,   ONE,    TOKEN) \
  X(SUBJECT,              "Subject",                    's', ONE,    TEXT) \
  X(SUBSCRIPTION_STATE,   "Subscription-State",         0,   ONE,    SUBSCRIPTION_STATE) \
  X(SUPPORTED,            "Supported",                  'k', LIST,   TOKEN) \
  X(SUPPRESS_IF_MATCH,    "Suppress-If-Match",          0,   ONE,    TOKEN) \
  X(TARGET_DIALOG,        "Target-Dialog",              0,   ONE,    TARGET_DIALOG) \
  X(TIMESTAMP,            "Timestamp",                  0,   ONE,    TIMESTAMP) \
  X(TO,                   "To",                         't', ONE,    ADDRESS) \
  X(UNSUPPORTED,          "Unsupported",                0,   LIST,   TOKEN) \
  X(USER_AGENT,           "User-Agent",                 0,   ONE,    PRODUCT) \
  X(VIA,                  "Via",                        'v', LIST,   VIA) \
  X(WARNING,              "Warning",                    0,   LIST,   WARNING)

typedef enum cpm_sip_header {
  CPM_SIP_UNKNOWN = 0,           /* a header field that has no entry above; its name is in the slice */
#define CPM_SIP_ENUM(id, name, compact, shape, type) CPM_SIP_##id,
  CPM_SIP_HEADERS(CPM_SIP_ENUM)
#undef CPM_SIP_ENUM
  CPM_SIP_HEADER_COUNT
} cpm_sip_header;

typedef enum cpm_sip_shape { CPM_SIP_LIST, CPM_SIP_REPEAT, CPM_SIP_ONE } cpm_sip_shape;

/* The name as RFCs print it ("Accept-Contact"), or the absent slice for CPM_SIP_UNKNOWN and anything out of range. Constant. */
cpm_str cpm_sip_header_name(cpm_sip_header id);

/* Full or compact name to id, ASCII case-insensitive; CPM_SIP_UNKNOWN if there is no entry. */
cpm_sip_header cpm_sip_header_id(cpm_str name);

/* Shape of a known header field; CPM_SIP_REPEAT for unknown ones. */
cpm_sip_shape cpm_sip_header_shape(cpm_sip_header id);

/* CPM_SIP_METHODS(id, name) */
#define CPM_SIP_METHODS(X) \
  X(INVITE, "INVITE") X(ACK, "ACK") X(BYE, "BYE") X(CANCEL, "CANCEL") X(OPTIONS, "OPTIONS") X(REGISTER, "REGISTER") \
  X(MESSAGE, "MESSAGE") X(SUBSCRIBE, "SUBSCRIBE") X(NOTIFY, "NOTIFY") X(REFER, "REFER") X(PUBLISH, "PUBLISH") \
  X(INFO, "INFO") X(PRACK, "PRACK") X(UPDATE, "UPDATE")

typedef enum cpm_sip_method {
  CPM_METHOD_UNKNOWN = 0,        /* an extension method; its name is in the slice */
#define CPM_SIP_METHOD_ENUM(id, name) CPM_METHOD_##id,
  CPM_SIP_METHODS(CPM_SIP_METHOD_ENUM)
#undef CPM_SIP_METHOD_ENUM
  CPM_METHOD_COUNT
} cpm_sip_method;

/* Name of a known method, absent otherwise. Constant. */
cpm_str cpm_sip_method_name(cpm_sip_method id);

/* Method of that name (methods are case-sensitive, RFC 3261 7.1). */
cpm_sip_method cpm_sip_method_id(cpm_str name);

/* The reason phrase that RFC 3261 21 and its extensions give this status, or "Unknown". Constant. */
cpm_str cpm_sip_reason_phrase(unsigned status);

/* ---- the view ---------------------------------------------------------------------------------------------------- */

typedef struct cpm_sip_field {
  cpm_sip_header id;
  cpm_str        name;     /* as received; when written, used only if id is CPM_SIP_UNKNOWN */
  cpm_str        value;    /* without the white space around it; folds inside stay as they are */
  const char    *spec;     /* in messages that a procedure composed: which requirements stand behind this field, as in */
  const char    *clauses;  /* cpm_effect; else NULL. Constant */
} cpm_sip_field;

/* A run of a message body. What the library wrote itself has bytes.p; what stays the host's (content is never copied into a
 * procedure) has bytes.p == NULL, bytes.n its length, and names the host's content by handle and offset: the host puts the
 * pointer in before it encodes. */
typedef struct cpm_piece {
  cpm_str  bytes;
  uint64_t item;           /* the host's handle of the content, from the event that brought it */
  uint64_t off;            /* where the run starts in that content */
} cpm_piece;

#define CPM_SIP_PIECES 16u

/* One SIP message, read or to be written. A host may fill it from its own message type without serialising. */
typedef struct cpm_sip {
  unsigned             status;       /* 0: a request; else the status code of a response */
  cpm_sip_method       method;       /* of a request; of a response: from CSeq if known, else CPM_METHOD_UNKNOWN */
  cpm_str              method_name;  /* of a request */
  cpm_str              request_uri;  /* of a request */
  cpm_str              reason;       /* of a response; may be empty */
  cpm_sip_field       *fields;       /* caller-owned array of `cap` entries; decode writes the first `nfields` */
  size_t               cap;
  size_t               nfields;
  cpm_str              body;         /* decoded, or to be written when npieces is 0; empty, never absent, after decoding */
  cpm_piece            pieces[CPM_SIP_PIECES];  /* of a message that a procedure composed: the body in order */
  unsigned             npieces;
  size_t               size;         /* decoded: bytes that the message took, from the first byte of the input to the end of body */
  uint64_t             quirks;       /* decoded: what was tolerated */
  cpm_str              version;      /* SIP-Version as received; absent counts as SIP/2.0, which is what is always written */
} cpm_sip;

/* An empty view over an array of fields: cpm_sip_field f[64]; cpm_sip m = CPM_SIP_ROOM(f); */
#define CPM_SIP_ROOM(array) { 0, CPM_METHOD_UNKNOWN, {0, 0}, {0, 0}, {0, 0}, (array), sizeof(array) / sizeof((array)[0]), \
                              0, {0, 0}, {{{0, 0}, 0, 0}}, 0, 0, 0, {0, 0} }

/* The first field with this id at or after *index, which then points behind it; NULL if there is none. index may be NULL: the
 * first of all. */
const cpm_sip_field *cpm_sip_find(const cpm_sip *msg, cpm_sip_header id, size_t *index);

/* Value of the first field with this id; absent if there is none. */
cpm_str cpm_sip_value(const cpm_sip *msg, cpm_sip_header id);

/* ---- reading ----------------------------------------------------------------------------------------------------- */

/* Splits one datagram: start line, header fields, body by Content-Length, or to the end of the datagram if there is none
 * (RFC 3261 18.3). out->fields and out->cap name the caller's array; everything else in *out is written, borrowed from `in`;
 * after an error it is empty. Takes folded, compact, repeated and unknown header fields. A fold between name and colon, a fold
 * behind a bare LF, CR inside of a line and NUL anywhere in the head are refused: parsers disagree about them.
 * Tolerates SIP_LEADING_CRLF, SIP_BARE_LF, SIP_STATUS_ANY (three digits, not 000), SIP_NO_LENGTH, SIP_LENGTH_REPEATED,
 * SIP_TRAILING_BYTES.
 * Errors: CPM_E_SYNTAX, CPM_E_TRUNCATED (no empty line, or body shorter than Content-Length), CPM_E_DUPLICATE (two different
 * Content-Length), CPM_E_RANGE (Content-Length over 2^64-1, or that no memory can hold), CPM_E_TOO_MANY (diag->need: fields in the
 * message), CPM_E_TOO_LONG (opts.max_line, max_head, max_body), CPM_E_QUIRK. */
int cpm_sip_decode(cpm_sip *out, cpm_str in, const cpm_opts *opts, cpm_diag *diag);

/* The same on a byte stream (RFC 3261 18.3: Content-Length is mandatory there). `in` is all that has arrived; one message is
 * split off its front and out->size says how much it took, empty lines before it included.
 * CPM_E_MORE: diag->need bytes at least must still come; once the head is complete, exactly so many. CPM_E_MISSING: no
 * Content-Length. Otherwise as cpm_sip_decode. After CPM_E_TOO_MANY the call may be repeated with a larger array; a stream that
 * gave any other error than CPM_E_MORE cannot be resynchronised. */
int cpm_sip_decode_stream(cpm_sip *out, cpm_str in, const cpm_opts *opts, cpm_diag *diag);

/* With which status can the request be answered that cpm_sip_decode or cpm_sip_decode_stream refused (RFC 3261 18.3, RFC 4475 3.1.2)?
 * 400, 414 (start line over opts.max_line), 513 (body over opts.max_body), and *out has its header fields for the response, of the
 * start line what can be read, an empty body; a stream ends all the same. 0, and *out is empty: a response, an ACK, one without any start line, one
 * whose header lines do not split, without Via, From, To, Call-ID or CSeq, or more fields than out->cap. Then it is dropped. out->fields and
 * out->cap as in cpm_sip_decode; borrowed. */
unsigned cpm_sip_refusal(cpm_sip *out, cpm_str in, const cpm_opts *opts);

/* Is this a request or response that a SIP element may go on with (RFC 3261 8.1.1, 8.2, 20)? SIP/2.0; mandatory fields (To, From,
 * CSeq, Call-ID, Via, Max-Forwards of a request) present, fields of shape ONE once; every typed value well formed, the URIs of
 * addresses too; "Contact: *" only where RFC 3261 10.3 has it; CSeq method equal to the request's; Request-URI a sip, sips or tel
 * URI that can be read and has no headers. A quirk in a value is an error if opts refuses it.
 * *answer (may be NULL) gets the status a server would refuse with (400, 416, 505); 0 if there is nothing to refuse or to answer: a
 * response, an ACK. diag->rule is the name of the field, "Request-URI" or "SIP-Version"; diag->off counts inside of its value.
 * Errors: CPM_E_MISSING, CPM_E_DUPLICATE, CPM_E_UNSUPPORTED (version, scheme), CPM_E_MISMATCH (CSeq), CPM_E_VALUE, CPM_E_ARG, and
 * those of the decoders. */
int cpm_sip_check(const cpm_sip *msg, const cpm_opts *opts, unsigned *answer, cpm_diag *diag);

/* ---- writing ----------------------------------------------------------------------------------------------------- */

/* Writes start line, fields in order, a Content-Length computed from body or pieces (any Content-Length in the view, by id or by
 * name, is left out), the empty line and the body. method_name absent: the name of `method`; reason absent: the phrase of RFC 3261
 * 21. Known fields are written with their full name, also when only the name says which it is. White space around a value is left
 * out, a well-formed fold inside becomes one SP.
 * dst NULL: only the size, in *len. With dst, a piece whose bytes.p is NULL and bytes.n is not 0 gives CPM_E_ARG.
 * Errors: CPM_E_SPACE (*len says what is needed), CPM_E_INJECTION, CPM_E_ARG, CPM_E_VALUE (a method, URI, header name, reason or
 * status that the grammar cannot hold; diag->rule names it). Nothing is written to dst on any error. */
int cpm_sip_encode(char *dst, size_t cap, size_t *len, const cpm_sip *msg, cpm_diag *diag);

/* The same in two parts, for a host whose SIP stack takes header field lines and a body and writes the rest itself: the start line, Content-Length, and the fields
 * whose ids stand in `without`, which ends with CPM_SIP_UNKNOWN (NULL: no others). The lines end in CR LF each; none is written for no fields. The body comes in one
 * piece. Method, status and Request-URI are not looked at. Errors as cpm_sip_encode. */
int cpm_sip_encode_fields(char *dst, size_t cap, size_t *len, const cpm_sip *msg, const cpm_sip_header *without, cpm_diag *diag);
int cpm_sip_encode_body(char *dst, size_t cap, size_t *len, const cpm_sip *msg, cpm_diag *diag);

/* ---- writing value by value -------------------------------------------------------------------------------------- */

/* The same message without a view of all its fields: typed values go straight to where they are sent from, in one pass.
 *
 *     cpm_sip_writer w = CPM_SIP_WRITER(buf, sizeof buf);
 *     cpm_sip_write_start(&w, &msg, &diag);                              // method and Request-URI, or status and reason
 *     cpm_sip_write_name(&w, CPM_SIP_VIA, &diag);
 *     int rc = cpm_via_encode(w.at, w.room, &n, &via, &diag);            // any typed writer of one element
 *     cpm_sip_write_value(&w, rc, n, &diag);
 *     cpm_sip_write_field(&w, &msg.fields[0], &diag);                    // a value that is text
 *     rc = cpm_sip_write_end(&w, &len, &msg, &diag);                     // Content-Length, the empty line, the body
 *
 * The first error stays: a call behind it does nothing and returns it, so the last status is enough. A call that does not fit where
 * the writer stands gives CPM_E_ARG. Too small a buffer is said at the end, by CPM_E_SPACE with *len; until then the writer goes on
 * counting. With dst NULL it only counts. Nothing is written at dst + cap or behind; what stands in dst after an error, and behind
 * *len, is of no use. */
typedef struct cpm_sip_writer {
  char    *at;         /* where to write next; NULL when there was no room for what is written already, and with dst NULL */
  size_t   room;       /* bytes from there to the end of the buffer */
  size_t   len;        /* bytes up to now, also those without room */
  int      error;      /* the first one */
  unsigned state;      /* this and counts are not the host's */
  bool     counts;
} cpm_sip_writer;

/* cap bytes at dst, a caller-owned buffer. dst NULL: cap is 0. */
#define CPM_SIP_WRITER(dst, cap) { (dst), (cap), 0, 0, 0, false }

/* The start line, from status, reason, method, method_name and request_uri. Errors as cpm_sip_encode. */
int cpm_sip_write_start(cpm_sip_writer *w, const cpm_sip *msg, cpm_diag *diag);

/* A field whose value is text, as cpm_sip_encode writes it; nothing for Content-Length. Errors as there. */
int cpm_sip_write_field(cpm_sip_writer *w, const cpm_sip_field *field, cpm_diag *diag);

/* A field begins whose value comes next. CPM_E_ARG for Content-Length and for what has no entry in the registry. */
int cpm_sip_write_name(cpm_sip_writer *w, cpm_sip_header id, cpm_diag *diag);

/* Behind a value that was not empty: another element of its list comes next, after ", ". */
int cpm_sip_write_more(cpm_sip_writer *w, cpm_diag *diag);

/* The typed writer has returned rc, and n bytes stand at w->at, or found no room there. An rc other than CPM_OK and CPM_E_SPACE
 * stays. CPM_E_INJECTION for CR, LF and NUL among the bytes. An element of no bytes is left out. */
int cpm_sip_write_value(cpm_sip_writer *w, int rc, size_t n, cpm_diag *diag);

/* Content-Length, the empty line, and body or pieces, as in cpm_sip_encode. *len: the size of the message. CPM_E_SPACE, CPM_E_ARG, and
 * any error before. */
int cpm_sip_write_end(cpm_sip_writer *w, size_t *len, const cpm_sip *msg, cpm_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
