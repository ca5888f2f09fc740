/* SPDX-License-Identifier: MIT */
/* capture_cpim.c - CPIM headers, whom a notification goes to, and the notifications that an event brings (report.c). */
#include "capture.h"
#include <string.h>

const cpm_cpim *cpmi_capture_cpim(capture_env *v) {
  capture_body *b = v->body;
  if (!b->cpim_tried) {
    b->cpim_tried = true;
    const cpm_part *part = cpmi_part_typed(cpmi_capture_split(v), "message/cpim");
    memset(&b->cpim, 0, sizeof b->cpim);
    b->cpim.headers = b->headers;
    b->cpim.cap = CAPTURE_HEADERS;
    b->cpim_ok = part && cpm_cpim_decode(&b->cpim, part->body, NULL, NULL) == CPM_OK;
  }
  return b->cpim_ok ? &b->cpim : NULL;
}

static cpm_str capture_cpim_value(capture_env *v, unsigned id) {
  const cpm_cpim *cpim = cpmi_capture_cpim(v);
  return cpim ? cpm_cpim_value(cpim, (cpm_cpim_id)id) : cpm_str_none();
}

static cpm_str capture_cpim_uri(capture_env *v, unsigned id) {
  const cpm_str value = capture_cpim_value(v, id);
  cpm_cpim_address a;
  return value.p && cpm_cpim_address_decode(&a, value, NULL, NULL) == CPM_OK ? a.uri : cpm_str_none();
}

/* ---- addresses ----------------------------------------------------------------------------------------------------- */

static cpm_str capture_cpim_known(cpm_str uri) {
  return uri.p && !cpm_uri_text_equal(uri, cpm_str_z(CPM_ANONYMOUS_URI)) ? uri : cpm_str_none();
}

/* The addresses of all CPIM headers of that name. One that cannot be read makes all of them useless: a notification that skips a hop
 * would be lost there. */
static capture_joined capture_cpim_addresses(capture_env *v, unsigned id) {
  capture_joined j = { .n = 0 };
  const cpm_cpim *cpim = cpmi_capture_cpim(v);
  const cpm_cpim_header *h;
  bool reads = true;
  for (size_t i = 0; cpim && (h = cpm_cpim_find(cpim, (cpm_cpim_id)id, &i)) != NULL;) {
    cpm_cpim_address a;
    reads &= j.n < CAPTURE_ROUTES && cpm_cpim_address_decode(&a, h->value, NULL, NULL) == CPM_OK && cpmi_text_fits(CPMI_URI, a.uri);
    if (reads) cpmi_capture_join(&j, j.n ? ", <" : "<", a.uri, ">");
  }
  if (!reads) j.n = 0;
  return j;
}

/* Of the SIP message; of a message over MSRP what the INVITE has left in the field. */
static cpm_str capture_cpim_party(const capture_env *v, unsigned id) {
  if (v->e->sip) return cpmi_capture_first_uri(v, id);
  return cpmi_text(v->p, v->m, CPM_NO_LEG, id == CPM_SIP_REFERRED_BY ? CPM_FIELD_referred_by : CPM_FIELD_sender);
}

/* In a session of two whoever is on the other side, whatever CPIM says; in a group its server answers for CPIM From (ruling O-R77). */
static cpm_str capture_cpim_peer(capture_env *v) {
  if (!cpmi_is_set(v->p, v->m, CPM_NO_LEG, CPM_FIELD_group_session)) return cpmi_text(v->p, v->m, CPM_NO_LEG, CPM_FIELD_to);
  return capture_cpim_known(capture_cpim_uri(v, CPM_CPIM_FROM));
}

static cpm_str capture_cpim_report_to(capture_env *v) {
  const capture_joined route = capture_cpim_addresses(v, CPM_CPIM_IMDN_RECORD_ROUTE);
  cpm_str uri = route.n ? route.piece[0][1] : capture_cpim_party(v, CPM_SIP_REFERRED_BY);
  if (!cpmi_text_fits(CPMI_URI, uri)) uri = capture_cpim_party(v, CPM_SIP_P_ASSERTED_IDENTITY);
  return capture_cpim_known(uri);
}

