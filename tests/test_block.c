/* SPDX-License-Identifier: MIT */
/* Blocks: whole runs of four machines are gone through again and again: at other addresses, with a crash between any two calls, in
 * blocks of every size, with damaged bytes, with steps that fail late. */
#include "engine_script.h"
#include "engine.h"
#include <stdlib.h>
#include <string.h>

/* ---- blocks of every size ----------------------------------------------------------------------------------------- */

/* The run in a block of that size. 0: it came to its end; else a step was refused for want of room and left no trace: the bytes
 * that it says are needed. */
static uint64_t engine_run_in(const script *s, size_t size) {
  engine_run r;
  script_event x;
  int rc = CPM_OK;
  uint64_t need = 0;
  engine_begin(&r, s, size);
  engine_other.n = 0;
  for (unsigned i = 0; i < s->n && rc == CPM_OK; i++) {
    cpm_proc *before = engine_copy(&r);
    s->event(&x, i);
    memset(&r.diag, 0, sizeof r.diag);
    rc = engine_step(&r, &x);
    if (rc != CPM_OK) {
      assert_status(rc, CPM_E_SPACE, &r.diag);
      assert_string_equal(r.diag.rule, "block");
      need = r.diag.need;
      assert_true(need >= size + CPM_PROC_ALIGN && need % CPM_PROC_ALIGN == 0);
      assert_int_equal(cpm_proc_step(r.proc, &r.agent, &x.e, NULL), CPM_E_SPACE);
      assert_memory_equal(before, r.proc, size);
    } else engine_drain(&r, &engine_other);
    free(before);
    assert_status(cpm_proc_check(r.proc, size, &r.diag), CPM_OK, &r.diag);
  }
  engine_end(&r);
  return need;
}

static void a_block_of_any_size_holds_all_or_says_no(void **state) {
  (void)state;
  for (size_t i = 0; i < script_count; i++) {
    const script *s = &script_all[i];
    engine_run_plain(s);
    unsigned refused = 0, whole = 0;
    for (size_t size = cpmi_base(cpm_machine_named(s->machine)); whole < 8; size += 8) {
      if (engine_run_in(s, size)) {
        refused++;
        assert_int_equal(whole, 0);
        continue;
      }
      whole++;
      engine_assert_same_log(s);
    }
    assert_true(refused > 8);
  }
}

/* A host that does what diag.need says comes to the end: each time at least the text or leg fits that did not. */
static void a_block_that_grows_by_what_is_needed_gets_on(void **state) {
  (void)state;
  for (size_t i = 0; i < script_count; i++) {
    const script *s = &script_all[i];
    const cpm_machine *m = cpm_machine_named(s->machine);
    size_t size = cpmi_base(m), times = 0;
    engine_run_plain(s);
    for (uint64_t need; (need = engine_run_in(s, size)) != 0; size = (size_t)need) times++;
    assert_in_range(times, 1, m->fields.n + 4 * (1 + m->leg_fields.n));
    engine_assert_same_log(s);
  }
}

/* The block in `by` bytes more, elsewhere; where it was is overwritten. */
static void engine_grow(engine_run *r, size_t by) {
  cpm_proc *there = malloc(r->size + by);
  assert_non_null(there);
  assert_status(cpm_proc_grow(there, r->size + by, r->proc, &r->diag), CPM_OK, &r->diag);
  memset(r->proc, 0xa5, r->size);
  free(r->proc);
  r->proc = there;
  r->size += by & ~(size_t)7;
  assert_status(cpm_proc_check(r->proc, r->size, &r->diag), CPM_OK, &r->diag);
}

/* One run, in one block that is made larger whenever a step lacks room, and between any two effects besides. */
static void a_block_may_grow_at_any_moment(void **state) {
  (void)state;
  for (size_t i = 0; i < script_count; i++) {
    const script *s = &script_all[i];
    engine_run r;
    script_event x;
    cpm_effect effect;
    size_t grown = 0;
    engine_run_plain(s);
    engine_begin(&r, s, cpmi_base(cpm_machine_named(s->machine)));
    engine_other.n = 0;
    for (unsigned k = 0; k < s->n; k++) {
      int rc;
      s->event(&x, k);
      for (; (rc = engine_step(&r, &x)) == CPM_E_SPACE; grown++) engine_grow(&r, 24);
      assert_status(rc, CPM_OK, &r.diag);
      while (engine_effect(&r, &effect) == CPM_OK) {
        script_note(&engine_other, &effect);
        engine_grow(&r, 8);
        cpm_proc_did(r.proc);
      }
    }
    assert_true(grown > 0);
    engine_assert_same_log(s);
    engine_end(&r);
  }
}

