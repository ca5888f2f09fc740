/* SPDX-License-Identifier: MIT */
/* The engine: steps, effects and what is refused, whatever the tables say. */
#include "engine_script.h"
#include "engine.h"
#include <stdlib.h>
#include <string.h>

/* ---- step, effect, did -------------------------------------------------------------------------------------------- */

static void every_run_ends_with_done(void **state) {
  (void)state;
  for (size_t i = 0; i < script_count; i++) engine_run_plain(&script_all[i]);
}

static void effects_come_one_by_one_and_count(void **state) {
  (void)state;
  engine_run r;
  script_event x;
  cpm_effect e;
  const script *s = engine_start(&r, "cf/pager", 0);
  assert_int_equal(engine_effect(&r, &e), CPM_END);
  assert_int_equal(cpm_proc_need(r.proc), 0);
  engine_to(&r, s, 1, NULL);
  engine_take(&r, s, 1, &x);
  /* a MESSAGE for each new leg, in their order, then the answer to the originator */
  for (unsigned i = 0; i < 3; i++) {
    assert_int_equal(engine_effect(&r, &e), CPM_OK);
    assert_int_equal(e.kind, CPM_EFFECT_SEND);
    assert_int_equal(e.leg, i);
    assert_int_equal(e.seq, 1 + i);
    assert_int_equal(e.sip.method, CPM_METHOD_MESSAGE);
    cpm_proc_did(r.proc);
  }
  assert_int_equal(engine_effect(&r, &e), CPM_OK);
  assert_int_equal(e.kind, CPM_EFFECT_REPLY);
  assert_int_equal(e.leg, CPM_NO_LEG);
  assert_int_equal(e.txn, 1000 + CPM_EVENT_on_message);
  assert_int_equal(e.code, 202);
  cpm_proc_did(r.proc);
  assert_int_equal(engine_effect(&r, &e), CPM_END);
  cpm_proc_did(r.proc); /* nothing is due: nothing happens */
  assert_int_equal(engine_effect(&r, &e), CPM_END);
  engine_end(&r);
}

/* The leg's row first, then the call's row with what it gives to legs in it. */
static void effects_of_a_leg_come_before_those_of_the_call(void **state) {
  (void)state;
  engine_run r;
  script_event x;
  cpm_effect e;
  const cpm_effect_kind kinds[] = { CPM_EFFECT_SEND, CPM_EFFECT_SEND, CPM_EFFECT_REPLY, CPM_EFFECT_LISTEN };
  const script *s = engine_start(&r, "cf/large", 2);
  s->event(&x, 2);
  x.args[0].number = CPM_SETUP_unusable;
  assert_status(engine_step(&r, &x), CPM_OK, &r.diag);
  for (size_t i = 0; i < 2; i++) {
    assert_int_equal(engine_effect(&r, &e), CPM_OK);
    assert_int_equal(e.kind, kinds[i]);
    assert_int_equal(e.leg, 0);
    cpm_proc_did(r.proc);
  }
  assert_int_equal(engine_effect(&r, &e), CPM_END);
  engine_take(&r, s, 7, &x);
  for (size_t i = 2; i < 4; i++) {
    assert_int_equal(engine_effect(&r, &e), CPM_OK);
    assert_int_equal(e.kind, kinds[i]);
    assert_int_equal(e.leg, CPM_NO_LEG);
    cpm_proc_did(r.proc);
  }
  engine_end(&r);
}

static void a_step_with_effects_pending_is_busy(void **state) {
  (void)state;
  engine_run r;
  script_event x;
  cpm_effect e;
  const script *s = engine_start(&r, "client/pager-send", 0);
  engine_take(&r, s, 0, &x);
  cpm_proc *before = engine_copy(&r);
  s->event(&x, 1);
  assert_status(engine_step(&r, &x), CPM_E_BUSY, &r.diag);
  engine_assert_unchanged(&r, before);
  assert_int_equal(engine_effect(&r, &e), CPM_OK);
  cpm_proc_did(r.proc);
  assert_status(engine_step(&r, &x), CPM_OK, &r.diag);
  engine_end(&r);
}

