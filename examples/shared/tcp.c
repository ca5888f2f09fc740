/* SPDX-License-Identifier: MIT */
/* tcp.c - sockets of TCP. */
#define _POSIX_C_SOURCE 200809L
#include "tcp.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TCP_READ = 65536, TCP_BACKLOG = 64, TCP_POLLED = 128, TCP_MOST = 96 };   /* connections that may come */
static const int64_t TCP_LEAVE = 5000000, TCP_HEAR = 300000;   /* us in which what is queued must go, and in which the other side must close then */

const tcp_tap *tcp_tapped;
void         (*tcp_watch)(int fd, bool anew, bool writes);
static tcp    *tcp_all;

static socklen_t tcp_size(const adapter_address *a) { return a->any.sa_family == AF_INET6 ? sizeof a->v6 : sizeof a->v4; }

bool tcp_address(adapter_address *a, cpm_str host, unsigned port) {
  char text[INET6_ADDRSTRLEN];
  ADAPTER_COPY(text, host);
  memset(a, 0, sizeof *a);
  if (inet_pton(AF_INET6, text, &a->v6.sin6_addr) == 1) {
    a->v6.sin6_family = AF_INET6;
    a->v6.sin6_port = htons((uint16_t)port);
    return true;
  }
  a->v4.sin_family = AF_INET;
  a->v4.sin_port = htons((uint16_t)port);
  return inet_pton(AF_INET, text, &a->v4.sin_addr) == 1;
}

/* ---- opening and closing ----------------------------------------------------------------------------------------- */

static tcp *tcp_new(ua *who, int fd, const tcp_use *use, void *of) {
  tcp *t = calloc(1, sizeof *t);
  socklen_t n = sizeof t->near;
  if (!t) abort();
  *t = (tcp){ .next = tcp_all, .use = use, .of = of, .who = who, .fd = fd };
  if (getsockname(fd, &t->near.any, &n) < 0 || fcntl(fd, F_SETFL, O_NONBLOCK) < 0) abort();
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 }, sizeof(int));
  if (tcp_watch) tcp_watch(fd, true, false);
  return tcp_all = t;
}

tcp *tcp_open(ua *who, const adapter_address *at, const tcp_use *use) {
  const int fd = socket(at->any.sa_family, SOCK_STREAM, 0);
  if (fd < 0) return NULL;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){ 1 }, sizeof(int));
  if (bind(fd, &at->any, tcp_size(at)) != 0 || listen(fd, TCP_BACKLOG) != 0) { close(fd); return NULL; }
  tcp *t = tcp_new(who, fd, use, NULL);
  t->listens = true;
  return t;
}

tcp *tcp_reach(ua *who, const adapter_address *to, const tcp_use *use, void *of) {
  const int fd = socket(to->any.sa_family, SOCK_STREAM, 0);
  if (fd < 0 || fcntl(fd, F_SETFL, O_NONBLOCK) < 0) abort();
  const bool stands = connect(fd, &to->any, tcp_size(to)) == 0;
  if (!stands && errno != EINPROGRESS) { close(fd); return NULL; }
  tcp *t = tcp_new(who, fd, use, of);
  t->far = *to;
  t->connecting = !stands;
  if (tcp_watch && t->connecting) tcp_watch(fd, false, true);
  if (!tcp_tapped || tcp_tapped->opened(t)) return t;
  t->of = NULL;
  t->gone = t->shut = true;
  return NULL;
}

/* Of those that came to the listener how many there are, and the oldest one that is of no use yet. */
static unsigned tcp_count(const tcp *listener, tcp **idle) {
  unsigned n = 0;
  for (tcp *t = tcp_all; t; t = t->next) {
    if (!t->came || t->gone || t->who != listener->who || t->use != listener->use) continue;
    n++;
    if (!t->busy) *idle = t;             /* the list begins with the newest */
  }
  return n;
}

static void tcp_lose(tcp *t);

/* Whoever holds connections and says nothing on them keeps nobody else away. */
static void tcp_take(tcp *listener, int fd, adapter_address far) {
  tcp *idle = NULL;
  const bool full = tcp_count(listener, &idle) >= TCP_MOST;
  if (full && !idle) { close(fd); return; }
  if (full) tcp_lose(idle);
  tcp *t = tcp_new(listener->who, fd, listener->use, listener->of);
  t->far = far;
  t->came = true;
  if (tcp_tapped && !tcp_tapped->opened(t)) { t->gone = t->shut = true; return; }
  if (t->use->came) t->use->came(t);
}

static void tcp_accept(tcp *listener) {
  adapter_address far;
  socklen_t n = sizeof far;
  for (int fd; (fd = accept(listener->fd, &far.any, &n)) >= 0; n = sizeof far) tcp_take(listener, fd, far);
}

/* What is queued goes yet. */
static void tcp_leave(tcp *t) {
  if (t->nout || t->connecting || t->shut) return;
  shutdown(t->fd, SHUT_WR);
  t->shut = true;
  t->until = adapter_clock() + TCP_HEAR;       /* to close at once might take from the other side what it has not read yet */
}

void tcp_close(tcp *t) {
  if (t->gone) return;
  t->gone = true;
  t->until = adapter_clock() + TCP_LEAVE;
  if (tcp_tapped && !t->listens) tcp_tapped->closed(t);
  tcp_leave(t);
}

static void tcp_free(tcp *t) {
  if (t->use->swept) t->use->swept(t);
  close(t->fd);
  free(t->in);
  free(t->out);
  free(t);
}

