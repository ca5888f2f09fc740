/* SPDX-License-Identifier: MIT */
/* pcap.h - a capture of what crosses, for Wireshark. */
#ifndef PCAP_H
#define PCAP_H

#include "adapter.h"

bool pcap_open(const char *path);                 /* false: it could not be made */
void pcap_write(const adapter_address *from, const adapter_address *to, cpm_str payload);   /* one datagram */

/* A connection, and who of the two speaks. What each sends is written when it is handed to its socket. */
typedef struct pcap_stream { struct pcap_connection *of; bool listener; } pcap_stream;

pcap_stream pcap_connect(const adapter_address *from, const adapter_address *to);   /* the three segments that open it */
pcap_stream pcap_other(pcap_stream s);            /* the same connection, from its other end */
void        pcap_segment(pcap_stream s, cpm_str payload);
void        pcap_finish(pcap_stream s);
bool pcap_close(void);                            /* false: not everything could be written */

#endif
