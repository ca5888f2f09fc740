/* SPDX-License-Identifier: MIT */
/* sip_write.c - writing SIP messages: whole from a view, or field by field into a buffer. */
#include "cpm/sip.h"
#include "internal.h"
#include "straight.h"
#include <string.h>

static bool sip_write_is_wsp(char c) { return c == ' ' || c == '\t'; }

/* ---- the start line ------------------------------------------------------------------------------------------------- */

/* A run of octets that may stand in a start line. */
static int sip_check_run(cpm_str s, bool spaces, const char *rule, cpm_diag *diag) {
  if (s.n && cpmi_skip_visible(s.p, s.p + s.n) == s.p + s.n) return CPM_OK;
  const int rc = cpmi_check_clean(s, rule, diag);
  if (rc) return rc;
  for (size_t i = 0; i < s.n; i++) {
    const unsigned char c = (unsigned char)s.p[i];
    const bool fits = spaces ? c >= 0x20 || c == '\t' : c > 0x20;
    if (!fits || c == 0x7f) return cpmi_fail(diag, CPM_E_VALUE, i, rule, "RFC 3261 25.1");
  }
  return CPM_OK;
}

static int sip_check_token(cpm_str s, const char *rule, cpm_diag *diag) {
  if (cpmi_is_token(s)) return CPM_OK;
  const int rc = cpmi_check_clean(s, rule, diag);
  return rc ? rc : cpmi_fail(diag, CPM_E_VALUE, 0, rule, "RFC 3261 25.1");
}

static int sip_put_request(cpmi_out *o, const cpm_sip *msg, cpm_diag *diag) {
  const cpm_str method = msg->method_name.p ? msg->method_name : cpm_sip_method_name(msg->method);
  int rc = sip_check_token(method, "Method", diag);
  if (!rc) rc = sip_check_run(msg->request_uri, false, "Request-URI", diag);
  if (!rc && msg->request_uri.n == 0) rc = cpmi_fail(diag, CPM_E_VALUE, 0, "Request-URI", "RFC 3261 25.1");
  if (rc) return rc;
  cpmi_put(o, method);
  cpmi_put_char(o, ' ');
  cpmi_put(o, msg->request_uri);
  cpmi_put_z(o, " SIP/2.0\r\n");
  return CPM_OK;
}

static int sip_put_response(cpmi_out *o, const cpm_sip *msg, cpm_diag *diag) {
  const cpm_str reason = msg->reason.p ? msg->reason : cpm_sip_reason_phrase(msg->status);
  if (msg->status < 100 || msg->status > 699) return cpmi_fail(diag, CPM_E_VALUE, 0, "Status-Code", "RFC 3261 25.1");
  const int rc = sip_check_run(reason, true, "Reason-Phrase", diag);
  if (rc) return rc;
  cpmi_put_z(o, "SIP/2.0 ");
  cpmi_put_number(o, msg->status);
  cpmi_put_char(o, ' ');
  cpmi_put(o, reason);
  cpmi_put_z(o, "\r\n");
  return CPM_OK;
}

static int sip_put_start(cpmi_out *o, const cpm_sip *msg, cpm_diag *diag) {
  return msg->status ? sip_put_response(o, msg, diag) : sip_put_request(o, msg, diag);
}

/* ---- fields --------------------------------------------------------------------------------------------------------- */

/* Bytes of white space and well-formed folds that s starts with. */
static size_t sip_leading_lws(cpm_str s) {
  size_t i = 0;
  for (;;) {
    while (i < s.n && sip_write_is_wsp(s.p[i])) i++;
    if (s.n - i < 3 || s.p[i] != '\r' || s.p[i + 1] != '\n' || !sip_write_is_wsp(s.p[i + 2])) return i;
    i += 2;
  }
}

/* What is left of s without the white space and well-formed folds at its end. A line break with nothing behind it stays: it is
 * none of ours to drop. */
static size_t sip_without_trailing_lws(cpm_str s) {
  size_t n = s.n;
  for (;;) {
    const size_t end = n;
    while (n > 0 && sip_write_is_wsp(s.p[n - 1])) n--;
    if (n == end || n < 2 || s.p[n - 1] != '\n' || s.p[n - 2] != '\r') return n;
    n -= 2;
  }
}

