/* SPDX-License-Identifier: MIT */
/* proc_check.c - is this memory a block that the engine can go on with? A block that comes back from a database is input like any
 * other: every number in it that the engine would follow is looked at here, so that the engine need not. */
#include "engine.h"
#include <string.h>

typedef struct check_env {
  const cpm_proc    *p;
  const cpm_machine *m;
  size_t             set_records;   /* fields that refer to a text record */
  size_t             live_records;  /* text records that a field refers to */
  uint64_t           waste;
} check_env;

typedef struct check_record { uint32_t owner, len; } check_record;

static int check_bad(cpm_diag *diag, const char *what, size_t off) { return cpmi_fail(diag, CPM_E_BLOCK, off, what, NULL); }

static size_t check_rows(const cpm_machine *m, bool leg) {
  size_t n = 0;
  while (cpmi_row_at(m, leg, n)) n++;
  return n;
}

static bool check_has(cpmi_names names, unsigned name) {
  for (size_t i = 0; i < names.n; i++)
    if (names.p[i] == name) return true;
  return false;
}

/* ---- the head ------------------------------------------------------------------------------------------------------ */

static const char *check_head(const cpm_proc *p, size_t size) {
  if (p->magic != CPMI_MAGIC) return "magic";
  if (p->layout != CPMI_LAYOUT) return "layout";
  if (p->order != CPMI_ORDER) return "byte order";
  if (p->size != (size & ~(size_t)7u)) return "size";
  const cpm_machine *m = cpmi_machine_of(p);
  if (!m) return "machine";
  if (p->tables != cpmi_tables_hash(m)) return "tables";
  if (p->size < cpmi_base(m)) return "size";
  if (p->nlegs > (p->size - cpmi_base(m)) / cpmi_leg_size(m)) return "legs";
  if (p->text_end < cpmi_base(m) || p->text_end > cpmi_legs_begin(p, m) || p->text_end % 8) return "texts";
  if (p->state >= CPMI_STATE_COUNT) return "state";
  if (p->random != cpmi_random_events(m)) return "random";
  if (p->over > 1 || p->pad[0] || p->pad[1]) return "flags";
  if (p->leg_row > check_rows(m, true) || p->call_row > check_rows(m, false)) return "row";
  if (p->trigger.leg != CPM_NO_LEG && p->trigger.leg >= p->nlegs) return "leg of the event";
  if ((p->trigger.from != CPM_NO_LEG && p->trigger.from >= p->nlegs) || p->trigger.pad) return "leg of the chunk";
  if (p->trigger.flag && p->trigger.flag != '$' && p->trigger.flag != '+' && p->trigger.flag != '#') return "flag of the chunk";
  if (p->leg_row && p->trigger.leg == CPM_NO_LEG) return "leg of the event";
  if (m->fields.n < 64 && p->set >> m->fields.n) return "fields";
  return NULL;
}

/* The cursor rests on nothing, or on an op that is an effect. */
static bool check_cursor(const cpm_proc *p, const cpm_machine *m) {
  const cpmi_cursor *c = &p->cursor;
  const cpmi_row *call = p->call_row ? cpmi_row_at(m, false, p->call_row - 1u) : NULL;
  const cpmi_row *leg = p->leg_row ? cpmi_row_at(m, true, p->leg_row - 1u) : NULL;
  if (c->op > CPMI_OPS_A_ROW || c->bulk_op > CPMI_OPS_A_ROW || c->pad) return false;
  switch (c->stage) {
  case CPMI_STAGE_NONE: return true;
  case CPMI_STAGE_LEG:  return leg && c->op < CPMI_OPS_A_ROW && cpmi_op_is_effect(leg->ops[c->op].op);
  case CPMI_STAGE_CALL: return call && c->op < CPMI_OPS_A_ROW && cpmi_op_is_effect(call->ops[c->op].op);
  case CPMI_STAGE_BULK: break;
  default: return false;
  }
  if (!call || c->op >= CPMI_OPS_A_ROW || !cpmi_op_is_bulk(call->ops[c->op].op) || c->leg >= p->nlegs) return false;
  const cpmi_leg *l = cpmi_leg_at(p, m, c->leg);
  const cpmi_row *row = l->row && l->row <= check_rows(m, true) ? cpmi_row_at(m, true, l->row - 1u) : NULL;
  return row && c->bulk_op < CPMI_OPS_A_ROW && cpmi_op_is_effect(row->ops[c->bulk_op].op);
}

