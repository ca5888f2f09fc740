/* SPDX-License-Identifier: MIT */
/* markup_read.c - an XML document, tag by tag: what the grammar cannot say of it. */
#include "markup.h"
#include "straight.h"
#include <string.h>

#define MARKUP_NAMESPACES "NS 1.0 3"
#define MARKUP_NS_XML     "http://www.w3.org/XML/1998/namespace"
#define MARKUP_NS_XMLNS   "http://www.w3.org/2000/xmlns/"

static size_t markup_off(const cpmi_markup *r, const unsigned char *p) { return (size_t)(p - (const unsigned char *)r->in.p); }

static cpm_str markup_slice(const unsigned char *b, const unsigned char *e) {
  return cpm_str_of((const char *)b, (size_t)(e - b));
}

static cpm_str markup_prefix(const cpmi_markup_qname *q) { return q->colon ? markup_slice(q->b, q->colon) : cpm_str_none(); }
static cpm_str markup_local(const cpmi_markup_qname *q) { return markup_slice(q->colon ? q->colon + 1 : q->b, q->e); }
static inline bool markup_is(cpm_str s, const char *z) { return s.p && s.n == strlen(z) && memcmp(s.p, z, s.n) == 0; }

void cpmi_markup_note_attribute(cpmi_markup_marks *m, const unsigned char *b) {
  m->nattributes++;
  cpmi_markup_attribute *const a = cpmi_markup_last(m);
  a->name.b = b;
  a->name.colon = NULL;
}

/* ---- namespaces -------------------------------------------------------------------------------------------------------- */

/* One character of an attribute value: white space that is not a reference is SP (XML 1.0 3.3.3). */
static size_t markup_value_char(cpm_str s, size_t at, uint32_t *code) {
  bool reference;
  const size_t next = cpmi_markup_char(s, at, false, code, &reference);
  if (!reference && (*code == '\t' || *code == '\n')) *code = ' ';
  return next;
}

static bool markup_value_is_plain(cpm_str s) { return CPMI_STRAIGHT && cpmi_span(cpmi_markup_classes, s, 0, CPMI_MARKUP_VALUE) == s.n; }

/* Do two attribute values mean the same text? Absent is like empty. */
static bool markup_value_eq(cpm_str a, cpm_str b) {
  if (a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0)) return true;
  if (markup_value_is_plain(a) && markup_value_is_plain(b)) return false;
  size_t i = 0, k = 0;
  uint32_t x = 0, y = 0;
  while (i < a.n && k < b.n) {
    i = markup_value_char(a, i, &x);
    k = markup_value_char(b, k, &y);
    if (x != y) return false;
  }
  return i == a.n && k == b.n;
}

/* z is plain. */
static bool markup_value_is(cpm_str value, const char *z) {
  return markup_is(value, z) || (!markup_value_is_plain(value) && markup_value_eq(value, cpm_str_z(z)));
}

/* Namespaces are compared once, when they are declared: equal ones have the same number at one place. */
#define MARKUP_NO_NS       0u
#define MARKUP_XML_NS      1u
#define MARKUP_XMLNS_NS    2u
#define MARKUP_FIRST_NS    3u
#define MARKUP_UNDECLARED  UINT32_MAX

/* A sum of the characters (FNV-1a): values with different sums differ. */
static uint64_t markup_sum(cpm_str value) {
  uint64_t sum = UINT64_C(14695981039346656037);
  uint32_t code = 0;
  for (size_t at = 0; at < value.n;) {
    const unsigned char c = (unsigned char)value.p[at];
    if (c >= ' ' && c < 0x80 && c != '&') code = c, at++;
    else at = markup_value_char(value, at, &code);
    sum = (sum ^ code) * UINT64_C(1099511628211);
  }
  return sum;
}

/* The number of the namespace that a prefix (absent: none) is bound to. */
static uint32_t markup_lookup(const cpmi_markup *r, cpm_str prefix, cpm_str *ns) {
  static const cpm_str xml = CPM_STR(MARKUP_NS_XML);
  *ns = xml;
  if (markup_is(prefix, "xml")) return MARKUP_XML_NS;
  *ns = cpm_str_none();
  for (unsigned i = r->nbindings; i-- > 0;) {
    const cpmi_markup_binding *const b = &r->bindings[i];
    if (!cpm_str_eq(b->prefix, prefix)) continue;
    if (!b->ns.n) return MARKUP_NO_NS;
    *ns = b->ns;
    return b->number;
  }
  return prefix.p ? MARKUP_UNDECLARED : MARKUP_NO_NS;
}

/* Is it a namespace declaration, and of which prefix (absent: the default namespace)? */
static bool markup_declares(const cpmi_markup_attribute *a, cpm_str *prefix) {
  *prefix = a->name.colon ? markup_local(&a->name) : cpm_str_none();
  return markup_is(a->name.colon ? markup_prefix(&a->name) : markup_local(&a->name), "xmlns");
}

