/* SPDX-License-Identifier: MIT */
/* compose.c - recipes: what an effect's message holds, written line by line into the caller's buffer. Texts grow from its front,
 * field records from its back. Without a buffer the same code counts. */
#include "engine.h"
#include "cpm/cpim.h"
#include "cpm/imdn.h"
#include "cpm/iscomposing.h"
#include "cpm/mime.h"
#include "cpm/msrp.h"
#include "cpm/sdp.h"
#include <string.h>

#define COMPOSE_RECIPE(name) &cpmi_recipe_##name,
const cpmi_recipe *const cpmi_recipes[CPMI_RECIPE_COUNT] = { CPM_RECIPES(COMPOSE_RECIPE) };

typedef struct compose_warning { unsigned number; const char *text; } compose_warning;
#define COMPOSE_WARNING(name, number, text) { number, text },
static const compose_warning compose_warnings[] = { CPM_WARNINGS(COMPOSE_WARNING) };

typedef struct compose {
  const cpmi_env *v;
  const cpmi_op  *op;
  const cpmi_row *row;
  cpmi_out        out;       /* texts */
  char           *fields;    /* records grow downward from here */
  size_t          nfields;
  cpm_sip        *sip;
  size_t          uri_from, uri_len;   /* the Request-URI, once it is written */
  cpm_piece      *pieces;    /* of a body */
  size_t          mark;      /* where the body piece that is being written began */
  unsigned        npieces;
  uint64_t        host;      /* octets of the host's content in the body */
  cpm_diag       *diag;
} compose;

/* ---- what is written where ----------------------------------------------------------------------------------------- */

static int compose_missing(compose *c, const cpmi_line *line, const char *what) {
  cpmi_fail(c->diag, CPM_E_MISSING, 0, what, line->clauses);
  if (c->diag) c->diag->spec = line->spec;
  return CPM_E_MISSING;
}

static cpm_str compose_since(const compose *c, size_t from) {
  return c->out.p && c->out.n <= c->out.cap ? cpm_str_of(c->out.p + from, c->out.n - from) : cpm_str_none();
}

/* A field whose value is what was written since `from`. Its record takes room from the texts. */
static void compose_field(compose *c, cpm_sip_header id, cpm_str name, size_t from, const char *spec, const char *clauses) {
  c->nfields++;
  if (!c->out.p) return;
  const size_t taken = c->nfields * sizeof(cpm_sip_field), room = (size_t)(c->fields - c->out.p);
  c->out.cap = taken < room ? room - taken : 0;
  if (taken > room || c->out.n > c->out.cap) return;
  const cpm_sip_field field = { id, name.n ? name : cpm_sip_header_name(id), compose_since(c, from), spec, clauses };
  memcpy(c->fields - taken, &field, sizeof field);
}

static void compose_flush(compose *c) {
  if (c->out.n == c->mark) return;
  if (c->pieces && c->npieces < CPM_SIP_PIECES) c->pieces[c->npieces] = (cpm_piece){ compose_since(c, c->mark), 0, 0 };
  c->npieces++;
  c->mark = c->out.n;
}

static void compose_host(compose *c, uint64_t item, uint64_t off, uint64_t len) {
  compose_flush(c);
  c->host = len > UINT64_MAX - c->host ? UINT64_MAX : c->host + len;
  if (len == 0) return;
  if (c->pieces && c->npieces < CPM_SIP_PIECES) c->pieces[c->npieces] = (cpm_piece){ { NULL, (size_t)len }, item, off };
  c->npieces++;
}

/* ---- values -------------------------------------------------------------------------------------------------------- */

static cpm_str compose_record(const compose *c, unsigned field) { return cpmi_text(c->v->p, c->v->m, c->v->leg, (cpm_field)field); }

static int compose_angle(compose *c, cpm_str uri) {
  if (!uri.p) return CPM_END;
  cpmi_put_char(&c->out, '<');
  cpmi_put(&c->out, uri);
  cpmi_put_char(&c->out, '>');
  return CPM_OK;
}

static int compose_put(compose *c, cpm_str text) {
  if (!text.p) return CPM_END;
  cpmi_put(&c->out, text);
  return CPM_OK;
}

/* What the Request-URI says, in < >. */
static int compose_target(compose *c) {
  const bool whole = c->out.p && c->out.n <= c->out.cap;
  if (!c->uri_len) return CPM_END;
  if (whole) return compose_angle(c, cpm_str_of(c->out.p + c->uri_from, c->uri_len));
  c->out.n += c->uri_len + 2;
  return CPM_OK;
}

static int compose_ctx(compose *c, unsigned field) {
  bool present = false;
  if (cpmi_is_record(cpmi_field_type((cpm_field)field))) return compose_put(c, compose_record(c, field));
  const cpmi_slot *s = cpmi_find(c->v->p, c->v->m, c->v->leg, (cpm_field)field, &present);
  if (!s || !present) return CPM_END;
  cpmi_put_number(&c->out, *s);
  return CPM_OK;
}

/* A writer of the codecs, into our buffer: its size first, so that a buffer that is too small is counted and not touched. */
static int compose_sized(compose *c, int rc, size_t n) {
  if (rc) return rc;
  c->out.n += n;
  return CPM_OK;
}

static char *compose_room(const compose *c, size_t n) {
  return c->out.p && c->out.n <= c->out.cap && n <= c->out.cap - c->out.n ? c->out.p + c->out.n : NULL;
}

static int compose_icsi_tag(compose *c, unsigned icsi) {
  cpmi_put_z(&c->out, "*;+g.3gpp.icsi-ref=\"");
  cpmi_put_icsi(&c->out, cpm_icsi_urn((cpm_icsi)icsi));
  cpmi_put_char(&c->out, '"');
  return CPM_OK;
}

static int compose_time(compose *c, int64_t ms) {
  size_t n = 0;
  const int rc = cpm_datetime_encode(NULL, 0, &n, ms, c->diag);
  char *dst = compose_room(c, n);
  if (rc == CPM_OK && dst) cpm_datetime_encode(dst, n, &n, ms, NULL);
  return compose_sized(c, rc, n);
}

static int compose_time_in(compose *c, unsigned field) {
  bool present = false;
  if (!cpmi_find(c->v->p, c->v->m, c->v->leg, (cpm_field)field, &present) || !present) return CPM_END;
  return compose_time(c, cpmi_number(c->v->p, c->v->m, c->v->leg, (cpm_field)field));
}

/* <sip:alice@example.com>;+g.3gpp.icsi-ref="..." */
static int compose_contact(compose *c, unsigned icsi) {
  const cpm_str gruu = c->v->a->gruu;
  const int rc = compose_angle(c, gruu.p ? gruu : c->v->a->address);
  if (rc) return rc;
  cpmi_put_z(&c->out, ";+g.3gpp.icsi-ref=\"");
  cpmi_put_icsi(&c->out, cpm_icsi_urn((cpm_icsi)icsi));
  cpmi_put_char(&c->out, '"');
  return CPM_OK;
}

/* <sip:cf@example.com>;isfocus;+g.3gpp.icsi-ref="...": what names a device or a registration stays behind (ruling O-R9) */
static int compose_contact_of(compose *c, const cpmi_line *line) {
  cpm_str rest = compose_record(c, line->what);
  cpm_address a;
  cpm_param p;
  const int rc = compose_angle(c, c->v->a->address);
  if (rc) return rc;
  cpmi_put_z(&c->out, line->lit);
  if (!rest.p || cpm_address_next(&rest, &a, NULL, NULL) != CPM_OK) return CPM_OK;
  while (cpm_param_next(&a.params, &p, NULL) == CPM_OK) {
    const bool names = cpm_str_ieq(p.name, cpm_str_z("+g.3gpp.icsi-ref")) || cpm_str_ieq(p.name, cpm_str_z("+g.3gpp.iari-ref"));
    if (!names || !p.quoted) continue;
    cpmi_put_char(&c->out, ';');
    cpmi_put(&c->out, p.name);
    cpmi_put_z(&c->out, "=\"");
    cpmi_put(&c->out, p.value);
    cpmi_put_char(&c->out, '"');
  }
  return CPM_OK;
}

/* text/plain image/jpeg: behind what was written since `from`. */
static void compose_types(compose *c, size_t from, cpm_str list) {
  cpm_media_type type;
  while (list.p && cpm_media_type_next(&list, &type, NULL, NULL) == CPM_OK) {
    if (c->out.n > from) cpmi_put_char(&c->out, ' ');
    cpmi_put(&c->out, type.type);
    cpmi_put_char(&c->out, '/');
    cpmi_put(&c->out, type.subtype);
  }
}

