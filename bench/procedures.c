/* SPDX-License-Identifier: MIT */
/* procedures.c - the work of procedures: a step, an effect, whole runs, a relay, and very many of them at once. */
#define _POSIX_C_SOURCE 200809L
#include "bench.h"
#include "cpm/msrp.h"
#include "cpm/procedure.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define S(literal) cpm_str_of(literal, sizeof(literal) - 1)
#define TRY(call) do { const int tried = (call); if (tried) return tried; } while (0)

enum { PROC_TEXT = 1024, PROC_BLOCK = 16384, PROC_BUFFER = 16384, PROC_EFFECTS = 32 };

static const char proc_random[CPM_RANDOM_NEED + 1] =
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

typedef struct proc_host {
  cpm_agent agent;
  uint64_t  block[PROC_BLOCK / 8], buf[PROC_BUFFER / 8];
  cpm_proc *proc;
} proc_host;

static void proc_agent(cpm_agent *a, cpm_role role) {
  cpm_agent_init(a, role);
  a->address = S("sip:alice@example.com");
  a->user_agent = a->server = role == CPM_ROLE_CLIENT ? S("CPM-client/OMA2.2 bench/1") : S("CPM-serv/OMA2.2 bench/1");
  a->host = S("alice.example.com");
  a->accept = S("message/cpim, text/plain");
  a->cf_uri = S("sip:cf@example.com");
  a->media_address = S("192.0.2.33");
  a->session_expires = 1800;
}

static int proc_begin(proc_host *h, const char *machine, cpm_role role) {
  if (!h->proc) proc_agent(&h->agent, role);
  h->proc = (cpm_proc *)(void *)h->block;
  const cpm_machine *m = cpm_machine_named(machine);
  return cpm_proc_init(h->block, cpm_proc_size(m, PROC_TEXT, 4), m, &h->agent, NULL);
}

static int proc_drain(proc_host *h) {
  cpm_effect x;
  int rc;
  while ((rc = cpm_proc_effect(h->proc, &h->agent, (char *)h->buf, sizeof h->buf, &x)) == CPM_OK) {
    bench_sink += x.sip.nfields + (uint64_t)x.kind;
    cpm_proc_did(h->proc);
  }
  return rc == CPM_END ? CPM_OK : rc;
}

static int proc_step(proc_host *h, cpm_event *e) {
  e->random = cpm_str_of(proc_random, CPM_RANDOM_NEED);
  TRY(cpm_proc_step(h->proc, &h->agent, e, NULL));
  return proc_drain(h);
}

static int proc_plain(proc_host *h, cpm_event_type type, uint32_t leg, uint64_t len) {
  cpm_event e;
  cpm_event_init(&e, type);
  e.leg = leg;
  e.len = len;
  return proc_step(h, &e);
}

static int proc_response(proc_host *h, cpm_event_type type, unsigned status) {
  cpm_event e;
  cpm_sip sip = { .status = status };
  cpm_event_init(&e, type);
  e.sip = &sip;
  return proc_step(h, &e);
}

/* What the user wants: a message to one. */
static int proc_send(cpm_proc *proc, const cpm_agent *agent) {
  const cpm_arg args[] = {
    { .field = CPM_FIELD_target, .number = CPM_TARGET_one }, { .field = CPM_FIELD_to, .text = S("sip:bob@example.com") },
    { .field = CPM_FIELD_payload, .item = 1, .len = 1000 },  { .field = CPM_FIELD_payload_type, .text = S("text/plain") },
    { .field = CPM_FIELD_report, .number = 3 },
  };
  cpm_event e;
  cpm_event_init(&e, CPM_EVENT_send);
  e.args = args;
  e.nargs = sizeof args / sizeof *args;
  e.now = INT64_C(1601179345941);
  e.random = cpm_str_of(proc_random, CPM_RANDOM_NEED);
  return cpm_proc_step(proc, agent, &e, NULL);
}

/* ---- rows ------------------------------------------------------------------------------------------------------------------ */

/* A step that composes nothing: 180 to the INVITE of a large message. */
int ours_proc_step(const bench_input *in) {
  static proc_host h;
  static cpm_sip ringing = { .status = 180 };
  (void)in;
  if (!h.proc) {
    TRY(proc_begin(&h, "client/large-send", CPM_ROLE_CLIENT));
    TRY(proc_send(h.proc, &h.agent));
    TRY(proc_drain(&h));
  }
  cpm_event e;
  cpm_event_init(&e, CPM_EVENT_invite_1xx);
  e.sip = &ringing;
  return cpm_proc_step(h.proc, &h.agent, &e, NULL);
}

