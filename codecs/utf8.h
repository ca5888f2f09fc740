/* SPDX-License-Identifier: MIT */
/* utf8.h - one character of UTF-8 (RFC 3629). In a header, because the core and what reads XML by libxml2 are two libraries. */
#ifndef CPMI_UTF8_H
#define CPMI_UTF8_H

#include "cpm/str.h"

/* Octets of the UTF-8 character at `at` and the character in *code (RFC 3629 4: shortest form, no surrogate); 0 if it is none. */
static inline size_t cpmi_utf8_at(cpm_str s, size_t at, uint32_t *code) {
  static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
  const unsigned char lead = (unsigned char)s.p[at];
  const size_t n = lead < 0x80 ? 1 : lead < 0xc0 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf8 ? 4 : 0;
  if (n == 0 || n > s.n - at) return 0;
  uint32_t c = n == 1 ? lead : lead & (0x7fu >> n);
  for (size_t i = 1; i < n; i++) {
    const unsigned char tail = (unsigned char)s.p[at + i];
    if ((tail & 0xc0u) != 0x80u) return 0;
    c = c << 6 | (tail & 0x3fu);
  }
  if (c < least[n] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff)) return 0;
  *code = c;
  return n;
}

#endif
