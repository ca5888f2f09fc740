/* SPDX-License-Identifier: MIT */
/* client/ft-send: a file transfer that we start, push and pull, of one file or of many (S0 7.6.1 with 7.3.1, 7.4.2 and 7.4.3), its release
 * (S0 7.6.1-5, S2 7.4.3), and the same taken up again after a cut (S2 7.4.5.1). A leg is a file: part ft_media. */
#include "session_timer.h"

#define SPEC "S0-7.6.1-"

static const cpmi_capture ft_send_captures[] = {
  CAPTURE("1.s1 1.s2 1.s3",        send, target,          ARG)
  CAPTURE("S0-7.3.1-10 S0-7.4.3-1.a", send, to,           ARG)
  CAPTURE("S0-7.3.1-2",            send, from,            ARG)
  CAPTURE("S0-7.3.1-7",            send, anonymous,       ARG)
  CAPTURE("S0-7.4.2-4",            send, members,         MEMBERS)
  CAPTURE("S0-7.4.2-5.s1",         send, recipients,      RECIPIENTS)
  CAPTURE("O-R74",                 send, in_reply_to,     ARG)
  CAPTURE("O-R74",                 send, conversation_id, ARG)
  CAPTURE("O-R74",                 send, conversation_id, FRESH)
  CAPTURE("O-R74",                 send, contribution_id, FRESH)
  CAPTURE("O-R74",                 send, message_id,      FRESH)
  CAPTURE("O-R74",                 send, composed_at,     NOW)
  CAPTURE("O-R74",                 send, report,          ARG)
  CAPTURE("O-R50-1",               send, peer_no_cpim,    ARG)
  CAPTURE("O-R50-1",               send, peer_no_imdn,    ARG)
  CAPTURE("3",                     send, session_id,      FRESH)
  CAPTURE("O-R75",                 send, described,       NOW)
  CAPTURE("5.s2",                  send, success_report,  ARG)
  CAPTURE("S2-7.4.5-p2",           send, resumes,         ARG)
  CAPTURE("S2-7.4.5.1-1.a S2-7.4.5.1-2.a", send, peer_device, ARG)
  CAPTURE("S2-7.4.5.1-2.a",        invite_ok,      peer_device, INSTANCE(CONTACT))
  CAPTURE("O-R76",                 invite_ok,      media_ok, SDP(usable))
  CAPTURE("S0-7.3.1-200-3",        invite_ok,      session_interval, INTERVAL)
  CAPTURE("S0-7.3.1-200-3 O-R86",  invite_ok,      we_refresh,   REFRESHES)
  CAPTURE("S0-7.3.1-200-3 O-R86",  invite_ok,      session_due,  DUE)
  CAPTURE("S0-7.3.1-200-1",        invite_ok,      peer_updates, ALLOWS(UPDATE))
  CAPTURE("O-R33",                 invite_ok,      status, STATUS)
  CAPTURE("O-R33",                 invite_fail,    status, STATUS)
  CAPTURE("O-R33",                 invite_timeout, status, STATUS)
};

