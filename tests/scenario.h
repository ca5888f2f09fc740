/* SPDX-License-Identifier: MIT */
/* scenario.h - scenarios: a procedure's flow as text, run against the engine. docs/scenarios.md describes the language.
 *
 * scenario_text.c reads it, scenario_world.c is the host that brings events, scenario_effect.c holds effects against what is
 * written, scenario_media.c is its MSRP, scenario_clause.c holds the requirement ids against the tables, scenario_run.c goes from line
 * to line; scenario_seed.c hands all of it to the fuzzer.
 */
#ifndef SCENARIO_H
#define SCENARIO_H

#include "engine.h"
#include <stdio.h>

/* ---- text ------------------------------------------------------------------------------------------------------------ */

/* A line without its indentation and clause column. */
typedef struct sc_line { const char *text, *ids; unsigned number; } sc_line;

/* A line that is not indented, and the indented lines behind it. Empty lines at its end do not count. */
typedef struct sc_item { sc_line head; sc_line *block; size_t nblock; } sc_item;

typedef struct sc_file { const char *path; char *text; sc_line *lines; sc_item *items; size_t nitems; } sc_file;

bool sc_read(sc_file *f, const char *path);
void sc_free(sc_file *f);

/* "{name}" in a written text stands for an identifier that is made anew: the same wherever the name returns, and another one for
 * each name. Names that begin with uuid are UUIDs. */
typedef struct sc_binding { const char *name; size_t name_len; cpm_str value; } sc_binding;
enum { SC_BINDINGS = 32 };

/* ---- a running scenario ---------------------------------------------------------------------------------------------- */

enum { SC_PUSHED = 16, SC_CONTENTS = 64, SC_TRANSACTIONS = 64, SC_LEGS = 64, SC_HANDLE = 1000 };
typedef struct sc_transaction { const char *method; bool answered; } sc_transaction;
typedef struct sc_memory { struct sc_memory *next; size_t n; uint64_t bytes[]; } sc_memory;

#define SC_DIALOG " in dialog"   /* that stands; with a number: not that of the leg */

typedef struct sc_world {
  const char        *path;
  FILE              *show;          /* what happens is written here as a scenario; NULL: nothing is */
  bool               failed;
  sc_memory         *memory;        /* goes with the scenario */
  const cpm_machine *machine;
  cpm_agent          agent;
  cpm_proc          *proc;          /* NULL: not begun */
  uint64_t          *block[2], *before;
  size_t             size, at;      /* bytes of a block; which of the two is used */
  int64_t            now;
  unsigned           steps, line;   /* events so far; line of the last one */
  cpm_event_type     event;         /* the last one */
  uint32_t           leg;           /* its leg */
  int                rc;            /* of the last step, while nobody has asked for it */
  cpm_diag           diag;
  cpm_str            contents[SC_CONTENTS];
  cpm_str            heads[SC_CONTENTS];   /* of those that are chunks: the MSRP head */
  char               flags[SC_CONTENTS];   /* of those: how its end-line ended it; 0: the scenario does not say */
  size_t             ncontents;
  uint64_t           log[SC_CONTENTS];     /* chunk_log: contents that STORE named, in their order */
  size_t             nlog;
  cpm_str            message;              /* what came in chunks and STORE kept, put together; absent: nothing, or it was dropped */
  bool               asked;                /* FETCH has asked for it */
  size_t             wanted;               /* so many octets of its head */
  uint64_t           fetched[SC_LEGS];     /* what FETCH asked for last; 0: nothing */
  uint64_t           chunks[SC_CONTENTS];  /* what came with on_chunk, in order, */
  uint32_t           came[SC_CONTENTS];    /* and on which leg */
  size_t             nchunks;
  uint64_t           external[SC_LEGS];    /* the chunk that a question was about; 0: none */
  uint64_t           kept;                 /* the chunk that STORE message kept last */
  bool               whole[SC_CONTENTS];   /* a content is all of a message, and stands for its last chunk */
  cpm_arg            brought[SC_CONTENTS][2];   /* what was fetched for a content, and its type; of field 0: nothing */
  uint64_t           pushed[SC_LEGS][SC_PUSHED];   /* what was passed on on that leg and waits for its response */
  size_t             npushed[SC_LEGS];
  sc_transaction     transactions[SC_TRANSACTIONS];
  size_t             ntransactions;
  sc_binding         bound[SC_BINDINGS];
  size_t             nbound;
} sc_world;

