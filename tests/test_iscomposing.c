/* SPDX-License-Identifier: MIT */
#include "support.h"
#include "cpm/iscomposing.h"
#include <string.h>

/* ---- writing ----------------------------------------------------------------------------------------------------------- */

static int encode(char *dst, size_t cap, size_t *len, void *ctx) { return cpm_iscomposing_encode(dst, cap, len, ctx, NULL); }

static void an_active_peer(void **state) {
  (void)state;
  HOLDS("S2-5.5-p1");
  cpm_iscomposing in = { true, cpm_str_none(), cpm_str_none(), S("text/plain"), 60, 0 };
  assert_str(support_every_size(encode, &in),
             "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<isComposing xmlns=\"urn:ietf:params:xml:ns:im-iscomposing\">\r\n"
             "<state>active</state>\r\n<contenttype>text/plain</contenttype>\r\n<refresh>60</refresh>\r\n</isComposing>\r\n");
}

static void an_idle_peer(void **state) {
  (void)state;
  cpm_iscomposing in = { false, S("active"), S("2003-01-27T10:43:00Z"), cpm_str_none(), 0, 0 };
  assert_str(support_every_size(encode, &in),
             "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<isComposing xmlns=\"urn:ietf:params:xml:ns:im-iscomposing\">\r\n"
             "<state>idle</state>\r\n<lastactive>2003-01-27T10:43:00Z</lastactive>\r\n</isComposing>\r\n");
}

static void bad_values_are_refused(void **state) {
  (void)state;
  cpm_diag d = { 0 };
  size_t len = 0;
  cpm_iscomposing in = { .contenttype = S("ab\r") };
  assert_status(cpm_iscomposing_encode(NULL, 0, &len, &in, &d), CPM_E_INJECTION, &d);
  assert_int_equal(d.off, 2);
  assert_string_equal(d.rule, "contenttype");
  in.contenttype = S("\xff");
  assert_status(cpm_iscomposing_encode(NULL, 0, &len, &in, &d), CPM_E_VALUE, &d);
  in.contenttype = cpm_str_none();
  in.lastactive = S("\0");
  assert_status(cpm_iscomposing_encode(NULL, 0, &len, &in, &d), CPM_E_INJECTION, &d);
  assert_string_equal(d.rule, "lastactive");
  in.lastactive = cpm_str_none();
  in.refresh = UINT64_C(4294967295);
  assert_status(cpm_iscomposing_encode(NULL, 0, &len, &in, &d), CPM_OK, &d);
  in.refresh++;
  assert_status(cpm_iscomposing_encode(NULL, 0, &len, &in, &d), CPM_E_RANGE, &d);
  assert_string_equal(d.rule, "refresh");
}

static void what_is_written_is_read(void **state) {
  (void)state;
  for (unsigned i = 0; i < 16; i++) {
    const cpm_iscomposing in = { i & 1, cpm_str_none(), i & 2 ? S("<a>") : cpm_str_none(), i & 4 ? S("b & 'c'") : cpm_str_none(),
                                 i & 8 ? CPM_ISCOMPOSING_REFRESH_MOST : 0, 0 };
    char document[512], text[64];
    size_t len = 0;
    cpm_iscomposing out;
    cpm_diag d = { 0 };
    assert_status(cpm_iscomposing_encode(document, sizeof document, &len, &in, NULL), CPM_OK, NULL);
    const cpm_str guarded = support_guard(cpm_str_of(document, len));
    assert_status(cpm_iscomposing_decode(&out, guarded, NULL, &d), CPM_OK, &d);
    assert_true(out.quirks == 0 && out.active == in.active && out.refresh == in.refresh);
    assert_true(!out.lastactive.p == !in.lastactive.p && !out.contenttype.p == !in.contenttype.p);
    assert_status(cpm_markup_text(text, sizeof text, &len, out.lastactive, CPM_MARKUP_COLLAPSE, NULL), CPM_OK, NULL);
    if (i & 2) assert_str(cpm_str_of(text, len), "<a>");
    assert_status(cpm_markup_text(text, sizeof text, &len, out.contenttype, CPM_MARKUP_COLLAPSE, NULL), CPM_OK, NULL);
    if (i & 4) assert_str(cpm_str_of(text, len), "b & 'c'");
    support_unguard(guarded);
  }
}

/* ---- reading ----------------------------------------------------------------------------------------------------------- */

static void dump_text(FILE *out, const char *name, cpm_str value, cpm_str whole) {
  char text[256];
  size_t n = 0;
  if (!value.p) return;
  assert_true(value.p >= whole.p && value.p + value.n <= whole.p + whole.n);
  fprintf(out, "%s %zu+%zu \"", name, (size_t)(value.p - whole.p), value.n);
  support_print(out, value);
  assert_status(cpm_markup_text(text, sizeof text, &n, value, CPM_MARKUP_COLLAPSE, NULL), CPM_OK, NULL);
  if (!cpm_str_eq(cpm_str_of(text, n), value)) fputs("\" is \"", out);
  if (!cpm_str_eq(cpm_str_of(text, n), value)) support_print(out, cpm_str_of(text, n));
  fputs("\"\n", out);
}

static void assert_nothing(const cpm_iscomposing *x) {
  assert_true(!x->active && !x->state.p && !x->lastactive.p && !x->contenttype.p && !x->refresh);
}

