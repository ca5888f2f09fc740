/* SPDX-License-Identifier: MIT */
/* sip_parse.h - between the machines of start line and field head, and sip.c. */
#ifndef CPMI_SIP_PARSE_H
#define CPMI_SIP_PARSE_H

#include "cpm/str.h"

/* Where the parts stand; NULL: not there. reason_b may be the end of the line. */
typedef struct cpmi_sip_marks {
  const char *method_b, *method_e, *uri_b, *uri_e, *version_b, *version_e, *code_b, *reason_b;
} cpmi_sip_marks;

/* Reads a start line without its line break. NULL if it is one; else where it stopped: the end of `line` when it is cut short. With
 * `more` the line goes on in bytes that have not come yet: then NULL says that nothing was wrong so far. */
const char *cpmi_sip_start_line(cpmi_sip_marks *m, cpm_str line, bool more);

/* Reads "name :", the colon the last byte of `head`. NULL and *name if it is one; else where it stopped. */
const char *cpmi_sip_field_head(cpm_str *name, cpm_str head);

#endif
