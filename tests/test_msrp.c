/* SPDX-License-Identifier: MIT */
#include "support.h"
#include "cpm/mime.h"
#include "cpm/msrp.h"
#include <stdlib.h>
#include <string.h>

enum { FIELDS = 24 };

#define A "msrp://alice.example.com:7394/2s93i93idj;tcp"
#define B "msrp://bob.example.com:8493/si438dsaodes;tcp"
#define PATHS "To-Path: " B "\r\nFrom-Path: " A "\r\n"

/* ---- vectors: a file is what came on a connection ------------------------------------------------------------------------ */

static void dump_text(FILE *out, const char *name, cpm_str s, const char *base, size_t at) {
  if (!s.p) return;
  fprintf(out, "  %s %zu \"", name, at + (size_t)(s.p - base));
  support_print(out, s);
  fputs("\"\n", out);
}

static void dump_range_end(FILE *out, uint64_t n) {
  if (n == CPM_MSRP_ANY) fputc('*', out);
  else fprintf(out, "%llu", (unsigned long long)n);
}

static void dump_range(FILE *out, const cpm_msrp_range *r) {
  fprintf(out, "%llu-", (unsigned long long)r->start);
  dump_range_end(out, r->end);
  fputc('/', out);
  dump_range_end(out, r->total);
}

static void dump_quirks(FILE *out, uint64_t quirks) {
  if (!quirks) return;
  fputs(" quirks ", out);
  support_quirks(out, quirks);
}

static void dump_message(FILE *out, const cpm_msrp *m, const char *base, size_t at) {
  static const char *const failure[] = { "yes", "no", "partial" };
  fprintf(out, "  %zu octets", m->size);
  dump_quirks(out, m->quirks);
  fputc('\n', out);
  if (m->status) fprintf(out, "  status %u\n", m->status);
  dump_text(out, "transaction", m->transaction_id, base, at);
  dump_text(out, m->method ? "method" : "unknown method", m->method_name, base, at);
  dump_text(out, "comment", m->comment, base, at);
  for (size_t i = 0; i < m->nfields; i++) {
    const cpm_msrp_field *const f = &m->fields[i];
    fprintf(out, "  %zu %s%.*s %zu \"", at + (size_t)(f->name.p - base), f->id ? "" : "- ", (int)f->name.n, f->name.p,
            at + (size_t)(f->value.p - base));
    support_print(out, f->value);
    fputs("\"\n", out);
  }
  if (m->has_range) {
    fputs("  range ", out);
    dump_range(out, &m->range);
    fputc('\n', out);
  }
  if (m->success_report || m->failure_report) fprintf(out, "  success %s, failure %s\n", m->success_report ? "yes" : "no", failure[m->failure_report]);
  if (m->report_status) fprintf(out, "  report %03u %03u\n", m->report_namespace, m->report_status);
  if (m->report_comment.p) dump_text(out, "report comment", m->report_comment, base, at);
}

static void dump_head(FILE *out, cpm_str head, size_t at) {
  cpm_msrp_field fields[FIELDS];
  cpm_msrp m = { .fields = fields, .cap = FIELDS };
  cpm_diag d = { 0 };
  const int rc = cpm_msrp_decode(&m, head, NULL, &d);
  if (rc) fprintf(out, "  %s at %zu, %s (%s), answer %u\n", cpm_status_name(rc), at + d.off, d.rule, d.clause ? d.clause : "-", cpm_msrp_refusal(&m, rc));
  dump_message(out, &m, head.p, at);
  if (rc == CPM_OK && cpm_msrp_refusal(&m, rc)) fprintf(out, "  answer %u\n", cpm_msrp_refusal(&m, rc));
}

static void dump(cpm_str in, FILE *out) {
  char buffer[4096];
  cpm_msrp_reader r = CPM_MSRP_READER(buffer);
  cpm_msrp_event e;
  cpm_diag d = { 0 };
  cpm_str rest = in;
  int rc;
  while ((rc = cpm_msrp_read(&r, &rest, &e, NULL, &d)) == CPM_OK) {
    const size_t at = (size_t)(rest.p - in.p);
    if (e.kind == CPM_MSRP_HEAD) {
      fprintf(out, "%zu HEAD", at - e.text.n);
      dump_quirks(out, e.quirks);
      fputc('\n', out);
      dump_head(out, e.text, at - e.text.n);
    } else if (e.kind == CPM_MSRP_BODY) {
      fprintf(out, "%zu BODY \"", at - e.text.n);
      support_print(out, e.text);
      fputs("\"\n", out);
    } else {
      fprintf(out, "%zu END %c %llu octets", at, e.flag, (unsigned long long)e.size);
      dump_quirks(out, e.quirks);
      fputc('\n', out);
    }
  }
  fprintf(out, "%zu %s", (size_t)(rest.p - in.p), cpm_status_name(rc));
  if (rc != CPM_E_MORE) fprintf(out, " at %zu of its frame, %s", d.off, d.rule);
  fputc('\n', out);
}

static void vectors(void **state) {
  (void)state;
  support_vectors("msrp", dump);
}