static int compose_wrapped_types(compose *c) {
  const size_t from = c->out.n;
  compose_types(c, from, compose_record(c, CPM_FIELD_payload_type));
  compose_types(c, from, compose_record(c, CPM_FIELD_payload_types));
  return c->out.n > from ? CPM_OK : CPM_END;
}

static int compose_types_of(compose *c, const cpmi_line *line) {
  const size_t from = c->out.n;
  compose_types(c, from, cpmi_agent_text(c->v->a, line->what));
  if (c->out.n == from) cpmi_put_z(&c->out, line->lit);
  return CPM_OK;
}

static int compose_report(compose *c, unsigned field) {
  size_t n = 0;
  const unsigned set = (unsigned)cpmi_number(c->v->p, c->v->m, c->v->leg, (cpm_field)field);
  if (!set) return CPM_END;
  const int rc = cpm_disposition_notification_encode(NULL, 0, &n, set, c->diag);
  char *dst = compose_room(c, n);
  if (rc == CPM_OK && dst) cpm_disposition_notification_encode(dst, n, &n, set, NULL);
  return compose_sized(c, rc, n);
}

/* 399 host "127 Service not authorised" (ruling O-R5) */
static int compose_warning_value(compose *c) {
  const compose_warning *w = &compose_warnings[c->op->a];
  if (!w->number) return CPM_END;
  cpmi_put_z(&c->out, "399 ");
  cpmi_put(&c->out, c->v->a->host);
  cpmi_put_z(&c->out, " \"");
  cpmi_put_number(&c->out, w->number);
  cpmi_put_char(&c->out, ' ');
  cpmi_put_z(&c->out, w->text);
  cpmi_put_char(&c->out, '"');
  return CPM_OK;
}

static cpm_str compose_kept_in(const compose *c, unsigned field) {
  return cpmi_text(c->v->p, c->v->m, CPM_NO_LEG, (cpm_field)field);
}
static cpm_str compose_kept(const compose *c) { return compose_kept_in(c, CPM_FIELD_request); }

/* The tokens of every kept field of that name as one list, with (plus) or without the literal. */
static int compose_tokens(compose *c, unsigned id, const char *literal, bool plus) {
  const size_t from = c->out.n;
  cpm_sip_field f;
  for (size_t at = 0; cpmi_kept_next(compose_kept(c), &at, &f);) {
    cpm_str rest = f.value, token;
    while (f.id == (cpm_sip_header)id && cpm_token_next(&rest, &token, NULL, NULL) == CPM_OK) {
      if (cpm_str_ieq(token, cpm_str_z(literal))) continue;
      if (c->out.n > from) cpmi_put_z(&c->out, ", ");
      cpmi_put(&c->out, token);
    }
  }
  if (!plus) return c->out.n > from ? CPM_OK : CPM_END;
  if (c->out.n > from) cpmi_put_z(&c->out, ", ");
  cpmi_put_z(&c->out, literal);
  return CPM_OK;
}

/* msrp://192.0.2.1:2855/<session_id>;tcp, and of a leg <session_id>.<leg>. The session-id is a UUID: there is room behind it. */
bool cpmi_own_uri(const cpmi_env *v, cpm_msrp_uri *out, char session[CPMI_SESSION_ID]) {
  const cpm_agent *a = v->a;
  const cpm_str id = cpmi_text(v->p, v->m, v->leg, CPM_FIELD_session_id), said = cpmi_text(v->p, v->m, v->leg, CPM_FIELD_own_path);
  if (said.p) return cpm_msrp_uri_decode(out, said, NULL, NULL) == CPM_OK;
  cpmi_out named = cpmi_out_to(session, CPMI_SESSION_ID, 0);
  *out = (cpm_msrp_uri){ .secure = a->media_secure != 0, .host = a->media_address, .has_port = true, .port = (uint16_t)a->media_port };
  cpmi_put(&named, id);
  if (v->leg != CPM_NO_LEG) cpmi_put_char(&named, '.');
  if (v->leg != CPM_NO_LEG) cpmi_put_number(&named, v->leg);
  if (!id.p || !out->host.p || named.n > named.cap) return false;
  out->host_is_ipv6 = memchr(out->host.p, ':', out->host.n) != NULL;
  out->session_id = cpm_str_of(session, named.n);
  out->transport = cpm_str_z("tcp");
  return true;
}

static int compose_own_path(compose *c) {
  cpm_msrp_uri uri;
  char session[CPMI_SESSION_ID];
  if (!cpmi_own_uri(c->v, &uri, session)) return CPM_END;
  size_t n = 0;
  const int rc = cpm_msrp_uri_encode(NULL, 0, &n, &uri, c->diag);
  char *dst = compose_room(c, n);
  if (rc == CPM_OK && dst) cpm_msrp_uri_encode(dst, n, &n, &uri, NULL);
  return compose_sized(c, rc, n);
}

static int compose_number_in(compose *c, const cpmi_line *line) {
  const int rc = compose_ctx(c, line->what);
  if (rc == CPM_OK) cpmi_put_z(&c->out, line->lit);
  return rc;
}

/* RFC 5547 6: a selector of size alone; an integer there begins with a digit from 1 on. */
static int compose_size(compose *c, unsigned field) {
  const int64_t size = cpmi_number(c->v->p, c->v->m, c->v->leg, (cpm_field)field);
  if (size <= 0) return CPM_END;
  cpmi_put_z(&c->out, "size:");
  cpmi_put_number(&c->out, (uint64_t)size);
  return CPM_OK;
}

/* The tag, and *;+sip.instance="<urn:gsma:imei:...>";require;explicit (RFC 3840, RFC 3841) */
static int compose_icsi_device(compose *c, unsigned icsi) {
  const cpm_str urn = compose_record(c, CPM_FIELD_peer_device);
  if (!urn.n) return CPM_END;
  if (!cpmi_is_instance(urn)) return cpmi_fail(c->diag, CPM_E_VALUE, 0, "peer_device", NULL);
  const int rc = compose_icsi_tag(c, icsi);
  if (rc) return rc;
  cpmi_put_z(&c->out, ", *;+sip.instance=\"<");
  cpmi_put(&c->out, urn);
  cpmi_put_z(&c->out, ">\";require;explicit");
  return CPM_OK;
}

/* 1025-4096, or 1025-* (RFC 5547 6) */
static int compose_span(compose *c) {
  const int64_t until = cpmi_number(c->v->p, c->v->m, c->v->leg, CPM_FIELD_until);
  const int64_t start = cpmi_number(c->v->p, c->v->m, c->v->leg, CPM_FIELD_range_start);
  cpmi_put_number(&c->out, start > 0 ? (uint64_t)start : 1);
  cpmi_put_char(&c->out, '-');
  if (until > 0) cpmi_put_number(&c->out, (uint64_t)until);
  else cpmi_put_char(&c->out, '*');
  return CPM_OK;
}

/* One value. CPM_END: there is none. */
static int compose_value(compose *c, const cpmi_line *line) {
  const cpm_agent *a = c->v->a;
  switch (line->value) {
  case CPMI_VALUE_LIT:           cpmi_put_z(&c->out, line->lit); return CPM_OK;
  case CPMI_VALUE_ICSI:          return compose_put(c, cpm_icsi_urn((cpm_icsi)line->what));
  case CPMI_VALUE_ICSI_TAG:      return compose_icsi_tag(c, line->what);
  case CPMI_VALUE_CTX:           return compose_ctx(c, line->what);
  case CPMI_VALUE_ADDR:          return compose_angle(c, compose_record(c, line->what));
  case CPMI_VALUE_OF_AGENT:      return compose_put(c, cpmi_agent_text(a, line->what));
  case CPMI_VALUE_ADDR_OF_AGENT: return compose_angle(c, cpmi_agent_text(a, line->what));
  case CPMI_VALUE_ADDR_OF_TARGET: return compose_target(c);
  case CPMI_VALUE_WARNING:       return compose_warning_value(c);
  case CPMI_VALUE_TIME:          return compose_time(c, c->v->p->trigger.now);
  case CPMI_VALUE_TIME_IN:       return compose_time_in(c, line->what);
  case CPMI_VALUE_CONTACT:       return compose_contact(c, line->what);
  case CPMI_VALUE_TYPES_OF:      return compose_types_of(c, line);
  case CPMI_VALUE_WRAPPED_TYPES: return compose_wrapped_types(c);
  case CPMI_VALUE_REPORT:        return compose_report(c, line->what);
  case CPMI_VALUE_COPY_PLUS:     return compose_tokens(c, line->what, line->lit, true);
  case CPMI_VALUE_COPY_MINUS:    return compose_tokens(c, line->what, line->lit, false);
  case CPMI_VALUE_OWN_PATH:      return compose_own_path(c);
  case CPMI_VALUE_ICSI_DEVICE:   return compose_icsi_device(c, line->what);
  case CPMI_VALUE_SPAN:          return compose_span(c);
  case CPMI_VALUE_SIZE:          return compose_size(c, line->what);
  case CPMI_VALUE_NUMBER:        cpmi_put_number(&c->out, cpmi_agent_number(a, line->what)); cpmi_put_z(&c->out, line->lit); return CPM_OK;
  case CPMI_VALUE_CONTACT_OF:    return compose_contact_of(c, line);
  case CPMI_VALUE_NUMBER_IN:     return compose_number_in(c, line);
  default:                       return CPM_END;
  }
}

