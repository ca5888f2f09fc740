/* SPDX-License-Identifier: MIT */
/* pcap.h - demo.pcap: every datagram with an IP and a UDP header in front, for Wireshark. */
#ifndef PCAP_H
#define PCAP_H

#include "ua.h"

bool pcap_open(const char *path);
void pcap_write(const ua_address *from, const ua_address *to, cpm_str payload);
bool pcap_close(void);   /* false: not everything could be written */

#endif
