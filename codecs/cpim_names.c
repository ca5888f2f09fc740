/* SPDX-License-Identifier: MIT */
/* cpim_names.c - header names of message/cpim: namespaces, NS, Require, and which header fields must be there. */
#include "cpim.h"
#include "straight.h"
#include <string.h>

/* ---- the table --------------------------------------------------------------------------------------------------- */

typedef enum cpim_space { CPIM_NO_SPACE, CPIM_CORE, CPIM_IMDN, CPIM_CPM } cpim_space;
static const struct { cpm_str name, ns; cpim_space space; } cpim_names[] = {
  { { NULL, 0 }, { NULL, 0 }, CPIM_NO_SPACE },
#define CPIM_NAME(id, ns, name) { CPM_STR(name), CPM_STR(CPM_CPIM_NS_##ns), CPIM_##ns },
  CPM_CPIM_HEADERS(CPIM_NAME)
#undef CPIM_NAME
};

cpm_str cpmi_cpim_name_of(cpm_cpim_id id) { return cpim_names[id].name; }
cpm_str cpmi_cpim_ns_of(cpm_cpim_id id) { return cpim_names[id].ns; }

/* The only one of that name, written as its RFC has it. */
static cpm_cpim_id cpim_exact(cpm_str name) {
#define CPIM_IS(id, ns, text) if (name.n == sizeof(text) - 1 && memcmp(name.p, text, sizeof(text) - 1) == 0) return CPM_CPIM_##id;
  CPM_CPIM_HEADERS(CPIM_IS)
#undef CPIM_IS
  return CPM_CPIM_UNKNOWN;
}

/* Names are case-sensitive (RFC 3862 3.1). */
static cpm_cpim_id cpim_matched(cpm_cpim_id id, cpm_str name, uint64_t *quirk) {
  *quirk = cpm_str_eq(cpmi_cpim_name_of(id), name) ? 0 : CPM_QUIRK(CPIM_NAME_CASE);
  return id;
}

cpm_cpim_id cpmi_cpim_id_of(cpm_str uri, cpm_str name, uint64_t *quirk) {
  *quirk = 0;
  if (!uri.p) return CPM_CPIM_UNKNOWN;
  const cpm_cpim_id exact = cpim_exact(name);
  if (exact != CPM_CPIM_UNKNOWN && cpm_str_eq(cpim_names[exact].ns, uri)) return exact;
  for (int i = CPM_CPIM_UNKNOWN + 1; i < CPM_CPIM_ID_COUNT; i++) {
    if (cpim_names[i].name.n != name.n || cpim_names[i].ns.n != uri.n) continue;
    if (cpm_str_ieq(cpim_names[i].name, name) && cpm_str_ieq(cpim_names[i].ns, uri)) return cpim_matched((cpm_cpim_id)i, name, quirk);
  }
  return CPM_CPIM_UNKNOWN;
}

cpm_cpim_id cpmi_cpim_id_of_bare(const cpmi_cpim_scope *scope, cpm_str name, uint64_t *quirk) {
  static const cpm_str core = CPM_STR(CPM_CPIM_NS_CORE), required = CPM_STR("Required");
  static const cpm_cpim_id bare[] = { CPM_CPIM_MESSAGE_ID, CPM_CPIM_DISPOSITION_NOTIFICATION };
  const cpm_cpim_id exact = cpim_exact(name);
  *quirk = 0;
  if (exact == CPM_CPIM_NS || (cpim_names[exact].space == CPIM_CORE && !scope->unprefixed.p)) return exact;
  if (cpm_str_ieq(name, cpmi_cpim_name_of(CPM_CPIM_NS))) return cpim_matched(CPM_CPIM_NS, name, quirk);
  const cpm_cpim_id id = cpmi_cpim_id_of(scope->unprefixed.p ? scope->unprefixed : core, name, quirk);
  if (id != CPM_CPIM_UNKNOWN || scope->unprefixed.p) return id;
  if (cpm_str_ieq(name, required)) {
    *quirk = CPM_QUIRK(CPIM_REQUIRED);
    return CPM_CPIM_REQUIRE;
  }
  for (size_t i = 0; i < sizeof bare / sizeof *bare; i++) {
    if (!cpm_str_ieq(name, cpmi_cpim_name_of(bare[i]))) continue;
    *quirk = CPM_QUIRK(CPIM_BARE_IMDN);
    return bare[i];
  }
  return CPM_CPIM_UNKNOWN;
}

void cpmi_cpim_split(cpm_str text, cpm_str *prefix, cpm_str *name) {
  size_t dot = 0;
  while (dot < text.n && text.p[dot] != '.') dot++;
  const bool has = dot < text.n;
  *prefix = has ? cpm_str_of(text.p, dot) : cpm_str_none();
  *name = has ? cpm_str_of(text.p + dot + 1, text.n - dot - 1) : text;
}

