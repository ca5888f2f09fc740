/* SPDX-License-Identifier: MIT */
/* client/chat-receive: a message that comes over the MSRP connection of a session (S2 7.3.9.1, 5.4, 5.5; rulings O-R71, O-R77 to O-R80). It comes in chunks and is
 * read as one in large mode is; what it reports goes back over the same connection. */
#include "of_session.h"

#define SPEC "O-"

static const cpmi_capture chat_receive_captures[] = {
  OF_SESSION(on_chunk)
  CAPTURE("R50-1", on_chunk, peer_no_imdn,     ARG)
  CAPTURE("R77",   on_chunk, peer_cema,        ARG)
  CAPTURE("R80",   on_chunk, conversation_id,  ARG)
  CAPTURE("R80",   on_chunk, contribution_id,  ARG)
  CAPTURE("R71",   on_chunk, chunk_message_id, MSRP(MESSAGE_ID))
  CAPTURE("R71",   on_chunk, success_report,   WANTS_SUCCESS)
  CAPTURE("R71",   on_chunk, chunk_is,         CHUNK_IS(chat_types))
  CAPTURE("R71",   on_chunk, chunk_type,       MSRP(CONTENT_TYPE))
  CAPTURE("R71",   on_chunk, arrived,          ARRIVED)
  CAPTURE("R71",   on_chunk, received,         OCTETS_OF(arrived))
  CAPTURE("R77",   on_loaded, sender,          PEER)
  CAPTURE("R43-1", on_loaded, type_ok,         TYPE_OK)
  CAPTURE("R43-2", on_loaded, cpim_ok,         CPIM_OK)
  CAPTURE("R43-4", on_loaded, message_id,      CPIM(MESSAGE_ID))
  CAPTURE("R43-7", on_loaded, content,         CONTENT)
  CAPTURE("R43-7 S2-5.5-p1", on_loaded, content_type, CONTENT_TYPE)
  CAPTURE("R43-7", on_loaded, content_transfer_encoding, CONTENT_TRANSFER_ENCODING)
  CAPTURE("R43-8", on_loaded, report,          CPIM_REPORT)
  CAPTURE("R43-8", on_loaded, sent_at,         CPIM_TIME)
  CAPTURE("R43-8", on_loaded, sent_at_text,    CPIM(DATETIME))
  CAPTURE("R43-8", on_loaded, original_to,     ORIGINAL_TO)
  CAPTURE("R42-1", on_loaded, is_report,       IS_REPORT)
  CAPTURE("R59",   on_loaded, reports,         REPORTS)
  CAPTURE("R59",   on_loaded, reports_len,     REPORTS_LEN)
  CAPTURE("R45-1 R80", on_loaded, report_to,   REPORT_TO)
  CAPTURE("S2-7.3.9.1-1.a.imdn", on_loaded, report_for, REPORT_FOR)
  CAPTURE("R45-1", on_loaded, record_route,    CPIM_ADDRS(IMDN_RECORD_ROUTE))
  CAPTURE("R43-8", on_loaded, report_id,       FRESH)
  CAPTURE("R80",   on_loaded, notice_id,       IDENT)
  CAPTURE("R43-4", on_policy, seen_before,     ARG_NOW)
  CAPTURE("R50-1", on_policy, peer_no_cpim,    ARG)
  CAPTURE("R50-1", on_policy, peer_no_imdn,    ARG)
};

