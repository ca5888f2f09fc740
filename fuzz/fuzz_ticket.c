/* SPDX-License-Identifier: MIT */
/* fuzz_ticket.c - holds, whatever bytes a ticket is made of: what cpm_ticket_decode gives lies in the input, and none of it is refused as
 * an arg: client/disposition takes it with each of its events, or says that something is missing. What is then sent can be written
 * and read back. A ticket of that block says the same as the first one, with what was reported; it is read, taken and written again
 * byte for byte, and a buffer that is too small is not overrun. */
#include "cpm/cpm.h"
#include "fuzz.h"


typedef struct ticket {
  cpm_arg args[CPM_TICKET_ARGS + 1]; /* one more: legacy */
  size_t n;
} ticket;
typedef struct run {
  cpm_proc *proc;
  size_t size;
  const cpm_agent *agent;
} run;

static void make_agent(cpm_agent *a) {
  cpm_agent_init(a, CPM_ROLE_CLIENT);
  a->address = cpm_str_z("sip:me@example.com");
  a->user_agent = a->server = cpm_str_z("CPM-client/OMA2.2");
  a->host = cpm_str_z("me.example.com");
  a->accept = cpm_str_z("message/cpim, text/plain");
  a->interworking_function = 1;
}

/* ---- what was decoded ---------------------------------------------------------------------------------------------- */

static const cpm_arg *find(const ticket *t, cpm_field field) {
  for (size_t i = 0; i < t->n; i++)
    if (t->args[i].field == field) return &t->args[i];
  return NULL;
}

static bool decode(ticket *t, cpm_str in) {
  t->n = 0;
  if (cpm_ticket_decode(t->args, &t->n, in, NULL) != CPM_OK) return false;
  HOLDS(t->n >= 1 && t->n <= CPM_TICKET_ARGS && find(t, CPM_FIELD_message_id));
  for (size_t i = 0; i < t->n; i++) {
    inside(t->args[i].text, in);
    HOLDS(find(t, t->args[i].field) == &t->args[i]);
  }
  return true;
}

static bool same_arg(const cpm_arg *a, const cpm_arg *b) {
  return (a->text.p != NULL) == (b->text.p != NULL) && a->number == b->number && (!a->text.p || cpm_str_eq(a->text, b->text));
}

/* b says what a says, but for what was reported. */
static void same_but_reported(const ticket *a, const ticket *b) {
  for (size_t i = 0; i < a->n; i++) {
    const cpm_arg *other = find(b, a->args[i].field);
    HOLDS(other);
    if (a->args[i].field != CPM_FIELD_reported) HOLDS(same_arg(&a->args[i], other));
  }
  for (size_t i = 0; i < b->n; i++) HOLDS(b->args[i].field == CPM_FIELD_reported || find(a, b->args[i].field));
}

/* ---- a procedure that takes it ------------------------------------------------------------------------------------- */

static void start(run *r, const cpm_agent *a) {
  const cpm_machine *const m = cpm_machine_named("client/disposition");
  r->agent = a;
  r->size = cpm_proc_size(m, 2 * CPM_TICKET_MAX, 0);
  r->proc = malloc(r->size);
  HOLDS(r->proc && cpm_proc_init(r->proc, r->size, m, a, NULL) == CPM_OK);
}

static int step(run *r, const ticket *t, cpm_event_type type) {
  static const char random[] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
  cpm_event e;
  cpm_event_init(&e, type);
  e.random = cpm_str_of(random, CPM_RANDOM_NEED);
  e.now = INT64_C(1601179345941);
  e.args = t->args;
  e.nargs = t->n;
  return cpm_proc_step(r->proc, r->agent, &e, NULL);
}

/* Written, read, written again. */
static void message(const cpm_sip *out) {
  cpm_sip_field fields[64];
  cpm_sip in = CPM_SIP_ROOM(fields);
  size_t n = 0, again = 0;
  HOLDS(cpm_sip_encode(NULL, 0, &n, out, NULL) == CPM_OK);
  char *const a = malloc(n), *const b = malloc(n);
  HOLDS(a && b && cpm_sip_encode(a, n, &n, out, NULL) == CPM_OK);
  HOLDS(cpm_sip_decode(&in, cpm_str_of(a, n), NULL, NULL) == CPM_OK && in.quirks == 0);
  HOLDS(cpm_sip_encode(b, n, &again, &in, NULL) == CPM_OK && again == n && memcmp(a, b, n) == 0);
  free(a);
  free(b);
}

