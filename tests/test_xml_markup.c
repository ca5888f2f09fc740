/* SPDX-License-Identifier: MIT */
/* The core's XML reader before its judge, libxml2: every vector, every prefix of some, and documents put together from pieces. */
#define _GNU_SOURCE
#include "support.h"
#include "cpm/imdn.h"
#include "cpm/iscomposing.h"
#include "xml_judge.h"
#include <dirent.h>

static unsigned accepted, refused;

static void judge(cpm_str in) {
  xmlDocPtr doc;
  const cpm_str guarded = support_guard(in);
  const judge_verdict wrong = judge_document(guarded, NULL, &doc);
  if (wrong) {
    fprintf(stderr, "%s: ", wrong);
    support_print(stderr, in);
    fputc('\n', stderr);
  }
  assert_null(wrong);
  *(doc ? &accepted : &refused) += 1;
  xmlFreeDoc(doc);
  support_unguard(guarded);
}

static void judge_line(cpm_str line, unsigned number, void *ctx) {
  (void)number;
  (void)ctx;
  judge(line);
}

static void every_file(const char *stem, void (*use)(cpm_str in)) {
  char dir[512], path[1024];
  struct dirent **names;
  snprintf(dir, sizeof dir, "%s/vectors/%s", TESTS_DIR, stem);
  const int n = scandir(dir, &names, NULL, alphasort);
  assert_true(n > 2);
  for (int i = 0; i < n; i++) {
    const size_t len = strlen(names[i]->d_name);
    if (len > 3 && !strcmp(names[i]->d_name + len - 3, ".in")) {
      snprintf(path, sizeof path, "%s/%s", dir, names[i]->d_name);
      const cpm_str in = support_read(path);
      use(in);
      free((void *)(uintptr_t)in.p);
    }
    free(names[i]);
  }
  free(names);
}

static void judge_lines(cpm_str in) { support_every_line(in, judge_line, NULL); }

static void every_vector_is_judged_alike(void **state) {
  (void)state;
  accepted = refused = 0;
  every_file("markup", judge_lines);
  every_file("imdn", judge);
  every_file("iscomposing", judge);
  assert_true(accepted > 100 && refused > 100);
}

static void judge_prefix(cpm_str prefix, void *ctx) {
  (void)ctx;
  judge(prefix);
}

static void judge_prefixes(cpm_str in) {
  if (in.n < 1000) support_every_prefix(in, judge_prefix, NULL);
}

static void every_beginning_is_judged_alike(void **state) {
  (void)state;
  every_file("iscomposing", judge_prefixes);
}

/* ---- documents from pieces ----------------------------------------------------------------------------------------------- */

static const char *const pieces[] = {
  "<a>", "</a>", "<a/>", "<b c='d'>", "</b>", "<b c=\"&lt;\" c=''/>", "<p:a>", "</p:a>", "<p:a xmlns:p='u'>", "<a xmlns='u'>", "<a xmlns=''>",
  "<p:a xmlns:p='v' xmlns:q='&#118;' p:x='1' q:x='2'/>", "<a xml:lang='de'/>", "text", " ", "\r\n", "]]", ">", "&amp;", "&#65;", "&#0;",
  "&x;", "<!-- -->", "<!-- - -->", "<!-- -- -->", "<![CDATA[ <&]] ]]>", "<![CDATA[", "]]>", "<?a?>", "<?xml version='1.0'?>",
  "<?xml version='1.0' encoding='utf-8'?>", "<!DOCTYPE a>", "\xef\xbb\xbf", "\xc3\xa4", "\xc3", "\x01", "<\xc3\xa4/>", "<", "&", "'", "=", "/",
};
#define PIECES (sizeof pieces / sizeof *pieces)

static void what_pieces_make_is_judged_alike(void **state) {
  (void)state;
  char text[1024];
  uint32_t random = 1;
  accepted = refused = 0;
  for (unsigned round = 0; round < 50000; round++) {
    size_t n = 0;
    const unsigned count = 1 + round % 9;
    for (unsigned i = 0; i < count; i++) {
      random = random * 1664525 + 1013904223;
      const char *const piece = pieces[(random >> 16) % PIECES];
      memcpy(text + n, piece, strlen(piece));
      n += strlen(piece);
    }
    judge(cpm_str_of(text, n));
    if (round % 2) continue;
    /* The same as an element's content: more of it is well-formed. */
    memmove(text + 16, text, n);
    memcpy(text, "<a xmlns:p='u'> ", 16);
    memcpy(text + 16 + n, "</a>", 4);
    judge(cpm_str_of(text, 20 + n));
  }
  assert_true(accepted > 2000 && refused > 2000);
}

