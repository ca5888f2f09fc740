/* SPDX-License-Identifier: MIT */
/* written.c - linked into a test program, its functions stand in the place of the encoders that the test calls: what they write goes, each
 * message once, into the capture file that CPM_WRITTEN names, as packets that begin with the dissector's name (LINKTYPE_WIRESHARK_UPPER_PDU).
 * A header field's value stands in a request of its own, a body in one of its type. */
#include "cpm/auth.h"
#include "cpm/cpim.h"
#include "cpm/dialog.h"
#include "cpm/document.h"
#include "cpm/imdn.h"
#include "cpm/iscomposing.h"
#include "cpm/mime.h"
#include "cpm/msrp.h"
#include "cpm/resource_lists.h"
#include "cpm/sdp.h"
#include "cpm/sip.h"
#include "cpm/uri.h"
#include "cpm/value.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the capture ------------------------------------------------------------------------------------------------------ */

enum { WRITTEN_MAX = 200000,             /* octets: a packet that is larger no reader takes */
       WRITTEN_KNOWN = 1 << 18,          /* messages that are told apart */
       LINKTYPE_UPPER_PDU = 252, TAG_DISSECTOR = 12 };

static uint64_t known[WRITTEN_KNOWN];
static char     message[WRITTEN_MAX];
static size_t   nmessage;

static void add(const char *p, size_t n) {
  if (n <= sizeof message - nmessage) memcpy(message + nmessage, p, n);
  nmessage += n;
}
static void add_text(const char *text) { add(text, strlen(text)); }

/* FNV-1a; false if it was there already, or the table is three quarters full. */
static bool is_new(const char *dissector) {
  static size_t count;
  uint64_t hash = UINT64_C(14695981039346656037) ^ (unsigned char)*dissector;
  for (size_t i = 0; i < nmessage; i++) hash = (hash ^ (unsigned char)message[i]) * UINT64_C(1099511628211);
  if (!hash) hash = 1;
  size_t at = (size_t)(hash % WRITTEN_KNOWN);
  for (; known[at]; at = (at + 1) % WRITTEN_KNOWN)
    if (known[at] == hash) return false;
  if (count >= WRITTEN_KNOWN / 4 * 3) return false;
  known[at] = hash;
  count++;
  return true;
}

static FILE *capture(void) {
  static FILE *file;
  static bool looked;
  const char *path = looked ? NULL : getenv("CPM_WRITTEN");
  looked = true;
  if (path && (file = fopen(path, "wb")) != NULL) {
    const uint32_t head[] = { 0xa1b2c3d4, 2 | 4 << 16, 0, 0, 262144, LINKTYPE_UPPER_PDU };
    fwrite(head, sizeof head, 1, file);
  }
  return file;
}

/* Writes the message, of "sip " or "msrp": four octets. */
static void keep(const char *dissector) {
  FILE *file = capture();
  if (file && nmessage <= sizeof message && is_new(dissector)) {
    const unsigned char tags[] = { 0, TAG_DISSECTOR, 0, 4, (unsigned char)dissector[0], (unsigned char)dissector[1], (unsigned char)dissector[2],
                                   dissector[3] == ' ' ? 0 : (unsigned char)dissector[3], 0, 0, 0, 0 };
    const uint32_t size = (uint32_t)(nmessage + sizeof tags), head[] = { 0, 0, size, size };
    fwrite(head, sizeof head, 1, file);
    fwrite(tags, sizeof tags, 1, file);
    fwrite(message, nmessage, 1, file);
    fflush(file);
  }
  nmessage = 0;
}

/* ---- where a value stands ---------------------------------------------------------------------------------------------- */

static const char *const others[][2] = {
  { "Via", "SIP/2.0/UDP a.example.com;branch=z9hG4bK1" }, { "Max-Forwards", "70" }, { "From", "<sip:alice@example.com>;tag=1" },
  { "To", "<sip:bob@example.com>" }, { "Call-ID", "1@a.example.com" }, { "CSeq", "1 MESSAGE" },
};

