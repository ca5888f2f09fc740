/* SPDX-License-Identifier: MIT */
/* capture.c - what an event leaves in the block before rows are tried: the one place where procedures read messages. */
#include "engine.h"
#include "cpm/dialog.h"
#include "cpm/iscomposing.h"
#include "cpm/mime.h"
#include "cpm/sdp.h"
#include <string.h>

/* What is looked at: parts of a body, headers of a CPIM, routes, lines and m lines of an SDP. */
enum { CAPTURE_PARTS = 8, CAPTURE_HEADERS = 64, CAPTURE_ROUTES = 16, CAPTURE_LINES = 256, CAPTURE_MEDIA = 16, CAPTURE_TIMES = 8 };
enum { CAPTURE_HOUR = 3600, CAPTURE_TYPE = 128 };   /* seconds; octets of a contenttype that are remembered */
/* Identifiers that one step makes: what is behind them of the random octets is for a boundary. */
enum { CAPTURE_FRESH = CPM_RANDOM_NEED / 16 - 1 };

/* A body is taken apart once a step, when the first capture asks. */
typedef struct capture_body {
  bool            split, split_ok, cpim_tried, cpim_ok;
  cpm_part        parts[CAPTURE_PARTS];
  size_t          nparts;
  bool            multipart;
  cpm_cpim_header headers[CAPTURE_HEADERS];
  cpm_cpim        cpim;
  bool            counted;
  cpmi_reports    reports;
  bool            described, msrp_ok, selector;   /* the session description was looked at; has an m line of MSRP; has a file-selector */
  uint64_t        lines;         /* set of its m lines that have a port */
  size_t          nlines;        /* m lines */
  cpm_sdp_msrp    msrp;
  size_t          line;          /* which m line that is */
  size_t          files;
} capture_body;

/* An isComposing document (RFC 3994), and the plain text of its contenttype. */
typedef struct capture_composing { bool tried, ok; size_t ntype; cpm_iscomposing doc; char type[CAPTURE_TYPE]; } capture_composing;

typedef struct capture_env {
  cpm_proc          *p;
  const cpm_machine *m;
  const cpm_agent   *a;
  const cpm_event   *e;
  capture_body      *body;
  capture_composing *composing;
  unsigned           fresh;      /* identifiers made in this step */
  cpm_diag          *diag;
} capture_env;

/* ---- the body ------------------------------------------------------------------------------------------------------ */

/* Whose field it sets. */
static uint32_t capture_of(const capture_env *v, const cpmi_capture *c) { return c->leg ? v->e->leg : CPM_NO_LEG; }

static cpm_str capture_value(const capture_env *v, unsigned id) {
  return v->e->sip ? cpm_sip_value(v->e->sip, (cpm_sip_header)id) : cpm_str_none();
}

static cpmi_env capture_looks(const capture_env *v) { return (cpmi_env){ v->p, v->m, v->a, v->e->leg }; }

cpmi_body cpmi_body_of(const cpmi_env *env, const cpm_event *e) {
  const cpm_str none = cpm_str_none();
  if (e->head.p) return (cpmi_body){ cpmi_text(env->p, env->m, env->leg, CPM_FIELD_chunk_type), e->head };
  if (!e->sip) return (cpmi_body){ none, none };
  return (cpmi_body){ cpm_sip_value(e->sip, CPM_SIP_CONTENT_TYPE), e->sip->body };
}

static cpmi_body capture_source(const capture_env *v) {
  const cpmi_env env = capture_looks(v);
  return cpmi_body_of(&env, v->e);
}

static void capture_split(capture_env *v) {
  capture_body *b = v->body;
  if (b->split) return;
  b->split = true;
  const cpmi_body of = capture_source(v);
  const cpm_str type = of.type, body = of.body;
  cpm_media_type t;
  if (!body.p || body.n == 0) { b->split_ok = true; return; }
  if (!type.p || cpm_media_type_decode(&t, type, NULL, NULL) != CPM_OK) return;
  b->multipart = cpm_str_ieq(t.type, cpm_str_z("multipart"));
  if (b->multipart) {
    cpm_multipart mp = { b->parts, CAPTURE_PARTS, 0, 0 };
    b->split_ok = cpm_multipart_decode(&mp, type, body, NULL, NULL) == CPM_OK;
    b->nparts = b->split_ok ? mp.nparts : 0;
    return;
  }
  memset(&b->parts[0], 0, sizeof b->parts[0]);
  b->parts[0].body = body;
  b->parts[0].content_type = type;
  b->nparts = 1;
  b->split_ok = true;
}

static bool capture_is_list(const cpm_part *part) {
  return part->content_type.p && cpm_media_type_text_is(part->content_type, CPM_RESOURCE_LISTS_TYPE);
}

/* The n-th part that is no recipient list. */
static const cpm_part *capture_other(capture_env *v, size_t n) {
  capture_split(v);
  for (size_t i = 0; i < v->body->nparts; i++)
    if (!capture_is_list(&v->body->parts[i]) && n-- == 0) return &v->body->parts[i];
  return NULL;
}

static const cpm_part *capture_typed(capture_env *v, const char *type) {
  capture_split(v);
  for (size_t i = 0; i < v->body->nparts; i++)
    if (v->body->parts[i].content_type.p && cpm_media_type_text_is(v->body->parts[i].content_type, type)) return &v->body->parts[i];
  return NULL;
}

static const cpm_cpim *capture_cpim(capture_env *v) {
  capture_body *b = v->body;
  if (!b->cpim_tried) {
    b->cpim_tried = true;
    const cpm_part *part = capture_typed(v, "message/cpim");
    memset(&b->cpim, 0, sizeof b->cpim);
    b->cpim.headers = b->headers;
    b->cpim.cap = CAPTURE_HEADERS;
    b->cpim_ok = part && cpm_cpim_decode(&b->cpim, part->body, NULL, NULL) == CPM_OK;
  }
  return b->cpim_ok ? &b->cpim : NULL;
}

static uint64_t capture_off(const capture_env *v, const char *p) { return (uint64_t)(p - capture_source(v).body.p); }

typedef struct capture_wrapped { cpm_str content, type, disposition, encoding; } capture_wrapped;

/* The wrapped content, or the body when it is not CPIM. Of several parts the whole body: none of them is lost. */
static bool capture_content(capture_env *v, capture_wrapped *out) {
  const cpm_cpim *cpim = capture_cpim(v);
  const cpm_part *part = cpim || capture_typed(v, "message/cpim") ? NULL : capture_other(v, 0);
  const cpm_str none = cpm_str_none();
  if (capture_other(v, 1)) {
    *out = (capture_wrapped){ capture_source(v).body, capture_source(v).type, none, none };
    return true;
  }
  if (cpim) *out = (capture_wrapped){ cpim->content, cpim->content_type, cpim->disposition, cpim->encoding };
  else if (part) *out = (capture_wrapped){ part->body, part->content_type, part->disposition, part->encoding };
  return cpim || part;
}

/* ---- the session description --------------------------------------------------------------------------------------- */

static bool capture_has_files(const cpm_machine *m) {
  return m->leg_fields.n && memchr(m->leg_fields.p, CPM_FIELD_file_selector, m->leg_fields.n);
}

