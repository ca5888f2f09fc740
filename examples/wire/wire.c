/* SPDX-License-Identifier: MIT */
/* wire.c - the codecs alone, without procedures: what a stack does that wants SIP values, SDP, MSRP, CPIM and IMDN from here.
 * docs/codecs.md shows the functions below, one a section. No network, no dependency: bytes come from arrays. */
#include <cpm/cpm.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int fail(const char *what, const cpm_diag *d) {
  printf("%s: %s at octet %zu (%s, %s)\n", what, cpm_strerror(d->code), d->off, d->rule ? d->rule : "-", d->clause ? d->clause : "-");
  return d->code;
}

static void print(const char *what, cpm_str s) { printf("%-18s %.*s\n", what, (int)s.n, s.p ? s.p : ""); }

/* docs: begin sip */
/* Takes one message off the front of what a TCP connection has delivered. 0: more must come, or the connection is lost. */
static size_t on_stream(cpm_str arrived, char *answer, size_t cap, size_t *len) {
  cpm_sip_field fields[64], back[8];
  cpm_sip msg = CPM_SIP_ROOM(fields), reply = CPM_SIP_ROOM(back);
  cpm_diag d = { 0 };
  unsigned status = 0;
  *len = 0;
  const int rc = cpm_sip_decode_stream(&msg, arrived, NULL, &d);
  if (rc == CPM_E_MORE) return 0;                                   /* d.need: at least so many octets */
  if (rc != CPM_OK) return fail("SIP", &d), 0;                      /* d.off, d.rule, d.clause: where and why */

  cpm_address from;
  cpm_uri uri;
  if (cpm_sip_check(&msg, NULL, &status, &d) != CPM_OK) fail("refused", &d);     /* status: 400, 416 or 505 */
  else if (cpm_address_decode(&from, cpm_sip_value(&msg, CPM_SIP_FROM), NULL, &d) == CPM_OK &&
           cpm_uri_decode(&uri, from.uri, NULL, &d) == CPM_OK) print("From", uri.user);

  size_t at = 0;
  const cpm_sip_field *contact = cpm_sip_find(&msg, CPM_SIP_CONTACT, &at);       /* a list, and it may be repeated */
  for (cpm_str rest = contact ? contact->value : cpm_str_none(); cpm_address_next(&rest, &from, NULL, &d) == CPM_OK;)
    if (cpm_icsi_in(from.params, cpm_icsi_urn(CPM_ICSI_SESSION), NULL)) print("takes sessions", from.uri);

  static const cpm_sip_header copied[] = { CPM_SIP_VIA, CPM_SIP_FROM, CPM_SIP_TO, CPM_SIP_CALL_ID, CPM_SIP_CSEQ };
  reply.status = status ? status : 200;
  for (size_t i = 0; i < sizeof copied / sizeof *copied; i++) {
    back[reply.nfields].id = copied[i];
    back[reply.nfields++].value = cpm_sip_value(&msg, copied[i]);   /* borrowed: nothing is copied before it is written */
  }
  if (cpm_sip_encode(answer, cap, len, &reply, &d) != CPM_OK) fail("answer", &d);
  return msg.size;
}
/* docs: end sip */

/* docs: begin sdp */
/* Answers an offer of a file: the peer connects, we receive. */
static size_t on_offer(cpm_str offer, char *answer, size_t cap) {
  cpm_sdp_line lines[64];
  cpm_sdp_media media[8];
  cpm_sdp sdp = CPM_SDP_ROOM(lines, media);
  cpm_sdp_msrp theirs, ours = { 0 };
  const cpm_sdp_msrp *each[8] = { NULL };                           /* NULL: refused, its m line gets port 0 */
  cpm_diag d = { 0 };
  size_t len = 0;
  if (cpm_sdp_decode(&sdp, offer, NULL, &d) != CPM_OK) return fail("SDP", &d), len;

  ours.port = 7654, ours.path = cpm_str_z("msrp://bob.example.com:7654/kjhd37s2s20w2a;tcp");
  ours.accept_types = cpm_str_z("message/cpim"), ours.accept_wrapped_types = cpm_str_z("*");
  ours.setup = CPM_MSRP_PASSIVE, ours.direction = CPM_SDP_DIRECTION_RECV;
  for (size_t i = 0; i < sdp.nmedia && i < 8; i++) {
    if (!sdp.media[i].msrp || cpm_sdp_msrp_decode(&theirs, &sdp, i, NULL, &d) != CPM_OK) continue;
    each[i] = &ours;
    char name[256];
    size_t n = 0;
    if (theirs.file && cpm_sdp_file_name_decode(name, sizeof name, &n, theirs.selector.name, NULL, NULL, &d) == CPM_OK)
      printf("%-18s %.*s, %llu octets\n", "file", (int)n, name, (unsigned long long)theirs.selector.size);
  }
  const cpm_sdp_session session = { .origin = { CPM_STR("-"), CPM_STR("1"), CPM_STR("1"), CPM_STR("IN"), CPM_STR("IP4"),
                                                CPM_STR("192.0.2.2") } };
  if (cpm_sdp_answer(answer, cap, &len, &sdp, &session, each, sdp.nmedia, NULL, &d) != CPM_OK) fail("answer", &d);
  return len;
}
/* docs: end sdp */

