/* SPDX-License-Identifier: MIT */
/* ladder.h - what happened, scene by scene: for the terminal and for the page. */
#ifndef LADDER_H
#define LADDER_H

#include "log.h"
#include "ua.h"
#include <stdio.h>

enum { LADDER_LINES = 256, LADDER_CHECKS = 32, LADDER_SCENES = 16 };

typedef struct ladder_field { const char *name, *value, *clauses; } ladder_field;   /* clauses NULL: the stack wrote it */

/* A message that crossed, or (to NULL) a note on what somebody did or was told. */
typedef struct ladder_line {
  int64_t      us;                       /* since the demonstration began */
  const ua    *from, *to;
  const char  *title;                    /* start line without SIP/2.0, or the note */
  const char  *recipe;                   /* the table that wrote it; NULL: no procedure did */
  const char  *clauses;                  /* whole ids behind it, separated by SP; may be empty */
  const char  *path;                     /* "127.0.0.1:5060 > [::1]:5061" */
  unsigned     status;                   /* 0: a request */
  bool         again, lost;
  const ladder_field *fields;
  size_t       nfields;
  cpm_str      body, wire;
  const char  *run;                      /* of MSRP: what lines like it have in common; NULL: it stands alone */
  unsigned     times;                    /* it stands for so many */
} ladder_line;

typedef struct ladder_check { const char *what; bool holds; } ladder_check;

typedef struct ladder_scene {
  const char  *title, *about;
  ladder_line *lines;
  unsigned     nlines;
  ladder_check checks[LADDER_CHECKS];
  unsigned     nchecks;
} ladder_scene;

extern ladder_scene ladder_scenes[LADDER_SCENES];
extern unsigned     ladder_nscenes;

/* Lines of recipes that what was composed was held against. */
typedef struct ladder_judged { unsigned holds, open, fails; } ladder_judged;
extern ladder_judged ladder_verdicts;

void ladder_begin(const char *title, const char *about);
typedef struct ladder_sent {
  const ua         *from, *to;
  const cpm_sip    *msg;      /* as written, with the clause of each field that a procedure composed; NULL: sent before */
  const cpm_effect *effect;   /* behind it, or NULL */
  cpm_str           wire;
  const char       *path;
  bool              lost;
} ladder_sent;
void ladder_message(const ladder_sent *sent);
bool ladder_expect(bool holds, const char *what);
void ladder_print(const ladder_scene *s);
bool ladder_involves(const ladder_scene *s, const ua *who);
bool ladder_all_hold(void);
void ladder_close(void);

/* demo.html: the scenes and the machines. False: it could not be written. */
bool page_write(const char *path);

#endif
