/* SPDX-License-Identifier: MIT */
/* msrp_link.c - heads, bodies and transactions of one MSRP connection. */
#include "msrp_link.h"
#include <stdlib.h>
#include <string.h>

void msrp_link_init(msrp_link *l, const msrp_link_use *use, void *of) {
  memset(l, 0, sizeof *l);
  l->use = use;
  l->of = of;
  l->reader.head = l->head;
  l->reader.cap = sizeof l->head;
}

void msrp_link_forget(msrp_link *l, const void *of) {
  for (msrp_link_sent **at = &l->sent; *at;) {
    msrp_link_sent *s = *at;
    if (of && s->of != of) { at = &s->next; continue; }
    *at = s->next;
    free(s);
  }
}

void msrp_link_free(msrp_link *l) {
  msrp_link_forget(l, NULL);
  free(l->body);
  l->body = NULL;
  l->cap = 0;
}

/* ---- what comes ------------------------------------------------------------------------------------------------------ */

static void msrp_link_response(msrp_link *l) {
  for (msrp_link_sent **at = &l->sent; *at; at = &(*at)->next) {
    msrp_link_sent *s = *at;
    if (!cpm_str_eq(l->msg.transaction_id, cpm_str_of(s->id, s->nid))) continue;
    *at = s->next;
    l->use->response(l, s, l->msg.status);
    free(s);
    return;
  }
}

static void msrp_link_frame(msrp_link *l, char flag) {
  const unsigned refusal = cpm_msrp_refusal(&l->msg, l->refused);
  if (l->use->saw) l->use->saw(l, false, &l->msg, cpm_str_of(l->head, l->msg.size), cpm_str_of(l->body, l->nbody));
  if (refusal) msrp_link_answer(l, &l->msg, refusal);
  else if (l->refused != CPM_OK) return;                       /* nothing may be answered: dropped */
  else if (l->msg.status) msrp_link_response(l);
  else l->use->request(l, &l->msg, cpm_str_of(l->body ? l->body : "", l->nbody), flag);
}

static bool msrp_link_keep(msrp_link *l, cpm_str octets) {
  if (octets.n > MSRP_LINK_BODY - l->nbody) return false;
  if (l->nbody + octets.n > l->cap) {
    const size_t cap = l->nbody + octets.n < 2 * l->cap ? 2 * l->cap : l->nbody + octets.n;
    char *body = realloc(l->body, cap);
    if (!body) return false;
    l->body = body;
    l->cap = cap;
  }
  memcpy(l->body + l->nbody, octets.p, octets.n);
  l->nbody += octets.n;
  return true;
}

bool msrp_link_read(msrp_link *l, cpm_str in) {
  cpm_msrp_event event;
  cpm_diag diag = { 0 };
  int rc;
  while ((rc = cpm_msrp_read(&l->reader, &in, &event, NULL, &diag)) == CPM_OK) {
    switch (event.kind) {
    case CPM_MSRP_HEAD:
      l->msg = (cpm_msrp){ .fields = l->fields, .cap = MSRP_LINK_FIELDS };
      l->refused = cpm_msrp_decode(&l->msg, event.text, NULL, &diag);
      l->nbody = 0;
      break;
    case CPM_MSRP_BODY:
      if (msrp_link_keep(l, event.text)) break;
      diag = (cpm_diag){ .code = CPM_E_TOO_LONG, .rule = "body" };
      l->use->broken(l, &diag);
      return false;
    case CPM_MSRP_END:
      msrp_link_frame(l, event.flag);
    }
  }
  if (rc == CPM_E_MORE) return true;
  l->use->broken(l, &diag);
  return false;
}

/* ---- what goes ------------------------------------------------------------------------------------------------------- */

static void msrp_link_write(msrp_link *l, const cpm_msrp *msg, cpm_str head, cpm_str body, cpm_str tail) {
  l->use->write(l, head);
  if (body.n) l->use->write(l, body);
  if (tail.n) l->use->write(l, tail);
  if (l->use->saw) l->use->saw(l, true, msg, head, body);
}

