/* SPDX-License-Identifier: MIT */
/* host.c - contents by handle, policy in a few lines, and people who are told what came. */
#include "host.h"
#include "ladder.h"
#include <cpm/xml.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HOST_ITEMS = 512, HOST_TOLD = 64, HOST_ENTRIES = 64, HOST_SEEN = 64 };

#define HOST_COPY(dst, str) snprintf(dst, sizeof(dst), "%.*s", (int)(str).n, (str).p ? (str).p : "")

/* ---- contents ------------------------------------------------------------------------------------------------------ */

static cpm_str  host_items[HOST_ITEMS];
static uint64_t host_nitems;

uint64_t host_keep(cpm_str bytes) {
  if (host_nitems == HOST_ITEMS) abort();
  char *copy = malloc(bytes.n + 1);
  memcpy(copy, bytes.p, bytes.n);
  host_items[host_nitems] = cpm_str_of(copy, bytes.n);
  return host_nitems++;
}

cpm_str host_content(uint64_t item, uint64_t off, uint64_t len) {
  if (item >= host_nitems || off > host_items[item].n || len > host_items[item].n - off) return cpm_str_none();
  return cpm_str_of(host_items[item].p + off, (size_t)len);
}

static cpm_str host_field_content(const adapter_run *run, cpm_field field) {
  cpm_piece piece;
  if (!cpm_proc_content(run->proc, CPM_NO_LEG, field, &piece)) return cpm_str_none();
  return host_content(piece.item, piece.off, piece.bytes.n);
}

void host_close(void) {
  while (host_nitems) free((char *)host_items[--host_nitems].p);
}

/* ---- lists --------------------------------------------------------------------------------------------------------- */

typedef struct host_list {
  cpm_resource_lists read;
  cpm_entry          entries[HOST_ENTRIES];
  char               text[8192];
} host_list;

static int host_read_list(host_list *l, cpm_str xml) {
  memset(&l->read, 0, sizeof l->read);
  l->read.entries = l->entries;
  l->read.cap = HOST_ENTRIES;
  l->read.text = l->text;
  l->read.text_cap = sizeof l->text;
  return cpm_xml_resource_lists_decode(&l->read, xml, NULL, NULL);
}

/* ---- policy -------------------------------------------------------------------------------------------------------- */

static const char *const host_barred[] = { "sip:mallory@example.com" };

static const struct { const char *uri; const cpm_entry members[3]; size_t n; } host_groups[] = {
  { "sip:bookclub@groups.example.com", { { .uri = CPM_STR("sip:alice@example.com") }, { .uri = CPM_STR("sip:bob@example.com") },
                                         { .uri = CPM_STR("sip:carol@example.com") } }, 3 },
};

static bool host_may_use(cpm_str sender) {
  for (size_t i = 0; i < sizeof host_barred / sizeof *host_barred; i++)
    if (cpm_uri_text_equal(sender, cpm_str_z(host_barred[i]))) return false;
  return true;
}

/* Members of the group but for the sender; false: there is no such group. */
static bool host_find_group(host_list *l, cpm_str uri, cpm_str sender) {
  for (size_t i = 0; i < sizeof host_groups / sizeof *host_groups; i++) {
    if (!cpm_uri_text_equal(uri, cpm_str_z(host_groups[i].uri))) continue;
    for (size_t k = 0; k < host_groups[i].n; k++)
      if (!cpm_uri_text_equal(host_groups[i].members[k].uri, sender)) l->entries[l->read.nentries++] = host_groups[i].members[k];
    return true;
  }
  return false;
}