static int sip_put_field(cpmi_out *o, const cpm_sip_field *field, cpm_diag *diag) {
  if ((unsigned)field->id >= CPM_SIP_HEADER_COUNT) return cpmi_fail(diag, CPM_E_ARG, 0, "header-name", NULL);
  int rc = field->id ? CPM_OK : sip_check_token(field->name, "header-name", diag);
  if (rc) return rc;
  const cpm_sip_header id = field->id ? field->id : cpm_sip_header_id(field->name);
  const cpm_str name = id ? cpm_sip_header_name(id) : field->name;
  /* By any name: a second Content-Length splits the message where the next peer wants it. */
  if (id == CPM_SIP_CONTENT_LENGTH) return CPM_OK;
  cpmi_put(o, name);
  size_t lead = 0;
  cpm_str value = field->value;
  if (!value.n || (unsigned char)value.p[0] <= ' ' || (unsigned char)value.p[value.n - 1] <= ' ') {
    lead = sip_leading_lws(value);
    value = lead ? cpm_str_of(value.p + lead, value.n - lead) : value;
    value.n = sip_without_trailing_lws(value);
  }
  cpmi_put_z(o, value.n ? ": " : ":");
  rc = cpmi_put_value(o, value, id ? name.p : "header-value", diag);
  if (rc && diag) diag->off += lead;
  if (!rc) cpmi_put_z(o, "\r\n");
  return rc;
}

/* What stands before the value of a known field, with room to be copied whole. */
enum { SIP_NAME_ROOM = 32 };
static const struct sip_name { char text[SIP_NAME_ROOM - 1]; unsigned char n; } sip_names[] = {
  { "", 0 },
#define SIP_NAME(id, name, compact, shape, type) { name ": ", sizeof(name ": ") - 1 },
  CPM_SIP_HEADERS(SIP_NAME)
#undef SIP_NAME
};

/* Is it a known field whose value needs no second look, but for its characters? */
static bool sip_may_be_plain(const cpm_sip_field *field) {
  const cpm_str v = field->value;
  return (unsigned)field->id < CPM_SIP_HEADER_COUNT && field->id && field->id != CPM_SIP_CONTENT_LENGTH && v.n
      && (unsigned char)v.p[0] > ' ' && (unsigned char)v.p[v.n - 1] > ' ';
}

/* A value without controls is written as it stands, if there is room for the longest name. How much was written; 0: not so. */
static size_t sip_put_plain(char *p, size_t room, const cpm_sip_field *field) {
  const cpm_str v = field->value;
  if (room < SIP_NAME_ROOM + 2 || room - SIP_NAME_ROOM - 2 < v.n || !sip_may_be_plain(field)) return 0;
  const struct sip_name *const name = &sip_names[field->id];
  memcpy(p, name, SIP_NAME_ROOM);
  if (!cpmi_copy_no_control(p + name->n, v.p, v.n)) return 0;
  memcpy(p + name->n + v.n, "\r\n", 2);
  return name->n + v.n + 2;
}

/* How much that would be. */
static size_t sip_count_plain(const cpm_sip_field *field) {
  const cpm_str v = field->value;
  return sip_may_be_plain(field) && v.n < SIZE_MAX - SIP_NAME_ROOM && cpmi_no_control(v.p, v.n) ? sip_names[field->id].n + v.n + 2 : 0;
}

/* Counts, or writes where there is room for all. */
static int sip_put_fields(cpmi_out *o, const cpm_sip *msg, cpm_diag *diag) {
  int rc = CPM_OK;
  for (size_t i = 0; !rc && i < msg->nfields; i++) {
    const cpm_sip_field *const field = &msg->fields[i];
    const size_t n = !CPMI_STRAIGHT ? 0 : o->p ? sip_put_plain(o->p + o->n, o->cap - o->n, field) : sip_count_plain(field);
    if (n && n < SIZE_MAX - o->n) o->n += n;
    else rc = sip_put_field(o, field, diag);
  }
  return rc;
}

