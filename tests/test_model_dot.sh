#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The graphs of the machines: Graphviz draws each without a word, and every state is in its picture.
. tests/support.sh
cpm=$BUILD_DIR/tools/cpm
[[ -x $cpm ]] || skip 'this build is without the program (CPMKIT_PROGRAM)'
[[ -x ${DOT:-} ]] || { echo 'Graphviz (dot) is missing' >&2; exit 1; }
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# draw <machine> <call or legs> <states...>
draw() {
  local machine=$1 of=$2; shift 2
  "$cpm" model --format dot --of "$of" "$machine" >"$scratch/dot"
  "$DOT" -Tsvg "$scratch/dot" >"$scratch/svg" 2>"$scratch/err" || complain "$machine, $of: dot fails"
  [[ ! -s $scratch/err ]] || { complain "$machine, $of: dot warns:"; cat "$scratch/err" >&2; }
  for state in "$@"; do
    grep -q "<title>$state</title>" "$scratch/svg" || complain "$machine, $of: $state is not drawn"
  done
  (( $(grep -c '<g .*class="edge"' "$scratch/svg") == $(grep -c -- '->' "$scratch/dot") )) || complain "$machine, $of: not all edges are drawn"
  count=$((count + 1))
}
count=0
while read -r name calls legs; do
  # shellcheck disable=SC2086  # lists of states
  draw "$name" call ${calls//,/ }
  # shellcheck disable=SC2086
  [[ -z $legs ]] || draw "$name" legs ${legs//,/ }
done < <("$cpm" model | jq -r '.machines[] | [.name, (.call_states | join(",")), (.leg_states | join(","))] | join(" ")')
(( $("$cpm" model --format dot | grep -c '^digraph') == count )) || complain 'cpm model --format dot does not print all graphs'
finish "$count graphs are drawn"
