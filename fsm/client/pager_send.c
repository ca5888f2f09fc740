/* SPDX-License-Identifier: MIT */
/* client/pager-send: sending a CPM Standalone Message in Pager Mode (S4 7.2.1.1; CPM 1.0: S0 7.2.1), with the CPIM wrapper of
 * client/cpim-wrap (S4 7.2.1.3). */
#include "table.h"

/* ---- 7.2.1.1 ------------------------------------------------------------------------------------------------------- */
#define SPEC "S4-7.2.1.1-"

static const cpmi_capture pager_send_captures[] = {
  CAPTURE("p1.b",             send, target,          ARG)
  CAPTURE("8.a 10",           send, to,              ARG)
  CAPTURE("2 S0-7.2.1-2",     send, from,            ARG)
  CAPTURE("8.b.u 8.c.u",      send, new_address,     ARG)
  CAPTURE("14",               send, in_reply_to,     ARG)
  CAPTURE("8.b",              send, recv_reply_to,   ARG)
  CAPTURE("8.c",              send, recv_origin,     ARG)
  CAPTURE("4",                send, reply_to,        ARG)
  CAPTURE("6",                send, anonymous,       ARG)
  CAPTURE("7",                send, expiry,          ARG)
  CAPTURE("9.b 11.b",         send, members,         MEMBERS)
  CAPTURE("12.else",          send, conversation_id, ARG)
  CAPTURE("12",               send, conversation_id, FRESH)
  CAPTURE("13",               send, contribution_id, FRESH)
  CAPTURE("T2.4",             send, message_id,      FRESH)
  CAPTURE("S4-7.2.1.3-p1",    send, composed_at,     NOW)
  CAPTURE("S4-7.2.1.3-4",     send, report,          ARG)
  CAPTURE("S4-7.2.1.3-p1",    send, payload,         ARG)
  CAPTURE("S4-7.2.1.3-3",     send, payload_type,    ARG)
  CAPTURE("S4-7.2.1.3-3.i",   send, payload_types,   ARG)
  CAPTURE("O-R50-1",          send, peer_no_cpim,    ARG)
  CAPTURE("O-R50-1",          send, peer_no_imdn,    ARG)
  CAPTURE("18",               message_ok,      message_uid, VALUE(MESSAGE_UID))
  CAPTURE("O-R18",            message_ok,      status,      STATUS)
  CAPTURE("O-R33",            message_fail,    status,      STATUS)
  CAPTURE("O-R33",            message_timeout, status,      STATUS)
  CAPTURE("O-R50-1",          message_fail,    takes_cpim,  ACCEPTS(cpim_type))
};

static const cpmi_row pager_send_rows[] = {
  /*  clauses                             state    event            if                         next     then */
  ROW("S4-7.2.1.3-p2.a S4-7.2.1.2-p1.a S1-5.1-p1.s3 O-R13", idle, send, IF(no_bare, too_large), ended, TELL(too_large), DONE)
  ROW("S4-7.2.1.3-p2.a S4-7.2.1.2-p1.a O-R50-1", , ,                IF(bare, bare_too_large),  ended,   TELL(too_large), DONE)
  ROW("O-R50-1",                          ,        ,                IF(wants_report, bare),    sending, SEND(pager_message), TELL(not_asked))
  ROW("O-R50-1",                          ,        ,                IF(wants_report, silent),  sending, SEND(pager_message), TELL(not_asked))
  ROW("p1.a p1.b 17 S4-7.2.1.3-p2.b S1-5.1-p1.s1 S1-5.1-p1.s2 S0-7.2.1-p1 S0-7.2.1-10 S2-7-p3.b1",
                                          ,        ,                ALWAYS,                    sending, SEND(pager_message))
  ROW("18 18.use",                        sending, message_ok,      IF(has_uid),               ended,   TELL(stored_as), TELL(accepted), DONE)
  ROW("19.t1 O-R18",                      ,        ,                IF(has_store, no_bare),    matching, TELL(not_stored), TELL(accepted))
  ROW("19.t1 O-R18",                      ,        ,                ALWAYS,                    ended,   TELL(not_stored), TELL(accepted), DONE)
  ROW("O-R50-1",                          sending, message_fail,    IF(cpim_refused, no_cpim_taken, no_bare), ended, TELL(no_cpim), TELL(failed), DONE)
  ROW("O-R33",                            ,        ,                ALWAYS,                    ended,   TELL(failed), DONE)
  ROW("19.t2 O-R33",                      sending, message_timeout, IF(has_store, no_bare),    matching, TELL(not_stored), TELL(failed))
  ROW("19.t2 O-R33",                      ,        ,                ALWAYS,                    ended,   TELL(not_stored), TELL(failed), DONE)
  ROW("O-R33",                            sending, message_1xx,     ALWAYS,                    sending, NOTHING)
  IGNORE("O-R33",                         sending, cancel)   /* a MESSAGE cannot be cancelled */
  IGNORE("19.t1",                         sending, on_object) /* not_stored asks for what is there by then */
};

