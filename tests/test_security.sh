#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# SECURITY.md and docs/threads-errors-sizes.md speak of nothing that is not there: each constant, function, type, file and verb that they
# name exists. SECURITY.md leaves out no limit and no fuzz target. README and docs/plug-it-in.md lead to both.
. tests/support.sh
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# ---- names
for page in SECURITY.md docs/threads-errors-sizes.md; do
  # Constants: a file that uses each compiles; functions and types: a word of a public header.
  for name in $(grep -ohE '\bCPM_[A-Z0-9_]+\b' "$page" | sort -u); do
    grep -qE "^#define $name\b" include/cpm/*.h || grep -q "getenv(\"$name\")" tests/*.c && continue
    printf '#include "cpm/cpm.h"\nlong long f(void);\nlong long f(void) { return (long long)(%s); }\n' "$name" >"$scratch/constant.c"
    "$CC" -std=c11 -Iinclude -fsyntax-only "$scratch/constant.c" 2>/dev/null || complain "$page: $name is no constant"
  done
  for name in $(grep -ohE '\bcpm_[a-z0-9_]+\b' "$page" | sort -u); do
    [[ $name == cpm_xml ]] || grep -qw -- "$name" include/cpm/*.h || complain "$page: $name stands in no public header"
  done
  while read -r path; do
    [[ -e $path ]] || complain "$page: $path is not there"
  done < <(grep -ohE '\b(docs|fsm|examples|include|grammars|codecs|tests|tools|fuzz)/[A-Za-z0-9_./-]*[A-Za-z0-9_]|\.ci/run' "$page" | sort -u)
  for verb in $(grep -ohE '\./dev [a-z]+' "$page" | cut -d' ' -f2 | sort -u); do
    grep -q "^verb_$verb()" dev || complain "$page: ./dev $verb is no verb"
  done
  for from in README.md docs/plug-it-in.md; do
    grep -q -- "$page" "$from" || complain "$from does not lead to $page"
  done
done

# ---- nothing is left out
page=SECURITY.md
for limit in $(grep -ohE '^#define CPM_[A-Z_]*(LIMIT|MARKUP_(DEPTH|ATTRIBUTES|NAMESPACE))[A-Z_]*' include/cpm/*.h | cut -d' ' -f2 | sort -u); do
  grep -q "\`$limit\`" "$page" || complain "$page: the limit $limit is not named"
done
targets=0
for target in fuzz/fuzz_*.c; do
  grep -q "\b$target\b" "$page" || complain "$page: $target is not named"
  targets=$((targets + 1))
done
grep -q "^- $targets fuzz targets" "$page" || complain "$page: there are $targets fuzz targets"
finish "what SECURITY.md and docs/threads-errors-sizes.md name is there"
