/* SPDX-License-Identifier: MIT */
/* Input: the Content-Type, CRLF, the body. Invariant: parts lie in the body, in order, and do not overlap; what decodes encodes,
 * unless its boundary begins a line in one of its parts or a part repeats a header field; what was written decodes without a quirk to the
 * same parts, and is written the same a second time. Walking finds the same parts, and goes on where decoding ends. */
#include "cpm/mime.h"
#include <stdlib.h>
#include <string.h>

#define PARTS 8

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void need(int holds) { if (!holds) abort(); }

static void inside(cpm_str s, const char *from, const char *to) {
  if (s.p) need(s.p >= from && s.p + s.n <= to);
}

static void check(const cpm_multipart *m, cpm_str body) {
  const char *from = body.p, *const to = body.p + body.n;
  for (size_t i = 0; i < m->nparts; i++) {
    const cpm_part *const part = &m->parts[i];
    need(part->head.p && part->body.p && part->body.p == body.p + part->off);
    inside(part->head, from, part->body.p);
    inside(part->content_type, part->head.p, part->head.p + part->head.n);
    inside(part->disposition, part->head.p, part->head.p + part->head.n);
    inside(part->encoding, part->head.p, part->head.p + part->head.n);
    inside(part->body, from, to);
    from = part->body.p + part->body.n;
  }
}

static void again(const cpm_multipart *m, cpm_str type) {
  cpm_media_type t;
  cpm_param boundary;
  size_t len = 0, second_len = 0;
  need(cpm_media_type_decode(&t, type, NULL, NULL) == CPM_OK && cpm_param_find(t.params, "boundary", &boundary));
  const int rc = cpm_multipart_encode(NULL, 0, &len, m, boundary.value, NULL);
  need(rc == CPM_OK || rc == CPM_E_VALUE || (rc == CPM_E_DUPLICATE && (m->quirks & CPM_QUIRK(MIME_REPEATED))));
  if (rc) return;
  char *const text = malloc(len), *const second = malloc(len);
  if (!text || !second) abort();
  need(cpm_multipart_encode(text, len, &len, m, boundary.value, NULL) == CPM_OK);
  cpm_part parts[PARTS];
  cpm_multipart copy = { parts, PARTS, 0, 0 };
  need(cpm_multipart_decode(&copy, type, cpm_str_of(text, len), NULL, NULL) == CPM_OK);
  need(copy.nparts == m->nparts && !(copy.quirks & ~t.quirks));
  for (size_t i = 0; i < copy.nparts; i++) need(cpm_str_eq(parts[i].body, m->parts[i].body));
  need(cpm_multipart_encode(second, len, &second_len, &copy, boundary.value, NULL) == CPM_OK);
  need(second_len == len && memcmp(text, second, len) == 0);
  free(text);
  free(second);
}

/* rc and diag are what decoding said. */
static void walk(const cpm_multipart *m, int rc, const cpm_diag *diag, cpm_str type, cpm_str body) {
  cpm_multipart_walk w;
  cpm_part part;
  cpm_diag d = { 0 };
  size_t n = 0, errors = 0;
  const char *from = body.p;
  const int opened = cpm_multipart_open(&w, type, body, NULL, &d);
  if (opened) need(opened == rc && d.off == diag->off && d.rule == diag->rule);
  for (int next; (next = cpm_multipart_next(&w, &part, NULL, &d)) != CPM_END; n++) {
    need(n <= body.n && part.body.p >= from && part.body.p + part.body.n <= body.p + body.n);
    from = part.body.p + part.body.n;
    if (next && !errors++ && n < PARTS) need(next == rc && d.off == diag->off && n == m->nparts);
    if (next) need(!part.head.p && !part.content_type.p && !part.disposition.p && !part.encoding.p);
    if (errors || n >= m->nparts) continue;
    const cpm_part *const same = &m->parts[n];
    need(part.off == same->off && part.body.p == same->body.p && part.body.n == same->body.n && part.head.p == same->head.p);
    need(part.content_type.p == same->content_type.p && part.disposition.p == same->disposition.p && part.encoding.p == same->encoding.p);
  }
  if (rc == CPM_OK) need(!errors && n == m->nparts && w.quirks == m->quirks);
  need(cpm_multipart_next(&w, &part, NULL, NULL) == CPM_END);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  char *const copy = malloc(size ? size : 1);
  if (!copy) return 0;
  if (size) memcpy(copy, data, size);
  const char *const cr = memchr(copy, '\r', size);
  if (cr && (size_t)(cr - copy) + 2 <= size) {
    const cpm_str type = cpm_str_of(copy, (size_t)(cr - copy)), body = cpm_str_of(cr + 2, size - type.n - 2);
    cpm_part parts[PARTS];
    cpm_multipart m = { parts, PARTS, 0, 0 };
    cpm_diag diag = { 0 };
    const int rc = cpm_multipart_decode(&m, type, body, NULL, &diag);
    need(diag.off <= size);
    if (rc == CPM_OK || rc == CPM_E_TOO_MANY) check(&m, body);
    walk(&m, rc, &diag, type, body);
    if (rc == CPM_OK) again(&m, type);
  }
  free(copy);
  return 0;
}
