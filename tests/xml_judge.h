/* SPDX-License-Identifier: MIT */
/* xml_judge.h - libxml2 as the judge of the core's XML reader, for tests and fuzz targets.
 *
 * What the core accepts, libxml2 accepts, with the same elements, namespaces, attributes and texts. What libxml2 alone accepts, the core
 * refuses for a reason on the closed list of cpm/markup.h. Where libxml2 is not followed:
 *   a namespace that is no URI is taken, as namespaces are compared as text
 *   an XML declaration with version="1." lacks a digit, one with encoding="..."standalone a space (XML 1.0 2.8): libxml2 takes both
 *   a NUL behind the root ends the document for libxml2
 *   a document type ends the judging: nobody reads on. The core must refuse it too */
#ifndef TESTS_XML_JUDGE_H
#define TESTS_XML_JUDGE_H

#include "markup.h"
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <stdlib.h>
#include <string.h>

/* NULL: holds. Else what does not. */
typedef const char *judge_verdict;

/* ---- what libxml2 says ------------------------------------------------------------------------------------------------- */

#if LIBXML_VERSION >= 21200
typedef const xmlError *judge_error;
#else
typedef xmlError *judge_error;
#endif

static void judge_note(void *ctx, judge_error error) {
  bool *const refused = ((xmlParserCtxtPtr)ctx)->_private;
  if (error->level >= XML_ERR_ERROR && error->code != XML_WAR_NS_URI) *refused = true;
}

static void judge_doctype(void *ctx, const xmlChar *name, const xmlChar *public_id, const xmlChar *system_id) {
  bool *const refused = ((xmlParserCtxtPtr)ctx)->_private;
  (void)name;
  (void)public_id;
  (void)system_id;
  *refused = true;
  xmlStopParser(ctx);
}

/* An XML declaration that libxml2 takes and XML does not have. */
static bool judge_is_lax(cpm_str in, const xmlDoc *doc) {
  if (doc->version && !strcmp((const char *)doc->version, "1.")) return true;
  const size_t start = in.n > 8 && !memcmp(in.p, "\xef\xbb\xbf", 3) ? 3 : 0;
  if (in.n - start < 5 || memcmp(in.p + start, "<?xml", 5) != 0) return false;
  for (size_t i = start; i + 1 < in.n && memcmp(in.p + i, "?>", 2) != 0; i++)
    if ((in.p[i] == '"' || in.p[i] == '\'') && in.n - i > 10 && !memcmp(in.p + i + 1, "standalone", 10)) return true;
  return false;
}

/* The document if libxml2 accepts it, to be freed; else NULL. */
static xmlDocPtr judge_read(cpm_str in) {
  bool refused = false;
  if (!in.n || memchr(in.p, '\0', in.n)) return NULL;
  const xmlParserCtxtPtr parser = xmlNewParserCtxt();
  if (!parser) abort();
  parser->_private = &refused;
  parser->sax->serror = judge_note;
  parser->sax->internalSubset = judge_doctype;
  xmlDocPtr doc = xmlCtxtReadMemory(parser, in.p, (int)in.n, NULL, NULL, XML_PARSE_NONET | XML_PARSE_HUGE | XML_PARSE_NOENT);
  if (doc && (refused || !parser->wellFormed || judge_is_lax(in, doc))) {
    xmlFreeDoc(doc);
    doc = NULL;
  }
  xmlFreeParserCtxt(parser);
  return doc;
}

/* ---- values ------------------------------------------------------------------------------------------------------------ */

static cpm_str judge_str(const xmlChar *z) { return cpm_str_z((const char *)z); }

