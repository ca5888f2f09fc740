/* SPDX-License-Identifier: MIT */
/* fuzz_value.c - the first byte chooses a kind of header field value, the rest is the value; or, with its high bit set, the parts
 * that a writer is given, one a line.
 * Holds for reading: every call gets on, and stays inside of the input; an error has its code and its offset in the diag; what is
 * strictly read has no quirk; read ok => written, or refused with CPM_E_VALUE => read again, strictly => the second writing equals
 * the first. Parameters that a decoder passed on are parameters to the last.
 * Holds for writing: what was written is read strictly, as one element, and its parts are the parts that were given. */
#include "cpm/auth.h"
#include "cpm/dialog.h"
#include "fuzz.h"

#define ROOM 4096

typedef union value {
  cpm_address        address;
  cpm_accept_contact accept_contact;
  cpm_str            str;
  cpm_via            via;
  cpm_warning        warning;
  cpm_error_info     error_info;
  cpm_product        product;
  cpm_cseq           cseq;
  uint64_t           number;
  struct { int64_t ms; uint64_t quirks; } date;
  unsigned           set;
  cpm_contact        contact;
  cpm_feature_value  feature;
  cpm_route          route;
  cpm_history_info   history;
  cpm_session_expires session;
  cpm_min_se         min_se;
  cpm_retry_after    retry;
  cpm_sip_event      event;
  cpm_subscription_state substate;
  cpm_refer_sub      refer;
  cpm_replaces       replaces;
  cpm_target_dialog  target;
  cpm_reason         reason;
  cpm_accepted       accepted;
  cpm_token_params   tagged;
  cpm_rack           rack;
  cpm_timestamp      stamp;
  cpm_mime_version   version;
  cpm_auth           auth;
  struct { cpm_digest digest; cpm_digest_use use; } digest;
  cpm_security       security;
  cpm_access_network access_network;
  cpm_charging       charging;
} value;

static void params_inside(cpm_str params, cpm_str in) {
  cpm_param param;
  int rc;
  inside(params, in);
  HOLDS(!params.p || params.n);
  while ((rc = cpm_param_next(&params, &param, NULL)) == CPM_OK) {
    char text[ROOM];
    size_t n;
    inside(param.name, in);
    inside(param.value, in);
    HOLDS(!param.quoted || cpm_unquote(text, sizeof text, &n, param.value) != CPM_E_SYNTAX);
    HOLDS(!param.quoted || cpm_unquote(text, sizeof text, &n, param.value) != CPM_E_ESCAPE);
  }
  HOLDS(rc == CPM_END);
}

/* For fields whose shape is ONE: the whole value once. */
static bool once(cpm_str *rest, cpm_str *in) {
  *in = *rest;
  *rest = cpm_str_none();
  return in->p != NULL;
}

/* ---- one kind: reads an element, checks its parts, writes it --------------------------------------------------------- */

static int address_next(cpm_str *rest, value *v, const cpm_opts *opts, cpm_diag *d) {
  return cpm_address_next(rest, &v->address, opts, d);
}

static int address_one(cpm_str *rest, value *v, const cpm_opts *opts, cpm_diag *d) {
  cpm_str in;
  return once(rest, &in) ? cpm_address_decode(&v->address, in, opts, d) : CPM_END;
}

static uint64_t address_parts(const value *v, cpm_str in) {
  const cpm_address *a = &v->address;
  char text[ROOM];
  size_t n;
  inside(a->display, in);
  inside(a->uri, in);
  params_inside(a->params, in);
  HOLDS(a->star == !a->uri.p);
  if (a->display_quoted && cpm_unquote(text, sizeof text, &n, a->display) == CPM_OK)
    HOLDS(!memchr(text, '\n', n) && !memchr(text, '\r', n) && !memchr(text, '\0', n));
  return a->quirks;
}

static int address_write(char *dst, size_t cap, size_t *n, const value *v) {
  return cpm_address_encode(dst, cap, n, &v->address, NULL);
}

