/* SPDX-License-Identifier: MIT */
/* fuzz_block.c - holds: of a block that cpm_proc_check has passed, no call reads or writes outside, whatever bytes it is made of; it
 * passes again after every call; a step that is not taken leaves it byte for byte; an effect fits into cpm_proc_need bytes, is the
 * same twice, and touches nothing behind a smaller buffer.
 *
 * The input is a program: 0 patches bytes of the block (kept if it still passes), 1 gives an event, 2 composes the effect, 3 is
 * done with it. A ticket is written of every block. */
#include "events.h"
#include "fuzz.h"


enum { LIMIT = 1 << 20 };
typedef struct tape { const uint8_t *p; size_t n; } tape;
typedef struct run { cpm_proc *proc; size_t size; const cpm_machine *m; cpm_agent agent; } run;

static unsigned take(tape *t) {
  if (t->n == 0) return 0;
  t->n--;
  return *t->p++;
}

#define CPIM_REPORT \
  "From: <sip:alice@example.com>\r\nTo: <sip:bob@example.com>\r\nDateTime: 2020-09-27T04:02:25Z\r\n" \
  "NS: imdn <urn:ietf:params:imdn>\r\nimdn.Message-ID: n\r\n\r\nContent-Type: message/imdn+xml\r\n\r\n"
#define IMDN(what, how) \
  "<imdn xmlns=\"urn:ietf:params:xml:ns:imdn\"><message-id>m</message-id><datetime>2020-09-27T04:02:25Z</datetime>" \
  "<" what "-notification><status><" how "/></status></" what "-notification></imdn>"

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
  "MESSAGE sip:bob@example.com SIP/2.0\r\nFrom: <sip:alice@example.com>;tag=1\r\nTo: <sip:bob@example.com>\r\n"
  "P-Asserted-Identity: <sip:alice@example.com>, <tel:+12025550100>\r\nReferred-By: <sip:carol@example.com>\r\n"
  "P-Asserted-Service: urn:urn-7:3gpp-service.ims.icsi.oma.cpm.msg\r\nContent-Type: message/cpim\r\n\r\n" CPIM_REPORT
  IMDN("display", "displayed"),
  "MESSAGE sip:bob@example.com SIP/2.0\r\nFrom: <sip:alice@example.com>;tag=1\r\nTo: <sip:bob@example.com>\r\n"
  "P-Asserted-Identity: <sip:alice@example.com>\r\nContent-Type: multipart/mixed;boundary=b\r\n\r\n"
  "--b\r\nContent-Type: message/imdn+xml\r\n\r\n" IMDN("delivery", "delivered") "\r\n"
  "--b\r\nContent-Type: message/imdn+xml\r\n\r\n<imdn>\r\n"
  "--b\r\nContent-Type: message/imdn+xml\r\n\r\n" IMDN("interworking", "legacy-sms") "\r\n--b--\r\n",
  "MESSAGE sip:bob@example.com SIP/2.0\r\nFrom: \"A\" <sip:alice@example.com>;tag=1\r\nTo: <sip:bob@example.com>\r\n"
  "Accept-Contact: *;+g.3gpp.icsi-ref=\"urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.msg\"\r\n"
  "P-Asserted-Identity: <sip:alice@example.com>\r\nUser-Agent: CPM-client/OMA2.2\r\nContent-Type: message/cpim\r\n\r\n"
  "From: <sip:alice@example.com>\r\nTo: <sip:bob@example.com>\r\nDateTime: 2020-09-27T04:02:25Z\r\nNS: imdn <urn:ietf:params:imdn>\r\n"
  "imdn.Message-ID: m\r\nimdn.Disposition-Notification: positive-delivery, display\r\n"
  "imdn.IMDN-Record-Route: <sip:r1@example.com>\r\nimdn.IMDN-Record-Route: <sip:r2@example.com>\r\n\r\n"
  "Content-Type: text/plain\r\n\r\nHi",
  "INVITE sip:bob@example.com SIP/2.0\r\nFrom: <sip:deferred@example.com>;tag=1\r\nTo: <sip:bob@example.com>\r\n"
  "Contact: <sip:focus@example.com>;isfocus\r\nReferred-By: <sip:carol@example.com>\r\n"
  "Accept-Contact: *;+g.3gpp.icsi-ref=\"urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.deferred\"\r\n"
  "Content-Type: application/sdp\r\n\r\nv=0\r\na=file-selector:name:\"a\"\r\n",
  "SUBSCRIBE sip:bob@example.com SIP/2.0\r\nTo: <sip:bob@example.com>;tag=2\r\n\r\n",
  "NOTIFY sip:bob@example.com SIP/2.0\r\n\r\n",
  "REFER sip:bob@example.com SIP/2.0\r\n\r\n",
  "OPTIONS sip:bob@example.com SIP/2.0\r\n\r\n",
};
enum { MESSAGES = sizeof messages / sizeof *messages };

