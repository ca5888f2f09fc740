/* SPDX-License-Identifier: MIT */
/* pcap.h - demo.pcap: every datagram with an IP and a UDP header in front, for Wireshark. */
#ifndef PCAP_H
#define PCAP_H

#include "adapter.h"

bool pcap_open(const char *path);
void pcap_write(const adapter_address *from, const adapter_address *to, cpm_str payload);
bool pcap_close(void);   /* false: not everything could be written */

#endif
