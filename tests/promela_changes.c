/* SPDX-License-Identifier: MIT */
/* promela_changes.c - Promela of machines with one change in a row, so that what Spin proves can be seen to fail.
 *
 *   promela_changes --list MACHINE WITH               the changes that can be made, a line each; WITH is - for nobody
 *   promela_changes MACHINE WITH MEMBERS CHANGE...    Promela with the change, as it stands in a line of the list
 *   promela_changes --follow MACHINE WITH [CHANGE...] Promela that follows walks of the engine (promela_follow.h)
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

/* machine, table, row, kind, op */
static bool changes_read(export_change *c, char **word) {
  c->machine = cpm_machine_named(word[0]);
  c->leg = strcmp(word[1], "leg") == 0;
  c->row = strtoul(word[2], NULL, 10);
  c->kind = changes_kind(word[3]);
  c->op = strtoul(word[4], NULL, 10);
  return c->machine != NULL;
}

static int changes_print(const export_promela *c) {
  const char *wrong = NULL;
  if (export_promela_print(stdout, c, &wrong)) return 0;
  fprintf(stderr, "%s\n", wrong ? wrong : "not all could be written");
  return 1;
}

int main(int argc, char **argv) {
  if (argc == 4 && strcmp(argv[1], "--list") == 0) {
    for (int i = 2; i < 4; i++)
      if (cpm_machine_named(argv[i])) changes_list(cpm_machine_named(argv[i]));
    return 0;
  }
  const bool follow = argc > 3 && strcmp(argv[1], "--follow") == 0;
  if (follow) { argc--; argv++; }
  if (argc < 3 || !cpm_machine_named(argv[1])) return 2;
  export_promela c = { .machine = cpm_machine_named(argv[1]), .with = cpm_machine_named(argv[2]), .chunks = 2, .retries = 1, .refreshes = 1 };
  if (follow) { c.follow = true; c.chunks = 7; c.members = 3; c.retries = 2; c.refreshes = 7; }
  else c.members = argc > 3 ? (unsigned)strtoul(argv[3], NULL, 10) : 0;
  const int at = follow ? 3 : 4;
  if (argc > at && (argc < at + 5 || !changes_read(&c.change, argv + at))) return 2;
  return argc > at || follow ? changes_print(&c) : 2;
}
