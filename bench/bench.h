/* SPDX-License-Identifier: MIT */
/* bench.h - what the harness, our side and the peers share. */
#ifndef BENCH_H
#define BENCH_H

#include <stddef.h>
#include <stdint.h>

/* One message. It starts at a multiple of 64 and 64 zero octets follow it: some peers want C strings. */
typedef struct bench_input { const char *name; char *p; size_t n; } bench_input;

/* One pass of the work over one message; 0 if all of it succeeded. */
typedef int bench_work(const bench_input *in);

/* A message of the corpus by its name: a file of bench/corpus, or one of the large ones, which are made. Exits if there is none. */
bench_input bench_load(const char *folder, const char *name);

/* Results go here, so that no compiler leaves the work out. */
extern volatile uint64_t bench_sink;

/* ---- ours -------------------------------------------------------------------------------------------------------------- */

bench_work ours_sip_index, ours_sip_typed, ours_sip_encode, ours_sip_write, ours_sdp, ours_cpim, ours_imdn, ours_msrp;

/* procedures.c. Its rows need no message but the relay. */
bench_work ours_proc_step, ours_proc_message, ours_proc_invite, ours_proc_pager, ours_proc_large, ours_relay, memcpy_all;
/* Many procedures at once, and a fan-out to many: prints; 0 if all went well. */
int bench_scale(void);

/* ---- peers: bench_<peer>.c says what each does, and what it leaves out ------------------------------------------------------ */

bench_work memchr_body;
bench_work sofia_sip, sofia_sip_encode, sofia_sdp;
bench_work osip2_sip, osip2_sip_encode, osip2_sdp;
bench_work re_sip_lazy, re_sip_full, re_sdp;
bench_work libxml2_push, libxml2_sax, libxml2_tree;

#endif
