/* SPDX-License-Identifier: MIT */
/* What every function of the codecs has to stand, for those whose own tests are about something else: a value that is cut at any octet,
 * a buffer of any size, a line break or NUL in what is written. docs/functions.tsv says where the others have it. */
#include "support.h"
#include "cpm/auth.h"
#include "cpm/dialog.h"
#include "cpm/cpim.h"
#include "cpm/mime.h"
#include "cpm/msrp.h"
#include "cpm/resource_lists.h"
#include "cpm/sdp.h"
#include "cpm/uri.h"
#include "cpm/value.h"
#include <stdlib.h>
#include <string.h>

/* ---- readers: each prefix stands at a guard page ------------------------------------------------------------------- */

static int uri_params(cpm_str in) {
  cpm_str name, value;
  int rc;
  (void)cpm_uri_param_find(in, "transport", &value);
  while ((rc = cpm_uri_param_next(&in, &name, &value)) == CPM_OK) assert_true(name.n);
  return rc;
}
static int uri_headers(cpm_str in) {
  cpm_str name, value;
  int rc;
  while ((rc = cpm_uri_header_next(&in, &name, &value)) == CPM_OK) assert_true(name.n);
  return rc;
}
static int uri_text(cpm_str in) { return cpm_uri_text_equal(in, S("sip:alice@example.com;lr")) ? CPM_END : CPM_E_MISMATCH; }
static int uri_unescape(cpm_str in) {
  size_t len;
  return cpm_uri_unescape(NULL, 0, &len, in);
}
static int param_find(cpm_str in) {
  cpm_param p;
  return cpm_param_find(in, "tag", &p) ? CPM_END : CPM_E_MISSING;
}
static int token_in(cpm_str in) { return cpm_token_in(in, "timer") ? CPM_END : CPM_E_MISSING; }
static int cpim_unescape(cpm_str in) {
  size_t len;
  return cpm_cpim_unescape(NULL, 0, &len, in);
}
static int msrp_uri(cpm_str in) {
  cpm_msrp_uri u;
  (void)cpm_msrp_uri_text_equal(in, in, CPM_MSRP_STRICT);
  return cpm_msrp_uri_decode(&u, in, NULL, NULL);
}
static int msrp_path(cpm_str in) {
  cpm_msrp_uri u;
  uint64_t quirks = 0;
  int rc;
  (void)cpm_msrp_path_count(in);
  (void)cpm_msrp_path_first(in);
  (void)cpm_msrp_path_last(in);
  while ((rc = cpm_msrp_path_next(&in, &u, NULL, &quirks, NULL)) == CPM_OK) assert_true(u.host.n);
  return rc;
}
static int msrp_range(cpm_str in) {
  cpm_msrp_range r;
  uint64_t quirks = 0;
  return cpm_msrp_range_decode(&r, in, NULL, &quirks, NULL);
}
static int msrp_expires(cpm_str in) {
  uint32_t seconds;
  return cpm_msrp_expires_decode(&seconds, in, NULL);
}
static int msrp_nickname(cpm_str in) {
  cpm_str name;
  return cpm_msrp_nickname_decode(&name, in, NULL);
}
static int msrp_setup(cpm_str in) {
  cpm_msrp_setup setup;
  return cpm_msrp_setup_decode(&setup, in, NULL);
}
static int sdp_origin(cpm_str in) {
  cpm_sdp_origin o;
  return cpm_sdp_origin_decode(&o, in, NULL);
}
static int sdp_connection(cpm_str in) {
  cpm_sdp_connection c;
  return cpm_sdp_connection_decode(&c, in, NULL);
}
static int sdp_bandwidth(cpm_str in) {
  cpm_sdp_bandwidth b;
  return cpm_sdp_bandwidth_decode(&b, in, NULL);
}
static int sdp_time(cpm_str in) {
  cpm_sdp_time t;
  return cpm_sdp_time_decode(&t, in, NULL);
}
static int sdp_interval(cpm_str in) {
  int64_t seconds;
  int rc;
  while ((rc = cpm_sdp_interval_next(&in, &seconds, NULL)) == CPM_OK) {}
  return rc;
}
static int sdp_key(cpm_str in) {
  cpm_sdp_key k;
  return cpm_sdp_key_decode(&k, in, NULL);
}
static int sdp_fingerprint(cpm_str in) {
  cpm_sdp_fingerprint f;
  return cpm_sdp_fingerprint_decode(&f, in, NULL);
}
static int sdp_hash(cpm_str in) {
  cpm_sdp_hash h;
  int rc;
  while ((rc = cpm_sdp_hash_next(&in, &h)) == CPM_OK) assert_true(h.algorithm.n);
  return rc;
}
static int sdp_hex(cpm_str in) {
  size_t len;
  return cpm_sdp_hex_decode(NULL, 0, &len, in);
}
static int sdp_words(cpm_str in) {
  cpm_str word;
  int rc;
  (void)cpm_sdp_types_take(in, S("message/cpim"));
  while ((rc = cpm_sdp_word_next(&in, &word)) == CPM_OK) assert_true(word.n);
  return rc;
}
static int sdp_file_name(cpm_str in) {
  size_t len;
  return cpm_sdp_file_name_decode(NULL, 0, &len, in, NULL, NULL, NULL);
}

