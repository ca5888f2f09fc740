/* SPDX-License-Identifier: MIT */
/* xml_document.c - reading documents that document.h knows: what its tables name is built, everything else is left out. */
#include "cpm/xml.h"
#include "xml_reader.h"
#include <stdlib.h>
#include <string.h>

typedef struct xml_document {
  cpm_document  *out;
  cpm_node_kind  root;                            /* none: any */
  cpm_node_kind  open[CPM_DOCUMENT_DEPTH + 1];    /* kinds of the nodes that are open; [0]: none */
  unsigned       depth, leaf_depth, skip_depth;   /* depth: of open; the others 0 if not inside of one */
  cpm_node_kind  leaf;
  cpmi_xml_bytes text, key;                       /* of the leaf */
  bool           has_key;
  size_t         entries, max_entries;
} xml_document;

static int xml_document_no_memory(cpmi_xml_reader *r) { return cpmi_xml_fail(r, CPM_E_NO_MEMORY, "memory", NULL); }

/* An error of the builder, at the place where libxml2 stands. */
static int xml_document_took(cpmi_xml_reader *r, int rc, const cpm_diag *why) {
  return rc ? cpmi_xml_fail(r, rc, why->rule, why->clause) : CPM_OK;
}

static bool xml_document_is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

/* No white space around it, and no more than one SP in it. */
static bool xml_document_is_collapsed(cpm_str s) {
  if (cpm_str_trim(s).n != s.n) return false;
  for (size_t i = 0; i < s.n; i++)
    if (xml_document_is_space(s.p[i]) && (s.p[i] != ' ' || s.p[i + 1] == ' ')) return false;
  return true;
}

/* White space where there should be none. */
static int xml_document_space(cpmi_xml_reader *r, cpm_node_kind kind, bool attribute, cpm_str value) {
  const cpm_node_type type = cpm_node_type_of(kind);
  if (type == CPM_TYPE_TEXT || type == CPM_TYPE_EMPTY || xml_document_is_collapsed(value)) return CPM_OK;
  const bool uri = attribute && type == CPM_TYPE_URI;
  return cpmi_xml_quirk(r, uri ? CPM_QUIRK(XML_URI_SPACE) : CPM_QUIRK(XML_TOKEN_SPACE), cpm_node_name(kind));
}

/* ---- attributes ---------------------------------------------------------------------------------------------------- */

static int xml_document_attribute(cpmi_xml_reader *r, cpm_node_kind of, const cpmi_xml_attribute *a) {
  xml_document *const d = r->ctx;
  const cpm_node_kind kind = cpm_node_kind_of(of, true, a->ns, a->name, false);
  cpm_diag why = { 0 };
  if (kind != CPM_NODE_none) {
    const int rc = xml_document_space(r, kind, true, a->value);
    return rc ? rc : xml_document_took(r, cpm_document_put(d->out, kind, a->value, &why), &why);
  }
  if (a->ns.p || !cpm_str_eq(a->name, cpm_str_z("state")) || !cpm_node_has_state(of)) return CPM_OK;
  return xml_document_took(r, cpm_document_put_state(d->out, a->value, &why), &why);
}

/* The attribute that is the key of a leaf. */
static int xml_document_key(cpmi_xml_reader *r, cpm_node_kind of, const cpmi_xml_attribute *a) {
  xml_document *const d = r->ctx;
  const cpm_node_kind kind = cpm_node_kind_of(of, true, a->ns, a->name, false);
  if (kind == CPM_NODE_none || d->has_key) return CPM_OK;
  d->has_key = true;
  d->key.n = 0;
  if (!cpmi_xml_append(&d->key, a->value)) return xml_document_no_memory(r);
  return xml_document_space(r, kind, true, a->value);
}

static int xml_document_attributes(cpmi_xml_reader *r, const cpmi_xml_element *e, cpm_node_kind kind) {
  const bool node = cpm_node_type_of(kind) == CPM_TYPE_NODE;
  for (size_t i = 0; i < e->nattributes; i++) {
    const cpmi_xml_attribute a = cpmi_xml_attribute_at(e, i);
    const int rc = (node ? xml_document_attribute : xml_document_key)(r, kind, &a);
    if (rc) return rc;
  }
  return CPM_OK;
}

/* ---- elements ------------------------------------------------------------------------------------------------------ */

