/* SPDX-License-Identifier: MIT */
/* client/dispatch: which procedure a request, or the user's wish, is for (S2 7; rulings O-R20, O-R49). */
#include "table.h"

#define SPEC "S2-7-"

static const cpmi_capture client_dispatch_captures[] = {
  CAPTURE("p3.b1",              wish,         intent,        ARG)
  CAPTURE("p3.b3.new",          wish,         target,        ARG)
  CAPTURE("p4.b1.msg O-R20",    on_message,   asks_msg,      SERVICE(MSG))
  CAPTURE("p4.b1.deferred O-R20", on_message, asks_deferred, SERVICE(DEFERRED))
  CAPTURE("p4.b2.large O-R20",  on_invite,    asks_largemsg, SERVICE(LARGEMSG))
  CAPTURE("p4.b2.deferred p4.b3.deferred O-R20", on_invite, asks_deferred, SERVICE(DEFERRED))
  CAPTURE("p4.b3.session O-R20", on_invite,   asks_session,  SERVICE(SESSION))
  CAPTURE("p4.b4 O-R20",        on_invite,    asks_filetransfer, SERVICE(FILETRANSFER))
  CAPTURE("p4.b3.select O-R20", on_invite,    selector,      SDP(selector))
  CAPTURE("p4.b3.select O-R20", on_invite,    focus,         HAS_PARAM(CONTACT, isfocus))
  CAPTURE("p4.b3.select O-R20", on_invite,    referred,      PRESENT(REFERRED_BY))
  CAPTURE("p4.b3.select O-R20", on_invite,    from_deferred, IS_AGENT(FROM, deferred_uri))
};

static const cpmi_row client_dispatch_rows[] = {
  /*  clauses                   state  event       if                                       next   then */
  ROW("p3.b1",                  idle,  wish,       IF(wants_message),                       ended, ENTER(pager_send, 0), DONE)
  ROW("p3.b2",                  ,      ,           IF(wants_large),                         ended, ENTER(large_send, 0), DONE)
  ROW("p3.b3.new",              ,      ,           IF(wants_session, to_one),               ended, ENTER(session_invite, 0), DONE)
  ROW("p3.b3.new",              ,      ,           IF(wants_session, to_adhoc),             ended, ENTER(group_adhoc, 0), DONE)
  ROW("p3.b3.new",              ,      ,           IF(wants_session, to_group),             ended, ENTER(group_predefined, 0), DONE)
  ROW("p3.b3.new",              ,      ,           IF(wants_join),                          ended, ENTER(group_joinin, 0), DONE)
  ROW("p3.b3.rejoin",           ,      ,           IF(wants_rejoin),                        ended, ENTER(group_rejoin, 0), DONE)
  ROW("p3.b4",                  ,      ,           IF(wants_file),                          ended, ENTER(ft_send, 0), DONE)
  ROW("p3.b5",                  ,      ,           IF(wants_deferred),                      ended, ENTER(deferred_handle, 0), DONE)
  ROW("p3.b6",                  ,      ,           IF(wants_deferred_session),              ended, ENTER(deferred_session, 0), DONE)
  ROW("p3.b7",                  ,      ,           IF(wants_deferred_group),                ended, ENTER(deferred_group, 0), DONE)
  ROW("p3.b3.new",              ,      ,           ALWAYS,                                  ended, DONE)   /* nothing that CPM has */

  ROW("O-R49-1",                idle,  on_message, IF(in_dialog),                           ended, HOLD(origin), REFUSE(481, none), DONE)
  ROW("p4.b1.msg",              ,      ,           IF(for_pager),                           ended, ENTER(pager_receive, 488), DONE)
  ROW("p4.b1.deferred",         ,      ,           IF(for_deferred),                        ended, ENTER(pager_receive, 488), DONE)

  ROW("O-R49-1",                idle,  on_invite,  IF(in_dialog),                           ended, HOLD(origin), REFUSE(481, none), DONE)
  ROW("p4.b2.large S1-5.1-p1.s6", ,     ,           IF(for_large),                           ended, ENTER(large_receive, 488), DONE)
  ROW("p4.b2.deferred O-R20",   ,      ,           IF(for_deferred, has_selector),          ended, ENTER(large_receive, 488), DONE)
  ROW("p4.b3.deferred p4.b3.select O-R20", , ,     IF(for_deferred, from_manager, is_referred), ended, ENTER(deferred_session, 488), DONE)
  ROW("p4.b3.deferred p4.b3.select O-R20", , ,     IF(for_deferred, at_focus),              ended, ENTER(deferred_group, 488), DONE)
  ROW("p4.b2.deferred O-R20",   ,      ,           IF(for_deferred),                        ended, ENTER(large_receive, 488), DONE)
  ROW("p4.b3.session",          ,      ,           IF(for_session),                         ended, ENTER(session_receive, 488), DONE)
  ROW("p4.b4",                  ,      ,           IF(for_file),                            ended, ENTER(ft_receive, 488), DONE)
};
#undef SPEC

static const uint8_t client_dispatch_fields[] = {
  F(intent), F(target), F(to_tag), F(asks_msg), F(asks_largemsg), F(asks_deferred), F(asks_session), F(asks_filetransfer), F(selector),
  F(focus), F(referred), F(from_deferred), F(origin),
};
static const cpmi_part client_dispatch_part = { .call = ROWS(client_dispatch_rows), .captures = ROWS(client_dispatch_captures) };

const cpm_machine cpmi_machine_client_dispatch = {
  .name = "client/dispatch", .role = CPM_ROLE_CLIENT, .init = CPMI_STATE_idle,
  .parts = { &client_dispatch_part, &cpmi_part_dispatch }, .fields = NAMES(client_dispatch_fields),
};
