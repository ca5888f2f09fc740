/* SPDX-License-Identifier: MIT */
/* Documents of document.h, read by libxml2: conference-info, reginfo, group documents, rules. */
#define _GNU_SOURCE
#include "support.h"
#include "cpm/conference.h"
#include "cpm/policy.h"
#include "cpm/reginfo.h"
#include "cpm/xml.h"
#include <stdlib.h>
#include <string.h>

#define CONFERENCE(state, version, inside) \
  "<conference-info xmlns=\"urn:ietf:params:xml:ns:conference-info\" entity=\"sip:room@example.com\" state=\"" state "\" version=\"" version "\">" inside "</conference-info>"
#define USERS(state, inside) "<users state=\"" state "\">" inside "</users>"
#define REGINFO(state, version, inside) \
  "<reginfo xmlns=\"urn:ietf:params:xml:ns:reginfo\" version=\"" version "\" state=\"" state "\">" inside "</reginfo>"

enum { NODES = 512, TEXT = 16384 };
typedef struct result { cpm_document doc; cpm_node nodes[NODES]; char text[TEXT]; cpm_diag diag; } result;

static void room(result *m) {
  memset(&m->doc, 0, sizeof m->doc);
  memset(&m->diag, 0, sizeof m->diag);
  m->doc.nodes = m->nodes;
  m->doc.cap = NODES;
  m->doc.text = m->text;
  m->doc.text_cap = TEXT;
}

static void slices_are_inside(const cpm_document *doc) {
  for (size_t i = 0; i < doc->nnodes; i++) {
    const cpm_node *const n = &doc->nodes[i];
    if (n->text.p) assert_true(n->text.p >= doc->text && n->text.p + n->text.n <= doc->text + doc->text_len);
    if (n->key.p) assert_true(n->key.p >= doc->text && n->key.p + n->key.n <= doc->text + doc->text_len);
    assert_true(n->parent <= i && n->size >= 1 && i + n->size <= doc->nnodes);
  }
}

static int decode(result *m, cpm_str in, const cpm_opts *opts) {
  room(m);
  const int rc = cpm_xml_document_decode(&m->doc, CPM_NODE_none, in, opts, &m->diag);
  assert_int_equal(m->diag.code, rc);
  assert_true(m->diag.off <= in.n);
  if (rc) {
    assert_int_equal(m->doc.nnodes, 0);
    assert_int_equal(m->doc.text_len, 0);
    assert_non_null(m->diag.rule);
  }
  slices_are_inside(&m->doc);
  return rc;
}

static void read_ok(result *m, cpm_str in) { assert_status(decode(m, in, NULL), CPM_OK, &m->diag); }

/* ---- vectors ------------------------------------------------------------------------------------------------------- */

static void dump_node(const cpm_document *doc, size_t i, FILE *out) {
  static const char *const states[] = { "", " partial", " deleted" };
  const cpm_node *const n = &doc->nodes[i];
  for (size_t up = i; up; up = doc->nodes[up].parent) fputs("  ", out);
  fprintf(out, "%s%s%s", cpm_node_id((cpm_node_kind)n->kind), states[n->state], n->repeated ? " repeated" : "");
  if (n->key.p) {
    fputs(" [", out);
    support_print(out, n->key);
    fputc(']', out);
  }
  if (n->text.p) {
    fputs(" \"", out);
    support_print(out, n->text);
    fputc('"', out);
  }
  const cpm_node_type type = cpm_node_type_of((cpm_node_kind)n->kind);
  if (type == CPM_TYPE_NUMBER || type == CPM_TYPE_BOOL || type == CPM_TYPE_WORD) fprintf(out, " = %llu", (unsigned long long)n->number);
  fputc('\n', out);
}

static void dump_document(const cpm_document *doc, FILE *out) {
  fputs("quirks ", out);
  support_quirks(out, doc->quirks);
  fprintf(out, ", %zu nodes, %zu repeated, %zu bytes of text\n", doc->nnodes, doc->duplicates, doc->text_len);
  for (size_t i = 0; i < doc->nnodes; i++) dump_node(doc, i, out);
}

/* Offsets of errors are libxml2's and differ with its release: not in the dump. */
static void dump(cpm_str in, FILE *out) {
  result m;
  const int rc = decode(&m, in, NULL);
  if (rc) fprintf(out, "%s, %s (%s)\n", cpm_status_name(rc), m.diag.rule, m.diag.clause ? m.diag.clause : "-");
  else dump_document(&m.doc, out);
}

static void vectors(void **state) {
  (void)state;
  support_vectors("xml_document", dump);
}

static cpm_str vector(const char *name) {
  char path[512];
  snprintf(path, sizeof path, "%s/vectors/xml_document/%s.in", TESTS_DIR, name);
  return support_read(path);
}

static void prefix(cpm_str in, void *ctx) {
  result m;
  const int rc = decode(&m, in, NULL);
  if (in.n < *(const size_t *)ctx) assert_int_not_equal(rc, CPM_OK);
}

static void no_prefix_is_a_document(void **state) {
  (void)state;
  static const char *const names[] = { "conference_full", "reginfo_gruu", "group", "preferences" };
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    const cpm_str in = vector(names[i]);
    size_t end = in.n;
    while (end && in.p[end - 1] != '>') end--;
    support_every_prefix(in, prefix, &end);
    free((void *)(uintptr_t)in.p);
  }
}

static void a_quirk_can_be_refused(void **state) {
  (void)state;
  const struct { const char *name; uint64_t bit; } quirks[] = {
    { "quirk_no_namespace", CPM_QUIRK(XML_NO_NAMESPACE) },
    { "quirk_other_namespace", CPM_QUIRK(XML_OTHER_NAMESPACE) },
    { "quirk_token_space", CPM_QUIRK(XML_TOKEN_SPACE) },
    { "quirk_uri_space", CPM_QUIRK(XML_URI_SPACE) },
    { "quirk_utf8", CPM_QUIRK(UTF8_INVALID) },
  };
  for (size_t i = 0; i < sizeof quirks / sizeof *quirks; i++) {
    const cpm_str in = vector(quirks[i].name);
    const cpm_opts only = { quirks[i].bit, 0, 0, 0, 0, 0 }, others = { ~quirks[i].bit, 0, 0, 0, 0, 0 };
    result m;
    assert_status(decode(&m, in, &only), CPM_E_QUIRK, &m.diag);
    assert_status(decode(&m, in, &others), CPM_OK, &m.diag);
    assert_true(m.doc.quirks == quirks[i].bit);
    free((void *)(uintptr_t)in.p);
  }
}

static void the_root_can_be_asked_for(void **state) {
  (void)state;
  const cpm_str in = S(CONFERENCE("full", "1", ""));
  result m;
  room(&m);
  assert_status(cpm_xml_document_decode(&m.doc, CPM_NODE_conference_info, in, NULL, &m.diag), CPM_OK, &m.diag);
  assert_status(cpm_xml_document_decode(&m.doc, CPM_NODE_reginfo, in, NULL, &m.diag), CPM_E_VALUE, &m.diag);
  assert_string_equal(m.diag.rule, "reginfo");
}

