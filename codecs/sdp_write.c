/* SPDX-License-Identifier: MIT */
/* sdp_write.c - lines of SDP, offers and answers. */
#include "sdp_parse.h"
#include <string.h>

/* ---- pieces ------------------------------------------------------------------------------------------------------- */

static int sdp_write_piece(cpmi_out *o, char piece, cpm_str s, const char *rule, cpm_diag *diag) {
  cpmi_sdp_marks m = { 0 };
  if (!s.p) return cpmi_fail(diag, CPM_E_MISSING, 0, rule, CPMI_SDP_CLAUSE);
  const int rc = cpmi_check_clean(s, rule, diag);
  if (rc) return rc;
  const char *const stop = cpmi_sdp_parse(&m, piece, s);
  if (stop) return cpmi_fail(diag, CPM_E_VALUE, (size_t)(stop - s.p), rule, CPMI_SDP_CLAUSE);
  cpmi_put(o, s);
  return CPM_OK;
}

/* The words of s with one SP between. */
static void sdp_write_words(cpmi_out *o, cpm_str s) {
  cpm_str word;
  for (size_t n = 0; cpm_sdp_word_next(&s, &word) == CPM_OK; n++) {
    if (n) cpmi_put_char(o, ' ');
    cpmi_put(o, word);
  }
}

/* Hexadecimal digits in upper case. */
static void sdp_write_hex(cpmi_out *o, cpm_str s) {
  for (size_t i = 0; i < s.n; i++) cpmi_put_char(o, s.p[i] >= 'a' && s.p[i] <= 'f' ? (char)(s.p[i] - 'a' + 'A') : s.p[i]);
}

static void sdp_write_begin(cpmi_out *o, char type) {
  cpmi_put_char(o, type);
  cpmi_put_char(o, '=');
}

static void sdp_write_end(cpmi_out *o) { cpmi_put_z(o, "\r\n"); }

static void sdp_write_attribute_begin(cpmi_out *o, cpm_sdp_attribute id, bool value) {
  cpmi_put_z(o, "a=");
  cpmi_put(o, cpm_sdp_attribute_name(id));
  if (value) cpmi_put_char(o, ':');
}

/* ---- lines of an array --------------------------------------------------------------------------------------------- */

static void sdp_write_media_field(cpmi_out *o, cpm_str media, uint64_t port, cpm_str ports, cpm_str proto, cpm_str formats) {
  bool other_case;
  const bool msrp = cpmi_sdp_is_msrp(media, proto, &other_case);
  sdp_write_begin(o, 'm');
  cpmi_put(o, msrp ? cpm_str_z("message") : media);
  cpmi_put_char(o, ' ');
  cpmi_put_number(o, port);
  if (ports.p) cpmi_put_char(o, '/');
  cpmi_put(o, ports);
  cpmi_put_char(o, ' ');
  cpmi_put(o, msrp ? cpm_str_z(proto.n > sizeof "TCP/MSRP" - 1 ? "TCP/TLS/MSRP" : "TCP/MSRP") : proto);
  cpmi_put_char(o, ' ');
  sdp_write_words(o, formats);
}

static int sdp_write_media(cpmi_out *o, const cpmi_sdp_marks *m, cpm_str value, cpm_diag *diag) {
  uint64_t port, ports;
  if (!cpmi_to_number(&port, cpmi_between(m->port_b, m->port_e), UINT16_MAX))
    return cpmi_fail(diag, CPM_E_RANGE, (size_t)(m->port_b - value.p), "port", CPMI_SDP_CLAUSE);
  if (!cpmi_to_number(&ports, cpmi_between(m->ports_b, m->ports_e), UINT64_MAX))
    return cpmi_fail(diag, CPM_E_RANGE, (size_t)(m->ports_b - value.p), "media-field", CPMI_SDP_CLAUSE);
  sdp_write_media_field(o, cpmi_between(m->media_b, m->media_e), port, cpmi_between(m->ports_b, m->ports_e),
                        cpmi_between(m->proto_b, m->proto_e), cpm_str_of(m->formats_b, (size_t)(value.p + value.n - m->formats_b)));
  return CPM_OK;
}

