/* SPDX-License-Identifier: MIT */
/* explore.c - the explorer as a program: explore [machine] [options]. Exit status 1 if an error was found. */
#include "explore.h"
#include <stdlib.h>
#include <string.h>

typedef struct explore_preset {
  const char *machine;
  unsigned members, chunks;
  uint32_t nodes;
  bool all;
  unsigned agents, thorough;
  const char *legs;
  bool calm;
} explore_preset;

/* What a test run walks: small enough for a minute hand, large enough that legs cross each other. */
static const explore_preset explore_presets[] = {
  { "client/dispatch", 0, 0, 50000, true, 2, 2, "", false },
  { "client/pager-send", 0, 0, 50000, true, 5, 1, "", false },
  { "client/large-send", 0, 0, 50000, true, 2, 1, "", false },
  { "client/ft-send", 1, 0, 2000, true, 2, 1, "", false },
  { "client/ft-send", 1, 0, 24000, false, 1, 0, "", false },
  { "client/ft-send", 2, 0, 6000, false, 1, 0, "", false },
  { "client/pager-receive", 0, 0, 50000, true, 5, 2, "", false },
  { "client/large-receive", 0, 2, 50000, true, 6, 1, "", false },
  { "client/ft-receive", 0, 0, 2000, true, 6, 0, "", false },
  { "client/ft-receive", 0, 0, 3000, false, 2, 1, "", false },
  { "client/ft-receive", 0, 0, 30000, false, 1, 0, "", false },
  { "client/ft-receive", 1, 0, 4000, false, 1, 0, "", false },
  { "client/ft-receive", 1, 1, 3000, false, 1, 0, "", false },
  { "client/ft-receive", 2, 0, 6000, false, 1, 0, "", false },
  { "client/disposition", 0, 0, 50000, true, 5, 2, "", false },
  { "client/media", 0, 1, 50000, true, 2, 2, "", false },
  { "client/chat-send", 0, 0, 50000, true, 5, 2, "", false },
  { "client/chat-receive", 0, 1, 50000, true, 5, 1, "", false },
  { "client/chat-receive", 0, 3, 50000, false, 1, 1, "", false },
  { "client/is-composing", 0, 0, 50000, true, 1, 1, "", false },
  { "pf/dispatch", 0, 0, 50000, true, 1, 2, "", false },
  { "pf/pager-originating", 0, 0, 50000, true, 3, 2, "", false },
  { "cf/dispatch", 0, 0, 50000, true, 1, 2, "", false },
  { "cf/pager", 1, 0, 50000, true, 3, 1, "", false },
  { "cf/pager", 2, 0, 50000, false, 2, 1, "", false },
  { "cf/large", 1, 0, 50000, true, 3, 0, "", false },
  { "cf/large", 1, 2, 50000, false, 2, 1, "", false },
  { "cf/large", 2, 0, 50000, false, 1, 1, "", false },
  { "pf/media", 1, 1, 3000, false, 1, 1, "", false },
  { "pf/media", 1, 0, 1000, true, 1, 1, "", false },
  { "pf/media", 0, 0, 5000, true, 1, 0, "client,far", false },
  { "pf/media", 0, 0, 5000, false, 1, 0, "client,far", false },
  { "pf/media", 0, 2, 5000, false, 1, 0, "device,far", false },
  { "pf/media", 0, 1, 10000, false, 3, 1, "client,far", false },
  { "pf/media", 0, 2, 40000, false, 1, 0, "client,far", false },
  { "pf/media", 0, 3, 10000, false, 1, 1, "client,far", true },
  { "pf/media", 0, 2, 10000, false, 1, 1, "client,far", true },
  { "pf/media", 0, 2, 10000, false, 1, 1, "client,device,far", true },
  { "pf/media", 0, 3, 10000, false, 1, 0, "client,far,iwf", true },
  { "pf/media", 0, 1, 10000, false, 1, 0, "client,far,iwf", false },
  { "pf/media", 0, 1, 10000, false, 1, 0, "client,device,far", false },
  { "pf/media", 0, 1, 10000, false, 1, 0, "client,device,device,far", false },
  { "pf/media", 0, 1, 10000, false, 1, 0, "client,iwf,iwf", false },
  { "pf/session", 0, 0, 50000, true, 1, 1, "client,far", false },
  { "pf/session", 0, 0, 50000, true, 1, 1, "client,device,far", false },
  { "pf/session", 0, 0, 50000, true, 1, 1, "device", false },
  { "pf/session", 0, 0, 50000, true, 1, 1, "client,iwf", false },
  { "pf/session", 0, 0, 50000, true, 1, 1, "client,iwf,iwf", false },
};

