/* SPDX-License-Identifier: MIT */
#include "support.h"
#include "cpm/dialog.h"
#include "cpm/mime.h"
#include "cpm/sip.h"
#include "cpm/value.h"
#include <stdlib.h>
#include <string.h>

#define LENGTH_OF(a) (sizeof(a) / sizeof *(a))

static const cpm_address alice = { .bracketed = true, .display = { "Alice Example", 13 }, .display_quoted = true,
                                   .uri = { "sip:alice@example.com;user=phone", 32 }, .params = { ";tag=51f2a", 10 } };
static const cpm_address bob = { .uri = { "tel:+12025550100", 16 } };
static const cpm_via via = { .protocol = { "SIP", 3 }, .version = { "2.0", 3 }, .transport = { "TCP", 3 }, .host = { "2001:db8::17", 12 },
                             .host_is_ipv6 = true, .has_port = true, .port = 5061, .params = { ";branch=z9hG4bK7d;rport", 23 } };

static const char message[] =
    "MESSAGE sip:bob@example.com SIP/2.0\r\n"
    "Via: SIP/2.0/TCP [2001:db8::17]:5061;branch=z9hG4bK7d;rport\r\n"
    "P-Asserted-Identity: \"Alice Example\" <sip:alice@example.com;user=phone>;tag=51f2a, tel:+12025550100\r\n"
    "Call-ID: 5f3a9be2c74d4e10a67@example.com\r\n"
    "CSeq: 666 MESSAGE\r\n"
    "Subject: a b\r\n"
    "X-Own: c\r\n"
    "Supported:\r\n"
    "Content-Type: text/plain;charset=UTF-8\r\n"
    "Content-Length: 5\r\n\r\na\0\r\nb";

static cpm_sip_field text(cpm_sip_header id, const char *name, const char *value) {
  cpm_sip_field f = { 0 };
  f.id = id;
  f.name = cpm_str_z(name);
  f.value = cpm_str_z(value);
  return f;
}

/* The start line and the body of the message above. */
static cpm_sip ends(void) {
  cpm_sip m = { 0 };
  m.method = CPM_METHOD_MESSAGE;
  m.request_uri = S("sip:bob@example.com");
  m.body = S("a\0\r\nb");
  return m;
}

static void put_via(cpm_sip_writer *w, const cpm_via *v) {
  size_t n = 0;
  cpm_sip_write_name(w, CPM_SIP_VIA, NULL);
  const int rc = cpm_via_encode(w->at, w->room, &n, v, NULL);
  cpm_sip_write_value(w, rc, n, NULL);
}

static void put_address(cpm_sip_writer *w, const cpm_address *a) {
  size_t n = 0;
  const int rc = cpm_address_encode(w->at, w->room, &n, a, NULL);
  cpm_sip_write_value(w, rc, n, NULL);
}

static int write_message(char *dst, size_t cap, size_t *len, void *ctx) {
  cpm_sip_writer w = CPM_SIP_WRITER(dst, cap);
  const cpm_sip m = ends();
  const cpm_sip_field call_id = text(CPM_SIP_CALL_ID, NULL, "5f3a9be2c74d4e10a67@example.com"), subject = text(CPM_SIP_SUBJECT, NULL, " a\r\n b ");
  const cpm_sip_field own = text(CPM_SIP_UNKNOWN, "X-Own", "c"), length = text(CPM_SIP_CONTENT_LENGTH, NULL, "99");
  const cpm_cseq cseq = { .number = 666, .method = CPM_METHOD_MESSAGE };
  const cpm_media_type type = { .type = S("text"), .subtype = S("plain"), .params = S(";charset=UTF-8") };
  size_t n = 0;
  (void)ctx;
  cpm_sip_write_start(&w, &m, NULL);
  put_via(&w, &via);
  cpm_sip_write_name(&w, CPM_SIP_P_ASSERTED_IDENTITY, NULL);
  put_address(&w, &alice);
  cpm_sip_write_more(&w, NULL);
  put_address(&w, &bob);
  cpm_sip_write_more(&w, NULL);
  cpm_sip_write_value(&w, CPM_OK, 0, NULL);
  cpm_sip_write_field(&w, &call_id, NULL);
  cpm_sip_write_name(&w, CPM_SIP_CSEQ, NULL);
  int rc = cpm_cseq_encode(w.at, w.room, &n, &cseq, NULL);
  cpm_sip_write_value(&w, rc, n, NULL);
  cpm_sip_write_field(&w, &length, NULL);
  cpm_sip_write_field(&w, &subject, NULL);
  cpm_sip_write_field(&w, &own, NULL);
  cpm_sip_write_name(&w, CPM_SIP_SUPPORTED, NULL);
  rc = cpm_token_encode(w.at, w.room, &n, NULL, 0, NULL);
  cpm_sip_write_value(&w, rc, n, NULL);
  cpm_sip_write_name(&w, CPM_SIP_CONTENT_TYPE, NULL);
  rc = cpm_media_type_encode(w.at, w.room, &n, &type, NULL);
  cpm_sip_write_value(&w, rc, n, NULL);
  return cpm_sip_write_end(&w, len, &m, NULL);
}

