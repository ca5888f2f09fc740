#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# stacks.sh <program...> - each program with each, itself too, both ways, over UDP and over TCP, and in a ring through a proxy that loses messages: see
# check.sh. A table says who understood whom.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
names=()
for program; do name=$(basename "$program"); names+=("${name%-peer}"); done

# run <transport> <number> <number>: into a log, and how it ended beside it
run() {
  local log=$scratch/$1.$2.$3 result=good
  bash "$here/check.sh" "${programs[$2]}" "${programs[$3]}" "$1" >"$log" 2>&1 || result=FAILED
  echo "$result" >"$log.result"
}

# tell <transport> <from> <to> <log>
failed=0
tell() {
  local result
  read -r result <"$4.result"
  printf '%-6s %-10s %-10s %s\n' "$1" "${names[$2]}" "${names[$3]}" "$result"
  [[ $result == good ]] || { failed=1; cat "$4"; }
}

# Mostly they wait for each other, and behind the proxy for what was lost: three pairs at a time, and those.
programs=("$@") n=$# running=0
for ((a = 0; a < n; a++)); do run lossy "$a" $(((a + 1) % n)) & done
for transport in udp tcp; do
  for ((a = 0; a < n; a++)); do
    for ((b = a; b < n; b++)); do
      ((running < 3)) || { wait -n; running=$((running - 1)); }
      run "$transport" "$a" "$b" &
      running=$((running + 1))
    done
  done
done
wait

printf '%-6s %-10s %-10s %s\n' over from to 'text, long text, large mode, file, reports'
for transport in udp tcp; do
  for ((a = 0; a < n; a++)); do
    for ((b = 0; b < n; b++)); do tell "$transport" "$a" "$b" "$scratch/$transport.$((a < b ? a : b)).$((a < b ? b : a))"; done
  done
done
for ((a = 0; a < n; a++)); do
  b=$(((a + 1) % n))
  tell lossy "$a" "$b" "$scratch/lossy.$a.$b"
  tell lossy "$b" "$a" "$scratch/lossy.$a.$b"
done
exit "$failed"
