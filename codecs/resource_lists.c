/* SPDX-License-Identifier: MIT */
/* resource_lists.c - writing application/resource-lists+xml: recipient lists and the recipient history. */
#include "cpm/resource_lists.h"
#include "cpm/uri.h"
#include "internal.h"

/* A line an entry. The namespace of RFC 5364 is all lower case, as it is registered; its attributes are not. */
static const char resource_lists_head[] =
  "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n"
  "<resource-lists xmlns=\"" CPM_RESOURCE_LISTS_NS "\" xmlns:cp=\"" CPM_COPY_CONTROL_NS "\">\r\n<list>\r\n";
static const char resource_lists_tail[] = "</list>\r\n</resource-lists>\r\n";

static const char *const resource_lists_copy_control[] = { NULL, "to", "cc", "bcc" };
#define RESOURCE_LISTS_COPY_CONTROLS (sizeof resource_lists_copy_control / sizeof *resource_lists_copy_control)

/* ---- entries ------------------------------------------------------------------------------------------------------- */

static int resource_lists_check(const cpm_entry *e, cpm_diag *diag) {
  cpm_uri uri;
  cpm_diag why = { 0 };
  if (!e->uri.p) return cpmi_fail(diag, CPM_E_MISSING, 0, "uri", "RFC 4826 3.1");
  const int dirty = cpmi_check_xml(e->uri, "uri", diag);
  if (dirty) return dirty;
  if (cpm_uri_decode(&uri, e->uri, NULL, &why)) return cpmi_fail(diag, CPM_E_VALUE, why.off, "uri", why.clause);
  if ((size_t)e->copy_control >= RESOURCE_LISTS_COPY_CONTROLS) return cpmi_fail(diag, CPM_E_VALUE, 0, "copyControl", "RFC 5364 4");
  return cpmi_check_xml(e->display_name, "display-name", diag);
}

static void resource_lists_put_entry(cpmi_out *o, const cpm_entry *e) {
  cpmi_put_z(o, "<entry uri=\"");
  cpmi_put_xml(o, e->uri);
  cpmi_put_char(o, '"');
  if (e->copy_control != CPM_COPY_NONE) {
    cpmi_put_z(o, " cp:copyControl=\"");
    cpmi_put_z(o, resource_lists_copy_control[e->copy_control]);
    cpmi_put_char(o, '"');
  }
  if (e->anonymize) cpmi_put_z(o, " cp:anonymize=\"true\"");
  if (e->count) {
    cpmi_put_z(o, " cp:count=\"");
    cpmi_put_number(o, e->count);
    cpmi_put_char(o, '"');
  }
  if (!e->display_name.p) {
    cpmi_put_z(o, "/>\r\n");
    return;
  }
  cpmi_put_z(o, "><display-name>");
  cpmi_put_xml(o, e->display_name);
  cpmi_put_z(o, "</display-name></entry>\r\n");
}

static int resource_lists_piece(char *dst, size_t cap, size_t *len, const char *text, cpm_diag *diag) {
  if (!len) return cpmi_fail(diag, CPM_E_ARG, 0, "len", NULL);
  cpmi_out o = cpmi_out_to(dst, cap, *len);
  cpmi_put_z(&o, text);
  return cpmi_out_end(&o, len, diag);
}

int cpm_resource_lists_start(char *dst, size_t cap, size_t *len, cpm_diag *diag) {
  return resource_lists_piece(dst, cap, len, resource_lists_head, diag);
}

int cpm_resource_lists_end(char *dst, size_t cap, size_t *len, cpm_diag *diag) {
  return resource_lists_piece(dst, cap, len, resource_lists_tail, diag);
}

int cpm_resource_lists_entry(char *dst, size_t cap, size_t *len, const cpm_entry *entry, cpm_diag *diag) {
  if (!len || !entry) return cpmi_fail(diag, CPM_E_ARG, 0, "entry", NULL);
  const int rc = resource_lists_check(entry, diag);
  if (rc) return rc;
  cpmi_out o = cpmi_out_to(dst, cap, *len);
  resource_lists_put_entry(&o, entry);
  return cpmi_out_end(&o, len, diag);
}

