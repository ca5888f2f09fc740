/* SPDX-License-Identifier: MIT */
/* Random bytes are asked for where identifiers or boundaries are made of them, and only there. */
#include "support.h"
#include "cpm/cpm.h"
#include <stdlib.h>

static size_t need(const char *machine, cpm_event_type type) { return cpm_random_need(cpm_machine_named(machine), type); }

static void test_identifiers(void **state) {
  (void)state;
  assert_int_equal(need("client/pager-send", CPM_EVENT_send), CPM_RANDOM_NEED);
  assert_int_equal(need("client/pager-send", CPM_EVENT_message_ok), 0);
  assert_int_equal(need("client/pager-receive", CPM_EVENT_on_message), CPM_RANDOM_NEED);
  assert_int_equal(need("client/pager-receive", CPM_EVENT_online), 0);   /* one body, no boundary */
}

/* The members' MESSAGEs are multiparts: sent by `go`, that the answer to ASK gives to the new legs. */
static void test_boundaries(void **state) {
  (void)state;
  assert_int_equal(need("cf/pager", CPM_EVENT_on_message), 0);
  assert_int_equal(need("cf/pager", CPM_EVENT_on_policy), CPM_RANDOM_NEED);
  assert_int_equal(need("cf/pager", CPM_EVENT_message_ok), 0);
  assert_int_equal(cpm_random_need(NULL, CPM_EVENT_send), 0);
  assert_int_equal(need("cf/pager", CPM_EVENT_COUNT), 0);
}

static void test_step_refuses(void **state) {
  (void)state;
  cpm_agent agent;
  cpm_event event;
  cpm_diag diag = { 0 };
  const cpm_machine *m = cpm_machine_named("client/pager-send");
  const size_t size = cpm_proc_size(m, 4096, 0);
  cpm_proc *p = malloc(size);
  assert_non_null(p);
  cpm_agent_init(&agent, CPM_ROLE_CLIENT);
  agent.address = S("sip:alice@example.com");
  agent.user_agent = agent.server = S("CPM-client/OMA2.2");
  agent.host = S("alice.example.com");
  agent.accept = S("message/cpim");
  assert_status(cpm_proc_init(p, size, m, &agent, &diag), CPM_OK, &diag);
  cpm_event_init(&event, CPM_EVENT_send);
  event.random = cpm_str_of("012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345", CPM_RANDOM_NEED - 1);
  assert_status(cpm_proc_step(p, &agent, &event, &diag), CPM_E_RANDOM, &diag);
  free(p);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_identifiers),
    cmocka_unit_test(test_boundaries),
    cmocka_unit_test(test_step_refuses),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
