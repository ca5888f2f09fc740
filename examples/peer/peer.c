/* SPDX-License-Identifier: MIT */
/* peer.c - the program: what the command line says, commands and lines, and the loop. What it says and hears is in usage. */
#define _POSIX_C_SOURCE 200809L
#include "answers.h"
#include "content.h"
#include "log.h"
#include "media.h"
#include "parts.h"
#include "register.h"
#include "relay.h"
#include <errno.h>
#include <fcntl.h>
#include <nettle/sha2.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

static const char peer_usage[] =
  "usage: %s --user sip:alice@example.test --sip udp:127.0.0.1:5071 --media 127.0.0.1:7001\n"
  "  --sip T:HOST:PORT      where SIP is; T is udp, tcp or tls\n"
  "  --media HOST:PORT      where MSRP is\n"
  "  --proxy URI            next hop of everything outside of a dialog; without one the Request-URI says it\n"
  "  --peer URI URI         requests to the first go to the second, without a proxy; may be repeated\n"
  "  --register --password P    register at the domain of --user first; answer challenges\n"
  "  --relay URI            MSRP goes through this relay\n"
  "  --relay-by HOST:PORT   who speaks TLS to it for us, with a relay of msrps; --fingerprint F is of our certificate then\n"
  "  --tls-cert F --tls-key F --tls-ca F    PEM files\n"
  "  --verbose              what happens inside, on stderr\n"
  "stdin:  send URI TEXT | large URI OCTETS | file URI OCTETS | quit\n"
  "stdout: ready | registered | sent ID | failed ID STATUS | delivered ID | displayed ID\n"
  "        received ID FROM TYPE OCTETS SHA256 | file ID FROM NAME OCTETS SHA256 | error TEXT\n";

enum { PEER_LINE = 1 << 20, PEER_ROUTES = 16, PEER_MOST = 64 << 20 };   /* octets of a command; of what large and file make */
static const int64_t PEER_LEAVE = 8000000;                              /* us that quit waits for what is under way */

ua            peer_self = { .name = "peer" };
peer_settings peer_set;
static bool   peer_verbose, peer_registers, peer_quits;
static int64_t peer_until;                     /* quits: no longer than that */
static int    peer_epoll = -1, peer_timer = -1;

static struct { char host[64], by[64]; unsigned port, by_port; const char *relay, *password, *fingerprint; } peer_media;

/* ---- lines ------------------------------------------------------------------------------------------------------- */

