/* SPDX-License-Identifier: MIT */
/* engine.c - choose a row, commit it, prove that its effects can be composed, and give them one at a time. */
#include "engine.h"
#include "msrp.h"
#include <string.h>

/* ---- rows ---------------------------------------------------------------------------------------------------------- */

const cpmi_row *cpmi_row_at(const cpm_machine *m, bool leg, size_t index) {
  for (size_t i = 0; i < CPMI_PARTS && m->parts[i]; i++) {
    const cpmi_rows *rows = leg ? &m->parts[i]->leg : &m->parts[i]->call;
    if (index < rows->n) return &rows->p[index];
    index -= rows->n;
  }
  return NULL;
}

const cpmi_capture *cpmi_capture_at(const cpm_machine *m, size_t index) {
  for (size_t i = 0; i < CPMI_PARTS && m->parts[i]; i++) {
    const cpmi_captures *captures = &m->parts[i]->captures;
    if (index < captures->n) return &captures->p[index];
    index -= captures->n;
  }
  return NULL;
}

uint16_t cpmi_choose(const cpmi_env *env, bool leg, unsigned state, unsigned event) {
  unsigned of = CPMI_STATE_, on = CPM_EVENT_, before = 0;
  for (size_t part = 0; part < CPMI_PARTS && env->m->parts[part]; part++) {
    const cpmi_rows *rows = leg ? &env->m->parts[part]->leg : &env->m->parts[part]->call;
    for (size_t i = 0; i < rows->n; i++) {
      const cpmi_row *r = &rows->p[i];
      if (r->state != CPMI_STATE_) of = r->state;
      if (r->event != CPM_EVENT_) on = r->event;
      if (on != event || !(cpmi_state_set(of) >> state & 1u) || !cpmi_guard_holds(env, r->when)) continue;
      return r->ignore ? 0 : (uint16_t)(before + i + 1);
    }
    before += (unsigned)rows->n;
  }
  return 0;
}

/* ---- what ops make possible ---------------------------------------------------------------------------------------- */

#define ENGINE_BIT(event) (UINT64_C(1) << CPM_EVENT_##event)

static uint64_t engine_answers(const cpmi_recipe *r) {
  if (r->kind == CPMI_RECIPE_FORKED) return 0;
  switch (r->start) {
  case CPM_METHOD_MESSAGE:
    return ENGINE_BIT(message_1xx) | ENGINE_BIT(message_ok) | ENGINE_BIT(message_fail) | ENGINE_BIT(message_timeout);
  case CPM_METHOD_INVITE:
    if (r->kind == CPMI_RECIPE_IN_DIALOG) return ENGINE_BIT(reinvite_done);
    return ENGINE_BIT(invite_1xx) | ENGINE_BIT(invite_ok) | ENGINE_BIT(invite_fork) | ENGINE_BIT(invite_fail) | ENGINE_BIT(invite_timeout);
  case CPM_METHOD_UPDATE:  return ENGINE_BIT(reinvite_done);
  case CPM_METHOD_BYE:     return ENGINE_BIT(bye_done);
  default:                 return 0;
  }
}

#define ENGINE_TIMER(name, length, doc) ENGINE_BIT(timer_##name),
static const uint64_t engine_timers[] = { CPM_TIMERS(ENGINE_TIMER) };

uint64_t cpmi_enables(const cpmi_op *op) {
  switch (op->op) {
  case CPMI_OP_SEND:    return engine_answers(cpmi_recipes[op->b]);
  case CPMI_OP_PUSH:
    if (cpmi_recipes[op->b]->kind == CPMI_RECIPE_MSRP_REPORT) return 0;   /* it has no response */
    return ENGINE_BIT(msrp_ok) | ENGINE_BIT(msrp_fail);
  case CPMI_OP_ASK:     return ENGINE_BIT(on_policy);
  case CPMI_OP_START:   return engine_timers[op->b];
  case CPMI_OP_CONNECT:
  case CPMI_OP_LISTEN:  return ENGINE_BIT(media_up) | ENGINE_BIT(media_down) | ENGINE_BIT(writable);
  case CPMI_OP_FETCH:   return ENGINE_BIT(on_loaded);
  default:              return 0;
  }
}

/* ---- what needs a boundary ----------------------------------------------------------------------------------------- */

static bool engine_wraps(const cpmi_recipe *r) {
  size_t bodies = 0;
  for (size_t i = 0; i < r->nlines; i++) {
    if (r->lines[i].place != CPMI_PLACE_BODY) continue;
    bodies += r->lines[i].value == CPMI_VALUE_PARTS ? 2 : 1;
  }
  return bodies > 1;
}

/* The inner event that an op gives; CPM_EVENT_COUNT: none. */
static unsigned engine_gives(const cpmi_op *op) {
  switch (op->op) {
  case CPMI_OP_FORK:
  case CPMI_OP_SPLIT:
  case CPMI_OP_REFORK:
  case CPMI_OP_FILES:
  case CPMI_OP_OFFERED: return CPM_EVENT_go;
  case CPMI_OP_MATCH:
  case CPMI_OP_EACH:
  case CPMI_OP_RAISE:  return op->b;
  default:             return CPM_EVENT_COUNT;
  }
}

/* Events whose rows send what may be a multipart, and which events give which. */
typedef struct engine_edges { bool wraps[CPM_EVENT_COUNT + 1]; uint64_t gives[CPM_EVENT_COUNT][(CPM_EVENT_COUNT + 64) / 64]; } engine_edges;