/* Ignored: no row, and nobody asked. Late: asked for, but nobody waits any more. */
static void what_no_row_takes_is_ignored_or_late(void **state) {
  (void)state;
  engine_run r;
  script_event x;
  const script *s = engine_start(&r, "client/pager-send", 0);
  s->event(&x, 1);
  assert_status(engine_step(&r, &x), CPM_IGNORED, &r.diag);
  engine_to(&r, s, 1, NULL);
  script_init(&x, CPM_EVENT_cancel, CPM_NO_LEG);
  assert_status(engine_step(&r, &x), CPM_IGNORED, &r.diag); /* an IGNORE row */
  script_init(&x, CPM_EVENT_media_up, CPM_NO_LEG);
  assert_status(engine_step(&r, &x), CPM_IGNORED, &r.diag);
  engine_take(&r, s, 2, &x);
  engine_drain(&r, NULL);
  assert_true(cpm_proc_over(r.proc));
  cpm_proc *before = engine_copy(&r);
  assert_status(engine_step(&r, &x), CPM_LATE, &r.diag);
  script_init(&x, CPM_EVENT_media_up, CPM_NO_LEG);
  assert_status(engine_step(&r, &x), CPM_IGNORED, &r.diag);
  engine_assert_unchanged(&r, before);
  engine_end(&r);
}

static void a_leg_knows_its_own_late_answers(void **state) {
  (void)state;
  engine_run r;
  script_event x;
  const script *s = engine_start(&r, "cf/pager", 4);
  s->event(&x, 3);
  assert_status(engine_step(&r, &x), CPM_LATE, &r.diag); /* leg 1 sent a MESSAGE and has its answer */
  x.e.leg = CPM_NO_LEG;
  assert_status(engine_step(&r, &x), CPM_IGNORED, &r.diag); /* the call itself sent none */
  engine_end(&r);
}

/* A retry is a leg of its own for the same recipient; the first one is over. */
static void a_retry_is_a_new_leg_for_the_same_recipient(void **state) {
  (void)state;
  engine_run r;
  script_event x;
  const script *s = engine_start(&r, "cf/pager", 2);
  for (unsigned i = 2; i < 6; i += 2) {
    s->event(&x, i);
    x.e.leg = 1;
    assert_status(engine_step(&r, &x), CPM_OK, &r.diag);
    engine_drain(&r, NULL);
  }
  assert_int_equal(cpm_proc_legs(r.proc), 4);
  assert_str(cpm_proc_text(r.proc, 3, CPM_FIELD_uri), "tel:+12025550101");
  assert_int_equal(cpm_proc_number(r.proc, 3, CPM_FIELD_copy_control), CPM_COPY_CC);
  assert_int_equal(cpm_proc_number(r.proc, 3, CPM_FIELD_anonymize), 1);
  assert_false(cpm_proc_has(r.proc, 3, CPM_FIELD_interworking));
  engine_end(&r);
}

/* A counter that was counted back is as if it never was. */
static void a_counter_at_zero_is_unset(void **state) {
  (void)state;
  engine_run r;
  engine_start(&r, "cf/large", 7);
  assert_int_equal(cpm_proc_number(r.proc, 0, CPM_FIELD_unacked), 1);
  assert_int_equal(cpm_proc_number(r.proc, CPM_NO_LEG, CPM_FIELD_stored), 1);
  engine_end(&r);
  engine_start(&r, "cf/large", 11);
  assert_int_equal(cpm_proc_number(r.proc, 0, CPM_FIELD_unacked), 0);
  assert_false(cpm_proc_has(r.proc, 0, CPM_FIELD_unacked));
  engine_end(&r);
}

#define BIT(event) (UINT64_C(1) << CPM_EVENT_##event)

