/* SPDX-License-Identifier: MIT */
/* straight_dump.c - what the decoders of header field values make of many inputs, a line each. Built twice, with straight readers and
 * without (codecs/straight.h): tests/test_straight.sh compares the two outputs. Inputs come from the seeds below, changed octet by octet in
 * a way that is the same everywhere.
 *
 *   straight_dump [inputs a seed]
 */
#include "cpm/cpim.h"
#include "cpm/dialog.h"
#include "cpm/imdn.h"
#include "cpm/iscomposing.h"
#include "cpm/mime.h"
#include "cpm/sdp.h"
#include "cpm/value.h"
#include "straight.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- dumps: everything that a decoder gives, also what it leaves in *rest and diag ---------------------------------------------- */

static void dump_str(const char *name, cpm_str s, cpm_str in) {
  if (!s.p) printf(" %s -", name);
  else printf(" %s %ld+%zu", name, (long)(s.p - in.p), s.n);
}

static void dump_end(int rc, const cpm_diag *diag) {
  if (rc && rc != CPM_END) printf(" %s %zu %s", cpm_status_name(rc), diag->off, diag->rule ? diag->rule : "-");
}

static int dump_uri(cpm_str *rest, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  cpm_uri u;
  const int rc = cpm_uri_decode(&u, *rest, opts, diag);
  printf(" scheme %d port %d %u ipv6 %d global %d", (int)u.scheme, u.has_port, u.port, u.host_is_ipv6, u.tel_global);
  const cpm_str parts[] = { u.text, u.scheme_name, u.user, u.password, u.host, u.params, u.headers, u.opaque };
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) dump_str("", parts[i], in);
  rest->n = 0;
  return rc;
}

static void dump_address(const cpm_address *a, cpm_str in) {
  printf(" star %d <> %d quoted %d quirks %llx", a->star, a->bracketed, a->display_quoted, (unsigned long long)a->quirks);
  dump_str("display", a->display, in);
  dump_str("uri", a->uri, in);
  dump_str("params", a->params, in);
}

static int dump_addresses(cpm_str *rest, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  cpm_address a;
  const int rc = cpm_address_next(rest, &a, opts, diag);
  if (!rc) dump_address(&a, in);
  return rc;
}

static int dump_one_address(cpm_str *rest, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  cpm_address a;
  const int rc = cpm_address_decode(&a, *rest, opts, diag);
  if (!rc) dump_address(&a, in);
  rest->n = 0;
  return rc;
}

static int dump_via(cpm_str *rest, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  cpm_via v;
  const int rc = cpm_via_next(rest, &v, opts, diag);
  if (rc) return rc;
  const cpm_str parts[] = { v.protocol, v.version, v.transport, v.host, v.params, v.branch, v.received };
  printf(" port %d %u ipv6 %d", v.has_port, v.has_port ? v.port : 0, v.host_is_ipv6);
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) dump_str("", parts[i], in);
  return rc;
}

static int dump_accept_contact(cpm_str *rest, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  cpm_accept_contact a;
  const int rc = cpm_accept_contact_next(rest, &a, opts, diag);
  if (rc) return rc;
  printf(" require %d explicit %d quirks %llx", a.require, a.explicit_, (unsigned long long)a.quirks);
  dump_str("params", a.params, in);
  return rc;
}

static int dump_param(cpm_str *rest, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  cpm_param p;
  const int rc = cpm_param_next(rest, &p, diag);
  (void)opts;
  if (rc) return rc;
  printf(" quoted %d", p.quoted);
  dump_str("name", p.name, in);
  dump_str("value", p.value, in);
  return rc;
}

static int dump_token(cpm_str *rest, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  cpm_str token;
  const int rc = cpm_token_next(rest, &token, opts, diag);
  if (!rc) dump_str("token", token, in);
  return rc;
}

static int dump_service(cpm_str *rest, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  cpm_str urn;
  const int rc = cpm_service_next(rest, &urn, opts, diag);
  if (!rc) dump_str("urn", urn, in);
  return rc;
}

static int dump_product(cpm_str *rest, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  cpm_product p;
  const int rc = cpm_product_next(rest, &p, opts, diag);
  if (rc) return rc;
  printf(" quirks %llx", (unsigned long long)p.quirks);
  dump_str("name", p.name, in);
  dump_str("version", p.version, in);
  dump_str("comment", p.comment, in);
  return rc;
}

static int dump_one(cpm_str *rest, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  cpm_str call_id, id;
  cpm_cseq cseq;
  cpm_media_type type;
  uint64_t number;
  int rc = cpm_call_id_decode(&call_id, *rest, opts, diag);
  if (!rc) dump_str("call-id", call_id, in);
  dump_end(rc, diag);
  rc = cpm_id_decode(&id, *rest, opts, diag);
  if (!rc) dump_str("id", id, in);
  dump_end(rc, diag);
  rc = cpm_number_decode(&number, *rest, UINT32_MAX, opts, diag);
  if (!rc) printf(" number %llu", (unsigned long long)number);
  dump_end(rc, diag);
  rc = cpm_cseq_decode(&cseq, *rest, opts, diag);
  if (!rc) printf(" cseq %u %d", cseq.number, (int)cseq.method);
  if (!rc) dump_str("method", cseq.method_name, in);
  dump_end(rc, diag);
  rc = cpm_media_type_decode(&type, *rest, opts, diag);
  if (!rc) printf(" quirks %llx", (unsigned long long)type.quirks);
  if (!rc) dump_str("type", type.type, in);
  if (!rc) dump_str("subtype", type.subtype, in);
  if (!rc) dump_str("params", type.params, in);
  dump_end(rc, diag);
  int64_t date;
  uint64_t quirks = 0;
  rc = cpm_date_decode(&date, *rest, opts, &quirks, diag);
  if (!rc) printf(" date %lld quirks %llx", (long long)date, (unsigned long long)quirks);
  rest->n = 0;
  return rc;
}

