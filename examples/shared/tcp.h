/* SPDX-License-Identifier: MIT */
/* tcp.h - connections that queue what cannot go at once. A library beside it may have tcp_listen, tcp_connect and tcp_send of
 * its own. */
#ifndef TCP_H
#define TCP_H

#include "adapter.h"

typedef struct tcp tcp;

/* What is done with a connection: of a listener, with each that comes to it. */
typedef struct tcp_use {
  void   (*came)(tcp *t);                /* somebody connected; NULL: nothing to do */
  size_t (*took)(tcp *t, cpm_str in);    /* what has come and was not taken yet: how many octets of it are taken now */
  void   (*broke)(tcp *t);               /* the other side closed it, or could not be reached */
  void   (*swept)(tcp *t);               /* nobody calls for it any more: `of` may go; NULL: nothing to do */
} tcp_use;

struct tcp {
  tcp            *next;
  const tcp_use  *use;
  void           *of;                    /* the user's */
  ua             *who, *peer;            /* whose it is; who is at its other end, if the tap knows */
  bool            listens, came, connecting, gone, shut;   /* came: the other side opened it. gone: what is queued still goes. shut: it went */
  bool            busy;                  /* its user has a use for it: it is not closed to make room for another */
  int             fd;
  int64_t         until;                 /* gone: no longer than that, on adapter_clock */
  adapter_address near, far;
  char           *in, *out;
  size_t          nin, in_cap, nout, out_cap;
  void           *tap;                   /* the tap's */
};

/* Who listens in on all connections; NULL: nobody. */
typedef struct tcp_tap {
  bool (*opened)(tcp *t);                /* false: it is not to be */
  void (*sent)(const tcp *t, cpm_str bytes);
  void (*closed)(const tcp *t);
} tcp_tap;
extern const tcp_tap *tcp_tapped;

/* Whoever waits for descriptors otherwise than by tcp_poll: this one is to be waited for, as long as it is open; anew: from now
 * on; writes: until it can be written to, too. NULL: nobody. */
extern void (*tcp_watch)(int fd, bool anew, bool writes);

/* Listens at that address; with port 0 at one of the kernel's choosing, which is in near then. NULL: no socket could be had. */
tcp *tcp_open(ua *who, const adapter_address *at, const tcp_use *use);

/* Connects; what is sent waits until it stands. NULL: nobody is there. */
tcp *tcp_reach(ua *who, const adapter_address *to, const tcp_use *use, void *of);

/* Queues, and sends what can go at once. */
void tcp_queue(tcp *t, cpm_str bytes);
void tcp_close(tcp *t);                  /* what is queued still goes; of its use, swept alone is called yet */

/* The first connection of `who` to `peer` that is used so, whoever opened it; NULL if there is none. */
tcp *tcp_between(const ua *who, const ua *peer, const tcp_use *use);

/* Of this process: the listener with that port, or the connection that was opened from it. NULL: there is none. */
tcp *tcp_at(const adapter_address *near, bool listens);

/* Waits so long at most, and moves what can be moved: the sockets of all connections and `fd` more, whose datagrams are the
 * caller's (revents). How many of all had something. */
struct pollfd;
int  tcp_poll(struct pollfd *more, size_t nmore, int ms);
bool tcp_idle(void);                     /* nothing is queued */
bool tcp_leaving(void);                  /* something that was closed still goes */
void tcp_close_all(void);

/* "127.0.0.1" or "::1", and a port. False: not an address. */
bool tcp_address(adapter_address *a, cpm_str host, unsigned port);

#endif