static int proc_effect(proc_host *h, const char *machine) {
  cpm_effect x;
  if (!h->proc) {
    TRY(proc_begin(h, machine, CPM_ROLE_CLIENT));
    TRY(proc_send(h->proc, &h->agent));
  }
  TRY(cpm_proc_effect(h->proc, &h->agent, (char *)h->buf, sizeof h->buf, &x));
  bench_sink += x.sip.nfields;
  return x.kind != CPM_EFFECT_SEND;
}

/* A request is composed: MESSAGE with its CPIM, INVITE with its session description. */
int ours_proc_message(const bench_input *in) { static proc_host h; (void)in; return proc_effect(&h, "client/pager-send"); }
int ours_proc_invite(const bench_input *in) { static proc_host h; (void)in; return proc_effect(&h, "client/large-send"); }

/* From cpm_proc_init to DONE: a message in pager mode that is accepted. */
int ours_proc_pager(const bench_input *in) {
  static proc_host h;
  (void)in;
  TRY(proc_begin(&h, "client/pager-send", CPM_ROLE_CLIENT));
  TRY(proc_send(h.proc, &h.agent));
  TRY(proc_drain(&h));
  TRY(proc_response(&h, CPM_EVENT_message_ok, 202));
  return !cpm_proc_over(h.proc);
}

/* The same in large mode: INVITE, ACK, the connection, the SEND that binds it, one chunk, BYE. */
int ours_proc_large(const bench_input *in) {
  static proc_host h;
  static cpm_sip_field type = { CPM_SIP_CONTENT_TYPE, CPM_STR("Content-Type"), CPM_STR("application/sdp"), NULL, NULL };
  static cpm_sip ok = { .status = 200, .fields = &type, .cap = 1, .nfields = 1,
                        .body = CPM_STR("v=0\r\no=- 1 1 IN IP4 198.51.100.7\r\ns=-\r\nc=IN IP4 198.51.100.7\r\nt=0 0\r\nm=message 9000 TCP/MSRP *\r\n"
                                        "a=accept-types:message/cpim\r\na=path:msrp://198.51.100.7:9000/s1;tcp\r\na=recvonly\r\na=setup:passive\r\n") };
  cpm_event e;
  (void)in;
  TRY(proc_begin(&h, "client/large-send", CPM_ROLE_CLIENT));
  TRY(proc_send(h.proc, &h.agent));
  TRY(proc_drain(&h));
  cpm_event_init(&e, CPM_EVENT_invite_ok);
  e.sip = &ok;
  TRY(proc_step(&h, &e));
  TRY(proc_plain(&h, CPM_EVENT_media_up, CPM_NO_LEG, 0));
  TRY(proc_plain(&h, CPM_EVENT_msrp_ok, CPM_NO_LEG, 0));
  TRY(proc_plain(&h, CPM_EVENT_msrp_ok, CPM_NO_LEG, (uint64_t)cpm_proc_number(h.proc, CPM_NO_LEG, CPM_FIELD_size)));
  TRY(proc_response(&h, CPM_EVENT_bye_done, 200));
  return !cpm_proc_over(h.proc);
}

/* ---- a relay: pf/media between the client and the far side ------------------------------------------------------------------- */

enum { RELAY_HEAD = 4096, RELAY_SLACK = 1 << 20 };

typedef struct relay {
  proc_host h;
  char      head[RELAY_HEAD];
  char     *out;
  size_t    n, cap;
} relay;

static int relay_join(relay *r, unsigned as, const char *uri) {
  const cpm_arg arg = { .field = CPM_FIELD_joins, .number = (int64_t)as };
  const cpm_entry member = { .uri = cpm_str_z(uri) };
  cpm_event e;
  cpm_event_init(&e, CPM_EVENT_relay);
  e.args = &arg;
  e.nargs = 1;
  e.members = &member;
  e.nmembers = 1;
  return proc_step(&r->h, &e);
}

