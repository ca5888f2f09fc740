/* SPDX-License-Identifier: MIT */
/* xml_resource_lists.c - reading application/resource-lists+xml, and the lists of a group document. The body is read into memory of our
 * own, equal URIs are found by sorting, and only then anything goes to the caller. */
#include "cpm/policy.h"
#include "cpm/uri.h"
#include "cpm/xml.h"
#include "xml_reader.h"
#include <stdlib.h>
#include <string.h>

#define XML_LISTS_SPEC "RFC 4826 3.1"

/* ---- what is read -------------------------------------------------------------------------------------------------- */

/* A run of bytes in memory that may still move. */
typedef struct xml_lists_run { size_t at, n; } xml_lists_run;

typedef struct xml_lists_entry {
  xml_lists_run    uri, name, key;
  bool             has_name, anonymize, duplicate;
  cpm_copy_control copy_control;
  uint32_t         count;
  cpm_str          sort;     /* the key, once it stays where it is */
  size_t           index;    /* in the document */
} xml_lists_entry;

typedef struct xml_lists {
  uint64_t         quirks;
  bool             groups, group, found;   /* groups: are read too; group: this is one; found: it has the list-service that is meant */
  cpm_str          service;                /* URI of that one; absent: any */
  cpmi_xml_bytes  text, keys, entries;   /* entries: an array of xml_lists_entry */
  size_t           nentries, max_entries, duplicates;
  unsigned         entry_depth, name_depth, skip_depth;   /* 0: not inside of one */
} xml_lists;

static xml_lists_entry *xml_lists_at(const xml_lists *l, size_t i) { return (xml_lists_entry *)(void *)l->entries.p + i; }

static cpm_str xml_lists_slice(const cpmi_xml_bytes *b, xml_lists_run run) { return cpm_str_of(b->p + run.at, run.n); }

static int xml_lists_no_memory(cpmi_xml_reader *r) { return cpmi_xml_fail(r, CPM_E_NO_MEMORY, "memory", NULL); }

/* ---- attributes ---------------------------------------------------------------------------------------------------- */

static bool xml_lists_is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

static int xml_lists_uri(cpmi_xml_reader *r, xml_lists_entry *e, cpm_str value) {
  xml_lists *const l = r->ctx;
  cpm_uri uri;
  cpm_diag why = { 0 };
  const cpm_str trimmed = cpm_str_trim(value);
  if (trimmed.n != value.n) {
    const int rc = cpmi_xml_quirk(r, CPM_QUIRK(XML_URI_SPACE), "uri");
    if (rc) return rc;
  }
  if (cpm_uri_decode(&uri, trimmed, NULL, &why)) return cpmi_xml_fail(r, CPM_E_VALUE, "uri", why.clause);

  size_t size = 0;
  cpm_uri_key(NULL, 0, &size, &uri);
  e->uri.at = l->text.n;
  e->uri.n = trimmed.n;
  e->key.at = l->keys.n;
  e->key.n = size;
  if (!cpmi_xml_append(&l->text, trimmed) || !cpmi_xml_grow(&l->keys, size)) return xml_lists_no_memory(r);
  cpm_uri_key(l->keys.p + l->keys.n, size, &size, &uri);
  l->keys.n += size;
  return CPM_OK;
}

static int xml_lists_copy_control(cpmi_xml_reader *r, xml_lists_entry *e, cpm_str value) {
  static const char *const values[] = { "to", "cc", "bcc" };
  if (e->copy_control) return cpmi_xml_fail(r, CPM_E_DUPLICATE, "copyControl", "RFC 5364 4");
  for (size_t i = 0; i < sizeof values / sizeof *values; i++)
    if (cpm_str_eq(value, cpm_str_z(values[i]))) e->copy_control = (cpm_copy_control)(CPM_COPY_TO + i);
  return e->copy_control ? CPM_OK : cpmi_xml_fail(r, CPM_E_VALUE, "copyControl", "RFC 5364 4");
}

/* xs:boolean */
static int xml_lists_anonymize(cpmi_xml_reader *r, xml_lists_entry *e, cpm_str value) {
  value = cpm_str_trim(value);
  const bool yes = cpm_str_eq(value, cpm_str_z("true")) || cpm_str_eq(value, cpm_str_z("1"));
  const bool no = cpm_str_eq(value, cpm_str_z("false")) || cpm_str_eq(value, cpm_str_z("0"));
  e->anonymize = e->anonymize || yes;
  return yes || no ? CPM_OK : cpmi_xml_fail(r, CPM_E_VALUE, "anonymize", "RFC 5364 4");
}

