/* SPDX-License-Identifier: MIT */
/* A session between two, or between a member and the focus of a group: messages, their notifications and who composes, on one connection. */
#include "meet.h"
#include "support.h"
#include <stdlib.h>
#include <string.h>

enum { OCTETS = 7000, SIDES = 2 };
static char content[OCTETS];

typedef struct chat_case { meet *w; meet_run *media[SIDES], *composer[SIDES]; } chat_case;

static void chat_answers(meet *w, meet_run *run, unsigned question, cpm_event *e) {
  (void)w, (void)run;
  if (question == CPM_QUESTION_sent_message) meet_answer_sent(e);
}

#define TEXT(f, s) { .field = CPM_FIELD_##f, .text = CPM_STR(s) }
#define NUMBER(f, n) { .field = CPM_FIELD_##f, .number = (n) }

/* What the two agreed on; alice connects. */
static chat_case chat_new(uint64_t seed) {
  static const cpm_arg alice_knows[] = {
    NUMBER(target, CPM_TARGET_one), TEXT(to, "sip:bob@example.com"), TEXT(session_id, "s0a1"), TEXT(path, "msrp://192.0.2.44:2855/s0b2;tcp"),
    NUMBER(setup, CPM_SETUP_passive), TEXT(peer_address, "192.0.2.44"), NUMBER(peer_port, 2855),
    TEXT(accept_types, "message/cpim application/im-iscomposing+xml"), TEXT(accept_wrapped_types, "text/plain message/imdn+xml"),
  };
  static const cpm_arg bob_knows[] = {
    NUMBER(target, CPM_TARGET_one), TEXT(to, "sip:alice@example.com"), TEXT(session_id, "s0b2"), TEXT(path, "msrp://192.0.2.33:2855/s0a1;tcp"),
    NUMBER(setup, CPM_SETUP_active), TEXT(accept_types, "message/cpim application/im-iscomposing+xml"),
    TEXT(accept_wrapped_types, "text/plain message/imdn+xml"),
  };
  cpm_agent alice, bob;
  cpm_event e;
  chat_case c = { meet_new(seed), { NULL, NULL }, { NULL, NULL } };
  c.w->answer = chat_answers;
  meet_client(&alice, "sip:alice@example.com", "192.0.2.33");
  meet_client(&bob, "sip:bob@example.com", "192.0.2.44");
  meet_host *const a = meet_add(c.w, &alice), *const b = meet_add(c.w, &bob);
  cpm_event_init(&e, CPM_EVENT_established);
  e.args = bob_knows;
  e.nargs = sizeof bob_knows / sizeof *bob_knows;
  c.media[1] = meet_start(c.w, b, "client/media", &e);
  e.args = alice_knows;
  e.nargs = sizeof alice_knows / sizeof *alice_knows;
  c.media[0] = meet_start(c.w, a, "client/media", &e);
  meet_go(c.w);
  for (unsigned i = 0; i < SIDES; i++) assert_int_equal(c.media[i]->told[CPM_NOTICE_media_ready], 1);
  return c;
}

/* That side says n octets, and wants to know when they were displayed. */
static meet_run *chat_say(chat_case *c, unsigned side, size_t n) {
  const cpm_arg args[] = { { .field = CPM_FIELD_payload, .item = meet_content(c->w, cpm_str_of(content, n)), .len = n }, TEXT(payload_type, "text/plain"),
                           NUMBER(report, 1 << CPM_DISPOSITION_BIT_DISPLAY) };
  cpm_event e;
  cpm_event_init(&e, CPM_EVENT_send);
  e.args = args;
  e.nargs = 3;
  return meet_say(c->w, c->media[side], NULL, "client/chat-send", &e);
}

static void chat_type(chat_case *c, unsigned side) {
  cpm_event e;
  cpm_event_init(&e, CPM_EVENT_typing);
  c->composer[side] = meet_say(c->w, c->media[side], c->composer[side], "client/is-composing", &e);
}

/* The user of r's side has seen what r received. */
static void chat_seen(cpm_event *e, cpm_arg args[CPM_TICKET_ARGS], const meet_run *r) {
  cpm_diag d = { 0 };
  cpm_event_init(e, CPM_EVENT_displayed);
  assert_status(cpm_ticket_decode(args, &e->nargs, cpm_str_of(r->ticket, r->nticket), &d), CPM_OK, &d);
  e->args = args;
}

static meet_run *chat_show(chat_case *c, meet_run *r) {
  cpm_arg args[CPM_TICKET_ARGS];
  cpm_event e;
  chat_seen(&e, args, r);
  return meet_say(c->w, r->session, NULL, "client/disposition", &e);
}

static unsigned chat_told(const chat_case *c, unsigned side, unsigned notice) {
  unsigned n = 0;
  for (size_t i = 0; i < c->w->nruns; i++)
    if (c->w->run[i].host == c->media[side]->host) n += c->w->run[i].told[notice];
  return n;
}

