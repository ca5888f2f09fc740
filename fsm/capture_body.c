/* SPDX-License-Identifier: MIT */
/* capture_body.c - bodies: their parts, the content that CPIM wraps, and who composes. */
#include "capture.h"
#include <string.h>

enum { CAPTURE_BODY_HOUR = 3600 };   /* seconds */

/* ---- parts --------------------------------------------------------------------------------------------------------- */

cpmi_body cpmi_body_of(const cpmi_env *env, const cpm_event *e) {
  const cpm_str none = cpm_str_none();
  if (e->head.p) return (cpmi_body){ cpmi_text(env->p, env->m, env->leg, CPM_FIELD_chunk_type), e->head };
  if (!e->sip) return (cpmi_body){ none, none };
  return (cpmi_body){ cpm_sip_value(e->sip, CPM_SIP_CONTENT_TYPE), e->sip->body };
}

static cpmi_body capture_body_source(const capture_env *v) {
  const cpmi_env env = cpmi_capture_looks(v);
  return cpmi_body_of(&env, v->e);
}

void cpmi_split_body(cpmi_split *s, cpmi_body of) {
  cpm_media_type t;
  s->n = 0;
  s->multipart = false;
  s->ok = of.body.n == 0;
  if (s->ok || !of.type.p || cpm_media_type_decode(&t, of.type, NULL, NULL) != CPM_OK) return;
  s->multipart = cpm_str_ieq(t.type, cpm_str_z("multipart"));
  if (s->multipart) {
    cpm_multipart mp = { s->parts, CPMI_BODY_PARTS, 0, 0 };
    s->ok = cpm_multipart_decode(&mp, of.type, of.body, NULL, NULL) == CPM_OK;
    s->n = s->ok ? mp.nparts : 0;
    return;
  }
  memset(&s->parts[0], 0, sizeof s->parts[0]);
  s->parts[0].body = of.body;
  s->parts[0].content_type = of.type;
  s->n = 1;
  s->ok = true;
}

const cpm_part *cpmi_part_typed(const cpmi_split *s, const char *type) {
  for (size_t i = 0; i < s->n; i++)
    if (s->parts[i].content_type.p && cpm_media_type_text_is(s->parts[i].content_type, type)) return &s->parts[i];
  return NULL;
}

const cpmi_split *cpmi_capture_split(capture_env *v) {
  capture_body *b = v->body;
  if (!b->tried) cpmi_split_body(&b->split, capture_body_source(v));
  b->tried = true;
  return &b->split;
}

static bool capture_body_is_list(const cpm_part *part) {
  return part->content_type.p && cpm_media_type_text_is(part->content_type, CPM_RESOURCE_LISTS_TYPE);
}

/* The n-th part that is no recipient list. */
static const cpm_part *capture_body_other(capture_env *v, size_t n) {
  const cpmi_split *s = cpmi_capture_split(v);
  for (size_t i = 0; i < s->n; i++)
    if (!capture_body_is_list(&s->parts[i]) && n-- == 0) return &s->parts[i];
  return NULL;
}

static const cpm_part *capture_body_typed(capture_env *v, const char *type) { return cpmi_part_typed(cpmi_capture_split(v), type); }

static uint64_t capture_body_off(const capture_env *v, const char *p) { return (uint64_t)(p - capture_body_source(v).body.p); }

typedef struct capture_body_wrapped { cpm_str content, type, disposition, encoding; } capture_body_wrapped;

/* The wrapped content, or the body when it is not CPIM. Of several parts the whole body: none of them is lost. */
static bool capture_body_content(capture_env *v, capture_body_wrapped *out) {
  const cpm_cpim *cpim = cpmi_capture_cpim(v);
  const cpm_part *part = cpim || capture_body_typed(v, "message/cpim") ? NULL : capture_body_other(v, 0);
  const cpm_str none = cpm_str_none();
  if (capture_body_other(v, 1)) {
    *out = (capture_body_wrapped){ capture_body_source(v).body, capture_body_source(v).type, none, none };
    return true;
  }
  if (cpim) *out = (capture_body_wrapped){ cpim->content, cpim->content_type, cpim->disposition, cpim->encoding };
  else if (part) *out = (capture_body_wrapped){ part->body, part->content_type, part->disposition, part->encoding };
  return cpim || part;
}

/* ---- who composes -------------------------------------------------------------------------------------------------- */

