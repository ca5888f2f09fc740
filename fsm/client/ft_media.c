/* SPDX-License-Identifier: MIT */
/* client/ft-media: one file on its way, in either direction: the leg of every file transfer (S0 7.6.1, S2 7.4.3 and 7.4.5). A leg of kind
 * push goes to the other side, one of kind pull comes from it. Each has a connection of its own. */
#include "table.h"

#define SPEC "S0-7.6.1-"

static const cpmi_capture ft_media_captures[] = {
  LEG_CAPTURE("O-R76",             media_up,  bind_id,          IDENT)
  LEG_CAPTURE("O-R76",             media_up,  chunk_message_id, IDENT)
  LEG_CAPTURE("5.s1 S2-7.4.5-p1.sent", msrp_ok, acked,          PLUS_LEN)
  LEG_CAPTURE("6.s1",              msrp_fail, msrp_status,      MSRP_STATUS)
  LEG_CAPTURE("6.s2",              on_report, msrp_status,      MSRP_STATUS)
  LEG_CAPTURE("5.s2",              on_report, proved,           REACH)
  LEG_CAPTURE("O-R76",             on_chunk,  chunk_is,         CHUNK_IS(any_type))
  LEG_CAPTURE("O-R76",             on_chunk,  arrived,          ARRIVED)
  LEG_CAPTURE("S2-7.4.5-p1.recv",  on_chunk,  received,         LEADING_OF(arrived))
  LEG_CAPTURE("O-R76",             on_chunk,  received_id,      MSRP(MESSAGE_ID))
  LEG_CAPTURE("O-R76",             on_chunk,  report_asked,     WANTS_SUCCESS)
};