void    *sc_alloc(sc_world *w, size_t n);                     /* zeros; goes with the scenario */
char    *sc_copy(sc_world *w, cpm_str text);
/* Prints path:line and the text, marks the scenario as failed, gives false. */
bool     sc_fail(sc_world *w, unsigned line, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* Is that what is written? Binds names. */
bool     sc_match(sc_world *w, const char *pattern, cpm_str text);
/* The written text with its names replaced by what they are bound to. */
cpm_str  sc_expand(sc_world *w, const char *pattern);
cpm_str  sc_content(sc_world *w, const char *value);   /* "900 times x", or the text itself, expanded */
/* "key: value": the value, and in *n the length of the key; NULL if the line is not of that form. */
const char *sc_value(const char *text, size_t *n);
/* Takes "[2] " off the front; CPM_NO_LEG without. */
uint32_t sc_leg(const char **text);
/* Takes the word off the front; false if the text does not begin with it. */
bool     sc_word(const char **text, const char *word);

/* ---- scenario_world.c ------------------------------------------------------------------------------------------------ */

bool sc_machine(sc_world *w, const sc_item *item, const char *name);
bool sc_agent(sc_world *w, const sc_item *item);
bool sc_event(sc_world *w, const sc_item *item, const char *what);
/* Copies the block to other memory and scrambles the old one; the copy must be one that the engine goes on with. */
bool sc_move(sc_world *w, unsigned line);
bool sc_begin(sc_world *w, unsigned line);
/* The content stays with the scenario under this handle. */
uint64_t sc_keep(sc_world *w, cpm_str content);
/* The run of a content that the piece names; absent, and the scenario fails, if there is none. */
cpm_str  sc_piece(sc_world *w, unsigned line, const cpm_piece *piece);
/* Index of the name in a list of ENUM values of the field, 1 the first; 0: none. */
int64_t sc_enum(cpm_field field, const char *name);

/* ---- scenario_seed.c ------------------------------------------------------------------------------------------------- */

/* From now on each scenario is written into that folder too, as an input of fuzz_machine. */
void sc_seeds(const char *folder);
void sc_seed_begin(const sc_world *w);
void sc_seed_event(const cpm_event *e);
void sc_seed_end(void);

/* ---- scenario_effect.c ----------------------------------------------------------------------------------------------- */

bool sc_effect(sc_world *w, const sc_item *item, const char *what);
/* Nothing may be pending, and the last event must have been taken. */
bool sc_drained(sc_world *w);
/* Writes the effect that is due as a scenario does, and does it; false when none is due. */
bool sc_show(sc_world *w, FILE *out);
/* "name: value" of the call or a leg. */
bool sc_field(sc_world *w, const sc_line *line, uint32_t leg);
/* "name" or "[2] name" */
bool sc_state(sc_world *w, const sc_line *line, const char *what);
/* "ignored", "late", or a status and what diag.rule says of it */
bool sc_refused(sc_world *w, const sc_line *line, const char *what);
/* The procedure is over: every request that waits for an answer must have had it. */
bool sc_ended(sc_world *w, unsigned line);

/* ---- scenario_media.c ------------------------------------------------------------------------------------------------ */

/* A chunk that came: the block as its MSRP head, an empty line and the content. Gives the handle of the content. */
bool sc_chunk(sc_world *w, const sc_item *item, uint64_t *content);
/* The same of a REPORT, or of a response, which has what stands behind its transaction id. */
bool sc_head(sc_world *w, const sc_item *item, const char *what, uint64_t *content);
/* What FETCH asked for last, on that leg. */
bool sc_loaded(sc_world *w, unsigned line, uint32_t leg, uint64_t *content);
/* The message that FETCH asked for: its head and how long it is. Gives the handle of the whole. */
bool sc_given(sc_world *w, const sc_item *item);   /* the block is a message that is there whole */
bool sc_message_head(sc_world *w, unsigned line, cpm_str *head, uint64_t *len, uint64_t *content);
/* A chunk came on that leg: which one it is, counted from 1; 0: it is none. The leg of a chunk; CPM_NO_LEG: of the call. */
bool sc_came(sc_world *w, unsigned line, uint32_t leg, uint64_t content);
unsigned sc_chunk_number(const sc_world *w, uint64_t content);
uint32_t sc_chunk_leg(const sc_world *w, uint64_t content);
/* PUSH and CLOSE: what waits for a response; the first of it, when that comes. */
bool sc_passed(sc_world *w, unsigned line, const cpm_effect *x);
uint64_t sc_responded(sc_world *w, uint32_t leg);
/* All that was kept of a message takes the place of its last chunk. */
uint64_t sc_joined(sc_world *w, uint64_t chunk);
/* ASK external_content: the chunk that came last on that leg. */
void sc_asked(sc_world *w, const cpm_effect *x);
/* STORE and FETCH of the chunk_log and of the message. */
bool sc_log(sc_world *w, unsigned line, const cpm_effect *x);
/* PUSH: the head goes through cpm_msrp_encode and cpm_msrp_decode, its header fields become `fields` with the recipe lines that gave
 * them, the host's pieces `content`. */
bool sc_push(sc_world *w, unsigned line, const cpm_effect *x, cpm_sip_field *fields, size_t *nfields, cpm_str *content);
/* CONNECT and LISTEN: "192.0.2.1 2855" behind CONNECT, nothing behind LISTEN; a line of the block. */
char *sc_target(sc_world *w, const cpm_effect *x);
bool  sc_media(sc_world *w, const sc_line *line, const cpm_effect *x);
bool  sc_media_same(const cpm_effect_media *a, const cpm_effect_media *b);
void  sc_print_media(FILE *out, sc_world *w, const cpm_effect *x);

/* ---- scenario_clause.c ----------------------------------------------------------------------------------------------- */

/* Where the ids of a line may stand: rows, fields and recipe lines, gathered one by one. */
typedef struct sc_sources { struct { const char *spec, *clauses; } of[64]; size_t n; } sc_sources;
void sc_source(sc_sources *s, const char *spec, const char *clauses);
/* Every id of the line must stand in one of the sources. */
bool sc_held(sc_world *w, const sc_line *line, const sc_sources *s);
void sc_print_sources(FILE *out, int column, const sc_sources *s);
/* Recipe lines that apply to the effect now and give this header field, of SIP or of MSRP ("Request-URI" too). */
void sc_recipe_sources(const sc_world *w, const cpm_effect *x, const char *name, sc_sources *s);
/* Lines that leave out this header field, or the body of this media type. */
void sc_absent_sources(const sc_world *w, const cpm_effect *x, const char *name, sc_sources *s);
/* The body, or the part of it, of that type; absent if there is none. */
cpm_str sc_part(const cpm_sip *msg, const char *type);
/* Lines of the recipe's bodies that stand behind this line of a body. */
void sc_body_sources(const sc_world *w, const cpm_effect *x, cpm_str line, sc_sources *s);
/* Captures of the field; rows that ignore the last event. */
void sc_capture_sources(const sc_world *w, cpm_field field, sc_sources *s);
void sc_ignore_sources(const sc_world *w, sc_sources *s);
/* Read the other way, no line of the recipe may fail on the message that it composed. */
bool sc_recipe_holds(sc_world *w, unsigned line, const cpm_effect *x, const cpm_sip *decoded);

/* ---- scenario_run.c -------------------------------------------------------------------------------------------------- */

/* Runs every scenario of the file, or those whose name holds `only`. show: prints what happens as a scenario would write it. */
typedef struct sc_count { unsigned scenarios, steps, failed; } sc_count;
bool sc_run(const char *path, const char *only, FILE *show, sc_count *count);

/* ---- scenario_mutate.c ----------------------------------------------------------------------------------------------- */

/* Every so-many-th line, beginning at the seed: at most `size` of them, and seeds that follow each other go through all lines, each of
 * them once before any comes again. size 0: all lines. */
typedef struct sc_sample { size_t size; uint64_t seed; } sc_sample;
bool sc_in_sample(size_t line, size_t lines, sc_sample sample);

typedef struct sc_mutated { size_t lines, tried, survived; bool skipped; } sc_mutated;
/* Switches off the lines of the tables that are in the sample, one at a time, of machines that `has`, and lets `run` say whether
 * every scenario passes. Prints the lines that nobody misses. */
sc_mutated sc_mutate(bool (*run)(void), bool (*has)(const char *machine), sc_sample sample, FILE *out);

#endif