static int relay_established(relay *r, uint32_t leg, int64_t setup, const char *path, const char *own) {
  const cpm_arg args[] = {
    { .field = CPM_FIELD_setup, .number = setup }, { .field = CPM_FIELD_path, .text = cpm_str_z(path) },
    { .field = CPM_FIELD_peer_address, .text = S("192.0.2.9") }, { .field = CPM_FIELD_peer_port, .number = 2855 },
    { .field = CPM_FIELD_own_path, .text = cpm_str_z(own) },
  };
  cpm_event e;
  cpm_event_init(&e, CPM_EVENT_established);
  e.leg = leg;
  e.args = args;
  e.nargs = sizeof args / sizeof *args;
  TRY(proc_step(&r->h, &e));
  return proc_plain(&r->h, CPM_EVENT_media_up, leg, 0);
}

static int relay_begin(relay *r, const bench_input *in) {
  r->cap = in->n * 2 + RELAY_SLACK;
  r->out = malloc(r->cap);
  if (!r->out) return CPM_E_SPACE;
  memset(r->out, 1, r->cap);
  TRY(proc_begin(&r->h, "pf/media", CPM_ROLE_PARTICIPATING));
  TRY(relay_join(r, CPM_JOINS_client, "sip:alice@example.com"));
  TRY(relay_join(r, CPM_JOINS_far, "sip:bob@example.com"));
  TRY(relay_established(r, 0, CPM_SETUP_active, "msrp://192.0.2.1:7654/c1;tcp", "msrp://192.0.2.33:2855/pf0;tcp"));
  TRY(relay_established(r, 1, CPM_SETUP_passive, "msrp://192.0.2.9:2855/f1;tcp", "msrp://192.0.2.33:2855/pf1;tcp"));
  return proc_plain(&r->h, CPM_EVENT_msrp_ok, 1, 0);
}

/* An effect as a host does it: the head as bytes, behind it the content, copied once, as a socket would. */
static int relay_effect(relay *r, const cpm_effect *x, const char *body, size_t nbody, cpm_str id) {
  size_t n = 0;
  if (x->kind != CPM_EFFECT_PUSH) return CPM_OK;
  cpm_msrp head = x->msrp;
  head.transaction_id = id;
  TRY(cpm_msrp_encode(r->out + r->n, r->cap - r->n, &n, &head, NULL));
  r->n += n;
  memcpy(r->out + r->n, body, nbody);
  r->n += nbody;
  TRY(cpm_msrp_tail_encode(r->out + r->n, r->cap - r->n, &n, id, head.flag, NULL));
  r->n += n;
  return CPM_OK;
}

static int relay_drain(relay *r, const char *body, size_t nbody, cpm_str id) {
  cpm_effect x;
  int rc;
  while ((rc = cpm_proc_effect(r->h.proc, &r->h.agent, (char *)r->h.buf, sizeof r->h.buf, &x)) == CPM_OK) {
    TRY(relay_effect(r, &x, body, nbody, id));
    cpm_proc_did(r->h.proc);
  }
  return rc == CPM_END ? CPM_OK : rc;
}

static int relay_chunk(relay *r, const cpm_msrp *head, const char *body, size_t nbody) {
  cpm_event e;
  cpm_event_init(&e, CPM_EVENT_on_chunk);
  e.leg = 0;
  e.item = 7;
  e.len = nbody;
  e.msrp = head;
  TRY(cpm_proc_step(r->h.proc, &r->h.agent, &e, NULL));
  TRY(relay_drain(r, body, nbody, head->transaction_id));
  cpm_event_init(&e, CPM_EVENT_msrp_ok);
  e.leg = 1;
  e.item = 7;
  e.len = nbody;
  TRY(cpm_proc_step(r->h.proc, &r->h.agent, &e, NULL));
  return relay_drain(r, NULL, 0, head->transaction_id);
}

