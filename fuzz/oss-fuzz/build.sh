#!/bin/bash -eu
# SPDX-License-Identifier: MIT
# build.sh - what OSS-Fuzz runs in the checkout. It gives SRC, WORK, OUT, CC, CXX, CFLAGS and LIB_FUZZING_ENGINE; libxml2 stands beside the
# checkout, or is the system's. fuzz_diff is left out: its peers are not there.
work=${WORK:-$PWD/build}/oss-fuzz
prefix=$work/prefix
mkdir -p "$work"

if [[ -d ${SRC:-}/libxml2 ]]; then
  cmake -S "$SRC/libxml2" -B "$work/libxml2" -G Ninja -DCMAKE_INSTALL_PREFIX="$prefix" -DBUILD_SHARED_LIBS=OFF -DLIBXML2_WITH_PROGRAMS=OFF \
    -DLIBXML2_WITH_TESTS=OFF -DLIBXML2_WITH_PYTHON=OFF -DLIBXML2_WITH_ZLIB=OFF -DLIBXML2_WITH_LZMA=OFF -DLIBXML2_WITH_ICONV=OFF \
    -DLIBXML2_WITH_ICU=OFF -DLIBXML2_WITH_HTTP=OFF -DLIBXML2_WITH_MODULES=OFF
  cmake --build "$work/libxml2" --target install
fi

# The engine has a main in C++.
cmake -S . -B "$work/cpmkit" -G Ninja -DCMAKE_C_COMPILER="$CC" -DCMAKE_CXX_COMPILER="$CXX" -DCMAKE_C_FLAGS="$CFLAGS" -DCMAKE_CXX_FLAGS="${CXXFLAGS:-$CFLAGS}" \
  -DCMAKE_PREFIX_PATH="$prefix" -DCPMKIT_FUZZ=ON -DCPMKIT_FUZZ_ENGINE="$LIB_FUZZING_ENGINE" -DCPMKIT_FUZZ_PEERS=OFF -DCPMKIT_TESTS=OFF \
  -DCPMKIT_EXAMPLES=OFF -DCPMKIT_PROGRAM=OFF
cmake --build "$work/cpmkit"

for program in "$work"/cpmkit/fuzz/fuzz_*; do
  [[ -x $program && -f $program ]] || continue
  name=${program##*/}
  stem=${name#fuzz_}
  cp "$program" "$OUT/"
  ! [[ -f fuzz/dict/$stem.dict ]] || cp "fuzz/dict/$stem.dict" "$OUT/$name.dict"
  printf '[libfuzzer]\nmax_len = %d\ntimeout = 10\n' "$([[ $stem == block || $stem == machine ]] && echo 8192 || echo 4096)" >"$OUT/$name.options"
  rm -f "$OUT/${name}_seed_corpus.zip"
  find "fuzz/corpus/$stem" "fuzz/found/$stem" -type f 2>/dev/null | zip -q "$OUT/${name}_seed_corpus.zip" -@
done
