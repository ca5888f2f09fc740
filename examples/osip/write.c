/* SPDX-License-Identifier: MIT */
/* write.c - messages as text, which osip2 then reads: its own printers give the parts. */
#define _POSIX_C_SOURCE 200809L
#include "write.h"
#include "adapter.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct write_text { char *p; size_t n; } write_text;

static const peer_settings *write_settings;

void write_open(const peer_settings *settings) { write_settings = settings; }

void write_id(char dst[WRITE_ID]) {
  unsigned char r[8];
  adapter_random(r, sizeof r);
  for (size_t i = 0; i < sizeof r; i++) snprintf(dst + 2 * i, 3, "%02x", r[i]);
}

/* ---- pieces ------------------------------------------------------------------------------------------------------------ */

static void write_add(write_text *t, const char *format, ...) {
  va_list args, again;
  va_start(args, format);
  va_copy(again, args);
  const int n = vsnprintf(NULL, 0, format, args);
  t->p = realloc(t->p, t->n + (size_t)n + 1);
  if (!t->p) abort();
  t->n += (size_t)vsnprintf(t->p + t->n, (size_t)n + 1, format, again);
  va_end(again);
  va_end(args);
}

/* A line of what osip2 has printed; the print goes. */
static void write_line(write_text *t, const char *name, char *value, const char *behind) {
  if (value) write_add(t, "%s: %s%s\r\n", name, value, behind);
  osip_free(value);
}

static void write_address(write_text *t, const char *name, const osip_from_t *address, const char *behind) {
  char *text = NULL;
  if (osip_from_to_str(address, &text) == 0) write_line(t, name, text, behind);
}

static void write_vias(write_text *t, const osip_list_t *vias, int most) {
  for (int i = 0; i < most && !osip_list_eol(vias, i); i++) {
    char *text = NULL;
    if (osip_via_to_str(osip_list_get(vias, i), &text) == 0) write_line(t, "Via", text, "");
  }
}

static void write_routes(write_text *t, const char *name, const osip_list_t *routes) {
  for (int i = 0; !osip_list_eol(routes, i); i++) write_address(t, name, osip_list_get(routes, i), "");
}

static void write_call_id(write_text *t, const osip_call_id_t *id) {
  char *text = NULL;
  if (osip_call_id_to_str(id, &text) == 0) write_line(t, "Call-ID", text, "");
}

/* Does the next hop say TCP? If it says nothing, the command line does. */
static bool write_reliable(const char *hop) {
  cpm_uri uri;
  cpm_str name;
  const bool told = cpm_uri_decode(&uri, cpm_str_z(hop), NULL, NULL) == CPM_OK && cpm_uri_param_find(uri.params, "transport", &name);
  return told ? cpm_str_ieq(name, cpm_str_z("tcp")) : write_settings->transport == PEER_TCP;
}

static void write_start(write_text *t, const char *method, const char *uri, const char *hop) {
  char id[WRITE_ID];
  write_id(id);
  write_add(t, "%s %s SIP/2.0\r\nVia: SIP/2.0/%s %s:%u;rport;branch=z9hG4bK%s\r\nMax-Forwards: 70\r\n", method, uri, write_reliable(hop) ? "TCP" : "UDP",
            write_settings->host, write_settings->port, id);
}

/* The peer's lines and the body behind it all, and what osip2 makes of that. */
static osip_message_t *write_end(write_text *t, const char *lines, cpm_str body) {
  osip_message_t *msg = NULL;
  write_add(t, "%sContent-Length: %zu\r\n\r\n", lines, body.n);
  t->p = realloc(t->p, t->n + body.n + 1);
  if (!t->p) abort();
  memcpy(t->p + t->n, body.n ? body.p : "", body.n);
  if (osip_message_init(&msg) == 0 && osip_message_parse(msg, t->p, t->n + body.n) != 0) osip_message_free(msg), msg = NULL;
  free(t->p);
  return msg;
}

/* ---- messages ---------------------------------------------------------------------------------------------------------- */

osip_message_t *write_outside(const peer_message *m) {
  const char *proxy = write_settings->proxy;
  char tag[WRITE_ID], id[WRITE_ID];
  write_text t = { 0 };
  write_id(tag);
  write_id(id);
  write_start(&t, m->method_name, m->uri, m->next);
  if (proxy) write_add(&t, "Route: <%s%s>\r\n", proxy, strstr(proxy, ";lr") ? "" : ";lr");
  write_add(&t, "From: %s;tag=%s\r\nTo: %s\r\nCall-ID: %s\r\nCSeq: 1 %s\r\n", m->from, tag, m->to, id, m->method_name);
  return write_end(&t, m->lines, m->body);
}

/* Its route set says where it goes, else its target. */
osip_message_t *write_inside(const osip_dialog_t *in, const char *method, int cseq, const char *lines, cpm_str body) {
  const osip_route_t *first = osip_list_get(&in->route_set, 0);
  char *target = NULL, *hop = NULL;
  write_text t = { 0 };
  if (!in->remote_contact_uri || osip_uri_to_str(in->remote_contact_uri->url, &target) != 0) return NULL;
  if (first) osip_uri_to_str(first->url, &hop);
  write_start(&t, method, target, hop ? hop : target);
  osip_free(target);
  osip_free(hop);
  write_routes(&t, "Route", &in->route_set);
  write_address(&t, "From", in->local_uri, "");
  write_address(&t, "To", in->remote_uri, "");
  write_add(&t, "Call-ID: %s\r\nCSeq: %d %s\r\n", in->call_id, cseq, method);
  return write_end(&t, lines, body);
}

/* It has the branch and the route of the INVITE (RFC 3261 9.1). */
osip_message_t *write_cancel(const osip_message_t *invite, const char *lines) {
  char *uri = NULL;
  write_text t = { 0 };
  if (osip_uri_to_str(invite->req_uri, &uri) != 0) return NULL;
  write_add(&t, "CANCEL %s SIP/2.0\r\nMax-Forwards: 70\r\n", uri);
  osip_free(uri);
  write_vias(&t, &invite->vias, 1);
  write_routes(&t, "Route", &invite->routes);
  write_address(&t, "From", invite->from, "");
  write_address(&t, "To", invite->to, "");
  write_call_id(&t, invite->call_id);
  write_add(&t, "CSeq: %s CANCEL\r\n", invite->cseq->number);
  return write_end(&t, lines, cpm_str_z(""));
}

/* Via, From, To, Call-ID and CSeq of the request, and Record-Route where it makes a dialog (RFC 3261 8.2.6.2, 12.1.1). */
osip_message_t *write_response(osip_message_t *request, const char *tag, unsigned status, const char *lines, cpm_str body) {
  osip_generic_param_t *has = NULL;
  char behind[WRITE_ID + 8] = "";
  write_text t = { 0 };
  if (status > 100 && (osip_to_get_tag(request->to, &has) != 0 || !has)) snprintf(behind, sizeof behind, ";tag=%s", tag);
  write_add(&t, "SIP/2.0 %u %s\r\n", status, cpm_sip_reason_phrase(status).p);
  write_vias(&t, &request->vias, osip_list_size(&request->vias));
  if (MSG_IS_INVITE(request) && status / 100 == 2) write_routes(&t, "Record-Route", &request->record_routes);
  write_address(&t, "From", request->from, "");
  write_address(&t, "To", request->to, behind);
  write_call_id(&t, request->call_id);
  write_add(&t, "CSeq: %s %s\r\n", request->cseq->number, request->cseq->method);
  return write_end(&t, lines, body);
}
