/* SPDX-License-Identifier: MIT */
/* A refused EACH leaves no trace: rows of legs that were reached before the one that fails are taken back, with what they count. No
 * procedure has legs that count and send in one EACH, so this program has a machine of its own in place of them. */
#include "support.h"
#include "table.h"
#undef CPM_MACHINES
#define CPM_MACHINES(X) X(undo)
extern const cpm_machine cpmi_machine_undo;
#include "all.c"

#define SPEC "O-R33-"
static const cpmi_capture undo_captures[] = { CAPTURE("1", on_policy, recipients, RECIPIENTS) };
static const cpmi_row undo_rows[] = {
  ROW("1", idle,    on_policy, ALWAYS, fanning, FORK(member))
  ROW("2", fanning, cancel,    ALWAYS, ended,   EACH(do_bye), DONE)
};
static const cpmi_row undo_leg_rows[] = {
  ROW("1", idle,    go,          ALWAYS, sending, NOTHING)
  ROW("2", sending, message_1xx, ALWAYS, sending, ADD(seen))
  ROW("3", sending, message_ok,  ALWAYS, up,      NOTHING)
  ROW("4", up,      do_bye,      ALWAYS, ended,   ADD(unacked), SUB(seen), CLOSE)
  ROW("5", sending, do_bye,      ALWAYS, ending,  ADD(unacked), SUB(seen), SEND(bye))   /* says who we are */
};
static const cpmi_part undo_part = { ROWS(undo_rows), ROWS(undo_leg_rows), ROWS(undo_captures) };
static const uint8_t undo_fields[] = { F(recipients) }, undo_leg_fields[] = { F(uri), F(copy_control), F(anonymize), F(seen), F(unacked) };
static const uint8_t undo_states[] = { LEG_STATE(idle), LEG_STATE(sending), LEG_STATE(up), LEG_STATE(ending), LEG_STATE(ended) };
static const uint8_t undo_kinds[] = { LEG_KIND(member) };
const cpm_machine cpmi_machine_undo = { "test/undo", CPM_ROLE_CONTROLLING, CPMI_STATE_idle, CPMI_STATE_idle, { &undo_part },
                                        NAMES(undo_fields), NAMES(undo_leg_fields), NAMES(undo_states), NAMES(undo_kinds) };

enum { LEGS = 4, BLOCK = 4096 };
static cpm_agent agent;
static uint64_t block[BLOCK / 8], before[BLOCK / 8];
static cpm_proc *const proc = (cpm_proc *)(void *)block;

static int step(cpm_event_type type, uint32_t leg, unsigned status) {
  static const cpm_entry members[LEGS] = { { .uri = CPM_STR("sip:a@example.com") }, { .uri = CPM_STR("sip:b@example.com") },
                                           { .uri = CPM_STR("sip:c@example.com") }, { .uri = CPM_STR("sip:d@example.com") } };
  const cpm_sip sip = { .status = status };
  cpm_event e;
  cpm_event_init(&e, type);
  e.leg = leg;
  e.sip = status ? &sip : NULL;
  e.members = members;
  e.nmembers = type == CPM_EVENT_on_policy ? LEGS : 0;
  return cpm_proc_step(proc, &agent, &e, NULL);
}

static void taken(cpm_event_type type, uint32_t leg, unsigned status) { assert_status(step(type, leg, status), CPM_OK, NULL); }

/* Leg 0 has counted nothing, leg 1 once, leg 2 twice; all three can close. Leg 3 must send, and an agent without a name cannot. */
static void start(void) {
  cpm_agent_init(&agent, CPM_ROLE_CONTROLLING);
  agent.address = S("sip:own@example.com");
  agent.user_agent = agent.server = S("CPM-serv/OMA2.2");
  agent.host = S("own.example.com");
  assert_status(cpm_proc_init(block, sizeof block, &cpmi_machine_undo, &agent, NULL), CPM_OK, NULL);
  taken(CPM_EVENT_on_policy, CPM_NO_LEG, 0);
  for (uint32_t leg = 0; leg < 3; leg++) {
    for (uint32_t i = 0; i < leg; i++) taken(CPM_EVENT_message_1xx, leg, 100);
    taken(CPM_EVENT_message_ok, leg, 200);
  }
  agent.user_agent = agent.server = cpm_str_none();
  memcpy(before, block, sizeof before);
}

static void counters_of_a_refused_each_are_counted_back(void **state) {
  (void)state;
  start();
  assert_status(step(CPM_EVENT_cancel, CPM_NO_LEG, 0), CPM_E_MISSING, NULL);
  assert_memory_equal(block, before, sizeof before);
  assert_status(cpm_proc_check(block, sizeof block, NULL), CPM_OK, NULL);
}

/* The same event with a sound agent: what was taken back had been counted. */
static void an_each_that_is_taken_counts(void **state) {
  (void)state;
  start();
  agent.user_agent = agent.server = S("CPM-serv/OMA2.2");
  taken(CPM_EVENT_cancel, CPM_NO_LEG, 0);
  for (uint32_t leg = 0; leg < LEGS; leg++) assert_int_equal(cpm_proc_number(proc, leg, CPM_FIELD_unacked), 1);
  assert_int_equal(cpm_proc_number(proc, 0, CPM_FIELD_seen), -1);
  assert_false(cpm_proc_has(proc, 1, CPM_FIELD_seen));
  assert_int_equal(cpm_proc_number(proc, 2, CPM_FIELD_seen), 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(counters_of_a_refused_each_are_counted_back),
    cmocka_unit_test(an_each_that_is_taken_counts),
  };
  return cmocka_run_group_tests_name("undo", tests, NULL, NULL);
}
