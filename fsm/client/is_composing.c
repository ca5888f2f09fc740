/* SPDX-License-Identifier: MIT */
/* client/is-composing: who composes a message (S2 5.5, 7.3.9.1; RFC 3994; ruling O-R79). One procedure tells the other side of a session what
 * the user does; another one for each other side draws what that one tells. */
#include "of_session.h"

#define SPEC "S2-5.5-"

/* ---- told: what the user does ---------------------------------------------------------------------------------------- */

/* Each indication is a message of its own. */
#define TOLD_AT(event) \
  CAPTURE("S2-7.3.9.1-1.e", event, chunk_message_id, ARG_NOW) \
  CAPTURE("S2-7.3.9.1-1.e", event, chunk_message_id, IDENT)

static const cpmi_capture composing_captures[] = {
  OF_SESSION(typing)
  CAPTURE("O-R47-1",   typing,    anonymous,            ARG)
  CAPTURE("O-R79",     typing,    accept_types,         ARG)
  CAPTURE("O-R79",     typing,    accept_wrapped_types, ARG)
  CAPTURE("p1",        typing,    composing_type,       ARG)
  CAPTURE("p1",        typing,    last_active,          NOW)
  TOLD_AT(typing)
  TOLD_AT(timer_idle)
  TOLD_AT(timer_refresh)
#undef TOLD_AT
  CAPTURE("O-R79",     on_loaded, sender,               ARG)
  CAPTURE("O-R79",     on_loaded, chunk_type,           ARG)
  CAPTURE("p1",        on_loaded, composing,            COMPOSING)
  CAPTURE("p1",        on_loaded, refresh,              COMPOSING_REFRESH)
  CAPTURE("p1",        on_loaded, last_active,          COMPOSING_SINCE)
  CAPTURE("p1",        on_loaded, composing_type,       COMPOSING_TYPE)
};

static const cpmi_row composing_rows[] = {
  /*  clauses          state           event          if                                  next            then */
  ROW("O-R79",         quiet,          typing,        IF(no_is_group, no_takes_composing), muted,         NOTHING)
  ROW("O-R79",         ,               ,              IF(is_group, no_takes_wrapped_composing), muted,    NOTHING)
  ROW("p1 S2-7.3.9.1-1.e S2-7.3.1.5.1-d.iscomposing", , , ALWAYS,                         composing,      MARK(composing, active), PUSH(composing_send), START(idle), START(refresh))
  ROW("p1",            composing,      typing,        ALWAYS,                             composing,      START(idle))
  ROW("p1",            composing,      timer_refresh, ALWAYS,                             composing,      PUSH(composing_send), START(refresh))
  ROW("p1 S2-7.3.9.1-1.e", composing,  timer_idle,    ALWAYS,                             resting,        MARK(composing, idle), PUSH(composing_send), STOP(refresh))
  /* a message that goes out says as much as `idle` */
  ROW("p1",            composing,      content,       ALWAYS,                             resting,        STOP(idle), STOP(refresh))
  ROW("p1",            resting,        content,       ALWAYS,                             resting,        NOTHING)
  IGNORE("p1",         idle,           content)
  ROW("O-R79",         told,           msrp_ok,       ALWAYS,                             stays,          NOTHING)
  ROW("O-R79",         composing,      msrp_fail,     ALWAYS,                             muted,          STOP(idle), STOP(refresh))
  ROW("O-R79",         resting,        msrp_fail,     ALWAYS,                             muted,          NOTHING)
  ROW("O-R79",         muted,          msrp_fail,     ALWAYS,                             muted,          NOTHING)
  IGNORE("O-R79",      muted,          typing)
  IGNORE("O-R79",      muted,          content)

  /* ---- heard: what another one does */
  ROW("p1",            unheard,        on_loaded,     IF(is_composing),                   peer_composing, START_FOR(refresh, refresh), TELL(composing))
  ROW("p1",            ,               ,              IF(composed),                       peer_resting,   NOTHING)
  ROW("O-R79",         ,               ,              ALWAYS,                             peer_resting,   TELL(composing_unread))
  ROW("p1",            peer_composing, on_loaded,     IF(is_composing),                   peer_composing, START_FOR(refresh, refresh), TELL(composing))
  ROW("p1",            ,               ,              IF(composed),                       peer_resting,   STOP(refresh), TELL(composing_over))
  ROW("O-R79",         ,               ,              ALWAYS,                             peer_composing, TELL(composing_unread))
  ROW("p1",            peer_composing, timer_refresh, ALWAYS,                             peer_resting,   TELL(composing_over))
  ROW("p1",            peer_composing, content,       ALWAYS,                             peer_resting,   STOP(refresh), TELL(composing_over))
  IGNORE("O-R79",      heard,          typing)
  ROW("p1",            peer_resting,   content,       ALWAYS,                             peer_resting,   NOTHING)

  ROW("O-R79",         peer_composing, media_down,    ALWAYS,                             ended,          TELL(composing_over), DONE)
  ROW("O-R79",         peer_composing, cancel,        ALWAYS,                             ended,          TELL(composing_over), DONE)
  ROW("O-R79",         any,            media_down,    ALWAYS,                             ended,          DONE)
  ROW("O-R79",         any,            cancel,        ALWAYS,                             ended,          DONE)
};