/* The head of a request up to "name: "; name NULL: up to the first line's end. */
static void add_head(const char *uri, size_t nuri, const char *name) {
  add_text("MESSAGE ");
  add(uri, nuri);
  add_text(" SIP/2.0\r\n");
  for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
    if (name && strcmp(name, others[i][0]) == 0) continue;
    add_text(others[i][0]);
    add_text(": ");
    add_text(others[i][1]);
    add_text("\r\n");
  }
  if (!name) return;
  add_text(name);
  add_text(": ");
}
#define BOB "sip:bob@example.com", sizeof "sip:bob@example.com" - 1

static void in_field(const char *name, const char *dst, size_t len) {
  add_head(BOB, name);
  add(dst, len);
  add_text("\r\n\r\n");
  keep("sip ");
}

/* A parameter of a Contact. */
static void in_contact(const char *none, const char *dst, size_t len) {
  (void)none;
  add_head(BOB, "Contact");
  add_text("<sip:alice@example.com>");
  add(dst, len);
  add_text("\r\n\r\n");
  keep("sip ");
}

static void in_request_line(const char *none, const char *dst, size_t len) {
  (void)none;
  add_head(dst, len, NULL);
  add_text("\r\n");
  keep("sip ");
}

/* A body; of a multipart the type has the boundary of its first line. */
static void in_body(const char *type, const char *dst, size_t len) {
  const char *end = memchr(dst, '\r', len);
  add_head(BOB, "Content-Type");
  add_text(type);
  if (strcmp(type, "multipart/mixed") == 0 && end && end - dst > 2) {
    add_text(";boundary=\"");
    add(dst + 2, (size_t)(end - dst) - 2);
    add_text("\"");
  }
  add_text("\r\n\r\n");
  add(dst, len);
  keep("sip ");
}

static void in_cpim(const char *name, const char *dst, size_t len) {
  add_head(BOB, "Content-Type");
  add_text("message/cpim\r\n\r\n");
  if (strcmp(name, "From") != 0) add_text("From: <sip:alice@example.com>\r\n");
  add_text("To: <sip:bob@example.com>\r\nNS: imdn <urn:ietf:params:imdn>\r\n");
  add_text(name);
  add_text(": ");
  add(dst, len);
  add_text("\r\n\r\nContent-Type: text/plain\r\n\r\nhello");
  keep("sip ");
}

static void in_selector(const char *none, const char *dst, size_t len) {
  (void)none;
  add_head(BOB, "Content-Type");
  add_text("application/sdp\r\n\r\nv=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=message 7001 TCP/MSRP *\r\na=file-selector:");
  add(dst, len);
  add_text("\r\n");
  keep("sip ");
}

static void in_sip(const char *none, const char *dst, size_t len) {
  (void)none;
  add(dst, len);
  keep("sip ");
}

/* A head has its end-line, or content follows: some, and the end-line. */
static void in_msrp(const char *none, const char *dst, size_t len) {
  (void)none;
  add(dst, len);
  if (len >= 4 && memcmp(dst + len - 4, "\r\n\r\n", 4) == 0) {
    const char *id = dst + sizeof "MSRP " - 1, *end = memchr(id, ' ', len - sizeof "MSRP " + 1);
    const char *cpim = "Content-Type: message/cpim\r\n\r\n";
    const size_t n = strlen(cpim);
    add_text(len > n && memcmp(dst + len - n, cpim, n) == 0 ? "From: <sip:alice@example.com>\r\n\r\nContent-Type: text/plain\r\n\r\nhello" : "hello");
    add_text("\r\n-------");
    add(id, end ? (size_t)(end - id) : 0);
    add_text("$\r\n");
  }
  keep("msrp");
}

static void in_path(const char *name, const char *dst, size_t len) {
  const bool path = strcmp(name, "To-Path") == 0;
  add_text("MSRP a786hjs2 ");
  add_text(path ? "SEND\r\nTo-Path: " : "NICKNAME\r\nTo-Path: msrp://b.example.com:7001/2;tcp");
  if (path) add(dst, len);
  add_text("\r\nFrom-Path: msrp://a.example.com:7001/1;tcp\r\n");
  if (!path) add_text("Use-Nickname: ");
  add(path ? "Message-ID: 1" : dst, path ? sizeof "Message-ID: 1" - 1 : len);
  add_text("\r\n-------a786hjs2$\r\n");
  keep("msrp");
}