/* A request of the event's method, or a response. */
static const cpm_sip *sip_for(cpm_event *e, cpm_sip *msg, unsigned which) {
  for (unsigned i = 0; i < MESSAGES; i++) {
    msg->status = 0;
    if (cpm_sip_decode(msg, cpm_str_z(messages[(which + i) % MESSAGES]), NULL, NULL) != CPM_OK) continue;
    if (cpm_event_of_request(msg->method) == e->type || (e->type == CPM_EVENT_on_reinvite && msg->method == CPM_METHOD_INVITE)) return msg;
  }
  msg->status = events_status(e->type, which);
  msg->nfields = 0;
  return msg->status ? msg : NULL;
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

/* What is written can be read, or holds what no arg may hold: the block is anybody's. */
static void ticket(const run *r) {
  char *const bytes = malloc(CPM_TICKET_MAX);
  cpm_arg args[CPM_TICKET_ARGS];
  size_t n = 0, nargs = 0;
  HOLDS(bytes);
  const int rc = cpm_ticket_encode(bytes, CPM_TICKET_MAX, &n, r->proc, NULL);
  HOLDS(rc == CPM_OK || rc == CPM_E_MISSING || rc == CPM_E_TOO_LONG);
  if (rc == CPM_OK) {
    const int back = cpm_ticket_decode(args, &nargs, cpm_str_of(bytes, n), NULL);
    HOLDS(back == CPM_OK || back == CPM_E_VALUE);
  }
  free(bytes);
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
  static const char bytes[] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
  cpm_sip_field fields[32];
  cpm_sip msg = CPM_SIP_ROOM(fields);
  cpm_event e;
  cpm_entry members[3] = { { .uri = CPM_STR("sip:bob@example.com"), .copy_control = CPM_COPY_TO }, { .uri = CPM_STR("tel:+12025550101"), .anonymize = true },
                           { .uri = CPM_STR("sip:carol@example.com"), .copy_control = CPM_COPY_BCC } };
  cpm_arg args[24];
  const unsigned type = take(t), leg = take(t);
  cpm_event_init(&e, events_type(r->m, !(leg & 128), r->proc->state, type));
  e.leg = leg & 128 ? CPM_NO_LEG : leg;
  e.sip = sip_for(&e, &msg, take(t));
  e.dialog = events_dialog(e.type, leg);
  e.from = events_from(e.type, leg, cpm_proc_legs(r->proc));
  e.msrp = events_head(e.type, leg);
  e.head = events_message(e.type, leg);
  events_files(&e, type);
  e.len = leg;
  e.random = cpm_str_of(bytes, CPM_RANDOM_NEED);
  e.now = take(t) & 1 ? INT64_C(1601179345941) : take(t) & 1 ? INT64_MIN : INT64_MAX;
  e.args = args;
  e.members = members;
  e.nmembers = take(t) % 4;
  cpm_field f;
  for (unsigned i = 0; (f = events_field(r->m, &e, i)) != CPM_FIELD_NONE && e.nargs < 20 && t->n; i++) {
    const unsigned which = take(t);
    if (which % 8 != 7) args[e.nargs++] = events_arg(f, which / 8 + which % 8);
  }
  for (unsigned n = take(t) % 4; n && t->n; n--) {
    args[e.nargs] = events_arg((cpm_field)(take(t) % (CPM_FIELD_COUNT + 1)), take(t));
    if (n == 2) args[e.nargs].number = INT64_MAX;
    if (n == 3) args[e.nargs].len = UINT64_MAX;
    e.nargs++;
  }
  cpm_proc *const was = malloc(r->size);
  HOLDS(was);
  memcpy(was, r->proc, r->size);
  if (cpm_proc_step(r->proc, &r->agent, &e, NULL) != CPM_OK) HOLDS(memcmp(was, r->proc, r->size) == 0);
  free(was);
}

/* What the block says of its need is anybody's too: a host that does not trust its store has a limit. */
static void effect(run *r, tape *t) {
  const size_t says = cpm_proc_need(r->proc), need = says < LIMIT ? says : LIMIT, small = need ? (take(t) << 8 | take(t)) % need : 0;
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
  const cpm_machine *const m = r->m = cpm_machine_at(machine % n);
  cpm_agent_init(&r->agent, (cpm_role)m->role);
  r->agent.message_store = r->agent.interworking_function = 1;
  r->agent.deferred_uri = cpm_str_z("sip:deferred@example.com");
  r->agent.media_address = cpm_str_z("192.0.2.33");
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
  events_legs(r->proc, m, machine / 16);
}

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
  ticket(&r);
  free(r.proc);
  return 0;
}
