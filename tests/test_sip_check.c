/* SPDX-License-Identifier: MIT */
#include "support.h"
#include "cpm/sip.h"
#include <stdlib.h>
#include <string.h>

#define LENGTH_OF(array) (sizeof(array) / sizeof *(array))

/* The lines of a sound request; a test leaves one out or puts another in its place. */
static const char *const sound[] = {
  "MESSAGE sip:bob@example.com SIP/2.0", "Via: SIP/2.0/UDP a.example.com;branch=z9hG4bKx", "From: <sip:alice@example.com>;tag=1",
  "To: <sip:bob@example.com>", "Call-ID: 1@a.example.com", "CSeq: 1 MESSAGE", "Max-Forwards: 70", "Content-Length: 0",
};

/* The sound request with line `at` replaced (LENGTH_OF(sound): one more line); NULL leaves it out. */
static int check(size_t at, const char *line, const cpm_opts *opts, unsigned *answer, cpm_diag *d) {
  static cpm_sip_field f[32];
  static char text[4096];
  cpm_sip m = CPM_SIP_ROOM(f);
  size_t n = 0;
  for (size_t i = 0; i <= LENGTH_OF(sound); i++) {
    const char *const use = i == at ? line : i < LENGTH_OF(sound) ? sound[i] : NULL;
    if (use) n += (size_t)snprintf(text + n, sizeof text - n, "%s\r\n", use);
  }
  n += (size_t)snprintf(text + n, sizeof text - n, "\r\n");
  memset(d, 0, sizeof *d);
  const int split = cpm_sip_decode(&m, cpm_str_of(text, n), NULL, d);
  assert_status(split, CPM_OK, d);
  return cpm_sip_check(&m, opts, answer, d);
}

#define assert_check(at, line, status, want, name) do { \
    unsigned answer_ = 9; cpm_diag d_; \
    assert_status(check(at, line, NULL, &answer_, &d_), status, &d_); \
    assert_int_equal(answer_, want); \
    if (status) { assert_string_equal(d_.rule, name); assert_int_equal(d_.code, status); assert_non_null(d_.clause); } \
  } while (0)

#define MORE LENGTH_OF(sound)

static void a_sound_request_passes(void **state) {
  (void)state;
  assert_check(0, sound[0], CPM_OK, 0, "");
  unsigned answer = 9;
  cpm_diag d;
  assert_int_equal(check(0, sound[0], NULL, NULL, &d), CPM_OK);
  assert_int_equal(check(2, NULL, NULL, NULL, &d), CPM_E_MISSING);
  assert_int_equal(check(2, NULL, NULL, &answer, &d), CPM_E_MISSING);
}

static void mandatory_fields_are_present(void **state) {
  (void)state;
  static const char *const names[] = { NULL, "Via", "From", "To", "Call-ID", "CSeq", "Max-Forwards" };
  for (size_t i = 1; i < LENGTH_OF(names); i++) assert_check(i, NULL, CPM_E_MISSING, 400, names[i]);
  assert_check(7, NULL, CPM_OK, 0, "");
}

static void what_may_stand_once_stands_once(void **state) {
  (void)state;
  for (size_t i = 2; i < 7; i++) {
    char name[32];
    snprintf(name, sizeof name, "%.*s", (int)strcspn(sound[i], ":"), sound[i]);
    assert_check(MORE, sound[i], CPM_E_DUPLICATE, 400, name);
  }
  assert_check(MORE, "t: <sip:bob@example.com>", CPM_E_DUPLICATE, 400, "To");
  assert_check(MORE, sound[1], CPM_OK, 0, "");
  assert_check(MORE, sound[7], CPM_OK, 0, "");
  assert_check(MORE, "X-Own: a\r\nX-Own: b", CPM_OK, 0, "");
  assert_check(MORE, "Subject: a\r\nSubject: b", CPM_E_DUPLICATE, 400, "Subject");
  assert_check(MORE, "Authorization: Digest a=b\r\nAuthorization: Digest c=d", CPM_OK, 0, "");
  assert_check(MORE, "Supported: a\r\nk: b", CPM_OK, 0, "");
}

