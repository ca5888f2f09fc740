/* SPDX-License-Identifier: MIT */
/* fuzz_sdp.c - a session description; its first octet says what is answered.
 * Holds: lines and m lines lie in the input, in order; refusing everything succeeds only without quirks; an error has its code, its rule and
 * an offset in the input. What was read is written, but for what a writer refuses by contract (no c line, r before t, a name in the
 * way); what was written is read strictly, and written again the same. Each MSRP m line is offered again: read strictly it says the
 * same, and is offered again the same. The answer to what was read is read strictly and has as many m lines. The name of a file
 * that was read is written and read again. */
#include "cpm/sdp.h"
#include "fuzz.h"

enum { LINES = 64, MEDIA = 8 };

typedef struct description {
  cpm_sdp_line lines[LINES];
  cpm_sdp_media media[MEDIA];
  cpm_sdp sdp;
} description;

static const cpm_sdp_session session = { { CPM_STR("-"), CPM_STR("1"), CPM_STR("1"), CPM_STR("IN"), CPM_STR("IP4"),
                                           CPM_STR("192.0.2.1") },
                                         { NULL, 0 },
                                         { { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, false, 0, 0 } };

static int read_into(description *d, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  d->sdp = (cpm_sdp)CPM_SDP_ROOM(d->lines, d->media);
  return cpm_sdp_decode(&d->sdp, in, opts, diag);
}

static void lines_hold(const cpm_sdp *sdp, cpm_str in) {
  size_t end = sdp->nsession;
  for (size_t i = 0; i < sdp->nlines; i++) {
    const cpm_sdp_line *const l = &sdp->lines[i];
    HOLDS(l->off < in.n && in.p[l->off] == l->type && (!i || l->off > sdp->lines[i - 1].off));
    HOLDS((l->type == 'a') == (l->name.p != NULL));
    inside(l->name, in);
    inside(l->value, in);
  }
  for (size_t i = 0; i < sdp->nmedia; i++) {
    HOLDS(sdp->media[i].first == end && sdp->lines[end].type == 'm');
    end += sdp->media[i].n;
    inside(sdp->media[i].formats, in);
  }
  HOLDS(end == sdp->nlines);
}

/* The numbers of every line, whatever they are. */
static void values_hold(const cpm_sdp *sdp, cpm_str in) {
  for (size_t i = 0; i < sdp->nlines; i++) {
    const cpm_str value = sdp->lines[i].value;
    cpm_sdp_origin o;
    cpm_sdp_connection c;
    cpm_sdp_bandwidth b;
    cpm_sdp_time t;
    cpm_sdp_key k;
    int64_t seconds;
    int rc = CPM_OK;
    switch (sdp->lines[i].type) {
    case 'o':
      HOLDS(cpm_sdp_origin_decode(&o, value, NULL) == CPM_OK);
      inside(o.address, in);
      break;
    case 'c':
      rc = cpm_sdp_connection_decode(&c, value, NULL);
      if (!rc) inside(c.address, in);
      break;
    case 'b':
      rc = cpm_sdp_bandwidth_decode(&b, value, NULL);
      if (!rc) inside(b.type, in);
      break;
    case 't': rc = cpm_sdp_time_decode(&t, value, NULL); break;
    case 'k':
      HOLDS(cpm_sdp_key_decode(&k, value, NULL) == CPM_OK);
      inside(k.key, in);
      break;
    case 'r':
    case 'z':
      for (cpm_str rest = value; (rc = cpm_sdp_interval_next(&rest, &seconds, NULL)) == CPM_OK;) {}
      break;
    default: break;
    }
    HOLDS(rc == CPM_OK || rc == CPM_END || rc == CPM_E_RANGE || (rc == CPM_E_SYNTAX && sdp->lines[i].type == 'c'));
  }
}

/* cpm_sdp_encode twice, with a strict reading between. */
static void lines_again(const cpm_sdp *sdp) {
  static description again;
  size_t len = 0, len2 = 0;
  const int rc = cpm_sdp_encode(NULL, 0, &len, sdp, NULL);
  HOLDS(rc == CPM_OK || rc == CPM_E_MISSING || rc == CPM_E_VALUE || rc == CPM_E_DUPLICATE);
  if (rc) {
    HOLDS(sdp->quirks & CPM_QUIRK(SDP_LINES));
    return;
  }
  if (sdp->nlines + 2 > sdp->cap) return;   /* with the s and the t line that are written there is no room to read it again */
  char *const first = malloc(len), *const second = malloc(len);
  HOLDS(first && second);
  HOLDS(cpm_sdp_encode(first, len, &len2, sdp, NULL) == CPM_OK && len2 == len);
  HOLDS(read_into(&again, cpm_str_of(first, len), &strict, NULL) == CPM_OK && again.sdp.quirks == 0);
  HOLDS(cpm_sdp_encode(second, len, &len2, &again.sdp, NULL) == CPM_OK && len2 == len && memcmp(first, second, len) == 0);
  free(first);
  free(second);
}

static void same(cpm_str a, cpm_str b) { HOLDS(!a.p == !b.p); }

static void msrp_same(const cpm_sdp_msrp *a, const cpm_sdp_msrp *b) {
  HOLDS(a->port == b->port && a->secure == b->secure && a->direction == b->direction && a->setup == b->setup && a->cema == b->cema);
  HOLDS(a->has_max_size == b->has_max_size && a->max_size == b->max_size && a->chatroom == b->chatroom && a->file == b->file);
  HOLDS(a->has_range == b->has_range && a->range_start == b->range_start && a->range_stop == b->range_stop);
  HOLDS(cpm_str_eq(a->selector.name, b->selector.name) && a->selector.size == b->selector.size);
  HOLDS(cpm_str_eq(a->file_transfer_id, b->file_transfer_id) && cpm_str_eq(a->file_disposition, b->file_disposition));
  HOLDS(cpm_str_eq(a->file_icon, b->file_icon) && a->creation.there == b->creation.there && a->read.there == b->read.there);
  same(a->accept_types, b->accept_types);
  same(a->path, b->path);
  same(a->fingerprint, b->fingerprint);
  same(a->selector.type, b->selector.type);
  same(a->selector.hashes, b->selector.hashes);
}

static void name_again(cpm_str name) {
  size_t len, len2;
  const int rc = cpm_sdp_file_name_decode(NULL, 0, &len, name, NULL, NULL, NULL);
  HOLDS(rc == CPM_OK || rc == CPM_E_VALUE || rc == CPM_E_ESCAPE);
  if (rc) return;
  char *const text = malloc(len), *const back = malloc(len), *const written = malloc(3 * len);
  HOLDS(text && back && written);
  HOLDS(cpm_sdp_file_name_decode(text, len, &len, name, NULL, NULL, NULL) == CPM_OK);
  HOLDS(cpm_sdp_file_name_encode(written, 3 * len, &len2, cpm_str_of(text, len), NULL) == CPM_OK);
  HOLDS(cpm_sdp_file_name_decode(back, len, &len2, cpm_str_of(written, len2), &strict, NULL, NULL) == CPM_OK);
  HOLDS(len2 == len && memcmp(text, back, len) == 0);
  free(text);
  free(back);
  free(written);
}

/* Offered as it was read, twice. */
static void msrp_again(cpm_sdp_msrp m) {
  static description again;
  cpm_sdp_msrp other;
  size_t len = 0, len2 = 0;
  m.connection.address = cpm_str_none();
  const int rc = cpm_sdp_offer(NULL, 0, &len, &session, &m, 1, NULL);
  /* The day before the first one of the year 0, by its zone. */
  if (rc == CPM_E_VALUE && (m.creation.there || m.modification.there || m.read.there)) return;
  HOLDS(rc == CPM_OK);
  char *const first = malloc(len), *const second = malloc(len);
  HOLDS(first && second);
  HOLDS(cpm_sdp_offer(first, len, &len2, &session, &m, 1, NULL) == CPM_OK && len2 == len);
  HOLDS(read_into(&again, cpm_str_of(first, len), &strict, NULL) == CPM_OK);
  HOLDS(cpm_sdp_msrp_decode(&other, &again.sdp, 0, &strict, NULL) == CPM_OK);
  msrp_same(&m, &other);
  other.connection.address = cpm_str_none();
  HOLDS(cpm_sdp_offer(second, len, &len2, &session, &other, 1, NULL) == CPM_OK && len2 == len && memcmp(first, second, len) == 0);
  free(first);
  free(second);
}

static void answer(const cpm_sdp *sdp, unsigned choice) {
  static description again;
  static const cpm_sdp_msrp ours = { .port = 2855,
                                     .direction = CPM_SDP_DIRECTION_BOTH,
                                     .accept_types = CPM_STR("*"),
                                     .setup = CPM_MSRP_ACTPASS,
                                     .path = CPM_STR("msrp://192.0.2.1/s;tcp"),
                                     .cema = true };
  const cpm_sdp_msrp *all[MEDIA] = { NULL };
  size_t len = 0;
  for (size_t i = 0; i < sdp->nmedia; i++) {
    cpm_sdp_msrp m;
    if (sdp->media[i].msrp && (choice >> i & 1) && cpm_sdp_msrp_decode(&m, sdp, i, NULL, NULL) == CPM_OK) all[i] = &ours;
  }
  HOLDS(cpm_sdp_answer(NULL, 0, &len, sdp, &session, all, sdp->nmedia, NULL, NULL) == CPM_OK);
  char *const text = malloc(len);
  HOLDS(text);
  HOLDS(cpm_sdp_answer(text, len, &len, sdp, &session, all, sdp->nmedia, NULL, NULL) == CPM_OK);
  HOLDS(read_into(&again, cpm_str_of(text, len), &strict, NULL) == CPM_OK && again.sdp.nmedia == sdp->nmedia);
  for (size_t i = 0; i < sdp->nmedia; i++) {
    cpm_sdp_msrp m;
    HOLDS((again.sdp.media[i].port != 0) == (all[i] && sdp->media[i].port));
    if (again.sdp.media[i].port) HOLDS(cpm_sdp_msrp_decode(&m, &again.sdp, i, &strict, NULL) == CPM_OK);
  }
  free(text);
}

/* Attributes with decoders of their own. */
static void values_of_msrp(const cpm_sdp_msrp *m) {
  cpm_sdp_fingerprint print;
  bool offerer = false;
  size_t n = 0;
  (void)cpm_sdp_types_take(m->accept_types, cpm_str_z("message/cpim"));
  if (m->fingerprint.p && cpm_sdp_fingerprint_decode(&print, m->fingerprint, NULL) == CPM_OK) {
    inside(print.value, m->fingerprint);
    HOLDS(cpm_sdp_hex_decode(NULL, 0, &n, print.value) == CPM_OK && n == (print.value.n + 1) / 3);
  }
  for (int ours = 0; ours < 5; ours++) (void)cpm_sdp_connects(&offerer, m->setup, (cpm_msrp_setup)ours, NULL, NULL, NULL);
}

static void read_all(cpm_str in, unsigned choice) {
  static description d, other;
  cpm_diag diag = { 0 };
  const int rc = read_into(&d, in, NULL, &diag);
  HOLDS(!rc || (diag.code == rc && diag.off <= in.n && diag.rule));
  if (rc) return;
  const int refused = read_into(&other, in, &strict, NULL);
  HOLDS(refused == (d.sdp.quirks ? CPM_E_QUIRK : CPM_OK));
  lines_hold(&d.sdp, in);
  values_hold(&d.sdp, in);
  lines_again(&d.sdp);
  for (size_t i = 0; i < d.sdp.nmedia; i++) {
    cpm_sdp_msrp m;
    const int of_media = cpm_sdp_msrp_decode(&m, &d.sdp, i, NULL, &diag);
    HOLDS(!of_media || (diag.code == of_media && diag.off <= in.n && diag.rule));
    if (of_media) continue;
    values_of_msrp(&m);
    name_again(m.selector.name);
    msrp_again(m);
  }
  answer(&d.sdp, choice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (!size) return 0;
  const cpm_str in = exact_copy(data + 1, size - 1);
  read_all(in, data[0]);
  free_copy(in);
  return 0;
}
