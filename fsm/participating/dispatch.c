/* SPDX-License-Identifier: MIT */
/* pf/dispatch: which procedure a request at the Participating Function is for (rulings O-R20, O-R49). */
#include "table.h"

#define SPEC "O-"

static const cpmi_capture pf_dispatch_captures[] = {
  CAPTURE("S1-8.3.1.1.1-p1", on_message, asks_msg, SERVICE(MSG))
};

static const cpmi_row pf_dispatch_rows[] = {
  /*  clauses           state  event       if               next   then */
  ROW("R49-1",          idle,  on_message, IF(in_dialog),   ended, HOLD(origin), REFUSE(481, none), DONE)
  ROW("S1-8.3.1.1.1-p1", ,     ,           IF(for_pager),   ended, ENTER(pager_originating, 488), DONE)
  ROW("R49-1",          idle,  on_invite,  IF(in_dialog),   ended, HOLD(origin), REFUSE(481, none), DONE)
};
#undef SPEC

static const uint8_t pf_dispatch_fields[] = { F(to_tag), F(asks_msg), F(origin) };
static const cpmi_part pf_dispatch_part = { .call = ROWS(pf_dispatch_rows), .captures = ROWS(pf_dispatch_captures) };

const cpm_machine cpmi_machine_pf_dispatch = {
  .name = "pf/dispatch", .role = CPM_ROLE_PARTICIPATING, .init = CPMI_STATE_idle,
  .parts = { &pf_dispatch_part, &cpmi_part_dispatch }, .fields = NAMES(pf_dispatch_fields),
};
