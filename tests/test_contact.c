/* SPDX-License-Identifier: MIT */
#include "values.h"
#include "cpm/dialog.h"
#include <inttypes.h>

static cpm_contact contact;
static cpm_feature_value feature;

VALUES_NEXT(contact_next, contact, cpm_contact_next)
VALUES_ENCODE(contact_encode, contact, cpm_contact_encode)

static int feature_next(cpm_str *rest, const cpm_opts *opts, cpm_diag *diag) {
  (void)opts;
  return cpm_feature_value_next(rest, &feature, diag);
}

static void contact_print(FILE *out, const char *base) {
  const cpm_address *const a = &contact.address;
  fprintf(out, "  %s\n", a->star ? "star" : a->bracketed ? "name-addr" : "addr-spec");
  values_slice(out, a->display_quoted ? "display, quoted," : "display", a->display, base);
  values_slice(out, cpm_gruu_find(a->uri, NULL) ? "uri, a GRUU," : "uri", a->uri, base);
  values_slice(out, "params", a->params, base);
  if (contact.has_q) fprintf(out, "  q %u\n", contact.q);
  if (contact.has_expires) fprintf(out, "  expires %u\n", (unsigned)contact.expires);
  if (contact.reg_id) fprintf(out, "  reg-id %u\n", (unsigned)contact.reg_id);
  if (contact.isfocus) fputs("  isfocus\n", out);
  values_slice(out, "instance", contact.instance, base);
  values_slice(out, "methods", contact.methods, base);
  values_slice(out, "icsi-ref", contact.icsi_ref, base);
  values_slice(out, "iari-ref", contact.iari_ref, base);
  values_slice(out, "pub-gruu", contact.pub_gruu, base);
  values_slice(out, "temp-gruu", contact.temp_gruu, base);
}

static uint64_t contact_quirks(void) { return contact.address.quirks; }

static void feature_print(FILE *out, const char *base) {
  static const char *const kinds[] = { "token", "boolean", "number", "string" };
  fprintf(out, "  %s%s%s\n", feature.negated ? "not " : "", kinds[feature.kind], feature.truth ? ", true" : "");
  values_slice(out, "text", feature.text, base);
  if (feature.has_low) fprintf(out, "  from %" PRId64 "\n", feature.low);
  if (feature.has_high) fprintf(out, "  to %" PRId64 "\n", feature.high);
}

/* The value alone, as cpm_feature_encode puts it between its quotes. */
static int feature_encode(char *dst, size_t cap, size_t *len, cpm_diag *diag) {
  char text[512];
  size_t n = 0;
  const int rc = cpm_feature_encode(text, sizeof text, &n, S("audio"), &feature, 1, diag);
  if (rc) return rc;
  const size_t from = sizeof ";audio=\"" - 1, want = n - from - 1;
  *len = want;
  if (!dst) return CPM_OK;
  if (cap < want) return CPM_E_SPACE;
  memcpy(dst, text + from, want);
  return CPM_OK;
}

static const values_kind contacts = { "contact", contact_next, contact_print, contact_encode, contact_quirks, true };
static const values_kind features = { "feature", feature_next, feature_print, feature_encode, NULL, false };

static void vectors(void **state) {
  (void)state;
  values_vectors(&contacts);
  values_vectors(&features);
}

static void noise_is_read_to_its_end(void **state) {
  (void)state;
  values_noise(&contacts);
  values_noise(&features);
  values_refuse_nul(&contacts, S("\"A\\\"\" <sip:a;b=c@example.com> ;q=0.5;+sip.instance=\"<x>\", sip:d"));
  values_refuse_nul(&features, S("!INVITE,#1:2"));
}

/* ---- feature parameters ---------------------------------------------------------------------------------------------- */

static void features_are_walked_past_other_parameters(void **state) {
  (void)state;
  cpm_str rest = S(";q=0.5;audio ;expires=60;+sip.instance=\"<a>\";require;METHODS=\"INVITE,BYE\";type");
  const char *const names[] = { "audio", "+sip.instance", "METHODS", "type" };
  cpm_param p;
  cpm_diag d = { 0 };
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    assert_status(cpm_feature_next(&rest, &p, &d), CPM_OK, &d);
    assert_true(cpm_str_eq(p.name, cpm_str_z(names[i])));
  }
  assert_status(cpm_feature_next(&rest, &p, &d), CPM_END, &d);
  rest = cpm_str_none();
  assert_status(cpm_feature_next(&rest, &p, &d), CPM_END, &d);
}

