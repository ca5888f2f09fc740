/* SPDX-License-Identifier: MIT */
/* fuzz_sip.c - holds: decode ok => encode ok (but for a status that is only read), and what was written decodes without a quirk and is
 * written the same again; every slice lies inside of the input; a stream that has a message gives the same fields as a datagram of
 * that size, and with a byte less asks for more; CPM_E_TOO_MANY names the number that then is enough; what the check takes strictly
 * it takes tolerantly, and an error names a field and an answer that a server may give; what is answered without being split
 * has the fields of a response. */
#include "cpm/sip.h"
#include "fuzz.h"

#define ROOM 64

static void slices(const cpm_sip *m, cpm_str in) {
  inside(m->method_name, in);
  inside(m->request_uri, in);
  inside(m->reason, in);
  inside(m->version, in);
  HOLDS(m->body.p && m->size <= in.n && m->nfields <= m->cap);
  inside(m->body, in);
  for (size_t i = 0; i < m->nfields; i++) {
    HOLDS(m->fields[i].name.n && m->fields[i].value.p);
    inside(m->fields[i].name, in);
    inside(m->fields[i].value, in);
  }
}

static void written_again(const cpm_sip *m) {
  static cpm_sip_field f[ROOM + 1];
  cpm_sip again = CPM_SIP_ROOM(f);
  size_t n = 0, n2 = 0, small = 0;
  const int rc = cpm_sip_encode(NULL, 0, &n, m, NULL);
  if (m->quirks & CPM_QUIRK(SIP_STATUS_ANY)) { HOLDS(rc == CPM_E_VALUE); return; }
  HOLDS(rc == CPM_OK);
  char *const first = malloc(n), *const second = malloc(n);
  HOLDS(first && second);
  HOLDS(cpm_sip_encode(second, n - 1, &small, m, NULL) == CPM_E_SPACE && small == n);
  HOLDS(cpm_sip_encode(first, n, &n, m, NULL) == CPM_OK);
  HOLDS(cpm_sip_decode(&again, cpm_str_of(first, n), &strict, NULL) == CPM_OK);
  HOLDS(again.method == m->method || m->status);
  HOLDS(cpm_sip_encode(second, n, &n2, &again, NULL) == CPM_OK);
  HOLDS(n == n2 && memcmp(first, second, n) == 0);
  free(first);
  free(second);
}

static void checked(const cpm_sip *m) {
  cpm_diag d = { 0 };
  unsigned answer = 1;
  const int rc = cpm_sip_check(m, NULL, &answer, &d);
  HOLDS(rc <= 0 && (rc == CPM_OK || (d.code == rc && d.rule)));
  HOLDS(answer == 0 || (rc && !m->status && (answer == 400 || answer == 416 || answer == 505)));
  if (rc) HOLDS(cpm_sip_check(m, &strict, &answer, NULL) < 0);
}

/* Split or not: an answer has the fields that a response needs. */
static void refused(cpm_str in) {
  static cpm_sip_field f[ROOM];
  static const cpm_sip_header needed[] = { CPM_SIP_VIA, CPM_SIP_FROM, CPM_SIP_TO, CPM_SIP_CALL_ID, CPM_SIP_CSEQ };
  cpm_sip m = CPM_SIP_ROOM(f);
  const unsigned answer = cpm_sip_refusal(&m, in, NULL);
  HOLDS(answer == 0 || answer == 400 || answer == 414 || answer == 513);
  HOLDS(answer || m.nfields == 0);
  if (!answer) return;
  slices(&m, in);
  HOLDS(m.body.n == 0 && !m.status && m.method != CPM_METHOD_ACK);
  for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) HOLDS(cpm_sip_value(&m, needed[i]).n);
}

static void as_stream(cpm_str in) {
  static cpm_sip_field f[ROOM], g[ROOM];
  cpm_sip m = CPM_SIP_ROOM(f), d = CPM_SIP_ROOM(g);
  cpm_diag diag = { 0 };
  const int rc = cpm_sip_decode_stream(&m, in, NULL, &diag);
  HOLDS(rc == CPM_OK || diag.code == rc);
  if (rc == CPM_E_MORE) HOLDS(diag.need > 0);
  if (rc) return;
  slices(&m, in);
  HOLDS(cpm_sip_decode(&d, cpm_str_of(in.p, m.size), NULL, NULL) == CPM_OK);
  HOLDS(d.nfields == m.nfields && d.quirks == m.quirks && d.size == m.size && d.body.n == m.body.n);
  HOLDS(cpm_sip_decode_stream(&m, cpm_str_of(in.p, m.size - 1), NULL, NULL) == CPM_E_MORE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static cpm_sip_field f[ROOM];
  cpm_sip m = CPM_SIP_ROOM(f);
  cpm_diag d = { 0 };
  const cpm_str in = exact_copy(data, size);
  const int rc = cpm_sip_decode(&m, in, NULL, &d);
  HOLDS(rc <= 0 && (rc == CPM_OK || (d.code == rc && d.off <= size && m.nfields == 0)));
  if (rc == CPM_OK) {
    slices(&m, in);
    written_again(&m);
    checked(&m);
  }
  if (rc == CPM_E_TOO_MANY) {
    cpm_sip large = { 0 };
    large.cap = (size_t)d.need;
    large.fields = malloc(large.cap * sizeof *large.fields);
    HOLDS(large.fields && cpm_sip_decode(&large, in, NULL, NULL) != CPM_E_TOO_MANY);
    free(large.fields);
  }
  as_stream(in);
  refused(in);
  free_copy(in);
  return 0;
}
