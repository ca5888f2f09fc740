/* SPDX-License-Identifier: MIT */
/* The checker finds what is wrong with tables: each machine here has one fault. */
#include "support.h"
#include "check.h"
#include <stdlib.h>
#include <string.h>

#define SPEC "O-R33-"

static char *check_text(const cpm_machine *m, const cpmi_recipe *r, unsigned *wrong) {
  FILE *out = tmpfile();
  assert_non_null(out);
  check c = { m, out, 0 };
  if (m) check_machine(&c);
  else check_recipe(&c, r);
  const long n = ftell(out);
  char *text = calloc(1, (size_t)n + 1);
  assert_non_null(text);
  rewind(out);
  assert_int_equal(fread(text, 1, (size_t)n, out), n);
  fclose(out);
  *wrong = c.wrong;
  return text;
}

/* Complaints, and one of them says this. "": none at all. */
static void check_says(const cpm_machine *m, const cpmi_recipe *r, const char *what, const char *file, int line) {
  unsigned wrong;
  char *text = check_text(m, r, &wrong);
  const bool right = *what ? wrong > 0 && strstr(text, what) : wrong == 0;
  if (!right) print_error("wanted: %s\ngot %u:\n%s", what, wrong, text);
  free(text);
  if (!right) _fail(file, line);
}

static const uint8_t check_fields[] = { F(origin), F(status), F(target), F(tagged), F(recipients), F(sender), F(request) };
static const uint8_t check_leg_fields[] = { F(uri), F(copy_control), F(anonymize), F(unacked), F(held), F(interworking) };
static const uint8_t check_leg_states[] = { LEG_STATE(idle), LEG_STATE(sending), LEG_STATE(ended) };
static const uint8_t check_leg_kinds[] = { LEG_KIND(member) };
static const cpmi_capture check_captures[] = { CAPTURE("1", on_policy, recipients, RECIPIENTS) };

static cpm_machine check_made(const cpmi_part *part) {
  cpm_machine m;
  memset(&m, 0, sizeof m);
  m.name = "test/machine";
  m.init = m.leg_init = CPMI_STATE_idle;
  m.parts[0] = part;
  m.fields = (cpmi_names)NAMES(check_fields);
  if (part->leg.n) {
    m.leg_fields = (cpmi_names)NAMES(check_leg_fields);
    m.leg_states = (cpmi_names)NAMES(check_leg_states);
    m.leg_kinds = (cpmi_names)NAMES(check_leg_kinds);
  }
  return m;
}

#define TABLE(...) \
  (cpmi_rows) { (const cpmi_row[]){ __VA_ARGS__ }, sizeof((const cpmi_row[]){ __VA_ARGS__ }) / sizeof(cpmi_row) }
#define says(what, rows) \
  do { \
    const cpmi_part part_ = { .call = rows }; \
    const cpm_machine m_ = check_made(&part_); \
    check_says(&m_, NULL, what, __FILE__, __LINE__); \
  } while (0)
#define says_of_legs(what, rows, legs) \
  do { \
    const cpmi_part part_ = { rows, legs, { check_captures, 1 } }; \
    const cpm_machine m_ = check_made(&part_); \
    check_says(&m_, NULL, what, __FILE__, __LINE__); \
  } while (0)

/* A call that asks, forks and ends when its legs have; each test breaks one of its rows. */
#define ASKS ROW("1", idle, send, ALWAYS, asking, ASK(pager_policy))
#define FORKS ROW("1", asking, on_policy, ALWAYS, fanning, FORK(member))
#define ENDS ROW("1", fanning, leg_over, IF(none_live), ended, DONE) ROW("1", , , ALWAYS, fanning, NOTHING)
#define GOES ROW("1", idle, go, ALWAYS, sending, SEND(bye))
#define ANSWERED ROW("1", sending, bye_done, ALWAYS, ended, RAISE(leg_over))

