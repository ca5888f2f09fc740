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
#undef SPEC
