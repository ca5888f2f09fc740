/* SPDX-License-Identifier: MIT */
/* Procedures against messages, views, agents and blocks that were made to do harm. */
#include "support.h"
#include "cpm/cpm.h"
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 16384 };

typedef struct hostile { cpm_agent agent; _Alignas(CPM_PROC_ALIGN) uint64_t block[BLOCK / 8]; cpm_proc *proc; cpm_diag diag; } hostile;

static void hostile_start(hostile *h, const char *machine, cpm_role role) {
  memset(h, 0, sizeof *h);
  cpm_agent_init(&h->agent, role);
  h->agent.address = S("sip:me@example.com");
  h->agent.user_agent = h->agent.server = S("CPM-client/OMA2.2");
  h->agent.host = S("me.example.com");
  h->agent.accept = S("message/cpim, text/plain, multipart/mixed");
  h->agent.cf_uri = S("sip:cf@example.com");
  h->proc = (cpm_proc *)(void *)h->block;
  assert_status(cpm_proc_init(h->block, sizeof h->block, cpm_machine_named(machine), &h->agent, &h->diag), CPM_OK, &h->diag);
}

static cpm_event hostile_event(cpm_event_type type) {
  cpm_event e;
  cpm_event_init(&e, type);
  e.random = S_RANDOM;
  return e;
}

static int hostile_send(hostile *h, const char *to, uint64_t len) {
  const cpm_arg args[] = { { .field = CPM_FIELD_target, .number = CPM_TARGET_one }, { .field = CPM_FIELD_to, .text = cpm_str_z(to) },
                           { .field = CPM_FIELD_payload, .item = 1, .len = len }, { .field = CPM_FIELD_payload_type, .text = S("text/plain") } };
  cpm_event e = hostile_event(CPM_EVENT_send);
  e.args = args;
  e.nargs = 4;
  return cpm_proc_step(h->proc, &h->agent, &e, &h->diag);
}

static int hostile_message(hostile *h, cpm_str text) {
  cpm_sip_field fields[32];
  cpm_sip msg = CPM_SIP_ROOM(fields);
  assert_status(cpm_sip_decode(&msg, text, NULL, &h->diag), CPM_OK, &h->diag);
  cpm_event e = hostile_event(CPM_EVENT_on_message);
  e.sip = &msg;
  return cpm_proc_step(h->proc, &h->agent, &e, &h->diag);
}

/* The next effect of that kind; those before it are done. */
static cpm_effect hostile_until(hostile *h, cpm_effect_kind kind) {
  static uint64_t buf[1024];
  cpm_effect x;
  while (cpm_proc_effect(h->proc, &h->agent, (char *)buf, sizeof buf, &x) == CPM_OK) {
    if (x.kind == kind) return x;
    cpm_proc_did(h->proc);
  }
  fail_msg("no %s", cpm_effect_name(kind));
  return x;
}

/* ---- what a host hands over ---------------------------------------------------------------------------------------- */

static void content_that_no_number_holds_is_refused(void **state) {
  (void)state;
  static hostile h;
  hostile_start(&h, "client/pager-send", CPM_ROLE_CLIENT);
  assert_status(hostile_send(&h, "sip:bob@example.com", UINT64_MAX - 100), CPM_E_ARG, &h.diag);
  assert_string_equal(h.diag.rule, "payload");
  assert_status(hostile_send(&h, "sip:bob@example.com", UINT64_MAX / 4), CPM_OK, &h.diag);
  assert_int_equal(hostile_until(&h, CPM_EFFECT_TELL).id, CPM_NOTICE_too_large);
}

static void an_address_brings_no_header_fields(void **state) {
  (void)state;
  static hostile h;
  hostile_start(&h, "client/pager-send", CPM_ROLE_CLIENT);
  assert_status(hostile_send(&h, "sip:bob@example.com?Route=%3Csip:x%40example.org%3E", 5), CPM_E_VALUE, &h.diag);
  assert_string_equal(h.diag.rule, "to");
  h.agent.cf_uri = S("sip:cf@example.com?Subject=x");
  assert_status(cpm_agent_check(&h.agent, &h.diag), CPM_E_AGENT, &h.diag);
}

