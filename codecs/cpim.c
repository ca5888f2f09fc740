/* SPDX-License-Identifier: MIT */
/* cpim.c - reading message/cpim (RFC 3862).
 *
 * Layout: header lines, an empty line, MIME header lines, an empty line, content. Peers leave out the first empty line, put a
 * Content-Type group or empty lines in front, or leave out the MIME headers: what stands where is settled first, block by block,
 * then lines are read, then names are bound to namespaces, then it is checked what must be there.
 */
#include "cpim.h"
#include "mime.h"
#include "straight.h"
#include <string.h>

typedef struct cpim_reader {
  cpm_cpim       *out;
  cpm_str         in;
  const cpm_opts *opts;
  cpm_diag       *diag;
  cpmi_cpim_scope scope;
  uint64_t        total;       /* header lines, those that have no place in the array included */
  uint64_t        head;        /* octets of header lines so far */
  size_t          max_line, max_head;
  bool            unbound;     /* a prefix was met that nothing binds so far */
  cpm_str         length;      /* the value of Content-Length */
} cpim_reader;

static size_t cpim_off(const cpim_reader *r, cpm_str s) { return (size_t)(s.p - r->in.p); }

static int cpim_quirk(cpim_reader *r, uint64_t bit, size_t off, const char *rule) {
  return cpmi_quirk(&r->out->quirks, bit, r->opts, off, rule, r->diag);
}

static cpm_str cpim_rest(const cpim_reader *r, size_t at) { return cpm_str_of(r->in.p + at, r->in.n - at); }

/* ---- blocks ------------------------------------------------------------------------------------------------------ */

/* A run of header lines: [from, to) with their line ends, then the empty line, up to `next`. */
#define CPIM_LINES 16u   /* so many are kept, for reading them need not look for their ends again */
typedef struct cpim_block {
  size_t   from, to, next, content_lines, other_lines;
  cpm_str  lines[CPIM_LINES];
  size_t   nlines, behind;    /* kept; where the one behind these starts */
  unsigned mime;              /* bits: of those, the MIME header lines */
} cpim_block;

/* The lines of a block, one after the other. */
typedef struct cpim_walk { const cpim_block *block; size_t at; cpm_str rest; } cpim_walk;

/* The name of a line, up to its colon; absent without one. */
static cpm_str cpim_line_name(cpm_str line) {
  const char *colon = line.n ? memchr(line.p, ':', line.n) : NULL;
  return colon ? cpm_str_of(line.p, (size_t)(colon - line.p)) : cpm_str_none();
}

/* An un-prefixed Content-xxx: a MIME header line, wherever it stands. */
static inline bool cpim_is_mime_line(cpm_str line) {
  if (!line.n || (line.p[0] != 'C' && line.p[0] != 'c')) return false;
  const cpm_str name = cpim_line_name(line);
  return name.p && cpmi_is_content_name(name) && !memchr(name.p, '.', name.n);
}

static cpim_walk cpim_walk_of(const cpim_reader *r, const cpim_block *block) {
  const cpim_walk walk = { block, 0, cpm_str_of(r->in.p + block->behind, block->to - block->behind) };
  return walk;
}

/* The next line of a block that has been found, and whether it is a MIME header line. */
static bool cpim_next_line(cpim_walk *walk, cpm_str *line, bool *mime) {
  cpmi_mime_line found;
  if (walk->at < walk->block->nlines) {
    *line = walk->block->lines[walk->at];
    *mime = walk->block->mime >> walk->at++ & 1u;
    return true;
  }
  if (!walk->rest.n) return false;
  (void)cpmi_line_next(&walk->rest, &found, CPMI_LINE_BARE_LF | CPMI_LINE_SPLIT);
  *line = found.text;
  *mime = cpim_is_mime_line(found.text);
  return true;
}