static void address_given(value *v, const cpm_str *part, unsigned flags) {
  v->address.display = flags & 1 ? part[0] : cpm_str_none();
  v->address.uri = part[1];
  v->address.params = flags & 2 ? part[2] : cpm_str_none();
  v->address.display_quoted = flags & 4;
  v->address.bracketed = flags & 8;
}

static bool address_same(const value *a, const value *b) {
  return cpm_str_eq(a->address.uri, b->address.uri) && !a->address.params.p == !b->address.params.p &&
         !a->address.display.p == !b->address.display.p && a->address.star == b->address.star;
}

static int accept_next(cpm_str *rest, value *v, const cpm_opts *opts, cpm_diag *d) {
  return cpm_accept_contact_next(rest, &v->accept_contact, opts, d);
}

static uint64_t accept_parts(const value *v, cpm_str in) {
  uint64_t q = 0;
  params_inside(v->accept_contact.params, in);
  for (int id = 1; id < CPM_ICSI_COUNT; id++) (void)cpm_icsi_in(v->accept_contact.params, cpm_icsi_urn((cpm_icsi)id), &q);
  HOLDS(!(q & ~v->accept_contact.quirks));
  return v->accept_contact.quirks;
}

static int accept_write(char *dst, size_t cap, size_t *n, const value *v) {
  return cpm_caller_preference_encode(dst, cap, n, &v->accept_contact, NULL);
}

static void accept_given(value *v, const cpm_str *part, unsigned flags) {
  v->accept_contact.params = flags & 4 ? part[0] : cpm_str_none();
  v->accept_contact.require = flags & 1;
  v->accept_contact.explicit_ = flags & 2;
}

static bool accept_same(const value *a, const value *b) {
  return a->accept_contact.require == b->accept_contact.require && a->accept_contact.explicit_ == b->accept_contact.explicit_;
}

static int token_next(cpm_str *rest, value *v, const cpm_opts *opts, cpm_diag *d) { return cpm_token_next(rest, &v->str, opts, d); }
static int service_next(cpm_str *rest, value *v, const cpm_opts *opts, cpm_diag *d) {
  return cpm_service_next(rest, &v->str, opts, d);
}

static int id_one(cpm_str *rest, value *v, const cpm_opts *opts, cpm_diag *d) {
  cpm_str in;
  return once(rest, &in) ? cpm_id_decode(&v->str, in, opts, d) : CPM_END;
}

static int call_id_one(cpm_str *rest, value *v, const cpm_opts *opts, cpm_diag *d) {
  cpm_str in;
  return once(rest, &in) ? cpm_call_id_decode(&v->str, in, opts, d) : CPM_END;
}

static uint64_t str_parts(const value *v, cpm_str in) {
  HOLDS(v->str.n);
  inside(v->str, in);
  return 0;
}

static int service_write(char *dst, size_t cap, size_t *n, const value *v) { return cpm_service_encode(dst, cap, n, v->str, NULL); }
static void service_given(value *v, const cpm_str *part, unsigned flags) { (void)flags; v->str = part[0]; }
static bool str_same(const value *a, const value *b) { return cpm_str_eq(a->str, b->str); }

static int number_one(cpm_str *rest, value *v, const cpm_opts *opts, cpm_diag *d) {
  cpm_str in;
  unsigned q;
  if (!once(rest, &in)) return CPM_END;
  if (cpm_q_decode(&q, in, NULL) == CPM_OK) HOLDS(q <= 1000);
  const int rc = cpm_number_decode(&v->number, in, UINT32_MAX, opts, d);
  HOLDS(rc || v->number <= UINT32_MAX);
  return rc;
}

static uint64_t no_parts(const value *v, cpm_str in) { (void)v; (void)in; return 0; }

static int cseq_one(cpm_str *rest, value *v, const cpm_opts *opts, cpm_diag *d) {
  cpm_str in;
  return once(rest, &in) ? cpm_cseq_decode(&v->cseq, in, opts, d) : CPM_END;
}

static uint64_t cseq_parts(const value *v, cpm_str in) { inside(v->cseq.method_name, in); return 0; }
static int cseq_write(char *dst, size_t cap, size_t *n, const value *v) { return cpm_cseq_encode(dst, cap, n, &v->cseq, NULL); }

