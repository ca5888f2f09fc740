/* SPDX-License-Identifier: MIT */
/* facts.c - facts are data: one switch over the shapes of test, no fact has code of its own. */
#include "engine.h"
#include "cpm/mime.h"
#include "cpm/sdp.h"

#define FACTS_A_IS(a) CPM_FIELD_##a
#define FACTS_A_SET(a) CPM_FIELD_##a
#define FACTS_A_OVER(a) CPM_FIELD_##a
#define FACTS_A_REACHES(a) CPM_FIELD_##a
#define FACTS_A_AGENT(a) CPMI_AGENT_##a
#define FACTS_A_POLICY(a) CPMI_AGENT_##a
#define FACTS_A_BELOW(a) CPMI_AGENT_##a
#define FACTS_A_CODES(a) CPMI_CODES_##a
#define FACTS_A_NO_LEG(a) CPMI_STATE_##a
#define FACTS_A_KIND(a) CPMI_KIND_##a
#define FACTS_A_NO_KIND(a) CPMI_KIND_##a
#define FACTS_A_TOP_TYPE(a) CPM_FIELD_##a
#define FACTS_A_COMPOSED(a) CPMI_RECIPE_##a
#define FACTS_A_IN(a) CPMI_STATE_##a
#define FACTS_A_LAST(a) CPM_FIELD_##a
#define FACTS_A_LESS(a) CPM_FIELD_##a
#define FACTS_A_HAS_BIT(a) CPM_FIELD_##a
#define FACTS_A_FROM(a) CPM_FIELD_##a
#define FACTS_A_ABOVE(a) CPM_FIELD_##a
#define FACTS_A_WITHOUT(a) CPM_FIELD_##a
#define FACTS_A_EQUAL(a) CPM_FIELD_##a
#define FACTS_A_HERE(a) a
#define FACTS_A_EQUALS(a) CPM_FIELD_##a
#define FACTS_A_LISTED(a) CPM_FIELD_##a
#define FACTS_A_ADDRESSES(a) CPMI_RECIPE_##a
#define FACTS_A_TYPE(a) CPM_FIELD_##a
#define FACTS_A_TAKES(a) CPM_FIELD_##a
#define FACTS_A_TAKES_OF(a) CPM_FIELD_##a
#define FACTS_B_IS(b) b
#define FACTS_B_SET(b) b
#define FACTS_B_OVER(b) CPMI_AGENT_##b
#define FACTS_B_REACHES(b) CPMI_AGENT_##b
#define FACTS_B_AGENT(b) b
#define FACTS_B_POLICY(b) b
#define FACTS_B_BELOW(b) b
#define FACTS_B_CODES(b) b
#define FACTS_B_NO_LEG(b) b
#define FACTS_B_KIND(b) b
#define FACTS_B_NO_KIND(b) CPMI_STATE_##b
#define FACTS_B_TOP_TYPE(b) b
#define FACTS_B_COMPOSED(b) CPMI_AGENT_##b
#define FACTS_B_IN(b) b
#define FACTS_B_LAST(b) CPM_FIELD_##b
#define FACTS_B_LESS(b) CPM_FIELD_##b
#define FACTS_B_HAS_BIT(b) b
#define FACTS_B_FROM(b) b
#define FACTS_B_ABOVE(b) CPM_FIELD_##b
#define FACTS_B_WITHOUT(b) CPMI_AGENT_##b
#define FACTS_B_EQUAL(b) CPM_FIELD_##b
#define FACTS_B_HERE(b) b
#define FACTS_B_EQUALS(b) b
#define FACTS_B_LISTED(b) b
#define FACTS_B_ADDRESSES(b) CPM_FIELD_##b
#define FACTS_B_TYPE(b) CPMI_LITERAL_##b
#define FACTS_B_TAKES(b) CPMI_LITERAL_##b
#define FACTS_B_TAKES_OF(b) CPM_FIELD_##b

