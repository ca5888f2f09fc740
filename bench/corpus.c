/* SPDX-License-Identifier: MIT */
/* corpus.c - messages from bench/corpus, and the large MSRP streams, which are made here and are the same everywhere. */
#include "bench.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CORPUS_BODY = 1 << 20, CORPUS_CHUNK = 10240, CORPUS_SLACK = 64 };

static char *corpus_alloc(size_t n) {
  char *const p = aligned_alloc(CORPUS_SLACK, (n + 2 * CORPUS_SLACK) / CORPUS_SLACK * CORPUS_SLACK);
  if (!p) {
    perror("bench");
    exit(2);
  }
  memset(p + n, 0, CORPUS_SLACK);
  return p;
}

/* ---- bodies: 1 MiB of text, of random octets, of what looks most like an end-line ----------------------------------------------- */

static uint32_t corpus_next(uint32_t *state) {
  *state ^= *state << 13;
  *state ^= *state >> 17;
  *state ^= *state << 5;
  return *state;
}

static void corpus_text(char *p, size_t n) {
  static const char *const words[] = { "the", "ferry", "leaves", "harbour", "at", "nine", "and", "turns", "north", "past", "lighthouse" };
  uint32_t state = 2463534242u;
  size_t at = 0;
  while (at < n) {
    const char *const word = words[corpus_next(&state) % (sizeof words / sizeof *words)];
    for (size_t i = 0; word[i] && at < n; i++) p[at++] = word[i];
    if (at < n) p[at++] = ' ';
  }
}

static void corpus_random(char *p, size_t n) {
  uint32_t state = 88675123u;
  for (size_t i = 0; i < n; i++) p[i] = (char)(corpus_next(&state) >> 13);
}

static void corpus_dashes(char *p, size_t n) {
  static const char lines[] = "-----BEGIN-----\r\n----------------------------------------------------------------\r\n";
  for (size_t i = 0; i < n; i++) p[i] = lines[i % (sizeof lines - 1)];
}

/* ---- streams ---------------------------------------------------------------------------------------------------------------- */

static size_t corpus_frame(char *dst, size_t room, unsigned id, const char *body, size_t from, size_t n) {
  size_t at = (size_t)snprintf(dst, room, "MSRP k%07x SEND\r\nTo-Path: msrps://bob.example.net:7395/p4w8s3kz0ve;tcp\r\n"
                               "From-Path: msrps://[2001:db8::17:a00:2c0:51fe]:7394/7cq2m1x9rd;tcp\r\nMessage-ID: 81b3c0f5e7\r\n"
                               "Success-Report: yes\r\nByte-Range: %zu-%zu/%d\r\nContent-Type: image/jpeg\r\n\r\n",
                               id, from + 1, from + n, CORPUS_BODY);
  memcpy(dst + at, body + from, n);
  at += n;
  return at + (size_t)snprintf(dst + at, room - at, "\r\n-------k%07x%c\r\n", id, from + n == CORPUS_BODY ? '$' : '+');
}

static bench_input corpus_stream(const char *name, void (*fill)(char *, size_t), size_t chunk) {
  const size_t room = CORPUS_BODY + (CORPUS_BODY / chunk + 1) * 512;
  char *const body = corpus_alloc(CORPUS_BODY), *const p = corpus_alloc(room);
  bench_input out = { name, p, 0 };
  fill(body, CORPUS_BODY);
  for (size_t from = 0; from < CORPUS_BODY; from += chunk)
    out.n += corpus_frame(p + out.n, room - out.n, (unsigned)from, body, from, CORPUS_BODY - from < chunk ? CORPUS_BODY - from : chunk);
  free(body);
  return out;
}

static const struct { const char *name; void (*fill)(char *, size_t); size_t chunk; } corpus_streams[] = {
  { "1m-text.msrp", corpus_text, CORPUS_BODY },     { "10k-text.msrp", corpus_text, CORPUS_CHUNK },
  { "1m-random.msrp", corpus_random, CORPUS_BODY }, { "10k-random.msrp", corpus_random, CORPUS_CHUNK },
  { "1m-dashes.msrp", corpus_dashes, CORPUS_BODY }, { "10k-dashes.msrp", corpus_dashes, CORPUS_CHUNK },
};

/* ---- files ------------------------------------------------------------------------------------------------------------------ */

static bench_input corpus_file(const char *folder, const char *name) {
  char path[1024];
  bench_input out = { name, NULL, 0 };
  (void)snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *const file = fopen(path, "rb");
  if (!file || fseek(file, 0, SEEK_END)) {
    perror(path);
    exit(2);
  }
  out.n = (size_t)ftell(file);
  out.p = corpus_alloc(out.n);
  rewind(file);
  const size_t n = fread(out.p, 1, out.n, file);
  (void)fclose(file);
  if (n == out.n) return out;
  (void)fprintf(stderr, "bench: %s cannot be read\n", path);
  exit(2);
}

/* What a procedure works on is its own: no octets. */
bench_input bench_load(const char *folder, const char *name) {
  if (!strchr(name, '.')) return (bench_input){ name, corpus_alloc(1), 1 };
  for (size_t i = 0; i < sizeof corpus_streams / sizeof *corpus_streams; i++)
    if (!strcmp(name, corpus_streams[i].name)) return corpus_stream(name, corpus_streams[i].fill, corpus_streams[i].chunk);
  return corpus_file(folder, name);
}
