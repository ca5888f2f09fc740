#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The amalgamation: a C11 compiler and nothing else takes it without a warning, a C++11 compiler its header; the same sources give the same
# bytes; it shows no name but the public ones; the projects of examples/vendor build with it and run.
. tests/support.sh
. tests/objects.sh
dist=$BUILD_DIR/dist
library=$BUILD_DIR/tests/dist/libdist_cpm.a
[[ -e $dist/cpm.c && -e $library ]] || skip 'built without the amalgamation'
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
strict=(-Wall -Wextra -Wconversion -Wshadow -pedantic-errors -Werror -fsyntax-only)

# ---- it stands alone
mkdir "$scratch/alone"
cp "$dist"/cpm*.[ch] "$scratch/alone"
! grep -nE '^[ \t]*#[ \t]*include[ \t]*"' "$dist"/cpm*.[ch] | grep -vE 'cpm(_xml)?\.[ch]:[0-9]+:#include "cpm(_xml)?\.h"' || complain 'it includes files of its own'
printf '#include "cpm.h"\n#include "cpm_xml.h"\n#include "cpm.h"\nint main(void) { return cpm_version()[0] == 0; }\n' | tee "$scratch/alone/use.c" >"$scratch/alone/use.cc"
# In a file of the host's, who may have names of his own behind it.
printf '#include "cpm.c"\nstatic int F = 1, SEND = 2, IF = 3;\nint main(void) { return F + SEND + IF + (cpm_version()[0] == 0); }\n' >"$scratch/alone/one.c"
alone() {   # <C compiler> <C++ compiler>
  local libxml2
  (cd "$scratch/alone" && "$1" -std=c11 "${strict[@]}" use.c && "$2" -std=c++11 "${strict[@]}" use.cc && "$1" -std=c11 "${strict[@]}" one.c) ||
    complain "$1: it does not compile alone"
  libxml2=$(pkg-config --cflags libxml-2.0 2>/dev/null) || return 0
  # shellcheck disable=SC2086  # words on purpose
  (cd "$scratch/alone" && "$1" -std=c11 "${strict[@]}" $libxml2 cpm_xml.c) || complain "$1: cpm_xml.c does not compile alone"
}
alone "$CC" "$CXX"
[[ $CC == *clang* ]] || ! command -v clang++ >/dev/null || alone clang clang++

# ---- the same sources, elsewhere and in another order: the same bytes
mkdir "$scratch/tree" "$scratch/gen"
cp -R LICENSE codecs fsm include tools "$scratch/tree"
# Of the hosts that there are: a build folder keeps what was generated for others before.
for host in codecs/*_parse.rl; do cp "$BUILD_DIR/gen/$(basename "$host" .rl).c" "$scratch/gen"; done
(
  cd "$scratch/tree"
  find codecs fsm ../gen -name '*.c' ! -path 'fsm/export/*' ! -name 'xml_*' | sort -r >"$scratch/core"
  xargs -a "$scratch/core" "$PYTHON3" tools/amalgamate.py --out "$scratch/again" --version "$(sed -n 's/.*cpmkit \([0-9.]*\):.*/\1/p' "$dist/cpm.c" | head -n 1)" \
    --xml codecs/xml_*.c --core
)
for file in cpm.c cpm.h cpm_xml.c cpm_xml.h; do
  cmp "$dist/$file" "$scratch/again/$file" || complain "$file is not the same when it is written again"
  ! grep -nF -e "$PWD" -e "$BUILD_DIR" "$dist/$file" || complain "$file names a path of this machine"
  head -n 3 "$dist/$file" | grep -qE 'sha256 [0-9a-f]{64}' || complain "$file does not say which sources it is made of"
done

# ---- by the verb
env -u CC -u CXX bash -ec "$(doc_commands 'Two files')" >"$scratch/log" 2>&1 || { complain './dev dist fails'; cat "$scratch/log" >&2; }
for file in cpm.c cpm.h cpm_xml.c cpm_xml.h; do cmp "$dist/$file" "build/dist/$file" || complain "./dev dist writes another $file"; done

