/* SPDX-License-Identifier: MIT */
/* ours.h - what we make of a message or a description, as a view. */
#ifndef DIFF_OURS_H
#define DIFF_OURS_H

#include "cpm/sdp.h"
#include "cpm/sip.h"
#include "peers.h"

/* One input and what we say of it; `peer` says who is asked. */
typedef struct question {
  cpm_str        in;
  enum peer_what what;
  enum peer      peer;
  bool           unanimous;   /* all others say of taking it what we do not */
  int            rc;          /* of decoding, else of checking */
  bool           split;       /* SIP: it was decoded, and checking says rc */
  cpm_diag       diag;
  uint64_t       quirks;
  cpm_sip        sip;
  cpm_sdp        sdp;
  view           ours;
} question;

void ours_sip(question *q);
void ours_sdp(question *q);

#endif