static cpm_str capture_cpim_report_for(const capture_env *v) {
  const cpm_str uri = capture_cpim_known(capture_cpim_party(v, CPM_SIP_REFERRED_BY));
  return uri.p ? uri : capture_cpim_known(capture_cpim_party(v, CPM_SIP_P_ASSERTED_IDENTITY));
}

static cpm_str capture_cpim_original_to(capture_env *v) {
  const cpm_str uri = capture_cpim_uri(v, CPM_CPIM_ORIGINAL_TO);
  return capture_cpim_known(uri.p ? uri : capture_cpim_uri(v, CPM_CPIM_TO));
}

bool cpmi_capture_cpim_text(capture_env *v, const cpmi_capture *c, cpm_str *out) {
  switch (c->source) {
  case CPMI_FROM_CPIM:        *out = capture_cpim_value(v, c->what); return true;
  case CPMI_FROM_ORIGINAL_TO: *out = capture_cpim_original_to(v); return true;
  case CPMI_FROM_PEER:        *out = capture_cpim_peer(v); return true;
  case CPMI_FROM_REPORT_FOR:  *out = capture_cpim_report_for(v); return true;
  case CPMI_FROM_REPORT_TO:   *out = capture_cpim_report_to(v); return true;
  default: return false;
  }
}

/* ---- disposition notifications ------------------------------------------------------------------------------------- */

static const cpmi_reports *capture_cpim_reports(capture_env *v) {
  const cpmi_env env = cpmi_capture_looks(v);
  if (!v->body->counted) v->body->reports = cpmi_count_reports(&env, v->e);
  v->body->counted = true;
  return &v->body->reports;
}

int64_t cpmi_capture_is_report(capture_env *v) { return capture_cpim_reports(v)->all != 0; }

