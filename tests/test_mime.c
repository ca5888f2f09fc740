/* SPDX-License-Identifier: MIT */
#include "kinds.h"
#include "cpm/mime.h"
#include "mime.h"
#include <stdlib.h>
#include <string.h>

/* ---- vectors: T a Content-Type, A an Accept value, D a Content-Disposition ------------------------------------------------ */

static void dump_slice(FILE *out, const char *name, cpm_str s, cpm_str in) {
  if (!s.p) return;
  fprintf(out, " %s %zu+%zu \"", name, (size_t)(s.p - in.p), s.n);
  support_print(out, s);
  fputc('"', out);
}

static void dump_found(FILE *out, const cpm_media_type *t, cpm_str in) {
  fputc(' ', out);
  dump_slice(out, "type", t->type, in);
  dump_slice(out, "subtype", t->subtype, in);
  dump_slice(out, "params", t->params, in);
  fputs(" quirks ", out);
  support_quirks(out, t->quirks);
  fputc('\n', out);
}

static void dump_disposition(FILE *out, cpm_str in) {
  cpm_disposition t;
  cpm_diag d = { 0 };
  const int rc = cpm_disposition_decode(&t, in, NULL, &d);
  if (rc) { kinds_error(out, rc, &d); return; }
  fputc(' ', out);
  dump_slice(out, "type", t.type, in);
  dump_slice(out, "params", t.params, in);
  fputs(t.optional ? " optional\n" : " required\n", out);
}

static void dump_accept(FILE *out, cpm_str in) {
  cpm_media_type t;
  cpm_diag d = { 0 };
  int rc;
  const cpm_str whole = in;
  while ((rc = cpm_media_type_next(&in, &t, NULL, &d)) != CPM_END) {
    if (rc) kinds_error(out, rc, &d);
    else dump_found(out, &t, whole);
  }
}

static void dump_type(FILE *out, cpm_str in) {
  cpm_media_type t;
  cpm_diag d = { 0 };
  const int rc = cpm_media_type_decode(&t, in, NULL, &d);
  if (rc) kinds_error(out, rc, &d);
  else dump_found(out, &t, in);
}

static void vectors(void **state) {
  static const kinds_kind kinds[] = { { 'T', dump_type }, { 'A', dump_accept }, { 'D', dump_disposition }, { 0, NULL } };
  (void)state;
  kinds_vectors("mime", kinds);
}

/* ---- media types --------------------------------------------------------------------------------------------------------- */

static void a_refused_quirk_is_an_error(void **state) {
  (void)state;
  const struct { cpm_str in; uint64_t bit; size_t off; } rows[] = {
    { S("text/plain;"), CPM_QUIRK(MIME_TRAILING_SEMI), 10 },
    { S("image/*"),     CPM_QUIRK(MIME_WILDCARD),      0 },
    { S(" */*"),        CPM_QUIRK(MIME_WILDCARD),      1 },
  };
  cpm_media_type t;
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    cpm_diag d = { 0 };
    const cpm_opts refuse = { .refuse = rows[i].bit }, others = { .refuse = ~rows[i].bit };
    assert_status(cpm_media_type_decode(&t, rows[i].in, &refuse, &d), CPM_E_QUIRK, &d);
    assert_int_equal(d.off, rows[i].off);
    assert_status(cpm_media_type_decode(&t, rows[i].in, &others, &d), CPM_OK, &d);
    assert_true(t.quirks == rows[i].bit);
  }
  const cpm_opts empty = { .refuse = CPM_QUIRK(SIP_EMPTY_ELEMENT) }, wild = { .refuse = CPM_QUIRK(MIME_WILDCARD) };
  cpm_diag d = { 0 };
  cpm_str rest = S("text/plain,,text/html");
  assert_status(cpm_media_type_next(&rest, &t, &empty, &d), CPM_E_QUIRK, &d);
  rest = S("*/*");
  assert_status(cpm_media_type_next(&rest, &t, &wild, &d), CPM_OK, &d);
}

