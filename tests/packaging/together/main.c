/* SPDX-License-Identifier: MIT */
/* main.c - one program, four copies of cpmkit. */
#include <stdio.h>

#define COPIES(X) X(acme) X(beta) X(gamma) X(delta)
#define DECLARE(name) int name##_use(const char **version, const char **machine, const char *mail);
COPIES(DECLARE)

static int say(const char *name, int (*use)(const char **, const char **, const char *)) {
  const char *version, *machine;
  const int good = use(&version, &machine, "sip:bob@example.com"), bad = use(&version, &machine, "sip:bob@");
  return printf("%s %s %s %s\n", name, version, machine, !good && bad < 0 ? "reads" : "is mad") < 0;
}

int main(void) {
  int unused = 3;   /* -Wall and -Werror of cpmkit's own would stop here */
#define SAY(name) say(#name, name##_use) ||
  return COPIES(SAY) 0;
}
