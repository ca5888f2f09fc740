/* SPDX-License-Identifier: MIT */
/* reads.h - which fields facts, recipe lines and ops read or write, as their operands say. */
#ifndef READS_H
#define READS_H

#include "engine.h"

typedef void reads_field(void *to, unsigned field);

void reads_of_fact(const cpmi_fact *f, reads_field *give, void *to);    /* an ADDRESSES fact: of the lines that it looks at too */
void reads_of_line(const cpmi_line *l, reads_field *give, void *to);    /* its guard left out */
void reads_of_op(const cpmi_op *op, reads_field *give, void *to);       /* its recipe left out */

/* Everything that a row looks at and writes from: guards, and fields; of its own guard, of its recipes and the recipes in those. Fields
 * of its ops are left out: some read them, some write them. */
typedef struct reads_want {
  void (*guard)(void *to, const int16_t *when);
  reads_field *field;
  void *to;
} reads_want;
void reads_of_row(const cpmi_row *row, const reads_want *want);
void reads_of_recipe(const cpmi_recipe *r, const reads_want *want);

/* The next fact of a guard, from *at on; 0: there are no more. */
unsigned reads_next(const int16_t *when, unsigned *at);

#endif
