/* SPDX-License-Identifier: MIT */
/* cf/large: a Large Message through the Controlling Function (S4 9.1.2): one part for the call with the originator, one for the leg
 * of each member. */
#include "session_timer.h"

#define SPEC "S4-9.1.2-"

static const cpmi_capture large_captures[] = {
  CAPTURE("p1",                 on_invite, tagged,         SERVICE(LARGEMSG))
  CAPTURE("1",                  on_invite, sender,         URI(P_ASSERTED_IDENTITY))
  CAPTURE("8.k.ii S1-6.2-p3.s3 O-R56", on_invite, referrer, REFERRER(P_ASSERTED_IDENTITY))
  CAPTURE("2",                  on_invite, client_release, RELEASE(USER_AGENT))
  CAPTURE("3 4 5 O-R7",         on_invite, addressed,      ADDRESSED)
  CAPTURE("3.a 4.b 5.a",        on_invite, asked_privacy,  PRIVACY)
  CAPTURE("6",                  on_invite, session_timer,  REFRESHER)
  CAPTURE("8.l.i",              on_invite, request_uri,    REQUEST_URI)
  CAPTURE("8.b 9.b",            on_invite, request,        REQUEST)
  CAPTURE("8.b 9.b O-R9",       on_invite, contact,        VALUE(CONTACT))
  CAPTURE("O-R86",              on_invite, peer_updates,   ALLOWS(UPDATE))
  CAPTURE("8.c",                on_invite, body_ok,        BODY_OK)
  CAPTURE("3.d 5.d",            on_invite, list,           LIST)
  CAPTURE("1",                  on_policy, authorised,        ARG)
  CAPTURE("3.a 4.b 5.a",        on_policy, anonymity_allowed, ARG)
  CAPTURE("4.a",                on_policy, group_cpm,         ARG)
  CAPTURE("O-R51",              on_policy, list_ok,           ARG)
  CAPTURE("O-R88",              on_policy, no_room,           ARG)
  CAPTURE("3.b 3.c 5.b 5.c",    on_policy, recipients,        RECIPIENTS)
  CAPTURE("8.k.i",              on_policy, group_uri,         ARG)
  CAPTURE("8.j.ii 9.h.viii first200-2.b", on_invite, session_id, FRESH)
  CAPTURE("O-R86",              on_policy, described,      NOW)
  CAPTURE("first200-1.c O-R86", on_ack, session_interval,  AGENT(session_expires))
  CAPTURE("O-R86",              on_ack, session_due,       DUE)
  CAPTURE("first200-5.listen",  on_invite, path,           SDP(path))
  CAPTURE("O-R67",              on_invite, media_ok,       SDP(usable))
  CAPTURE("O-R69",              on_invite, media_line,     SDP(line))
  CAPTURE("O-R69",              on_invite, offer,          OFFER)
  CAPTURE("O-R69 O-R86",        on_reinvite, offer,        OFFER)
  CAPTURE("8.j 9.h",            on_invite, accept_types,   SDP(accept_types))
  CAPTURE("8.j 9.h",            on_invite, accept_wrapped_types, SDP(accept_wrapped_types))
  CAPTURE("8.j.iv 9.h.x",       on_invite, size,           SDP(size))
  LEG_CAPTURE("ack-2.b more200-2.b", invite_ok, setup,       SDP(setup))
  LEG_CAPTURE("send-2.a more200-3.a", invite_ok, path,       SDP(path))
  LEG_CAPTURE("ack-2.c",        invite_ok, peer_address,     SDP(address))
  LEG_CAPTURE("ack-2.c",        invite_ok, peer_port,        SDP(port))
  LEG_CAPTURE("ack-2.c",        invite_ok, peer_cema,        SDP(cema))
  LEG_CAPTURE("ack-2.c",        invite_ok, peer_secure,      SDP(secure))
  LEG_CAPTURE("O-R67",          invite_ok, peer_fingerprint, SDP(fingerprint))
  LEG_CAPTURE("first200-2",     invite_ok, answered_types,   SDP(accept_types))
  LEG_CAPTURE("first200-2",     invite_ok, answered_wrapped_types, SDP(accept_wrapped_types))
  LEG_CAPTURE("O-R86",          invite_ok, session_interval, INTERVAL)
  LEG_CAPTURE("O-R86",          invite_ok, we_refresh,       REFRESHES)
  LEG_CAPTURE("O-R86",          invite_ok, session_due,      DUE)
  LEG_CAPTURE("O-R86",          invite_ok, peer_updates,     ALLOWS(UPDATE))
  LEG_CAPTURE("O-R69 O-R86",    on_reinvite, offer,          OFFER)
  LEG_CAPTURE("O-R31",          invite_fail, status,         STATUS)
  LEG_CAPTURE("O-R31",          invite_timeout, status,      STATUS)
  CAPTURE("send-2",             on_chunk,  chunk_message_id, MSRP(MESSAGE_ID))
  CAPTURE("O-R68",              on_chunk,  binds,            BINDS)
  CAPTURE("send-2",             on_chunk,  chunk_type,       MSRP(CONTENT_TYPE))
  LEG_CAPTURE("O-R68",          on_chunk,  binds,            BINDS)
  CAPTURE("O-R87",              on_chunk,  chunk_failure, MSRP(FAILURE_REPORT))
  CAPTURE("O-R87",              on_chunk,  chunk_success, MSRP(SUCCESS_REPORT))
  LEG_CAPTURE("more200-3 O-R87", on_loaded, chunk_message_id, MSRP(MESSAGE_ID))
  LEG_CAPTURE("more200-3 O-R87", on_loaded, chunk_type,      MSRP(CONTENT_TYPE))
  LEG_CAPTURE("more200-3 O-R87", on_loaded, chunk_failure, MSRP(FAILURE_REPORT))
  LEG_CAPTURE("more200-3 O-R87", on_loaded, chunk_success, MSRP(SUCCESS_REPORT))
  LEG_CAPTURE("err-check",      on_policy, interworking,     ARG)
};

