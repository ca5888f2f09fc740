/* SPDX-License-Identifier: MIT */
#include "values.h"
#include "cpm/dialog.h"

static cpm_sip_event event;
static cpm_subscription_state substate;
static cpm_refer_sub refer_sub;

VALUES_ONE(event_next, event, cpm_sip_event_decode)
VALUES_NEXT(allow_next, event, cpm_sip_event_next)
VALUES_ENCODE(event_encode, event, cpm_sip_event_encode)
VALUES_ONE(substate_next, substate, cpm_subscription_state_decode)
VALUES_ENCODE(substate_encode, substate, cpm_subscription_state_encode)
VALUES_ONE(refer_next, refer_sub, cpm_refer_sub_decode)
VALUES_ENCODE(refer_encode, refer_sub, cpm_refer_sub_encode)

static void event_print(FILE *out, const char *base) {
  values_slice(out, "type", event.type, base);
  values_slice(out, "package", event.package, base);
  values_slice(out, "templates", event.templates, base);
  values_slice(out, "id", event.id, base);
  values_slice(out, "params", event.params, base);
}

static void substate_print(FILE *out, const char *base) {
  static const char *const states[] = { "another state",
#define STATE(id, text) text,
    CPM_SUBSCRIPTION_STATES(STATE)
  };
  static const char *const reasons[] = { "another reason", CPM_SUBSCRIPTION_REASONS(STATE) };
#undef STATE
  fprintf(out, "  %s\n", states[substate.state]);
  values_slice(out, "state", substate.state_text, base);
  if (substate.reason_text.p) fprintf(out, "  %s\n", reasons[substate.reason]);
  else assert_int_equal(substate.reason, CPM_SUBREASON_NONE);
  values_slice(out, "reason", substate.reason_text, base);
  if (substate.has_expires) fprintf(out, "  expires %u\n", (unsigned)substate.expires);
  else assert_int_equal(substate.expires, 0);
  if (substate.has_retry_after) fprintf(out, "  retry-after %u\n", (unsigned)substate.retry_after);
  else assert_int_equal(substate.retry_after, 0);
  values_slice(out, "params", substate.params, base);
}

static void refer_print(FILE *out, const char *base) {
  fprintf(out, "  %s\n", refer_sub.value ? "true" : "false");
  values_slice(out, "params", refer_sub.params, base);
}

static const values_kind kinds[] = {
  { "event", event_next, event_print, event_encode, NULL, false },
  { "allow_events", allow_next, event_print, event_encode, NULL, false },
  { "subscription_state", substate_next, substate_print, substate_encode, NULL, false },
  { "refer_sub", refer_next, refer_print, refer_encode, NULL, false },
};

static void vectors(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) values_vectors(&kinds[i]);
}

static void noise_is_read_to_its_end(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) values_noise(&kinds[i]);
  values_refuse_nul(&kinds[0], S("presence.winfo ;id=1;x=\"y\""));
  values_refuse_nul(&kinds[1], S("conference, presence.winfo"));
  values_refuse_nul(&kinds[2], S("terminated ;reason=timeout;expires=0;retry-after=5"));
  values_refuse_nul(&kinds[3], S("true ;x"));
}

static void subscriptions_are_told_by_type_and_id(void **state) {
  (void)state;
  const struct { const char *a, *b; bool equal; } cases[] = {
    { "refer", "refer", true },           { "refer;id=1", "refer;id=1", true },   { "refer;id=1", "refer;x=y;id=1", true },
    { "refer;id=1", "refer", false },     { "refer", "refer;id=1", false },       { "refer;id=1", "refer;id=2", false },
    { "refer;id=a", "refer;id=A", false }, { "refer", "Refer", false },           { "a.winfo", "a", false },
    { "a;x=1", "a;x=2", true },
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    cpm_sip_event a, b;
    cpm_diag d = { 0 };
    assert_status(cpm_sip_event_decode(&a, cpm_str_z(cases[i].a), NULL, &d), CPM_OK, &d);
    assert_status(cpm_sip_event_decode(&b, cpm_str_z(cases[i].b), NULL, &d), CPM_OK, &d);
    if (cpm_sip_event_equal(&a, &b) != cases[i].equal) fail_msg("%s, %s", cases[i].a, cases[i].b);
  }
}

static int event_ctx(char *dst, size_t cap, size_t *len, void *ctx) { return cpm_sip_event_encode(dst, cap, len, ctx, NULL); }
static int substate_ctx(char *dst, size_t cap, size_t *len, void *ctx) {
  return cpm_subscription_state_encode(dst, cap, len, ctx, NULL);
}