/* Those that were closed are taken out when nobody holds one of them any more. */
static void tcp_sweep(void) {
  const int64_t now = adapter_clock();
  for (tcp **at = &tcp_all; *at;) {
    tcp *t = *at;
    if (!t->gone || t->until > now) { at = &t->next; continue; }
    *at = t->next;
    tcp_free(t);
  }
}

void tcp_close_all(void) {
  while (tcp_all) {
    tcp *t = tcp_all;
    tcp_all = t->next;
    tcp_free(t);
  }
}

static bool tcp_same(const adapter_address *a, const adapter_address *b) {
  if (a->any.sa_family != b->any.sa_family) return false;
  return a->any.sa_family == AF_INET6 ? a->v6.sin6_port == b->v6.sin6_port : a->v4.sin_port == b->v4.sin_port;
}

tcp *tcp_at(const adapter_address *near, bool listens) {
  for (tcp *t = tcp_all; t; t = t->next)
    if (t->listens == listens && !t->came && tcp_same(&t->near, near)) return t;
  return NULL;
}

tcp *tcp_between(const ua *who, const ua *peer, const tcp_use *use) {
  for (tcp *t = tcp_all; t; t = t->next)
    if (!t->gone && t->who == who && t->peer == peer && t->use == use) return t;
  return NULL;
}

/* ---- moving octets ----------------------------------------------------------------------------------------------- */

static void tcp_room(char **buf, size_t *cap, size_t need) {
  if (need <= *cap) return;
  *cap = need < 2 * *cap ? 2 * *cap : need;
  *buf = realloc(*buf, *cap);
  if (!*buf) abort();
}

static void tcp_flush(tcp *t) {
  const bool had = t->nout > 0;
  if (t->connecting) return;
  const ssize_t n = had ? send(t->fd, t->out, t->nout, MSG_NOSIGNAL) : 0;
  if (n < 0 && t->gone && errno != EAGAIN && errno != EINTR) t->nout = 0;      /* nobody takes it any more */
  if (n > 0) memmove(t->out, t->out + n, t->nout - (size_t)n), t->nout -= (size_t)n;
  if (tcp_watch && had) tcp_watch(t->fd, false, t->nout > 0);
  if (t->gone) tcp_leave(t);
}

void tcp_queue(tcp *t, cpm_str bytes) {
  if (t->gone || !bytes.n) return;
  if (tcp_tapped) tcp_tapped->sent(t, bytes);
  tcp_room(&t->out, &t->out_cap, t->nout + bytes.n);
  memcpy(t->out + t->nout, bytes.p, bytes.n);
  t->nout += bytes.n;
  tcp_flush(t);
}

static void tcp_lose(tcp *t) {
  const bool told = t->gone;
  t->nout = 0;
  t->connecting = false;
  tcp_close(t);
  t->until = 0;
  if (!told) t->use->broke(t);
}

/* Of one that is closed nothing is taken any more. */
static void tcp_receive(tcp *t) {
  tcp_room(&t->in, &t->in_cap, t->nin + TCP_READ);
  const ssize_t n = recv(t->fd, t->in + t->nin, TCP_READ, 0);
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (n <= 0) { tcp_lose(t); return; }
  if (t->gone) return;
  t->nin += (size_t)n;
  const size_t taken = t->use->took(t, cpm_str_of(t->in, t->nin));
  memmove(t->in, t->in + taken, t->nin - taken);
  t->nin -= taken;
}

static void tcp_stands(tcp *t) {
  int error = 0;
  socklen_t n = sizeof error;
  if (getsockopt(t->fd, SOL_SOCKET, SO_ERROR, &error, &n) < 0 || error) { tcp_lose(t); return; }
  t->connecting = false;
  if (tcp_watch) tcp_watch(t->fd, false, false);
  tcp_flush(t);
  if (t->gone) tcp_leave(t);
}

static void tcp_move(tcp *t, short what) {
  if (t->listens) { tcp_accept(t); return; }
  if (t->connecting) { tcp_stands(t); return; }
  if (what & POLLOUT) tcp_flush(t);
  if (what & (POLLIN | POLLHUP | POLLERR)) tcp_receive(t);
}

int tcp_poll(struct pollfd *more, size_t nmore, int ms) {
  struct pollfd fds[TCP_POLLED];
  tcp *of[TCP_POLLED];
  size_t n = 0;
  for (; n < nmore; n++) fds[n] = more[n];
  tcp_sweep();
  for (tcp *t = tcp_all; t && n < TCP_POLLED; t = t->next) {
    of[n] = t;
    fds[n++] = (struct pollfd){ .fd = t->fd, .events = (short)(POLLIN | (t->nout || t->connecting ? POLLOUT : 0)) };
  }
  const int ready = poll(fds, n, ms);
  for (size_t i = 0; i < nmore; i++) more[i].revents = ready > 0 ? fds[i].revents : 0;
  for (size_t i = nmore; ready > 0 && i < n; i++)
    if (fds[i].revents) tcp_move(of[i], fds[i].revents);
  return ready;
}

bool tcp_idle(void) {
  for (const tcp *t = tcp_all; t; t = t->next)
    if (t->nout && !t->gone) return false;
  return true;
}

bool tcp_leaving(void) {
  for (const tcp *t = tcp_all; t; t = t->next)
    if (t->gone) return true;
  return false;
}