static void arrays_that_are_not_there_are_refused(void **state) {
  (void)state;
  static hostile h;
  hostile_start(&h, "client/pager-send", CPM_ROLE_CLIENT);
  cpm_event e = hostile_event(CPM_EVENT_send);
  e.nargs = 1;
  assert_status(cpm_proc_step(h.proc, &h.agent, &e, &h.diag), CPM_E_ARG, &h.diag);
  e = hostile_event(CPM_EVENT_send);
  e.nmembers = 1;
  assert_status(cpm_proc_step(h.proc, &h.agent, &e, &h.diag), CPM_E_ARG, &h.diag);
  e = hostile_event(CPM_EVENT_send);
  e.random.p = NULL;
  assert_status(cpm_proc_step(h.proc, &h.agent, &e, &h.diag), CPM_E_RANDOM, &h.diag);
}

/* A host that fills the view itself may not look names up. */
static void a_known_name_without_its_id_is_no_way_around_the_list(void **state) {
  (void)state;
  static hostile h;
  cpm_sip_field fields[] = {
    { CPM_SIP_ACCEPT_CONTACT, S("a"), S("*;+g.3gpp.icsi-ref=\"urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.msg\""), NULL, NULL },
    { CPM_SIP_P_ASSERTED_IDENTITY, S("p"), S("<sip:alice@example.com>"), NULL, NULL },
    { CPM_SIP_UNKNOWN, S("route"), S("<sip:x@example.org;lr>"), NULL, NULL },
    { CPM_SIP_UNKNOWN, S("v"), S("SIP/2.0/UDP x.example.org"), NULL, NULL },
    { CPM_SIP_UNKNOWN, S("X-Kept"), S("1"), NULL, NULL },
    { CPM_SIP_CONTENT_TYPE, S("c"), S("text/plain"), NULL, NULL },
    { CPM_SIP_CONTRIBUTION_ID, S("Contribution-ID"), S("a"), NULL, NULL },
    { CPM_SIP_CONVERSATION_ID, S("Conversation-ID"), S("b"), NULL, NULL },
  };
  cpm_sip msg = CPM_SIP_ROOM(fields);
  const cpm_entry bob = { .uri = S("sip:bob@example.com") };
  const cpm_arg args[] = { { .field = CPM_FIELD_authorised, .number = 1 }, { .field = CPM_FIELD_group_allowed, .number = 1 },
                           { .field = CPM_FIELD_group_known, .number = 1 }, { .field = CPM_FIELD_group_cpm, .number = 1 },
                           { .field = CPM_FIELD_anonymity_allowed, .number = 1 }, { .field = CPM_FIELD_list_ok, .number = 1 } };
  hostile_start(&h, "cf/pager", CPM_ROLE_CONTROLLING);
  msg.nfields = msg.cap;
  msg.method = CPM_METHOD_MESSAGE;
  msg.request_uri = S("sip:group@example.com");
  msg.body = S("Hi");
  cpm_event e = hostile_event(CPM_EVENT_on_message);
  e.sip = &msg;
  assert_status(cpm_proc_step(h.proc, &h.agent, &e, &h.diag), CPM_OK, &h.diag);
  hostile_until(&h, CPM_EFFECT_ASK);
  cpm_proc_did(h.proc);
  e = hostile_event(CPM_EVENT_on_policy);
  e.args = args;
  e.nargs = sizeof args / sizeof *args;
  e.members = &bob;
  e.nmembers = 1;
  assert_status(cpm_proc_step(h.proc, &h.agent, &e, &h.diag), CPM_OK, &h.diag);
  const cpm_effect x = hostile_until(&h, CPM_EFFECT_SEND);
  unsigned kept = 0;
  for (size_t i = 0; i < x.sip.nfields; i++) {
    const cpm_sip_header id = x.sip.fields[i].id ? x.sip.fields[i].id : cpm_sip_header_id(x.sip.fields[i].name);
    assert_int_not_equal(id, CPM_SIP_ROUTE);
    assert_int_not_equal(id, CPM_SIP_VIA);
    kept += cpm_str_eq(x.sip.fields[i].name, S("X-Kept"));
  }
  assert_int_equal(kept, 1);
}

