/* SPDX-License-Identifier: MIT */
/* imdn_judge.h - what libxml2 finds in an IMDN document, held against what we say. */
#ifndef FUZZ_IMDN_JUDGE_H
#define FUZZ_IMDN_JUDGE_H

#include "cpm/imdn.h"
#include "fuzz.h"
#include "xml_judge.h"
#include <stdio.h>

typedef struct imdn_names { const char *notification, *status; } imdn_names;
#define IMDN_NAMES(id, notification, status) { notification "-notification", status },
static const imdn_names imdn_statuses[] = { CPM_IMDN_STATUSES(IMDN_NAMES) };

static inline xmlNodePtr imdn_child(xmlNodePtr parent, const char *name) {
  unsigned count = 0;
  const xmlNodePtr element = judge_child(parent, name, CPM_IMDN_NS, &count);
  HOLDS(count <= 1);
  return element;
}

static inline bool imdn_is_right(xmlNodePtr n) { return n->ns && n->ns->href && !strcmp((const char *)n->ns->href, CPM_IMDN_NS); }

/* Of several names: the element that counts, one in the right namespace before any other. */
static inline xmlNodePtr imdn_best(xmlNodePtr parent, const char *notification) {
  xmlNodePtr found = NULL;
  for (size_t i = 0; i < CPM_IMDN_STATUS_COUNT; i++) {
    if (notification && strcmp(imdn_statuses[i].notification, notification) != 0) continue;
    unsigned count = 0;
    const xmlNodePtr n = judge_child(parent, notification ? imdn_statuses[i].status : imdn_statuses[i].notification, CPM_IMDN_NS, &count);
    if (n && (!found || imdn_is_right(n) > imdn_is_right(found))) found = n;
  }
  return found;
}

static inline void imdn_status(const cpm_imdn *x, xmlNodePtr root) {
  const xmlNodePtr notification = imdn_best(root, NULL);
  if (!notification) {
    HOLDS(x->status == CPM_IMDN_OTHER);
    return;
  }
  const xmlNodePtr status = imdn_child(notification, "status");
  HOLDS(status != NULL);
  const xmlNodePtr word = imdn_best(status, (const char *)notification->name);
  HOLDS((word != NULL) == (x->status != CPM_IMDN_OTHER));
  if (!word) return;
  HOLDS(!strcmp((const char *)word->name, imdn_statuses[x->status].status));
  HOLDS(!strcmp((const char *)notification->name, imdn_statuses[x->status].notification));
}

static inline void imdn_judge(const cpm_imdn *x, xmlDocPtr doc) {
  const xmlNodePtr root = xmlDocGetRootElement(doc);
  HOLDS(!strcmp((const char *)root->name, "imdn"));
  HOLDS(judge_same_text(x->message_id, imdn_child(root, "message-id"), CPM_MARKUP_COLLAPSE));
  HOLDS(judge_same_text(x->datetime, imdn_child(root, "datetime"), CPM_MARKUP_COLLAPSE));
  HOLDS(judge_same_text(x->recipient_uri, imdn_child(root, "recipient-uri"), CPM_MARKUP_COLLAPSE));
  HOLDS(judge_same_text(x->original_recipient_uri, imdn_child(root, "original-recipient-uri"), CPM_MARKUP_COLLAPSE));
  HOLDS(judge_same_text(x->subject, imdn_child(root, "subject"), CPM_MARKUP_PRESERVE));
  imdn_status(x, root);
}

/* Both read the document; what libxml2 makes of it, to be freed. */
static inline xmlDocPtr imdn_document(cpm_str in) {
  xmlDocPtr doc;
  const judge_verdict wrong = judge_document(in, NULL, &doc);
  if (wrong) fprintf(stderr, "%s\n", wrong);
  HOLDS(!wrong);
  return doc;
}

#endif
