/* SPDX-License-Identifier: MIT */
#include "values.h"
#include "cpm/dialog.h"

static cpm_replaces replaces;
static cpm_target_dialog target;
static cpm_str call_id;

VALUES_ONE(replaces_next, replaces, cpm_replaces_decode)
VALUES_ENCODE(replaces_encode, replaces, cpm_replaces_encode)
VALUES_ONE(join_next, replaces, cpm_join_decode)
VALUES_ENCODE(join_encode, replaces, cpm_join_encode)
VALUES_ONE(target_next, target, cpm_target_dialog_decode)
VALUES_ENCODE(target_encode, target, cpm_target_dialog_encode)
VALUES_NEXT(call_id_next, call_id, cpm_call_id_next)

static int call_id_encode(char *dst, size_t cap, size_t *len, cpm_diag *diag) { return cpm_call_id_encode(dst, cap, len, call_id, diag); }

static void replaces_print(FILE *out, const char *base) {
  values_slice(out, "call-id", replaces.call_id, base);
  values_slice(out, "to-tag", replaces.to_tag, base);
  values_slice(out, "from-tag", replaces.from_tag, base);
  if (replaces.early_only) fputs("  early-only\n", out);
  values_slice(out, "params", replaces.params, base);
}

static void target_print(FILE *out, const char *base) {
  values_slice(out, "call-id", target.call_id, base);
  values_slice(out, "local-tag", target.local_tag, base);
  values_slice(out, "remote-tag", target.remote_tag, base);
  values_slice(out, "params", target.params, base);
}

static void call_id_print(FILE *out, const char *base) { values_slice(out, "callid", call_id, base); }

static const values_kind kinds[] = {
  { "replaces", replaces_next, replaces_print, replaces_encode, NULL, false },
  { "join", join_next, replaces_print, join_encode, NULL, false },
  { "target_dialog", target_next, target_print, target_encode, NULL, false },
  { "in_reply_to", call_id_next, call_id_print, call_id_encode, NULL, false },
};

static void vectors(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) values_vectors(&kinds[i]);
}

static void noise_is_read_to_its_end(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) values_noise(&kinds[i]);
  values_refuse_nul(&kinds[0], S("a@b ;to-tag=c;from-tag=d;early-only;x=\"y\""));
  values_refuse_nul(&kinds[1], S("a@b;to-tag=c;from-tag=d"));
  values_refuse_nul(&kinds[2], S("a@b;local-tag=c;remote-tag=d"));
  values_refuse_nul(&kinds[3], S("a@b, c"));
}

static int replaces_ctx(char *dst, size_t cap, size_t *len, void *ctx) { return cpm_replaces_encode(dst, cap, len, ctx, NULL); }
static int join_ctx(char *dst, size_t cap, size_t *len, void *ctx) { return cpm_join_encode(dst, cap, len, ctx, NULL); }
static int target_ctx(char *dst, size_t cap, size_t *len, void *ctx) { return cpm_target_dialog_encode(dst, cap, len, ctx, NULL); }

static void members_count_more_than_params(void **state) {
  (void)state;
  cpm_replaces r = { S("1@a"), S("t"), S("f"), true, S(";from-tag=x;early-only;To-Tag=y;z") };
  assert_str(support_every_size(replaces_ctx, &r), "1@a;to-tag=t;from-tag=f;early-only;z");
  r.early_only = false;
  assert_str(support_every_size(replaces_ctx, &r), "1@a;to-tag=t;from-tag=f;z");
  assert_str(support_every_size(join_ctx, &r), "1@a;to-tag=t;from-tag=f;early-only;z");
  cpm_target_dialog t = { S("1@a"), S("l"), S("r"), S(";local-tag=x;remote-tag=y;to-tag=z") };
  assert_str(support_every_size(target_ctx, &t), "1@a;local-tag=l;remote-tag=r;to-tag=z");
}

static void what_the_grammar_cannot_hold_is_not_written(void **state) {
  (void)state;
  const cpm_str a = S("a");
#define REPLACES(...) cpm_replaces_encode(dst, cap, len, &(cpm_replaces){ __VA_ARGS__ }, diag)
  values_refused(REPLACES(.to_tag = a, .from_tag = a), CPM_E_VALUE, "callid");
  values_refused(REPLACES(.call_id = S("a@"), .to_tag = a, .from_tag = a), CPM_E_VALUE, "callid");
  values_refused(REPLACES(.call_id = S("a;b"), .to_tag = a, .from_tag = a), CPM_E_VALUE, "callid");
  values_refused(REPLACES(.call_id = S("a,b"), .to_tag = a, .from_tag = a), CPM_E_VALUE, "callid");
  values_refused(REPLACES(.call_id = S("a\r\nb"), .to_tag = a, .from_tag = a), CPM_E_INJECTION, "callid");
  values_refused(REPLACES(.call_id = a, .from_tag = a), CPM_E_VALUE, "to-tag");
  values_refused(REPLACES(.call_id = a, .to_tag = a), CPM_E_VALUE, "from-tag");
  values_refused(REPLACES(.call_id = a, .to_tag = S("a;x"), .from_tag = a), CPM_E_VALUE, "to-tag");
  values_refused(REPLACES(.call_id = a, .to_tag = a, .from_tag = S("\n")), CPM_E_INJECTION, "from-tag");
  values_refused(REPLACES(a, a, a, true, S("x")), CPM_E_VALUE, "generic-param");
  values_refused(cpm_join_encode(dst, cap, len, &(cpm_replaces){ a, a, a, true, { NULL, 0 } }, diag), CPM_E_VALUE, "Join");
  values_refused(cpm_join_encode(dst, cap, len, &(cpm_replaces){ a, { NULL, 0 }, a, false, { NULL, 0 } }, diag), CPM_E_VALUE, "to-tag");
  values_refused(cpm_target_dialog_encode(dst, cap, len, &(cpm_target_dialog){ a, a, S(""), { NULL, 0 } }, diag), CPM_E_VALUE, "remote-tag");
  values_refused(cpm_target_dialog_encode(dst, cap, len, &(cpm_target_dialog){ a, S("[::1]"), a, { NULL, 0 } }, diag), CPM_E_VALUE, "local-tag");
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(vectors),
    cmocka_unit_test(noise_is_read_to_its_end),
    cmocka_unit_test(members_count_more_than_params),
    cmocka_unit_test(what_the_grammar_cannot_hold_is_not_written),
  };
  return cmocka_run_group_tests_name("dialog", tests, NULL, NULL);
}
