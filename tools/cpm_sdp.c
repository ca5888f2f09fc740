/* SPDX-License-Identifier: MIT */
/* cpm_sdp.c - a session description: its lines, and what each m line says of MSRP and of files. */
#include "cpm_tool.h"
#include <stdlib.h>

enum { SDP_LINES = 64, SDP_MEDIA = 8 };

static void *sdp_room(const tool *t, size_t n, size_t size) {
  void *p = calloc(n, size);
  if (!p) exit(tool_say(TOOL_REFUSED, "%s: out of memory", tool_name(t)));
  return p;
}

static void sdp_free(cpm_sdp *s) {
  free(s->lines);
  free(s->media);
}

/* Caller frees the arrays with sdp_free, after every error too. */
static int sdp_read(tool *t, cpm_sdp *s, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  for (size_t lines = SDP_LINES, media = SDP_MEDIA;;) {
    *s = (cpm_sdp){ .cap = lines, .media_cap = media };
    *diag = (cpm_diag){ 0 };
    s->lines = sdp_room(t, lines, sizeof *s->lines);
    s->media = sdp_room(t, media, sizeof *s->media);
    const int rc = cpm_sdp_decode(s, in, opts, diag);
    if (rc != CPM_E_TOO_MANY) return rc;
    if (diag->need > lines) lines = (size_t)diag->need;
    else media = (size_t)diag->need;
    sdp_free(s);
  }
}

/* ---- lines ------------------------------------------------------------------------------------------------------------------ */

static void sdp_put_lines(const tool *t, cJSON *o, const cpm_sdp *s, cpm_str in, size_t from, size_t end) {
  cJSON *lines = tree_put(o, "lines", tree_array());
  for (size_t i = from; i < end; i++) {
    const cpm_sdp_line *l = &s->lines[i];
    const cpm_str full = cpm_sdp_attribute_name(l->attribute);
    const cpm_str name = cpm_str_of(in.p + l->off, l->type == 'a' ? l->name.n + 2 : 1);
    cJSON *line = tree_append(lines, tree_object());
    tree_put_off(t, line, name);
    tree_put_text(line, "name", name);
    if (full.p && !cpm_str_eq(full, l->name)) tree_put_text(line, "field", full);
    tree_put_text(line, "value", l->value);
  }
}

/* ---- MSRP ------------------------------------------------------------------------------------------------------------------- */

static void sdp_put_words(cJSON *o, const char *key, cpm_str list) {
  cpm_str word;
  if (!list.p) return;
  cJSON *words = tree_put(o, key, tree_array());
  while (cpm_sdp_word_next(&list, &word) == CPM_OK) tree_append(words, tree_text(word));
}

static void sdp_put_name(tool *t, cJSON *o, cpm_str name) {
  char plain[2048];
  size_t n = 0;
  uint64_t quirks = 0;
  cpm_diag d = { 0 };
  if (!name.p) return;
  tree_put_text(o, "file_name", name);
  int rc = cpm_sdp_file_name_decode(plain, sizeof plain, &n, name, &t->opts, &quirks, &d);
  if (rc != CPM_OK) tree_put_error(t, o, name, &d);
  if (rc == CPM_E_QUIRK) rc = cpm_sdp_file_name_decode(plain, sizeof plain, &n, name, NULL, &quirks, &d);
  if (rc == CPM_OK && !cpm_str_eq(cpm_str_of(plain, n), name)) tree_put_text(o, "file_name_decoded", cpm_str_of(plain, n));
  tree_put_quirks(t, o, "quirks", quirks);
}

static void sdp_put_date(cJSON *o, const char *key, cpm_sdp_date date) {
  if (date.there) tree_put(o, key, time_tree(date.unix_ms));
}