static void dump_uri_line(cpm_str line, unsigned number, void *ctx) {
  FILE *const out = ctx;
  cpm_msrp_uri u;
  cpm_diag d = { 0 };
  const int rc = cpm_msrp_uri_decode(&u, line, NULL, &d);
  if (rc) {
    fprintf(out, "%u: %s at %zu, %s\n", number, cpm_status_name(rc), d.off, d.rule);
    return;
  }
  fprintf(out, "%u: %s", number, u.secure ? "msrps" : "msrp");
  const struct { const char *name; cpm_str s; } parts[] = { { "user", u.userinfo }, { u.host_is_ipv6 ? "ipv6" : "host", u.host },
    { "session", u.session_id }, { "transport", u.transport }, { "params", u.params } };
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
    if (parts[i].s.p) fprintf(out, " %s %zu \"%.*s\"", parts[i].name, (size_t)(parts[i].s.p - line.p), (int)parts[i].s.n, parts[i].s.p);
  if (u.has_port) fprintf(out, " port %u", u.port);
  fputc('\n', out);
  assert_true(cpm_str_eq(u.text, line));
}

static void dump_uris(cpm_str in, FILE *out) { support_every_line(in, dump_uri_line, out); }

static void uri_vectors(void **state) {
  (void)state;
  support_vectors("msrp_uri", dump_uris);
}

/* "range 1-5/8": which decoder, and the value. */
/* The fields of AUTH are those of SIP: a challenge or credentials, or the list alone. */
static int dump_auth(FILE *out, cpm_str value, bool info, cpm_diag *d) {
  cpm_auth a = { { NULL, 0 }, { NULL, 0 } };
  cpm_param p;
  const int rc = info ? cpm_auth_info_decode(&a.params, value, NULL, d) : cpm_auth_decode(&a, value, NULL, d);
  if (rc) return rc;
  fprintf(out, "scheme \"%.*s\"", (int)a.scheme.n, a.scheme.n ? a.scheme.p : "");
  while (cpm_auth_param_next(&a.params, &p, NULL) == CPM_OK)
    fprintf(out, " %.*s=%s%.*s%s", (int)p.name.n, p.name.p, p.quoted ? "\"" : "", (int)p.value.n, p.value.p, p.quoted ? "\"" : "");
  return rc;
}

static int dump_value(FILE *out, cpm_str kind, cpm_str value, cpm_diag *d) {
  int rc = CPM_E_ARG;
  if (cpm_str_eq(kind, S("range"))) {
    cpm_msrp_range r = { 0 };
    uint64_t quirks = 0;
    if ((rc = cpm_msrp_range_decode(&r, value, NULL, &quirks, d)) == CPM_OK) dump_range(out, &r);
    dump_quirks(out, quirks);
  } else if (cpm_str_eq(kind, S("expires"))) {
    uint32_t seconds = 0;
    if ((rc = cpm_msrp_expires_decode(&seconds, value, d)) == CPM_OK) fprintf(out, "%u", seconds);
  } else if (cpm_str_eq(kind, S("nickname"))) {
    cpm_str name;
    if ((rc = cpm_msrp_nickname_decode(&name, value, d)) == CPM_OK) fprintf(out, "%zu+%zu", (size_t)(name.p - value.p), name.n);
  } else if (cpm_str_eq(kind, S("auth")) || cpm_str_eq(kind, S("info"))) {
    rc = dump_auth(out, value, cpm_str_eq(kind, S("info")), d);
  }
  return rc;
}

static void dump_value_line(cpm_str line, unsigned number, void *ctx) {
  FILE *const out = ctx;
  cpm_diag d = { 0 };
  const char *sp = line.n ? memchr(line.p, ' ', line.n) : NULL;
  assert_non_null(sp);
  fprintf(out, "%u: ", number);
  const int rc = dump_value(out, cpm_str_of(line.p, (size_t)(sp - line.p)), cpm_str_of(sp + 1, (size_t)(line.p + line.n - sp - 1)), &d);
  if (rc) fprintf(out, "%s at %zu, %s", cpm_status_name(rc), d.off, d.rule);
  fputc('\n', out);
}

static void dump_values(cpm_str in, FILE *out) { support_every_line(in, dump_value_line, out); }

static void value_vectors(void **state) {
  (void)state;
  support_vectors("msrp_value", dump_values);
}

/* ---- heads ------------------------------------------------------------------------------------------------------------------ */

static int decode(cpm_str in, const cpm_opts *opts, cpm_msrp *m, cpm_diag *d) {
  static cpm_msrp_field fields[FIELDS];
  const cpm_msrp room = { .fields = fields, .cap = FIELDS };
  *m = room;
  return cpm_msrp_decode(m, in, opts, d);
}

static const char send[] =
  "MSRP dkei38sd SEND\r\n" PATHS "Message-ID: 4564dpWd\r\nSuccess-Report: yes\r\nFailure-Report: partial\r\nByte-Range: 1-*/8\r\n"
  "Content-ID: <1@example.com>\r\nX-Other: y\r\nContent-Type: text/plain\r\n\r\n";

static void use_prefix(cpm_str prefix, void *ctx) {
  cpm_msrp m;
  cpm_diag d = { 0 };
  const int rc = decode(prefix, NULL, &m, &d);
  if (prefix.n == *(const size_t *)ctx) {
    assert_status(rc, CPM_OK, &d);
  } else {
    assert_true(rc < 0);
    assert_true(d.off <= prefix.n);
  }
}

static void every_prefix_of_a_head_is_refused(void **state) {
  (void)state;
  static const char report[] = "MSRP dkei38sd REPORT\r\n" PATHS "Message-ID: 4564dpWd\r\nByte-Range: 1-8/8\r\nStatus: 000 200 OK\r\n-------dkei38sd$\r\n";
  const cpm_str heads[] = { S(send), S(report), S("MSRP dkei38sd 200 OK\r\n" PATHS "-------dkei38sd$\r\n") };
  for (size_t i = 0; i < 3; i++) support_every_prefix(heads[i], use_prefix, (void *)(uintptr_t)&heads[i].n);
}

