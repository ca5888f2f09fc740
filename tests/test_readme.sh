#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# README and docs show what is there: the C of README.md is examples/first/first.c word for word, that of docs/codecs.md is
# examples/wire/wire.c, which runs and says what its file says; the paths and verbs that they name exist.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
wrong=0
complain() { echo "$*"; wrong=1; }

shown=$(sed -n '/^```c$/,/^```$/p' README.md | sed '1d;$d')
there=$(sed -n '/README: begin/,/README: end/p' examples/first/first.c | sed '1d;$d')
[[ $shown == "$there" ]] || complain "README.md: the C is not examples/first/first.c between its README marks"

shown=$(sed -n '/^```c$/,/^```$/{/^```/!p}' docs/codecs.md)
there=$(sed -n '/docs: begin/,/docs: end/{/docs: /!p}' examples/wire/wire.c)
[[ $shown == "$there" ]] || complain "the C of docs/codecs.md is not examples/wire/wire.c between its docs marks"
said=$("$BUILD_DIR"/examples/wire/wire | tr -d '\r' | sed 's/MSRP [a-z0-9]* /MSRP <id> /') || complain "examples/wire fails"
[[ $said == "$(cat examples/wire/wire.out)" ]] || complain "examples/wire says something else than examples/wire/wire.out"

while read -r path; do
  [[ -e $path ]] || complain "$path is not there"
done < <(sed 's,build/[^ `)]*,,g' README.md docs/*.md | grep -oE '(docs|fsm|examples|include|grammars|codecs|tests|tools|fuzz)/[A-Za-z0-9_./-]*[A-Za-z0-9_/]' |
         grep -vE 'foo|/\*|X-|\.\.\.' | sort -u)

while read -r verb; do
  grep -q "^verb_$verb()" dev || complain "./dev $verb is no verb"
done < <(grep -ohE '\./dev [a-z]+' README.md docs/*.md | cut -d' ' -f2 | sort -u)

exit $wrong
