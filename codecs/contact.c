/* SPDX-License-Identifier: MIT */
/* contact.c - Contact, with the parameters that registrations and capabilities put there. */
#include "route_parse.h"
#include "straight.h"
#include <string.h>

#define CONTACT_CLAUSE "RFC 3261 25.1"

enum { CONTACT_Q, CONTACT_EXPIRES, CONTACT_INSTANCE, CONTACT_REG_ID, CONTACT_ISFOCUS, CONTACT_METHODS, CONTACT_PUB_GRUU,
       CONTACT_TEMP_GRUU, CONTACT_TAG, CONTACT_ONCE, CONTACT_ICSI = CONTACT_ONCE, CONTACT_IARI, CONTACT_NAMES };
static const cpm_str contact_names[] = {
  CPM_STR("q"), CPM_STR("expires"), CPM_STR("+sip.instance"), CPM_STR("reg-id"), CPM_STR("isfocus"), CPM_STR("methods"),
  CPM_STR("pub-gruu"), CPM_STR("temp-gruu"), CPM_STR("tag"), CPM_STR("+g.3gpp.icsi-ref"), CPM_STR("+g.3gpp.iari-ref"), { NULL, 0 },
};

/* ---- reading --------------------------------------------------------------------------------------------------------- */

/* Without < > the parameters are the field's (RFC 3261 20): did the writer know? */
static bool contact_is_doubtful(const cpm_address *a) {
  return !a->star && !a->bracketed && (a->params.p || memchr(a->uri.p, '?', a->uri.n));
}

/* instance-val stands in "<" and ">". */
static cpm_str contact_instance(cpm_str value) {
  const bool bracketed = value.n > 1 && value.p[0] == '<' && value.p[value.n - 1] == '>';
  return bracketed ? cpm_str_of(value.p + 1, value.n - 2) : value;
}

static int contact_numbers(cpm_contact *c, const cpm_param *got, const char *base, cpm_diag *diag) {
  const cpm_param *const q = &got[CONTACT_Q], *const expires = &got[CONTACT_EXPIRES], *const reg_id = &got[CONTACT_REG_ID];
  uint64_t v = 0;
  c->has_q = q->name.p != NULL;
  if (c->has_q && (q->quoted || cpm_q_decode(&c->q, q->value, NULL)))
    return cpmi_fail(diag, CPM_E_VALUE, cpmi_param_at(q, base), "qvalue", CONTACT_CLAUSE);
  if (reg_id->name.p && (cpmi_param_number(&v, reg_id, INT32_MAX, base, NULL, NULL) || v == 0))
    return cpmi_fail(diag, CPM_E_VALUE, cpmi_param_at(reg_id, base), "reg-id", "RFC 5626 11.1");
  c->reg_id = (uint32_t)v;
  c->has_expires = expires->name.p != NULL;
  if (!c->has_expires) return CPM_OK;
  c->expires = cpmi_param_number(&v, expires, UINT32_MAX, base, NULL, NULL) ? 3600 : (uint32_t)v;
  return CPM_OK;
}

/* What a tag that is there says: TRUE without a value; "!" turns a boolean round (RFC 3840 9). */
static bool contact_is_true(cpm_str value) {
  static const cpm_str no = CPM_STR("FALSE"), not_yes = CPM_STR("!TRUE");
  return !cpm_str_ieq(value, no) && !cpm_str_ieq(value, not_yes);
}

static void contact_features(cpm_contact *c, const cpm_param *got) {
  c->isfocus = got[CONTACT_ISFOCUS].name.p && contact_is_true(got[CONTACT_ISFOCUS].value);
  c->instance = contact_instance(got[CONTACT_INSTANCE].value);
  c->methods = got[CONTACT_METHODS].value;
  c->icsi_ref = got[CONTACT_ICSI].value;
  c->iari_ref = got[CONTACT_IARI].value;
  c->pub_gruu = got[CONTACT_PUB_GRUU].value;
  c->temp_gruu = got[CONTACT_TEMP_GRUU].value;
}

/* ---- straight: one pass, each parameter to its place ----------------------------------------------------------------- */

typedef struct contact_taker { cpm_contact *c; unsigned seen; } contact_taker;