static void the_type_is_compared_without_case_and_parameters(void **state) {
  (void)state;
  assert_true(cpm_media_type_text_is(S("Message/CPIM; a=b"), "message/cpim"));
  assert_true(cpm_media_type_text_is(S("text/plain;"), "TEXT/PLAIN"));
  assert_false(cpm_media_type_text_is(S("message/cpimx"), "message/cpim"));
  assert_false(cpm_media_type_text_is(S("message/cpi"), "message/cpim"));
  assert_false(cpm_media_type_text_is(S("message/cpin"), "message/cpim"));
  assert_false(cpm_media_type_text_is(S("messagf/cpim"), "message/cpim"));
  assert_false(cpm_media_type_text_is(S("messag/ecpim"), "message/cpim"));
  assert_false(cpm_media_type_text_is(S("message"), "message/cpim"));
  assert_false(cpm_media_type_text_is(cpm_str_none(), "message/cpim"));
  assert_false(cpm_media_type_text_is(S("message/cpim"), NULL));
}

static void accept_takes_what_its_closest_range_says(void **state) {
  (void)state;
  const struct { cpm_str accept; const char *type; bool takes; } rows[] = {
    { S("message/cpim, text/plain"),           "Text/Plain;charset=utf-8", true },
    { S("message/cpim"),                       "text/plain",               false },
    { S("*/*"),                                "text/plain",               true },
    { S("image/*, text/*"),                    "text/plain",               true },
    { S("image/*"),                            "text/plain",               false },
    { S("*/plain"),                            "text/plain",               false },
    { S("text/plain;q=0, */*"),                "text/plain",               false },
    { S("*/*, text/plain;q=0"),                "text/plain",               false },
    { S("text/*;q=0.000, text/plain;q=0.001"), "text/plain",               true },
    { S("text/*;q=0.000"),                     "text/plain",               false },
    { S("text/plain;level=1;q=0,text/plain"),  "text/plain",               true },
    { S("text/plain;q=0.5"),                   "text/plain",               true },
    { S("text/plain;q=00"),                    "text/plain",               true },
    { S("text/plain;q"),                       "text/plain",               true },
    { S("junk, text/plain"),                   "text/plain",               true },
    { S("text/plain"),                         "text",                     false },
    { S("text/plain"),                         "",                         false },
    { S(""),                                   "text/plain",               false },
    { S(" , ,"),                               "text/plain",               false },
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    if (cpm_accept_takes(rows[i].accept, cpm_str_z(rows[i].type)) != rows[i].takes) fail_msg("row %zu", i);
  assert_false(cpm_accept_takes(cpm_str_none(), S("text/plain")));
  assert_false(cpm_accept_takes(S("*/*"), cpm_str_none()));
}

static int encode_type(char *dst, size_t cap, size_t *len, void *ctx) { return cpm_media_type_encode(dst, cap, len, ctx, NULL); }
static int encode_disposition(char *dst, size_t cap, size_t *len, void *ctx) { return cpm_disposition_encode(dst, cap, len, ctx, NULL); }

static void what_is_written_is_read_back(void **state) {
  (void)state;
  const char *const rows[][2] = {
    { "text/plain", "text/plain" },
    { " Text / Plain ;\r\n charset = \"a;\\\"\" ;b ", "Text/Plain; charset = \"a;\\\"\" ;b" },
    { "text/plain; charset=utf-8 ;", "text/plain; charset=utf-8" },
    { "multipart/mixed;boundary=b", "multipart/mixed;boundary=b" },
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    cpm_media_type t, again;
    cpm_diag d = { 0 };
    assert_status(cpm_media_type_decode(&t, cpm_str_z(rows[i][0]), NULL, &d), CPM_OK, &d);
    const cpm_str text = support_every_size(encode_type, &t);
    support_assert_str(text, cpm_str_z(rows[i][1]), "text", __FILE__, __LINE__);
    assert_status(cpm_media_type_decode(&again, text, NULL, &d), CPM_OK, &d);
    assert_true(again.quirks == 0);
    char second[128];
    size_t len = 0;
    assert_status(cpm_media_type_encode(second, sizeof second, &len, &again, &d), CPM_OK, &d);
    assert_true(cpm_str_eq(text, cpm_str_of(second, len)));
  }
}

static void a_type_that_is_none_is_not_written(void **state) {
  (void)state;
  const struct { cpm_media_type t; int rc; size_t off; } rows[] = {
    { { S("text"), S("plain\r\n"), cpm_str_none(), 0 },      CPM_E_INJECTION, 5 },
    { { S("te\0t"), S("plain"), cpm_str_none(), 0 },         CPM_E_INJECTION, 2 },
    { { S("text"), S("plain"), S(";a=b\r\nX: y"), 0 },       CPM_E_INJECTION, 4 },
    { { S("text"), S("plain"), S(";a=\"\n\""), 0 },          CPM_E_INJECTION, 4 },
    { { S("text"), S(""), cpm_str_none(), 0 },               CPM_E_VALUE,     0 },
    { { cpm_str_none(), S("plain"), cpm_str_none(), 0 },     CPM_E_VALUE,     0 },
    { { S("te/xt"), S("plain"), cpm_str_none(), 0 },         CPM_E_VALUE,     0 },
    { { S("text"), S("plain"), S("a=b"), 0 },                CPM_E_VALUE,     0 },
    { { S("text"), S("plain"), S(";a=b;"), 0 },              CPM_E_VALUE,     5 },
    { { S("text"), S("plain"), S(";a=\"b"), 0 },             CPM_E_VALUE,     5 },
    { { S("text"), S("plain"), S(";a=b, c/d"), 0 },          CPM_E_VALUE,     4 },
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    cpm_diag d = { 0 };
    size_t len = 0;
    assert_status(cpm_media_type_encode(NULL, 0, &len, &rows[i].t, &d), rows[i].rc, &d);
    assert_int_equal(d.off, rows[i].off);
  }
}

static void a_disposition_is_written_with_its_handling(void **state) {
  (void)state;
  cpm_disposition t = { S("recipient-list-history"), cpm_str_none(), true };
  cpm_diag d = { 0 };
  size_t len = 0;
  assert_str(support_every_size(encode_disposition, &t), "recipient-list-history;handling=optional");
  assert_status(cpm_disposition_decode(&t, S("recipient-list-history; handling=optional"), NULL, &d), CPM_OK, &d);
  assert_str(support_every_size(encode_disposition, &t), "recipient-list-history; handling=optional");
  t.optional = false;
  assert_status(cpm_disposition_encode(NULL, 0, &len, &t, &d), CPM_E_MISMATCH, &d);
  t.params = S(";handling=required");
  t.optional = true;
  assert_status(cpm_disposition_encode(NULL, 0, &len, &t, &d), CPM_E_MISMATCH, &d);
  t.optional = false;
  assert_str(support_every_size(encode_disposition, &t), "recipient-list-history;handling=required");
  t.params = S(";a=\"\r\n\"");
  assert_status(cpm_disposition_encode(NULL, 0, &len, &t, &d), CPM_E_INJECTION, &d);
  t.type = S("a\nb");
  assert_status(cpm_disposition_encode(NULL, 0, &len, &t, &d), CPM_E_INJECTION, &d);
}

/* ---- header lines -------------------------------------------------------------------------------------------------------- */

static void a_header_is_found_by_its_name(void **state) {
  (void)state;
  const cpm_str head = S("Content-Type: text/plain\r\nX:\r\ncontent-id :no\r\nContent-ID:  <a\r\n b> \r\ncontent-id: two\nLast: end");
  assert_str(cpm_mime_header(head, "content-type"), "text/plain");
  assert_str(cpm_mime_header(head, "CONTENT-ID"), "<a\r\n b>");
  assert_str(cpm_mime_header(head, "x"), "");
  assert_str(cpm_mime_header(head, "last"), "end");
  assert_null(cpm_mime_header(head, "Content").p);
  assert_null(cpm_mime_header(head, "b> ").p);
  assert_null(cpm_mime_header(S("\r\nA: b\r\n"), "A").p);
  assert_null(cpm_mime_header(cpm_str_none(), "A").p);
  assert_null(cpm_mime_header(S(""), "A").p);
}

static void a_line_ends_where_it_should(void **state) {
  (void)state;
  const struct { cpm_str in; unsigned how; int rc; const char *text; size_t left; bool bare, folded, split; } rows[] = {
    { S("a: b\r\nc"),                0,                 CPM_OK,          "a: b",              1, false, false, false },
    { S("a: b\nc\r\n"),              0,                 CPM_OK,          "a: b\nc",           0, false, false, false },
    { S("a: b\nc\r\n"),              CPMI_LINE_BARE_LF, CPM_OK,          "a: b",              3, true,  false, false },
    { S("a: b\r\n c\r\n\t\r\nd"),    0,                 CPM_OK,          "a: b\r\n c\r\n\t",  1, false, true, false },
    { S("a: b\n c\r\n"),             CPMI_LINE_BARE_LF, CPM_OK,          "a: b",              4, true,  false, false },
    { S("\r\n x"),                   0,                 CPM_END,         "",                  2, false, false, false },
    { S("\nx"),                      CPMI_LINE_BARE_LF, CPM_END,         "",                  1, true,  false, false },
    { S("a: b\r\n c"),               0,                 CPM_E_TRUNCATED, "a: b\r\n c",        0, false, true, false },
    { S("a: b\r"),                   0,                 CPM_E_TRUNCATED, "a: b\r",            0, false, false, false },
    { S(""),                         0,                 CPM_E_TRUNCATED, "",                  0, false, false, false },
    { S("a: b\r\n Content-X: c\r\n"), CPMI_LINE_SPLIT,  CPM_OK,          "a: b",             14, false, false, true },
    { S("a: b\r\n \t content-x:\r\n"), CPMI_LINE_SPLIT, CPM_OK,          "a: b",             12, false, false, true },
    { S("a: b\r\n Content-: c\r\n"), CPMI_LINE_SPLIT,   CPM_OK,          "a: b\r\n Content-: c", 0, false, true, false },
    { S("a: b\r\n Content-X c:\r\n"), CPMI_LINE_SPLIT,  CPM_OK,          "a: b\r\n Content-X c:", 0, false, true, false },
    { S("a: b\r\n Content-X: c\r\n"), 0,                CPM_OK,          "a: b\r\n Content-X: c", 0, false, true, false },
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    const cpm_str in = support_guard(rows[i].in);
    cpm_str rest = in;
    cpmi_mime_line line;
    assert_status(cpmi_line_next(&rest, &line, rows[i].how), rows[i].rc, NULL);
    support_assert_str(line.text, cpm_str_z(rows[i].text), "text", __FILE__, __LINE__);
    assert_int_equal(rest.n, rows[i].left);
    assert_int_equal(line.bare_lf, rows[i].bare);
    assert_int_equal(line.folded, rows[i].folded);
    assert_int_equal(line.split, rows[i].split);
    support_unguard(in);
  }
}

static void a_value_loses_the_space_around_it_alone(void **state) {
  (void)state;
  const char *const rows[][2] = {
    { " \t a b\t ", "a b" }, { "\r\n a", "a" },   { " \r\n \r\n\ta", "a" }, { "\r\na", "\r\na" }, { "\r\n", "\r\n" },
    { "\n a", "\n a" },      { "\rx a", "\rx a" }, { "x\n a", "x\n a" },    { "a\r\n ", "a\r\n" }, { " ", "" },
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    const cpm_str in = support_guard(cpm_str_z(rows[i][0]));
    support_assert_str(cpmi_trim_value(in), cpm_str_z(rows[i][1]), "value", __FILE__, __LINE__);
    support_unguard(in);
  }
}

/* ---- hostile input ------------------------------------------------------------------------------------------------------- */

static void one_prefix(cpm_str in, void *ctx) {
  cpm_media_type t;
  cpm_disposition disposition;
  cpm_diag d = { 0 };
  cpm_str rest = in;
  (void)ctx;
  (void)cpm_media_type_decode(&t, in, NULL, &d);
  assert_true(d.off <= in.n);
  (void)cpm_disposition_decode(&disposition, in, NULL, &d);
  assert_true(d.off <= in.n);
  while (cpm_media_type_next(&rest, &t, NULL, &d) != CPM_END) assert_true(d.off <= in.n);
  (void)cpm_accept_takes(in, S("text/plain"));
  (void)cpm_mime_header(in, "a");
}

static void every_prefix_and_noise_are_read_within_their_bounds(void **state) {
  (void)state;
  support_every_prefix(S("text/plain;a=\"b\\\"c\" ;\r\n q = 0.5, */*;q=0,image/*;\t"), one_prefix, NULL);
  support_every_prefix(S("attachment ; filename=\"a\\\\\" ; handling = optional"), one_prefix, NULL);
  kinds_noise("a/;=\"\\, \r\n\t*:<", one_prefix);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(vectors),
    cmocka_unit_test(a_refused_quirk_is_an_error),
    cmocka_unit_test(the_type_is_compared_without_case_and_parameters),
    cmocka_unit_test(accept_takes_what_its_closest_range_says),
    cmocka_unit_test(what_is_written_is_read_back),
    cmocka_unit_test(a_type_that_is_none_is_not_written),
    cmocka_unit_test(a_disposition_is_written_with_its_handling),
    cmocka_unit_test(a_header_is_found_by_its_name),
    cmocka_unit_test(a_line_ends_where_it_should),
    cmocka_unit_test(a_value_loses_the_space_around_it_alone),
    cmocka_unit_test(every_prefix_and_noise_are_read_within_their_bounds),
  };
  return cmocka_run_group_tests_name("mime", tests, NULL, NULL);
}
