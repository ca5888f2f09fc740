/* SPDX-License-Identifier: MIT */
/* document.c - documents as arrays of nodes: building them, and finding nodes. */
#include "document.h"
#include <string.h>

/* ---- room ---------------------------------------------------------------------------------------------------------- */

int cpmi_document_drop(cpm_document *doc, int code) {
  doc->nnodes = doc->text_len = doc->duplicates = 0;
  doc->depth = 0;
  return code;
}

uint32_t cpmi_document_add(cpm_document *doc, cpm_node_kind kind, uint32_t parent) {
  static const cpm_node none;
  const size_t at = doc->need_nodes++;
  if (at >= doc->cap) return (uint32_t)at;
  cpm_node *const n = &doc->nodes[doc->nnodes++];
  *n = none;
  n->kind = (uint8_t)kind;
  n->parent = parent;
  n->size = 1;
  return (uint32_t)at;
}

cpm_str cpmi_document_keep(cpm_document *doc, cpm_str text) {
  doc->need_text += text.n;
  if (!text.p || doc->need_text > doc->text_cap) return cpm_str_none();
  char *const to = doc->text + doc->text_len;
  if (text.n) memcpy(to, text.p, text.n);
  doc->text_len += text.n;
  /* Empty is not absent, even in a buffer of no size. */
  return cpm_str_of(text.n ? to : doc->text ? doc->text : "", text.n);
}

int cpmi_document_room(cpm_document *doc, cpm_diag *diag) {
  const bool many = doc->need_nodes > doc->cap || doc->need_nodes > UINT32_MAX;
  if (!many && doc->need_text <= doc->text_cap) return CPM_OK;
  cpmi_fail(diag, many ? CPM_E_TOO_MANY : CPM_E_SPACE, 0, many ? "nodes" : "buffer", NULL);
  if (diag) diag->need = many ? doc->need_nodes : doc->need_text;
  return cpmi_document_drop(doc, many ? CPM_E_TOO_MANY : CPM_E_SPACE);
}

/* ---- order --------------------------------------------------------------------------------------------------------- */

static int document_compare_text(cpm_str a, cpm_str b) {
  const size_t n = a.n < b.n ? a.n : b.n;
  const int by_text = n ? memcmp(a.p, b.p, n) : 0;
  return by_text ? by_text : (a.n > b.n) - (a.n < b.n);
}

/* Where a node stands among all: by parent, then kind, then key; without a key in front. */
static int document_compare_place(uint32_t parent, cpm_node_kind kind, cpm_str key, const cpm_node *n) {
  if (parent != n->parent) return parent < n->parent ? -1 : 1;
  if (kind != n->kind) return kind < n->kind ? -1 : 1;
  return !key.p || !n->key.p ? (key.p != NULL) - (n->key.p != NULL) : document_compare_text(key, n->key);
}

static bool document_before(const cpm_document *doc, uint32_t a, uint32_t b) {
  const cpm_node *const n = &doc->nodes[a];
  const int by_place = document_compare_place(n->parent, (cpm_node_kind)n->kind, n->key, &doc->nodes[b]);
  return by_place ? by_place < 0 : a < b;
}

/* Heapsort over `order`: in place, and n log n on any input. */
static void document_sift(cpm_document *doc, size_t from, size_t n) {
  for (size_t child; (child = 2 * from + 1) < n; from = child) {
    if (child + 1 < n && document_before(doc, doc->nodes[child].order, doc->nodes[child + 1].order)) child++;
    if (!document_before(doc, doc->nodes[from].order, doc->nodes[child].order)) return;
    const uint32_t swap = doc->nodes[from].order;
    doc->nodes[from].order = doc->nodes[child].order;
    doc->nodes[child].order = swap;
  }
}

static void document_sort(cpm_document *doc) {
  for (size_t i = 0; i < doc->nnodes; i++) doc->nodes[i].order = (uint32_t)i;
  for (size_t i = doc->nnodes / 2; i-- > 0;) document_sift(doc, i, doc->nnodes);
  for (size_t n = doc->nnodes; n-- > 1;) {
    const uint32_t swap = doc->nodes[0].order;
    doc->nodes[0].order = doc->nodes[n].order;
    doc->nodes[n].order = swap;
    document_sift(doc, 0, n);
  }
}

/* May two of them stand side by side, both without a key or with equal ones? A node that should have a key and has none is another one
 * each time. */
