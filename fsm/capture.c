/* SPDX-License-Identifier: MIT */
/* capture.c - what an event leaves in the block before rows are tried: the one place where procedures read messages (capture.h). */
#include "capture.h"
#include <string.h>

/* Identifiers that one step makes: what is behind them of the random octets is for a boundary. */
enum { CAPTURE_FRESH = CPM_RANDOM_NEED / 16 - 1 };

/* ---- records ------------------------------------------------------------------------------------------------------- */

int cpmi_capture_set_content(capture_env *v, const cpmi_capture *c, uint64_t item, uint64_t off, uint64_t len) {
  return cpmi_set_content(v->p, v->m, cpmi_capture_of(v, c), (cpm_field)c->field, (cpmi_content){ item, off, len }, v->diag);
}

void cpmi_capture_join(capture_joined *j, const char *before, cpm_str uri, const char *behind) {
  j->piece[j->n][0] = cpm_str_z(before);
  j->piece[j->n][1] = uri;
  j->piece[j->n++][2] = cpm_str_z(behind);
}

int cpmi_capture_set_joined(capture_env *v, const cpmi_capture *c, const capture_joined *j) {
  const uint32_t leg = cpmi_capture_of(v, c);
  cpmi_out size = cpmi_out_to(NULL, 0, 0);
  for (size_t i = 0; i < j->n; i++)
    for (size_t k = 0; k < 3; k++) cpmi_put(&size, j->piece[i][k]);
  if (size.n == 0) { cpmi_unset(v->p, v->m, leg, (cpm_field)c->field); return CPM_OK; }
  char *dst = cpmi_room(v->p, v->m, leg, (cpm_field)c->field, size.n);
  if (!dst) return cpmi_no_room(v->p, size.n, v->diag);
  cpmi_out out = cpmi_out_to(dst, size.n, 0);
  for (size_t i = 0; i < j->n; i++)
    for (size_t k = 0; k < 3; k++) cpmi_put(&out, j->piece[i][k]);
  return CPM_OK;
}

static int capture_fresh(capture_env *v, const cpmi_capture *c) {
  char uuid[CPM_UUID_LEN];
  const uint32_t leg = cpmi_capture_of(v, c);
  if (cpmi_is_set(v->p, v->m, leg, (cpm_field)c->field)) return CPM_OK;
  cpm_uuid_write(uuid, v->p->trigger.random + 16u * (v->fresh++ % CAPTURE_FRESH));
  return cpmi_set_text(v->p, v->m, leg, (cpm_field)c->field, cpm_str_of(uuid, sizeof uuid), v->diag);
}

static int capture_ident(capture_env *v, const cpmi_capture *c) {
  char id[CPM_MSRP_ID_RANDOM];
  const uint32_t leg = cpmi_capture_of(v, c);
  if (cpmi_is_set(v->p, v->m, leg, (cpm_field)c->field)) return CPM_OK;
  const unsigned char *const random = v->p->trigger.random + 16u * (v->fresh++ % CAPTURE_FRESH);
  const int rc = cpm_msrp_id_make(id, cpm_str_of((const char *)random, CPM_MSRP_ID_RANDOM));
  return rc ? rc : cpmi_set_text(v->p, v->m, leg, (cpm_field)c->field, cpm_str_of(id, sizeof id), v->diag);
}

static int capture_members(capture_env *v, const cpmi_capture *c) {
  return v->e->nmembers ? cpmi_set_list(v->p, v->m, (cpm_field)c->field, v->e->members, v->e->nmembers, v->diag) : CPM_OK;
}

/* ---- what is in no message ----------------------------------------------------------------------------------------- */

static int64_t capture_size_of(const capture_env *v, unsigned recipe) {
  const cpmi_env env = { v->p, v->m, v->a, CPM_NO_LEG };
  uint64_t size = 0;
  return cpmi_body_size(&env, recipe, &size, NULL) == CPM_OK ? cpmi_capture_bounded(size) : 0;
}

static int64_t capture_length_of(const capture_env *v, const cpmi_capture *c) {
  cpmi_content content;
  const uint32_t leg = cpmi_capture_of(v, c);
  const int64_t was = cpmi_number(v->p, v->m, leg, (cpm_field)c->field);
  const cpm_str record = cpmi_text(v->p, v->m, leg, (cpm_field)c->what);
  if (was || record.n != sizeof content) return was;
  memcpy(&content, record.p, sizeof content);
  return cpmi_capture_bounded(content.len);
}

static bool capture_own_number(capture_env *v, const cpmi_capture *c, int64_t *out) {
  switch (c->source) {
  case CPMI_FROM_NOW:        *out = v->e->now > 0 ? v->e->now : 0; return true;
  case CPMI_FROM_SIZE_OF:    *out = capture_size_of(v, c->what); return true;
  case CPMI_FROM_LENGTH_OF:  *out = capture_length_of(v, c); return true;
  case CPMI_FROM_PLUS_BIT:   *out = (int64_t)(cpmi_capture_was(v, c, (cpm_field)c->field) | UINT64_C(1) << c->what); return true;
  case CPMI_FROM_AGENT:      *out = cpmi_capture_bounded(cpmi_agent_number(v->a, c->what)); return true;
  case CPMI_FROM_RECIPIENTS: *out = (int64_t)v->e->nmembers; return true;
  default: return false;
  }
}