/* ---- the call with the originator ---------------------------------------------------------------------------------- */

static const cpmi_row large_rows[] = {
  /*  clauses               state       event            if                                       next        then */
  ROW("O-R49-1",            idle,       on_invite,       IF(no_is_tagged),                        ended,      HOLD(origin), REFUSE(488, none), DONE)
  ROW("1.r403 1.warn",      ,           ,                IF(no_has_sender),                       ended,      HOLD(origin), REFUSE(403, w127), DONE)
  ROW("O-R62",              ,           ,                IF(no_names_target),                     ended,      HOLD(origin), REFUSE(400, none), DONE)
  ROW("O-R51",              ,           ,                IF(no_splits),                           ended,      HOLD(origin), REFUSE(400, none), DONE)
  ROW("O-R67",            ,           ,                IF(no_offers_media),                     ended,      HOLD(origin), REFUSE(488, none), DONE)
  ROW("p1 order",           ,           ,                ALWAYS,                                  asking,     HOLD(origin), ASK(large_policy))

  ROW("1 1.r403 1.warn",    asking,     on_policy,       IF(no_may_use),                          ended,      REFUSE(403, w127), DONE)
  ROW("2 2.r403 2.warn",    ,           ,                IF(no_version_ok),                       ended,      REFUSE(403, w132), DONE)
  ROW("O-R88",              ,           ,                IF(overfull),                            ended,      REFUSE(486, w102_participants), DONE)
  ROW("O-R51",              ,           ,                IF(no_for_group, has_list, no_list_reads), ended,    REFUSE(400, none), DONE)
  ROW("3 3.a 3.a.r403 3.a.warn", ,      ,                IF(for_cf, privacy, no_may_hide),        ended,      REFUSE(403, w119), DONE)
  ROW("3.b 3.b.r486 3.b.warn", ,        ,                IF(for_cf, too_many),                    ended,      REFUSE(486, w102_participants), DONE)
  ROW("3.c 3.c.r403 3.c.warn", ,        ,                IF(for_cf, no_has_recipients),           ended,      REFUSE(403, w129), DONE)
  ROW("5 5.a 5.a.r403 5.a.warn", ,      ,                IF(for_exploder, privacy, no_may_hide),  ended,      REFUSE(403, w119), DONE)
  ROW("5.b 5.b.r486 5.b.warn", ,        ,                IF(for_exploder, too_many),              ended,      REFUSE(486, w102_participants), DONE)
  ROW("5.c 5.c.r403 5.c.warn", ,        ,                IF(for_exploder, no_has_recipients),     ended,      REFUSE(403, w129), DONE)
  ROW("4 4.a 4.a.r404 O-R16", ,         ,                IF(for_group, no_group_has_cpm),         ended,      REFUSE(404, none), DONE)
  ROW("4.b 4.b.r403 4.b.warn", ,        ,                IF(for_group, privacy, no_may_hide),     ended,      REFUSE(403, w119), DONE)
  ROW("O-R55",              ,           ,                IF(for_group, no_has_recipients),        ended,      REFUSE(403, w129), DONE)
  ROW("6 6.r403 6.warn O-R8", ,         ,                IF(timer_required, no_timer_offered),    ended,      REFUSE(403, w122), DONE)
  ROW("order 3.d 5.d 7 8 9", ,          ,                ALWAYS,                                  proceeding, FORK(member), COMPOSE(history, history_list), START(no_answer))
  ROW("cancel-1",           asking,     on_cancel,       ALWAYS,                                  ended,      REFUSE(487, none), DONE)

  ROW("first200-1 first200-2 first200-5 first200-5.listen",
                            proceeding, leg_answered,    ALWAYS,                                  accepted,   LEARN(answered_types), LEARN(answered_wrapped_types), REPLY(large_200), LISTEN, STOP(no_answer), START(ack))
  ROW("O-R31",              proceeding, leg_over,        IF(none_live),                           ended,      BEST(status), REFUSE(0, none), STOP(no_answer), DONE)
  ROW("nok O-R31",          ,           ,                ALWAYS,                                  proceeding, BEST(status))
  ROW("O-R31-1",            proceeding, timer_no_answer, ALWAYS,                                  winding,    REFUSE(480, none), EACH(do_cancel))
  ROW("cancel-1 cancel-2",  proceeding, on_cancel,       ALWAYS,                                  winding,    REFUSE(487, none), STOP(no_answer), EACH(do_cancel))

  ROW("O-R40",              accepted,   on_ack,          IF(none_live),                           ending,     STOP(ack), CLOSE, SEND(bye_480))
  ROW("ack-1 ack-2 O-R26 O-R86", ,      ,                ALWAYS,                                  relaying,   STOP(ack), START_FOR(session, session_due), EACH(do_ack))
  ROW("O-R26-1",            accepted,   timer_ack,       ALWAYS,                                  ending,     CLOSE, SEND(bye_480), EACH(do_cancel))
  ROW("O-R33",              accepted,   on_bye,          IF(none_live),                           ended,      HOLD(origin), REPLY(ok), CLOSE, STOP(ack), DONE)
  ROW("O-R33",              ,           ,                ALWAYS,                                  winding,    HOLD(origin), REPLY(ok), CLOSE, STOP(ack), EACH(do_cancel))
  ROW("O-R33",              accepted,   media_up,        ALWAYS,                                  accepted,   NOTHING)
  /* a chunk overtakes the ACK: kept, and replayed when the legs connect */
  ROW("send-1 O-R68",       accepted,   on_chunk,        IF(binding_send),                        accepted,   ACCEPT(200))
  ROW("send-1 send-4 O-R33", ,          ,                ALWAYS,                                  accepted,   ACCEPT(200), STORE(chunk_log), ADD(stored))
  /* nothing can come any more, and BYE waits for the ACK */
  ROW("O-R33 O-R26-1",      accepted,   media_down,      ALWAYS,                                  quitting,   CLOSE, EACH(do_cancel))
  ROW("O-R33",              quitting,   on_ack,          ALWAYS,                                  ending,     STOP(ack), SEND(bye_480))
  ROW("O-R26-1",            quitting,   timer_ack,       ALWAYS,                                  ending,     SEND(bye_480))
  ROW("O-R33",              quitting,   on_bye,          IF(none_live),                           ended,      HOLD(origin), REPLY(ok), STOP(ack), DONE)
  ROW("O-R33",              ,           ,                ALWAYS,                                  winding,    HOLD(origin), REPLY(ok), STOP(ack))

  ROW("send-1 O-R68",       relaying,   on_chunk,        IF(binding_send),                        relaying,   ACCEPT(200))
  ROW("send-1 send-2 send-3 send-4 send-4.rel",
                            ,           ,                IF(no_none_behind),                      relaying,   ACCEPT(200), STORE(chunk_log), ADD(stored), EACH(do_chunk))
  /* a member whose MSRP fails is tried elsewhere, from the first chunk on */
  ROW("send-1 send-2 send-2.note send-3 err-msrp", , ,   IF(none_behind, has_isf),                relaying,   ACCEPT(200), STORE(chunk_log), ADD(stored), EACH(do_chunk))
  ROW("send-1 send-2 send-2.note send-3", , ,            IF(none_behind, no_has_isf),             relaying,   ACCEPT(200), EACH(do_chunk))
  ROW("bye-1 bye-2 bye-3 bye-4 bye-5",
                            relaying,   on_bye,          ALWAYS,                                  flushing,   HOLD(origin), REPLY(ok), CLOSE, STOP(session), START(linger), EACH(do_flush))
  ROW("O-R33",              relaying,   media_up,        ALWAYS,                                  relaying,   NOTHING)
  ROW("O-R33",              relaying,   media_down,      ALWAYS,                                  ending,     CLOSE, SEND(bye_480), EACH(do_cancel))
  ROW("O-R40",              relaying,   leg_over,        IF(none_live),                           ending,     CLOSE, SEND(bye_480))
  /* the originator keeps the session alive; if it said that we do, we */
  ROW("O-R86",              relaying,   timer_session,   IF(no_we_refresh),                       ending,     CLOSE, SEND(bye_480), EACH(do_cancel))
  ROW("O-R86",              ,           ,                IF(no_takes_update),                     relaying,   SEND(large_again))
  ROW("O-R86",              relaying,   reinvite_done,   IF(no_was_answered),                     ending,     CLOSE, SEND(bye_480), EACH(do_cancel))
  ROW("O-R86",              ,           ,                IF(dialog_gone),                         ending,     CLOSE, SEND(bye_480), EACH(do_cancel))
  ROW("O-R86",              relaying,   on_reinvite,     IF(reoffers, no_same_path),              relaying,   HOLD(origin), REFUSE(488, none))
  ROW("O-R86",              ,           ,                IF(refreshes),                           relaying,   HOLD(origin), REPLY(large_again_200), START_FOR(session, session_due))
  ROW("O-R86",              ,           ,                ALWAYS,                                  relaying,   HOLD(origin), REPLY(large_again_200), STOP(session))
  ROW("O-R86",              before_ack, on_reinvite,     ALWAYS,                                  stays,      HOLD(origin), REFUSE(491, none))

  ROW("bye-5.rel",          flushing,   leg_over,        IF(none_live),                           ended,      STOP(linger), DONE)
  ROW("O-R33",              flushing,   timer_linger,    ALWAYS,                                  winding,    EACH(do_cancel))
  ROW("O-R33",              winding,    leg_over,        IF(none_live),                           ended,      DONE)
  ROW("O-R33",              winding,    leg_retry,       IF(none_live),                           ended,      DONE)

  /* our BYE to the originator is out */
  ROW("O-R33",              ending,     bye_done,        IF(none_live),                           ended,      DONE)
  ROW("O-R33",              ,           ,                ALWAYS,                                  winding,    NOTHING)
  ROW("O-R34",              ending,     on_bye,          ALWAYS,                                  ending,     HOLD(origin), REPLY(ok))
  ROW("O-R26",              ending,     on_ack,          ALWAYS,                                  ending,     NOTHING)

  ROW("err-isf",            open,       leg_retry,       ALWAYS,                                  stays,      REFORK(iwf))
  ROW("more200-p",          any,        leg_answered,    ALWAYS,                                  stays,      NOTHING)
  ROW("nok",                any,        leg_over,        ALWAYS,                                  stays,      NOTHING)
  ROW("O-R33",              any,        leg_retry,       ALWAYS,                                  stays,      NOTHING)
};

