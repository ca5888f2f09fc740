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

/* The slice, with something to point at if it is absent: machines take the difference of pointers. */
static inline cpm_str cpmi_present(cpm_str s) { return s.p ? s : cpm_str_of("", 0); }

/* A machine did not accept and stopped at offset `at`: CPM_E_TRUNCATED if that is where the whole input ends, otherwise
 * CPM_E_SYNTAX. */
int cpmi_refuse(cpm_diag *diag, size_t at, cpm_str whole, const char *rule, const char *clause);

/* Splits one element off a comma list and moves *rest behind it, its comma, and the empty elements that follow. CPM_END when
 * there is none. *whole is where *rest stood, for offsets. Empty elements set SIP_EMPTY_ELEMENT in *quirks (may be NULL). */
int cpmi_element_next(cpm_str *rest, cpm_str *whole, cpm_str *element, uint64_t *quirks, const cpm_opts *opts, cpm_diag *diag);

/* Behind the white space at i: SP, HTAB and well-formed folds (RFC 3261 25.1 LWS). */
size_t cpmi_skip_lws(cpm_str s, size_t i);

/* Writes text that has no CR, LF or NUL as a quoted string. */
void cpmi_put_quoted(cpmi_out *o, cpm_str text);

/* Digits to a number; false if it is above max. */
bool cpmi_to_number(uint64_t *out, cpm_str digits, uint64_t max);

/* CPM_E_DUPLICATE if a parameter of one of these names, a list that NULL ends, stands twice (RFC 3261 7.3.1). at: where params
 * stands in the input. */
int cpmi_check_once(cpm_str params, const char *const *names, size_t at, cpm_diag *diag);

/* Sets SIP_ICSI if this is g.3gpp.icsi-ref or g.3gpp.iari-ref and a misprint stands in it. */
void cpmi_icsi_look(const cpm_param *param, uint64_t *quirks);

/* ---- pieces: what a writer was given, held against the grammar before anything is written ---------------------------- */

typedef enum cpmi_piece {
  CPMI_PIECE_ADDR,       /* scheme ":" and the characters of a URI */
  CPMI_PIECE_PARAMS,     /* 1*( SEMI generic-param ), without white space around it */
  CPMI_PIECE_VIA_PARAMS, /* 1*( SEMI via-params ), likewise */
  CPMI_PIECE_QUOTED,     /* the inside of a quoted string */
  CPMI_PIECE_TOKENS,     /* token *( LWS token ) */
  CPMI_PIECE_TOKEN,
  CPMI_PIECE_HOST,       /* hostname or IPv4address */
  CPMI_PIECE_IPV6,       /* IPv6address, also with the third colon of RFC 3261: cpmi_ipv6_split */
  CPMI_PIECE_AGENT,      /* warn-agent */
  CPMI_PIECE_SERVICE     /* Service-ID */
} cpmi_piece;

bool cpmi_is_piece(cpmi_piece piece, cpm_str s);
/* Is it that piece, straight (straight.h), and so without any fold? */
bool cpmi_is_straight_piece(cpmi_piece piece, cpm_str s);

/* CPM_E_INJECTION for CR, LF and NUL other than in well-formed folds, CPM_E_VALUE if s is not that piece. */
int cpmi_check_piece(cpmi_piece piece, cpm_str s, const char *rule, const char *clause, cpm_diag *diag);

/* Writes a piece that was checked; a fold becomes one SP. */
static inline void cpmi_put_piece(cpmi_out *o, cpm_str s) { (void)cpmi_put_value(o, s, NULL, NULL); }

#endif