/* xs:nonNegativeInteger */
static int xml_lists_count(cpmi_xml_reader *r, xml_lists_entry *e, cpm_str value) {
  uint64_t n = 0;
  value = cpm_str_trim(value);
  if (value.n && value.p[0] == '+') {
    value.p++;
    value.n--;
  }
  if (value.n == 0) return cpmi_xml_fail(r, CPM_E_VALUE, "count", "RFC 5364 4");
  for (size_t i = 0; i < value.n; i++) {
    if (value.p[i] < '0' || value.p[i] > '9') return cpmi_xml_fail(r, CPM_E_VALUE, "count", "RFC 5364 4");
    n = n * 10 + (uint64_t)(value.p[i] - '0');
    if (n > UINT32_MAX) return cpmi_xml_fail(r, CPM_E_RANGE, "count", "RFC 5364 4");
  }
  e->count = (uint32_t)n;
  return CPM_OK;
}

/* An attribute of RFC 5364. Its namespace is registered in lower case and written in others. */
static int xml_lists_copy_attribute(cpmi_xml_reader *r, xml_lists_entry *e, const cpmi_xml_attribute *a) {
  static const struct { const char *name; int (*read)(cpmi_xml_reader *, xml_lists_entry *, cpm_str); } known[] = {
    { "copyControl", xml_lists_copy_control }, { "anonymize", xml_lists_anonymize }, { "count", xml_lists_count },
  };
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    if (!cpm_str_eq(a->name, cpm_str_z(known[i].name))) continue;
    const bool registered = cpm_str_eq(a->ns, cpm_str_z(CPM_COPY_CONTROL_NS));
    const int rc = registered ? CPM_OK : cpmi_xml_quirk(r, CPM_QUIRK(XML_COPYCONTROL_CASE), "copyControl");
    return rc ? rc : known[i].read(r, e, a->value);
  }
  return CPM_OK;
}

static int xml_lists_attribute(cpmi_xml_reader *r, xml_lists_entry *e, const cpmi_xml_attribute *a) {
  if (cpm_str_ieq(a->ns, cpm_str_z(CPM_COPY_CONTROL_NS))) return xml_lists_copy_attribute(r, e, a);
  if (a->ns.p) return CPM_OK;
  if (cpm_str_eq(a->name, cpm_str_z("uri"))) return xml_lists_uri(r, e, a->value);
  /* Left out, they would show somebody who is to be hidden. */
  if (cpm_str_eq(a->name, cpm_str_z("copyControl")) || cpm_str_eq(a->name, cpm_str_z("anonymize")))
    return cpmi_xml_fail(r, CPM_E_VALUE, "copyControl", "RFC 5364 4");
  return CPM_OK;
}

/* ---- elements ------------------------------------------------------------------------------------------------------ */

/* Of one of the namespaces that lists are written in. */
static bool xml_lists_is(const cpmi_xml_reader *r, const cpmi_xml_element *e, const char *name) {
  const xml_lists *const l = r->ctx;
  return cpmi_xml_is(r, e, CPM_RESOURCE_LISTS_NS, name) || (l->group && cpmi_xml_is(r, e, CPM_GROUP_NS, name));
}

static int xml_lists_start_entry(cpmi_xml_reader *r, const cpmi_xml_element *element) {
  xml_lists *const l = r->ctx;
  xml_lists_entry e;
  memset(&e, 0, sizeof e);
  e.index = l->nentries;
  if (element->depth <= (l->group ? 3u : 2u)) return cpmi_xml_fail(r, CPM_E_VALUE, "entry", XML_LISTS_SPEC);
  if (l->nentries == l->max_entries) return cpmi_xml_fail(r, CPM_E_TOO_MANY, "entry", NULL);
  for (size_t i = 0; i < element->nattributes; i++) {
    const cpmi_xml_attribute a = cpmi_xml_attribute_at(element, i);
    const int rc = xml_lists_attribute(r, &e, &a);
    if (rc) return rc;
  }
  if (e.key.n == 0) return cpmi_xml_fail(r, CPM_E_MISSING, "uri", XML_LISTS_SPEC);
  if (!cpmi_xml_append(&l->entries, cpm_str_of((const char *)&e, sizeof e))) return xml_lists_no_memory(r);
  l->nentries++;
  l->entry_depth = element->depth;
  return CPM_OK;
}

