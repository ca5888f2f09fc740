/* SPDX-License-Identifier: MIT */
/* fields.c - named parameters, elements of lists, and values that are one head with parameters behind it. */
#include "fields.h"
#include "straight.h"

/* ---- named parameters ---------------------------------------------------------------------------------------------- */

void cpmi_named_start(cpmi_named *n, const cpm_str *names, cpm_param *got, unsigned once) {
  n->names = names;
  n->got = got;
  n->once = once;
  n->quoted = false;
  n->name_b = n->name_e = n->value_b = n->value_e = n->first = n->end = n->twice = n->twice_name = NULL;
  for (unsigned i = 0; names[i].p; i++) {
    got[i].name = got[i].value = cpm_str_none();
    got[i].quoted = false;
  }
}

/* Keeps the first parameter of each name that is known. The name of one that may stand once and stands twice; else NULL. */
static const char *fields_keep(cpmi_named *n, const cpm_param *param) {
  for (unsigned i = 0; n->names[i].p; i++) {
    if (n->names[i].n != param->name.n || !cpm_str_ieq(n->names[i], param->name)) continue;
    if (n->got[i].name.p) return i < n->once ? n->names[i].p : NULL;
    n->got[i] = *param;
    return NULL;
  }
  return NULL;
}

static void fields_take(cpmi_named *n) {
  const cpm_param param = { cpmi_between(n->name_b, n->name_e), cpmi_between(n->value_b, n->value_e), n->quoted };
  n->end = n->value_b ? n->value_e + n->quoted : n->name_e;
  const char *const twice = fields_keep(n, &param);
  if (!twice || n->twice) return;
  n->twice = n->name_b;
  n->twice_name = twice;
}

void cpmi_named_semi(cpmi_named *n, const char *p) {
  if (n->first) fields_take(n);
  else n->first = p;
  n->value_b = NULL;
  n->quoted = false;
}

void cpmi_named_close(cpmi_named *n) {
  if (n->first) fields_take(n);
}

const char *cpmi_named_straight(cpmi_named *n, const char *p, const char *pe) {
  if (p == pe || *p != ';') return p;
  n->first = p;
  while (p && p < pe && *p == ';') {
    cpm_param param;
    p = cpmi_straight_param(&param, p, pe);
    if (p && fields_keep(n, &param)) return NULL;
  }
  n->end = p;
  return p;
}

cpm_str cpmi_named_params(const cpmi_named *n) { return cpmi_between(n->first, n->end); }

int cpmi_named_check(const cpmi_named *n, const char *base, cpm_diag *diag) {
  if (!n->twice) return CPM_OK;
  return cpmi_fail(diag, CPM_E_DUPLICATE, (size_t)(n->twice - base), n->twice_name, "RFC 3261 7.3.1");
}

size_t cpmi_param_at(const cpm_param *param, const char *base) {
  return (size_t)((param->value.p ? param->value.p : param->name.p) - base);
}

bool cpmi_is_number(cpm_str s) {
  for (size_t i = 0; i < s.n; i++)
    if (s.p[i] < '0' || s.p[i] > '9') return false;
  return s.n > 0;
}

int cpmi_param_number(uint64_t *out, const cpm_param *param, uint64_t max, const char *base, const char *clause, cpm_diag *diag) {
  const size_t at = cpmi_param_at(param, base);
  if (param->quoted || !cpmi_is_number(param->value)) return cpmi_fail(diag, CPM_E_SYNTAX, at, "1*DIGIT", clause);
  return cpmi_to_number(out, param->value, max) ? CPM_OK : cpmi_fail(diag, CPM_E_RANGE, at, "1*DIGIT", clause);
}

bool cpmi_straight_number(uint32_t *out, const cpm_param *param, uint64_t max) {
  uint64_t v = 0;
  if (param->quoted || !cpmi_is_number(param->value) || !cpmi_to_number(&v, param->value, max)) return false;
  *out = (uint32_t)v;
  return true;
}

int cpmi_param_token(cpm_str *out, const cpm_param *param, const char *base, const char *clause, cpm_diag *diag) {
  if (param->quoted || !param->value.p || param->value.p[0] == '[')
    return cpmi_fail(diag, CPM_E_SYNTAX, cpmi_param_at(param, base), "token", clause);
  *out = param->value;
  return CPM_OK;
}

int cpmi_check_params(cpm_str params, const char *clause, cpm_diag *diag) {
  return params.p ? cpmi_check_piece(CPMI_PIECE_PARAMS, params, "generic-param", clause, diag) : CPM_OK;
}

