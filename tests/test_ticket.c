/* SPDX-License-Identifier: MIT */
/* Tickets: what a received message leaves, and what starts a notification from it later. */
#include "support.h"
#include "cpm/cpm.h"
#include <stdlib.h>
#include <string.h>


typedef struct ticket_run { cpm_agent agent; _Alignas(CPM_PROC_ALIGN) uint64_t block[1024]; cpm_proc *proc; cpm_diag diag; } ticket_run;

static void ticket_start(ticket_run *r, const char *machine) {
  memset(r, 0, sizeof *r);
  cpm_agent_init(&r->agent, CPM_ROLE_CLIENT);
  r->agent.address = S("sip:bob@example.com");
  r->agent.user_agent = r->agent.server = S("CPM-client/OMA2.2");
  r->agent.host = S("bob.example.com");
  r->agent.accept = S("message/cpim, text/plain");
  r->proc = (cpm_proc *)(void *)r->block;
  assert_status(cpm_proc_init(r->block, sizeof r->block, cpm_machine_named(machine), &r->agent, &r->diag), CPM_OK, &r->diag);
}

static int ticket_step(ticket_run *r, cpm_event *e) {
  e->now = INT64_C(1772539200000);
  e->random = S_RANDOM;
  return cpm_proc_step(r->proc, &r->agent, e, &r->diag);
}

/* The next effect of that kind; those before it are done. false: there is none. */
static bool ticket_until(ticket_run *r, cpm_effect_kind kind, cpm_effect *x) {
  static uint64_t buf[1024];
  while (cpm_proc_effect(r->proc, &r->agent, (char *)buf, sizeof buf, x) == CPM_OK) {
    if (x->kind == kind) return true;
    cpm_proc_did(r->proc);
  }
  return false;
}

/* A message that asks for `report` comes and is stored. */
static void ticket_receive(ticket_run *r, const char *report, const char *more) {
  char text[4096];
  cpm_sip_field fields[16];
  cpm_sip msg = CPM_SIP_ROOM(fields);
  snprintf(text, sizeof text,
           "MESSAGE sip:bob@example.com SIP/2.0\r\nP-Asserted-Identity: <sip:alice@example.com>\r\nConversation-ID: conversation-1\r\n"
           "Contribution-ID: contribution-1\r\nContent-Type: message/cpim\r\n\r\nFrom: <sip:alice@example.com>\r\n"
           "To: <sip:bob@example.com>\r\nDateTime: 2026-03-01T12:00:00Z\r\nNS: imdn <urn:ietf:params:imdn>\r\nimdn.Message-ID: 34jk324j\r\n"
           "%s%s%s\r\n%s\r\nContent-Type: text/plain\r\n\r\nHello", *report ? "imdn.Disposition-Notification: " : "", report, *report ? "" : "X: y", more);
  ticket_start(r, "client/pager-receive");
  assert_status(cpm_sip_decode(&msg, cpm_str_z(text), NULL, &r->diag), CPM_OK, &r->diag);
  cpm_event e;
  cpm_effect x;
  cpm_event_init(&e, CPM_EVENT_on_message);
  e.sip = &msg;
  assert_status(ticket_step(r, &e), CPM_OK, &r->diag);
  assert_true(ticket_until(r, CPM_EFFECT_ASK, &x));
  cpm_proc_did(r->proc);
  cpm_event_init(&e, CPM_EVENT_on_policy);
  assert_status(ticket_step(r, &e), CPM_OK, &r->diag);
}

static size_t ticket_of(const ticket_run *r, char out[CPM_TICKET_MAX]) {
  size_t n = 0;
  assert_status(cpm_ticket_encode(out, CPM_TICKET_MAX, &n, r->proc, NULL), CPM_OK, NULL);
  return n;
}