static const cpmi_line composing_send_lines[] = {
  MSRP("S2-7.3.9.1-1.e",       SHALL, TO_PATH,              ALWAYS,                       CTX(path))
  MSRP("S2-7.3.9.1-1.e",       SHALL, FROM_PATH,            ALWAYS,                       OWN_PATH)
  MSRP("S2-7.3.9.1-1.e",       SHALL, MESSAGE_ID,           ALWAYS,                       CTX(chunk_message_id))
  MSRP("S2-7.3.9.1-1.e",       SHALL, BYTE_RANGE,           ALWAYS,                       ALL)
  MSRP("S2-7.3.9.1-1.e.11 p1.nocpim", SHALL, CONTENT_TYPE,  IF(no_is_group),              LIT("application/im-iscomposing+xml"))
  MSRP("p2.cpim",              SHALL, CONTENT_TYPE,         IF(is_group),                 LIT("message/cpim"))
  BODY("S2-7.3.9.1-1.e.11 p1.nocpim p1.nodn.delivery p1.nodn.display", SHALL, IF(no_is_group), COMPOSING(composing))
  BODY("p2.cpim",              SHALL,                       IF(is_group),                 RECIPE(composing_cpim))
};
MSRP_SEND(composing_send, composing_send_lines)

static const cpmi_line composing_cpim_lines[] = {
  EXACTLY_ONE("p2.from", CPIM, FROM)
  HEAD("O-R47-1",              SHALL, FROM,                 IF(anonymity),                LIT("<sip:anonymous@anonymous.invalid>"))
  HEAD("p2.from O-R46-1",      SHALL, FROM,                 IF(no_anonymity, has_gruu),   ADDR_OF_AGENT(gruu))
  HEAD("p2.from O-R46-1",      SHALL, FROM,                 IF(no_anonymity, no_has_gruu), ADDR_OF_AGENT(address))
  EXACTLY_ONE("S2-7.3.9.1-1", CPIM, TO)
  HEAD("S2-7.3.9.1-1.a.iscomp", SHALL, TO,                  IF(to_one),                   ADDR(to))
  HEAD("S2-7.3.9.1-1.b",       SHALL, TO,                   IF(to_adhoc),                 ADDR(group_uri))
  HEAD("S2-7.3.9.1-1.c",       SHALL, TO,                   IF(no_to_one, no_to_adhoc),   ADDR(to))
  HEAD("p2.cpim",              SHALL, DATETIME,             ALWAYS,                       TIME)
  MIME("p2.cpim",              SHALL, CONTENT_TYPE,         ALWAYS,                       LIT("application/im-iscomposing+xml"))
  BODY("p1",                   SHALL,                       ALWAYS,                       COMPOSING(composing))
};
CPIM_BODY(composing_cpim, composing_cpim_lines)
#undef SPEC

static const uint8_t composing_fields[] = {
  F(target), F(to), F(group_uri), F(group_session), F(session_id), F(path), F(anonymous), F(accept_types), F(accept_wrapped_types),
  F(composing), F(composing_type), F(last_active), F(refresh), F(chunk_message_id), F(chunk_type), F(sender),
};
static const cpmi_part composing_part = { .call = ROWS(composing_rows), .captures = ROWS(composing_captures) };

const cpm_machine cpmi_machine_is_composing = {
  .name = "client/is-composing", .role = CPM_ROLE_CLIENT, .init = CPMI_STATE_idle,
  .parts = { &composing_part }, .fields = NAMES(composing_fields),
};
