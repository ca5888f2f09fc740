/* SPDX-License-Identifier: MIT */
/* client/large-receive: receiving a CPM Standalone Message in Large Message Mode (S1 7.3.3; rulings O-R69 to O-R72, O-R86). A finished message
 * is read as a pager message is; what it reports, and what notifications in it say, are the parts of client/disposition. */
#include "session_timer.h"

#define SPEC "S1-7.3.3-"

static const cpmi_capture large_receive_captures[] = {
  CAPTURE("O-R57",      on_invite, body_encoding,   BODY_ENCODING)
  CAPTURE("O-R51",      on_invite, body_ok,         BODY_OK)
  CAPTURE("O-R43-7 S1-6.2-p1.s1 S1-6.2-p2.s1", on_invite, sender, URI(P_ASSERTED_IDENTITY))
  CAPTURE("O-R43-7",    on_invite, referred_by,     URI(REFERRED_BY))
  CAPTURE("O-R43-7",    on_invite, conversation_id, VALUE(CONVERSATION_ID))
  CAPTURE("O-R43-7",    on_invite, contribution_id, VALUE(CONTRIBUTION_ID))
  CAPTURE("O-R43-7",    on_invite, list,            LIST)
  CAPTURE("O-R67",      on_invite, media_ok,        SDP(usable))
  CAPTURE("O-R67",      on_invite, media_line,      SDP(line))
  CAPTURE("O-R69",      on_invite, offer,           OFFER)
  CAPTURE("O-R69",      on_invite, direction,       SDP(direction))
  CAPTURE("1.s1",       on_invite, types_fit,       SDP_TAKES(cpim_type))
  CAPTURE("O-R69",      on_invite, size,            SDP(size))
  CAPTURE("O-R69 O-R29", on_invite, answers_setup,  SDP(answers_setup))
  CAPTURE("ack-1",      on_invite, path,            SDP(path))
  CAPTURE("ack-1",      on_invite, peer_address,    SDP(address))
  CAPTURE("ack-1",      on_invite, peer_port,       SDP(port))
  CAPTURE("ack-1",      on_invite, peer_cema,       SDP(cema))
  CAPTURE("O-R67",      on_invite, peer_secure,     SDP(secure))
  CAPTURE("O-R67",      on_invite, peer_fingerprint, SDP(fingerprint))
  CAPTURE("O-R86",      on_invite, session_interval, INTERVAL)
  CAPTURE("O-R86",      on_invite, we_refresh,      REFRESHES)
  CAPTURE("O-R86",      on_invite, session_due,     DUE)
  CAPTURE("O-R86",      on_invite, peer_updates,    ALLOWS(UPDATE))
  CAPTURE("O-R86",      on_policy, described,       NOW)
  CAPTURE("O-R86",      on_reinvite, offer,         OFFER)
  CAPTURE("3.d O-R67",  on_invite, session_id,      FRESH)
  CAPTURE("O-R70",      on_policy, authorised,      ARG_NOW)
  CAPTURE("O-R70",      media_up,  bind_id,         IDENT)
  CAPTURE("msrp",       on_chunk,  chunk_message_id, MSRP(MESSAGE_ID))
  CAPTURE("msrp",       on_chunk,  success_report,  WANTS_SUCCESS)
  CAPTURE("msrp O-R71", on_chunk,  chunk_is,        CHUNK_IS(cpim_type))
  CAPTURE("msrp",       on_chunk,  chunk_type,      MSRP(CONTENT_TYPE))
  CAPTURE("O-R71",      on_chunk,  arrived,         ARRIVED)
  CAPTURE("O-R71",      on_chunk,  received,        OCTETS_OF(arrived))
  CAPTURE("O-R43-1",    on_loaded, type_ok,         TYPE_OK)
  CAPTURE("O-R43-2",    on_loaded, cpim_ok,         CPIM_OK)
  CAPTURE("O-R43-4",    on_loaded, message_id,      CPIM(MESSAGE_ID))
  CAPTURE("O-R43-7",    on_loaded, content,         CONTENT)
  CAPTURE("O-R43-7",    on_loaded, content_type,    CONTENT_TYPE)
  CAPTURE("O-R43-7",    on_loaded, content_transfer_encoding, CONTENT_TRANSFER_ENCODING)
  CAPTURE("O-R43-8",    on_loaded, report,          CPIM_REPORT)
  CAPTURE("O-R43-8",    on_loaded, sent_at,         CPIM_TIME)
  CAPTURE("O-R43-8",    on_loaded, sent_at_text,    CPIM(DATETIME))
  CAPTURE("O-R43-8",    on_loaded, original_to,     ORIGINAL_TO)
  CAPTURE("O-R42-1",    on_loaded, is_report,       IS_REPORT)
  CAPTURE("O-R59",      on_loaded, reports,         REPORTS)
  CAPTURE("O-R59",      on_loaded, reports_len,     REPORTS_LEN)
  CAPTURE("O-R45-1 O-R45-2 O-R45-3", on_loaded, report_to, REPORT_TO)
  CAPTURE("O-R45-2",    on_loaded, report_for,      REPORT_FOR)
  CAPTURE("O-R45-1",    on_loaded, record_route,    CPIM_ADDRS(IMDN_RECORD_ROUTE))
  CAPTURE("O-R43-8",    on_loaded, report_id,       FRESH)
  CAPTURE("O-R43-4",    on_policy, seen_before,     ARG_NOW)
  CAPTURE("O-R50-1",    on_policy, peer_no_cpim,    ARG)
  CAPTURE("O-R50-1",    on_policy, peer_no_imdn,    ARG)
};