static void a_refused_quirk_is_an_error(void **state) {
  (void)state;
  const struct { uint64_t bit; cpm_str in; size_t off; } rows[] = {
    { CPM_QUIRK(MSRP_SPACING),      S("MSRP  abcd AUTH\r\n" PATHS "-------abcd$\r\n"),                                          0 },
    { CPM_QUIRK(MSRP_SPACING),      S("MSRP abcd AUTH \r\n" PATHS "-------abcd$\r\n"),                                          0 },
    { CPM_QUIRK(MSRP_SPACING),      S("MSRP abcd AUTH\r\nTo-Path:" A "\r\nFrom-Path: " A "\r\n-------abcd$\r\n"),              24 },
    { CPM_QUIRK(MSRP_SPACING),      S("MSRP abcd AUTH\r\nTo-Path: " A "  " B "\r\nFrom-Path: " A "\r\n-------abcd$\r\n"),      69 },
    { CPM_QUIRK(MSRP_SPACING),      S("MSRP abcd AUTH\r\n" PATHS "X:\ty\r\n-------abcd$\r\n"),                                  130 },
    { CPM_QUIRK(MSRP_SPACING),      S("MSRP abcd AUTH\r\n" PATHS "X:\r\n-------abcd$\r\n"),                                     130 },
    { CPM_QUIRK(MSRP_NAME_CASE),    S("MSRP abcd AUTH\r\nto-path: " A "\r\nFrom-Path: " A "\r\n-------abcd$\r\n"),             16 },
    { CPM_QUIRK(MSRP_METHOD),       S("MSRP abcd FILE_OFFSET\r\n" PATHS "-------abcd$\r\n"),                                   10 },
    { CPM_QUIRK(MSRP_RANGE_EMPTY),  S("MSRP abcd AUTH\r\nTo-Path: " A "\r\nFrom-Path: " A "\r\nByte-Range: 1-0/9\r\n-------abcd$\r\n"), 140 },
    { CPM_QUIRK(MSRP_SPACING),      S("MSRP abcd AUTH\r\n" PATHS "Status: 000  413\r\n-------abcd$\r\n"),                          136 },
    { CPM_QUIRK(MSRP_STATUS_TWICE), S("MSRP abcd AUTH\r\nTo-Path: " A "\r\nFrom-Path: " A "\r\nStatus: 000 413 413\r\n-------abcd$\r\n"), 144 },
    { CPM_QUIRK(MSRP_NO_RANGE),     S("MSRP abcd SEND\r\n" PATHS "Message-ID: 1234\r\nContent-Type: a/b\r\n\r\n"),            167 },
    { CPM_QUIRK(MSRP_TYPE),         S("MSRP abcd SEND\r\n" PATHS "Message-ID: 1234\r\nByte-Range: 1-2/2\r\n\r\n"),            167 },
    { CPM_QUIRK(MSRP_TYPE),         S("MSRP abcd AUTH\r\n" PATHS "Content-Type: a/b\r\nX: y\r\n\r\n"),                        147 },
    { CPM_QUIRK(UTF8_INVALID),      S("MSRP abcd 200 \xff\r\n" PATHS "-------abcd$\r\n"),                                      14 },
    { CPM_QUIRK(UTF8_INVALID),      S("MSRP abcd AUTH\r\n" PATHS "X: \xff\r\n-------abcd$\r\n"),                              131 },
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    const cpm_opts strict = { .refuse = rows[i].bit };
    cpm_msrp m;
    cpm_diag d = { 0 };
    if (decode(rows[i].in, NULL, &m, &d) != CPM_OK || m.quirks != rows[i].bit) fail_msg("row %zu: %s, quirks %llx", i, d.rule, (unsigned long long)m.quirks);
    if (decode(rows[i].in, &strict, &m, &d) != CPM_E_QUIRK || d.off != rows[i].off) fail_msg("row %zu: refused at %zu", i, d.off);
  }
}

static void what_was_read_before_an_error_can_be_answered(void **state) {
  (void)state;
  cpm_msrp m;
  cpm_diag d = { 0 };
  assert_status(decode(S("MSRP abcd SEND\r\n" PATHS "Byte-Range: x\r\n\r\n"), NULL, &m, &d), CPM_E_SYNTAX, &d);
  assert_str(m.transaction_id, "abcd");
  assert_str(m.from_path, A);
  assert_int_equal(cpm_msrp_refusal(&m, CPM_E_SYNTAX), 400);
  assert_int_equal(decode(S("MSRP abcd SEND\r\nTo-Path: x\r\n"), NULL, &m, &d), CPM_E_SYNTAX);
  assert_int_equal(cpm_msrp_refusal(&m, CPM_E_SYNTAX), 0);
  assert_int_equal(decode(S("MSRP abcd REPORT\r\n" PATHS "-------abcd$\r\n"), NULL, &m, &d), CPM_E_MISSING);
  assert_int_equal(cpm_msrp_refusal(&m, CPM_E_MISSING), 0);
  assert_int_equal(decode(S("MSRP abcd 200\r\n" PATHS "-------abce$\r\n"), NULL, &m, &d), CPM_E_MISMATCH);
  assert_int_equal(cpm_msrp_refusal(&m, CPM_E_MISMATCH), 0);
  assert_int_equal(decode(S("MSRP abcd ECHO\r\n" PATHS "-------abcd$\r\n"), NULL, &m, &d), CPM_OK);
  assert_int_equal(cpm_msrp_refusal(&m, CPM_OK), 501);
}

