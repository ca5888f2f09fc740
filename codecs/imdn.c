/* SPDX-License-Identifier: MIT */
/* imdn.c - message/imdn+xml. */
#include "cpm/imdn.h"
#include "markup.h"
#include <string.h>

typedef struct imdn_names { cpm_str notification, status; } imdn_names;
#define IMDN_NAMES(id, notification, status) { CPM_STR(notification "-notification"), CPM_STR(status) },
static const imdn_names imdn_statuses[] = { CPM_IMDN_STATUSES(IMDN_NAMES) };

/* ---- writing ----------------------------------------------------------------------------------------------------------- */

static int imdn_check(const cpm_imdn *in, cpm_diag *diag) {
  const struct { cpm_str text; const char *rule; } texts[] = {
    { in->message_id, "message-id" }, { in->datetime, "datetime" }, { in->recipient_uri, "recipient-uri" },
    { in->original_recipient_uri, "original-recipient-uri" }, { in->subject, "subject" },
  };
  for (size_t i = 0; i < 2; i++)
    if (!cpm_str_trim(texts[i].text).n) return cpmi_fail(diag, CPM_E_MISSING, 0, texts[i].rule, "RFC 5438 7.2.1");
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    const int rc = cpmi_check_xml(texts[i].text, texts[i].rule, diag);
    if (rc) return rc;
  }
  return (unsigned)in->status < CPM_IMDN_STATUS_COUNT ? CPM_OK : cpmi_fail(diag, CPM_E_VALUE, 0, "status", "RFC 5438 7.2.1");
}

int cpm_imdn_encode(char *dst, size_t cap, size_t *len, const cpm_imdn *in, cpm_diag *diag) {
  cpmi_out o = cpmi_out_to(dst, cap, 0);
  const int rc = imdn_check(in, diag);
  if (rc) return rc;
  cpmi_put_z(&o, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<imdn xmlns=\"" CPM_IMDN_NS "\">\r\n");
  cpmi_put_element(&o, "message-id", in->message_id);
  cpmi_put_element(&o, "datetime", in->datetime);
  if (in->recipient_uri.p) {
    cpmi_put_element(&o, "recipient-uri", in->recipient_uri);
    cpmi_put_element(&o, "original-recipient-uri", in->original_recipient_uri.p ? in->original_recipient_uri : in->recipient_uri);
    cpmi_put_element(&o, "subject", in->subject);
  }
  cpmi_put_start(&o, imdn_statuses[in->status].notification.p);
  cpmi_put_start(&o, "status");
  cpmi_put_char(&o, '<');
  cpmi_put(&o, imdn_statuses[in->status].status);
  cpmi_put_z(&o, "/></status>");
  cpmi_put_end(&o, imdn_statuses[in->status].notification.p);
  cpmi_put_end(&o, "imdn");
  return cpmi_out_end(&o, len, diag);
}

/* ---- reading ----------------------------------------------------------------------------------------------------------- */

typedef enum imdn_kind {
  IMDN_FOREIGN, IMDN_ROOT,
  IMDN_MESSAGE_ID, IMDN_DATETIME, IMDN_RECIPIENT, IMDN_ORIGINAL, IMDN_SUBJECT,   /* values */
  IMDN_NOTIFICATION, IMDN_STATUS, IMDN_WORD
} imdn_kind;

#define IMDN_BIT(element) (1u << (element))
#define IMDN_DEPTH        4u   /* imdn / notification / status / word */
#define IMDN_VALUE_DEPTH  2u

static const cpm_str imdn_values[] = {
  [IMDN_MESSAGE_ID] = CPM_STR("message-id"), [IMDN_DATETIME] = CPM_STR("datetime"), [IMDN_RECIPIENT] = CPM_STR("recipient-uri"),
  [IMDN_ORIGINAL] = CPM_STR("original-recipient-uri"), [IMDN_SUBJECT] = CPM_STR("subject"),
};

typedef struct imdn_reader {
  cpmi_markup    xml;
  cpm_imdn      *out;
  const cpm_opts *opts;
  cpm_diag      *diag;
  imdn_kind      path[IMDN_DEPTH + 1];   /* what the elements above are, by depth */
  size_t         root, report;           /* offsets: of the root, of the notification */
  unsigned       strict;                 /* bits of the elements that count in the right namespace only */
  unsigned       taken;                  /* bits of those that were found */
  bool           foreign;                /* one was left out for its namespace alone */
  bool           other;                  /* a notification with an unknown name */
  bool           other_word;             /* a status with one */
  cpm_str        notification;
} imdn_reader;

