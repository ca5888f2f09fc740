/* SPDX-License-Identifier: MIT */
/* straight.c - classes of characters, and the forms that several header fields share. */
#include "straight.h"
#include "internal.h"

/* ---- classes --------------------------------------------------------------------------------------------------------------- */

#define IN(c, from, to) ((c) >= (from) && (c) <= (to))
#define LOWER(c)  IN(c, 'a', 'z')
#define ALPHA(c)  (LOWER(c) || IN(c, 'A', 'Z'))
#define DIGIT(c)  IN(c, '0', '9')
#define ALNUM(c)  (ALPHA(c) || DIGIT(c))
#define MARK(c)   ((c) == '-' || (c) == '_' || (c) == '.' || (c) == '!' || (c) == '~' || (c) == '*' || (c) == '\'' || (c) == '(' || (c) == ')')
#define UNRESERVED(c) (ALNUM(c) || MARK(c))
#define RESERVED(c) ((c) == ';' || (c) == '/' || (c) == '?' || (c) == ':' || (c) == '@' || (c) == '&' || (c) == '=' || (c) == '+' || \
                     (c) == '$' || (c) == ',')
#define SQUARE(c) ((c) == '[' || (c) == ']')
#define TOKEN(c)  (ALNUM(c) || (c) == '-' || (c) == '.' || (c) == '!' || (c) == '%' || (c) == '*' || (c) == '_' || (c) == '+' || \
                   (c) == '`' || (c) == '\'' || (c) == '~')
#define PAREN(c)  ((c) == '(' || (c) == ')')
#define CLASS(c) ( \
  (TOKEN(c) ? CPMI_TOKEN : 0) | \
  (RESERVED(c) || UNRESERVED(c) || SQUARE(c) || (c) == '%' || (c) == '#' ? CPMI_ADDR : 0) | \
  (UNRESERVED(c) || (RESERVED(c) && (c) != ':' && (c) != '@') ? CPMI_USERINFO : 0) | \
  (UNRESERVED(c) || SQUARE(c) || (c) == '/' || (c) == ':' || (c) == '&' || (c) == '+' || (c) == '$' ? CPMI_PCHAR : 0) | \
  (TOKEN(c) || SQUARE(c) || PAREN(c) || (c) == '/' || (c) == ':' || (c) == '&' || (c) == '$' ? CPMI_PARAM : 0) | \
  (TOKEN(c) || SQUARE(c) || PAREN(c) || (c) == '<' || (c) == '>' || (c) == ':' || (c) == '\\' || (c) == '"' || (c) == '/' || \
   (c) == '?' || (c) == '{' || (c) == '}' ? CPMI_WORD : 0) | \
  (IN(c, 0x21, 0x7e) ? CPMI_VISIBLE : 0) | \
  ((c) == '\t' || (IN(c, 0x20, 0xff) && (c) != '"' && (c) != '\\' && (c) != 0x7f) ? CPMI_QDTEXT : 0) | \
  (DIGIT(c) || IN(c, 'a', 'f') || IN(c, 'A', 'F') ? CPMI_HEX : 0) | \
  (DIGIT(c) ? CPMI_DIGIT : 0) | (ALPHA(c) ? CPMI_ALPHA : 0) | \
  (ALNUM(c) || (c) == '-' ? CPMI_LABEL : 0) | \
  (ALNUM(c) || (c) == '+' || (c) == '-' || (c) == '.' ? CPMI_SCHEME : 0) | \
  (LOWER(c) || DIGIT(c) || (c) == '-' || (c) == '.' ? CPMI_LET : 0) | \
  (TOKEN(c) || (c) == '#' || (c) == '$' || (c) == '&' || (c) == '^' || IN(c, '{', '}') ? CPMI_NAME : 0) | \
  (ALNUM(c) || (c) == '-' || (c) == '.' || (c) == '_' || (c) == '~' || (c) == '+' || (c) == '=' || (c) == '/' ? CPMI_SESSION : 0))
#define FOUR(c)    CLASS(c), CLASS((c) + 1), CLASS((c) + 2), CLASS((c) + 3)
#define SIXTEEN(c) FOUR(c), FOUR((c) + 4), FOUR((c) + 8), FOUR((c) + 12)

const uint16_t cpmi_class[256] = {
  SIXTEEN(0x00), SIXTEEN(0x10), SIXTEEN(0x20), SIXTEEN(0x30), SIXTEEN(0x40), SIXTEEN(0x50), SIXTEEN(0x60), SIXTEEN(0x70),
  SIXTEEN(0x80), SIXTEEN(0x90), SIXTEEN(0xa0), SIXTEEN(0xb0), SIXTEEN(0xc0), SIXTEEN(0xd0), SIXTEEN(0xe0), SIXTEEN(0xf0),
};

#undef IN
#undef LOWER
#undef ALPHA
#undef DIGIT
#undef ALNUM
#undef MARK
#undef UNRESERVED
#undef RESERVED
#undef SQUARE
#undef TOKEN
#undef PAREN
#undef CLASS
#undef FOUR
#undef SIXTEEN

bool cpmi_is_token(cpm_str s) { return s.n && cpmi_run(s.p, s.p + s.n, CPMI_TOKEN) == s.p + s.n; }

/* ---- forms ------------------------------------------------------------------------------------------------------------------ */

const char *cpmi_straight_param(cpm_param *out, const char *p, const char *pe) {
  const char *e = cpmi_run(p + 1, pe, CPMI_TOKEN);
  if (e == p + 1) return NULL;
  out->name = cpm_str_of(p + 1, (size_t)(e - p) - 1);
  out->value = cpm_str_none();
  out->quoted = false;
  if (e == pe || *e != '=') return e;
  const char *b = e + 1;
  out->quoted = b < pe && *b == '"';
  if (out->quoted) b++;
  e = out->quoted ? cpmi_skip_qdtext(b, pe) : cpmi_run(b, pe, CPMI_TOKEN);
  out->value = cpm_str_of(b, (size_t)(e - b));
  if (!out->quoted) return e > b ? e : NULL;
  return e < pe && *e == '"' ? e + 1 : NULL;
}

const char *cpmi_straight_port(bool *there, uint16_t *port, const char *p, const char *pe) {
  uint32_t v = 0;
  *there = p < pe && *p == ':';
  if (!*there) return p;
  const char *const b = ++p, *const stop = pe - b > 6 ? b + 6 : pe;
  for (unsigned digit; p < stop && (digit = (unsigned)*p - '0') <= 9; p++) v = v * 10 + digit;
  *port = (uint16_t)v;
  return p > b && p - b <= 5 && v <= UINT16_MAX ? p : NULL;
}

const char *cpmi_straight_service(const char *p, const char *pe) {
  static const cpm_str prefix = CPM_STR("urn:urn-7:");
  if ((size_t)(pe - p) <= prefix.n || memcmp(p, prefix.p, prefix.n) != 0) return NULL;
  const char *const top = p += prefix.n;
  for (;;) {
    const char *const e = cpmi_run(p, pe, CPMI_LABEL);
    if (e == p || (p == top && e - p > 27)) return NULL;
    if (e == pe || *e != '.') return e;
    p = e + 1;
  }
}
