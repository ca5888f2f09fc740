/* SPDX-License-Identifier: MIT */
/* ua.h - this is NO SIP stack. It is the least that a demonstration on one machine can do with: it adds Via with a branch,
 * Max-Forwards, tags, Call-ID, CSeq and Contact; matches responses by branch; sends requests again by timers E and F; knows a request
 * that comes again by its branch and answers it as before; keeps dialogs; finds addresses in a table of URIs. INVITE and what belongs
 * to its dialog go over TCP, everything else over UDP. No proxies, no DNS, no authentication, no TLS, no INVITE over UDP. Your stack
 * has all that already; how it and cpmkit meet is in adapter.c.
 */
#ifndef UA_H
#define UA_H

#include "adapter.h"

enum { UA_PARTICIPANTS = 12, UA_ROUTES = 32, UA_FIELDS = 64 };
enum { UA_T1 = 500, UA_T2 = 4000 };   /* ms, RFC 3261 17 */
enum { UA_QUIET = 20 };               /* ms without anything: it is over */

/* Opens the sockets on 127.0.0.1 and ::1, on `port` if it is free and on one of the kernel's choosing if not. On a machine without
 * IPv6 everybody is reached by IPv4. False: no socket could be had. */
bool ua_open(ua *who, unsigned port);
bool ua_has_ipv6(void);
const ua *ua_in_column(unsigned column);   /* NULL past the last one */

/* Requests for this URI go to that participant. Constant text. */
void ua_route(const char *uri, ua *who);

/* Sends a request that no procedure asked for, as another program on that side would. host_hear gets what comes back. */
bool ua_other_request(ua *who, cpm_sip_method method, const char *uri);

/* The request that came to a participant last, by its txn; and the network brings it once more, as it was. */
uint64_t ua_latest(const ua *who);
void     ua_bring_again(uint64_t txn);

/* Moves datagrams and timers until no answer is awaited any more; false: that was not so after `ms` milliseconds. */
bool ua_settle(int ms);

void ua_close(void);

#endif
