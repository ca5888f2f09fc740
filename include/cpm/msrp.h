/* SPDX-License-Identifier: MIT */
/* msrp.h - the Message Session Relay Protocol: frames (RFC 4975, RFC 4976 AUTH, RFC 7701 NICKNAME), a push reader, chunks,
 * reassembly, responses and reports, sessions and connections (RFC 6135, RFC 6714).
 *
 * A frame is a head (first line, header lines), perhaps a body, and an end-line, which alone says where the frame ends. Nothing here
 * opens a connection: bytes come in from the host's, and what is to be written goes to its buffer or is a slice of its content.
 *
 * Receiving:  cpm_msrp_read gives the events of a connection; cpm_msrp_decode reads the head; cpm_msrp_join says where content
 *             belongs; cpm_msrp_response and cpm_msrp_report are what goes back, if cpm_msrp_response_due and _report_due say so.
 * Sending:    cpm_msrp_chunk_open, _take and _close give head, content range and tail for one writev.
 */
#ifndef CPM_MSRP_H
#define CPM_MSRP_H

#include "auth.h"
#include "str.h"
#include "value.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- names ------------------------------------------------------------------------------------------------------- */

/* CPM_MSRP_HEADERS(id, name): header fields that have a name here. All but WWW-Authenticate and Authorization may stand once. */
#define CPM_MSRP_HEADERS(X) \
  X(TO_PATH, "To-Path") X(FROM_PATH, "From-Path") X(MESSAGE_ID, "Message-ID") X(SUCCESS_REPORT, "Success-Report") \
  X(FAILURE_REPORT, "Failure-Report") X(BYTE_RANGE, "Byte-Range") X(STATUS, "Status") X(EXPIRES, "Expires") \
  X(MIN_EXPIRES, "Min-Expires") X(MAX_EXPIRES, "Max-Expires") X(USE_PATH, "Use-Path") X(WWW_AUTHENTICATE, "WWW-Authenticate") \
  X(AUTHORIZATION, "Authorization") X(AUTHENTICATION_INFO, "Authentication-Info") X(USE_NICKNAME, "Use-Nickname") \
  X(CONTENT_ID, "Content-ID") X(CONTENT_DESCRIPTION, "Content-Description") X(CONTENT_DISPOSITION, "Content-Disposition") \
  X(CONTENT_TYPE, "Content-Type")

typedef enum cpm_msrp_header {
  CPM_MSRP_UNKNOWN = 0,          /* no entry above; its name is in the slice */
#define CPM_MSRP_ENUM(id, name) CPM_MSRP_##id,
  CPM_MSRP_HEADERS(CPM_MSRP_ENUM)
#undef CPM_MSRP_ENUM
  CPM_MSRP_HEADER_COUNT
} cpm_msrp_header;

/* The name as the RFCs print it, absent for CPM_MSRP_UNKNOWN; and the id of a name, in any case. */
cpm_str         cpm_msrp_header_name(cpm_msrp_header id);
cpm_msrp_header cpm_msrp_header_id(cpm_str name);

#define CPM_MSRP_METHODS(X) X(SEND, "SEND") X(REPORT, "REPORT") X(AUTH, "AUTH") X(NICKNAME, "NICKNAME")
typedef enum cpm_msrp_method {
  CPM_MSRP_OTHER = 0,            /* an extension method; its name is in the slice */
#define CPM_MSRP_METHOD_ENUM(id, name) CPM_MSRP_##id,
  CPM_MSRP_METHODS(CPM_MSRP_METHOD_ENUM)
#undef CPM_MSRP_METHOD_ENUM
  CPM_MSRP_METHOD_COUNT
} cpm_msrp_method;

/* The comment that goes with a status ("OK", "Request timed out" ...), or the absent slice. Constant. */
cpm_str cpm_msrp_comment(unsigned status);

/* ---- MSRP URIs (RFC 4975 6) ---------------------------------------------------------------------------------------- */

