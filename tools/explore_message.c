/* SPDX-License-Identifier: MIT */
/* explore_message.c - requests as they may come: every form that the captures of a machine tell apart. */
#include "explore.h"
#include <string.h>

#define S(literal) cpm_str_of(literal, sizeof(literal) - 1)

/* ---- what may be different ---------------------------------------------------------------------------------------- */

/* ASPECT(name, forms, doc): form 0 is the one that goes through. */
#define EXPLORE_ASPECTS(X) \
  X(tagged, 2, "Accept-Contact") \
  X(sender, 2, "P-Asserted-Identity") \
  X(release, 2, "User-Agent") X(address, 3, "Request-URI") X(privacy, 2, "Privacy") X(timer, 2, "Session-Expires") \
      X(split, 2, "the body's boundary") X(list, 2, "a recipient list") X(type, 2, "an accepted type") X(cpim, 2, "CPIM or plain") \
          X(cpim_ok, 2, "CPIM that can be read") X(expired, 2, "Expires") X(id, 2, "Message-ID") \
              X(report, 2, "Disposition-Notification") X(route, 2, "IMDN-Record-Route") X(referred, 2, "Referred-By") \
                  X(size, 2, "over the limit") X(notification, 2, "text or IMDN") X(reason, 5, "Reason")

#define MESSAGE_ENUM(name, forms, doc) ASPECT_##name,
enum { EXPLORE_ASPECTS(MESSAGE_ENUM) ASPECT_COUNT };
#define MESSAGE_FORMS(name, forms, doc) forms,
static const uint8_t message_forms[] = { EXPLORE_ASPECTS(MESSAGE_FORMS) };
#define MESSAGE_NAME(name, forms, doc) #name,
static const char *const message_names[] = { EXPLORE_ASPECTS(MESSAGE_NAME) };

static unsigned message_aspect_of_header(unsigned header) {
  switch (header) {
  case CPM_SIP_P_ASSERTED_IDENTITY: return ASPECT_sender;
  case CPM_SIP_REFERRED_BY: return ASPECT_referred;
  default: return ASPECT_COUNT;
  }
}

static unsigned message_aspect_of_cpim(unsigned header) {
  switch (header) {
  case CPM_CPIM_MESSAGE_ID: return ASPECT_id;
  case CPM_CPIM_IMDN_RECORD_ROUTE: return ASPECT_route;
  default: return ASPECT_COUNT;
  }
}

static unsigned message_aspect(const cpmi_capture *g) {
  switch (g->source) {
  case CPMI_FROM_TAG: return ASPECT_tagged;
  case CPMI_FROM_URI: return message_aspect_of_header(g->what);
  case CPMI_FROM_CPIM:
  case CPMI_FROM_CPIM_URI: return message_aspect_of_cpim(g->what);
  case CPMI_FROM_RELEASE: return ASPECT_release;
  case CPMI_FROM_ADDRESSED: return ASPECT_address;
  case CPMI_FROM_PRIVACY: return ASPECT_privacy;
  case CPMI_FROM_REFRESHER: return ASPECT_timer;
  case CPMI_FROM_BODY_OK: return ASPECT_split;
  case CPMI_FROM_LIST: return ASPECT_list;
  case CPMI_FROM_TYPE_OK: return ASPECT_type;
  case CPMI_FROM_IS_CPIM: return ASPECT_cpim;
  case CPMI_FROM_CPIM_OK: return ASPECT_cpim_ok;
  case CPMI_FROM_EXPIRED: return ASPECT_expired;
  case CPMI_FROM_CPIM_REPORT: return ASPECT_report;
  case CPMI_FROM_BODY_LEN: return ASPECT_size;
  case CPMI_FROM_IS_REPORT: return ASPECT_notification;
  case CPMI_FROM_REASON: return ASPECT_reason;
  default: return ASPECT_COUNT;
  }
}

