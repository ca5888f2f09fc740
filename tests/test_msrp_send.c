/* SPDX-License-Identifier: MIT */
#include "support.h"
#include "cpm/msrp.h"
#include <stdlib.h>
#include <string.h>

#define A "msrp://alice.example.com:7394/2s93i93idj;tcp"
#define B "msrp://bob.example.com:8493/si438dsaodes;tcp"
#define RANDOM "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"   /* and the NUL behind: the id aaaaaaaaaaaaaaaa */
#define ID "aaaaaaaaaaaaaaaa"

static const cpm_msrp head = { .to_path = { B, sizeof B - 1 }, .from_path = { A, sizeof A - 1 }, .message_id = CPM_STR("4564dpWd"),
                               .content_type = CPM_STR("text/plain") };
#define HEAD(id, range) "MSRP " id " SEND\r\nTo-Path: " B "\r\nFrom-Path: " A "\r\nMessage-ID: 4564dpWd\r\nByte-Range: " range \
                        "\r\nContent-Type: text/plain\r\n\r\n"

static cpm_str zeros(void) { return cpm_str_of(RANDOM, CPM_MSRP_ID_RANDOM); }

static char text[4096];

static cpm_str opened(cpm_msrp_sender *s, cpm_str content, uint64_t want) {
  size_t len = 0;
  cpm_diag d = { 0 };
  assert_status(cpm_msrp_chunk_open(s, text, sizeof text, &len, &head, content, want, zeros(), &d), CPM_OK, &d);
  return cpm_str_of(text, len);
}

static cpm_str closed(cpm_msrp_sender *s, cpm_msrp_end end) {
  size_t len = 0;
  cpm_diag d = { 0 };
  assert_status(cpm_msrp_chunk_close(s, text, sizeof text, &len, end, &d), CPM_OK, &d);
  return cpm_str_of(text, len);
}

/* ---- chunks ----------------------------------------------------------------------------------------------------------------- */

static void a_small_message_goes_in_one_chunk_with_its_range(void **state) {
  (void)state;
  cpm_msrp_sender s = { .total = 8 };
  assert_str(opened(&s, S("abcdEFGH"), 0), HEAD(ID, "1-8/8"));
  assert_int_equal(cpm_msrp_chunk_take(&s, S("abcdEFGH")), 8);
  assert_str(closed(&s, CPM_MSRP_MORE), "\r\n-------" ID "$\r\n");
}

static void chunks_go_on_where_the_last_one_ended(void **state) {
  (void)state;
  cpm_msrp_sender s = { .total = 8 };
  assert_str(opened(&s, S("abcdEFGH"), 4), HEAD(ID, "1-4/8"));
  assert_int_equal(cpm_msrp_chunk_take(&s, S("abcdEFGH")), 4);
  assert_int_equal(cpm_msrp_chunk_take(&s, S("EFGH")), 0);
  assert_str(closed(&s, CPM_MSRP_MORE), "\r\n-------" ID "+\r\n");
  assert_str(opened(&s, S("EFGH"), 0), HEAD(ID, "5-8/8"));
  assert_int_equal(cpm_msrp_chunk_take(&s, S("EFGH")), 4);
  assert_str(closed(&s, CPM_MSRP_MORE), "\r\n-------" ID "$\r\n");
}

static void more_than_2048_octets_can_be_interrupted(void **state) {
  (void)state;
  char *content = calloc(1, 2049);
  assert_non_null(content);
  cpm_msrp_sender s = { .total = 2048 }, t = { .total = 2049 }, u = { .total = 10 };
  assert_str(opened(&s, cpm_str_of(content, 2048), 0), HEAD(ID, "1-2048/2048"));
  assert_str(opened(&t, cpm_str_of(content, 2049), 0), HEAD(ID, "1-*/2049"));
  assert_int_equal(cpm_msrp_chunk_take(&t, cpm_str_of(content, 5)), 5);
  assert_str(closed(&t, CPM_MSRP_MORE), "\r\n-------" ID "+\r\n");
  assert_str(opened(&t, cpm_str_of(content, 2044), 0), HEAD(ID, "6-2049/2049"));
  /* What is not at hand cannot be promised. */
  assert_str(opened(&u, S("abc"), 0), HEAD(ID, "1-*/10"));
  free(content);
}