static void a_ticket_starts_displayed_days_later(void **state) {
  (void)state;
  HOLDS("O-R44-1 O-R44-2");
  static ticket_run r;
  char ticket[CPM_TICKET_MAX];
  cpm_effect x;
  cpm_arg args[CPM_TICKET_ARGS];
  cpm_event e;
  ticket_receive(&r, "positive-delivery, display", "");
  assert_true(ticket_until(&r, CPM_EFFECT_STORE, &x));
  assert_int_equal(x.id, CPM_ITEM_ticket);
  const size_t n = ticket_of(&r, ticket);
  assert_true(n < 300);
  memset(&r, 0xa5, sizeof r);   /* nothing is left but the ticket */

  ticket_start(&r, "client/disposition");
  cpm_event_init(&e, CPM_EVENT_displayed);
  assert_status(cpm_ticket_decode(args, &e.nargs, cpm_str_of(ticket, n), NULL), CPM_OK, NULL);
  e.args = args;
  assert_status(ticket_step(&r, &e), CPM_OK, &r.diag);
  assert_true(ticket_until(&r, CPM_EFFECT_SEND, &x));
  assert_str(x.sip.request_uri, "sip:alice@example.com");
  assert_str(cpm_sip_value(&x.sip, CPM_SIP_CONVERSATION_ID), "conversation-1");
  cpm_proc_did(r.proc);
  assert_true(ticket_until(&r, CPM_EFFECT_DROP, &x));   /* never a second time */
  cpm_proc_did(r.proc);

  /* a copy of it, stored anew, says that `displayed` went out */
  const size_t again = ticket_of(&r, ticket);
  ticket_start(&r, "client/disposition");
  assert_status(cpm_ticket_decode(args, &e.nargs, cpm_str_of(ticket, again), NULL), CPM_OK, NULL);
  assert_status(ticket_step(&r, &e), CPM_OK, &r.diag);
  assert_false(ticket_until(&r, CPM_EFFECT_SEND, &x));
  assert_true(cpm_proc_over(r.proc));
}

static void it_says_what_was_reported_already(void **state) {
  (void)state;
  HOLDS("O-R42-2 O-R44-3");
  static ticket_run r;
  char ticket[CPM_TICKET_MAX];
  cpm_effect x;
  cpm_arg args[CPM_TICKET_ARGS];
  cpm_event e;
  ticket_receive(&r, "positive-delivery, negative-delivery, display", "");
  assert_true(ticket_until(&r, CPM_EFFECT_STORE, &x));
  const size_t n = ticket_of(&r, ticket);
  ticket_start(&r, "client/disposition");
  cpm_event_init(&e, CPM_EVENT_undeliverable);
  assert_status(cpm_ticket_decode(args, &e.nargs, cpm_str_of(ticket, n), NULL), CPM_OK, NULL);
  e.args = args;
  assert_status(ticket_step(&r, &e), CPM_OK, &r.diag);
  assert_false(ticket_until(&r, CPM_EFFECT_SEND, &x));   /* `delivered` went out: it is not taken back */
}

static void a_message_that_asked_for_nothing_leaves_none(void **state) {
  (void)state;
  static ticket_run r;
  cpm_effect x;
  size_t n = 0;
  cpm_diag d = { 0 };
  ticket_receive(&r, "", "");
  assert_status(cpm_ticket_encode(NULL, 0, &n, r.proc, &d), CPM_E_MISSING, &d);
  assert_false(ticket_until(&r, CPM_EFFECT_STORE, &x));
  assert_status(cpm_ticket_encode(NULL, 0, &n, NULL, NULL), CPM_E_ARG, NULL);
  ticket_start(&r, "client/pager-send");
  assert_status(cpm_ticket_encode(NULL, 0, &n, r.proc, NULL), CPM_E_MISSING, NULL);
}

static int ticket_write(char *dst, size_t cap, size_t *len, void *ctx) {
  return cpm_ticket_encode(dst, cap, len, ((ticket_run *)ctx)->proc, NULL);
}

static void it_is_written_at_every_size(void **state) {
  (void)state;
  static ticket_run r;
  ticket_receive(&r, "display", "");
  assert_true(support_every_size(ticket_write, &r).n > 100);
}

static void what_is_over_a_kibibyte_is_refused(void **state) {
  (void)state;
  static ticket_run r;
  char route[1100];
  size_t n = 0;
  cpm_diag d = { 0 };
  snprintf(route, sizeof route, "imdn.IMDN-Record-Route: <sip:%0900d@example.com>\r\n", 1);
  ticket_receive(&r, "display", route);
  assert_status(cpm_ticket_encode(NULL, 0, &n, r.proc, &d), CPM_E_TOO_LONG, &d);
}

/* ---- from a database that nobody trusts -------------------------------------------------------------------------------- */

static void ticket_prefix(cpm_str prefix, void *ctx) {
  cpm_arg args[CPM_TICKET_ARGS];
  size_t n = 0;
  cpm_diag d = { 0 };
  const int rc = cpm_ticket_decode(args, &n, prefix, &d);
  *(unsigned *)ctx += rc == CPM_OK;
  if (rc != CPM_OK) assert_true(d.off <= prefix.n);
}

static void it_is_read_at_a_guard_page_and_cut_anywhere(void **state) {
  (void)state;
  static ticket_run r;
  char ticket[CPM_TICKET_MAX];
  unsigned whole = 0;
  ticket_receive(&r, "display", "");
  const size_t n = ticket_of(&r, ticket);
  support_every_prefix(cpm_str_of(ticket, n), ticket_prefix, &whole);
  assert_true(whole >= 1 && whole <= CPM_TICKET_ARGS);   /* cut between two entries it is a shorter ticket */
}