# ---- its object
check_core "$library"
check_declared "$dist/cpm.h" "$library"
for symbol in $(defined "$library"); do
  [[ $symbol == cpm_* ]] || complain "cpm.c shows $symbol"
done
if [[ -e $BUILD_DIR/tests/dist/libdist_xml.a ]]; then
  check_declared "$dist/cpm_xml.h" "$BUILD_DIR/tests/dist/libdist_xml.a"
  for symbol in $(defined "$BUILD_DIR/tests/dist/libdist_xml.a"); do
    [[ $symbol == cpm_xml_* ]] || complain "cpm_xml.c shows $symbol"
  done
fi

# ---- every test runs against it, or is listed with the reason
printf '%s\n' tests/test_*.c | sed 's,tests/test_\(.*\)\.c,\1,' | sort >"$scratch/tests"
ctest --test-dir "$BUILD_DIR" -N | sed -n 's/.* dist_//p' | sort >"$scratch/run"
awk -F'\t' '$1 == "always" { print $2 }' tests/dist/not.tsv | sort >"$scratch/not"
diff "$scratch/tests" <(sort "$scratch/run" "$scratch/not") >&2 || complain 'tests (<) are not those that run against the amalgamation or are listed in tests/dist/not.tsv (>)'
awk -F'\t' '!/^#/ && !(($1 == "always" || $1 == "alone") && NF == 3 && length($3) > 10)' tests/dist/not.tsv | grep . >&2 && complain 'tests/dist/not.tsv has lines without a reason'
awk -F'\t' '!/^#/ { print $2 }' tests/dist/not.tsv | sort | comm -23 - "$scratch/tests" | grep . >&2 && complain 'tests/dist/not.tsv lists tests that there are not'

# ---- what the tests use of cmocka, tests/dist/mini has for machines that this one only compiles for
printf '#include <stdarg.h>\n#include <stddef.h>\n#include <stdint.h>\n#include <setjmp.h>\n#include <cmocka.h>\n' >"$scratch/cmocka.c"
"$CC" -E -dD "$scratch/cmocka.c" | grep -oE '\<(_?assert|_?fail|skip|print|cmocka|mock|will|expect|test)[a-z_]*\(' | sort -u >"$scratch/cmocka.has"
grep -ohE '\<[a-z_]+\(' tests/*.[ch] | sort -u | comm -12 - "$scratch/cmocka.has" | while read -r name; do
  grep -qF " $name" tests/dist/mini/cmocka.h || echo "${name%(}"
done >"$scratch/cmocka.lacks"
[[ ! -s $scratch/cmocka.lacks ]] || complain "tests/dist/mini/cmocka.h lacks $(paste -sd ' ' "$scratch/cmocka.lacks")"

# ---- projects that vendor it
cp -R examples/vendor "$scratch"
lines=$(wc -l <examples/vendor/make/Makefile)
((lines == 5)) || complain "the Makefile of examples/vendor has $lines lines, not five"
cp "$dist"/cpm.[ch] "$scratch/vendor/make"
make -s -C "$scratch/vendor/make" CC="$CC" CFLAGS='-Werror -O0' >"$scratch/log" 2>&1 || { complain 'examples/vendor/make does not build'; cat "$scratch/log" >&2; }
{ cmake -S "$scratch/vendor/cmake" -B "$scratch/vendor/cmake/build" -G Ninja -D CMAKE_C_COMPILER="$CC" -D CPMKIT="$PWD" -D CMAKE_C_FLAGS=-O0 &&
  cmake --build "$scratch/vendor/cmake/build"
} >"$scratch/log" 2>&1 || { complain 'examples/vendor/cmake does not build'; cat "$scratch/log" >&2; }
heard=$("$scratch/vendor/cmake/build/sender" 'Hello, neighbour' | "$scratch/vendor/make/receiver") || complain 'the projects of examples/vendor fail'
[[ $heard == "$(cat examples/vendor/heard.out)" ]] || complain "examples/vendor: what was sent is heard as
$heard"
finish "$(wc -l <"$dist/cpm.c") lines, $(defined "$library" | wc -l) names; two projects vendor it"