static void a_message_of_unknown_size_ends_when_told(void **state) {
  (void)state;
  cpm_msrp_sender s = { .total = CPM_MSRP_ANY };
  size_t len = 0;
  assert_str(opened(&s, S("abc"), 0), HEAD(ID, "1-*/*"));
  assert_int_equal(cpm_msrp_chunk_take(&s, S("abc")), 3);
  assert_str(closed(&s, CPM_MSRP_MORE), "\r\n-------" ID "+\r\n");
  assert_str(opened(&s, S("de"), 2), HEAD(ID, "4-5/*"));
  assert_int_equal(cpm_msrp_chunk_take(&s, S("de")), 2);
  assert_str(closed(&s, CPM_MSRP_LAST), "\r\n-------" ID "$\r\n");
  assert_int_equal(cpm_msrp_chunk_open(&s, text, sizeof text, &len, &head, S("x"), 0, zeros(), NULL), CPM_E_ARG);
}

static void an_empty_message_is_one_chunk(void **state) {
  (void)state;
  cpm_msrp_sender s = { .total = 0 };
  size_t len = 0;
  assert_str(opened(&s, S(""), 0), HEAD(ID, "1-0/0"));
  assert_int_equal(cpm_msrp_chunk_take(&s, S("x")), 0);
  assert_str(closed(&s, CPM_MSRP_MORE), "\r\n-------" ID "$\r\n");
  assert_int_equal(cpm_msrp_chunk_open(&s, text, sizeof text, &len, &head, S(""), 0, zeros(), NULL), CPM_E_ARG);
}

static void a_transfer_is_resumed_behind_what_was_sent(void **state) {
  (void)state;
  cpm_msrp_sender s = { .sent = 4294967296u, .total = 4294967300u };
  assert_str(opened(&s, S("abcd"), 0), HEAD(ID, "4294967297-4294967300/4294967300"));
}

static void an_abort_ends_with_a_hash(void **state) {
  (void)state;
  cpm_msrp_sender s = { .total = 8 };
  size_t len = 0;
  (void)opened(&s, S("abcdEFGH"), 0);
  assert_int_equal(cpm_msrp_chunk_take(&s, S("ab")), 2);
  /* The range said 8: only an abort may break that. */
  assert_int_equal(cpm_msrp_chunk_close(&s, text, sizeof text, &len, CPM_MSRP_MORE, NULL), CPM_E_VALUE);
  assert_int_equal(cpm_msrp_chunk_close(&s, text, sizeof text, &len, CPM_MSRP_LAST, NULL), CPM_E_VALUE);
  assert_str(closed(&s, CPM_MSRP_ABORT), "\r\n-------" ID "#\r\n");
}

static void the_last_chunk_cannot_come_before_its_time(void **state) {
  (void)state;
  cpm_msrp_sender s = { .total = 8 };
  size_t len = 0;
  assert_str(opened(&s, S("ab"), 0), HEAD(ID, "1-*/8"));
  assert_int_equal(cpm_msrp_chunk_take(&s, S("ab")), 2);
  assert_int_equal(cpm_msrp_chunk_close(&s, text, sizeof text, &len, CPM_MSRP_LAST, NULL), CPM_E_VALUE);
  assert_int_equal(cpm_msrp_chunk_take(&s, S("cdEFGH")), 6);
  assert_str(closed(&s, CPM_MSRP_LAST), "\r\n-------" ID "$\r\n");
}

