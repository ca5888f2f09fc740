/* SPDX-License-Identifier: MIT */
/* xml.h - reading the larger XML bodies with libxml2. A library of its own, cpm_xml: the core builds and runs without it.
 *
 * The profile of what is read: UTF-8 (US-ASCII is a part of it; with another encoding, declared or seen, CPM_E_UNSUPPORTED), no DTD
 * and no processing instruction (CPM_E_UNSUPPORTED as soon as one starts, so there is no entity but the five of XML), size and
 * depth bounded, at most 128 attributes an element and 128 namespaces bound at one place (CPM_E_TOO_MANY), nothing fetched. Namespaces
 * count, prefixes do not. Elements and attributes of other namespaces are skipped.
 *
 * libxml2 allocates while a call lasts; nothing is kept between calls, nothing goes to stderr and no global is set but libxml2's own
 * last error of the thread. A program with threads calls xmlInitParser once before it starts them. Results are copied into the
 * caller's buffers.
 */
#ifndef CPM_XML_H
#define CPM_XML_H

#include "document.h"
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

/* Reads application/resource-lists+xml (RFC 4826 3.1, RFC 5364 4): the entries of every list, nested ones included, in document
 * order. Values are copied into out->text; a body cannot need more text than its own size. out->entries, cap, text and text_cap are
 * the caller's; the rest is set.
 *
 * Equal URIs (cpm_uri_equal) count once, where the first stood. The stronger copyControl of them wins (to and none before cc before
 * bcc), anonymize if any asks for it, the first display-name. CPM_ANONYMOUS_URI is another person each time and stays. Time is linear
 * in the body but for sorting: a list whose URIs differ by the hundred in parameters alone, all for one user, is CPM_E_TOO_MANY.
 *
 * external and entry-ref are CPM_E_UNSUPPORTED: their targets cannot be fetched from here. A line break in a display-name becomes a
 * space. Tolerates XML_COPYCONTROL_CASE, XML_URI_SPACE, XML_NO_NAMESPACE, XML_OTHER_NAMESPACE (of the root, and then of what is below it),
 * UTF8_INVALID: an octet that is no UTF-8 is read as U+FFFD, so that a body with such octets may need more text than its size.
 *
 * Errors: CPM_E_SYNTAX (not well-formed), CPM_E_VALUE (another root, an entry outside of a list, a URI that cpm_uri_decode refuses, a
 * value that the attribute does not have, copyControl or anonymize without a namespace: left out, it would show who is to be
 * hidden), CPM_E_MISSING (an entry without uri), CPM_E_DUPLICATE (two copyControl, two display-name), CPM_E_RANGE (count over 2^32-1),
 * CPM_E_TOO_MANY (diag->need entries, or 0 if a limit was passed), CPM_E_SPACE (diag->need bytes of text), CPM_E_TOO_DEEP (never
 * deeper than 256), CPM_E_TOO_LONG, CPM_E_UNSUPPORTED, CPM_E_NO_MEMORY, CPM_E_QUIRK. On any of them there are no entries. diag->off is
 * where libxml2 stood, 0 for CPM_E_SPACE and CPM_E_TOO_MANY with a need. */
int cpm_xml_resource_lists_decode(cpm_resource_lists *out, cpm_str in, const cpm_opts *opts, cpm_diag *diag);

/* The members for an answer to pager_policy or large_policy: of a resource list, as above, or of a group document (OMA XDM), whose
 * lists have the same form. group: URI of the list-service that is meant, if the document may hold several; absent: all of them. A
 * resource list has none. Errors: as above; CPM_E_MISSING (rule "list-service") if it is not there. */
int cpm_xml_members_decode(cpm_resource_lists *out, cpm_str in, cpm_str group, const cpm_opts *opts, cpm_diag *diag);

/* Reads conference-info, reginfo, a group document or a ruleset (document.h): the root says which, and has to be `root` if that is
 * not CPM_NODE_none. out->nodes, cap, text and text_cap are the caller's; the rest is set. A body cannot need more nodes than a
 * fourth of its size, nor more text than its size (three times that with UTF8_INVALID).
 *
 * Elements in other namespaces, and those that document.h does not name, are left out, but for conditions of a rule: they count as
 * another_condition, since a rule that is not understood does not hold (RFC 4745 10.1). The namespaces of OMA XDM stand for each
 * other in group documents and rules, as writers do not agree on them. A node that stands twice is `repeated`, the first one counts.
 * Tolerates XML_NO_NAMESPACE, XML_OTHER_NAMESPACE (of the root, and then of what is below it), XML_TOKEN_SPACE, XML_URI_SPACE,
 * UTF8_INVALID.
 *
 * Errors: CPM_E_SYNTAX (not well-formed), CPM_E_VALUE (another root, a value that its type does not have), CPM_E_RANGE (a number),
 * CPM_E_MISSING (of reginfo: aor, id, state, uri; of a group's member: uri), CPM_E_TOO_MANY (diag->need nodes, or 0 if a limit was
 * passed: max_entries is of nodes with a key), CPM_E_SPACE (diag->need bytes of text), CPM_E_TOO_DEEP, CPM_E_TOO_LONG,
 * CPM_E_UNSUPPORTED, CPM_E_NO_MEMORY, CPM_E_QUIRK, CPM_E_ARG. On any of them there are no nodes. diag->off as above; 0 for what is
 * found at the end: CPM_E_MISSING, CPM_E_SPACE, CPM_E_TOO_MANY with a need. */
int cpm_xml_document_decode(cpm_document *out, cpm_node_kind root, cpm_str in, const cpm_opts *opts, cpm_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
