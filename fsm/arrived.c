/* SPDX-License-Identifier: MIT */
/* arrived.c - what has come of a message in chunks: whether a SEND belongs to it, and where. Content stays the host's. */
#include "engine.h"
#include "cpm/sdp.h"
#include <stddef.h>
#include <string.h>

typedef struct arrived_head { uint64_t total; uint32_t nspans, nid; char id[CPM_MSRP_ID_MAX]; } arrived_head;

/* ---- the record ---------------------------------------------------------------------------------------------------- */

/* Runs in order and apart from each other, as cpm_msrp_join leaves them. */
static bool arrived_in_order(const cpm_msrp_span *spans, size_t n) {
  for (size_t i = 0; i < n; i++) {
    const bool behind = i == 0 || spans[i].from > spans[i - 1].to;
    if (!behind || spans[i].from >= spans[i].to || !cpmi_is_run(spans[i].to, 0)) return false;
  }
  return true;
}

static bool arrived_read(cpmi_arrived *a, cpm_str record) {
  arrived_head h;
  memset(a, 0, sizeof *a);
  if (record.n < sizeof h) return false;
  memcpy(&h, record.p, sizeof h);
  if (h.nspans > CPMI_SPANS || record.n != sizeof h + h.nspans * sizeof *a->spans || h.nid == 0 || h.nid > CPM_MSRP_ID_MAX) return false;
  memcpy(a->spans, record.p + sizeof h, h.nspans * sizeof *a->spans);
  if (!arrived_in_order(a->spans, h.nspans) || (h.total != CPM_MSRP_ANY && !cpmi_is_run(h.total, 0))) return false;
  cpm_msrp_incoming *const m = &a->message;
  *m = (cpm_msrp_incoming){ .total = h.total, .nspans = h.nspans, .open = true, .nid = (uint8_t)h.nid };
  m->size = h.nspans ? a->spans[h.nspans - 1].to : 0;
  memcpy(m->id, h.id, sizeof h.id);
  return true;
}

bool cpmi_is_spans(cpm_str record) {
  cpmi_arrived a;
  return arrived_read(&a, record);
}

uint64_t cpmi_octets_of(cpm_str record) {
  cpmi_arrived a;
  uint64_t n = 0;
  if (!arrived_read(&a, record)) return 0;
  for (size_t i = 0; i < a.message.nspans; i++) n += a.spans[i].to - a.spans[i].from;
  return n;
}

uint64_t cpmi_leading_octets(cpm_str record) {
  cpmi_arrived a;
  return arrived_read(&a, record) && a.message.nspans && a.spans[0].from == 0 ? a.spans[0].to : 0;
}

/* ---- a chunk ------------------------------------------------------------------------------------------------------- */

/* The chunk with what a host may leave out: without Byte-Range it starts at 1, without a flag more may follow. */
static cpm_msrp arrived_chunk(const cpm_event *e) {
  static const cpm_msrp_range open = { 1, CPM_MSRP_ANY, CPM_MSRP_ANY };
  cpm_msrp m = *e->msrp;
  if (!m.has_range) m.range = open;
  m.body = m.body || e->len;
  if (m.flag != '$' && m.flag != '#') m.flag = '+';
  return m;
}

/* May so much come? What was offered, else what the agent takes. */
static uint64_t arrived_limit(const cpmi_env *v) {
  const uint64_t size = (uint64_t)cpmi_number(v->p, v->m, v->leg, CPM_FIELD_size);
  return size ? size : v->a->media_limit;
}

static unsigned arrived_error(int rc) {
  switch (rc) {
  case CPM_E_TOO_MANY: return CPM_CHUNK_IS_second;
  case CPM_E_TOO_LONG: return CPM_CHUNK_IS_excessive;
  default:             return CPM_CHUNK_IS_broken;
  }
}

static bool arrived_here(const cpmi_arrived *a, uint64_t from, uint64_t n) {
  for (size_t i = 0; i < a->message.nspans; i++)
    if (n && from >= a->spans[i].from && from < a->spans[i].to && n <= a->spans[i].to - from) return true;
  return false;
}

static bool arrived_is_whole(const cpmi_arrived *a) {
  return a->message.open && a->message.nspans == 1 && a->spans[0].from == 0 && a->spans[0].to == a->message.total;
}

