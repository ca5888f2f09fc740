/* SPDX-License-Identifier: MIT */
/* scenario_seed.c - scenarios as inputs of the fuzzer of machines (fuzz/flow.h): one file a scenario. */
#include "../fuzz/flow.h"
#include "scenario.h"
#include <stdlib.h>

enum { SEED_TEXT = 8192, SEED_LEGS = 8 };   /* room of the block: less than a scenario has, so that a step is quick */

static const char *seed_folder;
static uint8_t     seed_bytes[FLOW_MOST];
static flow        seed = { .to = seed_bytes, .bad = true };
static unsigned    seed_count;

void sc_seeds(const char *folder) { seed_folder = folder; }

void sc_seed_begin(const sc_world *w) {
  if (!seed_folder) return;
  seed = (flow){ .to = seed_bytes };
  flow_begin(&seed, cpm_machine_name(w->machine), &w->agent, cpm_proc_size(w->machine, SEED_TEXT, SEED_LEGS));
}

void sc_seed_event(const cpm_event *e) {
  static flow_event x;
  uint8_t crash = 2;
  if (!seed_folder) return;
  x.e = *e;
  flow_octet(&seed, &crash);
  flow_take(&seed, &x);
}

/* What is too long for a flow is none. */
void sc_seed_end(void) {
  char path[1024];
  if (!seed_folder || seed.bad) return;
  snprintf(path, sizeof path, "%s/flow-%04u", seed_folder, seed_count++);
  FILE *f = fopen(path, "wb");
  if (!f || fwrite(seed_bytes, 1, seed.n, f) != seed.n || fclose(f) != 0) {
    perror(path);
    exit(1);
  }
  seed.bad = true;
}
