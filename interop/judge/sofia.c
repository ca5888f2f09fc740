/* SPDX-License-Identifier: MIT */
/* sofia.c - Sofia-SIP reads every header field that it knows, and looks at what is there and what is not. */
#include "judge.h"
#include <sofia-sip/msg_addr.h>
#include <sofia-sip/sdp.h>
#include <sofia-sip/sip.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_parser.h>
#include <sofia-sip/sip_util.h>
#include <sofia-sip/su.h>
#include <stdio.h>

static char sofia_said[256];

/* The first field of the message that it could not read. */
static const char *sofia_error(const sip_t *s) {
  if (!s->sip_error) return "a field cannot be read";
  snprintf(sofia_said, sizeof sofia_said, "field: %.200s", (const char *)s->sip_error->er_common->h_data);
  for (char *c = sofia_said; *c; c++)
    if (*c == '\r' || *c == '\n' || *c == '\t') { *c = '\0'; break; }
  return sofia_said;
}

const char *sofia_of_sip(const char *p, size_t n) {
  static int started;
  if (!started++) su_init();
  msg_t *msg = msg_make(sip_default_mclass(), MSG_DO_EXTRACT_COPY, p, (ssize_t)n);
  const sip_t *s = msg ? sip_object(msg) : NULL;
  const char *wrong = NULL;
  if (!s) wrong = "no message";
  else if (s->sip_error || s->sip_flags & MSG_FLG_ERROR) wrong = sofia_error(s);
  else if (sip_sanity_check(s) != 0) wrong = "sanity check";
  msg_destroy(msg);
  return wrong;
}

const char *sofia_of_sdp(const char *p, size_t n) {
  su_home_t home[1] = { SU_HOME_INIT(home) };
  su_home_init(home);
  sdp_parser_t *parser = sdp_parse(home, p, (issize_t)n, sdp_f_strict);
  const char *wrong = sdp_session(parser) ? NULL : sofia_said;
  if (wrong) snprintf(sofia_said, sizeof sofia_said, "SDP: %s", sdp_parsing_error(parser));
  sdp_parser_free(parser);
  su_home_deinit(home);
  return wrong;
}
