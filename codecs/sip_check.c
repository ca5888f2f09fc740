/* SPDX-License-Identifier: MIT */
/* sip_check.c - may a SIP element go on with this message? The type column of the registry says how each field is read. */
#include "cpm/auth.h"
#include "cpm/dialog.h"
#include "cpm/mime.h"
#include "internal.h"

typedef struct sip_checker {
  const cpm_sip       *msg;
  const cpm_sip_field *field;      /* the one under way */
  const cpm_opts      *opts;
  cpm_diag            *diag;
} sip_checker;

/* ---- one element of each type -------------------------------------------------------------------------------------- */

/* Contact: * asks to forget every registration: it stands alone, in a REGISTER, with Expires: 0 (RFC 3261 10.2.2, 10.3). */
static int sip_check_star(const sip_checker *c) {
  const cpm_sip *const msg = c->msg;
  size_t at = 0;
  uint64_t expires = 1;
  const bool alone = cpm_sip_find(msg, CPM_SIP_CONTACT, &at) == c->field && !cpm_sip_find(msg, CPM_SIP_CONTACT, &at)
                  && cpm_str_eq(c->field->value, cpm_str_of("*", 1));
  const cpm_str value = cpm_sip_value(msg, CPM_SIP_EXPIRES);
  const bool zero = cpm_number_decode(&expires, value, UINT32_MAX, NULL, NULL) == CPM_OK && expires == 0;
  if (alone && zero && !msg->status && msg->method == CPM_METHOD_REGISTER) return CPM_OK;
  return cpmi_fail(c->diag, CPM_E_VALUE, 0, "STAR", "RFC 3261 10.3");
}

/* uri is a slice of `from`, which the offset counts from. */
static int sip_check_uri(const sip_checker *c, cpm_str uri, cpm_str from) {
  cpm_uri u;
  const int rc = cpm_uri_decode(&u, uri, c->opts, c->diag);
  if (rc && c->diag) c->diag->off += (size_t)(uri.p - from.p);
  return rc;
}

static int sip_check_address(const sip_checker *c, const cpm_address *a, cpm_str from) {
  return a->star ? sip_check_star(c) : sip_check_uri(c, a->uri, from);
}

static int sip_one_address(const sip_checker *c, cpm_str value) {
  cpm_address a;
  const int rc = cpm_address_decode(&a, value, c->opts, c->diag);
  return rc ? rc : sip_check_address(c, &a, value);
}

static int sip_next_address(const sip_checker *c, cpm_str *rest) {
  cpm_address a;
  const cpm_str from = *rest;
  const int rc = cpm_address_next(rest, &a, c->opts, c->diag);
  return rc ? rc : sip_check_address(c, &a, from);
}

static int sip_next_contact(const sip_checker *c, cpm_str *rest) {
  cpm_contact contact;
  const cpm_str from = *rest;
  const int rc = cpm_contact_next(rest, &contact, c->opts, c->diag);
  return rc ? rc : sip_check_address(c, &contact.address, from);
}

static int sip_next_route(const sip_checker *c, cpm_str *rest) {
  cpm_route r;
  const cpm_str from = *rest;
  const int rc = cpm_route_next(rest, &r, c->opts, c->diag);
  return rc ? rc : sip_check_uri(c, r.uri, from);
}

static int sip_next_history_info(const sip_checker *c, cpm_str *rest) {
  cpm_history_info h;
  const cpm_str from = *rest;
  const int rc = cpm_history_info_next(rest, &h, c->opts, c->diag);
  return rc ? rc : sip_check_uri(c, h.uri, from);
}

static int sip_next_error_info(const sip_checker *c, cpm_str *rest) {
  cpm_error_info e;
  const cpm_str from = *rest;
  const int rc = cpm_error_info_next(rest, &e, c->opts, c->diag);
  return rc ? rc : sip_check_uri(c, e.uri, from);
}

static int sip_next_accept_contact(const sip_checker *c, cpm_str *rest) {
  cpm_accept_contact a;
  return cpm_accept_contact_next(rest, &a, c->opts, c->diag);
}

