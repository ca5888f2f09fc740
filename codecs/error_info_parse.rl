/* SPDX-License-Identifier: MIT */
/* error_info_parse.rl - C host of grammars/error_info.rl. */
#include "value_internal.h"

#define ERROR_INFO_CLAUSE "RFC 3261 25.1"

typedef struct error_info_marks { const char *uri_b, *uri_e, *params_b, *params_e; } error_info_marks;

%%{
  machine cpm_error_info;
  alphtype unsigned char;
  getkey ((unsigned char)*p);

  action uri_b    { m->uri_b = p; }
  action uri_e    { m->uri_e = p; }
  action on_semi  { if (!m->params_b) m->params_b = p; }
  action params_e { m->params_e = p; }

  include error_info "error_info.rl";
  main := error_info;
  write data noerror noentry;
}%%

static const char *error_info_parse(error_info_marks *m, cpm_str in) {
  const char *p = in.p, *const pe = p + in.n, *const eof = pe;
  int cs;
  %% write init;
  %% write exec;
  return cs >= cpm_error_info_first_final ? NULL : p;
}

int cpm_error_info_next(cpm_str *rest, cpm_error_info *out, const cpm_opts *opts, cpm_diag *diag) {
  error_info_marks m = { 0 };
  cpm_str whole, element;
  const int rc = cpmi_element_next(rest, &whole, &element, NULL, opts, diag);
  if (rc) return rc;
  const char *const stop = error_info_parse(&m, element);
  if (stop) return cpmi_refuse(diag, (size_t)(stop - whole.p), whole, "error-uri", ERROR_INFO_CLAUSE);
  out->uri = cpmi_between(m.uri_b, m.uri_e);
  out->params = cpmi_between(m.params_b, m.params_e);
  return CPM_OK;
}

int cpm_error_info_encode(char *dst, size_t cap, size_t *len, const cpm_error_info *in, cpm_diag *diag) {
  cpm_uri uri;
  int rc = cpmi_check_piece(CPMI_PIECE_ADDR, in->uri, "absoluteURI", ERROR_INFO_CLAUSE, diag);
  if (!rc && cpm_uri_decode(&uri, in->uri, NULL, NULL)) rc = cpmi_fail(diag, CPM_E_VALUE, 0, "absoluteURI", ERROR_INFO_CLAUSE);
  if (!rc && in->params.p) rc = cpmi_check_piece(CPMI_PIECE_PARAMS, in->params, "generic-param", ERROR_INFO_CLAUSE, diag);
  if (rc) return rc;
  cpmi_out o = cpmi_out_to(dst, cap, 0);
  cpmi_put_char(&o, '<');
  cpmi_put(&o, in->uri);
  cpmi_put_char(&o, '>');
  cpmi_put_piece(&o, in->params);
  return cpmi_out_end(&o, len, diag);
}
