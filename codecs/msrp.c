/* SPDX-License-Identifier: MIT */
/* msrp.c - reading the head of an MSRP frame (RFC 4975).
 *
 * The head is split by memchr; one small machine reads a line, one a value. The fields that RFC 4975 gives a meaning are decoded at
 * once: no frame can be handled without them.
 */
#include "msrp.h"
#include "straight.h"
#include <string.h>

/* ---- names ------------------------------------------------------------------------------------------------------- */

static const cpm_str msrp_names[] = {
  { NULL, 0 },
#define MSRP_NAME(id, name) CPM_STR(name),
  CPM_MSRP_HEADERS(MSRP_NAME)
#undef MSRP_NAME
};

cpm_str cpm_msrp_header_name(cpm_msrp_header id) {
  return (unsigned)id < CPM_MSRP_HEADER_COUNT ? msrp_names[id] : cpm_str_none();
}

/* Names by their length; 0 ends a row. */
enum { MSRP_ALIKE = 4, MSRP_LENGTHS = 20 };
static const unsigned char msrp_by_length[MSRP_LENGTHS][MSRP_ALIKE] = {
  [6] = { CPM_MSRP_STATUS },
  [7] = { CPM_MSRP_TO_PATH, CPM_MSRP_EXPIRES },
  [8] = { CPM_MSRP_USE_PATH },
  [9] = { CPM_MSRP_FROM_PATH },
  [10] = { CPM_MSRP_MESSAGE_ID, CPM_MSRP_BYTE_RANGE, CPM_MSRP_CONTENT_ID },
  [11] = { CPM_MSRP_MIN_EXPIRES, CPM_MSRP_MAX_EXPIRES },
  [12] = { CPM_MSRP_CONTENT_TYPE, CPM_MSRP_USE_NICKNAME },
  [13] = { CPM_MSRP_AUTHORIZATION },
  [14] = { CPM_MSRP_SUCCESS_REPORT, CPM_MSRP_FAILURE_REPORT },
  [16] = { CPM_MSRP_WWW_AUTHENTICATE },
  [19] = { CPM_MSRP_AUTHENTICATION_INFO, CPM_MSRP_CONTENT_DESCRIPTION, CPM_MSRP_CONTENT_DISPOSITION },
};

cpm_msrp_header cpm_msrp_header_id(cpm_str name) {
  if (name.n >= MSRP_LENGTHS) return CPM_MSRP_UNKNOWN;
  for (const unsigned char *id = msrp_by_length[name.n]; *id; id++)
    if (cpm_str_ieq(name, msrp_names[*id])) return (cpm_msrp_header)*id;
  return CPM_MSRP_UNKNOWN;
}

/* The id of a name as the RFCs print it. */
static cpm_msrp_header msrp_id_exact(cpm_str name) {
  if (name.n >= MSRP_LENGTHS) return CPM_MSRP_UNKNOWN;
  for (const unsigned char *id = msrp_by_length[name.n]; *id; id++)
    if (cpmi_same(name.p, msrp_names[*id].p, name.n)) return (cpm_msrp_header)*id;
  return CPM_MSRP_UNKNOWN;
}

cpm_msrp_method cpmi_msrp_method_id(cpm_str name) {
  static const cpm_str methods[] = {
    { NULL, 0 },
#define MSRP_METHOD(id, text) CPM_STR(text),
    CPM_MSRP_METHODS(MSRP_METHOD)
#undef MSRP_METHOD
  };
  for (unsigned i = 1; i < CPM_MSRP_METHOD_COUNT; i++)
    if (cpm_str_eq(name, methods[i])) return (cpm_msrp_method)i;
  return CPM_MSRP_OTHER;
}

cpm_str cpm_msrp_comment(unsigned status) {
  static const struct { unsigned status; cpm_str text; } comments[] = {
    { 200, CPM_STR("OK") },                         { 400, CPM_STR("Bad request") },
    { 401, CPM_STR("Authentication required") },    { 403, CPM_STR("Not allowed") },
    { 404, CPM_STR("Not found") },                  { 408, CPM_STR("Request timed out") },
    { 413, CPM_STR("Stop sending") },               { 415, CPM_STR("Media type not understood") },
    { 423, CPM_STR("Parameter out of bounds") },    { 424, CPM_STR("Malformed nickname") },
    { 425, CPM_STR("Nickname reserved") },          { 428, CPM_STR("Private messages not supported") },
    { 481, CPM_STR("No such session") },            { 501, CPM_STR("Unknown method") },
    { 506, CPM_STR("Session in use") },
  };
  for (size_t i = 0; i < sizeof comments / sizeof *comments; i++)
    if (comments[i].status == status) return comments[i].text;
  return cpm_str_none();
}

