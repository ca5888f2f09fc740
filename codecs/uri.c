/* SPDX-License-Identifier: MIT */
/* uri.c - URIs: reading, writing, comparing, unescaping. */
#include "cpm/uri.h"
#include "cpm/sip.h"
#include "internal.h"
#include "straight.h"
#include "uri_parse.h"
#include <string.h>

static const struct { const char *name, *rule, *clause; } uri_schemes[] = {
  { "sip",  "SIP-URI",       "RFC 3261 25.1" },
  { "sips", "SIPS-URI",      "RFC 3261 25.1" },
  { "tel",  "telephone-uri", "RFC 3966 3"    },
  { NULL,   "absoluteURI",   "RFC 3261 25.1" },
};

static cpm_uri_scheme uri_scheme_of(cpm_str name) {
  int i = 0;
  while (uri_schemes[i].name && !cpm_str_ieq(name, cpm_str_z(uri_schemes[i].name))) i++;
  return (cpm_uri_scheme)i;
}

static bool uri_is_sip(const cpm_uri *u) { return u->scheme == CPM_URI_SIP || u->scheme == CPM_URI_SIPS; }

/* ---- characters -------------------------------------------------------------------------------------------------- */

static unsigned uri_lower(unsigned c) { return c >= 'A' && c <= 'Z' ? c | 0x20u : c; }

/* "reserved" of RFC 2396: escaped they mean something else than plain. */
static bool uri_is_reserved(int c) { return c > 0 && strchr(";/?:@&=+$,", c) != NULL; }

#define URI_END 0x1000u

/* The next character for comparing: an escape of what is not reserved is the character itself, one of what is reserved is apart. */
static unsigned uri_char_next(cpm_str *s) {
  if (s->n == 0) return URI_END;
  const int escaped = cpmi_escape(*s);
  const unsigned c = escaped < 0 ? (unsigned char)s->p[0] : (unsigned)escaped | (uri_is_reserved(escaped) ? 0x100u : 0u);
  const size_t step = escaped < 0 ? 1 : 3;
  s->p += step;
  s->n -= step;
  return c;
}

static bool uri_is_separator(unsigned c) { return c == '-' || c == '.' || c == '(' || c == ')'; }

typedef enum uri_how { URI_EXACT, URI_ANY_CASE, URI_DIGITS /* any case, visual separators left out */ } uri_how;

static unsigned uri_symbol_next(cpm_str *s, uri_how how) {
  unsigned c = uri_char_next(s);
  while (how == URI_DIGITS && uri_is_separator(c)) c = uri_char_next(s);
  return how == URI_EXACT ? c : uri_lower(c);
}

static bool uri_part_equal(cpm_str a, cpm_str b, uri_how how) {
  if (!a.p || !b.p) return !a.p && !b.p;
  unsigned c, d;
  do {
    c = uri_symbol_next(&a, how);
    d = uri_symbol_next(&b, how);
  } while (c == d && c != URI_END);
  return c == d;
}

static bool uri_name_is(cpm_str name, const char *z) { return uri_part_equal(name, cpm_str_z(z), URI_ANY_CASE); }

/* ---- parameters and headers ---------------------------------------------------------------------------------------- */

/* Cuts the text up to the first `stop` off *rest, the stop too. */
static cpm_str uri_cut(cpm_str *rest, char stop) {
  const char *end = rest->n ? memchr(rest->p, stop, rest->n) : NULL;
  const cpm_str cut = cpm_str_of(rest->p, end ? (size_t)(end - rest->p) : rest->n);
  const size_t step = cut.n + (end != NULL);
  rest->p += step;
  rest->n -= step;
  return cut;
}

static void uri_name_value(cpm_str pair, cpm_str *name, cpm_str *value) {
  const char *equal = pair.n ? memchr(pair.p, '=', pair.n) : NULL;
  const size_t n = equal ? (size_t)(equal - pair.p) : pair.n;
  *name = cpm_str_of(pair.p, n);
  *value = equal ? cpm_str_of(equal + 1, pair.n - n - 1) : cpm_str_none();
}

