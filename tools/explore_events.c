/* SPDX-License-Identifier: MIT */
/* explore_events.c - events as a world would bring them: whose agent it is, and what an event is made of. */
#include "explore.h"
#include <stdarg.h>
#include <string.h>

#define S(literal) cpm_str_of(literal, sizeof(literal) - 1)

static const char events_random[CPM_RANDOM_NEED + 1] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/* ---- agents ------------------------------------------------------------------------------------------------------- */

static void events_agent(cpm_agent *a, const explore_run *r) {
  const bool client = r->c.m->role == CPM_ROLE_CLIENT;
  cpm_agent_init(a, (cpm_role)r->c.m->role);
  a->address = S("sip:own@example.com");
  a->user_agent = a->server = client ? S("CPM-client/OMA2.2") : S("CPM-serv/OMA2.2");
  a->host = S("own.example.com");
  a->media_address = S("192.0.2.33");
  a->cf_uri = S("sip:cf@example.com");
  a->exploder_uri = S("sip:exploder@example.com");
  a->accept = S("message/cpim, text/plain, multipart/mixed, application/sdp");
  a->size_limit = 1500;
  a->chunk_size = 200;
  a->max_recipients = r->c.members ? r->c.members : 1;
}

static void events_agent_texts(cpm_agent *a) {
  a->gruu = S("sip:own@example.com;gr=1");
  a->instance = S("urn:gsma:imei:35000000-000000-0");
  a->isf_uri = S("sip:isf@example.com");
  a->error_uri = S("sip:error@example.com");
  a->deferred_uri = S("sip:deferred@example.com");
  a->accept_wrapped = S("text/plain");
  a->fingerprint = S("SHA-256 4A:AD");
}

/* 0: has everything; 1: CPM 1.0 and nothing that is not mandatory; as 0, but 2: asks for all that policy may ask for, and reports
 * nothing; 3: notifications are off; 4: CPIM is off, and actpass is answered with passive; 5: no MSRP. */
void explore_agents(explore_run *r) {
  for (unsigned i = 0; i < EXPLORE_AGENTS; i++) {
    cpm_agent *a = &r->agent[i];
    events_agent(a, r);
    if (i == 1) a->release = 10, a->resume_files = 0;
    else events_agent_texts(a);
    if (i == 2) a->msrp_interop = 1;
    if (i != 1) a->message_store = a->interworking_function = 1;
    if (i == 3) a->use_imdn = 0;
    if (i == 4) a->use_cpim = a->answer_active = 0;
    if (i == 5) a->media_address = cpm_str_none();
    if (i == 3) a->media_secure = 1;
    if (i != 2) continue;
    a->require_session_timer = 1;
    a->min_release = 20;
    a->send_delivered = a->send_displayed = 0;
  }
}

/* ---- events ------------------------------------------------------------------------------------------------------- */

void explore_event_init(explore_event *x, cpm_event_type type, uint32_t leg) {
  cpm_event_init(&x->e, type);
  memset(&x->sip, 0, sizeof x->sip);
  x->sip.fields = x->fields;
  x->sip.cap = sizeof x->fields / sizeof *x->fields;
  x->e.leg = leg;
  x->e.now = INT64_C(1601179345941);
  x->e.random = cpm_str_of(events_random, CPM_RANDOM_NEED);
  x->ntexts = 0;
  x->lacks = false;
  x->e.args = x->args;
  x->e.members = x->members;
  x->e.files = x->files;
  snprintf(x->label, sizeof x->label, "%s", cpm_event_name(type));
  if (leg != CPM_NO_LEG) explore_event_note(x, "@%u", leg);
}

void explore_event_note(explore_event *x, const char *format, ...) {
  va_list args;
  const size_t n = strlen(x->label);
  va_start(args, format);
  vsnprintf(x->label + n, sizeof x->label - n, format, args);
  va_end(args);
}

/* status 0: none came */
void explore_event_response(explore_event *x, unsigned status) {
  x->sip.status = status;
  x->sip.reason = cpm_sip_reason_phrase(status);
  if (status) x->e.sip = &x->sip;
  explore_event_note(x, "(%u)", status);
}

void explore_event_number(explore_event *x, cpm_field f, int64_t v) {
  x->args[x->e.nargs++] = (cpm_arg){ f, { NULL, 0 }, v, 0, 0, 0 };
}

void explore_event_text(explore_event *x, cpm_field f, cpm_str v) { x->args[x->e.nargs++] = (cpm_arg){ f, v, 0, 0, 0, 0 }; }

bool explore_event_captures(const cpm_machine *m, cpm_event_type type, bool leg, unsigned source) {
  const cpmi_capture *g;
  for (size_t i = 0; (g = cpmi_capture_at(m, i)) != NULL; i++)
    if (g->event == type && (g->leg != 0) == leg && g->source == source) return true;
  return false;
}
