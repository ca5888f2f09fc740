/* SPDX-License-Identifier: MIT */
/* host.h - what a host has beside its stack: contents, policy, and people who are told something. All in memory. */
#ifndef HOST_H
#define HOST_H

#include "adapter.h"

/* Contents by handle. Procedures never hold content: they name it, and get it back from here. */
uint64_t host_keep(cpm_str bytes);                                  /* copied */
cpm_str  host_content(uint64_t item, uint64_t off, uint64_t len);   /* borrowed; absent if there is no such run */

/* Answers ASK: gives on_policy to the procedure. */
void host_answer(adapter_run *run, unsigned question, uint32_t leg);

/* Does TELL: shows it, and notes it for the checks of the scenes. */
void host_tell(adapter_run *run, const cpm_effect *x);

/* What somebody who knows no CPM does with a MESSAGE: the status to answer with. */
unsigned host_serve(const ua *who, const cpm_sip *request);

/* What somebody was told. */
typedef struct host_told {
  const ua *who;
  unsigned  notice;          /* CPM_NOTICE_... ; CPM_NOTICE_COUNT: host_serve did something */
  unsigned  status, warning; /* of a refusal: status code and number of OMA */
  char      text[1024];      /* the message, the notification, the text of the Warning */
  char      sender[128];     /* authenticated originator, or the Request-URI that was served */
  char      group[128];      /* Referred-By: who sent to the group */
  char      history[512];    /* other recipients, as the message's history list names them: "to sip:bob@example.com" */
} host_told;

void host_forget(void);                                             /* a scene begins */
unsigned host_count(const ua *who, unsigned notice);
const host_told *host_last(const ua *who, unsigned notice);         /* an empty one if there is none */
void host_close(void);

#endif
