/* SPDX-License-Identifier: MIT */
/* client/large-send: sending a CPM Standalone Message in Large Message Mode (S4 7.2.1.2; CPM 1.0: S0 7.2.2). The CPIM is that of
 * client/pager-send. A finished transfer is sought in the Message Store as a pager message is (part dedup). */
#include "session_timer.h"

#define SPEC "S4-7.2.1.2-"

static const cpmi_capture large_send_captures[] = {
  CAPTURE("9 10.a 11 12.c",    send, target,          ARG)
  CAPTURE("9.a 11",           send, to,              ARG)
  CAPTURE("4 S0-7.2.2-3",     send, from,            ARG)
  CAPTURE("9.b.u 9.c.u",      send, new_address,     ARG)
  CAPTURE("18",               send, in_reply_to,     ARG)
  CAPTURE("9.b",              send, recv_reply_to,   ARG)
  CAPTURE("9.c",              send, recv_origin,     ARG)
  CAPTURE("5",                send, reply_to,        ARG)
  CAPTURE("7",                send, anonymous,       ARG)
  CAPTURE("8",                send, expiry,          ARG)
  CAPTURE("10.b 12.d",        send, members,         MEMBERS)
  CAPTURE("16.else",          send, conversation_id, ARG)
  CAPTURE("16",               send, conversation_id, FRESH)
  CAPTURE("17",               send, contribution_id, FRESH)
  CAPTURE("S4-7.2.1.1-T2.4",  send, message_id,      FRESH)
  CAPTURE("19.d",             send, session_id,      FRESH)
  CAPTURE("200-H",            send, chunk_message_id, IDENT)
  CAPTURE("S4-7.2.1.3-p1",    send, composed_at,     NOW)
  CAPTURE("S4-7.2.1.3-4",     send, report,          ARG)
  CAPTURE("S4-7.2.1.3-p1",    send, payload,         ARG)
  CAPTURE("S4-7.2.1.3-3",     send, payload_type,    ARG)
  CAPTURE("S4-7.2.1.3-3.i",   send, payload_types,   ARG)
  CAPTURE("O-R50-1",          send, peer_no_imdn,    ARG)
  CAPTURE("19.e",             send, size,            SIZE_OF(cpim))
  CAPTURE("O-R86",            send, described,    NOW)
  CAPTURE("200-D",            invite_ok, setup,            SDP(setup))
  CAPTURE("200-H.1 S0-7.2.2-200-6", invite_ok, path,       SDP(path))
  CAPTURE("200-E S0-7.2.2-200-6", invite_ok, peer_address, SDP(address))
  CAPTURE("200-E S0-7.2.2-200-6", invite_ok, peer_port,    SDP(port))
  CAPTURE("200-E",            invite_ok, peer_cema,        SDP(cema))
  CAPTURE("O-R67",            invite_ok, peer_secure,      SDP(secure))
  CAPTURE("O-R67",            invite_ok, peer_fingerprint, SDP(fingerprint))
  CAPTURE("200-A S0-7.2.2-200-1", invite_ok, session_interval, INTERVAL)
  CAPTURE("200-A O-R86",      invite_ok, we_refresh,       REFRESHES)
  CAPTURE("200-A O-R86",      invite_ok, session_due,      DUE)
  CAPTURE("O-R86",            invite_ok, peer_updates,     ALLOWS(UPDATE))
  CAPTURE("O-R69 O-R86",      on_reinvite, offer,          OFFER)
  CAPTURE("O-R33",            invite_ok,      status, STATUS)
  CAPTURE("O-R33",            invite_fail,    status, STATUS)
  CAPTURE("O-R33",            invite_timeout, status, STATUS)
  CAPTURE("200-F",            media_up, bind_id,     IDENT)
  CAPTURE("done-0",           msrp_ok,  acked,       PLUS_LEN)
  CAPTURE("O-R68",            on_chunk, binds,       BINDS)
  CAPTURE("done-3",           bye_done, message_uid, VALUE(MESSAGE_UID))
};