static int token_alone(cpm_str in) {
  cpm_str token;
  return cpm_token_decode(&token, in, NULL, NULL);
}

static int token_params(cpm_str in) {
  cpm_token_params p;
  return cpm_token_params_decode(&p, in, NULL, NULL);
}

static int features(cpm_str in) {
  cpm_param feature;
  int rc;
  while ((rc = cpm_feature_next(&in, &feature, NULL)) == CPM_OK) {}
  return rc;
}

static int digest(cpm_str in) {
  cpm_digest d;
  cpm_param p;
  (void)cpm_auth_param_find(in, "qop", &p);
  return cpm_digest_decode(&d, in, NULL, NULL);
}
static int related(cpm_str in) {
  cpm_part part = { .head = S("Content-ID: <1@example.com>\r\n"), .body = S("a") };
  const cpm_multipart parts = { &part, 1, 1, 0 };
  cpm_related r;
  (void)cpm_cid_is(in, S("<1@example.com>"));
  return cpm_related_decode(&r, in, &parts, NULL, NULL);
}

typedef struct value_row {
  const char *name;
  int       (*read)(cpm_str in);   /* CPM_OK or CPM_END for what it takes */
  cpm_str     whole;
  bool        walks;               /* over what another function has read and held to its grammar */
} value_row;

