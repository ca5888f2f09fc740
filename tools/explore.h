/* SPDX-License-Identifier: MIT */
/* explore.h - the explorer: the engine itself walks every machine together with its world. A node is a copy of the block and what
 * the world still owes; an edge is an event that the world may bring then, and the effects that it has. */
#ifndef EXPLORE_H
#define EXPLORE_H

#include "engine.h"
#include <stdio.h>

enum { EXPLORE_LEGS = 6, EXPLORE_CHUNKS = 4, EXPLORE_BLOCK = 6144, EXPLORE_BUFFER = 16384, EXPLORE_LABEL = 80, EXPLORE_ROWS = 512 };

/* ---- the world ---------------------------------------------------------------------------------------------------- */

enum { EXPLORE_NONE, EXPLORE_OWED, EXPLORE_TRYING, EXPLORE_ANSWERED, EXPLORE_ACKED };   /* a request: its final response, its ACK */
enum { EXPLORE_DOWN, EXPLORE_COMING, EXPLORE_UP };                                      /* a media connection */

/* What goes on between one leg, or the call itself, and the world. */
typedef struct explore_side {
  uint8_t in_message, in_invite, in_bye;      /* requests of theirs */
  uint8_t message, invite, reinvite, bye;     /* requests of ours */
  uint8_t cancelled, in_cancelled;            /* CANCEL was sent, was received */
  uint8_t byed, late;                         /* they sent BYE; the ACK is late: we may send BYE without it */
  uint8_t media, push, chunk;                 /* chunk: one of theirs has no response */
  uint8_t ask;                                /* question + 1 */
  uint8_t fetch;                              /* chunk that is being fetched, counted from 1 */
  uint8_t next;                               /* chunks that were passed on, in order */
  uint8_t timers;                             /* set */
} explore_side;

typedef struct explore_world {
  explore_side side[1 + EXPLORE_LEGS];        /* the call, then legs */
  uint8_t      agent, begun, done;
  uint8_t      chunks, current;               /* that the originator sent; the one that this event brings, from 1 */
  uint8_t      complete;                      /* the originator has left after the last one: legs are owed them all */
  uint8_t      stored[CPM_ITEM_COUNT], log[EXPLORE_CHUNKS];   /* the chunks that were stored */
} explore_world;

/* ---- a run -------------------------------------------------------------------------------------------------------- */

typedef struct explore_config {
  const cpm_machine *m;
  unsigned    members, chunks;     /* recipients of a fan-out, chunks that the originator sends */
  uint32_t    max_nodes;
  bool        all_requests;        /* every form of requests, `send` and policy; else those that go through */
  unsigned    agents;              /* how many of the agents */
  unsigned    thorough;            /* 0: nothing beside the walk; 1: at every new node; 2: at every edge */
  uint8_t     kinds[EXPLORE_LEGS]; /* legs at the start */
  size_t      nkinds;
  bool        quiet;               /* no line for runs without errors */
  uint8_t    *taken[2];            /* rows of the call and of legs that were taken are marked here; EXPLORE_ROWS bytes each */
} explore_config;

typedef struct explore_node {
  char         *block;             /* packed */
  unsigned char *key;
  size_t        nkey;
  uint32_t      from;
  bool          live;
  explore_world w;
  char          by[EXPLORE_LABEL];
} explore_node;

typedef struct explore_error { char text[200]; unsigned count; uint32_t at; char by[EXPLORE_LABEL]; } explore_error;

enum { EXPLORE_ERRORS = 200 };

typedef struct explore_run {
  explore_config  c;
  cpm_agent       agent[8];
  explore_node   *nodes;
  uint32_t        n, at;           /* nodes there are; the node that is being left */
  uint32_t       *edges, *hash;
  size_t          nedges, cap_edges;
  uint32_t        refused;         /* steps that a host's own args made impossible */
  bool            full;
  explore_error   errors[EXPLORE_ERRORS];
  unsigned        nerrors;
  const char     *label;           /* of the edge that is being walked */
} explore_run;

/* Walks everything. Returns the number of kinds of error; prints. */
unsigned explore(const explore_config *c);

/* Is there an IGNORE row for the event? */
bool explore_ignores(const cpm_machine *m, bool leg, unsigned state, unsigned event);

/* An error met on the edge that is being walked. */
void explore_wrong(explore_run *r, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* ---- events: what can come (explore_events.c, explore_message.c) -------------------------------------------------- */

typedef struct explore_event {
  cpm_event     e;
  cpm_sip       sip;
  cpm_sip_field fields[24];
  cpm_arg       args[CPM_FIELD_COUNT];
  cpm_entry     members[EXPLORE_LEGS + 1];
  char          body[4096];
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

/* The index-th form of the event; false: there is none. `all` false: only those that go through. */
bool explore_request(const explore_run *r, explore_event *x, cpm_event_type type, uint32_t leg, unsigned index, bool all);
bool explore_send(const explore_run *r, explore_event *x, unsigned index, bool all);
bool explore_policy(const explore_run *r, explore_event *x, uint32_t leg, unsigned index, bool all);

/* ---- the world: what may come now, and what effects do (explore_world.c) ------------------------------------------ */

/* Calls give for every event that the world may bring at this node, with the world as it is then. */
typedef void explore_give(explore_run *r, explore_event *x, const explore_world *after);
void explore_moves(explore_run *r, const explore_world *w, const cpm_proc *p, explore_give *give);
/* An effect happens to the world. */
void explore_happens(explore_run *r, explore_world *w, const cpm_effect *x);
/* What must hold when all effects of a step are done. */
void explore_rest(explore_run *r, const explore_world *w, const cpm_proc *p);
/* Nobody took the event: a chunk gets its response from the host. */
void explore_unheard(explore_world *w);

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

#endif