static const capture_composing *capture_body_composing(capture_env *v) {
  capture_composing *c = v->composing;
  capture_body_wrapped w;
  if (c->tried) return c;
  c->tried = true;
  if (!capture_body_content(v, &w) || !w.type.p || !cpm_media_type_text_is(w.type, CPM_ISCOMPOSING_TYPE)) return c;
  c->ok = cpm_iscomposing_decode(&c->doc, w.content, NULL, NULL) == CPM_OK;
  const bool type = c->ok && c->doc.contenttype.n &&
                    cpm_markup_text(c->type, sizeof c->type, &c->ntype, c->doc.contenttype, CPM_MARKUP_COLLAPSE, NULL) == CPM_OK;
  if (!type) c->ntype = 0;
  return c;
}

static int64_t capture_body_composing_state(capture_env *v) {
  const capture_composing *c = capture_body_composing(v);
  return !c->ok ? CPM_COMPOSING_unreadable : c->doc.active ? CPM_COMPOSING_active : CPM_COMPOSING_idle;
}

/* What a sender asks for may be out of all measure (ruling O-R79). */
static int64_t capture_body_composing_refresh(capture_env *v) {
  const capture_composing *c = capture_body_composing(v);
  const uint64_t said = c->ok ? c->doc.refresh : 0;
  return said == 0 ? CPM_ISCOMPOSING_RECEIVER_AFTER : said > CAPTURE_BODY_HOUR ? CAPTURE_BODY_HOUR : (int64_t)said;
}

static int64_t capture_body_composing_since(capture_env *v) {
  const capture_composing *c = capture_body_composing(v);
  int64_t ms = 0;
  const bool reads = c->ok && c->doc.lastactive.n && cpm_datetime_decode(&ms, c->doc.lastactive, NULL, NULL, NULL) == CPM_OK;
  return reads && ms > 0 ? ms : 0;
}

static cpm_str capture_body_composing_type(capture_env *v) {
  const capture_composing *c = capture_body_composing(v);
  return c->ntype ? cpm_str_of(c->type, c->ntype) : cpm_str_none();
}

/* ---- texts and numbers --------------------------------------------------------------------------------------------- */

static cpm_str capture_body_content_type(capture_env *v) {
  capture_body_wrapped w;
  if (!capture_body_content(v, &w)) return cpm_str_none();
  return w.type.p ? w.type : cpm_str_z("text/plain");
}

static cpm_str capture_body_encoding(capture_env *v) {
  capture_body_wrapped w;
  return capture_body_content(v, &w) ? w.encoding : cpm_str_none();
}

static cpm_str capture_body_parts_type(capture_env *v) {
  const cpm_part *part = capture_body_other(v, 0);
  if (!part) return cpm_str_none();
  return part->content_type.p ? part->content_type : cpm_str_z("text/plain");
}

bool cpmi_capture_body_text(capture_env *v, const cpmi_capture *c, cpm_str *out) {
  switch (c->source) {
  case CPMI_FROM_CONTENT_TYPE:   *out = capture_body_content_type(v); return true;
  case CPMI_FROM_CONTENT_TRANSFER_ENCODING: *out = capture_body_encoding(v); return true;
  case CPMI_FROM_PARTS_TYPE:     *out = capture_body_parts_type(v); return true;
  case CPMI_FROM_COMPOSING_TYPE: *out = capture_body_composing_type(v); return true;
  default: return false;
  }
}

static bool capture_body_takes(const capture_env *v, const cpm_part *part) {
  return part && cpm_accept_takes(v->a->accept, part->content_type.p ? part->content_type : cpm_str_z("text/plain"));
}

static int64_t capture_body_type_ok(capture_env *v) {
  if (cpmi_capture_is_report(v)) return 1;
  const cpm_str body_type = cpmi_capture_value(v, CPM_SIP_CONTENT_TYPE);
  const cpmi_split *s = cpmi_capture_split(v);
  if (!s->n) return body_type.p ? cpm_accept_takes(v->a->accept, body_type) : 0;
  const cpm_part *part = capture_body_typed(v, "message/cpim");
  for (size_t i = 0; !part && i < s->n; i++)   /* of several parts one that is taken will do, whatever their order */
    if (capture_body_takes(v, capture_body_other(v, i))) return 1;
  if (!part || !capture_body_takes(v, part)) return 0;
  const cpm_cpim *cpim = cpmi_capture_cpim(v);
  if (!cpim || !v->a->accept_wrapped.p) return 1;
  return cpm_accept_takes(v->a->accept_wrapped, cpim->content_type.p ? cpim->content_type : cpm_str_z("text/plain"));
}

/* Of notifications there may be more than parts that are looked at. */
static int64_t capture_body_ok(capture_env *v) {
  return cpmi_capture_split(v)->ok || cpmi_capture_is_report(v);
}