static void a_refused_send_still_says_who_wants_to_hear_of_it(void **state) {
  (void)state;
  const struct { cpm_str in; cpm_msrp_failure wish; bool due; } rows[] = {
    { S("MSRP abcd SEND\r\n" PATHS "Byte-Range: x\r\nFailure-Report: no\r\n\r\n"), CPM_MSRP_FAILURE_NO, false },
    { S("MSRP abcd SEND\r\n" PATHS "Byte-Range: 5-3/9\r\nX: y\r\nfailure-report:partial \r\n-------abcd$\r\n"), CPM_MSRP_FAILURE_PARTIAL, true },
    { S("MSRP abcd SEND\r\n" PATHS "Bad Name: x\r\nFailure-Report: no\r\n"), CPM_MSRP_FAILURE_NO, false },
    { S("MSRP abcd SEND\r\n" PATHS "Failure-Report: no\r\nByte-Range: x\r\nFailure-Report: yes\r\n\r\n"), CPM_MSRP_FAILURE_NO, false },
    { S("MSRP abcd SEND\r\n" PATHS "Byte-Range: x\r\nFailure-Report: maybe\r\n\r\n"), CPM_MSRP_FAILURE_YES, true },
    { S("MSRP abcd SEND\r\n" PATHS "Byte-Range: x\r\n\r\nFailure-Report: no\r\n"), CPM_MSRP_FAILURE_YES, true },
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    cpm_msrp m;
    cpm_diag d = { 0 };
    const int rc = decode(rows[i].in, NULL, &m, &d);
    if (rc == CPM_OK || d.code != rc || m.failure_report != rows[i].wish) fail_msg("row %zu: %d, wish %d", i, rc, (int)m.failure_report);
    assert_int_equal(cpm_msrp_refusal(&m, rc), 400);
    assert_int_equal(cpm_msrp_response_due(&m, 400), rows[i].due);
  }
}

static void values_are_found_by_their_field(void **state) {
  (void)state;
  cpm_msrp m;
  cpm_diag d = { 0 };
  assert_status(decode(S(send), NULL, &m, &d), CPM_OK, &d);
  assert_str(cpm_msrp_value(&m, CPM_MSRP_CONTENT_ID), "<1@example.com>");
  assert_str(cpm_msrp_value(&m, CPM_MSRP_TO_PATH), B);
  assert_null(cpm_msrp_value(&m, CPM_MSRP_EXPIRES).p);
}

static void limits_are_kept(void **state) {
  (void)state;
  cpm_msrp m;
  cpm_diag d = { 0 };
  const cpm_opts line = { .max_line = 51 }, head = { .max_head = 100 };
  const cpm_str in = S("MSRP abcd AUTH\r\n" PATHS "-------abcd$\r\n");
  assert_status(decode(in, &line, &m, &d), CPM_E_TOO_LONG, &d);
  assert_status(decode(in, &head, &m, &d), CPM_E_TOO_LONG, &d);
  const cpm_opts enough = { .max_line = 60, .max_head = in.n };
  assert_status(decode(in, &enough, &m, &d), CPM_OK, &d);
  cpm_msrp_field two[2];
  cpm_msrp small = { .fields = two, .cap = 2 };
  assert_status(cpm_msrp_decode(&small, S(send), NULL, &d), CPM_E_TOO_MANY, &d);
  assert_int_equal(d.need, 9);
  assert_int_equal(small.nfields, 2);
}

static void many_headers_take_no_long(void **state) {
  (void)state;
  enum { MANY = 10000 };
  char *text = malloc(200 + MANY * 6 + 20);
  assert_non_null(text);
  size_t n = (size_t)sprintf(text, "MSRP abcd AUTH\r\n" PATHS);
  for (unsigned i = 0; i < MANY; i++) n += (size_t)sprintf(text + n, "X: y\r\n");
  n += (size_t)sprintf(text + n, "-------abcd$\r\n");
  cpm_msrp m;
  cpm_diag d = { 0 };
  const cpm_str whole = support_guard(cpm_str_of(text, n));
  const int rc = decode(whole, NULL, &m, &d);
  assert_status(rc, CPM_E_TOO_MANY, &d);
  assert_int_equal(d.need, MANY + 2);
  support_unguard(whole);
  free(text);
}

/* ---- writing ---------------------------------------------------------------------------------------------------------------- */

static int encode(char *dst, size_t cap, size_t *len, void *ctx) { return cpm_msrp_encode(dst, cap, len, ctx, NULL); }

static cpm_str written(cpm_str in) {
  static char first[4096];
  cpm_msrp m;
  cpm_diag d = { 0 };
  assert_status(decode(in, NULL, &m, &d), CPM_OK, &d);
  const cpm_str text = support_every_size(encode, &m);
  assert_true(text.n <= sizeof first);
  memcpy(first, text.p, text.n);
  const cpm_str all = cpm_str_of(first, text.n);
  const cpm_opts strict = { .refuse = CPM_QUIRKS_ALL };
  assert_status(decode(all, &strict, &m, &d), CPM_OK, &d);
  assert_true(cpm_str_eq(support_every_size(encode, &m), all));
  return all;
}

