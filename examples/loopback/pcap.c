/* SPDX-License-Identifier: MIT */
/* pcap.c - the libpcap file format, link type RAW: each packet starts with its IPv4 or IPv6 header. */
#define _POSIX_C_SOURCE 200809L
#include "pcap.h"
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

enum { PCAP_RAW = 101, PCAP_UDP = 17, PCAP_HEADERS = 48, PCAP_SNAP = 65535 };

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

static size_t pcap_ip4(unsigned char *h, const adapter_address *from, const adapter_address *to, size_t length) {
  static unsigned id;
  memset(h, 0, 20);
  h[0] = 0x45;
  pcap_16(h + 2, 20 + length);
  pcap_16(h + 4, id++);
  h[8] = 64;
  h[9] = PCAP_UDP;
  memcpy(h + 12, &from->v4.sin_addr, 4);
  memcpy(h + 16, &to->v4.sin_addr, 4);
  pcap_16(h + 10, pcap_fold(pcap_sum(0, h, 20)));
  return 20;
}

static size_t pcap_ip6(unsigned char *h, const adapter_address *from, const adapter_address *to, size_t length) {
  memset(h, 0, 40);
  h[0] = 0x60;
  pcap_16(h + 4, length);
  h[6] = PCAP_UDP;
  h[7] = 64;
  memcpy(h + 8, &from->v6.sin6_addr, 16);
  memcpy(h + 24, &to->v6.sin6_addr, 16);
  return 40;
}

/* The addresses of the pseudo header lie at the end of either IP header. */
static void pcap_udp(unsigned char *h, const unsigned char *addresses, size_t n, const adapter_address *from, const adapter_address *to,
                     cpm_str payload) {
  const bool v6 = from->any.sa_family == AF_INET6;
  const size_t length = 8 + payload.n;
  memset(h, 0, 8);
  pcap_16(h, ntohs(v6 ? from->v6.sin6_port : from->v4.sin_port));
  pcap_16(h + 2, ntohs(v6 ? to->v6.sin6_port : to->v4.sin_port));
  pcap_16(h + 4, length);
  const uint32_t sum = pcap_sum(pcap_sum(pcap_sum((uint32_t)length + PCAP_UDP, addresses, n), h, 8), payload.p, payload.n);
  const unsigned checksum = pcap_fold(sum);
  pcap_16(h + 6, checksum ? checksum : 0xffffu);
}

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

void pcap_write(const adapter_address *from, const adapter_address *to, cpm_str payload) {
  unsigned char h[PCAP_HEADERS];
  if (!pcap_file || payload.n + PCAP_HEADERS > PCAP_SNAP) return;
  const int64_t now = adapter_now_us();
  const bool v6 = from->any.sa_family == AF_INET6;
  const size_t ip = v6 ? pcap_ip6(h, from, to, 8 + payload.n) : pcap_ip4(h, from, to, 8 + payload.n);
  const size_t addresses = v6 ? 32 : 8;
  pcap_udp(h + ip, h + ip - addresses, addresses, from, to, payload);
  const uint32_t size = (uint32_t)(ip + 8 + payload.n);
  pcap_put((uint32_t)(now / 1000000), 4);
  pcap_put((uint32_t)(now % 1000000), 4);
  pcap_put(size, 4);
  pcap_put(size, 4);
  pcap_whole &= fwrite(h, 1, ip + 8, pcap_file) == ip + 8;
  pcap_whole &= fwrite(payload.p, 1, payload.n, pcap_file) == payload.n;
}

bool pcap_close(void) {
  if (!pcap_file) return false;
  pcap_whole &= fclose(pcap_file) == 0;
  pcap_file = NULL;
  return pcap_whole;
}
