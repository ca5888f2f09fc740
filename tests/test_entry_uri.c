/* SPDX-License-Identifier: MIT */
#include "support.h"
#include "cpm/resource_lists.h"
#include "cpm/uri.h"
#include <stdlib.h>
#include <string.h>

static const char *const actions[] = { "-", "deliver", "delete", "interwork", "store", "another" };

static void put(FILE *out, const char *name, cpm_str s) {
  if (!s.p) return;
  fprintf(out, " %s \"", name);
  support_print(out, s);
  fputc('"', out);
}

static void line(cpm_str in, unsigned number, void *ctx) {
  FILE *const out = ctx;
  char text[512];
  cpm_entry_uri e;
  cpm_diag d = { 0 };
  const int rc = cpm_entry_uri_decode(&e, text, sizeof text, in, &d);
  assert_int_equal(d.code, rc);
  assert_true(d.off <= in.n);
  fprintf(out, "%u:", number);
  if (rc) {
    fprintf(out, " %s at %zu, %s (%s)\n", cpm_status_name(rc), d.off, d.rule, d.clause ? d.clause : "-");
    return;
  }
  put(out, "uri", e.uri);
  put(out, "method", e.method);
  if (e.action) fprintf(out, " action %s", actions[e.action]);
  put(out, "session-replaces", e.session_replaces);
  if (e.others) fprintf(out, " others %zu", e.others);
  fputc('\n', out);
}

static void dump(cpm_str in, FILE *out) { support_every_line(in, line, out); }

static void vectors(void **state) {
  (void)state;
  HOLDS("S0-7.2.6.2-sel.c.1.s2 S0-7.2.6.2-sel.c.2 S0-7.2.6.2-sel.c.3 S0-7.2.6.2-sel.c.4");
  support_vectors("entry_uri", dump);
}

static void prefix(cpm_str in, void *ctx) {
  char text[64];
  cpm_entry_uri e;
  cpm_diag d = { 0 };
  (void)ctx;
  const int rc = cpm_entry_uri_decode(&e, text, sizeof text, in, &d);
  assert_int_equal(d.code, rc);
  assert_true(d.off <= in.n);
}

static void every_prefix_is_read_to_its_end(void **state) {
  (void)state;
  support_every_prefix(S("sip:a@example.com;method=INVITE?cpm_action=%73tore&Session-Replaces=a%2Fb%40c&x=y"), prefix, NULL);
}

static void too_little_room_says_how_much(void **state) {
  (void)state;
  const cpm_str in = S("sip:a@example.com?Session-Replaces=a%2Fb");
  char text[3];
  for (size_t cap = 0; cap <= 3; cap++) {
    cpm_entry_uri e;
    cpm_diag d = { 0 };
    assert_status(cpm_entry_uri_decode(&e, cap ? text : NULL, cap, in, &d), cap < 3 ? CPM_E_SPACE : CPM_OK, &d);
    assert_int_equal(d.need, cap < 3 ? 3 : 0);
  }
}

static int encode(char *dst, size_t cap, size_t *len, void *ctx) { return cpm_entry_uri_encode(dst, cap, len, ctx, NULL); }

static void what_is_written_is_read_back(void **state) {
  (void)state;
  const cpm_entry_uri entries[] = {
    { .uri = S("sip:bob@example.com") },
    { .uri = S("sip:bob@example.com"), .method = S("INVITE"), .session_replaces = S("a/b@c&d=e%20\"<>\\^`{|}#,;") },
    { .uri = S("imap://store.example.com/CPM;uid=20"), .action = CPM_ACTION_DELIVER },
    { .uri = S("sips:1@example.com;user=phone"), .action = CPM_ACTION_STORE, .session_replaces = S("x") },
  };
  for (size_t i = 0; i < sizeof entries / sizeof *entries; i++) {
    cpm_entry_uri in = entries[i], e;
    char text[128], kept[256];
    cpm_diag d = { 0 };
    cpm_uri u;
    const cpm_str written = support_every_size(encode, &in);
    assert_true(written.n <= sizeof kept);
    memcpy(kept, written.p, written.n);
    const cpm_str uri = cpm_str_of(kept, written.n);
    assert_status(cpm_uri_decode(&u, uri, NULL, &d), CPM_OK, &d);
    assert_status(cpm_entry_uri_decode(&e, text, sizeof text, uri, &d), CPM_OK, &d);
    assert_true(cpm_str_eq(e.session_replaces, in.session_replaces) && e.action == in.action && e.others == 0);
    assert_true(cpm_str_eq(e.method, in.method));
  }
}

/* A reader leaves the method in the URI: a host may change the action of what it read, and write it. */
static void what_was_read_is_written(void **state) {
  (void)state;
  static const char *const same[] = {
    "sip:bob@example.com;method=INVITE?Session-Replaces=ab-cd", "sip:bob@example.com;user=phone;method=%49NVITE;x=y",
    "sip:bob?x@example.com;method=INVITE?cpm_action=store&Session-Replaces=x", "sip:b?ob@example.com", "sip:bob@example.com;method",
  };
  for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
    cpm_entry_uri e;
    char text[128], out[256];
    size_t n = 0;
    cpm_diag d = { 0 };
    assert_status(cpm_entry_uri_decode(&e, text, sizeof text, cpm_str_z(same[i]), &d), CPM_OK, &d);
    assert_status(cpm_entry_uri_encode(out, sizeof out, &n, &e, &d), CPM_OK, &d);
    assert_true(cpm_str_eq(cpm_str_of(out, n), cpm_str_z(same[i])));
  }
}

static void what_is_no_entry_is_not_written(void **state) {
  (void)state;
  const struct { cpm_entry_uri in; int rc; } cases[] = {
    { { .uri = cpm_str_none() }, CPM_E_VALUE }, { { .uri = S("bob") }, CPM_E_VALUE }, { { .uri = S("sip:a@example.com?x=y") }, CPM_E_VALUE },
    { { .uri = S("sip:a@example.com\r\n") }, CPM_E_INJECTION }, { { .uri = S("sip:a@example.com"), .session_replaces = S("a\nb") }, CPM_E_INJECTION },
    { { .uri = S("sip:a@example.com"), .session_replaces = S("") }, CPM_E_VALUE }, { { .uri = S("sip:a@example.com"), .session_replaces = S("a b") }, CPM_E_VALUE },
    { { .uri = S("sip:a@example.com;method=BYE"), .method = S("INVITE") }, CPM_E_VALUE }, { { .uri = S("sip:a@example.com"), .method = S("a b") }, CPM_E_VALUE },
    { { .uri = S("tel:+12025550101"), .method = S("INVITE") }, CPM_E_VALUE }, { { .uri = S("tel:+12025550101"), .action = CPM_ACTION_STORE }, CPM_E_VALUE },
    { { .uri = S("sip:a@example.com"), .action = CPM_ACTION_UNKNOWN }, CPM_E_VALUE }, { { .uri = S("sip:a@example.com"), .action = (cpm_action)99 }, CPM_E_VALUE },
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    size_t n = 0;
    cpm_diag d = { 0 };
    assert_status(cpm_entry_uri_encode(NULL, 0, &n, &cases[i].in, &d), cases[i].rc, &d);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(vectors),
    cmocka_unit_test(every_prefix_is_read_to_its_end),
    cmocka_unit_test(too_little_room_says_how_much),
    cmocka_unit_test(what_is_written_is_read_back),
    cmocka_unit_test(what_was_read_is_written),
    cmocka_unit_test(what_is_no_entry_is_not_written),
  };
  return cmocka_run_group_tests_name("entry_uri", tests, NULL, NULL);
}
