/* SPDX-License-Identifier: MIT */
/* client/pager-receive: receiving a Pager Mode message. No document specifies it: ruling O-R43, with O-R42, O-R44, O-R45, O-R48. */
#include "table.h"

#define SPEC "O-R43-"

static const cpmi_capture pager_receive_captures[] = {
  CAPTURE("5",     on_message, body_len,        BODY_LEN)
  CAPTURE("2",     on_message, body_ok,         BODY_OK)
  CAPTURE("1",     on_message, type_ok,         TYPE_OK)
  CAPTURE("2",     on_message, is_cpim,         IS_CPIM)
  CAPTURE("2",     on_message, cpim_ok,         CPIM_OK)
  CAPTURE("3",     on_message, expired,         EXPIRED)
  CAPTURE("4",     on_message, message_id,      CPIM(MESSAGE_ID))
  CAPTURE("7",     on_message, sender,          URI(P_ASSERTED_IDENTITY))
  CAPTURE("7",     on_message, referred_by,     URI(REFERRED_BY))
  CAPTURE("7",     on_message, conversation_id, VALUE(CONVERSATION_ID))
  CAPTURE("7",     on_message, contribution_id, VALUE(CONTRIBUTION_ID))
  CAPTURE("7",     on_message, content,         CONTENT)
  CAPTURE("7",     on_message, content_type,    CONTENT_TYPE)
  CAPTURE("7",     on_message, content_transfer_encoding, CONTENT_TRANSFER_ENCODING)
  CAPTURE("7",     on_message, list,            LIST)
  CAPTURE("8",     on_message, report,          CPIM_REPORT)
  CAPTURE("8",     on_message, sent_at,         CPIM_TIME)
  CAPTURE("8",     on_message, sent_at_text,    CPIM(DATETIME))
  CAPTURE("O-R42-1", on_message, is_report,     IS_REPORT)
  CAPTURE("O-R45-1 O-R45-2 O-R45-3", on_message, report_to, REPORT_TO)
  CAPTURE("O-R45-1", on_message, record_route,  CPIM_URI(IMDN_RECORD_ROUTE))
  CAPTURE("8",     on_message, report_id,       FRESH)
  CAPTURE("4",     on_policy,  seen_before,     ARG)
  CAPTURE("O-R33", message_fail, status,        STATUS)
  CAPTURE("O-R33", message_timeout, status,     STATUS)
};

static const cpmi_row pager_receive_rows[] = {
  /*  clauses    state      event            if                                               next       then */
  ROW("1",       idle,      on_message,      IF(no_takes_type),                               ended,     HOLD(origin), REPLY(type_refused), DONE)
  ROW("2",       ,          ,                IF(no_splits),                                   ended,     HOLD(origin), REFUSE(400, none), DONE)
  ROW("2",       ,          ,                IF(says_cpim, no_reads_cpim),                    ended,     HOLD(origin), REFUSE(400, none), DONE)
  ROW("3 O-R48", ,          ,                IF(too_late),                                    ended,     HOLD(origin), REPLY(received_ok), DONE)
  ROW("4",       ,          ,                IF(has_message_id),                              asking,    HOLD(origin), ASK(seen_before))
  ROW("5",       ,          ,                IF(oversize),                                    ended,     HOLD(origin), REFUSE(413, none), DONE)
  ROW("6 O-R42-1", ,        ,                IF(a_report),                                    ended,     HOLD(origin), REPLY(received_ok), TELL(notification), DONE)
  ROW("6 7",     ,          ,                ALWAYS,                                          ended,     HOLD(origin), REPLY(received_ok), TELL(received), DONE)

  ROW("4 O-R42-3", asking,  on_policy,       IF(shown_before),                                ended,     REPLY(received_ok), DONE)
  ROW("5",       ,          ,                IF(oversize),                                    ended,     REFUSE(413, none), DONE)
  ROW("6 O-R42-1", ,        ,                IF(a_report),                                    ended,     REPLY(received_ok), TELL(notification), DONE)
  ROW("6 7 8",   ,          ,                IF(wants_delivered, reports_on, reportable),     reporting, REPLY(received_ok), TELL(received), SEND(delivered_message))
  ROW("6 7 O-R45-3", ,      ,                IF(wants_delivered, reports_on, no_reportable),  ended,     REPLY(received_ok), TELL(received), TELL(not_reported), DONE)
  ROW("6 7",     ,          ,                ALWAYS,                                          ended,     REPLY(received_ok), TELL(received), DONE)

  ROW("8",       reporting, message_ok,      ALWAYS,                                          ended,     TELL(reported), DONE)
  ROW("O-R50-1", reporting, message_fail,    IF(cpim_refused),                                ended,     TELL(no_cpim), TELL(failed), DONE)
  ROW("O-R33",   ,          ,                IF(no_cpim_refused),                             ended,     TELL(failed), DONE)
  ROW("O-R44-4", reporting, message_timeout, ALWAYS,                                          kept,      TELL(report_kept))
  ROW("O-R33",   reporting, message_1xx,     ALWAYS,                                          reporting, NOTHING)
  ROW("O-R44-4", kept,      online,          ALWAYS,                                          reporting, SEND(delivered_message))
  ROW("O-R33",   kept,      cancel,          ALWAYS,                                          ended,     TELL(cancelled), DONE)
  /* a message that was received cannot be given up, and what waits for an answer not be hurried */
  IGNORE("O-R33", asking, cancel)
  IGNORE("O-R33", asking, online)
  IGNORE("O-R33", reporting, cancel)
  IGNORE("O-R33", reporting, online)
};

