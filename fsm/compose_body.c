/* SPDX-License-Identifier: MIT */
/* compose_body.c - what stands in a body: CPIM, lists, notifications, session descriptions. */
#include "compose.h"
#include "cpm/cpim.h"
#include "cpm/imdn.h"
#include "cpm/iscomposing.h"
#include "cpm/mime.h"
#include <string.h>

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

int cpmi_compose_body_line(compose *c, const cpmi_recipe *r);

static void compose_cpim_name(compose *c, const compose_prefix *x, const char *name) {
  cpmi_put_z(&c->out, x->prefix);
  if (x->prefix[0]) cpmi_put_char(&c->out, '.');
  cpmi_put_z(&c->out, name);
  cpmi_put_z(&c->out, ": ");
}

/* A line for each address of the field but the last, and the value of the last one. */
static int compose_addresses(compose *c, const cpmi_line *line, const compose_prefix *x, const char *name) {
  cpm_str rest = cpmi_compose_record(c, line->what);
  cpm_address a;
  int rc = CPM_END;
  while (rest.p && cpm_address_next(&rest, &a, NULL, NULL) == CPM_OK) {
    if (rc == CPM_OK) {
      cpmi_put_z(&c->out, "\r\n");
      compose_cpim_name(c, x, name);
    }
    rc = cpmi_compose_angle(c, a.uri);
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
  const int rc = line->value == CPMI_VALUE_ADDRS ? compose_addresses(c, line, x, name) : cpmi_compose_value(c, line);
  if (rc == CPM_OK) cpmi_put_z(&c->out, "\r\n");
  if (rc != CPM_END) return rc;
  c->out.n = from;
  *bound = was_bound;
  return line->level == CPMI_SHALL ? cpmi_compose_missing(c, line, name) : CPM_OK;
}

static int compose_cpim(compose *c, const cpmi_recipe *r) {
  unsigned bound = 0;
  for (unsigned place = CPMI_PLACE_CPIM; place <= CPMI_PLACE_MIME; place++) {
    for (size_t i = 0; i < r->nlines; i++) {
      if (r->lines[i].place != place || !cpmi_compose_applies(c, &r->lines[i])) continue;
      const int rc = compose_cpim_line(c, &r->lines[i], &bound);
      if (rc) return rc;
    }
    cpmi_put_z(&c->out, "\r\n");
  }
  return cpmi_compose_body_line(c, r);
}

static int compose_entry(compose *c, const cpm_entry *e) {
  const int rc = cpm_resource_lists_entry(c->out.p, c->out.p ? c->out.cap : 0, &c->out.n, e, c->diag);
  return rc == CPM_E_SPACE ? CPM_OK : rc;
}

static int compose_list_field(compose *c, unsigned field) {
  const cpm_str record = cpmi_compose_record(c, field);
  cpm_entry e;
  size_t n = 0;
  for (size_t at = 0; cpmi_list_next(record, &at, &e); n++) {
    const int rc = compose_entry(c, &e);
    if (rc) return rc;
  }
  return n ? CPM_OK : CPM_END;
}

static int compose_list_plus(compose *c, unsigned field) {
  const cpm_str uri = cpmi_compose_record(c, field), record = cpmi_text(c->v->p, c->v->m, CPM_NO_LEG, CPM_FIELD_members);
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

cpm_history cpmi_compose_history_of(const compose *c) {
  cpm_history history = { { 0 }, 0 };
  cpm_entry e;
  for (uint32_t k = 0; k < c->v->p->nlegs; k++)
    if (compose_leg_entry(c, k, &e)) cpm_history_add(&history, &e);
  return history;
}

/* The document that COMPOSE made of it, and that every message refers to. */
cpm_str cpmi_compose_made(const compose *c, const cpmi_recipe *r) {
  return r == &cpmi_recipe_history_list ? cpmi_text(c->v->p, c->v->m, CPM_NO_LEG, CPM_FIELD_history) : cpm_str_none();
}

static int compose_history(compose *c) {
  cpm_history history = cpmi_compose_history_of(c);
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
  cpmi_compose_flush(c);
  if (c->pieces && c->npieces < CPM_SIP_PIECES) c->pieces[c->npieces] = (cpm_piece){ bytes, 0, 0 };
  c->npieces++;
}

int cpmi_compose_new_list(compose *c, const cpmi_recipe *r) {
  cpm_resource_lists_start(c->out.p, c->out.p ? c->out.cap : 0, &c->out.n, NULL);
  for (size_t i = 0; i < r->nlines; i++) {
    const cpmi_line *line = &r->lines[i];
    if (!cpmi_compose_applies(c, line)) continue;
    const int rc = compose_entries(c, line);
    if (rc == CPM_END && line->level == CPMI_SHALL) return cpmi_compose_missing(c, line, "entry");
    if (rc && rc != CPM_END) return rc;
  }
  cpm_resource_lists_end(c->out.p, c->out.p ? c->out.cap : 0, &c->out.n, NULL);
  return CPM_OK;
}

static int compose_list(compose *c, const cpmi_recipe *r) {
  const cpm_str made = cpmi_compose_made(c, r);
  if (!made.p) return cpmi_compose_new_list(c, r);
  compose_shared(c, made);
  return CPM_OK;
}

static int compose_imdn(compose *c, unsigned status) {
  cpm_imdn imdn;
  memset(&imdn, 0, sizeof imdn);
  imdn.message_id = cpmi_compose_record(c, CPM_FIELD_message_id);
  imdn.datetime = cpmi_compose_record(c, CPM_FIELD_sent_at_text);
  imdn.recipient_uri = c->v->a->address;
  imdn.original_recipient_uri = cpmi_compose_record(c, CPM_FIELD_original_to);
  imdn.status = (cpm_imdn_status)status;
  size_t n = 0;
  const int rc = cpm_imdn_encode(NULL, 0, &n, &imdn, c->diag);
  char *dst = cpmi_compose_room(c, n);
  if (rc == CPM_OK && dst) cpm_imdn_encode(dst, n, &n, &imdn, NULL);
  return cpmi_compose_sized(c, rc, n);
}

/* Does it carry the octets that TAKE took? */
bool cpmi_compose_is_window(const cpmi_recipe *r) {
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
  doc.contenttype = cpmi_compose_record(c, CPM_FIELD_composing_type);
  const int rc = cpm_iscomposing_encode(NULL, 0, &n, &doc, c->diag);
  char *dst = cpmi_compose_room(c, n);
  if (rc == CPM_OK && dst) cpm_iscomposing_encode(dst, n, &n, &doc, NULL);
  return cpmi_compose_sized(c, rc, n);
}

static int compose_content(compose *c, const cpmi_line *line, bool window) {
  cpmi_content content;
  const cpm_str record = cpmi_compose_record(c, line->what);
  if (record.n != sizeof content) return cpmi_compose_missing(c, line, "content");
  memcpy(&content, record.p, sizeof content);
  if (window) {
    content.len = c->v->p->trigger.len;
    content.off += (uint64_t)cpmi_number(c->v->p, c->v->m, c->v->leg, CPM_FIELD_pushed) - content.len;
  }
  cpmi_compose_host(c, content.item, content.off, content.len);
  return CPM_OK;
}

/* ---- session descriptions ------------------------------------------------------------------------------------------ */

static int compose_sdp_line(compose *c, const cpmi_line *line) {
#define COMPOSE_ATTRIBUTE(name, attribute, doc) attribute,
  static const char *const attributes[] = { CPM_SDP_LINES(COMPOSE_ATTRIBUTE) };
  const size_t from = c->out.n;
  cpmi_put_z(&c->out, "a=");
  cpmi_put_z(&c->out, attributes[line->name]);
  const int rc = cpmi_compose_value(c, line);
  if (rc == CPM_OK) cpmi_put_z(&c->out, "\r\n");
  if (rc != CPM_END) return rc;
  c->out.n = from;
  return line->level == CPMI_SHALL ? cpmi_compose_missing(c, line, attributes[line->name]) : CPM_OK;
}

/* Where others reach us: the first of our relays, or our own place. */
static cpm_msrp_uri compose_place(const compose *c) {
  const cpm_agent *a = c->v->a;
  cpm_msrp_uri place = { .host = a->media_address, .has_port = true, .port = (uint16_t)a->media_port };
  if (a->media_relays.n) cpm_msrp_uri_decode(&place, cpm_msrp_path_first(a->media_relays), NULL, NULL);
  if (!place.has_port) place.port = CPM_MSRP_PORT;
  return place;
}

/* IN IP4 192.0.2.1 */
static void compose_connection(compose *c, cpm_str address) {
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
  compose_connection(c, c->v->a->media_address);
  cpmi_put_z(&c->out, "s=-\r\nc=");
  compose_connection(c, compose_place(c).host);
}

/* A leg that is over has port 0, and nothing more is said of it (RFC 3264 8.2). */
static int compose_m_line(compose *c, const cpmi_recipe *r, bool of_leg) {
  const cpmi_env *v = c->v;
  const bool over = of_leg && (cpmi_state_set(CPMI_STATE_over) >> cpmi_leg_at(v->p, v->m, v->leg)->state & 1u);
  const cpm_str as_offered = over ? cpmi_compose_record(c, CPM_FIELD_m_line) : cpm_str_none();
  cpmi_put_z(&c->out, "m=");
  if (as_offered.n) cpmi_put(&c->out, as_offered);
  else {
    cpmi_put_z(&c->out, "message ");
    cpmi_put_number(&c->out, over ? 0 : compose_place(c).port);
    cpmi_put_z(&c->out, v->a->media_secure ? " TCP/TLS/MSRP *" : " TCP/MSRP *");
  }
  cpmi_put_z(&c->out, "\r\n");
  for (size_t i = 0; !over && i < r->nlines; i++) {
    if (r->lines[i].place != CPMI_PLACE_SDP || !cpmi_compose_applies(c, &r->lines[i])) continue;
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
  const cpm_str offer = r->kind == CPMI_RECIPE_SDP_ANSWER ? cpmi_compose_record(c, CPM_FIELD_offer) : cpm_str_none();
  if (!c->v->a->media_address.n) return cpmi_compose_missing(c, r->lines, "media_address");
  compose_session(c);
  if (offer.n) return compose_sdp_answer(c, r, offer);
  cpmi_put_z(&c->out, "t=0 0\r\n");
  return compose_m_line(c, r, false);
}

/* An m line for each leg, in their order. */
static int compose_files(compose *c, const cpmi_recipe *r) {
  const cpmi_env *const whole = c->v;
  int rc = CPM_OK;
  if (!whole->a->media_address.n) return cpmi_compose_missing(c, r->lines, "media_address");
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

int cpmi_compose_recipe_body(compose *c, const cpmi_recipe *r) {
  switch (r->kind) {
  case CPMI_RECIPE_SDP_BODY:
  case CPMI_RECIPE_SDP_ANSWER: return compose_sdp(c, r);
  case CPMI_RECIPE_FILES_BODY: return compose_files(c, r);
  case CPMI_RECIPE_CPIM_BODY: return compose_cpim(c, r);
  case CPMI_RECIPE_LIST_BODY: return compose_list(c, r);
  default:                    return cpmi_compose_body_line(c, r);
  }
}

static int compose_body_value(compose *c, const cpmi_line *line, bool window) {
  switch (line->value) {
  case CPMI_VALUE_CHUNK:   cpmi_compose_host(c, c->v->p->trigger.item, 0, c->v->p->trigger.len); return CPM_OK;
  case CPMI_VALUE_RECIPE:  return cpmi_compose_recipe_body(c, cpmi_recipes[line->what]);
  case CPMI_VALUE_CONTENT: return compose_content(c, line, window);
  case CPMI_VALUE_COMPOSING: return compose_composing(c, line->what);
  default:                 return compose_imdn(c, line->what);
  }
}

/* The content of a body that has no parts. */
int cpmi_compose_body_line(compose *c, const cpmi_recipe *r) {
  const cpmi_line *none = NULL;
  bool any = false;
  for (size_t i = 0; i < r->nlines; i++) {
    if (r->lines[i].place != CPMI_PLACE_BODY) continue;
    none = &r->lines[i];
    if (!cpmi_compose_applies(c, none)) continue;
    const int rc = compose_body_value(c, none, cpmi_compose_is_window(r));
    if (rc) return rc;
    any = true;
  }
  return any || !none ? CPM_OK : cpmi_compose_missing(c, none, "body");
}

/* The media type of a body: the recipe's, or what its MIME line says. */
int cpmi_compose_type(compose *c, const cpmi_recipe *r) {
  if (r->type) { cpmi_put_z(&c->out, r->type); return CPM_OK; }
  for (size_t i = 0; i < r->nlines; i++) {
    if (r->lines[i].place != CPMI_PLACE_MIME || r->lines[i].name != CPM_SIP_CONTENT_TYPE) continue;
    const int rc = cpmi_compose_value(c, &r->lines[i]);
    return rc == CPM_END ? cpmi_compose_missing(c, &r->lines[i], "Content-Type") : rc;
  }
  return CPM_OK;
}