static void cseq_given(value *v, const cpm_str *part, unsigned flags) {
  v->cseq.method_name = part[0];
  v->cseq.number = (uint32_t)part[1].n << (flags & 31);
}

static bool cseq_same(const value *a, const value *b) {
  return a->cseq.number == b->cseq.number && cpm_str_eq(a->cseq.method_name, b->cseq.method_name);
}

static int date_one(cpm_str *rest, value *v, const cpm_opts *opts, cpm_diag *d) {
  cpm_str in;
  return once(rest, &in) ? cpm_date_decode(&v->date.ms, in, opts, &v->date.quirks, d) : CPM_END;
}

static uint64_t date_parts(const value *v, cpm_str in) { (void)in; return v->date.quirks; }
static int date_write(char *dst, size_t cap, size_t *n, const value *v) { return cpm_date_encode(dst, cap, n, v->date.ms, NULL); }

static void date_given(value *v, const cpm_str *part, unsigned flags) {
  int64_t ms = 0;
  (void)flags;
  memcpy(&ms, part[0].p ? part[0].p : "", part[0].n < sizeof ms ? part[0].n : sizeof ms);
  v->date.ms = ms / 1000 * 1000;
}

static bool date_same(const value *a, const value *b) { return a->date.ms == b->date.ms; }

static int privacy_one(cpm_str *rest, value *v, const cpm_opts *opts, cpm_diag *d) {
  cpm_str in;
  return once(rest, &in) ? cpm_privacy_decode(&v->set, in, opts, d) : CPM_END;
}

static int privacy_write(char *dst, size_t cap, size_t *n, const value *v) { return cpm_privacy_encode(dst, cap, n, v->set, NULL); }
static void privacy_given(value *v, const cpm_str *part, unsigned flags) { v->set = (unsigned)part[0].n ^ flags; }
static bool privacy_same(const value *a, const value *b) { return a->set == b->set; }

static int product_next(cpm_str *rest, value *v, const cpm_opts *opts, cpm_diag *d) {
  cpm_release r;
  (void)cpm_release_find(*rest, &r);
  return cpm_product_next(rest, &v->product, opts, d);
}

static uint64_t product_parts(const value *v, cpm_str in) {
  inside(v->product.name, in);
  inside(v->product.version, in);
  inside(v->product.comment, in);
  HOLDS(!v->product.name.p == !!v->product.comment.p);
  return v->product.quirks;
}

static int product_write(char *dst, size_t cap, size_t *n, const value *v) { return cpm_product_encode(dst, cap, n, &v->product, NULL); }

static void product_given(value *v, const cpm_str *part, unsigned flags) {
  v->product.name = flags & 1 ? cpm_str_none() : part[0];
  v->product.version = flags & 2 ? part[1] : cpm_str_none();
  v->product.comment = flags & 4 ? part[2] : cpm_str_none();
}

static bool product_same(const value *a, const value *b) {
  return !a->product.name.p == !b->product.name.p && !a->product.version.p == !b->product.version.p;
}

static int via_next(cpm_str *rest, value *v, const cpm_opts *opts, cpm_diag *d) { return cpm_via_next(rest, &v->via, opts, d); }

static uint64_t via_parts(const value *v, cpm_str in) {
  const cpm_via *a = &v->via;
  const cpm_str parts[] = { a->protocol, a->version, a->transport, a->host, a->branch, a->received };
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) inside(parts[i], in);
  params_inside(a->params, in);
  HOLDS(a->host.n && (a->has_port || a->port == 0));
  return 0;
}

static int via_write(char *dst, size_t cap, size_t *n, const value *v) { return cpm_via_encode(dst, cap, n, &v->via, NULL); }

static void via_given(value *v, const cpm_str *part, unsigned flags) {
  v->via.protocol = v->via.version = part[0];
  v->via.transport = part[1];
  v->via.host = part[2];
  v->via.params = flags & 1 ? part[3] : cpm_str_none();
  v->via.host_is_ipv6 = flags & 2;
  v->via.has_port = flags & 4;
  v->via.port = flags & 4 ? (uint16_t)part[3].n : 0;
}

