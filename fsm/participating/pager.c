/* SPDX-License-Identifier: MIT */
/* pf/pager-originating: a Pager Mode message from the served client, at the Participating Function (S1 8.3.1.1.1), with the originator's
 * identity as S1 6.2 has it. */
#include "table.h"

#define SPEC "S1-8.3.1.1.1-"

static const cpmi_capture originating_captures[] = {
  CAPTURE("O-R49-1",     on_message, tagged,            SERVICE(MSG))
  CAPTURE("1 S1-6.2-p1.s1 S1-6.2-p2.s1", on_message, sender, URI(P_ASSERTED_IDENTITY))
  CAPTURE("2",           on_message, client_release,    RELEASE(USER_AGENT))
  CAPTURE("3.b1",        on_message, asked_privacy,     PRIVACY)
  CAPTURE("4.s1 O-R48",  on_message, expired,           EXPIRED)
  CAPTURE("6",           on_message, request_uri,       REQUEST_URI)
  CAPTURE("6",           on_message, from_address,      ADDRESS(FROM))
  CAPTURE("6",           on_message, to_address,        ADDRESS(TO))
  CAPTURE("6",           on_message, request,           REQUEST)
  CAPTURE("6",           on_message, body,              WHOLE)
  CAPTURE("6",           on_message, body_type,         VALUE(CONTENT_TYPE))
  CAPTURE("1",           on_policy,  authorised,        ARG)
  CAPTURE("3.b1",        on_policy,  anonymity_allowed, ARG)
  CAPTURE("5.s1",        on_policy,  record_history,    ARG)
  CAPTURE("6",           message_ok,   response,        REQUEST)
  CAPTURE("6",           message_fail, response,        REQUEST)
};

static const cpmi_row originating_rows[] = {
  /*  clauses             state    event            if                            next     then */
  ROW("O-R49-1",          idle,    on_message,      IF(no_is_tagged),             ended,   HOLD(origin), REFUSE(488, none), DONE)
  ROW("S1-6.2-p3.s1 S1-6.2-p3.s2", , ,              IF(no_has_sender),            ended,   HOLD(origin), REFUSE(403, w127), DONE)
  ROW("O-R62",            ,        ,                IF(no_names_target),          ended,   HOLD(origin), REFUSE(400, none), DONE)
  ROW("O-R62",            ,        ,                IF(no_names_sender),          ended,   HOLD(origin), REFUSE(400, none), DONE)
  ROW("O-R62",            ,        ,                IF(no_names_recipient),       ended,   HOLD(origin), REFUSE(400, none), DONE)
  ROW("p1",               ,        ,                ALWAYS,                       asking,  HOLD(origin), ASK(originating_policy))

  ROW("1 1.b1 1.b2",      asking,  on_policy,       IF(no_may_use),               ended,   REFUSE(403, w127), DONE)
  ROW("2 2.b1 2.b2 O-R48", ,       ,                IF(no_version_ok),            ended,   REFUSE(403, w132), DONE)
  ROW("3.b1 3.b2",        ,        ,                IF(privacy, no_may_hide),     ended,   REFUSE(403, w119), DONE)
  ROW("4.s1 4.s2 O-R60",  ,        ,                IF(too_late),                 ended,   REPLY(ok), DONE)
  ROW("5.s1 5.s2 6",      ,        ,                IF(records),                  sending, STORE_OF(history, body), SEND(originating_out))
  ROW("5.s1 6",           ,        ,                ALWAYS,                       sending, SEND(originating_out))

  ROW("O-R33",            sending, message_1xx,     ALWAYS,                       sending, NOTHING)
  ROW("6",                sending, message_ok,      ALWAYS,                       ended,   REPLY(originating_answer), DONE)
  ROW("O-R63",            sending, message_fail,    IF(redirects),                ended,   REFUSE(480, none), DONE)
  ROW("6",                ,        ,                ALWAYS,                       ended,   REPLY(originating_answer), DONE)
  ROW("O-R33",            sending, message_timeout, ALWAYS,                       ended,   REFUSE(408, none), DONE)
};

/* What came, passed on: the stack gives it its own Via, CSeq, Call-ID and tags. */
static const cpmi_line originating_out_lines[] = {
  FIELD("6",              SHALL,   REQUEST_URI,     ALWAYS,                       CTX(request_uri))
  FIELD("6",              SHALL,   TO,              ALWAYS,                       CTX(to_address))
  FIELD("6",              SHALL,   FROM,            ALWAYS,                       CTX(from_address))
  FIELD("6",              SHALL,   ANY_OTHER,       ALWAYS,                       ALL_OTHERS)
  BODY("6",               SHALL,                    ALWAYS,                       PARTS(body))
};
REQUEST(originating_out, MESSAGE, originating_out_lines)

static const cpmi_line originating_answer_lines[] = {
  FIELD("O-R38",          SHALL,   SERVER,          ALWAYS,                       OF_AGENT(server))
  FIELD("6",              SHALL,   ANY_OTHER,       ALWAYS,                       ALL_OTHERS_OF(response))
};
RELAYED(originating_answer, originating_answer_lines)
#undef SPEC

static const uint8_t originating_fields[] = {
  F(tagged), F(sender), F(client_release), F(asked_privacy), F(expired), F(request_uri), F(from_address), F(to_address), F(request), F(origin),
  F(body), F(body_type), F(authorised), F(anonymity_allowed), F(record_history), F(response),
};
static const cpmi_part originating_part = { .call = ROWS(originating_rows), .captures = ROWS(originating_captures) };

const cpm_machine cpmi_machine_pf_pager = {
  .name = "pf/pager-originating", .role = CPM_ROLE_PARTICIPATING, .init = CPMI_STATE_idle,
  .parts = { &originating_part }, .fields = NAMES(originating_fields),
};