int cpm_uri_param_next(cpm_str *rest, cpm_str *name, cpm_str *value) {
  if (rest->n == 0) return CPM_END;
  if (rest->p[0] != ';') return CPM_E_SYNTAX;
  cpm_str after = cpm_str_of(rest->p + 1, rest->n - 1);
  uri_name_value(uri_cut(&after, ';'), name, value);
  /* The ";" of the next one stays. */
  const size_t used = name->n + (value->p ? value->n + 1 : 0) + 1;
  if (name->n == 0) return CPM_E_SYNTAX;
  rest->p += used;
  rest->n -= used;
  return CPM_OK;
}

bool cpm_uri_param_find(cpm_str params, const char *name, cpm_str *value) {
  cpm_str found, text;
  while (cpm_uri_param_next(&params, &found, &text) == CPM_OK) {
    if (!uri_name_is(found, name)) continue;
    if (value) *value = text;
    return true;
  }
  return false;
}

int cpm_uri_header_next(cpm_str *rest, cpm_str *name, cpm_str *value) {
  if (rest->n == 0) return CPM_END;
  cpm_str after = *rest;
  uri_name_value(uri_cut(&after, '&'), name, value);
  if (name->n == 0 || !value->p) return CPM_E_SYNTAX;
  *rest = after;
  return CPM_OK;
}

/* ---- rules that go past the grammar -------------------------------------------------------------------------------- */

static int uri_too_many(size_t n, size_t off, const char *rule, cpm_diag *diag) {
  cpmi_fail(diag, CPM_E_TOO_MANY, off, rule, NULL);
  if (diag) diag->need = n;
  return CPM_E_TOO_MANY;
}

/* How often the byte stands in s. */
static size_t uri_count(cpm_str s, char c) {
  size_t n = 0;
  for (size_t i = 0; i < s.n; i++) n += s.p[i] == c;
  return n;
}

/* A parameter name stands once (RFC 3261 19.1.1, RFC 3966 3). The limit keeps pairwise comparing linear in the input. */
static int uri_check_params(cpm_str params, size_t off, const char *clause, cpm_diag *diag) {
  const size_t n = uri_count(params, ';');
  if (n > CPM_URI_LIMIT_PARTS) return uri_too_many(n, off, "uri-parameters", diag);
  cpm_str rest = params, name, value, other;
  while (cpm_uri_param_next(&rest, &name, &value) == CPM_OK) {
    for (cpm_str behind = rest; cpm_uri_param_next(&behind, &other, &value) == CPM_OK;)
      if (uri_part_equal(name, other, URI_ANY_CASE))
        return cpmi_fail(diag, CPM_E_DUPLICATE, off + (size_t)(other.p - params.p), "uri-parameter", clause);
  }
  return CPM_OK;
}

static int uri_check_headers(cpm_str headers, size_t off, cpm_diag *diag) {
  const size_t n = headers.p ? uri_count(headers, '&') + 1 : 0;
  return n > CPM_URI_LIMIT_PARTS ? uri_too_many(n, off, "headers", diag) : CPM_OK;
}

/* What the grammar leaves open; `from` is where the URI starts, NULL when the parts stand alone. */
static int uri_check(const cpm_uri *u, const char *from, cpm_diag *diag) {
  if (u->scheme == CPM_URI_OTHER) return CPM_OK;
  const char *const clause = uri_is_sip(u) ? "RFC 3261 19.1.1" : "RFC 3966 3";
  const int rc = uri_check_params(u->params, from && u->params.p ? (size_t)(u->params.p - from) : 0, clause, diag);
  if (rc) return rc;
  if (uri_is_sip(u)) return uri_check_headers(u->headers, from && u->headers.p ? (size_t)(u->headers.p - from) : 0, diag);
  if (u->user.p[0] == '+' || cpm_uri_param_find(u->params, "phone-context", NULL)) return CPM_OK;
  return cpmi_fail(diag, CPM_E_MISSING, from ? (size_t)(u->user.p - from) : 0, "phone-context", "RFC 3966 5.1.5");
}

/* ---- reading ------------------------------------------------------------------------------------------------------- */

static cpm_str uri_between(const char *from, const char *to) {
  return from ? cpm_str_of(from, (size_t)(to - from)) : cpm_str_none();
}

