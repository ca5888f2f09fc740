/* SPDX-License-Identifier: MIT */
/* sdp.c - session descriptions: their lines, and what stands in each. */
#include "lines.h"
#include "sdp_parse.h"
#include "straight.h"
#include <string.h>

/* ---- names --------------------------------------------------------------------------------------------------------- */

static const cpm_str sdp_names[CPM_SDP_ATTRIBUTE_COUNT] = { { NULL, 0 },
#define SDP_NAME(id, name) CPM_STR(name),
                                                            CPM_SDP_ATTRIBUTES(SDP_NAME)
#undef SDP_NAME
};

cpm_str cpm_sdp_attribute_name(cpm_sdp_attribute id) {
  return (unsigned)id < CPM_SDP_ATTRIBUTE_COUNT ? sdp_names[id] : cpm_str_none();
}

/* Names of 8 letters and more by their first and eighth one: no two share a place, which compilers see to (-Woverride-init). */
enum { SDP_SLOTS = 64, SDP_SHORTEST = 4 };
#define SDP_SLOT(first, eighth) (((size_t)(unsigned char)(first) + (size_t)(unsigned char)(eighth) * 2) % SDP_SLOTS)
static const unsigned char sdp_slots[SDP_SLOTS] = {
  [SDP_SLOT('s', 'v')] = CPM_SDP_SENDRECV,         [SDP_SLOT('s', 'y')] = CPM_SDP_SENDONLY,
  [SDP_SLOT('r', 'y')] = CPM_SDP_RECVONLY,         [SDP_SLOT('i', 'e')] = CPM_SDP_INACTIVE,
  [SDP_SLOT('a', 't')] = CPM_SDP_ACCEPT_TYPES,     [SDP_SLOT('a', 'w')] = CPM_SDP_ACCEPT_WRAPPED_TYPES,
  [SDP_SLOT('m', 'e')] = CPM_SDP_MAX_SIZE,         [SDP_SLOT('c', 'i')] = CPM_SDP_CONNECTION,
  [SDP_SLOT('f', 'r')] = CPM_SDP_FINGERPRINT,      [SDP_SLOT('m', 'm')] = CPM_SDP_MSRP_CEMA,
  [SDP_SLOT('c', 'm')] = CPM_SDP_CHATROOM,         [SDP_SLOT('f', 'l')] = CPM_SDP_FILE_SELECTOR,
  [SDP_SLOT('f', 'a')] = CPM_SDP_FILE_TRANSFER_ID, [SDP_SLOT('f', 's')] = CPM_SDP_FILE_DISPOSITION,
  [SDP_SLOT('f', 't')] = CPM_SDP_FILE_DATE,        [SDP_SLOT('f', 'o')] = CPM_SDP_FILE_ICON,
  [SDP_SLOT('f', 'n')] = CPM_SDP_FILE_RANGE,
};

/* The id of the name that stands at b as the RFCs have it, up to ":" or the end. */
static inline cpm_sdp_attribute sdp_attribute_exact(const char *b, const char *end) {
  const size_t n = (size_t)(end - b);
  unsigned id = CPM_SDP_UNKNOWN;
  if (n < SDP_SHORTEST) return CPM_SDP_UNKNOWN;
  if (b[0] == 'p') id = CPM_SDP_PATH;
  else if (b[0] == 's' && b[2] == 't') id = CPM_SDP_SETUP;
  else if (n > 7) id = sdp_slots[SDP_SLOT(b[0], b[7])];
  const cpm_str name = sdp_names[id];
  return id && name.n <= n && cpmi_same(b, name.p, name.n) && (name.n == n || b[name.n] == ':') ? (cpm_sdp_attribute)id : CPM_SDP_UNKNOWN;
}

cpm_sdp_attribute cpmi_sdp_attribute_of(cpm_str name) {
  for (unsigned id = 1; id < CPM_SDP_ATTRIBUTE_COUNT; id++)
    if (name.n == sdp_names[id].n && cpm_str_ieq(name, sdp_names[id])) return (cpm_sdp_attribute)id;
  return CPM_SDP_UNKNOWN;
}