static void a_block_does_not_grow_into_less_or_beside(void **state) {
  (void)state;
  static uint64_t mem[1024];
  engine_run r;
  engine_begin(&r, &script_all[0], 4096);
  assert_status(cpm_proc_grow(mem, 4088, r.proc, NULL), CPM_E_SPACE, NULL);
  assert_status(cpm_proc_grow((char *)mem + 4, 8000, r.proc, NULL), CPM_E_ARG, NULL);
  assert_status(cpm_proc_grow(NULL, 8000, r.proc, NULL), CPM_E_ARG, NULL);
  assert_status(cpm_proc_grow(mem, 8000, NULL, NULL), CPM_E_ARG, NULL);
  memset(r.proc, 0xa5, 16);
  assert_status(cpm_proc_grow(mem, 8000, r.proc, NULL), CPM_E_BLOCK, NULL);
  engine_end(&r);
}

/* Octets of the texts that the script's events bring, and as many legs as there are at its end. */
static size_t engine_texts(const script *s, uint32_t *legs) {
  engine_run r;
  script_event x;
  size_t n = 0;
  engine_begin(&r, s, SCRIPT_BLOCK);
  engine_to(&r, s, s->n, NULL);
  *legs = cpm_proc_legs(r.proc);
  engine_end(&r);
  for (unsigned i = 0; i < s->n; i++) {
    s->event(&x, i);
    n += x.sip.request_uri.n + x.sip.body.n;
    for (size_t k = 0; k < x.sip.nfields; k++) n += x.fields[k].name.n + x.fields[k].value.n;
    for (size_t k = 0; k < x.e.nargs; k++) n += x.args[k].text.n;
    for (size_t k = 0; k < x.e.nmembers; k++) n += x.members[k].uri.n;
  }
  return n;
}

static void cpm_proc_size_is_enough(void **state) {
  (void)state;
  for (size_t i = 0; i < script_count; i++) {
    const script *s = &script_all[i];
    uint32_t legs;
    const size_t texts = engine_texts(s, &legs);
    engine_run_plain(s);
    assert_int_equal(engine_run_in(s, cpm_proc_size(cpm_machine_named(s->machine), texts, legs)), 0);
    engine_assert_same_log(s);
  }
}

static void cpm_proc_size_does_not_wrap(void **state) {
  (void)state;
  const size_t texts[] = { 0, 1, 7, 8, 4096, UINT32_MAX / 2, UINT32_MAX - 4096, UINT32_MAX, SIZE_MAX / 2, SIZE_MAX - 7, SIZE_MAX };
  const uint32_t legs[] = { 0, 1, 1000, UINT32_MAX / 128, UINT32_MAX / 2, UINT32_MAX };
  assert_int_equal(cpm_proc_size(NULL, 0, 0), 0);
  for (size_t i = 0; cpm_machine_at(i); i++)
    for (size_t t = 0; t < sizeof texts / sizeof *texts; t++)
      for (size_t l = 0; l < sizeof legs / sizeof *legs; l++) {
        const cpm_machine *m = cpm_machine_at(i);
        const size_t size = cpm_proc_size(m, texts[t], legs[l]);
        const bool fits = texts[t] < UINT32_MAX / 2 + 1u && legs[l] <= 1000;
        assert_true(size % CPM_PROC_ALIGN == 0 && size <= UINT32_MAX);
        if (fits) assert_true(size >= cpmi_base(m) + texts[t] + legs[l] * cpmi_leg_size(m));
        else if (size) assert_true(texts[t] < UINT32_MAX && legs[l] < UINT32_MAX / 2 && size > texts[t] && size > legs[l]);
        if (size && t && cpm_proc_size(m, texts[t - 1], legs[l]) > size) fail_msg("less text, more bytes");
        if (size && l && cpm_proc_size(m, texts[t], legs[l - 1]) > size) fail_msg("fewer legs, more bytes");
      }
}

static void a_block_has_a_least_size_that_init_names(void **state) {
  (void)state;
  cpm_agent a;
  script_agent(&a, CPM_ROLE_CLIENT);
  for (size_t i = 0; cpm_machine_at(i); i++) {
    const cpm_machine *m = cpm_machine_at(i);
    const size_t least = cpmi_base(m);
    cpm_diag d = { 0 };
    void *mem = malloc(least);
    assert_non_null(mem);
    assert_status(cpm_proc_init(mem, least - 8, m, &a, &d), CPM_E_SPACE, &d);
    assert_int_equal(d.need, least);
    assert_status(cpm_proc_init(mem, 0, m, &a, &d), CPM_E_SPACE, &d);
    assert_int_equal(d.need, least);
    assert_status(cpm_proc_init(mem, (size_t)d.need, m, &a, &d), CPM_OK, &d);
    assert_status(cpm_proc_check(mem, least, &d), CPM_OK, &d);
    assert_true(cpm_proc_size(m, 0, 0) >= least);
    if (sizeof(size_t) > 4) {   /* else no memory is larger than what a block's head can say */
      assert_status(cpm_proc_init(mem, (size_t)UINT32_MAX + 1u, m, &a, &d), CPM_E_ARG, &d);
      assert_status(cpm_proc_init(mem, SIZE_MAX, m, &a, &d), CPM_E_ARG, &d);
    }
    free(mem);
  }
}

