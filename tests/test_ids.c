/* SPDX-License-Identifier: MIT */
#include "values.h"

static cpm_str last;

static int id_next(cpm_str *rest, const cpm_opts *opts, cpm_diag *diag) {
  cpm_str value;
  return values_one(rest, &value) ? cpm_id_decode(&last, value, opts, diag) : CPM_END;
}

static int call_id_next(cpm_str *rest, const cpm_opts *opts, cpm_diag *diag) {
  cpm_str value;
  return values_one(rest, &value) ? cpm_call_id_decode(&last, value, opts, diag) : CPM_END;
}

static void print(FILE *out, const char *base) { values_slice(out, "id", last, base); }

static const values_kind id = { "id", id_next, print, NULL, NULL, false };
static const values_kind call_id = { "call_id", call_id_next, print, NULL, NULL, false };

static void identifiers(void **state) {
  (void)state;
  values_vectors(&id);
  values_noise(&id);
  values_refuse_nul(&id, S("4f93f0fe-86d6-462c-9ba2-e4bc3d1cafcc"));
}

static void call_ids(void **state) {
  (void)state;
  values_vectors(&call_id);
  values_noise(&call_id);
  values_refuse_nul(&call_id, S("a84b4c76e66710@pc33.example.com"));
}

static void an_identifier_has_256_characters_at_most(void **state) {
  (void)state;
  char text[CPM_ID_MAX + 3];
  memset(text, 'a', sizeof text);
  text[0] = ' ';
  cpm_diag d = { 0 };
  assert_status(cpm_id_decode(&last, cpm_str_of(text, CPM_ID_MAX + 1), NULL, &d), CPM_OK, &d);
  assert_int_equal(last.n, CPM_ID_MAX);
  assert_status(cpm_id_decode(&last, cpm_str_of(text, CPM_ID_MAX + 2), NULL, &d), CPM_E_TOO_LONG, &d);
  assert_int_equal(d.off, CPM_ID_MAX + 1);
  assert_status(cpm_call_id_decode(&last, cpm_str_of(text, sizeof text), NULL, &d), CPM_OK, &d);
}

static void a_uuid_has_its_version_and_variant(void **state) {
  (void)state;
  unsigned char octets[16];
  char text[CPM_UUID_LEN + 1] = { 0 };
  memset(octets, 0, sizeof octets);
  cpm_uuid_write(text, octets);
  assert_string_equal(text, "00000000-0000-4000-8000-000000000000");
  memset(octets, 0xff, sizeof octets);
  cpm_uuid_write(text, octets);
  assert_string_equal(text, "ffffffff-ffff-4fff-bfff-ffffffffffff");
  for (unsigned i = 0; i < 16; i++) octets[i] = (unsigned char)(i * 0x11);
  cpm_uuid_write(text, octets);
  assert_string_equal(text, "00112233-4455-4677-8899-aabbccddeeff");
  assert_status(cpm_id_decode(&last, cpm_str_of(text, CPM_UUID_LEN), NULL, NULL), CPM_OK, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(identifiers),
    cmocka_unit_test(call_ids),
    cmocka_unit_test(an_identifier_has_256_characters_at_most),
    cmocka_unit_test(a_uuid_has_its_version_and_variant),
  };
  return cmocka_run_group_tests_name("ids", tests, NULL, NULL);
}