static const cpmi_row ft_send_rows[] = {
  /*  clauses                   state       event           if                           next        then */
  ROW("S0-7.4.2-5.s1 S0-7.4.2-5.s2 S0-7.4.2-5.s3",
                                idle,       send,           IF(to_adhoc, too_many),      ended,      TELL(too_many), DONE)
  ROW("O-R50-1",                ,           ,               IF(wants_report, silent),    inviting,   FILES, SEND(file_invite), TELL(not_asked))
  ROW("1.s1 1.s2 1.s3 4 S0-7.3.1-p1 S0-7.3.1-12 S0-7.4.2-1 S0-7.4.2-7 S0-7.4.3-1 S0-7.4.3-2 S2-7.4.5-p2 S2-7.4.5.1-p1",
                                ,           ,               ALWAYS,                      inviting,   FILES, SEND(file_invite))
  ROW("O-R33",                  inviting,   invite_1xx,     ALWAYS,                      inviting,   NOTHING)
  ROW("O-R76",                  inviting,   invite_ok,      IF(no_offers_media),         ending,     SEND(ack), SEND(bye_480), EACH(do_bye), TELL(failed))
  ROW("S0-7.3.1-200-3 S0-7.3.1-200-4 S0-7.4.2-200-2 S0-7.4.3-200-2 4 S2-7.4.5.1-5.media",
                                ,           ,               IF(refreshes),               active,     SEND(ack), START_FOR(session, session_due), START(reoffer), MATCH(go))
  ROW("S0-7.3.1-200-4 S0-7.4.2-200-2 S0-7.4.3-200-2 4 S2-7.4.5.1-5.media",
                                ,           ,               ALWAYS,                      active,     SEND(ack), START(reoffer), MATCH(go))
  ROW("O-R33",                  inviting,   invite_fail,    ALWAYS,                      ended,      TELL(failed), DONE)
  ROW("O-R33",                  inviting,   invite_timeout, ALWAYS,                      ended,      TELL(failed), DONE)
  ROW("O-R33",                  inviting,   cancel,         ALWAYS,                      cancelling, SEND(cancel))
  ROW("O-R75",                  inviting,   leg_over,       IF(none_live),               cancelling, SEND(cancel))
  ROW("O-R75",                  ,           ,               ALWAYS,                      inviting,   NOTHING)

  ROW("O-R33",                  cancelling, invite_1xx,     ALWAYS,                      cancelling, NOTHING)
  ROW("O-R32-1",                cancelling, invite_ok,      ALWAYS,                      ending,     SEND(ack), SEND(bye), EACH(do_bye), TELL(cancelled))
  ROW("O-R33",                  cancelling, invite_fail,    ALWAYS,                      ended,      TELL(cancelled), DONE)
  ROW("O-R33",                  cancelling, invite_timeout, ALWAYS,                      ended,      TELL(cancelled), DONE)
  IGNORE("O-R33",               cancelling, cancel)
  ROW("O-R33",                  cancelling, leg_over,       ALWAYS,                      cancelling, NOTHING)

};

static const cpmi_row ft_send_leg_rows[] = {
  ROW("4",                      idle,       go,             ALWAYS,                      offered,    NOTHING)
  ROW("O-R76",                  offered,    go,             IF(no_offers_media),         refused,    TELL(refused))
  ROW("4 S2-7.4.5.1-5.media",   ,           ,               IF(answer_passive),          connecting, CONNECT)
  ROW("4 S2-7.4.5.1-5.media",   ,           ,               ALWAYS,                      connecting, LISTEN)
  ROW("O-R76",                  whole,      timer_linger,   ALWAYS,                      ended,      CLOSE, RAISE(leg_over))
  ROW("O-R76",                  whole,      cancel,         ALWAYS,                      ended,      STOP(linger), CLOSE, RAISE(leg_over))
};

/* ---- a session that carries files, whoever began it ----------------------------------------------------------------- */

static const cpmi_capture ft_session_captures[] = {
  CAPTURE("O-R75",                 reinvite_done,  status, STATUS)
  CAPTURE("O-R86",                 reinvite_done,  session_interval, INTERVAL)
  CAPTURE("O-R86",                 reinvite_done,  we_refresh,   REFRESHES)
  CAPTURE("O-R86",                 reinvite_done,  session_due,  DUE)
  CAPTURE("O-R86",                 on_reinvite,    session_interval, INTERVAL)
  CAPTURE("O-R86",                 on_reinvite,    we_refresh,   REFRESHES)
  CAPTURE("O-R86",                 on_reinvite,    session_due,  DUE)
  CAPTURE("O-R86",                 on_reinvite,    reinvites,    METHOD(INVITE))
  CAPTURE("5.s3",                  on_reinvite,    lines,        SDP(ports))
  CAPTURE("O-R75",                 on_reinvite,    described_anew, SDP(there))
  CAPTURE("O-R75",                 on_reinvite,    lines_fit,    SDP(fits))
};

