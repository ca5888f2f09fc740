/* SPDX-License-Identifier: MIT */
/* ua.c - this is NO SIP stack, see ua.h. */
#define _POSIX_C_SOURCE 200809L
#include "ua.h"
#include "dialog.h"
#include "host.h"
#include "ladder.h"
#include "media.h"
#include "pcap.h"
#include "tcp.h"
#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* How a message goes: on a connection, or as a datagram to an address. */
typedef struct ua_way { tcp *link; unsigned family; adapter_address to; } ua_way;

/* A received request and, once there is one, the response to it. Its id is the `txn` of events and REPLYs. */
typedef struct ua_server {
  struct ua_server *next;
  uint64_t          id;
  ua               *who;
  adapter_run      *run;                  /* that took it, NULL: none */
  int64_t           came;                 /* on adapter_now */
  ua_way            back;
  char              tag[20];              /* of To in its responses */
  char             *bytes;                /* what came; request borrows from it */
  cpm_sip           request;
  cpm_sip_field     fields[UA_FIELDS];
  char             *answer;
  size_t            answer_len;
} ua_server;

/* A request that is out, and whose answer it is. */
typedef struct ua_client {
  struct ua_client *next;
  ua               *who;
  adapter_run      *run;                  /* NULL: no procedure sent it */
  uint32_t          leg;
  cpm_sip_method    method;
  char              branch[40];
  char             *bytes;
  size_t            len;
  ua_way            way;
  dialog           *in;                   /* the dialog that it opens or is inside of; NULL: none */
  bool              opens, answered;      /* an INVITE that opens it; a response came */
  char             *cancel;               /* what goes out when one comes; NULL: nothing */
  size_t            ncancel;
  int64_t           again, until;         /* timers E and F, on adapter_clock; INVITE goes on connections: timer B alone */
  int64_t           interval;
} ua_client;

static ua           *ua_all[UA_PARTICIPANTS];
static unsigned      ua_nall;
static ua_client    *ua_clients;
static ua_server    *ua_servers;

/* ==== messages: what the stack adds ================================================================================= */

/* A message under way: the fields of the effect and ours, and room for what we write. */
typedef struct ua_draft {
  cpm_sip       sip;
  cpm_sip_field fields[UA_FIELDS];
  char          text[4096];
  size_t        used;
} ua_draft;

static cpm_str ua_print(ua_draft *d, const char *format, ...) {
  va_list args;
  va_start(args, format);
  const size_t room = sizeof d->text - d->used;
  const int n = vsnprintf(d->text + d->used, room, format, args);
  va_end(args);
  if (n < 0 || (size_t)n >= room) return cpm_str_none();
  const cpm_str made = cpm_str_of(d->text + d->used, (size_t)n);
  d->used += (size_t)n;
  return made;
}

static void ua_add_field(ua_draft *d, const cpm_sip_field *f) {
  if (d->sip.nfields < UA_FIELDS) d->fields[d->sip.nfields++] = *f;
}

static void ua_add(ua_draft *d, cpm_sip_header id, cpm_str value) {
  ua_add_field(d, &(cpm_sip_field){ .id = id, .name = cpm_sip_header_name(id), .value = value });
}

/* Start line and body as they are; the fields are taken over one by one. */
static void ua_begin(ua_draft *d, const cpm_sip *from) {
  d->sip = *from;
  d->sip.fields = d->fields;
  d->sip.cap = UA_FIELDS;
  d->sip.nfields = 0;
  d->used = 0;
}

static char *ua_encode(const cpm_sip *sip, size_t *len) {
  cpm_diag diag = { 0 };
  int rc = cpm_sip_encode(NULL, 0, len, sip, &diag);
  char *bytes = rc == CPM_OK ? malloc(*len) : NULL;
  if (bytes) rc = cpm_sip_encode(bytes, *len, len, sip, &diag);
  if (rc == CPM_OK) return bytes;
  adapter_counts.broken++;
  fprintf(stderr, "loopback: cannot be written: %s: %s\n", diag.rule ? diag.rule : "?", cpm_strerror(rc));
  free(bytes);
  return NULL;
}

/* Between a client and the other side stands an IMS core, which says who sends and which service it is (RFC 3325 5, RFC 6050 4):
 * what the client prefers becomes what the network asserts. There is no core here, so it is done on the way out. */
