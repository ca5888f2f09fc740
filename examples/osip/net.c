/* SPDX-License-Identifier: MIT */
/* net.c - datagrams and connections by number. */
#define _GNU_SOURCE
#include "net.h"
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { NET_DATAGRAM = 65536, NET_FIELDS = 64 };

/* A connection. */
typedef struct net_link { struct net_link *next; int id; tcp *t; } net_link;

static int       net_udp = -1;
static net_link *net_links;

/* ---- addresses --------------------------------------------------------------------------------------------------------- */

static socklen_t net_size(const adapter_address *a) { return a->any.sa_family == AF_INET6 ? sizeof a->v6 : sizeof a->v4; }

static bool net_resolve(adapter_address *to, const char *host, int port) {
  struct addrinfo *found = NULL;
  const struct addrinfo want = { .ai_family = AF_INET, .ai_socktype = SOCK_DGRAM };
  if (tcp_address(to, cpm_str_z(host), (unsigned)port)) return true;
  if (getaddrinfo(host, NULL, &want, &found) != 0) return false;
  memcpy(to, found->ai_addr, sizeof to->v4);
  freeaddrinfo(found);
  to->v4.sin_port = htons((uint16_t)port);
  return true;
}

static void net_take(cpm_str bytes, const adapter_address *from, int link) {
  char host[NI_MAXHOST], port[NI_MAXSERV];
  if (getnameinfo(&from->any, net_size(from), host, sizeof host, port, sizeof port, NI_NUMERICHOST | NI_NUMERICSERV) == 0)
    net_came(bytes, host, atoi(port), link);
}

/* ---- connections ------------------------------------------------------------------------------------------------------- */

static void net_linked(tcp *t) {
  static int last;
  net_link *l = calloc(1, sizeof *l);
  if (!l) abort();
  *l = (net_link){ net_links, ++last, t };
  net_links = l;
  t->of = l;
}

/* The messages of a stream, one after the other. */
static size_t net_took(tcp *t, cpm_str in) {
  const net_link *l = t->of;
  size_t taken = 0;
  while (taken < in.n && !t->gone) {
    cpm_sip_field fields[NET_FIELDS];
    cpm_sip msg = CPM_SIP_ROOM(fields);
    const cpm_str rest = cpm_str_of(in.p + taken, in.n - taken);
    const int rc = cpm_sip_decode_stream(&msg, rest, NULL, NULL);
    if (rc == CPM_E_MORE) return taken;
    if (rc != CPM_OK) { tcp_close(t); return in.n; }
    net_take(cpm_str_of(rest.p, msg.size), &t->far, l->id);
    taken += msg.size;
  }
  return in.n;
}

static void net_lost(tcp *t) { net_broke(((net_link *)t->of)->id); }

static void net_swept(tcp *t) {
  net_link **at = &net_links;
  while (*at && *at != t->of) at = &(*at)->next;
  if (*at) *at = (*at)->next;
  free(t->of);
}

static const tcp_use net_use = { .came = net_linked, .took = net_took, .broke = net_lost, .swept = net_swept };

static net_link *net_by_id(int id) {
  for (net_link *l = net_links; l; l = l->next)
    if (l->id == id && !l->t->gone) return l;
  return NULL;
}

static net_link *net_to(const adapter_address *to) {
  for (net_link *l = net_links; l; l = l->next)
    if (!l->t->gone && !memcmp(&l->t->far, to, net_size(to))) return l;
  tcp *t = tcp_reach(NULL, to, &net_use, NULL);
  if (t) net_linked(t);
  return t ? t->of : NULL;
}

/* ---- what is offered --------------------------------------------------------------------------------------------------- */

int net_send(bool reliable, int link, const char *host, int port, cpm_str bytes) {
  adapter_address to;
  const net_link *l = reliable && link ? net_by_id(link) : NULL;
  if (!l && !net_resolve(&to, host, port)) return -1;
  if (!reliable) return sendto(net_udp, bytes.p, bytes.n, 0, &to.any, net_size(&to)) == (ssize_t)bytes.n ? 0 : -1;
  if (!l && (l = net_to(&to)) == NULL) return -1;
  tcp_queue(l->t, bytes);
  return l->id;
}

void net_receive(void) {
  static char bytes[NET_DATAGRAM];
  adapter_address from;
  socklen_t size = sizeof from;
  const ssize_t n = recvfrom(net_udp, bytes, sizeof bytes, 0, &from.any, &size);
  if (n > 0) net_take(cpm_str_of(bytes, (size_t)n), &from, 0);
}

int net_open(const peer_settings *settings) {
  adapter_address at;
  if (!net_resolve(&at, settings->host, (int)settings->port)) return -1;
  net_udp = socket(at.any.sa_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const bool good = net_udp >= 0 && bind(net_udp, &at.any, net_size(&at)) == 0 && tcp_open(NULL, &at, &net_use);
  if (!good) perror("net: the address of SIP");
  return good ? net_udp : -1;
}

void net_close(void) {
  if (net_udp >= 0) close(net_udp);
}