int cpmi_cpim_require_next(cpm_str *rest, cpm_str *prefix, cpm_str *name) {
  size_t comma = 0;
  if (!rest->n) return CPM_END;
  while (comma < rest->n && rest->p[comma] != ',') comma++;
  const size_t used = comma < rest->n ? comma + 1 : comma;
  cpmi_cpim_split(cpm_str_trim(cpm_str_of(rest->p, comma)), prefix, name);
  *rest = cpm_str_of(rest->p + used, rest->n - used);
  return CPM_OK;
}

/* ---- namespaces -------------------------------------------------------------------------------------------------- */

int cpmi_cpim_bind(cpmi_cpim_scope *scope, cpm_str prefix, cpm_str uri) {
  size_t i = 0;
  if (!prefix.p) {
    scope->unprefixed = uri;
    return CPM_OK;
  }
  while (i < scope->n && !cpm_str_eq(scope->bound[i].prefix, prefix)) i++;
  if (i == CPM_CPIM_PREFIX_LIMIT) return CPM_E_TOO_MANY;
  scope->bound[i].prefix = prefix;
  scope->bound[i].uri = uri;
  if (i == scope->n) scope->n++;
  return CPM_OK;
}

cpm_str cpmi_cpim_bound(const cpmi_cpim_scope *scope, cpm_str prefix) {
  for (size_t i = 0; i < scope->n; i++)
    if (cpm_str_eq(scope->bound[i].prefix, prefix)) return scope->bound[i].uri;
  return cpm_str_none();
}

int cpmi_cpim_ns_decode(cpm_str *prefix, cpm_str *uri, cpm_str value, uint64_t *quirks, const cpm_opts *opts, cpm_diag *diag) {
  cpmi_cpim_marks at = { 0 };
  bool ok = false;
  if (!value.n) return cpmi_fail(diag, CPM_E_SYNTAX, 0, "NS", "RFC 3862 4.6");
  const size_t n = cpmi_span(cpmi_cpim_classes, value, 0, CPMI_CPIM_NAME);
  if (CPMI_STRAIGHT && n && n + 1 < value.n && value.p[n] == ' ' && cpmi_cpim_is_plain_address(cpm_str_of(value.p + n + 1, value.n - n - 1))) {
    *prefix = cpm_str_of(value.p, n);
    *uri = cpm_str_of(value.p + n + 2, value.n - n - 3);
    return CPM_OK;
  }
  const size_t stop = cpmi_cpim_ns_parse(&at, value, &ok);
  if (!ok) return cpmi_fail(diag, CPM_E_SYNTAX, stop, "NS", "RFC 3862 4.6");
  *prefix = cpmi_cpim_slice(at.b, at.e);
  *uri = cpmi_cpim_slice(at.uri_b, at.uri_e);
  if (!prefix->p) return CPM_OK;
  const size_t off = prefix->n, gap = (size_t)(at.uri_b - at.e) - 1;
  if (gap == 0) return cpmi_quirk(quirks, CPM_QUIRK(CPIM_NS_NO_SPACE), opts, off, "NS", diag);
  return gap == 1 && *at.e == ' ' ? CPM_OK : cpmi_quirk(quirks, CPM_QUIRK(CPIM_SPACING), opts, off, "NS", diag);
}

/* ---- which header fields must be there --------------------------------------------------------------------------- */

/* The clause that lets the header field stand once; NULL if it may repeat. */
static const char *cpim_once(cpm_cpim_id id) {
  switch (id) {
  case CPM_CPIM_FROM:       return "RFC 3862 4.1";
  case CPM_CPIM_DATETIME:   return "RFC 3862 4.4";
  case CPM_CPIM_MESSAGE_ID: return "RFC 5438 6.3";
  default:                  return NULL;
  }
}

int cpmi_cpim_count(cpmi_cpim_tally *tally, cpm_cpim_id id, size_t off, cpm_diag *diag) {
  const char *const once = cpim_once(id);
  if (once && tally->seen[id]) return cpmi_fail(diag, CPM_E_DUPLICATE, off, cpmi_cpim_name_of(id).p, once);
  tally->seen[id]++;
  return CPM_OK;
}

static int cpim_missing(cpm_cpim_id id, const char *clause, size_t off, cpm_diag *diag) {
  return cpmi_fail(diag, CPM_E_MISSING, off, cpmi_cpim_name_of(id).p, clause);
}

int cpmi_cpim_complete(const cpmi_cpim_tally *tally, size_t off, cpm_diag *diag) {
  if (!tally->seen[CPM_CPIM_FROM]) return cpim_missing(CPM_CPIM_FROM, "RFC 3862 4.1", off, diag);
  if (!tally->seen[CPM_CPIM_TO]) return cpim_missing(CPM_CPIM_TO, "RFC 3862 4.2", off, diag);
  if (!tally->seen[CPM_CPIM_DISPOSITION_NOTIFICATION]) return CPM_OK;
  if (!tally->seen[CPM_CPIM_MESSAGE_ID]) return cpim_missing(CPM_CPIM_MESSAGE_ID, "RFC 5438 6.3", off, diag);
  if (!tally->seen[CPM_CPIM_DATETIME]) return cpim_missing(CPM_CPIM_DATETIME, "RFC 5438 7.1.1.2", off, diag);
  return CPM_OK;
}
