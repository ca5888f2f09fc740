/* SPDX-License-Identifier: MIT */
/* cpm_sip.c - SIP messages. */
#include "cpm_tool.h"
#include <stdlib.h>

enum { SIP_FIELDS = 64 };

int sip_read(tool *t, cpm_sip *msg, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  static const cpm_sip empty;
  for (size_t cap = SIP_FIELDS;; cap = (size_t)diag->need) {
    *msg = empty;
    *diag = (cpm_diag){ 0 };
    msg->cap = cap;
    msg->fields = calloc(cap, sizeof *msg->fields);
    if (!msg->fields) exit(tool_say(TOOL_REFUSED, "%s: out of memory", tool_name(t)));
    const int rc = cpm_sip_decode(msg, in, opts, diag);
    if (rc == CPM_OK) return rc;
    free(msg->fields);
    msg->fields = NULL;
    if (rc != CPM_E_TOO_MANY || diag->need <= cap) return rc;
  }
}

static void sip_put_start(tool *t, cJSON *o, const cpm_sip *msg) {
  tree_put_z(o, "kind", msg->status ? "SIP response" : "SIP request");
  if (msg->status) {
    tree_put_unsigned(o, "status", msg->status);
    tree_put_text(o, "reason", msg->reason);
    tree_put_text(o, "method", cpm_sip_method_name(msg->method));
  } else {
    tree_put_text(o, "method", msg->method_name);
    tree_put(o, "request_uri", uri_tree(t, msg->request_uri));
  }
  tree_put_text(o, "version", msg->version);
}

static void sip_put_fields(tool *t, cJSON *o, const cpm_sip *msg) {
  cJSON *fields = tree_put(o, "fields", tree_array());
  for (size_t i = 0; i < msg->nfields; i++) {
    const cpm_sip_field *f = &msg->fields[i];
    const cpm_str full = cpm_sip_header_name(f->id);
    cJSON *field = tree_append(fields, tree_object());
    tree_put_off(t, field, f->name);
    tree_put_text(field, "name", f->name);
    if (full.p && !cpm_str_eq(full, f->name)) tree_put_text(field, "field", full);
    tree_put_text(field, "value", f->value);
    if (full.p) field_tree(t, field, f->id, f->value);
  }
}

static void sip_put_body(tool *t, cJSON *o, const cpm_sip *msg, unsigned depth) {
  const cpm_str type = cpm_sip_value(msg, CPM_SIP_CONTENT_TYPE), encoding = cpm_sip_value(msg, CPM_SIP_CONTENT_ENCODING);
  const tool_body body = { type, encoding, cpm_str_none(), msg->body };
  if (msg->body.n || body.type.p) body_tree(t, tree_put(o, "body", tree_object()), &body, depth);
}

/* What a SIP element would make of it (RFC 3261 8.2): a verdict, not a part of decoding. */
static void sip_put_check(tool *t, cJSON *o, const cpm_sip *msg) {
  cpm_diag d = { 0 };
  unsigned answer = 0;
  char text[256];
  const int rc = cpm_sip_check(msg, &t->opts, &answer, &d);
  cJSON *check = tree_put(o, "check", tree_object());
  const char *rule = d.rule ? d.rule : "it";
  if (rc == CPM_OK) snprintf(text, sizeof text, "a SIP element may go on with it");
  else if (answer) snprintf(text, sizeof text, "a SIP server would answer %u: %s: %s", answer, rule, cpm_strerror(rc));
  else snprintf(text, sizeof text, "a SIP element would drop it: %s: %s", rule, cpm_strerror(rc));
  tree_put_z(check, "text", text);
  tree_put_z(check, "status", cpm_status_name(rc));
  if (rc != CPM_OK) tree_put_z(check, "rule", d.rule);
  if (rc != CPM_OK) tree_put_z(check, "clause", d.clause);
  if (answer) tree_put_unsigned(check, "answer", answer);
}

/* What does not split may be answered all the same. */
static void sip_put_refusal(cJSON *o, cpm_str in, const cpm_opts *opts) {
  cpm_sip_field fields[SIP_FIELDS * 4];
  cpm_sip msg = CPM_SIP_ROOM(fields);
  char text[64];
  const unsigned answer = cpm_sip_refusal(&msg, in, opts);
  if (!answer) return;
  cJSON *check = tree_put(o, "check", tree_object());
  snprintf(text, sizeof text, "a SIP server would answer %u", answer);
  tree_put_z(check, "text", text);
  tree_put_unsigned(check, "answer", answer);
}

void sip_document(tool *t, cJSON *o, cpm_str in, unsigned depth) {
  cpm_sip msg;
  cpm_diag d;
  int rc = sip_read(t, &msg, in, &t->opts, &d);
  if (rc != CPM_OK) tree_put_error(t, o, in, &d);
  if (rc == CPM_E_QUIRK) rc = sip_read(t, &msg, in, NULL, &d);
  if (rc != CPM_OK) sip_put_refusal(o, in, &t->opts);
  if (rc != CPM_OK) return;
  sip_put_start(t, o, &msg);
  sip_put_fields(t, o, &msg);
  sip_put_body(t, o, &msg, depth);
  tree_put_quirks(t, o, "quirks", msg.quirks);
  sip_put_check(t, o, &msg);
  if (in.n > msg.size) tree_put_unsigned(o, "left_out", in.n - msg.size);
  free(msg.fields);
}
