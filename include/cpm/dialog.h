/* SPDX-License-Identifier: MIT */
/* dialog.h - typed values of the header fields of routes, dialogs, timers, subscriptions and capabilities.
 *
 * The forms are those of value.h: _decode takes the whole value of a field whose shape is ONE, _next walks a LIST, writers ask for the
 * size with dst NULL. In this page a member `params` holds every parameter as it was received, those that have a member of their own
 * too, and starts with ";" (absent if there is none; cpm_param_next reads it). Writers write the members first and then what else is
 * in params, so that a host may fill members only, and may change a member of what it read.
 * Errors of readers: CPM_E_SYNTAX, CPM_E_TRUNCATED, CPM_E_RANGE (a number over its limit), CPM_E_DUPLICATE (a parameter that has a
 * member stands twice), CPM_E_MISSING and CPM_E_VALUE where said, CPM_E_QUIRK. Errors of writers: CPM_E_SPACE, CPM_E_INJECTION,
 * CPM_E_VALUE. Times are seconds, up to 2^32-1 (RFC 3261 20.19). Quirks: SIP_EMPTY_ELEMENT in lists, others where said.
 */
#ifndef CPM_DIALOG_H
#define CPM_DIALOG_H

#include "value.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Contact (RFC 3261 20.10, RFC 3840 9, RFC 5626, RFC 5627) ---------------------------------------------------- */

typedef struct cpm_contact {
  cpm_address address;     /* as cpm_address_next has it, its quirks and params too */
  bool        has_q, has_expires, isfocus;
  unsigned    q;           /* thousandths, 0 to 1000 */
  uint32_t    expires;     /* what cannot be read, or is over 2^32-1, counts as 3600 (RFC 3261 20.10) */
  uint32_t    reg_id;      /* RFC 5626 11.1; 0: none */
  cpm_str     instance;    /* +sip.instance: the URN without its "< >", which some peers leave out; absent without */
  cpm_str     methods;     /* the inside of the quoted string: cpm_feature_value_next; so the next two */
  cpm_str     icsi_ref;    /* the first +g.3gpp.icsi-ref; cpm_icsi_next; cpm_icsi_in(address.params) looks at every one */
  cpm_str     iari_ref;    /* the first +g.3gpp.iari-ref */
  cpm_str     pub_gruu, temp_gruu;   /* of a response to REGISTER, the inside of the quoted string */
} cpm_contact;

/* Takes and tolerates what cpm_address_next does. CPM_E_VALUE: a q that is no qvalue, a reg-id that is none. CPM_E_DUPLICATE: any of these
 * parameters twice, but for the two +g.3gpp ones; tag twice. */
int cpm_contact_next(cpm_str *rest, cpm_contact *out, const cpm_opts *opts, cpm_diag *diag);
/* The inside of quoted strings is given as cpm_contact_next gives it: with its quoted pairs. */
int cpm_contact_encode(char *dst, size_t cap, size_t *len, const cpm_contact *in, cpm_diag *diag);

/* Is the URI a GRUU (RFC 5627 9: it has the parameter gr)? *gr (may be NULL): its value, absent for a temporary one. */
bool cpm_gruu_find(cpm_str uri, cpm_str *gr);

/* ---- feature parameters (RFC 3840 9) ----------------------------------------------------------------------------- */

/* The next feature parameter of a params slice, of Contact, Accept-Contact or Reject-Contact: a tag of RFC 3840 ("audio") or one that
 * starts with "+". Other parameters are stepped over. out->value: the inside of the quoted string, absent for a tag without "=".
 * CPM_E_SYNTAX: a "+" without the name of a tag behind it; *rest has moved on. */
int cpm_feature_next(cpm_str *rest, cpm_param *out, cpm_diag *diag);

typedef enum cpm_feature_kind { CPM_FEATURE_TOKEN, CPM_FEATURE_BOOLEAN, CPM_FEATURE_NUMBER, CPM_FEATURE_STRING } cpm_feature_kind;

