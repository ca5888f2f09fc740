/* SPDX-License-Identifier: MIT */
/* Invariant: what decodes and lies within the years 0 to 9999 encodes, and decodes again to the same time without a quirk. */
#include "cpm/cpim.h"
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  char *const copy = malloc(size ? size : 1);
  if (!copy) return 0;
  if (size) memcpy(copy, data, size);
  int64_t ms = 0, again = 0;
  uint64_t quirks = 0;
  char text[CPM_DATETIME_LEN];
  size_t len = 0;
  cpm_diag diag = { 0 };
  const int rc = cpm_datetime_decode(&ms, cpm_str_of(copy, size), NULL, &quirks, &diag);
  if (rc != CPM_OK && diag.off > size) abort();
  if (rc == CPM_OK && cpm_datetime_encode(text, sizeof text, &len, ms, NULL) == CPM_OK) {
    if (len != CPM_DATETIME_LEN) abort();
    if (cpm_datetime_decode(&again, cpm_str_of(text, len), NULL, &quirks, NULL) != CPM_OK || again != ms || quirks) abort();
  }
  free(copy);
  return 0;
}