/* The message of a receiver is what was said, octet for octet. */
static void chat_fits(const meet_run *r, size_t n) {
  assert_true(r->message.n > n);
  assert_memory_equal(r->message.p + r->message.n - n, content, n);
}

/* Either side closes; everything that used the connection comes to an end. */
static void chat_ends(chat_case *c, unsigned side) {
  meet_cancel(c->w, c->media[side], CPM_NO_LEG);
  meet_go(c->w);
  for (unsigned i = 0; i < SIDES; i++) assert_int_equal(c->media[i]->told[CPM_NOTICE_session_over] + c->media[i]->told[CPM_NOTICE_media_lost], 1);
  assert_true(meet_over(c->w));
  meet_free(c->w);
}

static void messages_go_both_ways(void **state) {
  (void)state;
  for (uint64_t seed = 0; seed < 60; seed++) {
    chat_case c = chat_new(seed);
    meet_run *const send[] = { chat_say(&c, 0, OCTETS), chat_say(&c, 1, 11), chat_say(&c, 0, 5) };
    meet_go(c.w);
    for (unsigned i = 0; i < 3; i++) assert_int_equal(send[i]->told[CPM_NOTICE_accepted], 1);
    assert_int_equal(send[0]->told[CPM_NOTICE_progress], 3);   /* and the last chunk makes it accepted */
    assert_int_equal(chat_told(&c, 0, CPM_NOTICE_received), 1);
    assert_int_equal(chat_told(&c, 1, CPM_NOTICE_received), 2);
    for (unsigned i = 0; i < SIDES; i++) assert_int_equal(chat_told(&c, i, CPM_NOTICE_failed), 0);
    chat_ends(&c, seed % SIDES);
  }
}

static void what_was_sent_is_what_comes_and_is_reported(void **state) {
  (void)state;
  for (uint64_t seed = 0; seed < 60; seed++) {
    chat_case c = chat_new(seed);
    chat_say(&c, 0, OCTETS);
    meet_go(c.w);
    meet_run *const r = meet_of(c.w, "client/chat-receive", 0);
    assert_non_null(r);
    assert_ptr_equal(r->session, c.media[1]);
    assert_int_equal(r->told[CPM_NOTICE_received], 1);
    chat_fits(r, OCTETS);
    assert_int_equal(chat_told(&c, 0, CPM_NOTICE_notification), 1);   /* delivered */
    meet_run *const shown = chat_show(&c, r);
    meet_go(c.w);
    assert_true(cpm_proc_over(shown->proc));
    assert_int_equal(chat_told(&c, 0, CPM_NOTICE_notification), 2);   /* displayed */
    assert_null(meet_of(c.w, "client/pager-receive", 0));             /* nothing went outside of the session */
    chat_ends(&c, 0);
  }
}

/* The connection went; the message is reported all the same. */
static void what_is_seen_after_the_session_is_reported_outside_of_it(void **state) {
  (void)state;
  chat_case c = chat_new(1);
  chat_say(&c, 0, 5);
  meet_go(c.w);
  meet_run *const r = meet_of(c.w, "client/chat-receive", 0);
  cpm_arg args[CPM_TICKET_ARGS];
  cpm_event e;
  chat_seen(&e, args, r);
  meet_break(c.w, c.media[0]);
  meet_go(c.w);
  assert_true(meet_over(c.w));
  meet_start(c.w, c.media[1]->host, "client/disposition", &e);
  meet_go(c.w);
  meet_run *const outside = meet_of(c.w, "client/pager-receive", 0);
  assert_non_null(outside);
  assert_int_equal(outside->told[CPM_NOTICE_notification], 1);
  assert_true(meet_over(c.w));
  meet_free(c.w);
}

static void the_other_side_sees_who_composes(void **state) {
  (void)state;
  for (uint64_t seed = 0; seed < 20; seed++) {
    chat_case c = chat_new(seed);
    chat_type(&c, 0);
    meet_go(c.w);   /* until nobody types: 15 s */
    meet_run *const peer = meet_of(c.w, "client/is-composing", 1);
    assert_non_null(peer);
    assert_ptr_equal(peer->session, c.media[1]);
    assert_int_equal(peer->told[CPM_NOTICE_composing], 1);
    assert_int_equal(peer->told[CPM_NOTICE_composing_over], 1);
    assert_str(cpm_proc_text(peer->proc, CPM_NO_LEG, CPM_FIELD_sender), "sip:alice@example.com");
    chat_ends(&c, 1);
  }
}

/* A message that comes says that its author has composed it. */
static void a_message_ends_composing(void **state) {
  (void)state;
  for (uint64_t seed = 0; seed < 20; seed++) {
    chat_case c = chat_new(seed);
    cpm_event e;
    cpm_event_init(&e, CPM_EVENT_content);
    chat_type(&c, 1);
    chat_say(&c, 1, 5);
    meet_give(c.w, c.composer[1], &e);
    meet_go(c.w);
    meet_run *const peer = meet_of(c.w, "client/is-composing", 1);
    assert_int_equal(peer->told[CPM_NOTICE_composing], 1);
    assert_int_equal(peer->told[CPM_NOTICE_composing_over], 1);
    assert_int_equal(chat_told(&c, 0, CPM_NOTICE_received), 1);
    chat_ends(&c, 0);
  }
}

