#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Every source names its licence, no generated parser is among them, static names are unique, and arrows point one way.
. tests/support.sh

# ---- licence
count=0
for file in dev .ci/run $(files '*.c' '*.h' '*.rl' '*.sh' '*.cc' '*.py' 'CMakeLists.txt' '*.cmake' | grep -v '^tests/vectors/'); do
  head -n 3 "$file" | grep -q 'SPDX-License-Identifier: MIT' || complain "$file: no SPDX line"
  count=$((count + 1))
done

# ---- generated parsers stay in the build folder
for file in $(files '*.c' '*.h' '*.java' '*.go'); do
  ! grep -qE '^(/\* )?#line [0-9]+ ".*\.rl"' "$file" || complain "$file: is generated"
done

# ---- what a file of the library keeps to itself has a name that no other has: all of them become one (tools/amalgamate.py)
own() {   # own <file>: its static functions, tables and types, a line each
  sed -nE -e 's/^(CPMI_APART )?static (inline )?(const )?[A-Za-z_0-9 *]*[ *]([a-z_0-9]+)(\(|\[| =|;).*/\4/p' \
    -e 's/^typedef .*[ *]([a-z_0-9]+)(\[[^]]*\])?;$/\1/p' -e 's/^\} ([a-z_0-9]+);.*/\1/p' "$1" | sort -u
}
twice=$(for file in $(files '*.c' '*.rl' | grep -E '^(codecs|fsm)/' | grep -v '^fsm/export/'); do own "$file"; done | sort | uniq -d)
for name in $twice; do complain "$name: static in more than one file: $(grep -lrE "\b$name\b" codecs fsm | tr '\n' ' ')"; done

# ---- arrows: tools, examples -> fsm -> codecs -> grammars; libxml2 behind codecs/xml_* alone
# includes <file>: what it includes, with line numbers: 12:cpm/str.h
includes() { sed -n 's/^[ \t]*#[ \t]*include[ \t]*["<]\([^">]*\)[">].*/\1/p' "$1"; }
above_codecs=' cpm.h procedure.h model.h agent.h event.h '   # public headers that fsm implements
for file in $(files '*.c' '*.h' '*.rl' | grep '^codecs/'); do
  for name in $(includes "$file"); do
    base=${name##*/}
    if [[ $name == cpm/xml.h || $name == libxml/* || $name == stdlib.h ]]; then
      [[ $file == codecs/xml_* ]] || complain "$file includes $name: for codecs/xml_* only"
    elif [[ $name == cpm/* ]]; then
      [[ $above_codecs != *" $base "* ]] || complain "$file includes $name: codecs know nothing of fsm"
    elif [[ -e fsm/$name || $name == fsm/* || $name == tools/* || $name == ../* ]]; then
      complain "$file includes $name: codecs know nothing of fsm and tools"
    elif [[ ! -e codecs/$name && ! $name =~ ^(string|stddef|stdint|stdbool|limits|inttypes|emmintrin|arm_neon)\.h$ ]]; then
      complain "$file includes $name: not for a codec"
    fi
  done
done
for file in $(files '*.c' '*.h' '*.inc' | grep '^fsm/'); do
  for name in $(includes "$file"); do
    [[ $name != cpm/xml.h && $name != libxml/* ]] || complain "$file includes $name: fsm never calls cpm_xml"
    [[ $name != tools/* && $name != ../tools/* && ! -e tools/$name ]] || complain "$file includes $name: fsm knows nothing of tools"
  done
done
for file in $(files '*.rl' | grep '^grammars/'); do
  ! grep -nE '^ *(alphtype|getkey|access|write|action|main)\b' "$file" >&2 || complain "$file: belongs to a host"
done
finish "$count sources keep to the rules"
