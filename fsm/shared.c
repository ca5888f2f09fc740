/* SPDX-License-Identifier: MIT */
/* shared.c - recipes that several procedures use. */
#include "table.h"

#define SPEC "O-"

/* A final response that refuses: status and Warning come from the row. */
static const cpmi_line refusal_lines[] = {
  FIELD("R5",  SHOULD, WARNING,    ALWAYS,            WARNING)
  FIELD("R48", MAY,    ERROR_INFO, IF(has_error_uri), ADDR_OF_AGENT(error_uri))
  FIELD("R38", SHALL,  SERVER,     ALWAYS,            OF_AGENT(server))
};
RESPONSE(refusal, 500, refusal_lines)

static const cpmi_line ok_lines[] = {
  FIELD("R38", SHALL,  SERVER,     ALWAYS,            OF_AGENT(server))
};
RESPONSE(ok, 200, ok_lines)

/* Requests inside a dialog: the stack knows their URI and their route. */
static const cpmi_line in_dialog_lines[] = {
  FIELD("R38", SHALL,  USER_AGENT, ALWAYS,            OF_AGENT(user_agent))
};
IN_DIALOG(ack, ACK, in_dialog_lines)
IN_DIALOG(cancel, CANCEL, in_dialog_lines)
IN_DIALOG(bye, BYE, in_dialog_lines)

static const cpmi_line bye_200_lines[] = {
  FIELD("R21", SHALL,  REASON,     ALWAYS,            LIT("SIP;cause=200;text=\"Call completed\""))
  FIELD("R38", SHALL,  USER_AGENT, ALWAYS,            OF_AGENT(user_agent))
};
IN_DIALOG(bye_200, BYE, bye_200_lines)

static const cpmi_line bye_480_lines[] = {
  FIELD("R33", SHALL,  REASON,     ALWAYS,            LIT("SIP;cause=480;text=\"Transmission Failed\""))
  FIELD("R38", SHALL,  USER_AGENT, ALWAYS,            OF_AGENT(user_agent))
};
IN_DIALOG(bye_480, BYE, bye_480_lines)

/* A chunk as it goes on to a member: its MSRP head comes with the MSRP codec. */
static const cpmi_line chunk_copy_lines[] = {
  FORBID("R27", CONTENT_LENGTH,    ALWAYS)
};
MSRP_SEND(chunk_copy, chunk_copy_lines)
#undef SPEC