/* What each op asks for: late is told from ignored by it. */
static void ops_say_which_answers_they_ask_for(void **state) {
  (void)state;
  const uint64_t message = BIT(message_1xx) | BIT(message_ok) | BIT(message_fail) | BIT(message_timeout);
  const uint64_t invite = BIT(invite_1xx) | BIT(invite_ok) | BIT(invite_fork) | BIT(invite_fail) | BIT(invite_timeout);
  const uint64_t media = BIT(media_up) | BIT(media_down) | BIT(writable);
  const struct {
    cpmi_op op;
    uint64_t set;
  } t[] = {
    { SEND(pager_message), message },
    { SEND(large_out), invite },
    { SEND(drop_streams), BIT(reinvite_done) },
    { SEND(bye), BIT(bye_done) },
    { SEND(ack), 0 },
    { SEND(fork_ack), 0 },
    { SEND(fork_bye), 0 },
    { SEND(cancel), 0 },
    { REPLY(ok), 0 },
    { REFUSE(403, none), 0 },
    { PUSH(chunk_copy), BIT(msrp_ok) | BIT(msrp_fail) },
    { ASK(pager_policy), BIT(on_policy) },
    { START(session), BIT(timer_session) },
    { START(fanin), BIT(timer_fanin) },
    { STOP(fanin), 0 },
    { CONNECT, media },
    { LISTEN, media },
    { CLOSE, 0 },
    { FETCH(chunk_log, seen), BIT(on_loaded) },
    { STORE(chunk_log), 0 },
    { DONE, 0 },
    { TELL(failed), 0 },
    { HOLD(origin), 0 },
    { EACH(do_bye), 0 },
    { FORK(member), 0 },
  };
  for (size_t i = 0; i < sizeof t / sizeof *t; i++) assert_int_equal(cpmi_enables(&t[i].op), t[i].set);
}

/* A machine of two parts: rows of the second follow those of the first. */
static void rows_of_all_parts_are_one_table(void **state) {
  (void)state;
#define SPEC "O-R33-"
  static const cpmi_row first[] = { ROW("1", idle, send, ALWAYS, ended, DONE) ROW("2", , , ALWAYS, ended, DONE) };
  static const cpmi_row second[] = { ROW("3", kept, send, ALWAYS, ended, DONE) };
#undef SPEC
  static const cpmi_part parts[] = { { .call = ROWS(first) }, { .call = ROWS(second) } };
  cpm_machine m;
  memset(&m, 0, sizeof m);
  m.parts[0] = &parts[0];
  m.parts[1] = &parts[1];
  assert_ptr_equal(cpmi_row_at(&m, false, 1), &first[1]);
  assert_ptr_equal(cpmi_row_at(&m, false, 2), &second[0]);
  assert_null(cpmi_row_at(&m, false, 3));
  assert_null(cpmi_row_at(&m, true, 0));
  const cpmi_env v = { NULL, &m, NULL, CPM_NO_LEG };
  assert_int_equal(cpmi_choose(&v, false, CPMI_STATE_idle, CPM_EVENT_send), 1);
  assert_int_equal(cpmi_choose(&v, false, CPMI_STATE_kept, CPM_EVENT_send), 3);
  assert_int_equal(cpmi_choose(&v, false, CPMI_STATE_kept, CPM_EVENT_cancel), 0);
}

/* ---- events that do not belong ------------------------------------------------------------------------------------ */

static void engine_refuses(engine_run *r, const script_event *x, int code, const char *rule) {
  cpm_proc *before = engine_copy(r);
  memset(&r->diag, 0, sizeof r->diag);
  assert_status(engine_step(r, x), code, &r->diag);
  if (rule) assert_string_equal(r->diag.rule, rule);
  engine_assert_unchanged(r, before);
}

/* Sets of events that the host may bring are 64 bits. */
static void events_from_outside_stand_before_inner_ones(void **state) {
  (void)state;
  for (unsigned e = 0; e < CPM_EVENT_COUNT; e++) assert_int_equal(cpmi_kind_of(e) == CPMI_INNER, e >= CPMI_EVENTS_OUTSIDE);
}

static void events_that_do_not_belong_are_refused(void **state) {
  (void)state;
  engine_run r;
  script_event x;
  const script *s = engine_start(&r, "cf/pager", 0);
  assert_int_equal(cpm_proc_step(NULL, &r.agent, &x.e, &r.diag), CPM_E_ARG);
  assert_int_equal(cpm_proc_step(r.proc, NULL, &x.e, &r.diag), CPM_E_ARG);
  assert_int_equal(cpm_proc_step(r.proc, &r.agent, NULL, &r.diag), CPM_E_ARG);
  for (unsigned e = 0; e <= CPM_EVENT_COUNT; e++) {
    if (e < CPM_EVENT_COUNT && cpmi_kind_of(e) != CPMI_INNER) continue;
    script_init(&x, (cpm_event_type)e, CPM_NO_LEG);
    engine_refuses(&r, &x, CPM_E_ARG, "event type");
  }
  engine_to(&r, s, 2, NULL);
  s->event(&x, 3);
  x.e.leg = 3;
  engine_refuses(&r, &x, CPM_E_ARG, "leg");
  x.e.leg = CPM_NO_LEG - 1;
  engine_refuses(&r, &x, CPM_E_ARG, "leg");
  engine_end(&r);
}

