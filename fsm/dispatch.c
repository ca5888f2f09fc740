/* SPDX-License-Identifier: MIT */
/* dispatch.c - which procedure a request or a wish is for: one step of a machine that the tables have, on the stack. */
#include "engine.h"
#include <string.h>

/* Nothing that these machines remember is a text. */
enum { DISPATCH_BLOCK = CPMI_HEAD_MAX };

#define DISPATCH_NAME(id, name, doc) name,
static const char *const dispatch_names[] = { CPM_PROCEDURES(DISPATCH_NAME) };

static const cpm_machine *dispatch_machine(cpm_role role) {
  switch (role) {
  case CPM_ROLE_PARTICIPATING: return &cpmi_machine_pf_dispatch;
  case CPM_ROLE_CONTROLLING:   return &cpmi_machine_cf_dispatch;
  default:                     return &cpmi_machine_client_dispatch;
  }
}

/* Constant, as the recipe has it. */
static const char *dispatch_allow(void) {
  const cpmi_recipe *r = &cpmi_recipe_method_refused;
  for (size_t i = 0; i < r->nlines; i++)
    if (r->lines[i].place == CPMI_PLACE_SIP && r->lines[i].name == CPM_SIP_ALLOW) return r->lines[i].lit;
  return NULL;
}

static void dispatch_enter(cpm_dispatched *out, const cpmi_op *op) {
  out->procedure = dispatch_names[op->a];
  out->machine = cpm_machine_named(out->procedure);
  out->answer = out->machine ? 0 : op->b;
}

static void dispatch_reply(cpm_dispatched *out, const cpmi_op *op) {
  const bool refuse = op->op == CPMI_OP_REFUSE;
  out->answer = refuse ? op->b : cpmi_recipes[op->b]->start;
  if (!refuse && op->b == CPMI_RECIPE_method_refused) out->allow = dispatch_allow();
}

static int dispatch_step(cpm_dispatched *out, const cpm_event *e, const cpm_agent *agent) {
  union { uint64_t align; char block[DISPATCH_BLOCK]; } mem;
  cpm_proc *p = (cpm_proc *)(void *)mem.block;
  memset(out, 0, sizeof *out);
  cpmi_make(p, sizeof mem.block, dispatch_machine(agent->role));
  const int rc = cpm_proc_step(p, agent, e, NULL);
  if (rc < 0) return rc;
  const cpmi_row *row = p->call_row ? cpmi_row_at(cpmi_machine_of(p), false, p->call_row - 1u) : NULL;
  if (!row) return CPM_OK;
  out->spec = row->spec;
  out->clauses = row->clauses;
  for (size_t i = 0; i < CPMI_OPS_A_ROW && row->ops[i].op != CPMI_OP_END; i++) {
    const cpmi_op *op = &row->ops[i];
    if (op->op == CPMI_OP_ENTER) dispatch_enter(out, op);
    if (op->op == CPMI_OP_REPLY || op->op == CPMI_OP_REFUSE) dispatch_reply(out, op);
  }
  return CPM_OK;
}

int cpm_dispatch(cpm_dispatched *out, const cpm_sip *request, const cpm_agent *agent) {
  cpm_event e;
  if (!out || !request || !agent || (unsigned)agent->role > CPM_ROLE_CONTROLLING || request->status) return CPM_E_ARG;
  cpm_event_init(&e, cpm_event_of_request(request->method));
  e.sip = request;
  return dispatch_step(out, &e, agent);
}

int cpm_dispatch_intent(cpm_dispatched *out, unsigned intent, unsigned target, const cpm_agent *agent) {
  const cpm_arg args[2] = { { .field = CPM_FIELD_intent, .number = intent }, { .field = CPM_FIELD_target, .number = target } };
  cpm_event e;
  if (!out || !agent || (unsigned)agent->role > CPM_ROLE_CONTROLLING) return CPM_E_ARG;
  cpm_event_init(&e, CPM_EVENT_wish);
  e.args = args;
  e.nargs = target ? 2 : 1;
  return dispatch_step(out, &e, agent);
}
