/* SPDX-License-Identifier: MIT */
/* osip.c - the client of examples/peer over osip2: its parser, its transactions, its dialogs, and how it repeats a 2xx. osip2 opens no
 * socket, and fills in no message: net.c and write.c. */
#define _POSIX_C_SOURCE 200809L
#include "net.h"
#include "write.h"
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OS_PATIENCE = 180, OS_KEPT = 32 };   /* s after a provisional response; s after CANCEL, and of what nobody wants */

typedef struct os_dialog {
  struct os_dialog *next;
  peer_dialog      *of;            /* NULL: nobody wants it */
  osip_dialog_t    *dialog;        /* NULL: it does not stand yet */
  char             *branch;        /* of the INVITE that came, which may come again */
  char             *ack;           /* lines of our ACK, for a 2xx that comes again; NULL: none was sent */
  int               cseq;          /* of the INVITE that was accepted last */
  int64_t           until;         /* us; 0: for good */
} os_dialog;

/* A request of ours, and one that came. */
typedef struct os_client {
  struct os_client   *next;
  peer_request       *q;
  osip_transaction_t *tr;
  char               *cancel;      /* lines of the CANCEL that is to go; NULL: none */
  bool                proceeds, cancelled;
  int                 link;        /* the connection that it went on; 0: none */
  int64_t             until;       /* us; 0: osip2's timers say it */
} os_client;

typedef struct os_server {
  struct os_server   *next;
  peer_incoming      *t;
  osip_transaction_t *tr;          /* NULL: it has broken off */
  os_dialog          *d;
  char                tag[WRITE_ID];
  bool                busy;        /* it is being taken */
} os_server;

static osip_t              *os;
static int                  os_udp = -1;
static os_dialog           *os_dialogs;
static os_client           *os_clients;
static os_server           *os_servers;
static osip_list_t          os_dead;       /* transactions that are over */
static bool                 os_pending;    /* a transaction has been given something */
static cpm_str              os_came;       /* the message that is being taken, as it came */

static int64_t os_in(int seconds) { return adapter_clock() + (int64_t)seconds * 1000000; }

/* ---- on the wire ------------------------------------------------------------------------------------------------------- */

/* osip2 sends. What its ACK to a refusal lacks is Max-Forwards. */
static int os_send(osip_transaction_t *tr, osip_message_t *msg, char *host, int port, int link) {
  char *bytes = NULL;
  size_t n = 0;
  osip_header_t *hops = NULL;
  const osip_via_t *via = osip_list_get(&msg->vias, 0);
  if (MSG_IS_ACK(msg) && osip_message_get_max_forwards(msg, 0, &hops) < 0) osip_message_set_max_forwards(msg, "70");
  if (!via || osip_message_to_str(msg, &bytes, &n) != 0) return -1;
  const int on = net_send(!osip_strcasecmp(via->protocol, "TCP"), link, host, port, cpm_str_of(bytes, n));
  os_client *c = tr && MSG_IS_REQUEST(msg) ? osip_transaction_get_your_instance(tr) : NULL;
  if (c) c->link = on;
  osip_free(bytes);
  return on < 0 ? -1 : 0;
}

/* ---- transactions ------------------------------------------------------------------------------------------------------ */

static void os_give(osip_transaction_t *tr, osip_event_t *event) {
  osip_transaction_add_event(tr, event);
  os_pending = true;
}

/* msg goes. */
static osip_transaction_t *os_begin(osip_message_t *msg) {
  osip_event_t *event = msg ? osip_new_outgoing_sipmessage(msg) : NULL;
  osip_transaction_t *tr = event ? osip_create_transaction(os, event) : NULL;
  if (tr) os_give(tr, event);
  else if (event) osip_event_free(event);
  else osip_message_free(msg);
  return tr;
}

/* It is osip2's no more, and goes when no state machine runs. */
static void os_over(int type, osip_transaction_t *tr) {
  (void)type;
  osip_remove_transaction(os, tr);
  osip_list_add(&os_dead, tr, -1);
  for (os_server *s = os_servers; s; s = s->next)
    if (s->tr == tr) s->tr = NULL;
}

