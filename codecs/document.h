/* SPDX-License-Identifier: MIT */
/* document.h - what the kinds of nodes are made of, for those who build, write and merge documents. */
#ifndef CPMI_DOCUMENT_H
#define CPMI_DOCUMENT_H

#include "cpm/document.h"
#include "internal.h"

typedef enum cpmi_ns {
  CPMI_NS_none, CPMI_NS_conference, CPMI_NS_reginfo, CPMI_NS_gruuinfo, CPMI_NS_group, CPMI_NS_extensions, CPMI_NS_policy,
  CPMI_NS_oma_policy, CPMI_NS_other
} cpmi_ns;
const char *cpmi_ns_uri(cpmi_ns ns);

/* A place for a child, in the order of the schema. */
typedef struct cpmi_place { uint8_t kind, how; } cpmi_place;
#define CPMI_KEY  1u     /* its value is the key of the parent */
#define CPMI_MUST 2u     /* the parent must have it */
#define CPMI_MANY 4u     /* may stand more than once, and has no key */

typedef struct cpmi_kind {
  const char        *id, *name;
  bool               attribute;
  cpm_node_type      type;
  cpmi_ns            ns;
} cpmi_kind;

const cpmi_kind   *cpmi_node_kind(cpm_node_kind kind);
const cpmi_place  *cpmi_node_places(cpm_node_kind parent);    /* up to the one of kind none; NULL: it has none */
const char *const *cpmi_node_words(cpm_node_kind kind);       /* up to NULL */
const cpmi_place  *cpmi_node_place(cpm_node_kind parent, cpm_node_kind child);   /* NULL: it has none */

/* Appends a node, if there is room, and counts it; its index. */
uint32_t cpmi_document_add(cpm_document *doc, cpm_node_kind kind, uint32_t parent);
/* Appends text, if there is room, and counts it; absent without room. */
cpm_str cpmi_document_keep(cpm_document *doc, cpm_str text);
/* Sets sizes, sorts, and marks what is repeated. The nodes have kind, parent, key and values. */
void cpmi_document_index(cpm_document *doc);
/* Fails with what would have been needed, if there was not enough; no nodes are left at an error. */
int cpmi_document_room(cpm_document *doc, cpm_diag *diag);
/* Nothing is there any more. Returns code. */
int cpmi_document_drop(cpm_document *doc, int code);

#endif
