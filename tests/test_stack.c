/* SPDX-License-Identifier: MIT */
/* procedure.h says how much stack calls use: each is run on a stack that was painted before, and what is no longer painted was used. */
#define _GNU_SOURCE
#include "engine_script.h"
#include "cpm/cpm.h"
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { STACK = 1 << 20, PAINT = 0xa5, STEP = 28 * 1024, READS = 12 * 1024, OTHERS = 5 * 1024 };

typedef struct stack_job {
  void (*call)(void *ctx);
  void *ctx;
} stack_job;

static void *stack_run(void *ctx) {
  const stack_job *job = ctx;
  job->call(job->ctx);
  return NULL;
}

static size_t stack_touched(void (*call)(void *ctx), void *ctx) {
  stack_job job = { call, ctx };
  pthread_attr_t attr;
  pthread_t thread;
  unsigned char *stack = mmap(NULL, STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  assert_true(stack != MAP_FAILED);
  memset(stack, PAINT, STACK);
  assert_int_equal(pthread_attr_init(&attr), 0);
  assert_int_equal(pthread_attr_setstack(&attr, stack, STACK), 0);
  assert_int_equal(pthread_create(&thread, &attr, stack_run, &job), 0);
  assert_int_equal(pthread_join(thread, NULL), 0);
  size_t untouched = 0;
  while (untouched < STACK && stack[untouched] == PAINT) untouched++;
  pthread_attr_destroy(&attr);
  munmap(stack, STACK);
  return STACK - untouched;
}

static void nothing(void *ctx) { (void)ctx; }

/* Without what a thread itself needs. */
static size_t stack_of(void (*call)(void *ctx), void *ctx) {
  const size_t own = stack_touched(nothing, NULL), all = stack_touched(call, ctx);
  return all > own ? all - own : 0;
}

/* ---- procedures -------------------------------------------------------------------------------------------------------- */

static engine_run run;
static script_event event;
static cpm_effect effect;

static void step(void *ctx) { *(int *)ctx = engine_step(&run, &event); }
static void compose(void *ctx) { *(int *)ctx = engine_effect(&run, &effect); }
static void did(void *ctx) {
  (void)ctx;
  cpm_proc_did(run.proc);
}
static void check(void *ctx) { *(int *)ctx = cpm_proc_check(run.proc, run.size, &run.diag); }
static void last(void *ctx) { cpm_proc_last(run.proc, ctx); }
static void init(void *ctx) {
  *(int *)ctx = cpm_proc_init(run.proc, run.size, cpm_machine_named("cf/large"), &run.agent, &run.diag);
}

static size_t most(size_t a, size_t b) { return a > b ? a : b; }

static void steps_and_effects_stay_within_what_is_said(void **state) {
  (void)state;
  size_t in_step = 0, in_others = 0;
  for (size_t i = 0; i < script_count; i++) {
    const script *s = &script_all[i];
    cpm_last l;
    int got = CPM_OK;
    engine_begin(&run, s, SCRIPT_BLOCK);
    for (unsigned k = 0; k < s->n; k++) {
      s->event(&event, k);
      in_step = most(in_step, stack_of(step, &got));
      assert_status(got, CPM_OK, &run.diag);
      in_others = most(in_others, most(stack_of(check, &got), stack_of(last, &l)));
      assert_status(got, CPM_OK, &run.diag);
      while (in_others = most(in_others, stack_of(compose, &got)), got == CPM_OK) in_others = most(in_others, stack_of(did, NULL));
    }
    in_others = most(in_others, stack_of(init, &got));
    engine_end(&run);
  }
  assert_in_range(in_step, 1024, STEP);
  assert_in_range(in_others, 512, OTHERS);
}

/* ---- messages ---------------------------------------------------------------------------------------------------------- */

#define IMDN \
  "<imdn xmlns='urn:ietf:params:xml:ns:imdn'><message-id>m</message-id><datetime>2020-09-27T04:02:25Z</datetime>" \
  "<delivery-notification><status><delivered/></status></delivery-notification></imdn>"
#define CPIM \
  "From: \"A\" <sip:alice@example.com>\r\nTo: <sip:bob@example.com>\r\nDateTime: 2020-09-27T04:02:25Z\r\n" \
  "NS: imdn <urn:ietf:params:imdn>\r\nimdn.Message-ID: m\r\n\r\nContent-Type: message/imdn+xml\r\n\r\n" IMDN
#define PARTS "--b\r\nContent-Type: message/cpim\r\n\r\n" CPIM "\r\n--b--\r\n"
static const char message[] =
    "MESSAGE sip:bob@example.com;user=phone SIP/2.0\r\nVia: SIP/2.0/UDP a.example.com;branch=z9hG4bK1\r\nMax-Forwards: 70\r\n"
    "From: \"A\" <sip:alice@example.com>;tag=1\r\nTo: <sip:bob@example.com>\r\nCall-ID: c\r\nCSeq: 1 MESSAGE\r\n"
    "P-Asserted-Identity: <tel:+12025550101>\r\nUser-Agent: CPM-client/OMA2.2 (a (b)) c/1\r\nDate: Sun, 27 Sep 2020 04:02:25 GMT\r\n"
    "Accept-Contact: *;+g.3gpp.icsi-ref=\"urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.msg\"\r\nConversation-ID: c\r\n"
    "Contribution-ID: d\r\nContent-Type: multipart/mixed;boundary=b\r\n\r\n" PARTS;

static cpm_sip_field fields[32];
static cpm_sip sip = CPM_SIP_ROOM(fields);
static int rc;

static void sip_decode(void *ctx) { rc = cpm_sip_decode(&sip, cpm_str_z(message), NULL, ctx); }
static void sip_check(void *ctx) { rc = cpm_sip_check(&sip, NULL, &(unsigned){ 0 }, ctx); }
static void sip_encode(void *ctx) { rc = cpm_sip_encode(NULL, 0, &(size_t){ 0 }, &sip, ctx); }
static void multipart_decode(void *ctx) {
  static cpm_part parts[4];
  rc = cpm_multipart_decode(&(cpm_multipart){ parts, 4, 0, 0 }, S("multipart/mixed;boundary=b"), sip.body, NULL, ctx);
}
static void cpim_decode(void *ctx) {
  static cpm_cpim_header headers[8];
  static cpm_cpim cpim = { .headers = headers, .cap = 8 };
  rc = cpm_cpim_decode(&cpim, S(CPIM), NULL, ctx);
}
static void imdn_decode(void *ctx) {
  static cpm_imdn imdn;
  rc = cpm_imdn_decode(&imdn, S(IMDN), NULL, ctx);
}
static void iscomposing_decode(void *ctx) {
  static cpm_iscomposing composing;
  rc = cpm_iscomposing_decode(&composing, S("<isComposing xmlns='" CPM_ISCOMPOSING_NS "'><state>idle</state></isComposing>"), NULL,
                              ctx);
}
static void imdn_walk(void *ctx) {
  static cpm_imdn_walk walk;
  cpm_imdn_found found;
  cpm_imdn_walk_init(&walk, S("multipart/mixed;boundary=b"), sip.body);
  rc = cpm_imdn_walk_next(&walk, &found, NULL, ctx);
}

#define OFFER "v=0\r\no=- 1 1 IN IP4 a\r\ns=-\r\nc=IN IP4 a\r\nt=0 0\r\nm=message 9 TCP/MSRP *\r\na=accept-types:*\r\na=path:msrp://a/b;tcp\r\n" \
              "a=file-selector:name:\"a\" size:1\r\na=file-date:creation:\"Mon, 15 May 2006 15:01:31 +0300\"\r\n"
static cpm_sdp_line sdp_lines[16];
static cpm_sdp_media sdp_media[1];
static cpm_sdp sdp = CPM_SDP_ROOM(sdp_lines, sdp_media);
static void sdp_decode(void *ctx) { rc = cpm_sdp_decode(&sdp, S(OFFER), NULL, ctx); }
static void sdp_encode(void *ctx) { rc = cpm_sdp_encode(NULL, 0, &(size_t){ 0 }, &sdp, ctx); }
static void sdp_answer(void *ctx) {
  static const cpm_sdp_session session = { .origin = { CPM_STR("-"), CPM_STR("1"), CPM_STR("1"), CPM_STR("IN"), CPM_STR("IP4"), CPM_STR("a") } };
  static const cpm_sdp_msrp ours = { .port = 9, .accept_types = CPM_STR("*"), .path = CPM_STR("msrp://a/b;tcp") }, *const all[] = { &ours };
  rc = cpm_sdp_answer(NULL, 0, &(size_t){ 0 }, &sdp, &session, all, 1, NULL, ctx);
}

static void msrp_uri_encode(void *ctx) {
  const cpm_msrp_uri uri = { .host = S("a"), .transport = S("tcp") };
  rc = cpm_msrp_uri_encode(NULL, 0, &(size_t){ 0 }, &uri, ctx);
}
static void header_id(void *ctx) {
  (void)ctx;
  rc = cpm_sip_header_id(S("cALL-iD")) == CPM_SIP_CALL_ID ? CPM_OK : CPM_E_VALUE;
}

static void readers_and_writers_stay_within_what_is_said(void **state) {
  (void)state;
  const struct {
    void (*call)(void *);
    size_t most;
  } calls[] = {
    { sip_decode, OTHERS },  { sip_check, OTHERS },  { sip_encode, OTHERS },        { multipart_decode, OTHERS },
    { cpim_decode, OTHERS }, { imdn_decode, READS }, { iscomposing_decode, READS }, { imdn_walk, READS },
    { sdp_decode, OTHERS },  { sdp_encode, OTHERS }, { sdp_answer, OTHERS },        { msrp_uri_encode, OTHERS },
    { header_id, OTHERS },
  };
  for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
    cpm_diag d = { 0 };
    const size_t used = stack_of(calls[i].call, &d);
    assert_status(rc, CPM_OK, &d);
    assert_in_range(used, 1, calls[i].most);
  }
}

static void judge(void *ctx) {
  cpm_check out;
  const int recipe = *(const int *)ctx;
  for (size_t line = 0; line < cpm_recipe_lines(recipe); line++) rc |= cpm_recipe_check(recipe, line, &sip, NULL, NULL, 0, &out);
}

static void judging_stays_within_what_is_said(void **state) {
  (void)state;
  cpm_diag d = { 0 };
  sip_decode(&d);
  assert_status(rc, CPM_OK, &d);
  for (int recipe = 0; cpm_recipe_name(recipe); recipe++) assert_in_range(stack_of(judge, &recipe), 64, READS);
  assert_status(rc, CPM_OK, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(steps_and_effects_stay_within_what_is_said),
    cmocka_unit_test(readers_and_writers_stay_within_what_is_said),
    cmocka_unit_test(judging_stays_within_what_is_said),
  };
  return cmocka_run_group_tests_name("stack", tests, NULL, NULL);
}