static void a_message_is_what_its_event_says(void **state) {
  (void)state;
  engine_run r;
  script_event x;
  const script *s = engine_start(&r, "cf/pager", 0);
  s->event(&x, 0);
  x.e.sip = NULL;
  engine_refuses(&r, &x, CPM_E_ARG, "request");
  s->event(&x, 0);
  x.sip.method = CPM_METHOD_INVITE;
  engine_refuses(&r, &x, CPM_E_ARG, "request");
  s->event(&x, 0);
  x.sip.status = 200;
  engine_refuses(&r, &x, CPM_E_ARG, "request");
  s->event(&x, 0);
  x.sip.body.p = NULL;
  engine_refuses(&r, &x, CPM_E_ARG, "body");
  engine_to(&r, s, 2, NULL);
  script_init(&x, CPM_EVENT_message_timeout, 0);
  x.e.sip = &x.sip; /* a message that is none: NULL says that none came */
  engine_refuses(&r, &x, CPM_E_ARG, "response");
  const struct {
    cpm_event_type type;
    unsigned status;
  } wrong[] = { { CPM_EVENT_message_ok, 404 },      { CPM_EVENT_message_ok, 0 },   { CPM_EVENT_message_ok, 199 },
                { CPM_EVENT_message_fail, 200 },    { CPM_EVENT_message_fail, 0 }, { CPM_EVENT_message_1xx, 200 },
                { CPM_EVENT_message_timeout, 408 }, { CPM_EVENT_bye_done, 180 } };
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    script_init(&x, wrong[i].type, 0);
    x.sip.status = wrong[i].status;
    if (wrong[i].status) x.e.sip = &x.sip;
    engine_refuses(&r, &x, CPM_E_ARG, "response");
  }
  script_init(&x, CPM_EVENT_message_ok, 0);
  x.sip.status = 200;
  x.e.sip = &x.sip;
  x.e.dialog = 1;
  engine_refuses(&r, &x, CPM_E_ARG, "dialog");   /* not of a fork */
  script_init(&x, CPM_EVENT_invite_fork, 0);
  x.sip.status = 200;
  x.e.sip = &x.sip;
  engine_refuses(&r, &x, CPM_E_ARG, "dialog");   /* a fork that does not say which */
  x.e.dialog = 1;
  x.sip.status = 486;
  engine_refuses(&r, &x, CPM_E_ARG, "response");
  engine_end(&r);
}

static void args_are_those_that_the_event_takes(void **state) {
  (void)state;
  engine_run r;
  script_event x;
  const script *s = engine_start(&r, "client/pager-send", 0);
  const cpm_arg wrong[] = {
    { .field = CPM_FIELD_NONE },
    { .field = CPM_FIELD_COUNT },
    { .field = (cpm_field)-1 },
    { .field = CPM_FIELD_authorised, .number = 1 },    /* not of this machine */
    { .field = CPM_FIELD_status, .number = 200 },      /* of the machine, not of the event */
    { .field = CPM_FIELD_message_id, .text = S("m") }, /* made by the procedure */
    { .field = CPM_FIELD_target, .number = 0 },
    { .field = CPM_FIELD_target, .number = CPM_TARGET_COUNT },
    { .field = CPM_FIELD_anonymous, .number = 2 },
    { .field = CPM_FIELD_anonymous, .number = -1 },
    { .field = CPM_FIELD_expiry, .number = -1 },
    { .field = CPM_FIELD_to },
  };
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    s->event(&x, 0);
    x.args[x.e.nargs++] = wrong[i];
    engine_refuses(&r, &x, CPM_E_ARG, NULL);
  }
  s->event(&x, 0);
  x.args[x.e.nargs++] = (cpm_arg){ .field = CPM_FIELD_to, .text = S("not a URI") };
  engine_refuses(&r, &x, CPM_E_VALUE, "to");
  engine_to(&r, s, 1, NULL);
  s->event(&x, 1);
  x.args[x.e.nargs++] = (cpm_arg){ .field = CPM_FIELD_to, .text = S("sip:bob@example.com") };
  engine_refuses(&r, &x, CPM_E_ARG, "to");
  s->event(&x, 1);
  x.members[0].uri = S("sip:bob@example.com");
  x.e.nmembers = 1;
  engine_refuses(&r, &x, CPM_E_ARG, "members");
  engine_end(&r);
}

