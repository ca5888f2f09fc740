/* SPDX-License-Identifier: MIT */
/* client/pager-receive: receiving a Pager Mode message. No document specifies it: ruling O-R43, with O-R42, O-R44, O-R45, O-R48.
 * What it reports, and what notifications in it say, are the parts of client/disposition. */
#include "table.h"

#define SPEC "O-R43-"

static const cpmi_capture pager_receive_captures[] = {
  CAPTURE("5",     on_message, body_len,        BODY_LEN)
  CAPTURE("2",     on_message, body_ok,         BODY_OK)
  CAPTURE("1 S4-7.2-p1", on_message, type_ok,         TYPE_OK)
  CAPTURE("2",     on_message, is_cpim,         IS_CPIM)
  CAPTURE("2",     on_message, cpim_ok,         CPIM_OK)
  CAPTURE("3",     on_message, expired,         EXPIRED)
  CAPTURE("4",     on_message, message_id,      CPIM(MESSAGE_ID))
  CAPTURE("7 S1-6.2-p1.s1 S1-6.2-p2.s1", on_message, sender,          URI(P_ASSERTED_IDENTITY))
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
  CAPTURE("8",     on_message, original_to,     ORIGINAL_TO)
  CAPTURE("O-R57", on_message, body_encoding,   BODY_ENCODING)
  CAPTURE("O-R42-1", on_message, is_report,     IS_REPORT)
  CAPTURE("O-R59", on_message, reports,         REPORTS)
  CAPTURE("O-R45-1 O-R45-2 O-R45-3", on_message, report_to, REPORT_TO)
  CAPTURE("O-R45-2", on_message, report_for,    REPORT_FOR)
  CAPTURE("O-R45-1", on_message, record_route,  CPIM_ADDRS(IMDN_RECORD_ROUTE))
  CAPTURE("8",     on_message, report_id,       FRESH)
  CAPTURE("4",     on_policy,  seen_before,     ARG)
  CAPTURE("O-R50-1", on_policy, peer_no_cpim,   ARG)
  CAPTURE("O-R50-1", on_policy, peer_no_imdn,   ARG)
};

static const cpmi_row pager_receive_rows[] = {
  /*  clauses    state      event            if                                               next       then */
  ROW("O-R57",   idle,      on_message,      IF(encoded),                                     ended,     HOLD(origin), REPLY(encoding_refused), DONE)
  ROW("1",       ,          ,                IF(no_takes_type),                               ended,     HOLD(origin), REPLY(type_refused), DONE)
  ROW("2",       ,          ,                IF(no_splits),                                   ended,     HOLD(origin), REFUSE(400, none), DONE)
  ROW("2",       ,          ,                IF(says_cpim, no_reads_cpim),                    ended,     HOLD(origin), REFUSE(400, none), DONE)
  ROW("3 O-R48", ,          ,                IF(too_late),                                    ended,     HOLD(origin), REPLY(received_ok), DONE)
  ROW("5",       ,          ,                IF(a_report, oversize),                          ended,     HOLD(origin), REFUSE(413, none), DONE)
  ROW("6 O-R42-1 S1-7.3.7-p1.s3 S2-5.4.5-p2.multi S2-5.4.5-p2.types", , , IF(a_report, has_reports), sorting, HOLD(origin), REPLY(received_ok), SPLIT(report))
  ROW("6 O-R42-1 O-R59", ,  ,                IF(a_report),                                    ended,     HOLD(origin), REPLY(received_ok), TELL(report_unread), DONE)
  ROW("4",       ,          ,                IF(has_message_id),                              asking,    HOLD(origin), ASK(seen_before))
  ROW("5",       ,          ,                IF(oversize),                                    ended,     HOLD(origin), REFUSE(413, none), DONE)
  ROW("6 7",     ,          ,                ALWAYS,                                          ended,     HOLD(origin), REPLY(received_ok), TELL(received), DONE)

  ROW("4 O-R42-3", asking,  on_policy,       IF(shown_before),                                ended,     REPLY(received_ok), DONE)
  ROW("5",       ,          ,                IF(oversize),                                    ended,     REFUSE(413, none), DONE)
  ROW("6 7 8",   ,          ,                IF(wants_delivered, reports_on, no_bare, no_silent, reportable), reporting,
      MARK(reported, delivered), REPLY(received_ok), TELL(received), STORE(ticket), SEND(report_message))
  ROW("6 7 O-R45-3", ,      ,                IF(wants_delivered, reports_on, no_bare, no_silent), ended, REPLY(received_ok), TELL(received), TELL(not_reported), DONE)
  ROW("6 7 O-R45-3", ,      ,                IF(wants_display, displays_on, no_bare, no_silent, no_reportable), ended,
      REPLY(received_ok), TELL(received), TELL(not_reported), DONE)
  ROW("6 7 O-R44-1", ,      ,                IF(wants_report),                                   ended,     REPLY(received_ok), TELL(received), STORE(ticket), DONE)
  ROW("6 7",     ,          ,                ALWAYS,                                          ended,     REPLY(received_ok), TELL(received), DONE)
  /* a message that was received cannot be given up, and what waits for an answer not be hurried */
  IGNORE("O-R33", asking, cancel)
  IGNORE("O-R33", asking, online)
};

