/* SPDX-License-Identifier: MIT */
/* register.c - see register.h. */
#include "register.h"
#include "parts.h"
#include <nettle/md5.h>
#include <nettle/sha2.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { REGISTER_SECONDS = 600 };

static const char *register_password;
static int64_t     register_next = INT64_MAX;
static void      (*register_told)(unsigned status);

/* ---- digest ------------------------------------------------------------------------------------------------------ */

typedef struct register_hash { char text[2 * SHA256_DIGEST_SIZE + 1]; } register_hash;

/* Of the texts with ":" between them; NULL ends them. */
static register_hash register_hashed(int sha, ...) {
  struct { struct md5_ctx md5; struct sha256_ctx sha; } c;
  uint8_t octets[SHA256_DIGEST_SIZE];
  const size_t n = sha ? SHA256_DIGEST_SIZE : MD5_DIGEST_SIZE;
  register_hash h;
  va_list texts;
  md5_init(&c.md5);
  sha256_init(&c.sha);
  va_start(texts, sha);
  for (const char *text, *between = ""; (text = va_arg(texts, const char *)) != NULL; between = ":") {
    md5_update(&c.md5, strlen(between), (const uint8_t *)between);
    md5_update(&c.md5, strlen(text), (const uint8_t *)text);
    sha256_update(&c.sha, strlen(between), (const uint8_t *)between);
    sha256_update(&c.sha, strlen(text), (const uint8_t *)text);
  }
  va_end(texts);
  if (sha) sha256_digest(&c.sha, n, octets);
  else md5_digest(&c.md5, n, octets);
  for (size_t i = 0; i < n; i++) snprintf(h.text + 2 * i, 3, "%02x", octets[i]);
  return h;
}

/* Is that word in the comma-separated list? */
static bool register_lists(cpm_str list, const char *word) {
  const cpm_str want = cpm_str_z(word);
  for (size_t i = 0; i + want.n <= list.n; i++) {
    const bool starts = !i || list.p[i - 1] == ',' || list.p[i - 1] == ' ';
    const bool ends = i + want.n == list.n || list.p[i + want.n] == ',' || list.p[i + want.n] == ' ';
    if (starts && ends && cpm_str_ieq(cpm_str_of(list.p + i, want.n), want)) return true;
  }
  return false;
}

bool register_credentials(char *value, size_t cap, cpm_str challenge, const char *user, const char *password, const char *method, const char *uri) {
  cpm_auth auth;
  cpm_digest asked;
  unsigned char octets[8];
  char realm[256], nonce[512], cnonce[17];
  static const char once[] = "00000001";
  size_t n = 0;
  if (cpm_auth_decode(&auth, challenge, NULL, NULL) != CPM_OK || !cpm_str_ieq(auth.scheme, cpm_str_z("Digest"))) return false;
  if (cpm_digest_decode(&asked, auth.params, NULL, NULL) != CPM_OK || !asked.realm.p || !asked.nonce.p) return false;
  const bool sha = asked.algorithm.p && cpm_str_ieq(asked.algorithm, cpm_str_z("SHA-256")), qop = asked.qop.p != NULL;
  if (!sha && asked.algorithm.p && !cpm_str_ieq(asked.algorithm, cpm_str_z("MD5"))) return false;
  if ((qop && !register_lists(asked.qop, "auth")) || asked.realm.n >= sizeof realm || asked.nonce.n >= sizeof nonce) return false;
  snprintf(realm, sizeof realm, "%.*s", (int)asked.realm.n, asked.realm.p);
  snprintf(nonce, sizeof nonce, "%.*s", (int)asked.nonce.n, asked.nonce.p);
  adapter_random(octets, sizeof octets);
  for (size_t i = 0; i < sizeof octets; i++) snprintf(cnonce + 2 * i, 3, "%02x", octets[i]);
  const register_hash who = register_hashed(sha, user, realm, password, NULL), what = register_hashed(sha, method, uri, NULL);
  const register_hash response = qop ? register_hashed(sha, who.text, nonce, once, cnonce, "auth", what.text, NULL)
                                     : register_hashed(sha, who.text, nonce, what.text, NULL);
  cpm_digest d = { .username = cpm_str_z(user), .realm = asked.realm, .nonce = asked.nonce, .uri = cpm_str_z(uri), .response = cpm_str_z(response.text),
                   .opaque = asked.opaque, .algorithm = asked.algorithm };
  if (qop) d.qop = cpm_str_z("auth"), d.cnonce = cpm_str_z(cnonce), d.nc = cpm_str_z(once);
  if (cpm_digest_encode(value, cap - 1, &n, &d, CPM_DIGEST_CREDENTIALS, NULL) != CPM_OK) return false;
  value[n] = '\0';
  return true;
}

