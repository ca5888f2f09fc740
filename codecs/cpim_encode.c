/* SPDX-License-Identifier: MIT */
/* cpim_encode.c - writing message/cpim (RFC 3862): what is written, cpm_cpim_decode reads without a quirk. */
#include "cpim.h"
#include "mime.h"
#include <string.h>

typedef struct cpim_writer {
  cpmi_out        o;
  cpm_diag       *diag;
  cpmi_cpim_scope scope;
  cpmi_cpim_tally tally;
} cpim_writer;

static int cpim_refuse(cpim_writer *w, int code, size_t off, const char *rule) {
  return cpmi_fail(w->diag, code, off, rule, "RFC 3862 3.6");
}

/* NAMECHARs alone? */
static int cpim_check_name(cpim_writer *w, cpm_str name) {
  bool ok = false;
  const int rc = cpmi_check_clean(name, "Header-name", w->diag);
  if (rc != CPM_OK) return rc;
  const size_t stop = name.n ? cpmi_cpim_require_parse(name, &ok) : 0;
  if (!ok) return cpim_refuse(w, CPM_E_VALUE, stop, "Header-name");
  const bool one = !memchr(name.p, '.', name.n) && !memchr(name.p, ',', name.n);
  return one ? CPM_OK : cpim_refuse(w, CPM_E_VALUE, 0, "Header-name");
}

/* Which header field a reader will see. It must be the one that is meant, and seen without a deviation. */
static int cpim_settle_id(cpim_writer *w, const cpm_cpim_header *h, cpm_cpim_id *id) {
  static const cpm_str core = CPM_STR(CPM_CPIM_NS_CORE);
  uint64_t quirk = 0;
  const cpm_str bare = w->scope.unprefixed.p ? w->scope.unprefixed : core;
  const cpm_str uri = h->prefix.p ? cpmi_cpim_bound(&w->scope, h->prefix) : bare;
  if (!uri.p) return cpim_refuse(w, CPM_E_VALUE, 0, "Name-prefix");
  *id = h->id;
  if (h->id < 0 || h->id >= CPM_CPIM_ID_COUNT) return cpim_refuse(w, CPM_E_VALUE, 0, "Header-name");
  if (h->id != CPM_CPIM_UNKNOWN) {
    const bool fits = cpm_str_ieq(uri, cpmi_cpim_ns_of(h->id)) || (h->id == CPM_CPIM_NS && !h->prefix.p);
    return fits ? CPM_OK : cpim_refuse(w, CPM_E_VALUE, 0, "Name-prefix");
  }
  const int rc = cpim_check_name(w, h->name);
  if (rc != CPM_OK) return rc;
  *id = h->prefix.p ? cpmi_cpim_id_of(uri, h->name, &quirk) : cpmi_cpim_id_of_bare(&w->scope, h->name, &quirk);
  const bool mistaken = (quirk & ~CPM_QUIRK(CPIM_NAME_CASE)) || (!h->prefix.p && cpmi_is_content_name(h->name));
  return mistaken ? cpim_refuse(w, CPM_E_VALUE, 0, "Header-name") : CPM_OK;
}

static void cpim_put_name(cpim_writer *w, cpm_str prefix, cpm_str name, cpm_cpim_id id) {
  if (prefix.p) {
    cpmi_put(&w->o, prefix);
    cpmi_put_char(&w->o, '.');
  }
  cpmi_put(&w->o, id == CPM_CPIM_UNKNOWN ? name : cpmi_cpim_name_of(id));
}

static int cpim_put_params(cpim_writer *w, cpm_str params) {
  bool ok = true;
  const int rc = cpmi_check_clean(params, "Parameter", w->diag);
  if (rc != CPM_OK) return rc;
  const size_t stop = params.n ? cpmi_cpim_params_parse(params, &ok) : 0, bad = cpmi_utf8_bad(params);
  if (!ok || bad < params.n) return cpim_refuse(w, CPM_E_VALUE, ok ? bad : stop, "Parameter");
  cpmi_put(&w->o, params);
  return CPM_OK;
}

static int cpim_put_ns(cpim_writer *w, cpm_str value) {
  cpm_str prefix, uri;
  cpm_diag inner = { 0 };
  if (cpmi_cpim_ns_decode(&prefix, &uri, value, NULL, NULL, &inner) != CPM_OK) return cpim_refuse(w, CPM_E_VALUE, inner.off, "NS");
  if (cpmi_cpim_bind(&w->scope, prefix, uri) != CPM_OK) return cpim_refuse(w, CPM_E_TOO_MANY, 0, "NS");
  cpmi_put(&w->o, prefix);
  cpmi_put_z(&w->o, prefix.p ? " <" : "<");
  cpmi_put(&w->o, uri);
  cpmi_put_char(&w->o, '>');
  return CPM_OK;
}