static const value_row values[] = {
  { "URI parameters", uri_params, CPM_STR(";transport=tcp;lr;x=%41%3b"), true },
  { "URI headers", uri_headers, CPM_STR("Subject=a%20b&to=x"), true },
  { "URI as text", uri_text, CPM_STR("sip:alice@EXAMPLE.com;lr"), false },
  { "URI escapes", uri_unescape, CPM_STR("a%20b%c3%a4"), false },
  { "one parameter", param_find, CPM_STR(";a=\"b\\\"c\" ; tag = x"), true },
  { "one token", token_in, CPM_STR("100rel, gruu ,timer"), true },
  { "CPIM escapes", cpim_unescape, CPM_STR("a\\\"b\\u00e9\\n"), true },
  { "MSRP URI", msrp_uri, CPM_STR("msrps://alice@[2001:db8::1]:2855/s.1;tcp;a=b"), false },
  { "MSRP path", msrp_path, CPM_STR("msrp://a.example.com:1/s;tcp msrps://b;tcp;c"), false },
  { "Byte-Range", msrp_range, CPM_STR("2049-4096/18446744073709551614"), false },
  { "Expires of MSRP", msrp_expires, CPM_STR("1800"), false },
  { "Use-Nickname", msrp_nickname, CPM_STR("\"Alice \\\"A\\\"\""), false },
  { "token", token_alone, CPM_STR(" dx200xyz\r\n "), false },
  { "token with parameters", token_params, CPM_STR("foo ;a=\"b, c\";d"), false },
  { "feature parameters", features, CPM_STR(";q=0.5;audio;+sip.instance=\"<urn:uuid:1>\";methods=\"INVITE\""), false },
  { "Digest", digest, CPM_STR("realm=\"a, \\\"b\\\"\", nonce=\"c\",qop=\"auth\" , stale=true"), false },
  { "multipart/related", related, CPM_STR("multipart/related; boundary=b; type=\"text/plain\"; start=\"<1@example.com>\""), false },
  { "a=setup", msrp_setup, CPM_STR("actpass"), false },
  { "o=", sdp_origin, CPM_STR("- 2890844526 2890842807 IN IP6 2001:db8::1"), false },
  { "c=", sdp_connection, CPM_STR("IN IP4 233.252.0.1/127/3"), false },
  { "b=", sdp_bandwidth, CPM_STR("X-YZ:18446744073709551615"), false },
  { "t=", sdp_time, CPM_STR("2873397496 2873404696"), false },
  { "r=", sdp_interval, CPM_STR("7d 1h 0 25h"), false },
  { "z=", sdp_interval, CPM_STR("2882844526 -1h 2898848070 0"), false },
  { "k=", sdp_key, CPM_STR("base64:QUI="), false },
  { "a=fingerprint", sdp_fingerprint, CPM_STR("SHA-1 4A:AD:b9"), false },
  { "hashes", sdp_hash, CPM_STR("hash:sha-1:72:24:5F hash:x:00"), true },
  { "octets", sdp_hex, CPM_STR("72:24:5F"), false },
  { "words", sdp_words, CPM_STR("message/cpim text/*  *"), true },
  { "file name", sdp_file_name, CPM_STR("..%2Fa%20b.txt"), false },
};

static void read_prefix(cpm_str in, void *ctx) {
  const value_row *const row = ctx;
  const int rc = row->read(in);
  if (in.n == row->whole.n && rc != CPM_OK && rc != CPM_END) fail_msg("%s: %s", row->name, cpm_status_name(rc));
  if (rc > 0) assert_int_equal(rc, CPM_END);
}

static void values_may_be_cut_at_any_octet(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof values / sizeof *values; i++)
    support_every_prefix(values[i].whole, read_prefix, (void *)(uintptr_t)&values[i]);
}

/* A NUL in place of any octet is never taken. */
static void values_take_no_nul(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
    if (values[i].walks) continue;
    char text[128];
    const size_t n = values[i].whole.n;
    for (size_t at = 0; at < n; at++) {
      memcpy(text, values[i].whole.p, n);
      text[at] = '\0';
      const cpm_str in = support_guard(cpm_str_of(text, n));
      const int rc = values[i].read(in);
      if (rc == CPM_OK || rc == CPM_END) fail_msg("%s takes NUL at %zu", values[i].name, at);
      support_unguard(in);
    }
  }
}

/* ---- writers ------------------------------------------------------------------------------------------------------- */

#define A "msrp://alice.example.com:7394/2s93i93idj;tcp"
#define B "msrp://bob.example.com:8493/si438dsaodes;tcp"

static const cpm_msrp head = { .to_path = CPM_STR(B), .from_path = CPM_STR(A), .message_id = CPM_STR("4564dpWd"),
                               .content_type = CPM_STR("text/plain") };

/* On a sender as it was: one that is not left so by a buffer that is too small would not get here. */
typedef struct sender_ctx { cpm_msrp_sender before, after; const cpm_msrp *head; } sender_ctx;

static void unchanged_but_by_success(const sender_ctx *c, const char *dst, int rc) {
  if (rc || !dst) assert_memory_equal(&c->after, &c->before, sizeof c->before);
}

static int chunk_open(char *dst, size_t cap, size_t *len, void *ctx) {
  static const char random[CPM_MSRP_ID_RANDOM];
  sender_ctx *const c = ctx;
  memcpy(&c->after, &c->before, sizeof c->before);
  const int rc = cpm_msrp_chunk_open(&c->after, dst, cap, len, c->head, S("abcdEFGH"), 4, cpm_str_of(random, sizeof random), NULL);
  unchanged_but_by_success(c, dst, rc);
  return rc;
}

