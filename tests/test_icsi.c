/* SPDX-License-Identifier: MIT */
#include "values.h"

#define ICSI "urn:urn-7:3gpp-service.ims.icsi.oma.cpm."
#define CODED "urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm."

/* ---- Accept-Contact ---------------------------------------------------------------------------------------------- */

static cpm_accept_contact last;

static int next(cpm_str *rest, const cpm_opts *opts, cpm_diag *diag) { return cpm_accept_contact_next(rest, &last, opts, diag); }
static uint64_t quirks(void) { return last.quirks; }

static void print(FILE *out, const char *base) {
  fprintf(out, "  ac-value%s%s\n", last.require ? " require" : "", last.explicit_ ? " explicit" : "");
  values_slice(out, "params", last.params, base);
  for (int id = CPM_ICSI_NONE + 1; id < CPM_ICSI_COUNT; id++)
    if (cpm_icsi_in(last.params, cpm_icsi_urn((cpm_icsi)id), NULL)) {
      const cpm_str urn = cpm_icsi_urn((cpm_icsi)id);
      fprintf(out, "  matches %.*s\n", (int)urn.n, urn.p);
    }
}

VALUES_ENCODE(write_last, last, cpm_caller_preference_encode)

static const values_kind kind = { "accept_contact", next, print, write_last, quirks, true };

static void vectors(void **state) {
  (void)state;
  values_vectors(&kind);
}

static void noise_is_read_to_its_end(void **state) {
  (void)state;
  values_noise(&kind);
  values_refuse_nul(&kind, S("*;+g.3gpp.icsi-ref=\"" CODED "msg\";require"));
}

typedef struct wanted { cpm_str icsi[3]; size_t n; bool require, explicit_; } wanted;

static int encode(char *dst, size_t cap, size_t *len, void *ctx) {
  const wanted *w = ctx;
  return cpm_accept_contact_encode(dst, cap, len, w->icsi, w->n, w->require, w->explicit_, NULL);
}

static void the_writer_codes_the_colons(void **state) {
  HOLDS("S4-7.2.1.1-1.enc O-R1");
  (void)state;
  const struct { wanted w; cpm_str text; } rows[] = {
    { { { cpm_icsi_urn(CPM_ICSI_MSG) }, 1, false, false }, S("*;+g.3gpp.icsi-ref=\"" CODED "msg\"") },
    { { { cpm_icsi_urn(CPM_ICSI_SESSION) }, 1, true, true }, S("*;+g.3gpp.icsi-ref=\"" CODED "session\";require;explicit") },
    { { { cpm_icsi_urn(CPM_ICSI_MSG), cpm_icsi_urn(CPM_ICSI_LARGEMSG_GROUP) }, 2, false, true },
      S("*;+g.3gpp.icsi-ref=\"" CODED "msg," CODED "largemsg.group\";explicit") },
    { { { S("urn:urn-7:3gpp-service.ims.icsi.mmtel") }, 1, true, false },
      S("*;+g.3gpp.icsi-ref=\"urn%3Aurn-7%3A3gpp-service.ims.icsi.mmtel\";require") },
    { { { S("") }, 0, false, false }, S("*") },
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    wanted w = rows[i].w;
    const cpm_str text = support_every_size(encode, &w);
    assert_true(cpm_str_eq(text, rows[i].text));
    cpm_str rest = text;
    const cpm_opts strict = { .refuse = CPM_QUIRKS_ALL };
    cpm_diag d = { 0 };
    assert_status(next(&rest, &strict, &d), CPM_OK, &d);
    assert_int_equal(last.require, w.require);
    assert_int_equal(last.explicit_, w.explicit_);
    for (size_t k = 0; k < w.n; k++) assert_true(cpm_icsi_in(last.params, w.icsi[k], NULL));
  }
}

