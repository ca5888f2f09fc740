/* SPDX-License-Identifier: MIT */
/* scenario_run.c - goes from line to line of a file; states, fields and refusals. */
#include "scenario.h"
#include "cpm/cpim.h"
#include "names.h"
#include <stdlib.h>
#include <string.h>

/* ---- fields, states, refusals ---------------------------------------------------------------------------------------- */

static cpm_field run_field(const char *name, size_t n) {
  for (unsigned f = 1; f < CPM_FIELD_COUNT; f++)
    if (cpm_str_eq(cpm_str_of(name, n), cpm_str_z(cpm_field_name((cpm_field)f)))) return (cpm_field)f;
  return CPM_FIELD_NONE;
}

static cpm_str run_content(const sc_world *w, uint32_t leg, cpm_field f) {
  cpm_piece piece;
  if (!cpm_proc_content(w->proc, leg, f, &piece) || piece.item < 1000 || piece.item - 1000 >= w->ncontents) return cpm_str_none();
  const cpm_str content = w->contents[piece.item - 1000];
  if (piece.off > content.n || piece.bytes.n > content.n - piece.off) return cpm_str_none();
  return cpm_str_of(content.p + piece.off, piece.bytes.n);
}

/* What the field holds, as a scenario writes it. */
static cpm_str run_text(sc_world *w, uint32_t leg, cpm_field f) {
  const cpmi_type type = cpmi_field_type(f);
  const int64_t number = cpm_proc_number(w->proc, leg, f);
  size_t n = 0;
  if (!cpm_proc_has(w->proc, leg, f)) return cpm_str_z("none");
  if (type == CPMI_CONTENT) return run_content(w, leg, f);
  if (cpmi_is_text(type)) return cpm_proc_text(w->proc, leg, f);
  if (type == CPMI_FLAG) return cpm_str_z(number ? "yes" : "no");
  if (type == CPMI_ENUM) return cpm_str_z(names_value(f, (unsigned)number));
  char *text = sc_alloc(w, 128);
  if (f == CPM_FIELD_report && number && cpm_disposition_notification_encode(text, 128, &n, (unsigned)number, NULL) == CPM_OK)
    return cpm_str_of(text, n);
  snprintf(text, 128, "%lld", (long long)number);
  return cpm_str_z(text);
}

bool sc_field(sc_world *w, const sc_line *line, uint32_t leg) {
  size_t n;
  sc_sources s = { .n = 0 };
  const char *value = sc_value(line->text, &n);
  const cpm_field f = value ? run_field(line->text, n) : CPM_FIELD_NONE;
  if (!f || !w->proc) return sc_fail(w, line->number, "no field has that name");
  const cpm_str is = run_text(w, leg, f);
  if (!is.p || !sc_match(w, value, is)) return sc_fail(w, line->number, "it is %.*s", (int)is.n, is.p ? is.p : "");
  sc_capture_sources(w, f, &s);
  return sc_held(w, line, &s);
}

bool sc_state(sc_world *w, const sc_line *line, const char *what) {
  cpm_last last;
  sc_sources s = { .n = 0 };
  const uint32_t leg = sc_leg(&what);
  if (!w->proc || (leg != CPM_NO_LEG && leg >= w->proc->nlegs)) return sc_fail(w, line->number, "there is no such leg");
  cpm_proc_last(w->proc, &last);
  const char *state = leg == CPM_NO_LEG ? last.state : cpmi_state_name(cpmi_leg_at(w->proc, w->machine, leg)->state);
  if (strcmp(state, what) != 0) return sc_fail(w, line->number, "the state is %s", state);
  sc_source(&s, last.spec, last.clauses);
  sc_source(&s, last.leg_spec, last.leg_clauses);
  return sc_held(w, line, &s);
}

bool sc_refused(sc_world *w, const sc_line *line, const char *what) {
  sc_sources s = { .n = 0 };
  const char *name = cpm_status_name(w->rc);
  const bool is = sc_word(&what, "ignored") ? w->rc == CPM_IGNORED
                  : sc_word(&what, "late")  ? w->rc == CPM_LATE
                                            : sc_word(&what, name) && w->rc != CPM_OK;
  if (!w->proc || !is) return sc_fail(w, line->number, "the event gives %s", name);
  if (w->rc < 0 && strcmp(what, w->diag.rule ? w->diag.rule : "") != 0)
    return sc_fail(w, line->number, "it is %s that is refused", w->diag.rule);
  if (w->rc == CPM_IGNORED || w->rc == CPM_LATE) sc_ignore_sources(w, &s);
  else sc_source(&s, w->diag.spec, w->diag.clause);
  w->rc = CPM_OK;
  return sc_held(w, line, &s);
}

/* ACK is never answered, CANCEL by the host itself. */
bool sc_ended(sc_world *w, unsigned line) {
  for (size_t i = 0; i < w->ntransactions; i++) {
    const sc_transaction *t = &w->transactions[i];
    if (!t->answered && strcmp(t->method, "ACK") != 0 && strcmp(t->method, "CANCEL") != 0)
      return sc_fail(w, line, "it is over, and the %s was never answered", t->method);
  }
  return true;
}

