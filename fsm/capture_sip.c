/* SPDX-License-Identifier: MIT */
/* capture_sip.c - what SIP says outside of its body: request line, status and header fields. */
#include "capture.h"
#include "cpm/dialog.h"
#include <string.h>

cpm_str cpmi_capture_value(const capture_env *v, unsigned id) {
  return v->e->sip ? cpm_sip_value(v->e->sip, (cpm_sip_header)id) : cpm_str_none();
}

cpm_str cpmi_capture_first_uri(const capture_env *v, unsigned id) {
  cpm_str rest = cpmi_capture_value(v, id);
  cpm_address a;
  return rest.p && cpm_address_next(&rest, &a, NULL, NULL) == CPM_OK && !a.star ? a.uri : cpm_str_none();
}

/* ---- texts --------------------------------------------------------------------------------------------------------- */

/* The first address of the field without its parameters: up to the ">", or the bare URI. */
static cpm_str capture_sip_address(const capture_env *v, unsigned id) {
  const cpm_str value = cpmi_capture_value(v, id);
  cpm_str rest = value;
  cpm_address a;
  if (!value.p || cpm_address_next(&rest, &a, NULL, NULL) != CPM_OK || a.star) return cpm_str_none();
  const char *end = a.uri.p + a.uri.n;
  const bool closed = end < value.p + value.n && *end == '>';
  return closed ? cpm_str_of(value.p, (size_t)(end + 1 - value.p)) : a.uri;
}

/* urn:gsma:imei:... of +sip.instance="<urn:gsma:imei:...>"; nothing that would not fit between quotes. */
static cpm_str capture_sip_instance(const capture_env *v, unsigned id) {
  cpm_str rest = cpmi_capture_value(v, id);
  cpm_contact c;
  const bool reads = rest.p && cpm_contact_next(&rest, &c, NULL, NULL) == CPM_OK;
  return reads && c.instance.n && cpmi_instance_fits(c.instance) == c.instance.n ? c.instance : cpm_str_none();
}

static cpm_str capture_sip_encoding(const capture_env *v) {
  const cpm_str value = cpm_str_trim(cpmi_capture_value(v, CPM_SIP_CONTENT_ENCODING));
  return value.n && !cpm_str_ieq(value, cpm_str_z("identity")) ? value : cpm_str_none();
}

bool cpmi_capture_sip_text(capture_env *v, const cpmi_capture *c, cpm_str *out) {
  switch (c->source) {
  case CPMI_FROM_VALUE:         *out = cpmi_capture_value(v, c->what); return true;
  case CPMI_FROM_URI:           *out = cpmi_capture_first_uri(v, c->what); return true;
  case CPMI_FROM_REQUEST_URI:   *out = v->e->sip ? v->e->sip->request_uri : cpm_str_none(); return true;
  case CPMI_FROM_ADDRESS:       *out = capture_sip_address(v, c->what); return true;
  case CPMI_FROM_INSTANCE:      *out = capture_sip_instance(v, c->what); return true;
  case CPMI_FROM_BODY_ENCODING: *out = capture_sip_encoding(v); return true;
  default: return false;
  }
}

/* ---- features and services ----------------------------------------------------------------------------------------- */

static int64_t capture_sip_release(const capture_env *v, unsigned id) {
  cpm_release r;
  const cpm_str value = cpmi_capture_value(v, id);
  return value.p && cpm_release_find(value, &r) && r.major < 10 && r.minor < 10 ? (int64_t)(r.major * 10 + r.minor) : 0;
}

/* Does a value that is not negated ask for it? What is only not excluded is not asked for. */
static bool capture_sip_asks(cpm_str params, cpm_icsi icsi) {
  cpm_param tag;
  bool asks = false;
  for (cpm_str rest = params; cpm_param_next(&rest, &tag, NULL) == CPM_OK;) {
    cpm_str list = tag.value, urn;
    bool negated;
    if (!cpm_str_ieq(tag.name, cpm_str_z("+g.3gpp.icsi-ref")) || !list.p) continue;
    while (cpm_icsi_next(&list, &urn, &negated) == CPM_OK) asks |= !negated && cpm_icsi_is(urn, icsi, NULL);
  }
  return asks;
}