/* An event that needs no random bytes does not look at them. */
static void random_bytes_that_are_not_there(void **state) {
  (void)state;
  engine_run r;
  script_event x;
  const script *s = engine_start(&r, "client/pager-send", 0);
  s->event(&x, 0);
  x.e.random = cpm_str_of(NULL, CPM_RANDOM_NEED);
  engine_refuses(&r, &x, CPM_E_RANDOM, "random");
  engine_to(&r, s, 1, NULL);
  s->event(&x, 1);
  x.e.random = cpm_str_of(NULL, CPM_RANDOM_NEED);
  assert_status(engine_step(&r, &x), CPM_OK, &r.diag);
  engine_end(&r);
}

/* What a SHALL needs and nobody gave: the status names it and its requirement. */
static void a_value_that_is_missing_is_named(void **state) {
  (void)state;
  engine_run r;
  script_event x;
  const cpm_field needed[] = { CPM_FIELD_target, CPM_FIELD_recv_origin, CPM_FIELD_payload_type, CPM_FIELD_payload };
  const script *s = engine_start(&r, "client/pager-send", 0);
  for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
    s->event(&x, 0);
    for (size_t k = 0; k < x.e.nargs; k++)
      if (x.args[k].field == needed[i]) x.args[k] = x.args[--x.e.nargs];
    if (needed[i] == CPM_FIELD_recv_origin) x.e.nmembers = 0;
    engine_refuses(&r, &x, CPM_E_MISSING, NULL);
    assert_non_null(r.diag.clause);
  }
  engine_end(&r);
}

/* ---- injection ---------------------------------------------------------------------------------------------------- */

static const struct {
  const char *text;
  size_t n;
} engine_evil[] = {
  { "sip:a@example.com\r\nX: y", 23 }, { "sip:a@example.com\n", 18 }, { "sip:a@example.com\r", 18 }, { "sip:a\0@example.com", 18 }
};

static void no_line_break_enters_by_an_arg(void **state) {
  (void)state;
  engine_run r;
  script_event x;
  const cpm_field texts[] = {
    CPM_FIELD_to,          CPM_FIELD_from,     CPM_FIELD_new_address,     CPM_FIELD_in_reply_to,  CPM_FIELD_recv_reply_to,
    CPM_FIELD_recv_origin, CPM_FIELD_reply_to, CPM_FIELD_conversation_id, CPM_FIELD_payload_type, CPM_FIELD_payload_types
  };
  const script *s = engine_start(&r, "client/pager-send", 0);
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    for (size_t k = 0; k < sizeof engine_evil / sizeof *engine_evil; k++) {
      s->event(&x, 0);
      x.args[x.e.nargs++] = (cpm_arg){ .field = texts[i], .text = cpm_str_of(engine_evil[k].text, engine_evil[k].n) };
      engine_refuses(&r, &x, CPM_E_INJECTION, cpm_field_name(texts[i]));
    }
  engine_end(&r);
}

static void no_line_break_enters_by_a_recipient(void **state) {
  (void)state;
  const char *const machines[] = { "client/pager-send", "cf/pager", "cf/large" };
  for (size_t i = 0; i < sizeof machines / sizeof *machines; i++)
    for (size_t k = 0; k < sizeof engine_evil / sizeof *engine_evil; k++)
      for (size_t member = 0; member < 3; member++) {
        engine_run r;
        script_event x;
        const script *s = engine_start(&r, machines[i], i > 0);
        s->event(&x, i > 0);
        x.members[member].uri = cpm_str_of(engine_evil[k].text, engine_evil[k].n);
        engine_refuses(&r, &x, CPM_E_INJECTION, NULL);
        x.members[member].uri = S("no URI");
        engine_refuses(&r, &x, CPM_E_VALUE, NULL);
        x.members[member].uri = cpm_str_none();
        engine_refuses(&r, &x, CPM_E_ARG, "members");
        engine_end(&r);
      }
}