/* A child of an entry: its name, or something of another namespace. */
static int xml_lists_start_child(cpmi_xml_reader *r, const cpmi_xml_element *element) {
  xml_lists *const l = r->ctx;
  xml_lists_entry *const e = xml_lists_at(l, l->nentries - 1);
  if (l->name_depth || !xml_lists_is(r, element, "display-name")) {
    l->skip_depth = element->depth;
    return CPM_OK;
  }
  if (e->has_name) return cpmi_xml_fail(r, CPM_E_DUPLICATE, "display-name", XML_LISTS_SPEC);
  e->has_name = true;
  e->name.at = l->text.n;
  l->name_depth = element->depth;
  return CPM_OK;
}

static int xml_lists_root(cpmi_xml_reader *r, const cpmi_xml_element *e) {
  xml_lists *const l = r->ctx;
  l->group = l->groups && cpm_str_eq(e->name, cpm_str_z("group"));
  if (l->group) return cpmi_xml_root(r, e, CPM_GROUP_NS, "group", "OMA XDM Group");
  l->found = true;
  return cpmi_xml_root(r, e, CPM_RESOURCE_LISTS_NS, "resource-lists", XML_LISTS_SPEC);
}

/* A list-service that is not meant is skipped. */
static int xml_lists_start_service(cpmi_xml_reader *r, const cpmi_xml_element *e) {
  xml_lists *const l = r->ctx;
  bool meant = !l->service.p;
  for (size_t i = 0; !meant && i < e->nattributes; i++) {
    const cpmi_xml_attribute a = cpmi_xml_attribute_at(e, i);
    meant = !a.ns.p && cpm_str_eq(a.name, cpm_str_z("uri")) && cpm_uri_text_equal(cpm_str_trim(a.value), l->service);
  }
  l->found = l->found || meant;
  if (!meant) l->skip_depth = e->depth;
  return CPM_OK;
}

static int xml_lists_start(cpmi_xml_reader *r, const cpmi_xml_element *e) {
  xml_lists *const l = r->ctx;
  if (l->skip_depth) return CPM_OK;
  if (l->entry_depth) return xml_lists_start_child(r, e);
  if (e->depth == 1) return xml_lists_root(r, e);
  if (l->group && e->depth == 2 && xml_lists_is(r, e, "list-service")) return xml_lists_start_service(r, e);
  if (xml_lists_is(r, e, "entry")) return xml_lists_start_entry(r, e);
  if (xml_lists_is(r, e, "external")) return cpmi_xml_fail(r, CPM_E_UNSUPPORTED, "external", XML_LISTS_SPEC);
  if (xml_lists_is(r, e, "entry-ref")) return cpmi_xml_fail(r, CPM_E_UNSUPPORTED, "entry-ref", XML_LISTS_SPEC);
  if (!xml_lists_is(r, e, "list")) l->skip_depth = e->depth;
  return CPM_OK;
}

/* A name is one line: what breaks lines becomes a space. */
static int xml_lists_text(cpmi_xml_reader *r, cpm_str text) {
  xml_lists *const l = r->ctx;
  if (!l->name_depth || l->skip_depth) return CPM_OK;
  const size_t from = l->text.n;
  if (!cpmi_xml_append(&l->text, text)) return xml_lists_no_memory(r);
  for (size_t i = from; i < l->text.n; i++)
    if (xml_lists_is_space(l->text.p[i]) && l->text.p[i] != '\t') l->text.p[i] = ' ';
  xml_lists_at(l, l->nentries - 1)->name.n += text.n;
  return CPM_OK;
}

static int xml_lists_end(cpmi_xml_reader *r, unsigned depth) {
  xml_lists *const l = r->ctx;
  if (l->skip_depth) {
    if (depth == l->skip_depth) l->skip_depth = 0;
  } else if (depth == l->name_depth) {
    l->name_depth = 0;
  } else if (depth == l->entry_depth) {
    l->entry_depth = 0;
  }
  return CPM_OK;
}

