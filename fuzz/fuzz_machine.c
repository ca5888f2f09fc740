/* SPDX-License-Identifier: MIT */
/* fuzz_machine.c - holds, for every machine and whatever events come in whatever order: cpm_proc_check passes after every call; a
 * step that is not taken leaves the block byte for byte; the same step at another address gives the same bytes; an effect comes
 * again the same with the same seq, also after the block was copied elsewhere; every message that is composed is accepted by
 * cpm_sip_encode once the host's pieces are filled in, read back by cpm_sip_decode, and the second encoding equals the first; every
 * MSRP head is accepted by cpm_msrp_encode and read back without a quirk; what has no body has no content;
 * cpm_dispatch and cpm_dispatch_intent say of the same message what the machine that dispatches does with it.
 *
 * The input: the machine, the size of its block, the agent, then events, mostly those that the machine has rows for. One that begins with
 * FLOW_MARK is a flow (flow.h), as the scenarios write it: its events are what they say, or, one behind an odd octet, made as the others. */
#include "events.h"
#include "flow.h"
#include "fuzz.h"
#include "rows.h"
#include <stdio.h>

enum { FIELDS = 16, ARGS = 24, MEMBERS = 4, CONTENT = 8192, STEPS = 64, GARBAGE = 512 };   /* octets of a message that is nothing but input */

typedef struct tape {
  const uint8_t *p;
  size_t n;
} tape;
typedef struct run {
  cpm_proc *proc;
  size_t size;
  const cpm_machine *m;
  cpm_agent agent;
} run;

static unsigned take(tape *t) {
  if (t->n == 0) return 0;
  t->n--;
  return *t->p++;
}

/* Bytes of the input itself, mostly few. */
static cpm_str take_bytes(tape *t) {
  const size_t want = take(t) % 32, n = want < t->n ? want : t->n;
  const cpm_str s = cpm_str_of((const char *)t->p, n);
  t->p += n;
  t->n -= n;
  return s;
}

/* ---- texts that mean something ------------------------------------------------------------------------------------ */

static const char cpim_report[] =
    "From: <sip:alice@example.com>\r\nTo: <sip:bob@example.com>\r\nDateTime: 2020-09-27T04:02:25Z\r\n"
    "NS: imdn <urn:ietf:params:imdn>\r\n"
    "imdn.Message-ID: m\r\nimdn.Disposition-Notification: positive-delivery\r\nimdn.IMDN-Record-Route: <sip:r@example.com>\r\n\r\n"
    "Content-Type: text/plain\r\n\r\nHi";
static const char list_and_cpim[] =
    "--b\r\nContent-Type: message/cpim\r\nContent-Disposition: render\r\n\r\nFrom: <sip:a@b.c>\r\nTo: <sip:a@b.c>\r\n\r\n\r\nHi\r\n"
    "--b\r\n\r\nx\r\n--b\r\nContent-Type: application/resource-lists+xml\r\n\r\n<x/>\r\n--b--\r\n";

static const char *const texts[] = {
  "sip:alice@example.com",
  "tel:+12025550100",
  "<sip:bob@example.com>",
  "\"B\" <sip:bob@example.com>;tag=1, <tel:+12025550101>",
  "*;+g.3gpp.icsi-ref=\"urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.msg\"",
  "*;+g.3gpp.icsi-ref=\"urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.largemsg\";require;explicit",
  "CPM-client/OMA2.2 x",
  "CPM-client/OMA1.0",
  "id",
  "none",
  "1800;refresher=uac",
  "0",
  "3600",
  "Sun, 27 Sep 2020 04:02:25 GMT",
  "SIP;cause=200",
  "Q.850;cause=16, SIP;cause=480",
  "recipient-list-message, timer",
  "message/cpim",
  "multipart/mixed;boundary=b",
  "application/resource-lists+xml",
  "text/plain;charset=utf-8",
  "application/sdp",
  "4f93f0fe-86d6-462c-9ba2-e4bc3d1cafcc",
  "sip:anonymous@anonymous.invalid",
  "a\r\n b",
  "a\r\nb",
  "sip:cf@example.com",
  "sip:many@example.com",
  "",
  "message/imdn+xml",
  "*;+g.3gpp.icsi-ref=\"urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.session\"",
  "*;+g.3gpp.icsi-ref=\"urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.deferred\"",
  "*;+g.3gpp.icsi-ref=\"urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.filetransfer\"",
  "urn:urn-7:3gpp-service.ims.icsi.oma.cpm.msg",
  "urn:urn-7:3gpp-service.ims.icsi.oma.cpm.largemsg, urn:urn-7:3gpp-service.ims.icsi.oma.cpm.deferred",
  "<sip:bob@example.com>;isfocus",
  "<sip:deferred@example.com>",
  "<sip:r1@example.com>, <sip:r2@example.com>",
  "2020-09-27T04:02:25Z",
  "gzip",
  "identity",
};
enum { TEXTS = sizeof texts / sizeof *texts };