typedef struct cpm_msrp_uri {
  cpm_str  text;          /* the whole URI */
  bool     secure;        /* msrps */
  cpm_str  userinfo;      /* absent without "@" */
  cpm_str  host;          /* without the brackets of an IPv6 address */
  bool     host_is_ipv6;
  bool     has_port;
  uint16_t port;
  cpm_str  session_id;    /* absent without "/" */
  cpm_str  transport;     /* "tcp" */
  cpm_str  params;        /* behind the transport, from their first ";" on; absent if there are none: cpm_uri_param_next */
} cpm_msrp_uri;

#define CPM_MSRP_PORT 2855u   /* where to connect if a URI has no port */

/* Reads one URI, the whole of `in`. Borrowed. ";" in the authority is refused. Errors: CPM_E_SYNTAX, CPM_E_TRUNCATED, CPM_E_RANGE
 * (port over 65535). */
int cpm_msrp_uri_decode(cpm_msrp_uri *out, cpm_str in, const cpm_opts *opts, cpm_diag *diag);

#define CPM_MSRP_URI_MAX 1000u   /* octets of a URI that is written */

/* Writes the URI of the parts (text is not read). Errors: CPM_E_SPACE, CPM_E_INJECTION, CPM_E_VALUE (longer than CPM_MSRP_URI_MAX, too). */
int cpm_msrp_uri_encode(char *dst, size_t cap, size_t *len, const cpm_msrp_uri *uri, cpm_diag *diag);

/* CPM_MSRP_STRICT: RFC 4975 6.1: scheme; host without case, escapes of unreserved characters undone, IPv6 addresses by value; port,
 * where one that is written is never equal to one that is not; session-id with case; transport. Userinfo and other parameters do not
 * count. CPM_MSRP_SESSION: the session-ids alone, with case (draft-ietf-simple-msrp-sessmatch), because middleboxes change the rest;
 * a URI without one matches none. */
typedef enum cpm_msrp_matching { CPM_MSRP_STRICT, CPM_MSRP_SESSION } cpm_msrp_matching;
bool cpm_msrp_uri_equal(const cpm_msrp_uri *a, const cpm_msrp_uri *b, cpm_msrp_matching how);
/* The same on text; false if either cannot be read. */
bool cpm_msrp_uri_text_equal(cpm_str a, cpm_str b, cpm_msrp_matching how);

/* One URI of a path (To-Path, From-Path, Use-Path, a=path of SDP); *rest starts as the value and moves on, past an unreadable URI
 * too. CPM_END when there are no more. Tolerates MSRP_SPACING (more than one SP between URIs). */
int cpm_msrp_path_next(cpm_str *rest, cpm_msrp_uri *out, const cpm_opts *opts, uint64_t *quirks, cpm_diag *diag);
/* The first URI of a path as text; its last one; how many there are. */
cpm_str cpm_msrp_path_first(cpm_str path);
cpm_str cpm_msrp_path_last(cpm_str path);
size_t  cpm_msrp_path_count(cpm_str path);
/* URI for URI the same and as many of them. With CPM_MSRP_SESSION only the last ones, which name the endpoint, are compared. */
bool    cpm_msrp_path_equal(cpm_str a, cpm_str b, cpm_msrp_matching how);

/* ---- heads --------------------------------------------------------------------------------------------------------- */

#define CPM_MSRP_ID_MIN 4u     /* octets of a transaction id or Message-ID (RFC 4975 9 ident) */
#define CPM_MSRP_ID_MAX 32u
#define CPM_MSRP_TAIL_MAX 44u  /* CRLF, seven "-", transaction id, flag, CRLF */
#define CPM_MSRP_ANY UINT64_MAX   /* "*" in a Byte-Range */

/* Byte-Range: octets are counted from 1. 1-0/0 is a message of no octets (RFC 4975 7.1.1); other ranges that end before they start are
 * read (MSRP_RANGE_EMPTY) and not written. */
typedef struct cpm_msrp_range { uint64_t start, end, total; } cpm_msrp_range;   /* end, total: CPM_MSRP_ANY for "*" */

