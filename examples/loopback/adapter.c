/* SPDX-License-Identifier: MIT */
/* adapter.c - how a host runs procedures: events from messages, effects to messages. Read it beside docs/plug-it-in.md. Sockets and
 * transactions, which every stack has already, are in ua.c; contents and policy, which every host has, in host.c. */
#define _POSIX_C_SOURCE 200809L
#include "adapter.h"
#include "host.h"
#include "ladder.h"
#include "ua.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

adapter_counters adapter_counts;
static adapter_run *adapter_runs;

/* ---- effects ------------------------------------------------------------------------------------------------------- */

/* No procedure is stepped while its effects are being done: what they lead to at once waits until they are. */
static void adapter_remember(adapter_run *run, cpm_event_type type, uint32_t leg, unsigned question) {
  if (run->nlater == ADAPTER_LATER) { adapter_counts.untaken++; return; }
  run->later[run->nlater++] = (adapter_later){ type, leg, question };
}

static void adapter_do(adapter_run *run, const cpm_effect *x) {
  adapter_counts.effects++;
  switch (x->kind) {
  case CPM_EFFECT_SEND:
    if (!ua_request(run, x)) adapter_remember(run, cpm_event_of_response(x->sip.method, 0), x->leg, 0);
    break;
  case CPM_EFFECT_REPLY:
    ua_respond(x->txn, &x->sip, x);
    break;
  case CPM_EFFECT_ASK:
    ladder_note(run->who, x, "ASK %s", x->name);
    adapter_remember(run, CPM_EVENT_on_policy, x->leg, x->id);
    break;
  case CPM_EFFECT_TELL:
    host_tell(run, x);
    break;
  case CPM_EFFECT_DONE:
    break;
  default:                    /* timers, media and storage: no procedure of this demonstration wants them */
    ladder_note(run->who, x, "%s %s: nobody does it here", cpm_effect_name(x->kind), x->name ? x->name : "");
    adapter_counts.untaken++;
  }
}

/* Content that a procedure only named: it never left our hands. */
static void adapter_put_content(cpm_sip *sip) {
  for (unsigned i = 0; i < sip->npieces; i++) {
    cpm_piece *p = &sip->pieces[i];
    if (!p->bytes.p) p->bytes = host_content(p->item, p->off, p->bytes.n);
  }
}

int adapter_give(adapter_run *run, cpm_event *event) {
  unsigned char random[CPM_RANDOM_NEED];
  cpm_diag diag = { 0 };
  cpm_effect effect;
  const cpm_agent *agent = &run->who->agent;
  event->now = adapter_now();
  if (cpm_random_need(run->machine, event->type)) event->random = adapter_random(random, sizeof random);
  run->msg = event->sip;
  const int rc = cpm_proc_step(run->proc, agent, event, &diag);
  ladder_step(run->who, run->proc, event->type, rc, &diag);
  char *buf = malloc(cpm_proc_need(run->proc) + 1);
  int due;
  while ((due = cpm_proc_effect(run->proc, agent, buf, cpm_proc_need(run->proc), &effect)) == CPM_OK) {
    adapter_put_content(&effect.sip);
    adapter_do(run, &effect);
    cpm_proc_did(run->proc);
  }
  if (due != CPM_END) adapter_counts.untaken++;    /* cannot be: the buffer is as large as was asked for */
  free(buf);
  run->msg = NULL;
  adapter_counts.steps++;
  return rc;
}

adapter_run *adapter_start(ua *who, const char *machine) {
  cpm_diag diag = { 0 };
  const cpm_machine *m = cpm_machine_named(machine);
  const size_t size = cpm_proc_size(m, 16384, 32);      /* octets of header values and URIs, legs */
  adapter_run *run = calloc(1, sizeof *run);
  run->who = who;
  run->machine = m;
  run->proc = malloc(size);
  if (cpm_proc_init(run->proc, size, m, &who->agent, &diag) != CPM_OK) {
    fprintf(stderr, "loopback: %s cannot run %s: %s\n", who->name, machine, diag.rule ? diag.rule : cpm_strerror(diag.code));
    exit(2);
  }
  run->next = adapter_runs;
  adapter_runs = run;
  adapter_counts.procedures++;
  return run;
}

/* ---- what the stack has for us ------------------------------------------------------------------------------------- */

/* A request that no transaction knows: a new procedure. Whatever goes wrong, the request gets an answer. */
void adapter_on_request(ua *who, uint64_t txn, const cpm_sip *request) {
  cpm_event event;
  cpm_sip refusal = { .status = 0 };
  if (!who->procedure) refusal.status = host_serve(who, request);
  else if (request->method != CPM_METHOD_MESSAGE) refusal.status = 405;
  else {
    adapter_run *run = adapter_start(who, who->procedure);
    cpm_event_init(&event, cpm_event_of_request(request->method));
    event.sip = request;
    event.txn = txn;                        /* REPLY will name it */
    event.item = host_keep(request->body);  /* what is sent on is named by it, and the list that policy is to read */
    if (adapter_give(run, &event) != CPM_OK) refusal.status = 500;
  }
  if (refusal.status) ua_respond(txn, &refusal, NULL);
}

void adapter_on_response(adapter_run *run, uint32_t leg, cpm_sip_method method, const cpm_sip *response) {
  cpm_event event;
  cpm_event_init(&event, cpm_event_of_response(method, response ? response->status : 0));
  event.leg = leg;
  event.sip = response;
  adapter_give(run, &event);
}

/* ---- what waited until the effects were done ----------------------------------------------------------------------- */

static void adapter_on_later(adapter_run *run) {
  const adapter_later l = run->later[0];
  memmove(run->later, run->later + 1, --run->nlater * sizeof l);
  if (l.type == CPM_EVENT_on_policy) { host_answer(run, l.question, l.leg); return; }
  cpm_event event;
  cpm_event_init(&event, l.type);
  event.leg = l.leg;
  adapter_give(run, &event);
}

bool adapter_waits(void) {
  for (const adapter_run *r = adapter_runs; r; r = r->next)
    if (r->nlater) return true;
  return false;
}

void adapter_go_on(void) {
  for (adapter_run *r = adapter_runs; r; r = r->next)
    if (r->nlater) adapter_on_later(r);
}

void adapter_close(void) {
  while (adapter_runs) {
    adapter_run *r = adapter_runs;
    adapter_runs = r->next;
    free(r->proc);
    free(r);
  }
}

/* ---- time and randomness ------------------------------------------------------------------------------------------- */

int64_t adapter_now(void) {
  struct timespec t;
  clock_gettime(CLOCK_REALTIME, &t);
  return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t adapter_clock(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

cpm_str adapter_random(unsigned char *dst, size_t n) {
  static int fd = -1;
  if (fd < 0) fd = open("/dev/urandom", O_RDONLY);
  if (fd < 0 || read(fd, dst, n) != (ssize_t)n) { perror("loopback: /dev/urandom"); exit(2); }
  return cpm_str_of((char *)dst, n);
}