/* ---- the caller's room --------------------------------------------------------------------------------------------- */

static void too_little_room_says_how_much(void **state) {
  (void)state;
  const cpm_str in = S(CONFERENCE("full", "1", USERS("full", "<user entity=\"sip:a@example.com\"><display-text>Ann</display-text></user>")));
  cpm_node nodes[8];
  char text[64];
  result whole;
  read_ok(&whole, in);
  const size_t n = whole.doc.nnodes, size = whole.doc.text_len;
  assert_true(n <= 8 && size <= sizeof text);
  for (size_t cap = 0; cap <= n; cap++) {
    for (size_t space = 0; space <= size; space++) {
      cpm_document doc = { .nodes = cap ? nodes : NULL, .cap = cap, .text = space ? text : NULL, .text_cap = space };
      cpm_diag d = { 0 };
      const int rc = cpm_xml_document_decode(&doc, CPM_NODE_none, in, NULL, &d);
      assert_status(rc, cap < n ? CPM_E_TOO_MANY : space < size ? CPM_E_SPACE : CPM_OK, &d);
      assert_int_equal(d.need, cap < n ? n : space < size ? size : 0);
      assert_int_equal(doc.nnodes, rc ? 0 : n);
    }
  }
}

/* ---- limits -------------------------------------------------------------------------------------------------------- */

typedef struct body { char *p; size_t n, cap; } body;

static void add(body *t, const char *z) {
  const size_t n = strlen(z);
  if (t->cap - t->n < n) {
    t->cap = 2 * t->cap + n + 4096;
    assert_non_null(t->p = realloc(t->p, t->cap));
  }
  memcpy(t->p + t->n, z, n);
  t->n += n;
}

/* A conference of n users; `partial`: an update of every second one, and as many new ones. */
static body crowd(size_t n, bool partial) {
  body t = { NULL, 0, 0 };
  char user[256];
  add(&t, "<conference-info xmlns=\"urn:ietf:params:xml:ns:conference-info\" entity=\"sip:room@example.com\" version=\"");
  add(&t, partial ? "2\" state=\"partial\"><users state=\"partial\">" : "1\" state=\"full\"><users>");
  for (size_t i = 0; i < n; i++) {
    snprintf(user, sizeof user, "<user entity=\"sip:u%zu@example.com\" state=\"%s\"><endpoint entity=\"e\"><status>connected</status></endpoint></user>",
             partial ? 2 * i : i, partial && i % 4 == 0 ? "deleted" : "full");
    add(&t, user);
  }
  add(&t, "</users></conference-info>");
  return t;
}

static cpm_document big(size_t nodes, size_t text) {
  cpm_document doc = { .nodes = malloc(nodes * sizeof(cpm_node)), .cap = nodes, .text = malloc(text), .text_cap = text };
  assert_non_null(doc.nodes);
  assert_non_null(doc.text);
  return doc;
}

static void leave(cpm_document *doc) {
  free(doc->nodes);
  free(doc->text);
}

static size_t users_in(const cpm_document *doc) {
  cpm_conference conference;
  cpm_conference_user user = { .node = NULL };
  size_t n = 0;
  assert_status(cpm_conference_view(&conference, doc), CPM_OK, NULL);
  while (cpm_conference_user_next(&user, doc, conference.node)) n++;
  return n;
}

/* Comparing each with each would take minutes. */
static void ten_thousand_users_are_read_and_merged(void **state) {
  (void)state;
  enum { N = 10000 };
  body full = crowd(N, false), partial = crowd(N, true);
  cpm_document held = big(6 * N, full.n), update = big(6 * N, partial.n), out = big(12 * N, full.n + partial.n);
  cpm_diag d = { 0 };
  assert_status(cpm_xml_document_decode(&held, CPM_NODE_none, cpm_str_of(full.p, full.n), NULL, &d), CPM_OK, &d);
  assert_status(cpm_xml_document_decode(&update, CPM_NODE_none, cpm_str_of(partial.p, partial.n), NULL, &d), CPM_OK, &d);
  assert_int_equal(users_in(&held), N);
  assert_status(cpm_document_merge(&out, &held, &update, &d), CPM_OK, &d);
  /* Of the 10,000 updated ones 2,500 are deleted, half of those and of the others were held before. */
  assert_int_equal(users_in(&out), N + N / 2 - N / 4);
  slices_are_inside(&out);
  leave(&held);
  leave(&update);
  leave(&out);
  free(full.p);
  free(partial.p);
}

static void the_number_of_users_is_limited(void **state) {
  (void)state;
  body t = crowd(100, false);
  const cpm_opts fits = { 0, 0, 0, 0, 200, 0 }, tight = { 0, 0, 0, 0, 199, 0 };
  cpm_document doc = big(600, t.n);
  cpm_diag d = { 0 };
  assert_status(cpm_xml_document_decode(&doc, CPM_NODE_none, cpm_str_of(t.p, t.n), &fits, &d), CPM_OK, &d);
  assert_status(cpm_xml_document_decode(&doc, CPM_NODE_none, cpm_str_of(t.p, t.n), &tight, &d), CPM_E_TOO_MANY, &d);
  assert_int_equal(d.need, 0);
  leave(&doc);
  free(t.p);
}

/* Sidebars stand in sidebars. */
static body nested(size_t depth) {
  body t = { NULL, 0, 0 };
  add(&t, "<conference-info xmlns=\"urn:ietf:params:xml:ns:conference-info\" entity=\"sip:room@example.com\" version=\"1\">");
  for (size_t i = 0; i < depth; i++) add(&t, "<sidebars-by-val><entry entity=\"sip:s@example.com\">");
  for (size_t i = 0; i < depth; i++) add(&t, "</entry></sidebars-by-val>");
  add(&t, "</conference-info>");
  return t;
}

static void nesting_is_limited(void **state) {
  (void)state;
  const struct { size_t depth; unsigned limit; int rc; } cases[] = {
    { 15, 0, CPM_OK }, { 16, 0, CPM_E_TOO_DEEP }, { 16, 256, CPM_E_TOO_DEEP }, { 10000, 0, CPM_E_TOO_DEEP }, { 10000, 100000, CPM_E_TOO_DEEP },
    { 2, 5, CPM_OK }, { 3, 5, CPM_E_TOO_DEEP },
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const cpm_opts opts = { 0, 0, 0, 0, 0, cases[i].limit };
    body t = nested(cases[i].depth);
    result m;
    assert_status(decode(&m, cpm_str_of(t.p, t.n), &opts), cases[i].rc, &m.diag);
    free(t.p);
  }
}

static void noise_is_refused(void **state) {
  (void)state;
  char *const noise = malloc(65536);
  assert_non_null(noise);
  uint32_t seed = 1;
  for (size_t i = 0; i < 65536; i++) noise[i] = (char)((seed = seed * 1664525u + 1013904223u) >> 24);
  result m;
  assert_int_not_equal(decode(&m, cpm_str_of(noise, 65536), NULL), CPM_OK);
  memset(noise, '<', 65536);
  assert_status(decode(&m, cpm_str_of(noise, 65536), NULL), CPM_E_SYNTAX, &m.diag);
  memset(noise, '\xff', 65536);
  assert_int_not_equal(decode(&m, cpm_str_of(noise, 65536), NULL), CPM_OK);
  free(noise);
  assert_status(decode(&m, cpm_str_none(), NULL), CPM_E_SYNTAX, &m.diag);
}