static void typed_values_are_written_at_every_buffer_size(void **state) {
  (void)state;
  const cpm_str got = support_every_size(write_message, NULL);
  assert_int_equal(got.n, sizeof message - 1);
  assert_memory_equal(got.p, message, got.n);
}

static void what_was_written_is_read_and_written_again(void **state) {
  (void)state;
  char buf[1024], again[1024];
  cpm_sip_field fields[16];
  cpm_sip m = CPM_SIP_ROOM(fields);
  const cpm_opts strict = { .refuse = CPM_QUIRKS_ALL };
  size_t len = 0, n = 0;
  assert_status(write_message(buf, sizeof buf, &len, NULL), CPM_OK, NULL);
  assert_status(cpm_sip_decode(&m, cpm_str_of(buf, len), &strict, NULL), CPM_OK, NULL);
  assert_status(cpm_sip_encode(again, sizeof again, &n, &m, NULL), CPM_OK, NULL);
  assert_int_equal(n, len);
  assert_memory_equal(again, buf, n);
}

/* Every name, in a buffer that is exactly full, and one byte less. */
static void every_known_field_can_be_named(void **state) {
  (void)state;
  const cpm_sip m = ends();
  for (int id = 1; id < CPM_SIP_HEADER_COUNT; id++) {
    const size_t size = sizeof("MESSAGE sip:bob@example.com SIP/2.0\r\n" ": x\r\n" "Content-Length: 5\r\n\r\n" "12345") - 1 + cpm_sip_header_name((cpm_sip_header)id).n;
    for (size_t cap = size - 1; cap <= size && id != CPM_SIP_CONTENT_LENGTH; cap++) {
      char *const buf = malloc(cap);
      cpm_sip_writer w = CPM_SIP_WRITER(buf, cap);
      size_t len = 0;
      assert_non_null(buf);
      assert_status(cpm_sip_write_start(&w, &m, NULL), CPM_OK, NULL);
      assert_status(cpm_sip_write_name(&w, (cpm_sip_header)id, NULL), CPM_OK, NULL);
      assert_non_null(w.at);
      *w.at = 'x';
      assert_status(cpm_sip_write_value(&w, CPM_OK, 1, NULL), CPM_OK, NULL);
      assert_status(cpm_sip_write_end(&w, &len, &m, NULL), cap < size ? CPM_E_SPACE : CPM_OK, NULL);
      assert_int_equal(len, size);
      free(buf);
    }
  }
}

/* ---- what is refused ------------------------------------------------------------------------------------------------ */

static cpm_sip_writer started(char *dst, size_t cap) {
  cpm_sip_writer w = CPM_SIP_WRITER(dst, cap);
  const cpm_sip m = ends();
  assert_status(cpm_sip_write_start(&w, &m, NULL), CPM_OK, NULL);
  return w;
}

