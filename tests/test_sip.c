/* SPDX-License-Identifier: MIT */
#include "support.h"
#include "cpm/sip.h"
#include <stdlib.h>
#include <string.h>

#define LENGTH_OF(array) (sizeof(array) / sizeof *(array))

#define HEAD "MESSAGE sip:bob@example.com SIP/2.0\r\nFrom: <sip:alice@example.com>;tag=1\r\nCSeq: 1 MESSAGE\r\n"

/* ---- the registry -------------------------------------------------------------------------------------------------- */

static void a_header_field_is_found_by_full_and_compact_name_in_any_case(void **state) {
  (void)state;
  for (int id = 1; id < CPM_SIP_HEADER_COUNT; id++) {
    char text[64];
    const cpm_str name = cpm_sip_header_name((cpm_sip_header)id);
    assert_int_equal(cpm_sip_header_id(name), id);
    for (size_t i = 0; i < name.n; i++) text[i] = (char)(name.p[i] >= 'a' && name.p[i] <= 'z' ? name.p[i] - 32 : name.p[i] | 0x20);
    assert_int_equal(cpm_sip_header_id(cpm_str_of(text, name.n)), id);
    if (name.n > 2) assert_int_not_equal(cpm_sip_header_id(cpm_str_of(text, name.n - 1)), id);
  }
#define CHECK(id, name, compact, shape, type) \
  if (compact) { \
    const char lower = compact, upper = (char)(compact & ~0x20); \
    assert_int_equal(cpm_sip_header_id(cpm_str_of(&lower, 1)), CPM_SIP_##id); \
    assert_int_equal(cpm_sip_header_id(cpm_str_of(&upper, 1)), CPM_SIP_##id); \
  } \
  assert_int_equal(cpm_sip_header_shape(CPM_SIP_##id), CPM_SIP_##shape);
  CPM_SIP_HEADERS(CHECK)
#undef CHECK
}

static void other_names_are_unknown(void **state) {
  (void)state;
  const cpm_str names[] = {
    S(""), S("z"), S("\0"), S("X-Own"), S("Fro"), S("Froms"), S("Call_ID"), S("Content-Length "), S("Fr\0m")
  };
  for (size_t i = 0; i < LENGTH_OF(names); i++) assert_int_equal(cpm_sip_header_id(names[i]), CPM_SIP_UNKNOWN);
  assert_int_equal(cpm_sip_header_id(cpm_str_none()), CPM_SIP_UNKNOWN);
  assert_null(cpm_sip_header_name(CPM_SIP_UNKNOWN).p);
  assert_null(cpm_sip_header_name(CPM_SIP_HEADER_COUNT).p);
  assert_int_equal(cpm_sip_header_shape(CPM_SIP_UNKNOWN), CPM_SIP_REPEAT);
  assert_int_equal(cpm_sip_header_shape(CPM_SIP_HEADER_COUNT), CPM_SIP_REPEAT);
}

static void methods_are_case_sensitive(void **state) {
  (void)state;
  for (int id = 1; id < CPM_METHOD_COUNT; id++)
    assert_int_equal(cpm_sip_method_id(cpm_sip_method_name((cpm_sip_method)id)), id);
  assert_int_equal(cpm_sip_method_id(S("invite")), CPM_METHOD_UNKNOWN);
  assert_int_equal(cpm_sip_method_id(S("INVITEX")), CPM_METHOD_UNKNOWN);
  assert_int_equal(cpm_sip_method_id(cpm_str_none()), CPM_METHOD_UNKNOWN);
  assert_null(cpm_sip_method_name(CPM_METHOD_UNKNOWN).p);
  assert_null(cpm_sip_method_name(CPM_METHOD_COUNT).p);
}

static void statuses_have_phrases(void **state) {
  (void)state;
  assert_str(cpm_sip_reason_phrase(200), "OK");
  assert_str(cpm_sip_reason_phrase(202), "Accepted");
  assert_str(cpm_sip_reason_phrase(488), "Not Acceptable Here");
  assert_str(cpm_sip_reason_phrase(416), "Unsupported URI Scheme");
  assert_str(cpm_sip_reason_phrase(299), "Unknown");
  assert_str(cpm_sip_reason_phrase(0), "Unknown");
}

/* ---- reading ------------------------------------------------------------------------------------------------------- */

static void a_request_is_split_into_slices(void **state) {
  (void)state;
  cpm_sip_field f[8];
  cpm_sip m = CPM_SIP_ROOM(f);
  cpm_diag d = { 0 };
  const cpm_str in = S(HEAD "f: x\r\nX-Own :\t a\r\n b \r\nContent-Length: 3\r\n\r\nabc");
  assert_status(cpm_sip_decode(&m, in, NULL, &d), CPM_OK, &d);
  assert_int_equal(m.status, 0);
  assert_int_equal(m.method, CPM_METHOD_MESSAGE);
  assert_str(m.method_name, "MESSAGE");
  assert_str(m.request_uri, "sip:bob@example.com");
  assert_str(m.version, "SIP/2.0");
  assert_int_equal(m.nfields, 5);
  assert_int_equal(f[2].id, CPM_SIP_FROM);
  assert_str(f[2].name, "f");
  assert_int_equal(f[3].id, CPM_SIP_UNKNOWN);
  assert_str(f[3].name, "X-Own");
  assert_str(f[3].value, "a\r\n b");
  assert_null(f[3].clauses);
  assert_str(m.body, "abc");
  assert_int_equal(m.size, in.n);
  assert_true(m.quirks == 0);
  assert_int_equal(m.npieces, 0);
}

static void a_response_has_status_reason_and_the_method_of_cseq(void **state) {
  (void)state;
  cpm_sip_field f[8];
  cpm_sip m = CPM_SIP_ROOM(f);
  assert_status(cpm_sip_decode(&m, S("SIP/2.0 486 Busy  Here\r\nCSeq: 7\r\n\tINVITE\r\nl:0\r\n\r\n"), NULL, NULL), CPM_OK, NULL);
  assert_int_equal(m.status, 486);
  assert_str(m.reason, "Busy  Here");
  assert_int_equal(m.method, CPM_METHOD_INVITE);
  assert_null(m.method_name.p);
  assert_null(m.request_uri.p);
  assert_str(m.body, "");
  assert_status(cpm_sip_decode(&m, S("SIP/2.0 100 \r\nCSeq: INVITE\r\nl:0\r\n\r\n"), NULL, NULL), CPM_OK, NULL);
  assert_str(m.reason, "");
  assert_int_equal(m.method, CPM_METHOD_UNKNOWN);
}

static void fields_are_found_in_order(void **state) {
  (void)state;
  cpm_sip_field f[8];
  cpm_sip m = CPM_SIP_ROOM(f);
  size_t at = 0;
  assert_status(cpm_sip_decode(&m, S(HEAD "v: 1\r\nVia: 2\r\nl:0\r\n\r\n"), NULL, NULL), CPM_OK, NULL);
  assert_str(cpm_sip_find(&m, CPM_SIP_VIA, NULL)->value, "1");
  assert_str(cpm_sip_find(&m, CPM_SIP_VIA, &at)->value, "1");
  assert_int_equal(at, 3);
  assert_str(cpm_sip_find(&m, CPM_SIP_VIA, &at)->value, "2");
  assert_null(cpm_sip_find(&m, CPM_SIP_VIA, &at));
  assert_int_equal(at, m.nfields);
  assert_str(cpm_sip_value(&m, CPM_SIP_CSEQ), "1 MESSAGE");
  assert_null(cpm_sip_value(&m, CPM_SIP_TO).p);
}

static int decode(cpm_str in, const cpm_opts *opts, cpm_diag *d, bool stream) {
  static cpm_sip_field f[64];
  cpm_sip m = CPM_SIP_ROOM(f);
  const int rc = stream ? cpm_sip_decode_stream(&m, in, opts, d) : cpm_sip_decode(&m, in, opts, d);
  if (rc) {
    assert_int_equal(d->code, rc);
    assert_true(d->off <= in.n);
    assert_non_null(d->rule);
    assert_int_equal(m.nfields, 0);
    assert_null(m.body.p);
    assert_ptr_equal(m.fields, f);
    assert_int_equal(m.cap, 64);
  }
  return rc;
}

#define assert_datagram(text, status, at) do { \
    cpm_diag d_ = { 0 }; \
    assert_status(decode(S(text), NULL, &d_, false), status, &d_); \
    assert_int_equal(d_.off, at); \
  } while (0)

static void a_content_length_that_lies_is_refused_either_way(void **state) {
  (void)state;
  assert_datagram(HEAD "l: 4\r\n\r\nabc", CPM_E_TRUNCATED, sizeof(HEAD) - 1 + 11);
  assert_datagram(HEAD "l: 2\r\nl: 3\r\n\r\nabc", CPM_E_DUPLICATE, sizeof(HEAD) - 1 + 9);
  assert_datagram(HEAD "l: -1\r\n\r\nabc", CPM_E_SYNTAX, sizeof(HEAD) - 1 + 3);
  assert_datagram(HEAD "l: +1\r\n\r\nabc", CPM_E_SYNTAX, sizeof(HEAD) - 1 + 3);
  assert_datagram(HEAD "l: 4294967328\r\n\r\nabc", CPM_E_TOO_LONG, sizeof(HEAD) - 1 + 17);
  assert_datagram(HEAD "l: 18446744073709551615\r\n\r\nabc", CPM_E_RANGE, sizeof(HEAD) - 1 + 27);
  assert_datagram(HEAD "l: 18446744073709551616\r\n\r\nabc", CPM_E_RANGE, sizeof(HEAD) - 1 + 3);
  assert_datagram(HEAD "l: 18446744073709551648\r\n\r\nabc", CPM_E_RANGE, sizeof(HEAD) - 1 + 3);
  assert_datagram(HEAD "l: 99999999999999999999999999\r\n\r\nabc", CPM_E_RANGE, sizeof(HEAD) - 1 + 3);
  cpm_opts opts = { 0 };
  cpm_diag d = { 0 };
  opts.max_body = UINT64_MAX;
  assert_status(decode(S(HEAD "l: 4294967328\r\n\r\nabc"), &opts, &d, false), sizeof(size_t) > 4 ? CPM_E_TRUNCATED : CPM_E_RANGE,
                &d);
  opts.max_body = 2;
  assert_status(decode(S(HEAD "l: 3\r\n\r\nabc"), &opts, &d, false), CPM_E_TOO_LONG, &d);
  assert_status(decode(S(HEAD "\r\nabc"), &opts, &d, false), CPM_E_TOO_LONG, &d);
}

/* Every quirk of the splitter: noted, and refused with opts.refuse. */
static void a_quirk_that_is_refused_is_an_error(void **state) {
  (void)state;
  const struct { cpm_str in; uint64_t quirk; } cases[] = {
    { S("\r\n" HEAD "l:0\r\n\r\n"),            CPM_QUIRK(SIP_LEADING_CRLF) },
    { S("\r\n\n" HEAD "l:0\r\n\r\n"),          CPM_QUIRK(SIP_LEADING_CRLF) | CPM_QUIRK(SIP_BARE_LF) },
    { S(HEAD "l:0\n\r\n"),                     CPM_QUIRK(SIP_BARE_LF) },
    { S(HEAD "l:0\r\n\n"),                     CPM_QUIRK(SIP_BARE_LF) },
    { S("MESSAGE sip:a SIP/2.0\nl:0\r\n\r\n"), CPM_QUIRK(SIP_BARE_LF) },
    { S(HEAD "\r\n"),                          CPM_QUIRK(SIP_NO_LENGTH) },
    { S(HEAD "l:1\r\nl:1\r\n\r\na"),           CPM_QUIRK(SIP_LENGTH_REPEATED) },
    { S(HEAD "l:1\r\n\r\nab"),                 CPM_QUIRK(SIP_TRAILING_BYTES) },
    { S("SIP/2.0 700 x\r\nl:0\r\n\r\n"),       CPM_QUIRK(SIP_STATUS_ANY) },
    { S("SIP/2.0 099 x\r\nl:0\r\n\r\n"),       CPM_QUIRK(SIP_STATUS_ANY) },
  };
  for (size_t i = 0; i < LENGTH_OF(cases); i++) {
    cpm_sip_field f[8];
    cpm_sip m = CPM_SIP_ROOM(f);
    cpm_diag d = { 0 };
    cpm_opts opts = { 0 };
    assert_status(cpm_sip_decode(&m, cases[i].in, NULL, &d), CPM_OK, &d);
    assert_true(m.quirks == cases[i].quirk);
    opts.refuse = ~cases[i].quirk;
    assert_status(decode(cases[i].in, &opts, &d, false), CPM_OK, &d);
    for (unsigned bit = 0; bit < 64; bit++) {
      opts.refuse = UINT64_C(1) << bit;
      const bool met = (cases[i].quirk & opts.refuse) != 0;
      assert_status(decode(cases[i].in, &opts, &d, false), met ? CPM_E_QUIRK : CPM_OK, &d);
    }
  }
}

static void what_two_parsers_would_read_differently_is_refused(void **state) {
  (void)state;
  assert_datagram(HEAD "l\r\n : 0\r\n\r\n", CPM_E_SYNTAX, sizeof(HEAD) - 1 + 1);
  assert_datagram(HEAD "l\v: 0\r\n\r\n", CPM_E_SYNTAX, sizeof(HEAD) - 1 + 1);
  assert_datagram(HEAD "l\r: 0\r\n\r\n", CPM_E_SYNTAX, sizeof(HEAD) - 1 + 1);
  assert_datagram(HEAD "l\0: 0\r\n\r\n", CPM_E_SYNTAX, sizeof(HEAD) - 1 + 1);
  assert_datagram(HEAD "l l: 0\r\n\r\n", CPM_E_SYNTAX, sizeof(HEAD) - 1 + 2);
  assert_datagram(HEAD "l\r\n\r\n", CPM_E_SYNTAX, sizeof(HEAD) - 1 + 1);
  assert_datagram(HEAD ": 0\r\n\r\n", CPM_E_SYNTAX, sizeof(HEAD) - 1);
  assert_datagram(HEAD "s: a\0b\r\n\r\n", CPM_E_SYNTAX, sizeof(HEAD) - 1 + 4);
  assert_datagram(HEAD "s: a\rb\r\n\r\n", CPM_E_SYNTAX, sizeof(HEAD) - 1 + 4);
  assert_datagram(HEAD "s: a\r\r\n\r\n", CPM_E_SYNTAX, sizeof(HEAD) - 1 + 4);
  assert_datagram(HEAD "s: a\n b\r\n\r\n", CPM_E_SYNTAX, sizeof(HEAD) - 1 + 4);
  assert_datagram(HEAD "s: a\r\n b\n c\r\n\r\n", CPM_E_SYNTAX, sizeof(HEAD) - 1 + 8);
  assert_datagram("MESSAGE sip:a SIP/2.0\r\n l: 0\r\n\r\n", CPM_E_SYNTAX, 23);
}

/* Text of n times `part` between `start` and `end`. */
static cpm_str repeated(const char *start, const char *part, size_t n, const char *end) {
  const size_t len = strlen(start) + n * strlen(part) + strlen(end);
  char *p = malloc(len + 1), *at = p;
  assert_non_null(p);
  at += sprintf(at, "%s", start);
  for (size_t i = 0; i < n; i++) at += sprintf(at, "%s", part);
  sprintf(at, "%s", end);
  return cpm_str_of(p, len);
}

static void a_header_of_60000_bytes_needs_a_higher_limit(void **state) {
  (void)state;
  const cpm_str in = repeated(HEAD "X: ", "abcdefghij", 6000, "\r\nl:0\r\n\r\n");
  const cpm_str folded = repeated(HEAD "X:", "\r\n abcdefg", 6000, "\r\nl:0\r\n\r\n");
  cpm_opts opts = { 0 };
  cpm_diag d = { 0 };
  for (int stream = 0; stream < 2; stream++) {
    assert_status(decode(in, NULL, &d, stream), CPM_E_TOO_LONG, &d);
    assert_int_equal(d.off, sizeof(HEAD) - 1);
    assert_status(decode(folded, NULL, &d, stream), CPM_E_TOO_LONG, &d);
    opts.max_line = 60100;
    assert_status(decode(in, &opts, &d, stream), CPM_OK, &d);
    assert_status(decode(folded, &opts, &d, stream), CPM_OK, &d);
    opts.max_line = 60003;
    assert_status(decode(in, &opts, &d, stream), CPM_OK, &d);
    opts.max_line = 60002;
    assert_status(decode(in, &opts, &d, stream), CPM_E_TOO_LONG, &d);
    opts.max_line = SIZE_MAX;
    assert_status(decode(in, &opts, &d, stream), CPM_OK, &d);
    opts.max_head = 60000;
    assert_status(decode(in, &opts, &d, stream), CPM_E_TOO_LONG, &d);
    opts.max_head = SIZE_MAX;
    assert_status(decode(in, &opts, &d, stream), CPM_OK, &d);
    opts.max_head = 0;
  }
  free((void *)(uintptr_t)in.p);
  free((void *)(uintptr_t)folded.p);
}

static void a_head_without_end_is_refused_at_the_limit(void **state) {
  (void)state;
  cpm_opts opts = { 0 };
  cpm_diag d = { 0 };
  for (int stream = 0; stream < 2; stream++) {
    opts.max_head = sizeof(HEAD) - 1 + 4;
    assert_status(decode(S(HEAD "Y: a"), &opts, &d, stream), stream ? CPM_E_MORE : CPM_E_TRUNCATED, &d);
    assert_status(decode(S(HEAD "Y: ab"), &opts, &d, stream), CPM_E_TOO_LONG, &d);
    assert_status(decode(S(HEAD "Y: ab\r\nl: 0\r\n\r\n"), &opts, &d, stream), CPM_E_TOO_LONG, &d);
    opts.max_head = 0;
    opts.max_line = 34;
    assert_status(decode(S(HEAD "l: 0\r\n\r\n"), &opts, &d, stream), CPM_E_TOO_LONG, &d);
    assert_int_equal(d.off, 0);
    opts.max_line = 35;
    assert_status(decode(S(HEAD "l: 0\r\n\r\n"), &opts, &d, stream), CPM_OK, &d);
    opts.max_line = 0;
  }
}

static void an_array_that_is_missing_is_an_argument_error(void **state) {
  (void)state;
  cpm_sip m = { 0 };
  m.cap = 1;
  assert_status(cpm_sip_decode(&m, S(HEAD), NULL, NULL), CPM_E_ARG, NULL);
  assert_status(cpm_sip_decode_stream(NULL, S(HEAD), NULL, NULL), CPM_E_ARG, NULL);
}

static void ten_thousand_headers_need_an_array_of_that_size(void **state) {
  (void)state;
  const cpm_str in = repeated(HEAD, "X:\r\n", 10000, "Content-Length: 0\r\n\r\n");
  static cpm_sip_field f[10003];
  cpm_sip m = { 0 };
  cpm_diag d = { 0 };
  for (size_t cap = 0; cap < 100; cap += 33) {
    m.fields = f;
    m.cap = cap;
    f[cap].id = CPM_SIP_HEADER_COUNT;
    assert_status(cpm_sip_decode(&m, in, NULL, &d), CPM_E_TOO_MANY, &d);
    assert_int_equal(f[cap].id, CPM_SIP_HEADER_COUNT);
    assert_int_equal(d.need, 10003);
    assert_status(cpm_sip_decode_stream(&m, in, NULL, &d), CPM_E_TOO_MANY, &d);
    assert_int_equal(d.need, 10003);
  }
  m.cap = 10003;
  assert_status(cpm_sip_decode_stream(&m, in, NULL, &d), CPM_OK, &d);
  assert_int_equal(m.nfields, 10003);
  assert_int_equal(f[10002].id, CPM_SIP_CONTENT_LENGTH);
  free((void *)(uintptr_t)in.p);
  const cpm_str more = repeated(HEAD, "X: abcd\r\n", 10000, "Content-Length: 0\r\n\r\n");
  cpm_opts opts = { 0 };
  assert_status(cpm_sip_decode(&m, more, NULL, &d), CPM_E_TOO_LONG, &d);
  opts.max_head = 100000;
  assert_status(cpm_sip_decode(&m, more, &opts, &d), CPM_OK, &d);
  free((void *)(uintptr_t)more.p);
}

static void noise_is_refused(void **state) {
  (void)state;
  unsigned seed = 7;
  char *noise = malloc(65536);
  assert_non_null(noise);
  for (unsigned run = 0; run < 50; run++) {
    for (size_t i = 0; i < 65536; i++) noise[i] = (char)((seed = seed * 1103515245u + 12345u) >> 16);
    cpm_diag d = { 0 };
    assert_status(decode(cpm_str_of(noise, 65536), NULL, &d, false), CPM_E_SYNTAX, &d);
    assert_status(decode(cpm_str_of(noise, 65536), NULL, &d, true), CPM_E_SYNTAX, &d);
    /* The same behind a good start line. */
    memcpy(noise, HEAD, sizeof(HEAD) - 1);
    assert_true(decode(cpm_str_of(noise, 65536), NULL, &d, false) < 0);
  }
  memset(noise, 0, 65536);
  cpm_diag d = { 0 };
  assert_status(decode(cpm_str_of(noise, 65536), NULL, &d, false), CPM_E_SYNTAX, &d);
  memset(noise, '\n', 65536);
  assert_status(decode(cpm_str_of(noise, 65536), NULL, &d, false), CPM_E_TRUNCATED, &d);
  assert_status(decode(cpm_str_of(noise, 65536), NULL, &d, true), CPM_E_MORE, &d);
  memset(noise, 'A', 65536);
  assert_status(decode(cpm_str_of(noise, 65536), NULL, &d, false), CPM_E_TOO_LONG, &d);
  assert_status(decode(cpm_str_of(noise, 65536), NULL, &d, true), CPM_E_TOO_LONG, &d);
  assert_status(decode(cpm_str_none(), NULL, &d, false), CPM_E_TRUNCATED, &d);
  assert_status(decode(cpm_str_none(), NULL, &d, true), CPM_E_MORE, &d);
  free(noise);
}

static void empty_lines_do_not_fill_a_stream_for_ever(void **state) {
  (void)state;
  const cpm_str in = repeated("", "\r\n", 32769, "");
  cpm_diag d = { 0 };
  assert_status(decode(in, NULL, &d, true), CPM_E_TOO_LONG, &d);
  free((void *)(uintptr_t)in.p);
}

static void use_prefix(cpm_str prefix, void *ctx) {
  const cpm_str whole = *(const cpm_str *)ctx;
  cpm_diag d = { 0 };
  assert_status(decode(prefix, NULL, &d, false), prefix.n < whole.n ? CPM_E_TRUNCATED : CPM_OK, &d);
}

static void every_prefix_of_a_datagram_is_truncated(void **state) {
  (void)state;
  cpm_str in = S("\r\n" HEAD "X: a\r\n\t b\r\nContent-Length: 5\r\n\r\na\r\n\0b");
  support_every_prefix(in, use_prefix, &in);
}

/* ---- streams ------------------------------------------------------------------------------------------------------- */

#define STREAM_HEAD "\r\n" HEAD "X: a\r\n\t b\r\nContent-Length:\r\n 5\r\n\r\n"

static void use_stream_prefix(cpm_str prefix, void *ctx) {
  const cpm_str whole = *(const cpm_str *)ctx;
  cpm_diag d = { 0 };
  const int rc = decode(prefix, NULL, &d, true);
  assert_status(rc, prefix.n < whole.n ? CPM_E_MORE : CPM_OK, &d);
  if (rc == CPM_OK) return;
  assert_true(d.need > 0 && d.need <= whole.n - prefix.n);
  if (prefix.n >= sizeof(STREAM_HEAD) - 1) assert_int_equal(d.need, whole.n - prefix.n);
}

static void a_stream_says_at_every_byte_how_much_it_needs(void **state) {
  (void)state;
  cpm_str in = S(STREAM_HEAD "a\r\n\0b");
  support_every_prefix(in, use_stream_prefix, &in);
}

static void the_need_of_a_head_is_what_could_end_it(void **state) {
  (void)state;
  const struct { const char *tail; uint64_t lenient, strict; } cases[] = {
    { HEAD "X: a", 2, 4 }, { HEAD "X: a\r", 2, 3 }, { HEAD "X: a\r\n", 1, 2 }, { HEAD "X: a\r\n\r", 1, 1 },
  };
  for (size_t i = 0; i < LENGTH_OF(cases); i++) {
    cpm_diag d = { 0 };
    cpm_opts strict = { 0 };
    strict.refuse = CPM_QUIRKS_ALL;
    assert_status(decode(cpm_str_z(cases[i].tail), NULL, &d, true), CPM_E_MORE, &d);
    assert_int_equal(d.need, cases[i].lenient);
    assert_status(decode(cpm_str_z(cases[i].tail), &strict, &d, true), CPM_E_MORE, &d);
    assert_int_equal(d.need, cases[i].strict);
  }
}

static void two_messages_in_one_read_come_one_by_one(void **state) {
  (void)state;
  cpm_sip_field f[8];
  cpm_sip m = CPM_SIP_ROOM(f);
  cpm_str in = S(HEAD "l: 2\r\n\r\nab\r\n\r\nSIP/2.0 200 OK\r\nl: 1\r\n\r\ncSIP");
  assert_status(cpm_sip_decode_stream(&m, in, NULL, NULL), CPM_OK, NULL);
  assert_str(m.body, "ab");
  assert_true(m.quirks == 0);
  in = cpm_str_of(in.p + m.size, in.n - m.size);
  assert_status(cpm_sip_decode_stream(&m, in, NULL, NULL), CPM_OK, NULL);
  assert_int_equal(m.status, 200);
  assert_str(m.body, "c");
  assert_true(m.quirks == CPM_QUIRK(SIP_LEADING_CRLF));
  in = cpm_str_of(in.p + m.size, in.n - m.size);
  assert_str(in, "SIP");
  assert_status(cpm_sip_decode_stream(&m, in, NULL, NULL), CPM_E_MORE, NULL);
}

static void a_stream_needs_a_content_length(void **state) {
  (void)state;
  cpm_diag d = { 0 };
  assert_status(decode(S(HEAD "\r\n"), NULL, &d, true), CPM_E_MISSING, &d);
  assert_status(decode(S(HEAD "l: 4294967328\r\n\r\n"), NULL, &d, true), CPM_E_TOO_LONG, &d);
  assert_status(decode(S(HEAD "l: -1\r\nX"), NULL, &d, true), CPM_E_SYNTAX, &d);
  if (sizeof(size_t) > 4) {
    cpm_opts opts = { 0 };
    opts.max_body = UINT64_MAX;
    assert_status(decode(S(HEAD "l: 4294967328\r\n\r\na"), &opts, &d, true), CPM_E_MORE, &d);
    assert_true(d.need == UINT64_C(4294967327));
  }
}

static void a_stream_that_is_no_sip_is_refused_at_once(void **state) {
  (void)state;
  cpm_diag d = { 0 };
  assert_status(decode(S("GET / HTTP"), NULL, &d, true), CPM_E_SYNTAX, &d);
  assert_int_equal(d.off, 6);
  assert_status(decode(S("\x16\x03\x01"), NULL, &d, true), CPM_E_SYNTAX, &d);
  assert_status(decode(S("SIP/2.0 200 OK\r"), NULL, &d, true), CPM_E_MORE, &d);
  assert_status(decode(S("SIP/2.0 200 OK\rX"), NULL, &d, true), CPM_E_SYNTAX, &d);
}

/* ---- writing ------------------------------------------------------------------------------------------------------- */

static int encode_message(char *dst, size_t cap, size_t *len, void *ctx) { return cpm_sip_encode(dst, cap, len, ctx, NULL); }

static cpm_sip_field field(cpm_sip_header id, const char *name, const char *value) {
  cpm_sip_field f = { 0 };
  f.id = id;
  f.name = cpm_str_z(name);
  f.value = cpm_str_z(value);
  return f;
}

static void a_request_is_written_at_every_buffer_size(void **state) {
  (void)state;
  cpm_sip_field f[] = {
    field(CPM_SIP_FROM, "f", " <sip:alice@example.com>;tag=1 \t"), field(CPM_SIP_CONTENT_LENGTH, NULL, "99"),
    field(CPM_SIP_UNKNOWN, "X-Own", "a \r\n\t b"), field(CPM_SIP_SUBJECT, NULL, ""), field(CPM_SIP_UNKNOWN, "l", "98"),
    field(CPM_SIP_UNKNOWN, "content-length", "97"), field(CPM_SIP_UNKNOWN, "x", "\r\n a\r\n "), field(CPM_SIP_UNKNOWN, "Y", NULL),
  };
  cpm_sip m = CPM_SIP_ROOM(f);
  m.nfields = LENGTH_OF(f);
  m.method = CPM_METHOD_MESSAGE;
  m.request_uri = S("sip:bob@example.com");
  m.body = S("a\0\r\nb");
  static const char want[] =
      "MESSAGE sip:bob@example.com SIP/2.0\r\nFrom: <sip:alice@example.com>;tag=1\r\nX-Own: a b\r\nSubject:\r\n"
      "Session-Expires: a\r\nY:\r\nContent-Length: 5\r\n\r\na\0\r\nb";
  assert_str(support_every_size(encode_message, &m), want);
}

/* ---- in two parts */

typedef struct in_parts { const cpm_sip *msg; const cpm_sip_header *without; } in_parts;
static int encode_fields(char *dst, size_t cap, size_t *len, void *ctx) {
  const in_parts *p = ctx;
  return cpm_sip_encode_fields(dst, cap, len, p->msg, p->without, NULL);
}
static int encode_body(char *dst, size_t cap, size_t *len, void *ctx) { return cpm_sip_encode_body(dst, cap, len, ctx, NULL); }

static void fields_and_body_are_written_apart_at_every_buffer_size(void **state) {
  (void)state;
  static const cpm_sip_header dialog[] = { CPM_SIP_FROM, CPM_SIP_TO, CPM_SIP_UNKNOWN };
  cpm_sip_field f[] = {
    field(CPM_SIP_FROM, NULL, "<sip:a@b>"), field(CPM_SIP_CONTENT_LENGTH, NULL, "99"), field(CPM_SIP_UNKNOWN, "X-Own", "a \r\n\t b"),
    field(CPM_SIP_UNKNOWN, "t", "<sip:c@d>"), field(CPM_SIP_CONTENT_TYPE, NULL, "text/plain"),
  };
  cpm_sip m = CPM_SIP_ROOM(f);
  m.nfields = LENGTH_OF(f);
  m.body = S("a\0\r\nb");
  in_parts all = { &m, NULL }, some = { &m, dialog };
  assert_str(support_every_size(encode_fields, &all), "From: <sip:a@b>\r\nX-Own: a b\r\nTo: <sip:c@d>\r\nContent-Type: text/plain\r\n");
  assert_str(support_every_size(encode_fields, &some), "X-Own: a b\r\nContent-Type: text/plain\r\n");
  static const char body[] = "a\0\r\nb", both[] = "a\0\r\nb-more";
  assert_str(support_every_size(encode_body, &m), body);
  m.pieces[0].bytes = m.body;
  m.pieces[1].bytes = S("-more");
  m.npieces = 2;
  assert_str(support_every_size(encode_body, &m), both);
  m = (cpm_sip){ 0 };
  assert_str(support_every_size(encode_fields, &all), "");
  assert_str(support_every_size(encode_body, &m), "");
}

/* Encode gives the same octets, and decode gives the fields back. */
static void lines_and_body_make_the_message(void **state) {
  (void)state;
  cpm_sip_field f[] = { field(CPM_SIP_SUBJECT, NULL, " a \r\n b"), field(CPM_SIP_UNKNOWN, "X", "") }, g[8];
  cpm_sip m = CPM_SIP_ROOM(f), back = CPM_SIP_ROOM(g);
  char whole[256], parts[256], again[256];
  size_t n = 0, lines = 0, body = 0, nagain = 0;
  m.nfields = 2;
  m.status = 200;
  m.body = S("hello");
  assert_int_equal(cpm_sip_encode(whole, sizeof whole, &n, &m, NULL), CPM_OK);
  assert_int_equal(cpm_sip_encode_fields(parts, sizeof parts, &lines, &m, NULL, NULL), CPM_OK);
  assert_memory_equal(whole + strlen("SIP/2.0 200 OK\r\n"), parts, lines);
  assert_int_equal(cpm_sip_encode_body(parts, sizeof parts, &body, &m, NULL), CPM_OK);
  assert_memory_equal(whole + n - body, parts, body);
  assert_int_equal(cpm_sip_decode(&back, cpm_str_of(whole, n), NULL, NULL), CPM_OK);
  assert_int_equal(cpm_sip_encode_fields(again, sizeof again, &nagain, &back, NULL, NULL), CPM_OK);
  assert_int_equal(nagain, lines);
  assert_memory_equal(whole + strlen("SIP/2.0 200 OK\r\n"), again, lines);
}

static void no_field_breaks_out_of_lines_alone(void **state) {
  (void)state;
  const cpm_str bad[] = { S("a\r\nb"), S("a\nb"), S("a\rb"), S("a\0b"), S("a\r\n") };
  char out[64];
  cpm_diag d = { 0 };
  size_t n = 0;
  for (size_t i = 0; i < LENGTH_OF(bad); i++) {
    cpm_sip_field f[] = { field(CPM_SIP_SUBJECT, NULL, "x") };
    cpm_sip m = CPM_SIP_ROOM(f);
    m.nfields = 1;
    f[0].value = bad[i];
    assert_int_equal(cpm_sip_encode_fields(out, sizeof out, &n, &m, NULL, &d), CPM_E_INJECTION);
    f[0] = field(CPM_SIP_UNKNOWN, NULL, "x");
    f[0].name = bad[i];
    assert_int_equal(cpm_sip_encode_fields(out, sizeof out, &n, &m, NULL, &d), CPM_E_INJECTION);
  }
  cpm_sip m = { .body = S("\r\n\0") };                          /* a body may hold anything */
  assert_int_equal(cpm_sip_encode_body(out, sizeof out, &n, &m, &d), CPM_OK);
  m.npieces = 1;
  m.pieces[0].bytes.n = 3;
  assert_int_equal(cpm_sip_encode_body(NULL, 0, &n, &m, &d), CPM_OK);
  assert_int_equal(n, 3);
  assert_int_equal(cpm_sip_encode_body(out, sizeof out, &n, &m, &d), CPM_E_ARG);
  m.npieces = CPM_SIP_PIECES + 1;
  assert_int_equal(cpm_sip_encode_body(out, sizeof out, &n, &m, &d), CPM_E_ARG);
  assert_int_equal(cpm_sip_encode_body(out, sizeof out, &n, NULL, &d), CPM_E_ARG);
  assert_int_equal(cpm_sip_encode_fields(out, sizeof out, &n, NULL, NULL, &d), CPM_E_ARG);
}

static void a_response_is_written_with_its_phrase(void **state) {
  (void)state;
  cpm_sip m = { 0 };
  m.status = 488;
  assert_str(support_every_size(encode_message, &m), "SIP/2.0 488 Not Acceptable Here\r\nContent-Length: 0\r\n\r\n");
  m.reason = S("");
  assert_str(support_every_size(encode_message, &m), "SIP/2.0 488 \r\nContent-Length: 0\r\n\r\n");
  m.reason = S("Caf\xc3\xa9\t\"x\"");
  assert_str(support_every_size(encode_message, &m), "SIP/2.0 488 Caf\xc3\xa9\t\"x\"\r\nContent-Length: 0\r\n\r\n");
}

static void pieces_are_the_body_in_order(void **state) {
  (void)state;
  cpm_sip m = { 0 };
  size_t len = 0;
  char buf[200];
  m.method_name = S("X-OWN");
  m.request_uri = S("urn:a");
  m.body = S("not used");
  m.npieces = 3;
  m.pieces[0].bytes = S("ab");
  m.pieces[1].bytes.n = 10;
  m.pieces[2].bytes = S("c");
  assert_status(cpm_sip_encode(NULL, 0, &len, &m, NULL), CPM_OK, NULL);
  assert_int_equal(len, sizeof("X-OWN urn:a SIP/2.0\r\nContent-Length: 13\r\n\r\n") - 1 + 13);
  assert_status(cpm_sip_encode(buf, sizeof buf, &len, &m, NULL), CPM_E_ARG, NULL);
  m.pieces[1].bytes = S("0123456789");
  assert_str(support_every_size(encode_message, &m), "X-OWN urn:a SIP/2.0\r\nContent-Length: 13\r\n\r\nab0123456789c");
  m.npieces = CPM_SIP_PIECES + 1;
  assert_status(cpm_sip_encode(NULL, 0, &len, &m, NULL), CPM_E_ARG, NULL);
}

static void a_buffer_that_is_too_small_stays_as_it_was(void **state) {
  (void)state;
  cpm_sip m = { 0 };
  char buf[64];
  size_t len = 0;
  cpm_diag d = { 0 };
  m.status = 200;
  memset(buf, 0x5a, sizeof buf);
  assert_status(cpm_sip_encode(buf, 36, &len, &m, &d), CPM_E_SPACE, &d);
  assert_int_equal(len, 37);
  assert_int_equal(d.need, 37);
  for (size_t i = 0; i < sizeof buf; i++) assert_int_equal(buf[i], 0x5a);
}

/* The buffer stays as it was. */
static void refused(const cpm_sip *m, int status) {
  char buf[256];
  size_t len = 0;
  cpm_diag d = { 0 };
  memset(buf, 0x5a, sizeof buf);
  assert_status(cpm_sip_encode(buf, sizeof buf, &len, m, &d), status, &d);
  assert_status(cpm_sip_encode(NULL, 0, &len, m, &d), status, &d);
  assert_int_equal(d.code, status);
  assert_non_null(d.rule);
  for (size_t i = 0; i < sizeof buf; i++) assert_int_equal(buf[i], 0x5a);
}

static void no_part_can_break_out_of_its_line(void **state) {
  (void)state;
  const cpm_str bad[] = { S("a\r\nb"), S("a\nb"), S("a\rb"),     S("a\0b"), S("a\r\n"), S("\r\na"),  S("a\n b"), S("a\r\n\r\n b"),
                          S("\n"),     S("\r\n"), S("a\r\n \n"), S("\r"),   S("\0"),    S("a \r\n"), S("a\r") };
  for (size_t i = 0; i < LENGTH_OF(bad); i++) {
    cpm_sip_field f[] = { field(CPM_SIP_FROM, NULL, "x") };
    cpm_sip m = CPM_SIP_ROOM(f), good;
    m.nfields = 1;
    m.method = CPM_METHOD_BYE;
    m.request_uri = S("sip:a");
    good = m;
    f[0].value = bad[i];
    refused(&m, CPM_E_INJECTION);
    f[0] = field(CPM_SIP_UNKNOWN, NULL, "x");
    f[0].name = bad[i];
    refused(&m, CPM_E_INJECTION);
    f[0].name = S("X");
    m.request_uri = bad[i];
    refused(&m, CPM_E_INJECTION);
    m = good;
    m.method_name = bad[i];
    refused(&m, CPM_E_INJECTION);
    m = good;
    m.status = 200;
    m.reason = bad[i];
    refused(&m, CPM_E_INJECTION);
  }
}

static void what_the_grammar_cannot_hold_is_refused(void **state) {
  (void)state;
  cpm_sip_field f[] = { field(CPM_SIP_UNKNOWN, "X", "x") };
  cpm_sip m = CPM_SIP_ROOM(f), good;
  m.nfields = 1;
  m.method = CPM_METHOD_BYE;
  m.request_uri = S("sip:a");
  good = m;
  const char *const names[] = { "", "X Y", "X:", " X", "X\t", "X\x7f", "X(" };
  for (size_t i = 0; i < LENGTH_OF(names); i++) {
    f[0].name = cpm_str_z(names[i]);
    refused(&m, CPM_E_VALUE);
  }
  f[0].name = cpm_str_none();
  refused(&m, CPM_E_VALUE);
  f[0].name = S("X");
  const char *const uris[] = { "", "sip:a b", "sip:a\t", " sip:a", "sip:\x01", "sip:\x7f" };
  for (size_t i = 0; i < LENGTH_OF(uris); i++) {
    m.request_uri = cpm_str_z(uris[i]);
    refused(&m, CPM_E_VALUE);
  }
  m.request_uri = cpm_str_none();
  refused(&m, CPM_E_VALUE);
  const char *const methods[] = { "", "A B", "A/B", "A\x01" };
  for (size_t i = 0; i < LENGTH_OF(methods); i++) {
    m = good;
    m.method_name = cpm_str_z(methods[i]);
    refused(&m, CPM_E_VALUE);
  }
  m = good;
  m.method = CPM_METHOD_UNKNOWN;
  refused(&m, CPM_E_VALUE);
  const unsigned statuses[] = { 1, 99, 700, 1000, 4294967295u };
  for (size_t i = 0; i < LENGTH_OF(statuses); i++) {
    m = good;
    m.status = statuses[i];
    refused(&m, CPM_E_VALUE);
  }
  m.status = 200;
  m.reason = S("a\x7f");
  refused(&m, CPM_E_VALUE);
  m = good;
  f[0].id = CPM_SIP_HEADER_COUNT;
  refused(&m, CPM_E_ARG);
  m.fields = NULL;
  refused(&m, CPM_E_ARG);
  assert_int_equal(cpm_sip_encode(NULL, 0, NULL, NULL, NULL), CPM_E_ARG);
}

static void the_offset_of_a_refused_value_counts_from_its_start(void **state) {
  (void)state;
  cpm_sip_field f[] = { field(CPM_SIP_FROM, NULL, " \t a\nb") };
  cpm_sip m = CPM_SIP_ROOM(f);
  cpm_diag d = { 0 };
  m.nfields = 1;
  m.status = 200;
  assert_status(cpm_sip_encode(NULL, 0, NULL, &m, &d), CPM_E_INJECTION, &d);
  assert_int_equal(d.off, 4);
  assert_string_equal(d.rule, "From");
}

static void hundreds_of_fields_are_written(void **state) {
  (void)state;
  static cpm_sip_field f[1000], back[1001];
  for (size_t i = 0; i < 1000; i++) f[i] = field(CPM_SIP_UNKNOWN, "X-Own", "0123456789");
  cpm_sip m = CPM_SIP_ROOM(f), again = CPM_SIP_ROOM(back);
  size_t len = 0;
  m.nfields = 1000;
  m.status = 200;
  assert_status(cpm_sip_encode(NULL, 0, &len, &m, NULL), CPM_OK, NULL);
  char *buf = malloc(len);
  assert_non_null(buf);
  assert_status(cpm_sip_encode(buf, len, &len, &m, NULL), CPM_OK, NULL);
  assert_status(cpm_sip_decode(&again, cpm_str_of(buf, len), NULL, NULL), CPM_OK, NULL);
  assert_int_equal(again.nfields, 1001);
  free(buf);
}

/* ---- vectors ------------------------------------------------------------------------------------------------------- */

static void dump_slice(FILE *out, const char *what, cpm_str s, cpm_str in) {
  fprintf(out, "  %s %zu+%zu ", what, (size_t)(s.p - in.p), s.n);
  support_print(out, s);
  fputc('\n', out);
}

static void dump_fields(FILE *out, const cpm_sip *m, cpm_str in) {
  for (size_t i = 0; i < m->nfields; i++) {
    const cpm_sip_field *const f = &m->fields[i];
    const cpm_str known = cpm_sip_header_name(f->id);
    fprintf(out, "  %zu ", (size_t)(f->name.p - in.p));
    support_print(out, f->name);
    fprintf(out, " [%.*s] %zu+%zu ", (int)known.n, known.p ? known.p : "", (size_t)(f->value.p - in.p), f->value.n);
    support_print(out, f->value);
    fputc('\n', out);
  }
}

static void dump_error(FILE *out, const char *how, const cpm_diag *d) {
  fprintf(out, "%s: %s at %zu: %s", how, cpm_status_name(d->code), d->off, d->rule);
  if (d->clause) fprintf(out, " (%s)", d->clause);
  if (d->need) fprintf(out, ", need %llu", (unsigned long long)d->need);
  fputc('\n', out);
}

static void dump_message(FILE *out, const cpm_sip *m, cpm_str in) {
  if (m->status) {
    fprintf(out, "datagram: response %u, method %d\n", m->status, m->method);
    dump_slice(out, "reason", m->reason, in);
  } else {
    fprintf(out, "datagram: request, method %d\n", m->method);
    dump_slice(out, "method", m->method_name, in);
    dump_slice(out, "request-uri", m->request_uri, in);
  }
  dump_slice(out, "version", m->version, in);
  dump_fields(out, m, in);
  dump_slice(out, "body", m->body, in);
  fprintf(out, "  size %zu of %zu\n  quirks ", m->size, in.n);
  support_quirks(out, m->quirks);
  fputc('\n', out);
}

/* What was read is written and read again: then nothing changes any more. */
static void dump_encoded(FILE *out, const cpm_sip *m) {
  cpm_sip_field f[64];
  cpm_sip again = CPM_SIP_ROOM(f);
  cpm_diag d = { 0 };
  size_t n = 0, n2 = 0;
  char buf[4096], buf2[4096];
  if (cpm_sip_encode(buf, sizeof buf, &n, m, &d)) { dump_error(out, "encode", &d); return; }
  assert_status(cpm_sip_decode(&again, cpm_str_of(buf, n), NULL, &d), CPM_OK, &d);
  assert_true(again.quirks == 0);
  assert_status(cpm_sip_encode(buf2, sizeof buf2, &n2, &again, &d), CPM_OK, &d);
  assert_int_equal(n, n2);
  assert_memory_equal(buf, buf2, n);
}

static void dump(cpm_str in, FILE *out) {
  cpm_sip_field f[64];
  cpm_sip m = CPM_SIP_ROOM(f), s = CPM_SIP_ROOM(f);
  cpm_diag d = { 0 };
  if (cpm_sip_decode(&m, in, NULL, &d)) {
    dump_error(out, "datagram", &d);
  } else {
    dump_message(out, &m, in);
    dump_encoded(out, &m);
  }
  if (cpm_sip_decode_stream(&s, in, NULL, &d)) {
    dump_error(out, "stream", &d);
  } else {
    fprintf(out, "stream: size %zu, body %zu, quirks ", s.size, s.body.n);
    support_quirks(out, s.quirks);
    fputc('\n', out);
  }
}

static void vectors(void **state) {
  (void)state;
  support_vectors("sip", dump);
}

static void dump_start_line(cpm_str line, unsigned number, void *ctx) {
  FILE *const out = ctx;
  static const char rest[] = "\r\nl:0\r\n\r\n";
  cpm_sip_field f[8];
  cpm_sip m = CPM_SIP_ROOM(f);
  cpm_diag d = { 0 };
  char text[256];
  assert_true(line.n + sizeof rest < sizeof text);
  memcpy(text, line.p, line.n);
  memcpy(text + line.n, rest, sizeof rest - 1);
  const cpm_str in = cpm_str_of(text, line.n + sizeof rest - 1);
  fprintf(out, "%u ", number);
  support_print(out, line);
  fputs("\n  ", out);
  if (cpm_sip_decode(&m, in, NULL, &d)) {
    dump_error(out, "error", &d);
    return;
  }
  if (m.status) fprintf(out, "%u ", m.status);
  support_print(out, m.status ? m.reason : m.method_name);
  fputs(" | ", out);
  support_print(out, m.request_uri);
  fputs(" | ", out);
  support_print(out, m.version);
  fputs(" | ", out);
  support_quirks(out, m.quirks);
  fputc('\n', out);
}

static void dump_start_lines(cpm_str in, FILE *out) { support_every_line(in, dump_start_line, out); }

static void start_line_vectors(void **state) {
  (void)state;
  support_vectors("sip_start", dump_start_lines);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_header_field_is_found_by_full_and_compact_name_in_any_case),
    cmocka_unit_test(other_names_are_unknown),
    cmocka_unit_test(methods_are_case_sensitive),
    cmocka_unit_test(statuses_have_phrases),
    cmocka_unit_test(a_request_is_split_into_slices),
    cmocka_unit_test(a_response_has_status_reason_and_the_method_of_cseq),
    cmocka_unit_test(fields_are_found_in_order),
    cmocka_unit_test(a_content_length_that_lies_is_refused_either_way),
    cmocka_unit_test(a_quirk_that_is_refused_is_an_error),
    cmocka_unit_test(what_two_parsers_would_read_differently_is_refused),
    cmocka_unit_test(a_header_of_60000_bytes_needs_a_higher_limit),
    cmocka_unit_test(a_head_without_end_is_refused_at_the_limit),
    cmocka_unit_test(an_array_that_is_missing_is_an_argument_error),
    cmocka_unit_test(ten_thousand_headers_need_an_array_of_that_size),
    cmocka_unit_test(noise_is_refused),
    cmocka_unit_test(empty_lines_do_not_fill_a_stream_for_ever),
    cmocka_unit_test(every_prefix_of_a_datagram_is_truncated),
    cmocka_unit_test(a_stream_says_at_every_byte_how_much_it_needs),
    cmocka_unit_test(the_need_of_a_head_is_what_could_end_it),
    cmocka_unit_test(two_messages_in_one_read_come_one_by_one),
    cmocka_unit_test(a_stream_needs_a_content_length),
    cmocka_unit_test(a_stream_that_is_no_sip_is_refused_at_once),
    cmocka_unit_test(a_request_is_written_at_every_buffer_size),
    cmocka_unit_test(fields_and_body_are_written_apart_at_every_buffer_size),
    cmocka_unit_test(lines_and_body_make_the_message),
    cmocka_unit_test(no_field_breaks_out_of_lines_alone),
    cmocka_unit_test(a_response_is_written_with_its_phrase),
    cmocka_unit_test(pieces_are_the_body_in_order),
    cmocka_unit_test(a_buffer_that_is_too_small_stays_as_it_was),
    cmocka_unit_test(no_part_can_break_out_of_its_line),
    cmocka_unit_test(what_the_grammar_cannot_hold_is_refused),
    cmocka_unit_test(the_offset_of_a_refused_value_counts_from_its_start),
    cmocka_unit_test(hundreds_of_fields_are_written),
    cmocka_unit_test(vectors),
    cmocka_unit_test(start_line_vectors),
  };
  return cmocka_run_group_tests_name("sip", tests, NULL, NULL);
}