static void the_writer_refuses_what_is_no_plain_urn(void **state) {
  (void)state;
  const struct { cpm_str icsi; int rc; } bad[] = {
    { S(ICSI "msg\r\nX: y"), CPM_E_INJECTION }, { S(ICSI "m\0sg"), CPM_E_INJECTION }, { S(ICSI "msg\";require"), CPM_E_VALUE },
    { S(ICSI "msg," ICSI "session"), CPM_E_VALUE }, { S(CODED "msg"), CPM_E_VALUE }, { S("!" ICSI "msg"), CPM_E_VALUE },
    { S(""), CPM_E_VALUE }, { S(ICSI " msg"), CPM_E_VALUE }, { S(ICSI "MSG"), CPM_E_VALUE },
    { S("urn:urn-7:3gpp-service.ims.icsi.cpm.msg"), CPM_E_VALUE }, { S("'" ICSI "msg"), CPM_E_VALUE },
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    const cpm_str two[] = { cpm_icsi_urn(CPM_ICSI_MSG), bad[i].icsi };
    assert_status(cpm_accept_contact_encode(NULL, 0, NULL, &bad[i].icsi, 1, false, false, NULL), bad[i].rc, NULL);
    char dst[4] = "abc";
    size_t len = 9;
    cpm_diag d = { 0 };
    assert_status(cpm_accept_contact_encode(dst, sizeof dst, &len, two, 2, true, true, &d), bad[i].rc, &d);
    assert_string_equal(dst, "abc");
  }
}

static int preference(char *dst, size_t cap, size_t *len, void *ctx) { return cpm_caller_preference_encode(dst, cap, len, ctx, NULL); }

static void every_tag_is_written_and_the_members_count(void **state) {
  (void)state;
  const struct { cpm_accept_contact in; const char *text; } rows[] = {
    { { .params = cpm_str_none() }, "*" },
    { { .params = S(";audio; +sip.x = \"<a,b>\";Require;explicit=1"), .explicit_ = true }, "*;audio;+sip.x = \"<a,b>\";explicit" },
    { { .params = S(";methods=\"INVITE\";\r\n video"), .require = true }, "*;methods=\"INVITE\";video;require" },
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    cpm_accept_contact in = rows[i].in;
    assert_true(cpm_str_eq(support_every_size(preference, &in), cpm_str_z(rows[i].text)));
  }
#define PREFERENCE(...) cpm_caller_preference_encode(dst, cap, len, &(cpm_accept_contact){ __VA_ARGS__ }, diag)
  values_refused(PREFERENCE(.params = S(";audio,*")), CPM_E_VALUE, "generic-param");
  values_refused(PREFERENCE(.params = S(";a=\"\r\nX: y\"")), CPM_E_INJECTION, "generic-param");
  values_refused(PREFERENCE(.params = S(";x;+g.3gpp.icsi-ref=a")), CPM_E_VALUE, "+g.3gpp.icsi-ref");
  values_refused(PREFERENCE(.params = S(";+g.3gpp.icsi-ref=\"urn:a\"")), CPM_E_VALUE, "+g.3gpp.icsi-ref");
#undef PREFERENCE
}

static void the_first_misprint_is_refused_with_its_offset(void **state) {
  (void)state;
  const cpm_opts refuse = { .refuse = CPM_QUIRK(SIP_ICSI) };
  const struct { cpm_str in; size_t off; } rows[] = {
    { S("*;+g.3gpp.icsi-ref=a"), 2 },
    { S(" *;x; +g.3gpp.icsi-ref=a;+g.3gpp.icsi-ref=b"), 6 },
    { S("*;require;+g.3gpp.icsi-ref=\"a\";+g.3gpp.iari-ref=a;y"), 31 },
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    cpm_str rest = rows[i].in;
    cpm_diag d = { 0 };
    assert_status(next(&rest, &refuse, &d), CPM_E_QUIRK, &d);
    assert_int_equal(d.off, rows[i].off);
  }
}

/* ---- identifiers ------------------------------------------------------------------------------------------------- */

static void every_icsi_has_its_urn(void **state) {
  (void)state;
#define CHECK(id, label) assert_str(cpm_icsi_urn(CPM_ICSI_##id), ICSI label);
  CPM_ICSIS(CHECK)
#undef CHECK
  assert_null(cpm_icsi_urn(CPM_ICSI_NONE).p);
  assert_null(cpm_icsi_urn(CPM_ICSI_COUNT).p);
}