static int cpim_put_require(cpim_writer *w, cpm_str value) {
  cpm_cpim_header h = { .id = CPM_CPIM_UNKNOWN };
  cpm_str rest = value;
  bool ok = false;
  const size_t stop = value.n ? cpmi_cpim_require_parse(value, &ok) : 0;
  if (!ok) return cpim_refuse(w, CPM_E_VALUE, stop, "Require");
  for (const char *comma = ""; cpmi_cpim_require_next(&rest, &h.prefix, &h.name) == CPM_OK; comma = ",") {
    cpm_cpim_id id;
    const int rc = cpim_settle_id(w, &h, &id);
    if (rc != CPM_OK) return rc;
    if (id == CPM_CPIM_UNKNOWN) return cpmi_fail(w->diag, CPM_E_UNSUPPORTED, (size_t)(h.name.p - value.p), "Require", "RFC 3862 4.7");
    cpmi_put_z(&w->o, comma);
    cpim_put_name(w, h.prefix, h.name, id);
  }
  return CPM_OK;
}

static int cpim_put_address(cpim_writer *w, cpm_str value) {
  cpm_cpim_address address;
  cpm_diag inner = { 0 };
  if (cpm_cpim_address_decode(&address, value, NULL, &inner) != CPM_OK) return cpim_refuse(w, CPM_E_VALUE, inner.off, "From-header-value");
  return cpmi_cpim_put_address(&w->o, &address, "From-header-value", w->diag);
}

static int cpim_put_value(cpim_writer *w, cpm_cpim_id id, cpm_str value) {
  cpmi_out unused = cpmi_out_to(NULL, 0, 0);
  const cpm_str text = cpmi_trim_value(value);
  const int rc = cpmi_cpim_put_text(&unused, text, "Header-value", w->diag);
  if (rc != CPM_OK) return rc;
  const size_t bad = cpmi_utf8_bad(text);
  if (bad < text.n) return cpim_refuse(w, CPM_E_VALUE, bad, "Header-value");
  switch (id) {
  case CPM_CPIM_FROM:
  case CPM_CPIM_TO:
  case CPM_CPIM_CC:      return cpim_put_address(w, text);
  case CPM_CPIM_NS:      return cpim_put_ns(w, text);
  case CPM_CPIM_REQUIRE: return cpim_put_require(w, text);
  default:               return cpmi_cpim_put_text(&w->o, text, "Header-value", w->diag);
  }
}

static int cpim_put_header(cpim_writer *w, const cpm_cpim_header *h) {
  cpm_cpim_id id;
  int rc = cpim_settle_id(w, h, &id);
  if (rc != CPM_OK || (rc = cpmi_cpim_count(&w->tally, id, 0, w->diag)) != CPM_OK) return rc;
  cpim_put_name(w, h->prefix, h->name, id);
  cpmi_put_char(&w->o, ':');
  if ((rc = cpim_put_params(w, h->params)) != CPM_OK) return rc;
  cpmi_put_char(&w->o, ' ');
  rc = cpim_put_value(w, id, h->value);
  cpmi_put_z(&w->o, "\r\n");
  return rc;
}

int cpm_cpim_encode(char *dst, size_t cap, size_t *len, const cpm_cpim *in, cpm_diag *diag) {
  cpim_writer w = { .o = cpmi_out_to(dst, cap, 0), .diag = diag };
  int rc;
  for (size_t i = 0; i < in->nheaders; i++)
    if ((rc = cpim_put_header(&w, &in->headers[i])) != CPM_OK) return rc;
  if ((rc = cpmi_cpim_complete(&w.tally, 0, diag)) != CPM_OK) return rc;
  if (!in->content_type.p) return cpmi_fail(diag, CPM_E_MISSING, 0, "Content-Type", "RFC 3862 2.4");
  cpmi_put_z(&w.o, "\r\n");
  if ((rc = cpmi_put_mime_field(&w.o, "Content-Type", in->content_type, diag)) != CPM_OK) return rc;
  if ((rc = cpmi_put_mime_field(&w.o, "Content-Disposition", in->disposition, diag)) != CPM_OK) return rc;
  if ((rc = cpmi_put_mime_field(&w.o, "Content-Transfer-Encoding", in->encoding, diag)) != CPM_OK) return rc;
  cpmi_put_z(&w.o, "\r\n");
  cpmi_put(&w.o, in->content);
  return cpmi_out_end(&w.o, len, diag);
}
