/* SPDX-License-Identifier: MIT */
/* Procedures run against each other: client/ft-send with client/ft-receive, files that go and files that are fetched, whatever is lost, late,
 * broken, given up, changed, and taken up again by either side. */
#include "meet.h"
#include "support.h"
#include <stdlib.h>
#include <string.h>

enum { FILES = 3, OCTETS = 24, HASH = 96, LIMIT = 100, CHUNK = 7 };

/* What the two have: who pushes has it from the start, and who is asked for it too. */
typedef struct files_file { const char *name; char octets[OCTETS]; size_t n; } files_file;
static files_file library[FILES];
static unsigned files_at, files_what;   /* when what goes wrong */

typedef struct files_how {
  size_t n;                /* files */
  bool pull[FILES];        /* fetched by who asks */
  bool passive, secure;
  bool report, success;    /* notifications, success reports */
  unsigned release;
} files_how;

typedef struct files_case {
  meet            *w;
  const files_how *how;
  meet_host       *alice, *bob;
  uint64_t         item[FILES];
  unsigned         unwanted;   /* set of files that nobody wants */
  bool             forgotten;  /* what came before is there no more */
} files_case;

/* A hash for the tests: what it says changes with every octet. */
static cpm_str files_hash(char dst[HASH], cpm_str octets) {
  uint64_t x = UINT64_C(1469598103934665603);
  int n = snprintf(dst, HASH, "hash:sha-1");
  for (size_t i = 0; i < octets.n; i++) x = (x ^ (unsigned char)octets.p[i]) * UINT64_C(1099511628211);
  for (unsigned i = 0; i < 20; i++) {
    x = x * UINT64_C(6364136223846793005) + octets.n;
    n += snprintf(dst + n, HASH - (size_t)n, ":%02X", (unsigned)(x >> 56));
  }
  return cpm_str_z(dst);
}

static cpm_str files_octets(unsigned i) { return cpm_str_of(library[i].octets, library[i].n); }

static unsigned files_named(cpm_str name) {
  for (unsigned i = 0; i < FILES; i++)
    if (cpm_str_eq(name, cpm_str_z(library[i].name))) return i;
  fail_msg("no such file");
  return 0;
}

/* ---- the hosts ------------------------------------------------------------------------------------------------------- */

/* What is there of a file that is to be taken up again: of one that comes its beginning, if it is the same. */
static unsigned files_is(const files_case *c, meet_run *run, uint32_t leg, const cpm_file *file) {
  char hash[HASH];
  const bool same = cpm_str_eq(file->selector.hashes, files_hash(hash, files_octets(files_named(file->selector.name))));
  if (c->forgotten) return CPM_FILE_IS_unknown;
  return (file->pull ? meet_file(c->w, run, leg).n >= file->from : same) ? CPM_FILE_IS_known : CPM_FILE_IS_changed;
}

static void files_wanted(files_case *c, meet_run *run, cpm_event *e, cpm_arg *args) {
  cpm_file file;
  assert_true(cpm_proc_file(&file, run->proc, e->leg));
  const unsigned i = files_named(file.selector.name);
  e->nargs = 0;
  args[e->nargs++] = (cpm_arg){ .field = CPM_FIELD_authorised, .number = !(c->unwanted & 1u << i) };
  if (cpm_proc_has(run->proc, e->leg, CPM_FIELD_range_start))
    args[e->nargs++] = (cpm_arg){ .field = CPM_FIELD_file_is, .number = files_is(c, run, e->leg, &file) };
  if (file.pull) return;
  args[e->nargs++] = (cpm_arg){ .field = CPM_FIELD_payload, .item = c->item[i], .len = library[i].n };
  args[e->nargs++] = (cpm_arg){ .field = CPM_FIELD_file_type, .text = S("text/plain") };
}

static void files_intact(files_case *c, meet_run *run, cpm_event *e, cpm_arg *args) {
  char hash[HASH];
  cpm_file file;
  assert_true(cpm_proc_file(&file, run->proc, e->leg));
  const bool same = cpm_str_eq(file.selector.hashes, files_hash(hash, meet_file(c->w, run, e->leg)));
  args[0] = (cpm_arg){ .field = CPM_FIELD_file_is, .number = same ? CPM_FILE_IS_known : CPM_FILE_IS_changed };
  e->nargs = 1;
}

