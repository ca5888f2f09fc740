/* SPDX-License-Identifier: MIT */
/* sip.c - between procedures and the stack: SEND and REPLY become messages of peer.h, what the stack calls becomes events. */
#include "media.h"
#include "parts.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static peer_dialog   *sip_dialogs;
static peer_request  *sip_requests;
static peer_incoming *sip_incoming;
static uint64_t       sip_last;               /* handle of a transaction, or of a forked dialog */

static void *sip_new(size_t size) {
  void *p = calloc(1, size);
  if (!p) abort();
  return p;
}

static char *sip_text(cpm_str s) {
  char *text = sip_new(s.n + 1);
  if (s.n) memcpy(text, s.p, s.n);
  return text;
}

/* ---- writing ----------------------------------------------------------------------------------------------------- */

typedef struct peer_draft {
  peer_message m;
  char        *lines, *from, *to, *uri, *next, *body;
  unsigned     tried;                         /* sent with credentials so often */
} peer_draft;

static void sip_free_draft(peer_draft *d) {
  if (!d) return;
  free(d->lines);
  free(d->from);
  free(d->to);
  free(d->uri);
  free(d->next);
  free(d->body);
  free(d);
}

/* Contact stands in what makes or keeps a dialog (RFC 3261 12.1); procedures write it where CPM says something of it. */
static bool sip_wants_contact(const cpm_sip *sip, cpm_sip_method method) {
  const bool target = method == CPM_METHOD_INVITE || method == CPM_METHOD_UPDATE;
  return target && !cpm_sip_value(sip, CPM_SIP_CONTACT).p && (!sip->status || sip->status / 100 == 2);
}

/* What the stack writes itself. */
static const cpm_sip_header sip_of_stack[] = { CPM_SIP_FROM, CPM_SIP_TO, CPM_SIP_UNKNOWN };

/* The encoder checks it, too. */
static bool sip_put(peer_draft *d, const cpm_sip *sip, size_t *nbody) {
  cpm_diag diag = { 0 };
  size_t n = 0;
  int rc = cpm_sip_encode_fields(NULL, 0, &n, sip, sip_of_stack, &diag);
  if (rc == CPM_OK) rc = cpm_sip_encode_body(NULL, 0, nbody, sip, &diag);
  if (rc == CPM_OK) d->lines = sip_new(n + 1), d->body = sip_new(*nbody + 1);
  if (rc == CPM_OK) rc = cpm_sip_encode_fields(d->lines, n, &n, sip, sip_of_stack, &diag);
  if (rc == CPM_OK) rc = cpm_sip_encode_body(d->body, *nbody, nbody, sip, &diag);
  if (rc != CPM_OK) fprintf(stderr, "peer: cannot be written: %s\n", diag.rule ? diag.rule : cpm_strerror(rc));
  return rc == CPM_OK;
}

/* Where a request goes that is outside of dialogs. */
static void sip_address(peer_draft *d, const cpm_sip *sip) {
  d->uri = sip_text(sip->request_uri);
  d->from = sip_text(cpm_sip_value(sip, CPM_SIP_FROM));
  d->to = sip_text(cpm_sip_value(sip, CPM_SIP_TO));
  d->next = sip_text(cpm_str_z(peer_set.proxy ? peer_set.proxy : peer_next_hop(d->uri)));
}

