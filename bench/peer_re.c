/* SPDX-License-Identifier: MIT */
/* peer_re.c - libre. Lazy: the index, with first Via, From, To, CSeq and Call-ID typed. Full: besides every Via, Contact, Route,
 * Record-Route and P-Asserted-Identity, with their URIs. Of SDP lines and known attributes are typed. */
#include "bench.h"
#include <re.h>

void dbg_init(int level, int flags);   /* re_dbg.h has it, among macros that every user must define first */

static void re_start(void) {
  static int started;
  if (!started) {
    (void)libre_init();
    dbg_init(0, 0);
  }
  started = 1;
}

/* A buffer that holds the message; made once for each. */
static struct mbuf *re_buffer(const bench_input *in) {
  static struct mbuf *buffer;
  static const char *of;
  re_start();
  if (of != in->p) {
    mem_deref(buffer);
    buffer = mbuf_alloc(in->n);
    of = in->p;
    (void)mbuf_write_mem(buffer, (const uint8_t *)in->p, in->n);
  }
  mbuf_set_pos(buffer, 0);
  return buffer;
}

int re_sip_lazy(const bench_input *in) {
  struct sip_msg *msg;
  const int rc = sip_msg_decode(&msg, re_buffer(in));
  if (rc) return rc;
  bench_sink += msg->callid.l;
  mem_deref(msg);
  return 0;
}

static bool re_address(const struct sip_hdr *field, const struct sip_msg *msg, void *bad) {
  struct sip_addr address;
  (void)msg;
  *(int *)bad |= sip_addr_decode(&address, &field->val);
  return false;
}

static bool re_via(const struct sip_hdr *field, const struct sip_msg *msg, void *bad) {
  struct sip_via via;
  (void)msg;
  *(int *)bad |= sip_via_decode(&via, &field->val);
  return false;
}

int re_sip_full(const bench_input *in) {
  struct sip_msg *msg;
  int bad = 0;
  const int rc = sip_msg_decode(&msg, re_buffer(in));
  if (rc) return rc;
  (void)sip_msg_hdr_apply(msg, true, SIP_HDR_VIA, re_via, &bad);
  (void)sip_msg_hdr_apply(msg, true, SIP_HDR_CONTACT, re_address, &bad);
  (void)sip_msg_hdr_apply(msg, true, SIP_HDR_ROUTE, re_address, &bad);
  (void)sip_msg_hdr_apply(msg, true, SIP_HDR_RECORD_ROUTE, re_address, &bad);
  (void)sip_msg_xhdr_apply(msg, true, "P-Asserted-Identity", re_address, &bad);
  mem_deref(msg);
  return bad;
}

int re_sdp(const bench_input *in) {
  struct mbuf *const buffer = re_buffer(in);
  struct sdp_session *session;
  struct sdp_media *media;
  struct sa local;
  (void)sa_set_str(&local, "127.0.0.1", 1);
  int rc = sdp_session_alloc(&session, &local);
  if (rc) return rc;
  rc = sdp_media_add(&media, session, "message", 9, "TCP/TLS/MSRP");
  if (!rc) rc = sdp_format_add(NULL, media, false, "*", NULL, 0, 0, NULL, NULL, NULL, false, NULL);
  if (!rc) rc = sdp_decode(session, buffer, true);
  mem_deref(session);
  return rc;
}
