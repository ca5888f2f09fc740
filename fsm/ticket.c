/* SPDX-License-Identifier: MIT */
/* ticket.c - what is kept of a received message to report on it later: "CPMT", a version, then entries of a tag, a length of two octets
 * and the value. Numbers are eight octets, high ones first. Tags are for ever: a ticket may come back years later. */
#include "engine.h"
#include <string.h>

enum { TICKET_VERSION = 1, TICKET_HEAD = 5, TICKET_ENTRY = 3, TICKET_NUMBER = 8 };
static const char ticket_magic[] = "CPMT";

typedef struct ticket_field { uint8_t tag, field; } ticket_field;
static const ticket_field ticket_fields[CPM_TICKET_ARGS] = {
  { 1, CPM_FIELD_message_id },      { 2, CPM_FIELD_sent_at_text }, { 3, CPM_FIELD_report },
  { 4, CPM_FIELD_reported },        { 5, CPM_FIELD_original_to },  { 6, CPM_FIELD_report_to },
  { 7, CPM_FIELD_record_route },    { 8, CPM_FIELD_conversation_id }, { 9, CPM_FIELD_contribution_id },
  { 10, CPM_FIELD_report_for },
};

static bool ticket_is_text(cpm_field f) { return cpmi_is_text(cpmi_field_type(f)); }

/* ---- writing ------------------------------------------------------------------------------------------------------- */

static void ticket_put_number(cpmi_out *o, uint64_t v) {
  for (unsigned i = TICKET_NUMBER; i-- > 0;) cpmi_put_char(o, (char)(unsigned char)(v >> (8 * i) & 0xffu));
}

static void ticket_put(cpmi_out *o, const ticket_field *t, const cpm_proc *p) {
  const cpm_field f = (cpm_field)t->field;
  const cpm_str text = cpm_proc_text(p, CPM_NO_LEG, f);
  if (ticket_is_text(f) ? !text.p : !cpm_proc_has(p, CPM_NO_LEG, f)) return;
  const size_t n = ticket_is_text(f) ? text.n : TICKET_NUMBER;
  cpmi_put_char(o, (char)t->tag);
  cpmi_put_char(o, (char)(unsigned char)(n >> 8 & 0xffu));
  cpmi_put_char(o, (char)(unsigned char)(n & 0xffu));
  if (ticket_is_text(f)) cpmi_put(o, text);
  else ticket_put_number(o, (uint64_t)cpm_proc_number(p, CPM_NO_LEG, f));
}

static void ticket_write(cpmi_out *o, const cpm_proc *p) {
  cpmi_put_z(o, ticket_magic);
  cpmi_put_char(o, TICKET_VERSION);
  for (size_t i = 0; i < CPM_TICKET_ARGS; i++) ticket_put(o, &ticket_fields[i], p);
}

int cpm_ticket_encode(char *dst, size_t cap, size_t *len, const cpm_proc *p, cpm_diag *diag) {
  if (!p || !len) return cpmi_fail(diag, CPM_E_ARG, 0, "argument", NULL);
  if (!cpm_proc_has(p, CPM_NO_LEG, CPM_FIELD_message_id) || !cpm_proc_number(p, CPM_NO_LEG, CPM_FIELD_report))
    return cpmi_fail(diag, CPM_E_MISSING, 0, "message_id", "O-R44-1");
  cpmi_out size = cpmi_out_to(NULL, 0, 0);
  ticket_write(&size, p);
  if (size.n > CPM_TICKET_MAX) return cpmi_fail(diag, CPM_E_TOO_LONG, 0, "ticket", NULL);
  cpmi_out o = cpmi_out_to(dst, cap, 0);
  ticket_write(&o, p);
  return cpmi_out_end(&o, len, diag);
}

/* ---- reading ------------------------------------------------------------------------------------------------------- */

static unsigned ticket_octet(cpm_str s, size_t at) { return (unsigned char)s.p[at]; }

static const ticket_field *ticket_of(unsigned tag) {
  for (size_t i = 0; i < CPM_TICKET_ARGS; i++)
    if (ticket_fields[i].tag == tag) return &ticket_fields[i];
  return NULL;
}