/* ---- the leg of one member ----------------------------------------------------------------------------------------- */

static const cpmi_row large_leg_rows[] = {
  ROW("8 8.a 8.m",          idle,       go,              IF(no_for_exploder),                     inviting,   SEND(large_out))
  ROW("9 9.a 9.j",          ,           ,                IF(for_exploder),                        inviting,   SEND(large_out_many))
  ROW("O-R33",              inviting,   invite_1xx,      ALWAYS,                                  inviting,   NOTHING)
  ROW("O-R33",              inviting,   invite_ok,       IF(answer_unusable),                     ending,     SEND(ack), SEND(bye_480))
  ROW("first200-1",         ,           ,                IF(no_acknowledged),                     answered,   RAISE(leg_answered))
  ROW("more200-1 more200-2 more200-2.a more200-2.b more200-2.b.i O-R86",
                            ,           ,                IF(answer_passive, refreshes),           connecting, SEND(ack), START_FOR(session, session_due), CONNECT, RAISE(leg_answered))
  ROW("more200-1 more200-2 more200-2.a more200-2.b more200-2.b.i",
                            ,           ,                IF(answer_passive),                      connecting, SEND(ack), CONNECT, RAISE(leg_answered))
  ROW("more200-2.b.ii more200-2.b.ii.listen O-R86",
                            ,           ,                IF(answer_active, refreshes),            connecting, SEND(ack), START_FOR(session, session_due), LISTEN, RAISE(leg_answered))
  ROW("more200-2.b.ii more200-2.b.ii.listen",
                            ,           ,                IF(answer_active),                       connecting, SEND(ack), LISTEN, RAISE(leg_answered))
  ROW("err-1 err-2 err-3 err-4 err-5 err-6 err-7 err-8 err-check",
                            inviting,   invite_fail,     IF(interworkable, no_leg_iwf, has_isf),  asking,     ASK(interwork_policy))
  ROW("nok",                ,           ,                ALWAYS,                                  refused,    RAISE(leg_over))
  ROW("O-R33",              inviting,   invite_timeout,  ALWAYS,                                  refused,    RAISE(leg_over))
  ROW("err-isf",            asking,     on_policy,       IF(may_interwork),                       refused,    RAISE(leg_retry))
  ROW("err-check",          ,           ,                IF(no_may_interwork),                    refused,    RAISE(leg_over))

  ROW("ack-1 ack-2.a ack-2.b ack-2.b.i ack-2.c O-R86", answered, do_ack, IF(answer_passive, refreshes), connecting, SEND(ack), START_FOR(session, session_due), CONNECT)
  ROW("ack-1 ack-2.a ack-2.b ack-2.b.i ack-2.c", , ,     IF(answer_passive),                      connecting, SEND(ack), CONNECT)
  ROW("ack-1 ack-2.b.ii ack-2.b.ii.listen O-R86", , ,    IF(answer_active, refreshes),            connecting, SEND(ack), START_FOR(session, session_due), LISTEN)
  ROW("ack-1 ack-2.b.ii ack-2.b.ii.listen", , ,          IF(answer_active),                       connecting, SEND(ack), LISTEN)
  ROW("O-R33",              answered,   on_bye,          ALWAYS,                                  ended,      SEND(ack), HOLD(held), REPLY(ok), RAISE(leg_over))
  ROW("more200-3",          connecting, media_up,        IF(any_stored),                          draining,   FETCH(chunk_log, seen))
  ROW("bye-3",              ,           ,                IF(sender_gone),                         ending,     SEND(bye), CLOSE)
  ROW("ack-2.c",            ,           ,                ALWAYS,                                  up,         NOTHING)
  ROW("bye-5",              draining,   on_loaded,       IF(last_stored, sender_gone),            finishing,  PUSH(chunk_copy), ADD(seen), ADD(unacked))
  ROW("more200-4 more200-4.chunk", ,    ,                IF(last_stored),                         up,         PUSH(chunk_copy), ADD(seen), ADD(unacked))
  ROW("more200-3 more200-4", ,          ,                ALWAYS,                                  draining,   PUSH(chunk_copy), ADD(seen), ADD(unacked), FETCH(chunk_log, seen))
  ROW("send-2 send-3 send-3.chunk", up, do_chunk,        ALWAYS,                                  up,         PUSH(chunk_copy), ADD(unacked))
  ROW("bye-5",              up,         do_flush,        IF(in_flight),                           finishing,  NOTHING)
  ROW("bye-3 bye-4",        ,           ,                IF(no_in_flight),                        ending,     SEND(bye), CLOSE)
  ROW("bye-5 bye-5.rel",    finishing,  msrp_ok,         IF(last_flight),                         ending,     SUB(unacked), SEND(bye), CLOSE)
  ROW("O-R33",              flow,       msrp_ok,         ALWAYS,                                  stays,      SUB(unacked))
  ROW("err-msrp",           flow,       msrp_fail,       IF(no_leg_iwf, has_isf),                 retrying,   SEND(bye_480), CLOSE, ASK(interwork_policy))
  ROW("O-R33",              ,           ,                ALWAYS,                                  ending,     SEND(bye_480), CLOSE)
  ROW("err-isf",            retrying,   on_policy,       IF(may_interwork),                       ending,     RAISE(leg_retry))
  ROW("err-check",          ,           ,                IF(no_may_interwork),                    ending,     NOTHING)
  ROW("O-R33",              retrying,   bye_done,        ALWAYS,                                  asking,     NOTHING)
  ROW("O-R33",              flow,       media_down,      ALWAYS,                                  ending,     SEND(bye_480), CLOSE)
  ROW("O-R40",              flow,       on_bye,          ALWAYS,                                  ended,      HOLD(held), REPLY(ok), CLOSE, RAISE(leg_over))
  /* a member that connects binds the connection by a SEND of its own */
  ROW("O-R68",              flow,       on_chunk,        IF(binding_send),                        stays,      ACCEPT(200))
  ROW("O-R89",              ,           ,                ALWAYS,                                  stays,      ACCEPT(403))

  ROW("O-R86",              flow,       timer_session,   IF(no_we_refresh),                       ending,     SEND(bye_480), CLOSE)
  ROW("O-R86",              ,           ,                IF(no_takes_update),                     stays,      SEND(large_out_again))
  ROW("O-R86",              flow,       reinvite_done,   IF(no_was_answered),                     ending,     SEND(bye_480), CLOSE)
  ROW("O-R86",              ,           ,                IF(dialog_gone),                         ending,     SEND(bye_480), CLOSE)
  ROW("O-R86",              flow,       on_reinvite,     IF(reoffers, no_same_path),              stays,      HOLD(held), REFUSE(488, none))
  ROW("O-R86",              ,           ,                IF(refreshes),                           stays,      HOLD(held), REPLY(large_out_again_200), START_FOR(session, session_due))
  ROW("O-R86",              ,           ,                ALWAYS,                                  stays,      HOLD(held), REPLY(large_out_again_200), STOP(session))
  ROW("O-R86",              answered,   on_reinvite,     ALWAYS,                                  answered,   HOLD(held), REFUSE(491, none))

  ROW("cancel-2",           inviting,   do_cancel,       ALWAYS,                                  cancelling, SEND(cancel))
  ROW("O-R32-1 O-R26-1",    answered,   do_cancel,       ALWAYS,                                  ending,     SEND(ack), SEND(bye))
  ROW("O-R32-1",            flow,       do_cancel,       ALWAYS,                                  ending,     SEND(bye), CLOSE)
  ROW("O-R33",              cancelling, invite_1xx,      ALWAYS,                                  cancelling, NOTHING)
  ROW("O-R32-1",            cancelling, invite_ok,       ALWAYS,                                  ending,     SEND(ack), SEND(bye))
  ROW("cancel-2",           cancelling, invite_fail,     ALWAYS,                                  ended,      RAISE(leg_over))
  ROW("O-R33",              cancelling, invite_timeout,  ALWAYS,                                  ended,      RAISE(leg_over))
  ROW("O-R33",              ending,     bye_done,        ALWAYS,                                  ended,      RAISE(leg_over))
  ROW("O-R34",              byeing,     on_bye,          ALWAYS,                                  stays,      HOLD(held), REPLY(ok))
  /* what was fetched for a connection that is gone */
  IGNORE("O-R33", byeing, on_loaded)
  IGNORE("O-R33", asking, on_loaded)
};

