/* SPDX-License-Identifier: MIT */
/* xml_reader.c - libxml2's events, made safe. */
#include "utf8.h"
#include "xml_reader.h"
#include <limits.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/SAX2.h>
#include <stdlib.h>
#include <string.h>

static cpm_str xml_reader_str(const xmlChar *z) { return cpm_str_z((const char *)z); }

/* ---- elements and attributes --------------------------------------------------------------------------------------- */

/* SAX2 gives five pointers an attribute: name, prefix, namespace, value, end of value. */
cpmi_xml_attribute cpmi_xml_attribute_at(const cpmi_xml_element *e, size_t i) {
  const xmlChar *const *const five = (const xmlChar *const *)e->attributes + 5 * i;
  const cpmi_xml_attribute a = { xml_reader_str(five[2]), xml_reader_str(five[0]),
                                 cpm_str_of((const char *)five[3], (size_t)(five[4] - five[3])) };
  return a;
}

bool cpmi_xml_is_of(const cpmi_xml_reader *r, const cpmi_xml_element *e, const char *ns) {
  return cpm_str_eq(e->ns, cpm_str_z(ns)) || (r->aliased && cpm_str_eq(e->ns, r->alias));
}

bool cpmi_xml_is(const cpmi_xml_reader *r, const cpmi_xml_element *e, const char *ns, const char *name) {
  return cpm_str_eq(e->name, cpm_str_z(name)) && cpmi_xml_is_of(r, e, ns);
}

int cpmi_xml_root(cpmi_xml_reader *r, const cpmi_xml_element *e, const char *ns, const char *name, const char *clause) {
  if (!cpm_str_eq(e->name, cpm_str_z(name))) return cpmi_xml_fail(r, CPM_E_VALUE, name, clause);
  if (cpm_str_eq(e->ns, cpm_str_z(ns))) return CPM_OK;
  r->aliased = true;
  r->alias = e->ns;   /* libxml2 keeps names as long as it reads */
  return cpmi_xml_quirk(r, e->ns.p ? CPM_QUIRK(XML_OTHER_NAMESPACE) : CPM_QUIRK(XML_NO_NAMESPACE), name);
}

/* ---- memory that grows --------------------------------------------------------------------------------------------- */

bool cpmi_xml_grow(cpmi_xml_bytes *b, size_t more) {
  if (more <= b->cap - b->n) return true;
  if (more > SIZE_MAX / 4 - b->n) return false;
  const size_t cap = 2 * (b->n + more) + 1024;
  char *const p = realloc(b->p, cap);
  if (!p) return false;
  b->p = p;
  b->cap = cap;
  return true;
}

bool cpmi_xml_append(cpmi_xml_bytes *b, cpm_str s) {
  if (!cpmi_xml_grow(b, s.n)) return false;
  if (s.n) memcpy(b->p + b->n, s.p, s.n);
  b->n += s.n;
  return true;
}

/* ---- errors -------------------------------------------------------------------------------------------------------- */

int cpmi_xml_diag(cpm_diag *diag, int code, size_t off, const char *rule, const char *clause) {
  if (!diag) return code;
  memset(diag, 0, sizeof *diag);
  diag->code = code;
  diag->off = off;
  diag->rule = rule;
  diag->clause = clause;
  return code;
}

/* ---- octets that are no UTF-8 -------------------------------------------------------------------------------------- */

/* Octets of the character at `at`; 0 if it is none. */
static size_t xml_reader_utf8(cpm_str s, size_t at) {
  uint32_t code;
  return cpmi_utf8_at(s, at, &code);
}

/* Where the first octet stands that is none; s.n if there is none. *count: how many there are. */
static size_t xml_reader_bad(cpm_str s, size_t *count) {
  size_t first = s.n;
  *count = 0;
  for (size_t at = 0, n; at < s.n; at += n) {
    n = xml_reader_utf8(s, at);
    if (n) continue;
    if (!(*count)++) first = at;
    n = 1;
  }
  return first;
}

static const char xml_reader_replacement[] = "\xef\xbf\xbd";   /* U+FFFD: in no URI and no token */

