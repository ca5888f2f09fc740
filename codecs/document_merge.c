/* SPDX-License-Identifier: MIT */
/* document_merge.c - full and partial documents (RFC 4575 4.6, RFC 3680 5). */
#include "cpm/reginfo.h"
#include "document.h"

/* ---- versions ------------------------------------------------------------------------------------------------------ */

static const cpm_node *document_merge_version(const cpm_document *doc) { return cpm_node_find(doc, doc->nodes, CPM_NODE_version, cpm_str_none()); }

cpm_update cpm_document_update(const cpm_document *held, const cpm_document *update) {
  const bool full = update->nnodes && update->nodes->state != CPM_STATE_PARTIAL;
  if (!held || !held->nnodes || !update->nnodes) return full ? CPM_UPDATE_NEXT : CPM_UPDATE_GAP;
  const cpm_node *const is = document_merge_version(held), *const comes = document_merge_version(update);
  if (!is || !comes) return CPM_UPDATE_NEXT;
  if (comes->number <= is->number) return CPM_UPDATE_OLD;
  return full || comes->number == is->number + 1 ? CPM_UPDATE_NEXT : CPM_UPDATE_GAP;
}

/* ---- merging ------------------------------------------------------------------------------------------------------- */

/* Two nodes that are made one: the children of what is held first, then those that only the update has. */
typedef struct document_merge_pair { const cpm_node *held, *update, *child; bool second; uint32_t to; } document_merge_pair;

typedef struct document_merge_merger {
  cpm_document       *out;
  const cpm_document *held, *update;
  document_merge_pair       pairs[CPM_DOCUMENT_DEPTH];
  unsigned            depth;
} document_merge_merger;

/* What an element of the update says. A registration has contacts of its own, and says by its own state that it is gone. */
static cpm_state document_merge_says(const cpm_document *doc, const cpm_node *n) {
  if (n->kind == CPM_NODE_registration)
    return cpm_node_number(doc, n, CPM_NODE_registration_state, 0) == CPM_REGISTRATION_TERMINATED ? CPM_STATE_DELETED : CPM_STATE_PARTIAL;
  if (n->kind == CPM_NODE_contact)
    return cpm_node_number(doc, n, CPM_NODE_contact_state, 0) == CPM_CONTACT_TERMINATED ? CPM_STATE_DELETED : CPM_STATE_FULL;
  return (cpm_state)n->state;
}

/* The key of an element is the value of one of its children and comes with it; that of a leaf is its own. */
static uint32_t document_merge_copy_node(cpm_document *out, const cpm_node *n, uint32_t parent) {
  const uint32_t at = cpmi_document_add(out, (cpm_node_kind)n->kind, parent);
  const bool leaf = cpm_node_type_of((cpm_node_kind)n->kind) != CPM_TYPE_NODE;
  const cpm_str text = cpmi_document_keep(out, n->text), key = leaf ? cpmi_document_keep(out, n->key) : cpm_str_none();
  if (at >= out->nnodes) return at;
  cpm_node *const copy = &out->nodes[at], *const in = &out->nodes[parent];
  const cpmi_place *const place = cpmi_node_place((cpm_node_kind)in->kind, (cpm_node_kind)n->kind);
  copy->number = n->number;
  copy->text = text;
  copy->key = key;
  if (place && place->how & CPMI_KEY && !in->key.p) in->key = text;
  return at;
}

/* The element and what is below it, but for what is deleted or repeated. */
static void document_merge_copy(cpm_document *out, const cpm_document *doc, const cpm_node *n, uint32_t parent) {
  struct { const cpm_node *end; uint32_t to; } open[CPM_DOCUMENT_DEPTH + 1];
  const cpm_node *const end = n + n->size;
  unsigned depth = 0;
  open[0].end = end;
  open[0].to = parent;
  while (n < end) {
    while (n >= open[depth].end) depth--;
    if (n->repeated || document_merge_says(doc, n) == CPM_STATE_DELETED) {
      n += n->size;
      continue;
    }
    const uint32_t to = document_merge_copy_node(out, n, open[depth].to);
    if (n->size > 1) {
      open[++depth].end = n + n->size;
      open[depth].to = to;
    }
    n++;
  }
}

