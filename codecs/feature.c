/* SPDX-License-Identifier: MIT */
/* feature.c - feature parameters: capabilities in Contact, Accept-Contact and Reject-Contact. */
#include "feature_parse.h"
#include "fields.h"

#define FEATURE_CLAUSE "RFC 3840 9"
#define FEATURE_UNIT 1000000u      /* millionths */

/* ---- reading --------------------------------------------------------------------------------------------------------- */

int cpm_feature_next(cpm_str *rest, cpm_param *out, cpm_diag *diag) {
  const cpm_str whole = *rest;
  cpm_param param;
  int rc;
  while ((rc = cpm_param_next(rest, &param, NULL)) == CPM_OK) {
    if (cpmi_is_feature_tag(param.name)) {
      *out = param;
      return CPM_OK;
    }
    if (param.name.p[0] == '+')
      return cpmi_fail(diag, CPM_E_SYNTAX, (size_t)(param.name.p - whole.p), "enc-feature-tag", FEATURE_CLAUSE);
  }
  return rc == CPM_END ? rc : cpmi_fail(diag, rc, (size_t)(rest->p - whole.p), "feature-param", FEATURE_CLAUSE);
}

/* number = [ "+" / "-" ] 1*DIGIT ["." 0*DIGIT], in millionths; false if it does not fit. */
static bool feature_number(int64_t *out, cpm_str s) {
  const bool minus = s.p[0] == '-';
  uint64_t v = 0;
  unsigned places = 0;
  bool fraction = false;
  for (size_t i = minus || s.p[0] == '+'; i < s.n; i++) {
    const unsigned digit = (unsigned)(s.p[i] - '0');
    if (s.p[i] == '.') fraction = true;
    else if (fraction && places == 6 && digit) return false;
    else if (!fraction || places < 6) {
      if (v > ((uint64_t)INT64_MAX - digit) / 10) return false;
      v = v * 10 + digit;
      places += fraction;
    }
  }
  for (; places < 6; places++) {
    if (v > (uint64_t)INT64_MAX / 10) return false;
    v *= 10;
  }
  *out = minus ? -(int64_t)v : (int64_t)v;
  return true;
}

static int feature_range(cpm_feature_value *v, const cpmi_feature_marks *m, cpm_str whole, cpm_diag *diag) {
  v->has_low = m->low_b != NULL;
  v->has_high = m->high_b || m->both;
  if (v->has_low && !feature_number(&v->low, cpmi_between(m->low_b, m->low_e)))
    return cpmi_fail(diag, CPM_E_RANGE, (size_t)(m->low_b - whole.p), "number", FEATURE_CLAUSE);
  if (m->high_b && !feature_number(&v->high, cpmi_between(m->high_b, m->high_e)))
    return cpmi_fail(diag, CPM_E_RANGE, (size_t)(m->high_b - whole.p), "number", FEATURE_CLAUSE);
  if (m->both) v->high = v->low;
  if (!v->has_low || !v->has_high || v->low <= v->high) return CPM_OK;
  return cpmi_fail(diag, CPM_E_VALUE, (size_t)(m->low_b - whole.p), "numeric", FEATURE_CLAUSE);
}

/* Behind the value at the front: "," ends it, but inside of "< >". */
static size_t feature_end(cpm_str s) {
  bool inside = false;
  for (size_t i = 0; i < s.n; i++) {
    if (s.p[i] == '\\') i++;
    else if (s.p[i] == '<' && !inside) inside = i == 0 || s.p[i - 1] != '#';
    else if (s.p[i] == '>') inside = false;
    else if (s.p[i] == ',' && !inside) return i;
  }
  return s.n;
}

int cpm_feature_value_next(cpm_str *rest, cpm_feature_value *out, cpm_diag *diag) {
  const cpm_str whole = *rest;
  cpmi_feature_marks m = { 0 };
  cpm_feature_value v = { 0 };
  if (!whole.p) return CPM_END;
  const size_t end = feature_end(whole);
  *rest = end < whole.n ? cpmi_behind(whole, end + 1) : cpm_str_none();
  const char *const stop = cpmi_feature_parse(&m, cpm_str_of(whole.p, end));
  if (stop) return cpmi_refuse(diag, (size_t)(stop - whole.p), whole, "tag-value", FEATURE_CLAUSE);
  v.negated = m.bang;
  v.truth = m.is_true;
  v.text = cpmi_between(m.text_b, m.text_e);
  v.kind = m.is_string ? CPM_FEATURE_STRING : m.is_true || m.is_false ? CPM_FEATURE_BOOLEAN
         : m.low_b || m.high_b ? CPM_FEATURE_NUMBER : CPM_FEATURE_TOKEN;
  const int rc = feature_range(&v, &m, whole, diag);
  if (rc) return rc;
  *out = v;
  return CPM_OK;
}

