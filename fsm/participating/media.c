/* SPDX-License-Identifier: MIT */
/* pf/media: the user plane of a session at the Participating Function (S3 8.2.6; rulings O-R81 to O-R84). Every side is a leg: the
 * served client and the user's other devices, and the far entity or an interworking function in its place. Chunks go on as they come (O-R27); how a
 * session is left is the part pf/session-bye. */
#include "table.h"

#define SPEC "S3-8.2.6-"

static const cpmi_capture relay_captures[] = {
  CAPTURE("O-R81",               relay,     joins,            ARG)
  CAPTURE("O-R81",               relay,     recipients,       RECIPIENTS)
  CAPTURE("1.join",              relay,     record_history,   ARG)
  CAPTURE("O-R81",               relay,     group_session,    ARG)
  CAPTURE("O-R81",               relay,     offline_storage,  ARG)
  CAPTURE("O-R81",               relay,     allow_store,      ARG)
  CAPTURE("O-R81",               relay,     allow_defer,      ARG)
  CAPTURE("O-R81",               relay,     restart_allowed,  ARG)
  CAPTURE("O-R81",               relay,     history_folder,   ARG)
  CAPTURE("O-R81",               relay,     close_part,       ARG)
  CAPTURE("O-R81",               relay,     session_id,       FRESH)
  CAPTURE("err.isf",             relay,     request,          REQUEST)
  CAPTURE("err.isf",             relay,     from_address,     ADDRESS(FROM))
  CAPTURE("err.isf",             relay,     to_address,       ADDRESS(TO))
  CAPTURE("err.isf",             relay,     accept_types,     SDP(accept_types))
  CAPTURE("err.isf",             relay,     accept_wrapped_types, SDP(accept_wrapped_types))
  LEG_CAPTURE("5.a",             established, setup,          SDP(setup))
  LEG_CAPTURE("5.a 5.a.ii.1",    established, path,           SDP(path))
  LEG_CAPTURE("5.a.i",           established, peer_address,   SDP(address))
  LEG_CAPTURE("5.a.i",           established, peer_port,      SDP(port))
  LEG_CAPTURE("2 5.a.i 5.a.ii.1 5.a.ii.2", established, peer_cema, SDP(cema))
  LEG_CAPTURE("O-R67",           established, peer_secure,    SDP(secure))
  LEG_CAPTURE("O-R67",           established, peer_fingerprint, SDP(fingerprint))
  LEG_CAPTURE("O-R81",           established, own_path,       ARG)
  LEG_CAPTURE("5.a",             invite_ok, setup,            SDP(setup))
  LEG_CAPTURE("5.a 5.a.ii.1",    invite_ok, path,             SDP(path))
  LEG_CAPTURE("5.a.i",           invite_ok, peer_address,     SDP(address))
  LEG_CAPTURE("5.a.i",           invite_ok, peer_port,        SDP(port))
  LEG_CAPTURE("5.a.i 5.a.ii.1 5.a.ii.2", invite_ok, peer_cema, SDP(cema))
  LEG_CAPTURE("O-R67",           invite_ok, peer_secure,      SDP(secure))
  LEG_CAPTURE("O-R67",           invite_ok, peer_fingerprint, SDP(fingerprint))
  LEG_CAPTURE("O-R68",           media_up,  bind_id,          IDENT)
  /* what a chunk says of itself is the call's: every leg passes it on */
  LEG_CAPTURE("6",               on_chunk,  heard,            SIDE)
  LEG_CAPTURE("6",               on_chunk,  chunk_message_id, MSRP(MESSAGE_ID))
  LEG_CAPTURE("6",               on_chunk,  chunk_type,       MSRP(CONTENT_TYPE))
  LEG_CAPTURE("6",               on_chunk,  chunk_success,    MSRP(SUCCESS_REPORT))
  LEG_CAPTURE("6",               on_chunk,  chunk_failure,    MSRP(FAILURE_REPORT))
  LEG_CAPTURE("1.wait O-R81",    on_chunk,  chunk_is,         CHUNK_IS(any_type))
  LEG_CAPTURE("1.wait",          on_chunk,  arrived,          ARRIVED)
  LEG_CAPTURE("3.check O-R83",   on_chunk,  awaited_url,      EXTERNAL_BEGINS)
  LEG_CAPTURE("3.check",         on_chunk,  external_url,     EXTERNAL_URL)
  LEG_CAPTURE("3.a",             on_chunk,  fetched,          ARG_NOW)
  LEG_CAPTURE("6",               on_loaded, heard,            SIDE)
  LEG_CAPTURE("6",               on_loaded, chunk_message_id, MSRP(MESSAGE_ID))
  LEG_CAPTURE("6",               on_loaded, chunk_type,       MSRP(CONTENT_TYPE))
  LEG_CAPTURE("6",               on_loaded, chunk_success,    MSRP(SUCCESS_REPORT))
  LEG_CAPTURE("6",               on_loaded, chunk_failure,    MSRP(FAILURE_REPORT))
  LEG_CAPTURE("3.a",             on_loaded, fetched,          ARG_NOW)
  LEG_CAPTURE("3.b 3.note",      on_loaded, fetched_type,     ARG_NOW)
  LEG_CAPTURE("3.c",             on_loaded, cpim_head,        CPIM_HEAD)
  /* the chunk again, with what it stands for */
  LEG_CAPTURE("6",               on_policy, heard,            SIDE)
  LEG_CAPTURE("6",               on_policy, chunk_message_id, MSRP(MESSAGE_ID))
  LEG_CAPTURE("6",               on_policy, chunk_type,       MSRP(CONTENT_TYPE))
  LEG_CAPTURE("6",               on_policy, chunk_success,    MSRP(SUCCESS_REPORT))
  LEG_CAPTURE("6",               on_policy, chunk_failure,    MSRP(FAILURE_REPORT))
  LEG_CAPTURE("3.a",             on_policy, fetched,          ARG_NOW)
  LEG_CAPTURE("3.b 3.note",      on_policy, fetched_type,     ARG_NOW)
  LEG_CAPTURE("3.c",             on_policy, cpim_head,        CPIM_HEAD)
  LEG_CAPTURE("O-R84",           on_report, heard,            SIDE)
  LEG_CAPTURE("O-R84",           on_report, chunk_message_id, MSRP(MESSAGE_ID))
  LEG_CAPTURE("O-R84",           on_report, msrp_status,      MSRP_STATUS)
  LEG_CAPTURE("O-R81",           msrp_ok,   open_messages,    ARG_NOW)
  LEG_CAPTURE("err.ret",         msrp_fail, msrp_status,      MSRP_STATUS)
  LEG_CAPTURE("err.ret",         media_down, msrp_status,     MSRP_STATUS)
  LEG_CAPTURE("err.isf",         on_policy, interworking,     ARG_NOW)
};