static bool document_may_repeat(const cpm_document *doc, const cpm_node *n) {
  const cpmi_place *const place = cpmi_node_place((cpm_node_kind)doc->nodes[n->parent].kind, (cpm_node_kind)n->kind);
  return (place && place->how & CPMI_MANY) || (cpm_node_has_key((cpm_node_kind)n->kind) && !n->key.p);
}

void cpmi_document_index(cpm_document *doc) {
  for (size_t i = doc->nnodes; i-- > 1;) doc->nodes[doc->nodes[i].parent].size += doc->nodes[i].size;
  document_sort(doc);
  doc->duplicates = 0;
  for (size_t i = 1; i < doc->nnodes; i++) {
    const cpm_node *const before = &doc->nodes[doc->nodes[i - 1].order];
    cpm_node *const n = &doc->nodes[doc->nodes[i].order];
    if (n == doc->nodes || before == doc->nodes) continue;
    n->repeated = document_compare_place(n->parent, (cpm_node_kind)n->kind, n->key, before) == 0 && !document_may_repeat(doc, n);
    doc->duplicates += n->repeated;
  }
}

/* ---- values -------------------------------------------------------------------------------------------------------- */

/* xs:unsignedInt of RFC 4575 and of the counts; the others of RFC 3680 are xs:unsignedLong. */
static uint64_t document_most(cpm_node_kind kind) {
  switch (kind) {
  case CPM_NODE_version: case CPM_NODE_maximum_user_count: case CPM_NODE_user_count: case CPM_NODE_max_participant_count:
  case CPM_NODE_min_participant_count: return UINT32_MAX;
  default: return UINT64_MAX;
  }
}

static int document_number(uint64_t *out, cpm_node_kind kind, cpm_str s, cpm_diag *diag) {
  const uint64_t most = document_most(kind);
  uint64_t n = 0;
  size_t i = s.n && s.p[0] == '+';
  if (i == s.n) return cpmi_fail(diag, CPM_E_VALUE, i, cpm_node_name(kind), NULL);
  for (; i < s.n; i++) {
    const uint64_t digit = (uint64_t)(unsigned char)s.p[i] - '0';
    if (s.p[i] < '0' || s.p[i] > '9') return cpmi_fail(diag, CPM_E_VALUE, i, cpm_node_name(kind), NULL);
    if (n > (most - digit) / 10) return cpmi_fail(diag, CPM_E_RANGE, i, cpm_node_name(kind), NULL);
    n = n * 10 + digit;
  }
  *out = n;
  return CPM_OK;
}

static int document_bool(uint64_t *out, cpm_node_kind kind, cpm_str s, cpm_diag *diag) {
  const bool yes = cpm_str_eq(s, cpm_str_z("true")) || cpm_str_eq(s, cpm_str_z("1"));
  const bool no = cpm_str_eq(s, cpm_str_z("false")) || cpm_str_eq(s, cpm_str_z("0"));
  *out = yes;
  return yes || no ? CPM_OK : cpmi_fail(diag, CPM_E_VALUE, 0, cpm_node_name(kind), NULL);
}

static uint64_t document_word(cpm_node_kind kind, cpm_str s) {
  const char *const *words = cpmi_node_words(kind);
  for (size_t i = 0; words[i]; i++)
    if (cpm_str_eq(s, cpm_str_z(words[i]))) return i + 1;
  return 0;
}

static int document_value(uint64_t *number, cpm_node_kind kind, cpm_str value, cpm_diag *diag) {
  switch (cpm_node_type_of(kind)) {
  case CPM_TYPE_NUMBER: return document_number(number, kind, value, diag);
  case CPM_TYPE_BOOL:   return document_bool(number, kind, value, diag);
  case CPM_TYPE_WORD:   *number = document_word(kind, value); return CPM_OK;
  default:              *number = 0; return CPM_OK;
  }
}

static bool document_is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

/* The next octet of a trimmed token at *at, each run of white space as one SP. */
static char document_token_char(cpm_str s, size_t *at) {
  if (!document_is_space(s.p[*at])) return s.p[(*at)++];
  while (document_is_space(s.p[*at])) (*at)++;
  return ' ';
}

