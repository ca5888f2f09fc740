/* SPDX-License-Identifier: MIT */
/* xml_reader.h - what the readers of XML bodies share: libxml2's events, made safe.
 *
 * The profile: UTF-8 (US-ASCII is a part of it), no DTD, no processing instruction; both end the reading where they start. Names are
 * those of namespaces. Depth and size are bounded. Nothing is fetched, no error goes to stderr.
 *
 * cpm_xml is a library of its own, so the files xml_* call nothing of the core but its public functions.
 */
#ifndef CPMI_XML_READER_H
#define CPMI_XML_READER_H

#include "cpm/str.h"

/* libxml2's own limit on nesting. */
#define CPMI_XML_DEPTH      256u
/* libxml2 compares each attribute of an element with each other one, and each prefix with all that is bound: with both bounded, time
 * is linear in the size. Namespaces that an element declares are among its attributes. */
#define CPMI_XML_ATTRIBUTES 128u
#define CPMI_XML_NAMESPACES 128u   /* bound at one place */

/* An element as it starts. Slices are valid during the call. */
typedef struct cpmi_xml_element {
  cpm_str      ns, name;     /* ns absent without one */
  unsigned     depth;        /* 1: the root */
  size_t       nattributes;
  const void  *attributes;
} cpmi_xml_element;

/* ns absent: no prefix. value has references and white space resolved. */
typedef struct cpmi_xml_attribute { cpm_str ns, name, value; } cpmi_xml_attribute;
cpmi_xml_attribute cpmi_xml_attribute_at(const cpmi_xml_element *e, size_t i);

/* Memory that grows. */
typedef struct cpmi_xml_bytes { char *p; size_t n, cap; } cpmi_xml_bytes;
bool cpmi_xml_grow(cpmi_xml_bytes *b, size_t more);      /* room for `more` bytes at the end */
bool cpmi_xml_append(cpmi_xml_bytes *b, cpm_str s);

/* What a reader does. A status other than CPM_OK ends the reading and becomes its result; cpmi_xml_fail says why. */
typedef struct cpmi_xml_reader cpmi_xml_reader;
typedef struct cpmi_xml_handler {
  int (*start)(cpmi_xml_reader *r, const cpmi_xml_element *e);
  int (*text)(cpmi_xml_reader *r, cpm_str text);   /* may come in pieces */
  int (*end)(cpmi_xml_reader *r, unsigned depth);  /* depth of the element that ends */
} cpmi_xml_handler;

struct cpmi_xml_reader {
  const cpmi_xml_handler *handler;
  void                   *ctx;        /* the handler's own */
  const cpm_opts         *opts;
  uint64_t               *quirks;
  cpm_diag               *diag;
  int                     status;
  bool                    aliased;                     /* the root is of no namespace or another one than its type: `alias` */
  cpm_str                 alias;
  cpm_str                 in;                          /* what was given, if it had to be repaired */
  unsigned                depth, max_depth;
  unsigned                namespaces;                  /* bound here */
  unsigned                declared[CPMI_XML_DEPTH];    /* of those: by the element of each depth */
  void                   *parser;
};

/* Is it of that namespace, or of the one that the root has instead? */
bool cpmi_xml_is_of(const cpmi_xml_reader *r, const cpmi_xml_element *e, const char *ns);
/* The same, with that name. */
bool cpmi_xml_is(const cpmi_xml_reader *r, const cpmi_xml_element *e, const char *ns, const char *name);
/* The root: fails if it has another name. Another namespace or none is a quirk, and is taken for that of the type from here on. */
int cpmi_xml_root(cpmi_xml_reader *r, const cpmi_xml_element *e, const char *ns, const char *name, const char *clause);

/* Reads the whole of `in`. diag->off is where libxml2 stood: at the byte it refuses, or behind the construct that was refused.
 * Octets that are no UTF-8 are a quirk, and are read as U+FFFD each. */
int cpmi_xml_read(cpmi_xml_reader *r, cpm_str in);

/* Fills the diag, if there is one. Returns code. */
int cpmi_xml_diag(cpm_diag *diag, int code, size_t off, const char *rule, const char *clause);
/* Notes the first error, with the offset. Returns code. */
int cpmi_xml_fail(cpmi_xml_reader *r, int code, const char *rule, const char *clause);
/* Notes a quirk; CPM_E_QUIRK if it is refused. */
int cpmi_xml_quirk(cpmi_xml_reader *r, uint64_t bit, const char *rule);

#endif
