/* SPDX-License-Identifier: MIT */
/* warning.c - Warning, and the number of OMA at the head of its text. */
#include "value_internal.h"
#include "warning_parse.h"

#define WARNING_CLAUSE "RFC 3261 25.1"

static bool warning_is_digit(char c) { return c >= '0' && c <= '9'; }

/* The three digits that text starts with, 0 if it does not. */
static unsigned warning_number(cpm_str text) {
  const size_t at = cpmi_skip_lws(text, 0);
  unsigned v = 0;
  if (text.n - at < 3) return 0;
  for (size_t i = at; i < at + 3; i++) {
    if (!warning_is_digit(text.p[i])) return 0;
    v = v * 10 + (unsigned)(text.p[i] - '0');
  }
  return at + 3 < text.n && warning_is_digit(text.p[at + 3]) ? 0 : v;
}

/* Text without quotes: is its first word an agent, or does the text begin there? An agent stands before the number of OMA, or
 * looks like a host. */
static bool warning_begins_with_agent(cpm_str agent, cpm_str behind) {
  if (!agent.p || behind.n == 0 || warning_number(agent)) return false;
  if (warning_number(behind)) return true;
  for (size_t i = 0; i < agent.n; i++)
    if (agent.p[i] == '.' || agent.p[i] == ':') return true;
  return false;
}

static void warning_of_bare(cpm_warning *w, const cpmi_warning_marks *m) {
  const cpm_str bare = cpmi_between(m->bare_b, m->bare_e),
                agent = m->agent_e ? cpmi_between(m->bare_b, m->agent_e) : cpm_str_none();
  const cpm_str behind = cpmi_behind(bare, cpmi_skip_lws(bare, agent.n));
  const bool has_agent = warning_begins_with_agent(agent, behind);
  w->agent = has_agent ? agent : cpm_str_none();
  w->text = has_agent ? behind : bare;
}

int cpm_warning_next(cpm_str *rest, cpm_warning *out, const cpm_opts *opts, cpm_diag *diag) {
  cpmi_warning_marks m = { 0 };
  cpm_warning w = { 0 };
  cpm_str whole, element;
  int rc = cpmi_element_next(rest, &whole, &element, &w.quirks, opts, diag);
  if (rc) return rc;
  const char *const stop = cpmi_warning_parse(&m, element);
  if (stop) return cpmi_refuse(diag, (size_t)(stop - whole.p), whole, "warning-value", WARNING_CLAUSE);

  w.code = warning_number(cpm_str_of(m.code_b, 3));
  if (m.quoted) {
    w.agent = m.agent_e ? cpmi_between(m.agent_b, m.agent_e) : cpm_str_none();
    w.text = cpmi_between(m.text_b, m.text_e);
  } else {
    warning_of_bare(&w, &m);
  }
  w.oma = warning_number(w.text);
  if (w.code / 100 != 3 && !w.oma) w.oma = w.code;
  if (w.code / 100 != 3 || !m.quoted || !w.agent.p) {
    rc = cpmi_quirk(&w.quirks, CPM_QUIRK(SIP_WARNING), opts, (size_t)(m.code_b - whole.p), "warning-value", diag);
    if (rc) return rc;
  }
  *out = w;
  return CPM_OK;
}

/* ---- writing ---------------------------------------------------------------------------------------------------- */

int cpm_warning_encode(char *dst, size_t cap, size_t *len, const cpm_warning *in, cpm_diag *diag) {
  int rc = cpmi_check_piece(CPMI_PIECE_AGENT, in->agent, "warn-agent", WARNING_CLAUSE, diag);
  if (!rc) rc = cpmi_check_piece(CPMI_PIECE_QUOTED, in->text, "warn-text", WARNING_CLAUSE, diag);
  if (rc) return rc;
  const unsigned number = warning_number(in->text);
  if (in->code / 100 != 3) return cpmi_fail(diag, CPM_E_VALUE, 0, "warn-code", WARNING_CLAUSE);
  if (in->oma > 999 || (number && in->oma && number != in->oma)) return cpmi_fail(diag, CPM_E_VALUE, 0, "warn-text", "O-R5");

  cpmi_out o = cpmi_out_to(dst, cap, 0);
  cpmi_put_number(&o, in->code);
  cpmi_put_char(&o, ' ');
  cpmi_put(&o, in->agent);
  cpmi_put_z(&o, " \"");
  if (in->oma && !number) {
    cpmi_put_digits(&o, in->oma, 3);
    if (in->text.n) cpmi_put_char(&o, ' ');
  }
  cpmi_put_piece(&o, in->text);
  cpmi_put_char(&o, '"');
  return cpmi_out_end(&o, len, diag);
}
