/* SPDX-License-Identifier: MIT */
#include "sdp.h"
#include <stdlib.h>
#include <string.h>

static const cpm_sdp_session session = {
  .origin = { CPM_STR("-"), CPM_STR("1"), CPM_STR("1"), CPM_STR("IN"), CPM_STR("IP4"), CPM_STR("192.0.2.1") }, .name = { NULL, 0 }
};

static int encode_offer(char *dst, size_t cap, size_t *len, void *ctx) {
  return cpm_sdp_offer(dst, cap, len, &session, ctx, 1, NULL);
}

/* ---- writing ------------------------------------------------------------------------------------------------------------ */

static void lines_that_are_wrong_are_not_written(void **state) {
  (void)state;
  const struct {
    cpm_sdp_line line;
    int rc;
  } bad[] = {
    { { .type = 'i', .value = S("a\r\na=b") }, CPM_E_INJECTION },
    { { .type = 'i', .value = S("a\nb") }, CPM_E_INJECTION },
    { { .type = 'i', .value = S("a\0b") }, CPM_E_INJECTION },
    { { .type = 'i', .value = S("") }, CPM_E_VALUE },
    { { .type = 'c', .value = S("IN IP4") }, CPM_E_VALUE },
    { { .type = 'x', .value = S("a") }, CPM_E_VALUE },
    { { .type = '\0', .value = S("a") }, CPM_E_VALUE },
    { { .type = 'v', .value = S("0") }, CPM_E_DUPLICATE },
    { { .type = 'r', .value = S("1 1 1") }, CPM_E_VALUE },
    { { .type = 'm', .value = S("message 65536 TCP/MSRP *") }, CPM_E_RANGE },
    { { .type = 'm', .value = S("audio 1/18446744073709551616 a 1") }, CPM_E_RANGE },
    { { .type = 'm', .value = S("message 9 TCP/MSRP *") }, CPM_E_MISSING },
    { { .type = 'a', .value = S("b") }, CPM_E_MISSING },
    { { .type = 'a', .name = S("a b") }, CPM_E_VALUE },
    { { .type = 'a', .name = S("a\r\nb") }, CPM_E_INJECTION },
    { { .type = 'a', .name = S("a"), .value = S("\r") }, CPM_E_INJECTION },
    { { .type = 'a', .name = S("SendOnly") }, CPM_E_VALUE },
    { { .type = 'a', .attribute = CPM_SDP_SENDONLY, .value = S("x") }, CPM_E_VALUE },
    { { .type = 'a', .attribute = CPM_SDP_ATTRIBUTE_COUNT }, CPM_E_ARG },
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    cpm_sdp_line lines[] = { { .type = 'v', .value = S("0") }, { .type = 'o', .value = S("- 1 1 IN IP4 a") }, bad[i].line };
    const cpm_sdp sdp = { .lines = lines, .cap = 3, .nlines = 3 };
    size_t len;
    cpm_diag d = { 0 };
    assert_status(cpm_sdp_encode(NULL, 0, &len, &sdp, &d), bad[i].rc, &d);
    assert_non_null(d.rule);
  }
  cpm_sdp_line only = { .type = 'v', .value = S("0") };
  const cpm_sdp sdp = { .lines = &only, .cap = 1, .nlines = 1 };
  size_t len;
  assert_status(cpm_sdp_encode(NULL, 0, &len, &sdp, NULL), CPM_E_MISSING, NULL);
}

