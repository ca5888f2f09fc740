/* SPDX-License-Identifier: MIT */
/* uri_parse.h - between the URI machine and uri.c. */
#ifndef CPMI_URI_PARSE_H
#define CPMI_URI_PARSE_H

#include "cpm/str.h"

/* Where the parts stand; NULL: not there. */
typedef struct cpmi_uri_marks {
  int         cs;
  bool        at;
  const char *scheme_e, *user_b, *user_e, *password_b, *password_e, *host_b, *host_e, *port_b, *port_e, *params_b, *params_e, *headers_b;
} cpmi_uri_marks;

void cpmi_uri_start(cpmi_uri_marks *m);

/* Feeds one more piece, the last one with `last`. Where it stopped: behind the piece unless a byte did not fit. */
const char *cpmi_uri_feed(cpmi_uri_marks *m, cpm_str piece, bool last);

/* After the last piece: was it a whole URI? */
bool cpmi_uri_accepts(const cpmi_uri_marks *m);

#endif
