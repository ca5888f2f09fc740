/* SPDX-License-Identifier: MIT */
/* report.c - the disposition notifications of a received message: how many there are, and what each says, for the leg that it becomes. */
#include "engine.h"
#include "cpm/markup.h"

enum { REPORT_PLAIN = 1024 };   /* octets of a text of a notification that are looked at */

void cpmi_walk_reports(const cpmi_env *env, const cpm_event *e, cpm_imdn_walk *at) {
  const cpmi_body b = cpmi_body_of(env, e);
  cpm_imdn_walk_init(at, b.type, e->len > b.body.n ? cpm_str_none() : b.body);   /* not a part of it */
}

static bool report_as_it_stands(cpm_str encoding) {
  static const char *const none[] = { "7bit", "8bit", "binary", "identity" };
  bool same = encoding.n == 0;
  for (size_t i = 0; i < sizeof none / sizeof *none; i++) same |= cpm_str_ieq(encoding, cpm_str_z(none[i]));
  return same;
}

typedef struct report_plain { char text[REPORT_PLAIN]; } report_plain;

/* Plain text of a value of a document; absent if it is too long, or not of that type. */
static cpm_str report_text(cpm_str value, cpmi_type type, report_plain *room) {
  size_t n = 0;
  if (!value.n || cpm_markup_text(room->text, sizeof room->text, &n, value, CPM_MARKUP_COLLAPSE, NULL) != CPM_OK) return cpm_str_none();
  const cpm_str text = cpm_str_of(room->text, n);
  return cpmi_text_fits(type, text) ? text : cpm_str_none();
}

/* Can the notification be read, and of which message is it? */
static cpm_str report_id(const cpm_imdn_found *found, cpm_imdn *imdn, report_plain *room) {
  if (!report_as_it_stands(found->transfer_encoding) || !report_as_it_stands(found->content_encoding)) return cpm_str_none();
  if (cpm_imdn_decode(imdn, found->document, NULL, NULL) != CPM_OK) return cpm_str_none();
  return report_text(imdn->message_id, CPMI_ID, room);
}

/* Does what came of it show notifications, and nothing else? */
static bool report_begins(const cpmi_body *b) {
  cpm_imdn_walk at;
  cpm_imdn_found found;
  bool any = false;
  int rc;
  cpm_imdn_walk_init(&at, b->type, b->body);
  while ((rc = cpm_imdn_walk_next(&at, &found, NULL, NULL)) != CPM_END) any |= rc == CPM_OK;
  return any && !at.others;
}

cpmi_reports cpmi_count_reports(const cpmi_env *env, const cpm_event *e) {
  cpmi_reports n = { 0, 0, 0 };
  const cpmi_body b = cpmi_body_of(env, e);
  cpm_imdn_walk at;
  cpm_imdn_found found;
  cpm_imdn imdn;
  report_plain room;
  int rc;
  if (e->head.p && e->len > b.body.n) return (cpmi_reports){ 0, 0, report_begins(&b) ? e->len : 0 };
  cpmi_walk_reports(env, e, &at);
  while ((rc = cpm_imdn_walk_next(&at, &found, NULL, NULL)) != CPM_END) {
    if (rc != CPM_OK) continue;
    n.all++;
    n.readable += report_id(&found, &imdn, &room).p != NULL;
  }
  return at.others ? (cpmi_reports){ 0, 0, 0 } : n;
}

/* How far a status says that the message has come (O-R42). */
static unsigned report_disposition(cpm_imdn_status status) {
  switch (status) {
  case CPM_IMDN_DELIVERED:       return CPM_DISPOSITION_delivered;
  case CPM_IMDN_DISPLAYED:       return CPM_DISPOSITION_displayed;
  case CPM_IMDN_FAILED:          return CPM_DISPOSITION_failed;
  case CPM_IMDN_INTERWORKED_SMS:
  case CPM_IMDN_INTERWORKED_MMS: return CPM_DISPOSITION_interworked;
  case CPM_IMDN_PROCESSED:       return CPM_DISPOSITION_processed;
  case CPM_IMDN_STORED:          return CPM_DISPOSITION_stored;
  case CPM_IMDN_DELIVERY_FORBIDDEN:
  case CPM_IMDN_DISPLAY_FORBIDDEN:
  case CPM_IMDN_PROCESSING_FORBIDDEN: return CPM_DISPOSITION_forbidden;
  case CPM_IMDN_DELIVERY_ERROR:
  case CPM_IMDN_DISPLAY_ERROR:
  case CPM_IMDN_PROCESSING_ERROR:
  case CPM_IMDN_INTERWORKING_ERROR: return CPM_DISPOSITION_error;
  default:                       return CPM_DISPOSITION_other;
  }
}

