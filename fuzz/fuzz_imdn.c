/* SPDX-License-Identifier: MIT */
/* fuzz_imdn.c - the input as an IMDN document and as an isComposing document, with libxml2 as their judge (tests/xml_judge.h says how).
 * Holds: what decodes has the values that libxml2 finds, in slices of the input, and encodes, unless it says what cannot be written;
 * that decodes without a quirk to the same values and is written the same a second time. What is refused leaves nothing. Walking
 * the input as a body of three types ends, inside of it. */
#include "cpm/iscomposing.h"
#include "imdn_judge.h"

/* ---- there and back ---------------------------------------------------------------------------------------------------- */

#define TEXTS 5
static cpm_str *imdn_text(cpm_imdn *x, int i) {
  cpm_str *const texts[TEXTS] = { &x->message_id, &x->datetime, &x->recipient_uri, &x->original_recipient_uri, &x->subject };
  return texts[i];
}

/* Puts plain texts, to be freed, in the place of slices. */
static void imdn_plain(cpm_imdn *x) {
  for (int i = 0; i < TEXTS; i++) {
    cpm_str *const text = imdn_text(x, i);
    if (!text->p) continue;
    char *const plain = judge_plain(*text, i == 4 ? CPM_MARKUP_PRESERVE : CPM_MARKUP_COLLAPSE);
    HOLDS(plain != NULL);
    *text = cpm_str_z(plain);
  }
}

static void imdn_leave(cpm_imdn *x) {
  for (int i = 0; i < TEXTS; i++) free((void *)(uintptr_t)imdn_text(x, i)->p);
}

static bool has_lines(cpm_str s) { return s.p && (memchr(s.p, '\n', s.n) || memchr(s.p, '\r', s.n)); }

static void imdn_again(const cpm_imdn *decoded) {
  cpm_imdn x = *decoded, y;
  size_t len = 0, again = 0;
  imdn_plain(&x);
  const int rc = cpm_imdn_encode(NULL, 0, &len, &x, NULL);
  if (!x.datetime.n) HOLDS(rc == CPM_E_MISSING);
  else if (has_lines(x.subject)) HOLDS(rc == CPM_E_INJECTION);
  else if (x.status == CPM_IMDN_OTHER) HOLDS(rc == CPM_E_VALUE);
  else HOLDS(rc == CPM_OK);
  if (rc == CPM_OK) {
    char *const first = malloc(len), *const second = malloc(len);
    HOLDS(first && second && cpm_imdn_encode(first, len, &again, &x, NULL) == CPM_OK && again == len);
    HOLDS(cpm_imdn_decode(&y, cpm_str_of(first, len), NULL, NULL) == CPM_OK && y.quirks == 0 && y.status == x.status);
    imdn_plain(&y);
    HOLDS(cpm_str_eq(x.message_id, y.message_id) && cpm_str_eq(x.datetime, y.datetime) && cpm_str_eq(x.recipient_uri, y.recipient_uri));
    if (x.recipient_uri.p) HOLDS(cpm_str_eq(x.subject, y.subject));
    if (x.recipient_uri.p && x.original_recipient_uri.p) HOLDS(cpm_str_eq(x.original_recipient_uri, y.original_recipient_uri));
    HOLDS(cpm_imdn_encode(second, len, &again, &y, NULL) == CPM_OK && again == len && memcmp(first, second, len) == 0);
    imdn_leave(&y);
    free(first);
    free(second);
  }
  imdn_leave(&x);
}

/* ---- bodies ------------------------------------------------------------------------------------------------------------ */

static void imdn_walk(cpm_str in) {
  static const char *const types[] = { "multipart/mixed;boundary=b", "message/cpim", CPM_IMDN_TYPE };
  for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
    cpm_imdn_walk w;
    cpm_imdn_found found;
    size_t calls = 0;
    cpm_diag d = { 0 };
    cpm_imdn_walk_init(&w, cpm_str_z(types[i]), in);
    for (int rc; (rc = cpm_imdn_walk_next(&w, &found, NULL, &d)) != CPM_END; calls++) {
      HOLDS(found.document.p != NULL && calls <= in.n && d.off <= in.n && (rc == CPM_OK || d.code == rc));
      inside(found.document, in);
      inside(found.from, in);
      inside(found.transfer_encoding, in);
      inside(found.content_encoding, in);
    }
    HOLDS(cpm_imdn_walk_next(&w, &found, NULL, NULL) == CPM_END);
  }
}

/* ---- isComposing ---------------------------------------------------------------------------------------------------- */