/* Why the machine stopped at `at`: inside an escape, at a byte that does not fit, or too early. */
static int uri_refused(cpm_str in, const char *at, const cpmi_uri_marks *m, cpm_diag *diag) {
  const size_t off = (size_t)(at - in.p), back = off < 2 ? off : 2;
  const cpm_uri_scheme scheme = m->scheme_e ? uri_scheme_of(uri_between(in.p, m->scheme_e)) : CPM_URI_OTHER;
  const char *const rule = uri_schemes[scheme].rule, *const clause = uri_schemes[scheme].clause;
  for (size_t i = off - back; i < off; i++)
    if (in.p[i] == '%' && cpmi_escape(cpm_str_of(in.p + i, in.n - i)) < 0)
      return cpmi_fail(diag, CPM_E_ESCAPE, i, "escaped", clause);
  return cpmi_fail(diag, off == in.n ? CPM_E_TRUNCATED : CPM_E_SYNTAX, off, rule, clause);
}

static int uri_port(cpm_uri *u, cpm_str digits, cpm_diag *diag) {
  uint32_t port = 0;
  for (size_t i = 0; i < digits.n; i++) {
    port = port * 10 + (uint32_t)(digits.p[i] - '0');
    if (port > 65535) return cpmi_fail(diag, CPM_E_RANGE, (size_t)(digits.p - u->text.p), "port", "RFC 3261 25.1");
  }
  u->has_port = true;
  u->port = (uint16_t)port;
  return CPM_OK;
}

static void uri_take_host(cpm_uri *u, cpm_str host) {
  u->host_is_ipv6 = host.p[0] == '[';
  u->host = u->host_is_ipv6 ? cpm_str_of(host.p + 1, host.n - 2) : host;
}

static int uri_take_sip(cpm_uri *u, const cpmi_uri_marks *m, cpm_diag *diag) {
  const char *const end = u->text.p + u->text.n;
  if (m->at) {
    u->user = uri_between(m->user_b, m->user_e);
    if (m->user_e[0] == ':') u->password = cpm_str_of(m->user_e + 1, (size_t)(m->host_b - m->user_e) - 2);
  }
  uri_take_host(u, uri_between(m->host_b, m->host_e));
  u->params = uri_between(m->params_b, m->params_e);
  u->headers = uri_between(m->headers_b, end);
  return m->port_b ? uri_port(u, uri_between(m->port_b, m->port_e), diag) : CPM_OK;
}

static int uri_read(cpm_uri *out, cpm_str in, cpm_diag *diag) {
  cpm_uri none = { 0 };
  none.scheme = CPM_URI_OTHER;
  *out = none;
  if (!in.p) return cpmi_fail(diag, CPM_E_ARG, 0, "URI", NULL);
  cpmi_uri_marks m;
  cpmi_uri_start(&m);
  const char *const at = cpmi_uri_feed(&m, in, true);
  if (!cpmi_uri_accepts(&m)) return uri_refused(in, at, &m, diag);

  cpm_uri u = none;
  u.text = in;
  u.scheme_name = uri_between(in.p, m.scheme_e);
  u.scheme = uri_scheme_of(u.scheme_name);
  int rc = CPM_OK;
  if (u.scheme == CPM_URI_OTHER) {
    u.opaque = uri_between(m.scheme_e + 1, in.p + in.n);
  } else if (u.scheme == CPM_URI_TEL) {
    u.user = uri_between(m.user_b, m.user_e);
    u.params = uri_between(m.params_b, m.params_e);
    u.tel_global = u.user.p[0] == '+';
  } else {
    rc = uri_take_sip(&u, &m, diag);
  }
  if (!rc) rc = uri_check(&u, in.p, diag);
  if (!rc) *out = u;
  return rc;
}

int cpm_uri_decode(cpm_uri *out, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  (void)opts;
  if (CPMI_STRAIGHT && cpmi_straight_uri(out, in)) return CPM_OK;
  return uri_read(out, in, diag);
}

/* ---- writing ------------------------------------------------------------------------------------------------------- */

/* Writes and lets the machine read along: what it takes in the end, the decoder takes. */
typedef struct uri_writer { cpmi_out out; cpmi_uri_marks machine; } uri_writer;

static void uri_put(uri_writer *w, cpm_str s) {
  if (s.n == 0) return;
  cpmi_put(&w->out, s);
  cpmi_uri_feed(&w->machine, s, false);
}

