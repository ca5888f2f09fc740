/* SPDX-License-Identifier: MIT */
/* clause_column.h - the last column of a line in a scenario: requirement ids, set off by two blanks or more. What runs the scenarios
 * and what counts the evidence read it with this one function. */
#ifndef CLAUSE_COLUMN_H
#define CLAUSE_COLUMN_H

#include <stdbool.h>
#include <stddef.h>

/* "S4-7.2.1.1-8.a", "O-R33" */
static inline bool clause_is_id(const char *p, size_t n) {
  if (n > 3 && p[0] == 'S' && p[1] >= '0' && p[1] <= '9' && p[2] == '-') return true;
  return n > 3 && p[0] == 'O' && p[1] == '-' && p[2] == 'R' && p[3] >= '0' && p[3] <= '9';
}

/* Length of the line without its clause column and the blanks before it; the whole length if it has none. */
static inline size_t clause_column_before(const char *line, size_t n) {
  size_t end = n, found = n;
  while (end > 0 && line[end - 1] == ' ') end--;
  while (end > 0) {
    size_t word = end;
    while (word > 0 && line[word - 1] != ' ') word--;
    if (!clause_is_id(line + word, end - word)) break;
    size_t before = word;
    while (before > 0 && line[before - 1] == ' ') before--;
    if (word - before >= 2 || before == 0) found = before;
    if (before == 0 || word == before) break;
    end = before;
  }
  return found;
}

#endif
