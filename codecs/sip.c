/* SPDX-License-Identifier: MIT */
/* sip.c - splitting SIP messages. Line ends and colons are found with memchr; values and body are never walked. */
#include "cpm/sip.h"
#include "internal.h"
#include "sip_parse.h"
#include "straight.h"
#include <string.h>

#define SIP_LINE_CLAUSE "RFC 3261 7.3.1"

/* The split under way. */
typedef struct sip_reader {
  cpm_sip        *out;
  cpm_str         in;
  const cpm_opts *opts;
  cpm_diag       *diag;
  size_t          at;          /* where the next line starts */
  size_t          max_line, max_head;
  size_t          fields;      /* all, also those that the array could not take */
  bool            odd;         /* something else than CRLF ended a line, or stood in one */
  uint64_t        length;
  bool            stream, has_length;
  bool            refused;     /* the message was refused before: what an answer to it needs is read, lengths do not matter */
} sip_reader;

static int sip_fail(const sip_reader *r, int code, size_t off, const char *rule, const char *clause) {
  return cpmi_fail(r->diag, code, off, rule, clause);
}

static int sip_need(const sip_reader *r, int code, size_t off, const char *rule, uint64_t need) {
  cpmi_fail(r->diag, code, off, rule, code == CPM_E_MORE ? "RFC 3261 18.3" : NULL);
  if (r->diag) r->diag->need = need;
  return code;
}

/* ---- lines --------------------------------------------------------------------------------------------------------- */

/* The fewest bytes that can still end the head, by how it ends so far. */
static uint64_t sip_head_need(const sip_reader *r) {
  const size_t n = r->in.n;
  const uint64_t line_break = r->opts && (r->opts->refuse & CPM_QUIRK(SIP_BARE_LF)) ? 2 : 1;
  const bool cr = n > 0 && r->in.p[n - 1] == '\r', lf = n > (size_t)cr && r->in.p[n - 1 - cr] == '\n';
  if (lf) return cr ? 1 : line_break;
  return (cr ? 1 : line_break) + line_break;
}

/* The input ends inside of a line, or before the empty line. */
static int sip_cut(const sip_reader *r) {
  const size_t left = r->in.n - r->at;
  if (left && left - 1 > r->max_line) return sip_fail(r, CPM_E_TOO_LONG, r->at, "line", SIP_LINE_CLAUSE);
  if (r->in.n > r->max_head) return sip_fail(r, CPM_E_TOO_LONG, r->max_head, "header lines", SIP_LINE_CLAUSE);
  if (r->stream) return sip_need(r, CPM_E_MORE, r->in.n, "header lines", sip_head_need(r));
  return sip_fail(r, CPM_E_TRUNCATED, r->in.n, "header lines", "RFC 3261 7");
}

/* A line with more than CRLF at its end, or without an end. */
static int sip_odd_line(sip_reader *r, size_t *at, cpm_str *line, bool *bare) {
  const char *const from = r->in.p + *at, *const lf = memchr(from, '\n', r->in.n - *at);
  r->odd = true;
  if (!lf) return sip_cut(r);
  const bool crlf = lf > from && lf[-1] == '\r';
  *line = cpm_str_of(from, (size_t)(lf - from) - crlf);
  *bare = !crlf;
  *at += (size_t)(lf - from) + 1;
  if (*bare) {
    const int rc = cpmi_quirk(&r->out->quirks, CPM_QUIRK(SIP_BARE_LF), r->opts, (size_t)(lf - r->in.p), "CRLF", r->diag);
    if (rc) return rc;
  }
  const char *const cr = memchr(from, '\r', line->n);
  return cr ? sip_fail(r, CPM_E_SYNTAX, (size_t)(cr - r->in.p), "CRLF", SIP_LINE_CLAUSE) : CPM_OK;
}