/* Puts the chunk where it belongs. */
static unsigned arrived_join(cpmi_arrived *a, const cpm_msrp *m, uint64_t n, uint64_t limit) {
  const cpm_opts opts = { .max_body = limit };
  cpm_msrp_join j = { .messages = &a->message, .nmessages = 1, .spans = a->spans, .nspans = CPMI_SPANS, .max_memory = limit };
  const cpm_msrp_incoming *const was = &a->message;
  const bool again = was->open && arrived_here(a, m->range.start - 1, n), whole = arrived_is_whole(a);
  size_t index = 0;
  uint64_t off;
  if (was->open) j.memory = was->total != CPM_MSRP_ANY && was->total > was->size ? was->total : was->size;
  int rc = cpm_msrp_join_head(&j, &index, 0, m, &opts, NULL);
  if (rc) return arrived_error(rc);
  rc = cpm_msrp_join_body(&j, index, n, &off, &opts, NULL);
  if (rc) return CPM_CHUNK_IS_excessive;
  rc = cpm_msrp_join_end(&j, index, m->flag, NULL, NULL, &opts, NULL);
  a->message.open = true;
  if (rc == CPM_END) return CPM_CHUNK_IS_aborted;
  if (again && (rc != CPM_OK || whole)) return CPM_CHUNK_IS_again;
  return rc == CPM_OK ? CPM_CHUNK_IS_whole : CPM_CHUNK_IS_more;
}

/* What has come before. Of a file that is taken up again the octets that were there, as if they had come under this Message-ID. */
static bool arrived_before(cpmi_arrived *a, const cpmi_env *v, const cpm_msrp *m) {
  if (arrived_read(a, cpmi_text(v->p, v->m, v->leg, CPM_FIELD_arrived))) return true;
  const uint64_t start = (uint64_t)cpmi_number(v->p, v->m, v->leg, CPM_FIELD_range_start);
  if (start < 2 || !cpmi_is_run(start, 0) || !m->message_id.n || m->message_id.n > CPM_MSRP_ID_MAX) return false;
  a->message = (cpm_msrp_incoming){ .total = m->range.total, .size = start - 1, .nspans = 1, .open = true, .nid = (uint8_t)m->message_id.n };
  memcpy(a->message.id, m->message_id.p, m->message_id.n);
  a->spans[0] = (cpm_msrp_span){ 0, start - 1 };
  return false;
}

/* ---- of this session? ---------------------------------------------------------------------------------------------- */

/* A peer without CEMA may stand behind a middlebox that writes paths of its own: there session-ids count (RFC 6714 6), at a function if it is to (S3-8.2.6-2). What the host has
 * left out it has looked at. Our relays have put themselves in front (RFC 4976 6.4); which ones, cpm_msrp_in_session looks at. */
static bool arrived_strays(const cpmi_env *v, const cpm_msrp *m) {
  const bool legacy = v->m->role == CPM_ROLE_CLIENT || v->a->msrp_interop;
  const cpm_msrp_matching how = !legacy || cpmi_is_set(v->p, v->m, v->leg, CPM_FIELD_peer_cema) ? CPM_MSRP_STRICT : CPM_MSRP_SESSION;
  const cpm_str path = cpmi_text(v->p, v->m, v->leg, CPM_FIELD_path);
  char session[CPMI_SESSION_ID];
  cpm_msrp_uri own, to;
  if (!m->to_path.p) return false;
  if (!cpmi_own_uri(v, &own, session) || cpm_msrp_uri_decode(&to, m->to_path, NULL, NULL) || !cpm_msrp_uri_equal(&to, &own, how)) return true;
  cpm_str from = m->from_path;
  for (size_t i = cpm_msrp_path_count(v->a->media_relays); i && from.p && how == CPM_MSRP_STRICT; i--) cpm_msrp_path_next(&from, &to, NULL, NULL, NULL);
  return from.p && !cpm_msrp_path_equal(from, path, how);
}

int64_t cpmi_chunk_is(cpmi_arrived *a, const cpmi_env *v, const cpm_event *e, cpm_str type) {
  if (!e->msrp) return CPM_CHUNK_IS_broken;
  const cpm_msrp m = arrived_chunk(e);
  const bool begun = arrived_before(a, v, &m);
  const uint64_t limit = arrived_limit(v);
  if (arrived_strays(v, &m)) return CPM_CHUNK_IS_stray;
  if (!begun && m.flag == '#') return CPM_CHUNK_IS_aborted;   /* before anything of it came */
  if (m.range.total == 0 || (!m.body && !begun)) return CPM_CHUNK_IS_binding;
  if (m.content_type.p && !cpm_sdp_types_take(type, m.content_type)) return CPM_CHUNK_IS_mistyped;
  return limit ? arrived_join(a, &m, e->len, limit) : CPM_CHUNK_IS_excessive;
}

/* Runs that are joined take less: what is left of the record is given back when texts are put together. */
int cpmi_set_arrived(cpm_proc *p, const cpm_machine *m, uint32_t leg, cpm_field f, const cpmi_arrived *a, cpm_diag *diag) {
  const arrived_head h = { a->message.total, (uint32_t)a->message.nspans, a->message.nid, { 0 } };
  const size_t n = sizeof h + h.nspans * sizeof *a->spans;
  char *dst = cpmi_room(p, m, leg, f, n);
  if (!dst) return cpmi_no_room(p, n, diag);
  memcpy(dst, &h, sizeof h);
  memcpy(dst + offsetof(arrived_head, id), a->message.id, a->message.nid);
  memcpy(dst + sizeof h, a->spans, h.nspans * sizeof *a->spans);
  return CPM_OK;
}
