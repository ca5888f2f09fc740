/* SPDX-License-Identifier: MIT */
/* cpm_fields.c - values of SIP header fields, decoded by their types. */
#include "cpm_fields.h"
#include <string.h>

/* ---- addresses and URIs -------------------------------------------------------------------------------------------------- */

static void fields_uri_parts(cJSON *o, cpm_uri *u) {
  static const char *const schemes[] = { "sip", "sips", "tel", NULL };
  cpm_str name, value;
  if (schemes[u->scheme]) tree_put_z(o, "scheme", schemes[u->scheme]);
  else tree_put_text(o, "scheme", u->scheme_name);
  tree_put_text(o, u->scheme == CPM_URI_TEL ? "number" : "user", u->user);
  tree_put_text(o, "password", u->password);
  tree_put_text(o, "host", u->host);
  if (u->has_port) tree_put_unsigned(o, "port", u->port);
  tree_put_text(o, "rest", u->opaque);
  cJSON *params = u->params.p ? tree_put(o, "params", tree_array()) : NULL;
  while (params && cpm_uri_param_next(&u->params, &name, &value) == CPM_OK) {
    cJSON *one = tree_append(params, tree_object());
    tree_put_text(one, "name", name);
    tree_put_text(one, "value", value);
  }
  cJSON *headers = u->headers.p ? tree_put(o, "headers", tree_array()) : NULL;
  while (headers && cpm_uri_header_next(&u->headers, &name, &value) == CPM_OK) {
    cJSON *one = tree_append(headers, tree_object());
    tree_put_text(one, "name", name);
    tree_put_text(one, "value", value);
  }
}

cJSON *uri_tree(tool *t, cpm_str text) {
  cJSON *o = tree_object();
  cpm_uri u;
  cpm_diag d = { 0 };
  tree_put_text(o, "text", text);
  if (cpm_uri_decode(&u, text, &t->opts, &d) == CPM_OK) fields_uri_parts(o, &u);
  else tree_put_error(t, o, text, &d);
  return o;
}

void fields_put_quoted(cJSON *o, const char *key, cpm_str text, bool quoted) {
  char plain[1024];
  size_t n = 0;
  if (quoted && cpm_unquote(plain, sizeof plain, &n, text) == CPM_OK) text = cpm_str_of(plain, n);
  tree_put_text(o, key, text);
}

void fields_put_display(cJSON *o, cpm_str display, bool quoted) { fields_put_quoted(o, "display", display, quoted); }

cJSON *fields_of_address(reading *r, const cpm_address *a) {
  cJSON *o = tree_object();
  tree_put_true(o, "any", a->star);
  fields_put_display(o, a->display, a->display_quoted);
  if (a->uri.p) tree_put(o, "uri", uri_tree(r->t, a->uri));
  tree_put_params(r->t, o, a->params);
  r->quirks |= a->quirks;
  return o;
}

static cJSON *fields_address(reading *r) {
  cpm_address a;
  r->rc = r->whole ? cpm_address_decode(&a, *r->rest, r->opts, &r->diag) : cpm_address_next(r->rest, &a, r->opts, &r->diag);
  return r->rc == CPM_OK ? fields_of_address(r, &a) : NULL;
}

static cJSON *fields_error_info(reading *r) {
  cpm_error_info e;
  r->rc = cpm_error_info_next(r->rest, &e, r->opts, &r->diag);
  if (r->rc != CPM_OK) return NULL;
  cJSON *o = tree_object();
  tree_put(o, "uri", uri_tree(r->t, e.uri));
  tree_put_params(r->t, o, e.params);
  return o;
}

static cJSON *fields_via(reading *r) {
  cpm_via v;
  r->rc = cpm_via_next(r->rest, &v, r->opts, &r->diag);
  if (r->rc != CPM_OK) return NULL;
  cJSON *o = tree_object();
  tree_put_text(o, "protocol", v.protocol);
  tree_put_text(o, "version", v.version);
  tree_put_text(o, "transport", v.transport);
  tree_put_text(o, "host", v.host);
  if (v.has_port) tree_put_unsigned(o, "port", v.port);
  tree_put_params(r->t, o, v.params);
  return o;
}