/* One colon of three is not written. */
static bool same_host(cpm_str a, cpm_str b) {
  size_t extra = a.n;
  for (size_t i = 2; i < a.n; i++)
    if (a.p[i] == ':' && a.p[i - 1] == ':' && a.p[i - 2] == ':') extra = i;
  if (extra == a.n) return cpm_str_eq(a, b);
  return b.n == a.n - 1 && memcmp(a.p, b.p, extra) == 0 && memcmp(a.p + extra + 1, b.p + extra, b.n - extra) == 0;
}

static bool via_same(const value *a, const value *b) {
  return same_host(a->via.host, b->via.host) && cpm_str_eq(a->via.transport, b->via.transport) && a->via.port == b->via.port &&
         a->via.has_port == b->via.has_port && a->via.host_is_ipv6 == b->via.host_is_ipv6 && !a->via.params.p == !b->via.params.p;
}

static int warning_next(cpm_str *rest, value *v, const cpm_opts *opts, cpm_diag *d) {
  return cpm_warning_next(rest, &v->warning, opts, d);
}

static uint64_t warning_parts(const value *v, cpm_str in) {
  inside(v->warning.agent, in);
  inside(v->warning.text, in);
  HOLDS(v->warning.code < 1000 && v->warning.oma < 1000 && v->warning.text.p);
  return v->warning.quirks;
}

static int warning_write(char *dst, size_t cap, size_t *n, const value *v) {
  return cpm_warning_encode(dst, cap, n, &v->warning, NULL);
}

static void warning_given(value *v, const cpm_str *part, unsigned flags) {
  v->warning.agent = part[0];
  v->warning.text = part[1];
  v->warning.code = flags & 1 ? 399 : (unsigned)part[2].n;
  v->warning.oma = flags & 2 ? 127 : 0;
}

static bool warning_same(const value *a, const value *b) {
  return a->warning.code == b->warning.code && cpm_str_eq(a->warning.agent, b->warning.agent) &&
         (a->warning.oma == 0 || a->warning.oma == b->warning.oma);
}

static int info_next(cpm_str *rest, value *v, const cpm_opts *opts, cpm_diag *d) {
  return cpm_error_info_next(rest, &v->error_info, opts, d);
}

static uint64_t info_parts(const value *v, cpm_str in) {
  inside(v->error_info.uri, in);
  params_inside(v->error_info.params, in);
  return 0;
}

static int info_write(char *dst, size_t cap, size_t *n, const value *v) {
  return cpm_error_info_encode(dst, cap, n, &v->error_info, NULL);
}

static void info_given(value *v, const cpm_str *part, unsigned flags) {
  v->error_info.uri = part[0];
  v->error_info.params = flags & 1 ? part[1] : cpm_str_none();
}

static bool info_same(const value *a, const value *b) {
  return cpm_str_eq(a->error_info.uri, b->error_info.uri) && !a->error_info.params.p == !b->error_info.params.p;
}

/* Not a header field: the walk over parameters, quoting, and the values of a feature tag. */
static int param_next(cpm_str *rest, value *v, const cpm_opts *opts, cpm_diag *d) {
  cpm_param param;
  char text[ROOM], quoted[2 * ROOM + 2];
  size_t n, n2;
  (void)opts;
  v->str = *rest;
  if (cpm_quote(quoted, sizeof quoted, &n, *rest) == CPM_OK && rest->n <= ROOM) {
    HOLDS(cpm_unquote(text, sizeof text, &n2, cpm_str_of(quoted + 1, n - 2)) == CPM_OK);
    HOLDS(cpm_str_eq(cpm_str_of(text, n2), cpm_str_of(rest->p, rest->n)) || rest->n == 0);
  }
  return cpm_param_next(rest, &param, d);
}