/* ---- 8, 9: INVITE to a member -------------------------------------------------------------------------------------- */

static const cpmi_line large_out_lines[] = {
  FIELD("8.d",                  SHALL,  REQUEST_URI,         ALWAYS,              CTX(uri))
  FIELD("err-isf O-R52",        SHALL,  ROUTE,               IF(leg_iwf),         ADDR_OF_AGENT(isf_uri))
  FIELD("8.a",                  SHALL,  TO,                  ALWAYS,              ADDR_OF_TARGET)
  FIELD("8.a",                  SHALL,  FROM,                IF(no_for_group),    ADDR(group_uri))
  FIELD("8.a",                  SHALL,  FROM,                IF(for_group),       ADDR(request_uri))
  FIELD("8.b.ac",               SHALL,  ACCEPT_CONTACT,      ALWAYS,              COPY_IF(ACCEPT_CONTACT))
  FIELD("8.b.conv",             SHALL,  CONVERSATION_ID,     ALWAYS,              COPY_IF(CONVERSATION_ID))
  FIELD("8.b.contrib",          SHALL,  CONTRIBUTION_ID,     ALWAYS,              COPY_IF(CONTRIBUTION_ID))
  FIELD("8.b.reply",            SHALL,  REPLY_TO,            ALWAYS,              COPY_IF(REPLY_TO))
  FIELD("8.b.expires O-R17",    SHALL,  EXPIRES,             ALWAYS,              COPY_IF(EXPIRES))
  FIELD("8.b.expires O-R17",    SHALL,  MESSAGE_EXPIRES,     ALWAYS,              COPY_IF(MESSAGE_EXPIRES))
  FIELD("8.b.inreply",          SHALL,  IN_REPLY_TO_CONTRIBUTION_ID, ALWAYS,      COPY_IF(IN_REPLY_TO_CONTRIBUTION_ID))
  FIELD("8.b.subject",          SHALL,  SUBJECT,             ALWAYS,              COPY_IF(SUBJECT))
  FIELD("8.b 8.e O-R9",         SHALL,  CONTACT,             ALWAYS,              CONTACT_OF(contact, ";isfocus"))
  FIELD("8.f",                  SHOULD, SESSION_EXPIRES,     ALWAYS,              NUMBER(session_expires, ";refresher=uas"))
  FIELD("8.g",                  SHALL,  SUPPORTED,           ALWAYS,              LIT("timer"))
  FIELD("8.h",                  SHALL,  USER_AGENT,          ALWAYS,              OF_AGENT(user_agent))
  FIELD("8.i",                  SHALL,  PRIVACY,             ALWAYS,              COPY_IF(PRIVACY))
  FIELD("8.k 8.k.i",            SHALL,  P_ASSERTED_IDENTITY, IF(no_for_group),    ADDR(group_uri))
  FIELD("8.l 8.l.i",            SHALL,  P_ASSERTED_IDENTITY, IF(for_group),       ADDR(request_uri))
  FIELD("8.k.ii.anon 8.l.ii.anon", SHALL, REFERRED_BY,       IF(privacy),         LIT("<sip:anonymous@anonymous.invalid>"))
  FIELD("8.k.ii 8.l.ii S1-6.2-p3.s3 O-R56", SHALL, REFERRED_BY, IF(no_privacy),   CTX(referrer))
  BODY("8.c 8.c.disp O-R11",    SHALL,                       ALWAYS,              RECIPE(history_list))
  BODY("8.j 8.j.i",             SHALL,                       ALWAYS,              RECIPE(large_offer))
};
REQUEST(large_out, INVITE, large_out_lines)

