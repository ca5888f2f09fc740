/* SPDX-License-Identifier: MIT */
/* mime.c - media types, dispositions, and MIME header lines. */
#include "cpm/mime.h"
#include "mime.h"
#include "straight.h"
#include "value_internal.h"
#include <string.h>

/* ---- header lines ------------------------------------------------------------------------------------------------ */

static bool mime_is_wsp(char c) { return c == ' ' || c == '\t'; }

bool cpmi_is_content_name(cpm_str name) {
  static const cpm_str prefix = CPM_STR("Content-");
  return name.n > prefix.n && (memcmp(name.p, "Content-", 8) == 0 || cpm_str_ieq(cpm_str_of(name.p, prefix.n), prefix));
}

/* Does the text read as "Content-xxx:"? */
static bool mime_is_content_field(cpm_str s) {
  size_t n = 0;
  while (n < s.n && s.p[n] > ' ' && s.p[n] < 0x7f && s.p[n] != ':') n++;
  return n < s.n && s.p[n] == ':' && cpmi_is_content_name(cpm_str_of(s.p, n));
}

/* The end of the line that starts at `from`, and in *next where the one behind it starts; s.n + 1 if it does not end. */
static size_t mime_line_end(cpm_str s, size_t from, unsigned how, size_t *next) {
  for (size_t at = from; at < s.n; at++) {
    const char *lf = memchr(s.p + at, '\n', s.n - at);
    if (!lf) break;
    at = (size_t)(lf - s.p);
    *next = at + 1;
    if (at > from && lf[-1] == '\r') return at - 1;
    if (how & CPMI_LINE_BARE_LF) return at;
  }
  *next = s.n;
  return s.n + 1;
}

int cpmi_line_next(cpm_str *rest, cpmi_mime_line *line, unsigned how) {
  const cpm_str s = *rest;
  const char *const lf = s.n ? memchr(s.p, '\n', s.n) : NULL;
  size_t next = lf ? (size_t)(lf - s.p) + 1 : s.n, skip = 0, end;
  line->bare_lf = line->folded = line->split = false;
  if (next > 2 && lf && lf[-1] == '\r' && next < s.n && !mime_is_wsp(s.p[next])) {   /* as nearly all are */
    line->text = cpm_str_of(s.p, next - 2);
    *rest = cpm_str_of(s.p + next, s.n - next);
    return CPM_OK;
  }
  end = mime_line_end(s, 0, how, &next);
  /* A line of white space is a fold, never the empty line; a fold follows CRLF only. */
  while (end != 0 && end <= s.n && next < s.n && mime_is_wsp(s.p[next]) && s.p[next - 2] == '\r') {
    while (next + skip < s.n && mime_is_wsp(s.p[next + skip])) skip++;
    line->split = (how & CPMI_LINE_SPLIT) && mime_is_content_field(cpm_str_of(s.p + next + skip, s.n - next - skip));
    if (line->split) break;
    line->folded = true;
    skip = 0;
    end = mime_line_end(s, next, how, &next);
  }
  const bool ended = end <= s.n;
  line->text = cpm_str_of(s.p, ended ? end : s.n);
  line->bare_lf = ended && next - end == 1;
  next += skip;
  *rest = cpm_str_of(s.p + next, s.n - next);
  return !ended ? CPM_E_TRUNCATED : end == 0 ? CPM_END : CPM_OK;
}

cpm_str cpm_mime_header(cpm_str head, const char *name) {
  const cpm_str want = cpm_str_z(name);
  cpmi_mime_line line;
  while (head.n) {
    if (cpmi_line_next(&head, &line, CPMI_LINE_BARE_LF) == CPM_END) break;
    if (line.text.n <= want.n || line.text.p[want.n] != ':') continue;
    if (cpm_str_ieq(cpm_str_of(line.text.p, want.n), want))
      return cpm_str_trim(cpm_str_of(line.text.p + want.n + 1, line.text.n - want.n - 1));
  }
  return cpm_str_none();
}