static void a_block_is_made_of_sound_memory_by_a_sound_agent(void **state) {
  (void)state;
  cpm_agent a;
  cpm_diag d = { 0 };
  _Alignas(CPM_PROC_ALIGN) uint64_t mem[512];
  const cpm_machine *m = cpm_machine_named("cf/large");
  script_agent(&a, CPM_ROLE_CONTROLLING);
  assert_int_equal(cpm_proc_init(NULL, sizeof mem, m, &a, &d), CPM_E_ARG);
  assert_int_equal(cpm_proc_init(mem, sizeof mem, NULL, &a, &d), CPM_E_ARG);
  assert_int_equal(cpm_proc_init((char *)mem + 4, sizeof mem - 8, m, &a, &d), CPM_E_ARG);
  assert_int_equal(cpm_proc_init(mem, cpmi_base(m) - 1, m, &a, &d), CPM_E_SPACE);
  assert_int_equal(cpm_proc_init(mem, sizeof mem, m, NULL, &d), CPM_E_AGENT);
  a.host = cpm_str_none();
  assert_int_equal(cpm_proc_init(mem, sizeof mem, m, &a, &d), CPM_E_AGENT);
  a.host = S("h");
  memset(mem, 0xff, sizeof mem);
  assert_int_equal(cpm_proc_init(mem, sizeof mem, m, &a, &d), CPM_OK);
  assert_int_equal(cpm_proc_check(mem, sizeof mem, &d), CPM_OK);
  /* bytes behind the last whole eight are left alone */
  assert_int_equal(cpm_proc_init(mem, cpmi_base(m) + 13, m, &a, &d), CPM_OK);
  assert_int_equal(cpm_proc_check(mem, cpmi_base(m) + 13, &d), CPM_OK);
  assert_int_equal(((char *)mem)[cpmi_base(m) + 8], 0);
  assert_int_equal(cpm_proc_check(mem, cpmi_base(m) + 16, &d), CPM_E_BLOCK);
  /* memory that is no block */
  memset(mem, 0xff, sizeof mem);
  assert_int_equal(cpm_proc_check(mem, sizeof mem, &d), CPM_E_BLOCK);
  assert_int_equal(cpm_proc_check(NULL, sizeof mem, &d), CPM_E_BLOCK);
  assert_int_equal(cpm_proc_check(mem, 8, &d), CPM_E_BLOCK);
  script_event x;
  script_init(&x, CPM_EVENT_send, CPM_NO_LEG);
  assert_int_equal(cpm_proc_step((cpm_proc *)(void *)mem, &a, &x.e, &d), CPM_E_BLOCK);
  assert_false(cpm_proc_over((cpm_proc *)(void *)mem));
}

/* What a machine does not remember is dropped without harm. */
static void fields_and_legs_that_a_machine_has_not(void **state) {
  (void)state;
  engine_run r;
  const script *s = engine_start(&r, "cf/large", 0);
  const cpm_machine *m = cpm_machine_named(s->machine);
  cpm_proc *before = engine_copy(&r);
  assert_status(cpmi_set_text(r.proc, m, CPM_NO_LEG, CPM_FIELD_message_id, S("m"), &r.diag), CPM_OK, &r.diag);
  assert_status(cpmi_set_list(r.proc, m, CPM_FIELD_members, NULL, 0, &r.diag), CPM_OK, &r.diag);
  assert_null(cpmi_room(r.proc, m, CPM_NO_LEG, CPM_FIELD_message_id, 4));
  cpmi_set_number(r.proc, m, CPM_NO_LEG, CPM_FIELD_expiry, 5);
  cpmi_unset(r.proc, m, CPM_NO_LEG, CPM_FIELD_expiry);
  assert_memory_equal(before, r.proc, r.size);
  assert_null(cpmi_count(r.proc, m, CPMI_KIND_client, CPMI_STATE_idle));
  assert_null(cpmi_count(r.proc, m, CPMI_KIND_member, CPMI_STATE_kept));
  assert_non_null(cpmi_count(r.proc, m, CPMI_KIND_member, CPMI_STATE_idle));
  free(before);
  engine_end(&r);
}

/* ---- crashes and moves -------------------------------------------------------------------------------------------- */

static void a_block_goes_on_wherever_it_lies(void **state) {
  (void)state;
  for (size_t i = 0; i < script_count; i++) {
    engine_run r;
    script_event x;
    cpm_effect e;
    const script *s = &script_all[i];
    engine_run_plain(s);
    engine_begin(&r, s, SCRIPT_BLOCK);
    engine_other.n = 0;
    for (unsigned k = 0; k < s->n; k++) {
      engine_move(&r);
      engine_take(&r, s, k, &x);
      memset(&x, 0xa5, sizeof x); /* the event is not needed any more */
      engine_move(&r);
      while (engine_effect(&r, &e) == CPM_OK) {
        script_note(&engine_other, &e);
        engine_move(&r);
        cpm_proc_did(r.proc);
        engine_move(&r);
      }
    }
    engine_assert_same_log(s);
    engine_end(&r);
  }
}

