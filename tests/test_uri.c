/* SPDX-License-Identifier: MIT */
#include "support.h"
#include "cpm/uri.h"
#include <stdlib.h>
#include <string.h>

static cpm_uri read_uri(const char *text) {
  cpm_uri u;
  cpm_diag d = { 0 };
  assert_status(cpm_uri_decode(&u, cpm_str_z(text), NULL, &d), CPM_OK, &d);
  return u;
}

#define assert_refused(input, status, at) do { \
    cpm_uri u_; cpm_diag d_ = { 0 }; \
    assert_status(cpm_uri_decode(&u_, S(input), NULL, &d_), status, &d_); \
    assert_int_equal(d_.code, status); assert_int_equal(d_.off, at); assert_non_null(d_.rule); assert_null(u_.text.p); \
  } while (0)

/* The key, in *size bytes; never 16 bytes longer than the URI. */
static const char *key_of(const char *text, char *buf, size_t *size) {
  const cpm_uri u = read_uri(text);
  assert_status(cpm_uri_key(NULL, 0, size, &u), CPM_OK, NULL);
  assert_true(*size <= strlen(text) + 16);
  assert_status(cpm_uri_key(buf, *size, size, &u), CPM_OK, NULL);
  return buf;
}

static bool same_key(const char *a, const char *b) {
  char x[256], y[256];
  size_t m = 0, n = 0;
  key_of(a, x, &m);
  key_of(b, y, &n);
  return m == n && memcmp(x, y, m) == 0;
}

static void equal(const char *a, const char *b) {
  if (!same_key(a, b)) fail_msg("%s and %s have different keys", a, b);
  if (!cpm_uri_text_equal(cpm_str_z(a), cpm_str_z(b)) || !cpm_uri_text_equal(cpm_str_z(b), cpm_str_z(a)))
    fail_msg("%s and %s differ", a, b);
}

static void differ(const char *a, const char *b) {
  read_uri(a);
  read_uri(b);
  if (cpm_uri_text_equal(cpm_str_z(a), cpm_str_z(b)) || cpm_uri_text_equal(cpm_str_z(b), cpm_str_z(a)))
    fail_msg("%s and %s are equal", a, b);
}

/* ---- reading ------------------------------------------------------------------------------------------------------- */

static void every_part_of_a_sip_uri_is_a_slice(void **state) {
  (void)state;
  const cpm_uri u = read_uri("sips:alice:secret@[2001:db8::1]:5071;transport=tcp;lr?Subject=a%20b&to=x");
  assert_int_equal(u.scheme, CPM_URI_SIPS);
  assert_str(u.scheme_name, "sips");
  assert_str(u.user, "alice");
  assert_str(u.password, "secret");
  assert_str(u.host, "2001:db8::1");
  assert_true(u.host_is_ipv6);
  assert_true(u.has_port);
  assert_int_equal(u.port, 5071);
  assert_str(u.params, ";transport=tcp;lr");
  assert_str(u.headers, "Subject=a%20b&to=x");
  assert_null(u.opaque.p);
}

static void parts_that_are_not_there_are_absent(void **state) {
  (void)state;
  const cpm_uri u = read_uri("sip:example.com");
  assert_null(u.user.p);
  assert_null(u.password.p);
  assert_null(u.params.p);
  assert_null(u.headers.p);
  assert_false(u.has_port);
  assert_null(read_uri("sip:a@b").password.p);
  assert_str(read_uri("sip:a:@b").password, "");
  assert_null(read_uri("tel:+1").params.p);
  assert_null(read_uri("tel:+1").host.p);
}

/* All that stands before "@" is user, even if it could be a host with parameters (RFC 3261 25.1 user-unreserved). */
static void a_user_may_hold_what_looks_like_parameters(void **state) {
  (void)state;
  const cpm_uri u = read_uri("sip:alice;day=tuesday?x=y@atlanta.com");
  assert_str(u.user, "alice;day=tuesday?x=y");
  assert_str(u.host, "atlanta.com");
  assert_null(u.params.p);
  assert_null(u.headers.p);
  const cpm_uri v = read_uri("sip:host.example:123@other.example");
  assert_str(v.user, "host.example");
  assert_str(v.password, "123");
  assert_str(v.host, "other.example");
  assert_false(v.has_port);
}

static void hosts_are_names_ipv4_and_ipv6(void **state) {
  (void)state;
  assert_str(read_uri("sip:a@example.com.").host, "example.com.");
  assert_str(read_uri("sip:a@1.2.3.example").host, "1.2.3.example");
  assert_str(read_uri("sip:a@192.0.2.255").host, "192.0.2.255");
  static const char *const v6[] = { "::",
                                    "::1",
                                    "1::",
                                    "1:2:3:4:5:6:7:8",
                                    "1:2:3:4:5:6:7::",
                                    "::2:3:4:5:6:7:8",
                                    "1::8",
                                    "::ffff:192.0.2.1",
                                    "1:2:3:4:5:6:192.0.2.1",
                                    "1::4:5:192.0.2.1",
                                    "1:2:3:4::7:8",
                                    "fe80::ABCD" };
  for (size_t i = 0; i < sizeof v6 / sizeof *v6; i++) {
    char text[80];
    snprintf(text, sizeof text, "sip:[%s]", v6[i]);
    const cpm_uri u = read_uri(text);
    assert_true(u.host_is_ipv6);
    assert_true(cpm_str_eq(u.host, cpm_str_z(v6[i])));
  }
}

