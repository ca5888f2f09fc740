/* SPDX-License-Identifier: MIT */
/* Invariant: libxml2 judges the document as xml_judge.h says. What decodes has the values that libxml2 finds, in slices of the input, and
 * encodes, unless it says what cannot be written; that decodes without a quirk to the same values and is written the same a second
 * time. What is refused leaves nothing. Walking the input as a body of three types ends, inside of it. */
#include "cpm/imdn.h"
#include "xml_judge.h"
#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void need(int holds) { if (!holds) abort(); }

static void inside(cpm_str s, cpm_str in) {
  if (s.p) need(s.p >= in.p && s.p + s.n <= in.p + in.n);
}

/* ---- what libxml2 finds ------------------------------------------------------------------------------------------------ */

typedef struct imdn_names { const char *notification, *status; } imdn_names;
#define IMDN_NAMES(id, notification, status) { notification "-notification", status },
static const imdn_names statuses[] = { CPM_IMDN_STATUSES(IMDN_NAMES) };

static xmlNodePtr child(xmlNodePtr parent, const char *name) {
  unsigned count = 0;
  const xmlNodePtr element = judge_child(parent, name, CPM_IMDN_NS, &count);
  need(count <= 1);
  return element;
}

static bool is_right(xmlNodePtr n) { return n->ns && n->ns->href && !strcmp((const char *)n->ns->href, CPM_IMDN_NS); }

/* Of several names: the element that counts, one in the right namespace before any other. */
static xmlNodePtr best(xmlNodePtr parent, const char *notification) {
  xmlNodePtr found = NULL;
  for (size_t i = 0; i < CPM_IMDN_STATUS_COUNT; i++) {
    if (notification && strcmp(statuses[i].notification, notification) != 0) continue;
    unsigned count = 0;
    const xmlNodePtr n = judge_child(parent, notification ? statuses[i].status : statuses[i].notification, CPM_IMDN_NS, &count);
    if (n && (!found || is_right(n) > is_right(found))) found = n;
  }
  return found;
}

static void judge_status(const cpm_imdn *x, xmlNodePtr root) {
  const xmlNodePtr notification = best(root, NULL);
  if (!notification) {
    need(x->status == CPM_IMDN_OTHER);
    return;
  }
  const xmlNodePtr status = child(notification, "status");
  need(status != NULL);
  const xmlNodePtr word = best(status, (const char *)notification->name);
  need((word != NULL) == (x->status != CPM_IMDN_OTHER));
  if (!word) return;
  need(!strcmp((const char *)word->name, statuses[x->status].status));
  need(!strcmp((const char *)notification->name, statuses[x->status].notification));
}

static void judge(const cpm_imdn *x, xmlDocPtr doc) {
  const xmlNodePtr root = xmlDocGetRootElement(doc);
  need(!strcmp((const char *)root->name, "imdn"));
  need(judge_same_text(x->message_id, child(root, "message-id"), CPM_MARKUP_COLLAPSE));
  need(judge_same_text(x->datetime, child(root, "datetime"), CPM_MARKUP_COLLAPSE));
  need(judge_same_text(x->recipient_uri, child(root, "recipient-uri"), CPM_MARKUP_COLLAPSE));
  need(judge_same_text(x->original_recipient_uri, child(root, "original-recipient-uri"), CPM_MARKUP_COLLAPSE));
  need(judge_same_text(x->subject, child(root, "subject"), CPM_MARKUP_PRESERVE));
  judge_status(x, root);
}

/* ---- there and back ---------------------------------------------------------------------------------------------------- */

#define TEXTS 5
static cpm_str *text_of(cpm_imdn *x, int i) {
  cpm_str *const texts[TEXTS] = { &x->message_id, &x->datetime, &x->recipient_uri, &x->original_recipient_uri, &x->subject };
  return texts[i];
}

/* Puts plain texts, to be freed, in the place of slices. */
static void make_plain(cpm_imdn *x) {
  for (int i = 0; i < TEXTS; i++) {
    cpm_str *const text = text_of(x, i);
    if (!text->p) continue;
    char *const plain = judge_plain(*text, i == 4 ? CPM_MARKUP_PRESERVE : CPM_MARKUP_COLLAPSE);
    need(plain != NULL);
    *text = cpm_str_z(plain);
  }
}

