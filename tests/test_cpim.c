/* SPDX-License-Identifier: MIT */
#include "support.h"
#include "cpm/cpim.h"
#include "cpm/mime.h"
#include <stdlib.h>
#include <string.h>

#define HEADERS 24

/* ---- vectors ------------------------------------------------------------------------------------------------------------- */

static const char *id_name(cpm_cpim_id id) {
  static const char *const names[] = {
    "-",
#define NAME(id, ns, name) #id,
    CPM_CPIM_HEADERS(NAME)
#undef NAME
  };
  return names[id];
}

static void dump_slice(FILE *out, const char *name, cpm_str s, cpm_str in) {
  if (!s.p) return;
  fprintf(out, "%s %zu+%zu \"", name, (size_t)(s.p - in.p), s.n);
  support_print(out, s);
  fputs("\"\n", out);
}

static void dump_header(FILE *out, const cpm_cpim_header *h, cpm_str in) {
  fprintf(out, "%zu %s", (size_t)(h->name.p - in.p), id_name(h->id));
  if (h->prefix.p) fprintf(out, " %.*s.", (int)h->prefix.n, h->prefix.p);
  fprintf(out, "%s%.*s", h->prefix.p ? "" : " ", (int)h->name.n, h->name.p);
  if (h->ns.p) fprintf(out, " {%.*s}", (int)h->ns.n, h->ns.p);
  if (h->params.p) {
    fputs(" [", out);
    support_print(out, h->params);
    fputc(']', out);
  }
  fprintf(out, " %zu \"", (size_t)(h->value.p - in.p));
  support_print(out, h->value);
  fputs("\"\n", out);
}

static void dump_message(FILE *out, const cpm_cpim *m, cpm_str in) {
  fputs("quirks ", out);
  support_quirks(out, m->quirks);
  fputc('\n', out);
  for (size_t i = 0; i < m->nheaders; i++) dump_header(out, &m->headers[i], in);
  dump_slice(out, "content-type", m->content_type, in);
  cpm_media_type type;
  if (m->content_type.p && cpm_media_type_decode(&type, m->content_type, NULL, NULL) == CPM_OK && type.quirks) {
    fputs("  of the type: quirks ", out);
    support_quirks(out, type.quirks);
    fputc('\n', out);
  }
  dump_slice(out, "disposition", m->disposition, in);
  dump_slice(out, "encoding", m->encoding, in);
  dump_slice(out, "mime", m->mime, in);
  assert_int_equal(m->content_off, m->content.p - in.p);
  dump_slice(out, "content", m->content, in);
}

static void dump(cpm_str in, FILE *out) {
  cpm_cpim_header headers[HEADERS];
  cpm_cpim m = { .headers = headers, .cap = HEADERS };
  cpm_diag d = { 0 };
  const int rc = cpm_cpim_decode(&m, in, NULL, &d);
  if (rc) fprintf(out, "%s at %zu, %s (%s)\n", cpm_status_name(rc), d.off, d.rule, d.clause ? d.clause : "-");
  /* With a Require that is not understood the message is there. */
  if (rc == CPM_OK || rc == CPM_E_UNSUPPORTED) dump_message(out, &m, in);
}

static void vectors(void **state) {
  (void)state;
  support_vectors("cpim", dump);
}

/* ---- what is written is read back ----------------------------------------------------------------------------------------- */

static int encode(char *dst, size_t cap, size_t *len, void *ctx) { return cpm_cpim_encode(dst, cap, len, ctx, NULL); }

/* Reads `in`, writes it at every size, reads that without a quirk and writes the same again. The text is valid until the next call. */
static cpm_str written(cpm_str in, uint64_t quirks) {
  static char first[4096];
  cpm_cpim_header headers[HEADERS], copies[HEADERS];
  cpm_cpim m = { .headers = headers, .cap = HEADERS }, copy = { .headers = copies, .cap = HEADERS };
  cpm_diag d = { 0 };
  assert_status(cpm_cpim_decode(&m, in, NULL, &d), CPM_OK, &d);
  assert_true(m.quirks == quirks);
  const cpm_str text = support_every_size(encode, &m);
  assert_true(text.n <= sizeof first);
  memcpy(first, text.p, text.n);
  const cpm_str all = cpm_str_of(first, text.n);
  assert_status(cpm_cpim_decode(&copy, all, NULL, &d), CPM_OK, &d);
  assert_true(copy.quirks == 0);
  assert_int_equal(copy.nheaders, m.nheaders);
  assert_true(cpm_str_eq(copy.content, m.content));
  assert_true(cpm_str_eq(support_every_size(encode, &copy), all));
  return all;
}