#define CPIM_REPORT \
  "From: <sip:alice@example.com>\r\nTo: <sip:bob@example.com>\r\nDateTime: 2020-09-27T04:02:25Z\r\n" \
  "NS: imdn <urn:ietf:params:imdn>\r\nimdn.Message-ID: n\r\n\r\n"
#define IMDN(status) \
  "<imdn xmlns=\"urn:ietf:params:xml:ns:imdn\"><message-id>m</message-id><datetime>2020-09-27T04:02:25Z</datetime>" \
  "<recipient-uri>sip:alice@example.com</recipient-uri>" status "</imdn>"
#define DELIVERED "<delivery-notification><status><delivered/></status></delivery-notification>"
#define DISPLAYED "<display-notification><status><displayed/></status></display-notification>"
#define PART(type, content) "--b\r\nContent-Type: " type "\r\n\r\n" content "\r\n"
#define REPORT "message/imdn+xml"

static const char one_report[] =
    CPIM_REPORT "Content-Type: " REPORT "\r\nContent-Disposition: notification\r\n\r\n" IMDN(DELIVERED);
static const char reports[] = PART(REPORT, IMDN(DISPLAYED)) PART(REPORT, "<imdn>") PART(REPORT, IMDN(DELIVERED)) "--b--\r\n";
static const char report_and_text[] = PART("text/plain", "Hi") PART(REPORT, IMDN(DISPLAYED)) "--b--\r\n";
static const char report_in_cpim[] =
    PART("message/cpim", CPIM_REPORT "Content-Type: " REPORT "\r\n\r\n" IMDN(DISPLAYED)) "--b--\r\n";

typedef struct content {
  const char *type, *body;
} content;
static const content bodies[] = {
  { NULL, "" },
  { "text/plain", "hello" },
  { "message/cpim", cpim_report },
  { "multipart/mixed;boundary=b", list_and_cpim },
  { "message/cpim",
    "From: <sip:alice@example.com>\r\nTo: <sip:bob@example.com>\r\n\r\nContent-Type: message/imdn+xml\r\n\r\n<imdn/>" },
  { "multipart/mixed;boundary=b", PART("application/resource-lists+xml", "<x/>") PART("text/plain", "Hi") "--b--\r\n" },
  { "message/cpim", one_report },
  { "multipart/mixed;boundary=b", reports },
  { "multipart/mixed;boundary=b", report_and_text },
  { "multipart/mixed;boundary=b", report_in_cpim },
  { "application/sdp", "v=0\r\nm=message 0 TCP/MSRP *\r\na=file-selector:name:\"a\"\r\n" },
  { "application/sdp", "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=message 2855 TCP/MSRP *\r\na=path:msrp://192.0.2.1:2855/s;tcp\r\n"
                       "a=accept-types:message/cpim\r\na=file-selector:size:5000\r\na=setup:passive\r\n" },
  { REPORT, IMDN(DISPLAYED) },
  { "application/sdp", "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=message 2855 TCP/MSRP *\r\na=path:msrp://192.0.2.1:2855/s;tcp\r\n"
                       "a=accept-types:*\r\na=file-selector:type:a/b size:40\r\na=file-range:9-40\r\na=setup:passive\r\nm=message 0 TCP/MSRP *\r\n"
                       "m=message 2855 TCP/MSRP *\r\na=path:msrp://192.0.2.1:2855/t;tcp\r\na=accept-types:*\r\na=sendonly\r\na=setup:active\r\n" },
};
enum { BODIES = sizeof bodies / sizeof *bodies };

