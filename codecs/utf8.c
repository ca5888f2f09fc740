/* SPDX-License-Identifier: MIT */
/* utf8.c - UTF-8 (RFC 3629). */
#include "internal.h"
#include <string.h>

/* Eight octets at a time, each in its lane. */
#define UTF8_EACH(octet) (UINT64_C(0x0101010101010101) * (octet))

/* Are the eight octets at p printable ASCII? */
static inline bool utf8_is_text(const char *p) {
  uint64_t w;
  memcpy(&w, p, sizeof w);
  const uint64_t low = w & UTF8_EACH(0x7f);   /* a sum with it cannot carry into the next lane */
  return !((w | ~(low + UTF8_EACH(0x60)) | (low + UTF8_EACH(0x01))) & UTF8_EACH(0x80));
}

size_t cpmi_ascii_text(cpm_str s) {
  size_t n = 0;
  while (s.n - n >= 8 && utf8_is_text(s.p + n)) n += 8;
  if (s.n - n < 8 && s.n >= 8 && utf8_is_text(s.p + s.n - 8)) return s.n;
  while (n < s.n && (unsigned char)s.p[n] >= 0x20 && (unsigned char)s.p[n] < 0x7f) n++;
  return n;
}

size_t cpmi_utf8_bad(cpm_str s) {
  uint32_t code;
  for (size_t at = cpmi_ascii_text(s), n; at < s.n; at += n) {
    n = cpmi_utf8_at(s, at, &code);
    if (n == 0) return at;
  }
  return s.n;
}

void cpmi_utf8_put(cpmi_out *o, uint32_t code) {
  const unsigned extra = code < 0x80 ? 0 : code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
  static const unsigned char lead[] = { 0, 0xc0, 0xe0, 0xf0 };
  cpmi_put_char(o, (char)(lead[extra] | (code >> (6 * extra))));
  for (unsigned i = extra; i-- > 0;) cpmi_put_char(o, (char)(0x80u | ((code >> (6 * i)) & 0x3fu)));
}
