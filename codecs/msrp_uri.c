/* SPDX-License-Identifier: MIT */
/* msrp_uri.c - MSRP URIs: writing, comparing (RFC 4975 6.1), and paths of them. */
#include "msrp.h"
#include <string.h>

/* ---- writing ------------------------------------------------------------------------------------------------------- */

static void msrp_uri_put(cpmi_out *o, const cpm_msrp_uri *uri) {
  cpmi_put_z(o, uri->secure ? "msrps://" : "msrp://");
  if (uri->userinfo.p) {
    cpmi_put(o, uri->userinfo);
    cpmi_put_char(o, '@');
  }
  if (uri->host_is_ipv6) cpmi_put_char(o, '[');
  cpmi_put(o, uri->host);
  if (uri->host_is_ipv6) cpmi_put_char(o, ']');
  if (uri->has_port) {
    cpmi_put_char(o, ':');
    cpmi_put_number(o, uri->port);
  }
  if (uri->session_id.p) {
    cpmi_put_char(o, '/');
    cpmi_put(o, uri->session_id);
  }
  cpmi_put_char(o, ';');
  cpmi_put(o, uri->transport);
  cpmi_put(o, uri->params);
}

/* None of the characters that would end the part? Which ones it may hold the decoder says, on parts that are put together. */
static int msrp_uri_check(cpm_str part, const char *stops, const char *rule, cpm_diag *diag) {
  const int rc = cpmi_check_clean(part, rule, diag);
  if (rc) return rc;
  for (size_t i = 0; i < part.n; i++)
    if (strchr(stops, part.p[i])) return cpmi_fail(diag, CPM_E_VALUE, i, rule, "RFC 4975 9");
  return CPM_OK;
}

/* Every part holds what the grammar lets it hold: each is tried alone, in a URI that is otherwise as small as it can be. */
static int msrp_uri_try(cpm_msrp_uri uri, const char *rule, cpm_diag *diag) {
  char text[CPM_MSRP_URI_MAX];
  cpm_msrp_uri back;
  cpmi_out o = cpmi_out_to(text, sizeof text, 0);
  msrp_uri_put(&o, &uri);
  if (o.n > sizeof text) return cpmi_fail(diag, CPM_E_VALUE, 0, rule, "RFC 4975 9");
  if (cpm_msrp_uri_decode(&back, cpm_str_of(text, o.n), NULL, NULL) != CPM_OK) return cpmi_fail(diag, CPM_E_VALUE, 0, rule, "RFC 4975 9");
  return CPM_OK;
}

int cpm_msrp_uri_encode(char *dst, size_t cap, size_t *len, const cpm_msrp_uri *uri, cpm_diag *diag) {
  const struct { cpm_str part; const char *stops, *rule; } parts[] = {
    { uri->userinfo,   "@/;",                              "userinfo"      },
    { uri->host,       uri->host_is_ipv6 ? "[]" : "[]:@/;", "host"          },
    { uri->session_id, ";",                                "session-id"    },
    { uri->transport,  ";",                                "transport"     },
    { uri->params,     "",                                 "URI-parameter" },
  };
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
    const int rc = msrp_uri_check(parts[i].part, parts[i].stops, parts[i].rule, diag);
    if (rc) return rc;
  }
  if (uri->params.p && (!uri->params.n || uri->params.p[0] != ';')) return cpmi_fail(diag, CPM_E_VALUE, 0, "URI-parameter", "RFC 4975 9");
  const int rc = msrp_uri_try(*uri, "MSRP-URI", diag);
  if (rc) return rc;
  cpmi_out o = cpmi_out_to(dst, cap, 0);
  msrp_uri_put(&o, uri);
  return cpmi_out_end(&o, len, diag);
}

/* ---- comparing ----------------------------------------------------------------------------------------------------- */

/* The next character of a host in lower case; the escape of an unreserved one is the character (RFC 3986 6.2.2.2), that of another is
 * apart. -1 at the end. */