static void an_offset_counts_octets_that_are_no_utf8_as_one(void **state) {
  (void)state;
  result m;
  const cpm_str in = S("<conference-info xmlns=\"urn:ietf:params:xml:ns:conference-info\">\xff\xff\xff\xff<!DOCTYPE x></conference-info>");
  assert_int_not_equal(decode(&m, in, NULL), CPM_OK);
  const cpm_str same = S("<conference-info xmlns=\"urn:ietf:params:xml:ns:conference-info\">    <!DOCTYPE x></conference-info>");
  const size_t off = m.diag.off;
  assert_int_not_equal(decode(&m, same, NULL), CPM_OK);
  assert_int_equal(off, m.diag.off);
}

/* ---- the way back -------------------------------------------------------------------------------------------------- */

static int encode(char *dst, size_t cap, size_t *len, void *ctx) { return cpm_document_encode(dst, cap, len, ctx, NULL); }

static void what_is_written_is_read_back(const cpm_document *doc) {
  result m;
  const cpm_str first = support_every_size(encode, (void *)(uintptr_t)doc);
  char *const kept = malloc(first.n);
  assert_non_null(kept);
  memcpy(kept, first.p, first.n);
  const cpm_opts strict = { CPM_QUIRKS_ALL, 0, 0, 0, 0, 0 };
  assert_status(decode(&m, cpm_str_of(kept, first.n), &strict), CPM_OK, &m.diag);
  assert_int_equal(m.doc.nnodes, doc->nnodes - doc->duplicates);
  const cpm_str second = support_every_size(encode, &m.doc);
  assert_true(cpm_str_eq(second, cpm_str_of(kept, first.n)));
  free(kept);
}

static void every_vector_is_written_and_read_back(void **state) {
  (void)state;
  static const char *const names[] = { "conference_full", "conference_partial", "conference_everything", "conference_duplicates",
                                       "reginfo_gruu", "reginfo_partial", "group", "preferences" };
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    const cpm_str in = vector(names[i]);
    result m;
    read_ok(&m, in);
    /* What stands below a node that is repeated goes with it. */
    size_t gone = 0;
    for (size_t k = 0; k < m.doc.nnodes; k++) gone += m.doc.nodes[k].repeated ? m.doc.nodes[k].size : 0;
    m.doc.duplicates = gone;
    what_is_written_is_read_back(&m.doc);
    free((void *)(uintptr_t)in.p);
  }
}

static void what_xml_cannot_hold_is_not_written(void **state) {
  (void)state;
  const struct { cpm_str text; int rc; } cases[] = {
    { S("a\x01"), CPM_E_INJECTION }, { S("\xff"), CPM_E_VALUE }, { S("a\0b"), CPM_E_INJECTION }, { S("<&>\"'"), CPM_OK },
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    result m;
    size_t len = 0;
    room(&m);
    assert_status(cpm_document_start(&m.doc), CPM_OK, NULL);
    assert_status(cpm_document_open(&m.doc, CPM_NODE_conference_info, &m.diag), CPM_OK, &m.diag);
    assert_status(cpm_document_put(&m.doc, CPM_NODE_entity, cases[i].text, &m.diag), CPM_OK, &m.diag);
    assert_status(cpm_document_close(&m.doc, &m.diag), CPM_OK, &m.diag);
    assert_status(cpm_document_end(&m.doc, &m.diag), CPM_OK, &m.diag);
    assert_status(cpm_document_encode(NULL, 0, &len, &m.doc, &m.diag), cases[i].rc, &m.diag);
  }
  result empty;
  size_t len = 0;
  room(&empty);
  assert_status(cpm_document_encode(NULL, 0, &len, &empty.doc, &empty.diag), CPM_E_MISSING, &empty.diag);
}

/* ---- building ------------------------------------------------------------------------------------------------------ */

static void what_has_no_place_is_not_built(void **state) {
  (void)state;
  result m;
  room(&m);
  assert_status(cpm_document_start(&m.doc), CPM_OK, NULL);
  assert_status(cpm_document_open(&m.doc, CPM_NODE_user, &m.diag), CPM_E_VALUE, &m.diag);
  assert_status(cpm_document_put(&m.doc, CPM_NODE_entity, S("x"), &m.diag), CPM_E_VALUE, &m.diag);
  assert_status(cpm_document_close(&m.doc, &m.diag), CPM_E_VALUE, &m.diag);
  assert_status(cpm_document_open(&m.doc, CPM_NODE_conference_info, &m.diag), CPM_OK, &m.diag);
  assert_status(cpm_document_open(&m.doc, CPM_NODE_user, &m.diag), CPM_E_VALUE, &m.diag);
  assert_status(cpm_document_open(&m.doc, CPM_NODE_entity, &m.diag), CPM_E_VALUE, &m.diag);
  assert_status(cpm_document_open(&m.doc, (cpm_node_kind)9999, &m.diag), CPM_E_VALUE, &m.diag);
  assert_status(cpm_document_put(&m.doc, CPM_NODE_users, S("x"), &m.diag), CPM_E_VALUE, &m.diag);
  assert_status(cpm_document_put_key(&m.doc, S("x"), &m.diag), CPM_E_VALUE, &m.diag);
  assert_status(cpm_document_put_state(&m.doc, S("half"), &m.diag), CPM_E_VALUE, &m.diag);
  assert_status(cpm_document_put_state(&m.doc, S("partial"), &m.diag), CPM_OK, &m.diag);
  assert_status(cpm_document_end(&m.doc, &m.diag), CPM_E_VALUE, &m.diag);
  assert_int_equal(m.doc.nnodes, 0);
}

static void numbers_have_limits(void **state) {
  (void)state;
  const struct { cpm_node_kind kind; const char *text; int rc; uint64_t is; } cases[] = {
    { CPM_NODE_version, "0", CPM_OK, 0 }, { CPM_NODE_version, " +007 ", CPM_OK, 7 }, { CPM_NODE_version, "4294967295", CPM_OK, UINT32_MAX },
    { CPM_NODE_version, "4294967296", CPM_E_RANGE, 0 }, { CPM_NODE_version, "18446744073709551616", CPM_E_RANGE, 0 },
    { CPM_NODE_version, "-1", CPM_E_VALUE, 0 }, { CPM_NODE_version, "", CPM_E_VALUE, 0 }, { CPM_NODE_version, "+", CPM_E_VALUE, 0 },
    { CPM_NODE_version, "1.0", CPM_E_VALUE, 0 }, { CPM_NODE_version, "0x1", CPM_E_VALUE, 0 }, { CPM_NODE_version, "1 2", CPM_E_VALUE, 0 },
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    result m;
    room(&m);
    assert_status(cpm_document_start(&m.doc), CPM_OK, NULL);
    assert_status(cpm_document_open(&m.doc, CPM_NODE_reginfo, &m.diag), CPM_OK, &m.diag);
    assert_status(cpm_document_put(&m.doc, cases[i].kind, cpm_str_z(cases[i].text), &m.diag), cases[i].rc, &m.diag);
    if (cases[i].rc == CPM_OK) assert_true(m.nodes[1].number == cases[i].is);
  }
}

