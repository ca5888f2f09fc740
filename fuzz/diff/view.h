/* SPDX-License-Identifier: MIT */
/* view.h - what a parser made of a message, in a form that two parsers have in common: the values below as text. */
#ifndef DIFF_VIEW_H
#define DIFF_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Of a URI: scheme in lower case, user with its escapes undone, host in lower case without brackets, port as a number. */
#define VIEW_URI(X, id, name) X(id##_SCHEME, name " scheme") X(id##_USER, name " user") X(id##_HOST, name " host") X(id##_PORT, name " port")

#define VIEW_SIP_KEYS(X) \
  X(METHOD, "method") X(STATUS, "status") VIEW_URI(X, REQUEST_URI, "Request-URI") \
  VIEW_URI(X, FROM, "From") VIEW_URI(X, TO, "To") VIEW_URI(X, CONTACT, "Contact") \
  X(FROM_TAG, "From tag") X(TO_TAG, "To tag") X(CALL_ID, "Call-ID") X(CSEQ_NUMBER, "CSeq number") X(CSEQ_METHOD, "CSeq method") \
  X(VIAS, "number of Via") X(VIA_TRANSPORT, "Via transport") X(VIA_HOST, "Via host") X(VIA_PORT, "Via port") X(VIA_BRANCH, "Via branch") \
  X(CONTACTS, "number of Contact") X(ROUTES, "number of Route") X(RECORD_ROUTES, "number of Record-Route") \
  X(MAX_FORWARDS, "Max-Forwards") X(EXPIRES, "Expires") X(TYPE, "Content-Type") X(BODY, "body")

#define VIEW_MEDIA(X, id, name) \
  X(id##_MEDIA, name " media") X(id##_PORT, name " port") X(id##_PORTS, name " ports") X(id##_PROTO, name " proto") \
  X(id##_FORMATS, name " formats") X(id##_ADDRESS, name " c") X(id##_ATTRIBUTES, name " attributes")

#define VIEW_SDP_KEYS(X) \
  X(USERNAME, "username") X(SESS_ID, "sess-id") X(SESS_VERSION, "sess-version") X(ADDRESS, "unicast-address") \
  X(NAME, "session name") X(C_ADDRESS, "connection address") X(START, "start time") X(STOP, "stop time") X(MEDIAS, "number of m lines") \
  X(ATTRIBUTES, "session attributes") VIEW_MEDIA(X, M1, "first m line") VIEW_MEDIA(X, M2, "second m line")

enum view_key {
#define VIEW_ENUM(id, name) VIEW_##id,
  VIEW_SIP_KEYS(VIEW_ENUM) VIEW_SDP_KEYS(VIEW_ENUM)
#undef VIEW_ENUM
  VIEW_KEYS
};

enum { VIEW_TEXT = 256 };

typedef struct view {
  bool     taken;                        /* the parser accepts the message */
  uint16_t n[VIEW_KEYS];                 /* 0: there is no such value; else its length and one */
  char     text[VIEW_KEYS][VIEW_TEXT];   /* long ones end in a hash of the rest */
} view;

static inline void view_clear(view *v) {
  v->taken = false;
  memset(v->n, 0, sizeof v->n);
}

static inline void view_put(view *v, int key, const char *p, size_t n) {
  static const char hex[] = "0123456789abcdef";
  enum { KEPT = VIEW_TEXT - 16 };
  char *const text = v->text[key];
  if (!p) return;
  if (n <= KEPT) {
    if (n) memcpy(text, p, n);
    v->n[key] = (uint16_t)(n + 1);
    return;
  }
  uint64_t hash = UINT64_C(14695981039346656037);
  for (size_t i = KEPT; i < n; i++) hash = (hash ^ (unsigned char)p[i]) * UINT64_C(1099511628211);
  memcpy(text, p, KEPT);
  for (size_t i = 0; i < 16; i++, hash >>= 4) text[KEPT + i - (i == 15)] = hex[hash & 15];
  v->n[key] = VIEW_TEXT;
}

static inline void view_number(view *v, int key, uint64_t number) {
  char text[20];
  size_t at = sizeof text;
  do text[--at] = (char)('0' + number % 10); while (number /= 10);
  view_put(v, key, text + at, sizeof text - at);
}

static inline void view_lower(view *v, int key) {
  for (size_t i = 0; i + 1 < v->n[key]; i++)
    if (v->text[key][i] >= 'A' && v->text[key][i] <= 'Z') v->text[key][i] = (char)(v->text[key][i] + ('a' - 'A'));
}

/* Digits become a number without leading zeros; what is none, or too large, stays. */
static inline void view_digits(view *v, int key, const char *p, size_t n) {
  uint64_t number = 0;
  size_t i = 0;
  for (; p && i < n && p[i] >= '0' && p[i] <= '9' && number < UINT64_MAX / 10 - 9; i++) number = number * 10 + (uint64_t)(p[i] - '0');
  if (p && n && i == n) view_number(v, key, number);
  else view_put(v, key, p, n);
}

/* Undoes percent-escapes; a malformed one stays. */
static inline void view_escaped(view *v, int key, const char *p, size_t n) {
  char text[1024];
  size_t k = 0;
  if (!p || n > sizeof text) {
    view_put(v, key, p, n);
    return;
  }
  for (size_t i = 0; i < n; i++) {
    unsigned value = 0, digits = 0;
    for (; p[i] == '%' && digits < 2 && i + 1 + digits < n; digits++) {
      const char c = p[i + 1 + digits], lower = (char)(c | 0x20);
      if (c >= '0' && c <= '9') value = value * 16 + (unsigned)(c - '0');
      else if (lower >= 'a' && lower <= 'f') value = value * 16 + (unsigned)(lower - 'a') + 10;
      else break;
    }
    text[k++] = digits == 2 ? (char)value : p[i];
    if (digits == 2) i += 2;
  }
  view_put(v, key, text, k);
}

/* Lower case, brackets of an IPv6 address left out. */
static inline void view_host(view *v, int key, const char *p, size_t n) {
  if (p && n >= 2 && p[0] == '[' && p[n - 1] == ']') {
    p++;
    n -= 2;
  }
  view_put(v, key, p, n);
  view_lower(v, key);
}

static inline void view_hashed(view *v, int key, const char *p, size_t n) {
  uint64_t hash = UINT64_C(14695981039346656037) + n;
  for (size_t i = 0; i < n; i++) hash = (hash ^ (unsigned char)p[i]) * UINT64_C(1099511628211);
  view_number(v, key, hash);
}

#endif
