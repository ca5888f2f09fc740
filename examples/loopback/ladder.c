/* SPDX-License-Identifier: MIT */
/* ladder.c - keeps what happened, and prints it: a column a participant, beside each arrow what crossed and the requirements behind
 * it. */
#include "ladder.h"
#include "diagram.h"
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { LADDER_WIDTH = 132, LADDER_LEFT = 12, LADDER_TEXT = 2048, LADDER_RAIL = 160, LADDER_BODY = 1024 };   /* octets of a chunk that are shown */

ladder_scene  ladder_scenes[LADDER_SCENES];
unsigned      ladder_nscenes;
ladder_judged ladder_verdicts;

/* ---- texts that stay ----------------------------------------------------------------------------------------------- */

typedef struct ladder_kept { struct ladder_kept *next; char bytes[]; } ladder_kept;
static ladder_kept *ladder_texts;

static void *ladder_room(size_t n) {
  ladder_kept *k = calloc(1, sizeof *k + n);
  if (!k) abort();
  k->next = ladder_texts;
  ladder_texts = k;
  return k->bytes;
}

static const char *ladder_keep(cpm_str s) {
  char *copy = ladder_room(s.n + 1);
  if (s.n) memcpy(copy, s.p, s.n);
  return copy;
}

/* The ids of a row or line, whole. */
static const char *ladder_clauses(const char *spec, const char *clauses) {
  char all[LADDER_TEXT], id[CPM_CLAUSE_MAX];
  size_t n = 0;
  all[0] = '\0';
  while (clauses && cpm_clause_next(spec ? spec : "", &clauses, id) && n < sizeof all)
    n += (size_t)snprintf(all + n, sizeof all - n, "%s%s", n ? " " : "", id);
  return ladder_keep(cpm_str_z(all));
}

/* ---- keeping ------------------------------------------------------------------------------------------------------- */

void ladder_begin(const char *title, const char *about) {
  if (ladder_nscenes == LADDER_SCENES) abort();
  ladder_scene *s = &ladder_scenes[ladder_nscenes++];
  s->title = title;
  s->about = about;
  s->lines = ladder_room(LADDER_LINES * sizeof *s->lines);
}

static ladder_line *ladder_new(void) {
  static int64_t began;
  static ladder_line spare;
  if (!began) began = adapter_clock();
  ladder_scene *s = ladder_nscenes ? &ladder_scenes[ladder_nscenes - 1] : NULL;
  ladder_line *l = s && s->nlines < LADDER_LINES ? &s->lines[s->nlines++] : &spare;
  *l = (ladder_line){ .us = adapter_clock() - began, .clauses = "" };
  return l;
}

/* "MESSAGE sip:bob@example.com", "202 Accepted": a start line without the version. */
static const char *ladder_title(cpm_str wire) {
  const char *end = memchr(wire.p, '\r', wire.n);
  cpm_str line = cpm_str_of(wire.p, end ? (size_t)(end - wire.p) : wire.n);
  const size_t version = strlen("SIP/2.0 ");
  if (line.n > version && !memcmp(line.p, "SIP/2.0 ", version)) return ladder_keep(cpm_str_of(line.p + version, line.n - version));
  return ladder_keep(cpm_str_of(line.p, line.n > version ? line.n - version : 0));
}

static cpm_str ladder_body(cpm_str wire) {
  for (size_t i = 0; i + 4 <= wire.n; i++)
    if (!memcmp(wire.p + i, "\r\n\r\n", 4)) return cpm_str_of(wire.p + i + 4, wire.n - i - 4);
  return cpm_str_none();
}

static void ladder_keep_fields(ladder_line *l, const cpm_sip *msg) {
  ladder_field *fields = ladder_room(msg->nfields * sizeof *fields);
  for (size_t i = 0; i < msg->nfields; i++) {
    const cpm_sip_field *f = &msg->fields[i];
    fields[i].name = ladder_keep(f->name.n ? f->name : cpm_sip_header_name(f->id));
    fields[i].value = ladder_keep(f->value);
    fields[i].clauses = f->clauses ? ladder_clauses(f->spec, f->clauses) : NULL;
  }
  l->fields = fields;
  l->nfields = msg->nfields;
}