static void ua_assert(ua_draft *d, const ua *who, const cpm_sip *from, cpm_sip_field *f) {
  const cpm_str own = who->agent.address;
  if (f->id == CPM_SIP_FROM && !cpm_sip_value(from, CPM_SIP_P_PREFERRED_IDENTITY).p)
    ua_add(d, CPM_SIP_P_ASSERTED_IDENTITY, ua_print(d, "<%.*s>", (int)own.n, own.p));
  if (f->id == CPM_SIP_P_PREFERRED_IDENTITY) f->id = CPM_SIP_P_ASSERTED_IDENTITY;
  if (f->id == CPM_SIP_P_PREFERRED_SERVICE) f->id = CPM_SIP_P_ASSERTED_SERVICE;
  f->name = cpm_sip_header_name(f->id);
}

static cpm_str ua_hex(ua_draft *d, const char *before) {
  unsigned char r[8];
  adapter_random(r, sizeof r);
  return ua_print(d, "%s%02x%02x%02x%02x%02x%02x%02x%02x", before, r[0], r[1], r[2], r[3], r[4], r[5], r[6], r[7]);
}

static cpm_str ua_sent_by(ua_draft *d, const adapter_address *a) {
  char host[INET6_ADDRSTRLEN] = "";
  if (a->any.sa_family == AF_INET6) {
    inet_ntop(AF_INET6, &a->v6.sin6_addr, host, sizeof host);
    return ua_print(d, "[%s]:%u", host, ntohs(a->v6.sin6_port));
  }
  inet_ntop(AF_INET, &a->v4.sin_addr, host, sizeof host);
  return ua_print(d, "%s:%u", host, ntohs(a->v4.sin_port));
}

/* Via, Max-Forwards, Call-ID and CSeq. */
static void ua_add_head(ua_draft *d, const ua *who, const ua_way *way, cpm_str branch, cpm_str call_id, unsigned cseq) {
  const cpm_str by = ua_sent_by(d, &who->at[way->family]), method = d->sip.method_name;
  ua_add(d, CPM_SIP_VIA, ua_print(d, "SIP/2.0/%s %.*s;branch=%.*s", way->link ? "TCP" : "UDP", (int)by.n, by.p, (int)branch.n, branch.p));
  ua_add(d, CPM_SIP_MAX_FORWARDS, cpm_str_z("70"));
  ua_add(d, CPM_SIP_CALL_ID, call_id);
  ua_add(d, CPM_SIP_CSEQ, ua_print(d, "%u %.*s", cseq, (int)method.n, method.p));
}

/* Contact of whoever opens or accepts a dialog, where the procedure wrote none. */
static void ua_add_contact(ua_draft *d, const ua *who) {
  const cpm_str own = who->agent.address;
  if (!cpm_sip_value(&d->sip, CPM_SIP_CONTACT).p) ua_add(d, CPM_SIP_CONTACT, ua_print(d, "<%.*s>", (int)own.n, own.p));
}

static cpm_str ua_draft_request(ua_draft *d, const ua *who, const ua_way *way, const cpm_sip *from, dialog *in) {
  ua_begin(d, from);
  const cpm_str branch = ua_hex(d, "z9hG4bK"), call_id = ua_hex(d, "");
  ua_add_head(d, who, way, branch, call_id, 1);
  for (size_t i = 0; i < from->nfields; i++) {
    cpm_sip_field f = from->fields[i];
    const cpm_str tag = f.id == CPM_SIP_FROM ? ua_hex(d, ";tag=") : cpm_str_none();
    if (who->agent.role == CPM_ROLE_CLIENT) ua_assert(d, who, from, &f);
    if (tag.p) f.value = ua_print(d, "%.*s%.*s", (int)f.value.n, f.value.p, (int)tag.n, tag.p);
    if (tag.p && in) ADAPTER_COPY(in->local, f.value), ADAPTER_COPY(in->local_tag, cpm_str_of(tag.p + 5, tag.n - 5));
    if (f.id == CPM_SIP_TO && in) ADAPTER_COPY(in->remote, f.value);
    ua_add_field(d, &f);
  }
  if (!in) return branch;
  ADAPTER_COPY(in->call_id, call_id);
  ADAPTER_COPY(in->branch, branch);
  ua_add_contact(d, who);
  return branch;
}

/* A request inside of a dialog. ACK and CANCEL have the CSeq of the INVITE that they belong to, CANCEL its branch as well (RFC 3261 9.1). */
static cpm_str ua_draft_inside(ua_draft *d, dialog *in, const ua_way *way, const cpm_sip *from) {
  const bool same = from->method == CPM_METHOD_ACK || from->method == CPM_METHOD_CANCEL;
  ua_begin(d, from);
  const cpm_str branch = from->method == CPM_METHOD_CANCEL ? cpm_str_z(in->branch) : ua_hex(d, "z9hG4bK");
  if (from->method == CPM_METHOD_INVITE) in->invited = in->cseq + 1;
  d->sip.request_uri = cpm_str_z(in->target);
  ua_add_head(d, in->who, way, branch, cpm_str_z(in->call_id), same ? in->invited : ++in->cseq);
  ua_add(d, CPM_SIP_FROM, cpm_str_z(in->local));
  ua_add(d, CPM_SIP_TO, cpm_str_z(in->remote));
  for (size_t i = 0; i < from->nfields; i++)
    if (from->fields[i].id != CPM_SIP_FROM && from->fields[i].id != CPM_SIP_TO) ua_add_field(d, &from->fields[i]);
  if (from->method == CPM_METHOD_INVITE) ua_add_contact(d, in->who);
  return branch;
}

