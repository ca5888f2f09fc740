#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""check_pcap.py <file> - is the capture sound? Packets whose lengths lead from one to the next and agree with their IP headers, checksums,
and sequence numbers of TCP that leave no octet out."""
import struct
import sys


def bad(why, at):
    sys.exit(f"{sys.argv[1]}: {why} at {at}")


def folded(data, start=0):
    """The sum of RFC 1071: modulo 65535 each 16 bits count the same, so one large number has it."""
    number = int.from_bytes(data + b"\0" * (len(data) % 2), "big") + start
    return number % 65535


def ip(packet, at):
    """Protocol, both addresses, what the packet carries."""
    if packet[0] == 0x45:
        if struct.unpack(">H", packet[2:4])[0] != len(packet) or folded(packet[:20]):
            bad("wrong IPv4 header", at)
        return packet[9], packet[12:20], packet[20:]
    if packet[0] != 0x60 or struct.unpack(">H", packet[4:6])[0] + 40 != len(packet):
        bad("wrong IPv6 header", at)
    return packet[6], packet[8:40], packet[40:]


def main():
    data = open(sys.argv[1], "rb").read()
    if struct.unpack("<IHHiIII", data[:24])[:3] + struct.unpack("<I", data[20:24]) != (0xA1B2C3D4, 2, 4, 101):
        bad("wrong head", 0)
    at, counts, following = 24, {6: 0, 17: 0}, {}
    while at < len(data):
        size, whole = struct.unpack("<II", data[at + 8:at + 16])
        packet = data[at + 16:at + 16 + size]
        if size != whole or len(packet) != size:
            bad("wrong length", at)
        protocol, addresses, segment = ip(packet, at)
        if protocol not in counts or folded(addresses + segment, protocol + len(segment)):
            bad("wrong checksum", at)
        counts[protocol] += 1
        ports = struct.unpack(">HH", segment[:4])
        if protocol == 17 and struct.unpack(">H", segment[4:6])[0] != len(segment):
            bad("wrong UDP length", at)
        if protocol == 6:
            sequence, flags = struct.unpack(">I", segment[4:8])[0], segment[13]
            if flags & 2 == 0 and following.get((addresses, ports)) != sequence:
                bad("octets are missing", at)
            following[addresses, ports] = (sequence + len(segment) - 20 + bool(flags & 3)) % 2**32
        at += 16 + size
    if counts[17] < 20 or counts[6] < 100:
        bad(f"only {counts[17]} datagrams and {counts[6]} segments", at)


main()