static void a_plus_without_a_tag_is_no_feature(void **state) {
  (void)state;
  cpm_str rest = S(";a;+3g;+;+g_a;video;+%;");
  cpm_param p;
  const size_t offs[] = { 3, 1, 1 };
  for (size_t i = 0; i < 3; i++) {
    cpm_diag d = { 0 };
    assert_status(cpm_feature_next(&rest, &p, &d), CPM_E_SYNTAX, &d);
    assert_int_equal(d.off, offs[i]);
  }
  cpm_diag d = { 0 };
  assert_status(cpm_feature_next(&rest, &p, &d), CPM_OK, &d);
  assert_str(p.name, "video");
  assert_status(cpm_feature_next(&rest, &p, &d), CPM_E_SYNTAX, &d);
  d = (cpm_diag){ 0 };
  assert_true(cpm_feature_next(&rest, &p, &d) < 0);
  assert_status(cpm_feature_next(&rest, &p, &d), CPM_END, &d);
}

typedef struct feature_args { cpm_str name; const cpm_feature_value *values; size_t n; } feature_args;
static int feature_ctx(char *dst, size_t cap, size_t *len, void *ctx) {
  const feature_args *const a = ctx;
  return cpm_feature_encode(dst, cap, len, a->name, a->values, a->n, NULL);
}

static void a_feature_is_written_with_its_values(void **state) {
  (void)state;
  const cpm_feature_value values[] = {
    { .kind = CPM_FEATURE_TOKEN, .text = S("INVITE") },
    { .kind = CPM_FEATURE_TOKEN, .text = S("BYE"), .negated = true },
    { .kind = CPM_FEATURE_BOOLEAN, .truth = true },
    { .kind = CPM_FEATURE_NUMBER, .has_low = true, .low = -1500000 },
    { .kind = CPM_FEATURE_NUMBER, .has_high = true, .high = 1 },
    { .kind = CPM_FEATURE_NUMBER, .has_low = true, .low = 5000000, .has_high = true, .high = 5000000, .negated = true },
    { .kind = CPM_FEATURE_NUMBER, .has_low = true, .low = -INT64_MAX, .has_high = true, .high = INT64_MAX },
  };
  feature_args a = { S("methods"), values, sizeof values / sizeof *values };
  assert_str(support_every_size(feature_ctx, &a),
             ";methods=\"INVITE,!BYE,TRUE,#>=-1.5,#<=0.000001,!#=5,#-9223372036854.775807:9223372036854.775807\"");
  a.n = 0;
  assert_str(support_every_size(feature_ctx, &a), ";methods");
  const cpm_feature_value instance = { .kind = CPM_FEATURE_STRING, .text = S("urn:uuid:1") };
  a = (feature_args){ S("+sip.instance"), &instance, 1 };
  assert_str(support_every_size(feature_ctx, &a), ";+sip.instance=\"<urn:uuid:1>\"");
}