static void an_icsi_is_itself_and_what_stands_above_it(void **state) {
  (void)state;
  for (int a = CPM_ICSI_NONE + 1; a < CPM_ICSI_COUNT; a++)
    for (int b = CPM_ICSI_NONE + 1; b < CPM_ICSI_COUNT; b++) {
      const cpm_str text = cpm_icsi_urn((cpm_icsi)a), urn = cpm_icsi_urn((cpm_icsi)b);
      const bool below = text.n >= urn.n && memcmp(text.p, urn.p, urn.n) == 0 && (text.n == urn.n || text.p[urn.n] == '.');
      uint64_t q = 0;
      assert_int_equal(cpm_icsi_is(text, (cpm_icsi)b, &q), below);
      assert_true(q == 0);
    }
  assert_false(cpm_icsi_is(S(""), CPM_ICSI_MSG, NULL));
  assert_false(cpm_icsi_is(cpm_str_none(), CPM_ICSI_MSG, NULL));
  assert_false(cpm_icsi_is(S(ICSI "msg"), CPM_ICSI_NONE, NULL));
  assert_false(cpm_icsi_is(S(".x"), CPM_ICSI_NONE, NULL));
  assert_false(cpm_icsi_is(S(""), CPM_ICSI_NONE, NULL));
}

static void identifiers_are_told_apart(void **state) {
  (void)state;
  enum { MISPRINT = 1 };
  const struct { cpm_str text; cpm_icsi icsi; int misprint; } rows[] = {
    { S(ICSI "msg"), CPM_ICSI_MSG, 0 },
    { S(CODED "msg"), CPM_ICSI_MSG, 0 },
    { S("URN:URN-7:3gpp-service.ims.icsi.oma.cpm.msg"), CPM_ICSI_MSG, 0 },
    { S("urn%3aurn-7%3a3gpp-service%2eims.icsi.oma.cpm.session%2Egroup"), CPM_ICSI_SESSION_GROUP, 0 },
    { S(ICSI "msg.group"), CPM_ICSI_MSG_GROUP, 0 },
    { S(ICSI "msg.group.x"), CPM_ICSI_MSG_GROUP, 0 },
    { S(ICSI "msg.groupx"), CPM_ICSI_MSG, 0 },
    { S(ICSI "filetransfer.http"), CPM_ICSI_FILETRANSFER, 0 },
    { S(ICSI "msgfoo"), CPM_ICSI_NONE, 0 },
    { S(ICSI "ms"), CPM_ICSI_NONE, 0 },
    { S(ICSI "msg."), CPM_ICSI_NONE, 0 },
    { S(ICSI "msg..group"), CPM_ICSI_NONE, 0 },
    { S(ICSI), CPM_ICSI_NONE, 0 },
    { S(ICSI "unknown"), CPM_ICSI_NONE, 0 },
    { S("urn:urn-7:3gpp-service.ims.icsi.mmtel"), CPM_ICSI_NONE, 0 },
    { S("urn:urn-7:3gpp-application.ims.iari.rcse.im"), CPM_ICSI_NONE, 0 },
    { S("x" ICSI "msg"), CPM_ICSI_NONE, 0 },
    { S("oma.cpm.msg"), CPM_ICSI_NONE, 0 },
    { S(CODED "msg%"), CPM_ICSI_NONE, 0 },
    { S(CODED "msg%0"), CPM_ICSI_NONE, 0 },
    { S(CODED "msg%00"), CPM_ICSI_NONE, 0 },
    { S(CODED "msg%3"), CPM_ICSI_NONE, 0 },
    { S("%55%52%4e:urn-7:3gpp%2Dservice.%69ms.icsi.%6Fma.c%70m%2emsg"), CPM_ICSI_MSG, 0 },
    { S("urn:urn-7:3gpp%2dservice.ims.icsi.%6fma.cpm.%64eferred"), CPM_ICSI_DEFERRED, 0 },
    { S(CODED "msg%1Ugroup"), CPM_ICSI_NONE, 0 },
    /* misprints (ruling O-R1) */
    { S("urn:urn-7:3GPP-SERVICE.ims.icsi.oma.cpm.msg"), CPM_ICSI_MSG, MISPRINT },
    { S(ICSI "Session"), CPM_ICSI_SESSION, MISPRINT },
    { S("urn%3Aurn-7%3A3gppservice.ims.icsi.oma.cpm.msg"), CPM_ICSI_MSG, MISPRINT },
    { S("urn:urn7:3gpp-service.ims.icsi.oma.cpm.msg"), CPM_ICSI_MSG, MISPRINT },
    { S("urn:urn-7:3gpp-service.ims.icsi.cpm.session"), CPM_ICSI_SESSION, MISPRINT },
    { S("urn:urn-7:3gpp-service.ims.icsi.oma.oma.cpm.session"), CPM_ICSI_SESSION, MISPRINT },
    { S("urn:urn-7:3gpp-service.ims.urn:urn-7:3gpp-service.ims.icsi.oma.cpm.session"), CPM_ICSI_SESSION, MISPRINT },
    { S("urn:urn-7:3gpp-service.ims.\xe2\x80\x98urn:urn-7:3gpp-service.ims.icsi.cpm.session\xe2\x80\x99"), CPM_ICSI_SESSION, MISPRINT },
    { S("3gpp-service.ims.icsi.oma.cpm.deferred"), CPM_ICSI_DEFERRED, MISPRINT },
    { S("\xe2\x80\x9c" ICSI "filetransfer.group\xe2\x80\x9d"), CPM_ICSI_FILETRANSFER_GROUP, MISPRINT },
    { S("\xe2\x80\x97" ICSI "msg"), CPM_ICSI_NONE, 0 },
    { S(ICSI "msg\xe2\x80\x9e"), CPM_ICSI_NONE, 0 },
    { S(ICSI "msg\xe2\x80"), CPM_ICSI_NONE, 0 },
    { S("\"" ICSI "systemmsg\""), CPM_ICSI_SYSTEMMSG, MISPRINT },
    { S("'" ICSI "largemsg' "), CPM_ICSI_LARGEMSG, MISPRINT },
    { S(" " ICSI "largemsg.group"), CPM_ICSI_LARGEMSG_GROUP, MISPRINT },
    { S("<" ICSI "msg>"), CPM_ICSI_MSG, MISPRINT },
    { S(ICSI " session\r\n .group"), CPM_ICSI_SESSION_GROUP, MISPRINT },
    { S("\\\"" ICSI "msg\\\""), CPM_ICSI_MSG, MISPRINT },
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    const cpm_str text = support_guard(rows[i].text);
    uint64_t q = 0;
    const cpm_icsi got = cpm_icsi_of(text, &q);
    if (got != rows[i].icsi) print_error("row %zu\n", i);
    assert_int_equal(got, rows[i].icsi);
    assert_true(q == (rows[i].misprint ? CPM_QUIRK(SIP_ICSI) : 0));
    assert_int_equal(cpm_icsi_of(text, NULL), got);
    q = 0;
    assert_int_equal(cpm_icsi_is(text, got, &q), got != CPM_ICSI_NONE);
    assert_true(q == (rows[i].misprint ? CPM_QUIRK(SIP_ICSI) : 0));
    support_unguard(text);
  }
}

