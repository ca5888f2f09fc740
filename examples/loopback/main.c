/* SPDX-License-Identifier: MIT */
/* main.c - the demonstration: scenes over real sockets on this machine, each with what must come of it.
 *
 *     loopback [folder]      writes demo.pcap and demo.html there, build/demo if none is named, and prints the ladder
 */
#define _POSIX_C_SOURCE 200809L
#include "answers.h"
#include "content.h"
#include "host.h"
#include "ladder.h"
#include "media.h"
#include "pcap.h"
#include "tap.h"
#include "ua.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { MAIN_DEADLINE = 30000, MAIN_PORT = 5060, MAIN_MEDIA = 2855 };   /* ms; the ports of SIP and MSRP, where dissectors look first */
static const int64_t MAIN_TWO_DAYS = 48 * 60 * 60 * 1000;

static ua alice   = { .name = "Alice",   .family = ADAPTER_V4 };
static ua mallory = { .name = "Mallory", .family = ADAPTER_V4 };
static ua pf      = { .name = "PF",      .family = ADAPTER_V6 };
static ua cf      = { .name = "CF",      .family = ADAPTER_V6 };
static ua bob     = { .name = "Bob",     .family = ADAPTER_V6 };
static ua carol   = { .name = "Carol",   .family = ADAPTER_V4 };
static ua dave    = { .name = "Dave",    .family = ADAPTER_V6 };
static ua erin    = { .name = "Erin",    .family = ADAPTER_V4 };
static ua frank   = { .name = "Frank",   .family = ADAPTER_V4 };
static ua phones  = { .name = "Phones",  .family = ADAPTER_V4, .foreign = true };
static ua isf     = { .name = "ISF",     .family = ADAPTER_V6, .foreign = true };

static int64_t main_began;

/* ---- who is who ---------------------------------------------------------------------------------------------------- */

static void main_client(ua *who, const char *address) {
  cpm_agent_init(&who->agent, CPM_ROLE_CLIENT);
  who->agent.address = cpm_str_z(address);
  who->agent.cf_uri = cpm_str_z("sip:conference@cf.example.com");
  who->agent.exploder_uri = cpm_str_z("sip:exploder@cf.example.com");
  who->agent.user_agent = who->agent.server = cpm_str_z("CPM-client/OMA2.2 loopback/0.1");
  who->agent.host = cpm_str_z("client.example.com");
  who->agent.accept = cpm_str_z("message/cpim, multipart/mixed");
  who->agent.accept_wrapped = cpm_str_z("text/plain, message/imdn+xml");
  ua_route(address, who);
}

static void main_functions(void) {
  cpm_agent_init(&pf.agent, CPM_ROLE_PARTICIPATING);
  pf.agent.address = cpm_str_z("sip:pf.example.com");
  pf.agent.user_agent = pf.agent.server = cpm_str_z("CPM-serv/OMA2.2 loopback/0.1");
  pf.agent.host = cpm_str_z("pf.example.com");
  cpm_agent_init(&cf.agent, CPM_ROLE_CONTROLLING);
  cf.agent.address = cf.agent.cf_uri = cpm_str_z("sip:conference@cf.example.com");
  cf.agent.exploder_uri = cpm_str_z("sip:exploder@cf.example.com");
  cf.agent.isf_uri = cpm_str_z("sip:isf.example.com;lr");
  cf.agent.user_agent = cf.agent.server = cpm_str_z("CPM-serv/OMA2.2 loopback/0.1");
  cf.agent.host = cpm_str_z("cf.example.com");
  cf.agent.max_recipients = 8;
  ua_route("sip:conference@cf.example.com", &cf);
  ua_route("sip:exploder@cf.example.com", &cf);
  ua_route("sip:bookclub@groups.example.com", &cf);
  ua_route("sip:nobody@groups.example.com", &cf);
}

static bool main_media(ua *who, unsigned port) {
  const char *host = who->family == ADAPTER_V6 ? "::1" : "127.0.0.1";
  return media_open(who, host, port) || media_open(who, host, 0);
}

static bool main_open(void) {
  ua *const all[] = { &alice, &mallory, &pf, &cf, &bob, &carol, &dave, &erin, &frank, &phones, &isf };
  main_client(&alice, "sip:alice@example.com");
  main_client(&mallory, "sip:mallory@example.com");
  main_client(&bob, "sip:bob@example.com");
  main_client(&carol, "sip:carol@example.com");
  main_client(&dave, "sip:dave@example.com");
  main_client(&erin, "sip:erin@example.com");
  main_client(&frank, "sip:frank@example.com");
  frank.agent.accept = cpm_str_z("text/plain");     /* no CPIM */
  frank.agent.use_cpim = 0;
  main_functions();
  phones.agent.role = isf.agent.role = CPM_ROLE_PARTICIPATING;
  ua_route("tel:+12025550123", &phones);
  ua_route("sip:isf.example.com;lr", &isf);
  for (unsigned i = 0; i < sizeof all / sizeof *all; i++)
    if (!ua_open(all[i], MAIN_PORT + i) || !main_media(all[i], MAIN_MEDIA + i)) return false;
  return true;
}