static const cpmi_row large_send_rows[] = {
  /*  clauses                             state       event            if                             next        then */
  ROW("O-R50-1",                          idle,       send,            IF(wants_report, silent),      inviting,   SEND(large_invite), TELL(not_asked))
  ROW("p1.b 20 S0-7.2.2-p1 S0-7.2.2-13",  ,           ,                ALWAYS,                        inviting,   SEND(large_invite))
  ROW("O-R33",                            inviting,   invite_1xx,      ALWAYS,                        inviting,   NOTHING)
  ROW("O-R33",                            inviting,   invite_ok,       IF(answer_unusable),           ending,     SEND(ack), SEND(bye_480), TELL(failed))
  ROW("200-A 200-B 200-C 200-D 200-E S0-7.2.2-200-1 S0-7.2.2-200-3 S0-7.2.2-200-4 S0-7.2.2-200-5",
                                          ,           ,                IF(answer_passive, refreshes), connecting, SEND(ack), START_FOR(session, session_due), CONNECT)
  ROW("200-B 200-C 200-D 200-E S0-7.2.2-200-3 S0-7.2.2-200-4 S0-7.2.2-200-5",
                                          ,           ,                IF(answer_passive),            connecting, SEND(ack), CONNECT)
  ROW("200-A 200-B S0-7.2.2-200-1 O-R28", ,           ,                IF(answer_active, refreshes),  connecting, SEND(ack), START_FOR(session, session_due), LISTEN)
  ROW("200-B O-R28",                      ,           ,                IF(answer_active),             connecting, SEND(ack), LISTEN)
  ROW("fail-B",                           inviting,   invite_fail,     ALWAYS,                        ended,      TELL(failed), DONE)
  ROW("O-R33",                            inviting,   invite_timeout,  ALWAYS,                        ended,      TELL(failed), DONE)
  ROW("cancel S0-7.2.2-cancel",           inviting,   cancel,          ALWAYS,                        cancelling, SEND(cancel))

  ROW("O-R33",                            cancelling, invite_1xx,      ALWAYS,                        cancelling, NOTHING)
  ROW("O-R32-1",                          cancelling, invite_ok,       ALWAYS,                        ending,     SEND(ack), SEND(bye), TELL(cancelled))
  ROW("O-R33",                            cancelling, invite_fail,     ALWAYS,                        ended,      TELL(cancelled), DONE)
  ROW("O-R33",                            cancelling, invite_timeout,  ALWAYS,                        ended,      TELL(cancelled), DONE)
  IGNORE("O-R33",                         cancelling, cancel)

  ROW("200-F",                            connecting, media_up,        ALWAYS,                        binding,    PUSH(bind_send), START(response))
  ROW("200-H 200-I S0-7.2.2-200-7",       binding,    msrp_ok,         ALWAYS,                        up,         TAKE(pushed, size), PUSH(large_chunk), START(response))
  IGNORE("200-F",                         binding,    writable)
  IGNORE("200-F",                         connecting, writable)
  ROW("200-H 200-H.chunk 200-I",          up,         writable,        IF(unsent),                    up,         TAKE(pushed, size), PUSH(large_chunk), START(response))
  IGNORE("200-H",                         up,         writable)
  ROW("done-1 done-2 S0-7.2.2-sent-1 S0-7.2.2-sent-2",
                                          up,         msrp_ok,         IF(no_unproved),               proved,     STOP(response), TELL(progress), SEND(bye_200))
  ROW("done-0 S0-7.2.2-sent-p",           ,           ,                IF(under_way),                 up,         START(response), TELL(progress))
  ROW("done-0 S0-7.2.2-sent-p",           ,           ,                ALWAYS,                        up,         STOP(response), TELL(progress))

  /* where they connect, they bind the connection by a SEND of their own */
  ROW("O-R68",                            media_open, on_chunk,        IF(binding_send),              stays,      ACCEPT(200))
  ROW("O-R89",                            ,           ,                ALWAYS,                        stays,      ACCEPT(403))
  ROW("O-R89",                            left_by_us, on_chunk,        ALWAYS,                        stays,      ACCEPT(481))
  ROW("msrpfail-1 msrpfail-2 msrpfail-3 msrpfail-p",
                                          sending_media, msrp_fail,    ALWAYS,                        ending,     STOP(response), SEND(bye_480), TELL(failed))
  ROW("msrpfail-2 msrpfail-p O-R33",      sending_media, timer_response, ALWAYS,                      ending,     SEND(bye_480), TELL(failed))
  ROW("O-R33",                            media_open, media_down,      ALWAYS,                        ending,     STOP(response), SEND(bye_480), TELL(failed))
  ROW("cancel.guard O-R33",               media_open, cancel,          ALWAYS,                        ending,     STOP(response), SEND(bye), TELL(cancelled))
  ROW("O-R86",                            media_open, timer_session,   IF(no_we_refresh),             ending,     STOP(response), SEND(bye), TELL(failed))
  ROW("O-R86",                            ,           ,                IF(no_takes_update),           stays,      SEND(large_send_again))
  ROW("O-R86",                            media_open, reinvite_done,   IF(no_was_answered),           ending,     STOP(response), SEND(bye_480), TELL(failed))
  ROW("O-R86",                            ,           ,                IF(dialog_gone),               ending,     STOP(response), SEND(bye_480), TELL(failed))
  ROW("O-R86",                            media_open, on_reinvite,     IF(reoffers, no_same_path),    stays,      HOLD(origin), REFUSE(488, none))
  ROW("O-R86",                            ,           ,                IF(refreshes),                 stays,      HOLD(origin), REPLY(large_send_again_200), START_FOR(session, session_due))
  ROW("O-R86",                            ,           ,                ALWAYS,                        stays,      HOLD(origin), REPLY(large_send_again_200), STOP(session))
  ROW("O-R33",                            media_open, on_bye,          ALWAYS,                        ended,      HOLD(origin), REPLY(ok), CLOSE, TELL(failed), DONE)

  ROW("done-2.rel done-3 done-3.use",     proved,     bye_done,        IF(has_uid),                   ended,      CLOSE, TELL(stored_as), TELL(accepted), DONE)
  ROW("done-2.rel done-4.t1 done-4.t2",   ,           ,                IF(has_store),                 matching,   STOP(session), CLOSE, TELL(not_stored), TELL(accepted))
  ROW("done-2.rel done-4.t1 done-4.t2",   ,           ,                ALWAYS,                        ended,      CLOSE, TELL(not_stored), TELL(accepted), DONE)
  ROW("msrpfail-3.rel O-R33",             ending,     bye_done,        ALWAYS,                        ended,      CLOSE, DONE)
  ROW("O-R34",                            left_by_us, on_bye,          ALWAYS,                        stays,      HOLD(origin), REPLY(ok))
  /* a connection that is closed with the answer, and what was on it */
  ROW("O-R33",                            left_by_us, media_up,        ALWAYS,                        stays,      NOTHING)
  ROW("O-R33",                            left_by_us, media_down,      ALWAYS,                        stays,      NOTHING)
  ROW("O-R33",                            left_by_us, msrp_ok,         ALWAYS,                        stays,      NOTHING)
  ROW("O-R33",                            left_by_us, msrp_fail,       ALWAYS,                        stays,      NOTHING)
  IGNORE("cancel.guard",                  left_by_us, cancel)
  IGNORE("O-R33",                         left_by_us, writable)
  /* not_stored asks for what is there by then */
  IGNORE("done-4.t1",                     inviting,   on_object)
  IGNORE("done-4.t1",                     cancelling, on_object)
  IGNORE("done-4.t1",                     media_open, on_object)
  IGNORE("done-4.t1",                     left_by_us, on_object)
};