typedef struct cpm_feature_value {
  cpm_feature_kind kind;
  bool    negated;             /* "!": everything but this */
  bool    truth;               /* BOOLEAN: TRUE */
  bool    has_low, has_high;   /* NUMBER: the range, ends included; "=" has both, ">=" the first, "<=" the second */
  int64_t low, high;           /* in millionths */
  cpm_str text;                /* TOKEN: without "!". STRING: the inside of "< >". NUMBER: behind "#". BOOLEAN: the word */
} cpm_feature_value;

/* One value of a tag; *rest starts as its value. White space around a value is taken. CPM_E_RANGE: a number over 2^63-1 millionths,
 * or with other digits than 0 behind the sixth of its fraction. CPM_E_VALUE: a range that ends before it starts. */
int cpm_feature_value_next(cpm_str *rest, cpm_feature_value *out, cpm_diag *diag);
/* Writes `;name="value,value"`, to be put into params; `;name` without values. text is read of TOKEN and STRING only. CPM_E_VALUE: a
 * STRING that does not stand alone (its grammar has no list), a name that is no tag, what cpm_feature_value_next would not take. */
int cpm_feature_encode(char *dst, size_t cap, size_t *len, cpm_str name, const cpm_feature_value *values, size_t nvalues,
                       cpm_diag *diag);

/* ---- Route, Record-Route, Path, Service-Route (RFC 3261 20.30, 20.34, RFC 3327, RFC 3608) -------------------------- */

/* A name-addr: the grammar knows no URI without < > here. */
typedef struct cpm_route {
  cpm_str display;         /* as in cpm_address */
  bool    display_quoted;
  bool    lr;              /* a SIP URI with the parameter lr: a loose router. Read from uri, which is what is written */
  cpm_str uri;
  cpm_str params;
} cpm_route;
int cpm_route_next(cpm_str *rest, cpm_route *out, const cpm_opts *opts, cpm_diag *diag);
int cpm_route_encode(char *dst, size_t cap, size_t *len, const cpm_route *in, cpm_diag *diag);

/* ---- History-Info (RFC 7044) --------------------------------------------------------------------------------------- */

typedef enum cpm_hi_target { CPM_HI_NONE, CPM_HI_RC, CPM_HI_MP, CPM_HI_NP } cpm_hi_target;

typedef struct cpm_history_info {
  cpm_str display;
  bool    display_quoted;
  cpm_str uri;             /* its headers hold Reason and Privacy: cpm_uri_header_next */
  cpm_str params;
  cpm_str index;           /* numbers with dots between, "1.1.2"; a reader takes an entry without it, a writer does not */
  cpm_hi_target target;
  cpm_str target_index;    /* of rc, mp, np: the entry that this one came from */
} cpm_history_info;
/* CPM_E_MISMATCH: more than one of rc, mp and np. */
int cpm_history_info_next(cpm_str *rest, cpm_history_info *out, const cpm_opts *opts, cpm_diag *diag);
int cpm_history_info_encode(char *dst, size_t cap, size_t *len, const cpm_history_info *in, cpm_diag *diag);

/* ---- session timers: Session-Expires, Min-SE (RFC 4028 4 and 5) ----------------------------------------------------- */

#define CPM_SESSION_EXPIRES_LEAST 90u    /* seconds; a reader takes less, so that a server can answer 422 */

typedef enum cpm_refresher { CPM_REFRESHER_NONE, CPM_REFRESHER_UAC, CPM_REFRESHER_UAS } cpm_refresher;

typedef struct cpm_session_expires { uint32_t seconds; cpm_refresher refresher; cpm_str params; } cpm_session_expires;
/* CPM_E_VALUE: a refresher that is neither uac nor uas. */
int cpm_session_expires_decode(cpm_session_expires *out, cpm_str in, const cpm_opts *opts, cpm_diag *diag);
/* CPM_E_VALUE below CPM_SESSION_EXPIRES_LEAST. */
int cpm_session_expires_encode(char *dst, size_t cap, size_t *len, const cpm_session_expires *in, cpm_diag *diag);