static uint32_t message_aspects(const cpm_machine *m, cpm_event_type type, bool leg) {
  uint32_t set = 0;
  const cpmi_capture *g;
  for (size_t i = 0; (g = cpmi_capture_at(m, i)) != NULL; i++) {
    const unsigned aspect = g->event == type && (g->leg != 0) == leg ? message_aspect(g) : ASPECT_COUNT;
    if (aspect < ASPECT_COUNT) set |= (uint32_t)1 << aspect;
  }
  return set;
}

/* ---- writing ------------------------------------------------------------------------------------------------------ */

typedef struct message {
  explore_event *x;
  const uint8_t *form;
  size_t n;
} message;

static void message_field(message *w, cpm_sip_header id, const char *value) {
  w->x->fields[w->x->sip.nfields++] = (cpm_sip_field){ id, cpm_sip_header_name(id), cpm_str_z(value), NULL, NULL };
}

static void message_put(message *w, const char *text) {
  const size_t n = strlen(text);
  memcpy(w->x->body + w->n, text, n);
  w->n += n;
}

static void message_cpim(message *w) {
  if (w->form[ASPECT_cpim_ok]) {
    message_put(w, "no CPIM at all");
    return;
  }
  message_put(w, "From: <sip:from@example.com>\r\nTo: <sip:to@example.com>\r\nDateTime: 2020-09-27T04:02:25.941Z\r\n"
                 "NS: imdn <urn:ietf:params:imdn>\r\n");
  if (!w->form[ASPECT_id]) message_put(w, "imdn.Message-ID: 34jk324j\r\n");
  if (!w->form[ASPECT_report]) message_put(w, "imdn.Disposition-Notification: positive-delivery\r\n");
  if (!w->form[ASPECT_route]) message_put(w, "imdn.IMDN-Record-Route: <sip:route@example.com>\r\n");
  message_put(w, w->form[ASPECT_notification]
                     ? "\r\nContent-Type: message/imdn+xml\r\nContent-Disposition: notification\r\n\r\n<imdn/>"
                     : "\r\nContent-Type: text/plain\r\n\r\nhello");
}

static const char *message_inner_type(const message *w) {
  if (w->form[ASPECT_type]) return "application/x-unknown";
  if (w->x->e.type != CPM_EVENT_on_message) return "application/sdp";
  return w->form[ASPECT_cpim] ? "text/plain" : "message/cpim";
}

static void message_inner(message *w) {
  const char *type = message_inner_type(w);
  if (strcmp(type, "message/cpim") == 0) message_cpim(w);
  else message_put(w, strcmp(type, "application/sdp") == 0 ? "v=0\r\n" : "hello");
  if (w->form[ASPECT_size])
    for (int i = 0; i < 40; i++) message_put(w, "0123456789012345678901234567890123456789");
}

static void message_part(message *w, const char *type) {
  message_put(w, "--b\r\nContent-Type: ");
  message_put(w, type);
  message_put(w, "\r\n\r\n");
}

static void message_body(message *w, bool with_list) {
  if (w->form[ASPECT_split]) {
    message_field(w, CPM_SIP_CONTENT_TYPE, "multipart/mixed;boundary=b");
    message_put(w, "no boundary here");
  } else if (with_list) {
    message_field(w, CPM_SIP_CONTENT_TYPE, "multipart/mixed;boundary=b");
    message_part(w, CPM_RESOURCE_LISTS_TYPE);
    message_put(w, "<resource-lists/>\r\n");
    message_part(w, message_inner_type(w));
    message_inner(w);
    message_put(w, "\r\n--b--\r\n");
  } else {
    message_field(w, CPM_SIP_CONTENT_TYPE, message_inner_type(w));
    message_inner(w);
  }
  w->x->sip.body = cpm_str_of(w->x->body, w->n);
}

