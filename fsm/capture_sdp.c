/* SPDX-License-Identifier: MIT */
/* capture_sdp.c - session descriptions: the m line of MSRP, and what is kept of an offer. */
#include "capture.h"
#include <string.h>

enum { CAPTURE_SDP_TIMES = 8 };   /* lines that are kept besides m lines */

int cpmi_describe(cpmi_description *d, const cpmi_split *s) {
  const cpm_part *part = cpmi_part_typed(s, "application/sdp");
  d->sdp = (cpm_sdp)CPM_SDP_ROOM(d->lines, d->media);
  return part ? cpm_sdp_decode(&d->sdp, part->body, NULL, NULL) : CPM_END;
}

/* Without it the offerer connects (RFC 4975 5.4). */
unsigned cpmi_setup_of(cpm_msrp_setup answer) {
  return answer == CPM_MSRP_ACTIVE ? CPM_SETUP_active : answer == CPM_MSRP_ACTPASS ? CPM_SETUP_unusable : CPM_SETUP_passive;
}

bool cpmi_capture_has_files(const cpm_machine *m) {
  return m->leg_fields.n && memchr(m->leg_fields.p, CPM_FIELD_file_selector, m->leg_fields.n);
}

CPMI_APART static void capture_sdp_describe(capture_env *v) {
  cpmi_description d;
  capture_body *b = v->body;
  size_t at = 0;
  const int rc = cpmi_describe(&d, cpmi_capture_split(v));
  if (rc != CPM_OK && rc != CPM_E_TOO_MANY) return;
  b->selector = cpm_sdp_find(&d.sdp, CPM_SDP_FILE_SELECTOR, &at, d.sdp.nlines) != NULL;
  b->nlines = rc == CPM_OK ? d.sdp.nmedia : 0;
  for (size_t i = 0; i < b->nlines; i++) b->lines |= (uint64_t)(d.media[i].port != 0) << i;
  b->files = rc == CPM_OK && cpmi_capture_has_files(v->m) ? cpmi_count_files(&d.sdp, v->a) : 0;
  const bool secure = v->a->media_secure != 0;
  for (size_t i = 0; i < b->nlines && !b->msrp_ok; i++) {
    b->msrp_ok = d.media[i].port && cpm_sdp_msrp_decode(&b->msrp, &d.sdp, i, NULL, NULL) == CPM_OK && b->msrp.secure == secure;   /* O-R67 */
    b->line = i;
  }
}

/* NULL: it has no m line of MSRP, or cannot be read. */
static const cpm_sdp_msrp *capture_sdp_msrp(capture_env *v) {
  if (!v->body->described) capture_sdp_describe(v);
  v->body->described = true;
  return v->body->msrp_ok ? &v->body->msrp : NULL;
}

static int64_t capture_sdp_answers_setup(capture_env *v) {
  const cpm_sdp_msrp *m = capture_sdp_msrp(v);
  if (!m || m->setup == CPM_MSRP_SETUP_NONE) return CPM_ANSWERS_SETUP_silent;
  return cpmi_answer_setup(v->a, m->setup) == CPM_MSRP_ACTIVE ? CPM_ANSWERS_SETUP_active : CPM_ANSWERS_SETUP_passive;
}

/* Does a list of types take one of those that the agent takes? An agent without a list takes everything. */
static bool capture_sdp_types_meet(cpm_str types, cpm_str ours) {
  cpm_media_type t;
  if (!types.p || !ours.p) return true;
  while (cpm_media_type_next(&ours, &t, NULL, NULL) == CPM_OK)
    if (cpm_sdp_types_take(types, cpm_str_of(t.type.p, (size_t)(t.subtype.p + t.subtype.n - t.type.p)))) return true;
  return false;
}

static bool capture_sdp_takes(capture_env *v, cpm_str type) {
  const cpm_sdp_msrp *m = capture_sdp_msrp(v);
  return m && cpm_accept_takes(v->a->accept, type) && cpm_sdp_types_take(m->accept_types, type) &&
         capture_sdp_types_meet(m->accept_wrapped_types, v->a->accept_wrapped);
}

/* False: the word is no text. */
static bool capture_sdp_word_text(capture_env *v, unsigned word, cpm_str *out) {
  const cpm_sdp_msrp *m = capture_sdp_msrp(v);
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

static int64_t capture_sdp_word_number(capture_env *v, unsigned word) {
  const cpm_sdp_msrp *m = capture_sdp_msrp(v);   /* the description is read by now */
  switch (word) {
  case CPMI_SDP_selector:  return v->body->selector;
  case CPMI_SDP_usable:    return m != NULL;
  case CPMI_SDP_setup:     return m ? cpmi_setup_of(m->setup) : CPM_SETUP_unusable;
  case CPMI_SDP_ports:     return (int64_t)v->body->lines;
  case CPMI_SDP_there:     return v->body->nlines != 0;
  case CPMI_SDP_fits:      return v->body->nlines == v->p->nlegs;
  case CPMI_SDP_answers_setup: return capture_sdp_answers_setup(v);
  case CPMI_SDP_files:     return (int64_t)v->body->files;
  case CPMI_SDP_line:      return m ? (int64_t)v->body->line : 0;
  case CPMI_SDP_port:      return m ? m->port : 0;
  case CPMI_SDP_secure:    return m && m->secure;
  case CPMI_SDP_cema:      return m && m->cema;
  case CPMI_SDP_max_size:  return m && m->has_max_size ? cpmi_capture_bounded(m->max_size) : 0;
  case CPMI_SDP_direction: return m ? (int64_t)m->direction : 0;
  default:                 return m && m->selector.has_size ? cpmi_capture_bounded(m->selector.size) : 0;
  }
}

bool cpmi_capture_sdp_text(capture_env *v, const cpmi_capture *c, cpm_str *out) {
  return c->source == CPMI_FROM_SDP && capture_sdp_word_text(v, c->what, out);
}

bool cpmi_capture_sdp_number(capture_env *v, const cpmi_capture *c, int64_t *out) {
  switch (c->source) {
  case CPMI_FROM_SDP:       *out = capture_sdp_word_number(v, c->what); return true;
  case CPMI_FROM_SDP_TAKES: *out = capture_sdp_takes(v, cpmi_literal(c->what)); return true;
  default: return false;
  }
}

/* The lines that an answer goes by. */
CPMI_APART static int capture_sdp_offer(capture_env *v, const cpmi_capture *c) {
  cpmi_description d;
  cpm_sip_field kept[CPM_FILES_MAX + CAPTURE_SDP_TIMES];
  size_t n = 0;
  if (cpmi_describe(&d, cpmi_capture_split(v)) != CPM_OK) return CPM_OK;
  for (size_t i = 0; i < d.sdp.nlines && n < sizeof kept / sizeof *kept; i++) {
    const char *const name = d.lines[i].type == 'm' ? "m" : d.lines[i].type == 't' ? "t" : d.lines[i].type == 'r' ? "r" : "z";
    if (!strchr("mtrz", d.lines[i].type)) continue;
    kept[n++] = (cpm_sip_field){ CPM_SIP_UNKNOWN, cpm_str_z(name), d.lines[i].value, NULL, NULL };
  }
  return cpmi_set_fields(v->p, v->m, cpmi_capture_of(v, c), (cpm_field)c->field, kept, n, true, v->diag);
}

bool cpmi_capture_sdp_record(capture_env *v, const cpmi_capture *c, int *rc) {
  if (c->source != CPMI_FROM_OFFER) return false;
  *rc = capture_sdp_offer(v, c);
  return true;
}