static const cpmi_line large_invite_lines[] = {
  /*    clauses                level  field                 if                                              value */
  EXACTLY_ONE("9", SIP, REQUEST_URI)
  FIELD("9.a S0-7.2.2-9",      SHALL, REQUEST_URI,          IF(to_one, no_reply),                                     CTX(to))
  FIELD("9.b.u 9.c.u",         SHALL, REQUEST_URI,          IF(to_one, reply, new_address),                           CTX(new_address))
  FIELD("9.b",                 SHALL, REQUEST_URI,          IF(to_one, reply, no_new_address, had_reply_to),          CTX(recv_reply_to))
  FIELD("9.c",                 SHALL, REQUEST_URI,          IF(to_one, reply, no_new_address, no_had_reply_to),       CTX(recv_origin))
  FIELD("10.a S0-7.2.2-10.b",  SHALL, REQUEST_URI,          IF(to_adhoc),                                   OF_AGENT(cf_uri))
  FIELD("11 S0-7.2.2-11.a",    SHALL, REQUEST_URI,          IF(to_group),                                   CTX(to))
  FIELD("12.c",                SHALL, REQUEST_URI,          IF(to_many),                                    OF_AGENT(exploder_uri))
  FIELD("p1.b",                SHALL, TO,                   ALWAYS,                                         ADDR_OF_TARGET)
  FIELD("O-R47-1",             SHALL, FROM,                 IF(anonymity),                                  LIT("\"Anonymous\" <sip:anonymous@anonymous.invalid>"))
  FIELD("p1.b",                SHALL, FROM,                 IF(no_anonymity),                               ADDR_OF_AGENT(address))
  FIELD("1 1.enc S0-7.2.2-1",  SHALL, ACCEPT_CONTACT,       ALWAYS,                                         ICSI_TAG(LARGEMSG))
  FIELD("2 2.enc O-R46",       SHALL, CONTACT,              ALWAYS,                                         CONTACT(LARGEMSG))
  FIELD("S0-7.2.2-3",          SHALL, P_PREFERRED_IDENTITY, IF(v1, prefers_identity),                       ADDR(from))
  FIELD("S0-7.2.2-3",          SHALL, P_PREFERRED_IDENTITY, IF(v1, no_prefers_identity),                    ADDR_OF_AGENT(address))
  FIELD("4",                   MAY,   P_PREFERRED_IDENTITY, IF(no_v1, prefers_identity),                    ADDR(from))
  FIELD("3 3.a",               SHALL, P_PREFERRED_SERVICE,  IF(no_v1, to_one),                              ICSI(LARGEMSG))
  FIELD("3 3.b",               SHALL, P_PREFERRED_SERVICE,  IF(no_v1, no_to_one),                           ICSI(LARGEMSG_GROUP))
  FIELD("5 S0-7.2.2-4",        SHALL, REPLY_TO,             IF(reply_elsewhere),                            ADDR(reply_to))
  FIELD("6 S0-7.2.2-5",        SHALL, USER_AGENT,           ALWAYS,                                         OF_AGENT(user_agent))
  FIELD("7 S0-7.2.2-6",        SHALL, PRIVACY,              IF(anonymity),                                  LIT("id"))
  FIELD("8 O-R17",             SHALL, MESSAGE_EXPIRES,      IF(expires),                                    CTX(expiry))
  FIELD("13 S0-7.2.2-7",       SHALL, SUPPORTED,            ALWAYS,                                         LIT("timer"))
  FIELD("S0-7.2.2-8",          SHOULD, SESSION_EXPIRES,     IF(v1),                                         NUMBER(session_expires, ";refresher=uac"))
  FORBID("14",                        SESSION_EXPIRES,      IF(no_v1))
  FORBID("15",                        MIN_SE,               IF(no_v1))
  FIELD("16 16.else",          SHALL, CONVERSATION_ID,      ALWAYS,                                         CTX(conversation_id))
  FIELD("17",                  SHALL, CONTRIBUTION_ID,      ALWAYS,                                         CTX(contribution_id))
  FIELD("18",                  SHALL, IN_REPLY_TO_CONTRIBUTION_ID, IF(reply),                               CTX(in_reply_to))
  FIELD("10.b",                SHALL, REQUIRE,              IF(to_adhoc),                                   LIT("recipient-list-invite"))
  FIELD("12.d",                SHALL, REQUIRE,              IF(to_many),                                    LIT("recipient-list-invite"))
  BODY("10.b S0-7.2.2-10.a",   SHALL,                       IF(to_adhoc),                                   RECIPE(target_list))
  BODY("12.d",                 SHALL,                       IF(to_many),                                    RECIPE(target_list))
  BODY("19 S0-7.2.2-12",       SHALL,                       ALWAYS,                                         RECIPE(large_send_offer))
};
REQUEST(large_invite, INVITE, large_invite_lines)