/* RFC 8866 5: the session's lines and those of an m line, each letter behind the one before it; t, r and z take turns. */
static const struct sdp_type {
  char type;
  unsigned char session, media;
  bool once, media_once, words;
  const char *rule;
} sdp_types[] = {
  { 'v', 1, 0, true, false, true, "version-field" },       { 'o', 2, 0, true, false, true, "origin-field" },
  { 's', 3, 0, true, false, false, "session-name-field" }, { 'i', 4, 2, true, true, false, "information-field" },
  { 'u', 5, 0, true, false, true, "uri-field" },           { 'e', 6, 0, false, false, false, "email-field" },
  { 'p', 7, 0, false, false, false, "phone-field" },       { 'c', 8, 3, true, false, true, "connection-field" },
  { 'b', 9, 4, false, false, true, "bandwidth-field" },    { 't', 10, 0, false, false, true, "time-field" },
  { 'r', 10, 0, false, false, true, "repeat-field" },      { 'z', 10, 0, false, false, true, "zone-field" },
  { 'k', 11, 5, true, true, false, "key-field" },          { 'a', 12, 6, false, false, false, "attribute-field" },
  { 'm', 0, 1, false, false, true, "media-field" },
};

/* Places in the table above by letter, from 1. */
static const unsigned char sdp_type_places[26] = {
  ['v' - 'a'] = 1,  ['o' - 'a'] = 2,  ['s' - 'a'] = 3,  ['i' - 'a'] = 4,  ['u' - 'a'] = 5,
  ['e' - 'a'] = 6,  ['p' - 'a'] = 7,  ['c' - 'a'] = 8,  ['b' - 'a'] = 9,  ['t' - 'a'] = 10,
  ['r' - 'a'] = 11, ['z' - 'a'] = 12, ['k' - 'a'] = 13, ['a' - 'a'] = 14, ['m' - 'a'] = 15,
};

static const struct sdp_type *sdp_type_of(char type) {
  const unsigned place = type >= 'a' && type <= 'z' ? sdp_type_places[type - 'a'] : 0;
  return place ? &sdp_types[place - 1] : NULL;
}

const char *cpmi_sdp_rule(char type) { return sdp_type_of(type) ? sdp_type_of(type)->rule : NULL; }
bool cpmi_sdp_is_words(char type) { return sdp_type_of(type)->words; }
unsigned cpmi_sdp_rank(char type, bool session) { return session ? sdp_type_of(type)->session : sdp_type_of(type)->media; }
bool cpmi_sdp_is_single(char type, bool session) { return session ? sdp_type_of(type)->once : sdp_type_of(type)->media_once; }

cpm_str cpmi_sdp_cut(cpm_str value) {
  while (value.n && value.p[value.n - 1] == ' ') value.n--;
  return value;
}

bool cpmi_sdp_is_msrp(cpm_str media, cpm_str proto, bool *other_case) {
  static const cpm_str message = CPM_STR("message"), plain = CPM_STR("TCP/MSRP"), secure = CPM_STR("TCP/TLS/MSRP");
  const cpm_str wanted = proto.n == plain.n ? plain : secure;
  const bool exact = cpm_str_eq(media, message) && cpm_str_eq(proto, wanted);
  const bool msrp = exact || (cpm_str_ieq(media, message) && cpm_str_ieq(proto, wanted));
  *other_case = msrp && !exact;
  return msrp;
}

/* ---- one line ------------------------------------------------------------------------------------------------------ */

/* A value against its grammar. diag->off counts from `in`, which stands at `at`. */
static int sdp_value(cpmi_sdp_marks *m, const struct sdp_type *type, cpm_str in, size_t at, cpm_diag *diag) {
  in = cpmi_present(in);
  const cpm_str text = type->words ? cpmi_sdp_cut(in) : in;
  const char *const stop = cpmi_sdp_parse(m, type->type, text);
  if (text.n < in.n) m->spacing = true;
  if (!stop) return CPM_OK;
  const size_t off = (size_t)(stop - in.p);
  return cpmi_fail(diag, off == in.n ? CPM_E_TRUNCATED : CPM_E_SYNTAX, at + off, type->rule, CPMI_SDP_CLAUSE);
}