/* RFC 3862 has no folds; MIME has them, but none with a field in it. */
static int cpim_check_line(cpim_reader *r, const cpmi_mime_line *line, size_t at, size_t used, bool mime) {
  int rc = CPM_OK;
  r->head += used;
  if (line->text.n > r->max_line) return cpmi_fail(r->diag, CPM_E_TOO_LONG, at, "Header", NULL);
  if (r->head > r->max_head) return cpmi_fail(r->diag, CPM_E_TOO_LONG, at, "Message-headers", NULL);
  if (line->bare_lf) rc = cpim_quirk(r, CPM_QUIRK(CPIM_BARE_LF), at + line->text.n, "CRLF");
  if (rc == CPM_OK && ((line->folded && !mime) || line->split)) rc = cpim_quirk(r, CPM_QUIRK(CPIM_FOLD), at, "Header");
  return rc;
}

/* Finds the block that starts at `from`, and counts its lines of either kind. `mime`: it is the second, of MIME headers. */
static int cpim_find_block(cpim_reader *r, cpim_block *block, size_t from, bool mime) {
  cpm_str rest = cpim_rest(r, from);
  block->from = block->to = block->behind = from;
  block->content_lines = block->other_lines = block->nlines = block->mime = 0;
  for (;;) {
    cpmi_mime_line line;
    const size_t at = r->in.n - rest.n;
    const int found = cpmi_line_next(&rest, &line, CPMI_LINE_BARE_LF | CPMI_LINE_SPLIT);
    const int rc = cpim_check_line(r, &line, at, r->in.n - rest.n - at, mime);
    if (rc != CPM_OK) return rc;
    if (found == CPM_E_TRUNCATED) return cpmi_fail(r->diag, CPM_E_TRUNCATED, r->in.n, "Message-headers", "RFC 3862 2");
    block->next = r->in.n - rest.n;
    if (found == CPM_END) return CPM_OK;
    block->to = block->next;
    const bool is_mime = cpim_is_mime_line(line.text);
    block->content_lines += is_mime;
    block->other_lines += !is_mime;
    if (block->nlines == CPIM_LINES) continue;
    block->mime |= (unsigned)is_mime << block->nlines;
    block->lines[block->nlines++] = line.text;
    block->behind = block->next;
  }
}

/* Skips the empty lines at *at. */
static int cpim_skip_empty(cpim_reader *r, size_t *at) {
  for (;;) {
    const cpm_str rest = cpim_rest(r, *at);
    const bool crlf = rest.n >= 2 && rest.p[0] == '\r' && rest.p[1] == '\n', lf = rest.n && rest.p[0] == '\n';
    if (!crlf && !lf) return CPM_OK;
    int rc = cpim_quirk(r, CPM_QUIRK(CPIM_LEADING_EMPTY), *at, "Message-headers");
    if (rc == CPM_OK && lf) rc = cpim_quirk(r, CPM_QUIRK(CPIM_BARE_LF), *at, "CRLF");
    if (rc != CPM_OK) return rc;
    *at += crlf ? 2 : 1;
  }
}

/* The block of CPIM headers: the first, or the second if the first is a group of Content- lines alone. */
static int cpim_find_headers(cpim_reader *r, cpim_block *block) {
  size_t at = 0;
  int rc = cpim_skip_empty(r, &at);
  if (rc != CPM_OK || (rc = cpim_find_block(r, block, at, false)) != CPM_OK || block->other_lines) return rc;
  if ((rc = cpim_quirk(r, CPM_QUIRK(CPIM_TYPE_GROUP), at, "Message-headers")) != CPM_OK) return rc;
  at = block->next;
  if ((rc = cpim_skip_empty(r, &at)) != CPM_OK) return rc;
  return cpim_find_block(r, block, at, false);
}