bool cpmi_msrp_is_ident(cpm_str s) {
  cpmi_msrp_value m;
  return s.p && !cpmi_msrp_value_parse(&m, CPMI_MSRP_MESSAGE_ID, s);
}

cpm_str cpm_msrp_value(const cpm_msrp *in, cpm_msrp_header id) {
  for (size_t i = 0; i < in->nfields; i++)
    if (in->fields[i].id == id) return in->fields[i].value;
  return cpm_str_none();
}

/* ---- values ------------------------------------------------------------------------------------------------------ */

/* Status of a machine that stopped inside of a value: a value is whole, so what lacks is wrong, not cut. */
static int msrp_refuse(cpm_diag *diag, size_t at, const char *rule) { return cpmi_fail(diag, CPM_E_SYNTAX, at, rule, "RFC 4975 9"); }

/* 1*DIGIT or "*". CPM_MSRP_ANY stands for "*" and is no number. */
static bool msrp_number(uint64_t *out, const char *b, const char *e) {
  if (*b != '*') return cpmi_to_number(out, cpmi_between(b, e), CPM_MSRP_ANY - 1);
  *out = CPM_MSRP_ANY;
  return true;
}

/* Octets are counted from 1; "*" is above every number. */
bool cpmi_msrp_range_holds(const cpm_msrp_range *r) {
  if (r->start == 0 || r->start == CPM_MSRP_ANY) return false;
  if (r->total != CPM_MSRP_ANY && (r->start - 1 > r->total || (r->end != CPM_MSRP_ANY && r->end > r->total))) return false;
  return r->end == CPM_MSRP_ANY || r->end >= r->start - 1;
}

int cpm_msrp_range_decode(cpm_msrp_range *out, cpm_str in, const cpm_opts *opts, uint64_t *quirks, cpm_diag *diag) {
  cpmi_msrp_value m;
  cpm_msrp_range r;
  in = cpmi_present(in);
  const char *const stop = cpmi_msrp_value_parse(&m, CPMI_MSRP_BYTE_RANGE, in);
  if (stop) return cpmi_refuse(diag, (size_t)(stop - in.p), in, "Byte-Range", "RFC 4975 9");
  const char *bad = NULL;
  if (!msrp_number(&r.start, m.a_b, m.a_e)) bad = m.a_b;
  else if (!msrp_number(&r.end, m.b_b, m.b_e)) bad = m.b_b;
  else if (!msrp_number(&r.total, m.c_b, m.c_e)) bad = m.c_b;
  if (bad) return cpmi_fail(diag, CPM_E_RANGE, (size_t)(bad - in.p), "Byte-Range", "RFC 4975 9");
  if (!cpmi_msrp_range_holds(&r)) return cpmi_fail(diag, CPM_E_VALUE, 0, "Byte-Range", "RFC 4975 7.1.1");
  *out = r;
  const bool no_octets = r.start == 1 && r.end == 0 && r.total == 0;   /* as RFC 4975 7.1.1 has it */
  return r.end < r.start && !no_octets ? cpmi_quirk(quirks, CPM_QUIRK(MSRP_RANGE_EMPTY), opts, 0, "Byte-Range", diag) : CPM_OK;
}

int cpm_msrp_expires_decode(uint32_t *out, cpm_str in, cpm_diag *diag) {
  cpmi_msrp_value m;
  uint64_t v;
  in = cpmi_present(in);
  const char *const stop = cpmi_msrp_value_parse(&m, CPMI_MSRP_EXPIRES, in);
  if (stop) return cpmi_refuse(diag, (size_t)(stop - in.p), in, "Expires", "RFC 4976 9");
  if (!cpmi_to_number(&v, in, UINT32_MAX)) return cpmi_fail(diag, CPM_E_RANGE, 0, "Expires", "RFC 4976 9");
  *out = (uint32_t)v;
  return CPM_OK;
}

int cpm_msrp_nickname_decode(cpm_str *out, cpm_str in, cpm_diag *diag) {
  cpmi_msrp_value m;
  in = cpmi_present(in);
  const char *const stop = cpmi_msrp_value_parse(&m, CPMI_MSRP_USE_NICKNAME, in);
  if (stop) return cpmi_refuse(diag, (size_t)(stop - in.p), in, "nickname", "RFC 7701 7");
  *out = cpmi_between(m.a_b, m.a_e);
  return CPM_OK;
}