typedef enum cpm_msrp_failure { CPM_MSRP_FAILURE_YES, CPM_MSRP_FAILURE_NO, CPM_MSRP_FAILURE_PARTIAL } cpm_msrp_failure;

typedef struct cpm_msrp_field {
  cpm_msrp_header id;
  cpm_str         name;    /* as received; when written, used only if id is CPM_MSRP_UNKNOWN */
  cpm_str         value;   /* without the white space around it */
} cpm_msrp_field;

/* One head, read or to be written. What has a member of its own here stands in `fields` too when it was read; when it is written it
 * comes from the member, and a field of that id is left out. */
typedef struct cpm_msrp {
  unsigned         status;          /* 0: a request; else the status code of a response */
  cpm_msrp_method  method;          /* of a request */
  cpm_str          method_name;
  cpm_str          comment;         /* of a response; absent without */
  cpm_str          transaction_id;
  cpm_str          to_path, from_path;
  cpm_str          message_id;      /* absent without */
  bool             has_range;       /* a Byte-Range is there, or is to be written */
  cpm_msrp_range   range;           /* start 1 and CPM_MSRP_ANY twice without one */
  bool             success_report;  /* Success-Report: yes */
  cpm_msrp_failure failure_report;
  unsigned         report_namespace, report_status;   /* Status of a REPORT; report_status 0 without one */
  cpm_str          report_comment;
  bool             body;            /* an empty line ends the head and content follows; else it ends with the end-line */
  cpm_str          content_type;    /* absent without */
  char             flag;            /* without body: '$', '+' or '#' of the end-line */
  cpm_msrp_field  *fields;          /* caller-owned array of `cap` entries, in the order of the head */
  size_t           cap, nfields;
  size_t           size;            /* octets of the head, its empty line or end-line included */
  uint64_t         quirks;
} cpm_msrp;

/* Reads a head, as cpm_msrp_read gives it, or the head of a whole frame. out->fields and out->cap name the caller's array. Borrowed.
 *
 * To-Path comes first and From-Path second, both of URIs that can be read. SEND and REPORT have a Message-ID, REPORT has a Status,
 * NICKNAME a Use-Nickname. A response has no body. Names of header fields are known in any case. Not decoded: Content-Type, Expires
 * and what else has a decoder below. The first line and its ids are there after every error that comes later, and so are the paths
 * once they were read, and failure_report of a SEND, wherever it stands: cpm_msrp_refusal says what to answer.
 *
 * Tolerates MSRP_SPACING, MSRP_NAME_CASE, MSRP_METHOD, MSRP_STATUS_TWICE, MSRP_RANGE_EMPTY, MSRP_NO_RANGE (a REPORT, or a SEND with body, that
 * has none: it starts at 1 and the rest is not known), MSRP_TYPE (body without Content-Type, or header lines behind it), UTF8_INVALID.
 * Errors: CPM_E_SYNTAX, CPM_E_TRUNCATED (neither empty line nor end-line), CPM_E_MISSING, CPM_E_DUPLICATE, CPM_E_VALUE (a body in a
 * response; Byte-Range that starts with 0 or ends before it starts or behind its total), CPM_E_MISMATCH (end-line of another
 * transaction), CPM_E_RANGE (number over 2^64-2), CPM_E_TOO_MANY (diag->need fields, and the first `cap` are there), CPM_E_TOO_LONG
 * (max_line, max_head), CPM_E_QUIRK. */
int cpm_msrp_decode(cpm_msrp *out, cpm_str in, const cpm_opts *opts, cpm_diag *diag);

/* What to answer when cpm_msrp_decode gave `rc`: 400 for a request whose first line and paths are there (cpm_msrp_response then
 * addresses it, and cpm_msrp_response_due says whether its sender wants it), 501 for a method that is not known, 0 when there is nothing
 * to refuse or nothing may be answered. */
unsigned cpm_msrp_refusal(const cpm_msrp *in, int rc);

