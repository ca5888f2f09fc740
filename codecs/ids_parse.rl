/* SPDX-License-Identifier: MIT */
/* ids_parse.rl - C host of grammars/ids.rl: Call-ID, the identifiers of CPM, and the UUIDs that we make. */
#include "straight.h"
#include "value_internal.h"

typedef struct ids_marks { const char *id_b, *id_e; } ids_marks;

%%{
  machine cpm_ids;
  alphtype unsigned char;
  getkey ((unsigned char)*p);

  action id_b { m->id_b = p; }
  action id_e { m->id_e = p; }

  include ids "ids.rl";
  of_call_id := call_id;
  of_id      := id;
  write data noerror;
}%%

static const char *ids_parse(ids_marks *m, int entry, cpm_str in) {
  const char *p = in.p, *const pe = p + in.n, *const eof = pe;
  int cs = entry;
  %% write exec;
  return cs >= cpm_ids_first_final ? NULL : p;
}

static int ids_decode(cpm_str *out, int entry, cpm_str in, const char *rule, const char *clause, cpm_diag *diag) {
  ids_marks m = { 0 };
  in = cpmi_present(in);
  const char *const stop = ids_parse(&m, entry, in);
  if (stop) return cpmi_refuse(diag, (size_t)(stop - in.p), in, rule, clause);
  *out = cpmi_between(m.id_b, m.id_e);
  return CPM_OK;
}

/* word ["@" word] */
static bool ids_straight_call_id(cpm_str in) {
  if (!in.n) return false;
  const char *const pe = in.p + in.n, *const e = cpmi_run(in.p, pe, CPMI_WORD);
  if (e == in.p || e == pe) return e == pe;
  return *e == '@' && pe - e > 1 && cpmi_run(e + 1, pe, CPMI_WORD) == pe;
}

int cpm_call_id_decode(cpm_str *out, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  (void)opts;
  if (CPMI_STRAIGHT && ids_straight_call_id(in)) {
    *out = in;
    return CPM_OK;
  }
  return ids_decode(out, cpm_ids_en_of_call_id, in, "callid", "RFC 3261 25.1", diag);
}

int cpm_id_decode(cpm_str *out, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  cpm_str id;
  (void)opts;
  if (CPMI_STRAIGHT && in.n - 1 < CPM_ID_MAX && cpmi_skip_visible(in.p, in.p + in.n) == in.p + in.n) {
    *out = in;
    return CPM_OK;
  }
  const int rc = ids_decode(&id, cpm_ids_en_of_id, in, "identifier", "O-R39", diag);
  if (rc) return rc;
  if (id.n > CPM_ID_MAX) return cpmi_fail(diag, CPM_E_TOO_LONG, (size_t)(id.p - in.p) + CPM_ID_MAX, "identifier", "O-R39");
  *out = id;
  return CPM_OK;
}

void cpm_uuid_write(char dst[CPM_UUID_LEN], const unsigned char random[16]) {
  static const char digits[] = "0123456789abcdef";
  for (unsigned i = 0, at = 0; i < 16; i++) {
    unsigned octet = random[i];
    if (i == 6) octet = (octet & 0x0fu) | 0x40u;   /* version 4, RFC 4122 4.4 */
    if (i == 8) octet = (octet & 0x3fu) | 0x80u;   /* variant, RFC 4122 4.1.1 */
    if (i == 4 || i == 6 || i == 8 || i == 10) dst[at++] = '-';
    dst[at++] = digits[octet >> 4];
    dst[at++] = digits[octet & 15u];
  }
}