/* ---- the session --------------------------------------------------------------------------------------------------- */

static const cpmi_row relay_rows[] = {
  /*  clauses                   state     event           if                                       next       then */
  ROW("S3-8.2.2.1-media O-R81", active,   relay,          IF(has_recipients, joins_client),        active,    FORK(client))
  ROW("S3-8.2.2.1-media O-R81", ,         ,               IF(has_recipients, joins_device),        active,    FORK(device))
  ROW("S3-8.2.2.1-media O-R81", ,         ,               IF(has_recipients, joins_far),           active,    FORK(far))
  ROW("S3-8.2.2.1-media O-R81", ,         ,               IF(has_recipients, joins_iwf, no_detoured), active, FORK(iwf))
  IGNORE("O-R82",               active,   relay)

  /* nobody of the served user is there whose 200 could be passed back */
  ROW("O-R81",                  active,   leg_chunk,      IF(heard_far, no_client, no_none_lacking), active,  ACCEPT(200), STORE(chunk_log), ADD(stored), EACH(do_chunk))
  ROW("O-R81",                  ,         ,               IF(heard_far, no_client),                active,    ACCEPT(200), EACH(do_chunk))
  /* kept for who is not there yet, and for an interworking function that may have to take the far side's place */
  ROW("4 5 6",                  ,         ,               IF(no_none_lacking),                     active,    STORE(chunk_log), ADD(stored), EACH(do_chunk))
  ROW("O-R81",                  ,         ,               IF(heard_user, no_far, no_iwf),          active,    STORE(chunk_log), ADD(stored), EACH(do_chunk))
  ROW("4 6 err.xfer",           ,         ,               IF(heard_user, has_isf, no_detoured, names_types, has_media), active,    STORE(chunk_log), ADD(stored), EACH(do_chunk))
  ROW("4 6",                    ,         ,               ALWAYS,                                  active,    EACH(do_chunk))
  ROW("O-R81",                  parked,   leg_chunk,      ALWAYS,                                  parked,    ACCEPT(200))

  ROW("O-R84",                  active,   leg_report,     ALWAYS,                                  active,    EACH(do_report))
  ROW("O-R84",                  parked,   leg_report,     ALWAYS,                                  parked,    NOTHING)

  /* all that was kept has its 200 */
  ROW("O-R81",                  active,   leg_answered,   IF(any_stored, none_lacking, no_messages_open), active, DROP(chunk_log), CLEAR(stored))
  ROW("O-R81",                  ,         ,               ALWAYS,                                  active,    NOTHING)
  ROW("O-R81",                  parked,   leg_answered,   ALWAYS,                                  parked,    NOTHING)
  ROW("err.isf O-R82",          active,   leg_retry,      ALWAYS,                                  active,    REFORK(iwf))
  ROW("err.isf O-R82",          parked,   leg_retry,      ALWAYS,                                  parked,    REFORK(iwf))
  ROW("O-R40",                  active,   client_lost,    IF(no_far, no_iwf),                      by_client, START(fanin), EACH(do_bye))

  /* the far side is gone: whoever sent what was kept is told */
  ROW("O-R40",                  active,   far_left,       IF(none_standing, none_going),           ended,     EACH(do_answer), DONE)
  ROW("err.ret S3-8.2.2.3-2.a S3-8.2.2.3-2.b S3-8.2.2.3-2.b.i",
                                active,   far_left,       IF(any_stored, stores_offline),          by_far,    ACCEPT_ALL(chunk_log, msrp_status), STORE(session_record), START(fanin), EACH(do_bye))
  ROW("err.ret S3-8.2.2.3-2.a", ,         ,               IF(any_stored, no_stores_offline),       by_far,    ACCEPT_ALL(chunk_log, msrp_status), START(fanin), EACH(do_bye))
  ROW("O-R34",                  parked,   far_left,       IF(no_none_going),                       winding,   EACH(do_cancel))
  ROW("O-R34",                  ,         ,               IF(no_none_standing),                    winding,   EACH(do_cancel))
  ROW("O-R34",                  parked,   iwf_left,       IF(last_iwf, no_none_going),             winding,   EACH(do_cancel))
  ROW("O-R34",                  ,         ,               IF(last_iwf, no_none_standing),          winding,   EACH(do_cancel))
};