static void hosts_that_are_none_are_refused_with_their_offset(void **state) {
  (void)state;
  assert_refused("sip:-a", CPM_E_TRUNCATED, 6);
  assert_refused("sip:a@-a", CPM_E_SYNTAX, 6);
  assert_refused("sip:a@b..c", CPM_E_SYNTAX, 8);
  assert_refused("sip:a@b-", CPM_E_TRUNCATED, 8);
  assert_refused("sip:a@256.1.1.1", CPM_E_TRUNCATED, 15);
  assert_refused("sip:a@1.2.3", CPM_E_TRUNCATED, 11);
  assert_refused("sip:[1::2::3]", CPM_E_SYNTAX, 10);
  assert_refused("sip:[1:2:3:4:5:6:7:8:9]", CPM_E_SYNTAX, 20);
  assert_refused("sip:[1:2]", CPM_E_SYNTAX, 8);
  assert_refused("sip:[12345::]", CPM_E_SYNTAX, 9);
  assert_refused("sip:[::1", CPM_E_TRUNCATED, 8);
  assert_refused("sip:a@[]", CPM_E_SYNTAX, 7);
  assert_refused("sip:a@", CPM_E_TRUNCATED, 6);
  assert_refused("sip:@b", CPM_E_SYNTAX, 4);
  assert_refused("sip:a@b@c", CPM_E_SYNTAX, 7);
}

static void ports_are_16_bits(void **state) {
  (void)state;
  assert_int_equal(read_uri("sip:a@b:65535").port, 65535);
  assert_int_equal(read_uri("sip:a@b:0005060").port, 5060);
  assert_refused("sip:a@b:65536", CPM_E_RANGE, 8);
  assert_refused("sip:a@b:4294972356", CPM_E_RANGE, 8);
  assert_refused("sip:a@b:18446744073709556676", CPM_E_RANGE, 8);
  assert_refused("sip:a@b:-1", CPM_E_SYNTAX, 8);
  assert_refused("sip:a@b:", CPM_E_TRUNCATED, 8);
}

static void an_escape_needs_two_hex_digits(void **state) {
  (void)state;
  assert_refused("sip:a%", CPM_E_ESCAPE, 5);
  assert_refused("sip:a%4", CPM_E_ESCAPE, 5);
  assert_refused("sip:a%4g@b", CPM_E_ESCAPE, 5);
  assert_refused("sip:a%%41@b", CPM_E_ESCAPE, 5);
  assert_refused("sip:a@b;c=%", CPM_E_ESCAPE, 10);
  assert_refused("sip:a@b?c=%q1", CPM_E_ESCAPE, 10);
  assert_refused("urn:a%", CPM_E_ESCAPE, 5);
}

static void other_bytes_are_refused_wherever_they_stand(void **state) {
  (void)state;
  assert_refused("", CPM_E_TRUNCATED, 0);
  assert_refused(" sip:a@b", CPM_E_SYNTAX, 0);
  assert_refused("sip:a@b ", CPM_E_SYNTAX, 7);
  assert_refused("sip:a\0@b", CPM_E_SYNTAX, 5);
  assert_refused("sip:a@b\r\nX: y", CPM_E_SYNTAX, 7);
  assert_refused("sip:a@b;c=\xc3\xa4", CPM_E_SYNTAX, 10);
  assert_refused("sip:<\\/>", CPM_E_SYNTAX, 4);
  assert_refused("sip:a@b;", CPM_E_TRUNCATED, 8);
  assert_refused("sip:a@b;;c", CPM_E_SYNTAX, 8);
  assert_refused("sip:a@b;c=", CPM_E_TRUNCATED, 10);
  assert_refused("sip:a@b?c", CPM_E_TRUNCATED, 9);
  assert_refused("sip:a@b?=c", CPM_E_SYNTAX, 8);
  assert_refused("sip", CPM_E_TRUNCATED, 3);
  assert_refused("a@b", CPM_E_SYNTAX, 1);
  assert_refused("1a:b", CPM_E_SYNTAX, 0);
  cpm_uri u;
  assert_status(cpm_uri_decode(&u, cpm_str_none(), NULL, NULL), CPM_E_ARG, NULL);
}

static void a_parameter_stands_once(void **state) {
  (void)state;
  assert_refused("sip:a@b;x;y;X=1", CPM_E_DUPLICATE, 12);
  assert_refused("sip:a@b;ab=1;%61b=2", CPM_E_DUPLICATE, 13);
  assert_refused("tel:+1;a=1;a=2", CPM_E_DUPLICATE, 11);
}

/* Text of n times `part` behind `start`. */
static cpm_str repeated(const char *start, const char *part, size_t n) {
  char *p = malloc(strlen(start) + n * (strlen(part) + 8) + 1);
  assert_non_null(p);
  size_t len = (size_t)sprintf(p, "%s", start);
  for (size_t i = 0; i < n; i++) len += (size_t)sprintf(p + len, part, (unsigned)i);
  return cpm_str_of(p, len);
}

