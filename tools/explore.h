/* SPDX-License-Identifier: MIT */
/* explore.h - the explorer: the engine itself walks every machine together with its world. A node is a copy of the block and what
 * the world still owes; an edge is an event that the world may bring then, and the effects that it has. */
#ifndef EXPLORE_H
#define EXPLORE_H

#include "names.h"
#include <stdio.h>

enum { EXPLORE_LEGS = 6, EXPLORE_CHUNKS = 4, EXPLORE_BLOCK = 6144, EXPLORE_BUFFER = 16384, EXPLORE_LABEL = 160,
       EXPLORE_AGENTS = 6, EXPLORE_CHOICES = 64, EXPLORE_SENT = 4, EXPLORE_ITEM = 100 };

/* ---- the world ---------------------------------------------------------------------------------------------------- */

enum { EXPLORE_NONE, EXPLORE_OWED, EXPLORE_TRYING, EXPLORE_ANSWERED, EXPLORE_ACKED };   /* a request: its final response, its ACK */
enum { EXPLORE_DOWN, EXPLORE_COMING, EXPLORE_UP };                                      /* a media connection */

/* What goes on between one leg, or the call itself, and the world. */
typedef struct explore_side {
  uint8_t in_message, in_invite, in_bye;      /* requests of theirs */
  uint8_t again;                              /* their INVITE is one inside of a dialog that they began: what that one was */
  uint8_t in_reinvite;                        /* INVITE or UPDATE of theirs in the dialog */
  uint8_t in_other;                           /* one of theirs outside of all dialogs that is neither MESSAGE nor INVITE */
  uint8_t message, invite, reinvite, bye;     /* requests of ours */
  uint8_t cancelled, in_cancelled;            /* CANCEL was sent, was received */
  uint8_t byed, late;                         /* they sent BYE; the ACK is late: we may send BYE without it */
  uint8_t media, push;
  uint8_t sent[EXPLORE_SENT];                 /* the first of what was pushed and has no response: chunks, from 1; 0: something else */
  uint8_t brought, owed;                      /* chunks of theirs, and those without response, as bits */
  uint8_t asked;                              /* chunk that the question is about, counted from 1 */
  uint8_t binds;                              /* a SEND of theirs that binds has no response */
  uint8_t ask;                                /* question + 1 */
  uint8_t fetch;                              /* chunk that is being fetched, counted from 1 */
  uint8_t next;                               /* chunks that were passed on, in order */
  uint32_t timers;                            /* set */
} explore_side;

typedef struct explore_world {
  explore_side side[1 + EXPLORE_LEGS];        /* the call, then legs */
  uint8_t      agent, begun, done;
  uint8_t      late;                          /* the one that this event brings again, after others */
  uint8_t      chunks, current;               /* that the originator sent; the one that this event brings, from 1 */
  uint8_t      complete;                      /* the originator has left after the last one: legs are owed them all */
  uint8_t      stored[CPM_ITEM_COUNT], log[EXPLORE_CHUNKS];   /* the chunks that were stored */
  uint8_t      external, begins;              /* chunks whose content is to be fetched: bits; the first chunk says so of its message */
  uint8_t      failed, answered;              /* chunks that were refused and may go elsewhere; that had a response: bits */
  uint8_t      fork;                          /* a forked 2xx: EXPLORE_ANSWERED, EXPLORE_ACKED; BYE ends it */
  uint8_t      notified, no_cpim;             /* what came was a notification; no_cpim was told */
  uint8_t      shown, shown_by;               /* `displayed` is out, or was answered for; the one that it was, as a hash */
} explore_world;

/* ---- a run -------------------------------------------------------------------------------------------------------- */

enum { EXPLORE_REFRESH_CALL = 1, EXPLORE_REFRESH_LEGS };

typedef struct explore_config {
  const cpm_machine *m;
  unsigned    members, chunks;     /* recipients of a fan-out, or files; chunks that the originator sends */
  uint32_t    max_nodes;
  bool        all_requests;        /* every form of requests, `send` and policy; else those that go through */
  unsigned    agents;              /* how many of the agents */
  unsigned    thorough;            /* 0: nothing beside the walk; 1: at every new node; 2: at every edge */
  uint8_t     kinds[EXPLORE_LEGS]; /* legs at the start */
  size_t      nkinds;
  bool        quiet;               /* no line for runs without errors */
  bool        relays;              /* chunks come on legs: worked out from the machine */
  bool        calm;                /* nobody leaves, nothing fails: deep with few nodes */
  unsigned    refresh;             /* session timers and refreshes, EXPLORE_REFRESH_CALL and _LEGS */
  cpmi_rows_taken *taken;          /* rows that were taken are noted here; NULL: nowhere */
  const char *seeds;               /* folder of inputs for the fuzzer; NULL: none are written */
} explore_config;