static const cpmi_row large_receive_rows[] = {
  /*  clauses               state      event            if                                    next        then */
  ROW("O-R57",              idle,      on_invite,       IF(encoded),                          ended,      HOLD(origin), REPLY(encoding_refused), DONE)
  ROW("O-R51",              ,          ,                IF(no_splits),                        ended,      HOLD(origin), REFUSE(400, none), DONE)
  ROW("O-R67",              ,          ,                IF(no_offers_media),                  ended,      HOLD(origin), REFUSE(488, none), DONE)
  ROW("O-R69",              ,          ,                IF(no_has_media),                     ended,      HOLD(origin), REFUSE(488, none), DONE)
  ROW("O-R69",              ,          ,                IF(no_offers_content),                ended,      HOLD(origin), REFUSE(488, none), DONE)
  ROW("1.s1 1.s2",          ,          ,                IF(no_fits_types),                    ended,      HOLD(origin), REFUSE(488, none), DONE)
  ROW("O-R69",              ,          ,                IF(too_big),                          ended,      HOLD(origin), REFUSE(488, none), DONE)
  ROW("1.s1 O-R70",         ,          ,                ALWAYS,                               asking,     HOLD(origin), ASK(incoming_policy))

  ROW("O-R70",              asking,    on_policy,       IF(no_may_use),                       ended,      REFUSE(603, none), DONE)
  ROW("3 4 O-R69 S1-5.1-p1.s4",        ,          ,                IF(we_connect),                       accepted,   REPLY(large_taken), START(ack))
  ROW("3 4 O-R29 S1-5.1-p1.s4",        ,          ,                ALWAYS,                               accepted,   REPLY(large_taken), LISTEN, START(ack))
  ROW("O-R33",              asking,    on_cancel,       ALWAYS,                               ended,      REFUSE(487, none), TELL(cancelled), DONE)
  ROW("O-R70",              asking,    cancel,          ALWAYS,                               ended,      REFUSE(603, none), TELL(cancelled), DONE)

  ROW("ack-1 ack-2",        accepted,  on_ack,          IF(we_connect, refreshes),               connecting, STOP(ack), CONNECT, START(linger), START_FOR(session, session_due))
  ROW("ack-1 ack-2",        ,          ,                IF(we_connect),                       connecting, STOP(ack), CONNECT, START(linger))
  ROW("ack-2 O-R29",        ,          ,                IF(refreshes),                        up,         STOP(ack), START(linger), START_FOR(session, session_due))
  ROW("ack-2 O-R29",        ,          ,                ALWAYS,                               up,         STOP(ack), START(linger))
  ROW("O-R32",              accepted,  timer_ack,       ALWAYS,                               ending,     SEND(bye_480), CLOSE, DROP(message), TELL(failed))
  /* the connection overtakes the ACK */
  ROW("O-R29",              accepted,  media_up,        ALWAYS,                               accepted,   NOTHING)
  ROW("O-R33",              accepted,  media_down,      ALWAYS,                               accepted,   NOTHING)
  ROW("O-R70",              connecting, media_up,       ALWAYS,                               up,         PUSH(bind_send), START(linger))
  ROW("O-R29",              up,        media_up,        ALWAYS,                               up,         NOTHING)
  ROW("O-R70",              up,        msrp_ok,         ALWAYS,                               up,         NOTHING)
  ROW("O-R70",              up,        msrp_fail,       ALWAYS,                               ending,     STOP(linger), SEND(bye_480), CLOSE, DROP(message), TELL(failed))

  ROW("msrp O-R71",         taking,    on_chunk,        IF(stray_chunk),                      stays,      ACCEPT(481))
  ROW("msrp O-R71",         ,          ,                IF(mistyped_chunk),                   stays,      ACCEPT(415))
  ROW("msrp O-R71",         ,          ,                IF(broken_chunk),                     stays,      ACCEPT(400))
  ROW("msrp O-R71 S1-5.1-p1.s7", ,     ,                IF(second_message),                   stays,      ACCEPT(403))
  ROW("msrp O-R37",         ,          ,                IF(excessive_chunk),                  stays,      ACCEPT(413))
  ROW("msrp O-R68",         ,          ,                IF(binding_chunk),                    stays,      ACCEPT(200))
  ROW("msrp O-R71",         ,          ,                IF(same_chunk),                       stays,      ACCEPT(200))
  ROW("msrp O-R71 S1-5.1-p1.s5", accepted, on_chunk,    IF(more_chunks),                      accepted,   ACCEPT(200), STORE(message), TELL(progress))
  ROW("msrp O-R71",         ,          ,                IF(aborted_chunk),                    quitting,   ACCEPT(200), CLOSE, DROP(message), TELL(failed))
  ROW("msrp O-R71",         ,          ,                IF(last_chunk, wants_success),        unacked,    ACCEPT(200), STORE(message), PUSH(success_report), TELL(progress))
  ROW("msrp O-R71",         ,          ,                IF(last_chunk),                       unacked,    ACCEPT(200), STORE(message), TELL(progress))
  ROW("msrp O-R71 S1-5.1-p1.s5", up,   on_chunk,        IF(more_chunks),                      up,         ACCEPT(200), STORE(message), START(linger), TELL(progress))
  ROW("msrp O-R71",         ,          ,                IF(aborted_chunk),                    ending,     ACCEPT(200), STOP(linger), SEND(bye_480), CLOSE, DROP(message), TELL(failed))
  ROW("msrp O-R71",         ,          ,                IF(last_chunk, wants_success),        complete,   ACCEPT(200), STORE(message), PUSH(success_report), START(linger), TELL(progress))
  ROW("msrp O-R71",         ,          ,                IF(last_chunk),                       complete,   ACCEPT(200), STORE(message), START(linger), TELL(progress))
  ROW("msrp O-R71",         up,        on_octets,       ALWAYS,                               up,         START(linger))
  ROW("msrp O-R71",         accepted,  on_octets,       ALWAYS,                               accepted,   NOTHING)
  ROW("msrp O-R71",         having,    on_octets,       ALWAYS,                               stays,      NOTHING)
  ROW("msrp O-R71",         having,    on_chunk,        IF(same_chunk),                       stays,      ACCEPT(200))
  ROW("msrp O-R68",         ,          ,                IF(binding_chunk),                    stays,      ACCEPT(200))
  ROW("msrp O-R71",         ,          ,                IF(stray_chunk),                      stays,      ACCEPT(481))
  ROW("msrp O-R71 S1-5.1-p1.s7", ,     ,                ALWAYS,                               stays,      ACCEPT(413))

  /* nothing came for long, or nothing more can come */
  ROW("O-R72",              media_open, timer_linger,   ALWAYS,                               ending,     SEND(bye_480), CLOSE, DROP(message), TELL(failed))
  ROW("O-R72",              media_open, media_down,     ALWAYS,                               ending,     STOP(linger), SEND(bye_480), CLOSE, DROP(message), TELL(failed))
  ROW("O-R86",              media_open, timer_session,  IF(no_we_refresh),                    ending,     STOP(linger), SEND(bye_480), CLOSE, DROP(message), TELL(failed))
  ROW("O-R86",              ,          ,                IF(no_takes_update),                  stays,      SEND(large_taken_again))
  ROW("O-R86",              media_open, reinvite_done,  IF(no_was_answered),                  ending,     STOP(linger), SEND(bye_480), CLOSE, DROP(message), TELL(failed))
  ROW("O-R86",              ,          ,                IF(dialog_gone),                      ending,     STOP(linger), SEND(bye_480), CLOSE, DROP(message), TELL(failed))
  ROW("O-R86",              having_session, on_reinvite, IF(reoffers, no_same_path),          stays,      HOLD(origin), REFUSE(488, none))
  ROW("O-R86",              ,          ,                IF(refreshes),                        stays,      HOLD(origin), REPLY(large_taken_again_200), START_FOR(session, session_due))
  ROW("O-R86",              ,          ,                ALWAYS,                               stays,      HOLD(origin), REPLY(large_taken_again_200), STOP(session))
  ROW("O-R86",              before_ack, on_reinvite,    ALWAYS,                               stays,      HOLD(origin), REFUSE(491, none))
  ROW("O-R72",              media_open, cancel,         ALWAYS,                               ending,     STOP(linger), SEND(bye), CLOSE, DROP(message), TELL(cancelled))
  ROW("O-R72",              media_open, on_bye,         ALWAYS,                               ended,      HOLD(origin), REPLY(ok), CLOSE, DROP(message), TELL(failed), DONE)
  ROW("O-R72",              accepted,  on_bye,          ALWAYS,                               ended,      HOLD(origin), REPLY(ok), CLOSE, DROP(message), TELL(failed), DONE)
  ROW("O-R72 O-R32",        accepted,  cancel,          ALWAYS,                               quitting,   CLOSE, DROP(message), TELL(cancelled))
  ROW("O-R32",              quitting,  on_ack,          ALWAYS,                               ending,     STOP(ack), SEND(bye))
  ROW("O-R32",              quitting,  timer_ack,       ALWAYS,                               ending,     SEND(bye))
  ROW("O-R33",              quitting,  on_bye,          ALWAYS,                               ended,      HOLD(origin), REPLY(ok), DONE)
  IGNORE("O-R33",           quitting,  cancel)
  ROW("O-R33",              ending,    bye_done,        ALWAYS,                               ended,      DONE)
  ROW("O-R32",              ending,    on_ack,          ALWAYS,                               ending,     NOTHING)
  ROW("O-R34",              ending,    on_bye,          ALWAYS,                               ending,     HOLD(origin), REPLY(ok))
  IGNORE("O-R33",           ending,    cancel)

  /* all of it is here: the session ends, then the message is read */
  ROW("O-R71",              unacked,   on_ack,          ALWAYS,                               complete,   STOP(ack), START(linger))
  ROW("O-R32 S1-5.1-p1.s8", unacked,   timer_ack,       ALWAYS,                               parting,    SEND(bye_200), CLOSE)
  ROW("O-R72",              unacked,   on_bye,          ALWAYS,                               loading,    HOLD(origin), REPLY(ok), STOP(ack), CLOSE, FETCH_HEAD(message))
  ROW("O-R72 S1-5.1-p1.s8", complete,  on_bye,          ALWAYS,                               loading,    HOLD(origin), REPLY(ok), STOP(linger), STOP(session), CLOSE, FETCH_HEAD(message))
  ROW("O-R72 S1-5.1-p1.s8", complete,  timer_linger,    ALWAYS,                               parting,    STOP(session), SEND(bye_200), CLOSE)
  ROW("O-R72",              complete,  timer_session,   ALWAYS,                               parting,    STOP(linger), SEND(bye_200), CLOSE)
  ROW("O-R33",              having,    media_down,      ALWAYS,                               stays,      NOTHING)
  ROW("O-R33",              having,    msrp_ok,         ALWAYS,                               stays,      NOTHING)
  ROW("O-R33",              having,    msrp_fail,       ALWAYS,                               stays,      NOTHING)
  ROW("O-R72",              parting,   bye_done,        ALWAYS,                               loading,    FETCH_HEAD(message))
  ROW("O-R32",              parting,   on_ack,          ALWAYS,                               parting,    NOTHING)
  ROW("O-R34",              parting,   on_bye,          ALWAYS,                               parting,    HOLD(origin), REPLY(ok))
  IGNORE("O-R72",           having,    cancel)
  IGNORE("O-R72",           parting,   cancel)
  IGNORE("O-R72",           reading,   cancel)
  IGNORE("O-R72",           reading,   online)
  IGNORE("O-R72",           coming,    online)

  ROW("O-R59",              loading,   on_loaded,       IF(reports_behind, no_long_reports, no_asked_for_all), loading, ADD(loads), FETCH(message, reports_len))
  ROW("O-R59",              ,          ,                IF(reports_behind),                   ended,      TELL(report_unread), DONE)
  ROW("O-R71 O-R43-2",      ,          ,                IF(no_reads_cpim),                    ended,      TELL(unreadable), DONE)
  ROW("O-R71 O-R43-1",      ,          ,                IF(no_takes_type, wants_failed, no_bare, no_silent, reportable), reporting,
      MARK(reported, failed), TELL(unreadable), SEND(report_message))
  ROW("O-R71 O-R43-1",      ,          ,                IF(no_takes_type),                    ended,      TELL(unreadable), DONE)
  ROW("O-R43-6 O-R42-1",    ,          ,                IF(a_report, has_reports),            sorting,    SPLIT(report))
  ROW("O-R43-6 O-R42-1 O-R59", ,       ,                IF(a_report),                         ended,      TELL(report_unread), DONE)
  ROW("O-R43-4",            ,          ,                IF(has_message_id),                   checking,   ASK(seen_before))
  ROW("O-R43-6 O-R43-7",    ,          ,                ALWAYS,                               ended,      TELL(received), DONE)
  ROW("O-R43-4 O-R42-3",    checking,  on_policy,       IF(shown_before),                     ended,      DROP(message), DONE)
  ROW("O-R43-6 O-R43-7 O-R43-8", ,     ,                IF(wants_delivered, reports_on, no_bare, no_silent, reportable), reporting,
      MARK(reported, delivered), TELL(received), STORE(ticket), SEND(report_message))
  ROW("O-R43-6 O-R43-7 O-R45-3", ,     ,                IF(wants_delivered, reports_on, no_bare, no_silent), ended, TELL(received), TELL(not_reported), DONE)
  ROW("O-R43-6 O-R43-7 O-R45-3", ,     ,                IF(wants_display, displays_on, no_bare, no_silent, no_reportable), ended,
      TELL(received), TELL(not_reported), DONE)
  ROW("O-R43-6 O-R43-7 O-R44-1", ,     ,                IF(wants_report),                     ended,      TELL(received), STORE(ticket), DONE)
  ROW("O-R43-6 O-R43-7",    ,          ,                ALWAYS,                               ended,      TELL(received), DONE)
};

