/* SPDX-License-Identifier: MIT */
/* session.c - what a session's block says to the procedures that use its connection. */
#include "engine.h"
#include <string.h>

static bool session_arg(cpm_arg *out, const cpm_proc *session, cpm_field f) {
  *out = (cpm_arg){ .field = f };
  if (!cpm_proc_has(session, CPM_NO_LEG, f) || cpmi_field_type(f) == CPMI_TXN) return false;
  if (cpmi_is_text(cpmi_field_type(f))) out->text = cpm_proc_text(session, CPM_NO_LEG, f);
  else if (cpmi_is_record(cpmi_field_type(f))) return false;
  else out->number = cpm_proc_number(session, CPM_NO_LEG, f);
  return true;
}

int cpm_session_args(cpm_arg args[CPM_SESSION_ARGS], size_t *nargs, const cpm_proc *session, const cpm_machine *machine, cpm_event_type type) {
  const cpmi_capture *c;
  cpm_arg arg;
  *nargs = 0;
  if (!session || !machine || (unsigned)type >= CPM_EVENT_COUNT) return CPM_E_ARG;
  for (size_t i = 0; (c = cpmi_capture_at(machine, i)) != NULL; i++) {
    if (c->event != type || c->leg || c->source != CPMI_FROM_ARG || !session_arg(&arg, session, (cpm_field)c->field)) continue;
    if (*nargs == CPM_SESSION_ARGS) return CPM_E_TOO_MANY;
    args[(*nargs)++] = arg;
  }
  return CPM_OK;
}