/* From and To are apart: stacks put tags to them, and have their own inside of a dialog. NULL: it cannot be written. */
static peer_draft *sip_draft(const cpm_sip *from, cpm_sip_method method) {
  cpm_sip_field fields[PEER_FIELDS];
  char contact[sizeof peer_set.contact + 2];
  peer_draft *d = sip_new(sizeof *d);
  cpm_sip sip = *from;
  size_t nbody = 0;
  sip.fields = fields;
  sip.cap = PEER_FIELDS;
  sip.nfields = from->nfields < PEER_FIELDS ? from->nfields : PEER_FIELDS - 1;
  if (sip.nfields) memcpy(fields, from->fields, sip.nfields * sizeof *fields);
  snprintf(contact, sizeof contact, "<%s>", peer_set.contact);
  if (sip_wants_contact(from, method)) fields[sip.nfields++] = (cpm_sip_field){ .id = CPM_SIP_CONTACT, .value = cpm_str_z(contact) };
  if (!sip_put(d, &sip, &nbody)) { sip_free_draft(d); return NULL; }
  if (!from->status && from->request_uri.p) sip_address(d, from);
  d->m = (peer_message){ .method = method, .method_name = cpm_sip_method_name(method).p, .status = from->status,
                         .reason = cpm_sip_reason_phrase(from->status).p, .uri = d->uri, .next = d->next, .from = d->from, .to = d->to,
                         .lines = d->lines, .body = cpm_str_of(d->body, nbody) };
  return d;
}

/* ---- requests of ours -------------------------------------------------------------------------------------------- */

static peer_request *sip_new_request(peer_draft *draft, adapter_run *run, uint32_t leg) {
  peer_request *q = sip_new(sizeof *q);
  *q = (peer_request){ .next = sip_requests, .method = draft->m.method, .run = run, .leg = leg, .draft = draft };
  return sip_requests = q;
}

/* What was not sent, and ACK, waits for nothing. */
static bool sip_launch(peer_request *q) {
  const bool sent = stack_request(q, &q->draft->m);
  q->over = !sent || q->method == CPM_METHOD_ACK;
  return sent;
}

static peer_dialog *sip_new_dialog(adapter_run *run, uint32_t leg) {
  peer_dialog *d = sip_new(sizeof *d);
  *d = (peer_dialog){ .next = sip_dialogs, .run = run, .leg = leg };
  return sip_dialogs = d;
}

static peer_dialog *sip_dialog_of(const adapter_run *run, const cpm_effect *x) {
  for (peer_dialog *d = sip_dialogs; d; d = d->next)
    if (d->run == run && d->leg == x->leg && d->fork == x->dialog) return d;
  return NULL;
}

static peer_request *sip_invite_of(const peer_dialog *d) {
  for (peer_request *q = sip_requests; q; q = q->next)
    if (q->dialog == d && q->opens && !q->over) return q;
  return NULL;
}

/* Of an INVITE that was answered nothing is to be cancelled any more. */
static bool sip_cancel(const peer_dialog *d, peer_draft *draft) {
  peer_request *invite = sip_invite_of(d);
  if (invite) stack_cancel(invite, &draft->m);
  sip_free_draft(draft);
  return true;
}

static bool sip_request_inside(adapter_run *run, const cpm_effect *x, peer_draft *draft) {
  peer_dialog *d = sip_dialog_of(run, x);
  if (d && x->sip.method == CPM_METHOD_CANCEL) return sip_cancel(d, draft);
  if (!d) { sip_free_draft(draft); return false; }
  peer_request *q = sip_new_request(draft, run, x->leg);
  q->dialog = d;
  return sip_launch(q);
}

/* What has no Request-URI is inside of the dialog of its leg. */
bool ua_request(adapter_run *run, const cpm_effect *x) {
  peer_draft *draft = sip_draft(&x->sip, x->sip.method);
  if (!draft) return false;
  if (!draft->uri) return sip_request_inside(run, x, draft);
  peer_request *q = sip_new_request(draft, run, x->leg);
  q->opens = q->method == CPM_METHOD_INVITE;
  q->dialog = q->opens ? sip_new_dialog(run, x->leg) : NULL;
  return sip_launch(q);
}

bool sip_submit(const cpm_sip *request, void (*took)(const cpm_sip *response)) {
  peer_draft *draft = sip_draft(request, request->method);
  if (!draft) return false;
  peer_request *q = sip_new_request(draft, NULL, CPM_NO_LEG);
  q->took = took;
  return sip_launch(q);
}