/* ---- services of CPM ------------------------------------------------------------------------------------------------------- */

/* The ICSI of CPM that a URN names: "msg", "session.group". */
static void fields_put_icsi(reading *r, cJSON *o, cpm_str urn) {
  static const char *const labels[] = { NULL,
#define FIELDS_ICSI(id, label) label,
    CPM_ICSIS(FIELDS_ICSI)
  };
  uint64_t quirks = 0;
  tree_put_z(o, "cpm_service", labels[cpm_icsi_of(urn, &quirks)]);
  r->quirks |= quirks;
}

static void fields_put_feature(reading *r, cJSON *features, cpm_str value) {
  cpm_str urn;
  bool negated;
  while (cpm_icsi_next(&value, &urn, &negated) == CPM_OK) {
    cJSON *one = tree_append(features, tree_object());
    tree_put_text(one, "text", urn);
    tree_put_true(one, "negated", negated);
    fields_put_icsi(r, one, urn);
  }
}

void fields_put_icsi_list(reading *r, cJSON *o, cpm_str params) {
  cJSON *features = NULL;
  cpm_param p;
  for (cpm_str rest = params; rest.p && cpm_param_next(&rest, &p, NULL) == CPM_OK;) {
    if (!cpm_str_ieq(p.name, cpm_str_z("+g.3gpp.icsi-ref"))) continue;
    if (!features) features = tree_put(o, "icsi", tree_array());
    fields_put_feature(r, features, p.value);
  }
}

static cJSON *fields_accept_contact(reading *r) {
  cpm_accept_contact a;
  r->rc = cpm_accept_contact_next(r->rest, &a, r->opts, &r->diag);
  if (r->rc != CPM_OK) return NULL;
  cJSON *o = tree_object();
  tree_put_params(r->t, o, a.params);
  fields_put_icsi_list(r, o, a.params);
  tree_put_true(o, "require", a.require);
  tree_put_true(o, "explicit", a.explicit_);
  r->quirks |= a.quirks;
  return o;
}

static cJSON *fields_service(reading *r) {
  cpm_str urn;
  r->rc = cpm_service_next(r->rest, &urn, r->opts, &r->diag);
  if (r->rc != CPM_OK) return NULL;
  cJSON *o = tree_object();
  tree_put_text(o, "text", urn);
  fields_put_icsi(r, o, urn);
  return o;
}

/* ---- words and numbers ------------------------------------------------------------------------------------------------------- */

static cJSON *fields_token(reading *r) {
  cpm_str token;
  r->rc = r->whole ? cpm_token_decode(&token, *r->rest, r->opts, &r->diag) : cpm_token_next(r->rest, &token, r->opts, &r->diag);
  return r->rc == CPM_OK ? tree_text(token) : NULL;
}

static cJSON *fields_id(reading *r) {
  cpm_str id;
  r->rc = cpm_id_decode(&id, *r->rest, r->opts, &r->diag);
  return r->rc == CPM_OK ? tree_text(id) : NULL;
}

static cJSON *fields_call_id(reading *r) {
  cpm_str id;
  r->rc = r->whole ? cpm_call_id_decode(&id, *r->rest, r->opts, &r->diag) : cpm_call_id_next(r->rest, &id, r->opts, &r->diag);
  return r->rc == CPM_OK ? tree_text(id) : NULL;
}

static cJSON *fields_number(reading *r) {
  uint64_t n = 0;
  r->rc = cpm_number_decode(&n, *r->rest, UINT64_MAX, r->opts, &r->diag);
  if (r->rc != CPM_OK) return NULL;
  return tree_unsigned(n);
}

static cJSON *fields_cseq(reading *r) {
  cpm_cseq c;
  r->rc = cpm_cseq_decode(&c, *r->rest, r->opts, &r->diag);
  if (r->rc != CPM_OK) return NULL;
  cJSON *o = tree_object();
  tree_put_unsigned(o, "number", c.number);
  tree_put_text(o, "method", c.method_name);
  return o;
}