/* ---- SIP header fields --------------------------------------------------------------------------------------------- */

/* A line that does not apply says nothing of its field. */
static bool compose_names(const compose *c, const cpmi_recipe *r, const cpm_sip_field *f) {
  for (size_t i = 0; f->id != CPM_SIP_UNKNOWN && i < r->nlines; i++)
    if (r->lines[i].place == CPMI_PLACE_SIP && r->lines[i].name == f->id && cpmi_guard_holds(c->v, r->lines[i].when)) return true;
  return false;
}

static bool compose_is_content(cpm_sip_header id) {
  return id == CPM_SIP_CONTENT_TYPE || id == CPM_SIP_CONTENT_DISPOSITION || id == CPM_SIP_CONTENT_ENCODING ||
         id == CPM_SIP_CONTENT_LANGUAGE;
}

static size_t compose_copies(compose *c, const cpmi_recipe *r, const cpmi_line *line) {
  const bool others = line->value == CPMI_VALUE_ALL_OTHERS;
  const cpm_str kept = others ? compose_kept_in(c, line->what) : compose_kept(c);
  cpm_sip_field f;
  size_t n = 0;
  for (size_t at = 0; cpmi_kept_next(kept, &at, &f);) {
    if (others ? compose_names(c, r, &f) || compose_is_content(f.id) : f.id != (cpm_sip_header)line->what) continue;
    size_t from = c->out.n;
    cpmi_put(&c->out, f.name);
    const cpm_str name = f.name.n ? compose_since(c, from) : cpm_str_none();
    from = c->out.n;
    cpmi_put(&c->out, f.value);
    compose_field(c, others ? f.id : (cpm_sip_header)line->name, name, from, line->spec, line->clauses);
    n++;
  }
  return n;
}

static const char *compose_name_of(const cpmi_line *line) {
  return line->name == CPM_SIP_REQUEST_URI ? "Request-URI" : cpm_sip_header_name((cpm_sip_header)line->name).p;
}

static int compose_sip_line(compose *c, const cpmi_recipe *r, const cpmi_line *line) {
  if (line->value == CPMI_VALUE_COPY || line->value == CPMI_VALUE_COPY_IF || line->value == CPMI_VALUE_ALL_OTHERS) {
    const size_t n = compose_copies(c, r, line);
    const bool must = line->value == CPMI_VALUE_COPY && line->level == CPMI_SHALL;
    return n == 0 && must ? compose_missing(c, line, compose_name_of(line)) : CPM_OK;
  }
  const size_t from = c->out.n;
  const int rc = compose_value(c, line);
  const bool optional = line->level != CPMI_SHALL || line->value == CPMI_VALUE_COPY_MINUS;
  if (rc == CPM_END) return optional ? CPM_OK : compose_missing(c, line, compose_name_of(line));
  if (rc) return rc;
  const bool warning = line->value == CPMI_VALUE_WARNING;
  if (line->name == CPM_SIP_REQUEST_URI) {
    c->uri_from = from;
    c->uri_len = c->out.n - from;
  }
  if (line->name != CPM_SIP_REQUEST_URI)
    compose_field(c, (cpm_sip_header)line->name, cpm_str_none(), from, warning ? c->row->spec : line->spec,
                  warning ? c->row->clauses : line->clauses);
  else if (c->sip)
    c->sip->request_uri = compose_since(c, from);
  return CPM_OK;
}

static bool compose_applies(const compose *c, const cpmi_line *line) {
  return line->level != CPMI_SHALL_NOT && line->level != CPMI_EXACTLY_ONE && cpmi_guard_holds(c->v, line->when);
}

/* ---- bodies -------------------------------------------------------------------------------------------------------- */

typedef struct compose_prefix { const char *name, *prefix, *ns; } compose_prefix;
#define COMPOSE_PREFIX_CORE ""
#define COMPOSE_PREFIX_IMDN "imdn"
#define COMPOSE_PREFIX_CPM  "cpm"
#define COMPOSE_CPIM(id, ns, name) { name, COMPOSE_PREFIX_##ns, CPM_CPIM_NS_##ns },
static const compose_prefix compose_cpim_names[] = { { "", "", "" }, CPM_CPIM_HEADERS(COMPOSE_CPIM) };

static void compose_namespace(compose *c, const compose_prefix *x, unsigned *bound) {
  const unsigned bit = x->prefix[0] == 'i' ? 1u : 2u;
  if (!x->prefix[0] || (*bound & bit)) return;
  *bound |= bit;
  cpmi_put_z(&c->out, "NS: ");
  cpmi_put_z(&c->out, x->prefix);
  cpmi_put_z(&c->out, " <");
  cpmi_put_z(&c->out, x->ns);
  cpmi_put_z(&c->out, ">\r\n");
}

static int compose_body_line(compose *c, const cpmi_recipe *r);

static void compose_cpim_name(compose *c, const compose_prefix *x, const char *name) {
  cpmi_put_z(&c->out, x->prefix);
  if (x->prefix[0]) cpmi_put_char(&c->out, '.');
  cpmi_put_z(&c->out, name);
  cpmi_put_z(&c->out, ": ");
}

/* A line for each address of the field but the last, and the value of the last one. */
static int compose_addresses(compose *c, const cpmi_line *line, const compose_prefix *x, const char *name) {
  cpm_str rest = compose_record(c, line->what);
  cpm_address a;
  int rc = CPM_END;
  while (rest.p && cpm_address_next(&rest, &a, NULL, NULL) == CPM_OK) {
    if (rc == CPM_OK) {
      cpmi_put_z(&c->out, "\r\n");
      compose_cpim_name(c, x, name);
    }
    rc = compose_angle(c, a.uri);
  }
  return rc;
}

/* One header of the CPIM or MIME block; left out again when it has no value. */
static int compose_cpim_line(compose *c, const cpmi_line *line, unsigned *bound) {
  const size_t from = c->out.n;
  const unsigned was_bound = *bound;
  const bool mime = line->place == CPMI_PLACE_MIME;
  const compose_prefix *x = &compose_cpim_names[mime ? 0 : line->name];
  const char *name = mime ? cpm_sip_header_name((cpm_sip_header)line->name).p : x->name;
  compose_namespace(c, x, bound);
  compose_cpim_name(c, x, name);
  const int rc = line->value == CPMI_VALUE_ADDRS ? compose_addresses(c, line, x, name) : compose_value(c, line);
  if (rc == CPM_OK) cpmi_put_z(&c->out, "\r\n");
  if (rc != CPM_END) return rc;
  c->out.n = from;
  *bound = was_bound;
  return line->level == CPMI_SHALL ? compose_missing(c, line, name) : CPM_OK;
}

static int compose_cpim(compose *c, const cpmi_recipe *r) {
  unsigned bound = 0;
  for (unsigned place = CPMI_PLACE_CPIM; place <= CPMI_PLACE_MIME; place++) {
    for (size_t i = 0; i < r->nlines; i++) {
      if (r->lines[i].place != place || !compose_applies(c, &r->lines[i])) continue;
      const int rc = compose_cpim_line(c, &r->lines[i], &bound);
      if (rc) return rc;
    }
    cpmi_put_z(&c->out, "\r\n");
  }
  return compose_body_line(c, r);
}

static int compose_entry(compose *c, const cpm_entry *e) {
  const int rc = cpm_resource_lists_entry(c->out.p, c->out.p ? c->out.cap : 0, &c->out.n, e, c->diag);
  return rc == CPM_E_SPACE ? CPM_OK : rc;
}

