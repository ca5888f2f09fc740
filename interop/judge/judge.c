/* SPDX-License-Identifier: MIT */
/* judge.c - judge <judge,judge...> <capture...>: every SIP message of the captures, and every session description in one, is given to those: sofia, osip2,
 * libre, cpmkit. A line for each that is not taken: who says it, what is wrong, the packet, and the message, its lines apart by " | ". Ends with how many there were.
 * Captures are those of libpcap: of dumpcap -P on loopback, of examples/loopback, and of interop/tshark/written.c. */
#include "judge.h"
#include <cpm/cpm.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Octets: of a packet; of a message that is shown; of a datagram that may be one: less keeps a way open. */
enum { ETHERNET = 1, RAW = 101, UPPER_PDU = 252, TCP = 6, UDP = 17, STREAMS = 8192, PACKET = 1 << 20, FIELDS = 1024, LINES = 512, MEDIA = 64, SHOWN = 2000, LEAST = 16 };

static const char *ours_of_sip(const char *p, size_t n);
static const char *ours_of_sdp(const char *p, size_t n);
static const struct { const char *name, *(*of_sip)(const char *, size_t), *(*of_sdp)(const char *, size_t); } judges[] = {
  { "sofia", sofia_of_sip, sofia_of_sdp }, { "osip2", osip_of_sip, osip_of_sdp }, { "libre", re_of_sip, re_of_sdp }, { "cpmkit", ours_of_sip, ours_of_sdp },
};
static const char   *asked;                      /* names of judges */
static unsigned long packet, messages, descriptions, complaints;

/* ---- cpmkit: nothing is tolerated -------------------------------------------------------------------------------------- */

static const cpm_opts strict = { .refuse = CPM_QUIRKS_ALL };
static char           ours_said[160];

static const char *ours_complain(const cpm_diag *diag) {
  snprintf(ours_said, sizeof ours_said, "%s: %s", diag->rule ? diag->rule : "message", cpm_strerror(diag->code));
  return ours_said;
}

static const char *ours_of_sip(const char *p, size_t n) {
  cpm_sip_field fields[FIELDS];
  cpm_sip msg = CPM_SIP_ROOM(fields);
  cpm_diag diag = { 0 };
  const bool good = cpm_sip_decode(&msg, cpm_str_of(p, n), &strict, &diag) == CPM_OK && cpm_sip_check(&msg, &strict, NULL, &diag) == CPM_OK;
  return good ? NULL : ours_complain(&diag);
}

static const char *ours_of_sdp(const char *p, size_t n) {
  static cpm_sdp_line lines[LINES];
  static cpm_sdp_media media[MEDIA];
  cpm_sdp sdp = CPM_SDP_ROOM(lines, media);
  cpm_sdp_msrp msrp;
  cpm_diag diag = { 0 };
  if (cpm_sdp_decode(&sdp, cpm_str_of(p, n), &strict, &diag) != CPM_OK) return ours_complain(&diag);
  for (size_t i = 0; i < sdp.nmedia; i++)
    if (media[i].msrp && cpm_sdp_msrp_decode(&msrp, &sdp, i, &strict, &diag) != CPM_OK) return ours_complain(&diag);
  return NULL;
}

/* ---- asking ------------------------------------------------------------------------------------------------------------ */

static void complain(const char *name, const char *wrong, const char *p, size_t n) {
  complaints++;
  printf("%s\t%s\tpacket %lu\t", name, wrong, packet);
  for (size_t i = 0; i < n && i < SHOWN; i++) {
    if (p[i] == '\n') fputs(" | ", stdout);
    else if (p[i] != '\r') putchar((unsigned char)p[i] < ' ' ? '?' : p[i]);
  }
  putchar('\n');
}

static bool is_asked(const char *name) { return strstr(asked, name) != NULL; }

/* p[n] is made NUL for readers of texts. */
static void judge_sdp(cpm_str body, const char *p, size_t n) {
  char *copy = malloc(body.n + 1);
  if (!copy) abort();
  memcpy(copy, body.p, body.n);
  copy[body.n] = '\0';
  descriptions++;
  for (size_t i = 0; i < sizeof judges / sizeof *judges; i++) {
    const char *wrong = is_asked(judges[i].name) ? judges[i].of_sdp(copy, body.n) : NULL;
    if (wrong) complain(judges[i].name, wrong, p, n);
  }
  free(copy);
}

