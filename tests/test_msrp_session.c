/* SPDX-License-Identifier: MIT */
#include "support.h"
#include "cpm/msrp.h"
#include <string.h>

#define A "msrp://alice.example.com:7394/2s93i93idj;tcp"
#define B "msrp://bob.example.com:8493/si438dsaodes;tcp"
#define Q "msrps://far.example.com:9000/kjfjan;tcp"
#define R "msrps://relay.example.com:9000/jui787s2f;tcp"

/* ---- reassembly ----------------------------------------------------------------------------------------------------------------- */

enum { MESSAGES = 3, SPANS = 9 };

typedef struct table { cpm_msrp_incoming messages[MESSAGES]; cpm_msrp_span spans[SPANS]; cpm_msrp_join join; } table;

static void clear(table *t) {
  memset(t, 0, sizeof *t);
  t->join = (cpm_msrp_join){ .messages = t->messages, .nmessages = MESSAGES, .spans = t->spans, .nspans = SPANS };
}

static cpm_msrp send_of(const char *id, uint64_t start, uint64_t end, uint64_t total) {
  const cpm_msrp m = { .method = CPM_MSRP_SEND, .body = true, .message_id = cpm_str_z(id), .has_range = true, .range = { start, end, total } };
  return m;
}

/* What a chunk came to. */
typedef struct result { int rc; uint64_t off, size, quirks; } result;

static result chunk(table *t, const char *id, uint64_t start, uint64_t end, uint64_t total, uint64_t n, char flag) {
  const cpm_msrp m = send_of(id, start, end, total);
  result r = { 0 };
  size_t index = 99;
  if ((r.rc = cpm_msrp_join_head(&t->join, &index, 1, &m, NULL, NULL)) != CPM_OK) return r;
  if ((r.rc = cpm_msrp_join_body(&t->join, index, n, &r.off, NULL, NULL)) != CPM_OK) return r;
  r.rc = cpm_msrp_join_end(&t->join, index, flag, &r.size, &r.quirks, NULL, NULL);
  return r;
}

#define CHUNK(status, where, whole, met, ...) do { const result r_ = chunk(&t, __VA_ARGS__); \
    assert_status(r_.rc, status, NULL); assert_true(r_.off == (where)); assert_true(r_.size == (whole)); assert_true(r_.quirks == (met)); } while (0)
#define ANY CPM_MSRP_ANY

static void chunks_come_in_any_order(void **state) {
  (void)state;
  table t;
  clear(&t);
  CHUNK(CPM_OK, 0, 5, 0, "msg1", 1, 5, 5, 5, '$');
  CHUNK(CPM_E_MORE, 0, 0, 0, "msg1", 1, ANY, 8, 4, '+');
  CHUNK(CPM_OK, 4, 8, 0, "msg1", 5, 8, 8, 4, '$');
  CHUNK(CPM_E_MORE, 6, 0, 0, "msg2", 7, 8, 8, 2, '$');
  CHUNK(CPM_E_MORE, 0, 0, 0, "msg2", 1, 3, 8, 3, '+');
  CHUNK(CPM_OK, 3, 8, 0, "msg2", 4, 6, 8, 3, '+');
  assert_true(t.join.memory == 0);
}

static void chunks_overlap_and_leave_gaps(void **state) {
  (void)state;
  table t;
  size_t n = 0;
  clear(&t);
  CHUNK(CPM_E_MORE, 0, 0, 0, "msg1", 1, 4, 20, 4, '+');
  CHUNK(CPM_E_MORE, 8, 0, 0, "msg1", 9, 12, 20, 4, '+');
  const cpm_msrp_span *const spans = cpm_msrp_join_spans(&t.join, 0, &n);
  assert_int_equal(n, 2);
  assert_true(spans[0].from == 0 && spans[0].to == 4 && spans[1].from == 8 && spans[1].to == 12);
  CHUNK(CPM_E_MORE, 2, 0, 0, "msg1", 3, 10, 20, 8, '+');
  assert_ptr_equal(cpm_msrp_join_spans(&t.join, 0, &n), spans);
  assert_int_equal(n, 1);
  assert_true(spans[0].from == 0 && spans[0].to == 12);
  CHUNK(CPM_E_MORE, 0, 0, 0, "msg1", 1, 2, 20, 2, '+');
  CHUNK(CPM_E_MORE, 19, 0, 0, "msg1", 20, 20, 20, 1, '$');
  CHUNK(CPM_OK, 12, 20, 0, "msg1", 13, 19, 20, 7, '+');
  assert_null(cpm_msrp_join_spans(&t.join, 0, &n));
  assert_int_equal(n, 0);
}

static void an_unknown_total_is_settled_by_the_last_chunk(void **state) {
  (void)state;
  table t;
  clear(&t);
  CHUNK(CPM_E_MORE, 0, 0, 0, "msg1", 1, ANY, ANY, 4, '+');
  CHUNK(CPM_OK, 4, 7, 0, "msg1", 5, ANY, ANY, 3, '$');
  CHUNK(CPM_E_MORE, 4, 0, 0, "msg2", 5, ANY, ANY, 3, '$');
  CHUNK(CPM_OK, 0, 7, 0, "msg2", 1, ANY, ANY, 4, '+');
  CHUNK(CPM_OK, 0, 0, 0, "msg3", 1, ANY, ANY, 0, '$');
  CHUNK(CPM_OK, 0, 0, 0, "msg4", 1, ANY, 0, 0, '$');
  CHUNK(CPM_E_MORE, 0, 0, 0, "msg5", 1, ANY, ANY, 4, '+');
  CHUNK(CPM_OK, 4, 6, 0, "msg5", 5, ANY, 6, 2, '+');
  assert_true(t.join.memory == 0);
}