#define FROM_TO "From: <sip:a@example.com>\r\nTo: <sip:b@example.com>\r\n"
#define PART "\r\nContent-Type: text/plain\r\n\r\nHi"

static void what_is_written_is_read_back(void **state) {
  (void)state;
  static const char pager[] =
    "From: <tel:+12025550101>\r\nTo: Bob <tel:+12025550102>\r\nDateTime: 2020-09-27T04:02:25.941Z\r\n"
    "Subject:;lang=fr salut\r\nNS: cpm <http://www.openmobilealliance.org/cpm/>\r\ncpm.Payload-Type: text/plain\r\n"
    "NS: imdn <urn:ietf:params:imdn>\r\nimdn.Message-ID: m1\r\nimdn.Disposition-Notification: positive-delivery, display\r\n"
    "Require: imdn.Message-ID,From\r\nx-empty: \r\n\r\n"
    "Content-Type: message/imdn+xml\r\nContent-Disposition: notification\r\nContent-Transfer-Encoding: base64\r\n\r\n\0 \r\n";
  assert_true(cpm_str_eq(written(cpm_str_of(pager, sizeof pager - 1), 0), cpm_str_of(pager, sizeof pager - 1)));
}

static void deviations_are_mended_in_writing(void **state) {
  (void)state;
  assert_str(written(S("\r\nfrom:sip:a@example.com\nTO:  \"B\" <sip:b@example.com>\r\nNS: x<urn:ietf:params:imdn>\r\nRequired:x.message-id , to \r\n"
                       "Subject: a\r\n\tb\tc \r\nContent-Type:\r\n text/plain;\r\n charset=utf-8\r\n Content-Length: 7\r\n\r\nHi"),
                     CPM_QUIRK(CPIM_LEADING_EMPTY) | CPM_QUIRK(CPIM_NAME_CASE) | CPM_QUIRK(CPIM_SPACING) | CPM_QUIRK(CPIM_ADDRESS) |
                     CPM_QUIRK(CPIM_BARE_LF) | CPM_QUIRK(CPIM_NS_NO_SPACE) | CPM_QUIRK(CPIM_REQUIRED) | CPM_QUIRK(CPIM_FOLD) |
                     CPM_QUIRK(CPIM_ONE_BLOCK) | CPM_QUIRK(CPIM_BAD_LENGTH)),
             "From: <sip:a@example.com>\r\nTo: \"B\"<sip:b@example.com>\r\nNS: x <urn:ietf:params:imdn>\r\nRequire: x.Message-ID,To\r\n"
             "Subject: a b c\r\n\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nHi");
}

static void absent_content_gives_what_stands_before_it(void **state) {
  (void)state;
  cpm_cpim_header headers[] = {
    { .id = CPM_CPIM_FROM, .value = S("<sip:a@example.com>") },
    { .id = CPM_CPIM_TO, .value = S("<sip:b@example.com>") },
  };
  cpm_cpim m = { .headers = headers, .nheaders = 2, .content_type = S("text/plain") };
  assert_str(support_every_size(encode, &m), FROM_TO "\r\nContent-Type: text/plain\r\n\r\n");
  m.content = S("");
  assert_str(support_every_size(encode, &m), FROM_TO "\r\nContent-Type: text/plain\r\n\r\n");
  m.content = S("\r\n\0");
  assert_str(support_every_size(encode, &m), FROM_TO "\r\nContent-Type: text/plain\r\n\r\n\r\n\0");
}

/* One header more than From and To. */
static int encode_with(cpm_cpim_header h, cpm_diag *d) {
  cpm_cpim_header headers[] = {
    { .id = CPM_CPIM_FROM, .value = S("<sip:a@example.com>") },
    { .id = CPM_CPIM_TO, .value = S("<sip:b@example.com>") },
    { .id = CPM_CPIM_NS, .value = S("imdn <urn:ietf:params:imdn>") },
    h,
  };
  const cpm_cpim m = { .headers = headers, .nheaders = 4, .content_type = S("text/plain") };
  size_t len = 0;
  return cpm_cpim_encode(NULL, 0, &len, &m, d);
}