/* ---- the feature tag --------------------------------------------------------------------------------------------- */

static void values_are_or_and_an_exclamation_mark_negates(void **state) {
  (void)state;
  enum { MISPRINT = 1 };
  const struct { const char *params; cpm_icsi icsi; bool in; int misprint; } rows[] = {
    { ";+g.3gpp.icsi-ref=\"" CODED "msg\"", CPM_ICSI_MSG, true, 0 },
    { ";+G.3GPP.ICSI-REF=\"" CODED "msg\"", CPM_ICSI_MSG, true, 0 },
    { ";+g.3gpp.icsi-ref=\"" CODED "msg\"", CPM_ICSI_LARGEMSG, false, 0 },
    { ";+g.3gpp.icsi-ref=\"" CODED "session.group\"", CPM_ICSI_SESSION, true, 0 },
    { ";+g.3gpp.icsi-ref=\"" CODED "session\"", CPM_ICSI_SESSION_GROUP, false, 0 },
    { ";+g.3gpp.icsi-ref=\"" CODED "msg," CODED "largemsg\"", CPM_ICSI_LARGEMSG, true, 0 },
    { ";+g.3gpp.icsi-ref=\"" CODED "msg\";x;+g.3gpp.icsi-ref=\"" CODED "largemsg\"", CPM_ICSI_LARGEMSG, true, 0 },
    { ";+g.3gpp.icsi-ref=\"!" CODED "msg\"", CPM_ICSI_MSG, false, 0 },
    { ";+g.3gpp.icsi-ref=\"!" CODED "msg\"", CPM_ICSI_SESSION, true, 0 },
    { ";+g.3gpp.icsi-ref=\"!" CODED "msg.group\"", CPM_ICSI_MSG_GROUP, false, 0 },
    { ";+g.3gpp.icsi-ref=\"!" CODED "msg\"", CPM_ICSI_MSG_GROUP, false, 0 },
    { ";+g.3gpp.icsi-ref=\"!" CODED "msg.group\"", CPM_ICSI_MSG, true, 0 },
    { ";+g.3gpp.icsi-ref=\"!" CODED "Msg\"", CPM_ICSI_MSG, false, MISPRINT },
    { ";+g.3gpp.icsi-ref=\"!" CODED "msg," CODED "msg\"", CPM_ICSI_MSG, true, 0 },
    { ";+g.3gpp.icsi-ref=\"," CODED "msg,,\"", CPM_ICSI_MSG, true, 0 },
    { ";+g.3gpp.icsi-ref=\"\"", CPM_ICSI_MSG, false, 0 },
    { ";+g.3gpp.icsi-ref=\"!\"", CPM_ICSI_MSG, false, 0 },
    { ";+g.3gpp.icsi-ref", CPM_ICSI_MSG, false, 0 },
    { ";+g.3gpp.iari-ref=\"" CODED "msg\"", CPM_ICSI_MSG, false, 0 },
    { ";g.3gpp.icsi-ref=\"" CODED "msg\"", CPM_ICSI_MSG, false, 0 },
    { "", CPM_ICSI_MSG, false, 0 },
    { ";+g.3gpp.icsi-ref=" CODED "msg", CPM_ICSI_MSG, true, MISPRINT },
    { ";+g.3gpp.icsi-ref=\"" ICSI "msg\"", CPM_ICSI_MSG, true, MISPRINT },
    { ";+g.3gpp.icsi-ref=\"" ICSI "msg\"", CPM_ICSI_SESSION, false, 0 },
    { ";+g.3gpp.icsi-ref=\"" CODED "session, " CODED "msg\"", CPM_ICSI_MSG, true, MISPRINT },
    { ";+g.3gpp.icsi-ref=\"urn%3Aurn-7%3A3gppservice.ims.icsi.oma.cpm.msg\"", CPM_ICSI_MSG, true, MISPRINT },
    { ";+g.3gpp.icsi-ref=\"URN%3AURN-7%3A3GPP-SERVICE.IMS.ICSI.OMA.CPM.MSG\"", CPM_ICSI_MSG, true, MISPRINT },
    { ";+g.3gpp.icsi-ref=\"\\\"" CODED "msg\\\"\"", CPM_ICSI_MSG, true, MISPRINT },
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    const cpm_str params = support_guard(cpm_str_z(rows[i].params));
    uint64_t q = 0;
    const bool in = cpm_icsi_in(params, cpm_icsi_urn(rows[i].icsi), &q);
    if (in != rows[i].in || (q != 0) != rows[i].misprint) print_error("row %zu\n", i);
    assert_int_equal(in, rows[i].in);
    assert_true(q == (rows[i].misprint ? CPM_QUIRK(SIP_ICSI) : 0));
    assert_int_equal(cpm_icsi_in(params, cpm_icsi_urn(rows[i].icsi), NULL), in);
    support_unguard(params);
  }
  assert_false(cpm_icsi_in(cpm_str_none(), cpm_icsi_urn(CPM_ICSI_MSG), NULL));
  assert_false(cpm_icsi_in(S(";+g.3gpp.icsi-ref=\"" CODED "msg\""), cpm_str_none(), NULL));
}

