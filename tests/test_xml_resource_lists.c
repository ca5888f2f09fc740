/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "support.h"
#include "cpm/uri.h"
#include "cpm/xml.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define OPEN "<resource-lists xmlns=\"urn:ietf:params:xml:ns:resource-lists\" xmlns:cp=\"urn:ietf:params:xml:ns:copycontrol\"><list>"
#define CLOSE "</list></resource-lists>"

static const char *const copy_controls[] = { "-", "to", "cc", "bcc" };

typedef struct result { cpm_entry entries[64]; char text[8192]; cpm_resource_lists lists; cpm_diag diag; } result;

static int decode(result *m, cpm_str in, const cpm_opts *opts) {
  const cpm_resource_lists empty = { m->entries, 64, 99, m->text, sizeof m->text, 99, 99, 0 };
  memset(&m->diag, 0, sizeof m->diag);
  m->lists = empty;
  const int rc = cpm_xml_resource_lists_decode(&m->lists, in, opts, &m->diag);
  assert_int_equal(m->diag.code, rc);
  assert_true(m->diag.off <= in.n);
  if (rc) {
    assert_int_equal(m->lists.nentries, 0);
    assert_int_equal(m->lists.text_len, 0);
    assert_non_null(m->diag.rule);
  }
  return rc;
}

/* ---- vectors ------------------------------------------------------------------------------------------------------- */

/* Offsets of errors are libxml2's and differ with its release: not in the dump. */
static void dump(cpm_str in, FILE *out) {
  result m;
  const int rc = decode(&m, in, NULL);
  if (rc) {
    fprintf(out, "%s, %s (%s)\n", cpm_status_name(rc), m.diag.rule, m.diag.clause ? m.diag.clause : "-");
    return;
  }
  fputs("quirks ", out);
  support_quirks(out, m.lists.quirks);
  fprintf(out, ", %zu duplicates, %zu bytes of text\n", m.lists.duplicates, m.lists.text_len);
  for (size_t i = 0; i < m.lists.nentries; i++) {
    const cpm_entry *const e = &m.entries[i];
    support_print(out, e->uri);
    fprintf(out, " %s%s", copy_controls[e->copy_control], e->anonymize ? " anonymize" : "");
    if (e->count) fprintf(out, " count %u", (unsigned)e->count);
    if (e->display_name.p) {
      fputs(" \"", out);
      support_print(out, e->display_name);
      fputc('"', out);
    }
    fputc('\n', out);
  }
}

static void vectors(void **state) {
  (void)state;
  support_vectors("xml_resource_lists", dump);
}

static cpm_str vector(const char *name) {
  char path[512];
  snprintf(path, sizeof path, "%s/vectors/xml_resource_lists/%s.in", TESTS_DIR, name);
  return support_read(path);
}

static void prefix(cpm_str in, void *ctx) {
  result m;
  const int rc = decode(&m, in, NULL);
  if (in.n < *(const size_t *)ctx) assert_int_not_equal(rc, CPM_OK);
}

static void no_prefix_is_a_list(void **state) {
  (void)state;
  static const char *const names[] = { "copy_control", "display_names", "nested", "duplicates", "extensions_are_skipped" };
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
    { "copycontrol_camel_case", CPM_QUIRK(XML_COPYCONTROL_CASE) }, { "uri_space", CPM_QUIRK(XML_URI_SPACE) },
    { "no_namespace", CPM_QUIRK(XML_NO_NAMESPACE) }, { "other_namespace", CPM_QUIRK(XML_OTHER_NAMESPACE) }, { "utf8_latin1", CPM_QUIRK(UTF8_INVALID) },
  };
  for (size_t i = 0; i < sizeof quirks / sizeof *quirks; i++) {
    const cpm_str in = vector(quirks[i].name);
    const cpm_opts only = { quirks[i].bit, 0, 0, 0, 0, 0 }, others = { ~quirks[i].bit, 0, 0, 0, 0, 0 };
    result m;
    assert_status(decode(&m, in, &only), CPM_E_QUIRK, &m.diag);
    assert_status(decode(&m, in, &others), CPM_OK, &m.diag);
    assert_true(m.lists.quirks == quirks[i].bit);
    free((void *)(uintptr_t)in.p);
  }
  const cpm_str plain = vector("copy_control");
  const cpm_opts strict = { CPM_QUIRKS_ALL, 0, 0, 0, 0, 0 };
  result m;
  assert_status(decode(&m, plain, &strict), CPM_OK, &m.diag);
  free((void *)(uintptr_t)plain.p);
}