static const cpmi_row ft_session_rows[] = {
  /* a file is through: the last one takes the session with it */
  ROW("S2-7.4.5.1-6 O-R23 O-R73", settled, leg_over, IF(none_live, resuming, no_none_fetched), stays, START(reoffer))
  ROW("S2-7.4.3-p1 S2-7.4.5.1-6 O-R23", ,   ,               IF(none_live),               ending,     SEND(bye))
  ROW("5.s3 O-R75",             running,    leg_over,       ALWAYS,                      stays,      START(reoffer))
  ROW("S2-7.4.5.1-6 O-R75",     active,     timer_reoffer,  IF(none_live),               ending,     SEND(bye))
  ROW("5.s3 O-R75",             ,           ,               IF(no_none_ended),           changing,   ADD(versions), SEND(file_reinvite))
  ROW("O-R75",                  ,           ,               ALWAYS,                      active,     NOTHING)
  ROW("O-R75",                  midway,     timer_reoffer,  ALWAYS,                      stays,      START(reoffer))

  /* the session is kept alive */
  ROW("O-R86",                  settled,    timer_session,  IF(no_we_refresh),           ending,     SEND(bye), EACH(do_bye), TELL(failed))
  ROW("O-R86",                  active,     timer_session,  IF(takes_update),            changing,   SEND(refresh))
  ROW("O-R86",                  ,           ,               ALWAYS,                      changing,   ADD(versions), SEND(file_reinvite))
  ROW("O-R86",                  changing,   timer_session,  ALWAYS,                      changing,   NOTHING)
  ROW("O-R86",                  changing,   reinvite_done,  IF(dialog_gone),             ending,     SEND(bye), EACH(do_bye), TELL(failed))
  ROW("O-R86",                  ,           ,               IF(no_was_answered),         ending,     SEND(bye), EACH(do_bye), TELL(failed))
  ROW("O-R75",                  ,           ,               IF(glare, refreshes),        active,     START(reoffer), START_FOR(session, session_due))
  ROW("O-R75",                  ,           ,               IF(glare),                   active,     START(reoffer))
  ROW("O-R86",                  ,           ,               IF(refreshes),               active,     START_FOR(session, session_due))
  ROW("5.s3 O-R75",             ,           ,               ALWAYS,                      active,     NOTHING)

  /* they refresh the session, or close a file */
  ROW("O-R75",                  midway,     on_reinvite,    ALWAYS,                      stays,      HOLD(origin), REFUSE(491, none))
  ROW("O-R75",                  active,     on_reinvite,    IF(reinvites, no_lines_agree), active,   HOLD(origin), REFUSE(488, none))
  ROW("O-R75",                  ,           ,               IF(redescribes, no_lines_agree), active, HOLD(origin), REFUSE(488, none))
  ROW("5.s3 O-R75 O-R86",       ,           ,               IF(reinvites, refreshes),    changed,    HOLD(origin), EACH(do_part), REPLY(file_changed), START(ack), START_FOR(session, session_due))
  ROW("5.s3 O-R75 O-R86",       ,           ,               IF(reinvites),               changed,    HOLD(origin), EACH(do_part), REPLY(file_changed), START(ack), STOP(session))
  ROW("5.s3 O-R75 O-R86",       ,           ,               IF(redescribes, refreshes),  active,     HOLD(origin), EACH(do_part), REPLY(file_changed), START(reoffer), START_FOR(session, session_due))
  ROW("5.s3 O-R75 O-R86",       ,           ,               IF(redescribes),             active,     HOLD(origin), EACH(do_part), REPLY(file_changed), START(reoffer), STOP(session))
  ROW("O-R86",                  ,           ,               IF(refreshes),               active,     HOLD(origin), REPLY(file_changed), START_FOR(session, session_due))
  ROW("O-R86",                  ,           ,               ALWAYS,                      active,     HOLD(origin), REPLY(file_changed), STOP(session))
  ROW("S2-7.4.3-p1 O-R75",      changed,    on_ack,         IF(none_live),               ending,     STOP(ack), SEND(bye))
  ROW("O-R75",                  ,           ,               ALWAYS,                      active,     STOP(ack))
  ROW("O-R26-1",                changed,    timer_ack,      ALWAYS,                      ending,     SEND(bye), EACH(do_bye), TELL(failed))
  ROW("O-R32-1",                changed,    cancel,         ALWAYS,                      leaving,    EACH(do_bye), TELL(cancelled))
  ROW("O-R86",                  changed,    timer_session,  ALWAYS,                      leaving,    EACH(do_bye), TELL(failed))
  ROW("O-R32-1",                leaving,    on_ack,         ALWAYS,                      ending,     STOP(ack), SEND(bye))
  ROW("O-R26-1",                leaving,    timer_ack,      ALWAYS,                      ending,     SEND(bye))
  ROW("O-R33",                  leaving,    on_bye,         ALWAYS,                      ended,      HOLD(origin), REPLY(ok), DONE)
  ROW("O-R33",                  leaving,    timer_session,  ALWAYS,                      leaving,    NOTHING)
  IGNORE("O-R33",               leaving,    cancel)

  ROW("S2-7.4.3-p2.sender S2-7.4.3-p2.receiver", settled, cancel, ALWAYS,                ending,     SEND(bye), EACH(do_bye), TELL(cancelled))
  ROW("S2-7.4.3-p1 S2-7.4.3-p2.receiver O-R33", running, on_bye, ALWAYS,                 ended,      HOLD(origin), EACH(do_flush), REPLY(ok), TELL(session_over), DONE)

  ROW("S2-7.4.3-p1",            ending,     bye_done,       ALWAYS,                      ended,      DONE)
  ROW("O-R34",                  ending,     on_bye,         ALWAYS,                      ending,     HOLD(origin), REPLY(ok))
  ROW("O-R86",                  ending,     on_reinvite,    ALWAYS,                      ending,     HOLD(origin), REFUSE(481, none))
  ROW("O-R33",                  ending,     reinvite_done,  ALWAYS,                      ending,     NOTHING)
  ROW("O-R33",                  ending,     timer_session,  ALWAYS,                      ending,     NOTHING)
  ROW("O-R33",                  ending,     timer_reoffer,  ALWAYS,                      ending,     NOTHING)
  IGNORE("O-R33",               ending,     cancel)
  IGNORE("O-R75",               ending,     on_ack)
};

