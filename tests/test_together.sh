#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Copies of cpmkit with a prefix each, of two versions, in one program (tests/packaging/together): one after `make install`, one that CMake
# fetches, two as amalgamations. No name is left without its prefix. Of the copy that is fetched nothing but its library shows: no warning, no
# test, no installed file.
. tests/support.sh
. tests/objects.sh
type -P git >/dev/null || skip 'no git here'
[[ -n $PYTHON3 ]] || skip 'no Python here'
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export CFLAGS='-O0 -g0 -w' CXXFLAGS=-O0   # each copy is a whole library to compile
run() {
  local what=$1; shift
  "$@" >"$scratch/log" 2>&1 || { cat "$scratch/log" >&2; complain "$what"; finish; }
}

# ---- this version, and a later one in a repository of its own
version=$(sed -n 's/^CMAKE_PROJECT_VERSION:[A-Z]*=//p' "$BUILD_DIR/CMakeCache.txt")
mkdir "$scratch/tree" "$scratch/later"
cp -R CMakeLists.txt CMakePresets.json LICENSE cmake codecs dev fsm grammars include tools "$scratch/tree"
cp -R "$scratch/tree/." "$scratch/later"
sed -i "s/VERSION $version /VERSION 7.8.9 /" "$scratch/later/CMakeLists.txt"
sed -i 's/\(CPM_VERSION_MAJOR\) .*/\1 7/; s/\(CPM_VERSION_MINOR\) .*/\1 8/; s/\(CPM_VERSION_PATCH\) .*/\1 9/' "$scratch/later/include/cpm/cpm.h"
git_later() { git -C "$scratch/later" -c user.name=nobody -c user.email=nobody@example.com -c init.defaultBranch=main "$@"; }
git_later init -q
git_later add .
git_later commit -q -m later
git_later tag v7.8.9

# ---- acme_ is installed, by make, as docs/packaging.md says, the prefix put in
doc_commands Installed | grep -vE 'pkg-?config' | sed "s,/opt/cpmkit,/opt/acme -D CPMKIT_PREFIX=acme_ -D CPMKIT_SHARED=ON,
                                                s, -D CPMKIT_\(TESTS\|EXAMPLES\)=OFF,,g" >"$scratch/commands"
(($(wc -l <"$scratch/commands") == 2)) || complain "docs/packaging.md has $(wc -l <"$scratch/commands") lines in place of two"
ln -s tree "$scratch/cpmkit"
run 'what docs/packaging.md says does not install' env -C "$scratch" CC="$CC" CMAKE_BUILD_TYPE=None CMAKE_GENERATOR='Unix Makefiles' MAKEFLAGS=-sj2 \
  DESTDIR="$scratch/dest" bash -e commands
acme=$scratch/dest/opt/acme
[[ $(find "$acme" -type d -name cpm) == "$acme/include/acme_cpmkit/cpm" ]] || complain 'headers with a prefix are where others could be'
find "$acme" -type f ! -path '*acme_*' | grep . >&2 && complain 'these files are installed without the prefix'
lib=$(dirname "$(find "$acme" -name libacme_cpmkit.a)")
[[ $(PKG_CONFIG_PATH=$lib/pkgconfig pkg-config --libs acme_cpm_xml) == *-lacme_cpm_xml*-lacme_cpmkit* ]] || complain 'no acme_cpm_xml for pkg-config'

# ---- gamma_ of this version and delta_ of the later one are two files
mapfile -t dist < <(doc_commands 'Two versions in one program')
run './dev dist gamma_ fails' env -C "$scratch/tree" bash -c "${dist[*]/acme_/gamma_}"
run './dev dist delta_ fails' env -C "$scratch/later" bash -c "${dist[*]/acme_/delta_}"

# ---- all in one
together=$scratch/together
run 'the project of four copies is not configured' cmake -S tests/packaging/together -B "$together" -G Ninja -D CMAKE_C_COMPILER="$CC" \
  -D CMAKE_CXX_COMPILER="$CXX" -D CMAKE_PREFIX_PATH="$acme" -D BETA_REPOSITORY="file://$scratch/later" -D BETA_TAG=v7.8.9 \
  -D GAMMA="$scratch/tree/build/dist/gamma_" -D DELTA="$scratch/later/build/dist/delta_" -D CMAKE_COMPILE_WARNING_AS_ERROR=ON
run 'the project of four copies does not build' cmake --build "$together" -j2
diff - <("$together/together") >&2 <<END || complain 'the copies are mixed up'
acme $version client/pager-send reads
beta 7.8.9 client/pager-send reads
gamma $version client/pager-send reads
delta 7.8.9 client/pager-send reads
END
[[ $(ctest --test-dir "$together" -N) == *'Total Tests: 1' ]] || complain 'tests of cpmkit are in the project that fetched it'
run 'the project does not install' cmake --install "$together" --prefix "$scratch/installed"
[[ $(find "$scratch/installed" -type f) == "$scratch/installed/bin/together" ]] || complain "the project installs $(find "$scratch/installed" -type f)"

# ---- names
prefixed() {   # <prefix> <how many at least> <library>
  (($(defined "$3" | wc -l) > $2)) || complain "$3 has no names to look at"
  defined "$3" | grep -vE "^$1cpmi?_" >&2 && complain "these names of ${3##*/} have no prefix"
  undefined "$3" | grep -E '^cpmi?_' >&2 && complain "${3##*/} calls these names, which have no prefix"
  return 0
}
prefixed acme_ 500 "$lib/libacme_cpmkit.a"
prefixed acme_ 3 "$lib/libacme_cpm_xml.a"
prefixed beta_ 500 "$(find "$together" -name libbeta_cpmkit.a)"
prefixed gamma_ 300 "$together/libgamma_cpm.a"
prefixed delta_ 300 "$together/libdelta_cpm.a"
for library in "$lib"/*.so; do
  shown "$library" | grep -v '^acme_cpm_' >&2 && complain "${library##*/} shows these names"
done
"$NM" -g "$together/together" | awk '{ print $NF }' | grep -E '^cpmi?_' >&2 && complain 'the program has these names, which have no prefix'
finish 'four copies of two versions in one program'
