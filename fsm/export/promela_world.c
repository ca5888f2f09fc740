/* SPDX-License-Identifier: MIT */
/* promela_world.c - the world of the machines in Promela: what effects do to it and what they must not do, which events it then brings,
 * what it may lose. Like the explorer's world (tools/explore_world.c), and with a second machine at the other end. */
#include "promela.h"
#include <string.h>

/* Of a side:
 *   inv    our INVITE: 1 no final response, 2 a 2xx without ACK, 3 acknowledged       can   our CANCEL is out
 *   iinv   theirs, the same                                                           ican  their CANCEL came
 *   bye    our BYE is out        ibye  theirs has no answer    byed  it came before our ACK
 *   rein   our re-INVITE or UPDATE is out    irein  theirs has no answer    late  their ACK is not awaited any longer
 *   med    the connection: 1 we connect, 5 we listen, 2 up, 3 broken, 4 closed
 *   push   SENDs of ours without a response       fork  another dialog that the INVITE made: 1 there, 2 acknowledged
 *   mes    our MESSAGE has no final response    item  octets of the message are stored    drop  they were dropped
 *   chunk  a SEND has no response
 *   log    chunks that are stored   next  chunks that a leg was given   took  chunks that were answered with 200
 * What is on its way to a side, w_: inv, can, ack, bye, and fin, the final response: 1 2xx, they listen, 3 2xx, they connect, 2 another one.
 * Between two machines, ms: SENDs of a side, by the number of the chunk, 0: no octets; mr: their 200s; no: their other responses. */
const promela_var promela_vars[] = {
  { "kind", 2 }, { "fork", 2 }, { "inv", 2 }, { "can", 1 }, { "iinv", 2 }, { "ican", 1 }, { "bye", 1 }, { "ibye", 1 }, { "byed", 1 },
  { "rein", 1 }, { "irein", 1 }, { "late", 1 }, { "med", 3 }, { "push", 2 }, { "tim", 8 }, { "ask", 1 }, { "fetch", 2 }, { "next", 2 }, { "log", 2 },
  { "took", 2 }, { "sent", 3 }, { "chunk", 1 }, { "mes", 1 }, { "item", 2 }, { "drop", 1 },
};
const size_t promela_nvars = sizeof promela_vars / sizeof *promela_vars;

void promela_fill_as(promela_text *t, const promela_side *s, const char *me, const char *template) {
  const bool packed = strcmp(me, "k_") == 0;
  while (*template) {
    const size_t n = strspn(template + 1, "abcdefghijklmnopqrstuvwxyz_");
    if (*template == '$') {
      promela_put(t, "%s%.*s%s", me, (int)n, template + 1, packed ? "(k)" : "");
      template += n + 1;
      continue;
    }
    if (*template == '@') promela_put(t, "%s", s->peer ? s->peer->me : "?");
    else promela_put(t, "%c", *template);
    template++;
  }
}

void promela_fill(promela_text *t, const promela_side *s, const char *template) { promela_fill_as(t, s, s->me, template); }

static void world_both(promela_text *t, const promela_side *s, const char *always, const char *linked) {
  promela_fill(t, s, always);
  if (s->peer) promela_fill(t, s, linked);
}

/* ---- effects: SEND --------------------------------------------------------------------------------------------------- */

/* A re-INVITE or UPDATE: it keeps the session alive. */
static void world_send_again(const promela_side *s, const promela_row *row, promela_text *t) {
  if (promela_keeps_alive(row)) promela_put(t, "assert(%s%s); ", promela_owner(s, CPM_FIELD_we_refresh)->me, cpm_field_name(CPM_FIELD_we_refresh));
  promela_fill(t, s, s->calls ? "assert($inv == 3 && !$bye && !$rein); $rein = 1; " : "assert($iinv == 3 && !$bye && !$rein); $rein = 1; ");
  if (s->peer && promela_taking(s->peer, CPM_EVENT_on_reinvite)) promela_fill(t, s, s->calls ? "w_@rein = (@iinv >= 2); " : "w_@rein = (@inv >= 2); ");
}