/* A host that dies after an effect and before cpm_proc_did gives it again from the block that it saved, with the same seq. */
static void after_a_crash_the_effect_comes_again(void **state) {
  (void)state;
  for (size_t i = 0; i < script_count; i++) {
    engine_run r;
    script_event x;
    cpm_effect e;
    const script *s = &script_all[i];
    engine_begin(&r, s, SCRIPT_BLOCK);
    for (unsigned k = 0; k < s->n; k++) {
      engine_take(&r, s, k, &x);
      while (engine_effect(&r, &e) == CPM_OK) {
        cpm_proc *saved = engine_copy(&r);
        engine_plain.n = engine_other.n = 0;
        script_note(&engine_plain, &e);
        cpm_proc_did(r.proc);
        memcpy(r.proc, saved, r.size); /* what came after the save is lost */
        free(saved);
        assert_status(cpm_proc_check(r.proc, r.size, &r.diag), CPM_OK, &r.diag);
        assert_int_equal(engine_effect(&r, &e), CPM_OK);
        script_note(&engine_other, &e);
        engine_assert_same_log(s);
        cpm_proc_did(r.proc);
      }
    }
    assert_true(cpm_proc_over(r.proc));
    engine_end(&r);
  }
}

/* ---- damage ------------------------------------------------------------------------------------------------------- */

/* Whatever it is: no call goes outside. The sanitizers watch. */
static void engine_use(engine_run *r, const script_event *x) {
  cpm_effect e;
  cpm_piece piece;
  cpm_last last;
  volatile size_t sum = 0;
  for (unsigned i = 0; i < 8 && engine_effect(r, &e) == CPM_OK; i++) cpm_proc_did(r->proc);
  cpm_proc_step(r->proc, &r->agent, &x->e, NULL);
  for (unsigned i = 0; i < 8 && engine_effect(r, &e) == CPM_OK; i++) cpm_proc_did(r->proc);
  for (unsigned f = 0; f < CPM_FIELD_COUNT; f++) {
    const cpm_str text = cpm_proc_text(r->proc, CPM_NO_LEG, (cpm_field)f);
    for (size_t i = 0; i < text.n; i++) sum += (unsigned char)text.p[i];
    sum += cpm_proc_content(r->proc, 0, (cpm_field)f, &piece);
  }
  cpm_proc_last(r->proc, &last);
  (void)sum;
}

static void engine_damage(engine_run *r, const script_event *x, unsigned *passed) {
  cpm_proc *sound = engine_copy(r);
  const size_t legs = cpmi_legs_begin(r->proc, cpmi_machine_of(r->proc)), used = r->proc->text_end;
  for (size_t at = 0; at < r->size; at++) {
    if (at == used) at = legs;
    for (unsigned mask = 1; mask < 256 && at < r->size; mask = mask == 1 ? 0x80 : mask == 0x80 ? 0xff : 256) {
      memcpy(r->proc, sound, r->size);
      ((unsigned char *)r->proc)[at] ^= (unsigned char)mask;
      if (cpm_proc_check(r->proc, r->size, NULL) != CPM_OK) continue;
      ++*passed;
      engine_use(r, x);
    }
  }
  memcpy(r->proc, sound, r->size);
  free(sound);
}

static void a_damaged_block_is_refused_or_harmless(void **state) {
  (void)state;
  unsigned passed = 0;
  for (size_t i = 0; i < script_count; i++) {
    engine_run r;
    script_event x, next;
    cpm_effect e;
    const script *s = &script_all[i];
    engine_begin(&r, s, 4096);
    for (unsigned k = 0; k < s->n && k < 8; k++) {
      s->event(&x, k);
      s->event(&next, k + 1 < s->n ? k + 1 : k);
      assert_status(engine_step(&r, &x), CPM_OK, &r.diag);
      engine_damage(&r, &next, &passed); /* effects pending, of legs too */
      for (bool first = true; engine_effect(&r, &e) == CPM_OK; first = false) {
        if (!first && k == 1) engine_damage(&r, &next, &passed);
        cpm_proc_did(r.proc);
      }
    }
    engine_damage(&r, &next, &passed);
    engine_end(&r);
  }
  assert_true(passed > 0); /* characters of texts may be others */
}

/* ---- every number is looked at ---------------------------------------------------------------------------------------- */

/* The record that the field refers to. */
static char *engine_record(cpm_proc *p, uint32_t leg, cpm_field f) {
  bool present = false;
  const cpmi_slot *slot = cpmi_find(p, cpmi_machine_of(p), leg, f, &present);
  assert_true(slot && present);
  return (char *)p + (*slot & UINT32_MAX);
}

