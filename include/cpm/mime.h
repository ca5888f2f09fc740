/* SPDX-License-Identifier: MIT */
/* mime.h - media types, dispositions and multipart bodies (RFC 2045, RFC 2046, RFC 3261 20.11 and 20.15, RFC 5621). */
#ifndef CPM_MIME_H
#define CPM_MIME_H

#include "sip.h"
#include "value.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Content-Type, one element of Accept: type "/" subtype *(";" param). White space around the value does not count. Tolerates
 * MIME_TRAILING_SEMI, MIME_WILDCARD (in a Content-Type; in Accept a wildcard is no quirk), SIP_EMPTY_ELEMENT (in Accept).
 * Borrowed. Errors of reading: CPM_E_SYNTAX, CPM_E_TRUNCATED, CPM_E_QUIRK; _next: CPM_END after the last element, and *rest moves
 * on at an error too. Errors of writing: CPM_E_SPACE, CPM_E_INJECTION, CPM_E_VALUE. */
typedef struct cpm_media_type {
  cpm_str  type, subtype;
  cpm_str  params;         /* from the first ";" on; absent if there are none */
  uint64_t quirks;
} cpm_media_type;
int cpm_media_type_decode(cpm_media_type *out, cpm_str in, const cpm_opts *opts, cpm_diag *diag);
int cpm_media_type_next(cpm_str *rest, cpm_media_type *out, const cpm_opts *opts, cpm_diag *diag);   /* Accept */
int cpm_media_type_encode(char *dst, size_t cap, size_t *len, const cpm_media_type *in, cpm_diag *diag);

/* Is this "message/cpim"? ASCII case-insensitive, parameters do not count. */
bool cpm_media_type_is(const cpm_media_type *t, const char *full);
/* The same on a Content-Type value; false if it cannot be read. */
bool cpm_media_type_text_is(cpm_str value, const char *full);
/* Does the Accept value take this type? Absent accept takes nothing; an empty one takes nothing. Wildcards count; the closest range
 * decides (the type itself, its type with any subtype, any type), and refuses with q=0: no other q is looked at. Elements that
 * cannot be read are skipped. */
bool cpm_accept_takes(cpm_str accept, cpm_str content_type);

/* Content-Disposition: disp-type *(";" param); handling=optional|required (RFC 3261 20.11; anything else counts as required).
 * Borrowed. Writing adds ";handling=optional" when `optional` is set and params say nothing; CPM_E_MISMATCH if they say the other.
 * Errors of reading: CPM_E_SYNTAX, CPM_E_TRUNCATED; of writing also CPM_E_SPACE, CPM_E_INJECTION, CPM_E_VALUE. */
typedef struct cpm_disposition { cpm_str type, params; bool optional; } cpm_disposition;
int cpm_disposition_decode(cpm_disposition *out, cpm_str in, const cpm_opts *opts, cpm_diag *diag);
int cpm_disposition_encode(char *dst, size_t cap, size_t *len, const cpm_disposition *in, cpm_diag *diag);

/* ---- multipart ---------------------------------------------------------------------------------------------------- */

/* One body part. */
typedef struct cpm_part {
  cpm_str head;           /* its header lines, last CRLF included; may be empty */
  cpm_str body;           /* never absent */
  size_t  off;            /* where body starts, counted from the multipart body's first byte */
  cpm_str content_type;   /* value of its Content-Type; absent if there is none (then it is text/plain, RFC 2046 5.1) */
  cpm_str disposition;    /* value of its Content-Disposition; absent if there is none */
  cpm_str encoding;       /* value of its Content-Transfer-Encoding; absent if there is none */
} cpm_part;

/* A multipart body: caller's array of parts. */
typedef struct cpm_multipart {
  cpm_part *parts;        /* caller-owned array of `cap` entries */
  size_t    cap, nparts;
  uint64_t  quirks;
} cpm_multipart;

