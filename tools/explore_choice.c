/* SPDX-License-Identifier: MIT */
/* explore_choice.c - every combination of choices, one after the other. What there is to choose may depend on what was chosen before. */
#include "explore.h"
#include <stdlib.h>

/* The next digit; a new one is 0. */
static unsigned choice_digit(explore_choice *c, unsigned base) {
  if (c->at == EXPLORE_CHOICES) abort();
  if (c->at == c->n) {
    c->digit[c->n] = 0;
    c->base[c->n++] = (uint8_t)base;
  }
  return c->digit[c->at++];
}

unsigned explore_always(explore_choice *c, unsigned base) { return base > 1 ? choice_digit(c, base) : 0; }

unsigned explore_choose(explore_choice *c, unsigned base) {
  if (base < 2 || c->plain || c->odd) return 0;
  const unsigned digit = choice_digit(c, base);
  c->off |= digit != 0;
  return digit;
}

unsigned explore_rarely(explore_choice *c, unsigned base) {
  if (base < 2 || c->plain || c->off || c->odd) return 0;
  const unsigned digit = choice_digit(c, base);
  c->odd = digit != 0;
  return digit;
}

bool explore_choice_next(explore_choice *c) {
  while (c->n && c->digit[c->n - 1] + 1 == c->base[c->n - 1]) c->n--;
  c->at = 0;
  c->off = c->odd = false;
  if (c->n == 0) return false;
  c->digit[c->n - 1]++;
  return true;
}
