/* SPDX-License-Identifier: MIT */
/* The agent, and the names and numbers that hosts look up. */
#include "support.h"
#include "cpm/cpm.h"
#include <string.h>

static cpm_agent agent_good(void) {
  cpm_agent a;
  cpm_agent_init(&a, CPM_ROLE_CLIENT);
  a.address = S("sip:alice@example.com");
  a.user_agent = a.server = S("CPM-client/OMA2.2");
  a.host = S("alice.example.com");
  a.accept = S("message/cpim, text/plain");
  return a;
}

static void defaults_are_those_of_the_list(void **state) {
  (void)state;
  const cpm_agent a = agent_good();
  assert_int_equal(a.release, 22);
  assert_int_equal(a.pager_limit, 1300);
  assert_int_equal(a.bye_fanin_ms, 20000);
  assert_status(cpm_agent_check(&a, NULL), CPM_OK, NULL);
}

static void a_number_out_of_its_range_is_refused_by_name(void **state) {
  (void)state;
  cpm_diag d = { 0 };
  cpm_agent a = agent_good();
  a.bye_fanin_ms = 25000;
  assert_status(cpm_agent_check(&a, &d), CPM_OK, &d);
  a.bye_fanin_ms = 25001;   /* the sender of the BYE gives up at 32 s (O-R34) */
  assert_status(cpm_agent_check(&a, &d), CPM_E_AGENT, &d);
  assert_string_equal(d.rule, "bye_fanin_ms");
  a = agent_good();
  a.chunk_size = 0;   /* nothing would ever go */
  assert_status(cpm_agent_check(&a, &d), CPM_E_AGENT, &d);
  assert_string_equal(d.rule, "chunk_size");
}

static void what_must_be_there_is_asked_for(void **state) {
  (void)state;
  cpm_diag d = { 0 };
  cpm_agent a = agent_good();
  a.host = cpm_str_none();
  assert_status(cpm_agent_check(&a, &d), CPM_E_AGENT, &d);
  assert_string_equal(d.rule, "host");
  a = agent_good();
  a.accept = cpm_str_none();   /* what a 415 must name */
  assert_status(cpm_agent_check(&a, &d), CPM_E_AGENT, &d);
  assert_string_equal(d.rule, "accept");
  a.role = CPM_ROLE_CONTROLLING;
  assert_status(cpm_agent_check(&a, &d), CPM_OK, &d);
  assert_status(cpm_agent_check(NULL, &d), CPM_E_AGENT, &d);
}

static void an_instance_that_cannot_be_quoted_is_refused_where_it_breaks(void **state) {
  (void)state;
  cpm_diag d = { 0 };
  cpm_agent a = agent_good();
  a.instance = S("urn:uuid:1");
  assert_status(cpm_agent_check(&a, &d), CPM_OK, &d);
  a.instance = S("urn:uuid>1");
  assert_status(cpm_agent_check(&a, &d), CPM_E_AGENT, &d);
  assert_string_equal(d.rule, "instance");
  assert_int_equal(d.off, 8);
}

static void line_breaks_and_bad_uris_do_not_enter(void **state) {
  (void)state;
  const cpm_str bad[] = { S("a\r\nVia: x"), S("a\nb"), S("a\0b"), S("a\rb") };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    cpm_diag d = { 0 };
    cpm_agent a = agent_good();
    a.server = bad[i];
    assert_status(cpm_agent_check(&a, &d), CPM_E_AGENT, &d);
    assert_string_equal(d.rule, "server");
  }
  cpm_diag d = { 0 };
  cpm_agent a = agent_good();
  a.cf_uri = S("no uri");
  assert_status(cpm_agent_check(&a, &d), CPM_E_AGENT, &d);
  assert_string_equal(d.rule, "cf_uri");
}