/* Via, From, To, Call-ID and CSeq of the request, and its tag (RFC 3261 8.2.6.2). */
static void ua_draft_response(ua_draft *d, const ua_server *t, const cpm_sip *from) {
  const cpm_sip *request = &t->request;
  static const cpm_sip_header same[] = { CPM_SIP_VIA, CPM_SIP_FROM, CPM_SIP_TO, CPM_SIP_CALL_ID, CPM_SIP_CSEQ };
  const cpm_sip_field *f;
  ua_begin(d, from);
  for (size_t k = 0; k < sizeof same / sizeof *same; k++)
    for (size_t i = 0; (f = cpm_sip_find(request, same[k], &i)) != NULL;) {
      cpm_address to;
      cpm_param tag;
      const bool tagless = same[k] == CPM_SIP_TO && cpm_address_decode(&to, f->value, NULL, NULL) == CPM_OK &&
                           !(to.params.p && cpm_param_find(to.params, "tag", &tag));
      ua_add(d, same[k], ua_print(d, "%.*s%s%s", (int)f->value.n, f->value.p, tagless ? ";tag=" : "", tagless ? t->tag : ""));
    }
  for (size_t i = 0; i < from->nfields; i++) ua_add_field(d, &from->fields[i]);
  if (request->method == CPM_METHOD_INVITE && from->status / 100 == 2) ua_add_contact(d, t->who);
}

/* ==== the table of URIs ============================================================================================= */

static struct { const char *uri; ua *who; } ua_routes[UA_ROUTES];
static unsigned ua_nroutes;

void ua_route(const char *uri, ua *who) {
  if (ua_nroutes == UA_ROUTES) abort();
  ua_routes[ua_nroutes].uri = uri;
  ua_routes[ua_nroutes++].who = who;
}

/* The Participating Function, if the core brings requests there; the topmost Route; the Request-URI (RFC 3261 8.1.2). */
static ua *ua_next_hop(const ua *who, const cpm_sip *request) {
  cpm_address route;
  if (who->function) return who->function;
  cpm_str rest = cpm_sip_value(request, CPM_SIP_ROUTE), uri = request->request_uri;
  if (rest.p && cpm_address_next(&rest, &route, NULL, NULL) == CPM_OK) uri = route.uri;
  for (unsigned i = 0; i < ua_nroutes; i++)
    if (cpm_uri_text_equal(uri, cpm_str_z(ua_routes[i].uri))) return ua_routes[i].who;
  return NULL;
}

/* ==== sockets ======================================================================================================= */

static socklen_t ua_size(const adapter_address *a) { return a->any.sa_family == AF_INET6 ? sizeof a->v6 : sizeof a->v4; }

static bool ua_same(const adapter_address *a, const adapter_address *b) {
  if (a->any.sa_family != b->any.sa_family) return false;
  if (a->any.sa_family == AF_INET) return a->v4.sin_port == b->v4.sin_port && a->v4.sin_addr.s_addr == b->v4.sin_addr.s_addr;
  return a->v6.sin6_port == b->v6.sin6_port && !memcmp(&a->v6.sin6_addr, &b->v6.sin6_addr, sizeof a->v6.sin6_addr);
}

static ua *ua_at(const adapter_address *a) {
  for (unsigned i = 0; i < ua_nall; i++)
    for (unsigned f = 0; f < ADAPTER_FAMILIES; f++)
      if (ua_all[i]->fd[f] >= 0 && ua_same(&ua_all[i]->at[f], a)) return ua_all[i];
  return NULL;
}

static void ua_loopback(adapter_address *a, unsigned family, unsigned port) {
  memset(a, 0, sizeof *a);
  if (family == ADAPTER_V6) {
    a->v6.sin6_family = AF_INET6;
    a->v6.sin6_addr = in6addr_loopback;
    a->v6.sin6_port = htons((uint16_t)port);
  } else {
    a->v4.sin_family = AF_INET;
    a->v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    a->v4.sin_port = htons((uint16_t)port);
  }
}