typedef struct cpm_min_se { uint32_t seconds; cpm_str params; } cpm_min_se;
int cpm_min_se_decode(cpm_min_se *out, cpm_str in, const cpm_opts *opts, cpm_diag *diag);
/* CPM_E_VALUE below CPM_SESSION_EXPIRES_LEAST. */
int cpm_min_se_encode(char *dst, size_t cap, size_t *len, const cpm_min_se *in, cpm_diag *diag);

/* ---- Retry-After (RFC 3261 20.33) ------------------------------------------------------------------------------------ */

typedef struct cpm_retry_after {
  uint32_t seconds;
  cpm_str  comment;        /* inside of its ( ), as written; absent without one */
  bool     has_duration;
  uint32_t duration;       /* seconds that the called party is there, from then on */
  cpm_str  params;
} cpm_retry_after;
/* CPM_E_TOO_DEEP: comments in comments, opts->max_depth. */
int cpm_retry_after_decode(cpm_retry_after *out, cpm_str in, const cpm_opts *opts, cpm_diag *diag);
int cpm_retry_after_encode(char *dst, size_t cap, size_t *len, const cpm_retry_after *in, cpm_diag *diag);

/* ---- subscriptions: Event, Allow-Events, Subscription-State (RFC 6665 8.4), Refer-Sub (RFC 4488 4) ------------------ */

typedef struct cpm_sip_event {
  cpm_str type;            /* the whole event-type: "presence.winfo" */
  cpm_str package;         /* "presence" */
  cpm_str templates;       /* "winfo"; absent if there is none */
  cpm_str id;              /* absent if there is none */
  cpm_str params;
} cpm_sip_event;
int cpm_sip_event_decode(cpm_sip_event *out, cpm_str in, const cpm_opts *opts, cpm_diag *diag);
/* Writes type, or if that is absent, package and templates. */
int cpm_sip_event_encode(char *dst, size_t cap, size_t *len, const cpm_sip_event *in, cpm_diag *diag);
/* Do they name one subscription (RFC 6665 4.1.2.1 and 8.2.1)? Type and id bytewise, an id matches no absent one; other parameters do not count. */
bool cpm_sip_event_equal(const cpm_sip_event *a, const cpm_sip_event *b);
/* One event-type of Allow-Events; id and params stay absent. */
int cpm_sip_event_next(cpm_str *rest, cpm_sip_event *out, const cpm_opts *opts, cpm_diag *diag);

#define CPM_SUBSCRIPTION_STATES(X) X(ACTIVE, "active") X(PENDING, "pending") X(TERMINATED, "terminated")
#define CPM_SUBSCRIPTION_REASONS(X) X(DEACTIVATED, "deactivated") X(PROBATION, "probation") X(REJECTED, "rejected") \
  X(TIMEOUT, "timeout") X(GIVEUP, "giveup") X(NORESOURCE, "noresource") X(INVARIANT, "invariant")
typedef enum cpm_substate {
  CPM_SUBSTATE_OTHER = 0,        /* its name is in state_text */
#define CPM_SUBSTATE_ENUM(id, text) CPM_SUBSTATE_##id,
  CPM_SUBSCRIPTION_STATES(CPM_SUBSTATE_ENUM)
#undef CPM_SUBSTATE_ENUM
  CPM_SUBSTATE_COUNT
} cpm_substate;
typedef enum cpm_subreason {
  CPM_SUBREASON_NONE = 0,        /* none, or another, whose name is in reason_text */
#define CPM_SUBREASON_ENUM(id, text) CPM_SUBREASON_##id,
  CPM_SUBSCRIPTION_REASONS(CPM_SUBREASON_ENUM)
#undef CPM_SUBREASON_ENUM
  CPM_SUBREASON_COUNT
} cpm_subreason;