static int sdp_write_attribute_line(cpmi_out *o, const cpm_sdp_line *line, cpm_diag *diag) {
  int rc = cpmi_check_clean(line->value, "attribute-value", diag);
  if (rc) return rc;
  if (cpmi_sdp_is_direction(line->attribute) && line->value.n) return cpmi_fail(diag, CPM_E_VALUE, 0, "attribute", "RFC 8866 6.7");
  if (line->attribute) {
    if (!cpm_sdp_attribute_name(line->attribute).p) return cpmi_fail(diag, CPM_E_ARG, 0, "attribute", NULL);
    sdp_write_attribute_begin(o, line->attribute, line->value.n);
  } else {
    sdp_write_begin(o, 'a');
    rc = sdp_write_piece(o, CPMI_SDP_TOKEN, line->name, "attribute-name", diag);
    if (!rc && cpmi_sdp_attribute_of(line->name)) rc = cpmi_fail(diag, CPM_E_VALUE, 0, "attribute-name", NULL);
    if (rc) return rc;
    if (line->value.n) cpmi_put_char(o, ':');
  }
  cpmi_put(o, line->value);
  sdp_write_end(o);
  return CPM_OK;
}

static int sdp_write_line(cpmi_out *o, const cpm_sdp_line *line, cpm_diag *diag) {
  cpmi_sdp_marks m = { 0 };
  const char *const rule = cpmi_sdp_rule(line->type);
  uint64_t version;
  if (line->type == 'a') return sdp_write_attribute_line(o, line, diag);
  const int rc = cpmi_check_clean(line->value, rule, diag);
  if (rc) return rc;
  const bool words = cpmi_sdp_is_words(line->type);
  const cpm_str value = words ? cpmi_sdp_cut(cpmi_present(line->value)) : cpmi_present(line->value);
  const char *const stop = cpmi_sdp_parse(&m, line->type, value);
  if (stop) return cpmi_fail(diag, CPM_E_VALUE, (size_t)(stop - value.p), rule, CPMI_SDP_CLAUSE);
  if (line->type == 'm') {
    const int wrong = sdp_write_media(o, &m, value, diag);
    if (wrong) return wrong;
    sdp_write_end(o);
    return CPM_OK;
  }
  if (line->type == 'v' && !cpmi_to_number(&version, value, 0)) return cpmi_fail(diag, CPM_E_UNSUPPORTED, 0, rule, "RFC 8866 5.1");
  sdp_write_begin(o, line->type);
  if (line->type == 'v') cpmi_put_char(o, '0');
  else if (line->type == 'b') {
    cpmi_put(o, cpmi_between(m.bwtype_b, m.bwtype_e));
    cpmi_put_char(o, ':');
    cpmi_put(o, cpmi_between(m.number_b, m.number_e));
  } else if (line->type == 's' && !value.n) cpmi_put_char(o, '-');
  else if (words) sdp_write_words(o, value);
  else cpmi_put(o, value);
  sdp_write_end(o);
  return CPM_OK;
}

/* Lines [from, end) of the session or of one m line: what stands once, where, and what is missing. *seen: letters from 'a' on. */
static int sdp_write_check(const cpm_sdp *in, size_t from, size_t end, bool session, uint32_t *seen, cpm_diag *diag) {
  bool directed = false;
  *seen = 0;
  for (size_t i = from; i < end; i++) {
    const cpm_sdp_line *const line = &in->lines[i];
    const char *const rule = cpmi_sdp_rule(line->type);
    if (!rule || !cpmi_sdp_rank(line->type, session))
      return cpmi_fail(diag, CPM_E_VALUE, 0, rule ? rule : "session-description", "RFC 8866 5");
    const uint32_t bit = UINT32_C(1) << (line->type - 'a');
    const bool direction = line->type == 'a' && cpmi_sdp_is_direction(line->attribute);
    const bool single = line->type == 'z' || cpmi_sdp_is_single(line->type, session);
    if (line->type == 't' || line->type == 'r') *seen &= ~(UINT32_C(1) << ('z' - 'a'));   /* one z for the r lines of each t */
    if (((*seen & bit) && single) || (direction && directed))
      return cpmi_fail(diag, CPM_E_DUPLICATE, 0, rule, "RFC 8866 5");
    if ((line->type == 'r' || line->type == 'z') && !(*seen & UINT32_C(1) << ('t' - 'a')))
      return cpmi_fail(diag, CPM_E_VALUE, 0, rule, "RFC 8866 5");
    directed = directed || direction;
    *seen |= bit;
  }
  return CPM_OK;
}

