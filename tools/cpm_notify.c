/* SPDX-License-Identifier: MIT */
/* cpm_notify.c - disposition notifications (IMDN) and isComposing. */
#include "cpm_tool.h"
#include <stdlib.h>

/* The plain text of a value of the document: a slice of the input if nothing has to be undone. Caller frees *copy. */
static cpm_str notify_plain(cpm_str value, cpm_markup_space space, char **copy) {
  size_t n = 0;
  *copy = value.p ? malloc(value.n + 1) : NULL;
  if (!*copy || cpm_markup_text(*copy, value.n, &n, value, space, NULL) != CPM_OK) return value;
  const cpm_str plain = cpm_str_of(*copy, n);
  return cpm_str_eq(plain, value) ? value : plain;
}

static void notify_put_text(cJSON *o, const char *key, cpm_str value, cpm_markup_space space) {
  char *copy;
  tree_put_text(o, key, notify_plain(value, space, &copy));
  free(copy);
}

static void notify_put_uri(tool *t, cJSON *o, const char *key, cpm_str value) {
  char *copy;
  const cpm_str plain = notify_plain(value, CPM_MARKUP_COLLAPSE, &copy);
  if (plain.p) tree_put(o, key, uri_tree(t, plain));
  free(copy);
}

static void notify_put_time(tool *t, cJSON *o, const char *key, cpm_str value) {
  char *copy;
  const cpm_str plain = notify_plain(value, CPM_MARKUP_COLLAPSE, &copy);
  cJSON *time = plain.p ? tree_put(o, key, tree_object()) : NULL;
  if (time) tree_put_text(time, "value", plain);
  if (time && plain.n) datetime_tree(t, time, plain);
  free(copy);
}

void imdn_document(tool *t, cJSON *o, cpm_str in, unsigned depth) {
  static const struct { const char *notification, *status; } statuses[] = {
#define NOTIFY_STATUS(id, element, status) { element, status },
    CPM_IMDN_STATUSES(NOTIFY_STATUS) { "another", "another" }
  };
  cpm_imdn m;
  cpm_diag d = { 0 };
  (void)depth;
  int rc = cpm_imdn_decode(&m, in, &t->opts, &d);
  if (rc != CPM_OK) tree_put_error(t, o, in, &d);
  if (rc == CPM_E_QUIRK) rc = cpm_imdn_decode(&m, in, NULL, &d);
  if (rc != CPM_OK) return;
  tree_put_z(o, "kind", "disposition notification (IMDN)");
  tree_put_z(o, "notification", statuses[m.status].notification);
  tree_put_z(o, "status", statuses[m.status].status);
  notify_put_text(o, "message_id", m.message_id, CPM_MARKUP_COLLAPSE);
  notify_put_time(t, o, "datetime", m.datetime);
  notify_put_uri(t, o, "recipient_uri", m.recipient_uri);
  notify_put_uri(t, o, "original_recipient_uri", m.original_recipient_uri);
  notify_put_text(o, "subject", m.subject, CPM_MARKUP_PRESERVE);
  tree_put_quirks(t, o, "quirks", m.quirks);
}

void iscomposing_document(tool *t, cJSON *o, cpm_str in, unsigned depth) {
  cpm_iscomposing m;
  cpm_diag d = { 0 };
  (void)depth;
  int rc = cpm_iscomposing_decode(&m, in, &t->opts, &d);
  if (rc != CPM_OK) tree_put_error(t, o, in, &d);
  if (rc == CPM_E_QUIRK) rc = cpm_iscomposing_decode(&m, in, NULL, &d);
  if (rc != CPM_OK) return;
  tree_put_z(o, "kind", "isComposing");
  const char *state = m.active ? "active" : "idle";
  tree_put_z(o, "state", state);
  if (!cpm_str_eq(m.state, cpm_str_z(state))) notify_put_text(o, "written_state", m.state, CPM_MARKUP_COLLAPSE);
  notify_put_time(t, o, "lastactive", m.lastactive);
  notify_put_text(o, "contenttype", m.contenttype, CPM_MARKUP_COLLAPSE);
  if (m.refresh) tree_put_unsigned(o, "refresh", m.refresh);
  tree_put_quirks(t, o, "quirks", m.quirks);
}
