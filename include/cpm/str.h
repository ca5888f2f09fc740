/* SPDX-License-Identifier: MIT */
/* str.h - slices, statuses and diagnostics: what every other header of cpmkit uses.
 *
 * Ownership has four words in these headers:
 *   borrowed             a slice of your input; valid while the input is
 *   copied               ours from then on; your memory may go
 *   caller-owned buffer  you bring memory and its size; nothing is allocated, nobody frees
 *   constant             static storage, valid for ever
 */
#ifndef CPM_STR_H
#define CPM_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- slices ------------------------------------------------------------------------------------------------------ */

/* A run of bytes, not NUL-terminated. Absent is p == NULL; empty is p != NULL and n == 0. */
typedef struct cpm_str { const char *p; size_t n; } cpm_str;

/* A slice over a string literal, usable in static initialisers: cpm_str s = CPM_STR("abc"); */
#define CPM_STR(literal) { ("" literal), sizeof(literal) - 1 }

static inline cpm_str cpm_str_of(const char *p, size_t n) { cpm_str s; s.p = p; s.n = n; return s; }
static inline cpm_str cpm_str_none(void) { cpm_str s; s.p = NULL; s.n = 0; return s; }

/* A slice over a NUL-terminated string; NULL gives the absent slice. */
cpm_str cpm_str_z(const char *z);

/* Bytewise equality. Absent equals absent only. */
bool cpm_str_eq(cpm_str a, cpm_str b);

/* ASCII case-insensitive equality; other bytes compare as they are. Absent equals absent only. */
bool cpm_str_ieq(cpm_str a, cpm_str b);

/* The slice without leading and trailing SP, HTAB, CR and LF (linear white space of RFC 3261, folds included). */
cpm_str cpm_str_trim(cpm_str s);

/* ---- statuses ---------------------------------------------------------------------------------------------------- */

/* CPM_STATUS(name, value, text): 0 is success, positive values are answers, negative values are errors in families. */
#define CPM_STATUSES(X) \
  X(OK,             0, "success") \
  /* answers */ \
  X(IGNORED,        1, "no row takes this event in this state") \
  X(LATE,           2, "an answer that nobody waits for any more") \
  X(END,            3, "nothing is left") \
  /* use: the call was wrong */ \
  X(E_ARG,         -1, "an argument is missing or out of range") \
  X(E_BUSY,        -2, "effects are pending") \
  X(E_SPACE,       -3, "the caller's buffer is too small") \
  X(E_BLOCK,       -4, "the procedure block is damaged or belongs to other tables") \
  X(E_AGENT,       -5, "the agent is incomplete or holds a value that is out of range") \
  X(E_RANDOM,      -6, "more random bytes are needed") \
  /* syntax: the input does not follow its grammar */ \
  X(E_SYNTAX,     -20, "the input does not follow the grammar") \
  X(E_TRUNCATED,  -21, "the input ends too early") \
  X(E_MORE,       -22, "the stream must deliver more bytes") \
  X(E_ESCAPE,     -23, "an escape is malformed or gives a byte that must not stand there") \
  /* semantics: well formed, but wrong */ \
  X(E_MISSING,    -40, "a mandatory part is missing") \
  X(E_DUPLICATE,  -41, "a part that may stand once stands twice") \
  X(E_VALUE,      -42, "a value is not allowed here") \
  X(E_MISMATCH,   -43, "two parts contradict each other") \
  X(E_INJECTION,  -44, "CR, LF or NUL inside a value to be written") \
  X(E_QUIRK,      -45, "a deviation that the caller refuses") \
  X(E_UNSUPPORTED,-46, "something this library does not speak") \
  /* limits: well formed, but too much */ \
  X(E_RANGE,      -60, "a number is too large") \
  X(E_TOO_LONG,   -61, "a part is longer than its limit") \
  X(E_TOO_MANY,   -62, "more parts than the caller's array or the limit can hold") \
  X(E_TOO_DEEP,   -63, "nested deeper than the limit") \
  X(E_NO_MEMORY,  -64, "libxml2 ran out of memory (cpm_xml only)")

enum {
#define CPM_STATUS_ENUM(name, value, text) CPM_##name = value,
  CPM_STATUSES(CPM_STATUS_ENUM)
#undef CPM_STATUS_ENUM
  CPM_STATUS_FIRST_ERROR = -1
};

/* The text of a status above, or "unknown status". Constant. */
const char *cpm_strerror(int status);