static void os_move(void) {
  do {
    os_pending = false;
    osip_ict_execute(os);
    osip_ist_execute(os);
    osip_nict_execute(os);
    osip_nist_execute(os);
  } while (os_pending);
  while (!osip_list_eol(&os_dead, 0)) {
    osip_transaction_free2(osip_list_get(&os_dead, 0));
    osip_list_remove(&os_dead, 0);
  }
}

/* ---- dialogs ----------------------------------------------------------------------------------------------------------- */

static os_dialog *os_dialog_new(peer_dialog *of) {
  os_dialog *d = calloc(1, sizeof *d);
  if (!d) abort();
  d->next = os_dialogs;
  d->of = of;
  return os_dialogs = d;
}

static void os_dialog_free(os_dialog *d) {
  if (d->dialog) osip_stop_retransmissions_from_dialog(os, d->dialog);
  osip_dialog_free(d->dialog);
  free(d->branch);
  free(d->ack);
  free(d);
}

void stack_forget(peer_dialog *of) {
  os_dialog *d = of->stack;
  if (!d) return;
  d->of = NULL;
  d->until = os_in(OS_KEPT);
}

/* The ACK to a 2xx is in no transaction. */
static bool os_acknowledge(const os_dialog *d, const char *lines, cpm_str body) {
  osip_message_t *ack = write_inside(d->dialog, "ACK", d->cseq, lines, body);
  if (!ack) return false;
  const osip_route_t *first = osip_list_get(&ack->routes, 0);
  const osip_uri_t *hop = first ? first->url : ack->req_uri;
  const bool sent = os_send(NULL, ack, hop->host, hop->port ? atoi(hop->port) : 5060, 0) == 0;
  osip_message_free(ack);
  return sent;
}

static bool os_first_ack(os_dialog *d, const peer_message *m) {
  free(d->ack);
  d->ack = strdup(m->lines);
  return os_acknowledge(d, m->lines, m->body);
}

/* ---- requests of ours -------------------------------------------------------------------------------------------------- */

/* Where a request outside of a dialog goes; osip2 itself goes by Route and Request-URI. */
static void os_aim(osip_transaction_t *tr, const char *next) {
  cpm_uri uri;
  char host[64];
  if (cpm_uri_decode(&uri, cpm_str_z(next), NULL, NULL) != CPM_OK || uri.host.n >= sizeof host) return;
  ADAPTER_COPY(host, uri.host);
  const int port = uri.has_port ? uri.port : 5060;
  if (tr->ctx_type == ICT) osip_ict_set_destination(tr->ict_context, osip_strdup(host), port);
  else osip_nict_set_destination(tr->nict_context, osip_strdup(host), port);
}

bool stack_request(peer_request *q, const peer_message *m) {
  os_dialog *d = q->dialog ? q->dialog->stack : NULL;
  if (!m->uri && !(d && d->dialog)) return false;
  if (m->method == CPM_METHOD_ACK) return os_first_ack(d, m);
  osip_transaction_t *tr = os_begin(m->uri ? write_outside(m) : write_inside(d->dialog, m->method_name, ++d->dialog->local_cseq, m->lines, m->body));
  os_client *c = tr ? calloc(1, sizeof *c) : NULL;
  if (!c) return false;
  *c = (os_client){ .next = os_clients, .q = q, .tr = tr };
  os_clients = c;
  osip_transaction_set_your_instance(tr, c);
  if (m->uri) os_aim(tr, m->next);
  if (q->opens && !d) q->dialog->stack = os_dialog_new(q->dialog);
  q->stack = c;
  return true;
}

static void os_send_cancel(os_client *c) {
  c->cancelled = true;
  c->until = os_in(OS_KEPT);
  os_begin(write_cancel(c->tr->orig_request, c->cancel ? c->cancel : ""));
}

