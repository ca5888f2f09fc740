/* SPDX-License-Identifier: MIT */
/* flow.h - a procedure's run as octets: machine, agent, size of the block, events. The fuzzer of machines reads it, and the scenarios of the tests
 * write theirs (test_scenarios --seeds), so that it begins where they end. One function for each type does both: it reads or writes. */
#ifndef FUZZ_FLOW_H
#define FUZZ_FLOW_H

#include "cpm/cpm.h"
#include <string.h>

enum { FLOW_MARK = 0xfa, FLOW_FIELDS = 48, FLOW_ARGS = 48, FLOW_MEMBERS = 32, FLOW_MOST = 32768 };   /* octets of a flow that is written */

typedef struct flow {
  uint8_t       *to;      /* writing: FLOW_MOST octets; NULL: reading */
  const uint8_t *p;       /* reading: what is left */
  size_t         n;       /* octets left, or written */
  bool           bad;     /* it is too short, or was too long */
} flow;

typedef struct flow_event {
  cpm_event      e;
  cpm_sip        sip;
  cpm_sip_field  fields[FLOW_FIELDS];
  cpm_msrp       msrp;
  cpm_arg        args[FLOW_ARGS];
  cpm_entry      members[FLOW_MEMBERS];
  cpm_file       files[CPM_FILES_MAX];
} flow_event;

static inline void flow_octet(flow *f, uint8_t *v) {
  if (f->bad || (f->to ? f->n == FLOW_MOST : f->n == 0)) { f->bad = true; *v = f->to ? *v : 0; return; }
  if (f->to) f->to[f->n++] = *v;
  else *v = *f->p++, f->n--;
}

/* Seven bits an octet, the lowest first. */
static inline void flow_number(flow *f, uint64_t *v) {
  uint64_t rest = *v, got = 0;
  uint8_t octet = 0x80;
  for (unsigned shift = 0; shift < 64 && octet & 0x80; shift += 7) {
    octet = (uint8_t)(rest & 0x7f);
    rest >>= 7;
    if (f->to && rest) octet |= 0x80;
    flow_octet(f, &octet);
    got |= (uint64_t)(octet & 0x7f) << shift;
  }
  if (!f->to) *v = got;
}

#define FLOW_NUMBER(f, lvalue, type) \
  do { \
    uint64_t number_ = (uint64_t)(lvalue); \
    flow_number(f, &number_); \
    (lvalue) = (type)number_; \
  } while (0)

static inline void flow_bool(flow *f, bool *v) {
  uint8_t octet = *v;
  flow_octet(f, &octet);
  *v = octet & 1;
}

/* Borrowed of the input; absent is 0. */
static inline void flow_text(flow *f, cpm_str *s) {
  uint64_t n = s->p ? s->n + 1 : 0;
  flow_number(f, &n);
  if (f->to) {
    for (size_t i = 0; i + 1 < n && !f->bad; i++) {
      uint8_t octet = (uint8_t)s->p[i];
      flow_octet(f, &octet);
    }
    return;
  }
  if (n > f->n + 1) f->bad = true;
  *s = f->bad || n == 0 ? cpm_str_none() : cpm_str_of((const char *)f->p, (size_t)n - 1);
  if (s->p) f->p += s->n, f->n -= s->n;
}

/* How many there are: of an array of `most`. */
static inline void flow_count(flow *f, size_t *n, size_t most) {
  FLOW_NUMBER(f, *n, size_t);
  if (*n > most) f->bad = true;
  if (f->bad && !f->to) *n = 0;
}

static inline void flow_agent(flow *f, cpm_agent *a) {
#define FLOW_AGENT_TEXT(name, doc) flow_text(f, &a->name);
  CPM_AGENT_TEXTS(FLOW_AGENT_TEXT)
#undef FLOW_AGENT_TEXT
#define FLOW_AGENT_NUMBER(name, value, min, max, doc) flow_number(f, &a->name);
  CPM_AGENT_NUMBERS(FLOW_AGENT_NUMBER)
#undef FLOW_AGENT_NUMBER
}

/* What a flow begins with; only written: the fuzzer reads it with what it checks between. */
static inline void flow_begin(flow *f, const char *machine, const cpm_agent *agent, uint64_t room) {
  uint8_t mark = FLOW_MARK;
  cpm_str name = cpm_str_z(machine);
  cpm_agent a = *agent;
  flow_octet(f, &mark);
  flow_text(f, &name);
  flow_agent(f, &a);
  flow_number(f, &room);
}

