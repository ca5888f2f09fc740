/* SPDX-License-Identifier: MIT */
/* compose_msrp.c - heads of MSRP and what goes with them, and where a connection goes. */
#include "compose.h"

/* ---- MSRP ---------------------------------------------------------------------------------------------------------- */

static cpm_msrp_failure compose_failure(cpm_str text) {
  if (cpm_str_ieq(text, cpm_str_z("no"))) return CPM_MSRP_FAILURE_NO;
  return cpm_str_ieq(text, cpm_str_z("partial")) ? CPM_MSRP_FAILURE_PARTIAL : CPM_MSRP_FAILURE_YES;
}

static void compose_msrp_member(cpm_msrp *m, unsigned header, cpm_str text) {
  switch (header) {
  case CPM_MSRP_TO_PATH:        m->to_path = text; break;
  case CPM_MSRP_FROM_PATH:      m->from_path = text; break;
  case CPM_MSRP_MESSAGE_ID:     m->message_id = text; break;
  case CPM_MSRP_SUCCESS_REPORT: m->success_report = cpm_str_ieq(text, cpm_str_z("yes")); break;
  case CPM_MSRP_FAILURE_REPORT: m->failure_report = compose_failure(text); break;
  default:                      m->content_type = text; break;
  }
}

/* What TAKE took, or a message of no octets. More than may go without a break end where they end (RFC 4975 7.1.1). */
static cpm_msrp_range compose_window(const compose *c, bool taken) {
  const cpmi_env *v = c->v;
  const uint64_t to = (uint64_t)cpmi_number(v->p, v->m, v->leg, CPM_FIELD_pushed), n = v->p->trigger.len;
  if (!taken) return (cpm_msrp_range){ 1, 0, 0 };
  return (cpm_msrp_range){ to - n + 1, n > CPM_MSRP_CHUNK ? CPM_MSRP_ANY : to, (uint64_t)cpmi_number(v->p, v->m, v->leg, CPM_FIELD_size) };
}

/* Leaves n octets from `from` on of the content that was composed. */
static void compose_cut(compose *c, uint64_t from, uint64_t n) {
  unsigned kept = 0;
  for (unsigned i = 0; c->pieces && i < c->npieces && i < CPM_SIP_PIECES; i++) {
    cpm_piece p = c->pieces[i];
    const uint64_t skip = from < p.bytes.n ? from : p.bytes.n, rest = p.bytes.n - skip, take = rest < n ? rest : n;
    from -= skip;
    n -= take;
    if (!take) continue;
    if (p.bytes.p) p.bytes.p += skip;
    else p.off += skip;
    p.bytes.n = (size_t)take;
    c->pieces[kept++] = p;
  }
  if (c->pieces) c->npieces = kept;
}

static cpm_msrp_range compose_range(const compose *c, const cpmi_line *line) {
  const uint64_t all = line->value == CPMI_VALUE_ALL_OF ? (uint64_t)cpmi_number(c->v->p, c->v->m, c->v->leg, (cpm_field)line->what) : 0;
  switch (line->value) {
  case CPMI_VALUE_RANGE:  return c->v->p->trigger.range;
  case CPMI_VALUE_ALL_OF: return (cpm_msrp_range){ 1, all, all };
  default:                return compose_window(c, line->value == CPMI_VALUE_WINDOW);
  }
}

/* Of an MSRP response; none came: RFC 4975 7.1.1. */
unsigned cpmi_compose_status(const cpmi_env *v, unsigned field) {
  const int64_t status = cpmi_number(v->p, v->m, v->leg, (cpm_field)field);
  return status >= 200 && status <= 999 ? (unsigned)status : 408;
}

/* The nearest of our relays comes first on the way out. */
static void compose_relays(compose *c) {
  cpm_str relays = c->v->a->media_relays;
  while (relays.n) {
    const cpm_str last = cpm_msrp_path_last(relays);
    cpmi_put(&c->out, last);
    cpmi_put_char(&c->out, ' ');
    relays.n = (size_t)(last.p - relays.p);
    while (relays.n && relays.p[relays.n - 1] == ' ') relays.n--;
  }
}

static int compose_msrp_line(compose *c, const cpmi_line *line, cpm_msrp *m) {
  const size_t from = c->out.n;
  if (line->name == CPM_MSRP_STATUS) {
    m->report_status = cpmi_compose_status(c->v, line->what);
    return CPM_OK;
  }
  if (line->name == CPM_MSRP_BYTE_RANGE) {
    m->has_range = true;
    m->range = compose_range(c, line);
    return CPM_OK;
  }
  if (line->name == CPM_MSRP_TO_PATH) compose_relays(c);
  const int rc = cpmi_compose_value(c, line);
  if (rc == CPM_END && line->level == CPMI_SHALL) return cpmi_compose_missing(c, line, cpm_msrp_header_name((cpm_msrp_header)line->name).p);
  if (rc == CPM_OK) compose_msrp_member(m, line->name, cpmi_compose_since(c, from));
  return rc == CPM_END ? CPM_OK : rc;
}