static void uri_put_z(uri_writer *w, const char *z) { uri_put(w, cpm_str_z(z)); }

static void uri_put_port(uri_writer *w, uint16_t port) {
  char digits[5];
  size_t at = sizeof digits;
  unsigned v = port;
  do digits[--at] = (char)('0' + (char)(v % 10)); while (v /= 10);
  uri_put(w, cpm_str_of(digits + at, sizeof digits - at));
}

/* A part that holds the delimiter of the next one would be read as two parts. */
static int uri_check_part(cpm_str part, const char *delimiters, const char *rule, cpm_diag *diag) {
  const int rc = cpmi_check_clean(part, rule, diag);
  if (rc) return rc;
  for (size_t i = 0; i < part.n; i++)
    if (strchr(delimiters, part.p[i])) return cpmi_fail(diag, CPM_E_VALUE, i, rule, NULL);
  return CPM_OK;
}

static int uri_check_parts(const cpm_uri *u, cpm_diag *diag) {
  const struct { cpm_str part; const char *delimiters, *rule; } parts[] = {
    { u->user,     u->scheme == CPM_URI_TEL ? ";" : ":@",   "user" },
    { u->password, "",                                      "password" },
    { u->host,     u->host_is_ipv6 ? "[]" : "[]:;?@",       "host" },
    { u->params,   u->scheme == CPM_URI_TEL ? "" : "?@",    "uri-parameters" },
    { u->headers,  "@",                                     "headers" },
  };
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
    const int rc = uri_check_part(parts[i].part, parts[i].delimiters, parts[i].rule, diag);
    if (rc) return rc;
  }
  if (u->params.n && u->params.p[0] != ';') return cpmi_fail(diag, CPM_E_VALUE, 0, "uri-parameters", NULL);
  return CPM_OK;
}

void cpmi_ipv6_split(cpm_str address, cpm_str part[2]) {
  part[0] = address;
  part[1] = cpm_str_of("", 0);
  size_t colons = 0;
  for (size_t i = 0; i < address.n; i++) {
    if (colons == 3 && address.p[i] != ':') {
      part[0].n = i - 1;
      part[1] = cpm_str_of(address.p + i, address.n - i);
      return;
    }
    colons = address.p[i] == ':' ? colons + 1 : 0;
  }
}

static void uri_put_ipv6(uri_writer *w, cpm_str address) {
  cpm_str part[2];
  cpmi_ipv6_split(address, part);
  uri_put_z(w, "[");
  uri_put(w, part[0]);
  uri_put(w, part[1]);
  uri_put_z(w, "]");
}

static void uri_put_sip(uri_writer *w, const cpm_uri *u) {
  if (u->user.p) {
    uri_put(w, u->user);
    if (u->password.p) uri_put_z(w, ":");
    uri_put(w, u->password);
    uri_put_z(w, "@");
  }
  if (u->host_is_ipv6) uri_put_ipv6(w, u->host);
  else uri_put(w, u->host);
  if (u->has_port) {
    uri_put_z(w, ":");
    uri_put_port(w, u->port);
  }
  uri_put(w, u->params);
  if (u->headers.n) uri_put_z(w, "?");
  uri_put(w, u->headers);
}

static int uri_put_other(uri_writer *w, const cpm_uri *u, cpm_diag *diag) {
  int rc = uri_check_part(u->scheme_name, ":", "scheme", diag);
  if (!rc) rc = uri_check_part(u->opaque, "", "opaque", diag);
  if (rc) return rc;
  if (uri_scheme_of(u->scheme_name) != CPM_URI_OTHER) return cpmi_fail(diag, CPM_E_VALUE, 0, "scheme", NULL);
  uri_put(w, u->scheme_name);
  uri_put_z(w, ":");
  uri_put(w, u->opaque);
  return CPM_OK;
}

static int uri_put_known(uri_writer *w, const cpm_uri *u, cpm_diag *diag) {
  const int rc = uri_check_parts(u, diag);
  if (rc) return rc;
  if (u->password.p && !u->user.p) return cpmi_fail(diag, CPM_E_VALUE, 0, "user", uri_schemes[u->scheme].clause);
  uri_put_z(w, uri_schemes[u->scheme].name);
  uri_put_z(w, ":");
  if (uri_is_sip(u)) {
    uri_put_sip(w, u);
  } else {
    uri_put(w, u->user);
    uri_put(w, u->params);
  }
  return CPM_OK;
}

