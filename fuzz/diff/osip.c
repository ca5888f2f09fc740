/* SPDX-License-Identifier: MIT */
/* osip.c - what osip2 makes of a message or a description. */
#include "peers.h"
#include <sys/time.h>
#include <osipparser2/osip_parser.h>
#include <osipparser2/sdp_message.h>
#include <stdlib.h>

static void osip_text(view *v, int key, const char *z) { view_put(v, key, z, z ? strlen(z) : 0); }
static void osip_host(view *v, int key, const char *z) { view_host(v, key, z, z ? strlen(z) : 0); }
static void osip_digits(view *v, int key, const char *z) { view_digits(v, key, z, z ? strlen(z) : 0); }

static void osip_uri(view *v, int key, const osip_uri_t *uri) {
  if (!uri) return;
  osip_text(v, key, uri->scheme);
  view_lower(v, key);
  if (uri->string) return;
  osip_text(v, key + 1, uri->username);   /* unescaped by osip_uri_parse */
  osip_host(v, key + 2, uri->host);
  osip_digits(v, key + 3, uri->port);
}

static void osip_tag(view *v, int key, osip_from_t *from) {
  osip_generic_param_t *tag = NULL;
  if (from && osip_from_get_tag(from, &tag) == 0 && tag) osip_text(v, key, tag->gvalue);
}

static void osip_number_of(view *v, int key, const osip_list_t *list) {
  const int n = osip_list_size(list);
  view_number(v, key, n < 0 ? 0 : (uint64_t)n);
}

static void osip_via(view *v, osip_via_t *via) {
  osip_generic_param_t *branch = NULL;
  osip_text(v, VIEW_VIA_TRANSPORT, via->protocol);
  view_lower(v, VIEW_VIA_TRANSPORT);
  osip_host(v, VIEW_VIA_HOST, via->host);
  osip_digits(v, VIEW_VIA_PORT, via->port);
  if (osip_via_param_get_byname(via, "branch", &branch) == 0 && branch) osip_text(v, VIEW_VIA_BRANCH, branch->gvalue);
}

static void osip_call_id_text(view *v, const osip_call_id_t *id) {
  char text[VIEW_TEXT * 4];
  const size_t n = id->number ? strlen(id->number) : 0, m = id->host ? strlen(id->host) : 0;
  if (n + m + 1 > sizeof text) return;
  if (n) memcpy(text, id->number, n);
  if (id->host) text[n] = '@';
  if (m) memcpy(text + n + 1, id->host, m);
  view_put(v, VIEW_CALL_ID, text, id->host ? n + 1 + m : n);
}

static void osip_type(view *v, const osip_content_type_t *type) {
  char text[VIEW_TEXT];
  const size_t n = type->type ? strlen(type->type) : 0, m = type->subtype ? strlen(type->subtype) : 0;
  if (n + m + 1 > sizeof text) return;
  if (n) memcpy(text, type->type, n);
  text[n] = '/';
  if (m) memcpy(text + n + 1, type->subtype, m);
  view_put(v, VIEW_TYPE, text, n + 1 + m);
  view_lower(v, VIEW_TYPE);
}

static void osip_fields(view *v, osip_message_t *m) {
  osip_via_t *const via = osip_list_get(&m->vias, 0);
  osip_contact_t *const contact = osip_list_get(&m->contacts, 0);
  osip_header_t *header = NULL;
  osip_body_t *body = NULL;
  osip_number_of(v, VIEW_VIAS, &m->vias);
  osip_number_of(v, VIEW_CONTACTS, &m->contacts);
  osip_number_of(v, VIEW_ROUTES, &m->routes);
  osip_number_of(v, VIEW_RECORD_ROUTES, &m->record_routes);
  if (via) osip_via(v, via);
  if (contact && !(contact->displayname && !strcmp(contact->displayname, "*"))) osip_uri(v, VIEW_CONTACT_SCHEME, contact->url);
  if (osip_message_header_get_byname(m, "max-forwards", 0, &header) >= 0 && header) osip_digits(v, VIEW_MAX_FORWARDS, header->hvalue);
  header = NULL;
  if (osip_message_header_get_byname(m, "expires", 0, &header) >= 0 && header) osip_digits(v, VIEW_EXPIRES, header->hvalue);
  if (m->content_type) osip_type(v, m->content_type);
  if (m->content_type && m->content_type->type && !osip_strcasecmp(m->content_type->type, "multipart")) return;   /* it splits them */
  osip_message_get_body(m, 0, &body);
  view_hashed(v, VIEW_BODY, body ? body->body : "", body ? body->length : 0);
}

