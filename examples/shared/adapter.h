/* SPDX-License-Identifier: MIT */
/* adapter.h - participants and the procedures that they run. */
#ifndef ADAPTER_H
#define ADAPTER_H

#include <cpm/cpm.h>
#include <netinet/in.h>
#include <sys/socket.h>

typedef struct ua ua;
typedef struct adapter_run adapter_run;
struct store_message;

typedef union adapter_address {
  struct sockaddr     any;
  struct sockaddr_in  v4;
  struct sockaddr_in6 v6;
} adapter_address;

enum { ADAPTER_V4, ADAPTER_V6, ADAPTER_FAMILIES };
enum { ADAPTER_URI = 256, ADAPTER_TIMERS = 64, ADAPTER_COMING = 4 };

#define ADAPTER_COPY(dst, str) snprintf(dst, sizeof(dst), "%.*s", (int)(str).n, (str).p ? (str).p : "")

/* Something that a procedure is to be given when its effects are done: the answer to a question, or that nothing could be sent. */
typedef struct adapter_later { cpm_event_type type; uint32_t leg; unsigned question; uint64_t number; } adapter_later;

/* A timer that runs, and what a procedure had us keep: chunks with their heads. */
typedef struct adapter_timer { unsigned id; uint32_t leg; int64_t due; } adapter_timer;   /* due on adapter_clock */
typedef struct adapter_chunk { uint64_t item; cpm_str head; } adapter_chunk;
typedef struct adapter_coming { uint32_t leg; uint64_t item; } adapter_coming;   /* what has come of a message or file in chunks */

/* One running procedure: its block, and what the host keeps beside it. */
struct adapter_run {
  adapter_run            *next;
  ua                *who;
  const cpm_machine *machine;
  cpm_proc          *proc;
  size_t             size;       /* of its block, */
  bool               began;      /* which cannot grow any more once it took an event */
  const cpm_sip     *msg;        /* the message of the event that is being stepped through, or NULL */
  uint64_t           item;       /* handle of the body of the request that began it, or of what it sends; */
  bool               has_item;   /* it goes with the procedure */
  char               peer[ADAPTER_URI];   /* whom it last sent to, of itself and not on a leg */
  struct store_message *about;   /* the received message that it took in or reports on, or NULL */
  bool               gone;       /* its process has ended */
  adapter_later     *later;
  size_t             nlater;
  adapter_timer      timers[ADAPTER_TIMERS];
  size_t             ntimers;
  adapter_chunk     *log;        /* its chunk_log */
  size_t             nlog;
  cpm_str            chunk_head; /* of the chunk of the event, */
  uint64_t           chunk;      /* and its content */
  adapter_coming     coming[ADAPTER_COMING];
  size_t             ncoming;
  adapter_run       *session;    /* whose connection it uses: a run of client/media; NULL: its own */
  const cpm_event   *event;      /* that is being stepped through, or NULL */
  char               incoming[CPM_MSRP_ID_MAX + 1];   /* Message-ID in MSRP of the message that it takes in */
};

/* One participant. */
struct ua {
  const char *name;              /* as the ladder shows it, */
  unsigned    column;            /* and where */
  cpm_agent   agent;
  bool        foreign;           /* it knows no CPM: host_serve takes its requests */
  ua         *function;          /* its Participating Function, if the core brings its requests there first; else NULL */
  unsigned    family;            /* ADAPTER_V4 or ADAPTER_V6: where others reach it */
  unsigned    lose;              /* so many of the datagrams that come next are lost */
  int         fd[ADAPTER_FAMILIES];   /* -1: that family is not there */
  adapter_address at[ADAPTER_FAMILIES];
};

/* Starts a procedure; the caller gives it its first event. It lives until adapter_close. */
adapter_run *adapter_start(ua *who, const cpm_machine *machine);

/* The same with the connection of a session that stands; adapter_of_session: the one there is for that peer, or a new one. Args
 * of an event of it: what the session's block says. */
