/* SPDX-License-Identifier: MIT */
/* What recipes and their lines ask for, and who composes them. */
#include "support.h"
#include "cpm/cpm.h"
#include <string.h>

static int rm_recipe(const char *name) {
  const int recipe = cpm_recipe_named(name);
  if (recipe < 0) fail_msg("no recipe %s", name);
  return recipe;
}

/* The line whose first id is this one, relative to its SPEC. */
static cpm_line rm_line(const char *recipe, const char *clause, const char *name) {
  const int r = rm_recipe(recipe);
  static cpm_sip_field fields[1];
  const cpm_sip empty = CPM_SIP_ROOM(fields);
  cpm_line line;
  for (size_t i = 0; i < cpm_recipe_lines(r); i++) {
    cpm_check c;
    char id[CPM_CLAUSE_MAX];
    assert_status(cpm_recipe_check(r, i, &empty, NULL, NULL, 0, &c), CPM_OK, NULL);
    const char *rest = c.clauses;
    assert_status(cpm_recipe_line(r, i, &line), CPM_OK, NULL);
    if (cpm_clause_next(c.spec, &rest, id) && strcmp(id, clause) == 0 && strcmp(c.name, name) == 0) return line;
  }
  fail_msg("no line %s of %s", clause, recipe);
  return line;
}

static void a_recipe_says_what_message_it_is_for(void **state) {
  (void)state;
  cpm_recipe r;
  assert_true(cpm_recipe_describe(rm_recipe("pager_message"), &r));
  assert_string_equal(r.name, "pager_message");
  assert_int_equal(r.kind, CPM_RECIPE_REQUEST);
  assert_int_equal(r.method, CPM_METHOD_MESSAGE);
  assert_int_equal(r.status, 0);
  assert_null(r.type);
  assert_true(cpm_recipe_describe(rm_recipe("pager_accepted"), &r));
  assert_int_equal(r.kind, CPM_RECIPE_RESPONSE);
  assert_int_equal(r.status, 202);
  assert_int_equal(r.method, CPM_METHOD_UNKNOWN);
  assert_true(cpm_recipe_describe(rm_recipe("bye"), &r));
  assert_int_equal(r.kind, CPM_RECIPE_IN_DIALOG);
  assert_int_equal(r.method, CPM_METHOD_BYE);
  assert_true(cpm_recipe_describe(rm_recipe("cpim"), &r));
  assert_int_equal(r.kind, CPM_RECIPE_CPIM);
  assert_string_equal(r.type, "message/cpim");
  assert_true(cpm_recipe_describe(rm_recipe("target_list"), &r));
  assert_int_equal(r.kind, CPM_RECIPE_LIST);
  assert_true(cpm_recipe_describe(rm_recipe("report_imdn"), &r));
  assert_int_equal(r.kind, CPM_RECIPE_IMDN);
  assert_true(cpm_recipe_describe(rm_recipe("chunk_copy"), &r));
  assert_int_equal(r.kind, CPM_RECIPE_MSRP);
  assert_false(cpm_recipe_describe(-1, &r));
  assert_null(r.name);
  assert_false(cpm_recipe_describe(9999, &r));
}

static void every_message_recipe_has_a_machine_that_composes_it(void **state) {
  (void)state;
  cpm_recipe r;
  for (int i = 0; cpm_recipe_describe(i, &r); i++) {
    unsigned machines = 0;
    for (size_t m = 0; cpm_machine_at(m); m++) machines += cpm_machine_composes(cpm_machine_at(m), i);
    const bool body = r.kind >= CPM_RECIPE_CPIM && r.kind < CPM_RECIPE_MSRP;
    if (body ? machines != 0 : machines == 0) fail_msg("%s is composed by %u machines", r.name, machines);
  }
}

static void machines_compose_their_own_recipes(void **state) {
  (void)state;
  const cpm_machine *send = cpm_machine_named("client/pager-send"), *cf = cpm_machine_named("cf/pager");
  assert_true(cpm_machine_composes(send, rm_recipe("pager_message")));
  assert_false(cpm_machine_composes(send, rm_recipe("pager_out")));
  assert_true(cpm_machine_composes(cf, rm_recipe("pager_out")));       /* by a leg */
  assert_true(cpm_machine_composes(cf, rm_recipe("pager_accepted")));
  assert_true(cpm_machine_composes(cf, rm_recipe("refusal")));         /* REFUSE names no recipe */
  assert_false(cpm_machine_composes(send, rm_recipe("refusal")));
  assert_false(cpm_machine_composes(NULL, rm_recipe("refusal")));
  assert_false(cpm_machine_composes(cf, -1));
  assert_int_equal(cpm_machine_role(send), CPM_ROLE_CLIENT);
  assert_int_equal(cpm_machine_role(cf), CPM_ROLE_CONTROLLING);
  assert_int_equal(cpm_machine_role(cpm_machine_named("pf/session")), CPM_ROLE_PARTICIPATING);
}

