/* SPDX-License-Identifier: MIT */
/* main.c - the rows, and how they are measured.
 *
 *   bench                    times: ours and each peer in turns, the least of many rounds of each, and their ratio
 *   bench --scale            100,000 procedures at once, a fan-out to 10,000 members
 *   bench --allocations      heap allocations of one pass (under LD_PRELOAD of the counter in allocations.c)
 *   bench --rows             work and message of each row
 *   bench --measure <row>    one pass of ours inside of bench_measured(), for an instruction counter
 *   bench --once             one pass of everything: does it work at all?
 *   bench --environment      what instruction counts depend on
 */
#define _POSIX_C_SOURCE 200809L
#include "bench.h"
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#ifdef __GLIBC__
#include <gnu/libc-version.h>
#endif

volatile uint64_t bench_sink;

/* ---- the rows ---------------------------------------------------------------------------------------------------------------- */

typedef struct main_peer { const char *name; bench_work *work; double must, aim; } main_peer;

typedef struct main_row {
  const char *work, *message;
  bench_work *ours;
  main_peer   peers[3];      /* must and aim: how many times their time must be ours; 0: nothing is asked */
  double      most;          /* nanoseconds that are the target; 0: none */
} main_row;

#ifdef BENCH_PEERS
#define PEER(name, work, must, aim) { name, work, must, aim }
#else
#define PEER(name, work, must, aim) { NULL, NULL, 0, 0 }
#endif
#define SIP_PEERS  { PEER("Sofia-SIP", sofia_sip, 3, 5), PEER("osip2", osip2_sip, 8, 15), PEER("libre, full", re_sip_full, 13, 20) }
#define CODE_PEERS { PEER("Sofia-SIP", sofia_sip_encode, 5, 8), PEER("osip2", osip2_sip_encode, 0, 0) }
#define BODY_PEERS { { "memchr", memchr_body, 0.9, 0.9 } }
#define SCAN_PEERS { { "memchr", memchr_body, 0, 0 } }
#define COPY_PEERS { { "memcpy", memcpy_all, 0, 0 } }
#define NO_PEERS   { { NULL, NULL, 0, 0 } }

