/* SPDX-License-Identifier: MIT */
/* check_tables.c - the checker as a program: check_tables [machine]. Prints what fails; exit status 1 if anything does. */
#include "check.h"
#include <string.h>

static unsigned tables_check(const cpm_machine *m) {
  check c = { m, stdout, 0 };
  check_machine(&c);
  if (!c.wrong) printf("%s: every event is decided, every row is reached\n", m->name);
  return c.wrong;
}

int main(int argc, char **argv) {
  unsigned wrong = 0;
  bool any = false;
  for (size_t i = 0; i < cpmi_machine_count; i++) {
    if (argc > 1 && strcmp(argv[1], cpmi_machines[i]->name) != 0) continue;
    any = true;
    wrong += tables_check(cpmi_machines[i]);
  }
  if (!any) {
    fprintf(stderr, "check_tables: no machine '%s'; there are:\n", argv[1]);
    for (size_t i = 0; i < cpmi_machine_count; i++) fprintf(stderr, "  %s\n", cpmi_machines[i]->name);
    return 2;
  }
  if (argc < 2) {
    check c = { NULL, stdout, 0 };
    check_recipes(&c);
    wrong += c.wrong;
    if (!c.wrong) printf("recipes: lines of one name exclude each other\n");
  }
  if (wrong) printf("%u complaints\n", wrong);
  return wrong != 0;
}