static cpmi_slot *engine_slot(cpm_proc *p, uint32_t leg, cpm_field f) {
  bool present = false;
  return (cpmi_slot *)(uintptr_t)cpmi_find(p, cpmi_machine_of(p), leg, f, &present);
}

/* v as a number of n octets. */
static void engine_poke(void *at, uint64_t v, size_t n) {
  const uint16_t two = (uint16_t)v;
  const uint32_t four = (uint32_t)v;
  memcpy(at, n == sizeof two ? (const void *)&two : n == sizeof four ? (const void *)&four : (const void *)&v, n);
}

/* The change to a copy of the block in r is found, by that name. */
#define refused(what, change) \
  do { \
    cpm_proc *p = engine_copy(&r); \
    change; \
    memset(&r.diag, 0, sizeof r.diag); \
    assert_status(cpm_proc_check(p, r.size, &r.diag), CPM_E_BLOCK, &r.diag); \
    assert_string_equal(r.diag.rule, what); \
    free(p); \
  } while (0)

static void numbers_of_the_head_are_looked_at(void **state) {
  (void)state;
  engine_run r;
  engine_start(&r, "cf/large", 3); /* a leg was answered: rows of leg and call, three legs, texts */
  assert_status(cpm_proc_check(r.proc, r.size, &r.diag), CPM_OK, &r.diag);
  refused("magic", p->magic++);
  refused("layout", p->layout++);
  refused("byte order", p->order = 0x0201);
  refused("size", p->size -= 8);
  refused("size", p->size += 8);
  refused("machine", p->machine = 1000);
  refused("machine", p->machine = UINT32_MAX);
  refused("tables", p->machine = p->machine - 1);
  refused("tables", p->tables ^= 1);
  refused("legs", p->nlegs = 1000);
  refused("legs", p->nlegs = UINT32_MAX);
  refused("texts", p->text_end = 8);
  refused("texts", p->text_end = (uint32_t)r.size);
  refused("texts", p->text_end += 4);
  refused("state", p->state = CPMI_STATE_COUNT);
  refused("flags", p->over = 2);
  refused("flags", p->pad[0] = 1);
  refused("flags", p->pad[1] = 1);
  refused("row", p->leg_row = 500);
  refused("row", p->call_row = 500);
  refused("leg of the event", p->trigger.leg = 3);
  refused("leg of the event", p->trigger.leg = CPM_NO_LEG);
  refused("fields", p->set |= UINT64_C(1) << 63);
  refused("cursor", p->cursor.stage = 9);
  refused("cursor", p->cursor.op = CPMI_OPS_A_ROW + 1);
  refused("cursor", p->cursor.bulk_op = CPMI_OPS_A_ROW + 1);
  refused("cursor", p->cursor.pad = 1);
  refused("cursor", (p->cursor.stage = CPMI_STAGE_LEG, p->cursor.op = 0));  /* RAISE is no effect */
  refused("cursor", (p->cursor.stage = CPMI_STAGE_CALL, p->cursor.op = 7)); /* behind the row's last op */
  refused("cursor", (p->cursor.stage = CPMI_STAGE_CALL, p->call_row = 0));
  refused("cursor", (p->cursor.stage = CPMI_STAGE_BULK, p->cursor.op = 0)); /* REPLY gives nothing to legs */
  /* a block cannot be larger than its head says, nor smaller than its machine's */
  memset(&r.diag, 0, sizeof r.diag);
  assert_status(cpm_proc_check(r.proc, r.size - 8, &r.diag), CPM_E_BLOCK, &r.diag);
  refused("size", (p->size = (uint32_t)cpmi_base(cpmi_machine_of(p)) - 8, r.size = p->size));
  r.size = SCRIPT_BLOCK;
  engine_end(&r);
}

static void numbers_of_legs_are_looked_at(void **state) {
  (void)state;
  engine_run r;
  const script *s = engine_start(&r, "cf/large", 3);
  const cpm_machine *m = cpm_machine_named(s->machine);
#define LEG cpmi_leg_at(p, m, 1)
  refused("leg state", LEG->state = CPMI_STATE_kept); /* a state of other machines' legs */
  refused("leg state", LEG->kind = CPMI_KIND_client);
  refused("leg state", LEG->was = CPMI_STATE_COUNT);
  refused("leg row", LEG->row = 1); /* nothing is pending */
  refused("leg row", LEG->was = CPMI_STATE_idle + 1);
  refused("leg row", LEG->pad = 1);
  refused("leg row", LEG->pad2 = 1);
  refused("leg row", LEG->was_set = 1);
  refused("leg fields", LEG->set |= UINT32_C(1) << 31);
  refused("leg field", LEG->set &= ~UINT32_C(1)); /* an unset field that holds something */
  refused("leg field", *engine_slot(p, 0, CPM_FIELD_setup) = CPM_SETUP_COUNT);
  refused("leg field", *engine_slot(p, 0, CPM_FIELD_setup) = 0);
  refused("leg field", *engine_slot(p, 1, CPM_FIELD_anonymize) = 2);
  refused("counters", LEG->state = CPMI_STATE_ended);
  refused("counters", ++*cpmi_count(p, m, CPMI_KIND_iwf, CPMI_STATE_ended));
#undef LEG
  engine_end(&r);
}

