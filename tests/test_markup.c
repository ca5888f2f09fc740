/* SPDX-License-Identifier: MIT */
#include "support.h"
#include "markup.h"
#include <stdlib.h>
#include <string.h>

/* ---- documents --------------------------------------------------------------------------------------------------------- */

static void print(FILE *out, const char *before, cpm_str s, const char *behind) {
  fputs(before, out);
  support_print(out, s);
  fputs(behind, out);
}

static void dump_start(FILE *out, const cpmi_markup *r) {
  fprintf(out, "  %zu%*s", r->off, (int)r->depth, "");
  print(out, "<", r->name, "");
  if (r->ns.p) print(out, " {", r->ns, "}");
  for (size_t i = 0; i < r->marks.nattributes; i++) {
    const cpmi_markup_attribute *const a = &r->marks.attributes[i];
    print(out, " ", cpm_str_of((const char *)a->name.b, (size_t)(a->name.e - a->name.b)), "=");
    print(out, "[", cpm_str_of((const char *)a->b, (size_t)(a->e - a->b)), "]");
  }
  fputs(">\n", out);
}

static void dump_end(FILE *out, const cpmi_markup *r) {
  char plain[256];
  size_t n = 0;
  fprintf(out, "  %zu%*s", r->off, (int)r->depth, "");
  print(out, "</", r->name, ">");
  if (r->text.n) print(out, " [", r->text, "]");
  if (r->text.n && !r->elements) {
    assert_status(cpm_markup_text(plain, sizeof plain, &n, r->text, CPM_MARKUP_PRESERVE, NULL), CPM_OK, NULL);
    print(out, " is [", cpm_str_of(plain, n), "]");
  }
  fputc('\n', out);
}

static void dump_line(cpm_str line, unsigned number, void *ctx) {
  FILE *const out = ctx;
  cpmi_markup r;
  cpm_diag d = { 0 };
  print(out, "", line, "\n");
  int rc = cpmi_markup_open(&r, line, NULL, &d);
  while (rc == CPM_OK && (rc = cpmi_markup_next(&r, &d)) == CPM_OK) {
    if (r.event == CPMI_MARKUP_START) dump_start(out, &r);
    else dump_end(out, &r);
  }
  assert_true(d.off <= line.n);
  if (rc == CPM_END) fprintf(out, "  %u: OK\n", number);
  else fprintf(out, "  %u: %s at %zu, %s (%s)\n", number, cpm_status_name(rc), d.off, d.rule, d.clause ? d.clause : "-");
}

static void dump(cpm_str in, FILE *out) { support_every_line(in, dump_line, out); }

static void vectors(void **state) {
  (void)state;
  support_vectors("markup", dump);
}

static int read_all(cpm_str in, const cpm_opts *opts, cpm_diag *d) {
  cpmi_markup r;
  int rc = cpmi_markup_open(&r, in, opts, d);
  while (rc == CPM_OK) rc = cpmi_markup_next(&r, d);
  return rc;
}

static void read_prefix(cpm_str prefix, void *ctx) {
  const size_t whole = *(const size_t *)ctx;
  cpm_diag d = { 0 };
  const int rc = read_all(prefix, NULL, &d);
  assert_status(rc, prefix.n >= whole ? CPM_END : CPM_E_TRUNCATED, &d);
  if (rc == CPM_E_TRUNCATED) assert_int_equal(d.off, prefix.n);
}

static void a_beginning_is_truncated_and_nothing_else(void **state) {
  (void)state;
  const cpm_str document = S("\xef\xbb\xbf<?xml version='1.0' encoding=\"utf-8\" standalone='no' ?>\r\n<!-- \xc3\xa4 - -->"
                             "<p:a xmlns:p='u&#x10000;' b=\"&lt;>\" p:c = ''>\xf0\x9f\x98\x80&amp;]]<!---->&#65;<![CDATA[]>]]]>"
                             "<b /><b c='>'/></p:a >\n\n\n");
  size_t whole = document.n - 3;
  support_every_prefix(document, read_prefix, &whole);
}

/* ---- limits ------------------------------------------------------------------------------------------------------------ */

/* `n` times `one` between two texts. */
static cpm_str many(const char *before, const char *one, size_t n, const char *behind) {
  const size_t b = strlen(before), each = strlen(one), e = strlen(behind);
  char *const text = malloc(b + n * each + e + 1);
  assert_non_null(text);
  memcpy(text, before, b);
  for (size_t i = 0; i < n; i++) memcpy(text + b + i * each, one, each);
  memcpy(text + b + n * each, behind, e);
  const cpm_str in = support_guard(cpm_str_of(text, b + n * each + e));
  free(text);
  return in;
}

