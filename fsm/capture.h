/* SPDX-License-Identifier: MIT */
/* capture.h - what the sources that capture have in common: the event, and its body, which is taken apart once a step. */
#ifndef CPMI_CAPTURE_H
#define CPMI_CAPTURE_H

#include "engine.h"
#include "cpm/iscomposing.h"

/* What is looked at: headers of a CPIM, routes. */
enum { CAPTURE_HEADERS = 64, CAPTURE_ROUTES = 16 };
enum { CAPTURE_TYPE = 128 };   /* octets of a contenttype that are remembered */

/* A body is taken apart once a step, when the first capture asks. */
typedef struct capture_body {
  bool            tried, cpim_tried, cpim_ok;
  cpmi_split      split;
  cpm_cpim_header headers[CAPTURE_HEADERS];
  cpm_cpim        cpim;
  bool            counted;
  cpmi_reports    reports;
  bool            described, msrp_ok, selector;   /* the session description was looked at; has an m line of MSRP; has a file-selector */
  uint64_t        lines;         /* set of its m lines that have a port */
  size_t          nlines;        /* m lines */
  cpm_sdp_msrp    msrp;
  size_t          line;          /* which m line that is */
  size_t          files;
} capture_body;

/* An isComposing document (RFC 3994), and the plain text of its contenttype. */
typedef struct capture_composing { bool tried, ok; size_t ntype; cpm_iscomposing doc; char type[CAPTURE_TYPE]; } capture_composing;

typedef struct capture_env {
  cpm_proc          *p;
  const cpm_machine *m;
  const cpm_agent   *a;
  const cpm_event   *e;
  capture_body      *body;
  capture_composing *composing;
  cpmi_arrived      *arrived;    /* what has come with the event's chunk, if that was joined */
  bool               joined;
  unsigned           fresh;      /* identifiers made in this step */
  cpm_diag          *diag;
} capture_env;

/* A text made of pieces, so that no copy of it is needed before it lies in the block. */
typedef struct capture_joined { cpm_str piece[CAPTURE_ROUTES][3]; size_t n; } capture_joined;

/* Whose field it sets. */
static inline uint32_t cpmi_capture_of(const capture_env *v, const cpmi_capture *c) { return c->leg ? v->e->leg : CPM_NO_LEG; }
static inline cpmi_env cpmi_capture_looks(const capture_env *v) { return (cpmi_env){ v->p, v->m, v->a, v->e->leg }; }
static inline uint64_t cpmi_capture_was(const capture_env *v, const cpmi_capture *c, cpm_field f) {
  return (uint64_t)cpmi_number(v->p, v->m, cpmi_capture_of(v, c), f);
}
static inline int64_t cpmi_capture_bounded(uint64_t n) { return n > INT64_MAX ? INT64_MAX : (int64_t)n; }

/* The sources of a subject that give a text, a number, a record; false: it is none of them. A text that is absent: none came this time. */

/* ---- capture.c: records, args, and all of an event's captures ------------------------------------------------------ */
int cpmi_capture_set_content(capture_env *v, const cpmi_capture *c, uint64_t item, uint64_t off, uint64_t len);
void cpmi_capture_join(capture_joined *j, const char *before, cpm_str uri, const char *behind);
int cpmi_capture_set_joined(capture_env *v, const cpmi_capture *c, const capture_joined *j);

/* ---- capture_sip.c: request line, status line and header fields ---------------------------------------------------- */
cpm_str cpmi_capture_value(const capture_env *v, unsigned id);
cpm_str cpmi_capture_first_uri(const capture_env *v, unsigned id);
bool cpmi_capture_sip_text(capture_env *v, const cpmi_capture *c, cpm_str *out);
bool cpmi_capture_sip_number(capture_env *v, const cpmi_capture *c, int64_t *out);
bool cpmi_capture_sip_record(capture_env *v, const cpmi_capture *c, int *rc);

/* ---- capture_body.c: bodies and their parts ------------------------------------------------------------------------ */
const cpmi_split *cpmi_capture_split(capture_env *v);
bool cpmi_capture_body_text(capture_env *v, const cpmi_capture *c, cpm_str *out);
bool cpmi_capture_body_number(capture_env *v, const cpmi_capture *c, int64_t *out);
bool cpmi_capture_body_record(capture_env *v, const cpmi_capture *c, int *rc);

/* ---- capture_cpim.c: CPIM, and disposition notifications ----------------------------------------------------------- */
const cpm_cpim *cpmi_capture_cpim(capture_env *v);   /* NULL: there is none, or it cannot be read */
int64_t cpmi_capture_is_report(capture_env *v);
bool cpmi_capture_cpim_text(capture_env *v, const cpmi_capture *c, cpm_str *out);
bool cpmi_capture_cpim_number(capture_env *v, const cpmi_capture *c, int64_t *out);
bool cpmi_capture_cpim_record(capture_env *v, const cpmi_capture *c, int *rc);

/* ---- capture_sdp.c: session descriptions --------------------------------------------------------------------------- */
bool cpmi_capture_has_files(const cpm_machine *m);
bool cpmi_capture_sdp_text(capture_env *v, const cpmi_capture *c, cpm_str *out);
bool cpmi_capture_sdp_number(capture_env *v, const cpmi_capture *c, int64_t *out);
bool cpmi_capture_sdp_record(capture_env *v, const cpmi_capture *c, int *rc);

/* ---- capture_msrp.c: what comes over MSRP -------------------------------------------------------------------------- */
bool cpmi_capture_msrp_text(capture_env *v, const cpmi_capture *c, cpm_str *out);
bool cpmi_capture_msrp_number(capture_env *v, const cpmi_capture *c, int64_t *out);
bool cpmi_capture_msrp_record(capture_env *v, const cpmi_capture *c, int *rc);

#endif