static void a_mime_header_is_written_as_utf8(void **state) {
  (void)state;
  cpm_cpim_header headers[] = {
    { .id = CPM_CPIM_FROM, .value = S("<sip:a@example.com>") },
    { .id = CPM_CPIM_TO, .value = S("<sip:b@example.com>") },
  };
  cpm_cpim m = { .headers = headers, .nheaders = 2, .content_type = S("text/plain;a=\"\xc3\xa9\""), .content = S("\xff") };
  size_t len = 0;
  assert_status(cpm_cpim_encode(NULL, 0, &len, &m, NULL), CPM_OK, NULL);
  m.content_type = S("text/plain;a=\"\xe9\"");
  assert_status(cpm_cpim_encode(NULL, 0, &len, &m, NULL), CPM_E_VALUE, NULL);
}

static void a_header_that_could_not_be_read_back_is_not_written(void **state) {
  (void)state;
  const struct { cpm_cpim_header h; int rc; } rows[] = {
    { { .id = CPM_CPIM_SUBJECT, .value = S("a") },                                              CPM_OK },
    { { .id = CPM_CPIM_SUBJECT },                                                               CPM_OK },
    { { .id = CPM_CPIM_SUBJECT, .value = S("a\r\nTo: x") },                                     CPM_E_INJECTION },
    { { .id = CPM_CPIM_SUBJECT, .value = S("a\n") },                                            CPM_E_INJECTION },
    { { .id = CPM_CPIM_SUBJECT, .value = S("a\r\n ") },                                         CPM_E_INJECTION },
    { { .id = CPM_CPIM_SUBJECT, .value = S("a\rX b") },                                         CPM_E_INJECTION },
    { { .id = CPM_CPIM_SUBJECT, .value = S("aX\n b") },                                         CPM_E_INJECTION },
    { { .id = CPM_CPIM_SUBJECT, .value = S("a\r b") },                                          CPM_E_INJECTION },
    { { .id = CPM_CPIM_SUBJECT, .value = S("a\0b") },                                           CPM_E_INJECTION },
    { { .id = CPM_CPIM_SUBJECT, .value = S("a\x1b[2J") },                                       CPM_E_VALUE },
    { { .id = CPM_CPIM_SUBJECT, .value = S("caf\xe9") },                                        CPM_E_VALUE },
    { { .id = CPM_CPIM_SUBJECT, .params = S(";lang=fr"), .value = S("a") },                     CPM_OK },
    { { .id = CPM_CPIM_SUBJECT, .params = S("lang=fr"), .value = S("a") },                      CPM_E_VALUE },
    { { .id = CPM_CPIM_SUBJECT, .params = S(";lang"), .value = S("a") },                        CPM_E_VALUE },
    { { .id = CPM_CPIM_SUBJECT, .params = S(";a=b\r\nTo: x"), .value = S("a") },                CPM_E_INJECTION },
    { { .id = CPM_CPIM_SUBJECT, .params = S(";a=\"\xff\""), .value = S("a") },                  CPM_E_VALUE },
    { { .id = CPM_CPIM_SUBJECT, .prefix = S("imdn"), .value = S("a") },                         CPM_E_VALUE },
    { { .id = CPM_CPIM_MESSAGE_ID, .prefix = S("imdn"), .value = S("m1") },                     CPM_OK },
    { { .id = CPM_CPIM_MESSAGE_ID, .prefix = S("x"), .value = S("m1") },                        CPM_E_VALUE },
    { { .id = CPM_CPIM_MESSAGE_ID, .value = S("m1") },                                          CPM_E_VALUE },
    { { .id = CPM_CPIM_DISPOSITION_NOTIFICATION, .prefix = S("imdn"), .value = S("display") },  CPM_E_MISSING },
    { { .id = CPM_CPIM_FROM, .value = S("<sip:c@example.com>") },                               CPM_E_DUPLICATE },
    { { .id = CPM_CPIM_TO, .value = S("<sip:c@example.com>") },                                 CPM_OK },
    { { .id = CPM_CPIM_TO, .value = S("sip:c@example.com") },                                   CPM_OK },
    { { .id = CPM_CPIM_CC, .value = S("Carol") },                                               CPM_E_VALUE },
    { { .id = CPM_CPIM_CC, .value = S("") },                                                    CPM_E_VALUE },
    { { .id = CPM_CPIM_NS, .value = S("a <urn:b>") },                                           CPM_OK },
    { { .id = CPM_CPIM_NS, .value = S("a urn:b") },                                             CPM_E_VALUE },
    { { .id = CPM_CPIM_NS, .value = S("a <urn:b>\r\n") },                                       CPM_E_INJECTION },
    { { .id = CPM_CPIM_REQUIRE, .value = S("imdn.Message-ID") },                                CPM_OK },
    { { .id = CPM_CPIM_REQUIRE, .value = S("imdn.Other") },                                     CPM_E_UNSUPPORTED },
    { { .id = CPM_CPIM_REQUIRE, .value = S("cpm.Payload-Type") },                               CPM_E_VALUE },
    { { .id = CPM_CPIM_REQUIRE, .value = S("From To") },                                        CPM_E_VALUE },
    { { .id = CPM_CPIM_REQUIRE, .value = S("") },                                               CPM_E_VALUE },
    { { .id = CPM_CPIM_ID_COUNT, .value = S("a") },                                             CPM_E_VALUE },
    { { .name = S("x-y"), .value = S("a") },                                                    CPM_OK },
    { { .prefix = S("imdn"), .name = S("x-y"), .value = S("a") },                               CPM_OK },
    { { .prefix = S("x"), .name = S("x-y"), .value = S("a") },                                  CPM_E_VALUE },
    { { .prefix = S("x\r\n"), .name = S("x-y"), .value = S("a") },                              CPM_E_VALUE },
    { { .name = S("x.y"), .value = S("a") },                                                    CPM_E_VALUE },
    { { .name = S("x,y"), .value = S("a") },                                                    CPM_E_VALUE },
    { { .name = S("x y"), .value = S("a") },                                                    CPM_E_VALUE },
    { { .name = S("x:"), .value = S("a") },                                                     CPM_E_VALUE },
    { { .name = S(""), .value = S("a") },                                                       CPM_E_VALUE },
    { { .name = cpm_str_none(), .value = S("a") },                                              CPM_E_VALUE },
    { { .name = S("x\r\ny"), .value = S("a") },                                                 CPM_E_INJECTION },
    { { .name = S("Content-Type"), .value = S("a") },                                           CPM_E_VALUE },
    { { .name = S("content-x"), .value = S("a") },                                              CPM_E_VALUE },
    { { .prefix = S("imdn"), .name = S("Content-Type"), .value = S("a") },                      CPM_OK },
    { { .name = S("Required"), .value = S("From") },                                            CPM_E_VALUE },
    { { .name = S("Message-ID"), .value = S("m1") },                                            CPM_E_VALUE },
    { { .name = S("from"), .value = S("<sip:c@example.com>") },                                 CPM_E_DUPLICATE },
    { { .prefix = S("imdn"), .name = S("disposition-notification"), .value = S("display") },    CPM_E_MISSING },
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    cpm_diag d = { 0 };
    const int rc = encode_with(rows[i].h, &d);
    if (rc != rows[i].rc) fail_msg("row %zu: %s at %zu %s", i, cpm_status_name(rc), d.off, d.rule);
  }
}