static const cpmi_line large_out_many_lines[] = {
  FIELD("9.c",                  SHALL,  REQUEST_URI,         ALWAYS,              CTX(uri))
  FIELD("err-isf O-R52",        SHALL,  ROUTE,               IF(leg_iwf),         ADDR_OF_AGENT(isf_uri))
  FIELD("9.a",                  SHALL,  TO,                  ALWAYS,              ADDR_OF_TARGET)
  FIELD("9.a O-R47-1",          SHALL,  FROM,                IF(privacy),         LIT("\"Anonymous\" <sip:anonymous@anonymous.invalid>"))
  FIELD("9.a",                  SHALL,  FROM,                IF(no_privacy),      ADDR(sender))
  FIELD("9.b.ac",               SHALL,  ACCEPT_CONTACT,      ALWAYS,              COPY_IF(ACCEPT_CONTACT))
  FIELD("9.b.conv",             SHALL,  CONVERSATION_ID,     ALWAYS,              COPY_IF(CONVERSATION_ID))
  FIELD("9.b.contrib",          SHALL,  CONTRIBUTION_ID,     ALWAYS,              COPY_IF(CONTRIBUTION_ID))
  FIELD("9.b.reply",            SHALL,  REPLY_TO,            ALWAYS,              COPY_IF(REPLY_TO))
  FIELD("9.b.expires O-R17",    SHALL,  EXPIRES,             ALWAYS,              COPY_IF(EXPIRES))
  FIELD("9.b.expires O-R17",    SHALL,  MESSAGE_EXPIRES,     ALWAYS,              COPY_IF(MESSAGE_EXPIRES))
  FIELD("9.b.inreply",          SHALL,  IN_REPLY_TO_CONTRIBUTION_ID, ALWAYS,      COPY_IF(IN_REPLY_TO_CONTRIBUTION_ID))
  FIELD("9.b.subject",          SHALL,  SUBJECT,             ALWAYS,              COPY_IF(SUBJECT))
  FIELD("9.b O-R9",             SHALL,  CONTACT,             ALWAYS,              CONTACT_OF(contact, ""))
  FIELD("9.d",                  SHOULD, SESSION_EXPIRES,     ALWAYS,              NUMBER(session_expires, ";refresher=uas"))
  FIELD("9.e",                  SHALL,  SUPPORTED,           ALWAYS,              LIT("timer"))
  FIELD("9.f",                  SHALL,  USER_AGENT,          ALWAYS,              OF_AGENT(user_agent))
  FIELD("9.g",                  SHALL,  PRIVACY,             ALWAYS,              COPY_IF(PRIVACY))
  FIELD("9.i",                  SHALL,  P_ASSERTED_IDENTITY, ALWAYS,              COPY(P_ASSERTED_IDENTITY))
  BODY("9.h 9.h.vii",           SHALL,                       ALWAYS,              RECIPE(large_offer))
};
REQUEST(large_out_many, INVITE, large_out_many_lines)

