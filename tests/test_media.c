/* SPDX-License-Identifier: MIT */
/* What media effects of cf/large say: session descriptions, the other side of a connection, the head and content of a SEND. */
#include "engine_script.h"
#include <string.h>

static engine_run run;
static cpm_effect effect;

/* The first effect of that kind that the script's event number i brings. */
static void media_effect(unsigned i, cpm_effect_kind kind) {
  script_event x;
  const script *s = engine_start(&run, "cf/large", i);
  engine_take(&run, s, i, &x);
  while (engine_effect(&run, &effect) == CPM_OK && effect.kind != kind) cpm_proc_did(run.proc);
  assert_int_equal(effect.kind, kind);
}

/* The part of the body that is a session description, decoded strictly: pieces are all ours, none is the host's. */
static void media_describe(cpm_sdp_msrp *m, cpm_str type) {
  static char body[SCRIPT_BUFFER];
  static cpm_sdp_line lines[32];
  static cpm_sdp_media media[2];
  static cpm_part parts[4];
  const cpm_opts strict = { .refuse = CPM_QUIRKS_ALL };
  cpm_multipart mp = { parts, 4, 0, 0 };
  cpm_sdp sdp = CPM_SDP_ROOM(lines, media);
  cpm_diag d = { 0 };
  size_t n = 0;
  for (size_t i = 0; i < effect.sip.npieces; i++) {
    assert_non_null(effect.sip.pieces[i].bytes.p);
    memcpy(body + n, effect.sip.pieces[i].bytes.p, effect.sip.pieces[i].bytes.n);
    n += effect.sip.pieces[i].bytes.n;
  }
  cpm_str text = cpm_str_of(body, n);
  if (cpm_media_type_text_is(type, "multipart/mixed")) {
    assert_status(cpm_multipart_decode(&mp, type, text, &strict, &d), CPM_OK, &d);
    text = parts[mp.nparts - 1].body;
    assert_true(cpm_media_type_text_is(parts[mp.nparts - 1].content_type, "application/sdp"));
  } else assert_true(cpm_media_type_text_is(type, "application/sdp"));
  assert_status(cpm_sdp_decode(&sdp, text, &strict, &d), CPM_OK, &d);
  assert_int_equal(sdp.nmedia, 1);
  assert_status(cpm_sdp_msrp_decode(m, &sdp, 0, &strict, &d), CPM_OK, &d);
}

static void an_offer_to_a_member_says_what_the_originators_said(void **state) {
  (void)state;
  cpm_sdp_msrp m;
  cpm_msrp_uri uri;
  media_effect(1, CPM_EFFECT_SEND);
  media_describe(&m, cpm_sip_value(&effect.sip, CPM_SIP_CONTENT_TYPE));
  assert_int_equal(m.port, 2855);
  assert_str(m.connection.address, "192.0.2.33");
  assert_str(m.accept_types, "message/cpim");
  assert_int_equal(m.direction, CPM_SDP_DIRECTION_SEND);
  assert_int_equal(m.setup, CPM_MSRP_ACTPASS);
  assert_true(m.cema);
  assert_true(m.selector.has_size);
  assert_int_equal(m.selector.size, 5242880);
  assert_int_equal(cpm_msrp_uri_decode(&uri, m.path, NULL, NULL), CPM_OK);
  assert_str(uri.host, "192.0.2.33");
  assert_true(uri.session_id.n > 2 && memcmp(uri.session_id.p + uri.session_id.n - 2, ".0", 2) == 0);
  engine_end(&run);
}

static void the_first_answer_opens_a_session_with_the_originator(void **state) {
  (void)state;
  cpm_sdp_msrp m;
  media_effect(2, CPM_EFFECT_REPLY);
  media_describe(&m, cpm_sip_value(&effect.sip, CPM_SIP_CONTENT_TYPE));
  assert_int_equal(m.direction, CPM_SDP_DIRECTION_RECV);
  assert_int_equal(m.setup, CPM_MSRP_PASSIVE);
  assert_true(m.cema);
  char path[128];
  memcpy(path, m.path.p, m.path.n);
  cpm_proc_did(run.proc);
  assert_int_equal(engine_effect(&run, &effect), CPM_OK);
  assert_int_equal(effect.kind, CPM_EFFECT_LISTEN);
  assert_true(cpm_str_eq(effect.media.local_path, cpm_str_of(path, m.path.n)));
  assert_str(effect.media.remote_path, "msrp://192.0.2.1:2855/s0;tcp");
  assert_false(effect.media.target.secure);
  engine_end(&run);
}

