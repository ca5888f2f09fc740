/* SPDX-License-Identifier: MIT */
/* recipe_model.c - what recipes and their lines ask for, and who composes them: for programs that explain a message. */
#include "engine.h"
#include <string.h>

_Static_assert(CPMI_GUARD == CPM_WHEN_MAX, "a guard fits in cpm_line");
_Static_assert((int)CPMI_SHALL_NOT == (int)CPM_SHALL_NOT && (int)CPMI_EXACTLY_ONE == (int)CPM_EXACTLY_ONE, "levels have the same numbers");
_Static_assert((int)CPMI_RECIPE_MSRP == (int)CPM_RECIPE_MSRP && (int)CPMI_RECIPE_CPIM_BODY == (int)CPM_RECIPE_CPIM,
               "kinds of recipes have the same numbers");
_Static_assert(CPMI_RECIPE_REQUEST == 0 && CPMI_RECIPE_IN_DIALOG == 1 && CPMI_RECIPE_FORKED == 2, "requests come first");

/* ---- recipes and machines ----------------------------------------------------------------------------------------- */

bool cpm_recipe_describe(int recipe, cpm_recipe *out) {
  static const cpm_recipe none;
  *out = none;
  if (!cpm_recipe_name(recipe)) return false;
  const cpmi_recipe *r = cpmi_recipes[recipe];
  out->name = r->name;
  out->kind = (cpm_recipe_kind)r->kind;
  out->type = r->type;
  if (r->kind == CPMI_RECIPE_RESPONSE) out->status = r->start;
  else if (r->kind <= CPMI_RECIPE_FORKED) out->method = (cpm_sip_method)r->start;
  return true;
}

static bool rmodel_op_sends(const cpmi_op *op, int recipe) {
  const bool message = op->op == CPMI_OP_SEND || op->op == CPMI_OP_REPLY || op->op == CPMI_OP_PUSH;
  return (message && op->b == recipe) || (op->op == CPMI_OP_REFUSE && recipe == CPMI_RECIPE_refusal);
}

static bool rmodel_rows_send(const cpm_machine *m, bool leg, int recipe) {
  const cpmi_row *row;
  for (size_t i = 0; (row = cpmi_row_at(m, leg, i)) != NULL; i++)
    for (size_t k = 0; k < CPMI_OPS_A_ROW; k++)
      if (rmodel_op_sends(&row->ops[k], recipe)) return true;
  return false;
}

bool cpm_machine_composes(const cpm_machine *m, int recipe) {
  return m && cpm_recipe_name(recipe) && (rmodel_rows_send(m, false, recipe) || rmodel_rows_send(m, true, recipe));
}

cpm_role cpm_machine_role(const cpm_machine *m) { return m ? (cpm_role)m->role : CPM_ROLE_CLIENT; }

const char *cpm_fact_name(size_t index) { return index < CPMI_FACT_COUNT - 1 ? cpmi_facts[index + 1].name : NULL; }

const char *cpm_fact_doc(const char *name) {
  for (unsigned f = 1; name && f < CPMI_FACT_COUNT; f++)
    if (strcmp(cpmi_facts[f].name, name) == 0) return cpmi_facts[f].doc;
  return NULL;
}

/* ---- lines ------------------------------------------------------------------------------------------------------------ */