static void an_abort_frees_the_place(void **state) {
  (void)state;
  table t;
  clear(&t);
  CHUNK(CPM_E_MORE, 0, 0, 0, "msg1", 1, ANY, 8, 4, '+');
  CHUNK(CPM_END, 4, 0, 0, "msg1", 5, ANY, 8, 2, '#');
  assert_true(t.join.memory == 0);
  CHUNK(CPM_E_MORE, 4, 0, 0, "msg1", 5, 8, 8, 4, '$');   /* a message anew */
}

static void the_end_line_counts_and_not_the_range(void **state) {
  (void)state;
  table t;
  clear(&t);
  const uint64_t length = CPM_QUIRK(MSRP_RANGE_LENGTH);
  CHUNK(CPM_OK, 0, 23, length, "msg1", 1, 25, 25, 23, '$');   /* RFC 4975 4 has such a message itself */
  CHUNK(CPM_OK, 0, 12, length, "msg1", 1, 5, 5, 12, '$');
  CHUNK(CPM_E_MORE, 0, 0, length, "msg2", 1, 4, 8, 3, '+');
  CHUNK(CPM_OK, 3, 8, length, "msg2", 4, 8, 8, 5, '$');
  CHUNK(CPM_E_MORE, 0, 0, length, "msg3", 1, 4, 8, 6, '+');
  CHUNK(CPM_OK, 4, 8, length, "msg3", 5, 8, 8, 4, '$');
  /* More than the total: what was said of it is forgotten. */
  CHUNK(CPM_E_MORE, 0, 0, length, "msg4", 1, 4, 8, 10, '+');
  CHUNK(CPM_E_MISMATCH, 0, 0, 0, "msg4", 5, 8, 8, 4, '$');
  CHUNK(CPM_OK, 10, 12, length, "msg4", 11, ANY, ANY, 2, '$');
  CHUNK(CPM_E_MORE, 0, 0, length, "msg5", 1, ANY, 8, 10, '+');
  CHUNK(CPM_OK, 10, 11, length, "msg5", 11, ANY, 11, 1, '+');
  assert_true(t.join.memory == 0);
}

static void complete_on_every_chunk_is_no_end(void **state) {
  (void)state;
  table t;
  clear(&t);
  const uint64_t flag = CPM_QUIRK(MSRP_FLAG);
  CHUNK(CPM_E_MORE, 0, 0, flag, "msg1", 1, 4, 8, 4, '$');
  CHUNK(CPM_OK, 4, 8, flag, "msg1", 5, 8, 8, 4, '$');
  CHUNK(CPM_E_MORE, 0, 0, flag, "msg2", 1, ANY, 8, 4, '$');
  CHUNK(CPM_OK, 4, 8, flag, "msg2", 5, ANY, 8, 4, '$');
  CHUNK(CPM_E_MORE, 4, 0, 0, "msg3", 5, ANY, ANY, 4, '+');
  CHUNK(CPM_E_MORE, 0, 0, flag, "msg3", 1, ANY, ANY, 2, '$');
  const cpm_opts strict = { .refuse = flag };
  const cpm_msrp m = send_of("msg4", 1, 4, 8);
  size_t index = 0;
  uint64_t off = 0;
  assert_int_equal(cpm_msrp_join_head(&t.join, &index, 1, &m, &strict, NULL), CPM_OK);
  assert_int_equal(cpm_msrp_join_body(&t.join, index, 4, &off, &strict, NULL), CPM_OK);
  assert_int_equal(cpm_msrp_join_end(&t.join, index, '$', NULL, NULL, &strict, NULL), CPM_E_QUIRK);
  assert_int_equal(cpm_msrp_join_body(&t.join, index, 4, &off, &strict, NULL), CPM_E_ARG);
}

static void limits_of_messages_memory_and_gaps_are_kept(void **state) {
  (void)state;
  table t;
  cpm_msrp m;
  size_t index = 0;
  uint64_t off = 0;
  clear(&t);
  CHUNK(CPM_E_MORE, 0, 0, 0, "msg1", 1, ANY, 8, 4, '+');
  CHUNK(CPM_E_MORE, 0, 0, 0, "msg2", 1, ANY, 8, 4, '+');
  CHUNK(CPM_E_MORE, 0, 0, 0, "msg3", 1, ANY, 8, 4, '+');
  CHUNK(CPM_E_TOO_MANY, 0, 0, 0, "msg4", 1, ANY, 8, 4, '+');
  cpm_msrp_join_drop(&t.join, 1);
  CHUNK(CPM_E_MORE, 0, 0, 0, "msg4", 1, ANY, 8, 4, '+');
  assert_true(t.join.memory == 24);

  clear(&t);
  t.join.max_memory = 100;
  CHUNK(CPM_E_TOO_LONG, 0, 0, 0, "msg1", 1, ANY, 101, 1, '+');
  CHUNK(CPM_E_MORE, 0, 0, 0, "msg1", 1, ANY, 60, 1, '+');
  CHUNK(CPM_E_TOO_LONG, 0, 0, 0, "msg2", 1, ANY, 41, 1, '+');
  CHUNK(CPM_E_MORE, 0, 0, 0, "msg2", 1, ANY, ANY, 40, '+');
  CHUNK(CPM_E_TOO_LONG, 40, 0, 0, "msg2", 41, ANY, ANY, 1, '+');
  assert_true(t.join.memory == 60);
  CHUNK(CPM_E_TOO_LONG, 0, 0, 0, "msg3", 1, ANY, ANY, UINT64_MAX, '+');
  CHUNK(CPM_E_TOO_LONG, 0, 0, 0, "msg3", UINT64_MAX - 1, ANY, ANY, 1, '+');
  assert_true(t.join.memory == 60);

  clear(&t);
  const cpm_opts small = { .max_body = 10 };
  m = send_of("msg1", 1, ANY, 11);
  assert_int_equal(cpm_msrp_join_head(&t.join, &index, 1, &m, &small, NULL), CPM_E_TOO_LONG);
  m = send_of("msg1", 12, ANY, ANY);
  assert_int_equal(cpm_msrp_join_head(&t.join, &index, 1, &m, &small, NULL), CPM_E_TOO_LONG);
  m = send_of("msg1", 1, ANY, ANY);
  assert_int_equal(cpm_msrp_join_head(&t.join, &index, 1, &m, &small, NULL), CPM_OK);
  assert_int_equal(cpm_msrp_join_body(&t.join, index, 10, &off, &small, NULL), CPM_OK);
  assert_int_equal(cpm_msrp_join_body(&t.join, index, 1, &off, &small, NULL), CPM_E_TOO_LONG);

  clear(&t);
  for (uint64_t i = 0; i < SPANS / MESSAGES; i++) CHUNK(CPM_E_MORE, 2 * i, 0, 0, "msg1", 2 * i + 1, ANY, 100, 1, '+');
  CHUNK(CPM_E_TOO_MANY, 50, 0, 0, "msg1", 51, ANY, 100, 1, '+');
  assert_true(t.join.memory == 0);
}

