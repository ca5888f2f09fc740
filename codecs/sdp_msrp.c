/* SPDX-License-Identifier: MIT */
/* sdp_msrp.c - what an m line says of MSRP, and the values in it. */
#include "cpm/cpim.h"
#include "sdp_parse.h"
#include "straight.h"
#include <string.h>

#define SDP_MSRP_FILE_CLAUSE "RFC 5547 6"

/* ---- one attribute ------------------------------------------------------------------------------------------------- */

typedef struct sdp_msrp_reader {
  cpm_sdp_msrp *out;
  const cpm_opts *opts;
  cpm_diag *diag;
  const cpm_sdp_line *line; /* the one that is being read */
  cpm_str value;            /* its value, SP around it left out */
  cpmi_sdp_attribute_marks m;
} sdp_msrp_reader;

static const char *sdp_msrp_rule(const sdp_msrp_reader *r) { return cpm_sdp_attribute_name(r->line->attribute).p; }

static const char *sdp_msrp_clause(cpm_sdp_attribute id) {
  switch ((int)id) {
  case CPM_SDP_SETUP: return "RFC 4145 4";
  case CPM_SDP_CONNECTION: return "RFC 4145 5";
  case CPM_SDP_FINGERPRINT: return "RFC 8122 5";
  case CPM_SDP_MSRP_CEMA: return "RFC 6714 5";
  case CPM_SDP_CHATROOM: return "RFC 7701 8";
  default: return id < CPM_SDP_FILE_SELECTOR ? "RFC 4975 9" : SDP_MSRP_FILE_CLAUSE;
  }
}

/* Where the value stands in the input. */
static size_t sdp_msrp_at(const sdp_msrp_reader *r) {
  const cpm_sdp_line *const line = r->line;
  return line->off + 2 + line->name.n + (line->value.p ? 1 + (size_t)(r->value.p - line->value.p) : 0);
}

static int sdp_msrp_fail(sdp_msrp_reader *r, int code, const char *at) {
  const size_t off = sdp_msrp_at(r) + (at ? (size_t)(at - r->value.p) : 0);
  return cpmi_fail(r->diag, code, off, sdp_msrp_rule(r), sdp_msrp_clause(r->line->attribute));
}

static int sdp_msrp_quirk(sdp_msrp_reader *r, uint64_t bit) {
  return cpmi_quirk(&r->out->quirks, bit, r->opts, sdp_msrp_at(r), sdp_msrp_rule(r), r->diag);
}

static int sdp_msrp_number(sdp_msrp_reader *r, uint64_t *out, const char *b, const char *e) {
  return cpmi_to_number(out, cpmi_between(b, e), UINT64_MAX) ? CPM_OK : sdp_msrp_fail(r, CPM_E_RANGE, b);
}

/* Which of the words it is, from 1; 0: none. */
static unsigned sdp_msrp_word(cpm_str value, const cpm_str *words, unsigned n, bool *other_case) {
  for (unsigned i = 0; i < n; i++) {
    if (value.n != words[i].n || (value.p[0] | 0x20) != words[i].p[0]) continue;
    *other_case = memcmp(value.p, words[i].p, value.n) != 0;
    if (!*other_case || cpm_str_ieq(value, words[i])) return i + 1;
  }
  return 0;
}

static int sdp_msrp_role(sdp_msrp_reader *r) {
  static const cpm_str roles[] = { CPM_STR("active"), CPM_STR("passive"), CPM_STR("actpass"), CPM_STR("holdconn") };
  static const cpm_str values[] = { CPM_STR("new"), CPM_STR("existing") };
  const bool setup = r->line->attribute == CPM_SDP_SETUP;
  bool other_case = false;
  const unsigned word = setup ? sdp_msrp_word(r->value, roles, 4, &other_case) : sdp_msrp_word(r->value, values, 2, &other_case);
  if (!word) return sdp_msrp_fail(r, CPM_E_VALUE, NULL);
  if (setup && word > CPM_MSRP_ACTPASS) return sdp_msrp_fail(r, CPM_E_UNSUPPORTED, NULL);
  if (setup) r->out->setup = (cpm_msrp_setup)word;
  else r->out->reuse = (cpm_sdp_reuse)word;
  return other_case ? sdp_msrp_quirk(r, CPM_QUIRK(SDP_CASE)) : CPM_OK;
}