static void a_path_of_relays_is_one_of_msrp(void **state) {
  static const char *const good[] = { "msrp://r.example.com/1;tcp", "msrps://r.example.com:2900/1;tcp msrp://[2001:db8::1]/2;tcp" };
  static const char *const bad[] = { "sip:r.example.com", "msrp://r.example.com/1;tcp,msrp://s.example.com/2;tcp", "msrp://r.example.com/1;tcp  msrp://s.example.com/2;tcp",
                                     "msrp://r.example.com/1;tcp\r\nX: y" };
  cpm_agent a = agent_good();
  cpm_diag d = { 0 };
  (void)state;
  for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
    a.media_relays = cpm_str_z(good[i]);
    assert_status(cpm_agent_check(&a, &d), CPM_OK, &d);
  }
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    a.media_relays = cpm_str_z(bad[i]);
    assert_status(cpm_agent_check(&a, &d), CPM_E_AGENT, &d);
    assert_string_equal(d.rule, "media_relays");
  }
}

static void an_unsound_agent_starts_no_procedure(void **state) {
  (void)state;
  static uint64_t mem[1024];
  cpm_agent a = agent_good();
  a.address = cpm_str_none();
  assert_status(cpm_proc_init(mem, sizeof mem, cpm_machine_at(0), &a, NULL), CPM_E_AGENT, NULL);
}

static void methods_and_statuses_name_their_events(void **state) {
  (void)state;
  assert_int_equal(cpm_event_of_request(CPM_METHOD_MESSAGE), CPM_EVENT_on_message);
  assert_int_equal(cpm_event_of_request(CPM_METHOD_BYE), CPM_EVENT_on_bye);
  assert_int_equal(cpm_event_of_request(CPM_METHOD_NOTIFY), CPM_EVENT_on_notify);
  assert_int_equal(cpm_event_of_request(CPM_METHOD_PUBLISH), CPM_EVENT_on_other);
  assert_int_equal(cpm_event_of_request(CPM_METHOD_UNKNOWN), CPM_EVENT_on_other);
  assert_int_equal(cpm_event_of_response(CPM_METHOD_MESSAGE, 0), CPM_EVENT_message_timeout);
  assert_int_equal(cpm_event_of_response(CPM_METHOD_MESSAGE, 183), CPM_EVENT_message_1xx);
  assert_int_equal(cpm_event_of_response(CPM_METHOD_MESSAGE, 202), CPM_EVENT_message_ok);
  assert_int_equal(cpm_event_of_response(CPM_METHOD_MESSAGE, 302), CPM_EVENT_message_fail);
  assert_int_equal(cpm_event_of_response(CPM_METHOD_INVITE, 200), CPM_EVENT_invite_ok);
  assert_int_equal(cpm_event_of_response(CPM_METHOD_BYE, 481), CPM_EVENT_bye_done);
  assert_int_equal(cpm_event_of_response(CPM_METHOD_BYE, 0), CPM_EVENT_bye_done);
}

static void inside_of_a_dialog_an_invite_is_another_event(void **state) {
  (void)state;
  assert_int_equal(cpm_event_of_request_inside(CPM_METHOD_INVITE), CPM_EVENT_on_reinvite);
  assert_int_equal(cpm_event_of_request_inside(CPM_METHOD_UPDATE), CPM_EVENT_on_reinvite);
  assert_int_equal(cpm_event_of_request_inside(CPM_METHOD_BYE), CPM_EVENT_on_bye);
  assert_int_equal(cpm_event_of_request_inside(CPM_METHOD_INFO), CPM_EVENT_on_other);
  assert_int_equal(cpm_event_of_response_inside(CPM_METHOD_INVITE, 180), CPM_EVENT_COUNT);
  assert_int_equal(cpm_event_of_response_inside(CPM_METHOD_INVITE, 200), CPM_EVENT_reinvite_done);
  assert_int_equal(cpm_event_of_response_inside(CPM_METHOD_UPDATE, 491), CPM_EVENT_reinvite_done);
  assert_int_equal(cpm_event_of_response_inside(CPM_METHOD_UPDATE, 0), CPM_EVENT_reinvite_done);
  assert_int_equal(cpm_event_of_response_inside(CPM_METHOD_BYE, 200), CPM_EVENT_bye_done);
  assert_int_equal(cpm_event_of_response_inside(CPM_METHOD_INFO, 200), CPM_EVENT_COUNT);
}

