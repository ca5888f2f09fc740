/* SPDX-License-Identifier: MIT */
/* explore_body.c - bodies as they may come: every form that the captures of a machine tell apart. */
#include "explore.h"
#include "cpm/imdn.h"
#include "cpm/iscomposing.h"
#include <stdlib.h>
#include <string.h>

static void body_put(explore_writer *w, const char *text) {
  const size_t n = strlen(text);
  if (n > sizeof w->x->body - w->n) abort();
  memcpy(w->x->body + w->n, text, n);
  w->n += n;
}

static void body_part(explore_writer *w, const char *boundary, const char *type) {
  body_put(w, "--");
  body_put(w, boundary);
  body_put(w, "\r\nContent-Type: ");
  body_put(w, type);
  body_put(w, "\r\n\r\n");
}

static void body_close(explore_writer *w, const char *boundary) {
  body_put(w, "--");
  body_put(w, boundary);
  body_put(w, "--\r\n");
}

/* Longer than the limit of the agents, all by itself. */
static void body_fill(explore_writer *w) {
  for (int i = 0; i < 40; i++) body_put(w, "0123456789012345678901234567890123456789");
}

/* ---- CPIM --------------------------------------------------------------------------------------------------------- */

static void body_report(explore_writer *w) {
#define BODY_DISPOSITION(id, text) text,
  static const char *const names[] = { CPM_DISPOSITIONS(BODY_DISPOSITION) };
  bool any = false;
  for (unsigned bit = 0; bit < CPM_DISPOSITION_BITS; bit++) {
    if (!explore_tells_bit(w, CPMI_FROM_CPIM_REPORT, bit) || explore_form(w, names[bit], 2)) continue;
    body_put(w, any ? ", " : "imdn.Disposition-Notification: ");
    body_put(w, names[bit]);
    any = true;
  }
  if (any) body_put(w, "\r\n");
}

static void body_route(explore_writer *w) {
#define BODY_ROUTE "imdn.IMDN-Record-Route: "
  static const char *const routes[] = { BODY_ROUTE "<sip:route@example.com>\r\n", "",
                                        BODY_ROUTE "<sip:route@example.com>\r\n" BODY_ROUTE "<sip:next@example.com>\r\n",
                                        BODY_ROUTE "<" CPM_ANONYMOUS_URI ">\r\n", BODY_ROUTE "<sip:route@example.com?a=b>\r\n" };
  const bool told =
      explore_tells(w, CPMI_FROM_REPORT_TO, EXPLORE_ANY) || explore_tells(w, CPMI_FROM_CPIM_ADDRS, CPM_CPIM_IMDN_RECORD_ROUTE);
  if (told) body_put(w, routes[explore_form(w, "route", sizeof routes / sizeof *routes)]);
}

static void body_recipient(explore_writer *w) {
  static const char *const forms[] = { "To: <sip:to@example.com>\r\n", "To: <" CPM_ANONYMOUS_URI ">\r\n",
                                       "To: <sip:to@example.com>\r\nimdn.Original-To: <sip:original@example.com>\r\n" };
  const bool told = explore_tells(w, CPMI_FROM_ORIGINAL_TO, EXPLORE_ANY);
  body_put(w, forms[told ? explore_rare_form(w, "original_to", 3) : 0]);
}

/* DateTime and Message-ID, also of octets that are no UTF-8, which notifications cannot carry. */
static void body_named(explore_writer *w) {
  static const char *const dates[] = { "DateTime: 2020-09-27T04:02:25.941Z\r\n", "", "DateTime: 2020-09-27\xd4\r\n",
                                       "DateTime: yesterday\x01\r\n" };
  static const char *const ids[] = { "imdn.Message-ID: 34jk324j\r\n", "", "imdn.Message-ID: 34\xff\r\n" };
  const bool dated = explore_tells(w, CPMI_FROM_CPIM, CPM_CPIM_DATETIME);
  const bool named = explore_tells(w, CPMI_FROM_CPIM, CPM_CPIM_MESSAGE_ID);
  body_put(w, dates[dated ? explore_rare_form(w, "datetime", 4) : 0]);
  const unsigned odd = named ? 2 * explore_rare_form(w, "odd_id", 2) : 0;
  body_put(w, ids[odd ? odd : named ? explore_form(w, "no_id", 2) : 0]);
}