static void what_is_written_is_read_back(void **state) {
  (void)state;
  assert_str(written(S(send)), send);
  assert_str(written(S("MSRP abcd 200\r\n" PATHS "-------abcd$\r\n")), "MSRP abcd 200\r\n" PATHS "-------abcd$\r\n");
  assert_str(written(S("MSRP abcd 200 \r\n" PATHS "-------abcd$\r\n")), "MSRP abcd 200 \r\n" PATHS "-------abcd$\r\n");
  assert_str(written(S("MSRP abcd 042 x\r\n" PATHS "Use-Path: " A " " B "\r\n-------abcd$\r\n")), "MSRP abcd 042 x\r\n" PATHS "Use-Path: " A " " B "\r\n-------abcd$\r\n");
  assert_str(written(S("MSRP abcd REPORT\r\n" PATHS "Status:  000   413 caf\xc3\xa9\r\nbyte-range:1-8/*\r\nMESSAGE-ID: 1234  \r\n-------abcd#\r\n")),
             "MSRP abcd REPORT\r\n" PATHS "Message-ID: 1234\r\nByte-Range: 1-8/*\r\nStatus: 000 413 caf\xc3\xa9\r\n-------abcd#\r\n");
  assert_str(written(S("MSRP abcd NICKNAME\r\n" PATHS "Use-Nickname: \"Al\"\r\n-------abcd+\r\n")),
             "MSRP abcd NICKNAME\r\n" PATHS "Use-Nickname: \"Al\"\r\n-------abcd+\r\n");
}

static void what_could_not_be_read_back_is_not_written(void **state) {
  (void)state;
  cpm_msrp_field f = { .name = S("X"), .value = S("y") };
  const cpm_msrp good = { .method = CPM_MSRP_AUTH, .transaction_id = S("abcd"), .to_path = S(B), .from_path = S(A), .fields = &f, .nfields = 1 };
  cpm_msrp m;
  cpm_diag d = { 0 };
  size_t len = 0;
#define TRY(status, ...) do { m = good; f = (cpm_msrp_field){ .name = S("X"), .value = S("y") }; __VA_ARGS__; \
    assert_status(cpm_msrp_encode(NULL, 0, &len, &m, &d), status, &d); } while (0)
  TRY(CPM_OK, (void)0);
  TRY(CPM_E_VALUE, m.transaction_id = S("abc"));
  TRY(CPM_E_VALUE, m.transaction_id = cpm_str_none());
  TRY(CPM_E_INJECTION, m.transaction_id = S("abcd\r\n"));
  TRY(CPM_E_VALUE, m.method = CPM_MSRP_OTHER; m.method_name = S("SEND"));
  TRY(CPM_E_VALUE, m.method = CPM_MSRP_OTHER; m.method_name = S("FILE_OFFSET"));
  TRY(CPM_E_VALUE, m.method = CPM_MSRP_OTHER);
  TRY(CPM_OK, m.method = CPM_MSRP_OTHER; m.method_name = S("ECHO"));
  TRY(CPM_E_INJECTION, m.method = CPM_MSRP_OTHER; m.method_name = S("ECHO\n"));
  TRY(CPM_E_MISSING, m.to_path = cpm_str_none());
  TRY(CPM_E_MISSING, m.from_path = cpm_str_none());
  TRY(CPM_E_VALUE, m.from_path = S(""));
  TRY(CPM_E_VALUE, m.from_path = S(A "  " B));
  TRY(CPM_E_VALUE, m.from_path = S(A " "));
  TRY(CPM_E_INJECTION, m.from_path = S(A "\r\nX: y"));
  TRY(CPM_E_INJECTION, m.to_path = S(A "\0"));
  TRY(CPM_E_MISSING, m.method = CPM_MSRP_SEND);
  TRY(CPM_OK, m.method = CPM_MSRP_SEND; m.message_id = S("1234"));
  TRY(CPM_E_VALUE, m.message_id = S("123"));
  TRY(CPM_E_MISSING, m.method = CPM_MSRP_REPORT; m.message_id = S("1234"); m.has_range = true; m.range = (cpm_msrp_range){ 1, 2, 2 });
  TRY(CPM_E_MISSING, m.method = CPM_MSRP_REPORT; m.message_id = S("1234"); m.report_status = 200);
  TRY(CPM_E_MISSING, m.method = CPM_MSRP_NICKNAME);
  TRY(CPM_E_VALUE, m.has_range = true);
  TRY(CPM_OK, m.has_range = true; m.range = (cpm_msrp_range){ 1, 0, 0 });
  TRY(CPM_E_VALUE, m.has_range = true; m.range = (cpm_msrp_range){ 1, 0, 2 });
  TRY(CPM_E_VALUE, m.has_range = true; m.range = (cpm_msrp_range){ 2, 1, 2 });
  TRY(CPM_OK, m.has_range = true; m.range = (cpm_msrp_range){ 1, CPM_MSRP_ANY, 0 });
  TRY(CPM_E_VALUE, m.has_range = true; m.range = (cpm_msrp_range){ 1, 3, 2 });
  TRY(CPM_E_VALUE, m.has_range = true; m.range = (cpm_msrp_range){ 4, CPM_MSRP_ANY, 2 });
  TRY(CPM_E_VALUE, m.report_status = 1000);
  TRY(CPM_OK, m.report_status = 999; m.report_namespace = 999);
  TRY(CPM_E_VALUE, m.report_status = 999; m.report_namespace = 1000);
  TRY(CPM_OK, m.status = 999);
  TRY(CPM_E_VALUE, m.report_status = 413; m.report_comment = S("413"));
  TRY(CPM_E_INJECTION, m.report_status = 413; m.report_comment = S("a\r\n"));
  TRY(CPM_E_VALUE, m.status = 1000);
  TRY(CPM_E_VALUE, m.status = 200; m.body = true; m.content_type = S("a/b"));
  TRY(CPM_E_INJECTION, m.status = 200; m.comment = S("OK\n"));
  TRY(CPM_E_VALUE, m.status = 200; m.comment = S("\x1b[2J"));
  TRY(CPM_E_VALUE, m.status = 200; m.comment = S("\xff"));
  TRY(CPM_E_MISSING, m.body = true);
  TRY(CPM_OK, m.body = true; m.content_type = S("a/b"));
  TRY(CPM_E_INJECTION, m.content_type = S("a/b\r\n\r\n"));
  TRY(CPM_E_VALUE, m.flag = '-');
  TRY(CPM_E_VALUE, m.failure_report = (cpm_msrp_failure)3);
  TRY(CPM_E_INJECTION, f.value = S("y\r\nZ: z"));
  TRY(CPM_E_INJECTION, f.value = S("y\0"));
  TRY(CPM_E_INJECTION, f.name = S("X: y\r\nZ"));
  TRY(CPM_E_VALUE, f.name = S("X y"));
  TRY(CPM_E_VALUE, f.name = S("X:"));
  TRY(CPM_E_VALUE, f.name = S("-------abcd$"));
  TRY(CPM_E_VALUE, f.name = S(""));
  TRY(CPM_E_VALUE, f.id = CPM_MSRP_HEADER_COUNT);
  TRY(CPM_OK, f.name = S("to-path"); f.value = S("not written: it has a member"));