static void the_version_is_two(void **state) {
  (void)state;
  assert_check(0, "MESSAGE sip:bob@example.com sip/2.0", CPM_OK, 0, "");
  assert_check(0, "MESSAGE sip:bob@example.com SIP/7.0", CPM_E_UNSUPPORTED, 505, "SIP-Version");
  assert_check(0, "MESSAGE sip:bob@example.com SIP/2.00", CPM_E_UNSUPPORTED, 505, "SIP-Version");
  assert_check(0, "MESSAGE sip:bob@example.com SIP/20.0", CPM_E_UNSUPPORTED, 505, "SIP-Version");
}

static void the_request_uri_can_be_used(void **state) {
  (void)state;
  assert_check(0, "MESSAGE sips:bob@[::1]:5061;lr SIP/2.0", CPM_OK, 0, "");
  assert_check(0, "MESSAGE tel:+12025550102 SIP/2.0", CPM_OK, 0, "");
  assert_check(0, "MESSAGE urn:service:sos SIP/2.0", CPM_E_UNSUPPORTED, 416, "Request-URI");
  assert_check(0, "MESSAGE nobodyKnowsThisScheme:totallyopaquecontent SIP/2.0", CPM_E_UNSUPPORTED, 416, "Request-URI");
  assert_check(0, "MESSAGE <sip:bob@example.com> SIP/2.0", CPM_E_SYNTAX, 400, "Request-URI");
  assert_check(0, "MESSAGE sip: SIP/2.0", CPM_E_TRUNCATED, 400, "Request-URI");
  assert_check(0, "MESSAGE sip:bob%4@example.com SIP/2.0", CPM_E_ESCAPE, 400, "Request-URI");
  assert_check(0, "MESSAGE sip:bob@example.com:65536 SIP/2.0", CPM_E_RANGE, 400, "Request-URI");
  assert_check(0, "MESSAGE sip:bob@example.com?Route=%3Csip:example.com%3E SIP/2.0", CPM_E_VALUE, 400, "Request-URI");
}

static void the_method_of_cseq_is_the_requests(void **state) {
  (void)state;
  assert_check(5, "CSeq: 1 INVITE", CPM_E_MISMATCH, 400, "CSeq");
  assert_check(5, "CSeq: 1 message", CPM_E_MISMATCH, 400, "CSeq");
  assert_check(5, "CSeq: 2147483648 MESSAGE", CPM_E_RANGE, 400, "CSeq");
  assert_check(0, "X-OWN sip:bob@example.com SIP/2.0", CPM_E_MISMATCH, 400, "CSeq");
}

