#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""proxy.py PORT LOSE URI=PORT... - a proxy for check.sh: it stays in the route of dialogs, says who sends as an IMS core does, and loses datagrams.

UDP on 127.0.0.1, without state but for what it loses: of the messages that it has not seen before, every LOSE-th (0: none). Of each dialog it prints the methods
of requests that had it in their Route. What begins outside of a dialog it sends twice, as one that forks to two addresses of one client does; it keeps the response
to the second one to itself, and prints its status.
"""
import hashlib
import re
import socket
import sys

port, lose = int(sys.argv[1]), int(sys.argv[2])
users = {uri: int(at) for uri, at in (pair.rsplit('=', 1) for pair in sys.argv[3:])}
me = f'127.0.0.1:{port}'
seen, routed = set(), set()
forked = '-forked'      # behind the branch of the second copy


def place(value):
    """Host and port of a URI, or of what stands behind the transport in Via."""
    found = re.search(r'(?:sips?:(?:[^@>;]*@)?|SIP/2\.0/UDP +)([0-9.]+)(?::([0-9]+))?', value)
    return found and (found[1], int(found[2] or 5060))


def first(lines, name):
    return next((i for i, line in enumerate(lines) if line.lower().startswith(name + ':')), None)


def lost(octets):
    """Does this one get lost? What comes again never does."""
    known = octets in seen
    seen.add(octets)
    return lose and not known and len(seen) % lose == 0


def request(lines):
    """Where it goes; lines are changed."""
    branch = re.search(r'branch=([^;, ]+)', lines[first(lines, 'via')])[1]
    hops = first(lines, 'max-forwards')
    lines[hops] = f"Max-Forwards: {int(lines[hops].split(':')[1]) - 1}"
    route = first(lines, 'route')
    method, uri, version = lines[0].split(' ')
    if route is not None and me in lines[route]:
        del lines[route]
        route = first(lines, 'route')
        told = f"{method} {lines[first(lines, 'call-id')]}"
        if told not in routed:
            print(told, flush=True)
        routed.add(told)
    if route is None and uri.split(';')[0] in users:
        lines[0] = f"{method} {uri.replace(uri.split('@')[1], f'127.0.0.1:{users[uri.split(chr(59))[0]]}')} {version}"
    to = place(lines[route if route is not None else 0])
    if first(lines, 'p-preferred-identity') is not None:
        lines[first(lines, 'p-preferred-identity')] = re.sub('^[^:]*', 'P-Asserted-Identity', lines[first(lines, 'p-preferred-identity')])
    elif method != 'ACK' and first(lines, 'p-asserted-identity') is None:
        lines.insert(1, f"P-Asserted-Identity: <{re.search('sips?:[^>;]*', lines[first(lines, 'from')])[0]}>")
    if method == 'INVITE':
        lines.insert(1, f'Record-Route: <sip:{me};lr>')
    lines.insert(1, f"Via: SIP/2.0/UDP {me};branch=z9hG4bK{hashlib.sha256(branch.encode()).hexdigest()[:20]}")
    return to


def forks(lines):
    return lines[0].split(' ')[0] in ('INVITE', 'MESSAGE') and 'tag=' not in lines[first(lines, 'to')]


def response(lines):
    via = first(lines, 'via')
    if f'{forked};' in lines[via] + ';':
        if lines[0].split(' ')[1] >= '200':
            print(f"merged {lines[0].split(' ')[1]}", flush=True)
        return None
    del lines[via]
    via = first(lines, 'via')
    return via is not None and place(lines[via])


def main():
    net = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    net.bind(('127.0.0.1', port))
    print('ready', flush=True)
    while True:
        octets = net.recv(65536)
        head, _, body = octets.partition(b'\r\n\r\n')
        lines = head.decode().split('\r\n')
        if lost(octets) or len(lines) < 5:
            continue
        to = response(lines) if lines[0].startswith('SIP/2.0 ') else request(lines)
        if not to:
            continue
        net.sendto('\r\n'.join(lines).encode() + b'\r\n\r\n' + body, to)
        if not lines[0].startswith('SIP/2.0 ') and forks(lines):
            lines[1] += forked
            net.sendto('\r\n'.join(lines).encode() + b'\r\n\r\n' + body, to)


main()
