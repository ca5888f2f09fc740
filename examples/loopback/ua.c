/* SPDX-License-Identifier: MIT */
/* ua.c - this is NO SIP stack, see ua.h. */
#define _POSIX_C_SOURCE 200809L
#include "ua.h"
#include "host.h"
#include "ladder.h"
#include "pcap.h"
#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A received request and, once there is one, the response to it. Its id is the `txn` of events and REPLYs. */
typedef struct ua_server {
  struct ua_server *next;
  uint64_t          id;
  ua               *who;
  int64_t           came;                 /* on adapter_now */
  unsigned          family;
  adapter_address   from;
  char             *bytes;                /* the datagram; request borrows from it */
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
  unsigned          family;
  adapter_address   to;
  int64_t           again, until;         /* timers E and F, on adapter_clock */
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

static cpm_str ua_draft_request(ua_draft *d, const ua *who, unsigned family, const cpm_sip *from) {
  ua_begin(d, from);
  const cpm_str branch = ua_hex(d, "z9hG4bK"), by = ua_sent_by(d, &who->at[family]);
  ua_add(d, CPM_SIP_VIA, ua_print(d, "SIP/2.0/UDP %.*s;branch=%.*s", (int)by.n, by.p, (int)branch.n, branch.p));
  ua_add(d, CPM_SIP_MAX_FORWARDS, cpm_str_z("70"));
  ua_add(d, CPM_SIP_CALL_ID, ua_hex(d, ""));
  ua_add(d, CPM_SIP_CSEQ, ua_print(d, "1 %.*s", (int)from->method_name.n, from->method_name.p));
  for (size_t i = 0; i < from->nfields; i++) {
    cpm_sip_field f = from->fields[i];
    const cpm_str tag = f.id == CPM_SIP_FROM ? ua_hex(d, ";tag=") : cpm_str_none();
    if (who->agent.role == CPM_ROLE_CLIENT) ua_assert(d, who, from, &f);
    if (tag.p) f.value = ua_print(d, "%.*s%.*s", (int)f.value.n, f.value.p, (int)tag.n, tag.p);
    ua_add_field(d, &f);
  }
  return branch;
}

/* Via, From, To, Call-ID and CSeq of the request, and a tag (RFC 3261 8.2.6.2). */
static void ua_draft_response(ua_draft *d, const cpm_sip *request, const cpm_sip *from) {
  static const cpm_sip_header same[] = { CPM_SIP_VIA, CPM_SIP_FROM, CPM_SIP_TO, CPM_SIP_CALL_ID, CPM_SIP_CSEQ };
  const cpm_sip_field *f;
  ua_begin(d, from);
  for (size_t k = 0; k < sizeof same / sizeof *same; k++)
    for (size_t i = 0; (f = cpm_sip_find(request, same[k], &i)) != NULL;) {
      cpm_address to;
      cpm_param tag;
      const bool tagless = same[k] == CPM_SIP_TO && cpm_address_decode(&to, f->value, NULL, NULL) == CPM_OK &&
                           !(to.params.p && cpm_param_find(to.params, "tag", &tag));
      const cpm_str ours = tagless ? ua_hex(d, ";tag=") : cpm_str_of("", 0);
      ua_add(d, same[k], ua_print(d, "%.*s%.*s", (int)f->value.n, f->value.p, (int)ours.n, ours.p));
    }
  for (size_t i = 0; i < from->nfields; i++) ua_add_field(d, &from->fields[i]);
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

bool ua_open(ua *who, unsigned port) {
  if (ua_nall == UA_PARTICIPANTS) return false;
  for (unsigned f = 0; f < ADAPTER_FAMILIES; f++) who->fd[f] = ua_bind(f, port, &who->at[f]);
  if (who->fd[ADAPTER_V6] < 0) who->family = ADAPTER_V4;
  who->column = ua_nall;
  ua_all[ua_nall++] = who;
  return who->fd[ADAPTER_V4] >= 0;
}

bool ua_has_ipv6(void) { return ua_nall && ua_all[0]->fd[ADAPTER_V6] >= 0; }
const ua *ua_in_column(unsigned column) { return column < ua_nall ? ua_all[column] : NULL; }

/* One datagram: into the capture, into the ladder and, unless it is to be lost, on its way. */
static void ua_transmit(ua *who, unsigned family, const adapter_address *to, ladder_sent *sent) {
  ua_draft names = { .used = 0 };
  char path[128];
  ua *peer = ua_at(to);
  const cpm_str a = ua_sent_by(&names, &who->at[family]), b = ua_sent_by(&names, to);
  snprintf(path, sizeof path, "%.*s > %.*s", (int)a.n, a.p, (int)b.n, b.p);
  *sent = (ladder_sent){ who, peer, sent->msg, sent->effect, sent->wire, path, peer && peer->lose > 0 };
  pcap_write(&who->at[family], to, sent->wire);
  ladder_message(sent);
  adapter_counts.bytes += sent->wire.n;
  if (sent->lost) {
    peer->lose--;
    adapter_counts.lost++;
    return;
  }
  if (sendto(who->fd[family], sent->wire.p, sent->wire.n, 0, &to->any, ua_size(to)) < 0) perror("loopback: sendto");
}

/* ==== transactions ================================================================================================== */

static void ua_send_again(ua_client *c) {
  ua_transmit(c->who, c->family, &c->to, &(ladder_sent){ .wire = cpm_str_of(c->bytes, c->len) });
  adapter_counts.again++;
  c->interval = c->interval * 2 < UA_T2 * 1000 ? c->interval * 2 : UA_T2 * 1000;
  c->again = adapter_clock() + c->interval;
}

/* Kept until its answer is there. */
static ua_client *ua_new_client(ua *who, cpm_sip_method method, const ua *peer, cpm_str branch, char *bytes, size_t len) {
  ua_client *c = calloc(1, sizeof *c);
  *c = (ua_client){ .next = ua_clients, .who = who, .method = method, .bytes = bytes, .len = len, .family = peer->family,
                    .to = peer->at[peer->family], .interval = UA_T1 * 1000 };
  c->again = adapter_clock() + c->interval;
  c->until = adapter_clock() + 64 * UA_T1 * 1000;
  snprintf(c->branch, sizeof c->branch, "%.*s", (int)branch.n, branch.p);
  return ua_clients = c;
}

/* NULL: there is no way to send it. */
static ua_client *ua_send(ua *who, const cpm_sip *request, const cpm_effect *x) {
  ua_draft d;
  size_t len = 0;
  ua *peer = ua_next_hop(who, request);
  if (!peer) {
    ladder_note(who, x, "there is no way to %.*s", (int)request->request_uri.n, request->request_uri.p);
    return NULL;
  }
  const cpm_str branch = ua_draft_request(&d, who, peer->family, request);
  char *bytes = ua_encode(&d.sip, &len);
  if (!bytes) return NULL;
  ua_client *c = ua_new_client(who, request->method, peer, branch, bytes, len);
  ua_transmit(who, c->family, &c->to, &(ladder_sent){ .msg = &d.sip, .effect = x, .wire = cpm_str_of(bytes, len) });
  adapter_counts.requests++;
  return c;
}

bool ua_request(adapter_run *run, const cpm_effect *x) {
  ua_client *c = ua_send(run->who, &x->sip, x);
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
  return ua_send(who, &request, NULL) != NULL;
}

void ua_respond(uint64_t txn, const cpm_sip *response, const cpm_effect *x) {
  ua_draft d;
  ua_server *t = ua_servers;
  while (t && t->id != txn) t = t->next;
  if (!t || t->answer) { adapter_counts.untaken++; return; }
  ua_draft_response(&d, &t->request, response);
  t->answer = ua_encode(&d.sip, &t->answer_len);
  if (!t->answer) return;
  ua_transmit(t->who, t->family, &t->from,
                 &(ladder_sent){ .msg = &d.sip, .effect = x, .wire = cpm_str_of(t->answer, t->answer_len) });
  adapter_counts.responses++;
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
  ua_transmit(t->who, t->family, &t->from, &(ladder_sent){ .wire = cpm_str_of(t->answer, t->answer_len) });
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
  if (c->run) adapter_on_response(c->run, c->leg, c->method, response);
  else host_hear(c->who, response);
}

static void ua_take_response(const cpm_sip *msg) {
  ua_client *c = ua_client_of(msg);
  if (!c) { adapter_counts.absorbed++; return; }
  ua_bring_up(c, msg);
  if (msg->status < 200) return;
  free(c->bytes);
  free(c);
}

static void ua_free_server(ua_server *t) {
  free(t->bytes);
  free(t->answer);
  free(t);
}

/* A datagram: read, checked, and given to its transaction or to a new one. */
static void ua_take(ua_server *t, size_t n) {
  static uint64_t last;
  cpm_diag diag = { 0 };
  unsigned answer = 0;
  t->request = (cpm_sip)CPM_SIP_ROOM(t->fields);
  if (cpm_sip_decode(&t->request, cpm_str_of(t->bytes, n), NULL, &diag) != CPM_OK ||
      cpm_sip_check(&t->request, NULL, &answer, &diag) != CPM_OK) {
    ladder_note(t->who, NULL, "a datagram is no SIP message: %s", diag.rule ? diag.rule : cpm_strerror(diag.code));
    adapter_counts.broken++;
    ua_free_server(t);
    return;
  }
  adapter_counts.read++;
  ua_server *known = t->request.status ? NULL : ua_met_before(t);
  if (t->request.status) ua_take_response(&t->request);
  else if (known) ua_answer_again(known);
  if (t->request.status || known) { ua_free_server(t); return; }
  t->id = ++last;
  t->next = ua_servers;
  ua_servers = t;
  adapter_on_request(t->who, t->id, &t->request);
}

static void ua_receive(ua *who, unsigned family) {
  static char bytes[65536];
  adapter_address from;
  socklen_t size = sizeof from;
  const ssize_t n = recvfrom(who->fd[family], bytes, sizeof bytes, 0, &from.any, &size);
  if (n < 0 || !ua_at(&from)) return;     /* not one of us */
  ua_server *t = calloc(1, sizeof *t);
  t->who = who;
  t->came = adapter_now();
  t->family = family;
  t->from = from;
  t->bytes = malloc((size_t)n + 1);
  memcpy(t->bytes, bytes, (size_t)n);
  ua_take(t, (size_t)n);
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
  ua_send_again(ua_new_client(ua_at(&t->from), t->request.method, t->who, via.branch, copy, t->request.size));
}

/* ==== the loop ====================================================================================================== */

/* Timers E and F. */
static void ua_fire(void) {
  const int64_t now = adapter_clock();
  for (ua_client **at = &ua_clients; *at;) {
    ua_client *c = *at;
    if (c->until <= now) {
      *at = c->next;
      ua_bring_up(c, NULL);
      free(c->bytes);
      free(c);
      at = &ua_clients;     /* the procedure may have sent something */
      continue;
    }
    if (c->again <= now) ua_send_again(c);
    at = &c->next;
  }
}

static void ua_wait(int ms) {
  struct pollfd fds[UA_PARTICIPANTS * ADAPTER_FAMILIES];
  for (unsigned i = 0; i < ua_nall; i++)
    for (unsigned f = 0; f < ADAPTER_FAMILIES; f++)
      fds[i * ADAPTER_FAMILIES + f] = (struct pollfd){ .fd = ua_all[i]->fd[f], .events = POLLIN };
  if (poll(fds, ua_nall * ADAPTER_FAMILIES, ms) <= 0) return;
  for (unsigned i = 0; i < ua_nall * ADAPTER_FAMILIES; i++)
    if (fds[i].revents) ua_receive(ua_all[i / ADAPTER_FAMILIES], i % ADAPTER_FAMILIES);
}

bool ua_settle(int ms) {
  const int64_t end = adapter_clock() + (int64_t)ms * 1000;
  while (ua_clients || adapter_waits()) {
    if (adapter_clock() >= end) return false;
    adapter_go_on();
    ua_wait(adapter_waits() ? 0 : 10);
    ua_fire();
  }
  return true;
}

void ua_close(void) {
  while (ua_servers) { ua_server *t = ua_servers; ua_servers = t->next; ua_free_server(t); }
  while (ua_clients) { ua_client *c = ua_clients; ua_clients = c->next; free(c->bytes); free(c); }
  for (unsigned i = 0; i < ua_nall; i++)
    for (unsigned f = 0; f < ADAPTER_FAMILIES; f++)
      if (ua_all[i]->fd[f] >= 0) close(ua_all[i]->fd[f]);
}
