/* SPDX-License-Identifier: MIT */
/* files.c - files as legs, one m line a leg (RFC 5547): those that the host brings, those that an offer describes, and what an answer says
 * of ours. */
#include "engine.h"
#include "sdp_parse.h"
#include <string.h>

enum { FILES_ID = 64, FILES_M_LINE = 256 };

typedef struct files_leg { cpm_proc *p; const cpm_machine *m; uint32_t leg; cpm_diag *diag; } files_leg;

static int files_text(const files_leg *v, cpm_field f, cpm_str text) {
  return text.p && text.n ? cpmi_set_text(v->p, v->m, v->leg, f, text, v->diag) : CPM_OK;
}

static void files_number(const files_leg *v, cpm_field f, uint64_t n) {
  if (n) cpmi_set_number(v->p, v->m, v->leg, f, n > INT64_MAX ? INT64_MAX : (int64_t)n);
}

/* Is the field there, and unset? What an answer brings is undone by unsetting it again. */
static bool files_unset(const files_leg *v, cpm_field f) {
  bool present = true;
  return cpmi_find(v->p, v->m, v->leg, f, &present) && !present;
}

/* The selector as our own codec writes it, whatever it was read from. */
static int files_selector(const files_leg *v, const cpm_sdp_selector *s) {
  size_t n = 0;
  const int rc = cpm_sdp_selector_encode(NULL, 0, &n, s, v->diag);
  if (rc) return rc;
  char *dst = cpmi_room(v->p, v->m, v->leg, CPM_FIELD_file_selector, n);
  if (!dst) return cpmi_no_room(v->p, n, v->diag);
  return cpm_sdp_selector_encode(dst, n, &n, s, v->diag);
}

/* An attribute as its grammar has it. */
static int files_attribute(const files_leg *v, cpm_field f, int attribute, cpm_str value) {
  cpmi_sdp_attribute_marks marks;
  memset(&marks, 0, sizeof marks);
  if (!value.p) return CPM_OK;
  if (!value.n || cpmi_sdp_attribute_parse(&marks, attribute, value)) return cpmi_fail(v->diag, CPM_E_VALUE, 0, cpm_field_name(f), "RFC 5547 6");
  return files_text(v, f, value);
}

/* ---- files of the host --------------------------------------------------------------------------------------------- */

/* A name that is unique as long as the session's is. */
static int files_transfer_id(const files_leg *v, const cpm_file *file) {
  char id[FILES_ID];
  cpmi_out o = cpmi_out_to(id, sizeof id, 0);
  if (file->transfer_id.p) return files_attribute(v, CPM_FIELD_file_transfer_id, CPM_SDP_FILE_TRANSFER_ID, file->transfer_id);
  cpmi_put(&o, cpmi_text(v->p, v->m, CPM_NO_LEG, CPM_FIELD_session_id));
  cpmi_put_char(&o, '.');
  cpmi_put_number(&o, v->leg);
  return o.n <= o.cap ? files_text(v, CPM_FIELD_file_transfer_id, cpm_str_of(id, o.n)) : CPM_OK;
}

static const char *files_wrong(const cpm_file *file) {
  const cpm_sdp_selector *s = &file->selector;
  const uint64_t size = s->has_size ? s->size : 0;
  if (!file->pull && (!s->type.n || !size)) return "selector";
  if (!cpmi_is_run(0, size) || !cpmi_is_run(0, file->from)) return "size";
  return file->from && size && file->from >= size ? "from" : NULL;
}

static int files_take(const files_leg *v, const cpm_file *file) {
  const uint64_t size = file->selector.has_size ? file->selector.size : 0;
  const char *const wrong = files_wrong(file);
  if (wrong) return cpmi_fail(v->diag, CPM_E_VALUE, v->leg, wrong, "RFC 5547 6");
  int rc = files_selector(v, &file->selector);
  if (!rc) rc = files_text(v, CPM_FIELD_file_type, file->selector.type);
  if (!rc) rc = files_transfer_id(v, file);
  if (!rc) rc = files_attribute(v, CPM_FIELD_file_disposition, CPM_SDP_FILE_DISPOSITION, file->disposition);
  if (!rc) rc = files_attribute(v, CPM_FIELD_file_date, CPM_SDP_FILE_DATE, file->date);
  if (!rc) rc = files_attribute(v, CPM_FIELD_file_icon, CPM_SDP_FILE_ICON, file->icon);
  if (!rc && !file->pull) rc = cpmi_set_content(v->p, v->m, v->leg, CPM_FIELD_payload, (cpmi_content){ file->item, 0, size }, v->diag);
  files_number(v, CPM_FIELD_size, size);
  files_number(v, CPM_FIELD_until, size);
  if (file->from) files_number(v, CPM_FIELD_range_start, file->from + 1);
  return rc;
}