/* A frame without body, which the end-line of its head ends. */
static int bare(table *t, const char *id, uint64_t start, uint64_t total, char flag, uint64_t *size) {
  cpm_msrp m = send_of(id, start, ANY, total);
  size_t index = 99;
  m.body = false;
  const int rc = cpm_msrp_join_head(&t->join, &index, 1, &m, NULL, NULL);
  return rc ? rc : cpm_msrp_join_end(&t->join, index, flag, size, NULL, NULL, NULL);
}

static void a_frame_without_body_ends_a_message_that_is_open(void **state) {
  (void)state;
  table t;
  uint64_t size = 0;
  clear(&t);
  CHUNK(CPM_E_MORE, 0, 0, 0, "msg1", 1, ANY, 8, 4, '+');
  assert_int_equal(bare(&t, "msg1", 5, 8, '#', &size), CPM_END);
  assert_true(t.join.memory == 0);
  CHUNK(CPM_E_MORE, 0, 0, 0, "msg1", 1, ANY, ANY, 4, '+');
  assert_int_equal(bare(&t, "msg1", 5, ANY, '$', &size), CPM_OK);
  assert_true(size == 4);
  CHUNK(CPM_E_MORE, 0, 0, 0, "msg1", 1, ANY, 8, 4, '+');
  assert_int_equal(bare(&t, "msg1", 1, ANY, '$', &size), CPM_E_MORE);   /* octets are missing */
  CHUNK(CPM_OK, 4, 8, CPM_QUIRK(MSRP_FLAG), "msg1", 5, ANY, 8, 4, '$');
  /* By itself it is no message. */
  assert_int_equal(bare(&t, "msg1", 1, ANY, '$', &size), CPM_E_VALUE);
  assert_int_equal(bare(&t, "msg1", 1, ANY, '#', &size), CPM_E_VALUE);
  assert_true(t.join.memory == 0);
}

static void chunks_that_contradict_are_refused(void **state) {
  (void)state;
  table t;
  size_t index = 0, other = 0;
  uint64_t off = 0;
  clear(&t);
  CHUNK(CPM_E_MORE, 0, 0, 0, "msg1", 1, ANY, 8, 4, '+');
  CHUNK(CPM_E_MISMATCH, 0, 0, 0, "msg1", 5, ANY, 9, 4, '+');
  CHUNK(CPM_OK, 4, 8, 0, "msg1", 5, ANY, 8, 4, '+');
  CHUNK(CPM_E_MORE, 0, 0, 0, "msg1", 1, ANY, ANY, 4, '+');
  CHUNK(CPM_E_MISMATCH, 0, 0, 0, "msg1", 3, ANY, 3, 1, '+');
  cpm_msrp m = send_of("msg2", 1, ANY, ANY);
  assert_int_equal(cpm_msrp_join_head(&t.join, &index, 1, &m, NULL, NULL), CPM_OK);
  assert_int_equal(cpm_msrp_join_head(&t.join, &other, 1, &m, NULL, NULL), CPM_E_BUSY);
  assert_int_equal(cpm_msrp_join_head(&t.join, &other, 2, &m, NULL, NULL), CPM_OK);   /* of another session */
  assert_true(index != other);
  assert_int_equal(cpm_msrp_join_end(&t.join, index, 'x', NULL, NULL, NULL, NULL), CPM_E_ARG);
  /* Between chunks a message takes nothing. */
  assert_int_equal(cpm_msrp_join_end(&t.join, other, '+', NULL, NULL, NULL, NULL), CPM_E_MORE);
  assert_int_equal(cpm_msrp_join_body(&t.join, other, 1, &off, NULL, NULL), CPM_E_ARG);
  assert_int_equal(cpm_msrp_join_end(&t.join, other, '$', NULL, NULL, NULL, NULL), CPM_E_ARG);
  cpm_msrp_join_drop(&t.join, MESSAGES);
  assert_int_equal(cpm_msrp_join_end(&t.join, MESSAGES, '$', NULL, NULL, NULL, NULL), CPM_E_ARG);
  assert_int_equal(cpm_msrp_join_body(&t.join, SIZE_MAX, 1, &off, NULL, NULL), CPM_E_ARG);
  m = send_of("msg4", 1, ANY, ANY);
  m.body = false;
  assert_int_equal(cpm_msrp_join_head(&t.join, &index, 1, &m, NULL, NULL), CPM_E_VALUE);
  m = send_of("msg3", 0, ANY, ANY);
  assert_int_equal(cpm_msrp_join_head(&t.join, &index, 1, &m, NULL, NULL), CPM_E_VALUE);
  m = send_of("", 1, ANY, ANY);
  assert_int_equal(cpm_msrp_join_head(&t.join, &index, 1, &m, NULL, NULL), CPM_E_VALUE);
  m = send_of("123456789012345678901234567890123", 1, ANY, ANY);
  assert_int_equal(cpm_msrp_join_head(&t.join, &index, 1, &m, NULL, NULL), CPM_E_VALUE);
  m = send_of("msg3", 1, ANY, ANY);
  m.status = 200;
  assert_int_equal(cpm_msrp_join_head(&t.join, &index, 1, &m, NULL, NULL), CPM_E_VALUE);
  m.status = 0;
  m.method = CPM_MSRP_REPORT;
  assert_int_equal(cpm_msrp_join_head(&t.join, &index, 1, &m, NULL, NULL), CPM_E_VALUE);
  m.method = CPM_MSRP_SEND;
  cpm_msrp_join none_at_all = { 0 };
  assert_int_equal(cpm_msrp_join_head(&none_at_all, &index, 1, &m, NULL, NULL), CPM_E_TOO_MANY);
  cpm_msrp_join none = { .messages = t.messages, .nmessages = 3, .spans = t.spans, .nspans = 2 };
  assert_int_equal(cpm_msrp_join_head(&none, &index, 1, &m, NULL, NULL), CPM_E_ARG);
}

