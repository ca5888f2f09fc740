/* SPDX-License-Identifier: MIT */
/* compose.c - effects: requests and responses with their bodies, and all that needs no composing (compose.h). */
#include "compose.h"
#include "cpm/mime.h"
#include <string.h>

#define COMPOSE_RECIPE(name) &cpmi_recipe_##name,
const cpmi_recipe *const cpmi_recipes[CPMI_RECIPE_COUNT] = { CPM_RECIPES(COMPOSE_RECIPE) };

/* ---- SIP header fields --------------------------------------------------------------------------------------------- */

/* A line that does not apply says nothing of its field. */
static bool compose_names(const compose *c, const cpmi_recipe *r, const cpm_sip_field *f) {
  for (size_t i = 0; f->id != CPM_SIP_UNKNOWN && i < r->nlines; i++)
    if (r->lines[i].place == CPMI_PLACE_SIP && r->lines[i].name == f->id && cpmi_guard_holds(c->v, r->lines[i].when)) return true;
  return false;
}

static bool compose_is_content(cpm_sip_header id) {
  return id == CPM_SIP_CONTENT_TYPE || id == CPM_SIP_CONTENT_DISPOSITION || id == CPM_SIP_CONTENT_ENCODING ||
         id == CPM_SIP_CONTENT_LANGUAGE;
}

static size_t compose_copies(compose *c, const cpmi_recipe *r, const cpmi_line *line) {
  const bool others = line->value == CPMI_VALUE_ALL_OTHERS;
  const cpm_str kept = others ? cpmi_compose_kept_in(c, line->what) : cpmi_compose_kept(c);
  cpm_sip_field f;
  size_t n = 0;
  for (size_t at = 0; cpmi_kept_next(kept, &at, &f);) {
    if (others ? compose_names(c, r, &f) || compose_is_content(f.id) : f.id != (cpm_sip_header)line->what) continue;
    size_t from = c->out.n;
    cpmi_put(&c->out, f.name);
    const cpm_str name = f.name.n ? cpmi_compose_since(c, from) : cpm_str_none();
    from = c->out.n;
    cpmi_put(&c->out, f.value);
    cpmi_compose_field(c, others ? f.id : (cpm_sip_header)line->name, name, from, line->spec, line->clauses);
    n++;
  }
  return n;
}

static const char *compose_name_of(const cpmi_line *line) {
  return line->name == CPM_SIP_REQUEST_URI ? "Request-URI" : cpm_sip_header_name((cpm_sip_header)line->name).p;
}

static int compose_sip_line(compose *c, const cpmi_recipe *r, const cpmi_line *line) {
  if (line->value == CPMI_VALUE_COPY || line->value == CPMI_VALUE_COPY_IF || line->value == CPMI_VALUE_ALL_OTHERS) {
    const size_t n = compose_copies(c, r, line);
    const bool must = line->value == CPMI_VALUE_COPY && line->level == CPMI_SHALL;
    return n == 0 && must ? cpmi_compose_missing(c, line, compose_name_of(line)) : CPM_OK;
  }
  const size_t from = c->out.n;
  const int rc = cpmi_compose_value(c, line);
  const bool optional = line->level != CPMI_SHALL || line->value == CPMI_VALUE_COPY_MINUS;
  if (rc == CPM_END) return optional ? CPM_OK : cpmi_compose_missing(c, line, compose_name_of(line));
  if (rc) return rc;
  const bool warning = line->value == CPMI_VALUE_WARNING;
  if (line->name == CPM_SIP_REQUEST_URI) {
    c->uri_from = from;
    c->uri_len = c->out.n - from;
  }
  if (line->name != CPM_SIP_REQUEST_URI)
    cpmi_compose_field(c, (cpm_sip_header)line->name, cpm_str_none(), from, warning ? c->row->spec : line->spec,
                  warning ? c->row->clauses : line->clauses);
  else if (c->sip)
    c->sip->request_uri = cpmi_compose_since(c, from);
  return CPM_OK;
}