static void files_answers(meet *w, meet_run *run, unsigned question, cpm_event *e) {
  cpm_arg *args = (cpm_arg *)(uintptr_t)e->args;
  if (question == CPM_QUESTION_file_wanted) files_wanted(w->ctx, run, e, args);
  if (question == CPM_QUESTION_file_intact) files_intact(w->ctx, run, e, args);
  if (question == CPM_QUESTION_sent_message) meet_answer_sent(e);
}

static void files_agent(cpm_agent *a, const files_how *how, const char *address, const char *media) {
  meet_client(a, address, media);
  if (how->release == 10) a->user_agent = a->server = S("CPM-client/OMA1.0 example/1.0");
  a->instance = S("urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6");
  a->chunk_size = CHUNK;
  a->media_limit = LIMIT;
  a->answer_active = !how->passive;
  a->media_secure = how->secure;
  if (how->secure) a->fingerprint = S("SHA-256 4A:AD:B9");
  if (how->release) a->release = how->release;
}

static void files_begin(files_case *c, uint64_t seed, const files_how *how) {
  cpm_agent alice, bob;
  *c = (files_case){ .w = meet_new(seed), .how = how };
  c->w->answer = files_answers;
  c->w->ctx = c;
  files_agent(&alice, how, "sip:alice@example.com", "192.0.2.33");
  files_agent(&bob, how, "sip:bob@example.com", "2001:db8::44");
  c->alice = meet_add(c->w, &alice);
  c->bob = meet_add(c->w, &bob);
  for (unsigned i = 0; i < FILES; i++) c->item[i] = meet_content(c->w, files_octets(i));
}

enum { files_reports = 1 << CPM_DISPOSITION_BIT_POSITIVE_DELIVERY | 1 << CPM_DISPOSITION_BIT_DISPLAY };

/* From one host to the other. */
static meet_run *files_ask(files_case *c, meet_host *from, const cpm_file *files, size_t n, bool again, cpm_str device) {
  const cpm_arg args[] = { { .field = CPM_FIELD_target, .number = CPM_TARGET_one },
                           { .field = CPM_FIELD_to, .text = from == c->alice ? S("sip:bob@example.com") : S("sip:alice@example.com") },
                           { .field = CPM_FIELD_success_report, .number = c->how->success },
                           { .field = CPM_FIELD_report, .number = c->how->report ? files_reports : 0 },
                           { .field = CPM_FIELD_resumes, .number = 1 },
                           { .field = CPM_FIELD_peer_device, .text = device } };
  cpm_event e;
  cpm_event_init(&e, CPM_EVENT_send);
  e.args = args;
  e.nargs = device.p ? 6 : again ? 5 : 4;
  e.files = files;
  e.nfiles = n;
  return meet_start(c->w, from, "client/ft-send", &e);
}

static cpm_file files_make(const files_case *c, unsigned i, char hash[HASH]) {
  return (cpm_file){ .pull = c->how->pull[i], .item = c->item[i],
                     .selector = { .name = cpm_str_z(library[i].name), .type = S("text/plain"), .has_size = true, .size = library[i].n,
                                   .hashes = files_hash(hash, files_octets(i)) } };
}

static meet_run *files_start(files_case *c, uint64_t seed, const files_how *how) {
  char hash[FILES][HASH];
  cpm_file files[FILES];
  files_begin(c, seed, how);
  for (unsigned i = 0; i < how->n; i++) files[i] = files_make(c, i, hash[i]);
  return files_ask(c, c->alice, files, how->n, false, cpm_str_none());
}

/* ---- what everybody was told, held against what came ------------------------------------------------------------------- */

static bool files_has(meet *w, const meet_run *run, uint32_t leg) {
  cpm_file file;
  if (!cpm_proc_file(&file, run->proc, leg)) return false;
  const cpm_str came = meet_file(w, run, leg), all = files_octets(files_named(file.selector.name));
  return came.n == all.n && memcmp(came.p, all.p, all.n) == 0;
}

/* The other side of the n-th transfer that was asked for; NULL: it never heard of it. */
static meet_run *files_other(meet *w, const meet_run *run) {
  for (size_t i = 0; i < w->nruns; i++) {
    cpm_last last;
    cpm_proc_last(w->run[i].proc, &last);
    if (strcmp(last.machine, "client/ft-receive") != 0 || w->run[i].host == run->host) continue;
    const cpm_str theirs = cpm_proc_text(w->run[i].proc, 0, CPM_FIELD_file_transfer_id);
    if (theirs.p && cpm_str_eq(theirs, cpm_proc_text(run->proc, 0, CPM_FIELD_file_transfer_id))) return &w->run[i];
  }
  return NULL;
}