/* ---- responses and reports -------------------------------------------------------------------------------------------------------- */

static void responses_and_reports_are_due_as_asked_for(void **state) {
  (void)state;
  const struct { cpm_msrp_failure failure; bool success; bool ok, error, timeout, report_ok, report_error, report_timeout; } rows[] = {
    { CPM_MSRP_FAILURE_YES,     false, true,  true,  true,  false, true,  true },
    { CPM_MSRP_FAILURE_YES,     true,  true,  true,  true,  true,  true,  true },
    { CPM_MSRP_FAILURE_PARTIAL, false, false, true,  true,  false, true,  false },
    { CPM_MSRP_FAILURE_NO,      true,  false, false, false, true,  false, false },
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    const cpm_msrp m = { .method = CPM_MSRP_SEND, .failure_report = rows[i].failure, .success_report = rows[i].success };
    assert_int_equal(cpm_msrp_response_due(&m, 200), rows[i].ok);
    assert_int_equal(cpm_msrp_response_due(&m, 413), rows[i].error);
    assert_int_equal(cpm_msrp_response_due(&m, 408), rows[i].timeout);
    assert_int_equal(cpm_msrp_report_due(&m, 200), rows[i].report_ok);
    assert_int_equal(cpm_msrp_report_due(&m, 413), rows[i].report_error);
    assert_int_equal(cpm_msrp_report_due(&m, 408), rows[i].report_timeout);
  }
  const cpm_msrp report = { .method = CPM_MSRP_REPORT, .success_report = true }, response = { .status = 200, .success_report = true };
  const cpm_msrp auth = { .method = CPM_MSRP_AUTH, .success_report = true };
  assert_false(cpm_msrp_response_due(&report, 400));
  assert_false(cpm_msrp_response_due(&response, 400));
  assert_true(cpm_msrp_response_due(&auth, 200));
  assert_false(cpm_msrp_report_due(&report, 200));
  assert_false(cpm_msrp_report_due(&response, 200));
  assert_false(cpm_msrp_report_due(&auth, 200));
}

static const cpm_msrp relayed = { .method = CPM_MSRP_SEND, .transaction_id = CPM_STR("abcd"), .message_id = CPM_STR("4564dpWd"),
                                  .to_path = CPM_STR(B), .from_path = CPM_STR(R " " A), .has_range = true, .range = { 1, 8, 8 } };

static cpm_str text_of(const cpm_msrp *m) {
  static char text[1024];
  size_t len = 0;
  cpm_diag d = { 0 };
  assert_status(cpm_msrp_encode(text, sizeof text, &len, m, &d), CPM_OK, &d);
  return cpm_str_of(text, len);
}

