/* SPDX-License-Identifier: MIT */
/* client/disposition: disposition notifications (RFC 5438), sent and received. The documents name them and leave the rest open (S1 7.3.7,
 * S2 5.4): rulings O-R42 to O-R45, O-R50, O-R59. */
#include "table.h"

#define SPEC "O-"

/* ---- from a ticket: what the user did with a message, days after it came -------------------------------------------- */

static const cpmi_capture disposition_captures[] = {
#define FROM_TICKET(event) \
  CAPTURE("R44-1", event, message_id,      ARG) \
  CAPTURE("R44-1", event, sent_at_text,    ARG) \
  CAPTURE("R44-1", event, report,          ARG) \
  CAPTURE("R44-2", event, reported,        ARG) \
  CAPTURE("R44-1", event, original_to,     ARG) \
  CAPTURE("R45-1 R45-2 R45-3", event, report_to, ARG) \
  CAPTURE("R45-2", event, report_for,      ARG) \
  CAPTURE("R45-1", event, record_route,    ARG) \
  CAPTURE("R44-1", event, conversation_id, ARG) \
  CAPTURE("R44-1", event, contribution_id, ARG) \
  CAPTURE("R44-1", event, report_id,       FRESH) \
  CAPTURE("R50-1", event, peer_no_cpim,    ARG) \
  CAPTURE("R50-1", event, peer_no_imdn,    ARG)
  FROM_TICKET(displayed)
  FROM_TICKET(undeliverable)
  FROM_TICKET(interworked)
#undef FROM_TICKET
#define OVER_SESSION(event) \
  CAPTURE("R80",   event, session_id,      ARG) \
  CAPTURE("R80",   event, path,            ARG) \
  CAPTURE("R80",   event, notice_id,       IDENT)
  OVER_SESSION(displayed)
  OVER_SESSION(undeliverable)
#undef OVER_SESSION
  CAPTURE("R44", interworked, legacy, ARG)
};

static const cpmi_row disposition_rows[] = {
  /*  clauses   state      event            if                              next       then */
  ROW("R44-2",  idle,      displayed,       IF(says_displayed),             ended,     DROP(ticket), DONE)
  ROW("R44-1",  ,          ,                IF(no_wants_display),           ended,     DROP(ticket), DONE)
  ROW("R44-1",  ,          ,                IF(no_displays_on),             ended,     DROP(ticket), DONE)
  ROW("R50-1",  ,          ,                IF(bare),                       ended,     DROP(ticket), TELL(not_reported), DONE)
  ROW("R50-1",  ,          ,                IF(silent),                     ended,     DROP(ticket), TELL(not_reported), DONE)
  ROW("R45-3",  ,          ,                IF(no_reportable),              ended,     DROP(ticket), TELL(not_reported), DONE)
  ROW("R44-1 R80", ,       ,                IF(in_session),                 notifying, MARK(reported, displayed), PUSH(report_send), START(response), DROP(ticket))
  ROW("R44-1",  ,          ,                ALWAYS,                         reporting, MARK(reported, displayed), SEND(report_message), DROP(ticket))

  /* a state that was reported is not taken back (R42-2) */
  ROW("R42-2",  idle,      undeliverable,   IF(was_reported),               ended,     DONE)
  ROW("R44-3",  ,          ,                IF(no_wants_failed),            ended,     DONE)
  ROW("R50-1",  ,          ,                IF(bare),                       ended,     TELL(not_reported), DONE)
  ROW("R50-1",  ,          ,                IF(silent),                     ended,     TELL(not_reported), DONE)
  ROW("R45-3",  ,          ,                IF(no_reportable),              ended,     TELL(not_reported), DONE)
  ROW("R44-3 R80", ,       ,                IF(in_session),                 notifying, MARK(reported, failed), STORE(ticket), PUSH(report_send), START(response))
  ROW("R44-3",  ,          ,                ALWAYS,                         reporting, MARK(reported, failed), STORE(ticket), SEND(report_message))

  ROW("R44",    idle,      interworked,     IF(no_interworks),              ended,     DONE)
  ROW("R42-2",  ,          ,                IF(was_interworked),            ended,     DONE)
  ROW("R44",    ,          ,                IF(no_wants_interworked),       ended,     DONE)
  ROW("R50-1",  ,          ,                IF(bare),                       ended,     TELL(not_reported), DONE)
  ROW("R50-1",  ,          ,                IF(silent),                     ended,     TELL(not_reported), DONE)
  ROW("R45-3",  ,          ,                IF(no_reportable),              ended,     TELL(not_reported), DONE)
  ROW("R44",    ,          ,                IF(as_sms),                     reporting, MARK(reported, interworked_sms), STORE(ticket), SEND(report_message))
  ROW("R44",    ,          ,                IF(as_mms),                     reporting, MARK(reported, interworked_mms), STORE(ticket), SEND(report_message))
};

/* ---- sent: a notification on its way -------------------------------------------------------------------------------- */

