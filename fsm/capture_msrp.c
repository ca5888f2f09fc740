/* SPDX-License-Identifier: MIT */
/* capture_msrp.c - what comes over MSRP: headers of a chunk, statuses, and how far octets and reports reach. */
#include "capture.h"

static cpm_str capture_msrp_failure_report(const cpm_msrp *m) {
  if (m->failure_report == CPM_MSRP_FAILURE_YES) return cpm_str_none();
  return cpm_str_z(m->failure_report == CPM_MSRP_FAILURE_NO ? "no" : "partial");
}

/* What has a member may be there alone, from a host with an MSRP decoder of its own. */
static cpm_str capture_msrp_value(const capture_env *v, unsigned header) {
  const cpm_msrp *m = v->e->msrp;
  if (!m) return cpm_str_none();
  switch (header) {
  case CPM_MSRP_TO_PATH:      return m->to_path;
  case CPM_MSRP_FROM_PATH:    return m->from_path;
  case CPM_MSRP_MESSAGE_ID:   return m->message_id;
  case CPM_MSRP_CONTENT_TYPE: return m->content_type;
  case CPM_MSRP_SUCCESS_REPORT: return m->success_report ? cpm_str_z("yes") : cpm_str_none();
  case CPM_MSRP_FAILURE_REPORT: return capture_msrp_failure_report(m);
  default:                    return cpm_msrp_value(m, (cpm_msrp_header)header);
  }
}

bool cpmi_capture_msrp_text(capture_env *v, const cpmi_capture *c, cpm_str *out) {
  if (c->source != CPMI_FROM_MSRP) return false;
  *out = capture_msrp_value(v, c->what);
  return true;
}

static int64_t capture_msrp_plus_len(const capture_env *v, const cpmi_capture *c) {
  const uint64_t was = (uint64_t)cpmi_number(v->p, v->m, cpmi_capture_of(v, c), (cpm_field)c->field);
  return cpmi_capture_bounded(v->e->len > UINT64_MAX - was ? UINT64_MAX : was + v->e->len);
}

/* How far a report speaks of octets without a gap, from the first one on. */
static int64_t capture_msrp_reach(const capture_env *v, const cpmi_capture *c) {
  const uint64_t was = cpmi_capture_was(v, c, (cpm_field)c->field);
  const cpm_msrp *m = v->e->msrp;
  if (!m || !m->has_range || m->range.start == 0 || m->range.start - 1 > was) return (int64_t)was;
  const uint64_t end = m->range.end == CPM_MSRP_ANY ? m->range.total : m->range.end;
  return end != CPM_MSRP_ANY && end > was ? cpmi_capture_bounded(end) : (int64_t)was;
}

static int64_t capture_msrp_leading_of(const capture_env *v, const cpmi_capture *c) {
  const cpm_str spans = cpmi_text(v->p, v->m, v->e->leg, (cpm_field)c->what);
  return spans.p ? cpmi_capture_bounded(cpmi_leading_octets(spans)) : (int64_t)cpmi_capture_was(v, c, (cpm_field)c->field);
}

static int64_t capture_msrp_status(const capture_env *v) {
  const cpm_msrp *m = v->e->msrp;
  return !m ? 0 : (int64_t)(m->status ? m->status : m->report_status);
}

static int64_t capture_msrp_chunk_is(capture_env *v, cpm_str type) {
  const cpmi_env env = cpmi_capture_looks(v);
  const int64_t is = cpmi_chunk_is(v->arrived, &env, v->e, type);
  v->joined = is == CPM_CHUNK_IS_more || is == CPM_CHUNK_IS_whole || is == CPM_CHUNK_IS_again;
  return is;
}

static int64_t capture_msrp_octets_of(const capture_env *v, cpm_field f) {
  return cpmi_capture_bounded(cpmi_octets_of(cpmi_text(v->p, v->m, v->e->leg, f)));
}

static int64_t capture_msrp_side(const capture_env *v) {
  const uint32_t from = v->p->trigger.from;
  const unsigned kind = from == CPM_NO_LEG ? CPMI_KIND_COUNT : cpmi_leg_at(v->p, v->m, from)->kind;
  return kind == CPMI_KIND_client || kind == CPMI_KIND_device ? CPM_HEARD_user : CPM_HEARD_far;
}

bool cpmi_capture_msrp_number(capture_env *v, const cpmi_capture *c, int64_t *out) {
  switch (c->source) {
  case CPMI_FROM_CHUNK_IS:      *out = capture_msrp_chunk_is(v, cpmi_literal(c->what)); return true;
  case CPMI_FROM_LEADING_OF:    *out = capture_msrp_leading_of(v, c); return true;
  case CPMI_FROM_OCTETS_OF:     *out = capture_msrp_octets_of(v, (cpm_field)c->what); return true;
  case CPMI_FROM_WANTS_SUCCESS: *out = v->e->msrp && v->e->msrp->success_report; return true;
  case CPMI_FROM_SIDE:          *out = capture_msrp_side(v); return true;
  case CPMI_FROM_BINDS:         *out = v->e->msrp && v->e->msrp->has_range && v->e->msrp->range.total == 0; return true;
  case CPMI_FROM_PLUS_LEN:      *out = capture_msrp_plus_len(v, c); return true;
  case CPMI_FROM_REACH:         *out = capture_msrp_reach(v, c); return true;
  case CPMI_FROM_MSRP_STATUS:   *out = capture_msrp_status(v); return true;
  default: return false;
  }
}

bool cpmi_capture_msrp_record(capture_env *v, const cpmi_capture *c, int *rc) {
  if (c->source != CPMI_FROM_ARRIVED) return false;
  *rc = v->joined ? cpmi_set_arrived(v->p, v->m, v->e->leg, (cpm_field)c->field, v->arrived, v->diag) : CPM_OK;
  return true;
}