static void a_sound_machine_gives_no_complaint(void **state) {
  (void)state;
  says("", TABLE(ROW("1", idle, send, IF(to_one), ended, DONE) ROW("1", , , IF(no_to_one), ended, DONE)));
  says_of_legs("", TABLE(ASKS FORKS ENDS), TABLE(GOES ANSWERED));
}

static void an_undecided_pair_is_named_with_its_facts(void **state) {
  (void)state;
  says("idle, send: 1 sets of facts have no row, such as no_is_tagged", TABLE(ROW("1", idle, send, IF(is_tagged), ended, DONE)));
  /* of four targets two are forgotten */
  says("idle, send: 2 sets of facts",
       TABLE(ROW("1", idle, send, IF(to_one), ended, DONE) ROW("1", , , IF(to_adhoc), ended, DONE)
                 ROW("1", , , IF(to_group, is_tagged), ended, DONE) ROW("1", , , IF(to_group, no_is_tagged), ended, DONE)));
}

static void facts_of_one_enum_are_exhaustive(void **state) {
  (void)state;
  says("", TABLE(ROW("1", idle, send, IF(to_one), ended, DONE) ROW("1", , , IF(to_adhoc), ended, DONE)
                     ROW("1", , , IF(to_group), ended, DONE) ROW("1", , , IF(to_many), ended, DONE)));
}

static void a_row_that_cannot_be_taken_is_named(void **state) {
  (void)state;
  says("is never taken", TABLE(ROW("1", idle, send, ALWAYS, ended, DONE) ROW("2", , , IF(is_tagged), ended, DONE)));
  says("is never taken", TABLE(ROW("1", idle, send, IF(has_recipients), ended, DONE) ROW("1", , , IF(too_many), ended, DONE)
                                   ROW("1", , , ALWAYS, ended, DONE)));
}

static void states_are_reached_and_left(void **state) {
  (void)state;
  says("the state is not reached", TABLE(ROW("1", idle, send, ALWAYS, ended, DONE) ROW("1", kept, cancel, ALWAYS, ended, DONE)));
  says("kept: no way leads from here to the end",
       TABLE(ROW("1", idle, send, ALWAYS, kept, NOTHING) ROW("1", idle, cancel, ALWAYS, ended, DONE)
                 ROW("1", kept, online, ALWAYS, kept, NOTHING)));
  says_of_legs("leg up: not among the machine's leg_states", TABLE(ASKS FORKS ENDS),
               TABLE(ROW("1", idle, go, ALWAYS, sending, SEND(bye))
                         ROW("1", sending, bye_done, IF(interworkable), up, RAISE(leg_over))
                             ROW("1", , , ALWAYS, ended, RAISE(leg_over)) ROW("1", any, on_bye, ALWAYS, ended, RAISE(leg_over))));
}

static void ended_and_done_go_together(void **state) {
  (void)state;
  says("DONE and the state `ended` go together", TABLE(ROW("1", idle, send, ALWAYS, ended, NOTHING)));
  says("DONE and the state `ended` go together",
       TABLE(ROW("1", idle, send, ALWAYS, kept, DONE) ROW("1", kept, cancel, ALWAYS, ended, DONE)));
  says("an op stands behind DONE", TABLE(ROW("1", idle, send, ALWAYS, ended, DONE, TELL(failed))));
}

static void stays_stands_under_groups_only(void **state) {
  (void)state;
  says("`stays` under a single state",
       TABLE(ROW("1", idle, send, ALWAYS, ended, DONE) ROW("1", idle, cancel, ALWAYS, stays, NOTHING)));
}

static void what_is_asked_for_has_a_row(void **state) {
  (void)state;
  says("ASK asks for on_policy, which has no row in asking", TABLE(ASKS ROW("1", asking, cancel, ALWAYS, ended, DONE)));
  says("START asks for timer_fanin, which has no row in kept",
       TABLE(ROW("1", idle, send, ALWAYS, kept, START(fanin)) ROW("1", kept, cancel, ALWAYS, ended, STOP(fanin), DONE)));
  says("SEND asks for bye_done, which has no row in kept",
       TABLE(ROW("1", idle, send, ALWAYS, kept, SEND(bye)) ROW("1", kept, cancel, ALWAYS, ended, DONE)));
  /* started and stopped in one row: nothing to wait for */
  says("", TABLE(ROW("1", idle, send, ALWAYS, ended, START(fanin), STOP(fanin), DONE)));
}

