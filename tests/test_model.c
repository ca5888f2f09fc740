/* SPDX-License-Identifier: MIT */
/* The rows that compose a message, read the other way. */
#include "support.h"
#include "cpm/cpm.h"
#include <string.h>

static cpm_agent model_agent(void) {
  cpm_agent a;
  cpm_agent_init(&a, CPM_ROLE_CLIENT);
  a.address = S("sip:alice@example.com");
  a.user_agent = a.server = S("CPM-client/OMA2.2");
  a.host = S("alice.example.com");
  a.cf_uri = S("sip:cf@example.com");
  a.exploder_uri = S("sip:exploder@example.com");
  a.accept = S("message/cpim, text/plain");
  return a;
}

/* A message of client/pager-send to one recipient, as a view whose parts tests change. */
typedef struct model_message { cpm_sip sip; cpm_sip_field fields[32]; char body[1024]; } model_message;

static void model_make(model_message *m) {
  static uint64_t block[1024], buf[2048];
  const cpm_agent a = model_agent();
  const cpm_arg args[] = {
    { .field = CPM_FIELD_target, .number = CPM_TARGET_one }, { .field = CPM_FIELD_to, .text = CPM_STR("sip:bob@example.com") },
    { .field = CPM_FIELD_payload, .len = 5 }, { .field = CPM_FIELD_payload_type, .text = CPM_STR("text/plain") },
  };
  cpm_event e;
  cpm_effect x;
  cpm_diag d = { 0 };
  cpm_event_init(&e, CPM_EVENT_send);
  e.args = args;
  e.nargs = 4;
  e.random = S_RANDOM;
  assert_status(cpm_proc_init(block, sizeof block, cpm_machine_named("client/pager-send"), &a, &d), CPM_OK, &d);
  assert_status(cpm_proc_step((cpm_proc *)block, &a, &e, &d), CPM_OK, &d);
  assert_status(cpm_proc_effect((cpm_proc *)block, &a, (char *)buf, sizeof buf, &x), CPM_OK, NULL);
  memset(m, 0, sizeof *m);
  m->sip = x.sip;
  assert_true(x.sip.nfields <= 32);
  memcpy(m->fields, x.sip.fields, x.sip.nfields * sizeof *m->fields);
  m->sip.fields = m->fields;
  size_t n = 0;
  for (unsigned i = 0; i < x.sip.npieces; i++) {
    const cpm_str piece = x.sip.pieces[i].bytes;
    memcpy(m->body + n, piece.p ? piece.p : "Hello", piece.n);
    n += piece.n;
  }
  m->sip.body = cpm_str_of(m->body, n);
  m->sip.npieces = 0;
}

/* Verdict of the line whose first id is this one. */
static cpm_verdict model_verdict(const char *recipe, const char *clause, const cpm_sip *msg, const cpm_known *known, size_t n, cpm_check *out) {
  const int r = cpm_recipe_named(recipe);
  const cpm_agent a = model_agent();
  assert_true(r >= 0);
  for (size_t i = 0; i < cpm_recipe_lines(r); i++) {
    char id[CPM_CLAUSE_MAX];
    const char *rest;
    assert_status(cpm_recipe_check(r, i, msg, &a, known, n, out), CPM_OK, NULL);
    rest = out->clauses;
    while (cpm_clause_next(out->spec, &rest, id))
      if (strcmp(id, clause) == 0) return out->verdict;
  }
  fail_msg("no line %s", clause);
  return CPM_FAILS;
}

static void what_a_recipe_composes_it_does_not_fault(void **state) {
  (void)state;
  static const char *const recipes[] = { "pager_message", "cpim" };
  static const cpm_known known[] = { { "to_one", true }, { "reply", false }, { "anonymity", false }, { "wants_report", false },
                                     { "multipart", false }, { "bare", false }, { "silent", false }, { "reply_elsewhere", false }, { "expires", false }, { "prefers_identity", false } };
  model_message m;
  const cpm_agent a = model_agent();
  model_make(&m);
  for (size_t k = 0; k < 2; k++)
    for (size_t i = 0; i < cpm_recipe_lines(cpm_recipe_named(recipes[k])); i++) {
      cpm_check c;
      assert_status(cpm_recipe_check(cpm_recipe_named(recipes[k]), i, &m.sip, &a, known, sizeof known / sizeof *known, &c), CPM_OK, NULL);
      if (c.verdict == CPM_FAILS || c.verdict == CPM_DEPENDS) fail_msg("%s %s%s: %d %s", recipes[k], c.spec, c.clauses, c.verdict, c.name);
    }
}

static void each_mandatory_field_is_missed_when_it_is_gone(void **state) {
  (void)state;
  static const struct { cpm_sip_header id; const char *clause; } cases[] = {
    { CPM_SIP_ACCEPT_CONTACT, "S4-7.2.1.1-1" }, { CPM_SIP_USER_AGENT, "S4-7.2.1.1-5" }, { CPM_SIP_CONVERSATION_ID, "S4-7.2.1.1-12" },
    { CPM_SIP_CONTRIBUTION_ID, "S4-7.2.1.1-13" },
  };
  for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
    model_message m;
    cpm_check c;
    model_make(&m);
    assert_int_equal(model_verdict("pager_message", cases[k].clause, &m.sip, NULL, 0, &c), CPM_HOLDS);
    for (size_t i = 0; i < m.sip.nfields; i++)
      if (m.fields[i].id == cases[k].id) m.fields[i].id = CPM_SIP_UNKNOWN;
    assert_int_equal(model_verdict("pager_message", cases[k].clause, &m.sip, NULL, 0, &c), CPM_FAILS);
    assert_null(c.found.p);
  }
}