static void a_feature_that_cannot_be_read_back_is_not_written(void **state) {
  (void)state;
  const cpm_feature_value two[] = { { .kind = CPM_FEATURE_STRING, .text = S("a") }, { .kind = CPM_FEATURE_TOKEN, .text = S("a") } };
#define FEATURE(name, ...) cpm_feature_encode(dst, cap, len, S(name), &(const cpm_feature_value){ __VA_ARGS__ }, 1, diag)
#define TEXT(k, s) .kind = CPM_FEATURE_##k, .text = S(s)
  values_refused(FEATURE("", TEXT(TOKEN, "a")), CPM_E_VALUE, "enc-feature-tag");
  values_refused(FEATURE("q", TEXT(TOKEN, "a")), CPM_E_VALUE, "enc-feature-tag");
  values_refused(FEATURE("+g_a", TEXT(TOKEN, "a")), CPM_E_VALUE, "enc-feature-tag");
  values_refused(FEATURE("audio;x", TEXT(TOKEN, "a")), CPM_E_VALUE, "enc-feature-tag");
  values_refused(FEATURE("audio\r\n", TEXT(TOKEN, "a")), CPM_E_INJECTION, "enc-feature-tag");
  values_refused(FEATURE("audio", TEXT(TOKEN, "")), CPM_E_VALUE, "tag-value");
  values_refused(FEATURE("audio", TEXT(TOKEN, "!a")), CPM_E_VALUE, "tag-value");
  values_refused(FEATURE("audio", TEXT(TOKEN, "TRUE")), CPM_E_VALUE, "tag-value");
  values_refused(FEATURE("audio", TEXT(TOKEN, "#=5")), CPM_E_VALUE, "tag-value");
  values_refused(FEATURE("audio", TEXT(TOKEN, "<a>")), CPM_E_VALUE, "tag-value");
  values_refused(FEATURE("audio", TEXT(TOKEN, "a,b")), CPM_E_VALUE, "tag-value");
  values_refused(FEATURE("audio", TEXT(TOKEN, " a")), CPM_E_VALUE, "tag-value");
  values_refused(FEATURE("audio", TEXT(TOKEN, "a\n")), CPM_E_INJECTION, "token-nobang");
  values_refused(FEATURE("audio", .kind = CPM_FEATURE_STRING), CPM_E_VALUE, "tag-value");
  values_refused(FEATURE("audio", TEXT(STRING, "a>")), CPM_E_VALUE, "tag-value");
  values_refused(FEATURE("audio", TEXT(STRING, "a\"")), CPM_E_VALUE, "string-value");
  values_refused(FEATURE("audio", TEXT(STRING, "a\\")), CPM_E_VALUE, "string-value");
  values_refused(FEATURE("audio", TEXT(STRING, "a\r\nb")), CPM_E_INJECTION, "string-value");
  values_refused(FEATURE("audio", TEXT(STRING, "a"), .negated = true), CPM_E_VALUE, "tag-value");
  values_refused(FEATURE("audio", .kind = CPM_FEATURE_NUMBER), CPM_E_VALUE, "tag-value");
  values_refused(FEATURE("audio", .kind = CPM_FEATURE_NUMBER, .has_low = true, .low = 2, .has_high = true, .high = 1), CPM_E_VALUE,
                 "tag-value");
  values_refused(FEATURE("audio", .kind = CPM_FEATURE_NUMBER, .has_low = true, .low = INT64_MIN), CPM_E_VALUE, "tag-value");
  values_refused(FEATURE("audio", .kind = (cpm_feature_kind)4, .text = S("a")), CPM_E_VALUE, "tag-value");
  values_refused(cpm_feature_encode(dst, cap, len, S("audio"), two, 2, diag), CPM_E_VALUE, "tag-value");
}

/* ---- Contact ---------------------------------------------------------------------------------------------------------- */

static void a_gruu_has_gr(void **state) {
  (void)state;
  cpm_str gr = S("unmoved");
  assert_true(cpm_gruu_find(S("sip:a@b;gr=urn:uuid:1"), &gr));
  assert_str(gr, "urn:uuid:1");
  assert_true(cpm_gruu_find(S("sips:a@b;x;GR"), &gr));
  assert_null(gr.p);
  gr = S("unmoved");
  assert_false(cpm_gruu_find(S("sip:a@b;grx"), &gr));
  assert_false(cpm_gruu_find(S("sip:a;gr@b"), &gr));
  assert_false(cpm_gruu_find(S("tel:+1;gr"), &gr));
  assert_false(cpm_gruu_find(S("sip:%;gr"), &gr));
  assert_false(cpm_gruu_find(cpm_str_none(), NULL));
  assert_str(gr, "unmoved");
}

static int contact_ctx(char *dst, size_t cap, size_t *len, void *ctx) { return cpm_contact_encode(dst, cap, len, ctx, NULL); }

static void members_count_more_than_params(void **state) {
  (void)state;
  cpm_contact c = { .address = { .uri = S("sip:a@b") } };
  assert_str(support_every_size(contact_ctx, &c), "sip:a@b");
  c.isfocus = true;
  assert_str(support_every_size(contact_ctx, &c), "<sip:a@b>;isfocus");
  c.address.params = S(";+g.3gpp.icsi-ref=\"urn%3Aa\";+g.3gpp.icsi-ref=\"urn%3Ab\";q=0.3;isfocus;x=\"y\";audio;q=0.4");
  c.icsi_ref = S("urn%3Ac");
  c.has_q = c.has_expires = true;
  c.q = 700;
  c.instance = S("urn:uuid:1");
  c.reg_id = 2;
  c.methods = S("INVITE");
  assert_str(support_every_size(contact_ctx, &c), "<sip:a@b>;+sip.instance=\"<urn:uuid:1>\";reg-id=2;isfocus;methods=\"INVITE\""
             ";+g.3gpp.icsi-ref=\"urn%3Ac\";q=0.7;expires=0;+g.3gpp.icsi-ref=\"urn%3Ab\";x=\"y\";audio");
  c = (cpm_contact){ .address = { .uri = S("sip:a@b"), .params = S(";x; tag = \"a\" ;TAG=b;y") } };
  assert_str(support_every_size(contact_ctx, &c), "<sip:a@b>;tag = \"a\";x;y");
}