/* ---- the caller's room --------------------------------------------------------------------------------------------- */

static void too_little_room_says_how_much(void **state) {
  (void)state;
  const cpm_str in = S(OPEN "<entry uri=\"sip:a@example.com\"><display-name>Ann</display-name></entry><entry uri=\"sip:b@example.com\"/>"
                       "<entry uri=\"sip:a@example.com\"><display-name>again</display-name></entry>" CLOSE);
  cpm_entry entries[2];
  char text[37];
  for (size_t cap = 0; cap <= 2; cap++) {
    for (size_t room = 0; room <= sizeof text; room++) {
      cpm_diag d = { 0 };
      cpm_resource_lists l = { cap ? entries : NULL, cap, 0, room ? text : NULL, room, 0, 0, 0 };
      memset(text, 'x', sizeof text);
      const int rc = cpm_xml_resource_lists_decode(&l, in, NULL, &d);
      assert_status(rc, cap < 2 ? CPM_E_TOO_MANY : room < sizeof text ? CPM_E_SPACE : CPM_OK, &d);
      assert_int_equal(d.need, cap < 2 ? 2 : room < sizeof text ? sizeof text : 0);
      if (rc) assert_int_equal(text[0], 'x');
    }
  }
}

static void slices_lie_in_the_text(void **state) {
  (void)state;
  result m;
  assert_status(decode(&m, S(OPEN "<entry uri=\"sip:a@example.com\"><display-name/></entry>" CLOSE), NULL), CPM_OK, &m.diag);
  assert_ptr_equal(m.entries[0].uri.p, m.text);
  assert_ptr_equal(m.entries[0].display_name.p, m.text + 17);
  assert_int_equal(m.lists.text_len, 17);
  assert_str(m.entries[0].display_name, "");
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

static body many(size_t n, const char *format) {
  body t = { NULL, 0, 0 };
  char entry[256];
  add(&t, OPEN);
  for (size_t i = 0; i < n; i++) {
    snprintf(entry, sizeof entry, format, i);
    add(&t, entry);
  }
  add(&t, CLOSE);
  return t;
}

static int decode_many(const body *t, size_t cap, const cpm_opts *opts, cpm_resource_lists *l, cpm_diag *d) {
  const cpm_resource_lists room = { malloc(cap * sizeof(cpm_entry)), cap, 0, malloc(t->n), t->n, 0, 0, 0 };
  const cpm_diag none = { 0 };
  assert_non_null(room.entries);
  assert_non_null(room.text);
  *l = room;
  *d = none;
  const int rc = cpm_xml_resource_lists_decode(l, cpm_str_of(t->p, t->n), opts, d);
  free(room.entries);
  free(room.text);
  return rc;
}

static void the_number_of_entries_is_limited(void **state) {
  (void)state;
  cpm_resource_lists l;
  cpm_diag d;
  body t = many(CPM_LIMIT_ENTRIES, "<entry uri=\"sip:u%zu@example.com\"/>");
  assert_status(decode_many(&t, CPM_LIMIT_ENTRIES, NULL, &l, &d), CPM_OK, &d);
  assert_int_equal(l.nentries, CPM_LIMIT_ENTRIES);
  assert_int_equal(l.duplicates, 0);
  assert_status(decode_many(&t, CPM_LIMIT_ENTRIES - 1, NULL, &l, &d), CPM_E_TOO_MANY, &d);
  assert_int_equal(d.need, CPM_LIMIT_ENTRIES);
  free(t.p);
  t = many(CPM_LIMIT_ENTRIES + 1, "<entry uri=\"sip:u%zu@example.com\"/>");
  assert_status(decode_many(&t, CPM_LIMIT_ENTRIES + 1, NULL, &l, &d), CPM_E_TOO_MANY, &d);
  assert_int_equal(d.need, 0);
  const cpm_opts more = { 0, 0, 0, 0, CPM_LIMIT_ENTRIES + 1, 0 };
  assert_status(decode_many(&t, CPM_LIMIT_ENTRIES + 1, &more, &l, &d), CPM_OK, &d);
  free(t.p);
}

/* Each of these takes minutes where every entry is compared with every other. */
static void long_lists_of_equal_uris_are_read(void **state) {
  (void)state;
  static const char *const same[] = {
    "<entry uri=\"sip:a@example.com\"><!-- %zu --></entry>", "<entry uri=\"tel:+1-202-555-0101;ext=5\"><!-- %zu --></entry>",
    "<entry uri=\"sip:[2001:db8::1]\"><!-- %zu --></entry>",
  };
  cpm_resource_lists l;
  cpm_diag d;
  for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
    body t = many(CPM_LIMIT_ENTRIES, same[i]);
    assert_status(decode_many(&t, 1, NULL, &l, &d), CPM_OK, &d);
    assert_int_equal(l.nentries, 1);
    assert_int_equal(l.duplicates, CPM_LIMIT_ENTRIES - 1);
    free(t.p);
  }
  body t = many(CPM_LIMIT_ENTRIES, "<entry uri=\"sip:anonymous@anonymous.invalid\" cp:count=\"1\"><!-- %zu --></entry>");
  assert_status(decode_many(&t, CPM_LIMIT_ENTRIES, NULL, &l, &d), CPM_OK, &d);
  assert_int_equal(l.nentries, CPM_LIMIT_ENTRIES);
  free(t.p);
}