static void body_cpim(explore_writer *w) {
  body_put(w, "NS: imdn <urn:ietf:params:imdn>\r\nFrom: <sip:from@example.com>\r\n");
  body_recipient(w);
  body_named(w);
  body_report(w);
  body_route(w);
  const bool strange = explore_tells(w, CPMI_FROM_TYPE_OK, EXPLORE_ANY) && explore_rare_form(w, "wrapped_type", 2);
  body_put(w, strange ? "\r\nContent-Type: application/x-unknown\r\n\r\nhello" : "\r\nContent-Type: text/plain\r\n\r\nhello");
}

/* ---- notifications ------------------------------------------------------------------------------------------------ */

static void body_imdn(explore_writer *w, unsigned status) {
  const cpm_imdn imdn = { cpm_str_z("sent-1"),
                          cpm_str_z("2020-09-27T04:02:25Z"),
                          cpm_str_z("sip:from@example.com"),
                          cpm_str_none(),
                          cpm_str_none(),
                          (cpm_imdn_status)status,
                          0 };
  size_t n = 0;
  if (status == CPM_IMDN_OTHER) {
    body_put(w, "<imdn xmlns=\"" CPM_IMDN_NS "\"><message-id>sent-1</message-id><datetime>2020-09-27T04:02:25Z</datetime>"
                "<strange-notification><status><done/></status></strange-notification></imdn>");
    return;
  }
  if (cpm_imdn_encode(w->x->body + w->n, sizeof w->x->body - w->n, &n, &imdn, NULL) != CPM_OK) abort();
  w->n += n;
}

/* Several in one body: statuses, CPM_IMDN_OTHER + 1 for one that cannot be read, + 2 for a text. */
enum { BODY_UNREADABLE = CPM_IMDN_OTHER + 1, BODY_TEXT };
typedef struct body_several {
  uint8_t n, of[3];
} body_several;
static const body_several body_aggregates[] = {
  { 2, { CPM_IMDN_DELIVERED, CPM_IMDN_DISPLAYED } }, { 2, { CPM_IMDN_FAILED, CPM_IMDN_STORED } },
  { 2, { CPM_IMDN_DISPLAYED, BODY_UNREADABLE } },    { 2, { BODY_UNREADABLE, BODY_UNREADABLE } },
  { 2, { BODY_TEXT, CPM_IMDN_DELIVERED } },          { 3, { CPM_IMDN_DISPLAYED, CPM_IMDN_DELIVERED, CPM_IMDN_DELIVERED } },
};
enum { BODY_AGGREGATES = sizeof body_aggregates / sizeof *body_aggregates };

static void body_notification(explore_writer *w, unsigned what) {
  if (what == BODY_UNREADABLE) body_put(w, "<imdn>");
  else if (what == BODY_TEXT) body_put(w, "hello");
  else body_imdn(w, what);
}

static void body_aggregate(explore_writer *w, const body_several *s) {
  for (unsigned i = 0; i < s->n; i++) {
    body_part(w, "n", s->of[i] == BODY_TEXT ? "text/plain" : CPM_IMDN_TYPE);
    body_notification(w, s->of[i]);
    body_put(w, "\r\n");
  }
  body_close(w, "n");
}

/* One of each kind, one that cannot be read, several; each asks for a notification, which it must not get. */
static void body_notifications(explore_writer *w) {
  const unsigned form = explore_form(w, "notifications", BODY_TEXT + BODY_AGGREGATES);
  body_put(w, "NS: imdn <urn:ietf:params:imdn>\r\nFrom: <sip:from@example.com>\r\nTo: <sip:to@example.com>\r\n"
              "DateTime: 2020-09-27T04:02:25.941Z\r\nimdn.Message-ID: notification-1\r\n"
              "imdn.Disposition-Notification: positive-delivery, display\r\n\r\nContent-Type: ");
  if (form < BODY_TEXT) {
    body_put(w, CPM_IMDN_TYPE "\r\nContent-Disposition: notification\r\n\r\n");
    body_notification(w, form);
  } else {
    body_put(w, "multipart/mixed;boundary=n\r\n\r\n");
    body_aggregate(w, &body_aggregates[form - BODY_TEXT]);
  }
}

