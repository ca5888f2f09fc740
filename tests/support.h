/* SPDX-License-Identifier: MIT */
/* support.h - what the tests share: inputs at a guard page, every-prefix and every-size runs, vectors with golden dumps. */
#ifndef TESTS_SUPPORT_H
#define TESTS_SUPPORT_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include "cpm/str.h"

/* Requirement ids that a test holds, at its start: HOLDS("S4-7.2.1.1-1.enc"). `./dev trace` counts them. */
#define HOLDS(ids) ((void)sizeof(ids))

/* A slice over a C literal, NUL inside allowed. */
#define S(literal) cpm_str_of(literal, sizeof(literal) - 1)

/* What a step is given to make identifiers of: CPM_RANDOM_NEED octets, always the same. */
#define S_RANDOM S("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")

#define assert_str(got, literal) support_assert_str((got), S(literal), #got, __FILE__, __LINE__)
void support_assert_str(cpm_str got, cpm_str want, const char *what, const char *file, int line);

/* Fails with status names and the diag when got != want. */
#define assert_status(got, want, diag) support_assert_status((got), (want), (diag), __FILE__, __LINE__)
void support_assert_status(int got, int want, const cpm_diag *diag, const char *file, int line);

/* The bytes copied so that the byte behind the last one is on a page that cannot be read. Freed by support_unguard. */
cpm_str support_guard(cpm_str in);
void    support_unguard(cpm_str in);

/* Calls use(prefix, ctx) for every prefix of `in`, the whole included, each at a guard page. */
void support_every_prefix(cpm_str in, void (*use)(cpm_str prefix, void *ctx), void *ctx);

/* An encoder, called through: returns its status. */
typedef int support_encode(char *dst, size_t cap, size_t *len, void *ctx);
/* Asks for the size with dst NULL, then encodes at every capacity from 0 to the size: below it CPM_E_SPACE with *len the size and
 * no byte written behind cap, at it CPM_OK. The result, valid until the next call. */
cpm_str support_every_size(support_encode *encode, void *ctx);

/* The whole file; fails the test if it cannot be read. free() the p. */
cpm_str support_read(const char *path);

/* Every file of tests/vectors/<stem>/ that ends in .in, in order of name: dump(input at a guard page, out) writes a readable dump
 * of what the decoder found, with byte offsets, and it must equal the .out file beside it. A difference prints file:line.
 * With CPM_VECTORS_UPDATE=1 in the environment the .out files are written anew: read the diff before you commit it. */
void support_vectors(const char *stem, void (*dump)(cpm_str in, FILE *out));

/* Prints the names of the quirk bits, separated by SP; "-" for none. */
void support_quirks(FILE *out, uint64_t quirks);

/* Calls use(line, number, ctx) for every line of `in` without its LF, each copied to a guard page; for vectors that hold one value a
 * line. \r \n \t \0 and \xNN in a line stand for those octets, \\ for a backslash. */
void support_every_line(cpm_str in, void (*use)(cpm_str line, unsigned number, void *ctx), void *ctx);

/* Prints s with non-printing bytes as \xNN, CR as \r, LF as \n. */
void support_print(FILE *out, cpm_str s);

#endif