#define HEAD "CPMT\1"
#define ID "\1\0\1m"
static void what_is_wrong_is_named(void **state) {
  (void)state;
  static const struct { cpm_str ticket; int status; size_t off; const char *rule; } t[] = {
    { CPM_STR(HEAD ID), CPM_OK, 0, NULL },
    { CPM_STR(HEAD ID "\x63\0\2ab"), CPM_OK, 0, NULL },                           /* a field of a later build */
    { CPM_STR(""), CPM_E_TRUNCATED, 0, "ticket" },
    { CPM_STR("CPMT"), CPM_E_TRUNCATED, 4, "ticket" },
    { CPM_STR("CPMT\2" ID), CPM_E_SYNTAX, 0, "ticket" },
    { CPM_STR("cpmt\1" ID), CPM_E_SYNTAX, 0, "ticket" },
    { CPM_STR(HEAD), CPM_E_MISSING, 5, "message_id" },
    { CPM_STR(HEAD ID "\2"), CPM_E_TRUNCATED, 10, "ticket" },
    { CPM_STR(HEAD ID "\2\0\5a"), CPM_E_TRUNCATED, 13, "ticket" },
    { CPM_STR(HEAD ID ID), CPM_E_DUPLICATE, 12, "message_id" },
    { CPM_STR(HEAD "\1\0\0"), CPM_E_VALUE, 8, "message_id" },
    { CPM_STR(HEAD "\1\0\3a\r\n"), CPM_E_VALUE, 8, "message_id" },
    { CPM_STR(HEAD ID "\6\0\3a b"), CPM_E_VALUE, 12, "report_to" },
    { CPM_STR(HEAD ID "\6\0\x0bsip:a@b?X=1"), CPM_E_VALUE, 12, "report_to" },
    { CPM_STR(HEAD ID "\6\0\x1fsip:anonymous@anonymous.invalid"), CPM_E_VALUE, 12, "report_to" },
    { CPM_STR(HEAD ID "\7\0\7sip:a@b"), CPM_OK, 0, NULL },
    { CPM_STR(HEAD ID "\7\0\3<a>"), CPM_E_VALUE, 12, "record_route" },
    { CPM_STR(HEAD ID "\2\0\3a\r\n"), CPM_E_VALUE, 12, "sent_at_text" },
    { CPM_STR(HEAD ID "\3\0\1\1"), CPM_E_VALUE, 12, "report" },
    { CPM_STR(HEAD ID "\3\0\x8\xff\0\0\0\0\0\0\0"), CPM_E_VALUE, 12, "report" },
    { CPM_STR(HEAD ID "\4\0\x8\0\0\0\0\0\0\0\0"), CPM_E_VALUE, 12, "reported" },
    { CPM_STR(HEAD ID "\4\0\x8\0\0\0\0\0\0\0\6"), CPM_E_VALUE, 12, "reported" },
    { CPM_STR(HEAD ID "\4\0\x8\0\0\0\0\0\0\0\5"), CPM_OK, 0, NULL },
  };
  for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
    cpm_arg args[CPM_TICKET_ARGS];
    size_t n = 0;
    cpm_diag d = { 0 };
    const cpm_str at = support_guard(t[i].ticket);
    assert_status(cpm_ticket_decode(args, &n, at, &d), t[i].status, &d);
    assert_int_equal(d.off, t[i].off);
    if (t[i].rule) assert_string_equal(d.rule, t[i].rule);
    support_unguard(at);
  }
  char *large = calloc(1, CPM_TICKET_MAX + 1);
  assert_non_null(large);
  cpm_arg args[CPM_TICKET_ARGS];
  size_t n = 0;
  assert_status(cpm_ticket_decode(args, &n, cpm_str_of(large, CPM_TICKET_MAX + 1), NULL), CPM_E_TOO_LONG, NULL);
  assert_status(cpm_ticket_decode(NULL, &n, cpm_str_none(), NULL), CPM_E_ARG, NULL);
  free(large);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_ticket_starts_displayed_days_later),
    cmocka_unit_test(it_says_what_was_reported_already),
    cmocka_unit_test(a_message_that_asked_for_nothing_leaves_none),
    cmocka_unit_test(it_is_written_at_every_size),
    cmocka_unit_test(what_is_over_a_kibibyte_is_refused),
    cmocka_unit_test(it_is_read_at_a_guard_page_and_cut_anywhere),
    cmocka_unit_test(what_is_wrong_is_named),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
