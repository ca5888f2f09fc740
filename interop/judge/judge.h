/* SPDX-License-Identifier: MIT */
/* judge.h - what each stack says of a message or of a session description: NULL if it takes it, else what is wrong. p[n] is NUL; the text lasts
 * until the next call. */
#ifndef JUDGE_H
#define JUDGE_H

#include <stddef.h>

const char *sofia_of_sip(const char *p, size_t n);
const char *sofia_of_sdp(const char *p, size_t n);
const char *osip_of_sip(const char *p, size_t n);
const char *osip_of_sdp(const char *p, size_t n);
const char *re_of_sip(const char *p, size_t n);
const char *re_of_sdp(const char *p, size_t n);

#endif
