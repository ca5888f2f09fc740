/* SPDX-License-Identifier: MIT */
/* sender.c - writes the MESSAGE that a client sends for a text. A project that takes cpmkit's folder into its CMake. */
#include <cpm/cpm.h>
#include <stdio.h>

int main(int argc, char **argv) {
  static uint64_t block[512], buf[1024];   /* yours: nothing is allocated */
  static char wire[4096];
  const cpm_str text = cpm_str_z(argc > 1 ? argv[1] : "Hello");
  cpm_arg args[] = { { .field = CPM_FIELD_target, .number = CPM_TARGET_one },
                     { .field = CPM_FIELD_to, .text = CPM_STR("sip:bob@example.com") },
                     { .field = CPM_FIELD_payload, .item = 1 },
                     { .field = CPM_FIELD_payload_type, .text = CPM_STR("text/plain;charset=UTF-8") } };
  cpm_agent agent;
  cpm_event send;
  cpm_effect effect;
  size_t n = 0;
  cpm_proc *proc = (cpm_proc *)(void *)block;

  cpm_agent_init(&agent, CPM_ROLE_CLIENT);
  agent.address = cpm_str_z("sip:alice@example.com");
  agent.user_agent = agent.server = cpm_str_z("CPM-client/OMA2.2");
  agent.host = cpm_str_z("alice.example.com");
  agent.accept = cpm_str_z("message/cpim, text/plain");

  args[2].len = text.n;
  cpm_event_init(&send, CPM_EVENT_send);
  send.args = args;
  send.nargs = sizeof args / sizeof *args;
  send.now = INT64_C(1767225600000);
  send.random = cpm_str_of("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_0123456789abcdefghijklmnopqrstuv", CPM_RANDOM_NEED);   /* yours is random */
  if (cpm_proc_init(block, sizeof block, cpm_machine_named("client/pager-send"), &agent, NULL) != CPM_OK ||
      cpm_proc_step(proc, &agent, &send, NULL) != CPM_OK || cpm_proc_effect(proc, &agent, (char *)buf, sizeof buf, &effect) != CPM_OK)
    return 1;
  for (unsigned i = 0; i < effect.sip.npieces; i++)
    if (!effect.sip.pieces[i].bytes.p) effect.sip.pieces[i].bytes.p = text.p + effect.sip.pieces[i].off;
  if (cpm_sip_encode(wire, sizeof wire, &n, &effect.sip, NULL) != CPM_OK) return 1;
  return fwrite(wire, 1, n, stdout) != n;
}