/* ---- what users do ------------------------------------------------------------------------------------------------- */

typedef struct letter {
  unsigned         target;      /* CPM_TARGET_... */
  const char      *to;          /* of one, and of a group */
  const cpm_entry *members;     /* of many, and of an ad-hoc group */
  size_t           nmembers;
  const char      *text;
  cpm_str          large;       /* text in large mode, if there is any */
  unsigned         report;      /* CPM_DISPOSITION bits */
  bool             anonymous;
} letter;

/* What the user wants names the procedure (cpm_dispatch_intent), what the user wrote are its args. */
static adapter_run *main_send(ua *who, const letter *l) {
  const cpm_str text = l->large.p ? l->large : cpm_str_z(l->text);
  cpm_arg args[8] = { { .field = CPM_FIELD_target, .number = l->target },
                      { .field = CPM_FIELD_payload, .item = content_keep(text), .len = text.n },
                      { .field = CPM_FIELD_payload_type, .text = CPM_STR("text/plain;charset=UTF-8") } };
  size_t n = 3;
  cpm_event event;
  cpm_dispatched d;
  if (l->to) args[n++] = (cpm_arg){ .field = CPM_FIELD_to, .text = cpm_str_z(l->to) };
  if (l->report) args[n++] = (cpm_arg){ .field = CPM_FIELD_report, .number = l->report };
  if (l->anonymous) args[n++] = (cpm_arg){ .field = CPM_FIELD_anonymous, .number = 1 };
  n += answers_peer_args(who, cpm_str_z(l->to), args + n);
  cpm_event_init(&event, CPM_EVENT_send);
  event.args = args;
  event.nargs = n;
  event.members = l->members;
  event.nmembers = l->nmembers;
  if (cpm_dispatch_intent(&d, l->large.p ? CPM_INTENT_large : CPM_INTENT_message, 0, &who->agent) != CPM_OK || !d.machine) abort();
  adapter_run *run = adapter_start(who, d.machine);
  if (adapter_give(run, &event) != CPM_OK) ladder_expect(false, "the message could be written");
  return run;
}

static void main_leave(adapter_run *session) {
  cpm_event event;
  cpm_event_init(&event, CPM_EVENT_cancel);
  adapter_give(session, &event);
}

/* ---- scenes -------------------------------------------------------------------------------------------------------- */

static void main_begin(const char *title, const char *about) {
  host_forget();
  ladder_begin(title, about);
}

static void main_end(void) {
  const int left = MAIN_DEADLINE - (int)((adapter_clock() - main_began) / 1000);
  if (!ua_settle(left > 0 ? left : 0)) ladder_expect(false, "every answer came in time");
}

static void main_expect_text(const ua *who, const char *text, const char *what) {
  ladder_expect(host_count(who, CPM_NOTICE_received) == 1 && !strcmp(host_last(who, CPM_NOTICE_received)->text, text), what);
}

/* What became of a message that `who` sent, as the last notification told it. */
static void main_expect_state(const ua *who, const adapter_run *sent, unsigned disposition, const char *at, const char *what) {
  const host_told *t = host_last(who, CPM_NOTICE_notification);
  ladder_expect(t->disposition == disposition && !strcmp(t->sender, at), what);
  ladder_expect(cpm_str_eq(cpm_proc_text(sent->proc, CPM_NO_LEG, CPM_FIELD_message_id), cpm_str_z(t->id)),
                "the notification names Alice's message");
}

static void scene_direct(void) {
  const letter l = { .target = CPM_TARGET_one, .to = "sip:bob@example.com", .text = "Lunch at noon?",
                     .report = CPM_DISPOSITION(POSITIVE_DELIVERY) };
  main_begin("1. One message, from client to client", "Alice asks to be told when it is delivered. Bob's side says so by itself.");
  const adapter_run *sent = main_send(&alice, &l);
  main_end();
  main_expect_text(&bob, l.text, "Bob was shown the message");
  ladder_expect(host_count(&alice, CPM_NOTICE_accepted) == 1, "Alice was told that it was taken");
  ladder_expect(host_count(&bob, CPM_NOTICE_reported) == 1, "Bob's notification was taken");
  main_expect_state(&alice, sent, CPM_DISPOSITION_delivered, l.to, "Alice was told that it was delivered to Bob");
}