static void uris_that_only_pairs_can_tell_apart_are_bounded(void **state) {
  (void)state;
  cpm_resource_lists l;
  cpm_diag d;
  body t = many(500, "<entry uri=\"sip:a@example.com;x=%zu\"/>");
  assert_status(decode_many(&t, 500, NULL, &l, &d), CPM_OK, &d);
  assert_int_equal(l.nentries, 500);
  free(t.p);
  t = many(CPM_LIMIT_ENTRIES, "<entry uri=\"sip:a@example.com;x=%zu\"/>");
  assert_status(decode_many(&t, CPM_LIMIT_ENTRIES, NULL, &l, &d), CPM_E_TOO_MANY, &d);
  assert_string_equal(d.rule, "uri-parameters");
  assert_int_equal(d.need, 0);
  free(t.p);
}

static body deep(size_t depth) {
  body t = { NULL, 0, 0 };
  add(&t, "<resource-lists xmlns=\"urn:ietf:params:xml:ns:resource-lists\">");
  for (size_t i = 2; i < depth; i++) add(&t, "<list>");
  add(&t, "<entry uri=\"sip:a@example.com\"/>");
  for (size_t i = 2; i < depth; i++) add(&t, "</list>");
  add(&t, "</resource-lists>");
  return t;
}

static void nesting_is_limited(void **state) {
  (void)state;
  const struct { size_t depth; unsigned limit; int status; } cases[] = {
    { CPM_LIMIT_DEPTH, 0, CPM_OK }, { CPM_LIMIT_DEPTH + 1, 0, CPM_E_TOO_DEEP }, { 10000, 0, CPM_E_TOO_DEEP },
    { 10000, 1000000, CPM_E_TOO_DEEP }, { 256, 256, CPM_OK }, { 257, 257, CPM_E_TOO_DEEP }, { 3, 3, CPM_OK }, { 4, 3, CPM_E_TOO_DEEP },
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const cpm_opts opts = { 0, 0, 0, 0, 0, cases[i].limit };
    cpm_resource_lists l;
    cpm_diag d;
    body t = deep(cases[i].depth);
    assert_status(decode_many(&t, 1, &opts, &l, &d), cases[i].status, &d);
    free(t.p);
  }
}

/* A document of `declarations` namespaces and `attributes` attributes on each of `elements` nested elements that are skipped. */
static body crowded(size_t elements, size_t attributes, size_t declarations) {
  body t = { NULL, 0, 0 };
  char one[40];
  add(&t, OPEN);
  for (size_t e = 0; e < elements; e++) {
    add(&t, "<x xmlns=\"u\"");
    for (size_t i = 0; i + 1 < declarations; i++) {
      snprintf(one, sizeof one, " xmlns:n%zu='u'", i);
      add(&t, one);
    }
    for (size_t i = 0; i < attributes; i++) {
      snprintf(one, sizeof one, "\ta%zu = \">'\"", i);
      add(&t, one);
    }
    add(&t, ">");
  }
  for (size_t e = 0; e < elements; e++) add(&t, "</x>");
  add(&t, CLOSE);
  return t;
}