static void engine_note_edges(const cpmi_rows *rows, engine_edges *e, unsigned *on) {
  for (size_t i = 0; i < rows->n; i++) {
    const cpmi_row *r = &rows->p[i];
    if (r->event != CPM_EVENT_) *on = r->event;
    for (size_t k = 0; *on < CPM_EVENT_COUNT && k < CPMI_OPS_A_ROW && r->ops[k].op != CPMI_OP_END; k++) {
      const cpmi_op *op = &r->ops[k];
      const unsigned next = engine_gives(op);
      e->gives[*on][next / 64] |= UINT64_C(1) << next % 64;
      if (op->op == CPMI_OP_SEND || op->op == CPMI_OP_REPLY) e->wraps[*on] |= engine_wraps(cpmi_recipes[op->b]);
    }
  }
}

/* Whoever gives an event that wraps wraps too. */
static bool engine_spread(engine_edges *e) {
  bool more = false;
  for (unsigned from = 0; from < CPM_EVENT_COUNT; from++)
    for (unsigned to = CPMI_EVENTS_OUTSIDE; to < CPM_EVENT_COUNT && !e->wraps[from]; to++)
      if (e->wraps[to] && (e->gives[from][to / 64] >> to % 64 & 1u)) more = e->wraps[from] = true;
  return more;
}

uint64_t cpmi_random_events(const cpm_machine *m) {
  engine_edges e;
  unsigned on = CPM_EVENT_;
  uint64_t set = 0;
  memset(&e, 0, sizeof e);
  for (unsigned leg = 0; leg < 2; leg++)
    for (size_t i = 0; i < CPMI_PARTS && m->parts[i]; i++) engine_note_edges(leg ? &m->parts[i]->leg : &m->parts[i]->call, &e, &on);
  while (engine_spread(&e)) {}
  for (unsigned type = 0; type < CPMI_EVENTS_OUTSIDE; type++)
    if (e.wraps[type]) set |= UINT64_C(1) << type;
  return set | cpmi_random_captures(m);
}

#define ENGINE_KIND_USER     CPMI_USER
#define ENGINE_KIND_REQUEST  CPMI_REQUEST_IN
#define ENGINE_KIND_RESPONSE CPMI_RESPONSE_IN
#define ENGINE_KIND_POLICY   CPMI_POLICY
#define ENGINE_KIND_MEDIA    CPMI_MEDIA_IN
#define ENGINE_KIND_MSRP     CPMI_MSRP_IN
#define ENGINE_KIND_STORE    CPMI_STORE_IN
#define ENGINE_KIND_TIMER    CPMI_TIMER_FIRED
#define ENGINE_KIND_INNER    CPMI_INNER
#define ENGINE_KIND(name, kind, doc) ENGINE_KIND_##kind,
static const uint8_t engine_kinds[] = { CPM_EVENTS(ENGINE_KIND) };
cpmi_event_kind cpmi_kind_of(unsigned event) { return (cpmi_event_kind)engine_kinds[event]; }

/* ---- the cursor: which effect is due ------------------------------------------------------------------------------- */

typedef struct engine_due { const cpmi_row *row; const cpmi_op *op; uint32_t leg; } engine_due;

/* The op under the cursor; false: the row of this stage has no more. */
static bool engine_at(const cpm_proc *p, const cpm_machine *m, const cpmi_cursor *c, engine_due *out) {
  const bool bulk = c->stage == CPMI_STAGE_BULK, leg = bulk || c->stage == CPMI_STAGE_LEG;
  const uint16_t row = bulk ? cpmi_leg_at(p, m, c->leg)->row : leg ? p->leg_row : p->call_row;
  const unsigned op = bulk ? c->bulk_op : c->op;
  out->row = row ? cpmi_row_at(m, leg, row - 1u) : NULL;
  out->leg = bulk ? c->leg : leg ? p->trigger.leg : CPM_NO_LEG;
  if (!out->row || op >= CPMI_OPS_A_ROW || out->row->ops[op].op == CPMI_OP_END) return false;
  out->op = &out->row->ops[op];
  return true;
}

/* The next leg of a bulk op that has a row, from c->leg on; behind the last one the call's row goes on. */
static void engine_seek(const cpm_proc *p, const cpm_machine *m, cpmi_cursor *c) {
  while (c->leg < p->nlegs && !cpmi_leg_at(p, m, c->leg)->row) c->leg++;
  c->bulk_op = 0;
  if (c->leg < p->nlegs) return;
  c->stage = CPMI_STAGE_CALL;
  c->op++;
}

/* A row is through. */
static void engine_leave(const cpm_proc *p, const cpm_machine *m, cpmi_cursor *c) {
  switch (c->stage) {
  case CPMI_STAGE_BULK:
    c->leg++;
    engine_seek(p, m, c);
    return;
  case CPMI_STAGE_LEG:
    c->stage = p->call_row ? CPMI_STAGE_CALL : CPMI_STAGE_NONE;
    c->op = 0;
    return;
  default:
    c->stage = CPMI_STAGE_NONE;
  }
}

