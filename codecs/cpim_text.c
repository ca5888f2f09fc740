/* SPDX-License-Identifier: MIT */
/* cpim_text.c - values of message/cpim: addresses, escapes, Disposition-Notification. */
#include "cpim.h"
#include "mime.h"
#include "straight.h"
#include "value_internal.h"
#include <string.h>

/* ---- text -------------------------------------------------------------------------------------------------------- */

static bool cpim_is_wsp(char c) { return c == ' ' || c == '\t'; }

/* Behind the white space at `at`; *folded tells whether it goes over a line end. */
static size_t cpim_skip_space(cpm_str s, size_t at, bool *folded) {
  *folded = false;
  for (;;) {
    while (at < s.n && cpim_is_wsp(s.p[at])) at++;
    if (s.n - at < 3 || s.p[at] != '\r' || s.p[at + 1] != '\n' || !cpim_is_wsp(s.p[at + 2])) return at;
    *folded = true;
    at += 3;
  }
}

int cpmi_cpim_put_text(cpmi_out *o, cpm_str text, const char *rule, cpm_diag *diag) {
  for (size_t i = 0; i < text.n;) {
    bool folded;
    const size_t behind = cpim_skip_space(text, i, &folded);
    for (size_t n = folded ? 1 : behind - i; n > 0; n--) cpmi_put_char(o, ' ');
    if (behind > i) {
      i = behind;
      continue;
    }
    const unsigned char c = (unsigned char)text.p[i];
    if (c == '\r' || c == '\n' || c == '\0') return cpmi_fail(diag, CPM_E_INJECTION, i, rule, "RFC 3862 3.2");
    if (c < 0x20 || c == 0x7f) return cpmi_fail(diag, CPM_E_VALUE, i, rule, "RFC 3862 3.2");
    cpmi_put_char(o, text.p[i++]);
  }
  return CPM_OK;
}

/* Sums of cpmi_cpim_class. */
const uint8_t cpmi_cpim_classes[256] = {
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 3, 0, 3, 3, 3, 3, 3, 2, 2, 3, 7, 2, 7, 6, 2, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 2, 2, 0, 2, 0, 2,
  2, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 2, 2, 2, 3, 3,
  3, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 2, 3, 2, 3, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
};

/* ---- addresses --------------------------------------------------------------------------------------------------- */

bool cpmi_cpim_is_plain_address(cpm_str s) {
  if (s.n < 5 || s.p[0] != '<' || s.p[s.n - 1] != '>' || (s.p[1] >= '0' && s.p[1] <= '9')) return false;
  const size_t colon = 1 + cpmi_span(cpmi_cpim_classes, s, 1, CPMI_CPIM_SCHEME);
  if (colon == 1 || s.p[1] == '+' || s.p[1] == '-' || s.p[1] == '.' || s.p[colon] != ':' || colon + 2 == s.n) return false;
  return colon + 1 + cpmi_span(cpmi_cpim_classes, s, colon + 1, CPMI_CPIM_URI) == s.n - 1;
}

int cpm_cpim_address_decode(cpm_cpim_address *out, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  static const cpm_cpim_address none;
  const cpm_str text = cpm_str_trim(in);
  cpmi_cpim_marks at = { 0 };
  bool ok = false;
  *out = none;
  if (!text.n) return cpmi_fail(diag, CPM_E_TRUNCATED, in.n, "URI", "RFC 3862 3.6");
  if (CPMI_STRAIGHT && cpmi_cpim_is_plain_address(text)) {
    out->uri = cpm_str_of(text.p + 1, text.n - 2);
    return CPM_OK;
  }
  const size_t base = (size_t)(text.p - in.p), stop = cpmi_cpim_address_parse(&at, text, &ok);
  if (!ok) return cpmi_refuse(diag, base + stop, in, "From-header-value", "RFC 3862 3.6");
  if (!at.uri_b) {
    out->uri = text;
    return cpmi_quirk(&out->quirks, CPM_QUIRK(CPIM_ADDRESS), opts, base, "From-header-value", diag);
  }
  const cpm_str before = cpm_str_of(text.p, (size_t)((const char *)at.uri_b - text.p) - 1), name = cpm_str_trim(before);
  out->uri = cpmi_cpim_slice(at.uri_b, at.uri_e);
  out->quoted = at.e != NULL;
  /* An empty String has no first octet to mark. */
  if (out->quoted) out->name = cpmi_cpim_slice(at.b ? at.b : at.e, at.e);
  else if (name.n) out->name = name;
  if (!before.n || at.formal) return CPM_OK;
  return cpmi_quirk(&out->quirks, CPM_QUIRK(CPIM_ADDRESS), opts, base, "Formal-name", diag);
}

