/* SPDX-License-Identifier: MIT */
/* cpm_document.c - documents of document.h: conference-info, reginfo, group documents, rules. libxml2 reads them; a build without it
 * says so. */
#include "cpm_tool.h"
#include <stdlib.h>
#ifdef TOOL_XML
#include "cpm/xml.h"

/* No document needs more nodes than a fourth of its octets, nor more text than three times them (cpm/xml.h). */
static int document_read(tool *t, cpm_document *doc, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  *diag = (cpm_diag){ 0 };
  *doc = (cpm_document){ .cap = in.n / 4 + 1, .text_cap = 3 * in.n + 1 };
  doc->nodes = calloc(doc->cap, sizeof *doc->nodes);
  doc->text = malloc(doc->text_cap);
  if (!doc->nodes || !doc->text) exit(tool_say(TOOL_REFUSED, "%s: out of memory", tool_name(t)));
  const int rc = cpm_xml_document_decode(doc, CPM_NODE_none, in, opts, diag);
  if (rc == CPM_OK) return rc;
  free(doc->nodes);
  free(doc->text);
  return rc;
}

static void document_put_node(cJSON *o, const cpm_node *n) {
  static const char *const states[] = { NULL, "partial", "deleted" };
  const cpm_node_kind kind = (cpm_node_kind)n->kind;
  tree_put_z(o, "name", cpm_node_name(kind));
  tree_put_text(o, "value", n->text);
  if (cpm_node_type_of(kind) != CPM_TYPE_NODE) tree_put_text(o, "key", n->key);
  tree_put_z(o, "state", states[n->state]);
  tree_put_true(o, "repeated", n->repeated);
}

/* Children of the node at `at`; the depth is bounded (CPM_DOCUMENT_DEPTH). */
static void document_put_children(cJSON *o, const cpm_document *doc, size_t at) {
  const size_t end = at + doc->nodes[at].size;
  cJSON *const children = end > at + 1 ? tree_put(o, "children", tree_array()) : NULL;
  for (size_t i = at + 1; i < end; i += doc->nodes[i].size) {
    cJSON *const child = tree_append(children, tree_object());
    document_put_node(child, &doc->nodes[i]);
    document_put_children(child, doc, i);
  }
}

void xml_document(tool *t, cJSON *o, cpm_str in, unsigned depth) {
  static const char *const states[] = { "full", "partial", "deleted" };
  cpm_document doc;
  cpm_diag d;
  int rc = document_read(t, &doc, in, &t->opts, &d);
  (void)depth;
  if (rc != CPM_OK) tree_put_error(t, o, in, &d);
  if (rc == CPM_E_QUIRK) rc = document_read(t, &doc, in, NULL, &d);
  if (rc != CPM_OK) return;
  const cpm_node_kind root = (cpm_node_kind)doc.nodes->kind;
  tree_put_z(o, "kind", cpm_node_name(root));
  if (cpm_node_has_state(root)) tree_put_z(o, "state", states[doc.nodes->state]);
  document_put_children(o, &doc, 0);
  if (doc.duplicates) tree_put_unsigned(o, "duplicates", doc.duplicates);
  tree_put_quirks(t, o, "quirks", doc.quirks);
  free(doc.nodes);
  free(doc.text);
}
#else
void xml_document(tool *t, cJSON *o, cpm_str in, unsigned depth) {
  const cpm_diag without = { .code = CPM_E_UNSUPPORTED, .rule = "document: this cpm was built without libxml2 (CPMKIT_XML)" };
  (void)depth;
  tree_put_error(t, o, in, &without);
}
#endif