static void world_send_bye(promela_text *t, const promela_side *s) {
  const char *calls = "assert($inv == 3 && !$bye); $bye = 1; ";
  if (s->call) promela_fill(t, s, "$next = 0; ");
  const char *called = "assert(($iinv == 3 || ($iinv == 2 && $late)) && !$bye); $bye = 1; $late = 0; ";
  world_both(t, s, s->calls ? calls : called, s->calls ? "w_@bye = (@iinv >= 2); " : "w_@bye = (@inv >= 1 && !@byed); ");
}

/* ACK and BYE of a dialog that the INVITE made too. */
static void world_send_forked(promela *g, const promela_side *s, const cpmi_recipe *r, promela_text *t) {
  if (r->start == CPM_METHOD_ACK) promela_fill(t, s, "assert($fork == 1); $fork = 2; ");
  else if (r->start == CPM_METHOD_BYE) promela_fill(t, s, "assert($fork == 2); $fork = 0; ");
  else promela_fail(g, "a request that the world does not know", r->name);
}

static void world_send(promela *g, const promela_side *s, const promela_row *row, const cpmi_recipe *r, promela_text *t) {
  if (r->kind == CPMI_RECIPE_FORKED) { world_send_forked(g, s, r, t); return; }
  switch (r->start) {
  case CPM_METHOD_UPDATE: world_send_again(s, row, t); break;
  case CPM_METHOD_INVITE:
    if (r->kind == CPMI_RECIPE_IN_DIALOG) world_send_again(s, row, t);
    else world_both(t, s, "assert($inv == 0); $inv = 1; ", "w_@inv = 1; ");
    break;
  case CPM_METHOD_ACK:
    world_both(t, s, "assert($inv == 2); if :: $byed -> $inv = 0; $byed = 0 :: else -> $inv = 3 fi; ", "w_@ack = (@iinv == 2); ");
    break;
  case CPM_METHOD_CANCEL: world_both(t, s, "assert($inv == 1 && !$can); $can = 1; ", "w_@can = (@iinv == 1 || w_@inv); "); break;
  case CPM_METHOD_BYE: world_send_bye(t, s); break;
  case CPM_METHOD_MESSAGE: promela_fill(t, s, "assert(!$mes); $mes = 1; "); break;
  default: promela_fail(g, "a request that the world does not know", r->name);
  }
}

/* ---- effects: answers ------------------------------------------------------------------------------------------------ */

static bool world_listens(const promela_row *row) {
  for (size_t i = 0; i < CPMI_OPS_A_ROW && row->r.ops[i].op != CPMI_OP_END; i++)
    if (row->r.ops[i].op == CPMI_OP_LISTEN) return true;
  return false;
}

/* To a transaction that its sender has given up nothing comes. */
static void world_reply(const promela_side *s, const promela_row *row, unsigned code, promela_text *t) {
  const unsigned field = promela_transaction(s), fin = code / 100 != 2 ? 2 : world_listens(row) ? 1 : 3;
  const char *held = cpm_field_name((cpm_field)field), *me = promela_owner(s, field)->me;
  promela_put(t, "if ");
  if (s->called) {
    promela_put(t, ":: %s%s == 1 -> ", me, held);
    world_both(t, s, "assert($iinv == 1); $ican = 0; ", "w_$can = 0; ");
    promela_fill(t, s, fin == 2 ? "$iinv = 0 " : "$iinv = 2 ");
    if (s->peer) promela_fill(t, s, fin == 2 ? "; w_@fin = (@inv == 1 -> 2 : 0) " : fin == 1 ? "; w_@fin = (@inv == 1 -> 1 : 0) " : "; w_@fin = (@inv == 1 -> 3 : 0) ");
  }
  promela_put(t, ":: %s%s == 2 -> ", me, held);
  promela_fill(t, s, "assert($ibye); $ibye = 0 ");
  if (promela_taking(s, CPM_EVENT_on_reinvite)) {
    promela_put(t, ":: %s%s == 3 -> ", me, held);
    promela_fill(t, s, "assert($irein); $irein = 0 ");
  }
  promela_put(t, ":: else -> assert(false) fi; ");
}

/* ---- effects: media -------------------------------------------------------------------------------------------------- */

static bool world_has_value(const cpmi_recipe *r, unsigned value) {
  for (size_t i = 0; i < r->nlines; i++)
    if (r->lines[i].value == value) return true;
  return false;
}