/* Into an out that may only count: nothing is written before everything was checked. */
static int uri_write(cpmi_out *out, const cpm_uri *u, cpm_diag *diag) {
  uri_writer w = { *out, { 0 } };
  cpmi_uri_start(&w.machine);
  const int rc = u->scheme == CPM_URI_OTHER ? uri_put_other(&w, u, diag) : uri_put_known(&w, u, diag);
  if (rc) return rc;
  cpmi_uri_feed(&w.machine, cpm_str_of("", 0), true);
  if (!cpmi_uri_accepts(&w.machine) || uri_check(u, NULL, NULL))
    return cpmi_fail(diag, CPM_E_VALUE, 0, uri_schemes[u->scheme].rule, uri_schemes[u->scheme].clause);
  *out = w.out;
  return CPM_OK;
}

int cpm_uri_encode(char *dst, size_t cap, size_t *len, const cpm_uri *uri, cpm_diag *diag) {
  if (!uri || (unsigned)uri->scheme > CPM_URI_OTHER) return cpmi_fail(diag, CPM_E_ARG, 0, "URI", NULL);
  cpmi_out size = cpmi_out_to(NULL, 0, 0), out = cpmi_out_to(dst, cap, 0);
  int rc = uri_write(&size, uri, diag);
  if (!rc && dst) rc = uri_write(&out, uri, diag);
  return rc ? rc : cpmi_out_end(dst ? &out : &size, len, diag);
}

/* ---- comparing ----------------------------------------------------------------------------------------------------- */

static bool uri_ipv4(cpm_str s, unsigned char out[4]) {
  for (int i = 0; i < 4; i++) {
    unsigned v = 0;
    const cpm_str octet = uri_cut(&s, '.');
    if (octet.n == 0 || octet.n > 3) return false;
    for (size_t k = 0; k < octet.n; k++) v = v * 10 + (unsigned)cpmi_hex(octet.p[k]);
    out[i] = (unsigned char)v;
  }
  return true;
}

/* The 16 bytes of an IPv6address that the grammar has taken. */
static bool uri_ipv6(cpm_str s, unsigned char out[16]) {
  size_t n = 0, gap = 16;
  if (s.n >= 2 && s.p[0] == ':') { s.p++; s.n--; }
  while (s.n && n < 16) {
    if (s.p[0] == ':') { gap = n; s.p++; s.n--; continue; }
    const cpm_str group = uri_cut(&s, ':');
    if (memchr(group.p, '.', group.n)) {
      if (n > 12 || !uri_ipv4(group, out + n)) return false;
      n += 4;
      continue;
    }
    unsigned v = 0;
    for (size_t i = 0; i < group.n; i++) v = (v << 4 | (unsigned)cpmi_hex(group.p[i])) & 0xffffu;
    out[n++] = (unsigned char)(v >> 8);
    out[n++] = (unsigned char)v;
  }
  if (gap > n) return false;
  memmove(out + 16 - (n - gap), out + gap, n - gap);
  memset(out + gap, 0, 16 - n);
  return true;
}

bool cpmi_ipv6_equal(cpm_str a, cpm_str b) {
  unsigned char x[16] = { 0 }, y[16] = { 0 };
  return uri_ipv6(a, x) && uri_ipv6(b, y) ? memcmp(x, y, 16) == 0 : cpm_str_ieq(a, b);
}

/* Two writings of one IPv6 address are one host (RFC 5954 4.2). */
static bool uri_host_equal(const cpm_uri *a, const cpm_uri *b) {
  if (a->host_is_ipv6 != b->host_is_ipv6) return false;
  return a->host_is_ipv6 ? cpmi_ipv6_equal(a->host, b->host) : cpm_str_ieq(a->host, b->host);
}

/* Parameters that count even if only one of the two has them. */
static const char *const uri_counting[] = { "user", "ttl", "method", "maddr", "transport" };
#define URI_COUNTING (sizeof uri_counting / sizeof *uri_counting)

static bool uri_param_counts(cpm_str name) {
  for (size_t i = 0; i < URI_COUNTING; i++)
    if (uri_name_is(name, uri_counting[i])) return true;
  return false;
}

