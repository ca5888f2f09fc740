/* SPDX-License-Identifier: MIT */
/* promela_changes.c - Promela of machines with one change in a row, so that what Spin proves can be seen to fail.
 *
 *   promela_changes --list MACHINE WITH               the changes that can be made, a line each; WITH is - for nobody
 *   promela_changes MACHINE WITH MEMBERS CHANGE...    Promela with the change, as it stands in a line of the list
 */
#include "export.h"
#include "names.h"
#include <stdlib.h>
#include <string.h>

static const char *const changes_kinds[] = { "as-it-is", "without-row", "without", "twice" };

/* Ops whose loss the world can see: what is told, marked and asked for has no place in it. */
static bool changes_can_show(const cpmi_op *op, bool twice) {
  switch (op->op) {
  case CPMI_OP_SEND:
  case CPMI_OP_REPLY:
  case CPMI_OP_REFUSE:
  case CPMI_OP_CLOSE:
  case CPMI_OP_DONE:
  case CPMI_OP_ACCEPT:
  case CPMI_OP_CONNECT:
  case CPMI_OP_LISTEN: return true;
  case CPMI_OP_PUSH:
  case CPMI_OP_ASK:
  case CPMI_OP_FETCH:
  case CPMI_OP_STOP:
  case CPMI_OP_START:
  case CPMI_OP_HOLD:
  case CPMI_OP_STORE:  return !twice;
  default:             return false;
  }
}

static void changes_line(const cpm_machine *m, const char *table, size_t row, unsigned kind, size_t op, const names_row *at) {
  char word[160] = "";
  if (kind != EXPORT_WITHOUT_ROW) names_op_text(&at->r->ops[op], word, sizeof word);
  printf("%s %s %zu %s %zu # %s, %s %s\n", m->name, table, row, changes_kinds[kind], op, names_state(at->state),
         cpm_event_name((cpm_event_type)at->event), word);
}

static void changes_list(const cpm_machine *m) {
  for (unsigned leg = 0; leg < 2; leg++)
    for (names_row at = { NULL, 0, 0, 0, 0 }; names_next_row(m, leg, &at);) {
      const char *table = leg ? "leg" : "call";
      if (!at.r->ignore) changes_line(m, table, at.index, EXPORT_WITHOUT_ROW, 0, &at);
      for (size_t k = 0; k < CPMI_OPS_A_ROW && at.r->ops[k].op != CPMI_OP_END; k++) {
        if (changes_can_show(&at.r->ops[k], false)) changes_line(m, table, at.index, EXPORT_WITHOUT_OP, k, &at);
        if (changes_can_show(&at.r->ops[k], true)) changes_line(m, table, at.index, EXPORT_OP_TWICE, k, &at);
      }
    }
}

static export_change_kind changes_kind(const char *name) {
  unsigned k = 0;
  while (k < sizeof changes_kinds / sizeof *changes_kinds && strcmp(changes_kinds[k], name) != 0) k++;
  return (export_change_kind)k;
}

int main(int argc, char **argv) {
  const char *wrong = NULL;
  if (argc == 4 && strcmp(argv[1], "--list") == 0) {
    for (int i = 2; i < 4; i++)
      if (cpm_machine_named(argv[i])) changes_list(cpm_machine_named(argv[i]));
    return 0;
  }
  if (argc < 9 || !cpm_machine_named(argv[1]) || !cpm_machine_named(argv[4])) return 2;
  export_promela c = { cpm_machine_named(argv[1]), cpm_machine_named(argv[2]), 2, (unsigned)strtoul(argv[3], NULL, 10), 1, 1, { .kind = changes_kind(argv[7]) } };
  c.change.machine = cpm_machine_named(argv[4]);
  c.change.leg = strcmp(argv[5], "leg") == 0;
  c.change.row = strtoul(argv[6], NULL, 10);
  c.change.op = strtoul(argv[8], NULL, 10);
  if (export_promela_print(stdout, &c, &wrong)) return 0;
  fprintf(stderr, "%s\n", wrong ? wrong : "not all could be written");
  return 1;
}
