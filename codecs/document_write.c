/* SPDX-License-Identifier: MIT */
/* document_write.c - writing documents, the children of each element in the order of its schema. */
#include "document.h"

/* An element that is open: which of its places is being written, and which child of that place was written last. */
typedef struct document_write_frame { const cpm_node *node, *child; const cpmi_place *place; bool inside; } document_write_frame;

typedef struct document_write_writer {
  cpmi_out            out;
  const cpm_document *doc;
  document_write_frame      frames[CPM_DOCUMENT_DEPTH];
  unsigned            depth;
  cpm_diag           *diag;
} document_write_writer;

/* GRUUs keep their own namespace; everything else is written in one or, of the OMA documents, with four prefixes. */
static const char *document_write_prefix(cpmi_ns ns) {
  switch (ns) {
  case CPMI_NS_gruuinfo:   return "gr:";
  case CPMI_NS_extensions: return "oxe:";
  case CPMI_NS_policy:     return "cp:";
  case CPMI_NS_oma_policy: return "ocp:";
  default:                 return "";
  }
}

static void document_write_put_name(cpmi_out *o, cpm_node_kind kind) {
  cpmi_put_z(o, document_write_prefix(cpmi_node_kind(kind)->ns));
  cpmi_put_z(o, cpm_node_name(kind));
}

static void document_write_put_ns(cpmi_out *o, const char *attribute, cpmi_ns ns) {
  cpmi_put_z(o, attribute);
  cpmi_put_z(o, cpmi_ns_uri(ns));
  cpmi_put_char(o, '"');
}

static void document_write_put_namespaces(cpmi_out *o, cpm_node_kind root) {
  const cpmi_ns ns = cpmi_node_kind(root)->ns;
  if (ns == CPMI_NS_policy) document_write_put_ns(o, " xmlns=\"", CPMI_NS_group);
  else document_write_put_ns(o, " xmlns=\"", ns);
  if (ns == CPMI_NS_reginfo) document_write_put_ns(o, " xmlns:gr=\"", CPMI_NS_gruuinfo);
  if (ns != CPMI_NS_group && ns != CPMI_NS_policy) return;
  document_write_put_ns(o, " xmlns:oxe=\"", CPMI_NS_extensions);
  document_write_put_ns(o, " xmlns:cp=\"", CPMI_NS_policy);
  document_write_put_ns(o, " xmlns:ocp=\"", CPMI_NS_oma_policy);
}

static void document_write_put_value(cpmi_out *o, const cpm_node *n) {
  switch (cpm_node_type_of((cpm_node_kind)n->kind)) {
  case CPM_TYPE_NUMBER: cpmi_put_number(o, n->number); return;
  case CPM_TYPE_BOOL:   cpmi_put_z(o, n->number ? "true" : "false"); return;
  default:              cpmi_put_xml(o, n->text); return;
  }
}

static void document_write_put_attribute(cpmi_out *o, const char *name, cpm_str value) {
  cpmi_put_char(o, ' ');
  cpmi_put_z(o, name);
  cpmi_put_z(o, "=\"");
  cpmi_put_xml(o, value);
  cpmi_put_char(o, '"');
}

/* The start tag without its ">", attributes included. */
static void document_write_put_start(cpmi_out *o, const document_write_writer *w, const cpm_node *n) {
  static const char *const states[] = { NULL, "partial", "deleted" };
  cpmi_put_char(o, '<');
  document_write_put_name(o, (cpm_node_kind)n->kind);
  if (n == w->doc->nodes) document_write_put_namespaces(o, (cpm_node_kind)n->kind);
  for (const cpmi_place *p = cpmi_node_places((cpm_node_kind)n->kind); p && p->kind; p++) {
    const cpmi_kind *const kind = cpmi_node_kind((cpm_node_kind)p->kind);
    const cpm_node *const a = kind->attribute ? cpm_node_find(w->doc, n, (cpm_node_kind)p->kind, cpm_str_none()) : NULL;
    if (!a) continue;
    cpmi_put_char(o, ' ');
    cpmi_put_z(o, kind->name);
    cpmi_put_z(o, "=\"");
    document_write_put_value(o, a);
    cpmi_put_char(o, '"');
  }
  if (n->state != CPM_STATE_FULL) document_write_put_attribute(o, "state", cpm_str_z(states[n->state]));
  else if (n == w->doc->nodes && cpm_node_has_state((cpm_node_kind)n->kind)) document_write_put_attribute(o, "state", cpm_str_z("full"));
}