bool cpmi_compose_applies(const compose *c, const cpmi_line *line) {
  return line->level != CPMI_SHALL_NOT && line->level != CPMI_EXACTLY_ONE && cpmi_guard_holds(c->v, line->when);
}

/* ---- multipart ----------------------------------------------------------------------------------------------------- */

static size_t compose_runs(const compose *c, const cpmi_line *line, cpmi_parts_record *head) {
  const cpm_str record = cpmi_compose_record(c, line->what);
  if (record.n < sizeof *head) return 0;
  memcpy(head, record.p, sizeof *head);
  return head->n <= (record.n - sizeof *head) / sizeof(cpmi_part_run) ? (size_t)head->n : 0;
}

/* Parts that a BODY line gives. A history without entries is no part. */
static size_t compose_part_count(const compose *c, const cpmi_line *line) {
  cpmi_parts_record head;
  if (line->value == CPMI_VALUE_PARTS) return compose_runs(c, line, &head);
  if (line->value == CPMI_VALUE_RECIPE && line->what == CPMI_RECIPE_history_list) return cpmi_compose_made(c, &cpmi_recipe_history_list).p != NULL;
  return 1;
}

static void compose_boundary(compose *c) {
  static const char hex[] = "0123456789abcdef";
  cpmi_put_z(&c->out, "cpm-");
  for (size_t i = CPM_RANDOM_NEED - 16; i < CPM_RANDOM_NEED; i++) {
    cpmi_put_char(&c->out, hex[c->v->p->trigger.random[i] >> 4]);
    cpmi_put_char(&c->out, hex[c->v->p->trigger.random[i] & 15u]);
  }
}

static void compose_delimiter(compose *c, bool last) {
  cpmi_put_z(&c->out, "--");
  compose_boundary(c);
  cpmi_put_z(&c->out, last ? "--\r\n" : "\r\n");
}

static void compose_mime_line(compose *c, cpm_sip_header id, cpm_str value) {
  cpmi_put(&c->out, cpm_sip_header_name(id));
  cpmi_put_z(&c->out, ": ");
  cpmi_put(&c->out, value);
  cpmi_put_z(&c->out, "\r\n");
}

/* The Content- fields of a received body that was not multipart: they belong to it wherever it goes. */
static void compose_own_content_lines(compose *c) {
  cpm_sip_field f;
  for (size_t at = 0; cpmi_kept_next(cpmi_compose_kept(c), &at, &f);)
    if (compose_is_content(f.id)) compose_mime_line(c, f.id, f.value);
  cpmi_put_z(&c->out, "\r\n");
}

static void compose_received_parts(compose *c, const cpmi_line *line) {
  cpmi_parts_record head;
  const cpm_str record = cpmi_compose_record(c, line->what);
  const size_t n = compose_runs(c, line, &head);
  for (size_t i = 0; i < n; i++) {
    cpmi_part_run run;
    memcpy(&run, record.p + sizeof head + i * sizeof run, sizeof run);
    compose_delimiter(c, false);
    if (run.head_len == 0) compose_own_content_lines(c);
    cpmi_compose_host(c, head.item, run.head_off, run.head_len + run.body_len);
    cpmi_put_z(&c->out, "\r\n");
  }
}

static int compose_made_part(compose *c, const cpmi_line *line) {
  const cpmi_recipe *r = cpmi_recipes[line->what];
  compose_delimiter(c, false);
  cpmi_put(&c->out, cpm_sip_header_name(CPM_SIP_CONTENT_TYPE));
  cpmi_put_z(&c->out, ": ");
  int rc = cpmi_compose_type(c, r);
  if (rc) return rc;
  cpmi_put_z(&c->out, "\r\n");
  if (r->disposition) compose_mime_line(c, CPM_SIP_CONTENT_DISPOSITION, cpm_str_z(r->disposition));
  cpmi_put_z(&c->out, "\r\n");
  rc = cpmi_compose_recipe_body(c, r);
  cpmi_put_z(&c->out, "\r\n");
  return rc;
}

