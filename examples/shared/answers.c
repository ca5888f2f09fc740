/* SPDX-License-Identifier: MIT */
/* answers.c - what the host of a client looks up, and what it keeps. The tables of docs/plug-it-in.md under Questions and Tickets, in C. */
#include "answers.h"
#include "content.h"
#include "log.h"
#include <stdio.h>

#define ANSWERS_NAME(name, doc) #name,
const char *const answers_dispositions[] = { "", CPM_DISPOSITION_STATES(ANSWERS_NAME) };

static cpm_str answers_text(const adapter_run *run, cpm_field field) { return cpm_proc_text(run->proc, CPM_NO_LEG, field); }

/* ---- questions --------------------------------------------------------------------------------------------------- */

void answers_say(adapter_run *run, uint32_t leg, const cpm_arg *args, size_t nargs) {
  cpm_event event;
  cpm_event_init(&event, CPM_EVENT_on_policy);
  event.leg = leg;
  event.args = args;
  event.nargs = nargs;
  adapter_give(run, &event);
}

size_t answers_peer_args(const ua *who, cpm_str peer, cpm_arg *args) {
  if (!store_has_no_cpim(who, peer)) return 0;
  args[0] = (cpm_arg){ .field = CPM_FIELD_peer_no_cpim, .number = 1 };
  return 1;
}

/* Everybody takes what is announced. */
static void answers_incoming_policy(adapter_run *run) {
  const cpm_arg args[] = { { .field = CPM_FIELD_authorised, .number = 1 } };
  log_note(run->who, NULL, "takes %lld octets", (long long)cpm_proc_number(run->proc, CPM_NO_LEG, CPM_FIELD_size));
  answers_say(run, CPM_NO_LEG, args, 1);
}

/* Was the message shown before, and what is known of whom its notification would go to? */
static void answers_seen_before(adapter_run *run) {
  cpm_arg args[2];
  size_t n = answers_peer_args(run->who, answers_text(run, CPM_FIELD_report_to), args);
  const bool before = store_find_message(run->who, answers_text(run, CPM_FIELD_message_id), answers_text(run, CPM_FIELD_sender));
  args[n++] = (cpm_arg){ .field = CPM_FIELD_seen_before, .number = before };
  answers_say(run, CPM_NO_LEG, args, n);
}

/* What we know of the message that a notification is about: a leg is one notification, the call the message that brought it. */
store_sent *answers_sent_of(const adapter_run *run, uint32_t leg) {
  const cpm_str id = cpm_proc_text(run->proc, leg, CPM_FIELD_reported_id);
  const cpm_str recipient = cpm_proc_text(run->proc, leg, CPM_FIELD_recipient);
  return store_find_sent(run->who, id, recipient, cpm_proc_text(run->proc, leg, CPM_FIELD_original_recipient));
}

static void answers_sent_message(adapter_run *run, uint32_t leg) {
  const store_sent *sent = answers_sent_of(run, leg);
  const bool taken = store_took_report(run->who, answers_text(run, CPM_FIELD_message_id), answers_text(run, CPM_FIELD_sender));
  const cpm_arg args[] = { { .field = CPM_FIELD_sent_by_us, .number = sent != NULL },
                           { .field = CPM_FIELD_taken_before, .number = taken },
                           { .field = CPM_FIELD_reached, .number = sent ? sent->reached : 0 } };
  log_note(run->who, NULL, "%s%s%s", sent ? "our message, so far: " : "no message of ours",
              sent ? answers_dispositions[sent->reached] : "", taken ? "; this notification was taken before" : "");
  answers_say(run, leg, args, sent ? 3 : 2);
}

/* Everybody takes every file; of one that is taken up again, is its beginning there? */
static void answers_file_wanted(adapter_run *run, uint32_t leg) {
  cpm_file file = { 0 };
  uint64_t item;
  cpm_proc_file(&file, run->proc, leg);
  const bool known = content_find_file(run->who, &file, &item);
  const cpm_arg args[] = { { .field = CPM_FIELD_authorised, .number = 1 },
                           { .field = CPM_FIELD_file_is, .number = known ? CPM_FILE_IS_known : CPM_FILE_IS_unknown } };
  log_note(run->who, NULL, "is offered %.*s of %llu octets%s", (int)file.selector.name.n, file.selector.name.p,
              (unsigned long long)file.selector.size, known ? ", and has its beginning" : "");
  answers_say(run, leg, args, known || file.from ? 2 : 1);
}

