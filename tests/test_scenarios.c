/* SPDX-License-Identifier: MIT */
/* test_scenarios.c - runs every tests/scenarios file. docs/scenarios.md describes them.
 *
 *     test_scenarios [--show] [file [words of a scenario's name]]
 *
 * --show writes what happens in place of what is written: the way to begin a scenario. Read it against the document.
 */
#define _POSIX_C_SOURCE 200809L
#include "scenario.h"
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

static int by_name(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

static void run_folder(const char *path, sc_count *count) {
  static const char ending[] = ".scenario";
  char *names[512], full[1024];
  size_t n = 0;
  DIR *dir = opendir(path);
  if (!dir) return;
  for (const struct dirent *d; n < 512 && (d = readdir(dir)) != NULL;)
    if (d->d_name[0] != '.') names[n++] = strdup(d->d_name);
  closedir(dir);
  qsort(names, n, sizeof *names, by_name);
  for (size_t i = 0; i < n; i++) {
    const size_t len = strlen(names[i]);
    snprintf(full, sizeof full, "%s/%s", path, names[i]);
    if (len > sizeof ending && strcmp(names[i] + len - (sizeof ending - 1), ending) == 0) sc_run(full, NULL, NULL, count);
    else run_folder(full, count);
    free(names[i]);
  }
}

int main(int argc, char **argv) {
  sc_count count = { 0, 0, 0 };
  const bool show = argc > 1 && strcmp(argv[1], "--show") == 0;
  if (argc > 1 + show) sc_run(argv[1 + show], argc > 2 + show ? argv[2 + show] : NULL, show ? stdout : NULL, &count);
  else run_folder(TESTS_DIR "/scenarios", &count);
  fprintf(stderr, "%u scenarios, %u events, %u failed\n", count.scenarios, count.steps, count.failed);
  return count.failed || !count.scenarios;
}