/* A line of printable ASCII whose name ends at its first colon needs no machine. */
size_t cpmi_mime_header_read(cpm_str *name, cpm_str *value, cpm_str line, bool *ok, size_t *bad) {
  const char *const colon = line.n ? memchr(line.p, ':', line.n) : NULL;
  const size_t n = colon ? (size_t)(colon - line.p) : 0;
  if (!CPMI_STRAIGHT || !n || cpmi_ascii_text(line) < line.n || memchr(line.p, ' ', n)) {
    *bad = cpmi_utf8_bad(line);
    return cpmi_mime_header_parse(name, value, line, ok);
  }
  *bad = line.n;
  *ok = true;
  *name = cpm_str_of(line.p, n);
  *value = cpm_str_trim(cpm_str_of(colon + 1, line.n - n - 1));
  return line.n;
}

cpm_str cpmi_trim_value(cpm_str v) {
  while (v.n && (mime_is_wsp(v.p[0]) || (v.n > 2 && v.p[0] == '\r' && v.p[1] == '\n' && mime_is_wsp(v.p[2])))) {
    const size_t n = v.p[0] == '\r' ? 3 : 1;
    v.p += n;
    v.n -= n;
  }
  while (v.n && mime_is_wsp(v.p[v.n - 1])) v.n--;
  return v;
}

int cpmi_put_mime_field(cpmi_out *o, const char *name, cpm_str value, cpm_diag *diag) {
  if (!value.p) return CPM_OK;
  const size_t bad = cpmi_utf8_bad(value);
  if (bad < value.n) return cpmi_fail(diag, CPM_E_VALUE, bad, name, "RFC 3629 4");
  cpmi_put_z(o, name);
  cpmi_put_z(o, ": ");
  const int rc = cpmi_put_value(o, cpmi_trim_value(value), name, diag);
  if (rc != CPM_OK) return rc;
  cpmi_put_z(o, "\r\n");
  return CPM_OK;
}

/* ---- media types ------------------------------------------------------------------------------------------------- */

static cpm_str mime_slice(const unsigned char *b, const unsigned char *e) {
  return b ? cpm_str_of((const char *)b, (size_t)(e - b)) : cpm_str_none();
}

static bool mime_is_star(cpm_str s) { return s.n == 1 && s.p[0] == '*'; }

/* Reads the trimmed `in`, a slice of `whole`, what the caller was given. out->quirks is added to. */
static int mime_media_type(cpm_media_type *out, cpm_str in, cpm_str whole, bool range, const cpm_opts *opts, cpm_diag *diag) {
  cpmi_mime_marks at = { NULL, NULL, NULL, NULL, NULL, NULL };
  bool ok = false;
  int rc = CPM_OK;
  if (!in.n) return cpmi_fail(diag, CPM_E_TRUNCATED, whole.n, "media-type", "RFC 3261 25.1");
  const size_t base = (size_t)(in.p - whole.p), stop = cpmi_media_type_parse(&at, in, &ok);
  if (!ok) return cpmi_refuse(diag, base + stop, whole, "media-type", "RFC 3261 25.1");
  out->type = mime_slice(at.type, at.type_end);
  out->subtype = mime_slice(at.subtype, at.subtype_end);
  out->params = at.params_end ? mime_slice(at.params, at.params_end) : cpm_str_none();
  if (in.p[in.n - 1] == ';')
    rc = cpmi_quirk(&out->quirks, CPM_QUIRK(MIME_TRAILING_SEMI), opts, base + in.n - 1, "media-type", diag);
  if (rc == CPM_OK && !range && (mime_is_star(out->type) || mime_is_star(out->subtype)))
    rc = cpmi_quirk(&out->quirks, CPM_QUIRK(MIME_WILDCARD), opts, base, "media-type", diag);
  return rc;
}