static void an_incomplete_message_is_not_written(void **state) {
  (void)state;
  cpm_cpim_header from = { .id = CPM_CPIM_FROM, .value = S("<sip:a@example.com>") };
  cpm_cpim_header both[] = { from, { .id = CPM_CPIM_TO, .value = S("<sip:b@example.com>") } };
  cpm_cpim m = { .headers = &from, .nheaders = 1, .content_type = S("text/plain"), .content = S("Hi") };
  size_t len = 0;
  cpm_diag d = { 0 };
  assert_status(cpm_cpim_encode(NULL, 0, &len, &m, &d), CPM_E_MISSING, &d);
  assert_string_equal(d.rule, "To");
  m.headers = both + 1;
  assert_status(cpm_cpim_encode(NULL, 0, &len, &m, &d), CPM_E_MISSING, &d);
  assert_string_equal(d.rule, "From");
  m.headers = both;
  m.nheaders = 2;
  m.content_type = cpm_str_none();
  assert_status(cpm_cpim_encode(NULL, 0, &len, &m, &d), CPM_E_MISSING, &d);
  assert_string_equal(d.rule, "Content-Type");
  m.content_type = S("text/plain\r\n\r\nHo");
  assert_status(cpm_cpim_encode(NULL, 0, &len, &m, &d), CPM_E_INJECTION, &d);
  m.content_type = S("text/plain");
  m.disposition = S("a\nb");
  assert_status(cpm_cpim_encode(NULL, 0, &len, &m, &d), CPM_E_INJECTION, &d);
  m.disposition = cpm_str_none();
  m.encoding = S("a\0");
  assert_status(cpm_cpim_encode(NULL, 0, &len, &m, &d), CPM_E_INJECTION, &d);
}