static int compose_list_field(compose *c, unsigned field) {
  const cpm_str record = compose_record(c, field);
  cpm_entry e;
  size_t n = 0;
  for (size_t at = 0; cpmi_list_next(record, &at, &e); n++) {
    const int rc = compose_entry(c, &e);
    if (rc) return rc;
  }
  return n ? CPM_OK : CPM_END;
}

static int compose_list_plus(compose *c, unsigned field) {
  const cpm_str uri = compose_record(c, field), record = cpmi_text(c->v->p, c->v->m, CPM_NO_LEG, CPM_FIELD_members);
  cpm_entry e;
  if (!uri.p) return CPM_END;
  for (size_t at = 0; cpmi_list_next(record, &at, &e);)
    if (cpm_uri_text_equal(e.uri, uri)) return CPM_OK;
  memset(&e, 0, sizeof e);
  e.uri = uri;
  e.copy_control = CPM_COPY_TO;
  return compose_entry(c, &e);
}

/* The entry that leg k was made for; false for legs that are a second attempt. */
static bool compose_leg_entry(const compose *c, uint32_t k, cpm_entry *out) {
  const cpmi_env *v = c->v;
  if (cpmi_leg_at(v->p, v->m, k)->kind != CPMI_KIND_member) return false;
  memset(out, 0, sizeof *out);
  out->uri = cpmi_text(v->p, v->m, k, CPM_FIELD_uri);
  const int64_t copy = cpmi_number(v->p, v->m, k, CPM_FIELD_copy_control);
  out->copy_control = copy >= CPM_COPY_NONE && copy <= CPM_COPY_BCC ? (cpm_copy_control)copy : CPM_COPY_BCC;
  out->anonymize = cpmi_is_set(v->p, v->m, k, CPM_FIELD_anonymize);
  return true;
}

static cpm_history compose_history_of(const compose *c) {
  cpm_history history = { { 0 }, 0 };
  cpm_entry e;
  for (uint32_t k = 0; k < c->v->p->nlegs; k++)
    if (compose_leg_entry(c, k, &e)) cpm_history_add(&history, &e);
  return history;
}

/* The document that COMPOSE made of it, and that every message refers to. */
static cpm_str compose_made(const compose *c, const cpmi_recipe *r) {
  return r == &cpmi_recipe_history_list ? cpmi_text(c->v->p, c->v->m, CPM_NO_LEG, CPM_FIELD_history) : cpm_str_none();
}

static int compose_history(compose *c) {
  cpm_history history = compose_history_of(c);
  cpm_entry e;
  for (uint32_t k = 0; k < c->v->p->nlegs; k++) {
    if (!compose_leg_entry(c, k, &e)) continue;
    const int rc = cpm_history_entry(c->out.p, c->out.p ? c->out.cap : 0, &c->out.n, &history, &e, c->diag);
    if (rc && rc != CPM_E_SPACE) return rc;
  }
  return CPM_OK;
}

static int compose_entries(compose *c, const cpmi_line *line) {
  switch (line->value) {
  case CPMI_VALUE_LIST:      return compose_list_field(c, line->what);
  case CPMI_VALUE_LIST_PLUS: return compose_list_plus(c, line->what);
  default:                   return compose_history(c);
  }
}

/* A piece of its own: the bytes lie in the block. */
static void compose_shared(compose *c, cpm_str bytes) {
  compose_flush(c);
  if (c->pieces && c->npieces < CPM_SIP_PIECES) c->pieces[c->npieces] = (cpm_piece){ bytes, 0, 0 };
  c->npieces++;
}

static int compose_new_list(compose *c, const cpmi_recipe *r) {
  cpm_resource_lists_start(c->out.p, c->out.p ? c->out.cap : 0, &c->out.n, NULL);
  for (size_t i = 0; i < r->nlines; i++) {
    const cpmi_line *line = &r->lines[i];
    if (!compose_applies(c, line)) continue;
    const int rc = compose_entries(c, line);
    if (rc == CPM_END && line->level == CPMI_SHALL) return compose_missing(c, line, "entry");
    if (rc && rc != CPM_END) return rc;
  }
  cpm_resource_lists_end(c->out.p, c->out.p ? c->out.cap : 0, &c->out.n, NULL);
  return CPM_OK;
}

static int compose_list(compose *c, const cpmi_recipe *r) {
  const cpm_str made = compose_made(c, r);
  if (!made.p) return compose_new_list(c, r);
  compose_shared(c, made);
  return CPM_OK;
}

static int compose_imdn(compose *c, unsigned status) {
  cpm_imdn imdn;
  memset(&imdn, 0, sizeof imdn);
  imdn.message_id = compose_record(c, CPM_FIELD_message_id);
  imdn.datetime = compose_record(c, CPM_FIELD_sent_at_text);
  imdn.recipient_uri = c->v->a->address;
  imdn.original_recipient_uri = compose_record(c, CPM_FIELD_original_to);
  imdn.status = (cpm_imdn_status)status;
  size_t n = 0;
  const int rc = cpm_imdn_encode(NULL, 0, &n, &imdn, c->diag);
  char *dst = compose_room(c, n);
  if (rc == CPM_OK && dst) cpm_imdn_encode(dst, n, &n, &imdn, NULL);
  return compose_sized(c, rc, n);
}

/* Does it carry the octets that TAKE took? */
static bool compose_is_window(const cpmi_recipe *r) {
  for (size_t i = 0; i < r->nlines; i++)
    if (r->lines[i].value == CPMI_VALUE_WINDOW) return true;
  return false;
}

/* Of a SEND that carries what TAKE took, these octets. */
/* RFC 3994 3.1: an active composer says how long that counts, an idle one since when he is. */
static int compose_composing(compose *c, unsigned field) {
  const cpmi_env *v = c->v;
  char since[CPM_DATETIME_LEN];
  size_t n = 0;
  cpm_iscomposing doc = { .active = cpmi_number(v->p, v->m, v->leg, (cpm_field)field) == CPM_COMPOSING_active };
  const int64_t last = cpmi_number(v->p, v->m, v->leg, CPM_FIELD_last_active);
  if (doc.active) doc.refresh = v->a->composing_refresh_ms * 2 / 1000;
  else if (last > 0 && cpm_datetime_encode(since, sizeof since, &n, last, NULL) == CPM_OK) doc.lastactive = cpm_str_of(since, n);
  doc.contenttype = compose_record(c, CPM_FIELD_composing_type);
  const int rc = cpm_iscomposing_encode(NULL, 0, &n, &doc, c->diag);
  char *dst = compose_room(c, n);
  if (rc == CPM_OK && dst) cpm_iscomposing_encode(dst, n, &n, &doc, NULL);
  return compose_sized(c, rc, n);
}

static int compose_content(compose *c, const cpmi_line *line, bool window) {
  cpmi_content content;
  const cpm_str record = compose_record(c, line->what);
  if (record.n != sizeof content) return compose_missing(c, line, "content");
  memcpy(&content, record.p, sizeof content);
  if (window) {
    content.len = c->v->p->trigger.len;
    content.off += (uint64_t)cpmi_number(c->v->p, c->v->m, c->v->leg, CPM_FIELD_pushed) - content.len;
  }
  compose_host(c, content.item, content.off, content.len);
  return CPM_OK;
}

/* ---- session descriptions ------------------------------------------------------------------------------------------ */

static int compose_sdp_line(compose *c, const cpmi_line *line) {
#define COMPOSE_ATTRIBUTE(name, attribute, doc) attribute,
  static const char *const attributes[] = { CPM_SDP_LINES(COMPOSE_ATTRIBUTE) };
  const size_t from = c->out.n;
  cpmi_put_z(&c->out, "a=");
  cpmi_put_z(&c->out, attributes[line->name]);
  const int rc = compose_value(c, line);
  if (rc == CPM_OK) cpmi_put_z(&c->out, "\r\n");
  if (rc != CPM_END) return rc;
  c->out.n = from;
  return line->level == CPMI_SHALL ? compose_missing(c, line, attributes[line->name]) : CPM_OK;
}

/* IN IP4 192.0.2.1 */
static void compose_connection(compose *c) {
  const cpm_str address = c->v->a->media_address;
  cpmi_put_z(&c->out, memchr(address.p, ':', address.n) ? "IN IP6 " : "IN IP4 ");
  cpmi_put(&c->out, address);
  cpmi_put_z(&c->out, "\r\n");
}