static int sdp_write_lines(cpmi_out *o, const cpm_sdp *in, size_t from, size_t end, bool session, uint32_t seen, cpm_diag *diag) {
  const unsigned names = cpmi_sdp_rank('s', true), times = cpmi_sdp_rank('t', true), last = cpmi_sdp_rank('a', session);
  for (unsigned rank = 1; rank <= last; rank++) {
    if (session && rank == names && !(seen & UINT32_C(1) << ('s' - 'a'))) cpmi_put_z(o, "s=-\r\n");
    if (session && rank == times && !(seen & UINT32_C(1) << ('t' - 'a'))) cpmi_put_z(o, "t=0 0\r\n");
    for (size_t i = from; i < end; i++) {
      if (cpmi_sdp_rank(in->lines[i].type, session) != rank) continue;
      const int rc = sdp_write_line(o, &in->lines[i], diag);
      if (rc) return rc;
    }
  }
  return CPM_OK;
}

static size_t sdp_write_section_end(const cpm_sdp *in, size_t from) {
  while (from < in->nlines && in->lines[from].type != 'm') from++;
  return from;
}

int cpm_sdp_encode(char *dst, size_t cap, size_t *len, const cpm_sdp *in, cpm_diag *diag) {
  static const char must[] = "vo";
  cpmi_out o = cpmi_out_to(dst, cap, 0);
  uint32_t session = 0, seen;
  const uint32_t c = UINT32_C(1) << ('c' - 'a');
  size_t from = 0, end = sdp_write_section_end(in, 0);
  int rc = sdp_write_check(in, 0, end, true, &session, diag);
  for (size_t i = 0; !rc && i < 2; i++)
    if (!(session & UINT32_C(1) << (must[i] - 'a'))) rc = cpmi_fail(diag, CPM_E_MISSING, 0, cpmi_sdp_rule(must[i]), "RFC 8866 5");
  if (!rc) rc = sdp_write_lines(&o, in, 0, end, true, session, diag);
  while (!rc && end < in->nlines) {
    from = end;
    end = sdp_write_section_end(in, from + 1);
    rc = sdp_write_check(in, from, end, false, &seen, diag);
    if (!rc) rc = sdp_write_lines(&o, in, from, end, false, seen, diag);
    if (!rc && !((session | seen) & c)) rc = cpmi_fail(diag, CPM_E_MISSING, 0, "connection-field", "RFC 8866 5.7");
  }
  return rc ? rc : cpmi_out_end(&o, len, diag);
}

/* ---- what stands above m lines -------------------------------------------------------------------------------------- */

static int sdp_write_place(cpmi_out *o, cpm_str nettype, cpm_str addrtype, cpm_str address, cpm_diag *diag) {
  int rc = sdp_write_piece(o, CPMI_SDP_TOKEN, nettype, "nettype", diag);
  if (rc) return rc;
  cpmi_put_char(o, ' ');
  rc = sdp_write_piece(o, CPMI_SDP_TOKEN, addrtype, "addrtype", diag);
  if (rc) return rc;
  cpmi_put_char(o, ' ');
  return sdp_write_piece(o, CPMI_SDP_ADDRESS, address, "connection-address", diag);
}

static int sdp_write_connection(cpmi_out *o, const cpm_sdp_connection *c, cpm_diag *diag) {
  const bool ip6 = cpm_str_ieq(c->addrtype, cpm_str_z("IP6"));
  sdp_write_begin(o, 'c');
  const int rc = sdp_write_place(o, c->nettype, c->addrtype, c->address, diag);
  if (rc) return rc;
  /* RFC 8866 5.7: of IP6 no ttl, of others no count without one. */
  if (ip6 ? c->has_ttl : c->count > 1 && !c->has_ttl) return cpmi_fail(diag, CPM_E_VALUE, 0, "connection-address", "RFC 8866 5.7");
  if (c->has_ttl) cpmi_put_char(o, '/');
  if (c->has_ttl) cpmi_put_number(o, c->ttl);
  if (c->count > 1) cpmi_put_char(o, '/');
  if (c->count > 1) cpmi_put_number(o, c->count);
  sdp_write_end(o);
  return CPM_OK;
}

