/* SPDX-License-Identifier: MIT */
/* cpm_mime.c - bodies: what a media type says is in them, and multiparts. */
#include "cpm_tool.h"
#include <stdlib.h>

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

static bool mime_is_plain(cpm_str encoding) {
  static const char *const plain[] = { "7bit", "8bit", "binary", "identity" };
  for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
    if (cpm_str_ieq(cpm_str_trim(encoding), cpm_str_z(plain[i]))) return true;
  return !encoding.p;
}

cpm_str body_encoding(cpm_str transfer_encoding, cpm_str head) {
  const cpm_str coding = head.p && mime_is_plain(transfer_encoding) ? cpm_mime_header(head, "Content-Encoding") : cpm_str_none();
  return coding.p ? coding : transfer_encoding;
}

/* ---- multipart ------------------------------------------------------------------------------------------------------------ */

static void mime_put_part(tool *t, cJSON *o, const cpm_part *part, unsigned depth) {
  const tool_body body = { part->content_type, body_encoding(part->encoding, part->head), part->disposition, part->body };
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

/* Peers write message/imdn for message/imdn+xml (cpm_imdn_walk_next). */
static const tool_kind *mime_kind_of(const cpm_media_type *type) {
  const char *const imdn = cpm_media_type_is(type, "message/imdn") ? CPM_IMDN_TYPE : NULL;
  for (size_t i = 0; tool_kind_at(i); i++)
    if (cpm_media_type_is(type, tool_kind_at(i)->type) || imdn == tool_kind_at(i)->type) return tool_kind_at(i);
  return NULL;
}

/* Where content is that is kept elsewhere, and what it is. */
static void mime_external(tool *t, cJSON *o, const tool_body *body) {
  cpm_external_body e;
  cpm_diag d = { 0 };
  int rc = cpm_external_body_decode(&e, body->type, body->bytes, &t->opts, &d);
  const bool of_body = rc == CPM_E_SYNTAX || rc == CPM_E_TOO_LONG;
  if (rc != CPM_OK) tree_put_error(t, o, of_body ? body->bytes : body->type, &d);
  if (rc == CPM_E_QUIRK) rc = cpm_external_body_decode(&e, body->type, body->bytes, NULL, &d);
  if (rc != CPM_OK) return;
  size_t n = body->type.n;
  char *const url = malloc(n + 1);
  tree_put_text(o, "access_type", e.access_type);
  if (url && cpm_external_body_url(url, n, &n, &e, NULL) == CPM_OK) tree_put_text(o, "url", cpm_str_of(url, n));
  free(url);
  tree_put_true(o, "fetch", e.fetch);
  tree_put_text(o, "expiration", e.expiration);
  tree_put_text(o, "permission", e.permission);
  if (e.has_size) tree_put_unsigned(o, "size", e.size);
  if (e.content_type.p) tree_put(o, "content_type", media_type_tree(t, e.content_type));
  if (e.disposition.p) tree_put(o, "disposition", disposition_tree(t, e.disposition));
  tree_put_text(o, "content_id", e.content_id);
  tree_put_text(o, "encoding", e.encoding);
  tree_put_quirks(t, o, "quirks", e.quirks);
}

/* The document in a body; false: none is known in it. */
static bool mime_put_document(tool *t, cJSON *o, const tool_body *body, unsigned depth) {
  cpm_media_type type;
  if (!body->type.p || cpm_media_type_decode(&type, body->type, NULL, NULL) != CPM_OK || !mime_is_plain(body->encoding)) return false;
  const tool_kind *kind = mime_kind_of(&type);
  const bool multipart = cpm_str_ieq(type.type, cpm_str_z("multipart")), external = cpm_media_type_is(&type, CPM_EXTERNAL_BODY_TYPE);
  if (!kind && !multipart && !external) return false;
  if (depth >= TOOL_DEPTH) {
    const cpm_diag deep = { .code = CPM_E_TOO_DEEP, .rule = "documents inside of documents" };
    tree_put_error(t, o, body->bytes, &deep);
    return false;
  }
  cJSON *document = tree_put(o, "document", tree_object());
  if (multipart) mime_multipart(t, document, body, depth + 1);
  else if (external) mime_external(t, document, body);
  else kind->read(t, document, body->bytes, depth + 1);
  return true;
}

/* Undoes a Content-Encoding into memory of its own, which caller frees; NULL: the reason was put into the tree. */
static char *mime_inflate(tool *t, cJSON *o, const tool_body *body, size_t *n) {
  cpm_diag d = { 0 };
  int rc = CPM_E_SPACE;
  char *text = NULL;
  for (size_t cap = 4 * body->bytes.n + 4096; rc == CPM_E_SPACE && cap <= TOOL_INPUT_LIMIT; cap *= 4) {
    free(text);
    text = malloc(cap);
    if (!text) exit(tool_say(TOOL_REFUSED, "%s: out of memory", tool_name(t)));
    rc = cpm_content_decode(text, cap, n, body->encoding, body->bytes, &d);
  }
  if (rc == CPM_OK) return text;
  free(text);
  tree_put_error(t, o, body->bytes, &d);
  return NULL;
}

/* What was coded is shown decoded, and that it was is said. False: it was not, or cannot be decoded. */
static bool mime_put_decoded(tool *t, cJSON *o, const tool_body *body, unsigned depth) {
  size_t n = 0;
  if (mime_is_plain(body->encoding) || !cpm_coding_is_known(body->encoding)) return false;
  char *const text = mime_inflate(t, o, body, &n);
  if (!text) return false;
  const tool_body plain = { body->type, cpm_str_none(), body->disposition, cpm_str_of(text, n) };
  tree_put_unsigned(o, "decoded_octets", n);
  if (!mime_put_document(t, o, &plain, depth)) tree_put_text(o, "content", plain.bytes);
  free(text);
  return true;
}

void body_tree(tool *t, cJSON *o, const tool_body *body, unsigned depth) {
  tree_put_off(t, o, body->bytes);
  if (body->type.p) tree_put(o, "content_type", media_type_tree(t, body->type));
  if (body->disposition.p) tree_put(o, "disposition", disposition_tree(t, body->disposition));
  tree_put_text(o, "encoding", body->encoding);
  tree_put_unsigned(o, "octets", body->bytes.n);
  if (!mime_put_document(t, o, body, depth) && !mime_put_decoded(t, o, body, depth)) tree_put_text(o, "content", body->bytes);
}
