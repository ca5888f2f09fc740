/* SPDX-License-Identifier: MIT */
/* value_internal.h - what the decoders of header field values share. */
#ifndef CPMI_VALUE_INTERNAL_H
#define CPMI_VALUE_INTERNAL_H

#include "cpm/value.h"
#include "internal.h"

/* Offset of the first `stop` at or behind `from` that stands outside of quoted strings and < >; s.n if there is none. */
size_t cpmi_scan(cpm_str s, size_t from, char stop);

/* The slice with n bytes taken off its front. */
static inline cpm_str cpmi_behind(cpm_str s, size_t n) { return cpm_str_of(s.p + n, s.n - n); }

/* What two marks of a machine enclose; absent if the first was never set. */
static inline cpm_str cpmi_between(const char *b, const char *e) {
  return b ? cpm_str_of(b, (size_t)(e - b)) : cpm_str_none();
}

/* A machine did not accept and stopped at offset `at`: CPM_E_TRUNCATED if that is where the whole input ends, otherwise
 * CPM_E_SYNTAX. */
int cpmi_refuse(cpm_diag *diag, size_t at, cpm_str whole, const char *rule, const char *clause);

/* Splits one element off a comma list and moves *rest behind it, its comma, and the empty elements that follow. CPM_END when
 * there is none. *whole is where *rest stood, for offsets. Empty elements set SIP_EMPTY_ELEMENT in *quirks (may be NULL). */
int cpmi_element_next(cpm_str *rest, cpm_str *whole, cpm_str *element, uint64_t *quirks, const cpm_opts *opts, cpm_diag *diag);

#endif
