/* SPDX-License-Identifier: MIT */
/* mime.h - media types, dispositions and multipart bodies (RFC 2045, RFC 2046, RFC 3261 20.11 and 20.15, RFC 5621). */
#ifndef CPM_MIME_H
#define CPM_MIME_H

#include "sip.h"
#include "value.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Content-Type, one element of Accept: type "/" subtype *(";" param). Tolerates MIME_TRAILING_SEMI, MIME_WILDCARD (in a
 * Content-Type; in Accept a wildcard is no quirk). */
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
/* Does the Accept value take this type? Absent accept takes nothing; an empty one takes nothing. Wildcards count, q is not looked at but q=0 refuses. */
bool cpm_accept_takes(cpm_str accept, cpm_str content_type);

/* Content-Disposition: disp-type *(";" param); handling=optional|required (RFC 3261 20.11). */
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

/* Reads a body whose Content-Type (a multipart type with a boundary of 1 to 70 characters) is given. Part bodies are exact:
 * the CRLF before a delimiter belongs to the delimiter. A part's own Content-Length is not looked at.
 * Tolerates MULTIPART_NO_FINAL_CRLF, MULTIPART_PREAMBLE (preamble and epilogue).
 * Errors: CPM_E_MISSING (no boundary parameter), CPM_E_SYNTAX (malformed part header, boundary never opens), CPM_E_TRUNCATED
 * (boundary never closes), CPM_E_TOO_MANY (diag->need: parts in the body). */
int cpm_multipart_decode(cpm_multipart *out, cpm_str content_type, cpm_str body, const cpm_opts *opts, cpm_diag *diag);

/* Writes the parts with this boundary: content_type, disposition and encoding of each as header lines, then `head` as it is if
 * not absent. Errors: CPM_E_SPACE, CPM_E_INJECTION, CPM_E_ARG (no part), CPM_E_VALUE (boundary not bchars, or it occurs in a part).  */
int cpm_multipart_encode(char *dst, size_t cap, size_t *len, const cpm_multipart *in, cpm_str boundary, cpm_diag *diag);

/* The value of the first MIME header of that name in a head; absent if there is none. Folds stay. */
cpm_str cpm_mime_header(cpm_str head, const char *name);

#ifdef __cplusplus
}
#endif
#endif