static const cpmi_line pager_message_lines[] = {
  /*    clauses                level  field                 if                                              value */
  EXACTLY_ONE("8", SIP, REQUEST_URI)
  FIELD("8.a S0-7.2.1-6.a",    SHALL, REQUEST_URI,          IF(to_one, no_reply),                                     CTX(to))
  FIELD("8.b.u 8.c.u",         SHALL, REQUEST_URI,          IF(to_one, reply, new_address),                           CTX(new_address))
  FIELD("8.b S0-7.2.1-6.b",    SHALL, REQUEST_URI,          IF(to_one, reply, no_new_address, had_reply_to),          CTX(recv_reply_to))
  FIELD("8.c",                 SHALL, REQUEST_URI,          IF(to_one, reply, no_new_address, no_had_reply_to),       CTX(recv_origin))
  FIELD("9.a S0-7.2.1-7.a",    SHALL, REQUEST_URI,          IF(to_adhoc),                                   OF_AGENT(cf_uri))
  FIELD("10 S0-7.2.1-8.a",     SHALL, REQUEST_URI,          IF(to_group),                                   CTX(to))
  FIELD("11.a S4-3.2-exploder", SHALL, REQUEST_URI,         IF(to_many),                                    OF_AGENT(exploder_uri))
  FIELD("p1.b",                SHALL, TO,                   ALWAYS,                                         ADDR_OF_TARGET)
  FIELD("O-R47-1 S1-6.2-p2.s3 S1-6.2-p2.s4", SHALL, FROM,   IF(anonymity),                                  LIT("\"Anonymous\" <sip:anonymous@anonymous.invalid>"))
  FIELD("p1.b",                SHALL, FROM,                 IF(no_anonymity),                               ADDR_OF_AGENT(address))
  FIELD("1 1.enc S0-7.2.1-1",  SHALL, ACCEPT_CONTACT,       ALWAYS,                                         ICSI_TAG(MSG))
  FIELD("S0-7.2.1-2",          SHALL, P_PREFERRED_IDENTITY, IF(v1, prefers_identity),                       ADDR(from))
  FIELD("S0-7.2.1-2",          SHALL, P_PREFERRED_IDENTITY, IF(v1, no_prefers_identity),                    ADDR_OF_AGENT(address))
  FIELD("2 S1-6.2-p2.s2",      MAY,   P_PREFERRED_IDENTITY, IF(no_v1, prefers_identity),                    ADDR(from))
  FIELD("3 3.a",               SHALL, P_PREFERRED_SERVICE,  IF(no_v1, to_one),                              ICSI(MSG))
  FIELD("3 3.b O-R19",         SHALL, P_PREFERRED_SERVICE,  IF(no_v1, no_to_one),                           ICSI(MSG_GROUP))
  FIELD("4 S0-7.2.1-3",        SHALL, REPLY_TO,             IF(reply_elsewhere),                            ADDR(reply_to))
  FIELD("5 S0-7.2.1-4 S2-7-p5", SHALL, USER_AGENT,          ALWAYS,                                         OF_AGENT(user_agent))
  FIELD("6 S0-7.2.1-5 S1-6.2-p2.s5", SHALL, PRIVACY,           IF(anonymity),                                  LIT("id"))
  FIELD("7",                   SHALL, EXPIRES,              IF(expires),                                    CTX(expiry))
  FIELD("12 12.else",          SHALL, CONVERSATION_ID,      ALWAYS,                                         CTX(conversation_id))
  FIELD("13",                  SHALL, CONTRIBUTION_ID,      ALWAYS,                                         CTX(contribution_id))
  FIELD("14",                  SHALL, IN_REPLY_TO_CONTRIBUTION_ID, IF(reply),                               CTX(in_reply_to))
  FIELD("9.b",                 SHALL, REQUIRE,              IF(to_adhoc),                                   LIT("recipient-list-message"))
  FIELD("11.b",                SHALL, REQUIRE,              IF(to_many),                                    LIT("recipient-list-message"))
  FORBID("p1.b",                      CONTACT,              ALWAYS)
  BODY("9.b S0-7.2.1-7.b",     SHALL,                       IF(to_adhoc),                                   RECIPE(target_list))
  BODY("11.b",                 SHALL,                       IF(to_many),                                    RECIPE(target_list))
  BODY("15 16",                SHALL,                       IF(no_bare),                                    RECIPE(cpim))
  BODY("O-R50-1",              SHALL,                       IF(bare),                                       RECIPE(bare_payload))
};
REQUEST(pager_message, MESSAGE, pager_message_lines)

