/* SPDX-License-Identifier: MIT */
/* cf/pager-common, -adhoc, -predefined, -exploder and cf/request-originate: a Pager Mode message through the Controlling Function
 * (S4 9.1.1; CPM 1.0: S1 9.1.1 pre-defined, 9.1.2 ad-hoc, 9.1.3 originating). */
#include "table.h"

#define SPEC "S4-9.1.1-"

static const cpmi_capture pager_captures[] = {
  CAPTURE("p1",                     on_message, tagged,         SERVICE(MSG))
  CAPTURE("1",                      on_message, sender,         URI(P_ASSERTED_IDENTITY))
  CAPTURE("6.e.iii S1-6.2-p3.s3 O-R56", on_message, referrer,   REFERRER(P_ASSERTED_IDENTITY))
  CAPTURE("2",                      on_message, client_release, RELEASE(USER_AGENT))
  CAPTURE("3 4 5 O-R7",             on_message, addressed,      ADDRESSED)
  CAPTURE("3.a 4.d 5.a",            on_message, asked_privacy,  PRIVACY)
  CAPTURE("6.e.i",                  on_message, request_uri,    REQUEST_URI)
  CAPTURE("6.g O-R12",              on_message, request,        REQUEST)
  CAPTURE("6.g.body",               on_message, body_ok,        BODY_OK)
  CAPTURE("6.g.body 6.g.x2",        on_message, body,           PARTS)
  CAPTURE("6.g.body",               on_message, body_type,      PARTS_TYPE)
  CAPTURE("3.d 5.d",                on_message, list,           LIST)
  CAPTURE("1",                      on_policy, authorised,        ARG)
  CAPTURE("4.a",                    on_policy, group_allowed,     ARG)
  CAPTURE("3.a 4.d 5.a",            on_policy, anonymity_allowed, ARG)
  CAPTURE("4.b",                    on_policy, group_known,       ARG)
  CAPTURE("4.c",                    on_policy, group_cpm,         ARG)
  CAPTURE("O-R51",                  on_policy, list_ok,           ARG)
  CAPTURE("O-R88",                  on_policy, no_room,           ARG)
  CAPTURE("3.b 3.c 4.f 5.b 5.c",    on_policy, recipients,        RECIPIENTS)
  LEG_CAPTURE("err-check",          on_policy, interworking,      ARG)
  LEG_CAPTURE("err-1",              message_fail, status,         STATUS)
};

