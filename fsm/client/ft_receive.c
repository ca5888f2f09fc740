/* SPDX-License-Identifier: MIT */
/* client/ft-receive: a file transfer that the other side starts (S2 7.4.2): files that it offers, and files that it wants of us. The same
 * answers one that is taken up again after a cut (client/ft-resume-respond, S2 7.4.5.2). A leg is a file: part ft_media. */
#include "session_timer.h"

#define SPEC "S2-7.4.2-"

static const cpmi_capture ft_receive_captures[] = {
  CAPTURE("O-R57",      on_invite, body_encoding,   BODY_ENCODING)
  CAPTURE("O-R51",      on_invite, body_ok,         BODY_OK)
  CAPTURE("1.sender S1-6.2-p1.s1 S1-6.2-p2.s1", on_invite, sender, URI(P_ASSERTED_IDENTITY))
  CAPTURE("1.sender",   on_invite, referred_by,     URI(REFERRED_BY))
  CAPTURE("O-R97",      on_invite, conversation_id, VALUE(CONVERSATION_ID))
  CAPTURE("O-R97",      on_invite, contribution_id, VALUE(CONTRIBUTION_ID))
  CAPTURE("O-R97",      on_invite, list,            LIST)
  CAPTURE("3.inspect",  on_invite, files_ok,        SDP(files))
  CAPTURE("O-R67",      on_invite, session_id,      FRESH)
  CAPTURE("O-R75",      on_invite, described,       NOW)
  CAPTURE("O-R86",      on_invite, session_interval, INTERVAL)
  CAPTURE("O-R86",      on_invite, we_refresh,      REFRESHES)
  CAPTURE("O-R86",      on_invite, session_due,     DUE)
  CAPTURE("O-R86",      on_invite, peer_updates,    ALLOWS(UPDATE))
  CAPTURE("S2-7.4.5.1-1.a", on_invite, peer_device, INSTANCE(CONTACT))
  CAPTURE("6.check",    on_invite, message_id,      CPIM(MESSAGE_ID))
  CAPTURE("6.check",    on_invite, report,          CPIM_REPORT)
  CAPTURE("O-R43-8",    on_invite, sent_at_text,    CPIM(DATETIME))
  CAPTURE("O-R43-8",    on_invite, original_to,     ORIGINAL_TO)
  CAPTURE("O-R45-1 O-R45-2 O-R45-3", on_invite, report_to, REPORT_TO)
  CAPTURE("O-R45-2",    on_invite, report_for,      REPORT_FOR)
  CAPTURE("O-R45-1",    on_invite, record_route,    CPIM_ADDRS(IMDN_RECORD_ROUTE))
  LEG_CAPTURE("2.a 2.b", on_policy, authorised,     ARG_NOW)
  LEG_CAPTURE("S2-7.4.5.2-3.ii.unknown S2-7.4.5.2-3.ii.changed", on_policy, file_is, ARG_NOW)
  LEG_CAPTURE("2.b",    on_policy, payload,         ARG)
  LEG_CAPTURE("O-R97",  on_policy, file_type,       ARG)
  LEG_CAPTURE("O-R97",  on_policy, size,            LENGTH_OF(payload))
  LEG_CAPTURE("O-R97",  on_policy, until,           LENGTH_OF(payload))
  LEG_CAPTURE("6.send", media_up,  report_id,       FRESH)
  LEG_CAPTURE("O-R50-1", on_policy, peer_no_cpim,   ARG)
  LEG_CAPTURE("O-R50-1", on_policy, peer_no_imdn,   ARG)
  LEG_CAPTURE("O-R50-1", message_fail, takes_cpim,  ACCEPTS(cpim_type))
};

