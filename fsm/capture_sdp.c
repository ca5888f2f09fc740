/* SPDX-License-Identifier: MIT */
/* capture_sdp.c - session descriptions: the m line of MSRP, and what is kept of an offer. */
#include "capture.h"
#include "cpm/mime.h"
#include <string.h>

/* What is looked at: lines, m lines, and lines of times that are kept. */
enum { CAPTURE_SDP_LINES = 256, CAPTURE_SDP_MEDIA = 16, CAPTURE_SDP_TIMES = 8 };

bool cpmi_capture_has_files(const cpm_machine *m) {
  return m->leg_fields.n && memchr(m->leg_fields.p, CPM_FIELD_file_selector, m->leg_fields.n);
}

CPMI_APART static void capture_sdp_describe(capture_env *v, const cpm_part *part) {
  cpm_sdp_line lines[CAPTURE_SDP_LINES];
  cpm_sdp_media media[CAPTURE_SDP_MEDIA];
  cpm_sdp sdp = CPM_SDP_ROOM(lines, media);
  capture_body *b = v->body;
  size_t at = 0;
  const int rc = cpm_sdp_decode(&sdp, part->body, NULL, NULL);
  if (rc != CPM_OK && rc != CPM_E_TOO_MANY) return;
  b->selector = cpm_sdp_find(&sdp, CPM_SDP_FILE_SELECTOR, &at, sdp.nlines) != NULL;
  b->nlines = rc == CPM_OK ? sdp.nmedia : 0;
  for (size_t i = 0; i < b->nlines; i++) b->lines |= (uint64_t)(sdp.media[i].port != 0) << i;
  b->files = rc == CPM_OK && cpmi_capture_has_files(v->m) ? cpmi_count_files(&sdp, v->a) : 0;
  const bool secure = v->a->media_secure != 0;
  for (size_t i = 0; rc == CPM_OK && i < sdp.nmedia && !b->msrp_ok; i++) {
    b->msrp_ok = sdp.media[i].port && cpm_sdp_msrp_decode(&b->msrp, &sdp, i, NULL, NULL) == CPM_OK && b->msrp.secure == secure;   /* O-R67 */
    b->line = i;
  }
}

/* NULL: it has no m line of MSRP, or cannot be read. */
static const cpm_sdp_msrp *capture_sdp_msrp(capture_env *v) {
  const cpm_part *part = v->body->described ? NULL : cpmi_capture_typed(v, "application/sdp");
  v->body->described = true;
  if (part) capture_sdp_describe(v, part);
  return v->body->msrp_ok ? &v->body->msrp : NULL;
}

/* Of an answer. Without a=setup the offerer connects (RFC 4975 5.4). */
static int64_t capture_sdp_setup(capture_env *v) {
  const cpm_sdp_msrp *m = capture_sdp_msrp(v);
  switch (m ? m->setup : CPM_MSRP_ACTPASS) {
  case CPM_MSRP_SETUP_NONE:
  case CPM_MSRP_PASSIVE: return CPM_SETUP_passive;
  case CPM_MSRP_ACTIVE:  return CPM_SETUP_active;
  default:               return CPM_SETUP_unusable;
  }
}

/* To an offer; one that the agent leaves open is what its policy says. */
static int64_t capture_sdp_answers_setup(capture_env *v) {
  const cpm_sdp_msrp *m = capture_sdp_msrp(v);
  if (!m || m->setup == CPM_MSRP_SETUP_NONE) return CPM_ANSWERS_SETUP_silent;
  const cpm_msrp_setup ours = cpm_msrp_setup_answer(m->setup, v->a->answer_active ? CPM_MSRP_ACTIVE : CPM_MSRP_PASSIVE);
  return ours == CPM_MSRP_ACTIVE ? CPM_ANSWERS_SETUP_active : CPM_ANSWERS_SETUP_passive;
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
  case CPMI_SDP_setup:     return capture_sdp_setup(v);
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
  const cpm_part *part = cpmi_capture_typed(v, "application/sdp");
  cpm_sdp_line lines[CAPTURE_SDP_LINES];
  cpm_sdp_media media[CAPTURE_SDP_MEDIA];
  cpm_sip_field kept[CAPTURE_SDP_MEDIA + CAPTURE_SDP_TIMES];
  cpm_sdp sdp = CPM_SDP_ROOM(lines, media);
  size_t n = 0;
  if (!part || cpm_sdp_decode(&sdp, part->body, NULL, NULL) != CPM_OK) return CPM_OK;
  for (size_t i = 0; i < sdp.nlines && n < sizeof kept / sizeof *kept; i++) {
    const char *const name = lines[i].type == 'm' ? "m" : lines[i].type == 't' ? "t" : lines[i].type == 'r' ? "r" : "z";
    if (!strchr("mtrz", lines[i].type)) continue;
    kept[n++] = (cpm_sip_field){ CPM_SIP_UNKNOWN, cpm_str_z(name), lines[i].value, NULL, NULL };
  }
  return cpmi_set_fields(v->p, v->m, cpmi_capture_of(v, c), (cpm_field)c->field, kept, n, true, v->diag);
}

bool cpmi_capture_sdp_record(capture_env *v, const cpmi_capture *c, int *rc) {
  if (c->source != CPMI_FROM_OFFER) return false;
  *rc = capture_sdp_offer(v, c);
  return true;
}
