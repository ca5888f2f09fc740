/* SPDX-License-Identifier: MIT */
/* shared.c - recipes and rows that several procedures use. */
#include "session_timer.h"

#define SPEC "O-"

/* A final response that refuses: status and Warning come from the row. */
static const cpmi_line refusal_lines[] = {
  FIELD("R5",  SHOULD, WARNING,    ALWAYS,            WARNING)
  FIELD("R48", MAY,    ERROR_INFO, IF(has_error_uri), ADDR_OF_AGENT(error_uri))
  FIELD("R38", SHALL,  SERVER,     ALWAYS,            OF_AGENT(server))
};
RESPONSE(refusal, 500, refusal_lines)

static const cpmi_line ok_lines[] = {
  FIELD("R38", SHALL,  SERVER,     ALWAYS,            OF_AGENT(server))
};
RESPONSE(ok, 200, ok_lines)

/* Requests inside a dialog: the stack knows their URI and their route. */
static const cpmi_line in_dialog_lines[] = {
  FIELD("R38", SHALL,  USER_AGENT, ALWAYS,            OF_AGENT(user_agent))
};
IN_DIALOG(ack, ACK, in_dialog_lines)
IN_DIALOG(cancel, CANCEL, in_dialog_lines)
IN_DIALOG(bye, BYE, in_dialog_lines)
FORKED(fork_ack, ACK, in_dialog_lines)
FORKED(fork_bye, BYE, in_dialog_lines)

static const cpmi_line bye_200_lines[] = {
  FIELD("R21", SHALL,  REASON,     ALWAYS,            LIT("SIP;cause=200;text=\"Call completed\""))
  FIELD("R38", SHALL,  USER_AGENT, ALWAYS,            OF_AGENT(user_agent))
};
IN_DIALOG(bye_200, BYE, bye_200_lines)

static const cpmi_line bye_480_lines[] = {
  FIELD("R33", SHALL,  REASON,     ALWAYS,            LIT("SIP;cause=480;text=\"Transmission Failed\""))
  FIELD("R38", SHALL,  USER_AGENT, ALWAYS,            OF_AGENT(user_agent))
};
IN_DIALOG(bye_480, BYE, bye_480_lines)

/* A chunk as it goes on to a member, under a transaction of its own. */
static const cpmi_line chunk_copy_lines[] = {
  MSRP("S4-9.1.2-send-2.a S4-9.1.2-more200-3.a", SHALL, TO_PATH, ALWAYS, CTX(path))
  MSRP("S4-9.1.2-send-2.b S4-9.1.2-more200-3.b", SHALL, FROM_PATH, ALWAYS, OWN_PATH)
  MSRP("S4-9.1.2-send-2 R87", SHALL, MESSAGE_ID, ALWAYS, CTX(chunk_message_id))
  MSRP("R87", SHOULD, FAILURE_REPORT, ALWAYS, CTX(chunk_failure))
  MSRP("R87", SHOULD, SUCCESS_REPORT, ALWAYS, CTX(chunk_success))
  MSRP("S4-9.1.2-send-2 R27", SHALL, BYTE_RANGE, ALWAYS, RANGE)
  MSRP("S4-9.1.2-send-2", SHOULD, CONTENT_TYPE, ALWAYS, CTX(chunk_type))
  BODY("S4-9.1.2-send-2 R27", SHALL,            ALWAYS, CHUNK)
};
MSRP_SEND(chunk_copy, chunk_copy_lines)
/* The methods that procedures take. */
static const cpmi_line method_refused_lines[] = {
  FIELD("R49-1", SHALL, ALLOW,      ALWAYS,            LIT("INVITE, ACK, CANCEL, BYE, MESSAGE"))
  FIELD("R38",   SHALL, SERVER,     ALWAYS,            OF_AGENT(server))
};
RESPONSE(method_refused, 405, method_refused_lines)

static const cpmi_capture dispatch_captures[] = {
  CAPTURE("R49-1", on_message,   to_tag, HAS_PARAM(TO, tag))
  CAPTURE("R49-1", on_invite,    to_tag, HAS_PARAM(TO, tag))
  CAPTURE("R49-1", on_subscribe, to_tag, HAS_PARAM(TO, tag))
  CAPTURE("R49-1", on_notify,    to_tag, HAS_PARAM(TO, tag))
  CAPTURE("R49-1", on_refer,     to_tag, HAS_PARAM(TO, tag))
  CAPTURE("R49-1", on_other,     to_tag, HAS_PARAM(TO, tag))
};

