/* SPDX-License-Identifier: MIT */
/* walks.h - walks of the engine are written down: tests/walks.c says how, tests/promela_follow.h reads them. */
#ifndef TESTS_WALKS_H
#define TESTS_WALKS_H

#include "cpm/cpm.h"

/* Whose block it is, where there are several at a time. NULL: there is one at a time, and a new one begins a new walk. */
const void *walks_who(const cpm_proc *p);
void walks_named(const char *name);   /* the next walks */
void walks_end(void);                 /* of this walk */
extern bool walks_pause;              /* the engine is asked for something else */

#endif
