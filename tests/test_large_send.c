/* SPDX-License-Identifier: MIT */
/* client/large-send from the user's wish to the end: what its offer says, that the chunks together are the message, and every way out. */
#include "support.h"
#include "cpm/cpm.h"
#include <string.h>

enum { BLOCK = 8192, BUFFER = 16384, PAYLOAD = 5000, SCRIPT = 16 };

typedef struct sender {
  cpm_agent  agent;
  uint64_t   block[BLOCK / 8], buf[BUFFER / 8];
  cpm_proc  *proc;
  cpm_effect x[SCRIPT];           /* effects of the last step */
  char       text[SCRIPT][4096];   /* composed texts outlive the buffer: pieces and paths point here */
  size_t     n;
  char       message[2 * PAYLOAD];
  uint64_t   sent;                /* octets of it */
} sender;

static char payload[PAYLOAD];
static const char random96[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_0123456789abcdefghijklmnopqrstuv";

#define ANSWER "v=0\r\no=- 1 1 IN IP4 198.51.100.7\r\ns=-\r\nc=IN IP4 198.51.100.7\r\nt=0 0\r\nm=message 7654 TCP/MSRP *\r\na=recvonly\r\n" \
               "a=accept-types:message/cpim\r\na=path:msrp://bob.example.net:2855/s1;tcp\r\na=setup:passive\r\n"

static void large_begin(sender *s) {
  memset(s, 0, sizeof *s);
  for (size_t i = 0; i < PAYLOAD; i++) payload[i] = (char)('a' + i % 26);
  cpm_agent_init(&s->agent, CPM_ROLE_CLIENT);
  s->agent.address = S("sip:alice@example.com");
  s->agent.user_agent = s->agent.server = S("CPM-client/OMA2.2");
  s->agent.host = S("client.example.com");
  s->agent.accept = S("message/cpim");
  s->agent.media_address = S("2001:db8::33");
  s->agent.chunk_size = 3000;
  s->proc = (cpm_proc *)s->block;
  cpm_diag d = { 0 };
  assert_status(cpm_proc_init(s->block, sizeof s->block, cpm_machine_named("client/large-send"), &s->agent, &d), CPM_OK, &d);
}

/* What a chunk brings, put behind what came before it. */
static void large_receive(sender *s, const cpm_effect *x) {
  for (size_t i = 0; i < x->ncontent; i++) {
    const cpm_piece *p = &x->content[i];
    if (!p->bytes.p) assert_int_equal(p->item, 7);
    memcpy(s->message + s->sent, p->bytes.p ? p->bytes.p : payload + p->off, p->bytes.n);
    s->sent += p->bytes.n;
  }
}

static int large_step(sender *s, const cpm_event *e) {
  cpm_diag d = { 0 };
  const int rc = cpm_proc_step(s->proc, &s->agent, e, &d);
  s->n = 0;
  while (rc == CPM_OK && cpm_proc_effect(s->proc, &s->agent, (char *)s->buf, sizeof s->buf, &s->x[s->n]) == CPM_OK) {
    cpm_effect *x = &s->x[s->n];
    cpm_effect again;
    assert_int_equal(cpm_proc_effect(s->proc, &s->agent, (char *)s->buf, sizeof s->buf, &again), CPM_OK);
    assert_int_equal(again.ncontent, x->ncontent);
    if (x->kind == CPM_EFFECT_PUSH) {
      size_t len = 0;
      x->msrp.transaction_id = S("d93kswow");
      assert_status(cpm_msrp_encode(s->text[s->n], sizeof s->text[0], &len, &x->msrp, &d), CPM_OK, &d);
      s->text[s->n][len] = '\0';
      large_receive(s, x);
    }
    if (x->kind == CPM_EFFECT_SEND && x->sip.npieces) memcpy(s->text[s->n], x->sip.pieces[0].bytes.p, x->sip.pieces[0].bytes.n);
    s->n++;
    assert_true(s->n < SCRIPT);
    cpm_proc_did(s->proc);
  }
  return rc;
}

static void large_event(cpm_event *e, cpm_event_type type) {
  cpm_event_init(e, type);
  e->now = INT64_C(1601179345941);
  e->random = S(random96);
}

static void large_give(sender *s, cpm_event_type type, uint64_t len) {
  cpm_event e;
  large_event(&e, type);
  e.len = len;
  assert_int_equal(large_step(s, &e), CPM_OK);
}

static void large_response(sender *s, cpm_event_type type, unsigned status, cpm_sip_field *fields, size_t n, const char *body) {
  cpm_event e;
  cpm_sip msg = { .status = status, .fields = fields, .nfields = n, .cap = n, .body = body ? cpm_str_z(body) : cpm_str_none() };
  large_event(&e, type);
  if (status) e.sip = &msg;
  assert_int_equal(large_step(s, &e), CPM_OK);
}

static void large_wish(sender *s) {
  cpm_event e;
  const cpm_arg args[] = { { CPM_FIELD_target, { NULL, 0 }, CPM_TARGET_one, 0, 0, 0 }, { CPM_FIELD_to, CPM_STR("sip:bob@example.net"), 0, 0, 0, 0 },
                           { CPM_FIELD_payload, { NULL, 0 }, 0, 7, 0, PAYLOAD }, { CPM_FIELD_payload_type, CPM_STR("text/plain; charset=UTF-8"), 0, 0, 0, 0 } };
  large_event(&e, CPM_EVENT_send);
  e.args = args;
  e.nargs = sizeof args / sizeof *args;
  assert_int_equal(large_step(s, &e), CPM_OK);
}

static void large_answer(sender *s) {
  cpm_sip_field fields[] = { { CPM_SIP_CONTENT_TYPE, CPM_STR("Content-Type"), CPM_STR("application/sdp"), NULL, NULL },
                             { CPM_SIP_SESSION_EXPIRES, CPM_STR("Session-Expires"), CPM_STR("900;refresher=uas"), NULL, NULL } };
  large_response(s, CPM_EVENT_invite_ok, 200, fields, 2, ANSWER);
}

/* With the connection up and bound, and the first chunk out. */
static void large_to_first_chunk(sender *s) {
  large_begin(s);
  large_wish(s);
  large_answer(s);
  large_give(s, CPM_EVENT_media_up, 0);
  large_give(s, CPM_EVENT_msrp_ok, 0);
}

static bool large_did(const sender *s, cpm_effect_kind kind, const char *name) {
  for (size_t i = 0; i < s->n; i++)
    if (s->x[i].kind == kind && (!name || strcmp(s->x[i].name, name) == 0)) return true;
  return false;
}

static void the_offer_says_how_large_the_message_is(void **state) {
  (void)state;
  static sender s;
  cpm_sdp_line lines[32];
  cpm_sdp_media media[1];
  cpm_sdp sdp = CPM_SDP_ROOM(lines, media);
  cpm_sdp_msrp m;
  cpm_diag d = { 0 };
  large_begin(&s);
  large_wish(&s);
  assert_int_equal(s.n, 1);
  assert_str(s.x[0].sip.request_uri, "sip:bob@example.net");
  assert_str(cpm_sip_value(&s.x[0].sip, CPM_SIP_CONTACT), "<sip:alice@example.com>;+g.3gpp.icsi-ref=\"urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.largemsg\"");
  assert_status(cpm_sdp_decode(&sdp, cpm_str_of(s.text[0], s.x[0].sip.pieces[0].bytes.n), NULL, &d), CPM_OK, &d);
  assert_int_equal(sdp.quirks, 0);
  assert_status(cpm_sdp_msrp_decode(&m, &sdp, 0, NULL, &d), CPM_OK, &d);
  assert_str(m.accept_wrapped_types, "text/plain");
  assert_str(m.connection.addrtype, "IP6");
  assert_int_equal(m.direction, CPM_SDP_DIRECTION_SEND);
  assert_true(m.selector.size > PAYLOAD && m.selector.size < PAYLOAD + 1000);
}

static void the_chunks_together_are_the_message(void **state) {
  (void)state;
  static sender s;
  cpm_cpim_header headers[16];
  cpm_cpim cpim = { .headers = headers, .cap = 16 };
  cpm_diag d = { 0 };
  large_begin(&s);
  large_wish(&s);
  large_answer(&s);
  assert_true(large_did(&s, CPM_EFFECT_SEND, "ack") && large_did(&s, CPM_EFFECT_START, "session"));
  assert_int_equal(s.x[1].number, 868000);
  assert_int_equal(s.x[2].kind, CPM_EFFECT_CONNECT);
  assert_str(s.x[2].media.target.host, "bob.example.net");   /* no a=msrp-cema: by the path */
  large_give(&s, CPM_EVENT_media_up, 0);
  assert_true(strstr(s.text[0], "Byte-Range: 1-0/0\r\n") && strstr(s.text[0], "To-Path: msrp://bob.example.net:2855/s1;tcp\r\n"));
  assert_true(strstr(s.text[0], "From-Path: msrp://[2001:db8::33]:2855/") != NULL);
  assert_int_equal(s.sent, 0);
  large_give(&s, CPM_EVENT_msrp_ok, 0);
  assert_true(strstr(s.text[0], "Byte-Range: 1-*/") != NULL);
  assert_int_equal(s.sent, 3000);
  large_give(&s, CPM_EVENT_writable, 1500);                  /* the connection takes no more */
  assert_true(strstr(s.text[0], "Byte-Range: 3001-4500/") != NULL);
  large_give(&s, CPM_EVENT_msrp_ok, 3000);
  assert_true(large_did(&s, CPM_EFFECT_TELL, "progress") && large_did(&s, CPM_EFFECT_START, "response"));
  large_give(&s, CPM_EVENT_writable, 0);
  const uint64_t size = (uint64_t)cpm_proc_number(s.proc, CPM_NO_LEG, CPM_FIELD_size);
  assert_int_equal(s.sent, size);
  cpm_event e;
  large_event(&e, CPM_EVENT_writable);
  assert_int_equal(large_step(&s, &e), CPM_LATE);
  large_give(&s, CPM_EVENT_msrp_ok, 1500);
  assert_false(large_did(&s, CPM_EFFECT_SEND, NULL));
  large_give(&s, CPM_EVENT_msrp_ok, size - 4500);
  assert_true(large_did(&s, CPM_EFFECT_SEND, "bye_200"));
  assert_status(cpm_cpim_decode(&cpim, cpm_str_of(s.message, (size_t)s.sent), NULL, &d), CPM_OK, &d);
  assert_str(cpm_cpim_value(&cpim, CPM_CPIM_DATETIME), "2020-09-27T04:02:25.941Z");
  assert_true(cpm_str_eq(cpim.content, cpm_str_of(payload, PAYLOAD)));
  cpm_sip_field uid = { CPM_SIP_MESSAGE_UID, CPM_STR("Message-UID"), CPM_STR("uid-1"), NULL, NULL };
  large_response(&s, CPM_EVENT_bye_done, 200, &uid, 1, NULL);
  assert_true(large_did(&s, CPM_EFFECT_CLOSE, NULL) && large_did(&s, CPM_EFFECT_TELL, "stored_as") && large_did(&s, CPM_EFFECT_TELL, "accepted"));
  assert_true(cpm_proc_over(s.proc));
}

/* Every way out: the event after which it fails, with the BYE that the other side gets, and nothing told twice. */
static void what_fails_is_told_and_left(void **state) {
  (void)state;
  static const struct { cpm_event_type type; const char *bye, *told; } ways[] = {
    { CPM_EVENT_msrp_fail, "bye_480", "failed" },      { CPM_EVENT_timer_response, "bye_480", "failed" },
    { CPM_EVENT_media_down, "bye_480", "failed" },     { CPM_EVENT_cancel, "bye", "cancelled" },
    { CPM_EVENT_timer_session, "bye", "failed" },
  };
  for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
    static sender s;
    large_to_first_chunk(&s);
    large_give(&s, ways[i].type, 0);
    assert_true(large_did(&s, CPM_EFFECT_SEND, ways[i].bye) && large_did(&s, CPM_EFFECT_TELL, ways[i].told));
    large_give(&s, CPM_EVENT_msrp_ok, 100000);   /* too late to be a success */
    large_response(&s, CPM_EVENT_bye_done, 200, NULL, 0, NULL);
    assert_true(large_did(&s, CPM_EFFECT_CLOSE, NULL) && large_did(&s, CPM_EFFECT_DONE, NULL));
    assert_false(large_did(&s, CPM_EFFECT_TELL, NULL));
  }
}