typedef struct explore_node {
  char         *block;             /* packed */
  unsigned char *key;
  size_t        nkey;
  uint32_t      from;
  bool          live;
  explore_world w;
  char          by[EXPLORE_LABEL];
  uint8_t      *said;              /* the event by which it is reached, as a flow has it; only kept for seeds */
  size_t        nsaid;
} explore_node;

typedef struct explore_error { char text[200]; unsigned count; uint32_t at; char by[EXPLORE_LABEL]; } explore_error;

enum { EXPLORE_ERRORS = 200 };

typedef struct explore_run {
  explore_config  c;
  cpm_agent       agent[EXPLORE_AGENTS];
  const uint8_t  *facts;           /* that the machine looks at from here on: EXPLORE_ALONE, EXPLORE_TOGETHER, 0: not */
  explore_node   *nodes;
  uint32_t        n, at;           /* nodes there are; the node that is being left */
  uint32_t       *edges, *hash;
  size_t          nedges, cap_edges;
  uint32_t        refused;         /* steps that a host's own args made impossible */
  bool            full;
  explore_error   errors[EXPLORE_ERRORS];
  unsigned        nerrors;
  const char     *label;           /* of the edge that is being walked */
  bool            first;           /* the step took a row that none took before */
} explore_run;

/* Walks everything. Returns the number of kinds of error; prints. */
unsigned explore(const explore_config *c);

/* Is there an IGNORE row for the event? */
bool explore_ignores(const cpm_machine *m, bool leg, unsigned state, unsigned event);

/* Seeds (explore_seed.c): keeps the event by which the node is reached; writes the walk to the node that is being left, and the event behind it. */
struct explore_event;
void explore_seed_keep(explore_node *node, const struct explore_event *x);
void explore_seed(explore_run *r, const struct explore_event *x);

