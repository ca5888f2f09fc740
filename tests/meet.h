/* SPDX-License-Identifier: MIT */
/* meet.h - procedures that meet: hosts in memory, and what a procedure of one of them sends, those of the others receive, as bytes. Time is counted and
 * passes when nothing else happens. Every block moves to other memory after each step and each effect, and passes cpm_proc_check there.
 *
 *     meet *w = meet_new(seed);
 *     meet_host *alice = meet_add(w, &agent), *bob = meet_add(w, &other);
 *     meet_run *send = meet_start(w, alice, "client/large-send", &event);
 *     meet_go(w);
 *
 * What is said in a session that stands, client/media, uses its connection: meet_say begins it, or goes on with it. The host does what docs/plug-it-in.md
 * says in "A session": who receives is begun by ENTER, and who composes is known by the sender.
 *
 * Files go with `send`, and what comes of one is kept as docs/files.md says. A connection that does not come in MEET_PATIENCE ms is given up.
 *
 * A request outside of dialogs goes to the host whose agent has the address in the Request-URI, and begins what cpm_dispatch says there.
 */
#ifndef TESTS_MEET_H
#define TESTS_MEET_H

#include "cpm/cpm.h"
#include <stdio.h>

enum { MEET_HOSTS = 8, MEET_RUNS = 32, MEET_ITEMS = 512, MEET_CONTENTS = 512, MEET_BLOCK = 12288, MEET_BUFFER = 32768, MEET_TIMERS = 64,
       MEET_ARGS = 2 * CPM_SESSION_ARGS, MEET_DIALOGS = 64, MEET_ENDS = 64, MEET_LEGS = 4, MEET_FILES = 16, MEET_PATIENCE = 30000 };

typedef struct meet meet;
typedef struct meet_host meet_host;
typedef struct meet_run meet_run;

struct meet_host { meet *w; cpm_agent agent; };

/* One procedure. */
struct meet_run {
  meet_host *host;
  cpm_proc  *proc;
  uint64_t  *block[2];
  unsigned   at;
  unsigned   told[CPM_NOTICE_COUNT];   /* how often, on whatever leg */
  unsigned   told_of[MEET_LEGS][CPM_NOTICE_COUNT];
  cpm_str    message;                  /* what STORE message has kept; absent: nothing, or it was dropped */
  uint64_t   steps;
  meet_run  *session;                  /* client/media, whose connection it uses; NULL: its own */
  char       ticket[CPM_TICKET_MAX];
  size_t     nticket;
};

/* What is on its way: a SIP message, an MSRP frame, or an event of the host. */
typedef enum meet_kind { MEET_REQUEST, MEET_RESPONSE, MEET_FRAME, MEET_EVENT } meet_kind;
typedef struct meet_item {
  meet_kind      kind;
  unsigned       channel;      /* items of one channel stay in order */
  meet_run      *to;           /* NULL: not begun yet */
  uint32_t       leg;
  cpm_event_type event;        /* of an EVENT, or what no answer is to the sender of a REQUEST */
  char          *bytes;        /* SIP: the message; MSRP: the head */
  size_t         n;
  uint64_t       item, len;    /* content, and how many octets of it */
  uint64_t       wanted;       /* on_loaded: octets of its head */
  size_t         txn;          /* SIP: of which transaction */
  unsigned       status;       /* RESPONSE, and msrp_fail; 0: none came */
  char           flag;         /* of the end-line of a FRAME */
  size_t         end;          /* FRAME: the side of the connection that it goes to */
  unsigned       question;     /* on_policy: what was asked */
} meet_item;

struct meet {
  meet_host  host[MEET_HOSTS];
  meet_run   run[MEET_RUNS];
  size_t     nhosts, nruns;
  uint64_t   seed;             /* 0: items go in the order in which they came; else those of different channels overtake each other */
  int64_t    now;
  unsigned   delivered;        /* items so far */
  /* May be set. */
  unsigned   lose;             /* the item of that number is lost, unless it is an event; 0: none. A frame takes its connection along */
  void     (*before)(meet *w);                                                 /* before each item */
  void     (*answer)(meet *w, meet_run *run, unsigned question, cpm_event *e); /* fills in on_policy; e->args has room for eight */
  void      *ctx;
  FILE      *log;              /* NULL: nobody listens; with MEET_LOG in the environment stderr */
  struct meet_inside *in;
};

/* The usual client; the octets that are sent; the answer to sent_message: it is one of ours. */
void       meet_client(cpm_agent *agent, const char *address, const char *media_address);
void       meet_fill(char *content, size_t n);
void       meet_answer_sent(cpm_event *e);

meet      *meet_new(uint64_t seed);
void       meet_free(meet *w);
meet_host *meet_add(meet *w, const cpm_agent *agent);
/* A new procedure and its first event. */
meet_run  *meet_start(meet *w, meet_host *host, const char *machine, const cpm_event *event);
/* What the session says, and the event with its args behind that: for run, or for a new procedure of that machine. */
meet_run  *meet_say(meet *w, meet_run *session, meet_run *run, const char *machine, const cpm_event *event);
/* Until nothing is on its way and no timer runs. */
void       meet_go(meet *w);
/* An event of the user, now; returns what cpm_proc_step says. */
int        meet_give(meet *w, meet_run *run, const cpm_event *event);
int        meet_cancel(meet *w, meet_run *run, uint32_t leg);
/* The connection of that run that was made last breaks on both sides; that of the leg. */
void       meet_break(meet *w, meet_run *run);
void       meet_break_leg(meet *w, meet_run *run, uint32_t leg);
/* What the run's host has of the file of that leg: the octets up to the first one that is missing. A host knows a file by its selector, in however many
 * transfers it comes. */
cpm_str    meet_file(meet *w, const meet_run *run, uint32_t leg);
/* How many octets of it were stored, each as often as it came. */
uint64_t   meet_file_came(meet *w, const meet_run *run, uint32_t leg);
/* The handle of a content of the hosts; its octets. */
uint64_t   meet_content(meet *w, cpm_str octets);
cpm_str    meet_octets(const meet *w, uint64_t item);
/* The n-th run of that machine, NULL if there is none. */
meet_run  *meet_of(meet *w, const char *machine, unsigned n);
bool       meet_over(const meet *w);   /* every procedure */

#endif
