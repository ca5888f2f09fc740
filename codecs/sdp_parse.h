/* SPDX-License-Identifier: MIT */
/* sdp_parse.h - between the machines of SDP and sdp.c, sdp_msrp.c, sdp_write.c. */
#ifndef CPMI_SDP_PARSE_H
#define CPMI_SDP_PARSE_H

#include "cpm/sdp.h"
#include "value_internal.h"

/* Where the parts of a line's value stand; NULL: not there. key, formats and value go to the end. No line has two parts that share a place:
 * marks are cleared for every line that a machine reads, so they are few. */
typedef struct cpmi_sdp_marks {
  union { const char *username_b, *ttl_b, *start_b, *bwtype_b, *method_b, *media_b, *name_b; };
  union { const char *username_e, *ttl_e, *start_e, *bwtype_e, *method_e, *media_e, *name_e; };
  union { const char *sess_id_b, *count_b, *stop_b, *number_b, *port_b, *key_b, *value_b; };
  union { const char *sess_id_e, *count_e, *stop_e, *number_e, *port_e; };
  union { const char *sess_version_b, *ports_b; };
  union { const char *sess_version_e, *ports_e; };
  union { const char *nettype_b, *proto_b; };
  union { const char *nettype_e, *proto_e; };
  union { const char *addrtype_b, *formats_b; };
  const char *addrtype_e, *address_b, *address_e;
  bool spacing;
} cpmi_sdp_marks;

/* Pieces that a writer is given, in place of a type letter. */
enum { CPMI_SDP_TOKEN = 'A', CPMI_SDP_DIGITS, CPMI_SDP_WORD, CPMI_SDP_ADDRESS };

/* A value that is written as peers write it, without a machine: false of all others. */
bool cpmi_sdp_straight(cpmi_sdp_marks *m, char type, cpm_str in);
const char *cpmi_sdp_machine(cpmi_sdp_marks *m, char type, cpm_str in);

/* Holds a value against the grammar of its line. Where it stopped; NULL if it is whole. in.p is not NULL. Marks need not be clear: those of
 * the line are set or NULL. */
static inline const char *cpmi_sdp_parse(cpmi_sdp_marks *m, char type, cpm_str in) {
  return cpmi_sdp_straight(m, type, in) ? NULL : cpmi_sdp_machine(m, type, in);
}

/* The same for the values of attributes. again: a part that may stand once stood twice, there. */
typedef struct cpmi_sdp_attribute_marks {
  union { const char *name_b, *creation_b, *start_b, *function_b; };
  union { const char *name_e, *creation_e, *start_e, *function_e; };
  union { const char *type_b, *modification_b, *stop_b, *print_b; };
  union { const char *type_e, *modification_e, *stop_e, *print_e; };
  union { const char *size_b, *read_b; };
  union { const char *size_e, *read_e; };
  const char *hash_b, *again;
  bool spacing, loose, lower;
} cpmi_sdp_attribute_marks;

/* Pieces of a file-selector, in place of an attribute. */
enum { CPMI_SDP_FILE_NAME = CPM_SDP_ATTRIBUTE_COUNT, CPMI_SDP_FILE_TYPE };
bool cpmi_sdp_attribute_straight(cpmi_sdp_attribute_marks *m, int id, cpm_str in);
const char *cpmi_sdp_attribute_machine(cpmi_sdp_attribute_marks *m, int id, cpm_str in);
static inline const char *cpmi_sdp_attribute_parse(cpmi_sdp_attribute_marks *m, int id, cpm_str in) {
  return cpmi_sdp_attribute_straight(m, id, in) ? NULL : cpmi_sdp_attribute_machine(m, id, in);
}

#define CPMI_SDP_CLAUSE "RFC 8866 9"

/* Does a line of this type end with words, so that SP at its end is none of its value? */
bool cpmi_sdp_is_words(char type);
/* The value without SP at its end. */
cpm_str cpmi_sdp_cut(cpm_str value);
/* The name of a line's rule; NULL if there is no such type. */
const char *cpmi_sdp_rule(char type);
/* Where lines of this type stand among those of the session, or of an m line: a rank; 0 if they do not stand there. */
unsigned cpmi_sdp_rank(char type, bool session);
/* May a line of this type stand once only, in the session, in an m line? */
bool cpmi_sdp_is_single(char type, bool session);
/* "message" over MSRP; *upper: not in the case of the RFC. */
bool cpmi_sdp_is_msrp(cpm_str media, cpm_str proto, bool *other_case);
/* The id of a name, in any case. */
cpm_sdp_attribute cpmi_sdp_attribute_of(cpm_str name);
/* Is the attribute a direction? */
static inline bool cpmi_sdp_is_direction(cpm_sdp_attribute id) { return id >= CPM_SDP_SENDRECV && id <= CPM_SDP_INACTIVE; }
/* Has the hash as many octets as its algorithm gives? True for algorithms that are not known here. */
bool cpmi_sdp_hash_fits(const cpm_sdp_hash *hash);
/* One word that SP ends, quoted strings whole; CPM_END when there are no more. */
int cpmi_sdp_word_quoted(cpm_str *rest, cpm_str *word);

#endif