/* Moves to the next op that is an effect, if the cursor is not on one. */
static void engine_settle(const cpm_proc *p, const cpm_machine *m, cpmi_cursor *c) {
  engine_due due;
  while (c->stage != CPMI_STAGE_NONE) {
    if (!engine_at(p, m, c, &due)) { engine_leave(p, m, c); continue; }
    if (cpmi_op_is_effect(due.op->op)) return;
    if (c->stage == CPMI_STAGE_CALL && cpmi_op_is_bulk(due.op->op)) {
      c->stage = CPMI_STAGE_BULK;
      c->leg = 0;
      engine_seek(p, m, c);
    } else if (c->stage == CPMI_STAGE_BULK) c->bulk_op++;
    else c->op++;
  }
}

static void engine_pass(const cpm_proc *p, const cpm_machine *m, cpmi_cursor *c) {
  if (c->stage == CPMI_STAGE_BULK) c->bulk_op++;
  else c->op++;
  engine_settle(p, m, c);
}

/* Every effect is done: legs have no row any more, and texts that nobody refers to go when they are half of all, or more than
 * there is room. */
static void engine_rest(cpm_proc *p, const cpm_machine *m) {
  const cpmi_row *row = p->call_row ? cpmi_row_at(m, false, p->call_row - 1u) : NULL;
  bool bulk = false;
  for (size_t i = 0; row && i < CPMI_OPS_A_ROW; i++) bulk |= cpmi_op_is_bulk(row->ops[i].op);
  for (uint32_t k = 0; bulk && k < p->nlegs; k++) {
    cpmi_leg *l = cpmi_leg_at(p, m, k);
    l->row = 0;
    l->was = 0;
  }
  const size_t used = p->text_end - cpmi_base(m), room = cpmi_legs_begin(p, m) - p->text_end;
  if (p->waste > used / 2 || p->waste > room) cpmi_compact(p, m);
}

/* ---- a step -------------------------------------------------------------------------------------------------------- */

typedef struct engine_step {
  cpm_proc          *p;
  const cpm_machine *m;
  const cpm_agent   *a;
  const cpm_event   *e;
  cpm_diag          *diag;
  unsigned           raised;      /* CPM_EVENT_COUNT: nothing */
  uint32_t           first_new;   /* legs from here on were made in this step */
  bool               each;        /* an EACH or MATCH went through the legs */
  bool               matched;     /* a MATCH set fields of legs */
} engine_step;

static cpmi_env engine_env(const engine_step *s, uint32_t leg) {
  cpmi_env v = { s->p, s->m, s->a, leg };
  return v;
}

static int engine_run(engine_step *s, const cpmi_row *row, uint32_t leg);

/* Gives the event to a leg; a leg without a row for it stays out. */
static int engine_give(engine_step *s, uint32_t k, unsigned event) {
  cpmi_leg *l = cpmi_leg_at(s->p, s->m, k);
  const cpmi_env v = engine_env(s, k);
  l->row = cpmi_choose(&v, true, l->state, event);
  if (!l->row) return CPM_OK;
  const cpmi_row *row = cpmi_row_at(s->m, true, l->row - 1u);
  l->was = l->state;
  if (row->next != CPMI_STATE_stays) cpmi_set_leg_state(s->p, s->m, l, row->next);
  return engine_run(s, row, k);
}

static int engine_fork(engine_step *s, unsigned kind) {
  for (size_t i = 0; i < s->e->nmembers; i++) {
    const cpm_entry *entry = &s->e->members[i];
    const int rc = cpmi_add_leg(s->p, s->m, kind, s->diag);
    if (rc) return rc;
    const uint32_t k = s->p->nlegs - 1u;
    if (!entry->uri.p || !entry->uri.n) return cpmi_fail(s->diag, CPM_E_ARG, i, "members", NULL);
    const int text = cpmi_set_text(s->p, s->m, k, CPM_FIELD_uri, entry->uri, s->diag);
    if (text) return text;
    const bool known = entry->copy_control <= CPM_COPY_BCC;
    cpmi_set_number(s->p, s->m, k, CPM_FIELD_copy_control, known ? (int64_t)entry->copy_control : CPM_COPY_BCC);
    cpmi_set_number(s->p, s->m, k, CPM_FIELD_anonymize, entry->anonymize);
  }
  return CPM_OK;
}

/* A leg for each notification that the message holds. */
static int engine_split(engine_step *s, unsigned kind) {
  cpm_imdn_walk at;
  const cpmi_env env = engine_env(s, CPM_NO_LEG);
  int rc;
  cpmi_walk_reports(&env, s->e, &at);
  while ((rc = cpmi_take_report(&env, s->p, s->e, kind, &at, s->diag)) == CPM_OK) {}
  return rc == CPM_END ? CPM_OK : rc;
}

static int engine_refork(engine_step *s, unsigned kind) {
  const uint32_t from = s->e->leg;
  const int rc = cpmi_add_leg(s->p, s->m, kind, s->diag);
  if (rc) return rc;
  const uint32_t k = s->p->nlegs - 1u;
  cpmi_set_number(s->p, s->m, k, CPM_FIELD_copy_control, cpmi_number(s->p, s->m, from, CPM_FIELD_copy_control));
  cpmi_set_number(s->p, s->m, k, CPM_FIELD_anonymize, cpmi_number(s->p, s->m, from, CPM_FIELD_anonymize));
  return cpmi_set_text(s->p, s->m, k, CPM_FIELD_uri, cpmi_text(s->p, s->m, from, CPM_FIELD_uri), s->diag);
}

