/* SPDX-License-Identifier: MIT */
/* coding.c - inflating (RFC 1950, RFC 1951, RFC 1952) into a buffer that is its own window. */
#include "cpm/coding.h"
#include "internal.h"
#include <string.h>

/* ---- bits ---------------------------------------------------------------------------------------------------------- */

enum { CODING_BITS = 15, CODING_LITERALS = 288, CODING_DISTANCES = 30, CODING_LENGTHS = 19, CODING_END = 256 };

typedef struct coding_flow {
  const unsigned char *in;
  size_t               n, at;        /* octets, and how many are taken */
  uint32_t             bits;         /* taken and not used, the first one lowest */
  unsigned             nbits;
  unsigned char       *out;
  size_t               cap, len;
  int                  status;       /* the first error */
  const char          *rule;
} coding_flow;

static uint32_t coding_fail(coding_flow *f, int status, const char *rule) {
  if (!f->status) {
    f->status = status;
    f->rule = rule;
  }
  return 0;
}

/* At most 16 of them; 0 behind the end, with an error. */
static uint32_t coding_take(coding_flow *f, unsigned n) {
  while (f->nbits < n) {
    if (f->at == f->n) return coding_fail(f, CPM_E_TRUNCATED, "deflate");
    f->bits |= (uint32_t)f->in[f->at++] << f->nbits;
    f->nbits += 8;
  }
  const uint32_t taken = f->bits & ((1u << n) - 1);
  f->bits >>= n;
  f->nbits -= n;
  return taken;
}

/* ---- codes (RFC 1951 3.2.2) ---------------------------------------------------------------------------------------- */

/* Symbols in the order of their codes, and how many codes there are of each length. */
typedef struct coding_code { uint16_t count[CODING_BITS + 1], symbol[CODING_LITERALS]; } coding_code;

/* False if lengths leave no code, more codes than there are, or fewer and not one alone. */
static bool coding_build(coding_code *c, const uint8_t *lengths, unsigned n) {
  uint16_t from[CODING_BITS + 2] = { 0 };
  int left = 1;
  memset(c->count, 0, sizeof c->count);
  for (unsigned i = 0; i < n; i++) c->count[lengths[i]]++;
  c->count[0] = 0;
  for (unsigned bits = 1; bits <= CODING_BITS; bits++) {
    left = 2 * left - c->count[bits];
    if (left < 0) return false;
    from[bits + 1] = (uint16_t)(from[bits] + c->count[bits]);
  }
  for (unsigned i = 0; i < n; i++)
    if (lengths[i]) c->symbol[from[lengths[i]]++] = (uint16_t)i;
  return left == 0 || (c->count[1] == 1 && from[CODING_BITS] == 1);
}

static unsigned coding_symbol(coding_flow *f, const coding_code *c) {
  unsigned code = 0, first = 0, index = 0;
  for (unsigned bits = 1; bits <= CODING_BITS && !f->status; bits++) {
    code |= coding_take(f, 1);
    const unsigned count = c->count[bits];
    if (code < first + count) return c->symbol[index + (code - first)];
    index += count;
    first = (first + count) << 1;
    code <<= 1;
  }
  return coding_fail(f, CPM_E_SYNTAX, "code");
}

/* ---- blocks -------------------------------------------------------------------------------------------------------- */

static void coding_put(coding_flow *f, unsigned char octet) {
  if (f->len == f->cap) {
    coding_fail(f, CPM_E_SPACE, "buffer");
    return;
  }
  f->out[f->len++] = octet;
}

static void coding_copy(coding_flow *f, unsigned length, unsigned distance) {
  if (distance > f->len) {
    coding_fail(f, CPM_E_SYNTAX, "distance");
    return;
  }
  while (length-- && !f->status) coding_put(f, f->out[f->len - distance]);
}

/* The length that a symbol over 256 stands for (3.2.5). */
static unsigned coding_length(coding_flow *f, unsigned symbol) {
  static const uint16_t base[] = { 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258 };
  static const uint8_t extra[] = { 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0 };
  const unsigned i = symbol - CODING_END - 1;
  if (i >= sizeof extra) return coding_fail(f, CPM_E_SYNTAX, "length");
  return base[i] + coding_take(f, extra[i]);
}

static unsigned coding_distance(coding_flow *f, const coding_code *c) {
  static const uint16_t base[] = { 1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097,
                                   6145, 8193, 12289, 16385, 24577 };
  const unsigned i = coding_symbol(f, c);
  if (i >= CODING_DISTANCES) return coding_fail(f, CPM_E_SYNTAX, "distance");
  return base[i] + coding_take(f, i < 2 ? 0 : i / 2 - 1);
}

static void coding_symbols(coding_flow *f, const coding_code *literals, const coding_code *distances) {
  while (!f->status) {
    const unsigned symbol = coding_symbol(f, literals);
    if (f->status || symbol == CODING_END) return;
    if (symbol < CODING_END) {
      coding_put(f, (unsigned char)symbol);
      continue;
    }
    const unsigned length = coding_length(f, symbol), distance = coding_distance(f, distances);
    if (!f->status) coding_copy(f, length, distance);
  }
}