/* ---- the INVITE ---------------------------------------------------------------------------------------------------- */

static const cpmi_line file_invite_lines[] = {
  /*    clauses                    level  field                 if                                       value */
  EXACTLY_ONE("1.s1", SIP, REQUEST_URI)
  FIELD("1.s1 S0-7.3.1-10",        SHALL, REQUEST_URI,          IF(to_one),                              CTX(to))
  FIELD("1.s2 S0-7.4.2-3",         SHALL, REQUEST_URI,          IF(to_adhoc),                            OF_AGENT(cf_uri))
  FIELD("1.s3 S0-7.4.3-1.a",       SHALL, REQUEST_URI,          IF(to_group),                            CTX(to))
  FIELD("O-R74",                   SHALL, REQUEST_URI,          IF(to_many),                             OF_AGENT(exploder_uri))
  FIELD("S0-7.3.1-p1",             SHALL, TO,                   ALWAYS,                                  ADDR_OF_TARGET)
  FIELD("O-R47-1",                 SHALL, FROM,                 IF(anonymity),                           LIT("\"Anonymous\" <sip:anonymous@anonymous.invalid>"))
  FIELD("S0-7.3.1-p1",             SHALL, FROM,                 IF(no_anonymity),                        ADDR_OF_AGENT(address))
  FIELD("2.s1 2.s2 S2-7.4.5.1-p1", SHALL, ACCEPT_CONTACT,       IF(no_aims),                             ICSI_TAG(FILETRANSFER))
  FIELD("2.s1 2.s2 S2-7.4.5.1-1.a S2-7.4.5.1-2.a", SHALL, ACCEPT_CONTACT, IF(aims),                      ICSI_DEVICE(FILETRANSFER))
  FIELD("S0-7.3.1-5 S0-7.3.1-6 O-R46", SHALL, CONTACT,           ALWAYS,                                  CONTACT(FILETRANSFER))
  FIELD("S0-7.3.1-2",              SHALL, P_PREFERRED_IDENTITY, IF(v1, prefers_identity),                ADDR(from))
  FIELD("S0-7.3.1-2",              SHALL, P_PREFERRED_IDENTITY, IF(v1, no_prefers_identity),             ADDR_OF_AGENT(address))
  FIELD("S0-7.3.1-2",              MAY,   P_PREFERRED_IDENTITY, IF(no_v1, prefers_identity),             ADDR(from))
  FIELD("O-R74",                   SHALL, P_PREFERRED_SERVICE,  IF(no_v1, to_one),                       ICSI(FILETRANSFER))
  FIELD("O-R74",                   SHALL, P_PREFERRED_SERVICE,  IF(no_v1, no_to_one),                    ICSI(FILETRANSFER_GROUP))
  FIELD("S0-7.3.1-3",              SHALL, USER_AGENT,           ALWAYS,                                  OF_AGENT(user_agent))
  FIELD("S0-7.3.1-4",              SHOULD, ALLOW,               ALWAYS,                                  LIT("INVITE, ACK, CANCEL, BYE, UPDATE, MESSAGE"))
  FIELD("S0-7.3.1-7",              SHALL, PRIVACY,              IF(anonymity),                           LIT("id"))
  FIELD("S0-7.3.1-8.s1 S0-7.3.1-8.s2", SHALL, SUPPORTED,        ALWAYS,                                  LIT("timer, gruu"))
  FIELD("S0-7.3.1-9",              SHOULD, SESSION_EXPIRES,     ALWAYS,                                  NUMBER(session_expires, ";refresher=uac"))
  FIELD("O-R74",                   SHALL, CONVERSATION_ID,      IF(no_v1),                               CTX(conversation_id))
  FIELD("O-R74",                   SHALL, CONTRIBUTION_ID,      IF(no_v1),                               CTX(contribution_id))
  FIELD("O-R74",                   SHALL, IN_REPLY_TO_CONTRIBUTION_ID, IF(no_v1, reply),                 CTX(in_reply_to))
  FIELD("S0-7.4.2-4",              SHALL, REQUIRE,              IF(to_adhoc),                            LIT("recipient-list-invite"))
  FIELD("O-R74",                   SHALL, REQUIRE,              IF(to_many),                             LIT("recipient-list-invite"))
  BODY("S0-7.4.2-4",               SHALL,                       IF(to_adhoc),                            RECIPE(file_recipients))
  BODY("O-R74",                    SHALL,                       IF(to_many),                             RECIPE(file_recipients))
  BODY("O-R74",                    SHALL,                       IF(wants_report, no_silent, no_bare),    RECIPE(file_cpim))
  BODY("S0-7.3.1-11 S0-7.4.2-6 S0-7.4.3-1.c 3", SHALL,          ALWAYS,                                  RECIPE(file_offer))
};
REQUEST(file_invite, INVITE, file_invite_lines)