static int ua_bind(unsigned family, unsigned port, adapter_address *at) {
  const int fd = socket(family == ADAPTER_V6 ? AF_INET6 : AF_INET, SOCK_DGRAM, 0);
  if (fd < 0) return -1;
  ua_loopback(at, family, port);
  bool bound = bind(fd, &at->any, ua_size(at)) == 0;
  if (!bound && port) {
    ua_loopback(at, family, 0);
    bound = bind(fd, &at->any, ua_size(at)) == 0;
  }
  socklen_t n = sizeof *at;
  if (bound && getsockname(fd, &at->any, &n) == 0 && fcntl(fd, F_SETFL, O_NONBLOCK) == 0) return fd;
  close(fd);
  return -1;
}

static size_t ua_take_stream(tcp *t, cpm_str in);
static void   ua_lose_stream(tcp *t) { (void)t; }      /* what is awaited on it ends by timer B */
static const tcp_use ua_stream = { .took = ua_take_stream, .broke = ua_lose_stream };

bool ua_open(ua *who, unsigned port) {
  if (ua_nall == UA_PARTICIPANTS) return false;
  for (unsigned f = 0; f < ADAPTER_FAMILIES; f++) {
    who->fd[f] = ua_bind(f, port, &who->at[f]);
    if (who->fd[f] >= 0 && !tcp_open(who, &who->at[f], &ua_stream)) return false;
  }
  if (who->fd[ADAPTER_V6] < 0) who->family = ADAPTER_V4;
  who->column = ua_nall;
  ua_all[ua_nall++] = who;
  return who->fd[ADAPTER_V4] >= 0;
}

bool ua_has_ipv6(void) { return ua_nall && ua_all[0]->fd[ADAPTER_V6] >= 0; }
const ua *ua_in_column(unsigned column) { return column < ua_nall ? ua_all[column] : NULL; }

/* Into the capture, into the ladder and, unless it is a datagram that is to be lost, on its way. */
static void ua_transmit(ua *who, const ua_way *way, ladder_sent *sent) {
  ua_draft names = { .used = 0 };
  char path[128];
  ua *peer = way->link ? way->link->peer : ua_at(&way->to);
  const adapter_address *near = way->link ? &way->link->near : &who->at[way->family], *far = way->link ? &way->link->far : &way->to;
  const cpm_str a = ua_sent_by(&names, near), b = ua_sent_by(&names, far);
  snprintf(path, sizeof path, "%.*s > %.*s %s", (int)a.n, a.p, (int)b.n, b.p, way->link ? "TCP" : "UDP");
  *sent = (ladder_sent){ who, peer, sent->msg, sent->effect, sent->wire, path, !way->link && peer && peer->lose > 0 };
  ladder_message(sent);
  adapter_counts.bytes += sent->wire.n;
  if (way->link) { tcp_queue(way->link, sent->wire); return; }
  pcap_write(near, far, sent->wire);
  if (sent->lost) {
    peer->lose--;
    adapter_counts.lost++;
    return;
  }
  if (sendto(who->fd[way->family], sent->wire.p, sent->wire.n, 0, &far->any, ua_size(far)) < 0) perror("loopback: sendto");
}

/* INVITE, and what belongs to its dialog, goes on a connection: SIP over UDP is for what fits a datagram (RFC 3261 18.1.1). */
static ua_way ua_way_to(ua *who, const ua *peer, cpm_sip_method method, const dialog *in) {
  ua_way way = { .family = peer->family, .to = peer->at[peer->family] };
  if (method != CPM_METHOD_INVITE && !in) return way;
  way.link = tcp_between(who, peer, &ua_stream);
  if (!way.link) way.link = tcp_reach(who, &way.to, &ua_stream, NULL);
  return way;
}

/* ==== transactions ================================================================================================== */

static void ua_send_again(ua_client *c) {
  ua_transmit(c->who, &c->way, &(ladder_sent){ .wire = cpm_str_of(c->bytes, c->len) });
  adapter_counts.again++;
  c->interval = c->interval * 2 < UA_T2 * 1000 ? c->interval * 2 : UA_T2 * 1000;
  c->again = adapter_clock() + c->interval;
}

/* Kept until its answer is there. */
static ua_client *ua_new_client(ua *who, cpm_sip_method method, const ua_way *way, cpm_str branch, char *bytes, size_t len) {
  ua_client *c = calloc(1, sizeof *c);
  *c = (ua_client){ .next = ua_clients, .who = who, .method = method, .bytes = bytes, .len = len, .way = *way,
                    .interval = UA_T1 * 1000 };
  c->again = way->link ? INT64_MAX : adapter_clock() + c->interval;
  c->until = adapter_clock() + 64 * UA_T1 * 1000;
  snprintf(c->branch, sizeof c->branch, "%.*s", (int)branch.n, branch.p);
  return ua_clients = c;
}