static int cpim_put_formal_name(cpmi_out *o, cpm_str name, bool quoted, const char *rule, cpm_diag *diag) {
  cpmi_cpim_marks at = { 0 };
  cpmi_out unused = cpmi_out_to(NULL, 0, 0);
  bool ok = true;
  int rc = cpmi_cpim_put_text(&unused, name, rule, diag);
  if (rc != CPM_OK) return rc;
  const size_t stop = name.n ? cpmi_cpim_name_parse(&at, name, &ok) : 0;
  if (!ok) return cpmi_fail(diag, CPM_E_VALUE, stop, rule, "RFC 3862 3.6 String");
  const char *const mark = quoted || !at.formal ? "\"" : "";
  cpmi_put_z(o, mark);
  rc = cpmi_cpim_put_text(o, name, rule, diag);
  cpmi_put_z(o, *mark ? mark : " ");
  return rc;
}

int cpmi_cpim_put_address(cpmi_out *o, const cpm_cpim_address *in, const char *rule, cpm_diag *diag) {
  const cpm_str name = in->quoted ? in->name : cpmi_trim_value(in->name);
  cpmi_cpim_marks at = { 0 };
  bool ok = false;
  int rc = cpmi_check_clean(in->uri, rule, diag);
  if (rc != CPM_OK) return rc;
  const size_t stop = in->uri.n ? cpmi_cpim_address_parse(&at, in->uri, &ok) : 0;
  if (!ok || at.uri_b) return cpmi_fail(diag, CPM_E_VALUE, ok ? 0 : stop, rule, "RFC 3862 3.6 URI");
  if (name.n || (name.p && in->quoted)) rc = cpim_put_formal_name(o, name, in->quoted, rule, diag);
  cpmi_put_char(o, '<');
  cpmi_put(o, in->uri);
  cpmi_put_char(o, '>');
  return rc;
}

int cpm_cpim_address_encode(char *dst, size_t cap, size_t *len, const cpm_cpim_address *in, cpm_diag *diag) {
  cpmi_out o = cpmi_out_to(dst, cap, 0);
  const int rc = cpmi_cpim_put_address(&o, in, "Formal-name", diag);
  return rc == CPM_OK ? cpmi_out_end(&o, len, diag) : rc;
}

/* ---- escapes ----------------------------------------------------------------------------------------------------- */

/* Letters and what they stand for, as RFC 3862 2.3 lists them; ABNF strings have no case. */
static const char cpim_escape_names[] = "btnr\"'\\BTNR", cpim_escape_octets[] = "\b\t\n\r\"'\\\b\t\n\r";

/* The character of the four digits at `at`; 0 if they are none or give none. */
static uint32_t cpim_code_point(cpm_str in, size_t at) {
  uint32_t code = 0;
  if (in.n < at || in.n - at < 4) return 0;
  for (size_t i = at; i < at + 4; i++) {
    const int digit = cpmi_hex(in.p[i]);
    if (digit < 0) return 0;
    code = code << 4 | (uint32_t)digit;
  }
  return code >= 0xd800 && code <= 0xdfff ? 0 : code;
}

/* Writes what the escape at `at` stands for; how many octets it has, 0 if it is none. */
static size_t cpim_put_unescaped(cpmi_out *o, cpm_str in, size_t at) {
  if (in.n - at < 2 || !in.p[at + 1]) return 0;
  if (in.p[at + 1] == 'u' || in.p[at + 1] == 'U') {
    const uint32_t code = cpim_code_point(in, at + 2);
    if (!code) return 0;
    cpmi_utf8_put(o, code);
    return 6;
  }
  const char *const name = strchr(cpim_escape_names, in.p[at + 1]);
  if (!name) return 0;
  cpmi_put_char(o, cpim_escape_octets[name - cpim_escape_names]);
  return 2;
}

