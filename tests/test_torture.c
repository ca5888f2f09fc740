/* SPDX-License-Identifier: MIT */
/* The torture messages of RFC 4475 and RFC 5118. tests/vectors/torture/README.md is the golden: each row of its table names a message,
 * what the RFC has of it and what the library says. */
#define _GNU_SOURCE
#include "support.h"
#include "cpm/sip.h"
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#define TORTURE TESTS_DIR "/vectors/torture/"

/* Columns of the table; ANSWERS are what the library says. */
enum { COLUMN_SECTION, COLUMN_FILE, COLUMN_RFC, COLUMN_SPLIT, COLUMN_CHECK, COLUMN_ANSWER, COLUMN_WHERE, COLUMN_WHY, COLUMNS };
enum { FIRST_ANSWER = COLUMN_SPLIT, LAST_ANSWER = COLUMN_WHERE, ANSWERS = LAST_ANSWER - FIRST_ANSWER + 1 };

typedef struct answers { char text[ANSWERS][160]; } answers;

static void say_status(char *text, size_t size, int rc) {
  const char *const name = cpm_status_name(rc);
  snprintf(text, size, "%s", strncmp(name, "CPM_", 4) == 0 ? name + 4 : name);
}

static void say_quirks(char *text, size_t size, uint64_t quirks) {
  FILE *const out = fmemopen(text, size, "w");
  assert_non_null(out);
  support_quirks(out, quirks);
  fclose(out);
}

/* One row: does it split, what does the check say, with which status is it refused, and where in the message or value. */
static answers ask(cpm_str in) {
  cpm_sip_field f[64];
  cpm_sip m = CPM_SIP_ROOM(f);
  cpm_diag d = { 0 };
  unsigned answer = 0;
  answers a = { { "", "-", "-", "-" } };
  const int split = cpm_sip_decode(&m, in, NULL, &d);
  say_status(a.text[0], sizeof a.text[0], split);
  const int check = split ? CPM_OK : cpm_sip_check(&m, NULL, &answer, &d);
  if (!split) say_status(a.text[1], sizeof a.text[1], check);
  if (split) answer = cpm_sip_refusal(&m, in, NULL);
  if (answer) snprintf(a.text[2], sizeof a.text[2], "%u", answer);
  if (split || check) snprintf(a.text[3], sizeof a.text[3], "%s %zu", d.rule, d.off);
  else if (m.quirks) say_quirks(a.text[3], sizeof a.text[3], m.quirks);
  return a;
}

/* Cuts "| a | b |" into its columns, in place. */
static bool cut(char *line, char *column[COLUMNS]) {
  for (unsigned i = 0; i < COLUMNS; i++) {
    char *const from = i ? strstr(line, " | ") : strncmp(line, "| ", 2) == 0 ? line : NULL;
    if (!from) return false;
    *from = '\0';
    column[i] = line = from + (i ? 3 : 2);
  }
  char *const end = strstr(line, " |");
  if (end) *end = '\0';
  return end != NULL;
}

static bool is_message(const char *file) { return strchr(file, '/') && !strchr(file, ' '); }

static void each_row(void (*use)(char *column[COLUMNS], void *ctx), void *ctx) {
  const cpm_str table = support_read(TORTURE "README.md");
  char *text = strndup(table.p, table.n), *rest = text, *line, *column[COLUMNS];
  assert_non_null(text);
  while ((line = strsep(&rest, "\n")) != NULL)
    if (cut(line, column) && is_message(column[COLUMN_FILE])) use(column, ctx);
  free(text);
  free((void *)(uintptr_t)table.p);
}

static void hold(char *column[COLUMNS], void *ctx) {
  unsigned *const wrong = ctx;
  char path[512];
  snprintf(path, sizeof path, TORTURE "%s.in", column[COLUMN_FILE]);
  const cpm_str input = support_read(path), guarded = support_guard(input);
  const answers a = ask(guarded);
  bool same = true;
  for (unsigned i = 0; i < ANSWERS; i++) same = same && strcmp(a.text[i], column[FIRST_ANSWER + i]) == 0;
  printf("%s%s: %s %s %s\n", same ? "" : "! ", column[COLUMN_FILE], a.text[0], a.text[1], a.text[2]);
  if (!same) printf("  it is now: %s | %s | %s | %s\n", a.text[0], a.text[1], a.text[2], a.text[3]);
  *wrong += !same;
  support_unguard(guarded);
  free((void *)(uintptr_t)input.p);
}

static void every_message_gets_the_answer_of_the_table(void **state) {
  (void)state;
  unsigned wrong = 0;
  each_row(hold, &wrong);
  assert_int_equal(wrong, 0);
}

static void count(char *column[COLUMNS], void *ctx) {
  (void)column;
  ++*(unsigned *)ctx;
}

static unsigned messages_in(const char *folder) {
  char path[512];
  unsigned n = 0;
  snprintf(path, sizeof path, TORTURE "%s", folder);
  DIR *const dir = opendir(path);
  assert_non_null(dir);
  for (const struct dirent *e; (e = readdir(dir)) != NULL;) n += strstr(e->d_name, ".in") != NULL;
  closedir(dir);
  return n;
}

static void every_message_has_a_row(void **state) {
  (void)state;
  unsigned rows = 0;
  each_row(count, &rows);
  assert_int_equal(messages_in("rfc4475"), 49);
  assert_int_equal(messages_in("rfc5118"), 12);
  assert_int_equal(rows, 49 + 12 + messages_in("wire"));
}

/* What the RFC lets a reader mend is refused by one that tolerates nothing. */
static void who_tolerates_nothing_answers_400(void **state) {
  (void)state;
  static const struct { const char *file; bool splits; } cases[] = { { "regbadct", true }, { "dblreq", false } };
  const cpm_opts strict = { .refuse = CPM_QUIRKS_ALL };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    cpm_sip_field f[64];
    cpm_sip m = CPM_SIP_ROOM(f);
    cpm_diag d = { 0 };
    unsigned answer = 0;
    char path[512];
    snprintf(path, sizeof path, TORTURE "rfc4475/%s.in", cases[i].file);
    const cpm_str input = support_read(path);
    const int split = cpm_sip_decode(&m, input, &strict, &d), rc = split ? split : cpm_sip_check(&m, &strict, &answer, &d);
    assert_int_equal(split == CPM_OK, cases[i].splits);
    assert_status(rc, CPM_E_QUIRK, &d);
    if (split) answer = cpm_sip_refusal(&m, input, &strict);
    assert_int_equal(answer, 400);
    free((void *)(uintptr_t)input.p);
  }
}

/* A prefix is split, refused, and may be asked about, without a byte read behind it. */
static void use_prefix(cpm_str prefix, void *ctx) {
  (void)ctx;
  (void)ask(prefix);
}

static void prefixes(char *column[COLUMNS], void *ctx) {
  (void)ctx;
  char path[512];
  snprintf(path, sizeof path, TORTURE "%s.in", column[COLUMN_FILE]);
  const cpm_str input = support_read(path);
  support_every_prefix(input, use_prefix, NULL);
  free((void *)(uintptr_t)input.p);
}

static void every_prefix_of_every_message_is_read_inside_of_its_bytes(void **state) {
  (void)state;
  each_row(prefixes, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(every_message_gets_the_answer_of_the_table),
    cmocka_unit_test(every_message_has_a_row),
    cmocka_unit_test(who_tolerates_nothing_answers_400),
    cmocka_unit_test(every_prefix_of_every_message_is_read_inside_of_its_bytes),
  };
  return cmocka_run_group_tests_name("torture", tests, NULL, NULL);
}