/* What fields legs have now, in case that the step is undone. */
static int engine_match(engine_step *s) {
  for (uint32_t k = 0; k < s->p->nlegs; k++) {
    cpmi_leg *l = cpmi_leg_at(s->p, s->m, k);
    l->was_set = l->set;
  }
  s->matched = true;
  return cpmi_take_answer(s->p, s->m, s->e, s->diag);
}

static int engine_bulk(engine_step *s, const cpmi_op *op) {
  int rc = CPM_OK;
  uint32_t k = s->p->nlegs;
  if (op->op == CPMI_OP_FORK) rc = engine_fork(s, op->a);
  else if (op->op == CPMI_OP_SPLIT) rc = engine_split(s, op->a);
  else if (op->op == CPMI_OP_REFORK) rc = engine_refork(s, op->a);
  else if (op->op == CPMI_OP_FILES) rc = cpmi_take_files(s->p, s->m, s->e, s->diag);
  else if (op->op == CPMI_OP_OFFERED) rc = cpmi_take_offer(s->p, s->m, s->a, s->e, s->diag);
  else { k = 0; s->each = true; }
  if (op->op == CPMI_OP_MATCH) rc = engine_match(s);
  for (; k < s->p->nlegs && rc == CPM_OK; k++) rc = engine_give(s, k, cpmi_op_is_each(op->op) ? op->b : CPM_EVENT_go);
  return rc;
}

/* A counter at zero is unset, so that counting back leaves no trace. */
static void engine_count(const engine_step *s, uint32_t leg, cpm_field f, bool up) {
  const uint64_t was = (uint64_t)cpmi_number(s->p, s->m, leg, f);
  const int64_t n = (int64_t)(up ? was + 1 : was - 1);
  if (n) cpmi_set_number(s->p, s->m, leg, f, n);
  else cpmi_unset(s->p, s->m, leg, f);
}

/* The octets that go out with the PUSH of this row; composing finds them by their number in the trigger. */
static void engine_count_octets(const engine_step *s, uint32_t leg, cpm_field f, cpm_field whole) {
  const uint64_t was = (uint64_t)cpmi_number(s->p, s->m, leg, f), all = (uint64_t)cpmi_number(s->p, s->m, leg, whole);
  uint64_t n = all > was ? all - was : 0;
  if (s->e->len && n > s->e->len && s->e->type == CPM_EVENT_writable) n = s->e->len;
  if (n > s->a->chunk_size) n = s->a->chunk_size;
  s->p->trigger.len = n;
  cpmi_set_number(s->p, s->m, leg, f, (int64_t)(was + n));
}

/* The call's field gets what the leg that raised has in its own. */
static int engine_learn(const engine_step *s, cpm_field f) {
  const cpm_str text = cpmi_text(s->p, s->m, s->e->leg, f);
  if (text.p) return cpmi_set_text(s->p, s->m, CPM_NO_LEG, f, text, s->diag);
  cpmi_unset(s->p, s->m, CPM_NO_LEG, f);
  return CPM_OK;
}

/* RFC 3261 16.7: a 6xx before all, else the lowest class, and in 4xx those that say what to do. The smaller the better. */
static unsigned engine_rank(int64_t code) {
  const bool told = code == 401 || code == 407 || code == 415 || code == 420 || code == 484;
  return code >= 600 ? 0 : code >= 500 ? 3 : told ? 1 : 2;
}

/* The better of the call's status and that of the leg that raised. No response counts as 408 (RFC 3261 16.8), an answer of no use and a
 * redirect, whose Contact goes no further, as 480. */
static void engine_best(const engine_step *s, cpm_field f) {
  bool present = false;
  const int64_t best = cpmi_number(s->p, s->m, CPM_NO_LEG, f), came = cpmi_number(s->p, s->m, s->e->leg, f);
  cpmi_find(s->p, s->m, s->e->leg, f, &present);
  const int64_t code = !present || (came && (came < 400 || came > 699)) ? 480 : came ? came : 408;
  if (!best || engine_rank(code) < engine_rank(best)) cpmi_set_number(s->p, s->m, CPM_NO_LEG, f, code);
}

/* The ops of a row that change the block; its effects come later, one at a time. */
static int engine_run(engine_step *s, const cpmi_row *row, uint32_t leg) {
  int rc = CPM_OK;
  for (size_t i = 0; i < CPMI_OPS_A_ROW && row->ops[i].op != CPMI_OP_END && rc == CPM_OK; i++) {
    const cpmi_op *op = &row->ops[i];
    const cpm_field f = (cpm_field)op->b;
    switch (op->op) {
    case CPMI_OP_HOLD:   cpmi_set_number(s->p, s->m, leg, f, (int64_t)s->e->txn); break;
    case CPMI_OP_ADD:    engine_count(s, leg, f, true); break;
    case CPMI_OP_SUB:    engine_count(s, leg, f, false); break;
    case CPMI_OP_TAKE:   engine_count_octets(s, leg, f, (cpm_field)op->a); break;
    case CPMI_OP_RAISE:  s->raised = op->b; break;
    case CPMI_OP_COMPOSE: {
      const cpmi_env v = engine_env(s, leg);
      rc = cpmi_make_doc(s->p, &v, op->a, f, s->diag);
      break;
    }
    case CPMI_OP_LEARN:  rc = engine_learn(s, f); break;
    case CPMI_OP_BEST:   engine_best(s, f); break;
    case CPMI_OP_MARK:   cpmi_set_number(s->p, s->m, leg, f, op->a); break;
    case CPMI_OP_CLEAR:  cpmi_unset(s->p, s->m, leg, f); break;
    case CPMI_OP_FORK:
    case CPMI_OP_SPLIT:
    case CPMI_OP_REFORK:
    case CPMI_OP_FILES:
    case CPMI_OP_OFFERED:
    case CPMI_OP_MATCH:
    case CPMI_OP_EACH:   rc = engine_bulk(s, op); break;
    default: break;
    }
  }
  return rc;
}