static const main_row main_rows[] = {
  { "sip-index",  "message.sip",      ours_sip_index,  { PEER("libre, lazy", re_sip_lazy, 0, 0) }, 0 },
  { "sip-index",  "invite.sip",       ours_sip_index,  { PEER("libre, lazy", re_sip_lazy, 0, 0) }, 0 },
  { "sip-typed",  "message.sip",      ours_sip_typed,  SIP_PEERS, 0 },
  { "sip-typed",  "invite.sip",       ours_sip_typed,  SIP_PEERS, 0 },
  { "sip-typed",  "ok.sip",           ours_sip_typed,  SIP_PEERS, 0 },
  { "sip-typed",  "bye.sip",          ours_sip_typed,  SIP_PEERS, 0 },
  { "sip-typed",  "notify.sip",       ours_sip_typed,  SIP_PEERS, 0 },
  { "sip-typed",  "list_invite.sip",  ours_sip_typed,  SIP_PEERS, 0 },
  { "sip-write",  "message.sip",      ours_sip_write,  { PEER("Sofia-SIP", sofia_sip_encode, 0, 0), PEER("osip2", osip2_sip_encode, 0, 0) }, 0 },
  { "sip-encode", "message.sip",      ours_sip_encode, CODE_PEERS, 0 },
  { "sip-encode", "invite.sip",       ours_sip_encode, CODE_PEERS, 0 },
  { "sip-encode", "ok.sip",           ours_sip_encode, CODE_PEERS, 0 },
  { "sdp",        "offer.sdp",        ours_sdp,        { PEER("Sofia-SIP", sofia_sdp, 3, 6), PEER("osip2", osip2_sdp, 3, 6),
                                                         PEER("libre", re_sdp, 8, 14) }, 0 },
  { "cpim",       "pager.cpim",       ours_cpim,       NO_PEERS, 0 },
  { "imdn",       "imdn.xml",         ours_imdn,       { PEER("libxml2, push", libxml2_push, 2.5, 4), PEER("libxml2, SAX", libxml2_sax, 0, 0),
                                                         PEER("libxml2, tree", libxml2_tree, 0, 0) }, 0 },
  { "msrp",       "send.msrp",        ours_msrp,       NO_PEERS, 0 },
  { "msrp",       "report.msrp",      ours_msrp,       NO_PEERS, 0 },
  { "msrp",       "1m-text.msrp",     ours_msrp,       BODY_PEERS, 0 },
  { "msrp",       "1m-random.msrp",   ours_msrp,       SCAN_PEERS, 0 },
  { "msrp",       "1m-dashes.msrp",   ours_msrp,       SCAN_PEERS, 0 },
  { "msrp",       "10k-text.msrp",    ours_msrp,       SCAN_PEERS, 0 },
  { "msrp",       "10k-random.msrp",  ours_msrp,       SCAN_PEERS, 0 },
  { "msrp",       "10k-dashes.msrp",  ours_msrp,       SCAN_PEERS, 0 },
  { "step",       "large-send",       ours_proc_step,  NO_PEERS, 100 },
  { "compose",    "pager-send",       ours_proc_message, NO_PEERS, 2000 },
  { "compose",    "large-send",       ours_proc_invite, NO_PEERS, 2000 },
  { "procedure",  "pager-send",       ours_proc_pager, NO_PEERS, 0 },
  { "procedure",  "large-send",       ours_proc_large, NO_PEERS, 0 },
  { "relay",      "1m-random.msrp",   ours_relay,      COPY_PEERS, 0 },
  { "relay",      "10k-random.msrp",  ours_relay,      COPY_PEERS, 0 },
};
enum { MAIN_ROWS = sizeof main_rows / sizeof *main_rows, MAIN_PEERS = 3 };

/* The yardstick for bodies: line feeds are looked for, and what follows each is compared with "-------". */
int memchr_body(const bench_input *in) {
  const char *p = in->p, *const end = in->p + in->n;
  uint64_t found = 0;
  while ((p = memchr(p, '\n', (size_t)(end - p))) != NULL) {
    p++;
    found += end - p > 7 && memcmp(p, "-------", 7) == 0;
  }
  bench_sink += found;
  return 0;
}

/* ---- time -------------------------------------------------------------------------------------------------------------------- */