static int sip_one_media_type(const sip_checker *c, cpm_str value) {
  cpm_media_type t;
  return cpm_media_type_decode(&t, value, c->opts, c->diag);
}

static int sip_next_media_type(const sip_checker *c, cpm_str *rest) {
  cpm_media_type t;
  return cpm_media_type_next(rest, &t, c->opts, c->diag);
}

static int sip_one_disposition(const sip_checker *c, cpm_str value) {
  cpm_disposition d;
  return cpm_disposition_decode(&d, value, c->opts, c->diag);
}

static int sip_next_token(const sip_checker *c, cpm_str *rest) {
  cpm_str token;
  return cpm_token_next(rest, &token, c->opts, c->diag);
}

static int sip_next_service(const sip_checker *c, cpm_str *rest) {
  cpm_str urn;
  return cpm_service_next(rest, &urn, c->opts, c->diag);
}

static int sip_next_product(const sip_checker *c, cpm_str *rest) {
  cpm_product p;
  return cpm_product_next(rest, &p, c->opts, c->diag);
}

static int sip_next_via(const sip_checker *c, cpm_str *rest) {
  cpm_via v;
  return cpm_via_next(rest, &v, c->opts, c->diag);
}

static int sip_next_warning(const sip_checker *c, cpm_str *rest) {
  cpm_warning w;
  return cpm_warning_next(rest, &w, c->opts, c->diag);
}

static int sip_one_id(const sip_checker *c, cpm_str value) {
  cpm_str id;
  return cpm_id_decode(&id, value, c->opts, c->diag);
}

static int sip_one_call_id(const sip_checker *c, cpm_str value) {
  cpm_str id;
  return cpm_call_id_decode(&id, value, c->opts, c->diag);
}

static int sip_one_date(const sip_checker *c, cpm_str value) {
  int64_t ms;
  return cpm_date_decode(&ms, value, c->opts, NULL, c->diag);
}

static int sip_one_privacy(const sip_checker *c, cpm_str value) {
  unsigned set;
  return cpm_privacy_decode(&set, value, c->opts, c->diag);
}

/* Largest values: RFC 3261 20.22 and 20.19; Message-Expires as Expires; a length is held against the body elsewhere. */
static int sip_one_number(const sip_checker *c, cpm_str value) {
  uint64_t number;
  const cpm_sip_header id = c->field->id;
  const uint64_t max = id == CPM_SIP_MAX_FORWARDS ? 255 : id == CPM_SIP_CONTENT_LENGTH ? UINT64_MAX : UINT32_MAX;
  return cpm_number_decode(&number, value, max, c->opts, c->diag);
}

static cpm_str sip_method_of(const cpm_sip *msg) {
  return msg->method_name.p ? msg->method_name : cpm_sip_method_name(msg->method);
}

static int sip_one_cseq(const sip_checker *c, cpm_str value) {
  cpm_cseq cseq;
  const int rc = cpm_cseq_decode(&cseq, value, c->opts, c->diag);
  if (rc || c->msg->status || cpm_str_eq(cseq.method_name, sip_method_of(c->msg))) return rc;
  return cpmi_fail(c->diag, CPM_E_MISMATCH, (size_t)(cseq.method_name.p - value.p), "CSeq", "RFC 3261 8.1.1.5");
}

/* Values that nothing is asked of but that they can be read. */
#define SIP_ONE(name, value_type, decode) \
  static int sip_one_##name(const sip_checker *c, cpm_str in) { value_type value; return decode(&value, in, c->opts, c->diag); }
#define SIP_NEXT(name, value_type, next) \
  static int sip_next_##name(const sip_checker *c, cpm_str *rest) { value_type value; return next(rest, &value, c->opts, c->diag); }

