/* SPDX-License-Identifier: MIT */
/* imdn.c - writing message/imdn+xml. */
#include "cpm/imdn.h"
#include "internal.h"

typedef struct imdn_names { const char *notification, *status; } imdn_names;
#define IMDN_NAMES(id, notification, status) { notification "-notification", status },
static const imdn_names imdn_statuses[] = { CPM_IMDN_STATUSES(IMDN_NAMES) };

static void imdn_open(cpmi_out *o, const char *name) {
  cpmi_put_char(o, '<');
  cpmi_put_z(o, name);
  cpmi_put_char(o, '>');
}

static void imdn_close(cpmi_out *o, const char *name) {
  cpmi_put_z(o, "</");
  cpmi_put_z(o, name);
  cpmi_put_z(o, ">\r\n");
}

static void imdn_element(cpmi_out *o, const char *name, cpm_str text) {
  if (!text.p) return;
  imdn_open(o, name);
  cpmi_put_xml(o, text);
  imdn_close(o, name);
}

static int imdn_check(const cpm_imdn *in, cpm_diag *diag) {
  const struct { cpm_str text; const char *rule; } texts[] = {
    { in->message_id, "message-id" }, { in->datetime, "datetime" }, { in->recipient_uri, "recipient-uri" },
    { in->original_recipient_uri, "original-recipient-uri" }, { in->subject, "subject" },
  };
  for (size_t i = 0; i < 2; i++)
    if (!texts[i].text.n) return cpmi_fail(diag, CPM_E_MISSING, 0, texts[i].rule, "RFC 5438 7.2.1");
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
  cpmi_put_z(&o, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<imdn xmlns=\"urn:ietf:params:xml:ns:imdn\">\r\n");
  imdn_element(&o, "message-id", in->message_id);
  imdn_element(&o, "datetime", in->datetime);
  if (in->recipient_uri.p) {
    imdn_element(&o, "recipient-uri", in->recipient_uri);
    imdn_element(&o, "original-recipient-uri", in->original_recipient_uri.p ? in->original_recipient_uri : in->recipient_uri);
    imdn_element(&o, "subject", in->subject);
  }
  imdn_open(&o, imdn_statuses[in->status].notification);
  imdn_open(&o, "status");
  cpmi_put_char(&o, '<');
  cpmi_put_z(&o, imdn_statuses[in->status].status);
  cpmi_put_z(&o, "/></status>");
  imdn_close(&o, imdn_statuses[in->status].notification);
  imdn_close(&o, "imdn");
  return cpmi_out_end(&o, len, diag);
}
