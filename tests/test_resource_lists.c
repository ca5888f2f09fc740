/* SPDX-License-Identifier: MIT */
#include "support.h"
#include "cpm/resource_lists.h"
#include <stdlib.h>
#include <string.h>

#define HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n" \
  "<resource-lists xmlns=\"urn:ietf:params:xml:ns:resource-lists\" xmlns:cp=\"urn:ietf:params:xml:ns:copycontrol\">\r\n<list>\r\n"
#define TAIL "</list>\r\n</resource-lists>\r\n"
#define ANONYMOUS "sip:anonymous@anonymous.invalid"

typedef struct whole { const cpm_entry *entries; size_t n; cpm_diag diag; } whole;

static int encode_list(char *dst, size_t cap, size_t *len, void *ctx) {
  whole *w = ctx;
  return cpm_resource_lists_encode(dst, cap, len, w->entries, w->n, &w->diag);
}

static int encode_history(char *dst, size_t cap, size_t *len, void *ctx) {
  whole *w = ctx;
  return cpm_recipient_history_encode(dst, cap, len, w->entries, w->n, &w->diag);
}

static int encode_pieces(char *dst, size_t cap, size_t *len, void *ctx) {
  const whole *w = ctx;
  size_t n = 0;
  int rc = cpm_resource_lists_start(dst, cap, &n, NULL);
  for (size_t i = 0; i < w->n && (!rc || rc == CPM_E_SPACE); i++) rc = cpm_resource_lists_entry(dst, cap, &n, &w->entries[i], NULL);
  if (!rc || rc == CPM_E_SPACE) rc = cpm_resource_lists_end(dst, cap, &n, NULL);
  *len = n;
  return rc;
}

static cpm_entry entry(const char *uri, cpm_copy_control copy) {
  const cpm_entry e = { cpm_str_z(uri), cpm_str_none(), copy, false, 0 };
  return e;
}

static void a_list_has_the_registered_namespaces_and_every_attribute(void **state) {
  (void)state;
  cpm_entry e[5] = { entry("sip:bill@example.com", CPM_COPY_TO), entry("tel:+12025550101", CPM_COPY_CC),
                     entry("sip:ted@example.net", CPM_COPY_BCC), entry("sip:ann@example.com", CPM_COPY_NONE),
                     entry(ANONYMOUS, CPM_COPY_TO) };
  e[1].display_name = S("Joe");
  e[3].anonymize = true;
  e[3].display_name = S("");
  e[4].count = UINT32_MAX;
  whole w = { e, 5, { 0 } };
  assert_str(support_every_size(encode_list, &w),
             HEAD "<entry uri=\"sip:bill@example.com\" cp:copyControl=\"to\"/>\r\n"
             "<entry uri=\"tel:+12025550101\" cp:copyControl=\"cc\"><display-name>Joe</display-name></entry>\r\n"
             "<entry uri=\"sip:ted@example.net\" cp:copyControl=\"bcc\"/>\r\n"
             "<entry uri=\"sip:ann@example.com\" cp:anonymize=\"true\"><display-name></display-name></entry>\r\n"
             "<entry uri=\"" ANONYMOUS "\" cp:copyControl=\"to\" cp:count=\"4294967295\"/>\r\n" TAIL);
  w.n = 0;
  assert_str(support_every_size(encode_list, &w), HEAD TAIL);
}

static void the_pieces_are_the_whole(void **state) {
  (void)state;
  const cpm_entry e[2] = { entry("sip:bill@example.com", CPM_COPY_TO), entry("sip:joe@example.org", CPM_COPY_CC) };
  whole w = { e, 2, { 0 } };
  char copy[1024];
  const cpm_str pieces = support_every_size(encode_pieces, &w);
  assert_true(pieces.n < sizeof copy);
  memcpy(copy, pieces.p, pieces.n);
  assert_true(cpm_str_eq(cpm_str_of(copy, pieces.n), support_every_size(encode_list, &w)));
}

static void markup_is_escaped(void **state) {
  (void)state;
  cpm_entry e = entry("sip:+12025550101@example.com;method=INVITE?Session-Replaces=a&Subject=it's", CPM_COPY_TO);
  e.display_name = S("<\"A\" & 'B'>]]>\t\xc3\xa9\xf0\x9f\x98\x80");
  whole w = { &e, 1, { 0 } };
  assert_str(support_every_size(encode_list, &w),
             HEAD "<entry uri=\"sip:+12025550101@example.com;method=INVITE?Session-Replaces=a&amp;Subject=it&apos;s\" cp:copyControl=\"to\">"
             "<display-name>&lt;&quot;A&quot; &amp; &apos;B&apos;&gt;]]&gt;\t\xc3\xa9\xf0\x9f\x98\x80</display-name></entry>\r\n" TAIL);
}

