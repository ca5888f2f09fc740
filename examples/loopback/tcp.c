/* SPDX-License-Identifier: MIT */
/* tcp.c - sockets of TCP. All participants live in this process, so that each end finds the other by its address. */
#define _POSIX_C_SOURCE 200809L
#include "tcp.h"
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TCP_READ = 65536, TCP_BACKLOG = 16, TCP_POLLED = 128 };

static tcp *tcp_all;

static socklen_t tcp_size(const adapter_address *a) { return a->any.sa_family == AF_INET6 ? sizeof a->v6 : sizeof a->v4; }

static bool tcp_same(const adapter_address *a, const adapter_address *b) {
  if (a->any.sa_family != b->any.sa_family) return false;
  return a->any.sa_family == AF_INET6 ? a->v6.sin6_port == b->v6.sin6_port : a->v4.sin_port == b->v4.sin_port;
}

/* ---- opening and closing --------------------------------------------------------------------------------------------- */

static tcp *tcp_new(ua *who, int fd, const tcp_use *use, void *of) {
  tcp *t = calloc(1, sizeof *t);
  socklen_t n = sizeof t->near;
  if (!t) abort();
  *t = (tcp){ .next = tcp_all, .use = use, .of = of, .who = who, .fd = fd };
  if (getsockname(fd, &t->near.any, &n) < 0 || fcntl(fd, F_SETFL, O_NONBLOCK) < 0) abort();
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 }, sizeof(int));
  return tcp_all = t;
}

tcp *tcp_listen(ua *who, const adapter_address *at, const tcp_use *use) {
  const int fd = socket(at->any.sa_family, SOCK_STREAM, 0);
  if (fd < 0) return NULL;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){ 1 }, sizeof(int));
  if (bind(fd, &at->any, tcp_size(at)) == 0 && listen(fd, TCP_BACKLOG) == 0) return tcp_new(who, fd, use, NULL);
  close(fd);
  return NULL;
}

static tcp *tcp_listener(const adapter_address *at) {
  for (tcp *t = tcp_all; t; t = t->next)
    if (!t->peer && !t->gone && tcp_same(&t->near, at)) return t;
  return NULL;
}

/* On one machine a connection stands as soon as the listener's backlog has it. */
tcp *tcp_connect(ua *who, const adapter_address *to, const tcp_use *use, void *of) {
  const tcp *listener = tcp_listener(to);
  const int fd = listener ? socket(to->any.sa_family, SOCK_STREAM, 0) : -1;
  if (fd < 0 || connect(fd, &to->any, tcp_size(to)) < 0) {
    if (fd >= 0) close(fd);
    return NULL;
  }
  tcp *t = tcp_new(who, fd, use, of);
  t->peer = listener->who;
  t->far = *to;
  t->capture = pcap_connect(&t->near, &t->far);
  return t;
}

static void tcp_accept(tcp *listener) {
  adapter_address far;
  socklen_t n = sizeof far;
  const int fd = accept(listener->fd, &far.any, &n);
  if (fd < 0) return;
  tcp *t = tcp_new(listener->who, fd, listener->use, listener->of);
  t->far = far;
  for (const tcp *o = tcp_all; o; o = o->next)
    if (o->peer == t->who && tcp_same(&o->near, &far)) t->peer = o->who, t->capture = pcap_other(o->capture);
  if (!t->peer) { tcp_close(t); return; }      /* not one of us */
  if (t->use->came) t->use->came(t);
}

void tcp_close(tcp *t) {
  if (t->gone) return;
  t->gone = true;
  shutdown(t->fd, SHUT_WR);
  if (t->peer) pcap_finish(t->capture);
}

/* Those that were closed are taken out when nobody holds one of them any more. */
static void tcp_sweep(void) {
  for (tcp **at = &tcp_all; *at;) {
    tcp *t = *at;
    if (!t->gone) { at = &t->next; continue; }
    *at = t->next;
    if (t->use->swept) t->use->swept(t);
    close(t->fd);
    free(t->in);
    free(t->out);
    free(t);
  }
}

void tcp_close_all(void) {
  for (tcp *t = tcp_all; t; t = t->next) t->gone = true;
  tcp_sweep();
}

tcp *tcp_between(const ua *who, const ua *peer, const tcp_use *use) {
  for (tcp *t = tcp_all; t; t = t->next)
    if (!t->gone && t->who == who && t->peer == peer && t->use == use) return t;
  return NULL;
}

/* ---- moving octets --------------------------------------------------------------------------------------------------- */

static void tcp_room(char **buf, size_t *cap, size_t need) {
  if (need <= *cap) return;
  *cap = need < 2 * *cap ? 2 * *cap : need;
  *buf = realloc(*buf, *cap);
  if (!*buf) abort();
}

static void tcp_flush(tcp *t) {
  const ssize_t n = t->nout ? send(t->fd, t->out, t->nout, MSG_NOSIGNAL) : 0;
  if (n <= 0) return;
  memmove(t->out, t->out + n, t->nout - (size_t)n);
  t->nout -= (size_t)n;
}

void tcp_send(tcp *t, cpm_str bytes) {
  if (t->gone || !bytes.n) return;
  pcap_segment(t->capture, bytes);
  tcp_room(&t->out, &t->out_cap, t->nout + bytes.n);
  memcpy(t->out + t->nout, bytes.p, bytes.n);
  t->nout += bytes.n;
  tcp_flush(t);
}

static void tcp_receive(tcp *t) {
  tcp_room(&t->in, &t->in_cap, t->nin + TCP_READ);
  const ssize_t n = recv(t->fd, t->in + t->nin, TCP_READ, 0);
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (n <= 0) {
    tcp_close(t);
    t->use->broke(t);
    return;
  }
  t->nin += (size_t)n;
  const size_t taken = t->use->took(t, cpm_str_of(t->in, t->nin));
  memmove(t->in, t->in + taken, t->nin - taken);
  t->nin -= taken;
}

static void tcp_move(tcp *t, short what) {
  if (!t->peer) { tcp_accept(t); return; }
  if (what & POLLOUT) tcp_flush(t);
  if (!t->gone && what & (POLLIN | POLLHUP | POLLERR)) tcp_receive(t);
}

int tcp_poll(struct pollfd *more, size_t nmore, int ms) {
  struct pollfd fds[TCP_POLLED];
  tcp *of[TCP_POLLED];
  size_t n = 0;
  for (; n < nmore; n++) fds[n] = more[n];
  tcp_sweep();
  for (tcp *t = tcp_all; t && n < TCP_POLLED; t = t->next) {
    of[n] = t;
    fds[n++] = (struct pollfd){ .fd = t->fd, .events = (short)(POLLIN | (t->nout ? POLLOUT : 0)) };
  }
  const int ready = poll(fds, n, ms);
  for (size_t i = 0; i < nmore; i++) more[i].revents = ready > 0 ? fds[i].revents : 0;
  for (size_t i = nmore; ready > 0 && i < n; i++)
    if (fds[i].revents && !of[i]->gone) tcp_move(of[i], fds[i].revents);
  return ready;
}

bool tcp_idle(void) {
  for (const tcp *t = tcp_all; t; t = t->next)
    if (t->nout && !t->gone) return false;
  return true;
}
