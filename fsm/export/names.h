/* SPDX-License-Identifier: MIT */
/* names.h - what the numbers in the tables are called. Names and docs come from the lists that the tables are written with (lists.h,
 * cpm/procedure.h and the codecs' headers), so that they cannot drift from what they name. */
#ifndef NAMES_H
#define NAMES_H

#include "engine.h"

/* ---- words ---------------------------------------------------------------------------------------------------------- */

const char *names_state(unsigned state);     /* of a state or a group; "stays" in the next column */
const char *names_state_doc(unsigned state); /* of a state */
const char *names_kind(unsigned kind);       /* of legs */
const char *names_op(unsigned op);
const char *names_timer(unsigned timer);
const char *names_type(cpm_field field);     /* "URI" */
const char *names_role(unsigned role);
const char *names_level(unsigned level);
const char *names_place(unsigned place);
const char *names_recipe_kind(unsigned kind);
/* Value of an ENUM field, counted from 1; NULL past the last one and of other fields. */
const char *names_value(cpm_field field, unsigned value);
const char *names_value_doc(cpm_field field, unsigned value);
/* What a recipe line writes: "Accept-Contact", "Request-URI", "DateTime", "*" for all others; NULL for a body or an entry. */
const char *names_line(const cpmi_line *line);

/* ---- operands ------------------------------------------------------------------------------------------------------- */

/* CPM_OPERANDS by its number; [CPMI_OPERAND_NONE] is empty. `of` is the list that it names something of, "number" or "text". */
typedef struct names_operand { const char *name, *of, *doc; } names_operand;
extern const names_operand names_operands[CPMI_OPERAND_COUNT];

/* A test, op, source or value, and what it takes. extra: of an op its effect or NULL, of a source the type that it gives. */
enum { NAMES_OPERANDS = 2 };
typedef struct names_shape { const char *name, *extra; uint8_t operand[NAMES_OPERANDS]; const char *doc; } names_shape;
extern const names_shape names_tests[CPMI_TEST_COUNT], names_ops[CPMI_OP_COUNT], names_sources[CPMI_FROM_COUNT],
                         names_values[CPMI_VALUE_COUNT];

/* An operand as it stands in a table: text, or number where text is NULL. */
typedef struct names_given { const char *name, *text; uint64_t number; } names_given;

/* The operands of one place in the tables; how many there are. */
size_t names_of_fact(unsigned fact, names_given out[NAMES_OPERANDS]);
size_t names_of_op(const cpmi_op *op, names_given out[NAMES_OPERANDS]);
size_t names_of_capture(const cpmi_capture *capture, names_given out[NAMES_OPERANDS]);
size_t names_of_line(const cpmi_line *line, names_given out[NAMES_OPERANDS]);

/* "REFUSE(403, w127)", as tables write it, NUL-terminated and cut to cap - 1 octets. */
void names_op_text(const cpmi_op *op, char *dst, size_t cap);

/* ---- what the tables lead to ---------------------------------------------------------------------------------------- */

/* Rows with the state and event that empty columns take from above: start with zeros. False past the last one. */
typedef struct names_row { const cpmi_row *r; unsigned state, event; size_t index; unsigned part; } names_row;
bool names_next_row(const cpm_machine *m, bool leg, names_row *row);

/* Part of the machine that the row or capture with this index belongs to. */
unsigned names_part_of_capture(const cpm_machine *m, size_t index);

/* States that the call, or a leg, of the machine can have, as a set. */
uint64_t names_states_of(const cpm_machine *m, bool leg);

/* Marks every recipe that the machine uses: of its ops, of facts that compose, and those inside of them. */
void names_recipes_of(const cpm_machine *m, bool used[CPMI_RECIPE_COUNT]);

#endif
