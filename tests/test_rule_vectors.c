/* SPDX-License-Identifier: MIT */
/* What the vectors of tests/vectors/rules say of a grammar's rule, the decoder says as well that reads such a value: also where it takes
 * values that are written straight without a machine. A value that follows its rule may be refused for what it means (a number that is too
 * large, a part that stands twice), never for its syntax. */
#include "support.h"
#include "cpm/auth.h"
#include "cpm/cpim.h"
#include "cpm/dialog.h"
#include "cpm/mime.h"
#include "cpm/msrp.h"
#include "cpm/sdp.h"
#include "cpm/sip.h"
#include "cpm/uri.h"
#include "cpm/value.h"
#include <stdlib.h>
#include <string.h>

static const cpm_opts opts = { .refuse = CPM_QUIRK(SIP_EMPTY_ELEMENT) };   /* a list of one element has no comma beside it */

/* One element, and nothing behind it. */
#define ELEMENT(name, call) \
  static int name(cpm_str rest, cpm_diag *d) { \
    const int rc = call; \
    return rc != CPM_OK ? (rc == CPM_END ? CPM_E_TRUNCATED : rc) : call == CPM_END ? CPM_OK : CPM_E_SYNTAX; \
  }
#define VALUE(name, type, call) \
  static int name(cpm_str in, cpm_diag *d) { type out; return call; }