/* What goes out is a chunk by its number, or 0: it binds the connection, and says nothing. */
static void world_push(promela *g, const promela_side *s, const cpmi_recipe *r, promela_text *t) {
  if (s->call && world_has_value(r, CPMI_VALUE_CHUNK)) {
    promela_fill(t, s, "assert($med == 2 && $push < MOST && cur == $next + 1); $push++; $next = cur; ");
    return;
  }
  const bool binds = world_has_value(r, CPMI_VALUE_EMPTY);
  if (r->kind == CPMI_RECIPE_MSRP_REPORT) { promela_fill(t, s, "assert($med == 2); "); return; }   /* nobody answers it */
  if (s->call || (!binds && !world_has_value(r, CPMI_VALUE_WINDOW))) promela_fail(g, "a SEND that the world does not know", r->name);
  promela_fill(t, s, "assert($med == 2 && nfull($ms)); $push++; ");
  if (s->peer) promela_fill(t, s, "if :: @over || @med == 3 || @med == 4 -> skip :: else -> ");
  promela_fill(t, s, binds ? "$ms!0" : "$ms!$pushed");
  promela_fill(t, s, s->peer ? " fi; " : "; ");
}

static const char world_flush[] = "do :: nempty($ms) -> $ms?_ :: empty($ms) -> break od; ";
static const char world_flush_linked[] = "do :: nempty($mr) -> $mr?_ :: empty($mr) -> break od; "
                                        "do :: nempty(@ms) -> @ms?_ :: empty(@ms) -> break od; ";

/* Responses that are on their way, and what is on its way to us, are gone; what we pushed may still come there. */
static void world_flushed(promela_text *t, const promela_side *s) {
  if (s->call) return;
  promela_fill(t, s, s->peer ? world_flush_linked : world_flush);
}

static void world_close(promela_text *t, const promela_side *s) {
  promela_fill(t, s, "assert($med != 4); $med = 4; $push = 0; ");
  world_flushed(t, s);
}

static bool world_tells(const promela_side *s, unsigned notice) {
  for (size_t i = 0; i < s->n; i++)
    for (size_t k = 0; k < CPMI_OPS_A_ROW && s->rows[i].r.ops[k].op != CPMI_OP_END; k++)
      if (s->rows[i].r.ops[k].op == CPMI_OP_TELL && s->rows[i].r.ops[k].b == notice) return true;
  return false;
}

/* Does it matter what the side took when its caller is over? */
static bool world_counts_on(const promela_side *s) { return world_tells(s, CPM_NOTICE_received); }

static void world_accept(promela_text *t, const promela_side *s, unsigned code) {
  const bool ok = code == 200;
  promela_fill(t, s, "assert($chunk); $chunk = 0; ");
  if (ok && !s->call) promela_fill(t, s, s->peer && !world_counts_on(s) ? "$took = $took + (cur != 0 && !@over); " : "$took = $took + (cur != 0); ");
  if (s->peer) promela_fill(t, s, ok ? "if :: @med == 2 -> @mr!cur :: else -> skip fi; " : "w_@no = w_@no + (@med == 2); ");
}

/* ---- effects: the rest ----------------------------------------------------------------------------------------------- */

static void world_done(promela_text *t, const promela_side *s) {
  const promela_side *l = s->legs;
  if (l) promela_put(t, "assert(L[0] == 0); ");
  promela_fill(t, s, "assert(!$over && !$bye && !$ibye && ($med == 0 || $med == 4)); ");
  if (promela_taking(s, CPM_EVENT_on_reinvite)) promela_fill(t, s, s->peer ? "assert(!$irein); w_$rein = 0; " : "assert(!$irein); ");
  if (s->calls) promela_fill(t, s, "assert($inv == 0); ");
  if (s->called) promela_fill(t, s, "assert($iinv == 0); ");
  promela_fill(t, s, "$over = 1; $tim = 0; $log = 0; $ask = 0; $fetch = 0; $item = 0; $drop = 0; ");
  if (promela_taking(s, CPM_EVENT_reinvite_done)) promela_fill(t, s, "$rein = 0; ");
  if (s->peer) promela_fill(t, s, s->calls ? "w_$bye = 0; w_$fin = 0; w_$no = 0; " : "w_$can = 0; w_$ack = 0; w_$bye = 0; ");
  if (s->peer && s->calls && !world_counts_on(s->peer)) promela_fill(t, s, "@took = 0; ");
}