static void counters_of_reginfo_go_to_64_bits(void **state) {
  (void)state;
  result m;
  const char *const format = "<reginfo xmlns=\"urn:ietf:params:xml:ns:reginfo\" version=\"1\" state=\"full\"><registration aor=\"sip:a@example.com\" id=\"r\" "
                             "state=\"active\"><contact id=\"c\" state=\"active\" expires=\"%s\"><uri>sip:a@192.0.2.1</uri></contact></registration></reginfo>";
  char in[512];
  snprintf(in, sizeof in, format, "18446744073709551615");
  read_ok(&m, cpm_str_z(in));
  snprintf(in, sizeof in, format, "18446744073709551616");
  assert_status(decode(&m, cpm_str_z(in), NULL), CPM_E_RANGE, &m.diag);
  assert_string_equal(m.diag.rule, "expires");
}

/* ---- views of a conference ----------------------------------------------------------------------------------------- */

static void a_conference_is_seen_whole(void **state) {
  (void)state;
  const cpm_str in = vector("conference_everything");
  result m;
  cpm_conference c, side = { .node = NULL };
  read_ok(&m, in);
  assert_status(cpm_conference_view(&c, &m.doc), CPM_OK, NULL);
  assert_str(c.entity, "sip:room@example.com");
  assert_true(c.has_version && c.version == 7 && c.state == CPM_STATE_FULL);
  assert_str(c.display_text, "Book club");
  assert_str(c.subject, "Which book?");
  assert_str(c.free_text, "Every Tuesday");
  assert_str(c.keywords, "books tea");
  assert_str(c.host, "The host");
  assert_str(c.web_page, "http://www.example.com/host");
  assert_int_equal(c.maximum_user_count, 100);
  assert_int_equal(c.user_count, 2);
  assert_int_equal(c.active, CPM_SAID_YES);
  assert_int_equal(c.locked, CPM_SAID_NO);
  assert_true(cpm_conference_sidebar_next(&side, &m.doc, c.node));
  assert_str(side.entity, "sip:corner@example.com");
  assert_int_equal(side.user_count, CPM_NO_COUNT);
  assert_int_equal(side.active, CPM_SAID_NOTHING);
  cpm_conference_user whisperer = { .node = NULL };
  assert_true(cpm_conference_user_next(&whisperer, &m.doc, side.node));
  assert_str(whisperer.entity, "sip:carol@example.com");
  assert_false(cpm_conference_sidebar_next(&side, &m.doc, c.node));
  free((void *)(uintptr_t)in.p);
}

static void a_user_is_seen_with_endpoints_and_media(void **state) {
  (void)state;
  const cpm_str in = vector("conference_everything");
  result m;
  cpm_conference c;
  cpm_conference_user u;
  cpm_conference_endpoint e = { .node = NULL };
  cpm_conference_media s = { .node = NULL };
  read_ok(&m, in);
  cpm_conference_view(&c, &m.doc);
  assert_true(cpm_conference_user_find(&u, &m.doc, c.node, S("sip:bob@example.com")));
  assert_str(u.display_text, "Bob");
  assert_str(u.role, "chair");
  assert_str(u.languages, "en de");
  assert_str(u.cascaded_focus, "sip:far@example.org");
  assert_true(u.yourown && u.connected && !u.pending && !u.left);
  assert_true(cpm_conference_endpoint_next(&e, &m.doc, u.node));
  assert_str(e.entity, "sip:bob@pc.example.com");
  assert_str(e.display_text, "Bob's desk");
  assert_int_equal(e.status, CPM_ENDPOINT_CONNECTED);
  assert_int_equal(e.joining_method, CPM_JOINING_DIALED_OUT);
  assert_true(e.referred.there && e.joining.there && !e.disconnection.there);
  assert_str(e.referred.by, "sip:alice@example.com");
  assert_str(e.joining.when, "2026-03-01T09:30:00Z");
  assert_str(e.joining.reason, "invitation");
  assert_str(e.call_id, "a84b4c76e66710");
  assert_str(e.from_tag, "1928301774");
  assert_str(e.to_tag, "314159");
  assert_true(cpm_conference_media_next(&s, &m.doc, e.node));
  assert_str(s.id, "1");
  assert_str(s.type, "message");
  assert_str(s.label, "chat");
  assert_str(s.src_id, "42");
  assert_int_equal(s.status, CPM_MEDIA_SENDRECV);
  assert_false(cpm_conference_media_next(&s, &m.doc, e.node));
  assert_false(cpm_conference_endpoint_next(&e, &m.doc, u.node));
  assert_true(cpm_conference_user_find(&u, &m.doc, c.node, S("sip:dave@example.com")));
  assert_true(u.left && !u.connected && !u.yourown);
  assert_int_equal(u.disconnection_method, CPM_DISCONNECTION_BOOTED);
  assert_str(u.disconnection.reason, "Not a reader");
  assert_false(cpm_conference_user_find(&u, &m.doc, c.node, S("sip:Bob@example.com")));
  free((void *)(uintptr_t)in.p);
}

static void uris_of_a_conference_are_walked(void **state) {
  (void)state;
  const cpm_str in = vector("conference_everything");
  const struct { cpm_node_kind which; const char *uri, *purpose; } want[] = {
    { CPM_NODE_conf_uris, "tel:+12025550100", "participation" }, { CPM_NODE_service_uris, "http://www.example.com/room", "web-page" },
    { CPM_NODE_uris, "sip:host@example.com", NULL }, { CPM_NODE_sidebars_by_ref, "sip:balcony@example.com", NULL },
  };
  result m;
  cpm_conference c;
  cpm_conference_media offered = { .node = NULL };
  read_ok(&m, in);
  cpm_conference_view(&c, &m.doc);
  for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
    cpm_conference_uri u = { .node = NULL };
    assert_true(cpm_conference_uri_next(&u, &m.doc, c.node, want[i].which));
    assert_true(cpm_str_eq(u.uri, cpm_str_z(want[i].uri)) && cpm_str_eq(u.purpose, cpm_str_z(want[i].purpose)));
    assert_false(cpm_conference_uri_next(&u, &m.doc, c.node, want[i].which));
  }
  assert_true(cpm_conference_media_next(&offered, &m.doc, c.node));
  assert_str(offered.label, "chat");
  assert_null(offered.id.p);
  free((void *)(uintptr_t)in.p);
}

static void users_become_recipients(void **state) {
  (void)state;
  const cpm_str in = vector("conference_everything");
  cpm_entry entries[2];
  size_t n = 0;
  result m;
  HOLDS("S2-7.3.1.5-err-1");
  read_ok(&m, in);
  assert_status(cpm_conference_entries(entries, 2, &n, &m.doc, &m.diag), CPM_OK, &m.diag);
  assert_int_equal(n, 1);   /* but for bob, who is the subscriber */
  assert_str(entries[0].uri, "sip:dave@example.com");
  assert_status(cpm_conference_entries(entries, 0, &n, &m.doc, &m.diag), CPM_E_TOO_MANY, &m.diag);
  assert_int_equal(m.diag.need, 1);
  free((void *)(uintptr_t)in.p);
}