typedef struct cpm_subscription_state {
  cpm_substate  state;
  cpm_str       state_text;      /* as received; written if it is there, else the name of state */
  cpm_subreason reason;
  cpm_str       reason_text;     /* likewise */
  bool          has_expires, has_retry_after;
  uint32_t      expires, retry_after;
  cpm_str       params;
} cpm_subscription_state;
int cpm_subscription_state_decode(cpm_subscription_state *out, cpm_str in, const cpm_opts *opts, cpm_diag *diag);
int cpm_subscription_state_encode(char *dst, size_t cap, size_t *len, const cpm_subscription_state *in, cpm_diag *diag);

typedef struct cpm_refer_sub { bool value; cpm_str params; } cpm_refer_sub;
/* CPM_E_VALUE: neither true nor false. */
int cpm_refer_sub_decode(cpm_refer_sub *out, cpm_str in, const cpm_opts *opts, cpm_diag *diag);
int cpm_refer_sub_encode(char *dst, size_t cap, size_t *len, const cpm_refer_sub *in, cpm_diag *diag);

/* ---- other dialogs: Replaces (RFC 3891 6.1), Join (RFC 3911 7.1), Target-Dialog (RFC 4538 7), In-Reply-To ------------ */

/* Tags as the receiver of the request sees them: to_tag is its own. CPM_E_MISSING: a tag is not there. */
typedef struct cpm_replaces { cpm_str call_id, to_tag, from_tag; bool early_only; cpm_str params; } cpm_replaces;
int cpm_replaces_decode(cpm_replaces *out, cpm_str in, const cpm_opts *opts, cpm_diag *diag);
int cpm_replaces_encode(char *dst, size_t cap, size_t *len, const cpm_replaces *in, cpm_diag *diag);
/* early_only stays false, and is CPM_E_VALUE when written. */
int cpm_join_decode(cpm_replaces *out, cpm_str in, const cpm_opts *opts, cpm_diag *diag);
int cpm_join_encode(char *dst, size_t cap, size_t *len, const cpm_replaces *in, cpm_diag *diag);

/* Tags as the sender of the request sees them. CPM_E_MISSING: a tag is not there. */
typedef struct cpm_target_dialog { cpm_str call_id, local_tag, remote_tag, params; } cpm_target_dialog;
int cpm_target_dialog_decode(cpm_target_dialog *out, cpm_str in, const cpm_opts *opts, cpm_diag *diag);
int cpm_target_dialog_encode(char *dst, size_t cap, size_t *len, const cpm_target_dialog *in, cpm_diag *diag);

/* One callid of In-Reply-To. */
int cpm_call_id_next(cpm_str *rest, cpm_str *out, const cpm_opts *opts, cpm_diag *diag);

/* ---- Reason (RFC 3326 2) ---------------------------------------------------------------------------------------------- */

typedef struct cpm_reason {
  cpm_str  protocol;       /* "SIP", "Q.850" */
  bool     has_cause;
  uint32_t cause;
  cpm_str  text;           /* absent without one */
  bool     text_quoted;    /* text is the inside of a quoted string as it is; when written without it, plain text */
  cpm_str  params;
} cpm_reason;
/* The text may be a token too, as the grammar of reason-extension has it. */
int cpm_reason_next(cpm_str *rest, cpm_reason *out, const cpm_opts *opts, cpm_diag *diag);
int cpm_reason_encode(char *dst, size_t cap, size_t *len, const cpm_reason *in, cpm_diag *diag);

/* ---- RSeq, RAck (RFC 3262 7), Timestamp, MIME-Version (RFC 3261 20.38, 20.24) ------------------------------------------ */

/* 1 to 2^32-1; CPM_E_VALUE for 0. Written with cpm_number_encode. */
int cpm_rseq_decode(uint32_t *out, cpm_str in, const cpm_opts *opts, cpm_diag *diag);