adapter_run *adapter_start_in(adapter_run *session, const cpm_machine *machine);
adapter_run *adapter_of_session(adapter_run *session, const char *machine, cpm_str peer);
adapter_run *adapter_find_in(const adapter_run *session, const cpm_machine *machine, cpm_str peer);   /* NULL: there is none */
size_t       adapter_session_args(const adapter_run *run, cpm_event_type type, cpm_arg args[CPM_SESSION_ARGS]);

/* Steps the procedure with the event, `now` and random bytes filled in, and does its effects. What cpm_proc_step returned. */
int adapter_give(adapter_run *run, cpm_event *event);

/* Its process ends: no procedure of it goes on. What is left is in its database (store.h). */
void adapter_restart(const ua *who);

/* From the stack: a new request outside of a dialog, whose txn ua_respond takes; a response, or NULL when none came. The request
 * lives as long as its transaction, the response until the call returns. */
void adapter_on_request(ua *who, uint64_t txn, const cpm_sip *request);
void adapter_on_response(adapter_run *run, uint32_t leg, cpm_sip_method method, bool inside, const cpm_sip *response);

/* A 2xx to an INVITE of another dialog than the first: `dialog`, not 0, comes back in its ACK and BYE. */
void adapter_on_fork(adapter_run *run, uint32_t leg, uint64_t dialog, const cpm_sip *response);

/* A request inside of a dialog that the procedure has, or the CANCEL of one. */
void adapter_on_request_inside(adapter_run *run, uint32_t leg, uint64_t txn, const cpm_sip *request);

/* From media.c. */
void adapter_on_media(adapter_run *run, uint32_t leg, cpm_event_type type, uint64_t octets);
void adapter_on_msrp(adapter_run *run, uint32_t leg, const cpm_msrp *request, cpm_str head, cpm_str content, char flag);

/* Frees what is over; `ended` is called before, and may start others. Only where nobody keeps a run: the demonstration looks at
 * its own later. */
void     adapter_sweep(void (*ended)(adapter_run *run));
unsigned adapter_count(void);                                   /* procedures that go on */
int64_t  adapter_due(void);                                     /* when the next timer is due, on adapter_clock; INT64_MAX: there is none */
void     adapter_own_item(adapter_run *run, uint64_t item);

/* Timers whose time has come; false: there was none. */
bool adapter_fire(void);

/* Is a question unanswered, or something else to be given to a procedure? Gives it. */
bool adapter_waits(void);
void adapter_go_on(void);
void adapter_close(void);

int64_t adapter_now(void);            /* ms since 1970 UTC, */
int64_t adapter_now_us(void);         /* and us */
void    adapter_pass(int64_t ms);     /* those clocks go on by so much, and the timers of procedures: nobody waits for it */
int64_t adapter_clock(void);          /* us of a clock that does not jump */
cpm_str adapter_random(unsigned char *dst, size_t n);

/* An answer that no procedure wrote. */
void adapter_answer(const ua *who, uint64_t txn, unsigned status);

/* ---- what the program brings: its stack, and its people ---------------------------------------------------------- */

/* Sends the request of a SEND effect; adapter_on_response brings what comes back. False: there is no way to send it. */
bool ua_request(adapter_run *run, const cpm_effect *x);

/* Answers a request. x: the effect behind it, or NULL. */
void ua_respond(uint64_t txn, const cpm_sip *response, const cpm_effect *x);

/* That procedure took the request: what comes inside of the dialog that it opens is for it, and a CANCEL. */
void ua_own(uint64_t txn, adapter_run *run);

/* Answers ASK: gives on_policy to the procedure. */
void host_answer(adapter_run *run, unsigned question, uint32_t leg);

/* Does TELL. */
void host_tell(adapter_run *run, const cpm_effect *x);

/* What crossed and what ran, for the summary. */
typedef struct adapter_counters {
  unsigned chunks, requests, responses, again, lost, absorbed, read, broken, procedures, steps, effects, untaken;
  uint64_t bytes;
} adapter_counters;
extern adapter_counters adapter_counts;

#endif