static const cpmi_line large_offer_lines[] = {
  SDP("8.j 9.h",                SHALL,  ACCEPT_TYPES,        ALWAYS,              CTX(accept_types))
  SDP("8.j 9.h",                MAY,    ACCEPT_WRAPPED_TYPES, ALWAYS,             CTX(accept_wrapped_types))
  SDP("8.j.ii 9.h.viii",        SHALL,  PATH,                ALWAYS,              OWN_PATH)
  SDP("8.j.iii 9.h.ix",         SHALL,  DIRECTION,           ALWAYS,              LIT("sendonly"))
  SDP("8.j.iv 9.h.x",           SHALL,  FILE_SELECTOR,       IF(knows_size),      SIZE(size))
  SDP("8.j.v 9.h.xi",           SHALL,  SETUP,               ALWAYS,              LIT("actpass"))
  SDP("8.j.vi 9.h.xii",         SHALL,  MSRP_CEMA,           ALWAYS,              LIT(""))
  SDP("O-R67",                 SHALL,  FINGERPRINT,         IF(over_tls),        OF_AGENT(fingerprint))
};
/* Said again it keeps the lines that the member has added. */
SDP_ANSWER(large_offer, large_offer_lines)

/* ---- the first 200: what the originator gets ------------------------------------------------------------------------- */