void stack_cancel(peer_request *invite, const peer_message *m) {
  os_client *c = invite->stack;
  if (c->cancel) return;
  c->cancel = strdup(m->lines);
  if (c->proceeds) os_send_cancel(c);
}

static peer_request *os_client_end(os_client *c) {
  peer_request *q = c->q;
  for (os_client **at = &os_clients; *at; at = &(*at)->next)
    if (*at == c) { *at = c->next; break; }
  osip_transaction_set_your_instance(c->tr, NULL);
  free(c->cancel);
  free(c);
  return q;
}

/* Nothing more will come. */
static void os_fail(os_client *c) {
  os_over(0, c->tr);
  peer_take_response(os_client_end(c), cpm_str_none());
}

void net_broke(int link) {
  for (os_client *c = os_clients, *next; c; c = next) {
    next = c->next;
    if (c->link == link) os_fail(c);
  }
}

/* A 2xx: the dialog stands, or stands on. False: what it says cannot be used. */
static bool os_accepted(const peer_request *q, osip_message_t *msg) {
  os_dialog *d = q->dialog->stack;
  d->cseq = atoi(msg->cseq->number);
  if (q->opens) return osip_dialog_init_as_uac(&d->dialog, msg) == 0 && d->dialog->remote_contact_uri;
  osip_dialog_update_route_set_as_uac(d->dialog, msg);
  if (!d->ack) d->ack = strdup("");
  return os_acknowledge(d, "", cpm_str_z(""));
}

static void os_on_response(int type, osip_transaction_t *tr, osip_message_t *msg) {
  os_client *c = osip_transaction_get_your_instance(tr);
  (void)type;
  if (!c) return;                       /* of a CANCEL */
  if (msg->status_code >= 200) {
    peer_request *q = os_client_end(c);
    const bool bad = q->method == CPM_METHOD_INVITE && msg->status_code < 300 && !os_accepted(q, msg);
    peer_take_response(q, bad ? cpm_str_none() : os_came);
    return;
  }
  c->proceeds = true;
  if (c->q->method == CPM_METHOD_INVITE && !c->cancelled) c->until = os_in(OS_PATIENCE);
  if (c->cancel && !c->cancelled) os_send_cancel(c);
  if (msg->status_code > 100) peer_take_response(c->q, os_came);
}

static void os_on_timeout(int type, osip_transaction_t *tr, osip_message_t *msg) {
  os_client *c = osip_transaction_get_your_instance(tr);
  (void)type, (void)msg;
  if (c) peer_take_response(os_client_end(c), cpm_str_none());
}

static void os_on_error(int type, osip_transaction_t *tr, int error) {
  (void)error;
  if (type == OSIP_ICT_TRANSPORT_ERROR || type == OSIP_NICT_TRANSPORT_ERROR) os_on_timeout(type, tr, NULL);
}

/* ---- requests that come ------------------------------------------------------------------------------------------------ */

static os_dialog *os_find(osip_message_t *request) {
  for (os_dialog *d = os_dialogs; d; d = d->next)
    if (d->dialog && osip_dialog_match_as_uas(d->dialog, request) == 0) return d;
  return NULL;
}

/* It came before on another way, and is being taken, or made a dialog (RFC 3261 8.2.2.2). */
static bool os_is_merged(const osip_transaction_t *tr, osip_message_t *request) {
  osip_list_iterator_t i;
  const osip_list_t *others = tr->ctx_type == IST ? &os->osip_ist_transactions : &os->osip_nist_transactions;
  for (osip_transaction_t *o = osip_list_get_first(others, &i); o; o = osip_list_get_next(&i))
    if (o != tr && osip_call_id_match(o->callid, request->call_id) == 0 && osip_cseq_match(o->cseq, request->cseq) == 0 &&
        osip_from_tag_match(o->from, request->from) == 0) return true;
  const os_dialog *d = MSG_IS_INVITE(request) ? os_find(request) : NULL;
  return d && d->dialog->remote_cseq == atoi(request->cseq->number);
}