static int sdp_number(uint64_t *out, const char *b, const char *e, uint64_t max, cpm_str in, const char *rule, cpm_diag *diag) {
  if (cpmi_to_number(out, cpmi_between(b, e), max)) return CPM_OK;
  return cpmi_fail(diag, CPM_E_RANGE, (size_t)(b - in.p), rule, CPMI_SDP_CLAUSE);
}

int cpm_sdp_origin_decode(cpm_sdp_origin *out, cpm_str in, cpm_diag *diag) {
  cpmi_sdp_marks m;
  const int rc = sdp_value(&m, sdp_type_of('o'), in, 0, diag);
  if (rc) return rc;
  out->username = cpmi_between(m.username_b, m.username_e);
  out->sess_id = cpmi_between(m.sess_id_b, m.sess_id_e);
  out->sess_version = cpmi_between(m.sess_version_b, m.sess_version_e);
  out->nettype = cpmi_between(m.nettype_b, m.nettype_e);
  out->addrtype = cpmi_between(m.addrtype_b, m.addrtype_e);
  out->address = cpmi_between(m.address_b, m.address_e);
  return CPM_OK;
}

int cpm_sdp_connection_decode(cpm_sdp_connection *out, cpm_str in, cpm_diag *diag) {
  cpmi_sdp_marks m;
  uint64_t ttl = 0, count = 1;
  int rc = sdp_value(&m, sdp_type_of('c'), in, 0, diag);
  if (rc) return rc;
  /* Of IP6 the first number behind "/" is the count: scopes do without a ttl (RFC 8866 5.7). */
  const bool ip6 = m.ttl_b && cpm_str_ieq(cpmi_between(m.addrtype_b, m.addrtype_e), cpm_str_z("IP6"));
  const char *const count_b = ip6 && !m.count_b ? m.ttl_b : m.count_b, *const count_e = ip6 && !m.count_b ? m.ttl_e : m.count_e;
  const bool has_ttl = m.ttl_b && m.ttl_b != count_b;
  if (ip6 && has_ttl) return cpmi_fail(diag, CPM_E_SYNTAX, (size_t)(m.count_b - in.p) - 1, "connection-address", "RFC 8866 5.7");
  if (ip6 && count_b && *count_b == '0') return cpmi_fail(diag, CPM_E_SYNTAX, (size_t)(count_b - in.p), "connection-address", "RFC 8866 9");
  if (has_ttl) rc = sdp_number(&ttl, m.ttl_b, m.ttl_e, UINT8_MAX, in, "ttl", diag);
  if (!rc && count_b) rc = sdp_number(&count, count_b, count_e, UINT64_MAX, in, "numaddr", diag);
  if (rc) return rc;
  out->nettype = cpmi_between(m.nettype_b, m.nettype_e);
  out->addrtype = cpmi_between(m.addrtype_b, m.addrtype_e);
  out->address = cpmi_between(m.address_b, m.address_e);
  out->has_ttl = has_ttl;
  out->ttl = (uint8_t)ttl;
  out->count = count;
  return CPM_OK;
}

int cpm_sdp_bandwidth_decode(cpm_sdp_bandwidth *out, cpm_str in, cpm_diag *diag) {
  cpmi_sdp_marks m = { 0 };
  int rc = sdp_value(&m, sdp_type_of('b'), in, 0, diag);
  uint64_t value = 0;
  if (!rc) rc = sdp_number(&value, m.number_b, m.number_e, UINT64_MAX, in, "bandwidth", diag);
  if (rc) return rc;
  out->type = cpmi_between(m.bwtype_b, m.bwtype_e);
  out->value = value;
  return CPM_OK;
}

