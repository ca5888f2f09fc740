/* SPDX-License-Identifier: MIT */
/* osip.c - osip2 reads every field whose structure it knows, and writes it anew. */
#include "judge.h"
#include <sys/time.h>
#include <stdarg.h>
#include <stdio.h>
#include <osipparser2/osip_parser.h>
#include <osipparser2/osip_port.h>
#include <osipparser2/sdp_message.h>

static void osip_silent(const char *file, int line, osip_trace_level_t level, const char *format, va_list args) {
  (void)file, (void)line, (void)level, (void)format, (void)args;
}

const char *osip_of_sip(const char *p, size_t n) {
  static int started;
  osip_message_t *msg = NULL;
  char *anew = NULL;
  size_t size;
  const char *wrong = NULL;
  if (!started++) {
    parser_init();
    osip_trace_initialize_func(END_TRACE_LEVEL, osip_silent);      /* it would say on stdout what it says here */
  }
  if (osip_message_init(&msg) != 0) return "no memory";
  if (osip_message_parse(msg, p, n) != 0) wrong = "it cannot be read";
  else if (!msg->from || !msg->to || !msg->call_id || !msg->cseq || osip_list_eol(&msg->vias, 0)) wrong = "a mandatory field is missing";
  else if (osip_message_to_str(msg, &anew, &size) != 0) wrong = "it cannot be written anew";
  osip_free(anew);
  osip_message_free(msg);
  return wrong;
}

const char *osip_of_sdp(const char *p, size_t n) {
  sdp_message_t *sdp = NULL;
  (void)n;
  if (sdp_message_init(&sdp) != 0) return "no memory";
  const char *wrong = sdp_message_parse(sdp, p) == 0 ? NULL : "SDP: it cannot be read";
  sdp_message_free(sdp);
  return wrong;
}