CPMI_APART static void capture_describe(capture_env *v, const cpm_part *part) {
  cpm_sdp_line lines[CAPTURE_LINES];
  cpm_sdp_media media[CAPTURE_MEDIA];
  cpm_sdp sdp = CPM_SDP_ROOM(lines, media);
  capture_body *b = v->body;
  size_t at = 0;
  const int rc = cpm_sdp_decode(&sdp, part->body, NULL, NULL);
  if (rc != CPM_OK && rc != CPM_E_TOO_MANY) return;
  b->selector = cpm_sdp_find(&sdp, CPM_SDP_FILE_SELECTOR, &at, sdp.nlines) != NULL;
  b->nlines = rc == CPM_OK ? sdp.nmedia : 0;
  for (size_t i = 0; i < b->nlines; i++) b->lines |= (uint64_t)(sdp.media[i].port != 0) << i;
  b->files = rc == CPM_OK && capture_has_files(v->m) ? cpmi_count_files(&sdp, v->a) : 0;
  const bool secure = v->a->media_secure != 0;
  for (size_t i = 0; rc == CPM_OK && i < sdp.nmedia && !b->msrp_ok; i++) {
    b->msrp_ok = sdp.media[i].port && cpm_sdp_msrp_decode(&b->msrp, &sdp, i, NULL, NULL) == CPM_OK && b->msrp.secure == secure;   /* O-R67 */
    b->line = i;
  }
}

/* NULL: it has no m line of MSRP, or cannot be read. */
static const cpm_sdp_msrp *capture_msrp(capture_env *v) {
  const cpm_part *part = v->body->described ? NULL : capture_typed(v, "application/sdp");
  v->body->described = true;
  if (part) capture_describe(v, part);
  return v->body->msrp_ok ? &v->body->msrp : NULL;
}

/* Of an answer. Without a=setup the offerer connects (RFC 4975 5.4). */
static int64_t capture_setup(capture_env *v) {
  const cpm_sdp_msrp *m = capture_msrp(v);
  switch (m ? m->setup : CPM_MSRP_ACTPASS) {
  case CPM_MSRP_SETUP_NONE:
  case CPM_MSRP_PASSIVE: return CPM_SETUP_passive;
  case CPM_MSRP_ACTIVE:  return CPM_SETUP_active;
  default:               return CPM_SETUP_unusable;
  }
}

/* To an offer; one that the agent leaves open is what its policy says. */
static int64_t capture_answers_setup(capture_env *v) {
  const cpm_sdp_msrp *m = capture_msrp(v);
  if (!m || m->setup == CPM_MSRP_SETUP_NONE) return CPM_ANSWERS_SETUP_silent;
  const cpm_msrp_setup ours = cpm_msrp_setup_answer(m->setup, v->a->answer_active ? CPM_MSRP_ACTIVE : CPM_MSRP_PASSIVE);
  return ours == CPM_MSRP_ACTIVE ? CPM_ANSWERS_SETUP_active : CPM_ANSWERS_SETUP_passive;
}

/* Does a list of types take one of those that the agent takes? An agent without a list takes everything. */
static bool capture_types_meet(cpm_str types, cpm_str ours) {
  cpm_media_type t;
  if (!types.p || !ours.p) return true;
  while (cpm_media_type_next(&ours, &t, NULL, NULL) == CPM_OK)
    if (cpm_sdp_types_take(types, cpm_str_of(t.type.p, (size_t)(t.subtype.p + t.subtype.n - t.type.p)))) return true;
  return false;
}

static bool capture_sdp_takes(capture_env *v, cpm_str type) {
  const cpm_sdp_msrp *m = capture_msrp(v);
  return m && cpm_accept_takes(v->a->accept, type) && cpm_sdp_types_take(m->accept_types, type) &&
         capture_types_meet(m->accept_wrapped_types, v->a->accept_wrapped);
}

static int64_t capture_bounded(uint64_t n) { return n > INT64_MAX ? INT64_MAX : (int64_t)n; }

static int64_t capture_sdp_number(capture_env *v, unsigned word) {
  const cpm_sdp_msrp *m = capture_msrp(v);   /* the description is read by now */
  switch (word) {
  case CPMI_SDP_selector:  return v->body->selector;
  case CPMI_SDP_usable:    return m != NULL;
  case CPMI_SDP_setup:     return capture_setup(v);
  case CPMI_SDP_ports:     return (int64_t)v->body->lines;
  case CPMI_SDP_there:     return v->body->nlines != 0;
  case CPMI_SDP_fits:      return v->body->nlines == v->p->nlegs;
  case CPMI_SDP_answers_setup: return capture_answers_setup(v);
  case CPMI_SDP_files:     return (int64_t)v->body->files;
  case CPMI_SDP_line:      return m ? (int64_t)v->body->line : 0;
  case CPMI_SDP_port:      return m ? m->port : 0;
  case CPMI_SDP_secure:    return m && m->secure;
  case CPMI_SDP_cema:      return m && m->cema;
  case CPMI_SDP_max_size:  return m && m->has_max_size ? capture_bounded(m->max_size) : 0;
  case CPMI_SDP_direction: return m ? (int64_t)m->direction : 0;
  default:                 return m && m->selector.has_size ? capture_bounded(m->selector.size) : 0;
  }
}

/* False: the word is no text. */
static bool capture_sdp_text(capture_env *v, unsigned word, cpm_str *out) {
  const cpm_sdp_msrp *m = capture_msrp(v);
  *out = cpm_str_none();
  switch (word) {
  case CPMI_SDP_address:      if (m) *out = m->connection.address; return true;
  case CPMI_SDP_path:         if (m) *out = m->path; return true;
  case CPMI_SDP_fingerprint:  if (m) *out = m->fingerprint; return true;
  case CPMI_SDP_accept_types: if (m) *out = m->accept_types; return true;
  case CPMI_SDP_accept_wrapped_types: if (m) *out = m->accept_wrapped_types; return true;
  default:                    return false;
  }
}

/* ---- who composes ---------------------------------------------------------------------------------------------------- */

static const capture_composing *capture_composing_of(capture_env *v) {
  capture_composing *c = v->composing;
  capture_wrapped w;
  if (c->tried) return c;
  c->tried = true;
  if (!capture_content(v, &w) || !w.type.p || !cpm_media_type_text_is(w.type, CPM_ISCOMPOSING_TYPE)) return c;
  c->ok = cpm_iscomposing_decode(&c->doc, w.content, NULL, NULL) == CPM_OK;
  const bool type = c->ok && c->doc.contenttype.n &&
                    cpm_markup_text(c->type, sizeof c->type, &c->ntype, c->doc.contenttype, CPM_MARKUP_COLLAPSE, NULL) == CPM_OK;
  if (!type) c->ntype = 0;
  return c;
}

static int64_t capture_composing_state(capture_env *v) {
  const capture_composing *c = capture_composing_of(v);
  return !c->ok ? CPM_COMPOSING_unreadable : c->doc.active ? CPM_COMPOSING_active : CPM_COMPOSING_idle;
}

/* What a sender asks for may be out of all measure (ruling O-R79). */
static int64_t capture_composing_refresh(capture_env *v) {
  const capture_composing *c = capture_composing_of(v);
  const uint64_t said = c->ok ? c->doc.refresh : 0;
  return said == 0 ? CPM_ISCOMPOSING_RECEIVER_AFTER : said > CAPTURE_HOUR ? CAPTURE_HOUR : (int64_t)said;
}

static int64_t capture_composing_since(capture_env *v) {
  const capture_composing *c = capture_composing_of(v);
  int64_t ms = 0;
  const bool reads = c->ok && c->doc.lastactive.n && cpm_datetime_decode(&ms, c->doc.lastactive, NULL, NULL, NULL) == CPM_OK;
  return reads && ms > 0 ? ms : 0;
}

static cpm_str capture_composing_type(capture_env *v) {
  const capture_composing *c = capture_composing_of(v);
  return c->ntype ? cpm_str_of(c->type, c->ntype) : cpm_str_none();
}

/* ---- sources that give a text -------------------------------------------------------------------------------------- */

static cpm_str capture_first_uri(const capture_env *v, unsigned id) {
  cpm_str rest = capture_value(v, id);
  cpm_address a;
  return rest.p && cpm_address_next(&rest, &a, NULL, NULL) == CPM_OK && !a.star ? a.uri : cpm_str_none();
}

