/* SPDX-License-Identifier: MIT */
/* What pf/pager-originating stores for the conversation history is the body of the request, whose event is over by then. */
#include "support.h"
#include "cpm/cpm.h"

static void history_is_the_body_of_the_request(void **state) {
  (void)state;
  HOLDS("S1-8.3.1.1.1-5.s2");
  static uint64_t block[512], buf[512];
  static const char text[] = "MESSAGE sip:bob@example.com SIP/2.0\r\nFrom: <sip:alice@example.com>;tag=1\r\nTo: <sip:bob@example.com>\r\n"
                             "P-Asserted-Identity: <sip:alice@example.com>\r\nContent-Type: text/plain\r\nAccept-Contact: "
                             "*;+g.3gpp.icsi-ref=\"urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.msg\"\r\n\r\nHello";
  const cpm_arg args[] = { { .field = CPM_FIELD_authorised, .number = 1 }, { .field = CPM_FIELD_record_history, .number = 1 } };
  cpm_proc *proc = (cpm_proc *)(void *)block;
  cpm_sip_field fields[8];
  cpm_sip msg = CPM_SIP_ROOM(fields);
  cpm_agent a;
  cpm_event e;
  cpm_effect x;
  cpm_diag d = { 0 };
  cpm_agent_init(&a, CPM_ROLE_PARTICIPATING);
  a.address = S("sip:pf@example.com");
  a.user_agent = a.server = S("CPM-serv/OMA2.2");
  a.host = S("pf.example.com");
  assert_status(cpm_proc_init(block, sizeof block, cpm_machine_named("pf/pager-originating"), &a, &d), CPM_OK, &d);
  assert_status(cpm_sip_decode(&msg, S(text), NULL, &d), CPM_OK, &d);
  cpm_event_init(&e, CPM_EVENT_on_message);
  e.sip = &msg;
  e.item = 42;
  assert_status(cpm_proc_step(proc, &a, &e, &d), CPM_OK, &d);
  assert_status(cpm_proc_effect(proc, &a, (char *)buf, sizeof buf, &x), CPM_OK, NULL);
  assert_int_equal(x.kind, CPM_EFFECT_ASK);
  cpm_proc_did(proc);
  cpm_event_init(&e, CPM_EVENT_on_policy);
  e.item = 43;   /* of the answer: another thing */
  e.random = S_RANDOM;
  e.args = args;
  e.nargs = 2;
  assert_status(cpm_proc_step(proc, &a, &e, &d), CPM_OK, &d);
  assert_status(cpm_proc_effect(proc, &a, (char *)buf, sizeof buf, &x), CPM_OK, NULL);
  assert_int_equal(x.kind, CPM_EFFECT_STORE);
  assert_int_equal(x.id, CPM_ITEM_history);
  assert_int_equal(x.item, 42);
  cpm_proc_did(proc);
  assert_status(cpm_proc_effect(proc, &a, (char *)buf, sizeof buf, &x), CPM_OK, NULL);
  assert_int_equal(x.kind, CPM_EFFECT_SEND);
  assert_int_equal(x.sip.npieces, 1);
  assert_int_equal(x.sip.pieces[0].item, 42);
}

int main(void) {
  const struct CMUnitTest tests[] = { cmocka_unit_test(history_is_the_body_of_the_request) };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