bool cpmi_capture_body_number(capture_env *v, const cpmi_capture *c, int64_t *out) {
  switch (c->source) {
  case CPMI_FROM_BODY_LEN:       *out = v->e->sip ? (int64_t)v->e->sip->body.n : 0; return true;
  case CPMI_FROM_BODY_OK:        *out = capture_body_ok(v); return true;
  case CPMI_FROM_TYPE_OK:        *out = capture_body_type_ok(v); return true;
  case CPMI_FROM_IS_CPIM:        *out = capture_body_typed(v, "message/cpim") != NULL; return true;
  case CPMI_FROM_COMPOSING:      *out = capture_body_composing_state(v); return true;
  case CPMI_FROM_COMPOSING_REFRESH: *out = capture_body_composing_refresh(v); return true;
  case CPMI_FROM_COMPOSING_SINCE: *out = capture_body_composing_since(v); return true;
  default: return false;
  }
}

/* ---- records ------------------------------------------------------------------------------------------------------- */

/* May the part stand alone as the body of a request? Only if nothing but its media type would be lost. */
static bool capture_body_stands_alone(const cpm_part *part) {
  if (part->head.n == 0) return true;
  return !part->disposition.p && !part->encoding.p && !cpm_mime_header(part->head, "Content-ID").p &&
         !cpm_mime_header(part->head, "Content-Encoding").p && !cpm_mime_header(part->head, "Content-Language").p;
}

static int capture_body_parts(capture_env *v, const cpmi_capture *c) {
  cpmi_parts_record head = { v->e->item, 0, 0 };
  const cpm_part *part;
  while ((part = capture_body_other(v, (size_t)head.n)) != NULL) { head.n++; head.wrap |= !capture_body_stands_alone(part); }
  if (head.n == 0) return CPM_OK;
  char *dst = cpmi_room(v->p, v->m, CPM_NO_LEG, (cpm_field)c->field, sizeof head + (size_t)head.n * sizeof(cpmi_part_run));
  if (!dst) return cpmi_no_room(v->p, sizeof head + (size_t)head.n * sizeof(cpmi_part_run), v->diag);
  memcpy(dst, &head, sizeof head);
  for (size_t i = 0; i < head.n; i++) {
    part = capture_body_other(v, i);
    const uint64_t body = capture_body_off(v, part->body.p);
    const uint64_t head_off = v->body->split.multipart ? capture_body_off(v, part->head.p) : body;
    const cpmi_part_run run = { head_off, body - head_off,
                                body, part->body.n };
    memcpy(dst + sizeof head + i * sizeof run, &run, sizeof run);
  }
  return CPM_OK;
}

static int capture_body_whole(capture_env *v, const cpmi_capture *c) {
  const cpm_str body = v->e->sip ? v->e->sip->body : cpm_str_none();
  const cpmi_parts_record head = { v->e->item, 1, 0 };
  const cpmi_part_run run = { 0, 0, 0, body.n };
  if (body.n == 0) return CPM_OK;
  char *dst = cpmi_room(v->p, v->m, CPM_NO_LEG, (cpm_field)c->field, sizeof head + sizeof run);
  if (!dst) return cpmi_no_room(v->p, sizeof head + sizeof run, v->diag);
  memcpy(dst, &head, sizeof head);
  memcpy(dst + sizeof head, &run, sizeof run);
  return CPM_OK;
}

/* Octets of a message that are not in the head that came; the content goes on to its end. */
static uint64_t capture_body_behind(const capture_env *v) {
  return v->e->head.p && v->e->len > v->e->head.n && v->e->len <= UINT64_MAX / 4 ? v->e->len - v->e->head.n : 0;
}

static int capture_body_list(capture_env *v, const cpmi_capture *c) {
  const cpm_part *part = capture_body_typed(v, CPM_RESOURCE_LISTS_TYPE);
  return part ? cpmi_capture_set_content(v, c, v->e->item, capture_body_off(v, part->body.p), part->body.n) : CPM_OK;
}

static int capture_body_set_content(capture_env *v, const cpmi_capture *c) {
  capture_body_wrapped w;
  if (!capture_body_content(v, &w)) return CPM_OK;
  return cpmi_capture_set_content(v, c, v->e->item, capture_body_off(v, w.content.p), w.content.n + capture_body_behind(v));
}

bool cpmi_capture_body_record(capture_env *v, const cpmi_capture *c, int *rc) {
  switch (c->source) {
  case CPMI_FROM_PARTS:   *rc = capture_body_parts(v, c); return true;
  case CPMI_FROM_WHOLE:   *rc = capture_body_whole(v, c); return true;
  case CPMI_FROM_LIST:    *rc = capture_body_list(v, c); return true;
  case CPMI_FROM_CONTENT: *rc = capture_body_set_content(v, c); return true;
  default: return false;
  }
}