void register_user(char *user, size_t cap) {
  cpm_uri uri;
  const bool good = cpm_uri_decode(&uri, cpm_str_z(peer_set.user), NULL, NULL) == CPM_OK;
  snprintf(user, cap, "%.*s", good ? (int)uri.user.n : 0, good ? uri.user.p : "");
}

bool peer_credentials(char *lines, size_t cap, const cpm_sip *challenge, const peer_message *m, bool tried) {
  char user[128], value[1024];
  const bool proxy = challenge->status == 407;
  const cpm_str asked = cpm_sip_value(challenge, proxy ? CPM_SIP_PROXY_AUTHENTICATE : CPM_SIP_WWW_AUTHENTICATE);
  if (!register_password || tried || !asked.p || !m->uri) return false;
  register_user(user, sizeof user);
  if (!register_credentials(value, sizeof value, asked, user, register_password, m->method_name, m->uri)) return false;
  return snprintf(lines, cap, "%s: %s\r\n", proxy ? "Proxy-Authorization" : "Authorization", value) < (int)cap;
}

/* ---- registration ------------------------------------------------------------------------------------------------ */

/* Seconds that our Contact stands for: its own parameter, or Expires, or what we asked for. */
static uint64_t register_lasts(const cpm_sip *response) {
  uint64_t seconds = REGISTER_SECONDS;
  cpm_contact contact;
  const cpm_str expires = cpm_sip_value(response, CPM_SIP_EXPIRES);
  if (expires.p && cpm_number_decode(&seconds, expires, UINT32_MAX, NULL, NULL) != CPM_OK) seconds = REGISTER_SECONDS;
  for (size_t i = 0; i < response->nfields; i++) {
    cpm_str rest = response->fields[i].value;
    if (response->fields[i].id != CPM_SIP_CONTACT) continue;
    while (cpm_contact_next(&rest, &contact, NULL, NULL) == CPM_OK)
      if (cpm_uri_text_equal(contact.address.uri, cpm_str_z(peer_set.contact)) && contact.has_expires) seconds = contact.expires;
  }
  return seconds;
}

static void register_took(const cpm_sip *response) {
  const unsigned status = response ? response->status : 0;
  if (response && status < 200) return;
  if (status / 100 == 2) register_next = adapter_clock() + (int64_t)register_lasts(response) * 1000000 / 2;
  register_told(status);
}

/* The domain of our address is the registrar (RFC 3261 10.2). */
void register_fire(void) {
  char domain[300], who[300], contact[300], seconds[16];
  const char *at = strchr(peer_set.user, '@');
  register_next = INT64_MAX;
  snprintf(domain, sizeof domain, "sip:%s", at ? at + 1 : peer_set.user);
  snprintf(who, sizeof who, "<%s>", peer_set.user);
  snprintf(contact, sizeof contact, "<%s>;+g.3gpp.icsi-ref=\"urn%%3Aurn-7%%3A3gpp-service.ims.icsi.oma.cpm.msg\"", peer_set.contact);
  snprintf(seconds, sizeof seconds, "%d", REGISTER_SECONDS);
  cpm_sip_field fields[] = { { .id = CPM_SIP_FROM, .value = cpm_str_z(who) }, { .id = CPM_SIP_TO, .value = cpm_str_z(who) },
                             { .id = CPM_SIP_CONTACT, .value = cpm_str_z(contact) }, { .id = CPM_SIP_EXPIRES, .value = cpm_str_z(seconds) } };
  const cpm_sip request = { .method = CPM_METHOD_REGISTER, .method_name = cpm_sip_method_name(CPM_METHOD_REGISTER), .request_uri = cpm_str_z(domain),
                            .fields = fields, .cap = 4, .nfields = 4 };
  if (!sip_submit(&request, register_took)) register_told(0);
}

void register_begin(const char *password, void (*registered)(unsigned status)) {
  register_password = password;
  register_told = registered;
  if (registered) register_next = adapter_clock();
}

int64_t register_due(void) { return register_next; }