static int sdp_write_origin(cpmi_out *o, const cpm_sdp_origin *in, cpm_diag *diag) {
  const struct {
    char piece;
    cpm_str s;
    const char *rule;
  } parts[] = { { CPMI_SDP_WORD, in->username, "username" },
                { CPMI_SDP_DIGITS, in->sess_id, "sess-id" },
                { CPMI_SDP_DIGITS, in->sess_version, "sess-version" } };
  cpmi_put_z(o, "v=0\r\no=");
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
    const int rc = sdp_write_piece(o, parts[i].piece, parts[i].s, parts[i].rule, diag);
    if (rc) return rc;
    cpmi_put_char(o, ' ');
  }
  const int rc = sdp_write_place(o, in->nettype, in->addrtype, in->address, diag);
  if (!rc) sdp_write_end(o);
  return rc;
}

/* Up to the t line, which follows. */
static int sdp_write_session(cpmi_out *o, const cpm_sdp_session *s, cpm_diag *diag) {
  const cpm_sdp_connection of_origin = {
    .nettype = s->origin.nettype, .addrtype = s->origin.addrtype, .address = s->origin.address, .count = 1
  };
  const cpm_sdp_line name = { .type = 's', .value = s->name };
  int rc = sdp_write_origin(o, &s->origin, diag);
  if (!rc) rc = sdp_write_line(o, &name, diag);
  return rc ? rc : sdp_write_connection(o, s->connection.address.p ? &s->connection : &of_origin, diag);
}

/* ---- one MSRP m line ------------------------------------------------------------------------------------------------ */

/* Offset of the first word that is no MSRP URI; path.n if all are. */
static size_t sdp_write_bad_uri(cpm_str path) {
  cpm_str rest = path, word;
  cpm_msrp_uri uri;
  while (cpm_sdp_word_next(&rest, &word) == CPM_OK)
    if (cpm_msrp_uri_decode(&uri, word, NULL, NULL) != CPM_OK) return (size_t)(word.p - path.p);
  return path.n;
}

/* A value that the machine takes, in words. Absent: nothing is written. */
static int sdp_write_attribute(cpmi_out *o, cpm_sdp_attribute id, cpm_str value, cpm_diag *diag) {
  cpmi_sdp_attribute_marks m = { 0 };
  const char *const rule = cpm_sdp_attribute_name(id).p;
  if (!value.p) return CPM_OK;
  const int rc = cpmi_check_clean(value, rule, diag);
  if (rc) return rc;
  const char *const stop = cpmi_sdp_attribute_parse(&m, (int)id, value);
  if (stop) return cpmi_fail(diag, CPM_E_VALUE, (size_t)(stop - value.p), rule, NULL);
  const size_t uri = id == CPM_SDP_PATH ? sdp_write_bad_uri(value) : value.n;
  if (uri < value.n) return cpmi_fail(diag, CPM_E_VALUE, uri, rule, "RFC 4975 9");
  sdp_write_attribute_begin(o, id, true);
  if (id == CPM_SDP_FINGERPRINT) {
    cpmi_put(o, cpmi_between(m.function_b, m.function_e));
    cpmi_put_char(o, ' ');
    sdp_write_hex(o, cpmi_between(m.print_b, m.print_e));
  } else {
    sdp_write_words(o, value);
  }
  sdp_write_end(o);
  return CPM_OK;
}

static int sdp_write_file_piece(int piece, cpm_str s, const char *rule, cpm_diag *diag) {
  cpmi_sdp_attribute_marks m = { 0 };
  const int rc = cpmi_check_clean(s, rule, diag);
  if (rc) return rc;
  const char *const stop = cpmi_sdp_attribute_parse(&m, piece, s);
  return stop ? cpmi_fail(diag, CPM_E_VALUE, (size_t)(stop - s.p), rule, "RFC 5547 6") : CPM_OK;
}

/* Values of parameters get the quotes that RFC 5547 wants. */
static void sdp_write_file_type(cpmi_out *o, cpm_str type) {
  bool quoted = false, open = false;
  for (size_t i = 0; i < type.n; i++) {
    const char c = type.p[i];
    if (c == '"') quoted = !quoted;
    if (open && c == ';') {
      cpmi_put_char(o, '"');
      open = false;
    }
    cpmi_put_char(o, c);
    if (quoted || c != '=' || i + 1 == type.n || type.p[i + 1] == '"') continue;
    cpmi_put_char(o, '"');
    open = true;
  }
  if (open) cpmi_put_char(o, '"');
}

