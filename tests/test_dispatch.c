/* SPDX-License-Identifier: MIT */
/* cpm_dispatch and cpm_dispatch_intent: the tables are in the scenarios, here is the call. */
#include "support.h"
#include "cpm/cpm.h"
#include <string.h>

static cpm_agent dispatch_agent(cpm_role role) {
  cpm_agent a;
  cpm_agent_init(&a, role);
  a.address = S("sip:me@example.com");
  a.user_agent = a.server = S("CPM-client/OMA2.2");
  a.host = S("me.example.com");
  a.accept = S("message/cpim");
  return a;
}

static cpm_dispatched dispatch_to(cpm_role role, const char *head) {
  char text[1024];
  cpm_sip_field fields[16];
  cpm_sip msg = CPM_SIP_ROOM(fields);
  cpm_dispatched d;
  cpm_diag diag = { 0 };
  const cpm_agent a = dispatch_agent(role);
  snprintf(text, sizeof text, "%s\r\n", head);
  assert_status(cpm_sip_decode(&msg, cpm_str_z(text), NULL, &diag), CPM_OK, &diag);
  assert_status(cpm_dispatch(&d, &msg, &a), CPM_OK, NULL);
  return d;
}

#define PAGER "*;+g.3gpp.icsi-ref=\"urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.msg\"\r\n"
#define LARGE "*;+g.3gpp.icsi-ref=\"urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.largemsg\"\r\n"

static void a_message_enters_the_procedure_of_the_role(void **state) {
  (void)state;
  static const struct { cpm_role role; const char *machine; } t[] = { { CPM_ROLE_CLIENT, "client/pager-receive" },
                                                                      { CPM_ROLE_PARTICIPATING, "pf/pager-originating" },
                                                                      { CPM_ROLE_CONTROLLING, "cf/pager" } };
  for (size_t i = 0; i < 3; i++) {
    const cpm_dispatched d = dispatch_to(t[i].role, "MESSAGE sip:me@example.com SIP/2.0\r\nAccept-Contact: " PAGER);
    assert_string_equal(d.procedure, t[i].machine);
    assert_ptr_equal(d.machine, cpm_machine_named(t[i].machine));
    assert_int_equal(d.answer, 0);
    assert_null(d.allow);
  }
}

static void a_procedure_that_is_not_there_is_named_with_its_answer(void **state) {
  (void)state;
  HOLDS("O-R49-1");
  const cpm_dispatched d = dispatch_to(CPM_ROLE_CLIENT, "INVITE sip:me@example.com SIP/2.0\r\nAccept-Contact: " LARGE);
  assert_string_equal(d.procedure, "client/large-receive");
  if (!cpm_machine_named(d.procedure)) assert_int_equal(d.answer, 488);
  assert_string_equal(d.clauses, "p4.b2.large S1-5.1-p1.s6");
}

static void what_nobody_takes_is_answered_by_method(void **state) {
  (void)state;
  HOLDS("O-R49-1");
  static const struct { const char *head; unsigned answer; } t[] = {
    { "MESSAGE sip:me@example.com SIP/2.0\r\n", 488 },     { "INVITE sip:me@example.com SIP/2.0\r\n", 488 },
    { "SUBSCRIBE sip:me@example.com SIP/2.0\r\n", 489 },   { "NOTIFY sip:me@example.com SIP/2.0\r\n", 489 },
    { "REFER sip:me@example.com SIP/2.0\r\n", 603 },       { "PUBLISH sip:me@example.com SIP/2.0\r\n", 405 },
    { "FOO sip:me@example.com SIP/2.0\r\n", 405 },         { "BYE sip:me@example.com SIP/2.0\r\nTo: <sip:me@example.com>;tag=1\r\n", 481 },
    { "INFO sip:me@example.com SIP/2.0\r\nTo: <sip:me@example.com>;tag=1\r\n", 481 },
    { "MESSAGE sip:me@example.com SIP/2.0\r\nTo: <sip:me@example.com>;tag=1\r\nAccept-Contact: " PAGER, 481 },
    { "ACK sip:me@example.com SIP/2.0\r\n", 0 },
  };
  for (unsigned role = CPM_ROLE_CLIENT; role <= CPM_ROLE_CONTROLLING; role++)
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
      const cpm_dispatched d = dispatch_to((cpm_role)role, t[i].head);
      assert_null(d.procedure);
      assert_null(d.machine);
      assert_int_equal(d.answer, t[i].answer);
      assert_int_equal(d.allow != NULL, t[i].answer == 405);
    }
}

