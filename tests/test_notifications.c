/* SPDX-License-Identifier: MIT */
/* Disposition notifications as peers should not send them, through client/pager-receive: every one is answered, and nothing is lost. */
#include "support.h"
#include "cpm/cpm.h"
#include <stdlib.h>
#include <string.h>


typedef struct notice {
  cpm_agent agent;
  uint64_t *block;
  size_t    size;
  cpm_proc *proc;
  cpm_diag  diag;
  cpm_str   sender;
  char     *body;
  size_t    len;
} notice;

static void notice_open(notice *n, size_t text, uint32_t legs) {
  memset(n, 0, sizeof *n);
  cpm_agent_init(&n->agent, CPM_ROLE_CLIENT);
  n->agent.address = S("sip:alice@example.com");
  n->agent.user_agent = n->agent.server = S("CPM-client/OMA2.2");
  n->agent.host = S("alice.example.com");
  n->agent.accept = S("message/cpim, text/plain");
  n->agent.size_limit = UINT32_MAX;
  n->agent.exploder_uri = S("sip:exploder@example.com");
  n->sender = S("<sip:bob@example.com>");
  n->size = cpm_proc_size(cpm_machine_named("client/pager-receive"), text, legs);
  n->block = malloc(n->size);
  assert_non_null(n->block);
  n->proc = (cpm_proc *)(void *)n->block;
  assert_status(cpm_proc_init(n->block, n->size, cpm_machine_named("client/pager-receive"), &n->agent, &n->diag), CPM_OK, &n->diag);
}

static void notice_close(notice *n) {
  free(n->block);
  free(n->body);
}

static int notice_step(notice *n, cpm_str type, cpm_str encoding) {
  cpm_sip_field fields[4];
  cpm_sip msg = CPM_SIP_ROOM(fields);
  fields[msg.nfields++] = (cpm_sip_field){ CPM_SIP_CONTENT_TYPE, S("Content-Type"), type, NULL, NULL };
  fields[msg.nfields++] = (cpm_sip_field){ CPM_SIP_P_ASSERTED_IDENTITY, S("P-Asserted-Identity"), n->sender, NULL, NULL };
  if (encoding.p) fields[msg.nfields++] = (cpm_sip_field){ CPM_SIP_CONTENT_ENCODING, S("Content-Encoding"), encoding, NULL, NULL };
  msg.method = CPM_METHOD_MESSAGE;
  msg.request_uri = S("sip:alice@example.com");
  msg.body = cpm_str_of(n->body, n->len);
  cpm_event e;
  cpm_event_init(&e, CPM_EVENT_on_message);
  e.sip = &msg;
  e.item = 7;
  e.random = S_RANDOM;
  return cpm_proc_step(n->proc, &n->agent, &e, &n->diag);
}

static void notice_body(notice *n, const char *before, size_t times, char fill, const char *behind) {
  const size_t a = strlen(before), b = strlen(behind);
  n->len = a + times + b;
  n->body = malloc(n->len);
  assert_non_null(n->body);
  memcpy(n->body, before, a);
  memset(n->body + a, fill, times);
  memcpy(n->body + a + times, behind, b);
}

typedef struct notice_heard { unsigned code, told[CPM_NOTICE_COUNT], asked; bool over; } notice_heard;

/* All effects that are due. */
static void notice_drain(notice *n, notice_heard *h) {
  static uint64_t buf[512];
  cpm_effect x;
  int rc;
  while ((rc = cpm_proc_effect(n->proc, &n->agent, (char *)buf, sizeof buf, &x)) == CPM_OK) {
    if (x.kind == CPM_EFFECT_REPLY) h->code = x.code;
    if (x.kind == CPM_EFFECT_TELL) h->told[x.id]++;
    if (x.kind == CPM_EFFECT_ASK) h->asked++;
    if (x.kind == CPM_EFFECT_SEND) fail_msg("a notification is answered by a request");
    cpm_proc_did(n->proc);
  }
  assert_int_equal(rc, CPM_END);
  h->over = cpm_proc_over(n->proc);
}