#define FACTS_DEFINE(name, test, a, b, doc) { #name, CPMI_TEST_##test, FACTS_A_##test(a), FACTS_B_##test(b), doc },
const cpmi_fact cpmi_facts[CPMI_FACT_COUNT] = { { "always", CPMI_TEST_SET, 0, 0, "no condition" }, CPM_FACTS(FACTS_DEFINE) };

#define FACTS_CODES(name, ...) { __VA_ARGS__, 0 },
static const uint16_t facts_codes[][12] = { CPM_CODE_LISTS(FACTS_CODES) };
#define FACTS_LITERAL(name, text) text,
static const char *const facts_literals[] = { CPM_LITERALS(FACTS_LITERAL) };

#define BIT(state) (UINT64_C(1) << CPMI_STATE_##state)
#define FACTS_GROUP(name, members, doc) members,
static const uint64_t facts_groups[] = { CPM_GROUPS(FACTS_GROUP) };

uint64_t cpmi_state_set(unsigned state) {
  if (state < CPMI_STATE_COUNT) return UINT64_C(1) << state;
  return state >= 64 && state - 64 < CPMI_GROUP_COUNT ? facts_groups[state - 64] : 0;
}

cpm_str cpmi_agent_text(const cpm_agent *a, unsigned index) {
#define FACTS_TEXT(name, doc) case CPMI_AGENT_##name: return a->name;
  switch (index) { CPM_AGENT_TEXTS(FACTS_TEXT) default: return cpm_str_none(); }
}

uint64_t cpmi_agent_number(const cpm_agent *a, unsigned index) {
#define FACTS_NUMBER(name, value, min, max, doc) case CPMI_AGENT_##name: return a->name;
  switch (index) { CPM_AGENT_NUMBERS(FACTS_NUMBER) default: return 0; }
}

cpm_str cpmi_literal(unsigned index) { return cpm_str_z(facts_literals[index]); }

static bool facts_code_in(uint32_t code, unsigned list) {
  for (size_t i = 0; facts_codes[list][i]; i++)
    if (facts_codes[list][i] == code) return true;
  return false;
}

static bool facts_none(const cpmi_env *v, unsigned kind, unsigned group) {
  const uint64_t set = cpmi_state_set(group);
  for (size_t k = 0; k < v->m->leg_kinds.n; k++)
    for (size_t s = 0; s < v->m->leg_states.n; s++) {
      const unsigned of = v->m->leg_kinds.p[k], in = v->m->leg_states.p[s];
      if ((kind == CPMI_KIND_COUNT || kind == of) && (set >> in & 1u) && *cpmi_count(v->p, v->m, of, in)) return false;
    }
  return true;
}

static bool facts_top_type(cpm_str type, cpm_str want) {
  return type.n > want.n && type.p[want.n] == '/' && cpm_str_ieq(cpm_str_of(type.p, want.n), want);
}

static bool facts_is_type(cpm_str type, cpm_str want) { return type.p && cpm_media_type_text_is(type, want.p); }

/* A list that nobody gave lets everything through: the other side will say. */
static bool facts_takes(const cpmi_env *v, unsigned field, cpm_str type) {
  const cpm_str list = cpmi_text(v->p, v->m, v->leg, (cpm_field)field);
  return !list.p || cpm_sdp_types_take(list, type);
}

static bool facts_composed_over(const cpmi_env *v, unsigned recipe, uint64_t limit) {
  uint64_t size = 0;
  return cpmi_body_size(v, recipe, &size, NULL) == CPM_OK && size > limit;
}

static bool facts_addresses(const cpmi_env *v, unsigned recipe, unsigned field) {
  const cpm_str uri = cpmi_request_uri(v, recipe), text = cpmi_text(v->p, v->m, v->leg, (cpm_field)field);
  return uri.p && text.p && cpm_uri_text_equal(uri, text);
}

static uint64_t facts_number(const cpmi_env *v, unsigned field) { return (uint64_t)cpmi_number(v->p, v->m, v->leg, (cpm_field)field); }

