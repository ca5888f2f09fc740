/* SPDX-License-Identifier: MIT */
/* scenario_effect.c - the effect that is due, held against what the scenario says. */
#include "scenario.h"
#include "cpm/cpim.h"
#include <string.h>

enum { EFFECT_FIELDS = 160 };

/* The effect, composed twice into different memory, written as bytes and read again. */
typedef struct effect_got {
  cpm_effect x;
  bool message;
  cpm_sip decoded;
  cpm_sip_field fields[EFFECT_FIELDS];
} effect_got;

/* ---- composing ------------------------------------------------------------------------------------------------------- */

static bool effect_is_message(const cpm_effect *x) {
  return x->kind == CPM_EFFECT_SEND || x->kind == CPM_EFFECT_REPLY || x->kind == CPM_EFFECT_PUSH;
}

/* The host's pieces get their bytes; a request inside a dialog gets a URI, which the host's stack knows. */
static bool effect_fill(sc_world *w, unsigned line, cpm_sip *sip) {
  for (unsigned i = 0; i < sip->npieces; i++) {
    cpm_piece *p = &sip->pieces[i];
    if (!p->bytes.p) p->bytes = sc_piece(w, line, p);
    if (!p->bytes.p) return false;
  }
  if (!sip->status && !sip->request_uri.p) sip->request_uri = cpm_str_z("sip:dialog.example.com");
  return true;
}

static cpm_str effect_encode(sc_world *w, unsigned line, const cpm_effect *x) {
  cpm_diag diag = { 0 };
  cpm_sip sip = x->sip;
  size_t n = 0;
  if (!effect_fill(w, line, &sip)) return cpm_str_none();
  int rc = cpm_sip_encode(NULL, 0, &n, &sip, &diag);
  char *dst = sc_alloc(w, n + 1);
  if (rc == CPM_OK) rc = cpm_sip_encode(dst, n, &n, &sip, &diag);
  if (rc == CPM_OK) return cpm_str_of(dst, n);
  sc_fail(w, line, "cpm_sip_encode gives %s, %s", cpm_status_name(rc), diag.rule ? diag.rule : "?");
  return cpm_str_none();
}

static bool effect_same(const cpm_effect *a, const cpm_effect *b) {
  return a->kind == b->kind && a->leg == b->leg && a->seq == b->seq && a->txn == b->txn && a->dialog == b->dialog && a->code == b->code && a->id == b->id &&
         a->name == b->name && a->number == b->number && a->item == b->item && a->spec == b->spec && a->clauses == b->clauses &&
         sc_media_same(&a->media, &b->media);
}

static bool effect_compose(sc_world *w, unsigned line, cpm_effect *x, int fill) {
  const size_t need = cpm_proc_need(w->proc);
  char *buf = sc_alloc(w, need);
  memset(buf, fill, need);
  const int rc = cpm_proc_effect(w->proc, &w->agent, buf, need, x);
  if (rc == CPM_END) return sc_fail(w, line, "no effect is due");
  return rc == CPM_OK || sc_fail(w, line, "cpm_proc_effect gives %s", cpm_status_name(rc));
}

/* The head of a SEND stands as header fields, its content as body. */
static bool effect_push(sc_world *w, unsigned line, effect_got *g, const cpm_effect *again) {
  cpm_sip_field fields[EFFECT_FIELDS];
  cpm_str content;
  size_t n = 0;
  if (!sc_push(w, line, again, fields, &n, &content)) return false;
  if (!sc_push(w, line, &g->x, g->fields, &g->x.sip.nfields, &g->decoded.body)) return false;
  bool same = n == g->x.sip.nfields && cpm_str_eq(content, g->decoded.body);
  for (size_t i = 0; same && i < n; i++)
    same = cpm_str_eq(fields[i].name, g->fields[i].name) && cpm_str_eq(fields[i].value, g->fields[i].value);
  g->x.sip.fields = g->fields;
  return same || sc_fail(w, line, "the SEND is not the same when it is asked for again");
}

