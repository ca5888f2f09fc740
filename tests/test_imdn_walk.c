/* SPDX-License-Identifier: MIT */
#include "support.h"
#include "cpm/imdn.h"
#include <stdlib.h>
#include <string.h>

static void dump_slice(FILE *out, const char *name, cpm_str s, cpm_str whole) {
  if (!s.p) return;
  if (s.p >= whole.p && s.p <= whole.p + whole.n) fprintf(out, "  %s %zu+%zu \"", name, (size_t)(s.p - whole.p), s.n);
  else fprintf(out, "  %s \"", name);
  support_print(out, s);
  fputs("\"\n", out);
}

/* The first line is the Content-Type, the rest the body; offsets count from the body. */
static void dump(cpm_str in, FILE *out) {
  const char *const cr = memchr(in.p, '\r', in.n);
  assert_non_null(cr);
  const cpm_str type = cpm_str_of(in.p, (size_t)(cr - in.p)), body = cpm_str_of(cr + 2, in.n - type.n - 2);
  cpm_imdn_walk walk;
  cpm_imdn_found found;
  cpm_diag d = { 0 };
  cpm_imdn_walk_init(&walk, type, body);
  for (int rc; (rc = cpm_imdn_walk_next(&walk, &found, NULL, &d)) != CPM_END;) {
    fputs(cpm_status_name(rc), out);
    if (rc) fprintf(out, " at %zu, %s (%s)", d.off, d.rule, d.clause ? d.clause : "-");
    fputc('\n', out);
    dump_slice(out, "document", found.document, body);
    dump_slice(out, "content-type", found.content_type, body);
    dump_slice(out, "disposition", found.disposition, body);
    dump_slice(out, "transfer-encoding", found.transfer_encoding, body);
    dump_slice(out, "content-encoding", found.content_encoding, body);
    dump_slice(out, "from", found.from, body);
  }
  assert_status(cpm_imdn_walk_next(&walk, &found, NULL, NULL), CPM_END, NULL);
  fputs("CPM_END\n", out);
}

static void vectors(void **state) {
  (void)state;
  support_vectors("imdn_walk", dump);
}

static void ten_thousand_notifications_need_no_array(void **state) {
  (void)state;
  static const char one[] = "--b\r\nContent-Type: message/cpim\r\n\r\nFrom: <sip:a@example.com>\r\nTo: <sip:b@example.com>\r\n\r\n"
                            "Content-Type: message/imdn+xml\r\n\r\n<imdn/>\r\n", close[] = "--b--\r\n";
  const size_t n = 10000, each = sizeof one - 1;
  char *const text = malloc(n * each + sizeof close);
  assert_non_null(text);
  for (size_t i = 0; i < n; i++) memcpy(text + i * each, one, each);
  memcpy(text + n * each, close, sizeof close - 1);
  const cpm_str body = support_guard(cpm_str_of(text, n * each + sizeof close - 1));
  cpm_imdn_walk walk;
  cpm_imdn_found found;
  size_t count = 0;
  cpm_imdn_walk_init(&walk, S("multipart/mixed;boundary=b"), body);
  for (int rc; (rc = cpm_imdn_walk_next(&walk, &found, NULL, NULL)) != CPM_END; count++) {
    assert_status(rc, CPM_OK, NULL);
    assert_str(found.document, "<imdn/>");
    assert_str(found.from, "sip:a@example.com");
  }
  assert_int_equal(count, n);
  support_unguard(body);
  free(text);
}

/* ---- depth ------------------------------------------------------------------------------------------------------------- */

/* `levels` bodies around a document, each in the way of its bit in `how`: multipart or message/cpim. */
static cpm_str nest(char *to, size_t cap, unsigned levels, unsigned how, const char **type) {
  static const char *const types[] = { "message/imdn+xml", "message/cpim", "multipart/mixed;boundary=b0", "multipart/mixed;boundary=b1",
                                       "multipart/mixed;boundary=b2", "multipart/mixed;boundary=b3", "multipart/mixed;boundary=b4" };
  char *const inner = malloc(cap);
  assert_non_null(inner);
  snprintf(to, cap, "<imdn/>");
  *type = types[0];
  for (unsigned i = 0; i < levels; i++) {
    snprintf(inner, cap, "%s", to);
    if (how >> i & 1) snprintf(to, cap, "--b%u\r\nContent-Type: %s\r\n\r\n%s\r\n--b%u--\r\n", i, *type, inner, i);
    else snprintf(to, cap, "From: <sip:f%u@example.com>\r\nTo: <sip:b@example.com>\r\n\r\nContent-Type: %s\r\n\r\n%s", i, *type, inner);
    *type = how >> i & 1 ? types[2 + i] : types[1];
  }
  free(inner);
  return cpm_str_z(to);
}