/* A dialog that stands, and that nobody wants any more: its procedure is over. */
static void sip_leave(peer_dialog *d) {
  static const cpm_sip_method methods[] = { CPM_METHOD_ACK, CPM_METHOD_BYE };
  for (unsigned i = 0; i < 2; i++) {
    const cpm_sip request = { .method = methods[i], .method_name = cpm_sip_method_name(methods[i]) };
    peer_request *q = sip_new_request(sip_draft(&request, methods[i]), NULL, CPM_NO_LEG);
    q->dialog = d;
    sip_launch(q);
  }
}

/* A challenge that can be answered goes no further: the same request, with credentials. */
static bool sip_again(peer_request *q, const cpm_sip *response) {
  char lines[4096];
  peer_draft *d = q->draft;
  if (response->status != 401 && response->status != 407) return false;
  if (!peer_credentials(lines, sizeof lines, response, &d->m, d->tried > 0)) return false;
  char *all = sip_new(strlen(lines) + strlen(d->lines) + 1);
  strcat(strcpy(all, lines), d->lines);
  free(d->lines);
  d->m.lines = d->lines = all;
  d->tried++;
  return sip_launch(q);
}

static void sip_bring(peer_request *q, const cpm_sip *response) {
  const bool final = !response || response->status >= 200, inside = q->dialog && !q->opens;
  if (response && sip_again(q, response)) return;
  q->over = final;
  if (q->took) { q->took(response); return; }
  if (q->run && !cpm_proc_over(q->run->proc)) {
    if (final || !inside) adapter_on_response(q->run, q->leg, q->method, inside, response);
  } else if (q->opens && response && response->status / 100 == 2) sip_leave(q->dialog);
}

void peer_take_response(peer_request *q, cpm_str message) {
  cpm_sip_field fields[PEER_FIELDS];
  cpm_sip response = CPM_SIP_ROOM(fields);
  const bool came = message.p && cpm_sip_decode(&response, message, NULL, NULL) == CPM_OK && response.status;
  sip_bring(q, came ? &response : NULL);
  peer_kick();
}

peer_dialog *peer_take_fork(peer_dialog *first, void *stack, cpm_str message) {
  cpm_sip_field fields[PEER_FIELDS];
  cpm_sip response = CPM_SIP_ROOM(fields);
  peer_dialog *d = sip_new_dialog(first ? first->run : NULL, first ? first->leg : CPM_NO_LEG);
  d->stack = stack;
  d->fork = ++sip_last;
  peer_kick();
  if (cpm_sip_decode(&response, message, NULL, NULL) == CPM_OK && d->run && !cpm_proc_over(d->run->proc))
    adapter_on_fork(d->run, d->leg, d->fork, &response);
  else sip_leave(d);
  return d;
}

/* ---- requests that came ------------------------------------------------------------------------------------------ */

static peer_incoming *sip_find(uint64_t txn) {
  peer_incoming *t = sip_incoming;
  while (t && (t->txn != txn || t->over)) t = t->next;
  return t;
}

void ua_respond(uint64_t txn, const cpm_sip *response, const cpm_effect *x) {
  peer_incoming *t = sip_find(txn);
  (void)x;
  if (!t) return;
  peer_draft *draft = sip_draft(response, t->method);
  static const cpm_sip broken = { .status = 500 };
  if (!draft) draft = sip_draft(&broken, t->method);
  t->over = true;
  stack_respond(t, &draft->m);
  sip_free_draft(draft);
}

void ua_own(uint64_t txn, adapter_run *run) {
  peer_incoming *t = sip_find(txn);
  if (!t) return;
  t->run = run;
  if (t->dialog) t->dialog->run = run;
}

