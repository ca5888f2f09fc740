/* SPDX-License-Identifier: MIT */
#include "support.h"
#include "cpm/imdn.h"
#include <string.h>

static int encode(char *dst, size_t cap, size_t *len, void *ctx) { return cpm_imdn_encode(dst, cap, len, ctx, NULL); }

static void a_delivered_notification(void **state) {
  (void)state;
  cpm_imdn in = { S("34jk324j"), S("2008-04-04T12:16:49-05:00"), S("tel:+12025550100"), cpm_str_none(), cpm_str_none(), CPM_IMDN_DELIVERED, 0 };
  assert_str(support_every_size(encode, &in),
             "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<imdn xmlns=\"urn:ietf:params:xml:ns:imdn\">\r\n"
             "<message-id>34jk324j</message-id>\r\n<datetime>2008-04-04T12:16:49-05:00</datetime>\r\n"
             "<recipient-uri>tel:+12025550100</recipient-uri>\r\n"
             "<original-recipient-uri>tel:+12025550100</original-recipient-uri>\r\n"
             "<delivery-notification><status><delivered/></status></delivery-notification>\r\n</imdn>\r\n");
}

static void every_status_has_its_elements(void **state) {
  (void)state;
  static const char *const want[] = {
#define WANT(id, element, status) "<" element "-notification><status><" status "/></status></" element "-notification>",
    CPM_IMDN_STATUSES(WANT)
#undef WANT
  };
  for (int i = 0; i < CPM_IMDN_STATUS_COUNT; i++) {
    const cpm_imdn in = { S("a"), S("b"), cpm_str_none(), cpm_str_none(), cpm_str_none(), (cpm_imdn_status)i, 0 };
    char out[512];
    size_t len = 0;
    assert_status(cpm_imdn_encode(out, sizeof out - 1, &len, &in, NULL), CPM_OK, NULL);
    out[len] = '\0';
    assert_non_null(strstr(out, want[i]));
    assert_null(strstr(out, "recipient-uri"));
  }
}

static void text_is_escaped(void **state) {
  (void)state;
  const cpm_imdn in = { S("<&\"'>"), S("b"), S("sip:a@example.com"), S("sip:b@example.com"), S("\xc3\xa4"), CPM_IMDN_FAILED, 0 };
  char out[1024];
  size_t len = 0;
  assert_status(cpm_imdn_encode(out, sizeof out - 1, &len, &in, NULL), CPM_OK, NULL);
  out[len] = '\0';
  assert_non_null(strstr(out, "<message-id>&lt;&amp;&quot;&apos;&gt;</message-id>"));
  assert_non_null(strstr(out, "<original-recipient-uri>sip:b@example.com<"));
  assert_non_null(strstr(out, "<subject>\xc3\xa4</subject>"));
}

static void bad_values_are_refused(void **state) {
  (void)state;
  cpm_diag d = { 0 };
  size_t len = 0;
  cpm_imdn in = { cpm_str_none(), S("b"), cpm_str_none(), cpm_str_none(), cpm_str_none(), CPM_IMDN_FAILED, 0 };
  assert_status(cpm_imdn_encode(NULL, 0, &len, &in, &d), CPM_E_MISSING, &d);
  assert_string_equal(d.rule, "message-id");
  const cpm_str injected[] = { S("ab\r\n"), S("ab\n"), S("ab\0"), S("ab\x01") };
  for (size_t i = 0; i < sizeof injected / sizeof *injected; i++) {
    in.message_id = injected[i];
    assert_status(cpm_imdn_encode(NULL, 0, &len, &in, &d), CPM_E_INJECTION, &d);
    assert_int_equal(d.off, 2);
  }
  in.message_id = S("\xff");
  assert_status(cpm_imdn_encode(NULL, 0, &len, &in, &d), CPM_E_VALUE, &d);
  in.message_id = S("a");
  in.status = CPM_IMDN_STATUS_COUNT;
  assert_status(cpm_imdn_encode(NULL, 0, &len, &in, &d), CPM_E_VALUE, &d);
}

/* ---- reading ----------------------------------------------------------------------------------------------------------- */

static cpm_str plain(char *dst, size_t cap, cpm_str value, cpm_markup_space space) {
  size_t len = 0;
  if (!value.p) return value;
  assert_status(cpm_markup_text(dst, cap, &len, value, space, NULL), CPM_OK, NULL);
  return cpm_str_of(dst, len);
}

static void what_is_written_is_read(void **state) {
  (void)state;
  for (int i = 0; i < CPM_IMDN_STATUS_COUNT; i++) {
    const cpm_imdn in = { S("<&\"'>"), S("2008-04-04T12:16:49-05:00"), S("sip:a@example.com;x=\"&\""), S("sip:b@example.com"),
                          S(" \xc3\xa4  b "), (cpm_imdn_status)i, 0 };
    cpm_imdn out;
    cpm_diag d = { 0 };
    char document[1024], text[64];
    size_t len = 0;
    assert_status(cpm_imdn_encode(document, sizeof document, &len, &in, NULL), CPM_OK, NULL);
    const cpm_str guarded = support_guard(cpm_str_of(document, len));
    assert_status(cpm_imdn_decode(&out, guarded, NULL, &d), CPM_OK, &d);
    assert_int_equal(out.status, i);
    assert_true(out.quirks == 0);
    assert_str(plain(text, sizeof text, out.message_id, CPM_MARKUP_COLLAPSE), "<&\"'>");
    assert_str(plain(text, sizeof text, out.datetime, CPM_MARKUP_COLLAPSE), "2008-04-04T12:16:49-05:00");
    assert_str(plain(text, sizeof text, out.recipient_uri, CPM_MARKUP_COLLAPSE), "sip:a@example.com;x=\"&\"");
    assert_str(plain(text, sizeof text, out.original_recipient_uri, CPM_MARKUP_COLLAPSE), "sip:b@example.com");
    assert_str(plain(text, sizeof text, out.subject, CPM_MARKUP_PRESERVE), " \xc3\xa4  b ");
    support_unguard(guarded);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_delivered_notification),
    cmocka_unit_test(every_status_has_its_elements),
    cmocka_unit_test(text_is_escaped),
    cmocka_unit_test(bad_values_are_refused),
    cmocka_unit_test(what_is_written_is_read),
  };
  return cmocka_run_group_tests_name("imdn", tests, NULL, NULL);
}