static const char *os_branch(osip_via_t *via) {
  osip_generic_param_t *branch = NULL;
  return via && osip_via_param_get_byname(via, "branch", &branch) == 0 && branch->gvalue ? branch->gvalue : "";
}

/* The response, which osip2's transaction sends; also gives it. NULL: it could not be written. */
static osip_message_t *os_answer(const os_server *s, unsigned status, const char *lines, cpm_str body) {
  osip_message_t *response = write_response(s->tr->orig_request, s->tag, status, lines, body);
  osip_event_t *event = response ? osip_new_outgoing_sipmessage(response) : NULL;
  if (event) os_give(s->tr, event);
  return response;
}

/* Our 2xx to an INVITE makes the dialog stand, and is sent again until its ACK comes. */
static void os_accept(const os_server *s, os_dialog *d, osip_message_t *accepted) {
  if (!d->dialog && osip_dialog_init_as_uas(&d->dialog, s->tr->orig_request, accepted) != 0) d->dialog = NULL;
  else osip_dialog_update_route_set_as_uas(d->dialog, s->tr->orig_request);
  if (d->dialog) osip_start_200ok_retransmissions(os, d->dialog, accepted, s->tr->out_socket);
}

static void os_server_end(os_server *s) {
  for (os_server **at = &os_servers; *at; at = &(*at)->next)
    if (*at == s) { *at = s->next; break; }
  free(s);
}

void stack_respond(peer_incoming *in, const peer_message *m) {
  os_server *s = in->stack;
  os_dialog *d = in->dialog ? in->dialog->stack : NULL;
  osip_message_t *response = s->tr ? os_answer(s, m->status, m->lines, m->body) : NULL;
  if (response && d && m->status / 100 == 2 && m->method == CPM_METHOD_INVITE) os_accept(s, d, response);
  s->t = NULL;
  if (!s->busy) os_server_end(s);
}

/* What the stack answers itself. */
static void os_say(const os_server *s, unsigned status) {
  os_answer(s, status, "", cpm_str_z(""));
}

/* 200 to it, and 487 to its INVITE, which the peer writes (RFC 3261 9.2). */
static void os_cancelled(os_server *cancel) {
  const char *branch = os_branch(cancel->tr->topvia);
  os_server *s = os_servers;
  while (s && !(s->t && s->tr && s->tr->ctx_type == IST && !strcmp(branch, os_branch(s->tr->topvia)))) s = s->next;
  os_say(cancel, s ? 200 : 481);
  if (s) peer_take_cancel(s->t, os_came);
}

/* What goes to the peer. */
static void os_pass(os_server *s, osip_message_t *request) {
  const bool invite = MSG_IS_INVITE(request);
  if (s->d) osip_dialog_update_osip_cseq_as_uas(s->d->dialog, request);
  if (invite && !s->d) {
    s->d = os_dialog_new(NULL);
    s->d->of = peer_dialog_new(s->d);
    s->d->branch = strdup(os_branch(s->tr->topvia));
  }
  peer_incoming *in = peer_take_request(s, s->d ? s->d->of : NULL, os_came);
  if (in) s->t = in;
  if (in && invite) os_say(s, 100);
}

static void os_on_request(int type, osip_transaction_t *tr, osip_message_t *request) {
  osip_generic_param_t *tag = NULL;
  os_server *s = calloc(1, sizeof *s);
  (void)type;
  if (!s) abort();
  const bool inside = osip_to_get_tag(request->to, &tag) == 0 && tag;
  *s = (os_server){ .next = os_servers, .tr = tr, .d = inside ? os_find(request) : NULL, .busy = true };
  os_servers = s;
  write_id(s->tag);
  if (MSG_IS_CANCEL(request)) os_cancelled(s);
  else if (!inside && os_is_merged(tr, request)) os_say(s, 482);
  else if (inside && !(s->d && s->d->of)) os_say(s, s->d && MSG_IS_BYE(request) ? 200 : 481);
  else if (inside && atoi(request->cseq->number) <= s->d->dialog->remote_cseq) os_say(s, 500);
  else os_pass(s, request);
  s->busy = false;
  if (!s->t) os_server_end(s);
}