static void notice_answer(notice *n, notice_heard *h, uint32_t leg, bool ours, unsigned reached, bool taken) {
  cpm_arg args[3] = { { .field = CPM_FIELD_sent_by_us, .number = ours }, { .field = CPM_FIELD_taken_before, .number = taken },
                      { .field = CPM_FIELD_reached, .number = reached } };
  cpm_event e;
  cpm_event_init(&e, CPM_EVENT_on_policy);
  e.leg = leg;
  e.args = args;
  e.nargs = reached ? 3 : 2;
  assert_status(cpm_proc_step(n->proc, &n->agent, &e, &n->diag), CPM_OK, &n->diag);
  notice_drain(n, h);
}

#define NOTICE_OPEN "<?xml version=\"1.0\" encoding=\"UTF-8\"?><imdn xmlns=\"urn:ietf:params:xml:ns:imdn\"><message-id>"
#define NOTICE_TIME "</message-id><datetime>2026-03-01T12:00:00Z</datetime>"
#define NOTICE_DELIVERED "<delivery-notification><status><delivered/></status></delivery-notification></imdn>"

/* One notification that can be read, up to the question. */
static void notice_asked(notice *n, notice_heard *h, const char *status) {
  char behind[256];
  snprintf(behind, sizeof behind, NOTICE_TIME "%s", status);
  memset(h, 0, sizeof *h);
  notice_open(n, 4096, 1);
  notice_body(n, NOTICE_OPEN, 8, 'm', behind);
  assert_status(notice_step(n, S("message/imdn+xml"), cpm_str_none()), CPM_OK, &n->diag);
  notice_drain(n, h);
  assert_int_equal(h->code, 200);
  assert_int_equal(h->asked, 1);
  assert_str(cpm_proc_text(n->proc, 0, CPM_FIELD_reported_id), "mmmmmmmm");
  assert_str(cpm_proc_text(n->proc, 0, CPM_FIELD_recipient), "sip:bob@example.com");
}

static void one_for_a_message_that_was_never_sent_is_told_as_such(void **state) {
  (void)state;
  notice n;
  notice_heard h;
  notice_asked(&n, &h, NOTICE_DELIVERED);
  notice_answer(&n, &h, 0, false, 0, false);
  assert_int_equal(h.told[CPM_NOTICE_report_unknown], 1);
  assert_int_equal(h.told[CPM_NOTICE_notification], 0);
  assert_true(h.over);
  notice_close(&n);
}

static void twice_and_out_of_order_change_nothing(void **state) {
  (void)state;
  HOLDS("O-R42-2 O-R42-3");
  static const struct { unsigned reached; bool taken; unsigned told; } t[] = {
    { 0, false, 1 }, { CPM_DISPOSITION_sent, false, 1 }, { CPM_DISPOSITION_failed, false, 1 }, { CPM_DISPOSITION_interworked, false, 1 },
    { CPM_DISPOSITION_delivered, false, 0 }, { CPM_DISPOSITION_displayed, false, 0 }, { CPM_DISPOSITION_sent, true, 0 },
  };
  for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
    notice n;
    notice_heard h;
    notice_asked(&n, &h, NOTICE_DELIVERED);
    notice_answer(&n, &h, 0, true, t[i].reached, t[i].taken);
    assert_int_equal(h.told[CPM_NOTICE_notification], t[i].told);
    assert_true(h.over);
    notice_close(&n);
  }
}

/* 10,000 recipients in one multipart: a leg each, or nothing at all. */
static void notice_many(notice *n, unsigned count) {
  size_t cap = (size_t)count * 400 + 64;
  n->body = malloc(cap);
  assert_non_null(n->body);
  n->len = 0;
  for (unsigned i = 0; i < count; i++)
    n->len += (size_t)snprintf(n->body + n->len, cap - n->len,
                               "--b\r\nContent-Type: message/imdn+xml\r\n\r\n" NOTICE_OPEN "m-%u" NOTICE_TIME
                               "<recipient-uri>sip:r%u@example.com</recipient-uri>" NOTICE_DELIVERED "\r\n", i, i);
  n->len += (size_t)snprintf(n->body + n->len, cap - n->len, "--b--\r\n");
}