/* Every method in Allow has a row of some machine that takes it, and every method that has one is there. */
static void allow_names_the_methods_that_procedures_take(void **state) {
  (void)state;
  const cpm_dispatched d = dispatch_to(CPM_ROLE_CLIENT, "FOO sip:me@example.com SIP/2.0\r\n");
  static const char *const methods[] = { "INVITE", "ACK", "CANCEL", "BYE", "MESSAGE" };
  size_t n = 0;
  cpm_str rest = cpm_str_z(d.allow), token;
  while (cpm_token_next(&rest, &token, NULL, NULL) == CPM_OK) {
    bool known = false;
    for (size_t i = 0; i < 5; i++) known |= cpm_str_eq(token, cpm_str_z(methods[i]));
    assert_true(known);
    n++;
  }
  assert_int_equal(n, 5);
}

static void a_wish_names_its_procedure(void **state) {
  (void)state;
  HOLDS("S2-7-p3.b1 S2-7-p3.b2 S2-7-p3.b3.new S2-7-p3.b4 S2-7-p3.b5 S2-7-p3.b6 S2-7-p3.b7");
  static const struct { unsigned intent, target; const char *procedure; } t[] = {
    { CPM_INTENT_message, 0, "client/pager-send" },
    { CPM_INTENT_large, 0, "client/large-send" },
    { CPM_INTENT_session, CPM_TARGET_one, "client/session-invite" },
    { CPM_INTENT_session, CPM_TARGET_adhoc, "client/group-adhoc" },
    { CPM_INTENT_session, CPM_TARGET_group, "client/group-predefined" },
    { CPM_INTENT_session, CPM_TARGET_many, NULL },
    { CPM_INTENT_session, 0, NULL },
    { CPM_INTENT_join, 0, "client/group-joinin" },
    { CPM_INTENT_rejoin, 0, "client/group-rejoin" },
    { CPM_INTENT_file, 0, "client/ft-send" },
    { CPM_INTENT_deferred, 0, "client/deferred-handle" },
    { CPM_INTENT_deferred_session, 0, "client/deferred-session" },
    { CPM_INTENT_deferred_group, 0, "client/deferred-group" },
  };
  const cpm_agent a = dispatch_agent(CPM_ROLE_CLIENT);
  for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
    cpm_dispatched d;
    assert_status(cpm_dispatch_intent(&d, t[i].intent, t[i].target, &a), CPM_OK, NULL);
    if (t[i].procedure) assert_string_equal(d.procedure, t[i].procedure);
    else assert_null(d.procedure);
    assert_int_equal(d.answer, 0);
  }
}

static void what_is_no_request_is_refused(void **state) {
  (void)state;
  cpm_dispatched d;
  cpm_sip msg;
  const cpm_agent a = dispatch_agent(CPM_ROLE_CLIENT);
  memset(&msg, 0, sizeof msg);
  msg.status = 200;
  assert_status(cpm_dispatch(&d, &msg, &a), CPM_E_ARG, NULL);
  assert_status(cpm_dispatch(&d, NULL, &a), CPM_E_ARG, NULL);
  assert_status(cpm_dispatch(NULL, &msg, &a), CPM_E_ARG, NULL);
  msg.status = 0;
  msg.method = CPM_METHOD_MESSAGE;
  msg.nfields = 1;
  assert_status(cpm_dispatch(&d, &msg, &a), CPM_E_ARG, NULL);
  assert_status(cpm_dispatch_intent(&d, 0, 0, &a), CPM_E_ARG, NULL);
  assert_status(cpm_dispatch_intent(&d, CPM_INTENT_COUNT, 0, &a), CPM_E_ARG, NULL);
  assert_status(cpm_dispatch_intent(&d, CPM_INTENT_session, CPM_TARGET_COUNT, &a), CPM_E_ARG, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_message_enters_the_procedure_of_the_role),
    cmocka_unit_test(a_procedure_that_is_not_there_is_named_with_its_answer),
    cmocka_unit_test(what_nobody_takes_is_answered_by_method),
    cmocka_unit_test(allow_names_the_methods_that_procedures_take),
    cmocka_unit_test(a_wish_names_its_procedure),
    cmocka_unit_test(what_is_no_request_is_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