/* Values of one field's tags are OR, several fields AND (ruling O-R20): each field that has the tag must name the feature, and
 * one must. */
static int64_t capture_sip_tag(const capture_env *v, unsigned id, unsigned icsi) {
  const cpm_str urn = cpm_icsi_urn((cpm_icsi)icsi);
  const cpm_sip_field *f;
  bool found = false;
  for (size_t i = 0; v->e->sip && (f = cpm_sip_find(v->e->sip, (cpm_sip_header)id, &i)) != NULL;) {
    cpm_str rest = f->value;
    cpm_accept_contact a;
    while (cpm_accept_contact_next(&rest, &a, NULL, NULL) == CPM_OK) {
      cpm_param tag;
      if (!cpm_param_find(a.params, "+g.3gpp.icsi-ref", &tag)) continue;
      if (!cpm_icsi_in(a.params, urn, NULL)) return 0;
      found |= capture_sip_asks(a.params, (cpm_icsi)icsi);
    }
  }
  return found;
}

static int64_t capture_sip_has_param(const capture_env *v, unsigned id, cpm_str name) {
  cpm_str rest = cpmi_capture_value(v, id);
  cpm_address a;
  cpm_param p;
  return rest.p && cpm_address_next(&rest, &a, NULL, NULL) == CPM_OK && cpm_param_find(a.params, name.p, &p);
}

static int64_t capture_sip_is_agent(const capture_env *v, unsigned id, unsigned text) {
  const cpm_str uri = cpmi_capture_first_uri(v, id), own = cpmi_agent_text(v->a, text);
  return uri.p && own.p && cpm_uri_text_equal(uri, own);
}

/* The network's word counts first, the peer's wish without it (ruling O-R20). */
static int64_t capture_sip_service(const capture_env *v, unsigned icsi) {
  const cpm_sip_field *f;
  bool said = false;
  for (size_t i = 0; v->e->sip && (f = cpm_sip_find(v->e->sip, CPM_SIP_P_ASSERTED_SERVICE, &i)) != NULL;) {
    cpm_str rest = f->value, service;
    while (cpm_service_next(&rest, &service, NULL, NULL) == CPM_OK) {
      if (cpm_icsi_is(service, (cpm_icsi)icsi, NULL)) return 1;
      said |= cpm_icsi_of(service, NULL) != CPM_ICSI_NONE;
    }
  }
  return said ? 0 : capture_sip_tag(v, CPM_SIP_ACCEPT_CONTACT, icsi);
}

static int64_t capture_sip_privacy(const capture_env *v, unsigned id) {
  unsigned set = 0;
  const cpm_str value = cpmi_capture_value(v, id);
  if (!value.p || cpm_privacy_decode(&set, value, NULL, NULL) != CPM_OK) return 0;
  return (set & (CPM_PRIVACY(ID) | CPM_PRIVACY(USER) | CPM_PRIVACY(HEADER))) != 0;
}

static int64_t capture_sip_addressed(const capture_env *v) {
  const cpm_str uri = v->e->sip ? v->e->sip->request_uri : cpm_str_none();
  if (v->a->cf_uri.p && cpm_uri_text_equal(uri, v->a->cf_uri)) return CPM_ADDRESSED_cf;
  if (v->a->exploder_uri.p && cpm_uri_text_equal(uri, v->a->exploder_uri)) return CPM_ADDRESSED_exploder;
  return CPM_ADDRESSED_predefined;
}

static int64_t capture_sip_expired(const capture_env *v) {
  uint64_t seconds;
  int64_t from = v->e->now;
  const cpm_str expires = cpmi_capture_value(v, CPM_SIP_EXPIRES), date = cpmi_capture_value(v, CPM_SIP_DATE);
  if (!expires.p || cpm_number_decode(&seconds, expires, UINT32_MAX, NULL, NULL) != CPM_OK) return 0;
  if (date.p && cpm_date_decode(&from, date, NULL, NULL, NULL) != CPM_OK) from = v->e->now;
  return v->e->now >= from && (uint64_t)v->e->now - (uint64_t)from >= seconds * 1000;
}