/* Writes the head: first line, To-Path, From-Path, the members that are set, the fields in order, Content-Type last; then the empty
 * line with `body`, else the end-line with `flag` ('$' for 0). dst NULL: only the size. comment absent: none is written. Byte-Range
 * is written if has_range, Success-Report if it is yes, Failure-Report if it is not yes; the last two never in a REPORT (RFC 4975 7.1.2).
 * Errors: CPM_E_SPACE, CPM_E_INJECTION, CPM_E_VALUE (what decode would refuse or note as a quirk), CPM_E_MISSING, CPM_E_DUPLICATE. */
int cpm_msrp_encode(char *dst, size_t cap, size_t *len, const cpm_msrp *in, cpm_diag *diag);

/* Writes what stands behind content: CRLF and the end-line with that flag ('$', '+', '#'). */
int cpm_msrp_tail_encode(char *dst, size_t cap, size_t *len, cpm_str transaction_id, char flag, cpm_diag *diag);

/* Can content that holds this be sent under this transaction id? True if "-------" and the id stand together nowhere in it. */
bool cpm_msrp_id_fits(cpm_str transaction_id, cpm_str content);

/* A random ident of 16 characters, 80 bits of the first 16 octets of random (letters and digits only). CPM_E_RANDOM if there are fewer. */
#define CPM_MSRP_ID_RANDOM 16u
int cpm_msrp_id_make(char dst[CPM_MSRP_ID_RANDOM], cpm_str random);

/* The value of the first field of that id; absent if there is none. */
cpm_str cpm_msrp_value(const cpm_msrp *in, cpm_msrp_header id);

/* Values. Byte-Range and Status are decoded with the head, and for values from elsewhere here. */
int cpm_msrp_range_decode(cpm_msrp_range *out, cpm_str in, const cpm_opts *opts, uint64_t *quirks, cpm_diag *diag);
/* Expires, Min-Expires, Max-Expires (RFC 4976 9): seconds. CPM_E_RANGE over 2^32-1. */
int cpm_msrp_expires_decode(uint32_t *out, cpm_str in, cpm_diag *diag);
/* Use-Nickname (RFC 7701 7): the inside of its quotes, for cpm_unquote; empty gives the nickname back. The writer quotes. */
int cpm_msrp_nickname_decode(cpm_str *out, cpm_str in, cpm_diag *diag);
int cpm_msrp_nickname_encode(char *dst, size_t cap, size_t *len, cpm_str nickname, cpm_diag *diag);
/* WWW-Authenticate, Authorization and Authentication-Info (RFC 4976 9.1) are those of SIP: cpm_auth_decode, cpm_auth_info_decode and
 * cpm_digest_decode of auth.h. */

/* ---- reading a connection ------------------------------------------------------------------------------------------- */

/* The state of one direction of a connection. Caller-owned; no pointer into input that was read. Members are read only but head and
 * cap, which name the caller's buffer for one head: its size is the limit of a head. */
typedef struct cpm_msrp_reader {
  char    *head;
  size_t   cap;
  size_t   nhead, line;         /* octets in head; where the line that is being gathered starts */
  uint64_t skipped;             /* octets before the frame that are none of it */
  uint64_t body;                /* octets of the frame's body so far */
  int      error;               /* the status that every further call gives */
  uint8_t  state, from, held, ntail;
  char     tail[CPM_MSRP_TAIL_MAX];   /* what ends the frame: CRLF "-------" transaction id, flag, CRLF */
} cpm_msrp_reader;
#define CPM_MSRP_READER(buffer) { (buffer), sizeof(buffer), 0, 0, 0, 0, 0, 0, 0, 0, 0, {0} }

typedef enum cpm_msrp_event_kind {
  CPM_MSRP_HEAD = 1,   /* text: the head, for cpm_msrp_decode, in the caller's buffer until the call after END */
  CPM_MSRP_BODY,       /* text: octets of the body, a slice of what was given, or of the reader's own tail until the next call */
  CPM_MSRP_END         /* flag; size: octets of the body; the next octet belongs to the next frame */
} cpm_msrp_event_kind;

