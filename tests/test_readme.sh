#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The README shows what is there: its C is examples/first/first.c word for word, the paths and verbs that it names exist.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
wrong=0
complain() { echo "README.md: $*"; wrong=1; }

shown=$(sed -n '/^```c$/,/^```$/p' README.md | sed '1d;$d')
there=$(sed -n '/README: begin/,/README: end/p' examples/first/first.c | sed '1d;$d')
[[ $shown == "$there" ]] || complain "the C is not examples/first/first.c between its README marks"

while read -r path; do
  [[ -e $path ]] || complain "$path is not there"
done < <(sed 's,build/[^ `)]*,,g' README.md docs/*.md | grep -oE '(docs|fsm|examples|include|grammars|codecs|tests|tools|fuzz)/[A-Za-z0-9_./-]*[A-Za-z0-9_/]' |
         grep -vE 'foo|/\*|X-|\.\.\.' | sort -u)

while read -r verb; do
  grep -q "^verb_$verb()" dev || complain "./dev $verb is no verb"
done < <(grep -ohE '\./dev [a-z]+' README.md docs/*.md | cut -d' ' -f2 | sort -u)

exit $wrong