/* ---- the body ------------------------------------------------------------------------------------------------------- */

/* Body length; the pieces count if there are any. */
static int sip_body_length(const cpm_sip *msg, uint64_t *length, cpm_diag *diag) {
  if (msg->npieces > CPM_SIP_PIECES) return cpmi_fail(diag, CPM_E_ARG, 0, "message-body", NULL);
  *length = msg->npieces ? 0 : msg->body.n;
  for (unsigned i = 0; i < msg->npieces; i++) {
    if (msg->pieces[i].bytes.n > UINT64_MAX - *length) return cpmi_fail(diag, CPM_E_ARG, 0, "message-body", NULL);
    *length += msg->pieces[i].bytes.n;
  }
  return CPM_OK;
}

/* Content-Length and the empty line. */
static void sip_put_length(cpmi_out *o, uint64_t length) {
  cpmi_put_z(o, "Content-Length: ");
  cpmi_put_number(o, length);
  cpmi_put_z(o, "\r\n\r\n");
}

/* Only the size may be asked for while the host's content is not there yet. */
static bool sip_pieces_there(const cpm_sip *msg) {
  for (unsigned i = 0; i < msg->npieces; i++)
    if (msg->pieces[i].bytes.n && !msg->pieces[i].bytes.p) return false;
  return true;
}

static void sip_count_body(cpmi_out *o, uint64_t length) { o->n = length > SIZE_MAX - o->n ? SIZE_MAX : o->n + (size_t)length; }

static void sip_put_body(cpmi_out *o, const cpm_sip *msg) {
  if (!msg->npieces) cpmi_put(o, msg->body);
  for (unsigned i = 0; i < msg->npieces; i++) cpmi_put(o, msg->pieces[i].bytes);
}

/* ---- the message ---------------------------------------------------------------------------------------------------- */

static int sip_put_head(cpmi_out *o, const cpm_sip *msg, uint64_t *length, cpm_diag *diag) {
  int rc = sip_body_length(msg, length, diag);
  if (!rc) rc = sip_put_start(o, msg, diag);
  if (!rc) rc = sip_put_fields(o, msg, diag);
  if (!rc) sip_put_length(o, *length);
  return rc;
}

/* Everything is counted and checked before anything is written. */
int cpm_sip_encode(char *dst, size_t cap, size_t *len, const cpm_sip *msg, cpm_diag *diag) {
  if (!msg || (msg->nfields && !msg->fields)) return cpmi_fail(diag, CPM_E_ARG, 0, "fields", NULL);
  cpmi_out size = cpmi_out_to(NULL, 0, 0);
  uint64_t length = 0;
  int rc = sip_put_head(&size, msg, &length, diag);
  if (!rc && dst && !sip_pieces_there(msg)) rc = cpmi_fail(diag, CPM_E_ARG, 0, "message-body", NULL);
  if (rc) return rc;
  sip_count_body(&size, length);
  size.p = dst;
  size.cap = cap;
  if (!dst || size.n > cap) return cpmi_out_end(&size, len, diag);
  cpmi_out out = cpmi_out_to(dst, size.n, 0);
  (void)sip_put_head(&out, msg, &length, diag);
  sip_put_body(&out, msg);
  return cpmi_out_end(&out, len, diag);
}

/* ---- in two parts --------------------------------------------------------------------------------------------------- */

static bool sip_is_among(const cpm_sip_field *field, const cpm_sip_header *ids) {
  const cpm_sip_header id = field->id ? field->id : cpm_sip_header_id(field->name);
  while (ids && *ids && *ids != id) ids++;
  return ids && *ids;
}

static int sip_put_fields_but(cpmi_out *o, const cpm_sip *msg, const cpm_sip_header *without, cpm_diag *diag) {
  int rc = CPM_OK;
  for (size_t i = 0; !rc && i < msg->nfields; i++)
    if (!sip_is_among(&msg->fields[i], without)) rc = sip_put_field(o, &msg->fields[i], diag);
  return rc;
}

