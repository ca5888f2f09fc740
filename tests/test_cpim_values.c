/* SPDX-License-Identifier: MIT */
#include "kinds.h"
#include "cpm/cpim.h"
#include <stdlib.h>
#include <string.h>

/* ---- vectors: A an address, D a Disposition-Notification, U text with escapes --------------------------------------------- */

static int encode_address(char *dst, size_t cap, size_t *len, void *ctx) { return cpm_cpim_address_encode(dst, cap, len, ctx, NULL); }

static void dump_address(FILE *out, cpm_str in) {
  cpm_cpim_address a, again;
  cpm_diag d = { 0 };
  const int rc = cpm_cpim_address_decode(&a, in, NULL, &d);
  if (rc) { kinds_error(out, rc, &d); return; }
  if (a.name.p) {
    fprintf(out, "  name %zu+%zu%s \"", (size_t)(a.name.p - in.p), a.name.n, a.quoted ? " quoted" : "");
    support_print(out, a.name);
    fputs("\"\n", out);
  }
  fprintf(out, "  uri %zu+%zu \"", (size_t)(a.uri.p - in.p), a.uri.n);
  support_print(out, a.uri);
  fputs("\" quirks ", out);
  support_quirks(out, a.quirks);
  const cpm_str text = support_every_size(encode_address, &a);
  fputs("\n  written ", out);
  support_print(out, text);
  fputc('\n', out);
  char *const first = malloc(text.n);
  assert_non_null(first);
  memcpy(first, text.p, text.n);
  assert_status(cpm_cpim_address_decode(&again, cpm_str_of(first, text.n), NULL, &d), CPM_OK, &d);
  assert_true(again.quirks == 0);
  assert_true(cpm_str_eq(cpm_str_of(first, text.n), support_every_size(encode_address, &again)));
  free(first);
}

static void dump_set(FILE *out, cpm_str in) {
  unsigned set = 0;
  cpm_diag d = { 0 };
  const int rc = cpm_disposition_notification_decode(&set, in, NULL, &d);
  if (rc) { kinds_error(out, rc, &d); return; }
  char text[128];
  size_t len = 0;
  unsigned again = 0;
  assert_status(cpm_disposition_notification_encode(text, sizeof text, &len, set, &d), CPM_OK, &d);
  assert_status(cpm_disposition_notification_decode(&again, cpm_str_of(text, len), NULL, &d), CPM_OK, &d);
  assert_int_equal(set, again);
  fprintf(out, "  0x%02x \"%.*s\"\n", set, (int)len, text);
}

static void dump_unescaped(FILE *out, cpm_str in) {
  char text[128];
  size_t len = 0;
  const int rc = cpm_cpim_unescape(text, sizeof text, &len, in);
  if (rc) { fprintf(out, "  %s\n", cpm_status_name(rc)); return; }
  fputs("  \"", out);
  support_print(out, cpm_str_of(text, len));
  fputs("\"\n", out);
}

static void vectors(void **state) {
  static const kinds_kind kinds[] = { { 'A', dump_address }, { 'D', dump_set }, { 'U', dump_unescaped }, { 0, NULL } };
  (void)state;
  kinds_vectors("cpim_values", kinds);
}

/* ---- addresses ----------------------------------------------------------------------------------------------------------- */

static void a_refused_address_quirk_is_an_error(void **state) {
  (void)state;
  const cpm_str rows[] = { S("sip:alice@example.com"), S("Alice<sip:alice@example.com>"), S("\"Alice\" <sip:alice@example.com>") };
  const cpm_opts refuse = { .refuse = CPM_QUIRK(CPIM_ADDRESS) };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    cpm_cpim_address a;
    cpm_diag d = { 0 };
    assert_status(cpm_cpim_address_decode(&a, rows[i], &refuse, &d), CPM_E_QUIRK, &d);
    assert_true(a.quirks == CPM_QUIRK(CPIM_ADDRESS));
  }
}

static void an_address_is_written_as_the_grammar_has_it(void **state) {
  (void)state;
  const struct { cpm_cpim_address a; const char *text; } rows[] = {
    { { cpm_str_none(), false, S("sip:a@example.com"), 0 },          "<sip:a@example.com>" },
    { { cpm_str_none(), true, S("sip:a@example.com"), 0 },           "<sip:a@example.com>" },
    { { S(""), false, S("sip:a@example.com"), 0 },                   "<sip:a@example.com>" },
    { { S(""), true, S("sip:a@example.com"), 0 },                    "\"\"<sip:a@example.com>" },
    { { S("A b.C"), false, S("sip:a@example.com"), 0 },              "A b.C <sip:a@example.com>" },
    { { S(" A "), false, S("sip:a@example.com"), 0 },                "A <sip:a@example.com>" },
    { { S("A  b"), false, S("sip:a@example.com"), 0 },               "\"A  b\"<sip:a@example.com>" },
    { { S("A (b)"), false, S("sip:a@example.com"), 0 },              "\"A (b)\"<sip:a@example.com>" },
    { { S("A\r\n b\tc"), false, S("sip:a@example.com"), 0 },         "\"A b c\"<sip:a@example.com>" },
    { { S("A \\\"b\\\""), true, S("sip:a@example.com"), 0 },         "\"A \\\"b\\\"\"<sip:a@example.com>" },
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    cpm_cpim_address a = rows[i].a;
    support_assert_str(support_every_size(encode_address, &a), cpm_str_z(rows[i].text), "text", __FILE__, __LINE__);
  }
}

