/* SPDX-License-Identifier: MIT */
/* pcap.c - the libpcap file format, link type RAW: each packet starts with its IPv4 or IPv6 header. */
#define _POSIX_C_SOURCE 200809L
#include "pcap.h"
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PCAP_RAW = 101, PCAP_TCP = 6, PCAP_UDP = 17, PCAP_HEADERS = 60, PCAP_SNAP = 65535 };
enum { PCAP_FIN = 1, PCAP_SYN = 2, PCAP_PSH = 8, PCAP_ACK = 16, PCAP_SEGMENT = 32768, PCAP_WINDOW = 65535 };   /* octets */

static FILE *pcap_file;
static bool  pcap_whole;

/* ---- numbers ------------------------------------------------------------------------------------------------------- */

/* The file is little-endian on every machine, its magic number says so. */
static void pcap_put(uint32_t v, unsigned octets) {
  for (unsigned i = 0; i < octets; i++, v >>= 8) pcap_whole &= putc((int)(v & 255u), pcap_file) != EOF;
}

static void pcap_16(unsigned char *at, size_t v) {
  at[0] = (unsigned char)(v >> 8);
  at[1] = (unsigned char)v;
}

/* The sum of RFC 1071, not yet folded. */
static uint32_t pcap_sum(uint32_t sum, const void *bytes, size_t n) {
  const unsigned char *p = bytes;
  for (size_t i = 0; i + 1 < n; i += 2) sum += (uint32_t)p[i] << 8 | p[i + 1];
  return n % 2 ? sum + ((uint32_t)p[n - 1] << 8) : sum;
}

static unsigned pcap_fold(uint32_t sum) {
  while (sum >> 16) sum = (sum & 0xffffu) + (sum >> 16);
  return ~sum & 0xffffu;
}

/* ---- headers ------------------------------------------------------------------------------------------------------- */

/* One packet: who speaks to whom, and what of IP carries the payload. */
typedef struct pcap_packet {
  const adapter_address *from, *to;
  unsigned               protocol, flags;      /* flags, sequence and acknowledgement: of TCP */
  uint32_t               sequence, acknowledged;
  cpm_str                payload;
} pcap_packet;

static bool pcap_v6(const pcap_packet *p) { return p->from->any.sa_family == AF_INET6; }

static size_t pcap_ip4(unsigned char *h, const pcap_packet *p, size_t length) {
  static unsigned id;
  memset(h, 0, 20);
  h[0] = 0x45;
  pcap_16(h + 2, 20 + length);
  pcap_16(h + 4, id++);
  h[8] = 64;
  h[9] = (unsigned char)p->protocol;
  memcpy(h + 12, &p->from->v4.sin_addr, 4);
  memcpy(h + 16, &p->to->v4.sin_addr, 4);
  pcap_16(h + 10, pcap_fold(pcap_sum(0, h, 20)));
  return 20;
}

static size_t pcap_ip6(unsigned char *h, const pcap_packet *p, size_t length) {
  memset(h, 0, 40);
  h[0] = 0x60;
  pcap_16(h + 4, length);
  h[6] = (unsigned char)p->protocol;
  h[7] = 64;
  memcpy(h + 8, &p->from->v6.sin6_addr, 16);
  memcpy(h + 24, &p->to->v6.sin6_addr, 16);
  return 40;
}

static void pcap_ports(unsigned char *h, const pcap_packet *p) {
  pcap_16(h, ntohs(pcap_v6(p) ? p->from->v6.sin6_port : p->from->v4.sin_port));
  pcap_16(h + 2, ntohs(pcap_v6(p) ? p->to->v6.sin6_port : p->to->v4.sin_port));
}

static void pcap_udp(unsigned char *h, const pcap_packet *p) {
  memset(h, 0, 8);
  pcap_ports(h, p);
  pcap_16(h + 4, 8 + p->payload.n);
}

static void pcap_tcp(unsigned char *h, const pcap_packet *p) {
  memset(h, 0, 20);
  pcap_ports(h, p);
  pcap_16(h + 4, p->sequence >> 16);
  pcap_16(h + 6, p->sequence & 0xffffu);
  pcap_16(h + 8, p->acknowledged >> 16);
  pcap_16(h + 10, p->acknowledged & 0xffffu);
  h[12] = 5 << 4;
  h[13] = (unsigned char)p->flags;
  pcap_16(h + 14, PCAP_WINDOW);
}

/* Over the pseudo header, whose addresses lie at the end of either IP header, and what it carries. */
static void pcap_checksum(unsigned char *h, size_t n, const unsigned char *ip_end, const pcap_packet *p) {
  const size_t addresses = pcap_v6(p) ? 32 : 8;
  uint32_t sum = pcap_sum((uint32_t)(n + p->payload.n) + p->protocol, ip_end - addresses, addresses);
  sum = pcap_sum(pcap_sum(sum, h, n), p->payload.p, p->payload.n);
  const unsigned checksum = pcap_fold(sum);
  pcap_16(h + (p->protocol == PCAP_UDP ? 6 : 16), checksum || p->protocol == PCAP_TCP ? checksum : 0xffffu);
}

