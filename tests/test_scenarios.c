/* SPDX-License-Identifier: MIT */
/* test_scenarios.c - runs every tests/scenarios file. docs/scenarios.md describes them.
 *
 *     test_scenarios [--show] [file [words of a scenario's name]]
 *     test_scenarios --mutate [--sample lines [--seed number]] [--only word]
 *     test_scenarios --seeds folder
 *
 * --show writes what happens in place of what is written: the way to begin a scenario. Read it against the document.
 * --mutate switches off each line of the tables in turn and prints those that no scenario misses. A sample is so many lines of them
 * at most, other ones each day; with a seed, those of that seed. --only takes the machines of the files that have the word in their path;
 * these files run first, and then all others.
 * --seeds writes every scenario as an input of the fuzzer of machines.
 */
#define _POSIX_C_SOURCE 200809L
#include "scenario.h"
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { FILES_MAX = 512 };
static char *files[FILES_MAX];
static size_t nfiles, nwanted;   /* the wanted ones come first: their machines are mutated */

static int by_name(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

static bool is_scenario(const char *name) {
  static const char ending[] = ".scenario";
  const size_t n = strlen(name);
  return n > sizeof ending && strcmp(name + n - (sizeof ending - 1), ending) == 0;
}

static void find_files(const char *folder) {
  char full[1024];
  DIR *dir = opendir(folder);
  if (!dir) return;
  for (const struct dirent *d; nfiles < FILES_MAX && (d = readdir(dir)) != NULL;) {
    if (d->d_name[0] == '.') continue;
    snprintf(full, sizeof full, "%s/%s", folder, d->d_name);
    if (is_scenario(d->d_name)) files[nfiles++] = strdup(full);
    else find_files(full);
  }
  closedir(dir);
}

/* Does a wanted file begin with that machine? */
static bool has_machine(const char *name) {
  char want[128];
  bool found = false;
  snprintf(want, sizeof want, "machine %s", name);
  for (size_t i = 0; i < nwanted && !found; i++) {
    sc_file f;
    if (!sc_read(&f, files[i])) continue;
    for (size_t k = 0; k < f.nitems && !found; k++) found = strcmp(f.items[k].head.text, want) == 0;
    sc_free(&f);
  }
  return found;
}

/* Up to the first file that fails. */
static bool run_quickly(void) {
  sc_count count = { 0, 0, 0 };
  for (size_t i = 0; i < nfiles; i++)
    if (!sc_run(files[i], NULL, NULL, &count)) return false;
  return true;
}

enum { EXIT_USAGE = 2, EXIT_SKIPPED = 77 };

static void want_files(const char *word) {
  nwanted = 0;
  for (size_t i = 0; i < nfiles; i++) {
    char *const file = files[i];
    if (!strstr(file + strlen(TESTS_DIR), word)) continue;
    files[i] = files[nwanted];
    files[nwanted++] = file;
  }
}

/* "--sample N", "--seed N" and "--only WORD" behind --mutate. */
static bool read_sample(int argc, char **argv, sc_sample *sample) {
  for (int i = 2; i < argc; i += 2) {
    if (strcmp(argv[i], "--only") == 0 && i + 1 < argc) {
      want_files(argv[i + 1]);
      continue;
    }
    const char *digits = i + 1 < argc ? argv[i + 1] : "";
    const unsigned long long number = strtoull(digits, NULL, 10);
    if (!*digits || digits[strspn(digits, "0123456789")]) return false;
    if (strcmp(argv[i], "--sample") == 0 && number > 0 && number <= SIZE_MAX) sample->size = (size_t)number;
    else if (strcmp(argv[i], "--seed") == 0 && sample->size) sample->seed = number;
    else return false;
  }
  return true;
}

static int run_mutants(int argc, char **argv) {
  sc_sample sample = { 0, (uint64_t)time(NULL) / 86400 };
  if (!read_sample(argc, argv, &sample)) {
    fprintf(stderr, "usage: test_scenarios --mutate [--sample lines [--seed number]] [--only word]\n");
    return EXIT_USAGE;
  }
  if (!run_quickly()) return 1;   /* every mutant would seem to be caught */
  const sc_mutated m = sc_mutate(run_quickly, has_machine, sample, stdout);
  if (m.skipped) return EXIT_SKIPPED;
  printf("%zu of %zu lines switched off in turn, %zu of them missed by no scenario\n", m.tried, m.lines, m.survived);
  if (sample.size)
    printf("these again: ./dev trace --mutate --sample %zu --seed %llu\n", sample.size, (unsigned long long)sample.seed);
  return !m.tried || m.survived;
}

int main(int argc, char **argv) {
  sc_count count = { 0, 0, 0 };
  const bool show = argc > 1 && strcmp(argv[1], "--show") == 0;
  find_files(TESTS_DIR "/scenarios");
  qsort(files, nfiles, sizeof *files, by_name);
  nwanted = nfiles;
  if (argc > 1 && strcmp(argv[1], "--mutate") == 0) return run_mutants(argc, argv);
  if (argc == 3 && strcmp(argv[1], "--seeds") == 0) {
    sc_seeds(argv[2]);
    return !run_quickly();
  }
  if (argc > 1 + show) sc_run(argv[1 + show], argc > 2 + show ? argv[2 + show] : NULL, show ? stdout : NULL, &count);
  else
    for (size_t i = 0; i < nfiles; i++) sc_run(files[i], NULL, NULL, &count);
  fprintf(stderr, "%u scenarios, %u events, %u failed\n", count.scenarios, count.steps, count.failed);
  return count.failed || !count.scenarios;
}