/* ---- a side of it -------------------------------------------------------------------------------------------------- */

static const cpmi_row relay_leg_rows[] = {
  ROW("O-R82",                  idle,     go,             IF(leg_iwf, detoured),                   inviting,  SEND(iwf_invite))
  ROW("O-R81",                  ,         ,               ALWAYS,                                  idle,      NOTHING)
  /* the client was answered passive, the far side was offered the active role */
  ROW("2 S3-8.2.2.1-media",     idle,     established,    IF(leg_client, no_has_cema, interoperates), connecting, LISTEN, START(linger))
  ROW("S3-8.2.2.1-media",       ,         ,               IF(leg_client),                          connecting, LISTEN, START(linger))
  ROW("O-R33",                  ,         ,               IF(answer_unusable, leg_device),         ending,    SEND(bye_480))
  ROW("O-R33",                  ,         ,               IF(answer_unusable),                     ending,    SEND(bye_480), RAISE(far_left))
  ROW("5 5.a 5.a.i",            ,         ,               IF(answer_passive, has_cema),            connecting, CONNECT, START(linger))
  ROW("2 5 5.a 5.a.ii.2",       ,         ,               IF(answer_passive, interoperates),       connecting, CONNECT, START(linger))
  ROW("5 5.a 5.a.ii.1",         ,         ,               IF(answer_passive),                      connecting, CONNECT, START(linger))
  ROW("O-R15",                  ,         ,               IF(answer_active),                       connecting, LISTEN, START(linger))

  /* an interworking function in the far side's place */
  ROW("O-R33",                  inviting, invite_1xx,     ALWAYS,                                  inviting,  NOTHING)
  ROW("O-R33",                  inviting, invite_ok,      IF(answer_unusable),                     ending,    SEND(ack), SEND(bye_480), RAISE(far_left))
  ROW("err.xfer 5 5.a",         ,         ,               IF(answer_passive),                      connecting, SEND(ack), CONNECT, START(linger))
  ROW("err.xfer O-R28",         ,         ,               IF(answer_active),                       connecting, SEND(ack), LISTEN, START(linger))
  ROW("err.ret",                inviting, invite_fail,    ALWAYS,                                  refused,   RAISE(far_left))
  ROW("err.ret",                inviting, invite_timeout, ALWAYS,                                  refused,   RAISE(far_left))
  ROW("O-R32-1",                inviting, do_bye,         ALWAYS,                                  cancelling, SEND(cancel))
  ROW("O-R33",                  cancelling, invite_1xx,   ALWAYS,                                  cancelling, NOTHING)
  ROW("O-R32-1",                cancelling, invite_ok,    ALWAYS,                                  ending,    SEND(ack), SEND(bye))
  ROW("O-R33",                  cancelling, invite_fail,  ALWAYS,                                  ended,     RAISE(leg_over))
  ROW("O-R33",                  cancelling, invite_timeout, ALWAYS,                                ended,     RAISE(leg_over))

  /* the connection: who opened it says by a SEND of no octets which session it is */
  ROW("O-R81",                  connecting, media_up,     IF(leg_client, any_stored),              draining,  STOP(linger), FETCH(chunk_log, seen))
  ROW("O-R81",                  ,         ,               IF(leg_client),                          up,        STOP(linger))
  ROW("err.xfer",               ,         ,               IF(answer_active, any_stored),           draining,  STOP(linger), FETCH(chunk_log, seen))
  ROW("O-R81",                  ,         ,               IF(answer_active),                       up,        STOP(linger))
  ROW("5 O-R68",                ,         ,               ALWAYS,                                  binding,   PUSH(bind_send))
  ROW("err.xfer O-R81",         binding,  msrp_ok,        IF(any_stored),                          draining,  STOP(linger), FETCH(chunk_log, seen))
  ROW("5",                      ,         ,               ALWAYS,                                  up,        STOP(linger))

  /* what was kept: nobody gets what came from its own side but the user's devices */
  ROW("O-R81",                  draining, on_loaded,      IF(last_stored, came_here),              up,        NOTHING)
  ROW("O-R81",                  ,         ,               IF(came_here),                           draining,  ADD(seen), FETCH(chunk_log, seen))
  ROW("O-R81",                  ,         ,               IF(last_stored, heard_far, no_leg_client, no_leg_device), up, NOTHING)
  ROW("O-R81",                  ,         ,               IF(heard_far, no_leg_client, no_leg_device), draining, ADD(seen), FETCH(chunk_log, seen))
  ROW("6 err.xfer",             ,         ,               IF(last_stored, was_fetched),            up,        PUSH(relayed_content))
  ROW("6 err.xfer",             ,         ,               IF(was_fetched),                         draining,  PUSH(relayed_content), ADD(seen), FETCH(chunk_log, seen))
  ROW("6 err.xfer",             ,         ,               IF(last_stored),                         up,        PUSH(relayed_chunk))
  ROW("6 err.xfer",             ,         ,               ALWAYS,                                  draining,  PUSH(relayed_chunk), ADD(seen), FETCH(chunk_log, seen))

  ROW("2 O-R81",                carrying, on_chunk,       IF(stray_chunk),                         stays,     ACCEPT(481))
  ROW("O-R68",                  ,         ,               IF(binding_chunk),                       stays,     ACCEPT(200))
  ROW("O-R81",                  ,         ,               IF(broken_chunk),                        stays,     ACCEPT(400))
  ROW("O-R37",                  ,         ,               IF(excessive_chunk),                     stays,     ACCEPT(413), DROP(message), CLEAR(arrived), CLEAR(awaited_url))
  /* content that lies elsewhere; of several chunks nothing goes on before all are here */
  ROW("3.check 3.a O-R83",      ,         ,               IF(heard_user, awaits_content, last_chunk), stays,  STORE(message), CLEAR(arrived), CLEAR(awaited_url), STOP(linger), ASK(external_content))
  ROW("1.wait O-R83",           ,         ,               IF(heard_user, awaits_content, more_chunks), stays, ACCEPT(200), STORE(message), START(linger))
  ROW("1.wait O-R83",           ,         ,               IF(heard_user, awaits_content, same_chunk), stays,  ACCEPT(200), STORE(message))
  ROW("O-R83",                  ,         ,               IF(heard_user, awaits_content, aborted_chunk), stays, ACCEPT(200), DROP(message), CLEAR(arrived), CLEAR(awaited_url), STOP(linger))
  ROW("3.check 3.a",            ,         ,               IF(heard_user, is_external, last_chunk), stays,     CLEAR(arrived), ASK(external_content))
  ROW("3.check 3.a",            ,         ,               IF(heard_user, is_external),             stays,     ASK(external_content))
  /* put together for storage */
  ROW("1.wait 1.join 6",        ,         ,               IF(records, last_chunk),                 stays,     STORE(message), STORE(history), CLEAR(arrived), STOP(linger), RAISE(leg_chunk))
  ROW("1.wait 6",               ,         ,               IF(records, more_chunks),                stays,     STORE(message), START(linger), RAISE(leg_chunk))
  ROW("1.wait 6",               ,         ,               IF(records, same_chunk),                 stays,     STORE(message), RAISE(leg_chunk))
  ROW("O-R81 6",                ,         ,               IF(records, aborted_chunk),              stays,     DROP(message), CLEAR(arrived), STOP(linger), RAISE(leg_chunk))
  ROW("1.join 6",               ,         ,               IF(records, second_message),             stays,     STORE(loose_chunk), RAISE(leg_chunk))
  ROW("6",                      ,         ,               IF(last_chunk),                          stays,     CLEAR(arrived), RAISE(leg_chunk))
  ROW("6",                      ,         ,               IF(aborted_chunk),                       stays,     CLEAR(arrived), RAISE(leg_chunk))
  ROW("6",                      ,         ,               ALWAYS,                                  stays,     RAISE(leg_chunk))
  ROW("6 O-R81",                passing,  do_chunk,       IF(heard_far, leg_client),               stays,     PUSH(relayed_chunk))
  ROW("6 O-R81",                ,         ,               IF(heard_far, leg_device),               stays,     PUSH(relayed_chunk))
  ROW("4 6",                    ,         ,               IF(heard_user, no_came_here, was_fetched), stays,   PUSH(relayed_content))
  ROW("4 6",                    ,         ,               IF(heard_user, no_came_here),            stays,     PUSH(relayed_chunk))

  ROW("O-R84",                  carrying, on_report,      IF(leg_device),                          stays,     NOTHING)
  ROW("O-R84",                  ,         ,               ALWAYS,                                  stays,     RAISE(leg_report))
  ROW("O-R84",                  passing,  do_report,      IF(heard_far, leg_client),               stays,     PUSH(relayed_report))
  ROW("O-R84",                  ,         ,               IF(heard_far, leg_device),               stays,     PUSH(relayed_report))
  ROW("O-R84",                  ,         ,               IF(heard_user, no_leg_client, no_leg_device), stays, PUSH(relayed_report))

  ROW("ok",                     carrying, msrp_ok,        ALWAYS,                                  stays,     ACCEPT(200), RAISE(leg_answered))

  /* an error: interworking is tried once, if there is an INVITE to try it with; the next one goes back */
  ROW("O-R82",                  binding,  msrp_fail,      IF(leg_device),                          ending,    SEND(bye_480), CLOSE)
  ROW("err.isf O-R82",          ,         ,               IF(leg_far, has_isf, no_detoured, names_types, has_media), shut, CLOSE, MARK(detour, asked), ASK(interwork_policy))
  ROW("err.ret O-R82",          ,         ,               ALWAYS,                                  ending,    SEND(bye_480), CLOSE, RAISE(far_left))
  ROW("err.isf",                up,       msrp_fail,      IF(leg_far, has_isf, no_detoured, names_types, has_media), asking,    MARK(detour, asked), STORE(failed_chunks), ASK(interwork_policy))
  ROW("err.isf",                asking,   msrp_fail,      ALWAYS,                                  asking,    STORE(failed_chunks))
  ROW("err.isf",                draining, msrp_fail,      IF(leg_far, has_isf, no_detoured, names_types, has_media), shut,      CLOSE, MARK(detour, asked), ASK(interwork_policy))
  ROW("err.ret",                carrying, msrp_fail,      ALWAYS,                                  stays,     ACCEPT_OF(msrp_status))
  ROW("err.isf O-R82",          asking,   on_policy,      IF(may_interwork, names_sender, names_recipient, names_types, has_media),
                                                                                                   ending,    SEND(bye_480), CLOSE, DROP(failed_chunks), RAISE(leg_retry))
  ROW("err.ret",                ,         ,               ALWAYS,                                  up,        ACCEPT_ALL(failed_chunks, msrp_status), DROP(failed_chunks))
  ROW("O-R83",                  carrying, on_policy,      IF(no_was_fetched),                      stays,     ACCEPT(403))
  ROW("1.join 3.c",             ,         ,               IF(records),                             stays,     STORE(history), RAISE(leg_chunk))
  ROW("3.c",                    ,         ,               ALWAYS,                                  stays,     RAISE(leg_chunk))
  ROW("err.isf O-R82",          shut,     on_policy,      IF(may_interwork, names_sender, names_recipient, names_types, has_media),
                                                                                                   ending,    SEND(bye_480), RAISE(leg_retry))
  ROW("err.ret",                ,         ,               ALWAYS,                                  ending,    SEND(bye_480), RAISE(far_left))

  /* the connection broke, or did not come */
  ROW("O-R82",                  asking,   media_down,     ALWAYS,                                  shut,      CLOSE)
  ROW("O-R82",                  linked,   media_down,     IF(leg_client),                          ending,    SEND(bye_480), CLOSE, RAISE(client_lost))
  ROW("O-R40",                  ,         ,               IF(leg_device),                          ending,    SEND(bye_480), CLOSE)
  ROW("err.isf O-R82",          ,         ,               IF(leg_far, has_isf, no_detoured, names_types, has_media), shut,      CLOSE, MARK(detour, asked), ASK(interwork_policy))
  ROW("err.ret O-R82",          ,         ,               ALWAYS,                                  ending,    SEND(bye_480), CLOSE, RAISE(far_left))
  ROW("O-R81",                  passing,  timer_linger,   ALWAYS,                                  stays,     DROP(message), CLEAR(arrived), CLEAR(awaited_url))
  ROW("O-R81",                  draining, timer_linger,   ALWAYS,                                  draining,  DROP(message), CLEAR(arrived), CLEAR(awaited_url))
  ROW("O-R82",                  linking,  timer_linger,   IF(leg_client),                          ending,    SEND(bye_480), CLOSE, RAISE(client_lost))
  ROW("O-R40",                  ,         ,               IF(leg_device),                          ending,    SEND(bye_480), CLOSE)
  ROW("err.isf O-R82",          ,         ,               IF(leg_far, has_isf, no_detoured, names_types, has_media), shut,      CLOSE, MARK(detour, asked), ASK(interwork_policy))
  ROW("err.ret O-R82",          ,         ,               ALWAYS,                                  ending,    SEND(bye_480), CLOSE, RAISE(far_left))

  /* the session ends and nobody is asked any more */
  ROW("O-R34",                  standing, do_cancel,      ALWAYS,                                  ending,    SEND(bye_200), CLOSE)
  ROW("O-R34",                  inviting, do_cancel,      ALWAYS,                                  cancelling, SEND(cancel))
  ROW("O-R34",                  left,     do_cancel,      ALWAYS,                                  ended,     REPLY(ok), CLOSE)

  /* a side that has left */
  ROW("O-R33",                  shut,     timer_linger,   ALWAYS,                                  shut,      NOTHING)
  ROW("O-R33",                  leaving_one, on_chunk,    ALWAYS,                                  stays,     ACCEPT(481))
  ROW("O-R33",                  leaving_one, on_report,   ALWAYS,                                  stays,     NOTHING)
  ROW("O-R33",                  leaving_one, msrp_ok,     ALWAYS,                                  stays,     NOTHING)
  ROW("O-R33",                  leaving_one, msrp_fail,   ALWAYS,                                  stays,     NOTHING)
  ROW("O-R33",                  leaving_one, media_up,    ALWAYS,                                  stays,     NOTHING)
  ROW("O-R33",                  leaving_one, timer_linger, ALWAYS,                                 stays,     NOTHING)
  IGNORE("O-R33",               leaving_one, on_loaded)
  IGNORE("O-R33",               leaving_one, on_policy)
  IGNORE("O-R33",               shut,     on_loaded)
};