static const cpmi_row ft_receive_rows[] = {
  /*  clauses               state      event            if                                    next        then */
  ROW("O-R57",              idle,      on_invite,       IF(encoded),                          ended,      HOLD(origin), REPLY(encoding_refused), DONE)
  ROW("O-R51",              ,          ,                IF(no_splits),                        ended,      HOLD(origin), REFUSE(400, none), DONE)
  ROW("O-R67",              ,          ,                IF(no_offers_files),                  ended,      HOLD(origin), REFUSE(488, none), DONE)
  ROW("p1 3.inspect S2-7.4.5.2-p1", ,  ,                ALWAYS,                               asking,     HOLD(origin), OFFERED)

  /* each file has its answer: the last one answers the INVITE */
  ROW("2.a 2.b",            asking,    leg_answered,    IF(no_none_asked),                    asking,     NOTHING)
  ROW("4.200 S2-7.4.5.2-1.200 S2-7.4.5.2-2.recv", , ,   IF(no_none_taken),                    accepted,   EACH(do_answer), REPLY(file_taken), START(ack))
  ROW("S2-7.4.5.2-3.i S2-7.4.5.2-3.ii.unknown S2-7.4.5.2-3.ii.changed", , , IF(no_none_strange), ended, REFUSE(488, none), DONE)
  ROW("4.603 O-R37",        ,          ,                ALWAYS,                               ended,      REFUSE(603, none), DONE)
  ROW("2.a 2.b",            asking,    leg_over,        ALWAYS,                               asking,     NOTHING)
  ROW("O-R33",              asking,    on_cancel,       ALWAYS,                               ended,      REFUSE(487, none), TELL(cancelled), DONE)
  ROW("4.603",              asking,    cancel,          ALWAYS,                               ended,      REFUSE(603, none), TELL(cancelled), DONE)

  ROW("O-R75",              accepted,  on_ack,          IF(none_live),                        ending,     STOP(ack), SEND(bye))
  ROW("5 O-R86",            ,          ,                IF(refreshes),                        active,     STOP(ack), EACH(go), START(reoffer), START_FOR(session, session_due))
  ROW("5",                  ,          ,                ALWAYS,                               active,     STOP(ack), EACH(go), START(reoffer))
  ROW("O-R33",              accepted,  leg_over,        ALWAYS,                               accepted,   NOTHING)
  ROW("O-R26-1",            accepted,  timer_ack,       ALWAYS,                               ending,     SEND(bye), EACH(do_bye), TELL(failed))
  ROW("O-R33",              accepted,  on_bye,          IF(no_none_to_settle),                winding,    HOLD(origin), EACH(do_flush), REPLY(ok), STOP(ack), TELL(session_over))
  ROW("O-R33",              ,          ,                ALWAYS,                               ended,      HOLD(origin), EACH(do_flush), REPLY(ok), TELL(session_over), DONE)
  ROW("O-R32-1",            accepted,  cancel,          ALWAYS,                               leaving,    EACH(do_bye), TELL(cancelled))
  ROW("O-R86",              accepted,  on_reinvite,     ALWAYS,                               accepted,   HOLD(origin), REFUSE(491, none))

  /* the session is over, and of files that have come it is still to be said */
  ROW("6.send",             running,   on_bye,          IF(no_none_to_settle),                winding,    HOLD(origin), EACH(do_flush), REPLY(ok), STOP(session), STOP(reoffer), STOP(ack), TELL(session_over))
  ROW("6.send",             ending,    bye_done,        IF(no_none_to_settle),                winding,    STOP(session), STOP(reoffer))
  ROW("6.send",             leaving,   on_bye,          IF(no_none_to_settle),                winding,    HOLD(origin), REPLY(ok), STOP(session), STOP(reoffer), STOP(ack))
  ROW("6.send",             ending,    leg_over,        ALWAYS,                               ending,     NOTHING)
  ROW("6.send",             leaving,   leg_over,        ALWAYS,                               leaving,    NOTHING)
  ROW("6.send",             winding,   leg_over,        IF(none_live),                        ended,      DONE)
  ROW("6.send",             ,          ,                ALWAYS,                               winding,    NOTHING)
  IGNORE("O-R33",           winding,   cancel)
  IGNORE("2.a 2.b",         any,       leg_answered)
};

