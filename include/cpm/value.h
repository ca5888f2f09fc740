/* SPDX-License-Identifier: MIT */
/* value.h - typed values of SIP header fields.
 *
 * Every header field of this page has one decoder for one element. A field whose shape is LIST is walked with the _next form:
 *
 *     cpm_str rest = value;  cpm_address a;  int rc;
 *     while ((rc = cpm_address_next(&rest, &a, NULL, &diag)) == CPM_OK) use(&a);     // CPM_END after the last element
 *
 * *rest moves behind the element and its comma, after an error too, so that a list can be read on behind a bad element. diag->off
 * counts from where *rest stood at the call. Lists tolerate SIP_EMPTY_ELEMENT (",a", "a,,b", "a,"); a value without any element
 * is CPM_END at once. A field whose shape is ONE is read with the _decode form, which takes the whole value. Everything is
 * borrowed; folds and quoted pairs stay as they are until cpm_unquote. Writers follow one form: dst NULL asks for the size;
 * CPM_E_SPACE, CPM_E_INJECTION and CPM_E_VALUE are the errors; what they write the decoder of the same name takes, without a
 * quirk.
 */
#ifndef CPM_VALUE_H
#define CPM_VALUE_H

#include "sip.h"
#include "uri.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- parameters and quoted strings ------------------------------------------------------------------------------- */

/* generic-param (RFC 3261 25.1): name, name=token, name=host, name="quoted". Reads the parameters of media types and URIs as well:
 * a name or value that is not quoted may hold any character of a token and "[" "]" "/" ":" "&" "$" "(" ")". */
typedef struct cpm_param {
  cpm_str name;
  cpm_str value;       /* absent without "="; of a quoted string without its quotes, escapes as written */
  bool    quoted;
} cpm_param;

/* One parameter; *rest starts as a `params` slice (";a;b=c") and moves on. CPM_END when there are no more. */
int cpm_param_next(cpm_str *rest, cpm_param *out, cpm_diag *diag);

/* The first parameter of that name (ASCII case-insensitive); false if there is none or the slice is malformed before it. */
bool cpm_param_find(cpm_str params, const char *name, cpm_param *out);

/* Undoes the quoted pairs of a quoted string's inside (RFC 3261 25.1 quoted-pair) and turns folds into SP. dst NULL: only the
 * size. Errors: CPM_E_SPACE, CPM_E_ESCAPE (a lone "\" at the end, or before CR, LF, NUL or a byte over 0x7f), CPM_E_SYNTAX (a bare
 * DQUOTE, CR, LF or NUL: what comes out may be written elsewhere). */
int cpm_unquote(char *dst, size_t cap, size_t *len, cpm_str in);

/* Writes text as a quoted string, quotes included, escaping ", \ and control characters. CPM_E_INJECTION for CR, LF and NUL. */
int cpm_quote(char *dst, size_t cap, size_t *len, cpm_str text);

/* ---- name-addr and addr-spec ------------------------------------------------------------------------------------- */

/* From, To, Contact, Reply-To, Refer-To, Referred-By, Permission-Missing, P-Preferred-Identity, P-Asserted-Identity (RFC 3261 20.10,
 * RFC 3515 2.1, RFC 3892 3, RFC 5360 5.9.3, RFC 3325 9).
 * Tolerates SIP_BARE_ADDRESS (peers write Contact, Referred-By and P-Preferred-Identity without < >, with parameters behind:
 * without < > everything from the first ";" on belongs to the header field, RFC 3261 20. A From or To of that form follows the
 * grammar; the quirk says that its writer may have meant the parameters for the URI). _decode takes "," in such a URI too, in _next
 * the comma ends the element. CPM_E_DUPLICATE: tag, q or expires twice. */
typedef struct cpm_address {
  bool     star;         /* Contact: * */
  bool     bracketed;    /* name-addr, with < > */
  cpm_str  display;      /* absent without one; of a quoted string without its quotes */
  bool     display_quoted;
  cpm_str  uri;          /* not decoded: cpm_uri_decode */
  cpm_str  params;       /* from the first ";" of the header field's parameters on; absent if there are none */
  uint64_t quirks;
} cpm_address;

int cpm_address_decode(cpm_address *out, cpm_str in, const cpm_opts *opts, cpm_diag *diag);
int cpm_address_next(cpm_str *rest, cpm_address *out, const cpm_opts *opts, cpm_diag *diag);
/* display: with display_quoted the inside of a quoted string as it is; without, plain text, which is quoted if it is not made of
 * tokens. < > are written unless bracketed is false and nothing needs them. CPM_E_VALUE also for a URI that cpm_uri_decode
 * refuses. */