static const cpmi_line large_send_offer_lines[] = {
  SDP("19.b S0-7.2.2-12.b",    SHALL, ACCEPT_TYPES,         ALWAYS,              LIT("message/cpim"))
  SDP("19.c 19.c.note",        SHALL, ACCEPT_WRAPPED_TYPES, ALWAYS,              WRAPPED_TYPES)
  SDP("19.d S0-7.2.2-12.c",    SHALL, PATH,                 ALWAYS,              OWN_PATH)
  SDP("19.a S0-7.2.2-12.a",    SHALL, DIRECTION,            ALWAYS,              LIT("sendonly"))
  SDP("19.e S0-7.2.2-12.d",    SHALL, FILE_SELECTOR,        ALWAYS,              SIZE(size))
  SDP("19.f",                  SHALL, SETUP,                IF(no_v1),           LIT("actpass"))
  SDP("S0-7.2.2-12.e",         SHALL, SETUP,                IF(v1),              LIT("active"))
  SDP("19.g S0-7.2.2-12",      SHALL, MSRP_CEMA,            ALWAYS,              LIT(""))
  SDP("O-R67",                 SHALL, FINGERPRINT,          IF(over_tls),        OF_AGENT(fingerprint))
};
/* Said again it keeps the lines that the other side has added. */
SDP_ANSWER(large_send_offer, large_send_offer_lines)

