/* SPDX-License-Identifier: MIT */
/* cpm_verb_model.c - `cpm model`: prints the tables. */
#include "cpm_tool.h"
#include "export.h"
#include <string.h>

static int model_no_machine(const char *name) {
  tool_say(TOOL_USAGE, "model: no machine '%s'; there are:", name);
  for (size_t i = 0; cpm_machine_at(i); i++) fprintf(stderr, "  %s\n", cpm_machine_name(cpm_machine_at(i)));
  return TOOL_USAGE;
}

static bool model_wants(const tool *t, bool leg) { return !t->of || strcmp(t->of, leg ? "legs" : "call") == 0; }

static bool model_dot(const tool *t, const cpm_machine *only) {
  for (size_t i = 0; cpm_machine_at(i); i++) {
    const cpm_machine *m = cpm_machine_at(i);
    if (only && m != only) continue;
    if (model_wants(t, false) && !export_dot(stdout, m, false)) return false;
    if (model_wants(t, true) && !export_dot(stdout, m, true)) return false;
  }
  return true;
}

int tool_model(tool *t) {
  const cpm_machine *m = t->file ? cpm_machine_named(t->file) : NULL;
  const bool dot = t->format && strcmp(t->format, "dot") == 0;
  if (t->file && !m) return model_no_machine(t->file);
  if (t->format && !dot && strcmp(t->format, "json") != 0)
    return tool_say(TOOL_USAGE, "model: no format '%s'; there are: json, dot", t->format);
  if (t->of && strcmp(t->of, "call") != 0 && strcmp(t->of, "legs") != 0)
    return tool_say(TOOL_USAGE, "model: --of is call or legs, not '%s'", t->of);
  if (t->of && !dot) return tool_say(TOOL_USAGE, "model: --of goes with --format dot");
  if (m && t->of && model_wants(t, true) && !export_has_legs(m)) return tool_say(TOOL_USAGE, "model: %s has no legs", t->file);
  (void)(dot ? model_dot(t, m) : export_json(stdout, m));   /* a failure shows on stdout, where main looks */
  return TOOL_OK;
}