/* May this prefix be bound to this namespace? xml has its own, xmlns none, no other prefix and no default may have theirs, and only
 * the default namespace can be taken back. */
static bool markup_may_bind(cpm_str prefix, cpm_str ns) {
  const bool is_xml = markup_value_is(ns, MARKUP_NS_XML);
  if (markup_is(prefix, "xml")) return is_xml;
  return !is_xml && !markup_is(prefix, "xmlns") && !markup_value_is(ns, MARKUP_NS_XMLNS) && (ns.n || !prefix.p);
}

/* That of the first binding here with the same namespace, or its own. */
static uint32_t markup_number_of(const cpmi_markup *r, const cpmi_markup_binding *b) {
  for (unsigned i = 0; i < r->nbindings; i++)
    if (r->bindings[i].sum == b->sum && markup_value_eq(r->bindings[i].ns, b->ns)) return r->bindings[i].number;
  return MARKUP_FIRST_NS + r->nbindings;
}

static int markup_bind(cpmi_markup *r, const cpmi_markup_attribute *a, cpm_str prefix, cpm_diag *diag) {
  const cpm_str ns = markup_slice(a->b, a->e);
  const size_t off = markup_off(r, a->name.b);
  if (ns.n > CPM_MARKUP_NAMESPACE_LEN) return cpmi_fail(diag, CPM_E_TOO_LONG, off, "xmlns", NULL);
  if (!markup_may_bind(prefix, ns)) return cpmi_fail(diag, CPM_E_SYNTAX, off, "xmlns", MARKUP_NAMESPACES);
  if (r->nbindings == CPM_MARKUP_NAMESPACES) return cpmi_fail(diag, CPM_E_TOO_MANY, off, "xmlns", NULL);
  cpmi_markup_binding *const b = &r->bindings[r->nbindings];
  b->prefix = prefix;
  b->ns = ns;
  b->sum = markup_sum(ns);
  b->number = markup_number_of(r, b);
  r->nbindings++;
  return CPM_OK;
}

/* ---- attributes -------------------------------------------------------------------------------------------------------- */

/* Of an attribute: none without a prefix (Namespaces 6.2). */
static uint32_t markup_attribute_ns(const cpmi_markup *r, const cpmi_markup_attribute *a) {
  cpm_str declared, ns;
  if (markup_declares(a, &declared)) return declared.p ? MARKUP_XMLNS_NS : MARKUP_NO_NS;
  return a->name.colon ? markup_lookup(r, markup_prefix(&a->name), &ns) : MARKUP_NO_NS;
}

/* At most CPM_MARKUP_ATTRIBUTES are compared each with each. */
static int markup_check_attributes(const cpmi_markup *r, cpm_diag *diag) {
  const cpmi_markup_marks *const m = &r->marks;
  uint32_t ns[CPM_MARKUP_ATTRIBUTES];
  for (size_t i = 0; i < m->nattributes; i++) {
    const cpmi_markup_attribute *const a = &m->attributes[i];
    ns[i] = markup_attribute_ns(r, a);
    if (ns[i] == MARKUP_UNDECLARED) return cpmi_fail(diag, CPM_E_SYNTAX, markup_off(r, a->name.b), "Prefix", "NS 1.0 5");
    for (size_t k = 0; k < i; k++)
      if (ns[i] == ns[k] && cpm_str_eq(markup_local(&a->name), markup_local(&m->attributes[k].name)))
        return cpmi_fail(diag, CPM_E_DUPLICATE, markup_off(r, a->name.b), "Attribute", "XML 1.0 3.1, NS 1.0 6.3");
  }
  return CPM_OK;
}

static int markup_bind_all(cpmi_markup *r, cpm_diag *diag) {
  const cpmi_markup_marks *const m = &r->marks;
  cpm_str prefix;
  if (m->nattributes > CPM_MARKUP_ATTRIBUTES)
    return cpmi_fail(diag, CPM_E_TOO_MANY, markup_off(r, m->attributes[CPM_MARKUP_ATTRIBUTES].name.b), "Attribute", NULL);
  for (size_t i = 0; i < m->nattributes; i++) {
    const int rc = markup_declares(&m->attributes[i], &prefix) ? markup_bind(r, &m->attributes[i], prefix, diag) : CPM_OK;
    if (rc != CPM_OK) return rc;
  }
  return CPM_OK;
}

/* ---- elements ---------------------------------------------------------------------------------------------------------- */