/* docs: begin send */
/* Sends content in chunks of at most 2,000 octets, each as head, content and tail: three places for one writev. */
static int send_content(cpm_str content, const cpm_msrp *head, int (*writev3)(void *to, cpm_str, cpm_str, cpm_str), void *to) {
  cpm_msrp_sender sender = { .total = content.n };
  char before[1024], behind[CPM_MSRP_TAIL_MAX];
  cpm_diag d = { 0 };
  while (sender.sent < content.n) {
    const cpm_str left = cpm_str_of(content.p + sender.sent, content.n - (size_t)sender.sent);
    char random[CPM_MSRP_ID_RANDOM];
    size_t nbefore = 0, nbehind = 0;
    for (size_t i = 0; i < sizeof random; i++) random[i] = (char)rand();         /* yours comes from a good source */
    if (cpm_msrp_chunk_open(&sender, before, sizeof before, &nbefore, head, left, 2000, cpm_str_of(random, sizeof random), &d) != CPM_OK)
      return fail("chunk", &d);
    const size_t n = cpm_msrp_chunk_take(&sender, left);            /* the content itself is never copied */
    if (cpm_msrp_chunk_close(&sender, behind, sizeof behind, &nbehind, CPM_MSRP_MORE, &d) != CPM_OK) return fail("chunk", &d);
    if (writev3(to, cpm_str_of(before, nbefore), cpm_str_of(left.p, n), cpm_str_of(behind, nbehind)) != CPM_OK) return CPM_E_ARG;
  }
  return CPM_OK;
}
/* docs: end send */

/* docs: begin receive */
typedef struct receiver {
  cpm_msrp_reader reader;
  cpm_msrp_join   join;
  size_t          index;         /* of the message that the open chunk belongs to */
  cpm_msrp_field  fields[32];
  cpm_msrp        request;
  char            content[8192]; /* yours: memory, a file ... */
} receiver;

/* Whatever the socket gave, cut anywhere. */
static int on_octets(receiver *r, cpm_str octets) {
  cpm_msrp_event e;
  cpm_diag d = { 0 };
  uint64_t off = 0, size = 0;
  int rc;
  while ((rc = cpm_msrp_read(&r->reader, &octets, &e, NULL, &d)) == CPM_OK) {
    if (e.kind == CPM_MSRP_HEAD) {
      r->request.fields = r->fields, r->request.cap = sizeof r->fields / sizeof *r->fields;
      if (cpm_msrp_decode(&r->request, e.text, NULL, &d) != CPM_OK)
        return fail("head", &d);                                    /* cpm_msrp_refusal says what to answer */
      rc = cpm_msrp_join_head(&r->join, &r->index, 1, &r->request, NULL, &d);
      if (rc != CPM_OK && r->request.body) return fail("MSRP", &d);
      if (rc != CPM_OK) r->index = SIZE_MAX;                        /* a response, a REPORT, a SEND that only binds the session */
    } else if (e.kind == CPM_MSRP_BODY) {
      if (cpm_msrp_join_body(&r->join, r->index, e.text.n, &off, NULL, &d) != CPM_OK || off + e.text.n > sizeof r->content)
        return fail("body", &d);                                    /* answer 413 */
      memcpy(r->content + off, e.text.p, e.text.n);
    } else {
      char frame[1024];
      size_t len = 0;
      cpm_msrp response;
      if (cpm_msrp_response_due(&r->request, 200) && cpm_msrp_response(&response, &r->request, 200, &d) == CPM_OK &&
          cpm_msrp_encode(frame, sizeof frame, &len, &response, &d) == CPM_OK) print("response", cpm_str_of(frame, strcspn(frame, "\r")));
      if (cpm_msrp_join_end(&r->join, r->index, e.flag, &size, NULL, NULL, &d) == CPM_OK)
        printf("%-18s %llu octets\n", "message is whole", (unsigned long long)size);
    }
  }
  return rc == CPM_E_MORE ? CPM_OK : fail("MSRP", &d);              /* an error: close the connection */
}
/* docs: end receive */