/* Every frame is read, its head typed, taken by the procedure, and written to the other side. */
int ours_relay(const bench_input *in) {
  static relay relays[4];
  static const bench_input *known[4];
  relay *r = NULL;
  for (size_t i = 0; i < 4 && !r; i++)
    if (known[i] == in || !known[i]) r = &relays[i];
  if (!r) return CPM_E_TOO_MANY;
  if (!known[r - relays]) {
    TRY(relay_begin(r, in));
    known[r - relays] = in;
  }
  cpm_msrp_reader reader = { .head = r->head, .cap = sizeof r->head };
  cpm_msrp_field fields[16];
  cpm_msrp head = { .fields = fields, .cap = 16 };
  cpm_msrp_event e;
  cpm_str rest = cpm_str_of(in->p, in->n);
  const char *body = NULL;
  int rc;
  r->n = 0;
  while ((rc = cpm_msrp_read(&reader, &rest, &e, NULL, NULL)) == CPM_OK) {
    if (e.kind == CPM_MSRP_HEAD) {
      TRY(cpm_msrp_decode(&head, e.text, NULL, NULL));
      body = rest.p;   /* it lies in one piece */
    } else if (e.kind == CPM_MSRP_END) {
      head.flag = e.flag;
      TRY(relay_chunk(r, &head, body, (size_t)e.size));
    }
  }
  bench_sink += r->n;
  return rc == CPM_E_MORE ? CPM_OK : rc;
}

int memcpy_all(const bench_input *in) {
  static char *out;
  static size_t cap;
  if (cap < in->n) {
    free(out);
    out = malloc(in->n);
    if (!out) return 1;
    cap = in->n;
    memset(out, 1, cap);
  }
  memcpy(out, in->p, in->n);
  bench_sink += (unsigned char)out[in->n / 2];
  return 0;
}

/* ---- very many at once --------------------------------------------------------------------------------------------------------- */