/* ---- the head ------------------------------------------------------------------------------------------------------ */

typedef struct msrp_reader {
  cpm_msrp       *out;
  cpm_str         in;
  const cpm_opts *opts;
  cpm_diag       *diag;
  size_t          max_line, max_head;
  const char     *straight;  /* up to here lines may be read straight: whatever ends before is within both limits */
  size_t          next;      /* where the next line starts */
  uint64_t        total;     /* fields, those that have no place in the array included */
  unsigned        seen;      /* a bit for each id */
} msrp_reader;

static int msrp_quirk(msrp_reader *r, uint64_t bit, const char *at, const char *rule) {
  return cpmi_quirk(&r->out->quirks, bit, r->opts, (size_t)(at - r->in.p), rule, r->diag);
}

static int msrp_fail(msrp_reader *r, int code, const char *at, const char *rule) {
  return cpmi_fail(r->diag, code, (size_t)(at - r->in.p), rule, "RFC 4975 9");
}

/* The next line without its CRLF. A LF alone ends no line: it stays in the text, for the grammar to refuse. *plain: it is of SP and
 * VCHAR alone. */
static int msrp_line_next(msrp_reader *r, cpm_str *line, bool *plain) {
  const cpm_str rest = cpmi_behind(r->in, r->next);
  size_t n = cpmi_find_plain_end(rest.p, rest.n);
  *plain = rest.n - n > 1 && rest.p[n] == '\r' && rest.p[n + 1] == '\n';
  for (size_t at = n; !*plain;) {
    const char *const lf = at < rest.n ? memchr(rest.p + at, '\n', rest.n - at) : NULL;
    if (!lf) return msrp_fail(r, CPM_E_TRUNCATED, r->in.p + r->in.n, "CRLF");
    at = (size_t)(lf - rest.p) + 1;
    n = at - 2;
    if (at > 1 && lf[-1] == '\r') break;
  }
  *line = cpm_str_of(rest.p, n);
  r->next += n + 2;
  return n > r->max_line || r->next > r->max_head ? msrp_fail(r, CPM_E_TOO_LONG, line->p, "headers") : CPM_OK;
}

/* The first line of a request, straight. */
static bool msrp_straight_start(msrp_reader *r) {
  cpmi_msrp_start m;
  const char *const e = cpmi_msrp_start_straight(&m, r->in.p, r->straight);
  if (!e || !m.method_e || r->straight - e < 2 || e[0] != '\r' || e[1] != '\n') return false;
  r->out->transaction_id = cpmi_between(m.id_b, m.id_e);
  r->out->method_name = cpmi_between(m.method_b, e);
  r->out->method = cpmi_msrp_method_id(r->out->method_name);
  r->next = (size_t)(e - r->in.p) + 2;
  return true;
}

static int msrp_read_start(msrp_reader *r) {
  cpm_msrp *const out = r->out;
  cpmi_msrp_start m;
  cpm_str line;
  bool plain;
  int rc = msrp_line_next(r, &line, &plain);
  if (rc) return rc;
  const char *const stop = cpmi_msrp_start_parse(&m, line);
  if (stop) return msrp_fail(r, CPM_E_SYNTAX, stop, "req-start");
  out->transaction_id = cpmi_between(m.id_b, m.id_e);
  if (m.gap) rc = msrp_quirk(r, CPM_QUIRK(MSRP_SPACING), line.p, "req-start");
  if (m.code_e) {
    for (const char *c = m.code_b; c < m.code_e; c++) out->status = out->status * 10 + (unsigned)(*c - '0');
    out->comment = cpmi_between(m.comment_b, m.comment_e);
    if (out->status == 0) return msrp_fail(r, CPM_E_VALUE, m.code_b, "status-code");
    if (rc == CPM_OK && out->comment.p && cpmi_utf8_bad(out->comment) < out->comment.n)
      rc = msrp_quirk(r, CPM_QUIRK(UTF8_INVALID), out->comment.p, "comment");
    return rc;
  }
  out->method_name = cpmi_between(m.method_b, m.method_e);
  out->method = cpmi_msrp_method_id(out->method_name);
  if (rc == CPM_OK && memchr(out->method_name.p, '_', out->method_name.n))
    rc = msrp_quirk(r, CPM_QUIRK(MSRP_METHOD), out->method_name.p, "other-method");
  return rc;
}