static cpm_str take_text(tape *t) {
  const unsigned which = take(t);
  return which & 128 ? take_bytes(t) : cpm_str_z(texts[which % TEXTS]);
}

/* ---- events ------------------------------------------------------------------------------------------------------- */

typedef struct made {
  cpm_event e;
  cpm_sip msg;
  cpm_sip_field fields[FIELDS];
  cpm_msrp head;
  cpm_msrp_field head_fields[FIELDS];
  cpm_arg args[ARGS];
  cpm_entry members[MEMBERS];
} made;

static void make_field(made *x, cpm_sip_header id, const char *value) {
  if (x->msg.nfields == FIELDS) return;
  x->fields[x->msg.nfields++] = (cpm_sip_field){ id, cpm_sip_header_name(id), cpm_str_z(value), NULL, NULL };
}

/* What most requests have. */
static void make_usual_fields(made *x, tape *t) {
  static const char *const services[] = { "largemsg", "msg", "session", "deferred", "filetransfer", "msg.group" };
  static char tag[80];
  const unsigned which = take(t);
  snprintf(tag, sizeof tag, "*;+g.3gpp.icsi-ref=\"urn%%3Aurn-7%%3A3gpp-service.ims.icsi.oma.cpm.%s\"",
           services[(which % 8 < 2 ? x->e.type == CPM_EVENT_on_message : which) % 6]);
  make_field(x, CPM_SIP_ACCEPT_CONTACT, tag);
  make_field(x, CPM_SIP_FROM, which & 128 ? "<sip:deferred@example.com>" : "\"A\" <sip:alice@example.com>;tag=1");
  make_field(x, CPM_SIP_TO, which & 64 ? "<sip:bob@example.com>;tag=2" : "<sip:bob@example.com>");
  make_field(x, CPM_SIP_P_ASSERTED_IDENTITY, which & 32 ? "<tel:+12025550100>" : "<sip:alice@example.com>");
  make_field(x, CPM_SIP_USER_AGENT, "CPM-client/OMA2.2");
}

static void make_message(made *x, tape *t) {
  const unsigned kind = take(t);
  if (kind % 16 == 15) return;
  x->msg.fields = x->fields;
  x->msg.cap = FIELDS;
  for (unsigned m = 1; m < CPM_METHOD_COUNT; m++)
    if (cpm_event_of_request((cpm_sip_method)m) == x->e.type) x->msg.method = (cpm_sip_method)m;
  if (x->e.type == CPM_EVENT_on_reinvite) x->msg.method = kind % 2 ? CPM_METHOD_UPDATE : CPM_METHOD_INVITE;
  if (x->msg.method == CPM_METHOD_UNKNOWN) x->msg.status = events_status(x->e.type, kind);
  if (x->msg.method == CPM_METHOD_UNKNOWN && !x->msg.status) return;
  x->msg.method_name = cpm_sip_method_name(x->msg.method);
  x->msg.request_uri = take_text(t);
  const unsigned body = take(t), which = body % 32 % BODIES;
  if (!(body & 32)) make_usual_fields(x, t);
  if (!(body & 64) && bodies[which].type) make_field(x, CPM_SIP_CONTENT_TYPE, bodies[which].type);
  x->msg.body = body & 128 ? take_bytes(t) : cpm_str_z(bodies[which].body);
  for (unsigned n = take(t) % (FIELDS + 1); n && t->n && x->msg.nfields < FIELDS; n--) {
    cpm_sip_field *f = &x->fields[x->msg.nfields++];
    f->id = (cpm_sip_header)(take(t) % CPM_SIP_HEADER_COUNT);
    f->name = f->id == CPM_SIP_UNKNOWN ? take(t) & 1 ? cpm_str_z("X-Other") : take_bytes(t) : cpm_sip_header_name(f->id);
    f->value = take_text(t);
  }
  x->e.sip = &x->msg;
}

