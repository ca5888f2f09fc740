/* SPDX-License-Identifier: MIT */
/* trace.c - which requirement is held where, and what proves it.
 *
 *     trace             counts by status and procedure, what is missing; status 1 if anything is wrong or coverage fell
 *     trace ID          everything about one id, or a ruling
 *     trace --update    the same as without, and writes docs/coverage.tsv anew
 *
 * Read in the current folder, the project's: fsm/requirements.tsv, docs/trace.tsv, docs/rulings.md, docs/coverage.tsv, and as
 * evidence tests/scenarios and tests/test_*.c. The tables are the compiled ones.
 */
#define _POSIX_C_SOURCE 200809L
#include "clause_column.h"
#include "names.h"
#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef enum status { NONE, TABLE, CODE, HOST, LATER, SAME, OUT, STATUS_COUNT } status;
static const char *const status_names[] = { "-", "table", "code", "host", "later", "same", "out" };

/* A list of texts. */
typedef struct note {
  struct note *next;
  char *text;
} note;

enum { F_ID, F_SECTION, F_ROLE, F_PROCEDURE, F_LEVEL, F_KIND, F_SUMMARY, F_LITERAL, F_NOTE, F_COUNT };
typedef struct entry {
  char *f[F_COUNT];
  status st;
  const char *where, *why;
  bool exact; /* its status has a line of its own */
  struct entry *same;
  note *carriers, *evidence;
} entry;

/* A line of docs/trace.tsv. */
typedef struct said {
  char *id, *where, *why;
  status st;
  unsigned line;
  size_t used;
} said;

static entry *entries;
static size_t nentries;
static said saids[4096];
static size_t nsaids;
static bool rulings[1000];
static note *ruling_carriers[1000], *ruling_evidence[1000];
static note *effects, *effect_evidence; /* "ASK pager_policy": what rows can do, what scenarios show */
static unsigned complaints;

/* ---- small things ---------------------------------------------------------------------------------------------------- */

static void complain(const char *format, ...) {
  va_list args;
  va_start(args, format);
  vprintf(format, args);
  va_end(args);
  putchar('\n');
  complaints++;
}

static void *need(void *p) {
  if (p) return p;
  fprintf(stderr, "trace: %s\n", strerror(errno));
  exit(2);
}

static void add_note(note **list, const char *text) {
  note *n = need(malloc(sizeof *n));
  while (*list) list = &(*list)->next;
  *n = (note){ NULL, need(strdup(text)) };
  *list = n;
}

static bool has_note(const note *list, const char *text) {
  for (; list; list = list->next)
    if (strcmp(list->text, text) == 0) return true;
  return false;
}

static char *read_file(const char *path, bool must) {
  FILE *f = fopen(path, "rb");
  if (!f && !must) return NULL;
  if (!f || fseek(f, 0, SEEK_END)) {
    fprintf(stderr, "trace: %s: %s\n", path, strerror(errno));
    exit(2);
  }
  const long n = ftell(f);
  rewind(f);
  char *text = need(malloc((size_t)n + 1));
  if (fread(text, 1, (size_t)n, f) != (size_t)n) {
    fprintf(stderr, "trace: %s: cannot be read\n", path);
    exit(2);
  }
  fclose(f);
  text[n] = '\0';
  return text;
}

/* The next line of the text, its end made a NUL; NULL after the last. */
static char *next_line(char **text) {
  char *line = *text;
  if (!line || !*line) return NULL;
  char *end = strchr(line, '\n');
  *text = end ? end + 1 : line + strlen(line);
  if (end) *end = '\0';
  return line;
}

/* Cuts a line at its tabs; what is not there is empty. */
static void cut(char *line, char **fields, size_t n) {
  static char empty[] = "";
  for (size_t i = 0; i < n; i++) fields[i] = empty;
  for (size_t i = 0; i < n && line; i++) {
    fields[i] = line;
    line = strchr(line, '\t');
    if (line) *line++ = '\0';
  }
}

static int by_id(const void *a, const void *b) { return strcmp(((const entry *)a)->f[F_ID], ((const entry *)b)->f[F_ID]); }

