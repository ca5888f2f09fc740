# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# objects.sh - what holds of every object of the core, however it was compiled: tests/test_objects.sh and tests/test_dist.sh look here.

# What a freestanding library may call: these, and what compilers call by themselves (stack protector, wide division, addresses).
core_may_call='^(mem(cpy|move|set|cmp|chr)|bcmp|str(len|cmp|ncmp|chr|rchr)|__stack_chk_fail(_local)?|_GLOBAL_OFFSET_TABLE_|__[a-z]*[dt]i[234]|__aeabi_[a-z0-9_]*)$'

# defined <library>, undefined <library>: its external names.
defined() { "$NM" -g --defined-only "$1" 2>/dev/null | awk 'NF == 3 { print $3 }' | sort -u; }
undefined() { "$NM" -u "$1" 2>/dev/null | awk 'NF == 2 { print $2 }' | sort -u; }

# shown <shared library>: the names that it shows, without their version.
shown() { "$NM" -D --defined-only "$1" | awk '$2 != "A" { sub(/@.*/, "", $3); print $3 }' | sort -u; }

# check_core <library>: it calls nothing but a few functions on memory and strings, and holds no writable data.
check_core() {
  local symbol writable
  for symbol in $(undefined "$1" | comm -23 - <(defined "$1")); do
    [[ $symbol =~ $core_may_call ]] || complain "$1: the core calls $symbol, from $("$NM" -uA "$1" 2>/dev/null | grep -w -- "$symbol" | cut -d: -f2 | paste -sd ' ')"
  done
  # .data.rel.ro holds constants that point to constants.
  writable=$("$SIZE" -A "$1" | awk '/:$/ { object = $1 }
    $1 ~ /^\.(data|bss|tdata|tbss|ldata|lbss|sdata|sbss)($|\.)|^COMMON$/ && $1 !~ /^\.data\.rel\.ro/ && $2 > 0 { print object ": " $2 " bytes in " $1 }'
    "$NM" -A "$1" 2>/dev/null | awk '$(NF - 1) == "C" { print $1 ": common symbol " $NF }')
  [[ -z $writable ]] || { complain "$1: the core has writable data:"; printf '%s\n' "$writable" >&2; }
}

# declared <header>: the functions that it declares.
declared() { grep -vE '^(typedef|static|#| |/)' "$1" | grep -oE '\<cpm_[a-z0-9_]+\(' | tr -d '(' | sort -u; }

# check_declared <header> <library>: what a public header declares is there.
check_declared() {
  local symbol
  for symbol in $(declared "$1" | comm -23 - <(defined "$2")); do complain "$1 declares $symbol, which nothing in $2 defines"; done
}
