/* SPDX-License-Identifier: MIT */
/* msrp_join.c - where the octets of chunks belong, and when a message is whole (RFC 4975 5.1, 7.3.1). */
#include "msrp.h"
#include <string.h>

static size_t join_spans_each(const cpm_msrp_join *j) { return j->nmessages ? j->nspans / j->nmessages : 0; }
static cpm_msrp_span *join_spans_of(const cpm_msrp_join *j, size_t index) { return j->spans + index * join_spans_each(j); }

/* What a message counts for: all that it says it will be, or what it spans so far. */
static uint64_t join_weight(const cpm_msrp_incoming *m) { return m->total != CPM_MSRP_ANY && m->total > m->size ? m->total : m->size; }

static uint64_t join_max(const cpm_opts *opts) { return opts && opts->max_body ? opts->max_body : CPM_LIMIT_BODY; }

/* May the message grow to this weight? It counts for it then. */
static bool join_grow(cpm_msrp_join *j, uint64_t from, uint64_t to, const cpm_opts *opts) {
  const uint64_t all = j->max_memory ? j->max_memory : CPM_LIMIT_BODY;
  if (to > join_max(opts) || (to > from && (j->memory > all || to - from > all - j->memory))) return false;
  j->memory = j->memory - from + to;
  return true;
}

static size_t join_find(const cpm_msrp_join *j, uint64_t session, cpm_str id) {
  for (size_t i = 0; i < j->nmessages; i++) {
    const cpm_msrp_incoming *const m = &j->messages[i];
    if (m->open && m->session == session && cpm_str_eq(cpm_str_of(m->id, m->nid), id)) return i;
  }
  return j->nmessages;
}

static size_t join_free_place(const cpm_msrp_join *j) {
  size_t i = 0;
  while (i < j->nmessages && j->messages[i].open) i++;
  return i;
}

static void join_begin(cpm_msrp_incoming *m, const cpm_msrp_range *range) {
  m->chunk = true;
  m->start = m->at = range->start - 1;
  m->end = range->end;
  m->chunk_total = range->total;
}

/* Another chunk of a message that is open. */
static int join_go_on(cpm_msrp_join *j, cpm_msrp_incoming *m, const cpm_msrp_range *range, const cpm_opts *opts, cpm_diag *diag) {
  const uint64_t weight = join_weight(m), total = range->total;
  if (m->chunk) return cpmi_fail(diag, CPM_E_BUSY, 0, "Message-ID", "RFC 4975 7.3.1");
  if (total == CPM_MSRP_ANY) return CPM_OK;
  if (m->total != CPM_MSRP_ANY ? m->total != total : m->size > total) return cpmi_fail(diag, CPM_E_MISMATCH, 0, "Byte-Range", "RFC 4975 7.1.1");
  if (!join_grow(j, weight, total > weight ? total : weight, opts)) return cpmi_fail(diag, CPM_E_TOO_LONG, 0, "Byte-Range", NULL);
  m->total = total;
  return CPM_OK;
}

int cpm_msrp_join_head(cpm_msrp_join *j, size_t *index, uint64_t session, const cpm_msrp *head, const cpm_opts *opts, cpm_diag *diag) {
  const cpm_msrp_range *const range = &head->range;
  if (!index || (j->nmessages && (!j->messages || !j->spans || !join_spans_each(j)))) return cpmi_fail(diag, CPM_E_ARG, 0, "messages", NULL);
  if (head->status || head->method != CPM_MSRP_SEND || !head->message_id.n || head->message_id.n > CPM_MSRP_ID_MAX || range->start == 0)
    return cpmi_fail(diag, CPM_E_VALUE, 0, "SEND", "RFC 4975 7.3.1");
  if (range->start - 1 > join_max(opts)) return cpmi_fail(diag, CPM_E_TOO_LONG, 0, "Byte-Range", NULL);
  size_t at = join_find(j, session, head->message_id);
  if (at == j->nmessages && !head->body) return cpmi_fail(diag, CPM_E_VALUE, 0, "SEND", "RFC 4975 7.3.1");
  if (at < j->nmessages) {
    const int rc = join_go_on(j, &j->messages[at], range, opts, diag);
    if (rc) return rc;
  } else {
    at = join_free_place(j);
    if (at == j->nmessages) return cpmi_fail(diag, CPM_E_TOO_MANY, 0, "Message-ID", NULL);
    const uint64_t weight = range->total == CPM_MSRP_ANY ? 0 : range->total;
    if (!join_grow(j, 0, weight, opts)) return cpmi_fail(diag, CPM_E_TOO_LONG, 0, "Byte-Range", NULL);
    const cpm_msrp_incoming fresh = { .session = session, .total = range->total, .open = true, .nid = (uint8_t)head->message_id.n };
    j->messages[at] = fresh;
    memcpy(j->messages[at].id, head->message_id.p, head->message_id.n);
  }
  join_begin(&j->messages[at], range);
  *index = at;
  return CPM_OK;
}

/* The message whose chunk is open; NULL if there is none. */
static cpm_msrp_incoming *join_chunk(const cpm_msrp_join *j, size_t index) {
  return index < j->nmessages && j->messages[index].open && j->messages[index].chunk ? &j->messages[index] : NULL;
}

