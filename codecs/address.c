/* SPDX-License-Identifier: MIT */
/* address.c - From, To, Contact and the other header fields that hold an address. */
#include "address_parse.h"
#include "straight.h"
#include "value_internal.h"
#include <string.h>

#define ADDRESS_CLAUSE "RFC 3261 25.1"

/* Parameters that mean something to SIP itself: a second one would leave open which counts. */
static const char *const address_once[] = { "tag", "q", "expires", NULL };

/* Without < > the parameters are the field's, and ";", "?" and "," cannot be the URI's (RFC 3261 20, 20.10). Did the writer know? */
static bool address_is_doubtful(const cpm_address *a) {
  if (a->star || a->bracketed) return false;
  return a->params.p || memchr(a->uri.p, '?', a->uri.n) || memchr(a->uri.p, ',', a->uri.n);
}

void cpmi_address_of_marks(cpm_address *out, const cpmi_address_marks *m) {
  out->bracketed = m->laquot;
  out->star = !m->laquot && !m->bare_b;
  out->params = cpmi_between(m->params_b, m->params_e);
  out->uri = m->laquot ? cpmi_between(m->inner_b, m->inner_e) : cpmi_between(m->bare_b, m->bare_e);
  if (!m->laquot) return;
  out->display_quoted = m->quoted_b != NULL;
  out->display = m->quoted_b ? cpmi_between(m->quoted_b, m->quoted_e) : cpmi_between(m->display_b, m->display_e);
}

/* One element of `whole`, whose offsets the diag counts. */
static int address_read(cpm_address *out, cpm_str element, cpm_str whole, uint64_t quirks, const cpm_opts *opts, cpm_diag *diag) {
  static const cpm_address none;
  cpmi_address_marks m = { 0 };
  cpm_address a = none;
  *out = none;
  const char *const stop = cpmi_address_parse(&m, element);
  if (stop) return cpmi_refuse(diag, (size_t)(stop - whole.p), whole, "name-addr", ADDRESS_CLAUSE);
  cpmi_address_of_marks(&a, &m);
  a.quirks = quirks;
  int rc = cpmi_check_once(a.params, address_once, a.params.p ? (size_t)(a.params.p - whole.p) : 0, diag);
  if (rc) return rc;
  if (address_is_doubtful(&a)) {
    rc = cpmi_quirk(&a.quirks, CPM_QUIRK(SIP_BARE_ADDRESS), opts, (size_t)(a.uri.p - whole.p), "addr-spec", diag);
    if (rc) return rc;
  }
  *out = a;
  return CPM_OK;
}

/* ---- straight: [display-name] "<" URI ">" and parameters --------------------------------------------------------- */

/* Tokens with white space behind each, up to "<"; or a quoted string. */
static const char *address_straight_display(cpm_address *a, const char *p, const char *pe) {
  a->display_quoted = *p == '"';
  if (*p == ' ') return NULL;
  if (a->display_quoted) p++;
  const char *const b = p;
  const char *e = a->display_quoted ? cpmi_run(p, pe, CPMI_QDTEXT) : p;
  if (a->display_quoted && (e == pe || *e != '"')) return NULL;
  p = a->display_quoted ? e + 1 : p;
  while (p < pe && *p != '<') {
    if (*p == ' ') {
      p++;
    } else {
      const char *const word = cpmi_run(p, pe, CPMI_TOKEN);
      if (a->display_quoted || word == p) return NULL;
      e = p = word;
    }
  }
  a->display = cpm_str_of(b, (size_t)(e - b));
  return p;
}

static const char *address_straight_uri(cpm_address *a, const char *p, const char *pe) {
  const char *const colon = cpmi_run(p, pe, CPMI_SCHEME);
  if (colon == pe || *colon != ':' || !cpmi_in(*p, CPMI_ALPHA)) return NULL;
  const char *const e = cpmi_skip_addr(colon + 1, pe);
  if (e == pe || *e != '>' || e == colon + 1) return NULL;
  a->uri = cpm_str_of(p, (size_t)(e - p));
  return e + 1;
}

/* The bit of a parameter that may stand once; 0 for others. */
static unsigned address_once_bit(cpm_str name) {
  if (CPMI_IS(name.p, name.n, "tag")) return 1;
  if (CPMI_IS(name.p, name.n, "q")) return 2;
  return CPMI_IS(name.p, name.n, "expires") ? 4 : 0;
}

static const char *address_straight_params(cpm_address *a, const char *p, const char *pe) {
  const char *const b = p;
  unsigned seen = 0;
  if (p == pe || *p != ';') return p;
  while (p && p < pe && *p == ';') {
    cpm_param param;
    p = cpmi_straight_param(&param, p, pe);
    const unsigned bit = p ? address_once_bit(param.name) : 0;
    if (seen & bit) return NULL;
    seen |= bit;
  }
  if (p) a->params = cpm_str_of(b, (size_t)(p - b));
  return p;
}

const char *cpmi_straight_name_addr(cpm_address *a, const char *p, const char *pe) {
  static const cpm_address none = { .bracketed = true };
  if (p == pe) return NULL;
  *a = none;
  if (*p != '<') p = address_straight_display(a, p, pe);
  return p && p < pe && *p == '<' ? address_straight_uri(a, p + 1, pe) : NULL;
}

static const char *address_straight(cpm_address *a, cpm_str in) {
  const char *const pe = in.p + in.n, *const p = in.n ? cpmi_straight_name_addr(a, in.p, pe) : NULL;
  return p ? address_straight_params(a, p, pe) : NULL;
}

/* Parameters alone; none twice that may stand once. */
static bool address_are_straight(cpm_str params) {
  cpm_address unused;
  return params.n && *params.p == ';' && address_straight_params(&unused, params.p, params.p + params.n) == params.p + params.n;
}