static void scene_many(void) {
  static const cpm_entry members[] = {
    { .uri = CPM_STR("sip:bob@example.com") },  { .uri = CPM_STR("sip:carol@example.com") },
    { .uri = CPM_STR("sip:dave@example.com") }, { .uri = CPM_STR("sip:erin@example.com") },
    { .uri = CPM_STR("tel:+12025550123") } };
  static const char text[] = "I have moved. My new address follows.";
  main_begin("2. One message to five recipients",
             "The Controlling Function sends each a copy. The phone knows no CPM: its server answers 404, policy allows "
             "interworking, and the copy goes to the interworking selection function.");
  main_send(&alice, &(letter){ .target = CPM_TARGET_many, .members = members, .nmembers = 5, .text = text });
  main_end();
  main_expect_text(&bob, text, "Bob was shown the message");
  main_expect_text(&carol, text, "Carol was shown the message");
  main_expect_text(&dave, text, "Dave was shown the message");
  main_expect_text(&erin, text, "Erin was shown the message");
  ladder_expect(!host_last(&bob, CPM_NOTICE_received)->history[0], "recipients of 1-to-many do not see each other");
  ladder_expect(!strcmp(host_last(&isf, CPM_NOTICE_COUNT)->sender, "tel:+12025550123") &&
                !strcmp(host_last(&isf, CPM_NOTICE_COUNT)->text, text), "the phone gets it by SMS");
  ladder_expect(host_count(&alice, CPM_NOTICE_accepted) == 1, "Alice was told once that it was taken");
}

static void scene_copies(void) {
  static const cpm_entry members[] = {
    { .uri = CPM_STR("sip:bob@example.com"), .copy_control = CPM_COPY_TO },
    { .uri = CPM_STR("sip:carol@example.com"), .copy_control = CPM_COPY_CC },
    { .uri = CPM_STR("sip:dave@example.com"), .copy_control = CPM_COPY_BCC },
    { .uri = CPM_STR("sip:erin@example.com"), .copy_control = CPM_COPY_TO, .anonymize = true } };
  static const char others[] = "to sip:bob@example.com, cc sip:carol@example.com, to sip:anonymous@anonymous.invalid";
  static const char text[] = "The minutes of Monday.";
  main_begin("3. An ad-hoc group with copies",
             "To Bob and, shown as anonymous, Erin; cc Carol; bcc Dave. Everybody gets the list of the others, in which Dave is "
             "missing.");
  main_send(&alice, &(letter){ .target = CPM_TARGET_adhoc, .members = members, .nmembers = 4, .text = text });
  main_end();
  const ua *const got[] = { &bob, &carol, &dave, &erin };
  for (size_t i = 0; i < 4; i++) {
    main_expect_text(got[i], text, "a recipient was shown the message");
    ladder_expect(!strcmp(host_last(got[i], CPM_NOTICE_received)->history, others),
                  "its list has the to and cc entries, and hides who asked for it");
  }
}

static void scene_group(void) {
  static const char club[] = "sip:bookclub@groups.example.com";
  main_begin("4. A pre-defined group", "Bob writes to the book club. Its address stands for him; Referred-By says who it was.");
  main_send(&bob, &(letter){ .target = CPM_TARGET_group, .to = club, .text = "Chapter three by Friday." });
  main_end();
  main_expect_text(&alice, "Chapter three by Friday.", "Alice was shown the message");
  main_expect_text(&carol, "Chapter three by Friday.", "Carol was shown the message");
  const host_told *told = host_last(&carol, CPM_NOTICE_received);
  ladder_expect(!strcmp(told->sender, club), "it comes from the group");
  ladder_expect(!strcmp(told->group, "sip:bob@example.com"), "Bob is named as the one who sent it");
  ladder_expect(host_count(&bob, CPM_NOTICE_received) == 0, "Bob does not get his own message");
}

static void main_expect_refusal(const ua *who, unsigned status, unsigned warning, const char *what) {
  const host_told *t = host_last(who, CPM_NOTICE_failed);
  ladder_expect(host_count(who, CPM_NOTICE_failed) == 1 && t->status == status && t->warning == warning, what);
}