/* ---- whenever the connection breaks, or somebody closes ----------------------------------------------------------------- */

static unsigned chat_at, chat_what;
static void chat_disturbs(meet *w) {
  if (w->delivered < chat_at) return;
  w->before = NULL;
  if (chat_what < SIDES) meet_cancel(w, &w->run[chat_what], CPM_NO_LEG);
  else meet_break(w, &w->run[0]);
}

static void it_may_end_at_any_time(void **state) {
  (void)state;
  for (chat_what = 0; chat_what <= SIDES; chat_what++)
    for (uint64_t seed = 0; seed < 3; seed++)
      for (unsigned k = 0;; k++) {
        chat_case c = chat_new(seed);
        chat_at = c.w->delivered + k;
        c.w->before = chat_disturbs;
        chat_type(&c, 0);
        meet_run *const send[] = { chat_say(&c, 0, OCTETS), chat_say(&c, 1, 11) };
        meet_go(c.w);
        if (c.w->before) { chat_ends(&c, 0); break; }   /* all was over before that */
        for (unsigned i = 0; i < 2; i++) assert_int_equal(send[i]->told[CPM_NOTICE_accepted] + send[i]->told[CPM_NOTICE_failed], 1);
        for (unsigned i = 0; i < SIDES; i++)
          assert_true(chat_told(&c, i, CPM_NOTICE_composing) == chat_told(&c, i, CPM_NOTICE_composing_over));
        for (unsigned i = 0; i < SIDES; i++)
          assert_int_equal(c.media[i]->told[CPM_NOTICE_session_over] + c.media[i]->told[CPM_NOTICE_media_lost], 1);
        assert_true(meet_over(c.w));
        meet_free(c.w);
      }
}

/* ---- what the session says ---------------------------------------------------------------------------------------------- */

static void a_session_says_what_an_event_takes(void **state) {
  (void)state;
  chat_case c = chat_new(0);
  cpm_arg args[CPM_SESSION_ARGS];
  size_t n = 77;
  const cpm_machine *send = cpm_machine_named("client/chat-send");
  assert_int_equal(cpm_session_args(args, &n, c.media[0]->proc, send, CPM_EVENT_send), CPM_OK);
  assert_int_equal(n, 5);   /* target, to, session_id, path, accept_wrapped_types: what was not said is not handed on */
  unsigned found = 0;
  for (size_t i = 0; i < n; i++) {
    if (args[i].field == CPM_FIELD_to) { assert_str(args[i].text, "sip:bob@example.com"); found++; }
    if (args[i].field == CPM_FIELD_path) { assert_str(args[i].text, "msrp://192.0.2.44:2855/s0b2;tcp"); found++; }
    if (args[i].field == CPM_FIELD_target) { assert_int_equal(args[i].number, CPM_TARGET_one); found++; }
  }
  assert_int_equal(found, 3);
  assert_int_equal(cpm_session_args(args, &n, c.media[0]->proc, send, CPM_EVENT_cancel), CPM_OK);
  assert_int_equal(n, 0);
  assert_int_equal(cpm_session_args(args, &n, NULL, send, CPM_EVENT_send), CPM_E_ARG);
  assert_int_equal(cpm_session_args(args, &n, c.media[0]->proc, NULL, CPM_EVENT_send), CPM_E_ARG);
  assert_int_equal(cpm_session_args(args, &n, c.media[0]->proc, send, CPM_EVENT_COUNT), CPM_E_ARG);
  assert_int_equal(n, 0);
  chat_ends(&c, 0);
}

/* RFC 3994 3.2: 60 s at least. */
static void indications_are_not_refreshed_too_often(void **state) {
  (void)state;
  cpm_agent a;
  cpm_diag d = { 0 };
  uint64_t block[MEET_BLOCK / sizeof(uint64_t)];
  meet_client(&a, "sip:alice@example.com", "192.0.2.33");
  a.composing_refresh_ms = 59999;
  assert_int_equal(cpm_proc_init(block, sizeof block, cpm_machine_named("client/is-composing"), &a, &d), CPM_E_AGENT);
  a.composing_refresh_ms = 60000;
  assert_int_equal(cpm_proc_init(block, sizeof block, cpm_machine_named("client/is-composing"), &a, &d), CPM_OK);
}

int main(void) {
  meet_fill(content, OCTETS);
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(messages_go_both_ways),
    cmocka_unit_test(what_was_sent_is_what_comes_and_is_reported),
    cmocka_unit_test(what_is_seen_after_the_session_is_reported_outside_of_it),
    cmocka_unit_test(the_other_side_sees_who_composes),
    cmocka_unit_test(a_message_ends_composing),
    cmocka_unit_test(it_may_end_at_any_time),
    cmocka_unit_test(a_session_says_what_an_event_takes),
    cmocka_unit_test(indications_are_not_refreshed_too_often),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