/* The session is named by the second in which it was first described, its versions are counted (RFC 3264 8). */
static void compose_session(compose *c) {
  const int64_t first = cpmi_number(c->v->p, c->v->m, CPM_NO_LEG, CPM_FIELD_described), now = first ? first : c->v->p->trigger.now;
  cpmi_put_z(&c->out, "v=0\r\no=- ");
  cpmi_put_number(&c->out, now > 0 ? (uint64_t)now / 1000u : 0);
  cpmi_put_char(&c->out, ' ');
  cpmi_put_number(&c->out, 1 + (uint64_t)cpmi_number(c->v->p, c->v->m, CPM_NO_LEG, CPM_FIELD_versions));
  cpmi_put_char(&c->out, ' ');
  compose_connection(c);
  cpmi_put_z(&c->out, "s=-\r\nc=");
  compose_connection(c);
}

/* A leg that is over has port 0, and nothing more is said of it (RFC 3264 8.2). */
static int compose_m_line(compose *c, const cpmi_recipe *r, bool of_leg) {
  const cpmi_env *v = c->v;
  const bool over = of_leg && (cpmi_state_set(CPMI_STATE_over) >> cpmi_leg_at(v->p, v->m, v->leg)->state & 1u);
  const cpm_str as_offered = over ? compose_record(c, CPM_FIELD_m_line) : cpm_str_none();
  cpmi_put_z(&c->out, "m=");
  if (as_offered.n) cpmi_put(&c->out, as_offered);
  else {
    cpmi_put_z(&c->out, "message ");
    cpmi_put_number(&c->out, over ? 0 : v->a->media_port);
    cpmi_put_z(&c->out, v->a->media_secure ? " TCP/TLS/MSRP *" : " TCP/MSRP *");
  }
  cpmi_put_z(&c->out, "\r\n");
  for (size_t i = 0; !over && i < r->nlines; i++) {
    if (r->lines[i].place != CPMI_PLACE_SDP || !compose_applies(c, &r->lines[i])) continue;
    const int rc = compose_sdp_line(c, &r->lines[i]);
    if (rc) return rc;
  }
  return CPM_OK;
}

/* A line of theirs; an m line with port 0. */
static void compose_sdp_refused(compose *c, const cpm_sip_field *line) {
  cpm_str rest = line->value, word;
  cpmi_put(&c->out, line->name);
  for (unsigned i = 0; cpm_sdp_word_next(&rest, &word) == CPM_OK; i++) {
    cpmi_put_char(&c->out, i ? ' ' : '=');
    cpmi_put(&c->out, i == 1 && line->name.p[0] == 'm' ? cpm_str_z("0") : word);
  }
  cpmi_put_z(&c->out, "\r\n");
}

/* An m line for each of theirs, and their times (RFC 3264 6). */
static int compose_sdp_answer(compose *c, const cpmi_recipe *r, cpm_str offer) {
  const int64_t ours = cpmi_number(c->v->p, c->v->m, c->v->leg, CPM_FIELD_media_line);
  cpm_sip_field line;
  int64_t m = 0;
  int rc = CPM_OK;
  for (size_t at = 0; rc == CPM_OK && cpmi_kept_next(offer, &at, &line);) {
    const bool media = line.name.n && line.name.p[0] == 'm';
    if (media && m++ == ours) rc = compose_m_line(c, r, false);
    else if (line.name.n) compose_sdp_refused(c, &line);
  }
  return rc;
}

static int compose_sdp(compose *c, const cpmi_recipe *r) {
  const cpm_str offer = r->kind == CPMI_RECIPE_SDP_ANSWER ? compose_kept_in(c, CPM_FIELD_offer) : cpm_str_none();
  if (!c->v->a->media_address.n) return compose_missing(c, r->lines, "media_address");
  compose_session(c);
  if (offer.n) return compose_sdp_answer(c, r, offer);
  cpmi_put_z(&c->out, "t=0 0\r\n");
  return compose_m_line(c, r, false);
}

/* An m line for each leg, in their order. */
static int compose_files(compose *c, const cpmi_recipe *r) {
  const cpmi_env *const whole = c->v;
  int rc = CPM_OK;
  if (!whole->a->media_address.n) return compose_missing(c, r->lines, "media_address");
  compose_session(c);
  cpmi_put_z(&c->out, "t=0 0\r\n");
  for (uint32_t k = 0; k < whole->p->nlegs && rc == CPM_OK; k++) {
    cpmi_env leg = *whole;
    leg.leg = k;
    c->v = &leg;
    rc = compose_m_line(c, r, true);
  }
  c->v = whole;
  return rc;
}

static int compose_recipe_body(compose *c, const cpmi_recipe *r) {
  switch (r->kind) {
  case CPMI_RECIPE_SDP_BODY:
  case CPMI_RECIPE_SDP_ANSWER: return compose_sdp(c, r);
  case CPMI_RECIPE_FILES_BODY: return compose_files(c, r);
  case CPMI_RECIPE_CPIM_BODY: return compose_cpim(c, r);
  case CPMI_RECIPE_LIST_BODY: return compose_list(c, r);
  default:                    return compose_body_line(c, r);
  }
}

static int compose_body_value(compose *c, const cpmi_line *line, bool window) {
  switch (line->value) {
  case CPMI_VALUE_CHUNK:   compose_host(c, c->v->p->trigger.item, 0, c->v->p->trigger.len); return CPM_OK;
  case CPMI_VALUE_RECIPE:  return compose_recipe_body(c, cpmi_recipes[line->what]);
  case CPMI_VALUE_CONTENT: return compose_content(c, line, window);
  case CPMI_VALUE_COMPOSING: return compose_composing(c, line->what);
  default:                 return compose_imdn(c, line->what);
  }
}

/* The content of a body that has no parts. */
static int compose_body_line(compose *c, const cpmi_recipe *r) {
  const cpmi_line *none = NULL;
  bool any = false;
  for (size_t i = 0; i < r->nlines; i++) {
    if (r->lines[i].place != CPMI_PLACE_BODY) continue;
    none = &r->lines[i];
    if (!compose_applies(c, none)) continue;
    const int rc = compose_body_value(c, none, compose_is_window(r));
    if (rc) return rc;
    any = true;
  }
  return any || !none ? CPM_OK : compose_missing(c, none, "body");
}

/* The media type of a body: the recipe's, or what its MIME line says. */
static int compose_type(compose *c, const cpmi_recipe *r) {
  if (r->type) { cpmi_put_z(&c->out, r->type); return CPM_OK; }
  for (size_t i = 0; i < r->nlines; i++) {
    if (r->lines[i].place != CPMI_PLACE_MIME || r->lines[i].name != CPM_SIP_CONTENT_TYPE) continue;
    const int rc = compose_value(c, &r->lines[i]);
    return rc == CPM_END ? compose_missing(c, &r->lines[i], "Content-Type") : rc;
  }
  return CPM_OK;
}

/* ---- multipart ----------------------------------------------------------------------------------------------------- */

static size_t compose_runs(const compose *c, const cpmi_line *line, cpmi_parts_record *head) {
  const cpm_str record = compose_record(c, line->what);
  if (record.n < sizeof *head) return 0;
  memcpy(head, record.p, sizeof *head);
  return head->n <= (record.n - sizeof *head) / sizeof(cpmi_part_run) ? (size_t)head->n : 0;
}

/* Parts that a BODY line gives. A history without entries is no part. */
static size_t compose_part_count(const compose *c, const cpmi_line *line) {
  cpmi_parts_record head;
  if (line->value == CPMI_VALUE_PARTS) return compose_runs(c, line, &head);
  if (line->value == CPMI_VALUE_RECIPE && line->what == CPMI_RECIPE_history_list) return compose_made(c, &cpmi_recipe_history_list).p != NULL;
  return 1;
}

static void compose_boundary(compose *c) {
  static const char hex[] = "0123456789abcdef";
  cpmi_put_z(&c->out, "cpm-");
  for (size_t i = CPM_RANDOM_NEED - 16; i < CPM_RANDOM_NEED; i++) {
    cpmi_put_char(&c->out, hex[c->v->p->trigger.random[i] >> 4]);
    cpmi_put_char(&c->out, hex[c->v->p->trigger.random[i] & 15u]);
  }
}

static void compose_delimiter(compose *c, bool last) {
  cpmi_put_z(&c->out, "--");
  compose_boundary(c);
  cpmi_put_z(&c->out, last ? "--\r\n" : "\r\n");
}

static void compose_mime_line(compose *c, cpm_sip_header id, cpm_str value) {
  cpmi_put(&c->out, cpm_sip_header_name(id));
  cpmi_put_z(&c->out, ": ");
  cpmi_put(&c->out, value);
  cpmi_put_z(&c->out, "\r\n");
}

