/* SPDX-License-Identifier: MIT */
/* use.c - a user of cpmkit, as C and as C++, compiled once for each copy of it: USE is what the copy is called here. Its source says what every
 * user's says, whatever the prefix. */
#ifdef USE_ONE_HEADER
#include "cpm.h"
#else
#include <cpm/cpm.h>
#endif

#define USE_JOIN(use, what) use##_##what
#define USE_NAME(use, what) USE_JOIN(use, what)
#ifdef __cplusplus
extern "C"
#endif
int USE_NAME(USE, use)(const char **version, const char **machine, const char *mail);

int USE_NAME(USE, use)(const char **version, const char **machine, const char *mail) {
  cpm_uri uri;
  *version = cpm_version();
  *machine = cpm_machine_name(cpm_machine_named("client/pager-send"));
  return cpm_uri_decode(&uri, cpm_str_z(mail), NULL, NULL);
}