static unsigned files_fates(const unsigned *told) {
  return told[CPM_NOTICE_accepted] + told[CPM_NOTICE_file_received] + told[CPM_NOTICE_failed] + told[CPM_NOTICE_cancelled] + told[CPM_NOTICE_refused];
}

/* One end of a file: it has one fate, and if that is good the file is there. */
static void files_fate(meet *w, const meet_run *run, const meet_run *other, uint32_t leg, bool comes) {
  const unsigned *told = run->told_of[leg];
  unsigned whole = run->told[CPM_NOTICE_failed] + run->told[CPM_NOTICE_cancelled] + run->told[CPM_NOTICE_session_over];
  for (uint32_t k = 0; k < cpm_proc_legs(run->proc); k++) whole -= run->told_of[k][CPM_NOTICE_failed] + run->told_of[k][CPM_NOTICE_cancelled];
  cpm_last last;
  cpm_proc_last(run->proc, &last);
  const bool asked = strcmp(last.machine, "client/ft-send") == 0;
  assert_true(files_fates(told) <= 1);
  if (asked) assert_true(files_fates(told) || whole);      /* who was asked, and has refused, knows */
  assert_true(told[CPM_NOTICE_proved] <= told[CPM_NOTICE_accepted]);
  if (comes) assert_int_equal(told[CPM_NOTICE_accepted] + told[CPM_NOTICE_proved], 0);
  else assert_int_equal(told[CPM_NOTICE_file_received] + told[CPM_NOTICE_file_damaged], 0);
  if (told[CPM_NOTICE_file_received]) assert_true(files_has(w, run, leg));
  if (!told[CPM_NOTICE_accepted]) return;
  assert_non_null(other);
  assert_int_equal(other->told_of[leg][CPM_NOTICE_file_received], 1);
}

static unsigned files_notified(const files_case *c) {
  unsigned n = 0;
  for (size_t i = 0; i < c->w->nruns; i++) n += c->w->run[i].told[CPM_NOTICE_notification];
  return n;
}

static void files_reported(const files_case *c, const meet_run *to, uint32_t leg) {
  const unsigned *told = to->told_of[leg];
  const unsigned reports = told[CPM_NOTICE_reported] + told[CPM_NOTICE_not_reported] + told[CPM_NOTICE_file_damaged];
  assert_int_equal(reports, c->how->report && told[CPM_NOTICE_file_received]);
  if (told[CPM_NOTICE_reported]) assert_true(files_notified(c));
}

/* Whatever went wrong: everybody has come to an end, and each file of the transfer that run asked for had its own. */
static void files_ended(const files_case *c, const meet_run *run) {
  const meet_run *const other = files_other(c->w, run);
  assert_true(meet_over(c->w));
  for (uint32_t leg = 0; leg < cpm_proc_legs(run->proc); leg++) {
    cpm_file file;
    assert_true(cpm_proc_file(&file, run->proc, leg));
    files_fate(c->w, run, other, leg, file.pull);
    if (!other) continue;
    files_fate(c->w, other, run, leg, !file.pull);
    if (!file.pull) files_reported(c, other, leg);
  }
}

static void files_end(files_case *c, const meet_run *run) {
  files_ended(c, run);
  meet_free(c->w);
}

static bool files_through(meet *w, const meet_run *run, uint32_t leg, bool comes) {
  const meet_run *const other = files_other(w, run);
  const unsigned *const sends = comes ? other->told_of[leg] : run->told_of[leg], *const gets = comes ? run->told_of[leg] : other->told_of[leg];
  return sends[CPM_NOTICE_accepted] && gets[CPM_NOTICE_file_received];
}

/* ---- nothing goes wrong ------------------------------------------------------------------------------------------------ */

static const files_how files_hows[] = {
  { 1, { false }, false, false, true, false, 0 },
  { 1, { true }, false, false, false, false, 0 },
  { 2, { false, true }, false, false, true, true, 0 },
  { 2, { true, false }, true, true, true, false, 0 },
  { 3, { false, true, false }, true, false, true, false, 0 },
  { 2, { false, false }, false, false, false, true, 10 },
};
enum { HOWS = sizeof files_hows / sizeof *files_hows };