int cpm_sdp_time_decode(cpm_sdp_time *out, cpm_str in, cpm_diag *diag) {
  cpmi_sdp_marks m;
  cpm_sdp_time t = { 0, 0 };
  int rc = sdp_value(&m, sdp_type_of('t'), in, 0, diag);
  if (!rc) rc = sdp_number(&t.start, m.start_b, m.start_e, UINT64_MAX, in, "start-time", diag);
  if (!rc) rc = sdp_number(&t.stop, m.stop_b, m.stop_e, UINT64_MAX, in, "stop-time", diag);
  if (!rc) *out = t;
  return rc;
}

static uint64_t sdp_unit(char c) {
  switch (c) {
  case 'd': return 86400;
  case 'h': return 3600;
  case 'm': return 60;
  default: return 1;
  }
}

int cpm_sdp_interval_next(cpm_str *rest, int64_t *seconds, cpm_diag *diag) {
  cpm_str word;
  uint64_t v = 0;
  const char *const whole = rest->p;
  if (cpm_sdp_word_next(rest, &word) == CPM_END) return CPM_END;
  const bool minus = word.p[0] == '-';
  cpm_str digits = cpmi_behind(word, minus);
  const char last = digits.n ? digits.p[digits.n - 1] : '\0';
  const bool unit = last == 'd' || last == 'h' || last == 'm' || last == 's';
  digits.n -= unit;
  size_t n = 0;
  while (n < digits.n && digits.p[n] >= '0' && digits.p[n] <= '9') n++;
  if (n == 0 || n < digits.n) return cpmi_fail(diag, CPM_E_SYNTAX, (size_t)(digits.p - whole) + n, "typed-time", CPMI_SDP_CLAUSE);
  if (!cpmi_to_number(&v, digits, (uint64_t)INT64_MAX / sdp_unit(last)))
    return cpmi_fail(diag, CPM_E_RANGE, (size_t)(word.p - whole), "typed-time", CPMI_SDP_CLAUSE);
  *seconds = (int64_t)(v * sdp_unit(last)) * (minus ? -1 : 1);
  return CPM_OK;
}

int cpm_sdp_key_decode(cpm_sdp_key *out, cpm_str in, cpm_diag *diag) {
  cpmi_sdp_marks m = { 0 };
  const int rc = sdp_value(&m, sdp_type_of('k'), in, 0, diag);
  if (rc) return rc;
  out->method = m.method_e ? cpmi_between(m.method_b, m.method_e) : in;
  out->key = m.key_b ? cpm_str_of(m.key_b, (size_t)(in.p + in.n - m.key_b)) : cpm_str_none();
  return CPM_OK;
}

/* ---- all lines ----------------------------------------------------------------------------------------------------- */

typedef struct sdp_reader {
  cpm_sdp *out;
  const cpm_opts *opts;
  cpm_diag *diag;
  cpm_str in;
  size_t lines, medias; /* all of them, and those that have no room too */
  cpm_sdp_media media;  /* the open m line */
  uint32_t seen;        /* letters of the session, or of the open m line */
  uint32_t session;     /* letters of the session, once an m line is open */
  unsigned rank;
  bool directed;               /* a direction stood in the session, or under the open m line */
  bool bare;                   /* some m line has no c line */
  cpm_sdp_direction direction; /* of the session */
} sdp_reader;

static uint32_t sdp_bit(char type) { return UINT32_C(1) << (type - 'a'); }

static int sdp_quirk(sdp_reader *r, uint64_t bit, size_t off, const char *rule) {
  return cpmi_quirk(&r->out->quirks, bit, r->opts, off, rule, r->diag);
}

/* All but the open m line, of which there is none. */
static void sdp_start(sdp_reader *r, cpm_sdp *out, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  r->out = out;
  r->opts = opts;
  r->diag = diag;
  r->in = in;
  r->lines = r->medias = 0;
  r->seen = r->session = 0;
  r->rank = 0;
  r->directed = r->bare = false;
  r->direction = CPM_SDP_DIRECTION_BOTH;
}

/* Puts the open m line into the array. */
static void sdp_close(sdp_reader *r) {
  if (!r->medias) return;
  r->media.n = r->lines - r->media.first;
  if (!(r->seen & sdp_bit('c'))) r->bare = true;
  if (r->medias <= r->out->media_cap) r->out->media[r->medias - 1] = r->media;
}

