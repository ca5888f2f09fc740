/* SPDX-License-Identifier: MIT */
/* explore_facts.c - which facts a machine looks at from a state on, and which of them together: what an event brings is told apart by
 * no more than that. */
#include "explore.h"
#include "reads.h"
#include <string.h>

/* By the call's state. What legs look at counts in all of them. */
static uint8_t facts_from[CPMI_STATE_COUNT][CPMI_FACT_COUNT];

/* Does the fact look at the agent alone? It is the same all through a run. */
static bool facts_of_agent(unsigned fact) {
  const unsigned test = cpmi_facts[fact].test;
  return test == CPMI_TEST_AGENT || test == CPMI_TEST_POLICY || test == CPMI_TEST_BELOW;
}

static void facts_mark(uint8_t *set, const int16_t *when, bool together) {
  for (unsigned i = 0, fact; (fact = reads_next(when, &i)) != 0;)
    if (set[fact] != EXPLORE_TOGETHER) set[fact] = together ? EXPLORE_TOGETHER : EXPLORE_ALONE;
}

static void facts_guard(void *to, const int16_t *when) {
  unsigned n = 0;
  for (unsigned i = 0, fact; (fact = reads_next(when, &i)) != 0;) n += !facts_of_agent(fact);
  facts_mark(to, when, n > 1);
}

static void facts_of(const cpm_machine *m, bool leg, uint64_t states, uint8_t *set) {
  const reads_want want = { facts_guard, NULL, set };
  for (cpmi_row_walk w = cpmi_walk_rows(m, leg); cpmi_next_row(&w);) {
    if (!(cpmi_state_set(w.state) & states)) continue;
    reads_of_row(w.r, &want);
    facts_mark(set, w.r->when, true);
  }
}

void explore_facts(explore_run *r) {
  memset(facts_from, 0, sizeof facts_from);
  for (unsigned s = 0; s < CPMI_STATE_COUNT; s++) {
    facts_of(r->c.m, false, explore_reach(r->c.m, false, s), facts_from[s]);
    facts_of(r->c.m, true, ~UINT64_C(0), facts_from[s]);
  }
  r->facts = facts_from[r->c.m->init];
}

void explore_facts_at(explore_run *r, unsigned state) { r->facts = facts_from[state]; }

static bool facts_tells_agents(unsigned fact, const cpm_agent *a, const cpm_agent *b) {
  const cpmi_fact *f = &cpmi_facts[fact];
  switch (f->test) {
  case CPMI_TEST_AGENT: return (cpmi_agent_text(a, f->a).p == NULL) != (cpmi_agent_text(b, f->a).p == NULL);
  case CPMI_TEST_POLICY:
  case CPMI_TEST_BELOW: return cpmi_agent_number(a, f->a) != cpmi_agent_number(b, f->a);
  case CPMI_TEST_WITHOUT:
  case CPMI_TEST_OVER:
  case CPMI_TEST_REACHES:
  case CPMI_TEST_COMPOSED: return cpmi_agent_number(a, f->b) != cpmi_agent_number(b, f->b);
  default: return false;
  }
}

/* The first two always do: they have other texts. */
bool explore_agent_differs(const explore_run *r, unsigned agent) {
  const uint8_t *facts = facts_from[r->c.m->init];
  for (unsigned i = 1; i < CPMI_FACT_COUNT; i++)
    if (facts[i] && facts_tells_agents(i, &r->agent[0], &r->agent[agent])) return true;
  return agent < 2;
}