int cpm_sip_encode_fields(char *dst, size_t cap, size_t *len, const cpm_sip *msg, const cpm_sip_header *without, cpm_diag *diag) {
  if (!msg || (msg->nfields && !msg->fields)) return cpmi_fail(diag, CPM_E_ARG, 0, "fields", NULL);
  cpmi_out size = cpmi_out_to(NULL, 0, 0);
  const int rc = sip_put_fields_but(&size, msg, without, diag);
  if (rc) return rc;
  size.p = dst;
  size.cap = cap;
  if (!dst || size.n > cap) return cpmi_out_end(&size, len, diag);
  cpmi_out out = cpmi_out_to(dst, size.n, 0);
  (void)sip_put_fields_but(&out, msg, without, diag);
  return cpmi_out_end(&out, len, diag);
}

int cpm_sip_encode_body(char *dst, size_t cap, size_t *len, const cpm_sip *msg, cpm_diag *diag) {
  uint64_t length = 0;
  if (!msg) return cpmi_fail(diag, CPM_E_ARG, 0, "message-body", NULL);
  int rc = sip_body_length(msg, &length, diag);
  if (!rc && dst && !sip_pieces_there(msg)) rc = cpmi_fail(diag, CPM_E_ARG, 0, "message-body", NULL);
  if (rc) return rc;
  cpmi_out out = cpmi_out_to(NULL, 0, 0);
  sip_count_body(&out, length);
  out.p = dst;
  out.cap = cap;
  if (!dst || out.n > cap) return cpmi_out_end(&out, len, diag);
  out = cpmi_out_to(dst, out.n, 0);
  sip_put_body(&out, msg);
  return cpmi_out_end(&out, len, diag);
}

/* ---- value by value ------------------------------------------------------------------------------------------------ */

/* What was called last. */
enum {
  SIP_WRITE_NOTHING = 0,
  SIP_WRITE_BETWEEN = 1,                       /* the line ended here */
  SIP_WRITE_VALUE   = 2 | SIP_WRITE_BETWEEN,   /* that of a typed field */
  SIP_WRITE_AWAITED = 4,                       /* a value, behind the name */
  SIP_WRITE_MORE    = 8 | SIP_WRITE_AWAITED,   /* behind a comma */
  SIP_WRITE_OVER    = 16                       /* the end, or an error */
};

static int sip_write_fail(cpm_sip_writer *w, int rc) {
  w->state = SIP_WRITE_OVER;
  return w->error = rc;
}

/* A call that does not fit in here, or one behind an error. */
static int sip_write_wrong(cpm_sip_writer *w, cpm_diag *diag) {
  return w->error ? w->error : sip_write_fail(w, cpmi_fail(diag, CPM_E_ARG, 0, "cpm_sip_writer", NULL));
}

/* n octets, not 0, were put at w->at, if there was room for them. */
static inline int sip_write_on(cpm_sip_writer *w, size_t n, unsigned state) {
  const bool fits = n <= w->room;
  w->at = fits ? w->at + n : NULL;
  w->room = fits ? w->room - n : 0;
  w->len = n > SIZE_MAX - w->len ? SIZE_MAX : w->len + n;
  w->state = state;
  return CPM_OK;
}

static void sip_write_back(cpm_sip_writer *w, size_t n) {
  w->len -= n;
  if (!w->at) return;
  w->at -= n;
  w->room += n;
}

static int sip_write_put(cpm_sip_writer *w, const char *p, size_t n, unsigned state) {
  if (n <= w->room) memcpy(w->at, p, n);
  return sip_write_on(w, n, state);
}

/* What an out took that began at w->at. */
static int sip_write_out(cpm_sip_writer *w, const cpmi_out *o, unsigned state, int rc) {
  if (rc) return sip_write_fail(w, rc);
  if (o->n) return sip_write_on(w, o->n, state);
  w->state = state;
  return CPM_OK;
}

int cpm_sip_write_start(cpm_sip_writer *w, const cpm_sip *msg, cpm_diag *diag) {
  if (w->state != SIP_WRITE_NOTHING || (!w->at && w->room)) return sip_write_wrong(w, diag);
  w->counts = !w->at;
  cpmi_out o = cpmi_out_to(w->at, w->room, 0);
  const int rc = sip_put_start(&o, msg, diag);
  return sip_write_out(w, &o, SIP_WRITE_BETWEEN, rc);
}