static void refused(const cpm_entry *e, int status, size_t off, const char *rule) {
  cpm_diag d = { 0 };
  size_t len = 7;
  char buf[512];
  memset(buf, 'x', sizeof buf);
  assert_status(cpm_resource_lists_entry(buf, sizeof buf, &len, e, &d), status, &d);
  assert_int_equal(len, 7);
  assert_int_equal(d.off, off);
  assert_string_equal(d.rule, rule);
  for (size_t i = 0; i < sizeof buf; i++) assert_int_equal(buf[i], 'x');
  assert_status(cpm_resource_lists_encode(buf, sizeof buf, &len, e, 1, NULL), status, NULL);
  assert_status(cpm_recipient_history_encode(buf, sizeof buf, &len, e, 1, NULL), status, NULL);
  for (size_t i = 0; i < sizeof buf; i++) assert_int_equal(buf[i], 'x');
}

static void what_xml_cannot_hold_is_refused_with_its_offset(void **state) {
  (void)state;
  const struct { cpm_str name; int status; size_t off; } bad[] = {
    { S("ab\r\nc"), CPM_E_INJECTION, 2 }, { S("a\nb"), CPM_E_INJECTION, 1 }, { S("a\0b"), CPM_E_INJECTION, 1 },
    { S("a\x1b[2J"), CPM_E_INJECTION, 1 }, { S("\x01"), CPM_E_INJECTION, 0 }, { S("a\xef\xbf\xbf"), CPM_E_INJECTION, 1 },
    { S("a\xef\xbf\xbe"), CPM_E_INJECTION, 1 },
    { S("a\x80"), CPM_E_VALUE, 1 }, { S("a\xc3"), CPM_E_VALUE, 1 }, { S("\xc0\xbc"), CPM_E_VALUE, 0 }, { S("\xe0\x80\xbc"), CPM_E_VALUE, 0 },
    { S("\xf0\x80\x80\xbc"), CPM_E_VALUE, 0 }, { S("\xed\xa0\x80"), CPM_E_VALUE, 0 }, { S("\xf4\x90\x80\x80"), CPM_E_VALUE, 0 },
    { S("\xf8\x88\x80\x80\x80"), CPM_E_VALUE, 0 }, { S("\xff"), CPM_E_VALUE, 0 }, { S("\xe2\x82"), CPM_E_VALUE, 0 },
    { S("\xf0\x9f\x98"), CPM_E_VALUE, 0 }, { S("\xe2(\xa1"), CPM_E_VALUE, 0 },
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    cpm_entry e = entry("sip:a@b.example", CPM_COPY_TO);
    e.display_name = bad[i].name;
    refused(&e, bad[i].status, bad[i].off, "display-name");
  }
  const cpm_str fine[] = { S("\x7f"), S("\xc2\x80"), S("\xe0\xa0\x80"), S("\xed\x9f\xbf"), S("\xee\x80\x80"), S("\xf4\x8f\xbf\xbf") };
  for (size_t i = 0; i < sizeof fine / sizeof *fine; i++) {
    cpm_entry e = entry("sip:a@b.example", CPM_COPY_TO);
    size_t len = 0;
    e.display_name = fine[i];
    assert_status(cpm_resource_lists_entry(NULL, 0, &len, &e, NULL), CPM_OK, NULL);
  }
}

static void an_entry_needs_a_uri_and_a_known_copy_control(void **state) {
  (void)state;
  cpm_entry e = entry(NULL, CPM_COPY_TO);
  refused(&e, CPM_E_MISSING, 0, "uri");
  e.uri = S("");
  refused(&e, CPM_E_VALUE, 0, "uri");
  e.uri = S("sip:a b@c.example");
  refused(&e, CPM_E_VALUE, 5, "uri");
  e.uri = S("sip:a@c.example\r\n");
  refused(&e, CPM_E_INJECTION, 15, "uri");
  e.uri = S("sip:a@c.example");
  e.copy_control = (cpm_copy_control)4;
  refused(&e, CPM_E_VALUE, 0, "copyControl");
}

static void calls_without_what_they_need_are_refused(void **state) {
  (void)state;
  size_t len = 0;
  const cpm_entry e = entry("sip:a@c.example", CPM_COPY_TO);
  assert_status(cpm_resource_lists_start(NULL, 0, NULL, NULL), CPM_E_ARG, NULL);
  assert_status(cpm_resource_lists_entry(NULL, 0, NULL, &e, NULL), CPM_E_ARG, NULL);
  assert_status(cpm_resource_lists_entry(NULL, 0, &len, NULL, NULL), CPM_E_ARG, NULL);
  assert_status(cpm_resource_lists_encode(NULL, 0, &len, NULL, 1, NULL), CPM_E_ARG, NULL);
  assert_status(cpm_recipient_history_encode(NULL, 0, &len, NULL, 1, NULL), CPM_E_ARG, NULL);
}