static void xml_reader_repair(char *to, cpm_str s) {
  for (size_t at = 0, n; at < s.n; at += n) {
    n = xml_reader_utf8(s, at);
    memcpy(to, n ? s.p + at : xml_reader_replacement, n ? n : 3);
    to += n ? n : 3;
    n = n ? n : 1;
  }
}

/* What an offset in the repaired document is in the one that was given. */
static size_t xml_reader_given(cpm_str s, size_t repaired) {
  size_t at = 0;
  for (size_t to = 0; at < s.n && to < repaired;) {
    const size_t n = xml_reader_utf8(s, at);
    to += n ? n : 3;
    at += n ? n : 1;
  }
  return at;
}

int cpmi_xml_fail(cpmi_xml_reader *r, int code, const char *rule, const char *clause) {
  if (r->status) return r->status;
  r->status = code;
  const long at = r->parser ? xmlByteConsumed(r->parser) : 0;
  const size_t off = at > 0 ? (size_t)at : 0;
  cpmi_xml_diag(r->diag, code, r->in.p ? xml_reader_given(r->in, off) : off, rule, clause);
  if (r->parser) xmlStopParser(r->parser);
  return code;
}

int cpmi_xml_quirk(cpmi_xml_reader *r, uint64_t bit, const char *rule) {
  *r->quirks |= bit;
  return r->opts && (r->opts->refuse & bit) ? cpmi_xml_fail(r, CPM_E_QUIRK, rule, NULL) : CPM_OK;
}

static void xml_reader_note(cpmi_xml_reader *r, const xmlError *error) {
  if (error->level < XML_ERR_ERROR) return;
  switch (error->code) {
  case XML_ERR_NO_MEMORY:     cpmi_xml_fail(r, CPM_E_NO_MEMORY, "memory", NULL); break;
  case XML_ERR_NAME_TOO_LONG: cpmi_xml_fail(r, CPM_E_TOO_LONG, "Name", NULL); break;
  default:
    cpmi_xml_fail(r, CPM_E_SYNTAX, error->domain == XML_FROM_NAMESPACE ? "namespace" : "document",
                  error->domain == XML_FROM_NAMESPACE ? "Namespaces in XML 1.0" : "XML 1.0 2.1");
  }
}

/* libxml2 2.12 made the error const. */
#if LIBXML_VERSION >= 21200
static void xml_reader_error(void *ctx, const xmlError *error) { xml_reader_note(ctx, error); }
#else
static void xml_reader_error(void *ctx, xmlError *error) { xml_reader_note(ctx, error); }
#endif

/* ---- events -------------------------------------------------------------------------------------------------------- */

static void xml_reader_dtd(void *ctx, const xmlChar *name, const xmlChar *public_id, const xmlChar *system_id) {
  (void)name;
  (void)public_id;
  (void)system_id;
  cpmi_xml_fail(ctx, CPM_E_UNSUPPORTED, "doctypedecl", "XML 1.0 2.8");
}

static void xml_reader_pi(void *ctx, const xmlChar *target, const xmlChar *data) {
  (void)target;
  (void)data;
  cpmi_xml_fail(ctx, CPM_E_UNSUPPORTED, "PI", "XML 1.0 2.6");
}

static void xml_reader_start(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *ns, int nnamespaces,
                             const xmlChar **namespaces, int nattributes, int ndefaulted, const xmlChar **attributes) {
  cpmi_xml_reader *const r = ctx;
  (void)prefix;
  (void)namespaces;
  (void)ndefaulted;
  if (r->status) return;
  if (r->depth == r->max_depth) {
    cpmi_xml_fail(r, CPM_E_TOO_DEEP, "element", NULL);
    return;
  }
  r->declared[r->depth] = (unsigned)nnamespaces;
  r->namespaces += (unsigned)nnamespaces;
  if (r->namespaces > CPMI_XML_NAMESPACES) {
    cpmi_xml_fail(r, CPM_E_TOO_MANY, "xmlns", NULL);
    return;
  }
  const cpmi_xml_element e = { xml_reader_str(ns), xml_reader_str(name), ++r->depth, (size_t)nattributes, attributes };
  const int rc = r->handler->start(r, &e);
  if (rc) cpmi_xml_fail(r, rc, "element", NULL);
}

