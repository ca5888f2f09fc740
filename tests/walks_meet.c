/* SPDX-License-Identifier: MIT */
/* walks_meet.c - which procedure of a meeting a block belongs to, wherever it has moved; each meeting is a walk. Linked as tests/walks.c is. */
#include "meet.h"
#include "walks.h"

/* NOLINTBEGIN: the linker's names */
meet *__real_meet_new(uint64_t seed);
void __real_meet_free(meet *w);
meet *__wrap_meet_new(uint64_t seed);
void __wrap_meet_free(meet *w);
/* NOLINTEND */

static const meet *walks_meeting;

const void *walks_who(const cpm_proc *p) {
  for (size_t i = 0; walks_meeting && i < MEET_RUNS; i++) {
    const meet_run *r = &walks_meeting->run[i];
    if ((const void *)p == r->block[0] || (const void *)p == r->block[1]) return r;
  }
  return NULL;
}

/* NOLINTBEGIN */
meet *__wrap_meet_new(uint64_t seed) {
  meet *w = __real_meet_new(seed);
  walks_named("meeting");
  walks_meeting = w;
  return w;
}

void __wrap_meet_free(meet *w) {
  walks_end();
  walks_meeting = NULL;
  __real_meet_free(w);
}
/* NOLINTEND */