static int dump_sip(cpm_str *rest, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  static cpm_sip_field fields[6];   /* so few that one too many is easily there */
  cpm_sip msg = CPM_SIP_ROOM(fields);
  const int rc = cpm_sip_decode(&msg, *rest, opts, diag);
  printf(" %u %d quirks %llx size %zu", msg.status, (int)msg.method, (unsigned long long)msg.quirks, msg.size);
  const cpm_str parts[] = { msg.method_name, msg.request_uri, msg.reason, msg.version, msg.body };
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) dump_str("", parts[i], in);
  for (size_t i = 0; i < msg.nfields; i++) {
    printf(" %d", (int)fields[i].id);
    dump_str("", fields[i].name, in);
    dump_str("", fields[i].value, in);
  }
  rest->n = 0;
  return rc;
}

/* ---- MSRP and SDP ---------------------------------------------------------------------------------------------------------- */

static int dump_msrp_uri(cpm_str *rest, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  cpm_msrp_uri u;
  const int rc = cpm_msrp_uri_decode(&u, *rest, opts, diag);
  if (!rc) printf(" secure %d port %d %u ipv6 %d", u.secure, u.has_port, u.port, u.host_is_ipv6);
  const cpm_str parts[] = { u.text, u.userinfo, u.host, u.session_id, u.transport, u.params };
  for (size_t i = 0; !rc && i < sizeof parts / sizeof *parts; i++) dump_str("", parts[i], in);
  rest->n = 0;
  return rc;
}

static int dump_msrp_head(cpm_str *rest, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  cpm_msrp_field fields[16];
  cpm_msrp m = { .fields = fields, .cap = 16 };
  const int rc = cpm_msrp_decode(&m, *rest, opts, diag);
  printf(" %u %d quirks %llx range %d %llu-%llu/%llu success %d failure %d report %u %u body %d flag %d size %zu", m.status, (int)m.method,
         (unsigned long long)m.quirks, m.has_range, (unsigned long long)m.range.start, (unsigned long long)m.range.end,
         (unsigned long long)m.range.total, m.success_report, (int)m.failure_report, m.report_namespace, m.report_status, m.body, m.flag, m.size);
  const cpm_str parts[] = { m.method_name, m.comment, m.transaction_id, m.to_path, m.from_path, m.message_id, m.content_type, m.report_comment };
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) dump_str("", parts[i], in);
  for (size_t i = 0; i < m.nfields; i++) {
    printf(" field %d", (int)fields[i].id);
    dump_str("", fields[i].name, in);
    dump_str("", fields[i].value, in);
  }
  rest->n = 0;
  return rc;
}

/* The frames of a connection, given whole and then in three pieces: each must give the same but for the cuts between BODY events. */
static int dump_msrp_read(cpm_str *rest, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  int rc = CPM_OK;
  for (size_t piece = in.n; piece; piece = piece == in.n ? in.n / 3 : 0) {
    char head[200];   /* so small that a head may be too long */
    cpm_msrp_reader r = CPM_MSRP_READER(head);
    cpm_msrp_event event;
    rc = CPM_E_MORE;
    for (size_t at = 0; rc == CPM_E_MORE && at < in.n; at += piece) {
      cpm_str given = cpm_str_of(in.p + at, in.n - at < piece ? in.n - at : piece);
      while ((rc = cpm_msrp_read(&r, &given, &event, opts, diag)) == CPM_OK) {
        printf(" %d flag %d size %llu quirks %llx ", (int)event.kind, event.flag, (unsigned long long)event.size, (unsigned long long)event.quirks);
        for (size_t i = 0; i < event.text.n; i++) printf("%02x", (unsigned char)event.text.p[i]);
      }
      printf(" behind %zu", given.n);
    }
    dump_end(rc, diag);
  }
  rest->n = 0;
  return rc;
}

static void dump_sdp_msrp(const cpm_sdp *sdp, size_t index, cpm_str in, const cpm_opts *opts) {
  cpm_sdp_msrp m;
  cpm_diag diag = { 0 };
  const int rc = cpm_sdp_msrp_decode(&m, sdp, index, opts, &diag);
  dump_end(rc, &diag);
  printf(" quirks %llx", (unsigned long long)m.quirks);
  if (rc) return;
  printf(" %u %d %d max %d %llu setup %d reuse %d cema %d chatroom %d file %d size %d %llu dates %lld %lld %lld range %d %llu %llu", m.port,
         m.secure, (int)m.direction, m.has_max_size, (unsigned long long)m.max_size, (int)m.setup, (int)m.reuse, m.cema, m.chatroom, m.file,
         m.selector.has_size, (unsigned long long)m.selector.size, (long long)m.creation.unix_ms, (long long)m.modification.unix_ms,
         (long long)m.read.unix_ms, m.has_range, (unsigned long long)m.range_start, (unsigned long long)m.range_stop);
  const cpm_str parts[] = { m.connection.address, m.accept_types, m.accept_wrapped_types, m.path, m.fingerprint, m.chatroom_tokens,
                            m.selector.name, m.selector.type, m.selector.hashes, m.file_transfer_id, m.file_disposition, m.file_icon };
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) dump_str("", parts[i], in);
}

static int dump_sdp(cpm_str *rest, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  cpm_sdp_line lines[32];
  cpm_sdp_media media[4];
  cpm_sdp sdp = CPM_SDP_ROOM(lines, media);
  cpm_sdp_origin o;
  cpm_sdp_time t;
  const int rc = cpm_sdp_decode(&sdp, *rest, opts, diag);
  printf(" quirks %llx session %zu", (unsigned long long)sdp.quirks, sdp.nsession);
  for (size_t i = 0; i < sdp.nlines; i++) {
    printf(" %c %d %zu", lines[i].type, (int)lines[i].attribute, lines[i].off);
    dump_str("", lines[i].name, in);
    dump_str("", lines[i].value, in);
    if (lines[i].type == 'o' && cpm_sdp_origin_decode(&o, lines[i].value, NULL) == CPM_OK) {
      const cpm_str parts[] = { o.username, o.sess_id, o.sess_version, o.nettype, o.addrtype, o.address };
      for (size_t k = 0; k < sizeof parts / sizeof *parts; k++) dump_str("", parts[k], in);
    }
    if (lines[i].type == 't' && cpm_sdp_time_decode(&t, lines[i].value, NULL) == CPM_OK) printf(" %llu", (unsigned long long)(t.start + t.stop));
  }
  for (size_t i = 0; i < sdp.nmedia; i++) {
    printf(" m %u %llu %d", media[i].port, (unsigned long long)media[i].ports, (int)media[i].direction);
    dump_str("", media[i].media, in);
    dump_str("", media[i].proto, in);
    dump_str("", media[i].formats, in);
    dump_sdp_msrp(&sdp, i, in, opts);
  }
  rest->n = 0;
  return rc;
}

