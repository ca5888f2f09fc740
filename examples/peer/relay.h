/* SPDX-License-Identifier: MIT */
/* relay.h - our MSRP relay (RFC 4976): AUTH, answered challenges, and the path that others are told. */
#ifndef RELAY_H
#define RELAY_H

#include "adapter.h"

enum { RELAY_CHUNK = 8192 };   /* octets of one SEND behind a relay: some drop more than 10 KiB */

/* Where the relay is reached, if not at its URI: of msrps, where somebody stands who speaks TLS to it. host NULL: at its URI. */
typedef struct relay_place { const char *host; unsigned port; } relay_place;

/* Asks the relay for a path, and again before it expires; the agent's media_relays is that path from then on. told: each time;
 * status not 200: there is none. False: that is no URI of MSRP, or nobody is there. */
bool    relay_begin(const char *uri, relay_place by, const char *user, const char *password, void (*told)(unsigned status));
int64_t relay_due(void);       /* when it is asked again, on adapter_clock; INT64_MAX: not at all */
void    relay_fire(void);

#endif