static const char *message_tag(const cpm_machine *m) {
  const cpmi_capture *g;
  for (size_t i = 0; (g = cpmi_capture_at(m, i)) != NULL; i++)
    if (g->source == CPMI_FROM_TAG)
      return g->icsi == CPM_ICSI_LARGEMSG ? "*;+g.3gpp.icsi-ref=\"urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.largemsg\""
                                          : "*;+g.3gpp.icsi-ref=\"urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.msg\"";
  return "*;audio";
}

static void message_head(message *w, const cpm_machine *m) {
  const uint8_t *form = w->form;
  message_field(w, CPM_SIP_ACCEPT_CONTACT, form[ASPECT_tagged] ? "*;video" : message_tag(m));
  if (!form[ASPECT_sender]) message_field(w, CPM_SIP_P_ASSERTED_IDENTITY, "<sip:from@example.com>");
  if (!form[ASPECT_referred]) message_field(w, CPM_SIP_REFERRED_BY, "<sip:referrer@example.com>");
  message_field(w, CPM_SIP_USER_AGENT, form[ASPECT_release] ? "other/1" : "CPM-client/OMA2.2");
  if (form[ASPECT_privacy]) message_field(w, CPM_SIP_PRIVACY, "id");
  if (!form[ASPECT_timer]) message_field(w, CPM_SIP_SESSION_EXPIRES, "1800;refresher=uac");
  message_field(w, CPM_SIP_EXPIRES, form[ASPECT_expired] ? "0" : "3600");
  message_field(w, CPM_SIP_CONVERSATION_ID, "4f93f0fe-86d6-462c-9ba2-e4bc3d1cafcc");
  message_field(w, CPM_SIP_CONTRIBUTION_ID, "5f93f0fe-86d6-462c-9ba2-e4bc3d1cafcc");
  message_field(w, CPM_SIP_SUPPORTED, "timer");
}

static cpm_str message_uri(const explore_run *r, const explore_world *w, unsigned form) {
  const cpm_agent *a = &r->agent[w ? w->agent : 0];
  return form == 0 ? a->cf_uri : form == 1 ? a->exploder_uri : S("sip:group@example.com");
}

static cpm_sip_method message_method(cpm_event_type type) {
  for (unsigned m = 1; m < CPM_METHOD_COUNT; m++)
    if (cpm_event_of_request((cpm_sip_method)m) == type) return (cpm_sip_method)m;
  return CPM_METHOD_UNKNOWN;
}

/* ---- all of it ---------------------------------------------------------------------------------------------------- */

bool explore_request(const explore_run *r, explore_event *x, cpm_event_type type, uint32_t leg, unsigned index, bool all) {
  static const char *const reasons[] = { NULL, "SIP;cause=200;text=\"Call completed\"", "SIP;cause=410", "SIP;cause=480",
                                         "SIP;cause=503" };
  uint8_t form[ASPECT_COUNT] = { 0 };
  const uint32_t aspects = message_aspects(r->c.m, type, leg != CPM_NO_LEG);
  unsigned rest = index;
  message w = { x, form, 0 };
  explore_event_init(x, type, leg);
  for (unsigned i = 0; i < ASPECT_COUNT; i++) {
    if (!(aspects >> i & 1u) || (!all && i != ASPECT_reason)) continue;
    form[i] = (uint8_t)(rest % message_forms[i]);
    rest /= message_forms[i];
    if (form[i]) explore_event_note(x, " %s:%u", message_names[i], form[i]);
  }
  x->e.sip = &x->sip;
  x->e.txn = type;
  x->e.item = 42;
  x->sip.method = message_method(type);
  x->sip.method_name = cpm_sip_method_name(x->sip.method);
  x->sip.request_uri = message_uri(r, NULL, form[ASPECT_address]);
  if (form[ASPECT_reason]) message_field(&w, CPM_SIP_REASON, reasons[form[ASPECT_reason]]);
  if (type == CPM_EVENT_on_message || type == CPM_EVENT_on_invite) {
    message_head(&w, r->c.m);
    message_body(&w, (aspects >> ASPECT_list & 1u) && !form[ASPECT_list]);
  }
  return rest == 0;
}