static const cpmi_line file_recipients_lines[] = {
  ENTRY("S0-7.4.2-4",              SHALL, ALWAYS,               LIST(members))
};
LIST_BODY(file_recipients, CPM_RECIPIENT_LIST, file_recipients_lines)

/* Headers alone: the files go over MSRP. */
static const cpmi_line file_cpim_lines[] = {
  EXACTLY_ONE("O-R74", CPIM, FROM)
  HEAD("O-R47-1",                  SHALL, FROM,         IF(anonymity),                   LIT("<sip:anonymous@anonymous.invalid>"))
  HEAD("O-R46-1",                  SHALL, FROM,         IF(no_anonymity, has_gruu),      ADDR_OF_AGENT(gruu))
  HEAD("O-R46-1",                  SHALL, FROM,         IF(no_anonymity, no_has_gruu),   ADDR_OF_AGENT(address))
  EXACTLY_ONE("O-R74", CPIM, TO)
  HEAD("O-R74",                    SHALL, TO,           IF(to_one),                      ADDR(to))
  HEAD("O-R74",                    SHALL, TO,           IF(to_group),                    ADDR(to))
  HEAD("O-R74",                    SHALL, TO,           IF(to_adhoc),                    ADDR_OF_AGENT(cf_uri))
  HEAD("O-R74",                    SHALL, TO,           IF(to_many),                     ADDR_OF_AGENT(exploder_uri))
  HEAD("O-R74",                    SHALL, DATETIME,     ALWAYS,                          TIME_IN(composed_at))
  HEAD("O-R74",                    SHALL, MESSAGE_ID,   ALWAYS,                          CTX(message_id))
  HEAD("O-R74",                    SHALL, DISPOSITION_NOTIFICATION, ALWAYS,              REPORT(report))
};
CPIM_BODY(file_cpim, file_cpim_lines)

