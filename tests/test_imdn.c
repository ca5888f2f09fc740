/* SPDX-License-Identifier: MIT */
#include "support.h"
#include "cpm/imdn.h"
#include <stdlib.h>
#include <string.h>

static int encode(char *dst, size_t cap, size_t *len, void *ctx) { return cpm_imdn_encode(dst, cap, len, ctx, NULL); }

static void a_delivered_notification(void **state) {
  (void)state;
  cpm_imdn in = { S("34jk324j"), S("2008-04-04T12:16:49-05:00"), S("tel:+12025550100"), cpm_str_none(), cpm_str_none(), CPM_IMDN_DELIVERED, 0 };
  assert_str(support_every_size(encode, &in),
             "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<imdn xmlns=\"urn:ietf:params:xml:ns:imdn\">\r\n"
             "<message-id>34jk324j</message-id>\r\n<datetime>2008-04-04T12:16:49-05:00</datetime>\r\n"
             "<recipient-uri>tel:+12025550100</recipient-uri>\r\n"
             "<original-recipient-uri>tel:+12025550100</original-recipient-uri>\r\n"
             "<delivery-notification><status><delivered/></status></delivery-notification>\r\n</imdn>\r\n");
}

static void every_status_has_its_elements(void **state) {
  (void)state;
  static const char *const want[] = {
#define WANT(id, element, status) "<" element "-notification><status><" status "/></status></" element "-notification>",
    CPM_IMDN_STATUSES(WANT)
#undef WANT
  };
  for (int i = 0; i < CPM_IMDN_STATUS_COUNT; i++) {
    const cpm_imdn in = { S("a"), S("b"), cpm_str_none(), cpm_str_none(), cpm_str_none(), (cpm_imdn_status)i, 0 };
    char out[512];
    size_t len = 0;
    assert_status(cpm_imdn_encode(out, sizeof out - 1, &len, &in, NULL), CPM_OK, NULL);
    out[len] = '\0';
    assert_non_null(strstr(out, want[i]));
    assert_null(strstr(out, "recipient-uri"));
  }
}

static void text_is_escaped(void **state) {
  (void)state;
  const cpm_imdn in = { S("<&\"'>"), S("b"), S("sip:a@example.com"), S("sip:b@example.com"), S("\xc3\xa4"), CPM_IMDN_FAILED, 0 };
  char out[1024];
  size_t len = 0;
  assert_status(cpm_imdn_encode(out, sizeof out - 1, &len, &in, NULL), CPM_OK, NULL);
  out[len] = '\0';
  assert_non_null(strstr(out, "<message-id>&lt;&amp;&quot;&apos;&gt;</message-id>"));
  assert_non_null(strstr(out, "<original-recipient-uri>sip:b@example.com<"));
  assert_non_null(strstr(out, "<subject>\xc3\xa4</subject>"));
}

static void bad_values_are_refused(void **state) {
  (void)state;
  cpm_diag d = { 0 };
  size_t len = 0;
  cpm_imdn in = { cpm_str_none(), S("b"), cpm_str_none(), cpm_str_none(), cpm_str_none(), CPM_IMDN_FAILED, 0 };
  assert_status(cpm_imdn_encode(NULL, 0, &len, &in, &d), CPM_E_MISSING, &d);
  assert_string_equal(d.rule, "message-id");
  in.message_id = S(" \t");   /* is left out when it is read */
  assert_status(cpm_imdn_encode(NULL, 0, &len, &in, &d), CPM_E_MISSING, &d);
  in.message_id = S("a");
  in.datetime = S("\t\t");
  assert_status(cpm_imdn_encode(NULL, 0, &len, &in, &d), CPM_E_MISSING, &d);
  in.datetime = S("b");
  const cpm_str injected[] = { S("ab\r\n"), S("ab\n"), S("ab\0"), S("ab\x01") };
  for (size_t i = 0; i < sizeof injected / sizeof *injected; i++) {
    in.message_id = injected[i];
    assert_status(cpm_imdn_encode(NULL, 0, &len, &in, &d), CPM_E_INJECTION, &d);
    assert_int_equal(d.off, 2);
  }
  in.message_id = S("\xff");
  assert_status(cpm_imdn_encode(NULL, 0, &len, &in, &d), CPM_E_VALUE, &d);
  in.message_id = S("a");
  in.status = CPM_IMDN_STATUS_COUNT;
  assert_status(cpm_imdn_encode(NULL, 0, &len, &in, &d), CPM_E_VALUE, &d);
}

