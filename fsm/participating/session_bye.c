/* SPDX-License-Identifier: MIT */
/* pf/session-bye: a BYE at the Participating Function acting as B2BUA (S3 8.2.2.3): one part of the machine pf/session. Its legs and
 * the answers of policy are there when it starts. */
#include "table.h"

#define SPEC "S3-8.2.2.3-"

static const cpmi_capture session_bye_captures[] = {
  LEG_CAPTURE("p2 p3 p4", on_bye, reason, REASON)
};

/* ---- the leg that a BYE comes on: the leg decides first, the Reason second (O-R21) --------------------------------- */

static const cpmi_row session_bye_leg_rows[] = {
  /*  clauses               state    event      if                                next    then */
  ROW("p3 p3.b1 1 1.a",     standing, on_bye,   IF(leg_client, reason_none),      left,   HOLD(held), CLOSE, RAISE(client_left))
  ROW("p4.b1 p4.b1.text 1 1.a", ,    ,          IF(leg_client, reason_200),       left,   HOLD(held), CLOSE, RAISE(client_left))
  ROW("p4.b4 4 4.i.rel",    ,        ,          IF(leg_client),                   left,   HOLD(held), CLOSE, RAISE(client_lost))
  ROW("O-R40",              ,        ,          IF(leg_device),                   ended,  HOLD(held), REPLY(ok), CLOSE, RAISE(leg_over))
  ROW("3",                  ,        ,          IF(leg_iwf),                      left,   HOLD(held), RAISE(iwf_left))
  ROW("p3.b2 2",            ,        ,          IF(leg_far, reason_none),         left,   HOLD(held), RAISE(far_left))
  ROW("p4.b2 p4.b2.text 2", ,        ,          IF(leg_far, reason_410),          left,   HOLD(held), RAISE(far_left))
  ROW("p4.b3 p4.b3.text 2", ,        ,          IF(leg_far, reason_480),          left,   HOLD(held), RAISE(far_left))
  ROW("O-R21",              ,        ,          IF(leg_far),                      left,   HOLD(held), RAISE(far_left))

  /* what the call gives its legs */
  ROW("1.b 1.b.i 1.b.ii 1.b.iii O-R40", standing, do_bye, IF(leg_device),              ending, CLOSE, SEND(bye_200))
  ROW("1.c.i 1.c.ii",       ,        ,          IF(leg_iwf),                      ending, SEND(bye_200))
  ROW("1.d.i 1.d.ii 4.else.bye", ,   ,          IF(leg_far),                      ending, SEND(bye_200))
  ROW("2.a 2.c 3.b.i 3.b.iii", ,     ,          IF(leg_client),                   ending, SEND(bye))
  ROW("3.a",                standing, do_part,  IF(leg_client),                   stays,  SEND(drop_streams))
  ROW("3.a 3.c",            left,    do_part,   IF(leg_iwf),                      ended,  REPLY(ok), CLOSE)
  ROW("1.e.i 1.e.iii 1.f 2.d 2.e 3.b.iv 3.c", left, do_answer, ALWAYS,            ended,  REPLY(ok), CLOSE)

  ROW("3.a O-R33",          live,    reinvite_done, ALWAYS,                       stays,  NOTHING)
  /* whoever made the connection makes it anew, or leaves */
  ROW("O-R33",              live,    media_down, ALWAYS,                          stays,  NOTHING)
  ROW("1.e 2.d O-R34",      ending,  bye_done,  ALWAYS,                           ended,  CLOSE, RAISE(leg_over))
  ROW("O-R34",              ending,  on_bye,    ALWAYS,                           ending, HOLD(held), REPLY(ok))
};

/* ---- the call ------------------------------------------------------------------------------------------------------ */

