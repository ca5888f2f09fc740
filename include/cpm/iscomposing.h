/* SPDX-License-Identifier: MIT */
/* iscomposing.h - application/im-iscomposing+xml (RFC 3994), read and written by the core. */
#ifndef CPM_ISCOMPOSING_H
#define CPM_ISCOMPOSING_H

#include "markup.h"

#ifdef __cplusplus
extern "C" {
#endif

#define CPM_ISCOMPOSING_TYPE "application/im-iscomposing+xml"
#define CPM_ISCOMPOSING_NS   "urn:ietf:params:xml:ns:im-iscomposing"

/* Seconds, of RFC 3994 3.2 and 3.3: idle is told after that long without a change, active is told again after no less than that, and a
 * receiver that hears no more for that long counts the peer as idle if no refresh was said. */
#define CPM_ISCOMPOSING_IDLE_AFTER      15u
#define CPM_ISCOMPOSING_REFRESH_LEAST   60u
#define CPM_ISCOMPOSING_RECEIVER_AFTER 120u

#define CPM_ISCOMPOSING_REFRESH_MOST 4294967295u   /* what can be read and written */

/* Values that were decoded are borrowed as the document has them, with white space at both ends left out: cpm_markup_text gives their
 * plain text. Values to encode are plain text. */
typedef struct cpm_iscomposing {
  bool     active;        /* else idle */
  cpm_str  state;         /* as it was written, for states that have no name here; not read by the encoder */
  cpm_str  lastactive;    /* DateTime of the last change; absent without */
  cpm_str  contenttype;   /* what is composed: "text/plain", or a first half like "audio"; absent without */
  uint64_t refresh;       /* seconds until active is told again; 0 without */
  uint64_t quirks;        /* not read by the encoder */
} cpm_iscomposing;

/* Reads the document: XML of the profile of markup.h, root isComposing. Borrowed. On an error *out holds nothing but quirks. Order does
 * not count, and elements that have no name here are skipped, with all that is in them. Another namespace is taken as imdn.h says:
 * XML_NO_NAMESPACE, XML_OTHER_NAMESPACE. lastactive is not judged; cpm_datetime_decode does.
 * Tolerates also ISCOMPOSING_STATE (a state that is neither active nor idle counts as idle, RFC 3994 3.1) and XML_TOKEN_SPACE (white
 * space in state or refresh that collapsing takes out).
 *
 * Limits: max_line for each value, max_body, max_depth.
 * Errors: those of markup.h; CPM_E_MISSING (state absent or empty, refresh empty), CPM_E_DUPLICATE (a value twice), CPM_E_VALUE (another root, an element
 * inside of a value, a refresh that is no positive number), CPM_E_RANGE (refresh over CPM_ISCOMPOSING_REFRESH_MOST, or of more than 32 characters),
 * CPM_E_TOO_LONG (a value), CPM_E_QUIRK. */
int cpm_iscomposing_decode(cpm_iscomposing *out, cpm_str in, const cpm_opts *opts, cpm_diag *diag);

/* Writes the document. dst NULL: only the size. Errors: CPM_E_SPACE, CPM_E_INJECTION (control characters), CPM_E_VALUE (text that is no
 * UTF-8), CPM_E_RANGE (refresh over CPM_ISCOMPOSING_REFRESH_MOST). */
int cpm_iscomposing_encode(char *dst, size_t cap, size_t *len, const cpm_iscomposing *in, cpm_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
