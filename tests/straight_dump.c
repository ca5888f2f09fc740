/* SPDX-License-Identifier: MIT */
/* straight_dump.c - what the decoders of header field values make of many inputs, a line each. Built twice, with straight readers and
 * without (codecs/straight.h): tests/test_straight.sh compares the two outputs. Inputs come from the seeds below, changed octet by octet in
 * a way that is the same everywhere.
 *
 *   straight_dump [inputs a seed]
 */
#include "cpm/mime.h"
#include "cpm/value.h"
#include "straight.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- dumps: everything that a decoder gives, also what it leaves in *rest and diag ---------------------------------------------- */

static void dump_str(const char *name, cpm_str s, cpm_str in) {
  if (!s.p) printf(" %s -", name);
  else printf(" %s %ld+%zu", name, (long)(s.p - in.p), s.n);
}

static void dump_end(int rc, const cpm_diag *diag) {
  if (rc && rc != CPM_END) printf(" %s %zu %s", cpm_status_name(rc), diag->off, diag->rule ? diag->rule : "-");
}

static int dump_uri(cpm_str *rest, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  cpm_uri u;
  const int rc = cpm_uri_decode(&u, *rest, opts, diag);
  printf(" scheme %d port %d %u ipv6 %d global %d", (int)u.scheme, u.has_port, u.port, u.host_is_ipv6, u.tel_global);
  const cpm_str parts[] = { u.text, u.scheme_name, u.user, u.password, u.host, u.params, u.headers, u.opaque };
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) dump_str("", parts[i], in);
  rest->n = 0;
  return rc;
}

static void dump_address(const cpm_address *a, cpm_str in) {
  printf(" star %d <> %d quoted %d quirks %llx", a->star, a->bracketed, a->display_quoted, (unsigned long long)a->quirks);
  dump_str("display", a->display, in);
  dump_str("uri", a->uri, in);
  dump_str("params", a->params, in);
}

static int dump_addresses(cpm_str *rest, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  cpm_address a;
  const int rc = cpm_address_next(rest, &a, opts, diag);
  if (!rc) dump_address(&a, in);
  return rc;
}

static int dump_one_address(cpm_str *rest, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  cpm_address a;
  const int rc = cpm_address_decode(&a, *rest, opts, diag);
  if (!rc) dump_address(&a, in);
  rest->n = 0;
  return rc;
}

static int dump_via(cpm_str *rest, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  cpm_via v;
  const int rc = cpm_via_next(rest, &v, opts, diag);
  if (rc) return rc;
  const cpm_str parts[] = { v.protocol, v.version, v.transport, v.host, v.params, v.branch, v.received };
  printf(" port %d %u ipv6 %d", v.has_port, v.has_port ? v.port : 0, v.host_is_ipv6);
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) dump_str("", parts[i], in);
  return rc;
}

static int dump_accept_contact(cpm_str *rest, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  cpm_accept_contact a;
  const int rc = cpm_accept_contact_next(rest, &a, opts, diag);
  if (rc) return rc;
  printf(" require %d explicit %d quirks %llx", a.require, a.explicit_, (unsigned long long)a.quirks);
  dump_str("params", a.params, in);
  return rc;
}

static int dump_param(cpm_str *rest, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  cpm_param p;
  const int rc = cpm_param_next(rest, &p, diag);
  (void)opts;
  if (rc) return rc;
  printf(" quoted %d", p.quoted);
  dump_str("name", p.name, in);
  dump_str("value", p.value, in);
  return rc;
}

static int dump_token(cpm_str *rest, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  cpm_str token;
  const int rc = cpm_token_next(rest, &token, opts, diag);
  if (!rc) dump_str("token", token, in);
  return rc;
}

static int dump_service(cpm_str *rest, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  cpm_str urn;
  const int rc = cpm_service_next(rest, &urn, opts, diag);
  if (!rc) dump_str("urn", urn, in);
  return rc;
}

