/* SPDX-License-Identifier: MIT */
/* cpm_input.c - reading the input, and messages to people. */
#include "cpm_tool.h"
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

int tool_say(int status, const char *format, ...) {
  char text[1024];
  va_list args;
  va_start(args, format);
  const int n = vsnprintf(text, sizeof text, format, args);
  va_end(args);
  fputs("cpm: ", stderr);
  tool_put_escaped(stderr, cpm_str_of(text, n < 0 ? 0 : (size_t)n < sizeof text ? (size_t)n : sizeof text - 1));
  fputs(n >= (int)sizeof text ? "...\n" : "\n", stderr);
  return status;
}

const char *tool_name(const tool *t) { return strcmp(t->file, "-") == 0 ? "standard input" : t->file; }

static bool input_fails(const tool *t, const char *what, int error) {
  return tool_say(false, "%s %s: %s", what, tool_name(t), strerror(error));
}

/* Room grows by doubling; one octet more than the limit tells a file that is too large from one that just fits. */
static char *input_take(FILE *f, size_t *n) {
  size_t cap = 1 << 16;
  char *p = malloc(cap);
  *n = 0;
  while (p) {
    const size_t got = fread(p + *n, 1, cap - *n, f);
    *n += got;
    if (*n < cap || cap > TOOL_INPUT_LIMIT) return p;
    cap = cap < TOOL_INPUT_LIMIT ? cap * 2 : cap + 1;
    char *larger = realloc(p, cap);
    if (!larger) free(p);
    p = larger;
  }
  return NULL;
}

bool tool_read(tool *t) {
  const bool standard = strcmp(t->file, "-") == 0;
  errno = 0;
  FILE *f = standard ? stdin : fopen(t->file, "rb");
  if (!f) return input_fails(t, "cannot open", errno);
  size_t n = 0;
  char *p = input_take(f, &n);
  const int error = ferror(f) ? errno : 0;
  if (!standard) fclose(f);
  t->in = cpm_str_of(p, n);
  if (!p) return input_fails(t, "cannot read", ENOMEM);
  if (error) return input_fails(t, "cannot read", error);
  if (n > TOOL_INPUT_LIMIT)
    return tool_say(false, "%s is larger than %d MiB, which is too large for one message", tool_name(t), TOOL_INPUT_LIMIT >> 20);
  return n > 0 || tool_say(false, "%s is empty", tool_name(t));
}