static void ten_thousand_recipients_are_ten_thousand_legs(void **state) {
  (void)state;
  HOLDS("S2-5.4.5-p2.multi S1-7.3.7-p1.s3");
  enum { COUNT = 10000 };
  static const cpm_str type = CPM_STR("multipart/mixed;boundary=b");
  notice n;
  notice_heard h = { 0 };
  notice_open(&n, 4096 + COUNT * 80, COUNT);
  notice_many(&n, COUNT);
  n.sender = S("<sip:exploder@example.com>");
  assert_status(notice_step(&n, type, cpm_str_none()), CPM_OK, &n.diag);
  notice_drain(&n, &h);
  assert_int_equal(h.code, 200);
  assert_int_equal(h.asked, COUNT);
  assert_int_equal(cpm_proc_legs(n.proc), COUNT);
  assert_str(cpm_proc_text(n.proc, COUNT - 1, CPM_FIELD_recipient), "sip:r9999@example.com");
  for (uint32_t k = 0; k < COUNT; k++) {
    assert_false(h.over);
    notice_answer(&n, &h, k, true, CPM_DISPOSITION_sent, false);
  }
  assert_int_equal(h.told[CPM_NOTICE_notification], COUNT);
  assert_true(h.over);
  notice_close(&n);
}

/* Who reports is whom the network vouches for: the document may claim what it likes. */
static void nobody_reports_for_another(void **state) {
  (void)state;
  HOLDS("S1-6.2-p2.s1");
  notice n;
  notice_open(&n, 4096, 2);
  notice_many(&n, 2);
  assert_status(notice_step(&n, S("multipart/mixed;boundary=b"), cpm_str_none()), CPM_OK, &n.diag);
  for (uint32_t k = 0; k < 2; k++) assert_str(cpm_proc_text(n.proc, k, CPM_FIELD_recipient), "sip:bob@example.com");
  assert_str(cpm_proc_text(n.proc, 1, CPM_FIELD_claimed), "sip:r1@example.com");
  notice_close(&n);
}

static void a_block_that_is_too_small_for_them_stays_as_it_was(void **state) {
  (void)state;
  notice n;
  notice_open(&n, 4096, 10);
  notice_many(&n, 1000);
  void *before = malloc(n.size);
  assert_non_null(before);
  memcpy(before, n.block, n.size);
  assert_status(notice_step(&n, S("multipart/mixed;boundary=b"), cpm_str_none()), CPM_E_SPACE, &n.diag);
  assert_true(n.diag.need > n.size);
  assert_memory_equal(before, n.block, n.size);
  free(before);
  notice_close(&n);
}

/* ---- documents that cannot be read: the host gets their octets ---------------------------------------------------------- */

static void notice_unread(const char *before, size_t times, char fill, const char *behind, size_t behind_len) {
  notice n;
  notice_heard h = { 0 };
  cpm_piece piece;
  notice_open(&n, 4096, 1);
  notice_body(&n, before, times, fill, "");
  n.body = realloc(n.body, n.len + behind_len + 1);
  assert_non_null(n.body);
  memcpy(n.body + n.len, behind, behind_len);
  n.len += behind_len;
  assert_status(notice_step(&n, S("message/imdn+xml"), cpm_str_none()), CPM_OK, &n.diag);
  notice_drain(&n, &h);
  assert_int_equal(h.code, 200);
  assert_int_equal(h.told[CPM_NOTICE_report_unread], 1);
  assert_true(h.over);
  assert_int_equal(cpm_proc_content(n.proc, CPM_NO_LEG, CPM_FIELD_content, &piece), n.len != 0);
  if (n.len == 0) piece = (cpm_piece){ { NULL, 0 }, 7, 0 };
  assert_int_equal(piece.item, 7);
  assert_int_equal(piece.off, 0);
  assert_int_equal(piece.bytes.n, n.len);
  notice_close(&n);
}
#define notice_unread_text(text) notice_unread("", 0, 0, "" text, sizeof(text) - 1)

