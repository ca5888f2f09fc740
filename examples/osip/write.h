/* SPDX-License-Identifier: MIT */
/* write.h - messages for osip2, which fills in none: what a stack adds, and the lines and body of the peer behind it. NULL: osip2 does not take it. */
#ifndef WRITE_H
#define WRITE_H

#include "peer.h"
#include <sys/time.h>
#include <osip2/osip.h>
#include <osip2/osip_dialog.h>

enum { WRITE_ID = 17 };

void write_open(const peer_settings *settings);
void write_id(char dst[WRITE_ID]);           /* of a dialog, a transaction, a side of a dialog */

/* A request outside of dialogs; inside of one, with the CSeq that is given; the CANCEL of an INVITE. */
osip_message_t *write_outside(const peer_message *m);
osip_message_t *write_inside(const osip_dialog_t *in, const char *method, int cseq, const char *lines, cpm_str body);
osip_message_t *write_cancel(const osip_message_t *invite, const char *lines);

/* A response; tag: of To, where the request has none. */
osip_message_t *write_response(osip_message_t *request, const char *tag, unsigned status, const char *lines, cpm_str body);

#endif