/* ---- full and partial ---------------------------------------------------------------------------------------------- */

#define BOB(state, inside) "<user entity=\"sip:bob@example.com\" state=\"" state "\">" inside "</user>"
#define ANN(state, inside) "<user entity=\"sip:ann@example.com\" state=\"" state "\">" inside "</user>"
#define AT(entity, state, status) "<endpoint entity=\"" entity "\" state=\"" state "\"><status>" status "</status></endpoint>"

static void versions_say_what_an_update_is(void **state) {
  (void)state;
  const struct { cpm_str held, update; cpm_update is; } cases[] = {
    { S(""), S(CONFERENCE("full", "1", "")), CPM_UPDATE_NEXT },
    { S(""), S(CONFERENCE("partial", "1", "")), CPM_UPDATE_GAP },
    { S(CONFERENCE("full", "5", "")), S(CONFERENCE("partial", "6", "")), CPM_UPDATE_NEXT },
    { S(CONFERENCE("full", "5", "")), S(CONFERENCE("partial", "7", "")), CPM_UPDATE_GAP },
    { S(CONFERENCE("full", "5", "")), S(CONFERENCE("partial", "5", "")), CPM_UPDATE_OLD },
    { S(CONFERENCE("full", "5", "")), S(CONFERENCE("partial", "4", "")), CPM_UPDATE_OLD },
    { S(CONFERENCE("full", "5", "")), S(CONFERENCE("full", "5", "")), CPM_UPDATE_OLD },
    { S(CONFERENCE("full", "5", "")), S(CONFERENCE("full", "9", "")), CPM_UPDATE_NEXT },
    { S(CONFERENCE("full", "5", "")), S(CONFERENCE("deleted", "9", "")), CPM_UPDATE_NEXT },
    { S(CONFERENCE("full", "4294967295", "")), S(CONFERENCE("partial", "0", "")), CPM_UPDATE_OLD },
    { S(CONFERENCE("full", "5", "")), S("<conference-info xmlns=\"urn:ietf:params:xml:ns:conference-info\" state=\"partial\"/>"), CPM_UPDATE_NEXT },
    { S(REGINFO("full", "0", "")), S(REGINFO("partial", "1", "")), CPM_UPDATE_NEXT },
    { S(REGINFO("full", "0", "")), S(REGINFO("partial", "2", "")), CPM_UPDATE_GAP },
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    static const int status[] = { CPM_OK, CPM_IGNORED, CPM_E_MISSING };
    result held, update, out;
    room(&held);
    room(&out);
    if (cases[i].held.n) read_ok(&held, cases[i].held);
    read_ok(&update, cases[i].update);
    assert_int_equal(cpm_document_update(&held.doc, &update.doc), cases[i].is);
    assert_status(cpm_document_merge(&out.doc, &held.doc, &update.doc, &out.diag), status[cases[i].is], &out.diag);
    if (cases[i].is != CPM_UPDATE_NEXT) assert_int_equal(out.doc.nnodes, 0);
    if (cases[i].is == CPM_UPDATE_GAP) assert_string_equal(out.diag.rule, "version");
  }
}

/* Merges the documents one after the other and dumps what is held. */
static void merge_all(const cpm_str *updates, size_t n, FILE *out) {
  result *const two = malloc(2 * sizeof *two), *const update = malloc(sizeof *update);
  assert_non_null(two);
  assert_non_null(update);
  room(&two[0]);
  for (size_t i = 0; i < n; i++) {
    result *const held = &two[i % 2], *const next = &two[(i + 1) % 2];
    read_ok(update, updates[i]);
    room(next);
    assert_status(cpm_document_merge(&next->doc, &held->doc, &update->doc, &next->diag), CPM_OK, &next->diag);
    slices_are_inside(&next->doc);
  }
  dump_document(&two[n % 2].doc, out);
  free(two);
  free(update);
}

static void merge_gives(const cpm_str *updates, size_t n, const char *want) {
  char *got = NULL;
  size_t size = 0;
  FILE *const out = open_memstream(&got, &size);
  assert_non_null(out);
  merge_all(updates, n, out);
  fclose(out);
  assert_string_equal(strchr(got, '\n') + 1, want);
  free(got);
}

static void partial_documents_change_what_they_name(void **state) {
  (void)state;
  const cpm_str updates[] = {
    S(CONFERENCE("full", "1", "<conference-state><user-count>2</user-count><locked>true</locked></conference-state>"
                 USERS("full", BOB("full", "<display-text>Bob</display-text>" AT("sip:b1", "full", "connected") AT("sip:b2", "full", "pending"))
                               ANN("full", AT("sip:a1", "full", "connected"))))),
    S(CONFERENCE("partial", "2", "<conference-state state=\"partial\"><user-count>1</user-count></conference-state>"
                 USERS("partial", BOB("partial", "<languages>en</languages>" AT("sip:b1", "deleted", "disconnected") AT("sip:b2", "partial", "connected"))
                                  ANN("deleted", "")
                                  "<user entity=\"sip:eve@example.com\"><display-text>Eve</display-text></user>"))),
  };
  merge_gives(updates, 2,
              "conference_info [sip:room@example.com]\n"
              "  entity \"sip:room@example.com\"\n"
              "  version \"2\" = 2\n"
              "  conference_state\n"
              "    user_count \"1\" = 1\n"
              "    locked \"true\" = 1\n"
              "  users\n"
              "    user [sip:bob@example.com]\n"
              "      entity \"sip:bob@example.com\"\n"
              "      display_text \"Bob\"\n"
              "      endpoint [sip:b2]\n"
              "        entity \"sip:b2\"\n"
              "        endpoint_status \"connected\" = 6\n"
              "      languages \"en\"\n"
              "    user [sip:eve@example.com]\n"
              "      entity \"sip:eve@example.com\"\n"
              "      display_text \"Eve\"\n");
}

static void full_elements_replace(void **state) {
  (void)state;
  const cpm_str updates[] = {
    S(CONFERENCE("full", "1", USERS("full", BOB("full", "<display-text>Bob</display-text>") ANN("full", "<display-text>Ann</display-text>")))),
    S(CONFERENCE("partial", "2", USERS("partial", BOB("full", "<languages>en</languages>")))),
    S(CONFERENCE("partial", "3", USERS("full", BOB("partial", "<roles><entry>chair</entry><entry>chair</entry></roles>" AT("sip:x", "deleted", "pending"))))),
  };
  merge_gives(updates, 3,
              "conference_info [sip:room@example.com]\n"
              "  entity \"sip:room@example.com\"\n"
              "  version \"3\" = 3\n"
              "  users\n"
              "    user [sip:bob@example.com]\n"
              "      entity \"sip:bob@example.com\"\n"
              "      roles\n"
              "        role \"chair\"\n"
              "        role \"chair\"\n");
}