static int icsi_next(cpm_str *rest, value *v, const cpm_opts *opts, cpm_diag *d) {
  bool negated;
  uint64_t q = 0;
  (void)opts;
  (void)d;
  const int rc = cpm_icsi_next(rest, &v->str, &negated);
  if (rc) return rc;
  const cpm_icsi icsi = cpm_icsi_of(v->str, &q);
  HOLDS(cpm_icsi_is(v->str, icsi, NULL) == (icsi != CPM_ICSI_NONE));
  HOLDS(icsi != CPM_ICSI_NONE || q == 0);
  return rc;
}

#include "value_auth.h"
#include "value_dialog.h"

static const struct kind {
  int      (*next)(cpm_str *rest, value *v, const cpm_opts *opts, cpm_diag *d);
  uint64_t (*parts)(const value *v, cpm_str in);
  int      (*write)(char *dst, size_t cap, size_t *n, const value *v);
  void     (*given)(value *v, const cpm_str *part, unsigned flags);
  bool     (*same)(const value *a, const value *b);
} kinds[] = {
  { address_one,  address_parts, address_write, address_given, address_same },
  { address_next, address_parts, address_write, address_given, address_same },
  { accept_next,  accept_parts,  accept_write,  accept_given,  accept_same },
  { token_next,   str_parts,     token_write,   service_given, str_same },
  { service_next, str_parts,     service_write, service_given, str_same },
  { id_one,       str_parts,     id_write,      service_given, str_same },
  { call_id_one,  str_parts,     call_id_write, service_given, str_same },
  { number_one,   no_parts,      number_write,  number_given,  number_same },
  { cseq_one,     cseq_parts,    cseq_write,    cseq_given,    cseq_same },
  { date_one,     date_parts,    date_write,    date_given,    date_same },
  { privacy_one,  no_parts,      privacy_write, privacy_given, privacy_same },
  { product_next, product_parts, product_write, product_given, product_same },
  { via_next,     via_parts,     via_write,     via_given,     via_same },
  { warning_next, warning_parts, warning_write, warning_given, warning_same },
  { info_next,    info_parts,    info_write,    info_given,    info_same },
  { param_next,   str_parts,     NULL,          NULL,          NULL },
  { icsi_next,    str_parts,     NULL,          NULL,          NULL },
  { auth_one,     auth_parts,    auth_write,    auth_given,    auth_same },
  { ainfo_one,    ainfo_parts,   ainfo_write,   ainfo_given,   ainfo_same },
  { digest_one,   digest_parts,  digest_write,  digest_given,  digest_same },
  { security_next, security_parts, security_write, security_given, security_same },
  { access_next,  access_parts,  access_write,  access_given,  access_same },
  { vector_one,   charging_parts, vector_write, charging_given, charging_same },
  { addresses_next, charging_parts, addresses_write, charging_given, charging_same },
  { contact_next, contact_parts, contact_write, contact_given, contact_same },
  { feature_next, feature_parts, feature_write, feature_given, feature_same },
  { route_next,   route_parts,   route_write,   route_given,   route_same },
  { history_next, history_parts, history_write, history_given, history_same },
  { session_one,  session_parts, session_write, session_given, session_same },
  { min_se_one,   min_se_parts,  min_se_write,  min_se_given,  min_se_same },
  { retry_one,    retry_parts,   retry_write,   retry_given,   retry_same },
  { event_one,    event_parts,   event_write,   event_given,   event_same },
  { event_next,   event_parts,   NULL,          NULL,          NULL },
  { substate_one, substate_parts, substate_write, substate_given, substate_same },
  { refer_one,    refer_parts,   refer_write,   refer_given,   refer_same },
  { replaces_one, replaces_parts, replaces_write, replaces_given, replaces_same },
  { join_one,     replaces_parts, join_write,   replaces_given, replaces_same },
  { target_one,   target_parts,  target_write,  target_given,  target_same },
  { call_id_next, str_parts,     call_id_write, service_given, str_same },
  { reason_next,  reason_parts,  reason_write,  reason_given,  reason_same },
  { encoding_next, accepted_parts, encoding_write, accepted_given, accepted_same },
  { language_next, accepted_parts, language_write, accepted_given, accepted_same },
  { tagged_one,   tagged_parts,  tagged_write,  tagged_given,  tagged_same },
  { tagged_next,  tagged_parts,  tagged_write,  tagged_given,  tagged_same },
  { rack_one,     rack_parts,    rack_write,    rack_given,    rack_same },
  { stamp_one,    stamp_parts,   stamp_write,   stamp_given,   stamp_same },
  { version_one,  no_parts,      version_write, version_given, version_same },
  { text_one,     text_parts,    text_write,    service_given, text_same },
  { token_one,    str_parts,     token_write,   service_given, str_same },
};