/* The line at *at without its break, *at then behind the break. */
static int sip_line(sip_reader *r, size_t *at, cpm_str *line, bool *bare) {
  const char *const from = r->in.p + *at, *const pe = r->in.p + r->in.n, *const end = from + cpmi_find_line_end(from, r->in.n - *at);
  if (pe - end > 1 && end[0] == '\r' && end[1] == '\n') {
    *line = cpm_str_of(from, (size_t)(end - from));
    *bare = false;
    *at += line->n + 2;
    return CPM_OK;
  }
  return sip_odd_line(r, at, line, bare);
}

static bool sip_is_wsp(char c) { return c == ' ' || c == '\t'; }

/* A field with its folds. What follows it must be there: it tells whether the line goes on. */
static int sip_logical_line(sip_reader *r, cpm_str *first, cpm_str *whole) {
  const size_t begin = r->at;
  size_t at = begin;
  bool bare;
  int rc = sip_line(r, &at, first, &bare);
  *whole = *first;
  while (!rc && at < r->in.n && sip_is_wsp(r->in.p[at])) {
    cpm_str fold = { NULL, 0 };
    if (bare) return sip_fail(r, CPM_E_SYNTAX, at - 1, "LWS", "RFC 3261 25.1");
    rc = sip_line(r, &at, &fold, &bare);
    if (!rc) whole->n = (size_t)(fold.p + fold.n - whole->p);
  }
  if (rc) return rc;
  if (whole->n > r->max_line) return sip_fail(r, CPM_E_TOO_LONG, begin, "line", SIP_LINE_CLAUSE);
  if (at > r->max_head) return sip_fail(r, CPM_E_TOO_LONG, r->max_head, "header lines", SIP_LINE_CLAUSE);
  r->at = at;
  return at < r->in.n ? CPM_OK : sip_cut(r);
}

/* ---- the start line ------------------------------------------------------------------------------------------------ */

/* Empty lines before the start line (RFC 3261 7.5), which keep-alives leave behind. */
static int sip_leading(sip_reader *r) {
  const char *const p = r->in.p;
  while (r->at < r->in.n) {
    const bool crlf = p[r->at] == '\r' && r->in.n - r->at > 1 && p[r->at + 1] == '\n';
    if (!crlf && p[r->at] != '\n') break;
    int rc = cpmi_quirk(&r->out->quirks, CPM_QUIRK(SIP_LEADING_CRLF), r->opts, r->at, "start-line", r->diag);
    if (!rc && !crlf) rc = cpmi_quirk(&r->out->quirks, CPM_QUIRK(SIP_BARE_LF), r->opts, r->at, "CRLF", r->diag);
    if (rc) return rc;
    r->at += crlf ? 2 : 1;
  }
  return CPM_OK;
}

static int sip_refuse_start(sip_reader *r, cpm_str line, const char *stop) {
  const bool cut = stop == line.p + line.n;
  return sip_fail(r, cut ? CPM_E_TRUNCATED : CPM_E_SYNTAX, (size_t)(stop - r->in.p), "start-line", "RFC 3261 25.1");
}

/* What cannot become a start line any more is refused before the line ends. */
static int sip_start_cut(sip_reader *r) {
  cpmi_sip_marks m;
  cpm_str line = cpm_str_of(r->in.p + r->at, r->in.n - r->at);
  if (line.n && line.p[line.n - 1] == '\r') line.n--;
  const char *const stop = cpmi_sip_start_line(&m, line, true);
  return stop ? sip_refuse_start(r, line, stop) : sip_cut(r);
}

static int sip_take_status(sip_reader *r, const cpmi_sip_marks *m, cpm_str line) {
  const unsigned char *const d = (const unsigned char *)m->code_b;
  const size_t off = (size_t)(m->code_b - r->in.p);
  r->out->status = (d[0] - '0') * 100u + (d[1] - '0') * 10u + (d[2] - '0');
  r->out->reason = cpm_str_of(m->reason_b, (size_t)(line.p + line.n - m->reason_b));
  /* 0 stands for a request everywhere else. */
  if (r->out->status == 0) return sip_fail(r, CPM_E_SYNTAX, off, "Status-Code", "RFC 3261 25.1");
  if (r->out->status >= 100 && r->out->status <= 699) return CPM_OK;
  return cpmi_quirk(&r->out->quirks, CPM_QUIRK(SIP_STATUS_ANY), r->opts, off, "Status-Code", r->diag);
}

