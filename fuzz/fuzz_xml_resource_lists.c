/* SPDX-License-Identifier: MIT */
/* Invariant: what decodes as a resource list has its values in the caller's text, no two equal URIs, and encodes; that decodes without a
 * quirk to equal entries and is written the same a second time; its history decodes too. What is refused leaves no entry. */
#include "cpm/uri.h"
#include "cpm/xml.h"
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void need(int holds) { if (!holds) abort(); }

static void inside(cpm_str s, const cpm_resource_lists *l) {
  if (s.p) need(s.p >= l->text && s.p + s.n <= l->text + l->text_len);
}

static int decode(cpm_resource_lists *l, cpm_str in) {
  cpm_diag diag = { 0 };
  const int rc = cpm_xml_resource_lists_decode(l, in, NULL, &diag);
  need(diag.off <= in.n && diag.code == rc);
  if (rc) need(l->nentries == 0 && l->text_len == 0 && diag.rule);
  return rc;
}

static cpm_resource_lists room(size_t entries, size_t text) {
  const cpm_resource_lists l = { malloc((entries + 1) * sizeof(cpm_entry)), entries, 0, malloc(text + 1), text, 0, 0, 0 };
  need(l.entries && l.text);
  return l;
}

static void leave(cpm_resource_lists *l) {
  free(l->entries);
  free(l->text);
}

static void check(const cpm_resource_lists *l) {
  for (size_t i = 0; i < l->nentries; i++) {
    const cpm_entry *const e = &l->entries[i];
    need(e->uri.p != NULL);
    inside(e->uri, l);
    inside(e->display_name, l);
    if (cpm_str_ieq(e->uri, cpm_str_z(CPM_ANONYMOUS_URI))) continue;
    for (size_t k = i > 20 ? i - 20 : 0; k < i; k++) need(!cpm_uri_text_equal(l->entries[k].uri, e->uri));
  }
}

static cpm_str encode(const cpm_resource_lists *l) {
  size_t len = 0, again = 0;
  need(cpm_resource_lists_encode(NULL, 0, &len, l->entries, l->nentries, NULL) == CPM_OK);
  char *const text = malloc(len);
  need(text && cpm_resource_lists_encode(text, len, &again, l->entries, l->nentries, NULL) == CPM_OK && again == len);
  return cpm_str_of(text, len);
}

static void there_and_back(const cpm_resource_lists *l) {
  const cpm_str first = encode(l);
  cpm_resource_lists copy = room(l->nentries, first.n);
  need(decode(&copy, first) == CPM_OK && copy.nentries == l->nentries && copy.quirks == 0 && copy.duplicates == 0);
  for (size_t i = 0; i < l->nentries; i++) {
    const cpm_entry *const a = &l->entries[i], *const b = &copy.entries[i];
    need(cpm_str_eq(a->uri, b->uri) && cpm_str_eq(a->display_name, b->display_name) && a->copy_control == b->copy_control);
    need(a->anonymize == b->anonymize && a->count == b->count);
  }
  const cpm_str second = encode(&copy);
  need(cpm_str_eq(first, second));
  free((void *)(uintptr_t)first.p);
  free((void *)(uintptr_t)second.p);
  leave(&copy);
}

static void history(const cpm_resource_lists *l) {
  size_t len = 0;
  const int rc = cpm_recipient_history_encode(NULL, 0, &len, l->entries, l->nentries, NULL);
  if (rc == CPM_E_RANGE) return;
  need(rc == CPM_OK);
  char *const text = malloc(len);
  need(text && cpm_recipient_history_encode(text, len, &len, l->entries, l->nentries, NULL) == CPM_OK);
  cpm_resource_lists copy = room(l->nentries, len);
  need(decode(&copy, cpm_str_of(text, len)) == CPM_OK);
  for (size_t i = 0; i < copy.nentries; i++) need(copy.entries[i].copy_control == CPM_COPY_TO || copy.entries[i].copy_control == CPM_COPY_CC);
  free(text);
  leave(&copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  char *const copy = malloc(size ? size : 1);
  if (!copy) return 0;
  if (size) memcpy(copy, data, size);
  cpm_resource_lists l = room(size / 8, 3 * size);   /* no entry is shorter; an octet that is no UTF-8 becomes three */
  if (decode(&l, cpm_str_of(copy, size)) == CPM_OK) {
    check(&l);
    there_and_back(&l);
    history(&l);
  }
  leave(&l);
  free(copy);
  return 0;
}