static cJSON *fields_date(reading *r) {
  int64_t ms = 0;
  r->rc = cpm_date_decode(&ms, *r->rest, r->opts, &r->quirks, &r->diag);
  return r->rc == CPM_OK ? time_tree(ms) : NULL;
}

cJSON *time_tree(int64_t unix_ms) {
  cJSON *o = tree_object();
  char utc[CPM_DATETIME_LEN];
  size_t n = 0;
  if (cpm_datetime_encode(utc, sizeof utc, &n, unix_ms, NULL) == CPM_OK) tree_put_text(o, "utc", cpm_str_of(utc, n));
  tree_put_signed(o, "unix_ms", unix_ms);
  return o;
}

static cJSON *fields_privacy(reading *r) {
  static const char *const names[] = {
#define FIELDS_PRIVACY(id, text) text,
    CPM_PRIVACIES(FIELDS_PRIVACY) "another value"
  };
  unsigned set = 0;
  r->rc = cpm_privacy_decode(&set, *r->rest, r->opts, &r->diag);
  if (r->rc != CPM_OK) return NULL;
  cJSON *list = tree_array();
  for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
    if (set >> i & 1u) tree_append(list, tree_text(cpm_str_z(names[i])));
  return list;
}

/* ---- media types, products, warnings ---------------------------------------------------------------------------------------- */

static cJSON *fields_media_type(reading *r) {
  cpm_media_type m;
  r->rc = r->whole ? cpm_media_type_decode(&m, *r->rest, r->opts, &r->diag) : cpm_media_type_next(r->rest, &m, r->opts, &r->diag);
  if (r->rc != CPM_OK) return NULL;
  cJSON *o = tree_object();
  tree_put_text(o, "type", m.type);
  tree_put_text(o, "subtype", m.subtype);
  tree_put_params(r->t, o, m.params);
  r->quirks |= m.quirks;
  return o;
}

static cJSON *fields_disposition(reading *r) {
  cpm_disposition d;
  r->rc = cpm_disposition_decode(&d, *r->rest, r->opts, &r->diag);
  if (r->rc != CPM_OK) return NULL;
  cJSON *o = tree_object();
  tree_put_text(o, "type", d.type);
  tree_put_params(r->t, o, d.params);
  return o;
}

static cJSON *fields_product(reading *r) {
  cpm_product p;
  cpm_release release;
  r->rc = cpm_product_next(r->rest, &p, r->opts, &r->diag);
  if (r->rc != CPM_OK) return NULL;
  cJSON *o = tree_object();
  tree_put_text(o, "name", p.name);
  tree_put_text(o, "version", p.version);
  tree_put_text(o, "comment", p.comment);
  /* The release is named by one product: by this one if it alone says so. */
  if (p.version.p && cpm_release_find(cpm_str_of(p.name.p, (size_t)(p.version.p + p.version.n - p.name.p)), &release)) {
    char text[40];
    snprintf(text, sizeof text, "%s, CPM %u.%u", release.server ? "server" : "client", release.major, release.minor);
    tree_put_z(o, "release", text);
  }
  r->quirks |= p.quirks;
  return o;
}

static cJSON *fields_warning(reading *r) {
  cpm_warning w;
  char plain[1024];
  size_t n = 0;
  r->rc = cpm_warning_next(r->rest, &w, r->opts, &r->diag);
  if (r->rc != CPM_OK) return NULL;
  cJSON *o = tree_object();
  tree_put_unsigned(o, "code", w.code);
  tree_put_text(o, "agent", w.agent);
  if (w.oma) tree_put_unsigned(o, "oma", w.oma);
  tree_put_text(o, "warning", cpm_unquote(plain, sizeof plain, &n, w.text) == CPM_OK ? cpm_str_of(plain, n) : w.text);
  r->quirks |= w.quirks;
  return o;
}