/* ---- who composes ------------------------------------------------------------------------------------------------ */

/* Active, idle, one that cannot be read. */
static void body_composing(explore_writer *w) {
  static const char *const states[] = { "active", "idle", "" };
  const unsigned form = explore_tells(w, CPMI_FROM_COMPOSING, EXPLORE_ANY) ? explore_form(w, "composing", 3) : 0;
  body_put(w, "From: <sip:from@example.com>\r\nTo: <sip:to@example.com>\r\n\r\nContent-Type: " CPM_ISCOMPOSING_TYPE "\r\n\r\n"
              "<isComposing xmlns=\"" CPM_ISCOMPOSING_NS "\"><state>");
  body_put(w, states[form]);
  body_put(w, "</state></isComposing>");
}

/* ---- SDP ---------------------------------------------------------------------------------------------------------- */

/* One of the forms; the first one where no capture looks. */
static void body_line(explore_writer *w, unsigned source, unsigned what, const char *name, const char *const *forms, unsigned n) {
  body_put(w, forms[explore_tells(w, source, what) ? explore_rare_form(w, name, n) : 0]);
}

static void body_media(explore_writer *w) {
  static const char *const types[] = { "a=accept-types:message/cpim\r\n", "a=accept-types:text/html\r\n",
                                       "a=accept-types:*\r\na=accept-wrapped-types:text/html\r\n" };
  static const char *const directions[] = { "a=sendonly\r\n", "", "a=recvonly\r\n" };
  static const char *const setups[] = { "a=setup:actpass\r\n", "a=setup:active\r\n", "" };
  body_put(w, w->a->media_secure ? "m=message 2855 TCP/TLS/MSRP *\r\n" : "m=message 2855 TCP/MSRP *\r\n");
  body_put(w, "a=path:msrp://peer.example.com:2855/s0;tcp\r\n");
  body_line(w, CPMI_FROM_SDP_TAKES, EXPLORE_ANY, "types", types, 3);
  body_line(w, CPMI_FROM_SDP, CPMI_SDP_direction, "direction", directions, 3);
  const bool answered = explore_tells(w, CPMI_FROM_SDP, CPMI_SDP_answers_setup);
  body_put(w, setups[answered ? explore_form(w, "setup", 3) : 0]);
}

/* Files as the other side may offer and want them. */
enum { BODY_FILES = 7 };
static void body_files(explore_writer *w, unsigned first) {
#define BODY_FILE(direction, setup, more) "m=message 2855 %s *\r\na=accept-types:*\r\na=path:msrp://peer.example.com:2855/s%u;tcp\r\n" \
                                          "a=file-transfer-id:t%u\r\n" direction setup more
  static const char *const lines[] = {
    BODY_FILE("a=sendonly\r\n", "a=setup:actpass\r\n", "a=file-selector:name:\"a\" type:text/plain size:300\r\n"),
    BODY_FILE("a=sendonly\r\n", "a=setup:active\r\n", "a=file-selector:name:\"a\" size:300\r\na=file-range:201-300\r\n"),
    BODY_FILE("a=sendonly\r\n", "", "a=file-selector:name:\"a\" size:5242880000\r\n"),
    BODY_FILE("a=recvonly\r\n", "a=setup:actpass\r\n", "a=file-selector:name:\"a\" type:text/plain size:300\r\n"),
    BODY_FILE("a=recvonly\r\n", "a=setup:active\r\n", "a=file-selector:name:\"a\" size:300\r\na=file-range:201-300\r\n"),
    BODY_FILE("a=sendonly\r\n", "a=setup:actpass\r\n", "a=file-selector:name:\"a\"\r\n"),
    BODY_FILE("a=inactive\r\n", "a=setup:passive\r\n", "a=file-selector:name:\"a\" size:300\r\n"),
  };
  _Static_assert(sizeof lines / sizeof *lines == BODY_FILES, "each of them");
  char text[512];
  const unsigned second = w->r->c.members ? w->r->c.members - 1 : first || w->timer > 1 ? 0 : explore_always(w->c, 3);
  explore_event_note(w->x, " file:%u and:%u", first, second);
  const unsigned of[2] = { first, second == 1 ? 0 : 3 };
  body_put(w, "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n");
  for (unsigned i = 0; i < (second ? 2 : 1); i++) {
    snprintf(text, sizeof text, lines[of[i]], w->a->media_secure ? "TCP/TLS/MSRP" : "TCP/MSRP", i, i);
    body_put(w, text);
  }
}