static const cpmi_capture disposition_sent_captures[] = {
  CAPTURE("R33", message_fail,    status, STATUS)
  CAPTURE("R33", message_timeout, status, STATUS)
  CAPTURE("R50-1", message_fail,  takes_cpim, ACCEPTS(cpim_type))
};

static const cpmi_row disposition_sent_rows[] = {
  ROW("R43-8 R44-1 R44-3", reporting, message_ok, ALWAYS,                   ended,     TELL(reported), DONE)
  ROW("R50-1",  reporting, message_fail,    IF(cpim_refused, no_cpim_taken), ended,    TELL(no_cpim), TELL(failed), DONE)
  ROW("R33",    ,          ,                ALWAYS,                         ended,     TELL(failed), DONE)
  ROW("R44-4",  reporting, message_timeout, ALWAYS,                         kept,      TELL(report_kept))
  ROW("R33",    reporting, message_1xx,     ALWAYS,                         reporting, NOTHING)
  ROW("R44-4",  kept,      online,          ALWAYS,                         reporting, SEND(report_message))
  ROW("R33",    kept,      cancel,          ALWAYS,                         ended,     TELL(cancelled), DONE)
  /* what was sent cannot be called back, and what waits for an answer not be hurried */
  IGNORE("R33", reporting, cancel)
  IGNORE("R33", reporting, online)
};
const cpmi_part cpmi_part_disposition_sent = { .call = ROWS(disposition_sent_rows), .captures = ROWS(disposition_sent_captures) };

/* ---- sent over the session of the message; what is not taken there goes by MESSAGE ------------------------------------ */

static const cpmi_row disposition_in_session_rows[] = {
  ROW("R80",    notifying, msrp_ok,         ALWAYS,                         ended,     STOP(response), TELL(reported), DONE)
  ROW("R80",    notifying, msrp_fail,       ALWAYS,                         reporting, STOP(response), SEND(report_message))
  ROW("R80",    notifying, timer_response,  ALWAYS,                         reporting, SEND(report_message))
  ROW("R80",    notifying, media_down,      ALWAYS,                         reporting, STOP(response), SEND(report_message))
  /* a response that comes after the MESSAGE, and a session that ends then */
  ROW("R80",    reporting, msrp_ok,         ALWAYS,                         reporting, NOTHING)
  ROW("R80",    reporting, msrp_fail,       ALWAYS,                         reporting, NOTHING)
  ROW("R80",    reporting, media_down,      ALWAYS,                         reporting, NOTHING)
  ROW("R80",    kept,      msrp_ok,         ALWAYS,                         kept,      NOTHING)
  ROW("R80",    kept,      msrp_fail,       ALWAYS,                         kept,      NOTHING)
  ROW("R80",    kept,      media_down,      ALWAYS,                         kept,      NOTHING)
  IGNORE("R33", notifying, cancel)
  IGNORE("R33", notifying, online)
};
const cpmi_part cpmi_part_disposition_in_session = { .call = ROWS(disposition_in_session_rows) };

static const cpmi_line report_send_lines[] = {
  MSRP("R80",             SHALL,  TO_PATH,            ALWAYS,                           CTX(path))
  MSRP("R80",             SHALL,  FROM_PATH,          ALWAYS,                           OWN_PATH)
  MSRP("R80",             SHALL,  MESSAGE_ID,         ALWAYS,                           CTX(notice_id))
  MSRP("R80",             SHALL,  BYTE_RANGE,         ALWAYS,                           ALL)
  MSRP("R80",             SHALL,  CONTENT_TYPE,       ALWAYS,                           LIT("message/cpim"))
  BODY("R80",             SHALL,                      ALWAYS,                           RECIPE(report_cpim))
};
MSRP_SEND(report_send, report_send_lines)

static const cpmi_line report_message_lines[] = {
  /*    clauses           level   field               if                                value */
  FIELD("R45-1 R45-2 R45-3", SHALL, REQUEST_URI,      ALWAYS,                           CTX(report_to))
  FIELD("R43-8 R44-1",    SHALL,  TO,                 ALWAYS,                           ADDR_OF_TARGET)
  FIELD("R43-8 R44-1",    SHALL,  FROM,               ALWAYS,                           ADDR_OF_AGENT(address))
  FIELD("R43-8 R44-1",    SHALL,  ACCEPT_CONTACT,     ALWAYS,                           ICSI_TAG(MSG))
  FIELD("R43-8 R44-1",    SHALL,  P_PREFERRED_SERVICE, IF(no_v1),                       ICSI(MSG))
  FIELD("R38 S2-7-p5",    SHALL,  USER_AGENT,         ALWAYS,                           OF_AGENT(user_agent))
  FIELD("R43-8 R44-1",    SHOULD, CONVERSATION_ID,    ALWAYS,                           CTX(conversation_id))
  FIELD("R43-8 R44-1",    SHOULD, CONTRIBUTION_ID,    ALWAYS,                           CTX(contribution_id))
  FORBID("R43-8 R44-1",           CONTACT,            ALWAYS)
  BODY("R43-8 R44-1",     SHALL,                      ALWAYS,                           RECIPE(report_cpim))
};
REQUEST(report_message, MESSAGE, report_message_lines)