/* Reads a body whose Content-Type (a multipart type with a boundary of 1 to 70 characters) is given. Borrowed. Part bodies are exact:
 * the CRLF before a delimiter belongs to the delimiter. A delimiter is a whole line, white space at its end left out: a boundary
 * may begin with another one. A part's own Content-Length is not looked at. Of a header field that a part repeats, the first
 * counts (MIME_REPEATED).
 * Tolerates MULTIPART_NO_FINAL_CRLF (close-delimiter without CRLF behind it, or without one before it at the end of the body; a
 * part of no octets at all), MULTIPART_PREAMBLE (preamble and epilogue), UTF8_INVALID (in the header lines of a part), and what
 * cpm_media_type_decode tolerates.
 * Limits: max_line, max_head (of one part), max_body. Linear in the size of the body.
 * Errors: CPM_E_MISSING (no boundary parameter), CPM_E_DUPLICATE (two of them), CPM_E_VALUE (not a multipart type, or a boundary that
 * is none: off counts from content_type then, and for CPM_E_DUPLICATE, as it does for errors of cpm_media_type_decode), CPM_E_SYNTAX
 * (malformed part header, boundary never opens),
 * CPM_E_TRUNCATED (boundary never closes), CPM_E_TOO_LONG, CPM_E_TOO_MANY (the first `cap` are there; diag->need: parts in the
 * body), CPM_E_QUIRK, CPM_E_ARG. */
int cpm_multipart_decode(cpm_multipart *out, cpm_str content_type, cpm_str body, const cpm_opts *opts, cpm_diag *diag);

/* The same, one part after the other, for any number of them without an array. The state is the caller's; its members are read only. */
typedef struct cpm_multipart_walk {
  cpm_str  body, boundary;   /* borrowed */
  size_t   next;             /* where the next part starts; behind the last delimiter at the end */
  bool     closed;           /* no part is left */
  uint64_t quirks;           /* so far */
} cpm_multipart_walk;

/* Finds the first part. Errors: those of cpm_multipart_decode that do not come from a part. A walk that could not be opened has no
 * part. */
int cpm_multipart_open(cpm_multipart_walk *walk, cpm_str content_type, cpm_str body, const cpm_opts *opts, cpm_diag *diag);

/* CPM_OK with the next part, CPM_END behind the last one. All calls together are linear in the size of the body. diag->off counts
 * from the body. At an error `part` has all octets of the part as its body and nothing else, and the walk goes on behind it:
 * CPM_E_SYNTAX, CPM_E_TOO_LONG, CPM_E_QUIRK in its head; or, with what is left of the body and no part behind it, CPM_E_TRUNCATED
 * (boundary never closes), CPM_E_QUIRK (a refused close-delimiter or epilogue). */
int cpm_multipart_next(cpm_multipart_walk *walk, cpm_part *part, const cpm_opts *opts, cpm_diag *diag);

/* Writes the parts with this boundary: content_type, disposition and encoding of each as header lines (but not one that `head`
 * holds already, so that decoded parts can be written as they are), then `head` as it is if not absent: whole header lines.
 * Errors: CPM_E_SPACE, CPM_E_INJECTION, CPM_E_ARG (no part), CPM_E_VALUE (boundary not bchars, or "--" and it occur in a part, or a
 * head that is not made of header lines, or of octets that are no UTF-8), CPM_E_DUPLICATE (a head with two Content-Type, say).  */
int cpm_multipart_encode(char *dst, size_t cap, size_t *len, const cpm_multipart *in, cpm_str boundary, cpm_diag *diag);

/* The value, trimmed, of the first MIME header of that name (case-insensitive) in a head; absent if there is none. Folds stay. Lines
 * that are no header lines are skipped, LF alone ends a line, and an empty line ends the head. */
cpm_str cpm_mime_header(cpm_str head, const char *name);

/* ---- parts that speak of each other ------------------------------------------------------------------------------- */

/* The Content-ID of a part (RFC 2045 7) without its < >; absent if there is none. Borrowed. */
cpm_str cpm_part_id(const cpm_part *part);
/* Does a cid: URL name that Content-ID (RFC 2392)? Escapes of the URL count as what they stand for; "cid:" in any case, the rest bytewise.
 * id with or without < >. */
bool cpm_cid_is(cpm_str url, cpm_str id);
/* The first part that a cid: URL names, of Refer-To or of a=file-icon, say; NULL if there is none. */
const cpm_part *cpm_multipart_find(const cpm_multipart *multipart, cpm_str cid);

/* multipart/related (RFC 2387): type, start and start-info of its Content-Type without quotes, as written otherwise; absent without. root:
 * the part that start names, without start the first one. Borrowed. Errors: those of cpm_media_type_decode, CPM_E_VALUE (another type),
 * CPM_E_DUPLICATE (a parameter twice), CPM_E_MISSING (no part, or none with that Content-ID: rule "start"). */
typedef struct cpm_related { cpm_str type, start, start_info; const cpm_part *root; } cpm_related;
int cpm_related_decode(cpm_related *out, cpm_str content_type, const cpm_multipart *parts, const cpm_opts *opts, cpm_diag *diag);