/* ---- reading ----------------------------------------------------------------------------------------------------------- */

static cpm_str plain(char *dst, size_t cap, cpm_str value, cpm_markup_space space) {
  size_t len = 0;
  if (!value.p) return value;
  assert_status(cpm_markup_text(dst, cap, &len, value, space, NULL), CPM_OK, NULL);
  return cpm_str_of(dst, len);
}

static void what_is_written_is_read(void **state) {
  (void)state;
  for (int i = 0; i < CPM_IMDN_STATUS_COUNT; i++) {
    const cpm_imdn in = { S("<&\"'>"), S("2008-04-04T12:16:49-05:00"), S("sip:a@example.com;x=\"&\""), S("sip:b@example.com"),
                          S(" \xc3\xa4  b "), (cpm_imdn_status)i, 0 };
    cpm_imdn out;
    cpm_diag d = { 0 };
    char document[1024], text[64];
    size_t len = 0;
    assert_status(cpm_imdn_encode(document, sizeof document, &len, &in, NULL), CPM_OK, NULL);
    const cpm_str guarded = support_guard(cpm_str_of(document, len));
    assert_status(cpm_imdn_decode(&out, guarded, NULL, &d), CPM_OK, &d);
    assert_int_equal(out.status, i);
    assert_true(out.quirks == 0);
    assert_str(plain(text, sizeof text, out.message_id, CPM_MARKUP_COLLAPSE), "<&\"'>");
    assert_str(plain(text, sizeof text, out.datetime, CPM_MARKUP_COLLAPSE), "2008-04-04T12:16:49-05:00");
    assert_str(plain(text, sizeof text, out.recipient_uri, CPM_MARKUP_COLLAPSE), "sip:a@example.com;x=\"&\"");
    assert_str(plain(text, sizeof text, out.original_recipient_uri, CPM_MARKUP_COLLAPSE), "sip:b@example.com");
    assert_str(plain(text, sizeof text, out.subject, CPM_MARKUP_PRESERVE), " \xc3\xa4  b ");
    support_unguard(guarded);
  }
}

/* The texts of a decoded document, in the order of the structure. */
#define TEXTS 5
static const char *const text_names[TEXTS] = { "message-id", "datetime", "recipient-uri", "original-recipient-uri", "subject" };
static const char *const status_names[] = {
#define STATUS_NAME(id, element, status) #id,
  CPM_IMDN_STATUSES(STATUS_NAME)
#undef STATUS_NAME
  "OTHER"
};

static cpm_str text_of(const cpm_imdn *x, size_t i) {
  const cpm_str texts[TEXTS] = { x->message_id, x->datetime, x->recipient_uri, x->original_recipient_uri, x->subject };
  return texts[i];
}

static void dump_text(FILE *out, const char *name, cpm_str value, cpm_str whole, cpm_markup_space space) {
  char text[256];
  if (!value.p) return;
  assert_true(value.p >= whole.p && value.p + value.n <= whole.p + whole.n);
  fprintf(out, "%s %zu+%zu \"", name, (size_t)(value.p - whole.p), value.n);
  support_print(out, value);
  const cpm_str is = plain(text, sizeof text, value, space);
  if (!cpm_str_eq(is, value)) fputs("\" is \"", out);
  if (!cpm_str_eq(is, value)) support_print(out, is);
  fputs("\"\n", out);
}

static void assert_nothing(const cpm_imdn *x) {
  for (size_t i = 0; i < TEXTS; i++) assert_null(text_of(x, i).p);
  assert_int_equal(x->status, CPM_IMDN_OTHER);
}

static void dump(cpm_str in, FILE *out) {
  cpm_imdn x;
  cpm_diag d = { 0 };
  const int rc = cpm_imdn_decode(&x, in, NULL, &d);
  if (rc) {
    assert_int_equal(d.code, rc);
    assert_nothing(&x);
    fprintf(out, "%s at %zu, %s (%s)\n", cpm_status_name(rc), d.off, d.rule, d.clause ? d.clause : "-");
    return;
  }
  for (size_t i = 0; i < TEXTS; i++) dump_text(out, text_names[i], text_of(&x, i), in, i == 4 ? CPM_MARKUP_PRESERVE : CPM_MARKUP_COLLAPSE);
  fprintf(out, "status %s\nquirks ", status_names[x.status]);
  support_quirks(out, x.quirks);
  fputc('\n', out);
}