static cpm_str capture_cpim_value(capture_env *v, unsigned id) {
  const cpm_cpim *cpim = capture_cpim(v);
  return cpim ? cpm_cpim_value(cpim, (cpm_cpim_id)id) : cpm_str_none();
}

static cpm_str capture_cpim_uri(capture_env *v, unsigned id) {
  const cpm_str value = capture_cpim_value(v, id);
  cpm_cpim_address a;
  return value.p && cpm_cpim_address_decode(&a, value, NULL, NULL) == CPM_OK ? a.uri : cpm_str_none();
}

static cpm_str capture_known(cpm_str uri) {
  return uri.p && !cpm_uri_text_equal(uri, cpm_str_z(CPM_ANONYMOUS_URI)) ? uri : cpm_str_none();
}

/* A text made of pieces, so that no copy of it is needed before it lies in the block. */
typedef struct capture_joined { cpm_str piece[CAPTURE_ROUTES][3]; size_t n; } capture_joined;

static void capture_join(capture_joined *j, const char *before, cpm_str uri, const char *behind) {
  j->piece[j->n][0] = cpm_str_z(before);
  j->piece[j->n][1] = uri;
  j->piece[j->n++][2] = cpm_str_z(behind);
}

/* The addresses of all CPIM headers of that name. One that cannot be read makes all of them useless: a notification that skips a hop
 * would be lost there. */
static capture_joined capture_addresses(capture_env *v, unsigned id) {
  capture_joined j = { .n = 0 };
  const cpm_cpim *cpim = capture_cpim(v);
  const cpm_cpim_header *h;
  bool reads = true;
  for (size_t i = 0; cpim && (h = cpm_cpim_find(cpim, (cpm_cpim_id)id, &i)) != NULL;) {
    cpm_cpim_address a;
    reads &= j.n < CAPTURE_ROUTES && cpm_cpim_address_decode(&a, h->value, NULL, NULL) == CPM_OK && cpmi_text_fits(CPMI_URI, a.uri);
    if (reads) capture_join(&j, j.n ? ", <" : "<", a.uri, ">");
  }
  if (!reads) j.n = 0;
  return j;
}

/* Of the SIP message; of a message over MSRP what the INVITE has left in the field. */
static cpm_str capture_party(const capture_env *v, unsigned id) {
  if (v->e->sip) return capture_first_uri(v, id);
  return cpmi_text(v->p, v->m, CPM_NO_LEG, id == CPM_SIP_REFERRED_BY ? CPM_FIELD_referred_by : CPM_FIELD_sender);
}

/* In a session of two whoever is on the other side, whatever CPIM says; in a group its server answers for CPIM From (ruling O-R77). */
static cpm_str capture_peer(capture_env *v) {
  if (!cpmi_is_set(v->p, v->m, CPM_NO_LEG, CPM_FIELD_group_session)) return cpmi_text(v->p, v->m, CPM_NO_LEG, CPM_FIELD_to);
  return capture_known(capture_cpim_uri(v, CPM_CPIM_FROM));
}

static cpm_str capture_report_to(capture_env *v) {
  const capture_joined route = capture_addresses(v, CPM_CPIM_IMDN_RECORD_ROUTE);
  cpm_str uri = route.n ? route.piece[0][1] : capture_party(v, CPM_SIP_REFERRED_BY);
  if (!cpmi_text_fits(CPMI_URI, uri)) uri = capture_party(v, CPM_SIP_P_ASSERTED_IDENTITY);
  return capture_known(uri);
}

static cpm_str capture_report_for(const capture_env *v) {
  const cpm_str uri = capture_known(capture_party(v, CPM_SIP_REFERRED_BY));
  return uri.p ? uri : capture_known(capture_party(v, CPM_SIP_P_ASSERTED_IDENTITY));
}

static cpm_str capture_original_to(capture_env *v) {
  const cpm_str uri = capture_cpim_uri(v, CPM_CPIM_ORIGINAL_TO);
  return capture_known(uri.p ? uri : capture_cpim_uri(v, CPM_CPIM_TO));
}

/* The first address of the field without its parameters: up to the ">", or the bare URI. */
static cpm_str capture_address(const capture_env *v, unsigned id) {
  const cpm_str value = capture_value(v, id);
  cpm_str rest = value;
  cpm_address a;
  if (!value.p || cpm_address_next(&rest, &a, NULL, NULL) != CPM_OK || a.star) return cpm_str_none();
  const char *end = a.uri.p + a.uri.n;
  const bool closed = end < value.p + value.n && *end == '>';
  return closed ? cpm_str_of(value.p, (size_t)(end + 1 - value.p)) : a.uri;
}

/* urn:gsma:imei:... of +sip.instance="<urn:gsma:imei:...>"; nothing that would not fit between quotes. */
static cpm_str capture_instance(const capture_env *v, unsigned id) {
  cpm_str rest = capture_value(v, id);
  cpm_contact c;
  const bool reads = rest.p && cpm_contact_next(&rest, &c, NULL, NULL) == CPM_OK;
  return reads && c.instance.n && cpmi_instance_fits(c.instance) == c.instance.n ? c.instance : cpm_str_none();
}

static cpm_str capture_body_encoding(const capture_env *v) {
  const cpm_str value = cpm_str_trim(capture_value(v, CPM_SIP_CONTENT_ENCODING));
  return value.n && !cpm_str_ieq(value, cpm_str_z("identity")) ? value : cpm_str_none();
}

static cpm_str capture_content_type(capture_env *v) {
  capture_wrapped w;
  if (!capture_content(v, &w)) return cpm_str_none();
  return w.type.p ? w.type : cpm_str_z("text/plain");
}

static cpm_str capture_encoding(capture_env *v) {
  capture_wrapped w;
  return capture_content(v, &w) ? w.encoding : cpm_str_none();
}

static cpm_str capture_parts_type(capture_env *v) {
  const cpm_part *part = capture_other(v, 0);
  if (!part) return cpm_str_none();
  return part->content_type.p ? part->content_type : cpm_str_z("text/plain");
}

static cpm_str capture_failure_report(const cpm_msrp *m) {
  if (m->failure_report == CPM_MSRP_FAILURE_YES) return cpm_str_none();
  return cpm_str_z(m->failure_report == CPM_MSRP_FAILURE_NO ? "no" : "partial");
}

/* What has a member may be there alone, from a host with an MSRP decoder of its own. */
static cpm_str capture_chunk(const capture_env *v, unsigned header) {
  const cpm_msrp *m = v->e->msrp;
  if (!m) return cpm_str_none();
  switch (header) {
  case CPM_MSRP_TO_PATH:      return m->to_path;
  case CPM_MSRP_FROM_PATH:    return m->from_path;
  case CPM_MSRP_MESSAGE_ID:   return m->message_id;
  case CPM_MSRP_CONTENT_TYPE: return m->content_type;
  case CPM_MSRP_SUCCESS_REPORT: return m->success_report ? cpm_str_z("yes") : cpm_str_none();
  case CPM_MSRP_FAILURE_REPORT: return capture_failure_report(m);
  default:                    return cpm_msrp_value(m, (cpm_msrp_header)header);
  }
}