/* ---- quirks -------------------------------------------------------------------------------------------------------------- */

static void a_refused_quirk_is_an_error(void **state) {
  (void)state;
  const struct { uint64_t bit; cpm_str in; size_t off; } rows[] = {
    { CPM_QUIRK(CPIM_ONE_BLOCK),     S(FROM_TO "Content-Type: text/plain\r\n\r\nHi"),                              0 },
    { CPM_QUIRK(CPIM_LEADING_EMPTY), S("\r\n" FROM_TO PART),                                                       0 },
    { CPM_QUIRK(CPIM_TYPE_GROUP),    S("Content-Type: message/cpim\r\n\r\n" FROM_TO PART),                         0 },
    { CPM_QUIRK(CPIM_NO_TYPE),       S(FROM_TO "\r\n\r\nHi"),                                                     56 },
    { CPM_QUIRK(CPIM_NO_TYPE),       S(FROM_TO "\r\nHi"),                                                         54 },
    { CPM_QUIRK(CPIM_NS_NO_SPACE),   S(FROM_TO "NS: a<urn:b>\r\n" PART),                                          57 },
    { CPM_QUIRK(CPIM_SPACING),       S(FROM_TO "Subject:a\r\n" PART),                                             60 },
    { CPM_QUIRK(CPIM_SPACING),       S(FROM_TO "Subject: a\tb\r\n" PART),                                         60 },
    { CPM_QUIRK(CPIM_SPACING),       S(FROM_TO "Require: From, To\r\n" PART),                                     61 },
    { CPM_QUIRK(CPIM_SPACING),       S(FROM_TO "NS: a  <urn:b>\r\n" PART),                                        57 },
    { CPM_QUIRK(CPIM_NO_NS),         S(FROM_TO "imdn.Message-ID: a\r\n" PART),                                    52 },
    { CPM_QUIRK(CPIM_NS_LATE),       S(FROM_TO "x.Message-ID: a\r\nNS: x <urn:ietf:params:imdn>\r\n" PART),       52 },
    { CPM_QUIRK(MIME_REPEATED),      S(FROM_TO "\r\nContent-Type: a/b\r\nContent-Type: c/d\r\n\r\nHi"),          73 },
    { CPM_QUIRK(CPIM_NAME_CASE),     S(FROM_TO "subject: a\r\n" PART),                                            52 },
    { CPM_QUIRK(CPIM_BAD_LENGTH),    S(FROM_TO "\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n\r\nHi"),    96 },
    { CPM_QUIRK(CPIM_BARE_IMDN),     S(FROM_TO "Message-ID: a\r\n" PART),                                         52 },
    { CPM_QUIRK(CPIM_REQUIRED),      S(FROM_TO "Required: From\r\n" PART),                                        52 },
    { CPM_QUIRK(CPIM_FOLD),          S(FROM_TO "Subject: a\r\n b\r\n" PART),                                      52 },
    { CPM_QUIRK(CPIM_FOLD),          S(FROM_TO "\r\nContent-Type: text/plain\r\n Content-ID: <a>\r\n\r\nHi"),     54 },
    { CPM_QUIRK(CPIM_ADDRESS),       S(FROM_TO "cc: sip:c@example.com\r\n" PART),                                 56 },
    { CPM_QUIRK(CPIM_BARE_LF),       S(FROM_TO "Subject: a\n" PART),                                              62 },
    { CPM_QUIRK(UTF8_INVALID),       S(FROM_TO "Subject: \xff\r\n" PART),                                         61 },
    { CPM_QUIRK(UTF8_INVALID),       S(FROM_TO "\r\nContent-Type: text/plain;a=\"\xff\"\r\n\r\nHi"),               82 },
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    cpm_cpim_header headers[8];
    cpm_cpim m = { .headers = headers, .cap = 8 };
    cpm_diag d = { 0 };
    const cpm_opts refuse = { .refuse = rows[i].bit }, others = { .refuse = ~rows[i].bit };
    assert_status(cpm_cpim_decode(&m, rows[i].in, &refuse, &d), CPM_E_QUIRK, &d);
    if (d.off != rows[i].off) fail_msg("row %zu: off %zu", i, d.off);
    assert_status(cpm_cpim_decode(&m, rows[i].in, &others, &d), CPM_OK, &d);
    if (m.quirks != rows[i].bit) fail_msg("row %zu: quirks", i);
  }
}

