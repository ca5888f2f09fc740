/* SPDX-License-Identifier: MIT */
/* client/media: the MSRP connection of a session that stands (S2 7.3.9.1). Each message in it is a procedure of its own, client/chat-send or
 * client/chat-receive, and so is who composes one, client/is-composing: they share the connection (docs/decisions/12-chat.md). */
#include "of_session.h"

#define SPEC "S2-7.3.9.1-"

static const cpmi_capture media_captures[] = {
  OF_SESSION(established)
  CAPTURE("O-R47-1",   established, anonymous,            ARG)
  CAPTURE("O-R50-1",   established, peer_no_imdn,         ARG)
  CAPTURE("p1.4975",   established, setup,                ARG)
  CAPTURE("p1.6714",   established, peer_address,         ARG)
  CAPTURE("p1.6714",   established, peer_port,            ARG)
  CAPTURE("p1.6714",   established, peer_cema,            ARG)
  CAPTURE("O-R67",     established, peer_secure,          ARG)
  CAPTURE("O-R67",     established, peer_fingerprint,     ARG)
  CAPTURE("O-R77",     established, accept_types,         ARG)
  CAPTURE("O-R77",     established, accept_wrapped_types, ARG)
  CAPTURE("O-R77",     established, peer_max_size,        ARG)
  CAPTURE("p1.4975",   media_up,    bind_id,              IDENT)
  CAPTURE("O-R33",     msrp_fail,   status,               MSRP_STATUS)
  CAPTURE("O-R68",     on_chunk,    binds,                BINDS)
};

static const cpmi_row media_rows[] = {
  /*  clauses          state          event           if                     next        then */
  ROW("p1.4975 p1.6714", idle,        established,    IF(answer_passive),    connecting, CONNECT, START(response))
  ROW("p1.4975",       ,              ,               IF(answer_active),     connecting, LISTEN, START(response))
  ROW("O-R33",         ,              ,               ALWAYS,                ended,      TELL(media_lost), DONE)
  ROW("p1.4975",       connecting,    media_up,       IF(answer_passive),    binding,    PUSH(session_bind), START(response))
  ROW("p1.4975",       ,              ,               ALWAYS,                up,         STOP(response), TELL(media_ready))
  ROW("p1.4975",       binding,       msrp_ok,        ALWAYS,                up,         STOP(response), TELL(media_ready))
  ROW("O-R33",         binding,       msrp_fail,      ALWAYS,                ended,      CLOSE, TELL(media_lost), DONE)
  ROW("O-R33",         connecting,    timer_response, ALWAYS,                ended,      CLOSE, TELL(media_lost), DONE)
  ROW("O-R33",         binding,       timer_response, ALWAYS,                ended,      CLOSE, TELL(media_lost), DONE)
  ROW("O-R33",         media_open,    media_down,     ALWAYS,                ended,      TELL(media_lost), DONE)
  ROW("O-R33",         media_open,    cancel,         ALWAYS,                ended,      CLOSE, TELL(session_over), DONE)
  /* what comes, also before our own SEND has its answer */
  ROW("p1.4975 O-R68", sending_media, on_chunk,       IF(binding_send),      stays,      ACCEPT(200))
  ROW("p1.4975",       ,              ,               ALWAYS,                stays,      ENTER(chat_receive, 415))
  IGNORE("p1.4975",    connecting,    on_chunk)
};

static const cpmi_line session_bind_lines[] = {
  MSRP("p1.4975",              SHALL, TO_PATH,              ALWAYS,              CTX(path))
  MSRP("p1.4975",              SHALL, FROM_PATH,            ALWAYS,              OWN_PATH)
  MSRP("p1.4975",              SHALL, MESSAGE_ID,           ALWAYS,              CTX(bind_id))
  MSRP("p1.4975",              SHALL, BYTE_RANGE,           ALWAYS,              EMPTY)
};
MSRP_SEND(session_bind, session_bind_lines)
#undef SPEC

static const uint8_t media_fields[] = {
  F(target), F(to), F(group_uri), F(group_session), F(session_id), F(path), F(anonymous), F(peer_no_imdn), F(setup), F(peer_address), F(peer_port),
  F(peer_cema), F(peer_secure), F(peer_fingerprint), F(accept_types), F(accept_wrapped_types), F(peer_max_size), F(bind_id), F(status),
  F(binds),
};
static const cpmi_part media_part = { .call = ROWS(media_rows), .captures = ROWS(media_captures) };

const cpm_machine cpmi_machine_media = {
  .name = "client/media", .role = CPM_ROLE_CLIENT, .init = CPMI_STATE_idle,
  .parts = { &media_part }, .fields = NAMES(media_fields),
};