static int markup_start_element(cpmi_markup *r, cpm_diag *diag) {
  const cpmi_markup_qname name = r->marks.name;
  const unsigned bindings = r->nbindings;
  int rc;
  r->event = CPMI_MARKUP_START;
  r->off = markup_off(r, r->marks.lt);
  r->name = markup_local(&name);
  r->ending = r->marks.seen == CPMI_MARKUP_EMPTY;
  if (r->depth == r->max_depth) return cpmi_fail(diag, CPM_E_TOO_DEEP, r->off, "element", NULL);
  if ((rc = markup_bind_all(r, diag)) != CPM_OK) return rc;
  if (markup_lookup(r, markup_prefix(&name), &r->ns) == MARKUP_UNDECLARED)
    return cpmi_fail(diag, CPM_E_SYNTAX, markup_off(r, name.b), "Prefix", "NS 1.0 5");
  if ((rc = markup_check_attributes(r, diag)) != CPM_OK) return rc;
  if (r->depth) r->frames[r->depth - 1].elements = true;
  const cpmi_markup_frame frame = { name, r->at, bindings, false };
  r->frames[r->depth++] = frame;
  return CPM_OK;
}

/* The depth stays that of the element until the next event. */
static int markup_end_element(cpmi_markup *r, cpm_diag *diag) {
  const cpmi_markup_frame *const frame = &r->frames[r->depth - 1];
  const cpmi_markup_qname *const name = &r->marks.name;
  const cpm_str is = markup_slice(name->b, name->e), want = markup_slice(frame->name.b, frame->name.e);
  if (!cpm_str_eq(is, want)) return cpmi_fail(diag, CPM_E_MISMATCH, markup_off(r, name->b), "ETag", "XML 1.0 3");
  r->event = CPMI_MARKUP_END;
  r->off = r->ending ? r->at : markup_off(r, r->marks.lt);
  r->name = markup_local(&frame->name);
  r->text = cpm_str_of(r->in.p + frame->text, r->off - frame->text);
  r->elements = frame->elements;
  r->nbindings = frame->bindings;
  r->ending = false;
  return CPM_OK;
}

/* ---- the document ------------------------------------------------------------------------------------------------------ */

/* The first octets of UTF-16, UTF-32 and EBCDIC, with and without a mark (XML 1.0 appendix F). */
static bool markup_is_wide(cpm_str in) {
  static const char marks[][2] = { { '\xfe', '\xff' }, { '\xff', '\xfe' }, { '\0', '\0' }, { '\0', '<' }, { '<', '\0' }, { '\x4c', '\x6f' } };
  for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
    if (in.n >= 2 && memcmp(in.p, marks[i], 2) == 0) return true;
  return false;
}

static bool markup_is_ascii(cpm_str in) {
  for (size_t i = 0; i < in.n; i++)
    if ((unsigned char)in.p[i] > 0x7f) return false;
  return true;
}

/* Looked at when the first tag is there, or before anything else is refused. */
static int markup_check_encoding(cpmi_markup *r, cpm_diag *diag) {
  if (!r->marks.encoding || !r->marks.encoding_end) return CPM_OK;
  const cpm_str encoding = markup_slice(r->marks.encoding, r->marks.encoding_end);
  const bool ascii = cpm_str_ieq(encoding, cpm_str_z("US-ASCII"));
  r->marks.encoding = NULL;
  if (ascii ? markup_is_ascii(r->in) : cpm_str_ieq(encoding, cpm_str_z("UTF-8"))) return CPM_OK;
  return cpmi_fail(diag, CPM_E_UNSUPPORTED, (size_t)(encoding.p - r->in.p), "EncodingDecl", "XML 1.0 4.3.3");
}

int cpmi_markup_open(cpmi_markup *r, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  const uint64_t most = opts && opts->max_body ? opts->max_body : CPM_LIMIT_BODY;
  const unsigned depth = opts && opts->max_depth ? opts->max_depth : CPM_LIMIT_DEPTH;
  r->in = in;
  r->at = 0;
  r->max_depth = depth < CPM_MARKUP_DEPTH ? depth : CPM_MARKUP_DEPTH;
  r->depth = r->nbindings = 0;
  r->event = CPMI_MARKUP_START;
  r->ending = false;
  r->asked = r->asked_ns = NULL;
  cpmi_markup_begin(&r->marks);
  if (in.n > most) return cpmi_fail(diag, CPM_E_TOO_LONG, 0, "document", NULL);
  return markup_is_wide(in) ? cpmi_fail(diag, CPM_E_UNSUPPORTED, 0, "EncodingDecl", "XML 1.0 4.3.3") : CPM_OK;
}

/* A tag of nothing but an ASCII name without prefix, which is what most are, needs no machine: "<name>", "</name>", "<name/>". False
 * if there is another one at p; then nothing has changed. */