static void names_are_those_of_the_lists(void **state) {
  (void)state;
  assert_string_equal(cpm_event_name(CPM_EVENT_on_message), "on_message");
  assert_string_equal(cpm_event_name(CPM_EVENT_COUNT), "?");
  assert_string_equal(cpm_field_name(CPM_FIELD_conversation_id), "conversation_id");
  assert_string_equal(cpm_effect_name(CPM_EFFECT_SEND), "SEND");
}

static void the_version_is_the_projects(void **state) {
  (void)state;
  char text[64];
  snprintf(text, sizeof text, "%d.%d.%d", CPM_VERSION_MAJOR, CPM_VERSION_MINOR, CPM_VERSION_PATCH);
  assert_string_equal(cpm_version(), text);
  assert_string_equal(cpm_version(), PROJECT_VERSION);
}

static void machines_are_found_by_name(void **state) {
  (void)state;
  size_t n = 0;
  for (const cpm_machine *m; (m = cpm_machine_at(n)) != NULL; n++) assert_ptr_equal(cpm_machine_named(cpm_machine_name(m)), m);
  assert_true(n >= 5);
  assert_null(cpm_machine_named("client/nothing"));
  assert_null(cpm_machine_named(NULL));
}

static void clauses_come_whole(void **state) {
  (void)state;
  char id[CPM_CLAUSE_MAX];
  const char *rest = "1 1.r403  S0-7.2.1-2 O-R18", *const want[] = { "S4-9.1.1-1", "S4-9.1.1-1.r403", "S0-7.2.1-2", "O-R18" };
  for (size_t i = 0; i < 4; i++) {
    assert_true(cpm_clause_next("S4-9.1.1-", &rest, id));
    assert_string_equal(id, want[i]);
  }
  assert_false(cpm_clause_next("S4-9.1.1-", &rest, id));
}

static void the_size_of_a_block_is_told(void **state) {
  (void)state;
  const cpm_machine *m = cpm_machine_named("cf/pager");
  const size_t none = cpm_proc_size(m, 0, 0), ten = cpm_proc_size(m, 0, 10);
  assert_true(none > 0 && ten > none && none % CPM_PROC_ALIGN == 0);
  assert_int_equal(cpm_proc_size(m, 0, UINT32_MAX), 0);
  assert_int_equal(cpm_proc_size(NULL, 0, 0), 0);
  static uint64_t mem[4096];
  cpm_diag d = { 0 };
  const cpm_agent a = agent_good();
  assert_status(cpm_proc_init(mem, 64, m, &a, &d), CPM_E_SPACE, &d);
  assert_true(d.need > 64);
  assert_status(cpm_proc_init((char *)mem + 1, sizeof mem - 8, m, &a, &d), CPM_E_ARG, &d);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(defaults_are_those_of_the_list),
    cmocka_unit_test(a_number_out_of_its_range_is_refused_by_name),
    cmocka_unit_test(what_must_be_there_is_asked_for),
    cmocka_unit_test(an_instance_that_cannot_be_quoted_is_refused_where_it_breaks),
    cmocka_unit_test(line_breaks_and_bad_uris_do_not_enter),
    cmocka_unit_test(a_path_of_relays_is_one_of_msrp),
    cmocka_unit_test(an_unsound_agent_starts_no_procedure),
    cmocka_unit_test(methods_and_statuses_name_their_events),
    cmocka_unit_test(inside_of_a_dialog_an_invite_is_another_event),
    cmocka_unit_test(names_are_those_of_the_lists),
    cmocka_unit_test(the_version_is_the_projects),
    cmocka_unit_test(machines_are_found_by_name),
    cmocka_unit_test(clauses_come_whole),
    cmocka_unit_test(the_size_of_a_block_is_told),
  };
  return cmocka_run_group_tests_name("agent", tests, NULL, NULL);
}
