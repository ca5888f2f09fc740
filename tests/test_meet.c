/* SPDX-License-Identifier: MIT */
/* Procedures run against each other: client/large-send with client/large-receive, whatever is lost, late, broken or given up. */
#include "meet.h"
#include "support.h"
#include <stdlib.h>
#include <string.h>

enum { OCTETS = 7000 };
static char content[OCTETS];

static void meet_answers(meet *w, meet_run *run, unsigned question, cpm_event *e) {
  (void)run;
  cpm_arg *args = (cpm_arg *)(uintptr_t)e->args;
  const bool no = w->ctx && question == CPM_QUESTION_incoming_policy;
  static const cpm_arg yes = { .field = CPM_FIELD_authorised, .number = 1 };
  if (question == CPM_QUESTION_incoming_policy && !no) { args[0] = yes; e->nargs = 1; }
  static const cpm_entry members[] = { { .uri = CPM_STR("sip:bob@example.com"), .copy_control = CPM_COPY_TO },
                                       { .uri = CPM_STR("sip:carol@example.com"), .copy_control = CPM_COPY_CC } };
  if (question == CPM_QUESTION_large_policy) {
    args[0] = yes;
    args[1] = (cpm_arg){ .field = CPM_FIELD_list_ok, .number = 1 };
    args[2] = (cpm_arg){ .field = CPM_FIELD_group_uri, .text = S("sip:group-1@example.com") };
    e->nargs = 3;
    e->members = members;
    e->nmembers = 2;
  }
  if (question == CPM_QUESTION_sent_message) meet_answer_sent(e);
}

typedef struct meet_case { meet *w; meet_run *send; } meet_case;

/* How the two differ from the usual. */
typedef struct meet_how { bool passive, secure; uint64_t limit; } meet_how;

static meet_case meet_large(uint64_t seed, const meet_how *how) {
  cpm_agent alice, bob;
  cpm_event e;
  meet_case c = { meet_new(seed), NULL };
  c.w->answer = meet_answers;
  meet_client(&alice, "sip:alice@example.com", "192.0.2.33");
  meet_client(&bob, "sip:bob@example.com", "2001:db8::44");
  bob.answer_active = !how->passive;
  alice.media_secure = bob.media_secure = how->secure;
  if (how->secure) alice.fingerprint = bob.fingerprint = S("SHA-256 4A:AD:B9");
  if (how->limit) bob.media_limit = how->limit;
  meet_host *const from = meet_add(c.w, &alice);
  meet_add(c.w, &bob);
  const cpm_arg args[] = { { .field = CPM_FIELD_target, .number = CPM_TARGET_one }, { .field = CPM_FIELD_to, .text = S("sip:bob@example.com") },
                           { .field = CPM_FIELD_payload, .item = meet_content(c.w, cpm_str_of(content, OCTETS)), .len = OCTETS },
                           { .field = CPM_FIELD_payload_type, .text = S("text/plain") },
                           { .field = CPM_FIELD_report, .number = 1 << CPM_DISPOSITION_BIT_POSITIVE_DELIVERY } };
  cpm_event_init(&e, CPM_EVENT_send);
  e.args = args;
  e.nargs = 5;
  c.send = meet_start(c.w, from, "client/large-send", &e);
  return c;
}

/* All that the sender wrapped, octet for octet. */
static bool meet_has_content(const meet_run *receive) {
  return receive && receive->message.n > OCTETS && memcmp(receive->message.p + receive->message.n - OCTETS, content, OCTETS) == 0;
}

/* Whatever went wrong: everybody has come to an end, and was told one thing. */
static void meet_ends_well(meet_case *c) {
  meet_run *const receive = meet_of(c->w, "client/large-receive", 0);
  const unsigned *sent = c->send->told, none[CPM_NOTICE_COUNT] = { 0 }, *got = receive ? receive->told : none;
  assert_true(meet_over(c->w));
  assert_int_equal(sent[CPM_NOTICE_accepted] + sent[CPM_NOTICE_failed] + sent[CPM_NOTICE_cancelled], 1);
  if (sent[CPM_NOTICE_accepted] && c->w->nhosts == 2) assert_true(meet_has_content(receive));   /* a function takes it before its members do */
  assert_true(got[CPM_NOTICE_received] + got[CPM_NOTICE_failed] + got[CPM_NOTICE_cancelled] <= 1);
  if (got[CPM_NOTICE_received]) assert_true(meet_has_content(receive));
  meet_free(c->w);
}

static void a_message_goes_through(void **state) {
  (void)state;
  static const meet_how hows[] = { { false, false, 0 }, { true, false, 0 }, { false, true, 0 }, { true, true, 0 } };
  for (unsigned i = 0; i < 4 * 50; i++) {
    meet_case c = meet_large(i / 4, &hows[i % 4]);
    meet_go(c.w);
    meet_run *const receive = meet_of(c.w, "client/large-receive", 0), *const notified = meet_of(c.w, "client/pager-receive", 0);
    assert_non_null(receive);
    assert_int_equal(c.send->told[CPM_NOTICE_accepted], 1);
    assert_int_equal(receive->told[CPM_NOTICE_received], 1);
    assert_int_equal(receive->told[CPM_NOTICE_progress], 4);
    assert_int_equal(receive->told[CPM_NOTICE_reported], 1);
    assert_non_null(notified);
    assert_int_equal(notified->told[CPM_NOTICE_notification], 1);
    meet_ends_well(&c);
  }
}

static void what_is_too_large_is_refused(void **state) {
  (void)state;
  const meet_how how = { false, false, OCTETS };
  meet_case c = meet_large(0, &how);
  meet_go(c.w);
  assert_int_equal(cpm_proc_number(c.send->proc, CPM_NO_LEG, CPM_FIELD_status), 488);
  assert_int_equal(c.send->told[CPM_NOTICE_failed], 1);
  meet_ends_well(&c);
}

