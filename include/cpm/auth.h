/* SPDX-License-Identifier: MIT */
/* auth.h - typed values of the header fields of authentication, security agreements, access networks and charging.
 *
 * The forms are those of value.h: _decode takes the whole value of a field that holds no list, _next walks a LIST, writers ask for the
 * size with dst NULL, everything is borrowed. Errors of readers: CPM_E_SYNTAX, CPM_E_TRUNCATED, others where said. Errors of writers:
 * CPM_E_SPACE, CPM_E_INJECTION, CPM_E_VALUE. Nothing here computes a response: that is the host's.
 */
#ifndef CPM_AUTH_H
#define CPM_AUTH_H

#include "value.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- challenges and credentials (RFC 3261 20.7, 20.27, 20.28, 20.44; MSRP: RFC 4976 9.1) --------------------------- */

/* SIP: WWW-Authenticate, Proxy-Authenticate, Authorization, Proxy-Authorization, one a field (RFC 3261 7.3.1); MSRP:
 * WWW-Authenticate, Authorization. A scheme and name=value pairs, at least one; the form with a bare token68 of HTTP is none. */
typedef struct cpm_auth {
  cpm_str scheme;      /* "Digest", in any case */
  cpm_str params;      /* the list behind it: cpm_auth_param_next */
} cpm_auth;

/* Takes "/" and ":" in values without quotes. CPM_E_DUPLICATE: a parameter that has a member in cpm_digest stands twice, whatever the
 * scheme. A scheme that nobody knows is none of its errors. */
int cpm_auth_decode(cpm_auth *out, cpm_str in, const cpm_opts *opts, cpm_diag *diag);
/* Writes the scheme and the list, "name=value" with ", " between; a value without quotes that is no token gets them. */
int cpm_auth_encode(char *dst, size_t cap, size_t *len, const cpm_auth *in, cpm_diag *diag);

/* Authentication-Info, Proxy-Authentication-Info (RFC 3261 20.6, RFC 7615): the list alone. Errors as above. */
int cpm_auth_info_decode(cpm_str *params, cpm_str in, const cpm_opts *opts, cpm_diag *diag);
int cpm_auth_info_encode(char *dst, size_t cap, size_t *len, cpm_str params, cpm_diag *diag);

/* One parameter; *rest starts as `params` and moves on. value is never absent; of a quoted string the inside, escapes as written:
 * cpm_unquote. CPM_END when there are no more. */
int cpm_auth_param_next(cpm_str *rest, cpm_param *out, cpm_diag *diag);
/* The first of that name (ASCII case-insensitive); false if there is none or the list is malformed before it. */
bool cpm_auth_param_find(cpm_str params, const char *name, cpm_param *out);

/* CPM_DIGESTS(member, name, quotes): the parameters of Digest (RFC 3261 25.1, RFC 7616, RFC 3310; ik, ck, integrity-protected:
 * TS 24.229 7.2A.1 and 7.2A.2). quotes: ALWAYS, NEVER, or CHALLENGE: only there. */
#define CPM_DIGESTS(X) \
  X(username, "username", ALWAYS) X(realm, "realm", ALWAYS) X(domain, "domain", ALWAYS) X(nonce, "nonce", ALWAYS) \
  X(uri, "uri", ALWAYS) X(response, "response", ALWAYS) X(opaque, "opaque", ALWAYS) X(algorithm, "algorithm", NEVER) \
  X(qop, "qop", CHALLENGE) X(cnonce, "cnonce", ALWAYS) X(nc, "nc", NEVER) X(stale, "stale", NEVER) \
  X(nextnonce, "nextnonce", ALWAYS) X(rspauth, "rspauth", ALWAYS) X(auts, "auts", ALWAYS) X(userhash, "userhash", NEVER) \
  X(charset, "charset", ALWAYS) X(ik, "ik", ALWAYS) X(ck, "ck", ALWAYS) X(integrity_protected, "integrity-protected", ALWAYS)

/* Absent: not there. Of a quoted string the inside, escapes as written. */
typedef struct cpm_digest {
#define CPM_DIGEST_MEMBER(member, name, quotes) cpm_str member;
  CPM_DIGESTS(CPM_DIGEST_MEMBER)
#undef CPM_DIGEST_MEMBER
  uint32_t nonce_count;   /* nc as a number; 0 without it. Read only: nc is what is written */
  bool     is_stale;      /* stale is "true" in any case (RFC 7616 3.3). Read only */
  cpm_str  params;        /* every parameter as it was received */
} cpm_digest;