static void scene_mallory(void) {
  static const cpm_entry members[] = { { .uri = CPM_STR("sip:alice@example.com") }, { .uri = CPM_STR("sip:bob@example.com") } };
  main_begin("5. Who may not", "Mallory may not use this function, and is told why.");
  main_send(&mallory, &(letter){ .target = CPM_TARGET_many, .members = members, .nmembers = 2, .text = "You have won." });
  main_end();
  main_expect_refusal(&mallory, 403, 127, "Mallory was refused with 403 and Warning 127");
  ladder_expect(!strcmp(host_last(&mallory, CPM_NOTICE_failed)->text, "127 Service not authorised"),
                "the Warning says it in words");
  ladder_expect(!host_count(&alice, CPM_NOTICE_received) && !host_count(&bob, CPM_NOTICE_received), "nobody got the message");
}

static void scene_refusals(void) {
  cpm_entry members[9];
  char uris[9][40];
  for (unsigned i = 0; i < 9; i++) {
    snprintf(uris[i], sizeof uris[i], "sip:guest%u@example.com", i + 1);
    members[i] = (cpm_entry){ .uri = cpm_str_z(uris[i]) };
  }
  main_begin("6. Too many, and nobody", "Nine recipients where eight are allowed, and a group that does not exist.");
  main_send(&alice, &(letter){ .target = CPM_TARGET_many, .members = members, .nmembers = 9, .text = "All are welcome." });
  main_end();
  main_expect_refusal(&alice, 486, 102, "nine are too many: 486 and Warning 102");
  host_forget();
  main_send(&alice, &(letter){ .target = CPM_TARGET_group, .to = "sip:nobody@groups.example.com", .text = "Is anybody there?" });
  main_end();
  main_expect_refusal(&alice, 404, 0, "no such group: 404");
}

static void scene_lost(void) {
  main_begin("7. A response is lost", "Alice's side asks again, Bob's side answers again: his procedure never hears of it.");
  const unsigned before = adapter_counts.procedures;
  alice.lose = 1;
  main_send(&alice, &(letter){ .target = CPM_TARGET_one, .to = "sip:bob@example.com", .text = "Are you there?" });
  main_end();
  main_expect_text(&bob, "Are you there?", "Bob was shown the message once");
  ladder_expect(adapter_counts.procedures - before == 2, "no procedure was started for what came again");
  ladder_expect(host_count(&alice, CPM_NOTICE_accepted) == 1, "Alice was told once that it was taken");
}

static void scene_later(void) {
  const letter l = { .target = CPM_TARGET_one, .to = "sip:bob@example.com", .text = "The keys are under the mat.",
                     .report = CPM_DISPOSITION(POSITIVE_DELIVERY) | CPM_DISPOSITION(DISPLAY) };
  main_begin("8. Two days later",
             "Alice asks to be told when it is delivered and when it is seen. Bob's program ends; the message in its database, "
             "with a ticket beside it, is all that is left. After 48 hours Bob opens it.");
  const adapter_run *sent = main_send(&alice, &l);
  main_end();
  main_expect_state(&alice, sent, CPM_DISPOSITION_delivered, l.to, "Alice was told that it was delivered to Bob");
  const uint64_t delivered = ua_latest(&alice);
  const host_told *shown = host_last(&bob, CPM_NOTICE_received);
  store_message *kept = store_find_message(&bob, cpm_str_z(shown->id), cpm_str_z(shown->sender));
  ladder_expect(kept && kept->ticket_len, "a ticket lies beside the message");
  if (!kept) return;

  adapter_restart(&bob);
  adapter_pass(MAIN_TWO_DAYS);
  log_note(&bob, NULL, "48 hours later, in a new process");
  answers_open_message(&bob, kept);
  main_end();
  main_expect_state(&alice, sent, CPM_DISPOSITION_displayed, l.to, "Alice was told that Bob has seen it");
  ladder_expect(!kept->ticket_len, "the ticket is gone: nothing is left to report");

  const unsigned requests = adapter_counts.requests;
  answers_open_message(&bob, kept);
  main_end();
  ladder_expect(adapter_counts.requests == requests, "opened once more, nothing is sent");

  const unsigned procedures = adapter_counts.procedures;
  log_note(&alice, NULL, "the network brings Bob's first notification once more");
  ua_bring_again(delivered);
  main_end();
  ladder_expect(adapter_counts.procedures == procedures + 1, "a late copy of `delivered` came, as a request of its own");
  ladder_expect(host_count(&alice, CPM_NOTICE_notification) == 2 &&
                host_last(&alice, CPM_NOTICE_notification)->disposition == CPM_DISPOSITION_displayed, "it changed nothing");
}