/* Between clients stands a core that says who sends (RFC 3325 5). Without a proxy there is none, and whoever reaches us is believed. */
static void sip_assert(peer_incoming *t) {
  cpm_address from;
  cpm_sip *r = &t->request;
  cpm_str who = cpm_sip_value(r, CPM_SIP_P_PREFERRED_IDENTITY);
  if (!who.p) who = cpm_sip_value(r, CPM_SIP_FROM);
  if (peer_set.proxy || cpm_sip_value(r, CPM_SIP_P_ASSERTED_IDENTITY).p || r->nfields == r->cap) return;
  if (cpm_address_decode(&from, who, NULL, NULL) != CPM_OK || from.uri.n + 3 > sizeof t->identity) return;
  snprintf(t->identity, sizeof t->identity, "<%.*s>", (int)from.uri.n, from.uri.p);
  r->fields[r->nfields++] = (cpm_sip_field){ .id = CPM_SIP_P_ASSERTED_IDENTITY, .name = cpm_sip_header_name(CPM_SIP_P_ASSERTED_IDENTITY),
                                             .value = cpm_str_z(t->identity) };
}

/* A body that came compressed is undone here: procedures refuse what they cannot read (cpm/coding.h). False: it is not what it says, or too large. */
static bool sip_undo_coding(peer_incoming *t) {
  enum { MOST = 65536 };
  cpm_sip *r = &t->request;
  const cpm_str coding = cpm_str_trim(cpm_sip_value(r, CPM_SIP_CONTENT_ENCODING));
  size_t n = 0, kept = 0;
  if (!coding.p || !cpm_coding_is_known(coding)) return true;
  t->undone = sip_new(MOST);
  if (cpm_content_decode(t->undone, MOST, &n, coding, r->body, NULL) != CPM_OK) return false;
  r->body = cpm_str_of(t->undone, n);
  for (size_t i = 0; i < r->nfields; i++)
    if (r->fields[i].id != CPM_SIP_CONTENT_ENCODING && r->fields[i].id != CPM_SIP_CONTENT_LENGTH) r->fields[kept++] = r->fields[i];
  r->nfields = kept;
  return true;
}

static void sip_take_inside(peer_incoming *t, const peer_dialog *d) {
  if (d->run && !d->fork && !cpm_proc_over(d->run->proc)) adapter_on_request_inside(d->run, d->leg, t->txn, &t->request);
  else adapter_answer(&peer_self, t->txn, t->method == CPM_METHOD_BYE ? 200 : 481);
}

/* A relay says 200 for itself (RFC 4976 6.4.1): whoever sent through it may say BYE while it still has the end of the message. BYE
 * waits until nothing more came for so long. */
static const int64_t SIP_STILL = 2000000;

static int64_t sip_held_until(const peer_incoming *t) {
  return (t->held > media_relay_heard() ? t->held : media_relay_heard()) + SIP_STILL;
}

int64_t sip_due(void) {
  int64_t due = INT64_MAX;
  for (const peer_incoming *t = sip_incoming; t; t = t->next)
    if (t->held && sip_held_until(t) < due) due = sip_held_until(t);
  return due;
}

void sip_fire(void) {
  for (peer_incoming *t = sip_incoming; t; t = t->next) {
    if (!t->held || sip_held_until(t) > adapter_clock()) continue;
    t->held = 0;
    sip_take_inside(t, t->dialog);
  }
}

static void sip_take(peer_incoming *t, peer_dialog *d) {
  unsigned answer = 0;
  if (cpm_sip_check(&t->request, NULL, &answer, NULL) != CPM_OK) { adapter_answer(&peer_self, t->txn, answer ? answer : 400); return; }
  if (!sip_undo_coding(t)) { adapter_answer(&peer_self, t->txn, 400); return; }
  sip_assert(t);
  if (!d || (!d->run && !d->fork && t->method == CPM_METHOD_INVITE)) adapter_on_request(&peer_self, t->txn, &t->request);
  else if (t->method == CPM_METHOD_BYE && media_relay_heard()) t->held = adapter_clock();
  else sip_take_inside(t, d);
}