/* RFC 4975 7.3: the session first, then its connection, the method, the type, the size. */
static void a_request_gets_the_status_of_what_first_speaks_against_it(void **state) {
  (void)state;
  const cpm_msrp good = { .method = CPM_MSRP_SEND, .to_path = S(B), .from_path = S(A), .body = true, .content_type = S("Message/CPIM;a=b"),
                          .has_range = true, .range = { 1, 10, 10 } };
  const cpm_msrp_session here = { .local_path = S(B), .remote_path = S(A), .accept_types = S("message/cpim text/*"), .max_size = 10 };
  cpm_msrp m = good;
  cpm_msrp_session s = here;
  assert_int_equal(cpm_msrp_verdict(&m, &s), 200);
  assert_int_equal(cpm_msrp_verdict(&m, NULL), 481);
  m.range = (cpm_msrp_range){ 1, CPM_MSRP_ANY, 11 };
  assert_int_equal(cpm_msrp_verdict(&m, &s), 413);
  m.range = (cpm_msrp_range){ 11, CPM_MSRP_ANY, CPM_MSRP_ANY };
  assert_int_equal(cpm_msrp_verdict(&m, &s), 200);   /* it may bring no octet */
  m.range = (cpm_msrp_range){ 12, CPM_MSRP_ANY, CPM_MSRP_ANY };
  assert_int_equal(cpm_msrp_verdict(&m, &s), 413);
  m.range = (cpm_msrp_range){ 1, 11, CPM_MSRP_ANY };
  assert_int_equal(cpm_msrp_verdict(&m, &s), 413);
  m.content_type = S("image/png");
  assert_int_equal(cpm_msrp_verdict(&m, &s), 415);
  m.body = false;
  assert_int_equal(cpm_msrp_verdict(&m, &s), 200);   /* a SEND that only binds the connection */
  m.method = CPM_MSRP_AUTH;
  assert_int_equal(cpm_msrp_verdict(&m, &s), 501);
  m.method = CPM_MSRP_OTHER;
  assert_int_equal(cpm_msrp_verdict(&m, &s), 501);
  m.method = CPM_MSRP_NICKNAME;
  assert_int_equal(cpm_msrp_verdict(&m, &s), 200);
  m.method = CPM_MSRP_OTHER;
  s.elsewhere = true;
  assert_int_equal(cpm_msrp_verdict(&m, &s), 506);
  m.to_path = S(Q);
  assert_int_equal(cpm_msrp_verdict(&m, &s), 481);
  m.method = CPM_MSRP_REPORT;
  assert_int_equal(cpm_msrp_verdict(&m, &s), 0);
  m = good;
  m.status = 200;
  assert_int_equal(cpm_msrp_verdict(&m, NULL), 0);
  /* What the host does not say is not looked at. */
  s = (cpm_msrp_session){ .local_path = S(B), .remote_path = S(A) };
  m = good;
  m.content_type = S("image/png");
  m.range.end = m.range.total = 1u << 30;
  assert_int_equal(cpm_msrp_verdict(&m, &s), 200);
  s.accept_types = S("message/cpim");
  m.content_type = cpm_str_none();
  assert_int_equal(cpm_msrp_verdict(&m, &s), 200);
  m.from_path = S("msrp://elsewhere.example.com:1/2s93i93idj;tcp");
  assert_int_equal(cpm_msrp_verdict(&m, &s), 481);
  s.matching = CPM_MSRP_SESSION;
  assert_int_equal(cpm_msrp_verdict(&m, &s), 200);
}

static void a_200_is_awaited_unless_only_errors_come_back(void **state) {
  (void)state;
  cpm_msrp m = { .method = CPM_MSRP_SEND };
  assert_true(cpm_msrp_response_awaited(&m));
  m.failure_report = CPM_MSRP_FAILURE_PARTIAL;
  assert_false(cpm_msrp_response_awaited(&m));
  m.failure_report = CPM_MSRP_FAILURE_NO;
  assert_false(cpm_msrp_response_awaited(&m));
  m.method = CPM_MSRP_AUTH;
  assert_true(cpm_msrp_response_awaited(&m));
  m.method = CPM_MSRP_REPORT;
  assert_false(cpm_msrp_response_awaited(&m));
  m = (cpm_msrp){ .status = 200, .method = CPM_MSRP_SEND };
  assert_false(cpm_msrp_response_awaited(&m));
}

#define RANGE(request, octets, start_, end_, total_) do { \
    const cpm_msrp m_ = { .range = request }; \
    const cpm_msrp_range r_ = cpm_msrp_report_range(&m_, octets); \
    assert_true(r_.start == (start_) && r_.end == (end_) && r_.total == (total_)); } while (0)
#define OF(...) { __VA_ARGS__ }

/* RFC 4975 7.1.4: the end is counted from what came. */
static void a_report_covers_what_came(void **state) {
  (void)state;
  RANGE(OF(1, 8, 8), 8, 1, 8, 8);
  RANGE(OF(5, CPM_MSRP_ANY, 20), 8, 5, 12, 20);
  RANGE(OF(5, 20, 20), 8, 5, 12, 20);
  RANGE(OF(5, 6, 6), 8, 5, 12, CPM_MSRP_ANY);
  RANGE(OF(1, CPM_MSRP_ANY, CPM_MSRP_ANY), 3, 1, 3, CPM_MSRP_ANY);
  RANGE(OF(7, 9, 9), 0, 1, 0, 0);
  RANGE(OF(CPM_MSRP_ANY - 1, CPM_MSRP_ANY, CPM_MSRP_ANY), 9, CPM_MSRP_ANY - 1, CPM_MSRP_ANY, CPM_MSRP_ANY);
}

static void a_response_goes_one_hop_and_a_report_all_the_way(void **state) {
  (void)state;
  cpm_msrp m, auth = relayed;
  assert_int_equal(cpm_msrp_response(&m, &relayed, 200, NULL), CPM_OK);
  assert_str(text_of(&m), "MSRP abcd 200 OK\r\nTo-Path: " R "\r\nFrom-Path: " B "\r\n-------abcd$\r\n");
  auth.method = CPM_MSRP_AUTH;
  assert_int_equal(cpm_msrp_response(&m, &auth, 499, NULL), CPM_OK);
  assert_str(text_of(&m), "MSRP abcd 499\r\nTo-Path: " R " " A "\r\nFrom-Path: " B "\r\n-------abcd$\r\n");
  assert_int_equal(cpm_msrp_report(&m, &relayed, relayed.range, 200, S("new1"), NULL), CPM_OK);
  assert_str(text_of(&m), "MSRP new1 REPORT\r\nTo-Path: " R " " A "\r\nFrom-Path: " B "\r\nMessage-ID: 4564dpWd\r\nByte-Range: 1-8/8\r\n"
                          "Status: 000 200 OK\r\n-------new1$\r\n");
  cpm_msrp report = m;
  report.success_report = true;   /* a REPORT asks for no reports */
  report.failure_report = CPM_MSRP_FAILURE_NO;
  report.range = cpm_msrp_report_range(&relayed, 0);
  assert_str(text_of(&report), "MSRP new1 REPORT\r\nTo-Path: " R " " A "\r\nFrom-Path: " B "\r\nMessage-ID: 4564dpWd\r\nByte-Range: 1-0/0\r\n"
                               "Status: 000 200 OK\r\n-------new1$\r\n");
  assert_int_equal(cpm_msrp_response(&m, &report, 200, NULL), CPM_E_ARG);
  assert_int_equal(cpm_msrp_response(&m, &relayed, 999, NULL), CPM_OK);
  assert_int_equal(cpm_msrp_report(&m, &relayed, relayed.range, 999, S("new1"), NULL), CPM_OK);
  assert_int_equal(cpm_msrp_report(&m, &relayed, relayed.range, 1000, S("new1"), NULL), CPM_E_ARG);
  assert_int_equal(cpm_msrp_response(&m, &relayed, 199, NULL), CPM_E_ARG);
  assert_int_equal(cpm_msrp_response(&m, &relayed, 1000, NULL), CPM_E_ARG);
  assert_int_equal(cpm_msrp_report(&m, &report, relayed.range, 200, S("new1"), NULL), CPM_E_ARG);
  assert_int_equal(cpm_msrp_report(&m, &relayed, relayed.range, 1, S("new1"), NULL), CPM_E_ARG);
  assert_int_equal(cpm_msrp_report(&m, &relayed, relayed.range, 200, S("new"), NULL), CPM_E_VALUE);
}

