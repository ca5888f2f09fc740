/* SPDX-License-Identifier: MIT */
/* cmocka.c - see cmocka.h beside it. */
#include "cmocka.h"
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { MINI_RUNS, MINI_FAILED, MINI_SKIPPED };
static jmp_buf mini_end;

_Noreturn void _fail(const char *file, int line) {
  fprintf(stderr, "%s:%d: failed\n", file, line);
  longjmp(mini_end, MINI_FAILED);
}

_Noreturn void mini_skip(void) { longjmp(mini_end, MINI_SKIPPED); }

void mini_say(const char *format, ...) {
  va_list args;
  va_start(args, format);
  vfprintf(stderr, format, args);
  va_end(args);
  if (!strchr(format, '\n')) fputc('\n', stderr);
}

void mini_numbers(uint64_t a, uint64_t b, int equal, const char *what, const char *file, int line) {
  if ((a == b) == equal) return;
  mini_say("%s: 0x%" PRIx64 ", 0x%" PRIx64, what, a, b);
  _fail(file, line);
}

void mini_range(uint64_t v, uint64_t min, uint64_t max, const char *what, const char *file, int line) {
  if (v >= min && v <= max) return;
  mini_say("%s: %" PRIu64 " is not from %" PRIu64 " to %" PRIu64, what, v, min, max);
  _fail(file, line);
}

void mini_strings(const char *a, const char *b, int equal, const char *what, const char *file, int line) {
  if ((strcmp(a, b) == 0) == equal) return;
  mini_say("%s: \"%s\", \"%s\"", what, a, b);
  _fail(file, line);
}

void mini_memory(const void *a, const void *b, size_t n, const char *what, const char *file, int line) {
  if (memcmp(a, b, n) == 0) return;
  mini_say("%s: they differ", what);
  _fail(file, line);
}

static int mini_one(const struct CMUnitTest *test, void *state) {
  const int how = setjmp(mini_end);
  if (how != MINI_RUNS) return how;
  if (test->setup_func && test->setup_func(&state)) return MINI_FAILED;
  test->test_func(&state);
  if (test->teardown_func && test->teardown_func(&state)) return MINI_FAILED;
  return MINI_RUNS;
}

int mini_run(const char *name, const struct CMUnitTest *tests, size_t n, mini_fixture *setup, mini_fixture *teardown) {
  static const char *const said[] = { "passed", "FAILED", "skipped" };
  void *state = NULL;
  int failed = 0;
  if (setup && setup(&state)) return 1;
  for (size_t i = 0; i < n; i++) {
    const int how = mini_one(&tests[i], tests[i].initial_state ? tests[i].initial_state : state);
    printf("%-8s %s\n", said[how], tests[i].name);
    fflush(stdout);   /* the next one may crash */
    failed += how == MINI_FAILED;
  }
  if (teardown && teardown(&state)) failed++;
  printf("%s: %zu tests, %d failed\n", name, n, failed);
  return failed;
}
