/* SPDX-License-Identifier: MIT */
/* host.c - contents by handle, answers to questions, what is kept, and people who are told what came. */
#include "host.h"
#include "ladder.h"
#include "media.h"
#include <cpm/xml.h>
#include <nettle/sha1.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HOST_ITEMS = 8192, HOST_TOLD = 64, HOST_ENTRIES = 64, HOST_LARGEST = 64 << 20, HOST_SHOWN = 1000, HOST_FILES = 8 };   /* octets of a content, and of what is shown whole */

#define HOST_NAME(name, doc) #name,
static const char *const host_dispositions[] = { "", CPM_DISPOSITION_STATES(HOST_NAME) };

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

uint64_t host_new(void) { return host_keep(cpm_str_z("")); }

/* Octets in between that have not come yet are 0. */
bool host_write(uint64_t item, uint64_t off, cpm_str bytes) {
  if (item >= host_nitems || off > HOST_LARGEST || bytes.n > HOST_LARGEST - off) return false;
  cpm_str *s = &host_items[item];
  const size_t end = (size_t)off + bytes.n, size = end > s->n ? end : s->n;
  char *room = realloc((char *)s->p, size + 1);
  if (!room) return false;
  if (off > s->n) memset(room + s->n, 0, (size_t)off - s->n);
  if (bytes.n) memcpy(room + off, bytes.p, bytes.n);
  *s = cpm_str_of(room, size);
  return true;
}

/* ---- files ----------------------------------------------------------------------------------------------------------- */

/* Where the octets of a file are, whoever sends them and in however many transfers: by its hash. */
static struct { const ua *who; char hash[HOST_HASH]; uint64_t item; } host_files[HOST_FILES];
static unsigned host_nfiles;

void host_hash(char dst[HOST_HASH], cpm_str content) {
  struct sha1_ctx c;
  uint8_t digest[SHA1_DIGEST_SIZE];
  sha1_init(&c);
  sha1_update(&c, content.n, (const uint8_t *)content.p);
  sha1_digest(&c, sizeof digest, digest);
  int n = snprintf(dst, HOST_HASH, "hash:sha-1");
  for (size_t i = 0; i < sizeof digest; i++) n += snprintf(dst + n, HOST_HASH - (size_t)n, ":%02X", digest[i]);
}

static bool host_find_file(const ua *who, const cpm_file *file, uint64_t *item) {
  for (unsigned i = 0; i < host_nfiles; i++)
    if (host_files[i].who == who && file->selector.hashes.p && cpm_str_eq(file->selector.hashes, cpm_str_z(host_files[i].hash))) {
      *item = host_files[i].item;
      return true;
    }
  return false;
}

uint64_t host_gather(const adapter_run *run, uint32_t leg) {
  cpm_file file;
  uint64_t item;
  const bool of_file = leg != CPM_NO_LEG && cpm_proc_file(&file, run->proc, leg);
  if (of_file && host_find_file(run->who, &file, &item)) return item;
  item = host_new();
  if (!of_file || host_nfiles == HOST_FILES) return item;
  host_files[host_nfiles].who = run->who;
  host_files[host_nfiles].item = item;
  ADAPTER_COPY(host_files[host_nfiles++].hash, file.selector.hashes);
  return item;
}

uint64_t host_length(uint64_t item) { return item < host_nitems ? host_items[item].n : 0; }

cpm_str host_content(uint64_t item, uint64_t off, uint64_t len) {
  if (item >= host_nitems || off > host_items[item].n || len > host_items[item].n - off) return cpm_str_none();
  return cpm_str_of(host_items[item].p + off, (size_t)len);
}

static cpm_str host_text(const adapter_run *run, cpm_field field) { return cpm_proc_text(run->proc, CPM_NO_LEG, field); }

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
  const cpm_str sender = host_text(run, CPM_FIELD_sender), list = host_field_content(run, CPM_FIELD_list);
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
  ladder_note(run->who, NULL, "policy: %.*s %s; %s: %u recipients", (int)sender.n, sender.p, may ? "may" : "may not",
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
  ladder_note(run->who, NULL, "policy: %.*s may send, %s, and has a history", (int)sender.n, sender.p,
              may_hide ? "anonymously too" : "not anonymously");
  host_say(run, CPM_NO_LEG, args, sizeof args / sizeof *args, NULL);
}

