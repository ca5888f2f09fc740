/* SPDX-License-Identifier: MIT */
/* dialog.c - a list of dialogs. */
#include "dialog.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static dialog *dialog_all;

static dialog *dialog_new(ua *who, ua *peer) {
  dialog *d = calloc(1, sizeof *d);
  if (!d) abort();
  d->next = dialog_all;
  d->who = who;
  d->peer = peer;
  d->leg = CPM_NO_LEG;
  return dialog_all = d;
}

static void dialog_tag(char dst[DIALOG_TAG], cpm_str value) {
  cpm_address a;
  cpm_param tag;
  dst[0] = '\0';
  if (cpm_address_decode(&a, value, NULL, NULL) != CPM_OK || !a.params.p || !cpm_param_find(a.params, "tag", &tag)) return;
  snprintf(dst, DIALOG_TAG, "%.*s", (int)tag.value.n, tag.value.p);
}

static void dialog_contact(dialog *d, const cpm_sip *msg) {
  cpm_str rest = cpm_sip_value(msg, CPM_SIP_CONTACT);
  cpm_address a;
  if (rest.p && cpm_address_next(&rest, &a, NULL, NULL) == CPM_OK && a.uri.p) ADAPTER_COPY(d->target, a.uri);
}

dialog *dialog_open(adapter_run *run, uint32_t leg, ua *peer, cpm_str uri) {
  dialog *d = dialog_new(run->who, peer);
  d->run = run;
  d->leg = leg;
  d->cseq = d->invited = 1;
  ADAPTER_COPY(d->target, uri);
  return d;
}

dialog *dialog_invited(ua *who, ua *peer, uint64_t txn, const cpm_sip *request, const char *tag) {
  dialog *d = dialog_new(who, peer);
  const cpm_str to = cpm_sip_value(request, CPM_SIP_TO);
  d->invite = txn;
  ADAPTER_COPY(d->call_id, cpm_sip_value(request, CPM_SIP_CALL_ID));
  ADAPTER_COPY(d->remote, cpm_sip_value(request, CPM_SIP_FROM));
  snprintf(d->local, sizeof d->local, "%.*s;tag=%s", (int)to.n, to.p, tag);
  snprintf(d->local_tag, sizeof d->local_tag, "%s", tag);
  dialog_tag(d->remote_tag, cpm_sip_value(request, CPM_SIP_FROM));
  dialog_contact(d, request);
  return d;
}

void dialog_learn(dialog *d, const cpm_sip *response) {
  d->confirmed = true;
  ADAPTER_COPY(d->remote, cpm_sip_value(response, CPM_SIP_TO));
  dialog_tag(d->remote_tag, cpm_sip_value(response, CPM_SIP_TO));
  dialog_contact(d, response);
}

dialog *dialog_of(const adapter_run *run, uint32_t leg) {
  for (dialog *d = dialog_all; d; d = d->next)
    if (d->run == run && d->leg == leg) return d;
  return NULL;
}

dialog *dialog_of_invite(uint64_t txn) {
  for (dialog *d = dialog_all; d; d = d->next)
    if (txn && d->invite == txn) return d;
  return NULL;
}

dialog *dialog_find(const ua *who, const cpm_sip *request) {
  char from[DIALOG_TAG], to[DIALOG_TAG];
  dialog_tag(from, cpm_sip_value(request, CPM_SIP_FROM));
  dialog_tag(to, cpm_sip_value(request, CPM_SIP_TO));
  for (dialog *d = dialog_all; d && to[0]; d = d->next)
    if (d->who == who && cpm_str_eq(cpm_sip_value(request, CPM_SIP_CALL_ID), cpm_str_z(d->call_id)) &&
        !strcmp(d->local_tag, to) && !strcmp(d->remote_tag, from)) return d;
  return NULL;
}

void dialog_close_all(void) {
  while (dialog_all) {
    dialog *d = dialog_all;
    dialog_all = d->next;
    free(d);
  }
}