/* The session ends here. */
static void sdp_begin(sdp_reader *r) {
  r->out->nsession = r->lines;
  r->session = r->seen;
}

static int sdp_open(sdp_reader *r, const cpmi_sdp_marks *m, const cpm_sdp_line *line) {
  uint64_t port = 0, ports = 1;
  bool other_case = false;
  const cpm_str base = r->in, value = cpmi_sdp_cut(line->value);
  int rc = sdp_number(&port, m->port_b, m->port_e, UINT16_MAX, base, "port", r->diag);
  if (!rc && m->ports_b) rc = sdp_number(&ports, m->ports_b, m->ports_e, UINT64_MAX, base, "media-field", r->diag);
  if (rc) return rc;
  if (r->medias) sdp_close(r);
  else sdp_begin(r);
  r->media.media = cpmi_between(m->media_b, m->media_e);
  r->media.proto = cpmi_between(m->proto_b, m->proto_e);
  r->media.formats = cpm_str_of(m->formats_b, (size_t)(value.p + value.n - m->formats_b));
  r->media.port = (uint16_t)port;
  r->media.ports = ports;
  r->media.msrp = cpmi_sdp_is_msrp(r->media.media, r->media.proto, &other_case);
  r->media.direction = r->direction;
  r->media.first = r->lines;
  r->medias++;
  r->seen = 0;
  r->rank = 0;
  r->directed = false;
  return other_case ? sdp_quirk(r, CPM_QUIRK(SDP_CASE), line->off, "media-field") : CPM_OK;
}

static int sdp_direct(sdp_reader *r, const cpm_sdp_line *line) {
  static const cpm_sdp_direction directions[] = { CPM_SDP_DIRECTION_BOTH, CPM_SDP_DIRECTION_SEND, CPM_SDP_DIRECTION_RECV,
                                                  CPM_SDP_DIRECTION_INACTIVE };
  if (line->value.n) return cpmi_fail(r->diag, CPM_E_SYNTAX, line->off + 2, "attribute", "RFC 8866 6.7");
  if (r->directed) return cpmi_fail(r->diag, CPM_E_DUPLICATE, line->off, "attribute", "RFC 8866 6.7");
  r->directed = true;
  *(r->medias ? &r->media.direction : &r->direction) = directions[line->attribute - CPM_SDP_SENDRECV];
  return CPM_OK;
}

/* An a line whose name and value are in *line; the name has the id `exact` if it is written as the RFCs have it. */
static inline int sdp_attribute(sdp_reader *r, cpm_sdp_attribute exact, cpm_sdp_line *line) {
  const bool empty = line->value.p && !line->value.n;
  line->attribute = exact;
  if (exact && !empty && !cpmi_sdp_is_direction(exact)) return CPM_OK;
  if (!exact) line->attribute = cpmi_sdp_attribute_of(line->name);
  int rc = empty ? sdp_quirk(r, CPM_QUIRK(SDP_SPACING), line->off, "attribute-value") : CPM_OK;
  if (!rc && line->attribute && !exact) rc = sdp_quirk(r, CPM_QUIRK(SDP_CASE), line->off, "attribute-name");
  return !rc && cpmi_sdp_is_direction(line->attribute) ? sdp_direct(r, line) : rc;
}

/* Where it stands among the others, and how often. */
static int sdp_place(sdp_reader *r, const struct sdp_type *type, const cpm_sdp_line *line) {
  const bool session = !r->medias;
  const unsigned rank = session ? type->session : type->media;
  if (line->type == 'm') return CPM_OK;
  if (!rank) return cpmi_fail(r->diag, CPM_E_SYNTAX, line->off, type->rule, "RFC 8866 5");
  if ((r->seen & sdp_bit(line->type)) && (session ? type->once : type->media_once))
    return cpmi_fail(r->diag, CPM_E_DUPLICATE, line->off, type->rule, "RFC 8866 5");
  const bool early = (line->type == 'r' || line->type == 'z') && !(r->seen & sdp_bit('t'));
  const bool again = line->type == 'z' && (r->seen & sdp_bit('z'));
  const bool wrong = rank < r->rank || early || again;
  r->rank = rank;
  if (line->type == 't' || line->type == 'r') r->seen &= ~sdp_bit('z');   /* one z for the r lines of each t */
  r->seen |= sdp_bit(line->type);
  return wrong ? sdp_quirk(r, CPM_QUIRK(SDP_LINES), line->off, type->rule) : CPM_OK;
}