/* The session as it is, in an INVITE that refreshes it and in the answer to one. */
static const cpmi_line large_send_again_lines[] = {
  FIELD("O-R86",               SHALL, CONTACT,              ALWAYS,              CONTACT(LARGEMSG))
  TIMER_IN_REQUEST
  FIELD("O-R38",               SHALL, USER_AGENT,           ALWAYS,              OF_AGENT(user_agent))
  BODY("O-R86",                SHALL,                       ALWAYS,              RECIPE(large_send_offer))
};
IN_DIALOG(large_send_again, INVITE, large_send_again_lines)

static const cpmi_line large_send_again_200_lines[] = {
  FIELD("O-R86",               SHALL, CONTACT,              ALWAYS,              CONTACT(LARGEMSG))
  TIMER_IN_ANSWER
  FIELD("O-R38",               SHALL, SERVER,               ALWAYS,              OF_AGENT(server))
  BODY("O-R86",                SHALL,                       IF(reinvites),       RECIPE(large_send_answer))
  BODY("O-R86",                SHALL,                       IF(no_reinvites, reoffers), RECIPE(large_send_answer))
};
RESPONSE(large_send_again_200, 200, large_send_again_200_lines)

static const cpmi_line large_send_answer_lines[] = {
  SDP("19.b S0-7.2.2-12.b",    SHALL, ACCEPT_TYPES,         ALWAYS,              LIT("message/cpim"))
  SDP("19.c 19.c.note",        SHALL, ACCEPT_WRAPPED_TYPES, ALWAYS,              WRAPPED_TYPES)
  SDP("19.d S0-7.2.2-12.c",    SHALL, PATH,                 ALWAYS,              OWN_PATH)
  SDP("19.a S0-7.2.2-12.a",    SHALL, DIRECTION,            ALWAYS,              LIT("sendonly"))
  SDP("19.e S0-7.2.2-12.d",    SHALL, FILE_SELECTOR,        ALWAYS,              SIZE(size))
  SDP("O-R86",                 SHALL, SETUP,                IF(answer_passive),  LIT("active"))
  SDP("O-R86",                 SHALL, SETUP,                IF(answer_active),   LIT("passive"))
  SDP("19.g S0-7.2.2-12",      SHALL, MSRP_CEMA,            ALWAYS,              LIT(""))
  SDP("O-R67",                 SHALL, FINGERPRINT,          IF(over_tls),        OF_AGENT(fingerprint))
};
SDP_ANSWER(large_send_answer, large_send_answer_lines)