/* Walked with session timers and refreshes too, of one side at a time. */
typedef struct explore_kept {
  explore_preset preset;
  unsigned refresh;
} explore_kept;
static const explore_kept explore_kept_presets[] = {
  { { "client/large-send", 0, 0, 50000, false, 2, 2, "", false }, EXPLORE_REFRESH_CALL },
  { { "client/large-receive", 0, 1, 50000, false, 2, 1, "", false }, EXPLORE_REFRESH_CALL },
  { { "cf/large", 1, 1, 50000, false, 2, 0, "", false }, EXPLORE_REFRESH_CALL },
  { { "cf/large", 1, 1, 50000, false, 2, 0, "", false }, EXPLORE_REFRESH_LEGS },
};

static unsigned explore_kind_named(const char *name, size_t n) {
  unsigned k = 0;
  while (k < CPMI_KIND_COUNT && (strlen(names_kind(k)) != n || memcmp(names_kind(k), name, n) != 0)) k++;
  return k;
}

/* "client,far"; false: a kind that there is not, or too many. */
static bool explore_legs(explore_config *c, const char *text) {
  c->nkinds = 0;
  while (*text) {
    const size_t n = strcspn(text, ",");
    const unsigned kind = explore_kind_named(text, n);
    if (kind == CPMI_KIND_COUNT || c->nkinds == EXPLORE_LEGS) return false;
    c->kinds[c->nkinds++] = (uint8_t)kind;
    text += n + (text[n] == ',');
  }
  return true;
}

static int explore_usage(void) {
  fprintf(stderr,
          "usage: explore [seeds=folder] [machine] [recipients=n] [chunks=n] [nodes=n] [requests=all|plain] [agents=1..6]\n"
          "       [thorough=0..2] [legs=client,far] [refresh=0..3]\n"
          "without options: what the tests walk. thorough: every step once more elsewhere, in blocks that are too small, without\n"
          "random bytes; 1 at new nodes, 2 at every edge. refresh: session timers, 1 of\n"
          "the call, 2 of legs. seeds: of each row the first walk that takes it, as an input of the fuzzer of machines. Machines:\n");
  for (size_t i = 0; i < cpmi_machine_count; i++) fprintf(stderr, "  %s\n", cpmi_machines[i]->name);
  return 2;
}

static bool explore_option(explore_config *c, const char *arg) {
  const char *value = strchr(arg, '=');
  if (!value) return false;
  const size_t n = (size_t)(value++ - arg);
  const unsigned number = (unsigned)strtoul(value, NULL, 10);
  if (n == 10 && memcmp(arg, "recipients", n) == 0) c->members = number < EXPLORE_LEGS ? number : EXPLORE_LEGS - 1;
  else if (n == 6 && memcmp(arg, "chunks", n) == 0) c->chunks = number;
  else if (n == 5 && memcmp(arg, "nodes", n) == 0) c->max_nodes = number < 500000 ? number : 500000;
  else if (n == 7 && memcmp(arg, "refresh", n) == 0) c->refresh = number & 3u;
  else if (n == 8 && memcmp(arg, "requests", n) == 0) c->all_requests = strcmp(value, "all") == 0;
  else if (n == 6 && memcmp(arg, "agents", n) == 0) c->agents = number >= 1 && number <= EXPLORE_AGENTS ? number : 1;
  else if (n == 8 && memcmp(arg, "thorough", n) == 0) c->thorough = number;
  else if (n == 4 && memcmp(arg, "legs", n) == 0) return explore_legs(c, value);
  else return false;
  return true;
}