/* ---- fields -------------------------------------------------------------------------------------------------------- */

static bool check_list(cpm_str record) {
  size_t at = 0;
  cpm_entry e;
  while (at < record.n)
    if (!cpmi_list_next(record, &at, &e) || !cpmi_text_fits(CPMI_URI, e.uri)) return false;
  return true;
}

static bool check_kept(cpm_str record) {
  size_t at = 0;
  cpm_sip_field f;
  while (at < record.n) {
    if (!cpmi_kept_next(record, &at, &f) || cpmi_check_clean(f.value, NULL, NULL)) return false;
    if (f.id == CPM_SIP_UNKNOWN ? !cpmi_is_token(f.name) : f.name.n != 0) return false;
  }
  return true;
}

static bool check_parts(cpm_str record) {
  cpmi_parts_record head;
  if (record.n < sizeof head) return false;
  memcpy(&head, record.p, sizeof head);
  if (head.n == 0 || head.n > CPM_SIP_PIECES / 2 || record.n != sizeof head + (size_t)head.n * sizeof(cpmi_part_run)) return false;
  for (size_t i = 0; i < head.n; i++) {
    cpmi_part_run run;
    memcpy(&run, record.p + sizeof head + i * sizeof run, sizeof run);
    if (!cpmi_is_run(run.head_off, run.head_len) || !cpmi_is_run(run.body_off, run.body_len)) return false;
  }
  return true;
}

static bool check_content(cpm_str record) {
  cpmi_content content;
  if (record.n != sizeof content) return false;
  memcpy(&content, record.p, sizeof content);
  return cpmi_is_run(content.off, content.len);
}

static bool check_record_text(cpmi_type type, cpm_str record) {
  if (cpmi_is_text(type)) return cpmi_check_clean(record, NULL, NULL) == CPM_OK && cpmi_text_fits(type, record);
  switch (type) {
  case CPMI_CONTENT: return check_content(record);
  case CPMI_LIST:    return check_list(record);
  case CPMI_KEPT:    return check_kept(record);
  case CPMI_SPANS_OF: return cpmi_is_spans(record);
  case CPMI_DOC_OF:  return true;
  default:           return check_parts(record);
  }
}

static bool check_value(cpmi_type type, cpm_field f, cpmi_slot v) {
  if (type == CPMI_FLAG) return v <= 1;
  return type != CPMI_ENUM || (v >= 1 && v <= cpmi_enum_count(f));
}

static bool check_slot(check_env *v, cpm_field f, const cpmi_slot *slot, bool set) {
  const cpmi_type type = cpmi_field_type(f);
  check_record r;
  if (!set) return *slot == 0;
  if (!cpmi_is_record(type)) return check_value(type, f, *slot);
  const uint64_t off = *slot & UINT32_MAX, len = *slot >> 32;
  if (off % 8 || off < cpmi_base(v->m) + sizeof r || off > v->p->text_end || len > v->p->text_end - off) return false;
  memcpy(&r, (const char *)v->p + off - sizeof r, sizeof r);
  if (r.len != len || r.owner != (uint32_t)((const char *)slot - (const char *)v->p)) return false;
  v->set_records++;
  return check_record_text(type, cpm_str_of((const char *)v->p + off, (size_t)len));
}

static bool check_slots(check_env *v, cpmi_names fields, const cpmi_slot *slots, uint64_t set) {
  for (size_t i = 0; i < fields.n; i++)
    if (!check_slot(v, (cpm_field)fields.p[i], &slots[i], set >> i & 1u)) return false;
  return true;
}

/* Do legs have rows whose effects wait? Only while a row of the call that has a bulk op is under way. */
static bool check_in_bulk(const cpm_proc *p, const cpm_machine *m) {
  const cpmi_row *call = p->call_row ? cpmi_row_at(m, false, p->call_row - 1u) : NULL;
  bool bulk = false;
  for (size_t i = 0; call && i < CPMI_OPS_A_ROW; i++) bulk |= cpmi_op_is_bulk(call->ops[i].op);
  return bulk && p->cursor.stage != CPMI_STAGE_NONE;
}

