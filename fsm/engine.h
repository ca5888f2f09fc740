/* SPDX-License-Identifier: MIT */
/* engine.h - the block and what the engine's files share.
 *
 * A block, from its first byte: struct cpm_proc, a slot for each field of the call, counters of legs by kind and state, texts
 * growing upward, free bytes (always zero), leg records growing downward from the end.
 * A text record is {owner, length} and the bytes, padded to 8; owner is the offset of the slot that refers to it. A record whose
 * owner refers elsewhere is waste and goes when effects have drained.
 */
#ifndef CPMI_ENGINE_H
#define CPMI_ENGINE_H

#include "cpm/imdn.h"
#include "cpm/mime.h"
#include "cpm/model.h"
#include "cpm/sdp.h"
#include "internal.h"
#include "table.h"

#define CPMI_MAGIC    0x43504d50u   /* "CPMP" */
#define CPMI_LAYOUT   6u
#define CPMI_ORDER    0x0102u
#define CPMI_HEAD_MAX 2048u         /* struct, slots and counters: what a step saves on its stack */
#define CPMI_LEG_MAX  (sizeof(cpmi_leg) + 64u * 8u)

/* What a field holds: NUMBER, FLAG, ENUM, TXN as they are; the others as offset (low half) and length of a text record. */
typedef uint64_t cpmi_slot;

enum { CPMI_STAGE_NONE, CPMI_STAGE_LEG, CPMI_STAGE_CALL, CPMI_STAGE_BULK };

/* Where the pulling of effects stands: the leg's row, then the call's row, and inside that one's bulk op the legs. */
typedef struct cpmi_cursor {
  uint8_t  stage, op, bulk_op, pad;
  uint32_t leg;
} cpmi_cursor;

/* What composing needs of the event after the step. */
typedef struct cpmi_trigger {
  uint64_t      txn, item, len, dialog;
  int64_t       now;
  uint32_t      code, leg, from, pad;   /* from: the leg that the event's chunk came to first */
  unsigned char random[CPM_RANDOM_NEED];
  cpm_msrp_range range;           /* of the chunk */
  char          flag, pad2[7];    /* of its end-line */
} cpmi_trigger;

struct cpm_proc {
  uint32_t     magic;
  uint16_t     layout, order;
  uint32_t     size, machine;
  uint64_t     tables;             /* hash of the machine's tables */
  uint32_t     text_end, nlegs, need, waste;
  uint8_t      state, over, pad[2];
  uint16_t     leg_row, call_row;  /* 1 + index, 0: none: rows of the last step */
  cpmi_cursor  cursor;
  uint64_t     random;             /* events that bring random octets, as a set: cpmi_random_events */
  uint64_t     seq, enabled, set;  /* enabled: answers that effects have asked for; set: fields that are there */
  cpmi_trigger trigger;
  cpmi_slot    slots[];
};

typedef struct cpmi_leg {
  uint8_t   state, was, kind, pad;
  uint16_t  row, pad2;             /* 1 + index of the row whose effects are pending, in a bulk op */
  uint64_t  set, was_set;          /* was_set: before what an answer said of the leg, in a step only */
  uint64_t  enabled;
  cpmi_slot slots[];
} cpmi_leg;

/* ---- block.c: places, fields, texts, legs -------------------------------------------------------------------------- */

size_t    cpmi_leg_size(const cpm_machine *m);
size_t    cpmi_base(const cpm_machine *m);                     /* where texts begin */
const cpm_machine *cpmi_machine_of(const cpm_proc *p);
uint64_t  cpmi_tables_hash(const cpm_machine *m);
cpmi_leg *cpmi_leg_at(const cpm_proc *p, const cpm_machine *m, uint32_t leg);
uint32_t *cpmi_count(const cpm_proc *p, const cpm_machine *m, unsigned kind, unsigned state);   /* NULL: not one of the machine's */
size_t    cpmi_legs_begin(const cpm_proc *p, const cpm_machine *m);

