/* SPDX-License-Identifier: MIT */
/* msrp_chunk.c - sending a message in chunks (RFC 4975 7.1.1).
 *
 * Content may come in pieces that nobody can look ahead of. So a chunk stops before the octet that would complete "-------" and its
 * own id, whether or not a CRLF stands before it, and the message goes on under another id.
 */
#include "msrp.h"
#include <string.h>

enum { CHUNK_DASHES = 7, CHUNK_MARK = CHUNK_DASHES + CPM_MSRP_ID_RANDOM };

/* Octets that the chunk may have at most; CPM_MSRP_ANY without a limit. */
static uint64_t chunk_plan(const cpm_msrp_sender *s, uint64_t want) {
  const uint64_t left = s->total == CPM_MSRP_ANY ? CPM_MSRP_ANY : s->total - s->sent;
  return want && want < left ? want : left;
}

int cpm_msrp_chunk_open(cpm_msrp_sender *s, char *dst, size_t cap, size_t *len, const cpm_msrp *head, cpm_str content, uint64_t want,
                        cpm_str random, cpm_diag *diag) {
  char id[CPM_MSRP_ID_RANDOM];
  if (s->open) return cpmi_fail(diag, CPM_E_BUSY, 0, "chunk", NULL);
  if (s->sent > s->total || s->sent >= CPM_MSRP_ANY - 1 || (s->sent == s->total && (s->total || s->nid)))
    return cpmi_fail(diag, CPM_E_ARG, 0, "total", NULL);
  if (cpm_msrp_id_make(id, random) != CPM_OK) return cpmi_fail(diag, CPM_E_RANDOM, 0, "transact-id", NULL);
  const uint64_t plan = chunk_plan(s, want);
  const cpm_str name = cpm_str_of(id, sizeof id);
  const bool fixed = plan <= CPM_MSRP_CHUNK && plan <= content.n && cpm_msrp_id_fits(name, cpm_str_of(content.p, (size_t)plan));
  cpm_msrp m = *head;
  m.status = 0;
  m.method = CPM_MSRP_SEND;
  m.transaction_id = name;
  m.has_range = m.body = true;
  m.range.start = s->sent + 1;
  m.range.end = fixed ? s->sent + plan : CPM_MSRP_ANY;
  m.range.total = s->total;
  const int rc = cpm_msrp_encode(dst, cap, len, &m, diag);
  if (rc || !dst) return rc;
  s->end = plan > CPM_MSRP_ANY - 1 - s->sent ? CPM_MSRP_ANY : s->sent + plan;
  s->open = true;
  s->fixed = fixed;
  s->split = false;
  s->matched = 0;
  s->nid = sizeof id;
  memcpy(s->id, id, sizeof id);
  return CPM_OK;
}

/* How much of "-------" and the id the octets up to and with c end with, `matched` before it. The id has no "-" in it. */
static unsigned chunk_step(const cpm_msrp_sender *s, unsigned matched, char c) {
  const char want = matched < CHUNK_DASHES ? '-' : s->id[matched - CHUNK_DASHES];
  if (c == want) return matched + 1;
  if (c != '-') return 0;
  return matched == CHUNK_DASHES ? CHUNK_DASHES : 1;
}

/* Octets of content before the one that completes the mark; content.n if none does. */
static size_t chunk_scan(cpm_msrp_sender *s, cpm_str content) {
  const size_t edge = content.n < CHUNK_MARK - 1 ? content.n : CHUNK_MARK - 1;
  unsigned matched = s->matched;
  for (size_t i = 0; i < edge; i++)
    if ((matched = chunk_step(s, matched, content.p[i])) == CHUNK_MARK) return i;
  if (content.n == edge) {
    s->matched = (uint8_t)matched;
    return content.n;
  }
  const size_t at = cpmi_msrp_find_id(content, cpm_str_of(s->id, s->nid));
  if (at < content.n) return at + CHUNK_MARK - 1;
  matched = 0;
  for (size_t i = content.n - edge; i < content.n; i++) matched = chunk_step(s, matched, content.p[i]);
  s->matched = (uint8_t)matched;
  return content.n;
}

size_t cpm_msrp_chunk_take(cpm_msrp_sender *s, cpm_str content) {
  if (!s->open || s->split) return 0;
  const uint64_t room = s->end - s->sent;
  if (content.n > room) content.n = (size_t)room;
  const size_t n = s->fixed ? content.n : chunk_scan(s, content);
  s->split = n < content.n;
  s->sent += n;
  return n;
}

int cpm_msrp_chunk_close(cpm_msrp_sender *s, char *dst, size_t cap, size_t *len, cpm_msrp_end end, cpm_diag *diag) {
  const bool whole = s->total != CPM_MSRP_ANY && s->sent == s->total;
  if (!s->open) return cpmi_fail(diag, CPM_E_ARG, 0, "chunk", NULL);
  if (end != CPM_MSRP_ABORT && s->fixed && s->sent != s->end) return cpmi_fail(diag, CPM_E_VALUE, 0, "Byte-Range", "RFC 4975 7.1.1");
  if (end == CPM_MSRP_LAST && s->total != CPM_MSRP_ANY && !whole) return cpmi_fail(diag, CPM_E_VALUE, 0, "Byte-Range", "RFC 4975 7.1.1");
  const char flag = end == CPM_MSRP_ABORT ? '#' : whole || end == CPM_MSRP_LAST ? '$' : '+';
  const int rc = cpm_msrp_tail_encode(dst, cap, len, cpm_str_of(s->id, s->nid), flag, diag);
  if (rc || !dst) return rc;
  s->open = false;
  if (flag == '$') s->total = s->sent;
  return CPM_OK;
}