static void the_number_of_parts_is_limited(void **state) {
  (void)state;
  static const char *const parts[][2] = { { "sip:a@b", ";p%u" }, { "sip:a@b?x=y", "&h%u=" }, { "tel:+1", ";p%u" } };
  const size_t fits[] = { CPM_URI_LIMIT_PARTS, CPM_URI_LIMIT_PARTS - 1, CPM_URI_LIMIT_PARTS };
  for (size_t i = 0; i < 3; i++) {
    cpm_uri u;
    cpm_diag d = { 0 };
    const cpm_str most = repeated(parts[i][0], parts[i][1], fits[i]), more = repeated(parts[i][0], parts[i][1], 20000);
    assert_status(cpm_uri_decode(&u, most, NULL, &d), CPM_OK, &d);
    assert_true(cpm_uri_text_equal(most, most));
    assert_status(cpm_uri_decode(&u, more, NULL, &d), CPM_E_TOO_MANY, &d);
    assert_int_equal(d.need, 20000 + (i == 1));
    free((void *)(uintptr_t)most.p);
    free((void *)(uintptr_t)more.p);
  }
}

static void tel_numbers_are_global_or_local(void **state) {
  (void)state;
  const cpm_uri u = read_uri("tel:+1-201-555-0123;isub=12?3@4;ext=(5)6");
  assert_int_equal(u.scheme, CPM_URI_TEL);
  assert_true(u.tel_global);
  assert_str(u.user, "+1-201-555-0123");
  assert_str(u.params, ";isub=12?3@4;ext=(5)6");
  const cpm_uri v = read_uri("tel:*31#7042;phone-context=example.com");
  assert_false(v.tel_global);
  assert_str(v.user, "*31#7042");
  assert_false(read_uri("tel:863-1234;Phone-Context=+1-914-555").tel_global);
  assert_refused("tel:112", CPM_E_MISSING, 4);
  assert_refused("tel:+", CPM_E_TRUNCATED, 5);
  assert_refused("tel:+1a", CPM_E_SYNTAX, 6);
  assert_refused("tel:()", CPM_E_TRUNCATED, 6);
  assert_refused("tel:1;phone-context=+", CPM_E_TRUNCATED, 21);
  assert_refused("tel:1;phone-context", CPM_E_TRUNCATED, 19);
  assert_refused("tel:+1;ext=a", CPM_E_SYNTAX, 11);
  assert_refused("tel:+1;isub=", CPM_E_TRUNCATED, 12);
  assert_refused("tel:+1;a_b=1", CPM_E_SYNTAX, 8);
}

static void other_schemes_keep_the_rest_opaque(void **state) {
  (void)state;
  const cpm_uri u = read_uri("urn:urn-7:3gpp-service.ims.icsi.oma.cpm.msg");
  assert_int_equal(u.scheme, CPM_URI_OTHER);
  assert_str(u.scheme_name, "urn");
  assert_str(u.opaque, "urn-7:3gpp-service.ims.icsi.oma.cpm.msg");
  assert_str(read_uri("http://[2001:db8::1]/a?b=c").opaque, "//[2001:db8::1]/a?b=c");
  assert_str(read_uri("sipx:a").scheme_name, "sipx");
  assert_str(read_uri("te:a").scheme_name, "te");
  assert_str(read_uri("SIP:a").scheme_name, "SIP");
  assert_int_equal(read_uri("SIP:a").scheme, CPM_URI_SIP);
  assert_int_equal(read_uri("Tel:+1").scheme, CPM_URI_TEL);
  assert_refused("urn:", CPM_E_TRUNCATED, 4);
  assert_refused("urn:a#b", CPM_E_SYNTAX, 5);
}

static void parameters_and_headers_come_one_by_one(void **state) {
  (void)state;
  cpm_str rest = S(";a;b=c;d=[x/y:z]"), name, value;
  assert_int_equal(cpm_uri_param_next(&rest, &name, &value), CPM_OK);
  assert_str(name, "a");
  assert_null(value.p);
  assert_int_equal(cpm_uri_param_next(&rest, &name, &value), CPM_OK);
  assert_str(name, "b");
  assert_str(value, "c");
  assert_int_equal(cpm_uri_param_next(&rest, &name, &value), CPM_OK);
  assert_str(value, "[x/y:z]");
  assert_int_equal(cpm_uri_param_next(&rest, &name, &value), CPM_END);
  assert_true(cpm_uri_param_find(S(";a;%42=c"), "b", &value));
  assert_str(value, "c");
  assert_false(cpm_uri_param_find(S(";a;b=c"), "c", NULL));
  rest = S("a;b");
  assert_int_equal(cpm_uri_param_next(&rest, &name, &value), CPM_E_SYNTAX);
  rest = S(";=b");
  assert_int_equal(cpm_uri_param_next(&rest, &name, &value), CPM_E_SYNTAX);

  rest = S("a=&b=c");
  assert_int_equal(cpm_uri_header_next(&rest, &name, &value), CPM_OK);
  assert_str(name, "a");
  assert_str(value, "");
  assert_int_equal(cpm_uri_header_next(&rest, &name, &value), CPM_OK);
  assert_str(name, "b");
  assert_str(value, "c");
  assert_int_equal(cpm_uri_header_next(&rest, &name, &value), CPM_END);
  rest = S("a&b=c");
  assert_int_equal(cpm_uri_header_next(&rest, &name, &value), CPM_E_SYNTAX);
  rest = cpm_str_none();
  assert_int_equal(cpm_uri_header_next(&rest, &name, &value), CPM_END);
  assert_int_equal(cpm_uri_param_next(&rest, &name, &value), CPM_END);
}