/* Rows that no run has taken: what no world brings, or no preset. */
static unsigned explore_untaken(const cpm_machine *m, const cpmi_rows_taken *taken) {
  unsigned n = 0;
  for (unsigned leg = 0; leg < 2; leg++)
    for (cpmi_row_walk w = cpmi_walk_rows(m, leg); cpmi_next_row(&w) && w.index < CPMI_ROWS_NOTED;) {
      const bool unseen = cpmi_kind_of(w.event) == CPMI_INNER && w.r->ops[0].op == CPMI_OP_NOTHING;   /* of a bulk op: no effect shows it */
      if (w.r->ignore || (leg ? taken->leg : taken->call)[w.index] || unseen) continue;
      printf("  %s: never taken: %s%s, %s [%s]\n", m->name, leg ? "leg " : "", names_state(w.state),
             cpm_event_name((cpm_event_type)w.event), w.r->clauses);
      n++;
    }
  return n;
}

static const char *explore_seeds;   /* folder; NULL: none are written */

static unsigned explore_preset_run(const cpm_machine *m, const explore_preset *p, unsigned refresh, cpmi_rows_taken *taken) {
  explore_config c = {
    m, p->members, p->chunks, p->nodes, p->all, p->agents, p->thorough, { 0 }, 0, false, false, p->calm, refresh, taken, explore_seeds
  };
  return explore_legs(&c, p->legs) ? explore(&c) : 1;
}

/* The presets of one machine: no error, and every row has been taken. A machine without a preset is walked, as far as that goes. */
static unsigned explore_preset_runs(const cpm_machine *m) {
  static const explore_preset any = { NULL, 1, 1, 20000, false, 1, 1, "", false };
  static cpmi_rows_taken taken;
  unsigned wrong = 0, runs = 0;
  memset(&taken, 0, sizeof taken);
  for (size_t i = 0; i < sizeof explore_presets / sizeof *explore_presets; i++) {
    if (strcmp(m->name, explore_presets[i].machine) != 0) continue;
    wrong += explore_preset_run(m, &explore_presets[i], 0, &taken);
    runs++;
  }
  for (size_t i = 0; i < sizeof explore_kept_presets / sizeof *explore_kept_presets; i++)
    if (strcmp(m->name, explore_kept_presets[i].preset.machine) == 0)
      wrong += explore_preset_run(m, &explore_kept_presets[i].preset, explore_kept_presets[i].refresh, &taken);
  if (!runs) {
    wrong = explore_preset_run(m, &any, 0, &taken);
    explore_untaken(m, &taken);
    return wrong;
  }
  return wrong + explore_untaken(m, &taken);
}

int main(int argc, char **argv) {
  if (argc > 1 && strncmp(argv[1], "seeds=", 6) == 0) {
    explore_seeds = argv[1] + 6;
    argc--, argv++;
  }
  const char *machine = argc > 1 && !strchr(argv[1], '=') ? argv[1] : NULL;
  if (machine && !cpm_machine_named(machine)) return explore_usage();
  if (argc == 2 && !machine) return explore_usage();
  unsigned wrong = 0;
  for (size_t i = 0; argc <= 2 && i < cpmi_machine_count; i++)
    if (!machine || cpm_machine_named(machine) == cpmi_machines[i]) wrong += explore_preset_runs(cpmi_machines[i]);
  if (argc <= 2) return wrong != 0;
  explore_config c = { cpm_machine_named(machine), 2, 1, 100000, false, 1, 1, { 0 }, 0, false, false, false, 0, NULL, NULL };
  for (int i = 2; i < argc; i++)
    if (!c.m || !explore_option(&c, argv[i])) return explore_usage();
  return explore(&c) != 0;
}
