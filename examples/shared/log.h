/* SPDX-License-Identifier: MIT */
/* log.h - what the program writes down of what its procedures do: a ladder, or lines, or nothing. It brings these functions. */
#ifndef LOG_H
#define LOG_H

#include "tcp.h"

/* x: the effect behind it, or NULL. */
void log_note(const ua *who, const cpm_effect *x, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* After each cpm_proc_step: for what went wrong, and for the rows that were taken. */
void log_step(const ua *who, const cpm_proc *proc, cpm_event_type type, int rc, const cpm_diag *diag);

/* After cpm_dispatch: what a request is for. */
void log_dispatched(const ua *who, const cpm_dispatched *d);

/* A request or response of MSRP that was written. */
typedef struct log_msrp {
  const tcp        *line;
  const cpm_msrp   *msg;
  const cpm_effect *effect;   /* behind it, or NULL */
  cpm_str           head, body;
} log_msrp;
void log_media(const log_msrp *sent);

#endif