/* What was composed, held against the lines of its recipe (cpm/model.h): before the stack and the network add theirs. */
static void ladder_judge(const ladder_sent *sent, cpm_str body) {
  const int recipe = cpm_recipe_named(sent->effect->name);
  cpm_sip msg = sent->effect->sip;
  msg.npieces = 0;
  msg.body = body;
  for (size_t i = 0; i < cpm_recipe_lines(recipe); i++) {
    cpm_check check;
    if (cpm_recipe_check(recipe, i, &msg, &sent->from->agent, NULL, 0, &check) != CPM_OK) continue;
    ladder_verdicts.holds += check.verdict == CPM_HOLDS;
    ladder_verdicts.open += check.verdict == CPM_DEPENDS || check.verdict == CPM_NOT_ASKED;
    if (check.verdict != CPM_FAILS) continue;
    ladder_verdicts.fails++;
    log_note(sent->from, sent->effect, "%s of %s does not hold: %s", check.name, sent->effect->name, check.clauses);
  }
}

void ladder_message(const ladder_sent *sent) {
  ladder_line *l = ladder_new();
  const char *bytes = ladder_keep(sent->wire);
  l->from = sent->from;
  l->to = sent->to;
  l->wire = cpm_str_of(bytes, sent->wire.n);
  l->body = ladder_body(l->wire);
  l->title = ladder_title(l->wire);
  l->path = ladder_keep(cpm_str_z(sent->path));
  l->lost = sent->lost;
  l->again = !sent->msg;
  l->status = (unsigned)strtoul(l->title, NULL, 10);
  if (sent->msg) ladder_keep_fields(l, sent->msg);
  if (!sent->effect) return;
  l->recipe = sent->effect->name;
  l->clauses = ladder_clauses(sent->effect->spec, sent->effect->clauses);
  if (l->recipe) ladder_judge(sent, l->body);
}

/* The line that stands for more like it: the second of them. */
static ladder_line *ladder_like(const ua *from, const ua *to, const char *run) {
  ladder_scene *s = &ladder_scenes[ladder_nscenes - 1];
  ladder_line *found = NULL;
  unsigned n = 0;
  for (unsigned i = 0; i < s->nlines; i++) {
    ladder_line *l = &s->lines[i];
    if (l->from == from && l->to == to && l->run && !strcmp(l->run, run)) found = l, n++;
  }
  return n > 1 ? found : NULL;
}

/* Chunks of one message are like each other, and so are the responses to them: those that come while such a run goes the other way. */
static ladder_line *ladder_run(const log_msrp *sent, const char *run) {
  const ladder_scene *s = &ladder_scenes[ladder_nscenes - 1];
  if (!sent->msg->status) return ladder_like(sent->line->who, sent->line->peer, run);
  for (unsigned i = 0; i < s->nlines; i++) {
    const ladder_line *l = &s->lines[i];
    if (l->times > 1 && l->from == sent->line->peer && l->to == sent->line->who && !l->status) return ladder_like(sent->line->who, sent->line->peer, run);
  }
  return NULL;
}

/* "SEND 1-65536/5243190", "REPORT", "200 (MSRP)". */
static const char *ladder_msrp_title(const cpm_msrp *msg, uint64_t octets) {
  char text[128];
  const char *method = msg->method == CPM_MSRP_REPORT ? "REPORT" : "SEND";
  const unsigned long long first = msg->range.start, last = octets ? first + octets - 1 : msg->range.end;
  if (msg->status) snprintf(text, sizeof text, "%u (MSRP)", msg->status);
  else if (!msg->has_range) snprintf(text, sizeof text, "%s", method);
  else snprintf(text, sizeof text, "%s %llu-%llu/%llu", method, first, last, (unsigned long long)msg->range.total);
  return ladder_keep(cpm_str_z(text));
}

/* Head, and how the content begins. */
static cpm_str ladder_msrp_wire(const log_msrp *sent) {
  const size_t shown = sent->body.n < LADDER_BODY ? sent->body.n : LADDER_BODY;
  char *bytes = ladder_room(sent->head.n + shown + 1);
  memcpy(bytes, sent->head.p, sent->head.n);
  if (shown) memcpy(bytes + sent->head.n, sent->body.p, shown);
  return cpm_str_of(bytes, sent->head.n + shown);
}

/* Where many like it cross one after the other, the ladder has the first, the last and how many there were. */
void log_media(const log_msrp *sent) {
  const cpm_msrp *msg = sent->msg;
  const char *run = msg->status ? "response" : ladder_keep(msg->message_id);
  ladder_line *l = ladder_run(sent, run);
  if (!l) l = ladder_new();
  l->from = sent->line->who;
  l->to = sent->line->peer;
  l->run = run;
  l->times++;
  l->status = msg->status;
  l->title = ladder_msrp_title(msg, sent->body.n);
  l->path = "MSRP over TCP";
  l->wire = ladder_msrp_wire(sent);
  if (!sent->effect) return;
  l->recipe = sent->effect->name;
  l->clauses = ladder_clauses(sent->effect->spec, sent->effect->clauses);
}

