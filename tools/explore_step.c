/* SPDX-License-Identifier: MIT */
/* explore_step.c - a step and its effects, with all that must hold around them: refusals leave no trace, blocks check, effects
 * repeat, a block goes on wherever it lies, and a block that is too small says so. */
#include "explore.h"
#include <stdlib.h>
#include <string.h>

static _Alignas(16) char step_buffers[3][EXPLORE_BLOCK];
static _Alignas(16) char step_out[2][EXPLORE_BUFFER];

char *explore_buffer(unsigned which) { return step_buffers[which]; }

/* ---- packing: a block without its free bytes ---------------------------------------------------------------------- */

char *explore_pack(const cpm_proc *p) {
  const size_t legs = cpmi_legs_begin(p, cpmi_machine_of(p)), behind = p->size - legs;
  char *packed = malloc(p->text_end + behind);
  if (!packed) abort();
  memcpy(packed, p, p->text_end);
  memcpy(packed + p->text_end, (const char *)p + legs, behind);
  return packed;
}

cpm_proc *explore_unpack(const char *packed, char *mem) {
  cpm_proc head;
  memcpy(&head, packed, sizeof head);
  const size_t legs = cpmi_legs_begin(&head, cpmi_machine_of(&head));
  memcpy(mem, packed, head.text_end);
  memset(mem + head.text_end, 0, legs - head.text_end);
  memcpy(mem + legs, packed + head.text_end, head.size - legs);
  return (cpm_proc *)(void *)mem;
}

/* The same procedure in a block of its least size and `room` more. Texts of legs know their owners by offset. */
static void step_shrink(cpm_proc *p, uint32_t room) {
  const cpm_machine *m = cpmi_machine_of(p);
  const uint32_t legs = (uint32_t)cpmi_legs_begin(p, m), behind = p->size - legs, by = legs - p->text_end;
  if (by <= room) return;
  for (uint32_t at = (uint32_t)cpmi_base(m); at < p->text_end;) {
    uint32_t record[2];
    memcpy(record, (char *)p + at, sizeof record);
    if (record[0] >= legs) record[0] -= by - room;
    memcpy((char *)p + at, record, sizeof record);
    at += (uint32_t)sizeof record + ((record[1] + 7u) & ~7u);
  }
  memmove((char *)p + p->text_end + room, (char *)p + legs, behind);
  memset((char *)p + p->text_end, 0, room);
  p->size -= by - room;
}

/* ---- effects ------------------------------------------------------------------------------------------------------ */

static bool step_same_effect(const cpm_effect *a, const cpm_effect *b) {
  return a->kind == b->kind && a->leg == b->leg && a->seq == b->seq && a->txn == b->txn && a->code == b->code && a->id == b->id &&
         a->number == b->number && a->item == b->item && a->sip.nfields == b->sip.nfields && a->sip.npieces == b->sip.npieces;
}

/* The same effect again gives the same bytes; a buffer that is too small gives none. */
static void step_effect_again(explore_run *r, const cpm_proc *p, const cpm_agent *a, const cpm_effect *x, size_t need) {
  cpm_effect again;
  const int rc = cpm_proc_effect(p, a, step_out[1], EXPLORE_BUFFER, &again);
  if (rc != CPM_OK || !step_same_effect(x, &again)) explore_wrong(r, "an effect changes when it is asked for again");
  for (size_t i = 0; i < x->sip.nfields; i++)
    if (!cpm_str_eq(x->sip.fields[i].value, again.sip.fields[i].value))
      explore_wrong(r, "a field changes when its effect is asked for again");
  if (x->sip.nfields == 0) return;
  if (cpm_proc_effect(p, a, step_out[1], need, &again) != CPM_OK) explore_wrong(r, "cpm_proc_need is too little");
  if (cpm_proc_effect(p, a, step_out[1], 8, &again) != CPM_E_SPACE) explore_wrong(r, "a buffer that is too small is not refused");
}

/* What is composed can be written. */
static void step_message(explore_run *r, const cpm_effect *x) {
  cpm_diag d = { 0 };
  size_t n = 0;
  if (x->kind != CPM_EFFECT_SEND && x->kind != CPM_EFFECT_REPLY) return;
  cpm_sip msg = x->sip;
  if (msg.method && !msg.request_uri.p && !msg.status) msg.request_uri = cpm_str_z("sip:in-dialog@example.com");
  if (cpm_sip_encode(NULL, 0, &n, &msg, &d) != CPM_OK) explore_wrong(r, "%s cannot be written: %s", x->name, d.rule ? d.rule : "?");
}

/* The host dies: the block is read back elsewhere. */
static void step_crash(cpm_proc **p) {
  char *const here = (char *)*p, *const there = step_buffers[here == step_buffers[0] ? 1 : 0];
  const uint32_t size = (*p)->size;
  memcpy(there, here, size);
  memset(here, 0xa5, size);
  *p = (cpm_proc *)(void *)there;
}

static void step_drain(explore_run *r, cpm_proc **p, explore_world *w) {
  const cpm_agent *a = &r->agent[w->agent];
  uint64_t seq = (*p)->seq;
  cpm_effect x;
  int rc;
  while ((rc = cpm_proc_effect(*p, a, step_out[0], EXPLORE_BUFFER, &x)) == CPM_OK) {
    if (r->c.thorough) {
      step_effect_again(r, *p, a, &x, cpm_proc_need(*p));
      step_message(r, &x);
    }
    if (x.kind == CPM_EFFECT_STORE && x.id == CPM_ITEM_ticket) explore_reports_ticket(r, *p);
    if (x.seq != seq++) explore_wrong(r, "seq does not count effects");
    explore_happens(r, w, &x);
    cpm_proc_did(*p);
    if (r->c.thorough) step_crash(p);
  }
  if (rc != CPM_END) explore_wrong(r, "an effect cannot be composed: %s", cpm_strerror(rc));
}

