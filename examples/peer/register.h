/* SPDX-License-Identifier: MIT */
/* register.h - registration (RFC 3261 10) and the answer to a challenge (RFC 3261 22, RFC 7616): what the stack leaves to its user. */
#ifndef REGISTER_H
#define REGISTER_H

#include <cpm/cpm.h>

/* Header field value that answers the challenge in that value: Digest with MD5 or SHA-256, qop "auth" or none. False: it is
 * another scheme, or more is asked for than we can. `uri` is what the response is for: the Request-URI, of MSRP the first URI of
 * To-Path (RFC 4976 9.1). */
bool register_credentials(char *value, size_t cap, cpm_str challenge, const char *user, const char *password,
                          const char *method, const char *uri);

void register_user(char *user, size_t cap);   /* "alice" of our address */

/* From now on challenges are answered with that password (NULL: not at all), and our Contact is registered at the domain of our
 * address, again and again before it expires. registered: each time, what was answered; 0: nothing was. NULL: it is not registered. */
void register_begin(const char *password, void (*registered)(unsigned status));
int64_t register_due(void);   /* when it is to be sent again, on adapter_clock; INT64_MAX: not at all */
void register_fire(void);

#endif