/* RFC 8866 9: a z line for the r lines of each t. */
static void zones_stand_once_for_each_time(void **state) {
  (void)state;
#define ZONES_HEAD "v=0\r\no=- 1 1 IN IP4 a\r\ns=-\r\nt=1 2\r\nr=1 1 1\r\nz=1 1\r\n"
  static const struct { const char *text; bool again; } in[] = {
    { ZONES_HEAD "t=3 4\r\nr=1 1 1\r\nz=1 1\r\n", false }, { ZONES_HEAD "z=1 1\r\n", true }, { ZONES_HEAD "t=3 4\r\nz=1 1\r\nz=1 1\r\n", true },
  };
  for (size_t i = 0; i < sizeof in / sizeof *in; i++) {
    cpm_sdp_line lines[16];
    cpm_sdp_media media[1];
    cpm_sdp sdp = CPM_SDP_ROOM(lines, media);
    size_t len;
    assert_int_equal(cpm_sdp_decode(&sdp, cpm_str_z(in[i].text), NULL, NULL), CPM_OK);
    assert_int_equal(sdp.quirks, in[i].again ? CPM_QUIRK(SDP_LINES) : 0);
    char answer[256];
    cpm_sdp_line answered[16];
    cpm_sdp back = CPM_SDP_ROOM(answered, media);
    assert_int_equal(cpm_sdp_answer(answer, sizeof answer, &len, &sdp, &session, NULL, 0, NULL, NULL), CPM_OK);
    assert_int_equal(cpm_sdp_decode(&back, cpm_str_of(answer, len), NULL, NULL), CPM_OK);
    assert_int_equal(back.quirks, 0);
    lines[sdp.nlines++] = (cpm_sdp_line){ .type = 'c', .value = S("IN IP4 a") };
    assert_int_equal(cpm_sdp_encode(NULL, 0, &len, &sdp, NULL), in[i].again ? CPM_E_DUPLICATE : CPM_OK);
  }
}

static cpm_sdp_msrp chat(void) {
  return (cpm_sdp_msrp){ .port = 2855,
                         .direction = CPM_SDP_DIRECTION_BOTH,
                         .accept_types = S("message/cpim"),
                         .accept_wrapped_types = S("*"),
                         .path = S("msrp://192.0.2.9:2855/s;tcp"),
                         .setup = CPM_MSRP_ACTPASS,
                         .cema = true,
                         .has_max_size = true,
                         .max_size = 5 };
}

static void offers_are_written_with_all_that_is_set(void **state) {
  (void)state;
  const cpm_sdp_line extra = { .type = 'a', .name = S("label"), .value = S("1") };
  cpm_sdp_msrp m = chat();
  m.secure = true;
  m.fingerprint = S("sha-1  aa:bb");
  m.chatroom = true;
  m.chatroom_tokens = S("nickname");
  m.connection = (cpm_sdp_connection){ .nettype = S("IN"), .addrtype = S("IP6"), .address = S("2001:db8::1"), .count = 1 };
  m.extra = &extra;
  m.nextra = 1;
  assert_str(support_every_size(encode_offer, &m),
             HEAD "m=message 2855 TCP/TLS/MSRP *\r\nc=IN IP6 2001:db8::1\r\na=sendrecv\r\na=accept-types:message/cpim\r\n"
                  "a=accept-wrapped-types:*\r\na=path:msrp://192.0.2.9:2855/s;tcp\r\na=max-size:5\r\na=setup:actpass\r\n"
                  "a=fingerprint:sha-1 AA:BB\r\na=msrp-cema\r\na=chatroom:nickname\r\na=label:1\r\n");
}

