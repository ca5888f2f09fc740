/* SPDX-License-Identifier: MIT */
/* cpm_cpim.c - message/cpim. */
#include "cpm_tool.h"
#include <stdlib.h>

enum { CPIM_HEADERS = 64 };

static int cpim_read(tool *t, cpm_cpim *m, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  static const cpm_cpim empty;
  for (size_t cap = CPIM_HEADERS;; cap = (size_t)diag->need) {
    *m = empty;
    *diag = (cpm_diag){ 0 };
    m->cap = cap;
    m->headers = calloc(cap, sizeof *m->headers);
    if (!m->headers) exit(tool_say(TOOL_REFUSED, "%s: out of memory", tool_name(t)));
    const int rc = cpm_cpim_decode(m, in, opts, diag);
    if (rc != CPM_E_TOO_MANY || diag->need <= cap) return rc;
    free(m->headers);
  }
}

/* ---- values ------------------------------------------------------------------------------------------------------------------ */

/* Unescaped, if there is something to unescape. */
static void cpim_put_plain(cJSON *o, const char *key, cpm_str value) {
  char plain[2048];
  size_t n = 0;
  if (cpm_cpim_unescape(plain, sizeof plain, &n, value) == CPM_OK && !cpm_str_eq(cpm_str_of(plain, n), value))
    tree_put_text(o, key, cpm_str_of(plain, n));
}

static void cpim_put_address(tool *t, cJSON *o, cpm_str value) {
  cpm_cpim_address a;
  cpm_diag d = { 0 };
  int rc = cpm_cpim_address_decode(&a, value, &t->opts, &d);
  if (rc != CPM_OK) tree_put_error(t, o, value, &d);
  if (rc == CPM_E_QUIRK) rc = cpm_cpim_address_decode(&a, value, NULL, &d);
  if (rc != CPM_OK) return;
  cJSON *address = tree_put(o, "decoded", tree_object());
  tree_put_text(address, "display", a.name);
  if (a.name.p) cpim_put_plain(address, "display_unescaped", a.name);
  tree_put(address, "uri", uri_tree(t, a.uri));
  tree_put_quirks(t, o, "quirks", a.quirks);
}

void datetime_tree(tool *t, cJSON *o, cpm_str value) {
  int64_t ms = 0;
  uint64_t quirks = 0;
  cpm_diag d = { 0 };
  int rc = cpm_datetime_decode(&ms, value, &t->opts, &quirks, &d);
  if (rc != CPM_OK) tree_put_error(t, o, value, &d);
  if (rc == CPM_E_QUIRK) rc = cpm_datetime_decode(&ms, value, NULL, &quirks, &d);
  if (rc == CPM_OK) tree_put(o, "decoded", time_tree(ms));
  tree_put_quirks(t, o, "quirks", quirks);
}

static void cpim_put_dispositions(tool *t, cJSON *o, cpm_str value) {
  static const char *const names[] = {
#define CPIM_DISPOSITION(id, text) text,
    CPM_DISPOSITIONS(CPIM_DISPOSITION)
  };
  unsigned set = 0;
  cpm_diag d = { 0 };
  if (cpm_disposition_notification_decode(&set, value, &t->opts, &d) != CPM_OK) {
    tree_put_error(t, o, value, &d);
    return;
  }
  cJSON *list = tree_put(o, "decoded", tree_array());
  for (unsigned i = 0; i < CPM_DISPOSITION_BITS; i++)
    if (set >> i & 1u) tree_append(list, tree_text(cpm_str_z(names[i])));
}

/* ---- the document ------------------------------------------------------------------------------------------------------------- */

static void cpim_put_value(tool *t, cJSON *o, const cpm_cpim_header *h) {
  switch (h->id) {
  case CPM_CPIM_FROM: case CPM_CPIM_TO: case CPM_CPIM_CC: case CPM_CPIM_ORIGINAL_TO: case CPM_CPIM_IMDN_RECORD_ROUTE:
  case CPM_CPIM_IMDN_ROUTE:               cpim_put_address(t, o, h->value); break;
  case CPM_CPIM_DATETIME:                 datetime_tree(t, o, h->value); break;
  case CPM_CPIM_DISPOSITION_NOTIFICATION: cpim_put_dispositions(t, o, h->value); break;
  case CPM_CPIM_NS:                       break;
  default:                                cpim_put_plain(o, "unescaped", h->value); break;
  }
}

static void cpim_put_header(tool *t, cJSON *headers, const cpm_cpim_header *h) {
  static const char *const names[] = { NULL,
#define CPIM_NAME(id, ns, name) name,
    CPM_CPIM_HEADERS(CPIM_NAME)
  };
  cJSON *o = tree_append(headers, tree_object());
  const cpm_str whole = h->prefix.p ? cpm_str_of(h->prefix.p, (size_t)(h->name.p + h->name.n - h->prefix.p)) : h->name;
  tree_put_off(t, o, whole);
  tree_put_text(o, "name", whole);
  if (h->id && !cpm_str_eq(h->name, cpm_str_z(names[h->id]))) tree_put_z(o, "header", names[h->id]);
  tree_put_text(o, "value", h->value);
  tree_put_text(o, "namespace", h->ns);
  tree_put_params(t, o, h->params);
  cpim_put_value(t, o, h);
}

void cpim_document(tool *t, cJSON *o, cpm_str in, unsigned depth) {
  cpm_cpim m;
  cpm_diag d;
  int rc = cpim_read(t, &m, in, &t->opts, &d);
  if (rc != CPM_OK) tree_put_error(t, o, in, &d);
  if (rc == CPM_E_QUIRK) {
    free(m.headers);
    rc = cpim_read(t, &m, in, NULL, &d);
  }
  /* With an unknown name in Require everything is there (cpm/cpim.h). */
  if (rc == CPM_OK || rc == CPM_E_UNSUPPORTED) {
    tree_put_z(o, "kind", "CPIM message");
    cJSON *headers = tree_put(o, "headers", tree_array());
    for (size_t i = 0; i < m.nheaders; i++) cpim_put_header(t, headers, &m.headers[i]);
    const tool_body body = { m.content_type, body_encoding(m.encoding, m.mime), m.disposition, m.content };
    if (m.mime.n) tree_put_text(o, "mime", m.mime);
    body_tree(t, tree_put(o, "body", tree_object()), &body, depth);
    tree_put_quirks(t, o, "quirks", m.quirks);
  }
  free(m.headers);
}