/* ---- lines ------------------------------------------------------------------------------------------------------------ */

static bool run_now(sc_world *w, const sc_line *line, const char *what) {
  return cpm_datetime_decode(&w->now, cpm_str_z(what), NULL, NULL, NULL) == CPM_OK ||
         sc_fail(w, line->number, "this is no DateTime");
}

static bool run_item(sc_world *w, const sc_item *item) {
  const char *text = item->head.text;
  if (sc_word(&text, "machine")) return sc_machine(w, item, text);
  if (sc_word(&text, "agent")) return sc_agent(w, item);
  if (sc_word(&text, "now")) return run_now(w, &item->head, text);
  if (sc_word(&text, "<")) return sc_event(w, item, text);
  if (sc_word(&text, ">")) return sc_effect(w, item, text);
  if (sc_word(&text, "=")) return sc_refused(w, &item->head, text);
  if (!sc_drained(w)) return false;
  if (sc_word(&text, "state")) return sc_state(w, &item->head, text);
  if (!sc_word(&text, "field")) return sc_fail(w, item->head.number, "a scenario has no such line");
  const uint32_t leg = sc_leg(&text);
  sc_line line = item->head;
  line.text = text;
  return sc_field(w, &line, leg);
}

/* What is written is shown as it is, what happens in place of what should. */
static bool run_shown(sc_world *w, const sc_item *item) {
  const char *text = item->head.text;
  if (sc_word(&text, ">") || sc_word(&text, "=") || sc_word(&text, "state") || sc_word(&text, "field")) return true;
  fprintf(w->show, "%s\n", item->head.text);
  for (size_t i = 0; i < item->nblock; i++) fprintf(w->show, *item->block[i].text ? "    %s\n" : "%s\n", item->block[i].text);
  if (!run_item(w, item)) return false;
  if (!w->proc || item->head.text[0] != '<') return true;
  if (w->rc == CPM_IGNORED || w->rc == CPM_LATE) {
    sc_sources taken = { .n = 0 };
    sc_ignore_sources(w, &taken);
    sc_print_sources(w->show, fprintf(w->show, w->rc == CPM_LATE ? "= late" : "= ignored"), &taken);
    fputc('\n', w->show);
  } else if (w->rc) {
    fprintf(w->show, "= %s %s\n", cpm_status_name(w->rc), w->diag.rule ? w->diag.rule : "");
  }
  w->rc = CPM_OK;
  while (sc_show(w, w->show)) {}
  cpm_last last;
  sc_sources s = { .n = 0 };
  cpm_proc_last(w->proc, &last);
  const int n = fprintf(w->show, "state %s", last.state);
  sc_source(&s, last.spec, last.clauses);
  sc_source(&s, last.leg_spec, last.leg_clauses);
  sc_print_sources(w->show, n, &s);
  fputc('\n', w->show);
  return !w->failed;
}

static void run_forget(sc_world *w) {
  while (w->memory) {
    sc_memory *next = w->memory->next;
    free(w->memory);
    w->memory = next;
  }
}

static const char *run_name(const sc_item *item) {
  return strncmp(item->head.text, "scenario: ", 10) == 0 ? item->head.text + 10 : NULL;
}

/* One scenario: what the file says before all of them, then its own lines. Gives the index of the next one. */
static size_t run_one(const sc_file *f, size_t first, size_t at, FILE *show, sc_count *count) {
  sc_world w = { .path = f->path, .show = show };
  bool ok = true;
  size_t i = 0;
  for (; i < first && ok; i++) ok = run_item(&w, &f->items[i]);
  if (show) fprintf(show, "\n%s\n", f->items[at].head.text);
  for (i = at + 1; i < f->nitems && !run_name(&f->items[i]); i++)
    if (ok) ok = show ? run_shown(&w, &f->items[i]) : run_item(&w, &f->items[i]);
  if (ok) ok = sc_drained(&w);
  if (ok && !w.proc) ok = sc_fail(&w, f->items[at].head.number, "nothing happens in this scenario");
  if (!ok) fprintf(stderr, "%s:%u: FAILED: %s\n", f->path, f->items[at].head.number, run_name(&f->items[at]));
  sc_seed_end();
  count->scenarios++;
  count->steps += w.steps;
  count->failed += !ok;
  run_forget(&w);
  return i;
}

bool sc_run(const char *path, const char *only, FILE *show, sc_count *count) {
  sc_file f;
  if (!sc_read(&f, path)) {
    count->failed++;
    return false;
  }
  size_t first = 0;
  while (first < f.nitems && !run_name(&f.items[first])) first++;
  for (size_t i = first; i < f.nitems;) {
    if (!only || strstr(run_name(&f.items[i]), only)) {
      i = run_one(&f, first, i, show, count);
      continue;
    }
    for (i++; i < f.nitems && !run_name(&f.items[i]);) i++;
  }
  sc_free(&f);
  return count->failed == 0;
}
