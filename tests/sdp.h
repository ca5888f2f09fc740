/* SPDX-License-Identifier: MIT */
/* sdp.h - what the tests of SDP share. */
#ifndef TESTS_SDP_H
#define TESTS_SDP_H

#include "support.h"
#include "cpm/sdp.h"

enum { LINES = 64, MEDIA = 8 };
#define HEAD "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"

static const cpm_opts strict = { .refuse = CPM_QUIRKS_ALL };

typedef struct description {
  cpm_sdp_line lines[LINES];
  cpm_sdp_media media[MEDIA];
  cpm_sdp sdp;
} description;

static int read_into(description *d, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  d->sdp = (cpm_sdp)CPM_SDP_ROOM(d->lines, d->media);
  return cpm_sdp_decode(&d->sdp, in, opts, diag);
}

#endif