static void scene_participating(void) {
  static const char text[] = "My sister will call you.";
  main_begin("9. Through the Participating Function",
             "The core brings what Alice sends to her Participating Function. She asks for anonymity, which her subscription has "
             "not; then she sends it under her name.");
  alice.function = &pf;
  main_send(&alice, &(letter){ .target = CPM_TARGET_one, .to = "sip:bob@example.com", .text = text, .anonymous = true });
  main_end();
  main_expect_refusal(&alice, 403, 119, "Alice may not hide: 403 and Warning 119");
  ladder_expect(!host_count(&bob, CPM_NOTICE_received) && !store_count_history(&pf), "it went no further, and no history has it");
  host_forget();
  main_send(&alice, &(letter){ .target = CPM_TARGET_one, .to = "sip:bob@example.com", .text = text });
  main_end();
  alice.function = NULL;
  main_expect_text(&bob, text, "Bob was shown the message");
  ladder_expect(!strcmp(host_last(&bob, CPM_NOTICE_received)->sender, "sip:alice@example.com"), "it comes from Alice");
  ladder_expect(store_count_history(&pf) == 1, "the function keeps it for Alice's history");
  ladder_expect(host_count(&alice, CPM_NOTICE_accepted) == 1, "Bob's answer came back through the function");
}

static void scene_no_cpim(void) {
  const letter l = { .target = CPM_TARGET_one, .to = "sip:frank@example.com", .text = "Does this phone still work?",
                     .report = CPM_DISPOSITION(POSITIVE_DELIVERY) };
  main_begin("10. A phone without CPIM", "Frank's phone takes plain text only. Alice's side learns it once.");
  main_send(&alice, &l);
  main_end();
  main_expect_refusal(&alice, 415, 0, "Frank's phone refused the CPIM with 415");
  ladder_expect(host_count(&alice, CPM_NOTICE_no_cpim) == 1, "Alice was told that it takes no CPIM");
  ladder_expect(!host_count(&frank, CPM_NOTICE_received), "nothing is sent again by itself");
  host_forget();
  main_send(&alice, &l);
  main_end();
  main_expect_text(&frank, l.text, "the next message went without CPIM, and Frank was shown it");
  ladder_expect(host_count(&alice, CPM_NOTICE_accepted) == 1, "Alice was told that it was taken");
  ladder_expect(host_count(&alice, CPM_NOTICE_not_asked) == 1, "and that no notification was asked for");
}

static void scene_nobody(void) {
  main_begin("11. What no procedure takes", "Other programs on Mallory's side try Bob's: each gets an answer all the same.");
  ua_other_request(&mallory, CPM_METHOD_INFO, "sip:bob@example.com");
  main_end();
  const host_told *t = host_last(&mallory, CPM_NOTICE_COUNT);
  ladder_expect(t->status == 405, "INFO: 405");
  ladder_expect(!strcmp(t->text, "INVITE, ACK, CANCEL, BYE, MESSAGE"), "and Allow says what is taken");
  ua_other_request(&mallory, CPM_METHOD_MESSAGE, "sip:bob@example.com");
  main_end();
  ladder_expect(host_last(&mallory, CPM_NOTICE_COUNT)->status == 488, "a MESSAGE of another service: 488");
  ladder_expect(!host_count(&bob, CPM_NOTICE_received), "Bob was shown nothing");
}

/* ---- large mode ----------------------------------------------------------------------------------------------------- */

enum { MAIN_LARGE = 5 << 20 };   /* octets */

/* Text of that length in which each line tells where it stands. */
static cpm_str main_book(char *dst, size_t n) {
  for (size_t i = 0; i < n; i += 16) {
    char line[32];
    snprintf(line, sizeof line, "%014zx\r\n", i);
    memcpy(dst + i, line, n - i < 16 ? n - i : 16);
  }
  return cpm_str_of(dst, n);
}

static void main_expect_book(const ua *who, cpm_str book, const char *what) {
  ladder_expect(host_count(who, CPM_NOTICE_received) == 1 && cpm_str_eq(host_last(who, CPM_NOTICE_received)->content, book), what);
}