static bool msrp_link_await(msrp_link *l, const cpm_msrp *head, cpm_str id, uint64_t octets, void *of) {
  if (!cpm_msrp_response_awaited(head)) return true;
  msrp_link_sent *s = calloc(1, sizeof *s), **at = &l->sent;
  if (!s) return false;
  *s = (msrp_link_sent){ .of = of, .octets = octets, .nid = id.n };
  memcpy(s->id, id.p, id.n);
  while (*at) at = &(*at)->next;
  *at = s;
  return true;
}

/* One SEND from sender->sent on; how much of the content went into it, 0: it could not be written. */
static size_t msrp_link_chunk(msrp_link *l, cpm_msrp_sender *sender, const cpm_msrp *head, cpm_str content, void *of) {
  unsigned char random[CPM_MSRP_ID_RANDOM];
  char start[MSRP_LINK_HEAD], end[CPM_MSRP_TAIL_MAX];
  size_t nstart = 0, nend = 0;
  l->use->random(random, sizeof random);
  if (cpm_msrp_chunk_open(sender, start, sizeof start, &nstart, head, content, content.n,
                          cpm_str_of((const char *)random, sizeof random), NULL) != CPM_OK) return 0;
  const size_t n = cpm_msrp_chunk_take(sender, content);
  if (!n || cpm_msrp_chunk_close(sender, end, sizeof end, &nend, CPM_MSRP_MORE, NULL) != CPM_OK) return 0;
  if (!msrp_link_await(l, head, cpm_str_of(sender->id, sender->nid), n, of)) return 0;
  msrp_link_write(l, head, cpm_str_of(start, nstart), cpm_str_of(content.p, n), cpm_str_of(end, nend));
  return n;
}

bool msrp_link_ask(msrp_link *l, const cpm_msrp *head, void *of) {
  unsigned char random[CPM_MSRP_ID_RANDOM];
  char id[CPM_MSRP_ID_RANDOM], bytes[MSRP_LINK_HEAD];
  size_t n = 0;
  cpm_msrp msg = *head;
  l->use->random(random, sizeof random);
  if (cpm_msrp_id_make(id, cpm_str_of((const char *)random, sizeof random)) != CPM_OK) return false;
  msg.transaction_id = cpm_str_of(id, sizeof id);
  if (cpm_msrp_encode(bytes, sizeof bytes, &n, &msg, NULL) != CPM_OK) return false;
  if (!msrp_link_await(l, &msg, msg.transaction_id, 0, of)) return false;
  msrp_link_write(l, &msg, cpm_str_of(bytes, n), cpm_str_none(), cpm_str_none());
  return true;
}

bool msrp_link_push(msrp_link *l, const cpm_msrp *head, cpm_str content, void *of) {
  cpm_msrp_sender sender = { .sent = head->range.start - 1, .total = head->range.total };
  if (!head->body) return msrp_link_ask(l, head, of);   /* it binds the connection */
  for (size_t n; content.n; content = cpm_str_of(content.p + n, content.n - n))
    if (!(n = msrp_link_chunk(l, &sender, head, content, of))) return false;
  return true;
}

bool msrp_link_answer(msrp_link *l, const cpm_msrp *request, unsigned status) {
  cpm_msrp response;
  char bytes[MSRP_LINK_HEAD];
  size_t n = 0;
  if (!cpm_msrp_response_due(request, status)) return true;
  if (cpm_msrp_response(&response, request, status, NULL) != CPM_OK ||
      cpm_msrp_encode(bytes, sizeof bytes, &n, &response, NULL) != CPM_OK) return false;
  msrp_link_write(l, &response, cpm_str_of(bytes, n), cpm_str_none(), cpm_str_none());
  return true;
}