/* Method SP Request-URI SP "SIP/2.0" */
static bool sip_straight_request(cpmi_sip_marks *m, cpm_str line) {
  static const cpm_str version = CPM_STR(" SIP/2.0");
  static const cpmi_sip_marks none;
  const char *const pe = line.p + line.n, *const method_e = cpmi_run(line.p, pe, CPMI_TOKEN);
  if (method_e == line.p || method_e == pe || *method_e != ' ') return false;
  const char *const uri = method_e + 1, *const uri_e = cpmi_skip_visible(uri, pe);
  if (uri_e == uri || !cpm_str_eq(cpm_str_of(uri_e, (size_t)(pe - uri_e)), version)) return false;
  *m = none;
  m->method_b = line.p, m->method_e = method_e;
  m->uri_b = uri, m->uri_e = uri_e;
  m->version_b = uri_e + 1, m->version_e = pe;
  return true;
}

static int sip_start(sip_reader *r) {
  cpmi_sip_marks m;
  cpm_str line;
  size_t at = r->at;
  bool bare;
  if (!memchr(r->in.p + at, '\n', r->in.n - at)) return sip_start_cut(r);
  const int rc = sip_line(r, &at, &line, &bare);
  if (rc) return rc;
  if (line.n > r->max_line) return sip_fail(r, CPM_E_TOO_LONG, r->at, "start-line", SIP_LINE_CLAUSE);
  const char *const stop = CPMI_STRAIGHT && sip_straight_request(&m, line) ? NULL : cpmi_sip_start_line(&m, line, false);
  if (stop) return sip_refuse_start(r, line, stop);
  r->at = at;
  r->out->version = cpm_str_of(m.version_b, (size_t)(m.version_e - m.version_b));
  if (m.code_b) return sip_take_status(r, &m, line);
  r->out->method_name = cpm_str_of(m.method_b, (size_t)(m.method_e - m.method_b));
  r->out->method = cpm_sip_method_id(r->out->method_name);
  r->out->request_uri = cpm_str_of(m.uri_b, (size_t)(m.uri_e - m.uri_b));
  return CPM_OK;
}

/* ---- fields -------------------------------------------------------------------------------------------------------- */

/* 1*DIGIT, as large as 2^64-1. */
static int sip_length(const sip_reader *r, cpm_str value, uint64_t *length) {
  const size_t off = (size_t)(value.p - r->in.p);
  uint64_t v = 0;
  for (size_t i = 0; i < value.n; i++) {
    const unsigned digit = (unsigned)(unsigned char)value.p[i] - '0';
    if (digit > 9) return sip_fail(r, CPM_E_SYNTAX, off + i, "Content-Length", "RFC 3261 20.14");
    if (v > (UINT64_MAX - digit) / 10) return sip_fail(r, CPM_E_RANGE, off, "Content-Length", "RFC 3261 20.14");
    v = v * 10 + digit;
  }
  *length = v;
  return value.n ? CPM_OK : sip_fail(r, CPM_E_SYNTAX, off, "Content-Length", "RFC 3261 20.14");
}

static int sip_take_length(sip_reader *r, cpm_str value) {
  uint64_t length;
  const int rc = sip_length(r, value, &length);
  const size_t off = (size_t)(value.p - r->in.p);
  if (r->refused) return CPM_OK;
  if (rc) return rc;
  if (!r->has_length) {
    r->has_length = true;
    r->length = length;
    return CPM_OK;
  }
  if (length != r->length) return sip_fail(r, CPM_E_DUPLICATE, off, "Content-Length", "RFC 3261 20.14");
  return cpmi_quirk(&r->out->quirks, CPM_QUIRK(SIP_LENGTH_REPEATED), r->opts, off, "Content-Length", r->diag);
}

