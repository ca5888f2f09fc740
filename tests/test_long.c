/* SPDX-License-Identifier: MIT */
/* Many fields of one name, and lines as long as they may be: arrays and buffers of a fixed size broke other parsers here. */
#include "support.h"
#include "cpm/mime.h"
#include "cpm/sdp.h"
#include "cpm/sip.h"
#include "cpm/value.h"
#include <stdlib.h>
#include <string.h>

#define HEAD "OPTIONS sip:bob@example.com SIP/2.0\r\nMax-Forwards: 70\r\nCSeq: 1 OPTIONS\r\nCall-ID: 1@a.example.com\r\n" \
             "From: <sip:alice@example.com>;tag=1\r\nTo: <sip:bob@example.com>\r\n"
#define VIA  "Via: SIP/2.0/UDP a.example.com;branch=z9hG4bKx\r\n"

enum { MANY = 5000, FIELDS = MANY + 7 };

/* HEAD, a Via, the line MANY times, no body. */
static cpm_str message_of(const char *line) {
  const size_t each = strlen(line);
  char *text = malloc(sizeof HEAD + sizeof VIA + each * MANY + sizeof "l: 0\r\n\r\n");
  assert_non_null(text);
  size_t n = (size_t)sprintf(text, "%s%s", HEAD, VIA);
  for (size_t i = 0; i < MANY; i++, n += each) memcpy(text + n, line, each);
  n += (size_t)sprintf(text + n, "l: 0\r\n\r\n");
  return cpm_str_of(text, n);
}

static size_t elements_of(const cpm_sip *m, cpm_sip_header id) {
  size_t n = 0, at = 0;
  for (const cpm_sip_field *f; (f = cpm_sip_find(m, id, &at));) {
    cpm_str rest = f->value, token;
    cpm_media_type type;
    cpm_address address;
    int rc;
    do {
      rc = id == CPM_SIP_ACCEPT      ? cpm_media_type_next(&rest, &type, NULL, NULL)
           : id == CPM_SIP_SUPPORTED ? cpm_token_next(&rest, &token, NULL, NULL)
                                     : cpm_address_next(&rest, &address, NULL, NULL);
      n += rc == CPM_OK;
    } while (rc == CPM_OK);
    assert_int_equal(rc, CPM_END);
  }
  return n;
}

static void thousands_of_fields_of_one_name_are_read(void **state) {
  (void)state;
  const struct { const char *line; cpm_sip_header id; size_t each; } rows[] = {
    { "Accept: text/plain, message/cpim;q=0.5\r\n", CPM_SIP_ACCEPT, 2 },
    { "Service-Route: <sip:orig@scscf.example.com;lr>\r\n", CPM_SIP_SERVICE_ROUTE, 1 },
    { "Record-Route: <sip:a.example.com;lr>, <sip:b.example.com;lr>\r\n", CPM_SIP_RECORD_ROUTE, 2 },
    { "Route: <sip:a.example.com;lr>\r\n", CPM_SIP_ROUTE, 1 },
    { "k: timer, 100rel, gruu\r\n", CPM_SIP_SUPPORTED, 3 },
    { "P-Asserted-Identity: <tel:+12025550101>\r\n", CPM_SIP_P_ASSERTED_IDENTITY, 1 },
  };
  static cpm_sip_field fields[FIELDS];
  const cpm_opts opts = { .max_head = SIZE_MAX };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    const cpm_str text = message_of(rows[i].line), in = support_guard(text);
    cpm_sip m = CPM_SIP_ROOM(fields);
    cpm_diag d = { 0 };
    assert_status(cpm_sip_decode(&m, in, &opts, &d), CPM_OK, &d);
    assert_int_equal(m.nfields, MANY + 7);
    assert_status(cpm_sip_check(&m, &opts, NULL, &d), CPM_OK, &d);
    assert_int_equal(elements_of(&m, rows[i].id), rows[i].each * MANY);
    m.cap = 32;
    assert_status(cpm_sip_decode(&m, in, &opts, &d), CPM_E_TOO_MANY, &d);
    assert_int_equal(d.need, MANY + 7);
    support_unguard(in);
    free((void *)(uintptr_t)text.p);
  }
}

/* ---- SDP --------------------------------------------------------------------------------------------------------- */

#define SDP_HEAD "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\n"
enum { LONG = 3000 };

static int encode(char *dst, size_t cap, size_t *len, void *ctx) { return cpm_sdp_encode(dst, cap, len, ctx, NULL); }

static void long_lines_are_read_and_written_whole(void **state) {
  (void)state;
  const struct { const char *before, *fill, *behind; } rows[] = {
    { SDP_HEAD "c=IN IP4 ", "a1", "\r\nt=0 0\r\nm=message 9 TCP/MSRP *\r\n" },
    { SDP_HEAD "c=IN IP4 192.0.2.1\r\nt=0 0\r\nm=", "message", " 9 TCP/MSRP *\r\n" },
    { SDP_HEAD "c=IN IP4 192.0.2.1\r\nt=0 0\r\nm=message 9 TCP/MSRP", " *", "\r\n" },
    { SDP_HEAD "c=IN IP4 192.0.2.1\r\nt=0 0\r\na=", "tool", ":x\r\nm=message 9 TCP/MSRP *\r\n" },
    { SDP_HEAD "c=IN IP4 192.0.2.1\r\nt=0 0\r\na=tool:", "x y", "\r\nm=message 9 TCP/MSRP *\r\n" },
    { "v=0\r\no=", "user", " 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=message 9 TCP/MSRP *\r\n" },
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    char text[LONG + 400];
    size_t n = (size_t)sprintf(text, "%s", rows[i].before);
    for (size_t end = n + LONG; n < end;) n += (size_t)sprintf(text + n, "%s", rows[i].fill);
    n += (size_t)sprintf(text + n, "%s", rows[i].behind);
    const cpm_str in = support_guard(cpm_str_of(text, n));
    cpm_sdp_line lines[16];
    cpm_sdp_media media[2];
    cpm_sdp sdp = { .lines = lines, .cap = 16, .media = media, .media_cap = 2 };
    cpm_diag d = { 0 };
    assert_status(cpm_sdp_decode(&sdp, in, NULL, &d), CPM_OK, &d);
    assert_int_equal(sdp.nmedia, 1);
    assert_true(cpm_str_eq(support_every_size(encode, &sdp), in));
    support_unguard(in);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(thousands_of_fields_of_one_name_are_read),
    cmocka_unit_test(long_lines_are_read_and_written_whole),
  };
  return cmocka_run_group_tests_name("long", tests, NULL, NULL);
}