/* Every call returns it from now on, and nothing moves. */
static void stays(cpm_sip_writer w, int status) {
  const cpm_sip m = ends();
  const cpm_sip_field f = text(CPM_SIP_SUBJECT, NULL, "x");
  const size_t before = w.len;
  size_t len = 77;
  cpm_diag d = { 0 };
  assert_int_equal(w.error, status);
  assert_status(cpm_sip_write_start(&w, &m, &d), status, NULL);
  assert_status(cpm_sip_write_field(&w, &f, &d), status, NULL);
  assert_status(cpm_sip_write_name(&w, CPM_SIP_TO, &d), status, NULL);
  assert_status(cpm_sip_write_value(&w, CPM_OK, 1, &d), status, NULL);
  assert_status(cpm_sip_write_more(&w, &d), status, NULL);
  assert_status(cpm_sip_write_end(&w, &len, &m, &d), status, NULL);
  assert_int_equal(w.len, before);
  assert_int_equal(len, 77);
  assert_int_equal(d.code, 0);
}

static void no_value_can_break_out_of_its_line(void **state) {
  (void)state;
  const cpm_str bad[] = { S("a\r\nX: b"), S("a\nb"), S("a\rb"), S("a\0b"), S("0123456789abcdef0123\n"), S("a\r\n b") };
  for (size_t i = 0; i < LENGTH_OF(bad); i++) {
    char buf[256];
    cpm_diag d = { 0 };
    cpm_sip_writer w = started(buf, sizeof buf);
    cpm_sip_field f = text(CPM_SIP_SUBJECT, NULL, "x");
    assert_status(cpm_sip_write_name(&w, CPM_SIP_SUBJECT, NULL), CPM_OK, NULL);
    memcpy(w.at, bad[i].p, bad[i].n);
    assert_status(cpm_sip_write_value(&w, CPM_OK, bad[i].n, &d), CPM_E_INJECTION, &d);
    assert_string_equal(d.rule, "header-value");
    stays(w, CPM_E_INJECTION);
    if (i == LENGTH_OF(bad) - 1) continue;   /* a fold in a text becomes SP */
    w = started(buf, sizeof buf);
    f.value = bad[i];
    assert_status(cpm_sip_write_field(&w, &f, &d), CPM_E_INJECTION, &d);
    stays(w, CPM_E_INJECTION);
    w = (cpm_sip_writer)CPM_SIP_WRITER(buf, sizeof buf);
    cpm_sip m = ends();
    m.request_uri = bad[i];
    assert_status(cpm_sip_write_start(&w, &m, &d), CPM_E_INJECTION, &d);
    stays(w, CPM_E_INJECTION);
  }
}

static void a_tab_or_an_octet_over_0x7f_is_no_break(void **state) {
  (void)state;
  char buf[256];
  cpm_sip_writer w = started(buf, sizeof buf);
  assert_status(cpm_sip_write_name(&w, CPM_SIP_SUBJECT, NULL), CPM_OK, NULL);
  memcpy(w.at, "a\tJ\xc3\xb6", 5);
  assert_status(cpm_sip_write_value(&w, CPM_OK, 5, NULL), CPM_OK, NULL);
}

static void the_error_of_a_typed_writer_stays(void **state) {
  (void)state;
  char buf[256];
  cpm_sip_writer w = started(buf, sizeof buf);
  cpm_via bad = via;
  bad.host = S("a b");
  put_via(&w, &bad);
  stays(w, CPM_E_VALUE);
  w = started(NULL, 0);
  put_via(&w, &bad);
  stays(w, CPM_E_VALUE);
}

/* A call that does not fit. */
enum { START, FIELD, NAME, MORE, VALUE, END };
static int call(cpm_sip_writer *w, int which, cpm_diag *d) {
  const cpm_sip m = ends();
  const cpm_sip_field f = text(CPM_SIP_SUBJECT, NULL, "x");
  size_t len;
  switch (which) {
  case START: return cpm_sip_write_start(w, &m, d);
  case FIELD: return cpm_sip_write_field(w, &f, d);
  case NAME:  return cpm_sip_write_name(w, CPM_SIP_TO, d);
  case MORE:  return cpm_sip_write_more(w, d);
  case VALUE: if (w->room) *w->at = 'x'; return cpm_sip_write_value(w, CPM_OK, 1, d);
  default:    return cpm_sip_write_end(w, &len, &m, d);
  }
}

