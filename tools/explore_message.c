/* SPDX-License-Identifier: MIT */
/* explore_message.c - requests as they may come: every form of a head that the captures of a machine tell apart. */
#include "explore.h"
#include <string.h>

#define S(literal) cpm_str_of(literal, sizeof(literal) - 1)

/* ---- what captures look at ---------------------------------------------------------------------------------------- */

static const cpmi_capture *message_capture(const explore_writer *w, unsigned source, unsigned what, size_t *at) {
  const cpmi_capture *g;
  while ((g = cpmi_capture_at(w->r->c.m, (*at)++)) != NULL)
    if (g->event == w->x->e.type && (g->leg != 0) == w->leg && g->source == source && (g->what == what || what == EXPLORE_ANY))
      return g;
  return NULL;
}

bool explore_tells(const explore_writer *w, unsigned source, unsigned what) {
  size_t at = 0;
  return message_capture(w, source, what, &at) != NULL;
}

bool explore_tells_bit(const explore_writer *w, unsigned source, unsigned bit) {
  size_t at = 0;
  const cpmi_capture *g = message_capture(w, source, EXPLORE_ANY, &at);
  for (unsigned i = 1; g && i < CPMI_FACT_COUNT; i++)
    if (w->r->facts[i] && cpmi_facts[i].test == CPMI_TEST_HAS_BIT && cpmi_facts[i].a == g->field && cpmi_facts[i].b == bit)
      return true;
  return false;
}

bool explore_tells_set(const explore_writer *w, unsigned source) {
  size_t at = 0;
  const cpmi_capture *g = message_capture(w, source, EXPLORE_ANY, &at);
  for (unsigned i = 1; g && i < CPMI_FACT_COUNT; i++)
    if (w->r->facts[i] && cpmi_facts[i].test == CPMI_TEST_SET && cpmi_facts[i].a == g->field) return true;
  return false;
}

unsigned explore_form(explore_writer *w, const char *name, unsigned forms) {
  const unsigned form = explore_choose(w->c, forms);
  if (form) explore_event_note(w->x, " %s:%u", name, form);
  return form;
}

unsigned explore_rare_form(explore_writer *w, const char *name, unsigned forms) {
  const unsigned form = explore_rarely(w->c, forms);
  if (form) explore_event_note(w->x, " %s:%u", name, form);
  return form;
}

/* ---- header fields ------------------------------------------------------------------------------------------------ */

static void message_field(explore_writer *w, cpm_sip_header id, cpm_str value) {
  if (value.p) w->x->fields[w->x->sip.nfields++] = (cpm_sip_field){ id, cpm_sip_header_name(id), value, NULL, NULL };
}

void explore_field(explore_writer *w, cpm_sip_header id, const char *value) {
  message_field(w, id, value ? cpm_str_z(value) : cpm_str_none());
}

enum { MESSAGE_ICSIS = 8 };
typedef struct message_icsis {
  cpm_icsi id[MESSAGE_ICSIS];
  unsigned n;
} message_icsis;

static void message_add_icsi(message_icsis *s, unsigned icsi) {
  for (unsigned i = 0; i < s->n; i++)
    if (s->id[i] == (cpm_icsi)icsi) return;
  if (s->n < MESSAGE_ICSIS) s->id[s->n++] = (cpm_icsi)icsi;
}

static cpm_str message_tag(explore_writer *w, cpm_icsi icsi) {
  const cpm_str urn = cpm_icsi_urn(icsi);
  char *const at = w->x->texts + w->x->ntexts;
  size_t n = 0;
  if (cpm_accept_contact_encode(at, sizeof w->x->texts - w->x->ntexts, &n, &urn, 1, false, false, NULL) != CPM_OK)
    return S("*;video");
  w->x->ntexts += n;
  return cpm_str_of(at, n);
}

/* Accept-Contact names one of the services that the machine knows, or none; so does P-Asserted-Service, or it is not there. */
static void message_service(explore_writer *w) {
  message_icsis s = { .n = 0 };
  const cpmi_capture *g;
  for (size_t i = 0; (g = message_capture(w, CPMI_FROM_TAG, EXPLORE_ANY, &i)) != NULL;) message_add_icsi(&s, g->with);
  for (size_t i = 0; (g = message_capture(w, CPMI_FROM_SERVICE, EXPLORE_ANY, &i)) != NULL;) message_add_icsi(&s, g->what);
  const unsigned contact = explore_form(w, "accept_contact", s.n + (s.n > 0));
  message_field(w, CPM_SIP_ACCEPT_CONTACT, contact < s.n ? message_tag(w, s.id[contact]) : S("*;video"));
  if (!explore_tells(w, CPMI_FROM_SERVICE, EXPLORE_ANY)) return;
  const unsigned asserted = explore_form(w, "service", s.n + 2);
  if (asserted)
    message_field(w, CPM_SIP_P_ASSERTED_SERVICE, cpm_icsi_urn(asserted <= s.n ? s.id[asserted - 1] : CPM_ICSI_SYSTEMMSG));
}