void log_note(const ua *who, const cpm_effect *x, const char *format, ...) {
  char text[LADDER_TEXT];
  va_list args;
  va_start(args, format);
  vsnprintf(text, sizeof text, format, args);
  va_end(args);
  ladder_line *l = ladder_new();
  l->from = who;
  l->title = ladder_keep(cpm_str_z(text));
  if (x) l->clauses = ladder_clauses(x->spec, x->clauses);
}

void log_step(const ua *who, const cpm_proc *proc, cpm_event_type type, int rc, const cpm_diag *diag) {
  if (rc == CPM_OK) { diagram_saw(proc); return; }
  if (rc < 0) adapter_counts.untaken++;
  log_note(who, NULL, "%s: %s %s %s", cpm_event_name(type), cpm_status_name(rc), diag->rule ? diag->rule : "",
              diag->clause ? diag->clause : "");
}

void log_dispatched(const ua *who, const cpm_dispatched *d) {
  const cpm_effect row = { .spec = d->spec, .clauses = d->clauses };
  if (d->machine) log_note(who, &row, "for %s", d->procedure);
  else if (d->procedure) log_note(who, &row, "for %s, which is not here", d->procedure);
  else log_note(who, &row, "for no procedure");
}

bool ladder_expect(bool holds, const char *what) {
  ladder_scene *s = &ladder_scenes[ladder_nscenes - 1];
  if (s->nchecks == LADDER_CHECKS) abort();
  s->checks[s->nchecks++] = (ladder_check){ what, holds };
  return holds;
}

bool ladder_involves(const ladder_scene *s, const ua *who) {
  for (unsigned i = 0; i < s->nlines; i++)
    if (s->lines[i].from == who || s->lines[i].to == who) return true;
  return false;
}

bool ladder_all_hold(void) {
  for (unsigned i = 0; i < ladder_nscenes; i++)
    for (unsigned k = 0; k < ladder_scenes[i].nchecks; k++)
      if (!ladder_scenes[i].checks[k].holds) return false;
  return ladder_nscenes > 0;
}

void ladder_close(void) {
  while (ladder_texts) {
    ladder_kept *k = ladder_texts;
    ladder_texts = k->next;
    free(k);
  }
}

/* ---- printing ------------------------------------------------------------------------------------------------------ */

/* Where each participant of the scene has its rail. */
typedef struct ladder_rails { unsigned n, pitch; unsigned at[UA_PARTICIPANTS]; char blank[LADDER_RAIL]; } ladder_rails;

static ladder_rails ladder_lay(const ladder_scene *s) {
  ladder_rails r = { 0 };
  const ua *who;
  for (unsigned c = 0; (who = ua_in_column(c)) != NULL; c++) r.n += ladder_involves(s, who);
  r.pitch = r.n < 4 ? 14 : r.n < 6 ? 9 : 7;
  memset(r.blank, ' ', LADDER_LEFT + (r.n ? r.n - 1 : 0) * r.pitch + 3);
  for (unsigned c = 0, k = 0; (who = ua_in_column(c)) != NULL; c++) {
    if (!ladder_involves(s, who)) continue;
    r.at[c] = LADDER_LEFT + k++ * r.pitch;
    r.blank[r.at[c]] = '|';
  }
  return r;
}

static void ladder_heads(const ladder_scene *s, const ladder_rails *r) {
  char line[LADDER_RAIL];
  const ua *who;
  memset(line, ' ', sizeof line);
  memcpy(line + LADDER_LEFT - 7, "ms", 2);
  for (unsigned c = 0; (who = ua_in_column(c)) != NULL; c++) {
    const size_t n = strlen(who->name);
    if (ladder_involves(s, who)) memcpy(line + r->at[c] - n / 2, who->name, n);
  }
  size_t end = sizeof line;
  while (end && line[end - 1] == ' ') end--;
  printf("%.*s\n", (int)end, line);
}

/* At most `most` ids, and how many more there are. */
static void ladder_some(char *dst, size_t cap, const char *clauses, unsigned most) {
  size_t n = 0;
  unsigned k = 0;
  dst[0] = '\0';
  for (const char *p = clauses; *p; k++) {
    const size_t len = strcspn(p, " ");
    if (k < most) n += (size_t)snprintf(dst + n, cap - n, "%s%.*s", n ? " " : "[", (int)len, p);
    p += len + (p[len] == ' ');
  }
  if (k > most) snprintf(dst + n, cap - n, " +%u]", k - most);
  else if (k) snprintf(dst + n, cap - n, "]");
}

