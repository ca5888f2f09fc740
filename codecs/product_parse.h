/* SPDX-License-Identifier: MIT */
/* product_parse.h - between the machines of User-Agent and Server and product.c. */
#ifndef CPMI_PRODUCT_PARSE_H
#define CPMI_PRODUCT_PARSE_H

#include "cpm/str.h"

typedef struct cpmi_product_marks { const char *name_b, *name_e, *version_b, *version_e; } cpmi_product_marks;

/* Is the whole of `in` a product? */
bool cpmi_product_parse(cpmi_product_marks *m, cpm_str in);

/* Where the inside of a comment stops being one; NULL if it does not. Nesting is not looked at. */
const char *cpmi_comment_parse(cpm_str in);

/* The inside of a comment that is to be written: its parentheses close, and a reader does not find them nested too deep.
 * CPM_E_INJECTION, CPM_E_VALUE. */
int cpmi_check_comment(cpm_str comment, const char *clause, cpm_diag *diag);

#endif