/* ---- the encoders ------------------------------------------------------------------------------------------------------- */

/* NOLINTBEGIN: the linker's names */
#define WRAP(name, PARAMS, ARGS, where, what) \
  int __real_##name PARAMS; \
  int __wrap_##name PARAMS; \
  int __wrap_##name PARAMS { \
    const int rc = __real_##name ARGS; \
    if (rc == CPM_OK && dst) where((what), dst, *len); \
    return rc; \
  }
#define ONE(name, type, where, what) \
  WRAP(name, (char *dst, size_t cap, size_t *len, type in, cpm_diag *diag), (dst, cap, len, in, diag), where, what)

ONE(cpm_sip_encode, const cpm_sip *, in_sip, NULL)
ONE(cpm_msrp_encode, const cpm_msrp *, in_msrp, NULL)

ONE(cpm_cpim_encode, const cpm_cpim *, in_body, "message/cpim")
ONE(cpm_imdn_encode, const cpm_imdn *, in_body, "message/imdn+xml")
ONE(cpm_iscomposing_encode, const cpm_iscomposing *, in_body, "application/im-iscomposing+xml")
ONE(cpm_sdp_encode, const cpm_sdp *, in_body, "application/sdp")
ONE(cpm_document_encode, const cpm_document *, in_body, "application/xml")
WRAP(cpm_multipart_encode, (char *dst, size_t cap, size_t *len, const cpm_multipart *in, cpm_str boundary, cpm_diag *diag),
     (dst, cap, len, in, boundary, diag), in_body, "multipart/mixed")
WRAP(cpm_resource_lists_encode, (char *dst, size_t cap, size_t *len, const cpm_entry *in, size_t n, cpm_diag *diag), (dst, cap, len, in, n, diag),
     in_body, "application/resource-lists+xml")
WRAP(cpm_recipient_history_encode, (char *dst, size_t cap, size_t *len, const cpm_entry *in, size_t n, cpm_diag *diag),
     (dst, cap, len, in, n, diag), in_body, "application/resource-lists+xml")

ONE(cpm_cpim_address_encode, const cpm_cpim_address *, in_cpim, "From")
ONE(cpm_datetime_encode, int64_t, in_cpim, "DateTime")
ONE(cpm_disposition_notification_encode, unsigned, in_cpim, "imdn.Disposition-Notification")
ONE(cpm_sdp_selector_encode, const cpm_sdp_selector *, in_selector, NULL)
ONE(cpm_msrp_uri_encode, const cpm_msrp_uri *, in_path, "To-Path")
ONE(cpm_msrp_nickname_encode, cpm_str, in_path, "Use-Nickname")
ONE(cpm_uri_encode, const cpm_uri *, in_request_line, NULL)

ONE(cpm_auth_encode, const cpm_auth *, in_field, "WWW-Authenticate")
ONE(cpm_auth_info_encode, cpm_str, in_field, "Authentication-Info")
WRAP(cpm_digest_encode, (char *dst, size_t cap, size_t *len, const cpm_digest *in, cpm_digest_use use, cpm_diag *diag),
     (dst, cap, len, in, use, diag), in_field,
     use == CPM_DIGEST_CHALLENGE ? "WWW-Authenticate" : use == CPM_DIGEST_INFO ? "Authentication-Info" : "Authorization")
ONE(cpm_security_encode, const cpm_security *, in_field, "Security-Client")
ONE(cpm_access_network_encode, const cpm_access_network *, in_field, "P-Access-Network-Info")
ONE(cpm_charging_vector_encode, const cpm_charging *, in_field, "P-Charging-Vector")
ONE(cpm_charging_addresses_encode, const cpm_charging *, in_field, "P-Charging-Function-Addresses")
ONE(cpm_contact_encode, const cpm_contact *, in_field, "Contact")
WRAP(cpm_feature_encode, (char *dst, size_t cap, size_t *len, cpm_str name, const cpm_feature_value *in, size_t n, cpm_diag *diag),
     (dst, cap, len, name, in, n, diag), in_contact, NULL)