/* Everybody takes what is announced. */
static void host_incoming_policy(adapter_run *run) {
  const cpm_arg args[] = { { .field = CPM_FIELD_authorised, .number = 1 } };
  ladder_note(run->who, NULL, "takes %lld octets", (long long)cpm_proc_number(run->proc, CPM_NO_LEG, CPM_FIELD_size));
  host_say(run, CPM_NO_LEG, args, 1, NULL);
}

/* Numbers are reached by SMS, nobody else is. */
static void host_interwork_policy(adapter_run *run, uint32_t leg) {
  cpm_uri uri;
  const cpm_str to = cpm_proc_text(run->proc, leg, CPM_FIELD_uri);
  const bool may = cpm_uri_decode(&uri, to, NULL, NULL) == CPM_OK && uri.scheme == CPM_URI_TEL;
  const cpm_arg args[] = { { .field = CPM_FIELD_interworking, .number = may } };
  ladder_note(run->who, NULL, "policy: %.*s %s be reached by interworking", (int)to.n, to.p, may ? "may" : "may not");
  host_say(run, leg, args, 1, NULL);
}

/* Was the message shown before, and what is known of whom its notification would go to? */
static void host_seen_before(adapter_run *run) {
  cpm_arg args[2];
  size_t n = host_peer_args(run->who, host_text(run, CPM_FIELD_report_to), args);
  const bool before = store_find_message(run->who, host_text(run, CPM_FIELD_message_id), host_text(run, CPM_FIELD_sender));
  args[n++] = (cpm_arg){ .field = CPM_FIELD_seen_before, .number = before };
  host_say(run, CPM_NO_LEG, args, n, NULL);
}

/* What we know of the message that a notification is about: a leg is one notification, the call the message that brought it. */
static store_sent *host_sent_of(const adapter_run *run, uint32_t leg) {
  const cpm_str id = cpm_proc_text(run->proc, leg, CPM_FIELD_reported_id);
  const cpm_str recipient = cpm_proc_text(run->proc, leg, CPM_FIELD_recipient);
  return store_find_sent(run->who, id, recipient, cpm_proc_text(run->proc, leg, CPM_FIELD_original_recipient));
}

static void host_sent_message(adapter_run *run, uint32_t leg) {
  const store_sent *sent = host_sent_of(run, leg);
  const bool taken = store_took_report(run->who, host_text(run, CPM_FIELD_message_id), host_text(run, CPM_FIELD_sender));
  const cpm_arg args[] = { { .field = CPM_FIELD_sent_by_us, .number = sent != NULL },
                           { .field = CPM_FIELD_taken_before, .number = taken },
                           { .field = CPM_FIELD_reached, .number = sent ? sent->reached : 0 } };
  ladder_note(run->who, NULL, "%s%s%s", sent ? "our message, so far: " : "no message of ours",
              sent ? host_dispositions[sent->reached] : "", taken ? "; this notification was taken before" : "");
  host_say(run, leg, args, sent ? 3 : 2, NULL);
}

/* Everybody takes every file; of one that is taken up again, is its beginning there? */
static void host_file_wanted(adapter_run *run, uint32_t leg) {
  cpm_file file = { 0 };
  uint64_t item;
  cpm_proc_file(&file, run->proc, leg);
  const bool known = host_find_file(run->who, &file, &item);
  const cpm_arg args[] = { { .field = CPM_FIELD_authorised, .number = 1 },
                           { .field = CPM_FIELD_file_is, .number = known ? CPM_FILE_IS_known : CPM_FILE_IS_unknown } };
  ladder_note(run->who, NULL, "is offered %.*s of %llu octets%s", (int)file.selector.name.n, file.selector.name.p,
              (unsigned long long)file.selector.size, known ? ", and has its beginning" : "");
  host_say(run, leg, args, known || file.from ? 2 : 1, NULL);
}

static void host_file_intact(adapter_run *run, uint32_t leg) {
  char hash[HOST_HASH];
  cpm_file file = { 0 };
  uint64_t item = 0;
  const bool there = cpm_proc_file(&file, run->proc, leg) && host_find_file(run->who, &file, &item);
  host_hash(hash, there ? host_content(item, 0, host_length(item)) : cpm_str_z(""));
  const bool same = there && cpm_str_eq(file.selector.hashes, cpm_str_z(hash));
  const cpm_arg args[] = { { .field = CPM_FIELD_file_is, .number = same ? CPM_FILE_IS_known : CPM_FILE_IS_changed } };
  ladder_note(run->who, NULL, "%llu octets, and their SHA-1 is %s", (unsigned long long)host_length(item), same ? "that of the offer" : "another one");
  host_say(run, leg, args, 1, NULL);
}