static int sdp_version(cpm_str value, size_t off, cpm_diag *diag) {
  uint64_t version = 1;
  if (cpmi_to_number(&version, cpmi_sdp_cut(value), 0)) return CPM_OK;
  return cpmi_fail(diag, CPM_E_UNSUPPORTED, off, "version-field", "RFC 8866 5.1");
}

static size_t sdp_max_line(const sdp_reader *r) { return cpmi_limit(r->opts ? r->opts->max_line : 0, CPM_LIMIT_LINE); }

/* Takes the a lines at *at, up to the first one that is not cut as most are: attribute-name [":" byte-string] CRLF. */
static int sdp_lines_a(sdp_reader *r, size_t *at) {
  const size_t max = sdp_max_line(r), cap = r->out->cap;
  const char *const in = r->in.p, *const pe = in + r->in.n, *p = in + *at;
  cpmi_lines walk = cpmi_lines_of(p, pe);
  cpm_sdp_line beyond;
  size_t n = r->lines;
  int rc = CPM_OK;
  while (!rc && pe - p > 4 && memcmp(p, "a=", 2) == 0) {
    const char *const b = p + 2, *const e = cpmi_line_end(&walk, b);
    if (!e || (size_t)(e - p) > max) break;
    cpm_sdp_line *const line = n < cap ? &r->out->lines[n] : &beyond;
    const cpm_sdp_attribute exact = sdp_attribute_exact(b, e);
    const char *const name_e = exact ? b + sdp_names[exact].n : cpmi_run(b, e, CPMI_NAME);
    if (name_e == b || (name_e < e && *name_e != ':')) break;
    line->name = cpm_str_of(b, (size_t)(name_e - b));
    line->value = name_e < e ? cpm_str_of(name_e + 1, (size_t)(e - name_e) - 1) : cpm_str_none();
    line->type = 'a';
    line->off = (size_t)(p - in);
    rc = sdp_attribute(r, exact, line);
    n += rc == CPM_OK;
    p = e + 2;
  }
  if (n > r->lines) r->rank = cpmi_sdp_rank('a', !r->medias), r->seen |= sdp_bit('a');   /* the last rank: nothing stands behind it */
  r->lines = n;
  *at = (size_t)(p - in);
  return rc;
}

/* What stands in a line. */
static int sdp_line_value(sdp_reader *r, const struct sdp_type *type, cpm_sdp_line *line) {
  cpmi_sdp_marks m;
  const cpm_str value = line->value;
  int rc = sdp_value(&m, type, value, line->off + 2, r->diag);
  if (!rc) rc = sdp_place(r, type, line);
  if (!rc && line->type == 'm') rc = sdp_open(r, &m, line);
  if (!rc && line->type == 'a') {
    line->name = cpm_str_of(value.p, m.value_b ? (size_t)(m.value_b - 1 - value.p) : value.n);
    line->value = m.value_b ? cpmi_behind(value, line->name.n + 1) : cpm_str_none();
    rc = sdp_attribute(r, sdp_attribute_exact(value.p, value.p + value.n), line);
  }
  if (!rc && line->type == 'v') rc = sdp_version(value, line->off + 2, r->diag);
  if (!rc && (m.spacing || (line->type == 's' && !value.n))) rc = sdp_quirk(r, CPM_QUIRK(SDP_SPACING), line->off, type->rule);
  return rc;
}