static entry *find(const char *id) {
  entry key;
  memset(&key, 0, sizeof key);
  key.f[F_ID] = (char *)(size_t)id;
  return bsearch(&key, entries, nentries, sizeof key, by_id);
}

/* Number of a ruling's own id, O-R33 and not O-R43-5; 0 for others. */
static unsigned ruling_of(const char *id) {
  char *end;
  if (strncmp(id, "O-R", 3) != 0) return 0;
  const unsigned long n = strtoul(id + 3, &end, 10);
  return *end == '\0' && n < sizeof rulings / sizeof *rulings ? (unsigned)n : 0;
}

/* ---- reading --------------------------------------------------------------------------------------------------------- */

static void read_requirements(void) {
  static char path[] = "fsm/requirements.tsv";
  char *text = read_file(path, true), *line;
  size_t lines = 0;
  for (const char *p = text; *p; p++) lines += *p == '\n';
  entries = need(calloc(lines + 1, sizeof *entries));
  next_line(&text); /* the names of the columns */
  while ((line = next_line(&text)) != NULL) cut(line, entries[nentries++].f, F_COUNT);
  qsort(entries, nentries, sizeof *entries, by_id);
  for (size_t i = 1; i < nentries; i++)
    if (by_id(&entries[i - 1], &entries[i]) == 0) complain("%s: %s stands twice", path, entries[i].f[F_ID]);
}

static void read_rulings(void) {
  char *text = read_file("docs/rulings.md", true);
  for (char *p = text; (p = strstr(p, "**R")) != NULL; p += 3) {
    char *end;
    const unsigned long n = strtoul(p + 3, &end, 10);
    if (n < sizeof rulings / sizeof *rulings && end[0] == '*' && end[1] == '*') rulings[n] = true;
  }
  free(text);
}

static void read_said(void) {
  char *text = read_file("docs/trace.tsv", true), *line, *f[4];
  unsigned number = 1;
  next_line(&text);
  while ((line = next_line(&text)) != NULL) {
    number++;
    if (!*line || *line == '#') continue;
    if (nsaids == sizeof saids / sizeof *saids) {
      complain("docs/trace.tsv: too many lines");
      return;
    }
    cut(line, f, 4);
    said *s = &saids[nsaids++];
    *s = (said){ f[0], f[2], f[3], NONE, number, 0 };
    for (unsigned st = TABLE; st < STATUS_COUNT; st++)
      if (strcmp(status_names[st], f[1]) == 0) s->st = (status)st;
    if (s->st == NONE) complain("docs/trace.tsv:%u: no status is called '%s'", number, f[1]);
    if (!*s->why && s->st != SAME && s->st != LATER) complain("docs/trace.tsv:%u: it does not say why", number);
  }
}

/* ---- what the tables carry ------------------------------------------------------------------------------------------- */

static note *loose; /* ids of tables and tests that nobody knows */

static void carry_one(const char *id, const char *by, bool evidence) {
  entry *e = find(id);
  const unsigned r = e ? 0 : ruling_of(id);
  char text[640];
  if (e) add_note(evidence ? &e->evidence : &e->carriers, by);
  else if (r && rulings[r]) add_note(evidence ? &ruling_evidence[r] : &ruling_carriers[r], by);
  else {
    snprintf(text, sizeof text, "%s, of %s", id, by);
    add_note(&loose, text);
  }
}

static void carry(const char *spec, const char *clauses, const char *by) {
  char id[CPM_CLAUSE_MAX];
  while (cpm_clause_next(spec, &clauses, id)) carry_one(id, by, false);
}

/* What the op asks of the host, as a scenario writes it; false for ops of which the tool counts nothing. */
static bool effect_text(const cpmi_op *op, char *dst, size_t n) {
  names_given given[NAMES_OPERANDS];
  switch (op->op) {
  case CPMI_OP_SEND:
  case CPMI_OP_START:
  case CPMI_OP_STOP:
  case CPMI_OP_ASK:
  case CPMI_OP_TELL:
  case CPMI_OP_STORE:
  case CPMI_OP_DROP:
  case CPMI_OP_FETCH: break;
  default: return false;
  }
  const size_t operands = names_of_op(op, given);
  snprintf(dst, n, "%s %s", names_op(op->op), given[op->op == CPMI_OP_START ? operands - 1 : 0].text);
  return true;
}