static int sdp_msrp_path(sdp_msrp_reader *r) {
  cpm_str rest = r->value, word;
  cpm_msrp_uri uri;
  while (cpm_sdp_word_next(&rest, &word) == CPM_OK) {
    const int rc = cpm_msrp_uri_decode(&uri, word, NULL, r->diag);
    if (rc && r->diag) r->diag->off += sdp_msrp_at(r) + (size_t)(word.p - r->value.p);
    if (rc) return rc;
  }
  return CPM_OK;
}

/* ---- files --------------------------------------------------------------------------------------------------------- */

bool cpmi_sdp_hash_fits(const cpm_sdp_hash *hash) {
  static const struct {
    cpm_str name;
    size_t octets;
  } known[] = { { CPM_STR("sha-1"), 20 },   { CPM_STR("sha-224"), 28 }, { CPM_STR("sha-256"), 32 },
                { CPM_STR("sha-384"), 48 }, { CPM_STR("sha-512"), 64 }, { CPM_STR("md5"), 16 } };
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (cpm_str_eq(hash->algorithm, known[i].name) || cpm_str_ieq(hash->algorithm, known[i].name)) return hash->value.n == known[i].octets * 3 - 1;
  return true;
}

static int sdp_msrp_selector(sdp_msrp_reader *r) {
  const cpmi_sdp_attribute_marks *const m = &r->m;
  cpm_sdp_selector *const s = &r->out->selector;
  if (m->size_b) {
    const int rc = sdp_msrp_number(r, &s->size, m->size_b, m->size_e);
    if (rc) return rc;
  }
  s->name = cpmi_between(m->name_b, m->name_e);
  s->type = cpmi_between(m->type_b, m->type_e);
  s->has_size = m->size_b;
  s->hashes = m->hash_b ? cpm_str_of(m->hash_b, (size_t)(r->value.p + r->value.n - m->hash_b)) : cpm_str_none();
  return CPM_OK;
}

/* Every hash is as long as its algorithm gives. What was read straight is. */
static int sdp_msrp_hashes(sdp_msrp_reader *r) {
  cpm_sdp_hash hash;
  for (cpm_str rest = r->out->selector.hashes; cpm_sdp_hash_next(&rest, &hash) == CPM_OK;)
    if (!cpmi_sdp_hash_fits(&hash)) return sdp_msrp_fail(r, CPM_E_VALUE, hash.value.p);
  return CPM_OK;
}

/* RFC 5322 date-time with its zone in digits; RFC 3339, and zones with a name, are taken. */
static int sdp_msrp_date(sdp_msrp_reader *r, cpm_sdp_date *date, const char *b, const char *e) {
  if (!b) return CPM_OK;
  const cpm_str text = cpmi_between(b, e);
  const bool rfc3339 = text.n > 4 && text.p[4] == '-' && text.p[0] >= '0' && text.p[0] <= '9';
  const char last = text.p[text.n - 1];
  cpm_diag d = { 0 };
  const int rc =
      rfc3339 ? cpm_datetime_decode(&date->unix_ms, text, NULL, NULL, &d) : cpm_date_decode(&date->unix_ms, text, NULL, NULL, &d);
  if (rc)
    return cpmi_fail(r->diag, rc == CPM_E_TRUNCATED ? CPM_E_SYNTAX : rc, sdp_msrp_at(r) + (size_t)(b - r->value.p) + d.off, "date-time",
                     d.clause);
  date->there = true;
  return rfc3339 || last < '0' || last > '9' ? sdp_msrp_quirk(r, CPM_QUIRK(SDP_FILE_DATE)) : CPM_OK;
}