/* ---- session descriptions: an m line a file --------------------------------------------------------------------------- */

#define FILE_LINES \
  SDP("3",                         SHALL, ACCEPT_TYPES,     IF(has_file_type),          CTX(file_type)) \
  SDP("3",                         SHALL, ACCEPT_TYPES,     IF(no_has_file_type),       LIT("*")) \
  SDP("3 4",                       SHALL, PATH,             ALWAYS,                     OWN_PATH) \
  SDP("3 S2-7.4.5.1-4.b",          SHALL, DIRECTION,        IF(leg_push),               LIT("sendonly")) \
  SDP("3 S2-7.4.5.1-4.a",          SHALL, DIRECTION,        IF(leg_pull),               LIT("recvonly")) \
  SDP("3 4 S2-7.4.5.1-3",          SHALL, FILE_SELECTOR,    ALWAYS,                     CTX(file_selector)) \
  SDP("3 4 O-R73 S2-7.4.5.1-3",    SHALL, FILE_TRANSFER_ID, ALWAYS,                     CTX(file_transfer_id)) \
  SDP("3 4",                       MAY,   FILE_DISPOSITION, ALWAYS,                     CTX(file_disposition)) \
  SDP("3 4",                       MAY,   FILE_DATE,        ALWAYS,                     CTX(file_date)) \
  SDP("3 4",                       MAY,   FILE_ICON,        ALWAYS,                     CTX(file_icon)) \
  SDP("S2-7.4.5.1-3 O-R73",        SHALL, FILE_RANGE,       IF(ranged),                 SPAN) \
  SDP("O-R67",                     SHALL, MSRP_CEMA,        ALWAYS,                     LIT("")) \
  SDP("O-R67",                     SHALL, FINGERPRINT,      IF(over_tls),               OF_AGENT(fingerprint))

static const cpmi_line file_offer_lines[] = {
  FILE_LINES
  SDP("O-R15",                   SHALL, SETUP,            IF(no_v1),                  LIT("actpass"))
  SDP("O-R15",                   SHALL, SETUP,            IF(v1),                     LIT("active"))
};
FILES_BODY(file_offer, file_offer_lines)

/* To an INVITE of theirs that changes the session: the roles stay. */
static const cpmi_line file_answer_lines[] = {
  FILE_LINES
  SDP("O-R75",                     SHALL, SETUP,            IF(answer_passive),         LIT("active"))
  SDP("O-R75",                     SHALL, SETUP,            IF(answer_active),          LIT("passive"))
};
FILES_BODY(file_answer, file_answer_lines)

/* ---- changing the session ---------------------------------------------------------------------------------------------- */