static int sdp_write_hashes(cpmi_out *o, cpm_str hashes, const char **gap, cpm_diag *diag) {
  cpm_sdp_hash hash;
  size_t n = 0;
  for (cpm_str rest = hashes; cpm_sdp_hash_next(&rest, &hash) == CPM_OK; n++) {
    size_t octets;
    cpmi_sdp_marks m = { 0 };
    if (cpmi_sdp_parse(&m, CPMI_SDP_TOKEN, hash.algorithm) || cpm_sdp_hex_decode(NULL, 0, &octets, hash.value) != CPM_OK ||
        !cpmi_sdp_hash_fits(&hash))
      return cpmi_fail(diag, CPM_E_VALUE, (size_t)(hash.algorithm.p - hashes.p), "hash-selector", "RFC 5547 6");
    cpmi_put_z(o, *gap);
    cpmi_put_z(o, "hash:");
    cpmi_put(o, hash.algorithm);
    cpmi_put_char(o, ':');
    sdp_write_hex(o, hash.value);
    *gap = " ";
  }
  return hashes.p && !n ? cpmi_fail(diag, CPM_E_VALUE, 0, "hash-selector", "RFC 5547 6") : CPM_OK;
}

/* What stands in front of the first selector: ":" behind the attribute's name, nothing in a value alone. */
static int sdp_write_selectors(cpmi_out *o, const cpm_sdp_selector *s, const char *gap, cpm_diag *diag) {
  int rc = s->name.p ? sdp_write_file_piece(CPMI_SDP_FILE_NAME, s->name, "filename-selector", diag) : CPM_OK;
  if (!rc && s->type.p) rc = sdp_write_file_piece(CPMI_SDP_FILE_TYPE, s->type, "filetype-selector", diag);
  if (!rc) rc = cpmi_check_clean(s->hashes, "hash-selector", diag);
  if (rc) return rc;
  if (s->name.p) {
    cpmi_put_z(o, gap);
    cpmi_put_z(o, "name:\"");
    cpmi_put(o, s->name);
    cpmi_put_char(o, '"');
    gap = " ";
  }
  if (s->type.p) {
    cpmi_put_z(o, gap);
    cpmi_put_z(o, "type:");
    sdp_write_file_type(o, s->type);
    gap = " ";
  }
  if (s->has_size && s->size) { /* a size of 0 cannot be written: RFC 5547 has integer there, which starts at 1 */
    cpmi_put_z(o, gap);
    cpmi_put_z(o, "size:");
    cpmi_put_number(o, s->size);
    gap = " ";
  }
  return sdp_write_hashes(o, s->hashes, &gap, diag);
}

static int sdp_write_selector(cpmi_out *o, const cpm_sdp_selector *s, cpm_diag *diag) {
  sdp_write_attribute_begin(o, CPM_SDP_FILE_SELECTOR, false);
  const int rc = sdp_write_selectors(o, s, ":", diag);
  if (!rc) sdp_write_end(o);
  return rc;
}

int cpm_sdp_selector_encode(char *dst, size_t cap, size_t *len, const cpm_sdp_selector *in, cpm_diag *diag) {
  cpmi_out o = cpmi_out_to(dst, cap, 0);
  const int rc = sdp_write_selectors(&o, in, "", diag);
  if (!rc && o.n == 0) return cpmi_fail(diag, CPM_E_MISSING, 0, "file-selector", "RFC 5547 6");
  return rc ? rc : cpmi_out_end(&o, len, diag);
}

static int sdp_write_dates(cpmi_out *o, const cpm_sdp_msrp *m, cpm_diag *diag) {
  const struct {
    const char *name;
    const cpm_sdp_date *date;
  } dates[] = { { "creation:\"", &m->creation }, { "modification:\"", &m->modification }, { "read:\"", &m->read } };
  const char *gap = "a=file-date:";
  for (size_t i = 0; i < 3; i++) {
    char text[40];
    size_t n = 0;
    if (!dates[i].date->there) continue;
    const int rc = cpm_date_encode(text, sizeof text, &n, dates[i].date->unix_ms, diag);
    if (rc) return rc;
    cpmi_put_z(o, gap);
    cpmi_put_z(o, dates[i].name);
    cpmi_put(o, cpm_str_of(text, n - 3)); /* RFC 5547 6: the zone in digits, not GMT */
    cpmi_put_z(o, "+0000\"");
    gap = " ";
  }
  if (*gap == ' ') sdp_write_end(o);
  return CPM_OK;
}