typedef struct report_leg { cpm_proc *p; const cpm_machine *m; const cpm_agent *a; uint32_t leg; cpm_diag *diag; } report_leg;

static int report_set(const report_leg *v, cpm_field f, cpm_str text) {
  return text.p ? cpmi_set_text(v->p, v->m, v->leg, f, text, v->diag) : CPM_OK;
}

/* A function that we are provisioned with speaks for others. */
static bool report_is_function(const cpm_agent *a, cpm_str uri) {
  const cpm_str functions[] = { a->cf_uri, a->exploder_uri, a->isf_uri };
  for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
    if (uri.p && functions[i].p && cpm_uri_text_equal(uri, functions[i])) return true;
  return false;
}

/* Who reports: whom the network vouches for, in a group Referred-By; nobody else's word counts (O-R47, O-R59). */
static int report_recipient(const report_leg *v, const cpm_imdn *imdn) {
  report_plain room;
  const cpm_str claimed = report_text(imdn->recipient_uri, CPMI_URI, &room);
  const cpm_str sender = cpmi_text(v->p, v->m, CPM_NO_LEG, CPM_FIELD_sender);
  cpm_str uri = cpmi_text(v->p, v->m, CPM_NO_LEG, CPM_FIELD_referred_by);
  if (!uri.p) uri = sender;
  if (claimed.p && report_is_function(v->a, sender)) uri = claimed;
  int rc = report_set(v, CPM_FIELD_recipient, uri);
  if (rc == CPM_OK) rc = report_set(v, CPM_FIELD_claimed, claimed);
  return rc ? rc : report_set(v, CPM_FIELD_original_recipient, report_text(imdn->original_recipient_uri, CPMI_URI, &room));
}

static int report_read(const report_leg *v, const cpm_imdn_found *found) {
  cpm_imdn imdn;
  report_plain room;
  const cpm_str id = report_id(found, &imdn, &room);
  if (!id.p) return CPM_OK;
  const int rc = report_set(v, CPM_FIELD_reported_id, id);
  if (rc) return rc;
  cpmi_set_number(v->p, v->m, v->leg, CPM_FIELD_disposition, report_disposition(imdn.status));
  if (imdn.status == CPM_IMDN_INTERWORKED_SMS) cpmi_set_number(v->p, v->m, v->leg, CPM_FIELD_legacy, CPM_LEGACY_sms);
  if (imdn.status == CPM_IMDN_INTERWORKED_MMS) cpmi_set_number(v->p, v->m, v->leg, CPM_FIELD_legacy, CPM_LEGACY_mms);
  return report_recipient(v, &imdn);
}

int cpmi_take_report(const cpmi_env *env, cpm_proc *p, const cpm_event *e, unsigned kind, cpm_imdn_walk *at, cpm_diag *diag) {
  const cpm_machine *m = env->m;
  cpm_imdn_found found;
  const int walked = cpm_imdn_walk_next(at, &found, NULL, NULL);
  if (walked == CPM_END) return CPM_END;
  int rc = cpmi_add_leg(p, m, kind, diag);
  if (rc) return rc;
  const report_leg v = { p, m, env->a, p->nlegs - 1u, diag };
  const uint64_t off = (uint64_t)(found.document.p - cpmi_body_of(env, e).body.p);
  rc = cpmi_set_content(p, m, v.leg, CPM_FIELD_document, (cpmi_content){ e->item, off, found.document.n }, diag);
  return rc || walked ? rc : report_read(&v, &found);
}