static int imdn_fail(const imdn_reader *r, int code, const char *rule) {
  return cpmi_fail(r->diag, code, r->xml.off, rule, "RFC 5438 7.2.1");
}

static bool imdn_is_value(imdn_kind e) { return e >= IMDN_MESSAGE_ID && e <= IMDN_SUBJECT; }

static cpm_str *imdn_value(cpm_imdn *out, imdn_kind e) {
  switch (e) {
  case IMDN_MESSAGE_ID: return &out->message_id;
  case IMDN_DATETIME:   return &out->datetime;
  case IMDN_RECIPIENT:  return &out->recipient_uri;
  case IMDN_ORIGINAL:   return &out->original_recipient_uri;
  default:              return &out->subject;
  }
}

/* The first entry of the notification that starts, or, below that notification, of the status that starts; CPM_IMDN_OTHER if there
 * is none. */
static unsigned imdn_find(const cpmi_markup *xml, cpm_str notification) {
  unsigned i = 0;
  while (i < CPM_IMDN_STATUS_COUNT) {
    const imdn_names *const names = &imdn_statuses[i];
    if (notification.p ? cpm_str_eq(names->notification, notification) && cpmi_markup_is(xml, names->status)
                       : cpmi_markup_is(xml, names->notification)) break;
    i++;
  }
  return i;
}

static bool imdn_ends_in_notification(cpm_str name) {
  static const cpm_str end = CPM_STR("-notification");
  return name.n >= end.n && memcmp(name.p + name.n - end.n, end.p, end.n) == 0;
}

/* What the element that starts is by its name, below that parent. */
static imdn_kind imdn_child_of_root(imdn_reader *r) {
  for (imdn_kind e = IMDN_MESSAGE_ID; e <= IMDN_SUBJECT; e++)
    if (cpmi_markup_is(&r->xml, imdn_values[e])) return e;
  if (imdn_find(&r->xml, cpm_str_none()) < CPM_IMDN_STATUS_COUNT) return IMDN_NOTIFICATION;
  r->other |= imdn_ends_in_notification(r->xml.name);
  return IMDN_FOREIGN;
}

static imdn_kind imdn_name(imdn_reader *r, imdn_kind parent) {
  switch (parent) {
  case IMDN_ROOT:         return imdn_child_of_root(r);
  case IMDN_NOTIFICATION: return cpmi_markup_is_name(&r->xml, "status") ? IMDN_STATUS : IMDN_FOREIGN;
  case IMDN_STATUS:
    if (imdn_find(&r->xml, r->notification) < CPM_IMDN_STATUS_COUNT) return IMDN_WORD;
    r->other_word = true;
    return IMDN_FOREIGN;
  default: return IMDN_FOREIGN;
  }
}

/* Of the right namespace, or taken for it. */
static int imdn_check_ns(imdn_reader *r, imdn_kind *e, const char *rule) {
  if (!(r->strict & IMDN_BIT(*e)) || cpmi_markup_is_ns(&r->xml, CPM_IMDN_NS))
    return cpmi_markup_check_ns(&r->xml, CPM_IMDN_NS, &r->out->quirks, r->opts, rule, r->diag);
  r->foreign = true;
  *e = IMDN_FOREIGN;
  return CPM_OK;
}

static int imdn_take(imdn_reader *r, imdn_kind e, const char *rule) {
  if (r->taken & IMDN_BIT(e)) return imdn_fail(r, CPM_E_DUPLICATE, rule);
  r->taken |= IMDN_BIT(e);
  if (e == IMDN_NOTIFICATION) r->notification = imdn_statuses[imdn_find(&r->xml, cpm_str_none())].notification;
  if (e == IMDN_NOTIFICATION) r->report = r->xml.off;
  if (e == IMDN_WORD) r->out->status = (cpm_imdn_status)imdn_find(&r->xml, r->notification);
  return CPM_OK;
}

