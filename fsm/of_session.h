/* SPDX-License-Identifier: MIT */
/* of_session.h - what every procedure knows of the session whose connection it uses: cpm_session_args gives it. */
#ifndef CPMI_OF_SESSION_H
#define CPMI_OF_SESSION_H

#include "table.h"

#define OF_SESSION(event) \
  CAPTURE("S2-7.3.9.1-1.a.chat S2-7.3.9.1-1.b S2-7.3.9.1-1.c", event, target, ARG) \
  CAPTURE("S2-7.3.9.1-1.a.chat S2-7.3.9.1-1.c", event, to,     ARG) \
  CAPTURE("S2-7.3.9.1-1.b",      event, group_uri,     ARG) \
  CAPTURE("O-R77",               event, group_session, ARG) \
  CAPTURE("S2-7.3.9.1-p1.4975",  event, session_id,    ARG) \
  CAPTURE("S2-7.3.9.1-p1.4975",  event, path,          ARG)

#endif