static void a_wrong_value_is_told_from_a_right_one(void **state) {
  (void)state;
  model_message m;
  cpm_check c;
  const cpm_known one = { "to_one", true };
  model_make(&m);
  assert_int_equal(model_verdict("pager_message", "S4-7.2.1.1-3.a", &m.sip, &one, 1, &c), CPM_HOLDS);
  for (size_t i = 0; i < m.sip.nfields; i++)
    if (m.fields[i].id == CPM_SIP_P_PREFERRED_SERVICE) m.fields[i].value = S("urn:urn-7:3gpp-service.ims.icsi.oma.cpm.session");
  assert_int_equal(model_verdict("pager_message", "S4-7.2.1.1-3.a", &m.sip, &one, 1, &c), CPM_FAILS);
}

static void alternatives_are_judged_as_a_set(void **state) {
  (void)state;
  model_message m;
  cpm_check c;
  const cpm_known adhoc = { "to_adhoc", true };
  model_make(&m);
  /* Whether it is to one or to many is not known: the .msg value fits 3.a and is not held against 3.b. */
  assert_int_equal(model_verdict("pager_message", "S4-7.2.1.1-3.a", &m.sip, NULL, 0, &c), CPM_HOLDS);
  assert_int_equal(model_verdict("pager_message", "S4-7.2.1.1-3.b", &m.sip, NULL, 0, &c), CPM_NOT_ASKED);
  /* Known to be to a group, it is the other way round. */
  assert_int_equal(model_verdict("pager_message", "S4-7.2.1.1-3.a", &m.sip, &adhoc, 1, &c), CPM_NOT_ASKED);
  assert_int_equal(model_verdict("pager_message", "S4-7.2.1.1-3.b", &m.sip, &adhoc, 1, &c), CPM_FAILS);
}

static void a_fact_that_is_not_known_is_named(void **state) {
  (void)state;
  model_message m;
  cpm_check c;
  const cpm_known reply = { "reply", true };
  model_make(&m);
  assert_int_equal(model_verdict("pager_message", "S4-7.2.1.1-14", &m.sip, NULL, 0, &c), CPM_DEPENDS);
  assert_string_equal(c.fact, "reply");
  assert_int_equal(model_verdict("pager_message", "S4-7.2.1.1-14", &m.sip, &reply, 1, &c), CPM_FAILS);
}

static void what_is_forbidden_is_found(void **state) {
  (void)state;
  model_message m;
  cpm_check c;
  const cpm_agent a = model_agent();
  bool found = false;
  model_make(&m);
  m.fields[m.sip.nfields++] = (cpm_sip_field){ CPM_SIP_CONTACT, S("Contact"), S("<sip:a@example.com>"), NULL, NULL };
  for (size_t i = 0; i < cpm_recipe_lines(cpm_recipe_named("pager_message")); i++) {
    assert_status(cpm_recipe_check(cpm_recipe_named("pager_message"), i, &m.sip, &a, NULL, 0, &c), CPM_OK, NULL);
    if (strcmp(c.name, "Contact") == 0) { found = true; assert_int_equal(c.verdict, CPM_FAILS); }
  }
  assert_true(found);
}

static void values_are_compared_by_their_types(void **state) {
  (void)state;
  model_message m;
  cpm_check c;
  const cpm_known adhoc = { "to_adhoc", true };
  model_make(&m);
  m.sip.request_uri = S("SIP:cf@EXAMPLE.com");   /* equal to the agent's cf_uri as a URI, not as text */
  assert_int_equal(model_verdict("pager_message", "S4-7.2.1.1-9.a", &m.sip, &adhoc, 1, &c), CPM_HOLDS);
  m.sip.request_uri = S("sip:CF@example.com");
  assert_int_equal(model_verdict("pager_message", "S4-7.2.1.1-9.a", &m.sip, &adhoc, 1, &c), CPM_FAILS);
}

static void wrong_arguments_are_refused(void **state) {
  (void)state;
  model_message m;
  cpm_check c;
  const cpm_known unknown = { "no_such_fact", true };
  model_make(&m);
  assert_int_equal(cpm_recipe_named("nothing"), -1);
  assert_null(cpm_recipe_name(-1));
  assert_int_equal(cpm_recipe_lines(9999), 0);
  assert_status(cpm_recipe_check(-1, 0, &m.sip, NULL, NULL, 0, &c), CPM_E_ARG, NULL);
  assert_status(cpm_recipe_check(0, 9999, &m.sip, NULL, NULL, 0, &c), CPM_E_ARG, NULL);
  assert_status(cpm_recipe_check(0, 0, &m.sip, NULL, &unknown, 1, &c), CPM_E_ARG, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(what_a_recipe_composes_it_does_not_fault),
    cmocka_unit_test(each_mandatory_field_is_missed_when_it_is_gone),
    cmocka_unit_test(a_wrong_value_is_told_from_a_right_one),
    cmocka_unit_test(alternatives_are_judged_as_a_set),
    cmocka_unit_test(a_fact_that_is_not_known_is_named),
    cmocka_unit_test(what_is_forbidden_is_found),
    cmocka_unit_test(values_are_compared_by_their_types),
    cmocka_unit_test(wrong_arguments_are_refused),
  };
  return cmocka_run_group_tests_name("model", tests, NULL, NULL);
}