/* One line without its end. */
static int sdp_line(sdp_reader *r, cpm_str text, size_t off) {
  cpm_sdp_line beyond, *const line = r->lines < r->out->cap ? &r->out->lines[r->lines] : &beyond;
  const struct sdp_type *const type = sdp_type_of(text.p[0]);
  if (!type) return cpmi_fail(r->diag, CPM_E_SYNTAX, off, "session-description", CPMI_SDP_CLAUSE);
  if (text.n < 2 || text.p[1] != '=')
    return cpmi_fail(r->diag, off + 1 == r->in.n ? CPM_E_TRUNCATED : CPM_E_SYNTAX, off + 1, type->rule, CPMI_SDP_CLAUSE);
  line->type = type->type;
  line->off = off;
  line->attribute = CPM_SDP_UNKNOWN;
  line->name = cpm_str_none();
  line->value = cpmi_behind(text, 2);
  const int rc = sdp_line_value(r, type, line);
  r->lines += rc == CPM_OK;
  return rc;
}

/* Takes a line off at *at; text is without its end. */
static int sdp_line_cut(sdp_reader *r, size_t *at, cpm_str *text) {
  const size_t from = *at, max = sdp_max_line(r);
  const cpm_str rest = cpmi_behind(r->in, from);
  size_t end = cpmi_find_line_end(rest.p, rest.n);
  const bool whole = rest.n - end > 1 && rest.p[end] == '\r' && rest.p[end + 1] == '\n';
  *at = from + end + 2;
  if (!whole) {
    const char *const lf = end < rest.n ? memchr(rest.p + end, '\n', rest.n - end) : NULL;
    const size_t stop = lf ? (size_t)(lf - rest.p) : rest.n;
    *at = from + stop + (lf != NULL);
    end = stop - (stop && rest.p[stop - 1] == '\r');
  }
  *text = cpm_str_of(rest.p, end);
  if (end > max) return cpmi_fail(r->diag, CPM_E_TOO_LONG, from, "session-description", NULL);
  if (end && (whole || *at - from == end + 2)) return CPM_OK;
  return sdp_quirk(r, CPM_QUIRK(SDP_LINE_END), from + end, "CRLF");
}

/* Takes any line at *at. */
static int sdp_line_next(sdp_reader *r, size_t *at) {
  const size_t from = *at;
  cpm_str text;
  const int rc = sdp_line_cut(r, at, &text);
  return rc || !text.n ? rc : sdp_line(r, text, from);
}

static int sdp_too_many(size_t need, const char *rule, cpm_diag *diag) {
  cpmi_fail(diag, CPM_E_TOO_MANY, 0, rule, NULL);
  if (diag) diag->need = need;
  return CPM_E_TOO_MANY;
}

/* What must be there, and fits. */
static int sdp_whole(sdp_reader *r) {
  const uint32_t session = r->session;
  static const char must[] = "vo", should[] = "st";
  const uint32_t usual = sdp_bit('v') | sdp_bit('o') | sdp_bit('s') | sdp_bit('t');
  const bool all = (session & usual) == usual;
  for (size_t i = 0; i < 2 && !all; i++)
    if (!(session & sdp_bit(must[i]))) return cpmi_fail(r->diag, CPM_E_MISSING, r->in.n, cpmi_sdp_rule(must[i]), "RFC 8866 5");
  for (size_t i = 0; i < 2 && !all; i++) {
    const int rc = session & sdp_bit(should[i]) ? CPM_OK : sdp_quirk(r, CPM_QUIRK(SDP_LINES), r->in.n, cpmi_sdp_rule(should[i]));
    if (rc) return rc;
  }
  if (r->bare && !(session & sdp_bit('c'))) {
    const int rc = sdp_quirk(r, CPM_QUIRK(SDP_LINES), r->in.n, "connection-field");
    if (rc) return rc;
  }
  r->out->nlines = r->lines < r->out->cap ? r->lines : r->out->cap;
  r->out->nmedia = r->medias < r->out->media_cap ? r->medias : r->out->media_cap;
  if (r->out->nlines < r->lines) return sdp_too_many(r->lines, "session-description", r->diag);
  return r->out->nmedia < r->medias ? sdp_too_many(r->medias, "media-field", r->diag) : CPM_OK;
}