/* ---- authentication, networks, charging --------------------------------------------------------------------------------------- */

static cJSON *fields_auth(reading *r) {
  cJSON *o = auth_tree(*r->rest, false, &r->diag);
  r->rc = o ? CPM_OK : r->diag.code;
  return o;
}

static cJSON *fields_auth_info(reading *r) {
  cJSON *o = auth_tree(*r->rest, true, &r->diag);
  r->rc = o ? CPM_OK : r->diag.code;
  return o;
}

static cJSON *fields_security(reading *r) {
  cpm_security s;
  r->rc = cpm_security_next(r->rest, &s, r->opts, &r->diag);
  if (r->rc != CPM_OK) return NULL;
  cJSON *o = tree_object();
  tree_put_text(o, "mechanism", s.mechanism);
  tree_put_params(r->t, o, s.params);
  return o;
}

static cJSON *fields_access_network(reading *r) {
  cpm_access_network a;
  r->rc = cpm_access_network_next(r->rest, &a, r->opts, &r->diag);
  if (r->rc != CPM_OK) return NULL;
  cJSON *o = tree_object();
  tree_put_text(o, "type", a.type);
  tree_put_true(o, "network_provided", a.network_provided);
  tree_put_params(r->t, o, a.params);
  return o;
}

/* The first parameter stands apart in the value; here it is one of them. */
static cJSON *fields_charging(reading *r, const cpm_charging *c) {
  cJSON *o = tree_object(), *first = tree_object();
  tree_put_params(r->t, o, c->params);
  cJSON *params = cJSON_GetObjectItemCaseSensitive(o, "params");
  if (!params) params = tree_put(o, "params", tree_array());
  tree_put_text(first, "name", c->first.name);
  tree_put_text(first, "value", c->first.value);
  cJSON_InsertItemInArray(params, 0, first);
  return o;
}

static cJSON *fields_charging_vector(reading *r) {
  cpm_charging c;
  r->rc = cpm_charging_vector_decode(&c, *r->rest, r->opts, &r->diag);
  return r->rc == CPM_OK ? fields_charging(r, &c) : NULL;
}

static cJSON *fields_charging_addresses(reading *r) {
  cpm_charging c;
  r->rc = cpm_charging_addresses_next(r->rest, &c, r->opts, &r->diag);
  return r->rc == CPM_OK ? fields_charging(r, &c) : NULL;
}

/* ---- a field -------------------------------------------------------------------------------------------------------------------- */

/* FIELDS_TYPES(type, reader) */
#define FIELDS_TYPES(X) \
  X(ACCEPT_CONTACT,     fields_accept_contact) \
  X(ACCEPT_ENCODING,    fields_accept_encoding) \
  X(ACCEPT_LANGUAGE,    fields_accept_language) \
  X(ACCESS_NETWORK,     fields_access_network) \
  X(ADDRESS,            fields_address) \
  X(AUTH,               fields_auth) \
  X(AUTH_INFO,          fields_auth_info) \
  X(CALL_ID,            fields_call_id) \
  X(CHARGING_ADDRESSES, fields_charging_addresses) \
  X(CHARGING_VECTOR,    fields_charging_vector) \
  X(CONTACT,            fields_contact) \
  X(CSEQ,               fields_cseq) \
  X(DATE,               fields_date) \
  X(DISPOSITION,        fields_disposition) \
  X(ERROR_INFO,         fields_error_info) \
  X(EVENT,              fields_event) \
  X(HISTORY_INFO,       fields_history_info) \
  X(ID,                 fields_id) \
  X(JOIN,               fields_join) \
  X(MEDIA_TYPE,         fields_media_type) \
  X(MIME_VERSION,       fields_mime_version) \
  X(MIN_SE,             fields_min_se) \
  X(NUMBER,             fields_number) \
  X(PRIVACY,            fields_privacy) \
  X(PRODUCT,            fields_product) \
  X(RACK,               fields_rack) \
  X(REASON,             fields_reason) \
  X(REFER_SUB,          fields_refer_sub) \
  X(REPLACES,           fields_replaces) \
  X(RETRY_AFTER,        fields_retry_after) \
  X(ROUTE,              fields_route) \
  X(RSEQ,               fields_rseq) \
  X(SECURITY,           fields_security) \
  X(SERVICE,            fields_service) \
  X(SESSION_EXPIRES,    fields_session_expires) \
  X(SUBSCRIPTION_STATE, fields_subscription_state) \
  X(TARGET_DIALOG,      fields_target_dialog) \
  X(TEXT,               fields_text) \
  X(TIMESTAMP,          fields_timestamp) \
  X(TOKEN,              fields_token) \
  X(TOKEN_PARAMS,       fields_token_params) \
  X(VIA,                fields_via) \
  X(WARNING,            fields_warning)

