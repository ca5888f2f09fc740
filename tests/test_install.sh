#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What is installed stands alone: find_package and pkg-config find it where it was moved to, C and C++ programs build with it and run, static
# and, where they were built, with shared libraries; it names neither the folder it was built in nor one that is internal.
. tests/support.sh
. tests/objects.sh
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# run <what> <command...>: complains with what it says if it fails
run() {
  local what=$1; shift
  "$@" >"$scratch/log" 2>&1 || { complain "$what"; cat "$scratch/log" >&2; }
}
version=$(sed -n 's/^CMAKE_PROJECT_VERSION:[A-Z]*=//p' "$BUILD_DIR/CMakeCache.txt")
minor=${version%.*}

# ---- below DESTDIR, and moved from there
run 'cmake --install fails' env DESTDIR="$scratch/dest" cmake --install "$BUILD_DIR" --prefix /srv/here
[[ $(find "$scratch/dest" -maxdepth 2 -mindepth 2) == "$scratch/dest/srv/here" ]] || complain 'files are installed outside of the prefix'
mv "$scratch/dest/srv/here" "$scratch/moved"
root=$scratch/moved
lib=$(dirname "$(find "$root" -name libcpmkit.a)")
! grep -rIlF -e "$PWD" -e "$BUILD_DIR" -e /srv/here "$root" || complain 'these files name the place where they were built or installed'

# ---- what there is
diff <(cd include && find cpm -type f | sort) <(cd "$root/include" && find . -type f | sed 's,^\./,,' | sort) >&2 || complain 'the headers are other ones'
for file in bin/cpm share/man/man1/cpm.1 share/doc/cpmkit/LICENSE share/doc/cpmkit/README.md share/doc/cpmkit/docs/plug-it-in.md; do
  [[ -e $root/$file ]] || complain "$file is not installed"
done
for library in "$lib"/*.a "$lib"/*.so; do
  case ${library##*/} in libcpmkit.a | libcpm_xml.a | libcpmkit.so | libcpm_xml.so | '*.so') ;; *) complain "${library##*/} is installed" ;; esac
done
[[ $("$root/bin/cpm" --version) == *"$version"* ]] || complain 'the program cpm says another version'

# ---- C, by find_package; and what it refuses to find
mkdir "$scratch/c"
cp examples/vendor/cmake/sender.c "$scratch/c"
cat >"$scratch/c/CMakeLists.txt" <<END
cmake_minimum_required(VERSION 3.16)
project(sender LANGUAGES C)
foreach(wrong 0.0 0.$((${minor#*.} + 1)) 1.0)
  find_package(cpmkit \${wrong} CONFIG QUIET)
  if(cpmkit_FOUND)
    message(FATAL_ERROR "\${wrong} is found")
  endif()
endforeach()
find_package(cpmkit CONFIG QUIET COMPONENTS sound)
if(cpmkit_FOUND)
  message(FATAL_ERROR "a component that there is not is found")
endif()
find_package(cpmkit $minor CONFIG REQUIRED \${COMPONENTS})
add_executable(sender sender.c)
target_link_libraries(sender PRIVATE cpmkit::cpmkit)
if(TARGET cpmkit::cpmkit_shared)
  add_executable(shared sender.c)
  target_link_libraries(shared PRIVATE cpmkit::cpmkit_shared)
endif()
if(TARGET cpmkit::cpm_xml OR LIBXML2_FOUND)
  message(FATAL_ERROR "libxml2 was looked for, which nobody asked for")
endif()
END
# cmake_builds <folder> <options...>
cmake_builds() {
  run "a project does not find cpmkit: ${1##*/}" cmake -S "$1" -B "$1/build" -G Ninja -D CMAKE_C_COMPILER="$CC" -D CMAKE_CXX_COMPILER="$CXX" \
    -D CMAKE_PREFIX_PATH="$root" "${@:2}"
  run "a project that found cpmkit does not build: ${1##*/}" cmake --build "$1/build"
}
cmake_builds "$scratch/c"
said=$("$scratch/c/build/sender" 'Hello, neighbour') && [[ $said == MESSAGE*'Hello, neighbour' ]] || complain "sender says $said"

# ---- C++, by both ways
list='<resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists"><list><entry uri="sip:bob@example.com"/><entry uri="sip:bob@EXAMPLE.com"/></list></resource-lists>'
heard="sip:bob@example.com
1 members, 1 named twice, cpmkit $version"
export PKG_CONFIG_PATH=$lib/pkgconfig LD_LIBRARY_PATH=$lib
reads() { [[ $("$1" <<<"$list") == "$heard" ]] || complain "${1#"$scratch"/} does not say who is in the list"; }
if [[ -e $lib/libcpm_xml.a ]]; then
  cp -R examples/vendor/installed "$scratch/cc"
  cmake_builds "$scratch/cc"
  reads "$scratch/cc/build/members"
  # With shared libraries installed the linker takes those.
  run 'examples/vendor/installed does not build by its Makefile' make -s -C "$scratch/cc" CXX="$CXX" CXXFLAGS='-Werror -O0'
  reads "$scratch/cc/members"
fi
# As docs/packaging.md says it.
cp examples/vendor/cmake/sender.c "$scratch"
doc_commands Installed | grep -E 'pkg-?config' | sed "s,/opt/cpmkit/lib,$lib,; s,^cc ,$CC -Wall -Werror ," >"$scratch/commands"
run 'what docs/packaging.md says of pkg-config does not do for C' env -C "$scratch" bash -e commands
"$scratch/sender" >"$scratch/log" || complain 'sender, by pkg-config, fails'
[[ $(pkg-config --modversion cpmkit) == "$version" ]] || complain 'pkg-config says another version'

# ---- shared: the public names alone, bound to this minor version
if [[ -e $lib/libcpmkit.so ]]; then
  "$scratch/c/build/shared" >"$scratch/log" || complain 'sender, with shared libraries, fails'
  for library in cpmkit cpm_xml; do
    shown "$lib/lib$library.so" | grep -v '^cpm_' >&2 && complain "lib$library.so shows these names"
    readelf -d "$lib/lib$library.so" | grep -q "SONAME.*\[lib$library.so.$minor\]" || complain "the name of lib$library.so is another one"
    comm -23 <(defined "$lib/lib$library.a" | grep '^cpm_') <(shown "$lib/lib$library.so") | grep . >&2 && complain "lib$library.so lacks these names"
  done
  readelf -d "$scratch/sender" | grep -q "NEEDED.*libcpmkit.so.$minor" || complain 'pkg-config does not link with the shared library'
fi
finish "$(find "$root" -type f | wc -l) files, found by CMake and pkg-config where they were moved to"