/* ---- what holds for all --------------------------------------------------------------------------------------------- */

/* Written, it is read strictly as one element, and written again it is the same. */
static void round_trip(const struct kind *kind, const value *v, bool given) {
  size_t n = 0, n2 = 0;
  value again, none;
  cpm_diag d;
  const int rc = kind->write(NULL, 0, &n, v);
  HOLDS(rc == CPM_OK || rc == CPM_E_VALUE || (given && rc == CPM_E_INJECTION));
  if (rc) return;
  char *const first = malloc(n), *const second = malloc(n);
  HOLDS(first && second && n);
  HOLDS(kind->write(first, n, &n, v) == CPM_OK);
  HOLDS(kind->write(second, n - 1, &n2, v) == CPM_E_SPACE && n2 == n);
  HOLDS(!memchr(first, '\r', n) && !memchr(first, '\n', n) && !memchr(first, '\0', n));
  cpm_str rest = cpm_str_of(first, n);
  HOLDS(kind->next(&rest, &again, &strict, &d) == CPM_OK);
  HOLDS(kind->next(&rest, &none, &strict, &d) == CPM_END);
  HOLDS(kind->parts(&again, cpm_str_of(first, n)) == 0);
  HOLDS(kind->same(v, &again));
  HOLDS(kind->write(second, n, &n2, &again) == CPM_OK && n2 == n && memcmp(first, second, n) == 0);
  free(first);
  free(second);
}

static void read_all(const struct kind *kind, cpm_str in, const cpm_opts *opts) {
  value v;
  for (cpm_str rest = in;;) {
    cpm_diag d = { 0 };
    const size_t left = rest.n;
    const int rc = kind->next(&rest, &v, opts, &d);
    HOLDS(!rest.p || rest.p + rest.n == in.p + in.n);
    if (rc == CPM_END) {
      HOLDS(rest.n == 0);
      return;
    }
    HOLDS(rest.n < left || left == 0);
    HOLDS(rc == CPM_OK || (rc < 0 && d.code == rc && d.off <= left && d.rule));
    if (rc) continue;
    const uint64_t quirks = kind->parts(&v, in);
    HOLDS(!opts || !(opts->refuse & quirks));
    if (kind->write) round_trip(kind, &v, false);
  }
}

static void write_parts(const struct kind *kind, cpm_str in, unsigned flags) {
  cpm_str part[4] = { { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, { NULL, 0 } };
  value v;
  for (size_t i = 0, from = 0; i < 4 && from <= in.n; i++) {
    const char *const lf = i < 3 && from < in.n ? memchr(in.p + from, '\n', in.n - from) : NULL;
    const size_t end = lf ? (size_t)(lf - in.p) : in.n;
    part[i] = cpm_str_of(in.p + from, end - from);
    from = end + 1;
  }
  memset(&v, 0, sizeof v);
  kind->given(&v, part, flags);
  round_trip(kind, &v, true);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size < 2) return 0;
  const struct kind *const kind = &kinds[(data[0] & 0x7f) % (sizeof kinds / sizeof *kinds)];
  const bool writing = data[0] & 0x80 && kind->given;
  const unsigned flags = data[1];
  const size_t head = writing ? 2 : 1;
  const cpm_str in = exact_copy(data + head, size - head);
  if (writing) {
    write_parts(kind, in, flags);
  } else {
    read_all(kind, in, NULL);
    read_all(kind, in, &strict);
  }
  free_copy(in);
  return 0;
}
