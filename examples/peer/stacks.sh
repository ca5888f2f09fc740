#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# stacks.sh <program...> - each program with each, itself too, both ways, over UDP and over TCP: see check.sh. A table says who understood whom.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
names=()
for program; do name=$(basename "$program"); names+=("${name%-peer}"); done

# Mostly they wait for each other: three pairs at a time.
run() { if bash "$here/check.sh" "$1" "$2" "$3" >"$4" 2>&1; then echo good >"$4.result"; else echo FAILED >"$4.result"; fi; }
programs=("$@") running=0
for transport in udp tcp; do
  for ((a = 0; a < $#; a++)); do
    for ((b = a; b < $#; b++)); do
      ((running < 3)) || { wait -n; running=$((running - 1)); }
      run "${programs[a]}" "${programs[b]}" "$transport" "$scratch/$transport.$a.$b" &
      running=$((running + 1))
    done
  done
done
wait

failed=0
printf '%-6s %-10s %-10s %s\n' over from to 'text, long text, large mode, file, reports'
for transport in udp tcp; do
  for ((a = 0; a < $#; a++)); do
    for ((b = 0; b < $#; b++)); do
      log=$scratch/$transport.$((a < b ? a : b)).$((a < b ? b : a))
      read -r result <"$log.result"
      printf '%-6s %-10s %-10s %s\n' "$transport" "${names[a]}" "${names[b]}" "$result"
      [[ $result == good ]] || { failed=1; ((a > b)) || cat "$log"; }
    done
  done
done
exit "$failed"