void host_answer(adapter_run *run, unsigned question, uint32_t leg) {
  switch (question) {
  case CPM_QUESTION_file_wanted:        host_file_wanted(run, leg); break;
  case CPM_QUESTION_file_intact:        host_file_intact(run, leg); break;
  case CPM_QUESTION_pager_policy:       host_pager_policy(run, false); break;
  case CPM_QUESTION_large_policy:       host_pager_policy(run, true); break;
  case CPM_QUESTION_incoming_policy:    host_incoming_policy(run); break;
  case CPM_QUESTION_originating_policy: host_originating_policy(run); break;
  case CPM_QUESTION_interwork_policy:   host_interwork_policy(run, leg); break;
  case CPM_QUESTION_seen_before:        host_seen_before(run); break;
  case CPM_QUESTION_sent_message:       host_sent_message(run, leg); break;
  default: adapter_counts.untaken++;
  }
}

/* ---- what is kept -------------------------------------------------------------------------------------------------- */

size_t host_peer_args(const ua *who, cpm_str peer, cpm_arg *args) {
  if (!store_has_no_cpim(who, peer)) return 0;
  args[0] = (cpm_arg){ .field = CPM_FIELD_peer_no_cpim, .number = 1 };
  return 1;
}

/* Only client/pager-send has a target: other requests are no messages of the user. To one, the Request-URI is the recipient. */
void host_sends(adapter_run *run, const cpm_effect *x) {
  if (x->leg != CPM_NO_LEG) return;
  const int64_t target = cpm_proc_number(run->proc, CPM_NO_LEG, CPM_FIELD_target);
  ADAPTER_COPY(run->peer, x->sip.request_uri);
  if (target) store_add_sent(run->who, host_text(run, CPM_FIELD_message_id), x->sip.request_uri, target != CPM_TARGET_one);
}

static void host_store_ticket(adapter_run *run, const cpm_effect *x) {
  cpm_diag diag = { 0 };
  store_message *m = run->about;       /* TELL(received), or whoever started client/disposition, set it */
  if (!m || cpm_ticket_encode(m->ticket, sizeof m->ticket, &m->ticket_len, run->proc, &diag) != CPM_OK) {
    adapter_counts.untaken++;
    return;
  }
  ladder_note(run->who, x, "STORE ticket: %zu octets beside the message", m->ticket_len);
}

void host_store(adapter_run *run, const cpm_effect *x) {
  if (x->id == CPM_ITEM_ticket) { host_store_ticket(run, x); return; }
  store_add_history(run->who, run->item);
  ladder_note(run->who, x, "STORE %s: %zu octets", x->name, host_items[run->item].n);
}

void host_drop(adapter_run *run, const cpm_effect *x) {
  if (run->about) run->about->ticket_len = 0;
  ladder_note(run->who, x, "DROP %s", x->name);
}

/* A message may hold several notifications, each with a question of its own: it was taken when all of them are through. */
void host_done(const adapter_run *run) {
  if (cpm_proc_number(run->proc, CPM_NO_LEG, CPM_FIELD_is_report))
    store_take_report(run->who, host_text(run, CPM_FIELD_message_id), host_text(run, CPM_FIELD_sender));
}

static cpm_str host_arg(const cpm_arg *args, size_t n, cpm_field field) {
  for (size_t i = 0; i < n; i++)
    if (args[i].field == field) return args[i].text;
  return cpm_str_none();
}