/* token "/" token and straight parameters, without a wildcard. */
static bool mime_straight(cpm_media_type *out, cpm_str in) {
  if (!in.n) return false;
  const char *const pe = in.p + in.n, *const slash = cpmi_run(in.p, pe, CPMI_TOKEN);
  if (slash == in.p || slash == pe || *slash != '/') return false;
  const char *const b = cpmi_run(slash + 1, pe, CPMI_TOKEN), *p = b;
  const cpm_media_type type = { cpm_str_of(in.p, (size_t)(slash - in.p)), cpm_str_of(slash + 1, (size_t)(b - slash) - 1),
                                b < pe ? cpm_str_of(b, (size_t)(pe - b)) : cpm_str_none(), 0 };
  if (!type.subtype.n || mime_is_star(type.type) || mime_is_star(type.subtype)) return false;
  for (cpm_param param; p && p < pe;) p = *p == ';' ? cpmi_straight_param(&param, p, pe) : NULL;
  if (p) *out = type;
  return p != NULL;
}

int cpm_media_type_decode(cpm_media_type *out, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  if (CPMI_STRAIGHT && mime_straight(out, in)) return CPM_OK;
  out->quirks = 0;
  return mime_media_type(out, cpm_str_trim(in), in, false, opts, diag);
}

int cpm_media_type_next(cpm_str *rest, cpm_media_type *out, const cpm_opts *opts, cpm_diag *diag) {
  cpm_str whole, element;
  out->quirks = 0;
  const int rc = cpmi_element_next(rest, &whole, &element, &out->quirks, opts, diag);
  if (rc != CPM_OK) return rc;
  return mime_media_type(out, cpm_str_trim(element), whole, true, opts, diag);
}

static int mime_put_params(cpmi_out *o, cpm_str params, const char *rule, cpm_diag *diag) {
  const cpm_str text = cpmi_trim_value(params);
  bool ok = false;
  if (!text.n) return CPM_OK;
  const int rc = cpmi_put_value(o, text, rule, diag);
  if (rc != CPM_OK) return rc;
  const size_t stop = cpmi_mime_params_parse(text, &ok);
  return ok ? CPM_OK : cpmi_fail(diag, CPM_E_VALUE, stop, rule, "RFC 3261 25.1");
}

static int mime_put_token(cpmi_out *o, cpm_str token, const char *rule, cpm_diag *diag) {
  const int rc = cpmi_check_clean(token, rule, diag);
  if (rc != CPM_OK) return rc;
  if (!cpmi_is_token(token)) return cpmi_fail(diag, CPM_E_VALUE, 0, rule, "RFC 3261 25.1 token");
  cpmi_put(o, token);
  return CPM_OK;
}

int cpm_media_type_encode(char *dst, size_t cap, size_t *len, const cpm_media_type *in, cpm_diag *diag) {
  cpmi_out o = cpmi_out_to(dst, cap, 0);
  int rc;
  if ((rc = mime_put_token(&o, in->type, "m-type", diag)) != CPM_OK) return rc;
  cpmi_put_char(&o, '/');
  if ((rc = mime_put_token(&o, in->subtype, "m-subtype", diag)) != CPM_OK) return rc;
  if ((rc = mime_put_params(&o, in->params, "m-parameter", diag)) != CPM_OK) return rc;
  return cpmi_out_end(&o, len, diag);
}

bool cpm_media_type_is(const cpm_media_type *t, const char *full) {
  const cpm_str want = cpm_str_z(full);
  const size_t slash = t->type.n;
  if (!t->type.p || !t->subtype.p || want.n != slash + 1 + t->subtype.n || want.p[slash] != '/') return false;
  return cpm_str_ieq(t->type, cpm_str_of(want.p, slash)) && cpm_str_ieq(t->subtype, cpm_str_of(want.p + slash + 1, t->subtype.n));
}

bool cpm_media_type_text_is(cpm_str value, const char *full) {
  cpm_media_type t;
  return cpm_media_type_decode(&t, value, NULL, NULL) == CPM_OK && cpm_media_type_is(&t, full);
}

/* 3 for the type itself, 2 for its type with any subtype, 1 for any, 0 for none: the closest range decides (RFC 2616 14.1). */
static unsigned mime_closeness(const cpm_media_type *range, const cpm_media_type *t) {
  if (mime_is_star(range->type)) return mime_is_star(range->subtype);
  if (!cpm_str_ieq(range->type, t->type)) return 0;
  if (mime_is_star(range->subtype)) return 2;
  return cpm_str_ieq(range->subtype, t->subtype) ? 3 : 0;
}