/* ---- RFC 3261 19.1.4 ----------------------------------------------------------------------------------------------- */

static void examples_of_equal_uris(void **state) {
  (void)state;
  equal("sip:%61lice@atlanta.com;transport=TCP", "sip:alice@AtLanTa.CoM;Transport=tcp");
  equal("sip:carol@chicago.com", "sip:carol@chicago.com;newparam=5");
  equal("sip:carol@chicago.com", "sip:carol@chicago.com;security=on");
  equal("sip:carol@chicago.com;newparam=5", "sip:carol@chicago.com;security=on");
  equal("sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com",
        "sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com");
  equal("sip:alice@atlanta.com?subject=project%20x&priority=urgent", "sip:alice@atlanta.com?priority=urgent&subject=project%20x");
}

static void examples_of_unequal_uris(void **state) {
  (void)state;
  differ("SIP:ALICE@AtLanTa.CoM;Transport=udp", "sip:alice@AtLanTa.CoM;Transport=UDP");
  differ("sip:bob@biloxi.com", "sip:bob@biloxi.com:5060");
  differ("sip:bob@biloxi.com", "sip:bob@biloxi.com;transport=udp");
  differ("sip:bob@biloxi.com", "sip:bob@biloxi.com:6000;transport=tcp");
  differ("sip:carol@chicago.com", "sip:carol@chicago.com?Subject=next%20meeting");
  differ("sip:bob@phone21.boxesbybob.com", "sip:bob@192.0.2.4");
}

static void equality_is_not_transitive(void **state) {
  (void)state;
  equal("sip:carol@chicago.com", "sip:carol@chicago.com;security=on");
  equal("sip:carol@chicago.com", "sip:carol@chicago.com;security=off");
  differ("sip:carol@chicago.com;security=on", "sip:carol@chicago.com;security=off");
}

static void sip_and_sips_are_never_equal(void **state) {
  (void)state;
  differ("sip:a@b", "sips:a@b");
  differ("sip:+1@b;user=phone", "tel:+1");
}

static void userinfo_is_case_sensitive_the_rest_is_not(void **state) {
  (void)state;
  differ("sip:a:Secret@b", "sip:a:secret@b");
  equal("sip:a@B;LR;X=Y?H=V", "sip:a@b;lr;x=y?h=v");
}

static void parts_that_are_left_out_are_not_their_defaults(void **state) {
  (void)state;
  differ("sip:b", "sip:a@b");
  differ("sip:a@b", "sip:a:@b");
  differ("sip:a@b;user=ip", "sip:a@b");
  differ("sip:a@b;ttl=1", "sip:a@b");
  differ("sip:a@b;method=INVITE", "sip:a@b");
  differ("sip:a@b;maddr=239.255.255.1", "sip:a@b");
  differ("sip:a@b;%74tl=1", "sip:a@b");
  equal("sip:a@b;lr", "sip:a@b");
  differ("sip:a@b;lr", "sip:a@b;lr=on");
  equal("sip:a@b:5060", "sip:a@b:05060");
  differ("sip:a@b:0", "sip:a@b");
}

static void an_escaped_reserved_character_is_another_one(void **state) {
  (void)state;
  differ("sip:a%3bb@c", "sip:a;b@c");
  equal("sip:a%3bb@c", "sip:a%3Bb@c");
  equal("sip:%7e%2D@c", "sip:~-@c");
  equal("sip:a%20b@c", "sip:%61%20%62@c");
  differ("sip:a%20b@c", "sip:a%21b@c");
  differ("sip:a@b;x=%2f", "sip:a@b;x=/");
}

static void headers_are_a_set_and_never_ignored(void **state) {
  (void)state;
  equal("sip:a@b?Call-ID=x&Route=1&Route=2", "sip:a@b?route=2&route=1&i=x");
  differ("sip:a@b?Route=1&Route=1&Route=2", "sip:a@b?Route=1&Route=2&Route=2");
  differ("sip:a@b?Route=1", "sip:a@b?Route=1&Route=1");
  differ("sip:a@b?Call-ID=x", "sip:a@b?Call-ID=X");
  differ("sip:a@b?body=x", "sip:a@b?body=X");
  differ("sip:a@b?Session-Replaces=abc", "sip:a@b?Session-Replaces=ABC");
  differ("sip:a@b?CPM-Replaces=abc", "sip:a@b?CPM-Replaces=ABC");
  equal("sip:a@b?%73ubject=x", "sip:a@b?Subject=X");
  equal("sip:a@b?X-Own=x", "sip:a@b?%78-own=x");
}

