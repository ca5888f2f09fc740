/* SPDX-License-Identifier: MIT */
/* sdp.h - session descriptions (RFC 4566, RFC 8866), their MSRP media (RFC 4975, 4145, 6135, 6714, 5547, 7701, 8122), and answers to
 * offers (RFC 3264).
 *
 * Reading:  cpm_sdp_decode finds and checks the lines; the decoders of single lines give their numbers; cpm_sdp_msrp_decode reads what
 *           one m line says of MSRP. An m line that cannot be read as MSRP costs only itself.
 * Writing:  cpm_sdp_offer and cpm_sdp_answer compose; cpm_sdp_encode writes lines that stand in an array.
 */
#ifndef CPM_SDP_H
#define CPM_SDP_H

#include "msrp.h"
#include "str.h"

#ifdef __cplusplus
extern "C" {
#endif

#define CPM_SDP_ANY UINT64_MAX   /* "*" as the stop of a file-range */

/* ---- names ------------------------------------------------------------------------------------------------------- */

/* CPM_SDP_ATTRIBUTES(id, name): attributes that have a name here. */
#define CPM_SDP_ATTRIBUTES(X) \
  X(SENDRECV, "sendrecv") X(SENDONLY, "sendonly") X(RECVONLY, "recvonly") X(INACTIVE, "inactive") \
  X(ACCEPT_TYPES, "accept-types") X(ACCEPT_WRAPPED_TYPES, "accept-wrapped-types") X(MAX_SIZE, "max-size") X(PATH, "path") \
  X(SETUP, "setup") X(CONNECTION, "connection") X(FINGERPRINT, "fingerprint") X(MSRP_CEMA, "msrp-cema") X(CHATROOM, "chatroom") \
  X(FILE_SELECTOR, "file-selector") X(FILE_TRANSFER_ID, "file-transfer-id") X(FILE_DISPOSITION, "file-disposition") \
  X(FILE_DATE, "file-date") X(FILE_ICON, "file-icon") X(FILE_RANGE, "file-range")

typedef enum cpm_sdp_attribute {
  CPM_SDP_UNKNOWN = 0,           /* no entry above; its name is in the slice */
#define CPM_SDP_ENUM(id, name) CPM_SDP_##id,
  CPM_SDP_ATTRIBUTES(CPM_SDP_ENUM)
#undef CPM_SDP_ENUM
  CPM_SDP_ATTRIBUTE_COUNT
} cpm_sdp_attribute;

/* The name as the RFCs print it, absent for CPM_SDP_UNKNOWN. Constant. */
cpm_str cpm_sdp_attribute_name(cpm_sdp_attribute id);

/* ---- lines ------------------------------------------------------------------------------------------------------- */

typedef struct cpm_sdp_line {
  char              type;        /* 'v', 'o', 's' ... 'a', 'm' */
  cpm_sdp_attribute attribute;   /* of an a line, if its name is one of the above */
  cpm_str           name;        /* of an a line; when written, used only if attribute is CPM_SDP_UNKNOWN. Absent elsewhere */
  cpm_str           value;       /* behind "="; of an a line behind its first ":", absent without one */
  size_t            off;         /* where the line stands in the input */
} cpm_sdp_line;

/* Direction of media (RFC 3264 5.1): a set of two bits. */
typedef enum cpm_sdp_direction {
  CPM_SDP_DIRECTION_INACTIVE = 0, CPM_SDP_DIRECTION_SEND = 1, CPM_SDP_DIRECTION_RECV = 2, CPM_SDP_DIRECTION_BOTH = 3
} cpm_sdp_direction;

/* One m line. */
typedef struct cpm_sdp_media {
  cpm_str           media, proto;
  cpm_str           formats;     /* all of them, separated by SP */
  uint16_t          port;        /* 0: refused, or offered for information only */
  uint64_t          ports;       /* behind "/"; 1 without */
  bool              msrp;        /* "message" over TCP/MSRP or TCP/TLS/MSRP: cpm_sdp_msrp_decode reads it */
  cpm_sdp_direction direction;   /* its own, else the session's, else both */
  size_t            first, n;    /* its lines in cpm_sdp.lines: the m line and those behind it */
} cpm_sdp_media;

/* A session description. */
typedef struct cpm_sdp {
  cpm_sdp_line  *lines;          /* caller-owned array of `cap` entries, in the order of the text */
  size_t         cap, nlines;
  cpm_sdp_media *media;          /* caller-owned array of `media_cap` entries */
  size_t         media_cap, nmedia;
  size_t         nsession;       /* lines before the first m line */
  uint64_t       quirks;
} cpm_sdp;

/* A cpm_sdp over two arrays: cpm_sdp_line lines[64]; cpm_sdp_media media[8]; cpm_sdp s = CPM_SDP_ROOM(lines, media); */
#define CPM_SDP_ROOM(lines_, media_) \
  { (lines_), sizeof(lines_) / sizeof *(lines_), 0, (media_), sizeof(media_) / sizeof *(media_), 0, 0, 0 }

/* Reads a description. Borrowed. Every line is held against the grammar of its type; attributes only for their name. v, o, s and t must
 * be there, v with 0; v, o, s, i, u, c (of the session) and k stand once, and so does a direction in one place. A type letter that RFC
 * 8866 does not have is refused, as is NUL, and CR that no LF follows. Tolerates SDP_LINE_END, SDP_LINES (lines in another order, a second z line for one time), SDP_SPACING, SDP_CASE.
 * Limits: max_line, max_body. Linear in the size of the input.
 * Errors: CPM_E_SYNTAX, CPM_E_TRUNCATED (a line that ends too early, or nothing at all), CPM_E_MISSING (v, o), CPM_E_DUPLICATE,
 * CPM_E_UNSUPPORTED (version), CPM_E_RANGE (port, number of ports), CPM_E_TOO_MANY (the first ones are there; diag->need: lines, or
 * with the rule "media-field" m lines), CPM_E_TOO_LONG, CPM_E_QUIRK, CPM_E_ARG. */
int cpm_sdp_decode(cpm_sdp *out, cpm_str in, const cpm_opts *opts, cpm_diag *diag);

/* Writes the lines: those of the session and of each m line in the order of RFC 8866 5, equal types in the order of the array. `media`
 * is not read. Without an s line "s=-" is written, without a t line "t=0 0". Names of attributes that are known, "message" and "MSRP" are
 * written as the RFCs have them, words with one SP between. What was written, cpm_sdp_decode reads without a quirk.
 * Errors: CPM_E_SPACE, CPM_E_INJECTION, CPM_E_VALUE (a value that is none of its type), CPM_E_RANGE, CPM_E_MISSING (v, o; c if neither the
 * session nor every m line has one), CPM_E_DUPLICATE, CPM_E_UNSUPPORTED. diag->off counts in the value. */
int cpm_sdp_encode(char *dst, size_t cap, size_t *len, const cpm_sdp *in, cpm_diag *diag);

/* First line of that attribute at or behind *index among lines [*index, end); *index then points behind it. NULL if there is none. */
const cpm_sdp_line *cpm_sdp_find(const cpm_sdp *in, cpm_sdp_attribute id, size_t *index, size_t end);
/* The same by type letter. */
const cpm_sdp_line *cpm_sdp_find_type(const cpm_sdp *in, char type, size_t *index, size_t end);

/* The decoders below read the value of one line, the whole of `in`. Borrowed. Tolerate SDP_SPACING, which is for cpm_sdp_decode to tell
 * and refuse: it is no error here. Errors: CPM_E_SYNTAX, CPM_E_TRUNCATED, CPM_E_RANGE (a number over 2^64 - 1, a ttl over 255). */

/* o: username SP sess-id SP sess-version SP nettype SP addrtype SP unicast-address. Ids are digits of any length: cpm_str_eq, not
 * numbers. */
typedef struct cpm_sdp_origin { cpm_str username, sess_id, sess_version, nettype, addrtype, address; } cpm_sdp_origin;
int cpm_sdp_origin_decode(cpm_sdp_origin *out, cpm_str in, cpm_diag *diag);

/* c: nettype SP addrtype SP connection-address. ttl: of IP4 multicast; count: addresses in a row, 1 without;
 * of IP6 it is the first number behind "/". */
typedef struct cpm_sdp_connection { cpm_str nettype, addrtype, address; bool has_ttl; uint8_t ttl; uint64_t count; } cpm_sdp_connection;
int cpm_sdp_connection_decode(cpm_sdp_connection *out, cpm_str in, cpm_diag *diag);

/* The c line that counts for m line `index`: its first own, else the session's. CPM_E_MISSING if there is none, CPM_E_ARG. */
int cpm_sdp_connection_of(cpm_sdp_connection *out, const cpm_sdp *in, size_t index, cpm_diag *diag);

/* b: bwtype ":" bandwidth */
typedef struct cpm_sdp_bandwidth { cpm_str type; uint64_t value; } cpm_sdp_bandwidth;
int cpm_sdp_bandwidth_decode(cpm_sdp_bandwidth *out, cpm_str in, cpm_diag *diag);

/* t: start-time SP stop-time, in seconds since 1900 (NTP); 0: not bounded. */
typedef struct cpm_sdp_time { uint64_t start, stop; } cpm_sdp_time;
int cpm_sdp_time_decode(cpm_sdp_time *out, cpm_str in, cpm_diag *diag);

/* One word of an r or z line; *rest starts as the value and moves on. In seconds: d, h, m and s are multiplied out. Signed, because
 * the offsets of z are. An r line has the interval, the duration, then offsets; a z line has pairs of a time and an offset. CPM_END
 * when there are no more. */
int cpm_sdp_interval_next(cpm_str *rest, int64_t *seconds, cpm_diag *diag);

/* k (obsolete): method [":" key]; key is absent for "prompt". */
typedef struct cpm_sdp_key { cpm_str method, key; } cpm_sdp_key;
int cpm_sdp_key_decode(cpm_sdp_key *out, cpm_str in, cpm_diag *diag);

/* ---- MSRP media ---------------------------------------------------------------------------------------------------- */

/* a=connection (RFC 4145 5). Read only: RFC 6135 has no use for it with MSRP. */
typedef enum cpm_sdp_reuse { CPM_SDP_REUSE_NONE, CPM_SDP_REUSE_NEW, CPM_SDP_REUSE_EXISTING } cpm_sdp_reuse;

/* a=file-selector (RFC 5547 6), selectors in any order. */
typedef struct cpm_sdp_selector {
  cpm_str  name;       /* inside of its quotes, escapes as written: cpm_sdp_file_name_decode. Absent without */
  cpm_str  type;       /* type/subtype and parameters; absent without */
  bool     has_size;
  uint64_t size;       /* octets; 0 is read, and not written (RFC 5547 6: integer) */
  cpm_str  hashes;     /* text that holds hash selectors, among others perhaps: cpm_sdp_hash_next. Absent without a hash */
} cpm_sdp_selector;

typedef struct cpm_sdp_date { bool there; int64_t unix_ms; } cpm_sdp_date;

/* One MSRP m line, read or to be written. */
typedef struct cpm_sdp_msrp {
  uint16_t           port;                  /* 0: refused, or capability only: then path and accept-types may be absent */
  bool               secure;                /* TCP/TLS/MSRP */
  cpm_sdp_connection connection;            /* read: the one that counts; address absent without. Written if address is there */
  cpm_sdp_direction  direction;             /* as the one who wrote it sees it. Read: what counts. Written: always */
  cpm_str            accept_types;          /* cpm_sdp_word_next */
  cpm_str            accept_wrapped_types;  /* absent without, as is every slice below */
  bool               has_max_size;
  uint64_t           max_size;              /* octets */
  cpm_str            path;                  /* MSRP URIs: cpm_msrp_path_next. With connection, port, secure and cema it makes a cpm_msrp_media */
  cpm_msrp_setup     setup;                 /* its own, else the session's; the same for the next two */
  cpm_sdp_reuse      reuse;
  cpm_str            fingerprint;           /* the first one: cpm_sdp_fingerprint_decode */
  bool               cema;                  /* a=msrp-cema */
  bool               chatroom;              /* a=chatroom */
  cpm_str            chatroom_tokens;       /* "nickname private-messages": cpm_sdp_word_next */
  bool               file;                  /* a=file-selector is there, with or without a value */
  cpm_sdp_selector   selector;
  cpm_str            file_transfer_id, file_disposition;
  cpm_str            file_icon;             /* "cid:..." */
  cpm_sdp_date       creation, modification, read;   /* a=file-date. Written in UTC, in whole seconds */
  bool               has_range;
  uint64_t           range_start, range_stop;        /* octets from 1; stop CPM_SDP_ANY: to the end */
  const cpm_sdp_line *extra;                /* written only: a lines of unknown name, behind all others */
  size_t             nextra;
  uint64_t           quirks;
} cpm_sdp_msrp;

/* Reads m line `index` of what cpm_sdp_decode has read. Borrowed. Every attribute above may stand once, fingerprint as often as it
 * likes. With a port, path and accept-types must be there; every URI of path must be one. Tolerates SDP_SPACING, SDP_CASE, SDP_FILE_SELECTOR, SDP_FILE_DATE.
 * diag->off counts from the input of cpm_sdp_decode, and the rest of the description is as it was: an m line that cannot be read can be
 * refused alone.
 * Errors: CPM_E_SYNTAX, CPM_E_TRUNCATED, CPM_E_VALUE (not MSRP; a setup or connection of another name; a date or range that cannot be; a
 * hash of another length than its algorithm has), CPM_E_MISMATCH (a date on another day of the week), CPM_E_UNSUPPORTED (setup holdconn),
 * CPM_E_RANGE, CPM_E_DUPLICATE (selectors but hash, and dates, too), CPM_E_MISSING, CPM_E_QUIRK, CPM_E_ARG. */
int cpm_sdp_msrp_decode(cpm_sdp_msrp *out, const cpm_sdp *in, size_t index, const cpm_opts *opts, cpm_diag *diag);

/* One word of a list that SP separates; *rest moves on. CPM_END when there are no more. For accept-types (an entry with its
 * parameters: type/subtype, a type with "*", or "*"), chatroom and formats. */
int cpm_sdp_word_next(cpm_str *rest, cpm_str *word);
/* Does a list of types take this Content-Type? Without case; parameters do not count. Absent and empty lists take nothing. */
bool cpm_sdp_types_take(cpm_str list, cpm_str content_type);

/* a=fingerprint: hash-func SP hex (RFC 8122 5). Compare values with cpm_str_ieq: peers write lower case (SDP_CASE). Errors:
 * CPM_E_SYNTAX, CPM_E_TRUNCATED. */
typedef struct cpm_sdp_fingerprint { cpm_str function, value; } cpm_sdp_fingerprint;
int cpm_sdp_fingerprint_decode(cpm_sdp_fingerprint *out, cpm_str in, cpm_diag *diag);

/* The value of a=file-selector alone. Borrowed. Errors: CPM_E_SYNTAX, CPM_E_TRUNCATED, CPM_E_RANGE, CPM_E_VALUE (a hash of another length
 * than its algorithm has). The writer wants one selector at least (CPM_E_MISSING) and refuses what decode refuses: CPM_E_SPACE,
 * CPM_E_INJECTION, CPM_E_VALUE. */
int cpm_sdp_selector_decode(cpm_sdp_selector *out, cpm_str in, cpm_diag *diag);
int cpm_sdp_selector_encode(char *dst, size_t cap, size_t *len, const cpm_sdp_selector *in, cpm_diag *diag);

/* One hash selector; *rest starts as selector.hashes and moves on. CPM_END when there are no more. */
typedef struct cpm_sdp_hash { cpm_str algorithm, value; } cpm_sdp_hash;
int cpm_sdp_hash_next(cpm_str *rest, cpm_sdp_hash *out);
/* The octets of "72:24:5F", of a hash or a fingerprint, in either case. dst NULL: only their number. CPM_E_SYNTAX, CPM_E_SPACE. */
int cpm_sdp_hex_decode(uint8_t *dst, size_t cap, size_t *len, cpm_str in);

/* The name of a file: escapes undone, and of a name with path components ("/" or "\") only the last one (SDP_FILE_NAME in *quirks,
 * which may be NULL). dst NULL: only the size. The result is never empty, "." or "..", and holds no NUL; octets need not be UTF-8 and
 * may be controls: text for people. Errors: CPM_E_ESCAPE (a malformed escape, or %00), CPM_E_VALUE (no name is left), CPM_E_QUIRK, CPM_E_SPACE. */
int cpm_sdp_file_name_decode(char *dst, size_t cap, size_t *len, cpm_str in, const cpm_opts *opts, uint64_t *quirks, cpm_diag *diag);
/* The other way: %, ", CR and LF as escapes. The name must have no path components. Errors: CPM_E_SPACE, CPM_E_INJECTION (NUL),
 * CPM_E_VALUE. */
int cpm_sdp_file_name_encode(char *dst, size_t cap, size_t *len, cpm_str name, cpm_diag *diag);

/* ---- offers and answers -------------------------------------------------------------------------------------------- */

/* What stands above the m lines. */
typedef struct cpm_sdp_session {
  cpm_sdp_origin     origin;
  cpm_str            name;          /* s; absent: "-" */
  cpm_sdp_connection connection;    /* c; address absent: that of origin */
} cpm_sdp_session;

/* Writes an offer, or any description, of n MSRP m lines: "m=message <port> TCP/MSRP *" and what is set in each, strictly as the RFCs
 * have it. With a port, path and accept_types must be there. A NONE setup writes none; an offerer writes actpass (RFC 6135 4.2).
 * reuse is not written. Errors: CPM_E_SPACE, CPM_E_INJECTION, CPM_E_VALUE, CPM_E_MISSING, CPM_E_ARG (no m line). diag->off counts in the
 * value that was refused. */
int cpm_sdp_offer(char *dst, size_t cap, size_t *len, const cpm_sdp_session *session, const cpm_sdp_msrp *media, size_t n,
                  cpm_diag *diag);

/* What to answer to an offered m line with ours: *out is ours, and where the offer leaves no choice, what follows from it (RFC 3264 6.1):
 *   port          0 if 0 was offered
 *   secure        as offered; the fingerprint goes with it
 *   direction     what ours wants of what the other side offers: sendonly is answered recvonly or inactive
 *   setup         cpm_msrp_setup_answer: ours where actpass was offered
 *   cema          only if offered (RFC 6714 4.2)
 *   file          as offered: selectors and file-range of ours where it has them, else the offered ones; the offered file-transfer-id
 *                 (RFC 5547 8). To an offer without file-selector nothing of a file is answered
 * Borrowed from both. */
void cpm_sdp_msrp_answer(cpm_sdp_msrp *out, const cpm_sdp_msrp *offer, const cpm_sdp_msrp *ours);

/* Writes the answer to an offer that cpm_sdp_decode has read: an m line for each of its m lines, in the same order, with ours[i] as
 * cpm_sdp_msrp_answer makes it; refused where ours[i] is NULL, where the offer's port is 0, and where ours[i]->port is: port 0, media,
 * proto and formats as offered, nothing more. t, r and z are those of the offer. If nothing is left, the host refuses the offer as a
 * whole instead. Errors: those of cpm_sdp_offer; CPM_E_ARG (n is not the number of m lines), CPM_E_UNSUPPORTED (one that is not MSRP
 * is accepted: *len is not set), and those of cpm_sdp_msrp_decode for one that is accepted. */
int cpm_sdp_answer(char *dst, size_t cap, size_t *len, const cpm_sdp *offer, const cpm_sdp_session *session,
                   const cpm_sdp_msrp *const *ours, size_t n, const cpm_opts *opts, cpm_diag *diag);

/* Who connects: *offerer is set if it is the offerer: cpm_msrp_is_active. Tolerates SDP_SETUP; *quirks may be
 * NULL. Errors: CPM_E_MISMATCH (both passive, actpass in the answer), CPM_E_QUIRK. */
int cpm_sdp_connects(bool *offerer, cpm_msrp_setup offer, cpm_msrp_setup answer, const cpm_opts *opts, uint64_t *quirks, cpm_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