/* Is the body composed as a whole, and the window cut out of it? Of content of the host no more than the window was taken. */
static bool compose_cuts(const cpmi_recipe *r) {
  bool whole = false;
  for (size_t i = 0; i < r->nlines; i++) whole |= r->lines[i].place == CPMI_PLACE_BODY && r->lines[i].value == CPMI_VALUE_RECIPE;
  return whole && cpmi_compose_is_window(r);
}

static bool compose_goes_whole(const cpmi_recipe *r) {
  for (size_t i = 0; i < r->nlines; i++)
    if (r->lines[i].value == CPMI_VALUE_ALL) return true;
  return false;
}

/* All of a message of n octets. More than may go without a break end where they end. */
static cpm_msrp_range compose_all(uint64_t n) { return (cpm_msrp_range){ 1, n > CPM_MSRP_CHUNK ? CPM_MSRP_ANY : n, n }; }

/* How the message goes on behind these octets: of a chunk that is passed on as it came, of our own by what is left of it. */
static char compose_flag(const compose *c, const cpmi_recipe *r, const cpm_msrp *m) {
  for (size_t i = 0; i < r->nlines; i++)
    if (r->lines[i].value == CPMI_VALUE_RANGE) return c->v->p->trigger.flag ? c->v->p->trigger.flag : '$';
  return cpmi_compose_is_window(r) && m->range.start - 1 + c->v->p->trigger.len < m->range.total ? '+' : '$';
}

/* The head of a SEND and what goes with it. */
int cpmi_compose_push(compose *c, const cpmi_recipe *r, cpm_msrp *m) {
  for (size_t i = 0; i < r->nlines; i++) {
    if (r->lines[i].place != CPMI_PLACE_MSRP || !cpmi_compose_applies(c, &r->lines[i])) continue;
    const int rc = compose_msrp_line(c, &r->lines[i], m);
    if (rc) return rc;
  }
  const bool report = r->kind == CPMI_RECIPE_MSRP_REPORT;
  m->method = report ? CPM_MSRP_REPORT : CPM_MSRP_SEND;
  m->method_name = cpm_str_z(report ? "REPORT" : "SEND");
  if (report && !m->report_status) m->report_status = 200;
  m->report_comment = report ? cpm_msrp_comment(m->report_status) : cpm_str_none();
  const size_t from = c->mark = c->out.n;
  const int rc = cpmi_compose_body_line(c, r);
  cpmi_compose_flush(c);
  if (compose_cuts(r)) compose_cut(c, m->range.start - 1, c->v->p->trigger.len);
  if (compose_goes_whole(r)) m->range = compose_all(c->out.n - from + c->host);
  m->body = c->npieces != 0;
  if (!m->body) m->content_type = cpm_str_none();
  m->flag = compose_flag(c, r, m);
  if (rc == CPM_OK && c->npieces > CPM_SIP_PIECES) return cpmi_fail(c->diag, CPM_E_TOO_MANY, 0, "content", NULL);
  return rc;
}

/* The other side, by what its session description said. */
static cpm_msrp_media compose_peer(const compose *c) {
  const cpmi_env *v = c->v;
  const cpm_str path = cpmi_compose_record(c, CPM_FIELD_path), address = cpmi_compose_record(c, CPM_FIELD_peer_address);
  return (cpm_msrp_media){ .path = path, .address = address,
                           .port = (uint16_t)cpmi_number(v->p, v->m, v->leg, CPM_FIELD_peer_port),
                           .cema = address.p && cpmi_is_set(v->p, v->m, v->leg, CPM_FIELD_peer_cema),
                           .secure = cpmi_is_set(v->p, v->m, v->leg, CPM_FIELD_peer_secure) };
}

/* Where to connect, or who will come. */
int cpmi_compose_media(compose *c, cpm_effect_media *out) {
  const bool secure = c->v->a->media_secure != 0;
  const cpm_msrp_media ours = { .cema = true, .secure = secure }, theirs = compose_peer(c);
  const cpm_str relay = cpm_msrp_path_last(c->v->a->media_relays);
  const cpm_msrp_media nearest = { .path = relay, .port = CPM_MSRP_PORT };
  const int rc = cpmi_compose_our_path(c);
  if (rc) return rc == CPM_END ? cpmi_fail(c->diag, CPM_E_MISSING, 0, "media_address", c->row->clauses) : rc;
  out->local_path = cpmi_compose_since(c, 0);
  out->remote_path = theirs.path;
  out->fingerprint = cpmi_compose_record(c, CPM_FIELD_peer_fingerprint);
  const bool legacy = c->v->a->msrp_interop != 0;
  out->relayed = relay.n != 0;
  if (relay.n || c->op->op == CPMI_OP_CONNECT) {
    const int connected = cpm_msrp_connect(&out->target, &ours, relay.n ? &nearest : &theirs, legacy, c->diag);
    if (connected || !relay.n) return connected;
    out->target.matching = legacy && !theirs.cema ? CPM_MSRP_SESSION : CPM_MSRP_STRICT;
    return CPM_OK;
  }
  out->target.secure = secure;
  if (legacy && !theirs.cema) out->target.matching = CPM_MSRP_SESSION;
  return CPM_OK;
}
