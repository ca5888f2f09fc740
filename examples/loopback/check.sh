#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# check.sh <loopback> - runs the demonstration in a folder of its own and looks at what it leaves.
set -euo pipefail
export LC_ALL=C
program=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
fail() { printf '%s\n' "$*" >&2; cat "$folder/out" >&2; exit 1; }

"$program" "$folder" >"$folder/out" 2>&1 || fail "$program exits with $?"
(( $(wc -L <"$folder/out") <= 132 )) || fail "the ladder is wider than 132 columns"

# The capture: magic number, version, link type, packets whose lengths lead from one to the next and agree with their
# IP headers, and checksums.
od -An -v -tu1 -w1 "$folder/demo.pcap" | awk '
  { b[NR - 1] = $1 }
  function le(at) { return b[at] + 256 * (b[at + 1] + 256 * (b[at + 2] + 256 * b[at + 3])) }
  function be(at) { return b[at] * 256 + b[at + 1] }
  function sum(from, n, s,  i) { for (i = 0; i < n; i += 2) s += b[from + i] * 256 + (i + 1 < n ? b[from + i + 1] : 0); return s }
  function fold(s) { while (s > 65535) s = s % 65536 + int(s / 65536); return s }
  function bad(why) { print "demo.pcap: " why " at " at; broken = 1; exit 1 }
  END {
    if (broken) exit 1
    if (le(0) != 2712847316 || b[4] != 2 || b[6] != 4 || le(20) != 101) bad("wrong head")
    for (at = 24; at < NR; at += 16 + size) {
      size = le(at + 8); ip = at + 16
      if (size != le(at + 12) || ip + size > NR) bad("wrong length")
      if (b[ip] == 69) {
        if (be(ip + 2) != size || fold(sum(ip, 20, 0)) != 65535) bad("wrong IPv4 header")
        udp = ip + 20; pseudo = sum(ip + 12, 8, 0)
      } else {
        if (b[ip] != 96 || be(ip + 4) + 40 != size) bad("wrong IPv6 header")
        udp = ip + 40; pseudo = sum(ip + 8, 32, 0)
      }
      length_ = be(udp + 4)
      if (udp + length_ != ip + size) bad("wrong UDP length")
      if (fold(sum(udp, length_, pseudo + 17 + length_)) != 65535) bad("wrong UDP checksum")
      packets++
    }
    if (packets < 20) bad("only " packets + 0 " packets")
  }' || fail "the capture is not sound"

for scene in {1..11}; do grep -q "id=\"scene-$scene\"" "$folder/demo.html" || fail "demo.html has no scene $scene"; done
for machine in client/pager-send client/pager-receive client/disposition pf/pager-originating cf/pager; do
  grep -q "<h3>$machine" "$folder/demo.html" || fail "demo.html does not draw $machine"
done
grep -q '<svg class="machine"' "$folder/demo.html" || fail "demo.html has no drawing"
! grep -qE '<script|<link|src=|url\(http|https?://[^ ]*\.(js|css)' "$folder/demo.html" || fail "demo.html fetches something"
tail -n 6 "$folder/out"