static void world_tell(promela_text *t, const promela_side *s, unsigned notice) {
  if (notice == CPM_NOTICE_accepted && s->calls) promela_fill(t, s, s->peer ? "assert(@took == CHUNKS); " : "assert($took == CHUNKS); ");
  if (notice == CPM_NOTICE_received) promela_fill(t, s, "assert($took == CHUNKS && $item == CHUNKS); ");
}

static void world_store(promela *g, const promela_side *s, unsigned item, promela_text *t) {
  if (item == CPM_ITEM_chunk_log) promela_fill(t, s, "assert(cur == $log + 1); $log = cur; ");
  else if (item == CPM_ITEM_message) promela_fill(t, s, "assert(!$drop && $item < CHUNKS); $item++; ");
  else if (item != CPM_ITEM_ticket && item != CPM_ITEM_history) promela_fail(g, "an item that the world does not know", "STORE");
}

static void world_fetch(const promela_side *s, const cpmi_op *op, promela_text *t) {
  if (op->a == CPM_ITEM_message) { promela_fill(t, s, "assert(!$fetch && $item); $fetch = 1; "); return; }
  promela_fill(t, s, "assert(!$fetch); $fetch = ");
  promela_put(t, "%s%s + 1; ", promela_owner(s, op->b)->me, cpm_field_name((cpm_field)op->b));
  promela_put(t, "assert(%slog >= ", (s->call ? s->call : s)->me);
  promela_fill(t, s, "$fetch); ");
}

static void world_drop(promela *g, const promela_side *s, unsigned item, promela_text *t) {
  if (item == CPM_ITEM_chunk_log) promela_fill(t, s, "assert($log > 0); $log = 0; ");
  else if (item == CPM_ITEM_message) promela_fill(t, s, "assert(!$drop); $item = 0; $drop = 1; ");
  else if (item != CPM_ITEM_ticket) promela_fail(g, "an item that the world does not know", "DROP");
}

static void world_count(const promela_side *s, const cpmi_op *op, promela_text *t) {
  const promela_side *owner = promela_owner(s, op->b);
  const char *name = cpm_field_name((cpm_field)op->b), *me = owner->me;
  if (op->op == CPMI_OP_MARK && op->b == CPM_FIELD_reported && op->a == CPM_REPORTED_delivered) promela_fill(t, s, "assert($took == CHUNKS); ");
  if (!promela_has_field(owner, op->b) || (!owner->needed[op->b] && op->op != CPMI_OP_HOLD)) return;
  if (op->op == CPMI_OP_ADD) promela_put(t, "assert(%s%s < MOST); %s%s++; ", me, name, me, name);
  if (op->op == CPMI_OP_SUB) promela_put(t, "assert(%s%s > 0); %s%s--; ", me, name, me, name);
  if (op->op == CPMI_OP_MARK) promela_put(t, "%s%s = %u; ", me, name, op->a);
  if (op->op != CPMI_OP_TAKE) return;
  const promela_side *whole = promela_owner(s, op->a);
  promela_put(t, "if :: %s%s < %s%s -> %s%s++ :: else -> skip fi; ", me, name, whole->me, cpm_field_name((cpm_field)op->a), me, name);
}

static void world_hold(const promela_side *s, const promela_row *row, const cpmi_op *op, promela_text *t) {
  const promela_side *owner = promela_owner(s, op->b);
  const unsigned is = row->event == CPM_EVENT_on_invite ? 1 : row->event == CPM_EVENT_on_bye ? 2 : row->event == CPM_EVENT_on_reinvite ? 3 : 0;
  promela_put(t, "%s%s = %u; ", owner->me, cpm_field_name((cpm_field)op->b), is);
}

