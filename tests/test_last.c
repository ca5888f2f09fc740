/* SPDX-License-Identifier: MIT */
/* cpm_proc_last: what the last step did, for logs. */
#include "engine_script.h"
#include "engine.h"
#include <stdlib.h>
#include <string.h>

static void last_text(const char *got, const char *want, const char *what, unsigned event) {
  if (got == want || (got && want && strcmp(got, want) == 0)) return;
  fail_msg("event %u: %s is %s, not %s", event, what, got ? got : "NULL", want ? want : "NULL");
}

static void last_is(const cpm_proc *proc, const cpm_last *want, unsigned event) {
  cpm_last last;
  cpm_proc_last(proc, &last);
  last_text(last.machine, want->machine, "machine", event);
  last_text(last.state, want->state, "state", event);
  last_text(last.leg_state, want->leg_state, "leg_state", event);
  last_text(last.spec, want->spec, "spec", event);
  last_text(last.clauses, want->clauses, "clauses", event);
  last_text(last.leg_spec, want->leg_spec, "leg_spec", event);
  last_text(last.leg_clauses, want->leg_clauses, "leg_clauses", event);
}

static void before_the_first_step_there_is_a_state_and_no_row(void **state) {
  (void)state;
  for (size_t i = 0; cpm_machine_at(i); i++) {
    _Alignas(CPM_PROC_ALIGN) uint64_t mem[SCRIPT_BLOCK / 8];
    cpm_agent a;
    script_agent(&a, CPM_ROLE_CLIENT);
    assert_status(cpm_proc_init(mem, sizeof mem, cpm_machine_at(i), &a, NULL), CPM_OK, NULL);
    const cpm_last want = { .machine = cpm_machine_name(cpm_machine_at(i)), .state = cpmi_state_name(cpm_machine_at(i)->init) };
    last_is((const cpm_proc *)(const void *)mem, &want, 0);
  }
}

/* Steps of the call alone; of a leg whose row raises nothing; of a leg and, by what it raises, of the call. */
#define CALL(state, clauses) \
  { "cf/large", state, NULL, "S4-9.1.2-", clauses, NULL, NULL }
#define LEG(state, leg_state, leg_clauses) \
  { "cf/large", state, leg_state, NULL, NULL, "S4-9.1.2-", leg_clauses }
#define BOTH(state, clauses, leg_state, leg_clauses) \
  { "cf/large", state, leg_state, "S4-9.1.2-", clauses, "S4-9.1.2-", leg_clauses }
static const cpm_last last_of_large[] = {
  CALL("asking", "p1 order"),
  CALL("proceeding", "order 3.d 5.d 7 8 9"), /* FORK: the rows of new legs are not the event's leg's */
  BOTH("accepted", "first200-1 first200-2 first200-5 first200-5.listen", "answered", "first200-1"),
  CALL("relaying", "ack-1 ack-2 O-R26 O-R86"), /* EACH: neither */
  CALL("relaying", "O-R33"),
  LEG("relaying", "up", "ack-2.c"),
  CALL("relaying", "send-1 send-2 send-3 send-4 send-4.rel"),
  BOTH("relaying", "more200-p", "connecting", "more200-2.b.ii more200-2.b.ii.listen"),
  LEG("relaying", "draining", "more200-3"),
  LEG("relaying", "up", "more200-4 more200-4.chunk"),
  LEG("relaying", "up", "O-R33"),
  BOTH("relaying", "nok", "refused", "nok"),
  CALL("flushing", "bye-1 bye-2 bye-3 bye-4 bye-5"),
  LEG("flushing", "ending", "bye-5 bye-5.rel"),
  BOTH("flushing", "nok", "ended", "O-R33"),
  BOTH("ended", "bye-5.rel", "ended", "O-R33"),
};

static void each_kind_of_step_names_its_rows_and_states(void **state) {
  (void)state;
  engine_run r;
  script_event x;
  cpm_effect e;
  const script *s = engine_start(&r, "cf/large", 0);
  assert_int_equal(s->n, sizeof last_of_large / sizeof *last_of_large);
  for (unsigned i = 0; i < s->n; i++) {
    engine_take(&r, s, i, &x);
    last_is(r.proc, &last_of_large[i], i);
    for (; engine_effect(&r, &e) == CPM_OK; cpm_proc_did(r.proc)) last_is(r.proc, &last_of_large[i], i);
    last_is(r.proc, &last_of_large[i], i);
  }
  engine_end(&r);
}