/* ---- dialogs, sessions, subscriptions, capabilities ------------------------------------------------------------------------------ */

static int dump_contact(cpm_str *rest, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  cpm_contact c;
  const int rc = cpm_contact_next(rest, &c, opts, diag);
  if (rc) return rc;
  dump_address(&c.address, in);
  printf(" q %d %u expires %d %u focus %d reg %u", c.has_q, c.q, c.has_expires, c.expires, c.isfocus, c.reg_id);
  const cpm_str parts[] = { c.instance, c.methods, c.icsi_ref, c.iari_ref, c.pub_gruu, c.temp_gruu };
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) dump_str("", parts[i], in);
  return rc;
}

static int dump_route(cpm_str *rest, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  cpm_route r;
  const int rc = cpm_route_next(rest, &r, opts, diag);
  if (rc) return rc;
  printf(" quoted %d lr %d", r.display_quoted, r.lr);
  dump_str("display", r.display, in);
  dump_str("uri", r.uri, in);
  dump_str("params", r.params, in);
  return rc;
}

static int dump_history(cpm_str *rest, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  cpm_history_info h;
  const int rc = cpm_history_info_next(rest, &h, opts, diag);
  if (rc) return rc;
  printf(" quoted %d target %d", h.display_quoted, (int)h.target);
  const cpm_str parts[] = { h.display, h.uri, h.params, h.index, h.target_index };
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) dump_str("", parts[i], in);
  return rc;
}

static int dump_reason(cpm_str *rest, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  cpm_reason r;
  const int rc = cpm_reason_next(rest, &r, opts, diag);
  if (rc) return rc;
  printf(" cause %d %u quoted %d", r.has_cause, r.cause, r.text_quoted);
  dump_str("protocol", r.protocol, in);
  dump_str("text", r.text, in);
  dump_str("params", r.params, in);
  return rc;
}

static void dump_event_parts(const cpm_sip_event *e, cpm_str in) {
  const cpm_str parts[] = { e->type, e->package, e->templates, e->id, e->params };
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) dump_str("", parts[i], in);
}

static int dump_event(cpm_str *rest, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  cpm_sip_event e;
  const int rc = cpm_sip_event_decode(&e, *rest, opts, diag);
  if (!rc) dump_event_parts(&e, in);
  rest->n = 0;
  return rc;
}

static int dump_events(cpm_str *rest, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  cpm_sip_event e;
  const int rc = cpm_sip_event_next(rest, &e, opts, diag);
  if (!rc) dump_event_parts(&e, in);
  return rc;
}

static int dump_accepted(cpm_str *rest, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  cpm_accepted a;
  const int rc = cpm_accept_encoding_next(rest, &a, opts, diag);
  if (rc) return rc;
  printf(" q %u", a.q);
  dump_str("name", a.name, in);
  dump_str("params", a.params, in);
  return rc;
}

/* One value, read as each of the fields whose shape is ONE. */
static int dump_heads(cpm_str *rest, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  cpm_session_expires se;
  cpm_subscription_state ss;
  cpm_min_se min;
  cpm_retry_after ra;
  cpm_replaces rep;
  cpm_target_dialog t;
  cpm_token_params tp;
  int rc = cpm_session_expires_decode(&se, *rest, opts, diag);
  if (!rc) printf(" session %u %d", se.seconds, (int)se.refresher), dump_str("", se.params, in);
  else dump_end(rc, diag);
  rc = cpm_min_se_decode(&min, *rest, opts, diag);
  if (!rc) printf(" min %u", min.seconds), dump_str("", min.params, in);
  else dump_end(rc, diag);
  rc = cpm_retry_after_decode(&ra, *rest, opts, diag);
  if (!rc) printf(" retry %u %d %u", ra.seconds, ra.has_duration, ra.duration), dump_str("", ra.params, in), dump_str("", ra.comment, in);
  else dump_end(rc, diag);
  rc = cpm_subscription_state_decode(&ss, *rest, opts, diag);
  if (!rc) {
    printf(" state %d %d expires %d %u retry %d %u", (int)ss.state, (int)ss.reason, ss.has_expires, ss.expires, ss.has_retry_after, ss.retry_after);
    dump_str("", ss.state_text, in);
    dump_str("", ss.reason_text, in);
    dump_str("", ss.params, in);
  } else dump_end(rc, diag);
  rc = cpm_replaces_decode(&rep, *rest, opts, diag);
  if (!rc) {
    const cpm_str parts[] = { rep.call_id, rep.to_tag, rep.from_tag, rep.params };
    printf(" replaces %d", rep.early_only);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) dump_str("", parts[i], in);
  } else dump_end(rc, diag);
  rc = cpm_join_decode(&rep, *rest, opts, diag);
  if (!rc) printf(" join %d", rep.early_only), dump_str("", rep.to_tag, in), dump_str("", rep.params, in);
  else dump_end(rc, diag);
  rc = cpm_target_dialog_decode(&t, *rest, opts, diag);
  if (!rc) dump_str("target", t.remote_tag, in), dump_str("", t.params, in);
  else dump_end(rc, diag);
  rc = cpm_token_params_decode(&tp, *rest, opts, diag);
  if (!rc) dump_str("token", tp.token, in), dump_str("", tp.params, in);
  rest->n = 0;
  return rc;
}

