/* SPDX-License-Identifier: MIT */
/* Fan-outs to very many members: within the documented size, each message in the same buffer, with work that grows as the members do. */
#include "engine.h"
#include "support.h"
#include <stdlib.h>
#include <string.h>

enum { MEMBERS = 10000, URI = 40, FIXED = 4096, ANSWERED = 200 };

typedef struct fanout {
  cpm_agent  agent;
  cpm_diag   diag;
  cpm_entry *members;
  char     (*uris)[URI];
  size_t     n, size;
  cpm_proc  *proc;
  char      *buf;
  size_t     cap;
  const char *history;   /* where the piece lies that all messages share */
} fanout;

static void fanout_make(fanout *f, const char *machine, size_t members, size_t legs) {
  memset(f, 0, sizeof *f);
  cpm_agent_init(&f->agent, CPM_ROLE_CONTROLLING);
  f->agent.address = f->agent.cf_uri = S("sip:cf@example.com");
  f->agent.user_agent = f->agent.server = S("CPM-serv/OMA2.2");
  f->agent.host = S("cf.example.com");
  f->agent.media_address = S("192.0.2.33");
  f->n = members;
  f->members = calloc(members, sizeof *f->members);
  f->uris = calloc(members, sizeof *f->uris);
  assert_non_null(f->members);
  assert_non_null(f->uris);
  size_t text = FIXED + legs * ANSWERED;
  for (size_t i = 0; i < members; i++) {
    const int n = snprintf(f->uris[i], URI, "sip:member%05zu@example.com", i);
    f->members[i] = (cpm_entry){ .uri = cpm_str_of(f->uris[i], (size_t)n), .copy_control = i % 2 ? CPM_COPY_CC : CPM_COPY_TO };
    if (i < legs) text += 2 * (size_t)n;
  }
  const cpm_machine *m = cpm_machine_named(machine);
  f->size = cpm_proc_size(m, text, (uint32_t)legs);
  f->proc = malloc(f->size);
  assert_non_null(f->proc);
  assert_status(cpm_proc_init(f->proc, f->size, m, &f->agent, &f->diag), CPM_OK, &f->diag);
}

static void fanout_end(fanout *f) {
  free(f->members);
  free(f->uris);
  free(f->proc);
  free(f->buf);
}

static void fanout_step(fanout *f, const cpm_event *e) { assert_status(cpm_proc_step(f->proc, &f->agent, e, &f->diag), CPM_OK, &f->diag); }

static void fanout_request(fanout *f, cpm_event_type type, const char *icsi, const char *content_type, const char *body) {
  cpm_sip_field fields[] = {
    { CPM_SIP_P_ASSERTED_SERVICE, CPM_STR("P-Asserted-Service"), cpm_str_z(icsi), NULL, NULL },
    { CPM_SIP_P_ASSERTED_IDENTITY, CPM_STR("P-Asserted-Identity"), CPM_STR("<sip:alice@example.com>"), NULL, NULL },
    { CPM_SIP_CONTENT_TYPE, CPM_STR("Content-Type"), cpm_str_z(content_type), NULL, NULL },
  };
  const cpm_sip_method method = type == CPM_EVENT_on_invite ? CPM_METHOD_INVITE : CPM_METHOD_MESSAGE;
  cpm_sip sip = { .method = method, .method_name = cpm_sip_method_name(method), .request_uri = S("sip:group@example.com"), .fields = fields,
                  .cap = 3, .nfields = 3, .body = cpm_str_z(body) };
  cpm_event e;
  cpm_effect x;
  cpm_event_init(&e, type);
  e.sip = &sip;
  e.txn = 1;
  e.item = 1;
  e.random = S_RANDOM;
  fanout_step(f, &e);
  assert_int_equal(cpm_proc_effect(f->proc, &f->agent, NULL, 0, &x), CPM_OK);
  assert_int_equal(x.kind, CPM_EFFECT_ASK);
  cpm_proc_did(f->proc);
}

/* The message is there, and it is asked whether it may go out. */
static void fanout_begin(fanout *f, const char *machine, size_t members, size_t legs) {
  fanout_make(f, machine, members, legs);
  if (strcmp(machine, "cf/pager") == 0) fanout_request(f, CPM_EVENT_on_message, "urn:urn-7:3gpp-service.ims.icsi.oma.cpm.msg", "text/plain", "Hello");
  else fanout_request(f, CPM_EVENT_on_invite, "urn:urn-7:3gpp-service.ims.icsi.oma.cpm.largemsg", "application/sdp",
                      "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=message 9 TCP/MSRP *\r\n"
                      "a=accept-types:message/cpim\r\na=path:msrp://192.0.2.1:2855/s0;tcp\r\na=sendonly\r\na=setup:actpass\r\n");
}