peer_incoming *peer_take_request(void *stack, peer_dialog *d, cpm_str message) {
  peer_incoming *t = sip_new(sizeof *t);
  t->stack = stack;
  t->dialog = d;
  t->txn = ++sip_last;
  t->bytes = sip_text(message);
  t->request = (cpm_sip)CPM_SIP_ROOM(t->fields);
  t->next = sip_incoming;
  sip_incoming = t;
  peer_kick();
  const int rc = cpm_sip_decode(&t->request, cpm_str_of(t->bytes, message.n), NULL, NULL);
  t->method = rc == CPM_OK ? t->request.method : CPM_METHOD_UNKNOWN;
  if (rc == CPM_OK) sip_take(t, d);
  else adapter_answer(&peer_self, t->txn, 400);
  return t->over ? NULL : t;
}

peer_dialog *peer_dialog_new(void *stack) {
  peer_dialog *d = sip_new_dialog(NULL, CPM_NO_LEG);
  d->stack = stack;
  return d;
}

static void sip_tell(adapter_run *run, uint32_t leg, cpm_str message) {
  cpm_sip_field fields[PEER_FIELDS];
  cpm_sip request = CPM_SIP_ROOM(fields);
  if (run && !cpm_proc_over(run->proc) && cpm_sip_decode(&request, message, NULL, NULL) == CPM_OK)
    adapter_on_request_inside(run, leg, 0, &request);
  peer_kick();
}

void peer_take_ack(peer_dialog *d, cpm_str message) { sip_tell(d->fork ? NULL : d->run, d->leg, message); }
void peer_take_cancel(peer_incoming *t, cpm_str message) { sip_tell(t->run, CPM_NO_LEG, message); }

/* ---- what is over ------------------------------------------------------------------------------------------------ */

void sip_forget_run(const adapter_run *run) {
  for (peer_dialog *d = sip_dialogs; d; d = d->next)
    if (d->run == run) d->run = NULL;
  for (peer_request *q = sip_requests; q; q = q->next)
    if (q->run == run) q->run = NULL;
  for (peer_incoming *t = sip_incoming; t; t = t->next) {
    if (t->run != run) continue;
    t->run = NULL;
    if (!t->over) adapter_answer(&peer_self, t->txn, 500);     /* it ended and did not answer */
  }
}

static bool sip_in_use(const peer_dialog *d) {
  for (const peer_request *q = sip_requests; q; q = q->next)
    if (q->dialog == d) return true;
  for (const peer_incoming *t = sip_incoming; t; t = t->next)
    if (t->dialog == d) return true;
  return d->run != NULL;
}

static void sip_sweep_requests(bool all) {
  for (peer_request **at = &sip_requests; *at;) {
    peer_request *q = *at;
    if (!q->over && !all) { at = &q->next; continue; }
    *at = q->next;
    sip_free_draft(q->draft);
    free(q);
  }
}

static void sip_sweep_incoming(bool all) {
  for (peer_incoming **at = &sip_incoming; *at;) {
    peer_incoming *t = *at;
    if (!t->over && !all) { at = &t->next; continue; }
    *at = t->next;
    free(t->bytes);
    free(t->undone);
    free(t);
  }
}

void sip_sweep(void) {
  sip_sweep_requests(false);
  sip_sweep_incoming(false);
  for (peer_dialog **at = &sip_dialogs; *at;) {
    peer_dialog *d = *at;
    if (sip_in_use(d)) { at = &d->next; continue; }
    *at = d->next;
    stack_forget(d);
    free(d);
  }
}

bool sip_waits(void) {
  for (const peer_request *q = sip_requests; q; q = q->next)
    if (!q->over) return true;
  return false;
}

void sip_leave_all(void) {
  for (peer_request *q = sip_requests; q; q = q->next) q->dialog = NULL;
  for (peer_incoming *t = sip_incoming; t; t = t->next) t->dialog = NULL;
  while (sip_dialogs) {
    peer_dialog *d = sip_dialogs;
    sip_dialogs = d->next;
    stack_forget(d);
    free(d);
  }
}

void sip_end(void) {
  sip_sweep_requests(true);
  sip_sweep_incoming(true);
}