static void values_that_are_wrong_are_not_offered(void **state) {
  (void)state;
  const cpm_sdp_line known = { .type = 'a', .attribute = CPM_SDP_PATH, .value = S("x") },
                     injected = { .type = 'a', .name = S("x"), .value = S("a\r\nb") };
  cpm_sdp_msrp m[24];
  const int want[] = { CPM_E_MISSING,   CPM_E_MISSING,   CPM_E_INJECTION, CPM_E_VALUE, CPM_E_INJECTION, CPM_E_VALUE,
                       CPM_E_VALUE,     CPM_E_VALUE,     CPM_E_INJECTION, CPM_E_VALUE, CPM_E_VALUE,     CPM_E_VALUE,
                       CPM_E_INJECTION, CPM_E_VALUE,     CPM_E_VALUE,     CPM_E_VALUE, CPM_E_ARG,       CPM_E_ARG,
                       CPM_E_ARG,       CPM_E_INJECTION, CPM_E_VALUE,     CPM_E_VALUE, CPM_E_VALUE,     CPM_E_VALUE };
  for (size_t i = 0; i < 24; i++) {
    m[i] = chat();
    m[i].file = true;
  }
  m[0].path = cpm_str_none();
  m[1].accept_types = cpm_str_none();
  m[2].path = S("msrp://a/b;tcp\r\na=x");
  m[3].path = S("msrp://a/b");
  m[4].accept_types = S("*\n");
  m[5].accept_types = S("");
  m[6].accept_wrapped_types = S("text");
  m[7].fingerprint = S("sha-1 a");
  m[8].file_transfer_id = S("a\0");
  m[9].file_transfer_id = S("a b");
  m[10].file_disposition = S("a/b");
  m[11].file_icon = S("a");
  m[12].selector.name = S("a\r\nb");
  m[13].selector.name = S("a\"b");
  m[14].selector.type = S("a");
  m[15].selector.hashes = S("hash:sha-1:00");
  m[16].setup = (cpm_msrp_setup)9;
  m[17].direction = (cpm_sdp_direction)9;
  m[18].extra = &known;
  m[18].nextra = 1;
  m[19].extra = &injected;
  m[19].nextra = 1;
  m[20].has_range = true;
  m[21].selector.hashes = S("size:1");
  m[22].creation = (cpm_sdp_date){ true, INT64_MAX };
  m[23].selector.name = S("");
  for (size_t i = 0; i < 24; i++) {
    cpm_diag d = { 0 };
    size_t len;
    assert_status(cpm_sdp_offer(NULL, 0, &len, &session, &m[i], 1, &d), want[i], &d);
    assert_non_null(d.rule);
  }
  const cpm_sdp_msrp good = chat();
  const struct {
    cpm_sdp_session s;
    int rc;
  } heads[] = {
    { { .origin = { S("a b"), S("1"), S("1"), S("IN"), S("IP4"), S("a") } }, CPM_E_VALUE },
    { { .origin = { S("a"), S("x"), S("1"), S("IN"), S("IP4"), S("a") } }, CPM_E_VALUE },
    { { .origin = { S("a"), S("1"), S("1"), S("IN"), S("IP4"), S("a/b") } }, CPM_E_VALUE },
    { { .origin = { S("a"), S("1"), S("1"), S("IN"), S("IP4"), S("a\r\n") } }, CPM_E_INJECTION },
    { { .origin = { S("a"), S("1"), S("1"), S("IN"), S("IP4"), { NULL, 0 } } }, CPM_E_MISSING },
    { { .origin = session.origin, .name = S("a\r\nb") }, CPM_E_INJECTION },
    { { .origin = session.origin, .connection = { .nettype = S("IN"), .addrtype = S("IP4"), .address = S("a"), .count = 2 } },
      CPM_E_VALUE },
    { { .origin = session.origin, .connection = { .nettype = S("IN"), .addrtype = S("IP6"), .address = S("a"), .has_ttl = true } },
      CPM_E_VALUE },
  };
  for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
    cpm_diag d = { 0 };
    size_t len;
    assert_status(cpm_sdp_offer(NULL, 0, &len, &heads[i].s, &good, 1, &d), heads[i].rc, &d);
  }
  size_t len;
  assert_status(cpm_sdp_offer(NULL, 0, &len, &session, &good, 0, NULL), CPM_E_ARG, NULL);
}

/* ---- answers ------------------------------------------------------------------------------------------------------------ */

typedef struct answer_ctx {
  const cpm_sdp *offer;
  const cpm_sdp_msrp *const *ours;
  size_t n;
} answer_ctx;
static int encode_answer(char *dst, size_t cap, size_t *len, void *ctx) {
  const answer_ctx *a = ctx;
  return cpm_sdp_answer(dst, cap, len, a->offer, &session, a->ours, a->n, NULL, NULL);
}

static void directions_follow_the_offer(void **state) {
  (void)state;
  for (unsigned offered = 0; offered < 4; offered++)
    for (unsigned wanted = 0; wanted < 4; wanted++) {
      const cpm_sdp_msrp offer = { .port = 1, .direction = (cpm_sdp_direction)offered },
                         ours = { .port = 2, .direction = (cpm_sdp_direction)wanted };
      cpm_sdp_msrp out;
      cpm_sdp_msrp_answer(&out, &offer, &ours);
      const unsigned may = (offered & CPM_SDP_DIRECTION_SEND ? CPM_SDP_DIRECTION_RECV : 0u) |
                           (offered & CPM_SDP_DIRECTION_RECV ? CPM_SDP_DIRECTION_SEND : 0u);
      assert_int_equal(out.direction, may & wanted);
    }
}