static void drain(run *r) {
  cpm_effect x;
  for (bool more = true; more;) {
    const size_t need = cpm_proc_need(r->proc);
    char *const buf = malloc(need ? need : 1);
    HOLDS(buf);
    const int rc = cpm_proc_effect(r->proc, r->agent, buf, need, &x);
    HOLDS(rc == CPM_OK || rc == CPM_END);
    if (rc == CPM_OK && x.kind == CPM_EFFECT_SEND) message(&x.sip);
    if (rc == CPM_OK) cpm_proc_did(r->proc);
    more = rc == CPM_OK;
    free(buf);
  }
  HOLDS(cpm_proc_check(r->proc, r->size, NULL) == CPM_OK);
}

/* ---- the ticket of that procedure ---------------------------------------------------------------------------------- */

/* Caller frees. NULL: there is none. */
static char *encode(const run *r, size_t *n) {
  size_t need = 0;
  const int rc = cpm_ticket_encode(NULL, 0, &need, r->proc, NULL);
  HOLDS(rc == CPM_OK || rc == CPM_E_MISSING || rc == CPM_E_TOO_LONG);
  if (rc != CPM_OK) return NULL;
  HOLDS(need <= CPM_TICKET_MAX);
  for (size_t cap = 0; cap < need; cap += 1 + cap / 8) {
    char *const small = malloc(cap ? cap : 1);
    HOLDS(small && cpm_ticket_encode(small, cap, n, r->proc, NULL) == CPM_E_SPACE && *n == need);
    free(small);
  }
  char *const out = malloc(need);
  HOLDS(out && cpm_ticket_encode(out, need, n, r->proc, NULL) == CPM_OK && *n == need);
  return out;
}

/* Taken again, it is written as it was: what was displayed before is not reported, and nothing changes. */
static void again(const cpm_agent *a, const ticket *t, cpm_str before) {
  run r;
  size_t n = 0;
  start(&r, a);
  ticket shown = *t;
  const cpm_arg *reported = find(&shown, CPM_FIELD_reported);
  const bool still = reported && reported->number == CPM_REPORTED_displayed;
  if (still && step(&r, &shown, CPM_EVENT_displayed) == CPM_OK) {
    char *const after = encode(&r, &n);
    HOLDS(after && n == before.n && memcmp(after, before.p, n) == 0);
    free(after);
  }
  free(r.proc);
}

/* legacy, an arg of `interworked`, is no part of a ticket. */
static void take(const cpm_agent *a, const ticket *t, cpm_event_type type, unsigned legacy) {
  run r;
  ticket given = *t, second;
  size_t n = 0;
  if (legacy) given.args[given.n++] = (cpm_arg){ .field = CPM_FIELD_legacy, .number = legacy };
  start(&r, a);
  const int rc = step(&r, &given, type);
  HOLDS(rc == CPM_OK || rc == CPM_E_MISSING);
  if (rc == CPM_OK) {
    drain(&r);
    char *const out = encode(&r, &n);
    if (out) {
      HOLDS(decode(&second, cpm_str_of(out, n)));
      same_but_reported(t, &second);
      again(a, &second, cpm_str_of(out, n));
    }
    free(out);
  }
  free(r.proc);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  cpm_agent a;
  ticket t;
  char *const in = malloc(size ? size : 1);
  HOLDS(in);
  if (size) memcpy(in, data, size);
  make_agent(&a);
  if (decode(&t, cpm_str_of(in, size))) {
    take(&a, &t, CPM_EVENT_displayed, 0);
    take(&a, &t, CPM_EVENT_undeliverable, 0);
    take(&a, &t, CPM_EVENT_interworked, CPM_LEGACY_sms);
    take(&a, &t, CPM_EVENT_interworked, CPM_LEGACY_mms);
    a.use_imdn = 0;
    take(&a, &t, CPM_EVENT_displayed, 0);
  }
  free(in);
  return 0;
}