static void responses_are_matched_by_their_transaction(void **state) {
  (void)state;
  cpm_msrp response, report = relayed;
  uint64_t quirks = 0;
  assert_int_equal(cpm_msrp_response(&response, &relayed, 200, NULL), CPM_OK);
  assert_int_equal(cpm_msrp_response_matches(&response, &relayed, NULL, &quirks, NULL), CPM_OK);
  assert_true(quirks == 0);
  response.to_path = relayed.from_path;   /* a peer that copies all of it */
  assert_int_equal(cpm_msrp_response_matches(&response, &relayed, NULL, &quirks, NULL), CPM_OK);
  assert_true(quirks == CPM_QUIRK(MSRP_RESPONSE_PATH));
  const cpm_opts strict = { .refuse = CPM_QUIRK(MSRP_RESPONSE_PATH) };
  assert_int_equal(cpm_msrp_response_matches(&response, &relayed, &strict, &quirks, NULL), CPM_E_QUIRK);
  response.transaction_id = S("ABCD");
  assert_int_equal(cpm_msrp_response_matches(&response, &relayed, NULL, &quirks, NULL), CPM_LATE);
  response.transaction_id = S("abcd");
  report.method = CPM_MSRP_REPORT;
  assert_int_equal(cpm_msrp_response_matches(&response, &report, NULL, &quirks, NULL), CPM_LATE);
  assert_int_equal(cpm_msrp_response_matches(&relayed, &relayed, NULL, &quirks, NULL), CPM_LATE);
}

/* The one that `of` answers with 200, passed back by n relays; the paths stand in text. */
static cpm_msrp response_through(const cpm_msrp *of, size_t n, char text[][256]) {
  cpm_msrp response;
  size_t len = 0;
  assert_int_equal(cpm_msrp_response(&response, of, 200, NULL), CPM_OK);
  for (size_t i = 0; i < n; i++) assert_int_equal(cpm_msrp_forward(&response, text[i], 256, &len, &response, NULL), CPM_OK);
  return response;
}

static void a_response_that_relays_passed_on_names_them(void **state) {
  (void)state;
  const cpm_msrp ours = { .method = CPM_MSRP_NICKNAME, .transaction_id = S("abcd"), .to_path = S(R " " Q " " B), .from_path = S(A) };
  char there[2][256], back[2][256];
  cpm_msrp at_relay, at_end, response;
  size_t len = 0;
  uint64_t quirks = 0;
  assert_int_equal(cpm_msrp_forward(&at_relay, there[0], 256, &len, &ours, NULL), CPM_OK);
  assert_int_equal(cpm_msrp_forward(&at_end, there[1], 256, &len, &at_relay, NULL), CPM_OK);
  response = response_through(&at_end, 2, back);
  assert_str(response.from_path, R " " Q " " B);
  assert_int_equal(cpm_msrp_response_matches(&response, &ours, NULL, &quirks, NULL), CPM_OK);
  response = response_through(&at_relay, 1, back);   /* the second relay answers itself */
  assert_str(response.from_path, R " " Q);
  assert_int_equal(cpm_msrp_response_matches(&response, &ours, NULL, &quirks, NULL), CPM_OK);
  response = response_through(&ours, 0, back);
  assert_int_equal(cpm_msrp_response_matches(&response, &ours, NULL, &quirks, NULL), CPM_OK);
  assert_true(quirks == 0);
  const cpm_str others[] = { S(R " " B), S(R " " Q " " B " " A), S(Q), cpm_str_none() };
  for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
    quirks = 0;
    response.from_path = others[i];
    assert_int_equal(cpm_msrp_response_matches(&response, &ours, NULL, &quirks, NULL), CPM_OK);
    assert_true(quirks == CPM_QUIRK(MSRP_RESPONSE_PATH));
  }
  /* Nobody passes on what answers a SEND. */
  cpm_msrp send = ours;
  send.method = CPM_MSRP_SEND;
  quirks = 0;
  response.from_path = S(R " " Q);
  assert_int_equal(cpm_msrp_response_matches(&response, &send, NULL, &quirks, NULL), CPM_OK);
  assert_true(quirks == CPM_QUIRK(MSRP_RESPONSE_PATH));
}

static void a_relay_moves_its_uri_from_one_path_to_the_other(void **state) {
  (void)state;
  cpm_msrp in = relayed, out;
  char path[256];
  size_t len = 0;
  in.to_path = S(R "  " B);
  in.from_path = S(A);
  assert_int_equal(cpm_msrp_forward(&out, path, sizeof path, &len, &in, NULL), CPM_OK);
  assert_str(out.to_path, B);
  assert_str(out.from_path, R " " A);
  assert_int_equal(cpm_msrp_forward(&out, path, len - 1, &len, &in, NULL), CPM_E_SPACE);
  assert_int_equal(len, sizeof(R " " A) - 1);
  assert_int_equal(cpm_msrp_forward(&out, path, sizeof path, &len, &relayed, NULL), CPM_E_VALUE);
}