static void body_sdp(explore_writer *w) {
  static const char *const sizes[] = { "a=file-selector:size:5242880\r\n", "", "a=file-selector:size:5242880000\r\n" };
  const bool useless = explore_tells(w, CPMI_FROM_SDP, CPMI_SDP_usable) && explore_form(w, "media", 2);
  body_put(w, "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n");
  if (useless) body_put(w, "m=audio 49170 RTP/AVP 0\r\n");
  else body_media(w);
  if (!useless && explore_tells(w, CPMI_FROM_SDP, CPMI_SDP_size)) body_line(w, CPMI_FROM_SDP, CPMI_SDP_size, "size", sizes, 3);
  else if (explore_tells(w, CPMI_FROM_SDP, CPMI_SDP_selector) && explore_form(w, "selector", 2))
    body_put(w, "a=file-selector:name:\"a.txt\"\r\n");
}

/* ---- all of it ---------------------------------------------------------------------------------------------------- */

/* The usual body of the method, and what captures could make of another one. */
enum { BODY_USUAL, BODY_UNKNOWN, BODY_BARE, BODY_BROKEN, BODY_REPORTS, BODY_SPLIT, BODY_NONE, BODY_COMPOSING, BODY_SHAPES };

static unsigned body_shape(explore_writer *w) {
  static const struct {
    unsigned source, shape;
  } told[] = { { CPMI_FROM_TYPE_OK, BODY_UNKNOWN },   { CPMI_FROM_IS_CPIM, BODY_BARE },  { CPMI_FROM_CPIM_OK, BODY_BROKEN },
               { CPMI_FROM_IS_REPORT, BODY_REPORTS }, { CPMI_FROM_BODY_OK, BODY_SPLIT }, { CPMI_FROM_BODY_OK, BODY_NONE } };
  unsigned shapes[BODY_SHAPES] = { BODY_USUAL }, n = 1;
  for (size_t i = 0; i < sizeof told / sizeof *told; i++)
    if (explore_tells(w, told[i].source, EXPLORE_ANY) && (w->x->e.sip || told[i].shape != BODY_UNKNOWN)) shapes[n++] = told[i].shape;
  if (explore_tells(w, CPMI_FROM_COMPOSING, EXPLORE_ANY) || w->r->facts[CPMI_FACT_INDEX_says_composing]) shapes[n++] = BODY_COMPOSING;
  return shapes[explore_form(w, "shape", n)];
}

static const char *body_type(const explore_writer *w, unsigned shape) {
  if (shape == BODY_UNKNOWN) return "application/x-unknown";
  if (w->x->e.type != CPM_EVENT_on_message) return "application/sdp";
  return shape == BODY_BARE ? "text/plain" : "message/cpim";
}

static void body_content(explore_writer *w, unsigned shape) {
  if (shape == BODY_REPORTS) body_notifications(w);
  else if (shape == BODY_USUAL && w->x->e.type == CPM_EVENT_on_message) body_cpim(w);
  else if (shape == BODY_USUAL) body_sdp(w);
  else body_put(w, "neither CPIM nor SDP");
  const bool sized = shape != BODY_UNKNOWN && explore_tells(w, CPMI_FROM_BODY_LEN, EXPLORE_ANY);
  if (sized && explore_form(w, "large", 2)) body_fill(w);
}

static bool body_has_list(explore_writer *w) {
  if (!explore_tells(w, CPMI_FROM_LIST, EXPLORE_ANY)) return false;
  if (explore_tells_set(w, CPMI_FROM_LIST)) return !explore_form(w, "no_list", 2);
  return explore_rare_form(w, "list", 2) != 0;
}

