/* SPDX-License-Identifier: MIT */
/* msrp_encode.c - writing heads and end-lines, transaction ids. */
#include "msrp.h"
#include <string.h>

/* ---- checks: what is given is held against the grammar before it is written ------------------------------------------ */

static int msrp_encode_value(const char *rule, cpm_diag *diag) { return cpmi_fail(diag, CPM_E_VALUE, 0, rule, "RFC 4975 9"); }

/* utf8text, octets of UTF-8. */
int cpmi_msrp_check_text(cpm_str s, const char *rule, cpm_diag *diag) {
  const int rc = cpmi_check_clean(s, rule, diag);
  if (rc) return rc;
  for (size_t i = 0; i < s.n; i++)
    if (((unsigned char)s.p[i] < 0x20 && s.p[i] != '\t') || s.p[i] == 0x7f) return cpmi_fail(diag, CPM_E_VALUE, i, rule, "RFC 4975 9");
  return s.n && cpmi_utf8_bad(s) < s.n ? cpmi_fail(diag, CPM_E_VALUE, cpmi_utf8_bad(s), rule, "RFC 4975 9") : CPM_OK;
}

static int msrp_encode_check_ident(cpm_str s, const char *rule, cpm_diag *diag) {
  const int rc = cpmi_check_clean(s, rule, diag);
  if (rc) return rc;
  return cpmi_msrp_is_ident(s) ? CPM_OK : msrp_encode_value(rule, diag);
}

static int msrp_encode_check_path(cpm_str path, const char *rule, cpm_diag *diag) {
  cpm_msrp_uri uri;
  uint64_t quirks = 0;
  int rc = cpmi_check_clean(path, rule, diag);
  if (rc) return rc;
  if (!path.n) return cpmi_fail(diag, path.p ? CPM_E_VALUE : CPM_E_MISSING, 0, rule, "RFC 4975 7.1");
  for (cpm_str rest = path; (rc = cpm_msrp_path_next(&rest, &uri, NULL, &quirks, NULL)) == CPM_OK;) {}
  return rc == CPM_END && !quirks ? CPM_OK : msrp_encode_value(rule, diag);
}