void promela_op(promela *g, promela_side *s, const promela_row *row, const cpmi_op *op, promela_text *t) {
  const cpmi_recipe *r = op->op == CPMI_OP_SEND || op->op == CPMI_OP_REPLY || op->op == CPMI_OP_PUSH ? cpmi_recipes[op->b] : NULL;
  switch (op->op) {
  case CPMI_OP_SEND:    world_send(g, s, row, r, t); break;
  case CPMI_OP_REPLY:   world_reply(s, row, r->start, t); break;
  case CPMI_OP_REFUSE:  world_reply(s, row, op->b, t); break;
  case CPMI_OP_PUSH:    world_push(g, s, r, t); break;
  case CPMI_OP_ACCEPT:  world_accept(t, s, op->b); break;
  case CPMI_OP_CONNECT: promela_fill(t, s, "assert($med == 0); $med = 1; "); break;
  case CPMI_OP_LISTEN:  promela_fill(t, s, "assert($med == 0); $med = 5; "); break;
  case CPMI_OP_CLOSE:   world_close(t, s); break;
  case CPMI_OP_START:
    if (op->b == CPM_TIMER_session && !g->c.refreshes) break;   /* longer than a run */
    promela_fill(t, s, "$tim = $tim | ");
    promela_put(t, "%u; ", 1u << op->b);
    break;
  case CPMI_OP_STOP:    promela_fill(t, s, "$tim = $tim & "); promela_put(t, "%u; ", 0xffu & ~(1u << op->b)); break;
  case CPMI_OP_ASK:     promela_fill(t, s, "assert(!$ask); $ask = 1; "); break;
  case CPMI_OP_STORE:   world_store(g, s, op->b, t); break;
  case CPMI_OP_FETCH:   world_fetch(s, op, t); break;
  case CPMI_OP_DROP:    world_drop(g, s, op->b, t); break;
  case CPMI_OP_TELL:    world_tell(t, s, op->b); break;
  case CPMI_OP_DONE:    world_done(t, s); break;
  case CPMI_OP_HOLD:    world_hold(s, row, op, t); break;
  case CPMI_OP_ADD:
  case CPMI_OP_SUB:
  case CPMI_OP_TAKE:
  case CPMI_OP_MARK:    world_count(s, op, t); break;
  case CPMI_OP_EACH:    promela_put(t, "%seach_%s(); ", s->me, cpm_event_name((cpm_event_type)op->b)); break;
  case CPMI_OP_FORK:    promela_put(t, "%sfork(%u); ", s->me, op->a); break;
  case CPMI_OP_REFORK:  promela_put(t, "%srefork(%u); ", s->me, op->a); break;
  case CPMI_OP_COMPOSE:                               /* texts and statuses are not looked at */
  case CPMI_OP_LEARN:
  case CPMI_OP_BEST:
  case CPMI_OP_NOTHING:
  case CPMI_OP_RAISE:   break;                        /* behind the row */
  default:              promela_fail(g, "an op that the world does not know", names_op(op->op));
  }
}

/* ---- events ---------------------------------------------------------------------------------------------------------- */

#define TIMER(name, then) { CPM_EVENT_timer_##name, "$tim & " #name "_timer", "$tim & " #name "_timer", "$tim & " #name "_timer", \
                            "$tim = $tim - " #name "_timer; " then, NULL, false, true }
#define ANSWERED "$inv = 0; $can = 0; "

