/* SPDX-License-Identifier: MIT */
/* explore_reports.c - what must hold of disposition notifications, seen from outside: what came and what went out is read as a peer would
 * read it. None is answered by a MESSAGE (O-R42), `displayed` goes out once (O-R44), none goes to an anonymous address (O-R45), none to a
 * peer that takes no CPIM (O-R50), and a ticket that is stored can be read back. */
#include "explore.h"
#include "cpm/imdn.h"
#include <string.h>

enum { REPORTS_BODY = 16384, REPORTS_OUT = 1, REPORTS_ANSWERED };

/* ---- what comes --------------------------------------------------------------------------------------------------- */

/* Notifications and nothing else. */
static bool reports_alone(cpm_str type, cpm_str body) {
  cpm_imdn_walk at;
  cpm_imdn_found found;
  bool any = false;
  int rc;
  cpm_imdn_walk_init(&at, type, body);
  while ((rc = cpm_imdn_walk_next(&at, &found, NULL, NULL)) != CPM_END) any |= rc == CPM_OK;
  return any && at.others == 0;
}

static bool reports_says_displayed(const cpm_event *e) {
  for (size_t i = 0; i < e->nargs; i++)
    if (e->args[i].field == CPM_FIELD_reported && e->args[i].number == CPM_REPORTED_displayed) return true;
  return false;
}

void explore_reports_come(explore_world *w, const explore_event *x) {
  const bool message = x->e.type == CPM_EVENT_on_message;
  if (message && reports_alone(cpm_sip_value(&x->sip, CPM_SIP_CONTENT_TYPE), x->sip.body)) w->notified = 1;
  if (cpmi_kind_of(x->e.type) == CPMI_USER && reports_says_displayed(&x->e)) w->shown = REPORTS_ANSWERED;
  if (w->shown && (x->e.type == CPM_EVENT_message_ok || x->e.type == CPM_EVENT_message_fail)) w->shown = REPORTS_ANSWERED;
}

/* ---- what goes out ------------------------------------------------------------------------------------------------ */

/* The body as the next hop gets it; the host's content is made of x. */
static cpm_str reports_body(const cpm_sip *sip) {
  static char body[REPORTS_BODY];
  size_t n = 0;
  for (unsigned i = 0; i < sip->npieces; i++) {
    const cpm_str piece = sip->pieces[i].bytes;
    const size_t room = sizeof body - n, take = piece.n < room ? piece.n : room;
    if (piece.p) memcpy(body + n, piece.p, take);
    else memset(body + n, 'x', take);
    n += take;
  }
  return cpm_str_of(body, n);
}

static uint8_t reports_hash(cpm_str text) {
  unsigned h = 0;
  for (size_t i = 0; i < text.n; i++) h = h * 31u + (unsigned char)text.p[i];
  return (uint8_t)(h ^ h >> 8 ^ h >> 16);
}

/* Which notification it is: its own imdn.Message-ID. */
static uint8_t reports_id(cpm_str body) {
  cpm_cpim_header headers[32];
  cpm_cpim cpim = { .headers = headers, .cap = 32 };
  return cpm_cpim_decode(&cpim, body, NULL, NULL) == CPM_OK ? reports_hash(cpm_cpim_value(&cpim, CPM_CPIM_MESSAGE_ID)) : 0;
}

/* The same one may go out again as long as nobody has answered. */
static void reports_displayed(explore_run *r, explore_world *w, cpm_str body) {
  const uint8_t id = reports_id(body);
  if (w->shown == REPORTS_ANSWERED) explore_wrong(r, "`displayed` is reported again");
  if (w->shown == REPORTS_OUT && w->shown_by != id) explore_wrong(r, "`displayed` is reported a second time, as another message");
  w->shown = REPORTS_OUT;
  w->shown_by = id;
}

void explore_reports_sent(explore_run *r, explore_world *w, const cpm_effect *x) {
  const cpm_str body = reports_body(&x->sip);
  cpm_imdn_walk at;
  cpm_imdn_found found;
  cpm_imdn imdn;
  if (w->notified) explore_wrong(r, "a notification is answered with a MESSAGE");
  if (w->no_cpim) explore_wrong(r, "a MESSAGE goes out after no_cpim was told");
  cpm_imdn_walk_init(&at, cpm_sip_value(&x->sip, CPM_SIP_CONTENT_TYPE), body);
  if (cpm_imdn_walk_next(&at, &found, NULL, NULL) != CPM_OK) return;
  if (cpm_uri_text_equal(x->sip.request_uri, cpm_str_z(CPM_ANONYMOUS_URI)))
    explore_wrong(r, "a notification goes to an anonymous address");
  if (cpm_imdn_decode(&imdn, found.document, NULL, NULL) != CPM_OK) explore_wrong(r, "a notification that cannot be read goes out");
  else if (imdn.status == CPM_IMDN_DISPLAYED) reports_displayed(r, w, body);
}

/* ---- tickets ------------------------------------------------------------------------------------------------------ */

static bool reports_same(const cpm_proc *p, const cpm_arg *arg) {
  if (!cpm_proc_has(p, CPM_NO_LEG, arg->field)) return false;
  if (arg->text.p) return cpm_str_eq(arg->text, cpm_proc_text(p, CPM_NO_LEG, arg->field));
  return arg->number == cpm_proc_number(p, CPM_NO_LEG, arg->field);
}

void explore_reports_ticket(explore_run *r, const cpm_proc *p) {
  char ticket[CPM_TICKET_MAX];
  cpm_arg args[CPM_TICKET_ARGS];
  size_t n = 0, nargs = 0;
  cpm_diag d = { 0 };
  if (cpm_ticket_encode(ticket, sizeof ticket, &n, p, &d) != CPM_OK) {
    explore_wrong(r, "a ticket cannot be written: %s", d.rule ? d.rule : "?");
    return;
  }
  if (cpm_ticket_decode(args, &nargs, cpm_str_of(ticket, n), &d) != CPM_OK)
    explore_wrong(r, "a ticket cannot be read back: %s", d.rule ? d.rule : "?");
  for (size_t i = 0; i < nargs; i++)
    if (!reports_same(p, &args[i])) explore_wrong(r, "a ticket says something else of %s", cpm_field_name(args[i].field));
}