static bool effect_decode(sc_world *w, unsigned line, effect_got *g) {
  cpm_effect again;
  cpm_diag diag = { 0 };
  if (!effect_compose(w, line, &again, 0xff)) return false;
  if (!effect_same(&g->x, &again)) return sc_fail(w, line, "the effect is not the same when it is asked for again");
  if (!g->message) return true;
  if (g->x.kind == CPM_EFFECT_PUSH) return effect_push(w, line, g, &again);
  const cpm_str first = effect_encode(w, line, &g->x), second = effect_encode(w, line, &again);
  if (!first.p || !second.p) return false;
  if (!cpm_str_eq(first, second)) return sc_fail(w, line, "the message is not the same when it is asked for again");
  if (cpm_proc_effect(w->proc, &w->agent, NULL, 0, &again) != CPM_E_SPACE)
    return sc_fail(w, line, "without a buffer it is not CPM_E_SPACE");
  g->decoded.fields = g->fields;
  g->decoded.cap = EFFECT_FIELDS;
  const int rc = cpm_sip_decode(&g->decoded, first, NULL, &diag);
  if (rc)
    return sc_fail(w, line, "cpm_sip_decode of what was written gives %s, %s", cpm_status_name(rc), diag.rule ? diag.rule : "?");
  if (g->decoded.quirks) return sc_fail(w, line, "what was written has a quirk");
  return sc_recipe_holds(w, line, &g->x, &g->decoded);
}

static bool effect_get(sc_world *w, unsigned line, effect_got *g) {
  memset(g, 0, sizeof *g);
  if (!w->proc) return sc_fail(w, line, "nothing has happened yet");
  if (w->rc != CPM_OK)
    return sc_fail(w, line, "the event gives %s, %s %s", cpm_status_name(w->rc), w->diag.rule ? w->diag.rule : "",
                   w->diag.clause ? w->diag.clause : "");
  if (!effect_compose(w, line, &g->x, 0)) return false;
  g->message = effect_is_message(&g->x);
  return effect_decode(w, line, g);
}

/* A ticket that is stored must be readable, and say what the fields say. */
static bool effect_ticket(sc_world *w, unsigned line) {
  cpm_arg args[CPM_TICKET_ARGS];
  char ticket[CPM_TICKET_MAX];
  size_t len = 0, n = 0;
  if (cpm_ticket_encode(ticket, sizeof ticket, &len, w->proc, NULL) || cpm_ticket_decode(args, &n, cpm_str_of(ticket, len), NULL))
    return sc_fail(w, line, "no ticket can be made, or it cannot be read");
  for (size_t i = 0; i < n; i++)
    if (!cpm_str_eq(args[i].text, cpm_proc_text(w->proc, CPM_NO_LEG, args[i].field)) ||
        args[i].number != cpm_proc_number(w->proc, CPM_NO_LEG, args[i].field))
      return sc_fail(w, line, "the ticket has another %s", cpm_field_name(args[i].field));
  return true;
}

static bool effect_did(sc_world *w, unsigned line, const cpm_effect *x) {
  const bool done = x->kind == CPM_EFFECT_DONE;
  if (!sc_log(w, line, x)) return false;
  if (x->kind == CPM_EFFECT_STORE && x->id == CPM_ITEM_ticket && !effect_ticket(w, line)) return false;
  cpm_proc_did(w->proc);
  if (done && !cpm_proc_over(w->proc)) return sc_fail(w, line, "DONE was done, and it is not over");
  return sc_move(w, line) && (!done || sc_ended(w, line));
}

/* ---- showing --------------------------------------------------------------------------------------------------------- */

static cpm_str effect_field_name(const cpm_sip_field *f) { return f->id ? cpm_sip_header_name(f->id) : f->name; }

static void effect_print_fields(FILE *out, const cpm_effect *x) {
  for (size_t i = 0; i < x->sip.nfields; i++) {
    const cpm_sip_field *f = &x->sip.fields[i];
    sc_sources s = { .n = 0 };
    const cpm_str name = effect_field_name(f);
    const int n = fprintf(out, "    %.*s: %.*s", (int)name.n, name.p, (int)f->value.n, f->value.p);
    sc_source(&s, f->spec, f->clauses);
    sc_print_sources(out, n, &s);
    fputc('\n', out);
  }
}

/* The next line of a body, its CRLF taken off; false behind the last. An empty line behind the last CRLF is none. */
static bool effect_body_line(cpm_str *rest, cpm_str *line) {
  if (!rest->n) return false;
  size_t n = 0;
  while (n < rest->n && !(rest->p[n] == '\r' && n + 1 < rest->n && rest->p[n + 1] == '\n')) n++;
  *line = cpm_str_of(rest->p, n);
  const size_t taken = n < rest->n ? n + 2 : n;
  *rest = cpm_str_of(rest->p + taken, rest->n - taken);
  return true;
}

static void effect_print_body(FILE *out, const sc_world *w, const effect_got *g) {
  cpm_str rest = g->decoded.body, line;
  if (rest.n) fputc('\n', out);
  while (effect_body_line(&rest, &line)) {
    sc_sources s = { .n = 0 };
    const int n = fprintf(out, "    %.*s", (int)line.n, line.p);
    sc_body_sources(w, &g->x, line, &s);
    sc_print_sources(out, n, &s);
    fputc('\n', out);
  }
}