static int64_t capture_sip_allows(const capture_env *v, unsigned method) {
  const cpm_str name = cpm_sip_method_name((cpm_sip_method)method);
  const cpm_sip_field *f;
  for (size_t i = 0; v->e->sip && (f = cpm_sip_find(v->e->sip, CPM_SIP_ALLOW, &i)) != NULL;)
    if (cpm_token_in(f->value, name.p)) return 1;
  return 0;
}

/* The first Reason of protocol SIP that has a cause decides (RFC 3326); what cannot be read is another reason. */
static int64_t capture_sip_reason(const capture_env *v) {
  const cpm_str sip = CPM_STR("SIP");
  const cpm_sip_field *f;
  int64_t found = CPM_REASON_none;
  for (size_t i = 0; v->e->sip && (f = cpm_sip_find(v->e->sip, CPM_SIP_REASON, &i)) != NULL;) {
    cpm_str rest = f->value;
    cpm_reason r;
    found = CPM_REASON_other;
    for (int rc; (rc = cpm_reason_next(&rest, &r, NULL, NULL)) != CPM_END;) {
      if (rc || !r.has_cause || r.cause > 999 || !cpm_str_ieq(r.protocol, sip)) continue;
      if (r.cause == 200) return CPM_REASON_completed;
      return r.cause == 410 ? CPM_REASON_gone : r.cause == 480 ? CPM_REASON_unavailable : CPM_REASON_other;
    }
  }
  return found;
}

static int64_t capture_sip_number_in(const capture_env *v, unsigned id) {
  uint64_t n = 0;
  cpm_str value = cpmi_capture_value(v, id);
  const char *const semi = value.n ? memchr(value.p, ';', value.n) : NULL;
  if (semi) value.n = (size_t)(semi - value.p);
  return value.p && cpm_number_decode(&n, cpm_str_trim(value), UINT32_MAX, NULL, NULL) == CPM_OK ? (int64_t)n : 0;
}

/* ---- session timer (RFC 4028) -------------------------------------------------------------------------------------- */

/* A value that cannot be read names nobody. */
static int64_t capture_sip_refresher(const capture_env *v) {
  cpm_session_expires s;
  return cpm_session_expires_decode(&s, cpmi_capture_value(v, CPM_SIP_SESSION_EXPIRES), NULL, NULL) == CPM_OK && s.refresher == CPM_REFRESHER_UAC;
}

static bool capture_sip_failed(const capture_env *v) {
  const cpm_sip *m = v->e->sip;
  return cpmi_kind_of(v->e->type) == CPMI_RESPONSE_IN && (!m || m->status / 100 != 2);
}

/* What is below the least that RFC 4028 4 allows counts as that. */
static int64_t capture_sip_interval(const capture_env *v, const cpmi_capture *c) {
  cpm_session_expires s;
  if (capture_sip_failed(v)) return cpmi_number(v->p, v->m, cpmi_capture_of(v, c), (cpm_field)c->field);
  if (cpm_session_expires_decode(&s, cpmi_capture_value(v, CPM_SIP_SESSION_EXPIRES), NULL, NULL) != CPM_OK) return 0;
  return s.seconds < CPM_SESSION_EXPIRES_LEAST ? (int64_t)CPM_SESSION_EXPIRES_LEAST : cpmi_capture_bounded(s.seconds);
}

/* A 2xx that names nobody leaves it to us. */
static int64_t capture_sip_refreshes(const capture_env *v) {
  cpm_session_expires s;
  if (capture_sip_failed(v) || cpm_session_expires_decode(&s, cpmi_capture_value(v, CPM_SIP_SESSION_EXPIRES), NULL, NULL) != CPM_OK) return 0;
  return (s.refresher == CPM_REFRESHER_UAS) == (cpmi_kind_of(v->e->type) == CPMI_REQUEST_IN);
}

static int64_t capture_sip_due(const capture_env *v, const cpmi_capture *c) {
  const int64_t n = cpmi_number(v->p, v->m, cpmi_capture_of(v, c), CPM_FIELD_session_interval), margin = n / 3 < 32 ? n / 3 : 32;
  if (capture_sip_failed(v)) return n / 2 - margin;
  return cpmi_is_set(v->p, v->m, cpmi_capture_of(v, c), CPM_FIELD_we_refresh) ? n / 2 : n - margin;
}

