/* SPDX-License-Identifier: MIT */
/* peer_sofia.c - Sofia-SIP. A message is parsed whole into typed structs, URIs too; unknown header fields (P-Asserted-Identity,
 * P-Preferred-Service, Conversation-ID and Contribution-ID among them) and User-Agent stay strings. Its encoder prints from the typed
 * structs. Of SDP the lines of RFC 4566 are typed, and attributes are names and strings. */
#include "bench.h"
#include <sofia-sip/msg.h>
#include <sofia-sip/msg_mclass.h>
#include <sofia-sip/sdp.h>
#include <sofia-sip/sip.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_parser.h>
#include <sofia-sip/su.h>
#include <sofia-sip/su_alloc.h>

int sofia_sip(const bench_input *in) {
  msg_t *const msg = msg_make(sip_default_mclass(), 0, in->p, (ssize_t)in->n);
  const sip_t *const sip = sip_object(msg);
  const int bad = !sip || !sip->sip_call_id || !sip->sip_via || sip->sip_error;
  msg_destroy(msg);
  return bad;
}

int sofia_sip_encode(const bench_input *in) {
  static msg_t *msg;
  static const char *of;
  size_t len = 0;
  if (of != in->p) {
    if (msg) msg_destroy(msg);
    msg = msg_make(sip_default_mclass(), 0, in->p, (ssize_t)in->n);
    of = in->p;
  }
  char *const text = msg_as_string(msg_home(msg), msg, NULL, 0, &len);
  if (!text) return 1;
  bench_sink += len;
  su_free(msg_home(msg), text);
  return 0;
}

int sofia_sdp(const bench_input *in) {
  su_home_t home[1] = { SU_HOME_INIT(home) };
  su_home_init(home);
  sdp_parser_t *const parser = sdp_parse(home, in->p, (issize_t)in->n, 0);
  const int bad = !sdp_session(parser);
  sdp_parser_free(parser);
  su_home_deinit(home);
  return bad;
}