static int msrp_read_path(msrp_reader *r, cpm_str *out, cpm_str value, const char *rule) {
  cpm_msrp_uri uri;
  cpm_diag inner = { 0 };
  cpm_str rest = value;
  size_t count = 0, base = (size_t)(value.p - r->in.p);
  int rc;
  for (;; count++) {
    const size_t at = base + (value.n - rest.n);
    rc = cpm_msrp_path_next(&rest, &uri, r->opts, &r->out->quirks, &inner);
    if (rc == CPM_OK) continue;
    if (rc != CPM_END) return cpmi_fail(r->diag, rc == CPM_E_TRUNCATED ? CPM_E_SYNTAX : rc, at + inner.off, inner.rule, inner.clause);
    break;
  }
  if (count == 0) return msrp_fail(r, CPM_E_SYNTAX, value.p, rule);
  *out = value;
  return CPM_OK;
}

static int msrp_read_status(msrp_reader *r, cpm_str value) {
  cpm_msrp *const out = r->out;
  cpmi_msrp_value m;
  const char *const stop = cpmi_msrp_value_parse(&m, CPMI_MSRP_STATUS, value);
  if (stop) return msrp_refuse(r->diag, (size_t)(stop - r->in.p), "Status");
  for (const char *c = m.a_b; c < m.a_e; c++) out->report_namespace = out->report_namespace * 10 + (unsigned)(*c - '0');
  for (const char *c = m.b_b; c < m.b_e; c++) out->report_status = out->report_status * 10 + (unsigned)(*c - '0');
  if (out->report_status == 0) return msrp_fail(r, CPM_E_VALUE, m.b_b, "status-code");
  out->report_comment = cpmi_between(m.c_b, m.c_e);
  if (m.b_b - m.a_e > 1 || (m.c_b && m.c_b - m.b_e > 1)) {
    const int rc = msrp_quirk(r, CPM_QUIRK(MSRP_SPACING), value.p, "Status");
    if (rc) return rc;
  }
  if (cpm_str_eq(out->report_comment, cpmi_between(m.b_b, m.b_e)))
    return msrp_quirk(r, CPM_QUIRK(MSRP_STATUS_TWICE), out->report_comment.p, "Status");
  return CPM_OK;
}

static int msrp_read_report_wish(msrp_reader *r, cpm_msrp_header id, cpm_str value) {
  const bool success = id == CPM_MSRP_SUCCESS_REPORT;
  cpmi_msrp_value m;
  const char *const stop = cpmi_msrp_value_parse(&m, success ? CPMI_MSRP_SUCCESS_REPORT : CPMI_MSRP_FAILURE_REPORT, value);
  if (stop) return msrp_refuse(r->diag, (size_t)(stop - r->in.p), success ? "Success-Report" : "Failure-Report");
  if (success) r->out->success_report = m.yes;
  else r->out->failure_report = m.partial ? CPM_MSRP_FAILURE_PARTIAL : m.no ? CPM_MSRP_FAILURE_NO : CPM_MSRP_FAILURE_YES;
  return CPM_OK;
}

static int msrp_read_range(msrp_reader *r, cpm_str value) {
  cpm_diag inner = { 0 };
  const int rc = cpm_msrp_range_decode(&r->out->range, value, r->opts, &r->out->quirks, &inner);
  r->out->has_range = rc == CPM_OK;
  if (rc == CPM_OK) return CPM_OK;
  return cpmi_fail(r->diag, rc == CPM_E_TRUNCATED ? CPM_E_SYNTAX : rc, (size_t)(value.p - r->in.p) + inner.off, inner.rule, inner.clause);
}

static int msrp_read_value(msrp_reader *r, cpm_msrp_header id, cpm_str value) {
  switch (id) {
  case CPM_MSRP_TO_PATH:        return msrp_read_path(r, &r->out->to_path, value, "To-Path");
  case CPM_MSRP_FROM_PATH:      return msrp_read_path(r, &r->out->from_path, value, "From-Path");
  case CPM_MSRP_SUCCESS_REPORT:
  case CPM_MSRP_FAILURE_REPORT: return msrp_read_report_wish(r, id, value);
  case CPM_MSRP_BYTE_RANGE:     return msrp_read_range(r, value);
  case CPM_MSRP_STATUS:         return msrp_read_status(r, value);
  case CPM_MSRP_CONTENT_TYPE:   r->out->content_type = value; return CPM_OK;
  case CPM_MSRP_MESSAGE_ID:
    if (!cpmi_msrp_is_ident(value)) return msrp_fail(r, CPM_E_SYNTAX, value.p, "Message-ID");
    r->out->message_id = value;
    return CPM_OK;
  default:                      return CPM_OK;
  }
}

