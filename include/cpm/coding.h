/* SPDX-License-Identifier: MIT */
/* coding.h - undoing a Content-Encoding (RFC 3261 20.12, RFC 2616 3.5): linphone sends its notifications deflated.
 *
 * A Content-Encoding is never undone behind your back: decoders give the body as it came and report the field, procedures refuse with 415
 * and Accept-Encoding: identity what they cannot read (ruling O-R57). A host that wants to read it calls this before, and takes the
 * field away.
 */
#ifndef CPM_CODING_H
#define CPM_CODING_H

#include "str.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Does cpm_content_decode undo this coding? "identity", "deflate", "gzip" and "x-gzip" in any case; an absent or empty value is identity.
 * A list of several is none of them. */
bool cpm_coding_is_known(cpm_str coding);

/* Undoes it: deflate is the format of RFC 1950 around RFC 1951, gzip that of RFC 1952 (one member). dst must hold the whole result, and is
 * all the memory there is: a small body that would become a large one ends with CPM_E_SPACE after cap octets. in and dst must not
 * overlap. Time is linear in what is read and written.
 * Errors: CPM_E_UNSUPPORTED (another coding, a dictionary, a method that is not deflate), CPM_E_SYNTAX (not of that format), CPM_E_TRUNCATED,
 * CPM_E_MISMATCH (the check sum or the length at the end is another one), CPM_E_VALUE (octets behind the end), CPM_E_SPACE
 * (diag->need: the size, if gzip says a larger one, otherwise 0: try more). diag->off counts from in; at an error *len is 0. */
int cpm_content_decode(char *dst, size_t cap, size_t *len, cpm_str coding, cpm_str in, cpm_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
