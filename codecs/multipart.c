/* SPDX-License-Identifier: MIT */
/* multipart.c - multipart bodies (RFC 2046 5.1). */
#include "cpm/mime.h"
#include "mime.h"
#include "value_internal.h"
#include <string.h>

#define MULTIPART_CLAUSE       "RFC 2046 5.1.1"
#define MULTIPART_BOUNDARY_MAX 70u

/* ---- the boundary ------------------------------------------------------------------------------------------------ */

/* bchars := DIGIT / ALPHA / "'" / "(" / ")" / "+" / "_" / "," / "-" / "." / "/" / ":" / "=" / "?" / " "
 * boundary := 0*69<bchars> bcharsnospace */
static bool multipart_is_boundary(cpm_str b) {
  static const char marks[] = "'()+_,-./:=? ";
  if (b.n < 1 || b.n > MULTIPART_BOUNDARY_MAX || b.p[b.n - 1] == ' ') return false;
  for (size_t i = 0; i < b.n; i++) {
    const char c = b.p[i];
    if (!cpmi_is_alnum(c) && (!c || !strchr(marks, c))) return false;
  }
  return true;
}

/* With two of them, two readers would see other parts (RFC 3261 7.3.1). */
static int multipart_check_one(cpm_str params, cpm_str content_type, cpm_diag *diag) {
  static const char *const once[] = { "boundary", NULL };
  return cpmi_check_once(params, once, (size_t)(params.p - content_type.p), diag);
}

static int multipart_boundary(cpm_str *boundary, uint64_t *quirks, cpm_str content_type, const cpm_opts *opts, cpm_diag *diag) {
  cpm_media_type t;
  cpm_param param;
  int rc = cpm_media_type_decode(&t, content_type, opts, diag);
  if (rc != CPM_OK) return rc;
  *quirks |= t.quirks;
  if (!cpm_str_ieq(t.type, cpm_str_z("multipart"))) return cpmi_fail(diag, CPM_E_VALUE, 0, "m-type", "RFC 2046 5.1");
  if (!t.params.p || !cpm_param_find(t.params, "boundary", &param) || !param.value.p)
    return cpmi_fail(diag, CPM_E_MISSING, 0, "boundary", MULTIPART_CLAUSE);
  if ((rc = multipart_check_one(t.params, content_type, diag)) != CPM_OK) return rc;
  if (!multipart_is_boundary(param.value))
    return cpmi_fail(diag, CPM_E_VALUE, (size_t)(param.value.p - content_type.p), "boundary", MULTIPART_CLAUSE);
  *boundary = param.value;
  return CPM_OK;
}

/* ---- delimiters -------------------------------------------------------------------------------------------------- */

/* delimiter := CRLF "--" boundary, then "--" if it closes, transport-padding, and the end of the line. */
typedef struct multipart_delimiter {
  size_t line;    /* where its "--" stands */
  size_t end;     /* behind its line */
  bool   close;
  bool   ended;   /* with CRLF; else with the body */
} multipart_delimiter;

static bool multipart_has(cpm_str body, size_t at, cpm_str text) {
  return at <= body.n && text.n <= body.n - at && memcmp(body.p + at, text.p, text.n) == 0;
}

/* Is the line at `at` a delimiter? It must be the whole line: a boundary may begin with another one. */
static bool multipart_is_delimiter(multipart_delimiter *d, cpm_str body, size_t at, cpm_str boundary) {
  static const cpm_str dashes = CPM_STR("--"), crlf = CPM_STR("\r\n");
  if (!multipart_has(body, at, dashes) || !multipart_has(body, at + 2, boundary)) return false;
  size_t end = at + 2 + boundary.n;
  d->line = at;
  d->close = multipart_has(body, end, dashes);
  if (d->close) end += 2;
  while (end < body.n && (body.p[end] == ' ' || body.p[end] == '\t')) end++;
  d->ended = multipart_has(body, end, crlf);
  d->end = d->ended ? end + 2 : end;
  return d->ended || end == body.n;
}

/* The first delimiter on a line that starts at or behind `from`, itself the start of a line. */
static bool multipart_find(multipart_delimiter *d, cpm_str body, size_t from, cpm_str boundary) {
  for (size_t at = from;;) {
    if (multipart_is_delimiter(d, body, at, boundary)) return true;
    do {
      const char *lf = at < body.n ? memchr(body.p + at, '\n', body.n - at) : NULL;
      if (!lf) return false;
      at = (size_t)(lf - body.p) + 1;
    } while (at < from + 2 || body.p[at - 2] != '\r');
  }
}