static void xml_reader_end(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *ns) {
  cpmi_xml_reader *const r = ctx;
  (void)name;
  (void)prefix;
  (void)ns;
  if (r->status) return;
  const int rc = r->handler->end(r, r->depth--);
  r->namespaces -= r->declared[r->depth];
  if (rc) cpmi_xml_fail(r, rc, "element", NULL);
}

static void xml_reader_text(void *ctx, const xmlChar *p, int n) {
  cpmi_xml_reader *const r = ctx;
  if (r->status || n <= 0) return;
  const int rc = r->handler->text(r, cpm_str_of((const char *)p, (size_t)n));
  if (rc) cpmi_xml_fail(r, rc, "text", NULL);
}

/* ---- reading ------------------------------------------------------------------------------------------------------- */

/* The first bytes of encodings that libxml2 would see by itself (XML 1.0 appendix F): UTF-16 and UTF-32 with and without a mark,
 * EBCDIC. */
static bool xml_reader_is_wide(cpm_str in) {
  static const char marks[][2] = { { '\xfe', '\xff' }, { '\xff', '\xfe' }, { '\0', '\0' }, { '\0', '<' }, { '<', '\0' }, { '\x4c', '\x6f' } };
  for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
    if (in.n >= 2 && memcmp(in.p, marks[i], 2) == 0) return true;
  return false;
}

static cpm_str xml_reader_behind(cpm_str s, size_t n) { return cpm_str_of(s.p + n, s.n - n); }

static bool xml_reader_starts(cpm_str s, const char *z) { return s.n >= strlen(z) && memcmp(s.p, z, strlen(z)) == 0; }

/* The encoding of the XML declaration (XML 1.0 2.8: XMLDecl, 4.3.3: EncodingDecl); absent if none is declared. What is malformed here,
 * libxml2 refuses. */
static cpm_str xml_reader_encoding(cpm_str in) {
  if (xml_reader_starts(in, "\xef\xbb\xbf")) in = xml_reader_behind(in, 3);
  if (!xml_reader_starts(in, "<?xml")) return cpm_str_none();
  while (in.n && !xml_reader_starts(in, "encoding") && !xml_reader_starts(in, "?>")) in = xml_reader_behind(in, 1);
  if (!xml_reader_starts(in, "encoding")) return cpm_str_none();
  while (in.n && in.p[0] != '"' && in.p[0] != '\'') in = xml_reader_behind(in, 1);
  const char *const end = in.n ? memchr(in.p + 1, in.p[0], in.n - 1) : NULL;
  return end ? cpm_str_of(in.p + 1, (size_t)(end - in.p) - 1) : cpm_str_none();
}

static bool xml_reader_is_utf8(cpm_str in) {
  const cpm_str encoding = xml_reader_encoding(in);
  return !encoding.p || cpm_str_ieq(encoding, cpm_str_z("UTF-8")) || cpm_str_ieq(encoding, cpm_str_z("US-ASCII"));
}

/* Where an element has more attributes than it may have; s.n if none has. "<" stands in no attribute value (XML 1.0 3.1), so each start
 * tag begins behind one, and is found whatever stands around it. */
static size_t xml_reader_crowded(cpm_str in) {
  unsigned count = 0;
  bool tag = false;
  char quote = 0;
  for (size_t i = 0; i < in.n; i++) {
    const char c = in.p[i];
    if (c == '<') {
      count = 0;
      quote = 0;
      tag = i + 1 < in.n && in.p[i + 1] != '!';
    } else if (tag && quote) {
      if (c == quote) quote = 0;
    } else if (tag && (c == '"' || c == '\'')) {
      quote = c;
      if (++count > CPMI_XML_ATTRIBUTES) return i;
    } else if (c == '>') {
      tag = false;
    }
  }
  return in.n;
}

static int xml_reader_fail_at(cpmi_xml_reader *r, int code, size_t off, const char *rule, const char *clause) {
  cpmi_xml_fail(r, code, rule, clause);
  if (r->diag) r->diag->off = off;
  return code;
}