static void two_writings_of_one_ipv6_address(void **state) {
  (void)state;
  static const char *const groups[][3] = {
    { "::", "0::0", "0:0:0:0:0:0:0:0" },
    { "::1", "0:0:0:0:0:0:0:1", "::0.0.0.1" },
    { "1::", "1:0:0:0:0:0:0:0", "1:0::0.0.0.0" },
    { "2001:db8::9:1", "2001:0DB8:0:0:0:0:9:0001", "2001:db8:0::9:1" },
    { "::ffff:192.0.2.1", "::FFFF:c000:201", "0:0:0:0:0:ffff:192.0.2.1" },
    { "2001:db8::192.0.2.1", "2001:db8:::192.0.2.1", "2001:db8::c000:201" },
    { ":::192.0.2.2", "::192.0.2.2", "::c000:202" },
    { "1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0", "1:2:3:4:5:6:0.7.0.0" },
    { "::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8", "0:2:3:4:5:6:0.7.0.8" },
  };
  const size_t n = sizeof groups / sizeof *groups;
  for (size_t i = 0; i < n * 3; i++)
    for (size_t k = 0; k < n * 3; k++) {
      char a[80], b[80];
      snprintf(a, sizeof a, "sip:a@[%s]", groups[i / 3][i % 3]);
      snprintf(b, sizeof b, "sip:a@[%s]", groups[k / 3][k % 3]);
      if (i / 3 == k / 3) equal(a, b);
      else differ(a, b);
    }
}

static void the_third_colon_of_rfc_3261_is_not_written(void **state) {
  (void)state;
  char text[80];
  size_t len = 0;
  cpm_uri u = read_uri("sip:a@[2001:db8:::192.0.2.1]:5060");
  assert_str(u.host, "2001:db8:::192.0.2.1");
  assert_status(cpm_uri_encode(text, sizeof text, &len, &u, NULL), CPM_OK, NULL);
  assert_str(cpm_str_of(text, len), "sip:a@[2001:db8::192.0.2.1]:5060");
  u.host = S("2001:db8::::192.0.2.1");
  assert_status(cpm_uri_encode(text, sizeof text, &len, &u, NULL), CPM_E_VALUE, NULL);
}

static void a_host_that_is_no_ipv6_address_is_compared_as_text(void **state) {
  (void)state;
  const cpm_str hosts[] = { S("1:2"), S("1:3"), S("x"), S(":"), S("1:2:3:4:5:6:7:8:9"), S("1.2.3.4"), S("1.2") };
  for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++)
    for (size_t k = 0; k < sizeof hosts / sizeof *hosts; k++) {
      cpm_uri a = read_uri("sip:[::1]"), b = a;
      a.host = hosts[i];
      b.host = hosts[k];
      assert_int_equal(cpm_uri_equal(&a, &b), i == k);
    }
}

/* ---- RFC 3966 4 ---------------------------------------------------------------------------------------------------- */

static void visual_separators_do_not_count(void **state) {
  (void)state;
  equal("tel:+1-201-555-0123", "tel:+12015550123");
  equal("TEL:+1(201)555.0123", "tel:+12015550123");
  equal("tel:+1;ext=1-2", "tel:+1;EXT=12");
  equal("tel:863;phone-context=+1-914", "tel:8-63;phone-context=+1914");
  equal("tel:7042;phone-context=Example.com", "tel:7042;phone-context=example.com");
  differ("tel:7042;phone-context=ex-ample.com", "tel:7042;phone-context=example.com");
  equal("tel:7AF;phone-context=a", "tel:7af;phone-context=a");
}

static void global_and_local_numbers_differ(void **state) {
  (void)state;
  differ("tel:+1;phone-context=a", "tel:1;phone-context=a");
  differ("tel:+12", "tel:+1");
  differ("tel:7042;phone-context=a", "tel:7042;phone-context=b");
}

static void no_tel_parameter_is_ignored(void **state) {
  (void)state;
  equal("tel:+1;a=1;b=2", "tel:+1;B=2;a=1");
  equal("tel:+1;a=x", "tel:+1;a=%58");
  differ("tel:+1;a=1", "tel:+1");
  differ("tel:+1;a=1", "tel:+1;a");
  differ("tel:+1;a=1", "tel:+1;b=1");
  differ("tel:+1;isub=1-2", "tel:+1;isub=12");
}

static void other_uris_are_compared_bytewise(void **state) {
  (void)state;
  equal("URN:a:b", "urn:a:b");
  differ("urn:a:b", "urn:a:B");
  differ("urn:a:b", "im:a:b");
  assert_false(cpm_uri_text_equal(S("no uri"), S("no uri")));
}

/* ---- writing ------------------------------------------------------------------------------------------------------- */

static int encode_uri(char *dst, size_t cap, size_t *len, void *ctx) { return cpm_uri_encode(dst, cap, len, ctx, NULL); }

static void what_was_read_is_written(void **state) {
  (void)state;
  static const char *const texts[] = {
    "sip:alice:pw@[2001:db8::1]:5071;a;b=c?d=&e=f", "sips:example.com.", "sip:a:@b", "sip:0@1.2.3.4:0", "tel:+1-2;ext=3",
    "tel:7042;phone-context=example.com", "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
  };
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    cpm_uri u = read_uri(texts[i]);
    u.text = cpm_str_none();
    const cpm_str out = support_every_size(encode_uri, &u);
    if (!cpm_str_eq(out, cpm_str_z(texts[i]))) fail_msg("%s became %.*s", texts[i], (int)out.n, out.p);
  }
  cpm_uri u = read_uri("SIP:a@B:0099");
  assert_str(support_every_size(encode_uri, &u), "sip:a@B:99");
}