/* Its counterpart; NULL if there is none. */
static const cpm_node *document_merge_match(const cpm_document *doc, const cpm_node *parent, const cpm_node *n) {
  if (cpm_node_has_key((cpm_node_kind)n->kind) && !n->key.p) return NULL;
  return cpm_node_find(doc, parent, (cpm_node_kind)n->kind, n->key);
}

static void document_merge_push(document_merge_merger *m, const cpm_node *held, const cpm_node *update, uint32_t parent) {
  const document_merge_pair pair = { held, update, NULL, false, document_merge_copy_node(m->out, update, parent) };
  m->pairs[m->depth++] = pair;
}

static void document_merge_take_held(document_merge_merger *m, const document_merge_pair *p, const cpm_node *n) {
  const cpm_node *const update = document_merge_match(m->update, p->update, n);
  if (!update) {
    document_merge_copy(m->out, m->held, n, p->to);
    return;
  }
  const cpm_state says = document_merge_says(m->update, update);
  if (says == CPM_STATE_PARTIAL) document_merge_push(m, n, update, p->to);
  else if (says == CPM_STATE_FULL) document_merge_copy(m->out, m->update, update, p->to);
}

static void document_merge_take_update(document_merge_merger *m, const document_merge_pair *p, const cpm_node *n) {
  if (!document_merge_match(m->held, p->held, n)) document_merge_copy(m->out, m->update, n, p->to);
}

static void document_merge_step(document_merge_merger *m) {
  document_merge_pair *const p = &m->pairs[m->depth - 1];
  p->child = cpm_node_next(p->second ? p->update : p->held, p->child, CPM_NODE_none);
  if (p->child) {
    (p->second ? document_merge_take_update : document_merge_take_held)(m, p, p->child);
  } else if (!p->second) {
    p->second = true;
  } else {
    m->depth--;
  }
}

static void document_merge_unite(cpm_document *out, const cpm_document *held, const cpm_document *update) {
  document_merge_merger m = { .out = out, .held = held, .update = update };
  document_merge_push(&m, held->nodes, update->nodes, 0);
  while (m.depth) document_merge_step(&m);
}

/* Of a conference that is over the root is left, with its attributes. */
static void document_merge_bury(cpm_document *out, const cpm_document *update) {
  document_merge_copy_node(out, update->nodes, 0);
  for (const cpm_node *n = NULL; (n = cpm_node_next(update->nodes, n, CPM_NODE_none));)
    if (cpmi_node_kind((cpm_node_kind)n->kind)->attribute) document_merge_copy_node(out, n, 0);
  if (out->nnodes) out->nodes->state = CPM_STATE_DELETED;
}

static int document_merge_check(const cpm_document *held, const cpm_document *update, cpm_diag *diag) {
  const cpm_node *const is = held ? cpm_document_root(held) : NULL, *const comes = cpm_document_root(update);
  const char *const clause = comes && comes->kind == CPM_NODE_reginfo ? "RFC 3680 5" : "RFC 4575 4.6";
  if (!comes || !cpm_node_has_state((cpm_node_kind)comes->kind) || (is && is->kind != comes->kind))
    return cpmi_fail(diag, CPM_E_VALUE, 0, "document", clause);
  switch (cpm_document_update(held, update)) {
  case CPM_UPDATE_OLD: return CPM_IGNORED;
  case CPM_UPDATE_GAP: return cpmi_fail(diag, CPM_E_MISSING, 0, "version", clause);
  default:             break;
  }
  const bool other = is && comes->state == CPM_STATE_PARTIAL && is->key.p && comes->key.p && !cpm_str_eq(is->key, comes->key);
  return other ? cpmi_fail(diag, CPM_E_VALUE, 0, "entity", clause) : CPM_OK;
}

int cpm_document_merge(cpm_document *out, const cpm_document *held, const cpm_document *update, cpm_diag *diag) {
  int rc = cpm_document_start(out);
  if (rc) return cpmi_fail(diag, rc, 0, "nodes", NULL);
  rc = document_merge_check(held, update, diag);
  if (rc) return rc;
  const cpm_node *const root = update->nodes;
  if (root->state == CPM_STATE_DELETED) document_merge_bury(out, update);
  else if (root->state == CPM_STATE_PARTIAL) document_merge_unite(out, held, update);
  else document_merge_copy(out, update, root, 0);
  rc = cpmi_document_room(out, diag);
  if (!rc) cpmi_document_index(out);
  return rc;
}
