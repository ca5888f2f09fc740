/* SPDX-License-Identifier: MIT */
/* Parts that name each other, and parts in parts. */
#include "support.h"
#include "cpm/mime.h"
#include <string.h>

enum { PARTS = 8 };

static void put(FILE *out, const char *name, cpm_str s) {
  if (!s.p) return;
  fprintf(out, " %s \"", name);
  support_print(out, s);
  fputc('"', out);
}

static void dump_related(FILE *out, cpm_str type, cpm_str body) {
  cpm_part parts[PARTS];
  cpm_multipart m = { parts, PARTS, 0, 0 };
  cpm_related r;
  cpm_diag d = { 0 };
  cpm_multipart_decode(&m, type, body, NULL, NULL);
  const int rc = cpm_related_decode(&r, type, &m, NULL, &d);
  if (rc) {
    fprintf(out, "related: %s at %zu, %s (%s)\n", cpm_status_name(rc), d.off, d.rule, d.clause ? d.clause : "-");
    return;
  }
  fprintf(out, "related: root is part %zu", (size_t)(r.root - parts));
  put(out, "type", r.type);
  put(out, "start", r.start);
  put(out, "start-info", r.start_info);
  fputc('\n', out);
}

/* The first line is the Content-Type, the rest the body; offsets count from the body. */
static void dump(cpm_str in, FILE *out) {
  const char *const cr = memchr(in.p, '\r', in.n);
  assert_non_null(cr);
  const cpm_str type = cpm_str_of(in.p, (size_t)(cr - in.p)), body = cpm_str_of(cr + 2, in.n - type.n - 2);
  cpm_body_walk walk;
  cpm_part part;
  cpm_diag d = { 0 };
  unsigned depth = 0;
  dump_related(out, type, body);
  assert_status(cpm_body_open(&walk, type, body, NULL, &d), CPM_OK, &d);
  for (int rc; memset(&d, 0, sizeof d), (rc = cpm_body_next(&walk, &part, &depth, NULL, &d)) != CPM_END;) {
    assert_true(part.body.p >= body.p && part.body.p + part.body.n <= body.p + body.n);
    assert_int_equal(part.off, part.body.p - body.p);
    assert_true(d.off <= body.n);
    fprintf(out, "%*s%u:", (int)depth * 2, "", depth);
    if (rc) fprintf(out, " %s at %zu, %s (%s)", cpm_status_name(rc), d.off, d.rule, d.clause ? d.clause : "-");
    put(out, "type", part.content_type);
    put(out, "id", cpm_part_id(&part));
    fprintf(out, " %zu+%zu\n", part.off, part.body.n);
  }
  fputs("quirks ", out);
  support_quirks(out, walk.quirks);
  fputc('\n', out);
  assert_int_equal(cpm_body_next(&walk, &part, NULL, NULL, NULL), CPM_END);
}

static void vectors(void **state) {
  (void)state;
  support_vectors("related", dump);
}