static void a_refusal_is_not_lost_behind_the_next_quirk(void **state) {
  (void)state;
  const struct { uint64_t bit; cpm_str in; } rows[] = {
    { CPM_QUIRK(CPIM_NO_NS),   S(FROM_TO "imdn.message-id: a\r\n" PART) },
    { CPM_QUIRK(CPIM_NO_NS),   S(FROM_TO "Require: imdn.message-id\r\n" PART) },
    { CPM_QUIRK(CPIM_SPACING), S(FROM_TO "subject:\xff\r\n" PART) },
    { CPM_QUIRK(CPIM_BARE_LF), S(FROM_TO "Subject: a\r\n b\n" PART) },
    { CPM_QUIRK(CPIM_NO_TYPE), S(FROM_TO "\r\nContent-Length: 7\r\n\r\nHi") },
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    cpm_cpim_header headers[4];
    cpm_cpim m = { .headers = headers, .cap = 4 };
    const cpm_opts refuse = { .refuse = rows[i].bit };
    assert_status(cpm_cpim_decode(&m, rows[i].in, NULL, NULL), CPM_OK, NULL);
    assert_true((m.quirks & rows[i].bit) && m.quirks != rows[i].bit);
    assert_status(cpm_cpim_decode(&m, rows[i].in, &refuse, NULL), CPM_E_QUIRK, NULL);
  }
}

/* ---- accessors ----------------------------------------------------------------------------------------------------------- */

static void headers_are_found_in_order(void **state) {
  (void)state;
  cpm_cpim_header headers[8];
  cpm_cpim m = { .headers = headers, .cap = 8 };
  cpm_diag d = { 0 };
  assert_status(cpm_cpim_decode(&m, S(FROM_TO "To: <sip:c@example.com>\r\nSubject:  a \r\n" PART), NULL, &d), CPM_OK, &d);
  size_t at = 0;
  assert_str(cpm_cpim_find(&m, CPM_CPIM_TO, &at)->value, "<sip:b@example.com>");
  assert_int_equal(at, 2);
  assert_str(cpm_cpim_find(&m, CPM_CPIM_TO, &at)->value, "<sip:c@example.com>");
  assert_int_equal(at, 3);
  assert_null(cpm_cpim_find(&m, CPM_CPIM_TO, &at));
  assert_int_equal(at, 3);
  assert_str(cpm_cpim_find(&m, CPM_CPIM_TO, NULL)->value, "<sip:b@example.com>");
  assert_str(cpm_cpim_value(&m, CPM_CPIM_SUBJECT), "a");
  assert_null(cpm_cpim_value(&m, CPM_CPIM_CC).p);
}

static void other_mime_headers_are_found_by_name(void **state) {
  (void)state;
  cpm_cpim_header headers[8];
  cpm_cpim m = { .headers = headers, .cap = 8 };
  const char *const texts[] = {
    FROM_TO "\r\nContent-Type: text/plain\r\nContent-ID: <a>\r\n\r\nHi",
    FROM_TO "Content-Type: text/plain\r\nSubject: a\r\nContent-ID: <a>\r\n\r\nHi",
    FROM_TO "\nContent-Type: text/plain\nContent-ID: <a>\n\nHi",
  };
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    assert_status(cpm_cpim_decode(&m, cpm_str_z(texts[i]), NULL, NULL), CPM_OK, NULL);
    assert_str(cpm_mime_header(m.mime, "content-id"), "<a>");
  }
}

/* ---- limits -------------------------------------------------------------------------------------------------------------- */

static void limits_hold(void **state) {
  (void)state;
  cpm_cpim_header headers[4];
  cpm_cpim m = { .headers = headers, .cap = 4 };
  cpm_diag d = { 0 };
  const cpm_str in = S(FROM_TO PART);   /* lines of 25, 23, 0, 24 and 0 octets and their CRLF: 82, then 2 of content */
  const struct { cpm_opts opts; int rc; } rows[] = {
    { { .max_line = 25 }, CPM_OK }, { { .max_line = 24 }, CPM_E_TOO_LONG },
    { { .max_head = 81 }, CPM_E_TOO_LONG }, { { .max_head = 82 }, CPM_OK },
    { { .max_body = 2 }, CPM_OK },  { { .max_body = 1 }, CPM_E_TOO_LONG },
  };
  assert_int_equal(in.n, 84);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    const int rc = cpm_cpim_decode(&m, in, &rows[i].opts, &d);
    if (rc != rows[i].rc) fail_msg("row %zu: %s at %zu", i, cpm_status_name(rc), d.off);
  }
}

