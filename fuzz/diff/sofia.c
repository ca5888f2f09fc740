/* SPDX-License-Identifier: MIT */
/* sofia.c - what Sofia-SIP makes of a message or a description. */
#include "peers.h"
#include <sofia-sip/msg.h>
#include <sofia-sip/msg_addr.h>
#include <sofia-sip/sdp.h>
#include <sofia-sip/sip.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_parser.h>
#include <sofia-sip/sip_util.h>
#include <sofia-sip/su.h>

static void sofia_text(view *v, int key, const char *z) { view_put(v, key, z, z ? strlen(z) : 0); }
static void sofia_host(view *v, int key, const char *z) { view_host(v, key, z, z ? strlen(z) : 0); }
static void sofia_digits(view *v, int key, const char *z) { view_digits(v, key, z, z ? strlen(z) : 0); }

static void sofia_uri(view *v, int key, const url_t *url) {
  if (url->url_type != url_sip && url->url_type != url_sips) {
    sofia_text(v, key, url->url_scheme);
    view_lower(v, key);
    return;
  }
  sofia_text(v, key, url->url_scheme);
  view_lower(v, key);
  view_escaped(v, key + 1, url->url_user, url->url_user ? strlen(url->url_user) : 0);
  sofia_host(v, key + 2, url->url_host);
  sofia_digits(v, key + 3, url->url_port);
}

static void sofia_via(view *v, const sip_via_t *via) {
  const char *const slash = via->v_protocol ? strrchr(via->v_protocol, '/') : NULL;
  sofia_text(v, VIEW_VIA_TRANSPORT, slash ? slash + 1 : via->v_protocol);
  view_lower(v, VIEW_VIA_TRANSPORT);
  sofia_host(v, VIEW_VIA_HOST, via->v_host);
  sofia_digits(v, VIEW_VIA_PORT, via->v_port);
  sofia_text(v, VIEW_VIA_BRANCH, via->v_branch);
}

static void sofia_fields(view *v, const sip_t *s) {
  uint64_t n = 0;
  for (const sip_via_t *x = s->sip_via; x; x = x->v_next) n++;
  view_number(v, VIEW_VIAS, n);
  n = 0;
  for (const sip_contact_t *x = s->sip_contact; x; x = x->m_next) n++;
  view_number(v, VIEW_CONTACTS, n);
  n = 0;
  for (const sip_route_t *x = s->sip_route; x; x = x->r_next) n++;
  view_number(v, VIEW_ROUTES, n);
  n = 0;
  for (const sip_record_route_t *x = s->sip_record_route; x; x = x->r_next) n++;
  view_number(v, VIEW_RECORD_ROUTES, n);
  if (s->sip_via) sofia_via(v, s->sip_via);
  if (s->sip_contact && strcmp(s->sip_contact->m_url->url_scheme ? s->sip_contact->m_url->url_scheme : "*", "*") != 0)
    sofia_uri(v, VIEW_CONTACT_SCHEME, s->sip_contact->m_url);
  if (s->sip_max_forwards) view_number(v, VIEW_MAX_FORWARDS, s->sip_max_forwards->mf_count);
  if (s->sip_expires && !s->sip_expires->ex_date) view_number(v, VIEW_EXPIRES, s->sip_expires->ex_delta);
  if (s->sip_content_type) {
    sofia_text(v, VIEW_TYPE, s->sip_content_type->c_type);
    view_lower(v, VIEW_TYPE);
  }
  view_hashed(v, VIEW_BODY, s->sip_payload ? s->sip_payload->pl_data : "", s->sip_payload ? s->sip_payload->pl_len : 0);
}

