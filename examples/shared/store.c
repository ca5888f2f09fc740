/* SPDX-License-Identifier: MIT */
/* store.c - a database of lists, newest row first. A real one has the same keys. */
#include "store.h"
#include <stdio.h>
#include <stdlib.h>

static bool store_is(const char *kept, cpm_str given) { return given.p && cpm_str_eq(given, cpm_str_z(kept)); }
static bool store_is_uri(const char *kept, cpm_str given) { return given.p && cpm_uri_text_equal(given, cpm_str_z(kept)); }

static void *store_row(size_t size) {
  void *row = calloc(1, size);
  if (!row) abort();
  return row;
}

/* ---- messages that came ------------------------------------------------------------------------------------------ */

static store_message *store_messages;

store_message *store_add_message(const ua *who, cpm_str id, cpm_str sender, cpm_str text) {
  store_message *m = store_row(sizeof *m);
  m->next = store_messages;
  m->who = who;
  ADAPTER_COPY(m->id, id);
  ADAPTER_COPY(m->sender, sender);
  ADAPTER_COPY(m->text, text);
  return store_messages = m;
}

store_message *store_find_message(const ua *who, cpm_str id, cpm_str sender) {
  for (store_message *m = store_messages; m; m = m->next)
    if (m->who == who && store_is(m->id, id) && store_is_uri(m->sender, sender)) return m;
  return NULL;
}

/* ---- messages that were sent ------------------------------------------------------------------------------------- */

static store_sent *store_all_sent;

static store_sent *store_new_sent(const ua *who, cpm_str id, cpm_str to, bool to_several) {
  store_sent *s = store_row(sizeof *s);
  *s = (store_sent){ .next = store_all_sent, .who = who, .to_several = to_several, .reached = CPM_DISPOSITION_sent };
  ADAPTER_COPY(s->id, id);
  ADAPTER_COPY(s->to, to);
  return store_all_sent = s;
}

void store_add_sent(const ua *who, cpm_str id, cpm_str to, bool to_several) { store_new_sent(who, id, to, to_several); }

store_sent *store_find_sent(const ua *who, cpm_str id, cpm_str recipient, cpm_str original_recipient) {
  bool several = false;
  for (store_sent *s = store_all_sent; s; s = s->next) {
    if (s->who != who || !store_is(s->id, id)) continue;
    if (s->to_several) several = true;
    else if (store_is_uri(s->to, recipient) || store_is_uri(s->to, original_recipient)) return s;
  }
  return several && recipient.p ? store_new_sent(who, id, recipient, false) : NULL;
}

/* ---- notifications that were taken, peers that take no CPIM, the conversation history: what was noted of whom ---- */

typedef struct store_note {
  struct store_note *next;
  const ua          *who;
  char               id[CPM_ID_MAX + 1], of[ADAPTER_URI];
} store_note;
static store_note *store_reports, *store_peers, *store_history;

static void store_put(store_note **list, const ua *who, cpm_str id, cpm_str of) {
  store_note *n = store_row(sizeof *n);
  n->next = *list;
  n->who = who;
  ADAPTER_COPY(n->id, id);
  ADAPTER_COPY(n->of, of);
  *list = n;
}

static bool store_has(const store_note *list, const ua *who, cpm_str id, cpm_str of) {
  for (const store_note *n = list; n; n = n->next)
    if (n->who == who && (!id.p || store_is(n->id, id)) && store_is_uri(n->of, of)) return true;
  return false;
}

void store_take_report(const ua *who, cpm_str id, cpm_str sender) { store_put(&store_reports, who, id, sender); }
bool store_took_report(const ua *who, cpm_str id, cpm_str sender) { return id.p && store_has(store_reports, who, id, sender); }

void store_set_no_cpim(const ua *who, cpm_str peer) { store_put(&store_peers, who, cpm_str_none(), peer); }
bool store_has_no_cpim(const ua *who, cpm_str peer) { return store_has(store_peers, who, cpm_str_none(), peer); }

void store_add_history(const ua *who, uint64_t item) {
  (void)item;                            /* the demonstration only counts them */
  store_put(&store_history, who, cpm_str_none(), cpm_str_none());
}

unsigned store_count_history(const ua *who) {
  unsigned count = 0;
  for (const store_note *n = store_history; n; n = n->next) count += n->who == who;
  return count;
}

static void store_drop(store_note *n) {
  for (store_note *next; n; n = next) next = n->next, free(n);
}

void store_close(void) {
  for (store_message *m = store_messages, *next; m; m = next) next = m->next, free(m);
  for (store_sent *s = store_all_sent, *next; s; s = next) next = s->next, free(s);
  store_drop(store_reports);
  store_drop(store_peers);
  store_drop(store_history);
}