/* ---- equal URIs ---------------------------------------------------------------------------------------------------- */

/* By key, those of one key in the order of the document. */
static int xml_lists_order(const void *x, const void *y) {
  const xml_lists_entry *const a = *(const xml_lists_entry *const *)x, *const b = *(const xml_lists_entry *const *)y;
  const size_t n = a->sort.n < b->sort.n ? a->sort.n : b->sort.n;
  const int by_key = memcmp(a->sort.p, b->sort.p, n);
  if (by_key) return by_key;
  if (a->sort.n != b->sort.n) return a->sort.n < b->sort.n ? -1 : 1;
  return a->index < b->index ? -1 : 1;
}

static size_t xml_lists_parts(cpm_str s, char separator) {
  size_t n = 0;
  for (size_t i = 0; i < s.n; i++) n += s.p[i] == separator;
  return n;
}

/* What cpm_uri_equal costs: parameters by parameters, headers by headers. */
static uint64_t xml_lists_cost(const cpm_uri *a, const cpm_uri *b) {
  const uint64_t params = xml_lists_parts(a->params, ';') * xml_lists_parts(b->params, ';');
  const uint64_t headers = a->headers.p && b->headers.p ? (xml_lists_parts(a->headers, '&') + 1) * (xml_lists_parts(b->headers, '&') + 1) : 0;
  return 1 + params + 8 * headers;
}

/* to, none (which counts as to), cc, bcc. */
static unsigned xml_lists_rank(cpm_copy_control c) { return c == CPM_COPY_TO ? 0u : c == CPM_COPY_NONE ? 1u : (unsigned)c; }

static void xml_lists_merge(xml_lists *l, xml_lists_entry *first, xml_lists_entry *again) {
  if (xml_lists_rank(again->copy_control) < xml_lists_rank(first->copy_control)) first->copy_control = again->copy_control;
  first->anonymize = first->anonymize || again->anonymize;
  if (!first->has_name) {
    first->has_name = again->has_name;
    first->name = again->name;
  }
  again->duplicate = true;
  l->duplicates++;
}

/* Entries of one key: each is compared with those that were kept. cpm_uri_equal is not transitive, so there is no shorter way;
 * *budget keeps the whole linear in the body. `uris` has room for n. */
static int xml_lists_unite(xml_lists *l, xml_lists_entry **same, size_t n, cpm_uri *uris, uint64_t *budget) {
  size_t kept = 0;
  for (size_t i = 0; i < n; i++) {
    size_t k = 0;
    cpm_uri_decode(&uris[kept], xml_lists_slice(&l->text, same[i]->uri), NULL, NULL);
    for (; k < kept; k++) {
      const uint64_t cost = xml_lists_cost(&uris[k], &uris[kept]);
      if (cost > *budget) return CPM_E_TOO_MANY;
      *budget -= cost;
      if (cpm_uri_equal(&uris[k], &uris[kept])) break;
    }
    if (k < kept) xml_lists_merge(l, same[k], same[i]);
    else same[kept++] = same[i];
  }
  return CPM_OK;
}

static bool xml_lists_same_key(const xml_lists_entry *a, const xml_lists_entry *b) { return cpm_str_eq(a->sort, b->sort); }

static int xml_lists_unite_all(xml_lists *l, xml_lists_entry **sorted, size_t n, cpm_uri *uris, size_t size) {
  uint64_t budget = (UINT64_C(1) << 20) + size;
  for (size_t i = 0, end; i < n; i = end) {
    for (end = i + 1; end < n && xml_lists_same_key(sorted[i], sorted[end]);) end++;
    const int rc = end - i > 1 ? xml_lists_unite(l, sorted + i, end - i, uris, &budget) : CPM_OK;
    if (rc) return rc;
  }
  return CPM_OK;
}

/* The anonymous URI stands for another person each time. */
static bool xml_lists_is_anonymous(const xml_lists *l, const xml_lists_entry *e) {
  return cpm_str_ieq(xml_lists_slice(&l->text, e->uri), cpm_str_z(CPM_ANONYMOUS_URI));
}