static int sdp_msrp_dates(sdp_msrp_reader *r) {
  const cpmi_sdp_attribute_marks *const m = &r->m;
  int rc = sdp_msrp_date(r, &r->out->creation, m->creation_b, m->creation_e);
  if (!rc) rc = sdp_msrp_date(r, &r->out->modification, m->modification_b, m->modification_e);
  if (!rc) rc = sdp_msrp_date(r, &r->out->read, m->read_b, m->read_e);
  return !rc && m->loose ? sdp_msrp_quirk(r, CPM_QUIRK(SDP_FILE_DATE)) : rc;
}

static int sdp_msrp_range(sdp_msrp_reader *r) {
  const cpmi_sdp_attribute_marks *const m = &r->m;
  uint64_t start, stop = CPM_SDP_ANY;
  int rc = sdp_msrp_number(r, &start, m->start_b, m->start_e);
  if (!rc && *m->stop_b != '*') rc = sdp_msrp_number(r, &stop, m->stop_b, m->stop_e);
  if (rc) return rc;
  if (start > stop || start == CPM_SDP_ANY) return sdp_msrp_fail(r, CPM_E_VALUE, NULL);
  r->out->has_range = true;
  r->out->range_start = start;
  r->out->range_stop = stop;
  return CPM_OK;
}

/* ---- all attributes ------------------------------------------------------------------------------------------------ */

/* Takes in what was read. */
static int sdp_msrp_store(sdp_msrp_reader *r) {
  cpm_sdp_msrp *const out = r->out;
  switch ((int)r->line->attribute) {
  case CPM_SDP_ACCEPT_TYPES: out->accept_types = r->value; return CPM_OK;
  case CPM_SDP_ACCEPT_WRAPPED_TYPES: out->accept_wrapped_types = r->value; return CPM_OK;
  case CPM_SDP_MAX_SIZE: out->has_max_size = true; return sdp_msrp_number(r, &out->max_size, r->m.size_b, r->m.size_e);
  case CPM_SDP_PATH: out->path = r->value; return CPM_OK;
  case CPM_SDP_FINGERPRINT:
    if (!out->fingerprint.p) out->fingerprint = r->value;
    return CPM_OK;
  case CPM_SDP_MSRP_CEMA: out->cema = true; return CPM_OK;
  case CPM_SDP_CHATROOM:
    out->chatroom = true;
    if (r->value.n) out->chatroom_tokens = r->value;
    return CPM_OK;
  case CPM_SDP_FILE_SELECTOR: out->file = true; return sdp_msrp_selector(r);
  case CPM_SDP_FILE_TRANSFER_ID: out->file_transfer_id = r->value; return CPM_OK;
  case CPM_SDP_FILE_DISPOSITION: out->file_disposition = r->value; return CPM_OK;
  case CPM_SDP_FILE_DATE: return sdp_msrp_dates(r);
  case CPM_SDP_FILE_ICON: out->file_icon = r->value; return CPM_OK;
  case CPM_SDP_FILE_RANGE: return sdp_msrp_range(r);
  default: return sdp_msrp_role(r);
  }
}

/* Leaves out SP around the value: was there any? */
static bool sdp_msrp_trim(sdp_msrp_reader *r) {
  const cpm_sdp_line *const line = r->line;
  cpm_str value = cpmi_present(line->value);
  size_t skip = 0;
  if (value.n && value.p[value.n - 1] == ' ') value = cpmi_sdp_cut(value);
  while (skip < value.n && value.p[skip] == ' ') skip++;
  r->value = cpmi_behind(value, skip);
  return r->value.n < line->value.n;
}

/* URIs with one SP between: what can be read has the grammar of a path, and needs no second look. */
static bool sdp_msrp_path_straight(cpm_str rest) {
  cpm_msrp_uri uri;
  uint64_t quirks = 0;
  int rc;
  while ((rc = cpm_msrp_path_next(&rest, &uri, NULL, &quirks, NULL)) == CPM_OK) {}
  return rc == CPM_END && !quirks;
}

