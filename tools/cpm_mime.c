/* SPDX-License-Identifier: MIT */
/* cpm_mime.c - bodies: what a media type says is in them, and multiparts. */
#include "cpm_tool.h"

static const tool_kind mime_kinds[] = {
  { "sip", "message/sip", NULL, sip_document },
  { "msrp", "", NULL, msrp_document },
  { "sdp", "application/sdp", NULL, sdp_document },
  { "cpim", "message/cpim", NULL, cpim_document },
  { "imdn", "message/imdn+xml", "imdn", imdn_document },
  { "iscomposing", "application/im-iscomposing+xml", "isComposing", iscomposing_document },
  { "resource-lists", "application/resource-lists+xml", "resource-lists", lists_document },
  { "conference-info", CPM_CONFERENCE_TYPE, "conference-info", xml_document },
  { "reginfo", CPM_REGINFO_TYPE, "reginfo", xml_document },
  { "group", CPM_GROUP_TYPE, "group", xml_document },
  { "ruleset", CPM_POLICY_TYPE, "ruleset", xml_document },
};

const tool_kind *tool_kind_at(size_t index) { return index < sizeof mime_kinds / sizeof *mime_kinds ? &mime_kinds[index] : NULL; }

/* ---- multipart ------------------------------------------------------------------------------------------------------------ */

static void mime_put_part(tool *t, cJSON *o, const cpm_part *part, unsigned depth) {
  const tool_body body = { part->content_type, part->encoding, part->disposition, part->body };
  tree_put_off(t, o, part->head.p ? part->head : part->body);
  tree_put_z(o, "name", "part");
  if (part->head.n) tree_put_text(o, "head", part->head);
  body_tree(t, tree_put(o, "body", tree_object()), &body, depth);
}

/* A part that cannot be read does not cost the others; with --strict it is read all the same. */
static void mime_walk(tool *t, cJSON *o, cpm_multipart_walk *walk, unsigned depth) {
  cJSON *parts = tree_put(o, "parts", tree_array());
  for (;;) {
    const cpm_multipart_walk before = *walk;
    cpm_part part;
    cpm_diag d = { 0 };
    int rc = cpm_multipart_next(walk, &part, &t->opts, &d);
    if (rc == CPM_END) return;
    cJSON *one = tree_append(parts, tree_object());
    if (rc != CPM_OK) tree_put_error(t, one, walk->body, &d);
    if (rc == CPM_E_QUIRK) {
      *walk = before;
      rc = cpm_multipart_next(walk, &part, NULL, &d);
    }
    if (rc == CPM_OK) mime_put_part(t, one, &part, depth);
  }
}

static void mime_multipart(tool *t, cJSON *o, const tool_body *body, unsigned depth) {
  cpm_multipart_walk walk;
  cpm_diag d = { 0 };
  int rc = cpm_multipart_open(&walk, body->type, body->bytes, &t->opts, &d);
  /* What is wrong with the boundary counts from the Content-Type (cpm/mime.h). */
  const bool of_type = rc == CPM_E_VALUE || rc == CPM_E_DUPLICATE || rc == CPM_E_MISSING;
  if (rc != CPM_OK) tree_put_error(t, o, of_type ? body->type : body->bytes, &d);
  if (rc == CPM_E_QUIRK) rc = cpm_multipart_open(&walk, body->type, body->bytes, NULL, &d);
  if (rc != CPM_OK) return;
  mime_walk(t, o, &walk, depth);
  tree_put_quirks(t, o, "quirks", walk.quirks);
}

/* ---- a body ---------------------------------------------------------------------------------------------------------------- */

static bool mime_is_plain(cpm_str encoding) {
  static const char *const plain[] = { "7bit", "8bit", "binary", "identity" };
  for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
    if (cpm_str_ieq(cpm_str_trim(encoding), cpm_str_z(plain[i]))) return true;
  return !encoding.p;
}

/* Peers write message/imdn for message/imdn+xml (cpm_imdn_walk_next). */
static const tool_kind *mime_kind_of(const cpm_media_type *type) {
  const char *const imdn = cpm_media_type_is(type, "message/imdn") ? CPM_IMDN_TYPE : NULL;
  for (size_t i = 0; tool_kind_at(i); i++)
    if (cpm_media_type_is(type, tool_kind_at(i)->type) || imdn == tool_kind_at(i)->type) return tool_kind_at(i);
  return NULL;
}

/* The document in a body; false: none is known in it. */
static bool mime_put_document(tool *t, cJSON *o, const tool_body *body, unsigned depth) {
  cpm_media_type type;
  if (!body->type.p || cpm_media_type_decode(&type, body->type, NULL, NULL) != CPM_OK || !mime_is_plain(body->encoding)) return false;
  const tool_kind *kind = mime_kind_of(&type);
  const bool multipart = cpm_str_ieq(type.type, cpm_str_z("multipart"));
  if (!kind && !multipart) return false;
  if (depth >= TOOL_DEPTH) {
    const cpm_diag deep = { .code = CPM_E_TOO_DEEP, .rule = "documents inside of documents" };
    tree_put_error(t, o, body->bytes, &deep);
    return false;
  }
  cJSON *document = tree_put(o, "document", tree_object());
  if (multipart) mime_multipart(t, document, body, depth + 1);
  else kind->read(t, document, body->bytes, depth + 1);
  return true;
}

void body_tree(tool *t, cJSON *o, const tool_body *body, unsigned depth) {
  tree_put_off(t, o, body->bytes);
  if (body->type.p) tree_put(o, "content_type", media_type_tree(t, body->type));
  if (body->disposition.p) tree_put(o, "disposition", disposition_tree(t, body->disposition));
  tree_put_text(o, "encoding", body->encoding);
  tree_put_unsigned(o, "octets", body->bytes.n);
  if (!mime_put_document(t, o, body, depth)) tree_put_text(o, "content", body->bytes);
}