typedef struct cpm_msrp_event {
  cpm_msrp_event_kind kind;
  cpm_str  text;
  char     flag;       /* END: '$' complete, '+' more follows, '#' aborted */
  uint64_t size;
  uint64_t quirks;     /* HEAD: MSRP_LEADING; END: MSRP_EMPTY_LINE */
} cpm_msrp_event;

/* Takes octets off *in up to the next event. CPM_OK: *event; call again. CPM_E_MORE: all of *in was taken and no event came of it.
 * Every frame gives one HEAD, any number of BODY, one END. Where the input was cut changes nothing but the cuts between BODY events.
 * Byte-Range and Content-Length are not looked at: the end-line alone ends a body, and it counts only as CRLF, "-------", the id,
 * a flag, CRLF. Linear in the input, whatever the body holds.
 * Tolerates MSRP_LEADING (octets before "MSRP ": skipped, at most max_line of them), MSRP_EMPTY_LINE (the empty line directly before
 * the end-line: a frame without content).
 * Errors, after which the connection is to be closed, for every further call gives the same: CPM_E_SYNTAX (no MSRP, or a first line
 * that cannot be read), CPM_E_TOO_LONG (head over cap), CPM_E_QUIRK. diag->off counts from the frame's first octet.
 * CPM_E_ARG: no buffer. */
int cpm_msrp_read(cpm_msrp_reader *reader, cpm_str *in, cpm_msrp_event *event, const cpm_opts *opts, cpm_diag *diag);

/* ---- sending a message in chunks ------------------------------------------------------------------------------------ */

#define CPM_MSRP_CHUNK 2048u   /* a chunk of more octets must be interruptible: "*" as the end of its Byte-Range (RFC 4975 7.1.1) */

/* One message that is being sent. Caller-owned and flat. Start: { .total = octets, or CPM_MSRP_ANY }; `sent` may start behind 0 to
 * resume a transfer. */
typedef struct cpm_msrp_sender {
  uint64_t sent, total;         /* octets that were taken; of the whole message */
  uint64_t end;                 /* of the open chunk: `sent` at which it is full */
  bool     open;                /* a chunk is open */
  bool     fixed;               /* its range has a number for its end */
  bool     split;               /* its end-line would stand in the content: it takes no more and must be closed */
  uint8_t  matched, nid;
  char     id[CPM_MSRP_ID_RANDOM];   /* transaction id of the chunk that is, or was last, open */
} cpm_msrp_sender;

/* Opens a chunk of at most `want` octets (0: no limit but the message; other chunks than the last one should not be smaller than
 * CPM_MSRP_CHUNK, RFC 4975 5.1) and writes its head: like `head`, but with a new
 * transaction id, SEND, Byte-Range and a body. content: what is at hand from `sent` on. The end of the range is written as a number
 * if the chunk has at most CPM_MSRP_CHUNK octets, all at hand, and the id fits them; otherwise as "*", and the chunk may be closed
 * anywhere. random: CPM_MSRP_ID_RANDOM octets.
 * Errors: those of cpm_msrp_encode, CPM_E_RANDOM, CPM_E_BUSY (a chunk is open), CPM_E_ARG (all was sent). Nothing changed on an error. */
int cpm_msrp_chunk_open(cpm_msrp_sender *s, char *dst, size_t cap, size_t *len, const cpm_msrp *head, cpm_str content, uint64_t want,
                        cpm_str random, cpm_diag *diag);

/* How many octets of content (which starts at `sent`) may go out in the open chunk; they are counted as sent. Fewer than asked
 * when the chunk is full, or when the octets would complete its own end-line (then s->split). Once less than all was taken: close. */
size_t cpm_msrp_chunk_take(cpm_msrp_sender *s, cpm_str content);

/* Writes the tail, closes the chunk. end: CPM_MSRP_MORE writes "$" if all of a known total was sent, else "+"; CPM_MSRP_LAST
 * ends a message of unknown total (CPM_E_VALUE if total is known and not reached); CPM_MSRP_ABORT writes "#". A chunk whose range
 * has a number for its end can only be closed when it is full, or aborted (CPM_E_VALUE). CPM_E_ARG: none is open. */
