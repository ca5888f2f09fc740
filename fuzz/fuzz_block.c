/* SPDX-License-Identifier: MIT */
/* fuzz_block.c - holds: of a block that cpm_proc_check has passed, no call reads or writes outside, whatever bytes it is made of; it
 * passes again after every call; a step that is not taken leaves it byte for byte; an effect fits into cpm_proc_need bytes, is the
 * same twice, and touches nothing behind a smaller buffer.
 *
 * The input is a program: 0 patches bytes of the block (kept if it still passes), 1 gives an event, 2 composes the effect, 3 is
 * done with it. */
#include "cpm/cpm.h"
#include <stdlib.h>
#include <string.h>

#define HOLDS(condition) do { if (!(condition)) abort(); } while (0)

typedef struct tape { const uint8_t *p; size_t n; } tape;
typedef struct run { cpm_proc *proc; size_t size; cpm_agent agent; } run;

static unsigned take(tape *t) {
  if (t->n == 0) return 0;
  t->n--;
  return *t->p++;
}

static const char *const messages[] = {
  "MESSAGE sip:cf@example.com SIP/2.0\r\nAccept-Contact: *;+g.3gpp.icsi-ref=\"urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.msg\"\r\n"
  "P-Asserted-Identity: <sip:alice@example.com>\r\nPrivacy: id\r\nUser-Agent: CPM-client/OMA2.2\r\nX-Kept: \r\nConversation-ID: c\r\n"
  "Contribution-ID: d\r\nRequire: recipient-list-message\r\nDate: Sun, 27 Sep 2020 04:02:25 GMT\r\nExpires: 100\r\n"
  "Content-Type: multipart/mixed;boundary=b\r\n\r\n--b\r\nContent-Type: application/resource-lists+xml\r\n\r\n<x/>\r\n--b\r\n"
  "Content-Type: message/cpim\r\nContent-ID: <a@b>\r\n\r\nFrom: <sip:alice@example.com>\r\nTo: <sip:bob@example.com>\r\n"
  "DateTime: 2020-09-27T04:02:25Z\r\nNS: imdn <urn:ietf:params:imdn>\r\nimdn.Message-ID: m\r\n"
  "imdn.Disposition-Notification: positive-delivery\r\n\r\nContent-Type: text/plain\r\n\r\nHi\r\n--b--\r\n",
  "MESSAGE sip:group@example.com SIP/2.0\r\nP-Asserted-Identity: <tel:+12025550100>\r\nSubject:\r\nContent-Type: text/plain\r\n"
  "Accept-Contact: *;+g.3gpp.icsi-ref=\"urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.msg\"\r\n\r\nHi",
  "INVITE sip:cf@example.com SIP/2.0\r\nAccept-Contact: *;+g.3gpp.icsi-ref=\"urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.largemsg\"\r\n"
  "P-Asserted-Identity: <sip:alice@example.com>\r\nSession-Expires: 1800;refresher=uac\r\nSubject: a\r\n"
  "Content-Type: application/sdp\r\n\r\nv=0\r\n",
  "BYE sip:cf@example.com SIP/2.0\r\nReason: SIP;cause=200\r\n\r\n",
  "ACK sip:cf@example.com SIP/2.0\r\n\r\n",
  "CANCEL sip:cf@example.com SIP/2.0\r\n\r\n",
};
enum { MESSAGES = sizeof messages / sizeof *messages };
static const unsigned statuses[] = { 180, 200, 202, 302, 404, 415, 488, 603 };

static const cpm_sip *sip_for(cpm_event *e, cpm_sip *msg, unsigned which) {
  msg->status = 0;
  if (cpm_sip_decode(msg, cpm_str_z(messages[which % MESSAGES]), NULL, NULL) == CPM_OK && cpm_event_of_request(msg->method) == e->type) return msg;
  if (which & 128) return NULL;
  msg->status = statuses[which % 8];
  msg->nfields = 0;
  return msg;
}

static void read_all(const run *r) {
  const uint32_t legs = cpm_proc_legs(r->proc);
  volatile unsigned sum = 0;
  cpm_piece piece;
  cpm_last last;
  for (uint32_t leg = 0; leg <= legs; leg++)
    for (int f = CPM_FIELD_NONE; f <= CPM_FIELD_COUNT; f++) {
      const uint32_t of = leg == legs ? CPM_NO_LEG : leg;
      const cpm_str text = cpm_proc_text(r->proc, of, (cpm_field)f);
      for (size_t i = 0; i < text.n; i++) sum += (unsigned char)text.p[i];
      sum += (unsigned)cpm_proc_number(r->proc, of, (cpm_field)f) + cpm_proc_has(r->proc, of, (cpm_field)f);
      sum += cpm_proc_content(r->proc, of, (cpm_field)f, &piece);
    }
  cpm_proc_last(r->proc, &last);
  (void)sum;
}