/* ---- what no transaction knows ------------------------------------------------------------------------------------------ */

static void os_on_ack(osip_message_t *ack) {
  const osip_dialog_t *in = osip_stop_200ok_retransmissions(os, ack);
  for (os_dialog *d = os_dialogs; in && d; d = d->next)
    if (d->dialog == in && d->of) { peer_take_ack(d->of, os_came); return; }
}

/* osip2's transaction of an INVITE ends with its 2xx. */
static bool os_was_accepted(const osip_message_t *invite) {
  const char *branch = os_branch(osip_list_get(&invite->vias, 0));
  for (const os_dialog *d = os_dialogs; d; d = d->next)
    if (d->branch && !strcmp(branch, d->branch)) return true;
  return false;
}

/* A dialog of that INVITE of ours; same: that very one. */
static os_dialog *os_find_invited(osip_message_t *response, bool same) {
  osip_generic_param_t *tag = NULL;
  for (os_dialog *d = os_dialogs; d && osip_from_get_tag(response->from, &tag) == 0; d = d->next) {
    if (!d->dialog || d->cseq != atoi(response->cseq->number) || !tag->gvalue || strcmp(d->dialog->local_tag, tag->gvalue) != 0) continue;
    if (!same || osip_dialog_match_as_uac(d->dialog, response) == 0) return d;
  }
  return NULL;
}

/* A 2xx that comes again, or of another dialog: where nobody wants the first one any more, nobody wants this one. */
static void os_on_late_response(osip_message_t *msg) {
  const os_dialog *first = os_find_invited(msg, true);
  if (first && first->ack) os_acknowledge(first, first->ack, cpm_str_z(""));
  if (first || (first = os_find_invited(msg, false)) == NULL) return;
  os_dialog *d = os_dialog_new(NULL);
  d->cseq = first->cseq;
  if (osip_dialog_init_as_uac(&d->dialog, msg) == 0) d->of = peer_take_fork(first->of, d, os_came);
  if (!d->of) d->until = os_in(OS_KEPT);
}

static void os_on_other(osip_event_t *event, int link) {
  osip_message_t *msg = event->sip;
  osip_transaction_t *tr = NULL;
  if (MSG_IS_ACK(msg)) os_on_ack(msg);
  else if (MSG_IS_RESPONSE(msg) && MSG_IS_STATUS_2XX(msg) && MSG_IS_RESPONSE_FOR(msg, "INVITE")) os_on_late_response(msg);
  else if (MSG_IS_REQUEST(msg) && !(MSG_IS_INVITE(msg) && os_was_accepted(msg))) tr = osip_create_transaction(os, event);
  if (!tr) { osip_event_free(event); return; }
  osip_transaction_set_out_socket(tr, link);
  os_give(tr, event);
}

/* osip2 looks at these without asking whether they are there. */
static bool os_has_all(const osip_message_t *msg) {
  return msg->cseq && msg->cseq->method && msg->cseq->number && msg->call_id && msg->from && msg->to && osip_list_size(&msg->vias) > 0;
}

void net_came(cpm_str bytes, const char *host, int port, int link) {
  osip_event_t *event = osip_parse(bytes.p, bytes.n);
  if (!event) return;
  if (!os_has_all(event->sip)) { osip_event_free(event); return; }
  os_came = bytes;
  if (MSG_IS_REQUEST(event->sip)) osip_message_fix_last_via_header(event->sip, host, port);
  if (osip_find_transaction_and_add_event(os, event) != 0) os_on_other(event, link);
  os_move();
}

/* ---- the loop ---------------------------------------------------------------------------------------------------------- */