static void message_sender(explore_writer *w) {
  const char *forms[5] = { "<sip:from@example.com>" };
  unsigned n = 1;
  const bool reported = explore_tells(w, CPMI_FROM_REPORT_TO, EXPLORE_ANY);
  const bool told = reported || explore_tells(w, CPMI_FROM_URI, CPM_SIP_P_ASSERTED_IDENTITY);
  if (told) forms[n++] = NULL;
  if (explore_tells(w, CPMI_FROM_REFERRER, CPM_SIP_P_ASSERTED_IDENTITY)) {
    forms[n++] = "<sip:from@example.com>, <tel:+12025550100>";
    forms[n++] = "<tel:+12025550100>";
  }
  if (reported) forms[n++] = "<" CPM_ANONYMOUS_URI ">";
  explore_field(w, CPM_SIP_P_ASSERTED_IDENTITY, forms[explore_form(w, "sender", n)]);
}

static void message_referred(explore_writer *w) {
  static const char *const forms[] = { "<sip:referrer@example.com>", NULL, "<" CPM_ANONYMOUS_URI ">" };
  const bool reported = explore_tells(w, CPMI_FROM_REPORT_TO, EXPLORE_ANY);
  const bool told =
      reported || explore_tells(w, CPMI_FROM_URI, CPM_SIP_REFERRED_BY) || explore_tells(w, CPMI_FROM_PRESENT, CPM_SIP_REFERRED_BY);
  if (told) explore_field(w, CPM_SIP_REFERRED_BY, forms[explore_form(w, "referred", reported ? 3 : 2)]);
}

/* Does a fact ask whether an address can be read? Then it may come in a form that cannot. */
static bool message_unreadable(explore_writer *w, unsigned source, unsigned what, const char *name) {
  size_t at = 0;
  const cpmi_capture *g = message_capture(w, source, what, &at);
  for (unsigned i = 1; g && i < CPMI_FACT_COUNT; i++)
    if (w->r->facts[i] && cpmi_facts[i].test == CPMI_TEST_SET && cpmi_facts[i].a == g->field) return explore_rare_form(w, name, 2) != 0;
  return false;
}

static void message_parties(explore_writer *w) {
  size_t at = 0;
  const cpmi_capture *g = message_capture(w, CPMI_FROM_IS_AGENT, CPM_SIP_FROM, &at);
  const cpm_str agent = g ? cpmi_agent_text(w->a, g->with) : cpm_str_none();
  const bool tag = explore_tells(w, CPMI_FROM_HAS_PARAM, CPM_SIP_TO) && explore_form(w, "in_dialog", 2);
  if (message_unreadable(w, CPMI_FROM_ADDRESS, CPM_SIP_FROM, "no_from")) explore_field(w, CPM_SIP_FROM, "<sip:from example.com>");
  else message_field(w, CPM_SIP_FROM, agent.p && explore_form(w, "from_agent", 2) ? agent : S("\"From\" <sip:from@example.com>;tag=1"));
  if (message_unreadable(w, CPMI_FROM_ADDRESS, CPM_SIP_TO, "no_to")) explore_field(w, CPM_SIP_TO, "<sip:to example.com>");
  else explore_field(w, CPM_SIP_TO, tag ? "<sip:to@example.com>;tag=2" : "<sip:to@example.com>");
  if (explore_tells(w, CPMI_FROM_HAS_PARAM, CPM_SIP_CONTACT))
    explore_field(w, CPM_SIP_CONTACT, explore_form(w, "focus", 2) ? "<sip:c@example.com>;isfocus" : "<sip:c@example.com>");
}