/* To-Path and From-Path are the first two lines, and no other. */
static int msrp_check_place(msrp_reader *r, const cpm_msrp_field *f) {
  static const cpm_msrp_header first[] = { CPM_MSRP_TO_PATH, CPM_MSRP_FROM_PATH };
  static const char *const names[] = { "To-Path", "From-Path" };
  const unsigned bit = 1u << f->id;
  if (r->total < 2 && f->id != first[r->total]) return msrp_fail(r, CPM_E_MISSING, f->name.p, names[r->total]);
  if (f->id && f->id != CPM_MSRP_WWW_AUTHENTICATE && f->id != CPM_MSRP_AUTHORIZATION && (r->seen & bit))
    return msrp_fail(r, CPM_E_DUPLICATE, f->name.p, msrp_names[f->id].p);
  if (r->seen & 1u << CPM_MSRP_CONTENT_TYPE) {
    const int rc = msrp_quirk(r, CPM_QUIRK(MSRP_TYPE), f->name.p, "Content-Type");
    if (rc) return rc;
  }
  r->seen |= bit;
  return CPM_OK;
}

/* A line of SP and VCHAR as the RFCs write it: a name in its own case, ":" SP, a value that starts and ends with no SP. False: the machine
 * must tell what it is. */
static bool msrp_split(cpm_msrp_field *f, cpm_str line) {
  const char *const colon = memchr(line.p, ':', line.n < MSRP_LENGTHS ? line.n : MSRP_LENGTHS);
  if (!colon) return false;
  f->name = cpm_str_of(line.p, (size_t)(colon - line.p));
  f->value = cpmi_behind(line, f->name.n + 1);
  if (f->value.n < 2 || f->value.p[0] != ' ') return false;
  f->value = cpmi_behind(f->value, 1);
  f->id = msrp_id_exact(f->name);
  return f->id && f->value.p[0] != ' ' && f->value.p[f->value.n - 1] != ' ';
}

/* Its value is read, and it goes into the array. */
static int msrp_take_field(msrp_reader *r, const cpm_msrp_field *f) {
  const int rc = msrp_read_value(r, f->id, f->value);
  if (rc) return rc;
  if (r->total < r->out->cap) r->out->fields[r->out->nfields++] = *f;
  r->total++;
  return CPM_OK;
}

static int msrp_read_field(msrp_reader *r, cpm_str line, bool plain) {
  cpmi_msrp_line m;
  cpm_msrp_field strict;
  if (CPMI_STRAIGHT && plain && msrp_split(&strict, line)) {
    const int wrong = msrp_check_place(r, &strict);
    return wrong ? wrong : msrp_take_field(r, &strict);
  }
  const char *const stop = cpmi_msrp_line_parse(&m, line);
  if (stop) return msrp_fail(r, CPM_E_SYNTAX, stop, "ext-header");
  const cpm_str name = cpmi_between(m.name_b, m.name_e);
  const cpm_str tail = cpm_str_of(m.name_e + 1, (size_t)(line.p + line.n - m.name_e - 1));
  cpm_msrp_field f = { cpm_msrp_header_id(name), name, cpm_str_trim(tail) };
  if (f.value.n == 0) f.value = cpm_str_of(tail.p + (tail.n > 0), 0);
  int rc = msrp_check_place(r, &f);
  if (rc == CPM_OK && f.id && !cpm_str_eq(name, msrp_names[f.id])) rc = msrp_quirk(r, CPM_QUIRK(MSRP_NAME_CASE), name.p, msrp_names[f.id].p);
  if (rc == CPM_OK && (tail.n != f.value.n + 1 || tail.p[0] != ' ')) rc = msrp_quirk(r, CPM_QUIRK(MSRP_SPACING), tail.p, "ext-header");
  if (rc == CPM_OK && cpmi_utf8_bad(f.value) < f.value.n) rc = msrp_quirk(r, CPM_QUIRK(UTF8_INVALID), f.value.p, "hval");
  return rc ? rc : msrp_take_field(r, &f);
}

/* Is this line an end-line, of whichever transaction? A field name starts with a letter. */
static bool msrp_is_end_line(cpm_str line) { return line.n > 7 && memcmp(line.p, "-------", 7) == 0; }