void osip_sip(view *v, const char *p, size_t n) {
  static bool started;
  osip_message_t *m = NULL;
  if (!started) started = parser_init() == 0;
  if (osip_message_init(&m)) return;
  v->taken = osip_message_parse(m, p, n) == 0;
  if (v->taken) {
    if (m->sip_method) {
      osip_text(v, VIEW_METHOD, m->sip_method);
      osip_uri(v, VIEW_REQUEST_URI_SCHEME, m->req_uri);
    } else {
      view_number(v, VIEW_STATUS, (uint64_t)m->status_code);
    }
    if (m->from) osip_uri(v, VIEW_FROM_SCHEME, m->from->url);
    if (m->to) osip_uri(v, VIEW_TO_SCHEME, m->to->url);
    osip_tag(v, VIEW_FROM_TAG, m->from);
    osip_tag(v, VIEW_TO_TAG, m->to);
    if (m->call_id) osip_call_id_text(v, m->call_id);
    if (m->cseq) {
      osip_digits(v, VIEW_CSEQ_NUMBER, m->cseq->number);
      osip_text(v, VIEW_CSEQ_METHOD, m->cseq->method);
    }
    osip_fields(v, m);
  }
  osip_message_free(m);
}

/* ---- SDP --------------------------------------------------------------------------------------------------------------- */

static void osip_media(view *v, int key, const sdp_media_t *m) {
  char formats[VIEW_TEXT - 32];
  const sdp_connection_t *const c = osip_list_get(&m->c_connections, 0);
  size_t n = 0;
  osip_text(v, key, m->m_media);
  osip_digits(v, key + 1, m->m_port);
  if (m->m_number_of_port) osip_digits(v, key + 2, m->m_number_of_port);
  else view_number(v, key + 2, 1);
  osip_text(v, key + 3, m->m_proto);
  view_lower(v, key);
  view_lower(v, key + 3);
  for (int i = 0; i < osip_list_size(&m->m_payloads); i++) {
    const char *const format = osip_list_get(&m->m_payloads, i);
    const size_t len = strlen(format);
    if (len + 1 > sizeof formats - n) return;
    if (i) formats[n++] = ' ';
    memcpy(formats + n, format, len);
    n += len;
  }
  view_put(v, key + 4, formats, n);
  if (c) osip_text(v, key + 5, c->c_addr);
  osip_number_of(v, key + 6, &m->a_attributes);
}

void osip_sdp(view *v, const char *p, size_t n) {
  sdp_message_t *s = NULL;
  (void)n;
  if (sdp_message_init(&s)) return;
  v->taken = sdp_message_parse(s, p) == 0;
  if (v->taken) {
    const sdp_time_descr_t *const t = osip_list_get(&s->t_descrs, 0);
    osip_text(v, VIEW_USERNAME, s->o_username);
    osip_digits(v, VIEW_SESS_ID, s->o_sess_id);
    osip_digits(v, VIEW_SESS_VERSION, s->o_sess_version);
    osip_text(v, VIEW_ADDRESS, s->o_addr);
    osip_text(v, VIEW_NAME, s->s_name);
    if (s->c_connection) osip_text(v, VIEW_C_ADDRESS, s->c_connection->c_addr);
    if (t) {
      osip_digits(v, VIEW_START, t->t_start_time);
      osip_digits(v, VIEW_STOP, t->t_stop_time);
    }
    osip_number_of(v, VIEW_ATTRIBUTES, &s->a_attributes);
    osip_number_of(v, VIEW_MEDIAS, &s->m_medias);
    for (int i = 0; i < osip_list_size(&s->m_medias) && i < 2; i++) osip_media(v, i ? VIEW_M2_MEDIA : VIEW_M1_MEDIA, osip_list_get(&s->m_medias, i));
  }
  sdp_message_free(s);
}