static const cpmi_line type_refused_lines[] = {
  FIELD("1",       SHALL, ACCEPT,               ALWAYS,           OF_AGENT(accept))
  FIELD("O-R38",   SHALL, SERVER,               ALWAYS,           OF_AGENT(server))
};
RESPONSE(type_refused, 415, type_refused_lines)

static const cpmi_line received_ok_lines[] = {
  FIELD("O-R38",   SHALL, SERVER,               ALWAYS,           OF_AGENT(server))
};
RESPONSE(received_ok, 200, received_ok_lines)

static const cpmi_line delivered_message_lines[] = {
  FIELD("O-R45-1 O-R45-2 O-R45-3", SHALL, REQUEST_URI, ALWAYS,    CTX(report_to))
  FIELD("8",       SHALL, TO,                   ALWAYS,           ADDR_OF_TARGET)
  FIELD("8",       SHALL, FROM,                 ALWAYS,           ADDR_OF_AGENT(address))
  FIELD("8",       SHALL, ACCEPT_CONTACT,       ALWAYS,           ICSI_TAG(MSG))
  FIELD("8",       SHALL, P_PREFERRED_SERVICE,  IF(no_v1),        ICSI(MSG))
  FIELD("O-R38",   SHALL, USER_AGENT,           ALWAYS,           OF_AGENT(user_agent))
  FIELD("8",       SHOULD, CONVERSATION_ID,     ALWAYS,           CTX(conversation_id))
  FIELD("8",       SHOULD, CONTRIBUTION_ID,     ALWAYS,           CTX(contribution_id))
  FORBID("8",              CONTACT,             ALWAYS)
  BODY("8",        SHALL,                       ALWAYS,           RECIPE(delivered_cpim))
};
REQUEST(delivered_message, MESSAGE, delivered_message_lines)

static const cpmi_line delivered_cpim_lines[] = {
  HEAD("O-R46-1",  SHALL, FROM,                 IF(has_gruu),     ADDR_OF_AGENT(gruu))
  HEAD("O-R46-1",  SHALL, FROM,                 IF(no_has_gruu),  ADDR_OF_AGENT(address))
  HEAD("8",        SHALL, TO,                   ALWAYS,           ADDR(report_to))
  HEAD("8",        SHALL, DATETIME,             ALWAYS,           TIME)
  HEAD("8",        SHALL, MESSAGE_ID,           ALWAYS,           CTX(report_id))
  HEAD("O-R45-1",  SHALL, IMDN_ROUTE,           IF(has_route),    ADDR(record_route))
  MIME("8",        SHALL, CONTENT_TYPE,         ALWAYS,           LIT("message/imdn+xml"))
  MIME("8",        SHALL, CONTENT_DISPOSITION,  ALWAYS,           LIT("notification"))
  BODY("8",        SHALL,                       ALWAYS,           RECIPE(delivered_imdn))
};
CPIM_BODY(delivered_cpim, delivered_cpim_lines)

static const cpmi_line delivered_imdn_lines[] = {
  BODY("8",        SHALL,                       ALWAYS,           IMDN)
};
IMDN_BODY(delivered_imdn, delivered_imdn_lines)
#undef SPEC

static const uint8_t pager_receive_fields[] = {
  F(origin), F(body_len), F(body_ok), F(type_ok), F(is_cpim), F(cpim_ok), F(expired), F(message_id), F(sender), F(referred_by),
  F(conversation_id), F(contribution_id), F(content), F(content_type), F(content_transfer_encoding), F(list),
  F(report), F(sent_at), F(sent_at_text), F(is_report),
  F(report_to), F(record_route), F(report_id), F(seen_before), F(status),
};

static const cpmi_part pager_receive_part = {
  .call = ROWS(pager_receive_rows), .captures = ROWS(pager_receive_captures),
};

const cpm_machine cpmi_machine_pager_receive = {
  .name = "client/pager-receive", .role = CPM_ROLE_CLIENT, .init = CPMI_STATE_idle,
  .parts = { &pager_receive_part }, .fields = NAMES(pager_receive_fields),
};