static const cpmi_line large_taken_lines[] = {
  /*    clauses            level   field                 if                             value */
  FIELD("2 3",             SHALL,  CONTACT,              ALWAYS,                        CONTACT(LARGEMSG))
  FIELD("3.a",             SHALL,  USER_AGENT,           ALWAYS,                        OF_AGENT(user_agent))
  FIELD("O-R38",           SHALL,  SERVER,               ALWAYS,                        OF_AGENT(server))
  FIELD("3.b",             SHOULD, ALLOW,                ALWAYS,                        LIT("INVITE, ACK, CANCEL, BYE, UPDATE, MESSAGE"))
  FIELD("3.c",             SHALL,  P_PREFERRED_IDENTITY, ALWAYS,                        ADDR_OF_AGENT(address))
  TIMER_IN_ANSWER
  BODY("3.d",              SHALL,                        ALWAYS,                        RECIPE(large_taken_answer))
};
RESPONSE(large_taken, 200, large_taken_lines)

static const cpmi_line large_taken_answer_lines[] = {
  SDP("3.d.2",             SHALL,  ACCEPT_TYPES,         ALWAYS,                        LIT("message/cpim"))
  SDP("O-R69",             SHALL,  ACCEPT_WRAPPED_TYPES, ALWAYS,                        TYPES_OF(accept_wrapped, "*"))
  SDP("O-R69",             SHOULD, MAX_SIZE,             ALWAYS,                        NUMBER(media_limit, ""))
  SDP("3.d O-R67",         SHALL,  PATH,                 ALWAYS,                        OWN_PATH)
  SDP("3.d.1",             SHALL,  DIRECTION,            ALWAYS,                        LIT("recvonly"))
  SDP("O-R69 O-R29",       SHALL,  SETUP,                IF(we_connect),                LIT("active"))
  SDP("O-R69 O-R29",       SHALL,  SETUP,                IF(they_connect),              LIT("passive"))
  SDP("O-R69",             SHALL,  MSRP_CEMA,            IF(has_cema),                  LIT(""))
  SDP("O-R67",             SHALL,  FINGERPRINT,          IF(over_tls),                  OF_AGENT(fingerprint))
};
SDP_ANSWER(large_taken_answer, large_taken_answer_lines)