static void what_the_grammar_cannot_hold_is_not_written(void **state) {
  (void)state;
  const cpm_str uri = S("sip:a@b");
#define CONTACT(...) cpm_contact_encode(dst, cap, len, &(cpm_contact){ __VA_ARGS__ }, diag)
  values_refused(CONTACT(.isfocus = true), CPM_E_VALUE, "addr-spec");
  values_refused(CONTACT(.address = { .uri = S("sip:a\r\n") }), CPM_E_INJECTION, "addr-spec");
  values_refused(CONTACT(.address = { .uri = uri, .params = S("x") }), CPM_E_VALUE, "generic-param");
  values_refused(CONTACT(.address = { .uri = uri }, .has_q = true, .q = 1001), CPM_E_VALUE, "qvalue");
  values_refused(CONTACT(.address = { .uri = uri }, .reg_id = 0x80000000u), CPM_E_VALUE, "reg-id");
  values_refused(CONTACT(.address = { .uri = uri }, .instance = S("a\"")), CPM_E_VALUE, "contact-params");
  values_refused(CONTACT(.address = { .uri = uri }, .methods = S("a\\")), CPM_E_VALUE, "contact-params");
  values_refused(CONTACT(.address = { .uri = uri }, .icsi_ref = S("a\nb")), CPM_E_INJECTION, "contact-params");
  values_refused(CONTACT(.address = { .uri = uri }, .iari_ref = S("\"")), CPM_E_VALUE, "contact-params");
  values_refused(CONTACT(.address = { .uri = uri }, .pub_gruu = S("\0")), CPM_E_INJECTION, "contact-params");
  values_refused(CONTACT(.address = { .uri = uri }, .temp_gruu = S("\"")), CPM_E_VALUE, "contact-params");
  values_refused(CONTACT(.address = { .star = true }, .has_expires = true), CPM_E_VALUE, "STAR");
  values_refused(CONTACT(.address = { .star = true, .uri = uri }), CPM_E_VALUE, "STAR");
}

/* Ten thousand elements, and ten thousand parameters: there is no array to overflow. */
static void long_lists_have_no_limit(void **state) {
  (void)state;
  enum { N = 10000 };
  static const char element[] = "<sip:a@example.com>;q=0.5,", param[] = ";a=b";
  const size_t n = sizeof element - 1, start = n - 1;
  char *text = malloc(N * n);
  assert_non_null(text);
  for (size_t i = 0; i < N; i++) memcpy(text + i * n, element, n);
  cpm_str rest = cpm_str_of(text, N * n - 1);
  unsigned count = 0;
  while (cpm_contact_next(&rest, &contact, NULL, NULL) == CPM_OK) count++;
  assert_int_equal(count, N);
  for (size_t i = 0; i < N; i++) memcpy(text + start + i * 4, param, 4);
  rest = cpm_str_of(text, start + N * 4);
  cpm_diag d = { 0 };
  assert_status(cpm_contact_next(&rest, &contact, NULL, &d), CPM_OK, &d);
  assert_int_equal(contact.address.params.n, sizeof ";q=0.5" - 1 + N * 4);
  free(text);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(vectors),
    cmocka_unit_test(noise_is_read_to_its_end),
    cmocka_unit_test(features_are_walked_past_other_parameters),
    cmocka_unit_test(a_plus_without_a_tag_is_no_feature),
    cmocka_unit_test(a_feature_is_written_with_its_values),
    cmocka_unit_test(a_feature_that_cannot_be_read_back_is_not_written),
    cmocka_unit_test(a_gruu_has_gr),
    cmocka_unit_test(members_count_more_than_params),
    cmocka_unit_test(what_the_grammar_cannot_hold_is_not_written),
    cmocka_unit_test(long_lists_have_no_limit),
  };
  return cmocka_run_group_tests_name("contact", tests, NULL, NULL);
}