/* A field of each type of the registry, with a value that its decoder refuses. */
static void every_typed_value_is_read(void **state) {
  (void)state;
  static const struct { const char *good, *bad, *name; } cases[] = {
    { "Accept: text/*;q=0.5, message/cpim",         "Accept: text/plain, cpim",            "Accept" },
    { "a: *;+g.3gpp.icsi-ref=\"urn%3Aa\";require",  "a: *;=x",                             "Accept-Contact" },
    { "Allow: MESSAGE, INVITE",                     "Allow: MESS AGE",                     "Allow" },
    { "Contact: <sip:a@b>, \"x\" <sip:c@d>;q=0.5",  "Contact: <sip:a@b>, <sip:c@d",        "Contact" },
    { "Content-Disposition: render;handling=optional", "Content-Disposition: ;a",          "Content-Disposition" },
    { "Content-Type: message/cpim",                 "Content-Type: message",               "Content-Type" },
    { "Contribution-ID: a///b",                     "Contribution-ID: a b",                "Contribution-ID" },
    { "Date: Sat, 13 Nov 2010 23:29:00 GMT",        "Date: Sat, 33 Nov 2010 23:29:00 GMT", "Date" },
    { "Error-Info: <sip:a@b>;c",                    "Error-Info: sip:a@b",                 "Error-Info" },
    { "Expires: 4294967295",                        "Expires: 4294967296",                 "Expires" },
    { "Message-Expires: 0",                         "Message-Expires: -1",                 "Message-Expires" },
    { "P-Asserted-Identity: <sip:a@b>, <tel:+1>",   "P-Asserted-Identity: <sip:a@b> x",    "P-Asserted-Identity" },
    { "P-Preferred-Service: urn:urn-7:3gpp-service.a", "P-Preferred-Service: sip:a",       "P-Preferred-Service" },
    { "Privacy: id;header",                         "Privacy: id;;header",                 "Privacy" },
    { "Referred-By: sip:a@b",                       "Referred-By: sip:a%@b",               "Referred-By" },
    { "Require: recipient-list-message",            "Require: a=b",                        "Require" },
    { "User-Agent: CPM-client/OMA2.2 (x)",          "User-Agent: CPM-client/OMA2.2 (x",    "User-Agent" },
    { "Warning: 399 h \"127 Service not authorised\"", "Warning: 399 h \"127",             "Warning" },
    { "v: SIP/2.0/TCP [::1]:5060;branch=z9hG4bKy",  "v: SIP/2.0/TCP [::1:5060",            "Via" },
    { "Path: <sip:p>",                              "Path: sip:p",                         "Path" },
    { "Accept-Encoding:",                           "Accept-Encoding: gzip;q=2",           "Accept-Encoding" },
    { "Accept-Language: da, en-gb;q=0.8",           "Accept-Language: en_gb",              "Accept-Language" },
    { "Alert-Info: <http://a.example.com/x.wav>",   "Alert-Info: http://a",                "Alert-Info" },
    { "u: conference, presence.winfo",              "u: conference;id=1",                  "Allow-Events" },
    { "Answer-Mode: Manual;require",                "Answer-Mode: Manual, Auto",           "Answer-Mode" },
    { "Call-Info: <sip:a@b>;purpose=icon",          "Call-Info: <sip:a@b",                 "Call-Info" },
    { "m: <sip:a@b>;+sip.instance=\"<urn:x>\";expires=soon", "m: <sip:a@b>;q=2",         "Contact" },
    { "CPM-Replaces: ec1d9638-f7cd-1038-9be9-a9c315c70d3a", "CPM-Replaces: a b",           "CPM-Replaces" },
    { "o: refer;id=93809824",                       "o: refer;id=\"x\"",                 "Event" },
    { "Feature-Caps: *;+g.3gpp.srvcc",              "Feature-Caps: *+g.3gpp.srvcc;",       "Feature-Caps" },
    { "Flow-Timer: 126",                            "Flow-Timer: 1.26",                    "Flow-Timer" },
    { "History-Info: <sip:a@b?Reason=SIP>;index=1", "History-Info: <sip:a@b>;index=a",     "History-Info" },
    { "In-Reply-To: 1@a, 2@b",                      "In-Reply-To: 1@a, 2@",                "In-Reply-To" },
    { "Info-Package: foo;x",                        "Info-Package: foo, bar",              "Info-Package" },
    { "Join: 1@a;to-tag=b;from-tag=c",              "Join: 1@a;to-tag=b",                  "Join" },
    { "Max-Breadth: 60",                            "Max-Breadth: 4294967296",             "Max-Breadth" },
    { "MIME-Version: 1.0",                          "MIME-Version: 1",                     "MIME-Version" },
    { "Min-Expires: 60",                            "Min-Expires: 1m",                     "Min-Expires" },
    { "Min-SE: 90;a",                               "Min-SE: 90, 91",                      "Min-SE" },
    { "Organization:",                              "Organization: a\x07",                 "Organization" },
    { "Permission-Missing: <sip:a@b>, <sip:c@d>",   "Permission-Missing: <sip:a@b>, <",    "Permission-Missing" },
    { "Priority: non-urgent",                       "Priority: urgent, normal",            "Priority" },
    { "Priv-Answer-Mode: Auto",                     "Priv-Answer-Mode: ",                  "Priv-Answer-Mode" },
    { "RAck: 776656 1 INVITE",                      "RAck: 0 1 INVITE",                    "RAck" },
    { "Reason: SIP;cause=200, Q.850;cause=16",      "Reason: SIP;cause=200, Q.850;cause=x", "Reason" },
    { "Record-Route: <sip:a;lr>,<sip:b;lr>",        "Record-Route: <sip:a;lr>,*",          "Record-Route" },
    { "Recv-Info: foo, bar;x",                      "Recv-Info: foo, bar x",               "Recv-Info" },
    { "Refer-Sub: false",                           "Refer-Sub: no",                       "Refer-Sub" },
    { "r: <sip:a@b?Replaces=1%40a%3Bto-tag%3Db>",   "r: <sip:a@b",                         "Refer-To" },
    { "j: *;methods=\"INVITE\", *;video",         "j: *;=x",                             "Reject-Contact" },
    { "Replaces: 1@a;to-tag=b;from-tag=c;early-only", "Replaces: 1@a;to-tag=b;to-tag=b;from-tag=c", "Replaces" },
    { "d: proxy, recurse",                          "d: proxy recurse",                    "Request-Disposition" },
    { "Retry-After: 5 (a (b));duration=1",          "Retry-After: 5 (a (b);duration=1",    "Retry-After" },
    { "Route: \"P\" <sip:a;lr>;x",                "Route: <sip:a%;lr>",                  "Route" },
    { "RSeq: 988789",                               "RSeq: 0",                             "RSeq" },
    { "Service-Route: <sip:a;lr>",                  "Service-Route: <sip:a:99999;lr>",     "Service-Route" },
    { "x: 1800;refresher=uac",                      "x: 1800;refresher=me",                "Session-Expires" },
    { "Session-ID: ab30317f1a784dc48ff824d0d3715d86;remote=0", "Session-ID: ;remote=0",    "Session-ID" },
    { "SIP-ETag: dx200xyz",                         "SIP-ETag: a, b",                      "SIP-ETag" },
    { "SIP-If-Match: dx200xyz",                     "SIP-If-Match: \"a\"",               "SIP-If-Match" },
    { "s: ",                                        "s: \x1b[31m",                         "Subject" },
    { "Subscription-State: terminated;reason=noresource", "Subscription-State: active;expires=-1", "Subscription-State" },
    { "Suppress-If-Match: *",                       "Suppress-If-Match: a b",              "Suppress-If-Match" },
    { "Target-Dialog: 1@a;local-tag=b;remote-tag=c", "Target-Dialog: 1@a;to-tag=b;from-tag=c", "Target-Dialog" },
    { "Timestamp: 54.28 .5",                        "Timestamp: 54,28",                    "Timestamp" },
    { "Unsupported: foo",                           "Unsupported: f/o",                    "Unsupported" },
    { "WWW-Authenticate: NoOne a=b",                "WWW-Authenticate: Digest realm",      "WWW-Authenticate" },
    { "Proxy-Authenticate: Digest realm=\"a\"",     "Proxy-Authenticate: Digest realm=\"a", "Proxy-Authenticate" },
    { "Authorization: Digest username=\"a\", nc=00000001", "Authorization: Digest nc=1, nc=1", "Authorization" },
    { "Proxy-Authorization: Digest a=b,c=d",        "Proxy-Authorization: a=b",            "Proxy-Authorization" },
    { "Authentication-Info: nextnonce=\"a\"",       "Authentication-Info: Digest a=b",     "Authentication-Info" },
    { "Proxy-Authentication-Info: qop=auth",        "Proxy-Authentication-Info: qop=",     "Proxy-Authentication-Info" },
    { "Security-Client: ipsec-3gpp;q=0.1, tls",     "Security-Client: tls, tls;q=2",       "Security-Client" },
    { "Security-Server: tls;q=0.2",                 "Security-Server: ;q=0.2",             "Security-Server" },
    { "Security-Verify: tls;d-ver=\"0\"",           "Security-Verify: tls;d-ver=\"0",      "Security-Verify" },
    { "P-Access-Network-Info: IEEE-802.11, ADSL;a", "P-Access-Network-Info: IEEE 802.11",  "P-Access-Network-Info" },
    { "P-Charging-Vector: icid-value=a;orig-ioi=b", "P-Charging-Vector: orig-ioi=b",       "P-Charging-Vector" },
    { "P-Charging-Function-Addresses: ccf=a, ecf=b", "P-Charging-Function-Addresses: ccf=", "P-Charging-Function-Addresses" },
    { "Supported:",                                 "Supported: a b",                      "Supported" },
    { "Accept:",                                    "Accept: /",                           "Accept" },
  };
  for (size_t i = 0; i < LENGTH_OF(cases); i++) {
    cpm_diag d;
    unsigned answer = 9;
    assert_status(check(MORE, cases[i].good, NULL, &answer, &d), CPM_OK, &d);
    assert_int_equal(answer, 0);
    if (check(MORE, cases[i].bad, NULL, &answer, &d) >= 0) fail_msg("%s", cases[i].bad);
    assert_int_equal(answer, 400);
    assert_string_equal(d.rule, cases[i].name);
  }
}