static int fanout_answer(fanout *f, size_t members, bool no_room) {
  static const cpm_field yes[] = { CPM_FIELD_authorised, CPM_FIELD_anonymity_allowed, CPM_FIELD_group_cpm, CPM_FIELD_group_allowed,
                                   CPM_FIELD_group_known };
  cpm_arg args[6] = { { 0 } };
  cpm_event e;
  const bool pager = strcmp(cpm_machine_name(cpmi_machine_of(f->proc)), "cf/pager") == 0;
  cpm_event_init(&e, CPM_EVENT_on_policy);
  e.random = S_RANDOM;
  e.args = args;
  for (size_t i = 0; i < (pager ? 5u : 3u); i++) args[e.nargs++] = (cpm_arg){ .field = yes[i], .number = 1 };
  if (no_room) args[e.nargs++] = (cpm_arg){ .field = CPM_FIELD_no_room, .number = 1 };
  e.members = f->members;
  e.nmembers = members;
  return cpm_proc_step(f->proc, &f->agent, &e, &f->diag);
}

static cpm_effect fanout_effect(fanout *f) {
  cpm_effect x;
  if (f->cap < cpm_proc_need(f->proc)) {
    free(f->buf);
    f->cap = cpm_proc_need(f->proc);
    f->buf = malloc(f->cap);
    assert_non_null(f->buf);
  }
  assert_int_equal(cpm_proc_effect(f->proc, &f->agent, f->buf, f->cap, &x), CPM_OK);
  return x;
}

/* The message to member k: its URI, and the list of all of them, which lies in the block once. */
static void fanout_sends(fanout *f, size_t k) {
  const cpm_effect x = fanout_effect(f);
  assert_int_equal(x.kind, CPM_EFFECT_SEND);
  assert_int_equal(x.leg, k);
  assert_true(cpm_str_eq(x.sip.request_uri, f->members[k].uri));
  bool shared = false;
  for (unsigned i = 0; i < x.sip.npieces; i++) {
    const cpm_str piece = x.sip.pieces[i].bytes;
    if (piece.p < (const char *)f->proc || piece.p >= (const char *)f->proc + f->size) continue;
    shared = true;
    if (!f->history) f->history = piece.p;
    assert_ptr_equal(piece.p, f->history);
    assert_true(piece.n > f->n * 50);
  }
  assert_true(shared);
  if (k % 997 == 0) {   /* as bytes it is whole */
    size_t n = 0;
    cpm_sip sip = x.sip;
    for (unsigned i = 0; i < sip.npieces; i++)
      if (!sip.pieces[i].bytes.p) sip.pieces[i].bytes = S("Hello");
    assert_status(cpm_sip_encode(NULL, 0, &n, &sip, &f->diag), CPM_OK, &f->diag);
    assert_true(n > f->n * 50);
  }
  cpm_proc_did(f->proc);
}

static void fanout_others(fanout *f, unsigned effects) {
  for (unsigned i = 0; i < effects; i++) {
    fanout_effect(f);
    cpm_proc_did(f->proc);
  }
  cpm_effect x;
  assert_int_equal(cpm_proc_effect(f->proc, &f->agent, f->buf, f->cap, &x), CPM_END);
}

/* All members get it, and one effect is behind that. */
static void fanout_to_all(fanout *f, const char *machine) {
  fanout_begin(f, machine, MEMBERS, MEMBERS);
  assert_status(fanout_answer(f, MEMBERS, false), CPM_OK, &f->diag);
  for (size_t k = 0; k < MEMBERS; k++) fanout_sends(f, k);
  fanout_others(f, 1);
}

static size_t fanout_need(const char *machine, size_t members) {
  fanout f;
  fanout_begin(&f, machine, members, members);
  assert_status(fanout_answer(&f, members, false), CPM_OK, &f.diag);
  const size_t need = cpm_proc_need(f.proc);
  fanout_end(&f);
  return need;
}

/* ---- ten thousand ---------------------------------------------------------------------------------------------------- */

static void a_large_message_goes_to_ten_thousand(void **state) {
  (void)state;
  static fanout f;
  cpm_event e;
  cpm_sip busy = { .status = 486 };
  fanout_to_all(&f, "cf/large");   /* and a timer runs */
  assert_status(cpm_proc_check(f.proc, f.size, &f.diag), CPM_OK, &f.diag);
  for (size_t k = 0; k < MEMBERS; k++) {
    cpm_event_init(&e, CPM_EVENT_invite_fail);
    e.leg = (uint32_t)k;
    e.sip = &busy;
    fanout_step(&f, &e);
    fanout_others(&f, k + 1 < MEMBERS ? 0 : 3);
  }
  assert_true(cpm_proc_over(f.proc));
  fanout_end(&f);
}