/* ---- parts in parts ----------------------------------------------------------------------------------------------- */

#define CPM_BODY_DEPTH 8u    /* multiparts in multiparts that are walked into */

/* A body and every part in it, nested ones included, in the order of the octets, without an array. The state is the caller's. */
typedef struct cpm_body_walk {
  cpm_multipart_walk open[CPM_BODY_DEPTH];   /* members are read only */
  unsigned           depth;                  /* how many are open: 0 behind the last part */
  cpm_str            body;                   /* borrowed */
  uint64_t           quirks;                 /* so far */
} cpm_body_walk;

/* Errors: those of cpm_multipart_open. */
int cpm_body_open(cpm_body_walk *walk, cpm_str content_type, cpm_str body, const cpm_opts *opts, cpm_diag *diag);

/* The next part: a multipart first, then what is in it. *depth (may be NULL): 1 for a part of the body itself. part->off and diag->off
 * count from the body. CPM_END behind the last one. At an error `part` has the octets that it is about, and the walk goes on behind them: what
 * cpm_multipart_next says; of a multipart also what cpm_multipart_open says, and CPM_E_TOO_DEEP if max_depth or CPM_BODY_DEPTH is
 * passed: it is not walked into. */
int cpm_body_next(cpm_body_walk *walk, cpm_part *part, unsigned *depth, const cpm_opts *opts, cpm_diag *diag);

/* ---- message/external-body ---------------------------------------------------------------------------------------- */

#define CPM_EXTERNAL_BODY_TYPE "message/external-body"

/* Content that is kept elsewhere (RFC 2046 5.2.3, RFC 2017): where, and the header lines of what is there (the phantom body's).
 *
 * content_type is the Content-Type of the part, its parameters included: access-type, for URL also URL, in one piece or, by RFC 2231 3, in
 * URL*0, URL*1 and so on; expiration, size, permission. body is what the part holds: header lines, an empty line, and octets that mean
 * nothing. cpm_external_body_url writes the URL without the white space that lines it was split over left in it.
 * fetch: the URL has a parameter action=fetch (S3-8.2.6-3), in any case, at the start or behind one of ? & ; / # and up to the next.
 *
 * Borrowed. Tolerates what cpm_media_type_decode does, MIME_REPEATED and UTF8_INVALID. Errors: those of cpm_media_type_decode and CPM_E_VALUE (another
 * type, a size that is no number), CPM_E_MISSING (access-type, or URL where it is URL), CPM_E_DUPLICATE (a parameter twice), CPM_E_RANGE (size over
 * 2^64-1): diag->off counts from content_type; CPM_E_SYNTAX, CPM_E_TOO_LONG in the header lines: from body. */
typedef struct cpm_external_body {
  cpm_str  access_type;      /* without quotes */
  bool     is_url;           /* access-type=URL */
  bool     fetch;
  cpm_str  params;           /* of the content type, all of them: cpm_param_next */
  cpm_str  expiration;       /* date-time of RFC 5322, as written; absent without */
  cpm_str  permission;       /* absent without: read */
  bool     has_size;
  uint64_t size;             /* octets */
  cpm_str  head;             /* header lines of the content; what follows are some of them, absent without */
  cpm_str  content_type, content_id, disposition, encoding;
  cpm_str  phantom;          /* what stands behind the empty line */
  uint64_t quirks;
} cpm_external_body;
int cpm_external_body_decode(cpm_external_body *out, cpm_str content_type, cpm_str body, const cpm_opts *opts, cpm_diag *diag);

/* The URL: quoted pairs undone, white space left out. dst NULL: only the size. CPM_E_SPACE, CPM_E_MISSING (it is no URL). */
int cpm_external_body_url(char *dst, size_t cap, size_t *len, const cpm_external_body *in, cpm_diag *diag);

/* Writes the Content-Type of access-type=URL with that URL, and with expiration, size and permission if they are there; and the body:
 * content_type, disposition, encoding and content_id as header lines (or head as it is, if it is not absent), an empty line, the phantom.
 * Errors: CPM_E_SPACE, CPM_E_INJECTION, CPM_E_VALUE (white space, quotes or control characters in the URL; a head that is not made of header
 * lines; no UTF-8), CPM_E_MISSING (no URL; no Content-ID, which RFC 2046 5.2.3 asks for). */
int cpm_external_type_encode(char *dst, size_t cap, size_t *len, const cpm_external_body *in, cpm_str url, cpm_diag *diag);
int cpm_external_body_encode(char *dst, size_t cap, size_t *len, const cpm_external_body *in, cpm_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