static void an_address_that_is_none_is_not_written(void **state) {
  (void)state;
  const struct { cpm_cpim_address a; int rc; } rows[] = {
    { { cpm_str_none(), false, cpm_str_none(), 0 },                        CPM_E_VALUE },
    { { cpm_str_none(), false, S("alice@example.com"), 0 },                CPM_E_VALUE },
    { { cpm_str_none(), false, S("<sip:a@example.com>"), 0 },              CPM_E_VALUE },
    { { cpm_str_none(), false, S("sip:a@example.com>"), 0 },               CPM_E_VALUE },
    { { cpm_str_none(), false, S("sip:a b@example.com"), 0 },              CPM_E_VALUE },
    { { cpm_str_none(), false, S("sip:a@example.com\r\nTo: x"), 0 },       CPM_E_INJECTION },
    { { S("A\r\nB: c"), false, S("sip:a@example.com"), 0 },                CPM_E_INJECTION },
    { { S("A\nB"), true, S("sip:a@example.com"), 0 },                      CPM_E_INJECTION },
    { { S("A\0B"), true, S("sip:a@example.com"), 0 },                      CPM_E_INJECTION },
    { { S("A\x01"), true, S("sip:a@example.com"), 0 },                     CPM_E_VALUE },
    { { S("A\"B"), true, S("sip:a@example.com"), 0 },                      CPM_E_VALUE },
    { { S("A\\"), true, S("sip:a@example.com"), 0 },                       CPM_E_VALUE },
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    size_t len = 0;
    const int rc = cpm_cpim_address_encode(NULL, 0, &len, &rows[i].a, NULL);
    if (rc != rows[i].rc) fail_msg("row %zu: %s", i, cpm_status_name(rc));
  }
}

/* ---- escapes ------------------------------------------------------------------------------------------------------------- */

static int unescape(char *dst, size_t cap, size_t *len, void *ctx) { return cpm_cpim_unescape(dst, cap, len, *(cpm_str *)ctx); }
static int escape(char *dst, size_t cap, size_t *len, void *ctx) { return cpm_cpim_escape(dst, cap, len, *(cpm_str *)ctx); }

static void text_survives_escaping(void **state) {
  (void)state;
  char all[256];
  for (unsigned i = 0; i < 255; i++) all[i] = (char)(i + 1);
  cpm_str text = cpm_str_of(all, 255);
  cpm_str written = support_every_size(escape, &text);
  char *const copy = malloc(written.n);
  assert_non_null(copy);
  memcpy(copy, written.p, written.n);
  cpm_str escaped = cpm_str_of(copy, written.n);
  for (size_t i = 0; i < escaped.n; i++) assert_true((unsigned char)copy[i] >= 0x20 && copy[i] != 0x7f);
  assert_true(cpm_str_eq(support_every_size(unescape, &escaped), text));
  free(copy);
  text = S("a\\\r\n\t\x01\x7f\"");
  assert_str(support_every_size(escape, &text), "a\\\\\\r\\n\\t\\u0001\\u007f\"");
  text = S(" a b~");
  assert_str(support_every_size(escape, &text), " a b~");
  size_t len = 0;
  assert_status(cpm_cpim_escape(NULL, 0, &len, S("a\0b")), CPM_E_INJECTION, NULL);
}

/* ---- Disposition-Notification -------------------------------------------------------------------------------------------- */

static int encode_set(char *dst, size_t cap, size_t *len, void *ctx) {
  return cpm_disposition_notification_encode(dst, cap, len, *(unsigned *)ctx, NULL);
}

static void a_set_of_dispositions_is_written_at_every_size(void **state) {
  (void)state;
  unsigned set = (1u << CPM_DISPOSITION_BITS) - 1;
  assert_str(support_every_size(encode_set, &set), "positive-delivery, negative-delivery, processing, display, interworking");
  set = CPM_DISPOSITION(DISPLAY);
  assert_str(support_every_size(encode_set, &set), "display");
  set = 0;
  assert_str(support_every_size(encode_set, &set), "");
  size_t len = 0;
  assert_status(cpm_disposition_notification_encode(NULL, 0, &len, 1u << CPM_DISPOSITION_BITS, NULL), CPM_E_ARG, NULL);
}

/* ---- hostile input ------------------------------------------------------------------------------------------------------- */

static void one_prefix(cpm_str in, void *ctx) {
  cpm_cpim_address a;
  cpm_diag d = { 0 };
  unsigned set;
  size_t len;
  (void)ctx;
  (void)cpm_cpim_address_decode(&a, in, NULL, &d);
  assert_true(d.off <= in.n);
  (void)cpm_disposition_notification_decode(&set, in, NULL, &d);
  assert_true(d.off <= in.n);
  (void)cpm_cpim_unescape(NULL, 0, &len, in);
  (void)cpm_cpim_escape(NULL, 0, &len, in);
}

static void every_prefix_and_noise_are_read_within_their_bounds(void **state) {
  (void)state;
  support_every_prefix(S("\"A \\\"B\\\" \\u00e9\"\r\n <sip:alice@example.com;user=phone>"), one_prefix, NULL);
  support_every_prefix(S("positive-delivery;a=\"b\\\"\" , display"), one_prefix, NULL);
  kinds_noise("<a\\u0\">:;,= \r\n\t", one_prefix);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(vectors),
    cmocka_unit_test(a_refused_address_quirk_is_an_error),
    cmocka_unit_test(an_address_is_written_as_the_grammar_has_it),
    cmocka_unit_test(an_address_that_is_none_is_not_written),
    cmocka_unit_test(text_survives_escaping),
    cmocka_unit_test(a_set_of_dispositions_is_written_at_every_size),
    cmocka_unit_test(every_prefix_and_noise_are_read_within_their_bounds),
  };
  return cmocka_run_group_tests_name("cpim_values", tests, NULL, NULL);
}