/* RFC 5364 4, ruling O-R11 */
static void the_history_hides_bcc_and_merges_the_anonymous_of_each_kind(void **state) {
  (void)state;
  cpm_entry e[9] = {
    entry("sip:bill@example.com", CPM_COPY_TO),   entry("sip:randy@example.net", CPM_COPY_TO), entry("sip:joe@example.org", CPM_COPY_CC),
    entry("sip:eddy@example.com", CPM_COPY_NONE), entry("sip:ted@example.net", CPM_COPY_BCC),  entry("sip:carol@example.net", CPM_COPY_CC),
    entry("sip:andy@example.com", CPM_COPY_BCC),  entry("sip:ann@example.com", CPM_COPY_NONE), entry("SIP:Anonymous@Anonymous.invalid", CPM_COPY_TO),
  };
  e[1].anonymize = e[3].anonymize = e[5].anonymize = e[6].anonymize = true;
  e[1].display_name = S("Randy");
  e[2].display_name = S("Joe");
  e[8].count = 5;
  whole w = { e, 9, { 0 } };
  assert_str(support_every_size(encode_history, &w),
             HEAD "<entry uri=\"sip:bill@example.com\" cp:copyControl=\"to\"/>\r\n"
             "<entry uri=\"" ANONYMOUS "\" cp:copyControl=\"to\" cp:count=\"7\"/>\r\n"
             "<entry uri=\"sip:joe@example.org\" cp:copyControl=\"cc\"><display-name>Joe</display-name></entry>\r\n"
             "<entry uri=\"" ANONYMOUS "\" cp:copyControl=\"cc\" cp:count=\"1\"/>\r\n"
             "<entry uri=\"sip:ann@example.com\" cp:copyControl=\"to\"/>\r\n" TAIL);
}

static void a_history_of_hidden_entries_is_an_empty_list(void **state) {
  (void)state;
  const cpm_entry e = entry("sip:ted@example.net", CPM_COPY_BCC);
  whole w = { &e, 1, { 0 } };
  assert_str(support_every_size(encode_history, &w), HEAD TAIL);
}

static void a_count_that_does_not_fit_is_refused(void **state) {
  (void)state;
  cpm_entry e[2] = { entry(ANONYMOUS, CPM_COPY_TO), entry("sip:a@b.example", CPM_COPY_TO) };
  whole w = { e, 2, { 0 } };
  size_t len;
  e[0].count = UINT32_MAX;
  e[1].anonymize = true;
  assert_status(encode_history(NULL, 0, &len, &w), CPM_E_RANGE, &w.diag);
  e[0].count--;
  assert_status(encode_history(NULL, 0, &len, &w), CPM_OK, &w.diag);
}

/* The longest list that the limits let through: both passes are linear, or this takes minutes. */
static void a_long_history_is_written(void **state) {
  (void)state;
  cpm_entry *e = calloc(CPM_LIMIT_ENTRIES, sizeof *e);
  assert_non_null(e);
  for (size_t i = 0; i < CPM_LIMIT_ENTRIES; i++) {
    e[i] = entry("sip:a@b.example", i % 2 ? CPM_COPY_TO : CPM_COPY_CC);
    e[i].anonymize = true;
  }
  char buf[1024];
  size_t len = 0;
  assert_status(cpm_recipient_history_encode(buf, sizeof buf, &len, e, CPM_LIMIT_ENTRIES, NULL), CPM_OK, NULL);
  assert_str(cpm_str_of(buf, len), HEAD "<entry uri=\"" ANONYMOUS "\" cp:copyControl=\"cc\" cp:count=\"50000\"/>\r\n"
                                   "<entry uri=\"" ANONYMOUS "\" cp:copyControl=\"to\" cp:count=\"50000\"/>\r\n" TAIL);
  free(e);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_list_has_the_registered_namespaces_and_every_attribute),
    cmocka_unit_test(the_pieces_are_the_whole),
    cmocka_unit_test(markup_is_escaped),
    cmocka_unit_test(what_xml_cannot_hold_is_refused_with_its_offset),
    cmocka_unit_test(an_entry_needs_a_uri_and_a_known_copy_control),
    cmocka_unit_test(calls_without_what_they_need_are_refused),
    cmocka_unit_test(the_history_hides_bcc_and_merges_the_anonymous_of_each_kind),
    cmocka_unit_test(a_history_of_hidden_entries_is_an_empty_list),
    cmocka_unit_test(a_count_that_does_not_fit_is_refused),
    cmocka_unit_test(a_long_history_is_written),
  };
  return cmocka_run_group_tests_name("resource_lists", tests, NULL, NULL);
}