/* libxml2 compares each attribute of an element with each other one, and each prefix with all that is bound. */
static void what_an_element_holds_is_limited(void **state) {
  (void)state;
  const struct { size_t elements, attributes, declarations; int rc; } cases[] = {
    { 1, 127, 1, CPM_OK }, { 1, 128, 1, CPM_E_TOO_MANY }, { 2, 50, 1, CPM_OK }, { 1, 300000, 1, CPM_E_TOO_MANY },
    { 1, 0, 126, CPM_OK }, { 1, 0, 127, CPM_E_TOO_MANY }, { 2, 0, 63, CPM_OK }, { 2, 0, 64, CPM_E_TOO_MANY }, { 1, 0, 300000, CPM_E_TOO_MANY },
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    body t = crowded(cases[i].elements, cases[i].attributes, cases[i].declarations);
    result m;
    assert_status(decode(&m, cpm_str_of(t.p, t.n), NULL), cases[i].rc, &m.diag);
    assert_int_equal(m.diag.need, 0);
    free(t.p);
  }
}

/* Namespaces of one element end with it; quotes in comments and in text are no attributes. */
static void what_stands_beside_elements_is_not_counted(void **state) {
  (void)state;
  body t = { NULL, 0, 0 };
  result m;
  add(&t, OPEN "<!-- ");
  for (size_t i = 0; i < 1000; i++) add(&t, "don't ");
  add(&t, "-->");
  for (size_t i = 0; i < 1000; i++) add(&t, "<x xmlns='u' xmlns:a='u'/> 'text' ");
  add(&t, CLOSE);
  assert_status(decode(&m, cpm_str_of(t.p, t.n), NULL), CPM_OK, &m.diag);
  free(t.p);
}

static void the_size_is_limited(void **state) {
  (void)state;
  const cpm_str in = S(OPEN "<entry uri=\"sip:a@example.com\"/>" CLOSE);
  const cpm_opts fits = { 0, 0, 0, in.n, 0, 0 }, short_of = { 0, 0, 0, in.n - 1, 0, 0 };
  result m;
  assert_status(decode(&m, in, &fits), CPM_OK, &m.diag);
  assert_status(decode(&m, in, &short_of), CPM_E_TOO_LONG, &m.diag);
}

/* A long name and a long URI: nothing is copied more often than it grows. */
static void long_values_are_read(void **state) {
  (void)state;
  body t = { NULL, 0, 0 };
  cpm_resource_lists l;
  cpm_diag d;
  add(&t, OPEN "<entry uri=\"sip:");
  for (size_t i = 0; i < 100000; i++) add(&t, "aaaaaaaaaa");
  add(&t, "@example.com\"><display-name>");
  for (size_t i = 0; i < 100000; i++) add(&t, "&amp;&#65;&lt;");
  add(&t, "</display-name></entry>" CLOSE);
  assert_status(decode_many(&t, 1, NULL, &l, &d), CPM_OK, &d);
  assert_int_equal(l.text_len, 4 + 1000000 + 12 + 300000);
  free(t.p);
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
  memset(noise, ' ', 65536);
  assert_status(decode(&m, cpm_str_of(noise, 65536), NULL), CPM_E_SYNTAX, &m.diag);
  free(noise);
  assert_status(decode(&m, cpm_str_none(), NULL), CPM_E_SYNTAX, &m.diag);
}

/* ---- the way back -------------------------------------------------------------------------------------------------- */