static int compose_multipart(compose *c, const cpmi_recipe *r) {
  for (size_t i = 0; i < r->nlines; i++) {
    const cpmi_line *line = &r->lines[i];
    if (line->place != CPMI_PLACE_BODY || !cpmi_compose_applies(c, line) || !compose_part_count(c, line)) continue;
    if (line->value == CPMI_VALUE_PARTS) { compose_received_parts(c, line); continue; }
    const int rc = compose_made_part(c, line);
    if (rc) return rc;
  }
  compose_delimiter(c, true);
  return CPM_OK;
}

/* ---- a whole body -------------------------------------------------------------------------------------------------- */

static void compose_content_field(compose *c, cpm_sip_header id, cpm_str value, const cpmi_line *line) {
  const size_t from = c->out.n;
  cpmi_put(&c->out, value);
  cpmi_compose_field(c, id, cpm_str_none(), from, line->spec, line->clauses);
}

/* The received body alone, as it came. */
static void compose_single_run(compose *c, const cpmi_line *line) {
  cpmi_parts_record head;
  cpmi_part_run run;
  cpm_sip_field f;
  compose_runs(c, line, &head);
  memcpy(&run, cpmi_compose_record(c, line->what).p + sizeof head, sizeof run);
  const cpm_str type = cpmi_compose_record(c, CPM_FIELD_body_type);
  if (type.n) compose_content_field(c, CPM_SIP_CONTENT_TYPE, type, line);   /* a body without: passed on without */
  for (size_t at = 0; run.head_len == 0 && cpmi_kept_next(cpmi_compose_kept(c), &at, &f);)
    if (compose_is_content(f.id) && f.id != CPM_SIP_CONTENT_TYPE) compose_content_field(c, f.id, f.value, line);
  c->mark = c->out.n;
  cpmi_compose_host(c, head.item, run.body_off, run.body_len);
}

static int compose_single(compose *c, const cpmi_line *line) {
  if (line->value == CPMI_VALUE_PARTS) { compose_single_run(c, line); return CPM_OK; }
  const cpmi_recipe *r = cpmi_recipes[line->what];
  const size_t from = c->out.n;
  const int rc = cpmi_compose_type(c, r);
  if (rc) return rc;
  cpmi_compose_field(c, CPM_SIP_CONTENT_TYPE, cpm_str_none(), from, line->spec, line->clauses);
  if (r->disposition) compose_content_field(c, CPM_SIP_CONTENT_DISPOSITION, cpm_str_z(r->disposition), line);
  c->mark = c->out.n;
  return cpmi_compose_recipe_body(c, r);
}

static int compose_body(compose *c, const cpmi_recipe *r) {
  const cpmi_line *only = NULL;
  size_t n = 0;
  bool wrap = false;
  for (size_t i = 0; i < r->nlines; i++) {
    const cpmi_line *line = &r->lines[i];
    cpmi_parts_record head = { 0, 0, 0 };
    if (line->place != CPMI_PLACE_BODY || !cpmi_compose_applies(c, line)) continue;
    const size_t parts = compose_part_count(c, line);
    if (line->value == CPMI_VALUE_PARTS) compose_runs(c, line, &head);
    wrap |= head.wrap != 0;
    if (parts) only = line;
    n += parts;
  }
  if (n == 0) return CPM_OK;
  int rc;
  if (n == 1 && !wrap) rc = compose_single(c, only);
  else {
    const size_t from = c->out.n;
    cpmi_put_z(&c->out, "multipart/mixed;boundary=\"");
    compose_boundary(c);
    cpmi_put_char(&c->out, '"');
    cpmi_compose_field(c, CPM_SIP_CONTENT_TYPE, cpm_str_none(), from, only->spec, only->clauses);
    c->mark = c->out.n;
    rc = compose_multipart(c, r);
  }
  cpmi_compose_flush(c);
  if (!rc && c->host > SIZE_MAX / 2) rc = cpmi_fail(c->diag, CPM_E_TOO_LONG, 0, "content", NULL);
  return rc ? rc : c->npieces > CPM_SIP_PIECES ? cpmi_fail(c->diag, CPM_E_TOO_MANY, 0, "body parts", NULL) : CPM_OK;
}