static void sdp_put_file(tool *t, cJSON *msrp, const cpm_sdp_msrp *m) {
  cpm_sdp_hash hash;
  if (!m->file) return;
  cJSON *o = tree_put(msrp, "file", tree_object());
  sdp_put_name(t, o, m->selector.name);
  tree_put_text(o, "type", m->selector.type);
  if (m->selector.has_size) tree_put_unsigned(o, "size", m->selector.size);
  for (cpm_str rest = m->selector.hashes; cpm_sdp_hash_next(&rest, &hash) == CPM_OK;) {
    tree_put_text(o, "hash_algorithm", hash.algorithm);
    tree_put_text(o, "hash", hash.value);
    break;   /* the others stand in the line */
  }
  tree_put_text(o, "file_transfer_id", m->file_transfer_id);
  tree_put_text(o, "file_disposition", m->file_disposition);
  tree_put_text(o, "file_icon", m->file_icon);
  sdp_put_date(o, "creation", m->creation);
  sdp_put_date(o, "modification", m->modification);
  sdp_put_date(o, "read", m->read);
  if (m->has_range) tree_put_unsigned(o, "range_start", m->range_start);
  if (m->has_range && m->range_stop != CPM_SDP_ANY) tree_put_unsigned(o, "range_stop", m->range_stop);
}

static const char *sdp_direction(cpm_sdp_direction direction) {
  static const char *const names[] = { "inactive", "sendonly", "recvonly", "sendrecv" };
  return names[direction];
}

static void sdp_put_msrp(tool *t, cJSON *o, const cpm_sdp *s, size_t index, cpm_str in) {
  static const char *const setups[] = { NULL, "active", "passive", "actpass" };
  cpm_sdp_msrp m;
  cpm_diag d = { 0 };
  int rc = cpm_sdp_msrp_decode(&m, s, index, &t->opts, &d);
  if (rc != CPM_OK) tree_put_error(t, o, in, &d);
  if (rc == CPM_E_QUIRK) rc = cpm_sdp_msrp_decode(&m, s, index, NULL, &d);
  if (rc != CPM_OK) return;
  cJSON *msrp = tree_put(o, "msrp", tree_object());
  tree_put_true(msrp, "tls", m.secure);
  sdp_put_words(msrp, "accept_types", m.accept_types);
  sdp_put_words(msrp, "accept_wrapped_types", m.accept_wrapped_types);
  if (m.has_max_size) tree_put_unsigned(msrp, "max_size", m.max_size);
  sdp_put_words(msrp, "path", m.path);
  tree_put_z(msrp, "setup", setups[m.setup]);
  tree_put_text(msrp, "fingerprint", m.fingerprint);
  tree_put_true(msrp, "cema", m.cema);
  tree_put_true(msrp, "chatroom", m.chatroom);
  sdp_put_words(msrp, "chatroom_tokens", m.chatroom_tokens);
  sdp_put_file(t, msrp, &m);
  tree_put_quirks(t, o, "quirks", m.quirks);
}

/* ---- the document ------------------------------------------------------------------------------------------------------------ */

static void sdp_put_media(tool *t, cJSON *o, const cpm_sdp *s, size_t index, cpm_str in) {
  const cpm_sdp_media *m = &s->media[index];
  cpm_sdp_connection c = { 0 };
  tree_put_off(t, o, m->media);
  tree_put_z(o, "name", "m line");
  tree_put_text(o, "media", m->media);
  tree_put_unsigned(o, "port", m->port);
  tree_put_text(o, "proto", m->proto);
  tree_put_text(o, "formats", m->formats);
  tree_put_z(o, "direction", sdp_direction(m->direction));
  if (cpm_sdp_connection_of(&c, s, index, NULL) == CPM_OK) tree_put_text(o, "address", c.address);
  if (m->msrp) sdp_put_msrp(t, o, s, index, in);
  sdp_put_lines(t, o, s, in, m->first, m->first + m->n);
}

void sdp_document(tool *t, cJSON *o, cpm_str in, unsigned depth) {
  cpm_sdp s;
  cpm_diag d = { 0 };
  (void)depth;
  int rc = sdp_read(t, &s, in, &t->opts, &d);
  if (rc != CPM_OK) tree_put_error(t, o, in, &d);
  if (rc == CPM_E_QUIRK) {
    sdp_free(&s);
    rc = sdp_read(t, &s, in, NULL, &d);
  }
  if (rc == CPM_OK) {
    tree_put_z(o, "kind", "session description");
    sdp_put_lines(t, o, &s, in, 0, s.nsession);
    cJSON *media = tree_put(o, "media", tree_array());
    for (size_t i = 0; i < s.nmedia; i++) sdp_put_media(t, tree_append(media, tree_object()), &s, i, in);
    tree_put_quirks(t, o, "quirks", s.quirks);
  }
  sdp_free(&s);
}