/* ---- what goes on -------------------------------------------------------------------------------------------------- */

/* Under a transaction and paths of its own. Whose response does not count (O-R81) is asked for none. */
static const cpmi_line relayed_chunk_lines[] = {
  MSRP("6",           SHALL,  TO_PATH,        ALWAYS,                          CTX(path))
  MSRP("6",           SHALL,  FROM_PATH,      ALWAYS,                          OWN_PATH)
  MSRP("6",           SHALL,  MESSAGE_ID,     ALWAYS,                          CTX(chunk_message_id))
  MSRP("6 O-R84",     MAY,    SUCCESS_REPORT, IF(no_leg_client, no_leg_device), CTX(chunk_success))
  MSRP("6 O-R84",     MAY,    SUCCESS_REPORT, IF(leg_client, heard_far),       CTX(chunk_success))
  MSRP("6",           MAY,    FAILURE_REPORT, IF(no_leg_client, no_leg_device), CTX(chunk_failure))
  MSRP("6",           MAY,    FAILURE_REPORT, IF(leg_client, heard_far),       CTX(chunk_failure))
  MSRP("O-R81",       SHALL,  FAILURE_REPORT, IF(leg_client, heard_user),      LIT("no"))
  MSRP("O-R81",       SHALL,  FAILURE_REPORT, IF(leg_device),                  LIT("no"))
  MSRP("6 O-R27",     SHALL,  BYTE_RANGE,     ALWAYS,                          RANGE)
  MSRP("6",           SHOULD, CONTENT_TYPE,   ALWAYS,                          CTX(chunk_type))
  BODY("6 O-R27",     SHALL,                  ALWAYS,                          CHUNK)
};
MSRP_SEND(relayed_chunk, relayed_chunk_lines)

