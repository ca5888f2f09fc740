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

python3 "$(dirname "$0")/check_pcap.py" "$folder/demo.pcap" || fail "the capture is not sound"

for scene in {1..15}; do grep -q "id=\"scene-$scene\"" "$folder/demo.html" || fail "demo.html has no scene $scene"; done
for machine in client/pager-send client/pager-receive client/disposition pf/pager-originating cf/pager \
               client/large-send client/large-receive cf/large client/media client/chat-receive client/is-composing \
               client/ft-send client/ft-receive; do
  grep -q "<h3>$machine" "$folder/demo.html" || fail "demo.html does not draw $machine"
done
grep -q '<svg class="machine"' "$folder/demo.html" || fail "demo.html has no drawing"
! grep -qE '<script|<link|src=|url\(http|https?://[^ ]*\.(js|css)' "$folder/demo.html" || fail "demo.html fetches something"
tail -n 6 "$folder/out"