static void pcap_put_packet(const pcap_packet *p) {
  unsigned char h[PCAP_HEADERS];
  if (!pcap_file || p->payload.n + PCAP_HEADERS > PCAP_SNAP) return;
  const int64_t now = adapter_now_us();
  const size_t transport = p->protocol == PCAP_UDP ? 8 : 20, length = transport + p->payload.n;
  const size_t ip = pcap_v6(p) ? pcap_ip6(h, p, length) : pcap_ip4(h, p, length);
  if (p->protocol == PCAP_UDP) pcap_udp(h + ip, p);
  else pcap_tcp(h + ip, p);
  pcap_checksum(h + ip, transport, h + ip, p);
  const uint32_t size = (uint32_t)(ip + length);
  pcap_put((uint32_t)(now / 1000000), 4);
  pcap_put((uint32_t)(now % 1000000), 4);
  pcap_put(size, 4);
  pcap_put(size, 4);
  pcap_whole &= fwrite(h, 1, ip + transport, pcap_file) == ip + transport;
  if (p->payload.n) pcap_whole &= fwrite(p->payload.p, 1, p->payload.n, pcap_file) == p->payload.n;
}

void pcap_write(const adapter_address *from, const adapter_address *to, cpm_str payload) {
  pcap_put_packet(&(pcap_packet){ .from = from, .to = to, .protocol = PCAP_UDP, .payload = payload });
}

/* ---- connections ----------------------------------------------------------------------------------------------------- */

struct pcap_connection {
  struct pcap_connection *next;
  adapter_address         at[2];               /* who opened it, and who listened */
  uint32_t                sent[2];             /* octets and, as TCP counts them, SYN and FIN; modulo 2^32 */
};
static struct pcap_connection *pcap_connections;

static void pcap_say(pcap_stream s, unsigned flags, cpm_str payload) {
  struct pcap_connection *c = s.of;
  if (!pcap_file) return;
  pcap_put_packet(&(pcap_packet){ .from = &c->at[s.listener], .to = &c->at[!s.listener], .protocol = PCAP_TCP, .flags = flags,
                                  .sequence = c->sent[s.listener], .acknowledged = flags & PCAP_ACK ? c->sent[!s.listener] : 0,
                                  .payload = payload });
  c->sent[s.listener] += (uint32_t)payload.n + (flags & (PCAP_SYN | PCAP_FIN) ? 1 : 0);
}

pcap_stream pcap_other(pcap_stream s) { return (pcap_stream){ s.of, !s.listener }; }

pcap_stream pcap_connect(const adapter_address *from, const adapter_address *to) {
  struct pcap_connection *c = calloc(1, sizeof *c);
  if (!c) abort();
  *c = (struct pcap_connection){ .next = pcap_connections, .at = { *from, *to } };
  pcap_connections = c;
  const pcap_stream s = { c, false };
  pcap_say(s, PCAP_SYN, cpm_str_none());
  pcap_say(pcap_other(s), PCAP_SYN | PCAP_ACK, cpm_str_none());
  pcap_say(s, PCAP_ACK, cpm_str_none());
  return s;
}

void pcap_segment(pcap_stream s, cpm_str payload) {
  for (size_t at = 0, n; at < payload.n; at += n) {
    n = payload.n - at < PCAP_SEGMENT ? payload.n - at : PCAP_SEGMENT;
    pcap_say(s, PCAP_PSH | PCAP_ACK, cpm_str_of(payload.p + at, n));
  }
}

void pcap_finish(pcap_stream s) { pcap_say(s, PCAP_FIN | PCAP_ACK, cpm_str_none()); }

/* ---- the file ------------------------------------------------------------------------------------------------------ */

bool pcap_open(const char *path) {
  pcap_file = fopen(path, "wb");
  pcap_whole = pcap_file != NULL;
  if (!pcap_file) return false;
  pcap_put(0xa1b2c3d4u, 4);
  pcap_put(2, 2);
  pcap_put(4, 2);
  pcap_put(0, 4);
  pcap_put(0, 4);
  pcap_put(PCAP_SNAP, 4);
  pcap_put(PCAP_RAW, 4);
  return pcap_whole;
}

bool pcap_close(void) {
  if (!pcap_file) return false;
  pcap_whole &= fclose(pcap_file) == 0;
  pcap_file = NULL;
  while (pcap_connections) {
    struct pcap_connection *c = pcap_connections;
    pcap_connections = c->next;
    free(c);
  }
  return pcap_whole;
}