SIP_NEXT(access_network, cpm_access_network, cpm_access_network_next)
SIP_NEXT(charging_addresses, cpm_charging, cpm_charging_addresses_next)
SIP_NEXT(security, cpm_security, cpm_security_next)
SIP_ONE(auth, cpm_auth, cpm_auth_decode)
SIP_ONE(auth_info, cpm_str, cpm_auth_info_decode)
SIP_ONE(charging_vector, cpm_charging, cpm_charging_vector_decode)
SIP_NEXT(accept_encoding, cpm_accepted, cpm_accept_encoding_next)
SIP_NEXT(accept_language, cpm_accepted, cpm_accept_language_next)
SIP_NEXT(call_id, cpm_str, cpm_call_id_next)
SIP_NEXT(event, cpm_sip_event, cpm_sip_event_next)
SIP_NEXT(reason, cpm_reason, cpm_reason_next)
SIP_NEXT(token_params, cpm_token_params, cpm_token_params_next)
SIP_ONE(event, cpm_sip_event, cpm_sip_event_decode)
SIP_ONE(join, cpm_replaces, cpm_join_decode)
SIP_ONE(mime_version, cpm_mime_version, cpm_mime_version_decode)
SIP_ONE(min_se, cpm_min_se, cpm_min_se_decode)
SIP_ONE(rack, cpm_rack, cpm_rack_decode)
SIP_ONE(refer_sub, cpm_refer_sub, cpm_refer_sub_decode)
SIP_ONE(replaces, cpm_replaces, cpm_replaces_decode)
SIP_ONE(retry_after, cpm_retry_after, cpm_retry_after_decode)
SIP_ONE(rseq, uint32_t, cpm_rseq_decode)
SIP_ONE(session_expires, cpm_session_expires, cpm_session_expires_decode)
SIP_ONE(subscription_state, cpm_subscription_state, cpm_subscription_state_decode)
SIP_ONE(target_dialog, cpm_target_dialog, cpm_target_dialog_decode)
SIP_ONE(timestamp, cpm_timestamp, cpm_timestamp_decode)
SIP_ONE(token, cpm_str, cpm_token_decode)
SIP_ONE(token_params, cpm_token_params, cpm_token_params_decode)

static int sip_one_text(const sip_checker *c, cpm_str value) {
  cpm_str text;
  return cpm_text_decode(&text, value, c->opts, NULL, c->diag);
}

/* ---- the types of the registry ------------------------------------------------------------------------------------- */

typedef int sip_one(const sip_checker *c, cpm_str value);
typedef int sip_next(const sip_checker *c, cpm_str *rest);

/* SIP_TYPES(type, one, next, may be empty): `one` reads the whole value of a field that holds no list, `next` an element of one that
 * does. */
