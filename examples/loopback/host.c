/* SPDX-License-Identifier: MIT */
/* host.c - answers to questions of functions, and people who are told what came. */
#include "host.h"
#include "answers.h"
#include "content.h"
#include "ladder.h"
#include "media.h"
#include <cpm/xml.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HOST_TOLD = 64, HOST_ENTRIES = 64, HOST_SHOWN = 1000 };   /* octets of what is shown whole */

static cpm_str host_text(const adapter_run *run, cpm_field field) { return cpm_proc_text(run->proc, CPM_NO_LEG, field); }

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

static const char *const host_barred[] = { "sip:mallory@example.com" };     /* may not use the Controlling Function */
static const char *const host_open[] = { "sip:alice@example.com" };         /* has no anonymity in her subscription */

static const struct { const char *uri; const cpm_entry members[3]; size_t n; } host_groups[] = {
  { "sip:bookclub@groups.example.com", { { .uri = CPM_STR("sip:alice@example.com") }, { .uri = CPM_STR("sip:bob@example.com") },
                                         { .uri = CPM_STR("sip:carol@example.com") } }, 3 },
};

static bool host_among(cpm_str uri, const char *const *uris, size_t n) {
  for (size_t i = 0; i < n; i++)
    if (uri.p && cpm_uri_text_equal(uri, cpm_str_z(uris[i]))) return true;
  return false;
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

/* ---- answers to questions ------------------------------------------------------------------------------------------ */

static void host_say(adapter_run *run, uint32_t leg, const cpm_arg *args, size_t nargs, const host_list *members) {
  cpm_event event;
  cpm_event_init(&event, CPM_EVENT_on_policy);
  event.leg = leg;
  event.args = args;
  event.nargs = nargs;
  if (members) event.members = members->entries, event.nmembers = members->read.nentries;
  adapter_give(run, &event);
}

/* May this message pass, and to whom? Each flag is one that the question names, in large mode two fewer; the
 * list is read here: procedures read no XML. */
static void host_pager_policy(adapter_run *run, bool large) {
  host_list l = { .read = { 0 } };
  const cpm_str sender = host_text(run, CPM_FIELD_sender), list = content_of_field(run, CPM_NO_LEG, CPM_FIELD_list);
  const cpm_str uri = host_text(run, CPM_FIELD_request_uri);
  const bool to_group = cpm_proc_number(run->proc, CPM_NO_LEG, CPM_FIELD_addressed) == CPM_ADDRESSED_predefined;
  const bool may = !host_among(sender, host_barred, 1), group = to_group && host_find_group(&l, uri, sender);
  const bool list_ok = !to_group && list.p && host_read_list(&l, list) == CPM_OK;
  const cpm_arg args[] = {
    { .field = CPM_FIELD_authorised, .number = may },       { .field = CPM_FIELD_anonymity_allowed, .number = 1 },
    { .field = CPM_FIELD_group_cpm, .number = group },      { .field = CPM_FIELD_list_ok, .number = list_ok },
    { .field = CPM_FIELD_group_allowed, .number = 1 },      { .field = CPM_FIELD_group_known, .number = group },
  };
  const size_t nargs = large ? 4 : 6;
  log_note(run->who, NULL, "policy: %.*s %s; %s: %u recipients", (int)sender.n, sender.p, may ? "may" : "may not",
              !to_group ? "its list" : group ? "the group" : "no such group", (unsigned)l.read.nentries);
  host_say(run, CPM_NO_LEG, args, nargs, &l);
}

/* May the served user send this, and is a history kept for him? */
static void host_originating_policy(adapter_run *run) {
  const cpm_str sender = host_text(run, CPM_FIELD_sender);
  const bool may_hide = !host_among(sender, host_open, 1);
  const cpm_arg args[] = { { .field = CPM_FIELD_authorised, .number = 1 },
                           { .field = CPM_FIELD_anonymity_allowed, .number = may_hide },
                           { .field = CPM_FIELD_record_history, .number = 1 } };
  log_note(run->who, NULL, "policy: %.*s may send, %s, and has a history", (int)sender.n, sender.p,
              may_hide ? "anonymously too" : "not anonymously");
  host_say(run, CPM_NO_LEG, args, sizeof args / sizeof *args, NULL);
}

/* Numbers are reached by SMS, nobody else is. */
static void host_interwork_policy(adapter_run *run, uint32_t leg) {
  cpm_uri uri;
  const cpm_str to = cpm_proc_text(run->proc, leg, CPM_FIELD_uri);
  const bool may = cpm_uri_decode(&uri, to, NULL, NULL) == CPM_OK && uri.scheme == CPM_URI_TEL;
  const cpm_arg args[] = { { .field = CPM_FIELD_interworking, .number = may } };
  log_note(run->who, NULL, "policy: %.*s %s be reached by interworking", (int)to.n, to.p, may ? "may" : "may not");
  host_say(run, leg, args, 1, NULL);
}

void host_answer(adapter_run *run, unsigned question, uint32_t leg) {
  switch (question) {
  case CPM_QUESTION_pager_policy:       host_pager_policy(run, false); break;
  case CPM_QUESTION_large_policy:       host_pager_policy(run, true); break;
  case CPM_QUESTION_originating_policy: host_originating_policy(run); break;
  case CPM_QUESTION_interwork_policy:   host_interwork_policy(run, leg); break;
  default: if (!answers_give(run, question, leg)) adapter_counts.untaken++;
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
  if (list.p && host_read_list(&l, list) != CPM_OK) ADAPTER_COPY(t->history, cpm_str_z("a list that cannot be read"));
  for (size_t k = 0; list.p && k < l.read.nentries && n < sizeof t->history; k++) {
    const cpm_entry *e = &l.entries[k];
    n += (size_t)snprintf(t->history + n, sizeof t->history - n, "%s%s %.*s", k ? ", " : "", host_copy_name(e->copy_control),
                          (int)e->uri.n, e->uri.p);
  }
}

/* Who sent it does not compose it any more. */
static void host_heard_content(const adapter_run *run, cpm_str sender) {
  cpm_event event;
  adapter_run *heard = run->session ? adapter_find_in(run->session, cpm_machine_named("client/is-composing"), sender) : NULL;
  cpm_event_init(&event, CPM_EVENT_content);
  if (heard) adapter_give(heard, &event);
}

/* From here on it was shown: a copy of it that comes later is not. */
static void host_show_message(adapter_run *run, const cpm_effect *x) {
  host_told *t = host_note(run->who, x->id);
  const cpm_str id = host_text(run, CPM_FIELD_message_id), sender = host_text(run, CPM_FIELD_sender);
  const cpm_str content = content_of_field(run, CPM_NO_LEG, CPM_FIELD_content);
  const cpm_str shown = cpm_str_of(content.p, content.n < HOST_SHOWN ? content.n : strcspn(content.p, "\r\n"));
  run->about = store_add_message(run->who, id, sender, shown);
  ADAPTER_COPY(t->id, id);
  ADAPTER_COPY(t->text, shown);
  t->content = content;
  ADAPTER_COPY(t->sender, sender);
  ADAPTER_COPY(t->group, host_text(run, CPM_FIELD_referred_by));
  host_read_history(t, content_of_field(run, CPM_NO_LEG, CPM_FIELD_list));
  if (content.n < HOST_SHOWN) log_note(run->who, x, "TELL received: \"%s\" from %s", t->text, t->sender);
  else log_note(run->who, x, "TELL received: %zu octets from %s", content.n, t->sender);
  host_heard_content(run, sender);
  if (t->group[0]) log_note(run->who, NULL, "sent to the group by %s", t->group);
  if (t->history[0]) log_note(run->who, NULL, "others: %s", t->history);
}

/* Only what says more than was known is told: the row of what was sent climbs. */
static void host_show_notification(adapter_run *run, const cpm_effect *x) {
  host_told *t = host_note(run->who, x->id);
  store_sent *sent = answers_sent_of(run, x->leg);
  t->disposition = (unsigned)cpm_proc_number(run->proc, x->leg, CPM_FIELD_disposition);
  ADAPTER_COPY(t->id, cpm_proc_text(run->proc, x->leg, CPM_FIELD_reported_id));
  ADAPTER_COPY(t->sender, cpm_proc_text(run->proc, x->leg, CPM_FIELD_recipient));
  if (sent) sent->reached = t->disposition;
  log_note(run->who, x, "TELL notification: %s at %s", answers_dispositions[t->disposition], t->sender);
}

/* Why it was refused: the number of OMA in the Warning (ruling O-R5). */
static void host_show_failure(adapter_run *run, const cpm_effect *x) {
  host_told *t = host_note(run->who, x->id);
  cpm_warning w;
  cpm_str rest = run->msg ? cpm_sip_value(run->msg, CPM_SIP_WARNING) : cpm_str_none();
  if (x->leg == CPM_NO_LEG) t->status = (unsigned)cpm_proc_number(run->proc, CPM_NO_LEG, CPM_FIELD_status);
  if (t->status) log_note(run->who, x, "TELL failed: %u", t->status);
  else log_note(run->who, x, "TELL failed");
  while (rest.p && cpm_warning_next(&rest, &w, NULL, NULL) == CPM_OK) {
    t->warning = w.oma;
    ADAPTER_COPY(t->text, w.text);
    log_note(run->who, NULL, "because %.*s says %u: \"%s\"", (int)w.agent.n, w.agent.p, w.oma, t->text);
  }
}

static struct { const ua *who; int64_t octets; } host_cut;

void host_cut_at(const ua *who, int64_t octets) {
  host_cut.who = who;
  host_cut.octets = octets;
}

/* What a bar in a window would draw; the ladder has its quarters. */
static void host_show_progress(adapter_run *run, const cpm_effect *x) {
  const int64_t all = cpm_proc_number(run->proc, x->leg, CPM_FIELD_size);
  cpm_file file;
  const bool of_file = x->leg != CPM_NO_LEG && cpm_proc_file(&file, run->proc, x->leg);
  const bool comes = of_file ? file.pull : cpm_proc_has(run->proc, x->leg, CPM_FIELD_received);
  const int64_t done = cpm_proc_number(run->proc, x->leg, comes ? CPM_FIELD_received : CPM_FIELD_acked);
  host_told *t = (host_told *)host_last(run->who, x->id);
  if (!t->who) t = host_note(run->who, x->id);
  const int64_t before = t->octets;
  t->octets = done;
  t->times++;
  if (all && before * 4 / all != done * 4 / all)
    log_note(run->who, x, "TELL progress: %lld of %lld octets are %s", (long long)done, (long long)all, comes ? "here" : "there");
  if (host_cut.who != run->who || done < host_cut.octets) return;
  log_note(run->who, NULL, "the connection breaks");
  media_cut(run->who);
  host_cut.who = NULL;
}

void host_tell(adapter_run *run, const cpm_effect *x) {
  switch (x->id) {
  case CPM_NOTICE_composing:
  case CPM_NOTICE_composing_over:
    ADAPTER_COPY(host_note(run->who, x->id)->sender, host_text(run, CPM_FIELD_sender));
    log_note(run->who, x, "TELL %s: %s", x->name, host_last(run->who, x->id)->sender);
    break;
  case CPM_NOTICE_progress:
    host_show_progress(run, x);
    break;
  case CPM_NOTICE_received:
    host_show_message(run, x);
    break;
  case CPM_NOTICE_notification:
    host_show_notification(run, x);
    break;
  case CPM_NOTICE_no_cpim:
    host_note(run->who, x->id);
    store_set_no_cpim(run->who, cpm_str_z(run->peer));
    log_note(run->who, x, "TELL no_cpim: remembered for %s", run->peer);
    break;
  case CPM_NOTICE_failed:
    host_show_failure(run, x);
    break;
  default:
    host_note(run->who, x->id)->status = (unsigned)cpm_proc_number(run->proc, CPM_NO_LEG, CPM_FIELD_status);
    log_note(run->who, x, "TELL %s", x->name);
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
  ADAPTER_COPY(t->text, text);
  ADAPTER_COPY(t->sender, request->request_uri);
  log_note(who, NULL, "would send an SMS to %s: \"%s\"", t->sender, t->text);
  return 200;
}

void host_hear(const ua *who, const cpm_sip *response) {
  host_told *t = host_note(who, CPM_NOTICE_COUNT);
  t->status = response ? response->status : 0;
  if (response) ADAPTER_COPY(t->text, cpm_sip_value(response, CPM_SIP_ALLOW));
}
