/* SPDX-License-Identifier: MIT */
/* relay.c - see relay.h. */
#include "relay.h"
#include "media.h"
#include "parts.h"
#include "register.h"
#include "tcp.h"
#include <stdio.h>
#include <string.h>

static struct {
  const char *uri, *password;
  char        user[128], ours[256], path[2048];   /* ours: From-Path of AUTH; path: of Use-Path */
  bool        tried;                              /* the challenge was answered */
  uint32_t    seconds;
  int64_t     next;
  void      (*told)(unsigned status);
} relay = { .next = INT64_MAX, .seconds = 600 };

/* credentials: value of Authorization; NULL: none yet. */
static void relay_ask(const char *credentials) {
  char seconds[16];
  snprintf(seconds, sizeof seconds, "%u", (unsigned)relay.seconds);
  cpm_msrp_field fields[2] = { { .id = CPM_MSRP_EXPIRES, .name = cpm_msrp_header_name(CPM_MSRP_EXPIRES), .value = cpm_str_z(seconds) },
                               { .id = CPM_MSRP_AUTHORIZATION, .name = cpm_msrp_header_name(CPM_MSRP_AUTHORIZATION) } };
  if (credentials) fields[1].value = cpm_str_z(credentials);
  const cpm_msrp auth = { .method = CPM_MSRP_AUTH, .method_name = cpm_str_z("AUTH"), .to_path = cpm_str_z(relay.uri),
                          .from_path = cpm_str_z(relay.ours), .fields = fields, .cap = 2, .nfields = credentials ? 2 : 1 };
  relay.tried = credentials != NULL;
  if (!media_relay_ask(&auth)) relay.told(0);
}

/* The URIs of Use-Path are those of our path, in that order (RFC 4976 5.1). */
static bool relay_stands(const cpm_msrp *response) {
  const cpm_str path = cpm_msrp_value(response, CPM_MSRP_USE_PATH), expires = cpm_msrp_value(response, CPM_MSRP_EXPIRES);
  uint32_t seconds = relay.seconds;
  if (!path.n || path.n >= sizeof relay.path || !cpm_msrp_path_count(path)) return false;
  if (expires.p && cpm_msrp_expires_decode(&seconds, expires, NULL) != CPM_OK) return false;
  memcpy(relay.path, path.p, path.n);
  relay.path[path.n] = '\0';
  relay.next = adapter_clock() + (int64_t)seconds * 1000000 / 2;
  peer_self.agent.media_relays = cpm_str_of(relay.path, path.n);
  peer_self.agent.chunk_size = RELAY_CHUNK;
  if (cpm_agent_check(&peer_self.agent, NULL) != CPM_OK) return false;
  media_relay_use();
  return true;
}

/* 423: what it would take (RFC 4976 9). */
static bool relay_bounds(const cpm_msrp *response) {
  const cpm_str least = cpm_msrp_value(response, CPM_MSRP_MIN_EXPIRES), most = cpm_msrp_value(response, CPM_MSRP_MAX_EXPIRES);
  const uint32_t was = relay.seconds;
  cpm_msrp_expires_decode(&relay.seconds, least.p ? least : most, NULL);
  return relay.seconds != was;
}

static void relay_took(const cpm_msrp *response) {
  char credentials[1024];
  const unsigned status = response ? response->status : 0;
  const cpm_str challenge = response ? cpm_msrp_value(response, CPM_MSRP_WWW_AUTHENTICATE) : cpm_str_none();
  if (status == 401 && !relay.tried && relay.password && challenge.p &&
      register_credentials(credentials, sizeof credentials, challenge, relay.user, relay.password, "AUTH", relay.uri)) relay_ask(credentials);
  else if (status == 423 && relay_bounds(response)) relay_ask(NULL);
  else relay.told(status == 200 && !relay_stands(response) ? 500 : status);
}

void relay_fire(void) {
  relay.next = INT64_MAX;
  relay_ask(NULL);
}

bool relay_begin(const char *uri, relay_place by, const char *user, const char *password, void (*told)(unsigned status)) {
  const cpm_agent *a = &peer_self.agent;
  cpm_msrp_uri at, near = { .host = a->media_address, .has_port = true, .port = (uint16_t)a->media_port, .transport = cpm_str_z("tcp") };
  adapter_address to;
  unsigned char octets[CPM_MSRP_ID_RANDOM];
  char session[CPM_MSRP_ID_RANDOM];
  size_t n = 0;
  relay.uri = uri;
  relay.password = password;
  relay.told = told;
  snprintf(relay.user, sizeof relay.user, "%s", user);
  if (cpm_msrp_uri_decode(&at, cpm_str_z(uri), NULL, NULL) != CPM_OK) return false;
  if (cpm_msrp_id_make(session, adapter_random(octets, sizeof octets)) != CPM_OK) return false;
  near.secure = at.secure;
  near.host_is_ipv6 = memchr(near.host.p, ':', near.host.n) != NULL;
  near.session_id = cpm_str_of(session, sizeof session);
  if (cpm_msrp_uri_encode(relay.ours, sizeof relay.ours - 1, &n, &near, NULL) != CPM_OK) return false;
  relay.ours[n] = '\0';
  peer_self.agent.media_secure = at.secure;
  if (by.host) at.host = cpm_str_z(by.host), at.port = (uint16_t)by.port, at.has_port = true;
  if (!tcp_address(&to, at.host, at.has_port ? at.port : CPM_MSRP_PORT) || !media_relay_open(&peer_self, &to, relay_took)) return false;
  relay_ask(NULL);
  return true;
}

int64_t relay_due(void) { return relay.next; }