static void a_part_cannot_smuggle_another_one(void **state) {
  (void)state;
  const struct { cpm_uri_scheme scheme; const char *user, *password, *host, *params, *headers; int status; } cases[] = {
    { CPM_URI_SIP, "a",        NULL,  "b",       NULL,       NULL,       CPM_OK },
    { CPM_URI_SIP, "a:b",      NULL,  "c",       NULL,       NULL,       CPM_E_VALUE },
    { CPM_URI_SIP, "a@b",      NULL,  "c",       NULL,       NULL,       CPM_E_VALUE },
    { CPM_URI_SIP, "",         NULL,  "c",       NULL,       NULL,       CPM_E_VALUE },
    { CPM_URI_SIP, "a",        "b@c", "d",       NULL,       NULL,       CPM_E_VALUE },
    { CPM_URI_SIP, NULL,       "b",   "d",       NULL,       NULL,       CPM_E_VALUE },
    { CPM_URI_SIP, NULL,       NULL,  "b@c",     NULL,       NULL,       CPM_E_VALUE },
    { CPM_URI_SIP, NULL,       NULL,  "b:1",     NULL,       NULL,       CPM_E_VALUE },
    { CPM_URI_SIP, NULL,       NULL,  "b;x",     NULL,       NULL,       CPM_E_VALUE },
    { CPM_URI_SIP, NULL,       NULL,  "[::1]",   NULL,       NULL,       CPM_E_VALUE },
    { CPM_URI_SIP, NULL,       NULL,  NULL,      NULL,       NULL,       CPM_E_VALUE },
    { CPM_URI_SIP, NULL,       NULL,  "b",       "x=y",      NULL,       CPM_E_VALUE },
    { CPM_URI_SIP, NULL,       NULL,  "b",       ":1",       NULL,       CPM_E_VALUE },
    { CPM_URI_SIP, NULL,       NULL,  "b",       ";x?y=z",   NULL,       CPM_E_VALUE },
    { CPM_URI_SIP, NULL,       NULL,  "b",       ";x@y",     NULL,       CPM_E_VALUE },
    { CPM_URI_SIP, NULL,       NULL,  "b",       ";x;x",     NULL,       CPM_E_VALUE },
    { CPM_URI_SIP, NULL,       NULL,  "b",       "",         "",         CPM_OK },
    { CPM_URI_SIP, NULL,       NULL,  "b",       ";x",       "y",        CPM_E_VALUE },
    { CPM_URI_SIP, NULL,       NULL,  "b",       ";x",       "y=z",      CPM_OK },
    { CPM_URI_SIP, NULL,       NULL,  "b",       NULL,       "x:y@evil.example.com", CPM_E_VALUE },   /* else the user is b?x */
    { CPM_URI_SIP, NULL,       NULL,  "",        NULL,       "sip:b@example.com",    CPM_E_VALUE },
    { CPM_URI_SIP, "a",        NULL,  "b",       NULL,       "y=z@c",    CPM_E_VALUE },
    { CPM_URI_SIP, "a b",      NULL,  "b",       NULL,       NULL,       CPM_E_VALUE },
    { CPM_URI_SIP, "a\r\nb",   NULL,  "b",       NULL,       NULL,       CPM_E_INJECTION },
    { CPM_URI_SIP, NULL,       NULL,  "b\n",     NULL,       NULL,       CPM_E_INJECTION },
    { CPM_URI_SIP, NULL,       NULL,  "b",       ";x\r",     NULL,       CPM_E_INJECTION },
    { CPM_URI_SIP, NULL,       NULL,  "b",       ";x",       "y=\n",     CPM_E_INJECTION },
    { CPM_URI_TEL, "+1",       NULL,  NULL,      ";x",       NULL,       CPM_OK },
    { CPM_URI_TEL, "+1;x",     NULL,  NULL,      NULL,       NULL,       CPM_E_VALUE },
    { CPM_URI_TEL, "+1",       NULL,  NULL,      "2",        NULL,       CPM_E_VALUE },
    { CPM_URI_TEL, "1",        NULL,  NULL,      NULL,       NULL,       CPM_E_VALUE },
    { CPM_URI_TEL, NULL,       NULL,  NULL,      NULL,       NULL,       CPM_E_VALUE },
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char buf[64];
    size_t len = 0;
    cpm_diag d = { 0 };
    cpm_uri u;
    memset(&u, 0, sizeof u);
    memset(buf, 0x5a, sizeof buf);
    u.scheme = cases[i].scheme;
    u.user = cpm_str_z(cases[i].user);
    u.password = cpm_str_z(cases[i].password);
    u.host = cpm_str_z(cases[i].host);
    u.params = cpm_str_z(cases[i].params);
    u.headers = cpm_str_z(cases[i].headers);
    if (cpm_uri_encode(buf, sizeof buf, &len, &u, &d) != cases[i].status) fail_msg("case %zu", i);
    if (cases[i].status)
      for (size_t k = 0; k < sizeof buf; k++) assert_int_equal(buf[k], 0x5a);
  }
}

