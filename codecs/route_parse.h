/* SPDX-License-Identifier: MIT */
/* route_parse.h - between the machines of Route and Contact and their codecs. */
#ifndef CPMI_ROUTE_PARSE_H
#define CPMI_ROUTE_PARSE_H

#include "address_parse.h"
#include "fields.h"

typedef struct cpmi_route_marks {
  cpmi_address_marks address;      /* but for its params: those are named */
  cpmi_named         named;
  const char        *comma;
} cpmi_route_marks;

/* Where it stopped; NULL if it accepted, or the element ended at m->comma. */
const char *cpmi_route_parse(cpmi_route_marks *m, cpm_str in);
const char *cpmi_contact_parse(cpmi_route_marks *m, cpm_str in);

/* A straight name-addr with its parameters (straight.h), which a->params holds too: *rest has moved behind it. False: nothing was taken, and
 * nothing is left in *a and *named. */
bool cpmi_route_straight(cpm_address *a, cpmi_named *named, cpm_str *rest);

#endif