/* Could more octets make this a MIME header line? */
static bool cpim_may_become_mime(cpm_str s) {
  static const cpm_str prefix = CPM_STR("content-");
  const size_t n = s.n < prefix.n ? s.n : prefix.n;
  return cpm_str_ieq(cpm_str_of(s.p, n), cpm_str_of(prefix.p, n)) && !memchr(s.p, '\n', s.n);
}

/* Are there MIME headers at `from`? An empty line stands for none; otherwise one of the header lines must be a Content-xxx, and
 * without it the content has come already. */
static bool cpim_has_mime(const cpim_reader *r, size_t from) {
  cpm_str rest = cpim_rest(r, from);
  if (!rest.n || cpim_may_become_mime(rest)) return true;
  for (bool first = true;; first = false) {
    cpmi_mime_line line;
    cpm_str name, value;
    size_t bad;
    bool ok = false;
    const int rc = cpmi_line_next(&rest, &line, CPMI_LINE_BARE_LF | CPMI_LINE_SPLIT);
    if (rc == CPM_END) return first;
    if (cpim_is_mime_line(line.text)) return true;
    if (rc != CPM_OK) return false;
    (void)cpmi_mime_header_read(&name, &value, line.text, &ok, &bad);
    if (!ok) return false;
  }
}

/* ---- lines ------------------------------------------------------------------------------------------------------- */

static int cpim_mime_line(cpim_reader *r, cpm_str line) {
  cpm_cpim *const out = r->out;
  cpm_str name, value;
  bool ok = false;
  size_t bad;
  const size_t stop = cpmi_mime_header_read(&name, &value, line, &ok, &bad);
  if (!ok) return cpmi_fail(r->diag, CPM_E_SYNTAX, cpim_off(r, line) + stop, "MIME-headers", "RFC 2045 3");
  cpmi_mime_head head = { out->content_type, out->disposition, out->encoding, r->length };
  int rc = bad < line.n ? cpim_quirk(r, CPM_QUIRK(UTF8_INVALID), cpim_off(r, line) + bad, "MIME-headers") : CPM_OK;
  if (rc == CPM_OK) rc = cpmi_mime_note(&head, name, value, &out->quirks, r->opts, cpim_off(r, line), r->diag);
  out->content_type = head.content_type;
  out->disposition = head.disposition;
  out->encoding = head.encoding;
  r->length = head.length;
  return rc;
}

/* Exactly one SP before the value, no space behind it, no HTAB inside. */
static bool cpim_is_well_spaced(cpm_str tail, cpm_str value) {
  if (value.n && memchr(value.p, '\t', value.n)) return false;
  return tail.n == value.n + 1 && tail.p[0] == ' ';
}

/* Notes what NS binds from this line on. */
static int cpim_note_ns(cpim_reader *r, const cpm_cpim_header *h) {
  cpm_diag inner = { 0 };
  cpm_str prefix, uri;
  const size_t base = cpim_off(r, h->value);
  const int rc = cpmi_cpim_ns_decode(&prefix, &uri, h->value, &r->out->quirks, r->opts, &inner);
  if (rc != CPM_OK) return cpmi_fail(r->diag, rc, base + inner.off, inner.rule, inner.clause);
  if (cpmi_cpim_bind(&r->scope, prefix, uri) == CPM_OK) return CPM_OK;
  return cpmi_fail(r->diag, CPM_E_TOO_MANY, base, "NS", NULL);
}

/* Which header field it is, from what NS binds so far. */
static int cpim_bind_header(cpim_reader *r, cpm_cpim_header *h) {
  uint64_t quirk = 0;
  if (h->prefix.p) {
    h->ns = cpmi_cpim_bound(&r->scope, h->prefix);
    h->id = cpmi_cpim_id_of(h->ns, h->name, &quirk);
    r->unbound |= !h->ns.p;
  } else {
    h->id = cpmi_cpim_id_of_bare(&r->scope, h->name, &quirk);
    if (h->id != CPM_CPIM_NS) h->ns = r->scope.unprefixed;
  }
  const int rc = quirk ? cpim_quirk(r, quirk, cpim_off(r, h->name), "Header-name") : CPM_OK;
  return rc != CPM_OK || h->id != CPM_CPIM_NS ? rc : cpim_note_ns(r, h);
}

