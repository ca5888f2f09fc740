/* SPDX-License-Identifier: MIT */
/* msrp_link.h - the MSRP of a host, between the procedures of cpmkit and whatever carries octets: one link a connection. Octets come
 * in by msrp_link_read and leave by use->write; it opens no socket, so any network can be put under it. Every host of the examples
 * shares it. */
#ifndef MSRP_LINK_H
#define MSRP_LINK_H

#include <cpm/cpm.h>

enum { MSRP_LINK_HEAD = 8192, MSRP_LINK_FIELDS = 32, MSRP_LINK_BODY = 16 << 20 };   /* octets of a head; of the body of one SEND */

typedef struct msrp_link msrp_link;

/* A SEND of ours whose response is awaited. */
typedef struct msrp_link_sent {
  struct msrp_link_sent *next;
  void                  *of;            /* of msrp_link_push */
  uint64_t               octets;        /* of content that it carries */
  size_t                 nid;
  char                   id[CPM_MSRP_ID_MAX];
} msrp_link_sent;

typedef struct msrp_link_use {
  void (*write)(msrp_link *l, cpm_str bytes);
  /* A request that came whole, with its end flag: '$', '+' or '#'. A SEND or NICKNAME is answered by msrp_link_answer, now or later; a REPORT is not. */
  void (*request)(msrp_link *l, const cpm_msrp *request, cpm_str body, char flag);
  void (*response)(msrp_link *l, const msrp_link_sent *sent, unsigned status);
  /* Nothing that can be understood came: the connection is to be closed. */
  void (*broken)(msrp_link *l, const cpm_diag *diag);
  /* Everything that crosses, for a log; may be NULL. head: a whole head, empty line or end-line included; body: the content behind it. */
  void (*saw)(msrp_link *l, bool ours, const cpm_msrp *msg, cpm_str head, cpm_str body);
  void (*random)(unsigned char *dst, size_t n);
} msrp_link_use;

struct msrp_link {
  const msrp_link_use *use;
  void                *of;              /* the host's */
  cpm_msrp_reader      reader;
  cpm_msrp             msg;             /* the frame that is being read */
  cpm_msrp_field       fields[MSRP_LINK_FIELDS];
  int                  refused;         /* what cpm_msrp_decode said of it */
  char                *body;
  size_t               nbody, cap;
  msrp_link_sent      *sent;            /* oldest first */
  char                 head[MSRP_LINK_HEAD];
};

void msrp_link_init(msrp_link *l, const msrp_link_use *use, void *of);
void msrp_link_free(msrp_link *l);      /* what is awaited is forgotten */

/* Takes all of what came. False: broken was called. */
bool msrp_link_read(msrp_link *l, cpm_str in);

/* Writes the SENDs of a PUSH: its head, and its content in one piece. More than one if the end-line of the first would stand in the content. */
bool msrp_link_push(msrp_link *l, const cpm_msrp *head, cpm_str content, void *of);

/* Writes a request without content, with a transaction id of its own: AUTH, say. While `response` is called, l->msg is what came. */
bool msrp_link_ask(msrp_link *l, const cpm_msrp *request, void *of);

/* Answers, unless the request wants no answer with that status (RFC 4975 7.2). */
bool msrp_link_answer(msrp_link *l, const cpm_msrp *request, unsigned status);

/* The connection is gone: what is awaited from `of` (NULL: from all) gets no response any more. */
void msrp_link_forget(msrp_link *l, const void *of);

#endif