static void patch(run *r, tape *t) {
  size_t at = (take(t) << 8 | take(t)) % r->size;
  cpm_proc *const was = malloc(r->size);
  HOLDS(was);
  memcpy(was, r->proc, r->size);
  for (unsigned n = take(t) % 16; n-- && at < r->size; at++) ((uint8_t *)r->proc)[at] = (uint8_t)take(t);
  if (cpm_proc_check(r->proc, r->size, NULL) == CPM_OK) { free(was); return; }
  free(r->proc);
  r->proc = was;
}

static void step(run *r, tape *t) {
  static const char bytes[] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
  cpm_sip_field fields[32];
  cpm_sip msg = CPM_SIP_ROOM(fields);
  cpm_event e;
  cpm_entry members[3] = { { .uri = CPM_STR("sip:bob@example.com"), .copy_control = CPM_COPY_TO }, { .uri = CPM_STR("tel:+12025550101"), .anonymize = true },
                           { .uri = CPM_STR("sip:carol@example.com"), .copy_control = CPM_COPY_BCC } };
  cpm_arg args[6];
  cpm_event_init(&e, (cpm_event_type)(take(t) % (CPM_EVENT_COUNT + 1)));
  const unsigned leg = take(t);
  e.leg = leg & 128 ? CPM_NO_LEG : leg;
  e.sip = sip_for(&e, &msg, take(t));
  e.random = cpm_str_of(bytes, CPM_RANDOM_NEED);
  e.now = take(t) & 1 ? INT64_C(1601179345941) : take(t) & 1 ? INT64_MIN : INT64_MAX;
  e.args = args;
  e.members = members;
  e.nmembers = take(t) % 4;
  for (e.nargs = take(t) % 7; e.nargs > 0 && t->n == 0;) e.nargs = 0;
  for (size_t i = 0; i < e.nargs; i++) {
    memset(&args[i], 0, sizeof args[i]);
    args[i].field = (cpm_field)(take(t) % (CPM_FIELD_COUNT + 1));
    args[i].text = cpm_str_z(i & 1 ? "sip:bob@example.com" : "text/plain");
    args[i].number = take(t) & 1 ? INT64_MAX : 1;
    args[i].len = take(t) & 1 ? UINT64_MAX : 5;
  }
  cpm_proc *const was = malloc(r->size);
  HOLDS(was);
  memcpy(was, r->proc, r->size);
  if (cpm_proc_step(r->proc, &r->agent, &e, NULL) != CPM_OK) HOLDS(memcmp(was, r->proc, r->size) == 0);
  free(was);
}

static void effect(run *r, tape *t) {
  const size_t need = cpm_proc_need(r->proc), small = need ? (take(t) << 8 | take(t)) % need : 0;
  char *const buf = malloc(need ? need : 1), *const tight = malloc(small ? small : 1);
  cpm_effect x, y;
  size_t a = 0, b = 0;
  HOLDS(buf && tight);
  const int rc = cpm_proc_effect(r->proc, &r->agent, buf, need, &x);
  cpm_proc_effect(r->proc, &r->agent, tight, small, &y);
  if (rc == CPM_OK) {
    HOLDS(cpm_proc_effect(r->proc, &r->agent, buf, need, &y) == CPM_OK && x.seq == y.seq && x.kind == y.kind);
    if (x.kind == CPM_EFFECT_SEND || x.kind == CPM_EFFECT_REPLY)
      HOLDS(cpm_sip_encode(NULL, 0, &a, &x.sip, NULL) == cpm_sip_encode(NULL, 0, &b, &y.sip, NULL) && a == b);
  }
  free(tight);
  free(buf);
}

static void init(run *r, unsigned machine) {
  size_t n = 0;
  while (cpm_machine_at(n)) n++;
  const cpm_machine *const m = cpm_machine_at(machine % n);
  cpm_agent_init(&r->agent, CPM_ROLE_CONTROLLING);
  r->agent.address = cpm_str_z("sip:cf@example.com");
  r->agent.cf_uri = r->agent.address;
  r->agent.exploder_uri = cpm_str_z("sip:many@example.com");
  r->agent.isf_uri = cpm_str_z("sip:isf@example.com");
  r->agent.user_agent = r->agent.server = cpm_str_z("CPM-serv/OMA2.2");
  r->agent.host = cpm_str_z("cf.example.com");
  r->agent.accept = cpm_str_z("*/*");
  r->size = cpm_proc_size(m, 1600, 4);
  r->proc = malloc(r->size);
  HOLDS(r->proc && cpm_proc_init(r->proc, r->size, m, &r->agent, NULL) == CPM_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  tape t = { data, size };
  run r;
  init(&r, take(&t));
  while (t.n) {
    switch (take(&t) % 4) {
    case 0:  patch(&r, &t); break;
    case 1:  step(&r, &t); break;
    case 2:  effect(&r, &t); break;
    default: cpm_proc_did(r.proc); break;
    }
    HOLDS(cpm_proc_check(r.proc, r.size, NULL) == CPM_OK);
  }
  read_all(&r);
  free(r.proc);
  return 0;
}