static int imdn_start(imdn_reader *r) {
  if (r->xml.depth > IMDN_DEPTH) return CPM_OK;
  imdn_kind *const e = &r->path[r->xml.depth];
  if (r->xml.depth == 1) {
    *e = IMDN_ROOT;
    r->root = r->xml.off;
    return cpmi_markup_is_name(&r->xml, "imdn") ? imdn_check_ns(r, e, "imdn") : imdn_fail(r, CPM_E_VALUE, "imdn");
  }
  const imdn_kind parent = r->path[r->xml.depth - 1];
  if (imdn_is_value(parent)) return imdn_fail(r, CPM_E_VALUE, imdn_values[parent].p);
  *e = imdn_name(r, parent);
  if (*e == IMDN_FOREIGN) return CPM_OK;
  const char *const rule = imdn_is_value(*e) ? imdn_values[*e].p : *e == IMDN_NOTIFICATION ? "notification" : "status";
  const int rc = imdn_check_ns(r, e, rule);
  return rc != CPM_OK || *e == IMDN_FOREIGN ? rc : imdn_take(r, *e, rule);
}

static int imdn_end(imdn_reader *r) {
  const size_t most = cpmi_limit(r->opts ? r->opts->max_line : 0, CPM_LIMIT_LINE);
  const imdn_kind e = r->xml.depth == IMDN_VALUE_DEPTH ? r->path[IMDN_VALUE_DEPTH] : IMDN_FOREIGN;
  const cpm_str text = r->xml.text;
  if (!imdn_is_value(e)) return CPM_OK;
  if (text.n > most) return cpmi_fail(r->diag, CPM_E_TOO_LONG, (size_t)(text.p - r->xml.in.p), imdn_values[e].p, NULL);
  *imdn_value(r->out, e) = e == IMDN_SUBJECT ? text : cpm_str_trim(text);
  return e == IMDN_MESSAGE_ID ? cpmi_markup_check_token(&r->xml, "message-id", &r->out->quirks, r->opts, r->diag) : CPM_OK;
}

static int imdn_events(imdn_reader *r, cpm_str in) {
  int rc = cpmi_markup_open(&r->xml, in, r->opts, r->diag);
  while (rc == CPM_OK) {
    rc = cpmi_markup_next(&r->xml, r->diag);
    if (rc == CPM_OK) rc = r->xml.event == CPMI_MARKUP_START ? imdn_start(r) : imdn_end(r);
  }
  return rc == CPM_END ? CPM_OK : rc;
}

/* Reads the document with the elements of `strict` in the right namespace only. */
static int imdn_read(imdn_reader *r, cpm_str in, unsigned strict) {
  static const cpm_imdn none;
  *r->out = none;
  r->out->status = CPM_IMDN_OTHER;
  r->strict = strict;
  r->taken = 0;
  r->foreign = r->other = r->other_word = false;
  r->root = r->report = 0;
  r->notification = cpm_str_none();
  return imdn_events(r, in);
}

/* What must be there. */
static int imdn_check_read(const imdn_reader *r) {
  const bool known = r->taken & IMDN_BIT(IMDN_NOTIFICATION);
  const struct { bool there; size_t off; const char *rule; } musts[] = {
    { r->taken & IMDN_BIT(IMDN_MESSAGE_ID), r->root, "message-id" },
    { known || r->other, r->root, "notification" },
    { (r->taken & IMDN_BIT(IMDN_WORD)) || r->other_word || !known, r->report, "status" },
  };
  for (size_t i = 0; i < sizeof musts / sizeof *musts; i++)
    if (!musts[i].there) return cpmi_fail(r->diag, CPM_E_MISSING, musts[i].off, musts[i].rule, "RFC 5438 7.2.1");
  if (r->out->datetime.p && cpmi_markup_size(r->out->datetime, CPM_MARKUP_COLLAPSE)) return CPM_OK;
  const size_t off = r->out->datetime.p ? (size_t)(r->out->datetime.p - r->xml.in.p) : r->root;
  return cpmi_quirk(&r->out->quirks, CPM_QUIRK(IMDN_NO_DATETIME), r->opts, off, "datetime", r->diag);
}

int cpm_imdn_decode(cpm_imdn *out, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  imdn_reader r;
  r.out = out;
  r.opts = opts;
  r.diag = diag;
  int rc = imdn_read(&r, in, ~IMDN_BIT(IMDN_ROOT));
  /* What stands in another namespace counts where nothing stands in the right one. */
  if (rc == CPM_OK && r.foreign) rc = imdn_read(&r, in, r.taken);
  if (rc == CPM_OK) rc = imdn_check_read(&r);
  if (rc == CPM_OK) return CPM_OK;
  const cpm_imdn none = { cpm_str_none(), cpm_str_none(), cpm_str_none(), cpm_str_none(), cpm_str_none(), CPM_IMDN_OTHER, out->quirks };
  *out = none;
  return rc;
}