int cpmi_take_files(cpm_proc *p, const cpm_machine *m, const cpm_event *e, cpm_diag *diag) {
  if (!e->nfiles) return cpmi_fail(diag, CPM_E_ARG, 0, "files", NULL);
  if (e->nfiles > CPM_FILES_MAX) return cpmi_fail(diag, CPM_E_TOO_MANY, CPM_FILES_MAX, "files", NULL);
  for (size_t i = 0; i < e->nfiles; i++) {
    int rc = cpmi_add_leg(p, m, e->files[i].pull ? CPMI_KIND_pull : CPMI_KIND_push, diag);
    const files_leg v = { p, m, p->nlegs - 1u, diag };
    if (!rc) rc = files_take(&v, &e->files[i]);
    if (rc) return rc;
  }
  return CPM_OK;
}

/* ---- the description of a message ---------------------------------------------------------------------------------- */

static bool files_describe(cpmi_description *d, const cpm_proc *p, const cpm_machine *m, const cpm_event *e) {
  const cpmi_env env = { p, m, NULL, CPM_NO_LEG };
  cpmi_split s;
  cpmi_split_body(&s, cpmi_body_of(&env, e));
  return cpmi_describe(d, &s) == CPM_OK;
}

static int files_new_text(const files_leg *v, cpm_field f, cpm_str text) {
  const bool fits = text.n && cpmi_text_fits(cpmi_field_type(f), text) && cpmi_check_clean(text, NULL, NULL) == CPM_OK;
  return fits && files_unset(v, f) ? cpmi_set_text(v->p, v->m, v->leg, f, text, v->diag) : CPM_OK;
}

static void files_new_number(const files_leg *v, cpm_field f, uint64_t n) {
  if (files_unset(v, f)) files_number(v, f, n);
}

/* Where their media is, and who connects. */
static int files_peer(const files_leg *v, const cpm_sdp_msrp *s) {
  int rc = files_new_text(v, CPM_FIELD_path, s->path);
  if (!rc) rc = files_new_text(v, CPM_FIELD_peer_address, s->connection.address);
  if (!rc) rc = files_new_text(v, CPM_FIELD_peer_fingerprint, s->fingerprint);
  files_new_number(v, CPM_FIELD_setup, cpmi_setup_of(s->setup));
  files_new_number(v, CPM_FIELD_peer_port, s->port);
  files_new_number(v, CPM_FIELD_peer_cema, s->cema);
  files_new_number(v, CPM_FIELD_peer_secure, s->secure);
  return rc;
}

/* ---- an answer to our offer ---------------------------------------------------------------------------------------- */

/* Octets that are there before the first one comes: who has them says so, else we did. */
static void files_start(const files_leg *v, const cpm_sdp_msrp *s, bool pull) {
  const uint64_t ours = (uint64_t)cpmi_number(v->p, v->m, v->leg, CPM_FIELD_range_start);
  const uint64_t until = (uint64_t)cpmi_number(v->p, v->m, v->leg, CPM_FIELD_until);
  const bool theirs = !pull && s->has_range && s->range_start && s->range_start <= until;
  const uint64_t start = theirs ? s->range_start : ours;
  if (start < 2) return;
  if (pull) files_new_number(v, CPM_FIELD_received, start - 1);
  if (pull) return;
  files_new_number(v, CPM_FIELD_pushed, start - 1);
  files_new_number(v, CPM_FIELD_acked, start - 1);
}

static int files_line(const files_leg *v, const cpm_sdp_msrp *s, bool pull) {
  const uint64_t size = s->selector.has_size && cpmi_is_run(0, s->selector.size) ? s->selector.size : 0;
  int rc = files_peer(v, s);
  if (!rc && pull) rc = files_new_text(v, CPM_FIELD_file_type, s->selector.type);
  if (pull) files_new_number(v, CPM_FIELD_size, size);
  if (pull) files_new_number(v, CPM_FIELD_until, size);
  files_start(v, s, pull);
  files_new_number(v, CPM_FIELD_media_ok, s->path.n && cpmi_setup_of(s->setup) != CPM_SETUP_unusable);
  return rc;
}