/* Is it a parameter that the writer writes by itself? *seen: the names that were met so far. */
static bool fields_is_known(cpm_str name, const cpm_str *names, unsigned once, unsigned *seen) {
  for (unsigned i = 0; names[i].p; i++) {
    if (!cpm_str_ieq(names[i], name)) continue;
    const bool first = !(*seen & 1u << i);
    *seen |= 1u << i;
    return first || i < once;
  }
  return false;
}

void cpmi_put_others(cpmi_out *o, cpm_str params, const cpm_str *names, unsigned once) {
  cpm_param param;
  unsigned seen = 0;
  while (cpm_param_next(&params, &param, NULL) == CPM_OK) {
    if (fields_is_known(param.name, names, once, &seen)) continue;
    cpmi_put_char(o, ';');
    cpmi_put_piece(o, cpm_str_trim(cpm_str_of(param.name.p, (size_t)(params.p - param.name.p))));
  }
}

void cpmi_put_param(cpmi_out *o, const char *name, cpm_str value) {
  cpmi_put_char(o, ';');
  cpmi_put_z(o, name);
  cpmi_put_char(o, '=');
  cpmi_put(o, value);
}

void cpmi_put_param_number(cpmi_out *o, const char *name, uint64_t value) {
  cpmi_put_param(o, name, cpm_str_of("", 0));
  cpmi_put_number(o, value);
}

void cpmi_put_param_quoted(cpmi_out *o, const char *name, cpm_str inside) {
  cpmi_put_param(o, name, cpm_str_of("\"", 1));
  cpmi_put_piece(o, inside);
  cpmi_put_char(o, '"');
}

void cpmi_put_q(cpmi_out *o, unsigned thousandths) {
  unsigned width = 3, digits = thousandths % 1000;
  cpmi_put_number(o, thousandths / 1000);
  if (digits == 0) return;
  for (; digits % 10 == 0; digits /= 10) width--;
  cpmi_put_char(o, '.');
  cpmi_put_digits(o, digits, width);
}

/* ---- lists ------------------------------------------------------------------------------------------------------------ */

/* Behind the commas at `at` that no element stands before. */
static size_t fields_skip_empty(cpmi_list *l, size_t at) {
  for (;; at++) {
    at = cpmi_skip_lws(l->whole, at);
    if (at == l->whole.n || l->whole.p[at] != ',') return at;
    if (l->empty > at) l->empty = at;
  }
}

static int fields_look_empty(const cpmi_list *l, const cpm_opts *opts, cpm_diag *diag) {
  return l->empty == SIZE_MAX ? CPM_OK : cpmi_quirk(NULL, CPM_QUIRK(SIP_EMPTY_ELEMENT), opts, l->empty, "COMMA", diag);
}

int cpmi_list_begin(cpmi_list *l, cpm_str *rest, const cpm_opts *opts, cpm_diag *diag) {
  l->whole = *rest;
  l->empty = SIZE_MAX;
  if (l->whole.n == 0) return CPM_END;
  const size_t at = fields_skip_empty(l, 0);
  l->in = cpmi_behind(l->whole, at);
  if (l->in.n) return CPM_OK;
  *rest = l->in;
  const int rc = fields_look_empty(l, opts, diag);
  return rc ? rc : CPM_END;
}

int cpmi_list_end(cpmi_list *l, cpm_str *rest, const char *stop, const char *comma, const char *rule, const char *clause,
                  const cpm_opts *opts, cpm_diag *diag) {
  const cpm_str whole = l->whole;
  size_t end = comma ? (size_t)(comma - whole.p) : whole.n;
  if (stop) end = (size_t)(l->in.p - whole.p) + cpmi_scan(l->in, 0, ',');
  size_t next = end;
  if (end < whole.n) {
    next = fields_skip_empty(l, end + 1);
    if (next == whole.n && l->empty == SIZE_MAX) l->empty = end;
  }
  *rest = cpmi_behind(whole, next);
  const int rc = fields_look_empty(l, opts, diag);
  if (rc || !stop) return rc;
  return cpmi_refuse(diag, (size_t)(stop - whole.p), whole, rule, clause);
}

/* ---- heads ------------------------------------------------------------------------------------------------------------ */

void cpmi_head_start(cpmi_head *m, const cpm_str *names, cpm_param *got, unsigned once) {
  cpmi_named_start(&m->named, names, got, once);
  m->head_b = m->head_e = m->dot = m->paren = m->comma = m->base = NULL;
}