/* The octets of the input as they are, for what a peer may write: a request or response, a head of MSRP. What cannot be read is none. */
static void make_garbage(made *x, tape *t) {
  const size_t want = take(t) * 2u, n = want < t->n ? want : t->n;
  const cpm_str in = cpm_str_of((const char *)t->p, n < GARBAGE ? n : GARBAGE);
  t->p += n;
  t->n -= n;
  x->msg = (cpm_sip){ .fields = x->fields, .cap = FIELDS };
  x->head = (cpm_msrp){ .fields = x->head_fields, .cap = FIELDS };
  if (cpm_sip_decode(&x->msg, in, NULL, NULL) == CPM_OK) x->e.sip = &x->msg;
  if (x->e.msrp && cpm_msrp_decode(&x->head, in, NULL, NULL) == CPM_OK) x->e.msrp = &x->head;
}

/* Any value for any field. */
static cpm_arg make_arg(tape *t) {
  cpm_arg a = { .field = (cpm_field)(take(t) % (CPM_FIELD_COUNT + 1)) };
  const unsigned kind = take(t);
  a.number = kind & 128 ? (int64_t)(UINT64_C(1) << (kind & 63)) : kind % 12;
  a.text = take_text(t);
  a.item = 1;
  a.off = kind & 1 ? 0 : kind;
  a.len = kind & 64 ? take(t) * 16u : kind;
  return a;
}

/* What the event may bring, each there or not; then others. */
static void make_args(made *x, const cpm_machine *m, tape *t) {
  cpm_field f;
  for (unsigned i = 0; (f = events_field(m, &x->e, i)) != CPM_FIELD_NONE && x->e.nargs < ARGS && t->n; i++) {
    const unsigned which = take(t);
    if (which % 8 != 7) x->args[x->e.nargs++] = events_arg(f, which / 8 + which % 8);
  }
  while (x->e.nargs < ARGS && t->n && take(t) % 8 == 1) x->args[x->e.nargs++] = make_arg(t);
}

static void make_event(made *x, const run *r, tape *t) {
  static const char random[] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
  memset(x, 0, sizeof *x);
  const unsigned leg = take(t), legs = cpm_proc_legs(r->proc), k = legs ? (leg & 7u) % legs : leg & 3u;
  const bool of_leg = (leg & 128) != 0;
  const unsigned state = of_leg && legs ? cpmi_leg_at(r->proc, r->m, k)->state : r->proc->state;
  cpm_event_init(&x->e, events_type(r->m, of_leg, state, take(t)));
  x->e.leg = of_leg ? k : CPM_NO_LEG;
  x->e.now = leg & 64 ? INT64_C(1601179345941) : (int64_t)take(t) << 40;
  x->e.txn = x->e.item = leg;
  x->e.len = leg;
  x->e.dialog = events_dialog(x->e.type, leg);
  x->e.from = events_from(x->e.type, leg, legs);
  x->e.msrp = events_head(x->e.type, leg >> 4);
  x->e.head = events_message(x->e.type, leg);
  events_files(&x->e, leg);
  x->e.random = cpm_str_of(random, leg & 32 ? 0 : CPM_RANDOM_NEED);
  x->e.args = x->args;
  x->e.members = x->members;
  make_message(x, t);
  if (leg % 32 == 31) make_garbage(x, t);
  make_args(x, r->m, t);
  for (unsigned n = take(t) % (MEMBERS + 1); n && t->n; n--) {
    cpm_entry *e = &x->members[x->e.nmembers++];
    e->uri = take_text(t);
    e->copy_control = (cpm_copy_control)(take(t) % 4);
    e->anonymize = take(t) & 1;
  }
}

/* ---- what holds --------------------------------------------------------------------------------------------------- */

static cpm_proc *copy_of(const run *r) {
  cpm_proc *const copy = malloc(r->size);
  HOLDS(copy);
  memcpy(copy, r->proc, r->size);
  return copy;
}

/* Goes on at another address; the old one is gone. */
static void move(run *r) {
  cpm_proc *const there = copy_of(r);
  free(r->proc);
  r->proc = there;
}