typedef enum cpm_msrp_end { CPM_MSRP_MORE, CPM_MSRP_LAST, CPM_MSRP_ABORT } cpm_msrp_end;
int cpm_msrp_chunk_close(cpm_msrp_sender *s, char *dst, size_t cap, size_t *len, cpm_msrp_end end, cpm_diag *diag);

/* ---- putting a message together -------------------------------------------------------------------------------------- */

/* Octets [from, to) of a message, counted from 0. */
typedef struct cpm_msrp_span { uint64_t from, to; } cpm_msrp_span;

/* A message that is coming in. Flat: spans are found by its place in the table. */
typedef struct cpm_msrp_incoming {
  uint64_t session;             /* the host's number of the session: a Message-ID is unique there */
  uint64_t total;               /* CPM_MSRP_ANY until it is known */
  uint64_t size;                /* highest octet that has come */
  uint64_t at, end;             /* of the open chunk: where its next octet goes; where its range said that it ends */
  uint64_t start, chunk_total;  /* of the open chunk: where it began, and its own total */
  uint64_t quirks;
  size_t   nspans;
  bool     open, chunk;         /* the place in the table is taken; a chunk of it is open */
  uint8_t  nid;
  char     id[CPM_MSRP_ID_MAX];
} cpm_msrp_incoming;

/* Messages of any number of sessions. Arrays are the caller's: how many messages may be open is nmessages, how many gaps each may have
 * is nspans / nmessages - 1. max_memory bounds the octets that all open messages together span (0: CPM_LIMIT_BODY), opts.max_body
 * those of one. Content is the caller's: this says where it goes. All zero but the arrays to start with. */
typedef struct cpm_msrp_join {
  cpm_msrp_incoming *messages;
  size_t             nmessages;
  cpm_msrp_span     *spans;
  size_t             nspans;
  uint64_t           max_memory;
  uint64_t           memory;    /* what the open messages span now */
} cpm_msrp_join;

/* A SEND was read: finds its message or, if it has a body, opens a place, *index. One without body can end a message that is open ('#',
 * or '$' behind its last octet), and is none of its own. Errors, after which the table is as it was:
 * CPM_E_TOO_MANY (no place is free), CPM_E_TOO_LONG (total over a limit: answer 413), CPM_E_MISMATCH (another total than before: 400),
 * CPM_E_BUSY (a chunk of it is open already), CPM_E_VALUE (no SEND, no Message-ID, no body and no message that is open), CPM_E_ARG. */
int cpm_msrp_join_head(cpm_msrp_join *j, size_t *index, uint64_t session, const cpm_msrp *head, const cpm_opts *opts, cpm_diag *diag);

/* n octets of the open chunk's body came: they belong at *off of the message, over whatever came there before (RFC 4975 7.3.1: the later
 * ones win). The range places them and does not bound them. Errors, after which the message is gone: CPM_E_TOO_LONG, CPM_E_TOO_MANY (more
 * gaps than there is room for); answer 413 to both. CPM_E_ARG: no chunk is open. */
int cpm_msrp_join_body(cpm_msrp_join *j, size_t index, uint64_t n, uint64_t *off, const cpm_opts *opts, cpm_diag *diag);

/* The chunk ended. CPM_OK: the message is whole, *size octets, and its place is free: every octet up to its total came, or up to the end
 * of the chunk that said '$' if the total was not known, in whatever order. CPM_E_MORE: more must come. CPM_END: '#', the sender gave
 * up, the place is free. *quirks (may be NULL) gets MSRP_RANGE_LENGTH (a body was longer or shorter than its range; if that range ended
 * with the total, the message ends where the body ended), MSRP_FLAG ('$' on a chunk that is not the last one: it counts as '+').
 * CPM_E_QUIRK: refused, and the message is gone. CPM_E_ARG: no chunk is open, or no flag. */
int cpm_msrp_join_end(cpm_msrp_join *j, size_t index, char flag, uint64_t *size, uint64_t *quirks, const cpm_opts *opts, cpm_diag *diag);

/* Gives a place free: the host drops the message. */
void cpm_msrp_join_drop(cpm_msrp_join *j, size_t index);

