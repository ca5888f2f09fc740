/* SPDX-License-Identifier: MIT */
/* ours.c - our parsers as views. */
#include "ours.h"
#include "cpm/mime.h"
#include "cpm/value.h"

enum { FIELDS = 256, LINES = 512, MEDIA = 64 };

static void ours_text(view *v, int key, cpm_str s) { view_put(v, key, s.p, s.n); }

static void ours_uri(view *v, int key, cpm_str text) {
  cpm_uri uri;
  if (cpm_uri_decode(&uri, text, NULL, NULL)) return;
  ours_text(v, key, uri.scheme_name);
  view_lower(v, key);
  if (uri.scheme != CPM_URI_SIP && uri.scheme != CPM_URI_SIPS) return;
  view_escaped(v, key + 1, uri.user.p, uri.user.n);
  view_host(v, key + 2, uri.host.p, uri.host.n);
  if (uri.has_port) view_number(v, key + 3, uri.port);
}

static void ours_address(view *v, int key, int tag, cpm_str value) {
  cpm_address address;
  cpm_param param;
  if (cpm_address_decode(&address, value, NULL, NULL) || address.star) return;
  ours_uri(v, key, address.uri);
  if (tag && cpm_param_find(address.params, "tag", &param)) ours_text(v, tag, param.value);
}

/* Of all fields of that name together; the first one that is a URI fills `key`. */
static void ours_addresses(view *v, int number, int key, const cpm_sip *m, cpm_sip_header id) {
  uint64_t n = 0;
  size_t index = 0;
  for (const cpm_sip_field *f; (f = cpm_sip_find(m, id, &index)) != NULL;) {
    cpm_str rest = f->value;
    for (cpm_address a; cpm_address_next(&rest, &a, NULL, NULL) == CPM_OK; n++)
      if (!n && key >= 0 && !a.star) ours_uri(v, key, a.uri);
  }
  view_number(v, number, n);
}

static void ours_vias(view *v, const cpm_sip *m) {
  uint64_t n = 0;
  size_t index = 0;
  for (const cpm_sip_field *f; (f = cpm_sip_find(m, CPM_SIP_VIA, &index)) != NULL;) {
    cpm_str rest = f->value;
    for (cpm_via via; cpm_via_next(&rest, &via, NULL, NULL) == CPM_OK; n++) {
      if (n) continue;
      ours_text(v, VIEW_VIA_TRANSPORT, via.transport);
      view_lower(v, VIEW_VIA_TRANSPORT);
      view_host(v, VIEW_VIA_HOST, via.host.p, via.host.n);
      if (via.has_port) view_number(v, VIEW_VIA_PORT, via.port);
      ours_text(v, VIEW_VIA_BRANCH, via.branch);
    }
  }
  view_number(v, VIEW_VIAS, n);
}

static void ours_type(view *v, cpm_str value) {
  cpm_media_type type;
  char text[VIEW_TEXT];
  if (!value.p || cpm_media_type_decode(&type, value, NULL, NULL) || type.type.n + 1 + type.subtype.n > sizeof text) return;
  memcpy(text, type.type.p, type.type.n);
  text[type.type.n] = '/';
  memcpy(text + type.type.n + 1, type.subtype.p, type.subtype.n);
  view_put(v, VIEW_TYPE, text, type.type.n + 1 + type.subtype.n);
  view_lower(v, VIEW_TYPE);
}

static void ours_numbers(view *v, const cpm_sip *m) {
  cpm_cseq cseq;
  uint64_t number;
  if (cpm_cseq_decode(&cseq, cpm_sip_value(m, CPM_SIP_CSEQ), NULL, NULL) == CPM_OK) {
    view_number(v, VIEW_CSEQ_NUMBER, cseq.number);
    ours_text(v, VIEW_CSEQ_METHOD, cseq.method_name);
  }
  if (cpm_number_decode(&number, cpm_sip_value(m, CPM_SIP_MAX_FORWARDS), UINT32_MAX, NULL, NULL) == CPM_OK) view_number(v, VIEW_MAX_FORWARDS, number);
  if (cpm_number_decode(&number, cpm_sip_value(m, CPM_SIP_EXPIRES), UINT32_MAX, NULL, NULL) == CPM_OK) view_number(v, VIEW_EXPIRES, number);
}