static const cpmi_row pager_rows[] = {
  /*  clauses                       state    event       if                                     next     then */
  ROW("O-R49-1",                    idle,    on_message, IF(no_is_tagged),                      ended,   HOLD(origin), REFUSE(488, none), DONE)
  ROW("1.r403 1.warn S1-9.1.1-2 S1-9.1.2-1", , ,         IF(no_has_sender),                     ended,   HOLD(origin), REFUSE(403, w127), DONE)
  ROW("O-R62",                      ,        ,           IF(no_names_target),                   ended,   HOLD(origin), REFUSE(400, none), DONE)
  ROW("O-R51",                      ,        ,           IF(no_splits),                         ended,   HOLD(origin), REFUSE(400, none), DONE)
  ROW("p1 order",                   ,        ,           ALWAYS,                                asking,  HOLD(origin), ASK(pager_policy))

  /* 1.0 asks for the CPM service of a group first, and answers 404 (O-R16) */
  ROW("S1-9.1.1-1 S1-9.1.1-1.b1 O-R16", asking, on_policy, IF(v1, for_group, no_group_has_cpm), ended,   REFUSE(404, none), DONE)
  ROW("1 1.r403 1.warn S1-9.1.1-2 S1-9.1.1-2.b1.s1 S1-9.1.1-2.b1.s2 S1-9.1.2-1 S1-9.1.2-1.b1.s1 S1-9.1.2-1.b1.s2",
                                    ,        ,           IF(no_may_use),                        ended,   REFUSE(403, w127), DONE)
  /* 4.e asks once more what 2 has asked: this row answers both */
  ROW("2 2.r403 2.warn 4.e 4.e.r403 4.e.warn", , ,       IF(no_version_ok),                     ended,   REFUSE(403, w132), DONE)
  ROW("O-R88",                      ,        ,           IF(overfull),                          ended,   REFUSE(486, w102_recipients), DONE)
  ROW("O-R51",                      ,        ,           IF(no_for_group, has_list, no_list_reads), ended, REFUSE(400, none), DONE)
  /* 3: ad-hoc group */
  ROW("3 3.a 3.a.r403 3.a.warn S1-9.1.2-2 S1-9.1.2-2.b1.s1 S1-9.1.2-2.b1.s2",
                                    ,        ,           IF(for_cf, privacy, no_may_hide),      ended,   REFUSE(403, w119), DONE)
  ROW("3.b 3.b.r486 3.b.warn S1-9.1.2-3 S1-9.1.2-3.b1.s1 S1-9.1.2-3.b1.s2",
                                    ,        ,           IF(for_cf, too_many),                  ended,   REFUSE(486, w102_recipients), DONE)
  ROW("3.c 3.c.r403 3.c.warn S1-9.1.2-4 S1-9.1.2-4.b1.s1 S1-9.1.2-4.b1.s2",
                                    ,        ,           IF(for_cf, no_has_recipients),         ended,   REFUSE(403, w129), DONE)
  /* 5: 1-to-many, before 4 (O-R7) */
  ROW("5 5.a 5.a.r403 5.a.warn",    ,        ,           IF(for_exploder, privacy, no_may_hide), ended,  REFUSE(403, w119), DONE)
  ROW("5.b 5.b.r486 5.b.warn",      ,        ,           IF(for_exploder, too_many),            ended,   REFUSE(486, w102_recipients), DONE)
  ROW("5.c 5.c.r403 5.c.warn",      ,        ,           IF(for_exploder, no_has_recipients),   ended,   REFUSE(403, w129), DONE)
  /* 4: pre-defined group */
  ROW("4 4.a 4.a.r403 4.a.warn",    ,        ,           IF(for_group, no_may_group),           ended,   REFUSE(403, w127), DONE)
  ROW("4.b 4.b.r404",               ,        ,           IF(for_group, no_group_exists),        ended,   REFUSE(404, none), DONE)
  ROW("4.c 4.c.r488",               ,        ,           IF(no_v1, for_group, no_group_has_cpm), ended,  REFUSE(488, none), DONE)
  ROW("4.d 4.d.r403 4.d.warn S1-9.1.1-3.s1 S1-9.1.1-3.s2 S1-9.1.1-3.b1.s1 S1-9.1.1-3.b1.s2",
                                    ,        ,           IF(for_group, privacy, no_may_hide),   ended,   REFUSE(403, w119), DONE)
  ROW("4.f 4.f.r403 4.f.warn S1-9.1.1-4 S1-9.1.1-4.b1.s1 S1-9.1.1-4.b1.s2",
                                    ,        ,           IF(for_group, no_has_recipients),      ended,   REFUSE(403, w129), DONE)
  ROW("order 3.d 4.g 5.d 6 6.h 7 S1-9.1.1-5 S1-9.1.1-6 S1-9.1.2-5 S1-9.1.2-6 S1-9.1.3-6.b1 S1-9.1.3-6.b2.s1 S1-9.1.3-6.b2.s2",
                                    ,        ,           ALWAYS,                                fanning, FORK(member), COMPOSE(history, history_list), REPLY(pager_accepted))

  ROW("err-isf",                    fanning, leg_retry,  ALWAYS,                                fanning, REFORK(iwf))
  ROW("O-R31",                      fanning, leg_over,   IF(none_live),                         ended,   DONE)
  ROW("O-R31",                      ,        ,           ALWAYS,                                fanning, NOTHING)
};

/* One recipient. An attempt by interworking is a leg of its own. */
static const cpmi_row pager_leg_rows[] = {
  ROW("6 6.a 6.h S1-9.1.3-1 S1-9.1.3-7", idle, go,       ALWAYS,                                sending, SEND(pager_out))
  ROW("O-R33",                      sending, message_1xx, ALWAYS,                               sending, NOTHING)
  ROW("O-R18",                      sending, message_ok, ALWAYS,                                ended,   RAISE(leg_over))
  ROW("err-1 err-2 err-3 err-4 err-5 err-6 err-7 err-8 err-check",
                                    sending, message_fail, IF(interworkable, no_leg_iwf, has_isf), asking, ASK(interwork_policy))
  ROW("O-R33",                      ,        ,           ALWAYS,                                refused, RAISE(leg_over))
  ROW("O-R33",                      sending, message_timeout, ALWAYS,                           refused, RAISE(leg_over))
  ROW("err-check err-isf",          asking,  on_policy,  IF(may_interwork),                     refused, RAISE(leg_retry))
  ROW("err-check",                  ,        ,           IF(no_may_interwork),                  refused, RAISE(leg_over))
};

/* ---- 6: what goes to each recipient -------------------------------------------------------------------------------- */

