/* SPDX-License-Identifier: MIT */
/* Invariant: slices lie in the input, headers in order; the content ends with the input. What decodes encodes, once it has a
 * Content-Type, unless a quirk says that there is nothing strict to write (a prefix or a bare name that no NS binds, an address that
 * cannot be read, octets that are no UTF-8, prefixes that nothing binds); what was written decodes without a quirk to as many headers
 * and the same content, and is written the same a second time. The values behind it keep to the same. */
#include "cpm/cpim.h"
#include <stdlib.h>
#include <string.h>

#define HEADERS 24

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void need(int holds) { if (!holds) abort(); }

static void inside(cpm_str s, cpm_str in) {
  if (s.p) need(s.p >= in.p && s.p + s.n <= in.p + in.n);
}

static void check(const cpm_cpim *m, cpm_str in) {
  const char *from = in.p;
  for (size_t i = 0; i < m->nheaders; i++) {
    const cpm_cpim_header *const h = &m->headers[i];
    need(h->name.p && h->name.n && h->name.p >= from && h->value.p && h->value.p >= h->name.p + h->name.n);
    inside(h->prefix, in);
    inside(h->ns, in);
    inside(h->params, in);
    inside(h->value, in);
    from = h->value.p + h->value.n;
  }
  inside(m->content_type, in);
  inside(m->disposition, in);
  inside(m->encoding, in);
  inside(m->mime, in);
  need(m->content.p == in.p + m->content_off && m->content_off + m->content.n == in.n);
}

/* Is there a reason that it cannot be written? */
static int loose(const cpm_cpim *m) {
  const uint64_t quirks = CPM_QUIRK(CPIM_NO_NS) | CPM_QUIRK(CPIM_NS_LATE) | CPM_QUIRK(CPIM_BARE_IMDN) | CPM_QUIRK(UTF8_INVALID);
  if (m->quirks & quirks) return 1;
  for (size_t i = 0; i < m->nheaders; i++) {
    const cpm_cpim_header *const h = &m->headers[i];
    cpm_cpim_address a;
    if (h->prefix.p && !h->ns.p) return 1;
    if (h->id != CPM_CPIM_FROM && h->id != CPM_CPIM_TO && h->id != CPM_CPIM_CC) continue;
    if (cpm_cpim_address_decode(&a, h->value, NULL, NULL) != CPM_OK) return 1;
  }
  return 0;
}

static void again(cpm_cpim *m) {
  size_t len = 0, second_len = 0;
  cpm_diag diag = { 0 };
  if (!m->content_type.p) m->content_type = cpm_str_z("text/plain");
  const int rc = cpm_cpim_encode(NULL, 0, &len, m, &diag);
  need(rc == CPM_OK || loose(m));
  if (rc) return;
  char *const text = malloc(len), *const second = malloc(len);
  if (!text || !second) abort();
  need(cpm_cpim_encode(text, len, &len, m, NULL) == CPM_OK);
  cpm_cpim_header headers[HEADERS];
  cpm_cpim copy = { .headers = headers, .cap = HEADERS };
  const cpm_opts large = { .max_line = SIZE_MAX, .max_head = SIZE_MAX };
  need(cpm_cpim_decode(&copy, cpm_str_of(text, len), &large, NULL) == CPM_OK);
  need(copy.quirks == 0 && copy.nheaders == m->nheaders && cpm_str_eq(copy.content, m->content));
  for (size_t i = 0; i < copy.nheaders; i++) need(headers[i].id == m->headers[i].id);
  need(cpm_cpim_encode(second, len, &second_len, &copy, NULL) == CPM_OK);
  need(second_len == len && memcmp(text, second, len) == 0);
  free(text);
  free(second);
}

static void values(cpm_str in) {
  cpm_cpim_address a, b;
  unsigned set = 0;
  cpm_diag diag = { 0 };
  char text[512];
  size_t len = 0, back_len = 0;
  if (cpm_cpim_address_decode(&a, in, NULL, &diag) == CPM_OK) {
    inside(a.name, in);
    inside(a.uri, in);
    const int rc = cpm_cpim_address_encode(text, sizeof text, &len, &a, NULL);
    need(rc == CPM_OK || rc == CPM_E_SPACE);
    if (rc == CPM_OK) need(cpm_cpim_address_decode(&b, cpm_str_of(text, len), NULL, NULL) == CPM_OK && !b.quirks);
  }
  (void)cpm_disposition_notification_decode(&set, in, NULL, &diag);
  need(diag.off <= in.n && !(set >> CPM_DISPOSITION_BITS));
  if (cpm_cpim_escape(text, sizeof text, &len, in) == CPM_OK) {
    char back[512];
    need(cpm_cpim_unescape(back, sizeof back, &back_len, cpm_str_of(text, len)) == CPM_OK);
    need(back_len == in.n && memcmp(back, in.p, in.n) == 0);
  }
  (void)cpm_cpim_unescape(text, sizeof text, &len, in);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  char *const copy = malloc(size ? size : 1);
  if (!copy) return 0;
  if (size) memcpy(copy, data, size);
  const cpm_str in = cpm_str_of(copy, size);
  cpm_cpim_header headers[HEADERS];
  cpm_cpim m = { .headers = headers, .cap = HEADERS };
  cpm_diag diag = { 0 };
  const int rc = cpm_cpim_decode(&m, in, NULL, &diag);
  need(diag.off <= size);
  if (rc == CPM_OK || rc == CPM_E_UNSUPPORTED) check(&m, in);
  for (size_t i = 0; rc == CPM_OK && i < m.nheaders; i++) values(headers[i].value);
  if (rc == CPM_OK) again(&m);
  else values(in);
  free(copy);
  return 0;
}