static void ua_free_client(ua_client *c) {
  free(c->bytes);
  free(c->cancel);
  free(c);
}

static void ua_launch(ua_client *c, const cpm_sip *msg, const cpm_effect *x) {
  ua_transmit(c->who, &c->way, &(ladder_sent){ .msg = msg, .effect = x, .wire = cpm_str_of(c->bytes, c->len) });
  adapter_counts.requests++;
}

/* What a procedure, or somebody else, wants sent. opens: it opens that dialog; else it is inside of it, if there is one. NULL: it could
 * not be written. */
static ua_client *ua_send_on(ua *who, const ua_way *way, const cpm_sip *request, const cpm_effect *x, dialog *in, bool opens) {
  ua_draft d;
  size_t len = 0;
  const cpm_str branch = in && !opens ? ua_draft_inside(&d, in, way, request) : ua_draft_request(&d, who, way, request, in);
  char *bytes = ua_encode(&d.sip, &len);
  if (!bytes) return NULL;
  ua_client *c = ua_new_client(who, request->method, way, branch, bytes, len);
  c->in = in;
  c->opens = opens;
  ua_launch(c, &d.sip, x);
  return c;
}

/* Nobody answers an ACK. */
static void ua_no_answer(ua_client *c) {
  for (ua_client **at = &ua_clients; *at; at = &(*at)->next)
    if (*at == c) { *at = c->next; break; }
  ua_free_client(c);
}

/* NULL: there is no way to send it. */
static ua_client *ua_send(ua *who, const cpm_sip *request, const cpm_effect *x, adapter_run *run) {
  ua *peer = ua_next_hop(who, request);
  const bool opens = request->method == CPM_METHOD_INVITE && run;
  const ua_way way = peer ? ua_way_to(who, peer, request->method, NULL) : (ua_way){ 0 };
  if (!peer || (request->method == CPM_METHOD_INVITE && !way.link)) {
    log_note(who, x, "there is no way to %.*s", (int)request->request_uri.n, request->request_uri.p);
    return NULL;
  }
  dialog *in = opens ? dialog_open(run, x->leg, peer, request->request_uri) : NULL;
  return ua_send_on(who, &way, request, x, in, opens);
}

static ua_client *ua_invite_of(const dialog *d) {
  for (ua_client *c = ua_clients; c; c = c->next)
    if (c->in == d && c->opens) return c;
  return NULL;
}

/* CANCEL waits for a provisional response (RFC 3261 9.1); after a final one there is nothing to cancel. */
static bool ua_cancel(adapter_run *run, dialog *d, const cpm_effect *x) {
  ua_client *invite = ua_invite_of(d);
  if (!invite || invite->cancel) return true;
  if (invite->answered) return ua_send_on(run->who, &invite->way, &x->sip, x, d, false) != NULL;
  ua_draft draft;
  ua_draft_inside(&draft, d, &invite->way, &x->sip);
  invite->cancel = ua_encode(&draft.sip, &invite->ncancel);
  return invite->cancel != NULL;
}

static void ua_cancel_now(ua_client *invite) {
  cpm_sip_field fields[UA_FIELDS];
  cpm_sip msg = CPM_SIP_ROOM(fields);
  const cpm_str bytes = cpm_str_of(invite->cancel, invite->ncancel);
  if (!bytes.p || cpm_sip_decode(&msg, bytes, NULL, NULL) != CPM_OK) return;
  ua_client *c = ua_new_client(invite->who, CPM_METHOD_CANCEL, &invite->way, cpm_str_z(invite->branch), invite->cancel, invite->ncancel);
  c->in = invite->in;
  invite->cancel = NULL;
  ua_launch(c, &msg, NULL);
}

/* Inside of a dialog that a procedure has: ACK, BYE, CANCEL, re-INVITE. */
static bool ua_request_inside(adapter_run *run, const cpm_effect *x, dialog *d) {
  if (x->sip.method == CPM_METHOD_CANCEL) return ua_cancel(run, d, x);
  const ua_way way = ua_way_to(run->who, d->peer, x->sip.method, d);
  ua_client *c = way.link ? ua_send_on(run->who, &way, &x->sip, x, d, false) : NULL;
  if (c && c->method == CPM_METHOD_ACK) ua_no_answer(c);
  else if (c) c->run = run, c->leg = x->leg;
  return c != NULL;
}

/* What has no Request-URI is inside of the dialog of its leg. */
bool ua_request(adapter_run *run, const cpm_effect *x) {
  if (!x->sip.request_uri.p) {
    dialog *d = dialog_of(run, x->leg);
    return d && ua_request_inside(run, x, d);
  }
  ua_client *c = ua_send(run->who, &x->sip, x, run);
  if (c) c->run = run, c->leg = x->leg;
  return c != NULL;
}