/* The same with the content that was fetched in the place of where it is. */
static const cpmi_line relayed_content_lines[] = {
  MSRP("6",           SHALL,  TO_PATH,        ALWAYS,                          CTX(path))
  MSRP("6",           SHALL,  FROM_PATH,      ALWAYS,                          OWN_PATH)
  MSRP("6",           SHALL,  MESSAGE_ID,     ALWAYS,                          CTX(chunk_message_id))
  MSRP("6 O-R84",     MAY,    SUCCESS_REPORT, IF(no_leg_client, no_leg_device), CTX(chunk_success))
  MSRP("6",           MAY,    FAILURE_REPORT, IF(no_leg_client, no_leg_device), CTX(chunk_failure))
  MSRP("O-R81",       SHALL,  FAILURE_REPORT, IF(leg_client),                  LIT("no"))
  MSRP("O-R81",       SHALL,  FAILURE_REPORT, IF(leg_device),                  LIT("no"))
  MSRP("3.c",         SHALL,  BYTE_RANGE,     ALWAYS,                          ALL)
  MSRP("6",           SHOULD, CONTENT_TYPE,   ALWAYS,                          CTX(chunk_type))
  BODY("3.c",         SHALL,                  ALWAYS,                          CONTENT(cpim_head))
  BODY("3.c",         SHALL,                  ALWAYS,                          RECIPE(fetched_cpim))
};
MSRP_SEND(relayed_content, relayed_content_lines)