static void coding_stored(coding_flow *f) {
  f->bits = f->nbits = 0;   /* up to the next octet */
  const uint32_t n = coding_take(f, 16), inverse = coding_take(f, 16);
  if (f->status) return;
  if ((n ^ inverse) != 0xffff) {
    coding_fail(f, CPM_E_SYNTAX, "LEN");
    return;
  }
  if (n > f->n - f->at) {
    coding_fail(f, CPM_E_TRUNCATED, "deflate");
    return;
  }
  for (uint32_t i = 0; i < n && !f->status; i++) coding_put(f, f->in[f->at++]);
}

static void coding_fixed(coding_flow *f) {
  uint8_t lengths[CODING_LITERALS];
  coding_code literals, distances;
  for (unsigned i = 0; i < CODING_LITERALS; i++) lengths[i] = (uint8_t)(i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8);
  coding_build(&literals, lengths, CODING_LITERALS);
  memset(lengths, 5, CODING_DISTANCES);
  coding_build(&distances, lengths, CODING_DISTANCES);   /* two of its codes stand for nothing */
  coding_symbols(f, &literals, &distances);
}

/* The lengths of n codes, written by another code (3.2.7). */
static void coding_lengths(coding_flow *f, const coding_code *c, uint8_t *lengths, unsigned n) {
  for (unsigned i = 0; i < n && !f->status;) {
    const unsigned symbol = coding_symbol(f, c);
    if (symbol < 16) {
      lengths[i++] = (uint8_t)symbol;
      continue;
    }
    if (symbol == 16 && i == 0) coding_fail(f, CPM_E_SYNTAX, "lengths");
    const uint8_t length = symbol == 16 && i ? lengths[i - 1] : 0;
    const unsigned times = symbol == 16 ? 3 + coding_take(f, 2) : symbol == 17 ? 3 + coding_take(f, 3) : 11 + coding_take(f, 7);
    if (times > n - i) coding_fail(f, CPM_E_SYNTAX, "lengths");
    else for (unsigned k = 0; k < times; k++) lengths[i++] = length;
  }
}

static void coding_dynamic(coding_flow *f) {
  static const uint8_t order[CODING_LENGTHS] = { 16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15 };
  uint8_t lengths[CODING_LITERALS + CODING_DISTANCES + 2] = { 0 };
  coding_code literals, distances;
  const unsigned nliterals = 257 + coding_take(f, 5), ndistances = 1 + coding_take(f, 5), ncodes = 4 + coding_take(f, 4);
  if (nliterals > 286 || ndistances > CODING_DISTANCES) coding_fail(f, CPM_E_SYNTAX, "HLIT");
  for (unsigned i = 0; i < ncodes && !f->status; i++) lengths[order[i]] = (uint8_t)coding_take(f, 3);
  if (!f->status && !coding_build(&literals, lengths, CODING_LENGTHS)) coding_fail(f, CPM_E_SYNTAX, "lengths");
  if (f->status) return;
  memset(lengths, 0, sizeof lengths);
  coding_lengths(f, &literals, lengths, nliterals + ndistances);
  if (f->status) return;
  /* Without a distance there may be no code for any. */
  const bool built = lengths[CODING_END] && coding_build(&literals, lengths, nliterals);
  const bool far = coding_build(&distances, lengths + nliterals, ndistances);
  bool none = true;
  for (unsigned i = 0; i < ndistances; i++) none = none && !lengths[nliterals + i];
  if (!built || (!far && !none)) coding_fail(f, CPM_E_SYNTAX, "lengths");
  else coding_symbols(f, &literals, &distances);
}

static void coding_inflate(coding_flow *f) {
  for (uint32_t last = 0; !last && !f->status;) {
    last = coding_take(f, 1);
    const uint32_t type = coding_take(f, 2);
    if (f->status) return;
    if (type == 0) coding_stored(f);
    else if (type == 1) coding_fixed(f);
    else if (type == 2) coding_dynamic(f);
    else coding_fail(f, CPM_E_SYNTAX, "BTYPE");
  }
}

/* ---- what stands around it ----------------------------------------------------------------------------------------- */

static uint32_t coding_adler(const unsigned char *p, size_t n) {
  uint32_t a = 1, b = 0;
  for (size_t i = 0; i < n; i++) {
    a = (a + p[i]) % 65521;
    b = (b + a) % 65521;
  }
  return b << 16 | a;
}

static uint32_t coding_crc(const unsigned char *p, size_t n) {
  uint32_t crc = 0xffffffffu;
  for (size_t i = 0; i < n; i++) {
    crc ^= p[i];
    for (unsigned bit = 0; bit < 8; bit++) crc = crc >> 1 ^ (0xedb88320u & (0u - (crc & 1u)));
  }
  return ~crc;
}

/* Four octets, the last one highest, or lowest. */
static uint32_t coding_word(coding_flow *f, bool big) {
  uint32_t word = 0;
  f->bits = f->nbits = 0;
  for (unsigned i = 0; i < 4; i++) {
    const uint32_t octet = coding_take(f, 8);
    word = big ? word << 8 | octet : word | octet << (8 * i);
  }
  return word;
}

