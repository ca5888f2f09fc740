/* SPDX-License-Identifier: MIT */
/* cpm_lists.c - resource lists, which libxml2 reads; a build without it says so. */
#include "cpm_tool.h"
#include <stdlib.h>
#ifdef TOOL_XML
#include "cpm/xml.h"

enum { LISTS_ENTRIES = 64 };

static int lists_read(tool *t, cpm_resource_lists *l, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  for (size_t cap = LISTS_ENTRIES;; cap = (size_t)diag->need) {
    *diag = (cpm_diag){ 0 };
    *l = (cpm_resource_lists){ .entries = calloc(cap, sizeof *l->entries), .cap = cap, .text = malloc(in.n + 1), .text_cap = in.n + 1 };
    if (!l->entries || !l->text) exit(tool_say(TOOL_REFUSED, "%s: out of memory", tool_name(t)));
    const int rc = cpm_xml_resource_lists_decode(l, in, opts, diag);
    if (rc == CPM_OK) return rc;
    free(l->entries);
    free(l->text);
    if (rc != CPM_E_TOO_MANY || diag->need <= cap) return rc;
  }
}

/* What the URI of the entry asks for in its headers. */
static void lists_put_headers(cJSON *o, cpm_str uri) {
  static const char *const actions[] = { NULL, "deliver", "delete", "interwork", "store", "another" };
  cpm_entry_uri headers;
  char *const text = malloc(uri.n + 1);
  if (text && cpm_entry_uri_decode(&headers, text, uri.n, uri, NULL) == CPM_OK) {
    tree_put_text(o, "method", headers.method);
    tree_put_z(o, "cpm_action", actions[headers.action]);
    tree_put_text(o, "session_replaces", headers.session_replaces);
  }
  free(text);
}

static void lists_put_entry(cJSON *entries, const cpm_entry *e) {
  static const char *const copies[] = { NULL, "to", "cc", "bcc" };
  cJSON *o = tree_append(entries, tree_object());
  tree_put_text(o, "text", e->uri);
  tree_put_text(o, "display", e->display_name);
  tree_put_z(o, "copy_control", copies[e->copy_control]);
  tree_put_true(o, "anonymize", e->anonymize);
  if (e->count) tree_put_unsigned(o, "count", e->count);
  lists_put_headers(o, e->uri);
}

void lists_document(tool *t, cJSON *o, cpm_str in, unsigned depth) {
  cpm_resource_lists l;
  cpm_diag d;
  int rc = lists_read(t, &l, in, &t->opts, &d);
  (void)depth;
  if (rc != CPM_OK) tree_put_error(t, o, in, &d);
  if (rc == CPM_E_QUIRK) rc = lists_read(t, &l, in, NULL, &d);
  if (rc != CPM_OK) return;
  tree_put_z(o, "kind", "resource list");
  cJSON *entries = tree_put(o, "entries", tree_array());
  for (size_t i = 0; i < l.nentries; i++) lists_put_entry(entries, &l.entries[i]);
  if (l.duplicates) tree_put_unsigned(o, "duplicates", l.duplicates);
  tree_put_quirks(t, o, "quirks", l.quirks);
  free(l.entries);
  free(l.text);
}
#else
void lists_document(tool *t, cJSON *o, cpm_str in, unsigned depth) {
  const cpm_diag without = { .code = CPM_E_UNSUPPORTED, .rule = "resource-lists: this cpm was built without libxml2 (CPMKIT_XML)" };
  (void)depth;
  tree_put_error(t, o, in, &without);
}
#endif