static int xml_reader_check(cpmi_xml_reader *r, cpm_str in) {
  const cpm_opts *const opts = r->opts;
  const uint64_t most = opts && opts->max_body ? opts->max_body : CPM_LIMIT_BODY;
  const unsigned depth = opts && opts->max_depth ? opts->max_depth : CPM_LIMIT_DEPTH;
  r->parser = NULL;
  r->status = CPM_OK;
  r->aliased = false;
  r->in = cpm_str_none();
  r->depth = r->namespaces = 0;
  r->max_depth = depth < CPMI_XML_DEPTH ? depth : CPMI_XML_DEPTH;
  if (in.n > most || in.n > INT_MAX) return cpmi_xml_fail(r, CPM_E_TOO_LONG, "document", NULL);
  if (!in.p || in.n == 0) return cpmi_xml_fail(r, CPM_E_SYNTAX, "document", "XML 1.0 2.1");
  if (xml_reader_is_wide(in) || !xml_reader_is_utf8(in)) return cpmi_xml_fail(r, CPM_E_UNSUPPORTED, "EncodingDecl", "XML 1.0 4.3.3");
  /* libxml2 takes a NUL behind the root for the end of the document. */
  const char *const nul = memchr(in.p, '\0', in.n);
  if (nul) return xml_reader_fail_at(r, CPM_E_SYNTAX, (size_t)(nul - in.p), "Char", "XML 1.0 2.2");
  const size_t crowded = xml_reader_crowded(in);
  return crowded < in.n ? xml_reader_fail_at(r, CPM_E_TOO_MANY, crowded, "Attribute", NULL) : CPM_OK;
}

static void xml_reader_prepare(cpmi_xml_reader *r, xmlParserCtxtPtr parser) {
  xmlSAXHandler sax;
  memset(&sax, 0, sizeof sax);
  sax.initialized = XML_SAX2_MAGIC;
  sax.internalSubset = xml_reader_dtd;
  sax.processingInstruction = xml_reader_pi;
  sax.startElementNs = xml_reader_start;
  sax.endElementNs = xml_reader_end;
  sax.characters = sax.ignorableWhitespace = sax.cdataBlock = xml_reader_text;
  sax.serror = xml_reader_error;
  /* NOENT resolves references in attributes. There is no entity to expand but the five: the first "<!DOCTYPE" ends the reading. */
  xmlCtxtUseOptions(parser, XML_PARSE_NONET | XML_PARSE_NOENT | XML_PARSE_IGNORE_ENC);
  *parser->sax = sax;
  parser->userData = r;
  r->parser = parser;
}

static int xml_reader_run(cpmi_xml_reader *r, cpm_str in) {
  const xmlParserCtxtPtr parser = xmlCreateMemoryParserCtxt(in.p, (int)in.n);
  if (!parser) return cpmi_xml_fail(r, CPM_E_NO_MEMORY, "memory", NULL);
  xml_reader_prepare(r, parser);
  xmlParseDocument(parser);
  if (!r->status && !parser->wellFormed) cpmi_xml_fail(r, CPM_E_SYNTAX, "document", "XML 1.0 2.1");
  r->parser = NULL;
  xmlFreeParserCtxt(parser);
  return r->status;
}

/* With U+FFFD for each octet that is no UTF-8. */
static int xml_reader_run_repaired(cpmi_xml_reader *r, cpm_str in, size_t first, size_t count) {
  *r->quirks |= CPM_QUIRK(UTF8_INVALID);
  if (r->opts && r->opts->refuse & CPM_QUIRK(UTF8_INVALID)) return xml_reader_fail_at(r, CPM_E_QUIRK, first, "UTF-8", "RFC 3629 4");
  if (count > (INT_MAX - in.n) / 2) return xml_reader_fail_at(r, CPM_E_TOO_LONG, 0, "document", NULL);
  const size_t size = in.n + 2 * count;
  char *const repaired = malloc(size);
  if (!repaired) return cpmi_xml_fail(r, CPM_E_NO_MEMORY, "memory", NULL);
  xml_reader_repair(repaired, in);
  r->in = in;
  const int rc = xml_reader_run(r, cpm_str_of(repaired, size));
  free(repaired);
  return rc;
}

int cpmi_xml_read(cpmi_xml_reader *r, cpm_str in) {
  size_t count;
  if (xml_reader_check(r, in)) return r->status;
  const size_t first = xml_reader_bad(in, &count);
  return count ? xml_reader_run_repaired(r, in, first, count) : xml_reader_run(r, in);
}