/* The leg's field, else the call's. NULL: the machine has no such field. *present says whether it is set. */
const cpmi_slot *cpmi_find(const cpm_proc *p, const cpm_machine *m, uint32_t leg, cpm_field f, bool *present);
bool     cpmi_is_set(const cpm_proc *p, const cpm_machine *m, uint32_t leg, cpm_field f);   /* a FLAG: and true */
int64_t  cpmi_number(const cpm_proc *p, const cpm_machine *m, uint32_t leg, cpm_field f);
cpm_str  cpmi_text(const cpm_proc *p, const cpm_machine *m, uint32_t leg, cpm_field f);     /* bytes of its record; absent: unset */
void     cpmi_set_number(cpm_proc *p, const cpm_machine *m, uint32_t leg, cpm_field f, int64_t v);
void     cpmi_unset(cpm_proc *p, const cpm_machine *m, uint32_t leg, cpm_field f);
/* Room for n bytes that belong to the field from now on; NULL: the block is too small. */
char    *cpmi_room(cpm_proc *p, const cpm_machine *m, uint32_t leg, cpm_field f, size_t n);
/* A text: folds become SP. CPM_E_INJECTION, CPM_E_VALUE (not of the field's type), CPM_E_SPACE. */
int      cpmi_set_text(cpm_proc *p, const cpm_machine *m, uint32_t leg, cpm_field f, cpm_str text, cpm_diag *diag);
int      cpmi_add_leg(cpm_proc *p, const cpm_machine *m, unsigned kind, cpm_diag *diag);
void     cpmi_set_leg_state(cpm_proc *p, const cpm_machine *m, cpmi_leg *leg, unsigned state);
void     cpmi_compact(cpm_proc *p, const cpm_machine *m);
int      cpmi_no_space(cpm_diag *diag, uint64_t need);
int      cpmi_no_room(const cpm_proc *p, size_t n, cpm_diag *diag);   /* for a text record of n bytes */

/* A function whose frame is large and must not lie below those that its caller calls besides. */
#ifdef __GNUC__
#define CPMI_APART __attribute__((noinline))
#else
#define CPMI_APART
#endif

typedef enum cpmi_type {
  CPMI_NUMBER, CPMI_FLAG, CPMI_ENUM, CPMI_TXN,
  CPMI_TEXT, CPMI_URI, CPMI_ID, CPMI_MEDIA, CPMI_MEDIAS, CPMI_PATH, CPMI_SESSION_OF, CPMI_IDENT, CPMI_ADDRS, CPMI_CONTENT, CPMI_LIST, CPMI_KEPT, CPMI_PARTS_OF, CPMI_SPANS_OF, CPMI_DOC_OF
} cpmi_type;
cpmi_type cpmi_field_type(cpm_field f);
static inline bool cpmi_is_record(cpmi_type t) { return t >= CPMI_TEXT; }
static inline bool cpmi_is_text(cpmi_type t) { return t >= CPMI_TEXT && t <= CPMI_ADDRS; }
/* Is the text of that type? */
bool cpmi_text_fits(cpmi_type type, cpm_str text);
unsigned  cpmi_enum_count(cpm_field f);                        /* values of an ENUM field */

/* Records. CONTENT: three numbers. PARTS: an array. LIST and KEPT: entries one behind the other, walked with _next from at = 0. */
typedef struct cpmi_content { uint64_t item, off, len; } cpmi_content;
/* A quarter of 64 bits: what is written around a run never makes a sum wrap. */
static inline bool cpmi_is_run(uint64_t off, uint64_t len) { return off <= UINT64_MAX / 4 && len <= UINT64_MAX / 4; }
typedef struct cpmi_part_run { uint64_t head_off, head_len, body_off, body_len; } cpmi_part_run;
typedef struct cpmi_parts_record { uint64_t item, n, wrap; } cpmi_parts_record;   /* then n cpmi_part_run */
bool cpmi_list_next(cpm_str record, size_t *at, cpm_entry *out);
int  cpmi_set_list(cpm_proc *p, const cpm_machine *m, cpm_field f, const cpm_entry *e, size_t n, cpm_diag *diag);
int  cpmi_set_content(cpm_proc *p, const cpm_machine *m, uint32_t leg, cpm_field f, cpmi_content content, cpm_diag *diag);
bool cpmi_kept_next(cpm_str record, size_t *at, cpm_sip_field *out);
int  cpmi_set_fields(cpm_proc *p, const cpm_machine *m, uint32_t leg, cpm_field f, const cpm_sip_field *fields, size_t n, bool lines, cpm_diag *diag);
int  cpmi_set_kept(cpm_proc *p, const cpm_machine *m, cpm_field f, const cpm_sip *msg, cpm_diag *diag);

