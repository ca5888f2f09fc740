/* SPDX-License-Identifier: MIT */
/* What was refused and may be answered all the same (RFC 3261 18.3). */
#include "support.h"
#include "cpm/sip.h"
#include <stdlib.h>
#include <string.h>

#define FIELDS "Via: SIP/2.0/UDP a;branch=z9hG4bKx\r\nv: SIP/2.0/UDP b\r\nf: <sip:a@b>;tag=1\r\nt: <sip:c@d>\r\ni: 1\r\n"
#define LINE "MESSAGE sip:c@d SIP/2.0\r\n"

static unsigned refuse(cpm_str in, cpm_sip *m, const cpm_opts *opts) {
  cpm_diag d = { 0 };
  assert_true(cpm_sip_decode(m, in, opts, &d) < 0);
  const unsigned answer = cpm_sip_refusal(m, in, opts);
  if (!answer) assert_true(m->nfields == 0 && !m->body.p && !m->method_name.p && !m->status);
  return answer;
}

static void what_does_not_split_is_answered_with_its_fields(void **state) {
  (void)state;
  static const struct { const char *text; unsigned answer; } cases[] = {
    { "MESSAGE  sip:c@d SIP/2.0\r\n" FIELDS "CSeq: 1 MESSAGE\r\nl: 0\r\n\r\n",            400 },
    { "MESSAGE sip:c@d\r\n" FIELDS "CSeq: 1 MESSAGE\r\nl: 0\r\n\r\n",                     400 },
    { "\r\nSIP\r\n" FIELDS "CSeq: 1 MESSAGE\r\nl: 0\r\n\r\n",                             400 },
    { FIELDS "CSeq: 1 MESSAGE\r\nl: 0\r\n\r\n",                                            0 },
    { LINE FIELDS "CSeq: 1 MESSAGE\r\nl: 1\r\n\r\n",                                      400 },
    { LINE FIELDS "CSeq: 1 MESSAGE\r\nl: -1\r\n\r\n",                                     400 },
    { LINE FIELDS "CSeq: 1 MESSAGE\r\nl: 1\r\nl: 2\r\n\r\nab",                            400 },
    { LINE FIELDS "CSeq: 1 MESSAGE\r\nl:\r\n\r\n",                                        400 },
    { LINE FIELDS "CSeq: 1 MESSAGE\r\nl: 67108865\r\n\r\n",                               513 },
    { LINE FIELDS "CSeq: 1 MESSAGE\r\nl: 18446744073709551616\r\n\r\n",                   513 },
    { LINE FIELDS "CSeq: x\r\nl: 1\r\n\r\n",                                              400 },
    { "SIP/2.0 2000 OK\r\n" FIELDS "CSeq: 1 MESSAGE\r\nl: 0\r\n\r\n",                     0 },
    { "sip/2.0 200 OK\r\n" FIELDS "CSeq: 1 MESSAGE\r\nl: 1\r\n\r\n",                      0 },
    { "ACK sip:c@d SIP/2.0\r\n" FIELDS "CSeq: 1 ACK\r\nl: 1\r\n\r\n",                     0 },
    { "ACK sip:c@d SIP/2.0\r\n" FIELDS "CSeq: 1 MESSAGE\r\nl: 1\r\n\r\n",                 0 },
    { "ACK  sip:c@d SIP/2.0\r\n" FIELDS "CSeq: 1 ACK\r\nl: 1\r\n\r\n",                    0 },
    { LINE FIELDS "l: 1\r\n\r\n",                                                         0 },
    { LINE "CSeq: 1 MESSAGE\r\nl: 1\r\n\r\n",                                             0 },
    { LINE FIELDS "CSeq:\r\nl: 1\r\n\r\n",                                                0 },
    { LINE FIELDS "CSeq: 1 MESSAGE\r\nno colon\r\n\r\n",                                  0 },
    { LINE FIELDS "CSeq: 1 MESSAGE\r\nl: 1\r\n",                                          0 },
    { LINE FIELDS "CSeq: 1 MESSAGE\r\ns: a\rb\r\n\r\n",                                   0 },
    { "MESSAGE",                                                                          0 },
    { "",                                                                                 0 },
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    cpm_sip_field f[16];
    cpm_sip m = CPM_SIP_ROOM(f);
    const cpm_str in = support_guard(cpm_str_z(cases[i].text));
    const unsigned answer = refuse(in, &m, NULL);
    if (answer != cases[i].answer) fail_msg("%s: %u", cases[i].text, answer);
    if (answer) {
      size_t at = 0;
      assert_str(cpm_sip_find(&m, CPM_SIP_VIA, &at)->value, "SIP/2.0/UDP a;branch=z9hG4bKx");
      assert_str(cpm_sip_find(&m, CPM_SIP_VIA, &at)->value, "SIP/2.0/UDP b");
      assert_str(cpm_sip_value(&m, CPM_SIP_FROM), "<sip:a@b>;tag=1");
      assert_str(m.body, "");
    }
    support_unguard(in);
  }
}