static void scene_large(void) {
  static char text[MAIN_LARGE];
  const letter l = { .target = CPM_TARGET_one, .to = "sip:bob@example.com", .large = main_book(text, sizeof text),
                     .report = CPM_DISPOSITION(POSITIVE_DELIVERY) };
  main_begin("12. A message of 5 MiB", "It does not fit pager mode: an INVITE says how large it is, and it goes by MSRP over TCP, a "
             "chunk at a time. When Bob's side has the last octet, Alice ends the session. The first one she takes back at once: her CANCEL waits "
             "for a response, and may cross Bob's 200.");
  main_leave(main_send(&alice, &l));
  main_end();
  ladder_expect(host_count(&alice, CPM_NOTICE_cancelled) == 1 && host_count(&bob, CPM_NOTICE_received) == 0, "Alice has taken the first one back, and Bob got nothing of it");
  const adapter_run *sent = main_send(&alice, &l);
  main_end();
  main_expect_book(&bob, l.large, "Bob has all 5,242,880 octets as they were");
  ladder_expect(host_last(&alice, CPM_NOTICE_progress)->times > 10 && host_last(&bob, CPM_NOTICE_progress)->times > 10,
                "Alice saw how far it was, and so did Bob");
  ladder_expect(host_count(&alice, CPM_NOTICE_accepted) == 1, "Alice was told that it was taken");
  main_expect_state(&alice, sent, CPM_DISPOSITION_delivered, l.to, "Alice was told that it was delivered to Bob");
}

static void scene_large_many(void) {
  static char text[MAIN_LARGE];
  static const cpm_entry members[] = {
    { .uri = CPM_STR("sip:bob@example.com") },  { .uri = CPM_STR("sip:carol@example.com") },
    { .uri = CPM_STR("sip:dave@example.com") }, { .uri = CPM_STR("sip:erin@example.com") } };
  const cpm_str book = main_book(text, sizeof text);
  main_begin("13. 5 MiB to four recipients", "The Controlling Function invites each of them, answers Alice when the first of them has "
             "answered, and passes each chunk on to all. Every chunk lies in memory once.");
  main_send(&alice, &(letter){ .target = CPM_TARGET_many, .members = members, .nmembers = 4, .large = book });
  main_end();
  main_expect_book(&bob, book, "Bob has all of it");
  main_expect_book(&carol, book, "Carol has all of it");
  main_expect_book(&dave, book, "Dave has all of it");
  main_expect_book(&erin, book, "Erin has all of it");
  ladder_expect(host_count(&alice, CPM_NOTICE_accepted) == 1, "Alice was told once that it was taken");
}

/* ---- a session ------------------------------------------------------------------------------------------------------ */

/* One side of a session, as its session descriptions would have agreed on it. */
typedef struct side { ua *who; const char *id; unsigned setup; } side;

static void main_path(char dst[ADAPTER_URI], const side *s) {
  const cpm_agent *a = &s->who->agent;
  const bool v6 = memchr(a->media_address.p, ':', a->media_address.n) != NULL;
  snprintf(dst, ADAPTER_URI, "msrp://%s%.*s%s:%u/%s;tcp", v6 ? "[" : "", (int)a->media_address.n, a->media_address.p, v6 ? "]" : "",
           (unsigned)a->media_port, s->id);
}

static adapter_run *main_stand(const side *own, const side *peer) {
  char path[ADAPTER_URI];
  cpm_event event;
  main_path(path, peer);
  const cpm_arg args[] = {
    { .field = CPM_FIELD_target, .number = CPM_TARGET_one },      { .field = CPM_FIELD_to, .text = peer->who->agent.address },
    { .field = CPM_FIELD_session_id, .text = cpm_str_z(own->id) }, { .field = CPM_FIELD_path, .text = cpm_str_z(path) },
    { .field = CPM_FIELD_setup, .number = peer->setup },          { .field = CPM_FIELD_peer_address, .text = peer->who->agent.media_address },
    { .field = CPM_FIELD_peer_port, .number = (int64_t)peer->who->agent.media_port }, { .field = CPM_FIELD_peer_cema, .number = 1 },
    { .field = CPM_FIELD_accept_types, .text = CPM_STR("message/cpim application/im-iscomposing+xml") },
    { .field = CPM_FIELD_accept_wrapped_types, .text = CPM_STR("*") } };
  adapter_run *run = adapter_start(own->who, cpm_machine_named("client/media"));
  cpm_event_init(&event, CPM_EVENT_established);
  event.args = args;
  event.nargs = sizeof args / sizeof *args;
  ladder_expect(adapter_give(run, &event) == CPM_OK, "the session stands");
  return run;
}

/* The user types; tells his side so, which knows when to tell others. */
static void main_type(adapter_run *session, const char *draft) {
  cpm_arg args[CPM_SESSION_ARGS];
  cpm_event event;
  adapter_run *run = adapter_of_session(session, "client/is-composing", cpm_str_z(""));
  log_note(session->who, NULL, "types \"%s\"", draft);
  cpm_event_init(&event, CPM_EVENT_typing);
  event.args = args;
  event.nargs = adapter_session_args(run, CPM_EVENT_typing, args);
  if (adapter_give(run, &event) != CPM_OK) ladder_expect(false, "typing is taken");
}