/* What the other side must do may be lost: only the host's own is owed. */
const promela_event promela_events[] = {
  /* event                   of anybody                  of a machine                owed            then */
  { CPM_EVENT_send,           "$st == $idle",             "$st == $idle",             "$st == $idle", "", NULL, false, false },
  { CPM_EVENT_cancel,         "true",                     "true",                     NULL,           "", NULL, true, false },
  { CPM_EVENT_on_object,      "true",                     "true",                     NULL,           "", NULL, true, false },
  { CPM_EVENT_on_policy,      "$ask",                     "$ask",                     "$ask",         "$ask = 0; ", NULL, false, true },
  { CPM_EVENT_on_loaded,      "$fetch",                   "$fetch",                   "$fetch",       "cur = $fetch; $fetch = 0; ", NULL, false, true },
  { CPM_EVENT_online,         "kept < KEPT",              "kept < KEPT",              NULL,           "", NULL, true, false },
  { CPM_EVENT_message_1xx,    "$mes",                     "$mes",                     NULL,           "", NULL, true, false },
  { CPM_EVENT_message_ok,     "$mes",                     "$mes",                     NULL,           "$mes = 0; ", NULL, false, true },
  { CPM_EVENT_message_fail,   "$mes",                     "$mes",                     NULL,           "$mes = 0; ", NULL, false, true },
  { CPM_EVENT_message_timeout, "$mes",                    "$mes",                     "$mes",         "$mes = 0; ", NULL, false, true },
  { CPM_EVENT_invite_1xx,     "$inv == 1",                "$inv == 1",                NULL,           "", NULL, true, false },
  { CPM_EVENT_invite_ok,      "$inv == 1",                "$inv == 1 && w_$fin % 2",  NULL,           "$inv = 2; $can = 0; ", NULL, false, true },
  { CPM_EVENT_invite_fork,    "$inv >= 2",                "$inv >= 2",                NULL,           "$fork = 1; ", NULL, false, true },
  { CPM_EVENT_invite_fail,    "$inv == 1",                "$inv == 1 && (w_$fin == 2 || w_@inv)", NULL, ANSWERED, "w_@inv = 0; w_$fin = 0; " ANSWERED, false, true },
  { CPM_EVENT_invite_timeout, "$inv == 1",                "$inv == 1",                "$inv == 1",    ANSWERED, "w_$fin = 0; " ANSWERED, false, true },
  { CPM_EVENT_bye_done,       "$bye",                     "$bye",                     "$bye",         NULL, NULL, false, true },
  { CPM_EVENT_reinvite_done,  "$rein",                    "$rein",                    "$rein",        "$rein = 0; ", NULL, false, true },
  { CPM_EVENT_on_invite,      "$st == $idle",             "w_$inv && $st == $idle",   NULL,           "$iinv = 1; ", "w_$inv = 0; $iinv = 1; ", false, true },
  { CPM_EVENT_on_reinvite,    NULL,                       NULL,                       NULL,           NULL, NULL, false, true },
  { CPM_EVENT_on_cancel,      "$iinv == 1 && !$ican",     "w_$can && $iinv == 1",     NULL,           "$ican = 1; ", "w_$can = 0; $ican = 1; ", false, true },
  { CPM_EVENT_on_ack,         "$iinv == 2",               "w_$ack && $iinv == 2",     NULL,           "$iinv = 3; ", "w_$ack = 0; $iinv = 3; ", false, true },
  { CPM_EVENT_on_bye,         NULL,                       NULL,                       NULL,           NULL, NULL, false, true },
  { CPM_EVENT_media_up,       "$med == 1 || $med == 5",   "($med == 1 && @med >= 2) || ($med == 5 && @med >= 1 && @med != 5)",
                                                                                      "$med == 1 || $med == 5", "$med = 2; ", NULL, false, true },
  { CPM_EVENT_media_down,     "$med == 1 || $med == 2 || $med == 5", "$med == 1 || $med == 2 || $med == 5", NULL, NULL, NULL, false, true },
  { CPM_EVENT_writable,       "$med == 2",                "$med == 2",                "$med == 2",    "", NULL, true, false },
  { CPM_EVENT_msrp_ok,        "nempty($ms) && $med == 2", "nempty($mr) && $push && $med == 2", NULL,  NULL, "$mr?cur; $push--; ", false, true },
  { CPM_EVENT_msrp_fail,      "nempty($ms) && $med == 2", "$push && $med == 2",       NULL,           NULL, NULL, false, true },
  { CPM_EVENT_on_chunk,       "$med == 2 && $sent <= SENDS", "$med == 2 && nempty(@ms)", NULL,       NULL, "@ms?cur; $chunk = 1; ", false, true },
  TIMER(session, ""), TIMER(no_answer, ""), TIMER(ack, "$late = 1; "), TIMER(linger, ""), TIMER(fanin, ""), TIMER(response, "assert($push); "),
};
const size_t promela_nevents = sizeof promela_events / sizeof *promela_events;

/* With the dialog all ends that was pending in it. */
static void world_dialog_ends(promela_text *t, const promela_side *s) {
  if (promela_taking(s, CPM_EVENT_reinvite_done)) promela_fill(t, s, "$rein = 0; ");
  if (promela_taking(s, CPM_EVENT_on_reinvite)) promela_fill(t, s, s->peer ? "$irein = 0; w_$rein = 0; " : "$irein = 0; ");
}

