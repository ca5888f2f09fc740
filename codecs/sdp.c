/* SPDX-License-Identifier: MIT */
/* sdp.c - session descriptions: their lines, and what stands in each. */
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

/* Names by their length and letters: no two share a place, which compilers see to (-Woverride-init). */
enum { SDP_SLOTS = 32, SDP_SHORTEST = 4, SDP_LONGEST = 20 };
#define SDP_SLOT(n, first, last) (((size_t)(n) + (size_t)(unsigned char)(first) * 19 + (size_t)(unsigned char)(last) * 8) % SDP_SLOTS)
static const unsigned char sdp_slots[SDP_SLOTS] = {
  [SDP_SLOT(8, 's', 'v')] = CPM_SDP_SENDRECV,      [SDP_SLOT(8, 's', 'y')] = CPM_SDP_SENDONLY,
  [SDP_SLOT(8, 'r', 'y')] = CPM_SDP_RECVONLY,      [SDP_SLOT(8, 'i', 'e')] = CPM_SDP_INACTIVE,
  [SDP_SLOT(12, 'a', 's')] = CPM_SDP_ACCEPT_TYPES, [SDP_SLOT(20, 'a', 's')] = CPM_SDP_ACCEPT_WRAPPED_TYPES,
  [SDP_SLOT(8, 'm', 'e')] = CPM_SDP_MAX_SIZE,      [SDP_SLOT(4, 'p', 'h')] = CPM_SDP_PATH,
  [SDP_SLOT(5, 's', 'p')] = CPM_SDP_SETUP,         [SDP_SLOT(10, 'c', 'n')] = CPM_SDP_CONNECTION,
  [SDP_SLOT(11, 'f', 't')] = CPM_SDP_FINGERPRINT,  [SDP_SLOT(9, 'm', 'a')] = CPM_SDP_MSRP_CEMA,
  [SDP_SLOT(8, 'c', 'm')] = CPM_SDP_CHATROOM,      [SDP_SLOT(13, 'f', 'r')] = CPM_SDP_FILE_SELECTOR,
  [SDP_SLOT(16, 'f', 'd')] = CPM_SDP_FILE_TRANSFER_ID, [SDP_SLOT(16, 'f', 'n')] = CPM_SDP_FILE_DISPOSITION,
  [SDP_SLOT(9, 'f', 'e')] = CPM_SDP_FILE_DATE,     [SDP_SLOT(9, 'f', 'n')] = CPM_SDP_FILE_ICON,
  [SDP_SLOT(10, 'f', 'e')] = CPM_SDP_FILE_RANGE,
};