int cpm_sip_write_field(cpm_sip_writer *w, const cpm_sip_field *field, cpm_diag *diag) {
  if (!(w->state & SIP_WRITE_BETWEEN)) return sip_write_wrong(w, diag);
  const size_t n = CPMI_STRAIGHT ? sip_put_plain(w->at, w->room, field) : 0;
  if (n) return sip_write_on(w, n, SIP_WRITE_BETWEEN);
  cpmi_out o = cpmi_out_to(w->at, w->room, 0);
  const int rc = sip_put_field(&o, field, diag);
  return sip_write_out(w, &o, SIP_WRITE_BETWEEN, rc);
}

int cpm_sip_write_name(cpm_sip_writer *w, cpm_sip_header id, cpm_diag *diag) {
  const bool known = id && (unsigned)id < CPM_SIP_HEADER_COUNT && id != CPM_SIP_CONTENT_LENGTH;
  if (!known || !(w->state & SIP_WRITE_BETWEEN)) return sip_write_wrong(w, diag);
  const struct sip_name *const name = &sip_names[id];
  if (w->room < SIP_NAME_ROOM) return sip_write_put(w, name->text, name->n, SIP_WRITE_AWAITED);
  memcpy(w->at, name, SIP_NAME_ROOM);
  return sip_write_on(w, name->n, SIP_WRITE_AWAITED);
}

/* The comma goes where the line had ended. */
int cpm_sip_write_more(cpm_sip_writer *w, cpm_diag *diag) {
  if (w->state != SIP_WRITE_VALUE) return sip_write_wrong(w, diag);
  sip_write_back(w, 2);
  return sip_write_put(w, ", ", 2, SIP_WRITE_MORE);
}

/* Nothing stands behind the name, or the comma, which goes. */
static int sip_write_empty(cpm_sip_writer *w) {
  const bool more = w->state == SIP_WRITE_MORE;
  sip_write_back(w, more ? 2 : 1);
  return sip_write_put(w, "\r\n", 2, more ? SIP_WRITE_VALUE : SIP_WRITE_BETWEEN);
}

int cpm_sip_write_value(cpm_sip_writer *w, int rc, size_t n, cpm_diag *diag) {
  if (!(w->state & SIP_WRITE_AWAITED)) return sip_write_wrong(w, diag);
  if (rc == CPM_OK && n <= w->room && !cpmi_no_control(w->at, n)) rc = cpmi_check_clean(cpm_str_of(w->at, n), "header-value", diag);
  if (rc && rc != CPM_E_SPACE) return sip_write_fail(w, rc);
  if (rc) w->room = 0;
  if (n == 0) return sip_write_empty(w);
  n = n < SIZE_MAX - 2 ? n + 2 : SIZE_MAX;
  if (n <= w->room) memcpy(w->at + n - 2, "\r\n", 2);
  return sip_write_on(w, n, SIP_WRITE_VALUE);
}

int cpm_sip_write_end(cpm_sip_writer *w, size_t *len, const cpm_sip *msg, cpm_diag *diag) {
  uint64_t length = 0;
  if (!(w->state & SIP_WRITE_BETWEEN)) return sip_write_wrong(w, diag);
  int rc = sip_body_length(msg, &length, diag);
  if (!rc && !w->counts && !sip_pieces_there(msg)) rc = cpmi_fail(diag, CPM_E_ARG, 0, "message-body", NULL);
  if (rc) return sip_write_fail(w, rc);
  cpmi_out o = cpmi_out_to(w->at, w->room, 0);
  sip_put_length(&o, length);
  if (o.p) sip_put_body(&o, msg);
  else sip_count_body(&o, length);
  sip_write_on(w, o.n, SIP_WRITE_OVER);
  if (len) *len = w->len;
  if (w->at || w->counts) return CPM_OK;
  sip_write_fail(w, cpmi_fail(diag, CPM_E_SPACE, 0, "buffer", NULL));
  if (diag) diag->need = w->len;
  return CPM_E_SPACE;
}