/* ---- facts.c ------------------------------------------------------------------------------------------------------- */

/* What facts and values are read from. Never a message. */
typedef struct cpmi_env {
  const cpm_proc    *p;
  const cpm_machine *m;
  const cpm_agent   *a;
  uint32_t           leg;
} cpmi_env;

typedef struct cpmi_fact { const char *name; uint8_t test; uint16_t a, b; const char *doc; } cpmi_fact;
extern const cpmi_fact cpmi_facts[CPMI_FACT_COUNT];

bool     cpmi_fact_holds(const cpmi_env *env, unsigned fact);
cpm_str  cpmi_literal(unsigned index);
bool     cpmi_guard_holds(const cpmi_env *env, const int16_t *when);
uint64_t cpmi_state_set(unsigned state);                       /* a state, or a group, as a set */
cpm_str  cpmi_agent_text(const cpm_agent *a, unsigned index);
uint64_t cpmi_agent_number(const cpm_agent *a, unsigned index);

/* ---- capture.c ----------------------------------------------------------------------------------------------------- */

/* Status of the response that the event brings, of SIP or MSRP; 0: none came. */
static inline uint32_t cpmi_status_of(const cpm_event *e) { return e->sip ? e->sip->status : e->msrp ? e->msrp->status : 0; }
int cpmi_capture_all(cpm_proc *p, const cpm_machine *m, const cpm_agent *a, const cpm_event *e, cpm_diag *diag);
uint64_t cpmi_random_captures(const cpm_machine *m);           /* events from outside whose captures make identifiers, as a set */
/* Body and media type of the message that the event brings: of a SIP message, or the head of one that came over MSRP. */
typedef struct cpmi_body { cpm_str type, body; } cpmi_body;
cpmi_body cpmi_body_of(const cpmi_env *env, const cpm_event *e);
/* The parts of a body; one that is no multipart is a part itself. */
enum { CPMI_BODY_PARTS = 8 };
typedef struct cpmi_split { bool ok, multipart; size_t n; cpm_part parts[CPMI_BODY_PARTS]; } cpmi_split;
void cpmi_split_body(cpmi_split *s, cpmi_body of);
const cpm_part *cpmi_part_typed(const cpmi_split *s, const char *type);   /* the first of that media type, or NULL */
/* The session description among them. CPM_END: there is none; else what cpm_sdp_decode says. */
enum { CPMI_SDP_LINES = 256 };
typedef struct cpmi_description { cpm_sdp_line lines[CPMI_SDP_LINES]; cpm_sdp_media media[CPM_FILES_MAX]; cpm_sdp sdp; } cpmi_description;
int cpmi_describe(cpmi_description *d, const cpmi_split *s);
/* Who connects (CPM_SETUP_...), as a=setup of an answer has it. */
unsigned cpmi_setup_of(cpm_msrp_setup answer);
/* What we answer to a=setup of an offer; what that leaves open is as the agent's policy says. */
static inline cpm_msrp_setup cpmi_answer_setup(const cpm_agent *a, cpm_msrp_setup offer) {
  return cpm_msrp_setup_answer(offer, a->answer_active ? CPM_MSRP_ACTIVE : CPM_MSRP_PASSIVE);
}

/* ---- arrived.c ----------------------------------------------------------------------------------------------------- */

enum { CPMI_SPANS = 16 };   /* runs with gaps between them; more is refused */
typedef struct cpmi_arrived { cpm_msrp_incoming message; cpm_msrp_span spans[CPMI_SPANS]; } cpmi_arrived;
/* What the event's chunk is (CPM_CHUNK_IS_...), of a message of that media type; is it more, whole or again, *a is what has come with it. */
int64_t  cpmi_chunk_is(cpmi_arrived *a, const cpmi_env *env, const cpm_event *e, cpm_str type);
int      cpmi_set_arrived(cpm_proc *p, const cpm_machine *m, uint32_t leg, cpm_field f, const cpmi_arrived *a, cpm_diag *diag);
uint64_t cpmi_octets_of(cpm_str spans);
uint64_t cpmi_leading_octets(cpm_str spans);   /* from the first one on, without a gap */
bool     cpmi_is_spans(cpm_str record);