static bool step(run *r, const cpm_event *e) {
  cpm_proc *const was = copy_of(r), *const twin = copy_of(r);
  const int rc = cpm_proc_step(r->proc, &r->agent, e, NULL);
  HOLDS(cpm_proc_step(twin, &r->agent, e, NULL) == rc && memcmp(twin, r->proc, r->size) == 0);
  if (rc != CPM_OK) HOLDS(memcmp(was, r->proc, r->size) == 0);
  HOLDS(cpm_proc_check(r->proc, r->size, NULL) == CPM_OK);
  free(was);
  free(twin);
  if (rc == CPM_OK) rows_saw(r->proc, r->m);
  return rc == CPM_OK;
}

/* Written, read, written again. */
static void message(const cpm_effect *x) {
  static char content[CONTENT];
  cpm_sip_field fields[128];
  cpm_sip out = x->sip, in = CPM_SIP_ROOM(fields);
  size_t n = 0, again = 0;
  memset(content, 'x', sizeof content);
  for (unsigned i = 0; i < out.npieces; i++)
    if (!out.pieces[i].bytes.p) {
      if (out.pieces[i].bytes.n > CONTENT) return;
      out.pieces[i].bytes.p = content;
    }
  if (!out.status && !out.request_uri.p) out.request_uri = cpm_str_z("sip:dialog@example.com"); /* the stack knows it */
  HOLDS(cpm_sip_encode(NULL, 0, &n, &out, NULL) == CPM_OK);
  char *const a = malloc(n), *const b = malloc(n);
  HOLDS(a && b && cpm_sip_encode(a, n, &n, &out, NULL) == CPM_OK);
  HOLDS(cpm_sip_decode(&in, cpm_str_of(a, n), NULL, NULL) == CPM_OK && in.quirks == 0);
  HOLDS(in.status == out.status && in.method == out.method && in.nfields == out.nfields + 1); /* and Content-Length */
  HOLDS(cpm_sip_encode(b, n, &again, &in, NULL) == CPM_OK && again == n && memcmp(a, b, n) == 0);
  free(a);
  free(b);
}

/* Head and content of a SEND, or of a REPORT. */
static void pushed(const cpm_effect *x) {
  cpm_msrp_field fields[16];
  cpm_msrp out = x->msrp, in = { .fields = fields, .cap = 16 };
  char head[4096];
  size_t n = 0;
  uint64_t octets = 0;
  out.transaction_id = cpm_str_z("t1234567");
  HOLDS(cpm_msrp_encode(head, sizeof head, &n, &out, NULL) == CPM_OK);
  HOLDS(cpm_msrp_decode(&in, cpm_str_of(head, n), NULL, NULL) == CPM_OK && in.quirks == 0);
  HOLDS(in.method == out.method && in.body == out.body && cpm_str_eq(in.message_id, out.message_id) && in.range.start == out.range.start);
  for (size_t i = 0; i < x->ncontent; i++) {
    HOLDS(octets <= UINT64_MAX - x->content[i].bytes.n);
    octets += x->content[i].bytes.n;
  }
  HOLDS(out.body || octets == 0);
}

static void same_effect(const cpm_effect *x, const cpm_effect *y) {
  HOLDS(x->kind == y->kind && x->seq == y->seq && x->leg == y->leg && x->txn == y->txn && x->code == y->code && x->id == y->id);
  HOLDS(x->number == y->number && x->item == y->item && x->sip.nfields == y->sip.nfields && x->sip.npieces == y->sip.npieces);
  for (size_t i = 0; i < x->sip.nfields; i++)
    HOLDS(x->sip.fields[i].id == y->sip.fields[i].id && cpm_str_eq(x->sip.fields[i].value, y->sip.fields[i].value));
}