static void of_a_deleted_conference_the_root_is_left(void **state) {
  (void)state;
  const cpm_str updates[] = {
    S(CONFERENCE("full", "1", USERS("full", BOB("full", "")))), S(CONFERENCE("deleted", "2", USERS("full", BOB("full", "")))),
  };
  merge_gives(updates, 2, "conference_info deleted [sip:room@example.com]\n  entity \"sip:room@example.com\"\n  version \"2\" = 2\n");
}

static void a_roster_has_nobody_twice(void **state) {
  (void)state;
  const cpm_str updates[] = {
    S(CONFERENCE("full", "1", USERS("full", BOB("full", "<display-text>1</display-text>") BOB("full", "<display-text>2</display-text>")))),
    S(CONFERENCE("partial", "2", USERS("partial", ANN("full", "<display-text>3</display-text>") ANN("full", "<display-text>4</display-text>")))),
  };
  merge_gives(updates, 2,
              "conference_info [sip:room@example.com]\n"
              "  entity \"sip:room@example.com\"\n"
              "  version \"2\" = 2\n"
              "  users\n"
              "    user [sip:bob@example.com]\n"
              "      entity \"sip:bob@example.com\"\n"
              "      display_text \"1\"\n"
              "    user [sip:ann@example.com]\n"
              "      entity \"sip:ann@example.com\"\n"
              "      display_text \"3\"\n");
}

static void another_conference_is_not_merged(void **state) {
  (void)state;
  result held, update, out;
  read_ok(&held, S(CONFERENCE("full", "1", "")));
  read_ok(&update, S("<conference-info xmlns=\"urn:ietf:params:xml:ns:conference-info\" entity=\"sip:other@example.com\" state=\"partial\" version=\"2\"/>"));
  room(&out);
  assert_status(cpm_document_merge(&out.doc, &held.doc, &update.doc, &out.diag), CPM_E_VALUE, &out.diag);
  assert_string_equal(out.diag.rule, "entity");
  read_ok(&update, S(REGINFO("full", "2", "")));
  assert_status(cpm_document_merge(&out.doc, &held.doc, &update.doc, &out.diag), CPM_E_VALUE, &out.diag);
}

static void merging_into_too_little_room_says_how_much(void **state) {
  (void)state;
  result held, update, out;
  read_ok(&held, S(CONFERENCE("full", "1", USERS("full", BOB("full", "<display-text>Bob</display-text>")))));
  read_ok(&update, S(CONFERENCE("partial", "2", USERS("partial", ANN("full", "")))));
  room(&out);
  assert_status(cpm_document_merge(&out.doc, &held.doc, &update.doc, &out.diag), CPM_OK, &out.diag);
  const size_t n = out.doc.nnodes, size = out.doc.text_len;
  for (size_t cap = 0; cap <= n; cap++) {
    for (size_t space = 0; space <= size; space++) {
      room(&out);
      out.doc.cap = cap;
      out.doc.text_cap = space;
      assert_status(cpm_document_merge(&out.doc, &held.doc, &update.doc, &out.diag), cap < n ? CPM_E_TOO_MANY : space < size ? CPM_E_SPACE : CPM_OK, &out.diag);
      assert_int_equal(out.diag.need, cap < n ? n : space < size ? size : 0);
    }
  }
}

/* ---- registrations ------------------------------------------------------------------------------------------------- */

#define CONTACT(id, state, event) "<contact id=\"" id "\" state=\"" state "\" event=\"" event "\"><uri>sip:" id "@192.0.2.1</uri></contact>"
#define REGISTRATION(id, state, inside) "<registration aor=\"sip:" id "@example.com\" id=\"" id "\" state=\"" state "\">" inside "</registration>"

static void a_registration_is_seen(void **state) {
  (void)state;
  const cpm_str in = vector("reginfo_gruu");
  result m;
  cpm_registration r = { .node = NULL };
  cpm_reg_contact c = { .node = NULL };
  cpm_str value;
  read_ok(&m, in);
  assert_true(cpm_registration_next(&r, &m.doc));
  assert_str(r.aor, "sip:alice@example.com");
  assert_str(r.id, "as9");
  assert_int_equal(r.state, CPM_REGISTRATION_ACTIVE);
  assert_true(cpm_reg_contact_next(&c, &m.doc, &r));
  assert_str(c.id, "76");
  assert_str(c.uri, "sip:alice@192.0.2.1:5060");
  assert_str(c.display_name, "Alice's phone");
  assert_str(c.callid, "hh89as0d-asd88jkk@cell-phone.example.com");
  assert_str(c.q, "0.8");
  assert_str(c.pub_gruu, "sip:alice@example.com;gr=hha9s8d-999a");
  assert_str(c.temp_gruu, "sip:8ffkas08af7fasklzi9@example.com;gr");
  assert_int_equal(c.state, CPM_CONTACT_ACTIVE);
  assert_int_equal(c.event, CPM_CONTACT_EVENT_REGISTERED);
  assert_true(c.expires == 3000 && c.cseq == 99 && c.duration_registered == 7322 && c.retry_after == CPM_NO_NUMBER);
  assert_true(c.temp_gruu_first_cseq == 54301);
  assert_str(c.instance, "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6");
  assert_true(cpm_reg_contact_param(&c, "+G.3gpp.icsi-ref", &value));
  assert_str(value, "urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.msg");
  assert_true(cpm_reg_contact_param(&c, "audio", &value));
  assert_str(value, "");
  assert_false(cpm_reg_contact_param(&c, "video", &value));
  assert_true(cpm_reg_contact_next(&c, &m.doc, &r));
  assert_null(c.pub_gruu.p);
  assert_null(c.instance.p);
  assert_int_equal(c.state, CPM_CONTACT_TERMINATED);
  assert_int_equal(c.event, CPM_CONTACT_EVENT_EXPIRED);
  assert_false(cpm_reg_contact_next(&c, &m.doc, &r));
  assert_false(cpm_registration_next(&r, &m.doc));
  free((void *)(uintptr_t)in.p);
}

static void what_is_terminated_leaves_the_registrations(void **state) {
  (void)state;
  const cpm_str updates[] = {
    S(REGINFO("full", "0", REGISTRATION("a", "active", CONTACT("1", "active", "created") CONTACT("2", "terminated", "expired"))
                           REGISTRATION("b", "active", CONTACT("3", "active", "created")) REGISTRATION("c", "terminated", ""))),
    S(REGINFO("partial", "1", REGISTRATION("a", "active", CONTACT("1", "terminated", "unregistered") CONTACT("4", "active", "registered"))
                              REGISTRATION("b", "terminated", CONTACT("3", "terminated", "rejected")))),
  };
  merge_gives(updates, 2,
              "reginfo\n"
              "  version \"1\" = 1\n"
              "  registration [a]\n"
              "    aor \"sip:a@example.com\"\n"
              "    id \"a\"\n"
              "    registration_state \"active\" = 2\n"
              "    contact [4]\n"
              "      id \"4\"\n"
              "      contact_state \"active\" = 1\n"
              "      contact_event \"registered\" = 1\n"
              "      contact_uri \"sip:4@192.0.2.1\"\n");
}

