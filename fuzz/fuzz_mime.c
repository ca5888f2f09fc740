/* SPDX-License-Identifier: MIT */
/* Invariant: what decodes as Content-Type or Content-Disposition encodes, decodes again without a quirk but a wildcard, and is written
 * the same a second time; slices lie in the input; an Accept list ends. */
#include "cpm/mime.h"
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void need(int holds) { if (!holds) abort(); }

static void inside(cpm_str s, cpm_str in) {
  if (s.p) need(s.p >= in.p && s.p + s.n <= in.p + in.n);
}

static void type(cpm_str in) {
  cpm_media_type t, copy;
  cpm_diag diag = { 0 };
  size_t len = 0, second_len = 0;
  const int rc = cpm_media_type_decode(&t, in, NULL, &diag);
  need(diag.off <= in.n);
  if (rc) return;
  inside(t.type, in);
  inside(t.subtype, in);
  inside(t.params, in);
  need(cpm_media_type_encode(NULL, 0, &len, &t, NULL) == CPM_OK);
  char *const text = malloc(len), *const second = malloc(len);
  if (!text || !second) abort();
  need(cpm_media_type_encode(text, len, &len, &t, NULL) == CPM_OK);
  need(cpm_media_type_decode(&copy, cpm_str_of(text, len), NULL, NULL) == CPM_OK);
  need(!(copy.quirks & ~CPM_QUIRK(MIME_WILDCARD)));
  need(cpm_media_type_encode(second, len, &second_len, &copy, NULL) == CPM_OK);
  need(second_len == len && memcmp(text, second, len) == 0);
  free(text);
  free(second);
}

static void disposition(cpm_str in) {
  cpm_disposition t, copy;
  cpm_diag diag = { 0 };
  size_t len = 0, second_len = 0;
  const int rc = cpm_disposition_decode(&t, in, NULL, &diag);
  need(diag.off <= in.n);
  if (rc) return;
  inside(t.type, in);
  inside(t.params, in);
  need(cpm_disposition_encode(NULL, 0, &len, &t, NULL) == CPM_OK);
  char *const text = malloc(len), *const second = malloc(len);
  if (!text || !second) abort();
  need(cpm_disposition_encode(text, len, &len, &t, NULL) == CPM_OK);
  need(cpm_disposition_decode(&copy, cpm_str_of(text, len), NULL, NULL) == CPM_OK && copy.optional == t.optional);
  need(cpm_disposition_encode(second, len, &second_len, &copy, NULL) == CPM_OK);
  need(second_len == len && memcmp(text, second, len) == 0);
  free(text);
  free(second);
}

static void accept(cpm_str in) {
  cpm_media_type t;
  cpm_diag diag = { 0 };
  cpm_str rest = in;
  for (int rc; (rc = cpm_media_type_next(&rest, &t, NULL, &diag)) != CPM_END;) {
    need(diag.off <= in.n);
    inside(rest, in);
    if (rc == CPM_OK) inside(t.type, in);
  }
  (void)cpm_accept_takes(in, in);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  char *const copy = malloc(size ? size : 1);
  if (!copy) return 0;
  if (size) memcpy(copy, data, size);
  const cpm_str in = cpm_str_of(copy, size);
  type(in);
  disposition(in);
  accept(in);
  inside(cpm_mime_header(in, "Content-Type"), in);
  free(copy);
  return 0;
}