/* False: the source gives no text. Absent: it gives none this time. */
static bool capture_text(capture_env *v, const cpmi_capture *c, cpm_str *out) {
  switch (c->source) {
  case CPMI_FROM_VALUE:        *out = capture_value(v, c->what); return true;
  case CPMI_FROM_URI:          *out = capture_first_uri(v, c->what); return true;
  case CPMI_FROM_REQUEST_URI:  *out = v->e->sip ? v->e->sip->request_uri : cpm_str_none(); return true;
  case CPMI_FROM_CPIM:         *out = capture_cpim_value(v, c->what); return true;
  case CPMI_FROM_ADDRESS:      *out = capture_address(v, c->what); return true;
  case CPMI_FROM_INSTANCE:     *out = capture_instance(v, c->what); return true;
  case CPMI_FROM_BODY_ENCODING: *out = capture_body_encoding(v); return true;
  case CPMI_FROM_ORIGINAL_TO:  *out = capture_original_to(v); return true;
  case CPMI_FROM_PEER:         *out = capture_peer(v); return true;
  case CPMI_FROM_CONTENT_TYPE: *out = capture_content_type(v); return true;
  case CPMI_FROM_CONTENT_TRANSFER_ENCODING: *out = capture_encoding(v); return true;
  case CPMI_FROM_COMPOSING_TYPE: *out = capture_composing_type(v); return true;
  case CPMI_FROM_PARTS_TYPE:   *out = capture_parts_type(v); return true;
  case CPMI_FROM_REPORT_FOR:   *out = capture_report_for(v); return true;
  case CPMI_FROM_REPORT_TO:    *out = capture_report_to(v); return true;
  case CPMI_FROM_MSRP:         *out = capture_chunk(v, c->what); return true;
  case CPMI_FROM_SDP:          return capture_sdp_text(v, c->what, out);
  default:                     return false;
  }
}

/* ---- sources that give a number ------------------------------------------------------------------------------------ */

static int64_t capture_release(const capture_env *v, unsigned id) {
  cpm_release r;
  const cpm_str value = capture_value(v, id);
  return value.p && cpm_release_find(value, &r) && r.major < 10 && r.minor < 10 ? (int64_t)(r.major * 10 + r.minor) : 0;
}

/* Does a value that is not negated ask for it? What is only not excluded is not asked for. */
static bool capture_asks(cpm_str params, cpm_icsi icsi) {
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
static int64_t capture_tag(const capture_env *v, unsigned id, unsigned icsi) {
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
      found |= capture_asks(a.params, (cpm_icsi)icsi);
    }
  }
  return found;
}

static int64_t capture_has_param(const capture_env *v, unsigned id, cpm_str name) {
  cpm_str rest = capture_value(v, id);
  cpm_address a;
  cpm_param p;
  return rest.p && cpm_address_next(&rest, &a, NULL, NULL) == CPM_OK && cpm_param_find(a.params, name.p, &p);
}

static int64_t capture_is_agent(const capture_env *v, unsigned id, unsigned text) {
  const cpm_str uri = capture_first_uri(v, id), own = cpmi_agent_text(v->a, text);
  return uri.p && own.p && cpm_uri_text_equal(uri, own);
}

/* The network's word counts first, the peer's wish without it (ruling O-R20). */
static int64_t capture_service(const capture_env *v, unsigned icsi) {
  const cpm_sip_field *f;
  bool said = false;
  for (size_t i = 0; v->e->sip && (f = cpm_sip_find(v->e->sip, CPM_SIP_P_ASSERTED_SERVICE, &i)) != NULL;) {
    cpm_str rest = f->value, service;
    while (cpm_service_next(&rest, &service, NULL, NULL) == CPM_OK) {
      if (cpm_icsi_is(service, (cpm_icsi)icsi, NULL)) return 1;
      said |= cpm_icsi_of(service, NULL) != CPM_ICSI_NONE;
    }
  }
  return said ? 0 : capture_tag(v, CPM_SIP_ACCEPT_CONTACT, icsi);
}

static int64_t capture_privacy(const capture_env *v, unsigned id) {
  unsigned set = 0;
  const cpm_str value = capture_value(v, id);
  if (!value.p || cpm_privacy_decode(&set, value, NULL, NULL) != CPM_OK) return 0;
  return (set & (CPM_PRIVACY(ID) | CPM_PRIVACY(USER) | CPM_PRIVACY(HEADER))) != 0;
}

static int64_t capture_addressed(const capture_env *v) {
  const cpm_str uri = v->e->sip ? v->e->sip->request_uri : cpm_str_none();
  if (v->a->cf_uri.p && cpm_uri_text_equal(uri, v->a->cf_uri)) return CPM_ADDRESSED_cf;
  if (v->a->exploder_uri.p && cpm_uri_text_equal(uri, v->a->exploder_uri)) return CPM_ADDRESSED_exploder;
  return CPM_ADDRESSED_predefined;
}

static int64_t capture_expired(const capture_env *v) {
  uint64_t seconds;
  int64_t from = v->e->now;
  const cpm_str expires = capture_value(v, CPM_SIP_EXPIRES), date = capture_value(v, CPM_SIP_DATE);
  if (!expires.p || cpm_number_decode(&seconds, expires, UINT32_MAX, NULL, NULL) != CPM_OK) return 0;
  if (date.p && cpm_date_decode(&from, date, NULL, NULL, NULL) != CPM_OK) from = v->e->now;
  return v->e->now >= from && (uint64_t)v->e->now - (uint64_t)from >= seconds * 1000;
}

static int64_t capture_is_report(capture_env *v);

static bool capture_takes(const capture_env *v, const cpm_part *part) {
  return part && cpm_accept_takes(v->a->accept, part->content_type.p ? part->content_type : cpm_str_z("text/plain"));
}

static int64_t capture_type_ok(capture_env *v) {
  if (capture_is_report(v)) return 1;
  const cpm_str body_type = capture_value(v, CPM_SIP_CONTENT_TYPE);
  capture_split(v);
  if (!v->body->nparts) return body_type.p ? cpm_accept_takes(v->a->accept, body_type) : 0;
  const cpm_part *part = capture_typed(v, "message/cpim");
  for (size_t i = 0; !part && i < v->body->nparts; i++)   /* of several parts one that is taken will do, whatever their order */
    if (capture_takes(v, capture_other(v, i))) return 1;
  if (!part || !capture_takes(v, part)) return 0;
  const cpm_cpim *cpim = capture_cpim(v);
  if (!cpim || !v->a->accept_wrapped.p) return 1;
  return cpm_accept_takes(v->a->accept_wrapped, cpim->content_type.p ? cpim->content_type : cpm_str_z("text/plain"));
}

/* ---- disposition notifications (report.c) ---------------------------------------------------------------------------- */

static const cpmi_reports *capture_notifications(capture_env *v) {
  const cpmi_env env = capture_looks(v);
  if (!v->body->counted) v->body->reports = cpmi_count_reports(&env, v->e);
  v->body->counted = true;
  return &v->body->reports;
}

static int64_t capture_is_report(capture_env *v) { return capture_notifications(v)->all != 0; }

/* A notification says DateTime again: of a message whose DateTime no XML can hold, nothing can be reported. */
static int64_t capture_report_set(capture_env *v) {
  const cpm_str value = capture_cpim_value(v, CPM_CPIM_DISPOSITION_NOTIFICATION);
  unsigned set = 0;
  if (cpmi_check_xml(capture_cpim_value(v, CPM_CPIM_DATETIME), "DateTime", NULL) != CPM_OK) return 0;
  return value.p && cpm_disposition_notification_decode(&set, value, NULL, NULL) == CPM_OK ? (int64_t)set : 0;
}

static int64_t capture_cpim_time(capture_env *v) {
  const cpm_str value = capture_cpim_value(v, CPM_CPIM_DATETIME);
  int64_t ms = 0;
  return value.p && cpm_datetime_decode(&ms, value, NULL, NULL, NULL) == CPM_OK ? ms : 0;
}