static const cpmi_row chat_receive_rows[] = {
  /*  clauses             state      event           if                              next       then */
  ROW("R77",              idle,      on_chunk,       IF(no_in_session),              ended,     ACCEPT(481), DONE)
  ROW("R77",              ,          ,               IF(no_names_session),           ended,     ACCEPT(481), DONE)
  ROW("R71",              ,          ,               IF(stray_chunk),                ended,     ACCEPT(481), DONE)
  ROW("R71",              ,          ,               IF(mistyped_chunk),             ended,     ACCEPT(415), DONE)
  ROW("R68",              ,          ,               IF(binding_chunk),              ended,     ACCEPT(200), DONE)
  ROW("R71",              ,          ,               IF(aborted_chunk),              ended,     ACCEPT(200), DONE)
  ROW("S2-7.3.9.1-p1.4975 R71", ,    ,               IF(more_chunks),                up,        ACCEPT(200), STORE(message), START(linger), TELL(progress))
  ROW("S2-7.3.9.1-p1.4975 R71", ,    ,               IF(last_chunk, wants_success),  loading,   ACCEPT(200), STORE(message), PUSH(success_report), FETCH_HEAD(message))
  ROW("S2-7.3.9.1-p1.4975 R71", ,    ,               IF(last_chunk),                 loading,   ACCEPT(200), STORE(message), FETCH_HEAD(message))
  ROW("R37",              ,          ,               ALWAYS,                         ended,     ACCEPT(413), DONE)

  ROW("R71",              up,        on_chunk,       IF(stray_chunk),                up,        ACCEPT(481))
  ROW("R71",              ,          ,               IF(mistyped_chunk),             up,        ACCEPT(415))
  ROW("R37",              ,          ,               IF(excessive_chunk),            ended,     ACCEPT(413), STOP(linger), DROP(message), TELL(failed), DONE)
  ROW("R68",              ,          ,               IF(binding_chunk),              up,        ACCEPT(200))
  ROW("R71",              ,          ,               IF(aborted_chunk),              ended,     ACCEPT(200), STOP(linger), DROP(message), TELL(failed), DONE)
  ROW("R71",              ,          ,               IF(more_chunks),                up,        ACCEPT(200), STORE(message), START(linger), TELL(progress))
  ROW("R71",              ,          ,               IF(same_chunk),                 up,        ACCEPT(200), START(linger))
  ROW("R71",              ,          ,               IF(last_chunk, wants_success),  loading,   ACCEPT(200), STORE(message), STOP(linger), PUSH(success_report), FETCH_HEAD(message))
  ROW("R71",              ,          ,               IF(last_chunk),                 loading,   ACCEPT(200), STORE(message), STOP(linger), FETCH_HEAD(message))
  ROW("R71",              ,          ,               ALWAYS,                         up,        ACCEPT(400))
  ROW("R71",              up,        on_octets,      ALWAYS,                         up,        START(linger))
  ROW("R78",              up,        timer_linger,   ALWAYS,                         ended,     DROP(message), TELL(failed), DONE)
  ROW("R78",              up,        media_down,     ALWAYS,                         ended,     STOP(linger), DROP(message), TELL(failed), DONE)
  /* the sender is told with its next chunk */
  ROW("R78",              up,        cancel,         ALWAYS,                         quitting,  START(linger), DROP(message), TELL(cancelled))
  ROW("R78 R37",          quitting,  on_chunk,       ALWAYS,                         ended,     ACCEPT(413), STOP(linger), DONE)
  ROW("R78",              quitting,  on_octets,      ALWAYS,                         quitting,  START(linger))
  ROW("R78",              quitting,  timer_linger,   ALWAYS,                         ended,     DONE)
  ROW("R78",              quitting,  media_down,     ALWAYS,                         ended,     STOP(linger), DONE)
  IGNORE("R78",           quitting,  cancel)

  /* all of it is here */
  ROW("S2-5.5-p1",        loading,   on_loaded,      IF(says_composing, no_broke),   ended,     ENTER(is_composing, 0), DROP(message), DONE)
  ROW("R79",              ,          ,               IF(says_composing),             ended,     DROP(message), DONE)
  ROW("R59",              ,          ,               IF(reports_behind, no_long_reports, no_asked_for_all), loading, ADD(loads), FETCH(message, reports_len))
  ROW("R59",              ,          ,               IF(reports_behind),             ended,     TELL(report_unread), DONE)
  ROW("R71 R43-2",        ,          ,               IF(no_reads_cpim),              ended,     TELL(unreadable), DONE)
  ROW("R71 R43-1 R80",    ,          ,               IF(no_takes_type, wants_failed, no_silent, reportable, no_broke), notifying,
      MARK(reported, failed), TELL(unreadable), PUSH(report_send), START(response))
  ROW("R71 R43-1",        ,          ,               IF(no_takes_type),              ended,     TELL(unreadable), DONE)
  ROW("R43-6 R42-1 S2-5.4.4-p1", ,   ,               IF(a_report, has_reports),      sorting,   SPLIT(report))
  ROW("R43-6 R42-1 R59",  ,          ,               IF(a_report),                   ended,     TELL(report_unread), DONE)
  ROW("R43-4",            ,          ,               IF(has_message_id),             checking,  ASK(seen_before))
  ROW("R43-6 R43-7",      ,          ,               ALWAYS,                         ended,     TELL(received), DONE)
  ROW("R43-4 R42-3",      checking,  on_policy,      IF(shown_before),               ended,     DROP(message), DONE)
  ROW("R43-6 R43-7 R43-8 R80", ,     ,               IF(wants_delivered, reports_on, no_bare, no_silent, reportable, no_broke), notifying,
      MARK(reported, delivered), TELL(received), STORE(ticket), PUSH(report_send), START(response))
  ROW("R43-6 R43-7 R43-8 R80", ,     ,               IF(wants_delivered, reports_on, no_bare, no_silent, reportable), reporting,
      MARK(reported, delivered), TELL(received), STORE(ticket), SEND(report_message))
  ROW("R43-6 R43-7 R45-3", ,         ,               IF(wants_delivered, reports_on, no_bare, no_silent), ended, TELL(received), TELL(not_reported), DONE)
  ROW("R43-6 R43-7 R45-3", ,         ,               IF(wants_display, displays_on, no_bare, no_silent, no_reportable), ended,
      TELL(received), TELL(not_reported), DONE)
  ROW("R43-6 R43-7 R44-1", ,         ,               IF(wants_report),               ended,     TELL(received), STORE(ticket), DONE)
  ROW("R43-6 R43-7",      ,          ,               ALWAYS,                         ended,     TELL(received), DONE)
  ROW("R80",              reading,   media_down,     ALWAYS,                         stays,     ADD(breaks))
  ROW("R71",              all_here,  on_chunk,       ALWAYS,                         stays,     ACCEPT(200))
  ROW("R71",              sorting,   media_down,     ALWAYS,                         sorting,   NOTHING)
  IGNORE("R71",           all_here,  on_octets)
  IGNORE("R33",           reading,   cancel)
  IGNORE("R33",           reading,   online)
  IGNORE("R33",           up,        online)
  IGNORE("R33",           quitting,  online)
};
#undef SPEC