static cpm_str document_keep_token(cpm_document *doc, cpm_str s) {
  char *const to = doc->text ? doc->text + doc->text_len : NULL;
  size_t n = 0;
  for (size_t at = 0; at < s.n; n++) {
    const char c = document_token_char(s, &at);
    if (doc->need_text + n < doc->text_cap) to[n] = c;
  }
  doc->need_text += n;
  if (doc->need_text > doc->text_cap) return cpm_str_none();
  doc->text_len += n;
  return cpm_str_of(to ? to : "", n);
}

/* What is text is one line; EMPTY has none. */
static cpm_str document_text(cpm_document *doc, cpm_node_type type, cpm_str value) {
  if (type == CPM_TYPE_EMPTY) return cpm_str_none();
  if (type != CPM_TYPE_TEXT) return document_keep_token(doc, value);
  const cpm_str kept = cpmi_document_keep(doc, value);
  for (size_t i = 0; i < kept.n; i++) {
    char *const c = doc->text + (kept.p - doc->text) + i;
    if (*c == '\r' || *c == '\n') *c = ' ';
  }
  return kept;
}

/* ---- building ------------------------------------------------------------------------------------------------------ */

int cpm_document_start(cpm_document *doc) {
  if ((!doc->nodes && doc->cap) || (!doc->text && doc->text_cap)) return CPM_E_ARG;
  doc->need_nodes = doc->need_text = 0;
  doc->quirks = 0;
  return cpmi_document_drop(doc, CPM_OK);
}

/* The node that is open; NULL if there is none, or no room for it. */
static cpm_node *document_innermost(cpm_document *doc) {
  if (!doc->depth || doc->open_at[doc->depth - 1] >= doc->nnodes) return NULL;
  return &doc->nodes[doc->open_at[doc->depth - 1]];
}

static int document_misplaced(cpm_node_kind kind, cpm_diag *diag) {
  const char *const name = cpm_node_name(kind);
  return cpmi_fail(diag, CPM_E_VALUE, 0, name ? name : "node", NULL);
}

/* Adds a node to the one that is open, or the root. */
static int document_add(cpm_document *doc, cpm_node_kind kind, cpm_diag *diag) {
  const bool first = doc->need_nodes == 0;
  const bool fits = first ? cpm_node_root_ns(kind) != NULL : doc->depth && cpmi_node_place((cpm_node_kind)doc->open_kind[doc->depth - 1], kind);
  if (!fits) return document_misplaced(kind, diag);
  cpmi_document_add(doc, kind, first ? 0 : doc->open_at[doc->depth - 1]);
  return CPM_OK;
}

int cpm_document_open(cpm_document *doc, cpm_node_kind kind, cpm_diag *diag) {
  if (cpm_node_type_of(kind) != CPM_TYPE_NODE || kind == CPM_NODE_none) return document_misplaced(kind, diag);
  if (doc->depth == CPM_DOCUMENT_DEPTH) return cpmi_fail(diag, CPM_E_TOO_DEEP, 0, cpm_node_name(kind), NULL);
  const size_t at = doc->need_nodes;
  const int rc = document_add(doc, kind, diag);
  if (rc) return rc;
  doc->open_at[doc->depth] = (uint32_t)at;
  doc->open_kind[doc->depth++] = (uint8_t)kind;
  return CPM_OK;
}

int cpm_document_put(cpm_document *doc, cpm_node_kind kind, cpm_str value, cpm_diag *diag) {
  const cpm_node_type type = cpm_node_type_of(kind);
  const cpm_str plain = type == CPM_TYPE_TEXT ? value : cpm_str_trim(value);
  uint64_t number = 0;
  if (type == CPM_TYPE_NODE || !doc->depth || !value.p) return document_misplaced(kind, diag);
  int rc = document_add(doc, kind, diag);
  if (!rc) rc = document_value(&number, kind, plain, diag);
  if (rc) return rc;
  const cpm_str text = document_text(doc, type, plain);
  if (doc->need_nodes > doc->nnodes) return CPM_OK;
  cpm_node *const n = &doc->nodes[doc->nnodes - 1], *const parent = document_innermost(doc);
  n->number = number;
  n->text = text;
  if (cpmi_node_place((cpm_node_kind)parent->kind, kind)->how & CPMI_KEY && !parent->key.p) parent->key = text;
  return CPM_OK;
}