/* The attribute as peers write it, without SP around its value: false of all others. */
static bool sdp_msrp_straight(sdp_msrp_reader *r) {
  const cpm_sdp_attribute id = r->line->attribute;
  r->value = r->line->value;
  if (!CPMI_STRAIGHT) return false;
  if (!r->value.n) return id == CPM_SDP_MSRP_CEMA;
  if (id == CPM_SDP_PATH) return sdp_msrp_path_straight(r->value);
  return cpmi_sdp_attribute_straight(&r->m, (int)id, r->value);
}

/* Any attribute, by the machine. */
static int sdp_msrp_any(sdp_msrp_reader *r) {
  const cpm_sdp_attribute id = r->line->attribute;
  const bool bare = id == CPM_SDP_MSRP_CEMA || id == CPM_SDP_CHATROOM || id == CPM_SDP_FILE_SELECTOR;
  const bool spacing = sdp_msrp_trim(r);
  memset(&r->m, 0, sizeof r->m);
  if (id == CPM_SDP_MSRP_CEMA && r->value.n) return sdp_msrp_fail(r, CPM_E_SYNTAX, NULL);
  const char *const stop = bare && !r->value.n ? NULL : cpmi_sdp_attribute_machine(&r->m, (int)id, r->value);
  if (stop) return sdp_msrp_fail(r, stop == r->value.p + r->value.n ? CPM_E_TRUNCATED : CPM_E_SYNTAX, stop);
  if (r->m.again) return sdp_msrp_fail(r, CPM_E_DUPLICATE, r->m.again);
  int rc = id == CPM_SDP_PATH ? sdp_msrp_path(r) : CPM_OK;
  if (!rc) rc = sdp_msrp_store(r);
  if (!rc && id == CPM_SDP_FILE_SELECTOR) rc = sdp_msrp_hashes(r);
  if (!rc && (spacing || r->m.spacing)) rc = sdp_msrp_quirk(r, CPM_QUIRK(SDP_SPACING));
  if (!rc && r->m.lower) rc = sdp_msrp_quirk(r, CPM_QUIRK(SDP_CASE));
  if (!rc && r->m.loose && id == CPM_SDP_FILE_SELECTOR) rc = sdp_msrp_quirk(r, CPM_QUIRK(SDP_FILE_SELECTOR));
  return rc;
}

/* The attributes of lines [from, end) that are in `wanted`, a set of 1 << id; *seen are those that were there. */
static int sdp_msrp_lines(sdp_msrp_reader *r, const cpm_sdp *in, size_t from, size_t end, uint32_t wanted, uint32_t *seen) {
  const cpm_sdp_line *const stop = in->lines + (end < in->nlines ? end : in->nlines);
  for (const cpm_sdp_line *line = in->lines + from; line < stop; line++) {
    const uint32_t bit = UINT32_C(1) << line->attribute;
    if (line->type != 'a' || !(wanted & bit)) continue;
    r->line = line;
    if ((*seen & bit) && line->attribute != CPM_SDP_FINGERPRINT)
      return cpmi_fail(r->diag, CPM_E_DUPLICATE, line->off, sdp_msrp_rule(r), sdp_msrp_clause(line->attribute));
    const int rc = sdp_msrp_straight(r) ? sdp_msrp_store(r) : sdp_msrp_any(r);
    if (rc) return rc;
    *seen |= bit;
  }
  return CPM_OK;
}

/* RFC 4975 8.2, 8.6: an m line that is in use names both. */
static int sdp_msrp_whole(const sdp_msrp_reader *r, const cpm_sdp_line *line) {
  if (!r->out->port) return CPM_OK;
  if (!r->out->path.p) return cpmi_fail(r->diag, CPM_E_MISSING, line->off, "path", "RFC 4975 8.2");
  return r->out->accept_types.p ? CPM_OK : cpmi_fail(r->diag, CPM_E_MISSING, line->off, "accept-types", "RFC 4975 8.6");
}