/* The session as it is, in an INVITE that refreshes it and in the answer to one. */
static const cpmi_line large_taken_again_lines[] = {
  FIELD("O-R86",           SHALL,  CONTACT,              ALWAYS,                        CONTACT(LARGEMSG))
  TIMER_IN_REQUEST
  FIELD("O-R38",           SHALL,  USER_AGENT,           ALWAYS,                        OF_AGENT(user_agent))
  BODY("O-R86",            SHALL,                        ALWAYS,                        RECIPE(large_taken_answer))
};
IN_DIALOG(large_taken_again, INVITE, large_taken_again_lines)

static const cpmi_line large_taken_again_200_lines[] = {
  FIELD("O-R86",           SHALL,  CONTACT,              ALWAYS,                        CONTACT(LARGEMSG))
  TIMER_IN_ANSWER
  FIELD("O-R38",           SHALL,  SERVER,               ALWAYS,                        OF_AGENT(server))
  BODY("O-R86",            SHALL,                        IF(reinvites),                 RECIPE(large_taken_answer))
  BODY("O-R86",            SHALL,                        IF(no_reinvites, reoffers),    RECIPE(large_taken_answer))
};
RESPONSE(large_taken_again_200, 200, large_taken_again_200_lines)

static const cpmi_line success_report_lines[] = {
  MSRP("msrp",             SHALL,  TO_PATH,              ALWAYS,                        CTX(path))
  MSRP("msrp",             SHALL,  FROM_PATH,            ALWAYS,                        OWN_PATH)
  MSRP("msrp",             SHALL,  MESSAGE_ID,           ALWAYS,                        CTX(chunk_message_id))
  MSRP("msrp",             SHALL,  BYTE_RANGE,           ALWAYS,                        ALL_OF(received))
};
MSRP_REPORT(success_report, success_report_lines)
#undef SPEC