static void files_go_through(void **state) {
  (void)state;
  files_case c;
  for (unsigned i = 0; i < HOWS; i++)
    for (uint64_t seed = 0; seed < 8; seed++) {
      const files_how *const how = &files_hows[i];
      meet_run *const run = files_start(&c, seed, how);
      meet_go(c.w);
      for (uint32_t leg = 0; leg < how->n; leg++) {
        assert_true(files_through(c.w, run, leg, how->pull[leg]));
        assert_int_equal(run->told_of[leg][CPM_NOTICE_proved], how->success && !how->pull[leg]);
        assert_int_equal(meet_file_came(c.w, how->pull[leg] ? run : files_other(c.w, run), leg), library[leg].n);
        if (how->report && !how->pull[leg]) assert_int_equal(files_other(c.w, run)->told_of[leg][CPM_NOTICE_reported], 1);
      }
      files_end(&c, run);
    }
}

/* Delivered, when it is there; displayed, when the user says so; both once. */
static void what_the_user_does_with_a_file_is_reported(void **state) {
  (void)state;
  files_case c;
  cpm_arg args[CPM_TICKET_ARGS];
  cpm_diag d = { 0 };
  cpm_event e;
  cpm_event_init(&e, CPM_EVENT_displayed);
  meet_run *const run = files_start(&c, 0, &files_hows[0]);
  meet_go(c.w);
  meet_run *const other = files_other(c.w, run);
  assert_int_equal(files_notified(&c), 1);
  assert_int_equal(run->nticket, 0);
  assert_status(cpm_ticket_decode(args, &e.nargs, cpm_str_of(other->ticket, other->nticket), &d), CPM_OK, &d);
  e.args = args;
  meet_run *const seen = meet_start(c.w, c.bob, "client/disposition", &e);
  meet_go(c.w);
  assert_int_equal(seen->told[CPM_NOTICE_reported], 1);
  assert_int_equal(files_notified(&c), 2);
  assert_int_equal(cpm_proc_number(meet_of(c.w, "client/pager-receive", 0)->proc, 0, CPM_FIELD_disposition), CPM_DISPOSITION_delivered);
  assert_int_equal(cpm_proc_number(meet_of(c.w, "client/pager-receive", 1)->proc, 0, CPM_FIELD_disposition), CPM_DISPOSITION_displayed);
  files_end(&c, run);
}

/* ---- whatever is lost, whenever somebody gives up --------------------------------------------------------------------- */

static void any_message_may_be_lost(void **state) {
  (void)state;
  files_case c;
  for (unsigned i = 0; i < HOWS; i++)
    for (files_at = 1;; files_at++) {
      meet_run *const run = files_start(&c, i, &files_hows[i]);
      c.w->lose = files_at;
      meet_go(c.w);
      const bool more = c.w->delivered >= files_at;
      files_end(&c, run);
      if (!more) break;
    }
}

/* One file: at every step. Several: at some. */
static unsigned files_stride(unsigned how) { return files_hows[how].n == 1 ? 1 : 7; }

enum { ASKER_LEAVES, OTHER_LEAVES, ASKER_TAKES_ONE_BACK, OTHER_TAKES_ONE_BACK, ONE_BREAKS, WHATS };

static void files_cancel(meet *w, meet_run *run, uint32_t leg) {
  if (run && (leg == CPM_NO_LEG || leg < cpm_proc_legs(run->proc))) meet_cancel(w, run, leg);
}

/* The transfer that began last. */
static meet_run *files_last(meet *w) {
  unsigned n = 0;
  while (meet_of(w, "client/ft-send", n + 1)) n++;
  return meet_of(w, "client/ft-send", n);
}

static void files_disturbs(meet *w) {
  if (w->delivered != files_at) return;
  w->before = NULL;
  meet_run *const asker = files_last(w), *const other = files_other(w, asker);
  const bool one = files_what == ASKER_TAKES_ONE_BACK || files_what == OTHER_TAKES_ONE_BACK;
  if (files_what == ONE_BREAKS) meet_break_leg(w, asker, 0);
  else files_cancel(w, files_what == ASKER_LEAVES || files_what == ASKER_TAKES_ONE_BACK ? asker : other, one ? 0 : CPM_NO_LEG);
}