static void other_schemes_are_checked_when_written(void **state) {
  (void)state;
  const struct { cpm_str scheme, opaque; int status;
  } cases[] = {
    { S("im"), S("a@b"), CPM_OK },          { S("sip"), S("a@b"), CPM_E_VALUE }, { S("TEL"), S("+1"), CPM_E_VALUE },
    { S("i m"), S("a"), CPM_E_VALUE },      { S("im:x"), S("a"), CPM_E_VALUE },  { S(""), S("a"), CPM_E_VALUE },
    { S("im"), S(""), CPM_E_VALUE },        { S("im"), S("a b"), CPM_E_VALUE },  { S("im"), S("a\0b"), CPM_E_INJECTION },
    { S("i\nm"), S("a"), CPM_E_INJECTION }, { S("1m"), S("a"), CPM_E_VALUE },
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    cpm_uri u;
    size_t len;
    memset(&u, 0, sizeof u);
    u.scheme = CPM_URI_OTHER;
    u.scheme_name = cases[i].scheme;
    u.opaque = cases[i].opaque;
    if (cpm_uri_encode(NULL, 0, &len, &u, NULL) != cases[i].status) fail_msg("case %zu", i);
  }
  assert_int_equal(cpm_uri_encode(NULL, 0, NULL, NULL, NULL), CPM_E_ARG);
}

static int unescape(char *dst, size_t cap, size_t *len, void *ctx) { return cpm_uri_unescape(dst, cap, len, *(cpm_str *)ctx); }

static void unescaping_never_gives_line_breaks_or_nul(void **state) {
  (void)state;
  cpm_str in = S("a%20b%2B%c3%A4+%7f");
  assert_str(support_every_size(unescape, &in), "a b+\xc3\xa4+\x7f");
  in = S("");
  assert_str(support_every_size(unescape, &in), "");
  const cpm_str bad[] = { S("a%0d"), S("%0Ab"), S("%00"), S("%"), S("%4"), S("%zz"), S("%4%41"), S("a\nb"), S("a\0b") };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    size_t len;
    assert_status(cpm_uri_unescape(NULL, 0, &len, bad[i]), CPM_E_ESCAPE, NULL);
  }
}

/* ---- hostile input ------------------------------------------------------------------------------------------------- */

static void use_prefix(cpm_str prefix, void *ctx) {
  (void)ctx;
  cpm_uri u;
  cpm_diag d = { 0 };
  if (cpm_uri_decode(&u, prefix, NULL, &d) == CPM_OK) assert_true(cpm_uri_equal(&u, &u));
  else assert_true(d.off <= prefix.n);
}

static int write_key(char *dst, size_t cap, size_t *len, void *uri) { return cpm_uri_key(dst, cap, len, uri); }

/* That equal URIs have one key is looked at in equal(). */
static void keys_tell_most_uris_apart(void **state) {
  (void)state;
  static const char *const apart[] = {
    "sip:a@example.com",
    "sips:a@example.com",
    "sip:A@example.com",
    "sip:b@example.com",
    "sip:a:pw@example.com",
    "sip:a@example.org",
    "sip:a@example.com:5060",
    "sip:a@example.com:5061",
    "sip:example.com",
    "sip:a%40example.com@x",
    "sip:a@example.com;transport=tcp",
    "sip:a@example.com;user=phone",
    "sip:a@example.com;method=INVITE",
    "sip:a@[2001:db8::1]",
    "sip:a@[2001:db8::2]",
    "tel:+12025550101",
    "tel:+12025550102",
    "tel:+12025550101;ext=1",
    "tel:+12025550101;ext=2",
    "tel:101;phone-context=a.example",
    "tel:101;phone-context=b.example",
    "tel:+12025550101;isub=1",
    "urn:a:b",
    "urn:a:c",
    "http://example.com/",
  };
  for (size_t i = 0; i < sizeof apart / sizeof *apart; i++)
    for (size_t k = 0; k < i; k++)
      if (same_key(apart[i], apart[k])) fail_msg("%s and %s have the same key", apart[i], apart[k]);
  cpm_uri u = read_uri("SIP:a%42%3b@EXAMPLE.com:05060;Transport=TCP;gr=1?x=y");
  assert_str(support_every_size(write_key, &u), "sip:aB%;@example.com:5060;transport=tcp");
}

static void every_prefix_is_read_or_refused(void **state) {
  (void)state;
  static const char *const texts[] = {
    "sips:alice%41:secret@[2001:db8::192.0.2.1]:5071;transport=tcp;lr?Subject=a%20b&to=x",
    "tel:+1-201-555-0123;isub=12?3@4;ext=(5)6",
    "tel:*31#7042;phone-context=example.com",
    "http://[::1]/a%20b",
  };
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) support_every_prefix(cpm_str_z(texts[i]), use_prefix, NULL);
}

static void noise_is_refused(void **state) {
  (void)state;
  unsigned seed = 1;
  char *noise = malloc(65536);
  assert_non_null(noise);
  for (size_t i = 0; i < 65536; i++) noise[i] = (char)((seed = seed * 1103515245u + 12345u) >> 16);
  for (size_t i = 0; i + 4 < 65536; i += 97) {
    cpm_uri u;
    memcpy(noise + i, "sip:", 4);
    assert_true(cpm_uri_decode(&u, cpm_str_of(noise + i, 65536 - i), NULL, NULL) < 0);
  }
  memset(noise, 'a', 65536);
  memcpy(noise, "sip:", 4);
  noise[40000] = '@';
  cpm_uri u;
  assert_status(cpm_uri_decode(&u, cpm_str_of(noise, 65536), NULL, NULL), CPM_OK, NULL);
  assert_int_equal(u.user.n, 40000 - 4);
  free(noise);
}

