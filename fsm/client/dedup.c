/* SPDX-License-Identifier: MIT */
/* client/dedup: is an object of the Message Store the message that was sent? (S4 7.2.1.1 step 19, Table 2; ruling O-R58) A part of the
 * procedures that send: when no Message-UID came they stay, and the host shows them what it synchronises. */
#include "table.h"

#define SPEC "S4-7.2.1.1-"

static const cpmi_capture dedup_captures[] = {
  CAPTURE("19.a.1 19.a.2", on_object, stored_folder,          ARG_NOW)
  CAPTURE("T2.1",          on_object, stored_conversation_id, ARG_NOW)
  CAPTURE("T2.2",          on_object, stored_contribution_id, ARG_NOW)
  CAPTURE("T2.3",          on_object, stored_in_reply_to,     ARG_NOW)
  CAPTURE("T2.4",          on_object, stored_message_id,      ARG_NOW)
  CAPTURE("T2.5",          on_object, stored_payload_type,    ARG_NOW)
  CAPTURE("18.use",        on_object, message_uid,            ARG_NOW)
};

static const cpmi_row dedup_rows[] = {
  /*  clauses              state     event      if                                                    next      then */
  ROW("19.and 19.a.1 19.b T2.1 T2.2 T2.3 T2.4 T2.5", matching, on_object,
                                                IF(to_one, in_peer_folder, same_conversation, same_contribution, same_reply, same_message),
                                                                                                      ended,    TELL(duplicate), DONE)
  ROW("19.and 19.a.2 19.b T2.1 T2.2 T2.3 T2.4 T2.5 O-R58", , ,
                                                IF(no_to_one, in_group_folder, same_conversation, same_contribution, same_reply, same_message),
                                                                                                      ended,    TELL(duplicate), DONE)
  ROW("19.and",            ,         ,          ALWAYS,                                               matching, NOTHING)
  ROW("O-R33",             matching, cancel,    ALWAYS,                                               ended,    TELL(cancelled), DONE)
};
const cpmi_part cpmi_part_dedup = { .call = ROWS(dedup_rows), .captures = ROWS(dedup_captures) };
#undef SPEC
