/* SPDX-License-Identifier: MIT */
/* entry_uri.c - what the URI of a list's entry asks for. */
#include "cpm/resource_lists.h"
#include "cpm/uri.h"
#include "cpm/value.h"
#include "internal.h"
#include <string.h>

#define ENTRY_URI_SPEC "RFC 3261 19.1.1"

#define ENTRY_URI_WORD(id, word) word,
static const char *const entry_uri_actions[] = { CPM_ACTIONS(ENTRY_URI_WORD) };
#undef ENTRY_URI_WORD
#define ENTRY_URI_ACTIONS (sizeof entry_uri_actions / sizeof *entry_uri_actions)

/* ---- reading ------------------------------------------------------------------------------------------------------- */

/* Is it that text, escapes undone? What is longer than the buffer is none of ours. */
static bool entry_uri_is(cpm_str escaped, const char *z, bool any_case) {
  char plain[32];
  size_t n = 0;
  if (cpm_uri_unescape(plain, sizeof plain, &n, escaped)) return false;
  return (any_case ? cpm_str_ieq : cpm_str_eq)(cpm_str_of(plain, n), cpm_str_z(z));
}

static cpm_action entry_uri_action(cpm_str value) {
  for (size_t i = 0; i < ENTRY_URI_ACTIONS; i++)
    if (entry_uri_is(value, entry_uri_actions[i], true)) return (cpm_action)(CPM_ACTION_DELIVER + i);
  return CPM_ACTION_UNKNOWN;
}

static int entry_uri_fail(cpm_diag *diag, int code, cpm_str at, cpm_str uri, const char *rule) {
  return cpmi_fail(diag, code, (size_t)(at.p - uri.p), rule, ENTRY_URI_SPEC);
}

static int entry_uri_replaces(cpm_entry_uri *out, char *dst, size_t cap, cpm_str value, cpm_str uri, cpm_diag *diag) {
  size_t n = 0;
  cpm_str id;
  const int rc = cpm_uri_unescape(dst, cap, &n, value);
  if (rc == CPM_E_SPACE || (!rc && !dst && n)) {
    entry_uri_fail(diag, CPM_E_SPACE, value, uri, "buffer");
    if (diag) diag->need = n;
    return CPM_E_SPACE;
  }
  if (rc) return entry_uri_fail(diag, rc, value, uri, "Session-Replaces");
  out->session_replaces = cpm_str_of(dst ? dst : "", n);
  return cpm_id_decode(&id, out->session_replaces, NULL, NULL) ? entry_uri_fail(diag, CPM_E_VALUE, value, uri, "Session-Replaces") : CPM_OK;
}

static int entry_uri_headers(cpm_entry_uri *out, char *dst, size_t cap, cpm_str headers, cpm_str uri, cpm_diag *diag) {
  cpm_str name = headers, value;
  int rc;
  while ((rc = cpm_uri_header_next(&headers, &name, &value)) == CPM_OK) {
    if (entry_uri_is(name, "cpm_action", true)) {
      if (out->action != CPM_ACTION_NONE) return entry_uri_fail(diag, CPM_E_DUPLICATE, name, uri, "cpm_action");
      out->action = entry_uri_action(value);
    } else if (entry_uri_is(name, "Session-Replaces", true)) {
      if (out->session_replaces.p) return entry_uri_fail(diag, CPM_E_DUPLICATE, name, uri, "Session-Replaces");
      rc = entry_uri_replaces(out, dst, cap, value, uri, diag);
      if (rc) return rc;
    } else {
      out->others++;
    }
  }
  return rc == CPM_END ? CPM_OK : entry_uri_fail(diag, rc, headers, uri, "headers");
}

static bool entry_uri_is_sip(const cpm_uri *u) { return u->scheme == CPM_URI_SIP || u->scheme == CPM_URI_SIPS; }

/* Where the "?" before the headers stands; uri.n if there is none. The user part of a SIP URI may hold one too. */
static size_t entry_uri_query(const cpm_uri *u, cpm_str uri) {
  if (entry_uri_is_sip(u)) return u->headers.p ? (size_t)(u->headers.p - uri.p) - 1 : uri.n;
  const char *const at = uri.n ? memchr(uri.p, '?', uri.n) : NULL;
  return at ? (size_t)(at - uri.p) : uri.n;
}