/* A host that fills the view itself: what would be written into the members' requests is refused. */
static void no_line_break_enters_by_a_header_field(void **state) {
  (void)state;
  engine_run r;
  script_event x;
  const script *s = engine_start(&r, "cf/pager", 0);
  for (size_t k = 0; k < sizeof engine_evil / sizeof *engine_evil; k++)
    for (size_t field = 0; field < 8; field++) {
      s->event(&x, 0);
      x.fields[field].value = cpm_str_of(engine_evil[k].text, engine_evil[k].n);
      engine_refuses(&r, &x, CPM_E_INJECTION, NULL);
    }
  s->event(&x, 0);
  x.fields[6].name = S("X-Other: a\r\nX");
  engine_refuses(&r, &x, CPM_E_VALUE, "header-name");
  s->event(&x, 0);
  x.sip.request_uri = S("sip:cf@example.com\r\nX: y");
  const int rc = engine_step(&r, &x);
  assert_true(rc == CPM_E_INJECTION || (rc == CPM_OK && !cpm_proc_has(r.proc, CPM_NO_LEG, CPM_FIELD_request_uri)));
  engine_end(&r);
}

/* ---- effects into every buffer ------------------------------------------------------------------------------------ */

/* Every effect at its own least capacity and one below; nothing is written behind either. */
static void engine_effect_sizes(engine_run *r) {
  cpm_effect x;
  size_t cap = 0;
  const size_t need = cpm_proc_need(r->proc);
  for (int rc = CPM_E_SPACE; rc != CPM_OK; cap += rc != CPM_OK) {
    char *buf = malloc(cap + 8);
    assert_non_null(buf);
    memset(buf, 0x5a, cap + 8);
    rc = cpm_proc_effect(r->proc, &r->agent, buf, cap, &x);
    for (size_t i = cap; i < cap + 8; i++) assert_int_equal(buf[i], 0x5a);
    if (rc != CPM_OK) assert_int_equal(rc, CPM_E_SPACE);
    free(buf);
    assert_true(cap <= need);
  }
}

static void an_effect_fits_exactly_or_not_at_all(void **state) {
  (void)state;
  for (size_t i = 0; i < script_count; i++) {
    engine_run r;
    script_event x;
    cpm_effect e;
    const script *s = &script_all[i];
    engine_begin(&r, s, SCRIPT_BLOCK);
    for (unsigned k = 0; k < s->n; k++) {
      engine_take(&r, s, k, &x);
      while (engine_effect(&r, &e) == CPM_OK) {
        engine_effect_sizes(&r);
        assert_int_equal(cpm_proc_effect(r.proc, &r.agent, r.buf, cpm_proc_need(r.proc), &e), CPM_OK);
        cpm_proc_did(r.proc);
      }
    }
    engine_end(&r);
  }
}

static void a_buffer_out_of_line_is_refused(void **state) {
  (void)state;
  engine_run r;
  script_event x;
  cpm_effect e;
  const script *s = engine_start(&r, "client/pager-send", 0);
  engine_take(&r, s, 0, &x);
  assert_int_equal(cpm_proc_effect(r.proc, &r.agent, r.buf + 1, SCRIPT_BUFFER - 1, &e), CPM_E_ARG);
  assert_int_equal(cpm_proc_effect(r.proc, &r.agent, NULL, 0, &e), CPM_E_SPACE);
  assert_int_equal(cpm_proc_effect(r.proc, NULL, r.buf, SCRIPT_BUFFER, &e), CPM_E_ARG);
  assert_int_equal(cpm_proc_effect(r.proc, &r.agent, r.buf, SCRIPT_BUFFER, NULL), CPM_E_ARG);
  engine_end(&r);
}

/* ---- reading ------------------------------------------------------------------------------------------------------ */

