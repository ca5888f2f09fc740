/* SPDX-License-Identifier: MIT */
/* Switching off lines of the tables: samples go through all of them, and each that is switched off is another machine. */
#define _POSIX_C_SOURCE 200809L
#include "support.h"
#include "scenario.h"
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

/* ---- which lines a sample takes -------------------------------------------------------------------------------------- */

static void seeds_that_follow_each_other_take_every_line_once(void **state) {
  (void)state;
  for (size_t lines = 1; lines < 200; lines++)
    for (size_t size = 1; size < 250; size += 7) {
      const size_t seeds = (lines + size - 1) / size;
      for (size_t line = 0; line < lines; line++) {
        size_t taken = 0;
        for (uint64_t seed = 1000; seed < 1000 + seeds; seed++) taken += sc_in_sample(line, lines, (sc_sample){ size, seed });
        assert_int_equal(taken, 1);
      }
    }
}

static void a_sample_is_no_larger_than_asked_for_and_hardly_smaller(void **state) {
  (void)state;
  for (size_t lines = 1; lines < 500; lines += 3)
    for (size_t size = 1; size <= lines; size += 5)
      for (uint64_t seed = 0; seed < 20; seed++) {
        const size_t parts = (lines + size - 1) / size;
        size_t taken = 0;
        for (size_t line = 0; line < lines; line++) taken += sc_in_sample(line, lines, (sc_sample){ size, seed });
        assert_in_range(taken, lines / parts, size);
      }
  assert_true(sc_in_sample(7, 10, (sc_sample){ 0, 3 }));
  assert_true(sc_in_sample(0, 1, (sc_sample){ 60, UINT64_MAX }));
}

/* ---- the tables themselves --------------------------------------------------------------------------------------------- */

static bool of_all(const char *machine) { return machine != NULL; }
static bool of_one(const char *machine) { return strcmp(machine, "cf/pager") == 0; }
static bool every_scenario_passes(void) { return true; }
static bool a_scenario_fails(void) { return false; }

static uint64_t sound[64];
/* Does no machine differ from what it was? */
static bool every_machine_is_the_same(void) {
  for (size_t i = 0; i < cpmi_machine_count; i++)
    if (cpmi_tables_hash(cpmi_machines[i]) != sound[i]) return false;
  return true;
}

static sc_mutated run(bool (*scenarios)(void), bool (*has)(const char *machine), sc_sample sample, char **text) {
  size_t n = 0;
  FILE *out = open_memstream(text, &n);
  assert_non_null(out);
  const sc_mutated m = sc_mutate(scenarios, has, sample, out);
  fclose(out);
  if (m.skipped) free(*text);
  if (m.skipped) skip();
  return m;
}

static int by_text(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

/* The lines of the text in their order, as one text. */
static void sort_lines(char *text) {
  static char *lines[10000];
  size_t n = 0;
  char *copy = strdup(text);
  assert_non_null(copy);
  for (char *line = strtok(copy, "\n"); line; line = strtok(NULL, "\n")) {
    assert_true(n < sizeof lines / sizeof *lines);
    lines[n++] = line;
  }
  qsort(lines, n, sizeof *lines, by_text);
  for (size_t i = 0; i < n; i++) text += sprintf(text, "%s\n", lines[i]);
  free(copy);
}

/* What is printed when nobody misses anything: all lines, once by all samples together. */
static void the_samples_together_are_all_lines_of_the_tables(void **state) {
  (void)state;
  char *all, *of_samples, *part;
  size_t n = 0, tried = 0;
  const sc_mutated whole = run(every_scenario_passes, of_all, (sc_sample){ 0, 0 }, &all);
  assert_true(whole.lines > 300);
  assert_int_equal(whole.tried, whole.lines);
  assert_int_equal(whole.survived, whole.lines);
  FILE *joined = open_memstream(&of_samples, &n);
  assert_non_null(joined);
  const size_t seeds = (whole.lines + 59) / 60;
  for (uint64_t seed = 20000; seed < 20000 + seeds; seed++) {
    const sc_mutated m = run(every_scenario_passes, of_all, (sc_sample){ 60, seed }, &part);
    assert_true(m.tried > 0 && m.tried <= 60);
    assert_int_equal(m.survived, m.tried);
    assert_int_equal(m.lines, whole.lines);
    tried += m.tried;
    fputs(part, joined);
    free(part);
  }
  fclose(joined);
  assert_int_equal(tried, whole.lines);
  sort_lines(all);
  sort_lines(of_samples);
  assert_string_equal(all, of_samples);
  free(all);
  free(of_samples);
}

static void a_seed_gives_the_same_lines_again(void **state) {
  (void)state;
  char *first, *again, *other;
  run(every_scenario_passes, of_one, (sc_sample){ 10, 5 }, &first);
  run(every_scenario_passes, of_one, (sc_sample){ 10, 5 }, &again);
  run(every_scenario_passes, of_one, (sc_sample){ 10, 6 }, &other);
  assert_string_equal(first, again);
  assert_string_not_equal(first, other);
  free(first);
  free(again);
  free(other);
}

static void a_line_that_a_scenario_misses_is_not_printed(void **state) {
  (void)state;
  char *text;
  const sc_mutated m = run(a_scenario_fails, of_one, (sc_sample){ 0, 0 }, &text);
  assert_true(m.tried > 50);
  assert_int_equal(m.survived, 0);
  assert_string_equal(text, "");
  free(text);
}

/* Only time of the processor runs out. */
static bool no_clock_but_the_processors(void) {
  struct itimerval wall, worked;
  return getitimer(ITIMER_REAL, &wall) == 0 && !wall.it_value.tv_sec && !wall.it_value.tv_usec && getitimer(ITIMER_PROF, &worked) == 0 &&
         worked.it_value.tv_sec > 0;
}

static void a_run_ends_after_so_much_work_not_after_so_long(void **state) {
  (void)state;
  char *text;
  const sc_mutated m = run(no_clock_but_the_processors, of_one, (sc_sample){ 10, 5 }, &text);
  assert_int_equal(m.survived, m.tried);
  free(text);
}

/* A block names its tables by their hash. */
static void a_line_switched_off_makes_another_machine(void **state) {
  (void)state;
  char *text;
  assert_true(cpmi_machine_count <= sizeof sound / sizeof *sound);
  for (size_t i = 0; i < cpmi_machine_count; i++) sound[i] = cpmi_tables_hash(cpmi_machines[i]);
  const sc_mutated m = run(every_machine_is_the_same, of_all, (sc_sample){ 0, 0 }, &text);
  assert_true(every_machine_is_the_same());
  assert_string_equal(text, "");
  assert_int_equal(m.survived, 0);
  free(text);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(seeds_that_follow_each_other_take_every_line_once),
    cmocka_unit_test(a_sample_is_no_larger_than_asked_for_and_hardly_smaller),
    cmocka_unit_test(the_samples_together_are_all_lines_of_the_tables),
    cmocka_unit_test(a_seed_gives_the_same_lines_again),
    cmocka_unit_test(a_line_that_a_scenario_misses_is_not_printed),
    cmocka_unit_test(a_run_ends_after_so_much_work_not_after_so_long),
    cmocka_unit_test(a_line_switched_off_makes_another_machine),
  };
  return cmocka_run_group_tests_name("mutate", tests, NULL, NULL);
}