/* ---- CPIM, IMDN, isComposing --------------------------------------------------------------------------------------------------- */

static int dump_cpim(cpm_str *rest, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  cpm_cpim_header headers[12];
  cpm_cpim m = { .headers = headers, .cap = 12 };
  const int rc = cpm_cpim_decode(&m, *rest, opts, diag);
  printf(" quirks %llx", (unsigned long long)m.quirks);
  for (size_t i = 0; i < m.nheaders; i++) {
    const cpm_str parts[] = { headers[i].prefix, headers[i].ns, headers[i].name, headers[i].params, headers[i].value };
    printf(" header %d", (int)headers[i].id);
    for (size_t k = 0; k < sizeof parts / sizeof *parts; k++) {
      if (k != 1) dump_str("", parts[k], in);
      else printf(" %.*s", (int)parts[k].n, parts[k].p ? parts[k].p : "-");   /* the namespaces of RFC 3862 and 5438 are in no message */
    }
  }
  const cpm_str parts[] = { m.content_type, m.disposition, m.encoding, m.mime, m.content };
  for (size_t i = 0; !rc && i < sizeof parts / sizeof *parts; i++) dump_str("", parts[i], in);
  rest->n = 0;
  return rc;
}

static int dump_cpim_address(cpm_str *rest, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  cpm_cpim_address a;
  const int rc = cpm_cpim_address_decode(&a, *rest, opts, diag);
  if (!rc) printf(" quoted %d quirks %llx", a.quoted, (unsigned long long)a.quirks);
  if (!rc) dump_str("name", a.name, in);
  if (!rc) dump_str("uri", a.uri, in);
  rest->n = 0;
  return rc;
}

static int dump_imdn(cpm_str *rest, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  cpm_imdn m;
  char text[1100];
  size_t n = 0;
  const int rc = cpm_imdn_decode(&m, *rest, opts, diag);
  printf(" %d quirks %llx", (int)m.status, (unsigned long long)m.quirks);
  const cpm_str parts[] = { m.message_id, m.datetime, m.recipient_uri, m.original_recipient_uri, m.subject };
  for (size_t i = 0; !rc && i < sizeof parts / sizeof *parts; i++) {
    dump_str("", parts[i], in);
    if (!parts[i].p) continue;
    const int taken = cpm_markup_text(text, sizeof text, &n, parts[i], CPM_MARKUP_COLLAPSE, NULL);
    printf(" %d %zu", taken, n);
  }
  cpm_imdn again = m;
  const int written = rc ? rc : cpm_imdn_encode(NULL, 0, &n, &again, NULL);
  if (!rc) printf(" size %d %zu", written, n);
  rest->n = 0;
  return rc;
}

static int dump_iscomposing(cpm_str *rest, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  cpm_iscomposing m;
  const int rc = cpm_iscomposing_decode(&m, *rest, opts, diag);
  printf(" quirks %llx active %d refresh %llu", (unsigned long long)m.quirks, m.active, (unsigned long long)m.refresh);
  const cpm_str parts[] = { m.state, m.lastactive, m.contenttype };
  for (size_t i = 0; !rc && i < sizeof parts / sizeof *parts; i++) dump_str("", parts[i], in);
  rest->n = 0;
  return rc;
}

/* ---- writers: what stands between "|" goes into a struct -------------------------------------------------------------------------- */

static cpm_str dump_part(cpm_str *rest) {
  const char *const bar = rest->n ? memchr(rest->p, '|', rest->n) : NULL;
  const size_t n = bar ? (size_t)(bar - rest->p) : rest->n;
  const cpm_str part = n == 1 && *rest->p == '-' ? cpm_str_none() : cpm_str_of(rest->p, n);
  *rest = cpm_str_of(rest->p + n + (bar != NULL), rest->n - n - (bar != NULL));
  return part;
}

typedef union dump_thing {
  cpm_address address;
  cpm_via via;
  cpm_cseq cseq;
  cpm_media_type type;
  cpm_str service;
  struct { cpm_sip m; cpm_sip_field f[3]; } sip;
} dump_thing;
typedef int dump_write(char *dst, size_t cap, size_t *len, const dump_thing *t, cpm_diag *diag);

static int dump_write_address(char *dst, size_t cap, size_t *len, const dump_thing *t, cpm_diag *diag) { return cpm_address_encode(dst, cap, len, &t->address, diag); }
static int dump_write_via(char *dst, size_t cap, size_t *len, const dump_thing *t, cpm_diag *diag) { return cpm_via_encode(dst, cap, len, &t->via, diag); }
static int dump_write_cseq(char *dst, size_t cap, size_t *len, const dump_thing *t, cpm_diag *diag) { return cpm_cseq_encode(dst, cap, len, &t->cseq, diag); }
static int dump_write_type(char *dst, size_t cap, size_t *len, const dump_thing *t, cpm_diag *diag) { return cpm_media_type_encode(dst, cap, len, &t->type, diag); }
static int dump_write_service(char *dst, size_t cap, size_t *len, const dump_thing *t, cpm_diag *diag) { return cpm_service_encode(dst, cap, len, t->service, diag); }
static int dump_write_sip(char *dst, size_t cap, size_t *len, const dump_thing *t, cpm_diag *diag) { return cpm_sip_encode(dst, cap, len, &t->sip.m, diag); }

static int dump_write_by_value(char *dst, size_t cap, size_t *len, const dump_thing *t, cpm_diag *diag) {
  cpm_sip_writer w = CPM_SIP_WRITER(dst, dst ? cap : 0);
  cpm_sip_write_start(&w, &t->sip.m, diag);
  for (size_t i = 0; i < t->sip.m.nfields; i++) cpm_sip_write_field(&w, &t->sip.f[i], diag);
  return cpm_sip_write_end(&w, len, &t->sip.m, diag);
}