static cpm_address address_out;
static cpm_accept_contact contact_out;
static cpm_via via_out;
static cpm_warning warning_out;
static cpm_error_info info_out;
static cpm_security security_out;
static cpm_str text_out;
static cpm_contact full_contact_out;
static cpm_route route_out;
static cpm_history_info history_out;
static cpm_reason reason_out;
static cpm_accepted accepted_out;
static cpm_sip_event event_out;
static cpm_token_params tagged_out;
ELEMENT(address, cpm_address_next(&rest, &address_out, &opts, d))
ELEMENT(accept_contact, cpm_accept_contact_next(&rest, &contact_out, &opts, d))
ELEMENT(via, cpm_via_next(&rest, &via_out, &opts, d))
ELEMENT(warning, cpm_warning_next(&rest, &warning_out, &opts, d))
ELEMENT(error_info, cpm_error_info_next(&rest, &info_out, &opts, d))
ELEMENT(token, cpm_token_next(&rest, &text_out, &opts, d))
ELEMENT(service, cpm_service_next(&rest, &text_out, &opts, d))
ELEMENT(security, cpm_security_next(&rest, &security_out, &opts, d))
ELEMENT(contact, cpm_contact_next(&rest, &full_contact_out, &opts, d))
ELEMENT(route, cpm_route_next(&rest, &route_out, &opts, d))
ELEMENT(history, cpm_history_info_next(&rest, &history_out, &opts, d))
ELEMENT(reason, cpm_reason_next(&rest, &reason_out, &opts, d))
ELEMENT(encoding, cpm_accept_encoding_next(&rest, &accepted_out, &opts, d))
ELEMENT(language, cpm_accept_language_next(&rest, &accepted_out, &opts, d))
ELEMENT(event_type, cpm_sip_event_next(&rest, &event_out, &opts, d))
ELEMENT(tagged, cpm_token_params_next(&rest, &tagged_out, &opts, d))
ELEMENT(a_call_id, cpm_call_id_next(&rest, &text_out, &opts, d))
VALUE(event, cpm_sip_event, cpm_sip_event_decode(&out, in, NULL, d))
VALUE(substate, cpm_subscription_state, cpm_subscription_state_decode(&out, in, NULL, d))
VALUE(token_params, cpm_token_params, cpm_token_params_decode(&out, in, NULL, d))
VALUE(session_expires, cpm_session_expires, cpm_session_expires_decode(&out, in, NULL, d))
VALUE(min_se, cpm_min_se, cpm_min_se_decode(&out, in, NULL, d))
VALUE(retry_after, cpm_retry_after, cpm_retry_after_decode(&out, in, NULL, d))
VALUE(replaces, cpm_replaces, cpm_replaces_decode(&out, in, NULL, d))
VALUE(target_dialog, cpm_target_dialog, cpm_target_dialog_decode(&out, in, NULL, d))
VALUE(rack, cpm_rack, cpm_rack_decode(&out, in, NULL, d))
VALUE(timestamp, cpm_timestamp, cpm_timestamp_decode(&out, in, NULL, d))
VALUE(mime_version, cpm_mime_version, cpm_mime_version_decode(&out, in, NULL, d))
VALUE(uri, cpm_uri, cpm_uri_decode(&out, in, NULL, d))
VALUE(cseq, cpm_cseq, cpm_cseq_decode(&out, in, NULL, d))
VALUE(date, int64_t, cpm_date_decode(&out, in, NULL, NULL, d))
VALUE(datetime, int64_t, cpm_datetime_decode(&out, in, NULL, NULL, d))
VALUE(number, uint64_t, cpm_number_decode(&out, in, UINT64_MAX, NULL, d))
VALUE(qvalue, unsigned, cpm_q_decode(&out, in, d))
VALUE(call_id, cpm_str, cpm_call_id_decode(&out, in, NULL, d))
VALUE(id, cpm_str, cpm_id_decode(&out, in, NULL, d))
VALUE(privacy, unsigned, cpm_privacy_decode(&out, in, NULL, d))
VALUE(disposition, cpm_disposition, cpm_disposition_decode(&out, in, NULL, d))
VALUE(media_type, cpm_media_type, cpm_media_type_decode(&out, in, NULL, d))
VALUE(cpim_address, cpm_cpim_address, cpm_cpim_address_decode(&out, in, NULL, d))
VALUE(msrp_uri, cpm_msrp_uri, cpm_msrp_uri_decode(&out, in, NULL, d))
VALUE(msrp_range, cpm_msrp_range, cpm_msrp_range_decode(&out, in, NULL, NULL, d))
VALUE(msrp_expires, uint32_t, cpm_msrp_expires_decode(&out, in, d))
VALUE(msrp_nickname, cpm_str, cpm_msrp_nickname_decode(&out, in, d))
VALUE(auth, cpm_auth, cpm_auth_decode(&out, in, NULL, d))
VALUE(sdp_origin, cpm_sdp_origin, cpm_sdp_origin_decode(&out, in, d))
VALUE(sdp_connection, cpm_sdp_connection, cpm_sdp_connection_decode(&out, in, d))
VALUE(sdp_bandwidth, cpm_sdp_bandwidth, cpm_sdp_bandwidth_decode(&out, in, d))
VALUE(sdp_time, cpm_sdp_time, cpm_sdp_time_decode(&out, in, d))
VALUE(sdp_key, cpm_sdp_key, cpm_sdp_key_decode(&out, in, d))
VALUE(sdp_fingerprint, cpm_sdp_fingerprint, cpm_sdp_fingerprint_decode(&out, in, d))

static int sip(cpm_str in, cpm_diag *d) {
  cpm_sip_field fields[8];
  cpm_sip m = CPM_SIP_ROOM(fields);
  return cpm_sip_decode(&m, in, NULL, d);
}
static int cpim(cpm_str in, cpm_diag *d) {
  cpm_cpim_header headers[8];
  cpm_cpim m = { .headers = headers, .cap = 8 };
  return cpm_cpim_decode(&m, in, NULL, d);
}
static int multipart(cpm_str in, cpm_diag *d) {
  cpm_part parts[2];
  cpm_multipart m = { parts, 2, 0, 0 };
  return cpm_multipart_decode(&m, S("multipart/mixed;boundary=b"), in, NULL, d);
}
static int msrp(cpm_str in, cpm_diag *d) {
  cpm_msrp_field fields[8];
  cpm_msrp m = { .fields = fields, .cap = 8 };
  return cpm_msrp_decode(&m, in, NULL, d);
}
static int sdp(cpm_str in, cpm_diag *d) {
  cpm_sdp_line lines[16];
  cpm_sdp_media media[2];
  cpm_sdp out = { .lines = lines, .cap = 16, .media = media, .media_cap = 2 };
  return cpm_sdp_decode(&out, in, NULL, d);
}
static int sdp_msrp(cpm_str in, cpm_diag *d) {
  cpm_sdp_line lines[16];
  cpm_sdp_media media[2];
  cpm_sdp out = { .lines = lines, .cap = 16, .media = media, .media_cap = 2 };
  cpm_sdp_msrp m;
  const int rc = cpm_sdp_decode(&out, in, NULL, d);
  return rc ? rc : cpm_sdp_msrp_decode(&m, &out, 0, NULL, d);
}

