/* SPDX-License-Identifier: MIT */
/* known.c - when a difference is a known one. */
#include "known.h"
#include "cpm/value.h"

static bool is_rule(const question *q, const char *const *rules) {
  for (; *rules; rules++)
    if (q->diag.rule && !strcmp(q->diag.rule, *rules)) return true;
  return false;
}

static bool is_syntax(int rc) { return rc == CPM_E_SYNTAX || rc == CPM_E_TRUNCATED || rc == CPM_E_ESCAPE || rc == CPM_E_RANGE; }

/* ---- SIP that we refuse ------------------------------------------------------------------------------------------------ */

static bool of_splitting(const question *q, const view *theirs, int key) {
  (void)theirs, (void)key;
  return !q->split && (is_syntax(q->rc) || q->rc == CPM_E_DUPLICATE);
}

static bool of_field(const question *q) { return q->split && q->diag.rule && cpm_sip_header_id(cpm_str_z(q->diag.rule)) != CPM_SIP_UNKNOWN; }

static bool of_field_value(const question *q, const view *theirs, int key) {
  (void)theirs, (void)key;
  return of_field(q) && (is_syntax(q->rc) || q->rc == CPM_E_VALUE || q->rc == CPM_E_TOO_DEEP);
}

static bool of_missing_field(const question *q, const view *theirs, int key) {
  (void)theirs, (void)key;
  return of_field(q) && q->rc == CPM_E_MISSING;
}

static bool of_field_twice(const question *q, const view *theirs, int key) {
  (void)theirs, (void)key;
  return of_field(q) && q->rc == CPM_E_DUPLICATE;
}

static bool of_other_method(const question *q, const view *theirs, int key) {
  (void)theirs, (void)key;
  return of_field(q) && q->rc == CPM_E_MISMATCH;
}

static bool of_request_uri(const question *q, const view *theirs, int key) {
  static const char *const rules[] = { "Request-URI", NULL };
  (void)theirs, (void)key;
  return q->split && is_rule(q, rules);
}

static bool of_version(const question *q, const view *theirs, int key) {
  static const char *const rules[] = { "SIP-Version", NULL };
  (void)theirs, (void)key;
  return q->split && is_rule(q, rules) && q->rc == CPM_E_UNSUPPORTED;
}

static bool of_limit(const question *q, const view *theirs, int key) {
  (void)theirs, (void)key;
  return q->rc == CPM_E_TOO_LONG || q->rc == CPM_E_TOO_MANY;
}

/* ---- SDP that we refuse ------------------------------------------------------------------------------------------------ */

static bool of_grammar(const question *q, const view *theirs, int key) {
  (void)theirs, (void)key;
  return is_syntax(q->rc);
}

static bool of_line_twice(const question *q, const view *theirs, int key) {
  (void)theirs, (void)key;
  return q->rc == CPM_E_DUPLICATE;
}

static bool of_missing_line(const question *q, const view *theirs, int key) {
  (void)theirs, (void)key;
  return q->rc == CPM_E_MISSING;
}

static bool of_sdp_version(const question *q, const view *theirs, int key) {
  (void)theirs, (void)key;
  return q->rc == CPM_E_UNSUPPORTED;
}

/* ---- what we take ------------------------------------------------------------------------------------------------------ */

/* Named deviations that we take on purpose. */
static bool of_quirk(const question *q, const view *theirs, int key) {
  (void)theirs, (void)key;
  return q->quirks != 0;
}

static bool of_bare_address(const question *q, const view *theirs, int key) {
  static const cpm_sip_header ids[] = { CPM_SIP_CONTACT, CPM_SIP_FROM, CPM_SIP_TO };
  (void)theirs, (void)key;
  for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
    size_t index = 0;
    for (const cpm_sip_field *f; (f = cpm_sip_find(&q->sip, ids[i], &index)) != NULL;) {
      cpm_str rest = f->value;
      for (cpm_address a; cpm_address_next(&rest, &a, NULL, NULL) == CPM_OK;)
        if (a.quirks & CPM_QUIRK(SIP_BARE_ADDRESS)) return true;
    }
  }
  return false;
}

/* A method that is the beginning of a known one, "M", "MESSAG", or has a "+" or "`". */
static bool of_method(const question *q, const view *theirs, int key) {
  cpm_cseq cseq;
  (void)theirs, (void)key;
  if (cpm_cseq_decode(&cseq, cpm_sip_value(&q->sip, CPM_SIP_CSEQ), NULL, NULL)) return false;
  if (memchr(cseq.method_name.p, '`', cseq.method_name.n) || memchr(cseq.method_name.p, '+', cseq.method_name.n)) return true;
  for (int id = 1; id < CPM_METHOD_COUNT; id++) {
    const cpm_str known = cpm_sip_method_name((cpm_sip_method)id);
    if (cseq.method_name.n < known.n && !memcmp(cseq.method_name.p, known.p, cseq.method_name.n)) return true;
  }
  return false;
}