int cpmi_take_answer(cpm_proc *p, const cpm_machine *m, const cpm_event *e, cpm_diag *diag) {
  cpmi_description s;
  cpm_sdp_msrp line;
  int rc = CPM_OK;
  if (!files_describe(&s, p, m, e)) return CPM_OK;
  for (uint32_t k = 0; rc == CPM_OK && k < p->nlegs && k < s.sdp.nmedia; k++) {
    const files_leg v = { p, m, k, diag };
    if (s.media[k].port && cpm_sdp_msrp_decode(&line, &s.sdp, k, NULL, NULL) == CPM_OK)
      rc = files_line(&v, &line, cpmi_leg_at(p, m, k)->kind == CPMI_KIND_pull);
  }
  return rc;
}

/* ---- an offer ------------------------------------------------------------------------------------------------------ */

/* Refused, an m line is written as it was offered, with port 0 (RFC 3264 6). */
static int files_m_line(const files_leg *v, const cpm_sdp_media *media) {
  char text[FILES_M_LINE];
  cpmi_out o = cpmi_out_to(text, sizeof text, 0);
  cpmi_put(&o, media->media);
  cpmi_put_z(&o, " 0 ");
  cpmi_put(&o, media->proto);
  cpmi_put_char(&o, ' ');
  cpmi_put(&o, media->formats);
  return o.n <= o.cap ? files_new_text(v, CPM_FIELD_m_line, cpm_str_of(text, o.n)) : CPM_OK;
}

/* A selector that cannot be written again is none. */
static int files_offered_selector(const files_leg *v, const cpm_sdp_msrp *s) {
  size_t n = 0;
  return s->file && cpm_sdp_selector_encode(NULL, 0, &n, &s->selector, NULL) == CPM_OK ? files_selector(v, &s->selector) : CPM_OK;
}

/* What the line of the attribute says, if it is sound. */
static int files_offered_value(const files_leg *v, cpm_field f, cpm_sdp_attribute attribute, const cpm_sdp *sdp, const cpm_sdp_media *m) {
  size_t at = m->first;
  cpmi_sdp_attribute_marks marks;
  const cpm_sdp_line *const line = cpm_sdp_find(sdp, attribute, &at, m->first + m->n);
  memset(&marks, 0, sizeof marks);
  if (!line || !line->value.n || cpmi_sdp_attribute_parse(&marks, (int)attribute, line->value)) return CPM_OK;
  return files_new_text(v, f, line->value);
}

static void files_offered_range(const files_leg *v, const cpm_sdp_msrp *s, bool pull) {
  const uint64_t size = s->selector.has_size && cpmi_is_run(0, s->selector.size) ? s->selector.size : 0;
  const bool ranged = s->has_range && s->range_start && cpmi_is_run(0, s->range_start) && (!size || s->range_start <= size);
  const bool stops = ranged && s->range_stop >= s->range_start && cpmi_is_run(0, s->range_stop) && (!size || s->range_stop <= size);
  files_number(v, CPM_FIELD_size, size);
  files_number(v, CPM_FIELD_until, stops ? s->range_stop : size);
  if (!ranged || s->range_start < 2) return;
  files_number(v, CPM_FIELD_range_start, s->range_start);
  files_number(v, pull ? CPM_FIELD_received : CPM_FIELD_pushed, s->range_start - 1);
  if (!pull) files_number(v, CPM_FIELD_acked, s->range_start - 1);
}

/* Who connects when the answer is ours, as `setup` says it of them (RFC 4975 5.4, RFC 6135 4.2). */
static unsigned files_offered_setup(cpm_msrp_setup offer, const cpm_agent *a) {
  return cpmi_answer_setup(a, offer) == CPM_MSRP_ACTIVE ? CPM_SETUP_passive : CPM_SETUP_active;
}

/* A file that can be read, over TLS or not as the agent has it, and that one side sends. */
static bool files_reads(cpm_sdp_msrp *line, const cpm_sdp *sdp, size_t i, const cpm_agent *a) {
  return sdp->media[i].port && cpm_sdp_msrp_decode(line, sdp, i, NULL, NULL) == CPM_OK && line->secure == (a->media_secure != 0) && line->file &&
         line->path.n && line->direction != CPM_SDP_DIRECTION_INACTIVE;
}