static int msrp_uri_char_next(cpm_str *s) {
  if (s->n == 0) return -1;
  const int escape = cpmi_escape(*s);
  int c = escape < 0 ? (unsigned char)s->p[0] : escape;
  if (escape >= 0 && c < 0x80 && !cpmi_is_alnum((char)c) && !(c && strchr("-._~", c))) c |= 0x100;
  *s = cpmi_behind(*s, escape < 0 ? 1 : 3);
  return c >= 'A' && c <= 'Z' ? c | 0x20 : c;
}

static bool msrp_uri_host_equal(const cpm_msrp_uri *a, const cpm_msrp_uri *b) {
  if (a->host_is_ipv6 != b->host_is_ipv6) return false;
  if (a->host_is_ipv6) return cpmi_ipv6_equal(a->host, b->host);
  cpm_str x = a->host, y = b->host;
  int c, d;
  do {
    c = msrp_uri_char_next(&x);
    d = msrp_uri_char_next(&y);
  } while (c == d && c != -1);
  return c == d;
}

bool cpm_msrp_uri_equal(const cpm_msrp_uri *a, const cpm_msrp_uri *b, cpm_msrp_matching how) {
  if (how == CPM_MSRP_SESSION) return a->session_id.p && cpm_str_eq(a->session_id, b->session_id);
  return a->secure == b->secure && msrp_uri_host_equal(a, b) && a->has_port == b->has_port && a->port == b->port &&
         cpm_str_eq(a->session_id, b->session_id) && cpm_str_ieq(a->transport, b->transport);
}

bool cpm_msrp_uri_text_equal(cpm_str a, cpm_str b, cpm_msrp_matching how) {
  cpm_msrp_uri x, y;
  return cpm_msrp_uri_decode(&x, a, NULL, NULL) == CPM_OK && cpm_msrp_uri_decode(&y, b, NULL, NULL) == CPM_OK &&
         cpm_msrp_uri_equal(&x, &y, how);
}

/* ---- paths --------------------------------------------------------------------------------------------------------- */

/* Takes the next word off *rest, which starts with it; *spaces is how many SP stood behind it. */
static cpm_str msrp_path_cut(cpm_str *rest, size_t *spaces) {
  const char *sp = rest->n ? memchr(rest->p, ' ', rest->n) : NULL;
  const cpm_str word = cpm_str_of(rest->p, sp ? (size_t)(sp - rest->p) : rest->n);
  size_t n = word.n;
  while (n < rest->n && rest->p[n] == ' ') n++;
  *spaces = n - word.n;
  *rest = cpmi_behind(*rest, n);
  return word;
}

int cpm_msrp_path_next(cpm_str *rest, cpm_msrp_uri *out, const cpm_opts *opts, uint64_t *quirks, cpm_diag *diag) {
  size_t spaces;
  if (rest->n == 0) return CPM_END;
  const cpm_str word = msrp_path_cut(rest, &spaces);
  const int rc = cpm_msrp_uri_decode(out, word, opts, diag);
  if (rc) return rc;
  if (spaces > 1 || (spaces && !rest->n)) return cpmi_quirk(quirks, CPM_QUIRK(MSRP_SPACING), opts, word.n, "To-Path", diag);
  return CPM_OK;
}

cpm_str cpm_msrp_path_first(cpm_str path) {
  size_t spaces;
  return path.n ? msrp_path_cut(&path, &spaces) : path;
}

cpm_str cpm_msrp_path_last(cpm_str path) {
  cpm_str last = path;
  size_t spaces;
  while (path.n) last = msrp_path_cut(&path, &spaces);
  return last;
}

size_t cpm_msrp_path_count(cpm_str path) {
  size_t count = 0, spaces;
  for (; path.n; count++) (void)msrp_path_cut(&path, &spaces);
  return count;
}

bool cpm_msrp_path_equal(cpm_str a, cpm_str b, cpm_msrp_matching how) {
  size_t spaces;
  if (how == CPM_MSRP_SESSION) return cpm_msrp_uri_text_equal(cpm_msrp_path_last(a), cpm_msrp_path_last(b), how);
  if (!a.n || !b.n) return false;
  while (a.n && b.n) {
    const cpm_str x = msrp_path_cut(&a, &spaces), y = msrp_path_cut(&b, &spaces);
    if (!cpm_msrp_uri_text_equal(x, y, how)) return false;
  }
  return !a.n && !b.n;
}
