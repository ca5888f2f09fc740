#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Every named rule of grammars/ has vectors, inside and just outside of it, and takes what they say; and the script that says so notices
# a rule without vectors, one that takes more, one that takes less, and one that nothing uses.
. tests/support.sh
[[ -x ${PYTHON3:-} ]] || { echo 'python3 is missing' >&2; exit 1; }
said=$("$PYTHON3" tests/rules.py "$RAGEL") || complain 'the rules are not as their vectors say'

# ---- a grammar that says something else is noticed
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/tests"
cp -r grammars codecs "$scratch"
cp tests/rules.py "$scratch/tests"
cp -r tests/vectors "$scratch/tests"
noticed() {   # noticed <grammar> <sed script> <complaint>
  local was=$scratch/grammars/$1.rl
  cp "$was" "$scratch/kept"
  sed -i "$2" "$was"
  ! cmp -s "$was" "$scratch/kept" || complain "$1.rl: nothing to change for: $3"
  (cd "$scratch" && "$PYTHON3" tests/rules.py "$RAGEL" "$1" >"$scratch/out" 2>&1) && complain "$1.rl, $2: not noticed"
  grep -q "$3" "$scratch/out" || { complain "$1.rl, $2: not the complaint '$3'"; cat "$scratch/out" >&2; }
  cp "$scratch/kept" "$was"
}
noticed number 's/DIGIT{,3}/DIGIT{,4}/' 'qvalue takes this'
noticed number 's/"0"{,3}/"0"{,2}/' 'qvalue does not take this'
noticed number 's/^  qvalue .*/&\n  extra = SP;/' 'extra has no vector + and no vector -'
noticed number 's/^  qvalue .*/&\n  extra = SP;/' 'nothing uses extra'
noticed number 's/^  delta_seconds/  seconds/; s/number        = SWS delta_seconds/number = SWS seconds/' 'has no rule delta_seconds'
noticed uri_parts 's/marked_other opaque/marked_other/; s/"tel"i ":" >scheme_e/"tel:" >scheme_e/' 'marked_tel and TEL_URI differ'
noticed abnf 's/0x21..0x7e/0x20..0x7e/' 'VCHAR takes this'
finish "$said"
