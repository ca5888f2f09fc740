/* SPDX-License-Identifier: MIT */
/* parts.h - what the files of examples/peer have of each other; an adapter of a stack needs peer.h alone. */
#ifndef PARTS_H
#define PARTS_H

#include "adapter.h"
#include "peer.h"

extern ua            peer_self;               /* who we are, and */
extern peer_settings peer_set;                /* where */

void peer_kick(void);                         /* peer_turn is to be called soon: something waits */

/* ---- sip.c ------------------------------------------------------------------------------------------------------- */

/* Sends a request that no procedure wrote, outside of a dialog. took: what came back, each response; NULL: none came. False: it
 * cannot be sent. */
bool sip_submit(const cpm_sip *request, void (*took)(const cpm_sip *response));

/* What is over goes; dialogs that nobody has any more are told to the stack. */
void sip_sweep(void);
int64_t sip_due(void);                        /* when a request that is held goes on, on adapter_clock; INT64_MAX: none is */
void sip_fire(void);
void sip_forget_run(const adapter_run *run);  /* it goes */
bool sip_waits(void);                         /* for an answer */
void sip_leave_all(void);                     /* before stack_close: no dialog is wanted any more */
void sip_end(void);

/* URI of the next hop for a Request-URI, where there is no proxy: a row of --peer, or the URI itself with our transport. */
const char *peer_next_hop(const char *uri);

/* Header field lines that answer the challenge in a 401 or 407, each with its CR LF; false: there are no credentials, or they
 * were tried. */
bool peer_credentials(char *lines, size_t cap, const cpm_sip *challenge, const peer_message *m, bool tried);

#endif
