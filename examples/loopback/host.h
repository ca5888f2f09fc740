/* SPDX-License-Identifier: MIT */
/* host.h - what the host of the demonstration has beside its stack: policy, and people who are told something. */
#ifndef HOST_H
#define HOST_H

#include "store.h"

/* What came back for a request that no procedure sent. */
void host_hear(const ua *who, const cpm_sip *response);

/* What somebody who knows no CPM does with a MESSAGE: the status to answer with. */
unsigned host_serve(const ua *who, const cpm_sip *request);

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

#endif