/* A user with characters that stand elsewhere too. */
static bool of_user(const question *q, const view *theirs, int key) {
  static const int users[] = { VIEW_REQUEST_URI_USER, VIEW_FROM_USER, VIEW_TO_USER, VIEW_CONTACT_USER };
  (void)theirs, (void)key;
  for (size_t i = 0; i < sizeof users / sizeof *users; i++)
    for (size_t k = 0; k + 1 < q->ours.n[users[i]]; k++)
      if (strchr("?/;", q->ours.text[users[i]][k])) return true;
  return false;
}

/* Neither sip, sips nor tel. */
static bool of_other_scheme(const question *q, const view *theirs, int key) {
  const cpm_str uris[] = { q->sip.request_uri, cpm_sip_value(&q->sip, CPM_SIP_FROM), cpm_sip_value(&q->sip, CPM_SIP_TO),
                           cpm_sip_value(&q->sip, CPM_SIP_CONTACT) };
  (void)theirs, (void)key;
  for (size_t i = 0; i < sizeof uris / sizeof *uris; i++) {
    cpm_address a = { .uri = uris[i] };
    cpm_uri uri;
    if (i && (!uris[i].p || cpm_address_decode(&a, uris[i], NULL, NULL))) continue;
    if (cpm_uri_decode(&uri, a.uri, NULL, NULL) == CPM_OK && uri.scheme == CPM_URI_OTHER) return true;
  }
  return false;
}

static bool of_parts(const question *q, const view *theirs, int key) {
  (void)theirs, (void)key;
  return q->ours.n[VIEW_TYPE] > 10 && !memcmp(q->ours.text[VIEW_TYPE], "multipart/", 10);
}

static bool of_empty_fold(const question *q, const view *theirs, int key) {
  (void)theirs, (void)key;
  for (size_t i = 0, white = 1; i + 1 < q->in.n; i++) {
    const char c = q->in.p[i];
    if (c == '\n') {
      if (white && i > 2 && (q->in.p[i - 1] == ' ' || q->in.p[i - 1] == '\t' || q->in.p[i - 2] == ' ' || q->in.p[i - 2] == '\t')) return true;
      white = 1;
    } else if (c != ' ' && c != '\t' && c != '\r') {
      white = 0;
    }
  }
  return false;
}

/* Of an o or c line, other than "IN" and "IP4" or "IP6". */
static bool of_addrtype(const question *q, const view *theirs, int key) {
  (void)theirs, (void)key;
  for (size_t i = 0; i < q->sdp.nlines; i++) {
    const cpm_sdp_line *const line = &q->sdp.lines[i];
    cpm_sdp_origin o = { .nettype = CPM_STR("IN"), .addrtype = CPM_STR("IP4") };
    cpm_sdp_connection c;
    if (line->type == 'o' && cpm_sdp_origin_decode(&o, line->value, NULL)) continue;
    if (line->type == 'c' && cpm_sdp_connection_decode(&c, line->value, NULL) == CPM_OK) {
      o.nettype = c.nettype;
      o.addrtype = c.addrtype;
    }
    if (!cpm_str_eq(o.nettype, cpm_str_z("IN"))) return true;
    if (!cpm_str_eq(o.addrtype, cpm_str_z("IP4")) && !cpm_str_eq(o.addrtype, cpm_str_z("IP6"))) return true;
  }
  return false;
}

static bool of_repeat(const question *q, const view *theirs, int key) {
  size_t index = 0;
  (void)theirs, (void)key;
  return cpm_sdp_find_type(&q->sdp, 'r', &index, q->sdp.nsession) != NULL;
}

static bool of_several_zones(const question *q, const view *theirs, int key) {
  size_t index = 0, n = 0;
  (void)theirs, (void)key;
  while (cpm_sdp_find_type(&q->sdp, 'z', &index, q->sdp.nsession)) n++;
  return n > 1;
}

static bool of_several_addresses(const question *q, const view *theirs, int key) {
  (void)theirs, (void)key;
  for (size_t i = 0; i < q->sdp.nmedia; i++) {
    size_t index = q->sdp.media[i].first, n = 0;
    while (cpm_sdp_find_type(&q->sdp, 'c', &index, q->sdp.media[i].first + q->sdp.media[i].n)) n++;
    if (n > 1) return true;
  }
  return false;
}

/* ---- values ------------------------------------------------------------------------------------------------------------ */

static bool of_escaped_nul(const question *q, const view *theirs, int key) {
  const size_t n = q->ours.n[key];
  (void)theirs;
  return n > 1 && memchr(q->ours.text[key], '\0', n - 1) != NULL;
}