/* The value as it is written: without white space around it. */
static cpm_str msrp_encode_trim(cpm_str s) {
  while (s.n && (s.p[0] == ' ' || s.p[0] == '\t')) s = cpmi_behind(s, 1);
  while (s.n && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t')) s.n--;
  return s;
}

/* ---- the first line -------------------------------------------------------------------------------------------------- */

static int msrp_encode_method(cpmi_out *o, const cpm_msrp *in, cpm_diag *diag) {
  static const cpm_str methods[] = {
    { NULL, 0 },
#define MSRP_ENCODE_METHOD(id, text) CPM_STR(text),
    CPM_MSRP_METHODS(MSRP_ENCODE_METHOD)
#undef MSRP_ENCODE_METHOD
  };
  const bool known = in->method > CPM_MSRP_OTHER && in->method < CPM_MSRP_METHOD_COUNT;
  const cpm_str name = known ? methods[in->method] : in->method_name;
  const int rc = cpmi_check_clean(name, "method", diag);
  if (rc) return rc;
  if (!name.n || (!known && cpmi_msrp_method_id(name))) return msrp_encode_value("method", diag);
  for (size_t i = 0; i < name.n; i++)
    if (name.p[i] < 'A' || name.p[i] > 'Z') return cpmi_fail(diag, CPM_E_VALUE, i, "method", "RFC 4975 9");
  cpmi_put(o, name);
  return CPM_OK;
}

static int msrp_encode_start(cpmi_out *o, const cpm_msrp *in, cpm_diag *diag) {
  int rc = msrp_encode_check_ident(in->transaction_id, "transact-id", diag);
  if (rc) return rc;
  cpmi_put_z(o, "MSRP ");
  cpmi_put(o, in->transaction_id);
  cpmi_put_char(o, ' ');
  if (!in->status) {
    rc = msrp_encode_method(o, in, diag);
  } else {
    if (in->status > 999) return msrp_encode_value("status-code", diag);
    if (in->body) return msrp_encode_value("msrp-response", diag);
    rc = cpmi_msrp_check_text(in->comment, "comment", diag);
    cpmi_put_digits(o, in->status, 3);
    if (in->comment.p) cpmi_put_char(o, ' ');
    cpmi_put(o, in->comment);
  }
  cpmi_put_z(o, "\r\n");
  return rc;
}

/* ---- header lines ---------------------------------------------------------------------------------------------------- */

static void msrp_encode_line(cpmi_out *o, cpm_msrp_header id, cpm_str value) {
  cpmi_put(o, cpm_msrp_header_name(id));
  cpmi_put_z(o, ": ");
  cpmi_put(o, value);
  cpmi_put_z(o, "\r\n");
}

static void msrp_encode_number_or_any(cpmi_out *o, uint64_t n) {
  if (n == CPM_MSRP_ANY) cpmi_put_char(o, '*');
  else cpmi_put_number(o, n);
}

static int msrp_encode_range(cpmi_out *o, const cpm_msrp_range *r, cpm_diag *diag) {
  const bool no_octets = r->start == 1 && r->end == 0 && r->total == 0;
  const bool order = r->start && r->start != CPM_MSRP_ANY && (r->end >= r->start || no_octets);
  const bool inside = r->total == CPM_MSRP_ANY || (r->start - 1 <= r->total && (r->end == CPM_MSRP_ANY || r->end <= r->total));
  if (!order || !inside) return msrp_encode_value("Byte-Range", diag);
  cpmi_put_z(o, "Byte-Range: ");
  cpmi_put_number(o, r->start);
  cpmi_put_char(o, '-');
  msrp_encode_number_or_any(o, r->end);
  cpmi_put_char(o, '/');
  msrp_encode_number_or_any(o, r->total);
  cpmi_put_z(o, "\r\n");
  return CPM_OK;
}

static int msrp_encode_status(cpmi_out *o, const cpm_msrp *in, cpm_diag *diag) {
  const cpm_str comment = msrp_encode_trim(in->report_comment);
  char code[3];
  cpmi_out digits = cpmi_out_to(code, sizeof code, 0);
  const int rc = cpmi_msrp_check_text(in->report_comment, "Status", diag);
  if (rc) return rc;
  cpmi_put_digits(&digits, in->report_status, 3);
  if (in->report_namespace > 999 || in->report_status > 999 || cpm_str_eq(comment, cpm_str_of(code, 3)))
    return msrp_encode_value("Status", diag);
  cpmi_put_z(o, "Status: ");
  cpmi_put_digits(o, in->report_namespace, 3);
  cpmi_put_char(o, ' ');
  cpmi_put(o, cpm_str_of(code, 3));
  if (comment.n) cpmi_put_char(o, ' ');
  cpmi_put(o, comment);
  cpmi_put_z(o, "\r\n");
  return CPM_OK;
}

/* The fields that have members. */
static int msrp_encode_members(cpmi_out *o, const cpm_msrp *in, cpm_diag *diag) {
  static const char *const failure[] = { NULL, "no", "partial" };
  int rc = CPM_OK;
  const bool needs_id = !in->status && (in->method == CPM_MSRP_SEND || in->method == CPM_MSRP_REPORT);
  if (needs_id && !in->message_id.p) return cpmi_fail(diag, CPM_E_MISSING, 0, "Message-ID", "RFC 4975 7.1");
  if (!in->status && in->method == CPM_MSRP_REPORT && !in->report_status) return cpmi_fail(diag, CPM_E_MISSING, 0, "Status", "RFC 4975 7.1.2");
  if ((unsigned)in->failure_report > CPM_MSRP_FAILURE_PARTIAL) return msrp_encode_value("Failure-Report", diag);
  if (in->message_id.p) {
    if ((rc = msrp_encode_check_ident(in->message_id, "Message-ID", diag)) != CPM_OK) return rc;
    msrp_encode_line(o, CPM_MSRP_MESSAGE_ID, in->message_id);
  }
  const bool wishes = in->status || in->method != CPM_MSRP_REPORT;   /* nobody reports on a REPORT */
  if (wishes && in->success_report) msrp_encode_line(o, CPM_MSRP_SUCCESS_REPORT, cpm_str_z("yes"));
  if (wishes && in->failure_report) msrp_encode_line(o, CPM_MSRP_FAILURE_REPORT, cpm_str_z(failure[in->failure_report]));
  if (in->has_range) rc = msrp_encode_range(o, &in->range, diag);
  if (rc == CPM_OK && in->report_status) rc = msrp_encode_status(o, in, diag);
  return rc;
}

static int msrp_encode_field(cpmi_out *o, const cpm_msrp_field *f, cpm_msrp_header id, cpm_diag *diag) {
  const cpm_str name = id ? cpm_msrp_header_name(id) : f->name, value = msrp_encode_trim(f->value);
  cpmi_msrp_line m;
  int rc = cpmi_check_clean(name, "hname", diag);
  if (rc == CPM_OK) rc = cpmi_msrp_check_text(f->value, "hval", diag);
  if (rc) return rc;
  /* The name alone must not read as a line, and with a colon behind it must. */
  if (!name.n || memchr(name.p, ':', name.n)) return msrp_encode_value("hname", diag);
  const char *const stop = cpmi_msrp_line_parse(&m, name);
  if (stop != name.p + name.n) return msrp_encode_value("hname", diag);
  cpmi_put(o, name);
  cpmi_put_z(o, ": ");
  cpmi_put(o, value);
  cpmi_put_z(o, "\r\n");
  return CPM_OK;
}

static bool msrp_encode_is_member(cpm_msrp_header id) {
  return id == CPM_MSRP_TO_PATH || id == CPM_MSRP_FROM_PATH || id == CPM_MSRP_MESSAGE_ID || id == CPM_MSRP_SUCCESS_REPORT ||
         id == CPM_MSRP_FAILURE_REPORT || id == CPM_MSRP_BYTE_RANGE || id == CPM_MSRP_STATUS || id == CPM_MSRP_CONTENT_TYPE;
}

static int msrp_encode_fields(cpmi_out *o, const cpm_msrp *in, cpm_diag *diag) {
  unsigned seen = 0;
  for (size_t i = 0; i < in->nfields; i++) {
    const cpm_msrp_field *const f = &in->fields[i];
    if ((unsigned)f->id >= CPM_MSRP_HEADER_COUNT) return msrp_encode_value("hname", diag);
    const cpm_msrp_header id = f->id ? f->id : cpm_msrp_header_id(f->name);
    if (msrp_encode_is_member(id)) continue;
    const bool repeats = !id || id == CPM_MSRP_WWW_AUTHENTICATE || id == CPM_MSRP_AUTHORIZATION;
    if (!repeats && (seen & 1u << id)) return cpmi_fail(diag, CPM_E_DUPLICATE, 0, cpm_msrp_header_name(id).p, "RFC 4975 9");
    seen |= 1u << id;
    const int rc = msrp_encode_field(o, f, id, diag);
    if (rc) return rc;
  }
  if (!in->status && in->method == CPM_MSRP_NICKNAME && !(seen & 1u << CPM_MSRP_USE_NICKNAME))
    return cpmi_fail(diag, CPM_E_MISSING, 0, "Use-Nickname", "RFC 7701 4.2");
  return CPM_OK;
}

/* ---- ends ------------------------------------------------------------------------------------------------------------- */

static int msrp_encode_end_line(cpmi_out *o, cpm_str id, char flag, cpm_diag *diag) {
  if (flag != '$' && flag != '+' && flag != '#') return msrp_encode_value("continuation-flag", diag);
  cpmi_put_z(o, "-------");
  cpmi_put(o, id);
  cpmi_put_char(o, flag);
  cpmi_put_z(o, "\r\n");
  return CPM_OK;
}

/* Content-Type, and what ends the head. */
static int msrp_encode_end(cpmi_out *o, const cpm_msrp *in, cpm_diag *diag) {
  const cpm_str type = msrp_encode_trim(in->content_type);
  const int rc = cpmi_msrp_check_text(in->content_type, "Content-Type", diag);
  if (rc) return rc;
  if (in->body && !type.n) return cpmi_fail(diag, CPM_E_MISSING, 0, "Content-Type", "RFC 4975 9");
  if (in->content_type.p) msrp_encode_line(o, CPM_MSRP_CONTENT_TYPE, type);
  if (!in->body) return msrp_encode_end_line(o, in->transaction_id, in->flag ? in->flag : '$', diag);
  cpmi_put_z(o, "\r\n");
  return CPM_OK;
}

int cpm_msrp_encode(char *dst, size_t cap, size_t *len, const cpm_msrp *in, cpm_diag *diag) {
  cpmi_out o = cpmi_out_to(dst, cap, 0);
  int rc = msrp_encode_check_path(in->to_path, "To-Path", diag);
  if (rc == CPM_OK) rc = msrp_encode_check_path(in->from_path, "From-Path", diag);
  if (rc == CPM_OK) rc = msrp_encode_start(&o, in, diag);
  if (rc) return rc;
  msrp_encode_line(&o, CPM_MSRP_TO_PATH, in->to_path);
  msrp_encode_line(&o, CPM_MSRP_FROM_PATH, in->from_path);
  rc = msrp_encode_members(&o, in, diag);
  if (rc == CPM_OK) rc = msrp_encode_fields(&o, in, diag);
  if (rc == CPM_OK) rc = msrp_encode_end(&o, in, diag);
  if (rc == CPM_OK && ((in->method == CPM_MSRP_SEND && in->body) || in->method == CPM_MSRP_REPORT) && !in->status && !in->has_range)
    rc = cpmi_fail(diag, CPM_E_MISSING, 0, "Byte-Range", "RFC 4975 7.1");
  return rc ? rc : cpmi_out_end(&o, len, diag);
}

int cpm_msrp_tail_encode(char *dst, size_t cap, size_t *len, cpm_str transaction_id, char flag, cpm_diag *diag) {
  cpmi_out o = cpmi_out_to(dst, cap, 0);
  int rc = msrp_encode_check_ident(transaction_id, "transact-id", diag);
  if (rc) return rc;
  cpmi_put_z(&o, "\r\n");
  rc = msrp_encode_end_line(&o, transaction_id, flag, diag);
  return rc ? rc : cpmi_out_end(&o, len, diag);
}

int cpm_msrp_nickname_encode(char *dst, size_t cap, size_t *len, cpm_str nickname, cpm_diag *diag) {
  const int rc = cpmi_msrp_check_text(nickname, "nickname", diag);
  if (rc) return rc;
  cpmi_out o = cpmi_out_to(dst, cap, 0);
  cpmi_put_quoted(&o, nickname);
  return cpmi_out_end(&o, len, diag);
}

/* ---- transaction ids -------------------------------------------------------------------------------------------------- */

int cpm_msrp_id_make(char dst[CPM_MSRP_ID_RANDOM], cpm_str random) {
  static const char letters[] = "abcdefghijklmnopqrstuvwxyz234567";
  if (random.n < CPM_MSRP_ID_RANDOM) return CPM_E_RANDOM;
  for (size_t i = 0; i < CPM_MSRP_ID_RANDOM; i++) dst[i] = letters[(unsigned char)random.p[i] & 31];
  return CPM_OK;
}

size_t cpmi_msrp_find_id(cpm_str content, cpm_str id) {
  enum { MSRP_DASHES_OF_END_LINE = 7 };
  if (!id.n) return content.n;
  for (size_t at = 0; at < content.n;) {
    at += cpmi_find_mark(content.p + at, content.n - at, id.p[0]);
    if (content.n - at < MSRP_DASHES_OF_END_LINE + id.n) break;
    if (memcmp(content.p + at + MSRP_DASHES_OF_END_LINE, id.p, id.n) == 0) return at;
    at++;
  }
  return content.n;
}

bool cpm_msrp_id_fits(cpm_str transaction_id, cpm_str content) {
  return cpmi_msrp_find_id(content, transaction_id) == content.n;
}