static const cpmi_line bind_send_lines[] = {
  MSRP("200-H.1",              SHALL, TO_PATH,              ALWAYS,              CTX(path))
  MSRP("200-F",                SHALL, FROM_PATH,            ALWAYS,              OWN_PATH)
  MSRP("200-F",                SHALL, MESSAGE_ID,           ALWAYS,              CTX(bind_id))
  MSRP("200-F",                SHALL, BYTE_RANGE,           ALWAYS,              EMPTY)
};
MSRP_SEND(bind_send, bind_send_lines)

static const cpmi_line large_chunk_lines[] = {
  MSRP("200-H.1",              SHALL, TO_PATH,              ALWAYS,              CTX(path))
  MSRP("200-H",                SHALL, FROM_PATH,            ALWAYS,              OWN_PATH)
  MSRP("200-H",                SHALL, MESSAGE_ID,           ALWAYS,              CTX(chunk_message_id))
  MSRP("200-H 200-H.chunk",    SHALL, BYTE_RANGE,           ALWAYS,              WINDOW)
  MSRP("200-H.2",              SHALL, CONTENT_TYPE,         ALWAYS,              LIT("message/cpim"))
  BODY("200-G 200-H",          SHALL,                       ALWAYS,              RECIPE(cpim))
};
MSRP_SEND(large_chunk, large_chunk_lines)
#undef SPEC

static const uint8_t large_send_fields[] = {
  F(target), F(to), F(from), F(new_address), F(in_reply_to), F(recv_reply_to), F(recv_origin), F(reply_to), F(anonymous), F(expiry),
  F(members), F(composed_at), F(conversation_id), F(contribution_id), F(message_id), F(session_id), F(chunk_message_id), F(bind_id), F(report),
  F(payload), F(payload_type), F(payload_types), F(peer_no_imdn), F(size), F(pushed), F(acked), F(setup), F(path), F(peer_address),
  F(peer_port), F(peer_cema), F(peer_secure), F(peer_fingerprint), F(session_interval), F(session_due), F(we_refresh), F(peer_updates), F(reinvites), F(offered_path), F(offer), F(media_line), F(described), F(status), F(message_uid), F(origin), F(binds),
  F(stored_folder), F(stored_conversation_id), F(stored_contribution_id), F(stored_in_reply_to), F(stored_message_id), F(stored_payload_type),
};

static const cpmi_part large_send_part = { .call = ROWS(large_send_rows), .captures = ROWS(large_send_captures) };

const cpm_machine cpmi_machine_large_send = {
  .name = "client/large-send", .role = CPM_ROLE_CLIENT, .init = CPMI_STATE_idle,
  .parts = { &large_send_part, &cpmi_part_dedup, &cpmi_part_refresh, &cpmi_part_fork }, .fields = NAMES(large_send_fields),
};