/* A close-delimiter that ends the body without a CRLF before it, behind `from`. */
static bool multipart_find_glued(multipart_delimiter *d, cpm_str body, size_t from, cpm_str boundary) {
  size_t end = body.n;
  if (end >= 2 && memcmp(body.p + end - 2, "\r\n", 2) == 0) end -= 2;
  while (end && (body.p[end - 1] == ' ' || body.p[end - 1] == '\t')) end--;
  const size_t n = boundary.n + 4;
  return end >= n && end - n >= from && multipart_is_delimiter(d, body, end - n, boundary) && d->close;
}

/* ---- parts ------------------------------------------------------------------------------------------------------- */

int cpmi_part_head(cpm_part *part, size_t *used, uint64_t *quirks, cpm_str text, size_t base, const cpm_opts *opts, cpm_diag *diag) {
  const size_t max_line = cpmi_limit(opts ? opts->max_line : 0, CPM_LIMIT_LINE);
  const size_t max_head = cpmi_limit(opts ? opts->max_head : 0, CPM_LIMIT_HEAD);
  cpmi_mime_head head = { { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, { NULL, 0 } };
  cpm_str rest = text, name, value;
  size_t at = 0;
  while (rest.n) {
    cpmi_mime_line line;
    size_t bad;
    bool ok = false;
    const int rc = cpmi_line_next(&rest, &line, 0);
    if (rc == CPM_END) break;
    if (line.text.n > max_line) return cpmi_fail(diag, CPM_E_TOO_LONG, base + at, "MIME-part-headers", NULL);
    if (text.n - rest.n > max_head) return cpmi_fail(diag, CPM_E_TOO_LONG, base, "MIME-part-headers", NULL);
    const size_t stop = cpmi_mime_header_read(&name, &value, line.text, &ok, &bad);
    if (!ok || rc != CPM_OK) return cpmi_fail(diag, CPM_E_SYNTAX, base + at + stop, "MIME-part-headers", "RFC 2046 5.1");
    int taken = CPM_OK;
    if (bad < line.text.n) taken = cpmi_quirk(quirks, CPM_QUIRK(UTF8_INVALID), opts, base + at + bad, "MIME-part-headers", diag);
    if (taken == CPM_OK) taken = cpmi_mime_note(&head, name, value, quirks, opts, base + at, diag);
    if (taken != CPM_OK) return taken;
    at = text.n - rest.n;
  }
  part->content_type = head.content_type;
  part->disposition = head.disposition;
  part->encoding = head.encoding;
  part->head = cpm_str_of(text.p, at);
  *used = text.n - rest.n;
  return CPM_OK;
}

/* A part of what stands between two delimiters: whole octets first, so that they are there when its head cannot be read. */
static int multipart_part(cpm_part *part, cpm_multipart_walk *walk, cpm_str text, const cpm_opts *opts, cpm_diag *diag) {
  static const cpm_part none;
  size_t used = 0;
  *part = none;
  part->off = (size_t)(text.p - walk->body.p);
  part->body = text;
  const int rc = cpmi_part_head(part, &used, &walk->quirks, text, part->off, opts, diag);
  if (rc != CPM_OK) return rc;
  part->off += used;
  part->body = cpm_str_of(text.p + used, text.n - used);
  return CPM_OK;
}

/* ---- reading ----------------------------------------------------------------------------------------------------- */

/* The delimiter that ends the part at `from`. A part of no octets shares its CRLF with the line before it. */
static int multipart_ends(multipart_delimiter *d, cpm_multipart_walk *walk, const cpm_opts *opts, cpm_diag *diag) {
  const uint64_t quirk = CPM_QUIRK(MULTIPART_NO_FINAL_CRLF);
  const size_t from = walk->next;
  const bool found = multipart_find(d, walk->body, from, walk->boundary);
  if (!found && !multipart_find_glued(d, walk->body, from, walk->boundary))
    return cpmi_fail(diag, CPM_E_TRUNCATED, walk->body.n, "close-delimiter", MULTIPART_CLAUSE);
  if (found && d->line != from && (!d->close || d->ended)) return CPM_OK;
  return cpmi_quirk(&walk->quirks, quirk, opts, d->line, "close-delimiter", diag);
}

/* Takes what stands up to the next delimiter; at an error all that is left. */
static int multipart_take(cpm_multipart_walk *walk, cpm_str *text, const cpm_opts *opts, cpm_diag *diag) {
  multipart_delimiter d;
  const cpm_str body = walk->body;
  const size_t from = walk->next;
  *text = cpm_str_of(body.p + from, body.n - from);
  if (walk->closed) {
    walk->next = body.n;
    return from < body.n ? cpmi_quirk(&walk->quirks, CPM_QUIRK(MULTIPART_PREAMBLE), opts, from, "epilogue", diag) : CPM_OK;
  }
  const int rc = multipart_ends(&d, walk, opts, diag);
  walk->closed = rc != CPM_OK || d.close;
  walk->next = rc != CPM_OK ? body.n : d.end;
  if (rc != CPM_OK) return rc;
  const bool own_crlf = d.line >= from + 2 && memcmp(body.p + d.line - 2, "\r\n", 2) == 0;
  text->n = d.line - (own_crlf ? 2 : 0) - from;
  return CPM_OK;
}

int cpm_multipart_open(cpm_multipart_walk *walk, cpm_str content_type, cpm_str body, const cpm_opts *opts, cpm_diag *diag) {
  const uint64_t max_body = opts && opts->max_body ? opts->max_body : CPM_LIMIT_BODY;
  const cpm_multipart_walk none = { body, cpm_str_none(), body.n, true, 0 };
  multipart_delimiter d;
  *walk = none;
  int rc = multipart_boundary(&walk->boundary, &walk->quirks, content_type, opts, diag);
  if (rc != CPM_OK) return rc;
  if (body.n > max_body) return cpmi_fail(diag, CPM_E_TOO_LONG, 0, "multipart-body", NULL);
  if (!body.n || !multipart_find(&d, body, 0, walk->boundary) || d.close)
    return cpmi_fail(diag, CPM_E_SYNTAX, 0, "dash-boundary", MULTIPART_CLAUSE);
  if (d.line > 0 && (rc = cpmi_quirk(&walk->quirks, CPM_QUIRK(MULTIPART_PREAMBLE), opts, 0, "preamble", diag)) != CPM_OK) return rc;
  walk->next = d.end;
  walk->closed = false;
  return CPM_OK;
}

int cpm_multipart_next(cpm_multipart_walk *walk, cpm_part *part, const cpm_opts *opts, cpm_diag *diag) {
  static const cpm_part none;
  cpm_str text;
  const bool closed = walk->closed;
  const size_t from = walk->next;
  const int rc = multipart_take(walk, &text, opts, diag);
  if (rc == CPM_OK) return closed ? CPM_END : multipart_part(part, walk, text, opts, diag);
  *part = none;
  part->body = text;
  part->off = from;
  return rc;
}

/* Parts that the array does not hold are counted, not read. */
static int multipart_parts(cpm_multipart *out, cpm_multipart_walk *walk, const cpm_opts *opts, cpm_diag *diag) {
  uint64_t total = 0;
  cpm_str text;
  while (!walk->closed) {
    int rc = multipart_take(walk, &text, opts, diag);
    if (rc == CPM_OK && total < out->cap) rc = multipart_part(&out->parts[total], walk, text, opts, diag);
    if (rc != CPM_OK) return rc;
    if (total++ < out->cap) out->nparts++;
  }
  if (total <= out->cap) return multipart_take(walk, &text, opts, diag);
  cpmi_fail(diag, CPM_E_TOO_MANY, 0, "body-part", MULTIPART_CLAUSE);
  if (diag) diag->need = total;
  return CPM_E_TOO_MANY;
}

int cpm_multipart_decode(cpm_multipart *out, cpm_str content_type, cpm_str body, const cpm_opts *opts, cpm_diag *diag) {
  cpm_multipart_walk walk;
  out->nparts = 0;
  out->quirks = 0;
  if (!out->parts && out->cap) return cpmi_fail(diag, CPM_E_ARG, 0, "parts", NULL);
  int rc = cpm_multipart_open(&walk, content_type, body, opts, diag);
  if (rc == CPM_OK) rc = multipart_parts(out, &walk, opts, diag);
  out->quirks = walk.quirks;
  return rc;
}

/* ---- writing ----------------------------------------------------------------------------------------------------- */

/* Does "--" boundary occur in s? At most as many comparisons as s has octets, each of at most 72. */
static bool multipart_occurs(cpm_str s, cpm_str boundary) {
  for (size_t at = 0; at < s.n; at++) {
    const char *dash = memchr(s.p + at, '-', s.n - at);
    if (!dash) return false;
    at = (size_t)(dash - s.p);
    if (at + 1 < s.n && dash[1] == '-' && multipart_has(s, at + 2, boundary)) return true;
  }
  return false;
}

/* A head is whole header lines of UTF-8, none of them twice; an empty line or a lone CR, LF or NUL would move where the body starts. */
int cpmi_check_head(cpm_str head, cpm_diag *diag) {
  cpmi_mime_head seen = { { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, { NULL, 0 } };
  uint64_t repeated = 0;
  cpm_str rest = head, name, value;
  while (rest.n) {
    const size_t at = head.n - rest.n;
    cpmi_mime_line line;
    size_t bad;
    bool ok = false;
    const int rc = cpmi_line_next(&rest, &line, 0);
    if (rc == CPM_END) return cpmi_fail(diag, CPM_E_INJECTION, at, "MIME-part-headers", "RFC 2046 5.1");
    const size_t stop = cpmi_mime_header_read(&name, &value, line.text, &ok, &bad);
    if (ok && rc == CPM_OK && bad == line.text.n) {
      cpmi_mime_note(&seen, name, value, &repeated, NULL, 0, NULL);
      if (repeated) return cpmi_fail(diag, CPM_E_DUPLICATE, at, "MIME-part-headers", "RFC 2046 5.1");
      continue;
    }
    const bool broken = stop < line.text.n && strchr("\r\n", line.text.p[stop]);
    return cpmi_fail(diag, broken ? CPM_E_INJECTION : CPM_E_VALUE, at + (stop < bad ? stop : bad), "MIME-part-headers", "RFC 2046 5.1");
  }
  return CPM_OK;
}

/* The field, unless the head holds it already. */
static int multipart_put_field(cpmi_out *o, const char *name, cpm_str value, cpm_str head, cpm_diag *diag) {
  return cpm_mime_header(head, name).p ? CPM_OK : cpmi_put_mime_field(o, name, value, diag);
}

static int multipart_put_part(cpmi_out *o, const cpm_part *part, cpm_str boundary, cpm_diag *diag) {
  const cpm_str texts[] = { part->body, part->head, part->content_type, part->disposition, part->encoding };
  int rc;
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    if (multipart_occurs(texts[i], boundary)) return cpmi_fail(diag, CPM_E_VALUE, 0, "boundary", MULTIPART_CLAUSE);
  if ((rc = cpmi_check_head(part->head, diag)) != CPM_OK) return rc;
  cpmi_put_z(o, "--");
  cpmi_put(o, boundary);
  cpmi_put_z(o, "\r\n");
  if ((rc = multipart_put_field(o, "Content-Type", part->content_type, part->head, diag)) != CPM_OK) return rc;
  if ((rc = multipart_put_field(o, "Content-Disposition", part->disposition, part->head, diag)) != CPM_OK) return rc;
  if ((rc = multipart_put_field(o, "Content-Transfer-Encoding", part->encoding, part->head, diag)) != CPM_OK) return rc;
  cpmi_put(o, part->head);
  cpmi_put_z(o, "\r\n");
  cpmi_put(o, part->body);
  cpmi_put_z(o, "\r\n");
  return CPM_OK;
}

int cpm_multipart_encode(char *dst, size_t cap, size_t *len, const cpm_multipart *in, cpm_str boundary, cpm_diag *diag) {
  cpmi_out o = cpmi_out_to(dst, cap, 0);
  if (!in->nparts) return cpmi_fail(diag, CPM_E_ARG, 0, "body-part", MULTIPART_CLAUSE);
  if (!multipart_is_boundary(boundary)) return cpmi_fail(diag, CPM_E_VALUE, 0, "boundary", MULTIPART_CLAUSE);
  for (size_t i = 0; i < in->nparts; i++) {
    const int rc = multipart_put_part(&o, &in->parts[i], boundary, diag);
    if (rc != CPM_OK) return rc;
  }
  cpmi_put_z(&o, "--");
  cpmi_put(&o, boundary);
  cpmi_put_z(&o, "--\r\n");
  return cpmi_out_end(&o, len, diag);
}