/* ---- sessions and connections -------------------------------------------------------------------------------------------------------- */

static void a_request_belongs_to_the_session_of_its_paths(void **state) {
  (void)state;
  const cpm_str ours = S(B), theirs = S(R " " A);
  cpm_msrp m = relayed;
  assert_true(cpm_msrp_in_session(&m, ours, theirs, CPM_MSRP_STRICT));
  assert_false(cpm_msrp_in_session(&m, S(R " " B), theirs, CPM_MSRP_STRICT));
  assert_true(cpm_msrp_in_session(&m, S(R " " B), S(A), CPM_MSRP_STRICT));   /* the relay is ours */
  assert_false(cpm_msrp_in_session(&m, S(Q " " B), S(A), CPM_MSRP_STRICT));
  m.from_path = S(R " " Q " " A);
  assert_true(cpm_msrp_in_session(&m, S(Q " " R " " B), S(A), CPM_MSRP_STRICT));
  assert_false(cpm_msrp_in_session(&m, S(R " " Q " " B), S(A), CPM_MSRP_STRICT));
  assert_false(cpm_msrp_in_session(&m, S(Q " " R " " R " " R " " B), S(A), CPM_MSRP_STRICT));
  m.from_path = relayed.from_path;
  assert_false(cpm_msrp_in_session(&m, ours, S(A), CPM_MSRP_STRICT));
  assert_false(cpm_msrp_in_session(&m, S(A), theirs, CPM_MSRP_STRICT));
  assert_false(cpm_msrp_in_session(&m, ours, cpm_str_none(), CPM_MSRP_STRICT));
  m.to_path = S(R " " B);   /* a relay that did not take its own URI off */
  assert_false(cpm_msrp_in_session(&m, ours, theirs, CPM_MSRP_STRICT));
  m.to_path = S("msrps://alg.example.com:1/si438dsaodes;tcp");
  m.from_path = S("msrp://192.0.2.1/2s93i93idj;tcp");
  assert_false(cpm_msrp_in_session(&m, ours, theirs, CPM_MSRP_STRICT));
  assert_true(cpm_msrp_in_session(&m, ours, theirs, CPM_MSRP_SESSION));
  m.from_path = S("msrp://192.0.2.1/other;tcp");
  assert_false(cpm_msrp_in_session(&m, ours, theirs, CPM_MSRP_SESSION));
  m = relayed;
  m.status = 200;
  assert_false(cpm_msrp_in_session(&m, ours, theirs, CPM_MSRP_STRICT));
  m.status = 0;
  m.to_path = cpm_str_none();
  assert_false(cpm_msrp_in_session(&m, cpm_str_none(), theirs, CPM_MSRP_STRICT));
}

#define NONE    CPM_MSRP_SETUP_NONE
#define ACTIVE  CPM_MSRP_ACTIVE
#define PASSIVE CPM_MSRP_PASSIVE
#define ACTPASS CPM_MSRP_ACTPASS

static void setup_says_who_connects(void **state) {
  (void)state;
  const struct { cpm_msrp_setup offer, answer; int rc; bool offerer; } rows[] = {
    { ACTIVE,  PASSIVE, CPM_OK, true },  { PASSIVE, ACTIVE,  CPM_OK, false }, { ACTPASS, ACTIVE, CPM_OK, false },
    { ACTPASS, PASSIVE, CPM_OK, true },  { ACTIVE,  ACTIVE,  CPM_OK, true },  { PASSIVE, PASSIVE, CPM_E_MISMATCH, false },
    { ACTIVE,  ACTPASS, CPM_E_MISMATCH, false }, { ACTPASS, ACTPASS, CPM_E_MISMATCH, false },
    { NONE,    NONE,    CPM_OK, true },  { NONE,    ACTIVE,  CPM_OK, false }, { NONE,   PASSIVE, CPM_OK, true },
    { ACTPASS, NONE,    CPM_OK, true },  { PASSIVE, NONE,    CPM_OK, false }, { ACTIVE, NONE,    CPM_OK, true },
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    bool we = false, they = false;
    const int rc = cpm_msrp_is_active(&we, true, rows[i].offer, rows[i].answer, NULL);
    if (rc != rows[i].rc || cpm_msrp_is_active(&they, false, rows[i].offer, rows[i].answer, NULL) != rc) fail_msg("row %zu: %d", i, rc);
    if (rc == CPM_OK && (we != rows[i].offerer || they == we)) fail_msg("row %zu: %d %d", i, we, they);
  }
  assert_int_equal(cpm_msrp_setup_answer(ACTIVE, ACTIVE), PASSIVE);
  assert_int_equal(cpm_msrp_setup_answer(PASSIVE, PASSIVE), ACTIVE);
  assert_int_equal(cpm_msrp_setup_answer(ACTPASS, NONE), ACTIVE);
  assert_int_equal(cpm_msrp_setup_answer(ACTPASS, PASSIVE), PASSIVE);
  assert_int_equal(cpm_msrp_setup_answer(NONE, ACTIVE), NONE);
  cpm_msrp_setup setup = NONE;
  assert_int_equal(cpm_msrp_setup_decode(&setup, S("ActPass"), NULL), CPM_OK);
  assert_int_equal(setup, ACTPASS);
  assert_int_equal(cpm_msrp_setup_decode(&setup, S("active "), NULL), CPM_OK);
  assert_int_equal(setup, ACTIVE);
  assert_int_equal(cpm_msrp_setup_decode(&setup, S("passive"), NULL), CPM_OK);
  assert_int_equal(setup, PASSIVE);
  assert_int_equal(cpm_msrp_setup_decode(&setup, S("holdconn"), NULL), CPM_E_UNSUPPORTED);
  assert_int_equal(cpm_msrp_setup_decode(&setup, cpm_str_none(), NULL), CPM_E_UNSUPPORTED);
}