ONE(cpm_route_encode, const cpm_route *, in_field, "Route")
ONE(cpm_history_info_encode, const cpm_history_info *, in_field, "History-Info")
ONE(cpm_session_expires_encode, const cpm_session_expires *, in_field, "Session-Expires")
ONE(cpm_min_se_encode, const cpm_min_se *, in_field, "Min-SE")
ONE(cpm_retry_after_encode, const cpm_retry_after *, in_field, "Retry-After")
ONE(cpm_sip_event_encode, const cpm_sip_event *, in_field, "Event")
ONE(cpm_subscription_state_encode, const cpm_subscription_state *, in_field, "Subscription-State")
ONE(cpm_refer_sub_encode, const cpm_refer_sub *, in_field, "Refer-Sub")
ONE(cpm_replaces_encode, const cpm_replaces *, in_field, "Replaces")
ONE(cpm_join_encode, const cpm_replaces *, in_field, "Join")
ONE(cpm_target_dialog_encode, const cpm_target_dialog *, in_field, "Target-Dialog")
ONE(cpm_reason_encode, const cpm_reason *, in_field, "Reason")
ONE(cpm_rack_encode, const cpm_rack *, in_field, "RAck")
ONE(cpm_timestamp_encode, const cpm_timestamp *, in_field, "Timestamp")
ONE(cpm_mime_version_encode, const cpm_mime_version *, in_field, "MIME-Version")
ONE(cpm_accept_encoding_encode, const cpm_accepted *, in_field, "Accept-Encoding")
ONE(cpm_accept_language_encode, const cpm_accepted *, in_field, "Accept-Language")
ONE(cpm_text_encode, cpm_str, in_field, "Subject")
ONE(cpm_token_params_encode, const cpm_token_params *, in_field, "Answer-Mode")
ONE(cpm_media_type_encode, const cpm_media_type *, in_field, "Accept")
ONE(cpm_disposition_encode, const cpm_disposition *, in_field, "Content-Disposition")
WRAP(cpm_external_type_encode, (char *dst, size_t cap, size_t *len, const cpm_external_body *in, cpm_str url, cpm_diag *diag),
     (dst, cap, len, in, url, diag), in_field, "Accept")
ONE(cpm_address_encode, const cpm_address *, in_field, "From")
WRAP(cpm_accept_contact_encode, (char *dst, size_t cap, size_t *len, const cpm_str *icsi, size_t n, bool require, bool explicit_, cpm_diag *diag),
     (dst, cap, len, icsi, n, require, explicit_, diag), in_field, "Accept-Contact")
ONE(cpm_caller_preference_encode, const cpm_accept_contact *, in_field, "Accept-Contact")
ONE(cpm_service_encode, cpm_str, in_field, "P-Preferred-Service")
ONE(cpm_id_encode, cpm_str, in_field, "Contribution-ID")
ONE(cpm_call_id_encode, cpm_str, in_field, "Call-ID")
ONE(cpm_number_encode, uint64_t, in_field, "Expires")
ONE(cpm_cseq_encode, const cpm_cseq *, in_field, "CSeq")
ONE(cpm_date_encode, int64_t, in_field, "Date")
WRAP(cpm_token_encode, (char *dst, size_t cap, size_t *len, const cpm_str *in, size_t n, cpm_diag *diag), (dst, cap, len, in, n, diag),
     in_field, "Supported")
ONE(cpm_privacy_encode, unsigned, in_field, "Privacy")
ONE(cpm_product_encode, const cpm_product *, in_field, "User-Agent")
ONE(cpm_via_encode, const cpm_via *, in_field, "Via")
ONE(cpm_warning_encode, const cpm_warning *, in_field, "Warning")
ONE(cpm_error_info_encode, const cpm_error_info *, in_field, "Error-Info")
/* NOLINTEND */