static const cpmi_line type_refused_lines[] = {
  FIELD("1",       SHALL, ACCEPT,               ALWAYS,           OF_AGENT(accept))
  FIELD("O-R38",   SHALL, SERVER,               ALWAYS,           OF_AGENT(server))
};
RESPONSE(type_refused, 415, type_refused_lines)

static const cpmi_line encoding_refused_lines[] = {
  FIELD("O-R57",   SHALL, ACCEPT_ENCODING,      ALWAYS,           LIT("identity"))
  FIELD("O-R38",   SHALL, SERVER,               ALWAYS,           OF_AGENT(server))
};
RESPONSE(encoding_refused, 415, encoding_refused_lines)

static const cpmi_line received_ok_lines[] = {
  FIELD("O-R38",   SHALL, SERVER,               ALWAYS,           OF_AGENT(server))
};
RESPONSE(received_ok, 200, received_ok_lines)

#undef SPEC

static const uint8_t pager_receive_fields[] = {
  F(origin), F(body_len), F(body_ok), F(type_ok), F(is_cpim), F(cpim_ok), F(expired), F(message_id), F(sender), F(referred_by),
  F(conversation_id), F(contribution_id), F(content), F(content_type), F(content_transfer_encoding), F(list),
  F(report), F(sent_at), F(sent_at_text), F(is_report), F(body_encoding), F(reports), F(original_to),
  F(report_to), F(report_for), F(record_route), F(report_id), F(reported), F(seen_before), F(peer_no_cpim), F(peer_no_imdn), F(status), F(takes_cpim),
};
/* of a notification */
static const uint8_t pager_receive_leg_fields[] = {
  F(document), F(reported_id), F(recipient), F(claimed), F(original_recipient), F(disposition), F(legacy), F(taken_before), F(sent_by_us), F(reached),
};
static const uint8_t pager_receive_leg_states[] = { LEG_STATE(idle), LEG_STATE(asking), LEG_STATE(ended) };
static const uint8_t pager_receive_leg_kinds[] = { LEG_KIND(report) };

static const cpmi_part pager_receive_part = {
  .call = ROWS(pager_receive_rows), .captures = ROWS(pager_receive_captures),
};

const cpm_machine cpmi_machine_pager_receive = {
  .name = "client/pager-receive", .role = CPM_ROLE_CLIENT, .init = CPMI_STATE_idle, .leg_init = CPMI_STATE_idle,
  .parts = { &pager_receive_part, &cpmi_part_disposition_sent, &cpmi_part_disposition_received },
  .fields = NAMES(pager_receive_fields), .leg_fields = NAMES(pager_receive_leg_fields),
  .leg_states = NAMES(pager_receive_leg_states), .leg_kinds = NAMES(pager_receive_leg_kinds),
};
