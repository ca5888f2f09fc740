/* SPDX-License-Identifier: MIT */
/* cpm_fields.h - readers of header field values, which cpm_fields.c finds by the types of the registry. */
#ifndef CPM_FIELDS_H
#define CPM_FIELDS_H

#include "cpm_tool.h"

/* Reading one element of a value. `whole`: the field may stand once, and all of *rest is the element. */
typedef struct reading {
  tool           *t;
  const cpm_opts *opts;
  cpm_str        *rest;
  bool            whole;
  uint64_t        quirks;
  cpm_diag        diag;
  int             rc;
} reading;

/* Reads an element; NULL if r->rc is not CPM_OK. */
typedef cJSON *fields_read(reading *r);

/* cpm_fields.c */
void   fields_put_display(cJSON *o, cpm_str display, bool quoted);
void   fields_put_quoted(cJSON *o, const char *key, cpm_str text, bool quoted);
void   fields_put_icsi_list(reading *r, cJSON *o, cpm_str value);
cJSON *fields_of_address(reading *r, const cpm_address *a);

/* cpm_dialog.c: the types of dialog.h */
fields_read fields_accept_encoding, fields_accept_language, fields_contact, fields_event, fields_history_info, fields_join,
            fields_mime_version, fields_min_se, fields_rack, fields_reason, fields_refer_sub, fields_replaces, fields_retry_after,
            fields_route, fields_rseq, fields_session_expires, fields_subscription_state, fields_target_dialog, fields_text,
            fields_timestamp, fields_token_params;

#endif