static void leave(cpm_imdn *x) {
  for (int i = 0; i < TEXTS; i++) free((void *)(uintptr_t)text_of(x, i)->p);
}

static bool has_lines(cpm_str s) { return s.p && (memchr(s.p, '\n', s.n) || memchr(s.p, '\r', s.n)); }

static void there_and_back(const cpm_imdn *decoded) {
  cpm_imdn x = *decoded, y;
  size_t len = 0, again = 0;
  make_plain(&x);
  const int rc = cpm_imdn_encode(NULL, 0, &len, &x, NULL);
  if (!x.datetime.n) need(rc == CPM_E_MISSING);
  else if (has_lines(x.subject)) need(rc == CPM_E_INJECTION);
  else if (x.status == CPM_IMDN_OTHER) need(rc == CPM_E_VALUE);
  else need(rc == CPM_OK);
  if (rc == CPM_OK) {
    char *const first = malloc(len), *const second = malloc(len);
    need(first && second && cpm_imdn_encode(first, len, &again, &x, NULL) == CPM_OK && again == len);
    need(cpm_imdn_decode(&y, cpm_str_of(first, len), NULL, NULL) == CPM_OK && y.quirks == 0 && y.status == x.status);
    make_plain(&y);
    need(cpm_str_eq(x.message_id, y.message_id) && cpm_str_eq(x.datetime, y.datetime) && cpm_str_eq(x.recipient_uri, y.recipient_uri));
    if (x.recipient_uri.p) need(cpm_str_eq(x.subject, y.subject));
    if (x.recipient_uri.p && x.original_recipient_uri.p) need(cpm_str_eq(x.original_recipient_uri, y.original_recipient_uri));
    need(cpm_imdn_encode(second, len, &again, &y, NULL) == CPM_OK && again == len && memcmp(first, second, len) == 0);
    leave(&y);
    free(first);
    free(second);
  }
  leave(&x);
}

/* ---- bodies ------------------------------------------------------------------------------------------------------------ */

static void walk(cpm_str in) {
  static const char *const types[] = { "multipart/mixed;boundary=b", "message/cpim", CPM_IMDN_TYPE };
  for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
    cpm_imdn_walk w;
    cpm_imdn_found found;
    size_t calls = 0;
    cpm_diag d = { 0 };
    cpm_imdn_walk_init(&w, cpm_str_z(types[i]), in);
    for (int rc; (rc = cpm_imdn_walk_next(&w, &found, NULL, &d)) != CPM_END; calls++) {
      need(found.document.p != NULL && calls <= in.n && d.off <= in.n && (rc == CPM_OK || d.code == rc));
      inside(found.document, in);
      inside(found.from, in);
      inside(found.transfer_encoding, in);
      inside(found.content_encoding, in);
    }
    need(cpm_imdn_walk_next(&w, &found, NULL, NULL) == CPM_END);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  char *const copy = malloc(size ? size : 1);
  if (!copy) return 0;
  if (size) memcpy(copy, data, size);
  const cpm_str in = cpm_str_of(copy, size);
  cpm_imdn x;
  cpm_diag d = { 0 };
  xmlDocPtr doc;
  const judge_verdict wrong = judge_document(in, NULL, &doc);
  if (wrong) fprintf(stderr, "%s\n", wrong);
  need(!wrong);
  const int rc = cpm_imdn_decode(&x, in, NULL, &d);
  for (int i = 0; i < TEXTS; i++) inside(*text_of(&x, i), in);
  if (rc == CPM_OK) {
    need(doc && x.message_id.n);
    judge(&x, doc);
    there_and_back(&x);
  } else {
    need(d.code == rc && d.off <= size && d.rule && x.status == CPM_IMDN_OTHER);
    for (int i = 0; i < TEXTS; i++) need(!text_of(&x, i)->p);
  }
  xmlFreeDoc(doc);
  walk(in);
  free(copy);
  return 0;
}