static void walk_rows(const cpm_machine *m, bool leg) {
  char by[256], effect[64];
  for (cpmi_row_walk w = cpmi_walk_rows(m, leg); cpmi_next_row(&w);) {
    snprintf(by, sizeof by, "row of %s%s: %s, %s", m->name, leg ? ", leg" : "", names_state(w.state),
             cpm_event_name((cpm_event_type)w.event));
    carry(w.r->spec, w.r->clauses, by);
    for (size_t k = 0; k < CPMI_OPS_A_ROW; k++)
      if (effect_text(&w.r->ops[k], effect, sizeof effect) && !has_note(effects, effect)) add_note(&effects, effect);
  }
}

static void walk_machine(const cpm_machine *m) {
  char by[256];
  walk_rows(m, false);
  walk_rows(m, true);
  const cpmi_capture *c;
  for (size_t i = 0; (c = cpmi_capture_at(m, i)) != NULL; i++) {
    snprintf(by, sizeof by, "capture of %s: %s gives %s", m->name, cpm_event_name((cpm_event_type)c->event),
             cpm_field_name((cpm_field)c->field));
    carry(c->spec, c->clauses, by);
  }
}

static const char *line_name(const cpmi_line *l) {
  const char *name = names_line(l);
  if (!name) return l->place == CPMI_PLACE_BODY ? "body" : "entry";
  return strcmp(name, "*") == 0 ? "all other header fields" : name;
}

static void walk_recipe(const cpmi_recipe *r) {
  char by[256];
  for (size_t i = 0; i < r->nlines; i++) {
    snprintf(by, sizeof by, "line of %s: %s%s", r->name, r->lines[i].level == CPMI_SHALL_NOT ? "no " : "", line_name(&r->lines[i]));
    carry(r->lines[i].spec, r->lines[i].clauses, by);
  }
}

static void walk_tables(void) {
  for (size_t i = 0; i < cpmi_machine_count; i++) walk_machine(cpmi_machines[i]);
  for (size_t i = 0; i < CPMI_RECIPE_COUNT; i++) walk_recipe(cpmi_recipes[i]);
}

/* ---- evidence -------------------------------------------------------------------------------------------------------- */

static void evidence_ids(char *ids, const char *path, unsigned number) {
  char by[512];
  snprintf(by, sizeof by, "%s:%u", path, number);
  for (char *id = strtok(ids, " "); id; id = strtok(NULL, " ")) carry_one(id, by, true);
}

/* "> [2] ASK pager_policy": an effect that a scenario shows. */
static void evidence_effect(const char *line) {
  char text[64];
  if (*line++ != '>') return;
  while (*line == ' ') line++;
  if (*line == '[' && (line = strchr(line, ']')) != NULL) line++;
  while (line && *line == ' ') line++;
  const char *second = line ? strchr(line, ' ') : NULL;
  if (!second) return;
  snprintf(text, sizeof text, "%.*s", (int)(second + 1 - line + (long)strcspn(second + 1, " ")), line);
  if (!has_note(effect_evidence, text)) add_note(&effect_evidence, text);
}

static void read_scenario(const char *path) {
  char *text = read_file(path, true), *rest = text, *line;
  for (unsigned number = 1; (line = next_line(&rest)) != NULL; number++) {
    if (*line == '#') continue;
    evidence_effect(line);
    evidence_ids(line + clause_column_before(line, strlen(line)), path, number);
  }
  free(text);
}

/* HOLDS("id id") in a test written in C. */
static void read_test(const char *path) {
  char *text = read_file(path, true), *rest = text, *line;
  for (unsigned number = 1; (line = next_line(&rest)) != NULL; number++) {
    char *from = strstr(line, "HOLDS(\""), *to = from ? strchr(from + 7, '"') : NULL;
    if (!to || from != line + strspn(line, " ")) continue;
    *to = '\0';
    evidence_ids(from + 7, path, number);
  }
  free(text);
}

