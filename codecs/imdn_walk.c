/* SPDX-License-Identifier: MIT */
/* imdn_walk.c - the notifications of a message body, in multiparts and message/cpim. */
#include "cpm/cpim.h"
#include "cpm/imdn.h"
#include "cpm/resource_lists.h"
#include "internal.h"
#include <string.h>

typedef enum imdn_walk_kind { IMDN_WALK_OTHER, IMDN_WALK_NOTIFICATION, IMDN_WALK_CPIM, IMDN_WALK_MULTIPART } imdn_walk_kind;

/* ---- what an entity is ------------------------------------------------------------------------------------------------- */

/* The value up to its parameters. */
static cpm_str imdn_walk_bare(cpm_str value) {
  const char *const semicolon = value.n ? memchr(value.p, ';', value.n) : NULL;
  return cpm_str_trim(semicolon ? cpm_str_of(value.p, (size_t)(semicolon - value.p)) : value);
}

static bool imdn_walk_is(cpm_str value, const char *z) { return cpm_str_ieq(imdn_walk_bare(value), cpm_str_z(z)); }

/* A value whose parameters cannot be read still says what it is. */
static imdn_walk_kind imdn_walk_kind_of(const cpm_imdn_found *e) {
  static const cpm_str multipart = CPM_STR("multipart/");
  const cpm_str type = imdn_walk_bare(e->content_type);
  if (type.n >= multipart.n && cpm_str_ieq(cpm_str_of(type.p, multipart.n), multipart)) return IMDN_WALK_MULTIPART;
  if (imdn_walk_is(type, "message/cpim")) return IMDN_WALK_CPIM;
  if (imdn_walk_is(type, CPM_IMDN_TYPE) || imdn_walk_is(type, "message/imdn")) return IMDN_WALK_NOTIFICATION;
  return imdn_walk_is(e->disposition, "notification") ? IMDN_WALK_NOTIFICATION : IMDN_WALK_OTHER;
}

/* ---- opening bodies ---------------------------------------------------------------------------------------------------- */

static size_t imdn_walk_off(const cpm_imdn_walk *w, cpm_str inside) { return (size_t)(inside.p - w->body.p); }

/* Tells an error of an inner body from where the walk's body starts. */
static int imdn_walk_fail(const cpm_diag *inner, size_t base, cpm_diag *diag) {
  if (diag) *diag = *inner;
  if (diag) diag->off += base;
  return inner->code;
}

static int imdn_walk_multipart(cpm_imdn_walk *w, const cpm_imdn_found *e, const cpm_opts *opts, cpm_diag *diag) {
  struct cpm_imdn_level *const level = &w->levels[w->nlevels];
  cpm_diag inner = { 0 };
  level->from = e->from;
  level->around = w->around + 1;
  if (cpm_multipart_open(&level->parts, e->content_type, e->document, opts, &inner) == CPM_OK) {
    w->nlevels++;
    return CPM_OK;
  }
  inner.off = 0;
  return imdn_walk_fail(&inner, imdn_walk_off(w, e->document), diag);
}

static cpm_str imdn_walk_from(const cpm_cpim *cpim) {
  cpm_cpim_address from;
  const cpm_str value = cpm_cpim_value(cpim, CPM_CPIM_FROM);
  return value.p && cpm_cpim_address_decode(&from, value, NULL, NULL) == CPM_OK ? from.uri : cpm_str_none();
}

static int imdn_walk_cpim(cpm_imdn_walk *w, const cpm_imdn_found *e, const cpm_opts *opts, cpm_diag *diag) {
  cpm_cpim_header headers[CPM_IMDN_WALK_HEADERS];
  cpm_cpim cpim = { .headers = headers, .cap = CPM_IMDN_WALK_HEADERS };
  cpm_diag inner = { 0 };
  if (cpm_cpim_decode(&cpim, e->document, opts, &inner) != CPM_OK) return imdn_walk_fail(&inner, imdn_walk_off(w, e->document), diag);
  const cpm_imdn_found wrapped = { cpim.content, cpim.content_type, cpim.disposition, cpim.encoding,
                                   cpm_mime_header(cpim.mime, "Content-Encoding"), imdn_walk_from(&cpim) };
  w->entity = wrapped;
  w->around++;
  return CPM_OK;
}

/* ---- walking ----------------------------------------------------------------------------------------------------------- */

void cpm_imdn_walk_init(cpm_imdn_walk *walk, cpm_str content_type, cpm_str body) {
  const cpm_imdn_found whole = { body.p ? body : cpm_str_z(""), content_type, cpm_str_none(), cpm_str_none(), cpm_str_none(), cpm_str_none() };
  walk->body = whole.document;
  walk->entity = whole;
  walk->around = walk->nlevels = walk->others = 0;
}

/* Takes the next part of the innermost multipart as the entity to look at. An error is told with the octets of the part. */
static int imdn_walk_part(cpm_imdn_walk *w, cpm_imdn_found *found, const cpm_opts *opts, cpm_diag *diag) {
  struct cpm_imdn_level *const level = &w->levels[w->nlevels - 1];
  cpm_diag inner = { 0 };
  cpm_part part;
  const int rc = cpm_multipart_next(&level->parts, &part, opts, &inner);
  if (rc == CPM_END) {
    w->nlevels--;
    return CPM_OK;
  }
  const cpm_imdn_found entity = { part.body, part.content_type, part.disposition, part.encoding,
                                  cpm_mime_header(part.head, "Content-Encoding"), level->from };
  *(rc == CPM_OK ? &w->entity : found) = entity;
  w->around = level->around;
  return rc == CPM_OK ? CPM_OK : imdn_walk_fail(&inner, imdn_walk_off(w, level->parts.body), diag);
}

/* Looks at the entity. CPM_END: it was none that counts, or it was opened. */
static int imdn_walk_look(cpm_imdn_walk *w, cpm_imdn_found *found, const cpm_opts *opts, cpm_diag *diag) {
  const imdn_walk_kind kind = imdn_walk_kind_of(&w->entity);
  const cpm_imdn_found entity = w->entity;
  w->entity.document = cpm_str_none();
  if (kind == IMDN_WALK_OTHER) {
    w->others += !imdn_walk_is(entity.content_type, CPM_RESOURCE_LISTS_TYPE);
    return CPM_END;
  }
  *found = entity;
  if (kind == IMDN_WALK_NOTIFICATION) return CPM_OK;
  if (w->around == CPM_IMDN_WALK_LEVELS) return cpmi_fail(diag, CPM_E_TOO_DEEP, imdn_walk_off(w, entity.document), "body", NULL);
  const int rc = kind == IMDN_WALK_CPIM ? imdn_walk_cpim(w, &entity, opts, diag) : imdn_walk_multipart(w, &entity, opts, diag);
  return rc == CPM_OK ? CPM_END : rc;
}

int cpm_imdn_walk_next(cpm_imdn_walk *walk, cpm_imdn_found *found, const cpm_opts *opts, cpm_diag *diag) {
  for (;;) {
    while (walk->entity.document.p) {
      const int rc = imdn_walk_look(walk, found, opts, diag);
      if (rc != CPM_END) return rc;
    }
    if (!walk->nlevels) return CPM_END;
    const int rc = imdn_walk_part(walk, found, opts, diag);
    if (rc != CPM_OK) return rc;
  }
}