static int engine_take_leg(engine_step *s) {
  cpmi_leg *l = cpmi_leg_at(s->p, s->m, s->e->leg);
  const cpmi_env v = engine_env(s, s->e->leg);
  s->p->leg_row = cpmi_choose(&v, true, l->state, s->e->type);
  if (!s->p->leg_row) return CPM_IGNORED;
  const cpmi_row *row = cpmi_row_at(s->m, true, s->p->leg_row - 1u);
  if (row->next != CPMI_STATE_stays) cpmi_set_leg_state(s->p, s->m, l, row->next);
  return engine_run(s, row, s->e->leg);
}

static int engine_take_call(engine_step *s, unsigned event) {
  const cpmi_env v = engine_env(s, CPM_NO_LEG);
  s->p->call_row = cpmi_choose(&v, false, s->p->state, event);
  if (!s->p->call_row) return CPM_IGNORED;
  const cpmi_row *row = cpmi_row_at(s->m, false, s->p->call_row - 1u);
  if (row->next != CPMI_STATE_stays) s->p->state = row->next;
  return engine_run(s, row, CPM_NO_LEG);
}

/* Composes every effect once without a buffer: what passes here cannot fail later. */
static int engine_preflight(engine_step *s) {
  cpmi_cursor c = s->p->cursor;
  size_t most = 0, need;
  cpm_effect x;
  engine_due due;
  while (c.stage != CPMI_STAGE_NONE && engine_at(s->p, s->m, &c, &due)) {
    const cpmi_env v = engine_env(s, due.leg);
    const int rc = cpmi_compose(&v, due.op, due.row, NULL, 0, &x, &need, s->diag);
    if (rc) return rc;
    if (need > most) most = need;
    engine_pass(s->p, s->m, &c);
  }
  if (most > UINT32_MAX) return cpmi_fail(s->diag, CPM_E_TOO_LONG, 0, "effect", NULL);
  s->p->need = (uint32_t)most;
  return CPM_OK;
}

/* A host that does not say how the chunk ended: it is the last one if it reaches the total. */
static char engine_flag(const cpm_event *e) {
  const cpm_msrp *m = e->msrp;
  if (!m || m->flag) return m ? m->flag : '\0';
  return m->has_range && m->range.total != CPM_MSRP_ANY && m->range.start + e->len > m->range.total ? '$' : '+';
}

/* As it is passed on: one that ends before it starts is not written. */
static cpm_msrp_range engine_range(const cpm_msrp *m) {
  cpm_msrp_range r = { 1, CPM_MSRP_ANY, CPM_MSRP_ANY };
  if (m && m->has_range) r = m->range;
  if (r.end < r.start && r.total) r.end = CPM_MSRP_ANY;
  return r;
}

static void engine_trigger(engine_step *s) {
  cpmi_trigger *t = &s->p->trigger;
  *t = (cpmi_trigger){ s->e->txn, s->e->item, s->e->len, s->e->dialog, s->e->now, cpmi_status_of(s->e), s->e->leg,
                       s->e->type == CPM_EVENT_on_loaded ? s->e->from : s->e->leg, 0, { 0 },
                       engine_range(s->e->msrp), engine_flag(s->e), { 0 } };
  if (s->e->random.p && s->e->random.n >= CPM_RANDOM_NEED) memcpy(t->random, s->e->random.p, CPM_RANDOM_NEED);
}

static int engine_take(engine_step *s) {
  s->p->leg_row = s->p->call_row = 0;
  engine_trigger(s);
  int rc = cpmi_capture_all(s->p, s->m, s->a, s->e, s->diag);
  if (rc) return rc;
  rc = s->e->leg != CPM_NO_LEG ? engine_take_leg(s) : engine_take_call(s, s->e->type);
  if (rc == CPM_OK && s->raised != CPM_EVENT_COUNT) {
    rc = engine_take_call(s, s->raised);
    if (rc == CPM_IGNORED) rc = CPM_OK;    /* the checker proves that every RAISE is taken where it can come */
  }
  if (rc) return rc;
  s->p->cursor = (cpmi_cursor){ s->e->leg != CPM_NO_LEG ? CPMI_STAGE_LEG : CPMI_STAGE_CALL, 0, 0, 0, 0 };
  engine_settle(s->p, s->m, &s->p->cursor);
  rc = engine_preflight(s);
  for (uint32_t k = 0; rc == CPM_OK && s->matched && k < s->p->nlegs; k++) cpmi_leg_at(s->p, s->m, k)->was_set = 0;
  return rc;
}

/* ---- undoing ------------------------------------------------------------------------------------------------------- */

typedef union engine_saved { uint64_t align; char head[CPMI_HEAD_MAX]; } engine_saved;
typedef union engine_saved_leg { uint64_t align; char record[CPMI_LEG_MAX]; } engine_saved_leg;