/* ---- report.c ------------------------------------------------------------------------------------------------------ */

/* Disposition notifications in the event's message; none if there is something else, which would be lost. */
typedef struct cpmi_reports { uint64_t all, readable, behind; } cpmi_reports;   /* behind: as the source REPORTS_LEN */
cpmi_reports cpmi_count_reports(const cpmi_env *env, const cpm_event *e);
void cpmi_walk_reports(const cpmi_env *env, const cpm_event *e, cpm_imdn_walk *at);
/* The next one becomes a new leg. CPM_END: there are no more. */
int cpmi_take_report(const cpmi_env *env, cpm_proc *p, const cpm_event *e, unsigned kind, cpm_imdn_walk *at, cpm_diag *diag);

/* ---- files.c ------------------------------------------------------------------------------------------------------- */

/* A leg for each file that the event brings. */
int cpmi_take_files(cpm_proc *p, const cpm_machine *m, const cpm_event *e, cpm_diag *diag);
/* A leg for each m line of the event's session description; one that cannot be read gives none. */
int cpmi_take_offer(cpm_proc *p, const cpm_machine *m, const cpm_agent *a, const cpm_event *e, cpm_diag *diag);
/* How many m lines are files that may come or go. */
size_t cpmi_count_files(const cpm_sdp *sdp, const cpm_agent *a);
/* What the m line with the leg's number says: sets fields of legs that are unset, and no other. */
int cpmi_take_answer(cpm_proc *p, const cpm_machine *m, const cpm_event *e, cpm_diag *diag);

/* ---- compose.c ----------------------------------------------------------------------------------------------------- */

/* Composes into buf (NULL: size only, *need) the effect of this op. */
int cpmi_compose(const cpmi_env *env, const cpmi_op *op, const cpmi_row *row, char *buf, size_t cap, cpm_effect *out, size_t *need,
                 cpm_diag *diag);
/* Octets of a body recipe as it would be composed now, the host's content included. */
int cpmi_body_size(const cpmi_env *env, unsigned recipe, uint64_t *size, cpm_diag *diag);
/* The body recipe, composed now for the call, becomes the DOC field, to which messages refer from then on; without anything in it the
 * field is unset. */
int cpmi_make_doc(cpm_proc *p, const cpmi_env *env, unsigned recipe, cpm_field f, cpm_diag *diag);
/* The Request-URI that the recipe would have now; absent: none, or one that no field and no agent's text gives. */
cpm_str cpmi_request_uri(const cpmi_env *env, unsigned recipe);
/* Our MSRP URI; session: room for its session-id. False: something of it is missing. */
enum { CPMI_SESSION_ID = 64 };
bool cpmi_own_uri(const cpmi_env *env, cpm_msrp_uri *out, char session[CPMI_SESSION_ID]);
extern const cpmi_recipe *const cpmi_recipes[CPMI_RECIPE_COUNT];

/* ---- engine.c ------------------------------------------------------------------------------------------------------ */