static void four_levels_of_any_kind_are_opened_and_a_fifth_is_told(void **state) {
  (void)state;
  char text[4096];
  for (unsigned levels = 0; levels <= CPM_IMDN_WALK_LEVELS + 1; levels++) {
    for (unsigned how = 0; how < 1u << levels; how++) {
      const char *type;
      const cpm_str body = support_guard(nest(text, sizeof text, levels, how, &type));
      cpm_imdn_walk walk;
      cpm_imdn_found found;
      cpm_diag d = { 0 };
      cpm_imdn_walk_init(&walk, cpm_str_z(type), body);
      const int rc = cpm_imdn_walk_next(&walk, &found, NULL, &d);
      assert_status(rc, levels <= CPM_IMDN_WALK_LEVELS ? CPM_OK : CPM_E_TOO_DEEP, &d);
      if (rc == CPM_OK) assert_str(found.document, "<imdn/>");
      else assert_int_equal(d.off, found.document.p - body.p);
      assert_status(cpm_imdn_walk_next(&walk, &found, NULL, &d), CPM_END, NULL);
      support_unguard(body);
    }
  }
}

/* ---- any input --------------------------------------------------------------------------------------------------------- */

static void bounded(cpm_str body, void *ctx) {
  cpm_imdn_walk walk;
  cpm_imdn_found found;
  size_t calls = 0;
  cpm_imdn_walk_init(&walk, *(const cpm_str *)ctx, body);
  for (int rc; (rc = cpm_imdn_walk_next(&walk, &found, NULL, NULL)) != CPM_END; calls++) {
    assert_true(found.document.p >= body.p && found.document.p + found.document.n <= body.p + body.n);
    assert_true(calls <= body.n);
  }
}

static void every_prefix_ends(void **state) {
  (void)state;
  char text[4096];
  for (unsigned how = 0; how < 16; how++) {
    const char *z;
    const cpm_str body = nest(text, sizeof text, 4, how, &z);
    cpm_str type = cpm_str_z(z);
    support_every_prefix(body, bounded, &type);
  }
}

/* A multipart that is cut gives what is whole, and then says that it is cut. */
static void what_is_cut_is_an_error_with_its_octets(void **state) {
  (void)state;
  const cpm_str body = S("--b\r\nContent-Type: message/imdn+xml\r\n\r\n<imdn/>\r\n--b\r\nContent-Type: message/imdn+xml\r\n\r\n<im");
  cpm_imdn_walk walk;
  cpm_imdn_found found;
  cpm_diag d = { 0 };
  cpm_imdn_walk_init(&walk, S("multipart/mixed;boundary=b"), body);
  assert_status(cpm_imdn_walk_next(&walk, &found, NULL, &d), CPM_OK, &d);
  assert_str(found.document, "<imdn/>");
  assert_status(cpm_imdn_walk_next(&walk, &found, NULL, &d), CPM_E_TRUNCATED, &d);
  assert_int_equal(d.off, body.n);
  assert_str(found.document, "Content-Type: message/imdn+xml\r\n\r\n<im");
  assert_status(cpm_imdn_walk_next(&walk, &found, NULL, &d), CPM_END, &d);
}

static void a_refused_quirk_costs_one_body(void **state) {
  (void)state;
  const cpm_opts refuse = { .refuse = CPM_QUIRKS_ALL };
  const cpm_str body = S("--b\r\nContent-Type: message/cpim\r\n\r\nFrom: sip:a@example.com\r\nTo: <sip:b@example.com>\r\n\r\n"
                         "Content-Type: message/imdn+xml\r\n\r\n<imdn/>\r\n--b\r\nContent-Type: message/imdn\r\n\r\n<x/>\r\n--b--\r\n");
  cpm_imdn_walk walk;
  cpm_imdn_found found;
  cpm_diag d = { 0 };
  cpm_imdn_walk_init(&walk, S("multipart/mixed;boundary=b"), body);
  assert_status(cpm_imdn_walk_next(&walk, &found, &refuse, &d), CPM_E_QUIRK, &d);
  assert_int_equal(d.off, 41);
  assert_status(cpm_imdn_walk_next(&walk, &found, &refuse, &d), CPM_OK, &d);
  assert_str(found.document, "<x/>");
  assert_status(cpm_imdn_walk_next(&walk, &found, &refuse, &d), CPM_END, &d);
}

static void an_absent_body_has_none(void **state) {
  (void)state;
  cpm_imdn_walk walk;
  cpm_imdn_found found;
  cpm_imdn_walk_init(&walk, cpm_str_none(), cpm_str_none());
  assert_status(cpm_imdn_walk_next(&walk, &found, NULL, NULL), CPM_END, NULL);
  cpm_imdn_walk_init(&walk, S(CPM_IMDN_TYPE), cpm_str_none());
  assert_status(cpm_imdn_walk_next(&walk, &found, NULL, NULL), CPM_OK, NULL);
  assert_str(found.document, "");
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(vectors),
    cmocka_unit_test(ten_thousand_notifications_need_no_array),
    cmocka_unit_test(four_levels_of_any_kind_are_opened_and_a_fifth_is_told),
    cmocka_unit_test(every_prefix_ends),
    cmocka_unit_test(what_is_cut_is_an_error_with_its_octets),
    cmocka_unit_test(a_refused_quirk_costs_one_body),
    cmocka_unit_test(an_absent_body_has_none),
  };
  return cmocka_run_group_tests_name("imdn_walk", tests, NULL, NULL);
}