/* A leg that EACH reached: its state from `was`, its counters counted back. Rows of bulk events change nothing else (the checker
 * holds them to it). */
static void engine_undo_bulk(const engine_step *s, uint32_t k) {
  cpmi_leg *l = cpmi_leg_at(s->p, s->m, k);
  const cpmi_row *row = l->row ? cpmi_row_at(s->m, true, l->row - 1u) : NULL;
  for (size_t i = 0; row && i < CPMI_OPS_A_ROW; i++) {
    if (row->ops[i].op == CPMI_OP_ADD) engine_count(s, k, (cpm_field)row->ops[i].b, false);
    if (row->ops[i].op == CPMI_OP_SUB) engine_count(s, k, (cpm_field)row->ops[i].b, true);
  }
  if (row) l->state = l->was;
  l->row = 0;
  l->was = 0;
}

/* Fields that an answer set were unset before. */
static void engine_undo_match(const engine_step *s, uint32_t k) {
  cpmi_leg *l = cpmi_leg_at(s->p, s->m, k);
  for (size_t i = 0; i < s->m->leg_fields.n; i++)
    if ((l->set & ~l->was_set) >> i & 1u) l->slots[i] = 0;
  l->set = l->was_set;
  l->was_set = 0;
}

/* Everything as it was: the head and the event's leg from their copies, legs of a bulk op counted back, new texts and legs as the
 * zeros that free bytes are. Counters of legs lie in the head. */
static void engine_undo(engine_step *s, const engine_saved *head, const engine_saved_leg *leg) {
  cpm_proc *p = s->p;
  const uint32_t text_end = p->text_end;
  for (uint32_t k = 0; s->each && k < s->first_new; k++) engine_undo_bulk(s, k);
  for (uint32_t k = 0; s->matched && k < s->first_new; k++) engine_undo_match(s, k);
  const size_t legs = cpmi_legs_begin(p, s->m);
  memcpy(p, head->head, cpmi_base(s->m));
  memset((char *)p + p->text_end, 0, text_end - p->text_end);
  memset((char *)p + legs, 0, cpmi_legs_begin(p, s->m) - legs);
  if (s->e->leg != CPM_NO_LEG) memcpy(cpmi_leg_at(p, s->m, s->e->leg), leg->record, cpmi_leg_size(s->m));
}

/* An answer to something that was asked for comes late; everything else has no business here. */
static int engine_untaken(const engine_step *s) {
  const uint64_t asked = s->e->leg != CPM_NO_LEG ? cpmi_leg_at(s->p, s->m, s->e->leg)->enabled : s->p->enabled;
  return asked >> s->e->type & 1u ? CPM_LATE : CPM_IGNORED;
}

/* Does the status belong to the event? No response at all is a timeout, or the end of a BYE or re-INVITE. */
static bool engine_is_answer(const cpm_event *e) {
  const unsigned status = e->sip ? e->sip->status : 0;
  if (e->sip && !status) return false;
  if (e->type == CPM_EVENT_bye_done || e->type == CPM_EVENT_reinvite_done) return status == 0 || status >= 200;
  if (e->type == CPM_EVENT_invite_fork) return status / 100 == 2;
  return cpm_event_of_response(CPM_METHOD_MESSAGE, status) == e->type || cpm_event_of_response(CPM_METHOD_INVITE, status) == e->type;
}

static bool engine_is_request(const cpm_event *e) {
  if (!e->sip || e->sip->status) return false;
  if (e->type == CPM_EVENT_on_reinvite) return e->sip->method == CPM_METHOD_INVITE || e->sip->method == CPM_METHOD_UPDATE;
  return cpm_event_of_request(e->sip->method) == e->type;
}

/* A head that the codec could have read: what of it is passed on can be written. */
static bool engine_is_head(const engine_step *s) {
  const cpm_msrp *m = s->e->msrp;
  const char *bad = NULL;
  if (m->has_range && !cpmi_msrp_range_holds(&m->range)) bad = "Byte-Range";
  else if (m->flag && m->flag != '+' && m->flag != '$' && m->flag != '#') bad = "continuation-flag";
  else if (cpmi_msrp_check_text(m->content_type, NULL, NULL)) bad = "Content-Type";
  else if (!m->status && m->method == CPM_MSRP_SEND && (m->body || s->e->len) && !m->content_type.n) bad = "Content-Type";
  if (bad) cpmi_fail(s->diag, CPM_E_ARG, 0, bad, "RFC 4975 9");
  return !bad;
}

