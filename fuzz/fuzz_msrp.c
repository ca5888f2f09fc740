/* SPDX-License-Identifier: MIT */
/* Invariant: what came on a connection gives the same events however it is cut; octets of a head and a body lie in it in order, and
 * a body never holds its own end-line. A head that decodes has slices inside of it and encodes, unless a quirk says that there is
 * nothing strict to write; what was written decodes without a quirk and is written the same a second time. */
#include "cpm/msrp.h"
#include <stdlib.h>
#include <string.h>

#define FIELDS 32

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void need(int holds) { if (!holds) abort(); }

static void inside(cpm_str s, cpm_str in) {
  if (s.p) need(s.p >= in.p && s.p + s.n <= in.p + in.n);
}

/* ---- heads ------------------------------------------------------------------------------------------------------------- */

static void again(cpm_msrp *m) {
  const uint64_t loose = CPM_QUIRK(MSRP_METHOD) | CPM_QUIRK(MSRP_STATUS_TWICE) | CPM_QUIRK(MSRP_RANGE_EMPTY) | CPM_QUIRK(MSRP_NO_RANGE) |
                         CPM_QUIRK(MSRP_TYPE) | CPM_QUIRK(MSRP_SPACING) | CPM_QUIRK(UTF8_INVALID);
  size_t len = 0, second_len = 0;
  const int rc = cpm_msrp_encode(NULL, 0, &len, m, NULL);
  need(rc == CPM_OK || (m->quirks & loose));
  if (rc) return;
  char *const text = malloc(len), *const second = malloc(len);
  if (!text || !second) abort();
  need(cpm_msrp_encode(text, len, &len, m, NULL) == CPM_OK);
  cpm_msrp_field fields[FIELDS];
  cpm_msrp copy = { .fields = fields, .cap = FIELDS };
  const cpm_opts strict = { .refuse = CPM_QUIRKS_ALL, .max_line = SIZE_MAX, .max_head = SIZE_MAX };
  need(cpm_msrp_decode(&copy, cpm_str_of(text, len), &strict, NULL) == CPM_OK);
  need(copy.size == len && copy.status == m->status && copy.method == m->method && copy.body == m->body);
  need(cpm_msrp_encode(second, len, &second_len, &copy, NULL) == CPM_OK);
  need(second_len == len && memcmp(text, second, len) == 0);
  free(text);
  free(second);
}

static void values(const cpm_msrp *m, cpm_str in) {
  cpm_msrp_uri uri;
  for (size_t i = 0; i < m->nfields; i++) {
    inside(m->fields[i].name, in);
    inside(m->fields[i].value, in);
    cpm_msrp_auth auth;
    cpm_str nickname;
    uint32_t seconds;
    if (cpm_msrp_auth_decode(&auth, m->fields[i].value, NULL) == CPM_OK) inside(auth.params, in);
    if (cpm_msrp_nickname_decode(&nickname, m->fields[i].value, NULL) == CPM_OK) inside(nickname, in);
    (void)cpm_msrp_expires_decode(&seconds, m->fields[i].value, NULL);
  }
  for (cpm_str rest = m->to_path; cpm_msrp_path_next(&rest, &uri, NULL, NULL, NULL) == CPM_OK;) {
    char text[256];
    size_t len = 0;
    inside(uri.text, in);
    if (cpm_msrp_uri_encode(text, sizeof text, &len, &uri, NULL) != CPM_OK) {
      need(uri.text.n > sizeof text - 8);
      continue;
    }
    need(cpm_msrp_uri_text_equal(uri.text, cpm_str_of(text, len), CPM_MSRP_STRICT));
  }
}

static void head(cpm_str in) {
  cpm_msrp_field fields[FIELDS];
  cpm_msrp m = { .fields = fields, .cap = FIELDS };
  cpm_diag diag = { 0 };
  const int rc = cpm_msrp_decode(&m, in, NULL, &diag);
  need(diag.off <= in.n && m.nfields <= FIELDS);
  if (rc) return;
  inside(m.transaction_id, in);
  inside(m.content_type, in);
  inside(m.report_comment, in);
  need(m.size <= in.n && m.to_path.n && m.from_path.n);
  values(&m, in);
  again(&m);
}

/* ---- connections ------------------------------------------------------------------------------------------------------- */

/* All that came of a connection, cuts of bodies left out, as one hash. */
typedef struct transcript { uint64_t hash; unsigned heads; int rc; } transcript;

static void mix(transcript *t, const void *p, size_t n) {
  const unsigned char *const octets = p;
  for (size_t i = 0; i < n; i++) t->hash = (t->hash ^ octets[i]) * UINT64_C(1099511628211);
}

static void note(transcript *t, const cpm_msrp_event *e, bool first) {
  if (e->kind == CPM_MSRP_HEAD && first) head(e->text);
  if (e->kind == CPM_MSRP_HEAD) t->heads++;
  if (e->kind != CPM_MSRP_BODY) mix(t, &e->kind, sizeof e->kind);
  if (e->text.n) mix(t, e->text.p, e->text.n);
  mix(t, &e->quirks, sizeof e->quirks);
  mix(t, &e->flag, 1);
  if (e->kind == CPM_MSRP_END) mix(t, &e->size, sizeof e->size);
}

/* BODY events are mixed as octets alone, so their quirks and flag must be none. */
static void connection(transcript *t, cpm_str in, unsigned seed) {
  char buffer[2048];
  cpm_msrp_reader r = CPM_MSRP_READER(buffer);
  for (size_t at = 0; at < in.n;) {
    size_t step = in.n - at;
    if (seed) {
      seed = seed * 1103515245u + 12345u;
      step = 1 + (seed >> 16) % 40;
      if (step > in.n - at) step = in.n - at;
    }
    char *const copy = malloc(step);
    if (!copy) abort();
    memcpy(copy, in.p + at, step);
    cpm_str rest = cpm_str_of(copy, step);
    cpm_msrp_event e;
    while ((t->rc = cpm_msrp_read(&r, &rest, &e, NULL, NULL)) == CPM_OK) {
      if (e.kind == CPM_MSRP_BODY) {
        need(e.text.n && !e.quirks && !e.flag);
        mix(t, e.text.p, e.text.n);
        continue;
      }
      note(t, &e, seed == 0);
    }
    free(copy);
    if (t->rc != CPM_E_MORE) break;
    at += step;
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size < 2) return 0;
  transcript whole = { 0 }, cut = { 0 };
  const cpm_str in = cpm_str_of((const char *)data + 2, size - 2);
  connection(&whole, in, 0);
  connection(&cut, in, 1u + data[0] + 256u * data[1]);
  need(whole.hash == cut.hash && whole.rc == cut.rc && whole.heads == cut.heads);
  return 0;
}