/* Of the lines with this one's name one must apply: an ENUM field that is not set lets none of them. */
static bool compose_has_one(const compose *c, const cpmi_recipe *r, const cpmi_line *exact) {
  for (size_t i = 0; i < r->nlines; i++)
    if (r->lines[i].place == exact->place && r->lines[i].name == exact->name && cpmi_compose_applies(c, &r->lines[i])) return true;
  return false;
}

static int compose_message(compose *c, const cpmi_recipe *r) {
  for (size_t i = 0; i < r->nlines; i++) {
    const cpmi_line *line = &r->lines[i];
    if (line->place != CPMI_PLACE_SIP) continue;
    if (line->level == CPMI_EXACTLY_ONE && !compose_has_one(c, r, line)) return cpmi_compose_missing(c, line, compose_name_of(line));
    const int rc = cpmi_compose_applies(c, line) ? compose_sip_line(c, r, line) : CPM_OK;
    if (rc) return rc;
  }
  c->mark = c->out.n;
  return compose_body(c, r);
}

/* ---- out ----------------------------------------------------------------------------------------------------------- */

int cpmi_body_size(const cpmi_env *env, unsigned recipe, uint64_t *size, cpm_diag *diag) {
  const cpmi_op none = { 0, 0, 0 };
  compose c = { env, &none, NULL, cpmi_out_to(NULL, 0, 0), NULL, 0, NULL, 0, 0, NULL, 0, 0, 0, diag };
  const int rc = cpmi_compose_recipe_body(&c, cpmi_recipes[recipe]);
  *size = c.host > UINT64_MAX - c.out.n ? UINT64_MAX : c.out.n + c.host;
  return rc;
}

int cpmi_make_doc(cpm_proc *p, const cpmi_env *env, unsigned recipe, cpm_field f, cpm_diag *diag) {
  const cpmi_op none = { 0, 0, 0 };
  compose c = { env, &none, NULL, cpmi_out_to(NULL, 0, 0), NULL, 0, NULL, 0, 0, NULL, 0, 0, 0, diag };
  cpmi_unset(p, env->m, CPM_NO_LEG, f);
  if (!cpmi_compose_history_of(&c).shown) return CPM_OK;
  const int rc = cpmi_compose_new_list(&c, cpmi_recipes[recipe]);
  if (rc) return rc;
  const size_t n = c.out.n;
  char *dst = cpmi_room(p, env->m, CPM_NO_LEG, f, n);
  if (!dst) return cpmi_no_room(p, n, diag);
  c.out = cpmi_out_to(dst, n, 0);
  return cpmi_compose_new_list(&c, cpmi_recipes[recipe]);
}

cpm_str cpmi_request_uri(const cpmi_env *env, unsigned recipe) {
  const cpmi_recipe *r = cpmi_recipes[recipe];
  for (size_t i = 0; i < r->nlines; i++) {
    const cpmi_line *l = &r->lines[i];
    if (l->place != CPMI_PLACE_SIP || l->name != CPM_SIP_REQUEST_URI || l->level != CPMI_SHALL || !cpmi_guard_holds(env, l->when))
      continue;
    if (l->value == CPMI_VALUE_CTX) return cpmi_text(env->p, env->m, env->leg, (cpm_field)l->what);
    return l->value == CPMI_VALUE_OF_AGENT ? cpmi_agent_text(env->a, l->what) : cpm_str_none();
  }
  return cpm_str_none();
}

/* A response that is passed on; a status that RFC 3261 does not have becomes 500. */
static unsigned compose_relayed(const compose *c) {
  const unsigned code = c->v->p->trigger.code;
  return code >= 200 && code <= 699 ? code : 500;
}

