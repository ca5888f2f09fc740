/* SPDX-License-Identifier: MIT */
/* known.h - where the peers read otherwise than we do. docs/fuzzing.md says of each what it is; a difference that is not here is found by
 * fuzz_diff. */
#ifndef DIFF_KNOWN_H
#define DIFF_KNOWN_H

#include "ours.h"

/* KNOWN(id, what, peers, key, when): what is PEER_SIP or PEER_SDP; key is TAKES (the peer takes what we refuse), REFUSES (the other way),
 * or the value that differs; `when` is a function of known.c. */
#define KNOWN_DIFFERENCES(X) \
  /* they take it */ \
  X(sip_split,           SIP, BOTH,  TAKES,   of_splitting) \
  X(sip_value,           SIP, BOTH,  TAKES,   of_field_value) \
  X(sip_missing,         SIP, BOTH,  TAKES,   of_missing_field) \
  X(sip_twice,           SIP, BOTH,  TAKES,   of_field_twice) \
  X(sip_cseq_method,     SIP, BOTH,  TAKES,   of_other_method) \
  X(sip_request_uri,     SIP, BOTH,  TAKES,   of_request_uri) \
  X(sip_version,         SIP, BOTH,  TAKES,   of_version) \
  X(sip_limit,           SIP, BOTH,  TAKES,   of_limit) \
  X(sdp_grammar,         SDP, BOTH,  TAKES,   of_grammar) \
  X(sdp_twice,           SDP, BOTH,  TAKES,   of_line_twice) \
  X(sdp_missing,         SDP, BOTH,  TAKES,   of_missing_line) \
  X(sdp_version,         SDP, BOTH,  TAKES,   of_sdp_version) \
  X(sdp_limit,           SDP, BOTH,  TAKES,   of_limit) \
  /* they refuse it */ \
  X(sip_tolerated,       SIP, BOTH,  REFUSES, of_quirk) \
  X(sip_bare_address,    SIP, BOTH,  REFUSES, of_bare_address) \
  X(sofia_method,        SIP, SOFIA, REFUSES, of_method) \
  X(sofia_user,          SIP, SOFIA, REFUSES, of_user) \
  X(osip_empty_fold,     SIP, OSIP,  REFUSES, of_empty_fold) \
  X(osip_other_scheme,   SIP, OSIP,  REFUSES, of_other_scheme) \
  X(osip_parts,          SIP, OSIP,  REFUSES, of_parts) \
  X(sdp_tolerated,       SDP, BOTH,  REFUSES, of_quirk) \
  X(sdp_several_c,       SDP, SOFIA, REFUSES, of_several_addresses) \
  X(osip_zones,          SDP, OSIP,  REFUSES, of_several_zones) \
  X(sofia_repeat,        SDP, SOFIA, REFUSES, of_repeat) \
  X(sofia_addrtype,      SDP, SOFIA, REFUSES, of_addrtype) \
  /* another value */ \
  X(sip_route,           SIP, BOTH,  VALUE,   of_other_route) \
  X(sofia_empty_tag,     SIP, SOFIA, VALUE,   of_empty_tag) \
  X(osip_nul,            SIP, OSIP,  VALUE,   of_escaped_nul) \
  X(osip_body_no_type,   SIP, OSIP,  VALUE,   of_body_without_type) \
  X(osip_multipart,      SIP, OSIP,  VALUE,   of_multipart) \
  X(osip_scheme,         SIP, OSIP,  VALUE,   of_sip_like_scheme) \
  X(osip_empty_line,     SDP, OSIP,  VALUE,   of_line_end) \
  X(osip_spacing,        SDP, OSIP,  VALUE,   of_spacing) \
  X(sdp_time,            SDP, BOTH,  VALUE,   of_time_range) \
  X(sofia_ids,           SDP, SOFIA, VALUE,   of_id_range) \
  X(sofia_attributes,    SDP, SOFIA, VALUE,   of_attributes)

enum known_key { KNOWN_TAKEN = -1 };

/* Is it one of those? key: KNOWN_TAKEN, or of view.h. */
bool known_difference(const question *q, const view *theirs, int key);

#endif
