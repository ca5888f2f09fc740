/* SPDX-License-Identifier: MIT */
/* token_list_parse.rl - C host of grammars/token_list.rl: Supported, Require, Allow and other lists of tokens. */
#include "straight.h"
#include "value_internal.h"

typedef struct token_list_marks { const char *token_b, *token_e; } token_list_marks;

%%{
  machine cpm_token_list;
  alphtype unsigned char;
  getkey ((unsigned char)*p);

  action token_b { m->token_b = p; }
  action token_e { m->token_e = p; }

  include token_list "token_list.rl";
  main := token_element;
  write data noerror noentry;
}%%

static const char *token_list_parse(token_list_marks *m, cpm_str in) {
  const char *p = in.p, *const pe = p + in.n, *const eof = pe;
  int cs;
  %% write init;
  %% write exec;
  return cs >= cpm_token_list_first_final ? NULL : p;
}

int cpm_token_next(cpm_str *rest, cpm_str *token, const cpm_opts *opts, cpm_diag *diag) {
  token_list_marks m;
  cpm_str whole, element;
  if (rest->n == 0) return CPM_END;
  const char *const p = rest->p, *const end = rest->n ? cpmi_run(p, p + rest->n, CPMI_TOKEN) : p;
  if (CPMI_STRAIGHT && end > p && cpmi_straight_took(rest, end)) {
    *token = cpm_str_of(p, (size_t)(end - p));
    return CPM_OK;
  }
  const int rc = cpmi_element_next(rest, &whole, &element, NULL, opts, diag);
  if (rc) return rc;
  m.token_b = m.token_e = NULL;
  const char *const stop = token_list_parse(&m, element);
  if (stop) return cpmi_refuse(diag, (size_t)(stop - whole.p), whole, "token", "RFC 3261 25.1");
  *token = cpmi_between(m.token_b, m.token_e);
  return CPM_OK;
}

bool cpm_token_in(cpm_str list, const char *token) {
  const cpm_str wanted = cpm_str_z(token);
  cpm_str at;
  int rc;
  while ((rc = cpm_token_next(&list, &at, NULL, NULL)) != CPM_END)
    if (rc == CPM_OK && cpm_str_ieq(at, wanted)) return true;
  return false;
}
