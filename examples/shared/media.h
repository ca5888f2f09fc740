/* SPDX-License-Identifier: MIT */
/* media.h - MSRP over TCP: effects that speak of media to connections, and what comes on them to events. The protocol itself is in
 * msrp_link.h. */
#ifndef MEDIA_H
#define MEDIA_H

#include "adapter.h"

/* Listens there, at a port of the kernel's choosing if it is 0; the agent's media_address, which is `host`, and media_port say
 * where. False: no socket could be had. */
bool media_open(ua *who, const char *host, unsigned port);

bool media_connect(adapter_run *run, const cpm_effect *x);   /* false: nobody is there */
void media_listen(adapter_run *run, const cpm_effect *x);
bool media_push(adapter_run *run, const cpm_effect *x);      /* false: there is no connection, or it could not be written */
void media_accept(adapter_run *run, const cpm_effect *x);
void media_close(adapter_run *run, uint32_t leg);
void media_end(const adapter_run *run);                      /* the procedure is over */

/* A connection to our relay, which outlives sessions: from media_relay_use on all of them take it. took: what comes back for
 * media_relay_ask; NULL: it broke. False: nobody is there. */
bool media_relay_open(ua *who, const adapter_address *to, void (*took)(const cpm_msrp *response));
bool media_relay_ask(const cpm_msrp *request);
void media_relay_use(void);
int64_t media_relay_heard(void);                             /* when something came from it last, on adapter_clock; 0: there is no relay that is used */

int64_t media_due(void);                                     /* when somebody should have come, on adapter_clock; INT64_MAX: nobody is waited for */
void media_fire(void);                                       /* tells one that nobody came */
bool media_awaits(void);                                     /* a response */
bool media_waits(void);                                      /* a procedure, to be told that more can go: media_go_on tells one */
void media_go_on(void);
void media_cut(const ua *who);                               /* all connections of a participant break, when nothing is being done */
void media_close_all(void);

#endif