/* False for what the machine's way has to look at: what stands twice, or is no number where one belongs. */
static bool contact_straight_take(void *to, const cpm_param *param) {
  contact_taker *const t = to;
  cpm_contact *const c = t->c;
  unsigned i = 0;
  while (i < CONTACT_NAMES && (contact_names[i].n != param->name.n || !cpm_str_ieq(contact_names[i], param->name))) i++;
  if (i == CONTACT_NAMES) return true;
  if (t->seen & 1u << i) return i >= CONTACT_ONCE;
  t->seen |= 1u << i;
  switch (i) {
  case CONTACT_Q:         c->has_q = true; return !param->quoted && cpm_q_decode(&c->q, param->value, NULL) == CPM_OK;
  case CONTACT_EXPIRES:   c->has_expires = true; return cpmi_straight_number(&c->expires, param, UINT32_MAX);
  case CONTACT_REG_ID:    return cpmi_straight_number(&c->reg_id, param, INT32_MAX) && c->reg_id;
  case CONTACT_INSTANCE:  c->instance = contact_instance(param->value); break;
  case CONTACT_ISFOCUS:   c->isfocus = contact_is_true(param->value); break;
  case CONTACT_METHODS:   c->methods = param->value; break;
  case CONTACT_PUB_GRUU:  c->pub_gruu = param->value; break;
  case CONTACT_TEMP_GRUU: c->temp_gruu = param->value; break;
  case CONTACT_ICSI:      c->icsi_ref = param->value; break;
  case CONTACT_IARI:      c->iari_ref = param->value; break;
  default:                break;   /* tag: it may stand once, and means nothing here */
  }
  return true;
}

/* name-addr and parameters: behind them. */
static const char *contact_straight(cpm_contact *c, cpm_str in) {
  contact_taker taker = { c, 0 };
  const char *const pe = in.p + in.n, *const b = cpmi_straight_name_addr(&c->address, in.p, pe);
  const char *const p = cpmi_straight_params(b, pe, contact_straight_take, &taker);
  if (p && p > b) c->address.params = cpm_str_of(b, (size_t)(p - b));
  return p;
}

/* ---- by the machine --------------------------------------------------------------------------------------------------- */

static int contact_read(cpm_contact *c, cpm_str *rest, const cpm_opts *opts, cpm_diag *diag) {
  cpm_param got[CONTACT_NAMES];
  cpmi_route_marks m = { 0 };
  cpmi_list l;
  cpmi_named_start(&m.named, contact_names, got, CONTACT_ONCE);
  int rc = cpmi_list_begin(&l, rest, opts, diag);
  if (rc) return rc;
  const char *const stop = cpmi_contact_parse(&m, l.in), *const base = l.whole.p;
  if ((rc = cpmi_list_end(&l, rest, stop, m.comma, "name-addr", CONTACT_CLAUSE, opts, diag)) != CPM_OK) return rc;
  cpmi_named_close(&m.named);
  cpmi_address_of_marks(&c->address, &m.address);
  c->address.params = cpmi_named_params(&m.named);
  if (l.empty != SIZE_MAX) c->address.quirks = CPM_QUIRK(SIP_EMPTY_ELEMENT);
  rc = cpmi_named_check(&m.named, base, diag);
  if (!rc && contact_is_doubtful(&c->address))
    rc = cpmi_quirk(&c->address.quirks, CPM_QUIRK(SIP_BARE_ADDRESS), opts, (size_t)(c->address.uri.p - base), "addr-spec", diag);
  if (!rc) rc = contact_numbers(c, got, base, diag);
  if (!rc) contact_features(c, got);
  return rc;
}

int cpm_contact_next(cpm_str *rest, cpm_contact *out, const cpm_opts *opts, cpm_diag *diag) {
  static const cpm_contact none;
  if (rest->n == 0) return CPM_END;
  *out = none;
  if (CPMI_STRAIGHT && cpmi_straight_took(rest, contact_straight(out, *rest))) return CPM_OK;
  *out = none;
  const int rc = contact_read(out, rest, opts, diag);
  if (rc) *out = none;
  return rc;
}

bool cpm_gruu_find(cpm_str uri, cpm_str *gr) {
  cpm_uri u;
  cpm_str value = { NULL, 0 };
  const bool sip = cpm_uri_decode(&u, uri, NULL, NULL) == CPM_OK && (u.scheme == CPM_URI_SIP || u.scheme == CPM_URI_SIPS);
  if (!sip || !cpm_uri_param_find(u.params, "gr", &value)) return false;
  if (gr) *gr = value;
  return true;
}

