/* SPDX-License-Identifier: MIT */
/* cpm_verb_model.c - `cpm model`: prints the tables. */
#include "cpm_tool.h"
#include "export.h"
#include <stdlib.h>
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

/* ---- Promela ---------------------------------------------------------------------------------------------------------- */

static bool model_number(const char *text, unsigned least, unsigned most, unsigned *out) {
  if (!text) return true;
  char *end;
  const unsigned long n = strtoul(text, &end, 10);
  if (*text < '0' || *text > '9' || *end || n < least || n > most) return false;
  *out = (unsigned)n;
  return true;
}

static int model_promela(const tool *t, const cpm_machine *m) {
  export_promela c = { m, t->with ? cpm_machine_named(t->with) : NULL, 2, 3, 1, 1, { .kind = EXPORT_AS_IT_IS }, false };
  const char *wrong = NULL;
  if (!m) return tool_say(TOOL_USAGE, "model: --format promela needs a MACHINE");
  if (t->with && !c.with) return model_no_machine(t->with);
  if (!model_number(t->members, 1, 6, &c.members)) return tool_say(TOOL_USAGE, "model: --members is a number from 1 to 6, not '%s'", t->members);
  if (!model_number(t->chunks, 1, 3, &c.chunks)) return tool_say(TOOL_USAGE, "model: --chunks is a number from 1 to 3, not '%s'", t->chunks);
  if (!model_number(t->retries, 0, 2, &c.retries)) return tool_say(TOOL_USAGE, "model: --retries is a number from 0 to 2, not '%s'", t->retries);
  if (!model_number(t->refreshes, 0, 3, &c.refreshes)) return tool_say(TOOL_USAGE, "model: --refreshes is a number from 0 to 3, not '%s'", t->refreshes);
  if (!export_promela_print(stdout, &c, &wrong) && wrong) return tool_say(TOOL_REFUSED, "model: no Promela of %s: %s", t->file, wrong);
  return TOOL_OK;
}

int tool_model(tool *t) {
  const cpm_machine *m = t->file ? cpm_machine_named(t->file) : NULL;
  const bool dot = t->format && strcmp(t->format, "dot") == 0, promela = t->format && strcmp(t->format, "promela") == 0;
  if (t->file && !m) return model_no_machine(t->file);
  if (t->format && !dot && !promela && strcmp(t->format, "json") != 0)
    return tool_say(TOOL_USAGE, "model: no format '%s'; there are: json, dot, promela", t->format);
  if (t->of && strcmp(t->of, "call") != 0 && strcmp(t->of, "legs") != 0)
    return tool_say(TOOL_USAGE, "model: --of is call or legs, not '%s'", t->of);
  if (t->of && !dot) return tool_say(TOOL_USAGE, "model: --of goes with --format dot");
  if (!promela && (t->with || t->members || t->chunks || t->retries || t->refreshes))
    return tool_say(TOOL_USAGE, "model: --with, --members, --chunks, --retries and --refreshes go with --format promela");
  if (promela) return model_promela(t, m);
  if (m && t->of && model_wants(t, true) && !export_has_legs(m)) return tool_say(TOOL_USAGE, "model: %s has no legs", t->file);
  (void)(dot ? model_dot(t, m) : export_json(stdout, m));   /* a failure shows on stdout, where main looks */
  return TOOL_OK;
}