int cpm_sdp_msrp_decode(cpm_sdp_msrp *out, const cpm_sdp *in, size_t index, const cpm_opts *opts, cpm_diag *diag) {
  /* RFC 4145 4, RFC 8122 5: these may stand above the m lines and count for all of them. */
  static const uint32_t common =
      UINT32_C(1) << CPM_SDP_SETUP | UINT32_C(1) << CPM_SDP_CONNECTION | UINT32_C(1) << CPM_SDP_FINGERPRINT;
  static const uint32_t all = UINT32_MAX << CPM_SDP_ACCEPT_TYPES;   /* directions, which stand before it, are read */
  sdp_msrp_reader r;
  uint32_t own = 0, above = 0;
  if (index >= in->nmedia || in->media[index].first >= in->nlines) return cpmi_fail(diag, CPM_E_ARG, 0, "index", NULL);
  const cpm_sdp_media *const media = &in->media[index];
  const cpm_sdp_line *const line = &in->lines[media->first];
  r.out = out, r.opts = opts, r.diag = diag;
  cpmi_clear(out, sizeof *out);
  if (!media->msrp) return cpmi_fail(diag, CPM_E_VALUE, line->off, "media-field", "RFC 4975 8.1");
  out->port = media->port;
  out->secure = media->proto.n > sizeof "TCP/MSRP" - 1;
  out->direction = media->direction;
  cpm_diag missing = { 0 };   /* a description without a c line is taken: nothing is told of it */
  int rc = cpm_sdp_connection_of(&out->connection, in, index, &missing);
  if (rc == CPM_E_MISSING) rc = CPM_OK;
  if (rc && diag) *diag = missing;
  if (!rc) rc = sdp_msrp_lines(&r, in, media->first, media->first + media->n, all, &own);
  if (!rc) rc = sdp_msrp_lines(&r, in, 0, in->nsession, common & ~own, &above);
  return rc ? rc : sdp_msrp_whole(&r, line);
}

/* ---- values -------------------------------------------------------------------------------------------------------- */

static cpm_str sdp_msrp_essence(cpm_str type) {
  size_t n = 0;
  while (n < type.n && type.p[n] != ';' && type.p[n] != ' ' && type.p[n] != '\t') n++;
  return cpm_str_of(type.p, n);
}

bool cpm_sdp_types_take(cpm_str list, cpm_str content_type) {
  const cpm_str type = sdp_msrp_essence(cpm_str_trim(content_type));
  const char *const slash = type.n ? memchr(type.p, '/', type.n) : NULL;
  cpm_str entry;
  if (!slash) return false;
  const cpm_str major = cpm_str_of(type.p, (size_t)(slash - type.p) + 1);
  while (cpm_sdp_word_next(&list, &entry) == CPM_OK) {
    const cpm_str e = sdp_msrp_essence(entry);
    const bool any = e.n > 1 && e.p[e.n - 1] == '*' && e.p[e.n - 2] == '/';
    if ((e.n == 1 && e.p[0] == '*') || cpm_str_ieq(e, type) || (any && cpm_str_ieq(cpm_str_of(e.p, e.n - 1), major))) return true;
  }
  return false;
}

int cpm_sdp_fingerprint_decode(cpm_sdp_fingerprint *out, cpm_str in, cpm_diag *diag) {
  cpmi_sdp_attribute_marks m = { 0 };
  in = cpmi_present(in);
  const char *const stop = cpmi_sdp_attribute_parse(&m, CPM_SDP_FINGERPRINT, in);
  if (stop) return cpmi_refuse(diag, (size_t)(stop - in.p), in, "fingerprint", "RFC 8122 5");
  out->function = cpmi_between(m.function_b, m.function_e);
  out->value = cpmi_between(m.print_b, m.print_e);
  return CPM_OK;
}