typedef struct cpm_rack { uint32_t rseq; cpm_cseq cseq; } cpm_rack;
/* Limits as those of RSeq and CSeq. */
int cpm_rack_decode(cpm_rack *out, cpm_str in, const cpm_opts *opts, cpm_diag *diag);
int cpm_rack_encode(char *dst, size_t cap, size_t *len, const cpm_rack *in, cpm_diag *diag);

/* Whoever answers copies `time` and adds the delay (RFC 3261 8.2.6.1). */
typedef struct cpm_timestamp {
  cpm_str  time;           /* as written; when it is absent, time_us is written */
  cpm_str  delay;          /* as written, absent if there is none; when it is absent and has_delay is set, delay_us is written */
  bool     has_delay;
  uint64_t time_us;        /* microseconds; what is finer is cut off */
  uint64_t delay_us;
} cpm_timestamp;
/* CPM_E_RANGE: microseconds over 2^64-1. */
int cpm_timestamp_decode(cpm_timestamp *out, cpm_str in, const cpm_opts *opts, cpm_diag *diag);
int cpm_timestamp_encode(char *dst, size_t cap, size_t *len, const cpm_timestamp *in, cpm_diag *diag);

typedef struct cpm_mime_version { uint32_t major, minor; } cpm_mime_version;
int cpm_mime_version_decode(cpm_mime_version *out, cpm_str in, const cpm_opts *opts, cpm_diag *diag);
int cpm_mime_version_encode(char *dst, size_t cap, size_t *len, const cpm_mime_version *in, cpm_diag *diag);

/* ---- Accept-Encoding, Accept-Language (RFC 3261 20.2, 20.3) ----------------------------------------------------------- */

typedef struct cpm_accepted {
  cpm_str  name;           /* a content coding or language range, or "*" */
  unsigned q;              /* thousandths; 1000 without one */
  cpm_str  params;
} cpm_accepted;
/* CPM_E_VALUE: a q that is no qvalue. */
int cpm_accept_encoding_next(cpm_str *rest, cpm_accepted *out, const cpm_opts *opts, cpm_diag *diag);
int cpm_accept_language_next(cpm_str *rest, cpm_accepted *out, const cpm_opts *opts, cpm_diag *diag);
/* A q of 1000 is not written. */
int cpm_accept_encoding_encode(char *dst, size_t cap, size_t *len, const cpm_accepted *in, cpm_diag *diag);
int cpm_accept_language_encode(char *dst, size_t cap, size_t *len, const cpm_accepted *in, cpm_diag *diag);

/* ---- Subject, Organization (RFC 3261 20.36, 20.25) --------------------------------------------------------------------- */

/* [TEXT-UTF8-TRIM]: the text without the white space around it, folds as they are; empty if there is none. Tolerates UTF8_INVALID.
 * *quirks (may be NULL) is set, to 0 if there is nothing. */
int cpm_text_decode(cpm_str *out, cpm_str in, const cpm_opts *opts, uint64_t *quirks, cpm_diag *diag);
/* A fold becomes one SP. CPM_E_VALUE for control characters, white space at the edges and what is no UTF-8. */
int cpm_text_encode(char *dst, size_t cap, size_t *len, cpm_str text, cpm_diag *diag);

/* ---- a token with parameters: Info-Package, Recv-Info (RFC 6086 7), Answer-Mode (RFC 5373), Feature-Caps (RFC 6809), Session-ID
 *      (RFC 7989) ----------------------------------------------------------------------------------------------------------- */

typedef struct cpm_token_params { cpm_str token, params; } cpm_token_params;
int cpm_token_params_decode(cpm_token_params *out, cpm_str in, const cpm_opts *opts, cpm_diag *diag);
int cpm_token_params_next(cpm_str *rest, cpm_token_params *out, const cpm_opts *opts, cpm_diag *diag);
int cpm_token_params_encode(char *dst, size_t cap, size_t *len, const cpm_token_params *in, cpm_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
