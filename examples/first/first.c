/* SPDX-License-Identifier: MIT */
/* first.c - the first message: Alice's procedure writes it, Bob's procedure reads it. No network, no dependency. */
#include <cpm/cpm.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* README: begin */
static size_t alice_sends(const cpm_agent *alice, cpm_str text, char *wire, size_t cap) {
  static uint64_t block[512], buf[1024];
  const cpm_arg args[] = { { .field = CPM_FIELD_target, .number = CPM_TARGET_one },
                           { .field = CPM_FIELD_to, .text = CPM_STR("sip:bob@example.com") },
                           { .field = CPM_FIELD_payload, .item = 1, .len = text.n },
                           { .field = CPM_FIELD_payload_type, .text = CPM_STR("text/plain;charset=UTF-8") } };
  unsigned char random[CPM_RANDOM_NEED];
  for (size_t i = 0; i < sizeof random; i++) random[i] = (unsigned char)rand();     /* yours comes from a good source */
  cpm_event send;
  cpm_effect effect;
  size_t len = 0;
  cpm_event_init(&send, CPM_EVENT_send);
  send.args = args, send.nargs = 4, send.random = cpm_str_of((char *)random, sizeof random);
  send.now = (int64_t)time(NULL) * 1000;
  cpm_proc *proc = (cpm_proc *)block;
  cpm_proc_init(block, sizeof block, cpm_machine_named("client/pager-send"), alice, NULL);
  cpm_proc_step(proc, alice, &send, NULL);
  cpm_proc_effect(proc, alice, (char *)buf, sizeof buf, &effect);                   /* SEND: a whole MESSAGE, as data */
  for (unsigned i = 0; i < effect.sip.npieces; i++)
    if (!effect.sip.pieces[i].bytes.p) effect.sip.pieces[i].bytes.p = text.p;       /* the content never left our hands */
  cpm_sip_encode(wire, cap, &len, &effect.sip, NULL);                               /* the stack adds Via, Call-ID, CSeq, tags */
  cpm_proc_did(proc);
  return len;
}

static void bob_receives(const cpm_agent *bob, cpm_str wire) {
  static uint64_t block[512], buf[1024];
  cpm_sip_field fields[32];
  cpm_sip msg = CPM_SIP_ROOM(fields);
  cpm_event event;
  cpm_effect effect;
  cpm_piece content;
  cpm_sip_decode(&msg, wire, NULL, NULL);
  cpm_event_init(&event, cpm_event_of_request(msg.method));
  event.sip = &msg, event.random = cpm_str_of(wire.p, CPM_RANDOM_NEED);
  cpm_proc *proc = (cpm_proc *)block;
  cpm_proc_init(block, sizeof block, cpm_machine_named("client/pager-receive"), bob, NULL);
  cpm_proc_step(proc, bob, &event, NULL);
  while (cpm_proc_effect(proc, bob, (char *)buf, sizeof buf, &effect) == CPM_OK) {
    printf("%-6s %s\n", cpm_effect_name(effect.kind), effect.name ? effect.name : "");
    const bool asked = effect.kind == CPM_EFFECT_ASK;
    if (effect.kind == CPM_EFFECT_TELL && cpm_proc_content(proc, CPM_NO_LEG, CPM_FIELD_content, &content))
      printf("       \"%.*s\"\n", (int)content.bytes.n, msg.body.p + content.off);
    cpm_proc_did(proc);
    cpm_event_init(&event, CPM_EVENT_on_policy);                                    /* seen before? no: the flag stays unset */
    if (asked) cpm_proc_step(proc, bob, &event, NULL);
  }
}
/* README: end */

int main(void) {
  static char wire[4096];
  cpm_agent alice, bob;
  cpm_agent_init(&alice, CPM_ROLE_CLIENT);
  alice.address = cpm_str_z("sip:alice@example.com");
  alice.user_agent = alice.server = cpm_str_z("CPM-client/OMA2.2");
  alice.host = cpm_str_z("alice.example.com");
  alice.accept = cpm_str_z("message/cpim, text/plain");
  bob = alice;
  bob.address = cpm_str_z("sip:bob@example.com");
  const size_t n = alice_sends(&alice, cpm_str_z("Hello, Bob"), wire, sizeof wire);
  printf("%.*s\n\n", (int)n, wire);
  bob_receives(&bob, cpm_str_of(wire, n));
  return n == 0;
}