/* Status of REFUSE; a field that is no refusal becomes 500. */
static unsigned compose_refused(const compose *c) {
  const int64_t code = c->op->b ? c->op->b : cpmi_number(c->v->p, c->v->m, c->v->leg, CPM_FIELD_status);
  return code >= 300 && code <= 699 ? (unsigned)code : 500;
}

static void compose_start(const compose *c, const cpmi_recipe *r, cpm_sip *sip) {
  if (r->kind == CPMI_RECIPE_RESPONSE) {
    sip->status = c->op->op == CPMI_OP_REFUSE ? compose_refused(c) : r->start ? r->start : compose_relayed(c);
    sip->reason = cpm_sip_reason_phrase(sip->status);
  } else {
    sip->method = (cpm_sip_method)r->start;
    sip->method_name = cpm_sip_method_name(sip->method);
  }
}

/* Field records lie backwards at the end of the buffer: turn them. */
static void compose_turn(const compose *c, cpm_sip *sip) {
  sip->fields = (cpm_sip_field *)(void *)(c->fields - c->nfields * sizeof(cpm_sip_field));
  sip->cap = sip->nfields = c->nfields;
  for (size_t i = 0, j = c->nfields; i + 1 < j; i++) {
    const cpm_sip_field f = sip->fields[i];
    sip->fields[i] = sip->fields[--j];
    sip->fields[j] = f;
  }
  sip->npieces = c->npieces;
}

static uint64_t compose_transaction(const cpmi_env *v) {
  bool present = false;
  const bool held = v->leg != CPM_NO_LEG && cpmi_find(v->p, v->m, v->leg, CPM_FIELD_held, &present) != NULL;
  return (uint64_t)cpmi_number(v->p, v->m, v->leg, held ? CPM_FIELD_held : CPM_FIELD_origin);
}

#define COMPOSE_NAME(name, ...) #name,
#define COMPOSE_PROCEDURE(id, name, doc) name,
static const char *const compose_timers[] = { CPM_TIMERS(COMPOSE_NAME) }, *const compose_notices[] = { CPM_NOTICES(COMPOSE_NAME) },
                         *const compose_questions[] = { CPM_QUESTIONS(COMPOSE_NAME) },
                         *const compose_procedures[] = { CPM_PROCEDURES(COMPOSE_PROCEDURE) },
                         *const compose_items[] = { CPM_ITEMS(COMPOSE_NAME) };
#define COMPOSE_LENGTH(name, length, doc) CPMI_AGENT_##length,
static const uint8_t compose_lengths[] = { CPM_TIMERS(COMPOSE_LENGTH) };

/* The host's handle of what is stored: the event's, or that of the body that the PARTS field keeps. */
static uint64_t compose_item(const cpmi_env *v, unsigned field) {
  cpmi_parts_record head;
  const cpm_str record = field ? cpmi_text(v->p, v->m, v->leg, (cpm_field)field) : cpm_str_none();
  if (record.n < sizeof head) return v->p->trigger.item;
  memcpy(&head, record.p, sizeof head);
  return head.item;
}