void sofia_sip(view *v, const char *p, size_t n) {
  static bool started;
  if (!started) started = su_init() == 0;
  msg_t *const msg = msg_make(sip_default_mclass(), MSG_DO_EXTRACT_COPY, p, (ssize_t)n);
  const sip_t *const s = msg ? sip_object(msg) : NULL;
  v->taken = s && !s->sip_error && !(s->sip_flags & MSG_FLG_ERROR) && sip_sanity_check(s) == 0;
  if (v->taken) {
    if (s->sip_request) {
      sofia_text(v, VIEW_METHOD, s->sip_request->rq_method_name);
      sofia_uri(v, VIEW_REQUEST_URI_SCHEME, s->sip_request->rq_url);
    } else {
      view_number(v, VIEW_STATUS, (uint64_t)s->sip_status->st_status);
    }
    sofia_uri(v, VIEW_FROM_SCHEME, s->sip_from->a_url);
    sofia_uri(v, VIEW_TO_SCHEME, s->sip_to->a_url);
    sofia_text(v, VIEW_FROM_TAG, s->sip_from->a_tag);
    sofia_text(v, VIEW_TO_TAG, s->sip_to->a_tag);
    sofia_text(v, VIEW_CALL_ID, s->sip_call_id->i_id);
    view_number(v, VIEW_CSEQ_NUMBER, s->sip_cseq->cs_seq);
    sofia_text(v, VIEW_CSEQ_METHOD, s->sip_cseq->cs_method_name);
    sofia_fields(v, s);
  }
  if (msg) msg_destroy(msg);
}

/* ---- SDP --------------------------------------------------------------------------------------------------------------- */

static uint64_t sofia_attributes(const sdp_attribute_t *a) {
  uint64_t n = 0;
  for (; a; a = a->a_next) n++;
  return n;
}

static void sofia_media(view *v, int key, const sdp_media_t *m) {
  char formats[VIEW_TEXT - 32];
  size_t n = 0;
  sofia_text(v, key, m->m_type_name);
  view_number(v, key + 1, m->m_port);
  view_number(v, key + 2, m->m_number_of_ports ? m->m_number_of_ports : 1);
  sofia_text(v, key + 3, m->m_proto_name);
  view_lower(v, key);
  view_lower(v, key + 3);
  for (const sdp_list_t *l = m->m_format; l && n < sizeof formats; l = l->l_next) {
    const size_t len = strlen(l->l_text);
    if (len + 1 > sizeof formats - n) return;
    memcpy(formats + n, l->l_text, len);
    n += len;
    if (l->l_next) formats[n++] = ' ';
  }
  if (m->m_format) view_put(v, key + 4, formats, n);   /* of RTP it makes maps instead */
  if (m->m_connections) sofia_text(v, key + 5, m->m_connections->c_address);
}

void sofia_sdp(view *v, const char *p, size_t n) {
  su_home_t home[1] = { SU_HOME_INIT(home) };
  su_home_init(home);
  sdp_parser_t *const parser = sdp_parse(home, p, (issize_t)n, sdp_f_strict);
  const sdp_session_t *const s = sdp_session(parser);
  v->taken = s != NULL;
  if (s) {
    uint64_t medias = 0;
    if (s->sdp_origin) {
      sofia_text(v, VIEW_USERNAME, s->sdp_origin->o_username);
      view_number(v, VIEW_SESS_ID, s->sdp_origin->o_id);
      view_number(v, VIEW_SESS_VERSION, s->sdp_origin->o_version);
      if (s->sdp_origin->o_address) sofia_text(v, VIEW_ADDRESS, s->sdp_origin->o_address->c_address);
    }
    sofia_text(v, VIEW_NAME, s->sdp_subject);
    if (s->sdp_connection) sofia_text(v, VIEW_C_ADDRESS, s->sdp_connection->c_address);
    if (s->sdp_time) {
      view_number(v, VIEW_START, s->sdp_time->t_start);
      view_number(v, VIEW_STOP, s->sdp_time->t_stop);
    }
    view_number(v, VIEW_ATTRIBUTES, sofia_attributes(s->sdp_attributes));
    for (const sdp_media_t *m = s->sdp_media; m; m = m->m_next, medias++)
      if (medias < 2) sofia_media(v, medias ? VIEW_M2_MEDIA : VIEW_M1_MEDIA, m);
    view_number(v, VIEW_MEDIAS, medias);
  }
  sdp_parser_free(parser);
  su_home_deinit(home);
}