static void services_of_others_are_compared_by_labels_too(void **state) {
  (void)state;
  const cpm_str params = S(";+g.3gpp.icsi-ref=\"urn%3Aurn-7%3A3gpp-service.ims.icsi.mmtel.video\"");
  uint64_t q = 0;
  assert_true(cpm_icsi_in(params, S("urn:urn-7:3gpp-service.ims.icsi.mmtel"), &q));
  assert_true(cpm_icsi_in(params, S("URN:urn-7:3gpp-service.ims.icsi.MMTEL.video"), &q));
  assert_false(cpm_icsi_in(params, S("urn:urn-7:3gpp-service.ims.icsi.mm"), &q));
  assert_false(cpm_icsi_in(params, S("urn:urn-7:3gpp-service.ims.icsi.mmtel.video.x"), &q));
  assert_true(cpm_icsi_in(S(";+g.3gpp.icsi-ref=\"urn%3AZOO.az\""), S("urn:zoo.AZ"), &q));
  assert_true(q == 0);
  assert_true(cpm_icsi_in(S(";+g.3gpp.icsi-ref=\" urn%3Azoo\""), S("urn:zoo"), &q));
  assert_true(q == CPM_QUIRK(SIP_ICSI));
}

static void the_tag_is_a_list(void **state) {
  (void)state;
  cpm_str rest = S(" a%3Ab ,!c, ! d,,!,e"), urn;
  bool negated;
  assert_int_equal(cpm_icsi_next(&rest, &urn, &negated), CPM_OK);
  assert_str(urn, "a%3Ab");
  assert_false(negated);
  assert_int_equal(cpm_icsi_next(&rest, &urn, &negated), CPM_OK);
  assert_str(urn, "c");
  assert_true(negated);
  assert_int_equal(cpm_icsi_next(&rest, &urn, &negated), CPM_OK);
  assert_str(urn, "d");
  assert_true(negated);
  assert_int_equal(cpm_icsi_next(&rest, &urn, &negated), CPM_OK);
  assert_str(urn, "e");
  assert_false(negated);
  assert_int_equal(cpm_icsi_next(&rest, &urn, &negated), CPM_END);
}