bool ua_other_request(ua *who, cpm_sip_method method, const char *uri) {
  char from[ADAPTER_URI], to[ADAPTER_URI];
  snprintf(from, sizeof from, "<%.*s>", (int)who->agent.address.n, who->agent.address.p);
  snprintf(to, sizeof to, "<%s>", uri);
  cpm_sip_field fields[] = { { .id = CPM_SIP_FROM, .value = cpm_str_z(from) }, { .id = CPM_SIP_TO, .value = cpm_str_z(to) } };
  const cpm_sip request = { .method = method, .method_name = cpm_sip_method_name(method), .request_uri = cpm_str_z(uri),
                            .fields = fields, .cap = 2, .nfields = 2, .body = CPM_STR("") };
  return ua_send(who, &request, NULL, NULL) != NULL;
}

static ua_server *ua_server_of(uint64_t txn) {
  ua_server *t = ua_servers;
  while (t && t->id != txn) t = t->next;
  return t;
}

/* 100 is the stack's own: whoever invited may cancel from then on. */
static void ua_trying(ua_server *t) {
  static const cpm_sip trying = { .status = 100 };
  ua_draft d;
  size_t len = 0;
  ua_draft_response(&d, t, &trying);
  char *bytes = ua_encode(&d.sip, &len);
  if (bytes) ua_transmit(t->who, &t->back, &(ladder_sent){ .msg = &d.sip, .wire = cpm_str_of(bytes, len) });
  free(bytes);
}

void ua_respond(uint64_t txn, const cpm_sip *response, const cpm_effect *x) {
  ua_draft d;
  ua_server *t = ua_server_of(txn);
  if (!t || t->answer) { adapter_counts.untaken++; return; }
  ua_draft_response(&d, t, response);
  t->answer = ua_encode(&d.sip, &t->answer_len);
  if (!t->answer) return;
  dialog *opened = dialog_of_invite(txn);
  if (opened && response->status / 100 == 2) opened->confirmed = true;
  ua_transmit(t->who, &t->back, &(ladder_sent){ .msg = &d.sip, .effect = x, .wire = cpm_str_of(t->answer, t->answer_len) });
  adapter_counts.responses++;
}

void ua_own(uint64_t txn, adapter_run *run) {
  ua_server *t = ua_server_of(txn);
  if (!t) return;
  t->run = run;
  if (t->request.method == CPM_METHOD_INVITE && t->back.link) dialog_invited(t->who, t->back.link->peer, txn, &t->request, t->tag)->run = run;
}

static bool ua_top_via(const cpm_sip *msg, cpm_via *via) {
  cpm_str rest = cpm_sip_value(msg, CPM_SIP_VIA);
  return rest.p && cpm_via_next(&rest, via, NULL, NULL) == CPM_OK && via->branch.p;
}

/* The same branch, sent-by and method: it came before (RFC 3261 17.2.3), unless that is longer ago than a transaction is kept. */
static ua_server *ua_met_before(const ua_server *t) {
  cpm_via via, other;
  if (!ua_top_via(&t->request, &via)) return NULL;
  for (ua_server *s = ua_servers; s; s = s->next)
    if (s->who == t->who && t->came - s->came < 64 * UA_T1 && s->request.method == t->request.method &&
        ua_top_via(&s->request, &other) && cpm_str_eq(via.branch, other.branch) && cpm_str_ieq(via.host, other.host) &&
        via.port == other.port) return s;
  return NULL;
}

static void ua_answer_again(ua_server *t) {
  adapter_counts.absorbed++;
  if (!t->answer) return;
  ua_transmit(t->who, &t->back, &(ladder_sent){ .wire = cpm_str_of(t->answer, t->answer_len) });
  adapter_counts.again++;
}

/* The transaction of a response; a final one ends it. */
static ua_client *ua_client_of(const cpm_sip *msg) {
  cpm_via via;
  if (!ua_top_via(msg, &via)) return NULL;
  for (ua_client **at = &ua_clients; *at; at = &(*at)->next) {
    ua_client *c = *at;
    if (!cpm_str_eq(via.branch, cpm_str_z(c->branch)) || c->method != msg->method) continue;
    if (msg->status >= 200) *at = c->next;
    return c;
  }
  return NULL;
}

static void ua_bring_up(const ua_client *c, const cpm_sip *response) {
  const bool again = c->in && c->method == CPM_METHOD_INVITE && !c->opens;
  if (again && response && response->status < 200) return;
  if (c->run) adapter_on_response(c->run, c->leg, c->method, again, response);
  else if (!c->in) host_hear(c->who, response);
}