static int64_t capture_number_field(const capture_env *v, unsigned id) {
  uint64_t n = 0;
  cpm_str value = capture_value(v, id);
  const char *const semi = value.n ? memchr(value.p, ';', value.n) : NULL;
  if (semi) value.n = (size_t)(semi - value.p);
  return value.p && cpm_number_decode(&n, cpm_str_trim(value), UINT32_MAX, NULL, NULL) == CPM_OK ? (int64_t)n : 0;
}

/* A value that cannot be read names nobody. */
static int64_t capture_refresher(const capture_env *v) {
  cpm_session_expires s;
  return cpm_session_expires_decode(&s, capture_value(v, CPM_SIP_SESSION_EXPIRES), NULL, NULL) == CPM_OK && s.refresher == CPM_REFRESHER_UAC;
}

static bool capture_failed(const capture_env *v) {
  const cpm_sip *m = v->e->sip;
  return cpmi_kind_of(v->e->type) == CPMI_RESPONSE_IN && (!m || m->status / 100 != 2);
}

/* What is below the least that RFC 4028 4 allows counts as that. */
static int64_t capture_interval(const capture_env *v, const cpmi_capture *c) {
  cpm_session_expires s;
  if (capture_failed(v)) return cpmi_number(v->p, v->m, capture_of(v, c), (cpm_field)c->field);
  if (cpm_session_expires_decode(&s, capture_value(v, CPM_SIP_SESSION_EXPIRES), NULL, NULL) != CPM_OK) return 0;
  return s.seconds < CPM_SESSION_EXPIRES_LEAST ? (int64_t)CPM_SESSION_EXPIRES_LEAST : capture_bounded(s.seconds);
}

/* A 2xx that names nobody leaves it to us. */
static int64_t capture_refreshes(const capture_env *v) {
  cpm_session_expires s;
  if (capture_failed(v) || cpm_session_expires_decode(&s, capture_value(v, CPM_SIP_SESSION_EXPIRES), NULL, NULL) != CPM_OK) return 0;
  return (s.refresher == CPM_REFRESHER_UAS) == (cpmi_kind_of(v->e->type) == CPMI_REQUEST_IN);
}

static int64_t capture_due(const capture_env *v, const cpmi_capture *c) {
  const int64_t n = cpmi_number(v->p, v->m, capture_of(v, c), CPM_FIELD_session_interval), margin = n / 3 < 32 ? n / 3 : 32;
  if (capture_failed(v)) return n / 2 - margin;
  return cpmi_is_set(v->p, v->m, capture_of(v, c), CPM_FIELD_we_refresh) ? n / 2 : n - margin;
}

static int64_t capture_allows(const capture_env *v, unsigned method) {
  const cpm_str name = cpm_sip_method_name((cpm_sip_method)method);
  const cpm_sip_field *f;
  for (size_t i = 0; v->e->sip && (f = cpm_sip_find(v->e->sip, CPM_SIP_ALLOW, &i)) != NULL;)
    if (cpm_token_in(f->value, name.p)) return 1;
  return 0;
}

