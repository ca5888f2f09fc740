#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# bench/instructions.sh <bench> [--update]: counts the instructions of one pass of each row of ours with callgrind and holds them
# against bench/budget.tsv: a count may be 2 % over what was reached before. --update writes what is reached now.
# Counts repeat exactly, but for another compiler, libc, processor or Ragel they are others: then nothing is compared.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
program=$1 update=${2:-}
budget=bench/budget.tsv
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# No environment: its size would move the stack. Only what bench_measured calls counts, and lazy binding is not part of it.
count() {
  env -i LD_BIND_NOW=1 valgrind --tool=callgrind --callgrind-out-file=/dev/null --toggle-collect=bench_measured \
    "$program" --measure "$1" >"$scratch/$1" 2>&1 || { cat "$scratch/$1" >&2; return 1; }
  sed -i -n 's/.*Collected : *//p' "$scratch/$1"
}

"$program" --rows >"$scratch/rows"
here=$("$program" --environment)
there=$(sed -n 's/^# counted with //p' "$budget")
rows=$(wc -l <"$scratch/rows")
for ((i = 0; i < rows; i += 2)); do
  count "$i" & second=$!
  ((i + 1 >= rows)) || count $((i + 1))
  wait "$second"
done
for ((i = 0; i < rows; i++)); do cat "$scratch/$i"; done >"$scratch/counts"
paste "$scratch/rows" "$scratch/counts" >"$scratch/now"

if [[ $update == --update ]]; then
  awk -F'\t' -v OFS='\t' -v here="$here" '
    NR == FNR { now[$1, $2] = $3; next }
    /^# counted with / { print "# counted with " here; next }
    /^#/ { print; next }
    ($1, $2) in now { $5 = now[$1, $2]; delete now[$1, $2]; print }
    END { for (row in now) { split(row, key, SUBSEP); print key[1], key[2], "-", "-", now[row] } }' \
    "$scratch/now" "$budget" >"$scratch/budget"
  cp "$scratch/budget" "$budget"
fi

comparable=1
[[ $here == "$there" || $update == --update ]] || comparable=0
awk -F'\t' -v comparable=$comparable '
  NR == FNR { if (!/^#/) { must[$1, $2] = $3; aim[$1, $2] = $4; reached[$1, $2] = $5 } next }
  FNR == 1 { printf "%-11s %-16s %12s %12s %10s %10s\n", "work", "message", "instructions", "budget", "must", "aim" }
  { budget = ($1, $2) in reached ? int(reached[$1, $2] * 1.02) : 0
    over = comparable && $3 > budget
    failed += over
    met = must[$1, $2] == "-" ? "" : $3 <= aim[$1, $2] ? "aim" : $3 <= must[$1, $2] ? "must" : "MISSED"
    printf "%-11s %-16s %12d %12d %10s %10s %-6s %s\n", $1, $2, $3, budget, must[$1, $2], aim[$1, $2], met, over ? "OVER" : "" }
  END { exit failed > 0 }' "$budget" "$scratch/now" && status=0 || status=1
if ((! comparable)); then
  printf '\nnot comparable: the budget was counted with %s; here is %s\n' "$there" "$here"
elif ((status)); then
  printf '\ninstructions: over the budget of %s\n' "$budget" >&2
fi
exit "$status"