static int dump_product(cpm_str *rest, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  cpm_product p;
  const int rc = cpm_product_next(rest, &p, opts, diag);
  if (rc) return rc;
  printf(" quirks %llx", (unsigned long long)p.quirks);
  dump_str("name", p.name, in);
  dump_str("version", p.version, in);
  dump_str("comment", p.comment, in);
  return rc;
}

static int dump_one(cpm_str *rest, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  cpm_str call_id, id;
  cpm_cseq cseq;
  cpm_media_type type;
  uint64_t number;
  int rc = cpm_call_id_decode(&call_id, *rest, opts, diag);
  if (!rc) dump_str("call-id", call_id, in);
  dump_end(rc, diag);
  rc = cpm_id_decode(&id, *rest, opts, diag);
  if (!rc) dump_str("id", id, in);
  dump_end(rc, diag);
  rc = cpm_number_decode(&number, *rest, UINT32_MAX, opts, diag);
  if (!rc) printf(" number %llu", (unsigned long long)number);
  dump_end(rc, diag);
  rc = cpm_cseq_decode(&cseq, *rest, opts, diag);
  if (!rc) printf(" cseq %u %d", cseq.number, (int)cseq.method);
  if (!rc) dump_str("method", cseq.method_name, in);
  dump_end(rc, diag);
  rc = cpm_media_type_decode(&type, *rest, opts, diag);
  if (!rc) printf(" quirks %llx", (unsigned long long)type.quirks);
  if (!rc) dump_str("type", type.type, in);
  if (!rc) dump_str("subtype", type.subtype, in);
  if (!rc) dump_str("params", type.params, in);
  rest->n = 0;
  return rc;
}

/* ---- inputs ------------------------------------------------------------------------------------------------------------------------ */

typedef int dump_kind(cpm_str *rest, cpm_str in, const cpm_opts *opts, cpm_diag *diag);

static const struct { const char *name; dump_kind *kind; const char *seed; } dump_seeds[] = {
  { "uri", dump_uri, "sip:+12025550143@ims.mnc001.mcc001.3gppnetwork.org;user=phone" },
  { "uri", dump_uri, "sip:[2001:db8::17:a00:2c0:51fe]:5061;comp=sigcomp;lr" },
  { "uri", dump_uri, "sips:[::ffff:1]" },
  { "uri", dump_uri, "sip:a.b-c@192.0.2.1:65535;a=b;A=c;lr" },
  { "uri", dump_uri, "sip:al%41ce:pw@example.com.;x=%20?a=b" },
  { "uri", dump_uri, "tel:+12025550143;ext=1" },
  { "uri", dump_uri, "sip:[1:2:3:4:5:6:7:8]" },
  { "addresses", dump_addresses, "\"Alice Example\" <sip:+12025550143@example.org>;tag=51f2a, <tel:+12025550143>" },
  { "addresses", dump_addresses, "<sip:pcscf.example.net:7531;lr;comp=sigcomp>, <sip:orig@scscf.example.net;lr>" },
  { "addresses", dump_addresses, "Bob van Example <sip:bob@example.com>;q=0.5;expires=3600;a=\"b,c\", sip:x@y;tag=1,*" },
  { "address", dump_one_address, "<sip:[::1]:5061>;+sip.instance=\"<urn:gsma:imei:1-2-0>\";tag=a;q=1;tag=b" },
  { "address", dump_one_address, "A B  C<sip:x@y.z> ; tag = t" },
  { "via", dump_via, "SIP/2.0/TCP pcscf.example.net:5060;branch=z9hG4bK7.1;received=192.0.2.33" },
  { "via", dump_via, "SIP/2.0/UDP [2001:db8::9]:5061;comp=sigcomp;branch=z9;rport, SIP/2.0/TLS h;ttl=1;maddr=a;branch=b" },
  { "via", dump_via, "SIP/2.0/TCP h;received=2001:db8::17:a;rport=5061;received=[::1]" },
  { "accept-contact", dump_accept_contact, "*;+g.3gpp.icsi-ref=\"urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.msg\";require;explicit" },
  { "accept-contact", dump_accept_contact, "*;+g.3gpp.iari-ref=\"urn:x,y\";a=b;EXPLICIT, *;require" },
  { "param", dump_param, ";a;b=c;d=\"e f\";g=[::1];h:i=/j" },
  { "token", dump_token, "MESSAGE, INVITE,ACK ,path,, 100rel" },
  { "service", dump_service, "urn:urn-7:3gpp-service.ims.icsi.oma.cpm.msg, urn:urn-7:abcdefghijklmnopqrstuvwxyz1" },
  { "product", dump_product, "CPM-client/OMA2.2 loopback/0.1 device (a b) x / y z" },
  { "one", dump_one, "5f3a9be2c74d4e10a67@[2001:db8::17:a00]" },
  { "one", dump_one, "6a1f0c52-8d3e-4b97" },
  { "one", dump_one, "4294967296" },
  { "one", dump_one, "666 MESSAGE" },
  { "one", dump_one, "multipart/mixed;boundary=\"cpm-6f1d20\";a=b" },
};