static const cpmi_row ft_receive_leg_rows[] = {
  ROW("O-R67 3.inspect",    idle,      go,              IF(no_offers_media),                  refused,    NOTHING)
  ROW("1.file 1.sender 2.a 2.b 3.inspect", , ,          ALWAYS,                               asking,     ASK(file_wanted))
  ROW("S2-7.4.5.2-3.i",     asking,    on_policy,       IF(ranged, no_resumes_on),            strange,    RAISE(leg_answered))
  ROW("S2-7.4.5.2-3.ii.unknown", ,     ,                IF(ranged, no_file_known, no_file_changed), strange, RAISE(leg_answered))
  ROW("S2-7.4.5.2-3.ii.changed", ,     ,                IF(ranged, file_changed),             strange,    RAISE(leg_answered))
  ROW("2.a 2.b",            ,          ,                IF(no_may_use),                       refused,    RAISE(leg_answered))
  ROW("3.size O-R37",       ,          ,                IF(leg_pull, too_big),                refused,    RAISE(leg_answered))
  ROW("O-R97",              ,          ,                IF(leg_push, no_has_payload),         refused,    RAISE(leg_answered))
  ROW("O-R97",              ,          ,                IF(leg_push, no_has_file_type),       refused,    RAISE(leg_answered))
  ROW("2.a 2.b",            ,          ,                ALWAYS,                               offered,    RAISE(leg_answered))
  ROW("2.a 2.b",            asking,    cancel,          ALWAYS,                               refused,    RAISE(leg_answered))
  ROW("5 O-R15",            offered,   do_answer,       IF(answer_active),                    connecting, LISTEN)
  ROW("5 O-R15",            offered,   go,              ALWAYS,                               connecting, CONNECT)
  ROW("O-R33",              offered,   do_flush,        ALWAYS,                               ended,      NOTHING)

  /* who asked for the rest of a file closes it */
  ROW("S2-7.4.5.1-6 O-R23 O-R73", up,  msrp_ok,         IF(leg_push, ranged, no_to_ack),      proving,    STOP(response), START(linger), TELL(progress), TELL(accepted), CLOSE)

  /* a file that has come is closed: is it what was offered, and who wants to know? */
  ROW("6.check O-R98",      whole,     timer_linger,    ALWAYS,                               checking,   CLOSE, ASK(file_intact))
  ROW("6.check O-R98",      whole,     cancel,          ALWAYS,                               checking,   STOP(linger), CLOSE, ASK(file_intact))
  ROW("6.check O-R98",      whole,     do_flush,        ALWAYS,                               checking,   STOP(linger), CLOSE, ASK(file_intact))
  ROW("6.check O-R98",      whole,     do_bye,          ALWAYS,                               checking,   STOP(linger), CLOSE, ASK(file_intact))
  ROW("6.check O-R98",      whole,     do_part,         IF(no_line_open),                     checking,   STOP(linger), CLOSE, ASK(file_intact))
  ROW("O-R98",              checking,  on_policy,       IF(file_changed),                     ended,      TELL(file_damaged), RAISE(leg_over))
  ROW("6.check O-R43-4",    ,          ,                IF(no_has_message_id),                ended,      RAISE(leg_over))
  ROW("6.check 6.send S2-7.4.5.2-2.imdn O-R43-8", , ,   IF(wants_delivered, reports_on, no_bare, no_silent, reportable), reporting,
      MARK(reported, delivered), STORE(ticket), SEND(report_message))
  ROW("6.check O-R45-3",    ,          ,                IF(wants_delivered, reports_on, no_bare, no_silent), ended, TELL(not_reported), RAISE(leg_over))
  ROW("6.check O-R45-3",    ,          ,                IF(wants_display, displays_on, no_bare, no_silent, no_reportable), ended,
      TELL(not_reported), RAISE(leg_over))
  ROW("6.check O-R44-1",    ,          ,                IF(wants_report),                     ended,      STORE(ticket), RAISE(leg_over))
  ROW("6.check",            ,          ,                ALWAYS,                               ended,      RAISE(leg_over))
  ROW("6.send",             reporting, message_ok,      ALWAYS,                               ended,      TELL(reported), RAISE(leg_over))
  ROW("O-R50-1",            reporting, message_fail,    IF(cpim_refused, no_cpim_taken),      ended,      TELL(no_cpim), TELL(not_reported), RAISE(leg_over))
  ROW("O-R33",              ,          ,                ALWAYS,                               ended,      TELL(not_reported), RAISE(leg_over))
  ROW("O-R44-4",            reporting, message_timeout, ALWAYS,                               kept,       TELL(report_kept))
  ROW("O-R33",              reporting, message_1xx,     ALWAYS,                               reporting,  NOTHING)
  ROW("O-R44-4",            kept,      online,          ALWAYS,                               reporting,  SEND(report_message))
  ROW("O-R33",              kept,      cancel,          ALWAYS,                               ended,      RAISE(leg_over))
  IGNORE("O-R98",           checking,  cancel)
  IGNORE("O-R33",           reporting, cancel)
};

static const cpmi_line file_taken_lines[] = {
  /*    clauses            level   field                 if                             value */
  FIELD("4.200 S2-7.4.5.2-1.dev O-R46", SHALL, CONTACT,  ALWAYS,                        CONTACT(FILETRANSFER))
  FIELD("O-R38",           SHALL,  SERVER,               ALWAYS,                        OF_AGENT(server))
  FIELD("O-R86",           SHOULD, ALLOW,                ALWAYS,                        LIT("INVITE, ACK, CANCEL, BYE, UPDATE, MESSAGE"))
  FIELD("O-R97",           SHALL,  P_PREFERRED_IDENTITY, ALWAYS,                        ADDR_OF_AGENT(address))
  TIMER_IN_ANSWER
  BODY("4.200 S2-7.4.5.2-1.200", SHALL,                  ALWAYS,                        RECIPE(file_taken_answer))
};
RESPONSE(file_taken, 200, file_taken_lines)