static const cpmi_row ft_media_rows[] = {
  /*  clauses                   state       event           if                                    next        then */
  ROW("S2-7.4.3-p2.sender",     offered,    cancel,         ALWAYS,                               ended,      TELL(cancelled), RAISE(leg_over))
  ROW("S2-7.4.3-p2.sender",     offered,    do_bye,         ALWAYS,                               ended,      NOTHING)

  ROW("O-R76",                  connecting, media_up,       IF(leg_pull, answer_active),          up,         START(linger))
  ROW("O-R76",                  ,           ,               ALWAYS,                               binding,    PUSH(bind_send), START(response))
  IGNORE("O-R76",               connecting, writable)
  ROW("O-R76",                  binding,    msrp_ok,        IF(leg_pull),                         up,         STOP(response), START(linger))
  ROW("4 S2-7.4.5.1-5.range",   ,           ,               ALWAYS,                               up,         TAKE(pushed, until), PUSH(file_chunk), START(response))
  IGNORE("O-R76",               binding,    writable)

  /* a file that goes */
  ROW("4 S2-7.4.5.1-5.range",   up,         writable,       IF(leg_push, to_push),                up,         TAKE(pushed, until), PUSH(file_chunk), START(response))
  IGNORE("O-R76",               up,         writable)
  ROW("5.s1 O-R23",           up,         msrp_ok,        IF(no_to_ack, wants_success, to_prove), proving,  STOP(response), START(linger), TELL(progress), TELL(accepted))
  ROW("5.s2 O-R23",           ,           ,               IF(no_to_ack, wants_success),         ended,      STOP(response), TELL(progress), TELL(accepted), TELL(proved), CLOSE, RAISE(leg_over))
  ROW("5.s1",                   ,           ,               IF(no_to_ack),                        ended,      STOP(response), TELL(progress), TELL(accepted), CLOSE, RAISE(leg_over))
  ROW("S2-7.4.5-p1.sent",       ,           ,               IF(under_way),                        up,         START(response), TELL(progress))
  ROW("S2-7.4.5-p1.sent",       ,           ,               ALWAYS,                               up,         STOP(response), TELL(progress))
  ROW("6.s2",                   up,         on_report,      IF(leg_push, no_report_good),         ended,      STOP(response), CLOSE, TELL(failed), RAISE(leg_over))
  ROW("5.s2",                   ,           ,               ALWAYS,                               up,         NOTHING)
  ROW("6.s2",                   proving,    on_report,      IF(no_report_good),                   ended,      STOP(linger), CLOSE, TELL(failed), RAISE(leg_over))
  ROW("5.s2",                   ,           ,               IF(to_prove),                         proving,    NOTHING)
  ROW("5.s2",                   ,           ,               ALWAYS,                               ended,      STOP(linger), TELL(proved), CLOSE, RAISE(leg_over))
  ROW("O-R76",                  proving,    timer_linger,   ALWAYS,                               ended,      CLOSE, RAISE(leg_over))
  ROW("O-R76",                  proving,    media_down,     ALWAYS,                               ended,      STOP(linger), RAISE(leg_over))
  ROW("O-R76",                  proving,    cancel,         ALWAYS,                               ended,      STOP(linger), CLOSE, RAISE(leg_over))
  IGNORE("O-R76",               proving,    writable)
  ROW("O-R68 O-R89",            proving,    on_chunk,       IF(binding_chunk),                    proving,    ACCEPT(200))
  ROW("O-R89",                  ,           ,               ALWAYS,                               proving,    ACCEPT(403))
  ROW("O-R68 O-R89",            media_open, on_chunk,       IF(leg_push, binding_chunk),          stays,      ACCEPT(200))
  ROW("O-R89",                  ,           ,               IF(leg_push),                         stays,      ACCEPT(403))
  IGNORE("O-R76",               connecting, on_chunk)

  /* a file that comes: of whatever type, in whatever order (O-R71) */
  ROW("O-R68",                  sending_media, on_chunk,    IF(leg_pull, binding_chunk),          stays,      ACCEPT(200))
  ROW("O-R76",                  ,           ,               IF(leg_pull, stray_chunk),            stays,      ACCEPT(481))
  ROW("O-R76",                  ,           ,               IF(leg_pull, broken_chunk),           stays,      ACCEPT(400))
  ROW("O-R76",                  ,           ,               IF(leg_pull, second_message),         stays,      ACCEPT(403))
  ROW("O-R76 O-R37",            ,           ,               IF(leg_pull, excessive_chunk),        stays,      ACCEPT(413))
  ROW("O-R76",                  ,           ,               IF(leg_pull, same_chunk),             stays,      ACCEPT(200))
  ROW("S2-7.4.5-p1.recv",       ,           ,               IF(leg_pull, more_chunks),            stays,      ACCEPT(200), STORE(message), START(linger), TELL(progress))
  ROW("O-R76",                  ,           ,               IF(leg_pull, aborted_chunk),          ended,      ACCEPT(200), STOP(response), STOP(linger), CLOSE, TELL(failed), RAISE(leg_over))
  ROW("S2-7.4.5.1-6 O-R23",     ,           ,               IF(leg_pull, resuming, report_due),   ended,      ACCEPT(200), STORE(message), PUSH(file_report), STOP(response), STOP(linger), TELL(file_received), CLOSE, RAISE(leg_over))
  ROW("S2-7.4.5.1-6 O-R23",     ,           ,               IF(leg_pull, resuming),               ended,      ACCEPT(200), STORE(message), STOP(response), STOP(linger), TELL(file_received), CLOSE, RAISE(leg_over))
  ROW("S2-7.4.3-p1 O-R23",      ,           ,               IF(leg_pull, report_due),             whole,      ACCEPT(200), STORE(message), PUSH(file_report), STOP(response), START(linger), TELL(file_received))
  ROW("S2-7.4.3-p1 O-R23",      ,           ,               IF(leg_pull),                         whole,      ACCEPT(200), STORE(message), STOP(response), START(linger), TELL(file_received))
  ROW("O-R76",                  sending_media, timer_linger, ALWAYS,                              ended,      STOP(response), CLOSE, TELL(failed), RAISE(leg_over))
  ROW("O-R76",                  whole,      on_chunk,       IF(same_chunk),                       whole,      ACCEPT(200))
  ROW("O-R68",                  ,           ,               IF(binding_chunk),                    whole,      ACCEPT(200))
  ROW("O-R76",                  ,           ,               ALWAYS,                               whole,      ACCEPT(413))
  ROW("O-R76",                  sending_media, on_octets,   ALWAYS,                               stays,      START(linger))
  ROW("O-R76",                  whole,      on_octets,      ALWAYS,                               whole,      NOTHING)
  ROW("O-R76",                  whole,      media_down,     ALWAYS,                               whole,      NOTHING)
  ROW("O-R76",                  whole,      msrp_ok,        ALWAYS,                               whole,      NOTHING)
  ROW("O-R76",                  whole,      msrp_fail,      ALWAYS,                               whole,      NOTHING)
  IGNORE("O-R76",               whole,      writable)
  IGNORE("5.s2",                ft_open,    on_report)

  /* what goes wrong */
  ROW("6.s1 O-R37",           sending_media, msrp_fail,   ALWAYS,                               ended,      STOP(response), STOP(linger), CLOSE, TELL(failed), RAISE(leg_over))
  ROW("6.s1 O-R33",             sending_media, timer_response, ALWAYS,                            ended,      STOP(linger), CLOSE, TELL(failed), RAISE(leg_over))
  ROW("O-R33",                  media_open, media_down,     ALWAYS,                               ended,      STOP(response), STOP(linger), TELL(failed), RAISE(leg_over))
  ROW("S2-7.4.3-p2.sender S2-7.4.3-p2.receiver O-R75", media_open, cancel, ALWAYS,                ended,      STOP(response), STOP(linger), CLOSE, TELL(cancelled), RAISE(leg_over))
  /* we leave; they have left; they have closed this file alone */
  ROW("S2-7.4.3-p2.sender S2-7.4.3-p2.receiver", ft_open, do_bye, ALWAYS,                         ended,      STOP(response), STOP(linger), CLOSE)
  ROW("S2-7.4.3-p2.receiver",   media_open, do_flush,       ALWAYS,                               ended,      STOP(response), STOP(linger), CLOSE, TELL(failed))
  ROW("S2-7.4.3-p1",            closed_by_peer, do_flush,   ALWAYS,                               ended,      STOP(linger), CLOSE)
  ROW("5.s3",                   media_open, do_part,        IF(no_line_open),                     ended,      STOP(response), STOP(linger), CLOSE, TELL(refused))
  ROW("5.s3",                   closed_by_peer, do_part,    IF(no_line_open),                     ended,      STOP(linger), CLOSE)
};