/* While effects of legs are pending. */
static void numbers_of_a_fan_out_are_looked_at(void **state) {
  (void)state;
  engine_run r;
  script_event x;
  const script *s = engine_start(&r, "cf/pager", 1);
  const cpm_machine *m = cpm_machine_named(s->machine);
  engine_take(&r, s, 1, &x);
  assert_int_equal(r.proc->cursor.stage, CPMI_STAGE_BULK);
  assert_status(cpm_proc_check(r.proc, r.size, &r.diag), CPM_OK, &r.diag);
  refused("leg row", cpmi_leg_at(p, m, 2)->row = 500);
  refused("cursor", p->cursor.leg = 3);
  refused("cursor", p->cursor.bulk_op = 1); /* behind the leg's last op */
  refused("cursor", p->cursor.bulk_op = CPMI_OPS_A_ROW);
  refused("cursor", cpmi_leg_at(p, m, 0)->row = 0);
  refused("cursor", p->cursor.op = CPMI_OPS_A_ROW);
  engine_end(&r);
}

static void texts_and_their_records_are_looked_at(void **state) {
  (void)state;
  engine_run r;
  engine_start(&r, "cf/pager", 2);
#define CALL CPM_NO_LEG
  refused("field", engine_record(p, CALL, CPM_FIELD_request_uri)[2] = '\n');
  refused("field", engine_record(p, CALL, CPM_FIELD_request_uri)[3] = ' ');            /* no URI any more */
  refused("field", *engine_slot(p, CALL, CPM_FIELD_request_uri) += 4);                 /* out of line */
  refused("field", *engine_slot(p, CALL, CPM_FIELD_request_uri) += UINT64_C(1) << 32); /* longer than its record */
  refused("field", *engine_slot(p, CALL, CPM_FIELD_request_uri) = *engine_slot(p, CALL, CPM_FIELD_sender));
  refused("field", *engine_slot(p, CALL, CPM_FIELD_request_uri) = UINT64_C(5) << 32 | p->text_end);
  refused("field", *engine_slot(p, CALL, CPM_FIELD_request_uri) = UINT64_MAX << 3);
  refused("field", *engine_slot(p, CALL, CPM_FIELD_request_uri) = 8);
  refused("field", *engine_slot(p, CALL, CPM_FIELD_authorised) = 2);
  refused("field", *engine_slot(p, CALL, CPM_FIELD_addressed) = CPM_ADDRESSED_COUNT);
  /* content: off and len that no number holds; parts: none, too many, runs that wrap */
  refused("field", engine_poke(engine_record(p, CALL, CPM_FIELD_list) + 8, UINT64_MAX, 8));
  refused("field", engine_poke(engine_record(p, CALL, CPM_FIELD_body) + 8, 0, 8));
  refused("field", engine_poke(engine_record(p, CALL, CPM_FIELD_body) + 8, 2, 8));
  refused("field", engine_poke(engine_record(p, CALL, CPM_FIELD_body) + 8, 1000, 8));
  refused("field", engine_poke(engine_record(p, CALL, CPM_FIELD_body) + sizeof(cpmi_parts_record), UINT64_MAX, 8));
  refused("field", engine_poke(engine_record(p, CALL, CPM_FIELD_body) + sizeof(cpmi_parts_record) + 16, UINT64_MAX, 8));
  /* kept header fields: an id that is none, a length over the record, a name where there is none, a line break */
  refused("field", engine_poke(engine_record(p, CALL, CPM_FIELD_request), CPM_SIP_HEADER_COUNT, 2));
  refused("field", engine_poke(engine_record(p, CALL, CPM_FIELD_request) + 4, UINT32_MAX, 4));
  refused("field", engine_poke(engine_record(p, CALL, CPM_FIELD_request) + 2, 1, 2));
  refused("field", engine_poke(engine_record(p, CALL, CPM_FIELD_request), CPM_SIP_UNKNOWN, 2));
  refused("field", engine_record(p, CALL, CPM_FIELD_request)[9] = '\r');
  /* records: owner and length, and what nobody owns */
  refused("field", engine_poke(engine_record(p, CALL, CPM_FIELD_sender) - 8, 8, 4));
  refused("texts", p->waste += 8);
  refused("leg field", engine_record(p, 1, CPM_FIELD_uri)[1] = '\0');
  refused("free bytes", ((char *)p)[p->text_end] = 1);
  refused("free bytes", ((char *)p)[cpmi_legs_begin(p, cpmi_machine_of(p)) - 1] = 1);
#undef CALL
  engine_end(&r);
}