#undef TRY
}

static void a_field_that_may_stand_once_is_not_written_twice(void **state) {
  (void)state;
  cpm_msrp_field f[] = { { .id = CPM_MSRP_EXPIRES, .value = S("1") }, { .name = S("expires"), .value = S("2") } };
  cpm_msrp m = { .method = CPM_MSRP_AUTH, .transaction_id = S("abcd"), .to_path = S(B), .from_path = S(A), .fields = f, .nfields = 2 };
  size_t len = 0;
  assert_int_equal(cpm_msrp_encode(NULL, 0, &len, &m, NULL), CPM_E_DUPLICATE);
  f[0].id = CPM_MSRP_AUTHORIZATION;
  f[1].name = S("authorization");
  assert_int_equal(cpm_msrp_encode(NULL, 0, &len, &m, NULL), CPM_OK);
}

static int encode_tail(char *dst, size_t cap, size_t *len, void *ctx) { return cpm_msrp_tail_encode(dst, cap, len, *(cpm_str *)ctx, '+', NULL); }

static void tails_are_written_for_an_id_and_a_flag(void **state) {
  (void)state;
  cpm_str id = S("dkei38sd");
  size_t len = 0;
  assert_str(support_every_size(encode_tail, &id), "\r\n-------dkei38sd+\r\n");
  assert_int_equal(cpm_msrp_tail_encode(NULL, 0, &len, id, 'x', NULL), CPM_E_VALUE);
  assert_int_equal(cpm_msrp_tail_encode(NULL, 0, &len, S("a b c"), '$', NULL), CPM_E_VALUE);
  assert_int_equal(cpm_msrp_tail_encode(NULL, 0, &len, S("abcd\n"), '$', NULL), CPM_E_INJECTION);
}

static void an_id_fits_content_that_does_not_hold_its_end_line(void **state) {
  (void)state;
  assert_true(cpm_msrp_id_fits(S("abcd"), S("")));
  assert_true(cpm_msrp_id_fits(S("abcd"), S("------abcd -------abce --------bcd -------abc")));
  assert_false(cpm_msrp_id_fits(S("abcd"), S("-------abcd")));
  assert_false(cpm_msrp_id_fits(S("abcd"), S("----------------abcd ")));
  assert_false(cpm_msrp_id_fits(S("abcd"), S("-------abc-------abcd+")));
}

/* The search goes by blocks, by groups and by pairs: the edges of all of them are tried, in content that each of them is slow on. */
static void an_end_line_is_found_wherever_it_stands_in_whatever_content(void **state) {
  (void)state;
  enum { BLOCK = 65536, PAIRS = 1024, N = 2 * BLOCK + 300 };
  static const char *const fills[] = { "x", "-", "----x", "-x-a", "------a", "\r\n-----", "------- a", "-------b" };
  static const size_t around[] = { 0, PAIRS, 2 * PAIRS, BLOCK - PAIRS, BLOCK, BLOCK + PAIRS, 2 * BLOCK, N - 40 };
  static const char mark[] = "-------abcd";
  enum { MARK = sizeof mark - 1 };
  char *const content = malloc(N), *const fill = malloc(N);
  assert_non_null(content);
  assert_non_null(fill);
  for (size_t f = 0; f < sizeof fills / sizeof *fills; f++) {
    const size_t unit = strlen(fills[f]);
    for (size_t i = 0; i < N; i++) fill[i] = fills[f][i % unit];
    memcpy(content, fill, N);
    assert_true(cpm_msrp_id_fits(S("abcd"), cpm_str_of(content, N)));
    for (size_t a = 0; a < sizeof around / sizeof *around; a++)
      for (size_t at = around[a] < 24 ? 0 : around[a] - 24; at < around[a] + 24 && at + MARK <= N; at++) {
        memcpy(content + at, mark, MARK);
        if (cpm_msrp_id_fits(S("abcd"), cpm_str_of(content, N))) fail_msg("fill %zu at %zu: not found", f, at);
        if (cpm_msrp_id_fits(S("abcd"), cpm_str_of(content, at + MARK))) fail_msg("fill %zu at %zu: not found at the end", f, at);
        memcpy(content + at, fill + at, MARK);
      }
  }
  free(content);
  free(fill);
}

