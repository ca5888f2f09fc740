/* SPDX-License-Identifier: MIT */
/* answers.h - what the host of a client looks up, and what it keeps beside its procedures: most hosts have the same. Everybody
 * is let in. */
#ifndef ANSWERS_H
#define ANSWERS_H

#include "store.h"

/* Answers ASK: gives on_policy to the procedure. False: not a question of a client; answers_say is then the program's. */
bool answers_give(adapter_run *run, unsigned question, uint32_t leg);
void answers_say(adapter_run *run, uint32_t leg, const cpm_arg *args, size_t nargs);

/* Args of `send` and of a ticket that are known of the peer: room for one. How many there are. */
size_t answers_peer_args(const ua *who, cpm_str peer, cpm_arg *args);

/* SEND is due: what must be known before an answer can come. */
void answers_sends(adapter_run *run, const cpm_effect *x);

/* STORE and DROP: tickets stay with their message, history with its user. DONE. */
void answers_store(adapter_run *run, const cpm_effect *x);
void answers_drop(adapter_run *run, const cpm_effect *x);
void answers_done(const adapter_run *run);

/* The user opens a message; what is still to be reported of it goes out. */
void answers_open_message(ua *who, store_message *m);

/* The message of ours that a notification, a leg, is about; NULL: it is none. */
store_sent *answers_sent_of(const adapter_run *run, uint32_t leg);

extern const char *const answers_dispositions[];   /* names of CPM_DISPOSITION_... */

#endif