static const cpmi_line fetched_cpim_lines[] = {
  MIME("3.b 3.note",  SHALL,  CONTENT_TYPE,   ALWAYS,                          CTX(fetched_type))
  BODY("3.c",         SHALL,                  ALWAYS,                          CONTENT(fetched))
};
CPIM_BODY(fetched_cpim, fetched_cpim_lines)

static const cpmi_line relayed_report_lines[] = {
  MSRP("O-R84",       SHALL,  TO_PATH,        ALWAYS,                          CTX(path))
  MSRP("O-R84",       SHALL,  FROM_PATH,      ALWAYS,                          OWN_PATH)
  MSRP("O-R84",       SHALL,  MESSAGE_ID,     ALWAYS,                          CTX(chunk_message_id))
  MSRP("O-R84",       SHALL,  BYTE_RANGE,     ALWAYS,                          RANGE)
  MSRP("O-R84",       SHALL,  STATUS,         ALWAYS,                          CTX(msrp_status))
};
MSRP_REPORT(relayed_report, relayed_report_lines)

/* ---- INVITE to the ISF --------------------------------------------------------------------------------------------- */

static const cpmi_line iwf_invite_lines[] = {
  FIELD("err.isf",        SHALL,  REQUEST_URI,         ALWAYS,       CTX(uri))
  FIELD("err.isf O-R52",  SHALL,  ROUTE,               ALWAYS,       ADDR_OF_AGENT(isf_uri))
  FIELD("err.isf",        SHALL,  TO,                  ALWAYS,       CTX(to_address))
  FIELD("err.isf",        SHALL,  FROM,                ALWAYS,       CTX(from_address))
  FIELD("err.isf",        SHALL,  ACCEPT_CONTACT,      ALWAYS,       COPY_IF(ACCEPT_CONTACT))
  FIELD("err.isf",        SHALL,  CONVERSATION_ID,     ALWAYS,       COPY_IF(CONVERSATION_ID))
  FIELD("err.isf",        SHALL,  CONTRIBUTION_ID,     ALWAYS,       COPY_IF(CONTRIBUTION_ID))
  FIELD("err.isf",        SHALL,  IN_REPLY_TO_CONTRIBUTION_ID, ALWAYS, COPY_IF(IN_REPLY_TO_CONTRIBUTION_ID))
  FIELD("err.isf",        SHALL,  SUBJECT,             ALWAYS,       COPY_IF(SUBJECT))
  FIELD("err.isf",        SHALL,  PRIVACY,             ALWAYS,       COPY_IF(PRIVACY))
  FIELD("err.isf",        SHALL,  P_ASSERTED_IDENTITY, ALWAYS,       COPY_IF(P_ASSERTED_IDENTITY))
  FIELD("err.isf",        SHALL,  P_ASSERTED_SERVICE,  ALWAYS,       COPY_IF(P_ASSERTED_SERVICE))
  FIELD("err.isf",        SHALL,  SUPPORTED,           ALWAYS,       LIT("timer"))
  FIELD("err.isf",        SHALL,  SESSION_EXPIRES,     ALWAYS,       NUMBER(session_expires, ";refresher=uac"))
  FIELD("err.isf O-R38",  SHALL,  USER_AGENT,          ALWAYS,       OF_AGENT(user_agent))
  FIELD("err.isf O-R9",   SHALL,  CONTACT,             ALWAYS,       ADDR_OF_AGENT(address))
  BODY("err.isf",         SHALL,                       ALWAYS,       RECIPE(iwf_offer))
};
REQUEST(iwf_invite, INVITE, iwf_invite_lines)