int cpm_address_encode(char *dst, size_t cap, size_t *len, const cpm_address *in, cpm_diag *diag);

/* ---- Accept-Contact and feature tags (RFC 3841, TS 24.229 7.2A.8.2) ---------------------------------------------- */

typedef struct cpm_accept_contact {
  cpm_str  params;       /* every parameter, feature tags and others: cpm_param_next */
  bool     require, explicit_;
  uint64_t quirks;
} cpm_accept_contact;

/* Tolerates SIP_ICSI: g.3gpp.icsi-ref and g.3gpp.iari-ref without quotes or with bare colons, and the misprints of cpm_icsi_is. */
int cpm_accept_contact_next(cpm_str *rest, cpm_accept_contact *out, const cpm_opts *opts, cpm_diag *diag);

/* Writes `*;tag="value"...`: the ICSI as TS 24.229 7.2A.8.2 codes it (":" as %3A). icsi: the plain URN. Several, as one tag with
 * a comma list. CPM_E_VALUE for what is no plain URN, or a misprint of an ICSI of CPM. */
int cpm_accept_contact_encode(char *dst, size_t cap, size_t *len, const cpm_str *icsi, size_t nicsi, bool require, bool explicit_,
                              cpm_diag *diag);

/* Writes one element of Accept-Contact or Reject-Contact (RFC 3841 9.2) with any tags: "*", params without their require and explicit,
 * then these two as the members say. quirks is not read. CPM_E_VALUE also for what cpm_accept_contact_next takes with SIP_ICSI. */
int cpm_caller_preference_encode(char *dst, size_t cap, size_t *len, const cpm_accept_contact *in, cpm_diag *diag);

/* How an Accept-Contact field matches a feature (RFC 3841 7.2, ruling O-R20): several fields are AND, values of one tag OR, "!"
 * negates, whole dot-labels are compared ("oma.cpm.session.group" is an "oma.cpm.session"), case and %3A do not count.
 * Looks at every +g.3gpp.icsi-ref in parameters `params` (of Accept-Contact or Contact). A negated value lets everything through
 * but itself and what is below it. SIP_ICSI is set in *quirks (may be NULL) if the value that decided is misprinted, or its tag
 * without quotes or with bare colons. */
bool cpm_icsi_in(cpm_str params, cpm_str icsi, uint64_t *quirks);

/* One ICSI or IARI of the tag's list; *rest starts as the value of +g.3gpp.icsi-ref. `negated` for "!". urn keeps its escapes. */
int cpm_icsi_next(cpm_str *rest, cpm_str *urn, bool *negated);

/* The ICSIs of CPM (ruling O-R1). CPM_ICSIS(id, last labels) */
#define CPM_ICSIS(X) \
  X(MSG, "msg") X(MSG_GROUP, "msg.group") X(LARGEMSG, "largemsg") X(LARGEMSG_GROUP, "largemsg.group") X(DEFERRED, "deferred") \
  X(SESSION, "session") X(SESSION_GROUP, "session.group") X(FILETRANSFER, "filetransfer") \
  X(FILETRANSFER_GROUP, "filetransfer.group") X(SYSTEMMSG, "systemmsg")
typedef enum cpm_icsi {
  CPM_ICSI_NONE = 0,
#define CPM_ICSI_ENUM(id, label) CPM_ICSI_##id,
  CPM_ICSIS(CPM_ICSI_ENUM)
#undef CPM_ICSI_ENUM
  CPM_ICSI_COUNT
} cpm_icsi;

/* "urn:urn-7:3gpp-service.ims.icsi.oma.cpm.msg" and so on; absent for CPM_ICSI_NONE. Constant. */
cpm_str cpm_icsi_urn(cpm_icsi id);

/* Does `text` (plain or percent-encoded, any case) name `icsi` or something below it? SIP_ICSI set in *quirks (may be NULL) for
 * a misprint that was taken: hyphen lost, "oma." or the prefix missing or doubled, stray quotes or spaces, upper case behind
 * "urn:urn-7:" (ruling O-R1). */
bool cpm_icsi_is(cpm_str text, cpm_icsi icsi, uint64_t *quirks);

/* The longest ICSI of CPM that `text` names, CPM_ICSI_NONE if none. */
cpm_icsi cpm_icsi_of(cpm_str text, uint64_t *quirks);

/* ---- P-Preferred-Service, P-Asserted-Service (RFC 6050) ---------------------------------------------------------- */