int cpm_sdp_selector_decode(cpm_sdp_selector *out, cpm_str in, cpm_diag *diag) {
  enum { BEFORE = 3 };   /* sdp_msrp_at counts "a=" and ":" in front of a value */
  const cpm_sdp_line line = { 'a', CPM_SDP_FILE_SELECTOR, cpm_str_none(), cpmi_present(in), 0 };
  cpm_diag d = { 0 };
  cpm_sdp_msrp msrp;
  memset(&msrp, 0, sizeof msrp);
  sdp_msrp_reader r;
  memset(&r, 0, sizeof r);
  r.out = &msrp;
  r.diag = &d;
  r.line = &line;
  const int rc = in.n ? sdp_msrp_any(&r) : cpmi_fail(&d, CPM_E_TRUNCATED, BEFORE, "file-selector", SDP_MSRP_FILE_CLAUSE);
  *out = msrp.selector;
  if (rc) cpmi_fail(diag, rc, d.off - BEFORE, d.rule, d.clause);
  return rc;
}

int cpm_sdp_hash_next(cpm_str *rest, cpm_sdp_hash *out) {
  static const cpm_str label = CPM_STR("hash:");
  cpm_str word;
  while (cpmi_sdp_word_quoted(rest, &word) == CPM_OK) {
    if (word.n <= label.n || (memcmp(word.p, label.p, label.n) != 0 && !cpm_str_ieq(cpm_str_of(word.p, label.n), label))) continue;
    const cpm_str body = cpmi_behind(word, label.n);
    const char *const sep = memchr(body.p, ':', body.n);
    if (!sep) continue;
    out->algorithm = cpm_str_of(body.p, (size_t)(sep - body.p));
    out->value = cpmi_behind(body, out->algorithm.n + 1);
    return CPM_OK;
  }
  return CPM_END;
}

int cpm_sdp_hex_decode(uint8_t *dst, size_t cap, size_t *len, cpm_str in) {
  if (in.n % 3 != 2) return CPM_E_SYNTAX;
  const size_t n = in.n / 3 + 1;
  for (size_t i = 0; i < in.n; i += 3)
    if (cpmi_hex(in.p[i]) < 0 || cpmi_hex(in.p[i + 1]) < 0 || (i + 2 < in.n && in.p[i + 2] != ':')) return CPM_E_SYNTAX;
  *len = n;
  if (!dst) return CPM_OK;
  if (cap < n) return CPM_E_SPACE;
  for (size_t i = 0; i < n; i++) dst[i] = (uint8_t)(cpmi_hex(in.p[3 * i]) * 16 + cpmi_hex(in.p[3 * i + 1]));
  return CPM_OK;
}

/* ---- names of files ------------------------------------------------------------------------------------------------ */

/* The octet at *at, escape or not; -1: a malformed escape or NUL. */
static int sdp_msrp_octet(cpm_str in, size_t *at) {
  const size_t i = *at;
  if (in.p[i] != '%') {
    *at = i + 1;
    return in.p[i] ? (unsigned char)in.p[i] : -1;
  }
  const int octet = cpmi_escape(cpmi_behind(in, i));
  *at = i + 3;
  return octet ? octet : -1;
}

static bool sdp_msrp_is_separator(int octet) { return octet == '/' || octet == '\\'; }

int cpm_sdp_file_name_decode(char *dst, size_t cap, size_t *len, cpm_str in, const cpm_opts *opts, uint64_t *quirks,
                             cpm_diag *diag) {
  size_t begin = 0, n = 0, dots = 0;
  for (size_t at = 0; at < in.n;) {
    const size_t from = at;
    const int octet = sdp_msrp_octet(in, &at);
    if (octet < 0) return cpmi_fail(diag, CPM_E_ESCAPE, from, "filename-string", SDP_MSRP_FILE_CLAUSE);
    const bool cut = sdp_msrp_is_separator(octet);
    if (cut) begin = at;
    n = cut ? 0 : n + 1;
    dots = cut ? 0 : dots + (octet == '.');
  }
  if (!n || (dots == n && n <= 2)) return cpmi_fail(diag, CPM_E_VALUE, begin, "filename-string", NULL);
  if (begin) {
    const int rc = cpmi_quirk(quirks, CPM_QUIRK(SDP_FILE_NAME), opts, 0, "filename-string", diag);
    if (rc) return rc;
  }
  cpmi_out o = cpmi_out_to(dst, cap, 0);
  for (size_t at = begin; at < in.n;) cpmi_put_char(&o, (char)sdp_msrp_octet(in, &at));
  return cpmi_out_end(&o, len, diag);
}

