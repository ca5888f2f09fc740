/* SPDX-License-Identifier: MIT */
/* compose.h - recipes: what an effect's message holds, written line by line into the caller's buffer. Texts grow from its front, field records
 * from its back. Without a buffer the same code counts. What the sources that compose have in common. */
#ifndef CPMI_COMPOSE_H
#define CPMI_COMPOSE_H

#include "engine.h"
#include "cpm/msrp.h"
#include "cpm/sdp.h"

typedef struct compose {
  const cpmi_env *v;
  const cpmi_op  *op;
  const cpmi_row *row;
  cpmi_out        out;       /* texts */
  char           *fields;    /* records grow downward from here */
  size_t          nfields;
  cpm_sip        *sip;
  size_t          uri_from, uri_len;   /* the Request-URI, once it is written */
  cpm_piece      *pieces;    /* of a body */
  size_t          mark;      /* where the body piece that is being written began */
  unsigned        npieces;
  uint64_t        host;      /* octets of the host's content in the body */
  cpm_diag       *diag;
} compose;

/* ---- compose_value.c: what is written where, and the values of lines ------------------------------------------------- */
int cpmi_compose_missing(compose *c, const cpmi_line *line, const char *what);
cpm_str cpmi_compose_since(const compose *c, size_t from);
void cpmi_compose_field(compose *c, cpm_sip_header id, cpm_str name, size_t from, const char *spec, const char *clauses);
void cpmi_compose_flush(compose *c);
void cpmi_compose_host(compose *c, uint64_t item, uint64_t off, uint64_t len);
cpm_str cpmi_compose_record(const compose *c, unsigned field);
int cpmi_compose_angle(compose *c, cpm_str uri);
int cpmi_compose_sized(compose *c, int rc, size_t n);
char *cpmi_compose_room(const compose *c, size_t n);
cpm_str cpmi_compose_kept_in(const compose *c, unsigned field);
cpm_str cpmi_compose_kept(const compose *c);
int cpmi_compose_own_path(compose *c);
int cpmi_compose_our_path(compose *c);
int cpmi_compose_value(compose *c, const cpmi_line *line);

/* ---- compose_body.c: CPIM, lists, notifications, session descriptions ------------------------------------------------ */
int cpmi_compose_body_line(compose *c, const cpmi_recipe *r);
cpm_history cpmi_compose_history_of(const compose *c);
cpm_str cpmi_compose_made(const compose *c, const cpmi_recipe *r);
int cpmi_compose_new_list(compose *c, const cpmi_recipe *r);
bool cpmi_compose_is_window(const cpmi_recipe *r);
int cpmi_compose_recipe_body(compose *c, const cpmi_recipe *r);
int cpmi_compose_type(compose *c, const cpmi_recipe *r);

/* ---- compose.c: SIP messages, and effects ----------------------------------------------------------------------------- */
bool cpmi_compose_applies(const compose *c, const cpmi_line *line);

/* ---- compose_msrp.c: what goes over MSRP, and its connections ---------------------------------------------------------- */
unsigned cpmi_compose_status(const cpmi_env *v, unsigned field);
int cpmi_compose_push(compose *c, const cpmi_recipe *r, cpm_msrp *m);
int cpmi_compose_media(compose *c, cpm_effect_media *out);

#endif