/* May this message pass, and to whom? Each flag is one that the question names; the list is read here: procedures read no XML. */
static void host_pager_policy(adapter_run *run) {
  host_list l = { .read = { 0 } };
  cpm_event event;
  const cpm_str sender = cpm_proc_text(run->proc, CPM_NO_LEG, CPM_FIELD_sender), list = host_field_content(run, CPM_FIELD_list);
  const cpm_str uri = cpm_proc_text(run->proc, CPM_NO_LEG, CPM_FIELD_request_uri);
  const bool to_group = cpm_proc_number(run->proc, CPM_NO_LEG, CPM_FIELD_addressed) == CPM_ADDRESSED_predefined;
  const bool may = host_may_use(sender), group = to_group && host_find_group(&l, uri, sender);
  const bool list_ok = !to_group && list.p && host_read_list(&l, list) == CPM_OK;
  const cpm_arg args[] = {
    { .field = CPM_FIELD_authorised, .number = may },          { .field = CPM_FIELD_group_allowed, .number = 1 },
    { .field = CPM_FIELD_anonymity_allowed, .number = 1 },     { .field = CPM_FIELD_group_known, .number = group },
    { .field = CPM_FIELD_group_cpm, .number = group },         { .field = CPM_FIELD_list_ok, .number = list_ok },
  };
  cpm_event_init(&event, CPM_EVENT_on_policy);
  event.args = args;
  event.nargs = sizeof args / sizeof *args;
  event.members = l.entries;
  event.nmembers = l.read.nentries;
  ladder_note(run->who, NULL, "policy: %.*s %s; %s: %u recipients", (int)sender.n, sender.p, may ? "may" : "may not",
              !to_group ? "its list" : group ? "the group" : "no such group", (unsigned)event.nmembers);
  adapter_give(run, &event);
}

/* Numbers are reached by SMS, nobody else is. */
static void host_interwork_policy(adapter_run *run, uint32_t leg) {
  cpm_event event;
  cpm_uri uri;
  const cpm_str to = cpm_proc_text(run->proc, leg, CPM_FIELD_uri);
  const bool may = cpm_uri_decode(&uri, to, NULL, NULL) == CPM_OK && uri.scheme == CPM_URI_TEL;
  const cpm_arg args[] = { { .field = CPM_FIELD_interworking, .number = may } };
  cpm_event_init(&event, CPM_EVENT_on_policy);
  event.leg = leg;
  event.args = args;
  event.nargs = 1;
  ladder_note(run->who, NULL, "policy: %.*s %s be reached by interworking", (int)to.n, to.p, may ? "may" : "may not");
  adapter_give(run, &event);
}

static void host_seen_before(adapter_run *run) {
  static struct { const ua *who; char id[CPM_ID_MAX + 1]; } seen[HOST_SEEN];
  static unsigned nseen;
  cpm_event event;
  const cpm_str id = cpm_proc_text(run->proc, CPM_NO_LEG, CPM_FIELD_message_id);
  bool before = false;
  for (unsigned i = 0; i < nseen; i++) before |= seen[i].who == run->who && cpm_str_eq(id, cpm_str_z(seen[i].id));
  if (!before && nseen < HOST_SEEN) {
    seen[nseen].who = run->who;
    HOST_COPY(seen[nseen].id, id);
    nseen++;
  }
  const cpm_arg args[] = { { .field = CPM_FIELD_seen_before, .number = before } };
  cpm_event_init(&event, CPM_EVENT_on_policy);
  event.args = args;
  event.nargs = 1;
  adapter_give(run, &event);
}

void host_answer(adapter_run *run, unsigned question, uint32_t leg) {
  switch (question) {
  case CPM_QUESTION_pager_policy:     host_pager_policy(run); break;
  case CPM_QUESTION_interwork_policy: host_interwork_policy(run, leg); break;
  case CPM_QUESTION_seen_before:      host_seen_before(run); break;
  default: adapter_counts.untaken++;
  }
}

/* ---- people -------------------------------------------------------------------------------------------------------- */

static host_told host_all_told[HOST_TOLD];
static unsigned  host_ntold;

void host_forget(void) { host_ntold = 0; }

static host_told *host_note(const ua *who, unsigned notice) {
  host_told *t = &host_all_told[host_ntold < HOST_TOLD ? host_ntold++ : HOST_TOLD - 1];
  *t = (host_told){ .who = who, .notice = notice };
  return t;
}

unsigned host_count(const ua *who, unsigned notice) {
  unsigned n = 0;
  for (unsigned i = 0; i < host_ntold; i++) n += host_all_told[i].who == who && host_all_told[i].notice == notice;
  return n;
}

const host_told *host_last(const ua *who, unsigned notice) {
  static const host_told nothing;
  for (unsigned i = host_ntold; i-- > 0;)
    if (host_all_told[i].who == who && host_all_told[i].notice == notice) return &host_all_told[i];
  return &nothing;
}

/* ---- what came ----------------------------------------------------------------------------------------------------- */

static const char *host_copy_name(cpm_copy_control copy) {
  return copy == CPM_COPY_BCC ? "bcc" : copy == CPM_COPY_CC ? "cc" : "to";
}