static void ids_are_made_of_random_octets(void **state) {
  (void)state;
  char id[CPM_MSRP_ID_RANDOM];
  assert_int_equal(cpm_msrp_id_make(id, S("0123456789abcde")), CPM_E_RANDOM);
  assert_int_equal(cpm_msrp_id_make(id, S("\0\1\2\3\4\5\6\7\x18\x19\x1a\x1f\x20\x3f\xff\x80")), CPM_OK);
  assert_str(cpm_str_of(id, sizeof id), "abcdefghyz27a77a");
}

static int encode_nickname(char *dst, size_t cap, size_t *len, void *ctx) { return cpm_msrp_nickname_encode(dst, cap, len, *(cpm_str *)ctx, NULL); }

static void nicknames_are_quoted(void **state) {
  (void)state;
  cpm_str name = S("the \"great\" \\ Al\xc3\xa9"), back;
  char text[64];
  size_t len = 0;
  const cpm_str quoted = support_every_size(encode_nickname, &name);
  assert_str(quoted, "\"the \\\"great\\\" \\\\ Al\xc3\xa9\"");
  assert_int_equal(cpm_msrp_nickname_decode(&back, quoted, NULL), CPM_OK);
  assert_int_equal(cpm_unquote(text, sizeof text, &len, back), CPM_OK);
  assert_true(cpm_str_eq(cpm_str_of(text, len), name));
  assert_int_equal(cpm_msrp_nickname_encode(NULL, 0, &len, S("a\r\nb"), NULL), CPM_E_INJECTION);
  assert_int_equal(cpm_msrp_nickname_encode(NULL, 0, &len, S("\xff"), NULL), CPM_E_VALUE);
}

/* ---- URIs ------------------------------------------------------------------------------------------------------------------- */

static void uris_are_compared_as_rfc_4975_6_1_says(void **state) {
  (void)state;
  const struct { const char *a, *b; bool strict, session; } rows[] = {
    { "msrp://h:1/s;tcp",            "MSRP://H:1/s;TCP",             true,  true },
    { "msrp://h:1/s;tcp",            "msrps://h:1/s;tcp",            false, true },
    { "msrp://h:1/s;tcp",            "msrp://i:1/s;tcp",             false, true },
    { "msrp://h:1/s;tcp",            "msrp://h:2/s;tcp",             false, true },
    { "msrp://h:2855/s;tcp",         "msrp://h/s;tcp",               false, true },
    { "msrp://h:01/s;tcp",           "msrp://h:1/s;tcp",             true,  true },
    { "msrp://h:1/s;tcp",            "msrp://h:1/S;tcp",             false, false },
    { "msrp://h:1/s;tcp",            "msrp://h:1;tcp",               false, false },
    { "msrp://h:1;tcp",              "msrp://h:1;tcp",               true,  false },
    { "msrp://h:1/s;tcp",            "msrp://h:1/s;sctp",            false, true },
    { "msrp://u@h:1/s;tcp",          "msrp://h:1/s;tcp;a=b",         true,  true },
    { "msrp://h%41.x:1/s;tcp",       "msrp://ha.x:1/s;tcp",          true,  true },
    { "msrp://h%7e.x:1/s;tcp",       "msrp://h~.x:1/s;tcp",          true,  true },
    { "msrp://%61%7A%30%39%5A;tcp",  "msrp://AZ09z;tcp",             true,  false },
    { "msrp://h%5f%2D%2e;tcp",       "msrp://h_-.;tcp",              true,  false },
    { "msrp://h%60;tcp",             "msrp://h%40;tcp",              false, false },
    { "msrp://h%c1;tcp",             "msrp://h%e1;tcp",              false, false },
    { "msrp://h%00;tcp",             "msrp://h%00;tcp",              true,  false },
    { "msrp://h;tcp",                "msrp://h%00;tcp",              false, false },
    { "msrp://h%2c.x:1/s;tcp",       "msrp://h,.x:1/s;tcp",          false, true },
    { "msrp://h%2c.x:1/s;tcp",       "msrp://h%2C.x:1/s;tcp",        true,  true },
    { "msrp://[2001:db8::1]:1/s;tcp","msrp://[2001:DB8:0::0:1]:1/s;tcp", true, true },
    { "msrp://[2001:db8::1]:1/s;tcp","msrp://[2001:db8::2]:1/s;tcp", false, true },
    { "msrp://[::1]:1/s;tcp",        "msrp://1:1/s;tcp",             false, true },
    { "msrp://h:1/s",                "msrp://h:1/s",                 false, false },
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    const cpm_str a = cpm_str_z(rows[i].a), b = cpm_str_z(rows[i].b);
    if (cpm_msrp_uri_text_equal(a, b, CPM_MSRP_STRICT) != rows[i].strict || cpm_msrp_uri_text_equal(b, a, CPM_MSRP_STRICT) != rows[i].strict ||
        cpm_msrp_uri_text_equal(a, b, CPM_MSRP_SESSION) != rows[i].session)
      fail_msg("row %zu: %s %s", i, rows[i].a, rows[i].b);
  }
}