static void what_is_written_is_read_back_equal(void **state) {
  (void)state;
  const cpm_entry e[] = {
    { CPM_STR("sip:+12025550101@example.com;method=INVITE?Session-Replaces=a&Subject=it's"), CPM_STR(" <\"A\" & 'B'>]]>\t\xc3\xa9 "), CPM_COPY_TO, false, 0 },
    { CPM_STR("tel:+12025550102"), { NULL, 0 }, CPM_COPY_CC, true, 0 },
    { CPM_STR("sip:c@example.com"), CPM_STR(""), CPM_COPY_BCC, false, 0 },
    { CPM_STR("sip:anonymous@anonymous.invalid"), { NULL, 0 }, CPM_COPY_TO, false, 4294967295u },
    { CPM_STR("sip:anonymous@anonymous.invalid"), { NULL, 0 }, CPM_COPY_CC, false, 1 },
    { CPM_STR("sip:d@example.com"), { NULL, 0 }, CPM_COPY_NONE, true, 7 },
  };
  const size_t n = sizeof e / sizeof *e;
  char first[4096], second[4096];
  size_t len = 0, again = 0;
  result m;
  assert_status(cpm_resource_lists_encode(first, sizeof first, &len, e, n, NULL), CPM_OK, NULL);
  assert_status(decode(&m, cpm_str_of(first, len), NULL), CPM_OK, &m.diag);
  assert_int_equal(m.lists.nentries, n);
  assert_int_equal(m.lists.quirks, 0);
  for (size_t i = 0; i < n; i++) {
    assert_true(cpm_str_eq(m.entries[i].uri, e[i].uri));
    assert_true(cpm_str_eq(m.entries[i].display_name, e[i].display_name));
    assert_int_equal(m.entries[i].copy_control, e[i].copy_control);
    assert_int_equal(m.entries[i].anonymize, e[i].anonymize);
    assert_int_equal(m.entries[i].count, e[i].count);
  }
  assert_status(cpm_resource_lists_encode(second, sizeof second, &again, m.entries, n, NULL), CPM_OK, NULL);
  assert_true(cpm_str_eq(cpm_str_of(first, len), cpm_str_of(second, again)));
}

static void a_history_is_read_back(void **state) {
  (void)state;
  const cpm_entry e[] = {
    { CPM_STR("sip:a@example.com"), { NULL, 0 }, CPM_COPY_TO, true, 0 }, { CPM_STR("sip:b@example.com"), { NULL, 0 }, CPM_COPY_CC, true, 0 },
    { CPM_STR("sip:c@example.com"), { NULL, 0 }, CPM_COPY_NONE, true, 0 },
  };
  char history[1024];
  size_t len = 0;
  result m;
  assert_status(cpm_recipient_history_encode(history, sizeof history, &len, e, 3, NULL), CPM_OK, NULL);
  assert_status(decode(&m, cpm_str_of(history, len), NULL), CPM_OK, &m.diag);
  assert_int_equal(m.lists.nentries, 2);
  assert_int_equal(m.entries[0].count, 2);
  assert_int_equal(m.entries[1].count, 1);
}

/* ---- members of a group --------------------------------------------------------------------------------------------- */

#define GROUP(inside) "<group xmlns=\"urn:oma:xml:poc:list-service\" xmlns:rl=\"urn:ietf:params:xml:ns:resource-lists\">" inside "</group>"

static int members(result *m, cpm_str in, cpm_str group) {
  const cpm_resource_lists empty = { m->entries, 64, 99, m->text, sizeof m->text, 99, 99, 0 };
  memset(&m->diag, 0, sizeof m->diag);
  m->lists = empty;
  const int rc = cpm_xml_members_decode(&m->lists, in, group, NULL, &m->diag);
  assert_int_equal(m->diag.code, rc);
  if (rc) assert_int_equal(m->lists.nentries, 0);
  return rc;
}

static void members_of_a_group_are_read(void **state) {
  (void)state;
  const cpm_str in = S(GROUP(
    "<list-service uri=\"sip:club@example.com\"><list><entry uri=\"sip:a@example.com\"><rl:display-name>Ann</rl:display-name></entry>"
    "<rl:entry uri=\"sip:b@example.com\"><display-name>Bob</display-name></rl:entry><entry uri=\"sip:a@EXAMPLE.com\"/></list>"
    "<display-name>The club</display-name><max-participant-count>9</max-participant-count></list-service>"
    "<list-service uri=\"sip:other@example.com\"><list><entry uri=\"sip:c@example.com\"/></list></list-service>"));
  result m;
  HOLDS("S4-9.1.1-4.g");
  assert_status(members(&m, in, S("sip:club@Example.com")), CPM_OK, &m.diag);
  assert_int_equal(m.lists.nentries, 2);
  assert_int_equal(m.lists.duplicates, 1);
  assert_str(m.entries[0].uri, "sip:a@example.com");
  assert_str(m.entries[0].display_name, "Ann");
  assert_str(m.entries[1].display_name, "Bob");
  assert_status(members(&m, in, cpm_str_none()), CPM_OK, &m.diag);
  assert_int_equal(m.lists.nentries, 3);
  assert_status(members(&m, in, S("sip:no@example.com")), CPM_E_MISSING, &m.diag);
  assert_string_equal(m.diag.rule, "list-service");
  assert_status(members(&m, S(OPEN "<entry uri=\"sip:a@example.com\"/>" CLOSE), S("sip:club@example.com")), CPM_OK, &m.diag);
  assert_int_equal(m.lists.nentries, 1);
  assert_status(decode(&m, in, NULL), CPM_E_VALUE, &m.diag);
}