static bool capture_own_record(capture_env *v, const cpmi_capture *c, int *rc) {
  switch (c->source) {
  case CPMI_FROM_FRESH:   *rc = capture_fresh(v, c); return true;
  case CPMI_FROM_IDENT:   *rc = capture_ident(v, c); return true;
  case CPMI_FROM_MEMBERS: *rc = capture_members(v, c); return true;
  default: return false;
  }
}

/* ---- args ---------------------------------------------------------------------------------------------------------- */

static bool capture_wants(const cpm_machine *m, const cpm_event *e, unsigned source, cpm_field f) {
  for (size_t part = 0; part < CPMI_PARTS && m->parts[part]; part++) {
    const cpmi_captures *all = &m->parts[part]->captures;
    for (size_t i = 0; i < all->n; i++) {
      const cpmi_capture *c = &all->p[i];
      if (c->event != e->type || c->source != source || (c->leg != 0) != (e->leg != CPM_NO_LEG)) continue;
      if (!f || c->field == f) return true;
    }
  }
  return false;
}

/* A host that reads SDP with a parser of its own brings what it found as args. */
static bool capture_takes_arg(const cpm_machine *m, const cpm_event *e, cpm_field f) {
  if (f <= CPM_FIELD_NONE || f >= CPM_FIELD_COUNT) return false;
  static const uint8_t sources[] = { CPMI_FROM_ARG, CPMI_FROM_ARG_NOW, CPMI_FROM_SDP };
  for (size_t i = 0; i < sizeof sources; i++)
    if (capture_wants(m, e, sources[i], f)) return true;
  return false;
}

static bool capture_given(const capture_env *v, cpm_field f) {
  for (size_t i = 0; i < v->e->nargs; i++)
    if (v->e->args[i].field == f) return true;
  return false;
}

static int capture_arg(capture_env *v, const cpm_arg *arg) {
  const cpm_event *e = v->e;
  const char *name = cpm_field_name(arg->field);
  if (!capture_takes_arg(v->m, e, arg->field)) return cpmi_fail(v->diag, CPM_E_ARG, 0, name, NULL);
  const cpmi_capture as = { NULL, NULL, 0, e->leg != CPM_NO_LEG, (uint8_t)arg->field, 0, 0, 0 };
  if (cpmi_is_text(cpmi_field_type(arg->field))) {
    if (!arg->text.p) return cpmi_fail(v->diag, CPM_E_ARG, 0, name, NULL);
    return cpmi_set_text(v->p, v->m, e->leg, arg->field, arg->text, v->diag);
  }
  switch (cpmi_field_type(arg->field)) {
  case CPMI_CONTENT:
    if (!cpmi_is_run(arg->off, arg->len)) return cpmi_fail(v->diag, CPM_E_ARG, 0, name, NULL);
    return cpmi_capture_set_content(v, &as, arg->item, arg->off, arg->len);
  case CPMI_FLAG:
    if (arg->number != 0 && arg->number != 1) return cpmi_fail(v->diag, CPM_E_ARG, 0, name, NULL);
    break;
  case CPMI_ENUM:
    if (arg->number < 1 || arg->number > (int64_t)cpmi_enum_count(arg->field)) return cpmi_fail(v->diag, CPM_E_ARG, 0, name, NULL);
    break;
  case CPMI_NUMBER:
    if (arg->number < 0) return cpmi_fail(v->diag, CPM_E_ARG, 0, name, NULL);
    break;
  default: return cpmi_fail(v->diag, CPM_E_ARG, 0, name, NULL);
  }
  cpmi_set_number(v->p, v->m, e->leg, arg->field, arg->number);
  return CPM_OK;
}

static int capture_args(capture_env *v) {
  const cpm_event *e = v->e;
  for (size_t i = 0; i < e->nargs; i++) {
    const int rc = capture_arg(v, &e->args[i]);
    if (rc) return rc;
  }
  if (e->nmembers && !capture_wants(v->m, e, CPMI_FROM_MEMBERS, CPM_FIELD_NONE) && !capture_wants(v->m, e, CPMI_FROM_RECIPIENTS, CPM_FIELD_NONE))
    return cpmi_fail(v->diag, CPM_E_ARG, 0, "members", NULL);
  if (e->nfiles && (e->type != CPM_EVENT_send || !cpmi_capture_has_files(v->m))) return cpmi_fail(v->diag, CPM_E_ARG, 0, "files", NULL);
  return CPM_OK;
}

/* ---- all of an event's captures ------------------------------------------------------------------------------------ */