void host_open_message(ua *who, store_message *m) {
  cpm_arg args[CPM_TICKET_ARGS + 1];
  cpm_event event;
  size_t n = 0;
  ladder_note(who, NULL, "opens \"%s\"%s", m->text, m->ticket_len ? "" : ": there is no ticket, so there is nothing to report");
  if (!m->ticket_len) return;
  if (cpm_ticket_decode(args, &n, cpm_str_of(m->ticket, m->ticket_len), NULL) != CPM_OK) { adapter_counts.untaken++; return; }
  n += host_peer_args(who, host_arg(args, n, CPM_FIELD_report_to), args + n);
  cpm_event_init(&event, CPM_EVENT_displayed);
  event.args = args;
  event.nargs = n;
  adapter_run *run = adapter_start(who, cpm_machine_named("client/disposition"));
  run->about = m;
  adapter_give(run, &event);
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
  const cpm_str content = host_field_content(run, CPM_FIELD_content);
  const cpm_str shown = cpm_str_of(content.p, content.n < HOST_SHOWN ? content.n : strcspn(content.p, "\r\n"));
  run->about = store_add_message(run->who, id, sender, shown);
  ADAPTER_COPY(t->id, id);
  ADAPTER_COPY(t->text, shown);
  t->content = content;
  ADAPTER_COPY(t->sender, sender);
  ADAPTER_COPY(t->group, host_text(run, CPM_FIELD_referred_by));
  host_read_history(t, host_field_content(run, CPM_FIELD_list));
  if (content.n < HOST_SHOWN) ladder_note(run->who, x, "TELL received: \"%s\" from %s", t->text, t->sender);
  else ladder_note(run->who, x, "TELL received: %zu octets from %s", content.n, t->sender);
  host_heard_content(run, sender);
  if (t->group[0]) ladder_note(run->who, NULL, "sent to the group by %s", t->group);
  if (t->history[0]) ladder_note(run->who, NULL, "others: %s", t->history);
}

/* Only what says more than was known is told: the row of what was sent climbs. */
static void host_show_notification(adapter_run *run, const cpm_effect *x) {
  host_told *t = host_note(run->who, x->id);
  store_sent *sent = host_sent_of(run, x->leg);
  t->disposition = (unsigned)cpm_proc_number(run->proc, x->leg, CPM_FIELD_disposition);
  ADAPTER_COPY(t->id, cpm_proc_text(run->proc, x->leg, CPM_FIELD_reported_id));
  ADAPTER_COPY(t->sender, cpm_proc_text(run->proc, x->leg, CPM_FIELD_recipient));
  if (sent) sent->reached = t->disposition;
  ladder_note(run->who, x, "TELL notification: %s at %s", host_dispositions[t->disposition], t->sender);
}

/* Why it was refused: the number of OMA in the Warning (ruling O-R5). */
static void host_show_failure(adapter_run *run, const cpm_effect *x) {
  host_told *t = host_note(run->who, x->id);
  cpm_warning w;
  cpm_str rest = run->msg ? cpm_sip_value(run->msg, CPM_SIP_WARNING) : cpm_str_none();
  if (x->leg == CPM_NO_LEG) t->status = (unsigned)cpm_proc_number(run->proc, CPM_NO_LEG, CPM_FIELD_status);
  if (t->status) ladder_note(run->who, x, "TELL failed: %u", t->status);
  else ladder_note(run->who, x, "TELL failed");
  while (rest.p && cpm_warning_next(&rest, &w, NULL, NULL) == CPM_OK) {
    t->warning = w.oma;
    ADAPTER_COPY(t->text, w.text);
    ladder_note(run->who, NULL, "because %.*s says %u: \"%s\"", (int)w.agent.n, w.agent.p, w.oma, t->text);
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
    ladder_note(run->who, x, "TELL progress: %lld of %lld octets are %s", (long long)done, (long long)all, comes ? "here" : "there");
  if (host_cut.who != run->who || done < host_cut.octets) return;
  ladder_note(run->who, NULL, "the connection breaks");
  media_cut(run->who);
  host_cut.who = NULL;
}

void host_tell(adapter_run *run, const cpm_effect *x) {
  switch (x->id) {
  case CPM_NOTICE_composing:
  case CPM_NOTICE_composing_over:
    ADAPTER_COPY(host_note(run->who, x->id)->sender, host_text(run, CPM_FIELD_sender));
    ladder_note(run->who, x, "TELL %s: %s", x->name, host_last(run->who, x->id)->sender);
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
    ladder_note(run->who, x, "TELL no_cpim: remembered for %s", run->peer);
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
  ADAPTER_COPY(t->text, text);
  ADAPTER_COPY(t->sender, request->request_uri);
  ladder_note(who, NULL, "would send an SMS to %s: \"%s\"", t->sender, t->text);
  return 200;
}

void host_hear(const ua *who, const cpm_sip *response) {
  host_told *t = host_note(who, CPM_NOTICE_COUNT);
  t->status = response ? response->status : 0;
  if (response) ADAPTER_COPY(t->text, cpm_sip_value(response, CPM_SIP_ALLOW));
}