static double scale_now(void) {
  struct timespec t;
  (void)clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void scale_line(const char *what, size_t n, double seconds, size_t bytes) {
  printf("%-44s %10.0f a second %10.0f ns %10zu octets each\n", what, (double)n / seconds, seconds * 1e9 / (double)n, bytes);
}

enum { SCALE_CLIENTS = 100000, SCALE_MEMBERS = 10000, SCALE_ANSWERED = 160 };

/* 100,000 senders of a pager message: all are made, all send, all are answered. */
static int scale_clients(const char *machine, cpm_event_type answer, unsigned status, cpm_event_type end) {
  static uint64_t buf[PROC_BUFFER / 8];
  cpm_agent agent;
  cpm_effect x;
  proc_agent(&agent, CPM_ROLE_CLIENT);
  const cpm_machine *m = cpm_machine_named(machine);
  const size_t size = cpm_proc_size(m, PROC_TEXT, 0);
  char *blocks = malloc(size * SCALE_CLIENTS);
  if (!blocks) return CPM_E_SPACE;
  memset(blocks, 1, size * SCALE_CLIENTS);
  char label[96];
  double from = scale_now();
  for (size_t i = 0; i < SCALE_CLIENTS; i++) TRY(cpm_proc_init(blocks + i * size, size, m, &agent, NULL));
  snprintf(label, sizeof label, "%s: created", machine);
  scale_line(label, SCALE_CLIENTS, scale_now() - from, size);
  from = scale_now();
  for (size_t i = 0; i < SCALE_CLIENTS; i++) {
    cpm_proc *p = (cpm_proc *)(void *)(blocks + i * size);
    TRY(proc_send(p, &agent));
    while (cpm_proc_effect(p, &agent, (char *)buf, sizeof buf, &x) == CPM_OK) cpm_proc_did(p);
  }
  snprintf(label, sizeof label, "%s: the request composed", machine);
  scale_line(label, SCALE_CLIENTS, scale_now() - from, size);
  cpm_sip sip = { .status = status };
  cpm_event e;
  cpm_event_init(&e, answer);
  e.sip = &sip;
  from = scale_now();
  for (size_t i = 0; i < SCALE_CLIENTS; i++) TRY(cpm_proc_step((cpm_proc *)(void *)(blocks + i * size), &agent, &e, NULL));
  snprintf(label, sizeof label, "%s: a step, nothing composed", machine);
  scale_line(label, SCALE_CLIENTS, scale_now() - from, size);
  cpm_event_init(&e, end);
  from = scale_now();
  size_t over = 0;
  for (size_t i = 0; i < SCALE_CLIENTS; i++) {
    cpm_proc *p = (cpm_proc *)(void *)(blocks + i * size);
    TRY(cpm_proc_step(p, &agent, &e, NULL));
    while (cpm_proc_effect(p, &agent, (char *)buf, sizeof buf, &x) == CPM_OK) cpm_proc_did(p);
    over += cpm_proc_over(p);
  }
  snprintf(label, sizeof label, "%s: finished", machine);
  scale_line(label, SCALE_CLIENTS, scale_now() - from, size);
  free(blocks);
  return over != SCALE_CLIENTS;
}

static int scale_fanout(void) {
  static char uris[SCALE_MEMBERS][40];
  static cpm_entry members[SCALE_MEMBERS];
  static uint64_t buf[PROC_BUFFER / 8];
  cpm_agent agent;
  proc_agent(&agent, CPM_ROLE_CONTROLLING);
  size_t text = 4096 + (size_t)SCALE_MEMBERS * SCALE_ANSWERED, sent = 0;
  for (size_t i = 0; i < SCALE_MEMBERS; i++) {
    const int n = snprintf(uris[i], sizeof uris[i], "sip:member%05zu@example.com", i);
    members[i] = (cpm_entry){ .uri = cpm_str_of(uris[i], (size_t)n), .copy_control = CPM_COPY_TO };
    text += 2 * (size_t)n;
  }
  const cpm_machine *m = cpm_machine_named("cf/large");
  const size_t size = cpm_proc_size(m, text, SCALE_MEMBERS);
  cpm_proc *p = malloc(size);
  if (!p) return CPM_E_SPACE;
  TRY(cpm_proc_init(p, size, m, &agent, NULL));
  cpm_sip_field fields[] = {
    { CPM_SIP_P_ASSERTED_SERVICE, CPM_STR("P-Asserted-Service"), CPM_STR("urn:urn-7:3gpp-service.ims.icsi.oma.cpm.largemsg"), NULL, NULL },
    { CPM_SIP_P_ASSERTED_IDENTITY, CPM_STR("P-Asserted-Identity"), CPM_STR("<sip:alice@example.com>"), NULL, NULL },
    { CPM_SIP_CONTENT_TYPE, CPM_STR("Content-Type"), CPM_STR("application/sdp"), NULL, NULL },
  };
  cpm_sip sip = { .method = CPM_METHOD_INVITE, .method_name = CPM_STR("INVITE"), .request_uri = S("sip:group@example.com"), .fields = fields, .cap = 3,
                  .nfields = 3, .body = S("v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=message 9 TCP/MSRP *\r\n"
                                          "a=accept-types:message/cpim\r\na=path:msrp://192.0.2.1:2855/s0;tcp\r\na=sendonly\r\na=setup:actpass\r\n") };
  const cpm_arg args[] = { { .field = CPM_FIELD_authorised, .number = 1 }, { .field = CPM_FIELD_group_cpm, .number = 1 } };
  cpm_event e;
  cpm_effect x;
  cpm_event_init(&e, CPM_EVENT_on_invite);
  e.sip = &sip;
  e.random = cpm_str_of(proc_random, CPM_RANDOM_NEED);
  TRY(cpm_proc_step(p, &agent, &e, NULL));
  while (cpm_proc_effect(p, &agent, (char *)buf, sizeof buf, &x) == CPM_OK) cpm_proc_did(p);
  cpm_event_init(&e, CPM_EVENT_on_policy);
  e.args = args;
  e.nargs = 2;
  e.members = members;
  e.nmembers = SCALE_MEMBERS;
  e.random = cpm_str_of(proc_random, CPM_RANDOM_NEED);
  const double from = scale_now();
  TRY(cpm_proc_step(p, &agent, &e, NULL));
  const double stepped = scale_now();
  for (; cpm_proc_effect(p, &agent, (char *)buf, sizeof buf, &x) == CPM_OK; cpm_proc_did(p)) sent += x.kind == CPM_EFFECT_SEND;
  scale_line("cf/large, 10,000 members: the step", SCALE_MEMBERS, stepped - from, size / SCALE_MEMBERS);
  scale_line("cf/large, 10,000 members: each INVITE composed", SCALE_MEMBERS, scale_now() - stepped, size / SCALE_MEMBERS);
  free(p);
  return sent != SCALE_MEMBERS;
}

int bench_scale(void) {
  return scale_clients("client/pager-send", CPM_EVENT_message_1xx, 100, CPM_EVENT_message_timeout) ||
         scale_clients("client/large-send", CPM_EVENT_invite_1xx, 180, CPM_EVENT_invite_timeout) || scale_fanout();
}