static void message_times(explore_writer *w) {
  const bool expired = explore_tells(w, CPMI_FROM_EXPIRED, EXPLORE_ANY);
  explore_field(w, CPM_SIP_EXPIRES, expired && explore_form(w, "expired", 2) ? "0" : "3600");
  if (expired && explore_rare_form(w, "date", 2)) explore_field(w, CPM_SIP_DATE, "Sun, 27 Sep 2020 02:02:25 GMT");
  const bool kept = explore_tells(w, CPMI_FROM_INTERVAL, EXPLORE_ANY);
  if (!kept && !explore_tells(w, CPMI_FROM_REFRESHER, EXPLORE_ANY)) return;
  const bool files = explore_tells(w, CPMI_FROM_SDP, CPMI_SDP_files);
  const unsigned timer = files ? w->r->c.members ? w->r->c.members : 1 + explore_always(w->c, 3) : explore_form(w, "no_timer", kept ? 4 : 2);
  if (files) explore_event_note(w->x, " timer:%u", w->timer = timer);
  if (timer != 1) explore_field(w, CPM_SIP_SESSION_EXPIRES, timer ? "1800;refresher=uas" : "1800;refresher=uac");
  if (timer == 3) explore_field(w, CPM_SIP_ALLOW, "INVITE, ACK, BYE, UPDATE");
}

static void message_head(explore_writer *w) {
  static const char *const reasons[] = { NULL, "SIP;cause=200;text=\"Call completed\"", "SIP;cause=410", "SIP;cause=480",
                                         "SIP;cause=503" };
  message_parties(w);
  message_service(w);
  message_sender(w);
  message_referred(w);
  const bool release = explore_tells(w, CPMI_FROM_RELEASE, EXPLORE_ANY) && explore_form(w, "release", 2);
  explore_field(w, CPM_SIP_USER_AGENT, release ? "other/1" : "CPM-client/OMA2.2");
  if (explore_tells(w, CPMI_FROM_PRIVACY, EXPLORE_ANY) && explore_form(w, "privacy", 2)) explore_field(w, CPM_SIP_PRIVACY, "id");
  message_times(w);
  explore_field(w, CPM_SIP_CONVERSATION_ID, "4f93f0fe-86d6-462c-9ba2-e4bc3d1cafcc");
  explore_field(w, CPM_SIP_CONTRIBUTION_ID, "5f93f0fe-86d6-462c-9ba2-e4bc3d1cafcc");
  explore_field(w, CPM_SIP_SUPPORTED, "timer");
  if (explore_tells(w, CPMI_FROM_ALLOWS, EXPLORE_ANY) && w->a != w->r->agent) explore_field(w, CPM_SIP_ALLOW, "INVITE, UPDATE");
  if (!explore_tells(w, CPMI_FROM_REASON, EXPLORE_ANY)) return;
  const unsigned reason = explore_always(w->c, sizeof reasons / sizeof *reasons);
  if (reason) explore_event_note(w->x, " reason:%u", reason);
  explore_field(w, CPM_SIP_REASON, reasons[reason]);
}

static cpm_str message_uri(explore_writer *w) {
  if (message_unreadable(w, CPMI_FROM_REQUEST_URI, EXPLORE_ANY, "no_uri")) return S("sip:group@example.com?Subject=x");
  const unsigned form = explore_tells(w, CPMI_FROM_ADDRESSED, EXPLORE_ANY) ? explore_form(w, "address", 3) : 0;
  return form == 0 ? w->a->cf_uri : form == 1 ? w->a->exploder_uri : S("sip:group@example.com");
}

static cpm_sip_method message_method(cpm_event_type type) {
  for (unsigned m = 1; m < CPM_METHOD_COUNT; m++)
    if (cpm_event_of_request((cpm_sip_method)m) == type) return (cpm_sip_method)m;
  return CPM_METHOD_UNKNOWN;
}

/* What FETCH of a message gives. */
void explore_loaded(const explore_run *r, const cpm_proc *p, const cpm_agent *a, explore_event *x, explore_choice *c) {
  explore_writer w = { r, a, x, c, false, 0, 0 };
  explore_event_init(x, CPM_EVENT_on_loaded, CPM_NO_LEG);
  explore_args(r, p, a, x, c);
  x->e.item = 43;
  explore_head(&w);
}

void explore_request(const explore_run *r, const cpm_agent *a, explore_event *x, explore_choice *c, cpm_event_type type,
                     uint32_t leg) {
  explore_writer w = { r, a, x, c, leg != CPM_NO_LEG, 0, 0 };
  explore_event_init(x, type, leg);
  x->e.sip = &x->sip;
  x->e.txn = type;
  x->e.item = 42;
  x->sip.method = message_method(type);
  x->sip.method_name = cpm_sip_method_name(x->sip.method);
  x->sip.request_uri = message_uri(&w);
  message_head(&w);
  if (type == CPM_EVENT_on_message || type == CPM_EVENT_on_invite) explore_body(&w);
}