/* Row by index over the parts, or NULL. State and event of a row that leaves them empty come from the rows above. */
const cpmi_row *cpmi_row_at(const cpm_machine *m, bool leg, size_t index);
/* The rows of a table in order, each with its state and event: for (cpmi_row_walk w = cpmi_walk_rows(m, leg); cpmi_next_row(&w);) */
typedef struct cpmi_row_walk { const cpm_machine *m; const cpmi_row *r; size_t index; unsigned state, event; bool leg; } cpmi_row_walk;
static inline cpmi_row_walk cpmi_walk_rows(const cpm_machine *m, bool leg) { return (cpmi_row_walk){ m, NULL, 0, CPMI_STATE_, CPM_EVENT_, leg }; }
static inline bool cpmi_next_row(cpmi_row_walk *w) {
  w->index = w->r ? w->index + 1 : 0;
  w->r = cpmi_row_at(w->m, w->leg, w->index);
  if (w->r && w->r->state != CPMI_STATE_) w->state = w->r->state;
  if (w->r && w->r->event != CPM_EVENT_) w->event = w->r->event;
  return w->r != NULL;
}
/* Which rows of the call, and of legs, were ever taken, by index. */
enum { CPMI_ROWS_NOTED = 512 };
typedef struct cpmi_rows_taken { bool call[CPMI_ROWS_NOTED], leg[CPMI_ROWS_NOTED]; } cpmi_rows_taken;
static inline bool cpmi_note_row(bool *taken, unsigned row) {
  if (!row || row > CPMI_ROWS_NOTED || taken[row - 1]) return false;
  taken[row - 1] = true;
  return true;
}
/* Those of the step that was taken just now. True: one of them for the first time. */
static inline bool cpmi_note_rows(cpmi_rows_taken *taken, const cpm_proc *p) {
  bool first = cpmi_note_row(taken->call, p->call_row);
  first |= cpmi_note_row(taken->leg, p->leg_row);
  for (uint32_t k = 0; k < p->nlegs; k++) first |= cpmi_note_row(taken->leg, cpmi_leg_at(p, cpmi_machine_of(p), k)->row);
  return first;
}
/* Capture by index over the parts, or NULL. */
const cpmi_capture *cpmi_capture_at(const cpm_machine *m, size_t index);
/* 1 + index of the row that is taken, 0: none. */
uint16_t cpmi_choose(const cpmi_env *env, bool leg, unsigned state, unsigned event);
/* Events from outside that bring random octets, as a set: for identifiers, or for the boundary of a multipart that they may lead to. */
uint64_t cpmi_random_events(const cpm_machine *m);
/* Does the op give the host something to do? Does it go through legs? (CPM_OPS stand in that order.) */
static inline bool cpmi_op_is_effect(unsigned op) { return op > CPMI_OP_NOTHING && op < CPMI_OP_HOLD; }
static inline bool cpmi_op_makes_legs(unsigned op) {
  return op == CPMI_OP_FORK || op == CPMI_OP_SPLIT || op == CPMI_OP_REFORK || op == CPMI_OP_FILES || op == CPMI_OP_OFFERED;
}
/* Are they of a kind that the op names? Those of files are push and pull. */
static inline bool cpmi_op_names_kind(unsigned op) { return op == CPMI_OP_FORK || op == CPMI_OP_SPLIT || op == CPMI_OP_REFORK; }
/* Does it give every leg an event? */
static inline bool cpmi_op_is_each(unsigned op) { return op == CPMI_OP_EACH || op == CPMI_OP_MATCH; }
static inline bool cpmi_op_is_bulk(unsigned op) { return cpmi_op_makes_legs(op) || cpmi_op_is_each(op); }
/* Events that an op's effect makes possible, as a set: events from outside, which stand before the inner ones. */
uint64_t cpmi_enables(const cpmi_op *op);
enum { CPMI_EVENTS_OUTSIDE = CPM_EVENT_leg_answered };
_Static_assert(CPMI_EVENTS_OUTSIDE <= 64, "sets of events are 64 bits");
typedef enum cpmi_event_kind { CPMI_USER, CPMI_REQUEST_IN, CPMI_RESPONSE_IN, CPMI_POLICY, CPMI_MEDIA_IN, CPMI_MSRP_IN, CPMI_STORE_IN,
                               CPMI_TIMER_FIRED, CPMI_INNER } cpmi_event_kind;
cpmi_event_kind cpmi_kind_of(unsigned event);
#define CPMI_MACHINE_ENUM(name) CPMI_MACHINE_##name,
enum { CPM_MACHINES(CPMI_MACHINE_ENUM) CPMI_MACHINE_COUNT };
extern const cpm_machine *const cpmi_machines[CPMI_MACHINE_COUNT];
extern const size_t cpmi_machine_count;
const char *cpmi_state_name(unsigned state);
/* May it stand as a device id in +sip.instance="<...>"? */
size_t cpmi_instance_fits(cpm_str value);
/* An empty block of that machine, for an agent that was checked. */
void cpmi_make(cpm_proc *p, size_t size, const cpm_machine *m);

#endif