static int ticket_number(cpm_arg *arg, cpm_str value, size_t off, cpm_diag *diag) {
  uint64_t v = 0;
  if (value.n != TICKET_NUMBER) return cpmi_fail(diag, CPM_E_VALUE, off, cpm_field_name(arg->field), NULL);
  for (size_t i = 0; i < TICKET_NUMBER; i++) v = v << 8 | ticket_octet(value, i);
  const unsigned most = cpmi_enum_count(arg->field);
  if (v > INT64_MAX || (most && (v < 1 || v > most))) return cpmi_fail(diag, CPM_E_VALUE, off, cpm_field_name(arg->field), NULL);
  arg->number = (int64_t)v;
  return CPM_OK;
}

static int ticket_arg(cpm_arg *arg, cpm_str value, size_t off, cpm_diag *diag) {
  if (!ticket_is_text(arg->field)) return ticket_number(arg, value, off, diag);
  bool fits = cpmi_check_clean(value, "text", NULL) == CPM_OK && cpmi_text_fits(cpmi_field_type(arg->field), value);
  if (arg->field == CPM_FIELD_sent_at_text) fits &= cpmi_check_xml(value, "text", NULL) == CPM_OK;   /* notifications say it */
  const bool whom = arg->field == CPM_FIELD_report_to || arg->field == CPM_FIELD_report_for;
  if (whom) fits &= !cpm_uri_text_equal(value, cpm_str_z(CPM_ANONYMOUS_URI));   /* O-R45-3 */
  arg->text = value;
  return fits ? CPM_OK : cpmi_fail(diag, CPM_E_VALUE, off, cpm_field_name(arg->field), NULL);
}

static bool ticket_has(const cpm_arg *args, size_t n, unsigned field) {
  for (size_t i = 0; i < n; i++)
    if (args[i].field == (cpm_field)field) return true;
  return false;
}

int cpm_ticket_decode(cpm_arg args[CPM_TICKET_ARGS], size_t *nargs, cpm_str ticket, cpm_diag *diag) {
  size_t n = 0;
  if (!args || !nargs) return cpmi_fail(diag, CPM_E_ARG, 0, "argument", NULL);
  if (ticket.n > CPM_TICKET_MAX) return cpmi_fail(diag, CPM_E_TOO_LONG, CPM_TICKET_MAX, "ticket", NULL);
  if (ticket.n < TICKET_HEAD) return cpmi_fail(diag, CPM_E_TRUNCATED, ticket.n, "ticket", NULL);
  if (memcmp(ticket.p, ticket_magic, 4) != 0 || ticket_octet(ticket, 4) != TICKET_VERSION)
    return cpmi_fail(diag, CPM_E_SYNTAX, 0, "ticket", NULL);
  for (size_t at = TICKET_HEAD; at < ticket.n;) {
    const ticket_field *t = ticket_of(ticket_octet(ticket, at));
    if (ticket.n - at < TICKET_ENTRY) return cpmi_fail(diag, CPM_E_TRUNCATED, ticket.n, "ticket", NULL);
    const size_t size = ticket_octet(ticket, at + 1) << 8 | ticket_octet(ticket, at + 2), off = at + TICKET_ENTRY;
    if (size > ticket.n - off) return cpmi_fail(diag, CPM_E_TRUNCATED, ticket.n, "ticket", NULL);
    at = off + size;
    if (!t) continue;
    if (ticket_has(args, n, t->field)) return cpmi_fail(diag, CPM_E_DUPLICATE, off, cpm_field_name((cpm_field)t->field), NULL);
    memset(&args[n], 0, sizeof args[n]);
    args[n].field = (cpm_field)t->field;
    const int rc = ticket_arg(&args[n++], cpm_str_of(ticket.p + off, size), off, diag);
    if (rc) return rc;
  }
  if (!ticket_has(args, n, CPM_FIELD_message_id)) return cpmi_fail(diag, CPM_E_MISSING, ticket.n, "message_id", NULL);
  *nargs = n;
  return CPM_OK;
}