static void anybody_may_give_up_at_any_time(void **state) {
  (void)state;
  files_case c;
  for (files_what = 0; files_what < WHATS; files_what++)
    for (unsigned i = 0; i < HOWS; i++)
      for (files_at = 1 + files_what % files_stride(i);; files_at += files_stride(i)) {
        const files_how *const how = &files_hows[i];
        meet_run *const run = files_start(&c, files_at % 3, how);
        c.w->before = files_disturbs;
        meet_go(c.w);
        const bool more = c.w->delivered > files_at, all = files_what == ASKER_LEAVES || files_what == OTHER_LEAVES;
        for (uint32_t leg = 1; !all && leg < how->n; leg++) assert_true(files_through(c.w, run, leg, how->pull[leg]));   /* each has its own fate */
        files_end(&c, run);
        if (!more) break;
      }
}

/* ---- taken up again ------------------------------------------------------------------------------------------------------ */

/* A transfer of what was cut: how far it had come, and what of it was stored. */
typedef struct files_again { meet_run *run; uint64_t from[FILES], came[FILES]; } files_again;

static uint64_t files_came(meet *w, const meet_run *run, uint32_t leg, bool comes) { return meet_file_came(w, comes ? run : files_other(w, run), leg); }

/* Those of its files that are not through, asked for by the host of that end, which may not know that one is. */
static files_again files_resume(files_case *c, meet_run *run, meet_run *end) {
  cpm_file files[FILES];
  files_again again = { NULL, { 0 }, { 0 } };
  size_t n = 0;
  for (uint32_t leg = 0; leg < cpm_proc_legs(run->proc); leg++) {
    assert_true(cpm_proc_file(&files[n], run->proc, leg));
    if (files_other(c->w, run) && files_through(c->w, run, leg, files[n].pull)) continue;
    again.came[n] = files[n].pull || files_other(c->w, run) ? files_came(c->w, run, leg, files[n].pull) : 0;
    assert_true(cpm_proc_file(&files[n], end->proc, leg));
    if (files[n].pull && files_has(c->w, end, leg)) continue;
    files[n].item = c->item[files_named(files[n].selector.name)];
    files[n].transfer_id = cpm_str_none();
    again.from[n] = files[n].from;
    n++;
  }
  if (n) again.run = files_ask(c, end->host, files, n, true, cpm_proc_text(end->proc, CPM_NO_LEG, CPM_FIELD_peer_device));
  return again;
}

/* It went through this time, and only what was missing went. */
static void files_resumed(files_case *c, const files_again *again) {
  for (uint32_t leg = 0; leg < cpm_proc_legs(again->run->proc); leg++) {
    cpm_file file;
    assert_true(cpm_proc_file(&file, again->run->proc, leg));
    assert_true(files_through(c->w, again->run, leg, file.pull));
    assert_int_equal(files_came(c->w, again->run, leg, file.pull) - again->came[leg], file.selector.size - again->from[leg]);
  }
  files_ended(c, again->run);
}

static void a_file_that_was_cut_is_taken_up_again(void **state) {
  (void)state;
  static const unsigned cuts[] = { ASKER_LEAVES, OTHER_LEAVES, ONE_BREAKS };
  files_case c;
  for (unsigned i = 0; i < HOWS; i++)
    for (unsigned k = 0; k < 2 * 3; k++)
      for (files_at = 1 + k % 2;; files_at += 2 * files_stride(i)) {
        files_what = cuts[k / 2];
        meet_run *const run = files_start(&c, files_at % 3, &files_hows[i]);
        c.w->before = files_disturbs;
        meet_go(c.w);
        const bool more = c.w->delivered > files_at;
        meet_run *const other = files_other(c.w, run);
        const files_again again = files_resume(&c, run, k % 2 && other ? other : run);
        meet_go(c.w);
        if (again.run) files_resumed(&c, &again);
        files_end(&c, run);
        if (!more) break;
      }
}

/* Each time some of it comes, until all is there. */
static void a_file_may_be_cut_again_and_again(void **state) {
  (void)state;
  unsigned cuts = 0;
  files_case c;
  for (unsigned i = 0; i < 2; i++)
    for (unsigned by = 0; by < 3; by++)
      for (unsigned each = 16; each < 21; each++) {
        files_what = ONE_BREAKS;
        files_at = each;
        meet_run *const run = files_start(&c, each, &files_hows[i]);
        files_again again = { run, { 0 }, { 0 } };
        unsigned times = 0;
        while (again.run) {
          meet_run *const was = again.run;
          c.w->before = files_disturbs;
          meet_go(c.w);
          files_at = c.w->delivered + each;
          assert_true(++times < 10);
          again = files_resume(&c, was, (by + times * (by == 2)) % 2 ? files_other(c.w, was) : was);
        }
        cuts += times - 1;
        assert_true(files_has(c.w, files_hows[i].pull[0] ? run : files_other(c.w, run), 0));
        assert_true(meet_over(c.w));
        meet_free(c.w);
      }
  assert_true(cuts > 30);
}