static void documents_that_cannot_be_read_are_told_whole(void **state) {
  (void)state;
  notice_unread(NOTICE_OPEN, 65536, 'm', NOTICE_TIME NOTICE_DELIVERED, sizeof(NOTICE_TIME NOTICE_DELIVERED) - 1);   /* id of 64 KiB */
  notice_unread_text("<imdn xmlns=\"urn:ietf:params:xml:ns:imdn\">" NOTICE_DELIVERED);                              /* no id */
  notice_unread_text(NOTICE_OPEN " " NOTICE_TIME NOTICE_DELIVERED);                                                 /* an empty one */
  notice_unread_text("<!DOCTYPE imdn [<!ENTITY a \"b\">]>" NOTICE_OPEN "&a;" NOTICE_TIME NOTICE_DELIVERED);
  notice_unread_text("<?xml version=\"1.0\"?><?php x?><imdn xmlns=\"urn:ietf:params:xml:ns:imdn\"><message-id>m" NOTICE_TIME NOTICE_DELIVERED);
  notice_unread_text(NOTICE_OPEN "m" NOTICE_TIME "<delivery-notification><status><delivered/>");                    /* unclosed */
  notice_unread_text("\xff\xfe<\0i\0m\0d\0n\0/\0>\0");                                                              /* UTF-16 */
  notice_unread_text(NOTICE_OPEN "m\xc0\xaf" NOTICE_TIME NOTICE_DELIVERED);                                         /* overlong UTF-8 */
  notice_unread_text(NOTICE_OPEN "m\r\nn" NOTICE_TIME NOTICE_DELIVERED);                                            /* a line break in an id */
  notice_unread("", 0, 0, "", 0);
}

static void ten_thousand_levels_are_told_whole(void **state) {
  (void)state;
  enum { DEPTH = 10000 };
  char *deep = malloc(DEPTH * 3 + 1);
  assert_non_null(deep);
  for (size_t i = 0; i < DEPTH; i++) memcpy(deep + i * 3, "<a>", 3);
  notice_unread(NOTICE_OPEN "m" NOTICE_TIME, 0, 0, deep, DEPTH * 3);
  free(deep);
}

static void another_namespace_and_none_are_understood(void **state) {
  (void)state;
  static const char *const roots[] = { "<imdn xmlns=\"urn:example:other\"><message-id>", "<imdn><message-id>",
                                       "<x:imdn xmlns:x=\"urn:ietf:params:xml:ns:imdn\"><x:message-id>" };
  static const char *const ends[] = { NOTICE_TIME NOTICE_DELIVERED, NOTICE_TIME NOTICE_DELIVERED,
                                      "</x:message-id><x:delivery-notification><x:status><x:delivered/></x:status></x:delivery-notification></x:imdn>" };
  for (size_t i = 0; i < 3; i++) {
    notice n;
    notice_heard h = { 0 };
    notice_open(&n, 4096, 1);
    notice_body(&n, roots[i], 4, 'm', ends[i]);
    assert_status(notice_step(&n, S("message/imdn+xml"), cpm_str_none()), CPM_OK, &n.diag);
    notice_drain(&n, &h);
    notice_answer(&n, &h, 0, true, CPM_DISPOSITION_sent, false);
    assert_int_equal(h.told[CPM_NOTICE_notification], 1);
    notice_close(&n);
  }
}

/* linphone deflates its notifications: what cannot be read is not taken, and the sender is told what could be. */
static void a_deflated_one_is_refused_with_what_is_taken(void **state) {
  (void)state;
  notice n;
  notice_heard h = { 0 };
  notice_open(&n, 4096, 1);
  notice_body(&n, "\x78\x9c", 32, '\xa5', "");
  assert_status(notice_step(&n, S("message/imdn+xml"), S("deflate")), CPM_OK, &n.diag);
  notice_drain(&n, &h);
  assert_int_equal(h.code, 415);
  assert_true(h.over);
  notice_close(&n);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(one_for_a_message_that_was_never_sent_is_told_as_such),
    cmocka_unit_test(twice_and_out_of_order_change_nothing),
    cmocka_unit_test(ten_thousand_recipients_are_ten_thousand_legs),
    cmocka_unit_test(nobody_reports_for_another),
    cmocka_unit_test(a_block_that_is_too_small_for_them_stays_as_it_was),
    cmocka_unit_test(documents_that_cannot_be_read_are_told_whole),
    cmocka_unit_test(ten_thousand_levels_are_told_whole),
    cmocka_unit_test(another_namespace_and_none_are_understood),
    cmocka_unit_test(a_deflated_one_is_refused_with_what_is_taken),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