static inline void flow_sip(flow *f, cpm_sip *m, cpm_sip_field *fields) {
  FLOW_NUMBER(f, m->status, unsigned);
  FLOW_NUMBER(f, m->method, cpm_sip_method);
  if (m->method >= CPM_METHOD_COUNT) m->method = CPM_METHOD_UNKNOWN;
  flow_text(f, &m->method_name);
  flow_text(f, &m->request_uri);
  flow_text(f, &m->body);
  flow_count(f, &m->nfields, FLOW_FIELDS);
  for (size_t i = 0; i < m->nfields; i++) {
    cpm_sip_field *x = f->to ? &m->fields[i] : &fields[i];
    FLOW_NUMBER(f, x->id, cpm_sip_header);
    if (x->id >= CPM_SIP_HEADER_COUNT) x->id = CPM_SIP_UNKNOWN;
    flow_text(f, &x->name);
    flow_text(f, &x->value);
  }
  if (f->to) return;
  m->fields = fields;
  m->cap = FLOW_FIELDS;
}

static inline void flow_msrp(flow *f, cpm_msrp *m) {
  FLOW_NUMBER(f, m->status, unsigned);
  FLOW_NUMBER(f, m->method, cpm_msrp_method);
  if (m->method >= CPM_MSRP_METHOD_COUNT) m->method = CPM_MSRP_SEND;
  flow_text(f, &m->to_path);
  flow_text(f, &m->from_path);
  flow_text(f, &m->message_id);
  flow_bool(f, &m->has_range);
  flow_number(f, &m->range.start);
  flow_number(f, &m->range.end);
  flow_number(f, &m->range.total);
  flow_bool(f, &m->success_report);
  FLOW_NUMBER(f, m->failure_report, cpm_msrp_failure);
  FLOW_NUMBER(f, m->report_status, unsigned);
  flow_bool(f, &m->body);
  flow_text(f, &m->content_type);
  FLOW_NUMBER(f, m->flag, char);
}

static inline void flow_arg(flow *f, cpm_arg *a) {
  FLOW_NUMBER(f, a->field, cpm_field);
  flow_text(f, &a->text);
  FLOW_NUMBER(f, a->number, int64_t);
  flow_number(f, &a->item);
  flow_number(f, &a->off);
  flow_number(f, &a->len);
}

static inline void flow_entry(flow *f, cpm_entry *e) {
  flow_text(f, &e->uri);
  FLOW_NUMBER(f, e->copy_control, cpm_copy_control);
  flow_bool(f, &e->anonymize);
}

static inline void flow_file(flow *f, cpm_file *x) {
  flow_bool(f, &x->pull);
  flow_text(f, &x->selector.name);
  flow_text(f, &x->selector.type);
  flow_bool(f, &x->selector.has_size);
  flow_number(f, &x->selector.size);
  flow_text(f, &x->selector.hashes);
  flow_text(f, &x->transfer_id);
  flow_text(f, &x->disposition);
  flow_text(f, &x->date);
  flow_text(f, &x->icon);
  flow_number(f, &x->from);
  flow_number(f, &x->item);
}

/* x->e is what is written; of what is read, all that it names lies in x or in the input. */
static inline void flow_take(flow *f, flow_event *x) {
  cpm_event *e = &x->e;
  bool sip = e->sip != NULL, msrp = e->msrp != NULL;
  FLOW_NUMBER(f, e->type, cpm_event_type);
  FLOW_NUMBER(f, e->leg, uint32_t);
  FLOW_NUMBER(f, e->from, uint32_t);
  flow_number(f, &e->txn);
  FLOW_NUMBER(f, e->now, int64_t);
  flow_text(f, &e->random);
  flow_number(f, &e->item);
  flow_number(f, &e->len);
  flow_number(f, &e->dialog);
  flow_text(f, &e->head);
  flow_bool(f, &sip);
  flow_bool(f, &msrp);
  if (f->to && sip) x->sip = *e->sip;
  if (f->to && msrp) x->msrp = *e->msrp;
  if (sip) flow_sip(f, &x->sip, x->fields);
  if (msrp) flow_msrp(f, &x->msrp);
  flow_count(f, &e->nargs, FLOW_ARGS);
  for (size_t i = 0; i < e->nargs && i < FLOW_ARGS; i++) {
    if (f->to) x->args[i] = e->args[i];
    flow_arg(f, &x->args[i]);
  }
  flow_count(f, &e->nmembers, FLOW_MEMBERS);
  for (size_t i = 0; i < e->nmembers && i < FLOW_MEMBERS; i++) {
    if (f->to) x->members[i] = e->members[i];
    flow_entry(f, &x->members[i]);
  }
  flow_count(f, &e->nfiles, CPM_FILES_MAX);
  for (size_t i = 0; i < e->nfiles && i < CPM_FILES_MAX; i++) {
    if (f->to) x->files[i] = e->files[i];
    flow_file(f, &x->files[i]);
  }
  e->sip = sip ? &x->sip : NULL;
  e->msrp = msrp ? &x->msrp : NULL;
  e->args = x->args;
  e->members = x->members;
  e->files = x->files;
}

#endif