static void a_retry_is_a_row_of_leg_and_call(void **state) {
  (void)state;
  engine_run r;
  engine_start(&r, "cf/pager", 5);
  const cpm_last want = { "cf/pager", "fanning", "refused", "S4-9.1.1-", "err-isf", "S4-9.1.1-", "err-check err-isf" };
  last_is(r.proc, &want, 4);
  engine_end(&r);
}

/* Ignored, late, refused, busy: the block is as it was, and so is what it says. */
static void a_step_that_is_not_taken_changes_nothing_of_it(void **state) {
  (void)state;
  engine_run r;
  script_event x;
  const script *s = engine_start(&r, "cf/large", 12);
  script_init(&x, CPM_EVENT_on_policy, 0);
  assert_status(engine_step(&r, &x), CPM_IGNORED, &r.diag);
  last_is(r.proc, &last_of_large[11], 11);
  s->event(&x, 11);
  assert_status(engine_step(&r, &x), CPM_LATE, &r.diag);
  last_is(r.proc, &last_of_large[11], 11);
  x.e.leg = 3;
  assert_status(engine_step(&r, &x), CPM_E_ARG, &r.diag);
  last_is(r.proc, &last_of_large[11], 11);
  s->event(&x, 12);
  cpm_agent mute = r.agent;
  mute.server = mute.user_agent = cpm_str_none();
  assert_status(cpm_proc_step(r.proc, &mute, &x.e, &r.diag), CPM_E_MISSING, &r.diag);
  last_is(r.proc, &last_of_large[11], 11);
  engine_take(&r, s, 12, &x);
  assert_status(engine_step(&r, &x), CPM_E_BUSY, &r.diag);
  last_is(r.proc, &last_of_large[12], 12);
  engine_end(&r);
}

/* ---- blocks that cpm_proc_check would refuse ------------------------------------------------------------------------- */

static void a_block_that_is_not_ours_says_nothing(void **state) {
  (void)state;
  engine_run r;
  const cpm_last nothing = { NULL, NULL, NULL, NULL, NULL, NULL, NULL };
  engine_start(&r, "cf/large", 3);
  last_is(NULL, &nothing, 0);
  r.proc->magic ^= 1;
  last_is(r.proc, &nothing, 0);
  r.proc->magic ^= 1;
  r.proc->layout++;
  last_is(r.proc, &nothing, 0);
  r.proc->layout--;
  r.proc->order = 0x0201;
  last_is(r.proc, &nothing, 0);
  r.proc->order = CPMI_ORDER;
  r.proc->machine = UINT32_MAX;
  last_is(r.proc, &nothing, 0);
  engine_end(&r);
}

static void numbers_out_of_range_name_nothing(void **state) {
  (void)state;
  engine_run r;
  cpm_last want = last_of_large[2];
  engine_start(&r, "cf/large", 3);
  last_is(r.proc, &want, 2);
  r.proc->state = 255;
  want.state = "?";
  last_is(r.proc, &want, 2);
  r.proc->call_row = UINT16_MAX;
  want.spec = want.clauses = NULL;
  last_is(r.proc, &want, 2);
  cpmi_leg_at(r.proc, cpm_machine_named("cf/large"), 0)->state = 255;
  want.leg_state = "?";
  last_is(r.proc, &want, 2);
  r.proc->trigger.leg = 3; /* of three legs */
  want.leg_state = NULL;
  last_is(r.proc, &want, 2);
  r.proc->leg_row = UINT16_MAX;
  want.leg_spec = want.leg_clauses = NULL;
  last_is(r.proc, &want, 2);
  engine_end(&r);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(before_the_first_step_there_is_a_state_and_no_row),
    cmocka_unit_test(each_kind_of_step_names_its_rows_and_states),
    cmocka_unit_test(a_retry_is_a_row_of_leg_and_call),
    cmocka_unit_test(a_step_that_is_not_taken_changes_nothing_of_it),
    cmocka_unit_test(a_block_that_is_not_ours_says_nothing),
    cmocka_unit_test(numbers_out_of_range_name_nothing),
  };
  return cmocka_run_group_tests_name("last", tests, NULL, NULL);
}