/* ---- which rule, in front of and behind the value, who reads it ------------------------------------------------------ */

#define SIP   "OPTIONS sip:a@example.com SIP/2.0\r\n"
#define CPIM  "From: <sip:a@example.com>\r\nTo: <sip:b@example.com>\r\nDateTime: 2020-09-27T04:02:25.941Z\r\n"
#define PATHS "To-Path: msrp://b;tcp\r\nFrom-Path: msrp://a;tcp\r\n"
#define MSRP  "MSRP a786 "
#define END   "-------a786$\r\n"
#define O     "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\n"
#define OS    O "s=-\r\n"
#define C     "c=IN IP4 192.0.2.1\r\n"
#define T     "t=0 0\r\n"
#define M     "m=message 9 TCP/MSRP *\r\n"
#define PATH  "a=path:msrp://a/b;tcp\r\n"
#define TYPES "a=accept-types:*\r\n"
#define MEDIA OS C T M PATH TYPES

/* TAKEN: what is just outside of this rule may be inside of another that may stand there. TRIMS: there may be white space around it. */
enum { BOTH, TRIMS, TAKEN };

static const struct value_rule {
  const char *grammar, *rule, *before, *behind;
  int       (*read)(cpm_str in, cpm_diag *d);
  int         which;
} rules[] = {
  { "uri", "addr_spec", "", "", uri, BOTH },
  { "uri", "SIP_URI", "", "", uri, TAKEN },
  { "uri", "SIPS_URI", "", "", uri, TAKEN },
  { "uri", "TEL_URI", "", "", uri, TAKEN },
  { "uri", "OTHER_URI", "", "", uri, TAKEN },
  { "uri", "hostname", "sip:", "", uri, BOTH },
  { "uri", "IPv4address", "sip:", "", uri, BOTH },
  { "uri", "IPv6address", "sip:a@[", "]", uri, BOTH },
  { "uri", "IPv6reference", "sips:", "", uri, BOTH },
  { "uri", "host", "sip:a:b@", "", uri, BOTH },
  { "uri", "hostport", "sip:", ";lr", uri, BOTH },
  { "uri", "user", "sip:", "@b", uri, TAKEN },
  { "uri", "password", "sip:a:", "@b", uri, BOTH },
  { "uri", "uri_parameter", "sip:a;", "", uri, TAKEN },
  { "uri", "uri_parameters", "sip:a", "", uri, TAKEN },
  { "uri", "headers", "sip:a", "", uri, TAKEN },
  { "uri", "telephone_number", "tel:", "", uri, BOTH },
  { "uri", "tel_parameters", "tel:+1", "", uri, TAKEN },
  { "uri", "opaque", "x:", "", uri, BOTH },
  { "address", "address", "", "", address, BOTH },
  { "address", "name_addr", "", ";tag=a", address, TRIMS },
  { "address", "address_params", "<sip:a>", "", address, BOTH },
  { "accept_contact", "accept_contact", "", "", accept_contact, BOTH },
  { "via", "via", "", "", via, BOTH },
  { "via", "via_parm", "", "", via, BOTH },
  { "headers", "via_param", "SIP/2.0/UDP a;", "", via, BOTH },
  { "headers", "generic_param", "<sip:a>;", "", address, BOTH },
  { "headers", "quoted_string", "", "<sip:a>", address, TRIMS },
  { "headers", "Service_ID", "", "", service, BOTH },
  { "warning", "warning", "", "", warning, BOTH },
  { "error_info", "error_info", "", "", error_info, BOTH },
  { "token_list", "token_element", "", "", token, BOTH },
  { "service", "service", "", "", service, BOTH },
  { "network", "network_spec", "", "", security, BOTH },
  { "head", "token_head", "", "", reason, BOTH },
  { "head", "token_head", "", "", encoding, BOTH },
  { "head", "token_head", "", "", tagged, BOTH },
  { "head", "token_head", "", "", token_params, BOTH },
  { "head", "token_head", "", "", substate, BOTH },
  { "head", "event_head", "", "", event, BOTH },
  { "head", "event_type", "", "", event, TRIMS },
  { "head", "event_type", "", "", event_type, TRIMS },
  { "head", "language_head", "", "", language, BOTH },
  { "head", "language_range", "", ";q=0.5", language, TRIMS },
  { "head", "delta_head", "", "", min_se, BOTH },
  { "head", "delta_head", "", "", session_expires, BOTH },
  { "head", "delta_seconds", "", ";duration=1", retry_after, TRIMS },
  { "head", "callid", "", "", a_call_id, TRIMS },
  { "head", "callid", "", ";to-tag=a;from-tag=b", replaces, TAKEN },
  { "head", "callid", "", ";local-tag=a;remote-tag=b", target_dialog, TAKEN },
  { "named", "named_param", "SIP;", "", reason, TRIMS },
  { "named", "named_params", "SIP", "", reason, TAKEN },
  { "named", "named_params", "<sip:a>", "", contact, TRIMS },
  { "named", "named_params", "<sip:a>", "", route, TRIMS },
  { "named", "named_params", "<sip:a>", "", history, TRIMS },
  { "named", "named_params", "active", "", substate, TAKEN },
  { "named", "named_plain", "SIP;x=", "", reason, TRIMS },
  { "contact", "contact_param", "", "", contact, BOTH },
  { "route", "route_param", "", "", route, BOTH },
  { "route", "route_param", "", "", history, BOTH },
  { "count", "rack", "", "", rack, BOTH },
  { "count", "timestamp", "", "", timestamp, BOTH },
  { "count", "mime_version", "", "", mime_version, BOTH },
  { "cseq", "cseq", "", "", cseq, BOTH },
  { "date", "sip_date", "", "", date, BOTH },
  { "datetime", "date_time", "", "", datetime, BOTH },
  { "number", "number", "", "", number, BOTH },
  { "number", "qvalue", "", "", qvalue, BOTH },
  { "ids", "call_id", "", "", call_id, BOTH },
  { "ids", "id", "", "", id, BOTH },
  { "privacy", "privacy", "", "", privacy, BOTH },
  { "disposition", "content_disposition", "", "", disposition, BOTH },
  { "media_type", "media_type", "", "", media_type, TRIMS },
  { "auth", "challenge", "", "", auth, TRIMS },
  { "sip", "start_line", "", "\r\nl: 0\r\n\r\n", sip, BOTH },
  { "sip", "Request_Line", "", "\r\nl: 0\r\n\r\n", sip, TRIMS },
  { "sip", "Status_Line", "", "\r\nl: 0\r\n\r\n", sip, TRIMS },
  { "sip", "field_head", SIP, "a\r\nl: 0\r\n\r\n", sip, TAKEN },
  { "cpim", "Header", CPIM, "\r\n\r\nContent-Type: a/b\r\n\r\nx", cpim, TRIMS },
  { "cpim_address", "Address_value", "", "", cpim_address, BOTH },
  { "cpim_ns", "NS_header_value", CPIM "NS: ", "\r\n\r\nContent-Type: a/b\r\n\r\nx", cpim, TRIMS },
  { "mime_header", "mime_header", "--b\r\n", "\r\n\r\nx\r\n--b--\r\n", multipart, TRIMS },
  { "msrp", "req_start", "", "\r\n" PATHS END, msrp, TRIMS },
  { "msrp", "resp_start", "", "\r\n" PATHS END, msrp, TRIMS },
  { "msrp", "ext_header", MSRP "AUTH\r\n" PATHS, "\r\n" END, msrp, BOTH },
  { "msrp_uri", "MSRP_URI", "", "", msrp_uri, BOTH },
  { "msrp_value", "Byte_Range", "", "", msrp_range, BOTH },
  { "msrp_value", "Expires", "", "", msrp_expires, BOTH },
  { "msrp_value", "Use_Nickname", "", "", msrp_nickname, BOTH },
  { "msrp_value", "Status", MSRP "REPORT\r\n" PATHS "Message-ID: 1234\r\nByte-Range: 1-2/2\r\nStatus: ", "\r\n" END, msrp, TRIMS },
  { "msrp_value", "Success_Report", MSRP "SEND\r\n" PATHS "Message-ID: 1234\r\nSuccess-Report: ", "\r\n" END, msrp, TRIMS },
  { "msrp_value", "Failure_Report", MSRP "SEND\r\n" PATHS "Message-ID: 1234\r\nFailure-Report: ", "\r\n" END, msrp, BOTH },
  { "msrp_core", "ident", MSRP "SEND\r\n" PATHS "Message-ID: ", "\r\n" END, msrp, BOTH },
  { "sdp", "origin_field", "", "", sdp_origin, BOTH },
  { "sdp", "connection_field", "", "", sdp_connection, BOTH },
  { "sdp", "bandwidth_field", "", "", sdp_bandwidth, BOTH },
  { "sdp", "time_field", "", "", sdp_time, BOTH },
  { "sdp", "key_type", "", "", sdp_key, BOTH },
  { "sdp", "origin_field", "v=0\r\no=", "\r\ns=-\r\n" C T, sdp, BOTH },
  { "sdp", "session_name_field", O "s=", "\r\n" C T, sdp, TRIMS },
  { "sdp", "information_field", OS "i=", "\r\n" C T, sdp, TRIMS },
  { "sdp", "uri", OS "u=", "\r\n" C T, sdp, BOTH },
  { "sdp", "email_address", OS "e=", "\r\n" C T, sdp, BOTH },
  { "sdp", "phone_number", OS "p=", "\r\n" C T, sdp, BOTH },
  { "sdp", "connection_field", OS "c=", "\r\n" T, sdp, TRIMS },
  { "sdp", "bandwidth_field", OS C "b=", "\r\n" T, sdp, BOTH },
  { "sdp", "time_field", OS C "t=", "\r\n", sdp, TRIMS },
  { "sdp", "repeat_field", OS C T "r=", "\r\n", sdp, BOTH },
  { "sdp", "zone_field", OS C T "z=", "\r\n", sdp, BOTH },
  { "sdp", "key_type", OS C T "k=", "\r\n", sdp, TRIMS },
  { "sdp", "attribute", OS C T "a=", "\r\n", sdp, TRIMS },
  { "sdp", "media_field", OS C T "m=", "\r\n", sdp, TRIMS },
  { "sdp_attribute", "fingerprint", "", "", sdp_fingerprint, BOTH },
  { "sdp_attribute", "fingerprint", MEDIA "a=fingerprint:", "\r\n", sdp_msrp, TRIMS },
  { "sdp_attribute", "format_list", OS C T M PATH "a=accept-types:", "\r\n", sdp_msrp, TRIMS },
  { "sdp_attribute", "format_list", MEDIA "a=accept-wrapped-types:", "\r\n", sdp_msrp, TRIMS },
  { "msrp_uri", "MSRP_URI", OS C T M TYPES "a=path:", "\r\n", sdp_msrp, TRIMS },
  { "msrp_uri", "MSRP_URI", MSRP "AUTH\r\nTo-Path: ", "\r\nFrom-Path: msrp://a;tcp\r\n" END, msrp, TRIMS },
  { "sdp_attribute", "max_size", MEDIA "a=max-size:", "\r\n", sdp_msrp, TRIMS },
  { "sdp_attribute", "chatroom", MEDIA "a=chatroom:", "\r\n", sdp_msrp, TRIMS },
  { "sdp_attribute", "file_selector", MEDIA "a=file-selector:", "\r\n", sdp_msrp, TRIMS },
  { "sdp_attribute", "file_transfer_id", MEDIA "a=file-transfer-id:", "\r\n", sdp_msrp, BOTH },
  { "sdp_attribute", "file_disposition", MEDIA "a=file-disposition:", "\r\n", sdp_msrp, BOTH },
  { "sdp_attribute", "file_icon", MEDIA "a=file-icon:", "\r\n", sdp_msrp, BOTH },
  { "sdp_attribute", "file_range", MEDIA "a=file-range:", "\r\n", sdp_msrp, BOTH },
};