static int chunk_close(char *dst, size_t cap, size_t *len, void *ctx) {
  sender_ctx *const c = ctx;
  memcpy(&c->after, &c->before, sizeof c->before);
  const int rc = cpm_msrp_chunk_close(&c->after, dst, cap, len, CPM_MSRP_MORE, NULL);
  unchanged_but_by_success(c, dst, rc);
  return rc;
}

static void a_chunk_is_opened_and_closed_at_every_size(void **state) {
  (void)state;
  sender_ctx c = { .before = { .total = 8 }, .head = &head };
  assert_str(support_every_size(chunk_open, &c), "MSRP aaaaaaaaaaaaaaaa SEND\r\nTo-Path: " B "\r\nFrom-Path: " A "\r\nMessage-ID: 4564dpWd\r\n"
                                                 "Byte-Range: 1-4/8\r\nContent-Type: text/plain\r\n\r\n");
  assert_int_equal(cpm_msrp_chunk_take(&c.after, S("abcd")), 4);
  memcpy(&c.before, &c.after, sizeof c.before);
  assert_str(support_every_size(chunk_close, &c), "\r\n-------aaaaaaaaaaaaaaaa+\r\n");
}

static void a_chunk_takes_no_line_break_into_its_head(void **state) {
  (void)state;
  static const char *const bad[] = { "text/plain\r\nX: y", "text/plain\n", "text/plain\r" };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    cpm_msrp evil = head;
    evil.content_type = cpm_str_z(bad[i]);
    sender_ctx c = { .before = { .total = 8 }, .head = &evil };
    size_t len;
    assert_int_equal(chunk_open(NULL, 0, &len, &c), CPM_E_INJECTION);
  }
}

static int forward(char *dst, size_t cap, size_t *len, void *ctx) {
  cpm_msrp out;
  return cpm_msrp_forward(&out, dst, cap, len, ctx, NULL);
}

static void a_relayed_path_is_written_at_every_size(void **state) {
  (void)state;
  cpm_msrp in = { .method = CPM_MSRP_SEND, .method_name = CPM_STR("SEND"), .transaction_id = CPM_STR("abcd"), .to_path = CPM_STR(B " " A),
                  .from_path = CPM_STR(A) };
  assert_str(support_every_size(forward, &in), B " " A);
}

static int hex(char *dst, size_t cap, size_t *len, void *ctx) { return cpm_sdp_hex_decode((uint8_t *)dst, cap, len, *(cpm_str *)ctx); }

static void octets_of_hexadecimal_digits_are_written_at_every_size(void **state) {
  (void)state;
  cpm_str in = S("72:0d:5F:00");
  assert_str(support_every_size(hex, &in), "\x72\x0d\x5f\0");
}

/* A history in pieces: start, an entry each, end. */
static int history(char *dst, size_t cap, size_t *len, void *ctx) {
  const cpm_entry *const e = ctx;
  cpm_history h = { 0 };
  size_t n = 0;
  for (size_t i = 0; i < 3; i++) cpm_history_add(&h, &e[i]);
  int rc = cpm_resource_lists_start(dst, cap, &n, NULL);
  for (size_t i = 0; i < 3 && (!rc || rc == CPM_E_SPACE); i++) rc = cpm_history_entry(dst, cap, &n, &h, &e[i], NULL);
  if (!rc || rc == CPM_E_SPACE) rc = cpm_resource_lists_end(dst, cap, &n, NULL);
  *len = n;
  return rc;
}
static int whole_history(char *dst, size_t cap, size_t *len, void *ctx) { return cpm_recipient_history_encode(dst, cap, len, ctx, 3, NULL); }

