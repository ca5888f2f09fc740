/* SPDX-License-Identifier: MIT */
/* related.c - parts that name each other (RFC 2387, RFC 2392), and parts in parts. */
#include "cpm/mime.h"
#include "mime.h"
#include "value_internal.h"

/* ---- Content-ID ---------------------------------------------------------------------------------------------------- */

static cpm_str related_bare(cpm_str id) {
  id = cpm_str_trim(id);
  return id.n > 1 && id.p[0] == '<' && id.p[id.n - 1] == '>' ? cpm_str_of(id.p + 1, id.n - 2) : id;
}

cpm_str cpm_part_id(const cpm_part *part) {
  const cpm_str id = part->head.p ? cpm_mime_header(part->head, "Content-ID") : cpm_str_none();
  return id.p ? related_bare(id) : id;
}

/* The octet at *at, an escape as what it stands for. */
static int related_octet(cpm_str s, size_t *at) {
  const int escape = cpmi_escape(cpmi_behind(s, *at));
  const int octet = escape < 0 ? (unsigned char)s.p[*at] : escape;
  *at += escape < 0 ? 1 : 3;
  return octet;
}

bool cpm_cid_is(cpm_str url, cpm_str id) {
  static const cpm_str scheme = CPM_STR("cid:");
  if (!id.p || url.n <= scheme.n || !cpm_str_ieq(cpm_str_of(url.p, scheme.n), scheme)) return false;
  size_t i = 0;
  id = related_bare(id);
  for (size_t at = scheme.n; at < url.n; i++)
    if (i == id.n || related_octet(url, &at) != (unsigned char)id.p[i]) return false;
  return i == id.n;
}

const cpm_part *cpm_multipart_find(const cpm_multipart *m, cpm_str cid) {
  for (size_t i = 0; i < m->nparts; i++)
    if (cpm_cid_is(cid, cpm_part_id(&m->parts[i]))) return &m->parts[i];
  return NULL;
}

/* ---- multipart/related --------------------------------------------------------------------------------------------- */

/* start holds a Content-ID, with its < >. */
static const cpm_part *related_root(const cpm_multipart *parts, cpm_str start) {
  if (!start.p) return parts->nparts ? parts->parts : NULL;
  for (size_t i = 0; i < parts->nparts; i++)
    if (cpm_str_eq(cpm_part_id(&parts->parts[i]), related_bare(start))) return &parts->parts[i];
  return NULL;
}

int cpm_related_decode(cpm_related *out, cpm_str content_type, const cpm_multipart *parts, const cpm_opts *opts, cpm_diag *diag) {
  static const char *const once[] = { "type", "start", "start-info", NULL };
  static const cpm_related none;
  cpm_media_type t;
  cpm_param p;
  *out = none;
  int rc = cpm_media_type_decode(&t, content_type, opts, diag);
  if (rc) return rc;
  if (!cpm_media_type_is(&t, "multipart/related")) return cpmi_fail(diag, CPM_E_VALUE, 0, "m-type", "RFC 2387 3");
  if (t.params.p) {
    rc = cpmi_check_once(t.params, once, (size_t)(t.params.p - content_type.p), diag);
    if (rc) return rc;
    if (cpm_param_find(t.params, "type", &p)) out->type = p.value;
    if (cpm_param_find(t.params, "start", &p)) out->start = p.value;
    if (cpm_param_find(t.params, "start-info", &p)) out->start_info = p.value;
  }
  out->root = related_root(parts, out->start);
  return out->root ? CPM_OK : cpmi_fail(diag, CPM_E_MISSING, 0, "start", "RFC 2387 3.2");
}

/* ---- parts in parts ------------------------------------------------------------------------------------------------ */

static unsigned related_most(const cpm_opts *opts) {
  const unsigned most = opts && opts->max_depth ? opts->max_depth : CPM_BODY_DEPTH;
  return most < CPM_BODY_DEPTH ? most : CPM_BODY_DEPTH;
}

int cpm_body_open(cpm_body_walk *walk, cpm_str content_type, cpm_str body, const cpm_opts *opts, cpm_diag *diag) {
  walk->depth = 0;
  walk->body = body;
  const int rc = cpm_multipart_open(&walk->open[0], content_type, body, opts, diag);
  walk->quirks = walk->open[0].quirks;
  walk->depth = rc == CPM_OK;
  return rc;
}

static bool related_is_multipart(cpm_str content_type) {
  cpm_media_type t;
  return content_type.p && cpm_media_type_decode(&t, content_type, NULL, NULL) == CPM_OK && cpm_str_ieq(t.type, cpm_str_z("multipart"));
}

/* Goes into the part. What is wrong with its Content-Type counts from that (cpm_multipart_open), and the body it is of from it. */
static int related_enter(cpm_body_walk *walk, const cpm_part *part, const cpm_opts *opts, cpm_diag *diag) {
  if (walk->depth >= related_most(opts)) return cpmi_fail(diag, CPM_E_TOO_DEEP, part->off, "multipart-body", "RFC 2046 5.1");
  cpm_multipart_walk *const inner = &walk->open[walk->depth];
  const int rc = cpm_multipart_open(inner, part->content_type, part->body, opts, diag);
  walk->quirks |= inner->quirks;
  walk->depth += rc == CPM_OK;
  const bool of_type = rc == CPM_E_VALUE || rc == CPM_E_DUPLICATE || rc == CPM_E_MISSING;
  if (rc && diag) diag->off += of_type ? (size_t)(part->content_type.p - walk->body.p) : part->off;
  return rc;
}

int cpm_body_next(cpm_body_walk *walk, cpm_part *part, unsigned *depth, const cpm_opts *opts, cpm_diag *diag) {
  while (walk->depth) {
    cpm_multipart_walk *const inner = &walk->open[walk->depth - 1];
    const size_t base = (size_t)(inner->body.p - walk->body.p);
    int rc = cpm_multipart_next(inner, part, opts, diag);
    walk->quirks |= inner->quirks;
    if (depth) *depth = walk->depth;
    if (rc == CPM_END) {
      walk->depth--;
      continue;
    }
    part->off += base;
    if (rc && diag) diag->off += base;
    return rc == CPM_OK && related_is_multipart(part->content_type) ? related_enter(walk, part, opts, diag) : rc;
  }
  return CPM_END;
}
