/* SPDX-License-Identifier: MIT */
/* xml.h - reading the larger XML bodies with libxml2. A library of its own, cpm_xml: the core builds and runs without it.
 *
 * No network, no external entity, no DTD (CPM_E_UNSUPPORTED), bounded input, entries and depth. libxml2 allocates while a call
 * lasts; nothing is kept between calls and no global is set: results are copied into the caller's buffers.
 */
#ifndef CPM_XML_H
#define CPM_XML_H

#include "resource_lists.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a resource list gave. */
typedef struct cpm_resource_lists {
  cpm_entry *entries;     /* caller-owned array of `cap` entries */
  size_t     cap, nentries;
  char      *text;        /* caller-owned buffer of `text_cap` bytes: what the slices of the entries point into */
  size_t     text_cap, text_len;
  size_t     duplicates;  /* entries left out because an equal URI stood before (RFC 5365 7.1) */
  uint64_t   quirks;
} cpm_resource_lists;

/* Reads application/resource-lists+xml: the entries of every list, nested ones included, in document order; equal URIs
 * (cpm_uri_equal) count once, the stronger copyControl of them wins (to, cc, bcc). external and entry-ref elements are
 * CPM_E_UNSUPPORTED: their targets cannot be fetched from here. Values are copied into out->text.
 * Tolerates XML_COPYCONTROL_CASE, XML_URI_SPACE. A body cannot need more text than its own size.
 * Errors: CPM_E_SYNTAX (not well-formed; diag->off where libxml2 stopped), CPM_E_VALUE (a root or a URI that is not right),
 * CPM_E_MISSING (an entry without uri), CPM_E_TOO_MANY (diag->need entries), CPM_E_SPACE (diag->need bytes of text),
 * CPM_E_TOO_DEEP, CPM_E_TOO_LONG, CPM_E_UNSUPPORTED, CPM_E_NO_MEMORY, CPM_E_QUIRK. */
int cpm_xml_resource_lists_decode(cpm_resource_lists *out, cpm_str in, const cpm_opts *opts, cpm_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
