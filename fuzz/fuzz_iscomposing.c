/* SPDX-License-Identifier: MIT */
/* Invariant: libxml2 judges the document as xml_judge.h says. What decodes has the values that libxml2 finds, in slices of the input, and
 * encodes to what decodes without a quirk to the same values and is written the same a second time. What is refused leaves nothing. */
#include "cpm/iscomposing.h"
#include "xml_judge.h"
#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void need(int holds) { if (!holds) abort(); }

static void inside(cpm_str s, cpm_str in) {
  if (s.p) need(s.p >= in.p && s.p + s.n <= in.p + in.n);
}

static void same(cpm_str slice, xmlNodePtr root, const char *name) {
  unsigned count = 0;
  const xmlNodePtr element = judge_child(root, name, CPM_ISCOMPOSING_NS, &count);
  need(count <= 1 && judge_same_text(slice, element, CPM_MARKUP_COLLAPSE));
}

static void judge(const cpm_iscomposing *x, xmlDocPtr doc) {
  const xmlNodePtr root = xmlDocGetRootElement(doc);
  unsigned count = 0;
  need(!strcmp((const char *)root->name, "isComposing"));
  same(x->state, root, "state");
  same(x->lastactive, root, "lastactive");
  same(x->contenttype, root, "contenttype");
  const xmlNodePtr refresh = judge_child(root, "refresh", CPM_ISCOMPOSING_NS, &count);
  need((refresh != NULL) == (x->refresh != 0));
  if (!refresh) return;
  xmlChar *const text = xmlNodeGetContent(refresh);
  need(text && strtoull((const char *)text, NULL, 10) == x->refresh);
  xmlFree(text);
}

static void there_and_back(const cpm_iscomposing *x) {
  char *const lastactive = judge_plain(x->lastactive, CPM_MARKUP_COLLAPSE), *const contenttype = judge_plain(x->contenttype, CPM_MARKUP_COLLAPSE);
  need(lastactive && contenttype);
  const cpm_iscomposing plain = { x->active, cpm_str_none(), x->lastactive.p ? cpm_str_z(lastactive) : cpm_str_none(),
                                  x->contenttype.p ? cpm_str_z(contenttype) : cpm_str_none(), x->refresh, 0 };
  size_t len = 0, again = 0;
  need(cpm_iscomposing_encode(NULL, 0, &len, &plain, NULL) == CPM_OK);
  char *const first = malloc(len), *const second = malloc(len);
  need(first && second && cpm_iscomposing_encode(first, len, &again, &plain, NULL) == CPM_OK && again == len);
  cpm_iscomposing y;
  need(cpm_iscomposing_decode(&y, cpm_str_of(first, len), NULL, NULL) == CPM_OK);
  need(y.quirks == 0 && y.active == x->active && y.refresh == x->refresh);
  need(!y.lastactive.p == !x->lastactive.p && !y.contenttype.p == !x->contenttype.p);
  char *const l = judge_plain(y.lastactive, CPM_MARKUP_COLLAPSE), *const c = judge_plain(y.contenttype, CPM_MARKUP_COLLAPSE);
  need(l && c && !strcmp(l, lastactive) && !strcmp(c, contenttype));
  y.lastactive = plain.lastactive;
  y.contenttype = plain.contenttype;
  need(cpm_iscomposing_encode(second, len, &again, &y, NULL) == CPM_OK && again == len && memcmp(first, second, len) == 0);
  free(lastactive), free(contenttype), free(l), free(c), free(first), free(second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  char *const copy = malloc(size ? size : 1);
  if (!copy) return 0;
  if (size) memcpy(copy, data, size);
  const cpm_str in = cpm_str_of(copy, size);
  cpm_iscomposing x;
  cpm_diag d = { 0 };
  xmlDocPtr doc;
  const judge_verdict wrong = judge_document(in, NULL, &doc);
  if (wrong) fprintf(stderr, "%s\n", wrong);
  need(!wrong);
  const int rc = cpm_iscomposing_decode(&x, in, NULL, &d);
  inside(x.state, in);
  inside(x.lastactive, in);
  inside(x.contenttype, in);
  if (rc == CPM_OK) {
    need(doc && x.state.p);
    judge(&x, doc);
    there_and_back(&x);
  } else {
    need(d.code == rc && d.off <= size && d.rule && !x.state.p && !x.lastactive.p && !x.contenttype.p && !x.refresh && !x.active);
  }
  xmlFreeDoc(doc);
  free(copy);
  return 0;
}