static void fields_are_read_by_their_types(void **state) {
  (void)state;
  engine_run r;
  cpm_piece piece;
  engine_start(&r, "client/pager-receive", 1);
  assert_str(cpm_proc_text(r.proc, CPM_NO_LEG, CPM_FIELD_sender), "sip:alice@example.com");
  assert_null(cpm_proc_text(r.proc, CPM_NO_LEG, CPM_FIELD_body_len).p);
  assert_int_equal(cpm_proc_number(r.proc, CPM_NO_LEG, CPM_FIELD_is_cpim), 1);
  assert_int_equal(cpm_proc_number(r.proc, CPM_NO_LEG, CPM_FIELD_sender), 0);
  assert_true(cpm_proc_has(r.proc, CPM_NO_LEG, CPM_FIELD_sender));
  assert_false(cpm_proc_has(r.proc, CPM_NO_LEG, CPM_FIELD_referred_by));
  assert_false(cpm_proc_has(r.proc, CPM_NO_LEG, CPM_FIELD_members)); /* not of this machine */
  assert_false(cpm_proc_has(r.proc, 0, CPM_FIELD_sender));           /* no such leg */
  assert_true(cpm_proc_content(r.proc, CPM_NO_LEG, CPM_FIELD_content, &piece));
  assert_int_equal(piece.bytes.n, 5);
  assert_int_equal(piece.item, 7);
  assert_false(cpm_proc_content(r.proc, CPM_NO_LEG, CPM_FIELD_sender, &piece));
  assert_false(cpm_proc_content(r.proc, 0, CPM_FIELD_content, &piece));
  assert_int_equal(cpm_proc_text(r.proc, CPM_NO_LEG, CPM_FIELD_contribution_id).n, sizeof(cpmi_content));
  assert_false(cpm_proc_content(r.proc, CPM_NO_LEG, CPM_FIELD_contribution_id, &piece));
  assert_null(cpm_proc_text(r.proc, CPM_NO_LEG, CPM_FIELD_content).p);
  assert_null(cpm_proc_text(r.proc, CPM_NO_LEG, CPM_FIELD_COUNT).p);
  assert_null(cpm_proc_text(r.proc, CPM_NO_LEG, CPM_FIELD_NONE).p);
  engine_end(&r);
}

static void identifiers_differ_and_come_from_the_random_bytes(void **state) {
  (void)state;
  engine_run r;
  engine_start(&r, "client/pager-send", 1);
  const cpm_str a = cpm_proc_text(r.proc, CPM_NO_LEG, CPM_FIELD_conversation_id),
                b = cpm_proc_text(r.proc, CPM_NO_LEG, CPM_FIELD_contribution_id),
                c = cpm_proc_text(r.proc, CPM_NO_LEG, CPM_FIELD_message_id);
  assert_int_equal(a.n, 36);
  assert_false(cpm_str_eq(a, b) || cpm_str_eq(b, c) || cpm_str_eq(a, c));
  engine_end(&r);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(every_run_ends_with_done),
    cmocka_unit_test(effects_come_one_by_one_and_count),
    cmocka_unit_test(effects_of_a_leg_come_before_those_of_the_call),
    cmocka_unit_test(a_step_with_effects_pending_is_busy),
    cmocka_unit_test(what_no_row_takes_is_ignored_or_late),
    cmocka_unit_test(a_leg_knows_its_own_late_answers),
    cmocka_unit_test(a_retry_is_a_new_leg_for_the_same_recipient),
    cmocka_unit_test(a_counter_at_zero_is_unset),
    cmocka_unit_test(ops_say_which_answers_they_ask_for),
    cmocka_unit_test(rows_of_all_parts_are_one_table),
    cmocka_unit_test(events_that_do_not_belong_are_refused),
    cmocka_unit_test(a_message_is_what_its_event_says),
    cmocka_unit_test(args_are_those_that_the_event_takes),
    cmocka_unit_test(random_bytes_that_are_not_there),
    cmocka_unit_test(a_value_that_is_missing_is_named),
    cmocka_unit_test(no_line_break_enters_by_an_arg),
    cmocka_unit_test(no_line_break_enters_by_a_recipient),
    cmocka_unit_test(no_line_break_enters_by_a_header_field),
    cmocka_unit_test(an_effect_fits_exactly_or_not_at_all),
    cmocka_unit_test(events_from_outside_stand_before_inner_ones),
    cmocka_unit_test(a_buffer_out_of_line_is_refused),
    cmocka_unit_test(fields_are_read_by_their_types),
    cmocka_unit_test(identifiers_differ_and_come_from_the_random_bytes),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
