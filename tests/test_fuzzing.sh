#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# docs/fuzzing.md lists every fuzz target and every known difference from a peer, each with a clause and who is right, and none that is not
# there. Every target says what holds, and has seeds and a dictionary.
. tests/support.sh
page=docs/fuzzing.md

for target in fuzz/fuzz_*.c; do
  stem=${target#fuzz/fuzz_}
  stem=${stem%.c}
  grep -qE "^\| ([a-z_]+, )*$stem(, [a-z_]+)* \| [^|]+ \|$" "$page" || complain "$page: the target $stem is not in its list"
  sed -n 2,12p "$target" | grep -qiE '\b(holds?|invariant)\b' || complain "$target does not say what holds"
  [[ -d fuzz/corpus/$stem ]] || complain "fuzz/corpus/$stem: no seeds"
  [[ -f fuzz/dict/$stem.dict ]] || complain "fuzz/dict/$stem.dict: no dictionary"
done
for dir in fuzz/corpus/* fuzz/found/* fuzz/dict/*.dict; do
  stem=${dir##*/}
  [[ -f fuzz/fuzz_${stem%.dict}.c ]] || complain "$dir: there is no such target"
done

known=$(sed -n 's/^  X(\([a-z_]*\), .*/\1/p' fuzz/diff/known.h | sort)
listed=$(sed -n '/^| difference |/,/^$/s/^| \([a-z_]*\) | .* | .* | .* |$/\1/p' "$page" | grep -vx difference | sort)
[[ -n $known && $known == "$listed" ]] || complain "$page and fuzz/diff/known.h list different differences: $(diff <(echo "$known") <(echo "$listed"))"

# The explorer's walks as inputs: one for each row that nothing took before, each a flow of that machine.
walks=$(mktemp -d)
trap 'rm -rf "$walks"' EXIT
"$BUILD_DIR/tools/explore" seeds="$walks" client/chat-send >/dev/null || complain 'explore seeds=folder fails'
count=$(find "$walks" -name 'walk-*' | wc -l)
((count >= 10)) || complain "explore wrote $count walks of client/chat-send"
for walk in "$walks"/walk-*; do
  [[ $(head -c 1 "$walk") == $'\xfa' ]] && grep -qa client/chat-send "$walk" || complain "$walk is no flow of its machine"
done
finish 'docs/fuzzing.md lists the targets and the known differences; walks of the explorer are inputs'
