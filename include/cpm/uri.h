/* SPDX-License-Identifier: MIT */
/* uri.h - SIP and SIPS URIs (RFC 3261 19.1), tel URIs (RFC 3966), other absolute URIs (RFC 3986), and their comparison. */
#ifndef CPM_URI_H
#define CPM_URI_H

#include "str.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum cpm_uri_scheme { CPM_URI_SIP, CPM_URI_SIPS, CPM_URI_TEL, CPM_URI_OTHER } cpm_uri_scheme;

typedef struct cpm_uri {
  cpm_uri_scheme scheme;
  cpm_str        text;         /* the whole URI */
  cpm_str        scheme_name;  /* as written */
  cpm_str        user;         /* sip, sips: escapes as written; absent without "@". tel: the number as written */
  cpm_str        password;     /* absent unless ":" stands in the userinfo */
  cpm_str        host;         /* without the brackets of an IPv6reference; its colons as written */
  bool           host_is_ipv6;
  bool           has_port;
  uint16_t       port;
  cpm_str        params;       /* from the first ";" on, its ";" included; absent if there is none. Read with cpm_uri_param_next */
  cpm_str        headers;      /* sip, sips: behind "?"; absent if there is none. Read with cpm_uri_header_next */
  cpm_str        opaque;       /* other schemes: everything behind the ":" */
  bool           tel_global;   /* tel: starts with "+" */
} cpm_uri;

#define CPM_URI_LIMIT_PARTS 64u   /* parameters, and headers, of one URI */

/* Reads one URI, the whole of `in`. Borrowed. Takes the third colon that the grammar of RFC 3261 has before an IPv4address in an IPv6
 * address (RFC 5118 4.10); cpm_uri_encode leaves it out. Errors: CPM_E_SYNTAX, CPM_E_TRUNCATED, CPM_E_RANGE (port over 65535),
 * CPM_E_ESCAPE ("%" without two hex digits), CPM_E_DUPLICATE (a parameter that stands twice), CPM_E_MISSING (a local tel number
 * without phone-context, RFC 3966 5.1.5), CPM_E_TOO_MANY (over CPM_URI_LIMIT_PARTS; diag->need). On any error *out is all zero
 * but for its scheme, CPM_URI_OTHER. */
int cpm_uri_decode(cpm_uri *out, cpm_str in, const cpm_opts *opts, cpm_diag *diag);

/* Writes the URI of the parts (text and tel_global are not read, scheme_name only of other schemes). dst NULL: only the size, in
 * *len. What it writes, cpm_uri_decode takes.
 * Errors: CPM_E_SPACE, CPM_E_INJECTION, CPM_E_VALUE. */
int cpm_uri_encode(char *dst, size_t cap, size_t *len, const cpm_uri *uri, cpm_diag *diag);

/* Equality by the rules of the scheme: RFC 3261 19.1.4 for sip and sips (every rule of it: escapes, case, ports, the
 * parameters user, ttl, method, maddr, transport that must match when either has them, other parameters only when both,
 * headers), RFC 3966 4 for tel (visual separators do not count), bytewise with case-insensitive scheme for the rest. Two writings
 * of one IPv6 address are equal (RFC 5954 4.2). Both come from cpm_uri_decode. Not transitive (RFC 3261 19.1.4). */
bool cpm_uri_equal(const cpm_uri *a, const cpm_uri *b);

/* The same on text; false if either cannot be read. */
bool cpm_uri_text_equal(cpm_str a, cpm_str b);

/* Bytes that are the same for URIs that are equal, for tables and sorting: URIs with different keys are different, those with the
 * same key are to be compared. dst NULL: only the size, which is at most 16 over that of the URI. The URI comes from
 * cpm_uri_decode. CPM_E_SPACE. */
int cpm_uri_key(char *dst, size_t cap, size_t *len, const cpm_uri *uri);

/* One parameter; *rest starts as uri.params and moves on. Escapes stay; value is absent without "=". CPM_END when there are no
 * more, CPM_E_SYNTAX on text that is no parameter list. */
int cpm_uri_param_next(cpm_str *rest, cpm_str *name, cpm_str *value);

/* The parameter of that name (any case, escapes count as what they stand for); false if there is none. value may be NULL. */
bool cpm_uri_param_find(cpm_str params, const char *name, cpm_str *value);

/* One header of a SIP URI's "?" part; *rest starts as uri.headers and moves on. CPM_END when there are no more. */
int cpm_uri_header_next(cpm_str *rest, cpm_str *name, cpm_str *value);

/* Undoes percent-escapes bytewise. dst NULL: only the size. NUL, CR and LF in the result are refused (CPM_E_ESCAPE), for what is
 * unescaped here may be written elsewhere; so is a "%" without two hex digits. */
int cpm_uri_unescape(char *dst, size_t cap, size_t *len, cpm_str in);

#ifdef __cplusplus
}
#endif
#endif