/* qvalue = ( "0" [ "." 0*3DIGIT ] ): is it there, and 0? */
static bool mime_q_is_zero(const cpm_media_type *range) {
  cpm_param q;
  if (!range->params.p || !cpm_param_find(range->params, "q", &q) || !q.value.n || q.value.p[0] != '0') return false;
  for (size_t i = 1; i < q.value.n; i++)
    if (q.value.p[i] != (i == 1 ? '.' : '0')) return false;
  return true;
}

bool cpm_accept_takes(cpm_str accept, cpm_str content_type) {
  cpm_media_type want, range;
  unsigned best = 0;
  bool takes = false;
  if (cpm_media_type_decode(&want, content_type, NULL, NULL) != CPM_OK) return false;
  for (int rc; (rc = cpm_media_type_next(&accept, &range, NULL, NULL)) != CPM_END;) {
    const unsigned closeness = rc == CPM_OK ? mime_closeness(&range, &want) : 0;
    if (!closeness || closeness < best) continue;
    takes = !mime_q_is_zero(&range) || (closeness == best && takes);
    best = closeness;
  }
  return takes;
}

/* ---- dispositions ------------------------------------------------------------------------------------------------ */

/* handling=optional in the parameters? *there tells whether they say anything. */
static bool mime_is_optional(cpm_str params, bool *there) {
  cpm_param handling;
  *there = params.n && cpm_param_find(params, "handling", &handling);
  return *there && cpm_str_ieq(handling.value, cpm_str_z("optional"));
}

int cpm_disposition_decode(cpm_disposition *out, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  const cpm_str text = cpm_str_trim(in);
  cpmi_mime_marks at = { NULL, NULL, NULL, NULL, NULL, NULL };
  bool ok = false, there;
  (void)opts;
  if (!text.n) return cpmi_fail(diag, CPM_E_TRUNCATED, in.n, "disp-type", "RFC 3261 25.1");
  const size_t base = (size_t)(text.p - in.p), stop = cpmi_disposition_parse(&at, text, &ok);
  if (!ok) return cpmi_refuse(diag, base + stop, in, "Content-Disposition", "RFC 3261 25.1");
  out->type = mime_slice(at.type, at.type_end);
  out->params = at.params_end ? mime_slice(at.params, at.params_end) : cpm_str_none();
  out->optional = mime_is_optional(out->params, &there);
  return CPM_OK;
}

int cpm_disposition_encode(char *dst, size_t cap, size_t *len, const cpm_disposition *in, cpm_diag *diag) {
  cpmi_out o = cpmi_out_to(dst, cap, 0);
  bool there;
  int rc;
  if ((rc = mime_put_token(&o, in->type, "disp-type", diag)) != CPM_OK) return rc;
  if ((rc = mime_put_params(&o, in->params, "disp-param", diag)) != CPM_OK) return rc;
  const bool optional = mime_is_optional(cpmi_trim_value(in->params), &there);
  if (there && optional != in->optional) return cpmi_fail(diag, CPM_E_MISMATCH, 0, "handling-param", "RFC 3261 20.11");
  if (in->optional && !there) cpmi_put_z(&o, ";handling=optional");
  return cpmi_out_end(&o, len, diag);
}

/* ---- header lines of a part ---------------------------------------------------------------------------------------- */

int cpmi_mime_note(cpmi_mime_head *head, cpm_str name, cpm_str value, uint64_t *quirks, const cpm_opts *opts, size_t off, cpm_diag *diag) {
  static const cpm_str known[] = { CPM_STR("Content-Type"), CPM_STR("Content-Disposition"), CPM_STR("Content-Transfer-Encoding"),
                                   CPM_STR("Content-Length") };
  cpm_str *const values[] = { &head->content_type, &head->disposition, &head->encoding, &head->length };
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    if (name.n != known[i].n || !cpm_str_ieq(name, known[i])) continue;
    if (values[i]->p) return cpmi_quirk(quirks, CPM_QUIRK(MIME_REPEATED), opts, off, known[i].p, diag);
    *values[i] = value;
  }
  return CPM_OK;
}