static void vectors(void **state) {
  (void)state;
  support_vectors("imdn", dump);
}

#define NS     " xmlns='urn:ietf:params:xml:ns:imdn'"
#define REPORT "<delivery-notification><status><delivered/></status></delivery-notification>"

static void a_refused_quirk_is_an_error(void **state) {
  (void)state;
  const struct { cpm_str in; uint64_t bit; size_t off; const char *rule; } rows[] = {
    { S("<imdn" NS "><message-id> a</message-id><datetime>b</datetime>" REPORT "</imdn>"), CPM_QUIRK(XML_TOKEN_SPACE), 54, "message-id" },
    { S("<imdn" NS "><message-id>a</message-id><datetime></datetime>" REPORT "</imdn>"), CPM_QUIRK(IMDN_NO_DATETIME), 78, "datetime" },
    { S("<!----><imdn" NS "><message-id>a</message-id>" REPORT "</imdn>"), CPM_QUIRK(IMDN_NO_DATETIME), 7, "datetime" },
    { S("<imdn><message-id>a</message-id><datetime>b</datetime>" REPORT "</imdn>"), CPM_QUIRK(XML_NO_NAMESPACE), 0, "imdn" },
    { S("<imdn xmlns='u'><message-id>a</message-id><datetime>b</datetime>" REPORT "</imdn>"), CPM_QUIRK(XML_OTHER_NAMESPACE), 0, "imdn" },
    { S("<imdn" NS "><message-id xmlns=''>a</message-id><datetime>b</datetime>" REPORT "</imdn>"), CPM_QUIRK(XML_NO_NAMESPACE), 42, "message-id" },
    { S("<imdn" NS "><message-id>a</message-id><datetime xmlns='u'>b</datetime>" REPORT "</imdn>"), CPM_QUIRK(XML_OTHER_NAMESPACE), 68, "datetime" },
    { S("<imdn" NS "><message-id>a</message-id><datetime>b</datetime><p:delivery-notification xmlns:p='u'><status><error/></status>"
        "</p:delivery-notification></imdn>"), CPM_QUIRK(XML_OTHER_NAMESPACE), 90, "notification" },
    { S("<imdn" NS "><message-id>a</message-id><datetime>b</datetime><delivery-notification><p:status xmlns:p='u'><p:error/></p:status>"
        "</delivery-notification></imdn>"), CPM_QUIRK(XML_OTHER_NAMESPACE), 113, "status" },
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    const cpm_opts refuse = { .refuse = rows[i].bit }, others = { .refuse = ~rows[i].bit };
    cpm_imdn x;
    cpm_diag d = { 0 };
    assert_status(cpm_imdn_decode(&x, rows[i].in, &refuse, &d), CPM_E_QUIRK, &d);
    assert_nothing(&x);
    assert_int_equal(d.off, rows[i].off);
    assert_string_equal(d.rule, rows[i].rule);
    assert_status(cpm_imdn_decode(&x, rows[i].in, &others, &d), CPM_OK, &d);
    assert_true(x.quirks == rows[i].bit);
  }
}

static void decode_prefix(cpm_str prefix, void *ctx) {
  const size_t whole = *(const size_t *)ctx;
  cpm_imdn x;
  cpm_diag d = { 0 };
  assert_status(cpm_imdn_decode(&x, prefix, NULL, &d), prefix.n >= whole ? CPM_OK : CPM_E_TRUNCATED, &d);
  if (prefix.n >= whole) return;
  assert_int_equal(d.off, prefix.n);
  assert_nothing(&x);
}

static void a_beginning_is_truncated(void **state) {
  (void)state;
  const cpm_str in = S("\xef\xbb\xbf<?xml version='1.0' encoding='UTF-8'?><!-- a --><imdn" NS "><message-id>a&amp;<![CDATA[b]]></message-id>"
                       "<datetime>c</datetime><x y='z'/>" REPORT "</imdn>\r\n");
  size_t whole = in.n - 2;
  support_every_prefix(in, decode_prefix, &whole);
}