static void calls_in_another_order_are_refused(void **state) {
  (void)state;
  /* What was called before, and which calls fit behind it. */
  static const struct { int before[3]; int n; unsigned fit; } orders[] = {
    { { 0 }, 0, 1u << START },
    { { START }, 1, 1u << FIELD | 1u << NAME | 1u << END },
    { { START, FIELD }, 2, 1u << FIELD | 1u << NAME | 1u << END },
    { { START, NAME }, 2, 1u << VALUE },
    { { START, NAME, VALUE }, 3, 1u << FIELD | 1u << NAME | 1u << MORE | 1u << END },
    { { START, END }, 2, 0 },
  };
  for (size_t i = 0; i < LENGTH_OF(orders); i++)
    for (int which = START; which <= END; which++)
      for (int counts = 0; counts < 2; counts++) {
        char buf[256];
        cpm_diag d = { 0 };
        cpm_sip_writer w = CPM_SIP_WRITER(counts ? NULL : buf, counts ? 0 : sizeof buf);
        for (int k = 0; k < orders[i].n; k++) assert_status(call(&w, orders[i].before[k], &d), CPM_OK, &d);
        const bool fits = orders[i].fit >> which & 1;
        assert_status(call(&w, which, &d), fits ? CPM_OK : CPM_E_ARG, fits ? &d : NULL);
        if (!fits) assert_string_equal(d.rule, "cpm_sip_writer");
        if (!fits) stays(w, CPM_E_ARG);
      }
}

static void only_known_fields_have_a_name(void **state) {
  (void)state;
  const int bad[] = { CPM_SIP_UNKNOWN, CPM_SIP_CONTENT_LENGTH, CPM_SIP_HEADER_COUNT, -1 };
  for (size_t i = 0; i < LENGTH_OF(bad); i++) {
    char buf[256];
    cpm_sip_writer w = started(buf, sizeof buf);
    assert_status(cpm_sip_write_name(&w, (cpm_sip_header)bad[i], NULL), CPM_E_ARG, NULL);
    stays(w, CPM_E_ARG);
  }
  cpm_sip_writer w = CPM_SIP_WRITER(NULL, 10);
  const cpm_sip m = ends();
  assert_status(cpm_sip_write_start(&w, &m, NULL), CPM_E_ARG, NULL);
}

static void pieces_must_be_there_when_they_are_written(void **state) {
  (void)state;
  char buf[256];
  size_t len = 0;
  cpm_sip m = ends();
  m.npieces = 1;
  m.pieces[0].bytes.n = 7;
  cpm_sip_writer w = started(NULL, 0);
  assert_status(cpm_sip_write_end(&w, &len, &m, NULL), CPM_OK, NULL);
  assert_int_equal(len, sizeof("MESSAGE sip:bob@example.com SIP/2.0\r\nContent-Length: 7\r\n\r\n") - 1 + 7);
  w = started(buf, sizeof buf);
  assert_status(cpm_sip_write_end(&w, &len, &m, NULL), CPM_E_ARG, NULL);
  w = started(buf, sizeof buf);
  m.npieces = CPM_SIP_PIECES + 1;
  assert_status(cpm_sip_write_end(&w, &len, &m, NULL), CPM_E_ARG, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(typed_values_are_written_at_every_buffer_size),
    cmocka_unit_test(what_was_written_is_read_and_written_again),
    cmocka_unit_test(every_known_field_can_be_named),
    cmocka_unit_test(no_value_can_break_out_of_its_line),
    cmocka_unit_test(a_tab_or_an_octet_over_0x7f_is_no_break),
    cmocka_unit_test(the_error_of_a_typed_writer_stays),
    cmocka_unit_test(calls_in_another_order_are_refused),
    cmocka_unit_test(only_known_fields_have_a_name),
    cmocka_unit_test(pieces_must_be_there_when_they_are_written),
  };
  return cmocka_run_group_tests_name("sip_write", tests, NULL, NULL);
}
