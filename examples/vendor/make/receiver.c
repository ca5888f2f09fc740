/* SPDX-License-Identifier: MIT */
/* receiver.c - reads one MESSAGE from its input, prints it and says what a client does with it. A project that vendors cpm.c and cpm.h:
 * `./dev dist` writes both, copy them beside this file, then `make`. */
#include "cpm.h"
#include <stdio.h>

static void print_str(const char *what, cpm_str s) { printf("%-14s %.*s\n", what, (int)s.n, s.p ? s.p : ""); }

/* Values of its header fields, and of the CPIM in it. */
static void print_message(const cpm_sip *msg) {
  cpm_cpim_header headers[16];
  cpm_cpim cpim = { .headers = headers, .cap = sizeof headers / sizeof *headers };
  cpm_address from;
  if (cpm_address_decode(&from, cpm_sip_value(msg, CPM_SIP_FROM), NULL, NULL) == CPM_OK) print_str("from", from.uri);
  print_str("conversation", cpm_sip_value(msg, CPM_SIP_CONVERSATION_ID));
  if (cpm_cpim_decode(&cpim, msg->body, NULL, NULL) == CPM_OK) {
    print_str("message", cpm_cpim_value(&cpim, CPM_CPIM_MESSAGE_ID));
    print_str("text", cpim.content);
  }
}

/* The procedure's steps, and the effects that they have: what a SIP stack would now do. */
static int receive(const cpm_sip *msg) {
  static uint64_t block[512], buf[1024];   /* yours: nothing is allocated */
  cpm_agent agent;
  cpm_event event;
  cpm_effect effect;
  cpm_dispatched found;
  cpm_proc *proc = (cpm_proc *)(void *)block;

  cpm_agent_init(&agent, CPM_ROLE_CLIENT);
  agent.address = cpm_str_z("sip:bob@example.com");
  agent.user_agent = agent.server = cpm_str_z("CPM-client/OMA2.2");
  agent.host = cpm_str_z("bob.example.com");
  agent.accept = cpm_str_z("message/cpim, text/plain");
  if (cpm_dispatch(&found, msg, &agent) != CPM_OK || !found.machine) return 1;
  print_str("procedure", cpm_str_z(cpm_machine_name(found.machine)));

  cpm_event_init(&event, cpm_event_of_request(msg->method));
  event.sip = msg;
  event.random = cpm_str_of("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_0123456789abcdefghijklmnopqrstuv", CPM_RANDOM_NEED);   /* yours is random */
  cpm_proc_init(block, sizeof block, found.machine, &agent, NULL);
  if (cpm_proc_step(proc, &agent, &event, NULL) != CPM_OK) return 1;
  while (cpm_proc_effect(proc, &agent, (char *)buf, sizeof buf, &effect) == CPM_OK) {
    printf("%-14s %s %s\n", "effect", cpm_effect_name(effect.kind), effect.name ? effect.name : "");
    const bool asked = effect.kind == CPM_EFFECT_ASK;
    cpm_proc_did(proc);
    if (!asked) continue;
    cpm_event_init(&event, CPM_EVENT_on_policy);   /* seen before? no: the flag stays unset */
    if (cpm_proc_step(proc, &agent, &event, NULL) != CPM_OK) return 1;
  }
  return 0;
}

int main(void) {
  static char wire[65536];
  cpm_sip_field fields[64];
  cpm_sip msg = CPM_SIP_ROOM(fields);
  cpm_diag diag;
  const size_t n = fread(wire, 1, sizeof wire, stdin);
  if (cpm_sip_decode(&msg, cpm_str_of(wire, n), NULL, &diag) != CPM_OK) {
    fprintf(stderr, "receiver: octet %zu: %s\n", diag.off, cpm_strerror(diag.code));
    return 1;
  }
  print_message(&msg);
  return receive(&msg);
}