/* The Content- fields of a received body that was not multipart: they belong to it wherever it goes. */
static void compose_own_content_lines(compose *c) {
  cpm_sip_field f;
  for (size_t at = 0; cpmi_kept_next(compose_kept(c), &at, &f);)
    if (compose_is_content(f.id)) compose_mime_line(c, f.id, f.value);
  cpmi_put_z(&c->out, "\r\n");
}

static void compose_received_parts(compose *c, const cpmi_line *line) {
  cpmi_parts_record head;
  const cpm_str record = compose_record(c, line->what);
  const size_t n = compose_runs(c, line, &head);
  for (size_t i = 0; i < n; i++) {
    cpmi_part_run run;
    memcpy(&run, record.p + sizeof head + i * sizeof run, sizeof run);
    compose_delimiter(c, false);
    if (run.head_len == 0) compose_own_content_lines(c);
    compose_host(c, head.item, run.head_off, run.head_len + run.body_len);
    cpmi_put_z(&c->out, "\r\n");
  }
}

static int compose_made_part(compose *c, const cpmi_line *line) {
  const cpmi_recipe *r = cpmi_recipes[line->what];
  compose_delimiter(c, false);
  cpmi_put(&c->out, cpm_sip_header_name(CPM_SIP_CONTENT_TYPE));
  cpmi_put_z(&c->out, ": ");
  int rc = compose_type(c, r);
  if (rc) return rc;
  cpmi_put_z(&c->out, "\r\n");
  if (r->disposition) compose_mime_line(c, CPM_SIP_CONTENT_DISPOSITION, cpm_str_z(r->disposition));
  cpmi_put_z(&c->out, "\r\n");
  rc = compose_recipe_body(c, r);
  cpmi_put_z(&c->out, "\r\n");
  return rc;
}

static int compose_multipart(compose *c, const cpmi_recipe *r) {
  for (size_t i = 0; i < r->nlines; i++) {
    const cpmi_line *line = &r->lines[i];
    if (line->place != CPMI_PLACE_BODY || !compose_applies(c, line) || !compose_part_count(c, line)) continue;
    if (line->value == CPMI_VALUE_PARTS) { compose_received_parts(c, line); continue; }
    const int rc = compose_made_part(c, line);
    if (rc) return rc;
  }
  compose_delimiter(c, true);
  return CPM_OK;
}

/* ---- a whole body -------------------------------------------------------------------------------------------------- */

static void compose_content_field(compose *c, cpm_sip_header id, cpm_str value, const cpmi_line *line) {
  const size_t from = c->out.n;
  cpmi_put(&c->out, value);
  compose_field(c, id, cpm_str_none(), from, line->spec, line->clauses);
}

/* The received body alone, as it came. */
static void compose_single_run(compose *c, const cpmi_line *line) {
  cpmi_parts_record head;
  cpmi_part_run run;
  cpm_sip_field f;
  compose_runs(c, line, &head);
  memcpy(&run, compose_record(c, line->what).p + sizeof head, sizeof run);
  const cpm_str type = compose_record(c, CPM_FIELD_body_type);
  if (type.n) compose_content_field(c, CPM_SIP_CONTENT_TYPE, type, line);   /* a body without: passed on without */
  for (size_t at = 0; run.head_len == 0 && cpmi_kept_next(compose_kept(c), &at, &f);)
    if (compose_is_content(f.id) && f.id != CPM_SIP_CONTENT_TYPE) compose_content_field(c, f.id, f.value, line);
  c->mark = c->out.n;
  compose_host(c, head.item, run.body_off, run.body_len);
}

static int compose_single(compose *c, const cpmi_line *line) {
  if (line->value == CPMI_VALUE_PARTS) { compose_single_run(c, line); return CPM_OK; }
  const cpmi_recipe *r = cpmi_recipes[line->what];
  const size_t from = c->out.n;
  const int rc = compose_type(c, r);
  if (rc) return rc;
  compose_field(c, CPM_SIP_CONTENT_TYPE, cpm_str_none(), from, line->spec, line->clauses);
  if (r->disposition) compose_content_field(c, CPM_SIP_CONTENT_DISPOSITION, cpm_str_z(r->disposition), line);
  c->mark = c->out.n;
  return compose_recipe_body(c, r);
}

static int compose_body(compose *c, const cpmi_recipe *r) {
  const cpmi_line *only = NULL;
  size_t n = 0;
  bool wrap = false;
  for (size_t i = 0; i < r->nlines; i++) {
    const cpmi_line *line = &r->lines[i];
    cpmi_parts_record head = { 0, 0, 0 };
    if (line->place != CPMI_PLACE_BODY || !compose_applies(c, line)) continue;
    const size_t parts = compose_part_count(c, line);
    if (line->value == CPMI_VALUE_PARTS) compose_runs(c, line, &head);
    wrap |= head.wrap != 0;
    if (parts) only = line;
    n += parts;
  }
  if (n == 0) return CPM_OK;
  int rc;
  if (n == 1 && !wrap) rc = compose_single(c, only);
  else {
    const size_t from = c->out.n;
    cpmi_put_z(&c->out, "multipart/mixed;boundary=\"");
    compose_boundary(c);
    cpmi_put_char(&c->out, '"');
    compose_field(c, CPM_SIP_CONTENT_TYPE, cpm_str_none(), from, only->spec, only->clauses);
    c->mark = c->out.n;
    rc = compose_multipart(c, r);
  }
  compose_flush(c);
  if (!rc && c->host > SIZE_MAX / 2) rc = cpmi_fail(c->diag, CPM_E_TOO_LONG, 0, "content", NULL);
  return rc ? rc : c->npieces > CPM_SIP_PIECES ? cpmi_fail(c->diag, CPM_E_TOO_MANY, 0, "body parts", NULL) : CPM_OK;
}

/* Of the lines with this one's name one must apply: an ENUM field that is not set lets none of them. */
static bool compose_has_one(const compose *c, const cpmi_recipe *r, const cpmi_line *exact) {
  for (size_t i = 0; i < r->nlines; i++)
    if (r->lines[i].place == exact->place && r->lines[i].name == exact->name && compose_applies(c, &r->lines[i])) return true;
  return false;
}

static int compose_message(compose *c, const cpmi_recipe *r) {
  for (size_t i = 0; i < r->nlines; i++) {
    const cpmi_line *line = &r->lines[i];
    if (line->place != CPMI_PLACE_SIP) continue;
    if (line->level == CPMI_EXACTLY_ONE && !compose_has_one(c, r, line)) return compose_missing(c, line, compose_name_of(line));
    const int rc = compose_applies(c, line) ? compose_sip_line(c, r, line) : CPM_OK;
    if (rc) return rc;
  }
  c->mark = c->out.n;
  return compose_body(c, r);
}

/* ---- MSRP ---------------------------------------------------------------------------------------------------------- */

static cpm_msrp_failure compose_failure(cpm_str text) {
  if (cpm_str_ieq(text, cpm_str_z("no"))) return CPM_MSRP_FAILURE_NO;
  return cpm_str_ieq(text, cpm_str_z("partial")) ? CPM_MSRP_FAILURE_PARTIAL : CPM_MSRP_FAILURE_YES;
}

static void compose_msrp_member(cpm_msrp *m, unsigned header, cpm_str text) {
  switch (header) {
  case CPM_MSRP_TO_PATH:        m->to_path = text; break;
  case CPM_MSRP_FROM_PATH:      m->from_path = text; break;
  case CPM_MSRP_MESSAGE_ID:     m->message_id = text; break;
  case CPM_MSRP_SUCCESS_REPORT: m->success_report = cpm_str_ieq(text, cpm_str_z("yes")); break;
  case CPM_MSRP_FAILURE_REPORT: m->failure_report = compose_failure(text); break;
  default:                      m->content_type = text; break;
  }
}

/* What TAKE took, or a message of no octets. More than may go without a break end where they end (RFC 4975 7.1.1). */
static cpm_msrp_range compose_window(const compose *c, bool taken) {
  const cpmi_env *v = c->v;
  const uint64_t to = (uint64_t)cpmi_number(v->p, v->m, v->leg, CPM_FIELD_pushed), n = v->p->trigger.len;
  if (!taken) return (cpm_msrp_range){ 1, 0, 0 };
  return (cpm_msrp_range){ to - n + 1, n > CPM_MSRP_CHUNK ? CPM_MSRP_ANY : to, (uint64_t)cpmi_number(v->p, v->m, v->leg, CPM_FIELD_size) };
}

