/* SPDX-License-Identifier: MIT */
/* explore_seed.c - walks as inputs of the fuzzer of machines (fuzz/flow.h): of each row the first walk that takes it. */
#include "../fuzz/flow.h"
#include "explore.h"
#include <stdlib.h>
#include <string.h>

enum { SEED_TEXT = 8192, SEED_LEGS = 8, SEED_WALK = 64 };   /* room of the block: less than the explorer has; events that the fuzzer takes */

static uint8_t seed_bytes[FLOW_MOST];

static size_t seed_event(uint8_t *to, const cpm_event *e) {
  static flow_event x;
  flow f = { .to = to };
  uint8_t crash = 2;
  x.e = *e;
  flow_octet(&f, &crash);
  flow_take(&f, &x);
  return f.bad ? 0 : f.n;
}

void explore_seed_keep(explore_node *node, const explore_event *x) {
  node->nsaid = seed_event(seed_bytes, &x->e);
  node->said = malloc(node->nsaid ? node->nsaid : 1);
  if (!node->said) abort();
  memcpy(node->said, seed_bytes, node->nsaid);
}

static void seed_write(const explore_run *r, size_t n) {
  static unsigned count;
  char path[1024];
  snprintf(path, sizeof path, "%s/walk-%04u", r->c.seeds, count++);
  FILE *f = fopen(path, "wb");
  if (!f || fwrite(seed_bytes, 1, n, f) != n || fclose(f) != 0) {
    perror(path);
    exit(2);
  }
}

/* What is too long for a flow is none, and a walk is not whole behind a root that the host has prepared. */
void explore_seed(explore_run *r, const explore_event *x) {
  static uint8_t last[FLOW_MOST];
  uint32_t walk[SEED_WALK], at = r->at;
  unsigned steps = 0;
  const size_t nlast = seed_event(last, &x->e);
  for (; r->nodes[at].from != at && steps < SEED_WALK - 1; at = r->nodes[at].from) walk[steps++] = at;
  if (r->nodes[at].from != at || !nlast) return;
  flow f = { .to = seed_bytes };
  flow_begin(&f, cpm_machine_name(r->c.m), &r->agent[r->nodes[at].w.agent], cpm_proc_size(r->c.m, SEED_TEXT, SEED_LEGS));
  size_t n = f.n;
  for (unsigned i = steps; i-- > 0 && n <= FLOW_MOST; n += r->nodes[walk[i]].nsaid) {
    const explore_node *node = &r->nodes[walk[i]];
    if (!node->nsaid || node->nsaid > FLOW_MOST - n) return;
    memcpy(seed_bytes + n, node->said, node->nsaid);
  }
  if (nlast > FLOW_MOST - n) return;
  memcpy(seed_bytes + n, last, nlast);
  seed_write(r, n + nlast);
}