int cpm_cpim_unescape(char *dst, size_t cap, size_t *len, cpm_str in) {
  cpmi_out o = cpmi_out_to(dst, cap, 0);
  for (size_t i = 0; i < in.n;) {
    const char *const escape = memchr(in.p + i, '\\', in.n - i);
    const size_t end = escape ? (size_t)(escape - in.p) : in.n;
    cpmi_put(&o, cpm_str_of(in.p + i, end - i));
    if (!escape) break;
    const size_t n = cpim_put_unescaped(&o, in, end);
    if (!n) return CPM_E_ESCAPE;
    i = end + n;
  }
  return cpmi_out_end(&o, len, NULL);
}

static void cpim_put_escaped(cpmi_out *o, unsigned char c) {
  static const char digits[] = "0123456789abcdef";
  const char *const octet = strchr(cpim_escape_octets, c);
  const bool control = c < 0x20 || c == 0x7f;
  if (!control && c != '\\') {
    cpmi_put_char(o, (char)c);
    return;
  }
  cpmi_put_char(o, '\\');
  if (octet) {
    cpmi_put_char(o, cpim_escape_names[octet - cpim_escape_octets]);
    return;
  }
  cpmi_put_z(o, "u00");
  cpmi_put_char(o, digits[c >> 4]);
  cpmi_put_char(o, digits[c & 15]);
}

int cpm_cpim_escape(char *dst, size_t cap, size_t *len, cpm_str text) {
  cpmi_out o = cpmi_out_to(dst, cap, 0);
  for (size_t i = 0; i < text.n; i++) {
    if (!text.p[i]) return CPM_E_INJECTION;
    cpim_put_escaped(&o, (unsigned char)text.p[i]);
  }
  return cpmi_out_end(&o, len, NULL);
}

/* ---- Disposition-Notification ------------------------------------------------------------------------------------ */

static const cpm_str cpim_dispositions[] = {
#define CPIM_DISPOSITION(id, text) CPM_STR(text),
  CPM_DISPOSITIONS(CPIM_DISPOSITION)
#undef CPIM_DISPOSITION
};

/* Adds one notify-req; text starts at `base` of what the caller was given. */
static int cpim_add_disposition(unsigned *set, cpm_str text, size_t base, cpm_diag *diag) {
  cpmi_cpim_marks at = { 0 };
  bool ok = false;
  const size_t stop = text.n ? cpmi_disposition_notification_parse(&at, text, &ok) : 0;
  if (!ok) return cpmi_fail(diag, CPM_E_SYNTAX, base + stop, "notify-req", "RFC 5438 6.2");
  for (unsigned i = 0; i < CPM_DISPOSITION_BITS; i++)
    if (cpm_str_ieq(cpmi_cpim_slice(at.b, at.e), cpim_dispositions[i])) *set |= 1u << i;
  return CPM_OK;
}

int cpm_disposition_notification_decode(unsigned *set, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  (void)opts;
  *set = 0;
  if (!cpm_str_trim(in).n) return CPM_OK;
  for (size_t at = 0;; at++) {
    const size_t end = cpmi_scan(in, at, ',');
    const cpm_str element = cpm_str_of(in.p + at, end - at), text = cpm_str_trim(element);
    const int rc = cpim_add_disposition(set, text, text.n ? (size_t)(text.p - in.p) : at, diag);
    if (rc != CPM_OK || end == in.n) return rc;
    at = end;
  }
}

int cpm_disposition_notification_encode(char *dst, size_t cap, size_t *len, unsigned set, cpm_diag *diag) {
  cpmi_out o = cpmi_out_to(dst, cap, 0);
  if (set >> CPM_DISPOSITION_BITS) return cpmi_fail(diag, CPM_E_ARG, 0, "notify-req", NULL);
  for (unsigned i = 0; i < CPM_DISPOSITION_BITS; i++) {
    if (!(set & 1u << i)) continue;
    if (o.n) cpmi_put_z(&o, ", ");
    cpmi_put(&o, cpim_dispositions[i]);
  }
  return cpmi_out_end(&o, len, diag);
}