static void answers_that_nothing_asks_for_are_named(void **state) {
  (void)state;
  says("nothing asks for this answer",
       TABLE(ROW("1", idle, send, ALWAYS, ended, DONE) ROW("1", idle, timer_ack, ALWAYS, ended, DONE)));
  says("STOP of a timer that nothing starts", TABLE(ROW("1", idle, send, ALWAYS, ended, STOP(ack), DONE)));
  says("FETCH of what nothing stores",
       TABLE(ROW("1", idle, send, ALWAYS, kept, FETCH(chunk_log, status)) ROW("1", kept, on_loaded, ALWAYS, ended, DONE)));
}

static void a_raise_has_its_row_in_every_state_it_can_meet(void **state) {
  (void)state;
  says_of_legs("a leg of kind member may RAISE it there",
               TABLE(ASKS FORKS ENDS ROW("1", fanning, cancel, ALWAYS, kept, NOTHING) ROW("1", kept, online, ALWAYS, ended, DONE)),
               TABLE(GOES ANSWERED));
  says_of_legs("nothing brings this event", TABLE(ASKS FORKS ENDS ROW("1", fanning, leg_retry, ALWAYS, fanning, NOTHING)),
               TABLE(GOES ANSWERED));
}

static void an_each_reaches_some_leg(void **state) {
  (void)state;
  says_of_legs("no leg has a row for do_bye", TABLE(ASKS FORKS ENDS ROW("1", fanning, cancel, ALWAYS, fanning, EACH(do_bye))),
               TABLE(GOES ANSWERED));
  says_of_legs("nothing brings this event", TABLE(ASKS FORKS ENDS),
               TABLE(GOES ANSWERED ROW("1", sending, do_bye, ALWAYS, ended, NOTHING)));
}

static void rows_that_each_reaches_change_nothing_but_counters(void **state) {
  (void)state;
  says_of_legs("HOLD in a row that EACH or FORK reaches",
               TABLE(ASKS FORKS ENDS ROW("1", fanning, cancel, ALWAYS, fanning, EACH(do_bye))),
               TABLE(GOES ANSWERED ROW("1", sending, do_bye, ALWAYS, sending, HOLD(held))));
  says_of_legs("RAISE in a row that EACH or FORK reaches",
               TABLE(ASKS FORKS ENDS ROW("1", fanning, cancel, ALWAYS, fanning, EACH(do_bye))),
               TABLE(GOES ANSWERED ROW("1", sending, do_bye, ALWAYS, sending, RAISE(leg_over))));
}

static void bulk_ops_stand_alone_and_in_the_call(void **state) {
  (void)state;
  says_of_legs("more than one of FORK, SPLIT, REFORK, FILES, OFFERED, EACH, MATCH",
               TABLE(ASKS ROW("1", asking, on_policy, ALWAYS, fanning, FORK(member), EACH(do_bye)) ENDS),
               TABLE(GOES ANSWERED ROW("1", sending, do_bye, ALWAYS, sending, NOTHING)));
  says_of_legs("more than one RAISE", TABLE(ASKS FORKS ENDS),
               TABLE(GOES ROW("1", sending, bye_done, ALWAYS, ended, RAISE(leg_over), RAISE(leg_over))));
  says_of_legs("a new leg has no row for go", TABLE(ASKS FORKS ENDS),
               TABLE(ROW("1", idle, on_bye, ALWAYS, ended, RAISE(leg_over)) ROW("1", sending, on_bye, ALWAYS, ended, NOTHING)));
}

static void fork_needs_recipients(void **state) {
  (void)state;
  says_of_legs("FORK, but the event brings no recipients",
               TABLE(ROW("1", idle, send, ALWAYS, fanning, FORK(member))
                         ENDS ROW("1", fanning, on_policy, ALWAYS, fanning, ASK(pager_policy))),
               TABLE(GOES ANSWERED));
}