/* A well-formed document with one octet changed, dropped or doubled. */
static void a_changed_octet_is_judged_alike(void **state) {
  (void)state;
  static const char document[] = "<?xml version=\"1.0\" encoding='UTF-8'?><!-- a --><p:imdn xmlns:p=\"u&#118;\" xmlns='w' a = 'b&gt;'>"
                                 "\xe2\x98\xba&amp;]]<message-id b:c='' xmlns:b=\"x\">1<![CDATA[2]>]]></message-id ><c/></p:imdn>\r\n";
  static const char octets[] = "<>/?!-[]'\"=& \t\r\n:;#xaA1.\0\x01\x7f\x80\xbf\xc3\xe2\xff";
  char text[sizeof document + 1];
  const size_t n = sizeof document - 1;
  for (size_t i = 0; i < n; i++) {
    memcpy(text, document, n);
    for (size_t k = 0; k < sizeof octets - 1; k++) {
      text[i] = octets[k];
      judge(cpm_str_of(text, n));
    }
    memcpy(text, document, i);
    memcpy(text + i, document + i + 1, n - i - 1);
    judge(cpm_str_of(text, n - 1));
    memcpy(text + i, document + i, 1);
    memcpy(text + i + 1, document + i, n - i);
    judge(cpm_str_of(text, n + 1));
  }
}

/* ---- the list of reasons ----------------------------------------------------------------------------------------------- */

/* What libxml2 accepts and the core does not: each reason of cpm/markup.h has its document, and there are no others. */
static void the_list_of_reasons_is_complete(void **state) {
  (void)state;
  char deep[CPM_LIMIT_DEPTH * 8 + 16], crowded[1024] = "<a", bound[2048] = "<a", lengthy[1024] = "<a xmlns='urn:";
  size_t n = 0;
  for (unsigned i = 0; i <= CPM_LIMIT_DEPTH; i++, n += 3) memcpy(deep + n, "<a>", 3);
  for (unsigned i = 0; i <= CPM_LIMIT_DEPTH; i++, n += 4) memcpy(deep + n, "</a>", 4);
  for (unsigned i = 0; i <= CPM_MARKUP_ATTRIBUTES; i++) sprintf(crowded + strlen(crowded), " b%u='c'", i);
  for (unsigned i = 0; i < CPM_MARKUP_NAMESPACES; i++) sprintf(bound + strlen(bound), " xmlns:b%u='c'", i);
  memset(lengthy + 14, 'x', CPM_MARKUP_NAMESPACE_LEN - 3);
  strcat(lengthy, "'/>");
  strcat(crowded, "/>");
  strcat(bound, "><a xmlns='d'/></a>");
  const cpm_opts small = { .max_body = 4 };
  const struct { cpm_str in; const cpm_opts *opts; int rc; const char *rule; } rows[] = {
    { S("<a><?b?></a>"), NULL, CPM_E_UNSUPPORTED, "PI" },
    { S("<?xml version='1.0' encoding='ISO-8859-1'?><a/>"), NULL, CPM_E_UNSUPPORTED, "EncodingDecl" },
    { S("\xff\xfe<\0a\0/\0>\0"), NULL, CPM_E_UNSUPPORTED, "EncodingDecl" },
    { cpm_str_of(deep, n), NULL, CPM_E_TOO_DEEP, "element" },
    { cpm_str_z(crowded), NULL, CPM_E_TOO_MANY, "Attribute" },
    { cpm_str_z(bound), NULL, CPM_E_TOO_MANY, "xmlns" },
    { cpm_str_z(lengthy), NULL, CPM_E_TOO_LONG, "xmlns" },
    { S("<a />"), &small, CPM_E_TOO_LONG, "document" },
    { S("<!DOCTYPE a><a/>"), NULL, CPM_E_UNSUPPORTED, "doctypedecl" },
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    cpmi_markup r;
    cpm_diag d = { 0 };
    int rc = cpmi_markup_open(&r, rows[i].in, rows[i].opts, &d);
    while (rc == CPM_OK) rc = cpmi_markup_next(&r, &d);
    assert_status(rc, rows[i].rc, &d);
    assert_string_equal(d.rule, rows[i].rule);
    assert_true(judge_is_reason(rc, d.rule));
    const xmlDocPtr doc = xmlReadMemory(rows[i].in.p, (int)rows[i].in.n, NULL, NULL, XML_PARSE_NONET | XML_PARSE_NOWARNING);
    assert_non_null(doc);
    xmlFreeDoc(doc);
  }
  assert_false(judge_is_reason(CPM_E_SYNTAX, "content"));
}

static void leave(void) { xmlCleanupParser(); }

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(every_vector_is_judged_alike),
    cmocka_unit_test(every_beginning_is_judged_alike),
    cmocka_unit_test(what_pieces_make_is_judged_alike),
    cmocka_unit_test(a_changed_octet_is_judged_alike),
    cmocka_unit_test(the_list_of_reasons_is_complete),
  };
  atexit(leave);
  return cmocka_run_group_tests_name("xml_markup", tests, NULL, NULL);
}
