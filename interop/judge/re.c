/* SPDX-License-Identifier: MIT */
/* re.c - libre splits a message and reads what its transactions and dialogs need: here all of that, field by field. */
#include "judge.h"
#include <re.h>

static char re_said[128];

static bool re_bad(const char *field, int err) {
  if (err) re_snprintf(re_said, sizeof re_said, "%s", field);
  return err != 0;
}

static bool re_address(const struct sip_hdr *field, const struct sip_msg *msg, void *name) {
  struct sip_addr address;
  (void)msg;
  if (!pl_strcmp(&field->val, "*")) return false;
  return re_bad(name, sip_addr_decode(&address, &field->val));
}

static bool re_via(const struct sip_hdr *field, const struct sip_msg *msg, void *name) {
  struct sip_via via;
  (void)msg;
  return re_bad(name, sip_via_decode(&via, &field->val));
}

/* sip_msg_decode passes over what it cannot read: what is mandatory must be there. */
static const char *re_mandatory(const struct sip_msg *msg) {
  if (!pl_isset(&msg->via.branch)) return "Via";
  if (!pl_isset(&msg->from.auri)) return "From";
  if (!pl_isset(&msg->to.auri)) return "To";
  if (!pl_isset(&msg->callid)) return "Call-ID";
  if (!pl_isset(&msg->cseq.met)) return "CSeq";
  if (msg->req && pl_cmp(&msg->met, &msg->cseq.met) != 0) return "CSeq, not that of the request";
  return NULL;
}

static const char *re_fields(const struct sip_msg *msg) {
  if (sip_msg_hdr_apply(msg, true, SIP_HDR_VIA, re_via, "a Via")) return re_said;
  if (sip_msg_hdr_apply(msg, true, SIP_HDR_CONTACT, re_address, "Contact")) return re_said;
  if (sip_msg_hdr_apply(msg, true, SIP_HDR_ROUTE, re_address, "Route")) return re_said;
  if (sip_msg_hdr_apply(msg, true, SIP_HDR_RECORD_ROUTE, re_address, "Record-Route")) return re_said;
  if (sip_msg_hdr_apply(msg, true, SIP_HDR_REFERRED_BY, re_address, "Referred-By")) return re_said;
  if (sip_msg_hdr_apply(msg, true, SIP_HDR_P_ASSERTED_IDENTITY, re_address, "P-Asserted-Identity")) return re_said;
  return NULL;
}

const char *re_of_sip(const char *p, size_t n) {
  struct sip_msg *msg = NULL;
  struct mbuf *buffer = mbuf_alloc(n);
  if (!buffer || mbuf_write_mem(buffer, (const uint8_t *)p, n)) { mem_deref(buffer); return "no memory"; }
  mbuf_set_pos(buffer, 0);
  const int err = sip_msg_decode(&msg, buffer);
  const char *wrong = err ? "it cannot be read" : re_mandatory(msg);
  if (!wrong) wrong = re_fields(msg);
  if (!wrong && pl_isset(&msg->clen) && pl_u32(&msg->clen) > mbuf_get_left(msg->mb)) wrong = "Content-Length";
  mem_deref(msg);
  mem_deref(buffer);
  return wrong;
}

/* An offer is read against media of our own. */
const char *re_of_sdp(const char *p, size_t n) {
  struct sdp_session *session = NULL;
  struct sdp_media *media;
  struct sa local;
  struct mbuf *buffer = mbuf_alloc(n);
  sa_set_str(&local, "127.0.0.1", 1);
  int err = !buffer || mbuf_write_mem(buffer, (const uint8_t *)p, n) || sdp_session_alloc(&session, &local);
  if (!err) err = sdp_media_add(&media, session, "message", 9, "TCP/MSRP") || sdp_format_add(NULL, media, false, "*", NULL, 0, 0, NULL, NULL, NULL, false, NULL);
  if (buffer) mbuf_set_pos(buffer, 0);
  if (!err) err = sdp_decode(session, buffer, true);
  mem_deref(session);
  mem_deref(buffer);
  return err ? "SDP: it cannot be read" : NULL;
}
