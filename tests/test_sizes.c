/* SPDX-License-Identifier: MIT */
/* docs/threads-errors-sizes.md: its table is what cpm_proc_size says, and no status is left out. */
#define _POSIX_C_SOURCE 200809L
#include "support.h"
#include "cpm/cpm.h"
#include <stdlib.h>
#include <string.h>

#define PAGE PROJECT_DIR "/docs/threads-errors-sizes.md"
static const char sizes_begin[] = "<!-- sizes: begin -->\n", sizes_end[] = "<!-- sizes: end -->\n";

static char *sizes_page(void) {
  const cpm_str file = support_read(PAGE);
  char *text = malloc(file.n + 1);
  assert_non_null(text);
  memcpy(text, file.p, file.n);
  text[file.n] = '\0';
  free((void *)(uintptr_t)file.p);
  return text;
}

static char *sizes_table(void) {
  char *text = NULL;
  size_t n = 0;
  FILE *out = open_memstream(&text, &n);
  assert_non_null(out);
  fputs(
      "| procedure | octets without texts and legs | each leg | 4 KiB of text | 64 KiB of text, 1000 legs |\n|---|--:|--:|--:|--:|\n",
      out);
  for (size_t i = 0; cpm_machine_at(i); i++) {
    const cpm_machine *m = cpm_machine_at(i);
    const size_t none = cpm_proc_size(m, 0, 0);
    fprintf(out, "| %s | %zu | %zu | %zu | %zu |\n", cpm_machine_name(m), none, cpm_proc_size(m, 0, 1) - none,
            cpm_proc_size(m, 4096, 0), cpm_proc_size(m, 65536, 1000));
  }
  fclose(out);
  return text;
}

/* Where the table stands in the page; *end is behind it. */
static char *sizes_find(char *page, char **end) {
  char *begin = strstr(page, sizes_begin);
  *end = begin ? strstr(begin, sizes_end) : NULL;
  if (!*end) fail_msg("%s has lost the marks of its table", PAGE);
  return begin + sizeof sizes_begin - 1;
}

static void sizes_write(const char *page, const char *from, const char *table, const char *rest) {
  FILE *f = fopen(PAGE, "wb");
  assert_non_null(f);
  fwrite(page, 1, (size_t)(from - page), f);
  fputs(table, f);
  fputs(rest, f);
  fclose(f);
}

/* Numbers of a machine of 64 bits. */
static void the_table_is_what_cpm_proc_size_says(void **state) {
  (void)state;
  if (sizeof(void *) != 8) skip();
  char *page = sizes_page(), *table = sizes_table(), *end, *from = sizes_find(page, &end);
  if (getenv("CPM_VECTORS_UPDATE")) sizes_write(page, from, table, end);
  else if (strlen(table) != (size_t)(end - from) || memcmp(table, from, strlen(table)) != 0)
    fail_msg("%s: with CPM_VECTORS_UPDATE=1 this test writes the table, which is now:\n%s", PAGE, table);
  free(table);
  free(page);
}

static void no_status_is_left_out(void **state) {
  (void)state;
  char *page = sizes_page();
#define CHECK(name, value, text) \
  if (!strstr(page, "`CPM_" #name "`")) fail_msg("%s: CPM_" #name " is not named", PAGE);
  CPM_STATUSES(CHECK)
#undef CHECK
  free(page);
}

static void no_effect_is_left_out(void **state) {
  (void)state;
  char *page = sizes_page();
  const char *twice = strstr(page, "| done twice |");
  assert_non_null(twice);
#define CHECK(name, doc) \
  if (!strstr(twice, #name)) fail_msg("%s: done twice, %s is not named", PAGE, #name);
  CPM_EFFECTS(CHECK)
#undef CHECK
  free(page);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(the_table_is_what_cpm_proc_size_says),
    cmocka_unit_test(no_status_is_left_out),
    cmocka_unit_test(no_effect_is_left_out),
  };
  return cmocka_run_group_tests_name("sizes", tests, NULL, NULL);
}