/* ---- documents ----------------------------------------------------------------------------------------------------- */

int cpm_resource_lists_encode(char *dst, size_t cap, size_t *len, const cpm_entry *entries, size_t n, cpm_diag *diag) {
  if (n && !entries) return cpmi_fail(diag, CPM_E_ARG, 0, "entries", NULL);
  cpmi_out o = cpmi_out_to(dst, cap, 0);
  for (size_t i = 0; i < n; i++) {
    const int rc = resource_lists_check(&entries[i], diag);
    if (rc) return rc;
  }
  cpmi_put_z(&o, resource_lists_head);
  for (size_t i = 0; i < n; i++) resource_lists_put_entry(&o, &entries[i]);
  cpmi_put_z(&o, resource_lists_tail);
  return cpmi_out_end(&o, len, diag);
}

static bool resource_lists_is_anonymous(const cpm_entry *e) { return e->anonymize || cpm_str_ieq(e->uri, cpm_str_z(CPM_ANONYMOUS_URI)); }

/* How the history shows an entry: bcc is hidden, none counts as to (ruling O-R11). */
static cpm_copy_control resource_lists_shown(const cpm_entry *e) {
  return e->copy_control == CPM_COPY_NONE ? CPM_COPY_TO : e->copy_control;
}

static bool resource_lists_is_hidden(const cpm_entry *e) { return e->copy_control >= CPM_COPY_BCC; }

void cpm_history_add(cpm_history *history, const cpm_entry *e) {
  if (resource_lists_is_hidden(e)) return;
  history->shown++;
  /* An entry that was merged before stands for its count. */
  if (resource_lists_is_anonymous(e)) history->people[resource_lists_shown(e)] += e->count ? e->count : 1;
}

int cpm_history_entry(char *dst, size_t cap, size_t *len, cpm_history *history, const cpm_entry *e, cpm_diag *diag) {
  if (!len || !history || !e) return cpmi_fail(diag, CPM_E_ARG, 0, "entry", NULL);
  if (resource_lists_is_hidden(e)) return CPM_OK;
  cpm_entry shown = *e;
  shown.copy_control = resource_lists_shown(e);
  if (resource_lists_is_anonymous(e)) {
    uint64_t *people = &history->people[shown.copy_control];
    if (*people > UINT32_MAX) return cpmi_fail(diag, CPM_E_RANGE, 0, "count", "RFC 5364 4");
    if (!*people) return CPM_OK;   /* merged into the first of its kind */
    const cpm_entry anonymous = { cpm_str_z(CPM_ANONYMOUS_URI), cpm_str_none(), shown.copy_control, false, (uint32_t)*people };
    *people = 0;
    shown = anonymous;
  }
  return cpm_resource_lists_entry(dst, cap, len, &shown, diag);
}

int cpm_recipient_history_encode(char *dst, size_t cap, size_t *len, const cpm_entry *entries, size_t n, cpm_diag *diag) {
  cpm_history history = { { 0 }, 0 };
  if (n && !entries) return cpmi_fail(diag, CPM_E_ARG, 0, "entries", NULL);
  for (size_t i = 0; i < n; i++) {
    const int rc = resource_lists_check(&entries[i], diag);
    if (rc) return rc;
    cpm_history_add(&history, &entries[i]);
  }
  if (history.people[CPM_COPY_TO] > UINT32_MAX || history.people[CPM_COPY_CC] > UINT32_MAX)
    return cpmi_fail(diag, CPM_E_RANGE, 0, "count", "RFC 5364 4");
  cpmi_out o = cpmi_out_to(dst, cap, 0);
  cpmi_put_z(&o, resource_lists_head);
  for (size_t i = 0; i < n; i++) cpm_history_entry(o.p, o.cap, &o.n, &history, &entries[i], NULL);
  cpmi_put_z(&o, resource_lists_tail);
  return cpmi_out_end(&o, len, diag);
}