/* Leaves n octets from `from` on of the content that was composed. */
static void compose_cut(compose *c, uint64_t from, uint64_t n) {
  unsigned kept = 0;
  for (unsigned i = 0; c->pieces && i < c->npieces && i < CPM_SIP_PIECES; i++) {
    cpm_piece p = c->pieces[i];
    const uint64_t skip = from < p.bytes.n ? from : p.bytes.n, rest = p.bytes.n - skip, take = rest < n ? rest : n;
    from -= skip;
    n -= take;
    if (!take) continue;
    if (p.bytes.p) p.bytes.p += skip;
    else p.off += skip;
    p.bytes.n = (size_t)take;
    c->pieces[kept++] = p;
  }
  if (c->pieces) c->npieces = kept;
}

static cpm_msrp_range compose_range(const compose *c, const cpmi_line *line) {
  const uint64_t all = line->value == CPMI_VALUE_ALL_OF ? (uint64_t)cpmi_number(c->v->p, c->v->m, c->v->leg, (cpm_field)line->what) : 0;
  switch (line->value) {
  case CPMI_VALUE_RANGE:  return c->v->p->trigger.range;
  case CPMI_VALUE_ALL_OF: return (cpm_msrp_range){ 1, all, all };
  default:                return compose_window(c, line->value == CPMI_VALUE_WINDOW);
  }
}

/* Of an MSRP response; none came: RFC 4975 7.1.1. */
static unsigned compose_status(const cpmi_env *v, unsigned field) {
  const int64_t status = cpmi_number(v->p, v->m, v->leg, (cpm_field)field);
  return status >= 200 && status <= 999 ? (unsigned)status : 408;
}

static int compose_msrp_line(compose *c, const cpmi_line *line, cpm_msrp *m) {
  const size_t from = c->out.n;
  if (line->name == CPM_MSRP_STATUS) {
    m->report_status = compose_status(c->v, line->what);
    return CPM_OK;
  }
  if (line->name == CPM_MSRP_BYTE_RANGE) {
    m->has_range = true;
    m->range = compose_range(c, line);
    return CPM_OK;
  }
  const int rc = compose_value(c, line);
  if (rc == CPM_END && line->level == CPMI_SHALL) return compose_missing(c, line, cpm_msrp_header_name((cpm_msrp_header)line->name).p);
  if (rc == CPM_OK) compose_msrp_member(m, line->name, compose_since(c, from));
  return rc == CPM_END ? CPM_OK : rc;
}

/* Is the body composed as a whole, and the window cut out of it? Of content of the host no more than the window was taken. */
static bool compose_cuts(const cpmi_recipe *r) {
  bool whole = false;
  for (size_t i = 0; i < r->nlines; i++) whole |= r->lines[i].place == CPMI_PLACE_BODY && r->lines[i].value == CPMI_VALUE_RECIPE;
  return whole && compose_is_window(r);
}

static bool compose_goes_whole(const cpmi_recipe *r) {
  for (size_t i = 0; i < r->nlines; i++)
    if (r->lines[i].value == CPMI_VALUE_ALL) return true;
  return false;
}

/* All of a message of n octets. More than may go without a break end where they end. */
static cpm_msrp_range compose_all(uint64_t n) { return (cpm_msrp_range){ 1, n > CPM_MSRP_CHUNK ? CPM_MSRP_ANY : n, n }; }

/* How the message goes on behind these octets: of a chunk that is passed on as it came, of our own by what is left of it. */
static char compose_flag(const compose *c, const cpmi_recipe *r, const cpm_msrp *m) {
  for (size_t i = 0; i < r->nlines; i++)
    if (r->lines[i].value == CPMI_VALUE_RANGE) return c->v->p->trigger.flag ? c->v->p->trigger.flag : '$';
  return compose_is_window(r) && m->range.start - 1 + c->v->p->trigger.len < m->range.total ? '+' : '$';
}

/* The head of a SEND and what goes with it. */
static int compose_push(compose *c, const cpmi_recipe *r, cpm_msrp *m) {
  for (size_t i = 0; i < r->nlines; i++) {
    if (r->lines[i].place != CPMI_PLACE_MSRP || !compose_applies(c, &r->lines[i])) continue;
    const int rc = compose_msrp_line(c, &r->lines[i], m);
    if (rc) return rc;
  }
  const bool report = r->kind == CPMI_RECIPE_MSRP_REPORT;
  m->method = report ? CPM_MSRP_REPORT : CPM_MSRP_SEND;
  m->method_name = cpm_str_z(report ? "REPORT" : "SEND");
  if (report && !m->report_status) m->report_status = 200;
  m->report_comment = report ? cpm_msrp_comment(m->report_status) : cpm_str_none();
  const size_t from = c->mark = c->out.n;
  const int rc = compose_body_line(c, r);
  compose_flush(c);
  if (compose_cuts(r)) compose_cut(c, m->range.start - 1, c->v->p->trigger.len);
  if (compose_goes_whole(r)) m->range = compose_all(c->out.n - from + c->host);
  m->body = c->npieces != 0;
  if (!m->body) m->content_type = cpm_str_none();
  m->flag = compose_flag(c, r, m);
  if (rc == CPM_OK && c->npieces > CPM_SIP_PIECES) return cpmi_fail(c->diag, CPM_E_TOO_MANY, 0, "content", NULL);
  return rc;
}

/* The other side, by what its session description said. */
static cpm_msrp_media compose_peer(const compose *c) {
  const cpmi_env *v = c->v;
  const cpm_str path = compose_record(c, CPM_FIELD_path), address = compose_record(c, CPM_FIELD_peer_address);
  return (cpm_msrp_media){ .path = path, .address = address,
                           .port = (uint16_t)cpmi_number(v->p, v->m, v->leg, CPM_FIELD_peer_port),
                           .cema = address.p && cpmi_is_set(v->p, v->m, v->leg, CPM_FIELD_peer_cema),
                           .secure = cpmi_is_set(v->p, v->m, v->leg, CPM_FIELD_peer_secure) };
}

/* Where to connect, or who will come. */
static int compose_media(compose *c, cpm_effect_media *out) {
  const bool secure = c->v->a->media_secure != 0;
  const cpm_msrp_media ours = { .cema = true, .secure = secure }, theirs = compose_peer(c);
  const int rc = compose_own_path(c);
  if (rc) return rc == CPM_END ? cpmi_fail(c->diag, CPM_E_MISSING, 0, "media_address", c->row->clauses) : rc;
  out->local_path = compose_since(c, 0);
  out->remote_path = theirs.path;
  out->fingerprint = compose_record(c, CPM_FIELD_peer_fingerprint);
  const bool legacy = c->v->a->msrp_interop != 0;
  if (c->op->op == CPMI_OP_CONNECT) return cpm_msrp_connect(&out->target, &ours, &theirs, legacy, c->diag);
  out->target.secure = secure;
  if (legacy && !theirs.cema) out->target.matching = CPM_MSRP_SESSION;
  return CPM_OK;
}

/* ---- out ----------------------------------------------------------------------------------------------------------- */

int cpmi_body_size(const cpmi_env *env, unsigned recipe, uint64_t *size, cpm_diag *diag) {
  const cpmi_op none = { 0, 0, 0 };
  compose c = { env, &none, NULL, cpmi_out_to(NULL, 0, 0), NULL, 0, NULL, 0, 0, NULL, 0, 0, 0, diag };
  const int rc = compose_recipe_body(&c, cpmi_recipes[recipe]);
  *size = c.host > UINT64_MAX - c.out.n ? UINT64_MAX : c.out.n + c.host;
  return rc;
}

int cpmi_make_doc(cpm_proc *p, const cpmi_env *env, unsigned recipe, cpm_field f, cpm_diag *diag) {
  const cpmi_op none = { 0, 0, 0 };
  compose c = { env, &none, NULL, cpmi_out_to(NULL, 0, 0), NULL, 0, NULL, 0, 0, NULL, 0, 0, 0, diag };
  cpmi_unset(p, env->m, CPM_NO_LEG, f);
  if (!compose_history_of(&c).shown) return CPM_OK;
  const int rc = compose_new_list(&c, cpmi_recipes[recipe]);
  if (rc) return rc;
  const size_t n = c.out.n;
  char *dst = cpmi_room(p, env->m, CPM_NO_LEG, f, n);
  if (!dst) return cpmi_no_room(p, n, diag);
  c.out = cpmi_out_to(dst, n, 0);
  return compose_new_list(&c, cpmi_recipes[recipe]);
}