static int msrp_read_end_line(msrp_reader *r, cpm_str line) {
  const cpm_str id = cpm_str_of(line.p + 7, line.n - 8);
  const char flag = line.p[line.n - 1];
  if (!cpm_str_eq(id, r->out->transaction_id)) return msrp_fail(r, CPM_E_MISMATCH, id.p, "end-line");
  if (flag != '$' && flag != '+' && flag != '#') return msrp_fail(r, CPM_E_SYNTAX, line.p + line.n - 1, "continuation-flag");
  r->out->flag = flag;
  return CPM_OK;
}

/* What must be there (RFC 4975 7.1, RFC 7701 4.2). */
static int msrp_check_whole(msrp_reader *r) {
  cpm_msrp *const out = r->out;
  const char *const end = r->in.p + out->size;
  const bool send = out->method == CPM_MSRP_SEND, report = out->method == CPM_MSRP_REPORT;
  if (!out->to_path.p) return msrp_fail(r, CPM_E_MISSING, end, "To-Path");
  if (!out->from_path.p) return msrp_fail(r, CPM_E_MISSING, end, "From-Path");
  if (r->total > out->cap) {
    msrp_fail(r, CPM_E_TOO_MANY, end, "headers");
    if (r->diag) r->diag->need = r->total;
    return CPM_E_TOO_MANY;
  }
  if ((send || report) && !out->message_id.p) return msrp_fail(r, CPM_E_MISSING, end, "Message-ID");
  if (report && !out->report_status) return msrp_fail(r, CPM_E_MISSING, end, "Status");
  if (out->method == CPM_MSRP_NICKNAME && !(r->seen & 1u << CPM_MSRP_USE_NICKNAME)) return msrp_fail(r, CPM_E_MISSING, end, "Use-Nickname");
  if (out->status && out->body) return msrp_fail(r, CPM_E_VALUE, end, "msrp-response");
  int rc = CPM_OK;
  if (out->body && !out->content_type.p) rc = msrp_quirk(r, CPM_QUIRK(MSRP_TYPE), end, "Content-Type");
  if (rc == CPM_OK && !out->has_range && ((send && out->body) || report)) rc = msrp_quirk(r, CPM_QUIRK(MSRP_NO_RANGE), end, "Byte-Range");
  return rc;
}

/* ---- straight lines ------------------------------------------------------------------------------------------------ */

/* The id of the name that stands at p as the RFCs print it, with ": " behind it; 16 octets are there. */
static cpm_msrp_header msrp_straight_name(const char *p) {
#define MSRP_AT(id, name) (memcmp(p, name ": ", sizeof name + 1) == 0 ? CPM_MSRP_##id : CPM_MSRP_UNKNOWN)
  switch (*p) {
  case 'T': return MSRP_AT(TO_PATH, "To-Path");
  case 'F': return p[1] == 'r' ? MSRP_AT(FROM_PATH, "From-Path") : MSRP_AT(FAILURE_REPORT, "Failure-Report");
  case 'M': return MSRP_AT(MESSAGE_ID, "Message-ID");
  case 'S': return p[1] == 't' ? MSRP_AT(STATUS, "Status") : MSRP_AT(SUCCESS_REPORT, "Success-Report");
  case 'B': return MSRP_AT(BYTE_RANGE, "Byte-Range");
  case 'C': return MSRP_AT(CONTENT_TYPE, "Content-Type");
  default:  return CPM_MSRP_UNKNOWN;
  }
#undef MSRP_AT
}

/* Is CRLF at p? */
static inline bool msrp_straight_ends(const char *p, const char *pe) { return p && pe - p > 1 && p[0] == '\r' && p[1] == '\n'; }

/* SP and VCHAR up to CRLF, no SP at either end; NULL otherwise. */
static const char *msrp_straight_text(const char *p, const char *pe) {
  const char *const e = p + cpmi_find_plain_end(p, (size_t)(pe - p));
  return msrp_straight_ends(e, pe) && e > p && *p != ' ' && e[-1] != ' ' ? e : NULL;
}

/* URIs with one SP between them, up to CRLF. */
static const char *msrp_straight_path(const char *p, const char *pe) {
  cpm_msrp_uri uri;
  while ((p = cpmi_msrp_uri_straight(&uri, p, pe)) != NULL && p < pe && *p == ' ') p++;
  return msrp_straight_ends(p, pe) ? p : NULL;
}