/* Is the attribute value, as written, this text? Its white space is SP, unless it stood as a reference. */
static bool judge_is_value(cpm_str written, cpm_str text) {
  char utf8[4];
  size_t k = 0;
  for (size_t at = 0; at < written.n;) {
    uint32_t code = 0;
    bool reference = false;
    at = cpmi_markup_char(written, at, false, &code, &reference);
    if (!reference && (code == '\n' || code == '\t')) code = ' ';
    cpmi_out o = cpmi_out_to(utf8, sizeof utf8, 0);
    cpmi_utf8_put(&o, code);
    if (o.n > text.n - k || memcmp(text.p + k, utf8, o.n) != 0) return false;
    k += o.n;
  }
  return k == text.n;
}

/* The plain text of a slice that a decoder gave, NUL behind it; to be freed. NULL if there is none to be had. */
static char *judge_plain(cpm_str slice, cpm_markup_space space) {
  size_t n = 0, again = 0;
  if (cpm_markup_text(NULL, 0, &n, slice, space, NULL) != CPM_OK || n > slice.n) return NULL;
  char *const text = malloc(n + 1);
  if (!text || cpm_markup_text(text, n, &again, slice, space, NULL) != CPM_OK || again != n) abort();
  text[n] = '\0';
  return text;
}

/* xs:token of a text. In place. */
static void judge_collapse(char *text) {
  char *to = text;
  for (const char *from = text; *from; from++) {
    const bool white = strchr(" \t\r\n", *from) != NULL;
    if (!white) *to++ = *from;
    else if (to > text && to[-1] != ' ') *to++ = ' ';
  }
  if (to > text && to[-1] == ' ') to--;
  *to = '\0';
}

/* Do the slice and the element have the same text? An absent slice goes with no element. */
static bool judge_same_text(cpm_str slice, xmlNodePtr element, cpm_markup_space space) {
  if (!slice.p || !element) return !slice.p && !element;
  char *const ours = judge_plain(slice, space);
  xmlChar *const theirs = xmlNodeGetContent(element);
  if (space == CPM_MARKUP_COLLAPSE && theirs) judge_collapse((char *)theirs);
  const bool same = ours && !strcmp(ours, theirs ? (const char *)theirs : "");
  free(ours);
  xmlFree(theirs);
  return same;
}

/* ---- elements ---------------------------------------------------------------------------------------------------------- */

static xmlNodePtr judge_element(xmlNodePtr n) {
  while (n && n->type != XML_ELEMENT_NODE) n = n->next;
  return n;
}

static bool judge_same_ns(cpm_str written, const xmlNs *ns) {
  if (!written.p) return !ns || !ns->href || !*ns->href;
  return ns && ns->href && judge_is_value(written, judge_str(ns->href));
}

static bool judge_same_attributes(const cpmi_markup_marks *m, xmlNodePtr element) {
  size_t declared = 0, there = 0;
  for (const xmlAttr *a = element->properties; a; a = a->next) there++;
  for (size_t i = 0; i < m->nattributes; i++) {
    const cpmi_markup_attribute *const a = &m->attributes[i];
    const cpm_str name = cpm_str_of((const char *)a->name.b, (size_t)(a->name.e - a->name.b));
    const cpm_str value = cpm_str_of((const char *)a->b, (size_t)(a->e - a->b));
    const size_t colon = a->name.colon ? (size_t)(a->name.colon - a->name.b) : 0;
    const cpm_str prefix = cpm_str_of(name.p, colon), local = colon ? cpm_str_of(name.p + colon + 1, name.n - colon - 1) : name;
    if (cpm_str_eq(colon ? prefix : local, cpm_str_z("xmlns"))) {
      declared++;
      continue;
    }
    const xmlAttr *x = element->properties;
    for (; x; x = x->next) {
      const bool prefixed = x->ns && x->ns->prefix;
      if (!cpm_str_eq(judge_str(x->name), local) || prefixed != (colon != 0)) continue;
      if (!prefixed || cpm_str_eq(judge_str(x->ns->prefix), prefix)) break;
    }
    if (!x) return false;
    xmlChar *const theirs = xmlNodeListGetString(element->doc, x->children, 1);
    const bool same = judge_is_value(value, cpm_str_z(theirs ? (const char *)theirs : ""));
    xmlFree(theirs);
    if (!same) return false;
  }
  return declared + there == m->nattributes;
}