/* Who else got it: the history list beside the message (RFC 5364 4). */
static void host_read_history(host_told *t, cpm_str list) {
  host_list l;
  size_t n = 0;
  if (list.p && host_read_list(&l, list) != CPM_OK) HOST_COPY(t->history, cpm_str_z("a list that cannot be read"));
  for (size_t k = 0; list.p && k < l.read.nentries && n < sizeof t->history; k++) {
    const cpm_entry *e = &l.entries[k];
    n += (size_t)snprintf(t->history + n, sizeof t->history - n, "%s%s %.*s", k ? ", " : "", host_copy_name(e->copy_control),
                          (int)e->uri.n, e->uri.p);
  }
}

static void host_show_message(adapter_run *run, const cpm_effect *x) {
  host_told *t = host_note(run->who, x->id);
  HOST_COPY(t->text, host_field_content(run, CPM_FIELD_content));
  HOST_COPY(t->sender, cpm_proc_text(run->proc, CPM_NO_LEG, CPM_FIELD_sender));
  if (x->id == CPM_NOTICE_notification) {
    ladder_note(run->who, x, "TELL notification: %s", strstr(t->text, "<delivered/>") ? "<delivered/>" : "of another kind");
    return;
  }
  HOST_COPY(t->group, cpm_proc_text(run->proc, CPM_NO_LEG, CPM_FIELD_referred_by));
  host_read_history(t, host_field_content(run, CPM_FIELD_list));
  ladder_note(run->who, x, "TELL received: \"%s\" from %s", t->text, t->sender);
  if (t->group[0]) ladder_note(run->who, NULL, "sent to the group by %s", t->group);
  if (t->history[0]) ladder_note(run->who, NULL, "others: %s", t->history);
}

/* Why it was refused: the number of OMA in the Warning (ruling O-R5). */
static void host_show_failure(adapter_run *run, const cpm_effect *x) {
  host_told *t = host_note(run->who, x->id);
  cpm_warning w;
  cpm_str rest = run->msg ? cpm_sip_value(run->msg, CPM_SIP_WARNING) : cpm_str_none();
  t->status = (unsigned)cpm_proc_number(run->proc, CPM_NO_LEG, CPM_FIELD_status);
  ladder_note(run->who, x, "TELL failed: %u", t->status);
  while (rest.p && cpm_warning_next(&rest, &w, NULL, NULL) == CPM_OK) {
    t->warning = w.oma;
    HOST_COPY(t->text, w.text);
    ladder_note(run->who, NULL, "because %.*s says %u: \"%s\"", (int)w.agent.n, w.agent.p, w.oma, t->text);
  }
}

void host_tell(adapter_run *run, const cpm_effect *x) {
  switch (x->id) {
  case CPM_NOTICE_received:
  case CPM_NOTICE_notification:
    host_show_message(run, x);
    break;
  case CPM_NOTICE_failed:
    host_show_failure(run, x);
    break;
  default:
    host_note(run->who, x->id)->status = (unsigned)cpm_proc_number(run->proc, CPM_NO_LEG, CPM_FIELD_status);
    ladder_note(run->who, x, "TELL %s", x->name);
  }
}

/* ---- those who know no CPM ----------------------------------------------------------------------------------------- */

/* The text inside of the CPIM, wherever that stands. */
static cpm_str host_text_of(const cpm_sip *request) {
  cpm_cpim_header headers[32];
  cpm_cpim cpim = { .headers = headers, .cap = 32 };
  return cpm_cpim_decode(&cpim, request->body, NULL, NULL) == CPM_OK ? cpim.content : cpm_str_none();
}

/* The interworking selection function gets what the Controlling Function routes to it, for whomever the Request-URI names.
 * Everybody else has never heard of that number. */
unsigned host_serve(const ua *who, const cpm_sip *request) {
  const cpm_str text = host_text_of(request);
  if (!cpm_sip_value(request, CPM_SIP_ROUTE).p || !text.p) return 404;
  host_told *t = host_note(who, CPM_NOTICE_COUNT);
  HOST_COPY(t->text, text);
  HOST_COPY(t->sender, request->request_uri);
  ladder_note(who, NULL, "would send an SMS to %s: \"%s\"", t->sender, t->text);
  return 200;
}