/* Text, and at the right end the ids: as many as there is room for, and one at the cost of the text. */
static void ladder_put(const char *rail, size_t used, const char *text, const char *clauses) {
  char ids[256];
  const size_t width = LADDER_WIDTH - used, n = strlen(text);
  unsigned most = 4;
  do ladder_some(ids, sizeof ids, clauses, --most);
  while (most > 1 && n + strlen(ids) + 2 > width);
  const size_t taken = ids[0] ? strlen(ids) + 2 : 0, room = width > taken ? width - taken : 0;
  const bool cut = n > room;
  printf("%.*s%.*s%s", (int)used, rail, (int)(cut ? room - 3 : n), text, cut ? "..." : "");
  if (ids[0]) printf("%*s", (int)(width - (cut ? room : n)), ids);
  printf("\n");
}

static void ladder_draw(char *rail, const ladder_line *l, const ladder_rails *r) {
  const unsigned from = r->at[l->from->column];
  if (!l->to) { rail[from] = '*'; return; }
  const unsigned to = r->at[l->to->column], a = from < to ? from : to, b = from < to ? to : from;
  memset(rail + a + 1, l->again ? '=' : '-', b - a - 1);
  rail[from < to ? to - 1 : to + 1] = from < to ? '>' : '<';
  if (l->lost) rail[(a + b) / 2] = 'X';
}

static bool ladder_notable(const char *name) {
  static const char *const names[] = {
    "Accept", "Accept-Contact", "Allow", "Content-Type", "Contribution-ID", "Conversation-ID", "Expires",
    "InReplyTo-Contribution-ID", "Message-UID", "P-Asserted-Identity", "P-Asserted-Service", "Privacy", "Referred-By", "Reply-To",
    "Require", "Route", "Server", "Supported", "User-Agent", "Warning" };
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (!strcmp(names[i], name)) return true;
  return false;
}

/* Was this field, of the same recipe, printed in this scene already? */
static bool ladder_printed(const ladder_scene *s, const ladder_line *l, const ladder_field *f) {
  for (const ladder_line *b = s->lines; b < l; b++)
    for (size_t i = 0; b->recipe && l->recipe && !strcmp(b->recipe, l->recipe) && i < b->nfields; i++)
      if (!strcmp(b->fields[i].name, f->name) && !strcmp(b->fields[i].value, f->value)) return true;
  return false;
}

static void ladder_put_line(const ladder_scene *s, const ladder_line *l, const ladder_rails *r) {
  char rail[LADDER_RAIL], text[LADDER_TEXT], time[16];
  const size_t used = strlen(r->blank);
  memcpy(rail, r->blank, sizeof rail);
  ladder_draw(rail, l, r);
  memcpy(rail, time, (size_t)snprintf(time, sizeof time, "%8.2f", (double)l->us / 1000.0));
  const int n = snprintf(text, sizeof text, "%s%s%s", l->title, l->again ? " (again)" : "", l->lost ? " (lost)" : "");
  if (l->times > 1) snprintf(text + n, sizeof text - (size_t)n, ", the last of %u", l->times);
  ladder_put(rail, used, text, l->clauses);
  for (size_t i = 0; i < l->nfields; i++) {
    const ladder_field *f = &l->fields[i];
    if (!ladder_notable(f->name) || ladder_printed(s, l, f) || !(l->recipe || f->clauses)) continue;
    snprintf(text, sizeof text, "  %s: %s", f->name, f->value);
    ladder_put(r->blank, used, text, f->clauses ? f->clauses : "network");
  }
}

/* A paragraph. */
static void ladder_wrap(const char *text) {
  enum { WIDTH = 100 };
  while (*text) {
    size_t n = strlen(text);
    if (n > WIDTH) for (n = WIDTH; n > 1 && text[n] != ' ';) n--;
    printf("%.*s\n", (int)n, text);
    text += n + (text[n] == ' ');
  }
}

void ladder_print(const ladder_scene *s) {
  const ladder_rails r = ladder_lay(s);
  printf("%s\n", s->title);
  ladder_wrap(s->about);
  printf("\n");
  ladder_heads(s, &r);
  for (unsigned i = 0; i < s->nlines; i++) ladder_put_line(s, &s->lines[i], &r);
  printf("\n");
  for (unsigned i = 0; i < s->nchecks; i++) printf("  %-6s %s\n", s->checks[i].holds ? "yes" : "NO", s->checks[i].what);
  printf("\n\n");
}