static double main_now(void) {
  struct timespec t;
  (void)clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* A chain of operations that take one cycle each and wait for one another: the length of a cycle, whatever the clock does. */
enum { MAIN_CHAIN = 16000 };
static double main_cycle(void) {
  uint64_t x = bench_sink, y = x | 1;
  const double from = main_now();
  for (int i = 0; i < MAIN_CHAIN / 16; i++) {
#define ONE x ^= y; __asm__ volatile("" : "+r"(x), "+r"(y));
    ONE ONE ONE ONE ONE ONE ONE ONE ONE ONE ONE ONE ONE ONE ONE ONE
#undef ONE
  }
  const double took = main_now() - from;
  bench_sink += x;
  return took / MAIN_CHAIN;
}

/* One pass of a work, in nanoseconds, over `passes` of them. */
static double main_time(bench_work *work, const bench_input *in, long passes) {
  const double from = main_now();
  for (long i = 0; i < passes; i++) (void)work(in);
  return (main_now() - from) / (double)passes;
}

/* How many passes make about 30 microseconds: short enough to fit between two disturbances. */
static long main_passes(bench_work *work, const bench_input *in) {
  double one = main_time(work, in, 3);
  for (int i = 0; i < 5; i++) {
    const double again = main_time(work, in, 3);
    if (again < one) one = again;
  }
  return one > 15e3 ? 1 : (long)(30e3 / one);
}

typedef struct main_times { double ours, cycle, peers[MAIN_PEERS]; } main_times;

static void main_least(double *least, double t) {
  if (t < *least) *least = t;
}

/* In turns, so that what slows the machine down meets all of them; the least is what each can do. */
static main_times main_measure_times(const main_row *row, const bench_input *in) {
  main_times t = { 1e18, 1e18, { 1e18, 1e18, 1e18 } };
  long ours = main_passes(row->ours, in), peers[MAIN_PEERS] = { 0 };
  const int rounds = in->n > 100000 ? 150 : 600;
  for (int k = 0; k < MAIN_PEERS && row->peers[k].work; k++) peers[k] = main_passes(row->peers[k].work, in);
  for (int i = 0; i < rounds; i++) {
    main_least(&t.cycle, main_cycle());
    for (int k = 0; k < MAIN_PEERS && row->peers[k].work; k++) {
      main_least(&t.ours, main_time(row->ours, in, ours));
      main_least(&t.peers[k], main_time(row->peers[k].work, in, peers[k]));
    }
    main_least(&t.ours, main_time(row->ours, in, ours));
  }
  return t;
}

static const char *main_verdict(const main_peer *peer, double ratio) {
  if (peer->must <= 0) return "";
  return ratio >= peer->aim ? "aim" : ratio >= peer->must ? "must" : "MISSED";
}

static void main_print_times(const main_row *row, const bench_input *in) {
  const main_times t = main_measure_times(row, in);
  printf("%-11s %-16s %8zu %10.0f %8.2f %8.2f\n", row->work, row->message, in->n, t.ours, (double)in->n / t.ours,
         (double)in->n * t.cycle / t.ours);
  for (int k = 0; k < MAIN_PEERS && row->peers[k].work; k++) {
    const main_peer *const peer = &row->peers[k];
    const double ratio = t.peers[k] / t.ours;
    printf("    %-32s %10.0f %18.2f", peer->name, t.peers[k], ratio);
    if (peer->must > 0) printf("   must %-4g aim %-4g %s", peer->must, peer->aim, main_verdict(peer, ratio));
    printf("\n");
  }
  if (row->most > 0) printf("    %-32s %10.0f %18.2f   %s\n", "target", row->most, row->most / t.ours, t.ours <= row->most ? "met" : "MISSED");
  (void)fflush(stdout);
}

/* ---- allocations --------------------------------------------------------------------------------------------------------------- */

/* Counted by allocations.c, if it was loaded. */
extern uint64_t bench_allocations __attribute__((weak));

static void main_count(const char *who, bench_work *work, const bench_input *in) {
  (void)work(in);
  const uint64_t before = bench_allocations;
  (void)work(in);
  printf("  %s %llu", who, (unsigned long long)(bench_allocations - before));
}

static void main_print_allocations(const main_row *row, const bench_input *in) {
  printf("%-11s %-16s", row->work, row->message);
  main_count("ours", row->ours, in);
  for (int k = 0; k < MAIN_PEERS && row->peers[k].work; k++)
    if (row->peers[k].work != memchr_body && row->peers[k].work != memcpy_all) main_count(row->peers[k].name, row->peers[k].work, in);
  printf("\n");
}

/* ---- instructions -------------------------------------------------------------------------------------------------------------- */

/* The counter counts while this runs. */
__attribute__((noinline)) int bench_measured(bench_work *work, const bench_input *in);
int bench_measured(bench_work *work, const bench_input *in) {
  const int rc = work(in);
  __asm__ volatile("" : : : "memory");
  return rc;
}

static int main_measure(const main_row *row, const bench_input *in) {
  return row->ours(in) || row->ours(in) ? 1 : bench_measured(row->ours, in);
}

static void main_environment(void) {
#if defined(__clang__)
  printf("clang %d.%d.%d", __clang_major__, __clang_minor__, __clang_patchlevel__);
#else
  printf("gcc %d.%d.%d", __GNUC__, __GNUC_MINOR__, __GNUC_PATCHLEVEL__);
#endif
#ifdef __GLIBC__
  printf(", glibc %s", gnu_get_libc_version());
#else
  printf(", another libc");
#endif
#if defined(__x86_64__)
  printf(", x86_64 %s", __builtin_cpu_supports("avx2") ? "avx2" : "sse2");
#else
  printf(", another processor");
#endif
#ifdef BENCH_BUILD
  printf(", %s", BENCH_BUILD);
#endif
  printf("\n");
}

/* ---- all of it ------------------------------------------------------------------------------------------------------------------ */

static int main_once(const main_row *row, const bench_input *in) {
  int bad = row->ours(in) || row->ours(in);
  if (bad) (void)fprintf(stderr, "bench: %s of %s fails\n", row->work, row->message);
  for (int k = 0; k < MAIN_PEERS && row->peers[k].work; k++) {
    if (!row->peers[k].work(in) && !row->peers[k].work(in)) continue;
    (void)fprintf(stderr, "bench: %s: %s of %s fails\n", row->peers[k].name, row->work, row->message);
    bad = 1;
  }
  return bad;
}

/* Which rows: all, or those that the filter names. */
static bool main_wanted(const main_row *row, const char *filter) {
  return !filter || strstr(row->work, filter) || strstr(row->message, filter);
}

/* They stay: what prepares itself for a message knows it by its place. */
static bench_input main_inputs[MAIN_ROWS];

static int main_each(const char *mode, const char *filter) {
  int bad = 0;
  if (!strcmp(mode, "--times")) printf("%-11s %-16s %8s %10s %8s %8s\n", "work", "message", "bytes", "ns", "GB/s", "B/cycle");
  for (size_t i = 0; i < MAIN_ROWS; i++) {
    const main_row *const row = &main_rows[i];
    if (!main_wanted(row, filter)) continue;
    bench_input *const in = &main_inputs[i];
    *in = bench_load(BENCH_CORPUS, row->message);
    if (main_once(row, in)) bad = 1;
    else if (!strcmp(mode, "--times")) main_print_times(row, in);
    else if (!strcmp(mode, "--allocations")) main_print_allocations(row, in);
  }
  return bad;
}

static int main_row_of(const char *number) {
  const unsigned long i = strtoul(number, NULL, 10);
  if (i >= MAIN_ROWS) return 2;
  main_inputs[i] = bench_load(BENCH_CORPUS, main_rows[i].message);
  return main_measure(&main_rows[i], &main_inputs[i]);
}

int main(int argc, char **argv) {
  const char *const mode = argc > 1 && argv[1][0] == '-' ? argv[1] : "--times";
  const char *const operand = argc > 2 ? argv[2] : argc > 1 && argv[1][0] != '-' ? argv[1] : NULL;
  if (!strcmp(mode, "--environment")) {
    main_environment();
  } else if (!strcmp(mode, "--rows")) {
    for (size_t i = 0; i < MAIN_ROWS; i++) printf("%s\t%s\n", main_rows[i].work, main_rows[i].message);
  } else if (!strcmp(mode, "--scale")) {
    return bench_scale();
  } else if (!strcmp(mode, "--measure") && operand) {
    return main_row_of(operand);
  } else if (!strcmp(mode, "--allocations") && !&bench_allocations) {
    (void)fprintf(stderr, "bench: nothing counts allocations here\n");
    return 2;
  } else if (!strcmp(mode, "--times") || !strcmp(mode, "--allocations") || !strcmp(mode, "--once")) {
    return main_each(mode, operand);
  } else {
    (void)fprintf(stderr, "usage: bench [--times | --allocations | --once | --scale] [work or message] | --rows | --measure <row> | --environment\n");
    return 2;
  }
  return 0;
}
