/* SPDX-License-Identifier: MIT */
/* external_body.c - message/external-body (RFC 2046 5.2.3, RFC 2017). */
#include "cpm/mime.h"
#include "mime.h"
#include "value_internal.h"
#include <string.h>

#define EXTERNAL_SPEC "RFC 2046 5.2.3"

/* ---- the URL ------------------------------------------------------------------------------------------------------- */

/* The characters of the URL, one after the other, over all its pieces. */
typedef struct external_chars { cpm_str params, piece; unsigned next; bool quoted, split; } external_chars;

/* "URL*0" to "URL*99" (RFC 2231 3). */
static bool external_piece(cpm_str params, unsigned number, cpm_param *out) {
  char name[] = "URL*\0\0";
  char *digit = name + 4;
  if (number > 99) return false;
  if (number > 9) *digit++ = (char)('0' + (char)(number / 10));
  *digit = (char)('0' + (char)(number % 10));
  return cpm_param_find(params, name, out) && out->value.p;
}

static bool external_url(external_chars *c, cpm_str params) {
  cpm_param p;
  const external_chars none = { params, cpm_str_none(), 1, false, false };
  *c = none;
  if (!params.p) return false;
  c->split = !cpm_param_find(params, "URL", &p) || !p.value.p;
  if (c->split && !external_piece(params, 0, &p)) return false;
  c->piece = p.value;
  c->quoted = p.quoted;
  return true;
}

static bool external_next_piece(external_chars *c) {
  cpm_param p;
  if (!c->split || !external_piece(c->params, c->next++, &p)) return false;
  c->piece = p.value;
  c->quoted = p.quoted;
  return true;
}

static bool external_is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

static bool external_next(external_chars *c, char *out) {
  do {
    while (c->piece.n) {
      const bool pair = c->quoted && c->piece.p[0] == '\\' && c->piece.n > 1;
      *out = c->piece.p[pair];
      c->piece = cpm_str_of(c->piece.p + 1 + pair, c->piece.n - 1 - pair);
      if (!external_is_space(*out)) return true;
    }
  } while (external_next_piece(c));
  return false;
}

/* Is one of the pieces between ? & ; / # "action=fetch"? */
static bool external_fetches(external_chars c) {
  static const char want[] = "action=fetch";
  size_t at = 0;
  bool same = true;
  for (char one; external_next(&c, &one);) {
    if (one && strchr("?&;/#", one)) {
      if (same && at == sizeof want - 1) return true;
      at = 0;
      same = true;
    } else {
      const char lower = one >= 'A' && one <= 'Z' ? (char)(one | 0x20) : one;
      same = same && at < sizeof want - 1 && lower == want[at];
      at++;
    }
  }
  return same && at == sizeof want - 1;
}

int cpm_external_body_url(char *dst, size_t cap, size_t *len, const cpm_external_body *in, cpm_diag *diag) {
  cpmi_out o = cpmi_out_to(dst, cap, 0);
  external_chars c;
  if (!in->is_url || !external_url(&c, in->params)) return cpmi_fail(diag, CPM_E_MISSING, 0, "URL", "RFC 2017 3");
  for (char one; external_next(&c, &one);) cpmi_put_char(&o, one);
  return cpmi_out_end(&o, len, diag);
}

/* ---- reading ------------------------------------------------------------------------------------------------------- */

/* The value of a parameter; absent without. */
static cpm_str external_param(cpm_str params, const char *name) {
  cpm_param p;
  return params.p && cpm_param_find(params, name, &p) ? p.value : cpm_str_none();
}

static int external_type(cpm_external_body *out, cpm_str content_type, const cpm_opts *opts, cpm_diag *diag) {
  static const char *const once[] = { "access-type", "URL", "URL*0", "expiration", "size", "permission", NULL };
  cpm_media_type t;
  external_chars url;
  int rc = cpm_media_type_decode(&t, content_type, opts, diag);
  if (rc) return rc;
  out->quirks = t.quirks;
  if (!cpm_media_type_is(&t, CPM_EXTERNAL_BODY_TYPE)) return cpmi_fail(diag, CPM_E_VALUE, 0, "m-type", EXTERNAL_SPEC);
  const size_t bad = cpmi_utf8_bad(content_type);
  if (bad < content_type.n && (rc = cpmi_quirk(&out->quirks, CPM_QUIRK(UTF8_INVALID), opts, bad, "m-type", diag)) != CPM_OK) return rc;
  if (t.params.p && (rc = cpmi_check_once(t.params, once, (size_t)(t.params.p - content_type.p), diag)) != CPM_OK) return rc;
  out->params = t.params;
  out->access_type = external_param(t.params, "access-type");
  if (!out->access_type.p) return cpmi_fail(diag, CPM_E_MISSING, 0, "access-type", EXTERNAL_SPEC);
  out->is_url = cpm_str_ieq(out->access_type, cpm_str_z("URL"));
  if (out->is_url && !external_url(&url, t.params)) return cpmi_fail(diag, CPM_E_MISSING, 0, "URL", "RFC 2017 3");
  out->fetch = out->is_url && external_fetches(url);
  out->expiration = external_param(t.params, "expiration");
  out->permission = external_param(t.params, "permission");
  return CPM_OK;
}