/* Does what the event says of itself fit together? */
static int engine_check_event(const engine_step *s) {
  const cpm_event *e = s->e;
  const cpmi_event_kind kind = e->type < CPM_EVENT_COUNT ? cpmi_kind_of(e->type) : CPMI_INNER;
  if (kind == CPMI_INNER) return cpmi_fail(s->diag, CPM_E_ARG, 0, "event type", NULL);
  if (e->leg != CPM_NO_LEG && e->leg >= s->p->nlegs) return cpmi_fail(s->diag, CPM_E_ARG, 0, "leg", NULL);
  if (e->from != CPM_NO_LEG && (e->from >= s->p->nlegs || e->type != CPM_EVENT_on_loaded)) return cpmi_fail(s->diag, CPM_E_ARG, 0, "from", NULL);
  if ((e->nargs && !e->args) || (e->nmembers && !e->members) || (e->nfiles && !e->files) || (e->sip && e->sip->nfields && !e->sip->fields))
    return cpmi_fail(s->diag, CPM_E_ARG, 0, "array", NULL);
  if (kind == CPMI_REQUEST_IN && !engine_is_request(e)) return cpmi_fail(s->diag, CPM_E_ARG, 0, "request", NULL);
  if (e->type == CPM_EVENT_on_report && (!e->msrp || e->msrp->status || e->msrp->method != CPM_MSRP_REPORT))
    return cpmi_fail(s->diag, CPM_E_ARG, 0, "msrp", NULL);
  if (e->type == CPM_EVENT_on_chunk && (!e->msrp || e->msrp->status || e->msrp->method != CPM_MSRP_SEND))
    return cpmi_fail(s->diag, CPM_E_ARG, 0, "msrp", NULL);
  if (e->msrp && !engine_is_head(s)) return CPM_E_ARG;
  if ((e->type == CPM_EVENT_invite_fork) != (e->dialog != 0)) return cpmi_fail(s->diag, CPM_E_ARG, 0, "dialog", NULL);
  if (kind == CPMI_RESPONSE_IN && !engine_is_answer(e)) return cpmi_fail(s->diag, CPM_E_ARG, 0, "response", NULL);
  if (e->sip && e->sip->body.n && !e->sip->body.p) return cpmi_fail(s->diag, CPM_E_ARG, 0, "body", NULL);
  const size_t random = e->random.p ? e->random.n : 0;
  if (random < CPM_RANDOM_NEED && (s->p->random >> e->type & 1u)) return cpmi_fail(s->diag, CPM_E_RANDOM, 0, "random", NULL);
  return CPM_OK;
}

static const cpm_machine *engine_open(const cpm_proc *p) {
  const bool ours = p && p->magic == CPMI_MAGIC && p->layout == CPMI_LAYOUT && p->order == CPMI_ORDER;
  return ours ? cpmi_machine_of(p) : NULL;
}

int cpm_proc_step(cpm_proc *p, const cpm_agent *agent, const cpm_event *event, cpm_diag *diag) {
  engine_saved head;
  engine_saved_leg leg;
  if (!p || !agent || !event) return cpmi_fail(diag, CPM_E_ARG, 0, "argument", NULL);
  const cpm_machine *m = engine_open(p);
  if (!m) return cpmi_fail(diag, CPM_E_BLOCK, 0, "magic", NULL);
  if (p->cursor.stage != CPMI_STAGE_NONE) return cpmi_fail(diag, CPM_E_BUSY, 0, "effects", NULL);
  engine_step s = { p, m, agent, event, diag, CPM_EVENT_COUNT, p->nlegs, false, false };
  int rc = engine_check_event(&s);
  if (rc) return rc;
  if (p->over) return engine_untaken(&s);
  memcpy(head.head, p, cpmi_base(m));
  if (event->leg != CPM_NO_LEG) memcpy(leg.record, cpmi_leg_at(p, m, event->leg), cpmi_leg_size(m));
  rc = engine_take(&s);
  if (rc) engine_undo(&s, &head, &leg);
  else if (p->cursor.stage == CPMI_STAGE_NONE) engine_rest(p, m);
  return rc == CPM_IGNORED ? engine_untaken(&s) : rc;
}

/* ---- effects ------------------------------------------------------------------------------------------------------- */

int cpm_proc_effect(const cpm_proc *p, const cpm_agent *agent, char *buf, size_t cap, cpm_effect *effect) {
  engine_due due;
  size_t need;
  const cpm_machine *m = engine_open(p);
  if (!m || !agent || !effect) return CPM_E_ARG;
  if (p->cursor.stage == CPMI_STAGE_NONE || !engine_at(p, m, &p->cursor, &due)) return CPM_END;
  if ((uintptr_t)buf % CPM_PROC_ALIGN) return CPM_E_ARG;
  const cpmi_env v = { p, m, agent, due.leg };
  const int rc = cpmi_compose(&v, due.op, due.row, buf, cap, effect, &need, NULL);
  if (rc == CPM_OK && (buf || need == 0)) return CPM_OK;
  memset(effect, 0, sizeof *effect);
  return rc ? rc : CPM_E_SPACE;
}

size_t cpm_proc_need(const cpm_proc *p) { return engine_open(p) && p->cursor.stage != CPMI_STAGE_NONE ? p->need : 0; }

void cpm_proc_did(cpm_proc *p) {
  engine_due due;
  const cpm_machine *m = engine_open(p);
  if (!m || p->cursor.stage == CPMI_STAGE_NONE || !engine_at(p, m, &p->cursor, &due)) return;
  const uint64_t enables = cpmi_enables(due.op);
  if (due.leg != CPM_NO_LEG) cpmi_leg_at(p, m, due.leg)->enabled |= enables;
  else p->enabled |= enables;
  if (due.op->op == CPMI_OP_DONE) p->over = 1;
  p->seq++;
  engine_pass(p, m, &p->cursor);
  if (p->cursor.stage == CPMI_STAGE_NONE) engine_rest(p, m);
}

bool cpm_proc_over(const cpm_proc *p) { return engine_open(p) && p->over; }

/* ---- making and reading -------------------------------------------------------------------------------------------- */