/* ---- writing --------------------------------------------------------------------------------------------------------- */

static void feature_put_number(cpmi_out *o, int64_t v) {
  const uint64_t size = v < 0 ? (uint64_t)0 - (uint64_t)v : (uint64_t)v;
  uint64_t fraction = size % FEATURE_UNIT;
  unsigned width = 6;
  if (v < 0) cpmi_put_char(o, '-');
  cpmi_put_number(o, size / FEATURE_UNIT);
  if (!fraction) return;
  for (; fraction % 10 == 0; fraction /= 10) width--;
  cpmi_put_char(o, '.');
  cpmi_put_digits(o, fraction, width);
}

static void feature_put_range(cpmi_out *o, const cpm_feature_value *v) {
  if (!v->has_high || !v->has_low) cpmi_put_z(o, v->has_low ? "#>=" : "#<=");
  else cpmi_put_z(o, v->low == v->high ? "#=" : "#");
  if (v->has_low) feature_put_number(o, v->low);
  if (v->has_low && v->has_high && v->low != v->high) cpmi_put_char(o, ':');
  if (v->has_high && !(v->has_low && v->low == v->high)) feature_put_number(o, v->high);
}

static void feature_put(cpmi_out *o, const cpm_feature_value *v) {
  if (v->negated) cpmi_put_char(o, '!');
  switch (v->kind) {
  case CPM_FEATURE_TOKEN:   cpmi_put(o, v->text); return;
  case CPM_FEATURE_BOOLEAN: cpmi_put_z(o, v->truth ? "TRUE" : "FALSE"); return;
  case CPM_FEATURE_NUMBER:  feature_put_range(o, v); return;
  case CPM_FEATURE_STRING:  break;
  }
  cpmi_put_char(o, '<');
  cpmi_put_piece(o, v->text);
  cpmi_put_char(o, '>');
}

/* Is the text that of this kind? A string has no "!", a range has an end. */
static bool feature_fits(const cpm_feature_value *v) {
  cpmi_feature_marks m = { 0 };
  switch (v->kind) {
  case CPM_FEATURE_TOKEN:
    return v->text.n && !cpmi_feature_parse(&m, v->text) && m.text_b == v->text.p && m.text_e == v->text.p + v->text.n && !m.is_true &&
           !m.is_false && !m.bang && !m.low_b && !m.high_b && !m.is_string;
  case CPM_FEATURE_BOOLEAN: return true;
  case CPM_FEATURE_NUMBER:
    return (v->has_low || v->has_high) && (!v->has_low || !v->has_high || v->low <= v->high) &&
           !(v->has_low && v->low == INT64_MIN) && !(v->has_high && v->high == INT64_MIN);
  case CPM_FEATURE_STRING:  break;
  }
  for (size_t i = 0; i < v->text.n; i++) {
    if (v->text.p[i] == '<' || v->text.p[i] == '>') return false;
    if (v->text.p[i] == '\\') i++;
  }
  return v->kind == CPM_FEATURE_STRING && !v->negated && v->text.p;
}

static int feature_check(const cpm_feature_value *values, size_t n, cpm_diag *diag) {
  for (size_t i = 0; i < n; i++) {
    int rc = CPM_OK;
    if (values[i].kind == CPM_FEATURE_STRING) rc = cpmi_check_piece(CPMI_PIECE_QUOTED, values[i].text, "string-value", FEATURE_CLAUSE, diag);
    else if (values[i].kind == CPM_FEATURE_TOKEN) rc = cpmi_check_clean(values[i].text, "token-nobang", diag);
    if (rc) return rc;
    if (!feature_fits(&values[i]) || (n > 1 && values[i].kind == CPM_FEATURE_STRING))
      return cpmi_fail(diag, CPM_E_VALUE, 0, "tag-value", FEATURE_CLAUSE);
  }
  return CPM_OK;
}

int cpm_feature_encode(char *dst, size_t cap, size_t *len, cpm_str name, const cpm_feature_value *values, size_t nvalues,
                       cpm_diag *diag) {
  int rc = cpmi_check_clean(name, "enc-feature-tag", diag);
  if (!rc && !cpmi_is_feature_tag(name)) rc = cpmi_fail(diag, CPM_E_VALUE, 0, "enc-feature-tag", FEATURE_CLAUSE);
  if (!rc) rc = feature_check(values, nvalues, diag);
  if (rc) return rc;
  cpmi_out o = cpmi_out_to(dst, cap, 0);
  cpmi_put_char(&o, ';');
  cpmi_put(&o, name);
  for (size_t i = 0; i < nvalues; i++) {
    cpmi_put_z(&o, i ? "," : "=\"");
    feature_put(&o, &values[i]);
  }
  if (nvalues) cpmi_put_char(&o, '"');
  return cpmi_out_end(&o, len, diag);
}
