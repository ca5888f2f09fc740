/* SPDX-License-Identifier: MIT */
/* ua.c - how a host runs procedures: events from messages, effects to messages. Read it beside docs/plug-it-in.md. The sockets and
 * transactions, which every stack has already, are in stack.c; contents and policy, which every host has, in host.c. */
#define _POSIX_C_SOURCE 200809L
#include "ua.h"
#include "host.h"
#include "ladder.h"
#include "stack.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

ua_counters ua_counts;
static ua_run *ua_runs;

/* ---- effects ------------------------------------------------------------------------------------------------------- */

/* No procedure is stepped while its effects are being done: what they lead to at once waits until they are. */
static void ua_remember(ua_run *run, cpm_event_type type, uint32_t leg, unsigned question) {
  if (run->nlater == UA_LATER) { ua_counts.untaken++; return; }
  run->later[run->nlater++] = (ua_later){ type, leg, question };
}

static void ua_do(ua_run *run, const cpm_effect *x) {
  ua_counts.effects++;
  switch (x->kind) {
  case CPM_EFFECT_SEND:
    if (!stack_request(run, x)) ua_remember(run, cpm_event_of_response(x->sip.method, 0), x->leg, 0);
    break;
  case CPM_EFFECT_REPLY:
    stack_respond(x->txn, &x->sip, x);
    break;
  case CPM_EFFECT_ASK:
    ladder_note(run->who, x, "ASK %s", x->name);
    ua_remember(run, CPM_EVENT_on_policy, x->leg, x->id);
    break;
  case CPM_EFFECT_TELL:
    host_tell(run, x);
    break;
  case CPM_EFFECT_DONE:
    break;
  default:                    /* timers, media and storage: no procedure of this demonstration wants them */
    ladder_note(run->who, x, "%s %s: nobody does it here", cpm_effect_name(x->kind), x->name ? x->name : "");
    ua_counts.untaken++;
  }
}

/* Content that a procedure only named: it never left our hands. */
static void ua_put_content(cpm_sip *sip) {
  for (unsigned i = 0; i < sip->npieces; i++) {
    cpm_piece *p = &sip->pieces[i];
    if (!p->bytes.p) p->bytes = host_content(p->item, p->off, p->bytes.n);
  }
}

int ua_give(ua_run *run, cpm_event *event) {
  unsigned char random[CPM_RANDOM_NEED];
  cpm_diag diag = { 0 };
  cpm_effect effect;
  const cpm_agent *agent = &run->who->agent;
  event->now = ua_now();
  if (cpm_random_need(run->machine, event->type)) event->random = ua_random(random, sizeof random);
  run->msg = event->sip;
  const int rc = cpm_proc_step(run->proc, agent, event, &diag);
  ladder_step(run->who, run->proc, event->type, rc, &diag);
  char *buf = malloc(cpm_proc_need(run->proc) + 1);
  int due;
  while ((due = cpm_proc_effect(run->proc, agent, buf, cpm_proc_need(run->proc), &effect)) == CPM_OK) {
    ua_put_content(&effect.sip);
    ua_do(run, &effect);
    cpm_proc_did(run->proc);
  }
  if (due != CPM_END) ua_counts.untaken++;    /* cannot be: the buffer is as large as was asked for */
  free(buf);
  run->msg = NULL;
  ua_counts.steps++;
  return rc;
}

ua_run *ua_start(ua *who, const char *machine) {
  cpm_diag diag = { 0 };
  const cpm_machine *m = cpm_machine_named(machine);
  const size_t size = cpm_proc_size(m, 16384, 32);      /* octets of header values and URIs, legs */
  ua_run *run = calloc(1, sizeof *run);
  run->who = who;
  run->machine = m;
  run->proc = malloc(size);
  if (cpm_proc_init(run->proc, size, m, &who->agent, &diag) != CPM_OK) {
    fprintf(stderr, "loopback: %s cannot run %s: %s\n", who->name, machine, diag.rule ? diag.rule : cpm_strerror(diag.code));
    exit(2);
  }
  run->next = ua_runs;
  ua_runs = run;
  ua_counts.procedures++;
  return run;
}

/* ---- what the stack has for us ------------------------------------------------------------------------------------- */

/* A request that no transaction knows: a new procedure. Whatever goes wrong, the request gets an answer. */
void ua_on_request(ua *who, uint64_t txn, const cpm_sip *request) {
  cpm_event event;
  cpm_sip refusal = { .status = 0 };
  if (!who->procedure) refusal.status = host_serve(who, request);
  else if (request->method != CPM_METHOD_MESSAGE) refusal.status = 405;
  else {
    ua_run *run = ua_start(who, who->procedure);
    cpm_event_init(&event, cpm_event_of_request(request->method));
    event.sip = request;
    event.txn = txn;                        /* REPLY will name it */
    event.item = host_keep(request->body);  /* what is sent on is named by it, and the list that policy is to read */
    if (ua_give(run, &event) != CPM_OK) refusal.status = 500;
  }
  if (refusal.status) stack_respond(txn, &refusal, NULL);
}

void ua_on_response(ua_run *run, uint32_t leg, cpm_sip_method method, const cpm_sip *response) {
  cpm_event event;
  cpm_event_init(&event, cpm_event_of_response(method, response ? response->status : 0));
  event.leg = leg;
  event.sip = response;
  ua_give(run, &event);
}

/* ---- what waited until the effects were done ----------------------------------------------------------------------- */

static void ua_on_later(ua_run *run) {
  const ua_later l = run->later[0];
  memmove(run->later, run->later + 1, --run->nlater * sizeof l);
  if (l.type == CPM_EVENT_on_policy) { host_answer(run, l.question, l.leg); return; }
  cpm_event event;
  cpm_event_init(&event, l.type);
  event.leg = l.leg;
  ua_give(run, &event);
}

bool ua_waits(void) {
  for (const ua_run *r = ua_runs; r; r = r->next)
    if (r->nlater) return true;
  return false;
}

void ua_go_on(void) {
  for (ua_run *r = ua_runs; r; r = r->next)
    if (r->nlater) ua_on_later(r);
}

void ua_close(void) {
  while (ua_runs) {
    ua_run *r = ua_runs;
    ua_runs = r->next;
    free(r->proc);
    free(r);
  }
}

/* ---- time and randomness ------------------------------------------------------------------------------------------- */

int64_t ua_now(void) {
  struct timespec t;
  clock_gettime(CLOCK_REALTIME, &t);
  return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t ua_clock(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

cpm_str ua_random(unsigned char *dst, size_t n) {
  static int fd = -1;
  if (fd < 0) fd = open("/dev/urandom", O_RDONLY);
  if (fd < 0 || read(fd, dst, n) != (ssize_t)n) { perror("loopback: /dev/urandom"); exit(2); }
  return cpm_str_of((char *)dst, n);
}
