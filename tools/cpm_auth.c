/* SPDX-License-Identifier: MIT */
/* cpm_auth.c - challenges and credentials of SIP and MSRP. */
#include "cpm_tool.h"

static void auth_put_params(cJSON *o, cpm_str params) {
  cJSON *list = tree_put(o, "params", tree_array());
  cpm_param p;
  while (cpm_auth_param_next(&params, &p, NULL) == CPM_OK) {
    char plain[1024];
    size_t n = 0;
    const bool undone = p.quoted && cpm_unquote(plain, sizeof plain, &n, p.value) == CPM_OK;
    cJSON *one = tree_append(list, tree_object());
    tree_put_text(one, "name", p.name);
    tree_put_text(one, "value", undone ? cpm_str_of(plain, n) : p.value);
  }
}

cJSON *auth_tree(cpm_str value, bool info, cpm_diag *diag) {
  cpm_auth a = { { NULL, 0 }, { NULL, 0 } };
  const int rc = info ? cpm_auth_info_decode(&a.params, value, NULL, diag) : cpm_auth_decode(&a, value, NULL, diag);
  if (rc != CPM_OK) return NULL;
  cJSON *o = tree_object();
  tree_put_text(o, "scheme", a.scheme);
  auth_put_params(o, a.params);
  return o;
}