static void dump(cpm_str in, FILE *out) {
  cpm_iscomposing x;
  cpm_diag d = { 0 };
  const int rc = cpm_iscomposing_decode(&x, in, NULL, &d);
  if (rc) {
    assert_int_equal(d.code, rc);
    assert_nothing(&x);
    fprintf(out, "%s at %zu, %s (%s)\n", cpm_status_name(rc), d.off, d.rule, d.clause ? d.clause : "-");
    return;
  }
  fprintf(out, "%s\n", x.active ? "active" : "idle");
  dump_text(out, "state", x.state, in);
  dump_text(out, "lastactive", x.lastactive, in);
  dump_text(out, "contenttype", x.contenttype, in);
  if (x.refresh) fprintf(out, "refresh %llu\n", (unsigned long long)x.refresh);
  fputs("quirks ", out);
  support_quirks(out, x.quirks);
  fputc('\n', out);
}

static void vectors(void **state) {
  (void)state;
  HOLDS("S2-5.5-p1");
  support_vectors("iscomposing", dump);
}

#define NS " xmlns='urn:ietf:params:xml:ns:im-iscomposing'"

static void a_refused_quirk_is_an_error(void **state) {
  (void)state;
  const struct { cpm_str in; uint64_t bit; size_t off; const char *rule; } rows[] = {
    { S("<isComposing" NS "><state>a</state></isComposing>"), CPM_QUIRK(ISCOMPOSING_STATE), 66, "state" },
    { S("<isComposing" NS "><state> active</state></isComposing>"), CPM_QUIRK(XML_TOKEN_SPACE), 66, "state" },
    { S("<isComposing" NS "><refresh> 1</refresh><state>idle</state></isComposing>"), CPM_QUIRK(XML_TOKEN_SPACE), 68, "refresh" },
    { S(" <isComposing><state>idle</state></isComposing>"), CPM_QUIRK(XML_NO_NAMESPACE), 1, "isComposing" },
    { S("<isComposing xmlns='u'><state>idle</state></isComposing>"), CPM_QUIRK(XML_OTHER_NAMESPACE), 0, "isComposing" },
    { S("<isComposing" NS "><state xmlns='u'>idle</state></isComposing>"), CPM_QUIRK(XML_OTHER_NAMESPACE), 59, "state" },
    { S("<isComposing" NS "><state xmlns=''>idle</state></isComposing>"), CPM_QUIRK(XML_NO_NAMESPACE), 59, "state" },
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    const cpm_opts refuse = { .refuse = rows[i].bit }, others = { .refuse = ~rows[i].bit };
    cpm_iscomposing x;
    cpm_diag d = { 0 };
    assert_status(cpm_iscomposing_decode(&x, rows[i].in, &refuse, &d), CPM_E_QUIRK, &d);
    assert_nothing(&x);
    assert_int_equal(d.off, rows[i].off);
    assert_string_equal(d.rule, rows[i].rule);
    assert_status(cpm_iscomposing_decode(&x, rows[i].in, &others, &d), CPM_OK, &d);
    assert_true(x.quirks == rows[i].bit);
  }
}

static void decode_prefix(cpm_str prefix, void *ctx) {
  const size_t whole = *(const size_t *)ctx;
  cpm_iscomposing x;
  cpm_diag d = { 0 };
  assert_status(cpm_iscomposing_decode(&x, prefix, NULL, &d), prefix.n >= whole ? CPM_OK : CPM_E_TRUNCATED, &d);
  if (prefix.n >= whole) return;
  assert_int_equal(d.off, prefix.n);
  assert_nothing(&x);
}

static void a_beginning_is_truncated(void **state) {
  (void)state;
  const cpm_str in = S("<?xml version='1.0' encoding='UTF-8'?>\n<c:isComposing xmlns:c='urn:ietf:params:xml:ns:im-iscomposing'>"
                       "<c:state>active</c:state><c:refresh>60</c:refresh><x/></c:isComposing>\n");
  size_t whole = in.n - 1;
  support_every_prefix(in, decode_prefix, &whole);
}

static void limits_hold(void **state) {
  (void)state;
  const cpm_str in = S("<isComposing" NS "><state>active</state><contenttype>text/plain</contenttype><x><y/></x></isComposing>");
  const struct { cpm_opts opts; int rc; const char *rule; } rows[] = {
    { { .max_line = 10 }, CPM_OK, NULL },  { { .max_line = 9 }, CPM_E_TOO_LONG, "contenttype" },
    { { .max_depth = 3 }, CPM_OK, NULL },  { { .max_depth = 2 }, CPM_E_TOO_DEEP, "element" },
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    cpm_iscomposing x;
    cpm_diag d = { 0 };
    assert_status(cpm_iscomposing_decode(&x, in, &rows[i].opts, &d), rows[i].rc, &d);
    if (rows[i].rule) assert_string_equal(d.rule, rows[i].rule);
  }
  cpm_iscomposing x;
  const cpm_opts whole = { .max_body = in.n }, less = { .max_body = in.n - 1 };
  assert_status(cpm_iscomposing_decode(&x, in, &whole, NULL), CPM_OK, NULL);
  assert_status(cpm_iscomposing_decode(&x, in, &less, NULL), CPM_E_TOO_LONG, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(an_active_peer),
    cmocka_unit_test(an_idle_peer),
    cmocka_unit_test(bad_values_are_refused),
    cmocka_unit_test(what_is_written_is_read),
    cmocka_unit_test(vectors),
    cmocka_unit_test(a_refused_quirk_is_an_error),
    cmocka_unit_test(a_beginning_is_truncated),
    cmocka_unit_test(limits_hold),
  };
  return cmocka_run_group_tests_name("iscomposing", tests, NULL, NULL);
}