/* RFC 1950 2.2 */
static void coding_zlib(coding_flow *f) {
  const uint32_t cmf = coding_take(f, 8), flags = coding_take(f, 8);
  if (f->status) return;
  if ((cmf << 8 | flags) % 31) coding_fail(f, CPM_E_SYNTAX, "CMF");
  else if ((cmf & 15) != 8 || cmf >> 4 > 7 || flags & 0x20) coding_fail(f, CPM_E_UNSUPPORTED, "CM");
  coding_inflate(f);
  if (f->status) return;
  const uint32_t sum = coding_word(f, true);
  if (!f->status && sum != coding_adler(f->out, f->len)) coding_fail(f, CPM_E_MISMATCH, "ADLER32");
}

static void coding_skip(coding_flow *f, size_t n) {
  if (n > f->n - f->at) coding_fail(f, CPM_E_TRUNCATED, "gzip");
  else f->at += n;
}

/* Up to a NUL and behind it. */
static void coding_skip_text(coding_flow *f) {
  const unsigned char *const end = f->n > f->at ? memchr(f->in + f->at, 0, f->n - f->at) : NULL;
  if (end) f->at = (size_t)(end - f->in) + 1;
  else coding_fail(f, CPM_E_TRUNCATED, "gzip");
}

/* RFC 1952 2.3 */
static void coding_gzip(coding_flow *f) {
  const uint32_t magic = coding_take(f, 16), method = coding_take(f, 8), flags = coding_take(f, 8);
  if (f->status) return;
  if (magic != 0x8b1f) coding_fail(f, CPM_E_SYNTAX, "ID1");
  else if (method != 8 || flags & 0xe0) coding_fail(f, CPM_E_UNSUPPORTED, "CM");
  coding_skip(f, 6);
  if (!f->status && flags & 4) coding_skip(f, coding_take(f, 16));
  if (!f->status && flags & 8) coding_skip_text(f);
  if (!f->status && flags & 16) coding_skip_text(f);
  if (!f->status && flags & 2) coding_skip(f, 2);
  coding_inflate(f);
  if (f->status) return;
  const uint32_t sum = coding_word(f, false), size = coding_word(f, false);
  if (!f->status && (sum != coding_crc(f->out, f->len) || size != (uint32_t)f->len)) coding_fail(f, CPM_E_MISMATCH, "CRC32");
}

/* ---- by name ------------------------------------------------------------------------------------------------------- */

typedef enum coding_name { CODING_IDENTITY, CODING_DEFLATE, CODING_GZIP, CODING_OTHER } coding_name;

static coding_name coding_of(cpm_str coding) {
  static const struct { const char *name; coding_name is; } names[] = {
    { "", CODING_IDENTITY }, { "identity", CODING_IDENTITY }, { "deflate", CODING_DEFLATE }, { "gzip", CODING_GZIP }, { "x-gzip", CODING_GZIP },
  };
  const cpm_str name = coding.p ? cpm_str_trim(coding) : cpm_str_z("");
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (cpm_str_ieq(name, cpm_str_z(names[i].name))) return names[i].is;
  return CODING_OTHER;
}

bool cpm_coding_is_known(cpm_str coding) { return coding_of(coding) != CODING_OTHER; }

static void coding_identity(coding_flow *f) {
  if (f->n > f->cap) {
    coding_fail(f, CPM_E_SPACE, "buffer");
    return;
  }
  if (f->n) memcpy(f->out, f->in, f->n);
  f->at = f->len = f->n;
}

/* The size that gzip says at its end; 0 if it does not help. */
static uint64_t coding_need(const coding_flow *f, coding_name name) {
  if (name == CODING_IDENTITY) return f->n;
  if (name != CODING_GZIP || f->n < 18) return 0;
  uint32_t size = 0;
  for (unsigned i = 0; i < 4; i++) size |= (uint32_t)f->in[f->n - 4 + i] << (8 * i);
  return size > f->cap ? size : 0;
}

int cpm_content_decode(char *dst, size_t cap, size_t *len, cpm_str coding, cpm_str in, cpm_diag *diag) {
  static void (*const undo[])(coding_flow *) = { coding_identity, coding_zlib, coding_gzip };
  coding_flow f = { .in = (const unsigned char *)in.p, .n = in.n, .out = (unsigned char *)dst, .cap = dst ? cap : 0 };
  const coding_name name = coding_of(coding);
  *len = 0;
  if (name == CODING_OTHER) return cpmi_fail(diag, CPM_E_UNSUPPORTED, 0, "content-coding", "RFC 3261 20.12");
  undo[name](&f);
  if (!f.status && f.at < f.n) coding_fail(&f, CPM_E_VALUE, "end");
  if (!f.status) {
    *len = f.len;
    return CPM_OK;
  }
  cpmi_fail(diag, f.status, f.at, f.rule, name == CODING_GZIP ? "RFC 1952" : name == CODING_DEFLATE ? "RFC 1950, RFC 1951" : NULL);
  if (diag && f.status == CPM_E_SPACE) diag->need = coding_need(&f, name);
  return f.status;
}
