/* SPDX-License-Identifier: MIT */
/* words.c - writers of the values that are one word, and a token that stands alone. */
#include "cpm/value.h"
#include "value_internal.h"

#define WORDS_CLAUSE "RFC 3261 25.1"

/* What the reader of the same name takes whole. */
static int words_check(cpm_str s, int (*decode)(cpm_str *out, cpm_str in, const cpm_opts *opts, cpm_diag *diag), const char *rule,
                       cpm_diag *diag) {
  cpm_str read;
  const int rc = cpmi_check_clean(s, rule, diag);
  if (rc) return rc;
  const bool fits = decode(&read, s, NULL, NULL) == CPM_OK && read.n == s.n;
  return fits ? CPM_OK : cpmi_fail(diag, CPM_E_VALUE, 0, rule, WORDS_CLAUSE);
}

static int words_put(char *dst, size_t cap, size_t *len, cpm_str s, cpm_diag *diag) {
  cpmi_out o = cpmi_out_to(dst, cap, 0);
  cpmi_put(&o, s);
  return cpmi_out_end(&o, len, diag);
}

int cpm_id_encode(char *dst, size_t cap, size_t *len, cpm_str id, cpm_diag *diag) {
  const int rc = words_check(id, cpm_id_decode, "identifier", diag);
  return rc ? rc : words_put(dst, cap, len, id, diag);
}

int cpm_call_id_encode(char *dst, size_t cap, size_t *len, cpm_str id, cpm_diag *diag) {
  const int rc = words_check(id, cpm_call_id_decode, "callid", diag);
  return rc ? rc : words_put(dst, cap, len, id, diag);
}

int cpm_number_encode(char *dst, size_t cap, size_t *len, uint64_t number, cpm_diag *diag) {
  cpmi_out o = cpmi_out_to(dst, cap, 0);
  cpmi_put_number(&o, number);
  return cpmi_out_end(&o, len, diag);
}

int cpm_token_decode(cpm_str *token, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  const cpm_str whole = cpmi_present(in);
  cpm_str rest = whole, read;
  cpm_diag d = { 0 };
  (void)opts;
  const int rc = cpm_token_next(&rest, &read, NULL, &d);
  if (rc == CPM_END) return cpmi_fail(diag, CPM_E_TRUNCATED, whole.n, "token", WORDS_CLAUSE);
  if (rc) return cpmi_fail(diag, rc, d.off, d.rule, d.clause);
  /* An element of a list ends at a comma, or has empty ones around it: a token alone has neither. */
  for (size_t i = 0; i < whole.n; i++)
    if (whole.p[i] == ',') return cpmi_fail(diag, CPM_E_SYNTAX, i, "token", WORDS_CLAUSE);
  *token = read;
  return CPM_OK;
}

int cpm_token_encode(char *dst, size_t cap, size_t *len, const cpm_str *tokens, size_t ntokens, cpm_diag *diag) {
  for (size_t i = 0; i < ntokens; i++) {
    const int rc = cpmi_check_piece(CPMI_PIECE_TOKEN, tokens[i], "token", WORDS_CLAUSE, diag);
    if (rc) return rc;
  }
  cpmi_out o = cpmi_out_to(dst, cap, 0);
  for (size_t i = 0; i < ntokens; i++) {
    if (i) cpmi_put_z(&o, ", ");
    cpmi_put(&o, tokens[i]);
  }
  return cpmi_out_end(&o, len, diag);
}