/* Its name as written in C, "CPM_E_SYNTAX", or "?". Constant. */
const char *cpm_status_name(int status);

/* ---- diagnostics ------------------------------------------------------------------------------------------------- */

/* Why a call failed. Filled by the first error only; a call that succeeds leaves it alone. Passing NULL is allowed everywhere.
 * rule and clause are constant strings, or NULL when there is nothing to say. */
typedef struct cpm_diag {
  int         code;    /* the status that was returned */
  size_t      off;     /* byte offset into the input (encoders: into the value that was refused) */
  const char *rule;    /* the grammar rule, field or table line that did not hold: "quoted-string", "To" */
  const char *clause;  /* where it is written: "RFC 3261 25.1", "S4-7.2.1.1-8.a" */
  const char *spec;    /* from procedures: what the ids in clause stand behind, see cpm_effect; otherwise NULL */
  uint64_t    need;    /* with E_SPACE and E_TOO_MANY: how much or how many were needed; otherwise 0 */
} cpm_diag;

/* ---- reading options --------------------------------------------------------------------------------------------- */

/* Deviations that real peers send and decoders take. A decoder sets the bit of each that it met in its `quirks`; a bit set in
 * cpm_opts.refuse turns that deviation into CPM_E_QUIRK. Each is described where its codec is. */
#define CPM_QUIRKS(X) \
  /* CPIM */ \
  X(CPIM_ONE_BLOCK,        0, "no empty line between the CPIM and the MIME headers") \
  X(CPIM_LEADING_EMPTY,    1, "empty lines before the first header") \
  X(CPIM_TYPE_GROUP,       2, "a Content-Type group before the CPIM headers") \
  X(CPIM_NO_TYPE,          3, "wrapped part without Content-Type: taken as text/plain") \
  X(CPIM_NS_NO_SPACE,      4, "NS without SP before <") \
  X(CPIM_SPACING,          5, "not exactly one SP after a header's colon, or space at its end") \
  X(CPIM_NO_NS,            6, "imdn. or cpm. header whose prefix no NS binds") \
  X(CPIM_NS_LATE,          7, "NS after a header that uses its prefix") \
  X(CPIM_NAME_CASE,        8, "header name in another case") \
  X(CPIM_BAD_LENGTH,       9, "Content-Length does not fit the content; not used") \
  X(CPIM_BARE_IMDN,       10, "bare Message-ID or Disposition-Notification without prefix") \
  X(CPIM_REQUIRED,        11, "Required: for Require:") \
  X(CPIM_FOLD,            12, "folded header line") \
  X(CPIM_ADDRESS,         13, "From, To or cc without < >, or a display name glued to <") \
  X(CPIM_BARE_LF,         14, "LF without CR at the end of a line") \
  X(DATETIME_NO_ZONE,     15, "DateTime without zone: taken as UTC") \
  X(DATETIME_FORM,        16, "DateTime with a one-digit or colonless zone, no seconds, or SP for T") \
  /* MIME */ \
  X(MIME_TRAILING_SEMI,   17, "media type ends with a semicolon") \
  X(MIME_WILDCARD,        18, "wildcard subtype in a Content-Type") \
  X(MULTIPART_NO_FINAL_CRLF, 19, "close-delimiter without what should stand around it") \
  X(MULTIPART_PREAMBLE,   20, "octets before the first or after the last boundary") \
  /* SIP */ \
  X(SIP_LEADING_CRLF,     21, "empty lines before the start line") \
  X(SIP_BARE_LF,          22, "LF without CR at the end of a line") \
  X(SIP_NO_LENGTH,        23, "no Content-Length in a datagram: the body ends with it") \
  X(SIP_LENGTH_REPEATED,  24, "Content-Length repeated with the same value") \
  X(SIP_BARE_ADDRESS,     25, "addr-spec without < > followed by parameters or holding ? ; ,") \
  X(SIP_PRODUCT,          26, "User-Agent or Server with words that are no product") \
  X(SIP_ICSI,             27, "ICSI misprinted: raw colons, lost hyphen, quotes missing, upper case") \
  X(SIP_WARNING,          28, "Warning without agent, text not quoted, or code outside 3xx") \
  X(SIP_DATE,             29, "SIP-date in another form than RFC 1123 with GMT") \
  X(SIP_STATUS_ANY,       30, "response status outside 100-699") \
  X(SIP_TRAILING_BYTES,   31, "datagram longer than Content-Length says: the rest is left out") \
  X(SIP_EMPTY_ELEMENT,    32, "empty element in a comma-separated list") \
  /* XML bodies */ \
  X(XML_COPYCONTROL_CASE, 33, "copyControl namespace in another case") \
  X(XML_URI_SPACE,        34, "white space around a URI attribute") \
  X(UTF8_INVALID,         35, "octets that are no UTF-8") \
  X(MIME_REPEATED,        36, "MIME header that may stand once stands twice in a part: the first is used") \
  X(XML_NO_NAMESPACE,     37, "element without namespace where its document type has one") \
  X(XML_OTHER_NAMESPACE,  38, "element in another namespace than that of its document type") \
  X(XML_TOKEN_SPACE,      39, "white space around a token, or more than one space in it") \
  X(IMDN_NO_DATETIME,     40, "IMDN without datetime, or with an empty one") \
  X(ISCOMPOSING_STATE,    41, "isComposing state that is neither active nor idle: taken as idle") \
  /* MSRP */ \
  X(MSRP_LEADING,         42, "octets before MSRP at the start of a frame") \
  X(MSRP_SPACING,         43, "not exactly one SP behind a colon, in the first line or between URIs, or space at the end of a line") \
  X(MSRP_NAME_CASE,       44, "header name in another case") \
  X(MSRP_METHOD,          45, "method with other characters than upper-case letters") \
  X(MSRP_STATUS_TWICE,    46, "Status whose comment is its code again") \
  X(MSRP_RANGE_EMPTY,     47, "Byte-Range that ends before it starts: no octets") \
  X(MSRP_NO_RANGE,        48, "no Byte-Range where octets are meant: they start at 1") \
  X(MSRP_TYPE,            49, "content without Content-Type, or header lines behind Content-Type") \
  X(MSRP_EMPTY_LINE,      50, "empty line directly before the end-line: no content") \
  X(MSRP_RANGE_LENGTH,    51, "body longer or shorter than its Byte-Range: the end-line counts") \
  X(MSRP_FLAG,            52, "end-line says complete although octets are missing") \
  X(MSRP_RESPONSE_PATH,   53, "response with other paths than its request gives: its transaction id counts") \
  /* SDP */ \
  X(SDP_LINE_END,         54, "LF without CR at the end of a line, a last line without end, or an empty line") \
  X(SDP_LINES,            55, "lines in another order, or no s, t or c line where there must be one") \
  X(SDP_SPACING,          56, "more than one SP between words, SP where none belongs, or an empty value") \
  X(SDP_CASE,             57, "media, protocol, attribute name or hexadecimal digits in another case") \
  X(SDP_FILE_SELECTOR,    58, "selector without its name or colon, type parameter without quotes, size that starts with 0") \
  X(SDP_FILE_NAME,        59, "file name with path components: only the last one is used") \
  X(SDP_FILE_DATE,        60, "file-date without quotes, with a named zone, or of RFC 3339") \
  X(SDP_SETUP,            61, "both ends active: the offerer connects")