/* token-nodot *( "." token-nodot ) */
static const char *fields_straight_event(cpmi_head *m, const char *p, const char *pe) {
  const char *const e = cpmi_run(p, pe, CPMI_TOKEN);
  for (const char *c = p; c < e; c++) {
    if (*c != '.') continue;
    if (c == p || c + 1 == e || c[1] == '.') return NULL;
    if (!m->dot) m->dot = c;
  }
  return e;
}

/* word [ "@" word ] */
static const char *fields_straight_call_id(const char *p, const char *pe) {
  const char *const at = cpmi_run(p, pe, CPMI_WORD);
  if (at == p || at == pe || *at != '@') return at;
  const char *const e = cpmi_run(at + 1, pe, CPMI_WORD);
  return e > at + 1 ? e : NULL;
}

static const char *fields_straight_head(cpmi_head *m, cpmi_head_kind kind, const char *p, const char *pe) {
  switch (kind) {
  case CPMI_HEAD_TOKEN:  return cpmi_run(p, pe, CPMI_TOKEN);
  case CPMI_HEAD_EVENT:  return fields_straight_event(m, p, pe);
  case CPMI_HEAD_DELTA:
  case CPMI_HEAD_RETRY:  return cpmi_run(p, pe, CPMI_DIGIT);
  case CPMI_HEAD_DIALOG: return fields_straight_call_id(p, pe);
  default:               return NULL;
  }
}

/* A head of that kind and its parameters, without white space before it or between them: behind them. */
static const char *fields_straight(cpmi_head *m, cpmi_head_kind kind, cpm_str in) {
  const char *const pe = in.p + in.n, *const e = fields_straight_head(m, kind, in.p, pe);
  m->base = m->head_b = in.p;
  m->head_e = e;
  return e && e > in.p ? cpmi_named_straight(&m->named, e, pe) : NULL;
}

static void fields_again(cpmi_head *m) { cpmi_head_start(m, m->named.names, m->named.got, m->named.once); }

int cpmi_head_one(cpmi_head *m, cpmi_head_kind kind, cpm_str in, const char *rule, const char *clause, cpm_diag *diag) {
  in = cpmi_present(in);
  if (CPMI_STRAIGHT && fields_straight(m, kind, in) == in.p + in.n) return CPM_OK;
  if (CPMI_STRAIGHT) fields_again(m);
  m->base = in.p;
  const char *const stop = cpmi_head_parse(m, kind, in);
  if (m->comma) return cpmi_fail(diag, CPM_E_SYNTAX, (size_t)(m->comma - in.p), rule, clause);
  if (stop) return cpmi_refuse(diag, (size_t)(stop - in.p), in, rule, clause);
  cpmi_named_close(&m->named);
  return cpmi_named_check(&m->named, in.p, diag);
}

int cpmi_head_next(cpmi_head *m, cpmi_head_kind kind, cpm_str *rest, const char *rule, const char *clause, const cpm_opts *opts,
                   cpm_diag *diag) {
  cpmi_list l;
  if (CPMI_STRAIGHT && rest->n && cpmi_straight_took(rest, fields_straight(m, kind, *rest))) return CPM_OK;
  if (CPMI_STRAIGHT) fields_again(m);
  int rc = cpmi_list_begin(&l, rest, opts, diag);
  if (rc) return rc;
  m->base = l.whole.p;
  const char *const stop = cpmi_head_parse(m, kind, l.in);
  if ((rc = cpmi_list_end(&l, rest, stop, m->comma, rule, clause, opts, diag)) != CPM_OK) return rc;
  cpmi_named_close(&m->named);
  return cpmi_named_check(&m->named, l.whole.p, diag);
}

int cpmi_head_number(uint32_t *out, const cpmi_head *m, const char *rule, const char *clause, cpm_diag *diag) {
  uint64_t v;
  if (!cpmi_to_number(&v, cpmi_head_text(m), UINT32_MAX))
    return cpmi_fail(diag, CPM_E_RANGE, (size_t)(m->head_b - m->base), rule, clause);
  *out = (uint32_t)v;
  return CPM_OK;
}

int cpmi_head_check(cpmi_head_kind kind, cpm_str s, const char *rule, const char *clause, cpm_diag *diag) {
  static const cpm_str none[] = { { NULL, 0 } };
  cpmi_head m = { 0 };
  m.named.names = none;
  const int rc = cpmi_check_clean(s, rule, diag);
  if (rc) return rc;
  s = cpmi_present(s);
  const bool fits = !cpmi_head_parse(&m, kind, s) && m.head_b == s.p && m.head_e == s.p + s.n;
  return fits ? CPM_OK : cpmi_fail(diag, CPM_E_VALUE, 0, rule, clause);
}