static bool markup_run_plain(cpmi_markup *r, const unsigned char *p, const unsigned char *end) {
  if (end - p < 4 || *p != '<') return false;
  const bool etag = p[1] == '/';
  const unsigned char *const name = p + 1 + etag;
  const unsigned char *e = name + cpmi_span(cpmi_markup_classes, markup_slice(name, end), 0, CPMI_MARKUP_NAME);
  if (e == name || *name == '-' || *name == '.' || (*name >= '0' && *name <= '9')) return false;
  const cpmi_markup_qname qname = { name, NULL, e };
  const bool empty = !etag && e < end && *e == '/';
  e += empty;
  if (e == end || *e != '>') return false;
  r->marks.seen = etag ? CPMI_MARKUP_ETAG : empty ? CPMI_MARKUP_EMPTY : CPMI_MARKUP_TAG;
  r->marks.lt = p;
  r->marks.name = qname;
  r->marks.nattributes = 0;
  r->at = markup_off(r, e + 1);
  return true;
}

/* Runs to the end of a tag. A ">" that ends none may stand in text, in a value, or in a comment. */
static int markup_run(cpmi_markup *r, cpm_diag *diag) {
  const unsigned char *p = (const unsigned char *)r->in.p + r->at;
  const unsigned char *const end = (const unsigned char *)r->in.p + r->in.n;
  r->marks.seen = CPMI_MARKUP_NOTHING;
  r->marks.lt = NULL;
  if (CPMI_STRAIGHT && r->depth) {
    p += cpmi_span(cpmi_markup_classes, markup_slice(p, end), 0, CPMI_MARKUP_TEXT);
    if (markup_run_plain(r, p, end)) return CPM_OK;
  }
  while (r->marks.seen == CPMI_MARKUP_NOTHING && p < end) {
    const unsigned char *const gt = memchr(p, '>', (size_t)(end - p)), *const to = gt ? gt + 1 : end;
    p = cpmi_markup_run(&r->marks, p, to);
    if (p != to) break;
  }
  r->at = markup_off(r, p);
  const int rc = markup_check_encoding(r, diag);
  if (rc != CPM_OK) return rc;
  if (r->marks.seen != CPMI_MARKUP_NOTHING && !r->marks.bad_reference) return CPM_OK;
  return cpmi_markup_refuse(&r->marks, r->in, p, r->depth ? "content" : "prolog", diag);
}

static int markup_misc(cpmi_markup *r, cpm_diag *diag) {
  const unsigned char *const from = (const unsigned char *)r->in.p + r->at, *const to = (const unsigned char *)r->in.p + r->in.n;
  bool ok = true;
  r->marks.lt = NULL;
  const unsigned char *const stop = cpmi_markup_misc_run(&r->marks, from, to, &ok);
  return ok && stop == to ? CPM_END : cpmi_markup_refuse(&r->marks, r->in, stop, "document", diag);
}

int cpmi_markup_next(cpmi_markup *r, cpm_diag *diag) {
  if (!r->in.n) return cpmi_fail(diag, CPM_E_TRUNCATED, 0, "document", "XML 1.0 2.1");
  if (r->ending) return markup_end_element(r, diag);
  if (r->event == CPMI_MARKUP_END && --r->depth == 0) return markup_misc(r, diag);
  const int rc = markup_run(r, diag);
  if (rc != CPM_OK) return rc;
  return r->marks.seen == CPMI_MARKUP_ETAG ? markup_end_element(r, diag) : markup_start_element(r, diag);
}

/* Elements share a declaration: the answer for the last one is kept. */
bool cpmi_markup_is_ns(cpmi_markup *r, const char *ns) {
  if (r->asked_ns == r->ns.p && r->asked == ns) return r->answer;
  r->asked_ns = r->ns.p;
  r->asked = ns;
  return r->answer = markup_value_is(r->ns, ns);
}

int cpmi_markup_check_ns(cpmi_markup *r, const char *ns, uint64_t *quirks, const cpm_opts *opts, const char *rule, cpm_diag *diag) {
  if (cpmi_markup_is_ns(r, ns)) return CPM_OK;
  const uint64_t quirk = r->ns.p ? CPM_QUIRK(XML_OTHER_NAMESPACE) : CPM_QUIRK(XML_NO_NAMESPACE);
  return cpmi_quirk(quirks, quirk, opts, r->off, rule, diag);
}

int cpmi_markup_check_token(const cpmi_markup *r, const char *rule, uint64_t *quirks, const cpm_opts *opts, cpm_diag *diag) {
  const size_t n = cpmi_markup_size(r->text, CPM_MARKUP_COLLAPSE), off = (size_t)(r->text.p - r->in.p);
  if (n == 0) return cpmi_fail(diag, CPM_E_MISSING, off, rule, NULL);
  if (n == cpmi_markup_size(r->text, CPM_MARKUP_PRESERVE)) return CPM_OK;
  return cpmi_quirk(quirks, CPM_QUIRK(XML_TOKEN_SPACE), opts, off, rule, diag);
}