/* One Service-ID, "urn:urn-7:" and the rest; the whole URN in *urn. */
int cpm_service_next(cpm_str *rest, cpm_str *urn, const cpm_opts *opts, cpm_diag *diag);
int cpm_service_encode(char *dst, size_t cap, size_t *len, cpm_str urn, cpm_diag *diag);

/* ---- identifiers -------------------------------------------------------------------------------------------------- */

#define CPM_ID_MAX 256u
/* Conversation-ID, Contribution-ID, InReplyTo-Contribution-ID, Message-UID, Session-Replaces, CPM-Replaces: 1 to CPM_ID_MAX visible
 * characters, compared bytewise (ruling O-R39). */
int cpm_id_decode(cpm_str *out, cpm_str in, const cpm_opts *opts, cpm_diag *diag);

int cpm_id_encode(char *dst, size_t cap, size_t *len, cpm_str id, cpm_diag *diag);

/* callid = word ["@" word] (RFC 3261 25.1) */
int cpm_call_id_decode(cpm_str *out, cpm_str in, const cpm_opts *opts, cpm_diag *diag);
int cpm_call_id_encode(char *dst, size_t cap, size_t *len, cpm_str id, cpm_diag *diag);

#define CPM_UUID_LEN 36u
/* Writes a version 4 UUID in lower case (RFC 4122) from 16 random bytes. */
void cpm_uuid_write(char dst[CPM_UUID_LEN], const unsigned char random[16]);

/* ---- numbers, dates, tokens -------------------------------------------------------------------------------------- */

/* Expires, Min-Expires, Message-Expires, Flow-Timer, Max-Forwards, Max-Breadth, Content-Length: 1*DIGIT. CPM_E_RANGE above max. Units are the field's (seconds, hops,
 * bytes). */
int cpm_number_decode(uint64_t *out, cpm_str in, uint64_t max, const cpm_opts *opts, cpm_diag *diag);
/* Errors: CPM_E_SPACE. */
int cpm_number_encode(char *dst, size_t cap, size_t *len, uint64_t number, cpm_diag *diag);

/* qvalue (RFC 3261 25.1), the value of "q" in Contact and Accept: 0 to 1000. */
int cpm_q_decode(unsigned *thousandths, cpm_str in, cpm_diag *diag);

typedef struct cpm_cseq { uint32_t number; cpm_sip_method method; cpm_str method_name; } cpm_cseq;
/* CPM_E_RANGE at 2^31 and above (RFC 3261 8.1.1.5). */
int cpm_cseq_decode(cpm_cseq *out, cpm_str in, const cpm_opts *opts, cpm_diag *diag);
/* method_name, or if that is absent the name of method. */
int cpm_cseq_encode(char *dst, size_t cap, size_t *len, const cpm_cseq *in, cpm_diag *diag);

/* SIP-date (RFC 3261 25.1: RFC 1123, GMT). Unix time in milliseconds. Every field is checked (CPM_E_VALUE), the week day against
 * the date (CPM_E_MISMATCH). Tolerates SIP_DATE: zone UTC, UT, Z or digits, no week day, one digit for the day, no seconds, white space
 * other than one SP. *quirks (may be NULL) is set, to 0 if there is nothing. */
int cpm_date_decode(int64_t *unix_ms, cpm_str in, const cpm_opts *opts, uint64_t *quirks, cpm_diag *diag);
/* Milliseconds are cut off. CPM_E_VALUE outside of the years 0 to 9999. */
int cpm_date_encode(char *dst, size_t cap, size_t *len, int64_t unix_ms, cpm_diag *diag);

/* Supported, Require, Proxy-Require, Unsupported, Allow, Content-Encoding, Content-Language, Request-Disposition: a comma list of tokens. */
int cpm_token_next(cpm_str *rest, cpm_str *token, const cpm_opts *opts, cpm_diag *diag);
/* Writes them with ", " between; nothing for none. */
int cpm_token_encode(char *dst, size_t cap, size_t *len, const cpm_str *tokens, size_t ntokens, cpm_diag *diag);

/* Priority, SIP-ETag, SIP-If-Match, Suppress-If-Match: one token, and no list. */
int cpm_token_decode(cpm_str *token, cpm_str in, const cpm_opts *opts, cpm_diag *diag);

/* Is the token in the list value (ASCII case-insensitive)? */
bool cpm_token_in(cpm_str list, const char *token);

/* Privacy (RFC 3323 4.2): priv-value *(";" priv-value). */
#define CPM_PRIVACIES(X) X(HEADER, "header") X(SESSION, "session") X(USER, "user") X(NONE, "none") X(CRITICAL, "critical") \
                         X(ID, "id") X(HISTORY, "history")