/* A request that no procedure takes. */
static const cpmi_row dispatch_rows[] = {
  /*  clauses    state   event         if             next    then */
  ROW("R49-1",   idle,   on_message,   ALWAYS,        ended,  HOLD(origin), REFUSE(488, none), DONE)
  ROW("R49-1",   idle,   on_invite,    ALWAYS,        ended,  HOLD(origin), REFUSE(488, none), DONE)
  ROW("R49-1",   idle,   on_subscribe, IF(in_dialog), ended,  HOLD(origin), REFUSE(481, none), DONE)
  ROW("R49-1",   ,       ,             ALWAYS,        ended,  HOLD(origin), REFUSE(489, none), DONE)
  ROW("R49-1",   idle,   on_notify,    IF(in_dialog), ended,  HOLD(origin), REFUSE(481, none), DONE)
  ROW("R49-1",   ,       ,             ALWAYS,        ended,  HOLD(origin), REFUSE(489, none), DONE)
  ROW("R49-1",   idle,   on_refer,     IF(in_dialog), ended,  HOLD(origin), REFUSE(481, none), DONE)
  ROW("R49-1",   ,       ,             ALWAYS,        ended,  HOLD(origin), REFUSE(603, none), DONE)
  ROW("R49-1",   idle,   on_bye,       ALWAYS,        ended,  HOLD(origin), REFUSE(481, none), DONE)
  ROW("R49-1",   idle,   on_cancel,    ALWAYS,        ended,  HOLD(origin), REFUSE(481, none), DONE)
  ROW("R49-1",   idle,   on_ack,       ALWAYS,        ended,  DONE)
  ROW("R49-1",   idle,   on_other,     IF(in_dialog), ended,  HOLD(origin), REFUSE(481, none), DONE)
  ROW("R49-1",   ,       ,             ALWAYS,        ended,  HOLD(origin), REPLY(method_refused), DONE)
};
const cpmi_part cpmi_part_dispatch = { .call = ROWS(dispatch_rows), .captures = ROWS(dispatch_captures) };
#undef SPEC

/* ---- an INVITE that was forked --------------------------------------------------------------------------------------- */

#define SPEC "O-"
/* Of a call that sends INVITE, and of a leg: the dialog of the first 2xx is the one; any other is acknowledged and left at once. */
static const cpmi_row fork_rows[] = {
  ROW("R85", any, invite_fork, ALWAYS, stays, SEND(fork_ack), SEND(fork_bye))
};
const cpmi_part cpmi_part_fork = { .call = ROWS(fork_rows) };
const cpmi_part cpmi_part_leg_fork = { .leg = ROWS(fork_rows) };
#undef SPEC

/* ---- a session that is kept alive (RFC 4028) ----------------------------------------------------------------------------- */

#define SPEC "O-"
static const cpmi_capture refresh_captures[] = {
  CAPTURE("R86", reinvite_done, status,           STATUS)
  CAPTURE("R86", reinvite_done, session_interval, INTERVAL)
  CAPTURE("R86", reinvite_done, we_refresh,       REFRESHES)
  CAPTURE("R86", reinvite_done, session_due,      DUE)
  CAPTURE("R86", on_reinvite,   session_interval, INTERVAL)
  CAPTURE("R86", on_reinvite,   we_refresh,       REFRESHES)
  CAPTURE("R86", on_reinvite,   session_due,      DUE)
  CAPTURE("R86", on_reinvite,   reinvites,        METHOD(INVITE))
  CAPTURE("R86", on_reinvite,   offered_path,     SDP(path))
};
static const cpmi_capture leg_refresh_captures[] = {
  LEG_CAPTURE("R86", reinvite_done, status,           STATUS)
  LEG_CAPTURE("R86", reinvite_done, session_interval, INTERVAL)
  LEG_CAPTURE("R86", reinvite_done, we_refresh,       REFRESHES)
  LEG_CAPTURE("R86", reinvite_done, session_due,      DUE)
  LEG_CAPTURE("R86", on_reinvite,   session_interval, INTERVAL)
  LEG_CAPTURE("R86", on_reinvite,   we_refresh,       REFRESHES)
  LEG_CAPTURE("R86", on_reinvite,   session_due,      DUE)
  LEG_CAPTURE("R86", on_reinvite,   reinvites,        METHOD(INVITE))
  LEG_CAPTURE("R86", on_reinvite,   offered_path,     SDP(path))
};

/* What is the same in every session. Before these rows a machine has its own: who refreshes by INVITE and says so with its session
 * description, answers a refresh, and ends a session that was not refreshed or is not there any more. */
#define REFRESH_ROWS(txn) \
  ROW("R86", session, timer_session, IF(we_refresh, takes_update), stays, SEND(refresh)) \
  ROW("R86", session, reinvite_done, IF(refreshes), stays, START_FOR(session, session_due)) \
  ROW("R86", ,        ,              ALWAYS,        stays, NOTHING) \
  ROW("R86", any,     on_reinvite,   ALWAYS,        stays, HOLD(txn), REFUSE(481, none)) \
  /* the ACK to our 200 to an INVITE; what comes behind the end */ \
  IGNORE("R86", session, on_ack) \
  IGNORE("R86", any, timer_session) \
  IGNORE("R86", any, reinvite_done)
static const cpmi_row refresh_rows[] = { REFRESH_ROWS(origin) };
static const cpmi_row leg_refresh_rows[] = { REFRESH_ROWS(held) };
const cpmi_part cpmi_part_refresh = { .call = ROWS(refresh_rows), .captures = ROWS(refresh_captures) };
const cpmi_part cpmi_part_leg_refresh = { .leg = ROWS(leg_refresh_rows), .captures = ROWS(leg_refresh_captures) };

static const cpmi_line refresh_lines[] = {
  TIMER_IN_REQUEST
  FIELD("R38", SHALL,  USER_AGENT,      ALWAYS, OF_AGENT(user_agent))
};
IN_DIALOG(refresh, UPDATE, refresh_lines)
#undef SPEC
