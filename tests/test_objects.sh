#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The core library calls nothing but a few functions on memory and strings, and holds no writable data. cpm_xml uses its public face.
. tests/support.sh
library=$BUILD_DIR/libcpmkit.a

# What a freestanding library may call: these, and what compilers call by themselves (stack protector, wide division).
allowed='^(mem(cpy|move|set|cmp|chr)|str(len|cmp|ncmp|chr|rchr)|__stack_chk_fail(_local)?|_GLOBAL_OFFSET_TABLE_|__[a-z]*[dt]i[234]|__aeabi_[a-z0-9_]*)$'
"$NM" -g --defined-only "$library" 2>/dev/null | awk 'NF == 3 { print $3 }' | sort -u >"$BUILD_DIR/defined.txt"
for symbol in $("$NM" -u "$library" 2>/dev/null | awk 'NF == 2 { print $2 }' | sort -u | comm -23 - "$BUILD_DIR/defined.txt"); do
  [[ $symbol =~ $allowed ]] || complain "the core calls $symbol, from $("$NM" -uA "$library" 2>/dev/null | grep -w -- "$symbol" | cut -d: -f2 | paste -sd ' ')"
done

# .data.rel.ro holds constants that point to constants.
"$SIZE" -A "$library" | awk '/:$/ { object = $1 }
  $1 ~ /^\.(data|bss|tdata|tbss)($|\.)|^COMMON$/ && $1 !~ /^\.data\.rel\.ro/ && $2 > 0 { print object ": " $2 " bytes in " $1 }' >"$BUILD_DIR/writable.txt"
"$NM" -A "$library" 2>/dev/null | awk '$(NF - 1) == "C" { print $1 ": common symbol " $NF }' >>"$BUILD_DIR/writable.txt"
[[ ! -s $BUILD_DIR/writable.txt ]] || { complain 'the core has writable data:'; cat "$BUILD_DIR/writable.txt" >&2; }

# Every external name can be told from a host's own.
while read -r symbol; do
  [[ $symbol == cpm_* || $symbol == cpmi_* ]] || complain "external name without cpm_ or cpmi_: $symbol"
done <"$BUILD_DIR/defined.txt"
# What a public header declares is there, the functions of xml.h in cpm_xml.
declared() { grep -vE '^(typedef|static|#| |/)' "$1" | grep -oE '\<cpm_[a-z0-9_]+\(' | tr -d '(' | sort -u; }
for header in include/cpm/*.h; do
  [[ $header == */xml.h ]] && continue
  for symbol in $(declared "$header" | comm -23 - "$BUILD_DIR/defined.txt"); do complain "$header declares $symbol, which nothing defines"; done
done

# cpm_xml is a library of its own: of the core it calls what is public.
xml=$BUILD_DIR/libcpm_xml.a
if [[ -e $xml ]]; then
  "$NM" -g --defined-only "$xml" 2>/dev/null | awk 'NF == 3 { print $3 }' | sort -u >"$BUILD_DIR/defined_xml.txt"
  for symbol in $("$NM" -u "$xml" 2>/dev/null | awk 'NF == 2 && $2 ~ /^cpmi_/ { print $2 }' | sort -u | comm -23 - "$BUILD_DIR/defined_xml.txt"); do
    complain "cpm_xml calls $symbol, which is internal to the core"
  done
  for symbol in $(declared include/cpm/xml.h | comm -23 - "$BUILD_DIR/defined_xml.txt"); do complain "xml.h declares $symbol, which nothing defines"; done
fi
finish "$(wc -l <"$BUILD_DIR/defined.txt") external names, no allocation, no I/O, no clock, no writable data"
