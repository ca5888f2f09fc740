/* SPDX-License-Identifier: MIT */
/* service_parse.rl - C host of grammars/service.rl: P-Preferred-Service and P-Asserted-Service. */
#include "straight.h"
#include "value_internal.h"

#define SERVICE_CLAUSE "RFC 6050 4.4"

typedef struct service_marks { const char *urn_b, *urn_e; } service_marks;

%%{
  machine cpm_service;
  alphtype unsigned char;
  getkey ((unsigned char)*p);

  action urn_b { m->urn_b = p; }
  action urn_e { m->urn_e = p; }

  include service "service.rl";
  main := service;
  write data noerror noentry;
}%%

static const char *service_parse(service_marks *m, cpm_str in) {
  const char *p = in.p, *const pe = p + in.n, *const eof = pe;
  int cs;
  %% write init;
  %% write exec;
  return cs >= cpm_service_first_final ? NULL : p;
}

int cpm_service_next(cpm_str *rest, cpm_str *urn, const cpm_opts *opts, cpm_diag *diag) {
  service_marks m = { 0 };
  cpm_str whole, element;
  if (rest->n == 0) return CPM_END;
  const char *const p = rest->p, *const end = CPMI_STRAIGHT ? cpmi_straight_service(rest->p, rest->p + rest->n) : NULL;
  if (cpmi_straight_took(rest, end)) {
    *urn = cpm_str_of(p, (size_t)(end - p));
    return CPM_OK;
  }
  const int rc = cpmi_element_next(rest, &whole, &element, NULL, opts, diag);
  if (rc) return rc;
  const char *const stop = service_parse(&m, element);
  if (stop) return cpmi_refuse(diag, (size_t)(stop - whole.p), whole, "Service-ID", SERVICE_CLAUSE);
  *urn = cpmi_between(m.urn_b, m.urn_e);
  return CPM_OK;
}

int cpm_service_encode(char *dst, size_t cap, size_t *len, cpm_str urn, cpm_diag *diag) {
  const int rc = cpmi_check_piece(CPMI_PIECE_SERVICE, urn, "Service-ID", SERVICE_CLAUSE, diag);
  if (rc) return rc;
  cpmi_out o = cpmi_out_to(dst, cap, 0);
  cpmi_put(&o, urn);
  return cpmi_out_end(&o, len, diag);
}