/* Behind a number that cannot be too large; p if there is none. */
static const char *msrp_straight_number(uint64_t *out, const char *p, const char *pe) {
  enum { MSRP_SAFE_DIGITS = 19 };
  const char *const stop = pe - p > MSRP_SAFE_DIGITS ? p + MSRP_SAFE_DIGITS : pe;
  uint64_t v = 0;
  for (unsigned digit; p < stop && (digit = (unsigned)*p - '0') <= 9; p++) v = v * 10 + digit;
  *out = v;
  return p;
}

/* The same, and "*". */
static const char *msrp_straight_bound(uint64_t *out, const char *p, const char *pe) {
  if (p == pe || *p != '*') return msrp_straight_number(out, p, pe);
  *out = CPM_MSRP_ANY;
  return p + 1;
}

/* A Byte-Range up to CRLF, with nothing to refuse or to note. */
static const char *msrp_straight_range(cpm_msrp *out, const char *p, const char *pe) {
  cpm_msrp_range range;
  const char *const a = msrp_straight_number(&range.start, p, pe);
  if (a == p || a == pe || *a != '-') return NULL;
  const char *const b = msrp_straight_bound(&range.end, a + 1, pe);
  if (b == a + 1 || b == pe || *b != '/') return NULL;
  const char *const c = msrp_straight_bound(&range.total, b + 1, pe);
  if (c == b + 1 || !msrp_straight_ends(c, pe) || !cpmi_msrp_range_holds(&range) || range.end < range.start) return NULL;
  out->range = range;
  out->has_range = true;
  return c;
}

/* "yes" or "no" up to CRLF. */
static const char *msrp_straight_wish(bool *yes, const char *p, const char *pe) {
  if (pe - p < (int)(sizeof "yes\r\n" - 1)) return NULL;
  *yes = memcmp(p, "yes\r\n", 5) == 0;
  if (*yes) return p + 3;
  return memcmp(p, "no\r\n", 4) == 0 ? p + 2 : NULL;
}

static inline bool msrp_straight_code(unsigned *out, const char *p) {
  if (!cpmi_in(p[0], CPMI_DIGIT) || !cpmi_in(p[1], CPMI_DIGIT) || !cpmi_in(p[2], CPMI_DIGIT)) return false;
  *out = (unsigned)(p[0] - '0') * 100 + (unsigned)(p[1] - '0') * 10 + (unsigned)(p[2] - '0');
  return true;
}

/* A Status up to CRLF: namespace, status, and perhaps a comment that is not the status once more. */
static const char *msrp_straight_status(cpm_msrp *out, const char *p, const char *pe) {
  unsigned space, status;
  const char *const code = p + 4, *const code_e = p + 7;
  if (pe - code_e < 2 || !msrp_straight_code(&space, p) || p[3] != ' ' || !msrp_straight_code(&status, code) || !status) return NULL;
  const char *const text = *code_e == ' ' ? code_e + 1 : NULL, *const e = text ? msrp_straight_text(text, pe) : code_e;
  if (!msrp_straight_ends(e, pe) || (text && e - text == 3 && memcmp(text, code, 3) == 0)) return NULL;
  out->report_namespace = space;
  out->report_status = status;
  out->report_comment = cpmi_between(text, e);
  return e;
}

/* Reads the value at p, which must end with CRLF; where it ends, or NULL. */
static const char *msrp_straight_value(cpm_msrp *out, cpm_msrp_header id, const char *p, const char *pe) {
  const char *e;
  bool yes;
  switch (id) {
  case CPM_MSRP_TO_PATH:
    if ((e = msrp_straight_path(p, pe)) != NULL) out->to_path = cpmi_between(p, e);
    return e;
  case CPM_MSRP_FROM_PATH:
    if ((e = msrp_straight_path(p, pe)) != NULL) out->from_path = cpmi_between(p, e);
    return e;
  case CPM_MSRP_SUCCESS_REPORT:
    if ((e = msrp_straight_wish(&yes, p, pe)) != NULL) out->success_report = yes;
    return e;
  case CPM_MSRP_FAILURE_REPORT:
    if ((e = msrp_straight_wish(&yes, p, pe)) != NULL) out->failure_report = yes ? CPM_MSRP_FAILURE_YES : CPM_MSRP_FAILURE_NO;
    return e;
  case CPM_MSRP_MESSAGE_ID:
    e = cpmi_run(p, pe, CPMI_LABEL);
    if (e - p < (int)CPM_MSRP_ID_MIN || e - p > (int)CPM_MSRP_ID_MAX || *p == '-' || !msrp_straight_ends(e, pe)) return NULL;
    out->message_id = cpmi_between(p, e);
    return e;
  case CPM_MSRP_CONTENT_TYPE:
    if ((e = msrp_straight_text(p, pe)) != NULL) out->content_type = cpmi_between(p, e);
    return e;
  case CPM_MSRP_BYTE_RANGE: return msrp_straight_range(out, p, pe);
  case CPM_MSRP_STATUS:     return msrp_straight_status(out, p, pe);
  default:                  return NULL;
  }
}

