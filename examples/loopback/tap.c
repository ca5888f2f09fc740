/* SPDX-License-Identifier: MIT */
/* tap.c - listens in on the connections of the demonstration, for the capture. All participants live in this process, so that each end finds the
 * other by its address. */
#include "tap.h"
#include "pcap.h"
#include "tcp.h"

static pcap_stream tap_stream(const tcp *t) { return (pcap_stream){ t->tap, t->came }; }

static bool tap_opened(tcp *t) {
  const tcp *other = tcp_at(&t->far, !t->came);
  if (!other) return false;              /* not one of us */
  t->peer = other->who;
  t->tap = t->came ? other->tap : pcap_connect(&t->near, &t->far).of;
  return true;
}

static void tap_sent(const tcp *t, cpm_str bytes) { pcap_segment(tap_stream(t), bytes); }
static void tap_closed(const tcp *t) { pcap_finish(tap_stream(t)); }

void tap_open(void) {
  static const tcp_tap tap = { .opened = tap_opened, .sent = tap_sent, .closed = tap_closed };
  tcp_tapped = &tap;
}