static void wrong_calls_change_nothing(void **state) {
  (void)state;
  cpm_msrp_sender s = { .total = 8 };
  cpm_msrp bad = head;
  size_t len = 0;
  bad.to_path = S("x");
  assert_int_equal(cpm_msrp_chunk_open(&s, text, sizeof text, &len, &bad, S("abcd"), 0, zeros(), NULL), CPM_E_VALUE);
  assert_int_equal(cpm_msrp_chunk_open(&s, text, sizeof text, &len, &head, S("abcd"), 0, S("short"), NULL), CPM_E_RANDOM);
  assert_int_equal(cpm_msrp_chunk_open(&s, text, 10, &len, &head, S("abcd"), 0, zeros(), NULL), CPM_E_SPACE);
  assert_int_equal(cpm_msrp_chunk_open(&s, NULL, 0, &len, &head, S("abcd"), 0, zeros(), NULL), CPM_OK);
  assert_false(s.open);
  assert_int_equal(cpm_msrp_chunk_take(&s, S("abcd")), 0);
  assert_int_equal(cpm_msrp_chunk_close(&s, text, sizeof text, &len, CPM_MSRP_MORE, NULL), CPM_E_ARG);
  (void)opened(&s, S("abcdEFGH"), 0);
  assert_int_equal(cpm_msrp_chunk_open(&s, text, sizeof text, &len, &head, S("abcd"), 0, zeros(), NULL), CPM_E_BUSY);
  assert_int_equal(cpm_msrp_chunk_take(&s, S("abcdEFGH")), 8);
  assert_int_equal(cpm_msrp_chunk_close(&s, text, 5, &len, CPM_MSRP_MORE, NULL), CPM_E_SPACE);
  assert_int_equal(cpm_msrp_chunk_close(&s, NULL, 0, &len, CPM_MSRP_MORE, NULL), CPM_OK);
  assert_true(s.open);
  cpm_msrp_sender past = { .sent = 9, .total = 8 };
  assert_int_equal(cpm_msrp_chunk_open(&past, text, sizeof text, &len, &head, S("x"), 0, zeros(), NULL), CPM_E_ARG);
}

/* ---- the end-line in the content ---------------------------------------------------------------------------------------------- */

static void content_that_holds_the_end_line_gets_no_range_and_is_split(void **state) {
  (void)state;
  static const char content[] = "one\r\n-------" ID "$\r\ntwo";
  cpm_msrp_sender s = { .total = sizeof content - 1 };
  assert_str(opened(&s, S(content), 0), HEAD(ID, "1-*/34"));
  /* Up to the octet that would complete "-------" and the id. */
  assert_int_equal(cpm_msrp_chunk_take(&s, S(content)), 5 + 7 + 15);
  assert_true(s.split);
  assert_int_equal(cpm_msrp_chunk_take(&s, S("a$\r\ntwo")), 0);
  assert_str(closed(&s, CPM_MSRP_MORE), "\r\n-------" ID "+\r\n");
}

static void the_end_line_is_found_however_content_is_cut(void **state) {
  (void)state;
  static const char *const contents[] = { "-------" ID, "x-------" ID "y", "----------" ID, "------" ID "-------" ID, "-------aaaaa-------" ID,
                                          "-------aaaaaaaaaaaaaaa--------" ID "-------" ID, "-------\r\n-------" ID "$" };
  for (size_t c = 0; c < sizeof contents / sizeof *contents; c++) {
    const cpm_str content = cpm_str_z(contents[c]);
    const size_t want = (size_t)(strstr(contents[c], "-------" ID) - contents[c]) + 22;
    for (size_t step = 1; step <= content.n; step++) {
      cpm_msrp_sender s = { .total = CPM_MSRP_ANY };
      (void)opened(&s, S(""), 0);
      for (size_t at = 0; at < content.n && !s.split; at += step)
        (void)cpm_msrp_chunk_take(&s, cpm_str_of(content.p + at, step < content.n - at ? step : content.n - at));
      if (!s.split || s.sent != want) fail_msg("content %zu, step %zu: sent %llu, not %zu", c, step, (unsigned long long)s.sent, want);
    }
  }
  cpm_msrp_sender s = { .total = CPM_MSRP_ANY };
  (void)opened(&s, S(""), 0);
  const cpm_str none = S("-------aaaaaaaaaaaaaaa ------" ID " " ID " -------baaaaaaaaaaaaaaa");
  assert_int_equal(cpm_msrp_chunk_take(&s, none), none.n);
}

/* ---- together: what is sent is received ---------------------------------------------------------------------------------------- */

typedef struct receiver {
  char              buffer[512], content[70000];
  cpm_msrp_reader   reader;
  cpm_msrp_incoming messages[2];
  cpm_msrp_span     spans[8];
  cpm_msrp_join     join;
  size_t            index, chunks;
  uint64_t          size;
  int               rc;
} receiver;