static void depth_is_bounded(void **state) {
  (void)state;
  const struct { unsigned max, depth; } rows[] = { { 0, CPM_LIMIT_DEPTH }, { 1, 1 }, { 5, 5 }, { 64, 64 }, { 65, CPM_MARKUP_DEPTH }, { 100000, CPM_MARKUP_DEPTH } };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    const cpm_opts opts = { .max_depth = rows[i].max };
    cpm_diag d = { 0 };
    cpm_str in = many("", "<a>", rows[i].depth, "");
    assert_status(read_all(in, &opts, &d), CPM_E_TRUNCATED, &d);
    support_unguard(in);
    in = many("", "<a>", 10000, "");
    assert_status(read_all(in, &opts, &d), CPM_E_TOO_DEEP, &d);
    assert_int_equal(d.off, 3 * rows[i].depth);
    assert_string_equal(d.rule, "element");
    support_unguard(in);
  }
}

static void as_many_elements_as_one_likes_may_follow_each_other(void **state) {
  (void)state;
  cpm_diag d = { 0 };
  const char *const ones[] = { "<b/>", "<b></b>", "<b xmlns:p='u' p:c='&amp;'/>", "<!-- > -->", "<![CDATA[>]]>", "&#x41;", ">", "\xf0\x9f\x98\x80", "\r" };
  for (size_t i = 0; i < sizeof ones / sizeof *ones; i++) {
    const cpm_str in = many("<a>", ones[i], 100000, "</a>");
    assert_status(read_all(in, NULL, &d), CPM_END, &d);
    support_unguard(in);
  }
}

static void a_long_prologue_is_read(void **state) {
  (void)state;
  cpm_diag d = { 0 };
  cpm_str in = many("<?xml version='1.0'?>", "<!-- a -->\r\n", 100000, "<a/>");
  assert_status(read_all(in, NULL, &d), CPM_END, &d);
  support_unguard(in);
  in = many("", "<!-- a -->\r\n", 100000, "<?a?>");
  assert_status(read_all(in, NULL, &d), CPM_E_UNSUPPORTED, &d);
  assert_int_equal(d.off, 1200000);
  support_unguard(in);
}

static void attributes_are_bounded(void **state) {
  (void)state;
  char text[CPM_MARKUP_ATTRIBUTES * 8 + 32];
  for (unsigned n = CPM_MARKUP_ATTRIBUTES; n <= CPM_MARKUP_ATTRIBUTES + 1; n++) {
    cpm_diag d = { 0 };
    int len = sprintf(text, "<a");
    for (unsigned i = 0; i < n; i++) len += sprintf(text + len, " b%02u='x'", i);
    len += sprintf(text + len, "/>");
    const cpm_str in = support_guard(cpm_str_of(text, (size_t)len));
    const bool fits = n <= CPM_MARKUP_ATTRIBUTES;
    assert_status(read_all(in, NULL, &d), fits ? CPM_END : CPM_E_TOO_MANY, &d);
    if (!fits) assert_int_equal(d.off, 3 + 8 * CPM_MARKUP_ATTRIBUTES);
    if (!fits) assert_string_equal(d.rule, "Attribute");
    support_unguard(in);
  }
  cpm_diag d = { 0 };
  const cpm_str in = many("<a", " b='x'", 100000, "/>");
  assert_status(read_all(in, NULL, &d), CPM_E_TOO_MANY, &d);
  support_unguard(in);
}

static void namespaces_are_bounded_at_one_place(void **state) {
  (void)state;
  char text[CPM_MARKUP_NAMESPACES * 16 + 64];
  for (unsigned n = CPM_MARKUP_NAMESPACES; n <= CPM_MARKUP_NAMESPACES + 1; n++) {
    cpm_diag d = { 0 };
    int len = sprintf(text, "<a");
    for (unsigned i = 1; i < n; i++) len += sprintf(text + len, " xmlns:b%02u='x'", i);
    len += sprintf(text + len, "><c xmlns='y'/><c xmlns='z'/></a>");
    const cpm_str in = support_guard(cpm_str_of(text, (size_t)len));
    const bool fits = n <= CPM_MARKUP_NAMESPACES;
    assert_status(read_all(in, NULL, &d), fits ? CPM_END : CPM_E_TOO_MANY, &d);
    if (!fits) assert_string_equal(d.rule, "xmlns");
    support_unguard(in);
  }
}