/* An INVITE: CANCEL that waited goes out; a 2xx makes the dialog; the stack acknowledges all others, and every answer to a re-INVITE. */
static void ua_on_invite_answer(ua_client *c, const cpm_sip *msg) {
  static const cpm_sip ack = { .method = CPM_METHOD_ACK, .method_name = CPM_STR("ACK") };
  const bool good = msg->status / 100 == 2;
  if (msg->status < 200) ua_cancel_now(c);
  c->answered = true;
  if (msg->status < 200) return;
  if (good && c->opens) dialog_learn(c->in, msg);
  if (good && c->opens) return;                      /* the procedure sends its ACK */
  const cpm_str to = cpm_sip_value(msg, CPM_SIP_TO);
  if (!good && c->opens) ADAPTER_COPY(c->in->remote, to), ADAPTER_COPY(c->in->branch, cpm_str_z(c->branch));
  ua_client *sent = ua_send_on(c->who, &c->way, &ack, NULL, c->in, false);
  if (sent) ua_no_answer(sent);
}

static void ua_take_response(const cpm_sip *msg) {
  ua_client *c = ua_client_of(msg);
  if (!c) { adapter_counts.absorbed++; return; }
  if (c->in && c->method == CPM_METHOD_INVITE) ua_on_invite_answer(c, msg);
  ua_bring_up(c, msg);
  if (msg->status >= 200) ua_free_client(c);
}

static void ua_free_server(ua_server *t) {
  free(t->bytes);
  free(t->answer);
  free(t);
}

/* The stack answers it, and the procedure hears of it unless it has answered (RFC 3261 9.2). */
static void ua_on_cancel(ua_server *t) {
  cpm_via via, other;
  ua_server *invite = ua_servers;
  if (!ua_top_via(&t->request, &via)) return;
  while (invite && !(invite->request.method == CPM_METHOD_INVITE && ua_top_via(&invite->request, &other) &&
                     cpm_str_eq(via.branch, other.branch) && invite->who == t->who)) invite = invite->next;
  const cpm_sip response = { .status = invite ? 200 : 481 };
  ua_respond(t->id, &response, NULL);
  if (invite && !invite->answer && invite->run) adapter_on_request_inside(invite->run, CPM_NO_LEG, t->id, &t->request);
}

/* To a procedure whose dialog it is inside of, or to a new one. An ACK to a refusal ends in the transaction. */
static void ua_on_request(ua_server *t) {
  const cpm_sip_method m = t->request.method;
  dialog *d = dialog_find(t->who, &t->request);
  if (m == CPM_METHOD_CANCEL) ua_on_cancel(t);
  else if (d && d->run && (d->confirmed || m != CPM_METHOD_ACK)) adapter_on_request_inside(d->run, d->leg, t->id, &t->request);
  else if (t->who->foreign && m != CPM_METHOD_ACK) adapter_answer(t->who, t->id, host_serve(t->who, &t->request));
  else if (m != CPM_METHOD_ACK) adapter_on_request(t->who, t->id, &t->request);
  if (m == CPM_METHOD_INVITE && !t->answer) ua_trying(t);
}

/* A message that came, in t->bytes: given to its transaction or to a new one. */
static void ua_take(ua_server *t) {
  static uint64_t last;
  ua_draft tag = { .used = 0 };
  adapter_counts.read++;
  ua_server *known = t->request.status || t->request.method == CPM_METHOD_ACK ? NULL : ua_met_before(t);
  if (t->request.status) ua_take_response(&t->request);
  else if (known) ua_answer_again(known);
  if (t->request.status || known) { ua_free_server(t); return; }
  ADAPTER_COPY(t->tag, ua_hex(&tag, ""));
  t->id = ++last;
  t->next = ua_servers;
  ua_servers = t;
  ua_on_request(t);
}

static ua_server *ua_new_server(ua *who, ua_way back, cpm_str bytes) {
  ua_server *t = calloc(1, sizeof *t);
  t->who = who;
  t->came = adapter_now();
  t->back = back;
  t->bytes = malloc(bytes.n + 1);
  memcpy(t->bytes, bytes.p, bytes.n);
  t->request = (cpm_sip)CPM_SIP_ROOM(t->fields);
  return t;
}

/* Read, checked and taken; or dropped, for nothing of it is known. */
static void ua_judge(ua_server *t, int rc, cpm_diag *diag) {
  unsigned answer = 0;
  if (rc == CPM_OK && cpm_sip_check(&t->request, NULL, &answer, diag) == CPM_OK) { ua_take(t); return; }
  log_note(t->who, NULL, "what came is no SIP message: %s", diag->rule ? diag->rule : cpm_strerror(diag->code));
  adapter_counts.broken++;
  ua_free_server(t);
}