static bool uri_param_of(cpm_str params, cpm_str name, cpm_str *value) {
  cpm_str other;
  while (cpm_uri_param_next(&params, &other, value) == CPM_OK)
    if (uri_part_equal(name, other, URI_ANY_CASE)) return true;
  return false;
}

/* Every parameter of a: equal in b, or absent there and of no weight. */
static bool uri_sip_params_in(cpm_str a, cpm_str b) {
  cpm_str name, value, other;
  while (cpm_uri_param_next(&a, &name, &value) == CPM_OK) {
    const bool found = uri_param_of(b, name, &other);
    if (found ? !uri_part_equal(value, other, URI_ANY_CASE) : uri_param_counts(name)) return false;
  }
  return true;
}

/* Known names count in any form: escaped, compact, in any case. */
static cpm_sip_header uri_header_id(cpm_str name) {
  char plain[64];
  size_t n;
  return cpm_uri_unescape(plain, sizeof plain, &n, name) ? CPM_SIP_UNKNOWN : cpm_sip_header_id(cpm_str_of(plain, n));
}

/* Values are compared without case (RFC 3261 7.3.1) but for those that are defined bytewise, and the body. */
static uri_how uri_header_how(cpm_sip_header id, cpm_str name) {
  switch (id) {
  case CPM_SIP_CALL_ID: case CPM_SIP_CONVERSATION_ID: case CPM_SIP_CONTRIBUTION_ID: case CPM_SIP_IN_REPLY_TO_CONTRIBUTION_ID:
  case CPM_SIP_MESSAGE_UID: case CPM_SIP_SESSION_REPLACES: case CPM_SIP_CPM_REPLACES:
    return URI_EXACT;
  default:
    return uri_name_is(name, "body") ? URI_EXACT : URI_ANY_CASE;
  }
}

static size_t uri_header_count(cpm_str headers, cpm_str name, cpm_str value) {
  size_t n = 0;
  cpm_str other, text;
  const cpm_sip_header id = uri_header_id(name);
  const uri_how how = uri_header_how(id, name);
  while (cpm_uri_header_next(&headers, &other, &text) == CPM_OK) {
    const bool same = id ? uri_header_id(other) == id : uri_part_equal(name, other, URI_ANY_CASE);
    n += same && uri_part_equal(value, text, how);
  }
  return n;
}

/* The same headers in any order, each as often. */
static bool uri_headers_equal(cpm_str a, cpm_str b) {
  cpm_str rest = a, name, value;
  const size_t in_a = a.n ? uri_count(a, '&') + 1 : 0, in_b = b.n ? uri_count(b, '&') + 1 : 0;
  if (in_a != in_b) return false;
  while (cpm_uri_header_next(&rest, &name, &value) == CPM_OK)
    if (uri_header_count(a, name, value) != uri_header_count(b, name, value)) return false;
  return true;
}

static bool uri_sip_equal(const cpm_uri *a, const cpm_uri *b) {
  return uri_part_equal(a->user, b->user, URI_EXACT) && uri_part_equal(a->password, b->password, URI_EXACT)
      && uri_host_equal(a, b) && a->has_port == b->has_port && (!a->has_port || a->port == b->port)
      && uri_sip_params_in(a->params, b->params) && uri_sip_params_in(b->params, a->params)
      && uri_headers_equal(a->headers, b->headers);
}

static uri_how uri_tel_how(cpm_str name, cpm_str value) {
  if (uri_name_is(name, "ext")) return URI_DIGITS;
  return uri_name_is(name, "phone-context") && value.n && value.p[0] == '+' ? URI_DIGITS : URI_ANY_CASE;
}

/* Every parameter of a stands in b with an equal value (RFC 3966 4: none is ignored). */
static bool uri_tel_params_in(cpm_str a, cpm_str b) {
  cpm_str name, value, other;
  while (cpm_uri_param_next(&a, &name, &value) == CPM_OK)
    if (!uri_param_of(b, name, &other) || !uri_part_equal(value, other, uri_tel_how(name, value))) return false;
  return true;
}

static bool uri_tel_equal(const cpm_uri *a, const cpm_uri *b) {
  return uri_part_equal(a->user, b->user, URI_DIGITS)
      && uri_tel_params_in(a->params, b->params) && uri_tel_params_in(b->params, a->params);
}

