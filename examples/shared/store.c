/* SPDX-License-Identifier: MIT */
/* store.c - a database of arrays. A real one has the same keys. */
#include "store.h"
#include <stdio.h>
#include <stdlib.h>

enum { STORE_ROWS = 128 };

static bool store_is(const char *kept, cpm_str given) { return given.p && cpm_str_eq(given, cpm_str_z(kept)); }
static bool store_is_uri(const char *kept, cpm_str given) { return given.p && cpm_uri_text_equal(given, cpm_str_z(kept)); }

/* ---- messages that came -------------------------------------------------------------------------------------------- */

static store_message store_messages[STORE_ROWS];
static unsigned      store_nmessages;

store_message *store_add_message(const ua *who, cpm_str id, cpm_str sender, cpm_str text) {
  if (store_nmessages == STORE_ROWS) abort();
  store_message *m = &store_messages[store_nmessages++];
  m->who = who;
  ADAPTER_COPY(m->id, id);
  ADAPTER_COPY(m->sender, sender);
  ADAPTER_COPY(m->text, text);
  return m;
}

store_message *store_find_message(const ua *who, cpm_str id, cpm_str sender) {
  for (unsigned i = 0; i < store_nmessages; i++) {
    store_message *m = &store_messages[i];
    if (m->who == who && store_is(m->id, id) && store_is_uri(m->sender, sender)) return m;
  }
  return NULL;
}

/* ---- messages that were sent --------------------------------------------------------------------------------------- */

static store_sent store_all_sent[STORE_ROWS];
static unsigned   store_nsent;

static store_sent *store_new_sent(const ua *who, cpm_str id, cpm_str to, bool to_several) {
  if (store_nsent == STORE_ROWS) abort();
  store_sent *s = &store_all_sent[store_nsent++];
  *s = (store_sent){ .who = who, .to_several = to_several, .reached = CPM_DISPOSITION_sent };
  ADAPTER_COPY(s->id, id);
  ADAPTER_COPY(s->to, to);
  return s;
}

void store_add_sent(const ua *who, cpm_str id, cpm_str to, bool to_several) { store_new_sent(who, id, to, to_several); }

store_sent *store_find_sent(const ua *who, cpm_str id, cpm_str recipient, cpm_str original_recipient) {
  bool several = false;
  for (unsigned i = 0; i < store_nsent; i++) {
    store_sent *s = &store_all_sent[i];
    if (s->who != who || !store_is(s->id, id)) continue;
    if (s->to_several) several = true;
    else if (store_is_uri(s->to, recipient) || store_is_uri(s->to, original_recipient)) return s;
  }
  return several && recipient.p ? store_new_sent(who, id, recipient, false) : NULL;
}

/* ---- notifications that were taken --------------------------------------------------------------------------------- */

static struct { const ua *who; char id[CPM_ID_MAX + 1]; char sender[ADAPTER_URI]; } store_reports[STORE_ROWS];
static unsigned store_nreports;

void store_take_report(const ua *who, cpm_str id, cpm_str sender) {
  if (store_nreports == STORE_ROWS) abort();
  store_reports[store_nreports].who = who;
  ADAPTER_COPY(store_reports[store_nreports].id, id);
  ADAPTER_COPY(store_reports[store_nreports].sender, sender);
  store_nreports++;
}

bool store_took_report(const ua *who, cpm_str id, cpm_str sender) {
  bool took = false;
  for (unsigned i = 0; i < store_nreports; i++)
    took |= store_reports[i].who == who && store_is(store_reports[i].id, id) && store_is_uri(store_reports[i].sender, sender);
  return took;
}

/* ---- peers that take no CPIM --------------------------------------------------------------------------------------- */

static struct { const ua *who; char peer[ADAPTER_URI]; } store_peers[STORE_ROWS];
static unsigned store_npeers;

void store_set_no_cpim(const ua *who, cpm_str peer) {
  if (store_npeers == STORE_ROWS) abort();
  store_peers[store_npeers].who = who;
  ADAPTER_COPY(store_peers[store_npeers].peer, peer);
  store_npeers++;
}

bool store_has_no_cpim(const ua *who, cpm_str peer) {
  bool has = false;
  for (unsigned i = 0; i < store_npeers; i++) has |= store_peers[i].who == who && store_is_uri(store_peers[i].peer, peer);
  return has;
}

/* ---- the conversation history -------------------------------------------------------------------------------------- */

static struct { const ua *who; uint64_t item; } store_history[STORE_ROWS];
static unsigned store_nhistory;

void store_add_history(const ua *who, uint64_t item) {
  if (store_nhistory == STORE_ROWS) abort();
  store_history[store_nhistory].who = who;
  store_history[store_nhistory++].item = item;
}

unsigned store_count_history(const ua *who) {
  unsigned n = 0;
  for (unsigned i = 0; i < store_nhistory; i++) n += store_history[i].who == who;
  return n;
}
