/* SPDX-License-Identifier: MIT */
/* privacy_parse.rl - C host of grammars/privacy.rl. */
#include "value_internal.h"

static unsigned privacy_bit(cpm_str value) {
#define PRIVACY_IF(id, text) if (cpm_str_ieq(value, cpm_str_of(text, sizeof text - 1))) return CPM_PRIVACY(id);
  CPM_PRIVACIES(PRIVACY_IF)
#undef PRIVACY_IF
  return CPM_PRIVACY(OTHER);
}

%%{
  machine cpm_privacy;
  alphtype unsigned char;
  getkey ((unsigned char)*p);

  include privacy "privacy.rl";
  main := privacy;
  write data noerror noentry;
}%%

static const char *privacy_parse(cpm_str in) {
  const char *p = in.p, *const pe = p + in.n;
  int cs;
  %% write init;
  %% write exec;
  return cs >= cpm_privacy_first_final ? NULL : p;
}

int cpm_privacy_decode(unsigned *set, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  (void)opts;
  in = cpmi_present(in);
  const char *const stop = privacy_parse(in);
  if (stop) return cpmi_refuse(diag, (size_t)(stop - in.p), in, "priv-value", "RFC 3323 4.2");
  *set = 0;
  for (size_t from = 0, end; from <= in.n; from = end + 1) {
    end = cpmi_scan(in, from, ';');
    *set |= privacy_bit(cpm_str_trim(cpm_str_of(in.p + from, end - from)));
  }
  return CPM_OK;
}

int cpm_privacy_encode(char *dst, size_t cap, size_t *len, unsigned set, cpm_diag *diag) {
  cpmi_out o = cpmi_out_to(dst, cap, 0);
  const char *gap = "";
  if (set == 0 || set >= CPM_PRIVACY(OTHER)) return cpmi_fail(diag, CPM_E_VALUE, 0, "priv-value", "RFC 3323 4.2");
#define PRIVACY_PUT(id, text) if (set & CPM_PRIVACY(id)) { cpmi_put_z(&o, gap); cpmi_put_z(&o, text); gap = ";"; }
  CPM_PRIVACIES(PRIVACY_PUT)
#undef PRIVACY_PUT
  return cpmi_out_end(&o, len, diag);
}