/* Every member answers, gets a chunk, and is left: with room for what the answers say, in the documented size. */
static void ten_thousand_answer_and_get_it(void **state) {
  (void)state;
  static fanout f;
  static const char answer[] = "v=0\r\no=- 1 1 IN IP4 198.51.100.7\r\ns=-\r\nc=IN IP4 198.51.100.7\r\nt=0 0\r\nm=message 9 TCP/MSRP *\r\n"
                               "a=accept-types:message/cpim\r\na=path:msrp://198.51.100.7:9000/s1;tcp\r\na=recvonly\r\na=setup:passive\r\n";
  cpm_sip_field type = { CPM_SIP_CONTENT_TYPE, CPM_STR("Content-Type"), CPM_STR("application/sdp"), NULL, NULL };
  cpm_sip ok = { .status = 200, .fields = &type, .cap = 1, .nfields = 1, .body = cpm_str_of(answer, sizeof answer - 1) };
  cpm_sip ack = { .method = CPM_METHOD_ACK, .method_name = CPM_STR("ACK") };
  cpm_msrp head = { .method = CPM_MSRP_SEND, .message_id = CPM_STR("m1234"), .has_range = true, .range = { 1, 5, 5 }, .flag = '$',
                    .content_type = CPM_STR("message/cpim"), .body = true };
  cpm_event e;
  fanout_to_all(&f, "cf/large");
  for (size_t k = 0; k < MEMBERS; k++) {
    cpm_event_init(&e, CPM_EVENT_invite_ok);
    e.leg = (uint32_t)k;
    e.sip = &ok;
    fanout_step(&f, &e);
    fanout_others(&f, k ? 0 : 4);
  }
  cpm_event_init(&e, CPM_EVENT_on_ack);
  e.sip = &ack;
  fanout_step(&f, &e);
  fanout_others(&f, 2 + 2 * MEMBERS);
  for (size_t k = 0; k < MEMBERS; k++) {
    cpm_event_init(&e, CPM_EVENT_media_up);
    e.leg = (uint32_t)k;
    fanout_step(&f, &e);
  }
  cpm_event_init(&e, CPM_EVENT_on_chunk);
  e.msrp = &head;
  e.len = 5;
  fanout_step(&f, &e);
  fanout_others(&f, 1 + MEMBERS);
  assert_status(cpm_proc_check(f.proc, f.size, &f.diag), CPM_OK, &f.diag);
  fanout_end(&f);
}

static void a_pager_message_goes_to_ten_thousand(void **state) {
  (void)state;
  static fanout f;
  cpm_event e;
  cpm_sip ok = { .status = 200 };
  fanout_to_all(&f, "cf/pager");   /* and 202 to the originator */
  for (size_t k = 0; k < MEMBERS; k++) {
    cpm_event_init(&e, CPM_EVENT_message_ok);
    e.leg = (uint32_t)k;
    e.sip = &ok;
    fanout_step(&f, &e);
    fanout_others(&f, k + 1 < MEMBERS ? 0 : 1);
  }
  assert_true(cpm_proc_over(f.proc));
  fanout_end(&f);
}

/* The buffer does not grow with the members: the list that all get is no part of it. Digits of a leg's number are. */
static void the_buffer_is_the_same_for_few_and_many(void **state) {
  (void)state;
  static const char *const machines[] = { "cf/large", "cf/pager" };
  for (size_t i = 0; i < 2; i++) {
    const size_t few = fanout_need(machines[i], 20), many = fanout_need(machines[i], 2000);
    assert_in_range(many, few, few + 8);
  }
}

/* ---- more than there is room for ---------------------------------------------------------------------------------------- */

static void more_members_than_the_block_holds_are_refused_before_anything_is_sent(void **state) {
  (void)state;
  HOLDS("O-R88");
  static const char *const machines[] = { "cf/large", "cf/pager" };
  for (size_t i = 0; i < 2; i++) {
    fanout f;
    cpm_effect x;
    fanout_begin(&f, machines[i], 200, 5);
    char *before = malloc(f.size);
    assert_non_null(before);
    memcpy(before, f.proc, f.size);
    assert_int_equal(fanout_answer(&f, 200, false), CPM_E_SPACE);
    assert_true(f.diag.need > f.size);
    assert_memory_equal(f.proc, before, f.size);
    assert_int_equal(cpm_proc_effect(f.proc, &f.agent, NULL, 0, &x), CPM_END);
    free(before);
    /* the host has no more memory */
    cpm_proc *larger = malloc(f.size * 64);
    assert_non_null(larger);
    assert_status(cpm_proc_grow(larger, f.size * 64, f.proc, &f.diag), CPM_OK, &f.diag);
    assert_status(fanout_answer(&f, 0, true), CPM_OK, &f.diag);
    x = fanout_effect(&f);
    assert_int_equal(x.kind, CPM_EFFECT_REPLY);
    assert_int_equal(x.code, 486);
    /* the host has */
    free(f.proc);
    f.proc = larger;
    f.size *= 64;
    assert_status(fanout_answer(&f, 200, false), CPM_OK, &f.diag);
    for (size_t k = 0; k < 200; k++) fanout_sends(&f, k);
    fanout_end(&f);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_large_message_goes_to_ten_thousand),
    cmocka_unit_test(ten_thousand_answer_and_get_it),
    cmocka_unit_test(a_pager_message_goes_to_ten_thousand),
    cmocka_unit_test(the_buffer_is_the_same_for_few_and_many),
    cmocka_unit_test(more_members_than_the_block_holds_are_refused_before_anything_is_sent),
  };
  return cmocka_run_group_tests_name("fanout", tests, NULL, NULL);
}