static void one_prefix(cpm_str in, void *ctx) {
  (void)ctx;
  cpm_str rest = in, urn;
  bool negated;
  uint64_t q = 0;
  (void)cpm_icsi_of(in, &q);
  (void)cpm_icsi_in(in, cpm_icsi_urn(CPM_ICSI_MSG), &q);
  while (cpm_icsi_next(&rest, &urn, &negated) == CPM_OK) assert_true(urn.n);
}

static void prefixes_are_read_to_their_end(void **state) {
  (void)state;
  support_every_prefix(S("\xe2\x80\x98urn%3Aurn-7%3A3gppservice.ims.urn:urn-7:3gpp-service.ims.icsi.oma.oma.cpm.msg\xe2\x80\x99%4"),
                       one_prefix, NULL);
  support_every_prefix(S(";+g.3gpp.icsi-ref=\"!" CODED "msg, \xe2\x80\x98" CODED "x%\""), one_prefix, NULL);
}

/* Parts that a misprint may repeat, repeated: slow only if each is read again for the next. */
static void long_misprints_are_read_in_one_go(void **state) {
  (void)state;
  static const char *const parts[] = { "urn:urn-7:", "3gpp-service.ims.", "urn:urn-7:3gpp-service.ims.icsi.oma.", " ",
                                       "\xe2\x80\x98", "!,", "a,", "%20" };
  enum { N = 1 << 18 };
  char *text = malloc(N);
  assert_non_null(text);
  for (size_t k = 0; k < sizeof parts / sizeof *parts; k++) {
    for (size_t i = 0, n = strlen(parts[k]); i < N; i++) text[i] = parts[k][i % n];
    one_prefix(cpm_str_of(text, N), NULL);
  }
  free(text);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(vectors),
    cmocka_unit_test(noise_is_read_to_its_end),
    cmocka_unit_test(every_tag_is_written_and_the_members_count),
    cmocka_unit_test(the_first_misprint_is_refused_with_its_offset),
    cmocka_unit_test(the_writer_codes_the_colons),
    cmocka_unit_test(the_writer_refuses_what_is_no_plain_urn),
    cmocka_unit_test(every_icsi_has_its_urn),
    cmocka_unit_test(an_icsi_is_itself_and_what_stands_above_it),
    cmocka_unit_test(identifiers_are_told_apart),
    cmocka_unit_test(values_are_or_and_an_exclamation_mark_negates),
    cmocka_unit_test(services_of_others_are_compared_by_labels_too),
    cmocka_unit_test(the_tag_is_a_list),
    cmocka_unit_test(prefixes_are_read_to_their_end),
    cmocka_unit_test(long_misprints_are_read_in_one_go),
  };
  return cmocka_run_group_tests_name("icsi", tests, NULL, NULL);
}