/* An m line for each of theirs; one that is refused has port 0 and nothing more. */
static const cpmi_line file_taken_answer_lines[] = {
  SDP("O-R97",             SHALL,  ACCEPT_TYPES,         IF(has_file_type),             CTX(file_type))
  SDP("O-R97",             SHALL,  ACCEPT_TYPES,         IF(no_has_file_type),          LIT("*"))
  SDP("3.size",            SHALL,  MAX_SIZE,             IF(leg_pull),                  NUMBER(media_limit, ""))
  SDP("5 O-R67",           SHALL,  PATH,                 ALWAYS,                        OWN_PATH)
  SDP("4.200",             SHALL,  DIRECTION,            IF(leg_push),                  LIT("sendonly"))
  SDP("4.200",             SHALL,  DIRECTION,            IF(leg_pull),                  LIT("recvonly"))
  SDP("4.200 S2-7.4.5.2-1.200", SHALL, FILE_SELECTOR,    IF(names_file),                CTX(file_selector))
  SDP("4.200",             MAY,    FILE_TRANSFER_ID,     ALWAYS,                        CTX(file_transfer_id))
  SDP("4.200",             MAY,    FILE_DISPOSITION,     ALWAYS,                        CTX(file_disposition))
  SDP("S2-7.4.5.2-2.range O-R73", SHALL, FILE_RANGE,     IF(ranged),                    SPAN)
  SDP("O-R15",             SHALL,  SETUP,                IF(says_setup, answer_passive), LIT("active"))
  SDP("O-R15",             SHALL,  SETUP,                IF(says_setup, answer_active), LIT("passive"))
  SDP("O-R67",             SHALL,  MSRP_CEMA,            IF(has_cema),                  LIT(""))
  SDP("O-R67",             SHALL,  FINGERPRINT,          IF(over_tls),                  OF_AGENT(fingerprint))
};
FILES_BODY(file_taken_answer, file_taken_answer_lines)
#undef SPEC

static const uint8_t ft_receive_fields[] = {
  F(origin), F(body_encoding), F(body_ok), F(sender), F(referred_by), F(conversation_id), F(contribution_id), F(list), F(files_ok),
  F(session_id), F(described), F(versions), F(session_interval), F(session_due), F(we_refresh), F(peer_updates), F(peer_device),
  F(message_id), F(report), F(sent_at_text), F(original_to), F(report_to), F(report_for), F(record_route), F(reported),
  F(success_report), F(resumes), F(reinvites), F(described_anew), F(status), F(lines), F(lines_fit),
};
static const uint8_t ft_receive_leg_fields[] = {
  F(file_selector), F(file_type), F(file_transfer_id), F(file_disposition), F(file_date), F(file_icon), F(range_start), F(until), F(size),
  F(payload), F(media_ok), F(setup), F(setup_said), F(path), F(peer_address), F(peer_port), F(peer_cema), F(peer_secure), F(peer_fingerprint),
  F(pushed), F(acked), F(received), F(arrived), F(chunk_is), F(received_id), F(report_asked), F(proved), F(msrp_status), F(bind_id), F(chunk_message_id),
  F(m_line), F(authorised), F(file_is), F(report_id), F(peer_no_cpim), F(peer_no_imdn), F(takes_cpim),
};
static const uint8_t ft_receive_leg_states[] = {
  LEG_STATE(idle), LEG_STATE(asking), LEG_STATE(offered), LEG_STATE(connecting), LEG_STATE(binding), LEG_STATE(up), LEG_STATE(proving),
  LEG_STATE(whole), LEG_STATE(checking), LEG_STATE(reporting), LEG_STATE(kept), LEG_STATE(refused), LEG_STATE(strange), LEG_STATE(ended),
};
static const uint8_t ft_receive_leg_kinds[] = { LEG_KIND(push), LEG_KIND(pull) };

static const cpmi_part ft_receive_part = {
  .call = ROWS(ft_receive_rows), .leg = ROWS(ft_receive_leg_rows), .captures = ROWS(ft_receive_captures),
};

const cpm_machine cpmi_machine_ft_receive = {
  .name = "client/ft-receive", .role = CPM_ROLE_CLIENT, .init = CPMI_STATE_idle, .leg_init = CPMI_STATE_idle,
  .parts = { &ft_receive_part, &cpmi_part_ft_session, &cpmi_part_ft_media }, .fields = NAMES(ft_receive_fields),
  .leg_fields = NAMES(ft_receive_leg_fields), .leg_states = NAMES(ft_receive_leg_states), .leg_kinds = NAMES(ft_receive_leg_kinds),
};