bool cpmi_capture_sip_number(capture_env *v, const cpmi_capture *c, int64_t *out) {
  switch (c->source) {
  case CPMI_FROM_STATUS:    *out = v->e->sip ? (int64_t)v->e->sip->status : 0; return true;
  case CPMI_FROM_METHOD:    *out = v->e->sip && v->e->sip->method == (cpm_sip_method)c->what; return true;
  case CPMI_FROM_NUMBER:    *out = capture_sip_number_in(v, c->what); return true;
  case CPMI_FROM_RELEASE:   *out = capture_sip_release(v, c->what); return true;
  case CPMI_FROM_TAG:       *out = capture_sip_tag(v, c->what, c->with); return true;
  case CPMI_FROM_ACCEPTS:   *out = cpm_accept_takes(cpmi_capture_value(v, CPM_SIP_ACCEPT), cpmi_literal(c->what)); return true;
  case CPMI_FROM_PRESENT:   *out = cpmi_capture_value(v, c->what).p != NULL; return true;
  case CPMI_FROM_HAS_PARAM: *out = capture_sip_has_param(v, c->what, cpmi_literal(c->with)); return true;
  case CPMI_FROM_IS_AGENT:  *out = capture_sip_is_agent(v, c->what, c->with); return true;
  case CPMI_FROM_SERVICE:   *out = capture_sip_service(v, c->what); return true;
  case CPMI_FROM_PRIVACY:   *out = capture_sip_privacy(v, CPM_SIP_PRIVACY); return true;
  case CPMI_FROM_ADDRESSED: *out = capture_sip_addressed(v); return true;
  case CPMI_FROM_EXPIRED:   *out = capture_sip_expired(v); return true;
  case CPMI_FROM_ALLOWS:    *out = capture_sip_allows(v, c->what); return true;
  case CPMI_FROM_REASON:    *out = capture_sip_reason(v); return true;
  case CPMI_FROM_REFRESHER: *out = capture_sip_refresher(v); return true;
  case CPMI_FROM_INTERVAL:  *out = capture_sip_interval(v, c); return true;
  case CPMI_FROM_REFRESHES: *out = capture_sip_refreshes(v); return true;
  case CPMI_FROM_DUE:       *out = capture_sip_due(v, c); return true;
  default: return false;
  }
}

/* ---- records ------------------------------------------------------------------------------------------------------- */

static bool capture_sip_is_tel(cpm_str uri) { return uri.n > 4 && cpm_str_ieq(cpm_str_of(uri.p, 4), cpm_str_z("tel:")); }

/* <sip:alice@example.com>;alias="tel:+12025550101" (ruling O-R56) */
static int capture_sip_referrer(capture_env *v, const cpmi_capture *c) {
  capture_joined j = { .n = 0 };
  const cpm_sip_field *f;
  for (size_t i = 0; v->e->sip && j.n < 2 && (f = cpm_sip_find(v->e->sip, (cpm_sip_header)c->what, &i)) != NULL;) {
    cpm_str rest = f->value;
    cpm_address a;
    while (j.n < 2 && cpm_address_next(&rest, &a, NULL, NULL) == CPM_OK) {
      if (a.star || !cpmi_text_fits(CPMI_URI, a.uri)) continue;
      if (j.n == 0) cpmi_capture_join(&j, "<", a.uri, ">");
      else if (capture_sip_is_tel(a.uri) != capture_sip_is_tel(j.piece[0][1])) cpmi_capture_join(&j, ";alias=\"", a.uri, "\"");
    }
  }
  return cpmi_capture_set_joined(v, c, &j);
}

bool cpmi_capture_sip_record(capture_env *v, const cpmi_capture *c, int *rc) {
  switch (c->source) {
  case CPMI_FROM_REQUEST:  *rc = v->e->sip ? cpmi_set_kept(v->p, v->m, (cpm_field)c->field, v->e->sip, v->diag) : CPM_OK; return true;
  case CPMI_FROM_REFERRER: *rc = capture_sip_referrer(v, c); return true;
  default: return false;
  }
}