/* A name, ": ", and printable ASCII without escapes or space at its ends, as nearly all lines are: the machine and what is looked
 * for behind it have nothing to say of these. */
static bool cpim_is_plain(cpm_str line, cpm_cpim_header *h) {
  const size_t n = cpmi_span(cpmi_cpim_classes, line, 0, CPMI_CPIM_NAME);
  size_t colon = n;
  if (n && n < line.n && line.p[n] == '.') colon = n + 1 + cpmi_span(cpmi_cpim_classes, line, n + 1, CPMI_CPIM_NAME);
  if (!n || colon == n + 1 || line.n - colon < 3 || line.p[colon] != ':' || line.p[colon + 1] != ' ') return false;
  const cpm_str value = cpm_str_of(line.p + colon + 2, line.n - colon - 2);
  if (value.p[0] == ' ' || value.p[value.n - 1] == ' ' || cpmi_ascii_text(value) < value.n || memchr(value.p, '\\', value.n)) return false;
  h->prefix = colon == n ? cpm_str_none() : cpm_str_of(line.p, n);
  h->name = colon == n ? cpm_str_of(line.p, n) : cpm_str_of(line.p + n + 1, colon - n - 1);
  h->value = value;
  return true;
}

/* Keeps a line that was read, as far as there is room. */
static int cpim_note_header(cpim_reader *r, cpm_cpim_header *h) {
  const int rc = cpim_bind_header(r, h);
  if (rc == CPM_OK && r->total < r->out->cap) r->out->headers[r->out->nheaders++] = *h;
  r->total++;
  return rc;
}

