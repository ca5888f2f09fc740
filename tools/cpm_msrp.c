/* SPDX-License-Identifier: MIT */
/* cpm_msrp.c - what came on an MSRP connection: its frames, and how far their chunks make messages. */
#include "cpm_tool.h"
#include <stdlib.h>

enum { MSRP_FIELDS = 32 };

/* CPM_OK: caller frees m->fields, and after every error too. */
static int msrp_read_head(tool *t, cpm_msrp *m, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  static const cpm_msrp empty;
  for (size_t cap = MSRP_FIELDS;; cap = (size_t)diag->need) {
    *m = empty;
    *diag = (cpm_diag){ 0 };
    m->cap = cap;
    m->fields = calloc(cap, sizeof *m->fields);
    if (!m->fields) exit(tool_say(TOOL_REFUSED, "%s: out of memory", tool_name(t)));
    const int rc = cpm_msrp_decode(m, in, opts, diag);
    if (rc != CPM_E_TOO_MANY || diag->need <= cap) return rc;
    free(m->fields);
  }
}

/* ---- values --------------------------------------------------------------------------------------------------------------- */

static cJSON *msrp_uri_tree(tool *t, const cpm_msrp_uri *u) {
  cJSON *o = tree_object();
  tree_put_text(o, "text", u->text);
  tree_put_z(o, "scheme", u->secure ? "msrps" : "msrp");
  tree_put_text(o, "user", u->userinfo);
  tree_put_text(o, "host", u->host);
  if (u->has_port) tree_put_unsigned(o, "port", u->port);
  tree_put_text(o, "session_id", u->session_id);
  tree_put_text(o, "transport", u->transport);
  tree_put_params(t, o, u->params);
  return o;
}

static void msrp_put_path(tool *t, cJSON *o, cpm_str path) {
  cJSON *list = tree_put(o, "decoded", tree_array());
  cpm_msrp_uri uri;
  cpm_diag d = { 0 };
  for (;;) {
    const cpm_str at = path;
    const int rc = cpm_msrp_path_next(&path, &uri, NULL, NULL, &d);
    if (rc == CPM_END) return;
    if (rc != CPM_OK) tree_put_error(t, tree_append(list, tree_object()), at, &d);
    else tree_append(list, msrp_uri_tree(t, &uri));
  }
}

static void msrp_put_auth(tool *t, cJSON *o, cpm_str value, bool info) {
  cpm_diag d = { 0 };
  cJSON *decoded = auth_tree(value, info, &d);
  if (decoded) tree_put(o, "decoded", decoded);
  else tree_put_error(t, o, value, &d);
}

static void msrp_put_number(tool *t, cJSON *o, cpm_str value) {
  uint32_t seconds = 0;
  cpm_diag d = { 0 };
  if (cpm_msrp_expires_decode(&seconds, value, &d) != CPM_OK) tree_put_error(t, o, value, &d);
  else tree_put_unsigned(o, "decoded", seconds);
}

static void msrp_put_nickname(tool *t, cJSON *o, cpm_str value) {
  cpm_str inside;
  char plain[1024];
  size_t n = 0;
  cpm_diag d = { 0 };
  if (cpm_msrp_nickname_decode(&inside, value, &d) != CPM_OK) tree_put_error(t, o, value, &d);
  else if (cpm_unquote(plain, sizeof plain, &n, inside) == CPM_OK) tree_put_text(o, "decoded", cpm_str_of(plain, n));
}

static void msrp_put_value(tool *t, cJSON *o, const cpm_msrp_field *f) {
  switch (f->id) {
  case CPM_MSRP_TO_PATH: case CPM_MSRP_FROM_PATH: case CPM_MSRP_USE_PATH: msrp_put_path(t, o, f->value); break;
  case CPM_MSRP_WWW_AUTHENTICATE: case CPM_MSRP_AUTHORIZATION: msrp_put_auth(t, o, f->value, false); break;
  case CPM_MSRP_AUTHENTICATION_INFO: msrp_put_auth(t, o, f->value, true); break;
  case CPM_MSRP_EXPIRES: case CPM_MSRP_MIN_EXPIRES: case CPM_MSRP_MAX_EXPIRES: msrp_put_number(t, o, f->value); break;
  case CPM_MSRP_USE_NICKNAME: msrp_put_nickname(t, o, f->value); break;
  default: break;
  }
}

/* ---- frames --------------------------------------------------------------------------------------------------------------- */

static void msrp_put_fields(tool *t, cJSON *o, const cpm_msrp *m) {
  cJSON *fields = tree_put(o, "fields", tree_array());
  for (size_t i = 0; i < m->nfields; i++) {
    const cpm_msrp_field *f = &m->fields[i];
    const cpm_str full = cpm_msrp_header_name(f->id);
    cJSON *field = tree_append(fields, tree_object());
    tree_put_off(t, field, f->name);
    tree_put_text(field, "name", f->name);
    if (full.p && !cpm_str_eq(full, f->name)) tree_put_text(field, "field", full);
    tree_put_text(field, "value", f->value);
    msrp_put_value(t, field, f);
  }
}