/* An INVITE that rang too long is cancelled; what was cancelled and got no answer has failed. */
static void os_fire(void) {
  const int64_t now = adapter_clock();
  for (os_client *c = os_clients, *next; c; c = next) {
    next = c->next;
    if (!c->until || c->until > now) continue;
    if (c->cancelled) os_fail(c);
    else os_send_cancel(c);
  }
  for (os_dialog **at = &os_dialogs; *at;) {
    os_dialog *d = *at;
    if (!d->until || d->until > now) { at = &d->next; continue; }
    *at = d->next;
    os_dialog_free(d);
  }
  osip_timers_ict_execute(os);
  osip_timers_ist_execute(os);
  osip_timers_nict_execute(os);
  osip_timers_nist_execute(os);
  osip_retransmissions_execute(os);
  os_move();
}

static int os_wait(void) {
  struct timeval t;
  osip_timers_gettimeout(os, &t);
  return t.tv_sec ? 500 : t.tv_usec / 1000 < 500 ? (int)(t.tv_usec / 1000) + 1 : 500;
}

static void os_listen_to(void) {
  for (int i = OSIP_ICT_STATUS_1XX_RECEIVED; i <= OSIP_ICT_STATUS_6XX_RECEIVED; i++)
    if (i != OSIP_ICT_STATUS_2XX_RECEIVED_AGAIN) osip_set_message_callback(os, i, os_on_response);
  for (int i = OSIP_NICT_STATUS_1XX_RECEIVED; i <= OSIP_NICT_STATUS_6XX_RECEIVED; i++)
    if (i != OSIP_NICT_STATUS_2XX_RECEIVED_AGAIN) osip_set_message_callback(os, i, os_on_response);
  for (int i = OSIP_NIST_REGISTER_RECEIVED; i <= OSIP_NIST_UNKNOWN_REQUEST_RECEIVED; i++) osip_set_message_callback(os, i, os_on_request);
  osip_set_message_callback(os, OSIP_IST_INVITE_RECEIVED, os_on_request);
  osip_set_message_callback(os, OSIP_ICT_STATUS_TIMEOUT, os_on_timeout);
  osip_set_message_callback(os, OSIP_NICT_STATUS_TIMEOUT, os_on_timeout);
  for (int i = 0; i < OSIP_KILL_CALLBACK_COUNT; i++) osip_set_kill_transaction_callback(os, i, os_over);
  for (int i = 0; i < OSIP_TRANSPORT_ERROR_CALLBACK_COUNT; i++) osip_set_transport_error_callback(os, i, os_on_error);
  osip_set_cb_send_message(os, os_send);
}

bool stack_open(const peer_settings *settings) {
  write_open(settings);
  if (settings->transport == PEER_TLS) { fprintf(stderr, "osip: SIP over TLS is not in this example\n"); return false; }
  if (osip_init(&os) != 0 || (os_udp = net_open(settings)) < 0) return false;
  osip_list_init(&os_dead);
  os_listen_to();
  return true;
}

void stack_run(int fd) {
  struct pollfd p[] = { { .fd = fd, .events = POLLIN }, { .fd = os_udp, .events = POLLIN } };
  for (os_fire(); !peer_over(); os_fire()) {
    if (poll(p, 2, os_wait()) <= 0) continue;
    if (p[1].revents) net_receive();
    if (p[0].revents) peer_turn();
  }
}

static void os_end_all(const osip_list_t *transactions) {
  while (!osip_list_eol(transactions, 0)) osip_transaction_free(osip_list_get(transactions, 0));
}

void stack_close(void) {
  while (os_servers) os_server_end(os_servers);
  while (os_clients) os_client_end(os_clients);
  while (os_dialogs) { os_dialog *d = os_dialogs; os_dialogs = d->next; os_dialog_free(d); }
  os_move();
  os_end_all(&os->osip_ict_transactions);
  os_end_all(&os->osip_ist_transactions);
  os_end_all(&os->osip_nict_transactions);
  os_end_all(&os->osip_nist_transactions);
  net_close();
  osip_release(os);
}

int main(int argc, char **argv) { return peer_main(argc, argv); }