/* Name and colon stand in the first line: a break between them is how one parser is made to see a field that another does not. */
static int sip_field_name(const sip_reader *r, cpm_str first, cpm_sip_field *field, size_t *colon) {
  const char *const found = memchr(first.p, ':', first.n);
  const size_t head = found ? (size_t)(found - first.p) + 1 : first.n;
  *colon = head;
  const char *const stop = cpmi_sip_field_head(&field->name, cpm_str_of(first.p, head));
  if (stop) return sip_fail(r, CPM_E_SYNTAX, (size_t)(stop - r->in.p), "message-header", SIP_LINE_CLAUSE);
  field->id = cpm_sip_header_id(field->name);
  return CPM_OK;
}

/* White space around a value: nearly always one SP in front. */
static cpm_str sip_trim(cpm_str s) {
  if (s.n > 1 && s.p[0] == ' ') s = cpm_str_of(s.p + 1, s.n - 1);
  const bool bare = s.n && (unsigned char)s.p[0] > ' ' && (unsigned char)s.p[s.n - 1] > ' ';
  return bare ? s : cpm_str_trim(s);
}

static int sip_field(sip_reader *r, cpm_str first, cpm_str whole) {
  cpm_sip_field unkept, *const field = r->fields < r->out->cap ? &r->out->fields[r->fields] : &unkept;
  size_t colon = 0;
  const int rc = sip_field_name(r, first, field, &colon);
  if (rc) return rc;
  field->value = sip_trim(cpm_str_of(whole.p + colon, whole.n - colon));
  field->spec = field->clauses = NULL;
  r->fields++;
  return field->id == CPM_SIP_CONTENT_LENGTH ? sip_take_length(r, field->value) : CPM_OK;
}

/* Fields on one line each that CRLF ends, with a name that is known or a token, up to one that is not of this form; all the head most often. */
static int sip_straight_fields(sip_reader *r) {
  const char *p = r->in.p + r->at, *const pe = r->in.p + r->in.n;
  const size_t room = r->out->cap > r->fields ? r->out->cap - r->fields : 0;
  cpm_sip_field *field = r->out->fields + (room ? r->fields : 0), *const full = field + room;
  int rc = CPM_OK;
  while (!rc && field < full) {
    const char *const end = p + cpmi_find_line_end(p, (size_t)(pe - p));
    if (pe - end < 3 || memcmp(end, "\r\n", 2) != 0 || sip_is_wsp(end[2])) break;
    if ((size_t)(end - p) > r->max_line || (size_t)(end - r->in.p) + 2 > r->max_head) break;
    const char *const colon = cpmi_near_octet(p, end, ':');
    if (colon == end) break;
    field->name = cpm_str_of(p, (size_t)(colon - p));
    field->id = cpm_sip_header_id(field->name);
    if (!field->id && (colon == p || cpmi_run(p, colon, CPMI_TOKEN) != colon)) break;
    field->value = sip_trim(cpm_str_of(colon + 1, (size_t)(end - colon) - 1));
    field->spec = field->clauses = NULL;
    if (field->id == CPM_SIP_CONTENT_LENGTH) rc = sip_take_length(r, field->value);
    field++;
    r->fields++;
    p = end + 2;
  }
  r->at = (size_t)(p - r->in.p);
  return rc;
}

static int sip_fields(sip_reader *r) {
  for (;;) {
    cpm_str first, whole;
    int rc = CPMI_STRAIGHT ? sip_straight_fields(r) : CPM_OK;
    if (rc) return rc;
    const char *const p = r->in.p + r->at;
    const size_t left = r->in.n - r->at;
    const size_t empty = left > 0 && p[0] == '\n' ? 1 : left > 1 && p[0] == '\r' && p[1] == '\n' ? 2 : 0;
    if (empty) {
      bool bare;
      return sip_line(r, &r->at, &first, &bare);
    }
    rc = sip_logical_line(r, &first, &whole);
    if (!rc) rc = sip_field(r, first, whole);
    if (rc) return rc;
  }
}

/* CSeq of a response names the method that it answers. */
static cpm_sip_method sip_cseq_method(cpm_str cseq) {
  size_t i = cseq.n;
  while (i > 0 && !sip_is_wsp(cseq.p[i - 1])) i--;
  return i ? cpm_sip_method_id(cpm_str_of(cseq.p + i, cseq.n - i)) : CPM_METHOD_UNKNOWN;
}