int cpm_document_put_key(cpm_document *doc, cpm_str value, cpm_diag *diag) {
  const bool room = doc->need_nodes == doc->nnodes && doc->nnodes;
  cpm_node *const n = room ? &doc->nodes[doc->nnodes - 1] : NULL;
  if (n && (cpm_node_type_of((cpm_node_kind)n->kind) == CPM_TYPE_NODE || !cpm_node_has_key((cpm_node_kind)n->kind) || n->key.p))
    return document_misplaced((cpm_node_kind)n->kind, diag);
  const cpm_str text = document_keep_token(doc, cpm_str_trim(value));
  if (n) n->key = text;
  return CPM_OK;
}

int cpm_document_put_state(cpm_document *doc, cpm_str value, cpm_diag *diag) {
  static const char *const words[] = { "full", "partial", "deleted" };
  const cpm_str word = cpm_str_trim(value);
  const bool has_state = doc->depth && cpm_node_has_state((cpm_node_kind)doc->open_kind[doc->depth - 1]);
  for (size_t i = 0; has_state && i < sizeof words / sizeof *words; i++) {
    if (!cpm_str_eq(word, cpm_str_z(words[i]))) continue;
    cpm_node *const n = document_innermost(doc);
    if (n) n->state = (uint8_t)(CPM_STATE_FULL + i);
    return CPM_OK;
  }
  return cpmi_fail(diag, CPM_E_VALUE, 0, "state", "RFC 4575 4.4");
}

int cpm_document_close(cpm_document *doc, cpm_diag *diag) {
  if (!doc->depth) return cpmi_fail(diag, CPM_E_VALUE, 0, "close", NULL);
  doc->depth--;
  return CPM_OK;
}

/* The first place that must be taken and is not; NULL if there is none. */
static const char *document_lacks(const cpm_document *doc, const cpm_node *n) {
  for (const cpmi_place *p = cpmi_node_places((cpm_node_kind)n->kind); p && p->kind; p++) {
    if (!(p->how & CPMI_MUST)) continue;
    if (p->how & CPMI_KEY ? !n->key.p : !cpm_node_find(doc, n, (cpm_node_kind)p->kind, cpm_str_none())) return cpm_node_name((cpm_node_kind)p->kind);
  }
  return NULL;
}

int cpm_document_end(cpm_document *doc, cpm_diag *diag) {
  if (doc->depth || !doc->need_nodes) return cpmi_document_drop(doc, cpmi_fail(diag, CPM_E_VALUE, 0, "document", NULL));
  const int rc = cpmi_document_room(doc, diag);
  if (rc) return rc;
  cpmi_document_index(doc);
  for (size_t i = 0; i < doc->nnodes; i++) {
    const char *const lacks = document_lacks(doc, &doc->nodes[i]);
    if (lacks) return cpmi_document_drop(doc, cpmi_fail(diag, CPM_E_MISSING, 0, lacks, NULL));
  }
  return CPM_OK;
}

/* ---- finding ------------------------------------------------------------------------------------------------------- */

const cpm_node *cpm_node_next(const cpm_node *parent, const cpm_node *at, cpm_node_kind kind) {
  const cpm_node *const end = parent + parent->size;
  for (at = at ? at + at->size : parent + 1; at < end; at += at->size)
    if (!at->repeated && (kind == CPM_NODE_none || at->kind == kind)) return at;
  return NULL;
}

const cpm_node *cpm_node_find(const cpm_document *doc, const cpm_node *parent, cpm_node_kind kind, cpm_str key) {
  const uint32_t in = (uint32_t)(parent - doc->nodes);
  size_t low = 0, high = doc->nnodes;
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    if (document_compare_place(in, kind, key, &doc->nodes[doc->nodes[middle].order]) > 0) low = middle + 1;
    else high = middle;
  }
  if (low == doc->nnodes) return NULL;
  const cpm_node *const n = &doc->nodes[doc->nodes[low].order];
  return n != doc->nodes && document_compare_place(in, kind, key, n) == 0 ? n : NULL;
}

cpm_str cpm_node_text(const cpm_document *doc, const cpm_node *parent, cpm_node_kind kind) {
  const cpm_node *const n = parent ? cpm_node_find(doc, parent, kind, cpm_str_none()) : NULL;
  return n ? n->text : cpm_str_none();
}

uint64_t cpm_node_number(const cpm_document *doc, const cpm_node *parent, cpm_node_kind kind, uint64_t otherwise) {
  const cpm_node *const n = parent ? cpm_node_find(doc, parent, kind, cpm_str_none()) : NULL;
  return n ? n->number : otherwise;
}