static void what_was_cut_and_cannot_go_on_is_refused(void **state) {
  (void)state;
  files_case c;
  for (unsigned i = 0; i < 2; i++)
    for (unsigned by = 0; by < 2; by++)
      for (unsigned why = 0; why < 3; why++) {
        char hash[HASH];
        files_what = ONE_BREAKS;
        files_at = 18;
        meet_run *const run = files_start(&c, 0, &files_hows[i]);
        c.w->before = files_disturbs;
        meet_go(c.w);
        meet_run *const end = by ? files_other(c.w, run) : run;
        const bool comes = files_hows[i].pull[0] != (by != 0);   /* to who asks again */
        const char was = library[0].octets[3];
        cpm_file file;
        assert_true(cpm_proc_file(&file, end->proc, 0));
        assert_in_range(file.from, 1, file.selector.size - 1);
        if (why == 0) library[0].octets[3] = '!';                /* changed meanwhile */
        if (why == 0 && !comes) file.selector.hashes = files_hash(hash, files_octets(0));
        if (why == 1) (end->host == c.alice ? c.bob : c.alice)->agent.resume_files = 0;
        if (why == 2) c.forgotten = true;
        meet_run *const again = files_ask(&c, end->host, &file, 1, true, cpm_str_none());
        meet_go(c.w);
        library[0].octets[3] = was;
        assert_int_equal(again->told[CPM_NOTICE_failed], 1);
        assert_int_equal(cpm_proc_number(again->proc, CPM_NO_LEG, CPM_FIELD_status), 488);
        files_end(&c, run);
      }
}

/* ---- files that are not wanted, or too large ------------------------------------------------------------------------------ */

static void each_file_has_its_own_answer(void **state) {
  (void)state;
  static const files_how three = { 3, { false, false, false }, false, false, true, false, 0 };
  files_case c;
  for (unsigned unwanted = 0; unwanted < 1 << FILES; unwanted++)
    for (uint64_t limit = 5; limit < 30; limit += 8) {
      unsigned refused = unwanted;
      meet_run *const run = files_start(&c, unwanted, &three);
      c.unwanted = unwanted;
      c.bob->agent.media_limit = limit;
      for (unsigned i = 0; i < FILES; i++) refused |= (unsigned)(library[i].n > limit) << i;
      meet_go(c.w);
      const bool none = refused == (1 << FILES) - 1;
      assert_int_equal(run->told[CPM_NOTICE_failed], none);
      if (none) assert_int_equal(cpm_proc_number(run->proc, CPM_NO_LEG, CPM_FIELD_status), 603);
      for (uint32_t leg = 0; leg < FILES && !none; leg++) {
        assert_int_equal(run->told_of[leg][CPM_NOTICE_refused], refused >> leg & 1);
        if (!(refused >> leg & 1)) assert_true(files_through(c.w, run, leg, false));
      }
      files_end(&c, run);
    }
}

int main(void) {
  static const char *const names[FILES] = { "a.txt", "b.txt", "c.txt" };
  static const size_t sizes[FILES] = { OCTETS, 9, 7 };
  for (unsigned i = 0; i < FILES; i++) {
    library[i] = (files_file){ .name = names[i], .n = sizes[i] };
    for (size_t k = 0; k < sizes[i]; k++) library[i].octets[k] = (char)('a' + (k * 7 + k / 26 + i) % 26);
  }
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(files_go_through),
    cmocka_unit_test(what_the_user_does_with_a_file_is_reported),
    cmocka_unit_test(any_message_may_be_lost),
    cmocka_unit_test(anybody_may_give_up_at_any_time),
    cmocka_unit_test(a_file_that_was_cut_is_taken_up_again),
    cmocka_unit_test(a_file_may_be_cut_again_and_again),
    cmocka_unit_test(what_was_cut_and_cannot_go_on_is_refused),
    cmocka_unit_test(each_file_has_its_own_answer),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