/* The size, and what stands in a buffer that is as long as that, one octet shorter, and longer. */
static void dump_written(dump_write *write, const dump_thing *t, cpm_diag *diag) {
  size_t size = 0, n = 0;
  int rc = write(NULL, 0, &size, t, diag);
  printf(" size %d %zu", rc, size);
  dump_end(rc, diag);
  for (size_t cap = size ? size - 1 : 0; cap <= size + 64; cap += cap <= size ? 1 : 63) {
    char *const dst = malloc(cap + 1);
    if (!dst) exit(2);
    cpm_diag again = { 0 };
    rc = write(dst, cap, &n, t, &again);
    printf(" %d %zu", rc, n);
    dump_end(rc, &again);
    for (size_t i = 0; !rc && i < n; i++) printf("%02x", (unsigned char)dst[i]);
    free(dst);
  }
}

static int dump_writers(cpm_str *rest, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  cpm_str a[3];
  (void)in;
  (void)opts;
  for (size_t i = 0; i < 3; i++) a[i] = dump_part(rest);
  const bool odd = a[0].n & 1, even = a[2].n & 2;
  dump_thing t = { .address = { .bracketed = odd, .display = a[0], .display_quoted = even, .uri = a[1], .params = a[2] } };
  dump_written(dump_write_address, &t, diag);
  const dump_thing bracketed = { .address = { .bracketed = true, .display = a[0], .display_quoted = true, .uri = a[1], .params = a[2] } };
  dump_written(dump_write_address, &bracketed, diag);
  for (int ipv6 = 0; ipv6 < 2; ipv6++) {
    const dump_thing v = { .via = { .protocol = cpm_str_of("SIP", 3), .version = cpm_str_of("2.0", 3), .transport = a[0], .host = a[1],
                                    .host_is_ipv6 = ipv6, .has_port = odd, .port = (uint16_t)(a[2].n * 977), .params = a[2] } };
    dump_written(dump_write_via, &v, diag);
  }
  const dump_thing cseq = { .cseq = { .number = (uint32_t)a[2].n, .method_name = a[0] } };
  dump_written(dump_write_cseq, &cseq, diag);
  const dump_thing type = { .type = { .type = a[0], .subtype = a[1], .params = a[2] } };
  dump_written(dump_write_type, &type, diag);
  t.service = a[1];
  dump_written(dump_write_service, &t, diag);
  const dump_thing sip = { .sip = { .m = { .method_name = cpm_str_of("BYE", 3), .request_uri = a[1], .nfields = 3, .body = a[0] },
                                    .f = { { .id = CPM_SIP_SUBJECT, .value = a[0] }, { .id = CPM_SIP_CONTACT, .value = a[1] },
                                           { .id = CPM_SIP_REASON, .value = a[2] } } } };
  dump_thing m = sip;
  m.sip.m.fields = m.sip.f;
  dump_written(dump_write_sip, &m, diag);
  dump_written(dump_write_by_value, &m, diag);
  return CPM_OK;
}

#define DUMP_PATHS "To-Path: msrps://bob.example.net:7395/9di4e;tcp\r\nFrom-Path: msrp://[2001:db8::8:a]/2s9;tcp msrp://x/y;tcp\r\n"
#define DUMP_SDP "v=0\r\no=- 1 2 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"

/* ---- inputs ------------------------------------------------------------------------------------------------------------------------ */

typedef int dump_kind(cpm_str *rest, cpm_str in, const cpm_opts *opts, cpm_diag *diag);