/* One event a line, whatever a peer has put into its parts. */
static void peer_say(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void peer_say(const char *format, ...) {
  char line[4096];
  va_list args;
  va_start(args, format);
  vsnprintf(line, sizeof line, format, args);
  va_end(args);
  for (char *c = line; *c; c++)
    if ((unsigned char)*c < 32) *c = '?';
  puts(line);
  fflush(stdout);
}

void log_note(const ua *who, const cpm_effect *x, const char *format, ...) {
  va_list args;
  (void)who;
  if (!peer_verbose) return;
  va_start(args, format);
  fprintf(stderr, "%lld ", (long long)(adapter_now_us() / 1000));
  vfprintf(stderr, format, args);
  fprintf(stderr, "%s%s\n", x && x->clauses ? "  " : "", x && x->clauses ? x->clauses : "");
  va_end(args);
}

void log_step(const ua *who, const cpm_proc *proc, cpm_event_type type, int rc, const cpm_diag *diag) {
  cpm_last last;
  cpm_proc_last(proc, &last);
  log_note(who, NULL, "%s %s: %s, %s %s %s", last.machine, cpm_event_name(type), cpm_status_name(rc), last.state,
           diag->rule ? diag->rule : "", diag->clause ? diag->clause : "");
}

void log_dispatched(const ua *who, const cpm_dispatched *d) { log_note(who, NULL, "for %s", d->procedure ? d->procedure : "no procedure"); }

void log_media(const log_msrp *sent) {
  log_note(sent->line->who, NULL, "MSRP %s %u, %zu octets", sent->msg->status ? "response" : "request", sent->msg->status, sent->body.n);
}

/* ---- people: what a procedure tells ------------------------------------------------------------------------------ */

typedef struct peer_digest { char text[2 * SHA256_DIGEST_SIZE + 1]; } peer_digest;

static peer_digest peer_hash(cpm_str content) {
  struct sha256_ctx c;
  uint8_t octets[SHA256_DIGEST_SIZE];
  peer_digest d;
  sha256_init(&c);
  sha256_update(&c, content.n, (const uint8_t *)content.p);
  sha256_digest(&c, sizeof octets, octets);
  for (size_t i = 0; i < sizeof octets; i++) snprintf(d.text + 2 * i, 3, "%02x", octets[i]);
  return d;
}

/* What both sides call it: its imdn.Message-ID, of a file without one the Contribution-ID. */
static cpm_str peer_id(const adapter_run *run) {
  const cpm_str id = cpm_proc_text(run->proc, CPM_NO_LEG, CPM_FIELD_message_id);
  const cpm_str other = cpm_proc_text(run->proc, CPM_NO_LEG, CPM_FIELD_contribution_id);
  return id.p ? id : other.p ? other : cpm_str_z("-");
}

static cpm_str peer_or(cpm_str text, const char *none) { return text.n ? text : cpm_str_z(none); }
static cpm_str peer_call_text(const adapter_run *run, cpm_field field) { return cpm_proc_text(run->proc, CPM_NO_LEG, field); }

/* From here on it was shown: a copy of it that comes later is not. */
static void peer_tell_received(adapter_run *run) {
  const cpm_str id = peer_id(run), from = peer_call_text(run, CPM_FIELD_sender);
  cpm_str type = peer_or(peer_call_text(run, CPM_FIELD_content_type), "-");
  const cpm_str content = content_of_field(run, CPM_NO_LEG, CPM_FIELD_content), none = cpm_str_z("");
  const char *end = memchr(type.p, ' ', type.n);
  if (end) type.n = (size_t)(end - type.p);
  run->about = store_add_message(run->who, peer_call_text(run, CPM_FIELD_message_id), from, none);
  peer_say("received %.*s %.*s %.*s %zu %s", (int)id.n, id.p, (int)from.n, from.p, (int)type.n, type.p, content.n,
           peer_hash(content.p ? content : none).text);
}

/* The row of what was sent climbs. */
static void peer_tell_notification(adapter_run *run, uint32_t leg) {
  store_sent *sent = answers_sent_of(run, leg);
  const unsigned state = (unsigned)cpm_proc_number(run->proc, leg, CPM_FIELD_disposition);
  const cpm_str id = cpm_proc_text(run->proc, leg, CPM_FIELD_reported_id);
  if (sent) sent->reached = state;
  peer_say("%s %.*s", answers_dispositions[state], (int)id.n, id.p);
}

static void peer_tell_failed(const adapter_run *run, uint32_t leg) {
  const cpm_str id = peer_id(run);
  int64_t status = cpm_proc_number(run->proc, CPM_NO_LEG, CPM_FIELD_status);
  if (leg != CPM_NO_LEG) status = cpm_proc_number(run->proc, leg, CPM_FIELD_msrp_status);
  peer_say("failed %.*s %lld", (int)id.n, id.p, (long long)status);
}

static void peer_tell_file(adapter_run *run, uint32_t leg) {
  cpm_file file;
  char name[256];
  uint64_t item = 0;
  size_t n = 0;
  const cpm_str id = peer_id(run), from = peer_or(peer_call_text(run, CPM_FIELD_sender), "-");
  for (size_t i = 0; i < run->ncoming; i++)
    if (run->coming[i].leg == leg) item = run->coming[i].item;
  if (!cpm_proc_file(&file, run->proc, leg)) return;
  if (cpm_sdp_file_name_decode(name, sizeof name, &n, file.selector.name, NULL, NULL, NULL) != CPM_OK) n = 0;
  for (size_t i = 0; i < n; i++)
    if (name[i] == ' ') name[i] = '_';
  const cpm_str content = content_run(item, 0, content_length(item));
  run->about = store_add_message(run->who, id, from, cpm_str_of(name, n));
  peer_say("file %.*s %.*s %.*s %zu %s", (int)id.n, id.p, (int)from.n, from.p, n ? (int)n : 1, n ? name : "-", content.n,
           peer_hash(content.p ? content : cpm_str_z("")).text);
}

/* What is larger than pager mode may be goes in large mode, when this procedure is through. */
static struct { char to[ADAPTER_URI]; uint64_t item; bool waits; } peer_too_large;

static void peer_tell_too_large(adapter_run *run) {
  ADAPTER_COPY(peer_too_large.to, peer_call_text(run, CPM_FIELD_to));
  peer_too_large.item = run->item;
  peer_too_large.waits = true;
  run->has_item = false;
}

static void peer_tell_sent(const adapter_run *run) {
  const cpm_str id = peer_id(run);
  peer_say("sent %.*s", (int)id.n, id.p);
}

void host_tell(adapter_run *run, const cpm_effect *x) {
  switch (x->id) {
  case CPM_NOTICE_received:      peer_tell_received(run); break;
  case CPM_NOTICE_notification:  peer_tell_notification(run, x->leg); break;
  case CPM_NOTICE_accepted:      peer_tell_sent(run); break;
  case CPM_NOTICE_failed:
  case CPM_NOTICE_refused:
  case CPM_NOTICE_type_refused:
  case CPM_NOTICE_over_limit:    peer_tell_failed(run, x->leg); break;
  case CPM_NOTICE_too_large:     peer_tell_too_large(run); break;
  case CPM_NOTICE_file_received: peer_tell_file(run, x->leg); break;
  case CPM_NOTICE_file_damaged:  peer_say("error a file is not what was offered"); break;
  case CPM_NOTICE_unreadable:    peer_say("error a message cannot be read"); break;
  case CPM_NOTICE_no_cpim:       store_set_no_cpim(run->who, cpm_str_z(run->peer)); break;
  default:                       log_note(run->who, x, "TELL %s", x->name);
  }
}

void host_answer(adapter_run *run, unsigned question, uint32_t leg) {
  if (!answers_give(run, question, leg)) answers_say(run, leg, NULL, 0);      /* policy of functions: nothing is allowed */
}

/* ---- what the user wants ----------------------------------------------------------------------------------------- */

/* A pattern that says at each place which place it is. */
static uint64_t peer_make(size_t n) {
  char *octets = malloc(n + 1);
  if (!octets) abort();
  for (size_t i = 0; i < n; i++) octets[i] = (char)('a' + (i ^ i >> 8 ^ i >> 16) % 26);
  const uint64_t item = content_keep(cpm_str_of(octets, n));
  free(octets);
  return item;
}

static void peer_start(unsigned intent, cpm_event *send, uint64_t item, bool ours) {
  cpm_dispatched d;
  if (cpm_dispatch_intent(&d, intent, 0, &peer_self.agent) != CPM_OK || !d.machine) { peer_say("error no procedure does it"); return; }
  adapter_run *run = adapter_start(&peer_self, d.machine);
  if (ours) adapter_own_item(run, item);
  const int rc = adapter_give(run, send);
  if (rc != CPM_OK) peer_say("error it cannot be sent: %s", cpm_status_name(rc));
}

static const uint64_t peer_reports = CPM_DISPOSITION(POSITIVE_DELIVERY) | CPM_DISPOSITION(DISPLAY);

static void peer_send(unsigned intent, const char *to, uint64_t item) {
  cpm_arg args[6] = { { .field = CPM_FIELD_target, .number = CPM_TARGET_one },
                      { .field = CPM_FIELD_to, .text = cpm_str_z(to) },
                      { .field = CPM_FIELD_payload, .item = item, .len = content_length(item) },
                      { .field = CPM_FIELD_payload_type, .text = CPM_STR("text/plain;charset=UTF-8") },
                      { .field = CPM_FIELD_report, .number = (int64_t)peer_reports } };
  cpm_event send;
  cpm_event_init(&send, CPM_EVENT_send);
  send.args = args;
  send.nargs = 5 + answers_peer_args(&peer_self, cpm_str_z(to), args + 5);
  peer_start(intent, &send, item, true);
}

static void peer_send_file(const char *to, uint64_t item) {
  char name[64], hash[CONTENT_HASH];
  const cpm_str content = content_run(item, 0, content_length(item));
  snprintf(name, sizeof name, "%zu.txt", content.n);
  content_hash(hash, content);
  const cpm_file file = { .selector = { .name = cpm_str_z(name), .type = CPM_STR("text/plain"), .has_size = true, .size = content.n,
                                        .hashes = cpm_str_z(hash) }, .item = item };
  const cpm_arg args[] = { { .field = CPM_FIELD_target, .number = CPM_TARGET_one }, { .field = CPM_FIELD_to, .text = cpm_str_z(to) },
                           { .field = CPM_FIELD_report, .number = (int64_t)peer_reports } };
  cpm_event send;
  cpm_event_init(&send, CPM_EVENT_send);
  send.args = args;
  send.nargs = 3;
  send.files = &file;
  send.nfiles = 1;
  peer_start(CPM_INTENT_file, &send, item, true);
}

static void peer_made(const char *what, const char *to, const char *octets) {
  char *end;
  const unsigned long long n = strtoull(octets, &end, 10);
  if (!n || *end || n > PEER_MOST) { peer_say("error how many octets?"); return; }
  const uint64_t item = peer_make((size_t)n);
  if (what[0] == 'f') peer_send_file(to, item);
  else peer_send(CPM_INTENT_large, to, item);
}

static void peer_quit(void) {
  if (!peer_quits) peer_until = adapter_clock() + PEER_LEAVE;
  peer_quits = true;
}

static void peer_command(char *line) {
  char *rest = NULL, *what = strtok_r(line, " ", &rest), *to = strtok_r(NULL, " ", &rest);
  if (!what) return;
  if (!strcmp(what, "quit")) peer_quit();
  else if (!to || !rest || !*rest) peer_say("error a command is not complete");
  else if (!strcmp(what, "send")) peer_send(CPM_INTENT_message, to, content_keep(cpm_str_z(rest)));
  else if (!strcmp(what, "large") || !strcmp(what, "file")) peer_made(what, to, rest);
  else peer_say("error there is no such command");
}

/* ---- the loop ---------------------------------------------------------------------------------------------------- */

static void peer_arm(int64_t due) {
  const int64_t in = due - adapter_clock(), us = in < 1 ? 1 : in;
  const struct itimerspec spec = { .it_value = { .tv_sec = (time_t)(us / 1000000), .tv_nsec = (long)(us % 1000000 * 1000) } };
  timerfd_settime(peer_timer, 0, &spec, NULL);
}

void peer_kick(void) { peer_arm(0); }

static void peer_watch(int fd, bool anew, bool writes) {
  struct epoll_event e = { .events = writes ? EPOLLIN | EPOLLOUT : EPOLLIN, .data = { .fd = fd } };
  epoll_ctl(peer_epoll, anew ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, fd, &e);
}

/* Lines of stdin; its end is `quit`. A file can always be read. */
static struct { char line[PEER_LINE]; size_t n; bool file, ended; } peer_in;

static void peer_read(void) {
  const ssize_t got = peer_in.ended ? -1 : read(STDIN_FILENO, peer_in.line + peer_in.n, sizeof peer_in.line - peer_in.n - 1);
  if (got < 0) return;
  peer_in.n += (size_t)got;
  peer_in.line[peer_in.n] = '\0';
  char *line = peer_in.line, *end;
  while ((end = strchr(line, '\n')) != NULL) {
    *end = '\0';
    peer_command(line);
    line = end + 1;
  }
  peer_in.n -= (size_t)(line - peer_in.line);
  memmove(peer_in.line, line, peer_in.n);
  if (got && peer_in.n < sizeof peer_in.line - 1) return;
  peer_in.ended = true;
  epoll_ctl(peer_epoll, EPOLL_CTL_DEL, STDIN_FILENO, NULL);
  peer_quit();
}

/* It goes. A message that was taken in is opened now: whoever asked is told that it was displayed. */
static void peer_ended(adapter_run *run) {
  const bool reports = !strcmp(cpm_machine_name(run->machine), "client/disposition");
  store_message *about = run->about;
  sip_forget_run(run);
  if (about && about->ticket_len && !reports) answers_open_message(&peer_self, about);
}

static void peer_go_on(void) {
  while (adapter_fire() || adapter_waits() || media_waits()) {
    adapter_go_on();
    media_go_on();
  }
  media_fire();
  if (register_due() <= adapter_clock()) register_fire();
  if (relay_due() <= adapter_clock()) relay_fire();
  sip_fire();
  if (peer_too_large.waits) peer_too_large.waits = false, peer_send(CPM_INTENT_large, peer_too_large.to, peer_too_large.item);
  adapter_sweep(peer_ended);
  sip_sweep();
}

static int64_t peer_due(void) {
  int64_t due = adapter_due();
  if (media_due() < due) due = media_due();
  if (register_due() < due) due = register_due();
  if (relay_due() < due) due = relay_due();
  if (sip_due() < due) due = sip_due();
  const int64_t soon = adapter_clock() + 100000;
  if ((tcp_leaving() || peer_quits) && soon < due) due = soon;
  return due;
}

void peer_turn(void) {
  struct epoll_event e[8];
  uint64_t expired;
  ssize_t got = read(peer_timer, &expired, sizeof expired);
  bool commands = peer_in.file;
  const int n = epoll_wait(peer_epoll, e, 8, 0);
  for (int i = 0; i < n; i++) commands |= e[i].data.fd == STDIN_FILENO;
  (void)got;
  tcp_poll(NULL, 0, 0);
  if (commands) peer_read();
  peer_go_on();
  const bool more = adapter_waits() || media_waits() || peer_too_large.waits || (peer_in.file && !peer_in.ended);
  const int64_t due = more ? 0 : peer_due();
  if (due < INT64_MAX) peer_arm(due);
}

bool peer_over(void) {
  return peer_quits && (adapter_clock() > peer_until || (!adapter_count() && !sip_waits() && !tcp_leaving()));
}

static bool peer_loop_open(void) {
  struct epoll_event e = { .events = EPOLLIN };
  peer_epoll = epoll_create1(EPOLL_CLOEXEC);
  peer_timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
  if (peer_epoll < 0 || peer_timer < 0) return false;
  e.data.fd = peer_timer;
  epoll_ctl(peer_epoll, EPOLL_CTL_ADD, peer_timer, &e);
  tcp_watch = peer_watch;
  return true;
}

/* Not before we are ready. */
static void peer_hear(void) {
  struct epoll_event e = { .events = EPOLLIN, .data = { .fd = STDIN_FILENO } };
  peer_in.file = epoll_ctl(peer_epoll, EPOLL_CTL_ADD, STDIN_FILENO, &e) != 0 && errno == EPERM;
  peer_say("ready");
  peer_kick();
}

static bool peer_hears;

/* The relay is asked after the registrar: whoever finds us finds our media. */
static void peer_relayed(unsigned status) {
  if (status == 200 && !peer_hears) peer_hear();
  if (status == 200) peer_hears = true;
  else peer_say("error no relay: %u", status);
}

static void peer_settled(void) {
  char user[128];
  if (peer_hears) return;
  if (!peer_media.relay) { peer_hear(); peer_hears = true; return; }
  register_user(user, sizeof user);
  const relay_place by = { peer_media.by[0] ? peer_media.by : NULL, peer_media.by_port };
  if (!relay_begin(peer_media.relay, by, user, peer_media.password, peer_relayed)) peer_say("error no relay: 0");
}

/* Once we are registered, others find us. */
static void peer_registered(unsigned status) {
  if (status / 100 != 2) { peer_say("error not registered: %u", status); return; }
  peer_say("registered");
  peer_settled();
}

/* ---- the command line -------------------------------------------------------------------------------------------- */

static struct { const char *uri, *next; } peer_routes[PEER_ROUTES];
static unsigned peer_nroutes;

const char *peer_next_hop(const char *uri) {
  static char next[512];
  const char *transport = peer_set.transport == PEER_TCP ? ";transport=tcp" : peer_set.transport == PEER_TLS ? ";transport=tls" : "";
  for (unsigned i = 0; i < peer_nroutes; i++)
    if (cpm_uri_text_equal(cpm_str_z(uri), cpm_str_z(peer_routes[i].uri))) uri = peer_routes[i].next;
  snprintf(next, sizeof next, "%s%s", uri, strstr(uri, "transport=") ? "" : transport);
  return next;
}

/* "127.0.0.1:5071" or "[::1]:5071" */
static bool peer_place(const char *text, char host[64], unsigned *port) {
  const char *colon = strrchr(text, ':');
  char *end;
  if (!colon || colon == text || colon - text > 63) return false;
  const bool v6 = text[0] == '[' && colon[-1] == ']';
  snprintf(host, 64, "%.*s", (int)(colon - text) - 2 * v6, text + v6);
  const unsigned long n = strtoul(colon + 1, &end, 10);
  *port = (unsigned)n;
  return n < 65536 && !*end && end != colon + 1;
}

static bool peer_where(const char *text) {
  static const char *const names[] = { "udp:", "tcp:", "tls:" };
  for (unsigned i = 0; i < 3; i++) {
    if (strncmp(text, names[i], 4) != 0) continue;
    peer_set.transport = (peer_transport)i;
    return peer_place(text + 4, peer_set.host, &peer_set.port);
  }
  return false;
}

static bool peer_option(const char *name, const char *value) {
  if (!strcmp(name, "--user")) peer_set.user = value;
  else if (!strcmp(name, "--sip")) return peer_where(value);
  else if (!strcmp(name, "--proxy")) peer_set.proxy = value;
  else if (!strcmp(name, "--media")) return peer_place(value, peer_media.host, &peer_media.port);
  else if (!strcmp(name, "--relay")) peer_media.relay = value;
  else if (!strcmp(name, "--relay-by")) return peer_place(value, peer_media.by, &peer_media.by_port);
  else if (!strcmp(name, "--fingerprint")) peer_media.fingerprint = value;
  else if (!strcmp(name, "--password")) peer_media.password = value;
  else if (!strcmp(name, "--tls-cert")) peer_set.tls_cert = value;
  else if (!strcmp(name, "--tls-key")) peer_set.tls_key = value;
  else if (!strcmp(name, "--tls-ca")) peer_set.tls_ca = value;
  else return false;
  return true;
}

static bool peer_options(int argc, char **argv) {
  for (int i = 1; i < argc; i++) {
    if (!strcmp(argv[i], "--verbose")) { peer_verbose = true; continue; }
    if (!strcmp(argv[i], "--register")) { peer_registers = true; continue; }
    if (!strcmp(argv[i], "--peer") && i + 2 < argc && peer_nroutes < PEER_ROUTES) {
      peer_routes[peer_nroutes].uri = argv[++i];
      peer_routes[peer_nroutes++].next = argv[++i];
      continue;
    }
    if (i + 1 == argc || !peer_option(argv[i], argv[i + 1])) return false;
    i++;
  }
  return peer_set.user && peer_set.host[0] && peer_media.host[0];
}

/* sip:alice@127.0.0.1:5071;transport=tcp */
static void peer_contact(void) {
  static const char *const transports[] = { "", ";transport=tcp", ";transport=tls" };
  const char *user = strchr(peer_set.user, ':') ? strchr(peer_set.user, ':') + 1 : peer_set.user, *at = strchr(user, '@');
  const bool v6 = strchr(peer_set.host, ':') != NULL;
  snprintf(peer_set.contact, sizeof peer_set.contact, "sip:%.*s%s%s%s:%u%s", at ? (int)(at - user + 1) : 0, user, v6 ? "[" : "",
           peer_set.host, v6 ? "]" : "", peer_set.port, transports[peer_set.transport]);
}

static bool peer_agent(void) {
  cpm_agent *a = &peer_self.agent;
  cpm_diag diag = { 0 };
  cpm_agent_init(a, CPM_ROLE_CLIENT);
  peer_contact();
  a->address = cpm_str_z(peer_set.user);
  a->contact = cpm_str_z(peer_set.contact);
  a->user_agent = a->server = cpm_str_z("CPM-client/OMA2.2 cpmkit-peer/0.1");
  a->host = cpm_str_z(peer_set.host);
  if (peer_media.fingerprint) a->fingerprint = cpm_str_z(peer_media.fingerprint);
  a->accept = cpm_str_z("message/cpim, multipart/mixed, application/sdp");
  if (cpm_agent_check(a, &diag) == CPM_OK) return true;
  fprintf(stderr, "peer: %s: %s\n", diag.rule ? diag.rule : "agent", cpm_strerror(diag.code));
  return false;
}

int peer_main(int argc, char **argv) {
  signal(SIGPIPE, SIG_IGN);
  if (!peer_options(argc, argv)) { fprintf(stderr, peer_usage, argv[0]); return 2; }
  if (!peer_agent() || !peer_loop_open()) return 2;
  if (!media_open(&peer_self, peer_media.host, peer_media.port)) { perror("peer: --media"); return 2; }
  if (!stack_open(&peer_set)) return 2;
  register_begin(peer_media.password, peer_registers ? peer_registered : NULL);
  if (!peer_registers) peer_settled();
  peer_kick();
  stack_run(peer_epoll);
  adapter_sweep(peer_ended);
  sip_leave_all();
  stack_close();
  sip_end();
  media_close_all();
  adapter_close();
  tcp_close_all();
  store_close();
  content_close();
  return 0;
}