static void main_chat(adapter_run *session, const char *text) {
  cpm_arg args[CPM_SESSION_ARGS + 2];
  cpm_event event;
  adapter_run *run = adapter_start_in(session, cpm_machine_named("client/chat-send"));
  cpm_event_init(&event, CPM_EVENT_send);
  event.nargs = adapter_session_args(run, CPM_EVENT_send, args);
  args[event.nargs++] = (cpm_arg){ .field = CPM_FIELD_payload, .item = content_keep(cpm_str_z(text)), .len = strlen(text) };
  args[event.nargs++] = (cpm_arg){ .field = CPM_FIELD_payload_type, .text = CPM_STR("text/plain;charset=UTF-8") };
  event.args = args;
  if (adapter_give(run, &event) != CPM_OK) ladder_expect(false, "the message could be written");
  store_add_sent(session->who, cpm_proc_text(run->proc, CPM_NO_LEG, CPM_FIELD_message_id), cpm_proc_text(session->proc, CPM_NO_LEG, CPM_FIELD_to), false);
  cpm_event_init(&event, CPM_EVENT_content);
  adapter_give(adapter_of_session(session, "client/is-composing", cpm_str_z("")), &event);
}

static void scene_composing(void) {
  enum { IDLE = 15001 };   /* ms, and a little more */
  const side a = { &alice, "a1b2c3", CPM_SETUP_active }, b = { &bob, "d4e5f6", CPM_SETUP_passive };
  main_begin("14. Who is writing", "Alice and Bob have a session, whose connection stands. Alice writes, and her side tells Bob's; her message says "
             "that she is done. Then Bob writes, and thinks better of it.");
  adapter_run *at_bob = main_stand(&b, &a), *at_alice = main_stand(&a, &b);
  main_end();
  main_type(at_alice, "Do you");
  main_end();
  ladder_expect(host_count(&bob, CPM_NOTICE_composing) == 1, "Bob sees that Alice writes");
  main_type(at_alice, "Do you know the place");
  main_end();
  ladder_expect(host_count(&bob, CPM_NOTICE_composing) == 1, "while she goes on nothing more is told");
  main_chat(at_alice, "Do you know the place by the river?");
  main_end();
  main_expect_text(&bob, "Do you know the place by the river?", "Bob was shown the message");
  ladder_expect(host_count(&bob, CPM_NOTICE_composing_over) == 1, "and that she does not write any more");
  ladder_expect(host_last(&alice, CPM_NOTICE_notification)->disposition == CPM_DISPOSITION_delivered, "Alice was told over the same connection that it came");
  main_type(at_bob, "I am not");
  main_end();
  ladder_expect(host_count(&alice, CPM_NOTICE_composing) == 1, "Alice sees that Bob writes");
  adapter_pass(IDLE);
  log_note(&bob, NULL, "15 seconds pass");
  main_end();
  ladder_expect(host_count(&alice, CPM_NOTICE_composing_over) == 1, "Alice sees that he has stopped");
  main_leave(at_alice);
  main_leave(at_bob);
  main_end();
}

/* ---- a file ---------------------------------------------------------------------------------------------------------- */

static adapter_run *main_push_file(ua *who, const char *to, const cpm_file *file, bool again) {
  const cpm_arg args[] = { { .field = CPM_FIELD_target, .number = CPM_TARGET_one }, { .field = CPM_FIELD_to, .text = cpm_str_z(to) },
                           { .field = CPM_FIELD_resumes, .number = again } };
  cpm_event event;
  cpm_dispatched d;
  cpm_event_init(&event, CPM_EVENT_send);
  event.args = args;
  event.nargs = again ? 3 : 2;
  event.files = file;
  event.nfiles = 1;
  if (cpm_dispatch_intent(&d, CPM_INTENT_file, 0, &who->agent) != CPM_OK || !d.machine) abort();
  adapter_run *run = adapter_start(who, d.machine);
  if (adapter_give(run, &event) != CPM_OK) ladder_expect(false, "the file could be offered");
  return run;
}