/* A leg has raised an event: the call has taken it, or ignores it on purpose. */
static void step_raised(explore_run *r, const cpm_proc *p) {
  const cpmi_row *leg = p->leg_row ? cpmi_row_at(r->c.m, true, p->leg_row - 1u) : NULL;
  for (size_t i = 0; leg && !p->call_row && i < CPMI_OPS_A_ROW; i++)
    if (leg->ops[i].op == CPMI_OP_RAISE && !explore_ignores(r->c.m, false, p->state, leg->ops[i].b))
      explore_wrong(r, "%s is raised and not heard in %s", cpm_event_name((cpm_event_type)leg->ops[i].b),
                    cpmi_state_name(p->state));
}

/* ---- a step ------------------------------------------------------------------------------------------------------- */

int explore_step(explore_run *r, cpm_proc **p, const explore_event *x, explore_world *w) {
  cpm_diag d = { 0 };
  const int rc = cpm_proc_step(*p, &r->agent[w->agent], &x->e, &d);
  if (rc < 0) {
    if (x->lacks && (rc == CPM_E_MISSING || rc == CPM_E_ARG || rc == CPM_E_VALUE)) r->refused++;
    else explore_wrong(r, "a step fails with %s: %s", cpm_strerror(rc), d.rule ? d.rule : "?");
  }
  if (rc != CPM_OK) return rc;
  step_raised(r, *p);
  if (r->c.taken) r->first = cpmi_note_rows(r->c.taken, *p);
  step_drain(r, p, w);
  explore_rest(r, w, *p);
  if (cpm_proc_check(*p, (*p)->size, &d) != CPM_OK) explore_wrong(r, "cpm_proc_check refuses the block: %s", d.rule ? d.rule : "?");
  w->current = w->late = 0;
  for (unsigned i = 0; i <= EXPLORE_LEGS; i++)
    if (w->side[i].binds || (w->side[i].owed && !r->c.relays)) {
      explore_wrong(r, "a chunk has no response");
      w->side[i].owed = w->side[i].binds = 0;
    }
  return rc;
}

static void step_same(explore_run *r, const cpm_proc *p, const char *before, const char *what) {
  if (memcmp(p, explore_unpack(before, step_buffers[2]), p->size) != 0) explore_wrong(r, "%s leaves a trace", what);
}

/* In a block without room to spare: whole, as in the large one `full`, or not at all. */
static void step_small(explore_run *r, const char *before, const explore_event *x, const cpm_agent *a, uint32_t room,
                       const cpm_proc *full) {
  cpm_diag d = { 0 };
  cpm_proc *p = explore_unpack(before, step_buffers[0]);
  step_shrink(p, room);
  memcpy(step_buffers[1], p, p->size);
  if (cpm_proc_check(p, p->size, &d) != CPM_OK) {
    explore_wrong(r, "cpm_proc_check refuses a smaller block: %s", d.rule);
    return;
  }
  const int rc = cpm_proc_step(p, a, &x->e, &d);
  if (rc != CPM_OK && memcmp(p, step_buffers[1], p->size) != 0)
    explore_wrong(r, "a step in a block that is too small leaves a trace");
  if (rc != CPM_OK) return;
  if (cpm_proc_check(p, p->size, &d) != CPM_OK) explore_wrong(r, "cpm_proc_check refuses a block that was filled: %s", d.rule);
  /* Without texts that nobody refers to: they go sooner where there is no room. */
  if (p->set != full->set || p->text_end - p->waste != full->text_end - full->waste || p->nlegs != full->nlegs)
    explore_wrong(r, "a step in a small block loses something");
}

/* With an agent that lacks what messages must say: nothing can be composed. */
static void step_dumb(explore_run *r, const char *before, const explore_event *x, const cpm_agent *a) {
  cpm_agent dumb = *a;
  dumb.address = dumb.user_agent = dumb.server = cpm_str_none();
  cpm_proc *p = explore_unpack(before, step_buffers[0]);
  const int rc = cpm_proc_step(p, &dumb, &x->e, NULL);
  if (rc != CPM_OK) step_same(r, p, before, "a step whose messages cannot be composed");
}

void explore_again(explore_run *r, const char *before, const explore_event *x, int rc) {
  const cpm_agent *a = &r->agent[r->nodes[r->at].w.agent];
  cpm_proc *p = explore_unpack(before, step_buffers[0]), *q = explore_unpack(before, step_buffers[1]);
  const int rp = cpm_proc_step(p, a, &x->e, NULL), rq = cpm_proc_step(q, a, &x->e, NULL);
  if (rp != rc || rq != rc || memcmp(p, q, p->size) != 0) explore_wrong(r, "the same step gives another block elsewhere");
  if (rc != CPM_OK) step_same(r, p, before, "a refused step");
  if (cpm_random_need(r->c.m, x->e.type)) {
    cpm_event e = x->e;
    e.random = cpm_str_none();
    p = explore_unpack(before, step_buffers[0]);
    if (cpm_proc_step(p, a, &e, NULL) != CPM_E_RANDOM) explore_wrong(r, "a step without random bytes is not refused");
    step_same(r, p, before, "a step without random bytes");
  }
  if (rc != CPM_OK) return;
  step_dumb(r, before, x, a);
  q = explore_unpack(before, step_buffers[2]);
  cpm_proc_step(q, a, &x->e, NULL);
  for (uint32_t room = 0; room < 1024; room = room * 2 + 64) step_small(r, before, x, a, room, q);
}