/* Effects without a message. */
static void compose_plain(const cpmi_env *v, const cpmi_op *op, cpm_effect *x) {
  x->id = op->b;
  switch (op->op) {
  case CPMI_OP_START:
    x->number = cpmi_agent_number(v->a, compose_lengths[op->b]) * (op->b == CPM_TIMER_session ? 1000u : 1u);
    if (op->a) x->number = (uint64_t)cpmi_number(v->p, v->m, v->leg, (cpm_field)op->a) * 1000u;
    x->name = compose_timers[op->b];
    break;
  case CPMI_OP_STOP:   x->name = compose_timers[op->b]; break;
  case CPMI_OP_ASK:    x->name = compose_questions[op->b]; break;
  case CPMI_OP_TELL:   x->name = compose_notices[op->b]; break;
  case CPMI_OP_STORE:
    x->name = compose_items[op->b];
    x->item = compose_item(v, op->a);
    x->number = op->b == CPM_ITEM_message ? v->p->trigger.range.start - 1 : 0;
    break;
  case CPMI_OP_DROP:   x->name = compose_items[op->b]; x->item = v->p->trigger.item; break;
  case CPMI_OP_FETCH:
    x->id = op->a;
    x->name = compose_items[op->a];
    x->number = op->b ? (uint64_t)cpmi_number(v->p, v->m, v->leg, (cpm_field)op->b) : 0;
    break;
  case CPMI_OP_ENTER:
    x->id = op->a;
    x->name = compose_procedures[op->a];
    x->code = op->b;
    break;
  case CPMI_OP_ACCEPT: x->code = op->b; x->item = v->p->trigger.item; x->id = 0; break;
  case CPMI_OP_ACCEPT_OF: x->code = cpmi_compose_status(v, op->b); x->item = v->p->trigger.item; x->id = 0; break;
  case CPMI_OP_ACCEPT_ALL: x->code = cpmi_compose_status(v, op->a); x->name = compose_items[op->b]; break;
  default: break;
  }
}

#define COMPOSE_EFFECT(name, effect, ...) CPM_EFFECT_##effect,
static const uint8_t compose_effects[CPMI_OP_COUNT] = { CPM_EFFECT_NONE, CPM_OPS(COMPOSE_EFFECT) };

int cpmi_compose(const cpmi_env *env, const cpmi_op *op, const cpmi_row *row, char *buf, size_t cap, cpm_effect *out, size_t *need,
                 cpm_diag *diag) {
  memset(out, 0, sizeof *out);
  out->kind = (cpm_effect_kind)compose_effects[op->op];
  out->leg = env->leg;
  out->seq = env->p->seq;
  out->spec = row->spec;
  out->clauses = row->clauses;
  *need = 0;
  const bool sip = out->kind == CPM_EFFECT_SEND || out->kind == CPM_EFFECT_REPLY;
  const bool media = out->kind == CPM_EFFECT_CONNECT || out->kind == CPM_EFFECT_LISTEN;
  if (!sip && !media && out->kind != CPM_EFFECT_PUSH) { compose_plain(env, op, out); return CPM_OK; }

  const cpmi_recipe *r = op->op == CPMI_OP_REFUSE ? &cpmi_recipe_refusal : cpmi_recipes[media ? 0 : op->b];
  char *end = buf ? buf + (cap & ~(size_t)(CPM_PROC_ALIGN - 1)) : NULL;
  compose c = { env, op, row, cpmi_out_to(buf, buf ? (size_t)(end - buf) : 0, 0), end, 0, buf ? &out->sip : NULL, 0, 0,
                !buf ? NULL : sip ? out->sip.pieces : out->content, 0, 0, 0, diag };
  const int rc = sip ? compose_message(&c, r) : media ? cpmi_compose_media(&c, &out->media) : cpmi_compose_push(&c, r, &out->msrp);
  if (rc) return rc;
  if (c.out.n > SIZE_MAX / 2) return cpmi_fail(diag, CPM_E_TOO_LONG, 0, "effect", NULL);
  *need = c.out.n + c.nfields * sizeof(cpm_sip_field) + CPM_PROC_ALIGN;
  if (buf && *need > cap) return CPM_E_SPACE;
  out->ncontent = out->kind == CPM_EFFECT_PUSH ? c.npieces : 0;
  if (out->kind == CPM_EFFECT_PUSH) out->item = env->p->trigger.item;
  if (!media) out->name = r->name;
  if (!sip) return CPM_OK;
  compose_start(&c, r, &out->sip);
  out->code = out->sip.status;
  if (out->kind == CPM_EFFECT_REPLY) out->txn = compose_transaction(env);
  else if (r->kind == CPMI_RECIPE_FORKED) out->dialog = env->p->trigger.dialog;
  if (buf) compose_turn(&c, &out->sip);
  return CPM_OK;
}