/* ---- writing --------------------------------------------------------------------------------------------------------- */

/* Reading takes one "<" and one ">" off: what has its own is written with two. */
static int contact_check(const cpm_contact *in, cpm_diag *diag) {
  const cpm_str quoted[] = { in->instance, in->methods, in->icsi_ref, in->iari_ref, in->pub_gruu, in->temp_gruu };
  int rc = cpmi_check_params(in->address.params, CONTACT_CLAUSE, diag);
  for (size_t i = 0; !rc && i < sizeof quoted / sizeof *quoted; i++)
    if (quoted[i].p) rc = cpmi_check_piece(CPMI_PIECE_QUOTED, quoted[i], "contact-params", CONTACT_CLAUSE, diag);
  if (rc) return rc;
  if (in->has_q && in->q > 1000) return cpmi_fail(diag, CPM_E_VALUE, 0, "qvalue", CONTACT_CLAUSE);
  return in->reg_id <= INT32_MAX ? CPM_OK : cpmi_fail(diag, CPM_E_VALUE, 0, "reg-id", "RFC 5626 11.1");
}

static void contact_put_quoted(cpmi_out *o, unsigned name, cpm_str inside) {
  if (inside.p) cpmi_put_param_quoted(o, contact_names[name].p, inside);
}

static void contact_put_instance(cpmi_out *o, cpm_str instance) {
  if (!instance.p) return;
  cpmi_put_param(o, contact_names[CONTACT_INSTANCE].p, cpm_str_of("\"<", 2));
  cpmi_put_piece(o, instance);
  cpmi_put_z(o, ">\"");
}

/* The first one: a reader takes no two. */
static void contact_put_tag(cpmi_out *o, cpm_str params) {
  cpm_param tag;
  if (!params.p || !cpm_param_find(params, "tag", &tag)) return;
  const char *const end = tag.value.p ? tag.value.p + tag.value.n + tag.quoted : tag.name.p + tag.name.n;
  cpmi_put_char(o, ';');
  cpmi_put_piece(o, cpm_str_of(tag.name.p, (size_t)(end - tag.name.p)));
}

static void contact_put_params(cpmi_out *o, const cpm_contact *in) {
  contact_put_instance(o, in->instance);
  if (in->reg_id) cpmi_put_param_number(o, contact_names[CONTACT_REG_ID].p, in->reg_id);
  if (in->isfocus) cpmi_put_z(o, ";isfocus");
  contact_put_quoted(o, CONTACT_METHODS, in->methods);
  contact_put_quoted(o, CONTACT_ICSI, in->icsi_ref);
  contact_put_quoted(o, CONTACT_IARI, in->iari_ref);
  contact_put_quoted(o, CONTACT_PUB_GRUU, in->pub_gruu);
  contact_put_quoted(o, CONTACT_TEMP_GRUU, in->temp_gruu);
  if (in->has_q) {
    cpmi_put_param(o, "q", cpm_str_of("", 0));
    cpmi_put_q(o, in->q);
  }
  if (in->has_expires) cpmi_put_param_number(o, "expires", in->expires);
  contact_put_tag(o, in->address.params);
  cpmi_put_others(o, in->address.params, contact_names, CONTACT_ONCE);
}

static bool contact_has_params(const cpm_contact *in) {
  return in->has_q || in->has_expires || in->isfocus || in->reg_id || in->instance.p || in->methods.p || in->icsi_ref.p ||
         in->iari_ref.p || in->pub_gruu.p || in->temp_gruu.p || in->address.params.p;
}

int cpm_contact_encode(char *dst, size_t cap, size_t *len, const cpm_contact *in, cpm_diag *diag) {
  cpm_address a = in->address;
  size_t n = 0;
  a.params = cpm_str_none();
  if (contact_has_params(in)) a.bracketed = true;
  int rc = cpm_address_encode(NULL, 0, &n, &a, diag);
  if (!rc) rc = contact_check(in, diag);
  if (!rc && a.star && contact_has_params(in)) rc = cpmi_fail(diag, CPM_E_VALUE, 0, "STAR", CONTACT_CLAUSE);
  if (rc) return rc;
  (void)cpm_address_encode(dst, cap, &n, &a, NULL);
  cpmi_out o = cpmi_out_to(dst, cap, n);
  contact_put_params(&o, in);
  return cpmi_out_end(&o, len, diag);
}