static uint64_t engine_records(cpmi_names fields) {
  uint64_t n = 0;
  for (size_t i = 0; i < fields.n; i++) n += cpmi_is_record(cpmi_field_type((cpm_field)fields.p[i]));
  return n;
}

/* A document that is composed once for all legs: its head, and what stands around the URI of each entry. */
enum { ENGINE_DOCUMENT = 256, ENGINE_ENTRY = 48 };
static uint64_t engine_documents(const cpm_machine *m) {
  uint64_t n = 0;
  for (size_t i = 0; i < m->fields.n; i++) n += cpmi_field_type((cpm_field)m->fields.p[i]) == CPMI_DOC_OF;
  return n;
}

size_t cpm_proc_size(const cpm_machine *m, size_t text, uint32_t legs) {
  if (!m) return 0;
  /* Each text record costs its head and padding. A few more: a text that is set anew waits for its old one to go. */
  const uint64_t records = (engine_records(m->fields) + 8) * 16u + legs * engine_records(m->leg_fields) * 16u;
  const uint64_t documents = engine_documents(m) * (ENGINE_DOCUMENT + (uint64_t)legs * ENGINE_ENTRY);
  const uint64_t size = cpmi_base(m) + (uint64_t)text + records + documents + (uint64_t)legs * cpmi_leg_size(m);
  return text > UINT32_MAX || size > UINT32_MAX - 64u ? 0 : (size_t)((size + 7u) & ~UINT64_C(7));
}

static uint32_t engine_index_of(const cpm_machine *m) {
  uint32_t i = 0;
  while (i < cpmi_machine_count && cpmi_machines[i] != m) i++;
  return i;
}

void cpmi_make(cpm_proc *p, size_t size, const cpm_machine *m) {
  memset(p, 0, size);
  p->magic = CPMI_MAGIC;
  p->layout = CPMI_LAYOUT;
  p->order = CPMI_ORDER;
  p->size = (uint32_t)size;
  p->machine = engine_index_of(m);
  p->tables = cpmi_tables_hash(m);
  p->random = cpmi_random_events(m);
  p->text_end = (uint32_t)cpmi_base(m);
  p->state = m->init;
  p->trigger.leg = p->trigger.from = CPM_NO_LEG;
}

int cpm_proc_init(void *mem, size_t size, const cpm_machine *m, const cpm_agent *agent, cpm_diag *diag) {
  if (!mem || !m || (uintptr_t)mem % CPM_PROC_ALIGN || size > UINT32_MAX) return cpmi_fail(diag, CPM_E_ARG, 0, "memory", NULL);
  size &= ~(size_t)7u;
  if (size < cpmi_base(m)) return cpmi_no_space(diag, cpmi_base(m));
  const int rc = cpm_agent_check(agent, diag);
  if (rc) return rc;
  cpmi_make(mem, size, m);
  return CPM_OK;
}

static bool engine_readable(const cpm_proc *p, uint32_t leg, cpm_field f) {
  return engine_open(p) && f > CPM_FIELD_NONE && f < CPM_FIELD_COUNT && (leg == CPM_NO_LEG || leg < p->nlegs);
}

cpm_str cpm_proc_text(const cpm_proc *p, uint32_t leg, cpm_field f) {
  if (!engine_readable(p, leg, f) || !cpmi_is_text(cpmi_field_type(f))) return cpm_str_none();
  return cpmi_text(p, cpmi_machine_of(p), leg, f);
}

int64_t cpm_proc_number(const cpm_proc *p, uint32_t leg, cpm_field f) {
  return engine_readable(p, leg, f) ? cpmi_number(p, cpmi_machine_of(p), leg, f) : 0;
}

bool cpm_proc_has(const cpm_proc *p, uint32_t leg, cpm_field f) {
  bool present = false;
  return engine_readable(p, leg, f) && cpmi_find(p, cpmi_machine_of(p), leg, f, &present) && present;
}

bool cpm_proc_content(const cpm_proc *p, uint32_t leg, cpm_field f, cpm_piece *out) {
  cpmi_content c;
  if (!engine_readable(p, leg, f) || cpmi_field_type(f) != CPMI_CONTENT) return false;
  const cpm_str record = cpmi_text(p, cpmi_machine_of(p), leg, f);
  if (record.n != sizeof c) return false;
  memcpy(&c, record.p, sizeof c);
  *out = (cpm_piece){ { NULL, (size_t)c.len }, c.item, c.off };
  return true;
}

uint32_t cpm_proc_legs(const cpm_proc *p) { return engine_open(p) ? p->nlegs : 0; }

void cpm_proc_last(const cpm_proc *p, cpm_last *out) {
  memset(out, 0, sizeof *out);
  const cpm_machine *m = engine_open(p);
  if (!m) return;
  const cpmi_row *call = p->call_row ? cpmi_row_at(m, false, p->call_row - 1u) : NULL;
  const cpmi_row *leg = p->leg_row ? cpmi_row_at(m, true, p->leg_row - 1u) : NULL;
  out->machine = m->name;
  out->state = cpmi_state_name(p->state);
  const uint32_t k = p->trigger.leg;
  if (k != CPM_NO_LEG && k < p->nlegs) out->leg_state = cpmi_state_name(cpmi_leg_at(p, m, k)->state);
  if (call) { out->spec = call->spec; out->clauses = call->clauses; }
  if (leg) { out->leg_spec = leg->spec; out->leg_clauses = leg->clauses; }
}