int cpm_entry_uri_decode(cpm_entry_uri *out, char *dst, size_t cap, cpm_str uri, cpm_diag *diag) {
  static const cpm_entry_uri none;
  cpm_uri u;
  *out = none;
  const int rc = cpm_uri_decode(&u, uri, NULL, diag);
  if (rc) return rc;
  const size_t query = entry_uri_query(&u, uri);
  out->uri = cpm_str_of(uri.p, query);
  if (entry_uri_is_sip(&u) && u.params.p && !cpm_uri_param_find(u.params, "method", &out->method)) out->method = cpm_str_none();
  if (query >= uri.n) return CPM_OK;
  return entry_uri_headers(out, dst, cap, cpm_str_of(uri.p + query + 1, uri.n - query - 1), uri, diag);
}

/* ---- writing ------------------------------------------------------------------------------------------------------- */

/* hnv-unreserved and unreserved; everything else as an escape. */
static bool entry_uri_is_plain(char c) { return cpmi_is_alnum(c) || (c && strchr("[]/?:+$-_.!~*'()", c)); }

static void entry_uri_put_value(cpmi_out *o, cpm_str value) {
  for (size_t i = 0; i < value.n; i++) {
    if (entry_uri_is_plain(value.p[i])) cpmi_put_char(o, value.p[i]);
    else cpmi_put_escape(o, value.p[i]);
  }
}

/* Is the method a parameter of the URI already, as the reader gives it? */
static bool entry_uri_has_method(const cpm_entry_uri *in, const cpm_uri *u) {
  cpm_str method;
  return u->params.p && cpm_uri_param_find(u->params, "method", &method) && cpm_str_eq(method, in->method);
}

static bool entry_uri_takes_method(const cpm_entry_uri *in, const cpm_uri *u) {
  if (!in->method.p) return true;
  if (!entry_uri_is_sip(u) || !cpmi_is_token(in->method)) return false;
  return entry_uri_has_method(in, u) || !u->params.p || !cpm_uri_param_find(u->params, "method", NULL);
}

/* *written: the method stands in the URI and need not be added. */
static int entry_uri_check(const cpm_entry_uri *in, bool *written, cpm_diag *diag) {
  cpm_uri u;
  cpm_str id;
  cpm_diag why = { 0 };
  int rc = cpmi_check_clean(in->uri, "uri", diag);
  if (!rc) rc = cpmi_check_clean(in->session_replaces, "Session-Replaces", diag);
  if (rc) return rc;
  if (!in->uri.p || cpm_uri_decode(&u, in->uri, NULL, &why)) return cpmi_fail(diag, CPM_E_VALUE, why.off, "uri", why.clause);
  const size_t query = entry_uri_query(&u, in->uri);
  if (query < in->uri.n) return cpmi_fail(diag, CPM_E_VALUE, query, "headers", ENTRY_URI_SPEC);
  if (!entry_uri_takes_method(in, &u)) return cpmi_fail(diag, CPM_E_VALUE, 0, "method", ENTRY_URI_SPEC);
  *written = entry_uri_has_method(in, &u);
  if (u.scheme == CPM_URI_TEL && (in->action != CPM_ACTION_NONE || in->session_replaces.p)) return cpmi_fail(diag, CPM_E_VALUE, 0, "headers", "RFC 3966 3");
  if ((unsigned)in->action > ENTRY_URI_ACTIONS) return cpmi_fail(diag, CPM_E_VALUE, 0, "cpm_action", "S0-7.2.6.2");
  if (in->session_replaces.p && cpm_id_decode(&id, in->session_replaces, NULL, NULL))
    return cpmi_fail(diag, CPM_E_VALUE, 0, "Session-Replaces", ENTRY_URI_SPEC);
  return CPM_OK;
}

int cpm_entry_uri_encode(char *dst, size_t cap, size_t *len, const cpm_entry_uri *in, cpm_diag *diag) {
  cpmi_out o = cpmi_out_to(dst, cap, 0);
  bool written = false;
  const int rc = entry_uri_check(in, &written, diag);
  char mark = '?';
  if (rc) return rc;
  cpmi_put(&o, in->uri);
  if (in->method.p && !written) {
    cpmi_put_z(&o, ";method=");
    cpmi_put(&o, in->method);
  }
  if (in->action != CPM_ACTION_NONE) {
    cpmi_put_z(&o, "?cpm_action=");
    cpmi_put_z(&o, entry_uri_actions[in->action - CPM_ACTION_DELIVER]);
    mark = '&';
  }
  if (in->session_replaces.p) {
    cpmi_put_char(&o, mark);
    cpmi_put_z(&o, "Session-Replaces=");
    entry_uri_put_value(&o, in->session_replaces);
  }
  return cpmi_out_end(&o, len, diag);
}