static void a_member_is_connected_to_where_its_answer_says(void **state) {
  (void)state;
  media_effect(3, CPM_EFFECT_CONNECT);
  assert_str(effect.media.remote_path, "msrp://bob.example.com:2855/s1;tcp");
  assert_str(effect.media.target.host, "bob.example.com");
  assert_int_equal(effect.media.target.port, 2855);
  assert_false(effect.media.target.cema);
  assert_false(effect.media.fingerprint.p);
  engine_end(&run);
}

/* RFC 6714: by c and m line, if both sides have a=msrp-cema. */
static void with_cema_the_address_counts(void **state) {
  (void)state;
  script_event x;
  const script *s = engine_start(&run, "cf/large", 2);
  static const cpm_sip_field type = { CPM_SIP_CONTENT_TYPE, CPM_STR("Content-Type"), CPM_STR("application/sdp"), NULL, NULL };
  s->event(&x, 2);
  x.e.nargs = 0;
  x.fields[x.sip.nfields++] = type;
  x.sip.body = S("v=0\r\no=- 1 1 IN IP6 2001:db8::7\r\ns=-\r\nc=IN IP6 2001:db8::7\r\nt=0 0\r\nm=message 7654 TCP/MSRP *\r\na=recvonly\r\n"
                 "a=accept-types:message/cpim\r\na=path:msrps://bob.example.com:2855/s1;tcp\r\na=setup:passive\r\na=msrp-cema\r\n"
                 "a=fingerprint:SHA-1 4A:AD\r\n");
  assert_status(engine_step(&run, &x), CPM_OK, &run.diag);
  engine_drain(&run, NULL);
  engine_take(&run, s, 3, &x);
  while (engine_effect(&run, &effect) == CPM_OK && effect.kind != CPM_EFFECT_CONNECT) cpm_proc_did(run.proc);
  assert_str(effect.media.target.host, "2001:db8::7");
  assert_int_equal(effect.media.target.port, 7654);
  assert_true(effect.media.target.cema && effect.media.target.secure && effect.media.target.anchored);
  assert_str(effect.media.fingerprint, "SHA-1 4A:AD");
  engine_end(&run);
}

static void a_chunk_goes_on_with_its_range_under_our_path(void **state) {
  (void)state;
  char text[512];
  size_t len = 0;
  cpm_diag d = { 0 };
  media_effect(6, CPM_EFFECT_PUSH);
  assert_int_equal(effect.ncontent, 1);
  assert_false(effect.content[0].bytes.p);
  assert_int_equal(effect.content[0].bytes.n, 2048);
  assert_int_equal(effect.content[0].item, 500);
  effect.msrp.transaction_id = S("d93kswow");
  assert_status(cpm_msrp_encode(text, sizeof text, &len, &effect.msrp, &d), CPM_OK, &d);
  cpm_msrp_field fields[8];
  cpm_msrp back = { .fields = fields, .cap = 8 };
  assert_status(cpm_msrp_decode(&back, cpm_str_of(text, len), NULL, &d), CPM_OK, &d);
  assert_int_equal(back.method, CPM_MSRP_SEND);
  assert_str(back.to_path, "msrp://bob.example.com:2855/s1;tcp");
  assert_str(back.message_id, "m1234");
  assert_str(back.content_type, "message/cpim");
  assert_int_equal(back.range.start, 1);
  assert_int_equal(back.range.end, 2048);
  assert_int_equal(back.range.total, 5242880);
  assert_true(back.body);
  engine_end(&run);
}

