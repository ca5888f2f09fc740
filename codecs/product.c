/* SPDX-License-Identifier: MIT */
/* product.c - User-Agent and Server: products, comments, words that are neither, and the CPM release among them. */
#include "product_parse.h"
#include "straight.h"
#include "value_internal.h"

#define PRODUCT_CLAUSE "RFC 3261 25.1"

static bool product_ends_word(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '('; }

static size_t product_word_end(cpm_str s, size_t i) {
  while (i < s.n && !product_ends_word(s.p[i])) i++;
  return i;
}

/* TEXT-UTF8char throughout? The offset of the first byte that is none, s.n if all are. */
static size_t product_bad_byte(cpm_str s) {
  size_t i = 0;
  while (i < s.n && (unsigned char)s.p[i] > 0x20 && s.p[i] != 0x7f) i++;
  return i;
}

/* Offset of the ")" that closes the comment at `from`, s.n if none does. CPM_E_TOO_DEEP in *rc. */
static size_t product_comment_end(cpm_str s, size_t from, size_t max_depth, int *rc) {
  size_t depth = 0, i;
  *rc = CPM_OK;
  for (i = from; i < s.n; i++) {
    if (s.p[i] == '\\') {
      i++;
    } else if (s.p[i] == '(') {
      if (++depth > max_depth && !*rc) *rc = CPM_E_TOO_DEEP;
    } else if (s.p[i] == ')' && --depth == 0) {
      return i;
    }
  }
  return s.n;
}

/* *end: behind the ")". */
static int product_comment(cpm_product *out, cpm_str s, size_t from, size_t *end, const cpm_opts *opts, cpm_diag *diag) {
  int rc;
  const size_t close = product_comment_end(s, from, cpmi_limit(opts ? opts->max_depth : 0, CPM_LIMIT_DEPTH), &rc);
  *end = close < s.n ? close + 1 : s.n;
  if (rc) return cpmi_fail(diag, rc, from, "comment", PRODUCT_CLAUSE);
  out->comment = cpm_str_of(s.p + from + 1, close - from - 1);
  const char *const stop = cpmi_comment_parse(out->comment);
  if (stop && stop < s.p + close) return cpmi_fail(diag, CPM_E_SYNTAX, (size_t)(stop - s.p), "comment", PRODUCT_CLAUSE);
  if (close == s.n) return cpmi_fail(diag, CPM_E_TRUNCATED, s.n, "comment", PRODUCT_CLAUSE);
  return stop ? cpmi_fail(diag, CPM_E_SYNTAX, close, "comment", PRODUCT_CLAUSE) : CPM_OK;
}

/* End of the words at `from` that "/" joins: SLASH takes white space on both sides. */
static size_t product_end(cpm_str s, size_t from) {
  size_t i = from;
  while (i < s.n && s.p[i] != '/' && !product_ends_word(s.p[i])) i++;
  const size_t slash = cpmi_skip_lws(s, i);
  return slash < s.n && s.p[slash] == '/' ? product_word_end(s, cpmi_skip_lws(s, slash + 1)) : i;
}

static int product_word(cpm_product *out, cpm_str s, size_t from, size_t *end, const cpm_opts *opts, cpm_diag *diag) {
  cpmi_product_marks m = { 0 };
  *end = product_end(s, from);
  if (cpmi_product_parse(&m, cpm_str_of(s.p + from, *end - from))) {
    out->name = cpmi_between(m.name_b, m.name_e);
    out->version = cpmi_between(m.version_b, m.version_e);
    return CPM_OK;
  }
  *end = product_word_end(s, from);
  out->name = cpm_str_of(s.p + from, *end - from);
  const size_t bad = product_bad_byte(out->name);
  if (*end == from || bad < out->name.n) {
    if (*end == from) ++*end; /* a CR that begins no fold */
    return cpmi_fail(diag, CPM_E_SYNTAX, from + bad, "product", PRODUCT_CLAUSE);
  }
  return cpmi_quirk(&out->quirks, CPM_QUIRK(SIP_PRODUCT), opts, from, "product", diag);
}

/* token ["/" token], with one SP or the end behind it. */
static bool product_straight(cpm_product *out, cpm_str *rest) {
  const char *p = rest->p, *const pe = p + rest->n;
  if (rest->n && *p == ' ') p++;
  const char *const name = rest->n ? cpmi_run(p, pe, CPMI_TOKEN) : p, *e = name;
  if (name == p) return false;
  const bool has = e < pe && *e == '/';
  if (has) e = cpmi_run(name + 1, pe, CPMI_TOKEN);
  if (has && e == name + 1) return false;
  if (e < pe && (*e != ' ' || pe - e < 2 || (!cpmi_in(e[1], CPMI_TOKEN) && e[1] != '('))) return false;
  const cpm_product product = { cpm_str_of(p, (size_t)(name - p)), has ? cpm_str_of(name + 1, (size_t)(e - name) - 1) : cpm_str_none(),
                                cpm_str_none(), 0 };
  *out = product;
  *rest = cpm_str_of(e, (size_t)(pe - e));
  return true;
}