/* The id of a name as the RFCs have it. */
static cpm_sdp_attribute sdp_attribute_exact(cpm_str name) {
  if (name.n < SDP_SHORTEST || name.n > SDP_LONGEST) return CPM_SDP_UNKNOWN;
  const unsigned id = sdp_slots[SDP_SLOT(name.n, name.p[0], name.p[name.n - 1])];
  return id && name.n == sdp_names[id].n && cpmi_same(name.p, sdp_names[id].p, name.n) ? (cpm_sdp_attribute)id : CPM_SDP_UNKNOWN;
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
static int sdp_value(cpmi_sdp_marks *m, char type, cpm_str in, size_t at, cpm_diag *diag) {
  in = cpmi_present(in);
  const cpm_str text = cpmi_sdp_is_words(type) ? cpmi_sdp_cut(in) : in;
  const char *const stop = cpmi_sdp_parse(m, type, text);
  if (text.n < in.n) m->spacing = true;
  if (!stop) return CPM_OK;
  const size_t off = (size_t)(stop - in.p);
  return cpmi_fail(diag, off == in.n ? CPM_E_TRUNCATED : CPM_E_SYNTAX, at + off, cpmi_sdp_rule(type), CPMI_SDP_CLAUSE);
}

static int sdp_number(uint64_t *out, const char *b, const char *e, uint64_t max, cpm_str in, const char *rule, cpm_diag *diag) {
  if (cpmi_to_number(out, cpmi_between(b, e), max)) return CPM_OK;
  return cpmi_fail(diag, CPM_E_RANGE, (size_t)(b - in.p), rule, CPMI_SDP_CLAUSE);
}

int cpm_sdp_origin_decode(cpm_sdp_origin *out, cpm_str in, cpm_diag *diag) {
  cpmi_sdp_marks m = { 0 };
  const int rc = sdp_value(&m, 'o', in, 0, diag);
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
  cpmi_sdp_marks m = { 0 };
  uint64_t ttl = 0, count = 1;
  int rc = sdp_value(&m, 'c', in, 0, diag);
  if (rc) return rc;
  /* Of IP6 the first number behind "/" is the count: scopes do without a ttl (RFC 8866 5.7). */
  const bool ip6 = cpm_str_ieq(cpmi_between(m.addrtype_b, m.addrtype_e), cpm_str_z("IP6"));
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
  int rc = sdp_value(&m, 'b', in, 0, diag);
  uint64_t value = 0;
  if (!rc) rc = sdp_number(&value, m.number_b, m.number_e, UINT64_MAX, in, "bandwidth", diag);
  if (rc) return rc;
  out->type = cpmi_between(m.bwtype_b, m.bwtype_e);
  out->value = value;
  return CPM_OK;
}

int cpm_sdp_time_decode(cpm_sdp_time *out, cpm_str in, cpm_diag *diag) {
  cpmi_sdp_marks m = { 0 };
  cpm_sdp_time t = { 0, 0 };
  int rc = sdp_value(&m, 't', in, 0, diag);
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
  const int rc = sdp_value(&m, 'k', in, 0, diag);
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
  unsigned rank;
  bool directed;               /* a direction stood in the session, or under the open m line */
  bool bare;                   /* some m line has no c line */
  cpm_sdp_direction direction; /* of the session */
} sdp_reader;

static uint32_t sdp_bit(char type) { return UINT32_C(1) << (type - 'a'); }

static int sdp_quirk(sdp_reader *r, uint64_t bit, size_t off, const char *rule) {
  return cpmi_quirk(&r->out->quirks, bit, r->opts, off, rule, r->diag);
}

/* Puts the open m line into the array. */
static void sdp_close(sdp_reader *r) {
  if (!r->medias) return;
  r->media.n = r->lines - r->media.first;
  if (!(r->seen & sdp_bit('c'))) r->bare = true;
  if (r->medias <= r->out->media_cap) r->out->media[r->medias - 1] = r->media;
}

static int sdp_open(sdp_reader *r, const cpmi_sdp_marks *m, const cpm_sdp_line *line) {
  uint64_t port = 0, ports = 1;
  bool other_case = false;
  const cpm_str base = r->in, value = cpmi_sdp_cut(line->value);
  int rc = sdp_number(&port, m->port_b, m->port_e, UINT16_MAX, base, "port", r->diag);
  if (!rc && m->ports_b) rc = sdp_number(&ports, m->ports_b, m->ports_e, UINT64_MAX, base, "media-field", r->diag);
  if (rc) return rc;
  if (r->medias) sdp_close(r);
  else r->out->nsession = r->lines;
  memset(&r->media, 0, sizeof r->media);
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

/* An a line: `whole` is what stands behind "a=", its name is `name`, of the id `exact` if it is written as the RFCs have it. */
static int sdp_attribute(sdp_reader *r, cpm_str whole, cpm_str name, cpm_sdp_attribute exact, cpm_sdp_line *line) {
  const bool valued = name.n < whole.n;
  line->name = name;
  line->value = valued ? cpmi_behind(whole, name.n + 1) : cpm_str_none();
  line->attribute = exact ? exact : cpmi_sdp_attribute_of(name);
  int rc = CPM_OK;
  if (valued && !line->value.n) rc = sdp_quirk(r, CPM_QUIRK(SDP_SPACING), line->off, "attribute-value");
  if (!rc && line->attribute && !exact) rc = sdp_quirk(r, CPM_QUIRK(SDP_CASE), line->off, "attribute-name");
  return !rc && cpmi_sdp_is_direction(line->attribute) ? sdp_direct(r, line) : rc;
}

/* Where it stands among the others, and how often. */
static int sdp_place(sdp_reader *r, const cpm_sdp_line *line) {
  const bool session = !r->medias && line->type != 'm';
  const unsigned rank = cpmi_sdp_rank(line->type, session);
  if (!rank) return cpmi_fail(r->diag, CPM_E_SYNTAX, line->off, cpmi_sdp_rule(line->type), "RFC 8866 5");
  if (line->type == 'm') return CPM_OK;
  if ((r->seen & sdp_bit(line->type)) && cpmi_sdp_is_single(line->type, session))
    return cpmi_fail(r->diag, CPM_E_DUPLICATE, line->off, cpmi_sdp_rule(line->type), "RFC 8866 5");
  const bool early = (line->type == 'r' || line->type == 'z') && !(r->seen & sdp_bit('t'));
  const bool wrong = rank < r->rank || early;
  r->rank = rank;
  r->seen |= sdp_bit(line->type);
  return wrong ? sdp_quirk(r, CPM_QUIRK(SDP_LINES), line->off, cpmi_sdp_rule(line->type)) : CPM_OK;
}

static int sdp_version(cpm_str value, size_t off, cpm_diag *diag) {
  uint64_t version = 1;
  if (cpmi_to_number(&version, cpmi_sdp_cut(value), 0)) return CPM_OK;
  return cpmi_fail(diag, CPM_E_UNSUPPORTED, off, "version-field", "RFC 8866 5.1");
}

/* An a line that is cut as most are: attribute-name [":" byte-string]. CPM_E_MORE: it is none, and the machine must tell why. */
static int sdp_line_a(sdp_reader *r, cpm_str whole, cpm_sdp_line *line) {
  const char *const colon = memchr(whole.p, ':', whole.n);
  const cpm_str name = cpm_str_of(whole.p, colon ? (size_t)(colon - whole.p) : whole.n);
  const cpm_sdp_attribute exact = sdp_attribute_exact(name);
  if (!exact && (!name.n || cpmi_run(name.p, name.p + name.n, CPMI_NAME) < name.p + name.n)) return CPM_E_MORE;
  r->rank = cpmi_sdp_rank('a', !r->medias);   /* the last one: nothing stands behind it, and it may stand often */
  r->seen |= sdp_bit('a');
  return sdp_attribute(r, whole, name, exact, line);
}

/* Any line, by its machine. */
static int sdp_line_any(sdp_reader *r, cpm_sdp_line *line) {
  cpmi_sdp_marks m = { 0 };
  const cpm_str value = line->value;
  int rc = sdp_value(&m, line->type, value, line->off + 2, r->diag);
  if (!rc) rc = sdp_place(r, line);
  if (!rc && line->type == 'm') rc = sdp_open(r, &m, line);
  if (!rc && line->type == 'a') {
    const cpm_str name = cpm_str_of(value.p, m.value_b ? (size_t)(m.value_b - 1 - value.p) : value.n);
    rc = sdp_attribute(r, value, name, sdp_attribute_exact(name), line);
  }
  if (!rc && line->type == 'v') rc = sdp_version(value, line->off + 2, r->diag);
  if (!rc && (m.spacing || (line->type == 's' && !value.n))) rc = sdp_quirk(r, CPM_QUIRK(SDP_SPACING), line->off, cpmi_sdp_rule(line->type));
  return rc;
}

/* One line without its end. clean: no CR, LF or NUL stands in it. */
static int sdp_line(sdp_reader *r, cpm_str text, size_t off, bool clean) {
  cpm_sdp_line beyond, *const line = r->lines < r->out->cap ? &r->out->lines[r->lines] : &beyond;
  const char type = text.p[0];
  line->type = type;
  line->off = off;
  if (CPMI_STRAIGHT && clean && type == 'a' && text.n > 2 && text.p[1] == '=') {
    const int rc = sdp_line_a(r, cpmi_behind(text, 2), line);
    r->lines += rc == CPM_OK;
    if (rc != CPM_E_MORE) return rc;
  }
  if (!cpmi_sdp_rule(type)) return cpmi_fail(r->diag, CPM_E_SYNTAX, off, "session-description", CPMI_SDP_CLAUSE);
  if (text.n < 2 || text.p[1] != '=')
    return cpmi_fail(r->diag, off + 1 == r->in.n ? CPM_E_TRUNCATED : CPM_E_SYNTAX, off + 1, cpmi_sdp_rule(type), CPMI_SDP_CLAUSE);
  line->attribute = CPM_SDP_UNKNOWN;
  line->name = cpm_str_none();
  line->value = cpmi_behind(text, 2);
  const int rc = sdp_line_any(r, line);
  r->lines += rc == CPM_OK;
  return rc;
}

/* Takes a line off at *at; text is without its end. *clean: no CR, LF or NUL stands in it. */
static int sdp_line_cut(sdp_reader *r, size_t *at, cpm_str *text, bool *clean) {
  const size_t from = *at, max = cpmi_limit(r->opts ? r->opts->max_line : 0, CPM_LIMIT_LINE);
  const cpm_str rest = cpmi_behind(r->in, from);
  size_t end = cpmi_find_line_end(rest.p, rest.n);
  const bool whole = rest.n - end > 1 && rest.p[end] == '\r' && rest.p[end + 1] == '\n';
  *clean = whole;
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

static int sdp_too_many(size_t need, const char *rule, cpm_diag *diag) {
  cpmi_fail(diag, CPM_E_TOO_MANY, 0, rule, NULL);
  if (diag) diag->need = need;
  return CPM_E_TOO_MANY;
}

/* What must be there, and fits. */
static int sdp_whole(sdp_reader *r, uint32_t session) {
  static const char must[] = "vo", should[] = "st";
  for (size_t i = 0; i < 2; i++)
    if (!(session & sdp_bit(must[i]))) return cpmi_fail(r->diag, CPM_E_MISSING, r->in.n, cpmi_sdp_rule(must[i]), "RFC 8866 5");
  for (size_t i = 0; i < 2; i++) {
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
  sdp_reader r = { .out = out, .opts = opts, .diag = diag, .in = cpmi_present(in), .direction = CPM_SDP_DIRECTION_BOTH };
  const uint64_t max = opts && opts->max_body ? opts->max_body : CPM_LIMIT_BODY;
  uint32_t session = 0;
  out->nlines = out->nmedia = out->nsession = 0;
  out->quirks = 0;
  if (in.n > max) return cpmi_fail(diag, CPM_E_TOO_LONG, 0, "session-description", NULL);
  if (!in.n) return cpmi_fail(diag, CPM_E_TRUNCATED, 0, "session-description", CPMI_SDP_CLAUSE);
  for (size_t at = 0; at < in.n;) {
    const size_t off = at;
    cpm_str text;
    bool clean;
    int rc = sdp_line_cut(&r, &at, &text, &clean);
    if (!rc && text.n) rc = sdp_line(&r, text, off, clean);
    if (rc) return rc;
    if (!r.medias) session = r.seen;
  }
  if (r.medias) sdp_close(&r);
  else out->nsession = r.lines;
  return sdp_whole(&r, session);
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