/* What procedures write lacks what the stack adds: as it would be sent. */
static void add(cpm_sip *msg, cpm_sip_header id, const char *value) {
  if (!cpm_sip_value(msg, id).p && msg->nfields < msg->cap) msg->fields[msg->nfields++] = (cpm_sip_field){ .id = id, .value = cpm_str_z(value) };
}

static char *complete(cpm_sip *msg, size_t *n) {
  char cseq[64];
  snprintf(cseq, sizeof cseq, "1 %.*s", msg->status ? 7 : (int)msg->method_name.n, msg->status ? "MESSAGE" : msg->method_name.p);
  add(msg, CPM_SIP_VIA, "SIP/2.0/UDP a.example.com;branch=z9hG4bK1");
  if (!msg->status) add(msg, CPM_SIP_MAX_FORWARDS, "70");
  add(msg, CPM_SIP_FROM, "<sip:alice@example.com>;tag=1");
  add(msg, CPM_SIP_TO, "<sip:bob@example.com>");
  add(msg, CPM_SIP_CALL_ID, "1@a.example.com");
  add(msg, CPM_SIP_CSEQ, cseq);
  char *whole = cpm_sip_encode(NULL, 0, n, msg, NULL) == CPM_OK ? malloc(*n + 1) : NULL;
  return whole && cpm_sip_encode(whole, *n, n, msg, NULL) == CPM_OK ? whole : NULL;
}

static void judge_message(const char *p, size_t n) {
  cpm_sip_field fields[FIELDS];
  cpm_sip msg = CPM_SIP_ROOM(fields);
  const bool splits = cpm_sip_decode(&msg, cpm_str_of(p, n), NULL, NULL) == CPM_OK;
  const bool wants = splits && !cpm_sip_value(&msg, CPM_SIP_VIA).p;
  char *copy = wants ? complete(&msg, &n) : malloc(n + 1);
  if (!copy) abort();
  if (!wants) memcpy(copy, p, n);
  copy[n] = '\0';
  messages++;
  for (size_t i = 0; i < sizeof judges / sizeof *judges; i++) {
    const char *wrong = is_asked(judges[i].name) ? judges[i].of_sip(copy, n) : NULL;
    if (wrong) complain(judges[i].name, wrong, copy, n);
  }
  if (splits && cpm_str_eq(cpm_sip_value(&msg, CPM_SIP_CONTENT_TYPE), cpm_str_z("application/sdp"))) judge_sdp(msg.body, copy, n);
  free(copy);
}

/* ---- packets ----------------------------------------------------------------------------------------------------------- */

/* A TCP connection, one way: what has come of a message. */
static struct stream { unsigned char ends[36]; size_t nends, n, cap; uint32_t next; bool knows, ends_here; char *p; } streams[STREAMS];
static size_t nstreams;

static unsigned at16(const unsigned char *p) { return (unsigned)p[0] << 8 | p[1]; }
static uint32_t at32(const unsigned char *p) { return (uint32_t)at16(p) << 16 | at16(p + 2); }

static struct stream *stream_of(const unsigned char *ends, size_t nends) {
  for (size_t i = nstreams; i-- > 0;)
    if (streams[i].nends == nends && !memcmp(streams[i].ends, ends, nends) && !streams[i].ends_here) return &streams[i];
  if (nstreams == STREAMS) { fprintf(stderr, "judge: too many connections\n"); exit(2); }
  struct stream *s = &streams[nstreams++];
  memcpy(s->ends, ends, nends);
  s->nends = nends;
  return s;
}

