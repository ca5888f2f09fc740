/* SPDX-License-Identifier: MIT */
/* compose_value.c - the values of recipe lines (CPM_RECIPE_VALUES), each into the buffer or counted. */
#include "compose.h"
#include <string.h>

typedef struct compose_warning { unsigned number; const char *text; } compose_warning;
#define COMPOSE_WARNING(name, number, text) { number, text },
static const compose_warning compose_warnings[] = { CPM_WARNINGS(COMPOSE_WARNING) };

/* ---- what is written where ----------------------------------------------------------------------------------------- */

int cpmi_compose_missing(compose *c, const cpmi_line *line, const char *what) {
  cpmi_fail(c->diag, CPM_E_MISSING, 0, what, line->clauses);
  if (c->diag) c->diag->spec = line->spec;
  return CPM_E_MISSING;
}

cpm_str cpmi_compose_since(const compose *c, size_t from) {
  return c->out.p && c->out.n <= c->out.cap ? cpm_str_of(c->out.p + from, c->out.n - from) : cpm_str_none();
}

/* A field whose value is what was written since `from`. Its record takes room from the texts. */
void cpmi_compose_field(compose *c, cpm_sip_header id, cpm_str name, size_t from, const char *spec, const char *clauses) {
  c->nfields++;
  if (!c->out.p) return;
  const size_t taken = c->nfields * sizeof(cpm_sip_field), room = (size_t)(c->fields - c->out.p);
  c->out.cap = taken < room ? room - taken : 0;
  if (taken > room || c->out.n > c->out.cap) return;
  const cpm_sip_field field = { id, name.n ? name : cpm_sip_header_name(id), cpmi_compose_since(c, from), spec, clauses };
  memcpy(c->fields - taken, &field, sizeof field);
}

void cpmi_compose_flush(compose *c) {
  if (c->out.n == c->mark) return;
  if (c->pieces && c->npieces < CPM_SIP_PIECES) c->pieces[c->npieces] = (cpm_piece){ cpmi_compose_since(c, c->mark), 0, 0 };
  c->npieces++;
  c->mark = c->out.n;
}

void cpmi_compose_host(compose *c, uint64_t item, uint64_t off, uint64_t len) {
  cpmi_compose_flush(c);
  c->host = len > UINT64_MAX - c->host ? UINT64_MAX : c->host + len;
  if (len == 0) return;
  if (c->pieces && c->npieces < CPM_SIP_PIECES) c->pieces[c->npieces] = (cpm_piece){ { NULL, (size_t)len }, item, off };
  c->npieces++;
}

/* ---- values -------------------------------------------------------------------------------------------------------- */

cpm_str cpmi_compose_record(const compose *c, unsigned field) { return cpmi_text(c->v->p, c->v->m, c->v->leg, (cpm_field)field); }

int cpmi_compose_angle(compose *c, cpm_str uri) {
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
  if (whole) return cpmi_compose_angle(c, cpm_str_of(c->out.p + c->uri_from, c->uri_len));
  c->out.n += c->uri_len + 2;
  return CPM_OK;
}

static int compose_ctx(compose *c, unsigned field) {
  bool present = false;
  if (cpmi_is_record(cpmi_field_type((cpm_field)field))) return compose_put(c, cpmi_compose_record(c, field));
  const cpmi_slot *s = cpmi_find(c->v->p, c->v->m, c->v->leg, (cpm_field)field, &present);
  if (!s || !present) return CPM_END;
  cpmi_put_number(&c->out, *s);
  return CPM_OK;
}

/* A writer of the codecs, into our buffer: its size first, so that a buffer that is too small is counted and not touched. */
int cpmi_compose_sized(compose *c, int rc, size_t n) {
  if (rc) return rc;
  c->out.n += n;
  return CPM_OK;
}

char *cpmi_compose_room(const compose *c, size_t n) {
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
  char *dst = cpmi_compose_room(c, n);
  if (rc == CPM_OK && dst) cpm_datetime_encode(dst, n, &n, ms, NULL);
  return cpmi_compose_sized(c, rc, n);
}

static int compose_time_in(compose *c, unsigned field) {
  bool present = false;
  if (!cpmi_find(c->v->p, c->v->m, c->v->leg, (cpm_field)field, &present) || !present) return CPM_END;
  return compose_time(c, cpmi_number(c->v->p, c->v->m, c->v->leg, (cpm_field)field));
}

/* <sip:alice@192.0.2.33>;+sip.instance="<urn:gsma:imei:...>";+g.3gpp.icsi-ref="...": who is anonymous names no device (rulings O-R46, O-R47) */
static int compose_contact(compose *c, unsigned icsi) {
  const cpm_agent *a = c->v->a;
  const int rc = cpmi_compose_angle(c, a->contact.p ? a->contact : a->gruu.p ? a->gruu : a->address);
  if (rc) return rc;
  if (a->instance.n && !cpmi_is_set(c->v->p, c->v->m, CPM_NO_LEG, CPM_FIELD_anonymous)) {
    cpmi_put_z(&c->out, ";+sip.instance=\"<");
    cpmi_put(&c->out, a->instance);
    cpmi_put_z(&c->out, ">\"");
  }
  cpmi_put_z(&c->out, ";+g.3gpp.icsi-ref=\"");
  cpmi_put_icsi(&c->out, cpm_icsi_urn((cpm_icsi)icsi));
  cpmi_put_char(&c->out, '"');
  return CPM_OK;
}