static void empty_values_are_refused_where_something_must_stand(void **state) {
  (void)state;
  static const char *const names[] = {
    "Via",          "Contact",     "Accept-Contact", "Warning", "P-Asserted-Identity", "Contribution-ID", "Expires",
    "Content-Type", "Referred-By", "Date",           "Privacy", "Content-Disposition", "Route",          "Event",
    "Allow-Events", "Reason",      "Refer-Sub",      "Replaces", "Session-Expires",    "Priority",       "History-Info",
    "In-Reply-To",  "Timestamp",   "RSeq",           "RAck",    "Subscription-State",  "MIME-Version",   "Retry-After",
    "Authorization", "WWW-Authenticate", "Authentication-Info", "Security-Client", "P-Access-Network-Info", "P-Charging-Vector",
    "P-Charging-Function-Addresses"
  };
  for (size_t i = 0; i < LENGTH_OF(names); i++) {
    char line[64];
    cpm_diag d;
    unsigned answer = 9;
    snprintf(line, sizeof line, "%s:", names[i]);
    if (check(MORE, line, NULL, &answer, &d) >= 0) fail_msg("%s", line);
    assert_int_equal(answer, 400);
    assert_string_equal(d.rule, names[i]);
    assert_int_equal(d.off, 0);
  }
}