bool cpm_uri_equal(const cpm_uri *a, const cpm_uri *b) {
  if (a->scheme != b->scheme) return false;
  if (a->scheme == CPM_URI_TEL) return uri_tel_equal(a, b);
  if (uri_is_sip(a)) return uri_sip_equal(a, b);
  return cpm_str_ieq(a->scheme_name, b->scheme_name) && cpm_str_eq(a->opaque, b->opaque);
}

bool cpm_uri_text_equal(cpm_str a, cpm_str b) {
  cpm_uri x, y;
  return cpm_uri_decode(&x, a, NULL, NULL) == CPM_OK && cpm_uri_decode(&y, b, NULL, NULL) == CPM_OK && cpm_uri_equal(&x, &y);
}

/* ---- keys ---------------------------------------------------------------------------------------------------------- */

/* The characters as uri_part_equal sees them; an escape that stays apart from its plain character as "%" and that. */
static void uri_put_key(cpmi_out *o, cpm_str part, uri_how how) {
  for (unsigned c; (c = uri_symbol_next(&part, how)) != URI_END;) {
    if (c > 0xff) cpmi_put_char(o, '%');
    cpmi_put_char(o, (char)(unsigned char)c);
  }
}

static void uri_put_param_key(cpmi_out *o, const cpm_uri *u, const char *name, uri_how how) {
  cpm_str value;
  if (!cpm_uri_param_find(u->params, name, &value)) return;
  cpmi_put_char(o, ';');
  cpmi_put_z(o, name);
  if (!value.p) return;
  cpmi_put_char(o, '=');
  uri_put_key(o, value, how);
}

static void uri_put_host_key(cpmi_out *o, const cpm_uri *u) {
  unsigned char bytes[16] = { 0 };
  if (u->host_is_ipv6 && uri_ipv6(u->host, bytes)) cpmi_put(o, cpm_str_of((const char *)bytes, sizeof bytes));
  else uri_put_key(o, u->host, URI_ANY_CASE);
}

static void uri_put_sip_key(cpmi_out *o, const cpm_uri *u) {
  uri_put_key(o, u->user, URI_EXACT);
  if (u->password.p) cpmi_put_char(o, ':');
  uri_put_key(o, u->password, URI_EXACT);
  if (u->user.p) cpmi_put_char(o, '@');
  uri_put_host_key(o, u);
  if (u->has_port) {
    cpmi_put_char(o, ':');
    cpmi_put_number(o, u->port);
  }
  for (size_t i = 0; i < URI_COUNTING; i++) uri_put_param_key(o, u, uri_counting[i], URI_ANY_CASE);
}

int cpm_uri_key(char *dst, size_t cap, size_t *len, const cpm_uri *uri) {
  cpmi_out o = cpmi_out_to(dst, cap, 0);
  uri_put_key(&o, uri->scheme_name, URI_ANY_CASE);
  cpmi_put_char(&o, ':');
  if (uri_is_sip(uri)) {
    uri_put_sip_key(&o, uri);
  } else if (uri->scheme == CPM_URI_TEL) {
    uri_put_key(&o, uri->user, URI_DIGITS);
    uri_put_param_key(&o, uri, "ext", URI_DIGITS);
    uri_put_param_key(&o, uri, "isub", URI_ANY_CASE);
    uri_put_param_key(&o, uri, "phone-context", URI_DIGITS);
  } else {
    cpmi_put(&o, uri->opaque);
  }
  return cpmi_out_end(&o, len, NULL);
}

/* ---- escapes ------------------------------------------------------------------------------------------------------- */

int cpm_uri_unescape(char *dst, size_t cap, size_t *len, cpm_str in) {
  cpmi_out out = cpmi_out_to(dst, cap, 0);
  for (size_t i = 0; i < in.n; i++) {
    int c = (unsigned char)in.p[i];
    if (c == '%') {
      c = cpmi_escape(cpm_str_of(in.p + i, in.n - i));
      i += 2;
    }
    if (c <= 0 || c == '\r' || c == '\n') return CPM_E_ESCAPE;
    cpmi_put_char(&out, (char)(unsigned char)c);
  }
  return cpmi_out_end(&out, len, NULL);
}