/* <sip:cf@example.com>;isfocus;+g.3gpp.icsi-ref="...": what names a device or a registration stays behind (ruling O-R9) */
static int compose_contact_of(compose *c, const cpmi_line *line) {
  cpm_str rest = cpmi_compose_record(c, line->what);
  cpm_address a;
  cpm_param p;
  const int rc = cpmi_compose_angle(c, c->v->a->address);
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
  compose_types(c, from, cpmi_compose_record(c, CPM_FIELD_payload_type));
  compose_types(c, from, cpmi_compose_record(c, CPM_FIELD_payload_types));
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
  char *dst = cpmi_compose_room(c, n);
  if (rc == CPM_OK && dst) cpm_disposition_notification_encode(dst, n, &n, set, NULL);
  return cpmi_compose_sized(c, rc, n);
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

cpm_str cpmi_compose_kept_in(const compose *c, unsigned field) {
  return cpmi_text(c->v->p, c->v->m, CPM_NO_LEG, (cpm_field)field);
}
cpm_str cpmi_compose_kept(const compose *c) { return cpmi_compose_kept_in(c, CPM_FIELD_request); }

/* The tokens of every kept field of that name as one list, with (plus) or without the literal. */
static int compose_tokens(compose *c, unsigned id, const char *literal, bool plus) {
  const size_t from = c->out.n;
  cpm_sip_field f;
  for (size_t at = 0; cpmi_kept_next(cpmi_compose_kept(c), &at, &f);) {
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

int cpmi_compose_own_path(compose *c) {
  cpm_msrp_uri uri;
  char session[CPMI_SESSION_ID];
  if (!cpmi_own_uri(c->v, &uri, session)) return CPM_END;
  size_t n = 0;
  const int rc = cpm_msrp_uri_encode(NULL, 0, &n, &uri, c->diag);
  char *dst = cpmi_compose_room(c, n);
  if (rc == CPM_OK && dst) cpm_msrp_uri_encode(dst, n, &n, &uri, NULL);
  return cpmi_compose_sized(c, rc, n);
}

/* What others are told: our relays stand in front (RFC 4976 5.1). */
int cpmi_compose_our_path(compose *c) {
  const cpm_str relays = c->v->a->media_relays;
  cpmi_put(&c->out, relays);
  if (relays.n) cpmi_put_char(&c->out, ' ');
  return cpmi_compose_own_path(c);
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
  const cpm_str urn = cpmi_compose_record(c, CPM_FIELD_peer_device);
  if (!urn.n) return CPM_END;
  if (cpmi_instance_fits(urn) != urn.n) return cpmi_fail(c->diag, CPM_E_VALUE, 0, "peer_device", NULL);
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
int cpmi_compose_value(compose *c, const cpmi_line *line) {
  const cpm_agent *a = c->v->a;
  switch (line->value) {
  case CPMI_VALUE_LIT:           cpmi_put_z(&c->out, line->lit); return CPM_OK;
  case CPMI_VALUE_ICSI:          return compose_put(c, cpm_icsi_urn((cpm_icsi)line->what));
  case CPMI_VALUE_ICSI_TAG:      return compose_icsi_tag(c, line->what);
  case CPMI_VALUE_CTX:           return compose_ctx(c, line->what);
  case CPMI_VALUE_ADDR:          return cpmi_compose_angle(c, cpmi_compose_record(c, line->what));
  case CPMI_VALUE_OF_AGENT:      return compose_put(c, cpmi_agent_text(a, line->what));
  case CPMI_VALUE_ADDR_OF_AGENT: return cpmi_compose_angle(c, cpmi_agent_text(a, line->what));
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
  case CPMI_VALUE_OWN_PATH:      return line->place == CPMI_PLACE_SDP ? cpmi_compose_our_path(c) : cpmi_compose_own_path(c);
  case CPMI_VALUE_ICSI_DEVICE:   return compose_icsi_device(c, line->what);
  case CPMI_VALUE_SPAN:          return compose_span(c);
  case CPMI_VALUE_SIZE:          return compose_size(c, line->what);
  case CPMI_VALUE_NUMBER:        cpmi_put_number(&c->out, cpmi_agent_number(a, line->what)); cpmi_put_z(&c->out, line->lit); return CPM_OK;
  case CPMI_VALUE_CONTACT_OF:    return compose_contact_of(c, line);
  case CPMI_VALUE_NUMBER_IN:     return compose_number_in(c, line);
  default:                       return CPM_END;
  }
}
