/* SPDX-License-Identifier: MIT */
/* test_scenarios.c - runs every tests/scenarios file. docs/scenarios.md describes them.
 *
 *     test_scenarios [--show] [file [words of a scenario's name]]
 *     test_scenarios --mutate
 *
 * --show writes what happens in place of what is written: the way to begin a scenario. Read it against the document.
 * --mutate switches off each line of the tables in turn and prints those that no scenario misses.
 */
#define _POSIX_C_SOURCE 200809L
#include "scenario.h"
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

enum { FILES_MAX = 512 };
static char *files[FILES_MAX];
static size_t nfiles;

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

/* Does a file begin with that machine? */
static bool has_machine(const char *name) {
  char want[128];
  bool found = false;
  snprintf(want, sizeof want, "machine %s", name);
  for (size_t i = 0; i < nfiles && !found; i++) {
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

int main(int argc, char **argv) {
  sc_count count = { 0, 0, 0 };
  const bool show = argc > 1 && strcmp(argv[1], "--show") == 0;
  find_files(TESTS_DIR "/scenarios");
  qsort(files, nfiles, sizeof *files, by_name);
  if (argc == 2 && strcmp(argv[1], "--mutate") == 0) return sc_mutate(run_quickly, has_machine) ? 0 : 1;
  if (argc > 1 + show) sc_run(argv[1 + show], argc > 2 + show ? argv[2 + show] : NULL, show ? stdout : NULL, &count);
  else
    for (size_t i = 0; i < nfiles; i++) sc_run(files[i], NULL, NULL, &count);
  fprintf(stderr, "%u scenarios, %u events, %u failed\n", count.scenarios, count.steps, count.failed);
  return count.failed || !count.scenarios;
}
