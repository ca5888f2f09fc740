/* SPDX-License-Identifier: MIT */
#include "values.h"

static uint64_t number;
static unsigned q;
static cpm_cseq cseq;

static int number_next(cpm_str *rest, const cpm_opts *opts, cpm_diag *diag) {
  cpm_str value;
  return values_one(rest, &value) ? cpm_number_decode(&number, value, UINT64_MAX, opts, diag) : CPM_END;
}

static int q_next(cpm_str *rest, const cpm_opts *opts, cpm_diag *diag) {
  cpm_str value;
  (void)opts;
  return values_one(rest, &value) ? cpm_q_decode(&q, value, diag) : CPM_END;
}

static int cseq_next(cpm_str *rest, const cpm_opts *opts, cpm_diag *diag) {
  cpm_str value;
  return values_one(rest, &value) ? cpm_cseq_decode(&cseq, value, opts, diag) : CPM_END;
}

static void number_print(FILE *out, const char *base) { (void)base; fprintf(out, "  %llu\n", (unsigned long long)number); }
static void q_print(FILE *out, const char *base) { (void)base; fprintf(out, "  %u/1000\n", q); }

static void cseq_print(FILE *out, const char *base) {
  fprintf(out, "  number %lu, method %d\n", (unsigned long)cseq.number, (int)cseq.method);
  values_slice(out, "method", cseq.method_name, base);
}

static int cseq_encode(char *dst, size_t cap, size_t *len, cpm_diag *diag) { return cpm_cseq_encode(dst, cap, len, &cseq, diag); }

static const values_kind number_kind = { "number", number_next, number_print, NULL, NULL, false };
static const values_kind q_kind = { "q", q_next, q_print, NULL, NULL, false };
static const values_kind cseq_kind = { "cseq", cseq_next, cseq_print, cseq_encode, NULL, false };

static void numbers(void **state) {
  (void)state;
  values_vectors(&number_kind);
  values_noise(&number_kind);
  values_refuse_nul(&number_kind, S(" 3600 "));
}

static void qvalues(void **state) {
  (void)state;
  values_vectors(&q_kind);
  values_noise(&q_kind);
  values_refuse_nul(&q_kind, S("0.5"));
}

static void cseqs(void **state) {
  (void)state;
  values_vectors(&cseq_kind);
  values_noise(&cseq_kind);
  values_refuse_nul(&cseq_kind, S("1 INVITE"));
}

static void a_number_above_its_maximum_is_out_of_range(void **state) {
  (void)state;
  const struct { cpm_str in; uint64_t max; int rc; } rows[] = {
    { S("255"), 255, CPM_OK }, { S("256"), 255, CPM_E_RANGE }, { S("0"), 0, CPM_OK }, { S("1"), 0, CPM_E_RANGE },
    { S("4294967295"), UINT32_MAX, CPM_OK }, { S("4294967296"), UINT32_MAX, CPM_E_RANGE },
    { S("0000000000000000000000000000255"), 255, CPM_OK }, { S("18446744073709551615"), UINT64_MAX, CPM_OK },
    { S("18446744073709551616"), UINT64_MAX, CPM_E_RANGE }, { S("99999999999999999999999999"), UINT64_MAX, CPM_E_RANGE },
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    cpm_diag d = { 0 };
    number = 77;
    assert_status(cpm_number_decode(&number, rows[i].in, rows[i].max, NULL, &d), rows[i].rc, &d);
    if (rows[i].rc) assert_int_equal(number, 77);
  }
}

static int encode(char *dst, size_t cap, size_t *len, void *ctx) { return cpm_cseq_encode(dst, cap, len, ctx, NULL); }

static void a_cseq_takes_its_method_from_name_or_id(void **state) {
  (void)state;
  cpm_cseq c = { .number = 2147483647, .method = CPM_METHOD_MESSAGE };
  assert_str(support_every_size(encode, &c), "2147483647 MESSAGE");
  c.method_name = S("OTHER");
  assert_str(support_every_size(encode, &c), "2147483647 OTHER");
}

static void a_cseq_that_is_none_is_not_written(void **state) {
  (void)state;
  const struct { cpm_cseq c; int rc; } bad[] = {
    { { .number = UINT32_C(2147483648), .method = CPM_METHOD_ACK }, CPM_E_VALUE }, { { .number = 1 }, CPM_E_VALUE },
    { { .number = 1, .method_name = S("A B") }, CPM_E_VALUE }, { { .number = 1, .method_name = S("") }, CPM_E_VALUE },
    { { .number = 1, .method_name = S("A\r\nB: c") }, CPM_E_INJECTION },
    { { .number = 1, .method_name = S("A\0") }, CPM_E_INJECTION },
    { { .number = 1, .method_name = S("A\r\n B") }, CPM_E_VALUE },
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    cpm_diag d = { 0 };
    size_t len;
    assert_status(cpm_cseq_encode(NULL, 0, &len, &bad[i].c, &d), bad[i].rc, &d);
    assert_true(d.off == 0 || d.code == CPM_E_INJECTION);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(numbers),
    cmocka_unit_test(qvalues),
    cmocka_unit_test(cseqs),
    cmocka_unit_test(a_number_above_its_maximum_is_out_of_range),
    cmocka_unit_test(a_cseq_takes_its_method_from_name_or_id),
    cmocka_unit_test(a_cseq_that_is_none_is_not_written),
  };
  return cmocka_run_group_tests_name("number", tests, NULL, NULL);
}