static void ua_receive(ua *who, unsigned family) {
  static char bytes[65536];
  adapter_address from;
  cpm_diag diag = { 0 };
  socklen_t size = sizeof from;
  const ssize_t n = recvfrom(who->fd[family], bytes, sizeof bytes, 0, &from.any, &size);
  if (n < 0 || !ua_at(&from)) return;     /* not one of us */
  ua_server *t = ua_new_server(who, (ua_way){ .family = family, .to = from }, cpm_str_of(bytes, (size_t)n));
  const int rc = cpm_sip_decode(&t->request, cpm_str_of(t->bytes, (size_t)n), NULL, &diag);
  ua_judge(t, rc, &diag);
}

/* The messages on a connection, one after the other. */
static size_t ua_take_stream(tcp *link, cpm_str in) {
  size_t taken = 0;
  while (taken < in.n && !link->gone) {
    cpm_diag diag = { 0 };
    const cpm_str rest = cpm_str_of(in.p + taken, in.n - taken);
    ua_server *t = ua_new_server(link->who, (ua_way){ .link = link, .family = link->who->family }, rest);
    const int rc = cpm_sip_decode_stream(&t->request, cpm_str_of(t->bytes, rest.n), NULL, &diag);
    if (rc == CPM_E_MORE) { ua_free_server(t); break; }
    taken += t->request.size;
    if (rc != CPM_OK) tcp_close(link);
    ua_judge(t, rc, &diag);
  }
  return link->gone ? in.n : taken;
}

/* ==== what the network does of itself =============================================================================== */

uint64_t ua_latest(const ua *who) {
  for (const ua_server *t = ua_servers; t; t = t->next)
    if (t->who == who) return t->id;
  return 0;
}

void ua_bring_again(uint64_t txn) {
  const ua_server *t = ua_servers;
  cpm_via via;
  while (t && t->id != txn) t = t->next;
  if (!t || !ua_top_via(&t->request, &via)) { adapter_counts.untaken++; return; }
  char *copy = malloc(t->request.size);
  memcpy(copy, t->bytes, t->request.size);
  const ua_way way = { .family = t->who->family, .to = t->who->at[t->who->family] };
  ua_send_again(ua_new_client(ua_at(&t->back.to), t->request.method, &way, via.branch, copy, t->request.size));
}

/* ==== the loop ====================================================================================================== */

/* Timers B, E and F. */
static void ua_fire(void) {
  const int64_t now = adapter_clock();
  for (ua_client **at = &ua_clients; *at;) {
    ua_client *c = *at;
    if (c->until <= now && !(c->method == CPM_METHOD_INVITE && c->answered)) {
      *at = c->next;
      ua_bring_up(c, NULL);
      ua_free_client(c);
      at = &ua_clients;     /* the procedure may have sent something */
      continue;
    }
    if (c->again <= now) ua_send_again(c);
    at = &c->next;
  }
}

static int ua_wait(int ms) {
  struct pollfd fds[UA_PARTICIPANTS * ADAPTER_FAMILIES];
  for (unsigned i = 0; i < ua_nall; i++)
    for (unsigned f = 0; f < ADAPTER_FAMILIES; f++)
      fds[i * ADAPTER_FAMILIES + f] = (struct pollfd){ .fd = ua_all[i]->fd[f], .events = POLLIN };
  const int ready = tcp_poll(fds, ua_nall * ADAPTER_FAMILIES, ms);
  for (unsigned i = 0; ready > 0 && i < ua_nall * ADAPTER_FAMILIES; i++)
    if (fds[i].revents) ua_receive(ua_all[i / ADAPTER_FAMILIES], i % ADAPTER_FAMILIES);
  return ready;
}

bool ua_settle(int ms) {
  const int64_t end = adapter_clock() + (int64_t)ms * 1000;
  bool quiet = false;
  while (!quiet) {
    if (adapter_clock() >= end) return false;
    adapter_go_on();
    media_go_on();
    const bool waits = adapter_waits() || media_waits(), awaited = ua_clients || media_awaits() || !tcp_idle();
    quiet = ua_wait(waits ? 0 : awaited ? 10 : UA_QUIET) <= 0 && !waits && !awaited;
    ua_fire();
    quiet &= !adapter_fire();
  }
  return true;
}

void ua_close(void) {
  tcp_close_all();
  dialog_close_all();
  while (ua_servers) { ua_server *t = ua_servers; ua_servers = t->next; ua_free_server(t); }
  while (ua_clients) { ua_client *c = ua_clients; ua_clients = c->next; ua_free_client(c); }
  for (unsigned i = 0; i < ua_nall; i++)
    for (unsigned f = 0; f < ADAPTER_FAMILIES; f++)
      if (ua_all[i]->fd[f] >= 0) close(ua_all[i]->fd[f]);
}