bool cpmi_fact_holds(const cpmi_env *v, unsigned fact) {
  const cpmi_fact *f = &cpmi_facts[fact];
  switch (f->test) {
  case CPMI_TEST_IS:       /* of an ENUM: one of its facts holds, which check and export make use of */
  case CPMI_TEST_EQUALS:   return facts_number(v, f->a) == f->b;
  case CPMI_TEST_SET:      return cpmi_is_set(v->p, v->m, v->leg, (cpm_field)f->a);
  case CPMI_TEST_OVER:     return facts_number(v, f->a) > cpmi_agent_number(v->a, f->b);
  case CPMI_TEST_REACHES:  return facts_number(v, f->a) >= cpmi_agent_number(v->a, f->b);
  case CPMI_TEST_AGENT:    return cpmi_agent_text(v->a, f->a).p != NULL;
  case CPMI_TEST_POLICY:   return cpmi_agent_number(v->a, f->a) != 0;
  case CPMI_TEST_BELOW:    return cpmi_agent_number(v->a, f->a) < f->b;
  case CPMI_TEST_CODES:    return facts_code_in(v->p->trigger.code, f->a);
  case CPMI_TEST_NO_LEG:   return facts_none(v, CPMI_KIND_COUNT, f->a);
  case CPMI_TEST_NO_KIND:  return facts_none(v, f->a, f->b);
  case CPMI_TEST_KIND:     return v->leg != CPM_NO_LEG && cpmi_leg_at(v->p, v->m, v->leg)->kind == f->a;
  case CPMI_TEST_HERE:     return v->leg != CPM_NO_LEG && v->p->trigger.from == v->leg;
  case CPMI_TEST_TOP_TYPE: return facts_top_type(cpmi_text(v->p, v->m, v->leg, (cpm_field)f->a), cpmi_literal(f->b));
  case CPMI_TEST_COMPOSED: return facts_composed_over(v, f->a, cpmi_agent_number(v->a, f->b));
  case CPMI_TEST_IN:       return (cpmi_state_set(f->a) >> v->p->state & 1u) != 0;
  case CPMI_TEST_LAST:     return facts_number(v, f->a) + 1 >= facts_number(v, f->b);
  case CPMI_TEST_LESS:     return facts_number(v, f->a) < facts_number(v, f->b);
  case CPMI_TEST_HAS_BIT:  return (facts_number(v, f->a) >> f->b & 1u) != 0;
  case CPMI_TEST_FROM:     return facts_number(v, f->a) >= f->b;
  case CPMI_TEST_ABOVE:    return facts_number(v, f->a) > facts_number(v, f->b);
  case CPMI_TEST_WITHOUT:  return facts_number(v, f->a) != 0 || cpmi_agent_number(v->a, f->b) == 0;
  case CPMI_TEST_EQUAL:
    return cpm_str_eq(cpmi_text(v->p, v->m, v->leg, (cpm_field)f->a), cpmi_text(v->p, v->m, v->leg, (cpm_field)f->b));
  case CPMI_TEST_LISTED:   return v->leg < 64 && (facts_number(v, f->a) >> v->leg & 1u) != 0;
  case CPMI_TEST_TYPE:     return facts_is_type(cpmi_text(v->p, v->m, v->leg, (cpm_field)f->a), cpmi_literal(f->b));
  case CPMI_TEST_TAKES:    return facts_takes(v, f->a, cpmi_literal(f->b));
  case CPMI_TEST_TAKES_OF: return facts_takes(v, f->a, cpmi_text(v->p, v->m, v->leg, (cpm_field)f->b));
  case CPMI_TEST_ADDRESSES: return facts_addresses(v, f->a, f->b);
  default:                 return false;
  }
}

bool cpmi_guard_holds(const cpmi_env *v, const int16_t *when) {
  for (int i = 0; i < CPMI_GUARD && when[i]; i++) {
    const bool want = when[i] > 0;
    if (cpmi_fact_holds(v, (unsigned)(want ? when[i] : -when[i])) != want) return false;
  }
  return true;
}
