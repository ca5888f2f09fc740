/* SPDX-License-Identifier: MIT */
/* explore_events.c - events as a world would bring them: what the user wants, what policy answers, whose agent it is. */
#include "explore.h"
#include <stdarg.h>
#include <string.h>

#define S(literal) cpm_str_of(literal, sizeof(literal) - 1)

static const char events_random[CPM_RANDOM_NEED + 1] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/* ---- agents ------------------------------------------------------------------------------------------------------- */

/* 0: has everything; 1: CPM 1.0 and nothing that is not mandatory; 2: asks for all that policy may ask for. */
void explore_agents(explore_run *r) {
  for (unsigned i = 0; i < sizeof r->agent / sizeof *r->agent; i++) {
    cpm_agent *a = &r->agent[i];
    cpm_agent_init(a, (cpm_role)r->c.m->role);
    a->address = S("sip:own@example.com");
    a->user_agent = a->server = r->c.m->role == CPM_ROLE_CLIENT ? S("CPM-client/OMA2.2") : S("CPM-serv/OMA2.2");
    a->host = S("own.example.com");
    a->cf_uri = S("sip:cf@example.com");
    a->exploder_uri = S("sip:exploder@example.com");
    a->accept = S("message/cpim, text/plain, multipart/mixed, application/sdp");
    a->size_limit = 1500;
    a->max_recipients = r->c.members ? r->c.members : 1;
    if (i == 1) {
      a->release = 10;
      continue;
    }
    a->gruu = S("sip:own@example.com;gr=1");
    a->instance = S("urn:gsma:imei:35000000-000000-0");
    a->isf_uri = S("sip:isf@example.com");
    a->error_uri = S("sip:error@example.com");
    if (i != 2) continue;
    a->require_session_timer = 1;
    a->min_release = 20;
    a->send_delivered = 0;
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
  x->e.args = x->args;
  x->e.members = x->members;
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

static const cpmi_capture *events_capture(const cpm_machine *m, cpm_event_type type, bool leg, unsigned source, size_t *at) {
  const cpmi_capture *g;
  while ((g = cpmi_capture_at(m, *at)) != NULL) {
    ++*at;
    if (g->event == type && (g->leg != 0) == leg && g->source == source) return g;
  }
  return NULL;
}

bool explore_event_captures(const cpm_machine *m, cpm_event_type type, bool leg, unsigned source) {
  size_t at = 0;
  return events_capture(m, type, leg, source, &at) != NULL;
}

static void events_members(explore_event *x, unsigned n) {
  static const char *const uris[] = { "sip:a@example.com", "sip:b@example.com", "tel:+12025550103", "sip:d@example.com",
                                      "sip:e@example.com", "sip:f@example.com", "sip:g@example.com" };
  for (unsigned i = 0; i < n; i++) {
    memset(&x->members[i], 0, sizeof x->members[i]);
    x->members[i].uri = cpm_str_z(uris[i]);
    x->members[i].copy_control = CPM_COPY_TO;
  }
  x->e.nmembers = n;
}

/* ---- policy ------------------------------------------------------------------------------------------------------- */

/* The count-th recipients: what the run has, none, more than allowed. */
static unsigned events_recipients(const explore_run *r, unsigned form) {
  return form == 0 ? r->c.members : form == 1 ? 0 : r->c.members + 1;
}

/* Digits of index: recipients first, then a digit of two for every flag, 0 meaning true. */
bool explore_policy(const explore_run *r, explore_event *x, uint32_t leg, unsigned index, bool all) {
  const bool of_leg = leg != CPM_NO_LEG;
  const bool members = explore_event_captures(r->c.m, CPM_EVENT_on_policy, of_leg, CPMI_FROM_RECIPIENTS) ||
                       explore_event_captures(r->c.m, CPM_EVENT_on_policy, of_leg, CPMI_FROM_MEMBERS);
  unsigned rest = index;
  size_t at = 0;
  explore_event_init(x, CPM_EVENT_on_policy, leg);
  if (members) {
    events_members(x, events_recipients(r, all ? rest % 3 : 0));
    explore_event_note(x, " %zu recipients", x->e.nmembers);
    if (all) rest /= 3;
  }
  for (const cpmi_capture *g; (g = events_capture(r->c.m, CPM_EVENT_on_policy, of_leg, CPMI_FROM_ARG, &at)) != NULL;) {
    const cpm_field f = (cpm_field)g->field;
    if (cpmi_is_text(cpmi_field_type(f))) {
      explore_event_text(x, f, S("sip:session-1@example.com"));
      continue;
    }
    const bool yes = rest % 2 == 0;
    explore_event_number(x, f, yes);
    if (!yes) explore_event_note(x, " no_%s", cpm_field_name(f));
    if (all || of_leg || x->e.nargs == 1) rest /= 2;
  }
  return rest == 0;
}

/* ---- the user's wish ---------------------------------------------------------------------------------------------- */

/* Forms of an arg that a fact reads: there and plain, there in other ways, and last not there. What no fact reads is there. */
static unsigned events_forms(cpm_field f) {
  if (f == CPM_FIELD_target) return CPM_TARGET_COUNT;
  if (f == CPM_FIELD_payload || f == CPM_FIELD_payload_type) return 3;
  for (unsigned i = 1; i < CPMI_FACT_COUNT; i++)
    if (cpmi_facts[i].a == f && (cpmi_facts[i].test == CPMI_TEST_SET || cpmi_facts[i].test == CPMI_TEST_HAS_BIT)) return 2;
  return 1;
}

static void events_content(explore_event *x, cpm_field f, uint64_t len) {
  x->args[x->e.nargs++] = (cpm_arg){ f, { NULL, 0 }, 0, 77, 0, len };
}

/* Form `form` of the arg that is there. */
static void events_arg(explore_event *x, cpm_field f, unsigned form) {
  const cpmi_type type = cpmi_field_type(f);
  if (f == CPM_FIELD_payload) events_content(x, f, form ? 65000 : 11);
  else if (f == CPM_FIELD_payload_type) explore_event_text(x, f, form ? S("multipart/mixed;boundary=x") : S("text/plain"));
  else if (type == CPMI_MEDIAS) explore_event_text(x, f, S("text/plain, image/png"));
  else if (type == CPMI_MEDIA) explore_event_text(x, f, S("text/plain"));
  else if (type == CPMI_ID) explore_event_text(x, f, S("4f93f0fe-86d6-462c-9ba2-e4bc3d1cafcc"));
  else if (cpmi_is_text(type)) explore_event_text(x, f, S("sip:to@example.com"));
  else explore_event_number(x, f, f == CPM_FIELD_target ? form + 1 : 1);
}

/* Is it left out of a wish that goes through? What a reply and a multipart need is there without harm. */
static bool events_is_extra(cpm_field f) { return events_forms(f) == 2 && f != CPM_FIELD_to; }

/* How many ways there are to choose forms; what must be there is never left out. */
static unsigned events_ways(const cpm_machine *m, bool all) {
  unsigned n = 1;
  size_t at = 0;
  for (const cpmi_capture *g; (g = events_capture(m, CPM_EVENT_send, false, CPMI_FROM_ARG, &at)) != NULL;) {
    const cpm_field f = (cpm_field)g->field;
    if (f == CPM_FIELD_target) n *= CPM_TARGET_COUNT - 1;
    else if (all) n *= events_is_extra(f) ? 2 : events_forms(f) > 1 ? events_forms(f) - 1 : 1;
  }
  return n;
}

static unsigned events_digit(unsigned *rest, unsigned base) {
  const unsigned digit = *rest % base;
  *rest /= base;
  return digit;
}

/* Every choice of forms; behind them, with `all`, everything but one arg; then no members. */
bool explore_send(const explore_run *r, explore_event *x, unsigned index, bool all) {
  const unsigned ways = events_ways(r->c.m, all), without = index < ways ? UINT32_MAX : index - ways;
  unsigned rest = index < ways ? index : 0, k = 0;
  size_t at = 0;
  explore_event_init(x, CPM_EVENT_send, CPM_NO_LEG);
  for (const cpmi_capture *g; (g = events_capture(r->c.m, CPM_EVENT_send, false, CPMI_FROM_ARG, &at)) != NULL; k++) {
    const cpm_field f = (cpm_field)g->field;
    unsigned form = 0;
    if (f == CPM_FIELD_target) form = events_digit(&rest, CPM_TARGET_COUNT - 1);
    else if (all && events_is_extra(f)) form = events_digit(&rest, 2);
    else if (all && events_forms(f) > 1) form = events_digit(&rest, events_forms(f) - 1);
    const bool left_out = k == without || (events_is_extra(f) && (all ? form == 1 : true));
    if (!left_out) events_arg(x, f, form);
    if (form) explore_event_note(x, " %s:%u", cpm_field_name(f), form);
    if (k == without) explore_event_note(x, " without %s", cpm_field_name(f));
  }
  if (without != k) events_members(x, r->c.members ? r->c.members : 2);
  return index < ways || (all && without <= k);
}
