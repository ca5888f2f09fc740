/* SPDX-License-Identifier: MIT */
/* engine_script.c - see engine_script.h */
#include "engine_script.h"
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static const char script_random[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_0123456789abcdefghijklmnopqrstuv";

void script_agent(cpm_agent *a, cpm_role role) {
  cpm_agent_init(a, role);
  a->address = S("sip:own@example.com");
  a->user_agent = a->server = role == CPM_ROLE_CLIENT ? S("CPM-client/OMA2.2") : S("CPM-serv/OMA2.2");
  a->host = S("own.example.com");
  a->accept = S("message/cpim, text/plain, multipart/mixed, application/sdp");
  a->cf_uri = S("sip:cf@example.com");
  a->exploder_uri = S("sip:exploder@example.com");
  a->isf_uri = S("sip:isf@example.com");
  a->media_address = S("192.0.2.33");
}

void script_init(script_event *x, cpm_event_type type, uint32_t leg) {
  memset(x, 0, sizeof *x);
  cpm_event_init(&x->e, type);
  x->sip.fields = x->fields;
  x->sip.cap = sizeof x->fields / sizeof *x->fields;
  x->e.leg = leg;
  x->e.now = INT64_C(1601179345941);
  x->e.random = cpm_str_of(script_random, CPM_RANDOM_NEED);
  x->e.args = x->args;
  x->e.members = x->members;
}

static void script_number(script_event *x, cpm_field f, int64_t v) {
  x->args[x->e.nargs++] = (cpm_arg){ f, { NULL, 0 }, v, 0, 0, 0 };
}

static void script_text(script_event *x, cpm_field f, cpm_str v) { x->args[x->e.nargs++] = (cpm_arg){ f, v, 0, 0, 0, 0 }; }

static void script_field(script_event *x, cpm_sip_header id, cpm_str value) {
  x->fields[x->sip.nfields++] = (cpm_sip_field){ id, cpm_sip_header_name(id), value, NULL, NULL };
}

static void script_request(script_event *x, cpm_event_type type, cpm_sip_method method, cpm_str uri) {
  script_init(x, type, CPM_NO_LEG);
  x->sip.method = method;
  x->sip.method_name = cpm_sip_method_name(method);
  x->sip.request_uri = uri;
  x->sip.body = S("");
  x->e.sip = &x->sip;
  x->e.txn = 1000u + (unsigned)type;
  x->e.item = 7;
}

/* status 0: none came */
static void script_response(script_event *x, cpm_event_type type, uint32_t leg, unsigned status) {
  script_init(x, type, leg);
  x->sip.status = status;
  if (status) x->e.sip = &x->sip;
}

static void script_members(script_event *x) {
  x->members[0] = (cpm_entry){ .uri = S("sip:bob@example.com"), .copy_control = CPM_COPY_TO };
  x->members[1] = (cpm_entry){ .uri = S("tel:+12025550101"), .copy_control = CPM_COPY_CC, .anonymize = true };
  x->members[2] = (cpm_entry){ .uri = S("sip:dave@example.com"), .copy_control = CPM_COPY_BCC };
  x->e.nmembers = 3;
}

/* ---- client/pager-send -------------------------------------------------------------------------------------------- */

static void script_send(script_event *x, unsigned i) {
  if (i == 1) {
    script_response(x, CPM_EVENT_message_1xx, CPM_NO_LEG, 100);
    return;
  }
  if (i == 2) {
    script_response(x, CPM_EVENT_message_ok, CPM_NO_LEG, 200);
    script_field(x, CPM_SIP_MESSAGE_UID, S("uid-1"));
    return;
  }
  script_init(x, CPM_EVENT_send, CPM_NO_LEG);
  script_number(x, CPM_FIELD_target, CPM_TARGET_adhoc);
  script_text(x, CPM_FIELD_in_reply_to, S("5f93f0fe-86d6-462c-9ba2-e4bc3d1cafcc"));
  script_text(x, CPM_FIELD_recv_origin, S("sip:carol@example.com"));
  script_number(x, CPM_FIELD_expiry, 3600);
  script_number(x, CPM_FIELD_report, CPM_DISPOSITION(POSITIVE_DELIVERY) | CPM_DISPOSITION(DISPLAY));
  script_text(x, CPM_FIELD_payload_type, S("text/plain;charset=utf-8"));
  x->args[x->e.nargs++] = (cpm_arg){ CPM_FIELD_payload, { NULL, 0 }, 0, 77, 5, 300 };
  script_members(x);
}

/* ---- client/pager-receive ----------------------------------------------------------------------------------------- */

static void script_receive(script_event *x, unsigned i) {
  switch (i) {
  case 0:
    script_request(x, CPM_EVENT_on_message, CPM_METHOD_MESSAGE, S("sip:own@example.com"));
    script_field(x, CPM_SIP_P_ASSERTED_IDENTITY, S("\"A\" <sip:alice@example.com>"));
    script_field(x, CPM_SIP_CONTENT_TYPE, S("message/cpim"));
    script_field(x, CPM_SIP_CONVERSATION_ID, S("conversation-1"));
    script_field(x, CPM_SIP_CONTRIBUTION_ID, S("contribution-of-24-chars"));
    x->sip.body =
        S("From: <sip:alice@example.com>\r\nTo: <sip:own@example.com>\r\nDateTime: 2020-09-27T04:02:25Z\r\n"
          "NS: imdn <urn:ietf:params:imdn>\r\nimdn.Message-ID: m-1\r\nimdn.Disposition-Notification: positive-delivery\r\n\r\n"
          "Content-Type: text/plain\r\n\r\nHello");
    break;
  case 1:
    script_init(x, CPM_EVENT_on_policy, CPM_NO_LEG);
    script_number(x, CPM_FIELD_seen_before, 0);
    break;
  case 2: script_response(x, CPM_EVENT_message_timeout, CPM_NO_LEG, 0); break;
  case 3: script_init(x, CPM_EVENT_online, CPM_NO_LEG); break;
  default: script_response(x, CPM_EVENT_message_ok, CPM_NO_LEG, 202); break;
  }
}

/* ---- cf/pager ----------------------------------------------------------------------------------------------------- */

static const cpm_field script_answers[] = { CPM_FIELD_authorised,  CPM_FIELD_group_allowed, CPM_FIELD_anonymity_allowed,
                                            CPM_FIELD_group_known, CPM_FIELD_group_cpm,     CPM_FIELD_list_ok };

static void script_interworking(script_event *x, uint32_t leg) {
  script_init(x, CPM_EVENT_on_policy, leg);
  script_number(x, CPM_FIELD_interworking, 1);
}

static void script_pager(script_event *x, unsigned i) {
  switch (i) {
  case 0:
    script_request(x, CPM_EVENT_on_message, CPM_METHOD_MESSAGE, S("sip:cf@example.com"));
    script_field(x, CPM_SIP_ACCEPT_CONTACT, S("*;+g.3gpp.icsi-ref=\"urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.msg\""));
    script_field(x, CPM_SIP_P_ASSERTED_IDENTITY, S("<sip:alice@example.com>"));
    script_field(x, CPM_SIP_USER_AGENT, S("CPM-client/OMA2.2"));
    script_field(x, CPM_SIP_REQUIRE, S("recipient-list-message"));
    script_field(x, CPM_SIP_CONVERSATION_ID, S("conversation-1"));
    script_field(x, CPM_SIP_CONTRIBUTION_ID, S("contribution-1"));
    x->fields[x->sip.nfields++] = (cpm_sip_field){ CPM_SIP_UNKNOWN, S("X-Other"), S("kept,\r\n folded"), NULL, NULL };
    script_field(x, CPM_SIP_CONTENT_TYPE, S("multipart/mixed;boundary=b"));
    x->sip.body =
        S("--b\r\nContent-Type: application/resource-lists+xml\r\nContent-Disposition: recipient-list\r\n\r\n<resource-lists/>\r\n"
          "--b\r\nContent-Type: message/cpim\r\n\r\nFrom: <sip:alice@example.com>\r\nTo: <sip:cf@example.com>\r\n\r\n"
          "Content-Type: text/plain\r\n\r\nHello\r\n--b--\r\n");
    break;
  case 1:
    script_init(x, CPM_EVENT_on_policy, CPM_NO_LEG);
    for (size_t k = 0; k < sizeof script_answers / sizeof *script_answers; k++) script_number(x, script_answers[k], 1);
    script_members(x);
    break;
  case 2: script_response(x, CPM_EVENT_message_fail, 0, 415); break;
  case 3: script_response(x, CPM_EVENT_message_ok, 1, 200); break;
  case 4: script_interworking(x, 0); break;
  case 5: script_response(x, CPM_EVENT_message_timeout, 2, 0); break;
  default: script_response(x, CPM_EVENT_message_ok, 3, 202); break;
  }
}

/* ---- cf/large ----------------------------------------------------------------------------------------------------- */

static void script_answered(script_event *x, uint32_t leg, unsigned setup) {
  script_response(x, CPM_EVENT_invite_ok, leg, 200);
  script_number(x, CPM_FIELD_setup, setup);
  script_number(x, CPM_FIELD_peer_port, 2855);
  script_text(x, CPM_FIELD_path, S("msrp://bob.example.com:2855/s1;tcp"));
  script_text(x, CPM_FIELD_answered_types, S("message/cpim"));
}

static void script_chunk(script_event *x, cpm_event_type type, uint32_t leg) {
  script_init(x, type, leg);
  static const cpm_msrp head = { .method = CPM_MSRP_SEND, .message_id = CPM_STR("m1234"), .has_range = true, .range = { 1, 2048, 5242880 },
                                 .content_type = CPM_STR("message/cpim"), .body = true };
  x->e.item = 500;
  x->e.len = 2048;
  x->e.msrp = &head;
}

static void script_large(script_event *x, unsigned i) {
  switch (i) {
  case 0:
    script_request(x, CPM_EVENT_on_invite, CPM_METHOD_INVITE, S("sip:group@example.com"));
    script_field(x, CPM_SIP_ACCEPT_CONTACT, S("*;+g.3gpp.icsi-ref=\"urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.largemsg\""));
    script_field(x, CPM_SIP_P_ASSERTED_IDENTITY, S("<sip:alice@example.com>"));
    script_field(x, CPM_SIP_USER_AGENT, S("CPM-client/OMA2.2"));
    script_field(x, CPM_SIP_CONTENT_TYPE, S("application/sdp"));
    x->sip.body = S("v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=message 9 TCP/MSRP *\r\n"
                    "a=accept-types:message/cpim\r\na=path:msrp://192.0.2.1:2855/s0;tcp\r\na=sendonly\r\na=file-selector:size:5242880\r\n"
                    "a=setup:actpass\r\na=msrp-cema\r\n");
    break;
  case 1:
    script_init(x, CPM_EVENT_on_policy, CPM_NO_LEG);
    script_number(x, CPM_FIELD_authorised, 1);
    script_number(x, CPM_FIELD_group_cpm, 1);
    script_members(x);
    break;
  case 2: script_answered(x, 0, CPM_SETUP_passive); break;
  case 3: script_request(x, CPM_EVENT_on_ack, CPM_METHOD_ACK, S("sip:own@example.com")); break;
  case 4: script_init(x, CPM_EVENT_media_up, CPM_NO_LEG); break;
  case 5: script_init(x, CPM_EVENT_media_up, 0); break;
  case 6: script_chunk(x, CPM_EVENT_on_chunk, CPM_NO_LEG); break;
  case 7: script_answered(x, 1, CPM_SETUP_active); break;
  case 8: script_init(x, CPM_EVENT_media_up, 1); break;
  case 9: script_chunk(x, CPM_EVENT_on_loaded, 1); break;
  case 10: script_init(x, CPM_EVENT_msrp_ok, 0); break;
  case 11: script_response(x, CPM_EVENT_invite_fail, 2, 486); break;
  case 12: script_request(x, CPM_EVENT_on_bye, CPM_METHOD_BYE, S("sip:own@example.com")); break;
  case 13: script_init(x, CPM_EVENT_msrp_ok, 1); break;
  case 14: script_response(x, CPM_EVENT_bye_done, 0, 200); break;
  default: script_response(x, CPM_EVENT_bye_done, 1, 0); break;
  }
}

const script script_all[] = {
  { "client/pager-send", CPM_ROLE_CLIENT, 3, script_send },
  { "client/pager-receive", CPM_ROLE_CLIENT, 5, script_receive },
  { "cf/pager", CPM_ROLE_CONTROLLING, 7, script_pager },
  { "cf/large", CPM_ROLE_CONTROLLING, 16, script_large },
};
const size_t script_count = sizeof script_all / sizeof *script_all;

/* ---- the log ------------------------------------------------------------------------------------------------------ */

static void script_put(script_log *log, const char *format, ...) {
  va_list args;
  va_start(args, format);
  const int n = vsnprintf(log->text + log->n, sizeof log->text - log->n, format, args);
  va_end(args);
  assert_true(n >= 0 && (size_t)n < sizeof log->text - log->n);
  log->n += (size_t)n;
}

void script_note(script_log *log, const cpm_effect *x) {
  script_put(log, "%llu %s %u %llu %u %u %s %llu %llu %s%s\n", (unsigned long long)x->seq, cpm_effect_name(x->kind), x->leg,
             (unsigned long long)x->txn, x->code, x->id, x->name ? x->name : "-", (unsigned long long)x->number,
             (unsigned long long)x->item, x->spec, x->clauses);
  if (x->sip.request_uri.p) script_put(log, "  %.*s\n", (int)x->sip.request_uri.n, x->sip.request_uri.p);
  for (size_t i = 0; i < x->sip.nfields; i++)
    script_put(log, "  %.*s: %.*s [%s]\n", (int)x->sip.fields[i].name.n, x->sip.fields[i].name.p, (int)x->sip.fields[i].value.n,
               x->sip.fields[i].value.p, x->sip.fields[i].clauses);
  for (unsigned i = 0; i < x->sip.npieces; i++)
    script_put(log, "  piece %zu %llu %llu %.*s\n", x->sip.pieces[i].bytes.n, (unsigned long long)x->sip.pieces[i].item,
               (unsigned long long)x->sip.pieces[i].off, x->sip.pieces[i].bytes.p ? (int)x->sip.pieces[i].bytes.n : 0,
               x->sip.pieces[i].bytes.p ? x->sip.pieces[i].bytes.p : "");
}

/* ---- a run -------------------------------------------------------------------------------------------------------- */

void engine_begin(engine_run *r, const script *s, size_t size) {
  memset(r, 0, sizeof *r);
  script_agent(&r->agent, s->role);
  r->size = size;
  r->proc = malloc(size);
  r->buf = malloc(SCRIPT_BUFFER);
  assert_true(r->proc && r->buf);
  assert_status(cpm_proc_init(r->proc, size, cpm_machine_named(s->machine), &r->agent, &r->diag), CPM_OK, &r->diag);
}

void engine_end(engine_run *r) {
  free(r->proc);
  free(r->buf);
}

cpm_proc *engine_copy(const engine_run *r) {
  cpm_proc *copy = malloc(r->size);
  assert_non_null(copy);
  memcpy(copy, r->proc, r->size);
  return copy;
}

void engine_move(engine_run *r) {
  cpm_proc *there = engine_copy(r);
  memset(r->proc, 0xa5, r->size);
  free(r->proc);
  r->proc = there;
}

int engine_step(engine_run *r, const script_event *x) { return cpm_proc_step(r->proc, &r->agent, &x->e, &r->diag); }

int engine_effect(engine_run *r, cpm_effect *x) { return cpm_proc_effect(r->proc, &r->agent, r->buf, SCRIPT_BUFFER, x); }

void engine_drain(engine_run *r, script_log *log) {
  cpm_effect x;
  int rc;
  while ((rc = engine_effect(r, &x)) == CPM_OK) {
    if (log) script_note(log, &x);
    cpm_proc_did(r->proc);
  }
  assert_int_equal(rc, CPM_END);
}

void engine_to(engine_run *r, const script *s, unsigned events, script_log *log) {
  script_event x;
  for (unsigned i = 0; i < events; i++) {
    engine_take(r, s, i, &x);
    engine_drain(r, log);
  }
}

void engine_take(engine_run *r, const script *s, unsigned i, script_event *x) {
  s->event(x, i);
  assert_status(engine_step(r, x), CPM_OK, &r->diag);
}

void engine_assert_unchanged(const engine_run *r, cpm_proc *before) {
  assert_memory_equal(before, r->proc, r->size);
  free(before);
}

const script *engine_script(const char *machine) {
  for (size_t i = 0; i < script_count; i++)
    if (strcmp(script_all[i].machine, machine) == 0) return &script_all[i];
  fail_msg("no script for %s", machine);
  return NULL;
}

const script *engine_start(engine_run *r, const char *machine, unsigned events) {
  const script *s = engine_script(machine);
  engine_begin(r, s, SCRIPT_BLOCK);
  engine_to(r, s, events, NULL);
  return s;
}

script_log engine_plain, engine_other;

void engine_run_plain(const script *s) {
  engine_run r;
  engine_begin(&r, s, SCRIPT_BLOCK);
  engine_plain.n = 0;
  engine_to(&r, s, s->n, &engine_plain);
  assert_true(cpm_proc_over(r.proc));
  engine_end(&r);
}

void engine_assert_same_log(const script *s) {
  if (engine_plain.n == engine_other.n && memcmp(engine_plain.text, engine_other.text, engine_plain.n) == 0) return;
  fail_msg("%s: other effects:\n%.*s\ninstead of\n%.*s", s->machine, (int)engine_other.n, engine_other.text, (int)engine_plain.n,
           engine_plain.text);
}