/* ---- reading ---------------------------------------------------------------------------------------------------- */

int cpm_address_decode(cpm_address *out, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  in = cpmi_present(in);
  if (CPMI_STRAIGHT && address_straight(out, in) == in.p + in.n) return CPM_OK;
  return address_read(out, in, in, 0, opts, diag);
}

int cpm_address_next(cpm_str *rest, cpm_address *out, const cpm_opts *opts, cpm_diag *diag) {
  cpm_str whole, element;
  uint64_t quirks = 0;
  if (rest->n == 0) return CPM_END;
  if (CPMI_STRAIGHT && cpmi_straight_took(rest, address_straight(out, *rest))) return CPM_OK;
  const int rc = cpmi_element_next(rest, &whole, &element, &quirks, opts, diag);
  return rc ? rc : address_read(out, element, whole, quirks, opts, diag);
}

/* ---- writing ---------------------------------------------------------------------------------------------------- */

static int address_check(const cpm_address *in, cpm_diag *diag) {
  cpm_uri uri;
  int rc;
  if (in->star && (in->uri.p || in->display.p || in->params.p)) return cpmi_fail(diag, CPM_E_VALUE, 0, "STAR", ADDRESS_CLAUSE);
  if (in->star) return CPM_OK;
  if (cpm_uri_decode(&uri, in->uri, NULL, NULL)) {
    rc = cpmi_check_piece(CPMI_PIECE_ADDR, in->uri, "addr-spec", ADDRESS_CLAUSE, diag);
    return rc ? rc : cpmi_fail(diag, CPM_E_VALUE, 0, "addr-spec", ADDRESS_CLAUSE);
  }
  rc = CPM_OK;
  if (in->display.p && in->display_quoted)
    rc = cpmi_check_piece(CPMI_PIECE_QUOTED, in->display, "display-name", ADDRESS_CLAUSE, diag);
  else if (!cpmi_is_piece(CPMI_PIECE_TOKENS, in->display)) rc = cpmi_check_clean(in->display, "display-name", diag);
  if (rc || !in->params.p) return rc;
  if (CPMI_STRAIGHT && address_are_straight(in->params)) return CPM_OK;
  if ((rc = cpmi_check_piece(CPMI_PIECE_PARAMS, in->params, "generic-param", ADDRESS_CLAUSE, diag)) != CPM_OK) return rc;
  return cpmi_check_once(in->params, address_once, 0, NULL) ? cpmi_fail(diag, CPM_E_VALUE, 0, "generic-param", "RFC 3261 7.3.1")
                                                            : CPM_OK;
}

/* Tokens stand as they are; other plain text becomes a quoted string. */
static void address_put_display(cpmi_out *o, const cpm_address *in) {
  if (!in->display.p) return;
  if (!in->display_quoted && cpmi_is_piece(CPMI_PIECE_TOKENS, in->display)) {
    cpmi_put_piece(o, in->display);
  } else if (in->display_quoted) {
    cpmi_put_char(o, '"');
    cpmi_put_piece(o, in->display);
    cpmi_put_char(o, '"');
  } else {
    cpmi_put_quoted(o, in->display);
  }
  cpmi_put_char(o, ' ');
}

/* Can it stand without < >, so that nobody misreads it? */
static bool address_may_be_bare(const cpm_address *in) {
  if (in->bracketed || in->display.p || in->params.p) return false;
  for (size_t i = 0; i < in->uri.n; i++)
    if (strchr(";?,", in->uri.p[i])) return false;
  return true;
}

/* ---- straight: [quoted display-name SP] "<" URI ">" and parameters ----------------------------------------------- */

static bool address_is_straight(const cpm_address *in) {
  if (in->star || !in->bracketed || (in->display.p && !in->display_quoted)) return false;
  if (in->display.n && cpmi_skip_qdtext(in->display.p, in->display.p + in->display.n) != in->display.p + in->display.n) return false;
  return cpmi_is_straight_uri(in->uri) && (!in->params.p || address_are_straight(in->params));
}

/* How much was written; 0: that form it is not, or there is no room. */
static size_t address_put_straight(char *dst, size_t room, const cpm_address *in) {
  if (!cpmi_fits(&room, in->display.n + 5) || !cpmi_fits(&room, in->uri.n) || !cpmi_fits(&room, in->params.n)) return 0;
  if (!address_is_straight(in)) return 0;
  char *p = dst;
  if (in->display.p) {
    *p++ = '"';
    p = cpmi_lay(p, in->display);
    *p++ = '"';
    *p++ = ' ';
  }
  *p++ = '<';
  p = cpmi_lay(p, in->uri);
  *p++ = '>';
  return (size_t)(cpmi_lay(p, in->params) - dst);
}

int cpm_address_encode(char *dst, size_t cap, size_t *len, const cpm_address *in, cpm_diag *diag) {
  const size_t n = CPMI_STRAIGHT && dst ? address_put_straight(dst, cap, in) : 0;
  if (n && len) *len = n;
  if (n) return CPM_OK;
  const int rc = address_check(in, diag);
  if (rc) return rc;
  cpmi_out o = cpmi_out_to(dst, cap, 0);
  if (in->star) {
    cpmi_put_char(&o, '*');
  } else if (address_may_be_bare(in)) {
    cpmi_put(&o, in->uri);
  } else {
    address_put_display(&o, in);
    cpmi_put_char(&o, '<');
    cpmi_put(&o, in->uri);
    cpmi_put_char(&o, '>');
    cpmi_put_piece(&o, in->params);
  }
  return cpmi_out_end(&o, len, diag);
}