static void a_history_in_pieces_is_written_at_every_size(void **state) {
  (void)state;
  cpm_entry e[3] = { { .uri = CPM_STR("sip:a@example.com"), .copy_control = CPM_COPY_TO }, { .uri = CPM_STR("sip:b@example.com"), .copy_control = CPM_COPY_CC },
                     { .uri = CPM_STR("sip:c@example.com"), .copy_control = CPM_COPY_BCC } };
  const cpm_str pieces = support_every_size(history, e);
  char *const copy = malloc(pieces.n);
  assert_non_null(copy);
  memcpy(copy, pieces.p, pieces.n);
  assert_true(cpm_str_eq(cpm_str_of(copy, pieces.n), support_every_size(whole_history, e)));
  free(copy);
  cpm_history h = { 0 };
  size_t len = 0;
  e[0].display_name = S("a\r\nb");
  cpm_history_add(&h, &e[0]);
  assert_int_equal(cpm_history_entry(NULL, 0, &len, &h, &e[0], NULL), CPM_E_INJECTION);
}

static int external_url(char *dst, size_t cap, size_t *len, void *ctx) { return cpm_external_body_url(dst, cap, len, ctx, NULL); }

static void a_url_in_pieces_is_written_at_every_size(void **state) {
  (void)state;
  cpm_external_body e;
  const cpm_str type = S("message/external-body; access-type=URL; URL=\"http://example.com/\r\n a\\b?action=fetch\"");
  assert_status(cpm_external_body_decode(&e, type, S("Content-ID: <1@example.com>\r\n\r\n"), NULL, NULL), CPM_OK, NULL);
  assert_str(support_every_size(external_url, &e), "http://example.com/ab?action=fetch");
}

static void an_answer_takes_no_line_break_from_ours(void **state) {
  (void)state;
  const cpm_str offer = S("v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=message 9 TCP/TLS/MSRP *\r\n"
                          "a=accept-types:*\r\na=path:msrps://192.0.2.1:9/a;tcp\r\n");
  cpm_sdp_line lines[16];
  cpm_sdp_media media[2];
  cpm_sdp sdp = { .lines = lines, .cap = 16, .media = media, .media_cap = 2 };
  assert_status(cpm_sdp_decode(&sdp, offer, NULL, NULL), CPM_OK, NULL);
  const cpm_sdp_msrp good = { .port = 9, .accept_types = S("text/plain"), .path = S("msrps://192.0.2.2:9/b;tcp"), .direction = CPM_SDP_DIRECTION_BOTH };
  cpm_sdp_session session = { .origin = { S("-"), S("1"), S("1"), S("IN"), S("IP4"), S("192.0.2.2") } };
  cpm_sdp_msrp ours = good;
  const cpm_sdp_msrp *const all[] = { &ours };
  size_t len;
#define TRY(status, ...) do { ours = good; __VA_ARGS__; assert_status(cpm_sdp_answer(NULL, 0, &len, &sdp, &session, all, 1, NULL, NULL), status, NULL); } while (0)
  TRY(CPM_OK, (void)0);
  TRY(CPM_E_INJECTION, ours.accept_types = S("text/plain\r\na=x"));
  TRY(CPM_E_INJECTION, ours.path = S("msrps://192.0.2.2:9/b;tcp\n"));
  TRY(CPM_E_INJECTION, ours.fingerprint = S("SHA-1 00\r"));
  TRY(CPM_E_INJECTION, session.name = S("a\0b"));
#undef TRY
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(values_may_be_cut_at_any_octet),
    cmocka_unit_test(values_take_no_nul),
    cmocka_unit_test(a_chunk_is_opened_and_closed_at_every_size),
    cmocka_unit_test(a_chunk_takes_no_line_break_into_its_head),
    cmocka_unit_test(a_relayed_path_is_written_at_every_size),
    cmocka_unit_test(octets_of_hexadecimal_digits_are_written_at_every_size),
    cmocka_unit_test(a_url_in_pieces_is_written_at_every_size),
    cmocka_unit_test(an_answer_takes_no_line_break_from_ours),
    cmocka_unit_test(a_history_in_pieces_is_written_at_every_size),
  };
  return cmocka_run_group_tests_name("edges", tests, NULL, NULL);
}