/* An error met on the edge that is being walked. */
void explore_wrong(explore_run *r, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* ---- facts that tell events apart (explore_facts.c) ----------------------------------------------------------------- */

/* Alone: no guard holds it together with another fact, and no row is chosen by it. Then one value at a time is enough. */
enum { EXPLORE_ALONE = 1, EXPLORE_TOGETHER };
void explore_facts(explore_run *r);
void explore_facts_at(explore_run *r, unsigned state);
/* Does a fact tell this agent from agent 0? */
bool explore_agent_differs(const explore_run *r, unsigned agent);

/* ---- choices: every combination, one after the other (explore_choice.c) -------------------------------------------- */

/* What there is to choose may depend on what was chosen before. Starts empty, `plain` or not; a builder asks in the same order
 * each time, and explore_choice_next says whether it is to build once more. */
typedef struct explore_choice {
  uint8_t  digit[EXPLORE_CHOICES], base[EXPLORE_CHOICES];
  unsigned n, at;
  bool     plain, off, odd;
} explore_choice;

unsigned explore_always(explore_choice *c, unsigned base);   /* each of 0 to base - 1, with plain events too */
unsigned explore_choose(explore_choice *c, unsigned base);   /* each, in every combination; plain: 0 */
unsigned explore_rarely(explore_choice *c, unsigned base);   /* one that is not 0 only where no other choice is; plain: 0 */
bool     explore_choice_next(explore_choice *c);

/* ---- events: what can come (explore_events.c, explore_args.c, explore_message.c, explore_body.c) -------------------- */

typedef struct explore_event {
  cpm_event     e;
  cpm_sip       sip;
  cpm_sip_field fields[24];
  cpm_arg       args[CPM_FIELD_COUNT];
  cpm_entry     members[EXPLORE_LEGS + 1];
  cpm_file      files[EXPLORE_LEGS];
  cpm_msrp      msrp;
  char          body[4096], texts[4096];   /* texts: what args and fields borrow */
  size_t        ntexts;
  bool          lacks;                     /* the host has left something out that must be there */
  char          label[EXPLORE_LABEL];
} explore_event;

void explore_agents(explore_run *r);
/* An empty event, named by its type and leg. */
void explore_event_init(explore_event *x, cpm_event_type type, uint32_t leg);
void explore_event_note(explore_event *x, const char *format, ...) __attribute__((format(printf, 2, 3)));
void explore_event_response(explore_event *x, unsigned status);
void explore_event_number(explore_event *x, cpm_field f, int64_t v);
void explore_event_text(explore_event *x, cpm_field f, cpm_str v);
bool explore_event_captures(const cpm_machine *m, cpm_event_type type, bool leg, unsigned source);

/* The args that captures take, in the forms that facts of the machine tell apart, and recipients. p: texts in it may be met again. */
void explore_args(const explore_run *r, const cpm_proc *p, const cpm_agent *a, explore_event *x, explore_choice *c);
/* A request, in the forms that captures of the machine tell apart. */
void explore_request(const explore_run *r, const cpm_agent *a, explore_event *x, explore_choice *c, cpm_event_type type, uint32_t leg);

/* The head of a message that came over MSRP, in the forms that captures tell apart. */
void explore_loaded(const explore_run *r, const cpm_proc *p, const cpm_agent *a, explore_event *x, explore_choice *c);

/* Inside of explore_request. */
enum { EXPLORE_ANY = UINT16_MAX };
typedef struct explore_writer {
  const explore_run *r;
  const cpm_agent   *a;
  explore_event     *x;
  explore_choice    *c;
  bool               leg;
  size_t             n;      /* octets of the body */
  unsigned           timer;  /* form of Session-Expires */
} explore_writer;
bool explore_tells(const explore_writer *w, unsigned source, unsigned what);       /* does a capture of the event look there? */
bool explore_tells_set(const explore_writer *w, unsigned source);                  /* does a fact ask whether it is there? */
bool explore_tells_bit(const explore_writer *w, unsigned source, unsigned bit);    /* does a fact look at that bit of it? */
unsigned explore_form(explore_writer *w, const char *name, unsigned forms);        /* explore_choose, noted */
unsigned explore_rare_form(explore_writer *w, const char *name, unsigned forms);   /* explore_rarely, noted */
void explore_field(explore_writer *w, cpm_sip_header id, const char *value);       /* NULL: none */
void explore_body(explore_writer *w);
void explore_head(explore_writer *w);

/* ---- the world: what may come now (explore_moves.c), and what effects do (explore_world.c) -------------------------- */

/* Transactions of theirs: the side and what it is. */
enum { EXPLORE_TXN_MESSAGE = 1, EXPLORE_TXN_INVITE, EXPLORE_TXN_BYE, EXPLORE_TXN_REINVITE, EXPLORE_TXN_OTHER, EXPLORE_TXNS };
bool explore_has_dialog(const explore_side *s);
/* Does the call use a media connection that another procedure opens and closes? */
bool explore_borrows(const cpm_machine *m);
/* Does it begin with what comes over one, or was fetched by another procedure? */
bool explore_is_handed(const cpm_machine *m);

/* Calls give for every event that the world may bring at this node, with the world as it is then. */
typedef void explore_give(explore_run *r, explore_event *x, const explore_world *after);
void explore_moves(explore_run *r, const explore_world *w, const cpm_proc *p, explore_give *give);
/* An effect happens to the world. */
void explore_happens(explore_run *r, explore_world *w, const cpm_effect *x);
/* What must hold when all effects of a step are done. */
void explore_rest(explore_run *r, const explore_world *w, const cpm_proc *p);
/* The media connection is no more. */
void explore_unlink(explore_side *s);
/* Nobody took the event: a chunk gets its response from the host. */
void explore_unheard(const explore_run *r, explore_world *w);

/* ---- disposition notifications: what must hold of them (explore_reports.c) ------------------------------------------ */

/* An event is going to be given: what it says of notifications. */
void explore_reports_come(explore_world *w, const explore_event *x);
/* A MESSAGE of ours goes out. */
void explore_reports_sent(explore_run *r, explore_world *w, const cpm_effect *x);
/* STORE(ticket) is due. */
void explore_reports_ticket(explore_run *r, const cpm_proc *p);

/* ---- steps with everything that must hold around them (explore_step.c) -------------------------------------------- */

char    *explore_pack(const cpm_proc *p);
cpm_proc *explore_unpack(const char *packed, char *mem);
/* Steps *p, which lies in one of two buffers, and drains its effects into *w; p moves. */
int explore_step(explore_run *r, cpm_proc **p, const explore_event *x, explore_world *w);
/* Once more, at other addresses, in smaller blocks, without random bytes: `before` is the packed block. */
void explore_again(explore_run *r, const char *before, const explore_event *x, int rc);
char *explore_buffer(unsigned which);   /* 0, 1, 2: EXPLORE_BLOCK aligned bytes */

/* ---- keys: when are two nodes the same? (explore_key.c) ----------------------------------------------------------- */

enum { EXPLORE_KEY = 2048 };
size_t explore_key(const explore_run *r, const cpm_proc *p, const explore_world *w, unsigned char key[EXPLORE_KEY]);
void   explore_key_prepare(const cpm_machine *m);
/* States that rows lead to from that one. */
uint64_t explore_reach(const cpm_machine *m, bool leg, unsigned from);

#endif