static uint32_t dump_random(void) {
  static uint32_t state = 2463534242u;
  state ^= state << 13;
  state ^= state >> 17;
  state ^= state << 5;
  return state >> 3;
}

/* One change: an octet becomes another one, goes, comes, or a run of them is doubled. */
static size_t dump_change(char *text, size_t n, size_t room) {
  static const char alphabet[] = "aAzZfF019:;,.<>@\"\\ \t\r\n%=/[]()?&#*+-_!~'`^{}|\x7f\x80\xc3\xff";
  const char c = alphabet[dump_random() % sizeof alphabet];   /* NUL among them */
  const size_t at = n ? dump_random() % n : 0;
  switch (dump_random() % 5) {
  case 0: case 1:
    if (n) text[at] = c;
    return n;
  case 2:
    if (!n) return n;
    memmove(text + at, text + at + 1, n - at - 1);
    return n - 1;
  case 3:
    if (n == room) return n;
    memmove(text + at + 1, text + at, n - at);
    text[at] = c;
    return n + 1;
  default: {
    const size_t run = dump_random() % 12;
    if (at + run > n || n + run > room) return n;
    memmove(text + at + run, text + at, n - at);
    return n + run;
  }
  }
}

static void dump_input(const char *name, dump_kind *kind, cpm_str in) {
  const cpm_opts strict = { .refuse = CPM_QUIRKS_ALL };
  for (int refuse = 0; refuse < 2; refuse++) {
    cpm_str rest = in;
    int rc = CPM_OK;
    printf("%s", name);
    for (int i = 0; rc != CPM_END && rest.n && i < 20; i++) {
      cpm_diag diag = { 0 };
      rc = kind(&rest, in, refuse ? &strict : NULL, &diag);
      dump_end(rc, &diag);
      printf(" rest %zu |", rest.n);
    }
    printf("\n");
  }
  printf("  ");
  for (size_t i = 0; i < in.n; i++) printf(in.p[i] > ' ' && in.p[i] < 0x7f ? "%c" : "\\%02x", (unsigned char)in.p[i]);
  printf("\n");
}

int main(int argc, char **argv) {
  const long inputs = argc > 1 ? strtol(argv[1], NULL, 10) : 2000;
  char text[512];
  for (size_t i = 0; i < sizeof dump_seeds / sizeof *dump_seeds; i++)
    for (long k = 0; k < inputs; k++) {
      size_t n = strlen(dump_seeds[i].seed);
      memcpy(text, dump_seeds[i].seed, n);
      for (unsigned changes = k ? 1 + dump_random() % 3 : 0; changes > 0; changes--) n = dump_change(text, n, sizeof text);
      char *const exact = malloc(n ? n : 1);   /* so that a sanitizer sees an octet too much */
      if (!exact) return 2;
      memcpy(exact, text, n);
      dump_input(dump_seeds[i].name, dump_seeds[i].kind, cpm_str_of(exact, n));
      free(exact);
    }
  return 0;
}