/* docs: begin cpim */
/* A message that asks for reports, and the notification that answers it. */
static size_t on_message(cpm_str body, char *dst, size_t cap) {
  cpm_cpim_header headers[16];
  cpm_cpim cpim = { .headers = headers, .cap = 16 };
  cpm_diag d = { 0 };
  unsigned asked = 0;
  size_t len = 0;
  if (cpm_cpim_decode(&cpim, body, NULL, &d) != CPM_OK) return fail("CPIM", &d), len;
  print("content", cpim.content);
  if (cpm_disposition_notification_decode(&asked, cpm_cpim_value(&cpim, CPM_CPIM_DISPOSITION_NOTIFICATION), NULL, &d) != CPM_OK ||
      !(asked & CPM_DISPOSITION(POSITIVE_DELIVERY))) return len;
  const cpm_imdn notification = { .message_id = cpm_cpim_value(&cpim, CPM_CPIM_MESSAGE_ID),
                                  .datetime = cpm_cpim_value(&cpim, CPM_CPIM_DATETIME), .status = CPM_IMDN_DELIVERED };
  if (cpm_imdn_encode(dst, cap, &len, &notification, &d) != CPM_OK) fail("IMDN", &d);
  return len;
}
/* docs: end cpim */

/* The wire: cut where it hurts. */
static int carry(void *to, cpm_str before, cpm_str content, cpm_str behind) {
  const cpm_str parts[] = { before, content, behind };
  for (size_t i = 0; i < 3; i++)
    for (size_t at = 0, n; at < parts[i].n; at += n) {
      n = parts[i].n - at < 7 ? parts[i].n - at : 7;
      if (on_octets(to, cpm_str_of(parts[i].p + at, n)) != CPM_OK) return CPM_E_ARG;
    }
  return CPM_OK;
}

int main(void) {
  static const char invite[] =
    "INVITE sip:bob@example.com SIP/2.0\r\nv: SIP/2.0/TCP alice.example.com;branch=z9hG4bK74bf9\r\nMax-Forwards: 70\r\n"
    "f: Alice <sip:alice@example.com>;tag=9fxced76sl\r\nt: <sip:bob@example.com>\r\ni: 3848276298220188511@example.com\r\n"
    "CSeq: 1 INVITE\r\nm: <sip:alice@alice.example.com>;+g.3gpp.icsi-ref=\"urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.session\"\r\n"
    "l: 0\r\n\r\n";
  static const char offer[] =
    "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\nm=message 7394 TCP/MSRP *\r\n"
    "a=sendonly\r\na=accept-types:message/cpim\r\na=accept-wrapped-types:*\r\na=path:msrp://alice.example.com:7394/2s93i9ek2a;tcp\r\n"
    "a=setup:actpass\r\na=file-selector:name:\"sunset%20over%20sea.jpg\" type:image/jpeg size:32349\r\n"
    "a=file-transfer-id:vBnG916bdberum2fFEABR1FR3ExZMUrd\r\n";
  static const char wrapped[] =
    "From: <sip:alice@example.com>\r\nTo: <sip:bob@example.com>\r\nDateTime: 2026-03-01T09:30:00.000Z\r\n"
    "NS: imdn <urn:ietf:params:imdn>\r\nimdn.Message-ID: 34jk324j\r\nimdn.Disposition-Notification: positive-delivery, display\r\n\r\n"
    "Content-Type: text/plain\r\n\r\nHello";
  static const char binding[] =
    "MSRP 49fh SEND\r\nTo-Path: msrp://bob.example.com:7654/kjhd37s2s20w2a;tcp\r\n"
    "From-Path: msrp://alice.example.com:7394/2s93i9ek2a;tcp\r\nMessage-ID: 9di4eae923wzd\r\n-------49fh$\r\n";
  static char wire[4096], text[5000];
  size_t len = 0;

  const cpm_str arrived = cpm_str_z(invite);
  for (size_t n = 1; n <= arrived.n; n++)                           /* octet by octet, as a slow connection would */
    if (on_stream(cpm_str_of(arrived.p, n), wire, sizeof wire, &len)) print("answer", cpm_str_of(wire, strcspn(wire, "\r")));

  len = on_offer(cpm_str_z(offer), wire, sizeof wire);
  printf("%.*s", (int)len, wire);

  static char head_room[1024];
  static cpm_msrp_incoming messages[4];
  static cpm_msrp_span spans[4 * 8];
  static receiver r;
  const cpm_msrp_reader reader = CPM_MSRP_READER(head_room);
  r.reader = reader;
  r.join.messages = messages, r.join.nmessages = 4, r.join.spans = spans, r.join.nspans = sizeof spans / sizeof *spans;
  if (on_octets(&r, cpm_str_z(binding)) != CPM_OK) return 1;        /* who has connected speaks first */
  const cpm_msrp head = { .to_path = CPM_STR("msrp://bob.example.com:7654/kjhd37s2s20w2a;tcp"),
                          .from_path = CPM_STR("msrp://alice.example.com:7394/2s93i9ek2a;tcp"),
                          .message_id = CPM_STR("12339sdqwer"), .content_type = CPM_STR("text/plain") };
  memset(text, '-', sizeof text);
  if (send_content(cpm_str_of(text, sizeof text), &head, carry, &r) == CPM_OK)
    printf("%-18s %s\n", "same octets", memcmp(text, r.content, sizeof text) ? "no" : "yes");

  len = on_message(cpm_str_z(wrapped), wire, sizeof wire);
  printf("%.*s", (int)len, wire);
  return 0;
}