cpm_str cpmi_request_uri(const cpmi_env *env, unsigned recipe) {
  const cpmi_recipe *r = cpmi_recipes[recipe];
  for (size_t i = 0; i < r->nlines; i++) {
    const cpmi_line *l = &r->lines[i];
    if (l->place != CPMI_PLACE_SIP || l->name != CPM_SIP_REQUEST_URI || l->level != CPMI_SHALL || !cpmi_guard_holds(env, l->when))
      continue;
    if (l->value == CPMI_VALUE_CTX) return cpmi_text(env->p, env->m, env->leg, (cpm_field)l->what);
    return l->value == CPMI_VALUE_OF_AGENT ? cpmi_agent_text(env->a, l->what) : cpm_str_none();
  }
  return cpm_str_none();
}

/* A response that is passed on; a status that RFC 3261 does not have becomes 500. */
static unsigned compose_relayed(const compose *c) {
  const unsigned code = c->v->p->trigger.code;
  return code >= 200 && code <= 699 ? code : 500;
}

/* Status of REFUSE; a field that is no refusal becomes 500. */
static unsigned compose_refused(const compose *c) {
  const int64_t code = c->op->b ? c->op->b : cpmi_number(c->v->p, c->v->m, c->v->leg, CPM_FIELD_status);
  return code >= 300 && code <= 699 ? (unsigned)code : 500;
}

static void compose_start(const compose *c, const cpmi_recipe *r, cpm_sip *sip) {
  if (r->kind == CPMI_RECIPE_RESPONSE) {
    sip->status = c->op->op == CPMI_OP_REFUSE ? compose_refused(c) : r->start ? r->start : compose_relayed(c);
    sip->reason = cpm_sip_reason_phrase(sip->status);
  } else {
    sip->method = (cpm_sip_method)r->start;
    sip->method_name = cpm_sip_method_name(sip->method);
  }
}

/* Field records lie backwards at the end of the buffer: turn them. */
static void compose_turn(const compose *c, cpm_sip *sip) {
  sip->fields = (cpm_sip_field *)(void *)(c->fields - c->nfields * sizeof(cpm_sip_field));
  sip->cap = sip->nfields = c->nfields;
  for (size_t i = 0, j = c->nfields; i + 1 < j; i++) {
    const cpm_sip_field f = sip->fields[i];
    sip->fields[i] = sip->fields[--j];
    sip->fields[j] = f;
  }
  sip->npieces = c->npieces;
}

static uint64_t compose_transaction(const cpmi_env *v) {
  bool present = false;
  const bool held = v->leg != CPM_NO_LEG && cpmi_find(v->p, v->m, v->leg, CPM_FIELD_held, &present) != NULL;
  return (uint64_t)cpmi_number(v->p, v->m, v->leg, held ? CPM_FIELD_held : CPM_FIELD_origin);
}

#define COMPOSE_NAME(name, ...) #name,
#define COMPOSE_PROCEDURE(id, name, doc) name,
static const char *const compose_timers[] = { CPM_TIMERS(COMPOSE_NAME) }, *const compose_notices[] = { CPM_NOTICES(COMPOSE_NAME) },
                         *const compose_questions[] = { CPM_QUESTIONS(COMPOSE_NAME) },
                         *const compose_procedures[] = { CPM_PROCEDURES(COMPOSE_PROCEDURE) },
                         *const compose_items[] = { CPM_ITEMS(COMPOSE_NAME) };
#define COMPOSE_LENGTH(name, length, doc) CPMI_AGENT_##length,
static const uint8_t compose_lengths[] = { CPM_TIMERS(COMPOSE_LENGTH) };

/* The host's handle of what is stored: the event's, or that of the body that the PARTS field keeps. */
static uint64_t compose_item(const cpmi_env *v, unsigned field) {
  cpmi_parts_record head;
  const cpm_str record = field ? cpmi_text(v->p, v->m, v->leg, (cpm_field)field) : cpm_str_none();
  if (record.n < sizeof head) return v->p->trigger.item;
  memcpy(&head, record.p, sizeof head);
  return head.item;
}

/* Effects without a message. */
static void compose_plain(const cpmi_env *v, const cpmi_op *op, cpm_effect *x) {
  x->id = op->b;
  switch (op->op) {
  case CPMI_OP_START:
    x->number = cpmi_agent_number(v->a, compose_lengths[op->b]) * (op->b == CPM_TIMER_session ? 1000u : 1u);
    if (op->a) x->number = (uint64_t)cpmi_number(v->p, v->m, v->leg, (cpm_field)op->a) * 1000u;
    x->name = compose_timers[op->b];
    break;
  case CPMI_OP_STOP:   x->name = compose_timers[op->b]; break;
  case CPMI_OP_ASK:    x->name = compose_questions[op->b]; break;
  case CPMI_OP_TELL:   x->name = compose_notices[op->b]; break;
  case CPMI_OP_STORE:
    x->name = compose_items[op->b];
    x->item = compose_item(v, op->a);
    x->number = op->b == CPM_ITEM_message ? v->p->trigger.range.start - 1 : 0;
    break;
  case CPMI_OP_DROP:   x->name = compose_items[op->b]; x->item = v->p->trigger.item; break;
  case CPMI_OP_FETCH:
    x->id = op->a;
    x->name = compose_items[op->a];
    x->number = op->b ? (uint64_t)cpmi_number(v->p, v->m, v->leg, (cpm_field)op->b) : 0;
    break;
  case CPMI_OP_ENTER:
    x->id = op->a;
    x->name = compose_procedures[op->a];
    x->code = op->b;
    break;
  case CPMI_OP_ACCEPT: x->code = op->b; x->item = v->p->trigger.item; x->id = 0; break;
  case CPMI_OP_ACCEPT_OF: x->code = compose_status(v, op->b); x->item = v->p->trigger.item; x->id = 0; break;
  case CPMI_OP_ACCEPT_ALL: x->code = compose_status(v, op->a); x->name = compose_items[op->b]; break;
  default: break;
  }
}

#define COMPOSE_EFFECT(name, effect, ...) CPM_EFFECT_##effect,
static const uint8_t compose_effects[CPMI_OP_COUNT] = { CPM_EFFECT_NONE, CPM_OPS(COMPOSE_EFFECT) };

int cpmi_compose(const cpmi_env *env, const cpmi_op *op, const cpmi_row *row, char *buf, size_t cap, cpm_effect *out, size_t *need,
                 cpm_diag *diag) {
  memset(out, 0, sizeof *out);
  out->kind = (cpm_effect_kind)compose_effects[op->op];
  out->leg = env->leg;
  out->seq = env->p->seq;
  out->spec = row->spec;
  out->clauses = row->clauses;
  *need = 0;
  const bool sip = out->kind == CPM_EFFECT_SEND || out->kind == CPM_EFFECT_REPLY;
  const bool media = out->kind == CPM_EFFECT_CONNECT || out->kind == CPM_EFFECT_LISTEN;
  if (!sip && !media && out->kind != CPM_EFFECT_PUSH) { compose_plain(env, op, out); return CPM_OK; }

  const cpmi_recipe *r = op->op == CPMI_OP_REFUSE ? &cpmi_recipe_refusal : cpmi_recipes[media ? 0 : op->b];
  char *end = buf ? buf + (cap & ~(size_t)(CPM_PROC_ALIGN - 1)) : NULL;
  compose c = { env, op, row, cpmi_out_to(buf, buf ? (size_t)(end - buf) : 0, 0), end, 0, buf ? &out->sip : NULL, 0, 0,
                !buf ? NULL : sip ? out->sip.pieces : out->content, 0, 0, 0, diag };
  const int rc = sip ? compose_message(&c, r) : media ? compose_media(&c, &out->media) : compose_push(&c, r, &out->msrp);
  if (rc) return rc;
  if (c.out.n > SIZE_MAX / 2) return cpmi_fail(diag, CPM_E_TOO_LONG, 0, "effect", NULL);
  *need = c.out.n + c.nfields * sizeof(cpm_sip_field) + CPM_PROC_ALIGN;
  if (buf && *need > cap) return CPM_E_SPACE;
  out->ncontent = out->kind == CPM_EFFECT_PUSH ? c.npieces : 0;
  if (out->kind == CPM_EFFECT_PUSH) out->item = env->p->trigger.item;
  if (!media) out->name = r->name;
  if (!sip) return CPM_OK;
  compose_start(&c, r, &out->sip);
  out->code = out->sip.status;
  if (out->kind == CPM_EFFECT_REPLY) out->txn = compose_transaction(env);
  else if (r->kind == CPMI_RECIPE_FORKED) out->dialog = env->p->trigger.dialog;
  if (buf) compose_turn(&c, &out->sip);
  return CPM_OK;
}
