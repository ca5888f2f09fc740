/* SPDX-License-Identifier: MIT */
/* session_timer.h - what a request that refreshes a session, and the 2xx to one, say of its timer (RFC 4028; ruling O-R86). */
#ifndef CPMI_SESSION_TIMER_H
#define CPMI_SESSION_TIMER_H

#include "table.h"

#define TIMER_IN_REQUEST \
  FIELD("O-R86", SHALL, SUPPORTED,       ALWAYS,                       LIT("timer")) \
  FIELD("O-R86", SHALL, SESSION_EXPIRES, ALWAYS,                       NUMBER_IN(session_interval, ";refresher=uac"))

/* Whoever is to refresh must know timers: they, if it is not us. */
#define TIMER_IN_ANSWER \
  FIELD("O-R86", SHALL, SUPPORTED,       ALWAYS,                       LIT("timer")) \
  FIELD("O-R86", SHALL, REQUIRE,         IF(refreshes, no_we_refresh), LIT("timer")) \
  FIELD("O-R86", SHALL, SESSION_EXPIRES, IF(refreshes, no_we_refresh), NUMBER_IN(session_interval, ";refresher=uac")) \
  FIELD("O-R86", SHALL, SESSION_EXPIRES, IF(refreshes, we_refresh),    NUMBER_IN(session_interval, ";refresher=uas"))

#endif