/* What a source gives, so that only those are asked that may have it; a record last. */
enum { CAPTURE_GIVES_RECORD = 0, CAPTURE_GIVES_TEXT = 1, CAPTURE_GIVES_NUMBER = 2, CAPTURE_GIVES_ANY = 3 };
#define CAPTURE_GIVES_FLAG    CAPTURE_GIVES_NUMBER
#define CAPTURE_GIVES_ENUM    CAPTURE_GIVES_NUMBER
#define CAPTURE_GIVES_KEPT    CAPTURE_GIVES_RECORD
#define CAPTURE_GIVES_LIST    CAPTURE_GIVES_RECORD
#define CAPTURE_GIVES_PARTS   CAPTURE_GIVES_RECORD
#define CAPTURE_GIVES_SPANS   CAPTURE_GIVES_RECORD
#define CAPTURE_GIVES_CONTENT CAPTURE_GIVES_RECORD
#define CAPTURE_SOURCE(name, gives, a, b, doc) CAPTURE_GIVES_##gives,
static const uint8_t capture_gives[] = { CPM_SOURCES(CAPTURE_SOURCE) };

static bool capture_text(capture_env *v, const cpmi_capture *c, cpm_str *out) {
  return cpmi_capture_msrp_text(v, c, out) || cpmi_capture_sip_text(v, c, out) || cpmi_capture_body_text(v, c, out) ||
         cpmi_capture_cpim_text(v, c, out) || cpmi_capture_sdp_text(v, c, out);
}

static bool capture_number(capture_env *v, const cpmi_capture *c, int64_t *out) {
  return capture_own_number(v, c, out) || cpmi_capture_msrp_number(v, c, out) || cpmi_capture_sip_number(v, c, out) ||
         cpmi_capture_body_number(v, c, out) || cpmi_capture_cpim_number(v, c, out) || cpmi_capture_sdp_number(v, c, out);
}

static bool capture_record(capture_env *v, const cpmi_capture *c, int *rc) {
  return capture_own_record(v, c, rc) || cpmi_capture_msrp_record(v, c, rc) || cpmi_capture_sip_record(v, c, rc) ||
         cpmi_capture_body_record(v, c, rc) || cpmi_capture_cpim_record(v, c, rc) || cpmi_capture_sdp_record(v, c, rc);
}

static int capture_one(capture_env *v, const cpmi_capture *c) {
  const uint32_t leg = cpmi_capture_of(v, c);
  cpm_str text;
  int64_t number;
  int rc = CPM_OK;
  if (c->source == CPMI_FROM_ARG) return CPM_OK;
  if (c->source == CPMI_FROM_ARG_NOW) {
    if (!capture_given(v, (cpm_field)c->field)) cpmi_unset(v->p, v->m, leg, (cpm_field)c->field);
    return CPM_OK;
  }
  if (c->source == CPMI_FROM_SDP && capture_given(v, (cpm_field)c->field)) return CPM_OK;
  if ((capture_gives[c->source] & CAPTURE_GIVES_TEXT) && capture_text(v, c, &text)) {
    cpmi_out counted = cpmi_out_to(NULL, 0, 0);
    if (text.p && cpmi_text_fits(cpmi_field_type((cpm_field)c->field), text) && cpmi_put_value(&counted, text, NULL, NULL) == CPM_OK)
      return cpmi_set_text(v->p, v->m, leg, (cpm_field)c->field, text, v->diag);
    cpmi_unset(v->p, v->m, leg, (cpm_field)c->field);
    return CPM_OK;
  }
  if ((capture_gives[c->source] & CAPTURE_GIVES_NUMBER) && capture_number(v, c, &number)) {
    cpmi_set_number(v->p, v->m, leg, (cpm_field)c->field, number);
    return CPM_OK;
  }
  capture_record(v, c, &rc);
  return rc;
}

int cpmi_capture_all(cpm_proc *p, const cpm_machine *m, const cpm_agent *a, const cpm_event *e, cpm_diag *diag) {
  capture_body body;
  body.tried = body.cpim_tried = body.cpim_ok = false;
  body.counted = body.described = body.msrp_ok = body.selector = false;
  body.files = 0;
  body.lines = body.nlines = 0;
  capture_composing composing;
  composing.tried = composing.ok = false;
  composing.ntype = 0;
  cpmi_arrived arrived;
  capture_env v = { .p = p, .m = m, .a = a, .e = e, .body = &body, .composing = &composing, .arrived = &arrived, .diag = diag };
  const bool of_leg = e->leg != CPM_NO_LEG;
  int rc = capture_args(&v);
  for (size_t part = 0; part < CPMI_PARTS && m->parts[part]; part++) {
    const cpmi_captures *all = &m->parts[part]->captures;
    for (size_t i = 0; i < all->n && rc == CPM_OK; i++)
      if (all->p[i].event == e->type && (all->p[i].leg != 0) == of_leg) rc = capture_one(&v, &all->p[i]);
  }
  return rc;
}

uint64_t cpmi_random_captures(const cpm_machine *m) {
  uint64_t set = 0;
  for (size_t part = 0; part < CPMI_PARTS && m->parts[part]; part++) {
    const cpmi_captures *all = &m->parts[part]->captures;
    for (size_t i = 0; i < all->n; i++)
      if (all->p[i].source == CPMI_FROM_FRESH || all->p[i].source == CPMI_FROM_IDENT) set |= UINT64_C(1) << all->p[i].event;
  }
  return set;
}
