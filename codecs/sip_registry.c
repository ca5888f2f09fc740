/* SPDX-License-Identifier: MIT */
/* sip_registry.c - names of header fields, methods and statuses. */
#include "cpm/sip.h"
#include "internal.h"
#include <string.h>

static const struct { cpm_str name; char compact; cpm_sip_shape shape; } sip_headers[] = {
  { { NULL, 0 }, 0, CPM_SIP_REPEAT },
#define SIP_ENTRY(id, name, compact, shape, type) { CPM_STR(name), compact, CPM_SIP_##shape },
  CPM_SIP_HEADERS(SIP_ENTRY)
#undef SIP_ENTRY
};

static bool sip_is_header(cpm_sip_header id) { return (int)id > 0 && (int)id < CPM_SIP_HEADER_COUNT; }

cpm_str cpm_sip_header_name(cpm_sip_header id) { return sip_is_header(id) ? sip_headers[id].name : cpm_str_none(); }

cpm_sip_shape cpm_sip_header_shape(cpm_sip_header id) { return sip_is_header(id) ? sip_headers[id].shape : CPM_SIP_REPEAT; }

static cpm_sip_header sip_compact_id(char c) {
  const char lower = c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
#define SIP_IS(id, name, compact, shape, type) if (compact && lower == compact) return CPM_SIP_##id;
  CPM_SIP_HEADERS(SIP_IS)
#undef SIP_IS
  return CPM_SIP_UNKNOWN;
}

/* Lengths are constants here: the compiler knows sixteen octets to compare at a time. */
static inline bool sip_is_name(const char *p, const char *name, size_t n) {
  return n <= 16 ? memcmp(p, name, n) == 0 : memcmp(p, name, 16) == 0 && memcmp(p + 16, name + 16, n - 16) == 0;
}

/* The compiler drops the names of another length in each case. */
#define SIP_LENGTH(length) case length: CPM_SIP_HEADERS(SIP_IS) break;
#define SIP_LENGTHS \
  SIP_LENGTH(2) SIP_LENGTH(3) SIP_LENGTH(4) SIP_LENGTH(5) SIP_LENGTH(6) SIP_LENGTH(7) SIP_LENGTH(8) SIP_LENGTH(9) \
  SIP_LENGTH(10) SIP_LENGTH(11) SIP_LENGTH(12) SIP_LENGTH(13) SIP_LENGTH(14) SIP_LENGTH(15) SIP_LENGTH(16) SIP_LENGTH(17) \
  SIP_LENGTH(18) SIP_LENGTH(19) SIP_LENGTH(20) default: CPM_SIP_HEADERS(SIP_IS) break;

/* Takes no structs: without optimisation each call below would have room for its own on the stack. */
static bool sip_is_word(const char *p, const char *name, size_t n) { return cpm_str_ieq(cpm_str_of(p, n), cpm_str_of(name, n)); }

static cpm_sip_header sip_any_case_id(const char *p, size_t n) {
#define SIP_IS(id, name, compact, shape, type) if (sizeof(name) - 1 == n && sip_is_word(p, name, n)) return CPM_SIP_##id;
  switch (n) { SIP_LENGTHS }
#undef SIP_IS
  return CPM_SIP_UNKNOWN;
}

/* First as the RFCs print it, which is what nearly every peer sends. */
static cpm_sip_header sip_full_id(const char *p, size_t n) {
#define SIP_IS(id, name, compact, shape, type) if (sizeof(name) - 1 == n && sip_is_name(p, name, sizeof(name) - 1)) return CPM_SIP_##id;
  switch (n) { SIP_LENGTHS }
#undef SIP_IS
  return sip_any_case_id(p, n);
}
#undef SIP_LENGTHS
#undef SIP_LENGTH

cpm_sip_header cpm_sip_header_id(cpm_str name) {
  if (name.n < 2) return name.n ? sip_compact_id(name.p[0]) : CPM_SIP_UNKNOWN;
  return sip_full_id(name.p, name.n);
}