static void setup_follows_the_offer(void **state) {
  (void)state;
  enum {
    NONE = CPM_MSRP_SETUP_NONE,
    ACTIVE = CPM_MSRP_ACTIVE,
    PASSIVE = CPM_MSRP_PASSIVE,
    ACTPASS = CPM_MSRP_ACTPASS,
  };
  const struct {
    int offer, ours, answer;
  } rows[] = {
    { ACTPASS, NONE, ACTIVE },   { ACTPASS, ACTIVE, ACTIVE },  { ACTPASS, PASSIVE, PASSIVE }, { ACTPASS, ACTPASS, ACTIVE },
    { ACTIVE, ACTIVE, PASSIVE }, { PASSIVE, PASSIVE, ACTIVE }, { NONE, ACTIVE, NONE },        { NONE, PASSIVE, NONE },
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    const cpm_sdp_msrp offer = { .port = 1, .setup = (cpm_msrp_setup)rows[i].offer },
                       ours = { .port = 2, .setup = (cpm_msrp_setup)rows[i].ours };
    cpm_sdp_msrp out;
    cpm_sdp_msrp_answer(&out, &offer, &ours);
    assert_int_equal(out.setup, rows[i].answer);
  }
}

static void one_of_the_two_connects(void **state) {
  (void)state;
  enum { NONE, ACTIVE, PASSIVE, ACTPASS };
  const struct {
    int offer, answer, rc;
    bool offerer, quirk;
  } rows[] = {
    { NONE, NONE, CPM_OK, true, false },
    { ACTPASS, NONE, CPM_OK, true, false },
    { ACTPASS, ACTIVE, CPM_OK, false, false },
    { ACTPASS, PASSIVE, CPM_OK, true, false },
    { ACTIVE, PASSIVE, CPM_OK, true, false },
    { PASSIVE, ACTIVE, CPM_OK, false, false },
    { ACTIVE, ACTIVE, CPM_OK, true, true },
    { NONE, ACTIVE, CPM_OK, false, false },
    { NONE, PASSIVE, CPM_OK, true, false },
    { PASSIVE, PASSIVE, CPM_E_MISMATCH, false, false },
    { ACTPASS, ACTPASS, CPM_E_MISMATCH, false, false },
    { PASSIVE, NONE, CPM_OK, false, false },
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    bool offerer = false;
    uint64_t quirks = 0;
    cpm_diag d = { 0 };
    const cpm_msrp_setup offer = (cpm_msrp_setup)rows[i].offer, answer = (cpm_msrp_setup)rows[i].answer;
    assert_status(cpm_sdp_connects(&offerer, offer, answer, NULL, &quirks, &d), rows[i].rc, &d);
    assert_true(quirks == (rows[i].quirk ? CPM_QUIRK(SDP_SETUP) : 0));
    if (!rows[i].rc) assert_int_equal(offerer, rows[i].offerer);
    if (rows[i].quirk) assert_status(cpm_sdp_connects(&offerer, offer, answer, &strict, NULL, &d), CPM_E_QUIRK, &d);
  }
}

