/* SPDX-License-Identifier: MIT */
/* fuzz_diff.c - the same bytes read by us and by other parsers. The first octet chooses: "0" a SIP message for Sofia-SIP and osip2, "1" a
 * session description for both, "2" an IMDN document for libxml2.
 * Holds: whether a message is taken, and the values of diff/view.h where both take it, are the same, but for the differences listed in
 * diff/known.h, each with the clause that decides it. A peer that dies on an input has no say. libxml2 judges as in fuzz_imdn.c. */
#include "diff/known.h"
#include "diff/ours.h"
#include "diff/peers.h"
#include "fuzz.h"
#include "imdn_judge.h"
#include <stdio.h>

static const char *const keys[] = {
#define DIFF_NAME(id, name) name,
  VIEW_SIP_KEYS(DIFF_NAME) VIEW_SDP_KEYS(DIFF_NAME)
#undef DIFF_NAME
};
static const char *const peers[] = { "Sofia-SIP", "osip2" };

/* ---- one difference ---------------------------------------------------------------------------------------------------- */

static void say(const char *who, const view *v, int key) {
  fprintf(stderr, "  %-10s ", who);
  if (!v->n[key]) {
    fprintf(stderr, "(none)\n");
    return;
  }
  for (size_t i = 0; i + 1 < v->n[key]; i++) {
    const unsigned char c = (unsigned char)v->text[key][i];
    fprintf(stderr, c >= 0x20 && c < 0x7f ? "%c" : "\\x%02x", c);
  }
  fputc('\n', stderr);
}

/* With DIFF_COLLECT=<folder> the first input of each kind of difference goes there, and the run goes on. */
static void collect(const char *folder, const question *q, const char *kind) {
  char path[512];
  const int n = snprintf(path, sizeof path, "%s/%s", folder, kind);
  for (char *c = path + strlen(folder) + 1; *c; c++)
    if (*c == ' ' || *c == '/') *c = '_';
  FILE *const file = n > 0 && (size_t)n < sizeof path ? fopen(path, "wbx") : NULL;
  if (!file) return;
  fputc('0' + (int)q->what, file);
  fwrite(q->in.p, 1, q->in.n, file);
  fclose(file);
}

/* Is it listed? */
static void differs(const question *q, const view *theirs, int key) {
  const char *const folder = getenv("DIFF_COLLECT"), *const what = q->what == PEER_SIP ? "SIP" : "SDP";
  char kind[256];
  if (known_difference(q, theirs, key)) return;
  if (key == KNOWN_TAKEN)
    snprintf(kind, sizeof kind, "%s %s %s%s, here %s %s %llx", peers[q->peer], what, q->unanimous ? "as all others " : "",
             theirs->taken ? "takes" : "refuses", cpm_status_name(q->rc), q->diag.rule ? q->diag.rule : "", (unsigned long long)q->quirks);
  else
    snprintf(kind, sizeof kind, "%s %s %s", peers[q->peer], what, keys[key]);
  if (folder) {
    collect(folder, q, kind);
    return;
  }
  fprintf(stderr, "another reading: %s\n", kind);
  if (key != KNOWN_TAKEN) {
    say("here", &q->ours, key);
    say(peers[q->peer], theirs, key);
  }
  abort();
}

static void ask_all(question *q) {
  const view *theirs[PEERS];
  int against = 0;
  if (q->in.n > PEER_INPUT) return;
  for (int peer = 0; peer < PEERS; peer++) peer_put((enum peer)peer, q->what, q->in.p, q->in.n);
  for (int peer = 0; peer < PEERS; peer++) {
    theirs[peer] = peer_get((enum peer)peer);
    against += theirs[peer] && theirs[peer]->taken != q->ours.taken;
  }
  q->unanimous = against == PEERS;
  for (int peer = 0; peer < PEERS; peer++) {
    const view *const other = theirs[peer];
    q->peer = (enum peer)peer;
    if (other && other->taken != q->ours.taken) differs(q, other, KNOWN_TAKEN);
    for (int key = 0; other && other->taken && q->ours.taken && key < VIEW_KEYS; key++) {
      const bool same = other->n[key] == q->ours.n[key] && (!other->n[key] || !memcmp(other->text[key], q->ours.text[key], other->n[key] - 1u));
      if (!same) differs(q, other, key);
    }
  }
}

static void imdn(cpm_str in) {
  cpm_imdn x;
  const xmlDocPtr doc = imdn_document(in);
  if (cpm_imdn_decode(&x, in, NULL, NULL) == CPM_OK) {
    HOLDS(doc);
    imdn_judge(&x, doc);
  }
  xmlFreeDoc(doc);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static question q;
  if (!size) return 0;
  const cpm_str in = exact_copy(data + 1, size - 1);
  memset(&q, 0, offsetof(question, ours));
  view_clear(&q.ours);
  q.in = in;
  switch (data[0] % 3) {
  case 0:
    q.what = PEER_SIP;
    ours_sip(&q);
    ask_all(&q);
    break;
  case 1:
    q.what = PEER_SDP;
    ours_sdp(&q);
    ask_all(&q);
    break;
  default: imdn(in); break;
  }
  free_copy(in);
  return 0;
}