/* ---- what comes over the wire -------------------------------------------------------------------------------------- */

#define CPIM_MESSAGE(line) \
  S("MESSAGE sip:me@example.com SIP/2.0\r\nP-Asserted-Identity: <sip:alice@example.com>\r\nContent-Type: message/cpim\r\n\r\n" \
    "From: <sip:alice@example.com>\r\nTo: <sip:me@example.com>\r\nNS: imdn <urn:ietf:params:imdn>\r\n" line "\r\n\r\n" \
    "Content-Type: text/plain\r\n\r\nHi")

/* A text that may not stand in a block leaves its field unset: the message is answered all the same. */
static void no_text_of_a_message_stops_a_procedure(void **state) {
  (void)state;
  const cpm_str messages[] = {
    CPIM_MESSAGE("DateTime: 2020-09-27T04:02:25Z\0\r\nimdn.Message-ID: a"),
    CPIM_MESSAGE("DateTime: 2020-09-27T04:02:25Z\r\nimdn.Message-ID: a\0b"),
    CPIM_MESSAGE("Subject: a\0b"),
    S("MESSAGE sip:me@example.com SIP/2.0\r\nContent-Type: multipart/mixed;boundary=b\r\n\r\n--b\r\nContent-Type: a/b;\0\r\n\r\nx\r\n--b--\r\n"),
    S("MESSAGE sip:me@example.com SIP/2.0\r\nContent-Type: multipart/mixed;boundary=b\r\n\r\n--b\r\nContent-Transfer-Encoding: a\rb\r\n\r\nx\r\n--b--\r\n"),
    S("MESSAGE sip:me@example.com SIP/2.0\r\nContent-Type: message/cpim\r\n\r\nFrom: <sip:a@example.com>\r\nTo: <sip:b@example.com>\r\n\r\n"
      "Content-Type: text/plain\r\nContent-Transfer-Encoding: a\0b\r\n\r\nHi"),
  };
  for (size_t i = 0; i < sizeof messages / sizeof *messages; i++) {
    static hostile h;
    hostile_start(&h, "client/pager-receive", CPM_ROLE_CLIENT);
    assert_status(hostile_message(&h, messages[i]), CPM_OK, &h.diag);
  }
}

/* Where a notification goes is the sender's to say: it becomes a Request-URI. */
static void a_notification_takes_no_header_fields_from_the_sender(void **state) {
  (void)state;
  static hostile h;
  hostile_start(&h, "client/pager-receive", CPM_ROLE_CLIENT);
  assert_status(hostile_message(&h, CPIM_MESSAGE("DateTime: 2020-09-27T04:02:25Z\r\nimdn.Message-ID: a\r\n"
    "imdn.Disposition-Notification: positive-delivery\r\nimdn.IMDN-Record-Route: <sip:x@example.org?Route=%3Csip:y%40example.org%3E>")), CPM_OK, &h.diag);
  assert_false(cpm_proc_has(h.proc, CPM_NO_LEG, CPM_FIELD_record_route));
  assert_str(cpm_proc_text(h.proc, CPM_NO_LEG, CPM_FIELD_report_to), "sip:alice@example.com");
}