static void a_namespace_is_bounded(void **state) {
  (void)state;
  char text[CPM_MARKUP_NAMESPACE_LEN + 64];
  for (unsigned n = CPM_MARKUP_NAMESPACE_LEN; n <= CPM_MARKUP_NAMESPACE_LEN + 1; n++) {
    cpm_diag d = { 0 };
    const int len = sprintf(text, "<a xmlns='%0*u'/>", (int)n, 0u);
    const bool fits = n <= CPM_MARKUP_NAMESPACE_LEN;
    assert_status(read_all(cpm_str_of(text, (size_t)len), NULL, &d), fits ? CPM_END : CPM_E_TOO_LONG, &d);
    if (!fits) assert_string_equal(d.rule, "xmlns");
    if (!fits) assert_int_equal(d.off, 3);
  }
}

/* Equal namespaces under all prefixes there may be, told apart from others again and again: compared once each. */
static void many_alike_namespaces_are_told_apart(void **state) {
  (void)state;
  char before[CPM_MARKUP_NAMESPACES * 512 + 64] = "<a", element[CPM_MARKUP_NAMESPACES * 16 + 8] = "<b";
  char *at = before + 2, *e = element + 2;
  for (unsigned i = 1; i < CPM_MARKUP_NAMESPACES; i++) {
    at += sprintf(at, " xmlns:p%02u='%0480u%u'", i, 0u, i);
    e += sprintf(e, " p%02u:c=''", i);
  }
  strcat(at, ">");
  strcat(e, "/>");
  cpm_diag d = { 0 };
  cpm_str in = many(before, element, 10000, "</a>");
  assert_status(read_all(in, NULL, &d), CPM_END, &d);
  support_unguard(in);
  sprintf(strstr(before, "xmlns:p09"), "xmlns:p09='%0480u%u' xmlns:p10='%0480u&#%u;'>", 0u, 9u, 0u, '9');
  in = many(before, "<b p09:c='' p10:c=''/>", 1, "</a>");
  assert_status(read_all(in, NULL, &d), CPM_E_DUPLICATE, &d);
  support_unguard(in);
}

static void size_is_bounded(void **state) {
  (void)state;
  cpm_diag d = { 0 };
  const cpm_opts four = { .max_body = 4 }, three = { .max_body = 3 };
  assert_status(read_all(S("<a/>"), &four, &d), CPM_END, &d);
  assert_status(read_all(S("<a/>"), &three, &d), CPM_E_TOO_LONG, &d);
  assert_string_equal(d.rule, "document");
}

static void noise_ends_within_its_bounds(void **state) {
  (void)state;
  static const char alphabet[] = "<>/=\"'&;#x!-[]? ab:\r\n\x80\xc3\xef\xbb\xbf";
  char *const noise = malloc(65536);
  uint32_t random = 1;
  assert_non_null(noise);
  for (unsigned round = 0; round < 64; round++) {
    memcpy(noise, "<a>", 3);
    for (size_t i = round & 1 ? 3 : 0; i < 65536; i++) {
      random = random * 1664525 + 1013904223;
      noise[i] = round & 2 ? alphabet[(random >> 16) % (sizeof alphabet - 1)] : (char)(random >> 24);
    }
    cpm_diag d = { 0 };
    const cpm_str in = support_guard(cpm_str_of(noise, 65536));
    assert_true(read_all(in, NULL, &d) < 0);
    assert_true(d.off <= in.n && d.rule);
    support_unguard(in);
  }
  free(noise);
}

/* ---- plain text -------------------------------------------------------------------------------------------------------- */

typedef struct text_row { cpm_str value; cpm_markup_space space; } text_row;

static int encode_text(char *dst, size_t cap, size_t *len, void *ctx) {
  const text_row *const row = ctx;
  return cpm_markup_text(dst, cap, len, row->value, row->space, NULL);
}