static void scene_file(void) {
  static char text[MAIN_LARGE], hash[CONTENT_HASH];
  const cpm_str book = main_book(text, sizeof text);
  main_begin("15. A file that is cut in the middle", "Alice sends Bob a file of 5 MiB. After three of them the connection breaks. She sends it again: the offer names "
             "the same file by its hash and begins where the first transfer ended, and only the rest crosses.");
  content_hash(hash, book);
  cpm_file file = { .selector = { .name = CPM_STR("lines.txt"), .type = CPM_STR("text/plain"), .has_size = true, .size = sizeof text,
                                  .hashes = cpm_str_z(hash) }, .item = content_keep(book) };
  host_cut_at(&alice, 3 << 20);
  const adapter_run *first = main_push_file(&alice, "sip:bob@example.com", &file, false);
  main_end();
  cpm_file cut = { 0 };
  ladder_expect(cpm_proc_file(&cut, first->proc, 0) && cut.from >= 3 << 20 && cut.from < sizeof text, "Alice knows how far it has come");
  ladder_expect(host_count(&alice, CPM_NOTICE_failed) == 1 && host_count(&bob, CPM_NOTICE_failed) == 1, "both were told that it was cut");
  ladder_expect(!host_count(&bob, CPM_NOTICE_file_received), "Bob has no file yet");
  host_forget();
  const unsigned before = adapter_counts.chunks;
  file.from = cut.from;
  main_push_file(&alice, "sip:bob@example.com", &file, true);
  main_end();
  ladder_expect(host_count(&bob, CPM_NOTICE_file_received) == 1 && !host_count(&bob, CPM_NOTICE_file_damaged), "Bob has the file, and it is the one that was offered");
  ladder_expect(host_count(&alice, CPM_NOTICE_accepted) == 1, "Alice was told that it is there");
  ladder_expect(adapter_counts.chunks - before <= (sizeof text - cut.from) / 65536 + 4, "what had come before did not cross again");
}

/* ---- the run ------------------------------------------------------------------------------------------------------- */

static void main_summary(const char *folder) {
  const adapter_counters *n = &adapter_counts;
  const ladder_judged *j = &ladder_verdicts;
  unsigned checks = 0, failed = 0;
  for (unsigned i = 0; i < ladder_nscenes; i++)
    for (unsigned k = 0; k < ladder_scenes[i].nchecks; k++, checks++) failed += !ladder_scenes[i].checks[k].holds;
  printf("sent      %u requests, %u responses, %u again, %u lost, %u SENDs of MSRP: %llu bytes\n", n->requests, n->responses, n->again,
         n->lost, n->chunks, (unsigned long long)n->bytes);
  printf("read      %u messages decoded and checked, %u came again, %u could not be read\n", n->read, n->absorbed, n->broken);
  printf("ran       %u procedures, %u steps, %u effects\n", n->procedures, n->steps, n->effects);
  printf("judged    %u lines of requirements on what was written: %u hold, %u depend on what a message does not show, %u fail\n",
         j->holds + j->open + j->fails, j->holds, j->open, j->fails);
  printf("expected  %u things, %u did not come\n", checks, failed);
  printf("written   %s/demo.pcap for Wireshark, %s/demo.html for a browser\n", folder, folder);
}

static bool main_files(const char *folder, bool begin) {
  char path[4096];
  bool good = snprintf(path, sizeof path, "%s/demo.pcap", folder) < (int)sizeof path;
  if (begin) return good && pcap_open(path);
  good &= pcap_close();
  return snprintf(path, sizeof path, "%s/demo.html", folder) < (int)sizeof path && page_write(path) && good;
}

int main(int argc, char **argv) {
  static void (*const scenes[])(void) = { scene_direct,  scene_many,     scene_copies, scene_group,         scene_mallory,
                                          scene_refusals, scene_lost,    scene_later,  scene_participating, scene_no_cpim,
                                          scene_nobody,   scene_large, scene_large_many, scene_composing,
                                          scene_file };
  const char *folder = argc > 1 ? argv[1] : "build/demo";
  main_began = adapter_clock();
  tap_open();
  if (argc == 1) { mkdir("build", 0777); mkdir(folder, 0777); }
  if (!main_open()) { perror("loopback: no socket on 127.0.0.1"); return 2; }
  if (!main_files(folder, true)) { fprintf(stderr, "loopback: cannot write to %s\n", folder); return 2; }
  if (!ua_has_ipv6()) printf("There is no IPv6 on this machine: everything goes over IPv4.\n\n");
  for (unsigned i = 0; i < sizeof scenes / sizeof *scenes; i++) {
    scenes[i]();
    ladder_print(&ladder_scenes[ladder_nscenes - 1]);
    fflush(stdout);
  }
  bool good = ladder_all_hold() && !adapter_counts.broken && !adapter_counts.untaken && !ladder_verdicts.fails;
  if (!main_files(folder, false)) { fprintf(stderr, "loopback: cannot write to %s\n", folder); good = false; }
  main_summary(folder);
  media_close_all();
  adapter_close();
  ua_close();
  store_close();
  content_close();
  ladder_close();
  return good ? 0 : 1;
}
