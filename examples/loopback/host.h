/* SPDX-License-Identifier: MIT */
/* host.h - what a host has beside its stack: contents, policy, and people who are told something. What outlives a
 * process is in store.h. */
#ifndef HOST_H
#define HOST_H

#include "store.h"

/* Contents by handle. Procedures never hold content: they name it, and get it back from here. */
uint64_t host_keep(cpm_str bytes);                                  /* copied */
uint64_t host_new(void);                                            /* empty; grows by host_write */
uint64_t host_gather(const adapter_run *run, uint32_t leg);         /* an item for what comes in chunks: of a file, the one that has its beginning */
bool     host_write(uint64_t item, uint64_t off, cpm_str bytes);    /* false: there is no such item, or it would be too large */
uint64_t host_length(uint64_t item);                                /* octets */
cpm_str  host_content(uint64_t item, uint64_t off, uint64_t len);   /* borrowed; absent if there is no such run */

/* Answers ASK: gives on_policy to the procedure. */
void host_answer(adapter_run *run, unsigned question, uint32_t leg);

/* Does TELL: shows it, and notes it for the checks of the scenes. */
void host_tell(adapter_run *run, const cpm_effect *x);

/* SEND is due: what must be known before an answer can come. */
void host_sends(adapter_run *run, const cpm_effect *x);

/* STORE and DROP: tickets stay with their message, history with its user. */
void host_store(adapter_run *run, const cpm_effect *x);
void host_drop(adapter_run *run, const cpm_effect *x);

/* DONE. */
void host_done(const adapter_run *run);

/* The user opens a message; what is still to be reported of it goes out. */
void host_open_message(ua *who, store_message *m);

/* Arguments of `send` that the host knows of the peer: room for one. How many there are. */
size_t host_peer_args(const ua *who, cpm_str peer, cpm_arg *args);

/* What came back for a request that no procedure sent. */
void host_hear(const ua *who, const cpm_sip *response);

/* What somebody who knows no CPM does with a MESSAGE: the status to answer with. */
unsigned host_serve(const ua *who, const cpm_sip *request);

/* Hash selector of RFC 5547 of that content, "hash:sha-1:72:24:5F ...". */
enum { HOST_HASH = 80 };
void host_hash(char dst[HOST_HASH], cpm_str content);

/* The connections of that participant break when so many octets have come or gone. */
void host_cut_at(const ua *who, int64_t octets);

/* What somebody was told. */
typedef struct host_told {
  const ua *who;
  unsigned  notice;          /* CPM_NOTICE_... ; CPM_NOTICE_COUNT: host_serve or host_hear did something */
  unsigned  status, warning; /* of a refusal: status code and number of OMA */
  unsigned  disposition;     /* of a notification: CPM_DISPOSITION_... */
  char      id[CPM_ID_MAX + 1];   /* imdn.Message-ID of the message, or of the one that a notification is about */
  char      text[1024];      /* the message, the text of the Warning, Allow */
  cpm_str   content;         /* the whole message */
  int64_t   octets;          /* progress: how many are there, */
  unsigned  times;           /* and how often that was told */
  char      sender[128];     /* authenticated originator, who reports, or the Request-URI that was served */
  char      group[128];      /* Referred-By: who sent to the group */
  char      history[512];    /* other recipients, as the message's history list names them: "to sip:bob@example.com" */
} host_told;

void host_forget(void);                                             /* a scene begins */
unsigned host_count(const ua *who, unsigned notice);
const host_told *host_last(const ua *who, unsigned notice);         /* an empty one if there is none */
void host_close(void);

#endif