static void drain(run *r, unsigned crash) {
  cpm_effect x, y;
  for (unsigned i = 0;; i++) {
    const size_t need = cpm_proc_need(r->proc);
    char *const buf = malloc(need ? need : 1), *const other = malloc(need ? need : 1);
    HOLDS(buf && other);
    const int rc = cpm_proc_effect(r->proc, &r->agent, buf, need, &x);
    HOLDS(rc == CPM_OK || rc == CPM_END);
    if (rc == CPM_OK) {
      if (x.kind == CPM_EFFECT_SEND || x.kind == CPM_EFFECT_REPLY) message(&x);
      if (x.kind == CPM_EFFECT_PUSH) pushed(&x);
      if (crash >> (i % 8) & 1u) move(r);
      HOLDS(cpm_proc_effect(r->proc, &r->agent, other, need, &y) == CPM_OK);
      same_effect(&x, &y);
      cpm_proc_did(r->proc);
      HOLDS(cpm_proc_check(r->proc, r->size, NULL) == CPM_OK);
    }
    free(buf);
    free(other);
    if (rc == CPM_END) return;
  }
}

/* ---- dispatching -------------------------------------------------------------------------------------------------- */

static const char *const dispatchers[] = { "client/dispatch", "pf/dispatch", "cf/dispatch" };

/* What the effects of the machine that dispatches say is what the function said. */
static void dispatched_is(const cpm_dispatched *d, const cpm_event *e, const cpm_agent *agent) {
  char room[8192], buf[8192];
  const cpm_machine *const m = cpm_machine_named(dispatchers[agent->role]);
  cpm_proc *const p = malloc(sizeof room);
  const char *procedure = NULL;
  unsigned answer = 0, code = 0;
  cpm_effect x;
  HOLDS(p && cpm_proc_init(p, sizeof room, m, agent, NULL) == CPM_OK);
  const int rc = cpm_proc_step(p, agent, e, NULL);
  HOLDS(rc == CPM_OK || rc == CPM_IGNORED);
  while (cpm_proc_effect(p, agent, (char *)((uintptr_t)(buf + 7) & ~(uintptr_t)7), sizeof buf - 8, &x) == CPM_OK) {
    if (x.kind == CPM_EFFECT_ENTER) procedure = x.name;
    if (x.kind == CPM_EFFECT_ENTER) code = x.code;
    if (x.kind == CPM_EFFECT_REPLY) answer = x.code;
    cpm_proc_did(p);
  }
  HOLDS((procedure == NULL) == (d->procedure == NULL) && (!procedure || strcmp(procedure, d->procedure) == 0));
  HOLDS(d->machine == (procedure ? cpm_machine_named(procedure) : NULL));
  HOLDS(d->answer == (procedure ? d->machine ? 0 : code : answer));
  HOLDS(!d->allow || d->answer == 405);
  free(p);
}

static void dispatch(const run *r, const cpm_event *e, unsigned how) {
  cpm_dispatched d, twin;
  cpm_agent agent = r->agent;
  agent.role = (cpm_role)(how % 3);
  if (e->sip && !e->sip->status) {
    cpm_event plain;
    cpm_event_init(&plain, cpm_event_of_request(e->sip->method));
    plain.sip = e->sip;
    HOLDS(cpm_dispatch(&d, e->sip, &agent) == CPM_OK && cpm_dispatch(&twin, e->sip, &agent) == CPM_OK);
    HOLDS(d.procedure == twin.procedure && d.answer == twin.answer && d.clauses == twin.clauses && d.allow == twin.allow);
    dispatched_is(&d, &plain, &agent);
  }
  agent.role = CPM_ROLE_CLIENT;
  const unsigned intent = how % (CPM_INTENT_COUNT + 1), target = how / 16 % (CPM_TARGET_COUNT + 1);
  const int rc = cpm_dispatch_intent(&d, intent, target, &agent);
  const bool fits = intent > 0 && intent < CPM_INTENT_COUNT && target < CPM_TARGET_COUNT;
  HOLDS(rc == (fits ? CPM_OK : CPM_E_ARG) && (rc != CPM_OK || d.answer == 0));
}

/* ---- a run -------------------------------------------------------------------------------------------------------- */