static const cpmi_line target_list_lines[] = {
  ENTRY("9.b S0-7.2.1-7.b",    SHALL, IF(to_adhoc, no_reply),                                LIST(members))
  ENTRY("9.b",                 MAY,   IF(to_adhoc, reply),                                   LIST(members))
  ENTRY("9.c S0-7.2.1-7.c",    SHALL, IF(to_adhoc, reply, no_new_address, had_reply_to),     LIST_PLUS(recv_reply_to))
  ENTRY("9.d",                 SHALL, IF(to_adhoc, reply, no_new_address, no_had_reply_to),  LIST_PLUS(recv_origin))
  ENTRY("9.c.u 9.d.u",         SHALL, IF(to_adhoc, reply, new_address),                      LIST_PLUS(new_address))
  ENTRY("11.b",                SHALL, IF(to_many, no_reply),                                 LIST(members))
  ENTRY("11.b",                MAY,   IF(to_many, reply),                                    LIST(members))
  ENTRY("11.c",                SHALL, IF(to_many, reply, no_new_address, had_reply_to),      LIST_PLUS(recv_reply_to))
  ENTRY("11.d",                SHALL, IF(to_many, reply, no_new_address, no_had_reply_to),   LIST_PLUS(recv_origin))
  ENTRY("11.c.u 11.d.u",       SHALL, IF(to_many, reply, new_address),                       LIST_PLUS(new_address))
};
LIST_BODY(target_list, CPM_RECIPIENT_LIST, target_list_lines)

/* ---- 7.2.1.3 ------------------------------------------------------------------------------------------------------- */
#undef SPEC
#define SPEC "S4-7.2.1.3-"

static const cpmi_line cpim_lines[] = {
  EXACTLY_ONE("1", CPIM, FROM)
  HEAD("O-R47-1",              SHALL, FROM,         IF(anonymity),                                      LIT("<sip:anonymous@anonymous.invalid>"))
  HEAD("1 O-R46-1",            SHALL, FROM,         IF(no_anonymity, has_gruu),                         ADDR_OF_AGENT(gruu))
  HEAD("1 O-R46-1",            SHALL, FROM,         IF(no_anonymity, no_has_gruu),                      ADDR_OF_AGENT(address))
  EXACTLY_ONE("2", CPIM, TO)
  HEAD("2.a",                  SHALL, TO,           IF(to_one, no_reply),                               ADDR(to))
  HEAD("2.a",                  SHALL, TO,           IF(to_one, reply, new_address),                     ADDR(new_address))
  HEAD("2.a",                  SHALL, TO,           IF(to_one, reply, no_new_address, had_reply_to),    ADDR(recv_reply_to))
  HEAD("2.a",                  SHALL, TO,           IF(to_one, reply, no_new_address, no_had_reply_to), ADDR(recv_origin))
  HEAD("2.b",                  SHALL, TO,           IF(to_adhoc),                                       ADDR_OF_AGENT(cf_uri))
  HEAD("2.c",                  SHALL, TO,           IF(to_group),                                       ADDR(to))
  HEAD("2.d",                  SHALL, TO,           IF(to_many),                                        ADDR_OF_AGENT(exploder_uri))
  HEAD("p1",                   SHALL, DATETIME,     ALWAYS,                                             TIME_IN(composed_at))
  HEAD("S4-7.2.1.1-T2.4",      SHALL, MESSAGE_ID,   ALWAYS,                                             CTX(message_id))
  HEAD("4 4.deliv 4.interw 4.display S0-7.2.1-9 S1-7.3.7-p1.s1 S1-7.3.7-p1.s2", SHALL, DISPOSITION_NOTIFICATION, IF(wants_report, no_silent), REPORT(report))
  HEAD("3.i",                  SHALL, PAYLOAD_TYPE, IF(multipart),                                      CTX(payload_types))
  MIME("3",                    SHALL, CONTENT_TYPE, ALWAYS,                                             CTX(payload_type))
  BODY("p1",                   SHALL,               ALWAYS,                                             CONTENT(payload))
};
CPIM_BODY(cpim, cpim_lines)

/* Without CPIM: to a peer that takes none, or by policy. */
static const cpmi_line bare_payload_lines[] = {
  MIME("O-R50-1",              SHALL, CONTENT_TYPE, ALWAYS,                                             CTX(payload_type))
  BODY("O-R50-1",              SHALL,               ALWAYS,                                             CONTENT(payload))
};
HOST_BODY(bare_payload, bare_payload_lines)
#undef SPEC

static const uint8_t pager_send_fields[] = {
  F(target), F(to), F(from), F(new_address), F(in_reply_to), F(recv_reply_to), F(recv_origin), F(reply_to), F(anonymous), F(expiry),
  F(members), F(composed_at), F(conversation_id), F(contribution_id), F(message_id), F(report), F(payload), F(payload_type), F(payload_types),
  F(peer_no_cpim), F(peer_no_imdn), F(message_uid), F(status), F(takes_cpim), F(stored_folder), F(stored_conversation_id), F(stored_contribution_id),
  F(stored_in_reply_to), F(stored_message_id), F(stored_payload_type),
};

static const cpmi_part pager_send_part = {
  .call = ROWS(pager_send_rows), .captures = ROWS(pager_send_captures),
};

const cpm_machine cpmi_machine_pager_send = {
  .name = "client/pager-send", .role = CPM_ROLE_CLIENT, .init = CPMI_STATE_idle,
  .parts = { &pager_send_part, &cpmi_part_dedup }, .fields = NAMES(pager_send_fields),
};