static void what_is_not_wanted_is_declined(void **state) {
  (void)state;
  const meet_how how = { false, false, 0 };
  meet_case c = meet_large(0, &how);
  c.w->ctx = &c;
  meet_go(c.w);
  assert_int_equal(cpm_proc_number(c.send->proc, CPM_NO_LEG, CPM_FIELD_status), 603);
  meet_ends_well(&c);
}

/* ---- whatever is lost ------------------------------------------------------------------------------------------------ */

static void any_message_may_be_lost(void **state) {
  (void)state;
  static const meet_how hows[] = { { false, false, 0 }, { true, false, 0 } };
  for (unsigned how = 0; how < 2; how++)
    for (uint64_t seed = 0; seed < 3; seed++)
      for (unsigned at = 1;; at++) {
        meet_case c = meet_large(seed, &hows[how]);
        c.w->lose = at;
        meet_go(c.w);
        const bool more = c.w->delivered >= at;
        meet_ends_well(&c);
        if (!more) break;
      }
}

/* ---- whenever somebody gives up, or the connection breaks --------------------------------------------------------------- */

static unsigned meet_at, meet_what;
static void meet_disturbs(meet *w) {
  if (w->delivered != meet_at) return;
  w->before = NULL;
  meet_run *const receive = meet_of(w, "client/large-receive", 0);
  if (meet_what == 0) meet_cancel(w, &w->run[0], CPM_NO_LEG);
  if (meet_what == 1 && receive) meet_cancel(w, receive, CPM_NO_LEG);
  if (meet_what == 2) meet_break(w, &w->run[0]);
}

static void anybody_may_give_up_at_any_time(void **state) {
  (void)state;
  static const meet_how hows[] = { { false, false, 0 }, { true, false, 0 } };
  for (meet_what = 0; meet_what < 3; meet_what++)
    for (unsigned how = 0; how < 2; how++)
      for (uint64_t seed = 0; seed < 3; seed++)
        for (meet_at = 0;; meet_at++) {
          meet_case c = meet_large(seed, &hows[how]);
          c.w->before = meet_disturbs;
          meet_go(c.w);
          const bool more = c.w->delivered > meet_at;
          meet_ends_well(&c);
          if (!more) break;
        }
}

/* ---- to several, through the Controlling Function --------------------------------------------------------------------- */

static meet_case meet_several(uint64_t seed) {
  cpm_agent alice, bob, carol, cf;
  cpm_event e;
  meet_case c = { meet_new(seed), NULL };
  c.w->answer = meet_answers;
  meet_client(&alice, "sip:alice@example.com", "192.0.2.33");
  meet_client(&bob, "sip:bob@example.com", "2001:db8::44");
  meet_client(&carol, "sip:carol@example.com", "192.0.2.55");
  meet_client(&cf, "sip:cf@example.com", "192.0.2.1");
  cf.role = CPM_ROLE_CONTROLLING;
  cf.user_agent = cf.server = S("CPM-serv/OMA2.2 example/1.0");
  carol.answer_active = 0;
  alice.cf_uri = cf.cf_uri = cf.address;
  meet_host *const from = meet_add(c.w, &alice);
  meet_add(c.w, &bob);
  meet_add(c.w, &carol);
  meet_add(c.w, &cf);
  const cpm_entry members[] = { { .uri = bob.address, .copy_control = CPM_COPY_TO }, { .uri = carol.address, .copy_control = CPM_COPY_CC } };
  const cpm_arg args[] = { { .field = CPM_FIELD_target, .number = CPM_TARGET_adhoc },
                           { .field = CPM_FIELD_payload, .item = meet_content(c.w, cpm_str_of(content, OCTETS)), .len = OCTETS },
                           { .field = CPM_FIELD_payload_type, .text = S("text/plain") } };
  cpm_event_init(&e, CPM_EVENT_send);
  e.args = args;
  e.nargs = 3;
  e.members = members;
  e.nmembers = 2;
  c.send = meet_start(c.w, from, "client/large-send", &e);
  return c;
}

static void a_message_to_two_goes_through(void **state) {
  (void)state;
  for (uint64_t seed = 0; seed < 40; seed++) {
    meet_case c = meet_several(seed);
    meet_go(c.w);
    assert_int_equal(c.send->told[CPM_NOTICE_accepted], 1);
    for (unsigned i = 0; i < 2; i++) {
      meet_run *const receive = meet_of(c.w, "client/large-receive", i);
      assert_non_null(receive);
      assert_int_equal(receive->told[CPM_NOTICE_received], 1);
      assert_true(meet_has_content(receive));
    }
    meet_ends_well(&c);
  }
}

static void with_two_any_message_may_be_lost(void **state) {
  (void)state;
  for (uint64_t seed = 0; seed < 3; seed++)
    for (unsigned at = 1;; at++) {
      meet_case c = meet_several(seed);
      c.w->lose = at;
      meet_go(c.w);
      const bool more = c.w->delivered >= at;
      meet_ends_well(&c);
      if (!more) break;
    }
}

int main(void) {
  meet_fill(content, OCTETS);
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_message_goes_through),
    cmocka_unit_test(what_is_too_large_is_refused),
    cmocka_unit_test(what_is_not_wanted_is_declined),
    cmocka_unit_test(any_message_may_be_lost),
    cmocka_unit_test(anybody_may_give_up_at_any_time),
    cmocka_unit_test(a_message_to_two_goes_through),
    cmocka_unit_test(with_two_any_message_may_be_lost),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