/* Beside files: nothing, or a CPIM that asks for a notification of this or that, which may have nowhere to go. */
static void body_file_report(explore_writer *w) {
  static const char *const asks[] = { "", "imdn.Disposition-Notification: positive-delivery\r\n", "imdn.Disposition-Notification: positive-delivery\r\n" BODY_ROUTE "<" CPM_ANONYMOUS_URI ">\r\n",
                                      "imdn.Disposition-Notification: display\r\n", "imdn.Disposition-Notification: display\r\n" BODY_ROUTE "<" CPM_ANONYMOUS_URI ">\r\n", "" };
  const unsigned file = w->r->c.members ? 3 * w->r->c.chunks : w->timer > 1 ? 3 * explore_always(w->c, 2) : explore_always(w->c, BODY_FILES);
  const unsigned form = w->r->c.members ? w->r->c.members == 1 && !w->r->c.chunks : file < 2 && w->timer < 2 ? explore_always(w->c, 6) : 0;
  if (!form) {
    explore_field(w, CPM_SIP_CONTENT_TYPE, "application/sdp");
    body_files(w, file);
    return;
  }
  explore_event_note(w->x, " report:%u", form);
  explore_field(w, CPM_SIP_CONTENT_TYPE, "multipart/mixed;boundary=b");
  body_part(w, "b", "message/cpim");
  body_put(w, "NS: imdn <urn:ietf:params:imdn>\r\nFrom: <sip:from@example.com>\r\nTo: <sip:to@example.com>\r\nDateTime: 2020-09-27T04:02:25Z\r\n"
              "imdn.Message-ID: 34jk324j\r\n");
  body_put(w, asks[form]);
  body_put(w, "\r\n\r\n\r\n");
  body_part(w, "b", "application/sdp");
  body_files(w, file);
  body_put(w, "\r\n");
  body_close(w, "b");
}

static void body_write(explore_writer *w, unsigned shape) {
  if (shape == BODY_USUAL && w->x->e.type == CPM_EVENT_on_invite && explore_tells(w, CPMI_FROM_SDP, CPMI_SDP_files)) {
    body_file_report(w);
  } else if (shape == BODY_SPLIT) {
    explore_field(w, CPM_SIP_CONTENT_TYPE, "multipart/mixed;boundary=b");
    body_put(w, "no boundary here");
  } else if (body_has_list(w)) {
    explore_field(w, CPM_SIP_CONTENT_TYPE, "multipart/mixed;boundary=b");
    body_part(w, "b", CPM_RESOURCE_LISTS_TYPE);
    body_put(w, "<resource-lists/>\r\n");
    body_part(w, "b", body_type(w, shape));
    body_content(w, shape);
    body_put(w, "\r\n");
    body_close(w, "b");
  } else {
    explore_field(w, CPM_SIP_CONTENT_TYPE, body_type(w, shape));
    body_content(w, shape);
  }
}

/* The head of a message that has come in chunks. */
void explore_head(explore_writer *w) {
  const unsigned shape = body_shape(w);
  if (shape == BODY_REPORTS) body_notifications(w);
  else if (shape == BODY_BROKEN) body_put(w, "neither CPIM nor SDP");
  else if (shape == BODY_COMPOSING) body_composing(w);
  else body_cpim(w);
  const bool more = shape == BODY_REPORTS && explore_tells(w, CPMI_FROM_REPORTS_LEN, EXPLORE_ANY) && explore_form(w, "more", 2);
  w->x->e.head = cpm_str_of(w->x->body, w->n);
  w->x->e.len = w->n + more;
}

/* Of a body that is coded nobody looks at more. */
void explore_body(explore_writer *w) {
  const bool coded = explore_tells(w, CPMI_FROM_BODY_ENCODING, EXPLORE_ANY) && explore_form(w, "coded", 2);
  if (coded) explore_field(w, CPM_SIP_CONTENT_ENCODING, "gzip");
  const unsigned shape = coded ? BODY_UNKNOWN : body_shape(w);
  if (coded) {
    explore_field(w, CPM_SIP_CONTENT_TYPE, "message/cpim");
    body_put(w, "\x1f\x8b");
  } else if (shape != BODY_NONE) body_write(w, shape);
  w->x->sip.body = cpm_str_of(w->x->body, w->n);
}