/* ---- vectors: one URI a line ----------------------------------------------------------------------------------------- */

static void dump_part(FILE *out, const char *name, cpm_str part, cpm_str in) {
  if (!part.p) return;
  fprintf(out, "  %-9s %zu+%zu ", name, (size_t)(part.p - in.p), part.n);
  support_print(out, part);
  fputc('\n', out);
}

static void dump_pairs(FILE *out, const cpm_uri *u) {
  cpm_str rest = u->params, name, value;
  while (cpm_uri_param_next(&rest, &name, &value) == CPM_OK)
    fprintf(out, "    param %.*s%s%.*s\n", (int)name.n, name.p, value.p ? " = " : "", (int)value.n, value.p ? value.p : "");
  rest = u->headers;
  while (cpm_uri_header_next(&rest, &name, &value) == CPM_OK)
    fprintf(out, "    header %.*s = %.*s\n", (int)name.n, name.p, (int)value.n, value.p);
}

static void dump_uri(cpm_str in, unsigned number, void *ctx) {
  static const char *const schemes[] = { "sip", "sips", "tel", "other" };
  FILE *const out = ctx;
  cpm_uri u;
  cpm_diag d = { 0 };
  fprintf(out, "%u ", number);
  support_print(out, in);
  if (cpm_uri_decode(&u, in, NULL, &d)) {
    fprintf(out, "\n  %s at %zu: %s (%s)", cpm_status_name(d.code), d.off, d.rule, d.clause ? d.clause : "-");
    if (d.need) fprintf(out, ", need %u", (unsigned)d.need);
    fputc('\n', out);
    return;
  }
  fprintf(out, "\n  %s%s\n", schemes[u.scheme], u.tel_global ? ", global" : "");
  dump_part(out, "user", u.user, in);
  dump_part(out, "password", u.password, in);
  dump_part(out, u.host_is_ipv6 ? "host v6" : "host", u.host, in);
  if (u.has_port) fprintf(out, "  port      %u\n", (unsigned)u.port);
  dump_part(out, "params", u.params, in);
  dump_part(out, "headers", u.headers, in);
  dump_part(out, "opaque", u.opaque, in);
  dump_pairs(out, &u);
}

static void dump(cpm_str in, FILE *out) { support_every_line(in, dump_uri, out); }

static void vectors(void **state) {
  (void)state;
  support_vectors("uri", dump);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(every_part_of_a_sip_uri_is_a_slice),
    cmocka_unit_test(parts_that_are_not_there_are_absent),
    cmocka_unit_test(a_user_may_hold_what_looks_like_parameters),
    cmocka_unit_test(hosts_are_names_ipv4_and_ipv6),
    cmocka_unit_test(hosts_that_are_none_are_refused_with_their_offset),
    cmocka_unit_test(ports_are_16_bits),
    cmocka_unit_test(an_escape_needs_two_hex_digits),
    cmocka_unit_test(other_bytes_are_refused_wherever_they_stand),
    cmocka_unit_test(a_parameter_stands_once),
    cmocka_unit_test(the_number_of_parts_is_limited),
    cmocka_unit_test(tel_numbers_are_global_or_local),
    cmocka_unit_test(other_schemes_keep_the_rest_opaque),
    cmocka_unit_test(parameters_and_headers_come_one_by_one),
    cmocka_unit_test(examples_of_equal_uris),
    cmocka_unit_test(examples_of_unequal_uris),
    cmocka_unit_test(equality_is_not_transitive),
    cmocka_unit_test(sip_and_sips_are_never_equal),
    cmocka_unit_test(userinfo_is_case_sensitive_the_rest_is_not),
    cmocka_unit_test(parts_that_are_left_out_are_not_their_defaults),
    cmocka_unit_test(an_escaped_reserved_character_is_another_one),
    cmocka_unit_test(headers_are_a_set_and_never_ignored),
    cmocka_unit_test(two_writings_of_one_ipv6_address),
    cmocka_unit_test(the_third_colon_of_rfc_3261_is_not_written),
    cmocka_unit_test(a_host_that_is_no_ipv6_address_is_compared_as_text),
    cmocka_unit_test(visual_separators_do_not_count),
    cmocka_unit_test(global_and_local_numbers_differ),
    cmocka_unit_test(no_tel_parameter_is_ignored),
    cmocka_unit_test(other_uris_are_compared_bytewise),
    cmocka_unit_test(keys_tell_most_uris_apart),
    cmocka_unit_test(what_was_read_is_written),
    cmocka_unit_test(a_part_cannot_smuggle_another_one),
    cmocka_unit_test(other_schemes_are_checked_when_written),
    cmocka_unit_test(unescaping_never_gives_line_breaks_or_nul),
    cmocka_unit_test(every_prefix_is_read_or_refused),
    cmocka_unit_test(noise_is_refused),
    cmocka_unit_test(vectors),
  };
  return cmocka_run_group_tests_name("uri", tests, NULL, NULL);
}