/* Reads a line as nearly every frame has it: at its place, once, and with a value that leaves nothing to note. */
static bool msrp_straight_line(msrp_reader *r) {
  static const unsigned char first[] = { CPM_MSRP_TO_PATH, CPM_MSRP_FROM_PATH };
  cpm_msrp *const out = r->out;
  const char *const pe = r->straight, *const p = r->in.p + r->next;
  if (pe - p < 16) return false;
  const cpm_msrp_header id = msrp_straight_name(p);
  const unsigned bit = 1u << id;
  if (!id || (r->seen & (bit | 1u << CPM_MSRP_CONTENT_TYPE)) || (r->total < 2 && id != first[r->total])) return false;
  const size_t n = msrp_names[id].n;
  const char *const value = p + n + 2, *const e = msrp_straight_value(out, id, value, pe);
  if (!e) return false;
  if (r->total < out->cap) {
    cpm_msrp_field *const f = &out->fields[out->nfields++];
    f->id = id;
    f->name = cpm_str_of(p, n);
    f->value = cpmi_between(value, e);
  }
  r->total++;
  r->seen |= bit;
  r->next = (size_t)(e - r->in.p) + 2;
  return true;
}

/* A SEND that is refused still says whether its sender wants to hear of it: Failure-Report may stand behind what was wrong. */
static void msrp_find_wish(msrp_reader behind) {
  cpm_str line;
  bool plain;
  behind.diag = NULL;
  if (behind.out->method != CPM_MSRP_SEND || (behind.seen & 1u << CPM_MSRP_FAILURE_REPORT)) return;
  while (msrp_line_next(&behind, &line, &plain) == CPM_OK && line.n) {
    cpmi_msrp_line m;
    if (cpmi_msrp_line_parse(&m, line) || cpm_msrp_header_id(cpmi_between(m.name_b, m.name_e)) != CPM_MSRP_FAILURE_REPORT) continue;
    (void)msrp_read_report_wish(&behind, CPM_MSRP_FAILURE_REPORT, cpm_str_trim(cpmi_between(m.name_e + 1, line.p + line.n)));
    return;
  }
}

int cpm_msrp_decode(cpm_msrp *out, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  static const cpm_msrp empty = { .range = { 1, CPM_MSRP_ANY, CPM_MSRP_ANY } };
  cpm_msrp_field *const fields = out->fields;
  const size_t cap = out->cap;
  msrp_reader r = { .out = out, .in = cpmi_present(in), .opts = opts, .diag = diag };
  r.max_line = cpmi_limit(opts ? opts->max_line : 0, CPM_LIMIT_LINE);
  r.max_head = cpmi_limit(opts ? opts->max_head : 0, CPM_LIMIT_HEAD);
  const size_t limit = r.max_line < r.max_head ? r.max_line : r.max_head;
  r.straight = r.in.p + (r.in.n < limit ? r.in.n : limit);
  *out = empty;
  out->fields = fields;
  out->cap = cap;
  int rc = CPMI_STRAIGHT && msrp_straight_start(&r) ? CPM_OK : msrp_read_start(&r);
  while (rc == CPM_OK) {
    cpm_str line;
    bool plain;
    if (CPMI_STRAIGHT && msrp_straight_line(&r)) continue;
    if ((rc = msrp_line_next(&r, &line, &plain)) != CPM_OK) break;
    out->size = r.next;
    out->body = line.n == 0;
    if (out->body) return msrp_check_whole(&r);
    if (!msrp_is_end_line(line)) rc = msrp_read_field(&r, line, plain);
    else if ((rc = msrp_read_end_line(&r, line)) == CPM_OK) return msrp_check_whole(&r);
  }
  msrp_find_wish(r);
  out->size = 0;
  return rc;
}

unsigned cpm_msrp_refusal(const cpm_msrp *in, int rc) {
  if (in->status || in->method == CPM_MSRP_REPORT || !in->to_path.p || !in->from_path.p) return 0;
  if (rc != CPM_OK) return 400;
  return in->method == CPM_MSRP_OTHER ? 501 : 0;
}
