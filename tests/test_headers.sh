#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Each public header compiles alone, and twice in a row, as C11 and as C++11.
. tests/support.sh
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
warnings=(-Wall -Wextra -Wconversion -Wshadow -Wpedantic -Werror -fsyntax-only -Iinclude)

count=0
for header in include/cpm/*.h; do
  name=cpm/${header##*/}
  printf '#include "%s"\n#include "%s"\n' "$name" "$name" >"$scratch/alone.c"
  cp "$scratch/alone.c" "$scratch/alone.cc"
  "$CC" -std=c11 "${warnings[@]}" "$scratch/alone.c" || complain "$header is no C11"
  "$CXX" -std=c++11 "${warnings[@]}" "$scratch/alone.cc" || complain "$header is no C++11"
  count=$((count + 1))
done
finish "$count headers compile alone"
