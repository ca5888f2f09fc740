/* SPDX-License-Identifier: MIT */
/* internal.h - what the codecs share: a bounded writer and the two checks that every writer makes. */
#ifndef CPMI_INTERNAL_H
#define CPMI_INTERNAL_H

#include "cpm/str.h"
#include "utf8.h"
#include <string.h>

/* Notes an error, once: the first one wins. Returns code, so that a caller can `return cpmi_fail(...)`. */
int cpmi_fail(cpm_diag *diag, int code, size_t off, const char *rule, const char *clause);

/* A writer over a caller's buffer. p NULL counts only; past cap it goes on counting. n never wraps. */
typedef struct cpmi_out { char *p; size_t cap, n; } cpmi_out;

static inline cpmi_out cpmi_out_to(char *dst, size_t cap, size_t at) {
  cpmi_out o = { dst, dst ? cap : 0, at };
  return o;
}
void cpmi_put(cpmi_out *o, cpm_str s);
static inline void cpmi_put_z(cpmi_out *o, const char *z) { cpmi_put(o, cpm_str_of(z, strlen(z))); }
void cpmi_put_char(cpmi_out *o, char c);
void cpmi_put_number(cpmi_out *o, uint64_t v);
void cpmi_put_digits(cpmi_out *o, uint64_t v, unsigned width);   /* zero-padded */
void cpmi_put_icsi(cpmi_out *o, cpm_str urn);                    /* its colons as TS 24.229 7.2A.8.2 codes them */

/* Sets *len; CPM_E_SPACE with diag->need if a buffer was given and it was too small. */
int cpmi_out_end(const cpmi_out *o, size_t *len, cpm_diag *diag);

/* The first c in [p, pe), where it is expected soon. */
const char *cpmi_find_octet(const char *p, const char *pe, char c);
/* Behind the characters of a URI (addr_spec_char of uri.rl) that stand at p. */
const char *cpmi_skip_addr(const char *p, const char *pe);
/* Behind the qdtext of sip_core.rl, without folds, that stands at p. */
const char *cpmi_skip_qdtext(const char *p, const char *pe);
/* Behind the VCHAR that stand at p. */
const char *cpmi_skip_visible(const char *p, const char *pe);

/* Is there no octet below SP? cpmi_copy_no_control copies on the way; what it copied is of no use if there was one. */
bool cpmi_no_control(const char *p, size_t n);
bool cpmi_copy_no_control(char *dst, const char *src, size_t n);

/* No CR, LF or NUL in s? Otherwise CPM_E_INJECTION with the offset. */
int cpmi_check_clean(cpm_str s, const char *rule, cpm_diag *diag);

/* Writes a header value: a well-formed fold (CRLF and white space behind) becomes one SP, any other CR, LF or NUL is
 * CPM_E_INJECTION. */
int cpmi_put_value(cpmi_out *o, cpm_str value, const char *rule, cpm_diag *diag);

/* Text for XML: UTF-8 (else CPM_E_VALUE) of characters that XML holds, without CR and LF (else CPM_E_INJECTION). */
int cpmi_check_xml(cpm_str s, const char *rule, cpm_diag *diag);
/* Writes it with the five references. */
void cpmi_put_xml(cpmi_out *o, cpm_str s);
/* A start tag; an end tag and CRLF; an element with that text, nothing if it is absent. */
void cpmi_put_start(cpmi_out *o, const char *name);
void cpmi_put_end(cpmi_out *o, const char *name);
void cpmi_put_element(cpmi_out *o, const char *name, cpm_str text);

/* token of RFC 3261 25.1? */
bool cpmi_is_token(cpm_str s);

static inline bool cpmi_is_alnum(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}
/* What a hexadecimal digit stands for; -1: it is none. */
static inline int cpmi_hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = (char)(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}
/* The octet of the escape that s begins with, "%" and two digits; -1: it begins with none. */
static inline int cpmi_escape(cpm_str s) {
  if (s.n < 3 || s.p[0] != '%') return -1;
  const int high = cpmi_hex(s.p[1]), low = cpmi_hex(s.p[2]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}
void cpmi_put_escape(cpmi_out *o, char c);

/* How many octets at its front are printable ASCII, 0x20 to 0x7e. */
size_t cpmi_ascii_text(cpm_str s);
/* Offset of the first octet that is no UTF-8; s.n if all are. */
size_t cpmi_utf8_bad(cpm_str s);
/* Writes a character; it must be one. */
void cpmi_utf8_put(cpmi_out *o, uint32_t code);

/* First i with p[i] CR, LF or NUL; n if there is none. At the speed of memory, as is the next one. */
size_t cpmi_find_line_end(const char *p, size_t n);
/* First i with p[i] neither SP nor VCHAR; n if there is none. */
size_t cpmi_find_plain_end(const char *p, size_t n);
/* First i with p[i] LF and p[i + 1] CR or "-", where an MSRP head may end; n if there is none. */
size_t cpmi_find_head_end(const char *p, size_t n);
/* First i with seven "-" at p + i and c, which is none, behind them; n if there is none. */
size_t cpmi_find_mark(const char *p, size_t n, char c);

/* Two writings of one IPv6 address, without brackets. Both follow the grammar of uri.rl. */
bool cpmi_ipv6_equal(cpm_str a, cpm_str b);

/* What stands before and behind the colon that RFC 3261's grammar has too many, the last of ":::" (RFC 5118 4.10): together they are the
 * address as it is written. Without that colon the second is empty. */
void cpmi_ipv6_split(cpm_str address, cpm_str part[2]);

/* Notes a quirk that was met; CPM_E_QUIRK if the caller refuses it. */
int cpmi_quirk(uint64_t *quirks, uint64_t bit, const cpm_opts *opts, size_t off, const char *rule, cpm_diag *diag);

/* Clears n octets by a call: a memset of some hundred octets becomes `rep stos`, which takes longer to start than the whole needs. */
void cpmi_clear(void *p, size_t n);

/* A limit of opts, or the default. */
static inline size_t cpmi_limit(size_t wanted, size_t otherwise) { return wanted ? wanted : otherwise; }

#endif