static int xml_lists_find_equal(xml_lists *l, size_t size, cpm_diag *diag) {
  xml_lists_entry **const sorted = malloc((l->nentries + 1) * sizeof *sorted);
  cpm_uri *const uris = malloc((l->nentries + 1) * sizeof *uris);
  int rc = sorted && uris ? CPM_OK : CPM_E_NO_MEMORY;
  size_t n = 0;
  for (size_t i = 0; !rc && i < l->nentries; i++) {
    xml_lists_entry *const e = xml_lists_at(l, i);
    e->sort = xml_lists_slice(&l->keys, e->key);
    if (!xml_lists_is_anonymous(l, e)) sorted[n++] = e;
  }
  if (!rc) {
    qsort(sorted, n, sizeof *sorted, xml_lists_order);
    rc = xml_lists_unite_all(l, sorted, n, uris, size);
  }
  free(sorted);
  free(uris);
  return rc ? cpmi_xml_diag(diag, rc, size, rc == CPM_E_NO_MEMORY ? "memory" : "uri-parameters", NULL) : CPM_OK;
}

/* ---- handing over -------------------------------------------------------------------------------------------------- */

static int xml_lists_short(int code, size_t need, const char *rule, cpm_diag *diag) {
  cpmi_xml_diag(diag, code, 0, rule, NULL);
  if (diag) diag->need = need;
  return code;
}

static cpm_str xml_lists_copy(const xml_lists *l, xml_lists_run run, cpm_resource_lists *out) {
  const cpm_str copy = cpm_str_of(out->text + out->text_len, run.n);
  if (run.n) memcpy(out->text + out->text_len, l->text.p + run.at, run.n);
  out->text_len += run.n;
  return copy;
}

static int xml_lists_hand_over(const xml_lists *l, cpm_resource_lists *out, cpm_diag *diag) {
  const size_t n = l->nentries - l->duplicates;
  size_t text = 0;
  for (size_t i = 0; i < l->nentries; i++) {
    const xml_lists_entry *const e = xml_lists_at(l, i);
    if (!e->duplicate) text += e->uri.n + e->name.n;
  }
  if (n > out->cap) return xml_lists_short(CPM_E_TOO_MANY, n, "entry", diag);
  if (text > out->text_cap) return xml_lists_short(CPM_E_SPACE, text, "buffer", diag);
  for (size_t i = 0; i < l->nentries; i++) {
    const xml_lists_entry *const e = xml_lists_at(l, i);
    if (e->duplicate) continue;
    cpm_entry *const to = &out->entries[out->nentries++];
    to->uri = xml_lists_copy(l, e->uri, out);
    to->display_name = e->has_name ? xml_lists_copy(l, e->name, out) : cpm_str_none();
    to->copy_control = e->copy_control;
    to->anonymize = e->anonymize;
    to->count = e->count;
  }
  out->duplicates = l->duplicates;
  return CPM_OK;
}

static int xml_lists_decode(cpm_resource_lists *out, xml_lists *l, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  static const cpmi_xml_handler handler = { xml_lists_start, xml_lists_text, xml_lists_end };
  cpmi_xml_reader r = { .handler = &handler, .ctx = l, .opts = opts, .quirks = &l->quirks, .diag = diag };
  l->max_entries = opts && opts->max_entries ? opts->max_entries : CPM_LIMIT_ENTRIES;
  out->nentries = out->text_len = out->duplicates = 0;
  int rc = cpmi_xml_read(&r, in);
  if (!rc && !l->found) rc = cpmi_xml_diag(diag, CPM_E_MISSING, 0, "list-service", "OMA XDM Group");
  if (!rc) rc = xml_lists_find_equal(l, in.n, diag);
  if (!rc) rc = xml_lists_hand_over(l, out, diag);
  out->quirks = l->quirks;
  free(l->text.p);
  free(l->keys.p);
  free(l->entries.p);
  return rc;
}

int cpm_xml_resource_lists_decode(cpm_resource_lists *out, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  xml_lists l;
  memset(&l, 0, sizeof l);
  return xml_lists_decode(out, &l, in, opts, diag);
}

int cpm_xml_members_decode(cpm_resource_lists *out, cpm_str in, cpm_str group, const cpm_opts *opts, cpm_diag *diag) {
  xml_lists l;
  memset(&l, 0, sizeof l);
  l.groups = true;
  l.service = group;
  return xml_lists_decode(out, &l, in, opts, diag);
}