static void members_alone_are_enough(void **state) {
  (void)state;
  cpm_sip_event e = { .package = S("conference"), .id = S("7") };
  assert_str(support_every_size(event_ctx, &e), "conference;id=7");
  e.templates = S("winfo.winfo");
  assert_str(support_every_size(event_ctx, &e), "conference.winfo.winfo;id=7");
  e = (cpm_sip_event){ .type = S("refer"), .package = S("x"), .params = S(";id=8;a=b;ID=9") };
  assert_str(support_every_size(event_ctx, &e), "refer;a=b");
  cpm_subscription_state s = { .state = CPM_SUBSTATE_TERMINATED, .reason = CPM_SUBREASON_NORESOURCE };
  assert_str(support_every_size(substate_ctx, &s), "terminated;reason=noresource");
  s = (cpm_subscription_state){ .state = CPM_SUBSTATE_ACTIVE, .has_expires = true, .params = S(";expires=9;x;reason=y") };
  assert_str(support_every_size(substate_ctx, &s), "active;expires=0;x");
  s = (cpm_subscription_state){ .state = CPM_SUBSTATE_ACTIVE, .state_text = S("odd"), .has_retry_after = true, .retry_after = UINT32_MAX };
  assert_str(support_every_size(substate_ctx, &s), "odd;retry-after=4294967295");
}

static void what_the_grammar_cannot_hold_is_not_written(void **state) {
  (void)state;
#define EVENT(...) cpm_sip_event_encode(dst, cap, len, &(cpm_sip_event){ __VA_ARGS__ }, diag)
  values_refused(EVENT(.id = S("1")), CPM_E_VALUE, "event-package");
  values_refused(EVENT(.type = S("")), CPM_E_VALUE, "event-type");
  values_refused(EVENT(.type = S("a.")), CPM_E_VALUE, "event-type");
  values_refused(EVENT(.type = S("a;b")), CPM_E_VALUE, "event-type");
  values_refused(EVENT(.type = S("a,b")), CPM_E_VALUE, "event-type");
  values_refused(EVENT(.type = S(" a")), CPM_E_VALUE, "event-type");
  values_refused(EVENT(.type = S("a\r\n b")), CPM_E_INJECTION, "event-type");
  values_refused(EVENT(.package = S("a"), .templates = S("b.")), CPM_E_VALUE, "event-template");
  values_refused(EVENT(.package = S("a"), .templates = S("")), CPM_E_VALUE, "event-template");
  values_refused(EVENT(.type = S("a"), .id = S("b c")), CPM_E_VALUE, "id");
  values_refused(EVENT(.type = S("a"), .id = S("\0")), CPM_E_INJECTION, "id");
  values_refused(EVENT(.type = S("a"), .params = S("b")), CPM_E_VALUE, "generic-param");
#define SUBSTATE(...) cpm_subscription_state_encode(dst, cap, len, &(cpm_subscription_state){ __VA_ARGS__ }, diag)
  values_refused(SUBSTATE(.state = CPM_SUBSTATE_OTHER), CPM_E_VALUE, "substate-value");
  values_refused(SUBSTATE(.state = CPM_SUBSTATE_COUNT), CPM_E_VALUE, "substate-value");
  values_refused(SUBSTATE(.state_text = S("a;b")), CPM_E_VALUE, "substate-value");
  values_refused(SUBSTATE(.state_text = S("a\n")), CPM_E_INJECTION, "substate-value");
  values_refused(SUBSTATE(.state = CPM_SUBSTATE_ACTIVE, .reason_text = S("")), CPM_E_VALUE, "event-reason-value");
  values_refused(SUBSTATE(.state = CPM_SUBSTATE_ACTIVE, .params = S(";=")), CPM_E_VALUE, "generic-param");
  values_refused(cpm_refer_sub_encode(dst, cap, len, &(cpm_refer_sub){ true, S(";a\r\n") }, diag), CPM_E_INJECTION, "generic-param");
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(vectors),
    cmocka_unit_test(noise_is_read_to_its_end),
    cmocka_unit_test(subscriptions_are_told_by_type_and_id),
    cmocka_unit_test(members_alone_are_enough),
    cmocka_unit_test(what_the_grammar_cannot_hold_is_not_written),
  };
  return cmocka_run_group_tests_name("subscription", tests, NULL, NULL);
}