/* ---- groups and rules ---------------------------------------------------------------------------------------------- */

static void a_group_is_seen(void **state) {
  (void)state;
  const cpm_str in = vector("group");
  result m;
  cpm_group g = { .node = NULL };
  HOLDS("S4-9.1.1-4.c S4-9.1.2-4.a");
  read_ok(&m, in);
  assert_true(cpm_group_next(&g, &m.doc));
  assert_str(g.uri, "sip:bookclub@groups.example.com");
  assert_str(g.display_name, "Book club");
  assert_str(g.subject, "Books");
  assert_str(g.max_duration, "3600");
  assert_int_equal(g.invite_members, CPM_SAID_YES);
  assert_int_equal(g.max_participant_count, 10);
  assert_int_equal(g.min_participant_count, 2);
  assert_int_equal(g.automatic_group_advertisement, CPM_SAID_NO);
  assert_int_equal(g.searchable, CPM_SAID_YES);
  assert_true(g.cpm);
  assert_int_equal(g.members, 3);
  assert_int_equal(g.externals, 0);
  assert_true(cpm_group_has(&g, S("tel:+1-202-555-0102")));
  assert_false(cpm_group_has(&g, S("sip:eve@example.com")));
  assert_false(cpm_group_next(&g, &m.doc));
  assert_true(cpm_group_find(&g, &m.doc, S("SIP:bookclub@GROUPS.example.com")));
  assert_false(cpm_group_find(&g, &m.doc, S("sip:chess@groups.example.com")));
  free((void *)(uintptr_t)in.p);
}

static void services_name_cpm_by_a_whole_label(void **state) {
  (void)state;
  const struct { const char *enabler; bool cpm; } cases[] = {
    { "urn:urn-7:3gpp-service.ims.icsi.oma.cpm.msg", true }, { "org.openmobilealliance:CPM", true }, { "cpm", true }, { "cpm-session", true },
    { "urn:urn-7:3gpp-service.ims.icsi.oma.cpmx", false }, { "urn:urn-7:3gpp-service.ims.icsi.mcptt", false }, { "PoC", false }, { "", false },
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char in[512];
    result m;
    cpm_group g = { .node = NULL };
    snprintf(in, sizeof in, "<group xmlns=\"urn:oma:xml:poc:list-service\"><list-service uri=\"sip:g@example.com\"><supported-services>"
             "<service enabler=\"PoC\"/><service enabler=\"%s\"/></supported-services></list-service></group>", cases[i].enabler);
    read_ok(&m, cpm_str_z(in));
    assert_true(cpm_group_next(&g, &m.doc));
    assert_int_equal(g.cpm, cases[i].cpm);
    assert_int_equal(g.invite_members, CPM_SAID_NOTHING);
    assert_int_equal(g.max_participant_count, CPM_NO_COUNT);
    assert_null(g.ruleset);
  }
}

#define RULES(inside) "<ruleset xmlns=\"urn:ietf:params:xml:ns:common-policy\">" inside "</ruleset>"
#define RULE(id, conditions, says) \
  "<rule id=\"" id "\"><conditions>" conditions "</conditions><actions><allow-anonymity>" says "</allow-anonymity></actions></rule>"
#define IDENTITY(inside) "<identity>" inside "</identity>"
#define ANN_ONE "<one id=\"sip:ann@example.com\"/>"

static cpm_said says(cpm_str rules, cpm_str identity, bool member, bool anonymous, int64_t now) {
  const cpm_rule_request request = { identity, member, anonymous, now };
  result m;
  read_ok(&m, rules);
  return cpm_rules_say(&m.doc, cpm_document_root(&m.doc), CPM_NODE_allow_anonymity, &request);
}

static void rules_say_by_who_asks(void **state) {
  (void)state;
  HOLDS("S4-9.1.1-4.d S4-9.1.2-4.b S1-9.1.1-3.s2");
  const struct { cpm_str rules; const char *who; bool member, anonymous; cpm_said is; } cases[] = {
    { S(RULES("")), "sip:ann@example.com", false, false, CPM_SAID_NOTHING },
    { S(RULES(RULE("1", "", "true"))), "sip:ann@example.com", false, false, CPM_SAID_YES },
    { S(RULES(RULE("1", "", "true"))), NULL, false, false, CPM_SAID_YES },
    { S(RULES(RULE("1", "", "false"))), NULL, false, false, CPM_SAID_NO },
    { S(RULES(RULE("1", "", "false") RULE("2", "", "true") RULE("3", "", "false"))), NULL, false, false, CPM_SAID_YES },
    { S(RULES(RULE("1", IDENTITY(ANN_ONE), "true"))), "sip:ann@EXAMPLE.com", false, false, CPM_SAID_YES },
    { S(RULES(RULE("1", IDENTITY(ANN_ONE), "true"))), "sip:bob@example.com", false, false, CPM_SAID_NOTHING },
    { S(RULES(RULE("1", IDENTITY(ANN_ONE), "true"))), NULL, false, false, CPM_SAID_NOTHING },
    { S(RULES(RULE("1", IDENTITY("<many/>"), "true"))), "sip:bob@example.com", false, false, CPM_SAID_YES },
    { S(RULES(RULE("1", IDENTITY("<many/>"), "true"))), NULL, false, false, CPM_SAID_NOTHING },
    { S(RULES(RULE("1", IDENTITY("<many domain=\"example.com\"/>"), "true"))), "sip:bob@example.com", false, false, CPM_SAID_YES },
    { S(RULES(RULE("1", IDENTITY("<many domain=\"example.com\"/>"), "true"))), "sip:bob@example.org", false, false, CPM_SAID_NOTHING },
    { S(RULES(RULE("1", IDENTITY("<many domain=\"example.com\"/>"), "true"))), "tel:+12025550101", false, false, CPM_SAID_NOTHING },
    { S(RULES(RULE("1", IDENTITY("<many><except id=\"sip:eve@example.com\"/></many>"), "true"))), "sip:eve@example.com", false, false, CPM_SAID_NOTHING },
    { S(RULES(RULE("1", IDENTITY("<many><except domain=\"example.com\"/></many>"), "true"))), "sip:eve@example.com", false, false, CPM_SAID_NOTHING },
    { S(RULES(RULE("1", IDENTITY("<many><except domain=\"example.com\"/></many>"), "true"))), "sip:eve@example.org", false, false, CPM_SAID_YES },
    { S(RULES(RULE("1", IDENTITY("<many><except/></many>"), "true"))), "sip:eve@example.org", false, false, CPM_SAID_NOTHING },
    { S(RULES(RULE("1", IDENTITY("<many><but/></many>"), "true"))), "sip:eve@example.org", false, false, CPM_SAID_NOTHING },
    { S(RULES(RULE("1", IDENTITY("<many/><some/>"), "true"))), "sip:eve@example.org", false, false, CPM_SAID_NOTHING },
    { S(RULES(RULE("1", "<is-list-member/>", "true"))), "sip:ann@example.com", true, false, CPM_SAID_YES },
    { S(RULES(RULE("1", "<is-list-member/>", "true"))), "sip:ann@example.com", false, false, CPM_SAID_NOTHING },
    { S(RULES(RULE("1", "<anonymous-request/>", "true"))), NULL, false, true, CPM_SAID_YES },
    { S(RULES(RULE("1", "<anonymous-request/>", "true"))), NULL, false, false, CPM_SAID_NOTHING },
    { S(RULES(RULE("1", IDENTITY(ANN_ONE), "false") RULE("2", "<other-identity/>", "true"))), "sip:ann@example.com", false, false, CPM_SAID_NO },
    { S(RULES(RULE("1", IDENTITY(ANN_ONE), "false") RULE("2", "<other-identity/>", "true"))), "sip:bob@example.com", false, false, CPM_SAID_YES },
    { S(RULES(RULE("1", "<is-list-member/>", "false") RULE("2", "<other-identity/>", "true"))), "sip:ann@example.com", true, false, CPM_SAID_NO },
    { S(RULES(RULE("1", "<sphere value=\"work\"/>", "true"))), "sip:ann@example.com", false, false, CPM_SAID_NOTHING },
    { S(RULES(RULE("1", "<moon/>", "true"))), "sip:ann@example.com", false, false, CPM_SAID_NOTHING },
    { S(RULES(RULE("1", "<moon xmlns=\"urn:example:x\"/>", "true"))), "sip:ann@example.com", false, false, CPM_SAID_NOTHING },
    { S(RULES("<rule id=\"1\"><conditions/><conditions>" IDENTITY(ANN_ONE) "</conditions><actions><allow-anonymity>true</allow-anonymity></actions></rule>")),
      "sip:bob@example.com", false, false, CPM_SAID_NOTHING },
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const cpm_said is = says(cases[i].rules, cpm_str_z(cases[i].who), cases[i].member, cases[i].anonymous, 0);
    if (is != cases[i].is) fail_msg("case %zu: %d, not %d", i, (int)is, (int)cases[i].is);
  }
}

