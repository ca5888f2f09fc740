/* SPDX-License-Identifier: MIT */
/* markup.h - which XML the core reads (imdn.h, iscomposing.h), and the plain text of its values.
 *
 * The profile: one document of XML 1.0 with namespaces, in UTF-8 (US-ASCII is a part of it; a mark U+FEFF in front is taken), well-formed
 * to its last octet. What is well-formed and is refused all the same, and why:
 *
 *   CPM_E_UNSUPPORTED  rule "doctypedecl"   a document type: it could define entities, and fetch them. So there are five, no more
 *                      rule "PI"            a processing instruction: none means anything here
 *                      rule "EncodingDecl"  another encoding, declared or seen; or US-ASCII declared, and octets above 127
 *   CPM_E_TOO_DEEP     rule "element"       deeper than opts.max_depth (CPM_LIMIT_DEPTH; never deeper than CPM_MARKUP_DEPTH)
 *   CPM_E_TOO_MANY     rule "Attribute"     more than CPM_MARKUP_ATTRIBUTES in one tag
 *                      rule "xmlns"         more than CPM_MARKUP_NAMESPACES declared at one place
 *   CPM_E_TOO_LONG     rule "document"      more octets than opts.max_body
 *                      rule "xmlns"         a namespace of more than CPM_MARKUP_NAMESPACE_LEN octets, as written
 *
 * What is not well-formed:
 *
 *   CPM_E_SYNTAX       another octet than the grammar has there; rule "UTF-8" for what is none, "Char" for a character that XML
 *                      does not have, "Prefix" for a prefix that is not declared, "xmlns" for a declaration that Namespaces in XML
 *                      forbids
 *   CPM_E_TRUNCATED    the input ends before the document does, in an element that was not closed, say
 *   CPM_E_ESCAPE       rule "Reference": to no character of XML, to another entity than the five, or malformed
 *   CPM_E_MISMATCH     rule "ETag": an end tag with another name than the element's
 *   CPM_E_DUPLICATE    rule "Attribute": twice in one tag, be it under two prefixes for one namespace
 *
 * diag->off is the octet that cannot stand where it stands; of a character its first; of a reference its "&"; of a document type or
 * processing instruction its "<"; of an end tag, attribute or prefix its name. A namespace is compared as text, and need be no URI.
 * Time is linear in the size of the input; nothing is allocated, and nothing calls itself.
 */
#ifndef CPM_MARKUP_H
#define CPM_MARKUP_H

#include "str.h"

#ifdef __cplusplus
extern "C" {
#endif

#define CPM_MARKUP_DEPTH          64u
#define CPM_MARKUP_ATTRIBUTES     32u
#define CPM_MARKUP_NAMESPACES     32u
#define CPM_MARKUP_NAMESPACE_LEN 512u

/* White space of a value: as it is, or leading and trailing left out and each run as one SP (whiteSpace="collapse" of XML Schema). */
typedef enum cpm_markup_space { CPM_MARKUP_PRESERVE, CPM_MARKUP_COLLAPSE } cpm_markup_space;

/* The plain text of a value that a decoder borrowed: references resolved, CDATA sections opened, comments left out, CR and CRLF as LF
 * (XML 1.0 2.11). The result is UTF-8 without NUL, never longer than `value`, and may hold CR and LF: it is not to be written into a
 * header field unseen. dst NULL: only the size. Absent counts as empty.
 * Errors: CPM_E_SPACE, CPM_E_SYNTAX (an element among others), CPM_E_TRUNCATED, CPM_E_ESCAPE: as above, never for what a decoder gave. */
int cpm_markup_text(char *dst, size_t cap, size_t *len, cpm_str value, cpm_markup_space space, cpm_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
