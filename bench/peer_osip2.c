/* SPDX-License-Identifier: MIT */
/* peer_osip2.c - osip2. Via, From, To, Contact, Route, Record-Route with their URIs, CSeq, Call-ID, Content-Type and MIME bodies are
 * typed; all else stays strings. Of SDP the lines are typed, and attributes are names and strings. */
#include "bench.h"
#include <sys/time.h>
#include <osip2/osip.h>
#include <osipparser2/osip_parser.h>
#include <osipparser2/sdp_message.h>

static void osip2_start(void) {
  static int started;
  if (!started) parser_init();
  started = 1;
}

int osip2_sip(const bench_input *in) {
  osip_message_t *msg;
  osip2_start();
  if (osip_message_init(&msg)) return 1;
  const int rc = osip_message_parse(msg, in->p, in->n);
  osip_message_free(msg);
  return rc;
}

int osip2_sip_encode(const bench_input *in) {
  static osip_message_t *msg;
  static const char *of;
  char *text;
  size_t len;
  osip2_start();
  if (of != in->p) {
    if (msg) osip_message_free(msg);
    of = in->p;
    if (osip_message_init(&msg) || osip_message_parse(msg, in->p, in->n)) return 1;
  }
  osip_message_force_update(msg);
  if (osip_message_to_str(msg, &text, &len)) return 1;
  bench_sink += len;
  osip_free(text);
  return 0;
}

int osip2_sdp(const bench_input *in) {
  sdp_message_t *sdp;
  osip2_start();
  if (sdp_message_init(&sdp)) return 1;
  const int rc = sdp_message_parse(sdp, in->p);
  sdp_message_free(sdp);
  return rc;
}
