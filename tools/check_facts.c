/* SPDX-License-Identifier: MIT */
/* check_facts.c - which facts can hold together. Facts are data, so that this follows from their shapes. */
#include "check.h"
#include <string.h>

/* ---- single facts ------------------------------------------------------------------------------------------------- */

static const cpmi_fact *facts_of(const check_facts *f, size_t i) { return &cpmi_facts[f->fact[i]]; }

void check_facts_add(check_facts *f, const int16_t *when) {
  for (int i = 0; i < CPMI_GUARD && when[i]; i++) {
    const uint16_t fact = (uint16_t)(when[i] > 0 ? when[i] : -when[i]);
    size_t k = 0;
    while (k < f->n && f->fact[k] != fact) k++;
    if (k < f->n) continue;
    if (f->n == CHECK_FACTS) {
      f->overflow = true;
      return;
    }
    f->fact[f->n++] = fact;
  }
}

bool check_facts_guard(const check_facts *f, uint32_t truth, const int16_t *when) {
  for (int i = 0; i < CPMI_GUARD && when[i]; i++) {
    const uint16_t fact = (uint16_t)(when[i] > 0 ? when[i] : -when[i]);
    for (size_t k = 0; k < f->n; k++)
      if (f->fact[k] == fact && (truth >> k & 1u) != (when[i] > 0)) return false;
  }
  return true;
}

const char *check_facts_text(const check_facts *f, uint32_t truth, uint32_t only) {
  static char text[1024];
  size_t n = 0;
  text[0] = '\0';
  for (size_t i = 0; i < f->n; i++) {
    if (!(only >> i & 1u) || n >= sizeof text - 64) continue;
    n += (size_t)snprintf(text + n, sizeof text - n, "%s%s%s", n ? ", " : "", truth >> i & 1u ? "" : "no_", facts_of(f, i)->name);
  }
  return n ? text : "always";
}

/* ---- two facts ---------------------------------------------------------------------------------------------------- */

static bool facts_counts_legs(const cpmi_fact *f) { return f->test == CPMI_TEST_NO_LEG || f->test == CPMI_TEST_NO_KIND; }

/* The legs that must not be there: kinds and states. */
static void facts_banned(const cpmi_fact *f, uint64_t *kinds, uint64_t *states) {
  *kinds = f->test == CPMI_TEST_NO_LEG ? ~UINT64_C(0) : UINT64_C(1) << f->a;
  *states = cpmi_state_set(f->test == CPMI_TEST_NO_LEG ? f->a : f->b);
}

/* Every leg that b bans is banned by a, among the kinds and states that the machine's legs have. */
static bool facts_bans_more(const check_facts *f, const cpmi_fact *a, const cpmi_fact *b) {
  uint64_t ak, as, bk, bs, kinds = 0, states = 0;
  facts_banned(a, &ak, &as);
  facts_banned(b, &bk, &bs);
  for (size_t i = 0; f->m && i < f->m->leg_kinds.n; i++) kinds |= UINT64_C(1) << f->m->leg_kinds.p[i];
  for (size_t i = 0; f->m && i < f->m->leg_states.n; i++) states |= UINT64_C(1) << f->m->leg_states.p[i];
  if (!f->m) kinds = states = ~UINT64_C(0);
  return (bk & kinds & ~ak) == 0 && (bs & states & ~as) == 0;
}

static bool facts_reads_number(const cpmi_fact *f) {
  return f->test == CPMI_TEST_OVER || (f->test == CPMI_TEST_EQUALS && f->b) || f->test == CPMI_TEST_HAS_BIT || f->test == CPMI_TEST_TOP_TYPE;
}

/* a holds and b does not (b_holds false), or both hold: is that impossible? */
static bool facts_exclude(const check_facts *f, const cpmi_fact *a, const cpmi_fact *b, bool b_holds) {
  const bool same = a->a == b->a;
  if (b_holds) {
    if (a->test == CPMI_TEST_IS && b->test == CPMI_TEST_IS) return same;
    if (a->test == CPMI_TEST_KIND && b->test == CPMI_TEST_KIND) return true;
    return a->test == CPMI_TEST_TOP_TYPE && b->test == CPMI_TEST_TOP_TYPE && same;
  }
  if (facts_reads_number(a) && b->test == CPMI_TEST_SET) return same;
  return facts_counts_legs(a) && facts_counts_legs(b) && facts_bans_more(f, a, b);
}