static void document_write_put_end(cpmi_out *o, const cpm_node *n) {
  cpmi_put_z(o, "</");
  document_write_put_name(o, (cpm_node_kind)n->kind);
  cpmi_put_z(o, ">\r\n");
}

static void document_write_put_leaf(document_write_writer *w, const cpm_node *n) {
  cpmi_out *const o = &w->out;
  cpmi_put_char(o, '<');
  document_write_put_name(o, (cpm_node_kind)n->kind);
  if (n->key.p) document_write_put_attribute(o, cpm_node_name((cpm_node_kind)cpmi_node_places((cpm_node_kind)n->kind)->kind), n->key);
  if (cpm_node_type_of((cpm_node_kind)n->kind) == CPM_TYPE_EMPTY) {
    cpmi_put_z(o, "/>\r\n");
    return;
  }
  cpmi_put_char(o, '>');
  document_write_put_value(o, n);
  document_write_put_end(o, n);
}

static void document_write_push(document_write_writer *w, const cpm_node *n) {
  const document_write_frame frame = { n, NULL, cpmi_node_places((cpm_node_kind)n->kind), false };
  document_write_put_start(&w->out, w, n);
  w->frames[w->depth++] = frame;
}

/* The next child element to write, NULL behind the last one. */
static const cpm_node *document_write_next(document_write_frame *f) {
  for (; f->place->kind; f->place++) {
    if (cpmi_node_kind((cpm_node_kind)f->place->kind)->attribute) continue;
    f->child = cpm_node_next(f->node, f->child, (cpm_node_kind)f->place->kind);
    if (f->child) return f->child;
  }
  return NULL;
}

static void document_write_pop(document_write_writer *w) {
  const document_write_frame *const f = &w->frames[--w->depth];
  if (f->inside) document_write_put_end(&w->out, f->node);
  else cpmi_put_z(&w->out, "/>\r\n");
}

static void document_write_put(document_write_writer *w) {
  cpmi_put_z(&w->out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n");
  document_write_push(w, w->doc->nodes);
  while (w->depth) {
    document_write_frame *const f = &w->frames[w->depth - 1];
    const cpm_node *const n = document_write_next(f);
    if (!n) {
      document_write_pop(w);
      continue;
    }
    if (!f->inside) cpmi_put_z(&w->out, ">\r\n");
    f->inside = true;
    if (cpm_node_type_of((cpm_node_kind)n->kind) == CPM_TYPE_NODE) document_write_push(w, n);
    else document_write_put_leaf(w, n);
  }
}

/* Conditions of which only the name is known would be written as others than they were. */
static bool document_write_is_kept(const cpm_node *n) {
  return n->kind != CPM_NODE_another_condition && n->kind != CPM_NODE_sphere && n->kind != CPM_NODE_external_list && n->kind != CPM_NODE_media_list;
}

static int document_write_check(const cpm_document *doc, cpm_diag *diag) {
  if (!doc->nnodes) return cpmi_fail(diag, CPM_E_MISSING, 0, "document", NULL);
  for (size_t i = 0; i < doc->nnodes; i++) {
    const cpm_node *const n = &doc->nodes[i];
    const char *const name = cpm_node_name((cpm_node_kind)n->kind);
    if (!document_write_is_kept(n)) return cpmi_fail(diag, CPM_E_UNSUPPORTED, 0, name, NULL);
    int rc = cpmi_check_xml(n->text, name, diag);
    if (!rc) rc = cpmi_check_xml(n->key, name, diag);
    if (rc) return rc;
  }
  return CPM_OK;
}

int cpm_document_encode(char *dst, size_t cap, size_t *len, const cpm_document *doc, cpm_diag *diag) {
  const int rc = document_write_check(doc, diag);
  if (rc) return rc;
  document_write_writer w = { .out = cpmi_out_to(dst, cap, 0), .doc = doc, .diag = diag };
  document_write_put(&w);
  return cpmi_out_end(&w.out, len, diag);
}