/* ---- documents --------------------------------------------------------------------------------------------------------- */

/* The reasons why the core may refuse what is well-formed: cpm/markup.h. */
static bool judge_is_reason(int rc, const char *rule) {
  static const struct { int rc; const char *rule; } list[] = {
    { CPM_E_UNSUPPORTED, "doctypedecl" }, { CPM_E_UNSUPPORTED, "PI" }, { CPM_E_UNSUPPORTED, "EncodingDecl" },
    { CPM_E_TOO_DEEP, "element" }, { CPM_E_TOO_MANY, "Attribute" }, { CPM_E_TOO_MANY, "xmlns" }, { CPM_E_TOO_LONG, "document" },
    { CPM_E_TOO_LONG, "xmlns" },
  };
  for (size_t i = 0; i < sizeof list / sizeof *list; i++)
    if (list[i].rc == rc && rule && !strcmp(list[i].rule, rule)) return true;
  return false;
}

/* Walks both; *rc and *d are the core's. */
static judge_verdict judge_walk(cpm_str in, const cpm_opts *opts, xmlDocPtr doc, int *rc, cpm_diag *d) {
  cpmi_markup r;
  xmlNodePtr parent = NULL, next = doc ? xmlDocGetRootElement(doc) : NULL;
  *rc = cpmi_markup_open(&r, in, opts, d);
  while (*rc == CPM_OK && (*rc = cpmi_markup_next(&r, d)) == CPM_OK) {
    if (!doc) continue;
    if (r.event == CPMI_MARKUP_START) {
      if (!next) return "libxml2 has no such element";
      if (!cpm_str_eq(r.name, judge_str(next->name))) return "another name";
      if (!judge_same_ns(r.ns, next->ns)) return "another namespace";
      if (!judge_same_attributes(&r.marks, next)) return "other attributes";
      parent = next;
      next = judge_element(parent->children);
    } else {
      if (next) return "libxml2 has another element";
      if (!r.elements && !judge_same_text(r.text, parent, CPM_MARKUP_PRESERVE)) return "another text";
      next = judge_element(parent->next);
      parent = parent->parent;
    }
  }
  return NULL;
}

/* Judges the document; *doc (to be freed) is what libxml2 made of it, NULL if it refuses. */
static judge_verdict judge_document(cpm_str in, const cpm_opts *opts, xmlDocPtr *doc) {
  cpm_diag d = { 0 };
  int rc = CPM_OK;
  *doc = judge_read(in);
  const judge_verdict difference = judge_walk(in, opts, *doc, &rc, &d);
  if (difference) return difference;
  if (rc == CPM_END) return *doc ? NULL : "libxml2 refuses what we accept";
  if (d.code != rc || d.off > in.n || !d.rule) return "a refusal that does not say why";
  return *doc && !judge_is_reason(rc, d.rule) ? "we refuse what libxml2 accepts, for no reason on the list" : NULL;
}

/* ---- the values of a document type --------------------------------------------------------------------------------------- */

/* The children of that name: those in the namespace, or if there are none those in any other. *count: how many. The first of them. */
static inline xmlNodePtr judge_child(xmlNodePtr parent, const char *name, const char *ns, unsigned *count) {
  xmlNodePtr found[2] = { NULL, NULL };
  unsigned counts[2] = { 0, 0 };
  for (xmlNodePtr n = judge_element(parent->children); n; n = judge_element(n->next)) {
    if (strcmp((const char *)n->name, name) != 0) continue;
    const bool wrong = !n->ns || !n->ns->href || strcmp((const char *)n->ns->href, ns) != 0;
    if (!counts[wrong]++) found[wrong] = n;
  }
  const bool wrong = !counts[0];
  *count = counts[wrong];
  return found[wrong];
}

#endif