static void paths_are_walked_and_compared(void **state) {
  (void)state;
  cpm_msrp_uri u;
  uint64_t quirks = 0;
  cpm_str rest = S(A " " B);
  assert_int_equal(cpm_msrp_path_next(&rest, &u, NULL, &quirks, NULL), CPM_OK);
  assert_str(u.text, A);
  assert_int_equal(cpm_msrp_path_next(&rest, &u, NULL, &quirks, NULL), CPM_OK);
  assert_str(u.session_id, "si438dsaodes");
  assert_int_equal(cpm_msrp_path_next(&rest, &u, NULL, &quirks, NULL), CPM_END);
  assert_true(quirks == 0);
  assert_str(cpm_msrp_path_first(S(A " " B)), A);
  assert_str(cpm_msrp_path_last(S(A " " B)), B);
  assert_int_equal(cpm_msrp_path_count(S(A "  " B " " A)), 3);
  assert_int_equal(cpm_msrp_path_count(cpm_str_none()), 0);
  assert_true(cpm_msrp_path_equal(S(A " " B), S(A "  " B), CPM_MSRP_STRICT));
  assert_false(cpm_msrp_path_equal(S(A " " B), S(A), CPM_MSRP_STRICT));
  assert_false(cpm_msrp_path_equal(S(A), S(A " " B), CPM_MSRP_STRICT));
  assert_false(cpm_msrp_path_equal(S(""), S(""), CPM_MSRP_STRICT));
  assert_true(cpm_msrp_path_equal(S(A " " B), S("msrps://x/si438dsaodes;tcp"), CPM_MSRP_SESSION));
  assert_false(cpm_msrp_path_equal(S(A " " B), S(B " " A), CPM_MSRP_SESSION));
}

static int encode_uri(char *dst, size_t cap, size_t *len, void *ctx) { return cpm_msrp_uri_encode(dst, cap, len, ctx, NULL); }

static void uris_are_written_from_their_parts(void **state) {
  (void)state;
  static const char *const uris[] = { "msrp://h;tcp", "msrps://u:p@[2001:db8::1]:0/s+=/~;tcp;a=b;c", "msrp://@192.0.2.1/x;sctp" };
  for (size_t i = 0; i < 3; i++) {
    cpm_msrp_uri u;
    assert_int_equal(cpm_msrp_uri_decode(&u, cpm_str_z(uris[i]), NULL, NULL), CPM_OK);
    assert_true(cpm_str_eq(support_every_size(encode_uri, &u), cpm_str_z(uris[i])));
  }
  const cpm_msrp_uri good = { .host = S("h"), .transport = S("tcp") };
  cpm_msrp_uri u;
  size_t len = 0;
#define TRY(status, ...) do { u = good; __VA_ARGS__; assert_int_equal(cpm_msrp_uri_encode(NULL, 0, &len, &u, NULL), status); } while (0)
  TRY(CPM_OK, (void)0);
  TRY(CPM_E_VALUE, u.host = S(""));
  TRY(CPM_E_VALUE, u.host = S("h:1"));
  TRY(CPM_E_VALUE, u.host = S("h/s"));
  TRY(CPM_E_VALUE, u.host = S("u@h"));
  TRY(CPM_E_VALUE, u.host = S("::1"));
  TRY(CPM_E_VALUE, u.host = S("h"); u.host_is_ipv6 = true);
  TRY(CPM_E_INJECTION, u.host = S("h\r\n"));
  TRY(CPM_E_VALUE, u.userinfo = S("a@b"));
  TRY(CPM_E_VALUE, u.session_id = S(""));
  TRY(CPM_E_VALUE, u.session_id = S("a;tcp"));
  TRY(CPM_E_VALUE, u.session_id = S("a b"));
  TRY(CPM_E_VALUE, u.transport = cpm_str_none());
  TRY(CPM_E_VALUE, u.params = S("a=b"));
  TRY(CPM_E_VALUE, u.params = S(""));
  TRY(CPM_E_VALUE, u.params = S(";"));
#undef TRY
}

static void names_and_comments_are_known(void **state) {
  (void)state;
  assert_str(cpm_msrp_header_name(CPM_MSRP_USE_PATH), "Use-Path");
  assert_null(cpm_msrp_header_name(CPM_MSRP_UNKNOWN).p);
  assert_null(cpm_msrp_header_name(CPM_MSRP_HEADER_COUNT).p);
  assert_int_equal(cpm_msrp_header_id(S("min-expires")), CPM_MSRP_MIN_EXPIRES);
  assert_int_equal(cpm_msrp_header_id(S("Expire")), CPM_MSRP_UNKNOWN);
  assert_str(cpm_msrp_comment(481), "No such session");
  assert_null(cpm_msrp_comment(999).p);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(vectors), cmocka_unit_test(uri_vectors), cmocka_unit_test(value_vectors),
    cmocka_unit_test(every_prefix_of_a_head_is_refused), cmocka_unit_test(a_refused_quirk_is_an_error),
    cmocka_unit_test(what_was_read_before_an_error_can_be_answered),
    cmocka_unit_test(a_refused_send_still_says_who_wants_to_hear_of_it), cmocka_unit_test(limits_are_kept),
    cmocka_unit_test(values_are_found_by_their_field),
    cmocka_unit_test(many_headers_take_no_long), cmocka_unit_test(what_is_written_is_read_back),
    cmocka_unit_test(what_could_not_be_read_back_is_not_written), cmocka_unit_test(a_field_that_may_stand_once_is_not_written_twice),
    cmocka_unit_test(tails_are_written_for_an_id_and_a_flag), cmocka_unit_test(an_id_fits_content_that_does_not_hold_its_end_line),
    cmocka_unit_test(an_end_line_is_found_wherever_it_stands_in_whatever_content),
    cmocka_unit_test(ids_are_made_of_random_octets), cmocka_unit_test(nicknames_are_quoted),
    cmocka_unit_test(uris_are_compared_as_rfc_4975_6_1_says), cmocka_unit_test(paths_are_walked_and_compared),
    cmocka_unit_test(uris_are_written_from_their_parts), cmocka_unit_test(names_and_comments_are_known),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