static void group_prefix(cpm_str in, void *ctx) {
  result m;
  const int rc = members(&m, in, cpm_str_none());
  if (in.n < *(const size_t *)ctx) assert_int_not_equal(rc, CPM_OK);
}

static void no_prefix_of_a_group_has_members(void **state) {
  (void)state;
  const cpm_str in = S(GROUP("<list-service uri=\"sip:g@example.com\"><list><entry uri=\"sip:a@example.com\"/></list></list-service>"));
  support_every_prefix(in, group_prefix, (void *)(uintptr_t)&in.n);
}

static void members_kept_elsewhere_are_reported(void **state) {
  (void)state;
  result m;
  assert_status(members(&m, S(GROUP("<list-service uri=\"sip:g@example.com\"><list><external anchor=\"http://example.com/\"/></list></list-service>")), cpm_str_none()),
                CPM_E_UNSUPPORTED, &m.diag);
  assert_string_equal(m.diag.rule, "external");
  assert_status(members(&m, S(GROUP("<list-service uri=\"sip:g@example.com\"><entry uri=\"sip:a@example.com\"/></list-service>")), cpm_str_none()), CPM_E_VALUE, &m.diag);
  assert_status(members(&m, S("<presence/>"), cpm_str_none()), CPM_E_VALUE, &m.diag);
}

/* ---- libxml2 in the background ------------------------------------------------------------------------------------- */

static void nothing_goes_to_stderr(void **state) {
  (void)state;
  static const char *const bad[] = { "bad_unclosed", "bad_entity_bomb", "bad_external_dtd", "bad_utf8_and_unclosed", "bad_unknown_encoding",
                                     "bad_undefined_prefix", "bad_utf16le", "bad_two_uris", "bad_behind_root", "bad_empty" };
  FILE *const file = tmpfile();
  assert_non_null(file);
  fflush(stderr);
  const int saved = dup(STDERR_FILENO);
  assert_true(dup2(fileno(file), STDERR_FILENO) >= 0);
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    const cpm_str in = vector(bad[i]);
    result m;
    decode(&m, in, NULL);
    free((void *)(uintptr_t)in.p);
  }
  fflush(stderr);
  dup2(saved, STDERR_FILENO);
  close(saved);
  assert_int_equal(lseek(fileno(file), 0, SEEK_END), 0);
  fclose(file);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(vectors),
    cmocka_unit_test(no_prefix_is_a_list),
    cmocka_unit_test(a_quirk_can_be_refused),
    cmocka_unit_test(too_little_room_says_how_much),
    cmocka_unit_test(slices_lie_in_the_text),
    cmocka_unit_test(the_number_of_entries_is_limited),
    cmocka_unit_test(long_lists_of_equal_uris_are_read),
    cmocka_unit_test(uris_that_only_pairs_can_tell_apart_are_bounded),
    cmocka_unit_test(nesting_is_limited),
    cmocka_unit_test(what_an_element_holds_is_limited),
    cmocka_unit_test(what_stands_beside_elements_is_not_counted),
    cmocka_unit_test(the_size_is_limited),
    cmocka_unit_test(long_values_are_read),
    cmocka_unit_test(noise_is_refused),
    cmocka_unit_test(what_is_written_is_read_back_equal),
    cmocka_unit_test(a_history_is_read_back),
    cmocka_unit_test(members_of_a_group_are_read),
    cmocka_unit_test(no_prefix_of_a_group_has_members),
    cmocka_unit_test(members_kept_elsewhere_are_reported),
    cmocka_unit_test(nothing_goes_to_stderr),
  };
  return cmocka_run_group_tests_name("xml_resource_lists", tests, NULL, NULL);
}
