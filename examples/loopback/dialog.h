/* SPDX-License-Identifier: MIT */
/* dialog.h - dialogs (RFC 3261 12) that INVITE opened: whose they are, and what a request inside of one says. Your stack has them. */
#ifndef DIALOG_H
#define DIALOG_H

#include "ua.h"

enum { DIALOG_TEXT = 512, DIALOG_TAG = 64 };

typedef struct dialog {
  struct dialog *next;
  ua            *who, *peer;
  adapter_run   *run;                      /* whose it is, with the leg; NULL: nobody's yet */
  uint32_t       leg;
  uint64_t       invite;                   /* server transaction that opened it; 0: we did */
  bool           confirmed;                /* a 2xx has crossed */
  char           call_id[DIALOG_TEXT];
  char           local[DIALOG_TEXT], remote[DIALOG_TEXT];   /* From and To of our requests, with their tags */
  char           local_tag[DIALOG_TAG], remote_tag[DIALOG_TAG];
  char           target[DIALOG_TEXT];      /* Request-URI of our requests */
  char           branch[DIALOG_TAG];       /* of our INVITE */
  unsigned       cseq, invited;            /* of our last request, and of our INVITE */
} dialog;

/* We invite: local and call_id as they will be written. */
dialog *dialog_open(adapter_run *run, uint32_t leg, ua *peer, cpm_str uri);

/* We are invited by this transaction; tag: the one that the response will put into To. */
dialog *dialog_invited(ua *who, ua *peer, uint64_t txn, const cpm_sip *request, const char *tag);

/* A response that makes it: To with its tag, Contact. */
void dialog_learn(dialog *d, const cpm_sip *response);

dialog *dialog_of(const adapter_run *run, uint32_t leg);             /* the last one that was opened there; NULL: none */
dialog *dialog_of_invite(uint64_t txn);
dialog *dialog_find(const ua *who, const cpm_sip *request);        /* the one that a request is inside of */
void    dialog_close_all(void);

#endif
