/* SPDX-License-Identifier: MIT */
/* msrp.h - what the MSRP hosts mark, and what the files of MSRP share. */
#ifndef CPMI_MSRP_H
#define CPMI_MSRP_H

#include "cpm/msrp.h"
#include "value_internal.h"

/* ---- hosts: each returns where its machine stopped; NULL if all of `in`, which is not absent, was taken --------------------- */

/* First line, without its CRLF. */
typedef struct cpmi_msrp_start { const char *id_b, *id_e, *method_b, *method_e, *code_b, *code_e, *comment_b, *comment_e; bool gap; } cpmi_msrp_start;
const char *cpmi_msrp_start_parse(cpmi_msrp_start *m, cpm_str in);
/* The same straight, and more may stand behind it: where it ends, at CRLF if that is there; NULL if it is not straight. */
const char *cpmi_msrp_start_straight(cpmi_msrp_start *m, const char *p, const char *pe);

/* One header line, without its CRLF. Behind value_b everything is the value. */
typedef struct cpmi_msrp_line { const char *name_b, *name_e, *value_b; } cpmi_msrp_line;
const char *cpmi_msrp_line_parse(cpmi_msrp_line *m, cpm_str in);

typedef enum cpmi_msrp_rule {
  CPMI_MSRP_MESSAGE_ID, CPMI_MSRP_SUCCESS_REPORT, CPMI_MSRP_FAILURE_REPORT, CPMI_MSRP_BYTE_RANGE, CPMI_MSRP_STATUS, CPMI_MSRP_EXPIRES,
  CPMI_MSRP_USE_NICKNAME
} cpmi_msrp_rule;
/* a, b, c: the parts in the order of the rule. */
typedef struct cpmi_msrp_value { const char *a_b, *a_e, *b_b, *b_e, *c_b, *c_e; bool yes, no, partial; } cpmi_msrp_value;
const char *cpmi_msrp_value_parse(cpmi_msrp_value *m, cpmi_msrp_rule rule, cpm_str in);

/* Can there be such octets (RFC 4975 7.1.1)? One that ends before it starts has none. */
bool cpmi_msrp_range_holds(const cpm_msrp_range *r);

/* Can it be the value of a header field? CPM_E_INJECTION, CPM_E_VALUE. */
int cpmi_msrp_check_text(cpm_str s, const char *rule, cpm_diag *diag);

/* One URI, straight: what stands behind it, or NULL. */
const char *cpmi_msrp_uri_straight(cpm_msrp_uri *out, const char *p, const char *pe);

/* ---- shared ------------------------------------------------------------------------------------------------------------------ */

/* An ident: a transaction id or Message-ID. */
bool cpmi_msrp_is_ident(cpm_str s);

/* The id of a method name. */
cpm_msrp_method cpmi_msrp_method_id(cpm_str name);

/* Is there one? "-------" and the id, side by side. Where it starts; content.n if nowhere. */
size_t cpmi_msrp_find_id(cpm_str content, cpm_str id);

#endif