enum { RMODEL_NOTHING, RMODEL_LITERAL, RMODEL_ICSI, RMODEL_FIELD, RMODEL_AGENT, RMODEL_HEADER, RMODEL_RECIPE };
static const struct { const char *how; uint8_t operand; } rmodel_values[] = {
  [CPMI_VALUE_LIT]            = { "this text:", RMODEL_LITERAL },
  [CPMI_VALUE_ICSI]           = { "this service:", RMODEL_ICSI },
  [CPMI_VALUE_ICSI_TAG]       = { "+g.3gpp.icsi-ref with", RMODEL_ICSI },
  [CPMI_VALUE_CTX]            = { "the procedure's field", RMODEL_FIELD },
  [CPMI_VALUE_ADDR]           = { "the address in the procedure's field", RMODEL_FIELD },
  [CPMI_VALUE_ADDRS]          = { "a header for each address in the procedure's field", RMODEL_FIELD },
  [CPMI_VALUE_OF_AGENT]       = { "the sender's own", RMODEL_AGENT },
  [CPMI_VALUE_ADDR_OF_AGENT]  = { "as an address, the sender's own", RMODEL_AGENT },
  [CPMI_VALUE_ADDR_OF_TARGET] = { "the URI of the Request-URI", RMODEL_NOTHING },
  [CPMI_VALUE_COPY]           = { "what was received as", RMODEL_HEADER },
  [CPMI_VALUE_COPY_IF]        = { "if it was received, a copy of", RMODEL_HEADER },
  [CPMI_VALUE_COPY_PLUS]      = { "the received list, with", RMODEL_LITERAL },
  [CPMI_VALUE_COPY_MINUS]     = { "the received list, without", RMODEL_LITERAL },
  [CPMI_VALUE_ALL_OTHERS]     = { "every other header field that was received", RMODEL_NOTHING },
  [CPMI_VALUE_WARNING]        = { "the warning of the refusal", RMODEL_NOTHING },
  [CPMI_VALUE_TIME]           = { "the time of sending", RMODEL_NOTHING },
  [CPMI_VALUE_REPORT]         = { "the notifications in the procedure's field", RMODEL_FIELD },
  [CPMI_VALUE_RECIPE]         = { "a body by the recipe", RMODEL_RECIPE },
  [CPMI_VALUE_CONTENT]        = { "the content in the procedure's field", RMODEL_FIELD },
  [CPMI_VALUE_PARTS]          = { "the received parts in the procedure's field", RMODEL_FIELD },
  [CPMI_VALUE_LIST]           = { "the entries in the procedure's field", RMODEL_FIELD },
  [CPMI_VALUE_LIST_PLUS]      = { "one more entry, of the procedure's field", RMODEL_FIELD },
  [CPMI_VALUE_HISTORY]        = { "the other recipients", RMODEL_NOTHING },
  [CPMI_VALUE_IMDN]           = { "a disposition notification of what was received", RMODEL_NOTHING },
  [CPMI_VALUE_ALL]            = { "all octets of it", RMODEL_NOTHING },
  [CPMI_VALUE_COMPOSING]      = { "who composes, as the field says", RMODEL_FIELD },
  [CPMI_VALUE_WINDOW]         = { "the octets that go out now", RMODEL_NOTHING },
  [CPMI_VALUE_EMPTY]          = { "no octets", RMODEL_NOTHING },
  [CPMI_VALUE_ALL_OF]         = { "all octets, as many as in the procedure's field", RMODEL_FIELD },
  [CPMI_VALUE_TIME_IN]        = { "the time of sending", RMODEL_NOTHING },
  [CPMI_VALUE_CONTACT]        = { "the sender's own address, with the tag of", RMODEL_ICSI },
  [CPMI_VALUE_TYPES_OF]       = { "the media types of the sender's own", RMODEL_AGENT },
  [CPMI_VALUE_WRAPPED_TYPES]  = { "the media types of the payload", RMODEL_NOTHING },
  [CPMI_VALUE_RANGE]          = { "the range of the chunk", RMODEL_NOTHING },
  [CPMI_VALUE_CHUNK]          = { "the chunk", RMODEL_NOTHING },
  [CPMI_VALUE_OWN_PATH]       = { "our MSRP URI", RMODEL_NOTHING },
  [CPMI_VALUE_SIZE]           = { "size: and the number", RMODEL_FIELD },
  [CPMI_VALUE_ICSI_DEVICE]    = { "the device of the other side alone, and +g.3gpp.icsi-ref with", RMODEL_ICSI },
  [CPMI_VALUE_SPAN]           = { "the octets that go", RMODEL_NOTHING },
  [CPMI_VALUE_CONTACT_OF]     = { "the sender's own address, with the tags of", RMODEL_FIELD },
  [CPMI_VALUE_NUMBER]         = { "a number before", RMODEL_LITERAL },
  [CPMI_VALUE_NUMBER_IN]      = { "a number before", RMODEL_LITERAL },
};

static cpm_str rmodel_operand(const cpmi_line *l) {
  static const char *const texts[] = {
#define RMODEL_TEXT(name, doc) #name,
    CPM_AGENT_TEXTS(RMODEL_TEXT)
  };
  switch (rmodel_values[l->value].operand) {
  case RMODEL_LITERAL: return cpm_str_z(l->lit);
  case RMODEL_ICSI:    return cpm_icsi_urn((cpm_icsi)l->what);
  case RMODEL_FIELD:   return cpm_str_z(cpm_field_name((cpm_field)l->what));
  case RMODEL_AGENT:   return cpm_str_z(texts[l->what < CPMI_AGENT_TEXT_COUNT ? l->what : 0]);
  case RMODEL_HEADER:  return cpm_sip_header_name((cpm_sip_header)l->what);
  case RMODEL_RECIPE:  return cpm_str_z(cpmi_recipes[l->what]->name);
  default:             return cpm_str_none();
  }
}

int cpm_recipe_line(int recipe, size_t line, cpm_line *out) {
  static const cpm_line none;
  if (!out || line >= cpm_recipe_lines(recipe)) return CPM_E_ARG;
  const cpmi_line *l = &cpmi_recipes[recipe]->lines[line];
  const bool value = l->level != CPMI_SHALL_NOT && l->level != CPMI_EXACTLY_ONE;
  *out = none;
  out->level = (cpm_level)l->level;
  out->nested = l->place == CPMI_PLACE_BODY && l->value == CPMI_VALUE_RECIPE ? (int)l->what : -1;
  if (value) out->how = rmodel_values[l->value].how;
  if (value) out->want = rmodel_operand(l);
  out->fixed = value && (l->value == CPMI_VALUE_LIT || l->value == CPMI_VALUE_ICSI || l->value == CPMI_VALUE_ICSI_TAG);
  for (; out->nwhen < CPMI_GUARD && l->when[out->nwhen]; out->nwhen++) {
    const int fact = l->when[out->nwhen];
    out->when[out->nwhen] = (cpm_known){ cpmi_facts[fact > 0 ? fact : -fact].name, fact > 0 };
  }
  return CPM_OK;
}