/* A record that no field refers to is waste; its numbers are looked at too. */
static void waste_is_looked_at(void **state) {
  (void)state;
  engine_run r;
  const script *s = engine_start(&r, "client/pager-send", 1);
  const cpm_machine *m = cpm_machine_named(s->machine);
  const uint32_t at = r.proc->text_end;
  assert_status(cpmi_set_text(r.proc, m, CPM_NO_LEG, CPM_FIELD_to, S("sip:x@example.com"), &r.diag), CPM_OK, &r.diag);
  cpmi_unset(r.proc, m, CPM_NO_LEG, CPM_FIELD_to);
  assert_status(cpm_proc_check(r.proc, r.size, &r.diag), CPM_OK, &r.diag);
  const uint32_t number = (uint32_t)((const char *)engine_slot(r.proc, CPM_NO_LEG, CPM_FIELD_status) - (const char *)r.proc);
  refused("texts", engine_poke((char *)p + at, number, 4)); /* a NUMBER owns no text */
  refused("texts", engine_poke((char *)p + at, number + 4, 4));
  refused("texts", engine_poke((char *)p + at, 0, 4));
  refused("texts", engine_poke((char *)p + at, p->size - 8, 4));
  refused("texts", engine_poke((char *)p + at, UINT32_MAX & ~7u, 4));
  refused("texts", engine_poke((char *)p + at + 4, UINT32_MAX, 4));
  refused("texts", engine_poke((char *)p + at + 4, UINT32_MAX - 8, 4));
  refused("texts", engine_poke((char *)p + at + 4, 30, 4));
  engine_end(&r);
}

/* ---- undoing ------------------------------------------------------------------------------------------------------ */

/* An agent that lost what every message must say: rows of the call, of a leg, of FORK and of EACH are all taken back. */
static void a_step_whose_effects_cannot_be_composed_leaves_no_trace(void **state) {
  (void)state;
  unsigned undone = 0;
  for (size_t i = 0; i < script_count; i++) {
    engine_run r;
    script_event x;
    const script *s = &script_all[i];
    engine_begin(&r, s, SCRIPT_BLOCK);
    for (unsigned k = 0; k < s->n; k++) {
      cpm_proc *before = engine_copy(&r);
      cpm_agent mute = r.agent;
      mute.user_agent = mute.server = mute.address = cpm_str_none();
      s->event(&x, k);
      const int rc = cpm_proc_step(r.proc, &mute, &x.e, &r.diag);
      if (rc != CPM_OK) {
        assert_status(rc, CPM_E_MISSING, &r.diag);
        assert_memory_equal(before, r.proc, r.size);
        undone++;
      }
      memcpy(r.proc, before, r.size);
      free(before);
      assert_status(engine_step(&r, &x), CPM_OK, &r.diag);
      engine_drain(&r, NULL);
    }
    engine_end(&r);
  }
  assert_int_equal(undone, 11);
}

/* Texts that were replaced are waste; what goes on living moves together and stays what it is. */
static void compacting_keeps_what_lives(void **state) {
  (void)state;
  engine_run r;
  const script *s = engine_start(&r, "cf/large", 9);
  const cpm_machine *m = cpm_machine_named(s->machine);
  const uint32_t end = r.proc->text_end;
  for (unsigned i = 0; i < 20; i++) {
    assert_status(cpmi_set_text(r.proc, m, 1, CPM_FIELD_path, S("msrp://other.example.com:2855/s2;tcp"), &r.diag), CPM_OK, &r.diag);
    assert_status(cpmi_set_text(r.proc, m, CPM_NO_LEG, CPM_FIELD_sender, S("sip:eve@example.com"), &r.diag), CPM_OK, &r.diag);
  }
  cpmi_unset(r.proc, m, 0, CPM_FIELD_path);
  assert_status(cpm_proc_check(r.proc, r.size, &r.diag), CPM_OK, &r.diag);
  cpmi_compact(r.proc, m);
  assert_status(cpm_proc_check(r.proc, r.size, &r.diag), CPM_OK, &r.diag);
  assert_int_equal(r.proc->waste, 0);
  assert_true(r.proc->text_end < end);
  assert_str(cpm_proc_text(r.proc, 1, CPM_FIELD_path), "msrp://other.example.com:2855/s2;tcp");
  assert_str(cpm_proc_text(r.proc, CPM_NO_LEG, CPM_FIELD_sender), "sip:eve@example.com");
  assert_str(cpm_proc_text(r.proc, 0, CPM_FIELD_uri), "sip:bob@example.com");
  assert_false(cpm_proc_has(r.proc, 0, CPM_FIELD_path));
  engine_end(&r);
}