static void the_uris_of_addresses_are_read(void **state) {
  (void)state;
  assert_check(2, "From: <sip:alice@-example.com>;tag=1", CPM_E_SYNTAX, 400, "From");
  assert_check(3, "To: <sip:bob@example.com:99999>", CPM_E_RANGE, 400, "To");
  assert_check(3, "To: <urn:anything>", CPM_OK, 0, "");
  assert_check(MORE, "Contact: <sip:a@b>, sip:a@b:99999", CPM_E_RANGE, 400, "Contact");
  assert_check(MORE, "Error-Info: <sip:a@b>, <sip:a@b:99999>", CPM_E_RANGE, 400, "Error-Info");
}

static void the_offset_counts_in_the_value_of_the_field(void **state) {
  (void)state;
  const struct { const char *line; size_t off;
  } cases[] = {
    { "Contact: <sip:a@b>, sip:a@b:99999", 19 },
    { "Contact: <sip:a@b>,\t<sip:a b>", 17 },
    { "Error-Info: <sip:a@b>, <sip:a@b:99999>", 20 },
    { "Referred-By: <sip:a%@b>", 6 },
    { "Referred-By: \"x\" <sip:a%@b>", 10 },
    { "Supported: a, b, c d", 8 },
    { "Max-Forwards: 256", 0 },
    { "Contact: <sip:a@b>, <sip:c@d>;q=2", 23 },
    { "Route: <sip:a;lr>, <sip:b:99999;lr>", 19 },
    { "History-Info: <sip:a>;index=1, <sip:b>;index=x", 31 },
    { "Reason: SIP;cause=200, Q.850;cause=x", 27 },
  };
  for (size_t i = 0; i < LENGTH_OF(cases); i++) {
    cpm_diag d;
    if (check(i == 6 ? 6 : MORE, cases[i].line, NULL, NULL, &d) >= 0) fail_msg("%s", cases[i].line);
    if (d.off != cases[i].off) fail_msg("%s: %zu", cases[i].line, d.off);
  }
}

static void hops_end_at_255(void **state) {
  (void)state;
  assert_check(6, "Max-Forwards: 255", CPM_OK, 0, "");
  assert_check(6, "Max-Forwards: 0", CPM_OK, 0, "");
  assert_check(6, "Max-Forwards: 256", CPM_E_RANGE, 400, "Max-Forwards");
  assert_check(6, "Max-Forwards: 18446744073709551686", CPM_E_RANGE, 400, "Max-Forwards");
}

#define REGISTER(lines) \
  "REGISTER sip:example.com SIP/2.0\r\nv: SIP/2.0/UDP a;branch=z9hG4bKx\r\nf: <sip:a@b>;tag=1\r\nt: <sip:a@b>\r\ni: 1\r\n" \
  "CSeq: 1 REGISTER\r\nMax-Forwards: 70\r\n" lines "l: 0\r\n\r\n"