/* A notification says DateTime again: of a message whose DateTime no XML can hold, nothing can be reported. */
static int64_t capture_cpim_report_set(capture_env *v) {
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

bool cpmi_capture_cpim_number(capture_env *v, const cpmi_capture *c, int64_t *out) {
  switch (c->source) {
  case CPMI_FROM_CPIM_OK:     *out = cpmi_capture_cpim(v) != NULL; return true;
  case CPMI_FROM_CPIM_TIME:   *out = capture_cpim_time(v); return true;
  case CPMI_FROM_CPIM_REPORT: *out = capture_cpim_report_set(v); return true;
  case CPMI_FROM_REPORTS:     *out = (int64_t)capture_cpim_reports(v)->readable; return true;
  case CPMI_FROM_REPORTS_LEN: *out = (int64_t)capture_cpim_reports(v)->behind; return true;
  case CPMI_FROM_IS_REPORT:   *out = cpmi_capture_is_report(v); return true;
  default: return false;
  }
}

/* ---- content that is to be fetched --------------------------------------------------------------------------------- */

/* A message that came in one chunk. */
static bool capture_cpim_comes_whole(const capture_env *v) {
  const cpm_msrp *m = v->e->msrp;
  if (!m || !v->e->head.p || v->e->head.n != v->e->len || (m->has_range && m->range.start > 1) || m->flag == '#') return false;
  return m->has_range && m->range.total == v->e->len ? true : m->flag == '$' && (!m->has_range || m->range.total == CPM_MSRP_ANY);
}

/* message/external-body that is to be fetched, inside of a CPIM whose headers stand apart from those of MIME. */
static bool capture_cpim_external_in(capture_env *v, cpm_external_body *out, bool part) {
  const cpm_cpim *cpim = cpmi_capture_cpim(v);
  if (!cpim || !cpim->nheaders || !cpim->content_type.p || (cpim->quirks & CPM_QUIRK(CPIM_ONE_BLOCK))) return false;
  const cpm_str content = part ? cpm_str_z("\r\n") : cpim->content;
  return cpm_external_body_decode(out, cpim->content_type, content, NULL, NULL) == CPM_OK && out->is_url && out->fetch;
}

static bool capture_cpim_external(capture_env *v, cpm_external_body *out) {
  return capture_cpim_comes_whole(v) && capture_cpim_external_in(v, out, false);
}

static int capture_cpim_set_url(capture_env *v, const cpmi_capture *c, const cpm_external_body *x) {
  size_t n = 0;
  const uint32_t leg = cpmi_capture_of(v, c);
  cpmi_unset(v->p, v->m, leg, (cpm_field)c->field);
  if (cpm_external_body_url(NULL, 0, &n, x, NULL) != CPM_OK || n == 0) return CPM_OK;
  char *dst = cpmi_room(v->p, v->m, leg, (cpm_field)c->field, n);
  if (!dst) return cpmi_no_room(v->p, n, v->diag);
  cpm_external_body_url(dst, n, &n, x, NULL);
  if (cpmi_check_clean(cpm_str_of(dst, n), NULL, NULL) != CPM_OK) cpmi_unset(v->p, v->m, leg, (cpm_field)c->field);
  return CPM_OK;
}

static bool capture_cpim_chunk_is(const capture_env *v, unsigned what) {
  return v->e->type == CPM_EVENT_on_chunk && cpmi_number(v->p, v->m, v->e->leg, CPM_FIELD_chunk_is) == what;
}

static int capture_cpim_external_url(capture_env *v, const cpmi_capture *c) {
  cpm_external_body x;
  const cpm_str awaited = cpmi_text(v->p, v->m, v->e->leg, CPM_FIELD_awaited_url);
  if (awaited.p && capture_cpim_chunk_is(v, CPM_CHUNK_IS_whole))
    return cpmi_set_text(v->p, v->m, cpmi_capture_of(v, c), (cpm_field)c->field, awaited, v->diag);
  if (capture_cpim_external(v, &x)) return capture_cpim_set_url(v, c, &x);
  cpmi_unset(v->p, v->m, cpmi_capture_of(v, c), (cpm_field)c->field);
  return CPM_OK;
}

/* Of a message whose other chunks went on before its first one nothing is kept back. The header fields of what it stands for may be in the next chunk. */
static int capture_cpim_external_begins(capture_env *v, const cpmi_capture *c) {
  cpm_external_body x;
  const cpm_msrp *m = v->e->msrp;
  const bool begins = m && v->e->head.p && v->e->head.n == v->e->len && (!m->has_range || m->range.start <= 1);
  if (!begins || !capture_cpim_chunk_is(v, CPM_CHUNK_IS_more)) return CPM_OK;
  if (cpmi_octets_of(cpmi_text(v->p, v->m, v->e->leg, CPM_FIELD_arrived)) != v->e->len) return CPM_OK;
  return capture_cpim_external_in(v, &x, true) ? capture_cpim_set_url(v, c, &x) : CPM_OK;
}

/* From the first octet to the end of the line of the last header. */
static int capture_cpim_head(capture_env *v, const cpmi_capture *c) {
  cpm_external_body x;
  cpmi_unset(v->p, v->m, cpmi_capture_of(v, c), (cpm_field)c->field);
  if (!capture_cpim_external(v, &x)) return CPM_OK;
  const cpm_cpim *cpim = cpmi_capture_cpim(v);
  const cpm_str value = cpim->headers[cpim->nheaders - 1].value;
  const char *const from = value.p + value.n, *const end = memchr(from, '\n', (size_t)(v->e->head.p + v->e->head.n - from));
  return end ? cpmi_capture_set_content(v, c, v->e->item, 0, (uint64_t)(end + 1 - v->e->head.p)) : CPM_OK;
}

static int capture_cpim_set_addresses(capture_env *v, const cpmi_capture *c) {
  const capture_joined j = capture_cpim_addresses(v, c->what);
  return cpmi_capture_set_joined(v, c, &j);
}

bool cpmi_capture_cpim_record(capture_env *v, const cpmi_capture *c, int *rc) {
  switch (c->source) {
  case CPMI_FROM_EXTERNAL_URL: *rc = capture_cpim_external_url(v, c); return true;
  case CPMI_FROM_EXTERNAL_BEGINS: *rc = capture_cpim_external_begins(v, c); return true;
  case CPMI_FROM_CPIM_HEAD:    *rc = capture_cpim_head(v, c); return true;
  case CPMI_FROM_CPIM_ADDRS:   *rc = capture_cpim_set_addresses(v, c); return true;
  default: return false;
  }
}