static void lines_say_what_they_ask_for(void **state) {
  (void)state;
  cpm_line l = rm_line("pager_message", "S4-7.2.1.1-3", "P-Preferred-Service");
  assert_int_equal(l.level, CPM_SHALL);
  assert_string_equal(l.how, "this service:");
  assert_str(l.want, "urn:urn-7:3gpp-service.ims.icsi.oma.cpm.msg");
  assert_true(l.fixed);
  assert_int_equal(l.nested, -1);
  assert_int_equal(l.nwhen, 2);
  assert_string_equal(l.when[0].fact, "v1");
  assert_false(l.when[0].holds);
  assert_string_equal(l.when[1].fact, "to_one");
  assert_true(l.when[1].holds);

  l = rm_line("pager_message", "S4-7.2.1.1-5", "User-Agent");
  assert_str(l.want, "user_agent");
  assert_false(l.fixed);
  assert_int_equal(l.nwhen, 0);
  l = rm_line("pager_message", "S4-7.2.1.1-12", "Conversation-ID");
  assert_str(l.want, "conversation_id");
  l = rm_line("pager_message", "S4-7.2.1.1-15", "body");
  assert_str(l.want, "cpim");
  assert_int_equal(l.nested, rm_recipe("cpim"));
  l = rm_line("pager_message", "S4-7.2.1.1-p1.b", "Contact");
  assert_int_equal(l.level, CPM_SHALL_NOT);
  assert_null(l.how);
  assert_null(l.want.p);
  assert_false(l.fixed);
  l = rm_line("pager_message", "S4-7.2.1.1-8", "Request-URI");
  assert_int_equal(l.level, CPM_EXACTLY_ONE);
  assert_null(l.how);
  l = rm_line("pager_message", "S4-7.2.1.1-6", "Privacy");
  assert_str(l.want, "id");
  assert_true(l.fixed);
  l = rm_line("pager_accepted", "S4-9.1.1-7.conv", "Conversation-ID");
  assert_str(l.want, "Conversation-ID");
  l = rm_line("pager_out", "S4-9.1.1-6.g.x3", "Require");
  assert_str(l.want, "recipient-list-message");
  assert_false(l.fixed);
}

static void every_line_of_every_recipe_has_words(void **state) {
  (void)state;
  for (int r = 0; cpm_recipe_name(r); r++)
    for (size_t i = 0; i < cpm_recipe_lines(r); i++) {
      cpm_line l;
      assert_status(cpm_recipe_line(r, i, &l), CPM_OK, NULL);
      const bool asks = l.level != CPM_SHALL_NOT && l.level != CPM_EXACTLY_ONE;
      assert_int_equal(l.how != NULL, asks);
      assert_true(l.nwhen <= CPM_WHEN_MAX);
      for (size_t k = 0; k < l.nwhen; k++) assert_non_null(cpm_fact_doc(l.when[k].fact));
    }
}

static void facts_have_names_and_words(void **state) {
  (void)state;
  size_t n = 0;
  for (; cpm_fact_name(n); n++) assert_non_null(cpm_fact_doc(cpm_fact_name(n)));
  assert_true(n > 60);
  assert_string_equal(cpm_fact_name(0), "v1");
  assert_string_equal(cpm_fact_doc("reply"), "answers a received item");
  assert_null(cpm_fact_doc("no_reply"));
  assert_null(cpm_fact_doc(NULL));
  assert_null(cpm_fact_name(SIZE_MAX));
}

static void wrong_lines_are_refused(void **state) {
  (void)state;
  cpm_line l;
  assert_status(cpm_recipe_line(-1, 0, &l), CPM_E_ARG, NULL);
  assert_status(cpm_recipe_line(0, 9999, &l), CPM_E_ARG, NULL);
  assert_status(cpm_recipe_line(0, 0, NULL), CPM_E_ARG, NULL);
}

static void the_type_of_a_payload_without_cpim_is_the_messages(void **state) {
  (void)state;
  const int r = rm_recipe("bare_payload");
  cpm_sip_field fields[1];
  cpm_sip msg = CPM_SIP_ROOM(fields);
  cpm_check c;
  msg.body = S("Hello");
  assert_status(cpm_recipe_check(r, 0, &msg, NULL, NULL, 0, &c), CPM_OK, NULL);
  assert_int_equal(c.verdict, CPM_FAILS);
  fields[msg.nfields++] = (cpm_sip_field){ CPM_SIP_CONTENT_TYPE, S("Content-Type"), S("text/plain"), NULL, NULL };
  assert_status(cpm_recipe_check(r, 0, &msg, NULL, NULL, 0, &c), CPM_OK, NULL);
  assert_int_equal(c.verdict, CPM_HOLDS);
  assert_str(c.found, "text/plain");
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_recipe_says_what_message_it_is_for),
    cmocka_unit_test(every_message_recipe_has_a_machine_that_composes_it),
    cmocka_unit_test(machines_compose_their_own_recipes),
    cmocka_unit_test(lines_say_what_they_ask_for),
    cmocka_unit_test(every_line_of_every_recipe_has_words),
    cmocka_unit_test(facts_have_names_and_words),
    cmocka_unit_test(wrong_lines_are_refused),
    cmocka_unit_test(the_type_of_a_payload_without_cpim_is_the_messages),
  };
  return cmocka_run_group_tests_name("recipe_model", tests, NULL, NULL);
}