static int check_text(cpm_str in, unsigned *answer, cpm_diag *d) {
  cpm_sip_field f[32];
  cpm_sip m = CPM_SIP_ROOM(f);
  const int rc = cpm_sip_decode(&m, in, NULL, d);
  assert_status(rc, CPM_OK, d);
  return cpm_sip_check(&m, NULL, answer, d);
}

static void contact_star_only_ends_every_registration(void **state) {
  (void)state;
  const struct { cpm_str in; int status; } cases[] = {
    { S(REGISTER("m: *\r\nExpires: 0\r\n")), CPM_OK },
    { S(REGISTER("m: *\r\n")), CPM_E_VALUE },
    { S(REGISTER("m: *\r\nExpires: 1\r\n")), CPM_E_VALUE },
    { S(REGISTER("m: *\r\nExpires: 18446744073709551616\r\n")), CPM_E_VALUE },
    { S(REGISTER("m: *, <sip:a@b>\r\nExpires: 0\r\n")), CPM_E_VALUE },
    { S(REGISTER("m: <sip:a@b>, *\r\nExpires: 0\r\n")), CPM_E_VALUE },
    { S(REGISTER("m: *\r\nm: <sip:a@b>\r\nExpires: 0\r\n")), CPM_E_VALUE },
    { S(REGISTER("m: <sip:a@b>\r\nm: *\r\nExpires: 0\r\n")), CPM_E_VALUE },
  };
  for (size_t i = 0; i < LENGTH_OF(cases); i++) {
    cpm_diag d = { 0 };
    unsigned answer = 9;
    assert_status(check_text(cases[i].in, &answer, &d), cases[i].status, &d);
    assert_int_equal(answer, cases[i].status ? 400 : 0);
  }
  assert_check(MORE, "Contact: *\r\nExpires: 0", CPM_E_VALUE, 400, "Contact");
  assert_check(2, "From: *", CPM_E_VALUE, 400, "From");
}

#define RESPONSE(line) \
  "SIP/2.0 200 OK\r\nv: SIP/2.0/UDP a;branch=z9hG4bKx\r\nf: <sip:a@b>;tag=1\r\nt: <sip:a@b>;tag=2\r\ni: 1\r\n" line "l: 0\r\n\r\n"

static void nobody_answers_a_response_or_an_ack(void **state) {
  (void)state;
  cpm_diag d = { 0 };
  unsigned answer = 9;
  assert_status(check_text(S(RESPONSE("CSeq: 1 MESSAGE\r\n")), &answer, &d), CPM_OK, &d);
  assert_int_equal(answer, 0);
  assert_status(check_text(S(RESPONSE("CSeq: 1 X-OWN\r\n")), &answer, &d), CPM_OK, &d);
  assert_status(check_text(S(RESPONSE("")), &answer, &d), CPM_E_MISSING, &d);
  assert_int_equal(answer, 0);
  assert_status(check_text(S(RESPONSE("CSeq: 1 MESSAGE\r\nMax-Forwards: 70\r\n")), &answer, &d), CPM_OK, &d);
  assert_status(check_text(S("ACK sip:a SIP/2.0\r\nl:0\r\n\r\n"), &answer, &d), CPM_E_MISSING, &d);
  assert_int_equal(answer, 0);
  assert_status(check_text(S("BYE sip:a SIP/2.0\r\nl:0\r\n\r\n"), &answer, &d), CPM_E_MISSING, &d);
  assert_int_equal(answer, 400);
}