static void fields_are_declared(void **state) {
  (void)state;
  says("reads or writes list, which is no field of the call",
       TABLE(ROW("1", idle, send, IF(has_list), ended, DONE) ROW("1", , , ALWAYS, ended, DONE)));
  says("HOLD in a field that is no TXN", TABLE(ROW("1", idle, send, ALWAYS, ended, HOLD(status), DONE)));
  says("counting in a field that is no NUMBER", TABLE(ROW("1", idle, send, ALWAYS, ended, ADD(sender), DONE)));
  says("leg_client is a leg's fact",
       TABLE(ROW("1", idle, send, IF(no_leg_client), ended, DONE) ROW("1", idle, send, ALWAYS, ended, DONE)));
}

static void captures_fit_their_fields(void **state) {
  (void)state;
  static const cpmi_capture type[] = { CAPTURE("1", send, sender, STATUS) }, unknown[] = { CAPTURE("1", send, list_ok, ARG) },
                            counted[] = { CAPTURE("1", send, status, ARG) }, nowhere[] = { CAPTURE("1", on_bye, status, ARG) };
  const cpmi_rows rows = TABLE(ROW("1", idle, send, ALWAYS, ended, ADD(status), DONE));
  const struct {
    const cpmi_capture *c;
    const char *what;
  } t[] = { { type, "sender is of another type" },
            { unknown, "list_ok is no field of the call" },
            { counted, "status is counted by ADD or SUB" },
            { nowhere, "the call has no row for the event" } };
  for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
    const cpmi_part part = { .call = rows, .captures = { t[i].c, 1 } };
    const cpm_machine m = check_made(&part);
    unsigned wrong;
    char *text = check_text(&m, NULL, &wrong);
    if (!strstr(text, t[i].what)) fail_msg("wanted: %s\ngot: %s", t[i].what, text);
    free(text);
  }
}

static void ids_can_be_read(void **state) {
  (void)state;
  says("an id that cannot be read", TABLE(ROW("", idle, send, ALWAYS, ended, DONE)));
  says("an id that cannot be read", TABLE(ROW("1  2", idle, send, ALWAYS, ended, DONE)));
  says("an id that cannot be read", TABLE(ROW("S4-", idle, send, ALWAYS, ended, DONE)));
  assert_true(check_clauses_parse("S4-9.1.2-", "1.r403 O-R8 S0-7.2.1-p1"));
  assert_false(check_clauses_parse("S4-", "1"));
  assert_false(check_clauses_parse("O-R33-", "a*"));
}

static void a_first_row_names_its_state_and_event(void **state) {
  (void)state;
  unsigned wrong;
  const cpmi_part part = { .call = TABLE(ROW("1", , , ALWAYS, ended, DONE)) };
  const cpm_machine m = check_made(&part);
  char *text = check_text(&m, NULL, &wrong);
  assert_non_null(strstr(text, "its first row leaves state or event empty"));
  free(text);
}

/* ---- recipes --------------------------------------------------------------------------------------------------------- */

#define says_of_recipe(what, recipe_kind, ...) \
  do { \
    static const cpmi_line lines_[] = { __VA_ARGS__ }; \
    const cpmi_recipe r_ = { "made", recipe_kind, 0, "message/cpim", NULL, lines_, sizeof lines_ / sizeof *lines_ }; \
    check_says(NULL, &r_, what, __FILE__, __LINE__); \
  } while (0)