static int sdp_write_range(cpmi_out *o, const cpm_sdp_msrp *m, cpm_diag *diag) {
  if (!m->has_range) return CPM_OK;
  if (!m->range_start || m->range_start > m->range_stop || m->range_start == CPM_SDP_ANY)
    return cpmi_fail(diag, CPM_E_VALUE, 0, "file-range", "RFC 5547 6");
  sdp_write_attribute_begin(o, CPM_SDP_FILE_RANGE, true);
  cpmi_put_number(o, m->range_start);
  cpmi_put_char(o, '-');
  if (m->range_stop == CPM_SDP_ANY) cpmi_put_char(o, '*');
  else cpmi_put_number(o, m->range_stop);
  sdp_write_end(o);
  return CPM_OK;
}

static int sdp_write_file(cpmi_out *o, const cpm_sdp_msrp *m, cpm_diag *diag) {
  int rc = m->file ? sdp_write_selector(o, &m->selector, diag) : CPM_OK;
  if (!rc) rc = sdp_write_attribute(o, CPM_SDP_FILE_TRANSFER_ID, m->file_transfer_id, diag);
  if (!rc) rc = sdp_write_attribute(o, CPM_SDP_FILE_DISPOSITION, m->file_disposition, diag);
  if (!rc) rc = sdp_write_dates(o, m, diag);
  if (!rc) rc = sdp_write_attribute(o, CPM_SDP_FILE_ICON, m->file_icon, diag);
  return rc ? rc : sdp_write_range(o, m, diag);
}

static int sdp_write_transport(cpmi_out *o, const cpm_sdp_msrp *m, cpm_diag *diag) {
  static const char *const roles[] = { NULL, "active", "passive", "actpass" };
  if ((unsigned)m->setup >= sizeof roles / sizeof *roles) return cpmi_fail(diag, CPM_E_ARG, 0, "setup", NULL);
  int rc = sdp_write_attribute(o, CPM_SDP_SETUP, cpm_str_z(roles[m->setup]), diag);
  if (!rc) rc = sdp_write_attribute(o, CPM_SDP_FINGERPRINT, m->fingerprint, diag);
  if (rc) return rc;
  if (m->cema) cpmi_put_z(o, "a=msrp-cema\r\n");
  if (!m->chatroom) return CPM_OK;
  if (m->chatroom_tokens.n) return sdp_write_attribute(o, CPM_SDP_CHATROOM, m->chatroom_tokens, diag);
  cpmi_put_z(o, "a=chatroom\r\n");
  return CPM_OK;
}

static int sdp_write_extra(cpmi_out *o, const cpm_sdp_msrp *m, cpm_diag *diag) {
  for (size_t i = 0; i < m->nextra; i++) {
    if (m->extra[i].type != 'a' || m->extra[i].attribute) return cpmi_fail(diag, CPM_E_ARG, 0, "extra", NULL);
    const int rc = sdp_write_attribute_line(o, &m->extra[i], diag);
    if (rc) return rc;
  }
  return CPM_OK;
}