/* What the world does with an event before it is given. */
void promela_then(promela_text *t, const promela_side *s, const promela_event *e) {
  const char *then = s->peer && e->linked_then ? e->linked_then : e->then;
  if (then) { promela_fill(t, s, then); return; }
  switch (e->event) {
  case CPM_EVENT_bye_done:
    promela_fill(t, s, s->calls ? "$bye = 0; $inv = 0; " : "$bye = 0; $iinv = 0; ");
    world_dialog_ends(t, s);
    if (s->peer) promela_fill(t, s, s->calls ? "w_$bye = 0; " : "w_$bye = 0; w_$ack = 0; ");
    break;
  case CPM_EVENT_on_bye:
    if (s->peer) promela_fill(t, s, "w_$bye = 0; ");
    if (s->peer && s->called) promela_fill(t, s, "w_$ack = 0; ");
    world_dialog_ends(t, s);
    promela_fill(t, s, s->calls ? "$ibye = 1; if :: $inv == 2 -> $byed = 1 :: else -> $inv = 0 fi; " : "$ibye = 1; $iinv = 0; ");
    break;
  case CPM_EVENT_media_down:
    promela_fill(t, s, "$med = 3; $push = 0; ");
    world_flushed(t, s);
    break;
  case CPM_EVENT_msrp_ok:
    promela_fill(t, s, s->call ? "$push--; " : "$ms?cur; $push--; $took = $took + (cur != 0); ");
    break;
  case CPM_EVENT_msrp_fail:
    promela_fill(t, s, "$push--; ");
    if (!s->call) promela_fill(t, s, s->peer ? "w_$no = (w_$no -> w_$no - 1 : 0); " : "$ms?cur; cur = 0; ");
    break;
  case CPM_EVENT_on_reinvite: promela_fill(t, s, s->peer ? "w_$rein = 0; $irein = 1; " : "$irein = 1; "); break;
  case CPM_EVENT_on_chunk:
    if (s->call) break;
    promela_fill(t, s, "$chunk = 1; $sent++; cur = ($took < CHUNKS -> $took + 1 : 0); ");
    break;
  default: break;
  }
}

/* When it may come. NULL: never. */
const char *promela_guard(const promela_side *s, const promela_event *e) {
  if (e->event == CPM_EVENT_on_bye) {
    if (s->calls) return s->peer ? "w_$bye && $inv >= 2 && !$byed" : "$inv >= 2 && !$byed";
    return s->peer ? "w_$bye && $iinv >= 2" : "$iinv >= 2";
  }
  if (e->event == CPM_EVENT_on_ack && !s->called) return NULL;   /* that of a re-INVITE: it changes nothing */
  if (e->event == CPM_EVENT_on_reinvite) {
    if (s->peer) return s->calls ? "w_$rein && $inv == 3 && !$rein" : "w_$rein && $iinv >= 2 && !$rein";
    return s->calls ? "kept < KEPT && $inv >= 2 && !$rein" : "kept < KEPT && $iinv != 1 && $st != $idle && !$over && !$rein";
  }
  if (s->call && e->event == CPM_EVENT_on_chunk) return "$med == 2";
  if (s->call && e->event == CPM_EVENT_msrp_ok) return "$push";
  if (s->call && e->event == CPM_EVENT_msrp_fail) return "$push";
  return s->peer ? e->linked : e->open;
}

/* What its transport or its stack drops. */
void promela_drops(promela_text *t, const promela_side *s) {
  if (!s->peer) return;
  promela_fill(t, s, s->calls ? "  :: w_$bye && $inv == 1 -> w_$bye = 0   /* of a dialog that is not known yet: 481 */\n"
                              : "  :: atomic { @over && $st == $idle && !$over -> $over = 1; w_$inv = 0 }   /* the INVITE was lost */\n");
  if (promela_taking(s, CPM_EVENT_on_reinvite)) promela_fill(t, s, "  :: w_$rein && $rein -> w_$rein = 0   /* it crosses ours: 491 */\n");
}

/* When the host owes an event: it comes, whatever is lost. NULL: never. */
const char *promela_owed(const promela_side *s, const promela_event *e) {
  if (e->event == CPM_EVENT_on_invite && !s->peer) return "$st == $idle";
  if (e->event == CPM_EVENT_media_down && s->peer) return "$med == 2 && (@med == 3 || @med == 4 || @over)";
  return e->owed;
}

/* ---- captures --------------------------------------------------------------------------------------------------------- */

/* A leg is unpacked and packed for each step that may be taken back. */
static void world_set(promela_text *t, const promela_side *s, const char *field, const char *value, unsigned v) {
  if (s->call) promela_put(t, "d_step { l_unpack(k); ");
  promela_put(t, "%s%s = ", s->me, field);
  if (*value) promela_fill(t, s, value);
  else promela_put(t, "%u", v);
  promela_put(t, s->call ? "; l_pack(k) } " : " ");
}