static const cpmi_line report_cpim_lines[] = {
  HEAD("R46-1",           SHALL,  FROM,               IF(has_gruu),                     ADDR_OF_AGENT(gruu))
  HEAD("R46-1",           SHALL,  FROM,               IF(no_has_gruu),                  ADDR_OF_AGENT(address))
  HEAD("R45-2 S2-7.3.9.1-1.a.imdn", SHALL, TO,        IF(has_reader),                   ADDR(report_for))
  HEAD("R45-1",           SHALL,  TO,                 IF(no_has_reader),                ADDR(report_to))
  HEAD("R43-8 R44-1",     SHALL,  DATETIME,           ALWAYS,                           TIME)
  HEAD("R43-8 R44-1",     SHALL,  MESSAGE_ID,         ALWAYS,                           CTX(report_id))
  HEAD("R45-1",           SHALL,  IMDN_ROUTE,         IF(has_route),                    ADDRS(record_route))
  MIME("R43-8 R44-1",     SHALL,  CONTENT_TYPE,       ALWAYS,                           LIT("message/imdn+xml"))
  MIME("R43-8 R44-1",     SHALL,  CONTENT_DISPOSITION, ALWAYS,                          LIT("notification"))
  BODY("R43-8 R44-1",     SHALL,                      ALWAYS,                           RECIPE(report_imdn))
};
CPIM_BODY(report_cpim, report_cpim_lines)

static const cpmi_line report_imdn_lines[] = {
  BODY("R43-8",           SHALL,                      IF(says_delivered),               IMDN(DELIVERED))
  BODY("R44-1",           SHALL,                      IF(says_displayed),               IMDN(DISPLAYED))
  BODY("R44-3",           SHALL,                      IF(says_failed),                  IMDN(FAILED))
  BODY("R44",             SHALL,                      IF(says_sms),                     IMDN(INTERWORKED_SMS))
  BODY("R44",             SHALL,                      IF(says_mms),                     IMDN(INTERWORKED_MMS))
};
IMDN_BODY(report_imdn, report_imdn_lines)

/* ---- received: each notification in a message is a leg -------------------------------------------------------------- */

static const cpmi_capture disposition_received_captures[] = {
  LEG_CAPTURE("R42-3", on_policy, taken_before, ARG)
  LEG_CAPTURE("R59",   on_policy, sent_by_us,  ARG)
  LEG_CAPTURE("R42-2", on_policy, reached,     ARG)
};

static const cpmi_row disposition_received_leg_rows[] = {
  ROW("R42-2 R42-3", idle, go,              IF(has_reported_id),            asking,    ASK(sent_message))
  ROW("R59",    ,          ,                ALWAYS,                         ended,     TELL(report_unread))
  ROW("R42-3",  asking,    on_policy,       IF(was_taken),                  ended,     RAISE(leg_over))
  ROW("R59",    ,          ,                IF(no_ours),                    ended,     TELL(report_unknown), RAISE(leg_over))
  ROW("R42-2",  ,          ,                IF(side_mark),                  ended,     TELL(side_mark), RAISE(leg_over))
  ROW("R42-2 S2-5.4.4-p1", , ,              IF(climbs),                     ended,     TELL(notification), RAISE(leg_over))
  ROW("R42-2",  ,          ,                ALWAYS,                         ended,     RAISE(leg_over))
};

static const cpmi_row disposition_received_rows[] = {
  ROW("R42-1",  sorting,   leg_over,        IF(none_live),                  ended,     DONE)
  ROW("R42-1",  ,          ,                ALWAYS,                         sorting,   NOTHING)
  IGNORE("R33", sorting,   cancel)
  IGNORE("R33", sorting,   online)
};
const cpmi_part cpmi_part_disposition_received = {
  .call = ROWS(disposition_received_rows), .leg = ROWS(disposition_received_leg_rows), .captures = ROWS(disposition_received_captures),
};
#undef SPEC

static const uint8_t disposition_fields[] = {
  F(message_id), F(sent_at_text), F(report), F(reported), F(original_to), F(report_to), F(report_for), F(record_route), F(conversation_id),
  F(contribution_id), F(report_id), F(peer_no_cpim), F(peer_no_imdn), F(legacy), F(status), F(takes_cpim), F(session_id), F(path), F(notice_id),
};
static const cpmi_part disposition_part = { .call = ROWS(disposition_rows), .captures = ROWS(disposition_captures) };

const cpm_machine cpmi_machine_disposition = {
  .name = "client/disposition", .role = CPM_ROLE_CLIENT, .init = CPMI_STATE_idle,
  .parts = { &disposition_part, &cpmi_part_disposition_in_session, &cpmi_part_disposition_sent }, .fields = NAMES(disposition_fields),
};
