/* SPDX-License-Identifier: MIT */
/* net.h - the sockets under osip2, which has none: UDP here, TCP by examples/shared/tcp.h. */
#ifndef NET_H
#define NET_H

#include "peer.h"
#include "tcp.h"

/* Opens both transports where the settings say. The descriptor of UDP, for net_receive; -1: it cannot be had. */
int  net_open(const peer_settings *settings);
void net_close(void);

/* Sends to that host. reliable: on the connection of that number, if it is there yet, else on one that goes there, or is opened. The
 * connection's number, or 0; -1: it cannot be sent. */
int  net_send(bool reliable, int link, const char *host, int port, cpm_str bytes);

/* A datagram has come. */
void net_receive(void);

/* Who uses it: what came, from where, and on which connection (0: a datagram); and which connection is there no more. */
void net_came(cpm_str bytes, const char *host, int port, int link);
void net_broke(int link);

#endif
