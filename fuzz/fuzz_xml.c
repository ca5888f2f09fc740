/* SPDX-License-Identifier: MIT */
/* fuzz_xml.c - the first octet chooses what the others are read as. Holds for
 *
 * A list, or the members of a group: what decodes has its values in the caller's text, no two equal URIs, and encodes; that decodes without
 * a quirk to equal entries and is written the same a second time; its history decodes too. What is refused leaves no entry.
 *
 * A document: nodes form a tree, values lie in the caller's text, the room that header files promise is enough; it encodes, that decodes
 * without a quirk to as many nodes and is written the same a second time, and every view of it can be walked.
 *
 * Two documents, the second behind the first NUL: what the second makes of the first has no node twice, is full, decodes again, and
 * an update of an older version changes nothing. */
#include "cpm/policy.h"
#include "cpm/reginfo.h"
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

static void fuzz_list(cpm_str in, bool members) {
  cpm_resource_lists l = room(in.n / 8, 3 * in.n);   /* no entry is shorter; an octet that is no UTF-8 becomes three */
  cpm_diag diag = { 0 };
  const int rc = members ? cpm_xml_members_decode(&l, in, cpm_str_none(), NULL, &diag) : decode(&l, in);
  if (rc == CPM_OK) {
    check(&l);
    there_and_back(&l);
    history(&l);
  } else {
    need(l.nentries == 0 && l.text_len == 0);
  }
  leave(&l);
}

/* ---- documents ----------------------------------------------------------------------------------------------------- */

static cpm_document document_room(size_t nodes, size_t text) {
  const cpm_document doc = { .nodes = malloc((nodes + 1) * sizeof(cpm_node)), .cap = nodes, .text = malloc(text + 1), .text_cap = text };
  need(doc.nodes && doc.text);
  return doc;
}

static void document_leave(cpm_document *doc) {
  free(doc->nodes);
  free(doc->text);
}

static int document_decode(cpm_document *doc, cpm_str in, const cpm_opts *opts) {
  cpm_diag diag = { 0 };
  const int rc = cpm_xml_document_decode(doc, CPM_NODE_none, in, opts, &diag);
  need(diag.off <= in.n && diag.code == rc && rc != CPM_E_SPACE);
  if (rc) need(doc->nnodes == 0 && doc->text_len == 0 && diag.rule);
  return rc;
}

static void document_inside(cpm_str s, const cpm_document *doc) {
  if (s.p) need(s.p >= doc->text && s.p + s.n <= doc->text + doc->text_len);
}

static void document_check(const cpm_document *doc) {
  for (size_t i = 0; i < doc->nnodes; i++) {
    const cpm_node *const n = &doc->nodes[i], *const parent = &doc->nodes[n->parent];
    document_inside(n->text, doc);
    document_inside(n->key, doc);
    need(n->size >= 1 && i + n->size <= doc->nnodes);
    if (i) need(n->parent < i && i + n->size <= n->parent + parent->size);
    if (i && !n->repeated && n->key.p) need(cpm_node_find(doc, parent, (cpm_node_kind)n->kind, n->key) == n);
  }
}

/* Nodes that count, with all that is below those that do not left out. */
static size_t document_count(const cpm_document *doc) {
  size_t n = 0;
  for (size_t i = 0; i < doc->nnodes; i += doc->nodes[i].repeated ? doc->nodes[i].size : 1) n += !doc->nodes[i].repeated;
  return n;
}

static cpm_str document_encode(const cpm_document *doc) {
  size_t len = 0, again = 0;
  const int rc = cpm_document_encode(NULL, 0, &len, doc, NULL);
  if (rc == CPM_E_UNSUPPORTED) return cpm_str_none();
  need(rc == CPM_OK);
  char *const text = malloc(len);
  need(text && cpm_document_encode(text, len, &again, doc, NULL) == CPM_OK && again == len);
  return cpm_str_of(text, len);
}

static void document_there_and_back(const cpm_document *doc) {
  const cpm_opts strict = { CPM_QUIRKS_ALL, 0, 0, 0, 0, 256 };
  const cpm_str first = document_encode(doc);
  if (!first.p) return;
  cpm_document copy = document_room(first.n / 4, first.n);
  need(document_decode(&copy, first, &strict) == CPM_OK && copy.quirks == 0);
  need(copy.nnodes == document_count(doc) && copy.duplicates == 0);
  const cpm_str second = document_encode(&copy);
  need(cpm_str_eq(first, second));
  free((void *)(uintptr_t)first.p);
  free((void *)(uintptr_t)second.p);
  document_leave(&copy);
}

