/* SPDX-License-Identifier: MIT */
/* cpim.h - what the hosts of message/cpim mark, and what reading and writing of it share. */
#ifndef CPMI_CPIM_H
#define CPMI_CPIM_H

#include "cpm/cpim.h"
#include "internal.h"

/* What a machine marked; NULL for what is not there. b and e enclose the one slice that its grammar has beside the URI. */
typedef struct cpmi_cpim_marks {
  const unsigned char *colon, *b, *e, *uri_b, *uri_e;
  bool formal;
} cpmi_cpim_marks;

/* Each returns how far its machine came; *ok tells whether all of `in` was taken. `in` is not absent. */
size_t cpmi_cpim_parse(cpmi_cpim_marks *out, cpm_str in, bool *ok);            /* a header line */
size_t cpmi_cpim_ns_parse(cpmi_cpim_marks *out, cpm_str in, bool *ok);
size_t cpmi_cpim_address_parse(cpmi_cpim_marks *out, cpm_str in, bool *ok);
size_t cpmi_cpim_name_parse(cpmi_cpim_marks *out, cpm_str in, bool *ok);       /* formal: it may go without quotes */
size_t cpmi_cpim_require_parse(cpm_str in, bool *ok);
size_t cpmi_cpim_params_parse(cpm_str in, bool *ok);
size_t cpmi_disposition_notification_parse(cpmi_cpim_marks *out, cpm_str in, bool *ok);

/* What two marks enclose; absent if there is none. */
static inline cpm_str cpmi_cpim_slice(const unsigned char *b, const unsigned char *e) {
  return b ? cpm_str_of((const char *)b, (size_t)(e - b)) : cpm_str_none();
}

/* ---- classes of octets, for passing over runs of them ------------------------------------------------------------ */

typedef enum cpmi_cpim_class {
  CPMI_CPIM_NAME   = 1,   /* NAMECHAR */
  CPMI_CPIM_URI    = 2,   /* of URI behind its first ":" */
  CPMI_CPIM_SCHEME = 4    /* of a scheme behind its first letter */
} cpmi_cpim_class;
extern const uint8_t cpmi_cpim_classes[256];

/* Is it "<" URI ">" and nothing else? That needs no machine. */
bool cpmi_cpim_is_plain_address(cpm_str s);

/* ---- namespaces -------------------------------------------------------------------------------------------------- */

/* What NS binds at a line. Bounded, so that a look-up is: the number of prefixes of a message is an attacker's. */
typedef struct cpmi_cpim_scope {
  struct { cpm_str prefix, uri; } bound[CPM_CPIM_PREFIX_LIMIT];
  size_t  n;
  cpm_str unprefixed;      /* the URI for names without prefix; absent: CPM_CPIM_NS_CORE */
} cpmi_cpim_scope;

/* Binds, again if need be; an absent prefix stands for the names without one. CPM_E_TOO_MANY. */
int cpmi_cpim_bind(cpmi_cpim_scope *scope, cpm_str prefix, cpm_str uri);
/* The URI of the prefix; absent if nothing binds it. */
cpm_str cpmi_cpim_bound(const cpmi_cpim_scope *scope, cpm_str prefix);

/* The prefix and the URI of a trimmed NS value. Quirks CPIM_NS_NO_SPACE, CPIM_SPACING. */
int cpmi_cpim_ns_decode(cpm_str *prefix, cpm_str *uri, cpm_str value, uint64_t *quirks, const cpm_opts *opts, cpm_diag *diag);

/* Which header field it is, and the deviation that was needed to see it (0: none). A URI that is absent gives CPM_CPIM_UNKNOWN. */
cpm_cpim_id cpmi_cpim_id_of(cpm_str uri, cpm_str name, uint64_t *quirk);
/* Of a name without prefix: as above in the scope's namespace, but NS always is NS, and bare IMDN names are seen (CPIM_BARE_IMDN). */
cpm_cpim_id cpmi_cpim_id_of_bare(const cpmi_cpim_scope *scope, cpm_str name, uint64_t *quirk);
/* Its name as RFC 3862, RFC 5438 and OMA write it, and its namespace. Constant. */
cpm_str cpmi_cpim_name_of(cpm_cpim_id id);
cpm_str cpmi_cpim_ns_of(cpm_cpim_id id);

/* Splits [prefix "."] name at its only dot. */
void cpmi_cpim_split(cpm_str text, cpm_str *prefix, cpm_str *name);

/* One header name off a Require list that cpmi_cpim_require_parse took; CPM_END after the last. */
int cpmi_cpim_require_next(cpm_str *rest, cpm_str *prefix, cpm_str *name);

/* ---- which header fields must be there --------------------------------------------------------------------------- */

/* How often each was met. */
typedef struct cpmi_cpim_tally { size_t seen[CPM_CPIM_ID_COUNT]; } cpmi_cpim_tally;

/* Counts one; CPM_E_DUPLICATE for the second of those that may stand once. */
int cpmi_cpim_count(cpmi_cpim_tally *tally, cpm_cpim_id id, size_t off, cpm_diag *diag);
/* CPM_E_MISSING for what is not there. */
int cpmi_cpim_complete(const cpmi_cpim_tally *tally, size_t off, cpm_diag *diag);

/* Reads a message that is straight (straight.h) from its first octet to its content into *out, which is empty; false: *out is to be
 * emptied again, for the message must be read otherwise. */
bool cpmi_cpim_straight(cpm_cpim *out, cpm_str in, size_t max_head, uint64_t max_body);

/* Appends an address to what is written. */
int cpmi_cpim_put_address(cpmi_out *o, const cpm_cpim_address *in, const char *rule, cpm_diag *diag);

/* Appends text with its folds, and HTAB, as SP. */
int cpmi_cpim_put_text(cpmi_out *o, cpm_str text, const char *rule, cpm_diag *diag);

#endif