enum {
#define CPM_QUIRK_ENUM(name, bit, text) CPM_QUIRK_BIT_##name = bit,
  CPM_QUIRKS(CPM_QUIRK_ENUM)
#undef CPM_QUIRK_ENUM
  CPM_QUIRK_BITS = 64
};
#define CPM_QUIRK(name) (UINT64_C(1) << CPM_QUIRK_BIT_##name)
#define CPM_QUIRKS_ALL  UINT64_MAX

/* Text of the quirk with this bit number (0..63), or NULL. Constant. */
const char *cpm_quirk_text(unsigned bit);

/* Limits: 0 means the default that each constant names. A limit that is passed gives CPM_E_TOO_LONG or CPM_E_TOO_MANY. */
#define CPM_LIMIT_LINE    8192u      /* bytes of one header line, folds included */
#define CPM_LIMIT_HEAD    65536u     /* bytes of all header lines together */
#define CPM_LIMIT_BODY    (UINT64_C(64) << 20)   /* bytes of one body */
#define CPM_LIMIT_ENTRIES 100000u    /* entries of one list document */
#define CPM_LIMIT_DEPTH   32u        /* nesting of XML elements and of multiparts */

typedef struct cpm_opts {
  uint64_t refuse;       /* quirk bits that are errors; CPM_QUIRKS_ALL is strict */
  size_t   max_line;
  size_t   max_head;
  uint64_t max_body;
  size_t   max_entries;
  unsigned max_depth;
} cpm_opts;

#ifdef __cplusplus
}
#endif
#endif
