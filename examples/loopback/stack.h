/* SPDX-License-Identifier: MIT */
/* stack.h - this is NO SIP stack. It is the least that a demonstration on one machine can do with: it adds Via with a branch,
 * Max-Forwards, tags, Call-ID and CSeq; matches responses by branch; sends requests again by timers E and F; knows a request that
 * comes again by its branch and answers it as before; finds addresses in a table of URIs. It knows MESSAGE over UDP and nothing
 * else: no dialogs, no proxies, no DNS, no authentication, no TCP. Your stack has all that already; how it and cpmkit meet is in
 * ua.c.
 */
#ifndef STACK_H
#define STACK_H

#include "ua.h"

enum { STACK_PARTICIPANTS = 12, STACK_ROUTES = 32, STACK_FIELDS = 64 };
enum { STACK_T1 = 500, STACK_T2 = 4000 };   /* ms, RFC 3261 17 */

/* Opens the sockets on 127.0.0.1 and ::1, on `port` if it is free and on one of the kernel's choosing if not. On a machine without
 * IPv6 everybody is reached by IPv4. False: no socket could be had. */
bool stack_open(ua *who, unsigned port);
bool stack_has_ipv6(void);
const ua *stack_in_column(unsigned column);   /* NULL past the last one */

/* Requests for this URI go to that participant. Constant text. */
void stack_route(const char *uri, ua *who);

/* Sends the request of a SEND effect; ua_on_response brings what comes back. False: there is no way to send it. */
bool stack_request(ua_run *run, const cpm_effect *x);

/* Answers a request. x: the effect behind it, or NULL. */
void stack_respond(uint64_t txn, const cpm_sip *response, const cpm_effect *x);

/* Moves datagrams and timers until no answer is awaited any more; false: that was not so after `ms` milliseconds. */
bool stack_settle(int ms);

void stack_close(void);

#endif
