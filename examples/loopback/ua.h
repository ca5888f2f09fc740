/* SPDX-License-Identifier: MIT */
/* ua.h - participants and the procedures that they run. */
#ifndef UA_H
#define UA_H

#include <cpm/cpm.h>
#include <netinet/in.h>
#include <sys/socket.h>

typedef struct ua ua;
typedef struct ua_run ua_run;

typedef union ua_address {
  struct sockaddr     any;
  struct sockaddr_in  v4;
  struct sockaddr_in6 v6;
} ua_address;

enum { UA_V4, UA_V6, UA_FAMILIES };
enum { UA_LATER = 8 };

/* Something that a procedure is to be given when its effects are done: the answer to a question, or that nothing could be sent. */
typedef struct ua_later { cpm_event_type type; uint32_t leg; unsigned question; } ua_later;

/* One running procedure: its block, and what the host keeps beside it. */
struct ua_run {
  ua_run            *next;
  ua                *who;
  const cpm_machine *machine;
  cpm_proc          *proc;
  const cpm_sip     *msg;        /* the message of the event that is being stepped through, or NULL */
  ua_later           later[UA_LATER];
  unsigned           nlater;
};

/* One participant. */
struct ua {
  const char *name;              /* as the ladder shows it, */
  unsigned    column;            /* and where */
  cpm_agent   agent;
  const char *procedure;         /* what takes a MESSAGE: "client/pager-receive"; NULL: it knows no CPM, host_serve takes it */
  unsigned    family;            /* UA_V4 or UA_V6: where others reach it */
  unsigned    lose;              /* so many of the datagrams that come next are lost */
  int         fd[UA_FAMILIES];   /* -1: that family is not there */
  ua_address  at[UA_FAMILIES];
};

/* Starts a procedure; the caller gives it its first event. It lives until ua_close. */
ua_run *ua_start(ua *who, const char *machine);

/* Steps the procedure with the event, `now` and random bytes filled in, and does its effects. What cpm_proc_step returned. */
int ua_give(ua_run *run, cpm_event *event);

/* From the stack: a new request, whose txn stack_respond takes; a response, or NULL when none came. The request lives as long as
 * its transaction, the response until the call returns. */
void ua_on_request(ua *who, uint64_t txn, const cpm_sip *request);
void ua_on_response(ua_run *run, uint32_t leg, cpm_sip_method method, const cpm_sip *response);

/* Is a question unanswered, or something else to be given to a procedure? Gives it. */
bool ua_waits(void);
void ua_go_on(void);
void ua_close(void);

int64_t ua_now(void);            /* ms since 1970 UTC */
int64_t ua_clock(void);          /* us of a clock that does not jump */
cpm_str ua_random(unsigned char *dst, size_t n);

/* What crossed and what ran, for the summary. */
typedef struct ua_counters {
  unsigned requests, responses, again, lost, absorbed, read, broken, procedures, steps, effects, untaken;
  uint64_t bytes;
} ua_counters;
extern ua_counters ua_counts;

#endif