static void a_view_that_a_host_filled_is_checked_too(void **state) {
  (void)state;
  cpm_sip_field f[7];
  cpm_sip m = CPM_SIP_ROOM(f);
  memset(f, 0, sizeof f);
  const struct { cpm_sip_header id; cpm_str value;
  } fields[] = {
    { CPM_SIP_VIA, S("SIP/2.0/UDP a") },
    { CPM_SIP_FROM, S("<sip:a@b>;tag=1") },
    { CPM_SIP_TO, S("<sip:a@b>") },
    { CPM_SIP_CALL_ID, S("1") },
    { CPM_SIP_CSEQ, S("1 BYE") },
    { CPM_SIP_MAX_FORWARDS, S("1") },
    { CPM_SIP_CONTENT_LENGTH, S("18446744073709551615") },
  };
  for (size_t i = 0; i < LENGTH_OF(fields); i++) { f[i].id = fields[i].id; f[i].value = fields[i].value; }
  m.nfields = LENGTH_OF(fields);
  m.method = CPM_METHOD_BYE;
  m.request_uri = S("sip:a");
  cpm_diag d = { 0 };
  unsigned answer = 9;
  assert_status(cpm_sip_check(&m, NULL, &answer, &d), CPM_OK, &d);
  f[6].id = CPM_SIP_HEADER_COUNT;
  assert_status(cpm_sip_check(&m, NULL, &answer, &d), CPM_E_ARG, &d);
  assert_int_equal(answer, 0);
  m.nfields--;
  f[0].value = cpm_str_none();
  assert_status(cpm_sip_check(&m, NULL, &answer, &d), CPM_E_SYNTAX, &d);
  f[0].value = S("SIP/2.0/UDP a");
  f[3].value = cpm_str_none();
  assert_status(cpm_sip_check(&m, NULL, &answer, &d), CPM_E_TRUNCATED, &d);
  f[3].value = S("1");
  m.request_uri = cpm_str_none();
  assert_true(cpm_sip_check(&m, NULL, &answer, &d) < 0);
  m.fields = NULL;
  assert_status(cpm_sip_check(&m, NULL, &answer, &d), CPM_E_ARG, &d);
  assert_int_equal(answer, 0);
  assert_int_equal(cpm_sip_check(NULL, NULL, NULL, NULL), CPM_E_ARG);
}

/* Deviations of real peers in typed values: taken, and refused on request. */
static void a_quirk_of_a_value_is_refused_on_request(void **state) {
  (void)state;
  static const struct { const char *line; uint64_t quirk;
  } cases[] = {
    { "Contact: sip:a@192.0.2.1:5060;transport=tcp;+sip.instance=\"<urn:gsma:imei:35000000-000000-0>\"",
      CPM_QUIRK(SIP_BARE_ADDRESS) },
    { "Referred-By: sip:a@b;c=d", CPM_QUIRK(SIP_BARE_ADDRESS) },
    { "User-Agent: CPM-client/OMA2.2 term-Example/MI 6-8.0.0 =x", CPM_QUIRK(SIP_PRODUCT) },
    { "Accept-Contact: *;+g.3gpp.icsi-ref=\"urn:urn-7:3gpp-service.ims.icsi.oma.cpm.msg\"", CPM_QUIRK(SIP_ICSI) },
    { "Warning: 399 \"127 Service not authorized\"", CPM_QUIRK(SIP_WARNING) },
    { "Date: Sat, 13 Nov 2010 23:29:00 UTC", CPM_QUIRK(SIP_DATE) },
    { "Supported: a,,b", CPM_QUIRK(SIP_EMPTY_ELEMENT) },
    { "Content-Type: text/plain;", CPM_QUIRK(MIME_TRAILING_SEMI) },
    { "Content-Type: image/*", CPM_QUIRK(MIME_WILDCARD) },
  };
  for (size_t i = 0; i < LENGTH_OF(cases); i++) {
    cpm_opts opts = { 0 };
    cpm_diag d;
    unsigned answer = 9;
    opts.refuse = ~cases[i].quirk;
    assert_status(check(MORE, cases[i].line, &opts, &answer, &d), CPM_OK, &d);
    opts.refuse = cases[i].quirk;
    assert_status(check(MORE, cases[i].line, &opts, &answer, &d), CPM_E_QUIRK, &d);
    assert_int_equal(answer, 400);
  }
}

/* What peers send that the grammar allows: ids with "/" and without hyphens, several Supported, no SP behind ":". */
static void what_peers_send_passes(void **state) {
  (void)state;
  assert_check(4, "Call-ID:a///b@c", CPM_OK, 0, "");
  assert_check(MORE, "Expires:36000\r\nSupported:timer\r\nSupported:100rel", CPM_OK, 0, "");
  assert_check(MORE, "Contribution-ID: d5e4121aeec2cc59546ebaef8966ef185a2f37f0\r\nConversation-ID: ace-135-a///b@c", CPM_OK, 0,
               "");
  assert_check(MORE, "P-Preferred-Identity: tel:+12025550101", CPM_OK, 0, "");
  assert_check(MORE, "Content-Type: multipart/mixed;boundary=b", CPM_OK, 0, "");
}