static cpm_str with_id_of(char *to, size_t n) {
  static const char before[] = "<imdn" NS "><message-id>", behind[] = "</message-id><datetime>b</datetime>" REPORT "</imdn>";
  memcpy(to, before, sizeof before - 1);
  memset(to + sizeof before - 1, 'a', n);
  memcpy(to + sizeof before - 1 + n, behind, sizeof behind - 1);
  return cpm_str_of(to, sizeof before - 1 + n + sizeof behind - 1);
}

static void limits_hold(void **state) {
  (void)state;
  static char text[CPM_LIMIT_LINE + 512];
  const struct { size_t n; cpm_opts opts; int rc; const char *rule; } rows[] = {
    { CPM_LIMIT_LINE, { .max_line = 0 }, CPM_OK, NULL },      { CPM_LIMIT_LINE + 1, { .max_line = 0 }, CPM_E_TOO_LONG, "message-id" },
    { 10, { .max_line = 10 }, CPM_OK, NULL },                 { 11, { .max_line = 10 }, CPM_E_TOO_LONG, "message-id" },
    { 1, { .max_depth = 4 }, CPM_OK, NULL },                  { 1, { .max_depth = 3 }, CPM_E_TOO_DEEP, "element" },
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    cpm_imdn x;
    cpm_diag d = { 0 };
    const cpm_str in = support_guard(with_id_of(text, rows[i].n));
    assert_status(cpm_imdn_decode(&x, in, &rows[i].opts, &d), rows[i].rc, &d);
    if (rows[i].rule) assert_string_equal(d.rule, rows[i].rule);
    else assert_int_equal(x.message_id.n, rows[i].n);
    support_unguard(in);
  }
  cpm_imdn x;
  const cpm_str in = with_id_of(text, 1);
  const cpm_opts whole = { .max_body = in.n }, less = { .max_body = in.n - 1 };
  assert_status(cpm_imdn_decode(&x, in, &whole, NULL), CPM_OK, NULL);
  assert_status(cpm_imdn_decode(&x, in, &less, NULL), CPM_E_TOO_LONG, NULL);
}

static void a_hundred_thousand_elements_are_read(void **state) {
  (void)state;
  static const char *const ones[] = { "<x/>", "<message-id xmlns='u'/>", "<subject xmlns=''>", "<!-- a -->", "<read-notification/>" };
  for (size_t i = 0; i < sizeof ones / sizeof *ones; i++) {
    const size_t each = strlen(ones[i]), n = 100000 * each;
    static const char before[] = "<imdn" NS "><subject/>", behind[] = "<message-id>a</message-id><datetime>b</datetime>" REPORT "</imdn>";
    char *const text = malloc(n + sizeof before + sizeof behind);
    assert_non_null(text);
    memcpy(text, before, sizeof before - 1);
    for (size_t k = 0; k < 100000; k++) memcpy(text + sizeof before - 1 + k * each, ones[i], each);
    memcpy(text + sizeof before - 1 + n, behind, sizeof behind - 1);
    cpm_imdn x;
    cpm_diag d = { 0 };
    const cpm_str in = support_guard(cpm_str_of(text, n + sizeof before - 1 + sizeof behind - 1));
    assert_status(cpm_imdn_decode(&x, in, NULL, &d), i == 2 ? CPM_E_TOO_DEEP : CPM_OK, &d);
    if (i != 2) assert_str(x.message_id, "a");
    support_unguard(in);
    free(text);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_delivered_notification),
    cmocka_unit_test(every_status_has_its_elements),
    cmocka_unit_test(text_is_escaped),
    cmocka_unit_test(bad_values_are_refused),
    cmocka_unit_test(what_is_written_is_read),
    cmocka_unit_test(vectors),
    cmocka_unit_test(a_refused_quirk_is_an_error),
    cmocka_unit_test(a_beginning_is_truncated),
    cmocka_unit_test(limits_hold),
    cmocka_unit_test(a_hundred_thousand_elements_are_read),
  };
  return cmocka_run_group_tests_name("imdn", tests, NULL, NULL);
}