/* One that cannot be read, or whose URI is neither sip, sips nor tel. */
static bool of_other_route(const question *q, const view *theirs, int key) {
  const cpm_sip_header id = key == VIEW_ROUTES ? CPM_SIP_ROUTE : CPM_SIP_RECORD_ROUTE;
  size_t index = 0;
  (void)theirs;
  if (key != VIEW_ROUTES && key != VIEW_RECORD_ROUTES) return false;
  for (const cpm_sip_field *f; (f = cpm_sip_find(&q->sip, id, &index)) != NULL;) {
    cpm_str rest = f->value;
    cpm_address a;
    cpm_uri uri;
    int rc;
    while ((rc = cpm_address_next(&rest, &a, NULL, NULL)) == CPM_OK)
      if (cpm_uri_decode(&uri, a.uri, NULL, NULL) != CPM_OK || uri.scheme == CPM_URI_OTHER) return true;
    if (rc != CPM_END) return true;
  }
  return false;
}

static bool of_body_without_type(const question *q, const view *theirs, int key) {
  (void)theirs;
  return key == VIEW_BODY && !cpm_sip_find(&q->sip, CPM_SIP_CONTENT_TYPE, NULL);
}

static bool of_multipart(const question *q, const view *theirs, int key) {
  return key == VIEW_BODY && !theirs->n[key] && of_parts(q, theirs, key);
}

/* A time of more than 64 bits. */
static bool of_time_range(const question *q, const view *theirs, int key) {
  size_t index = 0;
  cpm_sdp_time t;
  const cpm_sdp_line *const line = cpm_sdp_find_type(&q->sdp, 't', &index, q->sdp.nsession);
  (void)theirs;
  return (key == VIEW_START || key == VIEW_STOP) && line && cpm_sdp_time_decode(&t, line->value, NULL) == CPM_E_RANGE;
}

/* An id of more than 64 bits. */
static bool of_id_range(const question *q, const view *theirs, int key) {
  (void)theirs;
  return (key == VIEW_SESS_ID || key == VIEW_SESS_VERSION) && q->ours.n[key] > 20;
}

/* ";tag" without a value. */
static bool of_empty_tag(const question *q, const view *theirs, int key) {
  const cpm_str value = cpm_sip_value(&q->sip, key == VIEW_FROM_TAG ? CPM_SIP_FROM : CPM_SIP_TO);
  cpm_address a;
  cpm_param tag;
  if ((key != VIEW_FROM_TAG && key != VIEW_TO_TAG) || theirs->n[key] != 1 || cpm_address_decode(&a, value, NULL, NULL)) return false;
  return cpm_param_find(a.params, "tag", &tag) && !tag.value.p;
}

static bool of_spacing(const question *q, const view *theirs, int key) {
  (void)theirs, (void)key;
  return q->quirks & CPM_QUIRK(SDP_SPACING);
}

static bool of_line_end(const question *q, const view *theirs, int key) {
  (void)theirs, (void)key;
  return q->quirks & CPM_QUIRK(SDP_LINE_END);
}

static bool of_sip_like_scheme(const question *q, const view *theirs, int key) {
  static const int schemes[] = { VIEW_REQUEST_URI_SCHEME, VIEW_FROM_SCHEME, VIEW_TO_SCHEME, VIEW_CONTACT_SCHEME };
  for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
    const int s = schemes[i];
    const size_t n = theirs->n[s];
    if (key <= s || key > s + 3 || n != q->ours.n[s] || n < 4 || memcmp(theirs->text[s], "sip", 3) != 0) continue;
    return !(n == 4 || (n == 5 && theirs->text[s][3] == 's'));
  }
  return false;
}

static bool of_attributes(const question *q, const view *theirs, int key) {
  (void)q;
  return !theirs->n[key] && (key == VIEW_M1_ATTRIBUTES || key == VIEW_M2_ATTRIBUTES || key == VIEW_M1_FORMATS || key == VIEW_M2_FORMATS);
}

/* ---- the list ---------------------------------------------------------------------------------------------------------- */

enum { KNOWN_SOFIA = 1 << PEER_SOFIA, KNOWN_OSIP = 1 << PEER_OSIP, KNOWN_BOTH = KNOWN_SOFIA | KNOWN_OSIP };
typedef enum known_how { KNOWN_TAKES, KNOWN_REFUSES, KNOWN_VALUE } known_how;

static const struct known {
  enum peer_what what;
  int            peers;
  known_how      how;
  bool         (*when)(const question *q, const view *theirs, int key);
} list[] = {
#define KNOWN_ROW(id, what, peers, how, when) { PEER_##what, KNOWN_##peers, KNOWN_##how, when },
  KNOWN_DIFFERENCES(KNOWN_ROW)
#undef KNOWN_ROW
};

bool known_difference(const question *q, const view *theirs, int key) {
  const known_how how = key != KNOWN_TAKEN ? KNOWN_VALUE : theirs->taken ? KNOWN_TAKES : KNOWN_REFUSES;
  for (size_t i = 0; i < sizeof list / sizeof *list; i++)
    if (list[i].what == q->what && (list[i].peers >> q->peer & 1) && list[i].how == how && list[i].when(q, theirs, key)) return true;
  return false;
}