static const cpmi_line iwf_offer_lines[] = {
  SDP("err.isf",          SHALL,  ACCEPT_TYPES,        ALWAYS,       CTX(accept_types))
  SDP("err.isf",          MAY,    ACCEPT_WRAPPED_TYPES, ALWAYS,      CTX(accept_wrapped_types))
  SDP("err.isf",          SHALL,  PATH,                ALWAYS,       OWN_PATH)
  SDP("err.isf O-R28",    SHALL,  SETUP,               ALWAYS,       LIT("passive"))
  SDP("err.isf",          SHALL,  MSRP_CEMA,           ALWAYS,       LIT(""))
  SDP("O-R67",            SHALL,  FINGERPRINT,         IF(over_tls), OF_AGENT(fingerprint))
};
SDP_BODY(iwf_offer, iwf_offer_lines)
#undef SPEC

static const uint8_t relay_fields[] = {
  F(joins), F(recipients), F(offline_storage), F(allow_store), F(allow_defer), F(restart_allowed), F(history_folder), F(close_part),
  F(group_session), F(origin), F(session_id), F(request), F(from_address), F(to_address), F(accept_types), F(accept_wrapped_types), F(heard),
  F(record_history), F(external_url), F(fetched), F(fetched_type), F(cpim_head), F(chunk_message_id), F(chunk_type), F(chunk_success), F(chunk_failure), F(msrp_status), F(detour), F(stored), F(open_messages),
};
static const uint8_t relay_leg_fields[] = {
  F(uri), F(held), F(reason), F(own_path), F(setup), F(path), F(peer_address), F(peer_port), F(peer_cema), F(peer_secure), F(peer_fingerprint), F(bind_id),
  F(interworking), F(seen), F(chunk_is), F(arrived), F(awaited_url),
};
static const uint8_t relay_leg_states[] = {
  LEG_STATE(idle), LEG_STATE(inviting), LEG_STATE(cancelling), LEG_STATE(connecting), LEG_STATE(binding), LEG_STATE(draining), LEG_STATE(up),
  LEG_STATE(asking), LEG_STATE(shut), LEG_STATE(left), LEG_STATE(ending), LEG_STATE(refused), LEG_STATE(ended),
};
static const uint8_t relay_leg_kinds[] = { LEG_KIND(client), LEG_KIND(device), LEG_KIND(far), LEG_KIND(iwf) };

static const cpmi_part relay_part = { .call = ROWS(relay_rows), .leg = ROWS(relay_leg_rows), .captures = ROWS(relay_captures) };

const cpm_machine cpmi_machine_pf_media = {
  .name = "pf/media", .role = CPM_ROLE_PARTICIPATING, .init = CPMI_STATE_active, .leg_init = CPMI_STATE_idle,
  .parts = { &relay_part, &cpmi_part_session_bye, &cpmi_part_leg_fork }, .fields = NAMES(relay_fields), .leg_fields = NAMES(relay_leg_fields),
  .leg_states = NAMES(relay_leg_states), .leg_kinds = NAMES(relay_leg_kinds),
};