/* Is a chunk answered at once? */
static bool effect_answers_event(const sc_world *w) { return w->event == CPM_EVENT_on_chunk; }

static int effect_print_head(FILE *out, sc_world *w, const effect_got *g, sc_sources *s) {
  const cpm_effect *x = &g->x;
  int n = fprintf(out, "> ");
  if (x->leg != CPM_NO_LEG) n += fprintf(out, "[%u] ", x->leg);
  n += fprintf(out, "%s", cpm_effect_name(x->kind));
  sc_source(s, x->spec, x->clauses);
  switch (x->kind) {
  case CPM_EFFECT_SEND:
    sc_recipe_sources(w, x, "Request-URI", s);
    n += fprintf(out, " %.*s", (int)x->sip.method_name.n, x->sip.method_name.p);
    if (x->sip.request_uri.p) n += fprintf(out, " %.*s", (int)x->sip.request_uri.n, x->sip.request_uri.p);
    return x->dialog ? n + fprintf(out, SC_DIALOG " %llu", (unsigned long long)x->dialog) : n;
  case CPM_EFFECT_REPLY:
    n += fprintf(out, " %u", x->code);
    return x->txn && x->txn <= w->ntransactions ? n + fprintf(out, " to %s", w->transactions[x->txn - 1].method) : n;
  case CPM_EFFECT_ACCEPT:
    if (x->name) return n + fprintf(out, " %s %u", x->name, x->code);
    n += fprintf(out, " %u", x->code);
    return effect_answers_event(w) ? n : n + fprintf(out, " to chunk %u", sc_chunk_number(w, x->item));
  case CPM_EFFECT_PUSH:    return x->msrp.method == CPM_MSRP_REPORT ? n + fprintf(out, " REPORT") : n + fprintf(out, " %c", x->msrp.flag);
  case CPM_EFFECT_STORE:   return n + (x->id == CPM_ITEM_message ? fprintf(out, " %s %llu", x->name, (unsigned long long)x->number) : fprintf(out, " %s", x->name));
  case CPM_EFFECT_CONNECT: return n + fprintf(out, " %s", sc_target(w, x));
  case CPM_EFFECT_START:
  case CPM_EFFECT_FETCH: return n + fprintf(out, " %s %llu", x->name, (unsigned long long)x->number);
  case CPM_EFFECT_ENTER: return n + fprintf(out, x->code ? " %s %u" : " %s", x->name, x->code);
  default: return x->name ? n + fprintf(out, " %s", x->name) : n;
  }
}

static void effect_print(FILE *out, sc_world *w, const effect_got *g) {
  sc_sources s = { .n = 0 };
  const int n = effect_print_head(out, w, g, &s);
  sc_print_sources(out, n, &s);
  fputc('\n', out);
  if (g->message) {
    effect_print_fields(out, &g->x);
    effect_print_body(out, w, g);
  }
  if (g->x.kind == CPM_EFFECT_CONNECT || g->x.kind == CPM_EFFECT_LISTEN) sc_print_media(out, w, &g->x);
}

/* The procedure that is entered has the request now, and answers it. */
static void effect_hand_on(sc_world *w) {
  for (size_t i = 0; i < w->ntransactions; i++) w->transactions[i].answered = true;
}

bool sc_show(sc_world *w, FILE *out) {
  effect_got g;
  cpm_effect x;
  if (w->failed || w->rc != CPM_OK || cpm_proc_effect(w->proc, &w->agent, NULL, 0, &x) == CPM_END) return false;
  if (!effect_get(w, w->line, &g)) return false;
  effect_print(out, w, &g);
  if (g.x.kind == CPM_EFFECT_REPLY && g.x.txn && g.x.txn <= w->ntransactions) w->transactions[g.x.txn - 1].answered = true;
  if (g.x.kind == CPM_EFFECT_ENTER) effect_hand_on(w);
  return effect_did(w, w->line, &g.x);
}

bool sc_drained(sc_world *w) {
  effect_got g;
  cpm_effect x;
  if (!w->proc) return true;
  if (w->rc != CPM_OK)
    return sc_fail(w, w->line, "the event gives %s, %s %s", cpm_status_name(w->rc), w->diag.rule ? w->diag.rule : "",
                   w->diag.clause ? w->diag.clause : "");
  if (cpm_proc_effect(w->proc, &w->agent, NULL, 0, &x) == CPM_END) return true;
  if (effect_get(w, w->line, &g)) effect_print(stderr, w, &g);
  return sc_fail(w, w->line, "this effect of the event is not written");
}