static void a_message_id_of_64_kib_is_a_question_of_limits(void **state) {
  (void)state;
  static const char head[] = FROM_TO "NS: imdn <urn:ietf:params:imdn>\r\nimdn.Message-ID: ";
  const size_t n = 65536, at = sizeof head - 1;
  char *const text = malloc(at + n + sizeof "\r\n" PART);
  assert_non_null(text);
  memcpy(text, head, at);
  memset(text + at, 'x', n);
  memcpy(text + at + n, "\r\n" PART, sizeof "\r\n" PART);
  const cpm_str in = support_guard(cpm_str_of(text, at + n + sizeof "\r\n" PART - 1));
  cpm_cpim_header headers[4];
  cpm_cpim m = { .headers = headers, .cap = 4 };
  cpm_diag d = { 0 };
  const cpm_opts large = { .max_line = 70000, .max_head = 70000 };
  assert_status(cpm_cpim_decode(&m, in, NULL, &d), CPM_E_TOO_LONG, &d);
  assert_status(cpm_cpim_decode(&m, in, &large, &d), CPM_OK, &d);
  assert_int_equal(cpm_cpim_value(&m, CPM_CPIM_MESSAGE_ID).n, n);
  support_unguard(in);
  free(text);
}

static char *many(const char *format, size_t n, size_t *len) {
  char *const text = malloc(sizeof FROM_TO + sizeof PART + n * 48);
  assert_non_null(text);
  size_t at = (size_t)sprintf(text, "%s", FROM_TO);
  for (size_t i = 0; i < n; i++) at += (size_t)sprintf(text + at, format, i, i);
  *len = at + (size_t)sprintf(text + at, "%s", PART);
  return text;
}

static void ten_thousand_headers_say_how_many_they_are(void **state) {
  (void)state;
  const cpm_opts large = { .max_head = 1 << 20 };
  cpm_cpim_header *const headers = calloc(10002, sizeof *headers);
  assert_non_null(headers);
  size_t n = 0;
  char *const text = many("x%zu: %zu\r\n", 10000, &n);
  cpm_diag d = { 0 };
  for (size_t cap = 0; cap < 10002; cap = cap * 7 + 1) {
    cpm_cpim m = { .headers = cap ? headers : NULL, .cap = cap };
    assert_status(cpm_cpim_decode(&m, cpm_str_of(text, n), &large, &d), CPM_E_TOO_MANY, &d);
    assert_int_equal(d.code, CPM_E_TOO_MANY);
    assert_int_equal(d.need, 10002);
    assert_int_equal(m.nheaders, cap);
  }
  cpm_cpim m = { .headers = headers, .cap = 10002 };
  assert_status(cpm_cpim_decode(&m, cpm_str_of(text, n), &large, &d), CPM_OK, &d);
  assert_status(cpm_cpim_decode(&m, cpm_str_of(text, n), NULL, &d), CPM_E_TOO_LONG, &d);
  m.headers = NULL;
  assert_status(cpm_cpim_decode(&m, cpm_str_of(text, n), NULL, &d), CPM_E_ARG, &d);
  free(text);
  free(headers);
}

static void prefixes_are_bounded_and_bindings_are_not(void **state) {
  (void)state;
  const cpm_opts large = { .max_head = 1 << 20 };
  cpm_cpim_header *const headers = calloc(10002, sizeof *headers);
  assert_non_null(headers);
  const struct { const char *format; size_t n; int rc; } rows[] = {
    { "NS: x%zu <urn:y%zu>\r\n", CPM_CPIM_PREFIX_LIMIT, CPM_OK },
    { "NS: x%zu <urn:y%zu>\r\n", CPM_CPIM_PREFIX_LIMIT + 1, CPM_E_TOO_MANY },
    { "NS: x%zu <urn:y%zu>\r\n", 10000, CPM_E_TOO_MANY },
    { "NS: x <urn:y%zu%zu>\r\n", 10000, CPM_OK },
    { "x%zu.y: %zu\r\n", 10000, CPM_OK },
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    size_t n = 0;
    char *const text = many(rows[i].format, rows[i].n, &n);
    cpm_cpim m = { .headers = headers, .cap = 10002 };
    cpm_diag d = { 0 };
    assert_status(cpm_cpim_decode(&m, cpm_str_of(text, n), &large, &d), rows[i].rc, &d);
    if (rows[i].rc) assert_int_equal(d.need, 0);
    free(text);
  }
  free(headers);
}