static const char *check_legs(check_env *v) {
  const size_t rows = check_rows(v->m, true);
  const bool bulk = check_in_bulk(v->p, v->m);
  for (uint32_t k = 0; k < v->p->nlegs; k++) {
    const cpmi_leg *l = cpmi_leg_at(v->p, v->m, k);
    if (!check_has(v->m->leg_states, l->state) || !check_has(v->m->leg_kinds, l->kind) || l->was >= CPMI_STATE_COUNT) return "leg state";
    if (l->row > rows || (!bulk && (l->row || l->was)) || l->pad || l->pad2 || l->was_set) return "leg row";
    if (v->m->leg_fields.n < 64 && l->set >> v->m->leg_fields.n) return "leg fields";
    if (!check_slots(v, v->m->leg_fields, l->slots, l->set)) return "leg field";
  }
  return NULL;
}

static bool check_counters(const check_env *v) {
  for (size_t k = 0; k < v->m->leg_kinds.n; k++)
    for (size_t s = 0; s < v->m->leg_states.n; s++) {
      uint32_t n = 0;
      for (uint32_t i = 0; i < v->p->nlegs; i++) {
        const cpmi_leg *l = cpmi_leg_at(v->p, v->m, i);
        n += l->kind == v->m->leg_kinds.p[k] && l->state == v->m->leg_states.p[s];
      }
      if (n != *cpmi_count(v->p, v->m, v->m->leg_kinds.p[k], v->m->leg_states.p[s])) return false;
    }
  return true;
}

/* ---- texts --------------------------------------------------------------------------------------------------------- */

/* Is that the place of a slot that can own a text record? */
static bool check_owner(const check_env *v, uint32_t owner) {
  const size_t first = sizeof(cpm_proc), legs = cpmi_legs_begin(v->p, v->m);
  if (owner % 8) return false;
  if (owner >= first && owner < first + v->m->fields.n * sizeof(cpmi_slot))
    return cpmi_is_record(cpmi_field_type((cpm_field)v->m->fields.p[(owner - first) / sizeof(cpmi_slot)]));
  if (owner < legs || owner >= v->p->size) return false;
  const size_t at = (owner - legs) % cpmi_leg_size(v->m);
  if (at < sizeof(cpmi_leg)) return false;
  return cpmi_is_record(cpmi_field_type((cpm_field)v->m->leg_fields.p[(at - sizeof(cpmi_leg)) / sizeof(cpmi_slot)]));
}

static bool check_records(check_env *v) {
  uint32_t at = (uint32_t)cpmi_base(v->m);
  while (at < v->p->text_end) {
    check_record r;
    cpmi_slot slot;
    const uint32_t room = v->p->text_end - at;
    memcpy(&r, (const char *)v->p + at, sizeof r);
    if (r.len > room - sizeof r || !check_owner(v, r.owner)) return false;
    const uint32_t size = (uint32_t)(sizeof r + ((r.len + 7u) & ~7u));
    if (size > room) return false;
    memcpy(&slot, (const char *)v->p + r.owner, sizeof slot);
    if ((slot & UINT32_MAX) == at + sizeof r) v->live_records++;
    else v->waste += size;
    at += size;
  }
  return true;
}

static bool check_free(const check_env *v) {
  const char *p = (const char *)v->p;
  const size_t end = cpmi_legs_begin(v->p, v->m);
  for (size_t i = v->p->text_end; i < end; i++)
    if (p[i]) return false;
  return true;
}

int cpm_proc_check(const void *mem, size_t size, cpm_diag *diag) {
  if (!mem || (uintptr_t)mem % CPM_PROC_ALIGN || size < sizeof(cpm_proc) || size > UINT32_MAX) return check_bad(diag, "memory", 0);
  const cpm_proc *p = mem;
  const char *bad = check_head(p, size);
  if (bad) return check_bad(diag, bad, 0);
  check_env v = { p, cpmi_machine_of(p), 0, 0, 0 };
  if (!check_slots(&v, v.m->fields, p->slots, p->set)) return check_bad(diag, "field", sizeof *p);
  bad = check_legs(&v);
  if (bad) return check_bad(diag, bad, cpmi_legs_begin(p, v.m));
  if (!check_counters(&v)) return check_bad(diag, "counters", sizeof *p);
  if (!check_records(&v) || v.live_records != v.set_records || v.waste != p->waste) return check_bad(diag, "texts", cpmi_base(v.m));
  if (!check_cursor(p, v.m)) return check_bad(diag, "cursor", 0);
  if (!check_free(&v)) return check_bad(diag, "free bytes", p->text_end);
  return CPM_OK;
}