size_t cpmi_count_files(const cpm_sdp *sdp, const cpm_agent *a) {
  cpm_sdp_msrp line;
  size_t n = 0;
  for (size_t i = 0; a->media_address.n && i < sdp->nmedia; i++) n += files_reads(&line, sdp, i, a);
  return n;
}

static int files_offered(const files_leg *v, const cpm_agent *a, const cpm_sdp_msrp *s, const cpm_sdp *sdp, const cpm_sdp_media *media, bool pull) {
  files_number(v, CPM_FIELD_setup, files_offered_setup(s->setup, a));
  files_number(v, CPM_FIELD_setup_said, s->setup != CPM_MSRP_SETUP_NONE);
  int rc = files_peer(v, s);
  if (!rc) rc = files_offered_selector(v, s);
  if (!rc) rc = files_new_text(v, CPM_FIELD_file_type, s->selector.type);
  if (!rc) rc = files_offered_value(v, CPM_FIELD_file_transfer_id, CPM_SDP_FILE_TRANSFER_ID, sdp, media);
  if (!rc) rc = files_offered_value(v, CPM_FIELD_file_disposition, CPM_SDP_FILE_DISPOSITION, sdp, media);
  if (!rc) rc = files_offered_value(v, CPM_FIELD_file_date, CPM_SDP_FILE_DATE, sdp, media);
  if (!rc) rc = files_offered_value(v, CPM_FIELD_file_icon, CPM_SDP_FILE_ICON, sdp, media);
  files_offered_range(v, s, pull);
  files_number(v, CPM_FIELD_media_ok, 1);
  return rc;
}

int cpmi_take_offer(cpm_proc *p, const cpm_machine *m, const cpm_agent *a, const cpm_event *e, cpm_diag *diag) {
  cpmi_description s;
  cpm_sdp_msrp line;
  int rc = CPM_OK;
  if (!files_describe(&s, p, m, e)) return CPM_OK;
  for (size_t i = 0; rc == CPM_OK && i < s.sdp.nmedia; i++) {
    const bool reads = files_reads(&line, &s.sdp, i, a);
    const bool pull = !reads || line.direction != CPM_SDP_DIRECTION_RECV;
    rc = cpmi_add_leg(p, m, pull ? CPMI_KIND_pull : CPMI_KIND_push, diag);
    const files_leg v = { p, m, p->nlegs - 1u, diag };
    if (!rc) rc = files_m_line(&v, &s.media[i]);
    if (!rc && reads) rc = files_offered(&v, a, &line, &s.sdp, &s.media[i], pull);
  }
  return rc;
}

/* ---- for the host -------------------------------------------------------------------------------------------------- */

bool cpm_proc_file(cpm_file *out, const cpm_proc *p, uint32_t leg) {
  const cpm_str selector = cpm_proc_text(p, leg, CPM_FIELD_file_selector);
  cpm_piece content;
  memset(out, 0, sizeof *out);
  if (leg == CPM_NO_LEG || !selector.n || cpm_sdp_selector_decode(&out->selector, selector, NULL) != CPM_OK) return false;
  const cpm_machine *const m = cpmi_machine_of(p);
  out->pull = cpmi_leg_at(p, m, leg)->kind == CPMI_KIND_pull;
  out->transfer_id = cpm_proc_text(p, leg, CPM_FIELD_file_transfer_id);
  out->disposition = cpm_proc_text(p, leg, CPM_FIELD_file_disposition);
  out->date = cpm_proc_text(p, leg, CPM_FIELD_file_date);
  out->icon = cpm_proc_text(p, leg, CPM_FIELD_file_icon);
  out->from = (uint64_t)cpm_proc_number(p, leg, out->pull ? CPM_FIELD_received : CPM_FIELD_acked);
  const uint64_t start = (uint64_t)cpm_proc_number(p, leg, CPM_FIELD_range_start);
  if (start && out->from < start - 1) out->from = start - 1;   /* cut before the answer came */
  if (!out->selector.has_size) out->selector.size = (uint64_t)cpm_proc_number(p, leg, CPM_FIELD_size);
  out->selector.has_size = out->selector.size != 0;
  if (cpm_proc_content(p, leg, CPM_FIELD_payload, &content)) out->item = content.item;
  return true;
}