/* ---- hostile input ------------------------------------------------------------------------------------------------------- */

static void one_prefix(cpm_str in, void *ctx) {
  cpm_cpim_header headers[8];
  cpm_cpim m = { .headers = headers, .cap = 8 };
  cpm_diag d = { 0 };
  const int rc = cpm_cpim_decode(&m, in, NULL, &d);
  const size_t content = *(const size_t *)ctx;
  if (content) assert_status(rc, in.n >= content ? CPM_OK : CPM_E_TRUNCATED, &d);
  assert_true(d.off <= in.n);
  if (rc == CPM_OK) assert_true(m.content.p && m.content.p + m.content.n == in.p + in.n);
}

static void a_prefix_without_its_content_is_truncated(void **state) {
  (void)state;
  size_t content = sizeof FROM_TO PART - 1 - 2;
  support_every_prefix(S(FROM_TO PART), one_prefix, &content);
  content = 0;
  support_every_prefix(S("\n\r\nContent-Type: message/cpim\r\n\r\nfrom:\r\n sip:a@example.com\nTo:;a=\"b\\\"\" <sip:b@example.com>\r\n"
                         "x.Message-ID: y\r\nNS: x<urn:ietf:params:imdn>\r\nRequire: x.Message-ID\r\nContent-Length: 7\r\n"
                         "Content-type: a/b\r\n Content-ID: c\r\n\r\nHi"), one_prefix, &content);
}

static void noise_is_read_within_its_bounds(void **state) {
  (void)state;
  static const char head[] = FROM_TO;
  char *const noise = malloc(65536);
  assert_non_null(noise);
  for (uint32_t round = 0, seed = 5; round < 16; round++) {
    for (size_t i = 0; i < 65536; i++) {
      seed = seed * 1664525u + 1013904223u;
      noise[i] = round < 4 ? (char)(seed >> 24) : "a:.;= <>\"\\\r\n\t\0Content-Type"[(seed >> 24) % 26];
    }
    if (round % 2) memcpy(noise, head, sizeof head - 1);
    if (round >= 8) memset(noise + 60, "\r\n \t-<\0:"[round - 8], 65536 - 60);
    cpm_cpim_header headers[16];
    cpm_cpim m = { .headers = headers, .cap = 16 };
    cpm_diag d = { 0 };
    const cpm_opts large = { .max_line = SIZE_MAX, .max_head = SIZE_MAX, .max_body = UINT64_MAX };
    const cpm_str in = support_guard(cpm_str_of(noise, 65536));
    (void)cpm_cpim_decode(&m, in, NULL, &d);
    assert_true(d.off <= in.n);
    (void)cpm_cpim_decode(&m, in, &large, &d);
    assert_true(d.off <= in.n);
    support_unguard(in);
  }
  free(noise);
  cpm_cpim m = { .headers = NULL };
  cpm_diag d = { 0 };
  assert_status(cpm_cpim_decode(&m, cpm_str_none(), NULL, &d), CPM_E_TRUNCATED, &d);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(vectors),
    cmocka_unit_test(what_is_written_is_read_back),
    cmocka_unit_test(deviations_are_mended_in_writing),
    cmocka_unit_test(absent_content_gives_what_stands_before_it),
    cmocka_unit_test(a_mime_header_is_written_as_utf8),
    cmocka_unit_test(a_header_that_could_not_be_read_back_is_not_written),
    cmocka_unit_test(an_incomplete_message_is_not_written),
    cmocka_unit_test(a_refused_quirk_is_an_error),
    cmocka_unit_test(a_refusal_is_not_lost_behind_the_next_quirk),
    cmocka_unit_test(headers_are_found_in_order),
    cmocka_unit_test(other_mime_headers_are_found_by_name),
    cmocka_unit_test(limits_hold),
    cmocka_unit_test(a_message_id_of_64_kib_is_a_question_of_limits),
    cmocka_unit_test(ten_thousand_headers_say_how_many_they_are),
    cmocka_unit_test(prefixes_are_bounded_and_bindings_are_not),
    cmocka_unit_test(a_prefix_without_its_content_is_truncated),
    cmocka_unit_test(noise_is_read_within_its_bounds),
  };
  return cmocka_run_group_tests_name("cpim", tests, NULL, NULL);
}