static int external_size(cpm_external_body *out, cpm_str content_type, cpm_diag *diag) {
  const cpm_str size = external_param(out->params, "size");
  cpm_diag why = { 0 };
  out->has_size = size.p != NULL;
  if (!size.p) return CPM_OK;
  const size_t at = (size_t)(size.p - content_type.p);
  const int rc = cpm_number_decode(&out->size, size, UINT64_MAX, NULL, &why);
  return rc ? cpmi_fail(diag, rc == CPM_E_RANGE ? rc : CPM_E_VALUE, at + why.off, "size", EXTERNAL_SPEC) : CPM_OK;
}

int cpm_external_body_decode(cpm_external_body *out, cpm_str content_type, cpm_str body, const cpm_opts *opts, cpm_diag *diag) {
  static const cpm_external_body none;
  cpm_part part = { .body = body };
  size_t used = 0;
  *out = none;
  int rc = external_type(out, content_type, opts, diag);
  if (!rc) rc = external_size(out, content_type, diag);
  if (!rc) rc = cpmi_part_head(&part, &used, &out->quirks, body, 0, opts, diag);
  if (rc) return rc;
  out->head = part.head;
  out->content_type = part.content_type;
  out->disposition = part.disposition;
  out->encoding = part.encoding;
  out->content_id = part.head.n ? cpm_mime_header(part.head, "Content-ID") : cpm_str_none();
  out->phantom = cpm_str_of(body.p + used, body.n - used);
  return CPM_OK;
}

/* ---- writing ------------------------------------------------------------------------------------------------------- */

/* A URL has nothing that a quoted string escapes. */
static int external_check_url(cpm_str url, cpm_diag *diag) {
  if (!url.n) return cpmi_fail(diag, CPM_E_MISSING, 0, "URL", "RFC 2017 3");
  const int rc = cpmi_check_clean(url, "URL", diag);
  if (rc) return rc;
  for (size_t i = 0; i < url.n; i++)
    if (url.p[i] <= ' ' || url.p[i] >= 0x7f || strchr("\"\\<>", url.p[i])) return cpmi_fail(diag, CPM_E_VALUE, i, "URL", "RFC 2017 3");
  return CPM_OK;
}

/* A parameter as a quoted string; nothing for an absent one. */
static int external_put_param(cpmi_out *o, const char *name, cpm_str value, cpm_diag *diag) {
  if (!value.p) return CPM_OK;
  const int rc = cpmi_check_clean(value, name, diag);
  if (rc) return rc;
  for (size_t i = 0; i < value.n; i++)
    if (value.p[i] < ' ' || value.p[i] >= 0x7f || value.p[i] == '"' || value.p[i] == '\\') return cpmi_fail(diag, CPM_E_VALUE, i, name, EXTERNAL_SPEC);
  cpmi_put_char(o, ';');
  cpmi_put_z(o, name);
  cpmi_put_z(o, "=\"");
  cpmi_put(o, value);
  cpmi_put_char(o, '"');
  return CPM_OK;
}

int cpm_external_type_encode(char *dst, size_t cap, size_t *len, const cpm_external_body *in, cpm_str url, cpm_diag *diag) {
  cpmi_out o = cpmi_out_to(dst, cap, 0);
  int rc = external_check_url(url, diag);
  if (rc) return rc;
  cpmi_put_z(&o, CPM_EXTERNAL_BODY_TYPE ";access-type=URL");
  if ((rc = external_put_param(&o, "URL", url, diag)) != CPM_OK) return rc;
  if ((rc = external_put_param(&o, "expiration", in->expiration, diag)) != CPM_OK) return rc;
  if (in->has_size) {
    cpmi_put_z(&o, ";size=");
    cpmi_put_number(&o, in->size);
  }
  if ((rc = external_put_param(&o, "permission", in->permission, diag)) != CPM_OK) return rc;
  return cpmi_out_end(&o, len, diag);
}

int cpm_external_body_encode(char *dst, size_t cap, size_t *len, const cpm_external_body *in, cpm_diag *diag) {
  cpmi_out o = cpmi_out_to(dst, cap, 0);
  const cpm_str id = in->head.p ? cpm_mime_header(in->head, "Content-ID") : in->content_id;
  int rc;
  if (!id.n) return cpmi_fail(diag, CPM_E_MISSING, 0, "Content-ID", EXTERNAL_SPEC);
  if (in->head.p) {
    if ((rc = cpmi_check_head(in->head, diag)) != CPM_OK) return rc;
    cpmi_put(&o, in->head);
  } else {
    if ((rc = cpmi_put_mime_field(&o, "Content-Type", in->content_type, diag)) != CPM_OK) return rc;
    if ((rc = cpmi_put_mime_field(&o, "Content-Disposition", in->disposition, diag)) != CPM_OK) return rc;
    if ((rc = cpmi_put_mime_field(&o, "Content-Transfer-Encoding", in->encoding, diag)) != CPM_OK) return rc;
    if ((rc = cpmi_put_mime_field(&o, "Content-ID", in->content_id, diag)) != CPM_OK) return rc;
  }
  cpmi_put_z(&o, "\r\n");
  cpmi_put(&o, in->phantom);
  return cpmi_out_end(&o, len, diag);
}