static const cpmi_line large_200_lines[] = {
  FIELD("first200-1.a.conv",    SHALL,  CONVERSATION_ID,     ALWAYS,              COPY_IF(CONVERSATION_ID))
  FIELD("first200-1.a.contrib", SHALL,  CONTRIBUTION_ID,     ALWAYS,              COPY_IF(CONTRIBUTION_ID))
  FIELD("first200-1.a.inreply", SHALL,  IN_REPLY_TO_CONTRIBUTION_ID, ALWAYS,      COPY_IF(IN_REPLY_TO_CONTRIBUTION_ID))
  FIELD("first200-1.b.req",     SHALL,  REQUIRE,             ALWAYS,              LIT("timer"))
  FIELD("first200-1.b.sup",     SHALL,  SUPPORTED,           ALWAYS,              LIT("timer"))
  FIELD("first200-1.c",         SHALL,  SESSION_EXPIRES,     ALWAYS,              NUMBER(session_expires, ";refresher=uac"))
  FIELD("first200-3",           SHALL,  SERVER,              ALWAYS,              OF_AGENT(server))
  FIELD("first200-4",           SHALL,  CONTACT,             ALWAYS,              ADDR_OF_AGENT(address))
  BODY("first200-2 first200-2.a", SHALL,                     ALWAYS,              RECIPE(large_answer))
};
RESPONSE(large_200, 200, large_200_lines)

static const cpmi_line large_answer_lines[] = {
  SDP("first200-2",             SHALL,  ACCEPT_TYPES,        ALWAYS,              CTX(answered_types))
  SDP("first200-2",             MAY,    ACCEPT_WRAPPED_TYPES, ALWAYS,             CTX(answered_wrapped_types))
  SDP("first200-2.b",           SHALL,  PATH,                ALWAYS,              OWN_PATH)
  SDP("first200-2.c",           SHALL,  DIRECTION,           ALWAYS,              LIT("recvonly"))
  SDP("first200-2.d",           SHALL,  SETUP,               ALWAYS,              LIT("passive"))
  SDP("first200-2.e",           SHALL,  MSRP_CEMA,           ALWAYS,              LIT(""))
  SDP("O-R67",                 SHALL,  FINGERPRINT,         IF(over_tls),        OF_AGENT(fingerprint))
};
SDP_ANSWER(large_answer, large_answer_lines)

/* ---- the sessions as they are, in refreshes and in answers to them ------------------------------------------------------- */

static const cpmi_line large_again_lines[] = {
  FIELD("O-R86",                SHALL,  CONTACT,             ALWAYS,              ADDR_OF_AGENT(address))
  TIMER_IN_REQUEST
  FIELD("O-R38",                SHALL,  USER_AGENT,          ALWAYS,              OF_AGENT(user_agent))
  BODY("O-R86",                 SHALL,                       ALWAYS,              RECIPE(large_answer))
};
IN_DIALOG(large_again, INVITE, large_again_lines)

static const cpmi_line large_again_200_lines[] = {
  FIELD("O-R86",                SHALL,  CONTACT,             ALWAYS,              ADDR_OF_AGENT(address))
  TIMER_IN_ANSWER
  FIELD("O-R38",                SHALL,  SERVER,              ALWAYS,              OF_AGENT(server))
  BODY("O-R86",                 SHALL,                       IF(reinvites),       RECIPE(large_answer))
  BODY("O-R86",                 SHALL,                       IF(no_reinvites, reoffers), RECIPE(large_answer))
};
RESPONSE(large_again_200, 200, large_again_200_lines)