/* ---- messages -------------------------------------------------------------------------------------------------------- */

typedef struct effect_check {
  sc_world *w;
  const effect_got *g;
  bool taken[EFFECT_FIELDS], rest;
} effect_check;

static bool effect_no(effect_check *c, const sc_line *line, const char *name) {
  sc_sources s = { .n = 0 };
  for (size_t i = 0; i < c->g->x.sip.nfields; i++)
    if (cpm_str_ieq(effect_field_name(&c->g->x.sip.fields[i]), cpm_str_z(name)))
      return sc_fail(c->w, line->number, "there is a %s", name);
  if (strchr(name, '/') && sc_part(&c->g->decoded, name).p) return sc_fail(c->w, line->number, "there is a body of that type");
  sc_absent_sources(c->w, &c->g->x, name, &s);
  return sc_held(c->w, line, &s);
}

/* The first field of that name that has the value and was not named before. */
static bool effect_field(effect_check *c, const sc_line *line) {
  size_t n;
  const char *value = sc_value(line->text, &n);
  if (!value) return sc_fail(c->w, line->number, "this is no header field");
  const cpm_str name = cpm_str_of(line->text, n);
  for (size_t i = 0; i < c->g->x.sip.nfields; i++) {
    const cpm_sip_field *f = &c->g->x.sip.fields[i];
    const size_t bound = c->w->nbound;
    if (c->taken[i] || !cpm_str_ieq(effect_field_name(f), name)) continue;
    if (!sc_match(c->w, value, f->value)) {
      c->w->nbound = bound;
      continue;
    }
    c->taken[i] = true;
    sc_sources s = { .n = 0 };
    sc_source(&s, f->spec, f->clauses);
    return sc_held(c->w, line, &s);
  }
  return sc_fail(c->w, line->number, "there is no such %.*s", (int)n, line->text);
}

static bool effect_body(effect_check *c, const sc_line *lines, size_t n) {
  cpm_str rest = c->g->decoded.body, line;
  for (size_t i = 0; i < n; i++) {
    bool fits = effect_body_line(&rest, &line);
    if (!fits) return sc_fail(c->w, lines[i].number, "the body has no more lines");
    const size_t bound = c->w->nbound;
    fits = sc_match(c->w, lines[i].text, line);
    if (!fits) {
      c->w->nbound = bound;
      return sc_fail(c->w, lines[i].number, "the body has here: %.*s", (int)line.n, line.p);
    }
    sc_sources s = { .n = 0 };
    sc_body_sources(c->w, &c->g->x, line, &s);
    if (!sc_held(c->w, &lines[i], &s)) return false;
  }
  if (!rest.n || (n == 0 && c->rest)) return true;
  effect_body_line(&rest, &line);
  return sc_fail(c->w, n ? lines[n - 1].number : c->w->line, "the body goes on: %.*s", (int)line.n, line.p);
}

static bool effect_message(sc_world *w, const sc_item *item, const effect_got *g) {
  effect_check c = { w, g, { false }, false };
  size_t i = 0;
  for (; i < item->nblock && *item->block[i].text; i++) {
    const sc_line *line = &item->block[i];
    if (strcmp(line->text, "...") == 0) c.rest = true;
    else if (strncmp(line->text, "no ", 3) == 0 ? !effect_no(&c, line, line->text + 3) : !effect_field(&c, line)) return false;
  }
  for (size_t k = 0; !c.rest && k < g->x.sip.nfields; k++) {
    const cpm_str name = effect_field_name(&g->x.sip.fields[k]);
    if (!c.taken[k]) return sc_fail(w, item->head.number, "there is a %.*s too", (int)name.n, name.p);
  }
  if (i < item->nblock) i++;
  return effect_body(&c, item->block + i, item->nblock - i);
}

/* ---- one line -------------------------------------------------------------------------------------------------------- */

static bool effect_answers(sc_world *w, unsigned line, const cpm_effect *x, const char *method) {
  if (!x->txn || x->txn > w->ntransactions) return sc_fail(w, line, "it answers a transaction that there never was");
  sc_transaction *t = &w->transactions[x->txn - 1];
  if (strcmp(t->method, method) != 0) return sc_fail(w, line, "it answers the %s", t->method);
  if (t->answered) return sc_fail(w, line, "the %s was answered before", method);
  t->answered = true;
  return true;
}