int cpm_product_next(cpm_str *rest, cpm_product *out, const cpm_opts *opts, cpm_diag *diag) {
  const cpm_str s = *rest;
  const cpm_product none = { 0 };
  if (s.n == 0) return CPM_END;
  if (CPMI_STRAIGHT && product_straight(out, rest)) return CPM_OK;
  const size_t from = cpmi_skip_lws(s, 0);
  size_t end = s.n;
  *rest = cpmi_behind(s, end);
  if (from == s.n) return CPM_END;
  *out = none;
  int rc = s.p[from] == '(' ? product_comment(out, s, from, &end, opts, diag) : product_word(out, s, from, &end, opts, diag);
  *rest = cpmi_behind(s, end);
  if (rc || end == s.n || cpmi_skip_lws(s, end) > end) return rc;
  return cpmi_quirk(&out->quirks, CPM_QUIRK(SIP_PRODUCT), opts, end, "LWS", diag);
}

/* ---- writing ----------------------------------------------------------------------------------------------------- */

int cpmi_check_comment(cpm_str comment, const char *clause, cpm_diag *diag) {
  cpmi_out counted = cpmi_out_to(NULL, 0, 0);
  const int rc = cpmi_put_value(&counted, comment, "comment", diag);
  size_t depth = 1;
  if (rc) return rc;
  bool fits = !cpmi_comment_parse(comment);
  for (size_t i = 0; fits && i < comment.n; i++) {
    if (comment.p[i] == '\\') i++;
    else if (comment.p[i] == '(') fits = ++depth <= CPM_LIMIT_DEPTH;
    else if (comment.p[i] == ')') fits = --depth > 0;
  }
  return fits && depth == 1 ? CPM_OK : cpmi_fail(diag, CPM_E_VALUE, 0, "comment", clause);
}

int cpm_product_encode(char *dst, size_t cap, size_t *len, const cpm_product *in, cpm_diag *diag) {
  const bool comment = in->comment.p != NULL;
  int rc = CPM_OK;
  if (comment) rc = in->name.p || in->version.p ? cpmi_fail(diag, CPM_E_VALUE, 0, "comment", PRODUCT_CLAUSE)
                                                : cpmi_check_comment(in->comment, PRODUCT_CLAUSE, diag);
  else rc = cpmi_check_piece(CPMI_PIECE_TOKEN, in->name, "product", PRODUCT_CLAUSE, diag);
  if (!rc && in->version.p) rc = cpmi_check_piece(CPMI_PIECE_TOKEN, in->version, "product-version", PRODUCT_CLAUSE, diag);
  if (rc) return rc;
  cpmi_out o = cpmi_out_to(dst, cap, 0);
  cpmi_put_z(&o, comment ? "(" : "");
  cpmi_put_piece(&o, comment ? in->comment : in->name);
  cpmi_put_z(&o, comment ? ")" : in->version.p ? "/" : "");
  cpmi_put(&o, in->version);
  return cpmi_out_end(&o, len, diag);
}

/* ---- the release ------------------------------------------------------------------------------------------------- */

/* 1*DIGIT at *at of s; moves *at behind. */
static bool product_number(unsigned *out, cpm_str s, size_t *at) {
  uint64_t v = 0;
  const size_t from = *at;
  while (*at < s.n && s.p[*at] >= '0' && s.p[*at] <= '9') ++*at;
  if (*at == from || !cpmi_to_number(&v, cpm_str_of(s.p + from, *at - from), UINT32_MAX)) return false;
  *out = (unsigned)v;
  return true;
}

static bool product_release(cpm_release *out, const cpm_product *product) {
  static const cpm_str client = CPM_STR("CPM-client"), server = CPM_STR("CPM-serv"), oma = CPM_STR("OMA");
  const cpm_str version = product->version;
  size_t at = oma.n;
  cpm_release r;
  r.server = cpm_str_ieq(product->name, server);
  if (!r.server && !cpm_str_ieq(product->name, client)) return false;
  if (version.n <= at || !cpm_str_ieq(cpm_str_of(version.p, at), oma)) return false;
  if (!product_number(&r.major, version, &at) || at == version.n || version.p[at++] != '.') return false;
  if (!product_number(&r.minor, version, &at) || at != version.n) return false;
  *out = r;
  return true;
}

bool cpm_release_find(cpm_str value, cpm_release *out) {
  cpm_product product;
  int rc;
  while ((rc = cpm_product_next(&value, &product, NULL, NULL)) != CPM_END)
    if (rc == CPM_OK && product_release(out, &product)) return true;
  return false;
}