#define SIP_TYPES(X) \
  X(RAW,                NULL,                       NULL,                        true) \
  X(ACCEPT_CONTACT,     NULL,                       sip_next_accept_contact,     false) \
  X(ACCEPT_ENCODING,    NULL,                       sip_next_accept_encoding,    true) \
  X(ACCEPT_LANGUAGE,    NULL,                       sip_next_accept_language,    true) \
  X(ACCESS_NETWORK,     NULL,                       sip_next_access_network,     false) \
  X(ADDRESS,            sip_one_address,            sip_next_address,            false) \
  X(AUTH,               sip_one_auth,               NULL,                        false) \
  X(AUTH_INFO,          sip_one_auth_info,          NULL,                        false) \
  X(CALL_ID,            sip_one_call_id,            sip_next_call_id,            false) \
  X(CHARGING_ADDRESSES, NULL,                       sip_next_charging_addresses, false) \
  X(CHARGING_VECTOR,    sip_one_charging_vector,    NULL,                        false) \
  X(CONTACT,            NULL,                       sip_next_contact,            false) \
  X(CSEQ,               sip_one_cseq,               NULL,                        false) \
  X(DATE,               sip_one_date,               NULL,                        false) \
  X(DISPOSITION,        sip_one_disposition,        NULL,                        false) \
  X(ERROR_INFO,         NULL,                       sip_next_error_info,         false) \
  X(EVENT,              sip_one_event,              sip_next_event,              false) \
  X(HISTORY_INFO,       NULL,                       sip_next_history_info,       false) \
  X(ID,                 sip_one_id,                 NULL,                        false) \
  X(JOIN,               sip_one_join,               NULL,                        false) \
  X(MEDIA_TYPE,         sip_one_media_type,         sip_next_media_type,         true) \
  X(MIME_VERSION,       sip_one_mime_version,       NULL,                        false) \
  X(MIN_SE,             sip_one_min_se,             NULL,                        false) \
  X(NUMBER,             sip_one_number,             NULL,                        false) \
  X(PRIVACY,            sip_one_privacy,            NULL,                        false) \
  X(PRODUCT,            NULL,                       sip_next_product,            false) \
  X(RACK,               sip_one_rack,               NULL,                        false) \
  X(REASON,             NULL,                       sip_next_reason,             false) \
  X(REFER_SUB,          sip_one_refer_sub,          NULL,                        false) \
  X(REPLACES,           sip_one_replaces,           NULL,                        false) \
  X(RETRY_AFTER,        sip_one_retry_after,        NULL,                        false) \
  X(ROUTE,              NULL,                       sip_next_route,              false) \
  X(RSEQ,               sip_one_rseq,               NULL,                        false) \
  X(SECURITY,           NULL,                       sip_next_security,           false) \
  X(SERVICE,            NULL,                       sip_next_service,            false) \
  X(SESSION_EXPIRES,    sip_one_session_expires,    NULL,                        false) \
  X(SUBSCRIPTION_STATE, sip_one_subscription_state, NULL,                        false) \
  X(TARGET_DIALOG,      sip_one_target_dialog,      NULL,                        false) \
  X(TEXT,               sip_one_text,               NULL,                        false) \
  X(TIMESTAMP,          sip_one_timestamp,          NULL,                        false) \
  X(TOKEN,              sip_one_token,              sip_next_token,              true) \
  X(TOKEN_PARAMS,       sip_one_token_params,       sip_next_token_params,       true) \
  X(VIA,                NULL,                       sip_next_via,                false) \
  X(WARNING,            NULL,                       sip_next_warning,            false)

enum {
#define SIP_TYPE_ENUM(type, one, next, empty) SIP_TYPE_##type,
  SIP_TYPES(SIP_TYPE_ENUM)
#undef SIP_TYPE_ENUM
  SIP_TYPE_COUNT
};

static const struct { sip_one *one; sip_next *next; bool empty; } sip_types[] = {
#define SIP_TYPE_ROW(type, one, next, empty) { one, next, empty },
  SIP_TYPES(SIP_TYPE_ROW)
#undef SIP_TYPE_ROW
};

static const unsigned char sip_type_of[] = {
  SIP_TYPE_RAW,
#define SIP_TYPE(id, name, compact, shape, type) SIP_TYPE_##type,
  CPM_SIP_HEADERS(SIP_TYPE)
#undef SIP_TYPE
};

/* ---- fields -------------------------------------------------------------------------------------------------------- */

static int sip_check_elements(sip_checker *c, cpm_str value, sip_next *next, bool empty) {
  cpm_str rest = value;
  for (size_t n = 0;; n++) {
    const size_t from = (size_t)(rest.p - value.p);
    const int rc = next(c, &rest);
    if (rc == CPM_END) return n || empty ? CPM_OK : cpmi_fail(c->diag, CPM_E_SYNTAX, 0, "header-value", "RFC 3261 7.3.1");
    if (rc && c->diag) c->diag->off += from;
    if (rc) return rc;
  }
}

/* The diag names the field; where in its value and by which clause is the decoder's word. */
static int sip_check_field(sip_checker *c) {
  const cpm_sip_header id = c->field->id;
  const cpm_str value = c->field->value.p ? c->field->value : cpm_str_of("", 0);
  const unsigned type = sip_type_of[id];
  int rc = CPM_OK;
  if (sip_types[type].one && cpm_sip_header_shape(id) != CPM_SIP_LIST) rc = sip_types[type].one(c, value);
  else if (sip_types[type].next) rc = sip_check_elements(c, value, sip_types[type].next, sip_types[type].empty);
  if (rc && c->diag) c->diag->rule = cpm_sip_header_name(id).p;
  return rc;
}

