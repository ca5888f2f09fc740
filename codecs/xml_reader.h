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

bool cpmi_xml_is(const cpmi_xml_element *e, const char *ns, const char *name);

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
  cpm_diag               *diag;
  int                     status;
  unsigned                depth, max_depth;
  unsigned                namespaces;                  /* bound here */
  unsigned                declared[CPMI_XML_DEPTH];    /* of those: by the element of each depth */
  void                   *parser;
};

/* Reads the whole of `in`. diag->off is where libxml2 stood: at the byte it refuses, or behind the construct that was refused. */
int cpmi_xml_read(cpmi_xml_reader *r, cpm_str in, const cpm_opts *opts);

/* Fills the diag, if there is one. Returns code. */
int cpmi_xml_diag(cpm_diag *diag, int code, size_t off, const char *rule, const char *clause);
/* Notes the first error, with the offset. Returns code. */
int cpmi_xml_fail(cpmi_xml_reader *r, int code, const char *rule, const char *clause);
/* Notes a quirk; CPM_E_QUIRK if it is refused. */
int cpmi_xml_quirk(cpmi_xml_reader *r, uint64_t *quirks, uint64_t bit, const cpm_opts *opts, const char *rule);

#endif
