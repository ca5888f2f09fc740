#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# ./dev itself: its help, its refusals, and what it does on a system that it cannot install on.
. tests/support.sh
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# run <status> <command...>: its output is in $scratch/out
run() {
  local want=$1 got=0; shift
  "$@" >"$scratch/out" 2>&1 </dev/null || got=$?
  (( got == want )) || { complain "'$*' exits with $got, not $want"; cat "$scratch/out" >&2; }
}
says() { grep -q -- "$1" "$scratch/out" || { complain "it does not say '$1' but:"; cat "$scratch/out" >&2; }; }

run 0 ./dev help
for verb in $(sed -n 's/^verb_\([a-z]*\)().*/\1/p' dev); do says "^  $verb "; done
run 2 ./dev fly
says "no verb 'fly'"
says '^  help '
run 2 ./dev 'help;id'
run 2 ./dev build fly
says 'dev asan fuzz clang ci release bench afl'
run 2 ./dev fuzz fly
says 'there are:'

# A system without compilers that is not Debian: only what every system has is on the PATH.
mkdir "$scratch/bin"
for command in bash cat dirname sed grep env head tail sort paste find mkdir tr; do ln -s "$(type -P "$command")" "$scratch/bin/"; done
echo 'ID=fedora' >"$scratch/os-release"
run 1 env PATH="$scratch/bin" DEV_OS_RELEASE="$scratch/os-release" ./dev test
for missing in 'command ragel' 'command cmake' 'module cmocka' 'header stdio.h' 'link clang'; do says "$missing"; done
says 'nothing is installed'

# Debian without root and sudo: the line to run as root.
if (( EUID )) || ! command -v setpriv >/dev/null; then exit $(( complaints > 0 )); fi
echo 'ID=debian' >"$scratch/os-release"
printf '#!/bin/sh\nexit 1\n' >"$scratch/bin/apt-get"
chmod -R a+rX "$scratch"; chmod +x "$scratch/bin/apt-get"
run 1 setpriv --reuid 65534 --clear-groups env PATH="$scratch/bin" DEV_OS_RELEASE="$scratch/os-release" ./dev size
says 'as root, run: apt-get install gcc'
finish 'dev answers as its help says'