static void an_answer_has_the_m_lines_of_the_offer(void **state) {
  (void)state;
  static description d;
  const cpm_str in = S(
      "v=0\r\no=alice 1 1 IN IP4 192.0.2.5\r\ns=x\r\nc=IN IP4 192.0.2.5\r\nt=5  6\r\nr=1 1 1\r\na=sendonly\r\n"
      "m=MESSAGE 7654 TCP/MSRP *\r\na=accept-types:image/jpeg\r\na=path:msrp://192.0.2.5:7654/a;tcp\r\na=setup:active\r\na=msrp-cema\r\n"
      "a=file-selector:\"1 a.jpg\" type:image/jpeg size:4294967297 hash:other:0a\r\na=file-transfer-id:one\r\na=file-disposition:render\r\n"
      "m=audio 49170 RTP/AVP 0  8\r\n"
      "m=message 0 TCP/MSRP *\r\na=accept-types:*\r\n"
      "m=message 7654 TCP/TLS/MSRP *\r\na=sendrecv\r\na=accept-types:*\r\na=path:msrps://192.0.2.5:7654/b;tcp\r\na=setup:actpass\r\n"
      "m=message 7654 TCP/MSRP *\r\na=accept-types:*\r\na=path:msrp://192.0.2.5:7654/c;tcp\r\na=max-size:99999999999999999999\r\n");
  cpm_diag diag = { 0 };
  assert_status(read_into(&d, in, NULL, &diag), CPM_OK, &diag);
  cpm_sdp_msrp file = chat(), talk = chat();
  file.accept_types = S("image/jpeg");
  file.accept_wrapped_types = cpm_str_none();
  file.has_range = true;
  file.range_start = 5;
  file.range_stop = CPM_SDP_ANY;
  talk.file_transfer_id = S("none");
  file.fingerprint = talk.fingerprint = S("SHA-1 4A:AD");   /* of TLS alone: RFC 8122 */
  const cpm_sdp_msrp *const ours[] = { &file, NULL, &talk, &talk, NULL };
  answer_ctx ctx = { &d.sdp, ours, 5 };
  const cpm_str answer = support_every_size(encode_answer, &ctx);
  assert_str(
      answer,
      "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=5 6\r\nr=1 1 1\r\n"
      "m=message 2855 TCP/MSRP *\r\na=recvonly\r\na=accept-types:image/jpeg\r\na=path:msrp://192.0.2.9:2855/s;tcp\r\na=max-size:5\r\n"
      "a=setup:passive\r\na=msrp-cema\r\na=file-selector:name:\"1 a.jpg\" type:image/jpeg size:4294967297 hash:other:0A\r\n"
      "a=file-transfer-id:one\r\na=file-range:5-*\r\n"
      "m=audio 0 RTP/AVP 0 8\r\n"
      "m=message 0 TCP/MSRP *\r\n"
      "m=message 2855 TCP/TLS/MSRP *\r\na=sendrecv\r\na=accept-types:message/cpim\r\na=accept-wrapped-types:*\r\n"
      "a=path:msrp://192.0.2.9:2855/s;tcp\r\na=max-size:5\r\na=setup:active\r\na=fingerprint:SHA-1 4A:AD\r\n"
      "m=message 0 TCP/MSRP *\r\n");
  static description again;
  assert_status(read_into(&again, answer, &strict, &diag), CPM_OK, &diag);
  assert_int_equal(again.sdp.nmedia, 5);

  const cpm_sdp_msrp *const bad[] = { &file, NULL, NULL, NULL, &talk }, *const audio[] = { NULL, &talk, NULL, NULL, NULL };
  size_t len;
  assert_status(cpm_sdp_answer(NULL, 0, &len, &d.sdp, &session, bad, 5, NULL, &diag), CPM_E_RANGE, &diag);
  assert_status(cpm_sdp_answer(NULL, 0, &len, &d.sdp, &session, audio, 5, NULL, &diag), CPM_E_UNSUPPORTED, &diag);
  assert_status(cpm_sdp_answer(NULL, 0, &len, &d.sdp, &session, ours, 4, NULL, &diag), CPM_E_ARG, &diag);
  assert_status(cpm_sdp_answer(NULL, 0, &len, &d.sdp, &session, ours, 5, &strict, &diag), CPM_E_QUIRK, &diag);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(lines_that_are_wrong_are_not_written),
    cmocka_unit_test(zones_stand_once_for_each_time),
    cmocka_unit_test(offers_are_written_with_all_that_is_set),
    cmocka_unit_test(values_that_are_wrong_are_not_offered),
    cmocka_unit_test(directions_follow_the_offer),
    cmocka_unit_test(setup_follows_the_offer),
    cmocka_unit_test(one_of_the_two_connects),
    cmocka_unit_test(an_answer_has_the_m_lines_of_the_offer),
  };
  return cmocka_run_group_tests_name("sdp_offer", tests, NULL, NULL);
}