static void cid_urls_name_parts(void **state) {
  (void)state;
  const struct { const char *url, *id; bool is; } cases[] = {
    { "cid:1@example.com", "<1@example.com>", true }, { "CID:1@example.com", "1@example.com", true }, { "cid:a%2Bb@example.com", "<a+b@example.com>", true },
    { "cid:a%2bb@example.com", " <a+b@example.com> ", true }, { "cid:A@example.com", "<a@example.com>", false }, { "cid:1@example.com", "<1@example.com.org>", false },
    { "cid:1@example.com", "<1@example.co>", false }, { "mid:1@example.com", "<1@example.com>", false }, { "cid:", "<>", false }, { "cid:%", "<%>", true },
    { "cid:%4", "<%4>", true }, { "cid:%zz", "<%zz>", true }, { "1@example.com", "<1@example.com>", false }, { "cid:<1@example.com>", "<1@example.com>", false },
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    if (cpm_cid_is(cpm_str_z(cases[i].url), cpm_str_z(cases[i].id)) != cases[i].is) fail_msg("%s and %s", cases[i].url, cases[i].id);
  assert_false(cpm_cid_is(S("cid:1"), cpm_str_none()));
  cpm_part parts[2] = { { .head = S("Content-Type: a/b\r\n") }, { .head = S("content-id:\r\n <list@example.com>\r\n") } };
  const cpm_multipart m = { parts, 2, 2, 0 };
  assert_ptr_equal(cpm_multipart_find(&m, S("cid:list@example.com")), &parts[1]);
  assert_null(cpm_multipart_find(&m, S("cid:no@example.com")));
}

static cpm_str nested(void) {
  return S("--a\r\nContent-Type: multipart/mixed;boundary=b\r\n\r\n--b\r\nContent-Type: multipart/mixed;boundary=c\r\n\r\n--c\r\n\r\nx\r\n--c--\r\n\r\n--b--\r\n\r\n--a--\r\n");
}

static void depth_is_limited(void **state) {
  (void)state;
  const struct { unsigned limit; int rc; } cases[] = { { 0, CPM_OK }, { 3, CPM_OK }, { 2, CPM_E_TOO_DEEP }, { 1, CPM_E_TOO_DEEP } };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const cpm_opts opts = { .max_depth = cases[i].limit };
    cpm_body_walk walk;
    cpm_part part;
    cpm_diag d = { 0 };
    unsigned depth = 0, deepest = 0;
    int rc, worst = CPM_OK;
    assert_status(cpm_body_open(&walk, S("multipart/mixed;boundary=a"), nested(), &opts, &d), CPM_OK, &d);
    while ((rc = cpm_body_next(&walk, &part, &depth, &opts, &d)) != CPM_END) {
      if (rc) worst = rc;
      if (depth > deepest) deepest = depth;
    }
    assert_int_equal(worst, cases[i].rc);
    assert_int_equal(deepest, cases[i].limit ? cases[i].limit : 3);
  }
}

static void prefix(cpm_str in, void *ctx) {
  cpm_body_walk walk;
  cpm_part part;
  cpm_diag d = { 0 };
  (void)ctx;
  if (cpm_body_open(&walk, S("multipart/mixed;boundary=a"), in, NULL, &d)) return;
  for (int rc; memset(&d, 0, sizeof d), (rc = cpm_body_next(&walk, &part, NULL, NULL, &d)) != CPM_END;) {
    assert_true(part.body.p >= in.p && part.body.p + part.body.n <= in.p + in.n);
    assert_true(d.off <= in.n);
  }
}

static void every_prefix_is_walked_to_its_end(void **state) {
  (void)state;
  support_every_prefix(nested(), prefix, NULL);
}

static void a_refused_quirk_deep_inside_is_an_error(void **state) {
  (void)state;
  const cpm_str body = S("--a\r\nContent-Type: multipart/mixed;boundary=b\r\n\r\npreamble\r\n--b\r\n\r\nx\r\n--b--\r\n\r\n--a--\r\n");
  const cpm_opts refuse = { .refuse = CPM_QUIRK(MULTIPART_PREAMBLE) };
  cpm_body_walk walk;
  cpm_part part;
  cpm_diag d = { 0 };
  assert_status(cpm_body_open(&walk, S("multipart/mixed;boundary=a"), body, &refuse, &d), CPM_OK, &d);
  assert_status(cpm_body_next(&walk, &part, NULL, &refuse, &d), CPM_E_QUIRK, &d);
  assert_int_equal(d.off, part.off);
  assert_int_equal(cpm_body_next(&walk, &part, NULL, &refuse, &d), CPM_END);
  assert_status(cpm_body_open(&walk, S("multipart/mixed;boundary=a"), body, NULL, &d), CPM_OK, &d);
  while (cpm_body_next(&walk, &part, NULL, NULL, &d) != CPM_END) continue;
  assert_true(walk.quirks == CPM_QUIRK(MULTIPART_PREAMBLE));
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(vectors),
    cmocka_unit_test(cid_urls_name_parts),
    cmocka_unit_test(depth_is_limited),
    cmocka_unit_test(every_prefix_is_walked_to_its_end),
    cmocka_unit_test(a_refused_quirk_deep_inside_is_an_error),
  };
  return cmocka_run_group_tests_name("related", tests, NULL, NULL);
}