static int cpim_header_line(cpim_reader *r, cpm_str line) {
  cpmi_cpim_marks at = { 0 };
  bool ok = false;
  cpm_cpim_header h = { CPM_CPIM_UNKNOWN, { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, { NULL, 0 } };
  if (CPMI_STRAIGHT && cpim_is_plain(line, &h)) return cpim_note_header(r, &h);
  const size_t base = cpim_off(r, line), stop = cpmi_cpim_parse(&at, line, &ok);
  if (!ok) return cpmi_fail(r->diag, CPM_E_SYNTAX, base + stop, "Header", "RFC 3862 3.6");
  cpmi_cpim_split(cpm_str_of(line.p, (size_t)((const char *)at.colon - line.p)), &h.prefix, &h.name);
  h.params = cpmi_cpim_slice(at.b, at.e);
  const char *const tail_b = at.b ? (const char *)at.e : (const char *)at.colon + 1;
  const cpm_str tail = cpm_str_of(tail_b, (size_t)(line.p + line.n - tail_b));
  h.value = cpm_str_trim(tail);
  int rc = CPM_OK;
  if (!cpim_is_well_spaced(tail, h.value)) rc = cpim_quirk(r, CPM_QUIRK(CPIM_SPACING), cpim_off(r, tail), "Header");
  const size_t bad = cpmi_utf8_bad(line);
  if (rc == CPM_OK && bad < line.n) rc = cpim_quirk(r, CPM_QUIRK(UTF8_INVALID), base + bad, "Header-value");
  return rc == CPM_OK ? cpim_note_header(r, &h) : rc;
}

static int cpim_read_headers(cpim_reader *r, const cpim_block *block) {
  cpim_walk walk = cpim_walk_of(r, block);
  cpm_str line;
  bool mime;
  while (cpim_next_line(&walk, &line, &mime)) {
    const int rc = mime ? cpim_mime_line(r, line) : cpim_header_line(r, line);
    if (rc != CPM_OK) return rc;
  }
  if (r->total <= r->out->cap) return CPM_OK;
  cpmi_fail(r->diag, CPM_E_TOO_MANY, block->from, "Message-headers", NULL);
  if (r->diag) r->diag->need = r->total;
  return CPM_E_TOO_MANY;
}

/* ---- the wrapped part -------------------------------------------------------------------------------------------- */

/* Does Content-Length say n? */
static bool cpim_length_is(cpm_str length, size_t n) {
  uint64_t v = 0;
  if (!length.n) return false;
  for (size_t i = 0; i < length.n; i++) {
    if (length.p[i] < '0' || length.p[i] > '9' || v > (UINT64_MAX - 9) / 10) return false;
    v = v * 10 + (uint64_t)(length.p[i] - '0');
  }
  return v == n;
}

static int cpim_read_mime(cpim_reader *r, size_t from, size_t *content) {
  cpim_block block;
  cpm_str line;
  bool mime;
  int rc = cpim_find_block(r, &block, from, true);
  if (rc != CPM_OK) return rc;
  cpim_walk walk = cpim_walk_of(r, &block);
  r->out->mime = cpm_str_of(r->in.p + block.from, block.to - block.from);
  *content = block.next;
  while (rc == CPM_OK && cpim_next_line(&walk, &line, &mime)) rc = cpim_mime_line(r, line);
  return rc;
}

static uint64_t cpim_max_body(const cpm_opts *opts) { return opts && opts->max_body ? opts->max_body : CPM_LIMIT_BODY; }

/* Finds MIME headers and content behind the block of CPIM headers. */
static int cpim_read_part(cpim_reader *r, const cpim_block *block) {
  cpm_cpim *const out = r->out;
  size_t content = block->next;
  int rc = CPM_OK;
  if (block->content_lines) {
    rc = cpim_quirk(r, CPM_QUIRK(CPIM_ONE_BLOCK), block->from, "Message-headers");
    out->mime = cpm_str_of(r->in.p + block->from, block->to - block->from);
  } else if (cpim_has_mime(r, block->next)) {
    rc = cpim_read_mime(r, block->next, &content);
  } else {
    out->mime = cpm_str_of(r->in.p + content, 0);
  }
  if (rc != CPM_OK) return rc;
  out->content_off = content;
  out->content = cpim_rest(r, content);
  if (out->content.n > cpim_max_body(r->opts)) return cpmi_fail(r->diag, CPM_E_TOO_LONG, content, "content", NULL);
  if (!out->content_type.p) rc = cpim_quirk(r, CPM_QUIRK(CPIM_NO_TYPE), content, "Content-Type");
  if (rc == CPM_OK && r->length.p && !cpim_length_is(r->length, out->content.n))
    rc = cpim_quirk(r, CPM_QUIRK(CPIM_BAD_LENGTH), cpim_off(r, r->length), "Content-Length");
  return rc;
}

/* ---- prefixes that no NS before them binds ----------------------------------------------------------------------- */

/* The namespace that peers mean with a prefix they did not bind. */
static cpm_str cpim_meant(cpm_str prefix) {
  if (cpm_str_ieq(prefix, cpm_str_z("imdn"))) return cpm_str_z(CPM_CPIM_NS_IMDN);
  if (cpm_str_ieq(prefix, cpm_str_z("cpm"))) return cpm_str_z(CPM_CPIM_NS_CPM);
  return cpm_str_none();
}

/* `later` is what NS binds below this line. */
static int cpim_bind_late(cpim_reader *r, cpm_cpim_header *h, const cpmi_cpim_scope *later) {
  uint64_t quirk = 0;
  int rc;
  h->ns = cpmi_cpim_bound(later, h->prefix);
  const cpm_str uri = h->ns.p ? h->ns : cpim_meant(h->prefix);
  if (!uri.p) return CPM_OK;
  h->id = cpmi_cpim_id_of(uri, h->name, &quirk);
  rc = cpim_quirk(r, h->ns.p ? CPM_QUIRK(CPIM_NS_LATE) : CPM_QUIRK(CPIM_NO_NS), cpim_off(r, h->prefix), "Header-name");
  if (rc == CPM_OK && quirk) rc = cpim_quirk(r, quirk, cpim_off(r, h->name), "Header-name");
  return rc;
}

/* From the last line to the first, so that the nearest NS below a line counts. */
static int cpim_bind_rest(cpim_reader *r) {
  cpmi_cpim_scope later = { .n = 0 };
  cpm_str prefix, uri;
  for (size_t i = r->out->nheaders; i-- > 0;) {
    cpm_cpim_header *const h = &r->out->headers[i];
    if (h->id == CPM_CPIM_NS && cpmi_cpim_ns_decode(&prefix, &uri, h->value, NULL, NULL, NULL) == CPM_OK)
      (void)cpmi_cpim_bind(&later, prefix, uri);
    const int rc = h->prefix.p && !h->ns.p ? cpim_bind_late(r, h, &later) : CPM_OK;
    if (rc != CPM_OK) return rc;
  }
  return CPM_OK;
}

/* ---- what must be there ------------------------------------------------------------------------------------------ */

/* One that cannot be read at all does not cost the message: who sent it is told by the network, and the rest may be wanted. */
static int cpim_check_address(cpim_reader *r, const cpm_cpim_header *h) {
  cpm_cpim_address address;
  if (cpm_cpim_address_decode(&address, h->value, NULL, NULL) == CPM_OK && !address.quirks) return CPM_OK;
  return cpim_quirk(r, CPM_QUIRK(CPIM_ADDRESS), cpim_off(r, h->value), cpmi_cpim_name_of(h->id).p);
}

/* A name in Require must be one that is known here (RFC 3862 4.7). r->scope is what NS binds at this line, `all` what it binds
 * anywhere: a prefix that is bound late is known by it. */
static int cpim_check_required(cpim_reader *r, cpm_str prefix, cpm_str name, const cpmi_cpim_scope *all) {
  uint64_t quirk, bound = 0;
  cpm_str uri = prefix.p ? cpmi_cpim_bound(&r->scope, prefix) : cpm_str_none();
  if (prefix.p && !uri.p) {
    uri = cpmi_cpim_bound(all, prefix);
    bound = uri.p ? CPM_QUIRK(CPIM_NS_LATE) : CPM_QUIRK(CPIM_NO_NS);
    if (!uri.p) uri = cpim_meant(prefix);
  }
  const cpm_cpim_id id = prefix.p ? cpmi_cpim_id_of(uri, name, &quirk) : cpmi_cpim_id_of_bare(&r->scope, name, &quirk);
  const size_t off = cpim_off(r, name);
  if (id == CPM_CPIM_UNKNOWN) return cpmi_fail(r->diag, CPM_E_UNSUPPORTED, off, "Require", "RFC 3862 4.7");
  const int rc = bound ? cpim_quirk(r, bound, off, "Require") : CPM_OK;
  return rc == CPM_OK && quirk ? cpim_quirk(r, quirk, off, "Require") : rc;
}

static int cpim_check_require(cpim_reader *r, const cpm_cpim_header *h, const cpmi_cpim_scope *all) {
  cpm_str rest = h->value, prefix, name;
  bool ok = false;
  const size_t base = cpim_off(r, h->value);
  const size_t stop = rest.n ? cpmi_cpim_require_parse(rest, &ok) : 0;
  if (!ok) return cpmi_fail(r->diag, CPM_E_SYNTAX, base + stop, "Require", "RFC 3862 4.7");
  if (memchr(rest.p, ' ', rest.n) || memchr(rest.p, '\t', rest.n)) {
    const int rc = cpim_quirk(r, CPM_QUIRK(CPIM_SPACING), base, "Require");
    if (rc != CPM_OK) return rc;
  }
  while (cpmi_cpim_require_next(&rest, &prefix, &name) == CPM_OK) {
    const int rc = cpim_check_required(r, prefix, name, all);
    if (rc != CPM_OK) return rc;
  }
  return CPM_OK;
}

/* Last, so that all else is known to hold when a name in Require is not. */
static int cpim_check_requires(cpim_reader *r) {
  const cpmi_cpim_scope all = r->scope;
  const cpmi_cpim_scope none = { .n = 0 };
  r->scope = none;
  for (size_t i = 0; i < r->out->nheaders; i++) {
    const cpm_cpim_header *const h = &r->out->headers[i];
    int rc = CPM_OK;
    if (h->id == CPM_CPIM_NS) rc = cpim_note_ns(r, h);
    if (h->id == CPM_CPIM_REQUIRE) rc = cpim_check_require(r, h, &all);
    if (rc != CPM_OK) return rc;
  }
  return CPM_OK;
}

static int cpim_check(cpim_reader *r, size_t end) {
  cpmi_cpim_tally tally = { { 0 } };
  for (size_t i = 0; i < r->out->nheaders; i++) {
    const cpm_cpim_header *const h = &r->out->headers[i];
    int rc = cpmi_cpim_count(&tally, h->id, cpim_off(r, h->name), r->diag);
    if (rc == CPM_OK && (h->id == CPM_CPIM_FROM || h->id == CPM_CPIM_TO || h->id == CPM_CPIM_CC)) rc = cpim_check_address(r, h);
    if (rc != CPM_OK) return rc;
  }
  const int rc = cpmi_cpim_complete(&tally, end, r->diag);
  return rc != CPM_OK || !tally.seen[CPM_CPIM_REQUIRE] ? rc : cpim_check_requires(r);
}

int cpm_cpim_decode(cpm_cpim *out, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  cpim_reader r;
  const cpm_cpim empty = { .headers = out->headers, .cap = out->cap };
  cpim_block block;
  int rc;
  *out = empty;
  r.out = out, r.in = in, r.opts = opts, r.diag = diag;
  r.max_line = cpmi_limit(opts ? opts->max_line : 0, CPM_LIMIT_LINE);
  r.max_head = cpmi_limit(opts ? opts->max_head : 0, CPM_LIMIT_HEAD);
  r.total = r.head = 0, r.unbound = false;
  r.length = r.scope.unprefixed = cpm_str_none();
  r.scope.n = 0;
  if (!out->headers && out->cap) return cpmi_fail(diag, CPM_E_ARG, 0, "headers", NULL);
  if (!in.n) return cpmi_fail(diag, CPM_E_TRUNCATED, 0, "Message-headers", "RFC 3862 2");
  if (cpmi_cpim_straight(out, in, r.max_line < r.max_head ? r.max_line : r.max_head, cpim_max_body(opts))) return CPM_OK;
  *out = empty;
  if ((rc = cpim_find_headers(&r, &block)) != CPM_OK) return rc;
  if ((rc = cpim_read_headers(&r, &block)) != CPM_OK) return rc;
  if ((rc = cpim_read_part(&r, &block)) != CPM_OK) return rc;
  if (r.unbound && (rc = cpim_bind_rest(&r)) != CPM_OK) return rc;
  return cpim_check(&r, block.to);
}

const cpm_cpim_header *cpm_cpim_find(const cpm_cpim *in, cpm_cpim_id id, size_t *index) {
  for (size_t i = index ? *index : 0; i < in->nheaders; i++) {
    if (in->headers[i].id != id) continue;
    if (index) *index = i + 1;
    return &in->headers[i];
  }
  return NULL;
}

cpm_str cpm_cpim_value(const cpm_cpim *in, cpm_cpim_id id) {
  const cpm_cpim_header *const h = cpm_cpim_find(in, id, NULL);
  return h ? cpm_str_trim(h->value) : cpm_str_none();
}
