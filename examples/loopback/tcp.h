/* SPDX-License-Identifier: MIT */
/* tcp.h - TCP between participants on this machine: connections that queue what cannot go at once. Everything that crosses is in the
 * capture too. */
#ifndef TCP_H
#define TCP_H

#include "pcap.h"

typedef struct tcp tcp;

/* What is done with a connection: of a listener, with each that comes to it. */
typedef struct tcp_use {
  void   (*came)(tcp *t);                /* somebody connected; NULL: nothing to do */
  size_t (*took)(tcp *t, cpm_str in);    /* what has come and was not taken yet: how many octets of it are taken now */
  void   (*broke)(tcp *t);               /* the other side closed it */
  void   (*swept)(tcp *t);               /* nobody calls for it any more: `of` may go; NULL: nothing to do */
} tcp_use;

struct tcp {
  tcp            *next;
  const tcp_use  *use;
  void           *of;                    /* the user's */
  ua             *who, *peer;            /* peer NULL: a listener */
  bool            gone;
  int             fd;
  adapter_address near, far;
  char           *in, *out;
  size_t          nin, in_cap, nout, out_cap;
  pcap_stream     capture;
};

/* Listens at that address; with port 0 at one of the kernel's choosing, which is in near then. NULL: no socket could be had. */
tcp *tcp_listen(ua *who, const adapter_address *at, const tcp_use *use);

/* Connects to that listener of a participant. NULL: nobody listens there. */
tcp *tcp_connect(ua *who, const adapter_address *to, const tcp_use *use, void *of);

/* Queues, and sends what can go at once. */
void tcp_send(tcp *t, cpm_str bytes);
void tcp_close(tcp *t);                  /* what is still queued is lost; of its use, swept alone is called yet */

/* The first connection of `who` to `peer` that is used so, whoever opened it; NULL if there is none. */
tcp *tcp_between(const ua *who, const ua *peer, const tcp_use *use);

/* Waits so long at most, and moves what can be moved: the sockets of all connections and `fd` more, whose datagrams are the caller's
 * (revents). How many of all had something. */
struct pollfd;
int  tcp_poll(struct pollfd *more, size_t nmore, int ms);
bool tcp_idle(void);                     /* nothing is queued */
void tcp_close_all(void);

#endif