/* ---- the body ------------------------------------------------------------------------------------------------------ */

static int sip_no_length(sip_reader *r) {
  if (r->stream) return sip_fail(r, CPM_E_MISSING, r->at, "Content-Length", "RFC 3261 18.3");
  r->length = r->in.n - r->at;
  return cpmi_quirk(&r->out->quirks, CPM_QUIRK(SIP_NO_LENGTH), r->opts, r->at, "Content-Length", r->diag);
}

static uint64_t sip_max_body(const cpm_opts *opts) { return opts && opts->max_body ? opts->max_body : CPM_LIMIT_BODY; }

static int sip_body(sip_reader *r) {
  const size_t left = r->in.n - r->at;
  const uint64_t max = sip_max_body(r->opts);
  const int rc = r->has_length ? CPM_OK : sip_no_length(r);
  if (rc) return rc;
  if (r->length > UINT64_MAX - r->at) return sip_fail(r, CPM_E_RANGE, r->at, "Content-Length", "RFC 3261 20.14");
  if (r->length > max) return sip_fail(r, CPM_E_TOO_LONG, r->at, "message-body", "RFC 3261 20.14");
  if (r->length > SIZE_MAX - r->at) return sip_fail(r, CPM_E_RANGE, r->at, "Content-Length", "RFC 3261 20.14");   /* where addresses have 32 bits */
  if (r->length > left && r->stream) return sip_need(r, CPM_E_MORE, r->in.n, "message-body", r->length - left);
  if (r->length > left) return sip_fail(r, CPM_E_TRUNCATED, r->in.n, "message-body", "RFC 3261 18.3");
  r->out->body = cpm_str_of(r->in.p + r->at, (size_t)r->length);
  r->out->size = r->at + (size_t)r->length;
  if (r->length == left || r->stream) return CPM_OK;
  return cpmi_quirk(&r->out->quirks, CPM_QUIRK(SIP_TRAILING_BYTES), r->opts, r->out->size, "message-body", r->diag);
}

/* From the first field to the empty line. */
static int sip_head(sip_reader *r) {
  const int rc = sip_fields(r);
  if (rc) return rc;
  const char *const nul = r->odd ? memchr(r->in.p, '\0', r->at) : NULL;
  if (nul) return sip_fail(r, CPM_E_SYNTAX, (size_t)(nul - r->in.p), "message-header", SIP_LINE_CLAUSE);
  if (r->fields > r->out->cap) return sip_need(r, CPM_E_TOO_MANY, r->at, "message-header", r->fields);
  r->out->nfields = r->fields;
  return CPM_OK;
}

static int sip_split(sip_reader *r) {
  int rc = sip_leading(r);
  if (!rc) rc = sip_start(r);
  if (!rc) rc = sip_head(r);
  if (rc) return rc;
  if (r->out->status) r->out->method = sip_cseq_method(cpm_sip_value(r->out, CPM_SIP_CSEQ));
  return sip_body(r);
}

static void sip_clear(cpm_sip *out) {
  const cpm_sip empty = { 0 };
  cpm_sip_field *const fields = out->fields;
  const size_t cap = out->cap;
  *out = empty;
  out->fields = fields;
  out->cap = cap;
}

static sip_reader sip_reader_of(cpm_sip *out, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  sip_reader r = { 0 };
  sip_clear(out);
  r.out = out;
  r.in = in.p ? in : cpm_str_of("", 0);
  r.opts = opts;
  r.diag = diag;
  r.max_line = cpmi_limit(opts ? opts->max_line : 0, CPM_LIMIT_LINE);
  r.max_head = cpmi_limit(opts ? opts->max_head : 0, CPM_LIMIT_HEAD);
  return r;
}