static void a_chunk_without_a_head_is_no_event(void **state) {
  (void)state;
  script_event x;
  const script *s = engine_start(&run, "cf/large", 6);
  s->event(&x, 6);
  x.e.msrp = NULL;
  assert_int_equal(engine_step(&run, &x), CPM_E_ARG);
  const cpm_msrp report = { .method = CPM_MSRP_REPORT };
  x.e.msrp = &report;
  assert_int_equal(engine_step(&run, &x), CPM_E_ARG);
  engine_end(&run);
}

static void media_refuses(const script_event *x, const char *rule) {
  assert_int_equal(engine_step(&run, x), CPM_E_ARG);
  assert_string_equal(run.diag.rule, rule);
}

/* No reader of MSRP gives them. */
static void a_chunk_of_octets_that_cannot_be_is_no_event(void **state) {
  (void)state;
  static const cpm_msrp_range wrong[] = { { 0, 0, 0 }, { 32, 0, 2 }, { 4, 9, 8 }, { 10, 12, 8 }, { 9, 7, 9 }, { CPM_MSRP_ANY, CPM_MSRP_ANY, CPM_MSRP_ANY } };
  script_event x;
  const script *s = engine_start(&run, "cf/large", 6);
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    s->event(&x, 6);
    cpm_msrp chunk = *x.e.msrp;
    chunk.range = wrong[i];
    x.e.msrp = &chunk;
    media_refuses(&x, "Byte-Range");
  }
  engine_end(&run);
}

static void a_chunk_that_could_not_go_on_is_no_event(void **state) {
  (void)state;
  script_event x;
  const script *s = engine_start(&run, "cf/large", 6);
  s->event(&x, 6);
  cpm_msrp chunk = *x.e.msrp;
  x.e.msrp = &chunk;
  chunk.flag = '\'';
  media_refuses(&x, "continuation-flag");
  chunk.flag = '$';
  chunk.content_type = cpm_str_none();
  media_refuses(&x, "Content-Type");
  chunk.content_type = S("text/\xff");
  media_refuses(&x, "Content-Type");
  chunk.content_type = S("text/plain\r\nA: b");
  media_refuses(&x, "Content-Type");
  engine_end(&run);
}

/* 1-0/5242880 is read, and not written. */
static void a_range_of_no_octets_goes_on_with_an_end_that_is_open(void **state) {
  (void)state;
  script_event x;
  const script *s = engine_start(&run, "cf/large", 6);
  s->event(&x, 6);
  cpm_msrp chunk = *x.e.msrp;
  chunk.range.end = 0;
  x.e.msrp = &chunk;
  x.e.len = 0;
  assert_status(engine_step(&run, &x), CPM_OK, &run.diag);
  while (engine_effect(&run, &effect) == CPM_OK && effect.kind != CPM_EFFECT_PUSH) cpm_proc_did(run.proc);
  assert_int_equal(effect.kind, CPM_EFFECT_PUSH);
  assert_int_equal(effect.msrp.range.start, 1);
  assert_true(effect.msrp.range.end == CPM_MSRP_ANY);
  engine_end(&run);
}

static void without_an_address_of_ours_nothing_is_offered(void **state) {
  (void)state;
  script_event x;
  const script *s = engine_start(&run, "cf/large", 1);
  run.agent.media_address = cpm_str_none();
  s->event(&x, 1);
  assert_int_equal(engine_step(&run, &x), CPM_E_MISSING);
  engine_end(&run);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(an_offer_to_a_member_says_what_the_originators_said),
    cmocka_unit_test(the_first_answer_opens_a_session_with_the_originator),
    cmocka_unit_test(a_member_is_connected_to_where_its_answer_says),
    cmocka_unit_test(with_cema_the_address_counts),
    cmocka_unit_test(a_chunk_goes_on_with_its_range_under_our_path),
    cmocka_unit_test(a_chunk_without_a_head_is_no_event),
    cmocka_unit_test(a_chunk_of_octets_that_cannot_be_is_no_event),
    cmocka_unit_test(a_chunk_that_could_not_go_on_is_no_event),
    cmocka_unit_test(a_range_of_no_octets_goes_on_with_an_end_that_is_open),
    cmocka_unit_test(without_an_address_of_ours_nothing_is_offered),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