static void text_is_written_at_every_size(void **state) {
  (void)state;
  const struct { cpm_str value; const char *preserved, *collapsed; } rows[] = {
    { S(""), "", "" },
    { S("a"), "a", "a" },
    { S("a\r"), "a\n", "a" },
    { S(" \t\r\n"), " \t\n", "" },
    { S(" a  b\r\n\tc "), " a  b\n\tc ", "a b c" },
    { S("\ra\r\rb\r\n"), "\na\n\nb\n", "a b" },
    { S("&#13;&#10;a&#32;&#9;b"), "\r\na \tb", "a b" },
    { S("&lt;&gt;&amp;&apos;&quot;"), "<>&'\"", "<>&'\"" },
    { S("&amp;lt;"), "&lt;", "&lt;" },
    { S("&#x263A;\xe2\x98\xba&#128512;"), "\xe2\x98\xba\xe2\x98\xba\xf0\x9f\x98\x80", "\xe2\x98\xba\xe2\x98\xba\xf0\x9f\x98\x80" },
    { S("<!-- a --> b<!---->c <!-- > -->"), " bc ", "bc" },
    { S("a<![CDATA[<&lt;>\r\n ]]]]><![CDATA[>]]>"), "a<&lt;>\n ]]>", "a<&lt;> ]]>" },
    { S("\r<![CDATA[\n]]>"), "\n\n", "" },
    { S("a <!-- --> b"), "a  b", "a b" },
    { S("a<![CDATA[]]> "), "a ", "a" },
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    const cpm_str value = support_guard(rows[i].value);
    text_row row = { value, CPM_MARKUP_PRESERVE };
    support_assert_str(support_every_size(encode_text, &row), cpm_str_z(rows[i].preserved), "preserved", __FILE__, __LINE__);
    row.space = CPM_MARKUP_COLLAPSE;
    support_assert_str(support_every_size(encode_text, &row), cpm_str_z(rows[i].collapsed), "collapsed", __FILE__, __LINE__);
    support_unguard(value);
  }
}

static void an_absent_value_is_empty(void **state) {
  (void)state;
  size_t n = 1;
  assert_status(cpm_markup_text(NULL, 0, &n, cpm_str_none(), CPM_MARKUP_PRESERVE, NULL), CPM_OK, NULL);
  assert_int_equal(n, 0);
}

static void what_no_decoder_gives_is_refused(void **state) {
  (void)state;
  const struct { cpm_str value; int rc; size_t off; const char *rule; } rows[] = {
    { S("a<b/>"), CPM_E_SYNTAX, 2, "STag" },       { S("a</b>"), CPM_E_SYNTAX, 2, "ETag" },
    { S("a]]>"), CPM_E_SYNTAX, 3, "CharData" },     { S("a\0"), CPM_E_SYNTAX, 1, "Char" },
    { S("a\xff"), CPM_E_SYNTAX, 1, "UTF-8" },      { S("a<?b?>"), CPM_E_UNSUPPORTED, 1, "PI" },
    { S("ab&#0;"), CPM_E_ESCAPE, 2, "Reference" }, { S("ab&c;"), CPM_E_ESCAPE, 2, "Reference" },
    { S("ab&"), CPM_E_TRUNCATED, 3, "content" },   { S("<!-- a --"), CPM_E_TRUNCATED, 9, "content" },
    { S("<![CDATA[ ]]"), CPM_E_TRUNCATED, 12, "content" }, { S("a\xc3"), CPM_E_TRUNCATED, 2, "content" },
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    cpm_diag d = { 0 };
    size_t n = 0;
    const cpm_str value = support_guard(rows[i].value);
    assert_status(cpm_markup_text(NULL, 0, &n, value, CPM_MARKUP_PRESERVE, &d), rows[i].rc, &d);
    assert_int_equal(d.off, rows[i].off);
    assert_string_equal(d.rule, rows[i].rule);
    support_unguard(value);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(vectors),
    cmocka_unit_test(a_beginning_is_truncated_and_nothing_else),
    cmocka_unit_test(depth_is_bounded),
    cmocka_unit_test(as_many_elements_as_one_likes_may_follow_each_other),
    cmocka_unit_test(a_long_prologue_is_read),
    cmocka_unit_test(attributes_are_bounded),
    cmocka_unit_test(namespaces_are_bounded_at_one_place),
    cmocka_unit_test(a_namespace_is_bounded),
    cmocka_unit_test(many_alike_namespaces_are_told_apart),
    cmocka_unit_test(size_is_bounded),
    cmocka_unit_test(noise_ends_within_its_bounds),
    cmocka_unit_test(text_is_written_at_every_size),
    cmocka_unit_test(an_absent_value_is_empty),
    cmocka_unit_test(what_no_decoder_gives_is_refused),
  };
  return cmocka_run_group_tests_name("markup", tests, NULL, NULL);
}