static void answers_file_intact(adapter_run *run, uint32_t leg) {
  char hash[CONTENT_HASH];
  cpm_file file = { 0 };
  uint64_t item = 0;
  const bool there = cpm_proc_file(&file, run->proc, leg) && content_find_file(run->who, &file, &item);
  content_hash(hash, there ? content_run(item, 0, content_length(item)) : cpm_str_z(""));
  const bool same = there && cpm_str_eq(file.selector.hashes, cpm_str_z(hash));
  const cpm_arg args[] = { { .field = CPM_FIELD_file_is, .number = same ? CPM_FILE_IS_known : CPM_FILE_IS_changed } };
  log_note(run->who, NULL, "%llu octets, and their SHA-1 is %s", (unsigned long long)content_length(item), same ? "that of the offer" : "another one");
  answers_say(run, leg, args, 1);
}

bool answers_give(adapter_run *run, unsigned question, uint32_t leg) {
  switch (question) {
  case CPM_QUESTION_file_wanted:     answers_file_wanted(run, leg); return true;
  case CPM_QUESTION_file_intact:     answers_file_intact(run, leg); return true;
  case CPM_QUESTION_incoming_policy: answers_incoming_policy(run); return true;
  case CPM_QUESTION_seen_before:     answers_seen_before(run); return true;
  case CPM_QUESTION_sent_message:    answers_sent_message(run, leg); return true;
  default: return false;
  }
}

/* ---- what is kept ------------------------------------------------------------------------------------------------ */

/* Only client/pager-send has a target: other requests are no messages of the user. To one, the Request-URI is the recipient. */
void answers_sends(adapter_run *run, const cpm_effect *x) {
  if (x->leg != CPM_NO_LEG) return;
  const int64_t target = cpm_proc_number(run->proc, CPM_NO_LEG, CPM_FIELD_target);
  ADAPTER_COPY(run->peer, x->sip.request_uri);
  if (target) store_add_sent(run->who, answers_text(run, CPM_FIELD_message_id), x->sip.request_uri, target != CPM_TARGET_one);
}

static void answers_store_ticket(adapter_run *run, const cpm_effect *x) {
  cpm_diag diag = { 0 };
  /* TELL(received), or whoever started client/disposition, set it; a file has none yet */
  if (!run->about) run->about = store_add_message(run->who, answers_text(run, CPM_FIELD_message_id), answers_text(run, CPM_FIELD_sender), cpm_str_z("a file"));
  store_message *m = run->about;
  if (cpm_ticket_encode(m->ticket, sizeof m->ticket, &m->ticket_len, run->proc, &diag) != CPM_OK) {
    adapter_counts.untaken++;
    return;
  }
  log_note(run->who, x, "STORE ticket: %zu octets beside the message", m->ticket_len);
}

void answers_store(adapter_run *run, const cpm_effect *x) {
  if (x->id == CPM_ITEM_ticket) { answers_store_ticket(run, x); return; }
  store_add_history(run->who, run->item);
  log_note(run->who, x, "STORE %s: %zu octets", x->name, (size_t)content_length(run->item));
}

void answers_drop(adapter_run *run, const cpm_effect *x) {
  if (run->about) run->about->ticket_len = 0;
  log_note(run->who, x, "DROP %s", x->name);
}

/* A message may hold several notifications, each with a question of its own: it was taken when all of them are through. */
void answers_done(const adapter_run *run) {
  if (cpm_proc_number(run->proc, CPM_NO_LEG, CPM_FIELD_is_report))
    store_take_report(run->who, answers_text(run, CPM_FIELD_message_id), answers_text(run, CPM_FIELD_sender));
}

static cpm_str answers_arg(const cpm_arg *args, size_t n, cpm_field field) {
  for (size_t i = 0; i < n; i++)
    if (args[i].field == field) return args[i].text;
  return cpm_str_none();
}

void answers_open_message(ua *who, store_message *m) {
  cpm_arg args[CPM_TICKET_ARGS + 1];
  cpm_event event;
  size_t n = 0;
  log_note(who, NULL, "opens \"%s\"%s", m->text, m->ticket_len ? "" : ": there is no ticket, so there is nothing to report");
  if (!m->ticket_len) return;
  if (cpm_ticket_decode(args, &n, cpm_str_of(m->ticket, m->ticket_len), NULL) != CPM_OK) { adapter_counts.untaken++; return; }
  n += answers_peer_args(who, answers_arg(args, n, CPM_FIELD_report_to), args + n);
  cpm_event_init(&event, CPM_EVENT_displayed);
  event.args = args;
  event.nargs = n;
  adapter_run *run = adapter_start(who, cpm_machine_named("client/disposition"));
  run->about = m;
  adapter_give(run, &event);
}