static const cpmi_line file_chunk_lines[] = {
  MSRP("4",                        SHALL, TO_PATH,        ALWAYS,              CTX(path))
  MSRP("4",                        SHALL, FROM_PATH,      ALWAYS,              OWN_PATH)
  MSRP("4",                        SHALL, MESSAGE_ID,     ALWAYS,              CTX(chunk_message_id))
  MSRP("4 S2-7.4.5.1-5.range",     SHALL, BYTE_RANGE,     ALWAYS,              WINDOW)
  MSRP("5.s2",                     SHALL, SUCCESS_REPORT, IF(wants_success),   LIT("yes"))
  MSRP("3",                        SHALL, CONTENT_TYPE,   ALWAYS,              CTX(file_type))
  BODY("4",                        SHALL,                 ALWAYS,              CONTENT(payload))
};
MSRP_SEND(file_chunk, file_chunk_lines)

static const cpmi_line file_report_lines[] = {
  MSRP("O-R76",                    SHALL, TO_PATH,        ALWAYS,              CTX(path))
  MSRP("O-R76",                    SHALL, FROM_PATH,      ALWAYS,              OWN_PATH)
  MSRP("O-R76",                    SHALL, MESSAGE_ID,     ALWAYS,              CTX(received_id))
  MSRP("O-R76",                    SHALL, BYTE_RANGE,     ALWAYS,              ALL_OF(received))
};
MSRP_REPORT(file_report, file_report_lines)
#undef SPEC

const cpmi_part cpmi_part_ft_media = { .leg = ROWS(ft_media_rows), .captures = ROWS(ft_media_captures) };