static void world_any_of(promela_text *t, const promela_side *s, const char *field, unsigned from, unsigned to) {
  promela_put(t, "if ");
  for (unsigned v = from; v <= to; v++) {
    promela_put(t, ":: ");
    world_set(t, s, field, "", v);
  }
  promela_put(t, "fi; ");
}

/* Does every 2xx of the machine that answers have the header field? */
static bool world_says(const promela_side *s, unsigned header) {
  bool all = true;
  for (size_t i = 0; i < s->n; i++)
    for (size_t k = 0; k < CPMI_OPS_A_ROW && s->rows[i].r.ops[k].op != CPMI_OP_END; k++) {
      const cpmi_op *op = &s->rows[i].r.ops[k];
      const cpmi_recipe *r = op->op == CPMI_OP_REPLY ? cpmi_recipes[op->b] : NULL;
      bool says = !r || r->start / 100 != 2 || s->rows[i].event == CPM_EVENT_on_bye;
      for (size_t l = 0; r && l < r->nlines; l++)
        says |= r->lines[l].place == CPMI_PLACE_SIP && r->lines[l].name == header && r->lines[l].level == CPMI_SHALL && !r->lines[l].when[0];
      all &= says;
    }
  return all;
}

/* Another machine sends what its tables say; anybody sends anything. */
static void world_chunk_is(const promela_side *s, promela_text *t) {
  promela_put(t, "if :: cur == 0 -> %schunk_is = %u ", s->me, (unsigned)CPM_CHUNK_IS_binding);
  promela_fill(t, s, ":: cur != 0 -> $chunk_is = ");
  promela_fill(t, s, "($took + 1 == CHUNKS -> ");
  promela_put(t, "%u : %u) ", (unsigned)CPM_CHUNK_IS_whole, (unsigned)CPM_CHUNK_IS_more);
  for (unsigned v = 1; !s->peer && v < CPM_CHUNK_IS_COUNT; v++)
    if (v != CPM_CHUNK_IS_whole && v != CPM_CHUNK_IS_more && v != CPM_CHUNK_IS_binding) promela_put(t, ":: cur = 0; %schunk_is = %u ", s->me, v);
  promela_put(t, "fi; ");
}

static void world_capture(const promela *g, const promela_side *s, const cpmi_capture *c, promela_text *t) {
  const char *field = cpm_field_name((cpm_field)c->field);
  char plus[80];
  unsigned values = 0;
  while (names_value((cpm_field)c->field, values + 1)) values++;
  snprintf(plus, sizeof plus, "$%s + (cur != 0)", field);
  const bool says = s->peer && c->source == CPMI_FROM_INTERVAL && c->event == CPM_EVENT_invite_ok && world_says(s->peer, CPM_SIP_SESSION_EXPIRES);
  /* without refreshes nobody that is no machine has a session timer */
  const bool never = !s->peer && !g->c.refreshes && (c->source == CPMI_FROM_INTERVAL || c->source == CPMI_FROM_REFRESHES);
  const char *is = says ? "1" : never ? "0" : c->source == CPMI_FROM_BINDS && !s->call ? "(cur == 0)" : c->source == CPMI_FROM_PLUS_LEN ? plus : s->counts[c->field] ? "CHUNKS"
                   : c->source == CPMI_FROM_SDP && c->what == CPMI_SDP_setup && s->peer ? "(w_$fin == 3 -> 2 : 1)" : NULL;
  if (c->source == CPMI_FROM_CHUNK_IS) { world_chunk_is(s, t); return; }
  if (!is) { world_any_of(t, s, field, values ? 1 : 0, values ? values : 1); return; }
  world_set(t, s, field, is, 0);
  promela_put(t, "; ");
}

void promela_capture(promela *g, promela_side *s, unsigned event, promela_text *t) {
  const cpmi_capture *c;
  for (size_t i = 0; (c = cpmi_capture_at(s->m, i)) != NULL; i++) {
    if (c->event != event || (c->leg != 0) != (s->call != NULL) || !s->needed[c->field]) continue;
    if (s->counts[c->field] && s->untaken[event]) promela_fail(g, "a counter is captured by an event that may find no row", cpm_field_name((cpm_field)c->field));
    world_capture(g, s, c, t);
  }
}