static void lines_of_one_name_exclude_each_other(void **state) {
  (void)state;
  says_of_recipe("", CPMI_RECIPE_RESPONSE,
                 FIELD("1", SHALL, SERVER, IF(to_one), LIT("a")) FIELD("2", SHALL, SERVER, IF(no_to_one), LIT("b")));
  says_of_recipe("Server [O-R33-1] and Server [O-R33-2] both hold with to_one, is_tagged", CPMI_RECIPE_RESPONSE,
                 FIELD("1", SHALL, SERVER, IF(to_one), LIT("a")) FIELD("2", SHALL, SERVER, IF(is_tagged), LIT("b")));
  says_of_recipe("both hold", CPMI_RECIPE_RESPONSE, FIELD("1", SHALL, SERVER, ALWAYS, LIT("a")) FORBID("2", SERVER, IF(is_tagged)));
  /* different fields of one request; body parts add up */
  says_of_recipe("", CPMI_RECIPE_RESPONSE,
                 FIELD("1", SHALL, SERVER, ALWAYS, LIT("a")) BODY("2", SHALL, ALWAYS, RECIPE(cpim))
                     BODY("3", SHALL, IF(to_one), RECIPE(target_list)));
}

static void exactly_one_is_complete(void **state) {
  (void)state;
  says_of_recipe("no line for To with ", CPMI_RECIPE_CPIM_BODY,
                 EXACTLY_ONE("1", CPIM, TO) HEAD("2", SHALL, TO, IF(to_one), LIT("<sip:a@b>")));
  says_of_recipe("no line for Request-URI with no_to_one", CPMI_RECIPE_REQUEST,
                 FIELD("2", SHALL, REQUEST_URI, IF(to_one), LIT("sip:a@b")));
  says_of_recipe("a request without a line for its Request-URI", CPMI_RECIPE_REQUEST,
                 FIELD("2", SHALL, SERVER, IF(to_one), LIT("a")));
  says_of_recipe("", CPMI_RECIPE_CPIM_BODY,
                 EXACTLY_ONE("1", CPIM, TO) HEAD("2", SHALL, TO, IF(to_one), LIT("<sip:a@b>"))
                     HEAD("2", SHALL, TO, IF(no_to_one), LIT("<sip:a@b>")));
}

static void lines_stand_where_they_belong(void **state) {
  (void)state;
  says_of_recipe("not in a recipe of this kind", CPMI_RECIPE_RESPONSE, HEAD("1", SHALL, TO, ALWAYS, LIT("<sip:a@b>")));
  says_of_recipe("its facts never hold together", CPMI_RECIPE_RESPONSE, FIELD("1", SHALL, SERVER, IF(to_one, to_many), LIT("a")));
  says_of_recipe("pager_message is no body", CPMI_RECIPE_RESPONSE, BODY("1", SHALL, ALWAYS, RECIPE(pager_message)));
  says_of_recipe("an id that cannot be read", CPMI_RECIPE_RESPONSE, FIELD("1 ", SHALL, SERVER, ALWAYS, LIT("a")));
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_sound_machine_gives_no_complaint),
    cmocka_unit_test(an_undecided_pair_is_named_with_its_facts),
    cmocka_unit_test(facts_of_one_enum_are_exhaustive),
    cmocka_unit_test(a_row_that_cannot_be_taken_is_named),
    cmocka_unit_test(states_are_reached_and_left),
    cmocka_unit_test(ended_and_done_go_together),
    cmocka_unit_test(stays_stands_under_groups_only),
    cmocka_unit_test(what_is_asked_for_has_a_row),
    cmocka_unit_test(answers_that_nothing_asks_for_are_named),
    cmocka_unit_test(a_raise_has_its_row_in_every_state_it_can_meet),
    cmocka_unit_test(an_each_reaches_some_leg),
    cmocka_unit_test(rows_that_each_reaches_change_nothing_but_counters),
    cmocka_unit_test(bulk_ops_stand_alone_and_in_the_call),
    cmocka_unit_test(fork_needs_recipients),
    cmocka_unit_test(fields_are_declared),
    cmocka_unit_test(captures_fit_their_fields),
    cmocka_unit_test(ids_can_be_read),
    cmocka_unit_test(a_first_row_names_its_state_and_event),
    cmocka_unit_test(lines_of_one_name_exclude_each_other),
    cmocka_unit_test(exactly_one_is_complete),
    cmocka_unit_test(lines_stand_where_they_belong),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