static const uint8_t large_receive_fields[] = {
  F(origin), F(body_encoding), F(body_ok), F(sender), F(referred_by), F(conversation_id), F(contribution_id), F(list), F(media_ok),
  F(media_line), F(offer), F(direction), F(types_fit), F(size), F(answers_setup), F(path), F(peer_address), F(peer_port), F(peer_cema),
  F(peer_secure), F(peer_fingerprint), F(session_interval), F(session_due), F(we_refresh),
  F(peer_updates), F(reinvites), F(offered_path), F(described), F(session_id), F(authorised), F(bind_id),
  F(chunk_message_id), F(success_report), F(chunk_is), F(chunk_type), F(arrived), F(received), F(type_ok), F(cpim_ok), F(message_id),
  F(content), F(content_type), F(content_transfer_encoding), F(report), F(sent_at), F(sent_at_text), F(original_to), F(is_report),
  F(reports), F(reports_len), F(loads), F(report_to), F(report_for), F(record_route), F(report_id), F(reported), F(seen_before), F(peer_no_cpim), F(peer_no_imdn),
  F(status), F(takes_cpim),
};
/* of a notification */
static const uint8_t large_receive_leg_fields[] = {
  F(document), F(reported_id), F(recipient), F(claimed), F(original_recipient), F(disposition), F(legacy), F(taken_before), F(sent_by_us), F(reached),
};
static const uint8_t large_receive_leg_states[] = { LEG_STATE(idle), LEG_STATE(asking), LEG_STATE(ended) };
static const uint8_t large_receive_leg_kinds[] = { LEG_KIND(report) };

static const cpmi_part large_receive_part = {
  .call = ROWS(large_receive_rows), .captures = ROWS(large_receive_captures),
};

const cpm_machine cpmi_machine_large_receive = {
  .name = "client/large-receive", .role = CPM_ROLE_CLIENT, .init = CPMI_STATE_idle, .leg_init = CPMI_STATE_idle,
  .parts = { &large_receive_part, &cpmi_part_refresh, &cpmi_part_disposition_sent, &cpmi_part_disposition_received },
  .fields = NAMES(large_receive_fields), .leg_fields = NAMES(large_receive_leg_fields),
  .leg_states = NAMES(large_receive_leg_states), .leg_kinds = NAMES(large_receive_leg_kinds),
};