static const struct { const char *name; dump_kind *kind; const char *seed; } dump_seeds[] = {
  { "uri", dump_uri, "sip:+12025550143@ims.mnc001.mcc001.3gppnetwork.org;user=phone" },
  { "uri", dump_uri, "sip:[2001:db8::17:a00:2c0:51fe]:5061;comp=sigcomp;lr" },
  { "uri", dump_uri, "sips:[::ffff:1]" },
  { "uri", dump_uri, "sip:a.b-c@192.0.2.1:65535;a=b;A=c;lr" },
  { "uri", dump_uri, "sip:al%41ce:pw@example.com.;x=%20?a=b" },
  { "uri", dump_uri, "tel:+12025550143;ext=1" },
  { "uri", dump_uri, "sip:[1:2:3:4:5:6:7:8]" },
  { "uri", dump_uri, "sip:pcscf.visited.example.net:7531;lr;comp=sigcomp" },
  { "uri", dump_uri, "sips:+1-2@a-b.example;lr" },
  { "uri", dump_uri, "sip:x@b.cdef:80" },
  { "uri", dump_uri, "sip:a-long-user.name@a-longer-host.name.of.example.com;a=b;lr;xxxxx" },
  { "addresses", dump_addresses, "\"Alice Example\" <sip:+12025550143@example.org>;tag=51f2a, <tel:+12025550143>" },
  { "addresses", dump_addresses, "<sip:pcscf.example.net:7531;lr;comp=sigcomp>, <sip:orig@scscf.example.net;lr>" },
  { "addresses", dump_addresses, "Bob van Example <sip:bob@example.com>;q=0.5;expires=3600;a=\"b,c\", sip:x@y;tag=1,*" },
  { "address", dump_one_address, "<sip:[::1]:5061>;+sip.instance=\"<urn:gsma:imei:1-2-0>\";tag=a;q=1;tag=b" },
  { "address", dump_one_address, "A B  C<sip:x@y.z> ; tag = t" },
  { "via", dump_via, "SIP/2.0/TCP pcscf.example.net:5060;branch=z9hG4bK7.1;received=192.0.2.33" },
  { "via", dump_via, "SIP/2.0/UDP [2001:db8::9]:5061;comp=sigcomp;branch=z9;rport, SIP/2.0/TLS h;ttl=1;maddr=a;branch=b" },
  { "via", dump_via, "SIP/2.0/TCP h;received=2001:db8::17:a;rport=5061;received=[::1]" },
  { "accept-contact", dump_accept_contact, "*;+g.3gpp.icsi-ref=\"urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.msg\";require;explicit" },
  { "accept-contact", dump_accept_contact, "*;+g.3gpp.iari-ref=\"urn:x,y\";a=b;EXPLICIT, *;require" },
  { "param", dump_param, ";a;b=c;d=\"e f\";g=[::1];h:i=/j" },
  { "token", dump_token, "MESSAGE, INVITE,ACK ,path,, 100rel" },
  { "service", dump_service, "urn:urn-7:3gpp-service.ims.icsi.oma.cpm.msg, urn:urn-7:abcdefghijklmnopqrstuvwxyz1" },
  { "product", dump_product, "CPM-client/OMA2.2 loopback/0.1 device (a b) x / y z" },
  { "sip", dump_sip, "MESSAGE sip:bob@example.com SIP/2.0\r\nVia: SIP/2.0/TCP h\r\nf:  <sip:a@b> \r\nX-Unknown: y\r\nSubject: a\r\n b\r\n"
                     "l: 4\r\n\r\nbody" },
  { "sip", dump_sip, "SIP/2.0 200 OK\r\nCSeq: 1 INVITE\nCall-ID:x\r\ncontent-length : 0\r\nL:0\r\n\r\n" },
  { "one", dump_one, "5f3a9be2c74d4e10a67@[2001:db8::17:a00]" },
  { "one", dump_one, "6a1f0c52-8d3e-4b97" },
  { "one", dump_one, "4294967296" },
  { "one", dump_one, "666 MESSAGE" },
  { "msrp uri", dump_msrp_uri, "msrps://bob.example.net:7395/9di4eae923wzd+a=/.~;tcp" },
  { "msrp uri", dump_msrp_uri, "msrp://alice@[2001:db8::8:800:200c:417a]:65535/2s93i93idj;tcp;a=b" },
  { "msrp", dump_msrp_head, "MSRP a786hjs2 SEND\r\n" DUMP_PATHS "Message-ID: 1233-9sdq\r\nSuccess-Report: yes\r\nFailure-Report: no\r\n"
                            "Byte-Range: 1-2048/4096\r\nX-New: a\r\nContent-Type: message/cpim\r\n\r\n" },
  { "msrp", dump_msrp_head, "MSRP d93kswow 200 OK\r\n" DUMP_PATHS "-------d93kswow$\r\n" },
  { "msrp", dump_msrp_head, "MSRP dkei38sd REPORT\r\n" DUMP_PATHS "Message-ID: 4564\r\nByte-Range: 1-*/*\r\nStatus: 000 200 OK\r\n"
                            "-------dkei38sd+\r\n" },
  { "msrp", dump_msrp_head, "MSRP d93kswow 481 No such session\r\n" DUMP_PATHS "Status: 000 413 413\r\n-------d93kswow#\r\n" },
  { "msrp", dump_msrp_head, "MSRP a786hjs2 SEND\r\nTo-Path: msrp://b:1/c;tcp\r\nFrom-Path: msrp://x/y;tcp\r\nMessage-ID: 1233\r\nByte-Range: 5-4/0"
                            "\r\nFailure-Report: partial\r\nStatus: 000 200\r\n-------a786hjs2$\r\n" },
  { "msrp", dump_msrp_head, "MSRP a786hjs2 SEND\r\nTo-Path: msrp://b:1/c;tcp\r\nFrom-Path: msrp://x/y;tcp\r\nMessage-ID: 1233\r\n"
                            "Byte-Range: 1-18446744073709551614/9999999999999999999\r\nContent-Type: a/b\r\n\r\n" },
  { "msrp read", dump_msrp_read, "MSRP a786hjs2 SEND\r\nTo-Path: msrp://b/c;tcp\r\nContent-Type: a/b\r\n\r\nhi-------a786hjs2\r\n--\r\n-------a786hjs2+\r\n"
                                 "MSRP d93k 200 OK\r\nTo-Path: x\r\n-------d93k$\r\n" },
  { "msrp read", dump_msrp_read, "MSRP 49fj AUTH\r\n\r\nhi\r\n-------49fj$\r\nMSRP 49fj AUTH\r\n-------49fj+\r\n" },
  { "msrp read", dump_msrp_read, "MSRP a786 SEND\r\n\r\n-------a786$\r\nMSRP a786 SEND\r\n\r\n\r\n-------a786$\r\nMSRP d93k REPORT\r\nA: b\n-c\r\n-------d93k#\r\n" },
  { "sdp", dump_sdp, DUMP_SDP "m=message 7394 TCP/TLS/MSRP *\r\na=accept-types:message/cpim text/* *\r\na=accept-wrapped-types:image/png *\r\n"
                     "a=path:msrps://a.example.com:7394/2s9;tcp msrp://b/c;tcp\r\na=setup:actpass\r\na=connection:new\r\na=msrp-cema\r\n"
                     "a=sendonly\r\na=max-size:10485760\r\na=fingerprint:SHA-1 4A:AD:B9\r\na=chatroom:nickname private-messages\r\n" },
  { "sdp", dump_sdp, DUMP_SDP "m=message 0 TCP/MSRP *\r\na=file-selector:name:\"My pic%20.jpg\" type:image/jpeg size:1463 hash:sha-1:72:24:5F:E8:65:"
                     "3D:DA:F3:71:36:2F:86:D4:71:91:3E:E4:A2:CE:2E\r\na=file-transfer-id:Q6LM_o\r\na=file-disposition:attachment\r\n"
                     "a=file-date:creation:\"Mon, 15 May 2006 15:01:31 +0300\" read:\"Mon, 15 May 2006 15:01:31 +0000\"\r\n"
                     "a=file-icon:cid:id2@a\r\na=file-range:1-*\r\na=X-a:b\r\n" },
  { "sdp", dump_sdp, DUMP_SDP "a=inactive\r\nm=audio 5004/2 RTP/AVP 0 8\r\ni=x\r\nb=AS:64\r\nm=message 1 TCP/MSRP *\r\na=path:msrp://b/c;tcp\r\n"
                     "a=accept-types:a/b\r\na=file-selector:hash:md5:72 size:5 name:\"a b\"\r\n" },
  { "sdp", dump_sdp, "v=0\r\no=alice 3961827340 3961827340 IN IP6 2001:db8::17:a00:2c0:51fe\r\ns=-\r\nc=IN IP6 2001:db8::17:a00:2c0:51fe\r\nt=0 0\r\n"
                     "a=setup:passive\r\na=x_long-attribute-name-of-some-peer:1\r\nm=message 9 TCP/TLS/MSRP *\r\na=accept-types:message/cpim "
                     "application/im-iscomposing+xml\r\na=accept-wrapped-types:text/plain image/* application/vnd.gsma_rcs-ft-http+xml multipart/mixed "
                     "*\r\na=path:msrps://[2001:db8::17:a00:2c0:51fe]:7394/7cq2;tcp\r\na=fingerprint:SHA-1 5D:0C:A3:97:E1:48:6B:F2:30:9A:CE:17:84:DB:"
                     "62:05:BF:7E:11:C4\r\na=file-selector:name:\"harbour.jpg\" type:image/jpeg size:1463440 hash:sha-1:91:04:BE:6D:F3:28:CA:57:E0:1B:"
                     "8C:42:AF:D6:09:73:35:EE:C8:60\r\na=file-transfer-id:vK2mQ8xZr5TbN1cYh7LwE4aPd9GfJs3u\r\na=inactive\r\n" },
  { "sdp", dump_sdp, DUMP_SDP "m=message 9 TCP/MSRP *\r\nc=IN IP4 233.252.0.1/127/3\r\na=accept-types:*\r\na=path:msrp://b/c;tcp msrp://d/e;tcp\r\n"
                     "a=Setup:active\r\na=max-size: 5\r\na=msrp-cema:\r\na=sendrecv\r\na=chatroom\r\na=file-selector\r\na=file-icon:cid:a\r\n"
                     "a=fingerprint:sha-256 4a:ad:b9:b1:3f:82:18:3b:54\r\na=rtpmap:0 PCMU/8000\r\nm=message 7 tcp/msrp *\r\na=file-range:1-5\r\n" },
  { "cpim", dump_cpim, "From: Alice <sip:alice@example.com>\r\nTo: <sip:bob@example.net>\r\nNS: imdn <urn:ietf:params:imdn>\r\nDateTime: "
                       "2020-09-27T04:02:25Z\r\nimdn.Message-ID: 5f3a\r\nimdn.Disposition-Notification: positive-delivery, display\r\n\r\n"
                       "Content-Type: text/plain;charset=UTF-8\r\nContent-Length: 2\r\n\r\nhi" },
  { "cpim", dump_cpim, "NS: MyFeatures <mid:x@y>\r\nRequire: MyFeatures.Vital\r\nMyFeatures.Vital: a\\u0041\r\nSubject:;lang=fr objet\r\n\r\n"
                       "Content-type:text/plain\r\nX-a : b\r\n c\r\n\r\n" },
  { "cpim", dump_cpim, "From: <sip:a@b.c>\r\nTo: <tel:+1>\r\nNS: imdn <urn:ietf:params:imdn>\r\nDateTime: 2026\r\nimdn.Message-ID: 5f3a\r\n"
                       "imdn.Disposition-Notification: display\r\n\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nhi" },
  { "cpim", dump_cpim, "From: <sip:a@b.c>\r\nTo: <tel:+1>\r\ncc: <im:b@c>\r\nNS: imdn <urn:ietf:params:imdn>\r\nNS: i <urn:ietf:params:imdn>\r\n"
                       "i.Message-ID: 5f3a\r\nNS: imdn <urn:x>\r\nimdn.Message-ID: 5f3b\r\nSubject: a b\r\n\r\n"
                       "Content-Disposition: a\r\nContent-Transfer-Encoding: b\r\nContent-Type:a/b\r\nX: y\r\n\r\n" },
  { "cpim", dump_cpim, "NS: cpm <http://www.openmobilealliance.org/cpm/>\r\nNS: c <urn:ietf:params:cpim-headers:>\r\nc.From: <sip:a@b.c>\r\nTo: a <b:c>\r\n"
                       "cpm.Payload-Type: text/plain\r\nc.NS: imdn <urn:ietf:params:imdn>\r\nNS: <urn:x>\r\nTo: x\r\n\r\nContent-A.b: c\r\nContent-Type: a/b\r\n\r\nx" },
  { "cpim address", dump_cpim_address, "<tel:+12025550143;a=b%20>" },
  { "cpim address", dump_cpim_address, "\"Alice A.\" <sip:alice@example.com>" },
  { "imdn", dump_imdn, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<imdn xmlns=\"urn:ietf:params:xml:ns:imdn\">\n<message-id>34jk324j</message-id>"
                       "<datetime>2020-09-27T04:02:25Z</datetime><recipient-uri>sip:bob@example.com</recipient-uri><subject>a &amp; b</subject>"
                       "<delivery-notification><status><delivered/></status></delivery-notification></imdn>" },
  { "imdn", dump_imdn, "<i:imdn xmlns:i='urn:ietf:params:xml:ns:imdn' xmlns:x=\"urn:x\"><i:message-id> 3&#x41; </i:message-id><i:datetime>x</i:datetime>"
                       "<i:display-notification ><i:status><i:displayed></i:displayed></i:status></i:display-notification><x:y a=\"1\"/></i:imdn >" },
  { "iscomposing", dump_iscomposing, "<isComposing xmlns=\"urn:ietf:params:xml:ns:im-iscomposing\"><state>active</state><contenttype>text/plain"
                                     "</contenttype><refresh>60</refresh></isComposing>" },
  { "contact", dump_contact, "<sip:[2001:db8::1]:5061;comp=sigcomp>;+sip.instance=\"<urn:gsma:imei:35209900-176148-0>\";"
                             "+g.3gpp.icsi-ref=\"urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.msg\";expires=3600;q=0.7" },
  { "contact", dump_contact, "\"A \" <sip:a@example.com;gr>;isfocus;reg-id=1;methods=\"INVITE,BYE\";pub-gruu=\"sip:a@b;gr=c\", <sip:b@c>;q=1;expires=x" },
  { "contact", dump_contact, "Bob <sip:b@c>;+g.3gpp.iari-ref=\"a,b\";+g.3gpp.iari-ref=\"c\";temp-gruu=\"sip:d@e;gr\";Expires=1;tag=a,*" },
  { "route", dump_route, "<sip:pcscf.example.net:7531;lr;comp=sigcomp>, Orig <sip:orig@scscf.example.net;x=lr>;a=\"b,c\";d,<SIP:a?b=c;lr>" },
  { "history", dump_history, "<sip:a@example.com?Reason=SIP%3Bcause%3D302>;index=1;foo=bar, \"B\" <sip:b@example.com>;index=1.1;mp=1,<sip:c>;np=1;rc=1.2" },
  { "reason", dump_reason, "SIP;cause=200;text=\"Call completed\"" },
  { "reason", dump_reason, "Q.850;cause=16;text=Terminated, SIP;CAUSE=4294967295;a;text=\"x\\\"y\" ,x;cause=1;cause=2" },
  { "event", dump_event, "presence.winfo.a;id=a1;call-id=\"b c\";x" },
  { "event", dump_event, "conference" },
  { "events", dump_events, "conference, presence.winfo,a.b.c ,spam-x" },
  { "accepted", dump_accepted, "gzip;q=0.5, *;q=1;a=\"b\",deflate" },
  { "heads", dump_heads, "1800;refresher=uac" },
  { "heads", dump_heads, "4294967295;refresher=UAS;duration=3600;a=b" },
  { "heads", dump_heads, "18000 (in (a) meeting);duration=60" },
  { "heads", dump_heads, "active;expires=3600;x=\"y\"" },
  { "heads", dump_heads, "terminated;reason=noresource;retry-after=10" },
  { "heads", dump_heads, "425928@bobster.example.org;to-tag=7743;from-tag=6472;early-only" },
  { "heads", dump_heads, "a@b;remote-tag=1;local-tag=2;x" },
  { "one", dump_one, "Mon, 15 May 2006 15:01:31 +0300" },
  { "one", dump_one, "Sat, 13 Nov 2010 23:29:00 GMT" },
  { "written", dump_writers, "Alice Example|sip:+12025550143@ims.mnc001.mcc001.3gppnetwork.org;user=phone|;tag=51f2a;a=\"b c\"" },
  { "written", dump_writers, "TCP|2001:db8::17:a00:2c0:51fe|;comp=sigcomp;branch=z9hG4bK-271828-4---9c1e5b70d3;rport;received=192.0.2.33" },
  { "written", dump_writers, "MESSAGE|pcscf.visited.example.net|;branch=z9hG4bK7d21c9.1;received=2001:db8::1;q=1" },
  { "written", dump_writers, "-|tel:+12025550143|-" },
  { "written", dump_writers, "text|plain|;charset=UTF-8" },
  { "written", dump_writers, "a\tb \\\" c|urn:urn-7:3gpp-service.ims.icsi.oma.cpm.msg|;a=b;c=d" },
  { "one", dump_one, "multipart/mixed;boundary=\"cpm-6f1d20\";a=b" },
};