/* SIP or nothing; MSRP has connections of its own. */
static void judge_stream(struct stream *s) {
  cpm_sip_field fields[FIELDS];
  size_t taken = 0;
  while (taken < s->n) {
    cpm_sip msg = CPM_SIP_ROOM(fields);
    const int rc = s->n - taken > 4 && !memcmp(s->p + taken, "MSRP", 4) ? CPM_E_SYNTAX : cpm_sip_decode_stream(&msg, cpm_str_of(s->p + taken, s->n - taken), NULL, NULL);
    if (rc == CPM_E_MORE) break;
    if (rc != CPM_OK) { taken = s->n; break; }
    judge_message(s->p + taken, msg.size);
    taken += msg.size;
  }
  memmove(s->p, s->p + taken, s->n - taken);
  s->n -= taken;
}

/* Segments come in their order here, or again. */
static void take_tcp(const unsigned char *ends, size_t nends, const unsigned char *p, size_t n) {
  const size_t head = n < 20 ? n : (size_t)(p[12] >> 4) * 4;
  if (n < 20 || head > n) return;
  struct stream *s = stream_of(ends, nends);
  const uint32_t at = at32(p + 4);
  if (p[13] & 2) s->next = at + 1, s->knows = true;
  if (p[13] & 5) s->ends_here = true;
  n -= head;
  if (!n || (s->knows && at != s->next)) return;
  s->next = at + (uint32_t)n;
  s->knows = true;
  if (s->n + n > s->cap && (s->p = realloc(s->p, s->cap = s->n + n + PACKET)) == NULL) abort();
  memcpy(s->p + s->n, p + head, n);
  s->n += n;
  judge_stream(s);
}

static void take_ip(const unsigned char *p, size_t n) {
  const bool v6 = n >= 40 && p[0] >> 4 == 6;
  const size_t head = v6 ? 40 : n < 20 ? n : (size_t)(p[0] & 15) * 4, at = v6 ? 8 : 12, addresses = v6 ? 32 : 8;
  const size_t all = v6 ? 40 + at16(p + 4) : n < 20 ? 0 : at16(p + 2);
  const unsigned protocol = v6 ? p[6] : n < 20 ? 0 : p[9];
  unsigned char ends[36];
  if (all < head + 8 || all > n) return;
  memcpy(ends, p + at, addresses);
  memcpy(ends + addresses, p + head, 4);
  if (protocol == UDP && all - head - 8 >= LEAST) judge_message((const char *)p + head + 8, all - head - 8);
  if (protocol == TCP) take_tcp(ends, addresses + 4, p + head, all - head);
}

/* Tags, each with its length, up to the one that is 0; the first names who reads it. */
static void take_upper(const unsigned char *p, size_t n) {
  size_t at = 0;
  const bool sip = n > 8 && !memcmp(p + 4, "sip", 4);
  while (at + 4 <= n && at16(p + at)) at += 4 + at16(p + at + 2);
  if (sip && at + 4 <= n) judge_message((const char *)p + at + 4, n - at - 4);
}

static bool take_capture(const char *name) {
  static unsigned char p[PACKET];
  uint32_t head[6], record[4];
  FILE *f = fopen(name, "rb");
  bool good = f && fread(head, sizeof head, 1, f) == 1 && head[0] == 0xa1b2c3d4;
  for (packet = 1; good && fread(record, sizeof record, 1, f) == 1; packet++) {
    good = record[2] <= sizeof p && fread(p, 1, record[2], f) == record[2];
    if (!good) break;
    if (head[5] == ETHERNET && record[2] > 14) take_ip(p + 14, record[2] - 14);
    else if (head[5] == RAW) take_ip(p, record[2]);
    else if (head[5] == UPPER_PDU) take_upper(p, record[2]);
  }
  if (!good) fprintf(stderr, "judge: %s is no capture that is read here\n", name);
  if (f) fclose(f);
  return good;
}

int main(int argc, char **argv) {
  asked = argc > 2 ? argv[1] : "";
  if (!*asked) { fprintf(stderr, "usage: judge sofia,osip2,libre,cpmkit CAPTURE...\n"); return 2; }
  for (int i = 2; i < argc; i++)
    if (!take_capture(argv[i])) return 2;
  printf("%lu messages, %lu session descriptions, %lu complaints\n", messages, descriptions, complaints);
  for (size_t i = 0; i < nstreams; i++) free(streams[i].p);
  return complaints > 0;
}