static void a_cancel_before_the_answer_is_a_cancel(void **state) {
  (void)state;
  static sender s;
  large_begin(&s);
  large_wish(&s);
  large_give(&s, CPM_EVENT_cancel, 0);
  assert_true(large_did(&s, CPM_EFFECT_SEND, "cancel"));
  large_answer(&s);   /* it crosses */
  assert_true(large_did(&s, CPM_EFFECT_SEND, "ack") && large_did(&s, CPM_EFFECT_SEND, "bye") && large_did(&s, CPM_EFFECT_TELL, "cancelled"));
  assert_false(large_did(&s, CPM_EFFECT_CONNECT, NULL));
}

static void a_refusal_is_told_with_its_status(void **state) {
  (void)state;
  static sender s;
  large_begin(&s);
  large_wish(&s);
  large_response(&s, CPM_EVENT_invite_fail, 488, NULL, 0, NULL);
  assert_true(large_did(&s, CPM_EFFECT_TELL, "failed") && cpm_proc_over(s.proc));
  assert_int_equal(cpm_proc_number(s.proc, CPM_NO_LEG, CPM_FIELD_status), 488);
}

static void an_answer_without_media_is_of_no_use(void **state) {
  (void)state;
  static sender s;
  large_begin(&s);
  large_wish(&s);
  large_response(&s, CPM_EVENT_invite_ok, 200, NULL, 0, NULL);
  assert_true(large_did(&s, CPM_EFFECT_SEND, "ack") && large_did(&s, CPM_EFFECT_SEND, "bye_480") && large_did(&s, CPM_EFFECT_TELL, "failed"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(the_offer_says_how_large_the_message_is),
    cmocka_unit_test(the_chunks_together_are_the_message),
    cmocka_unit_test(what_fails_is_told_and_left),
    cmocka_unit_test(a_cancel_before_the_answer_is_a_cancel),
    cmocka_unit_test(a_refusal_is_told_with_its_status),
    cmocka_unit_test(an_answer_without_media_is_of_no_use),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