/* ---- methods ------------------------------------------------------------------------------------------------------- */

static const cpm_str sip_methods[] = {
  { NULL, 0 },
#define SIP_METHOD(id, name) CPM_STR(name),
  CPM_SIP_METHODS(SIP_METHOD)
#undef SIP_METHOD
};

cpm_str cpm_sip_method_name(cpm_sip_method id) {
  return (int)id > 0 && (int)id < CPM_METHOD_COUNT ? sip_methods[id] : cpm_str_none();
}

cpm_sip_method cpm_sip_method_id(cpm_str name) {
#define SIP_IS(id, text) if (sizeof(text) - 1 == name.n && memcmp(name.p, text, sizeof(text) - 1) == 0) return CPM_METHOD_##id;
  CPM_SIP_METHODS(SIP_IS)
#undef SIP_IS
  return CPM_METHOD_UNKNOWN;
}

/* ---- statuses ------------------------------------------------------------------------------------------------------ */

/* RFC 3261 21 first, then what its extensions registered. */
#define SIP_REASONS(X) \
  X(100, "Trying") X(180, "Ringing") X(181, "Call Is Being Forwarded") X(182, "Queued") X(183, "Session Progress") \
  X(200, "OK") \
  X(300, "Multiple Choices") X(301, "Moved Permanently") X(302, "Moved Temporarily") X(305, "Use Proxy") \
  X(380, "Alternative Service") \
  X(400, "Bad Request") X(401, "Unauthorized") X(402, "Payment Required") X(403, "Forbidden") X(404, "Not Found") \
  X(405, "Method Not Allowed") X(406, "Not Acceptable") X(407, "Proxy Authentication Required") X(408, "Request Timeout") \
  X(410, "Gone") X(413, "Request Entity Too Large") X(414, "Request-URI Too Long") X(415, "Unsupported Media Type") \
  X(416, "Unsupported URI Scheme") X(420, "Bad Extension") X(421, "Extension Required") X(423, "Interval Too Brief") \
  X(480, "Temporarily Unavailable") X(481, "Call/Transaction Does Not Exist") X(482, "Loop Detected") X(483, "Too Many Hops") \
  X(484, "Address Incomplete") X(485, "Ambiguous") X(486, "Busy Here") X(487, "Request Terminated") \
  X(488, "Not Acceptable Here") X(491, "Request Pending") X(493, "Undecipherable") \
  X(500, "Server Internal Error") X(501, "Not Implemented") X(502, "Bad Gateway") X(503, "Service Unavailable") \
  X(504, "Server Time-out") X(505, "Version Not Supported") X(513, "Message Too Large") \
  X(600, "Busy Everywhere") X(603, "Decline") X(604, "Does Not Exist Anywhere") X(606, "Not Acceptable") \
  X(199, "Early Dialog Terminated") X(202, "Accepted") X(204, "No Notification") X(412, "Conditional Request Failed") \
  X(417, "Unknown Resource-Priority") X(422, "Session Interval Too Small") X(424, "Bad Location Information") \
  X(425, "Bad Alert Message") X(428, "Use Identity Header") X(429, "Provide Referrer Identity") X(430, "Flow Failed") \
  X(433, "Anonymity Disallowed") X(436, "Bad Identity Info") X(437, "Unsupported Credential") X(438, "Invalid Identity Header") \
  X(439, "First Hop Lacks Outbound Support") X(440, "Max-Breadth Exceeded") X(469, "Bad Info Package") X(470, "Consent Needed") \
  X(489, "Bad Event") X(494, "Security Agreement Required") X(555, "Push Notification Service Not Supported") \
  X(580, "Precondition Failure") X(607, "Unwanted") X(608, "Rejected")

cpm_str cpm_sip_reason_phrase(unsigned status) {
  switch (status) {
#define SIP_REASON(code, text) case code: return cpm_str_of(text, sizeof text - 1);
  SIP_REASONS(SIP_REASON)
#undef SIP_REASON
  default: return cpm_str_of("Unknown", 7);
  }
}