static const uint8_t chat_receive_fields[] = {
  F(target), F(to), F(group_uri), F(group_session), F(session_id), F(path), F(peer_no_imdn), F(peer_no_cpim), F(peer_cema),
  F(conversation_id), F(contribution_id), F(chunk_message_id), F(success_report), F(chunk_is), F(chunk_type), F(arrived), F(received), F(sender),
  F(type_ok), F(cpim_ok), F(message_id), F(content), F(content_type), F(content_transfer_encoding), F(report), F(sent_at), F(sent_at_text),
  F(original_to), F(is_report), F(reports), F(reports_len), F(loads), F(report_to), F(report_for), F(record_route), F(report_id), F(notice_id), F(reported), F(seen_before),
  F(breaks), F(status), F(takes_cpim),
};
/* of a notification */
static const uint8_t chat_receive_leg_fields[] = {
  F(document), F(reported_id), F(recipient), F(claimed), F(original_recipient), F(disposition), F(legacy), F(taken_before), F(sent_by_us), F(reached),
};
static const uint8_t chat_receive_leg_states[] = { LEG_STATE(idle), LEG_STATE(asking), LEG_STATE(ended) };
static const uint8_t chat_receive_leg_kinds[] = { LEG_KIND(report) };

static const cpmi_part chat_receive_part = { .call = ROWS(chat_receive_rows), .captures = ROWS(chat_receive_captures) };

const cpm_machine cpmi_machine_chat_receive = {
  .name = "client/chat-receive", .role = CPM_ROLE_CLIENT, .init = CPMI_STATE_idle, .leg_init = CPMI_STATE_idle,
  .parts = { &chat_receive_part, &cpmi_part_disposition_in_session, &cpmi_part_disposition_sent, &cpmi_part_disposition_received },
  .fields = NAMES(chat_receive_fields), .leg_fields = NAMES(chat_receive_leg_fields),
  .leg_states = NAMES(chat_receive_leg_states), .leg_kinds = NAMES(chat_receive_leg_kinds),
};