static void receive(receiver *r, cpm_str bytes) {
  cpm_msrp_event e;
  cpm_msrp_field fields[16];
  cpm_diag d = { 0 };
  int rc;
  while ((rc = cpm_msrp_read(&r->reader, &bytes, &e, NULL, &d)) == CPM_OK) {
    if (e.kind == CPM_MSRP_HEAD) {
      cpm_msrp m = { .fields = fields, .cap = 16 };
      const cpm_opts strict = { .refuse = CPM_QUIRKS_ALL };
      assert_status(cpm_msrp_decode(&m, e.text, &strict, &d), CPM_OK, &d);
      assert_status(cpm_msrp_join_head(&r->join, &r->index, 1, &m, NULL, &d), CPM_OK, &d);
      r->chunks++;
    } else if (e.kind == CPM_MSRP_BODY) {
      uint64_t off = 0;
      assert_status(cpm_msrp_join_body(&r->join, r->index, e.text.n, &off, NULL, &d), CPM_OK, &d);
      assert_true(off + e.text.n <= sizeof r->content);
      memcpy(r->content + off, e.text.p, e.text.n);
    } else {
      uint64_t quirks = 0;
      r->rc = cpm_msrp_join_end(&r->join, r->index, e.flag, &r->size, &quirks, NULL, &d);
      assert_true(quirks == 0);
    }
  }
  assert_status(rc, CPM_E_MORE, &d);
}

static void send_and_receive(cpm_str content, uint64_t total, uint64_t want, size_t piece) {
  static receiver r;
  memset(&r, 0, sizeof r);
  r.reader = (cpm_msrp_reader)CPM_MSRP_READER(r.buffer);
  r.join.messages = r.messages;
  r.join.nmessages = 2;
  r.join.spans = r.spans;
  r.join.nspans = 8;
  cpm_msrp_sender s = { .total = total };
  r.rc = CPM_E_MORE;
  do {
    const cpm_str left = cpm_str_of(content.p + s.sent, content.n - s.sent);
    receive(&r, opened(&s, left, want));
    while (s.sent < content.n && !s.split) {
      const cpm_str at = cpm_str_of(content.p + s.sent, piece < content.n - s.sent ? piece : content.n - (size_t)s.sent);
      const size_t n = cpm_msrp_chunk_take(&s, at);
      receive(&r, cpm_str_of(at.p, n));
      if (n < at.n) break;
    }
    receive(&r, closed(&s, total == CPM_MSRP_ANY && s.sent == content.n ? CPM_MSRP_LAST : CPM_MSRP_MORE));
  } while (s.sent < content.n);
  assert_int_equal(r.rc, CPM_OK);
  assert_int_equal(r.size, content.n);
  assert_memory_equal(r.content, content.p, content.n);
  assert_true(r.join.memory == 0);
}

static void what_is_sent_is_received(void **state) {
  (void)state;
  enum { N = 65000 };
  char *content = malloc(N);
  assert_non_null(content);
  unsigned x = 7;
  for (size_t i = 0; i < N; i++) content[i] = (char)((x = x * 1103515245u + 12345u) >> 16);
  const size_t sizes[] = { 0, 1, 2047, 2048, 2049, 10000, N };
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
    for (int known = 0; known < 2; known++) {
      const uint64_t total = known ? sizes[i] : CPM_MSRP_ANY;
      send_and_receive(cpm_str_of(content, sizes[i]), total, 0, N);
      send_and_receive(cpm_str_of(content, sizes[i]), total, 2048, 100);
      send_and_receive(cpm_str_of(content, sizes[i]), total, 10240, 4096);
    }
  /* Content made of the end-line of every chunk: ids are the same each time here. */
  for (size_t at = 0; at + 30 < N; at += 27) memcpy(content + at, "\r\n-------" ID "$\r\n", 28);
  send_and_receive(cpm_str_of(content, 5000), 5000, 0, 5000);
  send_and_receive(cpm_str_of(content, 5000), CPM_MSRP_ANY, 0, 7);
  free(content);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_small_message_goes_in_one_chunk_with_its_range), cmocka_unit_test(chunks_go_on_where_the_last_one_ended),
    cmocka_unit_test(more_than_2048_octets_can_be_interrupted), cmocka_unit_test(a_message_of_unknown_size_ends_when_told),
    cmocka_unit_test(an_empty_message_is_one_chunk), cmocka_unit_test(a_transfer_is_resumed_behind_what_was_sent),
    cmocka_unit_test(an_abort_ends_with_a_hash), cmocka_unit_test(wrong_calls_change_nothing),
    cmocka_unit_test(the_last_chunk_cannot_come_before_its_time),
    cmocka_unit_test(content_that_holds_the_end_line_gets_no_range_and_is_split), cmocka_unit_test(the_end_line_is_found_however_content_is_cut),
    cmocka_unit_test(what_is_sent_is_received),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