/* Adds [from, to) and joins what touches; false if there is no room. */
static bool join_add(cpm_msrp_span *spans, size_t *nspans, size_t cap, uint64_t from, uint64_t to) {
  size_t first = 0, last;
  while (first < *nspans && spans[first].to < from) first++;
  for (last = first; last < *nspans && spans[last].from <= to; last++) {
    if (spans[last].from < from) from = spans[last].from;
    if (spans[last].to > to) to = spans[last].to;
  }
  if (first == last && *nspans == cap) return false;
  memmove(spans + first + 1, spans + last, (*nspans - last) * sizeof *spans);
  *nspans = *nspans - (last - first) + 1;
  spans[first].from = from;
  spans[first].to = to;
  return true;
}

int cpm_msrp_join_body(cpm_msrp_join *j, size_t index, uint64_t n, uint64_t *off, const cpm_opts *opts, cpm_diag *diag) {
  cpm_msrp_incoming *const m = join_chunk(j, index);
  if (!m) return cpmi_fail(diag, CPM_E_ARG, 0, "chunk", NULL);
  *off = m->at;
  if (n == 0) return CPM_OK;
  const uint64_t weight = join_weight(m), to = n > CPM_MSRP_ANY - 1 - m->at ? CPM_MSRP_ANY : m->at + n;
  if (!join_grow(j, weight, to > weight ? to : weight, opts)) {
    cpm_msrp_join_drop(j, index);
    return cpmi_fail(diag, CPM_E_TOO_LONG, 0, "data", NULL);
  }
  if (to > m->size) m->size = to;
  if (!join_add(join_spans_of(j, index), &m->nspans, join_spans_each(j), m->at, to)) {
    cpm_msrp_join_drop(j, index);
    return cpmi_fail(diag, CPM_E_TOO_MANY, 0, "data", NULL);
  }
  m->at = to;
  return CPM_OK;
}

/* What the end of a chunk says of the message's total. The end-line counts, not the range: a chunk that claims to be the last one and
 * is shorter or longer than it said ends the message where it ended. */
static int join_settle(cpm_msrp_join *j, cpm_msrp_incoming *m, char flag, const cpm_opts *opts, cpm_diag *diag) {
  const bool off = m->end != CPM_MSRP_ANY && m->at != (m->end > m->start ? m->end : m->start);
  const bool beyond = m->total != CPM_MSRP_ANY && m->size > m->total;
  const bool claims_last = m->end != CPM_MSRP_ANY && m->end == m->chunk_total;
  int rc = CPM_OK;
  if (off || beyond) rc = cpmi_quirk(&m->quirks, CPM_QUIRK(MSRP_RANGE_LENGTH), opts, 0, "Byte-Range", diag);
  if (rc == CPM_OK && beyond) m->total = CPM_MSRP_ANY;   /* join_body has counted size */
  if (rc || flag != '$') return rc;
  const uint64_t weight = join_weight(m);
  const bool last = m->at == m->size && (m->total == CPM_MSRP_ANY || m->at == m->total || (claims_last && off));
  if (!last) return cpmi_quirk(&m->quirks, CPM_QUIRK(MSRP_FLAG), opts, 0, "continuation-flag", diag);
  m->total = m->at;
  j->memory -= weight - join_weight(m);   /* at is size: it counts for no more than before */
  return CPM_OK;
}

static bool join_is_whole(const cpm_msrp_join *j, size_t index) {
  const cpm_msrp_incoming *const m = &j->messages[index];
  const cpm_msrp_span *const spans = join_spans_of(j, index);
  if (m->total == 0) return true;
  return m->total != CPM_MSRP_ANY && m->nspans == 1 && spans[0].from == 0 && spans[0].to == m->total;
}

int cpm_msrp_join_end(cpm_msrp_join *j, size_t index, char flag, uint64_t *size, uint64_t *quirks, const cpm_opts *opts, cpm_diag *diag) {
  cpm_msrp_incoming *const m = join_chunk(j, index);
  if (!m) return cpmi_fail(diag, CPM_E_ARG, 0, "chunk", NULL);
  if (flag == '#') {
    cpm_msrp_join_drop(j, index);
    return CPM_END;
  }
  if (flag != '$' && flag != '+') return cpmi_fail(diag, CPM_E_ARG, 0, "continuation-flag", NULL);
  const int rc = join_settle(j, m, flag, opts, diag);
  if (quirks) *quirks |= m->quirks;
  if (rc) {
    cpm_msrp_join_drop(j, index);
    return rc;
  }
  m->chunk = false;
  if (!join_is_whole(j, index)) return CPM_E_MORE;
  if (size) *size = m->total;
  cpm_msrp_join_drop(j, index);
  return CPM_OK;
}

void cpm_msrp_join_drop(cpm_msrp_join *j, size_t index) {
  if (index >= j->nmessages || !j->messages[index].open) return;
  j->memory -= join_weight(&j->messages[index]);
  j->messages[index].open = j->messages[index].chunk = false;
}

const cpm_msrp_span *cpm_msrp_join_spans(const cpm_msrp_join *j, size_t index, size_t *n) {
  const bool there = index < j->nmessages && j->messages[index].open;
  *n = there ? j->messages[index].nspans : 0;
  return there ? join_spans_of(j, index) : NULL;
}