static uint32_t dump_random(void) {
  static uint32_t state = 2463534242u;
  state ^= state << 13;
  state ^= state >> 17;
  state ^= state << 5;
  return state >> 3;
}

/* One change: an octet becomes another one, goes, comes, or a run of them is doubled. */
static size_t dump_change(char *text, size_t n, size_t room) {
  static const char alphabet[] = "aAzZfF019:;,.<>@\"\\ \t\r\n%=/[]()?&#*+-_!~'`^{}|\x7f\x80\xc3\xff";
  const char c = alphabet[dump_random() % sizeof alphabet];   /* NUL among them */
  const size_t at = n ? dump_random() % n : 0;
  switch (dump_random() % 5) {
  case 0: case 1:
    if (n) text[at] = c;
    return n;
  case 2:
    if (!n) return n;
    memmove(text + at, text + at + 1, n - at - 1);
    return n - 1;
  case 3:
    if (n == room) return n;
    memmove(text + at + 1, text + at, n - at);
    text[at] = c;
    return n + 1;
  default: {
    const size_t run = dump_random() % 12;
    if (at + run > n || n + run > room) return n;
    memmove(text + at + run, text + at, n - at);
    return n + run;
  }
  }
}

static void dump_input(const char *name, dump_kind *kind, cpm_str in) {
  static const cpm_opts ways[] = { { .max_line = 0 }, { .refuse = CPM_QUIRKS_ALL }, { .max_line = 60, .max_head = 150 } };
  for (size_t way = 0; way < sizeof ways / sizeof *ways; way++) {
    cpm_str rest = in;
    int rc = CPM_OK;
    printf("%s", name);
    for (int i = 0; rc != CPM_END && rest.n && i < 20; i++) {
      cpm_diag diag = { 0 };
      rc = kind(&rest, in, way ? &ways[way] : NULL, &diag);
      dump_end(rc, &diag);
      printf(" rest %zu |", rest.n);
    }
    printf("\n");
  }
  printf("  ");
  for (size_t i = 0; i < in.n; i++) printf(in.p[i] > ' ' && in.p[i] < 0x7f ? "%c" : "\\%02x", (unsigned char)in.p[i]);
  printf("\n");
}

int main(int argc, char **argv) {
  const long inputs = argc > 1 ? strtol(argv[1], NULL, 10) : 2000;
  char text[1024];
  for (size_t i = 0; i < sizeof dump_seeds / sizeof *dump_seeds; i++)
    for (long k = 0; k < inputs; k++) {
      size_t n = strlen(dump_seeds[i].seed);
      memcpy(text, dump_seeds[i].seed, n);
      for (unsigned changes = k ? 1 + dump_random() % 3 : 0; changes > 0; changes--) n = dump_change(text, n, sizeof text);
      char *const exact = malloc(n ? n : 1);   /* so that a sanitizer sees an octet too much */
      if (!exact) return 2;
      memcpy(exact, text, n);
      dump_input(dump_seeds[i].name, dump_seeds[i].kind, cpm_str_of(exact, n));
      free(exact);
    }
  return 0;
}
