/* SPDX-License-Identifier: MIT */
/* client/chat-send: a message in a session that stands (S2 7.3.9.1), over its MSRP connection. */
#include "of_session.h"

#define SPEC "S2-7.3.9.1-"

static const cpmi_capture chat_send_captures[] = {
  OF_SESSION(send)
  CAPTURE("O-R47-1",         send,    anonymous,        ARG)
  CAPTURE("O-R50-1",         send,    peer_no_imdn,     ARG)
  CAPTURE("O-R77",           send,    accept_wrapped_types, ARG)
  CAPTURE("O-R77",           send,    peer_max_size,    ARG)
  CAPTURE("1",               send,    payload,          ARG)
  CAPTURE("S4-7.2.1.3-3",    send,    payload_type,     ARG)
  CAPTURE("S4-7.2.1.3-3.i",  send,    payload_types,    ARG)
  CAPTURE("1.d.read",        send,    report,           ARG)
  CAPTURE("1.d.delivery",    send,    report,           PLUS_BIT(CPM_DISPOSITION_BIT_POSITIVE_DELIVERY))
  CAPTURE("1.d.delivery",    send,    message_id,       FRESH)
  CAPTURE("p1.4975",         send,    chunk_message_id, IDENT)
  CAPTURE("S4-7.2.1.3-p1",   send,    composed_at,      NOW)
  CAPTURE("p1.4975",         send,    size,             SIZE_OF(chat_cpim))
  CAPTURE("p1.4975",         msrp_ok, acked,            PLUS_LEN)
  CAPTURE("O-R78",           msrp_fail, status,         MSRP_STATUS)
};

static const cpmi_row chat_send_rows[] = {
  /*  clauses          state  event           if                        next   then */
  ROW("O-R77",         idle,  send,           IF(no_takes_payload),     ended, TELL(type_refused), DONE)
  ROW("O-R77",         ,      ,               IF(limited, over_limit),  ended, TELL(over_limit), DONE)
  ROW("O-R50-1",       ,      ,               IF(silent),               up,    TAKE(pushed, size), PUSH(chat_chunk), START(response), TELL(not_asked))
  ROW("p1.4975 1 1.d.delivery", , ,           ALWAYS,                   up,    TAKE(pushed, size), PUSH(chat_chunk), START(response))
  ROW("p1.4975",       up,    writable,       IF(unsent),               up,    TAKE(pushed, size), PUSH(chat_chunk), START(response))
  IGNORE("p1.4975",    up,    writable)
  ROW("p1.4975 O-R78", up,    msrp_ok,        IF(no_unproved),          ended, STOP(response), TELL(accepted), DONE)
  ROW("p1.4975 O-R78", ,      ,               IF(under_way),            up,    START(response), TELL(progress))
  ROW("p1.4975 O-R78", ,      ,               ALWAYS,                   up,    STOP(response), TELL(progress))
  ROW("O-R78",         up,    msrp_fail,      IF(msrp_gone),            ended, STOP(response), TELL(failed), TELL(session_gone), DONE)
  ROW("O-R78",         ,      ,               ALWAYS,                   ended, STOP(response), TELL(failed), DONE)
  ROW("O-R78",         up,    timer_response, ALWAYS,                   ended, TELL(failed), DONE)
  ROW("O-R78",         up,    media_down,     ALWAYS,                   ended, STOP(response), TELL(failed), DONE)
  ROW("O-R78",         up,    cancel,         ALWAYS,                   ended, STOP(response), TELL(cancelled), DONE)
};

static const cpmi_line chat_chunk_lines[] = {
  MSRP("p1.4975",              SHALL, TO_PATH,              ALWAYS,                      CTX(path))
  MSRP("p1.4975",              SHALL, FROM_PATH,            ALWAYS,                      OWN_PATH)
  MSRP("p1.4975",              SHALL, MESSAGE_ID,           ALWAYS,                      CTX(chunk_message_id))
  MSRP("p1.4975",              SHALL, BYTE_RANGE,           ALWAYS,                      WINDOW)
  MSRP("1",                    SHALL, CONTENT_TYPE,         ALWAYS,                      LIT("message/cpim"))
  BODY("1",                    SHALL,                       ALWAYS,                      RECIPE(chat_cpim))
};
MSRP_SEND(chat_chunk, chat_chunk_lines)

static const cpmi_line chat_cpim_lines[] = {
  EXACTLY_ONE("O-R46-1", CPIM, FROM)
  HEAD("O-R47-1",              SHALL, FROM,                 IF(anonymity),                LIT("<sip:anonymous@anonymous.invalid>"))
  HEAD("O-R46-1",              SHALL, FROM,                 IF(no_anonymity, has_gruu),   ADDR_OF_AGENT(gruu))
  HEAD("O-R46-1",              SHALL, FROM,                 IF(no_anonymity, no_has_gruu), ADDR_OF_AGENT(address))
  EXACTLY_ONE("1", CPIM, TO)
  HEAD("1 1.a.chat",           SHALL, TO,                   IF(to_one),                   ADDR(to))
  HEAD("1 1.b",                SHALL, TO,                   IF(to_adhoc),                 ADDR(group_uri))
  HEAD("1 1.c",                SHALL, TO,                   IF(no_to_one, no_to_adhoc),   ADDR(to))
  HEAD("S4-7.2.1.3-p1",        SHALL, DATETIME,             ALWAYS,                       TIME_IN(composed_at))
  HEAD("1.d.delivery",         SHALL, MESSAGE_ID,           ALWAYS,                       CTX(message_id))
  HEAD("1.d.delivery 1.d.read", SHALL, DISPOSITION_NOTIFICATION, IF(no_silent),           REPORT(report))
  HEAD("S4-7.2.1.3-3.i",       SHALL, PAYLOAD_TYPE,         IF(multipart),                CTX(payload_types))
  MIME("S4-7.2.1.3-3",         SHALL, CONTENT_TYPE,         ALWAYS,                       CTX(payload_type))
  BODY("1",                    SHALL,                       ALWAYS,                       CONTENT(payload))
};
CPIM_BODY(chat_cpim, chat_cpim_lines)
#undef SPEC

static const uint8_t chat_send_fields[] = {
  F(target), F(to), F(group_uri), F(group_session), F(session_id), F(path), F(anonymous), F(peer_no_imdn), F(accept_wrapped_types), F(peer_max_size),
  F(payload), F(payload_type), F(payload_types), F(report), F(message_id), F(chunk_message_id), F(composed_at), F(size), F(pushed), F(acked),
  F(status),
};
static const cpmi_part chat_send_part = { .call = ROWS(chat_send_rows), .captures = ROWS(chat_send_captures) };

const cpm_machine cpmi_machine_chat_send = {
  .name = "client/chat-send", .role = CPM_ROLE_CLIENT, .init = CPMI_STATE_idle,
  .parts = { &chat_send_part }, .fields = NAMES(chat_send_fields),
};