static int sip_decode(cpm_sip *out, cpm_str in, bool stream, const cpm_opts *opts, cpm_diag *diag) {
  if (!out || (out->cap && !out->fields)) return cpmi_fail(diag, CPM_E_ARG, 0, "fields", NULL);
  sip_reader r = sip_reader_of(out, in, opts, diag);
  r.stream = stream;
  const int rc = sip_split(&r);
  if (rc) sip_clear(out);
  return rc;
}

int cpm_sip_decode(cpm_sip *out, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  return sip_decode(out, in, false, opts, diag);
}

int cpm_sip_decode_stream(cpm_sip *out, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  return sip_decode(out, in, true, opts, diag);
}

/* ---- what was refused ---------------------------------------------------------------------------------------------- */

/* Nobody answers a response, nor what has a field where the start line should be: its first Via may be that line. */
static bool sip_starts_no_request(cpm_str line) {
  const char *const colon = memchr(line.p, ':', line.n);
  cpm_str name;
  if (line.n > 3 && cpm_str_ieq(cpm_str_of(line.p, 4), cpm_str_of("SIP/", 4))) return true;
  return colon && !cpmi_sip_field_head(&name, cpm_str_of(line.p, (size_t)(colon - line.p) + 1));
}

/* Any other start line. *answer becomes 414 if it is too long. */
static int sip_refused_start(sip_reader *r, unsigned *answer) {
  cpmi_sip_marks m;
  cpm_str line;
  bool bare;
  const int rc = sip_leading(r);
  size_t at = r->at;
  if (rc || sip_line(r, &at, &line, &bare) || sip_starts_no_request(line)) return CPM_E_SYNTAX;
  if (line.n <= r->max_line && !cpmi_sip_start_line(&m, line, false)) return sip_start(r);
  if (line.n > r->max_line) *answer = 414;
  r->at = at;
  return CPM_OK;
}

/* What a response copies from its request (RFC 3261 8.2.6.2). */
static bool sip_can_be_answered(const cpm_sip *msg) {
  static const cpm_sip_header copied[] = { CPM_SIP_VIA, CPM_SIP_FROM, CPM_SIP_TO, CPM_SIP_CALL_ID, CPM_SIP_CSEQ };
  for (size_t i = 0; i < sizeof copied / sizeof *copied; i++)
    if (cpm_sip_value(msg, copied[i]).n == 0) return false;
  return msg->method != CPM_METHOD_ACK && sip_cseq_method(cpm_sip_value(msg, CPM_SIP_CSEQ)) != CPM_METHOD_ACK;
}

unsigned cpm_sip_refusal(cpm_sip *out, cpm_str in, const cpm_opts *opts) {
  cpm_opts all = { 0 };
  unsigned answer = 400;
  uint64_t length = 0;
  if (!out || (out->cap && !out->fields)) return 0;
  if (opts) all = *opts;
  all.refuse = 0;
  sip_reader r = sip_reader_of(out, in, &all, NULL);
  r.refused = true;
  if (sip_refused_start(&r, &answer) || sip_head(&r) || !sip_can_be_answered(out)) {
    sip_clear(out);
    return 0;
  }
  const cpm_str value = cpm_sip_value(out, CPM_SIP_CONTENT_LENGTH);
  const int rc = value.p ? sip_length(&r, value, &length) : CPM_OK;
  if (rc == CPM_E_RANGE || (rc == CPM_OK && length > sip_max_body(&all))) answer = 513;
  out->body = cpm_str_of(r.in.p + r.at, 0);
  out->size = r.at;
  return answer;
}

/* ---- fields of a view ---------------------------------------------------------------------------------------------- */

const cpm_sip_field *cpm_sip_find(const cpm_sip *msg, cpm_sip_header id, size_t *index) {
  for (size_t i = index ? *index : 0; i < msg->nfields; i++) {
    if (msg->fields[i].id != id) continue;
    if (index) *index = i + 1;
    return &msg->fields[i];
  }
  if (index) *index = msg->nfields;
  return NULL;
}

cpm_str cpm_sip_value(const cpm_sip *msg, cpm_sip_header id) {
  const cpm_sip_field *const field = cpm_sip_find(msg, id, NULL);
  return field ? field->value : cpm_str_none();
}