int cpm_sdp_decode(cpm_sdp *out, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  if (!out || (!out->lines && out->cap) || (!out->media && out->media_cap)) return cpmi_fail(diag, CPM_E_ARG, 0, "out", NULL);
  sdp_reader r;
  const uint64_t max = opts && opts->max_body ? opts->max_body : CPM_LIMIT_BODY;
  out->nlines = out->nmedia = out->nsession = 0;
  out->quirks = 0;
  if (in.n > max) return cpmi_fail(diag, CPM_E_TOO_LONG, 0, "session-description", NULL);
  if (!in.n) return cpmi_fail(diag, CPM_E_TRUNCATED, 0, "session-description", CPMI_SDP_CLAUSE);
  sdp_start(&r, out, in, opts, diag);
  for (size_t at = 0; at < in.n;) {
    int rc = CPMI_STRAIGHT && in.p[at] == 'a' ? sdp_lines_a(&r, &at) : CPM_OK;
    if (!rc && at < in.n) rc = sdp_line_next(&r, &at);
    if (rc) return rc;
  }
  if (r.medias) sdp_close(&r);
  else sdp_begin(&r);
  return sdp_whole(&r);
}

/* ---- finding ------------------------------------------------------------------------------------------------------- */

const cpm_sdp_line *cpm_sdp_find(const cpm_sdp *in, cpm_sdp_attribute id, size_t *index, size_t end) {
  for (size_t i = *index; i < end && i < in->nlines; i++) {
    if (in->lines[i].type != 'a' || in->lines[i].attribute != id) continue;
    *index = i + 1;
    return &in->lines[i];
  }
  return NULL;
}

const cpm_sdp_line *cpm_sdp_find_type(const cpm_sdp *in, char type, size_t *index, size_t end) {
  for (size_t i = *index; i < end && i < in->nlines; i++) {
    if (in->lines[i].type != type) continue;
    *index = i + 1;
    return &in->lines[i];
  }
  return NULL;
}

int cpm_sdp_connection_of(cpm_sdp_connection *out, const cpm_sdp *in, size_t index, cpm_diag *diag) {
  size_t at = 0;
  if (index >= in->nmedia) return cpmi_fail(diag, CPM_E_ARG, 0, "index", NULL);
  at = in->media[index].first;
  const cpm_sdp_line *line = cpm_sdp_find_type(in, 'c', &at, in->media[index].first + in->media[index].n);
  at = 0;
  if (!line) line = cpm_sdp_find_type(in, 'c', &at, in->nsession);
  if (!line) return cpmi_fail(diag, CPM_E_MISSING, 0, "connection-field", "RFC 8866 5.7");
  const int rc = cpm_sdp_connection_decode(out, line->value, diag);
  if (rc && diag) diag->off += line->off + 2;
  return rc;
}

int cpm_sdp_word_next(cpm_str *rest, cpm_str *word) {
  size_t i = 0;
  while (i < rest->n && rest->p[i] == ' ') i++;
  *rest = cpmi_behind(cpmi_present(*rest), i);
  if (!rest->n) return CPM_END;
  const char *const sp = memchr(rest->p, ' ', rest->n);
  *word = cpm_str_of(rest->p, sp ? (size_t)(sp - rest->p) : rest->n);
  *rest = cpmi_behind(*rest, word->n);
  return CPM_OK;
}

int cpmi_sdp_word_quoted(cpm_str *rest, cpm_str *word) {
  size_t i = 0, n;
  bool quoted = false;
  while (i < rest->n && rest->p[i] == ' ') i++;
  if (i == rest->n) return CPM_END;
  if (!memchr(rest->p + i, '"', rest->n - i)) return cpm_sdp_word_next(rest, word);
  for (n = i; n < rest->n && (quoted || rest->p[n] != ' '); n++)
    if (rest->p[n] == '"') quoted = !quoted;
  *word = cpm_str_of(rest->p + i, n - i);
  *rest = cpmi_behind(*rest, n);
  return CPM_OK;
}
