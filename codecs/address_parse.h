/* SPDX-License-Identifier: MIT */
/* address_parse.h - between the address machine and address.c. */
#ifndef CPMI_ADDRESS_PARSE_H
#define CPMI_ADDRESS_PARSE_H

#include "cpm/value.h"

/* Where the parts stand; NULL: not there. `bare` and `display` begin together until one of them proves right. */
typedef struct cpmi_address_marks {
  const char *display_b, *display_e, *quoted_b, *quoted_e, *inner_b, *inner_e, *bare_b, *bare_e, *params_b, *params_e;
  bool laquot;
} cpmi_address_marks;

/* Where it stopped; NULL if the whole of `in` is one address. */
const char *cpmi_address_parse(cpmi_address_marks *m, cpm_str in);

/* The parts as an address has them; its quirks stay as they are. */
void cpmi_address_of_marks(cpm_address *out, const cpmi_address_marks *m);

#endif