static int xml_document_root(cpmi_xml_reader *r, const cpmi_xml_element *e, cpm_node_kind *kind) {
  const xml_document *const d = r->ctx;
  *kind = cpm_node_kind_of(CPM_NODE_none, false, e->ns, e->name, true);
  if (*kind == CPM_NODE_none || (d->root != CPM_NODE_none && *kind != d->root))
    return cpmi_xml_fail(r, CPM_E_VALUE, d->root == CPM_NODE_none ? "document" : cpm_node_name(d->root), NULL);
  return cpmi_xml_root(r, e, cpm_node_root_ns(*kind), cpm_node_name(*kind), NULL);
}

static int xml_document_open(cpmi_xml_reader *r, const cpmi_xml_element *e, cpm_node_kind kind) {
  xml_document *const d = r->ctx;
  cpm_diag why = { 0 };
  const int rc = xml_document_took(r, cpm_document_open(d->out, kind, &why), &why);
  if (rc) return rc;
  d->open[++d->depth] = kind;
  return xml_document_attributes(r, e, kind);
}

static int xml_document_leaf(cpmi_xml_reader *r, const cpmi_xml_element *e, cpm_node_kind kind) {
  xml_document *const d = r->ctx;
  d->leaf = kind;
  d->leaf_depth = e->depth;
  d->text.n = 0;
  d->has_key = false;
  return xml_document_attributes(r, e, kind);
}

static int xml_document_start(cpmi_xml_reader *r, const cpmi_xml_element *e) {
  xml_document *const d = r->ctx;
  const bool alias = r->aliased && cpm_str_eq(e->ns, r->alias);
  cpm_node_kind kind = CPM_NODE_none;
  if (d->skip_depth) return CPM_OK;
  if (e->depth == 1) {
    const int rc = xml_document_root(r, e, &kind);
    if (rc) return rc;
  } else if (!d->leaf_depth) {
    kind = cpm_node_kind_of(d->open[d->depth], false, e->ns, e->name, alias);
  }
  if (kind == CPM_NODE_none) {
    d->skip_depth = e->depth;
    return CPM_OK;
  }
  if (cpm_node_has_key(kind) && d->entries++ == d->max_entries) return cpmi_xml_fail(r, CPM_E_TOO_MANY, cpm_node_name(kind), NULL);
  return (cpm_node_type_of(kind) == CPM_TYPE_NODE ? xml_document_open : xml_document_leaf)(r, e, kind);
}

static int xml_document_text(cpmi_xml_reader *r, cpm_str text) {
  xml_document *const d = r->ctx;
  if (!d->leaf_depth || d->skip_depth || cpmi_xml_append(&d->text, text)) return CPM_OK;
  return xml_document_no_memory(r);
}

static int xml_document_end_leaf(cpmi_xml_reader *r) {
  xml_document *const d = r->ctx;
  const cpm_str text = cpm_str_of(d->text.p ? d->text.p : "", d->text.n), key = cpm_str_of(d->key.p ? d->key.p : "", d->key.n);
  cpm_diag why = { 0 };
  int rc = xml_document_space(r, d->leaf, false, text);
  if (!rc) rc = xml_document_took(r, cpm_document_put(d->out, d->leaf, text, &why), &why);
  if (!rc && d->has_key) rc = xml_document_took(r, cpm_document_put_key(d->out, key, &why), &why);
  d->leaf_depth = 0;
  return rc;
}

static int xml_document_end(cpmi_xml_reader *r, unsigned depth) {
  xml_document *const d = r->ctx;
  if (d->skip_depth) {
    if (depth == d->skip_depth) d->skip_depth = 0;
    return CPM_OK;
  }
  if (depth == d->leaf_depth) return xml_document_end_leaf(r);
  d->depth--;
  return cpm_document_close(d->out, NULL);
}

int cpm_xml_document_decode(cpm_document *out, cpm_node_kind root, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  static const cpmi_xml_handler handler = { xml_document_start, xml_document_text, xml_document_end };
  xml_document d;
  memset(&d, 0, sizeof d);
  d.out = out;
  d.root = root;
  d.max_entries = opts && opts->max_entries ? opts->max_entries : CPM_LIMIT_ENTRIES;
  int rc = cpm_document_start(out);
  if (rc) return cpmi_xml_diag(diag, rc, 0, "nodes", NULL);
  uint64_t quirks = 0;
  cpmi_xml_reader r = { .handler = &handler, .ctx = &d, .opts = opts, .quirks = &quirks, .diag = diag };
  rc = cpmi_xml_read(&r, in);
  if (!rc) rc = cpm_document_end(out, diag);
  if (rc) cpm_document_start(out);
  out->quirks = quirks;
  free(d.text.p);
  free(d.key.p);
  return rc;
}
