/* SPDX-License-Identifier: MIT */
/* diagram.h - the machines, drawn from the tables that ran. */
#ifndef DIAGRAM_H
#define DIAGRAM_H

#include <cpm/procedure.h>
#include <stdio.h>

/* After a step that took the event, its effects still pending: marks the rows that were taken. */
void diagram_saw(const cpm_proc *proc);

/* Every machine that took a step: a drawing and its rows, as HTML. */
void diagram_write(FILE *out);

/* Text as HTML. */
void diagram_escape(FILE *out, cpm_str text);

#endif