static int sdp_write_msrp(cpmi_out *o, const cpm_sdp_msrp *m, cpm_diag *diag) {
  static const cpm_sdp_attribute directions[] = { CPM_SDP_INACTIVE, CPM_SDP_SENDONLY, CPM_SDP_RECVONLY, CPM_SDP_SENDRECV };
  int rc = CPM_OK;
  if ((unsigned)m->direction > CPM_SDP_DIRECTION_BOTH) return cpmi_fail(diag, CPM_E_ARG, 0, "direction", NULL);
  if (m->port && !m->path.p) return cpmi_fail(diag, CPM_E_MISSING, 0, "path", "RFC 4975 8.2");
  if (m->port && !m->accept_types.p) return cpmi_fail(diag, CPM_E_MISSING, 0, "accept-types", "RFC 4975 8.6");
  sdp_write_media_field(o, cpm_str_z("message"), m->port, cpm_str_none(), cpm_str_z(m->secure ? "TCP/TLS/MSRP" : "TCP/MSRP"),
                        cpm_str_z("*"));
  sdp_write_end(o);
  if (m->connection.address.p) rc = sdp_write_connection(o, &m->connection, diag);
  if (rc) return rc;
  sdp_write_attribute_begin(o, directions[m->direction], false);
  sdp_write_end(o);
  rc = sdp_write_attribute(o, CPM_SDP_ACCEPT_TYPES, m->accept_types, diag);
  if (!rc) rc = sdp_write_attribute(o, CPM_SDP_ACCEPT_WRAPPED_TYPES, m->accept_wrapped_types, diag);
  if (!rc) rc = sdp_write_attribute(o, CPM_SDP_PATH, m->path, diag);
  if (rc) return rc;
  if (m->has_max_size) {
    sdp_write_attribute_begin(o, CPM_SDP_MAX_SIZE, true);
    cpmi_put_number(o, m->max_size);
    sdp_write_end(o);
  }
  rc = sdp_write_transport(o, m, diag);
  if (!rc) rc = sdp_write_file(o, m, diag);
  return rc ? rc : sdp_write_extra(o, m, diag);
}

/* ---- offers and answers --------------------------------------------------------------------------------------------- */

int cpm_sdp_offer(char *dst, size_t cap, size_t *len, const cpm_sdp_session *session, const cpm_sdp_msrp *media, size_t n,
                  cpm_diag *diag) {
  cpmi_out o = cpmi_out_to(dst, cap, 0);
  if (!n) return cpmi_fail(diag, CPM_E_ARG, 0, "media", NULL);
  int rc = sdp_write_session(&o, session, diag);
  cpmi_put_z(&o, "t=0 0\r\n");
  for (size_t i = 0; !rc && i < n; i++) rc = sdp_write_msrp(&o, &media[i], diag);
  return rc ? rc : cpmi_out_end(&o, len, diag);
}

/* RFC 3264 6: the answer has the times of the offer; of several z lines for one time the first. */
static int sdp_write_times(cpmi_out *o, const cpm_sdp *offer, cpm_diag *diag) {
  bool timed = false, zoned = false;
  for (size_t i = 0; i < offer->nsession && i < offer->nlines; i++) {
    const char type = offer->lines[i].type;
    timed = timed || type == 't';
    if (type != 't' && !(timed && (type == 'r' || (type == 'z' && !zoned)))) continue;
    zoned = type == 'z';
    const int rc = sdp_write_line(o, &offer->lines[i], diag);
    if (rc) return rc;
  }
  if (!timed) cpmi_put_z(o, "t=0 0\r\n");
  return CPM_OK;
}

static int sdp_write_answer(cpmi_out *o, const cpm_sdp *offer, size_t index, const cpm_sdp_msrp *ours, const cpm_opts *opts,
                            cpm_diag *diag) {
  const cpm_sdp_media *const media = &offer->media[index];
  cpm_sdp_msrp theirs, answer;
  if (!ours || !ours->port || !media->port) {
    sdp_write_media_field(o, media->media, 0, cpm_str_none(), media->proto, media->formats);
    sdp_write_end(o);
    return CPM_OK;
  }
  if (!media->msrp) return cpmi_fail(diag, CPM_E_UNSUPPORTED, 0, "media-field", "RFC 4975 8.1");
  const int rc = cpm_sdp_msrp_decode(&theirs, offer, index, opts, diag);
  if (rc) return rc;
  cpm_sdp_msrp_answer(&answer, &theirs, ours);
  return sdp_write_msrp(o, &answer, diag);
}

int cpm_sdp_answer(char *dst, size_t cap, size_t *len, const cpm_sdp *offer, const cpm_sdp_session *session,
                   const cpm_sdp_msrp *const *ours, size_t n, const cpm_opts *opts, cpm_diag *diag) {
  cpmi_out o = cpmi_out_to(dst, cap, 0);
  if (n != offer->nmedia) return cpmi_fail(diag, CPM_E_ARG, 0, "media", "RFC 3264 6");
  int rc = sdp_write_session(&o, session, diag);
  if (!rc) rc = sdp_write_times(&o, offer, diag);
  for (size_t i = 0; !rc && i < n; i++) rc = sdp_write_answer(&o, offer, i, ours[i], opts, diag);
  return rc ? rc : cpmi_out_end(&o, len, diag);
}
