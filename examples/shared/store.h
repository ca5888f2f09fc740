/* SPDX-License-Identifier: MIT */
/* store.h - what a host keeps beyond a procedure and a process: its database. Here it is a few lists. */
#ifndef STORE_H
#define STORE_H

#include "adapter.h"

enum { STORE_TEXT = 1024 };

/* ---- messages that came ------------------------------------------------------------------------------------------ */

/* With the ticket beside it, as long as something can still be reported of it. */
typedef struct store_message {
  struct store_message *next;
  const ua *who;
  char      id[CPM_ID_MAX + 1];
  char      sender[ADAPTER_URI];
  char      text[STORE_TEXT];
  char      ticket[CPM_TICKET_MAX];
  size_t    ticket_len;                  /* 0: none */
} store_message;

store_message *store_add_message(const ua *who, cpm_str id, cpm_str sender, cpm_str text);
store_message *store_find_message(const ua *who, cpm_str id, cpm_str sender);    /* NULL: it did not come yet */

/* ---- messages that were sent ------------------------------------------------------------------------------------- */

/* How far a message has come at one recipient. What went to several has a row of its own, and one for each of them that has
 * reported. */
typedef struct store_sent {
  struct store_sent *next;
  const ua *who;
  char      id[CPM_ID_MAX + 1];
  char      to[ADAPTER_URI];
  bool      to_several;
  unsigned  reached;                     /* CPM_DISPOSITION_... */
} store_sent;

void store_add_sent(const ua *who, cpm_str id, cpm_str to, bool to_several);

/* The row of that message for whom a notification names: who reports, or whom we sent it to. NULL: we did not send it. */
store_sent *store_find_sent(const ua *who, cpm_str id, cpm_str recipient, cpm_str original_recipient);

/* Notifications, by their own imdn.Message-ID, that were read to their end. */
void store_take_report(const ua *who, cpm_str id, cpm_str sender);
bool store_took_report(const ua *who, cpm_str id, cpm_str sender);

/* ---- peers, and the conversation history ------------------------------------------------------------------------- */

void store_set_no_cpim(const ua *who, cpm_str peer);      /* it takes no CPIM */
bool store_has_no_cpim(const ua *who, cpm_str peer);

void     store_add_history(const ua *who, uint64_t item); /* item: of host_keep */
unsigned store_count_history(const ua *who);

void store_close(void);

#endif