/* The first Reason of protocol SIP that has a cause decides (RFC 3326); what cannot be read is another reason. */
static int64_t capture_reason(const capture_env *v) {
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

/* Of notifications there may be more than parts that are looked at. */
static int64_t capture_body_ok(capture_env *v) {
  capture_split(v);
  return v->body->split_ok || capture_is_report(v);
}

static int64_t capture_size_of(const capture_env *v, unsigned recipe) {
  const cpmi_env env = { v->p, v->m, v->a, CPM_NO_LEG };
  uint64_t size = 0;
  return cpmi_body_size(&env, recipe, &size, NULL) == CPM_OK ? capture_bounded(size) : 0;
}

static int64_t capture_plus_len(const capture_env *v, const cpmi_capture *c) {
  const uint64_t was = (uint64_t)cpmi_number(v->p, v->m, capture_of(v, c), (cpm_field)c->field);
  return capture_bounded(v->e->len > UINT64_MAX - was ? UINT64_MAX : was + v->e->len);
}

static uint64_t capture_was(const capture_env *v, const cpmi_capture *c, cpm_field f) {
  return (uint64_t)cpmi_number(v->p, v->m, capture_of(v, c), f);
}

/* How far a report speaks of octets without a gap, from the first one on. */
static int64_t capture_reach(const capture_env *v, const cpmi_capture *c) {
  const uint64_t was = capture_was(v, c, (cpm_field)c->field);
  const cpm_msrp *m = v->e->msrp;
  if (!m || !m->has_range || m->range.start == 0 || m->range.start - 1 > was) return (int64_t)was;
  const uint64_t end = m->range.end == CPM_MSRP_ANY ? m->range.total : m->range.end;
  return end != CPM_MSRP_ANY && end > was ? capture_bounded(end) : (int64_t)was;
}

static int64_t capture_leading_of(const capture_env *v, const cpmi_capture *c) {
  const cpm_str spans = cpmi_text(v->p, v->m, v->e->leg, (cpm_field)c->what);
  return spans.p ? capture_bounded(cpmi_leading_octets(spans)) : (int64_t)capture_was(v, c, (cpm_field)c->field);
}

static int64_t capture_msrp_status(const capture_env *v) {
  const cpm_msrp *m = v->e->msrp;
  return !m ? 0 : (int64_t)(m->status ? m->status : m->report_status);
}

static int64_t capture_length_of(const capture_env *v, const cpmi_capture *c) {
  cpmi_content content;
  const uint32_t leg = capture_of(v, c);
  const int64_t was = cpmi_number(v->p, v->m, leg, (cpm_field)c->field);
  const cpm_str record = cpmi_text(v->p, v->m, leg, (cpm_field)c->what);
  if (was || record.n != sizeof content) return was;
  memcpy(&content, record.p, sizeof content);
  return capture_bounded(content.len);
}

static int64_t capture_chunk_is(const capture_env *v, cpm_str type) {
  const cpmi_env env = capture_looks(v);
  return cpmi_chunk_is(&env, v->e, type);
}

static int64_t capture_octets_of(const capture_env *v, cpm_field f) {
  return capture_bounded(cpmi_octets_of(cpmi_text(v->p, v->m, v->e->leg, f)));
}

static int64_t capture_side(const capture_env *v) {
  const uint32_t from = v->p->trigger.from;
  const unsigned kind = from == CPM_NO_LEG ? CPMI_KIND_COUNT : cpmi_leg_at(v->p, v->m, from)->kind;
  return kind == CPMI_KIND_client || kind == CPMI_KIND_device ? CPM_HEARD_user : CPM_HEARD_far;
}

static bool capture_number(capture_env *v, const cpmi_capture *c, int64_t *out) {
  switch (c->source) {
  case CPMI_FROM_NOW:         *out = v->e->now > 0 ? v->e->now : 0; return true;
  case CPMI_FROM_SIZE_OF:     *out = capture_size_of(v, c->what); return true;
  case CPMI_FROM_LENGTH_OF:   *out = capture_length_of(v, c); return true;
  case CPMI_FROM_SDP_TAKES:   *out = capture_sdp_takes(v, cpmi_literal(c->what)); return true;
  case CPMI_FROM_CHUNK_IS:    *out = capture_chunk_is(v, cpmi_literal(c->what)); return true;
  case CPMI_FROM_LEADING_OF:  *out = capture_leading_of(v, c); return true;
  case CPMI_FROM_OCTETS_OF:   *out = capture_octets_of(v, (cpm_field)c->what); return true;
  case CPMI_FROM_WANTS_SUCCESS: *out = v->e->msrp && v->e->msrp->success_report; return true;
  case CPMI_FROM_SIDE:        *out = capture_side(v); return true;
  case CPMI_FROM_BINDS:       *out = v->e->msrp && v->e->msrp->has_range && v->e->msrp->range.total == 0; return true;
  case CPMI_FROM_PLUS_LEN:    *out = capture_plus_len(v, c); return true;
  case CPMI_FROM_REACH:       *out = capture_reach(v, c); return true;
  case CPMI_FROM_MSRP_STATUS: *out = capture_msrp_status(v); return true;
  case CPMI_FROM_STATUS:      *out = v->e->sip ? (int64_t)v->e->sip->status : 0; return true;
  case CPMI_FROM_COMPOSING:   *out = capture_composing_state(v); return true;
  case CPMI_FROM_COMPOSING_REFRESH: *out = capture_composing_refresh(v); return true;
  case CPMI_FROM_COMPOSING_SINCE: *out = capture_composing_since(v); return true;
  case CPMI_FROM_PLUS_BIT:    *out = (int64_t)(capture_was(v, c, (cpm_field)c->field) | UINT64_C(1) << c->what); return true;
  case CPMI_FROM_NUMBER:      *out = capture_number_field(v, c->what); return true;
  case CPMI_FROM_RELEASE:     *out = capture_release(v, c->what); return true;
  case CPMI_FROM_TAG:         *out = capture_tag(v, c->what, c->with); return true;
  case CPMI_FROM_ACCEPTS:     *out = cpm_accept_takes(capture_value(v, CPM_SIP_ACCEPT), cpmi_literal(c->what)); return true;
  case CPMI_FROM_PRESENT:     *out = capture_value(v, c->what).p != NULL; return true;
  case CPMI_FROM_HAS_PARAM:   *out = capture_has_param(v, c->what, cpmi_literal(c->with)); return true;
  case CPMI_FROM_IS_AGENT:    *out = capture_is_agent(v, c->what, c->with); return true;
  case CPMI_FROM_SERVICE:     *out = capture_service(v, c->what); return true;
  case CPMI_FROM_SDP:         *out = capture_sdp_number(v, c->what); return true;
  case CPMI_FROM_PRIVACY:     *out = capture_privacy(v, CPM_SIP_PRIVACY); return true;
  case CPMI_FROM_INTERVAL:    *out = capture_interval(v, c); return true;
  case CPMI_FROM_REFRESHES:   *out = capture_refreshes(v); return true;
  case CPMI_FROM_DUE:         *out = capture_due(v, c); return true;
  case CPMI_FROM_ALLOWS:      *out = capture_allows(v, c->what); return true;
  case CPMI_FROM_METHOD:      *out = v->e->sip && v->e->sip->method == (cpm_sip_method)c->what; return true;
  case CPMI_FROM_AGENT:       *out = capture_bounded(cpmi_agent_number(v->a, c->what)); return true;
  case CPMI_FROM_REFRESHER:   *out = capture_refresher(v); return true;
  case CPMI_FROM_REASON:      *out = capture_reason(v); return true;
  case CPMI_FROM_ADDRESSED:   *out = capture_addressed(v); return true;
  case CPMI_FROM_BODY_LEN:    *out = v->e->sip ? (int64_t)v->e->sip->body.n : 0; return true;
  case CPMI_FROM_BODY_OK:     *out = capture_body_ok(v); return true;
  case CPMI_FROM_TYPE_OK:     *out = capture_type_ok(v); return true;
  case CPMI_FROM_IS_CPIM:     *out = capture_typed(v, "message/cpim") != NULL; return true;
  case CPMI_FROM_CPIM_OK:     *out = capture_cpim(v) != NULL; return true;
  case CPMI_FROM_CPIM_TIME:   *out = capture_cpim_time(v); return true;
  case CPMI_FROM_CPIM_REPORT: *out = capture_report_set(v); return true;
  case CPMI_FROM_REPORTS:     *out = (int64_t)capture_notifications(v)->readable; return true;
  case CPMI_FROM_IS_REPORT:   *out = capture_is_report(v); return true;
  case CPMI_FROM_EXPIRED:     *out = capture_expired(v); return true;
  case CPMI_FROM_RECIPIENTS:  *out = (int64_t)v->e->nmembers; return true;
  default:                    return false;
  }
}

/* ---- sources that give a record ------------------------------------------------------------------------------------ */

static int capture_set_content(capture_env *v, const cpmi_capture *c, uint64_t item, uint64_t off, uint64_t len) {
  return cpmi_set_content(v->p, v->m, capture_of(v, c), (cpm_field)c->field, (cpmi_content){ item, off, len }, v->diag);
}

/* May the part stand alone as the body of a request? Only if nothing but its media type would be lost. */
static bool capture_stands_alone(const cpm_part *part) {
  if (part->head.n == 0) return true;
  return !part->disposition.p && !part->encoding.p && !cpm_mime_header(part->head, "Content-ID").p &&
         !cpm_mime_header(part->head, "Content-Encoding").p && !cpm_mime_header(part->head, "Content-Language").p;
}

static int capture_set_joined(capture_env *v, const cpmi_capture *c, const capture_joined *j) {
  const uint32_t leg = capture_of(v, c);
  cpmi_out size = cpmi_out_to(NULL, 0, 0);
  for (size_t i = 0; i < j->n; i++)
    for (size_t k = 0; k < 3; k++) cpmi_put(&size, j->piece[i][k]);
  if (size.n == 0) { cpmi_unset(v->p, v->m, leg, (cpm_field)c->field); return CPM_OK; }
  char *dst = cpmi_room(v->p, v->m, leg, (cpm_field)c->field, size.n);
  if (!dst) return cpmi_no_room(v->p, size.n, v->diag);
  cpmi_out out = cpmi_out_to(dst, size.n, 0);
  for (size_t i = 0; i < j->n; i++)
    for (size_t k = 0; k < 3; k++) cpmi_put(&out, j->piece[i][k]);
  return CPM_OK;
}

static int capture_cpim_addresses(capture_env *v, const cpmi_capture *c) {
  const capture_joined j = capture_addresses(v, c->what);
  return capture_set_joined(v, c, &j);
}

static bool capture_is_tel(cpm_str uri) { return uri.n > 4 && cpm_str_ieq(cpm_str_of(uri.p, 4), cpm_str_z("tel:")); }

/* <sip:alice@example.com>;alias="tel:+12025550101" (ruling O-R56) */
static int capture_referrer(capture_env *v, const cpmi_capture *c) {
  capture_joined j = { .n = 0 };
  const cpm_sip_field *f;
  for (size_t i = 0; v->e->sip && j.n < 2 && (f = cpm_sip_find(v->e->sip, (cpm_sip_header)c->what, &i)) != NULL;) {
    cpm_str rest = f->value;
    cpm_address a;
    while (j.n < 2 && cpm_address_next(&rest, &a, NULL, NULL) == CPM_OK) {
      if (a.star || !cpmi_text_fits(CPMI_URI, a.uri)) continue;
      if (j.n == 0) capture_join(&j, "<", a.uri, ">");
      else if (capture_is_tel(a.uri) != capture_is_tel(j.piece[0][1])) capture_join(&j, ";alias=\"", a.uri, "\"");
    }
  }
  return capture_set_joined(v, c, &j);
}

static int capture_parts(capture_env *v, const cpmi_capture *c) {
  cpmi_parts_record head = { v->e->item, 0, 0 };
  const cpm_part *part;
  while ((part = capture_other(v, (size_t)head.n)) != NULL) { head.n++; head.wrap |= !capture_stands_alone(part); }
  if (head.n == 0) return CPM_OK;
  char *dst = cpmi_room(v->p, v->m, CPM_NO_LEG, (cpm_field)c->field, sizeof head + (size_t)head.n * sizeof(cpmi_part_run));
  if (!dst) return cpmi_no_room(v->p, sizeof head + (size_t)head.n * sizeof(cpmi_part_run), v->diag);
  memcpy(dst, &head, sizeof head);
  for (size_t i = 0; i < head.n; i++) {
    part = capture_other(v, i);
    const uint64_t body = capture_off(v, part->body.p);
    const uint64_t head_off = v->body->multipart ? capture_off(v, part->head.p) : body;
    const cpmi_part_run run = { head_off, body - head_off,
                                body, part->body.n };
    memcpy(dst + sizeof head + i * sizeof run, &run, sizeof run);
  }
  return CPM_OK;
}

static int capture_whole(capture_env *v, const cpmi_capture *c) {
  const cpm_str body = v->e->sip ? v->e->sip->body : cpm_str_none();
  const cpmi_parts_record head = { v->e->item, 1, 0 };
  const cpmi_part_run run = { 0, 0, 0, body.n };
  if (body.n == 0) return CPM_OK;
  char *dst = cpmi_room(v->p, v->m, CPM_NO_LEG, (cpm_field)c->field, sizeof head + sizeof run);
  if (!dst) return cpmi_no_room(v->p, sizeof head + sizeof run, v->diag);
  memcpy(dst, &head, sizeof head);
  memcpy(dst + sizeof head, &run, sizeof run);
  return CPM_OK;
}

static int capture_fresh(capture_env *v, const cpmi_capture *c) {
  char uuid[CPM_UUID_LEN];
  const uint32_t leg = capture_of(v, c);
  if (cpmi_is_set(v->p, v->m, leg, (cpm_field)c->field)) return CPM_OK;
  cpm_uuid_write(uuid, v->p->trigger.random + 16u * (v->fresh++ % CAPTURE_FRESH));
  return cpmi_set_text(v->p, v->m, leg, (cpm_field)c->field, cpm_str_of(uuid, sizeof uuid), v->diag);
}

static int capture_ident(capture_env *v, const cpmi_capture *c) {
  char id[CPM_MSRP_ID_RANDOM];
  const uint32_t leg = capture_of(v, c);
  if (cpmi_is_set(v->p, v->m, leg, (cpm_field)c->field)) return CPM_OK;
  const unsigned char *const random = v->p->trigger.random + 16u * (v->fresh++ % CAPTURE_FRESH);
  const int rc = cpm_msrp_id_make(id, cpm_str_of((const char *)random, CPM_MSRP_ID_RANDOM));
  return rc ? rc : cpmi_set_text(v->p, v->m, leg, (cpm_field)c->field, cpm_str_of(id, sizeof id), v->diag);
}

/* Octets of a message that are not in the head that came; the content goes on to its end. */
static uint64_t capture_behind(const capture_env *v) {
  return v->e->head.p && v->e->len > v->e->head.n && v->e->len <= UINT64_MAX / 4 ? v->e->len - v->e->head.n : 0;
}

static int capture_arrived(capture_env *v, const cpmi_capture *c) {
  const cpmi_env env = capture_looks(v);
  return cpmi_add_chunk(&env, v->p, (cpm_field)c->field, v->e, v->diag);
}

/* The lines that an answer goes by. */
CPMI_APART static int capture_offer(capture_env *v, const cpmi_capture *c) {
  const cpm_part *part = capture_typed(v, "application/sdp");
  cpm_sdp_line lines[CAPTURE_LINES];
  cpm_sdp_media media[CAPTURE_MEDIA];
  cpm_sip_field kept[CAPTURE_MEDIA + CAPTURE_TIMES];
  cpm_sdp sdp = CPM_SDP_ROOM(lines, media);
  size_t n = 0;
  if (!part || cpm_sdp_decode(&sdp, part->body, NULL, NULL) != CPM_OK) return CPM_OK;
  for (size_t i = 0; i < sdp.nlines && n < sizeof kept / sizeof *kept; i++) {
    const char *const name = lines[i].type == 'm' ? "m" : lines[i].type == 't' ? "t" : lines[i].type == 'r' ? "r" : "z";
    if (!strchr("mtrz", lines[i].type)) continue;
    kept[n++] = (cpm_sip_field){ CPM_SIP_UNKNOWN, cpm_str_z(name), lines[i].value, NULL, NULL };
  }
  return cpmi_set_fields(v->p, v->m, (cpm_field)c->field, kept, n, true, v->diag);
}

/* A message that came in one chunk. */
static bool capture_comes_whole(const capture_env *v) {
  const cpm_msrp *m = v->e->msrp;
  if (!m || !v->e->head.p || v->e->head.n != v->e->len || (m->has_range && m->range.start > 1) || m->flag == '#') return false;
  return m->has_range && m->range.total == v->e->len ? true : m->flag == '$' && (!m->has_range || m->range.total == CPM_MSRP_ANY);
}

/* message/external-body that is to be fetched, inside of a CPIM whose headers stand apart from those of MIME. */
static bool capture_external(capture_env *v, cpm_external_body *out) {
  const cpm_cpim *cpim = capture_comes_whole(v) ? capture_cpim(v) : NULL;
  if (!cpim || !cpim->nheaders || !cpim->content_type.p || (cpim->quirks & CPM_QUIRK(CPIM_ONE_BLOCK))) return false;
  return cpm_external_body_decode(out, cpim->content_type, cpim->content, NULL, NULL) == CPM_OK && out->is_url && out->fetch;
}

static int capture_external_url(capture_env *v, const cpmi_capture *c) {
  cpm_external_body x;
  size_t n = 0;
  const uint32_t leg = capture_of(v, c);
  cpmi_unset(v->p, v->m, leg, (cpm_field)c->field);
  if (!capture_external(v, &x) || cpm_external_body_url(NULL, 0, &n, &x, NULL) != CPM_OK || n == 0) return CPM_OK;
  char *dst = cpmi_room(v->p, v->m, leg, (cpm_field)c->field, n);
  if (!dst) return cpmi_no_room(v->p, n, v->diag);
  cpm_external_body_url(dst, n, &n, &x, NULL);
  if (cpmi_check_clean(cpm_str_of(dst, n), NULL, NULL) != CPM_OK) cpmi_unset(v->p, v->m, leg, (cpm_field)c->field);
  return CPM_OK;
}

/* From the first octet to the end of the line of the last header. */
static int capture_cpim_head(capture_env *v, const cpmi_capture *c) {
  cpm_external_body x;
  cpmi_unset(v->p, v->m, capture_of(v, c), (cpm_field)c->field);
  if (!capture_external(v, &x)) return CPM_OK;
  const cpm_cpim *cpim = capture_cpim(v);
  const cpm_str value = cpim->headers[cpim->nheaders - 1].value;
  const char *const from = value.p + value.n, *const end = memchr(from, '\n', (size_t)(v->e->head.p + v->e->head.n - from));
  return end ? capture_set_content(v, c, v->e->item, 0, (uint64_t)(end + 1 - v->e->head.p)) : CPM_OK;
}

static int capture_record(capture_env *v, const cpmi_capture *c) {
  capture_wrapped w;
  const cpm_part *part;
  switch (c->source) {
  case CPMI_FROM_FRESH:   return capture_fresh(v, c);
  case CPMI_FROM_IDENT:   return capture_ident(v, c);
  case CPMI_FROM_REQUEST: return v->e->sip ? cpmi_set_kept(v->p, v->m, (cpm_field)c->field, v->e->sip, v->diag) : CPM_OK;
  case CPMI_FROM_PARTS:   return capture_parts(v, c);
  case CPMI_FROM_WHOLE:   return capture_whole(v, c);
  case CPMI_FROM_OFFER:   return capture_offer(v, c);
  case CPMI_FROM_ARRIVED: return capture_arrived(v, c);
  case CPMI_FROM_EXTERNAL_URL: return capture_external_url(v, c);
  case CPMI_FROM_CPIM_HEAD: return capture_cpim_head(v, c);
  case CPMI_FROM_CPIM_ADDRS: return capture_cpim_addresses(v, c);
  case CPMI_FROM_REFERRER: return capture_referrer(v, c);
  case CPMI_FROM_MEMBERS:
    return v->e->nmembers ? cpmi_set_list(v->p, v->m, (cpm_field)c->field, v->e->members, v->e->nmembers, v->diag) : CPM_OK;
  case CPMI_FROM_LIST:
    part = capture_typed(v, CPM_RESOURCE_LISTS_TYPE);
    return part ? capture_set_content(v, c, v->e->item, capture_off(v, part->body.p), part->body.n) : CPM_OK;
  case CPMI_FROM_CONTENT:
    if (!capture_content(v, &w)) return CPM_OK;
    return capture_set_content(v, c, v->e->item, capture_off(v, w.content.p), w.content.n + capture_behind(v));
  default: return CPM_OK;
  }
}

/* ---- args ---------------------------------------------------------------------------------------------------------- */

static bool capture_wants(const cpm_machine *m, const cpm_event *e, unsigned source, cpm_field f) {
  for (size_t part = 0; part < CPMI_PARTS && m->parts[part]; part++) {
    const cpmi_captures *all = &m->parts[part]->captures;
    for (size_t i = 0; i < all->n; i++) {
      const cpmi_capture *c = &all->p[i];
      if (c->event != e->type || c->source != source || (c->leg != 0) != (e->leg != CPM_NO_LEG)) continue;
      if (!f || c->field == f) return true;
    }
  }
  return false;
}

/* A host that reads SDP with a parser of its own brings what it found as args. */
static bool capture_takes_arg(const cpm_machine *m, const cpm_event *e, cpm_field f) {
  if (f <= CPM_FIELD_NONE || f >= CPM_FIELD_COUNT) return false;
  static const uint8_t sources[] = { CPMI_FROM_ARG, CPMI_FROM_ARG_NOW, CPMI_FROM_SDP };
  for (size_t i = 0; i < sizeof sources; i++)
    if (capture_wants(m, e, sources[i], f)) return true;
  return false;
}

static bool capture_given(const capture_env *v, cpm_field f) {
  for (size_t i = 0; i < v->e->nargs; i++)
    if (v->e->args[i].field == f) return true;
  return false;
}

static int capture_arg(capture_env *v, const cpm_arg *arg) {
  const cpm_event *e = v->e;
  const char *name = cpm_field_name(arg->field);
  if (!capture_takes_arg(v->m, e, arg->field)) return cpmi_fail(v->diag, CPM_E_ARG, 0, name, NULL);
  const cpmi_capture as = { NULL, NULL, 0, e->leg != CPM_NO_LEG, (uint8_t)arg->field, 0, 0, 0 };
  if (cpmi_is_text(cpmi_field_type(arg->field))) {
    if (!arg->text.p) return cpmi_fail(v->diag, CPM_E_ARG, 0, name, NULL);
    return cpmi_set_text(v->p, v->m, e->leg, arg->field, arg->text, v->diag);
  }
  switch (cpmi_field_type(arg->field)) {
  case CPMI_CONTENT:
    if (!cpmi_is_run(arg->off, arg->len)) return cpmi_fail(v->diag, CPM_E_ARG, 0, name, NULL);
    return capture_set_content(v, &as, arg->item, arg->off, arg->len);
  case CPMI_FLAG:
    if (arg->number != 0 && arg->number != 1) return cpmi_fail(v->diag, CPM_E_ARG, 0, name, NULL);
    break;
  case CPMI_ENUM:
    if (arg->number < 1 || arg->number > (int64_t)cpmi_enum_count(arg->field)) return cpmi_fail(v->diag, CPM_E_ARG, 0, name, NULL);
    break;
  case CPMI_NUMBER:
    if (arg->number < 0) return cpmi_fail(v->diag, CPM_E_ARG, 0, name, NULL);
    break;
  default: return cpmi_fail(v->diag, CPM_E_ARG, 0, name, NULL);
  }
  cpmi_set_number(v->p, v->m, e->leg, arg->field, arg->number);
  return CPM_OK;
}

static int capture_args(capture_env *v) {
  const cpm_event *e = v->e;
  for (size_t i = 0; i < e->nargs; i++) {
    const int rc = capture_arg(v, &e->args[i]);
    if (rc) return rc;
  }
  if (e->nmembers && !capture_wants(v->m, e, CPMI_FROM_MEMBERS, CPM_FIELD_NONE) && !capture_wants(v->m, e, CPMI_FROM_RECIPIENTS, CPM_FIELD_NONE))
    return cpmi_fail(v->diag, CPM_E_ARG, 0, "members", NULL);
  if (e->nfiles && (e->type != CPM_EVENT_send || !capture_has_files(v->m))) return cpmi_fail(v->diag, CPM_E_ARG, 0, "files", NULL);
  return CPM_OK;
}

/* ---- all of an event's captures ------------------------------------------------------------------------------------ */

static int capture_one(capture_env *v, const cpmi_capture *c) {
  const uint32_t leg = capture_of(v, c);
  cpm_str text;
  int64_t number;
  if (c->source == CPMI_FROM_ARG) return CPM_OK;
  if (c->source == CPMI_FROM_ARG_NOW) {
    if (!capture_given(v, (cpm_field)c->field)) cpmi_unset(v->p, v->m, leg, (cpm_field)c->field);
    return CPM_OK;
  }
  if (c->source == CPMI_FROM_SDP && capture_given(v, (cpm_field)c->field)) return CPM_OK;
  if (capture_text(v, c, &text)) {
    cpmi_out counted = cpmi_out_to(NULL, 0, 0);
    if (text.p && cpmi_text_fits(cpmi_field_type((cpm_field)c->field), text) && cpmi_put_value(&counted, text, NULL, NULL) == CPM_OK)
      return cpmi_set_text(v->p, v->m, leg, (cpm_field)c->field, text, v->diag);
    cpmi_unset(v->p, v->m, leg, (cpm_field)c->field);
    return CPM_OK;
  }
  if (capture_number(v, c, &number)) {
    cpmi_set_number(v->p, v->m, leg, (cpm_field)c->field, number);
    return CPM_OK;
  }
  return capture_record(v, c);
}

int cpmi_capture_all(cpm_proc *p, const cpm_machine *m, const cpm_agent *a, const cpm_event *e, cpm_diag *diag) {
  capture_body body;
  body.split = body.split_ok = body.cpim_tried = body.cpim_ok = body.multipart = false;
  body.counted = body.described = body.msrp_ok = body.selector = false;
  body.files = 0;
  body.lines = body.nlines = 0;
  body.nparts = 0;
  capture_composing composing;
  composing.tried = composing.ok = false;
  composing.ntype = 0;
  capture_env v = { p, m, a, e, &body, &composing, 0, diag };
  const bool of_leg = e->leg != CPM_NO_LEG;
  int rc = capture_args(&v);
  for (size_t part = 0; part < CPMI_PARTS && m->parts[part]; part++) {
    const cpmi_captures *all = &m->parts[part]->captures;
    for (size_t i = 0; i < all->n && rc == CPM_OK; i++)
      if (all->p[i].event == e->type && (all->p[i].leg != 0) == of_leg) rc = capture_one(&v, &all->p[i]);
  }
  return rc;
}

uint64_t cpmi_random_captures(const cpm_machine *m) {
  uint64_t set = 0;
  for (size_t part = 0; part < CPMI_PARTS && m->parts[part]; part++) {
    const cpmi_captures *all = &m->parts[part]->captures;
    for (size_t i = 0; i < all->n; i++)
      if (all->p[i].source == CPMI_FROM_FRESH || all->p[i].source == CPMI_FROM_IDENT) set |= UINT64_C(1) << all->p[i].event;
  }
  return set;
}