static int sip_check_fields(sip_checker *c) {
  bool seen[CPM_SIP_HEADER_COUNT] = { false };
  for (size_t i = 0; i < c->msg->nfields; i++) {
    c->field = &c->msg->fields[i];
    const cpm_sip_header id = c->field->id;
    if ((unsigned)id >= CPM_SIP_HEADER_COUNT) return cpmi_fail(c->diag, CPM_E_ARG, 0, "header-name", NULL);
    /* Whether two lengths are one was settled when the message was split. */
    if (seen[id] && cpm_sip_header_shape(id) == CPM_SIP_ONE && id != CPM_SIP_CONTENT_LENGTH)
      return cpmi_fail(c->diag, CPM_E_DUPLICATE, 0, cpm_sip_header_name(id).p, "RFC 3261 7.3.1");
    seen[id] = true;
    const int rc = sip_check_field(c);
    if (rc) return rc;
  }
  return CPM_OK;
}

static int sip_check_mandatory(const sip_checker *c) {
  static const cpm_sip_header mandatory[] = { CPM_SIP_TO,      CPM_SIP_FROM, CPM_SIP_CSEQ,
                                              CPM_SIP_CALL_ID, CPM_SIP_VIA,  CPM_SIP_MAX_FORWARDS };
  const size_t n = sizeof mandatory / sizeof *mandatory - (c->msg->status ? 1 : 0);
  for (size_t i = 0; i < n; i++)
    if (!cpm_sip_find(c->msg, mandatory[i], NULL))
      return cpmi_fail(c->diag, CPM_E_MISSING, 0, cpm_sip_header_name(mandatory[i]).p, "RFC 3261 8.1.1");
  return CPM_OK;
}

/* ---- the message --------------------------------------------------------------------------------------------------- */

static int sip_check_version(const sip_checker *c) {
  if (!c->msg->version.p || cpm_str_ieq(c->msg->version, cpm_str_of("SIP/2.0", 7))) return CPM_OK;
  return cpmi_fail(c->diag, CPM_E_UNSUPPORTED, 0, "SIP-Version", "RFC 3261 7.1");
}

/* Headers of a URI are no part of a Request-URI (RFC 3261 19.1.1). */
static int sip_check_request_uri(const sip_checker *c, unsigned *answer) {
  cpm_uri uri;
  const int rc = cpm_uri_decode(&uri, c->msg->request_uri, c->opts, c->diag);
  if (rc && c->diag) c->diag->rule = "Request-URI";
  if (rc) return rc;
  if (uri.headers.p)
    return cpmi_fail(c->diag, CPM_E_VALUE, (size_t)(uri.headers.p - uri.text.p), "Request-URI", "RFC 3261 19.1.1");
  if (uri.scheme != CPM_URI_OTHER) return CPM_OK;
  *answer = 416;
  return cpmi_fail(c->diag, CPM_E_UNSUPPORTED, 0, "Request-URI", "RFC 3261 8.2.2.1");
}

static int sip_check_message(sip_checker *c, unsigned *answer) {
  int rc = sip_check_version(c);
  *answer = rc ? 505 : 400;
  if (!rc) rc = sip_check_mandatory(c);
  if (!rc) rc = sip_check_fields(c);
  if (!rc && !c->msg->status) rc = sip_check_request_uri(c, answer);
  return rc;
}

int cpm_sip_check(const cpm_sip *msg, const cpm_opts *opts, unsigned *answer, cpm_diag *diag) {
  unsigned code = 0;
  if (answer) *answer = 0;
  if (!msg || (msg->nfields && !msg->fields)) return cpmi_fail(diag, CPM_E_ARG, 0, "fields", NULL);
  sip_checker c = { 0 };
  c.msg = msg;
  c.opts = opts;
  c.diag = diag;
  const int rc = sip_check_message(&c, &code);
  /* Nobody answers a response, nor an ACK (RFC 3261 17.1.1.3, 18.3). */
  const bool mute = msg->status || cpm_str_eq(sip_method_of(msg), cpm_str_of("ACK", 3));
  if (rc && rc != CPM_E_ARG && answer && !mute) *answer = code;
  return rc;
}