static const cpmi_line file_reinvite_lines[] = {
  FIELD("S0-7.3.1-5 S0-7.3.1-6 O-R46", SHALL, CONTACT,      ALWAYS,                     CONTACT(FILETRANSFER))
  FIELD("S0-7.3.1-3",              SHALL,  USER_AGENT,      ALWAYS,                     OF_AGENT(user_agent))
  FIELD("S0-7.3.1-8.s1",           SHALL,  SUPPORTED,       ALWAYS,                     LIT("timer"))
  FIELD("O-R86",                   SHALL,  SESSION_EXPIRES, IF(refreshes, we_refresh),  NUMBER_IN(session_interval, ";refresher=uac"))
  FIELD("O-R86",                   SHALL,  SESSION_EXPIRES, IF(refreshes, no_we_refresh), NUMBER_IN(session_interval, ";refresher=uas"))
  BODY("5.s3 O-R86",                     SHALL,                   ALWAYS,                     RECIPE(file_offer))
};
IN_DIALOG(file_reinvite, INVITE, file_reinvite_lines)

static const cpmi_line file_changed_lines[] = {
  FIELD("O-R38",                   SHALL,  SERVER,          ALWAYS,                     OF_AGENT(server))
  FIELD("O-R75",                   SHALL,  CONTACT,         ALWAYS,                     CONTACT(FILETRANSFER))
  TIMER_IN_ANSWER
  BODY("5.s3",                     SHALL,                   IF(redescribes),            RECIPE(file_answer))
};
RESPONSE(file_changed, 200, file_changed_lines)
#undef SPEC

static const uint8_t ft_send_fields[] = {
  F(target), F(to), F(from), F(anonymous), F(members), F(recipients), F(in_reply_to), F(conversation_id), F(contribution_id), F(message_id),
  F(composed_at), F(report), F(peer_no_cpim), F(peer_no_imdn), F(session_id), F(described), F(versions), F(success_report), F(resumes),
  F(peer_device), F(media_ok), F(session_interval), F(session_due), F(we_refresh), F(peer_updates),
  F(reinvites), F(described_anew), F(status), F(lines), F(lines_fit), F(origin),
};
static const uint8_t ft_send_leg_fields[] = {
  F(file_selector), F(file_type), F(file_transfer_id), F(file_disposition), F(file_date), F(file_icon), F(range_start), F(until), F(size),
  F(payload), F(media_ok), F(setup), F(path), F(peer_address), F(peer_port), F(peer_cema), F(peer_secure), F(peer_fingerprint), F(pushed),
  F(acked), F(received), F(arrived), F(chunk_is), F(received_id), F(report_asked), F(proved), F(msrp_status), F(bind_id), F(chunk_message_id),
};
static const uint8_t ft_send_leg_states[] = {
  LEG_STATE(idle), LEG_STATE(offered), LEG_STATE(connecting), LEG_STATE(binding), LEG_STATE(up), LEG_STATE(proving), LEG_STATE(whole),
  LEG_STATE(refused), LEG_STATE(ended),
};
static const uint8_t ft_send_leg_kinds[] = { LEG_KIND(push), LEG_KIND(pull) };

const cpmi_part cpmi_part_ft_session = { .call = ROWS(ft_session_rows), .captures = ROWS(ft_session_captures) };
static const cpmi_part ft_send_part = { .call = ROWS(ft_send_rows), .leg = ROWS(ft_send_leg_rows), .captures = ROWS(ft_send_captures) };

const cpm_machine cpmi_machine_ft_send = {
  .name = "client/ft-send", .role = CPM_ROLE_CLIENT, .init = CPMI_STATE_idle, .leg_init = CPMI_STATE_idle,
  .parts = { &ft_send_part, &cpmi_part_ft_session, &cpmi_part_ft_media, &cpmi_part_fork }, .fields = NAMES(ft_send_fields), .leg_fields = NAMES(ft_send_leg_fields),
  .leg_states = NAMES(ft_send_leg_states), .leg_kinds = NAMES(ft_send_leg_kinds),
};