/* The spans that have come, in order, apart from each other. */
const cpm_msrp_span *cpm_msrp_join_spans(const cpm_msrp_join *j, size_t index, size_t *n);

/* ---- responses and reports (RFC 4975 7) ------------------------------------------------------------------------------- */

/* What a session lets in. A slice that is absent and a number that is 0 are not looked at. */
typedef struct cpm_msrp_session {
  cpm_str           local_path, remote_path;   /* a=path of ours and of the peer's SDP */
  cpm_msrp_matching matching;
  bool              elsewhere;                 /* bound to another connection than the one that the request came on */
  cpm_str           accept_types;              /* a=accept-types of ours: cpm_sdp_types_take */
  uint64_t          max_size;                  /* a=max-size of ours: octets of one message */
} cpm_msrp_session;

/* The status of a request that was read, before its content is looked at (RFC 4975 7.3, 10). session: the one that the host found by
 * To-Path; NULL if there is none. The first of these that holds:
 *   481  no session, or the paths are not its own (cpm_msrp_in_session)
 *   506  it is bound to another connection
 *   501  a method that an endpoint does not have: all but SEND, REPORT and NICKNAME (AUTH is for relays)
 *   415  content of a type that the session does not take
 *   413  the message, as its Byte-Range has it, is larger than max_size
 *   200  none
 * 0: a response or a REPORT, which has no response: one that does not fit is dropped. Whether the response goes out,
 * cpm_msrp_response_due says; what cannot be read has cpm_msrp_refusal instead. */
unsigned cpm_msrp_verdict(const cpm_msrp *request, const cpm_msrp_session *session);

/* Is a response with this status due? None to a response or a REPORT; Failure-Report no: none; partial: none with 200. */
bool cpm_msrp_response_due(const cpm_msrp *request, unsigned status);

/* Is a 200 awaited? With Failure-Report yes, and for every other request than SEND and REPORT. If none came within CPM_MSRP_RESPONSE_MS from
 * the last octet of the request on, it counts as answered with 408 (RFC 4975 7.1.1). Without, only errors come back. */
#define CPM_MSRP_RESPONSE_MS 30000u
bool cpm_msrp_response_awaited(const cpm_msrp *request);

/* The response, for cpm_msrp_encode: To-Path is the first URI of a SEND's From-Path, the whole From-Path of any other request; From-Path
 * is the first URI of To-Path. Borrowed from the request. CPM_E_ARG: a response or REPORT, or a status outside 200-999. */
int cpm_msrp_response(cpm_msrp *out, const cpm_msrp *request, unsigned status, cpm_diag *diag);

/* Is a REPORT with this status due? 200: Success-Report yes, once the octets are there. Other: Failure-Report yes; partial too, but
 * not for 408, which only yes wants (RFC 4975 7.1.4: nobody waits for a 200 then). Only of SEND. An endpoint that answers a SEND with an
 * error sends no REPORT besides; a relay reports what the next hop answered. */
bool cpm_msrp_report_due(const cpm_msrp *request, unsigned status);

/* The octets that a SEND brought, for a REPORT: its range, with the end counted by those that came (RFC 4975 7.1.4). A success REPORT
 * may cover more: all that has come so far, or the whole message (7.1.3). */
cpm_msrp_range cpm_msrp_report_range(const cpm_msrp *request, uint64_t octets);

/* The REPORT on these octets, for cpm_msrp_encode: To-Path is the whole From-Path of the SEND, From-Path the first URI of To-Path,
 * Message-ID its own, Status 000. The transaction id is new, the caller's: an ident. Borrowed. CPM_E_ARG, CPM_E_VALUE. */
int cpm_msrp_report(cpm_msrp *out, const cpm_msrp *request, cpm_msrp_range range, unsigned status, cpm_str transaction_id, cpm_diag *diag);

/* A response to one of our requests: to which transaction is by its id alone, so that To-Path and From-Path that RFC 4975 7.2 does not
 * have, nor RFC 4976 6 behind relays, are noted only (MSRP_RESPONSE_PATH). CPM_OK; CPM_LATE: not of this request, or one to a REPORT,
 * which has no response. */