/* Nothing is stored: every replay is at its last chunk. */
static bool facts_last_of_none(const cpmi_fact *set, const cpmi_fact *last) {
  return set->test == CPMI_TEST_SET && last->test == CPMI_TEST_LAST && set->a == last->b;
}

static bool facts_pair_can(const check_facts *f, uint32_t truth, size_t i, size_t k) {
  const bool ti = truth >> i & 1u, tk = truth >> k & 1u;
  if (ti && facts_exclude(f, facts_of(f, i), facts_of(f, k), tk)) return false;
  return ti || tk || !facts_last_of_none(facts_of(f, i), facts_of(f, k));
}

/* ---- groups of facts ---------------------------------------------------------------------------------------------- */

/* All values of an ENUM are named here and none holds. */
static bool facts_none_of_enum(const check_facts *f, uint32_t truth, size_t i) {
  const cpmi_fact *of = facts_of(f, i);
  unsigned named = 0;
  for (size_t k = 0; k < f->n; k++) {
    if (facts_of(f, k)->test != CPMI_TEST_IS || facts_of(f, k)->a != of->a) continue;
    if (truth >> k & 1u) return false;
    named++;
  }
  return named == cpmi_enum_count((cpm_field)of->a);
}

static bool facts_machine_has_kind(const cpm_machine *m, unsigned kind) {
  for (size_t i = 0; m && i < m->leg_kinds.n; i++)
    if (m->leg_kinds.p[i] == kind) return true;
  return !m;
}

/* A leg is of one of its machine's kinds; a call is of none. */
static bool facts_kinds_can(const check_facts *f, uint32_t truth) {
  size_t named = 0, hold = 0;
  for (size_t i = 0; i < f->n; i++) {
    const cpmi_fact *of = facts_of(f, i);
    if (of->test != CPMI_TEST_KIND) continue;
    if (truth >> i & 1u) {
      if (!f->leg || !facts_machine_has_kind(f->m, of->a)) return false;
      hold++;
    }
    named += facts_machine_has_kind(f->m, of->a);
  }
  const size_t all = f->m ? f->m->leg_kinds.n : CPMI_KIND_COUNT;
  return !f->leg || hold || named < all;
}

/* The facts that a leg in its own state makes false. */
static bool facts_own_leg_can(const check_facts *f, uint32_t truth) {
  if (!f->leg || f->own == CPMI_STATE_) return true;
  for (size_t i = 0; i < f->n; i++) {
    const cpmi_fact *none = facts_of(f, i);
    uint64_t kinds, states;
    if (!(truth >> i & 1u) || !facts_counts_legs(none)) continue;
    facts_banned(none, &kinds, &states);
    if (!(states >> f->own & 1u)) continue;
    if (none->test == CPMI_TEST_NO_LEG) return false;
    for (size_t k = 0; k < f->n; k++)
      if ((truth >> k & 1u) && facts_of(f, k)->test == CPMI_TEST_KIND && facts_of(f, k)->a == none->a) return false;
  }
  return true;
}

/* Some state of the call gives these IN facts. */
static bool facts_in_can(const check_facts *f, uint32_t truth) {
  uint64_t possible = f->calls;
  for (size_t i = 0; i < f->n; i++) {
    if (facts_of(f, i)->test != CPMI_TEST_IN) continue;
    const uint64_t set = cpmi_state_set(facts_of(f, i)->a);
    possible &= truth >> i & 1u ? set : ~set;
  }
  return possible != 0;
}

static const uint16_t facts_codes[][12] = {
#define FACTS_CODES(name, ...) { __VA_ARGS__, 0 },
  CPM_CODE_LISTS(FACTS_CODES)
};