static int by_name(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

static bool ends(const char *name, const char *with) {
  const size_t n = strlen(name), k = strlen(with);
  return n > k && strcmp(name + n - k, with) == 0;
}

/* Files of a folder in the order of their names; folders inside of it too, if deep. */
static void walk_folder(const char *path, const char *ending, bool deep, void (*use)(const char *path)) {
  char *names[1024], full[1024];
  size_t n = 0;
  DIR *dir = opendir(path);
  if (!dir) return;
  for (const struct dirent *d; n < 1024 && (d = readdir(dir)) != NULL;)
    if (d->d_name[0] != '.') names[n++] = need(strdup(d->d_name));
  closedir(dir);
  qsort(names, n, sizeof *names, by_name);
  for (size_t i = 0; i < n; i++) {
    snprintf(full, sizeof full, "%s/%s", path, names[i]);
    if (ends(names[i], ending)) use(full);
    else if (deep) walk_folder(full, ending, deep, use);
    free(names[i]);
  }
}

/* ---- statuses -------------------------------------------------------------------------------------------------------- */

static void take(entry *e, said *s, bool exact) {
  s->used++;
  e->st = s->st;
  e->where = s->where;
  e->why = s->why;
  e->exact = exact;
}

static void say_exact(said *s) {
  entry *e = find(s->id);
  if (!e) {
    complain("docs/trace.tsv:%u: there is no requirement %s", s->line, s->id);
    return;
  }
  if (e->exact) {
    complain("docs/trace.tsv:%u: %s has a line already", s->line, s->id);
    return;
  }
  if (s->st == TABLE && !e->carriers) complain("docs/trace.tsv:%u: no table carries %s", s->line, s->id);
  if (s->st != TABLE && e->carriers) complain("docs/trace.tsv:%u: %s is carried by a %s", s->line, s->id, e->carriers->text);
  take(e, s, true);
}

/* procedure:client/large-send or level:STUB: every id of it that has nothing better. */
static void say_pattern(said *s) {
  const char *value = strchr(s->id, ':') + 1;
  const unsigned field = *s->id == 'l' ? F_LEVEL : F_PROCEDURE;
  for (size_t i = 0; i < nentries; i++) {
    entry *e = &entries[i];
    if (strcmp(e->f[field], value) == 0 && e->st == NONE) take(e, s, false);
  }
  if (!s->used) complain("docs/trace.tsv:%u: %s says nothing of any id", s->line, s->id);
}

static bool is_pattern(const said *s) { return strncmp(s->id, "procedure:", 10) == 0 || strncmp(s->id, "level:", 6) == 0; }

static void check_code(const entry *e) {
  char path[256];
  const char *colon = strchr(e->where, ':');
  snprintf(path, sizeof path, "%.*s", (int)(colon ? colon - e->where : (long)strlen(e->where)), e->where);
  char *text = read_file(path, false);
  if (!text || (colon && !strstr(text, colon + 1))) complain("docs/trace.tsv: %s: there is no %s", e->f[F_ID], e->where);
  free(text);
}

static void check_same(entry *e) {
  e->same = find(e->where);
  if (!e->same) complain("docs/trace.tsv: %s is the same as '%s', which does not exist", e->f[F_ID], e->where);
}

/* The entry that a chain of repetitions ends at; NULL for a circle. */
static const entry *end_of(const entry *e) {
  for (size_t hops = 0; e && e->st == SAME; e = e->same)
    if (hops++ > nentries) return NULL;
  return e;
}

static void give_statuses(void) {
  for (size_t i = 0; i < nsaids; i++)
    if (!is_pattern(&saids[i])) say_exact(&saids[i]);
  for (size_t i = 0; i < nentries; i++)
    if (entries[i].st == NONE && entries[i].carriers) entries[i].st = TABLE;
  for (size_t i = 0; i < nsaids; i++)
    if (is_pattern(&saids[i])) say_pattern(&saids[i]);
  for (size_t i = 0; i < nentries; i++) {
    entry *e = &entries[i];
    if (e->st == CODE) check_code(e);
    if (e->st == HOST && !has_note(effects, e->where)) complain("docs/trace.tsv: %s: no row does '%s'", e->f[F_ID], e->where);
    if (e->st == SAME) check_same(e);
  }
  for (size_t i = 0; i < nentries; i++) {
    const entry *e = end_of(&entries[i]);
    if (!e) complain("%s: its repetitions lead nowhere", entries[i].f[F_ID]);
    else if (e->st == NONE) complain("%s has no status", entries[i].f[F_ID]);
  }
}

/* Does a scenario show the effect? A SEND says there which method goes. */
static bool is_shown(const char *effect) {
  char sent[64];
  if (has_note(effect_evidence, effect)) return true;
  for (size_t i = 0; strncmp(effect, "SEND ", 5) == 0 && i < CPMI_RECIPE_COUNT; i++) {
    const cpmi_recipe *r = cpmi_recipes[i];
    if ((r->kind != CPMI_RECIPE_REQUEST && r->kind != CPMI_RECIPE_IN_DIALOG) || strcmp(r->name, effect + 5) != 0) continue;
    const cpm_str method = cpm_sip_method_name((cpm_sip_method)r->start);
    snprintf(sent, sizeof sent, "SEND %.*s", (int)method.n, method.p);
    return has_note(effect_evidence, sent);
  }
  return false;
}

static bool is_tested(const entry *e) {
  const entry *end = end_of(e);
  if (!end) return false;
  return end->evidence || e->evidence || (end->st == HOST && is_shown(end->where));
}

/* Something must hold it now. */
static bool is_built(const entry *e) {
  const entry *end = end_of(e);
  return end && (end->st == TABLE || end->st == CODE || end->st == HOST);
}

/* ---- what is printed ------------------------------------------------------------------------------------------------- */

typedef struct count {
  const char *procedure;
  size_t ids, by[STATUS_COUNT], tested;
} count;
static count counts[256];
static size_t ncounts;

static count *count_of(const char *procedure) {
  for (size_t i = 0; i < ncounts; i++)
    if (strcmp(counts[i].procedure, procedure) == 0) return &counts[i];
  if (ncounts == sizeof counts / sizeof *counts) {
    fprintf(stderr, "trace: too many procedures\n");
    exit(2);
  }
  counts[ncounts].procedure = procedure;
  return &counts[ncounts++];
}

static int by_procedure(const void *a, const void *b) {
  return strcmp(((const count *)a)->procedure, ((const count *)b)->procedure);
}

static void count_all(void) {
  for (size_t i = 0; i < nentries; i++) {
    count *c = count_of(entries[i].f[F_PROCEDURE]);
    c->ids++;
    c->by[entries[i].st]++;
    c->tested += is_tested(&entries[i]);
  }
  qsort(counts, ncounts, sizeof *counts, by_procedure);
}

static void print_count(const count *c) {
  printf("%-26s %5zu", c->procedure, c->ids);
  for (unsigned st = TABLE; st < STATUS_COUNT; st++) printf(c->by[st] ? " %6zu" : "      .", c->by[st]);
  printf(" %6zu\n", c->tested);
}

static void print_counts(void) {
  count all = { "all", 0, { 0 }, 0 };
  printf("%-26s %5s", "procedure", "ids");
  for (unsigned st = TABLE; st < STATUS_COUNT; st++) printf(" %6s", status_names[st]);
  printf(" %6s\n", "tested");
  for (size_t i = 0; i < ncounts; i++) {
    print_count(&counts[i]);
    all.ids += counts[i].ids;
    all.tested += counts[i].tested;
    for (unsigned st = 0; st < STATUS_COUNT; st++) all.by[st] += counts[i].by[st];
  }
  print_count(&all);
}

static void print_untested(void) {
  size_t n = 0;
  for (size_t c = 0; c < ncounts; c++) {
    size_t column = 0;
    for (size_t i = 0; i < nentries; i++) {
      const entry *e = &entries[i];
      if (strcmp(e->f[F_PROCEDURE], counts[c].procedure) != 0 || !is_built(e) || is_tested(e)) continue;
      if (n++ == 0) printf("\nwithout a test:\n");
      if (column == 0) column = (size_t)printf("  %s:", counts[c].procedure);
      if (column > 110) column = (size_t)printf("\n   ") - 1;
      column += (size_t)printf(" %s", e->f[F_ID]);
    }
    if (column) putchar('\n');
  }
  printf("%zu ids are held and have no test\n", n);
}

static void print_notes(const char *title, const note *list) {
  for (; list; list = list->next) printf("%-10s %s\n", title, list->text);
}

static void print_ruling(unsigned r) {
  printf("ruling     R%u, docs/rulings.md%s\n", r, rulings[r] ? "" : ": it has none of that number");
  print_notes("carried by", ruling_carriers[r]);
  print_notes("tested by", ruling_evidence[r]);
}

static void print_entry(const entry *e) {
  static const char *const names[] = { "id", "section", "role", "procedure", "level", "kind", "summary", "literal", "note" };
  for (size_t i = 0; i < F_COUNT; i++)
    if (*e->f[i]) printf("%-10s %s\n", names[i], e->f[i]);
  printf("%-10s %s\n", "status", status_names[e->st]);
  if (e->where && *e->where) printf("%-10s %s\n", "where", e->where);
  if (e->why && *e->why) printf("%-10s %s\n", "why", e->why);
  print_notes("carried by", e->carriers);
  print_notes("tested by", e->evidence);
  for (size_t i = 0; i < nentries; i++)
    if (entries[i].same == e) printf("%-10s %s\n", "same", entries[i].f[F_ID]);
  if (e->same) {
    putchar('\n');
    print_entry(e->same);
  }
}

static int print_one(const char *id) {
  const entry *e = find(id);
  const unsigned r = ruling_of(id);
  if (e && end_of(e)) print_entry(e);
  else if (r) print_ruling(r);
  else {
    printf("trace: there is no requirement %s\n", id);
    return 1;
  }
  return 0;
}

/* ---- coverage: what was reached is not lost -------------------------------------------------------------------------- */

static void write_coverage(const char *path) {
  FILE *f = need(fopen(path, "w"));
  fprintf(f, "procedure\ttested\tlater\n");
  for (size_t i = 0; i < ncounts; i++) fprintf(f, "%s\t%zu\t%zu\n", counts[i].procedure, counts[i].tested, counts[i].by[LATER]);
  if (fclose(f)) {
    perror(path);
    exit(2);
  }
}

static void check_coverage(const char *path) {
  char *text = read_file(path, false), *rest = text, *line, *f[3];
  bool better = false;
  if (!text) {
    complain("%s is missing: ./dev trace --update writes it", path);
    return;
  }
  next_line(&rest);
  while ((line = next_line(&rest)) != NULL) {
    cut(line, f, 3);
    const count *c = count_of(f[0]);
    const size_t tested = strtoul(f[1], NULL, 10), later = strtoul(f[2], NULL, 10);
    if (c->tested < tested) complain("%s: %zu ids have a test, %zu had one", f[0], c->tested, tested);
    if (c->by[LATER] > later) complain("%s: %zu ids wait for later, %zu did", f[0], c->by[LATER], later);
    better |= c->tested > tested || c->by[LATER] < later;
  }
  if (better) printf("better than %s says: ./dev trace --update\n", path);
  free(text);
}

int main(int argc, char **argv) {
  static const char coverage[] = "docs/coverage.tsv";
  const bool update = argc == 2 && strcmp(argv[1], "--update") == 0;
  if (argc > 2) {
    fprintf(stderr, "usage: trace [ID | --update]\n");
    return 2;
  }
  read_requirements();
  read_rulings();
  read_said();
  walk_tables();
  walk_folder("tests/scenarios", ".scenario", true, read_scenario);
  walk_folder("tests", ".c", false, read_test);
  if (argc == 2 && !update) {
    give_statuses();
    return print_one(argv[1]);
  }
  for (const note *n = loose; n; n = n->next) complain("no such requirement or ruling: %s", n->text);
  give_statuses();
  count_all();
  if (update) write_coverage(coverage);
  print_counts();
  print_untested();
  check_coverage(coverage);
  if (complaints) printf("%u complaints\n", complaints);
  return complaints ? 1 : 0;
}