static void msrp_put_start(cJSON *o, const cpm_msrp *m) {
  tree_put_text(o, "method", m->method_name);
  if (m->status) tree_put_unsigned(o, "status", m->status);
  tree_put_text(o, "comment", m->comment);
  tree_put_text(o, "transaction_id", m->transaction_id);
}

/* What a SEND with content is a part of. */
typedef struct msrp_part { cpm_str type; bool whole; } msrp_part;

static msrp_part msrp_put_head(tool *t, cJSON *o, cpm_str head, uint64_t quirks) {
  msrp_part part = { { NULL, 0 }, false };
  cpm_msrp m;
  cpm_diag d;
  int rc = msrp_read_head(t, &m, head, &t->opts, &d);
  tree_put_off(t, o, head);
  tree_put_z(o, "name", m.status ? "MSRP response" : "MSRP request");
  if (rc != CPM_OK) tree_put_error(t, o, head, &d);
  if (rc == CPM_E_QUIRK) {
    free(m.fields);
    rc = msrp_read_head(t, &m, head, NULL, &d);
  }
  msrp_put_start(o, &m);
  msrp_put_fields(t, o, &m);
  const cpm_diag refused = { .code = CPM_E_QUIRK, .rule = "pMSRP" };
  if (quirks & t->opts.refuse && rc == CPM_OK) tree_put_error(t, o, head, &refused);
  tree_put_quirks(t, o, "quirks", quirks | m.quirks);
  part.type = m.content_type;
  part.whole = rc == CPM_OK && m.range.start == 1 && (m.range.end == m.range.total || m.range.end == CPM_MSRP_ANY);
  free(m.fields);
  return part;
}

/* One chunk of several is no document of its own: its octets are shown as they are. */
static void msrp_put_end(tool *t, cJSON *o, const msrp_part *part, cpm_str body, const cpm_msrp_event *e, unsigned depth) {
  const char flag[] = { e->flag, '\0' };
  const bool whole = part->whole && e->flag == '$';
  const tool_body content = { whole ? part->type : cpm_str_none(), cpm_str_none(), cpm_str_none(), body };
  if (body.n) body_tree(t, tree_put(o, "body", tree_object()), &content, depth);
  tree_put_z(o, "flag", flag);
  const cpm_diag refused = { .code = CPM_E_QUIRK, .rule = "content-stuff" };
  if (e->quirks & t->opts.refuse) tree_put_error(t, o, body, &refused);
  tree_put_quirks(t, o, "end_quirks", e->quirks);
}

static void msrp_put_frames(tool *t, cJSON *o, cpm_str in, cpm_msrp_reader *r, unsigned depth) {
  cpm_str rest = in, body = { in.p, 0 };
  msrp_part part = { { NULL, 0 }, false };
  cpm_msrp_event e;
  cpm_diag d = { 0 };
  cJSON *frames = NULL, *frame = NULL;
  int rc;
  while ((rc = cpm_msrp_read(r, &rest, &e, NULL, &d)) == CPM_OK) {
    const char *const at = rest.p;
    if (e.kind == CPM_MSRP_HEAD) {
      if (!frames) tree_put_z(o, "kind", "MSRP connection");
      if (!frames) frames = tree_put(o, "frames", tree_array());
      frame = tree_append(frames, tree_object());
      part = msrp_put_head(t, frame, cpm_str_of(at - e.text.n, e.text.n), e.quirks);
      body = cpm_str_of(at, 0);
    } else if (e.kind == CPM_MSRP_BODY) {
      body.n += e.text.n;
    } else {
      msrp_put_end(t, frame, &part, body, &e, depth);
    }
  }
  const size_t done = (size_t)(rest.p - in.p) - r->nhead;
  const bool whole = rc == CPM_E_MORE && r->nhead == 0 && r->skipped == 0 && frames;
  if (whole) return;
  if (r->body) {
    const tool_body cut = { cpm_str_none(), cpm_str_none(), cpm_str_none(), body };
    body_tree(t, tree_put(frame, "body", tree_object()), &cut, depth);
  }
  if (rc != CPM_E_MORE) {
    tree_put_error(t, o, cpm_str_of(in.p + done, 0), &d);
    return;
  }
  const cpm_diag cut = { .code = CPM_E_TRUNCATED, .rule = "end-line", .clause = "RFC 4975 9" };
  tree_put_error(t, o, cpm_str_of(in.p + in.n, 0), &cut);
}

void msrp_document(tool *t, cJSON *o, cpm_str in, unsigned depth) {
  cpm_msrp_reader r = { .head = malloc(in.n + 16), .cap = in.n + 16 };
  if (!r.head) exit(tool_say(TOOL_REFUSED, "%s: out of memory", tool_name(t)));
  msrp_put_frames(t, o, in, &r, depth);
  free(r.head);
}