static void walk_endpoints(const cpm_document *doc, const cpm_node *user) {
  cpm_conference_endpoint e = { .node = NULL };
  while (cpm_conference_endpoint_next(&e, doc, user))
    for (cpm_conference_media m = { .node = NULL }; cpm_conference_media_next(&m, doc, e.node);) document_inside(m.id, doc);
}

static void walk_conference(const cpm_document *doc) {
  static const cpm_node_kind lists[] = { CPM_NODE_conf_uris, CPM_NODE_service_uris, CPM_NODE_uris, CPM_NODE_sidebars_by_ref };
  cpm_conference c;
  cpm_entry entries[4];
  size_t n;
  if (cpm_conference_view(&c, doc)) return;
  for (cpm_conference_user u = { .node = NULL }; cpm_conference_user_next(&u, doc, c.node);) {
    cpm_conference_user same;
    need(!(u.connected && u.left) && !(u.connected && u.pending));
    if (u.entity.p) need(cpm_conference_user_find(&same, doc, c.node, u.entity) && same.node == u.node);
    walk_endpoints(doc, u.node);
  }
  for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
    for (cpm_conference_uri u = { .node = NULL }; cpm_conference_uri_next(&u, doc, c.node, lists[i]);) document_inside(u.uri, doc);
  for (cpm_conference_media m = { .node = NULL }; cpm_conference_media_next(&m, doc, c.node);) document_inside(m.label, doc);
  for (cpm_conference s = { .node = NULL }; cpm_conference_sidebar_next(&s, doc, c.node);) document_inside(s.entity, doc);
  cpm_conference_entries(entries, 4, &n, doc, NULL);
}

static void walk_others(const cpm_document *doc) {
  const cpm_rule_request ann = { cpm_str_z("sip:ann@example.com"), true, false, 0 };
  cpm_preferences p;
  for (cpm_registration r = { .node = NULL }; cpm_registration_next(&r, doc);)
    for (cpm_reg_contact c = { .node = NULL }; cpm_reg_contact_next(&c, doc, &r);) need(c.uri.p != NULL && c.id.p != NULL);
  for (cpm_group g = { .node = NULL }; cpm_group_next(&g, doc);) {
    cpm_group_has(&g, ann.identity);
    cpm_rules_say(doc, g.ruleset, CPM_NODE_allow_anonymity, &ann);
  }
  cpm_preferences_view(&p, doc, &ann);
}

static void fuzz_document(cpm_str in) {
  cpm_document doc = document_room(in.n / 4, 3 * in.n);
  const int rc = document_decode(&doc, in, NULL);
  if (rc == CPM_OK) {
    document_check(&doc);
    document_there_and_back(&doc);
    walk_conference(&doc);
    walk_others(&doc);
  }
  document_leave(&doc);
}

static void check_merged(const cpm_document *out, const cpm_document *update) {
  document_check(out);
  need(out->duplicates == 0);
  for (size_t i = 1; i < out->nnodes; i++) need(out->nodes[i].state == CPM_STATE_FULL);
  document_there_and_back(out);
  if (cpm_node_find(update, update->nodes, CPM_NODE_version, cpm_str_none())) need(cpm_document_update(out, update) == CPM_UPDATE_OLD);
}

static void fuzz_merge(cpm_str in) {
  const char *const nul = in.n ? memchr(in.p, '\0', in.n) : NULL;
  const size_t first = nul ? (size_t)(nul - in.p) : in.n, second = nul ? in.n - first - 1 : 0;
  cpm_document held = document_room(first / 4, 3 * first), update = document_room(second / 4, 3 * second);
  cpm_document out = document_room(held.cap + update.cap, held.text_cap + update.text_cap);
  document_decode(&held, cpm_str_of(in.p, first), NULL);
  if (second && document_decode(&update, cpm_str_of(nul + 1, second), NULL) == CPM_OK) {
    const int rc = cpm_document_merge(&out, &held, &update, NULL);
    need(rc == CPM_OK || rc == CPM_IGNORED || rc == CPM_E_MISSING || rc == CPM_E_VALUE);
    if (rc) need(out.nnodes == 0);
    else check_merged(&out, &update);
  }
  document_leave(&held);
  document_leave(&update);
  document_leave(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (!size) return 0;
  char *const copy = malloc(size);
  if (!copy) return 0;
  memcpy(copy, data, size);
  /* At the end of its memory, so that one octet too far is seen. */
  const cpm_str in = cpm_str_of(copy + 1, size - 1);
  switch (data[0] % 4) {
  case 0: fuzz_list(in, false); break;
  case 1: fuzz_list(in, true); break;
  case 2: fuzz_document(in); break;
  default: fuzz_merge(in);
  }
  free(copy);
  return 0;
}