typedef enum fields_type {
  FIELDS_RAW,
#define FIELDS_ENUM(type, read) FIELDS_##type,
  FIELDS_TYPES(FIELDS_ENUM)
} fields_type;

static const uint8_t fields_types[] = { FIELDS_RAW,
#define FIELDS_TYPE(id, name, compact, shape, type) FIELDS_##type,
  CPM_SIP_HEADERS(FIELDS_TYPE)
};

static fields_read *const fields_readers[] = { NULL,
#define FIELDS_READER(type, read) read,
  FIELDS_TYPES(FIELDS_READER)
};

/* One element at *r->rest. With --strict a quirk is noted as the error that it is, and the element is read on. */
static cJSON *fields_element(reading *r, fields_read *read, cJSON *field) {
  const cpm_str at = *r->rest;
  r->diag = (cpm_diag){ 0 };
  cJSON *item = read(r);
  if (r->rc == CPM_OK || r->rc == CPM_END) return item;
  tree_put_error(r->t, field, at, &r->diag);
  if (r->rc != CPM_E_QUIRK) return NULL;
  *r->rest = at;
  r->opts = NULL;
  item = read(r);
  r->opts = &r->t->opts;
  return item;
}

static void fields_list(reading *r, fields_read *read, cJSON *field) {
  cJSON *list = tree_put(field, "decoded", tree_array());
  const char *before = NULL;
  while (r->rest->p != before) {
    before = r->rest->p;
    cJSON *bad = tree_object(), *item = fields_element(r, read, bad);
    if (bad->child) tree_append(list, bad);
    else cJSON_Delete(bad);
    if (item) tree_append(list, item);
    if (r->rc == CPM_END) return;
  }
}

void field_tree(tool *t, cJSON *o, cpm_sip_header id, cpm_str value) {
  const fields_type type = id < CPM_SIP_HEADER_COUNT ? (fields_type)fields_types[id] : FIELDS_RAW;
  fields_read *read = fields_readers[type];
  reading r = { t, &t->opts, &value, true, 0, { 0 }, CPM_OK };
  if (!read) return;
  if (type == FIELDS_PRODUCT || cpm_sip_header_shape(id) == CPM_SIP_LIST) {
    r.whole = false;
    fields_list(&r, read, o);
  } else {
    cJSON *item = fields_element(&r, read, o);
    if (item) tree_put(o, "decoded", item);
  }
  tree_put_quirks(t, o, "quirks", r.quirks);
}

/* The same for values that stand elsewhere: in MIME headers. */
static cJSON *fields_of_mime(tool *t, cpm_str value, fields_read *read) {
  reading r = { t, &t->opts, &value, true, 0, { 0 }, CPM_OK };
  cJSON *o = tree_object();
  tree_put_text(o, "text", value);
  cJSON *item = fields_element(&r, read, o);
  if (item) tree_put(o, "decoded", item);
  tree_put_quirks(t, o, "quirks", r.quirks);
  return o;
}

cJSON *media_type_tree(tool *t, cpm_str value) { return fields_of_mime(t, value, fields_media_type); }
cJSON *disposition_tree(tool *t, cpm_str value) { return fields_of_mime(t, value, fields_disposition); }