/* Sorts the parameters of a list by name. Which must be there is left to the caller: it depends on the server's challenge. CPM_E_VALUE:
 * nc is not 8 hexadecimal digits. CPM_E_DUPLICATE. */
int cpm_digest_decode(cpm_digest *out, cpm_str params, const cpm_opts *opts, cpm_diag *diag);

typedef enum cpm_digest_use { CPM_DIGEST_CHALLENGE, CPM_DIGEST_CREDENTIALS, CPM_DIGEST_INFO } cpm_digest_use;
/* Writes the value of a field: "Digest" (but for INFO), the members in the order of the list above, then what else is in params.
 * CPM_E_VALUE: a member that its grammar cannot hold; no realm or nonce in a challenge; no realm, nonce, uri or response in credentials,
 * neither username nor "username*" in params (RFC 7616 3.4); nothing at all. */
int cpm_digest_encode(char *dst, size_t cap, size_t *len, const cpm_digest *in, cpm_digest_use use, cpm_diag *diag);

/* ---- security agreement: Security-Client, Security-Server, Security-Verify (RFC 3329 2.2) -------------------------- */

/* In this part and the next a member `params` holds every parameter as it was received, from its first ";" on (cpm_param_next; absent if
 * there is none). Writers write the members first and then what else is in params. */
typedef struct cpm_security {
  cpm_str  mechanism;      /* "digest", "tls", "ipsec-ike", "ipsec-man", "ipsec-3gpp" ... */
  bool     has_q;
  unsigned q;              /* thousandths, 0 to 1000: higher is preferred */
  cpm_str  params;
} cpm_security;
/* CPM_E_VALUE: a q that is no qvalue. CPM_E_DUPLICATE: q, d-alg, d-qop, d-ver, or one of those of ipsec-3gpp (TS 33.203 H: alg, ealg, prot,
 * mod, spi-c, spi-s, port-c, port-s) twice. Tolerates SIP_EMPTY_ELEMENT. */
int cpm_security_next(cpm_str *rest, cpm_security *out, const cpm_opts *opts, cpm_diag *diag);
int cpm_security_encode(char *dst, size_t cap, size_t *len, const cpm_security *in, cpm_diag *diag);

/* ---- P-Access-Network-Info (RFC 7315 4.4) ------------------------------------------------------------------------------ */

typedef struct cpm_access_network {
  cpm_str type;                /* access-type or access-class: "3GPP-E-UTRAN-FDD", "IEEE-802.11" ... */
  bool    network_provided;    /* by a proxy, not by the user's device, which nobody need believe */
  cpm_str params;              /* "utran-cell-id-3gpp" and the like */
} cpm_access_network;
/* Tolerates SIP_EMPTY_ELEMENT. */
int cpm_access_network_next(cpm_str *rest, cpm_access_network *out, const cpm_opts *opts, cpm_diag *diag);
int cpm_access_network_encode(char *dst, size_t cap, size_t *len, const cpm_access_network *in, cpm_diag *diag);

/* ---- P-Charging-Vector, P-Charging-Function-Addresses (RFC 7315 4.5 and 4.6) ------------------------------------------- */

/* Parameters of which the first has no ";" before it: it stands apart. cpm_charging_find looks at all. */
typedef struct cpm_charging { cpm_param first; cpm_str params; } cpm_charging;
bool cpm_charging_find(const cpm_charging *charging, const char *name, cpm_param *out);

/* CPM_E_MISSING: no icid-value, or one without a value. CPM_E_DUPLICATE: icid-value, icid-generated-at, orig-ioi, term-ioi, transit-ioi,
 * related-icid or related-icid-generated-at twice. icid-value may stand anywhere. */
int cpm_charging_vector_decode(cpm_charging *out, cpm_str in, const cpm_opts *opts, cpm_diag *diag);
/* One element: charging collection functions (ccf, ccf-2) and event charging functions (ecf, ecf-2), in the order of preference, each name
 * as often as it was sent. Tolerates SIP_EMPTY_ELEMENT. */
int cpm_charging_addresses_next(cpm_str *rest, cpm_charging *out, const cpm_opts *opts, cpm_diag *diag);

/* first: with `quoted`, value is the inside of a quoted string as it is; without, a token or an IPv6 address in brackets. CPM_E_VALUE also
 * for what the reader of the same name refuses. */
int cpm_charging_vector_encode(char *dst, size_t cap, size_t *len, const cpm_charging *in, cpm_diag *diag);
int cpm_charging_addresses_encode(char *dst, size_t cap, size_t *len, const cpm_charging *in, cpm_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