static void the_start_line_is_told_as_far_as_it_is_one(void **state) {
  (void)state;
  cpm_sip_field f[16];
  cpm_sip m = CPM_SIP_ROOM(f);
  assert_int_equal(refuse(S(LINE FIELDS "CSeq: 1 MESSAGE\r\nl: 1\r\n\r\n"), &m, NULL), 400);
  assert_int_equal(m.method, CPM_METHOD_MESSAGE);
  assert_str(m.request_uri, "sip:c@d");
  assert_int_equal(refuse(S("MESSAGE  sip:c@d SIP/2.0\r\n" FIELDS "CSeq: 1 MESSAGE\r\n\r\n"), &m, NULL), 400);
  assert_int_equal(m.method, CPM_METHOD_UNKNOWN);
  assert_null(m.request_uri.p);
}

static void limits_and_quirks_that_refused_it_do_not_hide_the_fields(void **state) {
  (void)state;
  cpm_sip_field f[16];
  cpm_sip m = CPM_SIP_ROOM(f);
  cpm_opts opts = { 0 };
  opts.refuse = CPM_QUIRKS_ALL;
  assert_int_equal(refuse(S(LINE FIELDS "CSeq: 1 MESSAGE\r\n\r\n"), &m, &opts), 400);
  assert_int_equal(refuse(S("\r\n" LINE FIELDS "CSeq: 1 MESSAGE\nl: 0\r\n\r\n"), &m, &opts), 400);
  opts.refuse = 0;
  opts.max_line = 40;
  assert_int_equal(refuse(S("MESSAGE sip:cccccccccccccccccccccc@d SIP/2.0\r\n" FIELDS "CSeq: 1 MESSAGE\r\n\r\n"), &m, &opts), 414);
  opts.max_line = 20;
  assert_int_equal(refuse(S(LINE FIELDS "CSeq: 1 MESSAGE\r\n\r\n"), &m, &opts), 0);
  opts.max_line = 0;
  opts.max_body = 3;
  assert_int_equal(refuse(S(LINE FIELDS "CSeq: 1 MESSAGE\r\nl: 4\r\n\r\nabcd"), &m, &opts), 513);
}

static void an_array_that_is_too_small_says_nothing(void **state) {
  (void)state;
  cpm_sip_field f[6];
  cpm_sip m = CPM_SIP_ROOM(f);
  assert_int_equal(refuse(S(LINE FIELDS "CSeq: 1 MESSAGE\r\nl: 1\r\n\r\n"), &m, NULL), 0);
  m.fields = NULL;
  assert_int_equal(cpm_sip_refusal(&m, S(LINE FIELDS "CSeq: 1 MESSAGE\r\nl: 1\r\n\r\n"), NULL), 0);
  assert_int_equal(cpm_sip_refusal(NULL, S(LINE), NULL), 0);
}

static void nul_in_the_head_is_dropped(void **state) {
  (void)state;
  cpm_sip_field f[16];
  cpm_sip m = CPM_SIP_ROOM(f);
  assert_int_equal(refuse(S(LINE FIELDS "CSeq: 1 MESSAGE\r\ns: a\0b\r\n\r\n"), &m, NULL), 0);
  assert_int_equal(refuse(S("MESS\0AGE a SIP/2.0\r\n" FIELDS "CSeq: 1 MESSAGE\r\n\r\n"), &m, NULL), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(what_does_not_split_is_answered_with_its_fields),
    cmocka_unit_test(the_start_line_is_told_as_far_as_it_is_one),
    cmocka_unit_test(limits_and_quirks_that_refused_it_do_not_hide_the_fields),
    cmocka_unit_test(an_array_that_is_too_small_says_nothing),
    cmocka_unit_test(nul_in_the_head_is_dropped),
  };
  return cmocka_run_group_tests_name("sip_refusal", tests, NULL, NULL);
}