/* "200", to the chunk of the event; "200 to chunk 2"; "chunk_log 408" */
static bool effect_accepts(sc_world *w, unsigned line, const cpm_effect *x, const char *what, const char *number) {
  char chunk[32];
  if (x->name && !sc_word(&what, x->name)) return sc_fail(w, line, "it is for every chunk in %s", x->name);
  if (!sc_word(&what, number)) return sc_fail(w, line, "it is %s", number);
  if (x->name || effect_answers_event(w)) return true;
  snprintf(chunk, sizeof chunk, "to chunk %u", sc_chunk_number(w, x->item));
  return strcmp(what, chunk) == 0 || sc_fail(w, line, "it is %s", chunk);
}

static bool effect_is(sc_world *w, unsigned line, const effect_got *g, const char *what) {
  const cpm_effect *x = &g->x;
  char number[32];
  if (!sc_word(&what, cpm_effect_name(x->kind))) return sc_fail(w, line, "it is %s", cpm_effect_name(x->kind));
  snprintf(number, sizeof number, "%llu", (unsigned long long)(x->code ? x->code : x->number));
  switch (x->kind) {
  case CPM_EFFECT_SEND:
    if (!sc_word(&what, x->sip.method_name.p)) return sc_fail(w, line, "it is another method");
    snprintf(number, sizeof number, SC_DIALOG " %llu", (unsigned long long)x->dialog);
    if (x->dialog) return strcmp(what, number + 1) == 0 || sc_fail(w, line, "it is%s", number);
    return sc_match(w, what, x->sip.request_uri.p ? x->sip.request_uri : cpm_str_z("")) ||
           sc_fail(w, line, "it is another Request-URI");
  case CPM_EFFECT_REPLY:
    if (!sc_word(&what, number)) return sc_fail(w, line, "it is %s", number);
    return sc_word(&what, "to") && effect_answers(w, line, x, what);
  case CPM_EFFECT_ACCEPT: return effect_accepts(w, line, x, what, number);
  case CPM_EFFECT_PUSH:
    if ((x->msrp.method == CPM_MSRP_REPORT) != sc_word(&what, "REPORT")) return sc_fail(w, line, "it is another method");
    return !*what || (what[0] == x->msrp.flag && !what[1]) || sc_fail(w, line, "it ends with %c", x->msrp.flag);
  case CPM_EFFECT_STORE:
    return (sc_word(&what, x->name) && (x->id != CPM_ITEM_message || sc_word(&what, number))) ||
           sc_fail(w, line, "it is %s %s", x->name, number);
  case CPM_EFFECT_CONNECT:
    return strcmp(what, sc_target(w, x)) == 0 || sc_fail(w, line, "it is to %s", sc_target(w, x));
  case CPM_EFFECT_START:
  case CPM_EFFECT_FETCH:
    return (sc_word(&what, x->name) && sc_word(&what, number)) || sc_fail(w, line, "it is %s %s", x->name, number);
  case CPM_EFFECT_ENTER:
    if (!sc_word(&what, x->name) || strcmp(what, x->code ? number : "") != 0)
      return sc_fail(w, line, "it is %s %s", x->name, x->code ? number : "");
    effect_hand_on(w);
    return true;
  default: return !x->name || sc_word(&what, x->name) || sc_fail(w, line, "it is %s", x->name);
  }
}

static bool effect_check_all(sc_world *w, const sc_item *item, const char *what, const effect_got *g) {
  sc_sources s = { .n = 0 };
  const uint32_t leg = sc_leg(&what);
  if (leg != g->x.leg) return sc_fail(w, item->head.number, "it is of leg %d", g->x.leg == CPM_NO_LEG ? -1 : (int)g->x.leg);
  if (!effect_is(w, item->head.number, g, what)) return false;
  sc_source(&s, g->x.spec, g->x.clauses);
  if (g->x.kind == CPM_EFFECT_SEND) sc_recipe_sources(w, &g->x, "Request-URI", &s);
  if (!sc_held(w, &item->head, &s)) return false;
  if (g->message) return effect_message(w, item, g);
  if (g->x.kind == CPM_EFFECT_CONNECT || g->x.kind == CPM_EFFECT_LISTEN) {
    for (size_t i = 0; i < item->nblock; i++)
      if (!sc_media(w, &item->block[i], &g->x)) return false;
    return true;
  }
  for (size_t i = 0; i < item->nblock; i++)
    if (!sc_field(w, &item->block[i], g->x.leg)) return false;
  return true;
}

bool sc_effect(sc_world *w, const sc_item *item, const char *what) {
  effect_got g;
  if (!effect_get(w, item->head.number, &g)) return false;
  if (effect_check_all(w, item, what, &g)) return effect_did(w, item->head.number, &g.x);
  fprintf(stderr, "%s:%u: the effect is\n", w->path, item->head.number);
  effect_print(stderr, w, &g);
  return false;
}