enum {
#define CPM_PRIVACY_ENUM(id, text) CPM_PRIVACY_BIT_##id,
  CPM_PRIVACIES(CPM_PRIVACY_ENUM)
#undef CPM_PRIVACY_ENUM
  CPM_PRIVACY_BIT_OTHER
};
#define CPM_PRIVACY(id) (1u << CPM_PRIVACY_BIT_##id)
/* Set of values; CPM_PRIVACY(OTHER) for a token that is not in the list. */
int cpm_privacy_decode(unsigned *set, cpm_str in, const cpm_opts *opts, cpm_diag *diag);
/* In the order of the list above. CPM_E_VALUE for the empty set and for OTHER. */
int cpm_privacy_encode(char *dst, size_t cap, size_t *len, unsigned set, cpm_diag *diag);

/* ---- User-Agent, Server ------------------------------------------------------------------------------------------ */

typedef struct cpm_product {
  cpm_str name, version;   /* version absent without "/" */
  cpm_str comment;         /* a comment stands alone, inside of its ( ); then name is absent */
  uint64_t quirks;         /* SIP_PRODUCT: a word that is no product, passed whole in name; or no white space behind */
} cpm_product;
/* Errors: CPM_E_SYNTAX, CPM_E_TRUNCATED (a comment without its end), CPM_E_TOO_DEEP (comments in comments, opts->max_depth). */
int cpm_product_next(cpm_str *rest, cpm_product *out, const cpm_opts *opts, cpm_diag *diag);
/* One product or comment; SP belongs between two. quirks is not read. CPM_E_VALUE also for a comment with a name or version. */
int cpm_product_encode(char *dst, size_t cap, size_t *len, const cpm_product *in, cpm_diag *diag);

typedef struct cpm_release { bool server; unsigned major, minor; } cpm_release;
/* The CPM release: the first product CPM-client/OMA<x.y> or CPM-serv/OMA<x.y> anywhere in the value (ruling O-R38).
 * false: none. */
bool cpm_release_find(cpm_str value, cpm_release *out);

/* ---- Via ---------------------------------------------------------------------------------------------------------- */

typedef struct cpm_via {
  cpm_str  protocol, version, transport;    /* SIP, 2.0, UDP */
  cpm_str  host;                            /* without brackets */
  bool     host_is_ipv6, has_port;
  uint16_t port;
  cpm_str  params, branch, received;        /* branch and received absent if they are not there */
} cpm_via;
/* CPM_E_RANGE: port over 65535. CPM_E_DUPLICATE: branch, received, rport, maddr or ttl twice. */
int cpm_via_next(cpm_str *rest, cpm_via *out, const cpm_opts *opts, cpm_diag *diag);
/* branch and received are read from params and not looked at here: params is what is written. */
int cpm_via_encode(char *dst, size_t cap, size_t *len, const cpm_via *in, cpm_diag *diag);

/* ---- Warning, Error-Info ----------------------------------------------------------------------------------------- */

typedef struct cpm_warning {
  unsigned code;         /* as sent, 399 for OMA */
  cpm_str  agent;        /* absent if it was left out */
  cpm_str  text;         /* inside of the quotes, escapes as written */
  unsigned oma;          /* the number that the text starts with (127), 0 without (ruling O-R5) */
  uint64_t quirks;
} cpm_warning;
/* Tolerates SIP_WARNING: no agent, text not quoted, a code outside 3xx used for the OMA number (then oma is the code, unless the
 * text has a number). Of text that is not quoted the first word is the agent if the number of OMA follows it, or if it has a "."
 * or ":" in it. */
int cpm_warning_next(cpm_str *rest, cpm_warning *out, const cpm_opts *opts, cpm_diag *diag);
/* Writes `399 agent "127 text"`, the number from oma unless the text starts with it. CPM_E_VALUE also for a code outside 3xx, no
 * agent, and an oma that differs from the text's. */
int cpm_warning_encode(char *dst, size_t cap, size_t *len, const cpm_warning *in, cpm_diag *diag);

/* Error-Info, Alert-Info, Call-Info: error-uri = LAQUOT absoluteURI RAQUOT *( SEMI generic-param ) (RFC 3261 20.18, 20.4, 20.9) */
typedef struct cpm_error_info { cpm_str uri, params; } cpm_error_info;
int cpm_error_info_next(cpm_str *rest, cpm_error_info *out, const cpm_opts *opts, cpm_diag *diag);
int cpm_error_info_encode(char *dst, size_t cap, size_t *len, const cpm_error_info *in, cpm_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
