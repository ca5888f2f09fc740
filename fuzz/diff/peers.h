/* SPDX-License-Identifier: MIT */
/* peers.h - Sofia-SIP and osip2 as parsers beside ours. Each runs in a process of its own, so that what it does to its memory stops
 * nothing here; a peer that dies or hangs is started again. */
#ifndef DIFF_PEERS_H
#define DIFF_PEERS_H

#include "view.h"

enum peer { PEER_SOFIA, PEER_OSIP, PEERS };
enum peer_what { PEER_SIP, PEER_SDP };

enum { PEER_INPUT = 65536 };   /* longer ones are nobody's */

/* Puts a question to a peer, of at most PEER_INPUT octets; then gets what it makes of it. NULL: it died or hung. The view is valid until
 * the next question to that peer. */
void peer_put(enum peer peer, enum peer_what what, const char *p, size_t n);
const view *peer_get(enum peer peer);

/* The parsers, in sofia.c and osip.c: called in their own process. p[n] is NUL. */
void sofia_sip(view *v, const char *p, size_t n);
void sofia_sdp(view *v, const char *p, size_t n);
void osip_sip(view *v, const char *p, size_t n);
void osip_sdp(view *v, const char *p, size_t n);

#endif