static bool facts_code_in(unsigned code, unsigned list) {
  for (size_t i = 0; facts_codes[list][i]; i++)
    if (facts_codes[list][i] == code) return true;
  return false;
}

static bool facts_code_gives(const check_facts *f, uint32_t truth, unsigned code) {
  for (size_t i = 0; i < f->n; i++)
    if (facts_of(f, i)->test == CPMI_TEST_CODES && facts_code_in(code, facts_of(f, i)->a) != (truth >> i & 1u)) return false;
  return true;
}

static bool facts_codes_can(const check_facts *f, uint32_t truth) {
  for (unsigned code = 300; code < 700; code++)
    if (facts_code_gives(f, truth, code)) return true;
  return false;
}

static bool facts_groups_can(const check_facts *f, uint32_t truth) {
  for (size_t i = 0; i < f->n; i++)
    if (facts_of(f, i)->test == CPMI_TEST_IS && facts_none_of_enum(f, truth, i)) return false;
  return facts_kinds_can(f, truth) && facts_own_leg_can(f, truth) && facts_in_can(f, truth) && facts_codes_can(f, truth);
}

static bool facts_fits_above(const check_facts *f, uint32_t truth, size_t i) {
  for (size_t k = 0; k < i; k++)
    if (!facts_pair_can(f, truth, i, k) || !facts_pair_can(f, truth, k, i)) return false;
  return true;
}

bool check_facts_can(const check_facts *f, uint32_t truth) {
  for (size_t i = 1; i < f->n; i++)
    if (!facts_fits_above(f, truth, i)) return false;
  return facts_groups_can(f, truth);
}

/* Counts up through the truth values; facts that cannot stand beside those below cut their branch. */
bool check_facts_next(const check_facts *f, uint32_t *truth, bool first) {
  uint64_t t = first ? 0 : (uint64_t)*truth + 1;
  while (!(t >> f->n)) {
    size_t bad = f->n;
    for (size_t i = 1; i < f->n && bad == f->n; i++) {
      const size_t at = f->n - 1 - i; /* from the high bits down, so that a cut skips the most */
      for (size_t k = at + 1; k < f->n && bad == f->n; k++)
        if (!facts_pair_can(f, (uint32_t)t, at, k) || !facts_pair_can(f, (uint32_t)t, k, at)) bad = at;
    }
    *truth = (uint32_t)t;
    if (bad == f->n && facts_groups_can(f, *truth)) return true;
    t = bad == f->n ? t + 1 : ((t >> bad) + 1) << bad;
  }
  return false;
}

/* ---- what is known of one leg and its call ------------------------------------------------------------------------ */

static int facts_known(const check_known *k, const cpmi_fact *f) {
  uint64_t kinds, states;
  switch (f->test) {
  case CPMI_TEST_IN: return cpmi_state_set(f->a) >> k->call & 1u ? 1 : -1;
  case CPMI_TEST_KIND: return k->in_call || !k->leg ? -1 : f->a == k->kind ? 1 : -1;
  case CPMI_TEST_NO_LEG:
  case CPMI_TEST_NO_KIND:
    facts_banned(f, &kinds, &states);
    return k->leg && (kinds >> k->kind & 1u) && (states >> k->state & 1u) ? -1 : 0;
  default: return 0;
  }
}

int check_known_guard(const check_known *k, const int16_t *when) {
  int result = 1;
  for (int i = 0; i < CPMI_GUARD && when[i]; i++) {
    const int is = facts_known(k, &cpmi_facts[when[i] > 0 ? when[i] : -when[i]]) * (when[i] > 0 ? 1 : -1);
    if (is < 0) return -1;
    if (is == 0) result = 0;
  }
  return result;
}

bool check_leg_may_be(const int16_t *when, unsigned kind, unsigned state) {
  for (int i = 0; i < CPMI_GUARD && when[i]; i++) {
    uint64_t kinds, states;
    if (when[i] < 0 || !facts_counts_legs(&cpmi_facts[when[i]])) continue;
    facts_banned(&cpmi_facts[when[i]], &kinds, &states);
    if ((kinds >> kind & 1u) && (states >> state & 1u)) return false;
  }
  return true;
}
