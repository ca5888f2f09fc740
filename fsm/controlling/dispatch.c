/* SPDX-License-Identifier: MIT */
/* cf/dispatch: which procedure a request at the Controlling Function is for (rulings O-R20, O-R49). */
#include "table.h"

#define SPEC "O-"

static const cpmi_capture cf_dispatch_captures[] = {
  CAPTURE("S4-9.1.1-p1", on_message, asks_msg, SERVICE(MSG))
  CAPTURE("S4-9.1.2-p1", on_invite,  asks_largemsg, SERVICE(LARGEMSG))
};

static const cpmi_row cf_dispatch_rows[] = {
  /*  clauses           state  event       if               next   then */
  ROW("R49-1",          idle,  on_message, IF(in_dialog),   ended, HOLD(origin), REFUSE(481, none), DONE)
  ROW("S4-9.1.1-p1",    ,      ,           IF(for_pager),   ended, ENTER(cf_pager, 488), DONE)
  ROW("R49-1",          idle,  on_invite,  IF(in_dialog),   ended, HOLD(origin), REFUSE(481, none), DONE)
  ROW("S4-9.1.2-p1",    ,      ,           IF(for_large),   ended, ENTER(cf_large, 488), DONE)
};
#undef SPEC

static const uint8_t cf_dispatch_fields[] = { F(to_tag), F(asks_msg), F(asks_largemsg), F(origin) };
static const cpmi_part cf_dispatch_part = { .call = ROWS(cf_dispatch_rows), .captures = ROWS(cf_dispatch_captures) };

const cpm_machine cpmi_machine_cf_dispatch = {
  .name = "cf/dispatch", .role = CPM_ROLE_CONTROLLING, .init = CPMI_STATE_idle,
  .parts = { &cf_dispatch_part, &cpmi_part_dispatch }, .fields = NAMES(cf_dispatch_fields),
};