int cpm_msrp_response_matches(const cpm_msrp *response, const cpm_msrp *request, const cpm_opts *opts, uint64_t *quirks, cpm_diag *diag);

/* A relay passes a request or response on (RFC 4976 6.4): *out is *in with the first URI of To-Path moved to the front of From-Path, which
 * is written into dst. CPM_E_VALUE: To-Path has no further URI. The transaction id is the caller's to set. */
int cpm_msrp_forward(cpm_msrp *out, char *dst, size_t cap, size_t *len, const cpm_msrp *in, cpm_diag *diag);

/* ---- sessions and connections ------------------------------------------------------------------------------------------ */

/* Does the request belong to the session with these paths (a=path of ours and of the peer's SDP)? To-Path must be our URI, the last of
 * local_path, alone; From-Path must be our relays, the nearest first (each has put itself in front, RFC 4976 6), and then the peer's
 * path. Answered 481 otherwise. With CPM_MSRP_SESSION only our URI and the peer's, the last of From-Path, count. */
bool cpm_msrp_in_session(const cpm_msrp *request, cpm_str local_path, cpm_str remote_path, cpm_msrp_matching how);

/* a=setup (RFC 4145, RFC 6135). CPM_MSRP_SETUP_NONE: no such attribute; then the offerer is active (RFC 4975 5.4). */
typedef enum cpm_msrp_setup { CPM_MSRP_SETUP_NONE, CPM_MSRP_ACTIVE, CPM_MSRP_PASSIVE, CPM_MSRP_ACTPASS } cpm_msrp_setup;

/* The value of a=setup, in any case. CPM_E_UNSUPPORTED: holdconn and others. */
int cpm_msrp_setup_decode(cpm_msrp_setup *out, cpm_str in, cpm_diag *diag);
/* What to answer to this offer, `prefer` where the offer leaves the choice (ACTPASS or NONE there: ACTIVE, RFC 6135 4.2). An offer
 * without a=setup is answered without. */
cpm_msrp_setup cpm_msrp_setup_answer(cpm_msrp_setup offer, cpm_msrp_setup prefer);
/* Do we open the connection? Both active, which peers write: the offerer does. Both passive, actpass in an answer:
 * CPM_E_MISMATCH. */
int cpm_msrp_is_active(bool *active, bool we_offered, cpm_msrp_setup offer, cpm_msrp_setup answer, cpm_diag *diag);

/* What one side's SDP says of its MSRP media. */
typedef struct cpm_msrp_media {
  cpm_str  path;       /* a=path */
  cpm_str  address;    /* of the c line; absent without */
  uint16_t port;       /* of the m line */
  bool     cema;       /* a=msrp-cema */
  bool     secure;     /* TCP/TLS/MSRP in the m line */
} cpm_msrp_media;

typedef struct cpm_msrp_target {
  cpm_str           host;       /* where to connect */
  uint16_t          port;
  bool              secure;     /* TLS: the m line says so, or the scheme of the path's first URI; they differ behind some middleboxes */
  bool              cema;       /* by c and m line (RFC 6714), else by the path (RFC 4975) */
  bool              anchored;   /* c and m line name another place than the path: a middlebox stands between */
  cpm_msrp_matching matching;   /* how to compare the URIs of this session */
} cpm_msrp_target;

/* Where an active side connects (RFC 6714 4.2, 4.3): both sides have a=msrp-cema: to the address and port of the peer's c and m line;
 * otherwise to the first URI of the peer's path. legacy: a peer without a=msrp-cema may stand behind a middlebox that changed its
 * path, so sessions are matched by session-id. Borrowed.
 * Errors: those of cpm_msrp_path_next, CPM_E_MISSING (no path, or CEMA without address or port), CPM_E_VALUE (port 0: refused media). */
int cpm_msrp_connect(cpm_msrp_target *out, const cpm_msrp_media *local, const cpm_msrp_media *remote, bool legacy, cpm_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