static void composing_same(cpm_str slice, xmlNodePtr root, const char *name) {
  unsigned count = 0;
  const xmlNodePtr element = judge_child(root, name, CPM_ISCOMPOSING_NS, &count);
  HOLDS(count <= 1 && judge_same_text(slice, element, CPM_MARKUP_COLLAPSE));
}

static void composing_judge(const cpm_iscomposing *x, xmlDocPtr doc) {
  const xmlNodePtr root = xmlDocGetRootElement(doc);
  unsigned count = 0;
  HOLDS(!strcmp((const char *)root->name, "isComposing"));
  composing_same(x->state, root, "state");
  composing_same(x->lastactive, root, "lastactive");
  composing_same(x->contenttype, root, "contenttype");
  const xmlNodePtr refresh = judge_child(root, "refresh", CPM_ISCOMPOSING_NS, &count);
  HOLDS((refresh != NULL) == (x->refresh != 0));
  if (!refresh) return;
  xmlChar *const text = xmlNodeGetContent(refresh);
  HOLDS(text && strtoull((const char *)text, NULL, 10) == x->refresh);
  xmlFree(text);
}

static void composing_again(const cpm_iscomposing *x) {
  char *const lastactive = judge_plain(x->lastactive, CPM_MARKUP_COLLAPSE), *const contenttype = judge_plain(x->contenttype, CPM_MARKUP_COLLAPSE);
  HOLDS(lastactive && contenttype);
  const cpm_iscomposing plain = { x->active, cpm_str_none(), x->lastactive.p ? cpm_str_z(lastactive) : cpm_str_none(),
                                  x->contenttype.p ? cpm_str_z(contenttype) : cpm_str_none(), x->refresh, 0 };
  size_t len = 0, again = 0;
  HOLDS(cpm_iscomposing_encode(NULL, 0, &len, &plain, NULL) == CPM_OK);
  char *const first = malloc(len), *const second = malloc(len);
  HOLDS(first && second && cpm_iscomposing_encode(first, len, &again, &plain, NULL) == CPM_OK && again == len);
  cpm_iscomposing y;
  HOLDS(cpm_iscomposing_decode(&y, cpm_str_of(first, len), NULL, NULL) == CPM_OK);
  HOLDS(y.quirks == 0 && y.active == x->active && y.refresh == x->refresh);
  HOLDS(!y.lastactive.p == !x->lastactive.p && !y.contenttype.p == !x->contenttype.p);
  char *const l = judge_plain(y.lastactive, CPM_MARKUP_COLLAPSE), *const c = judge_plain(y.contenttype, CPM_MARKUP_COLLAPSE);
  HOLDS(l && c && !strcmp(l, lastactive) && !strcmp(c, contenttype));
  y.lastactive = plain.lastactive;
  y.contenttype = plain.contenttype;
  HOLDS(cpm_iscomposing_encode(second, len, &again, &y, NULL) == CPM_OK && again == len && memcmp(first, second, len) == 0);
  free(lastactive), free(contenttype), free(l), free(c), free(first), free(second);
}

/* ---- all of them ------------------------------------------------------------------------------------------------------- */

static void imdn(cpm_str in, xmlDocPtr doc) {
  cpm_imdn x;
  cpm_diag d = { 0 };
  const int rc = cpm_imdn_decode(&x, in, NULL, &d);
  for (int i = 0; i < TEXTS; i++) inside(*imdn_text(&x, i), in);
  if (rc == CPM_OK) {
    HOLDS(doc && x.message_id.n);
    imdn_judge(&x, doc);
    imdn_again(&x);
    return;
  }
  HOLDS(d.code == rc && d.off <= in.n && d.rule && x.status == CPM_IMDN_OTHER);
  for (int i = 0; i < TEXTS; i++) HOLDS(!imdn_text(&x, i)->p);
}

static void composing(cpm_str in, xmlDocPtr doc) {
  cpm_iscomposing x;
  cpm_diag d = { 0 };
  const int rc = cpm_iscomposing_decode(&x, in, NULL, &d);
  inside(x.state, in);
  inside(x.lastactive, in);
  inside(x.contenttype, in);
  if (rc == CPM_OK) {
    HOLDS(doc && x.state.p);
    composing_judge(&x, doc);
    composing_again(&x);
    return;
  }
  HOLDS(d.code == rc && d.off <= in.n && d.rule && !x.state.p && !x.lastactive.p && !x.contenttype.p && !x.refresh && !x.active);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const cpm_str in = exact_copy(data, size);
  const xmlDocPtr doc = imdn_document(in);
  imdn(in, doc);
  composing(in, doc);
  xmlFreeDoc(doc);
  imdn_walk(in);
  free_copy(in);
  return 0;
}