static const cpmi_row session_bye_rows[] = {
  ROW("1.b 1.c.i 1.d.i O-R34-1", active, client_left, ALWAYS,                     by_client, START(fanin), EACH(do_bye))
  ROW("4 4.a 4.stay",       active,  client_lost, IF(no_other_device, is_group, stores_offline), parked, EACH(do_answer))
  ROW("4.b 4.stay",         ,        ,          IF(no_other_device, is_group, stores),    parked,    EACH(do_answer))
  ROW("4.c 4.stay",         ,        ,          IF(no_other_device, is_group, defers),    parked,    EACH(do_answer))
  ROW("4.d 4.stay",         ,        ,          IF(no_other_device, is_group, restarts),  parked,    EACH(do_answer))
  ROW("4.else.rel 4.else.bye", ,     ,          IF(no_other_device),                      by_client, START(fanin), EACH(do_bye))
  ROW("O-R40",              ,        ,          ALWAYS,                                   active,    EACH(do_answer))
  ROW("O-R40",              active,  leg_over,  IF(none_standing, none_going),            ended,     DONE)
  ROW("O-R40",              ,        ,          ALWAYS,                                   active,    NOTHING)
  ROW("O-R40",              parked,  leg_over,  ALWAYS,                                   parked,    NOTHING)
  ROW("2.a 2.b 2.b.i",      active,  far_left,  IF(stores_offline),                       by_far,    STORE(session_record), START(fanin), EACH(do_bye))
  ROW("2.a",                ,        ,          IF(no_stores_offline),                    by_far,    START(fanin), EACH(do_bye))
  ROW("3.a",                active,  iwf_left,  IF(closes_part, no_last_iwf),             active,    EACH(do_part))
  ROW("3.b 3.b.i 3.b.ii 3.b.ii.1", , ,          IF(stores_offline),                       by_iwf,    STORE(session_record), START(fanin), EACH(do_bye))
  ROW("3.b 3.b.i",          ,        ,          IF(no_stores_offline),                    by_iwf,    START(fanin), EACH(do_bye))
  ROW("4.iii.cf",           parked,  far_left,  ALWAYS,                                   ended,     EACH(do_answer), DONE)
  ROW("3.a",                parked,  iwf_left,  IF(no_last_iwf),                          parked,    EACH(do_part))
  ROW("4.iii.cf",           ,        ,          IF(last_iwf),                             ended,     EACH(do_answer), DONE)

  ROW("1.e.ii 1.e.ii.1.create 1.e.ii.1.store",
                            by_client, leg_over, IF(none_going, stores_offline, keeps_history), ended, STOP(fanin), STORE(group_state), EACH(do_answer), DONE)
  ROW("1.e 2.d 3.b.iv",     closing, leg_over,  IF(none_going),                          ended,     STOP(fanin), EACH(do_answer), DONE)
  ROW("O-R34",              ,        ,          IF(no_none_going),                       stays,     NOTHING)
  ROW("O-R34-1",            closing, timer_fanin, IF(none_going),                        ended,     EACH(do_answer), DONE)
  ROW("O-R34-1",            ,        ,          IF(no_none_going),                       winding,   EACH(do_answer))
  ROW("O-R34",              winding, leg_over,  IF(none_going),                          ended,     DONE)
  ROW("O-R34",              ,        ,          IF(no_none_going),                       winding,   NOTHING)
};

static const cpmi_line drop_streams_lines[] = {
  FIELD("3.a",   SHALL, USER_AGENT, ALWAYS, OF_AGENT(user_agent))
};
IN_DIALOG(drop_streams, INVITE, drop_streams_lines)
#undef SPEC

static const uint8_t session_fields[] = {
  F(offline_storage), F(allow_store), F(allow_defer), F(restart_allowed), F(history_folder), F(close_part), F(group_session), F(origin),
};
static const uint8_t session_leg_fields[] = { F(uri), F(held), F(reason) };
static const uint8_t session_leg_states[] = { LEG_STATE(up), LEG_STATE(left), LEG_STATE(ending), LEG_STATE(ended) };
static const uint8_t session_leg_kinds[] = { LEG_KIND(client), LEG_KIND(device), LEG_KIND(far), LEG_KIND(iwf) };

const cpmi_part cpmi_part_session_bye = {
  .call = ROWS(session_bye_rows), .leg = ROWS(session_bye_leg_rows), .captures = ROWS(session_bye_captures),
};

const cpm_machine cpmi_machine_pf_session = {
  .name = "pf/session", .role = CPM_ROLE_PARTICIPATING, .init = CPMI_STATE_active, .leg_init = CPMI_STATE_up,
  .parts = { &cpmi_part_session_bye }, .fields = NAMES(session_fields), .leg_fields = NAMES(session_leg_fields),
  .leg_states = NAMES(session_leg_states), .leg_kinds = NAMES(session_leg_kinds),
};