static const cpmi_line pager_out_lines[] = {
  /*    clauses                   level  field                if                            value */
  FIELD("6.c S1-9.1.3-5",         SHALL, REQUEST_URI,         ALWAYS,                       CTX(uri))
  FIELD("err-isf O-R52",          SHALL, ROUTE,               IF(leg_iwf),                  ADDR_OF_AGENT(isf_uri))
  FIELD("6.a",                    SHALL, TO,                  ALWAYS,                       ADDR_OF_TARGET)
  FIELD("6.a O-R47-1",            SHALL, FROM,                IF(no_for_group, privacy),    LIT("\"Anonymous\" <sip:anonymous@anonymous.invalid>"))
  FIELD("6.a",                    SHALL, FROM,                IF(no_for_group, no_privacy), ADDR(sender))
  FIELD("6.a",                    SHALL, FROM,                IF(for_group),                ADDR(request_uri))
  FIELD("6.b S1-9.1.3-2",         SHALL, ACCEPT_CONTACT,      ALWAYS,                       COPY_IF(ACCEPT_CONTACT))
  FIELD("6.d O-R53 S1-9.1.3-3",   SHALL, P_ASSERTED_IDENTITY, IF(no_for_group),             COPY(P_ASSERTED_IDENTITY))
  FIELD("6.e 6.e.i S1-9.1.3-4.a S1-6.2-p1.s2", SHALL, P_ASSERTED_IDENTITY, IF(for_group),                ADDR(request_uri))
  FIELD("6.e.ii S1-9.1.3-4.c",    SHALL, REFERRED_BY,         IF(for_group, privacy),       LIT("<sip:anonymous@anonymous.invalid>"))
  FIELD("6.e.iii S1-9.1.3-4.b S1-6.2-p3.s3 O-R56", SHALL, REFERRED_BY, IF(for_group, no_privacy), CTX(referrer))
  FIELD("6.f",                    SHALL, USER_AGENT,          ALWAYS,                       OF_AGENT(user_agent))
  FIELD("6.g.x3",                 SHALL, REQUIRE,             ALWAYS,                       COPY_MINUS(REQUIRE, "recipient-list-message"))
  FIELD("6.g.x3.sup",             SHALL, SUPPORTED,           ALWAYS,                       COPY_PLUS(SUPPORTED, "recipient-list-message"))
  FIELD("6.g",                    SHALL, ANY_OTHER,           ALWAYS,                       ALL_OTHERS)
  BODY("6.g.x1 6.g.x2 6.g.x2.new 6.g.x2.disp O-R11", SHALL,   IF(no_for_exploder),          RECIPE(history_list))
  BODY("6.g.body",                SHALL,                      ALWAYS,                       PARTS(body))
};
REQUEST(pager_out, MESSAGE, pager_out_lines)

static const cpmi_line history_list_lines[] = {
  ENTRY("6.g.x2.new O-R11",       SHALL,                      ALWAYS,                       HISTORY)
};
LIST_BODY(history_list, CPM_RECIPIENT_HISTORY, history_list_lines)

/* ---- 7: what the originator gets ----------------------------------------------------------------------------------- */

static const cpmi_line pager_accepted_lines[] = {
  FIELD("7.conv",                 SHALL, CONVERSATION_ID,     ALWAYS,                       COPY_IF(CONVERSATION_ID))
  FIELD("7.contrib",              SHALL, CONTRIBUTION_ID,     ALWAYS,                       COPY_IF(CONTRIBUTION_ID))
  FIELD("7.inreply",              SHALL, IN_REPLY_TO_CONTRIBUTION_ID, ALWAYS,               COPY_IF(IN_REPLY_TO_CONTRIBUTION_ID))
  FIELD("7.server",               SHALL, SERVER,              ALWAYS,                       OF_AGENT(server))
};
RESPONSE(pager_accepted, 202, pager_accepted_lines)
#undef SPEC

static const uint8_t pager_fields[] = {
  F(tagged), F(sender), F(referrer), F(client_release), F(addressed), F(asked_privacy), F(request_uri), F(request), F(origin), F(body_ok), F(body),
  F(body_type), F(list), F(authorised), F(group_allowed), F(anonymity_allowed), F(group_known), F(group_cpm), F(list_ok), F(recipients), F(history), F(no_room),
};
static const uint8_t pager_leg_fields[] = { F(uri), F(copy_control), F(anonymize), F(interworking), F(status) };
static const uint8_t pager_leg_states[] = { LEG_STATE(idle), LEG_STATE(sending), LEG_STATE(asking), LEG_STATE(ended), LEG_STATE(refused) };
static const uint8_t pager_leg_kinds[] = { LEG_KIND(member), LEG_KIND(iwf) };

static const cpmi_part pager_part = {
  .call = ROWS(pager_rows), .leg = ROWS(pager_leg_rows), .captures = ROWS(pager_captures),
};

const cpm_machine cpmi_machine_cf_pager = {
  .name = "cf/pager", .role = CPM_ROLE_CONTROLLING, .init = CPMI_STATE_idle, .leg_init = CPMI_STATE_idle,
  .parts = { &pager_part }, .fields = NAMES(pager_fields), .leg_fields = NAMES(pager_leg_fields),
  .leg_states = NAMES(pager_leg_states), .leg_kinds = NAMES(pager_leg_kinds),
};