static void rules_say_by_when(void **state) {
  (void)state;
  const cpm_str year = S(RULES(RULE("1", "<validity><from>2026-01-01T00:00:00Z</from><until>2026-12-31T23:59:59Z</until>"
                                         "<from>2028-01-01T00:00:00Z</from><until>2028-12-31T23:59:59Z</until></validity>", "true")));
  const int64_t in_2026 = INT64_C(1767225600000), in_2027 = INT64_C(1798761600000), in_2028 = INT64_C(1830297600000);
  assert_int_equal(says(year, cpm_str_none(), false, false, in_2026 - 1), CPM_SAID_NOTHING);
  assert_int_equal(says(year, cpm_str_none(), false, false, in_2026), CPM_SAID_YES);
  assert_int_equal(says(year, cpm_str_none(), false, false, in_2027), CPM_SAID_NOTHING);
  assert_int_equal(says(year, cpm_str_none(), false, false, in_2028), CPM_SAID_YES);
  assert_int_equal(says(S(RULES(RULE("1", "<validity><from>2026-01-01T00:00:00Z</from></validity>", "true"))), cpm_str_none(), false, false, in_2027), CPM_SAID_NOTHING);
  assert_int_equal(says(S(RULES(RULE("1", "<validity><from>x</from><until>y</until></validity>", "true"))), cpm_str_none(), false, false, in_2027), CPM_SAID_NOTHING);
}

static void preferences_are_asked(void **state) {
  (void)state;
  const cpm_str in = vector("preferences");
  const cpm_rule_request bob = { S("tel:+12025550102"), false, false, INT64_C(1767225600000) }, ann = { S("sip:ann@example.org"), false, false, 0 };
  HOLDS("S3-8.2.2.3-4.a S3-8.2.2.3-4.b S3-8.2.2.3-4.c S3-8.2.2.1-200b.7.check");
  cpm_preferences p;
  result m;
  read_ok(&m, in);
  assert_status(cpm_preferences_view(&p, &m.doc, &ann), CPM_OK, NULL);
  assert_int_equal(p.allow_offline_storage, CPM_SAID_YES);
  assert_int_equal(p.allow_store, CPM_SAID_NO);
  assert_int_equal(p.allow_defer, CPM_SAID_YES);
  assert_int_equal(p.allow_reject_invite, CPM_SAID_NO);
  assert_int_equal(p.allow_auto_answermode, CPM_SAID_NOTHING);
  assert_status(cpm_preferences_view(&p, &m.doc, &bob), CPM_OK, NULL);
  assert_int_equal(p.allow_offline_storage, CPM_SAID_NOTHING);   /* a rule names him: the one for the others does not hold */
  assert_int_equal(p.allow_auto_answermode, CPM_SAID_NO);
  read_ok(&m, S(CONFERENCE("full", "1", "")));
  assert_status(cpm_preferences_view(&p, &m.doc, &ann), CPM_E_VALUE, NULL);
  free((void *)(uintptr_t)in.p);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(vectors),
    cmocka_unit_test(no_prefix_is_a_document),
    cmocka_unit_test(a_quirk_can_be_refused),
    cmocka_unit_test(the_root_can_be_asked_for),
    cmocka_unit_test(too_little_room_says_how_much),
    cmocka_unit_test(ten_thousand_users_are_read_and_merged),
    cmocka_unit_test(the_number_of_users_is_limited),
    cmocka_unit_test(nesting_is_limited),
    cmocka_unit_test(noise_is_refused),
    cmocka_unit_test(an_offset_counts_octets_that_are_no_utf8_as_one),
    cmocka_unit_test(every_vector_is_written_and_read_back),
    cmocka_unit_test(what_xml_cannot_hold_is_not_written),
    cmocka_unit_test(what_has_no_place_is_not_built),
    cmocka_unit_test(numbers_have_limits),
    cmocka_unit_test(counters_of_reginfo_go_to_64_bits),
    cmocka_unit_test(a_conference_is_seen_whole),
    cmocka_unit_test(a_user_is_seen_with_endpoints_and_media),
    cmocka_unit_test(uris_of_a_conference_are_walked),
    cmocka_unit_test(users_become_recipients),
    cmocka_unit_test(versions_say_what_an_update_is),
    cmocka_unit_test(partial_documents_change_what_they_name),
    cmocka_unit_test(full_elements_replace),
    cmocka_unit_test(of_a_deleted_conference_the_root_is_left),
    cmocka_unit_test(a_roster_has_nobody_twice),
    cmocka_unit_test(another_conference_is_not_merged),
    cmocka_unit_test(merging_into_too_little_room_says_how_much),
    cmocka_unit_test(a_registration_is_seen),
    cmocka_unit_test(what_is_terminated_leaves_the_registrations),
    cmocka_unit_test(a_group_is_seen),
    cmocka_unit_test(services_name_cpm_by_a_whole_label),
    cmocka_unit_test(rules_say_by_who_asks),
    cmocka_unit_test(rules_say_by_when),
    cmocka_unit_test(preferences_are_asked),
  };
  return cmocka_run_group_tests_name("xml_document", tests, NULL, NULL);
}