/* At rest, texts that nobody refers to go when they are more than half of all, and not before. */
static void waste_goes_when_it_is_half(void **state) {
  (void)state;
  engine_run r;
  script_event x;
  const script *s = engine_start(&r, "client/pager-send", 1);
  const cpm_machine *m = cpm_machine_named(s->machine);
  assert_status(cpmi_set_text(r.proc, m, CPM_NO_LEG, CPM_FIELD_to, S("sip:x@example.com"), &r.diag), CPM_OK, &r.diag);
  assert_status(cpmi_set_text(r.proc, m, CPM_NO_LEG, CPM_FIELD_to, S("sip:y@example.com"), &r.diag), CPM_OK, &r.diag);
  const uint32_t little = r.proc->waste;
  assert_true(little > 0);
  engine_take(&r, s, 1, &x);
  assert_int_equal(r.proc->waste, little);
  while (r.proc->waste <= (r.proc->text_end - cpmi_base(m)) / 2)
    assert_status(cpmi_set_text(r.proc, m, CPM_NO_LEG, CPM_FIELD_to, S("sip:z@example.com"), &r.diag), CPM_OK, &r.diag);
  assert_status(engine_step(&r, &x), CPM_OK, &r.diag);
  assert_int_equal(r.proc->waste, 0);
  assert_str(cpm_proc_text(r.proc, CPM_NO_LEG, CPM_FIELD_to), "sip:z@example.com");
  assert_str(cpm_proc_text(r.proc, CPM_NO_LEG, CPM_FIELD_recv_origin), "sip:carol@example.com");
  assert_status(cpm_proc_check(r.proc, r.size, &r.diag), CPM_OK, &r.diag);
  engine_end(&r);
}

/* ---- many --------------------------------------------------------------------------------------------------------- */

/* A fan-out to thousands is one step; effects come one at a time from a small buffer, and the run ends when all have answered. */
static void thousands_of_recipients(void **state) {
  (void)state;
  enum { MANY = 3000 };
  engine_run r;
  script_event x;
  cpm_effect e;
  static cpm_entry members[MANY];
  static char uris[MANY][32];
  const script *s = engine_script("cf/pager");
  engine_begin(&r, s, cpm_proc_size(cpm_machine_named(s->machine), 2048 + MANY * 24, MANY));
  r.agent.max_recipients = MANY;
  engine_to(&r, s, 1, NULL);
  for (unsigned i = 0; i < MANY; i++) {
    const int n = snprintf(uris[i], sizeof uris[i], "sip:u%u@example.com", i);
    members[i] = (cpm_entry){ .uri = cpm_str_of(uris[i], (size_t)n), .copy_control = CPM_COPY_BCC };
  }
  s->event(&x, 1);
  x.e.members = members;
  x.e.nmembers = MANY;
  assert_status(engine_step(&r, &x), CPM_OK, &r.diag);
  unsigned sent = 0;
  for (; engine_effect(&r, &e) == CPM_OK; cpm_proc_did(r.proc)) sent += e.kind == CPM_EFFECT_SEND && e.leg == sent;
  assert_int_equal(sent, MANY);
  assert_status(cpm_proc_check(r.proc, r.size, &r.diag), CPM_OK, &r.diag);
  for (unsigned i = 0; i < MANY; i++) {
    assert_false(cpm_proc_over(r.proc));
    s->event(&x, 3);
    x.e.leg = i;
    assert_status(engine_step(&r, &x), CPM_OK, &r.diag);
    engine_drain(&r, NULL);
  }
  assert_true(cpm_proc_over(r.proc));
  engine_end(&r);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_block_of_any_size_holds_all_or_says_no),
    cmocka_unit_test(a_block_that_grows_by_what_is_needed_gets_on),
    cmocka_unit_test(a_block_may_grow_at_any_moment),
    cmocka_unit_test(a_block_does_not_grow_into_less_or_beside),
    cmocka_unit_test(cpm_proc_size_is_enough),
    cmocka_unit_test(cpm_proc_size_does_not_wrap),
    cmocka_unit_test(a_block_has_a_least_size_that_init_names),
    cmocka_unit_test(a_block_is_made_of_sound_memory_by_a_sound_agent),
    cmocka_unit_test(fields_and_legs_that_a_machine_has_not),
    cmocka_unit_test(a_block_goes_on_wherever_it_lies),
    cmocka_unit_test(after_a_crash_the_effect_comes_again),
    cmocka_unit_test(a_damaged_block_is_refused_or_harmless),
    cmocka_unit_test(numbers_of_the_head_are_looked_at),
    cmocka_unit_test(numbers_of_legs_are_looked_at),
    cmocka_unit_test(numbers_of_a_fan_out_are_looked_at),
    cmocka_unit_test(texts_and_their_records_are_looked_at),
    cmocka_unit_test(waste_is_looked_at),
    cmocka_unit_test(a_step_whose_effects_cannot_be_composed_leaves_no_trace),
    cmocka_unit_test(compacting_keeps_what_lives),
    cmocka_unit_test(waste_goes_when_it_is_half),
    cmocka_unit_test(thousands_of_recipients),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