int cpm_sdp_file_name_encode(char *dst, size_t cap, size_t *len, cpm_str name, cpm_diag *diag) {
  cpmi_out o = cpmi_out_to(dst, cap, 0);
  for (size_t i = 0; i < name.n; i++) {
    const unsigned char c = (unsigned char)name.p[i];
    if (!c) return cpmi_fail(diag, CPM_E_INJECTION, i, "filename-string", NULL);
    if (sdp_msrp_is_separator(c)) return cpmi_fail(diag, CPM_E_VALUE, i, "filename-string", NULL);
    if (c == '%' || c == '"' || c == '\r' || c == '\n') cpmi_put_escape(&o, name.p[i]);
    else cpmi_put_char(&o, name.p[i]);
  }
  const bool dots = name.n && name.n <= 2 && name.p[0] == '.' && name.p[name.n - 1] == '.';
  if (!name.n || dots) return cpmi_fail(diag, CPM_E_VALUE, 0, "filename-string", NULL);
  return cpmi_out_end(&o, len, diag);
}

/* ---- who connects, and what follows from an offer ------------------------------------------------------------------- */

int cpm_sdp_connects(bool *offerer, cpm_msrp_setup offer, cpm_msrp_setup answer, const cpm_opts *opts, uint64_t *quirks,
                     cpm_diag *diag) {
  const bool both = answer == CPM_MSRP_ACTIVE && offer == CPM_MSRP_ACTIVE;
  const int rc = both ? cpmi_quirk(quirks, CPM_QUIRK(SDP_SETUP), opts, 0, "setup", diag) : CPM_OK;
  return rc ? rc : cpm_msrp_is_active(offerer, true, offer, answer, diag);
}

static void sdp_msrp_no_file(cpm_sdp_msrp *out) {
  out->file_transfer_id = out->file_disposition = out->file_icon = cpm_str_none();
  out->creation.there = out->modification.there = out->read.there = out->has_range = false;
}

static void sdp_msrp_file_answer(cpm_sdp_msrp *out, const cpm_sdp_msrp *offer) {
  cpm_sdp_selector *const s = &out->selector;
  const cpm_sdp_selector *const theirs = &offer->selector;
  if (!s->name.p) s->name = theirs->name;
  if (!s->type.p) s->type = theirs->type;
  if (!s->hashes.p) s->hashes = theirs->hashes;
  if (!s->has_size) s->size = theirs->size;
  s->has_size = s->has_size || theirs->has_size;
  out->file_transfer_id = offer->file_transfer_id;
  if (out->has_range) return;
  out->has_range = offer->has_range;
  out->range_start = offer->range_start;
  out->range_stop = offer->range_stop;
}

void cpm_sdp_msrp_answer(cpm_sdp_msrp *out, const cpm_sdp_msrp *offer, const cpm_sdp_msrp *ours) {
  const unsigned theirs = (unsigned)offer->direction;
  *out = *ours;
  if (!offer->port) out->port = 0;
  out->secure = offer->secure;
  if (!out->secure) out->fingerprint = cpm_str_none();   /* RFC 8122 5: it is that of a TLS connection */
  out->direction = (cpm_sdp_direction)((unsigned)ours->direction & ((theirs & 1u) << 1 | (theirs >> 1 & 1u)));
  out->setup = cpm_msrp_setup_answer(offer->setup, ours->setup);
  out->cema = ours->cema && offer->cema;
  out->file = offer->file;
  if (offer->file) sdp_msrp_file_answer(out, offer);
  else sdp_msrp_no_file(out);
}