/* Inputs that broke other parsers: empty and missing parts, parts that are longer than anybody expects. */
static void broken_fields_of_the_past_are_refused(void **state) {
  (void)state;
  assert_check(1, "Via: SIP/2.0/UDP", CPM_E_TRUNCATED, 400, "Via");
  assert_check(1, "Via: SIP/2.0/UDP ;branch=z9hG4bKx", CPM_E_SYNTAX, 400, "Via");
  assert_check(1, "Via: SIP/2.0/UDP a;branch=", CPM_E_TRUNCATED, 400, "Via");
  assert_check(3, "To: <sip:bob@example.com>;tag=", CPM_E_TRUNCATED, 400, "To");
  assert_check(3, "To: \"bob\\\" <sip:bob@example.com>", CPM_E_TRUNCATED, 400, "To");
  assert_check(3, "To: <sip:bob@example.com", CPM_E_TRUNCATED, 400, "To");
  assert_check(3, "To: <>", CPM_E_SYNTAX, 400, "To");
  assert_check(3, "To: <sip:@example.com>", CPM_E_SYNTAX, 400, "To");
  assert_check(MORE, "Contact: %", CPM_E_TRUNCATED, 400, "Contact");
  assert_check(MORE, "Contact: <sip:a%>", CPM_E_ESCAPE, 400, "Contact");
}

static void long_parts_are_read_whole(void **state) {
  (void)state;
  char run[1001], line[5][1100];
  memset(run, 'A', 1000);
  run[1000] = '\0';
  snprintf(line[0], sizeof line[0], "Via: SIP/2.0/UDP a;branch=%s", run);
  snprintf(line[1], sizeof line[1], "From: <sip:alice@example.com>;tag=%s", run);
  snprintf(line[2], sizeof line[2], "To: <sip:%s@example.com>", run);
  snprintf(line[3], sizeof line[3], "Call-ID: %s", run);
  for (size_t i = 0; i < 4; i++) assert_check(i + 1, line[i], CPM_OK, 0, "");
  snprintf(line[4], sizeof line[4], "CSeq: 1 %s", run);
  assert_check(5, line[4], CPM_E_MISMATCH, 400, "CSeq");
}

/* ---- vectors ------------------------------------------------------------------------------------------------------- */

static void dump(cpm_str in, FILE *out) {
  cpm_sip_field f[64];
  cpm_sip m = CPM_SIP_ROOM(f);
  cpm_diag d = { 0 };
  unsigned answer = 0;
  int rc = cpm_sip_decode(&m, in, NULL, &d);
  const char *const step = rc ? "decode" : "check";
  if (!rc) rc = cpm_sip_check(&m, NULL, &answer, &d);
  fprintf(out, "%s: %s", step, cpm_status_name(rc));
  if (rc) fprintf(out, " at %zu: %s (%s)", d.off, d.rule, d.clause ? d.clause : "-");
  fprintf(out, "\nanswer %u\n", answer);
}

static void vectors(void **state) {
  (void)state;
  support_vectors("sip_check", dump);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_sound_request_passes),
    cmocka_unit_test(mandatory_fields_are_present),
    cmocka_unit_test(what_may_stand_once_stands_once),
    cmocka_unit_test(the_version_is_two),
    cmocka_unit_test(the_request_uri_can_be_used),
    cmocka_unit_test(the_method_of_cseq_is_the_requests),
    cmocka_unit_test(every_typed_value_is_read),
    cmocka_unit_test(empty_values_are_refused_where_something_must_stand),
    cmocka_unit_test(the_uris_of_addresses_are_read),
    cmocka_unit_test(the_offset_counts_in_the_value_of_the_field),
    cmocka_unit_test(hops_end_at_255),
    cmocka_unit_test(contact_star_only_ends_every_registration),
    cmocka_unit_test(nobody_answers_a_response_or_an_ack),
    cmocka_unit_test(a_view_that_a_host_filled_is_checked_too),
    cmocka_unit_test(a_quirk_of_a_value_is_refused_on_request),
    cmocka_unit_test(what_peers_send_passes),
    cmocka_unit_test(broken_fields_of_the_past_are_refused),
    cmocka_unit_test(long_parts_are_read_whole),
    cmocka_unit_test(vectors),
  };
  return cmocka_run_group_tests_name("sip_check", tests, NULL, NULL);
}