/* Did a machine refuse, or what stands for one? */
static bool refused(int rc) { return rc == CPM_E_SYNTAX || rc == CPM_E_TRUNCATED || rc == CPM_E_ESCAPE || rc == CPM_E_QUIRK; }

static bool spaced(cpm_str s) { return !s.n || cpm_str_trim(s).n != s.n; }

typedef struct run { const struct value_rule *rule; bool on; unsigned count, wrong; } run;

static void use_line(cpm_str line, unsigned number, void *ctx) {
  run *const r = ctx;
  if (!line.n || line.p[0] == '#') return;
  if (line.p[0] != ' ') r->on = cpm_str_eq(line, cpm_str_z(r->rule->rule));
  if (!r->on || line.n < 3 || line.p[0] != ' ' || line.p[2] == '=') return;
  const cpm_str value = line.n > 4 ? cpm_str_of(line.p + 4, line.n - 4) : cpm_str_of(line.p + line.n, 0);
  if (line.p[2] == '-' && (r->rule->which == TAKEN || (r->rule->which == TRIMS && spaced(value)))) return;
  const size_t before = strlen(r->rule->before), behind = strlen(r->rule->behind), n = before + value.n + behind;
  char *const text = malloc(n + 1);
  assert_non_null(text);
  memcpy(text, r->rule->before, before);
  memcpy(text + before, value.p, value.n);
  memcpy(text + before + value.n, r->rule->behind, behind);
  const cpm_str in = support_guard(cpm_str_of(text, n));
  cpm_diag d = { 0 };
  const int rc = r->rule->read(in, &d);
  r->count++;
  if (refused(rc) == (line.p[2] == '+')) {
    r->wrong++;
    fprintf(stderr, "tests/vectors/rules/%s.txt:%u: %s, behind \"%.20s\": %s, %s\n", r->rule->grammar, number, r->rule->rule, r->rule->before,
            cpm_status_name(rc), d.rule ? d.rule : "-");
  }
  support_unguard(in);
  free(text);
}

static void decoders_say_what_the_rules_say(void **state) {
  (void)state;
  unsigned wrong = 0;
  for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
    char path[256];
    snprintf(path, sizeof path, TESTS_DIR "/vectors/rules/%s.txt", rules[i].grammar);
    const cpm_str file = support_read(path);
    run r = { &rules[i], false, 0, 0 };
    support_every_line(file, use_line, &r);
    if (r.count < 2) fail_msg("%s has no vectors of %s", path, rules[i].rule);
    wrong += r.wrong;
    free((void *)(uintptr_t)file.p);
  }
  assert_int_equal(wrong, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = { cmocka_unit_test(decoders_say_what_the_rules_say) };
  return cmocka_run_group_tests_name("rule_vectors", tests, NULL, NULL);
}