static void a_clock_far_off_decides_without_overflow(void **state) {
  (void)state;
  const int64_t clocks[] = { INT64_MIN, INT64_MAX };
  for (size_t i = 0; i < 2; i++) {
    static hostile h;
    cpm_sip_field fields[32];
    cpm_sip msg = CPM_SIP_ROOM(fields);
    hostile_start(&h, "client/pager-receive", CPM_ROLE_CLIENT);
    assert_status(cpm_sip_decode(&msg, S("MESSAGE sip:me@example.com SIP/2.0\r\nDate: Sun, 27 Sep 2020 04:02:25 GMT\r\nExpires: 1\r\n"
                                         "Content-Type: text/plain\r\n\r\nHi"), NULL, NULL), CPM_OK, NULL);
    cpm_event e = hostile_event(CPM_EVENT_on_message);
    e.sip = &msg;
    e.now = clocks[i];
    assert_status(cpm_proc_step(h.proc, &h.agent, &e, &h.diag), CPM_OK, &h.diag);
    assert_int_equal(cpm_proc_number(h.proc, CPM_NO_LEG, CPM_FIELD_expired), i);
  }
}

/* ---- buffers and agents -------------------------------------------------------------------------------------------- */

static void no_buffer_is_too_small_to_be_safe(void **state) {
  (void)state;
  static hostile h;
  cpm_effect x;
  hostile_start(&h, "client/pager-send", CPM_ROLE_CLIENT);
  assert_status(hostile_send(&h, "sip:bob@example.com", 5), CPM_OK, &h.diag);
  const size_t need = cpm_proc_need(h.proc);
  for (size_t cap = 0; cap <= need; cap++) {
    char *buf = malloc(cap + 16);
    assert_non_null(buf);
    memset(buf, 0x5a, cap + 16);
    assert_int_equal(cpm_proc_effect(h.proc, &h.agent, buf, cap, &x), cap < need ? CPM_E_SPACE : CPM_OK);
    for (size_t i = cap; i < cap + 16; i++) assert_int_equal(buf[i], 0x5a);
    free(buf);
  }
}

static void an_agent_text_is_what_its_field_may_hold(void **state) {
  (void)state;
  static hostile h;
  hostile_start(&h, "client/pager-send", CPM_ROLE_CLIENT);
  const struct { size_t at; cpm_str text; const char *rule; } bad[] = {
    { offsetof(cpm_agent, user_agent), S("   "), "user_agent" },
    { offsetof(cpm_agent, user_agent), S("CPM-client/OMA2.2 (never closed"), "user_agent" },
    { offsetof(cpm_agent, server), S("CPM-serv/OMA2.2 \x01"), "server" },
    { offsetof(cpm_agent, accept), S("text/plain, a b c"), "accept" },
    { offsetof(cpm_agent, accept_wrapped), S(";"), "accept_wrapped" },
    { offsetof(cpm_agent, instance), S("urn:x\">;evil=\""), "instance" },
    { offsetof(cpm_agent, host), S("a b"), "host" },
    { offsetof(cpm_agent, host), S("a\",b"), "host" },
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    cpm_agent a = h.agent;
    memcpy((char *)&a + bad[i].at, &bad[i].text, sizeof bad[i].text);
    assert_status(cpm_agent_check(&a, &h.diag), CPM_E_AGENT, &h.diag);
    assert_string_equal(h.diag.rule, bad[i].rule);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(content_that_no_number_holds_is_refused),
    cmocka_unit_test(an_address_brings_no_header_fields),
    cmocka_unit_test(arrays_that_are_not_there_are_refused),
    cmocka_unit_test(a_known_name_without_its_id_is_no_way_around_the_list),
    cmocka_unit_test(no_text_of_a_message_stops_a_procedure),
    cmocka_unit_test(a_notification_takes_no_header_fields_from_the_sender),
    cmocka_unit_test(a_clock_far_off_decides_without_overflow),
    cmocka_unit_test(no_buffer_is_too_small_to_be_safe),
    cmocka_unit_test(an_agent_text_is_what_its_field_may_hold),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