static const cpmi_line large_out_again_lines[] = {
  FIELD("O-R86",                SHALL,  CONTACT,             IF(no_for_exploder), CONTACT_OF(contact, ";isfocus"))
  FIELD("O-R86",                SHALL,  CONTACT,             IF(for_exploder),    CONTACT_OF(contact, ""))
  TIMER_IN_REQUEST
  FIELD("O-R38",                SHALL,  USER_AGENT,          ALWAYS,              OF_AGENT(user_agent))
  BODY("O-R86",                 SHALL,                       ALWAYS,              RECIPE(large_offer))
};
IN_DIALOG(large_out_again, INVITE, large_out_again_lines)

static const cpmi_line large_out_again_200_lines[] = {
  FIELD("O-R86",                SHALL,  CONTACT,             IF(no_for_exploder), CONTACT_OF(contact, ";isfocus"))
  FIELD("O-R86",                SHALL,  CONTACT,             IF(for_exploder),    CONTACT_OF(contact, ""))
  TIMER_IN_ANSWER
  FIELD("O-R38",                SHALL,  SERVER,              ALWAYS,              OF_AGENT(server))
  BODY("O-R86",                 SHALL,                       IF(reinvites),       RECIPE(large_out_answer))
  BODY("O-R86",                 SHALL,                       IF(no_reinvites, reoffers), RECIPE(large_out_answer))
};
RESPONSE(large_out_again_200, 200, large_out_again_200_lines)

static const cpmi_line large_out_answer_lines[] = {
  SDP("8.j 9.h",                SHALL,  ACCEPT_TYPES,        ALWAYS,              CTX(accept_types))
  SDP("8.j 9.h",                MAY,    ACCEPT_WRAPPED_TYPES, ALWAYS,             CTX(accept_wrapped_types))
  SDP("8.j.ii 9.h.viii",        SHALL,  PATH,                ALWAYS,              OWN_PATH)
  SDP("8.j.iii 9.h.ix",         SHALL,  DIRECTION,           ALWAYS,              LIT("sendonly"))
  SDP("8.j.iv 9.h.x",           SHALL,  FILE_SELECTOR,       IF(knows_size),      SIZE(size))
  SDP("O-R86",                  SHALL,  SETUP,               IF(answer_passive),  LIT("active"))
  SDP("O-R86",                  SHALL,  SETUP,               IF(answer_active),   LIT("passive"))
  SDP("8.j.vi 9.h.xii",         SHALL,  MSRP_CEMA,           ALWAYS,              LIT(""))
  SDP("O-R67",                  SHALL,  FINGERPRINT,         IF(over_tls),        OF_AGENT(fingerprint))
};
SDP_ANSWER(large_out_answer, large_out_answer_lines)
#undef SPEC

static const uint8_t large_fields[] = {
  F(tagged), F(sender), F(referrer), F(client_release), F(addressed), F(asked_privacy), F(session_timer), F(request_uri), F(request), F(origin),
  F(body_ok), F(list), F(authorised), F(anonymity_allowed), F(group_cpm), F(list_ok), F(recipients), F(group_uri), F(stored),
  F(session_id), F(path), F(chunk_message_id), F(chunk_type), F(binds), F(media_ok), F(media_line), F(offer), F(accept_types), F(accept_wrapped_types), F(size),
  F(history), F(no_room), F(contact), F(chunk_failure), F(chunk_success), F(answered_types), F(answered_wrapped_types), F(status), F(described),
  F(session_interval), F(session_due), F(we_refresh), F(peer_updates), F(reinvites), F(offered_path),
};
static const uint8_t large_leg_fields[] = {
  F(uri), F(copy_control), F(anonymize), F(interworking), F(held), F(setup), F(path), F(peer_address), F(peer_port), F(peer_cema), F(peer_secure), F(peer_fingerprint), F(seen), F(unacked), F(binds),
  F(status), F(answered_types), F(answered_wrapped_types), F(session_interval), F(session_due), F(we_refresh), F(peer_updates), F(reinvites), F(offered_path),
  F(offer), F(media_line),
};
static const uint8_t large_leg_states[] = {
  LEG_STATE(idle), LEG_STATE(inviting), LEG_STATE(asking), LEG_STATE(cancelling), LEG_STATE(answered), LEG_STATE(connecting),
  LEG_STATE(draining), LEG_STATE(up), LEG_STATE(finishing), LEG_STATE(ending), LEG_STATE(retrying), LEG_STATE(refused), LEG_STATE(ended),
};
static const uint8_t large_leg_kinds[] = { LEG_KIND(member), LEG_KIND(iwf) };

static const cpmi_part large_part = {
  .call = ROWS(large_rows), .leg = ROWS(large_leg_rows), .captures = ROWS(large_captures),
};

const cpm_machine cpmi_machine_cf_large = {
  .name = "cf/large", .role = CPM_ROLE_CONTROLLING, .init = CPMI_STATE_idle, .leg_init = CPMI_STATE_idle,
  .parts = { &large_part, &cpmi_part_refresh, &cpmi_part_leg_refresh, &cpmi_part_leg_fork }, .fields = NAMES(large_fields), .leg_fields = NAMES(large_leg_fields),
  .leg_states = NAMES(large_leg_states), .leg_kinds = NAMES(large_leg_kinds),
};