void ours_sip(question *q) {
  static cpm_sip_field fields[FIELDS];
  cpm_sip *const m = &q->sip;
  view *const v = &q->ours;
  *m = (cpm_sip)CPM_SIP_ROOM(fields);
  q->rc = cpm_sip_decode(m, q->in, NULL, &q->diag);
  q->split = q->rc == CPM_OK;
  if (q->split) q->rc = cpm_sip_check(m, NULL, NULL, &q->diag);
  q->quirks = m->quirks;
  v->taken = q->rc == CPM_OK;
  if (!v->taken) return;
  if (m->status) {
    view_number(v, VIEW_STATUS, m->status);
  } else {
    ours_text(v, VIEW_METHOD, m->method_name);
    ours_uri(v, VIEW_REQUEST_URI_SCHEME, m->request_uri);
  }
  ours_address(v, VIEW_FROM_SCHEME, VIEW_FROM_TAG, cpm_sip_value(m, CPM_SIP_FROM));
  ours_address(v, VIEW_TO_SCHEME, VIEW_TO_TAG, cpm_sip_value(m, CPM_SIP_TO));
  ours_addresses(v, VIEW_CONTACTS, VIEW_CONTACT_SCHEME, m, CPM_SIP_CONTACT);
  ours_addresses(v, VIEW_ROUTES, -1, m, CPM_SIP_ROUTE);
  ours_addresses(v, VIEW_RECORD_ROUTES, -1, m, CPM_SIP_RECORD_ROUTE);
  ours_text(v, VIEW_CALL_ID, cpm_sip_value(m, CPM_SIP_CALL_ID));
  ours_vias(v, m);
  ours_numbers(v, m);
  ours_type(v, cpm_sip_value(m, CPM_SIP_CONTENT_TYPE));
  view_hashed(v, VIEW_BODY, m->body.p, m->body.n);
}

/* ---- SDP --------------------------------------------------------------------------------------------------------------- */

static void ours_media(view *v, int key, const cpm_sdp *sdp, const cpm_sdp_media *m) {
  const size_t end = m->first + m->n;
  size_t index = m->first;
  uint64_t attributes = 0;
  cpm_sdp_connection c;
  const cpm_sdp_line *const line = cpm_sdp_find_type(sdp, 'c', &index, end);
  ours_text(v, key, m->media);
  view_number(v, key + 1, m->port);
  view_number(v, key + 2, m->ports);
  ours_text(v, key + 3, m->proto);
  view_lower(v, key);
  view_lower(v, key + 3);
  ours_text(v, key + 4, m->formats);
  if (line && cpm_sdp_connection_decode(&c, line->value, NULL) == CPM_OK) ours_text(v, key + 5, c.address);
  for (index = m->first; cpm_sdp_find_type(sdp, 'a', &index, end);) attributes++;
  view_number(v, key + 6, attributes);
}

static void ours_session(view *v, const cpm_sdp *sdp) {
  cpm_sdp_origin o;
  cpm_sdp_connection c;
  cpm_sdp_time t;
  uint64_t attributes = 0;
  size_t index = 0;
  const cpm_sdp_line *line = cpm_sdp_find_type(sdp, 'o', &index, sdp->nsession);
  if (line && cpm_sdp_origin_decode(&o, line->value, NULL) == CPM_OK) {
    ours_text(v, VIEW_USERNAME, o.username);
    view_digits(v, VIEW_SESS_ID, o.sess_id.p, o.sess_id.n);
    view_digits(v, VIEW_SESS_VERSION, o.sess_version.p, o.sess_version.n);
    ours_text(v, VIEW_ADDRESS, o.address);
  }
  index = 0;
  line = cpm_sdp_find_type(sdp, 's', &index, sdp->nsession);
  if (line) ours_text(v, VIEW_NAME, line->value);
  index = 0;
  line = cpm_sdp_find_type(sdp, 'c', &index, sdp->nsession);
  if (line && cpm_sdp_connection_decode(&c, line->value, NULL) == CPM_OK) ours_text(v, VIEW_C_ADDRESS, c.address);
  index = 0;
  line = cpm_sdp_find_type(sdp, 't', &index, sdp->nsession);
  if (line && cpm_sdp_time_decode(&t, line->value, NULL) == CPM_OK) {
    view_number(v, VIEW_START, t.start);
    view_number(v, VIEW_STOP, t.stop);
  }
  for (index = 0; cpm_sdp_find_type(sdp, 'a', &index, sdp->nsession);) attributes++;
  view_number(v, VIEW_ATTRIBUTES, attributes);
}

void ours_sdp(question *q) {
  static cpm_sdp_line lines[LINES];
  static cpm_sdp_media media[MEDIA];
  cpm_sdp *const sdp = &q->sdp;
  *sdp = (cpm_sdp)CPM_SDP_ROOM(lines, media);
  q->rc = cpm_sdp_decode(sdp, q->in, NULL, &q->diag);
  q->quirks = sdp->quirks;
  q->ours.taken = q->rc == CPM_OK;
  if (!q->ours.taken) return;
  ours_session(&q->ours, sdp);
  view_number(&q->ours, VIEW_MEDIAS, sdp->nmedia);
  for (size_t i = 0; i < sdp->nmedia && i < 2; i++) ours_media(&q->ours, i ? VIEW_M2_MEDIA : VIEW_M1_MEDIA, sdp, &sdp->media[i]);
}
