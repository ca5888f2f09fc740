#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Every program and file that dev, CI, CMake, the compilers and the tests use comes from a package that dev installs, from one that
# such a package depends on, or from one that every Debian has.
. tests/support.sh
command -v dpkg-query >/dev/null || skip 'no dpkg here'
PATH=/usr/bin:$PATH   # what packages bring comes before what this machine has besides
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# ---- what is installed for us: `installed` maps each covered package to the reason
declare -A depends provided covered
always=()
while IFS='|' read -r package essential needs provides; do
  depends[$package]=$needs
  for virtual in ${provides//,/ }; do [[ $virtual == [a-z]* ]] && provided[$virtual]+=" $package"; done
  [[ $essential != yes ]] || always+=("$package")
done < <(dpkg-query -W -f '${Package}|${Essential}|${Pre-Depends}, ${Depends}|${Provides}\n')

# cover <package>: it and what it depends on; of alternatives the first that is installed.
cover() {
  local name group queue=("$1") groups
  while (( ${#queue[@]} )); do
    name=${queue[0]}; queue=("${queue[@]:1}")
    [[ -z ${covered[$name]:-} && -n ${depends[$name]+x} ]] || continue
    covered[$name]=1
    IFS=, read -ra groups <<<"${depends[$name]}"
    for group in "${groups[@]}"; do
      first_installed "$group"
      [[ -z $REPLY ]] || queue+=("$REPLY")
    done
  done
}
# first_installed <a (>= 1) | b:any | c>: in REPLY
first_installed() {
  local name
  for name in $1; do
    name=${name%%:*}
    [[ $name == [a-z]* ]] || continue   # not a bar, not a version
    REPLY=$name
    [[ -z ${depends[$name]+x} ]] || return 0
    REPLY=${provided[$name]:-}; REPLY=${REPLY# }; REPLY=${REPLY%% *}
    [[ -z $REPLY ]] || return 0
  done
  REPLY=
}

table() { sed -n "/^PACKAGES='/,/^'/p" dev | sed '/PACKAGES=/d; /^.$/d'; }
for package in "${always[@]}" apt; do cover "$package"; done
# What the test run installs, which is more than any other verb does but for programs of their own.
for package in $(table | awk '$2 == "build" || $2 == "clang" || $2 == "peers" || $2 == "test" || $2 == "interop" { print $1 }'); do cover "$package"; done
declare -A own
while read -r package group kind what; do
  [[ $group == build || $group == clang || $group == peers || $group == test || $group == interop || $kind != command ]] || own[$what]=$package
done < <(table)

# ---- what is used: one path a line, with the user behind it
# commands <script>: first words behind line starts, pipes, lists, substitutions and xargs.
commands() {
  sed -E "s/^ *#.*//; s/ # .*//; s/'[^']*'/''/g" "$1" |
    sed -E 's/\<xargs( +-[A-Za-z]+( +([0-9]+|"\$\([a-z]+\)"))?)*/xargs;/g; s/-exec/;/g' |
    sed -E 's/(\|\||&&|[|;({!]|\<(then|do|else|if|while|until|exec|command|sudo|env)\>)/\n/g' |
    sed -E 's/^ *([A-Za-z_]+=[^ ]* +)*//' | grep -oE '^[a-z][a-z0-9+._-]*' | sort -u | grep -vx print
}
use() { printf '%s|%s\n' "$2" "$1"; }
{
  for script in dev .ci/run tests/*.sh interop/run interop/*.sh interop/*/*.sh; do
    for word in $(commands "$script"); do
      [[ $(type -t "$word") != file || -n ${own[$word]:-} ]] || use "$script" "$(type -P "$word")"
    done
  done
  # With clang CMake takes llvm-ar and its like where they are, and those of binutils elsewhere; xmllint it notes and nobody uses.
  sed -n '/\/\(llvm-\|ld\.lld\|lld\|xmllint\)/d; s/^\([A-Za-z0-9_]*\):FILEPATH=\(\/.*\)/\2|CMake, \1/p' "$BUILD_DIR/CMakeCache.txt"
  if [[ -e $BUILD_DIR/build.ninja ]]; then
    use 'the build' "$(type -P ninja)"
    ninja -C "$BUILD_DIR" -t deps | sed -n 's/^ *\(\/.*\)/\1|an #include/p' | sort -u
  fi
  use 'the build' "$(type -P cmake)"
  use 'the build' "$(type -P ctest)"
  # Modules that the tests written in Python import.
  for module in $(sed -n 's/^import \([a-z_]*\)$/\1/p' tests/*.py | sort -u); do
    use 'tests/*.py' "$("$PYTHON3" -c "import $module; print(getattr($module, '__file__', ''))")"
  done
  # What the compilers link with: start files, sanitizers, the fuzzer.
  for file in crt1.o crtbegin.o libc.so libasan.so libubsan.so; do use "$CC" "$("$CC" -print-file-name="$file")"; done
  for compiler in clang clang++; do
    ! grep -q "\"$compiler\"" CMakePresets.json || ! type -P "$compiler" >/dev/null || {
      use 'a preset' "$(type -P "$compiler")"
      "$compiler" -fsanitize=fuzzer,address,undefined -### -x c++ /dev/null -o /dev/null 2>&1 | tr ' ' '\n' |
        sed -n "s/^\"\(\/.*\.[ao]\)\"$/\1|$compiler -fsanitize=fuzzer/p"
    }
  done
} | sort -u >"$scratch/used"

# ---- each file's package
while IFS='|' read -r path user; do
  [[ -e $path ]] || continue
  case $(readlink -f "$path") in "$PWD"/* | "$(readlink -f "$BUILD_DIR")"/*) continue ;; esac
  printf '%s|%s\n' "$(readlink -f "$path")" "$user"
done <"$scratch/used" | sort -u >"$scratch/files"
cut -d'|' -f1 "$scratch/files" | sort -u >"$scratch/paths"
# Before /usr was merged, packages listed /bin and /lib: ask for both names.
{ cat "$scratch/paths"; sed -n 's,^/usr/\(bin\|sbin\|lib\),/\1,p' "$scratch/paths"; } | { xargs dpkg -S 2>/dev/null || true; } |
  sed -n 's/^\([a-z0-9.+-]*\)[:,].* \(\/.*\)$/\2 \1/p' | sed 's,^/\(bin\|sbin\|lib\),/usr/\1,' | sort -u >"$scratch/owners"
declare -A owner
while read -r path package; do owner[$path]=$package; done <"$scratch/owners"

while IFS='|' read -r path user; do
  package=${owner[$path]:-}
  if [[ -z $package ]]; then
    [[ $path == /usr/local/* || $path == /opt/* ]] || complain "$path, used by $user, belongs to no package"
  elif [[ -z ${covered[$package]:-} ]]; then
    complain "$path, used by $user, is in $package, which dev does not install"
  fi
done <"$scratch/files"

# ---- each row of the table says the truth
# What `has` can look for. A kind that it does not know would count as there.
kinds=$(sed -n '/^has()/,/^}/s/^    \([a-z]*\)) .*/\1/p' dev)
while read -r package _ kind _; do
  grep -qx -- "$kind" <<<"$kinds" || complain "dev: $package gives a '$kind', which it cannot look for"
done < <(table)

while read -r package _ kind what; do
  [[ $kind == command ]] && type -P "$what" >/dev/null || continue
  file_of=$(readlink -f "$(type -P "$what")")
  from=$({ dpkg -S "$file_of" "${file_of#/usr}" 2>/dev/null || true; } | sed 's/[:,].*//' | head -n 1)
  [[ -n $from ]] || continue
  covered=()
  cover "$package"
  [[ -n ${covered[$from]:-} ]] || complain "dev says that $package gives $what, but it is in $from"
done < <(table)
finish "$(wc -l <"$scratch/paths") files, all from packages that dev installs"