static void cema_connects_by_c_and_m_line(void **state) {
  (void)state;
  const cpm_msrp_media with = { .path = S(A), .address = S("192.0.2.9"), .port = 9000, .cema = true };
  const cpm_msrp_media without = { .path = S(A), .address = S("192.0.2.9"), .port = 9000 };
  cpm_msrp_target t;
  assert_int_equal(cpm_msrp_connect(&t, &with, &with, true, NULL), CPM_OK);
  assert_true(t.cema && t.anchored && !t.secure);
  assert_str(t.host, "192.0.2.9");
  assert_int_equal(t.port, 9000);
  assert_int_equal(t.matching, CPM_MSRP_STRICT);
  const cpm_msrp_media *const pairs[][2] = { { &with, &without }, { &without, &with } };
  for (size_t i = 0; i < 2; i++) {
    assert_int_equal(cpm_msrp_connect(&t, pairs[i][0], pairs[i][1], false, NULL), CPM_OK);
    assert_false(t.cema);
    assert_str(t.host, "alice.example.com");
    assert_int_equal(t.port, 7394);
    assert_int_equal(t.matching, CPM_MSRP_STRICT);
    assert_int_equal(cpm_msrp_connect(&t, pairs[i][0], pairs[i][1], true, NULL), CPM_OK);
    assert_int_equal(t.matching, CPM_MSRP_SESSION);
  }
}

static void paths_say_where_to_connect(void **state) {
  (void)state;
  cpm_msrp_media us = { 0 }, them = { .path = S("msrps://[2001:db8::1]/s;tcp " A), .address = S("2001:DB8:0::1"), .port = 2855 };
  cpm_msrp_target t;
  cpm_diag d = { 0 };
  assert_int_equal(cpm_msrp_connect(&t, &us, &them, false, NULL), CPM_OK);
  assert_true(t.secure && !t.anchored);
  assert_str(t.host, "2001:db8::1");
  assert_int_equal(t.port, 2855);
  them.port = 2856;
  assert_int_equal(cpm_msrp_connect(&t, &us, &them, false, NULL), CPM_OK);
  assert_true(t.anchored);
  them.port = 2855;
  them.address = S("192.0.2.1");
  assert_int_equal(cpm_msrp_connect(&t, &us, &them, false, NULL), CPM_OK);
  assert_true(t.anchored);
  them.address = cpm_str_none();
  assert_int_equal(cpm_msrp_connect(&t, &us, &them, false, NULL), CPM_OK);
  assert_false(t.anchored);
  them = (cpm_msrp_media){ .path = S("msrp://192.0.2.1:9/s;tcp"), .address = S("192.0.2.1"), .port = 9 };
  assert_int_equal(cpm_msrp_connect(&t, &us, &them, false, NULL), CPM_OK);
  assert_false(t.anchored);
  assert_false(t.secure);
  them.address = S("192.0.2.2");
  them.secure = true;   /* the m line of a peer whose path has another scheme */
  assert_int_equal(cpm_msrp_connect(&t, &us, &them, false, NULL), CPM_OK);
  assert_true(t.anchored && t.secure);
  them.address = cpm_str_none();
  us.cema = them.cema = true;
  assert_status(cpm_msrp_connect(&t, &us, &them, false, &d), CPM_E_MISSING, &d);
  them.port = 0;
  assert_status(cpm_msrp_connect(&t, &us, &them, false, &d), CPM_E_VALUE, &d);
  them.path = cpm_str_none();
  assert_status(cpm_msrp_connect(&t, &us, &them, false, &d), CPM_E_MISSING, &d);
  them = (cpm_msrp_media){ .path = S("sip:x"), .port = 9 };
  assert_status(cpm_msrp_connect(&t, &us, &them, false, &d), CPM_E_SYNTAX, &d);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(chunks_come_in_any_order), cmocka_unit_test(chunks_overlap_and_leave_gaps),
    cmocka_unit_test(an_unknown_total_is_settled_by_the_last_chunk), cmocka_unit_test(an_abort_frees_the_place),
    cmocka_unit_test(the_end_line_counts_and_not_the_range), cmocka_unit_test(complete_on_every_chunk_is_no_end),
    cmocka_unit_test(limits_of_messages_memory_and_gaps_are_kept), cmocka_unit_test(a_frame_without_body_ends_a_message_that_is_open),
    cmocka_unit_test(chunks_that_contradict_are_refused),
    cmocka_unit_test(a_request_gets_the_status_of_what_first_speaks_against_it), cmocka_unit_test(a_200_is_awaited_unless_only_errors_come_back),
    cmocka_unit_test(a_report_covers_what_came), cmocka_unit_test(responses_and_reports_are_due_as_asked_for), cmocka_unit_test(a_response_goes_one_hop_and_a_report_all_the_way),
    cmocka_unit_test(responses_are_matched_by_their_transaction), cmocka_unit_test(a_response_that_relays_passed_on_names_them),
    cmocka_unit_test(a_relay_moves_its_uri_from_one_path_to_the_other),
    cmocka_unit_test(a_request_belongs_to_the_session_of_its_paths), cmocka_unit_test(setup_says_who_connects),
    cmocka_unit_test(cema_connects_by_c_and_m_line), cmocka_unit_test(paths_say_where_to_connect),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