static void init(run *r, tape *t) {
  size_t n = 0;
  while (cpm_machine_at(n)) n++;
  r->m = cpm_machine_at(take(t) % n);
  const unsigned how = take(t), room = take(t), more = take(t);
  cpm_agent_init(&r->agent, (cpm_role)r->m->role);
  r->agent.address = cpm_str_z("sip:me@example.com");
  r->agent.user_agent = r->agent.server = cpm_str_z("CPM-serv/OMA2.2");
  r->agent.host = cpm_str_z("me.example.com");
  r->agent.accept = cpm_str_z("message/cpim, text/plain, multipart/mixed, application/sdp");
  r->agent.cf_uri = cpm_str_z("sip:cf@example.com");
  r->agent.exploder_uri = cpm_str_z("sip:many@example.com");
  r->agent.media_address = cpm_str_z("192.0.2.33");
  r->agent.chunk_size = 64;
  if (how & 1) r->agent.isf_uri = cpm_str_z("sip:isf@example.com");
  if (how & 2) r->agent.gruu = cpm_str_z("sip:me@example.com;gr=1");
  if (how & 4) r->agent.error_uri = cpm_str_z("sip:error@example.com");
  if (how & 8) r->agent.release = 10;
  if (how & 16) r->agent.min_release = 20;
  if (how & 32) r->agent.max_recipients = 2;
  if (how & 64) r->agent.accept_wrapped = cpm_str_z("text/*");
  if (more & 1) r->agent.message_store = 1;
  if (more & 2) r->agent.interworking_function = 1;
  if (more & 4) r->agent.use_imdn = 0;
  if (more & 8) r->agent.use_cpim = 0;
  if (more & 16) r->agent.send_displayed = 0;
  if (more & 32) r->agent.deferred_uri = cpm_str_z("sip:deferred@example.com");
  r->size = cpm_proc_size(r->m, room * 16u, how & 128 ? 6 : 0);
  r->proc = malloc(r->size);
  HOLDS(r->proc && cpm_proc_init(r->proc, r->size, r->m, &r->agent, NULL) == CPM_OK);
  if (how & 128) events_legs(r->proc, r->m, more);
}

/* False: no machine, or an agent or a block that can be none. */
static bool flow_started(run *r, flow *f) {
  cpm_str name = cpm_str_none();
  char text[64] = "";
  uint64_t room = 0;
  flow_text(f, &name);
  if (name.p && name.n < sizeof text) memcpy(text, name.p, name.n);
  r->m = cpm_machine_named(text);
  if (!r->m) return false;
  cpm_agent_init(&r->agent, (cpm_role)r->m->role);
  flow_agent(f, &r->agent);
  flow_number(f, &room);
  r->size = room <= FLOW_MOST * 2u ? (size_t)room : 0;
  if (f->bad || r->size < cpm_proc_size(r->m, 0, 0)) return false;
  r->proc = malloc(r->size);
  HOLDS(r->proc);
  if (cpm_proc_init(r->proc, r->size, r->m, &r->agent, NULL) == CPM_OK) return true;
  free(r->proc);
  return false;
}

static void flow_run(flow *f) {
  static flow_event x;
  static made other;
  run r;
  if (!flow_started(&r, f)) return;
  for (unsigned i = 0; i < STEPS && f->n && !f->bad; i++) {
    uint8_t crash = 0;
    flow_octet(f, &crash);
    memset(&x, 0, sizeof x);
    if (crash & 1) {
      tape t = { f->p, f->n };
      make_event(&other, &r, &t);
      f->p = t.p;
      f->n = t.n;
    } else flow_take(f, &x);
    if (!f->bad && step(&r, crash & 1 ? &other.e : &x.e)) drain(&r, crash);
  }
  free(r.proc);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  tape t = { data, size };
  run r;
  made x;
  if (size && data[0] == FLOW_MARK) {
    flow_run(&(flow){ .p = data + 1, .n = size - 1 });
    return 0;
  }
  init(&r, &t);
  for (unsigned i = 0; i < STEPS && t.n; i++) {
    const unsigned crash = take(&t);
    make_event(&x, &r, &t);
    if (crash & 1) dispatch(&r, &x.e, crash / 2);
    if (step(&r, &x.e)) drain(&r, crash);
  }
  free(r.proc);
  return 0;
}
