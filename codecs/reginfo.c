/* SPDX-License-Identifier: MIT */
/* reginfo.c - views of reginfo (RFC 3680, RFC 5628). */
#include "cpm/reginfo.h"

bool cpm_registration_next(cpm_registration *out, const cpm_document *doc) {
  const cpm_node *const root = cpm_document_root(doc);
  const cpm_node *const n = root && root->kind == CPM_NODE_reginfo ? cpm_node_next(root, out->node, CPM_NODE_registration) : NULL;
  if (!n) return false;
  out->node = n;
  out->id = n->key;
  out->aor = cpm_node_text(doc, n, CPM_NODE_aor);
  out->state = (cpm_registration_state)cpm_node_number(doc, n, CPM_NODE_registration_state, 0);
  return true;
}

static cpm_str reginfo_bare(cpm_str s, char open, char close) {
  return s.n > 1 && s.p[0] == open && s.p[s.n - 1] == close ? cpm_str_of(s.p + 1, s.n - 2) : s;
}

bool cpm_reg_contact_param(const cpm_reg_contact *contact, const char *name, cpm_str *value) {
  for (const cpm_node *n = NULL; (n = cpm_node_next(contact->node, n, CPM_NODE_unknown_param));) {
    if (!cpm_str_ieq(n->key, cpm_str_z(name))) continue;
    *value = reginfo_bare(cpm_str_trim(n->text), '"', '"');
    return true;
  }
  return false;
}

static cpm_str reginfo_gruu(const cpm_document *doc, const cpm_node *in, cpm_node_kind kind) {
  return cpm_node_text(doc, cpm_node_find(doc, in, kind, cpm_str_none()), CPM_NODE_uri_attribute);
}

bool cpm_reg_contact_next(cpm_reg_contact *out, const cpm_document *doc, const cpm_registration *in) {
  const cpm_node *const n = cpm_node_next(in->node, out->node, CPM_NODE_contact);
  if (!n) return false;
  cpm_str instance;
  out->node = n;
  out->id = n->key;
  out->uri = cpm_node_text(doc, n, CPM_NODE_contact_uri);
  out->display_name = cpm_node_text(doc, n, CPM_NODE_contact_display_name);
  out->q = cpm_node_text(doc, n, CPM_NODE_q);
  out->callid = cpm_node_text(doc, n, CPM_NODE_callid);
  out->state = (cpm_contact_state)cpm_node_number(doc, n, CPM_NODE_contact_state, 0);
  out->event = (cpm_contact_event)cpm_node_number(doc, n, CPM_NODE_contact_event, 0);
  out->duration_registered = cpm_node_number(doc, n, CPM_NODE_duration_registered, CPM_NO_NUMBER);
  out->expires = cpm_node_number(doc, n, CPM_NODE_expires, CPM_NO_NUMBER);
  out->retry_after = cpm_node_number(doc, n, CPM_NODE_retry_after, CPM_NO_NUMBER);
  out->cseq = cpm_node_number(doc, n, CPM_NODE_cseq, CPM_NO_NUMBER);
  out->pub_gruu = reginfo_gruu(doc, n, CPM_NODE_pub_gruu);
  out->temp_gruu = reginfo_gruu(doc, n, CPM_NODE_temp_gruu);
  out->temp_gruu_first_cseq = cpm_node_number(doc, cpm_node_find(doc, n, CPM_NODE_temp_gruu, cpm_str_none()), CPM_NODE_first_cseq, CPM_NO_NUMBER);
  out->instance = cpm_reg_contact_param(out, "+sip.instance", &instance) ? reginfo_bare(instance, '<', '>') : cpm_str_none();
  return true;
}
